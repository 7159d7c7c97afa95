"""A board on which images are put into A − B + C, and a decoder shows what comes out.

    arithmetic_board(decode, codings, start=([0, 4, 9], [2, 3, 8], [1, 5, 7]))

Choose up to three images, put them into a slot; the slot shows the image of their mean coding. Beside the result
stands the same sum of pixels. Every control is an ordinary button: Tab reaches it, Enter or Space presses it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from helpers.codings.sliders import decoded
from helpers.gans.dcgan.features import arithmetic
from helpers.plots import curves as plots
from helpers.plots import pixels
from helpers.widgets.display import error_area, shows_errors, with_twin
from helpers.widgets.panel import CRISP, image_panel

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
    board = _Board(decode, codings, start, combine)
    figure = plots.image_rows(board.rows(), title="A − B + C")
    text = "Images in the slots A, B and C, the image of each slot's mean coding, and the decoded sum A − B + C"
    with_twin(lambda: _widget(board), figure, text)


class _Board:
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


def _widget(board: _Board):
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
