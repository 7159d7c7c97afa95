"""helpers.pca against scikit-learn, SciPy and slow loops, and its errors."""

import numpy as np
import pytest
from scipy.linalg import subspace_angles
from sklearn.decomposition import PCA

from helpers.autoencoders.pca.components import (
    covariance,
    errors_from_singular_values,
    overlap,
    pca,
    principal_angles,
    recover_components,
)
from helpers.data import dataset
from helpers.metrics import reconstruction


@pytest.fixture
def rng():
    return np.random.default_rng(5)


def cloud(rng, n=60, d=8):
    return rng.normal(size=(n, d)) * 2.0 ** -np.arange(d) @ np.linalg.qr(rng.normal(size=(d, d)))[0] + 4.0


@pytest.mark.parametrize("shape", [(60, 8), (5, 8)])
def test_pca_is_scikit_learns_up_to_sign(rng, shape):
    X, k = cloud(rng, *shape), 3
    mean, components = pca(X, k)
    known = PCA(k, svd_solver="full").fit(X)
    np.testing.assert_allclose(mean, known.mean_)
    np.testing.assert_allclose(np.abs(np.sum(components * known.components_, axis=1)), 1.0, atol=1e-10)
    np.testing.assert_allclose(components @ components.T, np.eye(k), atol=1e-10)


@pytest.mark.parametrize("shape", [(60, 8), (5, 8)])
def test_discarded_eigenvalues_are_the_error(rng, shape):
    X = cloud(rng, *shape)
    s = np.linalg.svd(X - X.mean(axis=0), compute_uv=False)
    errors = errors_from_singular_values(s, *X.shape)
    slow = [reconstruction.pca_reconstruction_mse(X, X, k) for k in range(min(X.shape[0] - 1, X.shape[1]) + 1)]
    np.testing.assert_allclose(errors[: len(slow)], slow, rtol=1e-8, atol=1e-12)
    assert len(errors) == len(s) + 1 and errors[-1] == 0


def test_error_on_real_images_agrees_to_a_millionth():
    X = dataset.flatten(dataset.load("fashion_mnist", source="shipped", quiet=True).X_train[:1500]).astype(np.float64)
    mean, components = pca(X, 30)
    s = np.linalg.svd(X - mean, compute_uv=False)
    left = (X - mean) - (X - mean) @ components.T @ components
    assert np.mean(left**2) == pytest.approx(errors_from_singular_values(s, *X.shape)[30], rel=1e-6)


def test_covariance_is_numpys(rng):
    X = cloud(rng)
    mean, C = covariance(X)
    np.testing.assert_allclose(mean, X.mean(axis=0))
    np.testing.assert_allclose(C, np.cov(X.T, bias=True), atol=1e-12)


def test_principal_angles_are_scipys(rng):
    A, B = rng.normal(size=(2, 3, 9))
    np.testing.assert_allclose(principal_angles(A, B), np.degrees(subspace_angles(A.T, B.T))[::-1], atol=1e-5)


def test_a_known_angle():
    turned = np.cos(np.radians(20)) * np.eye(5)[1] + np.sin(np.radians(20)) * np.eye(5)[3]
    angles = principal_angles(np.eye(5)[:2], np.stack([np.eye(5)[0], turned]))
    np.testing.assert_allclose(angles, [0, 20], atol=1e-5)


def test_mixing_changes_neither_angles_nor_overlap(rng):
    A, B = rng.normal(size=(2, 3, 9))
    for _ in range(50):  # rounding pushes some cosines above 1, which must not become NaN
        mixing = rng.normal(size=(3, 3)) + 3 * np.eye(3)
        np.testing.assert_allclose(principal_angles(A, mixing @ A), 0, atol=1e-4)
        assert overlap(mixing @ A, B) == pytest.approx(overlap(A, B))
    assert overlap(A, A) == pytest.approx(1) and overlap(np.eye(4)[:2], np.eye(4)[2:]) == pytest.approx(0)
    assert overlap(A, B) == pytest.approx(np.mean(np.cos(np.radians(principal_angles(A, B))) ** 2))


def test_components_come_back_from_any_mixture(rng):
    X, k = cloud(rng), 3
    mean, W = pca(X, k)
    mixing = rng.normal(size=(k, k)) + 2 * np.eye(k)
    Z = (X - mean) @ W.T @ np.linalg.inv(mixing) + rng.normal(size=k)
    found = recover_components(mixing @ W, Z)
    np.testing.assert_allclose(np.abs(np.sum(found * W, axis=1)), 1, atol=1e-9)
    assert np.abs(np.sum((mixing @ W)[0] * W[0])) / np.linalg.norm((mixing @ W)[0]) < 0.999  # the rows are not


@pytest.mark.parametrize("call, words", [
    (lambda X: pca(X, 0), "between 1 and 4"),
    (lambda X: pca(X, 5), "between 1 and 4"),
    (lambda X: pca(X[0], 1), "two axes"),
    (lambda X: principal_angles(X, X[:2]), "one shape"),
    (lambda X: overlap(X[:2], X), "one shape"),
    (lambda X: recover_components(X, np.ones((7, 3))), "3 codings"),
])  # fmt: skip
def test_errors_say_what_is_wrong(call, words):
    with pytest.raises(ValueError, match=words):
        call(np.eye(4))
