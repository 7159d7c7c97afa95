"""The two-sample test against cases whose best possible accuracy is known."""

import numpy as np
import pytest
from scipy import stats

from helpers.metrics import two_sample

SIDE = 8


def pictures(n, brightness, spread, seed):
    """Even pictures: all pixels of one are equal, with a brightness from a normal distribution."""
    level = np.random.default_rng(seed).normal(brightness, spread, n)
    return np.broadcast_to(np.clip(level, 0, 1)[:, None, None], (n, SIDE, SIDE)).astype("float32")


def sets(other, spread=0.05, n=600, held=1000):
    """Real and made pictures, to learn from and held back; the made ones have this mean brightness."""
    counts = ((0.5, n), (other, n), (0.5, held), (other, held))
    return [pictures(count, mean, spread, seed) for seed, (mean, count) in enumerate(counts)]


@pytest.mark.slow
@pytest.mark.parametrize("apart", [0.0, 1.0, 2.0, 8.0])
def test_it_comes_near_the_best_that_can_be_done(apart):
    # two normal distributions, `apart` deviations from each other: nobody can be right more often than Φ(apart / 2)
    best = stats.norm.cdf(apart / 2)
    found = two_sample.two_sample(*sets(0.5 + 0.05 * apart), seed=1, epochs=30)
    luck = 3 * np.sqrt(max(best * (1 - best), 1e-3) / 2000)
    assert best - 0.05 - luck < found["accuracy"] < best + luck
    right = (found["real"] > 0.5).sum() + (found["made"] <= 0.5).sum()
    assert found["accuracy"] == right / 2000 and found["real"].shape == (1000,)


@pytest.mark.slow
def test_the_same_seed_finds_the_same():
    some = sets(0.55, n=100, held=50)
    once, again = (two_sample.two_sample(*some, seed=3, epochs=2) for _ in range(2))
    np.testing.assert_array_equal(once["real"], again["real"])
    other = two_sample.two_sample(*some, seed=4, epochs=2)
    assert not np.array_equal(once["real"], other["real"])


def test_bytes_hide_what_no_file_would_keep():
    X = np.random.default_rng(0).integers(0, 256, (5, SIDE, SIDE)) / 255
    faint = X + np.random.default_rng(1).uniform(-0.4, 0.4, X.shape) / 255
    np.testing.assert_array_equal(two_sample.as_bytes(faint), two_sample.as_bytes(X))
    assert two_sample.as_bytes(X).shape == (5, SIDE, SIDE, 1)


def test_black_is_what_a_file_would_call_black():
    images = np.array([[[0.0, 0.001, 0.003, 1.0]]])
    assert two_sample.black_share(images) == 0.5


@pytest.mark.parametrize("numbers", [(4, 5, 3, 3), (4, 4, 3, 2)])
def test_unequal_numbers_are_refused(numbers):
    with pytest.raises(ValueError, match="As many made images as real ones"):
        two_sample.two_sample(*(np.zeros((n, SIDE, SIDE)) for n in numbers))
    with pytest.raises(ValueError, match="images \\(n, h, w\\)"):
        two_sample.as_bytes(np.zeros((3, SIDE)))
