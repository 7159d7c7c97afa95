"""Two equal bumps that part: what KL, Jensen–Shannon and the earth mover's distance say of it, and their slopes.

    at(0.5, "Gaussian")      → Distances(kl=…, js=…, earth=…)
    slopes(0.5, "Gaussian")  → the same for the derivatives by the shift: what a generator would feel

NumPy only. The shift θ moves the second bump to the right; the first stays at 0.
Source: Arjovsky, Chintala and Bottou, 2017, arXiv 1701.07875, example 1.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from helpers.gans.vanilla import theory as gan_theory

SHAPES = ("hill with edges", "Gaussian")
SPREAD = 0.4  # standard deviation of the Gaussian
EDGES = gan_theory.line(-4, 8, 2400)
MOST = 4.0  # shifts go from 0 to here


class Distances(NamedTuple):
    """kl: KL(real ‖ fake) in nats, may be infinite.   js: in nats, 0 to log 2.   earth: in the unit of the line."""

    kl: float
    js: float
    earth: float


def density(x, shape: str, shift: float = 0.0) -> np.ndarray:
    """The bump's density at x: a hill on [−1, 1] that is 0 outside, or a Gaussian that is 0 nowhere."""
    x = np.asarray(x, dtype=float) - shift
    if shape == "Gaussian":
        return np.exp(-0.5 * (x / SPREAD) ** 2) / (SPREAD * np.sqrt(2 * np.pi))
    return np.where(np.abs(x) < 1, (1 + np.cos(np.pi * np.clip(x, -1, 1))) / 2, 0.0)


def cells(shape: str, shift: float = 0.0) -> np.ndarray:
    """Probabilities of the cells between EDGES; no random number is used."""
    if shape == "Gaussian":
        return gan_theory.normal_cells(EDGES, [shift], [SPREAD])
    if shape != SHAPES[0]:
        raise ValueError(f"There is no bump {shape!r}. There are: {', '.join(SHAPES)}.")
    x = np.clip(EDGES - shift, -1, 1)
    return np.maximum(np.diff((1 + x + np.sin(np.pi * x) / np.pi) / 2), 0.0)  # rounding goes below 0


def at(shift: float, shape: str) -> Distances:
    """The three distances between the bump at 0 and the same bump at `shift`."""
    p, q = cells(shape), cells(shape, shift)
    # in its closed form; with edges, real numbers turn up where the fake's density is 0
    kl = shift**2 / (2 * SPREAD**2) if shape == "Gaussian" else (np.inf if shift else 0.0)
    width = EDGES[1] - EDGES[0]
    # the earth that must cross each edge, times the way to the next one
    earth = float(np.abs(np.cumsum(p - q)).sum() * width)
    return Distances(float(kl), gan_theory.js(p, q), earth)


def slopes(shift: float, shape: str, tiny: float = 0.01) -> Distances:
    """Derivatives of the three by the shift, by differences over `tiny` on each side; NaN where a value is infinite."""
    low, high = max(shift - tiny, 0.0), shift + tiny
    pairs = zip(at(low, shape), at(high, shape), strict=True)
    return Distances(*((b - a) / (high - low) if np.isfinite([a, b]).all() else float("nan") for a, b in pairs))
