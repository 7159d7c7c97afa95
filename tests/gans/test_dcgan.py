"""The small parts of lesson 13, against Keras and against arithmetic done another way."""

import keras
import numpy as np
import pytest
from matplotlib import pyplot as plt

from helpers.gans.dcgan import ablation, features, figures, latent, networks, widgets
from helpers.plots import pixels
from tools.bench import lesson13

rng = np.random.default_rng(8)


@pytest.fixture(autouse=True)
def _tidy():
    yield
    plt.close("all")


SIZES = [(5, 5, 2), (4, 3, 2), (6, 4, 2), (3, 7, 3), (7, 2, 2), (1, 4, 2), (4, 3, 1)]


@pytest.mark.parametrize("size, kernel, stride", SIZES)
def test_coverage_is_that_of_keras(size, kernel, stride):
    layer = keras.layers.Conv2DTranspose(1, (kernel, 1), (stride, 1), padding="same", kernel_initializer="ones")
    painted = np.asarray(layer(np.ones((1, size, 1, 1), "float32"))).ravel()
    assert np.allclose(painted, features.coverage(size, kernel, stride))


def test_range_there_and_back():
    images = rng.random((3, 5, 5, 1))
    pixels = features.PixelRange()
    there = pixels.forward(images)
    assert there.dtype == np.float32 and np.allclose(there, 2 * images - 1, atol=1e-6)
    assert np.allclose(pixels.back(there), images, atol=1e-6)
    assert pixels.back(np.array([-3.0, 3.0])).tolist() == [0, 1]


def test_planes_are_those_of_the_layer():
    labels, images = np.array([2, 0, 1], "int32"), rng.random((3, 4, 6, 1)).astype("float32")
    layer = networks.LabelPlanes(3)([images, labels])
    assert np.array_equal(np.asarray(layer)[..., 1:], np.asarray(networks.label_planes(labels, 3, 4, 6)))


def test_sums_of_means_of_three_have_the_spread_of_the_prior():
    Z = rng.normal(size=(9000, 20))
    groups = np.arange(9000).reshape(1000, 3, 3)
    sums = np.stack([latent.arithmetic(Z, *three) for three in groups])
    assert abs(sums.var() - 1) < 0.05


def test_directions_of_a_linear_decoder_are_its_singular_vectors():
    W = rng.normal(size=(6, 40)) * np.array([1, 9, 3, 0.1, 5, 2])[:, None]
    found = latent.directions(lambda z: z @ W, rng.normal(size=(2, 6)))
    right = np.linalg.svd(W)[0].T
    assert np.allclose(np.abs(np.sum(found * right, axis=1)), 1, atol=1e-3)
    assert np.allclose(found @ found.T, np.eye(6), atol=1e-9)


def test_features_are_the_largest_activations_of_each_quarter():
    network = networks.discriminator(3)
    images = rng.uniform(-1, 1, (5, 28, 28, 1)).astype("float32")
    found = features.discriminator_features(network, images, batch_size=2)
    assert found.shape == (5, 4 * (3 + 6))
    first = np.asarray(network.layers[2](network.layers[1](images)))
    quarters = first.reshape(5, 2, 7, 2, 7, 3).max(axis=(2, 4))
    assert np.allclose(found[:, :12], quarters.reshape(5, 12), atol=1e-6)


@pytest.mark.parametrize("name", ablation.WITHOUT)
def test_variants_build_and_differ_as_they_say(name):
    options = {k: v for k, v in ablation.WITHOUT[name].items() if k != "beta_1"}
    both = ablation.pair(6, 2, **options)
    kinds = [[type(layer).__name__ for layer in network.layers] for network in both]
    assert both[0].output_shape == (None, 28, 28, 1) and both[1].output_shape == (None, 1)
    count = sum(line.count("BatchNormalization") for line in kinds)
    assert count == {"no batch normalization": 0, "batch normalization at the ends, too": 5}.get(name, 3)
    assert ("MaxPooling2D" in kinds[1]) == ("UpSampling2D" in kinds[0]) == ("pooling" in name)
    assert kinds[0].count("Dense") == kinds[1].count("Dense") == (2 if "dense" in name else 1)
    kernels = {layer.kernel_size[0] for network in both for layer in network.layers if hasattr(layer, "kernel_size")}
    assert kernels == {5 if "kernel 5" in name else 4}
    spread = float(np.std(both[0].layers[-2 if kinds[0][-2] != "BatchNormalization" else -3].kernel))
    assert (0.01 < spread < 0.03) != ("usual weights" in name)


def test_complete_variant_obeys_the_checks():
    from helpers.checks.lesson13 import networks as lesson13_networks

    lesson13_networks.check_generator(lambda codings, maps: ablation.pair(codings, maps)[0], 0)
    lesson13_networks.check_discriminator(lambda maps: ablation.pair(10, maps)[1], 0)


def test_summary_sorts_by_the_mean():
    history = {"a: frechet": [3.0, 5.0], "a: coverage": [1.0, 0.5], "b: frechet": [1.0, 2.0], "b: coverage": [0.2, 0.4]}
    rows = ablation.summary(history)
    assert rows == [("b", 1.5, 1.0, 2.0, pytest.approx(0.3)), ("a", 4.0, 3.0, 5.0, 0.75)]
    assert figures.worth_figure(rows, "a").axes and figures.coverage_figure(features.coverage).axes


@pytest.mark.slow
def test_a_sheet_is_filled_and_keeps_figures_for_each_seed():
    names = [ablation.COMPLETE, "no batch normalization"]
    sheet = ablation.AblationTrials(names)
    images = rng.uniform(-1, 1, (32, 28, 28, 1)).astype("float32")
    told = sheet.fill(images, seeds=(1, 2), epochs=1, batch_size=16, codings=4, maps=2, count=20)
    assert told == {"seeds": 2, "steps": 2} and len(sheet.weights) == 1
    assert all(len(values) == 2 for values in sheet.history.history.values())
    pictures = np.asarray(sheet.pictures)
    assert pictures.shape == (2, 10, 28, 28) and pictures.min() >= 0 and pictures.max() <= 1 and pictures.std() > 0


def test_multiply_adds_are_those_of_the_layers():
    parts = []
    for network in networks.dcgan_pair(10, 4):
        counts = []
        for layer in network.layers:
            if getattr(layer, "kernel", None) is not None:
                places = layer.input if "Transpose" in type(layer).__name__ else layer.output
                counts.append(int(np.prod(layer.kernel.shape) * np.prod(places.shape[1:-1])))
        parts.append(counts)
    generator, discriminator = map(sum, parts)
    expected = 4 * generator - parts[0][0] + 8 * discriminator - 2 * parts[1][0]
    assert lesson13.multiply_adds(4, 10, 4) == expected


# --- class widgets


rng_of_class_widgets = np.random.default_rng(6)


K, NAMES = 5, ["boot", "bag", "coat & hat"]
W, SHIFT = rng_of_class_widgets.normal(size=(K, 784)) / 4, rng_of_class_widgets.normal(size=(3, 784))
WAYS = np.linalg.qr(rng_of_class_widgets.normal(size=(K, K)))[0]


class Toy:
    """A conditional decoder that keeps its calls, and fails on demand."""

    def __init__(self):
        self.calls, self.broken = [], False

    def __call__(self, z, labels):
        if self.broken:
            raise RuntimeError("the <decoder> is broken")
        self.calls.append((np.array(z), np.array(labels)))
        return (0.5 + 0.5 * np.tanh(z @ W + SHIFT[labels])).reshape(-1, 28, 28)


def widget(decode=None, directions=WAYS[:2]):
    return widgets.build_classes(widgets.ClassStage(decode or Toy(), NAMES, K, directions, 0))


def png(image):
    return pixels.png((np.clip(image, 0, 1) * 255 + 0.5).astype(np.uint8))


def test_one_coding_in_every_class():
    decode = Toy()
    box = widget(decode)
    z, labels = decode.calls[-1]
    assert z.shape == (3, K) and z.dtype == np.float32 and labels.tolist() == [0, 1, 2]
    assert np.allclose(z, z[0])
    assert box.panel.value == png(Toy()(z, labels)[0])
    box.chosen.value = 2
    assert box.panel.value == png(Toy()(z, labels)[2]) and "coat & hat" in box.words.value
    assert np.allclose(decode.calls[-1][0], z), "another class changes no coding"


def test_a_slider_moves_along_its_direction_only():
    decode = Toy()
    box = widget(decode)
    before = decode.calls[-1][0][0]
    assert np.allclose([s.value for s in box.sliders], WAYS[:2] @ before, atol=0.03)
    box.sliders[1].value = 2.0
    after = decode.calls[-1][0][0]
    assert np.allclose(WAYS @ after, [*(WAYS[:1] @ before), 2.0, *(WAYS[2:] @ before)], atol=0.03)


def test_buttons_draw_once():
    decode = Toy()
    box = widget(decode)
    for button in (box.random, box.middle, box.random):
        calls, before = len(decode.calls), decode.calls[-1][0]
        button.click()
        assert len(decode.calls) == calls + 1 and not np.allclose(decode.calls[-1][0], before)
    box.middle.click()
    assert np.allclose([s.value for s in box.sliders], 0)
    assert np.allclose(WAYS[:2] @ decode.calls[-1][0][0], 0, atol=1e-6)


def test_a_page_that_puts_sliders_on_their_steps_has_moved_nothing():
    decode = Toy()
    box = widget(decode)
    box.random.click()
    drawn = len(decode.calls)
    for slider in box.sliders:  # what a page sends back when code has moved its sliders
        slider.value = round(slider.value / slider.step) * slider.step
    assert len(decode.calls) == drawn
    box.sliders[0].value += box.sliders[0].step if box.sliders[0].value < 0 else -box.sliders[0].step
    assert len(decode.calls) == drawn + 1, "one step by hand must count"


def test_what_goes_wrong_is_shown():
    decode = Toy()
    box = widget(decode)
    decode.broken = True
    box.chosen.value = 1
    assert "the &lt;decoder&gt; is broken" in box.errors.value
    decode.broken = False
    box.random.click()
    assert box.errors.value == ""


def test_directions_may_be_left_out():
    box = widget(directions=None)
    assert len(box.sliders) == K and box.errors.value == ""


def test_explorer_prints_its_twin(capsys):
    decode = Toy()
    widgets.class_explorer(decode, NAMES, K)
    assert capsys.readouterr().out.startswith("[widget] 4 codings, each as an image of each of the 3 classes")
    assert len(decode.calls) == 4


@pytest.mark.parametrize(
    "more, words",
    [
        (dict(directions=WAYS[:, :3]), "rows of 5 numbers"),
        (dict(directions=2 * WAYS), "orthonormal"),
        (dict(class_names=[]), "at least one class"),
        (dict(decode=lambda z, labels: np.zeros((2, 28, 28))), "2 images from 3 codings"),
    ],
)
def test_explorer_refuses_what_does_not_fit(more, words):
    with pytest.raises(ValueError, match=words):
        widgets.class_explorer(**{"decode": Toy(), "class_names": NAMES, "k": K, **more})


# --- arithmetic board


rng_of_arithmetic_board = np.random.default_rng(5)


W_ARITHMETIC_BOARD = rng_of_arithmetic_board.normal(size=(4, 784)) / 4
Z = rng_of_arithmetic_board.normal(size=(12, 4)).astype(np.float32)
START = ((0, 1, 2), (3, 4, 5), (6, 7, 8))


class Toy_of_arithmetic_board:
    """A decoder that keeps the codings of its calls, and fails on demand."""

    def __init__(self):
        self.calls, self.broken = [], False

    def __call__(self, z):
        if self.broken:
            raise RuntimeError("the <decoder> is broken")
        self.calls.append(np.array(z))
        return (0.5 + 0.5 * np.tanh(z @ W_ARITHMETIC_BOARD)).reshape(-1, 28, 28)


def widget_of_arithmetic_board(decode=None, combine=latent.arithmetic):
    return widgets.build_arithmetic(widgets.ArithmeticBoard(decode or Toy_of_arithmetic_board(), Z, START, combine))


def test_the_sum_is_that_of_the_means():
    decode = Toy_of_arithmetic_board()
    box = widget_of_arithmetic_board(decode)
    means = [Z[list(group)].mean(axis=0) for group in START]
    expected = means[0] - means[1] + means[2]
    assert np.allclose(decode.calls[-1], [*means, expected], atol=1e-6)
    assert box.views[3].value == png(Toy_of_arithmetic_board()(decode.calls[-1])[3])
    board = Toy_of_arithmetic_board()(Z)
    a, b, c = (board[list(group)].mean(axis=0) for group in START)
    assert box.views[4].value == png(a - b + c)
    assert f"{np.linalg.norm(expected):.1f}" in box.words.value and "about 2.0" in box.words.value


def test_chosen_images_go_into_a_slot_and_every_call_has_one_shape():
    decode = Toy_of_arithmetic_board()
    box = widget_of_arithmetic_board(decode)
    before, strip = box.views[3].value, box.strips[1].value
    for i in (9, 10):
        box.toggles[i].value = True
    box.puts[1].click()
    assert box.views[3].value != before and box.strips[1].value != strip
    assert "images 10, 11" in box.names[1].value and not any(t.value for t in box.toggles)
    assert np.allclose(decode.calls[-1][1], Z[[9, 10]].mean(axis=0), atol=1e-6)
    assert {call.shape for call in decode.calls[1:]} == {(widgets.BATCH, 4)}
    box.reset.click()
    assert box.views[3].value == before and box.strips[1].value == strip


def test_nothing_chosen_and_too_many():
    box = widget_of_arithmetic_board()
    before = box.views[3].value
    box.puts[0].click()
    assert box.views[3].value == before and "Choose one to 3 images" in box.words.value
    for i in (2, 4, 6, 8):
        box.toggles[i].value = True
    box.puts[0].click()
    assert "images 3, 5, 7," in box.names[0].value and "You chose 4 images" in box.words.value


def test_arithmetic_board_what_goes_wrong_is_shown():
    decode = Toy_of_arithmetic_board()
    box = widget_of_arithmetic_board(decode)
    decode.broken = True
    box.toggles[0].value = True
    box.puts[2].click()
    assert "the &lt;decoder&gt; is broken" in box.errors.value
    decode.broken = False
    box.reset.click()
    assert box.errors.value == ""
    wrong = widget_of_arithmetic_board(combine=lambda Z, *groups: 0.0)
    assert "A − B + C should be one coding" in wrong.errors.value


def test_the_students_sum_is_used():
    calls = []

    def mine(codings, first, second, third):
        calls.append((first, second, third))
        return codings[0]

    decode = Toy_of_arithmetic_board()
    widget_of_arithmetic_board(decode, mine)
    assert calls == [([0, 1, 2], [3, 4, 5], [6, 7, 8])] and np.allclose(decode.calls[-1][3], Z[0])


def test_every_control_has_a_name_for_those_who_cannot_see_it():
    box = widget_of_arithmetic_board()
    assert all(c.description and c.tooltip for c in (*box.toggles, *box.puts, box.reset))


def test_board_prints_its_twin(capsys):
    widgets.arithmetic_board(Toy_of_arithmetic_board(), Z)
    assert capsys.readouterr().out.startswith("[widget] Images in the slots A, B and C")


@pytest.mark.parametrize(
    "codings, start, words",
    [
        (Z[0], START, "n from 1 to 30"),
        (np.zeros((31, 4)), START, "n from 1 to 30"),
        (Z * np.nan, START, "finite"),
        (Z, START[:2], "three lists"),
        (Z, ((0,), (1,), (12,)), "from 0 to 11"),
        (Z, ((0,), (1,), ()), "1 to 3 images"),
        (Z, ((0, 1, 2, 3), (1,), (2,)), "1 to 3 images"),
    ],
)
def test_board_refuses_what_does_not_fit(codings, start, words):
    with pytest.raises(ValueError, match=words):
        widgets.arithmetic_board(Toy_of_arithmetic_board(), codings, start)
