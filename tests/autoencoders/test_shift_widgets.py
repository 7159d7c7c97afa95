"""The explorer of moved images, and the pictures of convolutions."""

import numpy as np
import pytest
from matplotlib import pyplot as plt

from helpers.autoencoders.convolutional import figures, widgets
from helpers.autoencoders.convolutional.shifting import shifted
from helpers.plots import pixels

IMAGES = np.random.default_rng(0).random((3, 12, 12)).astype("float32")


@pytest.fixture(autouse=True)
def _tidy():
    yield
    plt.close("all")


def test_the_sliders_move_the_picture_and_the_errors():
    box = widgets.build_shift_explorer({"half": lambda x: x / 2, "<same>": lambda x: x}, IMAGES)
    box.picked.value, box.right.value, box.down.value = 2, 3, -1
    moved = shifted(IMAGES[1:2], -1, 3)
    expected = pixels.mosaic(np.concatenate([moved, moved / 2, moved]), 3)
    assert box.strip.value == pixels.png(expected)
    assert f"half {np.mean(moved**2) / 4:.4f}" in box.words.value and "&lt;same&gt; 0.0000" in box.words.value


def test_a_model_that_fails_says_so_in_the_widget():
    box = widgets.build_shift_explorer({"good": lambda x: x}, IMAGES)
    assert not box.errors.value
    box = widgets.build_shift_explorer({"bad": lambda x: x[:, 1:]}, IMAGES)
    assert "bad makes" in box.errors.value


def test_without_a_page_one_line_is_left(capsys):
    widgets.shift_explorer({"half": lambda x: x / 2}, IMAGES, shown=(-2, 0, 2))
    assert "[widget] An image moved by -2, 0, +2 pixels" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("models", "images"),
    [({}, IMAGES), ({"bad": lambda x: x[:1]}, IMAGES), ({"same": lambda x: x}, np.stack(3 * [IMAGES], axis=-1))],
)
def test_what_does_not_fit_is_refused(models, images):
    with pytest.raises(ValueError, match="model|makes|grey"):
        widgets.shift_explorer(models, images)


def test_strokes_are_counted():
    figure = figures.strokes_figure((3, 4), inputs=5)
    heights = [[round(bar.get_height()) for bar in axes.patches] for axes in figure.axes[2:]]
    assert heights[0][:8] == [1, 1, 2, 1, 2, 1, 2, 1] and heights[1][:12] == [1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1]


def test_boards_of_different_sizes_share_a_figure():
    boards = {"one": [np.ones((3, 3)), np.eye(6)], "two": [np.zeros((3, 3)), np.eye(5)]}
    figure = figures.boards_figure(boards, ["small", "large"])
    assert [axes.get_ylabel() for axes in figure.axes] == ["one", "", "two", ""]
    low, high = figure.axes[0].images[0].get_clim()
    assert low < 1 < high
    with pytest.raises(ValueError, match="2 titles"):
        figures.boards_figure({"one": [np.ones((3, 3))]}, ["small", "large"])
