"""A StyleGAN of handed-over parts: with lesson 16's solutions it is the workbook's own, and a wrong part is seen."""

from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from helpers.gans import penalties, progan, samples, stylegan
from helpers.gans.progan import Grow, Plan
from helpers.gans.stylegan import mixing
from tools.build import source

LESSON = next((Path(__file__).resolve().parents[2] / "solutions").glob("16_*.py"))
WIDTHS = (6, 4)
STARTS = ("def adain", "class ScaledNoise", "class StyledLayer", "class Generator", "def mix", "def crossovers")
STARTS += ("def r1_penalty",)


def parts(**changed) -> dict:
    """What the cells of the lesson define, solved; `changed` takes the place of a part of this name."""
    names = {"keras": keras, "np": np, "ops": keras.ops, "progan": progan, "stylegan": stylegan, "tf": tf}
    exec("from collections.abc import Callable", names)
    cells = ["\n" + cell.source for cell in source.read(LESSON).cells if cell.cell_type == "code"]
    for start in STARTS:
        (cell,) = [text for text in cells if f"\n{start}" in text]
        exec(cell, names)
        names |= {name: part for name, part in changed.items() if name in start}
    return names


def compiled(gan, eagerly=False):
    gan.compile(*(keras.optimizers.Adam(1e-3, 0.0, 0.99) for _ in range(2)), run_eagerly=eagerly)
    return gan


def reference(eagerly=False):
    keras.utils.set_random_seed(1)
    networks = stylegan.StyleGenerator(5, 5, WIDTHS, 1, depth=2), stylegan.StyleDiscriminator(WIDTHS, 1)
    return compiled(stylegan.StyleGAN(*networks, 5, r1_every=2, averaging=0.9, seed=3), eagerly)


def assembled(names, eagerly=False, **rules):
    keras.utils.set_random_seed(1)
    networks = names["Generator"](5, 5, WIDTHS, 1, depth=2), stylegan.StyleDiscriminator(WIDTHS, 1)
    return compiled(stylegan.AssembledStyleGAN(*networks, 5, r1_every=2, averaging=0.9, seed=3, **rules), eagerly)


def trained(gan):
    X = np.random.default_rng(0).uniform(-1, 1, (12, 8, 8, 1)).astype("float32")
    plan = Plan(2)
    gan.fit(X, batch_size=4, epochs=plan.epochs, callbacks=[Grow(plan)], verbose=0)
    return [np.asarray(variable) for variable in (*gan.generator.weights, *gan.averaged.weights, gan.mean_style)]


@pytest.mark.slow
def test_with_the_solutions_it_trains_equally_to_the_last_bit():
    names = parts()
    own, given = trained(assembled(names, mix=names["mix"])), trained(reference())
    assert len(own) == len(given)
    for a, b in zip(own, given, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.slow
def test_the_solved_rules_train_as_those_of_the_workbook():
    names = parts()
    solved = {name: names[name] for name in ("mix", "crossovers")}
    given = {"mix": stylegan.layers.mix, "crossovers": mixing.crossovers}
    for a, b in zip(trained(assembled(names, **solved)), trained(assembled(names, **given)), strict=True):
        np.testing.assert_array_equal(a, b)
    gan, X = assembled(names), tf.random.normal((4, 4, 4, 1), seed=1)
    ours, theirs = (float(rule(gan.judge, X)) for rule in (names["r1_penalty"], penalties.r1_penalty))
    assert ours == pytest.approx(theirs, rel=1e-5)


def no_shift(x, scale, bias):
    return stylegan.adain(x, scale, 0 * bias)


class Loud(stylegan.Noise):
    def build(self, input_shape):
        self.scales = self.add_weight(shape=(input_shape[-1],), initializer="ones")


@pytest.mark.slow
@pytest.mark.parametrize("wrong", [{"adain": no_shift}, {"ScaledNoise": Loud}], ids=["AdaIN", "noise"])
def test_a_wrong_part_changes_what_is_drawn(wrong):
    right, other = assembled(parts()), assembled(parts(**wrong))
    for layer in (*right.generator.styled, *other.generator.styled):
        layer.affine.bias.assign(np.linspace(-1, 1, layer.affine.bias.shape[0]))
    codings = np.random.default_rng(2).normal(size=(3, 5)).astype("float32")
    images = []
    for gan in (right, other):
        gan.set_stage(1)
        gan.averaged.set_weights(gan.generator.get_weights())
        images.append(stylegan.Painter(gan).images(gan.averaged.mapping(codings)))
    assert np.abs(images[0] - images[1]).max() > 0.01


def counted(x, scale, bias):
    """AdaIN by somebody who asks how many images there are."""
    b, h, w, c = x.shape
    flat = keras.ops.reshape(x, (b, h * w, c))
    flat = flat - keras.ops.mean(flat, axis=1, keepdims=True)
    flat = flat / keras.ops.sqrt(keras.ops.mean(flat**2, axis=1, keepdims=True) + 1e-8)
    return keras.ops.reshape(flat * scale[:, None] + bias[:, None], (b, h, w, c))


@pytest.mark.slow
def test_a_part_may_ask_how_many_images_there_are():
    mine, given = assembled(parts(adain=counted)), assembled(parts())
    assert all(np.isfinite(values).all() for gan in (mine, given) for values in trained(gan))
    for count in (1, 3, 7):
        w = np.random.default_rng(count).normal(size=(count, 5)).astype("float32")
        mine.averaged.set_weights(given.averaged.get_weights())
        painted = [stylegan.Painter(gan).images(w) for gan in (mine, given)]
        assert np.allclose(*painted, atol=1e-4)
        assert len(samples.draw(mine, count)) == count


@pytest.mark.slow
def test_wrong_rules_change_the_training():
    names, given = parts(), trained(reference(eagerly=True))
    wrong = [
        {"mix": lambda first, second, places: (first + second) / 2},
        {"crossovers": lambda count, layers, share, rng: np.full(count, layers)},
        {"r1_penalty": lambda judge, real: 9.0 * penalties.r1_penalty(judge, real)},
    ]
    for rule in wrong:
        found = trained(assembled(names, eagerly=True, **rule))
        assert any(not np.allclose(a, b, atol=1e-6) for a, b in zip(found, given, strict=True)), rule


@pytest.mark.slow
def test_a_penalty_may_call_the_discriminator_as_a_model_is_called():
    def rule(discriminator, real):
        return penalties.r1_penalty(lambda x: discriminator(x, training=True), real)

    mine, given = trained(assembled(parts(), r1_penalty=rule)), trained(assembled(parts()))
    for a, b in zip(mine, given, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.slow
def test_the_weights_of_one_fit_the_other():
    names = parts()
    mine = names["Generator"](5, 5, WIDTHS, 1, depth=2)
    theirs = stylegan.StyleGenerator(5, 5, WIDTHS, 1, depth=2)
    for variable in theirs.weights:
        variable.assign(keras.random.normal(variable.shape, seed=len(variable.shape)))
    mine.set_weights(theirs.get_weights())
    codings = np.random.default_rng(2).normal(size=(3, 5)).astype("float32")
    noise = theirs.draw_noise(3, 1, seed=0)
    for stage, alpha in ((0, 1.0), (1, 0.4)):
        given = theirs(codings, stage=stage, alpha=alpha, noise=noise[: 2 * stage + 2])
        np.testing.assert_array_equal(mine(codings, stage=stage, alpha=alpha, noise=noise[: 2 * stage + 2]), given)
        assert np.isfinite(given).all() and np.std(given) > 0
