"""The checks of lesson 16, StyleGAN: AdaIN and the noise layer; those of the other exercises lie beside it."""

import numpy as np

from helpers.exercises.assertions import NotYet, array, close, require, shape
from helpers.exercises.compiled import trains
from helpers.exercises.registry import exercise

EPSILON = 1e-8


def adain_by_loops(x, scale, bias):
    """Image by image and map by map."""
    out = np.empty_like(x)
    for i, c in np.ndindex(len(x), x.shape[-1]):
        one = x[i, :, :, c]
        centred = one - one.sum() / one.size
        out[i, :, :, c] = scale[i, c] * centred / np.sqrt((centred**2).sum() / one.size + EPSILON) + bias[i, c]
    return out


def adain_over(x, scale, bias, axes, root=True, ddof=0):
    """AdaIN with the statistics over other axes, or with the variance in place of its root."""
    variance = x.var(axis=axes, keepdims=True, ddof=ddof) + EPSILON
    normalized = (x - x.mean(axis=axes, keepdims=True)) / (np.sqrt(variance) if root else variance)
    return scale[:, None, None] * normalized + bias[:, None, None]


@exercise(
    "16.1",
    "AdaIN",
    reference="helpers.gans.stylegan.layers:adain",
    minutes=10,
    difficulty=1,
    hints=(
        "Three steps: subtract the mean, divide by the deviation, stretch and shift. Which axes are height and width?",
        "ops.mean(x, axis=(1, 2), keepdims=True) has the shape (batch, 1, 1, maps) and so fits x. The scale, "
        "(batch, maps), fits as scale[:, None, None, :].",
        "normalized = (x - ops.mean(x, axis=(1, 2), keepdims=True)) / ops.sqrt(ops.var(x, axis=(1, 2), keepdims=True) "
        "+ 1e-8); return scale[:, None, None, :] * normalized + bias[:, None, None, :]",
    ),
)
def check_adain(answer, seed):
    from helpers.backend import keras

    rng = np.random.default_rng(seed)
    batch, h, w, maps = 3, 5, 4, 6
    x = rng.normal(1.0, 2.0, (batch, h, w, maps)) * rng.uniform(0.5, 3, (batch, 1, 1, maps)) + rng.normal(size=maps)
    scale, bias = rng.normal(0, 2, (batch, maps)), rng.normal(0, 2, (batch, maps))

    def ask(*inputs):
        return answer(*(keras.ops.convert_to_tensor(each, "float32") for each in inputs))

    mean, deviation = x.mean(axis=(1, 2), keepdims=True), x.std(axis=(1, 2), keepdims=True)
    s, b = scale[:, None, None], bias[:, None, None]
    named = {
        "these are the statistics over the batch as well, as in batch normalization: an image must not depend on the "
        "others": adain_over(x, scale, bias, (0, 1, 2)),
        "statistics over the batch only: they belong to height and width": adain_over(x, scale, bias, 0),
        "statistics over all maps of an image together, as in layer normalization: each map has its own": adain_over(
            x, scale, bias, (1, 2, 3)
        ),
        "statistics over the maps at each place, as in pixel normalization: take height and width": adain_over(
            x, scale, bias, 3
        ),
        "statistics along one of the two axes only: height and width together": adain_over(x, scale, bias, 1),
        "statistics along the width only: height and width together": adain_over(x, scale, bias, 2),
        "divided by the variance: σ is its root": adain_over(x, scale, bias, (1, 2), root=False),
        "the variance has the divisor n − 1 here: the mean of the squared differences has n": adain_over(
            x, scale, bias, (1, 2), ddof=1
        ),
        "scale and bias are exchanged": adain_over(x, bias, scale, (1, 2)),
        "the mean was not subtracted": s * x / deviation + b,
        "the deviation is missing: divide by it": s * (x - mean) + b,
        "nothing was normalized": s * x + b,
        "the bias is missing": s * (x - mean) / deviation,
        "the scale is missing": (x - mean) / deviation + b,
        "the bias was stretched too: first the scale, then the bias": s * ((x - mean) / deviation + b),
        "this is 1 + scale: the formula has the scale itself": (1 + s) * (x - mean) / deviation + b,
        "the style was subtracted where it is added": s * (x - mean) / deviation - b,
        "only normalized: the style has not come in yet": (x - mean) / deviation,
        "multiplied by the deviation: divide by it": s * (x - mean) * deviation + b,
        "statistics over the axes (2, 3), width and maps here: height and width are the axes 1 and 2": adain_over(
            x, scale, bias, (2, 3)
        ),
        "statistics over the axes (1, 3), height and maps here: height and width are the axes 1 and 2": (
            adain_over(x, scale, bias, (1, 3))
        ),
        "this is 1 + scale, and the bias is missing": (1 + s) * (x - mean) / deviation,
        "divided by the mean square: the mean is subtracted before the deviation is taken": (
            s * (x - mean) / np.sqrt(np.square(x).mean(axis=(1, 2), keepdims=True)) + b
        ),
        "the style of the first image was used for all": s[:1] * (x - mean) / deviation + b[:1],
        "divided by the mean absolute difference: the deviation is the root of the mean square": (
            s * (x - mean) / np.abs(x - mean).mean(axis=(1, 2), keepdims=True) + b
        ),
        "brought to [0, 1]: AdaIN subtracts the mean and divides by the deviation": (
            s * (x - x.min(axis=(1, 2), keepdims=True)) / np.ptp(x, axis=(1, 2), keepdims=True) + b
        ),
    }
    look = "mean and variance over axis=(1, 2) with keepdims=True; then times the scale, plus the bias"
    close(ask(x, scale, bias), adain_by_loops(x, scale, bias), "the maps", look, 1e-3, 1e-3, named)
    faint = 1e-3 * x
    variance, centre = faint.var(axis=(1, 2), keepdims=True), faint - faint.mean(axis=(1, 2), keepdims=True)
    others = {
        f"the number under the root is {tiny:g} here; 1e-8 is asked for, since faint maps have a small variance": (
            s * centre / np.sqrt(variance + tiny) + b
        )
        for tiny in (1.0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7)
    }
    others["nothing is added under the root: a map that is constant would give 0/0"] = (
        s * centre / np.sqrt(variance) + b
    )
    others |= {
        f"a number ({tiny:g}) is added to the deviation; 1e-8 belongs under the root": (
            s * centre / (np.sqrt(variance) + tiny) + b
        )
        for tiny in (1e-2, 1e-3, 1e-4, 1e-5)
    }
    close(ask(faint, scale, bias), adain_by_loops(faint, scale, bias), "faint maps", look, 2e-3, 2e-3, others)
    flat = np.full((2, 3, 3, 2), 0.5)
    close(
        ask(flat, scale[:2, :2], bias[:2, :2]),
        np.broadcast_to(bias[:2, None, None, :2], flat.shape),
        "maps that were constant",
        "a constant map has deviation 0: the small number under the root keeps 0/0 away",
        1e-2,
        1e-2,
    )
    trains(answer, (x, scale, bias), lambda x, s, b: adain_over(x, s, b, (1, 2)), "the maps", unknown_batch=False)


@exercise(
    "16.2",
    "A layer for noise",
    reference="helpers.gans.stylegan.layers:Noise",
    minutes=15,
    difficulty=2,
    hints=(
        "The layer has a single weight: one number for each map. input_shape[-1] is how many maps there are.",
        "self.scales = self.add_weight(shape=(input_shape[-1],), initializer='zeros'). In call, noise (batch, h, w, 1) "
        "times a vector (maps,) is (batch, h, w, maps): the last axis stretches by itself.",
        "build: self.scales = self.add_weight(shape=(input_shape[-1],), initializer='zeros', name='scales'); "
        "call: return x + noise * self.scales",
    ),
)
def check_noise(answer, seed):
    from helpers.backend import keras

    require(
        isinstance(answer, type),
        got=f"{type(answer).__name__}, which is no class",
        expected="the class itself",
        look="hand check the class, without brackets",
    )
    rng = np.random.default_rng(seed)
    batch, h, w, maps = 3, 4, 5, 6
    layer = answer()
    require(
        isinstance(layer, keras.layers.Layer),
        got=type(layer).__name__,
        expected="a Keras layer",
        look="class ScaledNoise(keras.layers.Layer)",
    )
    x, noise = (
        rng.normal(size=(batch, h, w, maps)).astype("float32"),
        rng.normal(size=(batch, h, w, 1)).astype("float32"),
    )
    first = layer(keras.ops.convert_to_tensor(x), keras.ops.convert_to_tensor(noise))
    if not layer.weights:
        raise NotYet(
            got="a layer without weights",
            expected="one, self.scales, that is learned",
            look="self.scales = self.add_weight(…) in build; a constant cannot learn",
        )
    scales = getattr(layer, "scales", None)
    if scales is None:
        raise NotYet(
            got="no self.scales", expected="the weight under this name", look="self.scales = self.add_weight(…)"
        )
    found = tuple(scales.shape)
    look = {
        (): "this is one factor for all maps; each map has its own",
        (1,): "this is one factor for all maps; each map has its own",
        (h, w, maps): "a factor for each pixel as well: an image of another size could not be noised. One for each map",
        (h,): "input_shape[-1] is the number of maps",
        (w,): "input_shape[-1] is the number of maps",
        (batch,): "input_shape[-1] is the number of maps; input_shape[0] is the batch",
    }.get(found, "shape=(input_shape[-1],): one factor for each map")
    require(found == (maps,), got=f"scales of shape {found}", expected=f"({maps},), for {maps} maps", look=look)
    require(
        len(layer.weights) == 1,
        got=f"{len(layer.weights)} weights",
        expected="one, the scales",
        look="nothing else is learned here",
    )
    require(
        len(layer.trainable_weights) == 1,
        got="scales that are not trained",
        expected="a trainable weight",
        look="add_weight(…) makes trainable weights, unless it is told otherwise",
    )
    start = np.asarray(scales)
    look = "initializer='zeros': the generator begins without noise and takes in what helps it"
    if np.allclose(start, 1):
        look = "they start at 1: the first images would be noise. " + look
    require(np.allclose(start, 0), got=f"scales that start at {start.ravel()[0]:.3g}", expected="0", look=look)
    shape(first, x.shape, "the maps", "the noise has to be added to every map: (batch, h, w, 1) · (maps,)")
    close(
        first,
        x,
        "the maps at the start",
        "with factors of 0 nothing changes",
        mistakes={
            "the maps are lost: noise is added to them": 0 * x,
            "the noise was added as it is: multiply it by self.scales first": x + noise,
            "the maps were multiplied by the factors, too: only the noise is": 0 * x + noise,
        },
    )
    factors = rng.normal(size=maps).astype("float32")
    scales.assign(factors)
    out = array(layer(keras.ops.convert_to_tensor(x), keras.ops.convert_to_tensor(noise)), "the maps")
    _in_every_mode(layer, x, noise, out)
    again = layer(keras.ops.convert_to_tensor(x), keras.ops.convert_to_tensor(noise))
    require(
        np.allclose(again, out),
        got="other maps from the same noise",
        expected="the same",
        look="use the noise that you are given, and draw none in the layer",
    )
    other = layer(keras.ops.convert_to_tensor(x), keras.ops.convert_to_tensor(noise[::-1]))
    look = "x + noise * self.scales"
    if np.allclose(other, out):
        look = "the maps stay the same with other noise: use the noise that you are given, and draw none in the layer"
    close(
        out,
        x + noise * factors,
        "the maps with other factors",
        look,
        1e-4,
        1e-5,
        {
            "the factors are not used": x,
            "the noise was added as it is: multiply it by self.scales": x + noise,
            "the maps are lost: noise is added to them": np.broadcast_to(noise * factors, x.shape),
            "the maps were multiplied by the factors, too: only the noise is": (x + noise) * factors,
            "the maps were multiplied by the noise: it is added": x * noise * factors,
            "the maps were multiplied: noise is added": x * (1 + noise * factors),
            "subtracted: of noise it makes no difference, but do as the text says": x - noise * factors,
            "the factors were added to the noise: they multiply it": x + noise + factors,
            "the factors alone were added: where is the noise?": x + factors,
        },
    )

    def noised(a, b):
        return a + b * factors

    trains(lambda a, b: layer(a, b), (x, noise), noised, "the noised maps", unknown_batch=False)
    small = rng.normal(size=(2, 2, 3, maps)).astype("float32"), rng.normal(size=(2, 2, 3, 1)).astype("float32")
    close(layer(*map(keras.ops.convert_to_tensor, small)), noised(*small), "maps of another size",
          "nothing of the layer may depend on height and width", 1e-4, 1e-5)  # fmt: skip


def _in_every_mode(layer, x, noise, out):
    """NotYet where the noise depends on whether the network is being trained."""
    from helpers.backend import keras

    given = keras.ops.convert_to_tensor(x), keras.ops.convert_to_tensor(noise)
    if not np.allclose(layer(*given), out, atol=1e-5):  # noise of its own, which has words of its own
        return
    try:
        others = [layer(*given, training=mode) for mode in (True, False)]
    except TypeError:  # a layer that does not ask for the mode
        return
    require(
        all(np.allclose(other, out, atol=1e-5) for other in others),
        got="noise in one mode and none in the other",
        expected="the same in training and afterwards",
        look="the noise is part of the image here, and no regularization: leave `training` out",
    )
