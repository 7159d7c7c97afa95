"""Images as small PNG files, made without matplotlib: quick enough to answer a slider.

The pictures keep one pixel for each pixel of the data; the page enlarges them (image-rendering: pixelated).
"""

from __future__ import annotations

import base64
import functools
import io

import numpy as np
from matplotlib import font_manager
from matplotlib.colors import to_rgb
from PIL import Image, ImageFont

from helpers.plots.style import as_images, to_unit

GREY = 0.62  # the gap between tiles: seen on a light and on a dark page


def mosaic(images, columns: int, *, gap: int = 1, limits: tuple[float, float] = (0.0, 1.0)) -> np.ndarray:
    """Images side by side in rows of `columns`: uint8, (height, width) or (height, width, 3).

    images: (n, h, w), (n, h*h) or (n, h, w, 3); empty places of the last row are left grey.
    """
    tiles = to_unit(as_images(images), limits)
    n, h, w = tiles.shape[:3]
    columns = max(1, min(columns, n))
    rows = -(-n // columns)
    canvas = np.full((rows * (h + gap) - gap, columns * (w + gap) - gap, *tiles.shape[3:]), GREY, np.float32)
    for i, tile in enumerate(tiles):
        y, x = i // columns * (h + gap), i % columns * (w + gap)
        canvas[y : y + h, x : x + w] = tile
    return (canvas * 255 + 0.5).astype(np.uint8)


def signed_colours(images, top: float | None = None) -> np.ndarray:
    """Blue for negative, white for zero, red for positive: (n, h, w, 3) in [0, 1], from (n, h, w).

    top: the magnitude of full colour; default the largest in all of the images.
    """
    values = as_images(images)
    values = np.clip(values / max(top or float(np.abs(values).max()), 1e-12), -1, 1)[..., None]
    red, blue = np.array([0.70, 0.09, 0.17]), np.array([0.13, 0.40, 0.67])
    return (1 - np.abs(values) * (1 - np.where(values > 0, red, blue))).astype(np.float32)


def png(pixels: np.ndarray) -> bytes:
    """The bytes of a PNG file for a uint8 array (height, width) or (height, width, 3)."""
    with io.BytesIO() as buffer:
        Image.fromarray(pixels).save(buffer, format="png", compress_level=1)
        return buffer.getvalue()


def img_tag(data: bytes, width: int, alt: str) -> str:
    """An HTML <img> that holds the PNG itself, enlarged to `width` screen pixels."""
    code = base64.b64encode(data).decode("ascii")
    style = "image-rendering: pixelated"
    return f'<img alt="{alt}" width="{width}" style="{style}" src="data:image/png;base64,{code}">'


FINE = 2  # drawn twice as large and then shrunk: smooth edges


def rgb(colour: str) -> tuple[int, int, int]:
    return tuple(round(255 * c) for c in to_rgb(colour))


@functools.cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(font_manager.findfont("DejaVu Sans"), size)
