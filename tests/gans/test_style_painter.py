"""The painter against the network it paints with; what is kept of a training; the ablation's steps."""

import keras
import numpy as np
import pytest

from helpers.gans.progan import gan as progan_gan
from helpers.gans.stylegan import ablation, figures, mixing
from helpers.gans.stylegan import gan as stylegan_gan
from helpers.gans.stylegan import painter as stylegan_painter
from helpers.gans.stylegan.gan import StyleGAN
from helpers.gans.stylegan.networks import StyleDiscriminator, StyleGenerator

pytestmark = pytest.mark.slow  # builds and trains models

RNG = np.random.default_rng(0)


def random(*shape):
    return RNG.normal(size=shape).astype("float32")


def gan(widths=(6, 4, 4, 3), codings=5, units=7):
    keras.utils.set_random_seed(2)
    made = StyleGAN(StyleGenerator(codings, units, widths, 1, depth=2), StyleDiscriminator(widths, 1), codings,
                    averaging=0.9, seed=1)  # fmt: skip
    made.compile(keras.optimizers.Adam(1e-3, 0.0, 0.99), keras.optimizers.Adam(1e-3, 0.0, 0.99))
    made.set_stage(made.last_stage)
    for layer in made.averaged.styled:
        layer.noise.scales.assign(random(layer.maps))
    made.mean_style.assign(random(units))
    return made


def test_the_painter_paints_what_the_network_paints():
    model = gan()
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


def test_truncated_draws_and_batches():
    model = gan()
    painter = stylegan_painter.Painter(model)
    images = painter.draw(stylegan_painter.MOST + 3, seed=1)
    assert images.shape == (stylegan_painter.MOST + 3, 28, 28) and 0 <= images.min() <= images.max() <= 1
    np.testing.assert_array_equal(images, painter.draw(stylegan_painter.MOST + 3, seed=1))
    same = painter.images(np.tile(painter.mean, (4, 1)), painter.noise(4, 8))
    np.testing.assert_allclose(painter.draw(4, seed=7, psi=0.0), same, atol=1e-5)


def test_smaller_images_are_enlarged():
    painter = stylegan_painter.Painter(gan((4, 3, 3)))
    images = painter.draw(2)
    assert painter.layers == 6 and images.shape == (2, 28, 28)
    np.testing.assert_array_equal(images[:, ::2, ::2], images[:, 1::2, 1::2])  # each pixel as a square


def test_what_is_kept_is_enough_to_paint():
    model, fresh = gan(), gan()
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


def test_a_swap_of_one_level_is_told_from_one_of_another():
    painter = stylegan_painter.Painter(gan())
    first, second = painter.styles(random(30, 5)), painter.styles(random(30, 5))
    report = mixing.swap_report(painter, first, second)
    assert list(report) == ["coarse", "middle", "fine"]
    assert all(list(row) == ["class", "silhouette", "brightness", "texture"] for row in report.values())
    same = mixing.swap_report(painter, first, first)
    assert all(row["silhouette"] == row["texture"] == 0 and np.isnan(row["class"]) for row in same.values())
    assert figures.swap_figure(same).alt


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


def test_the_finished_step_is_the_stylegan():
    model, plain = ablation.compiled_gan("F  + mixing", (4, 3), 4, depth=2), StyleGenerator(4, 4, (4, 3), 1, 2)
    plain.set_weights(model.generator.get_weights())
    z, noise = random(3, 4), plain.draw_noise(3, seed=1)
    np.testing.assert_allclose(model.generator(z, alpha=0.4, noise=noise), plain(z, alpha=0.4, noise=noise), atol=1e-6)


def test_the_smooth_generator_differs_by_the_blur_only(monkeypatch):
    rough = ablation.compiled_gan("A  ProGAN", (4, 3), 4).generator
    smooth = ablation.compiled_gan("B  + blurred up and down", (4, 3), 4).generator
    smooth.set_weights(rough.get_weights())
    z = random(2, 4)
    assert not np.allclose(rough(z), smooth(z))
    monkeypatch.setattr(ablation, "blur", lambda x: x)
    np.testing.assert_allclose(rough(z), smooth(z), atol=1e-6)


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
