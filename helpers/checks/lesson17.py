"""The checks of lesson 17: intervals, equal terms, the front."""

import numpy as np
from scipy import stats

from helpers.exercises.assertions import NotYet, array, close, require
from helpers.exercises.registry import exercise
from helpers.exercises.several import Case, close_on_all


def _three(value, what: str) -> np.ndarray:
    require(
        isinstance(value, tuple | list | np.ndarray) and len(np.atleast_1d(value)) == 3,
        got=f"{type(value).__name__} for {what}",
        expected="three numbers: mean, low, high",
        look="return mean, low, high",
    )
    return np.array([float(array(one, what)) for one in value])


@exercise(
    "17.1",
    "Mean and interval",
    reference="helpers.metrics.statistics:interval",
    minutes=10,
    difficulty=1,
    hints=(
        "Three things are needed: the mean, the standard deviation divided by n − 1 (`ddof=1`), and the quantile t.",
        "The 97.5 % quantile, since 2.5 % are left out on either side: stats.t.ppf(0.975, n - 1). The spread of a "
        "*mean* of n values is that of one value divided by √n.",
        "half = stats.t.ppf(0.975, n - 1) * np.std(values, ddof=1) / np.sqrt(n); the ends: mean − half, mean + half.",
    ),
)
def check_interval(answer, seed):
    rng = np.random.default_rng(seed)
    # Two values come later: with them several mistakes give the same interval.
    results = []
    cases = [list(rng.normal(5, 2, size=5)), list(rng.normal(-3, 0.1, size=9)), [1.0, 3.0], [2.0, 2.0, 2.0]]
    for values in cases:
        x, n = np.array(values), len(values)
        got = _three(answer(list(values)), f"the interval of {n} values")
        if not x.std():  # SciPy's own interval has NaN for its ends where nothing varies, and may well be used
            got[1:] = np.where(np.isnan(got[1:]), x.mean(), got[1:])
        t = stats.t(n - 1)

        def ends(quantile, s, root=None, x=x, n=n):
            return x.mean() + quantile * s / (root or np.sqrt(n)) * np.array([0.0, -1.0, 1.0])

        s, quantile = x.std(ddof=1), t.ppf(0.975)
        half = float(t.isf(0.025)) * float(np.sqrt(np.sum((x - x.mean()) ** 2) / (n - 1))) / n**0.5
        named = {
            "the standard deviation is divided by n here; an estimate from n values divides by n − 1: ddof=1": ends(
                quantile, x.std()
            ),
            "this is the spread of one value; that of a mean of n values is √n times smaller": ends(quantile, s, 1.0),
            "it is divided by n instead of √n": ends(quantile, s, n),
            "1.96 is the quantile of the normal distribution; with few values s is uncertain itself, and Student's t "
            "is larger": ends(stats.norm.ppf(0.975), s),
            "n degrees of freedom; one is used up by the mean, so it is n − 1": ends(stats.t.ppf(0.975, n), s),
            "the 95 % quantile leaves 5 % on each side, so this interval holds 90 %": ends(t.ppf(0.95), s),
            "no quantile: one standard error on each side holds far less than 95 %": ends(1.0, s),
            "the two ends have changed places: low first": ends(-quantile, s),
            "the order is mean, low, high: the mean comes first": ends(quantile, s)[[1, 0, 2]],
            "the order is mean, low, high: here the mean comes last": ends(quantile, s)[[1, 2, 0]],
            "these are the half widths; the ends are mean − half and mean + half": [x.mean(), half, half],
            "these are −half and half; the ends are mean − half and mean + half": [x.mean(), -half, half],
            "this is the interval of the normal distribution, with the deviation divided by n": ends(
                stats.norm.ppf(0.975), x.std()
            ),
            "2 in place of the quantile: with few values Student's t is larger": ends(2.0, s),
            "this is the spread of one value, with the quantile of the normal distribution": ends(1.96, s, 1.0),
            "the 99 % interval: 2.5 % are left out on each side of the 95 % one": ends(t.ppf(0.995), s),
            "the median stands in place of the mean": ends(quantile, s) - x.mean() + np.median(x),
            "the variance stands in place of the deviation": ends(quantile, s**2),
            "the root of n − 1, and the deviation with n − 1 already: s/√n": ends(quantile, s, np.sqrt(n - 1)),
            "these are quantiles of the values, not of their mean": [x.mean(), *np.quantile(x, [0.025, 0.975])],
            "these are the smallest and the largest value": [x.mean(), x.min(), x.max()],
            "1.96 is the quantile of the normal distribution, rounded; with few values s is uncertain itself, and "
            "Student's t is larger": ends(1.96, s),
            "2.78 is right for five values; for another number of them it is another quantile": ends(2.78, s),
            "2.776 is right for five values; for another number of them it is another quantile": ends(2.776, s),
            "five values are fixed here: use their number, len(values)": ends(stats.t.ppf(0.975, 4), s, 5**0.5),
            "cdf gives the share below a value; ppf gives the value below which a share lies": ends(t.cdf(0.975), s),
        }
        right = [x.mean(), x.mean() - half, x.mean() + half]
        results.append(Case(f"mean, low and high of {n} values", got, right, named))
    close_on_all(results, "mean ± t · s / √n")


def _frechet(a, b):
    """The distance by an eigenvalue formula of its own: tr √(C_a C_b) from the eigenvalues of the product."""
    mean = np.square(a.mean(axis=0) - b.mean(axis=0)).sum()
    ca, cb = np.cov(a.T), np.cov(b.T)
    roots = np.sqrt(np.clip(np.linalg.eigvals(ca @ cb).real, 0, None)).sum()
    return float(mean + np.trace(ca) + np.trace(cb) - 2 * roots)


@exercise(
    "17.2",
    "On equal terms",
    reference="helpers.comparison.measures:on_equal_terms",
    minutes=10,
    difficulty=2,
    hints=(
        "First find n, the number of rows of the smallest set: min over len(one) for all values of the dictionary.",
        "Then one[:n] of each set, and always the whole of `real`.",
        "n = min(len(one) for one in features.values()); "
        "return {name: metrics.frechet_distance(one[:n], real) for name, one in features.items()}",
    ),
)
def check_equal_terms(answer, seed):
    rng = np.random.default_rng(seed)
    real = rng.normal(size=(60, 3))
    for sizes in ((40, 15, 90, 25), (12, 30), (20,), (95, 70)):  # the last: all of them larger than `real`
        sets = {f"model {i}": rng.normal(0.3 * i, 1 + 0.2 * i, size=(n, 3)) for i, n in enumerate(sizes)}
        before = {name: rows.copy() for name, rows in sets.items()}
        got = answer(sets, real)
        require(isinstance(got, dict), got=f"{type(got).__name__}", expected="a dictionary {name: distance}",
                look="a dictionary comprehension over features.items()")  # fmt: skip
        require(list(sorted(got)) == sorted(sets), got=f"the names {sorted(got)}", expected=f"{sorted(sets)}",
                look="one entry for each generator, under its own name")  # fmt: skip
        if any(not np.array_equal(sets[name], before[name]) for name in before):
            raise NotYet(got="the feature arrays were changed", expected="arrays left as they are",
                         look="one[:n] makes a view; nothing has to be assigned")  # fmt: skip

        def each(cut, cut_real=None, sets=sets):
            return [_frechet(rows[cut], real[:cut_real]) for rows in sets.values()]

        n, first = min(sizes), slice(min(sizes))
        named = {
            "every set was used whole (or cut to the size of the largest): whoever brings more images still has the "
            "smaller distance. The smallest set gives the number": each(slice(None)),
            "`real` was cut as well: all of it can be used, for it is the same for everybody": each(first, n),
            "the last rows were taken; the task says the first": each(slice(-n, None)),
            "the first set gave the number; the smallest one must": each(slice(sizes[0])),
            "the last set gave the number; the smallest one must": each(slice(sizes[-1])),
            "the mean of the sizes gave the number; the smallest one must": each(slice(int(np.mean(sizes)))),
            "one row too few: one[:n] has n rows": each(slice(n - 1)),
            "every so-many-th row was taken; the task says the first n": [
                _frechet(rows[:: len(rows) // n][:n], real) for rows in sets.values()
            ],
            "only the means were compared: use metrics.frechet_distance": [
                np.square(rows[:n].mean(axis=0) - real.mean(axis=0)).sum() for rows in sets.values()
            ],
        }
        if len(real) not in sizes:
            named["each set was cut to the number of real images, and the smaller ones stayed smaller"] = each(
                slice(len(real))
            )
        named["the square root was taken; the distance of this course is the squared one, as everywhere"] = np.sqrt(
            each(first)
        )
        look = "the first n rows of each set, n from the smallest set, and all of real"
        values = array([got[name] for name in sets], "the distances")
        if not np.allclose(values, each(first), rtol=1e-4) and _reads_beyond(answer, sets, real, n):
            look = "rows after the first n are used as well: take the first n as they come, and draw or sort nothing"
        close(values, each(first), f"the distances for sets of {sizes} images", look, rtol=1e-4, atol=1e-6,
              mistakes=named)  # fmt: skip


def _reads_beyond(answer, sets, real, n) -> bool:
    """Whether the answer depends on more than the first n rows of each set; there are NaN in place of the others."""
    spoilt = {name: np.where(np.arange(len(rows))[:, None] < n, rows, np.nan) for name, rows in sets.items()}
    try:
        return not np.isfinite([float(value) for value in answer(spoilt, real).values()]).all()
    except Exception:  # most ways to compare distributions refuse NaN
        return True


def _front_by_pairs(costs):
    on = []
    for j, mine in enumerate(costs):
        beaten = False
        for i, other in enumerate(costs):
            if i != j and all(a <= b for a, b in zip(other, mine, strict=True)):
                beaten |= any(a < b for a, b in zip(other, mine, strict=True))
        on.append(not beaten)
    return np.array(on)


def _beats(costs):
    """Whether a row beats another one."""
    a, b = costs[:, None], costs[None]
    return ((a <= b).all(2) & (a < b).any(2)).any(1)


def _beaten_by_next(costs):
    """Whether a row is not beaten by the one that follows it."""
    later = np.roll(costs, -1, axis=0)
    return ~((later <= costs).all(1) & (later < costs).any(1))


@exercise(
    "17.3",
    "The front",
    reference="helpers.comparison.measures:front",
    minutes=20,
    difficulty=3,
    hints=(
        "Take one model, `mine`. Compare all rows with it at once: costs <= mine and costs < mine are tables of "
        "booleans, one row for each model.",
        "A row that is <= in all columns and < in at least one beats `mine`: (costs <= mine).all(axis=1) & "
        "(costs < mine).any(axis=1). It compares `mine` with itself as well, which is harmless: nothing is < itself.",
        "beaten = [((costs <= mine).all(axis=1) & (costs < mine).any(axis=1)).any() for mine in costs]; "
        "return ~np.array(beaten)",
    ),
)
def check_front(answer, seed):
    rng = np.random.default_rng(seed)
    cases = [  # in an order in which different mistakes give different answers
        ("one model beats all others in both", np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]])),
        ("good, though best in nothing", np.array([[1.0, 9.0], [2.0, 2.0], [9.0, 1.0], [8.0, 8.0]])),
        ("equal in one measure, better in the other", np.array([[1.0, 1.0], [1.0, 2.0], [3.0, 0.5]])),
        ("two equal models", np.array([[1.0, 2.0], [1.0, 2.0], [2.0, 1.0]])),
        ("hardly better", np.array([[1.0, 1.0], [1.0, 1.001], [1.002, 0.999], [1.002, 1.0]])),
        ("nobody beats anybody", np.array([[1.0, 3.0], [2.0, 2.0], [3.0, 1.0]])),
        ("twelve models, three measures", rng.integers(0, 4, size=(12, 3)).astype(float)),
        ("four measures", rng.integers(0, 3, size=(9, 4)).astype(float)),
        ("one model", np.array([[5.0, 5.0]])),
    ]
    results = []
    for what, costs in cases:
        right = _front_by_pairs(costs)
        got = answer(costs.copy())
        values = array(got, f"the front ({what})").astype(float)
        require(values.shape == right.shape, got=f"shape {values.shape}", expected=f"{right.shape}, a truth value each",
                look="a list of one truth value for each row of costs")  # fmt: skip
        le = (costs[:, None] <= costs[None]).all(2)
        lt_all = (costs[:, None] < costs[None]).all(2)
        others = ~np.eye(len(costs), dtype=bool)
        beats, same = le & ~le.T, le & le.T  # [i, j]: model i beats model j; the two are equal
        before = np.triu(np.ones_like(le), 1).astype(bool)
        named = {
            "these are the models that *are* beaten: turn it round": ~right,
            "more counts as better here; these are costs, so less is better": _front_by_pairs(-costs),
            "a model must be better in *all* measures here to beat another; in one is enough if it is nowhere worse": (
                ~lt_all.any(0)
            ),
            "only models that are best in every measure are left: here anybody who is better in one measure beats a "
            "model; to beat it he must be nowhere worse as well": (costs == costs.min(0)).all(1),
            "nobody is left: each row is compared with itself, and equal counts as beaten": np.zeros(len(costs), bool),
            "two equal models beat each other here; one of them must be better somewhere": ~(le & others).any(0),
            "the best total is on the front, and nobody else: measures are not added up": (
                costs.sum(1) == costs.sum(1).min()
            ),
            "each model was compared with the next one only; compare it with all": _beaten_by_next(costs),
            "of equal models only the first is left: they do not beat each other": right & ~(same & before).any(0),
            "of equal models only the last is left: they do not beat each other": right & ~(same & before.T).any(0),
            "each model was compared with those before it only; compare it with all": ~(beats & before).any(0),
            "each model was compared with the last one only (the others were overwritten); compare it with all": (
                ~beats[-1]
            ),
            "a model must be better in two measures here to beat another; in one is enough": (
                ~(le & ((costs[:, None] < costs[None]).sum(2) > 1)).any(0)
            ),
            "these are the models that are not above the mean in any measure; compare models with each other": (
                (costs <= costs.mean(0)).all(1)
            ),
            "the rows were sorted first: keep their order": _front_by_pairs(costs[np.argsort(costs[:, 0])]),
            "only the first measure counts here; take all of them": costs[:, 0] == costs[:, 0].min(),
            "only the first two measures count here; take all of them": _front_by_pairs(costs[:, :2]),
            "this says who beats somebody; the front are those whom nobody beats": _beats(costs),
            "only models that are best in some measure are left; the good compromise is not beaten either": (
                (costs == costs.min(0)).any(1)
            ),
        }
        named = {text: wrong.astype(float) for text, wrong in named.items()}
        results.append(Case(f"the front ({what})", values, right.astype(float), named))
    close_on_all(results, "beaten: some row is <= in all columns and < in one")
