"""What codings are worth: neighbours kept, and what simple classifiers read from them."""

from __future__ import annotations

import numpy as np


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


def knn_accuracy(
    Z_train: np.ndarray, y_train: np.ndarray, Z_valid: np.ndarray, y_valid: np.ndarray, n_neighbors: int = 12
) -> float:
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


def linear_probe_accuracy(
    Z_train: np.ndarray,
    y_train: np.ndarray,
    Z_valid: np.ndarray,
    y_valid: np.ndarray,
    *,
    C: float = 1.0,
    max_points: int = 10_000,
) -> float:
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
