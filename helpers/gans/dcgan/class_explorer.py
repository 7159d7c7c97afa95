"""A widget for conditional generators: choose the class, move the codings, and see the same codings in every class."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from helpers.codings.sliders import WIDE
from helpers.plots import curves as plots
from helpers.plots import pixels
from helpers.plots.style import as_images
from helpers.widgets.display import error_area, shows_errors, with_twin
from helpers.widgets.panel import CRISP, image_panel

REACH = 2.5  # deviations that a slider goes to either side
SHOWN = 8  # sliders, at most
ROWS = 4  # codings in the static twin


def class_explorer(
    decode: Callable, class_names: Sequence[str], k: int, *, directions=None, seed: int = 0
) -> None:
    """One coding in all classes at once, with sliders, and the chosen class enlarged; codings from N(0, I).

    decode: function, (codings (n, k), labels (n,) int32) → images (n, 28, 28).   class_names: one for each label from
        0 on.   k: numbers in a coding.
    directions: orthonormal rows (m, k), the directions that the sliders move along, the first eight of them; default
        the first eight codings themselves.
    Raises ValueError when the directions do not fit, or decode does not make one finite image for each coding.
    """
    stage = _Stage(decode, class_names, k, directions, seed)
    codings = stage.draws(ROWS)
    rows = {f"coding {chr(97 + i)}": stage.in_all_classes(z) for i, z in enumerate(codings)}
    figure = plots.image_rows(rows, title="The same coding in every class")
    text = f"{ROWS} codings, each as an image of each of the {len(stage.names)} classes: {', '.join(stage.names)}"
    with_twin(lambda: _widget(stage), figure, text)


class _Stage:
    """A conditional decoder with its classes and the directions of its sliders."""

    def __init__(self, decode, class_names, k, directions, seed):
        self.decode, self.k, self.random = decode, int(k), np.random.default_rng(seed)
        self.names = [str(name) for name in class_names]
        if not self.names or self.k < 1:
            raise ValueError(f"class_explorer needs at least one class and one coding; got {len(self.names)} and {k}.")
        ways = np.eye(self.k) if directions is None else np.asarray(directions, dtype=float)
        if ways.ndim != 2 or ways.shape[1] != self.k or not len(ways):
            raise ValueError(f"directions must be rows of {self.k} numbers, (m, {self.k}); got {ways.shape}.")
        self.ways = ways[:SHOWN]
        if not np.allclose(self.ways @ self.ways.T, np.eye(len(self.ways)), atol=1e-3):
            raise ValueError("directions must be orthonormal: of length 1, at right angles to each other.")
        self.labels = np.arange(len(self.names), dtype=np.int32)

    def draws(self, n: int) -> np.ndarray:
        return self.random.normal(size=(n, self.k))

    def in_all_classes(self, z) -> np.ndarray:
        """The images of one coding (k,) in every class: (classes, h, w). Always one batch shape."""
        codings = np.tile(np.asarray(z, dtype=np.float32), (len(self.labels), 1))
        images = as_images(self.decode(codings, self.labels), "decode(codings, labels)")
        if len(images) != len(self.labels):
            raise ValueError(f"decode made {len(images)} images from {len(self.labels)} codings; each needs one.")
        return images


def _widget(stage: _Stage):
    import ipywidgets as w

    base, moving = stage.draws(1)[0], [False]
    first = stage.in_all_classes(base)
    n, h, wide = first.shape[:3]
    chosen = w.Dropdown(options=list(zip(stage.names, range(n), strict=True)), description="class")
    random = w.Button(description="Random", tooltip="A new coding from N(0, 1)")
    middle = w.Button(description="Sliders to 0", tooltip="Back to the middle along every direction of a slider")
    sliders = [
        w.FloatSlider(0, min=-REACH, max=REACH, step=0.05, description=f"direction {i + 1}",
                      layout=w.Layout(width="320px"), style={"description_width": "90px"})
        for i in range(len(stage.ways))
    ]  # fmt: skip
    panel = image_panel((h, wide), scale=WIDE / wide)
    strip = image_panel((h, n * (wide + 1) - 1), scale=min(3, 640 / (n * (wide + 1))))
    words, errors = w.HTML(), error_area()

    def draw() -> None:
        # the sliders set the coding's part along their directions; what is at right angles to them stays
        along = np.array([slider.value for slider in sliders])
        images = stage.in_all_classes(base + (along - stage.ways @ base) @ stage.ways)
        panel.show(images[chosen.value])
        strip.show(pixels.mosaic(np.clip(images, 0, 1), n))
        words.value = f"Enlarged: {stage.names[chosen.value]}. In the strip: the same coding in all {n} classes."

    @shows_errors(errors)
    def redraw(_=None) -> None:
        if not moving[0]:
            draw()

    def put(z) -> None:
        """All sliders at once, and one drawing."""
        moving[0], base[:] = True, z
        try:
            for slider, value in zip(sliders, stage.ways @ base, strict=True):
                slider.value = float(np.clip(value, -REACH, REACH))
        finally:
            moving[0] = False
        draw()

    chosen.observe(redraw, "value")
    for slider in sliders:
        slider.observe(redraw, "value")
    random.on_click(shows_errors(errors)(lambda _: put(stage.draws(1)[0])))
    middle.on_click(shows_errors(errors)(lambda _: put(base - (stage.ways @ base) @ stage.ways)))
    shows_errors(errors)(put)(base.copy())
    box = w.VBox([w.HTML(CRISP), w.HBox([chosen, random, middle]), panel, words, strip,
                  w.GridBox(sliders, layout=w.Layout(grid_template_columns="repeat(2, 330px)")), errors])  # fmt: skip
    box.chosen, box.random, box.middle, box.sliders = chosen, random, middle, sliders
    box.panel, box.strip, box.words, box.errors = panel, strip, words, errors
    return box
