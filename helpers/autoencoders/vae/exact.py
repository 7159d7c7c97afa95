"""Models small enough that the evidence, the posterior and the ELBO are known exactly: for lesson 10's pictures.

`GridModel` has one coding and one observed number; every integral is a sum over a fine grid. `LinearGaussian`
has as many codings as asked for; every integral has a closed form. NumPy only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp

LOG_2PI = float(np.log(2 * np.pi))


def log_normal(x, mean, std):
    """log N(x; mean, std²), entry by entry."""
    return -0.5 * (((x - mean) / std) ** 2 + LOG_2PI) - np.log(std)


def bend(z):
    """The decoder of the lesson's one-dimensional model: it climbs, and turns back once."""
    return 0.6 * z + 1.5 * np.sin(1.6 * z)


@dataclass(frozen=True)
class GridModel:
    """z ~ N(0, 1), x given z ~ N(decoder(z), std²), with integrals over z as sums over a grid.

    decoder: function of an array of codings. std: of x given z.
    """

    decoder: Callable = bend
    std: float = 0.5
    half_width: float = 8.0
    points: int = 4_001

    @property
    def grid(self) -> np.ndarray:
        return np.linspace(-self.half_width, self.half_width, self.points)

    @property
    def log_step(self) -> float:
        return float(np.log(2 * self.half_width / (self.points - 1)))

    def log_joint(self, x: float, z) -> np.ndarray:
        """log p(x, z) = log p(z) + log p(x|z) for an array of codings z."""
        return log_normal(z, 0.0, 1.0) + log_normal(x, self.decoder(z), self.std)

    def log_evidence(self, x: float) -> float:
        """log p(x), the integral over all codings."""
        return float(logsumexp(self.log_joint(x, self.grid)) + self.log_step)

    def posterior(self, x: float) -> np.ndarray:
        """p(z|x) on the grid."""
        return np.exp(self.log_joint(x, self.grid) - self.log_evidence(x))

    def _average(self, values: np.ndarray, mean: float, log_var: float) -> float:
        """The mean of values on the grid under q = N(mean, exp(log_var))."""
        q = np.exp(log_normal(self.grid, mean, np.exp(log_var / 2)))
        return float(np.sum(q * values) * np.exp(self.log_step))

    def reconstruction(self, x: float, mean: float, log_var: float) -> float:
        """−E_q[log p(x|z)], in nats."""
        return -self._average(log_normal(x, self.decoder(self.grid), self.std), mean, log_var)

    def kl_to_prior(self, mean: float, log_var: float) -> float:
        """KL(q ‖ p(z)), in nats, by the grid."""
        log_q = log_normal(self.grid, mean, np.exp(log_var / 2))
        return self._average(log_q - log_normal(self.grid, 0.0, 1.0), mean, log_var)

    def elbo(self, x: float, mean: float, log_var: float) -> float:
        """−reconstruction − KL to the prior, in nats; at most log p(x)."""
        return -self.reconstruction(x, mean, log_var) - self.kl_to_prior(mean, log_var)

    def kl_to_posterior(self, x: float, mean: float, log_var: float) -> float:
        """KL(q ‖ p(z|x)), in nats, by its definition: nothing of the ELBO goes into it."""
        log_q = log_normal(self.grid, mean, np.exp(log_var / 2))
        log_posterior = self.log_joint(x, self.grid) - self.log_evidence(x)
        return self._average(log_q - log_posterior, mean, log_var)

    def best_gaussian(self, x: float) -> tuple[float, float]:
        """(mean, log_var) of the Gaussian q with the largest ELBO, by a search over a fine table of both."""
        rows = [
            (self.elbo(x, mean, log_var), mean, log_var)
            for mean in np.linspace(-3, 3, 61)
            for log_var in np.linspace(-5, 1, 25)
        ]
        _, mean, log_var = max(rows)
        return float(mean), float(log_var)


class LinearGaussian:
    """z ~ N(0, I) with k codings, x given z ~ N(W z, std² I) with d values: the evidence is a Gaussian, too.

    W is drawn from `seed`; each column has the length `scale`. x: arrays of shape (d,), z: (…, k).
    Source: Tipping and Bishop, 1999 (probabilistic PCA).
    """

    def __init__(self, k: int, d: int = 20, std: float = 0.3, scale: float = 1.5, seed: int = 0):
        if not 1 <= k <= d:
            raise ValueError(f"needs 1 <= k <= d codings for d values, got k={k}, d={d}")
        self.k, self.d, self.std = k, d, float(std)
        axes = np.linalg.qr(np.random.default_rng(seed).normal(size=(d, k)))[0]
        self.W = scale * axes * np.sign(axes[0])  # the signs of a QR decomposition are the library's choice

    def draw(self, rng: np.random.Generator) -> np.ndarray:
        """One x, drawn as the model says: a coding first, then x from it."""
        return self.W @ rng.normal(size=self.k) + self.std * rng.normal(size=self.d)

    def log_evidence(self, x: np.ndarray) -> float:
        """log p(x), exactly."""
        C = self.W @ self.W.T + self.std**2 * np.eye(self.d)
        return float(-0.5 * (x @ np.linalg.solve(C, x) + np.linalg.slogdet(C)[1] + self.d * LOG_2PI))

    def log_prior(self, z: np.ndarray) -> np.ndarray:
        return log_normal(z, 0.0, 1.0).sum(axis=-1)

    def log_likelihood(self, x: np.ndarray, z: np.ndarray) -> np.ndarray:
        """log p(x|z) for each row of z."""
        return log_normal(x, z @ self.W.T, self.std).sum(axis=-1)

    def posterior(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(mean (k,), covariance (k, k)) of p(z|x)."""
        covariance = np.linalg.inv(np.eye(self.k) + self.W.T @ self.W / self.std**2)
        return covariance @ self.W.T @ x / self.std**2, covariance

    def log_evidence_from_prior(self, x: np.ndarray, draws: int, rng: np.random.Generator) -> float:
        """log of the mean of p(x|z) over so many codings drawn from the prior: the plain Monte Carlo estimate."""
        z = rng.normal(size=(draws, self.k))
        return float(logsumexp(self.log_likelihood(x, z)) - np.log(draws))
