"""The check of lesson 07 about a threshold: exercise 7.5."""

from statistics import NormalDist

import numpy as np

from helpers.exercises.assertions import NotYet, require, shape
from helpers.exercises.registry import exercise
from helpers.exercises.several import first_fitting


@exercise(
    "7.5",
    "Where to draw the line",
    reference="helpers.autoencoders.recurrent.anomalies:alarm_threshold",
    minutes=10,
    difficulty=2,
    hints=(
        "Sort the healthy errors in your mind. Above which of them lies the share that may raise a false alarm?",
        "np.quantile(a, q) gives the value with the share q of a *below* it. What share should be below?",
        "np.quantile(healthy_errors, 1 - false_alarms).",
    ),
)
def check_threshold(answer, seed):
    rng = np.random.default_rng(seed)
    for n, share in ((400, 0.05), (1000, 0.01), (200, 0.25)):
        errors = rng.gamma(1.5, 0.001, n)  # skewed, as errors are: no normal distribution fits
        kept = errors.copy()
        got = answer(errors, share)
        require(
            np.array_equal(errors, kept),
            got="the errors came back in another order",
            expected="the argument left as it was",
            look="np.sort(errors) gives a sorted copy",
        )
        require(
            np.shape(got) != (n,),
            got=f"{n} values",
            expected="one threshold for all signals",
            look="return the error at which the line is drawn",
        )
        got = float(shape(got, (), "the threshold", "one number"))
        _named_threshold(got, errors, share)
        raised = float(np.mean(errors > got))
        require(
            abs(raised - share) <= 1.01 / n,
            got=f"a threshold that {raised:.2%} of the healthy signals exceed",
            expected=f"{share:.2%}",
            look=f"{1 - raised:.1%} of the healthy errors do not exceed it; 1 − false_alarms of them, {1 - share:.1%}, "
            "should: that is a quantile of the errors, in whatever order they came",
        )
    errors = rng.gamma(1.5, 0.001, 50)
    low = float(shape(answer(errors, 0.0), (), "the threshold for no false alarm", "one number"))
    require(
        not np.any(errors > low),
        got=f"{np.sum(errors > low)} false alarms of 50 for false_alarms=0",
        expected="none",
        look="then the largest healthy error may just be reached",
    )


def _named_threshold(got, errors, share):
    """NotYet with its name when the threshold is one of the classical wrong ones, and not right all the same."""
    fits = abs(np.mean(errors > got) - share) <= 1.01 / len(errors)
    mean, spread = errors.mean(), errors.std()
    named = {
        "the other end: nearly every healthy signal lies above it. Quantiles count from below": np.quantile(
            errors, share
        ),
        "false_alarms is a share, not a percentage: no division by 100": np.quantile(errors, 1 - share / 100),
        "np.percentile counts from 0 to 100, and this is near its 0: np.quantile takes shares": np.percentile(
            errors, 1 - share
        ),
        "this is the smallest healthy error: nearly all others lie above it": errors.min(),
        "mean + 1 standard deviation suits a normal distribution; errors are skewed. Take the quantile": mean + spread,
        "a quantile of the normal distribution with this mean and spread; errors are skewed": mean
        + spread * NormalDist().inv_cdf(1 - share),
        "this is the largest healthy error: then one odd healthy signal decides for all": errors.max(),
        "mean + 3 standard deviations suits a normal distribution; errors are skewed. Take the quantile": mean
        + 3 * spread,
        "mean + 2 standard deviations suits a normal distribution; errors are skewed. Take the quantile": mean
        + 2 * spread,
        "this is the mean error, which about a third of the healthy signals exceed": mean,
        "this is the median: half of the healthy signals would raise an alarm": np.median(errors),
        "this is 1 − false_alarms times the largest error: a quantile counts signals, not millivolts": (1 - share)
        * errors.max(),
        "this counts from the smallest error; the false alarms are at the other end": np.sort(errors)[
            int(share * len(errors))
        ],
        "this is the error of one signal by its number: sort the errors first": errors[int((1 - share) * len(errors))],
        "this is the share itself, not an error": share,
        "this is 1 − false_alarms itself, not the error at it": 1 - share,
        "two-sided: half of the false alarms were put at the low end, where errors are welcome": np.quantile(
            errors, 1 - share / 2
        ),
    }
    meaning = first_fitting(got, np.quantile(errors, 1 - share), lambda: named, rtol=1e-6)
    if meaning and not fits:
        raise NotYet(
            got=f"{got:.5g}, which {np.mean(errors > got):.1%} of the healthy signals exceed",
            expected=f"a threshold that {share:.1%} of them exceed",
            look=meaning,
        )
