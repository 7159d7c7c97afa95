"""Images on a map: each drawn where its coding lies."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.offsetbox import AnnotationBbox, OffsetImage

from helpers.plots.style import CLASS_COLOURS, CLASS_MARKERS, as_images, new_figure, to_unit


def image_map(
    Z,
    images=None,
    labels=None,
    class_names: Sequence[str] | None = None,
    *,
    title: str = "",
    thumbnails: int = 40,
    xlabel: str = "first coordinate",
    ylabel: str = "second coordinate",
) -> Figure:
    """A scatter of 2-D codings, a colour and a marker for each class, with some images drawn in place.

    Z: (n, 2) positions, such as a t-SNE map.   images: n images in [0, 1], or None for points only.
    labels: (n,) whole numbers from 0, at most ten classes.   class_names: the name of each class.
    thumbnails: at most so many images; those that would overlap another are left out.
    Raises ValueError when the numbers of points, images and labels differ.
    """
    Z = np.asarray(Z, dtype=float)
    if Z.ndim != 2 or Z.shape[1] != 2:
        raise ValueError(f"image_map draws points in the plane: Z must have shape (n, 2), got {Z.shape}.")
    labels = np.zeros(len(Z), dtype=int) if labels is None else np.asarray(labels).astype(int).ravel()
    pictures = None if images is None else to_unit(as_images(images))
    for what, found in (("labels", labels), ("images", pictures)):
        if found is not None and len(found) != len(Z):
            raise ValueError(f"{len(Z)} points need {len(Z)} {what}, got {len(found)}.")
    classes = np.unique(labels)
    if len(classes) > 10 or classes.min() < 0:
        raise ValueError(f"labels must be at most ten classes numbered from 0, got {classes.tolist()[:12]}.")

    alt = f"{title or 'map'}: {len(Z)} points of {len(classes)} classes in the plane"
    figure = new_figure(9.2, 6.2, alt=alt)
    axes = figure.add_subplot()
    for i, c in enumerate(classes):
        at = labels == c
        name = class_names[c] if class_names is not None else (f"class {c}" if len(classes) > 1 else None)
        axes.scatter(*Z[at].T, s=16, color=CLASS_COLOURS[c % 10], marker=CLASS_MARKERS[i], alpha=0.75,
                     linewidths=0, label=name)  # fmt: skip
    for i in _apart(Z, thumbnails) if pictures is not None else ():
        image = OffsetImage(pictures[i], zoom=24 / pictures.shape[1], cmap="gray")
        image.image.set_clim(0, 1)
        frame = {"edgecolor": CLASS_COLOURS[labels[i] % 10], "linewidth": 1.6, "facecolor": "white"}
        axes.add_artist(AnnotationBbox(image, Z[i], pad=0.05, bboxprops=frame))
    axes.set(xlabel=xlabel, ylabel=ylabel, title=title)
    axes.margins(0.05)
    if len(classes) > 1:
        axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), markerscale=2, handletextpad=0.2)
    return figure


def _apart(Z: np.ndarray, count: int, size: tuple[float, float] = (0.085, 0.105)) -> list[int]:
    """Indices of at most `count` points no two of which are nearer than `size` (in parts of the axes)."""
    places = (Z - Z.min(0)) / np.maximum(np.ptp(Z, axis=0), 1e-12) / np.array(size)
    chosen: list[int] = []
    for i in np.random.default_rng(0).permutation(len(Z)):  # a fixed seed: the same map looks the same twice
        if len(chosen) == count:
            break
        if not chosen or np.abs(places[chosen] - places[i]).max(axis=1).min() >= 1:
            chosen.append(int(i))
    return chosen
