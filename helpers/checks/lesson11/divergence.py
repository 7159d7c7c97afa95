"""The checks of exercises 11.1 and 11.2: the best discriminator and the Jensen–Shannon divergence."""

import warnings

import numpy as np
from scipy.optimize import minimize_scalar

from helpers.exercises.assertions import NotYet, array, close, finite, shape
from helpers.exercises.registry import exercise
from helpers.exercises.several import Case, close_on_all


@exercise(
    "11.1",
    "The best discriminator",
    reference="helpers.gans.vanilla.theory:best_discriminator",
    minutes=5,
    difficulty=1,
    hints=(
        "It is one line, but for the places where p + q is 0.",
        "np.where(condition, a, b) chooses place by place, but computes both first: divide by something that is not 0.",
        "both = p + q; return np.where(both > 0, p / np.where(both > 0, both, 1), 0.5)",
    ),
)
def check_optimal(answer, seed):
    rng = np.random.default_rng(seed)
    p, q = rng.uniform(0.05, 2, (2, 7)), rng.uniform(0.05, 2, (2, 7))
    kept = p.copy(), q.copy()
    # by its definition: the y for which p log y + q log(1 − y) is largest
    expected = np.array([[_top(a, b) for a, b in zip(*rows, strict=True)] for rows in zip(p, q, strict=True)])
    named = {
        "this is the probability of a fake: D says how likely an image is real": q / (p + q),
        "this is p/q, the ratio of the densities; D is a probability, p/(p + q)": p / q,
        "this divides p by p + p, which is ½ everywhere: the sum in the denominator is p + q": p / (p + p),
        "this divides by twice q: the sum in the denominator is p + q": p / (q + q),
        "this is p − q: the best D is a share, p/(p + q)": p - q,
        "this is 1 where p is larger and 0 elsewhere; D gives a probability, not a verdict": (p > q).astype(float),
        "this is log(p/q), the logit of the best D": np.log(p / q),
        "this is the mixture (p + q)/2": (p + q) / 2,
        "this divides by twice the sum": p / (2 * (p + q)),
        "the brackets are missing: this is p/p + q": 1 + q,
        "the sigmoid of p − q is no D: with log p − log q it would be": 1 / (1 + np.exp(q - p)),
        "these are squares: p²/(p² + q²)": p**2 / (p**2 + q**2),
        "this divides by the larger of the two": p / np.maximum(p, q),
        "this is the difference over the sum, from −1 to 1: D goes from 0 to 1": (p - q) / (p + q),
        "this is −log D": -np.log(p / (p + q)),
        "p and q were made to sum to 1 over the grid first; they are used as they are": (p / p.sum())
        / (p / p.sum() + q / q.sum()),
        "this divides by the sum over the whole grid; divide place by place": p / np.sum(p + q),
    }
    look = "p/(p + q), place by place"
    got = array(answer(p, q), "the best discriminator")
    if not (np.array_equal(p, kept[0]) and np.array_equal(q, kept[1])):
        raise NotYet(got="p or q changed by your function", expected="both as they were", look="work on new arrays")
    close(got, expected, "the best discriminator", look=look, rtol=1e-4, atol=1e-4, mistakes=named)
    added = {
        f"a small number in the denominator ({tiny:g}) spoils the values: choose ½ where both are 0, and only there": (
            p / (p + q + tiny)
        )
        for tiny in (1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8)
    }
    close(got, p / (p + q), "the best discriminator", look=look, rtol=1e-9, atol=0, mistakes=added)
    tiny_ones = np.append(10.0 ** -np.arange(6, 42), 1e-200)  # each small number that somebody adds shows elsewhere
    p, q = np.append([0.0, 1.0, 0.0, 0.0], tiny_ones), np.append([1.0, 0.0, 0.0, 0.0], 3 * tiny_ones)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        with np.errstate(all="warn"):
            got = array(answer(p, q), "the best discriminator where densities are 0")
    finite(got, "the best discriminator where densities are 0", "0/0 is NaN: let np.where choose ½ there")
    right = np.append([0, 1, 0.5, 0.5], np.full(len(tiny_ones), 0.25))
    named = {
        "where both are 0, ½ is asked for": np.where(p + q > 0, right, 0),
        "where both are 0, ½ is asked for, not 1": np.where(p + q > 0, right, 1),
    }
    small = "½ is asked for only where both are exactly 0; a small number in the denominator spoils tiny densities"
    for tiny in 10.0 ** -np.arange(6, 40):
        named[f"{small} (here {tiny:.0g})"] = np.where(p + q > 0, p / np.where(p + q > 0, p + q + tiny, 1), 0.5)
        named[f"{small} (here {tiny:.0g}), and leaves 0 where both are 0"] = p / (p + q + tiny)
        named[f"{small}: here it is chosen wherever p + q is below {tiny:.0g}"] = np.where(p + q > tiny, right, 0.5)
    look = "½ where both are 0, and only there; p/(p + q) everywhere else"
    close(got, right, "the best discriminator where densities are 0 or tiny", look=look, rtol=1e-6, mistakes=named)
    if said:
        raise NotYet(
            got=f"the right values, with a warning: {said[0].message}", expected="no warning",
            look="np.where computes both sides everywhere: divide by np.where(both > 0, both, 1)",
        )  # fmt: skip


def _top(a, b):
    best = minimize_scalar(
        lambda y: -(a * np.log(y) + b * np.log(1 - y)), bounds=(1e-9, 1 - 1e-9), method="bounded",
        options={"xatol": 1e-10},
    )  # fmt: skip
    return best.x


@exercise(
    "11.2",
    "The Jensen–Shannon divergence",
    reference="helpers.gans.vanilla.theory:js",
    minutes=10,
    difficulty=2,
    hints=(
        "Write a small function for the KL of two arrays first, Σ a log(a/b). Where may a be 0, and what happens "
        "there?",
        "Only the cells with a > 0 count: a[inside] with inside = a > 0. The mixture m = (p + q)/2 is above 0 "
        "wherever p or q "
        "is, so nothing is divided by 0.",
        "middle = (p + q) / 2; return float(0.5 * kl(p, middle) + 0.5 * kl(q, middle)), with kl(a, b) = "
        "np.sum(a[a > 0] * np.log(a[a > 0] / b[a > 0])).",
    ),
)
def check_js(answer, seed):
    from scipy.spatial.distance import jensenshannon

    rng = np.random.default_rng(seed)
    p, q = (part / part.sum() for part in rng.uniform(0.02, 1, (2, 9)) ** 2)
    look = "½ Σ p log(p/m) + ½ Σ q log(q/m), with m = (p + q)/2"
    cases = []
    for what, a, b in (("the divergence", p, q), ("the divergence with p and q exchanged", q, p)):
        got = answer(a.copy(), b.copy())
        if np.ndim(array(got, what)) and np.size(got) == len(a):
            raise NotYet(got="one number for each cell", expected="one number", look="sum over the cells: np.sum(…)")
        shape(got, (), what, "one number, the sum over all cells")
        expected = jensenshannon(a, b) ** 2
        cases.append(Case(what, float(got), expected, _other_divergences(a, b, expected)))
    close_on_all(cases, look, rtol=1e-6, atol=1e-9)
    grid = [part.reshape(2, 3) for part in (p[:6] / p[:6].sum(), q[:6] / q[:6].sum())]
    flat = jensenshannon(grid[0].ravel(), grid[1].ravel()) ** 2
    close(_number(answer, *grid), flat, "the divergence on a grid in the plane", look="sum over every axis", rtol=1e-6,
          atol=1e-9)  # fmt: skip
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        zeros = "a cell with probability 0 contributes 0 to a KL: leave it out of the sum"
        a, b = np.array([0.5, 0.5, 0.0, 0.0]), np.array([0.25, 0.0, 0.75, 0.0])
        apart = {"the cells in which either is 0 were left out altogether; only 0 · log 0 is to be left out": (
            0.5 * (0.5 * np.log(0.5 / 0.375) + 0.25 * np.log(0.25 / 0.375)))}  # fmt: skip
        close(_number(answer, a, b, zeros), jensenshannon(a, b) ** 2, "the divergence with empty cells", look=zeros,
              rtol=1e-6, mistakes=apart)  # fmt: skip
        far = _number(answer, np.array([1.0, 0.0, 0.0]), np.array([0.0, 0.0, 1.0]), zeros)
        close(far, np.log(2), "the divergence of two that have nothing in common", look=zeros, rtol=1e-6)
    close(_number(answer, p, p.copy()), 0.0, "the divergence of p to itself", look="0", atol=1e-9)


def _other_divergences(p, q, expected):
    """What other formulas give for p and q, by what they mean."""
    m = (p + q) / 2

    def kl(a, b):
        return float(np.sum(a * np.log(a / b)))

    return {
        "this is KL(p ‖ q), which is not symmetric: both are compared with their mixture": kl(p, q),
        "this is KL(q ‖ p)": kl(q, p),
        "this is the mean of KL(p ‖ q) and KL(q ‖ p): compare each with the mixture instead": (kl(p, q) + kl(q, p)) / 2,
        "this is their sum of KLs to each other: compare each with the mixture instead": kl(p, q) + kl(q, p),
        "the two factors ½ are missing": 2 * expected,
        "one half is missing: q must be compared with the mixture as well": kl(p, m) / 2,
        "one half is missing: p must be compared with the mixture as well": kl(q, m) / 2,
        "this is KL(p ‖ m) alone": kl(p, m),
        "this is KL(q ‖ m) alone": kl(q, m),
        "this is the other way round: KL of the mixture to p and to q": (kl(m, p) + kl(m, q)) / 2,
        "this is the square root, the Jensen–Shannon distance; the divergence is asked for": np.sqrt(expected),
        "this is in bits; nats use the natural logarithm": expected / np.log(2),
        "the sign is wrong: a divergence is never below 0": -expected,
        "the mixture is (p + q)/2, not p + q: this is JSD − log 2": expected - np.log(2),
        "this is the value −log 4 + 2 JSD; the JSD alone is asked for": 2 * expected - np.log(4),
        "this is the mean over the cells; their sum is asked for": expected / len(p),
        "the two KLs must be added": (kl(p, m) - kl(q, m)) / 2,
        "this is the square root, and in bits; the divergence in nats is asked for": np.sqrt(expected / np.log(2)),
        "this is the larger of the two KLs; take their mean": max(kl(p, m), kl(q, m)),
        "this is the total variation, half the sum of |p − q|": np.abs(p - q).sum() / 2,
        "this is the sum of squared differences": np.square(p - q).sum(),
        "this is the entropy of the mixture; subtract the mean entropy of p and q": -np.sum(m * np.log(m)),
        "the mixture was divided by 2 once more, or not at all, inside one logarithm": (kl(p, p + q) + kl(q, m)) / 2,
        "the mixture is the root of p · q here; it is (p + q)/2": (kl(p, np.sqrt(p * q)) + kl(q, np.sqrt(p * q))) / 2,
    }


def _number(answer, a, b, look=""):
    value = array(answer(a.copy(), b.copy()), "the divergence")
    finite(value, "the divergence", look)
    return float(shape(value, (), "the divergence", "one number, the sum over all cells"))
