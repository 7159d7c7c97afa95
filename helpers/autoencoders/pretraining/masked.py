"""Pretraining by filling in: hide patches of an image and let an autoencoder draw the whole. No label is needed."""

from __future__ import annotations

import numpy as np

from helpers.autoencoders.autoencoder import Autoencoder
from helpers.backend import keras

layers = keras.layers
IMAGE = (28, 28)


@keras.saving.register_keras_serializable(package="workbook")
class HidePatches(layers.Layer):
    """While training, each square patch of an image is blackened with probability `share`; else nothing happens.

    size: side of a patch in pixels; height and width must be multiples of it. (batch, height, width) -> same shape.
    Every image has its own luck in every batch. Raises ValueError for a share outside [0, 1) or sides that do not fit.
    Sources: Vincent et al., 2008 (denoising autoencoders); He et al., 2021, arXiv 2111.06377 (patches).
    """

    def __init__(self, share: float = 0.5, size: int = 4, **kwargs):
        super().__init__(**kwargs)
        if not 0 <= share < 1:
            raise ValueError(f"share must lie in [0, 1), got {share!r}")
        self.share, self.size = float(share), int(size)
        self.seed_generator = keras.random.SeedGenerator()

    def build(self, input_shape):
        if any(side is None or side % self.size for side in input_shape[1:]):
            raise ValueError(f"patches of {self.size} pixels do not fit images of {tuple(input_shape[1:])}")
        self.built = True

    def call(self, images, training=False):
        if not training:
            return images
        ops, (n, height, width) = keras.ops, (keras.ops.shape(images)[0], *images.shape[1:])
        luck = keras.random.uniform((n, height // self.size, width // self.size), seed=self.seed_generator)
        kept = ops.cast(luck >= self.share, images.dtype)
        return images * ops.repeat(ops.repeat(kept, self.size, axis=1), self.size, axis=2)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self) -> dict:
        return {**super().get_config(), "share": self.share, "size": self.size}


def image_encoder(codings: int = 128, filters: tuple[int, ...] = (32, 64, 128)) -> keras.Model:
    """Convolutions of stride 2 on 28×28 images, then one dense layer: images (batch, 28, 28) -> codings.

    codings: numbers per image, through a SiLU.   filters: maps of each convolution; the first sees 5×5 pixels.
    """
    encoder = keras.Sequential([keras.Input(IMAGE), layers.Reshape((*IMAGE, 1))], name="encoder")
    for place, maps in enumerate(filters):
        size = 5 if place == 0 else 3
        encoder.add(layers.Conv2D(maps, size, strides=2, padding="same", activation="silu"))
    encoder.add(layers.Flatten())
    encoder.add(layers.Dense(codings, activation="silu", name="codings"))
    return encoder


def image_decoder(codings: int = 128, filters: tuple[int, int] = (16, 32)) -> keras.Model:
    """Codings -> images (batch, 28, 28) in [0, 1], by two transposed convolutions."""
    first, second = filters
    return keras.Sequential(
        [
            keras.Input((codings,)),
            layers.Dense(7 * 7 * first, activation="silu"),
            layers.Reshape((7, 7, first)),
            layers.Conv2DTranspose(second, 4, strides=2, padding="same", activation="silu"),
            layers.Conv2DTranspose(1, 4, strides=2, padding="same", activation="sigmoid", name="pixels"),
            layers.Reshape(IMAGE),
        ],
        name="decoder",
    )


def filler(encoder: keras.Model, decoder: keras.Model, share: float = 0.5, size: int = 4) -> Autoencoder:
    """An autoencoder whose training images have patches hidden on their way into `encoder`; not compiled.

    Train it with the whole images as targets, fit(X, X): what is hidden must be guessed from the rest. Afterwards
    `encoder` takes whole images, and knows nothing of the hiding.
    """
    image = keras.Input(encoder.input_shape[1:])
    blinded = keras.Sequential([image, HidePatches(share, size), encoder], name="blinded")
    return Autoencoder(blinded, decoder, name="filler")


def with_mirror_images(X: np.ndarray) -> np.ndarray:
    """The images (n, height, width) and their mirror images: (2 n, height, width)."""
    return np.concatenate([X, X[:, :, ::-1]])
