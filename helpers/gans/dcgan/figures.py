"""Pictures of lesson 13: how often transposed convolutions paint each pixel, and what each guideline is worth."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.patches import Rectangle

from helpers.plots.style import COLOURS, new_figure


def pair_figure(codings: int = 100, maps: int = 32):
    """Both networks of a DCGAN from left to right, codings → image → logit; a stack of squares for each block of maps.

    Returns a matplotlib Figure.
    """
    stages = [
        (f"{codings} codings", 0, 1), (f"7 × 7 × {2 * maps}", 7, 6), (f"14 × 14 × {maps}", 14, 3),
        ("28 × 28 × 1", 28, 1), (f"14 × 14 × {maps}", 14, 3), (f"7 × 7 × {2 * maps}", 7, 6), ("1 logit", 0, 1),
    ]  # fmt: skip
    steps = ["dense", "transposed\nconvolution", "transposed\nconvolution", "convolution", "convolution", "dense"]
    alt = "The two networks of a DCGAN: " + " → ".join(name for name, *_ in stages)
    figure = new_figure(10.5, 3.4, alt=alt, layout="none")
    axes = figure.add_axes((0, 0, 1, 1), xlim=(-6, 172), ylim=(-30, 24), aspect="equal")
    axes.set_axis_off()
    x, edges = 0.0, []
    for place, (name, side, sheets) in enumerate(stages):
        colour = COLOURS["vermillion"] if place == 3 else COLOURS["blue"] if side else "#777777"
        width, height = (side, side) if side else (2.5, 16 if place == 0 else 2.5)
        for sheet in reversed(range(sheets)):
            corner = (x + 1.4 * sheet, -height / 2 + 1.4 * sheet)
            axes.add_patch(Rectangle(corner, width, height, facecolor=colour, edgecolor="white", linewidth=0.8))
        end = x + width + 1.4 * (sheets - 1)
        axes.text((x + end) / 2, height / 2 + 1.4 * sheets + 1.5, name, ha="center", va="bottom", size=10, color=colour)
        edges.append((x, end))
        x = end + 11.5
    for step, (_, start), (end, _) in zip(steps, edges, edges[1:], strict=False):
        axes.annotate("", (end - 1, 0), (start + 1, 0), arrowprops={"arrowstyle": "->", "color": "#555555"})
        axes.text((start + end) / 2, -15.5, step, ha="center", va="top", size=9, color="#444444")
    middle = sum(edges[3]) / 2
    for name, at in (("generator", (edges[0][0] + middle) / 2), ("discriminator", (middle + edges[-1][1]) / 2)):
        axes.text(at, -26, name, ha="center", va="center", size=13, weight="bold", color="#222222")
    axes.set_xlim(-7, x - 4)
    return figure


def coverage_figure(coverage: Callable, kernels: Sequence[int] = (3, 4, 5, 6), size: int = 7, stride: int = 2):
    """How often each pixel is painted, along one side (bars) and over the whole image (grey), for several kernels.

    coverage: (size, kernel, stride) → (size · stride,). Returns a matplotlib Figure.
    """
    figure = new_figure(
        2.5 * len(kernels), 4.3, alt=f"How often transposed convolutions of stride {stride} cover each pixel, for the "
        f"kernels {', '.join(map(str, kernels))}",
    )  # fmt: skip
    axes = figure.subplots(2, len(kernels), height_ratios=(1, 2), squeeze=False)
    counts = {kernel: np.asarray(coverage(size, kernel, stride)) for kernel in kernels}
    top = max(max(line.max() for line in counts.values()), 1)
    for (above, below), (kernel, line) in zip(axes.T, counts.items(), strict=True):
        even = kernel % stride == 0
        above.bar(np.arange(len(line)), line, color=COLOURS["blue" if even else "vermillion"], width=0.85)
        above.set(ylim=(0, top + 0.4), yticks=range(top + 1), xticks=[], title=f"kernel {kernel}")
        below.imshow(np.outer(line, line), cmap="gray", vmin=0, vmax=top**2)
        below.set(xticks=[], yticks=[])
        below.grid(False)
    axes[0, 0].set_ylabel("strokes")
    return figure


def worth_figure(rows: Sequence[tuple], baseline: str):
    """Fréchet distances of variants as dots (mean over seeds) and lines (lowest to highest), the best on top.

    rows: (name, mean, lowest, highest, …), as `dcgan.ablation.summary` gives them.   baseline: the name of the row
    that the others are held against; its range is drawn as a band through all rows. Returns a matplotlib Figure.
    """
    figure = new_figure(9.2, 0.36 * len(rows) + 1.1, alt="Fréchet distance of each variant, mean and range over seeds")
    axes = figure.add_subplot()
    for place, (name, mean, lowest, highest, *_) in enumerate(rows):
        colour = COLOURS["vermillion" if name == baseline else "blue"]
        axes.plot([lowest, highest], [place, place], color=colour, linestyle="-", linewidth=2.2)
        axes.plot(mean, place, "s" if name == baseline else "o", color=colour, markersize=8)
        if name == baseline:
            axes.axvspan(lowest, highest, color=colour, alpha=0.25, linewidth=0)
    axes.set(yticks=range(len(rows)), yticklabels=[row[0] for row in rows], xlabel="Fréchet distance (lower is better)")
    axes.set_xlim(left=0)
    axes.invert_yaxis()
    return figure
