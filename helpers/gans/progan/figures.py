"""Pictures of networks that grow: the plan of growth, the way in of a new stage, and the film of a training.

The film is scrubbed by resolution and α; its static twin is a strip of key frames.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.patches import Rectangle

from helpers.gans.progan.gan import Plan
from helpers.metrics.image_pixels import laplacian_pyramid
from helpers.plots import grids, pixels
from helpers.plots.style import COLOURS, new_figure, plain_log_ticks
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
    with_twin(lambda: build_growth_film(film, plan), grids.image_rows(rows, tile=0.56), text)


def build_growth_film(film, plan: Plan):
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


TINTS = (COLOURS["blue"], COLOURS["vermillion"], COLOURS["green"], COLOURS["purple"])
LINES = ("-", "--", "-.", ":")
MARKS = ("o", "s", "^", "D")


def schedule_figure(stage_at, stages: int, fade: int, steady: int):
    """Side of the images (steps) and α (line) over the epochs of a plan. stage_at: as of the exercise. A Figure."""
    total = steady + (stages - 1) * (fade + steady)
    epochs = np.linspace(0, total, 60 * total + 1)
    found = np.array([stage_at(float(epoch), stages, fade, steady) for epoch in epochs], dtype=float)
    figure = new_figure(9.2, 3.0, alt=f"Size of the images and α over {total} epochs of a plan with {stages} stages")
    axes = figure.add_subplot()
    axes.plot(epochs, found[:, 1], color=COLOURS["vermillion"], label="α (left)")
    axes.set(xlabel="epoch", ylabel="α", ylim=(-0.05, 1.1), xlim=(0, total))
    right = axes.twinx()
    right.step(epochs, found[:, 0], where="post", color=COLOURS["blue"], linestyle="--", label="size (right)")
    right.set_yticks(range(stages), [f"{4 * 2**s} × {4 * 2**s}" for s in range(stages)])
    right.set_ylim(-0.2, stages - 0.6)
    right.grid(False)
    axes.legend(handles=[axes.lines[0], right.lines[0]], loc="lower right")
    return figure


def moment_figure(found: Mapping[str, object]):
    """Mean scores of the critic before and after a growth, a panel for each way. found: of `two_ways`. A Figure."""
    figure = new_figure(10, 3.3, alt="Scores of the same real images and of fakes before each step, the growth in the "
                        f"middle: {', '.join(found)}")  # fmt: skip
    panels = figure.subplots(1, len(found), sharey=True, squeeze=False)[0]
    for axes, (name, scores) in zip(panels, found.items(), strict=True):
        first = scores.steps.index(0)
        for key, tint, line in (("real", COLOURS["blue"], "-"), ("fake", COLOURS["vermillion"], "--")):
            values = getattr(scores, key)
            for part in (slice(None, first), slice(first, None)):
                label = {"real": "real images", "fake": "fakes"}[key] if part.start is None else None
                axes.plot(scores.steps[part], values[part], color=tint, linestyle=line, linewidth=1.8, label=label)
        axes.axvline(-0.5, color="#555555", linewidth=1.2, linestyle=":")
        axes.set(title=name, xlabel="step (it grows at 0)")
    panels[0].set_ylabel("mean score of the critic")
    panels[0].legend()
    return figure


def steps_figure(shares: Mapping[str, Mapping[str, float]]):
    """Step size over weight size for each layer, dots for each network: {network: {layer: share}}. A Figure."""
    layers = list(next(iter(shares.values())))
    figure = new_figure(9.2, 0.34 * len(layers) + 1.3, alt="Size of Adam's steps beside that of the weights, by layer")
    axes = figure.add_subplot()
    for (name, found), tint, mark in zip(shares.items(), TINTS, MARKS, strict=False):
        axes.plot([found[layer] for layer in layers], range(len(layers)), mark, color=tint, markersize=8, label=name)
    axes.set(xscale="log", yticks=range(len(layers)), xlabel="size of a step / size of the weights (logarithmic)")
    axes.set_yticklabels(layers)
    axes.invert_yaxis()
    axes.legend()
    return figure


def distance_figure(distances: Sequence[float], plan: Plan, epochs: int | None = None, references: Mapping = None):
    """Fréchet distance at the end of each epoch, the stages as bands, their fade-ins darker. A Figure.

    distances: one for each epoch.   references: {"name": level} as lines.
    """
    figure = new_figure(9.2, 3.8, alt="Fréchet distance at the end of each epoch of a training that grew")
    axes = figure.add_subplot()
    ends = np.arange(1, len(distances) + 1)
    axes.plot(ends, distances, "o-", color=COLOURS["blue"], linewidth=2, markersize=5, clip_on=False, zorder=3)
    start = 0
    for stage, fades, length in plan.parts:
        axes.axvspan(start, start + length, color="#888888", alpha=0.28 if fades else 0.06 + 0.05 * (stage % 2), lw=0)
        if not fades:
            side = 4 * 2**stage
            axes.text(start + length / 2, 1.01, f"{side} × {side}", transform=axes.get_xaxis_transform(), ha="center",
                      va="bottom", size=10)  # fmt: skip
        start += length
    for (name, level), line in zip((references or {}).items(), LINES[1:], strict=False):
        axes.axhline(level, color="#555555", linestyle=line, linewidth=1.3, label=f"{name} ({level:.2f})")
    axes.set(xlabel="epoch (dark: a stage fades in)", ylabel="Fréchet distance", xlim=(0, plan.epochs), yscale="log")
    plain_log_ticks(axes)
    if references:
        axes.legend()
    return figure


def worth_figure(found: Mapping[str, Mapping[str, np.ndarray]]):
    """Fréchet distance over images seen and processor time, a line for each run. found: of `ablation.curves`."""
    figure = new_figure(10, 3.7, alt=f"Fréchet distance over images and over processor seconds: {', '.join(found)}")
    panels = figure.subplots(1, 2, sharey=True)
    words = {"images": "thousands of images seen", "seconds": "processor seconds"}
    for axes, (key, word) in zip(panels, words.items(), strict=True):
        for (name, parts), tint, line, mark in zip(found.items(), TINTS, LINES, MARKS, strict=False):
            for run, (x, y) in enumerate(zip(parts[key], parts["frechet"], strict=True)):
                axes.plot(np.asarray(x) / (1_000 if key == "images" else 1), y, color=tint, linestyle=line, marker=mark,
                          markersize=4, linewidth=1.6, label=None if run else name)  # fmt: skip
        axes.set(xlabel=word, yscale="log")
        axes.set_xlim(left=0)
        axes.yaxis.set_major_formatter("{x:g}")  # 20 instead of 2 × 10¹
        axes.yaxis.set_minor_formatter("{x:g}")
    panels[0].set_ylabel("Fréchet distance")
    panels[0].legend()
    return figure


def levels_figure(rows: Mapping[str, Mapping[int, float]]):
    """Sliced Wasserstein distance at each scale, a line for each model: {model: {32: …, 16: …, 8: …}}.

    Several numbers for one scale are drawn as their mean, with a bar from the lowest to the highest.
    """
    figure = new_figure(8.2, 3.4, alt=f"Sliced Wasserstein distance by scale for {', '.join(rows)}")
    axes = figure.add_subplot()
    sides = list(next(iter(rows.values())))
    for place, ((name, found), tint, line, mark) in enumerate(zip(rows.items(), TINTS, LINES, MARKS, strict=False)):
        means = np.array([np.mean(found[side]) for side in sides])
        beside = np.arange(len(sides)) + 0.07 * (place - (len(rows) - 1) / 2)  # so that no bar covers another
        ends = [np.abs(np.array([end(found[side]) for side in sides]) - means) for end in (np.min, np.max)]
        axes.errorbar(beside, means, ends, color=tint, linestyle=line, marker=mark, markersize=6,
                      capsize=5, label=name)  # fmt: skip
    words = {32: "32 × 32: texture and edges", 16: "16 × 16: details", 8: "8 × 8: the whole shape"}
    axes.set_xticks(range(len(sides)), [words.get(side, str(side)) for side in sides])
    axes.set(ylabel="distance × 1,000", xlim=(-0.3, len(sides) - 0.7))
    axes.set_ylim(bottom=0)
    axes.legend()
    return figure


def pyramid_figure(images: Mapping[str, np.ndarray], columns: int = 3):
    """The levels of the Laplacian pyramid of a few images of each kind, enlarged to one size. A Figure.

    images: {"real": (n, 28, 28) in [0, 1], …}. Detail is blue below 0 and red above; the last level is the small
    image itself.
    """
    figure = new_figure(10, 4.4, alt=f"Levels 32, 16 and 8 of Laplacian pyramids of {', '.join(images)}")
    whole, detail = {"cmap": "gray", "vmin": 0, "vmax": 1}, {"cmap": "RdBu_r", "vmin": -0.5, "vmax": 0.5}
    for part, (name, some) in zip(np.atleast_1d(figure.subfigures(1, len(images))), images.items(), strict=True):
        part.suptitle(name, fontsize=12)  # over its own columns, however long it is
        board = part.subplots(3, columns, squeeze=False)
        for row, side, found in zip(board, (32, 16, 8), laplacian_pyramid(some[:columns]), strict=True):
            for i, axes in enumerate(row):
                axes.set(xticks=[], yticks=[])
                axes.grid(False)
                axes.spines[:].set_visible(False)
                if i == 0:
                    axes.set_ylabel(f"{side} × {side}", fontsize=10)
                if i < len(found):
                    axes.imshow(found[i], **(whole if side == 8 else detail), interpolation="nearest")
    return figure
