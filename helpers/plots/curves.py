"""The figures of the lessons: image grids, reconstructions beside originals, curves, image maps.

Every function returns a matplotlib Figure and shows nothing by itself: a notebook shows it at the end
of the cell. Images are floats in [0, 1] of shape (n, 28, 28), (n, 8, 8), (n, 784), or colour
(n, height, width, 3); pass `limits` for other ranges, such as limits=(-1, 1) for a tanh generator.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.offsetbox import AnnotationBbox, OffsetImage
from matplotlib.ticker import MaxNLocator

from helpers.plots.grids import image_grid, image_rows, reconstructions
from helpers.plots.hourglass import hourglass, plane_in_3d
from helpers.plots.style import (
    CLASS_COLOURS,
    CLASS_MARKERS,
    COLOURS,
    as_images,
    close,
    new_figure,
    png_bytes,
    to_unit,
    use_style,
)

__all__ = [
    "CLASS_COLOURS", "COLOURS", "close", "curves", "hourglass", "image_grid", "image_map", "image_rows",
    "plane_in_3d", "png_bytes", "reconstructions", "use_style",
]  # fmt: skip

def _as_curves(values) -> list[tuple[str, str, np.ndarray]]:
    """(label, group, values): curves of one group share a colour; group "" means a colour of its own."""
    if hasattr(values, "history"):
        values = values.history
    if not isinstance(values, Mapping):
        if isinstance(values, Sequence) and values and all(hasattr(v, "history") for v in values):
            values = {f"run {i}": v for i, v in enumerate(values, 1)}
        else:
            raise TypeError(
                "curves needs {'label': values}, a History, or {'label': History}, "
                f"got {type(values).__name__}. Example: curves({{'PCA': errors}})."
            )
    found = []
    for label, series in values.items():
        if hasattr(series, "history") or isinstance(series, Mapping):
            inner = getattr(series, "history", series)
            found += [(f"{label}: {_word(k)}", f"{label} {k.removeprefix('val_')}", v)
                      for k, v in inner.items() if k != "learning_rate"]  # fmt: skip
        elif label != "learning_rate":  # schedules record it beside the losses, on quite another scale
            found.append((_word(str(label)), str(label).removeprefix("val_"), series))
    checked = []
    for label, group, series in found:
        array = np.asarray(series, dtype=float)
        if array.ndim != 1 or not array.size:
            raise ValueError(f"curves: '{label}' needs a list of numbers, got shape {array.shape}.")
        checked.append((label, group, array))
    if not checked:
        raise ValueError("curves: nothing to draw. Has the model been fitted? History.history is empty.")
    return checked


def _word(key: str) -> str:
    known = {"loss": "training loss", "val_loss": "validation loss"}
    if key in known:
        return known[key]
    return f"validation {key[4:]}" if key.startswith("val_") else key


def curves(
    values,
    *,
    x: Sequence[float] | None = None,
    xlabel: str = "epoch",
    ylabel: str = "loss",
    title: str = "",
    log: bool = False,
    logx: bool = False,
    best: str | None = "auto",
    references: Mapping[str, float] | None = None,
) -> Figure:
    """Curves over epochs (or over `x`), with the best value of each marked and printed.

    values: {"label": list}, a keras History, a list of them, or {"label": History}.
        "loss" and "val_loss" share a colour: training dashed, validation solid.
    x: positions of the points; default 1, 2, 3, …
    log, logx: logarithmic y axis, x axis.
    best: "min", "max", None, or "auto" (max for accuracies, else min; when
        there is a validation curve, only validation curves are marked).
    references: horizontal lines such as {"PCA-30": 0.0158}.
    """
    series = _as_curves(values)
    figure = new_figure(7.6, 4.2, alt=f"curves of {', '.join(s[0] for s in series)} over {xlabel}")
    axes = figure.add_subplot()
    keys = list(dict.fromkeys(group for _, group, _ in series))
    paired = any(label.startswith("validation") or ": validation" in label for label, _, _ in series)
    styles = ["-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 2)), (0, (1, 1))]
    palette = [c for name, c in COLOURS.items() if name != "yellow"]  # yellow lines vanish on white
    if x is not None and any(len(x) != len(v) for _, _, v in series):
        raise ValueError(f"curves: x has {len(x)} positions, the curves have {[len(v) for *_, v in series]}.")
    for label, group, v in series:
        index = keys.index(group)
        validation = label.startswith("validation") or ": validation" in label
        style = ("-" if validation else "--") if paired else styles[index % len(styles)]
        colour = palette[index % len(palette)]
        positions = np.arange(1, len(v) + 1) if x is None else np.asarray(x, dtype=float)
        mark = best is not None and (validation or not paired) and np.isfinite(v).any()
        if mark:
            top = best == "max" or (best == "auto" and ("acc" in label or "acc" in ylabel))
            at = int(np.nanargmax(v) if top else np.nanargmin(v))
            label = f"{label} (best {v[at]:.4g})"
            axes.plot(positions[at], v[at], "o", color=colour, markersize=8, mec="white", zorder=5)
        axes.plot(positions, v, color=colour, linestyle=style, label=label, linewidth=2.2,
                  marker="." if len(v) < (30 if x is not None else 3) else "")  # fmt: skip
    for i, (name, level) in enumerate((references or {}).items()):
        axes.axhline(level, color="#555555", linewidth=1.4, linestyle=styles[(i + 3) % len(styles)],
                     label=f"{name} ({level:.4g})")  # fmt: skip
    axes.set(xlabel=xlabel, ylabel=ylabel, title=title, yscale="log" if log else "linear",
             xscale="log" if logx else "linear")  # fmt: skip
    if logx:
        ticks = np.unique(np.asarray(x, dtype=float)) if x is not None else None
        if ticks is not None and len(ticks) <= 10:
            axes.set_xticks(ticks, [f"{t:g}" for t in ticks])
            axes.minorticks_off()
    elif x is None:
        longest = max(len(v) for *_, v in series)
        axes.set_xlim(1 - 0.02 * longest - 0.5 * (longest < 4), 1.03 * longest + 0.5 * (longest < 4))
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    elif not log and len(x) <= 12 and all(float(place).is_integer() for place in x):  # numbers of draws, of layers …
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.legend()
    return figure


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
        # Ink on paper: a white ground hides less of the map than the black ground of the data.
        image = OffsetImage(1 - pictures[i], zoom=24 / pictures.shape[1], cmap="gray")
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
