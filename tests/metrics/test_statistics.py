"""Few labels: fair draws, and intervals against SciPy and by simulation."""

import numpy as np
import pytest
from scipy import stats

from helpers.autoencoders.pretraining.few_labels import stratified
from helpers.metrics.statistics import difference_interval, interval, paired_interval


def test_draw_is_balanced_different_and_repeatable():
    y = np.random.default_rng(0).integers(0, 10, 2000).astype("uint8")
    chosen = stratified(y, 50, seed=3)
    assert chosen.shape == (50,) and len(set(chosen.tolist())) == 50
    assert np.bincount(y[chosen], minlength=10).tolist() == [5] * 10
    np.testing.assert_array_equal(chosen, stratified(y, 50, seed=3))
    assert set(chosen) != set(stratified(y, 50, seed=4))
    assert not np.all(np.diff(y[chosen].astype(int)) >= 0)  # not sorted by class


def test_remainder_is_spread_over_classes_and_not_always_the_same():
    y = np.repeat(np.arange(4), 30)
    counts = [np.bincount(y[stratified(y, 10, seed)], minlength=4) for seed in range(20)]
    assert all(c.sum() == 10 and c.max() - c.min() == 1 for c in counts)
    assert len({tuple(c) for c in counts}) > 1


def test_labels_may_be_any_values_and_every_image_can_be_drawn():
    y = np.array([7, 7, 7, 9, 9, 9])
    assert np.array_equal(np.sort(stratified(y, 6, 0)), np.arange(6))
    assert set(np.concatenate([stratified(y, 2, seed) for seed in range(40)])) == set(range(6))


@pytest.mark.parametrize("y, n, message", [
    (np.array([0, 0, 1]), 4, "only 1 are there"),
    (np.zeros((3, 2)), 2, "one row"),
    (np.zeros(0), 2, "one row"),
    (np.zeros(3), 0, "positive"),
    (np.zeros(3), 1.5, "positive"),
    (np.zeros(3), True, "positive"),
])  # fmt: skip
def test_impossible_draws_are_told(y, n, message):
    with pytest.raises(ValueError, match=message):
        stratified(y, n, 0)


def test_interval_is_scipys():
    values = np.random.default_rng(1).normal(0.8, 0.02, 5)
    mean, low, high = interval(values)
    other = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert (low, high) == pytest.approx((other.low, other.high)) and mean == pytest.approx(values.mean())
    assert interval(values, 0.5)[1] > low


def test_difference_interval_is_welchs():
    rng = np.random.default_rng(5)
    for sizes in ((5, 5), (3, 8)):
        a, b = rng.normal(1.0, 0.5, sizes[0]), rng.normal(0.0, 2.0, sizes[1])
        expected = stats.ttest_ind(a, b, equal_var=False).confidence_interval()
        mean, low, high = difference_interval(a, b)
        assert (mean, low, high) == pytest.approx((a.mean() - b.mean(), expected.low, expected.high))
    assert difference_interval([2.0, 2.0], [1.0, 1.0]) == (1.0, 1.0, 1.0)
    with pytest.raises(ValueError, match="two values"):
        difference_interval([1.0], [1.0, 2.0])


def test_paired_interval_holds_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(2)
    hits = 0
    for _ in range(1000):
        luck = rng.normal(0, 1, 5)  # shared by both, so that it falls out
        _, low, high = paired_interval(luck + 0.3 + rng.normal(0, 0.1, 5), luck + rng.normal(0, 0.1, 5))
        hits += low <= 0.3 <= high
    assert 925 <= hits <= 972


def test_pairing_matters_and_bad_input_is_told():
    a, b = np.array([1.0, 2.0, 3.0]), np.array([0.9, 1.9, 2.9])
    assert paired_interval(a, b) == pytest.approx((0.1, 0.1, 0.1))
    with pytest.raises(ValueError, match="pairs"):
        paired_interval(a, b[:2])
    with pytest.raises(ValueError, match="at least two"):
        interval([1.0])
    with pytest.raises(ValueError, match="finite"):
        interval([1.0, np.nan])
    with pytest.raises(ValueError, match="level"):
        interval([1.0, 2.0], 95)
