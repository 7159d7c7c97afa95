"""Charts of lesson 15: scores at the moment of growth, Adam's steps, distances over a training and at each scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from helpers.gans.progan.gan import Plan
from helpers.metrics.image_pixels import laplacian_pyramid
from helpers.plots.style import COLOURS, new_figure

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
    axes.plot(ends, distances, "o-", color=COLOURS["blue"], linewidth=2, markersize=5)
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
    if references:
        axes.legend()
    return figure


def worth_figure(found: Mapping[str, Mapping[str, np.ndarray]]):
    """Fréchet distance over images seen and over processor time, a line for each run. found: `growth_trials.curves`."""
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
    panels[0].set_ylabel("Fréchet distance")
    panels[0].legend()
    return figure


def levels_figure(rows: Mapping[str, Mapping[int, float]]):
    """Sliced Wasserstein distance at each scale, a line of dots for each model: {model: {32: …, 16: …, 8: …}}."""
    figure = new_figure(8.2, 3.4, alt=f"Sliced Wasserstein distance by scale for {', '.join(rows)}")
    axes = figure.add_subplot()
    sides = list(next(iter(rows.values())))
    for (name, found), tint, line, mark in zip(rows.items(), TINTS, LINES, MARKS, strict=False):
        axes.plot(range(len(sides)), [found[side] for side in sides], color=tint, linestyle=line, marker=mark,
                  markersize=8, label=name)  # fmt: skip
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
    figure = new_figure(10, 1.05 * 3 + 0.6, alt=f"Levels 32, 16 and 8 of Laplacian pyramids of {', '.join(images)}")
    board = figure.subplots(3, columns * len(images), squeeze=False)
    for kind, (name, some) in enumerate(images.items()):
        for level, (side, found) in enumerate(zip((32, 16, 8), laplacian_pyramid(some[:columns]), strict=True)):
            for i in range(columns):
                axes = board[level, kind * columns + i]
                axes.set_axis_off()
                if i >= len(found):
                    continue
                if side == 8:
                    axes.imshow(found[i], cmap="gray", vmin=0, vmax=1, interpolation="nearest")
                else:
                    axes.imshow(found[i], cmap="RdBu_r", vmin=-0.5, vmax=0.5, interpolation="nearest")
                if level == 0 and i == columns // 2:
                    axes.set_title(name, fontsize=12)
                if kind == 0 and i == 0:
                    axes.text(-0.12, 0.5, f"{side}", transform=axes.transAxes, ha="right", va="center", size=12)
    return figure
