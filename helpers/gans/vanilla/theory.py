"""What a GAN's theory says, computed on a fixed grid: the best discriminator, the value, KL and JS divergence.

    x = line(-6, 6, 1200)                                     # edges of 1,200 cells
    p, q = normal_cells(x, [0.0], [1.0]), normal_cells(x, [1.0], [1.5])
    js(p, q), value(p, q, best_discriminator(p, q))           # value = −log 4 + 2 JS

A distribution is an array of probabilities, one for each cell of the grid, of any shape, summing to 1. Between
such arrays everything here is exact. That two distributions are compared cell by cell makes their divergence
smaller than it is between the densities, never larger, and hardly so while cells are small beside what is seen.
NumPy and SciPy only. Source: Goodfellow et al., 2014, arXiv 1406.2661, section 4.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy.special import ndtr, ndtri, rel_entr, xlogy

from helpers.data import points as data_points

LOG4 = float(np.log(4))


# -- two distributions -----------------------------------------------------------------------------------------


def best_discriminator(p, q) -> np.ndarray:
    """p / (p + q), the probability of "real" that no discriminator can better; ½ where neither has any mass.

    p: of real data, q: of the generator; densities or probabilities of cells, equal shapes, none below 0.
    """
    p, q = _pair(p, q)
    both = p + q
    return np.divide(p, both, out=np.full(both.shape, 0.5), where=both > 0)


def value(p, q, discriminator) -> float:
    """E_p[log D] + E_q[log(1 − D)] in nats, what the discriminator maximises and the generator minimises.

    p, q: probabilities of cells. discriminator: D in each cell, from 0 to 1. −∞ for one who is sure and wrong.
    """
    p, q = _pair(p, q)
    d = np.asarray(discriminator, dtype=float)
    if d.shape != p.shape or d.min() < 0 or d.max() > 1:
        raise ValueError(f"The discriminator needs one probability for each of the cells {p.shape}.")
    # A D of exactly 1 may be one that was rounded; within its rounding lies 1 − D = q/(p + q) where q is that small.
    rounded = (d == 1) & (q < 1e-15 * p)
    rest = np.where(rounded, np.divide(q, p, out=np.zeros_like(q), where=rounded), 1 - d)
    return float(xlogy(p, d).sum() + xlogy(q, rest).sum())


def kl(p, q) -> float:
    """KL(p ‖ q) = Σ p log(p/q) in nats; infinite where p has mass and q has none."""
    p, q = _pair(p, q)
    return float(rel_entr(p, q).sum())


def js(p, q) -> float:
    """Jensen–Shannon divergence ½ KL(p ‖ m) + ½ KL(q ‖ m) with m = (p + q)/2, in nats: from 0 to log 2.

    p, q: probabilities of cells that sum to 1. log 2 ≈ .693 means that no cell has mass of both.
    """
    p, q = _pair(p, q)
    both = p + q  # twice the middle; halving it would turn the smallest numbers into 0
    return float(max(0.0, (rel_entr(2 * p, both).sum() + rel_entr(2 * q, both).sum()) / 4))


def _pair(p, q) -> tuple[np.ndarray, np.ndarray]:
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    if p.shape != q.shape or not p.size:
        raise ValueError(f"p and q must lie on one grid, got shapes {p.shape} and {q.shape}.")
    if not (np.isfinite(p).all() and np.isfinite(q).all()) or min(p.min(), q.min()) < 0:
        raise ValueError("p and q must be finite and none below 0.")
    return p, q


# -- probabilities of cells, without a random number -------------------------------------------------------------


def line(low: float, high: float, cells: int) -> np.ndarray:
    """The edges (cells + 1,) of equal cells from low to high."""
    return np.linspace(low, high, cells + 1)


def middles(edges) -> np.ndarray:
    """The middle of each cell."""
    return (edges[1:] + edges[:-1]) / 2


def normal_cells(edges, means: Sequence[float], stds: Sequence[float], weights=None) -> np.ndarray:
    """Probabilities of cells (n,) under a mixture of Gaussians on a line; what lies outside joins the end cells.

    weights: of the Gaussians, default equal.
    """
    weights = np.full(len(means), 1 / len(means)) if weights is None else np.asarray(weights) / np.sum(weights)
    return sum(w * _normal(edges, m, s) for w, m, s in zip(weights, means, stds, strict=True))


def _normal(edges, mean, std) -> np.ndarray:
    """Cells under one Gaussian, each from its own side, so that both tails keep their small numbers."""
    t = (np.asarray(edges, dtype=float) - mean) / std
    t[0], t[-1] = -np.inf, np.inf
    left, right = t[:-1], t[1:]
    return np.where(left > 0, ndtr(-left) - ndtr(-right), ndtr(right) - ndtr(left))


def pushed_forward(generator: Callable, edges, points: int = 4001) -> np.ndarray:
    """Probabilities of cells (n,) under G(z), z ~ N(0, 1), for any G from numbers to numbers.

    generator: (n,) → (n,). The line of codings is cut into `points` − 1 parts of equal probability, and G is taken
    to be straight within each: a part's probability is then spread evenly from G(one end) to G(other end). No
    random number is used; the result is exact for the broken line, which a network of ReLU nearly is.
    """
    share = (np.arange(points) + 0.5) / points
    ends = np.asarray(generator(ndtri(share)), dtype=float).ravel()
    if ends.shape != (points,) or not np.isfinite(ends).all():
        raise ValueError(f"The generator must give {points} finite numbers for as many codings, got {ends.shape}.")
    low, high = np.minimum(ends[1:], ends[:-1]), np.maximum(ends[1:], ends[:-1])
    width = np.maximum(high - low, 1e-9)  # a flat part is a point; it goes to the cell it lies in
    below = np.clip((np.asarray(edges)[:, None] - low) / width, 0, 1).mean(axis=1)
    return _differences(below)


def _differences(below: np.ndarray) -> np.ndarray:
    """Probabilities of cells from the probability below each edge; the tails join the end cells."""
    below = np.array(below, dtype=float)
    below[0], below[-1] = 0.0, 1.0
    return np.maximum(np.diff(below), 0.0)


# -- in the plane ------------------------------------------------------------------------------------------------


def plane_cells(points: np.ndarray, edges) -> np.ndarray:
    """Share of points (n, 2) in each cell of a square grid, (cells, cells): [i, j] is column i, row j.

    edges: of `line`, for both axes. Points outside join the cells at the border, so that no mass is lost.
    """
    points = np.asarray(points)
    if points.ndim != 2 or points.shape[1] != 2 or not len(points) or not np.isfinite(points).all():
        raise ValueError(f"plane_cells needs finite points (n, 2), got {points.shape}.")
    cells, low, step = len(edges) - 1, edges[0], edges[1] - edges[0]
    column, row = np.clip(np.floor((points.T - low) / step), 0, cells - 1).astype(np.intp)
    return np.bincount(column * cells + row, minlength=cells * cells).reshape(cells, cells) / len(points)


NODES, REFINED = 200, 4  # codings on each side of the lattice; parts into which each of its steps is cut


def lattice(side: int = NODES) -> np.ndarray:
    """side² codings (side², 2), float32, evenly spread under N(0, I): one for each of as many equal parts."""
    once = ndtri((np.arange(side) + 0.5) / side)
    return np.stack(np.meshgrid(once, once, indexing="ij"), axis=-1).reshape(-1, 2).astype(np.float32)


def pushed_to_plane(generator: Callable, edges, side: int = NODES, times: int = REFINED) -> np.ndarray:
    """Probabilities of the cells (cells, cells) under G(z), z ~ N(0, I) in the plane, for any G.

    generator: (n, 2) → (n, 2). G is computed at the lattice of side² codings and taken to be bilinear between
    neighbours, so that (side · times)² evenly spread points can be counted: no random number is used. Counting
    leaves an error: against the exact cells of a Gaussian, side .1, it has a JS divergence of about .002 nats.
    """
    made = np.asarray(generator(lattice(side)), dtype=np.float32).reshape(side, side, 2)
    for axis in (0, 1):
        made = _refined(np.moveaxis(made, axis, 0), times)
        made = np.moveaxis(made, 0, axis)
    return plane_cells(made.reshape(-1, 2), edges)


def _refined(made: np.ndarray, times: int) -> np.ndarray:
    """Values (n, …) at n evenly spread places → (n · times, …), in straight lines between and beyond them."""
    n = len(made)
    places = (np.arange(n * times) + 0.5) / times - 0.5
    left = np.clip(np.floor(places), 0, n - 2).astype(np.intp)
    share = (places - left).astype(np.float32).reshape(-1, *[1] * (made.ndim - 1))
    return (1 - share) * made[left] + share * made[left + 1]


def ring_cells(edges) -> np.ndarray:
    """Probabilities of the cells (cells, cells) under `toy_data.ring()`, a product of normal ones for each hill."""
    return _blurred(data_points.ring_centres(), data_points.SPREAD, edges)


def moons_cells(edges, spread: float = 0.1) -> np.ndarray:
    """Probabilities of the cells (cells, cells) under `data.points.moons`."""
    angle = np.pi * (np.arange(600) + 0.5) / 600
    upper = np.stack([np.cos(angle) - 0.5, np.sin(angle) - 0.25], axis=1)
    lower = np.stack([0.5 - np.cos(angle), 0.25 - np.sin(angle)], axis=1)
    return _blurred(1.5 * np.concatenate([upper, lower]), spread, edges)


def spiral_cells(edges, turns: float = 1.5, spread: float = 0.05) -> np.ndarray:
    """Probabilities of the cells (cells, cells) under `data.points.spiral`."""
    share = np.sqrt((np.arange(1500) + 0.5) / 1500)[:, None]
    angle = 2 * np.pi * turns * share
    return _blurred(2 * share * np.concatenate([np.cos(angle), np.sin(angle)], axis=1), spread, edges)


SHAPES = {"ring": ring_cells, "moons": moons_cells, "spiral": spiral_cells}


def _blurred(centres: np.ndarray, spread: float, edges) -> np.ndarray:
    """Cells under equally likely round Gaussians of deviation `spread` around the centres (n, 2)."""
    below = ndtr((np.asarray(edges)[:, None, None] - centres) / spread)  # (edges, n, 2)
    below[0], below[-1] = 0.0, 1.0
    inside = np.diff(below, axis=0)
    return inside[..., 0] @ inside[..., 1].T / len(centres)
