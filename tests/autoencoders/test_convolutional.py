"""Convolutional autoencoders, and the arithmetic of transposed convolutions against Keras itself."""

import numpy as np
import pytest
from matplotlib import pyplot as plt

from helpers.autoencoders.convolutional import arithmetic, figures, shifting, widgets
from helpers.autoencoders.convolutional.networks import (
    convolutional_hourglass,
    growing_decoder,
    pooled_encoder,
    smooth_doubling,
    with_neck,
)
from helpers.autoencoders.convolutional.shifting import shifted
from helpers.backend import keras
from helpers.plots import pixels

layers = keras.layers


@pytest.mark.parametrize("upsampling", ["transposed", "resize"])
@pytest.mark.parametrize("shape", [(8, 12), (8, 12, 3)])
def test_what_goes_in_comes_out(shape, upsampling):
    model = convolutional_hourglass(shape, (4, 6), 5, upsampling=upsampling)
    X = np.random.default_rng(0).random((3, *shape)).astype("float32")
    assert model.codings(X).shape == (3, 5)
    R = model.reconstruct(X)
    assert R.shape == X.shape and R.min() > 0 and R.max() < 1


def test_it_saves_and_loads(tmp_path):
    model = convolutional_hourglass((8, 8), (3,), 2)
    X = np.random.default_rng(0).random((2, 8, 8)).astype("float32")
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(again.reconstruct(X), model.reconstruct(X), rtol=1e-6)


@pytest.mark.parametrize(
    "wrong", [dict(filters=()), dict(filters=(4, 4, 4)), dict(image_shape=(784,)), dict(upsampling="bilinear")]
)
def test_what_does_not_fit_is_refused(wrong):
    with pytest.raises(ValueError, match="convolution|halvings|image|upsampling"):
        convolutional_hourglass(**wrong)


def test_the_classical_halves_have_the_sizes_of_the_textbook():
    encoder, decoder = pooled_encoder(30), growing_decoder(30)
    assert encoder.output_shape == (None, 30) and decoder.output_shape == (None, 28, 28)
    assert encoder.count_params() + decoder.count_params() == 54_479


def test_a_neck_lets_only_so_many_numbers_through():
    maps = keras.Sequential([keras.Input((8, 8, 1)), layers.Conv2D(3, 3, strides=2, padding="same")])
    back = keras.Sequential([keras.Input((4, 4, 3)), layers.Conv2DTranspose(1, 4, strides=2, padding="same")])
    model = with_neck(maps, back, 5)
    assert model.codings(np.ones((2, 8, 8, 1), "float32")).shape == (2, 5)
    assert model.reconstruct(np.ones((2, 8, 8, 1), "float32")).shape == (2, 8, 8, 1)
    assert len(model.trainable_weights) == 8


def test_smooth_doubling_makes_no_checkerboard_whatever_its_weights():
    block = smooth_doubling(3, 3)
    out = np.asarray(block(np.ones((1, 5, 5, 2), "float32")))
    assert out.shape == (1, 10, 10, 3)
    np.testing.assert_allclose(out[:, 1:-1, 1:-1], np.broadcast_to(out[:, 4:5, 4:5], (1, 8, 8, 3)), rtol=1e-5)


@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize(("kernel", "stride"), [(3, 1), (3, 2), (4, 2), (2, 3), (5, 3)])
def test_transposed_convolutions_are_those_of_keras(kernel, stride, padding):
    rng = np.random.default_rng(kernel)
    x, weights = rng.normal(size=(4, 3, 2)), rng.normal(size=(kernel, kernel, 3, 2))
    layer = layers.Conv2DTranspose(3, kernel, strides=stride, padding=padding, use_bias=False)
    layer.build((None, 4, 3, 2))
    layer.set_weights([weights])
    expected = np.asarray(layer(x[None].astype("float32")))[0]
    np.testing.assert_allclose(arithmetic.transposed_convolution(x, weights, stride, padding), expected, atol=1e-5)


@pytest.mark.parametrize("padding", ["same", "valid"])
def test_sizes_are_those_of_keras(padding):
    for size in (5, 7, 8):
        for kernel in (1, 2, 3, 4):
            for stride in (1, 2, 3):
                down = layers.Conv2D(1, kernel, strides=stride, padding=padding)
                up = layers.Conv2DTranspose(1, kernel, strides=stride, padding=padding)
                one = (1, size, size, 1)
                assert arithmetic.output_size(size, kernel, stride, padding) == down.compute_output_shape(one)[1]
                assert arithmetic.output_size(size, kernel, stride, padding, True) == up.compute_output_shape(one)[1]


@pytest.mark.parametrize("wrong", [(5, 3, 2, "full"), (5, 0, 1, "same"), (3, 4, 1, "valid")])
def test_impossible_sizes_are_refused(wrong):
    with pytest.raises(ValueError, match="padding|at least|fit"):
        arithmetic.output_size(*wrong)


def test_unevenness_sees_a_checkerboard_and_nothing_else():
    board = np.indices((8, 8)).sum(axis=0) % 2
    smooth = np.add.outer(np.arange(8.0), np.arange(8.0)) // 4
    assert arithmetic.unevenness(board[None]) == pytest.approx(0.5)
    assert arithmetic.unevenness(np.full((2, 8, 8), 0.7)) == pytest.approx(0)
    assert arithmetic.unevenness(np.repeat(np.repeat(smooth[:4, :4], 2, 0), 2, 1)[None]) == pytest.approx(0)
    with pytest.raises(ValueError, match="divisible"):
        arithmetic.unevenness(np.zeros((1, 7, 8)))


def test_shifting():
    images = np.arange(1, 13, dtype="float32").reshape(1, 3, 4)
    assert shifting.shifted(images, 1, -2)[0].tolist() == [[0, 0, 0, 0], [3, 4, 0, 0], [7, 8, 0, 0]]
    assert shifting.shifted(images, 0, 0).tolist() == images.tolist()
    assert not shifting.shifted(images, 5, 0).any()
    assert shifting.shifted(images, 0, 0) is not images


def test_errors_of_moved_images():
    images = np.arange(1, 13, dtype="float32").reshape(1, 3, 4)
    errors = shifting.shift_errors(np.zeros_like, images, [0, 4], shifting.shifted)
    assert errors == [pytest.approx(np.mean(images**2)), 0]
    assert shifting.shift_errors(np.ones_like, images, [3], lambda X, down, right: 0 * X + right - down) == [4]


# --- shift widgets


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
def test_shift_widgets_what_does_not_fit_is_refused(models, images):
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
