"""The small parts of lesson 13, against Keras and against arithmetic done another way."""

import keras
import numpy as np
import pytest
from matplotlib import pyplot as plt

from helpers.gans.dcgan import ablation, features, figures, latent, networks
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
