"""One yardstick for every model of the course: how well it reconstructs, and how useful its codings are.

Everything takes NumPy arrays (or what `numpy.asarray` understands), with one image or one coding per row of
the first axis; further axes are flattened. Everything returns plain Python floats. Fixed input gives a fixed
result: no function here draws random numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np


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
    for start in range(0, len(X), 4096):        # in pieces: a float64 copy of the full set would be 345 MB
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
    most = min(len(X_train) - 1, X_train.shape[1])      # n images, less their mean, span n - 1 directions
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


def trustworthiness(X: np.ndarray, Z: np.ndarray, n_neighbors: int = 12, *, max_points: int = 2000) -> float:
    """How far neighbours in the map `Z` are neighbours in the data `X` too: 1 is perfect, 0.5 is chance.

    X: (n, …) images, Z: (n, …) their codings. n_neighbors must be below half the number of points.
    The cost grows with the square of the number of points (2,000 points: about a second and 200 MB), so only
    the first `max_points` rows are used.
    Source: Venna and Kaski, 2001; the computation is scikit-learn's.
    Raises ValueError for different numbers of rows, values that are not finite, or too many neighbours.
    """
    from sklearn.manifold import trustworthiness as sklearn_trustworthiness

    X, Z = _rows(X, "X"), _rows(Z, "Z")
    if len(X) != len(Z):
        raise ValueError(f"X has {len(X)} rows and Z has {len(Z)}: one coding per image is needed")
    X, Z = X[:max_points], Z[:max_points]
    if not 1 <= n_neighbors < len(X) / 2:
        raise ValueError(f"n_neighbors={n_neighbors} must be at least 1 and below half the {len(X)} points")
    return float(sklearn_trustworthiness(X, Z, n_neighbors=n_neighbors))


def knn_accuracy(Z_train: np.ndarray, y_train: np.ndarray, Z_valid: np.ndarray, y_valid: np.ndarray,
                 n_neighbors: int = 12) -> float:
    """Share of `Z_valid` whose class the majority of its nearest codings in `Z_train` gets right (0 to 1).

    Z_train: (n, …), y_train: (n,), Z_valid: (m, …), y_valid: (m,). Distances are Euclidean. A tie goes to the
    lowest class number, as in scikit-learn.
    Raises ValueError for shapes that do not fit, values that are not finite, or n_neighbors > n.
    """
    from sklearn.neighbors import KNeighborsClassifier

    Z_train, y_train, Z_valid, y_valid = _labelled(Z_train, y_train, Z_valid, y_valid)
    if not 1 <= n_neighbors <= len(Z_train):
        raise ValueError(f"n_neighbors must lie between 1 and {len(Z_train)}, got {n_neighbors}")
    model = KNeighborsClassifier(n_neighbors=n_neighbors).fit(Z_train, y_train)
    return float(np.mean(model.predict(Z_valid) == y_valid))


def linear_probe_accuracy(Z_train: np.ndarray, y_train: np.ndarray, Z_valid: np.ndarray, y_valid: np.ndarray,
                          *, C: float = 1.0, max_points: int = 10_000) -> float:
    """Share of `Z_valid` that a linear classifier trained on the codings `Z_train` gets right (0 to 1).

    The probe is logistic regression (L-BFGS, ℓ2 penalty of inverse strength `C`) on standardised codings, the
    same for every model, so that the figure speaks of the codings and not of the classifier.
    Z_train: (n, …), y_train: (n,), Z_valid: (m, …), y_valid: (m,). Only the first `max_points` training rows
    are used: with 30 codings that takes about a second, with 300 some ten, with raw pixels a minute.
    Source: Alain and Bengio, 2016, arXiv 1610.01644.
    Raises ValueError for shapes that do not fit, values that are not finite, or a single class.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    Z_train, y_train, Z_valid, y_valid = _labelled(Z_train, y_train, Z_valid, y_valid)
    # float64, and a tolerance at which the accuracy has settled: the same figure on every machine, soon
    Z_train, Z_valid = Z_train[:max_points].astype(np.float64), Z_valid.astype(np.float64)
    probe = make_pipeline(StandardScaler(), LogisticRegression(C=C, tol=1e-3, max_iter=5000))
    probe.fit(Z_train, y_train[:max_points])
    return float(np.mean(probe.predict(Z_valid) == y_valid))


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


def _rows(X: np.ndarray, what: str) -> np.ndarray:
    """X as (n, values per row), checked to hold finite numbers."""
    X = np.asarray(X)
    if X.ndim < 2 or X.size == 0:
        raise ValueError(f"{what} needs two axes (rows, values) and at least one row, got {X.shape}")
    if not np.isfinite(X).all():
        raise ValueError(f"{what} holds NaN or infinite values: look at the training that made them")
    return X.reshape(len(X), -1)


def _labelled(Z_train, y_train, Z_valid, y_valid):
    Z_train, Z_valid = _rows(Z_train, "Z_train"), _rows(Z_valid, "Z_valid")
    y_train, y_valid = np.asarray(y_train), np.asarray(y_valid)
    for part, Z, y in (("train", Z_train, y_train), ("valid", Z_valid, y_valid)):
        if y.shape != (len(Z),):
            raise ValueError(f"y_{part} must have the shape ({len(Z)},), one label per row, got {y.shape}")
    if Z_train.shape[1] != Z_valid.shape[1]:
        raise ValueError(f"a row of Z_train has {Z_train.shape[1]} values, of Z_valid {Z_valid.shape[1]}")
    return Z_train, y_train, Z_valid, y_valid
