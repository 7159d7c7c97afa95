"""How sparse are codings? Every measure by itself, since one number alone is easily deceived. NumPy only.

Codings throughout: (n, units), one image a row, no negative values (sigmoid or ReLU units).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

ACTIVE = 0.1  # an activation above this counts as active


def mean_activation(Z: np.ndarray) -> float:
    """Mean of all activations of codings Z (n, units)."""
    return float(_codings(Z).mean())


def active_share(Z: np.ndarray, threshold: float = ACTIVE) -> float:
    """Share of all activations of Z (n, units) that lie above `threshold`, from 0 to 1."""
    return float(np.mean(_codings(Z) > threshold))


def hoyer(Z: np.ndarray) -> float:
    """Hoyer sparsity of the rows of Z (n, units), averaged: 0 if all units are equally active, 1 if only one is.

    For one row a of d numbers: (√d − Σ|a| / √Σa²) / (√d − 1). It does not change when a row is multiplied by a
    number. Rows without any activity have none and are left out; with no other rows the result is NaN.
    hoyer(Z.T) is the sparsity over the images of a unit.
    Source: Hoyer, 2004, Non-negative matrix factorization with sparseness constraints.
    """
    Z = _codings(Z)
    if Z.shape[1] < 2:
        raise ValueError(f"Hoyer sparsity compares units, so it needs at least 2 of them; got {Z.shape}.")
    longest = np.abs(Z).max(axis=1)
    Z = Z[longest > 0] / longest[longest > 0, None]  # so that no square vanishes
    if not len(Z):
        return float("nan")
    root = np.sqrt(Z.shape[1])
    ratio = np.abs(Z).sum(axis=1) / np.sqrt(np.square(Z).sum(axis=1))
    return float(np.mean((root - ratio) / (root - 1)))


def dead_units(Z: np.ndarray, threshold: float = ACTIVE) -> np.ndarray:
    """Indices of the units of Z (n, units) whose activation differs by less than `threshold` over all images.

    Such a unit tells nothing about an image, whether it is always off, always on, or always in between.
    """
    Z = _codings(Z)
    return np.flatnonzero(Z.max(axis=0) - Z.min(axis=0) < threshold)


def on_target(Z: np.ndarray, target: float, tolerance: float = 0.02) -> float:
    """Share of the units of Z (n, units) whose mean activation is within `tolerance` of `target`, from 0 to 1."""
    return float(np.mean(np.abs(_codings(Z).mean(axis=0) - target) <= tolerance))


def measure(Z: np.ndarray, target: float | None = None) -> dict[str, float]:
    """All measures of codings Z (n, units) by name; with a target also the share of units that meet it."""
    means = _codings(Z).mean(axis=0)
    found = {
        "mean_activation": mean_activation(Z),
        "active_share": active_share(Z),
        "hoyer": hoyer(Z),
        "hoyer_of_units": hoyer(np.asarray(Z).T),
        "dead_units": float(len(dead_units(Z))),
        "spread_of_means": float(means.std()),
    }
    return found if target is None else {**found, "on_target": on_target(Z, target)}


def histogram(values: np.ndarray, bins: int = 50) -> tuple[np.ndarray, np.ndarray]:
    """(edges (bins + 1,), shares (bins,)) of values in [0, 1]; the shares sum to 1.

    Raises ValueError for values outside.
    """
    values = np.asarray(values, dtype=np.float64).ravel()
    if not values.size or not (values.min() >= 0 and values.max() <= 1):
        raise ValueError("The histogram takes at least one value, all of them between 0 and 1.")
    counts, edges = np.histogram(values, bins=bins, range=(0.0, 1.0))
    return edges, counts / values.size


def most_exciting(Z: np.ndarray, unit: int, count: int = 8) -> np.ndarray:
    """Indices (count,) of the images for which a unit of Z (n, units) is most active, the most exciting first."""
    return np.argsort(-_codings(Z)[:, unit], kind="stable")[:count]


def selectivity(Z: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How much of each unit's activity falls on one class: (share (units,), class (units,)).

    Z: (n, units). labels: (n,) whole numbers from 0. The share is that of the class with the largest mean
    activation among the sum of all classes' means: 1 for a unit that is active for one class only, 1 / classes for
    one that does not care. A unit without any activity has the share 0.
    """
    Z, labels = _codings(Z), np.asarray(labels)
    means = np.stack([Z[labels == label].mean(axis=0) for label in np.unique(labels)])
    total = means.sum(axis=0)
    share = np.divide(means.max(axis=0), total, out=np.zeros_like(total), where=total > 0)
    return share, np.unique(labels)[means.argmax(axis=0)]


def measures_table(
    rows: dict[str, np.ndarray], target: float | None = None, extra: dict[str, Sequence] | None = None
) -> str:
    """The measures of several models as text: {"name": codings}. extra: {"a column": [a number for each row]}."""
    extra = extra or {}
    promise = [] if target is None else [f"units at {target:g} ± .02"]
    head = [*extra, "mean", "> 0.1", "exactly 0", "Hoyer", "dead", *promise]
    lines = ["".join([f"{'':<24}", *(f"{name:>{max(9, len(name) + 2)}}" for name in head)])]
    for place, (name, Z) in enumerate(rows.items()):
        found = measure(Z, target)
        cells = [
            *(f"{float(column[place]):.5f}" for column in extra.values()),
            f"{found['mean_activation']:.3f}", f"{found['active_share']:.1%}", f"{np.mean(np.asarray(Z) == 0):.1%}",
            f"{found['hoyer']:.3f}",
            f"{found['dead_units']:.0f}", *([] if target is None else [f"{found['on_target']:.1%}"]),
        ]  # fmt: skip
        cells = [f"{text:>{max(9, len(title) + 2)}}" for text, title in zip(cells, head, strict=True)]
        lines.append("".join([f"{name:<24}", *cells]))
    return "\n".join(lines)


def _codings(Z) -> np.ndarray:
    Z = np.asarray(Z, dtype=np.float64)
    if Z.ndim != 2 or not Z.size:
        raise ValueError(f"Codings have one row for each image and one column for each unit; got {Z.shape}.")
    if not np.isfinite(Z).all():
        raise ValueError("The codings hold NaN or infinite values: look at the training that made them.")
    return Z
