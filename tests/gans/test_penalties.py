"""Gradient penalties against gradients that are known."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from helpers.gans import penalties

RNG = np.random.default_rng(0)


def random(*shape):
    return tf.constant(RNG.normal(size=shape).astype("float32"))


def test_points_lie_on_the_segments_one_share_for_each_image():
    real, fake, shares = random(3, 2, 2, 1), random(3, 2, 2, 1), np.array([0, 0.5, 1], "float32")
    mixed = np.asarray(penalties.interpolates(real, fake, shares))
    np.testing.assert_array_equal(mixed[0], fake[0])
    np.testing.assert_allclose(mixed[1], (real[1] + fake[1]) / 2, atol=1e-6)
    np.testing.assert_allclose(mixed[2], real[2], atol=1e-6)


@pytest.mark.parametrize("shape", [(5, 3), (5, 4, 4, 2)])
def test_a_linear_critic_has_the_norm_of_its_weights_everywhere(shape):
    a = random(*shape[1:])
    norm = float(np.linalg.norm(np.asarray(a)))

    def critic(x):
        return tf.reduce_sum(x * a, axis=list(range(1, len(shape))))

    np.testing.assert_allclose(penalties.gradient_norms(critic, random(*shape)), norm, rtol=1e-5)
    both = random(*shape), random(*shape), tf.ones(shape[0]) / 3
    np.testing.assert_allclose(penalties.gradient_penalty(critic, *both), (norm - 1) ** 2, rtol=1e-4)
    np.testing.assert_allclose(penalties.gradient_penalty(critic, *both, target=0), norm**2, rtol=1e-4)
    assert float(penalties.gradient_penalty(critic, *both, target=norm + 1, one_sided=True)) == 0
    np.testing.assert_allclose(penalties.r1_penalty(critic, both[0]), norm**2 / 2, rtol=1e-4)


def test_penalties_of_a_curved_critic_by_its_own_formula():
    x = random(6, 4)
    norms = 3 * np.linalg.norm(np.asarray(x) ** 2, axis=1)  # of the gradient of Σ x³

    def critic(x):
        return tf.reduce_sum(x**3, axis=1, keepdims=True)

    np.testing.assert_allclose(penalties.gradient_norms(critic, x), norms, rtol=1e-5)
    np.testing.assert_allclose(penalties.r1_penalty(critic, x), np.mean(norms**2) / 2, rtol=1e-5)


def test_the_penalty_can_be_differentiated_for_training_also_where_the_gradient_is_0():
    dense = keras.layers.Dense(1, kernel_initializer="zeros")
    dense.build((None, 3))
    with tf.GradientTape() as tape:
        loss = penalties.gradient_penalty(dense, random(4, 3), random(4, 3), tf.ones(4) / 2)
    gradient = tape.gradient(loss, dense.kernel)
    assert np.isfinite(np.asarray(gradient)).all() and abs(float(loss) - 1) < 1e-5
    dense.kernel.assign(np.array([[3.0], [0], [4]]))
    with tf.GradientTape() as tape:
        loss = penalties.gradient_penalty(dense, random(4, 3), random(4, 3), tf.ones(4) / 2)
    # d(‖w‖ − 1)²/dw = 2 (5 − 1) w/5
    np.testing.assert_allclose(tape.gradient(loss, dense.kernel), [[4.8], [0], [6.4]], rtol=1e-5)
