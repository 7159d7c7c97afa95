"""Features from patches: against a slow loop over the windows of one image, and what a dictionary must be."""

import numpy as np
import pytest

from helpers.autoencoders.pretraining import patches as pretraining_patches


@pytest.fixture(scope="module")
def images():
    rng = np.random.default_rng(0)
    ramp = np.linspace(0, 1, 12)
    return (rng.random((60, 12, 12)) * 0.3 + rng.random((60, 1, 1)) * ramp[:, None] * ramp).astype("float32")


@pytest.mark.parametrize("kind", pretraining_patches.KINDS)
def test_features_are_those_of_a_slow_loop(images, kind):
    features = pretraining_patches.learn(images, 5, kind=kind, size=3, grid=2, threshold=0.2)
    image = images[7]
    wide = np.pad(image.astype(float), 1)
    fields = np.zeros((2, 2, 10))
    for i in range(12):
        for j in range(12):
            window = wide[i : i + 3, j : j + 3].ravel()
            window = (window - window.mean()) / np.sqrt(window.var() + 0.01)
            white = (window - features.mean) @ features.white
            for k, row in enumerate(features.filters):
                answer = float(white @ row)
                fields[i // 6, j // 6, k] += max(answer - 0.2, 0) / 36
                fields[i // 6, j // 6, 5 + k] += max(-answer - 0.2, 0) / 36
    got = features(images[5:9], batch=3)
    assert got.shape == (4, 40)
    np.testing.assert_allclose(got[2] ** 2, fields.ravel(), rtol=1e-3, atol=1e-4)


def test_windows_are_cut_from_the_images():
    image = np.arange(40.0).reshape(1, 5, 8)
    windows = pretraining_patches.random_patches(image, 200, size=3, seed=1)
    corners = {int(w[0]) for w in windows}
    assert corners == {8 * i + j for i in range(3) for j in range(6)}  # every place, and no other
    assert all(np.array_equal(w - w[0], [0, 1, 2, 8, 9, 10, 16, 17, 18]) for w in windows)
    with pytest.raises(ValueError, match="do not fit"):
        pretraining_patches.random_patches(image, 10, size=6)


def test_whitening_evens_out_the_directions(images):
    rng = np.random.default_rng(1)
    raw = rng.normal(size=(5000, 4)) * [10, 5, 3, 2] @ np.linalg.qr(rng.normal(size=(4, 4)))[0] + 3
    mean, W = pretraining_patches.whitening(raw)
    np.testing.assert_allclose(np.cov(((raw - mean) @ W).T), np.eye(4), atol=0.05)
    np.testing.assert_allclose(W, W.T, atol=1e-6)


def patches_along(axes):
    rng = np.random.default_rng(2)
    patches = (rng.choice([-3.0, 3.0], (900, 1)) * np.repeat(axes, 300, axis=0)).astype("float32")
    return patches + rng.normal(0, 0.1, patches.shape).astype("float32")


def test_k_means_finds_the_directions_whatever_their_sign():
    axes = np.linalg.qr(np.random.default_rng(3).normal(size=(6, 6)))[0][:3]
    found = pretraining_patches.k_means(patches_along(axes), 6)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, rtol=1e-4)
    assert np.abs(found @ axes.T).max(axis=0).min() > 0.97


def test_the_autoencoder_learns_to_rebuild_patches_from_few_codings():
    axes = np.linalg.qr(np.random.default_rng(3).normal(size=(6, 6)))[0][:3]
    patches = patches_along(axes)

    def error(D):
        a = patches @ D.T
        return np.mean((np.sign(a) * np.maximum(np.abs(a) - 0.5, 0) @ D - patches) ** 2)

    noise = pretraining_patches.unit(np.random.default_rng(0).normal(size=(6, 6)))
    learned = pretraining_patches.patch_autoencoder(patches, 6)
    np.testing.assert_allclose(np.linalg.norm(learned, axis=1), 1, rtol=1e-4)
    assert error(learned) < 0.3 * error(noise)


def test_an_unknown_kind_is_told(images):
    with pytest.raises(ValueError, match="k-means"):
        pretraining_patches.learn(images, 5, kind="magic")
