"""A small convolutional denoiser: coarse view and fine view of an image, and a gate that keeps what is good enough.

It has no neck and is no hourglass: each stage of the way up also sees what the way down had at that size (a U-Net).
"""

from __future__ import annotations

from helpers.backend import keras

layers, ops = keras.layers, keras.ops


@keras.saving.register_keras_serializable(package="workbook")
class Gate(keras.layers.Layer):
    """Mixes the noisy image with a painted one, pixel by pixel: gate · noisy + (1 - gate) · painted.

    Called with (noisy (batch, h, w, 1), maps (batch, h, w, 2) in [0, 1]): the first map is the gate, the second the
    painting. Where the noise is weak the gate opens, and no network has to copy what can be passed on.
    """

    def call(self, inputs):
        noisy, maps = inputs
        gate, painted = maps[..., :1], maps[..., 1:]
        return gate * noisy + (1 - gate) * painted

    def compute_output_shape(self, input_shape):
        return input_shape[0]


def small_unet(channels: int = 32, units: int = 96, side: int = 28) -> keras.Model:
    """A denoiser for images (side, side), noisy ones to clean ones; not compiled. side: a multiple of 4.

    Two strided convolutions down, a dense layer that sees the whole image, two transposed convolutions up; kernel 4 at
    stride 2 throughout, which leaves no checkerboard (lesson 06). channels: of the first convolution; units: of the
    dense layer. Source: Ronneberger et al., 2015, arXiv 1505.04597 (the links between equal sizes).
    Raises ValueError for another side.
    """
    if side % 4:
        raise ValueError(f"side must be a multiple of 4, got {side}.")
    small = side // 4
    strided = {"kernel_size": 4, "strides": 2, "padding": "same"}
    image = keras.Input((side, side), name="noisy")
    noisy = layers.Reshape((side, side, 1))(image)
    fine = layers.Conv2D(channels, activation="silu", **strided)(noisy)
    coarse = layers.Conv2D(2 * channels, activation="silu", **strided)(fine)
    whole = layers.Dense(units, activation="silu")(layers.Flatten()(coarse))
    whole = layers.Dense(16 * small * small, activation="silu")(whole)
    coarse = layers.Concatenate()([coarse, layers.Reshape((small, small, 16))(whole)])
    up = layers.Conv2DTranspose(channels, activation="silu", **strided)(coarse)
    maps = layers.Conv2DTranspose(2, activation="sigmoid", **strided)(layers.Concatenate()([up, fine]))
    clean = layers.Reshape((side, side), name="clean")(Gate()([noisy, maps]))
    return keras.Model(image, clean, name="denoiser")
