"""Minibatch discrimination against a slow loop, and the replay buffer of lesson 12."""

import keras
import numpy as np
import pytest
from keras import ops

from helpers.gans.stability import replay
from helpers.gans.stability.minibatch import MinibatchDiscrimination, similarities


def by_loops(M):
    n, B, _ = M.shape
    out = np.zeros((n, B))
    for i in range(n):
        for j in range(n):
            for b in range(B):
                out[i, b] += 0 if i == j else np.exp(-np.abs(M[i, b] - M[j, b]).sum())
    return out


def test_similarities_equal_a_slow_loop():
    M = np.random.default_rng(0).normal(size=(5, 3, 4)).astype("float32")
    assert np.allclose(similarities(ops.convert_to_tensor(M)), by_loops(M), rtol=1e-4, atol=1e-5)


def test_equal_images_are_as_like_as_can_be_and_far_ones_not_at_all():
    assert np.allclose(similarities(ops.ones((6, 2, 3))), 5)
    far = 100.0 * np.arange(6, dtype="float32")[:, None, None] * np.ones((6, 2, 3), "float32")
    assert np.allclose(similarities(ops.convert_to_tensor(far)), 0, atol=1e-6)


def test_the_order_of_the_batch_does_not_matter():
    M = np.random.default_rng(1).normal(size=(7, 2, 3)).astype("float32")
    order = np.random.default_rng(2).permutation(7)
    assert np.allclose(np.asarray(similarities(ops.convert_to_tensor(M)))[order], similarities(M[order]), atol=1e-5)


def test_layer_is_saved_and_loaded(tmp_path):
    x = np.random.default_rng(0).normal(size=(8, 5)).astype("float32")
    model = keras.Sequential([keras.Input((5,)), MinibatchDiscrimination(3, 2, seed=1)])
    assert model.output_shape == (None, 3) and model.count_params() == 5 * 6
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    assert np.allclose(model(x), again(x))


@pytest.mark.parametrize("numbers", [(0, 3), (3, 0)])
def test_layer_refuses_numbers_below_one(numbers):
    with pytest.raises(ValueError, match="1 or more"):
        MinibatchDiscrimination(*numbers)


def test_buffer_keeps_copies_of_the_newest():
    buffer = replay.ReplayBuffer(4, seed=0)
    batch = np.arange(3.0)[:, None]
    buffer.add(batch)
    batch[:] = 99
    buffer.add(np.arange(3.0, 6.0)[:, None])
    assert sorted(set(buffer.draw(200)[:, 0])) == [2, 3, 4, 5]


def test_buffer_refuses_what_cannot_be():
    with pytest.raises(ValueError, match="1 or more"):
        replay.ReplayBuffer(0)
    with pytest.raises(ValueError, match="empty"):
        replay.ReplayBuffer(3).draw(1)


def test_bridge_works_inside_a_compiled_step():
    import tensorflow as tf

    bridge = replay.Bridge(replay.ReplayBuffer(10), (2,))

    @tf.function
    def step(batch):
        bridge.add(batch)
        (old,) = bridge.draw(tf.shape(batch)[0] // 2)
        return tf.concat([batch, old], axis=0)

    mixed = step(tf.ones((4, 2)))
    assert mixed.shape == (6, 2) and np.allclose(mixed, 1)
    assert len(bridge.buffer.images) == 4
