"""The checks of exercises 13.5 and 13.6: arcs between codings, and their arithmetic."""

import numpy as np

from helpers.exercises.assertions import array, close, require, shape
from helpers.exercises.registry import exercise
from helpers.exercises.several import Case, close_on_all


@exercise(
    "13.5",
    "Along the arc",
    reference="helpers.codings.interpolation:spherical",
    minutes=15,
    difficulty=2,
    hints=(
        "Make both codings unit vectors, u and v. The angle between them is θ = arccos(u · v).",
        "The direction at share t is [sin((1 − t)θ) u + sin(tθ) v] / sin θ, a unit vector again. Multiply it by the "
        "length at t, (1 − t)|a| + t|b|.",
        "t = np.linspace(0, 1, steps)[:, None]; theta = np.arccos(np.clip(u @ v, -1, 1)); direction = (np.sin((1 - t) "
        "* "
        "theta) * u + np.sin(t * theta) * v) / np.sin(theta); return ((1 - t) * len_a + t * len_b) * direction",
    ),
)
def check_arc(answer, seed):
    rng = np.random.default_rng(seed)
    cases = []
    for k, steps in ((2, 5), (3, 9), (100, 7), (4, 6)):
        a, b = rng.normal(size=k), 1.7 * rng.normal(size=k)
        if k == 4:
            b = a + 0.1 * b  # nearly the same direction
        if k == 2:
            a, b = np.array([2.0, 0.0]), np.array([0.0, 3.0])  # a case one can see
        kept = a.copy(), b.copy()
        what = f"the way in {steps} steps between codings of {k} numbers"
        got = shape(answer(a, b, steps), (steps, k), what, "`steps` codings in all, one in each row")
        require(
            np.array_equal(a, kept[0]) and np.array_equal(b, kept[1]),
            got="the codings that were handed in have changed",
            expected="new arrays",
            look="a / np.linalg.norm(a) makes a new array; a /= … changes the caller's",
        )
        lengths = np.linalg.norm(a), np.linalg.norm(b)
        t = np.linspace(0, 1, steps)[:, None]
        right = _by_turning(a, b, t)
        unit, end = a / lengths[0], b / lengths[1]
        angle = np.arccos(np.clip(unit @ end, -1, 1))
        unscaled = right / np.linalg.norm(right, axis=1, keepdims=True)
        raw = (np.sin((1 - t) * angle) * a + np.sin(t * angle) * b) / np.sin(angle)
        chord, wide = (1 - t) * unit + t * end, np.arccos(np.clip(a @ b, -1, 1))
        chord = chord / np.linalg.norm(chord, axis=1, keepdims=True) * ((1 - t) * lengths[0] + t * lengths[1])
        named = {
            "this is the straight line: it cuts through the inside of the shell": (1 - t) * a + t * b,
            "the directions are right, the lengths are all 1: multiply by the length at t": unscaled,
            "this goes from the second coding to the first": right[::-1],
            "the directions are right; the length must change evenly: (1 − t)|a| + t|b|": raw,
            "the lengths are right, but the directions do not turn evenly: they follow the straight line": chord,
            "all have the length of the first coding": unscaled * lengths[0],
            "all have the length of the second coding": unscaled * lengths[1],
            "sin θ in the denominator is missing": right * np.sin(angle),
            "the directions are exchanged: sin((1 − t)θ) belongs to u, the direction of a": right[::-1]
            / (t * lengths[0] + (1 - t) * lengths[1]) * ((1 - t) * lengths[0] + t * lengths[1]),
            "the lengths are exchanged: (1 − t) belongs to |a|, and t to |b|": unscaled
            * (t * lengths[0] + (1 - t) * lengths[1]),
            "this is the straight line between the directions, made as long as 1: it does not turn evenly": chord
            / np.linalg.norm(chord, axis=1, keepdims=True),
            "this is the straight line between the directions of length 1": (1 - t) * unit + t * end,
            "the angle is between the codings as they are; make them unit vectors first": (
                (np.sin((1 - t) * wide) * a + np.sin(t * wide) * b) / np.sin(max(wide, 1e-9))
            ),
            "the angle is in degrees: np.sin wants radians, as np.arccos gives them": (
                (np.sin((1 - t) * np.degrees(angle)) * unit + np.sin(t * np.degrees(angle)) * end)
                / np.sin(np.degrees(angle)) * ((1 - t) * lengths[0] + t * lengths[1])
            ),
            "the length changes by equal factors; it must change by equal steps": unscaled
            * lengths[0] ** (1 - t) * lengths[1] ** t,
            "the lengths are those of the straight line, which is shorter in the middle": unscaled
            * np.linalg.norm((1 - t) * a + t * b, axis=1, keepdims=True),
            "the end is missing: np.linspace(0, 1, steps) includes both": _by_turning(a, b, t * (steps - 1) / steps),
            "both ends are missing: np.linspace(0, 1, steps) includes them": _by_turning(
                a, b, (t * (steps - 1) + 1) / (steps + 1)
            ),
            "all have the mean of the two lengths; it must change evenly": unscaled * np.mean(lengths),
            "the length changes as √(…) of the squares; it must change evenly": unscaled
            * np.sqrt((1 - t) * lengths[0] ** 2 + t * lengths[1] ** 2),
            "cosines instead of sines": (np.cos((1 - t) * angle) * unit + np.cos(t * angle) * end)
            / np.sin(angle) * ((1 - t) * lengths[0] + t * lengths[1]),
        }  # fmt: skip
        cases.append(Case(f"the way in {steps} steps between codings of {k} numbers", got, right, named))
    close_on_all(cases, "[sin((1 − t)θ) u + sin(tθ) v] / sin θ, times the length at t", rtol=1e-6)
    # the same direction twice: sin θ = 0 divides nothing by nothing, and rounding may put the cosine a hair above 1
    for a in (np.array([1.0, 0.0, 0.0]), _a_hair_above(rng)):
        got = array(answer(a, 3 * a, 3), "the way between parallel codings")
        close(
            got,
            np.outer([1.0, 2.0, 3.0], a),
            "the way between parallel codings",
            look="where θ is (nearly) 0 the formula divides 0 by 0, and the straight line is right: treat it apart. "
            "And clip u · v: the arccos of a number above 1 is NaN",
        )


def _a_hair_above(rng):
    """A coding whose direction, multiplied by itself, rounds to more than 1."""
    while True:
        a = rng.normal(size=10)
        u, v = a / np.linalg.norm(a), 3 * a / np.linalg.norm(3 * a)
        if u @ v > 1:
            return a


def _by_turning(a, b, t):
    """The arc by another road than the formula's: turn a in the plane of a and b, angle by angle."""
    la, lb = np.linalg.norm(a), np.linalg.norm(b)
    u = a / la
    w = b - (b @ u) * u
    w = w / np.linalg.norm(w)
    angle = np.arctan2(b @ w, b @ u)
    return ((1 - t) * la + t * lb) * (np.cos(t * angle) * u + np.sin(t * angle) * w)


@exercise(
    "13.6",
    "A − B + C",
    reference="helpers.gans.dcgan.latent:arithmetic",
    minutes=10,
    difficulty=1,
    hints=(
        "codings[first] picks the rows of the first group. What is their mean, coding by coding?",
        "The mean over the rows is .mean(axis=0): it has k numbers.",
        "return codings[first].mean(axis=0) - codings[second].mean(axis=0) + codings[third].mean(axis=0)",
    ),
)
def check_arithmetic(answer, seed):
    rng = np.random.default_rng(seed)
    cases = []
    for k, sizes in ((6, (3, 3, 3)), (4, (3, 1, 2)), (5, (2, 4, 3))):
        Z = rng.normal(size=(12, k))
        order = rng.permutation(12)
        groups = np.split(order, np.cumsum(sizes))[:3]
        groups = [[int(i) for i in group] for group in groups]
        A, B, C = (np.array([sum(Z[i, j] for i in g) / len(g) for j in range(k)]) for g in groups)
        sums = [len(g) * mean for g, mean in zip(groups, (A, B, C), strict=True)]
        firsts = [Z[g[0]] for g in groups]
        expected = A - B + C
        named = {
            "these are sums; take means, or the result is three times as long as any coding": (
                sums[0] - sums[1] + sums[2]
            ),
            "A + B − C: the second group is subtracted, the third added": A + B - C,
            "all three groups are added": A + B + C,
            "the third group is subtracted, too": A - B - C,
            "the sign is the other way round": -expected,
            "only the first coding of each group counts here; take the mean of all of them": (
                firsts[0] - firsts[1] + firsts[2]
            ),
            "the third group is missing": A - B,
            "the mean of all codings was taken off first; leave them as they are": expected - Z.mean(axis=0),
            "the groups were paired image by image, up to the shortest; each has a mean of its own": np.mean(
                [Z[i] - Z[j] + Z[m] for i, j, m in zip(*groups, strict=False)], axis=0
            ),
            "this was made as long as 1: the generator knows codings of length √k only": (
                expected / np.linalg.norm(expected)
            ),
            "this is the mean of everything": np.mean([A, B, C], axis=0),
            "the codings of one image were averaged: the mean goes over the images (axis=0), not over their numbers": (
                firsts[0].mean()
            ),
            "the sums were divided by 3, whatever the group: take the mean of each": (sums[0] - sums[1] + sums[2]) / 3,
            "the median was taken, not the mean": _median(Z, groups),
            "B and A are exchanged: the first group is added, the second subtracted": B - A + C,
            "all codings of the three groups were put together; each group has a mean of its own": np.mean(
                Z[sum(groups, [])], axis=0
            ),
            "only the last coding of each group counts here; take the mean of all of them": (
                Z[groups[0][-1]] - Z[groups[1][-1]] + Z[groups[2][-1]]
            ),
            "one axis too many: (k,) is asked for": expected[None],
            "this is one number: the mean goes over the images only (axis=0)": A.mean() - B.mean() + C.mean(),
        }
        got = array(answer(Z.copy(), *groups), "A − B + C")
        cases.append(Case(f"A − B + C for groups of {sizes} codings", got, expected, named))
    close_on_all(cases, "mean of the first group − mean of the second + mean of the third, each (k,)", rtol=1e-6)


def _median(Z, groups):
    first, second, third = (np.median(Z[g], axis=0) for g in groups)
    return first - second + third
