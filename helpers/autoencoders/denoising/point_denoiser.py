"""A small network that moves noisy points in the plane back to where they came from, at every noise level at once.

With little noise the answer is nearly the noisy point itself, with much noise nearly the mean of the data. The network
only supplies what lies between: r(x) = x / (1 + sigma²) + sigma / sqrt(1 + sigma²) · F(x, sigma), for data about 0 that
spread by about 1. Source of this form: Karras et al., 2022, arXiv 2206.00364.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from helpers.autoencoders.autoencoder import run_in_batches
from helpers.backend import keras
from helpers.optimizers import build_optimizer
from helpers.training.schedules import WarmupCosine


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
