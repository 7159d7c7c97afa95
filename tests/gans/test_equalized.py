"""The layers of progressive growing against independent computations in NumPy."""

import math

import keras
import numpy as np
import pytest
from scipy.signal import correlate

from helpers.gans.progan import layers

RNG = np.random.default_rng(0)


def random(*shape):
    return RNG.normal(size=shape).astype("float32")


@pytest.mark.parametrize("padding", ["same", "valid"])
def test_equalized_convolution_by_hand(padding):
    layer = layers.EqualizedConv2D(5, 3, padding)
    x = random(2, 6, 7, 4)
    found = np.asarray(layer(x))
    kernel = np.asarray(layer.kernel) * math.sqrt(2 / (3 * 3 * 4))
    expected = np.stack(
        [[sum(correlate(image[..., i], kernel[..., i, o], padding) for i in range(4)) for o in range(5)] for image in x]
    ).transpose(0, 2, 3, 1)
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert layer.compute_output_shape(x.shape) == found.shape


def test_equalized_dense_by_hand_with_its_rate_and_bias():
    layer = layers.EqualizedDense(3, gain=1.0, rate=0.01)
    x = random(4, 50)
    layer.build(x.shape)
    layer.bias.assign(random(3))
    expected = x @ (np.asarray(layer.kernel) * 0.01 / math.sqrt(50)) + np.asarray(layer.bias) * 0.01
    np.testing.assert_allclose(np.asarray(layer(x)), expected, atol=1e-5)
    assert layer.compute_output_shape(x.shape) == (4, 3)
    assert layers.EqualizedDense(3, use_bias=False).get_config()["use_bias"] is False


def test_stored_weights_have_deviation_1_and_signals_keep_their_size():
    keras.utils.set_random_seed(0)
    layer = layers.EqualizedDense(400, use_bias=False)
    out = np.asarray(layer(random(300, 500)))
    assert abs(np.std(layer.kernel) - 1) < 0.01
    # gain √2: the mean square doubles, of which a ReLU leaves half
    assert abs(np.mean(np.square(np.maximum(out, 0))) - 1) < 0.05
    slow = layers.EqualizedDense(400, rate=0.01)
    slow.build((None, 500))
    assert abs(np.std(slow.kernel) - 100) < 1 and abs(np.std(slow.effective_kernel()) - math.sqrt(2 / 500)) < 1e-3


def test_layers_save_and_load(tmp_path):
    model = keras.Sequential(
        [
            keras.Input((4, 4, 2)),
            layers.EqualizedConv2D(3, 1, gain=1.0),
            keras.layers.Flatten(),
            layers.EqualizedDense(2, rate=0.1),
        ]
    )
    x = random(3, 4, 4, 2)
    model.save(tmp_path / "m.keras")
    again = keras.models.load_model(tmp_path / "m.keras")
    np.testing.assert_array_equal(model(x), again(x))


def test_he_constant_and_nonsense():
    assert layers.he_constant(8) == 0.5 and layers.he_constant(4, 1) == 0.5
    with pytest.raises(ValueError, match="at least one input"):
        layers.he_constant(0)
    with pytest.raises(ValueError, match="above 0"):
        layers.EqualizedDense(1, rate=0)


def test_pixel_norm_by_hand():
    x = random(2, 3, 3, 5)
    x[0, 1, 1] = 0  # nothing to divide by
    found = np.asarray(layers.pixel_norm(x))
    for place in np.ndindex(2, 3, 3):
        np.testing.assert_allclose(found[place], x[place] / math.sqrt(np.mean(x[place] ** 2) + 1e-8), rtol=1e-5)
    assert not found[0, 1, 1].any()


@pytest.mark.parametrize(("batch", "group"), [(8, 4), (4, 4), (2, 4), (6, 3), (7, 4), (1, 4)])
def test_minibatch_deviation_by_hand(batch, group):
    x = random(batch, 3, 2, 5)
    found = np.asarray(layers.minibatch_deviation(x, group))
    members = min(group, batch)
    groups = -(-batch // members)
    rows = [i % batch for i in range(groups * members)]
    np.testing.assert_array_equal(found[..., :5], x)
    for i in range(batch):
        own = [rows[j] for j in range(len(rows)) if j % groups == i % groups]
        values = [np.sqrt(np.var([x[j, a, b, c] for j in own]) + 1e-8) for a, b, c in np.ndindex(3, 2, 5)]
        np.testing.assert_allclose(found[i, ..., 5], np.mean(values), rtol=1e-4)


def test_minibatch_deviation_of_equal_images_is_0_however_their_maps_differ():
    x = np.broadcast_to(random(1, 3, 3, 6), (4, 3, 3, 6))
    assert np.asarray(layers.minibatch_deviation(x))[..., -1].max() <= 1.001e-4  # the root of ε


def test_scaling_up_and_down():
    x = random(2, 3, 5, 4)
    up = np.asarray(layers.upsample(x))
    np.testing.assert_array_equal(up, np.kron(x, np.ones((1, 2, 2, 1), "float32")))
    np.testing.assert_allclose(np.asarray(layers.downsample(up)), x, atol=1e-6)
    y = random(1, 4, 4, 1)
    np.testing.assert_allclose(layers.downsample(y)[0, 0, 1, 0], y[0, :2, 2:, 0].mean(), rtol=1e-5)


def test_fade_in_is_exact_at_both_ends():
    old, new = random(3), random(3)
    np.testing.assert_array_equal(layers.fade_in(old, new, 0.0), old)
    np.testing.assert_array_equal(layers.fade_in(old, new, 1.0), new)
    np.testing.assert_allclose(layers.fade_in(old, new, 0.25), 0.75 * old + 0.25 * new, rtol=1e-6)
