"""WGAN-GP and the clipped WGAN on the engine: their losses, bounds and figures, against formulas."""

import itertools
import types

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy.integrate import quad
from scipy.stats import wasserstein_distance

from helpers.gans import callbacks, penalties
from helpers.gans import gan as gans_gan
from helpers.gans.vanilla.networks import dense_pair
from helpers.gans.wasserstein import bumps, critics, figures, parts, robustness, transport
from helpers.gans.wasserstein import gan as wasserstein_gan
from helpers.gans.wasserstein.critics import Member
from helpers.gans.wasserstein.readable import Run
from helpers.metrics import statistics

RNG = np.random.default_rng(0)
IMAGES = RNG.uniform(-1, 1, (40, 3, 4)).astype("float32")


def tiny(kind=wasserstein_gan.WGANGP, **options):
    keras.utils.set_random_seed(1)
    gan = kind(*dense_pair(2, (5,), (3, 4)), 2, seed=3, **options)
    gan.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1), run_eagerly=True)
    return gan


def test_the_loss_is_the_penalty_less_the_estimate():
    gan = tiny(penalty_weight=7.0)
    real = tf.constant(IMAGES[:6])
    state = np.asarray(gan.random_state)
    fake = gan.generate(gan.draw_codings(6), training=True)
    points = penalties.interpolates(real, fake, gan.draw_shares(6))
    penalty = float(np.mean((np.asarray(penalties.gradient_norms(gan.discriminator, points)) - 1) ** 2))
    estimate = float(np.mean(gan.discriminator(real)) - np.mean(gan.discriminator(fake)))
    gan.random_state.assign(state)
    gan.discriminator_phase(real)
    logs = {mean.name: float(mean.result()) for mean in gan.metrics}
    assert logs.keys() == {"d_loss", "g_loss", "estimate", "penalty"}
    np.testing.assert_allclose([logs["estimate"], logs["penalty"]], [estimate, penalty], rtol=1e-4)
    np.testing.assert_allclose(logs["d_loss"], 7 * penalty - estimate, rtol=1e-4)


def test_shares_are_uniform_and_new_in_each_step():
    gan = tiny()
    shares = np.asarray(gan.draw_shares(4000))
    assert shares.shape == (4000,) and shares.min() >= 0 and shares.max() <= 1
    assert np.abs(np.sort(shares) - np.linspace(0, 1, 4000)).max() < 0.03
    assert not np.array_equal(shares, np.asarray(gan.draw_shares(4000)))


def test_a_one_sided_penalty_lets_flat_critics_be():
    flat, both = tiny(one_sided=True), tiny()
    for gan in (flat, both):
        gan.discriminator.set_weights([np.zeros_like(w) for w in gan.discriminator.get_weights()])
        gan.penalty(tf.constant(IMAGES[:4]), tf.constant(IMAGES[4:8]))
    assert [float(gan.means[-1].result()) for gan in (flat, both)] == [0.0, pytest.approx(1, abs=1e-4)]


def test_the_critic_has_its_share_of_the_batch_five_times():
    gan, seen = tiny(), []
    phase = gan.discriminator_phase
    gan.discriminator_phase = lambda real, labels: seen.append(np.asarray(real)) or phase(real, labels)
    gan.train_step(tf.constant(IMAGES))
    assert [len(part) for part in seen] == [8] * 5
    assert np.array_equal(np.sort(np.concatenate(seen).ravel()), np.sort(IMAGES.ravel()))


def test_clipping_bounds_what_is_trained_and_nothing_else():
    gan = tiny(wasserstein_gan.ClippedWGAN, clip=0.03)
    assert max(np.abs(w).max() for w in gan.discriminator.get_weights()) > 0.03
    gan.discriminator_phase(tf.constant(IMAGES[:6]))
    assert max(np.abs(w).max() for w in gan.discriminator.get_weights()) <= 0.03 + 1e-7
    assert max(np.abs(w).max() for w in gan.generator.get_weights()) > 0.03
    critic = wasserstein_gan.critic(2, normalise="batch")
    for weight in critic.weights:
        weight.assign(np.full(weight.shape, 5.0))
    wasserstein_gan.clip_weights(critic, 0.1)
    assert np.allclose([np.max(w) for w in critic.trainable_variables], 0.1)
    assert {float(np.max(w)) for w in critic.non_trainable_variables} == {5.0}


def test_batch_normalization_in_a_penalised_critic_is_refused():
    pair = wasserstein_gan.wgan_pair(4, 2, normalise="batch")
    assert wasserstein_gan.couples_images(pair[1]) and wasserstein_gan.couples_images(keras.Sequential([pair[1]]))
    with pytest.raises(ValueError, match="layer normalization"):
        wasserstein_gan.WGANGP(*pair, 4)
    assert wasserstein_gan.ClippedWGAN(*pair, 4).critic_steps == 5
    for wrong, words in (({"penalty_weight": -1}, "λ"), ({"game": "none"}, "no game")):
        with pytest.raises(ValueError, match=words):
            wasserstein_gan.WGANGP(*wasserstein_gan.wgan_pair(4, 2), 4, **wrong)
    with pytest.raises(ValueError, match="above 0"):
        wasserstein_gan.ClippedWGAN(*pair, 4, clip=0)


@pytest.mark.parametrize(("kind", "others"), [("layer", False), (None, False), ("batch", True)])
def test_which_critics_judge_each_image_by_itself(kind, others):
    keras.utils.set_random_seed(2)
    critic = wasserstein_gan.critic(3, normalise=kind)
    images = tf.constant(RNG.uniform(-1, 1, (4, 28, 28, 1)).astype("float32"))
    with tf.GradientTape() as tape:
        tape.watch(images)
        score = critic(images, training=True)[0]
    gradient = np.asarray(tape.gradient(score, images))
    assert np.abs(gradient[0]).max() > 0 and (np.abs(gradient[1:]).max() > 1e-9) == others


def test_the_exercises_references():
    real, fake = (tf.constant(RNG.normal(size=(300, 2, 2)).astype("float32")) for _ in range(2))
    points = np.asarray(wasserstein_gan.interpolate(real, fake))
    share = (points - fake) / (np.asarray(real) - fake)
    assert np.ptp(np.asarray(share), axis=(1, 2)).max() < 1e-2 and 0 <= np.asarray(share).mean() <= 1
    a = np.array([[3.0], [4.0]], "float32")
    assert np.isclose(wasserstein_gan.penalty_at(lambda x: x @ a, tf.zeros((5, 2))), 16)


@pytest.mark.parametrize("kind", [parts.BaseWGANGP, parts.PenalisedWGAN])
def test_a_penalty_may_call_the_critic_as_a_model_is_called(kind):
    def rule(critic, points):
        return wasserstein_gan.penalty_at(lambda x: critic(x, training=True), points)

    middle = dict(interpolate=lambda real, fake: (real + fake) / 2)
    mine, given = tiny(kind, gradient_penalty=rule, **middle), tiny(kind, **middle)
    for gan in (mine, given):
        gan.fit(IMAGES, batch_size=20, epochs=1, verbose=0)
    for a, b in zip(mine.discriminator.get_weights(), given.discriminator.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_readings_and_ranks():
    logs = {}
    gan = wasserstein_gan.WGANGP(*wasserstein_gan.wgan_pair(4, 2), 4)
    distance = callbacks.FrechetDistance(30, seed=1)
    distance.set_model(gan)
    distance.on_epoch_end(0, logs)
    assert logs["frechet"] > 1 and distance.of(gan) == logs["frechet"] == distance.of(gan, 1) != distance.of(gan, 2)
    assert statistics.rank_correlation([1, 2, 3, 10], [1, 4, 9, 100]) == pytest.approx(1)
    assert statistics.rank_correlation([1, 2, np.nan, 3], [3, 2, 9, 1]) == pytest.approx(-1)
    assert np.isnan(statistics.rank_correlation([1, 2], [1, 2]))
    assert np.isnan(statistics.rank_correlation([1, 1, 1], [1, 2, 3]))


@pytest.mark.slow
@pytest.mark.parametrize("kind", [wasserstein_gan.WGANGP, wasserstein_gan.ClippedWGAN])
def test_fit_logs_and_stays_finite(kind):
    keras.utils.set_random_seed(1)
    gan = kind(*wasserstein_gan.wgan_pair(4, 2), 4, averaging=0.9)
    gan.compile(keras.optimizers.Adam(1e-3, 0.0, 0.9), keras.optimizers.Adam(1e-3, 0.0, 0.9))
    images = RNG.uniform(-1, 1, (43, 28, 28, 1)).astype("float32")
    history = gan.fit(images, batch_size=20, epochs=2, verbose=0).history
    assert set(history) == set(kind.figures) and np.isfinite(np.concatenate(list(history.values()))).all()


# --- earth mover


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


# --- parting


SHIFTS = (0.0, 0.3, 1.0, 1.7, 2.5, 4.0)


@pytest.mark.parametrize("shape", bumps.SHAPES)
@pytest.mark.parametrize("shift", SHIFTS)
def test_the_earth_movers_distance_is_the_shift(shape, shift):
    assert np.isclose(bumps.at(shift, shape).earth, shift, atol=1e-9)
    assert np.isclose(bumps.cells(shape, shift).sum(), 1) and np.isclose(bumps.slopes(shift, shape).earth, 1)


@pytest.mark.parametrize("shift", SHIFTS)
def test_js_against_an_integral_over_the_densities(shift):
    def inside(x):
        p, q = bumps.density(x, "hill with edges"), bumps.density(x, "hill with edges", shift)
        return sum(a * np.log(2 * a / (p + q)) for a in (p, q) if a > 0) / 2

    breaks = sorted({-1.0, 1.0, shift - 1, shift + 1})
    whole = sum(quad(inside, a, b, limit=200)[0] for a, b in zip(breaks, breaks[1:], strict=False))
    assert np.isclose(bumps.at(shift, "hill with edges").js, whole, atol=1e-4)


def test_beyond_the_edges_js_stands_still_and_kl_is_infinite_from_the_start():
    edge = bumps.at(0.01, "hill with edges")
    assert np.isinf(edge.kl) and bumps.at(0, "hill with edges").kl == 0
    assert np.isclose(bumps.at(2, "hill with edges").js, np.log(2)) and bumps.slopes(3, "hill with edges").js == 0
    assert np.isnan(bumps.slopes(1, "hill with edges").kl)
    assert np.isclose(bumps.slopes(1, "Gaussian").kl, 1 / bumps.SPREAD**2)
    with pytest.raises(ValueError, match="no bump"):
        bumps.at(1, "square")


def test_the_densities_are_those_of_the_cells():
    middles = (bumps.EDGES[1:] + bumps.EDGES[:-1]) / 2
    for shape in bumps.SHAPES:
        width = bumps.EDGES[1] - bumps.EDGES[0]
        assert np.allclose(bumps.density(middles, shape, 0.7) * width, bumps.cells(shape, 0.7), atol=1e-5)


def test_figure_and_widget():
    figure = bumps.parting_figure(points=9)
    assert len(figure.axes) == 9 and "log 2" in figure.alt
    widget = bumps.build_parting_explorer(1.0)
    assert "1.000" in widget.words.value and "∞" in widget.words.value and not widget.errors.value
    widget.shape.value, widget.slider.value = "Gaussian", 3.0
    assert "28.125" in widget.words.value and "3.000" in widget.words.value and "<svg" in widget.picture.value
    from matplotlib import pyplot

    pyplot.close("all")


# --- toy critics


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
    far = FAKE + 9 * (FAKE - REAL)
    drawn = figures.segments({"half way": (REAL + FAKE) / 2, "far": far}, REAL, FAKE).axes
    triangles = [[line for line in axes.lines if line.get_marker() in ("<", ">", "v", "^")] for axes in drawn]
    outside = np.abs(far).max(axis=1) > 3.5
    assert not triangles[0] and len(triangles[1]) == outside.sum() > 0
    drawn[0].figure.draw_without_rendering()
    assert min(axes.get_position().width for axes in drawn) > 0.3  # points all between leave the panels their room
    for line, place in zip(triangles[1], far[outside], strict=True):  # it points to where the point lies
        axis = np.abs(place).argmax()
        assert line.get_marker() == (("<", ">"), ("v", "^"))[axis][int(place[axis] > 0)]
        assert np.abs(line.get_xydata()).max() < 3.5
    run = Run.of({"estimate": [3.0, 2.0], "frechet": [30.0, 20.0]}, {"estimate": "the estimate"})
    figure = figures.losses_and_distances({"a": run, "b": run})
    assert len(figure.axes) == 4 and list(figure.axes[2].lines[0].get_ydata()) == [30, 20]
    assert figure.axes[2].get_ylim() == figure.axes[3].get_ylim()
    film = types.SimpleNamespace(histogram=RNG.random((4, 10)), steps=np.arange(4), unit="step")
    assert figures.class_shares(film, [str(i) for i in range(10)]).axes[0].images[0].get_array().shape == (10, 4)
    rows = {cell: {"frechet": 3.0, "half": 1.0, "coverage": 1.0, "seconds": 2.0} for cell in robustness.CELLS[:4]}
    rows["DCGAN", "WGAN, clipped"]["frechet"], rows["DCGAN", "WGAN-GP"]["frechet"] = 5.5, 4.5
    board = figures.board(RNG.random((12, 10, 28, 28)), rows, robustness.GAMES, robustness.ARCHITECTURES)
    assert len(board.axes) == 6 and "not trained" in board.axes[5].get_title("left")
    weights = [axes._left_title.get_fontweight() for axes in board.axes]
    assert weights == ["bold", "normal", "bold", "bold", "normal", "normal"]
    pyplot.close("all")


# --- how well a loss tells the quality


def test_ranks_of_losses_over_epochs_and_over_the_frames_of_a_film():
    history = {"estimate": [9.0, 5.0, 4.0, 1.0], "g_loss": [1.0, 2.0, 3.0, 4.0], "frechet": [8.0, 4.0, 2.0, 1.0]}
    run = Run.of(history, {"estimate": "E", "g_loss": "G", "d_loss": "not there"})
    assert run.ranks() == {"E": pytest.approx(1), "G": pytest.approx(-1)} and list(run.epochs) == [1, 2, 3, 4]
    film = types.SimpleNamespace(images=RNG.integers(0, 255, (5, 70, 28, 28), dtype=np.uint8), steps=np.arange(5) * 10)
    taken = Run.by_film(film, history, {"estimate": "E"}, RNG.normal(size=(80, 64)).astype("float32"))
    assert list(taken.epochs) == [1, 2, 3, 4] and taken.distance.shape == (4,) and np.isfinite(taken.distance).all()
    half = Run(taken.losses, np.array([0.5, 1.0, 3.5]), np.ones(3))
    assert list(half.at(np.array([9.0, 5.0, 4.0, 1.0]))) == [9.0, 7.0, 1.0]


# --- robustness


def kinds(network):
    return [type(layer).__name__ for layer in network.layers]


@pytest.mark.parametrize("cell", robustness.CELLS)
def test_each_cell_is_what_it_says(cell):
    networks, name = cell
    generator, critic = robustness.pair(networks, name, codings=4, maps=2)
    assert generator.output_shape == (None, 28, 28, 1) and critic.output_shape == (None, 1)
    batches = kinds(generator).count("BatchNormalization"), kinds(critic).count("BatchNormalization")
    plain, dense = networks == "no batch normalization", networks == "dense generator"
    assert batches == (0 if plain or dense else 2, 0 if plain or name == "WGAN-GP" else 1)
    assert ("GroupNormalization" in kinds(critic)) == (name == "WGAN-GP" and not plain)
    assert ("Conv2DTranspose" in kinds(generator)) != dense
    inside = {
        layer.activation.__name__ for layer in [*generator.layers, *critic.layers] if hasattr(layer, "activation")
    }
    assert ("relu" in inside) == (networks != "tanh everywhere")
    assert ("LeakyReLU" in kinds(critic)) == (networks != "tanh everywhere")


def test_games_and_unknown_names():
    gans = [robustness.compiled_gan("no batch normalization", name, 4, 2) for name in robustness.GAMES]
    assert [gan.critic_steps for gan in gans] == [robustness.CRITIC_STEPS[name] for name in robustness.GAMES]
    assert isinstance(gans[1], wasserstein_gan.ClippedWGAN) and isinstance(gans[2], wasserstein_gan.WGANGP)
    with pytest.raises(ValueError, match="no cell"):
        robustness.pair("DCGAN", "chess")


def test_summary():
    history = {
        "DCGAN | GAN: frechet": [2.0, 4.0],
        "DCGAN | GAN: coverage": [1.0, 0.8],
        "DCGAN | GAN: seconds": [5.0, 7.0],
    }
    assert robustness.summary(history) == {
        ("DCGAN", "GAN"): {
            "frechet": 3.0,
            "half": pytest.approx(12.706, abs=1e-3),  # Student's t for two seeds, times √2 / √2
            "lowest": 2.0,
            "highest": 4.0,
            "coverage": pytest.approx(0.9),
            "seconds": 6.0,
        }
    }
    assert robustness.summary({key: values[:1] for key, values in history.items()})["DCGAN", "GAN"]["half"] == np.inf


def test_who_shares_the_lead():
    row = {"a": {"frechet": 5.0, "half": 1.0}, "b": {"frechet": 3.0, "half": 0.5}, "c": {"frechet": 4.0, "half": 0.6}}
    assert robustness.leaders(row) == ["b", "c"]
    row["c"]["half"] = 0.4
    assert robustness.leaders(row) == ["b"]
    row["a"]["half"] = np.inf  # one seed: nothing can be told
    assert robustness.leaders(row) == ["b", "a"]


@pytest.mark.slow
def test_every_critic_is_shown_as_many_images(monkeypatch):
    images, shown = RNG.uniform(-1, 1, (50, 28, 28, 1)).astype("float32"), []
    for name in robustness.GAMES:
        real = []
        kind = {"GAN": gans_gan.GAN, "WGAN, clipped": wasserstein_gan.ClippedWGAN, "WGAN-GP": wasserstein_gan.WGANGP}[
            name
        ]
        fit = kind.fit
        monkeypatch.setattr(
            kind, "fit", lambda self, x, fit=fit, real=real, **o: real.append(len(x)) or fit(self, x, **o)
        )
        figures, made, _ = robustness.train(
            "dense generator", name, images, 160, batch_size=4, count=20, codings=4, maps=2
        )
        monkeypatch.undo()
        shown.append(sum(real))
        assert np.isfinite(made).all() and set(figures) == {"frechet", "coverage", "seconds"}
    assert shown == [160] * 3


@pytest.mark.slow
def test_a_sheet_is_filled_and_keeps_figures_for_each_seed():
    sheet = robustness.RobustnessTrials()
    images = RNG.uniform(-1, 1, (32, 28, 28, 1)).astype("float32")
    told = sheet.fill(images, seeds=(1, 2), shown=40, cells=2, batch_size=4, codings=4, maps=2, count=20)
    assert told == {"seeds": 2, "shown": 40, "cells": 2} and len(sheet.weights) == 1
    assert all(len(values) == 2 for values in sheet.history.history.values())
    pictures = np.asarray(sheet.pictures)
    assert pictures.shape == (12, 10, 28, 28) and pictures[:2].std() > 0 and pictures[2:].max() == 0
    assert list(robustness.summary(sheet.history.history)) == list(robustness.CELLS[:2])
