"""The checks of lesson 01 about subspaces: exercises 1.4, 1.6 and 1.7; and directions compared up to sign."""

import itertools

import numpy as np

from helpers.exercises.assertions import NotYet, array, close, finite, require, shape
from helpers.exercises.registry import exercise


def same_up_to_signs(A, B) -> bool:
    """Whether the rows of A are those of B, each possibly turned round."""
    if A.shape != B.shape or not np.isfinite(A).all():
        return False
    signs = np.where(np.sum(A * B, axis=1, keepdims=True) < 0, -1.0, 1.0)
    return bool(np.allclose(A, signs * B, atol=1e-5))


def directions(found, expected, what, named) -> None:
    """`found` equal to the rows of `expected` up to signs; NotYet otherwise, with the name of a known mistake."""
    found = array(found, what)
    if same_up_to_signs(found, expected):
        return
    for meaning, wrong in named.items():
        columns = wrong.shape == found.shape and wrong.shape != expected.shape
        if same_up_to_signs(found, wrong) or (columns and same_up_to_signs(found.T, wrong.T)):
            raise NotYet(got=f"{what} of shape {found.shape}", expected=f"shape {expected.shape}, orthonormal rows, "
                         "the one of largest variance first", look=meaning)  # fmt: skip
    shape(found, expected.shape, what, "one direction for each of the k codings, as a row of d numbers")
    finite(found, what)
    gram = found @ found.T
    require(np.allclose(gram, np.eye(len(found)), atol=1e-5),
            got=f"rows with lengths {np.round(np.sqrt(np.diag(gram)), 3).tolist()} and inner products up to "
            f"{np.abs(gram - np.diag(np.diag(gram))).max():.3g}", expected="orthonormal rows: lengths 1, products 0",
            look="the directions should come from an SVD, a QR or an eigh")  # fmt: skip
    cosines = np.abs(np.sum(found * expected, axis=1))
    worst = int(np.argmin(cosines))
    order = np.abs(found @ expected.T)
    require(not np.allclose(order.max(axis=1), 1, atol=1e-5), got="the principal directions in another order",
            expected="the one of largest variance first", look="np.linalg.eig does not sort, and eigh sorts ascending: "
            "sort by the eigenvalues, largest first, and take the eigenvectors along")  # fmt: skip
    raise NotYet(got=f"row {worst} with |cosine| {cosines[worst]:.4f} to the direction of that rank",
                 expected="|cosine| 1 for every row (either sign is right)",
                 look="orthonormal rows, but not the principal ones in order of variance")  # fmt: skip


def eigenvectors_as_rows(found, expected) -> None:
    """NotYet when `found` has rows of the matrix of eigenvectors; its columns, with free signs, are those expected.

    Only the columns of the k strongest are compared: where the data have fewer dimensions, the others are anything.
    """
    k, d = expected.shape
    if found.shape != expected.shape:
        return
    forth = np.arange(k)
    for rows, columns in itertools.product((forth, d - 1 - forth), repeat=2):
        require(not np.allclose(np.abs(found[:, columns]), np.abs(expected[:, rows].T), atol=1e-5),
                got="rows of the matrix of eigenvectors", expected="its columns, one component in each row",
                look="eigh returns the eigenvectors as columns: sort them, then transpose: vectors[:, order].T[:k]. "
                "The third matrix of svd is transposed already: there it is the first k rows")  # fmt: skip


@exercise(
    "1.4",
    "Principal angles",
    reference="helpers.autoencoders.pca.components:principal_angles",
    minutes=15,
    difficulty=2,
    hints=(
        "First give each subspace an orthonormal basis. Then look at the k × k matrix of all their inner products.",
        "np.linalg.qr(A.T) returns a matrix whose *columns* are an orthonormal basis of the rows of A. The singular "
        "values of the inner products are the cosines, the largest first. Rounding may push one just above 1.",
        "Qa = np.linalg.qr(A.T)[0]; Qb = np.linalg.qr(B.T)[0]; c = np.linalg.svd(Qa.T @ Qb, compute_uv=False); "
        "return np.degrees(np.arccos(np.clip(c, -1, 1))).",
    ),
)
def check_principal_angles(answer, seed):
    from scipy.linalg import subspace_angles

    rng = np.random.default_rng(seed)
    k, d = 3, 8
    A = rng.normal(size=(k, d)) * [[3.0], [1.0], [0.2]]
    products = eigenvalues = np.eye(k)
    # Until a pair of basis vectors points to opposite sides, and an eigenvalue is not its own size.
    while np.diag(products).min() > 0 or np.allclose(np.abs(eigenvalues), eigenvalues.real):
        B = A + 0.6 * rng.normal(size=(k, d))
        products = np.linalg.qr(A.T)[0].T @ np.linalg.qr(B.T)[0]
        eigenvalues = np.linalg.eigvals(products)
    expected = np.degrees(subspace_angles(A.T, B.T))[::-1]
    cosines = np.cos(np.radians(expected))
    with np.errstate(invalid="ignore"):
        rough = np.degrees(np.arccos(np.linalg.svd(A @ B.T, compute_uv=False)))
        clipped = np.degrees(np.arccos(np.clip(np.linalg.svd(A @ B.T, compute_uv=False), -1, 1)))
        rows = np.linalg.svd(_unit(A) @ _unit(B).T, compute_uv=False)
        unit = np.degrees(np.arccos(np.clip(rows, -1, 1)))
        pairs = np.degrees(np.arccos(np.clip(np.sum(_unit(A) * _unit(B), axis=1), -1, 1)))
    got = array(answer(A.copy(), B.copy()), "the angles")
    require(not np.iscomplexobj(got), got="complex numbers", expected="real angles",
            look="eigenvalues of a matrix that "
            "is not symmetric may be complex; the cosines are its singular values: np.linalg.svd")  # fmt: skip
    raw = "the rows of A and B are neither of length 1 nor orthogonal: give each an orthonormal basis first (qr of A.T)"
    for wrong in (rough, clipped):
        require(not (got.shape == wrong.shape and np.allclose(got, wrong, equal_nan=True)),
                got=str(np.round(got, 2).tolist()), expected=str(np.round(expected, 2).tolist()), look=raw)  # fmt: skip
    mistakes = {
        "rows of length 1 are not enough: they must be orthogonal to each other too (qr of A.T)": unit,
        "this compares row with row; a subspace has no preferred rows. Take singular values of all products": pairs,
        "these are radians; degrees are asked for": np.radians(expected),
        "the largest angle comes first; the smallest should. (Singular values fall, angles then rise)": expected[::-1],
        "these are the cosines; take their arccos": cosines,
        "qr of A gives a basis of all of k-space, always the same one: it needs the transpose, A.T": np.zeros(k),
        "this is the largest angle alone; all k are asked for": expected[-1],
        "these are the sines, not the angles": np.sin(np.radians(expected)),
        "these are radians, and the largest comes first; degrees are asked for, the smallest first":
            np.radians(expected)[::-1],
        "these are eigenvalues of the k × k products; the cosines are their singular values": np.degrees(
            np.arccos(np.clip(np.sort(np.abs(eigenvalues))[::-1], -1, 1))),
        "these come from real parts of eigenvalues of the k × k products; the cosines are their singular values":
            np.degrees(np.arccos(np.clip(np.sort(eigenvalues.real)[::-1], -1, 1))),
        "these cosines are squared (eigenvalues of Mᵀ M): take the root before the arccos":
            np.degrees(np.arccos(np.clip(cosines**2, 0, 1))),
        "this is the arcsine: the singular values are cosines": 90 - expected,
        "after the bases this is row with row: take the singular values of all k × k products": np.degrees(
            np.arccos(np.clip(np.diag(products), -1, 1))),
        "after the bases this is row with row, without the sign: take the singular values of all k × k products":
            np.degrees(
            np.arccos(np.clip(np.abs(np.diag(products)), -1, 1))),
        "the angle of every pair of basis vectors: take the singular values of all k × k products": np.degrees(
            np.arccos(np.clip(products, -1, 1))),
        "only the first subspace has an orthonormal basis; both need one (qr of B.T)": _angles(_basis(A), _unit(B)),
        "only the second subspace has an orthonormal basis; both need one (qr of A.T)": _angles(_unit(A), _basis(B)),
        "this is the smallest angle alone; all k are asked for": expected[0],
        "this is the mean of the angles; all k are asked for": expected.mean(),
    }  # fmt: skip
    # near 0 the arccos of a rounded cosine is good to some 1e-6 degrees, in float64
    close(got, expected, "the angles", "orthonormal bases, then singular values", 1e-4, 1e-3, mistakes)
    for _ in range(40):  # the same subspace in other words: rounding pushes some cosines above 1
        mixed = _invertible(rng, k) @ A
        same = array(answer(A.copy(), mixed), "the angles of a subspace with itself")
        require(not np.isnan(same).any(), got="NaN for two bases of the same subspace", expected="angles of 0",
                look="a cosine of 1.0000000000000002 has no arccos: np.clip it first")  # fmt: skip
        close(same, np.zeros(k), "the angles of a subspace with itself", "mixing the rows changes no angle", atol=1e-3)
    line, plane = rng.normal(size=(1, 4)), rng.normal(size=(4, 6))
    close(array(answer(line, -line), "the angle of a line with itself"), [0.0], "the angle of a line with itself",
          "the sign of a direction is free: the cosine is 1, not −1", atol=1e-3)  # fmt: skip
    large = np.degrees(subspace_angles(plane.T, plane[::-1].T * 0 + np.eye(6)[:, :4]))[::-1]
    close(array(answer(plane, np.eye(6)[:4]), "the angles"), large, "the angles between two 4-dimensional subspaces",
          "any number of rows: k is len(A)", 1e-4, 1e-3)  # fmt: skip
    apart = np.eye(5)
    close(array(answer(2 * apart[:2], apart[2:4]), "the angles"), [90.0, 90.0], "the angles of orthogonal planes",
          "a cosine of 0 is an angle of 90 degrees", atol=1e-3)  # fmt: skip


@exercise(
    "1.6",
    "Recover the components",
    reference="helpers.autoencoders.pca.components:recover_components",
    minutes=15,
    difficulty=3,
    hints=(
        "The decoder's rows are one basis of the subspace among many, and the codings know how far the data reach "
        "along each. Put the two together: which array of n rows and d columns do you know how to treat?",
        "The reconstructions are Z @ D, plus a bias that PCA removes again. They lie in the subspace; their "
        "principal components are what you look for.",
        "directions = np.linalg.eigh(np.cov(Z @ D, rowvar=False))[1]; return directions[:, ::-1][:, : len(D)].T. "
        "(An SVD of the centred reconstructions gives the same, and takes longer.)",
    ),
)
def check_recover(answer, seed):
    rng = np.random.default_rng(seed)
    for n, d, k in ((60, 9, 3), (40, 5, 2)):
        _recover_once(answer, rng, n, d, k)


def _recover_once(answer, rng, n, d, k):
    W = np.linalg.qr(rng.normal(size=(d, k)))[0].T
    scores = np.linalg.qr(_centred(rng.normal(size=(n, k))))[0] * np.array([9.0, 5.0, 2.0])[:k]
    mixing = _invertible(rng, k)
    D = mixing @ W  # the axes of an autoencoder: any mixture
    Z = scores @ np.linalg.inv(mixing)
    Z = Z + 3.0 * np.abs(Z).max() * np.linalg.qr(rng.normal(size=(k, 1)))[0].T  # an encoder has biases
    R = Z @ D
    values, vectors = np.linalg.eigh(np.cov(R.T, bias=True))
    expected = vectors.T[::-1][:k]
    of_codings = np.linalg.svd(_centred(Z), full_matrices=False)[2]
    basis = np.linalg.qr(D.T)[0]
    turned = of_codings @ basis.T
    found = array(answer(D.copy(), Z.copy()), "the components")
    weak = found.shape == (k, d) and np.allclose(_centred(R) @ found.T, 0, atol=1e-6)
    require(not (weak and np.any(found)), got="directions along which the reconstructions do not vary",
            expected="those along which they vary most",
            look="these are the weakest directions: eigh sorts ascending, so the strongest come last")  # fmt: skip
    eigenvectors_as_rows(found, expected)
    directions(found, expected, "the components", named={
        "one mean of all numbers was subtracted; subtract the mean of each column, axis=0":
            np.linalg.svd(R - R.mean(), full_matrices=False)[2][:k],
        "these are the decoder's own rows: any mixture of components": D,
        "these are the decoder's own rows, at length 1: still a mixture of components": _unit(D),
        "an orthonormal basis of the right subspace, but of the decoder alone: the variance is in the codings":
            np.linalg.svd(D, full_matrices=False)[2],
        "an orthonormal basis of the right subspace, but a QR of the decoder alone: the variance is in the codings":
            basis.T,
        "the reconstructions were not centred: subtract their mean (the encoder may have a bias)":
            np.linalg.svd(R, full_matrices=False)[2][:k],
        "these are directions in the space of codings; the components have one entry for each pixel": of_codings,
        "principal directions of the codings, carried over by D: true only if the decoder's rows were orthonormal":
            of_codings @ D,
        "principal directions of the codings, carried over by D and made length 1: true only if the decoder's rows "
        "were orthonormal": _unit(of_codings @ D),
        "the codings were analysed without the decoder's R: after D.T = Q R the coordinates are Z @ R.T": turned,
        "the right directions with the strongest last: turn the order round": expected[::-1],
        "one component should be one row; these are columns: transpose": expected.T,
        "this is a PCA of the decoder's k rows; the variance is in the codings: analyse Z @ D":
            np.linalg.svd(_centred(D), full_matrices=False)[2],
        "these are codings, one row for each image; directions are asked for": _centred(R) @ expected.T,
        "the right directions times their singular values: rows of length 1 are asked for":
            expected * np.linalg.norm(_centred(R) @ expected.T, axis=0)[:, None],
        "the pseudo-inverse of the decoder is not needed: the reconstructions are Z @ D":
            of_codings @ np.linalg.pinv(D).T,
    })  # fmt: skip


@exercise(
    "1.7",
    "A comparison that cannot be fooled",
    reference="helpers.autoencoders.pca.components:overlap",
    minutes=10,
    difficulty=2,
    hints=(
        "Mixing the rows of either array must change nothing. What stays the same when a basis is changed?",
        "Give both an orthonormal basis (qr of the transpose). The k × k products of the two bases hold all the "
        "cosines; the sum of their squares does not depend on the bases.",
        "Qa = np.linalg.qr(A.T)[0]; Qb = np.linalg.qr(B.T)[0]; return float(np.sum((Qa.T @ Qb) ** 2) / len(A)).",
    ),
)
def check_overlap(answer, seed):
    rng = np.random.default_rng(seed)
    for k, d in ((3, 8), (2, 6)):
        _overlap_once(answer, rng, k, d)


def _overlap_once(answer, rng, k, d):
    A = _invertible(rng, k) @ rng.normal(size=(k, d))
    B = _invertible(rng, k) @ (A + 0.8 * rng.normal(size=(k, d)))
    projectors = [np.linalg.pinv(M) @ M for M in (A, B)]
    expected = float(np.trace(projectors[0] @ projectors[1]) / k)
    Qa, Qb = np.linalg.qr(A.T)[0], np.linalg.qr(B.T)[0]
    cosines = np.linalg.svd(Qa.T @ Qb, compute_uv=False)
    products = _unit(A) @ _unit(B).T
    got = array(answer(A.copy(), B.copy()), "the agreement")
    shape(got, (), "the agreement", "one number for the two subspaces")
    close(got, expected, "the agreement", "orthonormal bases first; then the mean squared cosine", 1e-6, 1e-9, {
        "this still compares row with row: mixed rows then look like a failure": np.mean(np.abs(np.diag(products))),
        "this still compares row with row (squared)": np.mean(np.diag(products) ** 2),
        "this looks for the best partner of each row; a mixture has no single partner": np.abs(products).max(1).mean(),
        "row with row again, after an orthonormal basis: which vectors qr picks first is of no meaning":
            np.mean(np.abs(np.diag(Qa.T @ Qb))),
        "row with row again, squared, after an orthonormal basis: sum over all k × k products":
            np.mean(np.diag(Qa.T @ Qb) ** 2),
        "rows of length 1 are not enough: they must be orthogonal to each other too": np.sum(products**2) / k,
        "the rows were used as they came: give each subspace an orthonormal basis first": np.sum((A @ B.T) ** 2) / k,
        "this is the sum of the squared cosines; divide by k so that the same subspace gives 1": expected * k,
        "this is the mean over all k × k products; divide the sum by k": expected / k,
        "these cosines are not squared: take the mean of their squares": np.mean(cosines),
        "qr of A gives a basis of all of k-space, always the same one: it needs the transpose, A.T": 1.0,
        "this is the smallest cosine; the mean of all squared cosines is asked for": cosines[-1],
        "this is the smallest squared cosine; the mean of all is asked for": cosines[-1] ** 2,
        "this is the share that disagrees": 1 - expected,
        "this is the root of the mean squared cosine: leave out the root": expected**0.5,
        "this is the largest cosine; the mean of all squared cosines is asked for": cosines[0],
        "this is the mean angle in degrees; the mean squared cosine is asked for":
            np.degrees(np.arccos(np.clip(cosines, -1, 1))).mean(),
        "all k × k products, absolute and not squared: square them, and divide the sum by k":
            np.mean(np.abs(Qa.T @ Qb)),
        "the determinant multiplies the cosines; their mean square is asked for": np.prod(cosines),
        "the determinant multiplies the cosines, here squared; their mean is asked for": np.prod(cosines) ** 2,
        "the norm is the root of the sum of squares: square it, then divide by k": (expected * k) ** 0.5 / k,
        "the trace adds up row with row alone; sum the squares of all k × k products": np.trace(Qa.T @ Qb) ** 2 / k**2,
        "the mean of the angles, then its cosine: take the cosines first, square them, then the mean":
            np.cos(np.arccos(np.clip(cosines, -1, 1)).mean()) ** 2,
        "divided by the number of pixels; divide by the number of rows k": expected * k / d,
    })  # fmt: skip
    same = array(answer(A.copy(), _invertible(rng, k) @ A), "the agreement of a subspace with itself")
    close(same, 1.0, "the agreement of a subspace with itself", "mixing the rows must change nothing", 1e-6, 1e-6)
    apart = np.linalg.qr(rng.normal(size=(d, 2 * k)))[0].T
    none = array(answer(apart[:k], apart[k:]), "the agreement of orthogonal subspaces")
    close(none, 0.0, "the agreement of orthogonal subspaces", "they share no direction: 0", atol=1e-6)


def _centred(A):
    return A - A.mean(axis=0)


def _unit(A):
    return A / np.linalg.norm(A, axis=1, keepdims=True)


def _basis(A):
    return np.linalg.qr(A.T)[0].T


def _angles(rows, others):
    """Degrees of the arccos of the singular values of all products."""
    return np.degrees(np.arccos(np.clip(np.linalg.svd(rows @ others.T, compute_uv=False), -1, 1)))


def _invertible(rng, k):
    """A mixing matrix that is far from singular and far from orthogonal."""
    left, right = (np.linalg.qr(rng.normal(size=(k, k)))[0] for _ in range(2))
    return left * np.linspace(0.5, 2.0, k) @ right
