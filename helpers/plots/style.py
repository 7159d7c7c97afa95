"""Colours, the figure class and the image shapes that all pictures of the workbook share.

Every picture of the workbook stands on this module.
"""

from __future__ import annotations

import io
from pathlib import Path

import matplotlib.style
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.textpath import TextPath
from matplotlib.ticker import LogLocator, NullLocator
from PIL import Image

STYLE_FILE = Path(__file__).with_name("workbook.mplstyle")

# Okabe and Ito (2008), "Color universal design"; the order puts strong contrasts first.
COLOURS = {
    "blue": "#0072B2", "vermillion": "#D55E00", "green": "#009E73", "purple": "#CC79A7",
    "orange": "#E69F00", "sky": "#56B4E9", "black": "#000000", "yellow": "#F0E442",
}  # fmt: skip
# Ten classes need two colours more, and a yellow that shows on white; markers differ too, because ten hues
# are more than an eye keeps apart.
CLASS_COLOURS = (*(c for name, c in COLOURS.items() if name != "yellow"), "#CDBB00", "#8C510A", "#999999")
CLASS_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*", "<", ">")

_styled = False


class LessonFigure(Figure):
    """A pyplot figure that a notebook shows exactly once.

    An ordinary pyplot figure that ends a cell is shown twice: as the cell's value and again when
    Jupyter shows all open figures. This one closes itself as soon as it has been shown.
    """

    alt = ""  # one sentence for readers who cannot see the picture

    def _ipython_display_(self) -> None:
        from IPython.display import display

        text = self.alt or "A figure"
        bundle = {"image/png": png_bytes(self), "text/plain": f"[figure] {text}"}
        display(bundle, raw=True, metadata={"image/png": {"alt": text}})
        close(self)


def use_style() -> None:
    """Give every figure made from now on the look of the workbook (helpers/workbook.mplstyle)."""
    global _styled
    # Over matplotlib's own settings, not over those of another project's matplotlibrc: one with text.usetex, say,
    # stops every figure where there is no LaTeX.
    matplotlib.style.use(["default", STYLE_FILE])
    _styled = True


def new_figure(width: float, height: float, *, alt: str, layout: str = "constrained") -> LessonFigure:
    """An empty figure in the workbook's style; width and height in inches."""
    from matplotlib import pyplot

    if not _styled:  # once only, so that a student's own rcParams are not undone by the next figure
        use_style()
    figure = pyplot.figure(FigureClass=LessonFigure, figsize=(width, height))
    figure.set_layout_engine(layout)  # given to pyplot.figure, "none" would mean the style's own engine
    figure.alt = alt
    return figure


def close(figure: Figure) -> None:
    """Close a figure, so that the notebook does not show it (again) at the end of the cell."""
    from matplotlib import pyplot

    pyplot.close(figure)


def png_bytes(figure: Figure) -> bytes:
    """The figure as the bytes of a PNG file; equal figures give equal bytes.

    Notebooks keep these bytes, so they are made small: grey pictures are stored as grey, and colours that
    fit a palette of 256 as a palette. Only a picture above 90 kB loses anything: rare shades of its colours.
    """
    canvas = FigureCanvasAgg(figure)  # it knows its own size: how a size is rounded differs between versions
    canvas.draw()
    picture = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    pixels = np.asarray(picture)
    if (pixels == pixels[..., :1]).all():
        return _encode(picture.convert("L"))
    if picture.getcolors(256):
        return _encode(picture.quantize(256, dither=Image.Dither.NONE))
    data = _encode(picture)
    return data if len(data) < 90_000 else _encode(picture.quantize(256, dither=Image.Dither.NONE))


def _encode(picture: Image.Image) -> bytes:
    with io.BytesIO() as buffer:
        picture.save(buffer, format="png", optimize=True)
        return buffer.getvalue()


def as_images(images: object, what: str = "images") -> np.ndarray:
    """Bring images into the shape (n, height, width) or (n, height, width, 3).

    `images`: (n, height, width), (n, height, width, 1 or 3), or flat rows (n, side * side).
    Raises TypeError for what is not numeric and ValueError for other shapes, for no images at all,
    and for values that are not finite.
    """
    array = np.asarray(images)
    if array.dtype.kind not in "fiub":
        raise TypeError(f"{what}: expected an array of numbers, got {type(images).__name__} ({array.dtype}).")
    array = array.astype(np.float32, copy=False)
    if array.ndim == 4 and array.shape[-1] == 1:
        array = array[..., 0]
    if array.ndim == 3 and array.shape[-1] in (1, 3) and min(array.shape[:2]) >= 8:
        raise ValueError(
            f"{what}: {array.shape} is the shape of one single image. One single image X goes in as X[None]."
        )
    if array.ndim == 2:
        side = round(array.shape[1] ** 0.5)
        if side * side != array.shape[1] or side < 2:
            raise ValueError(
                f"{what}: rows of {array.shape[1]} numbers are not square images (shape {array.shape}). "
                "Expected (n, 28, 28), (n, 8, 8) or flat rows such as (n, 784). "
                "One single image X goes in as X[None]."
            )
        array = array.reshape(-1, side, side)
    if array.ndim != 3 and not (array.ndim == 4 and array.shape[-1] == 3):
        raise ValueError(
            f"{what}: the shape {array.shape} does not hold images. Expected (n, 28, 28), (n, 8, 8), "
            "(n, 784), or (n, height, width, 3) for colour."
        )
    if 0 in array.shape:
        raise ValueError(f"{what}: there is nothing to draw, the shape is {array.shape}.")
    if not np.isfinite(array).all():
        raise ValueError(
            f"{what}: {np.count_nonzero(~np.isfinite(array))} values are not finite (nan or inf). "
            "Did a training diverge? A smaller learning rate often helps."
        )
    return array


def to_unit(images: np.ndarray, limits: tuple[float, float] = (0.0, 1.0), what: str = "images") -> np.ndarray:
    """Map `limits` to [0, 1] and clip; values far outside are a mistake and raise ValueError."""
    low, high = limits
    span = high - low
    if span <= 0:
        raise ValueError(f"limits must be (low, high) with low < high, got {limits}.")
    if images.max() > high + 3 * span or images.min() < low - 3 * span:
        raise ValueError(
            f"{what}: the values run from {images.min():.3g} to {images.max():.3g}, but the limits are "
            f"{low:g} to {high:g}. Images of whole numbers want dividing by 255; for others pass "
            "limits=(low, high)."
        )
    return np.clip((images - low) / span, 0, 1)


def plain_log_ticks(axes) -> None:
    """Numbers such as 2, 5 and 10 on a logarithmic y axis of less than two decades; longer ones stay as they are.

    matplotlib labels such short axes "6 × 10⁰". Call it when everything is drawn.
    """
    low, high = axes.get_ylim()
    if axes.get_yscale() == "log" and high < 100 * low:
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.yaxis.set_major_formatter("{x:g}")
        axes.yaxis.set_minor_locator(NullLocator())


def text_width(text: str, size: float) -> float:
    """Width of one line of text in inches at a font size in points."""
    return TextPath((0, 0), text, size=size).get_extents().x1 / 72 if text.strip() else 0.0
