"""What is measured of a variational autoencoder, on arrays: the parts of its bound, tighter bounds, active units.

The models are those of `vae.model`, or anything with `encoder`, `decoder` and `distance` of that kind.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from keras import ops
from scipy.special import logsumexp

from helpers.autoencoders.autoencoder import run_in_batches

LOG_2PI = float(np.log(2 * np.pi))


def cross_entropy_floor(images: np.ndarray) -> float:
    """The smallest binary cross-entropy per pixel that any reconstruction of these images can have, in nats.

    images: in [0, 1]. It is the mean of −x log x − (1 − x) log(1 − x), reached by a perfect copy: 0 for black
    and white images, about .24 for Fashion-MNIST. Computed in float64.
    """
    x = np.asarray(images, dtype=np.float64).ravel()
    grey = x[(x > 0) & (x < 1)]
    return float(-(grey * np.log(grey) + (1 - grey) * np.log1p(-grey)).sum() / x.size)


def posterior(model, X: np.ndarray, batch_size: int = 1024) -> tuple[np.ndarray, np.ndarray]:
    """(mean, log_var) of the codings of images X, arrays of shape (n, codings), by a VAE's encoder."""
    parts = (model.encoder(X[start : start + batch_size]) for start in range(0, len(X), batch_size))
    both = [[ops.convert_to_numpy(half) for half in part] for part in parts]
    mean, log_var = (np.concatenate(half) for half in zip(*both, strict=True))
    return mean, log_var


def decode(model, Z: np.ndarray, batch_size: int = 1024) -> np.ndarray:
    """The images that codings Z (n, codings) stand for, by a model with a `decoder`."""
    return run_in_batches(model.decoder, np.asarray(Z, dtype=np.float32), batch_size)


def reconstruct(model, X: np.ndarray, batch_size: int = 1024) -> np.ndarray:
    """Images X after the trip through their mean codings, without noise."""
    return decode(model, posterior(model, X, batch_size)[0], batch_size)


def sample_images(model, n: int, seed: int = 0) -> np.ndarray:
    """n new images: codings from the prior N(0, I), drawn from `seed`, through the decoder."""
    return decode(model, np.random.default_rng(seed).normal(size=(n, model.decoder.input_shape[-1])))


def parts(model, X: np.ndarray, seed: int = 0, draws: int = 1) -> tuple[float, float]:
    """(reconstruction, KL) of images X: means over images, in nats, with `draws` codings for each image.

    The reconstruction is measured by the model's own `distance`; the noise comes from `seed`, so that the same
    model gives the same figures twice. Uses the encoder's mean and log-variance and its own arithmetic.
    """
    mean, log_var = (half.astype(np.float64) for half in posterior(model, X))
    rng = np.random.default_rng(seed)
    total = 0.0
    for _ in range(draws):
        Z = mean + np.exp(log_var / 2) * rng.normal(size=mean.shape)
        for start in range(0, len(X), 1024):
            piece = slice(start, start + 1024)
            total += float(ops.sum(model.distance(ops.convert_to_tensor(X[piece]), decode(model, Z[piece]))))
    kl = 0.5 * np.sum(np.exp(log_var) + mean**2 - 1 - log_var, axis=1)
    return total / (draws * len(X)), float(kl.mean())


def kl_of_each_coding(model, X: np.ndarray) -> np.ndarray:
    """What each coding costs: its KL in nats, the mean over images X, an array (codings,). Their sum is the KL."""
    mean, log_var = (half.astype(np.float64) for half in posterior(model, X))
    return 0.5 * np.mean(np.exp(log_var) + mean**2 - 1 - log_var, axis=0)


def importance_weighted_bound(log_likelihood: np.ndarray, log_prior: np.ndarray, log_q: np.ndarray) -> np.ndarray:
    """A lower bound on log p(x), tighter than the ELBO: log of the mean weight of K draws, (n,), in nats.

    log_likelihood = log p(x|z), log_prior = log p(z), log_q = log q(z|x), each (K, n): K codings drawn from q
    for each of n images. With K = 1 its mean is the ELBO; it grows with K and tends to log p(x).
    Source: Burda, Grosse and Salakhutdinov, 2016, arXiv 1509.00519.
    """
    log_w = np.asarray(log_likelihood) + log_prior - log_q
    return logsumexp(log_w, axis=0) - np.log(len(log_w))


def draws_for_bound(model, X: np.ndarray, draws: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(log p(x|z), log p(z), log q(z|x)), each (draws, n), for codings drawn by the model's encoder.

    log p(x|z) is minus the model's distance.
    """
    mean, log_var = (half.astype(np.float64) for half in posterior(model, X))
    rng, found = np.random.default_rng(seed), []
    for _ in range(draws):
        noise = rng.normal(size=mean.shape)
        Z = mean + np.exp(log_var / 2) * noise
        distance = [
            ops.convert_to_numpy(model.distance(ops.convert_to_tensor(X[i : i + 1024]), decode(model, Z[i : i + 1024])))
            for i in range(0, len(X), 1024)
        ]
        log_q = -0.5 * (noise**2 + LOG_2PI + log_var).sum(axis=1)
        found.append((-np.concatenate(distance).astype(np.float64), -0.5 * (Z**2 + LOG_2PI).sum(axis=1), log_q))
    likelihood, prior, q = (np.stack(each) for each in zip(*found, strict=True))
    return likelihood, prior, q


def hidden_beta(pixels: int, codings: int, reconstruction: str, kl: str, weight: float = 1.0) -> float:
    """The β of a loss  reduce(reconstruction over pixels) + weight · reduce(KL over codings), in sums.

    reconstruction, kl: how each part is reduced for one image, "sum" or "mean".
    Raises ValueError for another word.
    """
    for word in (reconstruction, kl):
        if word not in ("sum", "mean"):
            raise ValueError(f"A part is reduced by 'sum' or by 'mean', got {word!r}.")
    return weight * (pixels if reconstruction == "mean" else 1) / (codings if kl == "mean" else 1)


def spread_is_right(sampling: Callable, draws: int = 50_000, tolerance: float = 0.05) -> bool:
    """Whether a sampling layer spreads codings by exp(log_var / 2): measured at five log-variances.

    sampling: called on [mean, log_var], both float32 (draws, 5); gives codings of that shape.
    """
    log_var = np.array([-3.0, -1.0, 0.0, 1.0, np.log(4)], dtype="float32")
    z = ops.convert_to_numpy(sampling([np.zeros((draws, 5), "float32"), np.tile(log_var, (draws, 1))]))
    return bool(np.allclose(z.std(axis=0), np.exp(log_var / 2), rtol=tolerance))
