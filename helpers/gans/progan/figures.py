"""Pictures of networks that grow: the plan of growth, the way in of a new stage, and the film of a training.

The film is scrubbed by resolution and α; its static twin is a strip of key frames.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.patches import Rectangle

from helpers.gans.progan.gan import Plan
from helpers.plots import curves as plots
from helpers.plots import pixels
from helpers.plots.style import COLOURS, new_figure
from helpers.widgets.display import error_area, shows_errors, with_twin
from helpers.widgets.panel import CRISP, image_panel

COLUMNS = 10  # images in a row
PER_SECOND = 3  # frames, when played


def growth_figure(stages: int = 4):
    """Both networks at each stage, one row each, what is new in colour: codings → image → score. A Figure."""
    text = (
        f"Both networks at {stages} stages of growth: every stage adds a block in front of the image and one behind it"
    )
    figure = new_figure(10.5, 0.85 * stages + 0.9, alt=text, layout="none")
    axes = figure.add_axes((0, 0, 1, 1), xlim=(-4, 109), ylim=(-8.5 * stages - 1.5, 7.5))
    axes.set_axis_off()
    middle, step = 52.5, 10.2
    for stage in range(stages):
        y = -8.5 * stage - 2
        places = [(middle + sign * step * (stage + 1 - s), s) for s in range(stage + 1) for sign in (-1, 1)]
        ends = [middle - step * (stage + 2), middle + step * (stage + 2)]
        row = sorted([*(x for x, _ in places), middle, *ends])
        for left, right in zip(row, row[1:], strict=False):
            _arrow(axes, left + 4.1, right - 4.1, y)
        for x, s in places:
            new = s == stage and stage > 0
            colour = COLOURS["vermillion"] if new else COLOURS["blue"]
            _box(axes, x, y, size(s), colour)
        _box(axes, middle, y, f"image\n{size(stage)}", "#555555", dark=False)
        for x, word in zip(ends, ("codings", "score"), strict=True):
            axes.text(x, y, word, ha="center", va="center", size=10, color="#444444")
    for x, word in ((middle - 3 * step, "generator"), (middle + 3 * step, "critic")):
        axes.text(x, 5, word, ha="center", va="center", size=13, weight="bold", color="#222222")
    return figure


def _box(axes, x: float, y: float, word: str, colour: str, dark: bool = True) -> None:
    axes.add_patch(Rectangle((x - 4, y - 2.6), 8, 5.2, facecolor=colour if dark else "white", edgecolor=colour))
    axes.text(x, y, word, ha="center", va="center", size=9, color="white" if dark else colour)


def _arrow(axes, left: float, right: float, y: float) -> None:
    axes.annotate("", (right, y), (left, y), arrowprops={"arrowstyle": "->", "color": "#777777"})


def fade_figure(size: int = 8):
    """How a stage of `size` pixels fades in, in the generator (above) and in the critic (below). A Figure."""
    old, new = f"{size // 2} × {size // 2}", f"{size} × {size}"
    text = f"While {new} fades in, an old path of weight 1 − α and a new one of weight α lead through each network"
    figure = new_figure(10.5, 4.6, alt=text, layout="none")
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, 105), ylim=(-23, 23))
    axes.set_axis_off()
    grey, blue, red = "#555555", COLOURS["blue"], COLOURS["vermillion"]
    up, down, block = (f"enlarged\nto {new}", grey), (f"halved\nto {old}", grey), ("two new\nconvolutions", red)
    before, after = ("image layer\n(old)", blue), ("image layer\n(new)", red)
    rows = (
        (12, "generator", (f"maps {old}", blue), (before, up), (up, block, after), f"image {new}"),
        (-12, "critic", (f"image {new}", grey), (down, before), (after, block, down), f"maps {old}"),
    )
    for y, name, (source, colour), above, below, end in rows:
        axes.text(1, y + 8.5, name, size=13, weight="bold", color="#222222", va="center")
        _wide(axes, 14, y, source, colour, 13)
        for height, parts, weight, tint in ((5, above, "× (1 − α)", blue), (-5, below, "× α", red)):
            places = np.linspace(34, 66, len(parts)) if len(parts) == 3 else np.array([38.0, 62.0])
            stops = [(20.5, y), *((x, y + height) for x in places), (80, y + height)]
            for (a, ya), (b, yb) in zip(stops, stops[1:], strict=False):
                start, stop = (a if a == 20.5 else a + 6.2), b - (6.2 if b < 80 else 4)
                axes.annotate("", (stop, yb), (start, ya), arrowprops={"arrowstyle": "->", "color": "#777777"})
            for x, (word, shade) in zip(places, parts, strict=True):
                _wide(axes, x, y + height, word, shade, 12)
            axes.text(80, y + height, weight, ha="center", va="center", size=11, color=tint, weight="bold")
            axes.annotate("", (88.6, y + 0.2 * height), (84, y + height),
                          arrowprops={"arrowstyle": "->", "color": "#777777"})  # fmt: skip
        axes.text(90, y, "+", ha="center", va="center", size=16, color="#222222")
        axes.text(98, y, end, ha="center", va="center", size=10, color="#222222")
    return figure


def _wide(axes, x: float, y: float, word: str, colour: str, width: float) -> None:
    axes.add_patch(Rectangle((x - width / 2, y - 3.2), width, 6.4, facecolor=colour, edgecolor="white"))
    axes.text(x, y, word, ha="center", va="center", size=9, color="white")


# -- the film ----------------------------------------------------------------------------------------------


def place(film, plan: Plan, i: int) -> tuple[int, float]:
    """(stage, α) at which frame i of a film was taken, for a training that followed the plan from its first epoch."""
    return plan.at(plan.epochs * film.steps[i] / max(1, film.steps[-1]))


def size(stage: int) -> str:
    """The images of a stage in words, such as "16 × 16" for stage 2."""
    return f"{4 * 2**stage} × {4 * 2**stage}"


def words(stage: int, alpha: float) -> str:
    """Stage and α in words, such as "16 × 16, α = .4"."""
    share = f"{alpha:.2f}".removeprefix("0").rstrip("0").rstrip(".")
    return f"{size(stage)}, α = {share or '0'}"


def key_frames(film, plan: Plan) -> list[int]:
    """For each stage the frame nearest to the middle of its fade-in, and its last one: at most two for each."""
    placed = [place(film, plan, i) for i in range(len(film.steps))]
    chosen = []
    for stage in range(plan.stages):
        own = [i for i, (s, _) in enumerate(placed) if s == stage]
        fading = [i for i in own if placed[i][1] < 1]
        chosen += [min(fading, key=lambda i: abs(placed[i][1] - 0.5))] if fading else []
        chosen += own[-1:]
    return sorted(set(chosen))


def growth_film(film, plan: Plan) -> None:
    """Scrub a film of a training that grew: a slider over its frames by resolution and α, and a key for each size.

    film: a Film of images, best taken `evenly`.   plan: that the training followed. The static twin is a strip of
    key frames, one row each. Raises ValueError for a film without frames.
    """
    if not len(film.steps):
        raise ValueError("This film has no frames yet: give it to fit first, callbacks=[film].")
    keys = key_frames(film, plan)
    rows = {}
    for i in keys:
        name = words(*place(film, plan, i))
        rows[name if name not in rows else f"{name} "] = film.images[i, :COLUMNS] / 255
    text = f"{len(film.steps)} frames of a training that grew: the same codings at {', '.join(rows)}"
    with_twin(lambda: _widget(film, plan), plots.image_rows(rows, tile=0.56), text)


def _widget(film, plan: Plan):
    import ipywidgets as w

    last = len(film.steps) - 1
    placed = [place(film, plan, i) for i in range(last + 1)]
    options = [(words(*here), i) for i, here in enumerate(placed)]
    wide = w.Layout(width="560px")
    frame = w.SelectionSlider(options=_distinct(options), value=last, description="stage", layout=wide)
    play = w.Play(value=last, min=0, max=last, interval=1000 // PER_SECOND, tooltip="Play the film")
    w.jslink((play, "value"), (frame, "index"))
    first = {stage: min(i for i, here in enumerate(placed) if here[0] == stage) for stage, _ in placed}
    narrow = w.Layout(width="80px")
    sizes = [w.Button(description=size(s), tooltip="Go to the first frame of this size", layout=narrow) for s in first]
    boards = [pixels.mosaic(images / 255, COLUMNS) for images in film.images]
    panel, told, errors = image_panel(boards[0].shape[:2], scale=2), w.HTML(), error_area()

    @shows_errors(errors)
    def redraw(_=None) -> None:
        i = frame.value
        panel.show(boards[i])
        share = 100 * film.steps[i] / max(film.steps[-1], 1)
        told.value = f"<b>{words(*placed[i])}</b> · {film.unit} {film.steps[i]:,}: {share:.0f} % of the training"

    for button, i in zip(sizes, first.values(), strict=True):
        button.on_click(lambda _, i=i: setattr(frame, "value", i))
    frame.observe(redraw, "value")
    redraw()
    box = w.VBox([w.HTML(CRISP), w.HBox([frame, play]), w.HBox(sizes), told, panel, errors])
    box.frame, box.play, box.sizes, box.told, box.panel, box.errors = frame, play, sizes, told, panel, errors
    return box


def _distinct(options: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """The same options with labels that differ, as a slider needs them: steady frames are counted."""
    seen: dict[str, int] = {}
    out = []
    for label, value in options:
        seen[label] = seen.get(label, 0) + 1
        out.append((label if seen[label] == 1 else f"{label} ({seen[label]})", value))
    return out
