"""Features from small patches: a dictionary learned from images without labels, laid over the whole image.

    dictionary = patch_features.learn(images, 100)            no labels
    F = dictionary(images)                                    (n, grid · grid · 2 · filters)

An image is cut into all its windows. Each window is made comparable (its own mean away, its own contrast to 1),
whitened, compared with every filter, thresholded and averaged over the fields of a coarse grid. Only the filters
depend on `kind`; everything else is the same for filters that were learned, drawn and thrown.
Sources: Coates, Lee and Ng, An analysis of single-layer networks in unsupervised feature learning, AISTATS 2011;
Coates and Ng, The importance of encoding versus training with sparse coding and vector quantization, ICML 2011.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from helpers.backend import keras, tf

KINDS = ("k-means", "autoencoder", "patches", "noise")
CONTRAST = 0.01  # added to the variance of a window, so that bare background is not blown up to noise
WHITENING = 0.1  # added to every eigenvalue, for the same reason
PATCHES = 50_000  # windows from which a dictionary is learned


def random_patches(images: np.ndarray, n: int = PATCHES, size: int = 6, seed: int = 0) -> np.ndarray:
    """Square windows cut at random places of random images, those of one shade left out: (at most n, size · size).

    images: (m, height, width). Raises ValueError when the images are smaller than a window.
    """
    images = np.asarray(images, dtype="float32")
    if images.ndim != 3 or min(images.shape[1:]) < size:
        raise ValueError(f"windows of {size}×{size} pixels do not fit images of the shape {images.shape}")
    rng = np.random.default_rng(seed)
    which = rng.integers(0, len(images), n)
    top = rng.integers(0, images.shape[1] - size + 1, n)
    left = rng.integers(0, images.shape[2] - size + 1, n)
    inside = np.arange(size)
    windows = images[which[:, None, None], top[:, None, None] + inside[:, None], left[:, None, None] + inside]
    windows = windows.reshape(n, -1)
    return windows[windows.std(axis=1) > 0.02]


def same_contrast(patches: np.ndarray) -> np.ndarray:
    """Each patch less its own mean, divided by its own contrast √(variance + 0.01): (n, pixels) -> (n, pixels)."""
    centred = patches - patches.mean(axis=1, keepdims=True)
    return centred / np.sqrt(patches.var(axis=1, keepdims=True) + CONTRAST)


def whitening(patches: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(mean, W): the mean (pixels,) and a symmetric matrix (pixels, pixels); (patches − mean) W has nearly equal
    variance in every direction, and still looks like patches (ZCA).

    patches: (n, pixels), of the same contrast. Directions with little variance (< 0.1) are lifted less.
    Source: Bell and Sejnowski, The "independent components" of natural scenes are edge filters, 1997.
    """
    mean = patches.mean(axis=0)
    values, directions = np.linalg.eigh(np.cov(patches.T))
    return mean, ((directions / np.sqrt(values + WHITENING)) @ directions.T).astype("float32")


def unit(rows: np.ndarray) -> np.ndarray:
    """The rows (n, d), each divided by its length."""
    return rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-8)


def k_means(patches: np.ndarray, filters: int, steps: int = 12, seed: int = 0) -> np.ndarray:
    """Spherical k-means: directions (filters, pixels) of length 1, near which the white patches (n, pixels) lie.

    Each patch belongs to the direction with the largest |cosine|; a direction moves to the sum of its patches, those
    on its far side with the opposite sign. One without patches is thrown anew among them.
    Source: Coates and Ng, Learning feature representations with k-means, 2012.
    """
    rng = np.random.default_rng(seed)
    patches = unit(patches)
    centres = patches[rng.choice(len(patches), filters, replace=len(patches) < filters)]
    for _ in range(steps):
        cosines = patches @ centres.T
        owner = np.abs(cosines).argmax(axis=1)
        side = np.sign(cosines[np.arange(len(patches)), owner])
        sums = np.zeros_like(centres)
        np.add.at(sums, owner, side[:, None] * patches)
        lonely = np.bincount(owner, minlength=filters) == 0
        sums[lonely] = patches[rng.choice(len(patches), lonely.sum())]
        centres = unit(sums)
    return centres


def patch_autoencoder(patches: np.ndarray, filters: int, steps: int = 600, seed: int = 0) -> np.ndarray:
    """The weights (filters, pixels), rows of length 1, of a sparse autoencoder with tied weights on white patches.

    Codings: soft threshold of W x at 0.5 (nearly all of them become 0); reconstruction: Wᵀ times the codings;
    trained on the squared error by Adam.   patches: (n, pixels).
    """
    rng = np.random.default_rng(seed)
    W = keras.Variable(unit(rng.normal(size=(filters, patches.shape[1]))).astype("float32"))
    optimizer = keras.optimizers.Adam(keras.optimizers.schedules.PolynomialDecay(0.02, steps, 0.0), beta_2=0.99)
    optimizer.build([W])

    @tf.function
    def step(x):
        with tf.GradientTape() as tape:
            D = tf.math.l2_normalize(W.value, axis=1)
            a = tf.matmul(x, D, transpose_b=True)
            h = tf.nn.relu(a - 0.5) - tf.nn.relu(-a - 0.5)
            loss = tf.reduce_mean(tf.reduce_sum((tf.matmul(h, D) - x) ** 2, axis=1))
        optimizer.apply(tape.gradient(loss, [W.value]), [W])

    for _ in range(steps):
        step(tf.constant(patches[rng.integers(0, len(patches), 500)]))
    return unit(np.asarray(W))


@dataclass(frozen=True)
class PatchFeatures:
    """Filters and what belongs to them; call it on images (n, height, width) for features.

    filters: (filters, size · size), in the white space.   mean, white: of `whitening`.   grid: fields on each side.
    threshold: what a product of window and filter must exceed. Features: (n, grid · grid · 2 · filters).
    """

    filters: np.ndarray
    mean: np.ndarray
    white: np.ndarray
    size: int = 6
    grid: int = 4
    threshold: float = 0.25

    def __call__(self, images: np.ndarray, batch: int = 100) -> np.ndarray:
        seen = tf.constant((self.white @ self.filters.T).astype("float32"))  # whitening and comparing in one product
        shift = tf.constant((self.mean @ self.white @ self.filters.T).astype("float32"))

        @tf.function(reduce_retracing=True)
        def encode(images):
            return _pooled(_answers(images, seen, shift, self.size), self.threshold, self.grid)

        parts = [encode(tf.constant(images[i : i + batch])) for i in range(0, len(images), batch)]
        return np.sqrt(np.concatenate(parts))


def _answers(images, seen, shift, size):
    """Products of every window with every filter, (n, height, width, filters); beyond the edge is black."""
    windows = tf.image.extract_patches(images[..., None], [1, size, size, 1], [1] * 4, [1] * 4, "SAME")
    mean = tf.reduce_mean(windows, axis=-1, keepdims=True)
    contrast = tf.sqrt(tf.math.reduce_variance(windows, axis=-1, keepdims=True) + CONTRAST)
    return tf.tensordot((windows - mean) / contrast, seen, 1) - shift


def _pooled(answers, threshold, grid):
    """What exceeds the threshold on either side, averaged over the fields of the grid: (n, grid² · 2 · filters)."""
    field = [answers.shape[1] // grid, answers.shape[2] // grid]
    both = [tf.nn.avg_pool2d(tf.nn.relu(sign * answers - threshold), field, field, "VALID") for sign in (1, -1)]
    return tf.reshape(tf.concat(both, axis=-1), (len(answers), -1))


def learn(images: np.ndarray, filters: int = 100, *, kind: str = "k-means", size: int = 6, white: bool = True,
          seed: int = 0, grid: int = 4, threshold: float = 0.25) -> PatchFeatures:  # fmt: skip
    """Features whose filters were learned from the windows of `images` (n, height, width), without labels.

    kind: "k-means", "autoencoder"; for comparison "patches" (white windows, drawn and not learned) and "noise"
    (Gaussian numbers). white=False leaves the whitening out. Raises ValueError for another kind.
    """
    if kind not in KINDS:
        raise ValueError(f"there are dictionaries of the kinds {', '.join(KINDS)}, not {kind!r}")
    rng = np.random.default_rng(seed)
    windows = same_contrast(random_patches(images, size=size, seed=seed))
    mean, W = whitening(windows) if white else (windows.mean(axis=0), np.eye(size * size, dtype="float32"))
    windows = (windows - mean) @ W
    if kind == "k-means":
        rows = k_means(windows, filters, seed=seed)
    elif kind == "autoencoder":
        rows = patch_autoencoder(windows, filters, seed=seed)
    elif kind == "patches":
        rows = unit(windows[rng.choice(len(windows), filters, replace=False)])
    else:
        rows = unit(rng.normal(size=(filters, size * size)))
    return PatchFeatures(rows.astype("float32"), mean, W, size, grid, threshold)
