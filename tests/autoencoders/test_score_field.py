"""Scores in the plane: the exact ones against numbers, Tweedie's formula, walks, and the learned denoiser."""

import numpy as np
import pytest

from helpers.autoencoders.denoising import score, score_figures
from helpers.autoencoders.denoising.score import Hills

RNG = np.random.default_rng(0)
HILLS = Hills(np.array([[1.0, 0.0], [-0.5, 1.0], [0.0, -1.0]]), 0.2)
X = RNG.normal(size=(20, 2))


@pytest.mark.parametrize("sigma", [0.0, 0.3, 2.0])
def test_the_score_is_the_gradient_of_the_log_density(sigma):
    h = 1e-5
    slopes = [(HILLS.log_density(X + h * e, sigma) - HILLS.log_density(X - h * e, sigma)) / (2 * h) for e in np.eye(2)]
    np.testing.assert_allclose(HILLS.score(X, sigma), np.stack(slopes, axis=1), rtol=1e-5, atol=1e-6)


def test_the_density_sums_to_one():
    side = np.linspace(-6, 6, 241)
    places = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    assert np.exp(HILLS.log_density(places, 0.4)).sum() * (side[1] - side[0]) ** 2 == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("sigma", [0.1, 0.5])
def test_tweedies_formula(sigma):
    found = score.score_from_denoiser(lambda x: HILLS.denoise(x, sigma), X, sigma)
    np.testing.assert_allclose(found, HILLS.score(X, sigma), rtol=1e-8, atol=1e-8)


def test_no_denoiser_is_better_than_the_exact_one():
    rng = np.random.default_rng(1)
    clean = HILLS.draw(20_000, rng)
    noisy = clean + 0.4 * rng.normal(size=clean.shape)
    best = np.mean((HILLS.denoise(noisy, 0.4) - clean) ** 2)
    for other in (noisy, HILLS.denoise(noisy, 0.3), HILLS.denoise(noisy, 0.5), 0.9 * HILLS.denoise(noisy, 0.4)):
        assert np.mean((other - clean) ** 2) > best


def test_walks_go_uphill_and_langevin_spreads():
    one = Hills(np.zeros((1, 2)), 1.0)
    start = RNG.normal(3, 1, (3_000, 2))
    calm = score.walk(one.score, start, 0.1, 100)
    assert calm.shape == (101, 3_000, 2) and np.abs(calm[-1]).max() < 1e-3
    restless = score.walk(one.score, start, 0.05, 150, rng=np.random.default_rng(0))
    assert restless[-1].std() == pytest.approx(1, abs=0.05) and abs(restless[-1].mean()) < 0.06


def test_descent_ends_where_the_data_are():
    sigmas = np.geomspace(5, 0.02, 60)
    path = score.descend(HILLS.denoise, 5 * RNG.normal(size=(3_000, 2)), sigmas)
    assert path.shape == (61, 3_000, 2)
    distances = np.linalg.norm(path[-1][:, None] - HILLS.centres, axis=2)
    shares = np.bincount(distances.argmin(axis=1), minlength=3) / 3_000
    np.testing.assert_allclose(shares, 1 / 3, atol=0.06)
    assert np.quantile(distances.min(axis=1), 0.95) < 0.7
    with pytest.raises(ValueError, match="fall"):
        score.descend(HILLS.denoise, X, [0.1, 0.5])


def test_what_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="sigma"):
        score.score_from_denoiser(lambda x: x, X, 0)
    with pytest.raises(ValueError, match="only points"):
        Hills(HILLS.centres, 0.0).score(X)


def test_pictures():
    walk = score.walk(HILLS.score, X, 0.01, 3)
    figures = [
        score_figures.arrows(HILLS, 0.3, {"exact": HILLS.score}, X),
        score_figures.paths(HILLS, 0.3, {"walk": walk}),
        score_figures.falling(walk, [3, 1, 0.5], (0, 2, 3), X),
    ]
    assert all(figure.alt for figure in figures) and len(figures[2].axes) == 4


@pytest.mark.slow
def test_a_trained_denoiser_knows_the_score():
    from helpers.autoencoders.denoising.score import PointDenoiser

    denoiser = PointDenoiser(units=48, seed=0)
    denoiser.fit(HILLS.draw, 0.05, 3.0, 300)
    rng = np.random.default_rng(1)
    noisy = HILLS.draw(2_000, rng) + 0.5 * rng.normal(size=(2_000, 2))
    learned = score.score_from_denoiser(lambda x: denoiser(x, 0.5), noisy, 0.5)
    exact = HILLS.score(noisy, 0.5)
    assert np.sum((learned - exact) ** 2) < 0.1 * np.sum(exact**2)
