"""Measures of generated images that look at pixels: structure at every scale, and the nearest training image.

NumPy and SciPy only.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage
from scipy.stats import wasserstein_distance

SIDE, PADDED = 28, 32
LEVELS = (32, 16, 8)
PATCH = 7


def checked_images(X, what: str = "the images") -> np.ndarray:
    """Images as float32 of shape (n, 28, 28), values in [0, 1].

    X: (n, 28, 28), (n, 784) or (n, 28, 28, 1). Whole numbers from 0 to 255 are not accepted. Values outside
    [0, 1] are clipped, and one line says how many there were: images in [−1, 1] must be brought to [0, 1] by
    ``(X + 1) / 2`` first.
    Raises ValueError for another shape, no images, values that are no real numbers, NaN or infinity.
    """
    X = np.asarray(X)
    if X.shape[1:] not in ((SIDE, SIDE), (SIDE * SIDE,), (SIDE, SIDE, 1)) or len(X) == 0:
        raise ValueError(f"{what} must have the shape (n, 28, 28), (n, 784) or (n, 28, 28, 1), got {X.shape}")
    if X.dtype.kind != "f":
        raise ValueError(f"{what} must be floats in [0, 1], got {X.dtype}: divide bytes by 255")
    if not np.isfinite(X).all():
        raise ValueError(f"{what} hold NaN or infinite values: look at the training that made them")
    X = X.reshape(-1, SIDE, SIDE).astype(np.float32, copy=False)
    # A tanh or a float16 may end a hair beyond its range, which is no news.
    outside = np.mean((X < -1e-3) | (X > 1 + 1e-3))
    if outside:
        print(
            f"Note: {outside:.1%} of the values of {what} lie outside [0, 1] (from {X.min():.2f} to "
            f"{X.max():.2f}) and were clipped. If the images are in [−1, 1], pass (X + 1) / 2."
        )
    return np.clip(X, 0.0, 1.0)


def laplacian_pyramid(images: np.ndarray) -> list[np.ndarray]:
    """The detail of images at each scale: float32 arrays of (n, 32, 32), (n, 16, 16) and (n, 8, 8).

    images: (n, 28, 28) in [0, 1]; two black pixels are added on each side, since 32 can be halved twice with
    whole patches left. The first two levels hold what is lost by halving, the last one the small image
    itself, so that enlarging and adding gives the images back.
    Source: Burt and Adelson, 1983.
    """
    edge = (PADDED - SIDE) // 2
    X = np.pad(checked_images(images), ((0, 0), (edge, edge), (edge, edge)))
    pyramid = []
    for _ in LEVELS[1:]:
        small = _halved(X)
        pyramid.append(X - enlarged(small))
        X = small
    return [*pyramid, X]


def _blurred(X: np.ndarray, gain: float = 1.0) -> np.ndarray:
    """X under the 5×5 binomial filter: rows and columns by 1 4 6 4 1, divided by 16, times `gain` for
    each.
    """
    kernel = np.array([1, 4, 6, 4, 1], np.float32) * np.float32(gain / 16)
    for axis in (1, 2):
        X = ndimage.correlate1d(X, kernel, axis=axis, mode="mirror")
    return X


def _halved(X: np.ndarray) -> np.ndarray:
    return _blurred(X)[:, ::2, ::2]


def enlarged(X: np.ndarray) -> np.ndarray:
    """Images twice as high and wide: (n, h, w) → (n, 2h, 2w), zeros put in between and smoothed."""
    n, h, w = X.shape
    wide = np.zeros((n, 2 * h, 2 * w), np.float32)
    wide[:, ::2, ::2] = X
    return _blurred(wide, gain=2.0)


def sliced_wasserstein(a: np.ndarray, b: np.ndarray, directions: int = 128, seed: int = 0) -> float:
    """Sliced Wasserstein distance of two clouds of points: 0 for equal clouds, in the unit of the points.

    a: (n, d), b: (m, d). The points are projected on `directions` random lines (unit vectors drawn from
    `seed`); on a line the earth mover's distance W₁ is exact and needs only sorting; the mean over the lines
    comes back. For a shift of the whole cloud by s it is |s| times the mean |cosine|, about
    0.8 |s| / √d for large d.
    Source: Rabin et al., 2011; Bonneel et al., 2015.
    Raises ValueError for other shapes, or NaN.
    """
    a, b = _cloud(a, "a"), _cloud(b, "b")
    if a.shape[1] != b.shape[1]:
        raise ValueError(f"a point of a has {a.shape[1]} values, of b {b.shape[1]}")
    lines = np.random.default_rng(seed).standard_normal((a.shape[1], directions)).astype(a.dtype)
    lines /= np.linalg.norm(lines, axis=0)
    if len(a) == len(b):
        moved = np.abs(np.sort((a @ lines).T, axis=1) - np.sort((b @ lines).T, axis=1))
        return float(moved.mean(dtype=np.float64))
    pairs = zip((a @ lines).T, (b @ lines).T, strict=True)
    return float(np.mean([wasserstein_distance(u, v) for u, v in pairs]))


def _cloud(points, what: str) -> np.ndarray:
    points = np.asarray(points)
    if points.ndim != 2 or points.size == 0:
        raise ValueError(f"{what} must be points of the shape (n, d), got {points.shape}")
    if not np.isfinite(points).all():
        raise ValueError(f"{what} holds NaN or infinite values")
    return points if points.dtype in (np.float32, np.float64) else points.astype(np.float64)


def sliced_wasserstein_pyramid(
    images_a, images_b, *, patches: int = 16, directions: int = 128, seed: int = 0
) -> dict[int, float]:
    """Distance of the local structure of two sets of images at each scale: {32: …, 16: …, 8: …}, times 1,000.

    images_a: (n, 28, 28), images_b: (m, 28, 28), in [0, 1]. From each level of the Laplacian pyramid 7×7
    patches are cut (`patches` of each image, at places drawn from `seed`), all patches of a set are brought
    to mean 0 and deviation 1 together, and `sliced_wasserstein` compares the two clouds of patches. Large at
    32: wrong texture and edges; large at 8: wrong overall shapes. Since each set is normalised by itself,
    brightness and contrast do not count. Equal sets give 0; compare with real against real, which does not.
    Source: Karras et al., 2018, arXiv 1710.10196 (section 5 and its table 1: there 16,384 images, 128
    patches).
    """
    levels = zip(LEVELS, laplacian_pyramid(images_a), laplacian_pyramid(images_b), strict=True)
    return {
        side: 1000 * sliced_wasserstein(*(_patches(X, patches, seed) for X in pair), directions, seed)
        for side, *pair in levels
    }


def _patches(X: np.ndarray, number: int, seed: int) -> np.ndarray:
    """Normalised 7×7 patches of (n, side, side) images as rows: (n·number, 49). Same seed, same places."""
    windows = np.lib.stride_tricks.sliding_window_view(X, (PATCH, PATCH), axis=(1, 2))
    rows, columns = np.random.default_rng(seed).integers(0, windows.shape[1], (2, len(X), number))
    cut = windows[np.arange(len(X))[:, None], rows, columns].reshape(-1, PATCH * PATCH)
    cut = cut - cut.mean(dtype=np.float64)
    return cut / max(float(cut.std()), 1e-8)  # a set of flat images stays flat


def nearest_training_images(fake, train, block: int = 500) -> tuple[np.ndarray, np.ndarray]:
    """The nearest training image of each image: (indices into `train`, Euclidean distances), both (n,).

    fake: (n, …), train: (m, …), with as many values per image. A copy has the distance 0. For 2,000 images
    among 55,000 it takes some seconds. Compare with `memorisation`: a distance by itself says little.
    Raises ValueError if the rows differ in length or there are no images.
    """
    fake, train = (np.asarray(X) for X in (fake, train))
    fake, train = (X.reshape(len(X), -1).astype(np.float32, copy=False) for X in (fake, train))
    if fake.shape[1] != train.shape[1] or not fake.size or not train.size:
        raise ValueError(f"need images of one size, got rows of {fake.shape[1]} and {train.shape[1]} values")
    squares = np.einsum("ij,ij->i", train, train)
    indices = np.empty(len(fake), np.intp)
    for start in range(0, len(fake), block):
        # |f − t|² without |f|², which is the same for all t
        indices[start : start + block] = (squares - 2 * fake[start : start + block] @ train.T).argmin(axis=1)
    # Once more without the expansion, which rounds: a copy must be at 0 exactly.
    return indices, np.linalg.norm(fake - train[indices], axis=1).astype(np.float64)


def memorisation(fake, real, train) -> tuple[float, float]:
    """Does a model repeat its training images? (ratio of distances, share of copies).

    fake, real: images (n, …) made by the model, and real ones that it was not trained on; train: those it
        was.
    ratio: median distance to the nearest training image, of the fakes divided by that of the real ones. About
        1 is as it should be, far below 1 is repetition, above 1 unlike any real image (or noisy).
    copies: share of the fakes that are nearer to a training image than all but 1 % of the real ones are; so
        about 0.01 is chance. Blurred images score higher without being copies: look at them.
    """
    distances, usual = (nearest_training_images(X, train)[1] for X in (fake, real))
    middle = float(np.median(usual))
    ratio = float(np.median(distances)) / middle if middle else float("nan")
    return ratio, float(np.mean(distances < np.quantile(usual, 0.01)))
