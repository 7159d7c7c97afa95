"""The bilinear game and the Dirac-GAN against closed forms, and their pictures."""

import numpy as np
import pytest

from helpers.backend import keras, tf
from helpers.data import points as data_points
from helpers.gans.stability import ensembles, figures, game_figures, games, replay
from helpers.gans.stability import replay as stability_replay
from helpers.gans.stability.minibatch import MinibatchDiscrimination, similarities
from helpers.gans.stability.replay import Replay

ops = keras.ops


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


# --- toy gans


def tiny(seeds=(0, 1), steps=4, frames=2, **options):
    options = {"batch_size": 8, "hidden": (8,), "judging": (6,), **options}
    return ensembles.train(seeds, steps, frames=frames, **options)


@pytest.mark.slow
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


@pytest.mark.slow
def test_first_weights_depend_on_the_seed_alone():
    one, two = ensembles.StackedDense(4, (3,)), ensembles.StackedDense(4, (5, 3, 5))
    one.build((None, 1, 6))
    two.build((None, 3, 6))
    kernels = np.asarray(two.kernel)
    assert np.array_equal(np.asarray(one.kernel)[0], kernels[1]) and np.array_equal(kernels[0], kernels[2])
    assert not np.array_equal(kernels[0], kernels[1])
    assert np.abs(kernels).max() <= np.sqrt(6 / 10)


@pytest.mark.slow
def test_each_member_has_a_rate_of_its_own():
    variable = keras.Variable(np.zeros((3, 2, 2), "float32"))
    optimizer = ensembles.AdamOfMembers([0.0, 0.1, 0.2])
    optimizer.build([variable])
    optimizer.apply([np.ones((3, 2, 2), "float32")], [variable])
    # Adam's first step is as long as its rate
    assert np.allclose(np.asarray(variable)[:, 0, 0], [0, -0.1, -0.2], atol=1e-6)


@pytest.mark.slow
def test_a_member_without_a_rate_stays_and_the_others_move():
    run = tiny(seeds=(4, 4), generator_rate=(0.0, 0.1))
    still, moved = run.curves["g_loss"].T
    assert run.points.shape == (3, 2, ensembles.LOOKS, 2)
    spread = np.abs(run.points[-1].std(axis=1) - run.points[0].std(axis=1)).max(axis=1)
    assert spread[0] < 0.15 < spread[1]
    assert np.isfinite(still).all() and np.isfinite(moved).all()


@pytest.mark.slow
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


@pytest.mark.slow
def test_same_seeds_give_the_same_run():
    assert np.array_equal(tiny().points, tiny().points)


@pytest.mark.slow
def test_cures_run(capsys):
    replay = stability_replay.Bridge(stability_replay.ReplayBuffer(32), (2, 2))
    options = {"replay": replay, "smoothing": 0.1, "noise": 0.5, "momentum": 0.9}
    run = tiny(**options, extra=lambda: MinibatchDiscrimination(2, 2, seed=1))
    assert np.isfinite(run.points).all() and len(replay.buffer.images) == 32


@pytest.mark.slow
def test_an_event_happens_before_its_step():
    seen = []
    run = tiny(steps=6, frames=3, events={4: lambda gan: seen.append(gan.generator_optimizer.iterations.numpy())})
    assert seen == [4] and len(run.steps) == 4


@pytest.mark.slow
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


@pytest.mark.slow
def test_collapse_step():
    sound, bad = np.full(10, 0.1), np.eye(10)[0]
    steps = [0, 10, 20, 30]
    assert ensembles.collapse_step(steps, [bad, sound, bad, bad]) == 20
    assert ensembles.collapse_step(steps, [bad, bad, bad, sound]) is None
    assert ensembles.collapse_step(steps, [bad] * 4) == 0


@pytest.mark.slow
def test_mode_shares_of_points_that_are_not_finite():
    points = np.array([[np.nan, 0], [2, 0], [0, 0]])
    assert ensembles.mode_shares(points, data_points.ring_centres()).tolist() == [1 / 3] + [0] * 7


@pytest.mark.slow
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


# --- replay


def marked(numbers):
    """Images (n, 2, 2) that hold their own number in every pixel."""
    return np.broadcast_to(np.float32(numbers)[:, None, None], (len(numbers), 2, 2)).copy()


def kept(replay):
    return sorted(np.asarray(replay.store[0])[:, 0, 0].tolist())


def test_the_oldest_give_way():
    replay = Replay(6, (2, 2))
    for start in (1, 5, 9):
        replay.add(marked(range(start, start + 4)))
        newest = range(max(1, start - 2), start + 4)
        assert [n for n in kept(replay) if n] == list(newest)
    assert int(replay.seen) == 12


def test_of_a_batch_larger_than_the_buffer_the_newest_stay():
    replay = Replay(3, (2, 2), labels=True)
    replay.add(marked(range(1, 6)), np.arange(1, 6))
    assert kept(replay) == [3, 4, 5]
    replay.add(marked([6]), np.array([6]))
    assert kept(replay) == [4, 5, 6] and sorted(np.asarray(replay.store[1])) == [4, 5, 6]


def test_draws_come_only_from_what_is_filled_and_reach_all_of_it():
    replay = Replay(1000, (2, 2), seed=1)
    replay.add(marked([3, 4, 5, 6]))
    (drawn,) = replay.draw(4000)
    numbers, counts = np.unique(np.asarray(drawn)[:, 0, 0], return_counts=True)
    assert numbers.tolist() == [3, 4, 5, 6]
    assert np.abs(counts - 1000).max() < 5 * np.sqrt(4000 * 0.25 * 0.75)


def test_labels_stay_with_their_images():
    replay = Replay(5, (2, 2), labels=True, seed=2)
    for start in (0, 3, 6):
        numbers = np.arange(start, start + 3)
        replay.add(marked(numbers), 10 * numbers)
    images, labels = replay.draw(200)
    assert np.array_equal(10 * np.asarray(images)[:, 0, 0], np.asarray(labels)) and labels.dtype == tf.int32
    assert set(np.asarray(labels).tolist()) == {40, 50, 60, 70, 80}


def test_no_gradient_flows_into_the_past():
    replay, source = Replay(4, (2, 2)), tf.Variable(marked([1, 2]))
    with tf.GradientTape() as tape:
        replay.add(source * 2)
        loss = tf.reduce_sum(replay.draw(3)[0])
    assert tape.gradient(loss, source) is None


@pytest.mark.slow
def test_it_works_compiled_and_repeats_itself():
    def run():
        replay = Replay(6, (2, 2), seed=3)

        @tf.function(input_signature=[tf.TensorSpec((None, 2, 2))])
        def step(images):
            replay.add(images)
            return replay.draw(tf.shape(images)[0])[0]

        return [step(tf.constant(marked(range(i, i + n)))).numpy() for i, n in ((1, 4), (5, 3), (8, 9))], replay

    (first, replay), (second, _) = run(), run()
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
    assert kept(replay) == [11, 12, 13, 14, 15, 16]
    assert not np.array_equal(replay.draw(6)[0], replay.draw(6)[0])


def test_what_it_refuses():
    with pytest.raises(ValueError, match="capacity must be 1 or more images, got 0"):
        Replay(0, (2, 2))
    with pytest.raises(ValueError, match="have to be added before"):
        Replay(4, (2, 2)).draw(2)
    with pytest.raises(ValueError, match="images and labels"):
        Replay(4, (2, 2), labels=True).add(marked([1]))
    with pytest.raises(ValueError, match=r"images \(2, 2\).*got \(3, 3\)"):
        Replay(4, (2, 2)).add(np.zeros((1, 3, 3), "float32"))


def test_it_is_saved_with_a_model(tmp_path):
    class Holder(keras.Model):
        def __init__(self, seed):
            super().__init__()
            self.replay, self.built = Replay(4, (2, 2), seed=seed), True

    one, other = Holder(1), Holder(2)
    one.replay.add(marked([1, 2, 3]))
    one.replay.draw(2)
    one.save_weights(tmp_path / "a.weights.h5")
    other.load_weights(tmp_path / "a.weights.h5")
    assert kept(other.replay) == [0, 1, 2, 3] and int(other.replay.seen) == 3
    assert np.array_equal(other.replay.draw(9)[0], one.replay.draw(9)[0]), "the random numbers go on, too"


# --- minibatch


def by_loops(M):
    n, B, _ = M.shape
    out = np.zeros((n, B))
    for i in range(n):
        for j in range(n):
            for b in range(B):
                out[i, b] += 0 if i == j else np.exp(-np.abs(M[i, b] - M[j, b]).sum())
    return out


def test_similarities_equal_a_slow_loop():
    M = np.random.default_rng(0).normal(size=(5, 3, 4)).astype("float32")
    assert np.allclose(similarities(ops.convert_to_tensor(M)), by_loops(M), rtol=1e-4, atol=1e-5)


def test_equal_images_are_as_like_as_can_be_and_far_ones_not_at_all():
    assert np.allclose(similarities(ops.ones((6, 2, 3))), 5)
    far = 100.0 * np.arange(6, dtype="float32")[:, None, None] * np.ones((6, 2, 3), "float32")
    assert np.allclose(similarities(ops.convert_to_tensor(far)), 0, atol=1e-6)


def test_the_order_of_the_batch_does_not_matter():
    M = np.random.default_rng(1).normal(size=(7, 2, 3)).astype("float32")
    order = np.random.default_rng(2).permutation(7)
    assert np.allclose(np.asarray(similarities(ops.convert_to_tensor(M)))[order], similarities(M[order]), atol=1e-5)


def test_layer_is_saved_and_loaded(tmp_path):
    x = np.random.default_rng(0).normal(size=(8, 5)).astype("float32")
    model = keras.Sequential([keras.Input((5,)), MinibatchDiscrimination(3, 2, seed=1)])
    assert model.output_shape == (None, 3) and model.count_params() == 5 * 6
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    assert np.allclose(model(x), again(x))


@pytest.mark.parametrize("numbers", [(0, 3), (3, 0)])
def test_layer_refuses_numbers_below_one(numbers):
    with pytest.raises(ValueError, match="1 or more"):
        MinibatchDiscrimination(*numbers)


def test_buffer_keeps_copies_of_the_newest():
    buffer = replay.ReplayBuffer(4, seed=0)
    batch = np.arange(3.0)[:, None]
    buffer.add(batch)
    batch[:] = 99
    buffer.add(np.arange(3.0, 6.0)[:, None])
    assert sorted(set(buffer.draw(200)[:, 0])) == [2, 3, 4, 5]


def test_buffer_refuses_what_cannot_be():
    with pytest.raises(ValueError, match="1 or more"):
        replay.ReplayBuffer(0)
    with pytest.raises(ValueError, match="empty"):
        replay.ReplayBuffer(3).draw(1)


def test_bridge_works_inside_a_compiled_step():
    import tensorflow as tf

    bridge = replay.Bridge(replay.ReplayBuffer(10), (2,))

    @tf.function
    def step(batch):
        bridge.add(batch)
        (old,) = bridge.draw(tf.shape(batch)[0] // 2)
        return tf.concat([batch, old], axis=0)

    mixed = step(tf.ones((4, 2)))
    assert mixed.shape == (6, 2) and np.allclose(mixed, 1)
    assert len(bridge.buffer.images) == 4
