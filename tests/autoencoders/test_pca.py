"""helpers.autoencoders.pca.components against scikit-learn, SciPy and slow loops, and its errors."""

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
from helpers.autoencoders.pca.linear import LinearAutoencoder, TrainedOnCovariance, fit_covariance, loss_from_covariance
from helpers.backend import keras, tf
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


# --- linear autoencoder


D_PIXELS, K = 12, 3


@pytest.fixture(scope="module")
def X():
    rng = np.random.default_rng(3)
    scales = np.array([5, 4, 3, 1.5, 1, 0.8, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1])
    X = rng.normal(size=(400, D_PIXELS)) * scales @ np.linalg.qr(rng.normal(size=(D_PIXELS, D_PIXELS)))[0]
    return X - X.mean(axis=0)


def kernels(model):
    return [layer.get_weights()[0].astype(np.float64) for layer in (model.encoder, model.decoder)]


def trained(X, loss=loss_from_covariance, seed=1, steps=1000):
    keras.utils.set_random_seed(seed)
    model = TrainedOnCovariance(D_PIXELS, K, loss)
    return model, fit_covariance(model, covariance(X)[1], steps=steps)


def random_weights(rng):
    return rng.normal(size=(D_PIXELS, K)).astype("float32"), rng.normal(size=(K, D_PIXELS)).astype("float32")


def test_loss_and_gradient_are_those_of_the_images(X):
    E, D = (tf.Variable(w) for w in random_weights(np.random.default_rng(1)))
    images = tf.constant(X, tf.float32)
    with tf.GradientTape(persistent=True) as tape:
        short = loss_from_covariance(E, D, tf.constant(covariance(X)[1], tf.float32))
        long = tf.reduce_mean((images - images @ E @ D) ** 2)
    assert float(short) == pytest.approx(float(long), rel=1e-4)
    for weights in (E, D):
        np.testing.assert_allclose(tape.gradient(short, weights), tape.gradient(long, weights), rtol=1e-3, atol=1e-3)


def test_it_finds_pcas_subspace_and_not_its_axes(X):
    model, history = trained(X)
    (E, D), (_, W) = kernels(model), pca(X, K)
    best = np.mean((X - X @ W.T @ W) ** 2)
    assert principal_angles(D, W)[-1] < 0.1
    assert np.mean((X - X @ E @ D) ** 2) == pytest.approx(best, rel=1e-5)
    assert history.history["mse"][-1] == pytest.approx(best, rel=1e-4)  # and not Keras' own tracker, which stays 0
    assert history.history["mse"][0] > 1.01 * best
    unit = D / np.linalg.norm(D, axis=1, keepdims=True)
    assert np.abs(np.sum(unit * W, axis=1)).min() < 0.99
    assert np.abs(np.sum(recover_components(D, X @ E) * W, axis=1)).min() > 0.9999
    assert all(not np.any(layer.get_weights()[1]) for layer in (model.encoder, model.decoder))


def test_a_loss_of_the_decoder_alone_ties_the_weights_and_makes_the_rows_orthonormal(X):
    model, _ = trained(X, lambda E, D, C: loss_from_covariance(tf.transpose(D), D, C))
    (E, D), W = kernels(model), pca(X, K)[1]
    np.testing.assert_allclose(D @ D.T, np.eye(K), atol=1e-3)
    assert principal_angles(D, W)[-1] < 0.1
    assert not np.any(E)  # it had no part in the loss


def test_the_plain_model_is_affine_and_trains_with_fit(X):
    keras.utils.set_random_seed(1)
    model = LinearAutoencoder(D_PIXELS, K)
    model.compile(loss="mse", optimizer=keras.optimizers.Adam(1e-2))
    history = model.fit(X.astype("float32"), X.astype("float32"), epochs=3, verbose=0)
    assert history.history["loss"][-1] < history.history["loss"][0]
    (E, b), (D, c) = model.encoder.get_weights(), model.decoder.get_weights()
    x = X[:4].astype("float32")
    np.testing.assert_allclose(model(x), (x @ E + b) @ D + c, atol=1e-4)


@pytest.mark.parametrize("C, steps, words", [(np.ones((3, 4)), 50, "square"), (np.eye(D_PIXELS), 0, "steps=0")])
def test_linear_autoencoder_errors_say_what_is_wrong(C, steps, words):
    with pytest.raises(ValueError, match=words):
        fit_covariance(TrainedOnCovariance(D_PIXELS, K), C, steps=steps)
