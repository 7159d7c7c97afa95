"""The earth mover's distance against SciPy's one-dimensional one, all permutations, and its own dual."""

import itertools

import numpy as np
import pytest
from scipy.stats import wasserstein_distance

from helpers.gans.wasserstein import transport

RNG = np.random.default_rng(0)


def test_sorting_agrees_with_scipy_and_moves_by_the_shift():
    a, b = RNG.normal(size=50), 2 * RNG.normal(size=50) + 1
    assert np.isclose(transport.by_sorting(a, b), wasserstein_distance(a, b))
    assert np.isclose(transport.by_sorting(a, RNG.permutation(a) + 3), 3)
    with pytest.raises(ValueError, match="equally many"):
        transport.by_sorting(a, b[:-1])


def test_points_by_trying_all_permutations_and_in_one_dimension_by_sorting():
    a, b = RNG.normal(size=(6, 2)), RNG.normal(size=(6, 2)) + 1
    best = min(np.linalg.norm(a - b[list(p)], axis=1).mean() for p in itertools.permutations(range(6)))
    distance, partner = transport.between_points(a, b)
    assert np.isclose(distance, best) and np.isclose(np.linalg.norm(a - b[partner], axis=1).mean(), best)
    line = RNG.normal(size=(40, 1)), RNG.normal(size=(40, 1))
    assert np.isclose(transport.between_points(*line)[0], transport.by_sorting(line[0][:, 0], line[1][:, 0]))
    with pytest.raises(ValueError, match="equally many"):
        transport.between_points(a, b[:3])


def test_heaps_of_any_weight_agree_with_scipy_and_with_their_dual():
    places, others = np.sort(RNG.normal(size=7)), np.sort(RNG.normal(size=5))
    p, q = RNG.dirichlet(np.ones(7)), RNG.dirichlet(np.ones(5))
    ways = np.abs(places[:, None] - others)
    distance, plan, potential = transport.between_heaps(p, q, ways)
    assert np.isclose(distance, wasserstein_distance(places, others, p, q))
    np.testing.assert_allclose(plan.sum(axis=1), p, atol=1e-9)
    np.testing.assert_allclose(plan.sum(axis=0), q, atol=1e-9)
    assert plan.min() > -1e-12 and np.isclose((plan * ways).sum(), distance)
    # the price at the other end that the potential allows, and what both add up to
    other = (ways - potential[:, None]).min(axis=0)
    assert np.isclose(potential @ p + other @ q, distance)


@pytest.mark.parametrize(
    ("p", "q", "words"),
    [([0.5, 0.6], [1.0], "sum to 1"), ([1.5, -0.5], [1.0], "0 or more"), ([0.5, 0.5], [0.5, 0.5], "ways must be")],
)
def test_nonsense_is_refused(p, q, words):
    with pytest.raises(ValueError, match=words):
        transport.between_heaps(p, q, np.ones((2, 1)))
