"""The checks of lesson 01, PCA and the linear autoencoder."""

import numpy as np

from helpers.checks.lesson01.subspaces import directions, eigenvectors_as_rows
from helpers.exercises.assertions import array, close, require, shape
from helpers.exercises.registry import exercise


@exercise(
    "1.1",
    "PCA by SVD",
    reference="helpers.autoencoders.pca.components:pca",
    minutes=10,
    difficulty=1,
    hints=(
        "Two steps: take the mean image away from every image, then decompose what is left.",
        "The mean image is the mean over axis 0. np.linalg.svd gives three things; the third has the right singular "
        "vectors as its rows, the strongest first.",
        "mean = X.mean(axis=0); U, s, Vt = np.linalg.svd(X - mean, full_matrices=False); return mean, Vt[:k].",
    ),
)
def check_pca(answer, seed):
    rng = np.random.default_rng(seed)
    # More examples than pixels, and fewer; several times, since eigenvalues that nobody sorts may come sorted by luck.
    for n, d, k in ((40, 7, 3), (6, 9, 4), (50, 12, 5), (60, 16, 6), (45, 10, 4)):
        X, mean, V = _cloud(rng, n, d)
        got = answer(X.copy(), k)
        require(isinstance(got, tuple | list) and len(got) == 2, got=f"{type(got).__name__}, not two things",
                expected="(mean, components)", look="return mean, components")  # fmt: skip
        found_mean, found = (array(part, what) for part, what in zip(got, ("the mean", "the components"), strict=True))
        require(not (found.shape == (d,) and found_mean.shape == (k, d)), got="the components first, then the mean",
                expected="(mean, components)", look="the order in the return line")  # fmt: skip
        if found_mean.shape == (n,):
            close(found_mean, mean, "the mean", mistakes={
                "this is one mean for each example; the mean image has one entry for each pixel: axis=0": X.mean(1)
            })  # fmt: skip
        look = "one number for each pixel, the mean over the examples: axis=0"
        close(shape(found_mean, (d,), "the mean", look), mean, "the mean", look)
        uncentred = np.linalg.eigh(X.T @ X)[1].T[::-1]
        Xc = X - mean
        U, s, _ = np.linalg.svd(Xc, full_matrices=False)
        standardised = np.linalg.eigh((Xc / Xc.std(0)).T @ Xc / Xc.std(0))[1].T[::-1]
        rows_centred = np.linalg.svd(X - X.mean(1, keepdims=True), full_matrices=False)[2]
        eigenvectors_as_rows(found, V[:k])
        directions(found, V[:k], "the components", named={
            "these are directions of the data as they came: subtract the mean before the SVD": uncentred[:k],
            "each example had its own mean taken away; subtract the mean image, the mean over axis 0":
                rows_centred[:k],
            "these are the weakest directions: eigh sorts ascending, so the strongest come last": V[: -k - 1 : -1],
            "these are the last k directions, the weakest; the strongest come first": V[-k:],
            "these are the strongest directions with the best one last: turn their order round": V[:k][::-1],
            "one component should be one row; these are columns: transpose": V[:k].T,
            "these are left singular vectors (U), one entry for each example; the directions are in the third matrix":
                U[:, :k],
            "these are rows of U, which belong to examples; the directions are the rows of the third matrix":
                U[:k] if U[:k].shape == (k, d) else U[:, :k].T,
            "these components are multiplied by their singular values; the rows should have length 1":
                s[:k, None] * V[:k],
            "pixels were divided by their standard deviation; here every pixel counts as it is": standardised[:k],
            "these are codings, k for each example; the directions themselves are asked for": Xc @ V[:k].T,
            "these are all directions; keep the first k": V,
            "these directions are right but for the length: they are divided by their singular values (whitening)":
                V[:k] / s[:k, None],
            "the data were centred and each image was made length 1; leave the lengths as they are":
                np.linalg.svd(Xc / np.linalg.norm(Xc, axis=1, keepdims=True), full_matrices=False)[2][:k],
        })  # fmt: skip


def _cloud(rng, n, d):
    """(X, its mean, its principal directions by the eigenvectors of the covariance), with clear gaps."""
    axes = np.linalg.qr(rng.normal(size=(d, d)))[0]
    rank = min(n - 1, d)
    scores = np.linalg.qr(_centred(rng.normal(size=(n, rank))))[0] * 2.0 ** -np.arange(rank)
    X = 5.0 * scores @ axes[:rank] + 3.0 * rng.normal(size=d)
    mean = np.array([np.mean([row[j] for row in X]) for j in range(d)])
    values, vectors = np.linalg.eigh(np.cov(X.T, bias=True))
    return X, mean, vectors.T[::-1][:rank]


def _centred(A):
    return A - A.mean(axis=0)


@exercise(
    "1.2",
    "The error from the eigenvalues",
    reference="helpers.autoencoders.pca.components:errors_from_singular_values",
    minutes=10,
    difficulty=2,
    hints=(
        "Square the singular values and divide by n: these are the eigenvalues, the variance along each component. "
        "With k components, all but the first k are lost.",
        "Entry 0 is the sum of all eigenvalues over d, the last entry is 0. What is kept by k components is a running "
        "sum: np.cumsum.",
        "eigenvalues = s**2 / n; kept = np.concatenate([[0.0], np.cumsum(eigenvalues)]); "
        "return (eigenvalues.sum() - kept) / d.",
    ),
)
def check_errors(answer, seed):
    rng = np.random.default_rng(seed)
    for n, d in ((30, 6), (5, 8)):
        X = _centred(rng.normal(size=(n, d)) * rng.uniform(0.5, 2.0, d))
        _, s, V = np.linalg.svd(X, full_matrices=False)
        expected = np.array([np.mean((X - X @ V[:k].T @ V[:k]) ** 2) for k in range(len(s) + 1)])  # the slow way
        power = np.concatenate([[0.0], np.cumsum(s**2)])
        plain = np.concatenate([[0.0], np.cumsum(s)])
        look = "the sum of the eigenvalues from k on, divided by d; k runs from 0 to len(s)"
        mistakes = {
            "this is the variance kept by the first k components; the discarded part is the error": power / (n * d),
            "singular values must be squared: eigenvalues are s²/n": (plain[-1] - plain) / (n * d),
            "divided by n − 1, as for an estimate; a mean over the n images divides by n":
                (power[-1] - power) / ((n - 1) * d),
            "this is too large by the number of pixels: divide by d":
                (power[-1] - power) / n,
            "this is too large by the number of examples: eigenvalues are s²/n": (power[-1] - power) / d,
            "this is a sum over everything: divide by n and by d": power[-1] - power,
            "the number of components starts at 0: entry 0 is the error of the mean image alone": expected[1:],
            "the number of components goes up to all of them: the last entry is 0": expected[:-1],
            "this is the share of the variance that is lost; the error itself is asked for": 1 - power / power[-1],
            "this is the share of the variance that is kept; the error is asked for": power / power[-1],
            "this is the root of the error; the mean squared error is asked for": np.sqrt(expected),
            "these are single eigenvalues; the error sums all that are discarded": s**2 / (n * d),
            "d is the number of pixels, not of singular values; take the argument": (power[-1] - power) / (n * len(s)),
            "n is the number of examples, not of singular values; take the "
            "argument": (power[-1] - power) / (d * len(s)),
            "this is too small by a factor d: the argument d divides once": (power[-1] - power) / (n * d * d),
            "this falls by one component too early: entry 0 leaves out nothing": np.append(expected[1:], 0.0),
            "this is turned round: entry 0 belongs to no component at all": expected[::-1],
        }  # fmt: skip
        close(answer(s.copy(), n, d), expected, "the errors", look, rtol=1e-7, atol=1e-9, mistakes=mistakes)
