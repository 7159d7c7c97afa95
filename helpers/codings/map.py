"""A map of codings with thumbnails, on which images are selected."""

from __future__ import annotations

import html
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from helpers.plots import grids, pixels
from helpers.plots.pixels import rgb
from helpers.plots.style import CLASS_COLOURS, as_images, to_unit
from helpers.widgets.display import error_area, shows_errors, with_twin
from helpers.widgets.panel import CRISP, image_panel

NEAREST, COLUMNS = 12, 6


def selection_map(Z, images, labels, class_names: Sequence[str] | None = None, *, start=None, title: str = "") -> None:
    """A map of codings with a cross-hair: the twelve nearest points are shown as images.

    Z: (n, 2), such as a t-SNE map.   images: n images in [0, 1].   labels: (n,) whole numbers from 0 to 9.
    start: (2,), where the cross-hair stands at first (default: the middle); on paper only the images there are shown.
    Raises ValueError when the numbers differ.
    """
    Z, labels = np.asarray(Z, dtype=float), np.asarray(labels).astype(int).ravel()
    pictures = to_unit(as_images(images))
    if Z.shape != (len(pictures), 2) or len(labels) != len(pictures):
        raise ValueError(
            f"{len(pictures)} images need as many labels and a map of shape ({len(pictures)}, 2); "
            f"got {len(labels)} labels and the shape {Z.shape}."
        )
    names = list(class_names) if class_names is not None else [f"class {c}" for c in range(labels.max() + 1)]
    start = (Z.min(0) + Z.max(0)) / 2 if start is None else np.asarray(start, dtype=float)
    near = nearest(Z, start)
    figure = grids.image_grid(pictures[near], columns=COLUMNS, titles=[names[c] for c in labels[near]], title=title)
    text = f"The {len(near)} images nearest to one place on a map of {len(Z)}"
    with_twin(lambda: build_selection_map(Z, pictures, labels, names, start), figure, text)


def nearest(Z: np.ndarray, here, allowed: np.ndarray | None = None) -> np.ndarray:
    """Indices of the points of Z (n, 2) nearest to `here` (2,), the nearest first; only `allowed` ones (None: all).

    Each axis is measured by its own range, as the map is drawn.
    """
    allowed = np.arange(len(Z)) if allowed is None else allowed
    distance = (((Z[allowed] - here) / span(Z)) ** 2).sum(1)
    return allowed[np.argsort(distance, kind="stable")[:NEAREST]]


def span(Z: np.ndarray) -> np.ndarray:
    return np.maximum(np.ptp(Z, axis=0), 1e-12)


def build_selection_map(Z, pictures, labels, names, start):
    import ipywidgets as w

    scene = MapScene(Z, labels)
    present = [int(c) for c in np.unique(labels)]
    pick = w.Dropdown(options=[("all classes", None), *((names[c], c) for c in present)], description="class")
    long = w.Layout(width=f"{scene.size[0]}px")
    low, step = Z.min(0), np.maximum(np.ptp(Z, axis=0), 1e-9) / 100
    x, y = (
        w.FloatSlider(start[i], min=low[i], max=low[i] + 100 * step[i], step=step[i], description=name,
                      readout_format=".1f", layout=long)
        for i, name in enumerate(("across", "up"))
    )  # fmt: skip
    board = image_panel((scene.size[1], scene.size[0]), scale=1)
    h, wide = pictures.shape[1:3]
    count, columns = min(NEAREST, len(Z)), min(COLUMNS, len(Z))
    rows = -(-count // columns)
    scale = scene.size[0] / (columns * (wide + 1))
    thumbs = image_panel((rows * (h + 1) - 1, columns * (wide + 1) - 1), scale=scale)
    words, errors = w.HTML(), error_area()
    chips = " ".join(
        '<span style="white-space: nowrap"><span style="background: white; '
        f'color: {CLASS_COLOURS[c % 10]}">■</span> {html.escape(names[c])}</span>'
        for c in present
    )

    @shows_errors(errors)
    def redraw(_=None) -> None:
        here = np.array([x.value, y.value])
        near = nearest(Z, here, None if pick.value is None else np.flatnonzero(labels == pick.value))
        board.show(scene.draw(here, near, pick.value))
        found = pictures[near]
        if len(found) < count:  # a small class: the empty places stay grey
            blank = np.full((count - len(found), *found.shape[1:]), pixels.GREY, found.dtype)
            found = np.concatenate([found, blank])
        thumbs.show(pixels.mosaic(found, columns))
        kinds, numbers = np.unique(labels[near], return_counts=True)
        order = np.argsort(-numbers, kind="stable")
        mixture = ", ".join(f"{numbers[i]} × {html.escape(names[kinds[i]])}" for i in order)
        words.value = f"The {len(near)} nearest, row by row from the nearest: {mixture}"

    for control in (pick, x, y):
        control.observe(redraw, "value")
    redraw()
    legend = w.HTML(chips, layout=long)
    box = w.VBox([w.HTML(CRISP), pick, x, y, board, legend, words, thumbs, errors])
    box.pick, box.x, box.y, box.board, box.thumbs = pick, x, y, board, thumbs
    box.words, box.errors = words, errors
    return box


class MapScene:
    """A scatter of 2-D points that remembers its drawing and adds a cross-hair to it.

    Z: (n, 2).   labels: (n,) whole numbers from 0 to 9.   size: (width, height) in pixels.
    """

    def __init__(self, Z: np.ndarray, labels: np.ndarray, size: tuple[int, int] = (520, 420)):
        self.size, self.labels = size, labels
        self.low, self.span = Z.min(0), span(Z)
        self.places = self.place(Z)
        self._drawn: dict[int | None, Image.Image] = {}

    def place(self, Z) -> np.ndarray:
        """Pixel positions (n, 2) of points (n, 2); the second coordinate grows upwards."""
        part = (np.asarray(Z, dtype=float) - self.low) / self.span
        part[..., 1] = 1 - part[..., 1]
        return 8 + part * (np.array(self.size) - 17)

    def _base(self, only: int | None) -> Image.Image:
        """All points, those of class `only` in colour and the others grey (None: all in colour)."""
        if only not in self._drawn:
            canvas = np.full((self.size[1], self.size[0], 3), 255, np.uint8)
            palette = np.array([rgb(c) for c in CLASS_COLOURS], dtype=np.uint8)
            chosen = np.ones(len(self.labels), bool) if only is None else self.labels == only
            for group, colours in ((~chosen, np.uint8([215, 215, 215])), (chosen, palette[self.labels[chosen]])):
                x, y = np.round(self.places[group]).astype(int).T
                for dx, dy in ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1), (1, -1), (-1, 1)):
                    canvas[y + dy, x + dx] = colours
            self._drawn[only] = Image.fromarray(canvas)
        return self._drawn[only]

    def draw(self, position, near, only: int | None = None) -> np.ndarray:
        """The map with a cross-hair at `position` (2,) and rings round the points `near`: uint8 RGB."""
        picture = self._base(only).copy()
        pen = ImageDraw.Draw(picture)
        x, y = self.place(position)
        for line in ([x, 0, x, self.size[1]], [0, y, self.size[0], y]):
            pen.line(line, fill=(120, 120, 120), width=1)
        for u, v in self.places[near]:
            pen.ellipse([u - 5, v - 5, u + 5, v + 5], outline=(0, 0, 0), width=2)
        return np.asarray(picture)
