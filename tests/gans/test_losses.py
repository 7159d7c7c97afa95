"""The adversarial losses against NumPy, SciPy and TensorFlow's own cross-entropy."""

import numpy as np
import pytest
from scipy.special import expit, log_expit

from helpers.backend import keras, tf
from helpers.gans import penalties
from helpers.gans.losses import LOSSES

rng = np.random.default_rng(0)
REAL, FAKE = rng.normal(0.5, 2, (40, 1)).astype("float32"), rng.normal(-0.5, 2, (40, 1)).astype("float32")
# Each side of each game, written down once more from its paper, in NumPy and double precision.
BY_HAND = {
    "non-saturating": (lambda r, f: -log_expit(r).mean() - log_expit(-f).mean(), lambda f: -log_expit(f).mean()),
    "saturating": (lambda r, f: -log_expit(r).mean() - log_expit(-f).mean(), lambda f: log_expit(-f).mean()),
    "least squares": (lambda r, f: ((r - 1) ** 2).mean() / 2 + (f**2).mean() / 2, lambda f: ((f - 1) ** 2).mean() / 2),
    "hinge": (lambda r, f: np.maximum(0, 1 - r).mean() + np.maximum(0, 1 + f).mean(), lambda f: -f.mean()),
    "Wasserstein": (lambda r, f: f.mean() - r.mean(), lambda f: -f.mean()),
}


def gradients(loss, *logits):
    """Gradients of loss(*logits) as NumPy arrays."""
    variables = [tf.Variable(np.asarray(values, dtype="float32")) for values in logits]
    with tf.GradientTape() as tape:
        value = loss(*[tf.convert_to_tensor(v) for v in variables])
    return [g.numpy() for g in tape.gradient(value, variables)]


def test_every_game_is_written_down_twice():
    assert set(BY_HAND) == set(LOSSES)


@pytest.mark.parametrize("name", LOSSES)
def test_values(name):
    discriminator, generator = BY_HAND[name]
    r, f = REAL.astype(float), FAKE.astype(float)
    assert float(LOSSES[name].discriminator(REAL, FAKE)) == pytest.approx(discriminator(r, f), rel=1e-5)
    assert float(LOSSES[name].generator(FAKE)) == pytest.approx(generator(f), rel=1e-5)


def test_logistic_losses_are_tensorflows_cross_entropy():
    def entropy(target, logits):
        labels = np.full_like(logits, target)
        return float(tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits)))

    losses = LOSSES["non-saturating"]
    expected = entropy(1, REAL) + entropy(0, FAKE)
    assert float(losses.discriminator(REAL, FAKE)) == pytest.approx(expected, rel=1e-6)
    assert float(losses.generator(FAKE)) == pytest.approx(entropy(1, FAKE), rel=1e-6)
    assert float(LOSSES["saturating"].generator(FAKE)) == pytest.approx(-entropy(0, FAKE), rel=1e-6)
    for smoothing in (0.1, 0.3):  # one-sided: the target of fakes stays 0
        expected = entropy(1 - smoothing, REAL) + entropy(0, FAKE)
        found = float(losses.discriminator(REAL, FAKE, smoothing=smoothing))
        assert found == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("size", [1000.0, -1000.0])
def test_values_and_gradients_are_finite_and_right_for_huge_logits(name, size):
    far = np.full((3, 1), size)
    discriminator, generator = BY_HAND[name]
    for logits in ((far, -far), (far, far)):
        value = float(LOSSES[name].discriminator(*[x.astype("float32") for x in logits]))
        assert value == pytest.approx(discriminator(*logits), rel=1e-6)
        assert all(np.isfinite(g).all() for g in gradients(LOSSES[name].discriminator, *logits))
    assert float(LOSSES[name].generator(far.astype("float32"))) == pytest.approx(generator(far), rel=1e-6)
    assert np.isfinite(gradients(LOSSES[name].generator, far)).all()


def test_gradient_of_each_generator_where_it_is_seen_through():
    """−sigmoid(f), which vanishes, against sigmoid(f) − 1, which is at its strongest."""
    f = np.float32([-9, -2, 0, 2])
    assert np.allclose(gradients(LOSSES["saturating"].generator, f)[0], -expit(f) / 4, atol=1e-7)
    assert np.allclose(gradients(LOSSES["non-saturating"].generator, f)[0], (expit(f) - 1) / 4, atol=1e-7)
    there = np.float32([-9])
    weak, strong = (abs(gradients(LOSSES[n].generator, there)[0][0]) for n in ("saturating", "non-saturating"))
    assert weak < 2e-4 and strong > 0.999


def test_gradients_of_the_discriminator_and_of_its_smoothing():
    discriminator = LOSSES["non-saturating"].discriminator
    real, fake = gradients(discriminator, REAL, FAKE)
    assert np.allclose(real, (expit(REAL) - 1) / 40, atol=1e-7) and np.allclose(fake, expit(FAKE) / 40, atol=1e-7)
    smooth, same = gradients(lambda r, f: discriminator(r, f, smoothing=0.2), REAL, FAKE)
    assert np.allclose(smooth, (expit(REAL) - 0.8) / 40, atol=1e-7) and np.array_equal(same, fake)


def test_a_discriminator_that_guesses_pays_log_4():
    half = np.zeros((7, 1), np.float32)
    assert float(LOSSES["non-saturating"].discriminator(half, half)) == pytest.approx(np.log(4))
    assert float(LOSSES["non-saturating"].generator(half)) == pytest.approx(np.log(2))
    assert float(LOSSES["saturating"].generator(half)) == pytest.approx(-np.log(2))


def test_hinge_is_satisfied_beyond_one():
    right, wrong = np.full((4, 1), 3.0), np.full((4, 1), -3.0)
    hinge = LOSSES["hinge"].discriminator
    assert float(hinge(right, wrong)) == 0 and not np.any(gradients(hinge, right, wrong))
    assert float(hinge(wrong, right)) == 8
    assert [g[0, 0] for g in gradients(hinge, wrong, right)] == [-0.25, 0.25]
    assert float(hinge(right, right)) == 4 == float(hinge(wrong, wrong)), "one side alone is not enough"


@pytest.mark.parametrize("name", LOSSES)
def test_any_shape_gives_one_number(name):
    for shape in ((40, 1), (40,), (10, 2, 2)):
        losses = LOSSES[name]
        found = losses.discriminator(REAL.reshape(shape), FAKE.reshape(shape)), losses.generator(FAKE.reshape(shape))
        assert all(keras.ops.shape(value) == () for value in found)
        expected = losses.discriminator(REAL, FAKE), losses.generator(FAKE)
        assert np.allclose(found, expected, rtol=1e-6)


def test_each_side_falls_along_its_own_gradient():
    """A sign turned round would make one of the players help the other."""
    for losses in LOSSES.values():
        real, fake = gradients(losses.discriminator, REAL, FAKE)
        before = float(losses.discriminator(REAL, FAKE))
        assert float(losses.discriminator(REAL - real, FAKE - fake)) < before
        assert real.sum() < 0 < fake.sum(), "the discriminator raises real logits and lowers those of fakes"
        assert gradients(losses.generator, FAKE)[0].sum() < 0, "the generator raises the logits of its fakes"


# --- penalties


RNG = np.random.default_rng(0)


def random(*shape):
    return tf.constant(RNG.normal(size=shape).astype("float32"))


def test_points_lie_on_the_segments_one_share_for_each_image():
    real, fake, shares = random(3, 2, 2, 1), random(3, 2, 2, 1), np.array([0, 0.5, 1], "float32")
    mixed = np.asarray(penalties.interpolates(real, fake, shares))
    np.testing.assert_array_equal(mixed[0], fake[0])
    np.testing.assert_allclose(mixed[1], (real[1] + fake[1]) / 2, atol=1e-6)
    np.testing.assert_allclose(mixed[2], real[2], atol=1e-6)


@pytest.mark.parametrize("shape", [(5, 3), (5, 4, 4, 2)])
def test_a_linear_critic_has_the_norm_of_its_weights_everywhere(shape):
    a = random(*shape[1:])
    norm = float(np.linalg.norm(np.asarray(a)))

    def critic(x):
        return tf.reduce_sum(x * a, axis=list(range(1, len(shape))))

    np.testing.assert_allclose(penalties.gradient_norms(critic, random(*shape)), norm, rtol=1e-5)
    both = random(*shape), random(*shape), tf.ones(shape[0]) / 3
    np.testing.assert_allclose(penalties.gradient_penalty(critic, *both), (norm - 1) ** 2, rtol=1e-4)
    np.testing.assert_allclose(penalties.gradient_penalty(critic, *both, target=0), norm**2, rtol=1e-4)
    assert float(penalties.gradient_penalty(critic, *both, target=norm + 1, one_sided=True)) == 0
    np.testing.assert_allclose(penalties.r1_penalty(critic, both[0]), norm**2 / 2, rtol=1e-4)


def test_penalties_of_a_curved_critic_by_its_own_formula():
    x = random(6, 4)
    norms = 3 * np.linalg.norm(np.asarray(x) ** 2, axis=1)  # of the gradient of Σ x³

    def critic(x):
        return tf.reduce_sum(x**3, axis=1, keepdims=True)

    np.testing.assert_allclose(penalties.gradient_norms(critic, x), norms, rtol=1e-5)
    np.testing.assert_allclose(penalties.r1_penalty(critic, x), np.mean(norms**2) / 2, rtol=1e-5)


def test_the_penalty_can_be_differentiated_for_training_also_where_the_gradient_is_0():
    dense = keras.layers.Dense(1, kernel_initializer="zeros")
    dense.build((None, 3))
    with tf.GradientTape() as tape:
        loss = penalties.gradient_penalty(dense, random(4, 3), random(4, 3), tf.ones(4) / 2)
    gradient = tape.gradient(loss, dense.kernel)
    assert np.isfinite(np.asarray(gradient)).all() and abs(float(loss) - 1) < 1e-5
    dense.kernel.assign(np.array([[3.0], [0], [4]]))
    with tf.GradientTape() as tape:
        loss = penalties.gradient_penalty(dense, random(4, 3), random(4, 3), tf.ones(4) / 2)
    # d(‖w‖ − 1)²/dw = 2 (5 − 1) w/5
    np.testing.assert_allclose(tape.gradient(loss, dense.kernel), [[4.8], [0], [6.4]], rtol=1e-5)
