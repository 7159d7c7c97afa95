"""A widget that moves an image by hand and shows what several models make of it, with a static twin."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from helpers.autoencoders.convolutional.shifting import shifted
from helpers.plots import grids, pixels
from helpers.plots.style import as_images
from helpers.widgets.display import error_area, shows_errors, with_twin
from helpers.widgets.panel import CRISP, image_panel

REACH = 8  # pixels that the sliders go to each side
SHOWN = (-6, -4, -2, 0, 2, 4, 6)  # moves in the picture


def shift_explorer(models: Mapping[str, Callable], images, shown: Sequence[int] = SHOWN) -> None:
    """Move an image to the right and down, and see how each model reconstructs it.

    models: {"PCA-30": reconstruct, …}, each a function from images (n, h, w) to their reconstructions of that shape.
    images: (n, h, w) in [0, 1], to choose from. shown: moves to the right in the static picture, of the first image.
    Raises ValueError without a model, and where a model returns another shape.
    """
    images = as_images(images)
    if not models:
        raise ValueError("shift_explorer needs at least one model.")
    if images.ndim != 3:
        raise ValueError(f"shift_explorer takes grey images (n, height, width), got {images.shape}.")
    moved = np.concatenate([shifted(images[:1], 0, right) for right in shown])
    made = {str(name): _made(reconstruct, moved, name) for name, reconstruct in models.items()}
    titles = [f"{right:+d}" if right else "0" for right in shown]
    figure = grids.reconstructions(moved, made, titles=titles, errors=True)
    text = f"An image moved by {', '.join(titles)} pixels to the right, and its reconstructions by {', '.join(made)}"
    with_twin(lambda: build_shift_explorer(models, images), figure, text)


def _made(reconstruct: Callable, images: np.ndarray, name: str) -> np.ndarray:
    result = np.asarray(reconstruct(images))
    if result.shape != images.shape:
        raise ValueError(f"{name} makes {result.shape} of images of shape {images.shape}.")
    return result


def build_shift_explorer(models, images):
    import ipywidgets as w

    look = {"layout": w.Layout(width="480px"), "style": {"description_width": "80px"}}
    picked = w.IntSlider(1, 1, len(images), description="image", **look)
    right = w.IntSlider(0, -REACH, REACH, description="right", **look)
    down = w.IntSlider(0, -REACH, REACH, description="down", **look)
    height, width = images.shape[1:3]
    count = 1 + len(models)
    strip = image_panel((height, count * (width + 1) - 1), scale=min(5, 640 / (count * (width + 1))))
    words, errors = w.HTML(), error_area()

    @shows_errors(errors)
    def redraw(_=None) -> None:
        moved = shifted(images[picked.value - 1 : picked.value], down.value, right.value)
        made = {name: _made(reconstruct, moved, name) for name, reconstruct in models.items()}
        strip.show(pixels.mosaic(np.concatenate([moved, *made.values()]), count))
        figures = [f"{html.escape(name)} {np.mean((R - moved) ** 2):.4f}" for name, R in made.items()]
        words.value = "original · " + " · ".join(html.escape(name) for name in made)
        words.value += "<br>mean squared error: " + " · ".join(figures)

    for control in (picked, right, down):
        control.observe(redraw, "value")
    redraw()
    box = w.VBox([w.HTML(CRISP), picked, right, down, strip, words, errors])
    box.picked, box.right, box.down, box.strip, box.words, box.errors = picked, right, down, strip, words, errors
    return box
