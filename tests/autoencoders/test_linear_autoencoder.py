"""helpers.autoencoders.pca.linear: the loss from the covariance against the images, and training against PCA."""

import numpy as np
import pytest

from helpers.autoencoders.pca.components import covariance, pca, principal_angles, recover_components
from helpers.autoencoders.pca.linear import (
    LinearAutoencoder,
    TrainedOnCovariance,
    fit_covariance,
    loss_from_covariance,
    nested_loss,
    tied_loss,
)
from helpers.backend import keras, tf

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


def test_nested_loss_is_the_mean_over_truncations(X):
    E, D = random_weights(np.random.default_rng(2))
    C = tf.constant(covariance(X)[1], tf.float32)
    one_by_one = [np.mean((X - X @ E[:, :j] @ D[:j]) ** 2) for j in (1, 2, 3)]
    assert float(nested_loss(E, D, C, [1, 2 / 3, 1 / 3])) == pytest.approx(np.mean(one_by_one), rel=1e-4)
    assert float(nested_loss(E, D, C, [1, 1, 1])) == pytest.approx(one_by_one[-1], rel=1e-4)


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


def test_nested_dropout_finds_the_axes_too(X):
    model, _ = trained(X, lambda E, D, C: nested_loss(E, D, C, [1, 2 / 3, 1 / 3]))
    D, W = kernels(model)[1], pca(X, K)[1]
    unit = D / np.linalg.norm(D, axis=1, keepdims=True)
    np.testing.assert_allclose(np.abs(unit @ W.T), np.eye(K), atol=1e-2)


def test_tying_makes_the_rows_orthonormal(X):
    model, _ = trained(X, tied_loss)
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
def test_errors_say_what_is_wrong(C, steps, words):
    with pytest.raises(ValueError, match=words):
        fit_covariance(TrainedOnCovariance(D_PIXELS, K), C, steps=steps)
