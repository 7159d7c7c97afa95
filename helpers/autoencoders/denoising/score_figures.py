"""Pictures of scores and walks in the plane: arrows beside the exact ones, paths, points falling through noise."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.patches import Rectangle

from helpers.autoencoders.denoising.score import Hills
from helpers.plots.style import COLOURS, new_figure

WINDOW = 2.7  # the plane is drawn from -WINDOW to WINDOW


def grid(side: int = 17, window: float = WINDOW) -> np.ndarray:
    """side × side points (side², 2) evenly over the window."""
    axis = np.linspace(-0.93 * window, 0.93 * window, side)
    return np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)


def arrows(hills: Hills, sigma: float, fields: Mapping[str, Callable], points: np.ndarray | None = None):
    """One panel for each score field: arrows on a grid, over the data's noisy density in grey.

    fields: {"a name": function, points (n, 2) -> arrows (n, 2)}; a name may have formulas in $. All panels share one
    scale of arrow lengths; the longest is drawn as one step of the grid. points: data points to draw, or None.
    Returns a matplotlib Figure.
    """
    places = grid()
    found = {name: np.asarray(field(places), dtype=float) for name, field in fields.items()}
    longest = max(np.quantile(np.linalg.norm(a, axis=1), 0.98) for a in found.values())
    words = ", ".join(found).replace("$", "")
    figure = new_figure(4.6 * len(found) + 0.2, 4.6, alt=f"Arrows of the score at sigma {sigma:g}: {words}")
    axes = figure.subplots(1, len(found), squeeze=False, sharey=True)[0]
    for axis, (name, field), ink in zip(axes, found.items(), ("blue", "vermillion", "green"), strict=False):
        _plane(axis, hills, sigma)
        if points is not None:
            axis.plot(*points.T, ".", color=COLOURS["orange"], markersize=1.5, alpha=0.5)
        axis.quiver(*places.T, *field.T, color=COLOURS[ink], angles="xy", scale_units="xy", width=0.004,
                    scale=longest / (1.6 * (places[1, 0] - places[0, 0])))  # fmt: skip
        axis.set_title(name)
    return figure


def paths(hills: Hills, sigma: float, walks: Mapping[str, np.ndarray]):
    """One panel for each bundle of walks (steps + 1, n, 2): where points start (rings), go (lines) and end (dots)."""
    figure = new_figure(4.6 * len(walks) + 0.2, 4.6, alt=f"Points that walk along the score: {', '.join(walks)}")
    axes = figure.subplots(1, len(walks), squeeze=False, sharey=True)[0]
    for axis, (name, walk) in zip(axes, walks.items(), strict=True):
        _plane(axis, hills, sigma)
        axis.add_collection(LineCollection(walk.transpose(1, 0, 2), colors=COLOURS["sky"], linewidths=0.8, alpha=0.8))
        axis.plot(*walk[0].T, "o", mfc="none", mec=COLOURS["black"], markersize=4, label="start")
        axis.plot(*walk[-1].T, "o", color=COLOURS["vermillion"], markersize=4, label="end")
        axis.set_title(name)
    axes[0].legend(loc="upper left", fontsize=9)
    return figure


def falling(path: np.ndarray, sigmas, rows: tuple[int, ...], data: np.ndarray):
    """Points (levels + 1, n, 2) on their way down the noise levels at the places `rows`, and real data at the end.

    All panels show one window. Where that is too small for the noise, a panel is zoomed out: its title says so, and a
    frame in it is the window of the others.
    """
    figure = new_figure(2.0 * (len(rows) + 1), 2.6, alt=f"Points at {len(rows)} levels of noise, and real data beside")
    axes = figure.subplots(1, len(rows) + 1)
    levels = [*sigmas, 0.0]
    for axis, row in zip(axes, rows, strict=False):
        reach = max(WINDOW, 2.2 * levels[row])
        axis.plot(*path[row].T, ".", color=COLOURS["blue"], markersize=2)
        zoom = "\n(zoomed out)" if reach > WINDOW else ""
        if zoom:
            axis.add_patch(Rectangle((-WINDOW, -WINDOW), 2 * WINDOW, 2 * WINDOW, fill=False, linewidth=1.5))
        axis.set(title=f"σ = {levels[row]:.2g}{zoom}", xlim=(-reach, reach), ylim=(-reach, reach))
    axes[-1].plot(*data.T, ".", color=COLOURS["orange"], markersize=2)
    axes[-1].set(title="real data", xlim=(-WINDOW, WINDOW), ylim=(-WINDOW, WINDOW))
    for axis in axes:
        axis.set(aspect="equal", xticks=[], yticks=[])
        axis.grid(False)
    return figure


def _plane(axis, hills: Hills, sigma: float) -> None:
    """The noisy density in light greys, square axes."""
    side = np.linspace(-WINDOW, WINDOW, 90)
    places = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    density = np.exp(hills.log_density(places, sigma)).reshape(len(side), -1)
    axis.contourf(side, side, density, levels=6, cmap="Greys", vmax=2.2 * density.max())
    axis.set(xlim=(-WINDOW, WINDOW), ylim=(-WINDOW, WINDOW), aspect="equal", xlabel="$x_1$", ylabel="$x_2$")
    axis.label_outer()
    axis.grid(False)
