"""Pictures of the toy GANs of `helpers.gans.vanilla.playground`, and the board on which they are stepped by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from helpers.gans.vanilla import theory
from helpers.gans.vanilla.playground import GAMES, LINES, PLANES, State, Toy
from helpers.plots.style import COLOURS, new_figure
from helpers.widgets.display import error_area, shows_errors, with_twin
from helpers.widgets.panel import CRISP, image_panel

REAL, FAKE = COLOURS["blue"], COLOURS["vermillion"]
OPINION = LinearSegmentedColormap.from_list("opinion", ["#F5C09A", "#FFFFFF", "#A9CFE8"])  # fake, undecided, real
SCALE = 6  # screen pixels of a cell


def states_figure(states: Sequence[State], title: str = ""):
    """Moments of one toy side by side: densities and D over them on a line, D as ground and points in the plane.

    Returns a matplotlib Figure.
    """
    shown = ", ".join(f"{state.js:.2f}" for state in states)
    alt = f"{title or 'a GAN on toy data'} at {len(states)} moments; the JS divergences are {shown} nats"
    return (_on_the_line if states[0].p.ndim == 1 else _in_the_plane)(states, title, alt)


def _on_the_line(states, title, alt):
    figure = new_figure(2.75 * len(states), 3.9, alt=alt)
    rows = figure.subplots(2, len(states), height_ratios=(1.3, 1), sharex=True, sharey="row", squeeze=False)
    x, cell = theory.middles(states[0].edges), states[0].edges[1] - states[0].edges[0]
    top = 1.6 * max(state.p.max() for state in states) / cell
    for state, above, below in zip(states, *rows, strict=True):
        above.fill_between(x, state.p / cell, color=REAL, alpha=0.25, label="real p")
        above.plot(x, np.minimum(state.q / cell, 2 * top), color=FAKE, label="generated q", linewidth=1.6)
        above.set(ylim=(0, top), title=f"{_when(state)}\nJS {state.js:.3f} nats")
        below.plot(x, state.judged, color="black", label="D, as it is", linewidth=1.8)
        below.plot(x, state.best, color=COLOURS["green"], linestyle="--", label="best: p/(p + q)", linewidth=1.4)
        below.set(ylim=(-0.05, 1.05), xlabel="x")
    rows[0, 0].set_ylabel("density")
    rows[1, 0].set_ylabel("D")
    handles = [item for axes in rows[:, 0] for item in zip(*axes.get_legend_handles_labels(), strict=True)]
    figure.legend(*zip(*handles, strict=True), loc="outside lower center", ncols=4)
    if title:
        figure.suptitle(title)
    return figure


def _in_the_plane(states, title, alt):
    figure = new_figure(2.75 * len(states) + 0.9, 3.6, alt=alt)
    axes = np.atleast_1d(figure.subplots(1, len(states), sharey=True))
    low, high = states[0].edges[[0, -1]]
    look = dict(origin="lower", extent=(low, high, low, high), cmap=OPINION, vmin=0, vmax=1)
    for state, panel in zip(states, axes, strict=True):
        ground = panel.imshow(state.judged.T, **look)
        middle = theory.middles(state.edges)
        panel.contour(middle, middle, state.p.T, levels=[state.p.max() * 0.15], colors=[REAL], linewidths=1.2)
        panel.plot(*state.fakes.T, ".", color=FAKE, markersize=3, alpha=0.8)
        panel.set(xlim=(low, high), ylim=(low, high), xticks=[-2, 0, 2], xlabel="first coordinate")
        panel.set_title(f"{_when(state)}\nJS {state.js:.3f} nats")
        panel.grid(False)
    axes[0].set_ylabel("second coordinate")
    bar = figure.colorbar(ground, ax=axes, ticks=[0, 0.5, 1], fraction=0.04, shrink=0.8)
    bar.set_ticklabels(["0: fake", "½", "1: real"])
    bar.set_label("D, the ground")
    if title:
        figure.suptitle(title)
    return figure


def _when(state: State) -> str:
    d, g = state.steps
    return f"step {d}" if d == g else f"D {d}, G {g} steps"


def play(toy: Toy, moments: Sequence[int] = (0, 100, 500)) -> None:
    """A board with buttons: one step of either network, ten or a hundred of both, another shape, another loss.

    toy: it is trained up to the last of `moments` for the static picture; the buttons then begin anew.
    """
    states = toy.watch(moments)
    figure = states_figure(states, f"{toy.shape}, {toy.game}")
    text = f"A board to train a GAN by hand on {toy.shape}; here its JS divergence after {moments} steps of both: " + (
        ", ".join(f"{state.js:.2f}" for state in states)
    )
    with_twin(lambda: _board(toy), figure, text)


def _board(toy: Toy):
    import ipywidgets as w

    toy.reset()
    words, picture, course, errors = w.HTML(), w.HTML(), w.HTML(), error_area()
    panel = image_panel((len(toy.edges) - 1,) * 2, scale=SCALE) if toy.dimension == 2 else None
    family = PLANES if toy.dimension == 2 else LINES
    shape = w.Dropdown(options=list(family), value=toy.shape, description="shape")
    game = w.Dropdown(options=list(GAMES), value=toy.game, description="loss")
    buttons = {}

    def draw() -> None:
        state = toy.state()
        if panel is not None:
            panel.show(_pixels(state, toy.real(300)))
        else:
            picture.value = _line_svg(state)
        d, g = state.steps
        words.value = (
            f"discriminator <b>{d}</b> steps, generator <b>{g}</b> steps · JS divergence <b>{state.js:.3f}</b> nats "
            f"(0: equal, .693: apart)<br>value V(D, G) <b>{state.value:.3f}</b>; with the best discriminator it would "
            f"be −log 4 + 2 JS = <b>{2 * state.js - theory.LOG4:.3f}</b>"
        )
        course.value = _course_svg(toy.history)

    def button(name, action, tip):
        item = buttons[name] = w.Button(description=name, tooltip=tip, layout=w.Layout(width="auto"))

        @shows_errors(errors)
        def clicked(_=None) -> None:
            action()
            draw()

        item.on_click(clicked)

    button("discriminator step", toy.discriminator_step, "Only the discriminator learns, once")
    button("generator step", toy.generator_step, "Only the generator learns, once")
    button("10 of both", lambda: toy.both(10), "Ten steps of each, in turns")
    button("100 of both", lambda: toy.both(100), "A hundred steps of each, in turns")
    button("reset", toy.reset, "New networks, the same as at the beginning")

    @shows_errors(errors)
    def changed(_) -> None:
        toy.reset(shape.value, game.value)
        draw()

    for item in (shape, game):
        item.observe(changed, "value")
    draw()
    key = (
        "blue: real points · orange-red: generated · "
        "ground: blue where the discriminator says real, orange where fake, white at ½"
        if panel is not None
        else "filled: real p · orange-red: generated q · black: D · green, dashed: best D, p/(p + q)"
    )
    row = w.Layout(flex_flow="row wrap")
    choices, row_of_buttons = w.HBox([shape, game], layout=row), w.HBox(list(buttons.values()), layout=row)
    view, key = panel if panel is not None else picture, w.HTML(f"<small>{key}</small>")
    box = w.VBox([w.HTML(CRISP), choices, row_of_buttons, view, key, words, course, errors])
    box.buttons, box.shape, box.game, box.words, box.course = buttons, shape, game, words, course
    box.panel, box.picture, box.errors, box.toy = panel, picture, errors, toy
    return box


def _pixels(state: State, real: np.ndarray) -> np.ndarray:
    """The plane as (cells, cells, 3) in [0, 1]: D as ground, with the cells of real and generated points in colour."""
    ground = OPINION(state.judged.T)[..., :3]
    for points, ink in ((real, REAL), (state.fakes, FAKE)):
        cells = len(state.edges) - 1
        counts = theory.plane_cells(points, state.edges).T * len(points)
        inside = np.minimum(counts, 1.0)[..., None] * 0.85
        inside[[0, -1]], inside[:, [0, -1]] = 0, 0  # these cells hold what lies outside the picture
        colour = np.array([int(ink[i : i + 2], 16) for i in (1, 3, 5)]) / 255
        ground = (1 - inside) * ground + inside * np.broadcast_to(colour, (cells, cells, 3))
    return ground[::-1]


def _line_svg(state: State, width: int = 560, height: int = 260) -> str:
    """Densities and discriminators over the line, as one SVG on white paper."""
    x, top = theory.middles(state.edges), 1.5 * state.p.max()
    across, base = (x - state.edges[0]) / (state.edges[-1] - state.edges[0]) * width, height - 20

    def line(values, most):
        return " ".join(
            f"{a:.1f},{b:.1f}" for a, b in zip(across, base - np.clip(values / most, 0, 1) * (base - 8), strict=True)
        )

    ticks = "".join(
        f'<text x="{(t - state.edges[0]) / (state.edges[-1] - state.edges[0]) * width:.0f}" y="{height - 4}" '
        f'font-size="12" text-anchor="middle">{t}</text>'
        for t in range(-3, 4)
    )
    return (
        f'<svg width="{width}" height="{height}" role="img" style="background:#fff;color:#000" aria-label="Density '
        f'of real and generated numbers, the discriminator and the best one; JS divergence {state.js:.3f}">'
        f'<polygon points="0,{base} {line(state.p, top)} {width},{base}" fill="{REAL}" fill-opacity=".25"/>'
        f'<polyline points="{line(state.q, top)}" fill="none" stroke="{FAKE}" stroke-width="2.2"/>'
        f'<polyline points="{line(state.judged, 1.02)}" fill="none" stroke="#000" stroke-width="1.8"/>'
        f'<polyline points="{line(state.best, 1.02)}" fill="none" stroke="{COLOURS["green"]}" stroke-width="1.5" '
        f'stroke-dasharray="5 3"/><line x1="0" x2="{width}" y1="{base}" y2="{base}" stroke="#000"/>{ticks}</svg>'
    )


def _course_svg(history: Sequence[tuple], width: int = 560, height: int = 90) -> str:
    """The JS divergence at every look so far, over the steps of both networks together."""
    steps = np.array([d + g for d, g, _, _ in history], dtype=float)
    js = np.array([entry[2] for entry in history])
    across = 8 + steps / max(steps[-1], 1) * (width - 16)
    down = 14 + (1 - js / np.log(2)) * (height - 24)
    dots = "".join(f'<circle cx="{a:.1f}" cy="{b:.1f}" r="2.2"/>' for a, b in zip(across, down, strict=True))
    path = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(across, down, strict=True))
    foot = height - 10
    return (
        f'<svg width="{width}" height="{height}" role="img" style="background:#fff;color:#000" '
        f'aria-label="JS divergence so far, now {js[-1]:.3f}">'
        f'<line x1="8" x2="{width - 8}" y1="14" y2="14" stroke="#999" stroke-dasharray="3 3"/>'
        f'<line x1="8" x2="{width - 8}" y1="{foot}" y2="{foot}" stroke="#000"/>'
        f'<polyline points="{path}" fill="none" stroke="{REAL}" stroke-width="1.8"/><g fill="{REAL}">{dots}</g>'
        f'<text x="12" y="11" font-size="11">JS divergence; dashed: log 2, below: 0</text></svg>'
    )
