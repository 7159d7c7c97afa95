"""A widget to look at a data set: choose a class, leaf through its images."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from helpers.plots import grids, pixels
from helpers.plots.style import as_images
from helpers.widgets.display import error_area, shows_errors, with_twin
from helpers.widgets.panel import CRISP, image_panel

PAGE = 10  # images on one page of the widget
TWIN = 10  # images of each class in the picture


def image_browser(images, labels, class_names: Sequence[str]) -> None:
    """Leaf through images by class: a dropdown and a slider; the picture shows the first of each class.

    images: (n, h, w) in [0, 1].   labels: (n,) whole numbers, indices into `class_names`.
    Raises ValueError when images and labels differ in number, or a class has no image.
    """
    images, labels = as_images(images), np.asarray(labels)
    if len(images) != len(labels):
        raise ValueError(f"There are {len(images)} images and {len(labels)} labels; each image needs one.")
    members = [np.flatnonzero(labels == label) for label in range(len(class_names))]
    empty = [name for name, found in zip(class_names, members, strict=True) if not len(found)]
    if empty:
        raise ValueError(f"No image of: {', '.join(empty)}. Show more images, or fewer class names.")
    figure = grids.image_rows(
        {name: images[found[:TWIN]] for name, found in zip(class_names, members, strict=True)}, tile=0.6
    )
    with_twin(
        lambda: build_image_browser(images, members, class_names), figure, f"The first {TWIN} images of each class"
    )


def build_image_browser(images, members, class_names):
    import ipywidgets as w

    height, width = images.shape[1:3]
    chosen = w.Dropdown(options=[(name, label) for label, name in enumerate(class_names)], description="class")
    page = w.IntSlider(1, 1, 1, description="page", layout=w.Layout(width="480px"))
    strip = image_panel((height, PAGE * (width + 1) - 1), scale=max(1, 640 // (PAGE * width)))
    words, errors = w.HTML(), error_area()

    @shows_errors(errors)
    def redraw(_=None) -> None:
        found = members[chosen.value]
        page.max = -(-len(found) // PAGE)
        shown = found[(page.value - 1) * PAGE : page.value * PAGE]
        tiles = np.full((PAGE, height, width), pixels.GREY)
        tiles[: len(shown)] = images[shown]
        strip.show(pixels.mosaic(tiles, PAGE))
        words.value = f"images {shown[0]} to {shown[-1]}; this class has {len(found)}"

    chosen.observe(redraw, "value")
    page.observe(redraw, "value")
    redraw()
    box = w.VBox([w.HTML(CRISP), chosen, page, strip, words, errors])
    box.chosen, box.page, box.strip, box.words, box.errors = chosen, page, strip, words, errors
    return box
