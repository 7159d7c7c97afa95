"""Principal component analysis with NumPy alone, and how to compare two subspaces.

Directions are rows throughout: k directions among d pixels are an array (k, d). Everything is computed in
float64, whatever comes in.
"""

from __future__ import annotations

import numpy as np


def pca(X: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean and first k principal components of the rows of X.

    X: (n, d), one example a row; k: from 1 to min(n, d).
    Returns (mean, components): (d,) and (k, d), orthonormal rows, the one of largest variance first. The sign of
    each row is that of `numpy.linalg.svd`: both signs are right.
    Raises ValueError for other shapes or a k out of range.
    Source: Pearson, 1901; Eckart and Young, 1936.
    """
    X = _matrix(X, "X")
    if not 1 <= k <= min(X.shape):
        raise ValueError(f"k must lie between 1 and {min(X.shape)} for X of shape {X.shape}, got {k}.")
    mean = X.mean(axis=0)
    V = np.linalg.svd(X - mean, full_matrices=False)[2]
    return mean, V[:k]


def errors_from_singular_values(s: np.ndarray, n: int, d: int) -> np.ndarray:
    """Mean squared error of PCA on its own training set with 0, 1, …, len(s) components.

    s: singular values of the centred data (n, d), the largest first. Returns (len(s) + 1,): entry k is what is
    left with k components, the sum of the discarded eigenvalues s²/n, divided by the d pixels.
    Source: Eckart and Young, 1936.
    """
    eigenvalues = np.asarray(s, dtype=np.float64) ** 2 / n
    from_here_on = np.cumsum(eigenvalues[::-1])[::-1]  # summed from the small end: no digits lost
    return np.append(from_here_on, 0.0) / d


def covariance(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean (d,) and covariance (d, d), divided by n, of the rows of X (n, d).

    Raises ValueError for other shapes.
    """
    X = _matrix(X, "X")
    mean = X.mean(axis=0)
    centred = X - mean
    return mean, centred.T @ centred / len(X)


def principal_angles(A: np.ndarray, B: np.ndarray) -> np.ndarray:
    """The angles between the row spaces of A and B, in degrees from 0 to 90, the smallest first.

    A, B: (k, d), linearly independent rows, which need be neither of length 1 nor orthogonal. Returns (k,).
    All are 0 exactly when the rows span the same subspace. Below about 1e-6 degrees rounding takes over.
    Raises ValueError for shapes that differ.
    Source: Björck and Golub, 1973.
    """
    A, B = _pair(A, B)
    cosines = np.linalg.svd(_orthonormal(A) @ _orthonormal(B).T, compute_uv=False)
    return np.degrees(np.arccos(np.clip(cosines, -1.0, 1.0)))


def overlap(A: np.ndarray, B: np.ndarray) -> float:
    """How far the row spaces of A and B agree: 1 for the same subspace, 0 for orthogonal ones.

    A, B: (k, d), linearly independent rows. It is the mean squared cosine of the principal angles, so that mixing
    the rows of either by an invertible matrix changes nothing.
    Raises ValueError for shapes that differ.
    """
    A, B = _pair(A, B)
    return float(np.sum((_orthonormal(A) @ _orthonormal(B).T) ** 2) / len(A))


def recover_components(D: np.ndarray, Z: np.ndarray) -> np.ndarray:
    """Principal directions of the reconstructions Z @ D of a linear autoencoder.

    D: (k, d), the decoder's kernel, linearly independent rows. Z: (n, k), the codings. Returns (k, d), orthonormal
    rows, the one of largest variance first; for a trained autoencoder the principal components of its data, up to
    signs. Needs no array of size (n, d).
    Raises ValueError when the numbers of codings differ.
    """
    D, Z = _matrix(D, "D"), _matrix(Z, "Z")
    if Z.shape[1] != len(D):
        raise ValueError(f"Z has {Z.shape[1]} codings and D has {len(D)} rows: one row for each coding is needed.")
    Q, R = np.linalg.qr(D.T)  # the rows of D are R.T @ Q.T, so Z @ D has the coordinates Z @ R.T along Q
    mixing = pca(Z @ R.T, len(D))[1]
    return mixing @ Q.T


def _orthonormal(A: np.ndarray) -> np.ndarray:
    return np.linalg.qr(A.T)[0].T


def _pair(A, B):
    A, B = _matrix(A, "A"), _matrix(B, "B")
    if A.shape != B.shape:
        raise ValueError(f"Two subspaces of one size need arrays of one shape, got {A.shape} and {B.shape}.")
    return A, B


def _matrix(X, what: str) -> np.ndarray:
    X = np.asarray(X, dtype=np.float64)
    if X.ndim != 2 or X.size == 0:
        raise ValueError(f"{what} must have two axes and at least one row, got the shape {X.shape}.")
    return X
