"""Four ways to spoil an image, and how to measure what is left: peak signal-to-noise ratio. NumPy only.

Every noise takes images (n, height, width) in [0, 1] and a generator, and returns a new float32 array of the same
shape. A level is one number for all images, or an array (n,) with one for each. Gaussian noise leaves [0, 1]; it is
not clipped, because clipping would make it lean towards grey at black and white pixels. Clip only to look at it.
Sources: Vincent et al., 2010, Journal of Machine Learning Research 11 (masking, Gaussian and salt-and-pepper noise).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def gaussian(X: np.ndarray, sigma, rng: np.random.Generator) -> np.ndarray:
    """X plus independent Gaussian noise of standard deviation `sigma` (not variance) in every pixel.

    Raises ValueError for a sigma below 0.
    """
    X, sigma = _images(X), _levels(sigma, len(X), "sigma", top=np.inf)
    return X + sigma * rng.standard_normal(X.shape, dtype=np.float32)


def masking(X: np.ndarray, rate, rng: np.random.Generator) -> np.ndarray:
    """X with every pixel set to 0 with probability `rate`, the others as they were.

    Raises ValueError for a rate outside [0, 1].
    """
    X, rate = _images(X), _levels(rate, len(X), "rate")
    return X * (rng.random(X.shape, dtype=np.float32) >= rate)


def dropout(X: np.ndarray, rate, rng: np.random.Generator) -> np.ndarray:
    """What keras.layers.Dropout(rate) makes of X while training: as `masking`, and the survivors divided by 1 - rate.

    The mean over the draws is then X itself, but single pixels rise above 1: with rate 0.5 to 2.
    Raises ValueError for a rate outside [0, 1).
    Source: Srivastava et al., 2014, Journal of Machine Learning Research 15.
    """
    X, levels = _images(X), _levels(rate, len(X), "rate")
    if levels.max(initial=0) >= 1:
        raise ValueError(f"rate must lie below 1, where no pixel would be left, got {rate!r}.")
    return masking(X, rate, rng) / (1 - levels)


def salt_and_pepper(X: np.ndarray, rate, rng: np.random.Generator) -> np.ndarray:
    """X with every pixel replaced, with probability `rate`, by black (0) or white (1), each as likely.

    Raises ValueError for a rate outside [0, 1].
    """
    X, rate = _images(X), _levels(rate, len(X), "rate")
    spoilt = rng.random(X.shape, dtype=np.float32) < rate
    return np.where(spoilt, rng.integers(0, 2, X.shape).astype(np.float32), X)


def occlusion(X: np.ndarray, side, rng: np.random.Generator, shade: float = 0.5) -> np.ndarray:
    """X behind a card: one grey square of `side` pixels, wholly inside the image, at a random place for each image.

    shade: of the card, mid grey, so that it is seen on black too. side: whole number (rounded if not), from 0
    to the smaller side of the image. Raises ValueError for others.
    """
    X = _images(X)
    n, height, width = X.shape
    side = np.rint(_levels(side, n, "side", top=min(height, width))).astype(int)
    top = np.floor(rng.random((n, 1, 1)) * (height - side + 1))
    left = np.floor(rng.random((n, 1, 1)) * (width - side + 1))
    rows, columns = np.arange(height)[None, :, None], np.arange(width)[None, None, :]
    covered = (rows >= top) & (rows < top + side) & (columns >= left) & (columns < left + side)
    return np.where(covered, np.float32(shade), X)


KINDS: dict[str, Callable] = {
    "Gaussian": gaussian, "masking": masking, "salt and pepper": salt_and_pepper, "occlusion": occlusion,
}  # fmt: skip


def corrupt(X: np.ndarray, kind: str, level, rng: np.random.Generator) -> np.ndarray:
    """Images X with noise of one of KINDS: level is sigma, the rate, or the side in pixels.

    Raises ValueError for an unknown kind or a level out of range.
    """
    if kind not in KINDS:
        raise ValueError(f"There is no noise {kind!r}; there are {', '.join(KINDS)}.")
    return KINDS[kind](X, level, rng)


def psnr(X: np.ndarray, R: np.ndarray, peak: float = 1.0) -> np.ndarray:
    """Peak signal-to-noise ratio of each image in decibels: (n,), 10 log10(peak² / its mean squared error).

    X: (n, …) clean images; R: (n, …) what is to be judged. peak: the largest value a pixel can have (1 for images in
    [0, 1]). 10 dB more is a tenth of the squared error; an exact copy has infinity.
    Raises ValueError when the shapes differ.
    """
    X, R = np.asarray(X), np.asarray(R)
    if X.shape != R.shape or X.ndim < 2 or not len(X):
        raise ValueError(f"psnr needs images of one shape (n, …), got {X.shape} and {R.shape}.")
    errors = np.mean(np.square(X.astype(np.float64) - R).reshape(len(X), -1), axis=1)
    with np.errstate(divide="ignore"):
        return 10 * np.log10(peak**2 / errors)


def mean_psnr(X: np.ndarray, R: np.ndarray, peak: float = 1.0) -> float:
    """The mean over the images of `psnr`, in decibels: what papers on denoising report.

    It is not the PSNR of the mean squared error, which is never larger (minus the logarithm is convex).
    """
    return float(np.mean(psnr(X, R, peak)))


def _images(X) -> np.ndarray:
    X = np.asarray(X, dtype=np.float32)
    if X.ndim != 3:
        raise ValueError(f"Noise is for images (n, height, width), got the shape {X.shape}.")
    return X


def _levels(level, n: int, name: str, top: float = 1.0) -> np.ndarray:
    """One number, or one for each image, as float32 that broadcasts against (n, height, width)."""
    levels = np.asarray(level, dtype=np.float32)
    if levels.ndim and levels.shape != (n,):
        raise ValueError(f"{name} must be one number or one for each of the {n} images, got the shape {levels.shape}.")
    if not (np.all(levels >= 0) and np.all(levels <= top)):
        raise ValueError(f"{name} must lie between 0 and {top:g}, got {level!r}.")
    return levels.reshape(-1, 1, 1)
