"""Critics between fixed clouds: their bounds, their gradients, and (slow) the exact distance; lesson 14's pictures."""

import numpy as np
import pytest

from helpers.gans.wasserstein import (
    critics,
    figures,
    robustness,
    transport,
)
from helpers.gans.wasserstein.critics import Member

RNG = np.random.default_rng(0)
REAL, FAKE = RNG.normal(size=(20, 2)) + 2, RNG.normal(size=(20, 2))


@pytest.fixture(scope="module")
def few():
    kinds = {"free": {}, "clipped": {"clip": 0.05}, "penalty": {"penalty": 10.0, "one_sided": True}}
    return critics.train({name: Member(REAL, FAKE, **kind) for name, kind in kinds.items()}, 6, width=8, looks=3)


def test_looks_bounds_and_estimates(few):
    assert few.steps.tolist() == [0, 2, 4, 6] and few.estimates.shape == (4, 3)
    for place, name in enumerate(few.names):
        gap = few.score(name, REAL).mean() - few.score(name, FAKE).mean()
        assert np.isclose(few.estimates[-1, place], gap, atol=1e-4)
    assert np.abs(few.weights("clipped")).max() <= 0.05 + 1e-7 < np.abs(few.weights("free")).max()


def test_slopes_are_those_of_differences(few):
    points, tiny = RNG.normal(size=(5, 2)), 1e-2
    for name in few.names:
        slopes = [(few.score(name, points + e) - few.score(name, points - e)) / (2 * tiny) for e in tiny * np.eye(2)]
        assert np.allclose(few.slopes(name, points), np.linalg.norm(slopes, axis=0), rtol=0.1, atol=1e-3)
        assert few.through_depth(name, points).shape == (4,)


def test_members_do_not_touch_each_other(few):
    alone = critics.train({"clipped": Member(REAL, FAKE, clip=0.05)}, 6, width=8, looks=3)
    assert np.allclose(alone.estimates[:, 0], few.estimates[:, 1], atol=1e-5)
    with pytest.raises(ValueError, match="one shape"):
        critics.train({"a": Member(REAL, FAKE[:-1])}, 1)


@pytest.mark.slow
def test_a_penalised_critic_finds_the_exact_distance_up_to_the_give_of_the_penalty():
    exact = transport.between_points(FAKE, REAL)[0]
    found = critics.train({"hard": Member(REAL, FAKE, penalty=50.0), "free": Member(REAL, FAKE)}, 800)
    assert 0.9 < found.estimates[-1, 0] / exact < 1.15 and found.estimates[-1, 1] > 20 * exact


def test_shares_tell_how_far_along_a_point_is():
    way = np.array([[-0.5], [0.0], [0.25], [2.0]])
    real, fake = RNG.normal(size=(4, 3)), RNG.normal(size=(4, 3))
    assert np.allclose(figures.shares(fake + way * (real - fake), real, fake), way[:, 0])


def test_pictures(few):
    from matplotlib import pyplot

    partner = transport.between_points(FAKE, REAL)[1]
    assert figures.plans({"best": (FAKE, REAL, partner)}).axes
    assert figures.prices(np.arange(3.0), np.ones(3) / 3, np.ones(3) / 3, np.arange(3.0)).axes
    assert figures.weight_histograms({"a": few.weights("free"), "b": few.weights("clipped")}).axes
    assert len(figures.surfaces({"a": (lambda p: few.score("free", p), REAL)}, columns=1).axes) == 1
    assert figures.segments({"a": (REAL + FAKE) / 2}, REAL, FAKE).axes
    history = {"estimate": [3.0, 2.0], "frechet": [30.0, 20.0]}
    assert len(figures.worth_of_a_loss(history, {"estimate": "estimate"}).axes) == 3
    rows = {cell: {"frechet": 3.0, "coverage": 1.0, "seconds": 2.0} for cell in robustness.CELLS[:4]}
    board = figures.board(RNG.random((12, 10, 28, 28)), rows, robustness.GAMES, robustness.ARCHITECTURES)
    assert len(board.axes) == 6 and "not trained" in board.axes[5].get_title("left")
    pyplot.close("all")
