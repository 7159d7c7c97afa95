"""Drawings of ideas: an autoencoder as an hourglass of layers, and a plane fitted to points in 3-D."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from helpers.plots.layers_seen import Stage, stages_of
from helpers.plots.style import COLOURS, new_figure

BAR, GAP, TALL = 0.26, 0.95, 2.6  # inches: width of a bar, distance of two, height of the tallest


def hourglass(model_or_sizes, *, title: str = "", coding: int | None = None) -> Figure:
    """An autoencoder drawn as its layer sizes from left to right, the coding layer highlighted.

    model_or_sizes: a built Keras model (Sequential, functional, or any model with `.encoder` and
        `.decoder`), or a list of sizes such as [784, 100, 30, 100, 784] or [(28, 28, 1), (14, 14, 16), 30].
    coding: index of the coding layer counted from the input (0); default the end of the encoder, or the
        smallest layer.
    A vector of n values is a bar of height ∝ √n, so that 784 values stand as tall as a 28 × 28 image;
    maps of height × width × channels are boxes as tall as the maps and as thick as the channels are many.
    Layers that only drop, reshape, normalise or add noise are left out.
    Raises ValueError when the model has not been built.
    """
    stages = stages_of(model_or_sizes, coding)
    unit = TALL / max(_side(s, stages) for s in stages)
    gap = GAP if len(stages) < 9 else 0.82 * GAP
    spread = [0.0]
    for before, after in zip(stages, stages[1:], strict=False):
        clear = gap + (_thick(before) + _thick(after)) / 2 - BAR
        spread.append(spread[-1] + clear + 0.6 * _depth(before, unit))
    words = [_words(s) for s in stages]
    width = max(spread[-1] + 1.3 + _depth(stages[-1], unit), 3.5)
    base = -TALL / 2 - 0.25 - 0.17 * max(w.count("\n") + 1 for w in words)
    oblique = max(_depth(s, unit) for s in stages)
    top = TALL / 2 + 0.45 + 0.45 * oblique + (0.7 if title else 0.35)
    sizes = " → ".join(s.size for s in stages)
    figure = new_figure(width, top - base, alt=f"{title or 'hourglass'}: layer sizes {sizes}", layout="none")
    axes = figure.add_axes((0, 0, 1, 1))
    left = (width - spread[-1] - _depth(stages[-1], unit)) / 2
    axes.set(xlim=(-left, width - left), ylim=(base, top))
    axes.set_axis_off()

    half = [max(_side(s, stages) * unit, 0.14) / 2 for s in stages]
    for i in range(len(stages) - 1):
        a, b = spread[i] + _thick(stages[i]) / 2, spread[i + 1] - _thick(stages[i + 1]) / 2
        corners = [(a, half[i]), (b, half[i + 1]), (b, -half[i + 1]), (a, -half[i])]
        axes.add_patch(Polygon(corners, facecolor="#ECEFF2", edgecolor="none"))
    lines = "\n".join([*words, *(s.size for s in stages)]).split("\n")
    small = 9 if max(map(len, lines)) > 9 or len(stages) > 8 else 10.5
    inner = range(1, len(stages) - 1)
    for i, (x, stage) in enumerate(zip(spread, stages, strict=True)):
        colour = COLOURS["vermillion"] if stage.coding else COLOURS["blue"] if i in inner else "#777777"
        rise = _box(axes, x, half[i], stage, unit, colour)
        axes.text(x + 0.5 * rise, half[i] + rise * 0.45 + 0.09, stage.size, ha="center", va="bottom",
                  size=small, weight="bold", color=colour if stage.coding else "#222222")  # fmt: skip
        axes.text(x, -TALL / 2 - 0.12, words[i], ha="center", va="top", size=small,
                  color=colour if stage.coding else "#444444")  # fmt: skip
    codings = [i for i, s in enumerate(stages) if s.coding]
    for name, a, b in (("encoder", 0, codings[0]), ("decoder", codings[-1], len(stages) - 1)):
        if b - a > 1:
            y = TALL / 2 + 0.42 + 0.45 * oblique
            arrow = {"arrowstyle": "->", "color": "#888888"}
            axes.annotate("", (spread[b] - 0.15, y), (spread[a] + 0.15, y), arrowprops=arrow)
            axes.text((spread[a] + spread[b]) / 2, y, name, ha="center", va="center", color="#444444",
                      size=11, bbox={"facecolor": "white", "edgecolor": "none", "pad": 2})  # fmt: skip
    if title:
        axes.text(-left + 0.1, top - 0.22, title, size=13, weight="bold", va="center")
    return figure


def _side(stage: Stage, stages: list[Stage]) -> float:
    """Height of a stage in pixels: an image by its height, a vector as the square image it would fill."""
    if len(stage.shape) == 3:
        return stage.shape[0]
    images = [s.shape[0] for s in stages if len(s.shape) == 3]
    side = math.sqrt(math.prod(stage.shape))
    return min(side, max(images)) if images else side  # a wide vector must not dwarf the images


def _thick(stage: Stage) -> float:
    return 0.12 + 0.075 * math.log2(1 + stage.shape[2]) if len(stage.shape) == 3 else BAR


def _depth(stage: Stage, unit: float) -> float:
    """How far a box reaches back, in inches: the width of its maps, drawn askew; 0 for a vector."""
    return 0.2 * max(stage.shape[1] * unit, 0.14) if len(stage.shape) == 3 else 0.0


def _words(stage: Stage) -> str:
    note = "(codings)" if stage.coding and "coding" not in stage.name.lower() else ""
    return "\n".join(word for word in (stage.name, stage.activation, note) if word)


def _box(axes, x: float, half: float, stage: Stage, unit: float, colour: str) -> float:
    """Draw one stage centred at x; returns how far a box's far edge is moved right and up (0: a flat bar)."""
    w, flat = _thick(stage) / 2, len(stage.shape) != 3
    d = _depth(stage, unit)
    style = {"edgecolor": "white", "linewidth": 1.2}
    u = 0.45 * d
    if not flat:
        axes.add_patch(Polygon([(x - w, half), (x - w + d, half + u), (x + w + d, half + u), (x + w, half)],
                               facecolor=colour, alpha=0.55, **style))  # fmt: skip
        axes.add_patch(Polygon([(x + w, half), (x + w + d, half + u), (x + w + d, -half + u), (x + w, -half)],
                               facecolor=colour, alpha=0.75, **style))  # fmt: skip
    front = [(x - w, half), (x + w, half), (x + w, -half), (x - w, -half)]
    axes.add_patch(Polygon(front, facecolor=colour, **style))
    return d


def plane_in_3d(
    points,
    mean,
    axes,
    *,
    elev: float = 22.0,
    azim: float = -60.0,
    views: list[tuple[float, float]] | None = None,
    title: str = "",
    names: tuple[str, str, str] = ("x₁", "x₂", "x₃"),
) -> Figure:
    """Points in 3-D with the plane found by PCA, its two axes, and the distance of each point to it.

    points: (n, 3).   mean: (3,), a point of the plane.   axes: (2, 3), its unit vectors as rows.
    elev, azim: from where one looks, in degrees.   views: several (elev, azim) side by side instead.
    Raises ValueError for other shapes.
    """
    points, mean, axes = check_plane(points, mean, axes)
    views = views or [(elev, azim)]
    alt = f"{title or 'plane'}: {len(points)} points in 3-D and the plane"
    figure = new_figure(5.2 * len(views) + 0.7, 4.8, alt=alt)
    codings = (points - mean) @ axes.T
    feet = mean + codings @ axes
    above = np.einsum("ij,j->i", points - feet, np.cross(axes[0], axes[1])) > 0
    reach = 1.1 * np.abs(codings).max(axis=0)
    grid = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * reach
    corners = mean + grid @ axes
    for i, (up, round_) in enumerate(views):
        ax = figure.add_subplot(1, len(views), i + 1, projection="3d", computed_zorder=False)
        ax.view_init(elev=up, azim=round_)
        sheet = (corners[[[0, 1], [3, 2]], k] for k in range(3))
        ax.plot_surface(*sheet, color=COLOURS["sky"], alpha=0.35, zorder=1)
        for point, foot in zip(points, feet, strict=True):
            ax.plot(*np.stack([point, foot]).T, color="#888888", linewidth=0.7, linestyle="-", zorder=2)
        for side, colour, where in ((above, "vermillion", "above"), (~above, "blue", "below")):
            ax.scatter(*points[side].T, color=COLOURS[colour], marker="^" if where == "above" else "o", s=18,
                       depthshade=False, label=f"{where} the plane", zorder=3)  # fmt: skip
        for k, axis in enumerate(axes):
            arrow = axis * reach[k]
            ax.quiver(*mean, *arrow, color="black", linewidth=2.2, arrow_length_ratio=0.12, zorder=4)
            ax.text(*(mean + 1.1 * arrow), f"axis {k + 1}", size=11, zorder=5)
        ax.set(xlabel=names[0], ylabel=names[1], zlabel=names[2])
        ax.set_aspect("equal")
        ax.locator_params(nbins=4)
        ax.tick_params(labelsize=9, pad=0)
        if i == 0:
            ax.legend(loc="upper left", fontsize=10)
    if title:
        figure.suptitle(title, x=0.02, ha="left")
    return figure


def check_plane(points, mean, axes) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The three as float arrays of shapes (n, 3), (3,), (2, 3); raises ValueError for anything else."""
    points, mean, axes = (np.asarray(a, dtype=float) for a in (points, mean, axes))
    if points.ndim != 2 or points.shape[1] != 3:
        raise ValueError(f"points must have shape (n, 3), got {points.shape}.")
    if mean.size != 3:
        raise ValueError(f"mean must be one point of 3 numbers, got shape {mean.shape}.")
    if axes.shape == (3, 2):
        raise ValueError("axes has shape (3, 2): the two unit vectors go in as rows, so pass axes.T.")
    if axes.shape != (2, 3):
        raise ValueError(f"axes must hold two unit vectors as rows, shape (2, 3), got {axes.shape}.")
    return points, mean.reshape(3), axes
