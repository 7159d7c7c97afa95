"""Reusing a network: copies, heads, phases, and images that move a little while training."""

import numpy as np

from helpers.autoencoders.pretraining import transfer
from helpers.backend import keras


def small_encoder():
    keras.utils.set_random_seed(1)
    return keras.Sequential([keras.Input((3, 2)), keras.layers.Flatten(), keras.layers.Dense(4, activation="tanh")])


def test_copy_has_the_weights_and_not_the_variables():
    encoder = small_encoder()
    copy = transfer.fresh_copy(encoder)
    X = np.random.default_rng(0).random((5, 3, 2)).astype("float32")
    np.testing.assert_allclose(np.asarray(copy(X)), np.asarray(encoder(X)), rtol=1e-5)
    before = np.asarray(encoder(X))
    copy.set_weights([w + 1 for w in copy.get_weights()])
    np.testing.assert_array_equal(np.asarray(encoder(X)), before)


def test_phases_move_first_the_head_then_all():
    encoder = small_encoder()
    model = transfer.with_head(encoder, 3)
    rng = np.random.default_rng(0)
    X, y = rng.random((20, 3, 2)).astype("float32"), rng.integers(0, 3, 20)
    start = [w.copy() for w in encoder.get_weights()]
    transfer.train_in_two_phases(model, encoder, X, y, (3, 0), (0.05, 0.01))
    assert all(np.array_equal(a, b) for a, b in zip(start, encoder.get_weights(), strict=True))
    assert encoder.trainable
    head = model.get_layer("head").get_weights()
    transfer.train_in_two_phases(model, encoder, X, y, (0, 2), (0.05, 0.01))
    assert any(not np.array_equal(a, b) for a, b in zip(start, encoder.get_weights(), strict=True))
    assert not np.array_equal(head[0], model.get_layer("head").get_weights()[0])
    np.testing.assert_allclose(np.asarray(model(X)).sum(axis=1), 1, rtol=1e-5)


def test_every_moved_image_is_one_of_the_possible_ones():
    rng = np.random.default_rng(0)
    images = rng.random((60, 6, 7)).astype("float32")
    layer = transfer.ShiftAndFlip(most=1)
    np.testing.assert_array_equal(np.asarray(layer(images)), images)
    moved = np.asarray(layer(images, training=True))
    wide = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    seen = set()
    for i in range(60):
        choices = [wide[i, r : r + 6, c : c + 7] for r in range(3) for c in range(3)]
        choices += [choice[:, ::-1] for choice in choices]
        found = [k for k, choice in enumerate(choices) if np.array_equal(choice, moved[i])]
        assert found, i
        seen.add(found[0])
    assert len(seen) > 12  # of 18
    still = transfer.ShiftAndFlip(most=0, flip=False)
    np.testing.assert_array_equal(np.asarray(still(images, training=True)), images)
