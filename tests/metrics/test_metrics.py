"""The yardstick, each figure against another way to compute it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import logsumexp

from helpers.metrics import probes, reconstruction

RNG = np.random.default_rng(0)
CLOUD = RNG.normal(size=(60, 12)) * np.linspace(3, 0.1, 12) + RNG.normal(size=12)
FRESH = RNG.normal(size=(25, 12)) * np.linspace(3, 0.1, 12)


def blobs(n, apart, seed):
    """Three classes in five dimensions, `apart` standard deviations from each other, in very unequal units."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 3, n)
    Z = rng.normal(size=(n, 5)) + apart * np.eye(3, 5)[y]
    return Z * [1, 1e3, 1e-3, 50, 1], y


# ---------------------------------------------------------------- reconstruction error


def test_mse_by_hand():
    assert reconstruction.mse([[0, 1], [2, 3]], [[0, 0], [0, 0]]) == pytest.approx(14 / 4)
    assert reconstruction.mse(CLOUD, CLOUD) == 0
    assert isinstance(reconstruction.mse(CLOUD, CLOUD), float)


def test_mse_sees_every_row_of_many():
    X = np.zeros((10_000, 3), np.float32)
    X[4095], X[4096], X[-1] = 1, 2, 3
    assert reconstruction.mse(X, np.zeros_like(X)) == pytest.approx((1 + 4 + 9) / 10_000)


def test_mse_does_not_lose_digits_or_wrap_around():
    assert reconstruction.mse(np.zeros((3, 2), np.uint8), np.full((3, 2), 255, np.uint8)) == 255**2
    X = np.full((5000, 784), 1e-3, np.float32)
    assert reconstruction.mse(X, np.zeros_like(X)) == pytest.approx(float(np.float32(1e-3)) ** 2, rel=1e-12)


@pytest.mark.parametrize("shape", [(6, 24), (6, 4, 6), (6, 4, 6, 1), (6, 1, 4, 6)])
def test_mse_takes_flat_images_and_a_channel_axis(shape):
    X, R = RNG.random((6, 4, 6)), RNG.random((6, 4, 6))
    assert reconstruction.mse(X, R.reshape(shape)) == pytest.approx(np.mean((X - R) ** 2))


@pytest.mark.parametrize("shape", [(6, 6, 4), (5, 24), (6, 23), (1, 4, 6), (4, 6), (24,), (), (6, 4, 6, 2)])
def test_mse_never_broadcasts(shape):
    with pytest.raises(ValueError, match="differ in shape"):
        reconstruction.mse(np.zeros((6, 4, 6)), np.zeros(shape))


def test_mse_of_nothing_is_refused():
    with pytest.raises(ValueError, match="nothing to average"):
        reconstruction.mse(np.zeros((0, 4)), np.zeros((0, 4)))


@pytest.mark.parametrize("rows", [60, 20, 10])  # both solvers, and fewer images than pixels
@pytest.mark.parametrize("k", [0, 1, 5, 9])
def test_pca_error_by_projection_on_singular_vectors(rows, k):
    X = CLOUD[:rows]
    mean = X.mean(axis=0)
    directions = np.linalg.svd(X - mean, full_matrices=False)[2][:k]
    reconstructed = mean + (FRESH - mean) @ directions.T @ directions
    found = reconstruction.pca_reconstruction_mse(X.astype(np.float32), FRESH, k)
    assert found == pytest.approx(np.mean((FRESH - reconstructed) ** 2), rel=1e-4)
    assert isinstance(found, float)


def test_pca_error_of_several_k_and_of_images():
    ks = [10, 2, 0]
    found = reconstruction.pca_reconstruction_mse(CLOUD.reshape(60, 3, 4), FRESH.reshape(25, 3, 4), ks)
    assert found == pytest.approx([reconstruction.pca_reconstruction_mse(CLOUD, FRESH, k) for k in ks])
    assert reconstruction.pca_reconstruction_mse(CLOUD, CLOUD, 12) == pytest.approx(0, abs=1e-20)
    assert reconstruction.pca_reconstruction_mse(CLOUD[:1], CLOUD[:1] + 3, 0) == pytest.approx(9)
    assert reconstruction.pca_reconstruction_mse(CLOUD, FRESH, []) == []


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 11), st.integers(0, 2**31))
def test_no_other_projection_beats_pca_on_its_training_images(k, seed):
    basis = np.linalg.qr(np.random.default_rng(seed).normal(size=(12, k)))[0]
    centred = CLOUD - CLOUD.mean(axis=0)
    assert (
        reconstruction.pca_reconstruction_mse(CLOUD, CLOUD, k)
        <= reconstruction.mse(centred, centred @ basis @ basis.T) + 1e-12
    )


@pytest.mark.parametrize(
    ("k", "message"),
    [(13, "between 0 and 12"), (-1, "between 0 and 12"), (2.5, "whole number"), ([2, True], "whole number")],
)
def test_pca_refuses_impossible_k(k, message):
    with pytest.raises(ValueError, match=message):
        reconstruction.pca_reconstruction_mse(CLOUD, FRESH, k)
    with pytest.raises(ValueError, match="between 0 and 4 for 5 images"):  # a fifth direction would be chance
        reconstruction.pca_reconstruction_mse(CLOUD[:5], FRESH, 5)


def test_pca_refuses_rows_of_another_length():
    with pytest.raises(ValueError, match="a row of X_train has 12 values, of X_valid 11"):
        reconstruction.pca_reconstruction_mse(CLOUD, FRESH[:, 1:], 2)


# ---------------------------------------------------------------- codings


def slow_trustworthiness(X, Z, k):
    """Venna and Kaski's definition, point by point."""
    n, penalty = len(X), 0
    for i in range(n):
        order = [j for j in np.argsort(np.linalg.norm(X - X[i], axis=1)) if j != i]
        near = [j for j in np.argsort(np.linalg.norm(Z - Z[i], axis=1)) if j != i][:k]
        penalty += sum(max(0, order.index(j) + 1 - k) for j in near)
    return 1 - 2 / (n * k * (2 * n - 3 * k - 1)) * penalty


@pytest.mark.parametrize("k", [1, 4, 12])
def test_trustworthiness_by_its_definition(k):
    Z = CLOUD[:, [0, 5]]
    assert probes.trustworthiness(CLOUD.reshape(60, 4, 3), Z, k) == pytest.approx(slow_trustworthiness(CLOUD, Z, k))
    assert probes.trustworthiness(CLOUD, 7 * CLOUD[:, ::-1], k) == 1


def test_trustworthiness_uses_the_first_points_only():
    Z = RNG.normal(size=(60, 2))
    assert probes.trustworthiness(CLOUD, Z, 3, max_points=30) == probes.trustworthiness(CLOUD[:30], Z[:30], 3)
    assert probes.trustworthiness(CLOUD, Z, 3, max_points=30) != probes.trustworthiness(CLOUD, Z, 3)


@pytest.mark.parametrize("k", [1, 12])
def test_neighbours_accuracy_by_a_slow_vote(k):
    (Z, y), (Z_new, y_new) = blobs(80, 2, 1), blobs(30, 2, 2)
    votes = [np.bincount(y[np.argsort(np.linalg.norm(Z - z, axis=1))[:k]], minlength=3).argmax() for z in Z_new]
    assert probes.knn_accuracy(Z, y, Z_new, y_new, k) == pytest.approx(np.mean(votes == y_new))


def test_linear_probe_by_minimising_its_loss():
    (Z, y), (Z_new, y_new) = blobs(150, 1.5, 3), blobs(400, 1.5, 4)
    mean, spread = Z.mean(axis=0), Z.std(axis=0)
    Z, Z_new = (Z - mean) / spread, (Z_new - mean) / spread

    def loss(flat):
        W, b = flat[:15].reshape(5, 3), flat[15:]
        scores = Z @ W + b
        return np.sum(logsumexp(scores, axis=1) - scores[np.arange(150), y]) + np.sum(W**2) / 2

    best = minimize(loss, np.zeros(18), method="BFGS").x
    predicted = np.argmax(Z_new @ best[:15].reshape(5, 3) + best[15:], axis=1)
    expected = np.mean(predicted == y_new)
    found = probes.linear_probe_accuracy(Z, y, Z_new, y_new)
    assert 0.5 < expected < 0.95
    assert found == pytest.approx(expected, abs=0.006)  # two of 400 on the border


def test_linear_probe_does_not_depend_on_units_and_takes_dead_units():
    (Z, y), (Z_new, y_new) = blobs(150, 3, 5), blobs(200, 3, 6)
    reference = probes.linear_probe_accuracy(Z, y, Z_new, y_new)
    scale = np.array([1e4, 1e-4, 7, 1, 3])
    with_dead = [np.hstack([np.zeros((len(A), 1)), A * scale - 5]).astype(np.float32) for A in (Z, Z_new)]
    assert reference > 0.9
    assert probes.linear_probe_accuracy(with_dead[0], y, with_dead[1], y_new) == pytest.approx(reference, abs=0.006)


def test_linear_probe_is_linear_and_blind_to_noise():
    rng = np.random.default_rng(7)
    ring = rng.normal(size=(400, 2))
    inside = (np.linalg.norm(ring, axis=1) < 1.18).astype(int)
    assert probes.linear_probe_accuracy(ring[:200], inside[:200], ring[200:], inside[200:]) < 0.65
    assert probes.knn_accuracy(ring[:200], inside[:200], ring[200:], inside[200:], 5) > 0.9


def test_linear_probe_trains_on_the_first_points_only():
    (Z, y), (Z_new, y_new) = blobs(200, 1, 8), blobs(500, 1, 9)
    first = probes.linear_probe_accuracy(Z[:20], y[:20], Z_new, y_new)
    assert probes.linear_probe_accuracy(Z, y, Z_new, y_new, max_points=20) == first
    assert probes.linear_probe_accuracy(Z, y, Z_new, y_new) != first


# ---------------------------------------------------------------- what is refused


BAD = np.where(np.arange(60) == 5, np.nan, 0)[:, None] + CLOUD
LABELS = np.arange(60) % 3


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: probes.trustworthiness(CLOUD, CLOUD[1:]), "X has 60 rows and Z has 59"),
        (lambda: probes.trustworthiness(CLOUD, CLOUD, 30), "below half the 60 points"),
        (lambda: probes.trustworthiness(CLOUD, CLOUD, 0), "at least 1"),
        (lambda: probes.trustworthiness(CLOUD, BAD), "Z holds NaN or infinite values"),
        (lambda: probes.knn_accuracy(CLOUD, LABELS, CLOUD, LABELS, 61), "between 1 and 60"),
        (lambda: probes.knn_accuracy(CLOUD, LABELS[1:], CLOUD, LABELS), r"y_train must have the shape \(60,\)"),
        (lambda: probes.knn_accuracy(CLOUD, LABELS, CLOUD, LABELS[:, None]), r"y_valid must have the shape \(60,\)"),
        (lambda: probes.linear_probe_accuracy(BAD, LABELS, CLOUD, LABELS), "Z_train holds NaN"),
        (lambda: probes.linear_probe_accuracy(CLOUD, LABELS, CLOUD[:, 1:], LABELS), "has 12 values, of Z_valid 11"),
        (lambda: probes.linear_probe_accuracy(CLOUD[:, 0], LABELS, CLOUD, LABELS), "Z_train needs two axes"),
        (lambda: reconstruction.pca_reconstruction_mse(np.full((9, 2), np.inf), FRESH[:, :2], 1), "X_train holds NaN"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(call, message):
    with pytest.raises(ValueError, match=message):
        call()
