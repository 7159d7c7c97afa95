"""The checks of lesson 08 on noise layers: exercises 8.1 and 8.2."""

import numpy as np

from helpers.exercises.assertions import NotYet, finite, require, shape
from helpers.exercises.compiled import gradient
from helpers.exercises.registry import exercise
from helpers.exercises.several import first_fitting

SIDES = (240, 6, 5)  # enough entries that a standard deviation is known to one percent


@exercise(
    "8.1",
    "Gaussian noise, while training",
    reference="helpers.autoencoders.denoising.layers:GaussianNoise",
    minutes=10,
    difficulty=1,
    hints=(
        "Two cases. When `training` is not true, the layer should not be noticed at all.",
        "keras.random.normal(shape) draws standard normal numbers, and ops.shape(inputs) is the shape of the whole "
        "batch. A standard deviation multiplies them.",
        "if not training: return inputs. Otherwise return "
        "inputs + self.sigma * keras.random.normal(ops.shape(inputs)).",
    ),
)
def check_gaussian_noise(answer, seed):
    sigma = 0.3
    rng = np.random.default_rng(seed)
    X = (rng.random(SIDES) * (rng.random(SIDES) < 0.6)).astype("float32")
    layer = _layer(answer, sigma)
    added = _noisy(layer, X) - X
    _fresh_everywhere(added, "the noise")
    likeness = np.corrcoef((X + added).ravel(), X.ravel())[0, 1]
    require(abs(likeness) > 0.1, got="noise alone, without the image", expected="the image with noise on it",
            look="return inputs + noise")  # fmt: skip
    require(not np.allclose(added[X == 0], 0), got="no noise on black pixels", expected="noise on every pixel alike",
            look="the noise is added to the image, not multiplied with it")  # fmt: skip
    require(added.min() < 0, got="noise that is never negative", expected="as much below 0 as above it",
            look="normal numbers have both signs: no abs, no square, no uniform numbers")  # fmt: skip
    low = (X + added).min()
    require(low < 0, got=f"noisy pixels of at least {low:.3g}", expected="some below 0, some above 1",
            look="nothing is to be clipped: at black pixels, half of the noise would be lost")  # fmt: skip
    _deviation(added, sigma)
    for _ in range(20):  # noise must come in every call, not in some
        spread = float((_noisy(layer, X) - X).std())
        require(abs(spread / sigma - 1) < 0.08, got=f"noise of standard deviation {spread:.3g} in one call of many",
                expected=f"{sigma} in every call", look="each call in training adds noise, and all of it alike"
                )  # fmt: skip
    _deviation(_noisy(_layer(answer, 0.8), X) - X, 0.8)
    spread = float((_noisy(layer, 4 * X) - 4 * X).std())
    require(abs(spread / sigma - 1) < 0.06, got=f"noise of standard deviation {spread:.3g} on images four times as "
            "bright", expected=f"{sigma}, as on all images", look="sigma alone says how large the noise is, not the "
            "brightest pixel")  # fmt: skip
    _only_in_training(layer, X)
    _fresh_when_compiled(layer, X)
    _lets_gradients_through(layer, X)


def _deviation(added, sigma):
    """NotYet unless the numbers `added` look like draws of N(0, sigma²), naming what else they are."""
    spread, mean = float(added.std()), float(added.mean())
    got = f"noise of standard deviation {spread:.3g} and mean {mean:.3g}"
    expected = f"standard deviation {sigma} and mean 0"
    folded = np.sqrt(1 - 2 / np.pi)  # the spread of |a| for standard normal numbers a
    for meaning, wrong, middle in (
        ("the second argument of keras.random.normal is the mean, the third is stddev: multiply by self.sigma, or name "
         "it, stddev=self.sigma", 1.0, sigma),
        ("the noise is never negative: half of normal numbers are (no abs, no square)", sigma * folded,
         sigma * np.sqrt(2 / np.pi)),
        ("the noise is never positive: half of normal numbers are", sigma * folded, -sigma * np.sqrt(2 / np.pi)),
        ("these are squares of normal numbers: add the numbers themselves", sigma * np.sqrt(2), sigma),
        ("these numbers are uniform from 0 to sigma: normal numbers have mean 0 and no ends", sigma / np.sqrt(12),
         sigma / 2),
        ("sigma was added to the standard normal numbers; it multiplies them", 1.0, sigma),
    ):  # fmt: skip
        fits = abs(spread / wrong - 1) < 0.05 and abs(mean - middle) < 0.1 * abs(middle)
        require(not fits, got=got, expected=expected, look=meaning)
    named = {
        "this is sigma squared: sigma is the standard deviation, which multiplies the standard normal numbers as it "
        "is, and not the variance": sigma**2,
        "this is the square root of sigma: it was taken for the variance, but sigma is the standard deviation": (
            sigma**0.5
        ),
        "sigma was not used: standard normal numbers have standard deviation 1": 1.0,
        "the numbers were divided by sigma": 1 / sigma,
        "this is 1 + sigma": 1 + sigma,
        "these numbers are uniform, not normal: keras.random.normal draws the right ones": sigma / np.sqrt(3),
        "this is a truncated normal, cut at two standard deviations: keras.random.normal has no ends": 0.88 * sigma,
        "this is twice sigma: was the noise added twice?": 2 * sigma,
        "this is half of sigma": sigma / 2,
        "this is the noise of two draws, added up: one is asked for": sigma * 2**0.5,
    }
    meaning = first_fitting(spread, sigma, lambda: named, rtol=0.05, atol=0)
    require(not meaning, got=got, expected=expected, look=meaning)
    require(abs(spread / sigma - 1) < 0.06, got=got, expected=expected,
            look="inputs + self.sigma * standard normal numbers, one for every pixel")  # fmt: skip
    require(abs(mean) < 6 * sigma / np.sqrt(added.size), got=got, expected=expected,
            look="normal numbers have mean 0: is something else added as well?")  # fmt: skip
    tails = float(np.mean((added - mean) ** 4) / spread**4)
    require(abs(tails - 3) < 0.5, got=f"noise with a fourth moment of {tails:.2f} (in units of its spread)",
            expected="3, as normal numbers have", look="keras.random.normal draws normal numbers")  # fmt: skip


@exercise(
    "8.2",
    "Masking noise, while training",
    reference="helpers.autoencoders.denoising.layers:MaskingNoise",
    minutes=10,
    difficulty=2,
    hints=(
        "Draw a number between 0 and 1 for every pixel. What share of them lies below `rate`?",
        "keras.random.uniform(shape) >= rate is true for the pixels that stay; ops.cast(…, inputs.dtype) turns true "
        "and false into 1 and 0. When self.rescale, divide by 1 - self.rate.",
        "kept = ops.cast(keras.random.uniform(ops.shape(inputs)) >= self.rate, inputs.dtype); outputs = inputs * kept; "
        "return outputs / (1 - self.rate) if self.rescale else outputs. And inputs alone when not training.",
    ),
)
def check_masking_noise(answer, seed):
    X = np.random.default_rng(seed).uniform(0.2, 1, SIDES).astype("float32")
    for rate, rescale in ((0.3, False), (0.3, True), (0.65, True)):
        layer = _layer(answer, rate, rescale)
        factors = _noisy(layer, X) / X
        require(not np.allclose(factors, 1), got="the images as they were, in training",
                expected=f"some {rate:.0%} of the pixels set to 0", look="when training, pixels get lost")  # fmt: skip
        gone = np.abs(factors) < 1e-6
        left = factors[~gone]
        require(not gone.all(), got="every pixel 0", expected=f"some {rate:.0%} of them",
                look="a number between 0 and 1 "
                "turned into a whole number is 0: compare it with self.rate first")  # fmt: skip
        require(gone.any(), got="no pixel that became 0", expected=f"some {rate:.0%} of them",
                look="masking multiplies by 0 or 1; it adds nothing")  # fmt: skip
        require(not np.array_equal(gone, rate > X), got="the dark pixels lost, those below `rate`",
                expected="pixels lost by chance",
                look="compare numbers that are drawn with `rate`, not the pixels themselves")  # fmt: skip
        _fresh_everywhere(gone, "the mask")
        bright = np.minimum(X / (1 - rate), 1)
        require(not rescale or not np.allclose(left, (bright / X)[~gone]), got="no pixel above 1",
                expected=f"some up to {1 / (1 - rate):.3g}: what stays is divided by 1 - rate",
                look="nothing is to be clipped: the mean of a pixel over many draws would fall")  # fmt: skip
        _kept(left, rate, rescale)
        share = float(gone.mean())
        require(abs(share - (1 - rate)) > 0.04, got=f"{share:.0%} of the pixels lost", expected=f"{rate:.0%}",
                look="the other way round: `rate` is the share that gets lost, not the share that stays")  # fmt: skip
        require(abs(share - rate) < 0.03, got=f"{share:.1%} of the pixels lost", expected=f"{rate:.0%}",
                look="a uniform number lies below `rate` with probability `rate`")  # fmt: skip
        numbers = gone.reshape(len(gone), -1).sum(axis=1)
        require(np.ptp(numbers) > 0, got=f"exactly {numbers[0]} pixels lost in every image",
                expected="in some more, in some fewer: each pixel is lost on its own",
                look="a draw for each pixel, compared with `rate`; no fixed number, no shuffling")  # fmt: skip
        for _ in range(10):
            lost = float(np.mean(np.abs(_noisy(layer, X)) < 1e-6))
            require(abs(lost - rate) < 0.04, got=f"{lost:.0%} of the pixels lost in one call of many",
                    expected=f"some {rate:.0%} in every call", look="a fresh draw for every pixel, at every call"
                    )  # fmt: skip
        _only_in_training(layer, X)
    _fresh_when_compiled(layer, X)
    _lets_gradients_through(layer, X)


def _kept(left, rate, rescale):
    """NotYet unless the pixels that were not lost have the right value."""
    factor = float(np.median(left))
    got = f"pixels that stay are multiplied by {factor:.3g} with rate={rate} and rescale={rescale}"
    right = 1 / (1 - rate) if rescale else 1.0
    expected = f"multiplied by {right:.4g}"
    if not np.allclose(left, factor, rtol=1e-4):
        raise NotYet(got="pixels that stay are changed by different factors", expected=expected,
                     look="a pixel either gets lost or stays: compare the uniform numbers with rate")  # fmt: skip
    named = {
        "self.rescale was not looked at: with it, what stays is divided by 1 - rate": 1.0,
        "without rescale a pixel that stays keeps its value": 1 / (1 - rate),
        "multiplied by 1 - rate where it should be divided: what is left must make up for what is lost": 1 - rate,
        "divided by rate: it is the share that stays, 1 - rate, that the mean shrinks by": 1 / rate,
    }
    meaning = first_fitting(factor, right, lambda: named, rtol=0, atol=1e-3)
    if not meaning and rescale and abs(factor / right - 1) < 0.05:
        meaning = "this makes up for what was lost in this very draw; divide by 1 - rate, whatever the draw"
    look = meaning or "what should happen to a pixel that stays?"
    require(abs(factor - right) < 1e-3, got=got, expected=expected, look=look)


def _layer(answer, *options):
    import keras

    if not isinstance(answer, type):
        raise NotYet(got=f"{type(answer).__name__}", expected="the class of a Keras layer",
                     look="class …(keras.layers.Layer)")  # fmt: skip
    layer = answer(*options)
    require(isinstance(layer, keras.layers.Layer), got=type(layer).__name__, expected="a Keras layer",
            look="the line with `class` should name keras.layers.Layer in brackets")  # fmt: skip
    return layer


def _noisy(layer, X):
    made = layer(X, training=True)
    require(np.asarray(made).dtype != bool, got="true and false as pixels", expected="numbers",
            look="an image times true or false is no image here: ops.cast(kept, inputs.dtype) turns true into 1, false "
            "into 0")  # fmt: skip
    out = shape(made, X.shape, "the noisy batch", "the noise has the shape of the inputs")
    out = finite(out, "the noisy batch")
    require(not np.allclose(out, X), got="the images as they were, in training", expected="noise on them",
            look="noise belongs to training=True, its absence to everything else. (Numbers between 0 and 1 cast to "
            "bool "
            "are all true: compare them first.)")  # fmt: skip
    return out


def _fresh_everywhere(noise, what):
    """NotYet if images share their noise, or the pixels of an image theirs."""
    noise = np.asarray(noise, dtype=float)
    equal = 1e-5  # what rounding leaves of a difference
    require(np.ptp(noise, axis=0).max() > equal, got=f"{what} is the same for all images of the batch",
            expected="noise of its own for each image",
            look="draw for the shape of the whole batch, ops.shape(inputs), not for one image")  # fmt: skip
    require(np.ptp(noise, axis=(1, 2)).max() > equal, got=f"{what} is the same for all pixels of an image",
            expected="noise of its own for each pixel", look="draw for the shape of the whole batch")  # fmt: skip
    require(np.ptp(noise, axis=2).max() > equal, got=f"{what} is the same along each row of an image",
            expected="noise of its own for each pixel", look="draw for the whole shape, the last axis too")  # fmt: skip


def _only_in_training(layer, X):
    for name, out in (("training=False", layer(X, training=False)), ("no `training` at all", layer(X))):
        out = shape(out, X.shape, f"the output with {name}", "return the inputs when not training")
        require(np.allclose(out, X), got=f"a changed image with {name}", expected="the image as it was",
                look="noise is for training only: `if not training: return inputs`")  # fmt: skip


def _fresh_when_compiled(layer, X):
    """NotYet if two calls give the same noise, also inside a compiled step, whose batch size is not known."""
    import tensorflow as tf

    again = "noise drawn once (in __init__, or with a fixed seed) is learned by heart: draw in `call`, without a seed"
    first, second = (np.asarray(layer(X, training=True)) for _ in range(2))
    require(not np.allclose(first, second), got="the same noise in two calls", expected="fresh noise", look=again)

    def noisy(images):
        return layer(images, training=True)

    try:
        step = tf.function(noisy, autograph=False).get_concrete_function(tf.TensorSpec((None, *X.shape[1:])))
        first, second = (step(tf.constant(X)).numpy() for _ in range(2))
    except NotImplementedError:
        raise
    except Exception as error:
        raise NotYet(got=f"inside a compiled training step: {type(error).__name__}", expected="noise there as well",
                     look="there the batch size is not known beforehand: draw with keras.random for ops.shape(inputs)"
                     ) from None  # fmt: skip
    require(not np.allclose(first, second), got="the same noise in every compiled training step",
            expected="fresh noise in each", look="np.random runs once, while the step is compiled, and its numbers are "
            "frozen there; keras.random draws whenever the step runs")  # fmt: skip


def _lets_gradients_through(layer, X):
    slope = gradient(lambda images: layer(images, training=True), X, "the layer")
    require(np.any(slope != 0), got="a gradient of 0 by the inputs", expected="one: whatever stands before the layer "
            "learns through it", look="use the inputs themselves; stop_gradient cuts the way back")  # fmt: skip
