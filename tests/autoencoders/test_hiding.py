"""Hidden patches: what is hidden, when, and that the pretrained encoder is free of it."""

import numpy as np
import pytest

from helpers.autoencoders.pretraining import masked
from helpers.backend import keras


def test_patches_are_hidden_whole_and_only_in_training():
    images = np.random.default_rng(0).uniform(0.1, 1, (200, 8, 12)).astype("float32")
    layer = masked.HidePatches(0.3, 4)
    out = np.asarray(layer(images, training=True))
    black = (out == 0).reshape(200, 2, 4, 3, 4)
    assert np.all(black.all(axis=(2, 4)) == black.any(axis=(2, 4)))  # a patch is hidden whole or not at all
    assert 0.25 < black.mean() < 0.35
    np.testing.assert_array_equal(out[out > 0], images[out > 0])
    assert len(np.unique(black.reshape(200, -1), axis=0)) > 20  # every image its own luck
    assert np.any(out != np.asarray(layer(images, training=True)))
    np.testing.assert_array_equal(np.asarray(layer(images)), images)


def test_bad_numbers_are_told():
    with pytest.raises(ValueError, match="share"):
        masked.HidePatches(1.0)
    with pytest.raises(ValueError, match="do not fit"):
        masked.HidePatches(0.5, 5).build((None, 28, 28))


def test_filler_hides_on_the_way_in_and_leaves_the_encoder_whole():
    keras.utils.set_random_seed(0)
    encoder = masked.image_encoder(6, (2, 3, 4))
    model = masked.filler(encoder, masked.image_decoder(6, (2, 3)), share=0.6)
    X = np.random.default_rng(1).random((5, 28, 28)).astype("float32")
    whole = np.asarray(encoder(X))
    assert whole.shape == (5, 6) and model.reconstruct(X).shape == X.shape
    np.testing.assert_allclose(model.codings(X), whole, rtol=1e-4, atol=1e-6)
    assert np.abs(np.asarray(model.encoder(X, training=True)) - whole).max() > 1e-3
    assert {id(v) for v in encoder.weights} <= {id(v) for v in model.weights}


def test_mirror_images():
    X = np.arange(12.0).reshape(2, 2, 3)
    both = masked.with_mirror_images(X)
    assert both.shape == (4, 2, 3)
    np.testing.assert_array_equal(both[2], [[2, 1, 0], [5, 4, 3]])
