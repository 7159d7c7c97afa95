"""Points in the plane whose density is known: what a GAN can be watched on, step by step."""

from __future__ import annotations

import numpy as np

RADIUS, SPREAD = 2.0, 0.1  # of the ring of Gaussians: the circle of the centres, the deviation of each hill


def ring_centres(modes: int = 8, radius: float = RADIUS) -> np.ndarray:
    """Centres (modes, 2) evenly spaced on a circle; the first lies on the positive x axis."""
    angles = 2 * np.pi * np.arange(modes) / modes
    return radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)


def ring(
    n: int, rng: np.random.Generator, modes: int = 8, radius: float = RADIUS, spread: float = SPREAD
) -> np.ndarray:
    """n points (n, 2), float32, from equally likely round Gaussians on a circle.

    The ring of eight is the usual test of mode collapse (Metz et al., 2017, arXiv 1611.02163).
    """
    centres = ring_centres(modes, radius)[rng.integers(modes, size=n)]
    return (centres + spread * rng.normal(size=(n, 2))).astype(np.float32)


def moons(n: int, rng: np.random.Generator, spread: float = 0.1) -> np.ndarray:
    """n points (n, 2), float32, on two half circles that reach into each other, with Gaussian noise."""
    angle, second = np.pi * rng.random(n), rng.random(n) < 0.5
    x = np.where(second, 1 - np.cos(angle), np.cos(angle)) - 0.5
    y = np.where(second, 0.5 - np.sin(angle), np.sin(angle)) - 0.25
    return (1.5 * np.stack([x, y], axis=1) + spread * rng.normal(size=(n, 2))).astype(np.float32)


def spiral(n: int, rng: np.random.Generator, turns: float = 1.5, spread: float = 0.05) -> np.ndarray:
    """n points (n, 2), float32, on one arm of a spiral that ends at radius 2, with Gaussian noise."""
    share = np.sqrt(rng.random(n))
    angle = 2 * np.pi * turns * share
    points = 2 * share[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return (points + spread * rng.normal(size=(n, 2))).astype(np.float32)


def mode_coverage(points, centres, spread: float = SPREAD, reach: float = 3.0, least: float = 0.01):
    """(modes covered, share of good points) of points (n, 2) drawn by a generator.

    A point is good when it lies within `reach` deviations of its nearest centre. A mode counts as covered when
    at least the share `least` of all points are good ones of that mode.
    Points that are not finite are bad ones. Raises ValueError when there is no point.
    """
    points, centres = np.asarray(points, dtype=float), np.asarray(centres, dtype=float)
    if not len(points):
        raise ValueError("mode_coverage needs at least one point.")
    distances = np.linalg.norm(points[:, None] - centres, axis=2)
    distances = np.where(np.isfinite(distances), distances, np.inf)
    nearest, good = distances.argmin(axis=1), distances.min(axis=1) <= reach * spread
    counts = np.bincount(nearest[good], minlength=len(centres))
    return int(np.sum(counts >= max(1, least * len(points)))), float(good.mean())
