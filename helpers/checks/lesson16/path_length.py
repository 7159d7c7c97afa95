"""The check of exercise 16.6: perceptual path length, pair by pair, with arcs as turns in a plane."""

import numpy as np

from helpers.exercises.assertions import array, close, require
from helpers.exercises.registry import exercise
from helpers.exercises.stand_ins import model_like


def on_arc(a, b, t):
    """The point at the share t of the arc from a to b, both of length 1: a turned towards b by t times the angle."""
    towards = b - (a @ b) * a
    towards = towards / np.linalg.norm(towards)
    angle = t * np.arctan2(b @ towards, b @ a)
    return np.cos(angle) * a + np.sin(angle) * towards


def on_line(a, b, t):
    return a + t * (b - a)


def _shortened(a, b, t):
    """The straight line, made as long as 1."""
    point = on_line(a, b, t)
    return point / np.linalg.norm(point)


def _raw_arc(a, b, t):
    """The formula of the arc, with the angle clipped, also for ends that are not of length 1."""
    angle = np.arccos(np.clip(a @ b, -1, 1))
    return (np.sin((1 - t) * angle) * a + np.sin(t * angle) * b) / (np.sin(angle) or np.nan)


@exercise(
    "16.6",
    "Path length",
    reference="helpers.metrics.disentanglement:path_length",
    minutes=20,
    difficulty=3,
    hints=(
        "Write a function for the points at the shares t, (n,) → (n, k). You need it twice, at t and at t + epsilon.",
        "t[:, None] makes a column of the shares, which fits (n, k). The angle of each pair: np.arccos(np.sum(a * b, "
        "axis=1)), as a column too.",
        "difference = features(point(t + epsilon)) - features(point(t)); return float(np.mean(np.sum(difference**2, "
        "axis=1)) / epsilon**2), with point(t) = (sin((1 − t)θ) a + sin(tθ) b)/sin θ or (1 − t) a + t b.",
    ),
)
def check_path_length(answer, seed):
    rng = np.random.default_rng(seed)
    n, k, d = 7, 4, 5
    inner, outer = rng.normal(size=(k, 6)), rng.normal(size=(6, d))
    a, b = rng.normal(size=(2, n, k))
    a, b = (each / np.linalg.norm(each, axis=1, keepdims=True) for each in (a, b))
    t = rng.uniform(0.05, 0.9, n)
    t[-1] = 0.998  # its step leads beyond the end of the path, as it may

    def features(points):
        points = array(points, "the points that the features are asked for")
        require(
            points.ndim == 2 and points.shape[1] == k,
            got=f"features asked for points of shape {points.shape}",
            expected=f"({n}, {k})",
            look="points are rows of k numbers, one for each pair, at its own share: t[:, None] is a column",
        )
        return np.tanh(points @ inner) @ outer

    features = model_like(features)

    def steps(path, t=t, step=None):
        step = epsilon if step is None else step
        there = np.stack([path(*pair) for pair in zip(a, b, t + step, strict=True)])
        here = np.stack([path(*pair) for pair in zip(a, b, t, strict=True)])
        return features(there) - features(here)

    def points_at(path, shares):
        return np.stack([path(*pair) for pair in zip(a, b, shares, strict=True)])

    def length(path, later=None, before=t):
        """The path length between two shares of each pair, divided by the step that is asked for."""
        later = t + epsilon if later is None else later
        difference = features(points_at(path, later)) - features(points_at(path, before))
        return (difference**2).sum(axis=1).mean() / epsilon**2

    def other_angles():
        """Path lengths on arcs with another angle in the formula, or without its denominator."""
        cosines = np.sum(a * b, axis=1)

        def turned(angle, below):
            return lambda one, two, s: (np.sin((1 - s) * angle) * one + np.sin(s * angle) * two) / below

        def with_angle(angle):
            return length(turned(angle, np.sin(angle)))

        own = [turned(angle, 1.0) for angle in np.arccos(cosines)]
        bare = [
            np.stack([path(*pair) for path, pair in zip(own, zip(a, b, shares, strict=True), strict=True)])
            for shares in (t + epsilon, t)
        ]
        return {
            "the angle of the first pair was used for all: each pair has its own, np.sum(a * b, axis=1)": with_angle(
                np.arccos(cosines[0])
            ),
            "one angle for all pairs, from the sum over everything: np.sum(a * b, axis=1)": with_angle(
                np.arccos(np.clip(cosines.sum(), -1 + 1e-9, 1 - 1e-9))
            ),
            "one mean angle for all pairs: each pair has its own": with_angle(np.arccos(cosines.mean())),
            "sin θ in the denominator is missing": np.mean(np.sum((features(bare[0]) - features(bare[1])) ** 2, axis=1))
            / epsilon**2,
        }

    units = a, b
    for arc, epsilon, path, other in ((False, 0.01, on_line, on_arc), (True, 0.02, on_arc, on_line)):
        # in W the ends have any length; on the sphere it is 1
        a, b = units if arc else (0.9 * units[0], 0.8 * units[1] * rng.uniform(0.6, 1.2, (n, 1)))
        squares = (steps(path) ** 2).sum(axis=1)
        right = squares.mean() / epsilon**2
        wrong_path = (
            "a straight line where an arc is asked for: in Z the way is slerp"
            if arc
            else ("an arc where a straight line is asked for: in W the way is lerp")
        )
        same = np.full(n, t[0])
        named = {
            wrong_path: (steps(other if arc else _raw_arc) ** 2).sum(axis=1).mean() / epsilon**2,
            "not divided by ε²: it would depend on how small the step is": squares.mean(),
            "divided by ε: a squared distance grows like ε²": squares.mean() / epsilon,
            "distances that are not squared: d is the squared length of the difference": np.sqrt(squares).mean()
            / epsilon,
            "distances that are not squared, divided by ε²: d is the squared length": np.sqrt(squares).mean()
            / epsilon**2,
            "this is the mean over the features, too: the squared length is their sum": right / d,
            "this is the sum over the pairs: take their mean": right * n,
            "one share for all pairs: each has its own t": (steps(path, same) ** 2).sum(axis=1).mean() / epsilon**2,
            "a step backwards: from t to t + ε": (steps(path, step=-epsilon) ** 2).sum(axis=1).mean() / epsilon**2,
            "from the start of the path to its end: only from t to t + ε": ((features(b) - features(a)) ** 2)
            .sum(axis=1)
            .mean(),
            "nothing changes between the two points: one is at t + ε, the other at t": 0.0,
            "multiplied by ε²: divide": squares.mean() * epsilon**2,
            "the straight line was made as long as 1, which does not turn evenly: slerp has sines of the angle": (
                (steps(_shortened) ** 2).sum(axis=1).mean() / epsilon**2
            ),
            "this is half of it": right / 2,
            "the step is 0.001 here, whatever `epsilon` says; and divided by its square": (
                (steps(path, step=1e-3) ** 2).sum(axis=1).mean() / 1e-6
            ),
            "the step is 0.0001 here, whatever `epsilon` says; and divided by its square": (
                (steps(path, step=1e-4) ** 2).sum(axis=1).mean() / 1e-8
            ),
            "this is the median over the pairs; take their mean": np.median(squares) / epsilon**2,
            "these are distances along the axes, added up; d is the squared length": (
                np.abs(steps(path)).sum(axis=1).mean() / epsilon**2
            ),
            "the distances were averaged first and then squared: square each": (
                (np.sqrt(squares).mean() / epsilon) ** 2
            ),
            "the points themselves were compared, without `features`": np.mean(
                [
                    np.sum((path(one, two, s + epsilon) - path(one, two, s)) ** 2)
                    for one, two, s in zip(a, b, t, strict=True)
                ]
            )
            / epsilon**2,
            "a and b are exchanged: t leads from a to b": (steps(path, 1 - t - epsilon) ** 2).sum(axis=1).mean()
            / epsilon**2,
            "t + ε was cut off at 1: the last step may lead beyond the end of the path": length(
                path, later=np.minimum(t + epsilon, 1)
            ),
            "from t − ε to t + ε, which is twice the step: from t to t + ε": length(path, before=t - epsilon),
            "ε was added to the points; it belongs to the share: at t + ε": np.mean(
                np.sum((features(points_at(path, t) + epsilon) - features(points_at(path, t))) ** 2, axis=1)
            )
            / epsilon**2,
            "the mean over the pairs was squared; square first, pair by pair": np.sum(steps(path).mean(axis=0) ** 2)
            / epsilon**2,
            **(other_angles() if arc else {}),
        }
        value = answer(features, a.copy(), b.copy(), t.copy(), epsilon, arc)
        close(
            value,
            right,
            f"the path length with arc={arc}",
            "‖φ(at t + ε) − φ(at t)‖²/ε², mean over the pairs",
            1e-5,
            0,
            named,
        )
    a, b = units
    a[0] = b[0]
    require(
        np.isfinite(answer(features, a, b, t, epsilon, False)),
        got="NaN for a straight path",
        expected="a number",
        look="angles are needed for arcs only",
    )
