"""Denoising autoencoders: noise in, clean image as the target, and what became of them at other levels of noise."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from helpers.autoencoders.autoencoder import Autoencoder
from helpers.autoencoders.denoising import noise
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
    """The denoiser of lesson 08 for images (side, side), noisy ones to clean ones; not compiled. side: a multiple of 4.

    Two strided convolutions down, a dense layer that sees the whole image, two transposed convolutions up, with links
    between equal sizes, and a `Gate` at the end. channels: of the first convolution; units: of the dense layer.
    Source: Ronneberger et al., 2015, arXiv 1505.04597 (the links).
    Raises ValueError for another side.
    """
    if side % 4:
        raise ValueError(f"side must be a multiple of 4, got {side}.")
    small = side // 4
    down = {"kernel_size": 4, "strides": 2, "padding": "same", "activation": "silu"}
    double = {"kernel_size": 2, "strides": 2, "activation": "silu"}
    image = keras.Input((side, side), name="noisy")
    noisy = layers.Reshape((side, side, 1))(image)
    fine = layers.Conv2D(channels, **down)(noisy)
    coarse = layers.Conv2D(2 * channels, **down)(fine)
    whole = layers.Dense(units, activation="silu")(layers.Flatten()(coarse))
    whole = layers.Dense(16 * small * small, activation="silu")(whole)
    coarse = layers.Concatenate()([coarse, layers.Reshape((small, small, 16))(whole)])
    coarse = layers.Conv2D(2 * channels, 3, padding="same", activation="silu")(coarse)
    up = layers.Concatenate()([layers.Conv2DTranspose(channels, **double)(coarse), fine])
    up = layers.Conv2DTranspose(channels // 2, **double)(up)
    maps = layers.Conv2D(2, 3, padding="same", activation="sigmoid")(layers.Concatenate()([up, noisy]))
    clean = layers.Reshape((side, side), name="clean")(Gate()([noisy, maps]))
    return keras.Model(image, clean, name="denoiser")


def overcomplete(
    image_shape: Sequence[int] = (28, 28), codings: int = 1024, *, front: keras.layers.Layer | None = None
) -> Autoencoder:
    """An autoencoder with more codings than pixels, one layer each way: ReLU codings, sigmoid output; not compiled.

    front: a layer such as noise_layers.MaskingNoise in front of the encoder, or None.
    With as many codings nothing forces it to learn anything: it may copy. Only noise in the inputs forbids that.
    """
    encoder = keras.Sequential(
        [
            keras.Input(tuple(image_shape)),
            *([] if front is None else [front]),
            layers.Flatten(),
            layers.Dense(codings, activation="relu", name="codings"),
        ],
        name="encoder",
    )
    decoder = keras.Sequential(
        [
            keras.Input((codings,)),
            layers.Dense(int(np.prod(image_shape)), activation="sigmoid", name="pixels"),
            layers.Reshape(tuple(image_shape)),
        ],
        name="decoder",
    )
    return Autoencoder(encoder, decoder, name="overcomplete")


def behind(front: keras.layers.Layer, model: Autoencoder) -> Autoencoder:
    """The same autoencoder (it shares the weights) with the layer `front` before its encoder; not compiled."""
    shape = tuple(model.encoder.input_shape[1:])
    encoder = keras.Sequential([keras.Input(shape), front, *model.encoder.layers], name="encoder")
    return Autoencoder(encoder, model.decoder, name="denoiser")


def fit_denoiser(
    model: keras.Model, X: np.ndarray, corrupt: Callable, epochs: int, batch_size: int, rng: np.random.Generator
) -> list[float]:
    """Train a compiled model to turn noisy images into clean ones: fresh noise in every epoch, X as the target.

    corrupt(X, rng): noisy images of the shape of X. Returns the loss of each epoch, a mean over its batches.
    """
    losses = []
    for epoch in range(epochs):
        past = model.fit(corrupt(X, rng), X, batch_size=batch_size, initial_epoch=epoch, epochs=epoch + 1, verbose=0)
        losses.append(float(past.history["loss"][-1]))
    return losses


def any_kind(ranges: dict[str, tuple[float, float]]) -> Callable:
    """A `corrupt(X, rng)` that gives each image one of several kinds of noise, at a level of its own.

    ranges: {kind: (low, high)}, kinds as in `noise.KINDS`; all equally likely.
    """

    def corrupt(X, rng):
        out, which = np.empty_like(X, dtype=np.float32), rng.integers(len(ranges), size=len(X))
        for number, (kind, (low, high)) in enumerate(ranges.items()):
            rows = which == number
            out[rows] = noise.corrupt(X[rows], kind, rng.uniform(low, high, int(rows.sum())), rng)
        return out

    return corrupt


def level_matrix(
    denoisers: Sequence[Callable], X: np.ndarray, levels: Sequence[float], corrupt: Callable, seed: int
) -> np.ndarray:
    """Mean PSNR of every denoiser at every noise level: (denoisers, levels), in decibels.

    denoisers: functions, noisy images -> denoised ones. X: clean images (n, height, width).
    corrupt(X, level, rng): the noisy images. At one level all denoisers get the same ones.
    """
    rng = np.random.default_rng(seed)
    table = np.empty((len(denoisers), len(levels)))
    for column, level in enumerate(levels):
        noisy = corrupt(X, level, rng)
        for row, denoise in enumerate(denoisers):
            table[row, column] = noise.mean_psnr(X, denoise(noisy))
    return table
