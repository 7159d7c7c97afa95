"""The check of lesson 08 on the way from pure noise to data: exercise 8.8."""

import numpy as np

from helpers.exercises.assertions import close, require, shape
from helpers.exercises.registry import exercise
from helpers.exercises.stand_ins import as_output

SIGMAS = np.array([2.0, 1.1, 0.4, 0.15])
MEAN, SPREAD = np.array([1.0, -0.5]), np.array([0.5, 1.5])  # of one Gaussian, its axes along x and y


@exercise(
    "8.8",
    "From noise to data",
    reference="helpers.autoencoders.denoising.score:descend",
    minutes=15,
    difficulty=3,
    hints=(
        "A point is a clean point plus sigma times standard noise. The denoiser guesses the clean point. What does "
        "that say about the noise?",
        "With clean = denoise(x, sigma) the guess for the noise is (x - clean) / sigma. Keep the clean point and put "
        "this noise back, but only as much of it as the next level has. After the last level there is none: 0.",
        "path = [x]; for sigma, following in zip(sigmas, [*sigmas[1:], 0]): clean = denoise(path[-1], sigma); "
        "path.append(clean + following / sigma * (path[-1] - clean)); at the end return np.stack(path).",
    ),
)
def check_descend(answer, seed):
    x = np.random.default_rng(seed).normal(0, SIGMAS[0], (7, 2))
    _levels_asked(answer, x)
    right = _closed_form(x)
    got = _run(answer, x)
    again = _run(answer, x)
    require(not (got.shape == again.shape and not np.allclose(got, again)), got="another path from the same start",
            expected="the same path each time", look="nothing is drawn on the way: put back the noise that the point "
            "has, (x - clean) / sigma, and no fresh noise")  # fmt: skip
    _form(got, right, x)
    look = "clean + following / sigma * (point - clean), from the point of the step before"
    close(got, right, "the path", look=look, rtol=1e-4, atol=1e-5, mistakes=_mistakes(x))
    one = _run(answer, x, SIGMAS[:1])
    close(one, _closed_form(x, SIGMAS[:1]), "the path with a single level", "from the only level down to 0")
    long = np.geomspace(3.0, 0.05, 9)
    close(_run(answer, x, long), _closed_form(x, long), "the path down nine levels", look, 1e-4, 1e-5)


def _denoise(x, sigma):
    """The best denoiser for the Gaussian, as a network would answer: E[clean point | x]."""
    x = np.asarray(x, dtype=float)
    require(x.ndim == 2 and x.shape[1] == 2, got=f"points of shape {x.shape} for the denoiser", expected="(n, 2)",
            look="denoise(x, sigma) takes all points of one step")  # fmt: skip
    require(np.ndim(sigma) == 0, got=f"{np.size(sigma)} levels at once for the denoiser", expected="one sigma a step",
            look="denoise(x, sigma): go through the levels in a loop")  # fmt: skip
    require(sigma > 0, got="the denoiser at sigma = 0", expected="one step for each of the sigmas, none at 0",
            look="0 is where the last step ends; no step begins there")  # fmt: skip
    return as_output(MEAN + SPREAD**2 / (SPREAD**2 + float(sigma) ** 2) * (x - MEAN))


def _closed_form(x, sigmas=SIGMAS):
    """The path by hand: at each step a point's distance from the mean shrinks by a known factor."""
    path = [x]
    for high, low in zip(sigmas, [*sigmas[1:], 0.0], strict=True):
        path.append(MEAN + (SPREAD**2 + high * low) / (SPREAD**2 + high**2) * (path[-1] - MEAN))
    return np.stack(path)


def _run(answer, x, sigmas=SIGMAS):
    given = x.copy()
    path = answer(_denoise, given, np.array(sigmas))
    require(np.array_equal(given, x), got="the start x was changed", expected="x as it was",
            look="make a new array at each step: no += and no assignment into x")  # fmt: skip
    require(path is not None, got="None", expected="the path", look="return the path at the end")
    return np.asarray(path, dtype=float)


def _levels_asked(answer, x):
    """NotYet unless the denoiser is asked at each level once, from the first to the last, and at the point it is at."""
    asked = []

    def watched(points, sigma):
        asked.append((np.array(points, dtype=float), sigma))
        return _denoise(points, sigma)

    answer(watched, x.copy(), SIGMAS.copy())
    require(asked, got="a denoiser that was never called", expected="one call for each level",
            look="clean = denoise(x, sigma)")  # fmt: skip
    levels = [float(sigma) for _, sigma in asked]
    got = "the denoiser asked at " + ", ".join(f"{level:g}" for level in levels)
    expected = "at " + ", ".join(f"{level:g}" for level in SIGMAS)
    ahead = len(levels) >= 3 and np.allclose(levels[:3], SIGMAS[1:])
    require(not ahead, got=got, expected=expected,
            look="each step asks at the level that the point still has, not at the one where it will go")  # fmt: skip
    for meaning, wrong in {
        "the last level is missing: after it the noise falls to 0": SIGMAS[:-1],
        "from much noise to little: the sigmas come in the right order already": SIGMAS[::-1],
        "each step has a level of its own: take sigma from the loop": np.full(4, SIGMAS[0]),
        "this is the last level in each step: take sigma from the loop": np.full(4, SIGMAS[-1]),
        "the denoiser takes sigma, a standard deviation, and not its square": SIGMAS**2,
        "the denoiser takes sigma itself; it takes the logarithm inside": np.log(SIGMAS),
    }.items():
        same = len(levels) == len(wrong) and np.allclose(levels, wrong)
        require(not same, got=got, expected=expected, look=meaning)
    if len(levels) == 2 * len(SIGMAS):
        require(False, got=got, expected=expected, look="once a step is enough: keep what it answers in a name")
    require(len(levels) == len(SIGMAS) and np.allclose(levels, SIGMAS), got=got, expected=expected,
            look="one step for each of the sigmas, in their order")  # fmt: skip
    stuck = len(asked) > 1 and all(np.allclose(points, x) for points, _ in asked)
    require(not stuck, got="the denoiser asked about the start x in every step", expected="about the latest point",
            look="go on from where the last step ended: path[-1]")  # fmt: skip


def _form(got, right, x):
    """NotYet unless the path has all its rows, from the start to the end."""
    require(got.shape != right.shape[1:], got="the last points alone", expected="all points on the way",
            look="keep the start and what each step gives in a list, and return np.stack(path)")  # fmt: skip
    fewer = got.shape == (len(right) - 1, *right.shape[1:])
    if fewer:
        require(np.allclose(got[0], x), got="a path without its start", expected="x as the first row",
                look="path = [x]")  # fmt: skip
        require(False, got=f"{len(got)} rows", expected=f"{len(right)}: the start and one for each of the sigmas",
                look="is the step from the last level to 0 missing?")  # fmt: skip
    turned = got.ndim == 3 and got.shape == (right.shape[1], right.shape[0], right.shape[2])
    require(not turned, got=f"a path of shape {got.shape}", expected=f"shape {right.shape}",
            look="steps come first, then points: np.stack(path) without an axis")  # fmt: skip
    shape(got, right.shape, "the path", "one row for the start and one for each of the sigmas, (len(sigmas) + 1, n, 2)")
    require(not np.allclose(got[::-1], right, rtol=1e-4, atol=1e-5), got="the path from its end to its start",
            expected="the start first", look="return the rows in the order in which they were made")  # fmt: skip
    require(np.allclose(got[0], x), got="another first row than the start", expected="x", look="path = [x]")


def _mistakes(x):
    """What the path looks like after each of the usual mistakes."""

    def path(move):
        rows = [x]
        for high, low in zip(SIGMAS, [*SIGMAS[1:], 0.0], strict=True):
            rows.append(move(rows[-1], np.asarray(_denoise(rows[-1], high)), high, low))
        return np.stack(rows)

    ends = [*SIGMAS[1:], SIGMAS[-1]]
    noisy_end = [x]
    for high, low in zip(SIGMAS, ends, strict=True):
        clean = np.asarray(_denoise(noisy_end[-1], high))
        noisy_end.append(clean + low / high * (noisy_end[-1] - clean))
    with np.errstate(divide="ignore", invalid="ignore"):
        upside_down = path(lambda p, c, high, low: c + high / low * (p - c) if low else c)
    return {
        "all the noise is taken away at once: put back as much as the next level has": path(lambda p, c, high, low: c),
        "noise is left at the end: after the last level comes 0": np.stack(noisy_end),
        "these are the two shares the other way round: following / sigma of the noise stays, it does not go":
            path(lambda p, c, high, low: p + low / high * (c - p)),
        "the levels stand upside down in the fraction: following / sigma is below 1": upside_down,
        "the noise that stays is following / sigma, standard deviations, not their squares":
            path(lambda p, c, high, low: c + (low / high) ** 2 * (p - c)),
        "p - clean is sigma times the noise: divide by sigma before the next level multiplies it":
            path(lambda p, c, high, low: c + low * (p - c)),
        "sigma - following is how much the noise falls; divided by sigma it is the share of the way to the clean point":
            path(lambda p, c, high, low: p + (high - low) * (c - p)),
        "the noise is the point minus the clean point; here the sign is wrong":
            path(lambda p, c, high, low: c + low / high * (c - p)),
        "half of the way, whatever the levels are: the share is 1 - following / sigma":
            path(lambda p, c, high, low: p + 0.5 * (c - p)),
        "this is one step along the score, (clean - point) / sigma²; the step should be sigma * (sigma - following)":
            path(lambda p, c, high, low: p + (c - p) / high**2),
        "the share of the noise that stays is following / sigma itself, without a root":
            path(lambda p, c, high, low: c + (low / high) ** 0.5 * (p - c)),
        "every step divides by the first level; a point has the noise of the level before": path(
            lambda p, c, high, low: c + low / SIGMAS[0] * (p - c)),
        "divided by sigma², a variance: the noise is (point - clean) / sigma":
            path(lambda p, c, high, low: p + (low - high) * (p - c) / high**2),
        "all rows are the last one: np.stack holds one array many times, changed in place": np.stack(
            [x, *[_closed_form(x)[-1]] * len(SIGMAS)]),
        "the point itself is scaled; only the noise in it, point - clean, should shrink":
            path(lambda p, c, high, low: low / high * p),
        "the clean guess is scaled as well: keep it whole, and add following / sigma of the noise":
            path(lambda p, c, high, low: (1 - low / high) * p + low / high * (p - c)),
    }  # fmt: skip
