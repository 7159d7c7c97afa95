"""The style mixing board: images in rows and columns, and in each place the mixture of the two.

    mixing_board(painter, rows, columns)                 # styles (r, units) and (c, units)

Three switches say whose style each level takes: the row's or the column's. Every control is an ordinary button: Tab
reaches it, Enter or Space presses it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from helpers.gans.stylegan.mixing import swapped
from helpers.plots import pixels
from helpers.plots.style import new_figure
from helpers.widgets.display import error_area, shows_errors, with_twin
from helpers.widgets.panel import CRISP, image_panel

ROW, COLUMN = "from the row", "from the column"
MOST = 10  # images along a side


def mixing_board(painter, rows, columns, *, mix: Callable = swapped, seed: int = 0) -> None:
    """Mix the styles of two families of images by hand; the static twin shows one board for each level.

    painter: a `style_painter.Painter`.   rows, columns: styles (r, units) and (c, units), 1 to 10 of each.
    mix: (first (n, layers, units), second, layers as a slice) → (n, layers, units), the first with the styles of the
    second in these layers.   seed: of the codings that the buttons draw.
    Raises ValueError for styles of another shape.
    """
    board = _Board(painter, rows, columns, mix, seed)
    with_twin(lambda: _widget(board), board.twin(), "Images in rows and columns, and their mixtures: the coarse, then "
              "the middle, then the fine styles come from the image at the top")  # fmt: skip


class _Board:
    """The styles along both sides, and the images that their mixtures make."""

    def __init__(self, painter, rows, columns, mix, seed):
        self.painter, self.mix, self.random = painter, mix, np.random.default_rng(seed)
        self.sides = [self._proper(rows, "rows"), self._proper(columns, "columns")]

    def _proper(self, styles, what: str) -> np.ndarray:
        styles = np.asarray(styles, dtype=np.float32)
        if styles.ndim != 2 or styles.shape[1] != self.painter.units or not 1 <= len(styles) <= MOST:
            raise ValueError(f"{what} must be 1 to {MOST} styles (n, {self.painter.units}), got {styles.shape}.")
        return styles

    def redraw(self, side: int) -> None:
        """New images along one side: 0 for the rows, 1 for the columns."""
        z = self.random.normal(size=(len(self.sides[side]), self.painter.codings))
        self.sides[side] = self.painter.styles(z)

    def borders(self) -> np.ndarray:
        """The images of the rows, then those of the columns: (r + c, h, w)."""
        return self.painter.images(np.concatenate(self.sides))

    def mixtures(self, taken: dict[str, bool]) -> np.ndarray:
        """Images (r · c, h, w), row by row. taken: for each level, whether the column's style comes in."""
        rows, columns = (self.painter.spread(side) for side in self.sides)
        mixed, second = np.repeat(rows, len(columns), axis=0), np.tile(columns, (len(rows), 1, 1))
        for level, layers in self.painter.levels.items():
            if taken[level]:
                mixed = np.asarray(self.mix(mixed, second, layers))
        return self.painter.images(mixed)

    def tiles(self, taken: dict[str, bool]) -> np.ndarray:
        """The whole board with its borders and an empty corner: ((r + 1)(c + 1), h, w)."""
        r, c = (len(side) for side in self.sides)
        border, inside = self.borders(), self.mixtures(taken)
        lines = [np.concatenate([np.full_like(border[:1], pixels.GREY), border[r:]])]
        lines += [np.concatenate([border[i : i + 1], inside[i * c : (i + 1) * c]]) for i in range(r)]
        return np.concatenate(lines)

    def twin(self):
        """Three boards side by side, one for each level, as a matplotlib Figure."""
        names, c = list(self.painter.levels), len(self.sides[1])
        shown = [pixels.mosaic(self.tiles({name: name == level for name in names}), c + 1) for level in names]
        height, width = shown[0].shape
        figure = new_figure(4.1 * len(names), 4.1 * height / width + 0.5, alt="Style mixing boards, one for each level")
        for axes, level, picture in zip(figure.subplots(1, len(names)), names, shown, strict=True):
            axes.imshow(picture, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
            axes.set(xticks=[], yticks=[], title=f"{level} styles from the top")
            axes.grid(False)
            for spine in axes.spines.values():
                spine.set_visible(False)
            step_y, step_x = (height + 1) / (len(self.sides[0]) + 1), (width + 1) / (c + 1)
            axes.axhline(step_y - 1, color="#D55E00", linewidth=1.6)
            axes.axvline(step_x - 1, color="#D55E00", linewidth=1.6)
        return figure


def _widget(board: _Board):
    import ipywidgets as w

    r, c = (len(side) for side in board.sides)
    switches = {
        level: w.ToggleButtons(options=[(ROW, False), (COLUMN, True)], value=level == "coarse",
                               description=f"{level} styles", style={"button_width": "130px"})
        for level in board.painter.levels
    }  # fmt: skip
    news = [w.Button(description=f"New {what}", tooltip=f"Other images along the {what}")
            for what in ("rows", "columns")]  # fmt: skip
    height, width = board.borders().shape[1:3]
    shape = (r + 1) * (height + 1) - 1, (c + 1) * (width + 1) - 1
    panel = image_panel(shape, scale=min(2.5, 640 / shape[1]))
    words, errors = w.HTML(), error_area()

    def draw() -> None:
        taken = {level: switch.value for level, switch in switches.items()}
        panel.show(pixels.mosaic(board.tiles(taken), c + 1))
        given = [level for level, from_column in taken.items() if from_column]
        words.value = "Each image is the one at its left" + (
            f", with the {' and '.join(given)} styles of the one at the top of its column." if given else "."
        )

    redraw = shows_errors(errors)(lambda _=None: draw())
    for switch in switches.values():
        switch.observe(redraw, "value")

    @shows_errors(errors)
    def renew(side: int) -> None:
        board.redraw(side)
        draw()

    for side, button in enumerate(news):
        button.on_click(lambda _, side=side: renew(side))
    redraw()
    box = w.VBox([w.HTML(CRISP), *switches.values(), w.HBox(news), panel, words, errors])
    box.switches, box.news, box.panel, box.words, box.errors = switches, news, panel, words, errors
    return box
