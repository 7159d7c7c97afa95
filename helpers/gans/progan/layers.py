"""The layers of progressive growing (lesson 15): equalized weights, pixel normalization, minibatch deviation.

Images and feature maps are (batch, height, width, maps).
Source of all of them: Karras, Aila, Laine and Lehtinen, 2018, arXiv 1710.10196, section 4 and appendix A.
"""

from __future__ import annotations

import math

from helpers.backend import keras

layers, ops = keras.layers, keras.ops


def he_constant(fan_in: int, gain: float = math.sqrt(2)) -> float:
    """gain/√fan_in: the standard deviation that keeps the size of the signal; gain √2 before a (leaky) ReLU.

    Source: He, Zhang, Ren and Sun, 2015, arXiv 1502.01852. Raises ValueError for a fan-in below 1.
    """
    if fan_in < 1:
        raise ValueError(f"A layer has at least one input, not {fan_in}.")
    return gain / math.sqrt(fan_in)


class Equalized(layers.Layer):
    """What equalized layers share: weights from N(0, 1), multiplied by He's constant each time they are used.

    gain: √2 before a (leaky) ReLU, 1 where nothing follows.   rate: factor on the learning rate of this layer: the
    stored weights are larger by 1/rate and are used times rate, so that steps of Adam count for less.
    """

    def __init__(self, gain: float = math.sqrt(2), rate: float = 1.0, use_bias: bool = True, **kwargs):
        super().__init__(**kwargs)
        if rate <= 0:
            raise ValueError(f"rate is a factor on the learning rate, so it must be above 0, got {rate}.")
        self.gain, self.rate, self.use_bias = gain, rate, use_bias

    def make_weights(self, shape: tuple[int, ...]) -> None:
        """A kernel of this shape, its outputs along the last axis, and a bias of zeros."""
        self.multiplier = he_constant(math.prod(shape[:-1]), self.gain) * self.rate
        start = keras.initializers.RandomNormal(stddev=1 / self.rate)
        self.kernel = self.add_weight(name="kernel", shape=shape, initializer=start)
        self.bias = self.add_weight(name="bias", shape=shape[-1:], initializer="zeros") if self.use_bias else None

    def effective_kernel(self):
        """The weights as the layer uses them."""
        return self.kernel * self.multiplier

    def add_bias(self, x):
        return x if self.bias is None else x + self.bias * self.rate

    def get_config(self) -> dict:
        return {**super().get_config(), "gain": self.gain, "rate": self.rate, "use_bias": self.use_bias}


@keras.saving.register_keras_serializable(package="workbook")
class EqualizedDense(Equalized):
    """A dense layer with an equalized learning rate: (batch, n) → (batch, units)."""

    def __init__(self, units: int, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def build(self, input_shape):
        self.make_weights((input_shape[-1], self.units))

    def call(self, x):
        return self.add_bias(ops.matmul(x, self.effective_kernel()))

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

    def get_config(self) -> dict:
        return {**super().get_config(), "units": self.units}


@keras.saving.register_keras_serializable(package="workbook")
class EqualizedConv2D(Equalized):
    """A convolution of stride 1 with an equalized learning rate: (batch, h, w, n) → (batch, h', w', filters)."""

    def __init__(self, filters: int, kernel_size: int = 3, padding: str = "same", **kwargs):
        super().__init__(**kwargs)
        self.filters, self.kernel_size, self.padding = filters, kernel_size, padding

    def build(self, input_shape):
        self.make_weights((self.kernel_size, self.kernel_size, input_shape[-1], self.filters))

    def call(self, x):
        return self.add_bias(ops.conv(x, self.effective_kernel(), padding=self.padding))

    def compute_output_shape(self, input_shape):
        batch, height, width, _ = input_shape
        cut = 0 if self.padding == "same" else self.kernel_size - 1
        return (batch, height - cut, width - cut, self.filters)

    def get_config(self) -> dict:
        own = {"filters": self.filters, "kernel_size": self.kernel_size, "padding": self.padding}
        return {**super().get_config(), **own}


def pixel_norm(x, epsilon: float = 1e-8):
    """x/√(mean of x² over the last axis + ε), same shape: at each place all maps together get the size 1."""
    return x * ops.rsqrt(ops.mean(ops.square(x), axis=-1, keepdims=True) + epsilon)


def minibatch_deviation(x, group: int = 4, epsilon: float = 1e-8):
    """x with one more map, constant over each image, that says how much the images of a group differ.

    x: (batch, h, w, maps) → (batch, h, w, maps + 1). For each map and place the standard deviation over the images
    of a group (divisor: their number; √(variance + ε)); then the mean of it over places and maps: one number.
    With m groups, image i is in group i mod m. A batch that is no multiple of `group` is filled up from its start.
    """
    batch, height, width, maps = ops.shape(x)
    group = min(group, batch) if isinstance(batch, int) else ops.minimum(group, batch)
    groups = (batch + group - 1) // group
    places = ops.arange(groups * group) % batch
    grouped = ops.reshape(ops.take(x, places, axis=0), (group, groups, height, width, maps))
    spread = ops.sqrt(ops.mean(ops.square(grouped - ops.mean(grouped, axis=0, keepdims=True)), axis=0) + epsilon)
    numbers = ops.mean(spread, axis=(1, 2, 3))  # one for each group
    own = ops.take(numbers, ops.arange(batch) % groups)
    planes = ops.broadcast_to(own[:, None, None, None], (batch, height, width, 1))
    return ops.concatenate([x, planes], axis=-1)


def upsample(x):
    """Twice as high and wide, each value four times: (batch, h, w, maps) → (batch, 2h, 2w, maps)."""
    return ops.repeat(ops.repeat(x, 2, axis=1), 2, axis=2)


def downsample(x):
    """Half as high and wide, each value the mean of four: (batch, 2h, 2w, maps) → (batch, h, w, maps)."""
    return ops.average_pool(x, 2, 2)


def fade_in(smaller, larger, alpha):
    """Images of two stages as one: (1 − α) · `smaller`, each pixel as a square of four, + α · `larger`.

    smaller: (batch, h, w, channels); those that are as large as the others are mixed as they are.
    larger: (batch, 2h, 2w, channels).   alpha: 0 gives the one, 1 the other exactly.
    """
    old = upsample(smaller) if smaller.shape[1] != larger.shape[1] else smaller
    return (1.0 - alpha) * old + alpha * larger
