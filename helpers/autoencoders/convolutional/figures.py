"""Pictures of convolutions: how strokes overlap, what is left of a constant image, what one place of a map paints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from helpers.plots.style import COLOURS, new_figure


def strokes_figure(kernels: Sequence[int] = (3, 4), inputs: int = 6, stride: int = 2) -> Figure:
    """Along one side of an image: the stroke of each input pixel, and how many strokes each output pixel gets.

    kernels: kernel sizes, one pair of axes for each. inputs: input pixels. stride: pixels between two strokes.
    """
    words = ", ".join(map(str, kernels))
    alt = f"Strokes of a transposed convolution with stride {stride} and kernel {words}, and their sums below"
    figure = new_figure(5.0 * len(kernels), 4.2, alt=alt)
    grid = figure.subplots(2, len(kernels), sharex=True, squeeze=False, height_ratios=(1.5, 1))
    inks = COLOURS["blue"], COLOURS["sky"]
    length = (inputs - 1) * stride + max(kernels)
    for column, kernel in enumerate(kernels):
        strokes, sums = grid[0][column], grid[1][column]
        counts = np.zeros(length)
        for i in range(inputs):
            strokes.barh(i, kernel, left=i * stride - 0.5, height=0.7, color=inks[i % 2], edgecolor="white")
            counts[i * stride : i * stride + kernel] += 1
        sums.bar(np.arange(length), counts, width=0.9, color=COLOURS["vermillion"])
        strokes.set(title=f"kernel {kernel}, stride {stride}", yticks=range(inputs), ylim=(inputs - 0.4, -0.6))
        sums.set(xlabel="output pixel", ylim=(0, 1.15 * max(counts)), yticks=range(int(max(counts)) + 1))
        sums.set(xlim=(-1, length))
    grid[0][0].set_ylabel("input pixel")
    grid[1][0].set_ylabel("strokes")
    return figure


def boards_figure(
    boards: Mapping[str, Sequence[np.ndarray]], titles: Sequence[str], *, limits: tuple[float, float] | None = None
) -> Figure:
    """Square images of different sizes side by side, a row for each name, all drawn equally large.

    boards: {"kernel 3": [image, …], …}, images (h, w). titles: one for each column.
    limits: (black, white) for all; None gives each image its own, from its smallest to its largest value.
    Raises ValueError when the rows and the titles differ in number.
    """
    if any(len(row) != len(titles) for row in boards.values()):
        raise ValueError(f"{len(titles)} titles need as many images in each row.")
    alt = f"Images after {', '.join(titles)}; rows: {', '.join(boards)}"
    figure = new_figure(1.4 + 1.75 * len(titles), 0.35 + 1.75 * len(boards), alt=alt)
    grid = figure.subplots(len(boards), len(titles), squeeze=False)
    for (name, row), line in zip(boards.items(), grid, strict=True):
        for axes, image in zip(line, row, strict=True):
            low, high = limits or (float(np.min(image)), float(np.max(image)))
            if high - low < 1e-6:  # a constant image is shown in mid-grey and not as noise of its last digits
                low, high = low - 1, high + 1
            axes.imshow(image, cmap="gray", vmin=low, vmax=high, interpolation="nearest")
            axes.set(xticks=[], yticks=[])
        line[0].set_ylabel(name, rotation=0, ha="right", va="center")
    for axes, title in zip(grid[0], titles, strict=True):
        axes.set_title(title, size=12)
    return figure
