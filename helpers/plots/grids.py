"""Images in rows: a plain grid, and reconstructions beside their originals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib import colormaps
from matplotlib.figure import Figure

from helpers.plots.style import as_images, new_figure, text_width, to_unit

DPI = 100  # as in workbook.mplstyle; tiles are whole multiples of the image's pixels, so that they stay crisp
GAP = 0.06  # inches between tiles
MOST_TILES = 1_000
LINE = 0.21  # inches for one line of small text


def image_grid(
    images,
    columns: int = 10,
    titles: Sequence | None = None,
    *,
    title: str = "",
    signed: bool = False,
    limits: tuple[float, float] = (0.0, 1.0),
    tile: float | None = None,
) -> Figure:
    """Images in rows of `columns`.

    images: (n, h, w), (n, h*h) or (n, h, w, 3), values within `limits` (outside: clipped).
    titles: one short text for each image, printed above it.
    signed: blue-white-red about zero, for weights, components and differences; `limits` is then unused.
    tile: width of one image in inches (default: what fills about 9 inches, at most 0.85).
    Raises ValueError when the shape is not that of images, the number of titles differs, or there are too many images.
    """
    pictures = as_images(images)
    if columns < 1:
        raise ValueError(f"columns must be at least 1, got {columns}.")
    if titles is not None and len(titles) != len(pictures):
        raise ValueError(f"{len(pictures)} images need {len(pictures)} titles, got {len(titles)}.")
    columns = min(columns, len(pictures))
    shown = _signed(pictures) if signed else to_unit(pictures, limits)
    rows = [shown[i : i + columns] for i in range(0, len(shown), columns)]
    texts = None
    if titles is not None:
        texts = [[str(t) for t in titles[i : i + columns]] for i in range(0, len(shown), columns)]
    alt = f"{title + ': ' if title else ''}a grid of {len(pictures)} images in {len(rows)} row{'s' * (len(rows) > 1)}"
    return _tiles(rows, columns=columns, above=texts, title=title, tile=tile, alt=alt)


def image_rows(
    rows: Mapping[str, object], *, title: str = "", limits: tuple[float, float] = (0.0, 1.0), tile: float | None = None
) -> Figure:
    """Rows of images of one size, each with its name at the left: {"real": images, "drawn": images}.

    Raises ValueError when the images of two rows differ in size.
    """
    pictures = {str(name): as_images(images, str(name)) for name, images in rows.items()}
    if len({found.shape[1:] for found in pictures.values()}) != 1:
        raise ValueError(f"Rows of images need one size, got { {k: v.shape[1:] for k, v in pictures.items()} }.")
    shown = [to_unit(found, limits) for found in pictures.values()]
    alt = f"{title + ': ' if title else ''}rows of images: {', '.join(pictures)}"
    columns = max(len(found) for found in shown)
    return _tiles(shown, columns=columns, labels=list(pictures), title=title, tile=tile, alt=alt)


def reconstructions(
    originals,
    reconstructed,
    titles: Sequence | None = None,
    *,
    errors: bool = False,
    title: str = "",
    columns: int = 10,
    limits: tuple[float, float] = (0.0, 1.0),
) -> Figure:
    """Originals in the first row and one row below it for each model, the same images in each column.

    originals: images; the first `columns` of them are shown.
    reconstructed: {"PCA-30": images, "stacked": images, ...}, or one array of images.
    titles: texts above the columns, such as class names.
    errors: print the mean squared error of each image under it (mean over pixels, of the unclipped values).
    Raises ValueError when a model's images do not fit the originals in number or size.
    """
    if not isinstance(reconstructed, Mapping):
        reconstructed = {"reconstruction": reconstructed}
    real = as_images(originals, "originals")
    if columns < 1:
        raise ValueError(f"columns must be at least 1, got {columns}.")
    count = min(columns, len(real))
    rows, labels, below = [to_unit(real[:count], limits, "originals")], ["original"], [[""] * count]
    for name, images in reconstructed.items():
        made = as_images(images, name)
        if made.shape[1:] != real.shape[1:] or len(made) < count:
            raise ValueError(
                f"{name}: {made.shape} does not fit the originals {real.shape}. Each model needs the "
                f"reconstructions of the same images, at least the first {count}, in the same size."
            )
        rows.append(to_unit(made[:count], limits, name))
        labels.append(str(name))
        each = np.mean((made[:count] - real[:count]) ** 2, axis=tuple(range(1, real.ndim)))
        below.append([f"{e:.4f}" for e in each])
    if titles is not None and len(titles) < count:
        raise ValueError(f"{count} columns need {count} titles, got {len(titles)}.")
    above = None if titles is None else [[str(t) for t in titles[:count]]]
    return _tiles(
        rows, columns=count, above=above, below=below if errors else None, labels=labels, title=title,
        alt=f"{count} images (first row) and their reconstructions by {', '.join(labels[1:])}"
        + ("; the number under each image is its mean squared error" if errors else ""),
    )  # fmt: skip


def _signed(images: np.ndarray) -> np.ndarray:
    """Blue for negative, white for zero, red for positive; each image has its own scale."""
    top = np.abs(images).max(axis=tuple(range(1, images.ndim)), keepdims=True)
    return colormaps["RdBu_r"](0.5 + 0.5 * images / np.maximum(top, 1e-12))[..., :3]


def _tiles(rows, *, columns, alt, above=None, below=None, labels=None, title="", tile=None) -> Figure:
    """Draw rows of images into one pair of axes whose unit is the inch: exact, and quick for many images."""
    height, width = rows[0].shape[1:3]
    if sum(map(len, rows)) > MOST_TILES:
        raise ValueError(
            f"{sum(map(len, rows)):,} images are too many for one picture, which holds {MOST_TILES:,}. "
            "Show some of them: X[:100]."
        )
    wanted = tile or min(0.85, 9.0 / columns)
    zoom = max(1, round(wanted * DPI / width))
    tile_w, tile_h = zoom * width / DPI, zoom * height / DPI
    left = max((text_width(s, 12) for s in labels), default=0) + 0.18 if labels else GAP
    y = GAP + (0.32 if title else 0)
    full_width = left + columns * (tile_w + GAP)
    full_width = max(full_width, text_width(title, 13) * 1.12 + 2 * GAP if title else 0)

    places = []
    for i, row in enumerate(rows):
        head = above[i] if above is not None and i < len(above) else None
        foot = below[i] if below is not None and any(below[i]) else None
        y += LINE if head else 0
        places.append((y, row, head, foot))
        y += tile_h + GAP + (LINE if foot else 0)

    figure = new_figure(full_width, y, alt=alt, layout="none")
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, full_width), ylim=(y, 0))
    axes.set_axis_off()
    if title:
        axes.text(GAP, GAP + 0.12, title, va="center", size=13, weight="bold")
    for i, (top, row, head, foot) in enumerate(places):
        if labels:
            axes.text(left - 0.1, top + tile_h / 2, labels[i], ha="right", va="center", size=12)
        for j, image in enumerate(row):
            x = left + j * (tile_w + GAP)
            axes.imshow(image, extent=(x, x + tile_w, top + tile_h, top), vmin=0, vmax=1, cmap="gray",
                        aspect="auto", interpolation="nearest")  # fmt: skip
            for text, place in ((head and head[j], top - 0.1), (foot and foot[j], top + tile_h + 0.11)):
                if text:
                    size = min(11.0, max(6.0, 11.0 * tile_w / max(text_width(text, 11), 1e-6)))
                    axes.text(x + tile_w / 2, place, text, ha="center", va="center", size=size)
    axes.set(xlim=(0, full_width), ylim=(y, 0))
    return figure
