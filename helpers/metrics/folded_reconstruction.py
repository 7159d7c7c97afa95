"""Small measures around reconstructions: how many codings, which images fare worst, what a mean is a mean of.

NumPy only; anything that has `fit` and `reconstruct` will do as a model. The mean squared error itself is in
`helpers.metrics`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from helpers.metrics import reconstruction as metrics


def rounded_accuracy(X: np.ndarray, R: np.ndarray) -> float:
    """Share of pixels that fall on the same side of 0.5 in the images X and their reconstructions R.

    X, R: arrays of equal shape, pixels in [0, 1]; above 0.5 counts as white. From 0 to 1. It flatters: where
    most pixels are black, an all-black image scores high.
    Raises ValueError when the shapes differ.
    """
    X, R = _pair(X, R)
    return float(np.mean((X > 0.5) == (R > 0.5)))


def error_curve(
    sizes: Sequence[int], build: Callable, X: np.ndarray, V: np.ndarray, epochs: int, batch_size: int
) -> dict[int, float]:
    """Validation MSE for each coding size: {size: mean squared error on V}.

    build(size): a fresh, compiled autoencoder with so many codings; it is trained here, on X alone, for
    `epochs` epochs. X, V: training and validation images of the shape that the models take.
    """
    errors = {}
    for size in sizes:
        model = build(size)
        model.fit(X, X, epochs=epochs, batch_size=batch_size, verbose=0)
        errors[size] = metrics.mse(V, model.reconstruct(V))
    return errors


def most_unusual(X: np.ndarray, R: np.ndarray, k: int) -> np.ndarray:
    """Indices of the k images with the largest reconstruction error, the worst first: integers of shape (k,).

    X, R: (n, …) images and their reconstructions. The error of an image is the mean of its squared differences.
    Raises ValueError when the shapes differ or k is not between 1 and n.
    """
    X, R = _pair(X, R)
    if not 1 <= k <= len(X):
        raise ValueError(f"k must lie between 1 and {len(X)}, got {k}")
    errors = np.mean((X.astype(float) - R).reshape(len(X), -1) ** 2, axis=1)
    return np.argsort(-errors, kind="stable")[:k]


def mean_loss(reconstruct: Callable, X: np.ndarray, batch_size: int) -> float:
    """Mean squared error over all images of X, computed in batches: the same for every batch size.

    reconstruct(batch): the reconstructions of a batch, of its shape. The last batch may be smaller.
    Raises ValueError when there are no images.
    """
    if len(X) == 0:
        raise ValueError(f"there is nothing to average: X has the shape {np.shape(X)}")
    total = 0.0
    for start in range(0, len(X), batch_size):
        batch = X[start : start + batch_size]
        total += np.mean((batch - reconstruct(batch)) ** 2) * len(batch)
    return float(total / len(X))


def _pair(X, R) -> tuple[np.ndarray, np.ndarray]:
    X, R = np.asarray(X), np.asarray(R)
    if X.shape != R.shape:
        raise ValueError(f"the images have the shape {X.shape}, their reconstructions {R.shape}")
    return X, R
