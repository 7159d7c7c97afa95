"""Reusing a network that was trained for something else: copy it, put a head on it, freeze it, unfreeze it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from helpers.backend import build_optimizer, keras

BATCH = 50  # images per step: with few labels an epoch has few steps as it is


def fresh_copy(encoder: keras.Model) -> keras.Model:
    """The same layers with the same weights, but weights of their own: training the copy leaves `encoder` alone.

    encoder: a built Keras model whose layers can be made again from their configuration.
    """
    copy = keras.models.clone_model(encoder)
    copy.set_weights(encoder.get_weights())
    return copy


def with_head(encoder: keras.Model, classes: int) -> keras.Model:
    """A classifier: the encoder itself (its weights are shared), and one new softmax layer on its codings.

    encoder: images (batch, …) -> codings (batch, codings).   classes: how many.
    Returns a model from images to probabilities (batch, classes); not compiled.
    """
    return keras.Sequential(
        [keras.Input(encoder.input_shape[1:]), encoder, keras.layers.Dense(classes, activation="softmax", name="head")]
    )


def train_in_two_phases(
    model: keras.Model, encoder: keras.Model, X: np.ndarray, y: np.ndarray,
    epochs: Sequence[int], rates: Sequence[float],
) -> None:  # fmt: skip
    """Train the head of `model` with its `encoder` frozen, then everything together.

    model: images -> probabilities, with `encoder` somewhere in it.   X: (n, …) images, y: (n,) labels from 0.
    epochs, rates: (of the first phase, of the second): passes over the images, and learning rates for Adam.
    Afterwards everything is trainable. Each phase is compiled anew with a new optimizer: Keras reads `trainable`
    when it makes the training step, at the first batch after `compile`, and an optimizer serves only the variables
    that it was built for.
    """
    for trainable, count, rate in zip((False, True), epochs, rates, strict=True):
        encoder.trainable = trainable
        model.compile(optimizer=keras.optimizers.Adam(rate), loss="sparse_categorical_crossentropy")
        if count:
            build_optimizer(model)
            model.fit(X, y, epochs=count, batch_size=BATCH, verbose=0)


@keras.saving.register_keras_serializable(package="workbook")
class ShiftAndFlip(keras.layers.Layer):
    """While training, every image is moved by up to `most` pixels each way, and mirrored in half of the cases.

    (batch, height, width) -> the same shape; outside of training nothing happens. What is moved in from beyond the
    edge is black. Each image has its own luck in each batch. Source: LeCun et al., 1998 (shifted training images).
    """

    def __init__(self, most: int = 2, flip: bool = True, **kwargs):
        super().__init__(**kwargs)
        self.most, self.flip = int(most), bool(flip)
        self.seed_generator = keras.random.SeedGenerator()

    def call(self, images, training=False):
        if not training:
            return images
        ops, most = keras.ops, self.most
        n, height, width = ops.shape(images)[0], images.shape[1], images.shape[2]
        wide = ops.pad(images, ((0, 0), (most, most), (most, most)))
        down, right, side = ops.unstack(keras.random.uniform((3, n, 1), seed=self.seed_generator), num=3)
        rows = ops.cast(ops.floor(down * (2 * most + 1)), "int32") + ops.arange(height)
        columns = ops.cast(ops.floor(right * (2 * most + 1)), "int32") + ops.arange(width)
        if self.flip:
            columns = ops.where(side < 0.5, columns, ops.flip(columns, axis=1))
        wide = ops.take_along_axis(wide, rows[:, :, None], axis=1)
        return ops.take_along_axis(wide, columns[:, None, :], axis=2)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self) -> dict:
        return {**super().get_config(), "most": self.most, "flip": self.flip}
