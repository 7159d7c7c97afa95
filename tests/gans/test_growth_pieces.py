"""The pieces of lesson 15 against the networks that they are taken from, and against arithmetic done another way."""

import keras
import numpy as np
import pytest

from helpers.gans import samples
from helpers.gans.progan import gan, networks
from helpers.gans.progan import layers as progan_layers

rng = np.random.default_rng(3)


def random(*shape):
    return rng.normal(size=shape).astype("float32")


def test_fade_in_enlarges_and_mixes():
    small, large = random(2, 2, 3, 1), random(2, 4, 6, 1)
    right = 0.7 * np.kron(small, np.ones((1, 2, 2, 1))) + 0.3 * large
    np.testing.assert_allclose(networks.fade_in_enlarged(small, large, 0.3), right, atol=1e-6)


def test_grown_image_is_what_the_generator_makes():
    keras.utils.set_random_seed(1)
    generator, z = networks.Generator(6, (5, 4, 3), 1), random(3, 6)
    for stage, alpha in ((1, 0.3), (2, 0.0), (2, 0.8)):
        maps, _ = generator.features(z, stage - 1)
        layers = generator.blocks[stage - 1], generator.to_image[stage - 1], generator.to_image[stage]
        made = networks.grown_image(maps, *layers, alpha)
        np.testing.assert_allclose(made, generator(z, stage=stage, alpha=alpha), atol=1e-5)


def test_stage_at_is_the_plan():
    plan = gan.Plan(3, 2, 1)
    for epoch in np.arange(0, 9, 0.25):
        assert gan.stage_at(epoch, 3, 2, 1) == plan.at(epoch)


def test_an_unequalized_network_computes_the_same_and_stores_other_weights():
    x = random(4, 16, 16, 1)
    keras.utils.set_random_seed(1)
    critic = networks.Discriminator((6, 5, 4), 1)
    before = np.asarray(critic(x, stage=2, alpha=0.5))
    stored = float(np.std(critic.gather.kernel))
    networks.unequalized(critic)
    np.testing.assert_allclose(critic(x, stage=2, alpha=0.5), before, atol=1e-5)
    assert abs(stored - 1) < 0.1
    assert np.isclose(np.std(critic.gather.kernel), stored * progan_layers.he_constant(4 * 4 * 6), rtol=1e-4)


def test_images_of_every_size_come_to_28_and_back():
    images = rng.random((3, 28, 28)).astype("float32")
    for size in (4, 8, 16, 32):
        X = samples.at_size(images, size)
        assert X.shape == (3, size, size, 1) and X.dtype == np.float32 and X.min() >= -1 and X.max() <= 1
        framed = samples.frame(images, 32)
        side = 32 // size
        np.testing.assert_allclose(X[1, 1, 2, 0], framed[1, side : 2 * side, 2 * side : 3 * side].mean(), atol=1e-5)
        shown = samples.at_28(X[..., 0])
        assert shown.shape == (3, 28, 28)
        np.testing.assert_array_equal(shown[0, 0, 0], X[0, 2 // side, 2 // side, 0])
    whole = samples.at_28(samples.at_size(images, 32)[..., 0])
    np.testing.assert_allclose(whole, 2 * images - 1, atol=1e-6)
    assert samples.at_28(images) is images
    for wrong in (5, 64):
        with pytest.raises(ValueError, match="4, 8, 16 or 32"):
            samples.at_size(images, wrong)
        with pytest.raises(ValueError, match="4, 8, 16 or 32"):
            samples.at_28(np.zeros((1, wrong, wrong)))
