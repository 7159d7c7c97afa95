"""Wrong and alternative answers to the exercises of lesson 17."""

EACH = "def on_equal_terms(features, real):\n    "
FRONT = "def front(costs):\n    "


def interval(quantile="stats.t.ppf(0.975, n - 1)", s="values.std(ddof=1)", root="np.sqrt(n)",
             ends="values.mean(), values.mean() - half, values.mean() + half"):  # fmt: skip
    """An answer to 17.1 with one thing changed."""
    return (
        "def mean_and_interval(values):\n    values = np.asarray(values, dtype=float)\n    n = len(values)\n"
        f"    half = {quantile} * {s} / {root}\n    return {ends}\n"
    )


def terms(n="min(len(one) for one in features.values())", one="one[:n]", whole="real", value="metrics.frechet_distance({}, {})"):
    """An answer to 17.2 with one thing changed."""
    return EACH + f"n = {n}\n    return {{name: {value.format(one, whole)} for name, one in features.items()}}\n"


def edge(no_worse="(costs <= mine).all(axis=1)", better="(costs < mine).any(axis=1)", join="no_worse & better", result="~np.array(beaten)"):
    """An answer to 17.3 with one thing changed."""
    return (
        FRONT + "beaten = []\n    for mine in costs:\n"
        f"        no_worse = {no_worse}\n        better = {better}\n        beaten.append(({join}).any())\n    return {result}\n"
    )


WRONG = [
    ("17.1", "divided by n", interval(s="values.std()"), r"ddof=1"),
    ("17.1", "spread of one value", interval(root="1"), r"√n times smaller"),
    ("17.1", "divided by n, no root", interval(root="n"), r"n instead of √n"),
    ("17.1", "normal quantile", interval("1.959964"), r"1\.96 is the quantile of the normal"),
    ("17.1", "n degrees of freedom", interval("stats.t.ppf(0.975, n)"), r"it is n − 1"),
    ("17.1", "95 % quantile", interval("stats.t.ppf(0.95, n - 1)"), r"holds 90 %"),
    ("17.1", "one standard error", interval("1"), r"no quantile"),
    ("17.1", "ends exchanged", interval(ends="values.mean(), values.mean() + half, values.mean() - half"), r"changed places"),
    ("17.1", "the half width only", interval(ends="values.mean(), half"), r"three numbers"),
    ("17.2", "every set whole", terms(one="one"), r"brings more images"),
    ("17.2", "real cut too", terms(whole="real[:n]"), r"`real` was cut as well"),
    ("17.2", "the last rows", terms(one="one[-n:]"), r"task says the first"),
    ("17.2", "the largest set", terms(n="max(len(one) for one in features.values())"), r"brings more images|largest set"),
    ("17.2", "as many as real", terms(n="len(real)"), r"brings more images|number of real images"),
    ("17.2", "square root", terms(value="np.sqrt(metrics.frechet_distance({}, {}))"), r"square root"),
    ("17.2", "a list", EACH + "n = min(map(len, features.values()))\n    return [metrics.frechet_distance(one[:n], real) for one in "
     "features.values()]\n", r"a dictionary"),
    ("17.3", "the beaten ones", edge(result="np.array(beaten)"), r"turn it round"),
    ("17.3", "more is better", edge("(costs >= mine).all(axis=1)", "(costs > mine).any(axis=1)"), r"more counts as better"),
    ("17.3", "better in all", edge(better="(costs < mine).all(axis=1)"), r"better in \*all\* measures"),
    ("17.3", "beaten by itself", edge(join="no_worse"), r"compared with itself"),
    ("17.3", "one measure is enough", edge(join="better"), r"nowhere worse"),
    ("17.3", "best in something", FRONT + "return (costs == costs.min(axis=0)).any(axis=1)\n", r"good compromise"),
    ("17.3", "best in everything", FRONT + "return (costs == costs.min(axis=0)).all(axis=1)\n", r"best in every measure"),
    ("17.1", "five values fixed", "def mean_and_interval(values):\n    x = np.asarray(values, dtype=float)\n    n = 5\n    m, s = x.mean(), x.std(ddof=1)\n"
     "    h = stats.t.ppf(0.975, n - 1) * s / np.sqrt(n)\n    return m, m - h, m + h", "five values are fixed"),
    ("17.1", "cdf for ppf", "def mean_and_interval(values):\n    x = np.asarray(values, dtype=float)\n    n = len(x)\n    m, s = x.mean(), x.std(ddof=1)\n"
     "    h = stats.t.cdf(0.975, n - 1) * s / np.sqrt(n)\n    return m, m - h, m + h", "ppf gives the value"),
    ("17.3", "close is equal", "def front(costs):\n    return np.array([not any((c <= me + 1e-2).all() and (c < me - 1e-2).any() for c in costs) for me in costs])", "<= in all columns"),
    ("17.3", "one of equal models", "def front(costs):\n    ok = np.ones(len(costs), dtype=bool)\n    for i, c in enumerate(costs):\n        if ok[i]:\n            ok[ok] = np.any(costs[ok] < c, axis=1)\n"
     "            ok[i] = True\n    return ok", "only the first is left"),
    ("17.3", "better in two", "def front(costs):\n    return np.array([not any((c <= me).all() and (c < me).sum() > 1 for c in costs) for me in costs])", "in two measures"),
    ("17.3", "sorted first", "def front(costs):\n    costs = costs[np.argsort(costs[:, 0])]\n    return np.array([not any((c <= me).all() and (c < me).any() for c in costs) for me in costs])", "keep their order"),
    ("17.2", "the real set counted in", "def on_equal_terms(features, real):\n    n = min(len(real), *(len(f) for f in features.values()))\n"
     "    return {k: metrics.frechet_distance(f[:n], real) for k, f in features.items()}", "the number of real images"),
]  # fmt: skip

ALTERNATIVES = [
    ("17.1", "by scipy's interval", "def mean_and_interval(values):\n    mean, error = np.mean(values), stats.sem(values)\n"
     "    if error == 0:\n        return mean, mean, mean\n    return (mean, *stats.t.interval(0.95, len(values) - 1, mean, error))\n"),
    ("17.2", "by a loop", EACH + "sizes = [rows.shape[0] for rows in features.values()]\n    found = {}\n    for name in features:\n"
     "        found[name] = metrics.frechet_distance(features[name][: sorted(sizes)[0]], real)\n    return found\n"),
    ("17.3", "all pairs at once", FRONT + "a, b = costs[:, None], costs[None]\n"
     "    return ~((a <= b).all(axis=2) & (a < b).any(axis=2)).any(axis=0)\n"),
    ("17.3", "a list", FRONT + "return [not any(np.all(i <= j) and np.any(i < j) for i in costs) for j in costs]\n"),
    ("17.1", "SciPy's interval", "def mean_and_interval(values):\n    m = np.mean(values)\n    low, high = stats.t.interval(0.95, len(values) - 1, loc=m, scale=stats.sem(values))\n"
     "    return m, low, high"),
]  # fmt: skip

INTERVAL = "def mean_and_interval(values):\n    "
WRONG += [
    ("17.1", "low first", interval(ends="values.mean() - half, values.mean(), values.mean() + half"), "the mean comes first"),
    ("17.1", "2 for the quantile", interval("2"), "2 in place of the quantile"),
    ("17.1", "norm's interval", INTERVAL + "return (np.mean(values), *stats.norm.interval(0.95, np.mean(values), np.std(values, ddof=1) / np.sqrt(len(values))))", "normal distribution"),
    ("17.1", "scale is the deviation", INTERVAL + "return (np.mean(values), *stats.t.interval(0.95, len(values) - 1, np.mean(values), np.std(values, ddof=1)))", "√n times smaller"),
    ("17.1", "quantiles of the values", INTERVAL + "return (np.mean(values), *np.quantile(values, [0.025, 0.975]))", "quantiles of the values"),
    ("17.1", "half widths", interval(ends="values.mean(), half, half"), "half widths"),
    ("17.2", "size of the first set", terms(n="len(next(iter(features.values())))"), "first set gave"),
    ("17.2", "size of the last set", terms(n="len(list(features.values())[-1])"), "last set gave"),
    ("17.2", "evenly spread rows", terms(one="one[:: len(one) // n][:n]"), "first n"),
    ("17.2", "one too few", terms(one="one[: n - 1]"), "one row too few"),
    ("17.2", "means only", terms(value="float(np.sum((np.mean({}, 0) - np.mean({}, 0)) ** 2))"), "only the means"),
    ("17.3", "best total", FRONT + "return costs.sum(axis=1) == costs.sum(axis=1).min()\n", "best total"),
    ("17.3", "first measure", FRONT + "return costs[:, 0] == costs[:, 0].min()\n", "only the first measure"),
    ("17.3", "two measures", edge("(costs[:, :2] <= mine[:2]).all(axis=1)", "(costs[:, :2] < mine[:2]).any(axis=1)"), "first two measures"),
    ("17.3", "who beats", FRONT + "a, b = costs[:, None], costs[None]\n    return ((a <= b).all(2) & (a < b).any(2)).any(1)\n", "beats somebody"),
    ("17.3", "indices", FRONT + "return [i for i, m in enumerate(costs) if not any((c <= m).all() and (c < m).any() for c in costs)]\n", "shape|truth"),
    ("17.2", "random rows", terms(one="one[np.random.default_rng().permutation(len(one))[:n]]"), "after the first n"),
    ("17.2", "random rows from a seed", terms(one="one[np.random.default_rng(0).choice(len(one), n, replace=False)]"), "after the first n"),
    ("17.3", "beaten by one better measure", FRONT + "return [not any((c < m).any() for c in costs) for m in costs]\n", "nowhere worse as well"),
]  # fmt: skip

ALTERNATIVES += [
    ("17.1", "by hand", INTERVAL + "n = len(values)\n    m = sum(values) / n\n    s = (sum((v - m) ** 2 for v in values) / (n - 1)) ** 0.5\n    h = stats.t(n - 1).ppf(0.975) * s / n**0.5\n    return m, m - h, m + h\n"),
    ("17.1", "upper tail", interval("stats.t.isf(0.025, n - 1)")),
    ("17.1", "statistics", INTERVAL + "import statistics\n    m, n = statistics.fmean(values), len(values)\n    h = -stats.t.ppf(0.025, n - 1) * statistics.stdev(values) / np.sqrt(n)\n    return m, m - h, m + h\n"),
    ("17.1", "an array", INTERVAL + "m, e, n = np.mean(values), np.std(values, ddof=1) / np.sqrt(len(values)), len(values)\n    return m + e * np.append(0, stats.t.ppf([0.025, 0.975], n - 1))\n"),
    ("17.1", "a list", interval(ends="[values.mean(), values.mean() - half, values.mean() + half]", s="np.sqrt(values.var(ddof=1))")),
    ("17.2", "sorted sizes", terms(n="sorted(map(len, features.values()))[0]")),
    ("17.2", "np.min", terms(n="int(np.min([one.shape[0] for one in features.values()]))")),
    ("17.2", "slices by islice", terms(one="np.array(list(one)[:n])")),
    ("17.2", "exchanged arguments", EACH + "n = min(map(len, features.values()))\n    return dict((k, metrics.frechet_distance(real, v[:n])) for k, v in features.items())\n"),
    ("17.2", "zip", EACH + "n = min(v.shape[0] for v in features.values())\n    return dict(zip(features, [metrics.frechet_distance(v[range(n)], real) for v in features.values()]))\n"),
    ("17.3", "removal", FRONT + "on = np.ones(len(costs), dtype=bool)\n    for i, c in enumerate(costs):\n        on &= ~((c <= costs).all(1) & (c < costs).any(1))\n    return on\n"),
    ("17.3", "by differences", FRONT + "d = costs[:, None] - costs[None]\n    return ~((d.max(axis=2) <= 0) & (d.min(axis=2) < 0)).any(axis=0)\n"),
    ("17.3", "unequal rows", FRONT + "return np.array([not ((costs <= m).all(1) & (costs != m).any(1)).any() for m in costs])\n"),
    ("17.3", "counted", FRONT + "k = costs.shape[1]\n    a, b = costs[:, None], costs[None]\n    return np.sum((np.sum(a <= b, 2) == k) & (np.sum(a < b, 2) > 0), axis=0) == 0\n"),
]  # fmt: skip

SURVIVORS = {
    ("17.2", "metrics.frechet_distance(one[:n], real) -> metrics.frechet_distance(real, one[:n])"): "a distance is symmetric",
    ("17.1", "np.asarray(values, dtype=float) without dtype"): "the mean and the deviation of whole numbers are floats anyway",
}
