"""Denoising autoencoders: noise in, clean image as the target, and what became of them at other levels of noise."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from helpers.autoencoders.autoencoder import Autoencoder
from helpers.autoencoders.denoising import noise
from helpers.backend import keras

layers = keras.layers


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
        past = model.fit(
            corrupt(X, rng), X, batch_size=batch_size, initial_epoch=epoch, epochs=epoch + 1, verbose=0
        )
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
