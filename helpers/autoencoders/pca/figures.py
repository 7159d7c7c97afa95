"""Points in space and the plane that PCA finds."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from helpers.autoencoders.pca import scene
from helpers.plots.style import COLOURS, new_figure

SHORTEST = 0.25  # share of its length at which an arrow is still named; a shorter one points at the eye


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

    An axis that points at the eye goes without its name, which would stand among the points.

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
        flat = scene.directions(round_, up)[:2]  # what points to the right and upwards on the page
        for k, axis in enumerate(axes):
            arrow = axis * reach[k]
            ax.quiver(*mean, *arrow, color="black", linewidth=2.2, arrow_length_ratio=0.12, zorder=4)
            if np.linalg.norm(flat @ axis) > SHORTEST:
                ax.text(*(mean + 1.25 * arrow), f"axis {k + 1}", size=11, zorder=5)
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


def cosine_squares(cosines: Mapping[str, np.ndarray]) -> Figure:
    """One square for each decoder: |cosine| of each of its rows (down) with each component (across), 0 to 1.

    cosines: {name: (k, k)}.
    """
    figure = new_figure(3.1 * len(cosines) + 0.9, 3.5, alt=f"|cosine| of rows and components: {', '.join(cosines)}")
    panels = figure.subplots(1, len(cosines), squeeze=False)[0]
    for axes, (name, square) in zip(panels, cosines.items(), strict=True):
        k = len(square)
        edges = (0.5, k + 0.5, k + 0.5, 0.5)
        shown = axes.imshow(square, cmap="gray", vmin=0, vmax=1, extent=edges)
        axes.set(title=name, xlabel="component", xticks=(1, k), yticks=(1, k))
        axes.grid(False)
    panels[0].set_ylabel("row of the decoder")
    figure.colorbar(shown, ax=list(panels), label="|cosine|", shrink=0.8)
    return figure
