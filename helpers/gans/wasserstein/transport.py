"""The earth mover's distance exactly: by sorting in one dimension, by linear programming in any (lesson 14).

It is the least work that turns one heap of earth into another: mass times way, summed over all that is moved.
Sources: Villani, 2009, Optimal transport: old and new; in the setting of GANs: Arjovsky et al., 2017, arXiv 1701.07875.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment, linprog
from scipy.spatial.distance import cdist


def by_sorting(a: np.ndarray, b: np.ndarray) -> float:
    """Distance of two samples of n numbers each: the mean way when the smallest goes to the smallest, and so on.

    a, b: (n,). The result is in the unit of the numbers, 0 or more.
    Raises ValueError for samples of other shapes or of different sizes.
    """
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.ndim != 1 or a.shape != b.shape or not len(a):
        raise ValueError(f"Sorting takes two samples of equally many numbers; got shapes {a.shape} and {b.shape}.")
    return float(np.abs(np.sort(a) - np.sort(b)).mean())


def between_points(a: np.ndarray, b: np.ndarray) -> tuple[float, np.ndarray]:
    """(distance, partner of each point): two clouds of n points, each point of the same weight.

    a, b: (n, d).   partner: (n,), so that a[i] goes to b[partner[i]]; the mean way is the least possible.
    With equal weights one of the best plans moves whole points, so the linear program is an assignment.
    Raises ValueError for clouds of other shapes or of different sizes.
    """
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.ndim != 2 or a.shape != b.shape or not len(a):
        raise ValueError(f"Two clouds of equally many points, (n, d), are needed; got {a.shape} and {b.shape}.")
    ways = cdist(a, b)
    rows, partner = linear_sum_assignment(ways)
    return float(ways[rows, partner].mean()), partner


def between_heaps(p: np.ndarray, q: np.ndarray, ways: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """(distance, plan, potential): heaps of any weights, by the linear program and its dual.

    p: (m,), q: (n,), weights that sum to 1.   ways: (m, n), the length of each way, 0 or more.
    plan: (m, n), how much goes from where to where; its rows sum to p, its columns to q.
    potential: (m,), what a unit of mass at each place of p is worth: with that of q it makes up the same distance,
    Σ potential·p + Σ other·q, which is what a critic estimates (Kantorovich and Rubinstein).
    Raises ValueError for weights that are negative or do not sum to 1, and for shapes that do not fit.
    """
    p, q, ways = (np.asarray(each, dtype=float) for each in (p, q, ways))
    if ways.shape != (len(p), len(q)) or p.ndim != 1 or q.ndim != 1:
        raise ValueError(f"ways must be ({len(p)}, {len(q)}), from each place of p to each of q; got {ways.shape}.")
    if min(p.min(), q.min()) < 0 or not np.allclose([p.sum(), q.sum()], 1, atol=1e-6):
        raise ValueError(f"Weights are 0 or more and sum to 1; these sum to {p.sum():g} and {q.sum():g}.")
    m, n = ways.shape
    sums = np.concatenate([np.kron(np.eye(m), np.ones(n)), np.kron(np.ones(m), np.eye(n))])
    found = linprog(ways.ravel(), A_eq=sums, b_eq=np.concatenate([p, q * p.sum() / q.sum()]), method="highs")
    if not found.success:
        raise ValueError(f"The linear program found no plan: {found.message}")
    return float(found.fun), found.x.reshape(m, n), found.eqlin.marginals[:m]
