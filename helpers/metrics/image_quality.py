"""How good are generated images? The measures of the course, each with its paper, and `judge_images` for all.

    judge_images(samples, train=data.X_train)     → {"frechet": …, "precision": …, "recall": …, …}

The measures take features (n, d) or probabilities (n, 10), usually those of `helpers.metrics.classifier`, but they
are plain functions of arrays. A figure means something only beside its floor (real images against real
images) and beside simple models: `helpers.metrics.baselines.load()` has both, measured just as here.
"""

from __future__ import annotations

import numpy as np
from scipy.spatial.distance import cdist
from scipy.special import rel_entr

from helpers.metrics.image_pixels import checked_images as as_images
from helpers.metrics.image_pixels import memorisation, sliced_wasserstein_pyramid

COUNT = 2000  # generated images against as many real ones, in every lesson


def frechet_distance(features_a: np.ndarray, features_b: np.ndarray) -> float:
    """Fréchet distance of two sets of features, each taken as a Gaussian: 0 is best, no upper limit.

    |m_a − m_b|² + tr(C_a + C_b − 2 (C_a C_b)^½), with the means m and the covariances C (divisor n − 1).
    features_a: (n, d), features_b: (m, d). With few rows it is too large, by a part that falls like 1/n:
    compare only figures from equal numbers of images. In the feature space of this course's classifier it is
    no FID, which needs the Inception network, and its values cannot be compared with published ones.
    Raises ValueError for other shapes, fewer than two rows, or values that are not finite.
    Source: Heusel et al., 2017, arXiv 1706.08500; the distance itself: Dowson and Landau, 1982.
    """
    a, b = _features(features_a, "features_a", 2), _features(features_b, "features_b", 2)
    _same_width(a, b)
    mean_a, mean_b = a.mean(axis=0), b.mean(axis=0)
    # With C_a = AᵀA and C_b = BᵀB the trace of (C_a C_b)^½ is the sum of the singular values of A Bᵀ. Neither
    # covariance is formed, so nothing is squared, no eigenvalue comes out negative, and singular covariances
    # (dead features, n < d) need no special case.
    factor_a, factor_b = (
        np.linalg.qr((x - mean) / np.sqrt(len(x) - 1), mode="r") for x, mean in ((a, mean_a), (b, mean_b))
    )
    cross = np.linalg.svd(factor_a @ factor_b.T, compute_uv=False).sum()
    spread = np.square(factor_a).sum() + np.square(factor_b).sum() - 2 * cross
    return float(np.square(mean_a - mean_b).sum() + max(spread, 0.0))


def inception_score(probabilities: np.ndarray) -> float:
    """exp of the mean KL(p(y|x) ‖ p(y)): from 1 (worst) to the number of classes (sure, and all alike many).

    probabilities: (n, classes), rows that sum to 1. It sees neither repeated images nor real data: one image
    of each class, repeated for ever, has the best score. Here the course's classifier stands in the place of
    Inception, so its values cannot be compared with published ones.
    Raises ValueError unless the rows are probabilities.
    Source: Salimans et al., 2016, arXiv 1606.03498.
    """
    p = _probabilities(probabilities)
    return float(np.exp(rel_entr(p, p.mean(axis=0)).sum(axis=1).mean()))


def precision_recall(real: np.ndarray, fake: np.ndarray, k: int = 3, block: int = 2000) -> tuple[float, float]:
    """(precision, recall), each from 0 to 1: is what is made real, and is all that is real made?

    real: (n, d), fake: (m, d) features. Around each point of a set lies a ball that reaches to its k-th
    nearest neighbour in that set; the balls together are the set's manifold. precision: share of the fakes
    inside the manifold of the real ones. recall: share of the real ones inside that of the fakes. Both depend
    on the number of points: use equal ones. An odd real image far from all others has a large ball, which
    makes precision kind to images that resemble nothing: read it together with recall and the Fréchet
    distance. Time and the memory of a block grow with n·m; 2,000 points take about a second.
    Raises ValueError for other shapes, or k not from 1 to one less than the smaller number of points.
    Source: Kynkäänniemi et al., 2019, arXiv 1904.06991.
    """
    real, fake = _features(real, "real", 2), _features(fake, "fake", 2)
    _same_width(real, fake)
    most = min(len(real), len(fake)) - 1
    if not 1 <= k <= most:
        raise ValueError(f"k must lie between 1 and {most}, one less than the smaller set; got {k}")
    return _share_inside(fake, real, k, block), _share_inside(real, fake, k, block)


def _share_inside(points: np.ndarray, centres: np.ndarray, k: int, block: int) -> float:
    """Share of `points` in at least one ball around a centre that reaches to the centre's k-th neighbour."""
    # cdist subtracts before it squares, so that a point's distance to itself is 0 exactly, also in a ball of
    # radius 0 (which repeated images have). Each row's smallest value is the centre itself.
    pieces = [slice(start, start + block) for start in range(0, len(centres), block)]
    inside = np.zeros(len(points), bool)
    for piece in pieces:
        radius = np.partition(cdist(centres[piece], centres), k, axis=1)[:, k]
        inside |= (cdist(points, centres[piece]) <= radius).any(axis=1)
    return float(inside.mean())


def class_histogram(probabilities: np.ndarray) -> np.ndarray:
    """Share of the images in each class, by the classifier's first choice: (classes,), sums to 1.

    probabilities: (n, classes), rows that sum to 1. Raises ValueError unless they are.
    """
    p = _probabilities(probabilities)
    return np.bincount(p.argmax(axis=1), minlength=p.shape[1]) / len(p)


def class_coverage(probabilities: np.ndarray, least: float = 0.01) -> float:
    """Share of the classes that at least `least` of the images belong to: 1 means that no class was dropped.

    probabilities: (n, classes), rows that sum to 1. Raises ValueError unless they are.
    """
    return float(np.mean(class_histogram(probabilities) >= least))


def active_units(mu: np.ndarray, threshold: float = 0.01) -> int:
    """Number of codings whose mean differs from image to image: those that a VAE really uses.

    mu: (n, codings), the encoder's means of n images. A coding is active when the variance of its mean over
    the images exceeds `threshold`; an unused one stays near the prior's 0 for every image.
    Source: Burda et al., 2016, arXiv 1509.00519.
    """
    return int((np.var(_features(mu, "mu", 2), axis=0) > threshold).sum())


def real_images() -> np.ndarray:
    """The real images that every generator is held against: the 2,000 test images shipped with the workbook.

    (2000, 28, 28), float32 in [0, 1], 200 of every class, the same on every machine and whatever a model was
    trained on, so that figures can be compared. (With the official files of the full set, whose division
    differs, most of them are training images, as is usual for such figures.)
    """
    from helpers.data import dataset

    return dataset.load("fashion_mnist", source="shipped", quiet=True).X_test


def judge_images(fake, real=None, *, train=None, count: int = COUNT, seed: int = 0, k: int = 3) -> dict[str, float]:
    """All figures of generated images, by the names that `scoreboard.record(**figures)` knows.

    fake: (n, 28, 28), (n, 784) or (n, 28, 28, 1), in [0, 1]; real: the same, by default `real_images()`.
    train: the images that the model was trained on; with them the figures nearest_ratio and copies are added
        (`memorisation`, for the first 500 images).
    count: images of each set that are used, the first ones; if there are fewer, as many of both as the
        smaller set has, and a line says so, since the figures then compare with no others. seed: of patches
        and projections.
    Keys: frechet (↓), inception_score (↑), precision, recall, coverage (↑), sliced_wasserstein (↓, the mean
        of the three levels) with sliced_wasserstein_32, _16 and _8, and with train nearest_ratio (≈ 1) and
        copies (≈ .01).
    Takes a few seconds. Raises ValueError for images of another shape, NaN, or fewer than 10.
    """
    from helpers.metrics import classifier  # here: it needs TensorFlow, and the measures above do not

    fake = as_images(fake, "the generated images")
    real = as_images(real_images() if real is None else real, "the real images")
    number = min(len(fake), len(real), count)
    if number < 10:
        raise ValueError(f"{number} images cannot be judged: at least 10 are needed, better {COUNT:,}")
    if number < count:
        print(
            f"Judged on {number:,} images instead of {count:,}: fewer images give a larger Fréchet distance, "
            "so compare these figures with no others."
        )
    fake, real = fake[:number], real[:number]
    features, probabilities = classifier.features_and_probabilities(fake)
    features_real = classifier.features(real)
    precision, recall = precision_recall(features_real, features, k)
    levels = sliced_wasserstein_pyramid(real, fake, seed=seed)
    figures = {
        "frechet": frechet_distance(features_real, features),
        "inception_score": inception_score(probabilities),
        "precision": precision,
        "recall": recall,
        "coverage": class_coverage(probabilities),
        "sliced_wasserstein": float(np.mean(list(levels.values()))),
        **{f"sliced_wasserstein_{side}": value for side, value in levels.items()},
    }
    if train is not None:
        some = slice(500)
        figures["nearest_ratio"], figures["copies"] = memorisation(fake[some], real[some], train)
    return figures


def _features(X, what: str, least: int) -> np.ndarray:
    """X as float64 rows (n, d), n ≥ `least`, all finite; further axes are flattened."""
    X = np.asarray(X)
    if X.ndim < 2 or len(X) < least or X.size == 0:
        raise ValueError(f"{what} needs the shape (n, d) with at least {least} rows, got {X.shape}")
    X = X.reshape(len(X), -1).astype(np.float64)
    if not np.isfinite(X).all():
        raise ValueError(f"{what} holds NaN or infinite values: look at the training that made them")
    return X


def _same_width(a: np.ndarray, b: np.ndarray) -> None:
    if a.shape[1] != b.shape[1]:
        raise ValueError(f"the sets have {a.shape[1]} and {b.shape[1]} features: use one network for both")


def _probabilities(p) -> np.ndarray:
    p = _features(p, "probabilities", 1)
    if p.shape[1] < 2 or p.min() < 0 or not np.allclose(p.sum(axis=1), 1, atol=1e-3):
        raise ValueError("probabilities must be rows that sum to 1: were logits passed? Take their softmax")
    return p
