"""The four noises, PSNR, and the noise layers."""

import keras
import numpy as np
import pytest

from helpers.autoencoders.denoising import noise
from helpers.autoencoders.denoising.layers import GaussianNoise, MaskingNoise

X = np.random.default_rng(0).uniform(0.2, 0.9, (300, 8, 7)).astype("float32")


def rng():
    return np.random.default_rng(1)


def test_gaussian_noise_has_its_standard_deviation_and_mean():
    added = noise.gaussian(X, 0.3, rng()) - X
    assert added.std() == pytest.approx(0.3, rel=0.02) and abs(added.mean()) < 0.01
    assert added.dtype == np.float32 and not np.allclose(added[0], added[1])


def test_levels_may_differ_from_image_to_image():
    sigma = np.linspace(0, 1, len(X))
    added = noise.gaussian(X, sigma, rng()) - X
    assert np.all(added[0] == 0)
    np.testing.assert_allclose(added[100:].std(axis=(1, 2)), sigma[100:], rtol=0.4)


def test_masking_loses_the_share_asked_for_and_leaves_the_rest():
    out = noise.masking(X, 0.3, rng())
    assert np.mean(out == 0) == pytest.approx(0.3, abs=0.01)
    assert np.array_equal(out[out > 0], X[out > 0])


def test_dropout_is_what_keras_does():
    ours = noise.dropout(X, 0.25, rng())
    theirs = np.asarray(keras.layers.Dropout(0.25, seed=1)(X, training=True))
    for out in (ours, theirs):
        kept = out > 0
        assert kept.mean() == pytest.approx(0.75, abs=0.01)
        np.testing.assert_allclose(out[kept], X[kept] / 0.75, rtol=1e-6)


def test_salt_and_pepper_are_as_frequent():
    out = noise.salt_and_pepper(X, 0.4, rng())
    assert np.mean(out == 0) == pytest.approx(0.2, abs=0.01) and np.mean(out == 1) == pytest.approx(0.2, abs=0.01)
    rest = (out > 0) & (out < 1)
    assert np.array_equal(out[rest], X[rest])


@pytest.mark.parametrize("side", [0, 3, 7])
def test_occlusion_hides_one_whole_square(side):
    hidden = noise.occlusion(X, side, rng(), shade=0) == 0
    assert np.all(hidden.sum(axis=(1, 2)) == side**2)
    assert np.all(hidden.any(axis=1).sum(axis=1) == side) and np.all(hidden.any(axis=2).sum(axis=1) == side)


def test_occlusion_reaches_every_place():
    hidden = noise.occlusion(X, 3, rng()) != X
    assert hidden.any(axis=0).all() and not np.array_equal(hidden[0], hidden[1])


@pytest.mark.parametrize("kind", noise.KINDS)
def test_every_kind_repeats_itself_and_leaves_its_input_alone(kind):
    before = X.copy()
    first, second = (noise.corrupt(X, kind, 0.5, np.random.default_rng(3)) for _ in range(2))
    assert np.array_equal(first, second) and np.array_equal(X, before)
    assert first.shape == X.shape and first.dtype == np.float32
    np.testing.assert_array_equal(noise.corrupt(X, kind, 0, rng()), X)


def test_what_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="no noise 'snow'"):
        noise.corrupt(X, "snow", 0.1, rng())
    with pytest.raises(ValueError, match="between 0 and 1"):
        noise.masking(X, 1.5, rng())
    with pytest.raises(ValueError, match="below 1"):
        noise.dropout(X, 1.0, rng())
    with pytest.raises(ValueError, match="sigma"):
        noise.gaussian(X, -1, rng())
    with pytest.raises(ValueError, match="one for each"):
        noise.gaussian(X, np.ones(3), rng())
    with pytest.raises(ValueError, match="shape"):
        noise.gaussian(X[0], 0.1, rng())


def test_psnr_by_hand():
    R = X.copy()
    R[0] += 0.1
    R[1] += 0.01
    assert noise.psnr(X[:2], R[:2]) == pytest.approx([20, 40], abs=1e-3)
    assert noise.mean_psnr(X[:2], R[:2]) == pytest.approx(30, abs=1e-3)
    assert noise.mean_psnr(255 * X[:2], 255 * R[:2], 255) == pytest.approx(30, abs=1e-3)
    assert noise.psnr(X, X)[0] == np.inf
    pooled = -10 * np.log10(np.mean((X[:2] - R[:2]) ** 2))
    assert noise.mean_psnr(X[:2], R[:2]) > pooled
    with pytest.raises(ValueError, match="one shape"):
        noise.psnr(X, X[:2])


LAYERS = [GaussianNoise(0.3, seed=1), MaskingNoise(0.3, seed=1), MaskingNoise(0.3, True, seed=1)]


@pytest.mark.parametrize("layer", LAYERS)
def test_layers_work_in_training_only_and_survive_saving(layer, tmp_path):
    assert np.array_equal(layer(X), X) and np.array_equal(layer(X, training=False), X)
    one, two = (np.asarray(layer(X, training=True)) for _ in range(2))
    assert not np.allclose(one, X) and not np.allclose(one, two)
    model = keras.Sequential([keras.Input((8, 7)), layer])
    model.save(tmp_path / "noisy.keras")
    again = keras.models.load_model(tmp_path / "noisy.keras")
    assert again.layers[0].get_config() == layer.get_config()
    assert np.array_equal(again.predict(X, verbose=0), X)


def test_layers_have_the_right_statistics():
    added = np.asarray(GaussianNoise(0.3, seed=1)(X, training=True)) - X
    assert added.std() == pytest.approx(0.3, rel=0.02)
    for rescale, factor in ((False, 1), (True, 1 / 0.7)):
        out = np.asarray(MaskingNoise(0.3, rescale, seed=1)(X, training=True))
        assert np.mean(out == 0) == pytest.approx(0.3, abs=0.01)
        np.testing.assert_allclose(out[out > 0], factor * X[out > 0], rtol=1e-5)
    with pytest.raises(ValueError, match="sigma"):
        GaussianNoise(-1)
    with pytest.raises(ValueError, match="rate"):
        MaskingNoise(1)
