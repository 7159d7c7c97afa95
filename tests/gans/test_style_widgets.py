"""The mixing board, the ψ slider and the noise board, on a painter that paints by hand: each control does its work."""

import numpy as np
import pytest
from matplotlib import pyplot as plt

from helpers.gans.stylegan import mixing, widgets
from helpers.plots import pixels

rng = np.random.default_rng(3)
UNITS, LAYERS = 5, 8


@pytest.fixture(autouse=True)
def _tidy():
    yield
    plt.close("all")


class Toy:
    """A painter whose image has a band of rows for each layer, as bright as this layer's style says."""

    codings = units = UNITS
    layers, mean = LAYERS, rng.normal(size=UNITS).astype("float32") / 5
    sizes = [4, 4, 8, 8, 16, 16, 32, 32]
    levels = mixing.levels(LAYERS)

    def __init__(self):
        self.calls, self.broken = [], False

    def styles(self, z):
        return np.tanh(np.asarray(z, dtype="float32"))

    def spread(self, w):
        w = np.asarray(w, dtype="float32")
        return np.repeat(w[:, None], LAYERS, axis=1) if w.ndim == 2 else w

    def noise(self, count, seed=0):
        return [np.random.default_rng(seed + i).normal(size=(count, 1, 1, 1)) for i in range(LAYERS)]

    def images(self, w, noise=None, switches=None):
        if self.broken:
            raise RuntimeError("the <painter> is broken")
        w = self.spread(w)
        self.calls.append((w, switches))
        values = 0.5 + 0.4 * np.tanh(w.sum(axis=2))
        if noise is not None:
            factors = np.ones(LAYERS) if switches is None else np.asarray(switches)
            values = values + 0.05 * np.stack([f * n[:, 0, 0, 0] for f, n in zip(factors, noise, strict=True)], axis=1)
        return np.clip(np.repeat(np.repeat(values, 4, axis=1)[:, 2:30, None], 28, axis=2), 0, 1)


ROWS, COLUMNS = rng.normal(size=(3, UNITS)).astype("float32"), rng.normal(size=(4, UNITS)).astype("float32")


def board(toy=None, mix=mixing.swapped):
    return widgets.MixingBoard(toy or Toy(), ROWS, COLUMNS, mix, 0)


def png(picture):
    return pixels.png(picture)


def test_levels():
    assert mixing.levels(8) == {"coarse": slice(0, 4), "middle": slice(4, 6), "fine": slice(6, 8)}
    assert mixing.levels(6) == {"coarse": slice(0, 2), "middle": slice(2, 4), "fine": slice(4, 6)}
    assert mixing.levels(4) == {"coarse": slice(0, 2), "middle": slice(2, 3), "fine": slice(3, 4)}
    with pytest.raises(ValueError, match="at least four"):
        mixing.levels(2)


def test_truncation_of_the_first_layers_only():
    w, mean = rng.normal(size=(3, 6, 4)), rng.normal(size=4)
    found = mixing.truncate(w, mean, 0.3, 2)
    np.testing.assert_allclose(found[:, :2], mean + 0.3 * (w[:, :2] - mean))
    np.testing.assert_array_equal(found[:, 2:], w[:, 2:])
    np.testing.assert_allclose(mixing.truncate(w, mean, 0.0), np.broadcast_to(mean, w.shape))
    np.testing.assert_array_equal(mixing.truncate(w, mean, 0.0, 0), w)


def test_mixtures_take_the_columns_styles_in_these_layers_only():
    toy = Toy()
    it = board(toy)
    it.mixtures({"coarse": False, "middle": True, "fine": False})
    w = toy.calls[-1][0].reshape(3, 4, LAYERS, UNITS)
    for i, k in np.ndindex(3, 4):
        np.testing.assert_array_equal(w[i, k, :4], np.tile(ROWS[i], (4, 1)))
        np.testing.assert_array_equal(w[i, k, 4:6], np.tile(COLUMNS[k], (2, 1)))
        np.testing.assert_array_equal(w[i, k, 6:], np.tile(ROWS[i], (2, 1)))
    none, everything = (it.mixtures(dict.fromkeys(Toy.levels, taken)) for taken in (False, True))
    borders = it.borders()
    np.testing.assert_array_equal(none, np.repeat(borders[:3], 4, axis=0))
    np.testing.assert_array_equal(everything, np.tile(borders[3:], (3, 1, 1)))
    tiles = it.tiles(dict.fromkeys(Toy.levels, False)).reshape(4, 5, 28, 28)
    np.testing.assert_array_equal(tiles[0, 1:], borders[3:])
    np.testing.assert_array_equal(tiles[1:, 0], borders[:3])


def test_the_twin_of_the_board_has_a_block_for_each_level():
    it = board(Toy())
    figure = it.twin()
    canvas, borders = figure.axes[0].images[0].get_array(), it.borders()
    thin, wide = widgets.THIN, widgets.WIDE
    x = [28 + wide + k * (28 + thin) for k in range(4)]
    for k in range(4):
        np.testing.assert_array_equal(canvas[:28, x[k] : x[k] + 28], borders[3 + k].astype("float32"))
    y = 28 + wide
    for level in Toy.levels:
        inside = it.mixtures({name: name == level for name in Toy.levels}).reshape(3, 4, 28, 28)
        for i in range(3):
            np.testing.assert_array_equal(canvas[y : y + 28, :28], borders[i].astype("float32"))
            for k in range(4):
                np.testing.assert_array_equal(canvas[y : y + 28, x[k] : x[k] + 28], inside[i, k].astype("float32"))
            y += 28 + thin
        y += wide - thin
    assert [text.get_text().split()[0] for text in figure.axes[0].texts] == list(Toy.levels)


def test_the_board_widget():
    toy = Toy()
    it = board(toy)
    box = widgets.build_mixing_board(it)
    assert [switch.value for switch in box.switches.values()] == [True, False, False]
    assert box.panel.value == png(pixels.mosaic(it.tiles({"coarse": True, "middle": False, "fine": False}), 5))
    assert "with the coarse styles" in box.words.value
    box.switches["fine"].value = True
    assert box.panel.value == png(pixels.mosaic(it.tiles({"coarse": True, "middle": False, "fine": True}), 5))
    assert "coarse and fine styles" in box.words.value
    before = [side.copy() for side in it.sides]
    box.news[1].click()
    assert np.array_equal(it.sides[0], before[0]) and not np.array_equal(it.sides[1], before[1])
    box.news[0].click()
    assert not np.array_equal(it.sides[0], before[0]) and box.errors.value == ""
    toy.broken = True
    box.switches["middle"].value = True
    assert "the &lt;painter&gt; is broken" in box.errors.value
    toy.broken = False
    box.news[0].click()
    assert box.errors.value == ""


def test_the_psi_widget():
    toy, w = Toy(), rng.normal(size=(4, UNITS)).astype("float32")

    def images(psi, cutoff=None):
        return toy.images(mixing.truncate(toy.spread(w), toy.mean, psi, cutoff))

    box = widgets.build_psi_slider(images, 4, toy)
    said = {0.0: "image of the mean style", -0.5: "other side", 1.0: "as the generator", 1.3: "beyond"}
    for psi, words in said.items():
        box.psi.value = psi
        assert box.panel.value == png(pixels.mosaic(images(psi), 10)) and words in box.words.value
    box.where.value = 4
    assert box.panel.value == png(pixels.mosaic(images(1.3, 4), 10))
    toy.broken = True
    box.psi.value = 0.2
    assert "broken" in box.errors.value


def test_deviations_and_the_noise_widget():
    toy = Toy()
    off = widgets.deviations(toy, ROWS, np.zeros(LAYERS))
    assert off.shape == (3, 28, 28) and off.max() < 1e-6  # rounding only
    assert widgets.deviations(toy, ROWS).min() > 0.01
    box = widgets.build_noise_board(toy, ROWS)
    assert list(box.toggles) == [4, 8, 16, 32] and box.errors.value == ""
    loud = float(box.words.value.split("by ")[1].split()[0])
    box.toggles[16].value = False
    assert toy.calls[-1][1] == [1, 1, 1, 1, 0, 0, 1, 1]
    assert float(box.words.value.split("by ")[1].split()[0]) < loud
    box.strength.value = 2.0
    assert toy.calls[-1][1] == [2, 2, 2, 2, 0, 0, 2, 2]
    before = box.panels[0].value
    box.fresh.click()
    assert box.panels[0].value != before


def test_twins(capsys):
    toy = Toy()
    widgets.mixing_board(toy, ROWS, COLUMNS)
    widgets.psi_slider(toy, ROWS)
    widgets.noise_board(toy, ROWS)
    said = capsys.readouterr().out
    assert said.count("[widget]") == 3 and "mixtures" in said and "mean style's" in said and "deviation" in said


def test_styles_of_another_shape_are_refused():
    wrong = rng.normal(size=(3, 4))
    board_of = lambda painter, rows: widgets.mixing_board(painter, rows, COLUMNS)  # noqa: E731
    shows = widgets.psi_slider, widgets.noise_board, board_of
    for show in shows:
        with pytest.raises(ValueError, match=r"styles \(n, 5\)"):
            show(Toy(), wrong)
