"""The checks of lesson 09, sparse autoencoders."""

import numpy as np

from helpers.exercises.assertions import array, close, require
from helpers.exercises.registry import exercise


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
    n, threshold = 60, 0.1
    columns = {
        "lively": rng.random(n),
        "off": 0.001 * rng.random(n),
        "on": 0.97 + 0.02 * rng.random(n),
        "stuck at the target": 0.1 + 0.02 * rng.random(n),
        "rare": np.where(np.arange(n) == int(rng.integers(n)), 0.8, 0.001),
        "quiet": 0.05 + 0.15 * (np.arange(n) % 2),
        "bright": 0.75 + 0.2 * rng.random(n),
        "lively too": rng.beta(0.5, 0.5, n),
    }
    columns["rare dip"] = np.where(np.arange(n) == int(rng.integers(n)), 0.1, 0.99)
    names = [str(name) for name in rng.permutation(list(columns))]
    Z = np.stack([columns[name] for name in names], axis=1)
    dead = [j for j in range(len(names)) if max(Z[:, j]) - min(Z[:, j]) < threshold]
    got = array(answer(Z.copy(), threshold), "the dead units", "return the indices of the units")
    mask = np.isin(np.arange(len(names)), dead)
    spread = Z.max(1) - Z.min(1)
    named = {
        "only units that are always off were found; one that is always on, or always in between, tells as little": (
            np.flatnonzero(Z.max(0) < threshold)
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
        "every unit is small somewhere; that does not make it dead": np.flatnonzero(Z.min(0) < threshold),
        "the axis: these are images, not units": np.flatnonzero(spread < threshold),
        "this is a mask of True and False; indices are asked for": mask,
        "this is their number; the indices are asked for": np.array(len(dead)),
        "these are the movements of the units; the indices of the dead ones are asked for": Z.max(0) - Z.min(0),
    }
    expected = np.array(dead)
    for meaning, wrong in named.items():
        if got.shape == np.shape(wrong) and np.allclose(got, wrong) and not np.array_equal(wrong, expected):
            require(False, got=str(got.tolist()), expected=str(dead), look=meaning)
    found = sorted(float(v) for v in got.ravel())
    words = {name: j for j, name in enumerate(names)}
    for name in ("off", "on", "stuck at the target"):
        require(words[name] in found, got=f"{found}; a unit that is {name} is not among them", expected=str(dead),
                look="a unit that hardly moves is dead, wherever it stands")  # fmt: skip
    require(found == sorted(dead), got=str(found), expected=str(dead), look="largest minus smallest, for each unit")
    none = array(answer(rng.permutation(np.tile([[0.0], [1.0]], (5, 3))), threshold), "the dead units")
    require(none.size == 0, got=str(none.tolist()), expected="no unit", look="units that go from 0 to 1 are alive")
    close(np.sort(array(answer(Z.copy(), 2.0), "the dead units")), np.arange(len(names)), "for a threshold of 2",
          look="then all are below it: use the threshold that is given")  # fmt: skip


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
    target, d = float(rng.choice([0.1, 0.15, 0.2])), 100

    def units(share, inside=0.012, outside=0.06, balanced=True):
        """Means of d units of which so large a share is on target; the others lie off it (balanced: on both sides)."""
        count = round(share * d)
        signs = np.where(np.arange(d) % 2 == 0, 1.0, -1.0)
        offsets = np.where(
            np.arange(d) < count, inside * rng.uniform(0.3, 1, d), outside * (signs if balanced else 1.0)
        )
        return rng.permutation(target + offsets * np.where(np.arange(d) < count, signs, 1.0))

    # weight: (share on target, error). The least error lies at a weight that breaks the promise, with a good mean.
    rows = {
        1e-5: (0.10, 0.0090, False), 3e-5: (0.70, 0.0094, True), 1e-4: (0.88, 0.0097, True), 3e-4: (0.94, 0.0103, True),
        1e-3: (0.95, 0.0099, True), 3e-3: (0.92, 0.0160, True), 1e-2: (1.00, 0.0150, True),
    }  # fmt: skip
    order = [float(w) for w in rng.permutation(list(rows))]
    means = {w: units(rows[w][0], balanced=rows[w][2]) for w in order}
    errors = {w: rows[w][1] for w in order}
    kept = {w: sum(abs(v - target) <= 0.02 for v in means[w]) / d for w in order}
    good = [w for w in order if kept[w] >= 0.9]
    best = sorted(good, key=lambda w: errors[w])[0]
    got = answer({w: v.copy() for w, v in means.items()}, dict(errors), target)
    require(got is not None, got="None", expected="a weight", look="is there a `return` with a value at the end?")
    got = array(got, "the weight")
    require(got.shape == (), got=f"{got.size} numbers", expected="one weight", look="return the best weight alone")
    got = float(got)
    by_mean = [w for w in order if abs(means[w].mean() - target) <= 0.02]
    named = {
        "this has the smallest error of all, and breaks the promise about the units": min(order, key=errors.get),
        "the mean over all units is on target, many single units are not": min(by_mean, key=errors.get),
        "this keeps the promise best; but enough is enough: of those that keep it, take the smallest error": max(
            order, key=kept.get
        ),
        "the smallest weight that keeps the promise need not have the smallest error": min(good),
        "of those that keep the promise this has the largest error": max(good, key=errors.get),
        "this is the largest weight": max(order),
        "this is an error; the weight that belongs to it is asked for": errors[best],
    }
    for meaning, wrong in named.items():
        if np.isclose(got, wrong) and not np.isclose(wrong, best):
            require(False, got=f"{got:g}", expected=f"the weight {best:g}", look=meaning)
    require(np.isclose(got, best), got=f"{got:g}", expected=f"the weight {best:g}",
            look="at least 90 % of the units within 0.02 of the target; then the smallest error")  # fmt: skip
    edge = {1.0: target + np.where(np.arange(10) < 9, 0.0, 0.5), 2.0: np.full(10, target)}
    picked = float(array(answer(edge, {1.0: 0.01, 2.0: 0.02}, target), "the weight"))
    require(picked == 1.0, got=f"{picked:g} where exactly 90 % of the units of weight 1 are on target", expected="1",
            look="at least 90 %: 90 % itself counts")  # fmt: skip
