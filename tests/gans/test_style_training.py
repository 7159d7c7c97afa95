"""Training of a StyleGAN: styles are mixed by layers, R1 has its weight, the mean style follows, ψ pulls towards it."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from helpers.gans import penalties
from helpers.gans.progan import gan as progan_gan
from helpers.gans.stylegan import ablation, figures, mixing
from helpers.gans.stylegan import gan as stylegan_gan
from helpers.gans.stylegan import networks as stylegan_networks
from helpers.gans.stylegan import painter as stylegan_painter
from helpers.gans.stylegan.gan import StyleGAN
from helpers.gans.stylegan.networks import StyleDiscriminator, StyleGenerator

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


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
def test_the_mean_style_follows_the_styles_of_training():
    model = gan(mixing=0.0, memory=0.75)
    z = random(16, 8)
    expected = 0.25 * np.asarray(model.generator.mapping(z)).mean(axis=0)
    model.training_styles(z)
    np.testing.assert_allclose(model.mean_style, expected, rtol=1e-5)


@pytest.mark.slow
def test_psi_pulls_images_towards_that_of_the_mean_style():
    model = gan()
    z = random(6, 8)
    model.mean_style.assign(random(8))
    mean = model.paint(model.averaged.spread(model.mean_style[None], 0))
    np.testing.assert_allclose(model.generate(z, psi=0.0), np.broadcast_to(mean, (6, 16, 16, 1)), atol=1e-5)
    w = 0.3 * np.asarray(model.mean_style) + 0.7 * np.asarray(model.averaged.mapping(z))
    np.testing.assert_allclose(model.generate(z, psi=0.7), model.paint(model.averaged.spread(w, 0)), atol=1e-5)
    np.testing.assert_array_equal(model.generate(z), model.generate(z))  # its noise is always the same


@pytest.mark.slow
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


@pytest.mark.slow
@pytest.mark.parametrize(("wrong", "words"), NONSENSE)
def test_nonsense_is_refused(wrong, words):
    with pytest.raises(ValueError, match=words):
        gan(**wrong)


# --- style painter


def gan_of_style_painter(widths=(6, 4, 4, 3), codings=5, units=7):
    keras.utils.set_random_seed(2)
    made = StyleGAN(StyleGenerator(codings, units, widths, 1, depth=2), StyleDiscriminator(widths, 1), codings,
                    averaging=0.9, seed=1)  # fmt: skip
    made.compile(keras.optimizers.Adam(1e-3, 0.0, 0.99), keras.optimizers.Adam(1e-3, 0.0, 0.99))
    made.set_stage(made.last_stage)
    for layer in made.averaged.styled:
        layer.noise.scales.assign(random(layer.maps))
    made.mean_style.assign(random(units))
    return made


@pytest.mark.slow
def test_the_painter_paints_what_the_network_paints():
    model = gan_of_style_painter()
    painter = stylegan_painter.Painter(model)
    assert (painter.layers, painter.sizes) == (8, [4, 4, 8, 8, 16, 16, 32, 32])
    z, noise = random(3, 5), painter.noise(3, seed=4)
    w = painter.styles(z)
    np.testing.assert_allclose(w, model.averaged.mapping(z), atol=1e-5)
    raw = np.asarray(model.averaged.synthesis(painter.spread(w), 3, 1.0, noise))[..., 0]
    expected = np.clip((raw[:, 2:30, 2:30] + 1) / 2, 0, 1)
    np.testing.assert_allclose(painter.images(w, noise), expected, atol=1e-5)
    off = np.zeros(8)
    np.testing.assert_allclose(painter.images(w, noise, off), painter.images(w, switches=off), atol=1e-6)
    np.testing.assert_allclose(painter.images(w)[1:2], painter.images(w[1:2]), atol=1e-5)  # one noise for all
    assert not np.allclose(painter.images(w), painter.images(w, noise))
    other = painter.spread(w).copy()
    other[:, 6:] += 1
    assert not np.allclose(painter.images(other), painter.images(w))


@pytest.mark.slow
def test_truncated_draws_and_batches():
    model = gan_of_style_painter()
    painter = stylegan_painter.Painter(model)
    images = painter.draw(stylegan_painter.MOST + 3, seed=1)
    assert images.shape == (stylegan_painter.MOST + 3, 28, 28) and 0 <= images.min() <= images.max() <= 1
    np.testing.assert_array_equal(images, painter.draw(stylegan_painter.MOST + 3, seed=1))
    same = painter.images(np.tile(painter.mean, (4, 1)), painter.noise(4, 8))
    np.testing.assert_allclose(painter.draw(4, seed=7, psi=0.0), same, atol=1e-5)


@pytest.mark.slow
def test_smaller_images_are_enlarged():
    painter = stylegan_painter.Painter(gan_of_style_painter((4, 3, 3)))
    images = painter.draw(2)
    assert painter.layers == 6 and images.shape == (2, 28, 28)
    np.testing.assert_array_equal(images[:, ::2, ::2], images[:, 1::2, 1::2])  # each pixel as a square


@pytest.mark.slow
def test_what_is_kept_is_enough_to_paint():
    model, fresh = gan_of_style_painter(), gan_of_style_painter()
    for variable in fresh.averaged.weights:
        variable.assign(0.5 * variable)
    kept, other = stylegan_gan.AveragedGenerator(model), stylegan_gan.AveragedGenerator(fresh)
    assert any(variable is model.mean_style for variable in kept.weights)
    for old, new in zip(other.weights, kept.weights, strict=True):
        old.assign(new)
    fresh.set_stage(0)
    assert other.settle() is fresh and fresh.stage == fresh.last_stage
    z = random(3, 5)
    np.testing.assert_allclose(fresh.generate(z, psi=0.6), model.generate(z, psi=0.6), atol=1e-6)
    np.testing.assert_array_equal(fresh.generator.get_weights()[0], model.averaged.get_weights()[0])
    assert kept.history is None


@pytest.mark.slow
def test_a_swap_of_one_level_is_told_from_one_of_another():
    painter = stylegan_painter.Painter(gan_of_style_painter())
    first, second = painter.styles(random(30, 5)), painter.styles(random(30, 5))
    report = mixing.swap_report(painter, first, second)
    assert list(report) == ["coarse", "middle", "fine"]
    assert all(list(row) == ["class", "silhouette", "brightness", "texture"] for row in report.values())
    same = mixing.swap_report(painter, first, first)
    assert all(row["silhouette"] == row["texture"] == 0 and np.isnan(row["class"]) for row in same.values())
    assert figures.swap_figure(same).alt


@pytest.mark.slow
@pytest.mark.parametrize("name", ablation.STEPS)
def test_each_step_has_its_ingredients(name):
    model = ablation.compiled_gan(name, (4, 3), 4, depth=2, eagerly=True)
    generator, z = model.generator, random(3, 4)
    assert hasattr(model, "mean_style") == (name[0] >= "C")
    clone = keras.models.clone_model(generator)
    clone.set_weights(generator.get_weights())
    np.testing.assert_allclose(clone(z), generator(z), atol=1e-6)
    assert generator(z).shape == (3, 8, 8, 1) and generator(z, stage=0).shape == (3, 4, 4, 1)
    before = {v.path: v.numpy() for v in generator.trainable_variables}
    model.set_stage(1)
    log = model.fit(random(8, 8, 8, 1), batch_size=4, verbose=0).history
    assert np.isfinite([*log["d_loss"], *log["g_loss"]]).all()
    moved = [v.path for v in generator.trainable_variables if not np.array_equal(v, before[v.path])]
    assert any("scales" in path for path in moved) == (name[0] >= "E")
    assert any("constant" in path for path in moved) == (name[0] >= "D")
    assert any("mapping" in path for path in moved) == (name[0] >= "C")
    if name[0] >= "C":
        layered = np.asarray(model.training_styles(random(300, 4)))
        assert (np.abs(np.diff(layered, axis=1)).max() > 0) == (name[0] == "F")


@pytest.mark.slow
def test_the_finished_step_is_the_stylegan():
    model, plain = ablation.compiled_gan("F  + mixing", (4, 3), 4, depth=2), StyleGenerator(4, 4, (4, 3), 1, 2)
    plain.set_weights(model.generator.get_weights())
    z, noise = random(3, 4), plain.draw_noise(3, seed=1)
    np.testing.assert_allclose(model.generator(z, alpha=0.4, noise=noise), plain(z, alpha=0.4, noise=noise), atol=1e-6)


@pytest.mark.slow
def test_the_smooth_generator_differs_by_the_blur_only(monkeypatch):
    rough = ablation.compiled_gan("A  ProGAN", (4, 3), 4).generator
    smooth = ablation.compiled_gan("B  + blurred up and down", (4, 3), 4).generator
    smooth.set_weights(rough.get_weights())
    z = random(2, 4)
    assert not np.allclose(rough(z), smooth(z))
    monkeypatch.setattr(ablation, "blur", lambda x: x)
    np.testing.assert_allclose(rough(z), smooth(z), atol=1e-6)


@pytest.mark.slow
def test_a_sheet_is_filled_and_summed_up():
    sheet = ablation.StyleTrials(ablation.STEPS)
    only = ["A  ProGAN", "F  + mixing"]
    told = sheet.fill(random(8, 4, 4, 1), seeds=(1, 2), plan=progan_gan.Plan(1), only=only, widths=(4,), codings=4,
                      batch_size=4, count=20, pairs=6, eagerly=True)  # fmt: skip
    assert told == {"seeds": 2, "steps": 2}
    rows = ablation.summary(sheet.history.history)
    assert [row[0] for row in rows] == only and all(row[2] <= row[1] <= row[3] for row in rows)
    assert np.isnan(rows[0][6]) and np.isfinite(rows[1][6]) and np.isfinite(rows[0][5])
    black = np.asarray(sheet.pictures).max(axis=(1, 2, 3)) == 0
    assert black.tolist() == [False, True, True, True, True, False]
