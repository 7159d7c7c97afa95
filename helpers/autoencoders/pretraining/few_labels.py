"""Few labels: drawing them fairly, and comparing two methods that were given the same ones.

NumPy and SciPy only. A *draw* is a choice of labelled images; methods compared on the same draws share its luck,
so that their differences vary far less than their accuracies do.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np


def stratified(y: np.ndarray, n: int, seed: int) -> np.ndarray:
    """Indices of n different images with the classes in equal numbers: integers (n,), in shuffled order.

    y: (m,) labels. Where n is no multiple of the number of classes, some classes (chosen by `seed`) get one image
    more than the others. The same seed gives the same images; another seed a fresh draw.
    Raises ValueError when y is not one-dimensional, n is not positive, or a class has too few images.
    """
    y = np.asarray(y)
    if y.ndim != 1 or not len(y):
        raise ValueError(f"the labels must come as one row (m,), got the shape {y.shape}")
    if isinstance(n, bool) or not isinstance(n, int | np.integer) or n < 1:
        raise ValueError(f"the number of labels must be a positive whole number, got {n!r}")
    rng = np.random.default_rng(seed)
    classes = np.unique(y)
    sizes = np.full(len(classes), n // len(classes))
    sizes[rng.permutation(len(classes))[: n % len(classes)]] += 1
    chosen = []
    for kind, size in zip(classes, sizes, strict=True):
        members = np.flatnonzero(y == kind)
        if size > len(members):
            raise ValueError(f"{n} labels need {size} of class {kind}, and only {len(members)} are there")
        chosen.append(rng.choice(members, size, replace=False))
    return rng.permutation(np.concatenate(chosen))


def interval(values: Sequence[float], level: float = 0.95) -> tuple[float, float, float]:
    """Mean of the values and the ends of its confidence interval by Student's t: (mean, low, high).

    values: at least two numbers, one for each independent draw. The interval is mean ± t s / √n with the standard
    deviation s (divided by n − 1) and the quantile t of Student's distribution with n − 1 degrees of freedom.
    Raises ValueError for fewer than two values, values that are not finite, or a level outside (0, 1).
    Source: Student (W. S. Gosset), The probable error of a mean, Biometrika 6, 1908.
    """
    from scipy.stats import t

    values = np.asarray(values, dtype=float)
    if values.ndim != 1 or len(values) < 2:
        raise ValueError(f"an interval needs a row of at least two values, got the shape {values.shape}")
    if not np.isfinite(values).all():
        raise ValueError("an interval needs finite values, and some are NaN or infinite")
    if not 0 < level < 1:
        raise ValueError(f"the level must lie between 0 and 1, got {level!r}")
    half = t.ppf(0.5 + level / 2, len(values) - 1) * values.std(ddof=1) / math.sqrt(len(values))
    return float(values.mean()), float(values.mean() - half), float(values.mean() + half)


def paired_interval(a: Sequence[float], b: Sequence[float], level: float = 0.95) -> tuple[float, float, float]:
    """Mean of a − b and its confidence interval over the draws: (mean, low, high).

    a, b: figures of two methods, a[i] and b[i] from the same draw i. An interval above 0 says that a is better by
    more than the luck of the draw explains. Raises ValueError when the lengths differ, and as `interval`.
    """
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.shape != b.shape:
        raise ValueError(f"pairs are needed: a has the shape {a.shape}, b has {b.shape}")
    return interval(a - b, level)
