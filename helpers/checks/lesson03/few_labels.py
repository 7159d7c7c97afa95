"""The checks of lesson 03, unsupervised pretraining."""

import math

import numpy as np

from helpers.exercises.assertions import array, close, require, shape
from helpers.exercises.registry import exercise


@exercise(
    "3.1",
    "Draw a fair set of labels",
    reference="helpers.autoencoders.pretraining.few_labels:stratified",
    minutes=10,
    difficulty=1,
    hints=(
        "One class after the other: where are its images, and which of them do you take?",
        "np.flatnonzero(y == kind) gives the indices of one class; rng.choice(those, size, replace=False) draws some "
        "of them, each at most once. rng = np.random.default_rng(seed) is made once, before the loop.",
        "size = n // len(np.unique(y)); return np.concatenate([rng.choice(np.flatnonzero(y == kind), size, "
        "replace=False) for kind in np.unique(y)]).",
    ),
)
def check_stratified(answer, seed):
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.repeat([2, 5, 7, 8], [9, 30, 60, 150])).astype("uint8")  # lopsided, and no class 0
    got = array(answer(y.copy(), 20, seed), "the indices", "return the indices of the images drawn")
    require(
        got.shape != (20,) or not set(got.tolist()) <= {2, 5, 7, 8},
        got="the labels drawn",
        expected="indices of images",
        look="return where the images are, so that X[indices] and y[indices] belong together",
    )
    shape(got, (20,), "the indices", "n indices in all: n divided by the number of classes for each class")
    require(
        np.issubdtype(got.dtype, np.integer),
        got=f"numbers of type {got.dtype}",
        expected="whole numbers",
        look="indices are integers",
    )
    require(
        got.min() >= 0 and got.max() < len(y),
        got=f"the index {got.max() if got.max() >= len(y) else got.min()}",
        expected=f"indices from 0 to {len(y) - 1}",
        look="an index says where an image is in y",
    )
    counts = [int(np.sum(y[got] == kind)) for kind in (2, 5, 7, 8)]
    inside = all(got[5 * i : 5 * i + 5].max() < size for i, size in enumerate((9, 30, 60, 150)))
    require(
        not (inside and counts != [5] * 4),
        got=f"{got[:5].tolist()} for the first class, which has 9 images",
        expected="places in y",
        look="these are places inside a class: np.flatnonzero(y == kind)[places] turns them into places in y",
    )
    require(
        counts == [5] * 4,
        got=f"classes 2, 5, 7, 8 in the numbers {counts}",
        expected="5 of each",
        look="draw "
        "from each class on its own: a draw from all images follows the luck of the lot and the size of the "
        "classes",
    )
    require(
        len(set(got.tolist())) == 20,
        got=f"only {len(set(got.tolist()))} different images among 20",
        expected="20 different ones",
        look="rng.choice(…, replace=False): without it an image can be drawn twice, and that is one label fewer",
    )
    again = np.asarray(answer(y.copy(), 20, seed))
    require(
        np.array_equal(got, again),
        got="another draw from the same seed",
        expected="the same images again",
        look="np.random.default_rng(seed), made inside the function",
    )
    draws = [set(np.asarray(answer(y.copy(), 20, seed + step)).tolist()) for step in range(1, 41)]
    require(
        any(draw != set(got.tolist()) for draw in draws),
        got="the same images for every seed",
        expected="a fresh draw for each seed",
        look="the first ones of each class are one choice; several draws need chance",
    )
    seen = set().union(*draws, set(got.tolist()))
    require(
        len(seen & set(np.flatnonzero(y == 2).tolist())) == 9,
        got="from class 2 always the same few images",
        expected="draws from all images of a class",
        look="choose among np.flatnonzero(y == kind), all of them",
    )
    members = np.flatnonzero(y == 8)
    require(
        any(np.ptp(np.searchsorted(members, sorted(draw & set(members.tolist())))) > 4 for draw in draws),
        got="five neighbours of class 8 in every draw",
        expected="images from anywhere in the class",
        look="chance should choose each image, not only the place where a row of neighbours begins: rng.choice",
    )
    always = set.intersection(*draws)
    require(
        not always,
        got=f"image {min(always, default=0)} in every draw, whatever the seed",
        expected="each image of a class with the same chance",
        look="rng.choice over all images of the class",
    )
    fewest = min(len(seen & set(np.flatnonzero(y == kind).tolist())) for kind in (5, 7, 8))
    require(
        fewest > 20,
        got=f"{fewest} different images of a class of 30 or more in 41 draws",
        expected="draws from all images of every class",
        look="chance must choose in each class, not in one of them only",
    )
    mixed = np.asarray(answer(y.copy(), 8, seed))
    require(
        len(set(mixed.tolist())) == 8 and [int(np.sum(y[mixed] == kind)) for kind in (2, 5, 7, 8)] == [2] * 4,
        got=f"{len(mixed)} indices for n = 8 and four classes",
        expected="2 of each class",
        look="n // len(np.unique(y)) of each class: take n from the arguments",
    )
    two = np.asarray(answer(np.array([1, 0, 0, 1, 1, 0]), 6, seed))
    require(
        sorted(two.tolist()) == list(range(6)),
        got=f"{two.tolist()} when all 6 images are asked for",
        expected="each of them once",
        look="n // classes of each class, without repetition",
    )


@exercise(
    "3.4",
    "A paired interval",
    reference="helpers.metrics.statistics:paired_interval",
    minutes=15,
    difficulty=2,
    hints=(
        "Pairs: first one difference for each draw. After that there is only one row of numbers.",
        "The standard error of a mean of n numbers is their standard deviation, np.std(…, ddof=1), divided by √n. "
        "student.ppf(0.975, n - 1) is the quantile.",
        "d = np.asarray(a) - np.asarray(b); half = student.ppf(0.975, len(d) - 1) * d.std(ddof=1) / len(d) ** 0.5; "
        "return d.mean(), d.mean() - half, d.mean() + half.",
    ),
)
def check_paired_interval(answer, seed):
    from scipy.stats import norm, t, ttest_1samp, ttest_ind

    rng = np.random.default_rng(seed)
    n = 5
    luck = rng.normal(0.8, 0.02, n)
    b = luck + rng.normal(0, 0.004, n)
    a = luck + 0.012 + rng.normal(0, 0.004, n)
    test = ttest_1samp(a - b, 0).confidence_interval(0.95)
    expected = np.array([np.mean(a - b), test.low, test.high])
    got = array(answer(a.copy(), b.copy()), "the answer", "return three numbers: mean, low, high")
    shape(got, (3,), "the answer", "three numbers: the mean of the differences and the two ends")
    d = a - b
    mean, spread = d.mean(), d.std(ddof=1)

    def ends(half):
        return np.array([mean, mean - half, mean + half])

    unpaired = ttest_ind(a, b).confidence_interval(0.95)
    both = t.ppf(0.975, n - 1) * math.hypot(a.std(ddof=1), b.std(ddof=1)) / math.sqrt(n)
    close(
        got,
        expected,
        "(mean, low, high)",
        look="differences first; then mean ± t · s / √n with s from ddof=1 and t from student.ppf(0.975, n − 1)",
        rtol=1e-6,
        atol=1e-9,
        mistakes={
            "this is b − a: positive should mean that a is better": -expected[[0, 2, 1]],
            "these are low, mean, high; the order asked for is mean, low, high": expected[[1, 0, 2]],
            "these are low, high, mean; the order asked for is mean, low, high": expected[[1, 2, 0]],
            "the ends are missing: this is the mean with the half width; low is mean − half, high is mean + "
            "half": np.array([mean, -(expected[2] - mean), expected[2] - mean]),
            "these are quantiles of the single differences; the interval of their mean is asked for": np.array(
                [mean, *np.quantile(d, [0.025, 0.975])]
            ),
            "the square root of n − 1 was used: divide by √n": ends(t.ppf(0.975, n - 1) * spread / math.sqrt(n - 1)),
            "the absolute differences were taken: their sign says which method is better": np.array(
                [np.abs(d).mean(), np.abs(d).mean() - (expected[2] - mean), np.abs(d).mean() + (expected[2] - mean)]
            ),
            "low and high are swapped": expected[[0, 2, 1]],
            "the spreads of a and b were used: the luck that both share is still in it": np.array(
                [mean, unpaired.low, unpaired.high]
            ),
            "the spreads of a and b were added up, not that of the differences taken: the luck that both share is "
            "still in it": ends(both),
            "√n is missing: this is where single draws lie, not where the mean lies": ends(
                t.ppf(0.975, n - 1) * spread
            ),
            "divided by n, not by √n": ends(t.ppf(0.975, n - 1) * spread / n),
            "1.96 belongs to many draws; for few, Student's t is wider": ends(norm.ppf(0.975) * spread / math.sqrt(n)),
            "1.96 belongs to many draws; for few, Student's t is wider (rounded)": ends(1.96 * spread / math.sqrt(n)),
            "the quantile 0.95 leaves 5 % on each side: 0.975 leaves 2.5 %": ends(
                t.ppf(0.95, n - 1) * spread / math.sqrt(n)
            ),
            "n − 1 degrees of freedom, not n": ends(t.ppf(0.975, n) * spread / math.sqrt(n)),
            "the standard deviation was divided by n (ddof=0): for a sample it is n − 1, ddof=1": ends(
                t.ppf(0.975, n - 1) * d.std() / math.sqrt(n)
            ),
            "both are off: ddof=1 for the spread, and Student's t in the place of 1.96": ends(
                1.96 * d.std() / math.sqrt(n)
            ),
            "the quantile is missing: this is one standard error to each side": ends(spread / math.sqrt(n)),
            "the quantile 0.995 is that of the 99 % interval; 95 % asks for 0.975": ends(
                t.ppf(0.995, n - 1) * spread / math.sqrt(n)
            ),
            "this is the median of the differences; their mean is asked for": ends(expected[2] - mean)
            - mean
            + np.median(d),
            "a and b were sorted first: their pairs belong to the same draw": _interval_of(np.sort(a) - np.sort(b)),
            "the spread of b was taken from that of a; the spread of the differences is asked for": ends(
                t.ppf(0.975, n - 1) * abs(a.std(ddof=1) - b.std(ddof=1)) / math.sqrt(n)
            ),
            "the variance was used, not its root": ends(t.ppf(0.975, n - 1) * spread**2 / math.sqrt(n)),
        },
    )
    few = ttest_1samp(a[:3] - b[:3], 0).confidence_interval(0.95)
    close(array(answer(a[:3].copy(), b[:3].copy()), "the answer"), [np.mean(a[:3] - b[:3]), few.low, few.high],
          "for three draws", look="n is len(a): t and √n follow it", rtol=1e-6, atol=1e-9)  # fmt: skip
    lists = array(answer([0.7, 0.8, 0.9, 0.75], [0.6, 0.75, 0.9, 0.7]), "the answer", "a and b may be lists")
    other = ttest_1samp([0.1, 0.05, 0.0, 0.05], 0).confidence_interval(0.95)
    close(lists, [0.05, other.low, other.high], "for lists of four draws", look="np.asarray(a), and len(a) draws")


def _interval_of(d):
    """(mean, low, high) of the differences d."""
    from scipy.stats import ttest_1samp

    test = ttest_1samp(d, 0).confidence_interval(0.95)
    return np.array([d.mean(), test.low, test.high])


@exercise(
    "3.5",
    "What is pretraining worth?",
    reference="helpers.autoencoders.pretraining.label_curve:labels_worth",
    minutes=15,
    difficulty=2,
    hints=(
        "The question read off a plot: start on the vertical axis at `accuracy`, go right to the curve, then down.",
        "np.interp(value, xs, ys) draws straight lines between points. Here accuracies play xs and np.log(counts) ys; "
        "np.exp turns a logarithm back into a number of labels. And what does it do beyond the ends?",
        "if accuracy > accuracies[-1]: return float('inf'); otherwise "
        "return float(np.exp(np.interp(accuracy, accuracies, np.log(counts)))).",
    ),
)
def check_labels_worth(answer, seed):
    rng = np.random.default_rng(seed)
    counts = [50, 100, 500, 2000]
    accuracies = np.cumsum(np.array([0.6, 0.08, 0.07, 0.05]) + rng.uniform(-0.02, 0.02, 4))
    at = accuracies[1] + rng.uniform(0.3, 0.7) * (accuracies[2] - accuracies[1])
    share = (at - accuracies[1]) / (accuracies[2] - accuracies[1])
    expected = 100 * (500 / 100) ** share
    got = answer(list(counts), list(accuracies), float(at))
    shape(got, (), "the number of labels", "one number")
    close(
        float(got),
        expected,
        "the number of labels",
        look="between two points of the curve, go along a straight line over the logarithm of the labels",
        rtol=1e-4,
        mistakes={
            "the line was drawn over the labels, not over their logarithm: on the plot's axis, equal steps are equal "
            "ratios": 100 + share * 400,
            "this is the logarithm of the number: turn it back with np.exp": math.log(expected),
            "this is a point of the curve, the next or the nearest: the place between two points is asked for": 500.0,
            "this is a point of the curve, the one before: the place between two is asked for": 100.0,
            "this is an accuracy: np.interp got the axes the other way round": float(np.interp(at, counts, accuracies)),
            "a base was mixed up: np.exp undoes np.log, 10 ** undoes np.log10": 10 ** math.log(expected),
            "a base was mixed up: np.exp undoes np.log, 10 ** undoes np.log10 ": math.exp(math.log10(expected)),
            "this is the logarithm to base 10 of the number: turn it back with 10 **": math.log10(expected),
            "this is the middle of two points; the place depends on the accuracy": (100 * 500) ** 0.5,
            "the accuracies were put on a logarithm too; they go along a straight line": 100
            * 5 ** (math.log(at / accuracies[1]) / math.log(accuracies[2] / accuracies[1])),
            "the logarithm of the accuracies was taken, not that of the labels": 100
            + 400 * math.log(at / accuracies[1]) / math.log(accuracies[2] / accuracies[1]),
            "one curve through all points was fitted (polyfit); between two points the line is straight": math.exp(
                np.polyval(np.polyfit(accuracies, np.log(counts), 1), at)
            ),
            "this is rounded; half a label is fine here": float(math.floor(expected)),
            "this is rounded up; half a label is fine here": float(math.ceil(expected)),
            "one line was drawn from the first point to the last; it goes from each point to the next": 50
            * 40 ** ((at - accuracies[0]) / (accuracies[-1] - accuracies[0])),
            "this is infinity for an accuracy that the curve does reach: which way round is the comparison?": math.inf,
            "this is the smallest number of labels; this accuracy lies on the curve": 50.0,
            "this is the largest number of labels; this accuracy lies on the curve": 2000.0,
        },
    )
    for place in range(4):
        close(
            float(answer(counts, accuracies, float(accuracies[place]))),
            counts[place],
            f"at the accuracy reached with {counts[place]} labels",
            look="on a point, the point itself",
            rtol=1e-4,
        )
    beyond = answer(counts, accuracies, float(accuracies[-1]) + 0.01)
    require(
        beyond is not None,
        got="None for an accuracy that the curve never reaches",
        expected="infinity, which is a number too",
        look="return float('inf') there: None cannot be compared or plotted",
    )
    beyond = float(array(beyond, "the number of labels beyond the end"))
    require(
        beyond != counts[-1],
        got=f"{beyond:g} labels for an accuracy that the curve never reaches",
        expected="infinity",
        look="np.interp stays at the last point beyond the end; say float('inf') there",
    )
    require(
        math.isinf(beyond) and beyond > 0,
        got=f"{beyond:g} for an accuracy that the curve never reaches",
        expected="infinity: nobody knows how many it would take",
        look="float('inf')",
    )
    short = answer([10, 1000], [0.5, 0.9], 0.7)
    close(float(array(short, "the number of labels")), 100.0, "for a curve of two points, 10 and 1000 labels",
          look="halfway up, halfway along the logarithm: √(10 · 1000)", rtol=1e-4)  # fmt: skip
    below = answer(counts, accuracies, float(accuracies[0]) - 0.05)
    require(
        below is not None,
        got="None for an accuracy below the whole curve",
        expected=f"{counts[0]} labels",
        look="below the beginning of the curve the answer is counts[0]",
    )
    below = float(array(below, "the number of labels below the beginning"))
    require(
        below >= 45,
        got=f"{below:.4g} for an accuracy below the whole curve",
        expected=f"{counts[0]}, where the curve begins",
        look="answer counts[0] there, and do not draw the first line on to the left: nobody measured there",
    )
    close(
        below,
        counts[0],
        "for an accuracy below the whole curve",
        look="at most the smallest number of labels: the curve begins there",
        rtol=1e-4,
    )
