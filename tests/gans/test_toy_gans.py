"""Small GANs side by side: members do not touch each other, and what is measured is right."""

import keras
import numpy as np
import pytest
from scipy import stats

from helpers.data import points as data_points
from helpers.gans.stability import ensembles, figures
from helpers.gans.stability import replay as stability_replay
from helpers.gans.stability.minibatch import MinibatchDiscrimination

pytestmark = pytest.mark.slow  # trains


def tiny(seeds=(0, 1), steps=4, frames=2, **options):
    options = {"batch_size": 8, "hidden": (8,), "judging": (6,), **options}
    return ensembles.train(seeds, steps, frames=frames, **options)


def test_stacked_layer_is_a_dense_layer_for_each_member():
    x = np.random.default_rng(0).normal(size=(5, 2, 3)).astype("float32")
    layer = ensembles.StackedDense(4, (0, 7), "leaky_relu")
    out = np.asarray(layer(x))
    layer.bias.assign(np.random.default_rng(1).normal(size=(2, 1, 4)).astype("float32"))
    out = np.asarray(layer(x))
    assert layer.compute_output_shape((None, 2, 3)) == (None, 2, 4) and out.shape == (5, 2, 4)
    for member in range(2):
        h = x[:, member] @ np.asarray(layer.kernel)[member] + np.asarray(layer.bias)[member]
        assert np.allclose(out[:, member], np.where(h > 0, h, 0.2 * h), atol=1e-5)


def test_first_weights_depend_on_the_seed_alone():
    one, two = ensembles.StackedDense(4, (3,)), ensembles.StackedDense(4, (5, 3, 5))
    one.build((None, 1, 6))
    two.build((None, 3, 6))
    kernels = np.asarray(two.kernel)
    assert np.array_equal(np.asarray(one.kernel)[0], kernels[1]) and np.array_equal(kernels[0], kernels[2])
    assert not np.array_equal(kernels[0], kernels[1])
    assert np.abs(kernels).max() <= np.sqrt(6 / 10)


def test_each_member_has_a_rate_of_its_own():
    variable = keras.Variable(np.zeros((3, 2, 2), "float32"))
    optimizer = ensembles.AdamOfMembers([0.0, 0.1, 0.2])
    optimizer.build([variable])
    optimizer.apply([np.ones((3, 2, 2), "float32")], [variable])
    # Adam's first step is as long as its rate
    assert np.allclose(np.asarray(variable)[:, 0, 0], [0, -0.1, -0.2], atol=1e-6)


def test_a_member_without_a_rate_stays_and_the_others_move():
    run = tiny(seeds=(4, 4), generator_rate=(0.0, 0.1))
    still, moved = run.curves["g_loss"].T
    assert run.points.shape == (3, 2, ensembles.LOOKS, 2)
    spread = np.abs(run.points[-1].std(axis=1) - run.points[0].std(axis=1)).max(axis=1)
    assert spread[0] < 0.15 < spread[1]
    assert np.isfinite(still).all() and np.isfinite(moved).all()


def test_run_has_what_it_says():
    run = tiny()
    assert run.seeds == (0, 1) and run.steps.tolist() == [0, 2, 4]
    assert run.modes.shape == run.good.shape == (3, 2) and run.shares.shape == (3, 2, 8)
    assert set(run.curves) == set(ensembles.CURVES) and all(v.shape == (3, 2) for v in run.curves.values())
    centres = data_points.ring_centres()
    for member in range(2):
        assert data_points.mode_coverage(run.points[-1, member], centres) == (
            run.modes[-1, member],
            run.good[-1, member],
        )
    assert np.allclose(run.shares.sum(axis=2), run.good)
    film = run.film(1)
    assert film.images.shape == (3, ensembles.LOOKS, 2) and film.histogram.shape == (3, 8)


def test_same_seeds_give_the_same_run():
    assert np.array_equal(tiny().points, tiny().points)


def test_cures_run(capsys):
    replay = stability_replay.Bridge(stability_replay.ReplayBuffer(32), (2, 2))
    options = {"replay": replay, "smoothing": 0.1, "noise": 0.5, "momentum": 0.9}
    run = tiny(**options, extra=lambda: MinibatchDiscrimination(2, 2, seed=1))
    assert np.isfinite(run.points).all() and len(replay.buffer.images) == 32


def test_an_event_happens_before_its_step():
    seen = []
    run = tiny(steps=6, frames=3, events={4: lambda gan: seen.append(gan.generator_optimizer.iterations.numpy())})
    assert seen == [4] and len(run.steps) == 4


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"steps": 5}, "multiple of frames"),
        ({"events": {3: print}}, "events can happen"),
        ({"extra": MinibatchDiscrimination, "discriminator_rate": (1e-3, 1e-2)}, "same discriminator_rate"),
    ],
)
def test_numbers_that_do_not_fit_are_told(options, words):
    with pytest.raises(ValueError, match=words):
        tiny(**options)


def test_interval_is_students():
    values = [3.0, 5.0, 8.0]
    mean, half = ensembles.mean_and_half_width(values)
    low, high = stats.t.interval(0.95, 2, loc=np.mean(values), scale=stats.sem(values))
    assert mean - half == pytest.approx(low) and mean + half == pytest.approx(high)
    assert ensembles.mean_and_half_width([8, 8, 8]) == (8.0, 0.0)
    with pytest.raises(ValueError, match="at least 2"):
        ensembles.mean_and_half_width([8])


def test_collapse_step():
    sound, bad = np.full(10, 0.1), np.eye(10)[0]
    steps = [0, 10, 20, 30]
    assert ensembles.collapse_step(steps, [bad, sound, bad, bad]) == 20
    assert ensembles.collapse_step(steps, [bad, bad, bad, sound]) is None
    assert ensembles.collapse_step(steps, [bad] * 4) == 0


def test_mode_shares_of_points_that_are_not_finite():
    points = np.array([[np.nan, 0], [2, 0], [0, 0]])
    assert ensembles.mode_shares(points, data_points.ring_centres()).tolist() == [1 / 3] + [0] * 7


def test_pictures():
    run = tiny()
    members = {"a": (run, 0), "b": (run, 1)}
    assert len(figures.points_over_time(members).axes) == 6
    for figure in (
        figures.loss_curves(members),
        figures.shares_over_time(members),
        figures.rate_map([1e-3, 1e-2], np.array([[8, 0], [3, 5]]), np.full((2, 2), 0.5)),
        figures.contest({"a": ([8, 8, 7], [0.9, 0.8, 0.7]), "b": ([1], [0.1])}),
    ):
        assert figure.alt
