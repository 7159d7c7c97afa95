"""Few labels: drawing them fairly, and comparing two methods that were given the same ones.

NumPy and SciPy only. A *draw* is a choice of labelled images; methods compared on the same draws share its luck,
so that their differences vary far less than their accuracies do.
"""

from __future__ import annotations

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
