"""The style mixing board: images in rows and columns, and in each place the mixture of the two.

    mixing_board(painter, rows, columns)                 # styles (r, units) and (c, units)

Three switches say whose style each level takes: the row's or the column's. Every control is an ordinary button: Tab
reaches it, Enter or Space presses it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from helpers.gans.stylegan.mixing import swapped, truncate
from helpers.plots import grids, pixels
from helpers.plots.style import new_figure
from helpers.widgets.display import error_area, shows_errors, with_twin
from helpers.widgets.panel import CRISP, image_panel

ROW, COLUMN = "from the row", "from the column"
MOST = 10  # images along a side
THIN, WIDE = 1, 5  # gaps of the board, in pixels of the images
ZOOM = 3  # pixels of the page for each pixel of an image
LABELS = 1.15  # inches for the words at the left of the board


def mixing_board(painter, rows, columns, *, mix: Callable = swapped, seed: int = 0) -> None:
    """Mix the styles of two families of images by hand; the static twin shows a block for each level.

    painter: a `stylegan.painter.Painter`.   rows, columns: styles (r, units) and (c, units), 1 to 10 of each.
    mix: (first (n, layers, units), second, layers as a slice) → (n, layers, units), the first with the styles of the
    second in these layers.   seed: of the codings that the buttons draw.
    Raises ValueError for styles of another shape.
    """
    board = MixingBoard(painter, rows, columns, mix, seed)
    text = (
        "Images in rows and columns, and their mixtures: the coarse, then the middle, then the fine styles come from "
        "the image at the top"
    )
    with_twin(lambda: build_mixing_board(board), board.twin(), text)


class MixingBoard:
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
        """One board with a block of rows for each level, whose styles come from the image on top: a Figure."""
        levels, (r, c) = list(self.painter.levels), map(len, self.sides)
        border = self.borders()
        rows = {"": [None, *border[r:]]}
        for level in levels:
            inside = self.mixtures({name: name == level for name in levels})
            rows |= {f"{level} {i}": [border[i], *inside[i * c : (i + 1) * c]] for i in range(r)}
        side = border.shape[1]
        x = [0, *(side + WIDE + j * (side + THIN) for j in range(c))]
        y, block = [0], r * (side + THIN) - THIN + WIDE
        y += [side + WIDE + k * block + i * (side + THIN) for k in range(len(levels)) for i in range(r)]
        canvas = np.ones((y[-1] + side, x[-1] + side), dtype=np.float32)
        for top, tiles in zip(y, rows.values(), strict=True):
            for left, tile in zip(x, tiles, strict=True):
                if tile is not None:
                    canvas[top : top + side, left : left + side] = tile
        height, width = (ZOOM * pixel / 100 for pixel in canvas.shape)  # inches
        figure = new_figure(width + LABELS, height, layout="none", alt="A style mixing board, a block for each level")
        axes = figure.add_axes((LABELS / (width + LABELS), 0, width / (width + LABELS), 1))
        axes.imshow(canvas, cmap="gray", vmin=0, vmax=1, interpolation="nearest", aspect="auto")
        axes.set_axis_off()
        for k, level in enumerate(levels):
            middle = side + WIDE + k * block + (block - WIDE) / 2
            axes.text(-4, middle, f"{level}\nstyles\nfrom above", ha="right", va="center", size=12)
        return figure


def build_mixing_board(board: MixingBoard):
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


COLUMNS = 10
TWIN_PSI = (1.0, 0.7, 0.4, 0.0, -0.4, -1.0)
DRAWS = 24  # of noise, behind a picture of deviations


def psi_slider(painter, styles, *, pull: Callable = truncate) -> None:
    """Move ψ from beyond the usual to the other side of the mean style, and see the same codings all the time.

    painter: a `stylegan.painter.Painter`.   styles: (n, units), one for each image shown, 1 to 20.
    pull: (styles (n, layers, units), mean (units,), ψ, cutoff) → (n, layers, units).
    The static twin has a row for each of six values. Raises ValueError for styles of another shape.
    """
    styles = np.asarray(styles, dtype=np.float32)
    if styles.ndim != 2 or styles.shape[1] != painter.units or not 1 <= len(styles) <= 20:
        raise ValueError(f"psi_slider shows 1 to 20 styles (n, {painter.units}), got {styles.shape}.")
    w = painter.spread(styles)

    def images(psi: float, cutoff: int | None = None) -> np.ndarray:
        return painter.images(np.asarray(pull(w, painter.mean, psi, cutoff), dtype=np.float32))

    rows = {f"ψ = {psi:g}".replace("-", "−"): images(psi)[:COLUMNS] for psi in TWIN_PSI}
    text = f"The same codings with ψ from {TWIN_PSI[0]:g} to {TWIN_PSI[-1]:g}; at 0 all images are the mean style's"
    with_twin(lambda: build_psi_slider(images, len(w), painter), grids.image_rows(rows), text)


def build_psi_slider(images, count, painter):
    import ipywidgets as w

    psi = w.FloatSlider(0.7, min=-1.5, max=1.5, step=0.05, description="ψ", layout=w.Layout(width="480px"))
    middle, fine = painter.levels["middle"].start, painter.levels["fine"].start
    ends = [("in all layers", None), ("in the coarse and middle ones", fine), ("in the coarse ones only", middle)]
    where = w.Dropdown(options=ends, description="truncated")
    board = pixels.mosaic(images(1.0), COLUMNS)
    panel = image_panel(board.shape[:2], scale=min(3, 720 / board.shape[1]))
    words, errors = w.HTML(), error_area()

    @shows_errors(errors)
    def redraw(_=None) -> None:
        panel.show(pixels.mosaic(images(psi.value, where.value), COLUMNS))
        place = {0: "the image of the mean style, whatever the coding", 1: "as the generator was trained"}.get(
            round(psi.value, 3), "beyond what it was trained for" if psi.value > 1 else
            "on the other side of the mean style" if psi.value < 0 else "nearer to the mean style")  # fmt: skip
        words.value = f"ψ = {psi.value:.2f}: {place}."

    for control in (psi, where):
        control.observe(redraw, "value")
    redraw()
    box = w.VBox([w.HTML(CRISP), w.HBox([psi, where]), panel, words, errors])
    box.psi, box.where, box.panel, box.words, box.errors = psi, where, panel, words, errors
    return box


def deviations(painter, styles, switches=None, draws: int = DRAWS, seed: int = 0) -> np.ndarray:
    """Standard deviation of each pixel over draws of noise, the styles held fast: (n, units) → (n, 28, 28).

    switches: a factor on the noise of each layer, such as 0 for off; default all 1.
    """
    styles = painter.spread(styles)
    many = np.repeat(styles, draws, axis=0)
    images = painter.images(many, painter.noise(len(many), seed), switches)
    return images.reshape(len(styles), draws, *images.shape[1:]).std(axis=1)


def white(spread: np.ndarray) -> float:
    """The deviation that is shown as white: that of the brightest hundredth of the pixels."""
    return max(float(np.quantile(spread, 0.99)), 1e-6)


def noise_board(painter, styles) -> None:
    """Switch the noise of each size of maps on and off; beside the image, where it moves pixels from draw to draw.

    painter: a `stylegan.painter.Painter`.   styles: (n, units), n from 1 to 10.
    The static twin: the images without noise, two draws of it, and the deviation over draws with the noise of all
    layers and of single sizes, each row stretched to the whole range from black to white. Raises ValueError for
    other styles.
    """
    styles = np.asarray(styles, dtype=np.float32)
    if styles.ndim != 2 or styles.shape[1] != painter.units or not 1 <= len(styles) <= COLUMNS:
        raise ValueError(f"noise_board shows 1 to {COLUMNS} styles (n, {painter.units}), got {styles.shape}.")
    rows = {"no noise": painter.images(styles, switches=np.zeros(painter.layers))}
    for draw in (1, 2):
        rows[f"draw {draw}"] = painter.images(styles, painter.noise(len(styles), draw))
    moved = {"all noise": deviations(painter, styles)}
    for side in dict.fromkeys(painter.sizes):
        own = [float(size == side) for size in painter.sizes]
        moved[f"{side} × {side} only"] = deviations(painter, styles, own)
    for name, spread in moved.items():
        top = white(spread)
        rows[f"{name}, white = {top:.2g}"] = np.clip(spread / top, 0, 1)
    text = "Images without noise and with two draws of it, and the deviation of each pixel over draws, for each size"
    with_twin(lambda: build_noise_board(painter, styles), grids.image_rows(rows), text)


def build_noise_board(painter, styles):
    import ipywidgets as w

    sides, seed = list(dict.fromkeys(painter.sizes)), [1]
    toggles = {side: w.Checkbox(True, description=f"noise at {side} × {side}", indent=False) for side in sides}
    strength = w.FloatSlider(1, min=0, max=4, step=0.1, description="strength", layout=w.Layout(width="420px"))
    fresh = w.Button(description="New noise", tooltip="Another draw of the noise, the same styles")
    shape = pixels.mosaic(painter.images(styles), COLUMNS).shape[:2]
    panels = [image_panel(shape, scale=min(3, 720 / shape[1])) for _ in range(2)]
    top = white(deviations(painter, styles))  # of the noise as it was trained, so that "louder" is seen to be so
    words, errors = w.HTML(), error_area()

    @shows_errors(errors)
    def redraw(_=None) -> None:
        factors = [strength.value * toggles[size].value for size in painter.sizes]
        panels[0].show(pixels.mosaic(painter.images(styles, painter.noise(len(styles), seed[0]), factors), COLUMNS))
        spread = deviations(painter, styles, factors)
        panels[1].show(pixels.mosaic(np.clip(spread / top, 0, 1), COLUMNS))
        words.value = f"A pixel moves by {spread.mean():.4f} on average (standard deviation over {DRAWS} draws)."

    @shows_errors(errors)
    def renew(_) -> None:
        seed[0] += 1
        redraw()

    for control in (*toggles.values(), strength):
        control.observe(redraw, "value")
    fresh.on_click(renew)
    redraw()
    box = w.VBox([w.HTML(CRISP), w.HBox([*toggles.values(), fresh], layout=w.Layout(flex_flow="row wrap")), strength,
                  w.HTML("One draw"), panels[0], w.HTML(f"Deviation over {DRAWS} draws, white = {top:.2g}"),
                  panels[1], words, errors])  # fmt: skip
    box.toggles, box.strength, box.fresh = toggles, strength, fresh
    box.panels, box.words, box.errors = panels, words, errors
    return box
