"""One yardstick for every model of the course: how well it reconstructs, and how useful its codings are.

Everything takes NumPy arrays (or what `numpy.asarray` understands), with one image or one coding per row of
the first axis; further axes are flattened. Everything returns plain Python floats. Fixed input gives a fixed
result: no function here draws random numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from helpers.metrics.probes import _rows


def mse(X: np.ndarray, R: np.ndarray) -> float:
    """Mean squared error of the reconstructions `R` of `X`, over all images and all pixels.

    X, R: n rows each, of one shape; either may be flattened to (n, values) or have a channel axis
    of length 1.
    The unit is the square of X's unit; for pixels in [0, 1] it lies between 0 (perfect) and 1.
    The sum is kept in float64, so that float32 images do not lose digits.
    Raises ValueError if the shapes do not fit or there are no values.
    """
    X, R = np.asarray(X), np.asarray(R)
    if not _fits(X.shape, R.shape):
        raise ValueError(f"X and its reconstructions differ in shape: {X.shape} and {R.shape}")
    if X.size == 0:
        raise ValueError(f"there is nothing to average: X has the shape {X.shape}")
    X, R = X.reshape(len(X), -1), R.reshape(len(R), -1)
    total = 0.0
    for start in range(0, len(X), 4096):  # in pieces: a float64 copy of the full set would be 345 MB
        piece = slice(start, start + 4096)
        total += float(np.sum(np.square(X[piece].astype(np.float64) - R[piece])))
    return total / X.size


def pca_reconstruction_mse(X_train: np.ndarray, X_valid: np.ndarray, k: int | Sequence[int]):
    """MSE on `X_valid` of PCA with `k` components fitted on `X_train`: what a model with k codings must beat.

    X_train: (n, …), X_valid: (m, …) with as many values per row. k: from 0 (only the mean image) to
    min(n - 1, values per row). One k gives a float; several, in a list, are much cheaper together (one fit) and
    give a list of floats. The full set takes a few seconds, for any k.
    By Eckart and Young (1936) no linear autoencoder with k codings can do better on its training images.
    Raises ValueError if the rows differ in length or a k is out of range.
    """
    from sklearn.decomposition import PCA

    X_train, X_valid = _rows(X_train, "X_train"), _rows(X_valid, "X_valid")
    if X_train.shape[1] != X_valid.shape[1]:
        raise ValueError(f"a row of X_train has {X_train.shape[1]} values, of X_valid {X_valid.shape[1]}")
    single = np.ndim(k) == 0
    ks = [_whole(one, "k") for one in ([k] if single else k)]
    most = min(len(X_train) - 1, X_train.shape[1])  # n images, less their mean, span n - 1 directions
    for one in ks:
        if not 0 <= one <= most:
            raise ValueError(f"k must lie between 0 and {most} for {len(X_train)} images, got {one}")
    X_train, X_valid = X_train.astype(np.float64), X_valid.astype(np.float64)
    # Both solvers are exact. With many more images than pixels, the eigenvectors of the small covariance
    # matrix are some ten times cheaper than the singular vectors of the tall data matrix.
    solver = "covariance_eigh" if X_train.shape[0] >= 2 * X_train.shape[1] else "full"
    components = PCA(n_components=max(ks), svd_solver=solver).fit(X_train).components_ if any(ks) else X_train[:0]
    centred = X_valid - X_train.mean(axis=0)
    errors = []
    for one in ks:
        directions = components[:one]
        errors.append(mse(centred, (centred @ directions.T) @ directions))
    return errors[0] if single else errors


def _fits(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Whether two shapes are the same images: equal but for axes of length 1, or one of them flattened."""
    if not one or not other or one[0] != other[0]:
        return False
    rest, other_rest = ([axis for axis in shape[1:] if axis != 1] for shape in (one, other))
    flat = len(rest) <= 1 or len(other_rest) <= 1
    return rest == other_rest or (flat and math.prod(rest) == math.prod(other_rest))


def _whole(number, what: str) -> int:
    if isinstance(number, bool) or not isinstance(number, int | np.integer):
        raise ValueError(f"{what} must be a whole number, got {number!r}")
    return int(number)


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
        errors[size] = mse(V, model.reconstruct(V))
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
