"""The checks of exercises 15.4 and 15.5: pixel normalization and the equalized convolution."""

import math

import numpy as np

from helpers.checks.lesson15.networks import laid
from helpers.exercises.assertions import NotYet, array, close, require
from helpers.exercises.compiled import carries, compiled, gradient, trains
from helpers.exercises.registry import exercise


@exercise(
    "15.4",
    "Pixel normalization",
    reference="helpers.gans.progan.layers:pixel_norm",
    minutes=10,
    difficulty=1,
    hints=(
        "At one place there is a vector with one number for each map. Divide it by one number: its size.",
        "Square, mean along the last axis (axis=-1, keepdims=True, so that it can divide x), add ε, take the root.",
        "return x / ops.sqrt(ops.mean(ops.square(x), axis=-1, keepdims=True) + epsilon)",
    ),
)
def check_pixel_norm(answer, seed):
    import tensorflow as tf

    rng = np.random.default_rng(seed)
    for size in ((3, 4, 5, 6), (4, 7)):
        x = (rng.normal(0.5, 2, size)).astype("float32")
        squares, sizes = x.astype(float) ** 2, np.sqrt(np.mean(x.astype(float) ** 2, axis=-1, keepdims=True))
        images = tuple(range(1, x.ndim))
        mistakes = {
            "the root is missing": x / sizes**2,
            "this divides by the length of the vector: the root of the *sum* of squares. Take the mean": (
                x / np.sqrt(squares.sum(axis=-1, keepdims=True))
            ),
            "the mean was subtracted; here it stays": (x - x.mean(axis=-1, keepdims=True)) / sizes,
            "this is a standardization: no mean is subtracted here": (
                (x - x.mean(axis=-1, keepdims=True)) / x.std(axis=-1, keepdims=True)
            ),
            "the deviation from the mean is no size: take the mean of x² itself": x / x.std(axis=-1, keepdims=True),
            "multiplied by its size instead of divided": x * sizes,
            "the mean is over the images of the batch: no other image may matter": (
                x / np.sqrt(squares.mean(axis=0, keepdims=True))
            ),
            "one size for the whole batch: each place of each image has its own": x / np.sqrt(squares.mean()),
            "absolute values instead of squares": x / np.abs(x).mean(axis=-1, keepdims=True),
            "divided by the largest value": x / np.abs(x).max(axis=-1, keepdims=True),
            "this divides by the length of the vector, and takes its square once more": x
            / squares.sum(axis=-1, keepdims=True),
            "nothing was divided": x,
            "multiplied by the square root of the number of maps once too often": x / sizes * np.sqrt(x.shape[-1]),
            "these are the sizes; divide x by them": sizes,
        }
        if x.ndim == 4:
            mistakes |= {
                "the mean is along axis 1, where some libraries have the maps; here they are the last axis": (
                    x / np.sqrt(squares.mean(axis=1, keepdims=True))
                ),
                "the mean is over the pixels; it should be over the maps at each pixel, the last axis": (
                    x / np.sqrt(squares.mean(axis=(1, 2), keepdims=True))
                ),
                "the mean is over all of an image; each place has a size of its own": (
                    x / np.sqrt(squares.mean(axis=images, keepdims=True))
                ),
                "the mean is over the columns of the image; the maps are the last axis": (
                    x / np.sqrt(squares.mean(axis=2, keepdims=True))
                ),
            }
        close(
            answer(tf.constant(x)), x / sizes, f"the maps {size} after pixel normalization",
            "over the root of the mean square along the last axis", 1e-4, 1e-5, mistakes,
        )  # fmt: skip
    size = np.sqrt(np.mean(x.astype(float) ** 2, axis=-1, keepdims=True))
    named = {
        "ε is added outside of the root; it belongs inside": x / (size + 2.0),
        "ε is missing, or a fixed number: use the argument `epsilon`": x / size,
    }
    right = x / np.sqrt(size**2 + 2.0)
    close(
        answer(tf.constant(x), epsilon=2.0),
        right,
        "the result for ε = 2",
        "ε is added inside the root",
        1e-4,
        1e-5,
        named,
    )
    small = (1e-4 * rng.normal(size=(2, 3, 3, 4))).astype("float32")
    mean = np.mean(small.astype(float) ** 2, axis=-1, keepdims=True)
    right, named = (
        small / np.sqrt(mean + 1e-8),
        {"without its own value ε is 1e-8; here it is missing": small / np.sqrt(mean)},
    )
    close(answer(tf.constant(small)), right, "very small maps", "ε = 1e-8, inside the root", 1e-3, 1e-5, named)
    zeros = np.zeros((1, 2, 2, 3), "float32")
    close(answer(tf.constant(zeros)), zeros, "maps that are 0", "0/0 is no number: ε inside the root prevents it")
    wide = rng.normal(size=(3, 2, 2, 4)).astype("float32")
    for maps in (x, wide):
        trains(
            answer, [maps], lambda a: a / np.sqrt(np.mean(a**2, axis=-1, keepdims=True) + 1e-8), "the normalization",
        )  # fmt: skip
    step, right = compiled(answer, tf.constant(small), unknown_batch=True), small / np.sqrt(mean + 1e-8)
    close(step(tf.constant(small)), right, "the compiled function", "stay with keras.ops", 1e-3, 1e-5)


@exercise(
    "15.5",
    "The equalized convolution",
    reference="helpers.gans.progan.layers:EqualizedConv2D",
    minutes=25,
    difficulty=3,
    seconds=20.0,
    hints=(
        "An output sees k · k places and all the maps of the input there: that many numbers are its fan-in.",
        'In build: keras.initializers.RandomNormal(stddev=1.0) for the kernel, "zeros" for the bias. In call: the '
        "kernel is multiplied by the root of 2 / fan-in each time; the stored one stays as it is.",
        'build, with k = self.kernel_size: self.kernel = self.add_weight(name="kernel", shape=(k, k, input_shape[-1], '
        'self.filters), initializer=keras.initializers.RandomNormal(stddev=1.0)), and the bias with "zeros". call: '
        "n = self.kernel_size**2 * x.shape[-1]; "
        'return ops.conv(x, self.kernel * (2 / n) ** 0.5, padding="same") + self.bias',
    ),
)
def check_equalized_convolution(answer, seed):
    import keras
    import tensorflow as tf

    require(
        isinstance(answer, type) and issubclass(answer, keras.layers.Layer),
        got=f"{getattr(answer, '__name__', type(answer).__name__)}, which is no class of layers",
        expected="the class EqualizedConvolution",
        look="class EqualizedConvolution(layers.Layer), handed over without brackets",
    )
    rng = np.random.default_rng(seed)
    for maps, filters, k in ((4, 5, 3), (6, 3, 1), (3, 4, 5)):
        layer = answer(filters, kernel_size=k)
        x = rng.normal(size=(2, 6, 7, maps)).astype("float32")
        layer(tf.constant(x))
        kernel, bias = _weights(layer, (k, k, maps, filters))
        n = k * k * maps
        right = math.sqrt(2 / n)
        first = np.asarray(kernel).copy()
        kernel.assign(rng.normal(size=kernel.shape))
        bias.assign(rng.normal(size=bias.shape))

        def made(factor, with_bias=1.0, x=x, kernel=kernel, bias=bias):
            return laid(x, _Fixed(np.asarray(kernel) * factor, np.asarray(bias) * with_bias))

        factors = {
            "the weights are divided by He's constant; they must be multiplied by it: N(0, 1) is too large, not too "
            "small": 1 / right,
            "the weights are used as they are: multiply them by √(2/n) in call": 1.0,
            "the gain is missing: √(2/n), not √(1/n)": math.sqrt(1 / n),
            "the gain is outside of the root: √(2/n), and not 2·√(1/n)": 2 / math.sqrt(n),
            "this is √(1/(2n)): the gain 2 belongs above": math.sqrt(1 / (2 * n)),
            "the root is missing: √(2/n)": 2 / n,
            "fan-in: an output sees k · k places, and the maps at each of them. Here only the maps are counted": (
                math.sqrt(2 / maps)
            ),
            "fan-in: an output sees the maps at its places, too. Here only the places are counted": math.sqrt(2 / k**2),
            "fan-in: k · k places, not k": math.sqrt(2 / (k * maps)),
            "this is the fan-out: the number of inputs of an output counts, not that of filters": (
                math.sqrt(2 / (k * k * filters))
            ),
            "this is the number of filters; fan-in is the number of inputs of an output": math.sqrt(2 / filters),
            "this is the number of all weights; fan-in is the number of inputs of one output": (
                math.sqrt(2 / (n * filters))
            ),
            "this is Glorot's constant, with inputs and outputs; He's has the inputs only": (
                math.sqrt(2 / (n + k * k * filters))
            ),
            "2/n is divided by 2 once too often, or the root is taken twice": math.sqrt(math.sqrt(2 / n)),
        }
        mistakes = {}
        for meaning, factor in factors.items():
            mistakes[meaning] = made(factor)
            mistakes[f"{meaning}. And the bias is missing"] = made(factor, 0.0)
        mistakes |= {
            "the kernel was scaled once, in build, and does not follow the training: scale it in call, each time": (
                laid(x, _Fixed(first * right, np.asarray(bias)))
            ),
            'the image was continued by its mirror at the edges; padding="same" puts zeros there': laid(
                x, _Fixed(np.asarray(kernel) * right, np.asarray(bias)), "reflect"
            ),
            'the pixels at the edge were repeated beyond it; padding="same" puts zeros there': laid(
                x, _Fixed(np.asarray(kernel) * right, np.asarray(bias)), "edge"
            ),
            "there is an activation behind; a convolution has none here (leaky ReLU comes later)": _leaky(made(right)),
            "there is a ReLU behind; a convolution has none here": np.maximum(made(right), 0),
            "the kernel is turned round: ops.conv(x, kernel) does not flip it": laid(
                x, _Fixed(np.asarray(kernel)[::-1, ::-1] * right, np.asarray(bias))
            ),
            "the bias is missing": made(right, 0.0),
            "the bias is scaled, too; it is added as it is": made(right, right),
            "the bias is subtracted": made(right, -1.0),
        }
        close(
            layer(tf.constant(x)), made(right), f"the output for {maps} maps, {filters} filters, kernel {k}",
            "kernel · √(2/n), n = k · k · maps of the input; then plus the bias", 1e-3, 1e-4, mistakes,
        )  # fmt: skip
    step = compiled(lambda images: layer(images), tf.constant(x), unknown_batch=True)
    close(step(tf.constant(x)), made(right), "the compiled layer", "stay with keras.ops", 1e-3, 1e-4)
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(layer(tf.constant(x)) ** 2)
    for slope, what in zip(tape.gradient(total, [kernel.value, bias.value]), ("kernel", "bias"), strict=True):
        carries(slope, f"the layer, back to its {what}")
    require(
        np.any(gradient(lambda images: layer(images), x, "the layer") != 0),
        got="a gradient of 0 by the inputs",
        expected="one: the layers before this one learn through it",
        look="use the inputs themselves; stop_gradient cuts the way back",
    )
    _started(answer, seed)


def _leaky(x):
    return np.where(x > 0, x, 0.2 * x)


class _Fixed:
    """Kernel and bias in the form that `laid` takes."""

    def __init__(self, kernel, bias):
        self.parts = [kernel, bias]

    def get_weights(self):
        return self.parts


def _weights(layer, shape):
    """(kernel, bias) of a layer that has been called, found by their shapes; NotYet if they are not there."""
    found = {tuple(v.shape): v for v in layer.trainable_variables}
    shapes = ", ".join(map(str, found)) or "none"
    look = "self.kernel = self.add_weight(name=…, shape=…, initializer=…) in build, and the same for self.bias"
    swapped = (*shape[:2], shape[3], shape[2])
    require(
        shape in found or swapped not in found,
        got=f"a kernel of the shape {swapped}",
        expected=f"{shape}",
        look="(k, k, maps of the input, filters), in this order",
    )
    if shape not in found:
        raise NotYet(got=f"trainable weights of the shapes: {shapes}", expected=f"a kernel {shape}", look=look)
    require(
        shape[-1:] in found,
        got=f"trainable weights of the shapes: {shapes}",
        expected=f"a bias {shape[-1:]}, too",
        look="one number for each filter, zeros at the start",
    )
    require(
        len(layer.trainable_variables) == 2,
        got=f"{len(layer.trainable_variables)} trainable weights, of the shapes {shapes}",
        expected="two, kernel and bias",
        look=look,
    )
    return found[shape], found[shape[-1:]]


def _started(answer, seed):
    """The first weights of a larger layer: N(0, 1) and zeros."""
    import keras

    keras.utils.set_random_seed(seed)
    layer = answer(48, kernel_size=3)
    layer.build((None, 8, 8, 32))
    kernel, bias = _weights(layer, (3, 3, 32, 48))
    spread, n = float(np.std(np.asarray(kernel))), 3 * 3 * 32
    known = {
        math.sqrt(
            2 / n
        ): "the stored weights are scaled already, as in an ordinary layer: then nothing is equalized. Store "
        "N(0, 1), and scale in call",
        math.sqrt(n / 2): "the stored weights are divided by the constant; store N(0, 1), and scale in call",
        0.05: '"random_normal" means a deviation of .05 in Keras: RandomNormal(stddev=1.0)',
        math.sqrt(2 / (n + 9 * 48)): "this is Keras' usual start (Glorot): RandomNormal(stddev=1.0)",
        math.sqrt(1 / 3): "these are uniform numbers: RandomNormal(stddev=1.0)",
        0.0: "all weights are equal: RandomNormal(stddev=1.0)",
    }
    off = min(known, key=lambda value: abs(math.log((value + 1e-9) / (spread + 1e-9))))
    near = abs(off - spread) < 0.1 * off + 1e-6
    require(
        abs(spread - 1) < 0.05 and abs(float(np.mean(np.asarray(kernel)))) < 0.05,
        got=f"first weights with mean {float(np.mean(np.asarray(kernel))):.2f} and deviation {spread:.3f}",
        expected="mean 0 and deviation 1",
        look=known[off] if near else "initializer=keras.initializers.RandomNormal(stddev=1.0)",
    )
    tails = float(np.mean(np.abs(np.asarray(kernel)) > 1.9))
    require(
        0.02 < tails < 0.12,
        got=f"{tails:.1%} of the first weights beyond ±1.9",
        expected="about 6 %, as a normal distribution has",
        look="keras.initializers.RandomNormal(stddev=1.0), neither uniform nor truncated",
    )
    start = array(bias, "the bias")
    require(not start.any(), got="a bias that does not start at 0", expected="zeros", look='initializer="zeros"')
