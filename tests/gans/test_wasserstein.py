"""WGAN-GP and the clipped WGAN on the engine: their losses, bounds and figures, against formulas."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from helpers.gans import callbacks, penalties
from helpers.gans.vanilla.networks import dense_pair
from helpers.gans.wasserstein import gan as wasserstein_gan
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


def test_readings_and_ranks():
    logs = {}
    gan = wasserstein_gan.WGANGP(*wasserstein_gan.wgan_pair(4, 2), 4)
    readings = callbacks.Readings(gan, 30)
    readings.on_epoch_end(0, logs)
    assert logs["frechet"] > 1 and readings.distance() == logs["frechet"]
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
