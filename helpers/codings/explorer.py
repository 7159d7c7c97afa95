"""Widgets to play with the codings of a decoder: move them one by one, go between two, see their plane.

`decode` is any function from codings (n, k) to images (n, 28, 28); `encode` goes the other way. A widget calls
decode with one batch shape only, so that a compiled decoder answers a slider at once.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

import numpy as np

from helpers.codings.sliders import WIDE, decoded
from helpers.plots import grids, pixels
from helpers.plots.style import CLASS_COLOURS, as_images
from helpers.widgets.display import error_area, shows_errors, with_twin
from helpers.widgets.panel import CRISP, image_panel
from helpers.widgets.sliders import by_hand

SLIDERS = 16  # at most
ROWS, STEPS = 6, 7  # of the picture
PAD = 240  # pixels, width and height of the cloud


def code_explorer(decode, codings, images=None, labels=None, class_names: Sequence[str] | None = None) -> None:
    """Move each coding by hand and see the image that the decoder makes of it.

    decode: function, codings (n, k) → images (n, 28, 28).   codings: (n, k), those of real images, n at least 2.
    images: the n real images.   labels: (n,) whole numbers, indices into `class_names`. With labels and names
        the sliders can be put on the codings of a random image of a class.
    A slider runs from the 1st to the 99th percentile of its coding (half a unit to each side of one that is
    constant) and starts at the median. Of more than sixteen codings the first two and the fourteen others of
    the largest variance have sliders; the rest stay at their medians until a button moves them.
    Raises ValueError when the shapes do not fit or a label has no name.
    """
    cloud = Cloud(codings, images, labels, class_names)
    chosen = np.argsort(-cloud.Z.var(axis=0), kind="stable")[:ROWS]
    paths = np.tile(cloud.median, (len(chosen), STEPS, 1))
    for row, i in enumerate(chosen):
        paths[row, :, i] = np.linspace(cloud.low[i], cloud.high[i], STEPS)
    made = decoded(decode, paths.reshape(-1, cloud.k))
    if cloud.images is not None and cloud.images.shape[1:3] != made.shape[1:3]:
        raise ValueError(f"decode makes images {made.shape[1:]}, which do not fit the real ones {cloud.images.shape}.")
    rows = np.split(made, len(chosen))
    figure = grids.image_rows({f"coding {i + 1}": row for i, row in zip(chosen, rows, strict=True)})
    named = ", ".join(str(i + 1) for i in chosen)
    text = f"Decoded images as one coding goes from its 1st to its 99th percentile; a row for each coding: {named}"
    with_twin(lambda: build_code_explorer(decode, cloud, made.shape[1:3]), figure, text)


class Cloud:
    """Codings of real images: their ranges, draws like them, and the picture of the first two."""

    def __init__(self, codings, images=None, labels=None, class_names=None):
        self.Z = np.asarray(codings, dtype=float)
        if self.Z.ndim != 2 or len(self.Z) < 2 or not self.Z.shape[1]:
            raise ValueError(f"codings must be (n, k), one row for each of at least 2 images; got {self.Z.shape}.")
        if not np.isfinite(self.Z).all():
            raise ValueError("codings must be finite; there is a nan or inf in them. Did the training diverge?")
        n, self.k = self.Z.shape
        self.images = None if images is None else as_images(images)
        self.labels = None if labels is None else np.asarray(labels).ravel()
        for what, given in (("images", self.images), ("labels", self.labels)):
            if given is not None and len(given) != n:
                raise ValueError(f"There are {n} codings and {len(given)} {what}; each coding needs one.")
        self.names = None
        if self.labels is not None:
            if self.labels.dtype.kind not in "iub":
                raise ValueError(f"labels must be whole numbers from 0, got {self.labels.dtype}.")
            self.labels = self.labels.astype(int)
            self.names = None if class_names is None else [str(name) for name in class_names]
            most = len(CLASS_COLOURS) ** 3 if self.names is None else len(self.names)
            if self.labels.min() < 0 or self.labels.max() >= most:
                raise ValueError(
                    f"The labels run from {self.labels.min()} to {self.labels.max()}, but there are names for "
                    f"0 to {most - 1}."
                )
        self.low, self.median, self.high = np.percentile(self.Z, [1, 50, 99], axis=0)
        constant = self.high - self.low < 1e-6 * np.maximum(1, np.abs(self.median))
        self.low, self.high = self.low - 0.5 * constant, self.high + 0.5 * constant
        self.mean = self.Z.mean(axis=0)
        others = 2 + np.argsort(-self.Z[:, 2:].var(axis=0), kind="stable")[: SLIDERS - 2]
        self.shown = [*range(min(2, self.k)), *sorted(int(i) for i in others)]
        self._board = self._draw_cloud() if self.k > 1 else None

    def clip(self, z) -> np.ndarray:
        return np.clip(z, self.low, self.high)

    def draw(self, rng) -> np.ndarray:
        """A normal draw (k,) with the codings' mean and covariance, clipped to the ranges."""
        weights = rng.normal(size=len(self.Z)) / np.sqrt(len(self.Z) - 1)
        return self.clip(self.mean + weights @ (self.Z - self.mean))  # has their covariance, without forming it

    def _place(self, points) -> np.ndarray:
        """Pixel (column, row) of points (m, 2); the ranges fill the picture but for a margin."""
        low, high = self.low[:2], self.high[:2]
        share = 0.08 + 0.84 * (points - low) / (high - low)
        share[:, 1] = 1 - share[:, 1]
        return np.floor(np.clip(share, -1, 2) * PAD).astype(int)

    def _draw_cloud(self) -> np.ndarray:
        board = np.full((PAD, PAD, 3), 255, np.uint8)
        palette = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in CLASS_COLOURS], np.uint8)
        inks = np.uint8([120, 120, 120]) if self.labels is None else palette[self.labels % len(palette)]
        inks = np.broadcast_to(inks, (len(self.Z), 3))
        x, y = self._place(self.Z[:, :2]).T
        inside = (x >= 0) & (x < PAD - 1) & (y >= 0) & (y < PAD - 1)
        for dx, dy in ((0, 0), (0, 1), (1, 0), (1, 1)):
            board[y[inside] + dy, x[inside] + dx] = inks[inside]
        return board

    def pad(self, z) -> np.ndarray:
        """The cloud of codings 1 and 2 with a cross-hair at z: (PAD, PAD, 3), uint8."""
        board = self._board.copy()
        ((x, y),) = self._place(np.asarray(z, dtype=float)[None, :2])
        board[max(y - 1, 0) : y + 1] = board[:, max(x - 1, 0) : x + 1] = 0
        return board


def build_code_explorer(decode, cloud: Cloud, shape):
    import ipywidgets as w

    h, wide = shape
    here, rng, moving, real_one = cloud.median.copy(), np.random.default_rng(0), [False], [None]
    sliders = []
    for i in cloud.shown:
        name = f"coding {i + 1}" + (" (x)", " (y)")[i] * (cloud.k > 1) if i < 2 else f"coding {i + 1}"
        sliders.append(
            w.FloatSlider(cloud.median[i], min=cloud.low[i], max=cloud.high[i], description=name,
                          step=(cloud.high[i] - cloud.low[i]) / 100, layout=w.Layout(width="320px"),
                          style={"description_width": "90px"})
        )  # fmt: skip
    random = w.Button(description="Random", tooltip="A normal draw with the mean and covariance of the codings")
    reset = w.Button(description="Reset", tooltip="All codings at their medians")
    panel = image_panel((h, wide), scale=WIDE / wide)
    real = None if cloud.images is None else image_panel((h, wide), scale=WIDE / wide)
    pad = image_panel((PAD, PAD), scale=1) if cloud.k > 1 else None
    words, errors = w.HTML(), error_area()

    def draw() -> None:
        panel.show(decoded(decode, here[None])[0])  # always one coding: one batch shape
        if pad is not None:
            pad.show(cloud.pad(here))
        i = real_one[0]
        if real is not None:
            real.show(np.full((h, wide), pixels.GREY) if i is None else cloud.images[i])
        words.value = "" if i is None else said(i)

    def said(i: int) -> str:
        outside = int((cloud.clip(cloud.Z[i]) != cloud.Z[i]).sum())
        moved = f"{outside} of its {cloud.k} codings lay outside the ranges and went to the nearer end."
        return f"The real image is no. {i}, {html.escape(cloud.names[cloud.labels[i]])}. " + (
            moved if outside else "The sliders went exactly to its codings."
        )

    @shows_errors(errors)
    def redraw(_=None) -> None:
        stand = [by_hand(slider, here[i]) for i, slider in zip(cloud.shown, sliders, strict=True)]
        if not moving[0] and not np.array_equal(stand, here[cloud.shown]):
            here[cloud.shown] = stand
            draw()

    def put(z, image=None) -> None:
        """All sliders at once, and one drawing."""
        moving[0], real_one[0], here[:] = True, image, cloud.clip(z)
        try:
            for i, slider in zip(cloud.shown, sliders, strict=True):
                slider.value = here[i]
        finally:
            moving[0] = False
        draw()

    for slider in sliders:
        slider.observe(redraw, "value")
    # Each click is guarded once: a second guard around a failed drawing would wipe its message away.
    random.on_click(shows_errors(errors)(lambda _: put(cloud.draw(rng))))
    reset.on_click(shows_errors(errors)(lambda _: put(cloud.median)))
    buttons, chosen, snap = [random, reset], None, None
    if cloud.names is not None:
        present = [int(label) for label in np.unique(cloud.labels)]
        chosen = w.Dropdown(options=[(cloud.names[c], c) for c in present], description="snap to an image of",
                            style={"description_width": "initial"})  # fmt: skip
        snap = w.Button(description="Snap", tooltip="The sliders go to the codings of a random image of this class")

        @shows_errors(errors)
        def to_image(_) -> None:
            i = int(rng.choice(np.flatnonzero(cloud.labels == chosen.value)))
            put(cloud.Z[i], i)

        snap.on_click(to_image)
        buttons += [chosen, snap]
    shows_errors(errors)(draw)()
    views = [w.VBox([w.HTML(name), view]) for name, view in (
        ("Decoded", panel), ("Real image", real if snap is not None else None), ("Codings 1 and 2", pad)
    ) if view is not None]  # fmt: skip
    two_columns = w.Layout(grid_template_columns="repeat(2, 330px)")
    box = w.VBox([w.HTML(CRISP), w.HBox(buttons, layout=w.Layout(flex_flow="row wrap")),
                  w.HBox(views, layout=w.Layout(flex_flow="row wrap")), words,
                  w.GridBox(sliders, layout=two_columns), errors])  # fmt: skip
    box.sliders, box.random, box.reset, box.snap, box.chosen = sliders, random, reset, snap, chosen
    box.panel, box.real, box.pad, box.words, box.errors = panel, real, pad, words, errors
    return box
