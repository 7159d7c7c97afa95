"""The score of a density in the plane, exact and learned by a denoiser, and walks along it.

The score of a density p is the gradient of log p(x): an arrow at every point x, towards where points are likelier.
For data with Gaussian noise of standard deviation sigma, whose density is p_sigma, the best denoiser r (least squared
error) knows it: r(x) = E[clean | x] = x + sigma² · score(x). So score(x) = (r(x) - x) / sigma².
Sources: Robbins, 1956, and Miyasawa, 1961 (the identity); Efron, 2011, who names it Tweedie's formula; Vincent, 2011,
Neural Computation 23; Alain and Bengio, 2014, arXiv 1211.4246.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp

from helpers.autoencoders.autoencoder import run_in_batches
from helpers.backend import build_optimizer, keras
from helpers.training.schedules import WarmupCosine


@dataclass(frozen=True)
class Hills:
    """A density in the plane with an exact score at every noise level: equal round Gaussians, each as likely.

    centres: (m, 2). spread: standard deviation of each hill, at least 0 (0: the centres themselves are the data).
    """

    centres: np.ndarray
    spread: float

    def draw(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """n points (n, 2), float32."""
        centres = self.centres[rng.integers(len(self.centres), size=n)]
        return (centres + self.spread * rng.standard_normal((n, 2))).astype(np.float32)

    def log_density(self, x: np.ndarray, sigma: float = 0.0) -> np.ndarray:
        """log p_sigma at points x (n, 2), in nats: (n,). Noise makes each hill wider: spread² + sigma²."""
        variance = self._variance(sigma)
        return logsumexp(self._exponents(x, variance), axis=1) - np.log(2 * np.pi * variance * len(self.centres))

    def score(self, x: np.ndarray, sigma: float = 0.0) -> np.ndarray:
        """Gradient of log p_sigma at points x (n, 2): (n, 2), from the closed form."""
        return (self._mean_centre(x, sigma) - x) / self._variance(sigma)

    def denoise(self, x: np.ndarray, sigma: float) -> np.ndarray:
        """E[clean point | noisy point x], (n, 2): no denoiser has a smaller mean squared error."""
        share = self.spread**2 / self._variance(sigma)  # within a hill, so much of the way stays
        centre = self._mean_centre(x, sigma)
        return centre + share * (x - centre)

    def _variance(self, sigma: float) -> float:
        variance = self.spread**2 + float(sigma) ** 2
        if not variance > 0:
            raise ValueError("Without spread and without noise there is no density, only points: give sigma > 0.")
        return variance

    def _exponents(self, x, variance):
        return -np.sum((np.asarray(x, dtype=float)[:, None] - self.centres) ** 2, axis=2) / (2 * variance)

    def _mean_centre(self, x, sigma):
        """The mean of the centres, each weighted with the probability that x came from its hill."""
        exponents = self._exponents(x, self._variance(sigma))
        return np.exp(exponents - logsumexp(exponents, axis=1, keepdims=True)) @ self.centres


def spiral(hills: int = 100, turns: float = 1.35, spread: float = 0.08) -> Hills:
    """Hills closely along one arm of a spiral that ends at radius 2."""
    angle = 2 * np.pi * turns * np.sqrt(np.linspace(0.04, 1, hills))
    radius = 2 * angle / angle[-1]
    return Hills(np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1), spread)


def score_from_denoiser(denoise: Callable, x: np.ndarray, sigma: float) -> np.ndarray:
    """The score of the noisy density at points x (n, d), from a denoiser for Gaussian noise: (n, d).

    denoise: points (n, d) -> points (n, d). sigma: the standard deviation of the noise that it was made for.
    Exact for the best denoiser; the error of another one is divided by sigma². Raises ValueError for sigma <= 0.
    """
    if not sigma > 0:
        raise ValueError(f"sigma must be above 0, got {sigma!r}.")
    x = np.asarray(x)
    return (np.asarray(denoise(x)) - x) / sigma**2


def walk(score: Callable, x: np.ndarray, step: float, steps: int, rng: np.random.Generator | None = None) -> np.ndarray:
    """Points that follow the score: (steps + 1, n, d), the first row being the start x (n, d).

    score: points -> arrows. One move is x + step · score(x), uphill in log p. With `rng` it is Langevin dynamics:
    each move also adds Gaussian noise of variance 2 · step, and the points end up distributed as p (for small steps).
    Source: Welling and Teh, 2011, ICML (Langevin dynamics as a sampler for learning).
    """
    path = [np.asarray(x, dtype=float)]
    for _ in range(steps):
        here = path[-1] + step * np.asarray(score(path[-1]))
        path.append(here if rng is None else here + np.sqrt(2 * step) * rng.standard_normal(here.shape))
    return np.stack(path)


def descend(denoise: Callable, x: np.ndarray, sigmas: Sequence[float]) -> np.ndarray:
    """From pure noise to data: points (len(sigmas) + 1, n, d) on their way down the noise levels.

    denoise(x, sigma): a denoiser for every level. x: (n, d), drawn with noise of the first, largest level.
    sigmas: falling, above 0. At each level a point goes so far towards what the denoiser sees there that the noise left
    is that of the next level; at the end all the way. There is no chance in it: the same start gives the same end.
    Source: Song et al., 2021, arXiv 2010.02502 (there for images).
    Raises ValueError when the levels do not fall.
    """
    levels = [*map(float, sigmas), 0.0]
    if len(levels) < 2 or any(high <= low for high, low in zip(levels, levels[1:])):  # noqa: B905
        raise ValueError(f"sigmas must fall and lie above 0, got {list(sigmas)}.")
    path = [np.asarray(x, dtype=float)]
    for high, low in zip(levels, levels[1:]):  # noqa: B905
        clean = np.asarray(denoise(path[-1], high))
        path.append(clean + low / high * (path[-1] - clean))
    return np.stack(path)


class PointDenoiser:
    """A denoiser for points, trained on pairs (noisy, clean): call it as denoise(x, sigma).

    units: of each of the three hidden layers. seed: of the weights and of all draws of the training.
    """

    def __init__(self, units: int = 128, seed: int = 0):
        keras.utils.set_random_seed(seed)
        hidden = [keras.layers.Dense(units, activation="silu") for _ in range(3)]
        self.model = keras.Sequential([keras.Input((3,)), *hidden, keras.layers.Dense(2)], name="point_denoiser")
        self.rng = np.random.default_rng(seed)

    def fit(self, draw: Callable, low: float, high: float, steps: int, batch_size: int = 512, peak=8e-3) -> float:
        """Train on fresh pairs only, no point and no noise twice; returns the mean loss.

        draw(n, rng): clean points (n, 2). low, high: the range of sigma, drawn evenly on a logarithmic scale.
        """
        n = steps * batch_size
        clean = draw(n, self.rng).astype(np.float32)
        sigma = np.exp(self.rng.uniform(np.log(low), np.log(high), (n, 1))).astype(np.float32)
        noisy = clean + sigma * self.rng.standard_normal((n, 2), dtype=np.float32)
        # What F should answer, and with equal weight for every level: a squared error of r counts by its own size
        target = (clean - noisy / (1 + sigma**2)) * np.sqrt(1 + sigma**2) / sigma
        rate = WarmupCosine(peak, steps)
        self.model.compile(loss="mse", optimizer=keras.optimizers.Adam(rate, beta_2=0.99))
        build_optimizer(self.model)
        past = self.model.fit(_inputs(noisy, sigma), target, batch_size=batch_size, shuffle=False, verbose=0)
        return float(past.history["loss"][-1])

    def __call__(self, x: np.ndarray, sigma: float) -> np.ndarray:
        """The network's guess of the clean points, (n, 2), for noisy points x (n, 2) at this level."""
        x = np.asarray(x, dtype=np.float32)
        F = run_in_batches(self.model, _inputs(x, np.full((len(x), 1), sigma, np.float32)), 4096)
        return x / (1 + sigma**2) + sigma / np.sqrt(1 + sigma**2) * F


def _inputs(x, sigma):
    """What the network sees: the point at a scale that does not grow with the noise, and log sigma."""
    return np.concatenate([x / np.sqrt(1 + sigma**2), np.log(sigma)], axis=1)
