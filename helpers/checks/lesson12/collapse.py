"""The checks of lesson 12 on figures of a training: mode coverage (12.1) and the step of a collapse (12.3)."""

import numpy as np

from helpers.exercises.assertions import NotYet, close, require, short
from helpers.exercises.registry import exercise


def by_loops(points, centres, radius, least):
    """(modes covered, share of good points), point by point; and the pieces that wrong answers are made of."""
    counts, every, good = [0] * len(centres), [0] * len(centres), 0
    for point in points:
        distances = [float(np.hypot(*(point - centre))) for centre in centres]
        nearest = min(range(len(centres)), key=distances.__getitem__)
        every[nearest] += 1
        if distances[nearest] <= radius:
            counts[nearest] += 1
            good += 1
    return sum(c >= least * len(points) for c in counts), good / len(points), counts, every, good


@exercise(
    "12.1",
    "Mode coverage",
    reference="helpers.data.points:mode_coverage",
    minutes=15,
    difficulty=1,
    hints=(
        "Start with the distance of every point to every centre, an array (n, modes). What is the smallest in a row?",
        "distances = np.linalg.norm(points[:, None] - centres, axis=2); good = distances.min(axis=1) <= reach * "
        "spread. np.bincount(…, minlength=len(centres)) counts how often each index appears.",
        "counts = np.bincount(distances.argmin(axis=1)[good], minlength=len(centres)); "
        "return int(np.sum(counts >= least * len(points))), float(good.mean())",
    ),
)
def check_coverage(answer, seed):
    rng = np.random.default_rng(seed)
    modes, n, spread, reach = 10, 400, 0.4, 1.25
    centres = rng.permutation(3.0 * np.stack([np.arange(modes), np.arange(modes) % 2], axis=1))
    # good points: many, many, 12 (just enough), 11 (one short), few, none; the rest lies between the hills
    counts = np.array([150, 90, 12, 11, 3, 0, 0, 0, 0, 0])
    where = np.repeat(np.arange(modes), counts)
    angle, length = rng.uniform(0, 2 * np.pi, len(where)), reach * spread * rng.uniform(0.05, 0.95, len(where))
    good = centres[where] + (length * [np.cos(angle), np.sin(angle)]).T
    bad = np.resize([1, 2, 3, 4, 5], n - len(good))
    far = centres[bad] + [0.0, 0.8] + rng.uniform(-0.2, 0.2, (len(bad), 2))
    far[::7] += [0.0, 0.7]
    near = np.arange(len(bad)) % 3 == 1  # beyond the circle, but in the square around it
    far[near] = centres[bad[near]] + reach * spread * rng.uniform(0.8, 0.97, (near.sum(), 1)) * rng.choice(
        [-1, 1], (near.sum(), 2)
    )
    points = rng.permutation(np.concatenate([good, far]))
    least = 0.03  # 12 of 400
    covered, share, found, every, number = by_loops(points, centres, reach * spread, least)
    expected = (covered, share)
    narrow = by_loops(points, centres, spread, least)
    square = by_loops(points, centres, np.sqrt(reach * spread), least)
    apart = np.abs(points[:, None] - centres)
    box, taxi = (_by_distance(d, reach * spread, least) for d in (apart.max(axis=2), apart.sum(axis=2)))
    one, other = (_by_distance(apart[:, :, axis], reach * spread, least) for axis in (0, 1))
    named = {
        "a mode with a single good point is counted as covered; it needs the share `least` of all points, that is, "
        "least · len(points) of them": (
            sum(c > 0 for c in found), share),
        "bad points are counted for their nearest mode: only good ones count": (
            sum(c >= least * n for c in every), share),
        "the share `least` was taken of the good points; it is one of all points": (
            sum(c >= least * number for c in found), share),
        "just enough is enough: at least the share `least`, so >= and not >": (
            sum(c > least * n for c in found), share),
        "`reach` is not used: a point is good within reach · spread of a centre": narrow[:2],
        "the distances are squared: take the root, or compare with (reach · spread)²": square[:2],
        "this is the share of bad points": (covered, 1 - share),
        "this is the number of good points; their share of all points is asked for": (covered, number),
        "the two are exchanged: the number of modes comes first": (share, covered),
        "this is the share of the modes; their number is asked for": (covered / modes, share),
        "this is the share of good points in percent; a share lies between 0 and 1": (covered, 100 * share),
        "each axis was compared by itself, which is a square around the centre; take the distance": box,
        "these are distances along the axes, added up; take the straight distance": taxi,
        "only the first coordinate was compared; take the distance": one,
        "only the second coordinate was compared; take the distance": other,
        "the radius is reach · spread, both as they are handed over (here one of them does not count)": by_loops(
            points, centres, reach, least
        )[:2],
        "this is the share of covered modes that is good; all points count": (
            covered, sum(c for c in found if c >= least * n) / n),
        "these are the modes that are missed": (modes - covered, share),
    }  # fmt: skip
    result = answer(points.copy(), centres.copy(), spread=spread, reach=reach, least=least)
    pair = isinstance(result, tuple | list) and len(result) == 2
    require(
        pair or (isinstance(result, np.ndarray) and result.shape == (2,)),
        got=f"{short(result)}",
        expected="two numbers: modes covered, share of good points",
        look="return int(…), float(…)",
    )
    look = "nearest centre; good if within reach · spread; covered if it has at least least · n good points"
    close(result, expected, "(modes covered, share of good points)", look=look, rtol=1e-9, mistakes=named)
    nowhere = np.full((50, 2), 99.0)
    close(
        answer(nowhere, centres, spread=spread, reach=reach, least=least), (0, 0.0), "points that are nowhere near",
        look="no point is good, so no mode is covered",
    )  # fmt: skip
    one = np.tile(centres[-1], (50, 1))
    close(
        answer(one, centres, spread=spread, reach=reach, least=least), (1, 1.0), "all points on the last centre",
        look="one mode is covered: np.bincount(…, minlength=len(centres))",
    )  # fmt: skip
    rim = [[0.5, 0.0], [0.0, -0.5], [0.0, 0.0], [8.0, 0.5], [8.0, 0.0], [16.0, 0.0], [0.0, 0.53], [8.53, 0.0]]
    got = answer(np.array(rim), np.array([[0.0, 0.0], [8.0, 0.0], [16.0, 0.0]]), spread=0.25, reach=2.0, least=0.25)
    close(
        got, (2, 0.75), "points at exactly reach · spread of a centre, and just beyond",
        look="within includes the rim: <= and not <; a mode with exactly least · n points is covered: >= and not >; "
        "and spread, reach and least are those of this call",
    )  # fmt: skip


def _by_distance(distances, radius, least):
    """(modes covered, share of good points) for a table of distances (n, modes) of any kind."""
    good = distances.min(axis=1) <= radius
    counts = np.bincount(distances.argmin(axis=1)[good], minlength=distances.shape[1])
    return int(np.sum(counts >= least * len(distances))), float(good.mean())


@exercise(
    "12.3",
    "When did it collapse?",
    reference="helpers.gans.stability.ensembles:collapse_step",
    minutes=15,
    difficulty=2,
    hints=(
        "First say of each frame how many classes are alive, and whether that is fewer than half of them.",
        "The last frame tells whether there is an answer. If there is, look backwards for the last frame that was "
        "sound: the next one is where it began. What if no frame was sound?",
        "collapsed = (shares >= least).sum(axis=1) < shares.shape[1] / 2; sound = np.flatnonzero(~collapsed); "
        "None if not collapsed[-1]; otherwise steps[sound[-1] + 1], or steps[0] if nothing was ever sound",
    ),
)
def check_collapse(answer, seed):
    rng = np.random.default_rng(seed)
    classes, least = 8, 0.05
    steps = np.cumsum(rng.integers(20, 90, 14))
    # classes alive in each frame: few at the start, a dip in the middle, exactly half is still sound, then the end;
    # in frames 9 and 10 one of them has exactly the share `least`
    alive = np.array([1, 3, 5, 7, 3, 6, 8, 5, 4, 4, 4, 3, 2, 3])
    shares = np.stack([_frame(n, classes, least, rng, exact=place in (9, 10)) for place, n in enumerate(alive)])
    expected = int(steps[11])
    named = {
        "this is the first frame with few classes. Every training begins like that, and one may have a dip and "
        "recover: the question is from where on it stayed so": int(steps[0]),
        "this is the dip: the training recovered from it": int(steps[4]),
        "this is the index of the frame; its step is asked for": 11,
        "this is the last frame that was sound; the collapse begins with the next one": int(steps[10]),
        "half of the classes is still sound: fewer than half means collapsed, fewer than half of the classes that "
        "there are, shares.shape[1]": int(steps[8]),
        "this is the last frame; the collapse began earlier": int(steps[-1]),
        "a class with exactly the share `least` is alive: >= and not >": _with_strict(steps, shares, least),
        "this is the last sound frame's place, or that of the next; the step that belongs to it is asked for": 10,
        "this is the number of collapsed frames at the end; the step is asked for": 3,
        "this is the frame after the first collapsed one": int(steps[12]),
    }
    result = answer(steps.copy(), shares.copy(), least)
    what = "the step of the collapse"
    if result is None:
        raise NotYet(
            got="None for a training that ended with 3 of 8 classes",
            expected=str(expected),
            look="the last frame has fewer than half of the classes alive, so there is a step to return. "
            "In each frame (axis=1) count the classes alive: from the share `least` on, not from above 0",
        )
    look = "the first frame of the last unbroken series of collapsed ones, as a step"
    close(result, expected, what, look=look, mistakes=named)
    require(
        isinstance(result, int | np.integer), got=f"{short(result)}, a {type(result).__name__}", expected=str(expected),
        look="an int: int(steps[…])",
    )  # fmt: skip
    fine = np.stack([_frame(number, classes, least, rng) for number in (1, 2, 1, 6, 2, 4)])
    result = answer(np.arange(6) * 50, fine, least)
    require(
        result is None,
        got=f"{short(result)} for a training that ended with half of its classes",
        expected="None",
        look="it had dips, but it did not end collapsed; half of the classes is still sound",
    )
    never = np.stack([_frame(number, classes, least, rng) for number in (2, 3, 1, 2)])
    result = answer(np.array([7, 30, 60, 90]), never, least)
    require(
        result is not None and not isinstance(result, bool),
        got="None for a training that never had half of its classes",
        expected="7, the step of its first frame",
        look="no frame was sound, so it was collapsed from the first one on",
    )
    close(result, 7, "the step of a training that never had half of its classes", look="that of its first frame")
    late = np.stack([_frame(number, 10, 0.095, rng) for number in (9, 10, 9, 2)])
    result = answer(np.array([0, 30, 60, 90]), late, 0.095)
    close(-1 if result is None else result, 90, "a collapse in the very last frame, with least = 0.095",
          look="one frame is a series too, and a class is alive from `least` on")  # fmt: skip
    odd = np.stack([_frame(number, 9, 0.03, rng) for number in (2, 9, 4, 5, 4, 4)])
    result = answer(np.array([5, 30, 60, 90, 130, 150]), odd, 0.03)
    require(
        result is not None, got="None for a training that ended with 4 of 9 classes", expected="130",
        look="4 is fewer than half of 9: compare with shares.shape[1] / 2, and do not round it down with //",
    )  # fmt: skip
    rounded = {
        "4 is fewer than half of 9: compare with shares.shape[1] / 2, and do not round it down with //": 150,
        "5 is not fewer than half of 9": 60,
    }
    look = "fewer than half of the classes, 4 of 9 or less"
    close(result, 130, "the step of a collapse with 9 classes", look=look, mistakes=rounded)


def _frame(alive, classes, least, rng, exact=False):
    """Shares of classes: `alive` of them have at least `least` (one exactly, if so wanted), the others a bit less."""
    shares = np.full(classes, 0.6 * least)
    places = rng.permutation(classes)[:alive]
    rest = 1 - 0.6 * least * (classes - alive) - least * exact
    shares[places] = rest / (alive - exact)
    if exact:
        shares[places[0]] = least
    return shares


def _with_strict(steps, shares, least):
    collapsed = (shares > least).sum(axis=1) < shares.shape[1] / 2
    sound = np.flatnonzero(~collapsed)
    return int(steps[sound[-1] + 1]) if len(sound) and sound[-1] + 1 < len(steps) else -1
