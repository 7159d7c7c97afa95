"""How sure a figure is: intervals over repetitions, and rank correlation."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.stats import spearmanr


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


def difference_interval(a: Sequence[float], b: Sequence[float], level: float = 0.95) -> tuple[float, float, float]:
    """Mean of a minus mean of b and its confidence interval, for draws that do not belong together: (mean, low, high).

    a, b: at least two figures each, from independent draws; their numbers and spreads may differ. The interval is
    difference ± t √(s_a²/n_a + s_b²/n_b), with Welch's degrees of freedom. Where it holds 0, the two are a draw.
    Raises ValueError as `interval`. Source: Welch, Biometrika 34, 1947.
    """
    from scipy.stats import t

    (mean_a, *_), (mean_b, *_) = interval(a, level), interval(b, level)
    parts = [np.var(np.asarray(side, dtype=float), ddof=1) / len(side) for side in (a, b)]
    difference, variance = mean_a - mean_b, sum(parts)
    if variance == 0:
        return difference, difference, difference
    degrees = variance**2 / sum(part**2 / (len(side) - 1) for part, side in zip(parts, (a, b), strict=True))
    half = float(t.ppf(0.5 + level / 2, degrees) * math.sqrt(variance))
    return difference, difference - half, difference + half


def rank_correlation(a: Sequence[float], b: Sequence[float]) -> float:
    """Spearman's correlation, −1 to 1: that of the ranks, so only the order of the values counts.

    a, b: (n,). NaN where fewer than three pairs are finite, or where all values of one side are equal.
    """
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    sound = np.isfinite(a) & np.isfinite(b)
    a, b = a[sound], b[sound]
    if len(a) < 3 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return float("nan")
    return float(spearmanr(a, b).statistic)
