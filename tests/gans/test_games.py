"""The bilinear game and the Dirac-GAN against closed forms, and their pictures."""

import numpy as np
import pytest

from helpers.gans.stability import game_figures, games


@pytest.mark.parametrize("h", [0.05, 0.3, 1.0])
def test_growth_of_the_bilinear_game_has_closed_forms(h):
    assert games.growth(games.bilinear(), h) == pytest.approx(np.sqrt(1 + h * h), rel=1e-9)
    assert games.growth(games.bilinear(), h, alternate=True) == pytest.approx(1, rel=1e-9)
    for gamma in (0.2, 1.0):  # complex eigenvalues, so their product is the determinant
        assert games.growth(games.bilinear(gamma), h) == pytest.approx(np.sqrt(1 - gamma * h + h * h), rel=1e-9)
        alternating = np.sqrt(1 - gamma * h)
        if abs(2 - h * h - gamma * h) < 2 * alternating:
            assert games.growth(games.bilinear(gamma), h, alternate=True) == pytest.approx(alternating, rel=1e-6)


def test_paths_spiral_out_go_round_and_spiral_in():
    start = (1.0, 0.0)
    ends = {
        "out": games.path(games.bilinear(), start, 0.1, 200),
        "round": games.path(games.bilinear(), start, 0.1, 200, alternate=True),
        "in": games.path(games.bilinear(1.0), start, 0.1, 200),
    }
    lengths = {name: np.linalg.norm(points, axis=1) for name, points in ends.items()}
    assert lengths["out"][-1] == pytest.approx(1.01**100, rel=1e-9)
    assert (np.diff(lengths["out"]) > 0).all()
    # in turn x² + y² − h·x·y is conserved
    x, y = ends["round"].T
    assert np.ptp(x * x + y * y - 0.1 * x * y) < 1e-12
    assert lengths["in"][-1] < 1e-3


def test_dirac_gan_is_half_a_bilinear_game_near_its_equilibrium():
    points = 1e-4 * np.random.default_rng(0).normal(size=(20, 2))
    for saturating in (False, True):
        flow = games.dirac(saturating=saturating).field(points)
        # the generator goes the way of ψ and the discriminator against θ: the bilinear game with exchanged players
        assert np.allclose(flow, 0.5 * points[:, ::-1] * [1, -1], rtol=1e-3, atol=1e-12)
    assert games.growth(games.dirac(), 0.2) == pytest.approx(np.sqrt(1.01), rel=1e-8)
    assert games.growth(games.dirac(), 0.2, alternate=True) == pytest.approx(1, rel=1e-8)
    assert games.growth(games.dirac(1.0), 0.2) < 1


@pytest.mark.parametrize("saturating", [False, True])
def test_dirac_velocities_are_minus_the_gradients_of_the_losses(saturating):
    def softplus(t):
        return np.logaddexp(0, t)

    def d_loss(theta, psi):
        return softplus(-0 * psi) + softplus(psi * theta) + 0.5 * 0.7 * psi**2

    def g_loss(theta, psi):
        return -softplus(psi * theta) if saturating else softplus(-psi * theta)

    game, e = games.dirac(0.7, saturating), 1e-6
    for theta, psi in np.random.default_rng(1).normal(size=(10, 2)):
        by_theta = (g_loss(theta + e, psi) - g_loss(theta - e, psi)) / (2 * e)
        by_psi = (d_loss(theta, psi + e) - d_loss(theta, psi - e)) / (2 * e)
        assert np.allclose(game.field([(theta, psi)])[0], [-by_theta, -by_psi], atol=1e-8)


def test_the_min_max_game_goes_round_exactly_and_the_other_one_inwards():
    points = np.random.default_rng(2).normal(size=(20, 2))
    outwards = [np.sum(points * games.dirac(saturating=s).field(points), axis=1) for s in (True, False)]
    assert np.allclose(outwards[0], 0, atol=1e-12)
    theta, psi = points.T
    assert np.allclose(outwards[1], theta * psi * (games.sigmoid(-psi * theta) - games.sigmoid(psi * theta)))
    assert (outwards[1] < 0).all()


def test_a_path_that_runs_away_stands_still_in_the_end():
    points = games.path(games.bilinear(), (1, 0), 1.0, 500)
    assert np.isfinite(points).all() and np.abs(points[-1]).max() > games.FAR
    assert np.array_equal(points[-1], points[-2])


def test_sigmoid_of_large_numbers():
    assert games.sigmoid(1000.0) == 1 and games.sigmoid(-1000.0) == 0 and games.sigmoid(0.0) == 0.5


def test_a_negative_penalty_is_refused():
    for make in (games.bilinear, games.dirac):
        with pytest.raises(ValueError, match="0 or more"):
            make(-1)


def test_portraits_and_explorer(capsys):
    game = games.dirac()
    figure = game_figures.phase_portraits({"one": (game, games.path(game, (1, 0), 0.2, 5))})
    axes = figure.axes[0]
    assert "one" in axes.get_title(loc="left") + axes.get_title() and axes.get_xlabel() == "θ"
    game_figures.game_explorer(count=5)
    assert "[widget]" in capsys.readouterr().out


def test_the_widget_follows_its_controls():
    box = game_figures.build_game_explorer(0.2, 50)
    assert "spirals out" in box.words.value
    box.turn.value = True
    assert "goes round" in box.words.value
    box.penalty.value = 1.0
    assert "spirals in" in box.words.value
    before = box.picture.value
    box.which.value = "Dirac-GAN"
    assert "Dirac-GAN" in box.picture.value and box.picture.value != before and not box.errors.value
    box.turn.value, box.penalty.value, box.size.value, box.steps.value = False, 0.0, 1.0, 600
    assert not box.errors.value and "nan" not in box.picture.value


def test_in_turn_breaks_down_at_steps_of_two():
    assert games.growth(games.bilinear(), 2.5, alternate=True) > 1
