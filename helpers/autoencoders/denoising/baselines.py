"""What removed noise before networks did, tuned fairly: median filter, PCA, and the best straight-line denoiser.

Each rival is fitted with clean and noisy training images, chooses its one number there (window, components), and is
then used on others. Of the noisy versions there may be fewer: they belong to the first of the clean images. What comes
back is clipped to [0, 1], as a network with a sigmoid output is by itself.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.ndimage import median_filter

from helpers.autoencoders.denoising.noise import mean_psnr

WINDOWS = (1, 3, 5, 7)
COMPONENTS = (5, 10, 15, 20, 30, 50, 80, 120, 200, 300, 500, 784)


class Median:
    """Each pixel becomes the median of its window; the best of `windows` (1: leave the image as it is) is kept."""

    name = "median filter"

    def __init__(self, windows: Sequence[int] = WINDOWS):
        self.windows, self.best = tuple(windows), None

    def fit(self, X: np.ndarray, noisy: np.ndarray) -> Median:
        """Choose the window by mean PSNR on noisy images (n, height, width) and the first n of the clean images X."""
        clean = X[: len(noisy)]
        self.best = max(self.windows, key=lambda size: mean_psnr(clean, self._filter(noisy, size)))
        return self

    def denoise(self, noisy: np.ndarray) -> np.ndarray:
        """Noisy images (n, height, width) to images in [0, 1]."""
        return self._filter(noisy, self.best)

    @staticmethod
    def _filter(noisy, size):
        return median_filter(np.clip(noisy, 0, 1), size=(1, size, size), mode="nearest")


class PCADenoiser:
    """Project noisy images onto the first k principal components of clean ones; the best k is kept.

    Noise spreads evenly over all directions, images do not: few components hold most of the image and little noise.
    components: the numbers to choose from; those above the number of pixels or of images are left out.
    """

    name = "PCA"

    def __init__(self, components: Sequence[int] = COMPONENTS):
        self.components, self.best = tuple(components), None
        self._of = self._mean = self._directions = None  # the images the directions belong to, kept between fits

    def fit(self, X: np.ndarray, noisy: np.ndarray) -> PCADenoiser:
        """The directions of all clean images X; k by mean PSNR on noisy images (n, height, width) of the first n."""
        if self._of is not X:
            flat = X.reshape(len(X), -1).astype(np.float64)
            self._of, self._mean = X, flat.mean(axis=0)
            self._directions = np.linalg.eigh(np.cov(flat.T))[1][:, ::-1].T.astype(np.float32)
            self._mean = self._mean.astype(np.float32)
        sizes = [k for k in self.components if k <= min(len(self._directions), len(X) - 1)]
        clean = X[: len(noisy)]
        self.best = max(sizes, key=lambda k: mean_psnr(clean, self._project(noisy, k)))
        return self

    def denoise(self, noisy: np.ndarray) -> np.ndarray:
        """Noisy images (n, height, width) to images in [0, 1]."""
        return self._project(noisy, self.best)

    def _project(self, noisy, k):
        V = self._directions[:k]
        flat = np.asarray(noisy, np.float32).reshape(len(noisy), -1)
        return np.clip((flat - self._mean) @ V.T @ V + self._mean, 0, 1).reshape(np.shape(noisy))


class LinearDenoiser:
    """The straight-line denoiser with the smallest squared error on the training images: least squares.

    It is what a linear denoising autoencoder without a neck would learn; for Gaussian noise it is Wiener's filter,
    which shrinks each principal component by variance / (variance + sigma²) instead of keeping or dropping it.
    ridge: added to the diagonal, in units of the mean variance of a pixel, where images are few.
    """

    name = "best linear"

    def __init__(self, ridge: float = 1e-3):
        self.ridge, self.best = ridge, None
        self._matrix = self._offset = None

    def fit(self, X: np.ndarray, noisy: np.ndarray) -> LinearDenoiser:
        """Solve for the matrix on clean images X and their noisy versions, both (n, height, width)."""
        A = np.asarray(noisy, np.float32).reshape(len(noisy), -1)
        B = np.asarray(X, np.float32).reshape(len(X), -1)
        mean_a, mean_b = A.mean(axis=0), B.mean(axis=0)
        A, B = A - mean_a, B - mean_b
        gram = A.T @ A
        gram[np.diag_indices_from(gram)] += self.ridge * np.trace(gram) / len(gram)
        self._matrix = np.linalg.solve(gram, A.T @ B)
        self._offset = mean_b - mean_a @ self._matrix
        return self

    def denoise(self, noisy: np.ndarray) -> np.ndarray:
        """Noisy images (n, height, width) to images in [0, 1]."""
        flat = np.asarray(noisy, np.float32).reshape(len(noisy), -1)
        return np.clip(flat @ self._matrix + self._offset, 0, 1).reshape(np.shape(noisy))
