"""The check of exercise 11.7: what brightness alone gives away."""

import numpy as np

from helpers.exercises.assertions import close, shape
from helpers.exercises.registry import exercise
from helpers.exercises.several import Case, close_on_all


@exercise(
    "11.7",
    "The simplest detective",
    reference="helpers.gans.vanilla.measures:brightness_detective",
    minutes=15,
    difficulty=2,
    hints=(
        "Take the mean of each image (over which axes?). Which thresholds are worth trying?",
        "For every mean that occurs: the share right if all above are called real. If that share is below ½, she "
        "takes the "
        "other side as real, and has 1 − share.",
        "means = np.concatenate([real, fake]).mean(axis=(1, 2)); for each threshold in means: right = "
        "np.mean((means > threshold) == is_real), with is_real = np.arange(len(means)) < len(real); keep the "
        "largest of "
        "right and 1 − right, and at least ½.",
    ),
)
def check_brightness(answer, seed):
    from scipy.stats import ks_2samp

    rng = np.random.default_rng(seed)
    look = "the best threshold on the mean of each image, with either side as real"
    cases = []
    for low, high, what in ((0.0, 0.15, "brighter fakes"), (0.12, 0.0, "darker fakes"), (0.0, 0.0, "like fakes")):
        real = rng.normal(low, 1, (37, 4, 5)) + 0.3 * rng.normal(size=(37, 1, 1))
        # pixels far above the mean and many a little below it: their median is another measure than their mean
        fake = rng.exponential(1, (37, 4, 5)) - 1 + high + 0.3 * rng.normal(size=(37, 1, 1))
        a, b = real.mean(axis=(1, 2)), fake.mean(axis=(1, 2))
        expected = (1 + ks_2samp(a, b, method="asymp").statistic) / 2
        got = answer(real.copy(), fake.copy())
        shape(got, (), "the share", "one number between .5 and 1")
        named = _detectives(real, fake, a, b)
        cases.append(Case(f"the share for {what}", float(got), expected, named))
    close_on_all(cases, look, rtol=1e-9)
    dark, light = np.zeros((6, 3, 3)), np.ones((6, 3, 3))
    close(float(answer(dark, light)), 1.0, "the share for black and white images", look="every one can be told apart")
    close(float(answer(light, dark)), 1.0, "the share for white real images", look="either side may be the real one")
    close(float(answer(dark, dark.copy())), 0.5, "the share for equal images", look="nothing to go by: half are right")
    chequered = np.tile([[1.0, -1.0], [-1.0, 1.0]], (6, 1, 1))
    close(
        float(answer(chequered, np.zeros((6, 2, 2)))), 0.5, "the share for images of equal brightness",
        look="she sees only the mean of each image, no pattern",
    )  # fmt: skip


def _detectives(real, fake, a, b):
    """What detectives with another idea of the task get right."""
    n = len(a)
    cuts = np.concatenate([a, b])

    def right(t, x=a, y=b):
        return (np.sum(x > t) + np.sum(y <= t)) / (len(x) + len(y))

    above, middle = max(right(t) for t in cuts), (a.mean() + b.mean()) / 2
    medians = np.median(real, axis=(1, 2)), np.median(fake, axis=(1, 2))
    squares = np.square(real).mean(axis=(1, 2)), np.square(fake).mean(axis=(1, 2))
    tops = real.max(axis=(1, 2)), fake.max(axis=(1, 2))
    px, py = np.sort(real.ravel()), np.sort(fake.ravel())
    spots = np.concatenate([px, py])
    right_pixels = (len(px) - np.searchsorted(px, spots, "right") + np.searchsorted(py, spots, "right")) / (2 * len(px))
    area = np.mean(a[:, None] > b)
    spread = real.std(axis=(1, 2)), fake.std(axis=(1, 2))
    by_spread = np.array([right(t, *spread) for t in np.concatenate(spread)])
    return {
        "real was always taken to be the brighter side; she may choose either": max(above, 0.5),
        "real was always taken to be the darker side; she may choose either": max(max(1 - right(t) for t in cuts), 0.5),
        "this threshold lies half-way between the two averages; the best one may lie elsewhere": max(
            right(middle), 1 - right(middle)
        ),
        "this threshold is at 0; the best one may lie elsewhere": max(right(0.0), 1 - right(0.0)),
        "this threshold is fixed at ½; the best one may lie elsewhere": max(right(0.5), 1 - right(0.5)),
        "this is a threshold; the share of images that it gets right is asked for": max(
            np.unique(cuts), key=lambda t: max(right(t), 1 - right(t))
        ),
        "only a few thresholds between 0 and 1 were tried; the best one lies at the mean of one of the images": max(
            max(right(t), 1 - right(t)) for t in np.linspace(0, 1, 11)
        ),
        "pairs of a real image and a fake were compared; she judges each image by itself, with one threshold": max(
            np.mean(a > b), np.mean(a <= b)
        ),
        "this tells how far apart the two averages are; count the images on the right side of a threshold": (
            0.5 + abs(a.mean() - b.mean()) / 2
        ),
        "the mean was taken over the images, one for each pixel; take it over the pixels, one for each image": _best(
            real.mean(axis=0).ravel(), fake.mean(axis=0).ravel()
        ),
        "the mean was taken down each column; take it over all pixels of an image, axis=(1, 2)": _best(
            real.mean(axis=1).ravel(), fake.mean(axis=1).ravel()
        ),
        "the mean was taken along each row; take it over all pixels of an image, axis=(1, 2)": _best(
            real.mean(axis=2).ravel(), fake.mean(axis=2).ravel()
        ),
        "this judges single pixels; she sees one mean for each image": max(right_pixels.max(), 1 - right_pixels.min()),
        "this is the share of real images that she gets right; count the fakes as well": max(
            np.mean(a > t) for t in cuts
        ),
        "this judges by the spread of the pixels, not by their mean": max(by_spread.max(), 1 - by_spread.min()),
        "this judges by the median of the pixels; she sees their mean": _best(*medians),
        "this judges by the largest pixel; she sees the mean": _best(*tops),
        "this judges by the mean square of the pixels; she sees their mean": _best(*squares),
        "only the first row (or column) of each image was averaged; take all pixels": _best(
            real[:, 0].mean(axis=1), fake[:, 0].mean(axis=1)
        ),
        "this threshold is the median of all means; the best one may lie elsewhere": max(
            right(np.median(cuts)), 1 - right(np.median(cuts))
        ),
        "only thresholds at the means of real images were tried": max(0.5, max(max(right(t), 1 - right(t)) for t in a)),
        "only thresholds at the means of fakes were tried": max(0.5, max(max(right(t), 1 - right(t)) for t in b)),
        "this is the mean of the shares right at all thresholds; she knows the best one": np.mean(
            [max(right(t), 1 - right(t)) for t in cuts]
        ),
        "this is the area under the ROC curve, over all thresholds; she takes the best one": max(area, 1 - area),
        "this is the area under the ROC curve, with real as the brighter side; she takes the best threshold": area,
        "this is the share that she gets wrong": 1 - max(above, 1 - min(right(t) for t in cuts)),
        "this is a number of images, not a share": 2 * n * max(above, 1 - min(right(t) for t in cuts)),
        "this is a distance between the two sets (Kolmogorov–Smirnov); the share right is ½ (1 + distance)": (
            2 * max(above, 1 - min(right(t) for t in cuts)) - 1
        ),
    }


def _best(x, y):
    """The share right at the best threshold, by any figure of each image: x of the real ones, y of the fakes."""
    shares = [np.mean(np.concatenate([x > t, y <= t])) for t in np.concatenate([x, y])]
    return max(0.5, max(shares), 1 - min(shares))
