"""StyleGAN's layers against NumPy, its network against the published size and its own rules."""

import keras
import numpy as np
import pytest
from scipy.ndimage import convolve

from helpers.codings import interpolation
from helpers.codings.interpolation import linear, spherical
from helpers.gans.progan import gan
from helpers.gans.progan import layers as progan_layers
from helpers.gans.stylegan import layers, mixing, networks
from helpers.metrics import disentanglement

RNG = np.random.default_rng(0)
WIDTHS = (12, 8, 6, 4)


def random(*shape):
    return RNG.normal(size=shape).astype("float32")


def small(**options):
    keras.utils.set_random_seed(1)
    return networks.StyleGenerator(16, 10, WIDTHS, 1, depth=3, **options)


def test_adain_by_hand_and_without_the_other_images():
    x, scale, bias = random(3, 4, 5, 6), random(3, 6), random(3, 6)
    found = np.asarray(layers.adain(x, scale, bias))
    for i, c in np.ndindex(3, 6):
        one = x[i, :, :, c]
        expected = scale[i, c] * (one - one.mean()) / np.sqrt(one.var() + 1e-8) + bias[i, c]
        np.testing.assert_allclose(found[i, :, :, c], expected, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(layers.adain(x[:1], scale[:1], bias[:1])[0], found[0], atol=1e-6)


def test_blur_by_hand():
    x = random(2, 6, 5, 3)
    kernel = np.outer([1, 2, 1], [1, 2, 1]) / 16
    found = np.asarray(layers.blur(x))
    for i, c in np.ndindex(2, 3):
        np.testing.assert_allclose(found[i, :, :, c], convolve(x[i, :, :, c], kernel, mode="constant"), atol=1e-6)


def test_noise_starts_at_0_and_then_is_scaled_for_each_map():
    layer, x, noise = layers.Noise(), random(2, 3, 3, 4), random(2, 3, 3, 1)
    np.testing.assert_array_equal(layer(x, noise), x)
    layer.scales.assign(np.array([0, 1, 2, -1.0]))
    np.testing.assert_allclose(layer(x, noise), x + noise * np.array([0, 1, 2, -1.0]), rtol=1e-6)


def test_mapping_by_hand():
    keras.utils.set_random_seed(0)
    mapping = layers.Mapping(5, 7, depth=2, rate=0.01)
    z = random(4, 5)
    w = z / np.sqrt((z**2).mean(axis=1, keepdims=True) + 1e-8)
    for layer, fan_in in zip(mapping.steps, (5, 7), strict=True):
        w = w @ np.asarray(layer.kernel) * 0.01 * np.sqrt(2 / fan_in) + np.asarray(layer.bias) * 0.01
        w = np.where(w > 0, w, 0.2 * w)
    np.testing.assert_allclose(mapping(z), w, atol=1e-5)
    assert mapping.compute_output_shape((4, 5)) == (4, 7)


def test_truncation_and_mixing():
    w, mean = random(4, 7), random(7)
    np.testing.assert_allclose(mixing.truncate(w, mean, 0.3), 0.7 * mean + 0.3 * w, atol=1e-6)
    np.testing.assert_allclose(mixing.truncate(w, mean, 0.0), np.broadcast_to(mean, w.shape), atol=1e-7)
    first, second = random(3, 6, 7), random(3, 6, 7)
    found = np.asarray(layers.mix(first, second, np.array([0, 2, 6])))
    np.testing.assert_array_equal(found[0], second[0])
    np.testing.assert_array_equal(found[1], np.concatenate([first[1, :2], second[1, 2:]]))
    np.testing.assert_array_equal(found[2], first[2])
    np.testing.assert_array_equal(layers.mix(first, second, 2)[:, 1:3], np.stack([first[:, 1], second[:, 2]], axis=1))


@pytest.mark.slow
def test_at_1024_pixels_in_colour_the_size_is_the_published_one():
    generator = networks.StyleGenerator()
    assert generator.count_params() == 26_219_627 and len(generator.trainable_variables) == len(generator.weights)
    assert generator.mapping.count_params() == 2_101_248 and generator.layer_count == 18
    assert networks.StyleDiscriminator().count_params() == 23_087_249


@pytest.mark.slow
def test_stages_shapes_noise_and_alpha_0():
    generator, z = small(), random(5, 16)
    for stage, size in enumerate((4, 8, 16, 32)):
        assert generator(z, stage=stage).shape == (5, size, size, 1)
        sizes = [n.shape[1] for n in generator.draw_noise(5, stage)]
        assert sizes == [s for s in (4, 8, 16, 32)[: stage + 1] for _ in "ab"]
    for stage in (1, 2, 3):
        old = progan_layers.upsample(generator(z, stage=stage - 1))
        np.testing.assert_allclose(generator(z, stage=stage, alpha=0.0), old, atol=1e-6)
    critic, images = networks.StyleDiscriminator(WIDTHS, 1), random(4, 16, 16, 1)
    old = critic(progan_layers.downsample(images), stage=1)
    np.testing.assert_allclose(critic(images, stage=2, alpha=0.0), old, atol=1e-6)
    # scales start at 0: noise changes nothing yet, and fixed seeds repeat it
    noise = generator.draw_noise(5, seed=4)
    np.testing.assert_array_equal(generator(z, noise=noise), generator(z))
    np.testing.assert_array_equal(noise[3], generator.draw_noise(5, seed=4)[3])
    assert abs(float(np.corrcoef(np.ravel(noise[0]), np.ravel(noise[1]))[0, 1])) < 0.5


@pytest.mark.slow
def test_a_style_reaches_its_own_layers_only():
    generator = small()
    w = np.array(generator.spread(generator.mapping(random(2, 16))))
    for place in range(8):
        other = w.copy()
        other[:, place] += 1
        before, after = generator.synthesis(w), generator.synthesis(other)
        assert np.abs(np.asarray(before - after)).max() > 1e-4
    # coarse layers do not depend on what comes after them: a smaller stage ignores later styles
    other = w.copy()
    other[:, 4:] = 0
    np.testing.assert_array_equal(generator.synthesis(w[:, :4], stage=1), generator.synthesis(other[:, :4], stage=1))


@pytest.mark.slow
def test_active_variables_clone_save_and_training(tmp_path):
    import tensorflow as tf

    generator, z = small(), random(4, 16)
    for stage in range(4):
        with tf.GradientTape() as tape:
            noise = generator.draw_noise(4, stage, seed=1)
            y = tf.reduce_sum(generator(z, stage=stage, alpha=0.5, noise=noise) ** 2)
        gradients = tape.gradient(y, generator.trainable_variables)
        used = {v.path for v, g in zip(generator.trainable_variables, gradients, strict=True) if g is not None}
        assert used == {v.path for v in generator.active_variables(stage)}
    clone = keras.models.clone_model(generator)
    clone.set_weights(generator.get_weights())
    np.testing.assert_array_equal(clone(z), generator(z))
    generator.save(tmp_path / "g.keras")
    np.testing.assert_array_equal(keras.models.load_model(tmp_path / "g.keras")(z), generator(z))
    model = gan.GrowingGAN(generator, networks.StyleDiscriminator(WIDTHS, 1), 16, averaging=0.9, seed=1)
    model.compile(keras.optimizers.Adam(1e-3, 0.0, 0.99), keras.optimizers.Adam(1e-3, 0.0, 0.99))
    model.set_stage(1)
    old = generator.constant.numpy()
    model.fit(random(8, 32, 32, 1), epochs=1, batch_size=4, verbose=0)
    assert not np.array_equal(old, generator.constant)


# --- style mixing


rng = np.random.default_rng(0)


def test_crossovers():
    places = mixing.crossovers(20_000, 5, 0.6, np.random.default_rng(1))
    shares = np.bincount(places, minlength=6) / len(places)
    np.testing.assert_allclose(shares, [0, 0.15, 0.15, 0.15, 0.15, 0.4], atol=0.015)
    assert (mixing.crossovers(50, 5, 0.0, rng) == 5).all()
    assert (mixing.crossovers(50, 5, 1.0, rng) < 5).all()


def test_swapped_changes_these_layers_of_a_copy_only():
    first, second = rng.normal(size=(2, 3, 6, 4))
    mixed = mixing.swapped(first, second, slice(2, 5))
    np.testing.assert_array_equal(mixed, np.concatenate([first[:, :2], second[:, 2:5], first[:, 5:]], axis=1))
    assert not np.array_equal(mixed, first)


def test_taken_over_is_a_share_of_the_way():
    before, donor = rng.normal(size=(2, 7, 3, 3))
    for share in (0.0, 0.3, 1.0):
        assert mixing.taken_over(before, before + share * (donor - before), donor) == pytest.approx(share)
    assert mixing.taken_over(before, before, before) == 0


def test_looks_tell_brightness_from_texture_from_silhouette():
    image = np.zeros((28, 28))
    image[8:20, 8:20] = 0.5
    striped = image.copy()
    striped[8:20:2, 8:20], striped[9:20:2, 8:20] = 0.7, 0.3
    seen = mixing.looks(np.stack([image, striped, 0 * image, np.clip(1.6 * image, 0, 1)]))
    assert seen["silhouette"].sum(axis=(1, 2)).tolist() == [144, 144, 0, 144]
    np.testing.assert_allclose(seen["brightness"], [0.5, 0.5, 0, 0.8], atol=1e-12)
    assert seen["texture"][1] > 2 * seen["texture"][0] and seen["texture"][2] == 0


def test_slerp_and_lerp_are_those_of_interpolation():
    a, b = interpolation.unit(rng.normal(size=(2, 5, 4)))
    shares = np.linspace(0, 1, 7)
    for i, t in enumerate(shares):
        arcs, lines = (path(a, b, np.full(5, t)) for path in (interpolation.slerp, interpolation.lerp))
        np.testing.assert_allclose(arcs, [spherical(*pair, 7)[i] for pair in zip(a, b, strict=True)], atol=1e-9)
        np.testing.assert_allclose(lines, [linear(*pair, 7)[i] for pair in zip(a, b, strict=True)], atol=1e-12)


def test_path_length_of_a_linear_map():
    a, b = rng.normal(size=(2, 40, 4))
    M, t = rng.normal(size=(4, 6)), rng.random(40)
    expected = np.mean(np.sum(((b - a) @ M) ** 2, axis=1))  # on a line, at every t
    assert disentanglement.path_length(lambda p: p @ M, a, b, t) == pytest.approx(expected, rel=1e-6)
    a, b = interpolation.unit(a), interpolation.unit(b)
    angles = np.arccos(np.sum(a * b, axis=1))  # along an arc of radius 1 the speed is the angle
    assert disentanglement.path_length(lambda p: p, a, b, t, arc=True) == pytest.approx(np.mean(angles**2), rel=1e-3)


def test_separability_of_parted_and_of_mixed_classes():
    labels = np.arange(600) % 3
    sure = 0.9 * np.eye(3)[labels] + 0.1 / 3
    parted = np.eye(3)[labels] * 5 + rng.normal(size=(600, 3))
    good = disentanglement.separability(parted, sure)
    assert good["accuracy"] > 0.95 and good["bits"] < 0.3
    blind = disentanglement.separability(rng.normal(size=(600, 3)), sure)
    assert blind["accuracy"] < 0.6 and 1.3 < blind["bits"] <= np.log2(3) + 1e-9
    assert np.isnan(disentanglement.separability(parted, sure[:1].repeat(600, axis=0))["bits"])


def test_conditional_entropy_by_hand():
    x, y = np.array([0, 0, 1, 1, 2, 2, 2, 2]), np.array([0, 1, 1, 1, 0, 1, 2, 3])
    assert disentanglement.conditional_entropy(x, y) == pytest.approx(0.25 * 1 + 0.25 * 0 + 0.5 * 2)
