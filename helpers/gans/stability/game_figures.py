"""Pictures of the games of `helpers.gans.stability.games`: phase portraits, and one to play with."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np

from helpers.gans.stability import games
from helpers.plots.style import COLOURS, new_figure
from helpers.widgets.display import error_area, shows_errors, with_twin

REACH = 2.2  # the plane is drawn from −REACH to REACH in both directions
START = (1.0, 0.0)
MAKERS = {
    "bilinear game": games.bilinear,
    "Dirac-GAN": games.dirac,
    "Dirac-GAN, non-saturating": partial(games.dirac, saturating=False),
}


def phase_portraits(panels: Mapping[str, tuple[games.Game, np.ndarray]], columns: int = 3, reach: float = REACH):
    """The velocities of games as arrows, and in each a path of steps, one panel for each.

    panels: {"a title": (game, points (n, 2) of the path)}. Returns a matplotlib Figure.
    """
    columns = min(columns, len(panels))
    rows = -(-len(panels) // columns)
    figure = new_figure(3.9 * columns, 3.5 * rows, alt=f"Phase portraits with a path in each: {', '.join(panels)}")
    axes = np.ravel(figure.subplots(rows, columns, squeeze=False))
    line = np.linspace(-reach, reach, 13)
    grid = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)
    for ax, (title, (game, points)) in zip(axes, panels.items(), strict=False):
        ax.quiver(*grid.T, *game.field(grid).T, color="0.72", width=0.005, pivot="mid")
        ax.plot(*points.T, color=COLOURS["blue"], linewidth=1.2, linestyle="-", marker=".", markersize=3.5)
        ax.plot(*points[0], "o", color=COLOURS["orange"], markersize=8, label="start")
        ax.plot(0, 0, "+", color=COLOURS["vermillion"], markersize=13, markeredgewidth=2.5, label="equilibrium")
        ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
        ax.set_title(title, fontsize=9.5)
        ax.set(xlabel=game.players[0], ylabel=game.players[1])
        ax.grid(False)
    for ax in axes[len(panels) :]:
        ax.axis("off")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return figure


def game_explorer(step: float = 0.2, count: int = 120) -> None:
    """Choose a game, the size of a step, who moves when, and a penalty; see where the steps lead."""
    twins = {}
    for name, make in list(MAKERS.items())[:2]:
        for penalty, alternate, words in ((0, False, "at once"), (0, True, "in turn"), (1, False, "at once, γ = 1")):
            game = make(penalty)
            twins[f"{name}: {words}"] = game, games.path(game, START, step, count, alternate)
    text = f"Paths of {count} steps of {step:g} in the bilinear game and the Dirac-GAN: at once, in turn, penalised"
    with_twin(lambda: build_game_explorer(step, count), phase_portraits(twins), text)


def verdict(growth: float) -> str:
    """What a growth per step means, in words."""
    if growth > 1 + 1e-6:
        return "it spirals out"
    return "it spirals in" if growth < 1 - 1e-6 else "it goes round for ever"


def build_game_explorer(step: float, count: int):
    import ipywidgets as w

    look = {"style": {"description_width": "150px"}, "layout": w.Layout(width="460px"), "readout_format": ".2f"}
    which = w.ToggleButtons(options=list(MAKERS), description="game", style={"description_width": "60px"})
    turn = w.ToggleButtons(
        options=[("both at once", False), ("one after the other", True)], description="steps",
        style={"description_width": "60px"},
    )  # fmt: skip
    size = w.FloatSlider(step, min=0.02, max=2.4, step=0.02, description="size of a step", **look)
    penalty = w.FloatSlider(0, min=0, max=3, step=0.05, description="penalty γ", **look)
    across = w.FloatSlider(START[0], min=-2, max=2, step=0.1, description="start of the first", **look)
    up = w.FloatSlider(START[1], min=-2, max=2, step=0.1, description="start of the second", **look)
    steps = w.IntSlider(count, min=1, max=600, description="steps", style=look["style"], layout=look["layout"])
    picture, words, errors = w.HTML(), w.HTML(), error_area()

    @shows_errors(errors)
    def redraw(_=None) -> None:
        game = MAKERS[which.value](penalty.value)
        points = games.path(game, (across.value, up.value), size.value, steps.value, turn.value)
        picture.value = _svg(game, points)
        rate = games.growth(game, size.value, turn.value)
        words.value = (
            f"Near the equilibrium each step multiplies the distance by <b>{rate:.4f}</b>: {verdict(rate)}. "
            f"After {steps.value} steps: {game.players[0]} = {points[-1, 0]:.3g}, "
            f"{game.players[1]} = {points[-1, 1]:.3g}."
        )

    controls = [which, turn, size, penalty, across, up, steps]
    for control in controls:
        control.observe(redraw, "value")
    redraw()
    box = w.VBox([*controls, picture, words, errors])
    box.which, box.turn, box.size, box.penalty, box.steps = which, turn, size, penalty, steps
    box.words, box.errors, box.picture = words, errors, picture
    return box


def _svg(game: games.Game, points: np.ndarray, side: int = 420) -> str:
    """The field and the path as one SVG picture on white paper."""

    def at(values):  # coordinates → pixels; far points are held just outside, so that lines leave the picture
        values = np.clip(np.asarray(values, dtype=float), -40, 40)
        return (values * [1, -1] / REACH + 1) * side / 2

    line = np.linspace(-REACH, REACH, 15)[1:-1]
    grid = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)
    flow = game.field(grid)
    flow = 0.28 * flow / np.maximum(np.linalg.norm(flow, axis=1).max(), 1e-9)
    arrows = "".join(
        f'<line x1="{a:.1f}" y1="{b:.1f}" x2="{c:.1f}" y2="{d:.1f}"/><circle cx="{c:.1f}" cy="{d:.1f}" r="1.6"/>'
        for (a, b), (c, d) in zip(at(grid - flow / 2), at(grid + flow / 2), strict=True)
    )
    way = " ".join(f"{x:.1f},{y:.1f}" for x, y in at(points))
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2"/>' for x, y in at(points[:600]))
    (sx, sy), centre = at(points[:1])[0], side / 2
    first, second = game.players
    return (
        f'<svg width="{side}" height="{side}" role="img" aria-label="Phase portrait of the {game.name} with the path '
        f'of the steps" style="background:#fff;color:#000"><g stroke="#aaa" fill="#aaa">{arrows}</g>'
        f'<polyline points="{way}" fill="none" stroke="{COLOURS["blue"]}"/><g fill="{COLOURS["blue"]}">{dots}</g>'
        f'<circle cx="{sx:.1f}" cy="{sy:.1f}" r="6" fill="{COLOURS["orange"]}"/>'
        f'<path d="M{centre - 7} {centre}h14M{centre} {centre - 7}v14" stroke="{COLOURS["vermillion"]}" '
        f'stroke-width="3"/><text x="{side - 16}" y="{side / 2 - 6}" font-size="14">{first}</text>'
        f'<text x="{side / 2 + 8}" y="16" font-size="14">{second}</text></svg>'
    )
