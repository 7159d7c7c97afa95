"""The layers of StyleGAN (lesson 16): AdaIN, noise of its own for each map, blur, the mapping network, truncation.

Feature maps are (batch, height, width, maps); styles w are (batch, units).
Source: Karras, Laine and Aila, 2019, arXiv 1812.04948, section 2 and appendix C.
"""

from __future__ import annotations

import numpy as np

from helpers.backend import keras
from helpers.gans.progan.layers import EqualizedDense, pixel_norm
from helpers.gans.progan.networks import activate

layers, ops = keras.layers, keras.ops


def instance_norm(x, epsilon: float = 1e-8):
    """Each map of each image with mean 0 and standard deviation 1 over its height and width, same shape."""
    centred = x - ops.mean(x, axis=(1, 2), keepdims=True)
    return centred * ops.rsqrt(ops.mean(ops.square(centred), axis=(1, 2), keepdims=True) + epsilon)


def adain(x, scale, bias):
    """scale · (x − mean)/deviation + bias, the statistics over height and width of each image and map.

    x: (batch, h, w, maps).   scale, bias: (batch, maps).
    Source: Huang and Belongie, 2017, arXiv 1703.06868, equation 8.
    """
    return scale[:, None, None, :] * instance_norm(x) + bias[:, None, None, :]


def blur(x):
    """Smoothed with the weights 1, 2, 1 (by 4) along height and width: (batch, h, w, maps), same shape.

    Beyond the border are zeros. Of neighbours that repeat, as after `upsample`, it makes a linear passage.
    """
    batch, height, width, maps = x.shape
    weights = np.outer([1, 2, 1], [1, 2, 1]).astype("float32") / 16
    kernel = np.tile(weights[:, :, None, None], (1, 1, maps, 1))
    return ops.depthwise_conv(x, kernel, padding="same")


@keras.saving.register_keras_serializable(package="workbook")
class Noise(layers.Layer):
    """Adds noise to maps: one picture of it for each image, scaled for each map; the scales start at 0.

    Called on maps (batch, h, w, maps) and noise (batch, h, w, 1).
    """

    def build(self, input_shape):
        self.scales = self.add_weight(name="scales", shape=(input_shape[-1],), initializer="zeros")

    def call(self, x, noise):
        return x + noise * self.scales


@keras.saving.register_keras_serializable(package="workbook")
class Bias(layers.Layer):
    """Adds one learned number to each map."""

    def build(self, input_shape):
        self.bias = self.add_weight(name="bias", shape=(input_shape[-1],), initializer="zeros")

    def call(self, x):
        return x + self.bias


@keras.saving.register_keras_serializable(package="workbook")
class Style(layers.Layer):
    """AdaIN whose scale and bias come from a style w by one affine layer: (maps, w (batch, units)) → maps.

    The scale is 1 + what the affine layer gives, so that it starts near 1.
    """

    def __init__(self, maps: int, **kwargs):
        super().__init__(**kwargs)
        self.maps = maps
        self.affine = EqualizedDense(2 * maps, gain=1.0, name="affine")

    def build(self, input_shape):
        self.affine.build((None, input_shape[-1]))

    def call(self, x, w):
        scale, bias = ops.split(self.affine(w), 2, axis=-1)
        return adain(x, 1.0 + scale, bias)

    def get_config(self) -> dict:
        return {**super().get_config(), "maps": self.maps}


@keras.saving.register_keras_serializable(package="workbook")
class Mapping(keras.Model):
    """The mapping network: codings z (batch, k) → styles w (batch, units), by `depth` dense layers.

    rate: its learning rate as a share of the rest's; .01 in the paper.
    """

    def __init__(self, codings: int = 512, units: int = 512, depth: int = 8, rate: float = 0.01, **kwargs):
        super().__init__(**kwargs)
        self.codings, self.units, self.depth, self.rate = codings, units, depth, rate
        self.steps = [EqualizedDense(units, rate=rate, name=f"dense_{i}") for i in range(1, depth + 1)]
        self.build((None, codings))

    def build(self, input_shape):
        for i, layer in enumerate(self.steps):
            layer.build((None, self.units if i else self.codings))
        self.built = True

    def call(self, z, training=None):
        w = pixel_norm(z)
        for layer in self.steps:
            w = activate(layer(w))
        return w

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.units)

    def get_config(self) -> dict:
        own = {"codings": self.codings, "units": self.units, "depth": self.depth, "rate": self.rate}
        return {**super().get_config(), **own}


def mix(first, second, place):
    """Two styles for one image: `first` in the layers before `place`, `second` from there on.

    first, second: (batch, layers, units).   place: a whole number for all images, or one for each, (batch,).
    """
    order = ops.arange(first.shape[1])[None, :, None]
    place = ops.reshape(ops.cast(place, order.dtype), (-1, 1, 1))
    return ops.where(order < place, first, second)
