"""The checks of lesson 09, sparse autoencoders."""

import numpy as np

from helpers.exercises.assertions import array, close, require
from helpers.exercises.registry import exercise
from helpers.exercises.several import Case, close_on_all, first_fitting


@exercise(
    "9.3",
    "Find the dead units",
    reference="helpers.autoencoders.sparse.measures:dead_units",
    minutes=10,
    difficulty=2,
    hints=(
        "A unit that says the same for every image says nothing, whatever it says. How far does each one move?",
        "The largest minus the smallest activation of each unit, both over the images (axis 0), against the threshold.",
        "return np.flatnonzero(Z.max(axis=0) - Z.min(axis=0) < threshold)",
    ),
)
def check_dead(answer, seed):
    rng = np.random.default_rng(seed)
    n, threshold = 60, 0.125
    columns = {
        "lively": rng.random(n),
        "off": 0.001 * rng.random(n),
        "on": 0.97 + 0.02 * rng.random(n),
        "stuck at the target": 0.1 + 0.02 * rng.random(n),
        "rare": np.where(np.arange(n) == int(rng.integers(n)), 0.8, 0.001),
        "quiet": 0.05 + 0.15 * (np.arange(n) % 2),
        "bright": 0.75 + 0.2 * rng.random(n),
        "lively too": rng.beta(0.5, 0.5, n),
        "just lively": 0.25 + threshold * (np.arange(n) % 2),  # moves by exactly the threshold
    }
    columns["rare dip"] = np.where(np.arange(n) == int(rng.integers(n)), 0.1, 0.99)
    columns["slow"] = np.linspace(0.2, 0.8, n)  # from image to image it hardly moves
    columns["there and back"] = np.where(np.arange(n) == n // 2, 0.9, 0.2)
    around = 0.5 + 0.09 * np.where(np.arange(n) % 2, 1.0, -1.0)  # never far from its first or its mean, and yet alive
    columns["around the first"] = np.where(np.arange(n) == 0, 0.5, around)
    names = [str(name) for name in rng.permutation(list(columns))]
    Z = np.stack([columns[name] for name in names], axis=1)
    dead = [j for j in range(len(names)) if max(Z[:, j]) - min(Z[:, j]) < threshold]
    result = answer(Z.copy(), threshold)
    require(
        not (isinstance(result, tuple) and len(result) == 1), got="a tuple with an array in it", expected=str(dead),
        look="np.where(mask) and np.nonzero(mask) give a tuple of arrays: take [0], or np.flatnonzero(mask)",
    )  # fmt: skip
    got = array(result, "the dead units", "return the indices of the units")
    require(
        not (got.ndim == 2 and got.shape[1] == 1 and got.size), got=f"a column of shape {got.shape}",
        expected=str(dead),
        look="np.argwhere gives a row for each index; np.flatnonzero(mask) gives the indices in a line",
    )  # fmt: skip
    require(
        got.size or not dead, got="no unit at all", expected=str(dead),
        look="some units hardly move, though none stands quite still: take the largest minus the smallest of each "
        "unit, over the images (axis 0), and compare that with the threshold",
    )  # fmt: skip
    _named_wrong(got, dead, _other_ideas(Z, threshold, np.array(dead)))
    found = sorted(float(v) for v in got.ravel())
    words = {name: j for j, name in enumerate(names)}
    for name in ("off", "on", "stuck at the target"):
        require(words[name] in found, got=f"{found}; a unit that is {name} is not among them", expected=str(dead),
                look="a unit that hardly moves is dead, wherever it stands")  # fmt: skip
    require(found == sorted(dead), got=str(found), expected=str(dead), look="largest minus smallest, for each unit")
    require(got.ndim == 1, got=f"an array of shape {got.shape}", expected="the indices in a line",
            look="np.flatnonzero(mask)")  # fmt: skip
    none = array(answer(rng.permutation(np.tile([[0.0], [1.0]], (5, 3))), threshold), "the dead units")
    require(none.size == 0, got=str(none.tolist()), expected="no unit", look="units that go from 0 to 1 are alive")
    close(np.sort(array(answer(Z.copy(), 2.0), "the dead units")), np.arange(len(names)), "for a threshold of 2",
          look="then all are below it: use the threshold that is given")  # fmt: skip
    shifted = array(answer(3 * Z - 5, 3 * threshold), "the dead units")
    close(np.sort(shifted), np.sort(dead), "for activations three times as large, five lower, and a threshold as large",
          look="only the movement counts, and not where the unit stands: largest minus smallest")  # fmt: skip


def _other_ideas(Z, threshold, dead):
    """What other ideas of a dead unit find, by what they mean."""
    mask = np.isin(np.arange(Z.shape[1]), dead)
    low, high, spread = Z.min(0), Z.max(0), Z.max(1) - Z.min(1)
    return {
        "only units that are always off were found; one that is always on, or always in between, tells as little": (
            np.flatnonzero(high < threshold)
        ),
        "a unit with a small mean may be the most telling of all: it waits for a rare thing": np.flatnonzero(
            Z.mean(0) < threshold
        ),
        "a unit with a small deviation may wait for a rare thing: take the largest minus the smallest": np.flatnonzero(
            Z.std(0) < threshold
        ),
        "a unit with a small variance may wait for a rare thing: take the largest minus the smallest": np.flatnonzero(
            Z.var(0) < threshold
        ),
        "these are the live ones": np.flatnonzero(~mask),
        "a unit that moves by exactly the threshold is alive: less than, and not <=": (
            np.flatnonzero(high - low <= threshold)
        ),
        "every unit is small somewhere; that does not make it dead": np.flatnonzero(low < threshold),
        "the axis: these are images, not units": np.flatnonzero(spread < threshold),
        "only the distance from the first image counts here; a unit may swing to both sides of it": np.flatnonzero(
            np.abs(Z - Z[0]).max(0) < threshold
        ),
        "this is a mask of True and False; indices are asked for": mask,
        "this is the mask of the live units; indices of the dead ones are asked for": ~mask,
        "this is their number; the indices are asked for": np.array(len(dead)),
        "these are the movements of the units; the indices of the dead ones are asked for": high - low,
        "only the first and the last image were compared: a unit may move in between": np.flatnonzero(
            np.abs(Z[-1] - Z[0]) < threshold
        ),
        "this is how far a unit gets from its mean; take the largest minus the smallest": np.flatnonzero(
            np.abs(Z - Z.mean(0)).max(0) < threshold
        ),
        "only the distance between neighbouring images counts here; take the largest minus the smallest of all": (
            np.flatnonzero(np.abs(np.diff(Z, axis=0)).max(0) < threshold)
        ),
        "this is the movement as a share of the largest value; the threshold is one of the movement itself": (
            np.flatnonzero((high - low) / high < threshold)
        ),
        "quantiles leave the rare things out, for which such a unit waits: largest minus smallest": np.flatnonzero(
            np.quantile(Z, 0.95, axis=0) - np.quantile(Z, 0.05, axis=0) < threshold
        ),
        "units are counted from 0 in NumPy": dead + 1,
        "these are the values of the units; their indices are asked for": high[dead],
    }


def _named_wrong(got, dead, named):
    meaning = first_fitting(got, np.asarray(dead), lambda: named)
    require(not meaning, got=str(got.tolist()), expected=str(dead), look=meaning)


@exercise(
    "9.5",
    "Choose the weight",
    reference="helpers.autoencoders.sparse.sweep:choose_weight",
    minutes=15,
    difficulty=2,
    hints=(
        "Two conditions, one after the other: which weights keep the promise? And which of those has the "
        "smallest error?",
        "The promise is about units: np.mean(np.abs(means - target) <= 0.02) is the share that keep it. At least "
        "0.9 is asked for.",
        "good = [w for w, means in unit_means.items() if np.mean(np.abs(means - target) <= 0.02) >= 0.9]; "
        "return min(good, key=lambda w: errors[w])",
    ),
)
def check_choice(answer, seed):
    rng = np.random.default_rng(seed)
    look = "at least 90 % of the units within 0.02 of the target; then the smallest error"
    cases = []
    for target, d in zip(rng.permutation([0.1, 0.15, 0.2]), (60, 100, 40), strict=True):
        means, errors = _sweep(rng, float(target), d)
        if d == 100:  # here the least error of all keeps the promise
            errors[1e-3] = 0.0085
        got = answer({w: v.copy() for w, v in means.items()}, dict(errors), float(target))
        require(got is not None, got="None", expected="a weight", look="is there a `return` with a value at the end?")
        got = array(got, "the weight")
        require(got.shape == (), got=f"{got.size} numbers", expected="one weight", look="return the best weight alone")
        best, mistakes = _choices(means, errors, float(target))
        cases.append(Case(f"the weight of a sweep over {d} units", float(got), best, mistakes))
    close_on_all(cases, look, rtol=1e-6, atol=0)
    for size, inside in ((10, 9), (300, 270)):
        edge = {1.0: target + np.where(np.arange(size) < inside, 0.0, 0.5), 2.0: np.full(size, target)}
        picked = float(array(answer(edge, {1.0: 0.01, 2.0: 0.02}, float(target)), "the weight"))
        require(picked == 1.0, got=f"{picked:g} where exactly 90 % of the {size} units of weight 1 are on target",
                expected="1", look="at least 90 %: 90 % itself counts")  # fmt: skip
    rim = {1.0: np.resize([0.0, 0.04], 10), 2.0: np.full(10, 0.02)}  # |mean − target| is 0.02 here, to the last bit
    picked = float(array(answer(rim, {1.0: 0.01, 2.0: 0.02}, 0.02), "the weight"))
    require(picked == 1.0, got=f"{picked:g} where all units of weight 1 are off the target by exactly 0.02",
            expected="1", look="within 0.02: 0.02 itself counts")  # fmt: skip


# weight: (share on target, error). The least error lies at a weight that breaks the promise, with a good mean.
SWEEP = {
    1e-5: (0.10, 0.0090, False), 3e-5: (0.70, 0.0094, True), 1e-4: (0.85, 0.0097, True), 3e-4: (0.95, 0.0103, True),
    1e-3: (0.95, 0.0099, True), 2e-3: (0.95, 0.0180, True), 3e-3: (0.925, 0.0145, True), 1e-2: (1.00, 0.0150, True),
    3e-2: (0.95, 0.0170, True),
}  # fmt: skip


def _sweep(rng, target, d):
    """(means, errors) by weight, each in an order of its own; the best weight is neither first nor last."""

    def units(share, balanced):
        """Means of d units of which so large a share is on target; the others lie off it (balanced: on both sides)."""
        count, strict = round(share * d), share not in (0.925, 1.0)  # those two would also pass a narrower promise
        signs = np.where(np.arange(d) % 2 == 0, 1.0, -1.0)
        inside = np.where((np.arange(d) % 5 == 0) & strict, 0.018, 0.009 * rng.uniform(0.3, 1, d)) * signs
        outside = 0.06 * (signs if balanced else 1.0)
        return rng.permutation(target + np.where(np.arange(d) < count, inside, outside))

    def shuffled():
        others = [float(w) for w in rng.permutation([w for w in SWEEP if w != 1e-3])]
        place = int(rng.integers(1, len(others)))
        return [*others[:place], 1e-3, *others[place:]]

    return {w: units(SWEEP[w][0], SWEEP[w][2]) for w in shuffled()}, {w: SWEEP[w][1] for w in shuffled()}


def _choices(means, errors, target):
    """(the right weight, what other ideas choose, by what they mean)."""
    order = list(means)

    def kept(within, w):
        return sum(within(v) for v in means[w]) / len(means[w])

    def least(weights):
        return min(weights, key=errors.get) if weights else np.nan

    shares = {w: kept(lambda v: abs(v - target) <= 0.02, w) for w in order}
    good = [w for w in order if shares[w] >= 0.9]
    best = least(good)
    near = {w: abs(means[w].mean() - target) for w in order}
    return best, {
        "this has the smallest error of all, and breaks the promise about the units": least(order),
        "the mean over all units is on target, many single units are not": least([w for w in order if near[w] <= 0.02]),
        "this keeps the promise best; but enough is enough: of those that keep it, take the smallest error": max(
            order, key=shares.get
        ),
        "the smallest weight that keeps the promise need not have the smallest error": min(good),
        "the first weight that keeps the promise need not have the smallest error": good[0],
        "the last weight that keeps the promise need not have the smallest error": good[-1],
        "of those that keep the promise this has the largest error": max(good, key=errors.get),
        "the largest weight that keeps the promise need not have the smallest error": max(good),
        "this is an error; the weight that belongs to it is asked for": errors[best],
        "this is the share of units on target; the weight is asked for": shares[best],
        "this is the place of the weight in the dictionary; the weight itself is asked for": order.index(best),
        "this is the place of the weight among those that keep the promise; the weight itself is asked for": (
            good.index(best)
        ),
        "a mean far below the target counts as well here: the distance from the target needs an absolute value": least(
            [w for w in order if kept(lambda v: v - target <= 0.02, w) >= 0.9]
        ),
        "this has the smallest error of those that do NOT keep the promise": least(
            [w for w in order if shares[w] < 0.9]
        ),
        "a unit counts within 0.02 of the target; 0.01 is stricter": least(
            [w for w in order if kept(lambda v: abs(v - target) <= 0.01, w) >= 0.9]
        ),
        "this has a mean over all units that is nearest to the target; the promise is about single units": min(
            order, key=near.get
        ),
    }
