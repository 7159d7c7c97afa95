"""Points in the plane whose density is known."""

import numpy as np
import pytest

from helpers.data import points as data_points


def test_centres_lie_on_the_circle_at_equal_angles():
    centres = data_points.ring_centres(8, 2.0)
    assert np.allclose(centres[0], [2, 0]) and np.allclose(centres[2], [0, 2], atol=1e-12)
    assert np.allclose(np.linalg.norm(centres, axis=1), 2)
    steps = np.linalg.norm(np.roll(centres, -1, axis=0) - centres, axis=1)
    assert np.allclose(steps, 4 * np.sin(np.pi / 8)) and np.allclose(centres.sum(axis=0), 0, atol=1e-12)


def test_the_ring_has_equal_round_hills():
    points = data_points.ring(40_000, np.random.default_rng(0), modes=5, radius=3, spread=0.2)
    assert points.shape == (40_000, 2) and points.dtype == np.float32
    offsets = points[:, None] - data_points.ring_centres(5, 3)
    nearest = np.linalg.norm(offsets, axis=2).argmin(axis=1)
    assert np.allclose(np.bincount(nearest), 8000, atol=5 * np.sqrt(8000))
    around = offsets[np.arange(len(points)), nearest]
    assert np.allclose(np.cov(around.T), 0.04 * np.eye(2), atol=2e-3) and np.allclose(around.mean(axis=0), 0, atol=5e-3)


def test_moons_are_two_half_circles():
    points = data_points.moons(20_000, np.random.default_rng(1), spread=0.0) / 1.5 + [0.5, 0.25]
    upper = np.isclose(np.linalg.norm(points, axis=1), 1, atol=1e-5) & (points[:, 1] >= -1e-6)
    lower = np.isclose(np.linalg.norm(points - [1, 0.5], axis=1), 1, atol=1e-5) & (points[:, 1] <= 0.5 + 1e-6)
    assert np.all(upper | lower) and upper.mean() == pytest.approx(0.5, abs=0.02)
    noisy = data_points.moons(20_000, np.random.default_rng(1), spread=0.3)
    still = data_points.moons(20_000, np.random.default_rng(1), spread=0.0)
    assert (noisy - still).std() == pytest.approx(0.3, rel=0.02)


def test_the_spiral_ends_at_radius_two_and_is_evenly_filled():
    points = data_points.spiral(20_000, np.random.default_rng(2), turns=1.5, spread=0.0)
    radius, angle = np.linalg.norm(points, axis=1), np.arctan2(points[:, 1], points[:, 0])
    assert radius.max() == pytest.approx(2, abs=1e-3)
    expected = np.mod(2 * np.pi * 1.5 * radius / 2 + np.pi, 2 * np.pi) - np.pi
    assert np.allclose(np.exp(1j * angle), np.exp(1j * expected), atol=1e-3)
    assert np.mean(radius < np.sqrt(2)) == pytest.approx(0.5, abs=0.02), "half of the points within half of the area"


def test_all_repeat_with_their_seed():
    for make in (data_points.ring, data_points.moons, data_points.spiral):
        one, same, other = (make(50, np.random.default_rng(seed)) for seed in (3, 3, 4))
        assert np.array_equal(one, same) and not np.array_equal(one, other)
        assert one.shape == (50, 2) and one.dtype == np.float32


def test_coverage_of_the_ring_itself_of_one_mode_and_of_nothing():
    rng = np.random.default_rng(5)
    centres = data_points.ring_centres()
    modes, good = data_points.mode_coverage(data_points.ring(20_000, rng), centres)
    assert modes == 8 and good == pytest.approx(1 - np.exp(-4.5), abs=0.005), "within three deviations, in the plane"
    collapsed = centres[3] + 0.01 * rng.normal(size=(500, 2))
    assert data_points.mode_coverage(collapsed, centres) == (1, 1.0)
    assert data_points.mode_coverage(np.zeros((500, 2)), centres) == (0, 0.0)


def test_a_mode_counts_from_one_point_in_a_hundred():
    centres = data_points.ring_centres()
    points = np.repeat(centres[[0, 1, 2]], [980, 11, 9], axis=0)
    assert data_points.mode_coverage(points, centres) == (2, 1.0)
    assert data_points.mode_coverage(centres[:3], centres) == (3, 1.0)
    assert data_points.mode_coverage(points, centres, least=0.001) == (3, 1.0)
    far = centres[:1] + [[0.29, 0]]
    assert data_points.mode_coverage(far, centres) == (1, 1.0) and data_points.mode_coverage(far, centres, reach=2) == (
        0,
        0,
    )


def test_points_that_are_not_finite_are_bad_and_no_points_are_refused():
    centres = data_points.ring_centres()
    points = np.concatenate([centres, [[np.nan, 0], [np.inf, 1]]])
    assert data_points.mode_coverage(points, centres) == (8, 0.8)
    with pytest.raises(ValueError, match="at least one point"):
        data_points.mode_coverage(np.zeros((0, 2)), centres)
