"""What students write in lessons 14 and 15 is what their networks are trained with, and the solutions are as good."""

import re

import keras
import numpy as np
import pytest
import tensorflow as tf

from helpers.exercises import registry
from helpers.gans.progan import gan as progan_gan
from helpers.gans.vanilla.networks import dense_pair
from tests.checks import proof
from tools.build import source

RNG = np.random.default_rng(0)
IMAGES = RNG.uniform(-1, 1, (24, 3, 4)).astype("float32")
SQUARES = RNG.uniform(-1, 1, (8, 8, 8, 1)).astype("float32")


def lesson(number, **instead):
    """The names of a lesson after its exercises and its own classes; `instead` takes the place of some of them."""
    page = next(one for one in proof.all_lessons() if one.number == number)
    names = dict(proof._first_cell(page.path))
    for cell in page.cells:
        defined = re.findall(r"^(?:def|class) (\w+)", cell.source, re.MULTILINE)
        if cell.cell_type == "code" and set(defined) & WANTED[number]:
            exec(compile(source.solved(cell.source), f"<lesson {number}>", "exec"), names)
            names |= {name: instead[name] for name in defined if name in instead}
    return names


EXERCISES = {
    "14": {
        "critic_loss": "14.2", "clip_weights": "14.3", "interpolate": "14.4", "gradient_penalty": "14.5",
        "PenalisedWGAN": "14.6",
    },
    "15": {
        "fade_in": "15.1", "grown_image": "15.2", "stage_at": "15.3", "pixel_norm": "15.4",
        "EqualizedConvolution": "15.5", "minibatch_deviation": "15.6",
    },
}  # fmt: skip
CLASSES = {"14": {"ClippedWGAN"}, "15": {"GrowingGenerator", "GrowingCritic", "OwnProGAN", "Timetable"}}
WANTED = {number: set(EXERCISES[number]) | CLASSES[number] for number in EXERCISES}


def references(number):
    return {name: registry.find(id).load_reference() for name, id in EXERCISES[number].items()}


def weights_of(gan):
    return [np.asarray(w) for network in (gan.generator, gan.discriminator) for w in network.weights]


def equal(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def spied(functions):
    """The functions, each of which notes its calls; and the notes."""
    calls = dict.fromkeys(functions, 0)

    def watch(name, function):
        if isinstance(function, type):
            call = function.call

            def counted(self, x):
                calls[name] += 1
                return call(self, x)

            return type(function.__name__, (function,), {"call": counted})

        def counted(*args, **kwargs):
            calls[name] += 1
            return function(*args, **kwargs)

        return counted

    return {name: watch(name, function) for name, function in functions.items()}, calls


# -- lesson 14


def trained_wgan(names, eagerly=True):
    """Weights after two steps of the lesson's WGAN-GP and of its clipped WGAN, on tiny networks."""
    found = []
    used = {name: names[name] for name in ("critic_loss", "interpolate", "gradient_penalty")}
    for kind, options in (("PenalisedWGAN", used), ("ClippedWGAN", {})):
        keras.utils.set_random_seed(1)
        gan = names[kind](*dense_pair(2, (5,), (3, 4)), 2, critic_steps=2, seed=3, averaging=0.9, **options)
        gan.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1), run_eagerly=eagerly)
        gan.fit(IMAGES, batch_size=12, epochs=1, shuffle=False, verbose=0)
        found.append(weights_of(gan))
    return found


def test_wgan_solutions_train_as_the_references_do_to_the_last_bit():
    solved, reference = (trained_wgan(names) for names in (lesson("14"), lesson("14", **references("14"))))
    assert all(equal(*pair) for pair in zip(solved, reference, strict=True))
    assert all(np.isfinite(w).all() for gan in solved for w in gan)
    assert max(np.abs(w).max() for w in solved[1][4:]) <= 0.01 + 1e-7  # the clipped critic


@pytest.mark.slow
def test_own_wgans_train_compiled_as_they_do_uncompiled():
    names = lesson("14")
    for one, other in zip(trained_wgan(names), trained_wgan(names, eagerly=False), strict=True):
        for a, b in zip(one, other, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-4)


def test_all_own_parts_of_lesson_14_are_called_in_training():
    functions = {name: one for name, one in lesson("14").items() if name in EXERCISES["14"]}
    del functions["PenalisedWGAN"]
    watched, calls = spied(functions)
    trained_wgan(lesson("14", **watched))
    assert min(calls.values()) > 0, calls


@pytest.mark.slow
def test_a_wrong_part_of_lesson_14_changes_the_training():
    right = trained_wgan(lesson("14"))
    wrong = {
        "critic_loss": lambda real, fake: tf.reduce_mean(real) - tf.reduce_mean(fake),
        "interpolate": lambda real, fake: real,
        "gradient_penalty": lambda critic, points: tf.reduce_mean(critic(points)) * 0.0,
        "clip_weights": lambda network, limit: None,
    }
    for name, function in wrong.items():
        other = trained_wgan(lesson("14", **{name: function}))
        same = [equal(*pair) for pair in zip(right, other, strict=True)]
        expected = {"critic_loss": [False, False], "clip_weights": [True, False]}.get(name, [False, True])
        assert same == expected, name


# -- lesson 15


def trained_progan(names, eagerly=True):
    """Weights after a plan of two stages of the lesson's growing pair."""
    keras.utils.set_random_seed(1)
    pair = names["GrowingGenerator"](5, (4, 3)), names["GrowingCritic"]((4, 3))
    gan = names["OwnProGAN"](*pair, 5, averaging=0.9, seed=2)
    gan.compile(*(keras.optimizers.Adam(0.01, 0.0, 0.99) for _ in range(2)), run_eagerly=eagerly)
    plan = names["Timetable"](2, 1, 1)
    gan.fit(SQUARES, batch_size=4, epochs=3, shuffle=False, verbose=0, callbacks=[progan_gan.Grow(plan)])
    assert gan.generate(gan.draw_codings(4)).shape == (4, 8, 8, 1)
    return weights_of(gan), gan


def test_progan_solutions_train_as_the_references_do_to_the_last_bit():
    solved, gan = trained_progan(lesson("15"))
    reference, _ = trained_progan(lesson("15", **references("15")))
    assert equal(solved, reference) and all(np.isfinite(w).all() for w in solved)
    assert gan.stage == 1 and float(gan.alpha) == 1.0
    averaged = [np.asarray(w) for w in gan.averaged.weights]
    assert len(averaged) == len(gan.generator.weights) and not equal(averaged, solved[: len(averaged)])


@pytest.mark.slow
def test_the_own_pair_trains_compiled_as_it_does_uncompiled():
    names = lesson("15")
    for a, b in zip(trained_progan(names)[0], trained_progan(names, eagerly=False)[0], strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-2, atol=1e-2)


def test_all_own_parts_of_lesson_15_are_called_in_training():
    watched, calls = spied({name: one for name, one in lesson("15").items() if name in EXERCISES["15"]})
    names = lesson("15", **watched)
    pair = names["GrowingGenerator"](5, (4, 3)), names["GrowingCritic"]((4, 3))
    gan = names["OwnProGAN"](*pair, 5, seed=2)
    gan.compile(*(keras.optimizers.SGD(0.01) for _ in range(2)), run_eagerly=True)
    gan.grow()
    calls |= dict.fromkeys(calls, 0)
    gan.train_step(tf.constant(SQUARES[:4]))
    gan.alpha.assign(names["Timetable"](2, 1, 1).at(1.5)[1])
    assert min(calls.values()) > 0 and float(gan.alpha) == 0.5, calls


def test_the_own_pair_is_the_old_one_at_alpha_0_and_uses_the_weights_of_its_stage():
    names = lesson("15")
    generator, critic = names["GrowingGenerator"](5, (4, 3, 2)), names["GrowingCritic"]((4, 3, 2))
    upsample, downsample = names["progan"].upsample, names["progan"].downsample
    z = RNG.normal(size=(4, 5)).astype("float32")
    for stage in (1, 2):
        x = RNG.normal(size=(4, 4 * 2**stage, 4 * 2**stage, 1)).astype("float32")
        before = generator(z, stage=stage - 1), critic(downsample(x), stage=stage - 1)
        np.testing.assert_allclose(generator(z, stage=stage, alpha=0.0), upsample(before[0]), atol=1e-5)
        np.testing.assert_allclose(critic(x, stage=stage, alpha=0.0), before[1], atol=1e-5)
    assert [len(generator.active_variables(stage)) for stage in (0, 1, 2)] == [6, 12, 16]
    assert [len(critic.active_variables(stage)) for stage in (0, 1, 2)] == [8, 14, 18]


@pytest.mark.slow
def test_a_wrong_part_of_lesson_15_changes_the_training():
    right, _ = trained_progan(lesson("15"))
    solved = lesson("15")
    conv = solved["EqualizedConvolution"]
    wrong = {
        "fade_in": lambda smaller, larger, alpha: larger,
        "grown_image": lambda maps, block, old, new, alpha, norm, fade: solved["progan"].upsample(old(maps)),
        "stage_at": lambda epoch, stages, fade, steady: (0, 1.0) if epoch < steady else (1, 1.0),
        "pixel_norm": lambda x: x,
        "EqualizedConvolution": type("Loud", (conv,), {"call": lambda self, x: 2 * conv.call(self, x)}),
        "minibatch_deviation": lambda x: tf.concat([x, tf.zeros_like(x[..., :1])], axis=-1),
    }
    for name, part in wrong.items():
        assert not equal(right, trained_progan(lesson("15", **{name: part}))[0]), name
