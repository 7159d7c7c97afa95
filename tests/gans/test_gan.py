"""The adversarial engine, phase by phase and without `fit`: gradients, statistics, averages, labels."""

import numpy as np
import pytest
from scipy.special import expit, log_expit

from helpers.backend import keras, tf
from helpers.gans import samples
from helpers.gans.gan import GAN
from helpers.gans.losses import Losses
from helpers.gans.stability.replay import Replay

layers, ops = keras.layers, keras.ops
CODINGS, SHAPE = 3, (4, 5)
IMAGES = np.random.default_rng(0).uniform(-1, 1, (12, *SHAPE)).astype("float32")
LABELS = np.arange(12) % 3
slow = pytest.mark.slow  # left out by `test --quick`, which keeps the phases and their order


def networks(labels=False, norm=True):
    """A tiny pair with batch statistics on both sides; no bias before a normalization, where it would not move."""
    z, x = keras.Input((CODINGS,)), keras.Input(SHAPE)
    y = keras.Input((), dtype="int32")
    h = layers.Concatenate()([z, ops.one_hot(y, 3)]) if labels else z
    h = layers.Dense(6, use_bias=not norm)(h)
    h = layers.BatchNormalization(momentum=0.5)(h) if norm else h
    h = layers.Reshape(SHAPE)(layers.Dense(20, activation="tanh")(layers.LeakyReLU(0.2)(h)))
    generator = keras.Model([z, y] if labels else z, h)
    h = layers.Flatten()(x)
    h = layers.Concatenate()([h, ops.one_hot(y, 3)]) if labels else h
    h = layers.Dense(6, use_bias=not norm)(h)
    h = layers.BatchNormalization(momentum=0.5)(h) if norm else h
    h = layers.Dense(1)(layers.LeakyReLU(0.2)(h))
    return generator, keras.Model([x, y] if labels else x, h)


def tiny(*arguments, cls=GAN, norm=True, rate=0.5, **options):
    keras.utils.set_random_seed(1)
    gan = cls(*networks(options.get("conditional", False), norm), CODINGS, *arguments, seed=2, **options)
    gan.compile(keras.optimizers.SGD(rate), keras.optimizers.SGD(rate))
    return gan


def values(variables):
    return [np.array(v.numpy()) for v in variables]


def moved(before, variables):
    return [not np.array_equal(a, b) for a, b in zip(before, values(variables), strict=True)]


def fixed(gan, seed=0):
    """Give the GAN these codings from now on; returns them."""
    z = np.random.default_rng(seed).normal(size=(12, CODINGS)).astype("float32")
    gan.draw_codings = lambda count: tf.constant(z[: int(count)])
    return z


# -------------------------------------------------------------------------------------------------- phases
def test_the_discriminator_phase_moves_the_discriminator_down_its_gradient_and_nothing_else():
    gan = tiny()
    z, D, G = fixed(gan), gan.discriminator, gan.generator
    start, forger, statistics = values(D.trainable_variables), values(G.trainable_variables), values(D.weights)[1:]
    with tf.GradientTape() as tape:
        real, fake = D(IMAGES, training=True), D(tf.stop_gradient(G(z, training=True)), training=True)
        loss = tf.reduce_mean(tf.nn.softplus(-real)) + tf.reduce_mean(tf.nn.softplus(fake))
    slopes = tape.gradient(loss, D.trainable_variables)
    gan = tiny()
    fixed(gan)
    gan.discriminator_phase(tf.constant(IMAGES))
    expected = [w - 0.5 * g.numpy() for w, g in zip(start, slopes, strict=True)]
    for found, wanted in zip(values(gan.discriminator.trainable_variables), expected, strict=True):
        assert np.allclose(found, wanted, atol=1e-6)
    assert all(moved(start, gan.discriminator.trainable_variables)) and len(statistics)
    assert not any(moved(forger, gan.generator.trainable_variables))
    assert int(gan.generator_optimizer.iterations) == 0 and int(gan.discriminator_optimizer.iterations) == 1
    assert float(gan.means[0].result()) == pytest.approx(float(loss), rel=1e-5)


def test_the_generator_phase_moves_the_generator_down_its_gradient_and_nothing_else():
    gan = tiny()
    z, D, G = fixed(gan), gan.discriminator, gan.generator
    start, detective = values(G.trainable_variables), values(D.trainable_variables)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.nn.softplus(-D(G(z, training=True), training=True)))
    slopes = tape.gradient(loss, G.trainable_variables)
    gan = tiny()
    fixed(gan)
    gan.generator_phase(tf.constant(IMAGES))
    expected = [w - 0.5 * g.numpy() for w, g in zip(start, slopes, strict=True)]
    for found, wanted in zip(values(gan.generator.trainable_variables), expected, strict=True):
        assert np.allclose(found, wanted, atol=1e-6)
    assert all(moved(start, gan.generator.trainable_variables))
    assert not any(moved(detective, gan.discriminator.trainable_variables))
    assert int(gan.generator_optimizer.iterations) == 1 and int(gan.discriminator_optimizer.iterations) == 0
    assert float(gan.means[1].result()) == pytest.approx(float(loss), rel=1e-5)


@slow
@pytest.mark.parametrize("phase", ["discriminator_phase", "generator_phase"])
def test_in_both_phases_both_networks_use_and_keep_the_statistics_of_the_batch(phase):
    """The generator's moving statistics follow its fakes also where only the discriminator learns."""
    gan = tiny()
    before = [values(network.non_trainable_variables) for network in (gan.generator, gan.discriminator)]
    getattr(gan, phase)(tf.constant(IMAGES))
    for network, old in zip((gan.generator, gan.discriminator), before, strict=True):
        assert len(old) == 2 and all(moved(old, network.non_trainable_variables))


def test_the_discriminator_sees_real_images_and_fakes_in_batches_of_their_own():
    gan, seen = tiny(), []
    judge = gan.judge
    gan.judge = lambda images, labels=None: seen.append(np.asarray(images)) or judge(images, labels)
    gan.discriminator_phase(tf.constant(IMAGES))
    assert [len(images) for images in seen] == [12, 12] and np.array_equal(seen[0], IMAGES)


@slow
def test_judging_uses_the_statistics_of_the_batch_and_generating_for_looks_those_of_training():
    gan = tiny()
    z = gan.draw_codings(12)
    assert np.allclose(gan.judge(IMAGES), gan.discriminator(IMAGES, training=True))
    assert not np.allclose(gan.judge(IMAGES), gan.discriminator(IMAGES, training=False), atol=1e-3)
    assert np.allclose(gan.generate(z), gan.generator(z, training=False))
    assert np.allclose(gan.generate(z, training=True), gan.generator(z, training=True))
    assert not np.allclose(gan.generate(z, training=True), gan.generate(z), atol=1e-3)
    assert np.array_equal(gan(z), gan.generate(z))


def test_a_step_is_detective_then_forger_each_with_fresh_codings():
    story = []

    class Told(GAN):
        def draw_codings(self, count):
            story.append(np.asarray(super().draw_codings(count)))
            return story[-1]

        def improve(self, network, *rest):
            story.append("D" if network is self.discriminator else "G")
            super().improve(network, *rest)

    gan = tiny(cls=Told)
    gan.train_step((tf.constant(IMAGES),))
    gan.train_step((tf.constant(IMAGES),))
    assert [part for part in story if isinstance(part, str)] == ["D", "G", "D", "G"]
    codings = [part for part in story if not isinstance(part, str)]
    assert len({z.tobytes() for z in codings}) == 4 and {z.shape for z in codings} == {(12, CODINGS)}


@slow
@pytest.mark.parametrize("steps, count", [(1, 12), (3, 12), (5, 12), (5, 3), (4, 1)])
def test_critic_steps_use_every_image_of_the_batch_once(steps, count):
    seen = []

    class Told(GAN):
        def discriminator_phase(self, real, labels=None):
            seen.append(np.asarray(real))
            super().discriminator_phase(real, labels)

    gan = tiny(cls=Told, norm=False, critic_steps=steps)
    gan.train_step((tf.constant(IMAGES[:count]),))
    assert len(seen) == steps and all(len(part) for part in seen)
    counts = [sum(np.array_equal(image, x) for part in seen for x in part) for image in IMAGES]
    assert counts[count:] == [0] * (12 - count)
    assert counts[:count] == [1] * count if count >= steps else min(counts[:count]) >= 1
    assert int(gan.discriminator_optimizer.iterations) == steps and int(gan.generator_optimizer.iterations) == 1


@slow
def test_what_is_logged():
    gan = tiny(norm=False)
    z = fixed(gan)
    losses, right = [], []
    for images in (IMAGES[:8], IMAGES[8:]):
        real, fake = gan.judge(images).numpy(), gan.judge(gan.generate(z[: len(images)])).numpy()
        losses.append(-log_expit(real).mean() - log_expit(-fake).mean())
        right.append([(expit(real) > 0.5).mean(), (expit(fake) < 0.5).mean()])
        logs = gan.train_step((tf.constant(images),))
    assert set(logs) == {"d_loss", "g_loss", "real_accuracy", "fake_accuracy"}
    assert float(logs["d_loss"]) == pytest.approx(np.mean(losses), rel=1e-5), "the mean over batches"
    assert [float(logs["real_accuracy"]), float(logs["fake_accuracy"])] == pytest.approx(
        np.average(right, axis=0, weights=[8, 4]), abs=1e-6
    )
    gan.reset_metrics()
    assert float(gan.means[0].result()) == 0


@slow
def test_a_penalty_is_added_for_the_discriminator_only():
    class Dear(GAN):
        def penalty(self, real, fake, labels=None):
            assert real.shape == fake.shape == (12, *SHAPE)
            return 100.0

    plain, dear = tiny(), tiny(cls=Dear)
    for gan in (plain, dear):
        gan.train_step((tf.constant(IMAGES),))
    cost = [{m.name: float(m.result()) for m in gan.means} for gan in (plain, dear)]
    assert cost[1]["d_loss"] == pytest.approx(cost[0]["d_loss"] + 100, rel=1e-6)
    assert cost[1]["g_loss"] == cost[0]["g_loss"]


@slow
def test_games_reach_their_own_losses():
    own = Losses(lambda real, fake: ops.mean(real) * 0 + 7, lambda fake: ops.mean(fake) * 0 + 9)
    gan = tiny(own)
    logs = gan.train_step((tf.constant(IMAGES),))
    assert float(logs["d_loss"]) == 7 and float(logs["g_loss"]) == 9
    gan = tiny(smoothing=0.25, norm=False)
    z = fixed(gan)
    real, fake = gan.judge(IMAGES).numpy(), gan.judge(gan.generate(z)).numpy()
    gan.discriminator_phase(tf.constant(IMAGES))
    expected = -0.75 * log_expit(real).mean() - 0.25 * log_expit(-real).mean() - log_expit(-fake).mean()
    assert float(gan.means[0].result()) == pytest.approx(expected, rel=1e-5)


# ----------------------------------------------------------------------------------------------- averaging
@slow
def test_the_average_is_a_recursion_that_begins_quickly():
    gan = tiny(averaging=0.3)
    mean = values(gan.generator.weights)
    assert all(np.array_equal(a, b) for a, b in zip(mean, values(gan.averaged.weights), strict=True))
    for step in range(1, 7):
        gan.train_step((tf.constant(IMAGES),))
        share = min(0.3, step / (10 + step))
        mean = [share * m + (1 - share) * w for m, w in zip(mean, values(gan.generator.weights), strict=True)]
        for found, wanted in zip(values(gan.averaged.weights), mean, strict=True):
            assert np.allclose(found, wanted, atol=1e-6)
    assert len(mean) == 7, "the batch statistics are averaged as well"
    z = gan.draw_codings(5)
    assert np.allclose(gan.generate(z), gan.averaged(z, training=False))
    assert not np.allclose(gan.generate(z), gan.generator(z, training=False), atol=1e-4)
    assert not gan.averaged.trainable_variables


@slow
def test_without_averaging_the_average_is_the_generator():
    gan = tiny()
    assert gan.averaged is gan.generator
    count = len(gan.weights)
    assert count == len(tiny(averaging=0.9).weights) - len(gan.generator.weights) - 1


# ------------------------------------------------------------------------------------------------- chances
@slow
def test_codings_are_standard_normal_and_repeat_with_the_seed():
    draws = [np.asarray(tiny().draw_codings(20_000)) for _ in range(2)]
    assert np.array_equal(*draws)
    assert np.allclose(draws[0].mean(axis=0), 0, atol=0.03) and np.allclose(draws[0].std(axis=0), 1, atol=0.03)


def test_noise_on_what_the_discriminator_sees_can_fade():
    gan, seen = tiny(noise=0.4, norm=False), []
    discriminator = gan.discriminator
    gan.discriminator = lambda images, training: seen.append(np.asarray(images)) or discriminator(images)
    many = np.zeros((3000, *SHAPE), np.float32)
    gan.judge(many)
    gan.judge(many)
    assert np.std(seen[0]) == pytest.approx(0.4, rel=0.02) and abs(np.mean(seen[0])) < 0.01
    assert not np.allclose(seen[0], seen[1])
    gan.noise.assign(0.0)
    gan.judge(many)
    assert not seen[2].any()


def test_without_noise_no_random_number_is_spent_on_it():
    gan = tiny()
    before = gan.random.state.numpy()
    gan.judge(IMAGES)
    assert np.array_equal(before, gan.random.state.numpy())


@slow
@pytest.mark.parametrize("labels", [False, True])
def test_half_of_the_fakes_come_from_the_buffer(labels):
    gan = tiny(conditional=labels, replay=Replay(50, SHAPE, labels=labels, seed=3))
    old = -np.ones((50, *SHAPE), np.float32)
    gan.replay.add(*((old, np.full(50, 9)) if labels else (old,)))
    fresh = np.ones((11, *SHAPE), np.float32)
    mixed, named = gan.remember(tf.constant(fresh), tf.constant(LABELS[:11], dtype=tf.int32) if labels else None)
    assert mixed.shape == (11, *SHAPE) and np.all(mixed[:6] == 1)
    later = np.asarray(mixed[6:])[:, 0, 0]
    assert set(later) <= {-1.0, 1.0} and -1 in later
    assert named is None if not labels else np.array_equal(np.asarray(named)[6:] == 9, later == -1)
    logs = gan.train_step((tf.constant(IMAGES), tf.constant(LABELS)))
    assert np.isfinite(float(logs["d_loss"])) and int(gan.replay.seen) == 50 + 11 + 12


# -------------------------------------------------------------------------------------------------- labels
@slow
def test_labels_go_with_their_images():
    asked = []

    class Told(GAN):
        def generate(self, codings, labels=None, training=False):
            asked.append(np.asarray(labels))
            return super().generate(codings, labels, training)

        def judge(self, images, labels=None):
            asked.append(np.asarray(labels))
            return super().judge(images, labels)

    gan = tiny(cls=Told, conditional=True, critic_steps=2)
    gan.train_step((tf.constant(IMAGES), tf.constant(LABELS)))
    parts = [LABELS[0::2], LABELS[1::2], LABELS[0::2]]
    expected = [parts[0]] * 3 + [parts[1]] * 3 + [parts[2]] * 2
    assert all(np.array_equal(a, b) for a, b in zip(asked, expected, strict=True))
    z = gan.draw_codings(4)
    images = [np.asarray(gan.generate(z, np.full(4, label))) for label in (0, 1)]
    assert not np.allclose(*images, atol=1e-4) and np.allclose(gan([z, tf.zeros(4, tf.int32)]), images[0])


def test_missing_labels_are_told():
    gan = tiny(conditional=True)
    with pytest.raises(ValueError, match=r"needs labels: fit\(images, labels"):
        gan.train_step((tf.constant(IMAGES),))
    with pytest.raises(ValueError, match="needs labels, one whole number for each"):
        gan.generate(gan.draw_codings(2))
    plain = tiny()
    assert np.isfinite(float(plain.train_step((tf.constant(IMAGES), tf.constant(LABELS)))["g_loss"])), "not needed"


@pytest.mark.parametrize(
    "options, words",
    [
        ({"game": "zero-sum"}, "no game named 'zero-sum'.*hinge"),
        ({"game": "hinge", "smoothing": 0.1}, "this game has none"),
        ({"critic_steps": 0}, "critic_steps must be 1 or more"),
        ({"averaging": 1.0}, "averaging.*below 1"),
        ({"noise": -1.0}, "noise.*0 or more"),
    ],
)
def test_what_is_refused(options, words):
    with pytest.raises(ValueError, match=words):
        GAN(*networks(), CODINGS, **options)


def test_one_optimizer_for_both_is_refused():
    same = keras.optimizers.SGD(0.1)
    with pytest.raises(ValueError, match="an optimizer of its own"):
        GAN(*networks(), CODINGS).compile(same, same)


# ------------------------------------------------------------------------------------------------- samples
@slow
def test_samples_are_the_averaged_generators_in_inference_mode():
    gan = tiny(averaging=0.5)
    for _ in range(3):
        gan.train_step((tf.constant(IMAGES),))
    state = gan.random.state.numpy()
    z = samples.fixed_codings(gan, 7, seed=4)
    expected = np.clip((np.asarray(gan.averaged(z, training=False)) + 1) / 2, 0, 1)
    assert np.allclose(samples.draw(gan, 7, seed=4), expected, atol=1e-6)
    assert np.allclose(samples.decoder(gan)(z[:2]), expected[:2], atol=1e-6)
    assert np.array_equal(state, gan.random.state.numpy()), "the training's random numbers are left alone"
    assert not np.allclose(samples.draw(gan, 7, seed=5), expected, atol=1e-3)
    many = samples.draw(gan, 251, seed=4)
    assert many.shape == (251, *SHAPE) and many.dtype == np.float32
    assert samples._function(gan).experimental_get_tracing_count() == 1


@slow
def test_samples_follow_the_training():
    gan = tiny()
    before = samples.draw(gan, 3)
    gan.generator.set_weights([0 * w for w in gan.generator.get_weights()])
    assert np.allclose(samples.draw(gan, 3), 0.5) and not np.allclose(before, 0.5)


def test_a_frame_around_images_comes_off_again():
    images = np.random.default_rng(0).random((3, 28, 28)).astype("float32")
    framed = samples.frame(images)
    assert framed.shape == (3, 32, 32, 1) and framed.dtype == np.float32
    assert (framed[:, :2] == -1).all() and (framed[:, :, -2:] == -1).all()
    assert np.allclose((samples.unframe(framed)[..., 0] + 1) / 2, images, atol=1e-6)
    assert samples.unframe(images).shape == images.shape
    assert samples.unframe(images[:, :8, :8]).shape == (3, 8, 8)
    for size in (27, 31):
        with pytest.raises(ValueError, match="margin"):
            samples.frame(images, size)


@slow
def test_samples_of_a_growing_gan_follow_its_stage():
    from helpers.gans.progan.gan import GrowingGAN
    from helpers.gans.progan.networks import Discriminator, Generator

    gan = GrowingGAN(Generator(4, (4, 4, 4, 4), 1), Discriminator((4, 4, 4, 4), 1), 4, seed=1)
    coarse = samples.draw(gan, 2)
    assert coarse.shape == (2, 28, 28) and len(np.unique(coarse[0])) <= 16, "4 × 4 pixels, enlarged"
    gan.set_stage(3)
    assert len(np.unique(samples.draw(gan, 2)[0])) > 16


@slow
def test_samples_with_labels():
    gan = tiny(conditional=True)
    one, other = (samples.draw(gan, 4, labels=label) for label in (0, 2))
    mixed = samples.draw(gan, 4, labels=[0, 2, 0, 2])
    assert np.allclose(mixed[::2], one[::2]) and np.allclose(mixed[1::2], other[1::2])
    assert np.allclose(samples.decoder(gan, 2)(samples.fixed_codings(gan, 4)), other)
    with pytest.raises(ValueError, match="conditional"):
        samples.decoder(gan)
    for labels in ([0, 1], 0.5, [[0], [1], [2], [0]]):
        with pytest.raises(ValueError, match="one whole number, or 4"):
            samples.draw(gan, 4, labels=labels)
    with pytest.raises(ValueError, match="knows no labels"):
        samples.draw(tiny(), 4, labels=1)
    with pytest.raises(ValueError, match=r"codings \(n, 3\)"):
        samples.decoder(tiny())(np.zeros((2, 4)))
