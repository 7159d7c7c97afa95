"""Training of a StyleGAN: styles are mixed by layers, R1 has its weight, the mean style follows, ψ pulls towards it."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from helpers.gans import penalties
from helpers.gans.progan import gan as progan_gan
from helpers.gans.stylegan import gan as stylegan_gan
from helpers.gans.stylegan import networks as stylegan_networks

pytestmark = pytest.mark.slow  # trains models

RNG = np.random.default_rng(0)
WIDTHS = (8, 6, 4)


def random(*shape):
    return RNG.normal(size=shape).astype("float32")


def gan(**options):
    keras.utils.set_random_seed(1)
    networks = (
        stylegan_networks.StyleGenerator(8, 8, WIDTHS, 1, depth=2),
        stylegan_networks.StyleDiscriminator(WIDTHS, 1),
    )
    made = stylegan_gan.StyleGAN(*networks, 8, **{"averaging": 0.9, "seed": 3, **options})
    made.compile(keras.optimizers.Adam(1e-3, 0.0, 0.99), keras.optimizers.Adam(1e-3, 0.0, 0.99))
    return made


def test_it_grows_trains_and_moves_only_what_a_stage_uses():
    model, plan, X = gan(), progan_gan.Plan(2), random(8, 16, 16, 1)
    before = {v.path: v.numpy() for v in model.generator.trainable_variables}
    log = model.fit(X, epochs=plan.epochs, batch_size=4, callbacks=[progan_gan.Grow(plan)], verbose=0).history
    moved = {v.path for v in model.generator.trainable_variables if not np.array_equal(v, before[v.path])}
    unused = {v.path for v in model.generator.trainable_variables} - {
        v.path for v in model.generator.active_variables(1)
    }
    assert unused and not moved & unused
    assert any("scales" in path for path in moved) and any("dense_1" in path for path in moved)
    assert np.isfinite([*log["d_loss"], *log["g_loss"]]).all()


def test_mixing_takes_later_layers_from_a_second_style():
    model = gan(mixing=1.0)
    model.set_stage(2)
    w = np.asarray(model.training_styles(random(200, 8)))
    assert w.shape == (200, 6, 8)
    changes = (np.abs(np.diff(w, axis=1)).max(axis=2) > 1e-6).sum(axis=1)
    assert (changes == 1).all()  # one passage for each image
    places = (np.abs(np.diff(w, axis=1)).max(axis=2) > 1e-6).argmax(axis=1)
    assert set(places) == set(range(5))
    w = np.asarray(gan(mixing=0.0).training_styles(random(5, 8)))
    np.testing.assert_array_equal(w, np.broadcast_to(w[:, :1], w.shape))
    model = gan(mixing=0.5)
    model.set_stage(2)
    w = np.asarray(model.training_styles(random(400, 8)))
    assert 0.4 < np.mean(np.abs(np.diff(w, axis=1)).max(axis=(1, 2)) > 1e-6) < 0.6


def test_the_mean_style_follows_the_styles_of_training():
    model = gan(mixing=0.0, memory=0.75)
    z = random(16, 8)
    expected = 0.25 * np.asarray(model.generator.mapping(z)).mean(axis=0)
    model.training_styles(z)
    np.testing.assert_allclose(model.mean_style, expected, rtol=1e-5)


def test_psi_pulls_images_towards_that_of_the_mean_style():
    model = gan()
    z = random(6, 8)
    model.mean_style.assign(random(8))
    mean = model.paint(model.averaged.spread(model.mean_style[None], 0))
    np.testing.assert_allclose(model.generate(z, psi=0.0), np.broadcast_to(mean, (6, 16, 16, 1)), atol=1e-5)
    w = 0.3 * np.asarray(model.mean_style) + 0.7 * np.asarray(model.averaged.mapping(z))
    np.testing.assert_allclose(model.generate(z, psi=0.7), model.paint(model.averaged.spread(w, 0)), atol=1e-5)
    np.testing.assert_array_equal(model.generate(z), model.generate(z))  # its noise is always the same


@pytest.mark.parametrize("every", [1, 4])
def test_r1_has_the_same_weight_on_average_however_often_it_is_computed(every):
    model, X = gan(r1=6.0, r1_every=every), random(4, 4, 4, 1)
    expected = 6.0 * float(penalties.r1_penalty(model.judge, tf.constant(X)))
    found = []
    for _ in range(4):
        found.append(float(model.penalty(tf.constant(X), None)))
        model.discriminator_optimizer.iterations.assign_add(1)
    np.testing.assert_allclose(np.mean(found), expected, rtol=1e-4)
    assert sum(value > 0 for value in found) == 4 // every and gan(r1=0).penalty(X, None) == 0


NONSENSE = [({"mixing": 1.5}, "shares"), ({"memory": -1}, "shares"), ({"r1_every": 0}, "1 or more")]


@pytest.mark.parametrize(("wrong", "words"), NONSENSE)
def test_nonsense_is_refused(wrong, words):
    with pytest.raises(ValueError, match=words):
        gan(**wrong)
