"""A board on which images are put into A − B + C, and a decoder shows what comes out.

    arithmetic_board(decode, codings, start=([0, 4, 9], [2, 3, 8], [1, 5, 7]))

Choose up to three images, put them into a slot; the slot shows the image of their mean coding. Beside the result
stands the same sum of pixels. Every control is an ordinary button: Tab reaches it, Enter or Space presses it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from helpers.codings.sliders import WIDE, decoded
from helpers.gans.dcgan.latent import arithmetic
from helpers.plots import grids, pixels
from helpers.plots.style import as_images
from helpers.widgets.display import error_area, shows_errors, with_twin
from helpers.widgets.panel import CRISP, image_panel
from helpers.widgets.sliders import by_hand

SLOTS = ("A", "B", "C")
SIGNS = ("", "− ", "+ ")
EACH = 3  # images in a slot
MOST = 30  # images on the board
COLUMNS = 10
BATCH = len(SLOTS) + 1  # codings in every call of decode: three means and the result


def arithmetic_board(
    decode: Callable, codings, start: Sequence[Sequence[int]] = ((0, 1, 2), (3, 4, 5), (6, 7, 8)),
    combine: Callable = arithmetic,
) -> None:  # fmt: skip
    """Put images into A − B + C by hand and see the decoded result; the static twin shows the sum of `start`.

    decode: function, codings (n, k) → images (n, 28, 28).   codings: (n, k), one for each image on the board, n from
        1 to 30.   start: the numbers of the images (from 0) that lie in A, B and C at first, one to three for each.
    combine: (codings, first, second, third) → (k,), the three given as lists of row numbers: mean of the first −
        mean of the second + mean of the third.
    Raises ValueError when the codings are not (n, k) or finite, or a number of `start` is not on the board.
    """
    board = ArithmeticBoard(decode, codings, start, combine)
    figure = grids.image_rows(board.rows(), title="A − B + C")
    text = "Images in the slots A, B and C, the image of each slot's mean coding, and the decoded sum A − B + C"
    with_twin(lambda: build_arithmetic(board), figure, text)


class ArithmeticBoard:
    """The images that can be chosen, what lies in the slots, and what comes out."""

    def __init__(self, decode, codings, start, combine):
        self.decode, self.combine = decode, combine
        self.Z = np.asarray(codings, dtype=np.float32)
        if self.Z.ndim != 2 or not 1 <= len(self.Z) <= MOST or not np.isfinite(self.Z).all():
            raise ValueError(f"codings must be finite, (n, k), n from 1 to {MOST}; got {self.Z.shape}.")
        if len(start) != len(SLOTS):
            raise ValueError(f"start names the images of A, B and C: three lists; got {len(start)}.")
        self.start = [self._proper(group) for group in start]
        self.slots = [list(group) for group in self.start]
        self.images = decoded(decode, self.Z)

    def _proper(self, group) -> list[int]:
        group = [int(i) for i in group]
        if not 1 <= len(group) <= EACH or not all(0 <= i < len(self.Z) for i in group):
            raise ValueError(f"A slot holds 1 to {EACH} images with numbers from 0 to {len(self.Z) - 1}; got {group}.")
        return group

    def put(self, slot: int, chosen: Sequence[int]) -> None:
        """Lay images into a slot in place of what was there; of more than three the first three."""
        self.slots[slot] = self._proper(list(chosen)[:EACH])

    def outcome(self) -> tuple[np.ndarray, np.ndarray, float]:
        """(images of the three means and of the result (4, h, w), the same sum of pixels (h, w), |result|)."""
        means = [self.Z[group].mean(axis=0) for group in self.slots]
        result = np.asarray(self.combine(self.Z, *self.slots), dtype=np.float32)
        if result.shape != means[0].shape:
            raise ValueError(f"A − B + C should be one coding {means[0].shape}; got {result.shape}.")
        made = decoded(self.decode, np.stack([*means, result]))
        a, b, c = (self.images[group].mean(axis=0) for group in self.slots)
        return made, np.clip(a - b + c, 0, 1), float(np.linalg.norm(result))

    def rows(self) -> dict[str, np.ndarray]:
        """The static twin: for each slot its images and that of their mean; then the result, and that of pixels."""
        made, mixed, _ = self.outcome()
        rows = {
            f"{sign}{name}, and its mean": np.concatenate([self.images[group], made[i : i + 1]])
            for i, (name, sign, group) in enumerate(zip(SLOTS, SIGNS, self.slots, strict=True))
        }
        return {**rows, "result in codings": made[-1:], "the same in pixels": mixed[None]}


def build_arithmetic(board: ArithmeticBoard):
    import ipywidgets as w

    n, h, wide = board.images.shape[:3]
    scale = 56 / wide
    toggles, tiles = [], []
    for i, image in enumerate(board.images):
        panel = image_panel((h, wide), scale=scale)
        panel.show(image)
        toggle = w.ToggleButton(description=str(i + 1), tooltip=f"Choose image {i + 1}",
                                layout=w.Layout(width=f"{round(scale * wide)}px"))  # fmt: skip
        toggles.append(toggle)
        tiles.append(w.VBox([panel, toggle]))
    grid = w.GridBox(tiles, layout=w.Layout(grid_template_columns=f"repeat({min(n, COLUMNS)}, 62px)"))
    puts = [w.Button(description=f"Put into {name}", tooltip=f"The chosen images, at most {EACH}, go into slot {name}")
            for name in SLOTS]  # fmt: skip
    reset = w.Button(description="Reset", tooltip="As at the beginning")
    strips = [image_panel((h, EACH * (wide + 1) - 1), scale=scale) for _ in SLOTS]
    views = [image_panel((h, wide), scale=112 / wide) for _ in range(BATCH + 1)]
    names, words, errors = [w.HTML() for _ in SLOTS], w.HTML(), error_area()

    def draw() -> None:
        made, mixed, length = board.outcome()
        for view, image in zip(views, [*made, mixed], strict=True):
            view.show(image)
        for strip, label, name, sign, group in zip(strips, names, SLOTS, SIGNS, board.slots, strict=True):
            empty = np.full((EACH - len(group), h, wide, *board.images.shape[3:]), pixels.GREY)
            strip.show(pixels.mosaic(np.concatenate([np.clip(board.images[group], 0, 1), empty]), EACH))
            label.value = f"<b>{sign}{name}</b>: images {', '.join(str(i + 1) for i in group)}, and that of their mean"
        usual = np.sqrt(board.Z.shape[1])
        words.value = (
            f"The coding of the result has the length {length:.1f}; codings from N(0, 1) have about {usual:.1f}."
        )

    @shows_errors(errors)
    def put(slot: int) -> None:
        chosen = [i for i, toggle in enumerate(toggles) if toggle.value]
        if not chosen:
            words.value = f"Choose one to {EACH} images first: press the numbers below them."
            return
        board.put(slot, chosen)
        for toggle in toggles:
            toggle.value = False
        draw()
        if len(chosen) > EACH:
            words.value += f" You chose {len(chosen)} images; a slot holds {EACH}, so the first {EACH} went in."

    for slot, button in enumerate(puts):
        button.on_click(lambda _, slot=slot: put(slot))

    @shows_errors(errors)
    def to_start(_) -> None:
        board.slots = [list(group) for group in board.start]
        draw()

    reset.on_click(to_start)
    shows_errors(errors)(draw)()
    columns = [
        w.VBox([label, w.HBox([strip, view])]) for label, strip, view in zip(names, strips, views[:3], strict=True)
    ]
    results = w.HBox([w.VBox([w.HTML("<b>A − B + C</b> in codings"), views[3]]),
                      w.VBox([w.HTML("the same in pixels"), views[4]])])  # fmt: skip
    box = w.VBox([w.HTML(CRISP), w.HTML("Choose images (the numbers below them), then put them into a slot."), grid,
                  w.HBox([*puts, reset]), w.HBox(columns, layout=w.Layout(flex_flow="row wrap")), results, words,
                  errors])  # fmt: skip
    box.toggles, box.puts, box.reset, box.strips, box.views = toggles, puts, reset, strips, views
    box.names, box.words, box.errors = names, words, errors
    return box


REACH = 2.5  # deviations that a slider goes to either side
SHOWN = 8  # sliders, at most
ROWS = 4  # codings in the static twin


def class_explorer(decode: Callable, class_names: Sequence[str], k: int, *, directions=None, seed: int = 0) -> None:
    """One coding in all classes at once, with sliders, and the chosen class enlarged; codings from N(0, I).

    decode: function, (codings (n, k), labels (n,) int32) → images (n, 28, 28).   class_names: one for each label from
        0 on.   k: numbers in a coding.
    directions: orthonormal rows (m, k), the directions that the sliders move along, the first eight of them; default
        the first eight codings themselves.
    Raises ValueError when the directions do not fit, or decode does not make one finite image for each coding.
    """
    stage = ClassStage(decode, class_names, k, directions, seed)
    codings = stage.draws(ROWS)
    rows = {f"coding {chr(97 + i)}": stage.in_all_classes(z) for i, z in enumerate(codings)}
    figure = grids.image_rows(rows, title="The same coding in every class")
    text = f"{ROWS} codings, each as an image of each of the {len(stage.names)} classes: {', '.join(stage.names)}"
    with_twin(lambda: build_classes(stage), figure, text)


class ClassStage:
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


def build_classes(stage: ClassStage):
    import ipywidgets as w

    base, along, moving = stage.draws(1)[0], np.zeros(len(stage.ways)), [False]
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
        images = stage.in_all_classes(base + (along - stage.ways @ base) @ stage.ways)
        panel.show(images[chosen.value])
        strip.show(pixels.mosaic(np.clip(images, 0, 1), n))
        words.value = f"Enlarged: {stage.names[chosen.value]}. In the strip: the same coding in all {n} classes."

    @shows_errors(errors)
    def redraw(_=None) -> None:
        stand = [by_hand(slider, value) for slider, value in zip(sliders, along, strict=True)]
        if not moving[0] and not np.array_equal(stand, along):
            along[:] = stand
            draw()

    def put(z) -> None:
        """All sliders at once, and one drawing."""
        moving[0], base[:] = True, z
        along[:] = np.clip(stage.ways @ base, -REACH, REACH)
        try:
            for slider, value in zip(sliders, along, strict=True):
                slider.value = float(value)
        finally:
            moving[0] = False
        draw()

    chosen.observe(shows_errors(errors)(lambda _: draw()), "value")
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
