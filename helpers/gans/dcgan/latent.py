"""Arithmetic and directions in the space of codings."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def arithmetic(codings: np.ndarray, first, second, third) -> np.ndarray:
    """Mean coding of the first group − that of the second + that of the third: (k,).

    codings: (n, k); first, second, third: row numbers. With three independent codings from N(0, I) in each group the
    result is distributed as N(0, I) again. Source: Radford, Metz and Chintala, 2016, arXiv 1511.06434, section 6.3.2.
    """
    codings = np.asarray(codings)
    mean_of = [codings[list(group)].mean(axis=0) for group in (first, second, third)]
    return mean_of[0] - mean_of[1] + mean_of[2]


def directions(decode: Callable, codings: np.ndarray, step: float = 0.5) -> np.ndarray:
    """Directions in the space of codings, the one that changes images most first: orthonormal rows (k, k).

    decode: codings (n, k) → images (n, …).   codings: (m, k), where the change is measured, by central differences of
    ±step; m · 2k images are made. The squared changes add up to a matrix whose eigenvectors come back.
    Source: in the spirit of Härkönen et al., 2020, arXiv 2004.02546, and Ramesh et al., 2018, arXiv 1812.01161.
    """
    codings = np.asarray(codings, dtype=float)
    k = codings.shape[1]
    shifts = step * np.concatenate([np.eye(k), -np.eye(k)])
    total = np.zeros((k, k))
    for z in codings:
        images = np.asarray(decode((z + shifts).astype("float32")), dtype=float).reshape(2 * k, -1)
        change = (images[:k] - images[k:]) / (2 * step)
        total += change @ change.T
    return np.linalg.eigh(total)[1].T[::-1]
