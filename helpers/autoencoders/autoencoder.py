"""The autoencoder of the course: any encoder, any decoder, one model. Its first body: the dense hourglass."""

from __future__ import annotations

import functools
import math
import weakref
from collections.abc import Sequence

import numpy as np

from helpers.backend import build_optimizer, keras, tf

layers = keras.layers


@keras.saving.register_keras_serializable(package="workbook")
class Autoencoder(keras.Model):
    """An encoder followed by a decoder: `model(X)` is the reconstruction of X.

    encoder: a Keras model, images (batch, …) -> codings (batch, …).
    decoder: a Keras model, codings -> images of the shape the encoder takes.
    Both stay usable on their own as `model.encoder` and `model.decoder`, sharing the weights. Train it as
    any Keras model: `model.compile(…)`, then `model.fit(X, X, …)`, the images being their own targets.
    Saves to, and loads from, one .keras file.
    Raises TypeError when a part is not a Keras model, ValueError when the two do not fit together.
    """

    def __init__(self, encoder: keras.Model, decoder: keras.Model, **kwargs):
        super().__init__(**kwargs)
        for part, model in (("encoder", encoder), ("decoder", decoder)):
            if not isinstance(model, keras.Model):
                raise TypeError(f"The {part} must be a Keras model, got {type(model).__name__}.")
        known = encoder.built and decoder.built
        if known:
            _must_fit(encoder, decoder)
        self.encoder = encoder
        self.decoder = decoder
        if known:
            self.build(encoder.input_shape)

    def build(self, input_shape):
        """Create the weights that are missing, from the shape of the images (batch axis first)."""
        if not self.encoder.built:
            self.encoder.build(input_shape)
        if not self.decoder.built:
            self.decoder.build(self.encoder.compute_output_shape(input_shape))
        self.built = True

    def make_train_function(self, force: bool = False):
        """What Keras asks for at the start of `fit`; by then the optimizer is complete, so one tracing is enough."""
        build_optimizer(self)
        return super().make_train_function(force)

    def call(self, inputs, training=None):
        """Images to reconstructions, of the same shape."""
        return self.decoder(self.encoder(inputs, training=training), training=training)

    def compute_output_shape(self, input_shape):
        return self.decoder.compute_output_shape(self.encoder.compute_output_shape(input_shape))

    def codings(self, X: np.ndarray, batch_size: int = 1024) -> np.ndarray:
        """The codings of images X, as an array with one row for each image."""
        return run_in_batches(self.encoder, X, batch_size)

    def decode(self, Z: np.ndarray, batch_size: int = 1024) -> np.ndarray:
        """The images that codings Z stand for, as an array."""
        return run_in_batches(self.decoder, Z, batch_size)

    def reconstruct(self, X: np.ndarray, batch_size: int = 1024) -> np.ndarray:
        """What is left of images X after the trip through the codings, as an array of the shape of X."""
        return self.decode(self.codings(X, batch_size), batch_size)

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "encoder": keras.saving.serialize_keras_object(self.encoder),
            "decoder": keras.saving.serialize_keras_object(self.decoder),
        }

    @classmethod
    def from_config(cls, config: dict, custom_objects=None):
        parts = {
            part: keras.saving.deserialize_keras_object(config[part], custom_objects=custom_objects)
            for part in ("encoder", "decoder")
        }
        return cls(**{**config, **parts})


def _must_fit(encoder: keras.Model, decoder: keras.Model) -> None:
    """ValueError when the decoder does not take what the encoder gives, or does not give back images."""
    codings, wanted = tuple(encoder.output_shape)[1:], tuple(decoder.input_shape)[1:]
    if codings != wanted:
        raise ValueError(f"The encoder gives codings of shape {codings}, but the decoder takes {wanted}.")
    image, made = tuple(encoder.input_shape)[1:], tuple(decoder.output_shape)[1:]
    if len(image) != len(made) or any(None not in pair and pair[0] != pair[1] for pair in zip(image, made)):  # noqa: B905
        raise ValueError(f"The encoder takes images of shape {image}, but the decoder makes {made}.")


def run_in_batches(model: keras.Model, X: np.ndarray, batch_size: int = 1024) -> np.ndarray:
    """The output of `model` for all of X in inference mode, as one array; memory stays that of one batch.

    X: (n, …) with n >= 1. Silent, and quicker than `predict` on small arrays: a slider asks for one image.
    Raises ValueError for no rows at all.
    """
    X = np.asarray(X)
    if X.ndim == 0 or len(X) == 0:
        raise ValueError(f"There is nothing to run the model on: the array has the shape {X.shape}.")
    run = _compiled(model)
    parts = (X[start : start + batch_size] for start in range(0, len(X), batch_size))
    return np.concatenate([run(tf.constant(part)).numpy() for part in parts])


def _of_many(function):
    """The same function, which first says so when it is given one image in the place of many."""

    @functools.wraps(function)
    def looked(model, X, *args, **kwargs):
        wanted = getattr(model, "input_shape", None)
        if isinstance(wanted, tuple) and np.ndim(X) == len(wanted) - 1:
            raise ValueError(f"This takes many images and got the shape {np.shape(X)}. One goes in as X[None].")
        return function(model, X, *args, **kwargs)

    return looked


run_in_batches = _of_many(run_in_batches)  # around it: words about mistakes are no part of what weights belong to

# For each network its compiled function, which does not keep the network in memory.
_functions: weakref.WeakKeyDictionary = weakref.WeakKeyDictionary()


def _compiled(model: keras.Model):
    """The network in inference mode as one compiled function, made at its first use."""
    if model not in _functions:
        weak = weakref.ref(model)
        _functions[model] = tf.function(lambda batch: weak()(batch, training=False), reduce_retracing=True)
    return _functions[model]


def hourglass(pixels: int, hidden: Sequence[int], codings: int) -> tuple[keras.Model, keras.Model]:
    """The two halves of a stacked autoencoder of dense layers: (encoder, decoder).

    pixels: values of one (flat) image. hidden: units of the encoder's hidden layers from the image inwards;
    the decoder has the same, in reverse. codings: units of the coding layer.
    Hidden layers are ReLU; the coding layer and the output layer are linear.
    """
    return _halves((pixels,), hidden, codings, activation="relu")


def dense_hourglass(
    image_shape: Sequence[int],
    hidden: Sequence[int],
    codings: int,
    *,
    activation: str | None,
    coding_activation: str | None,
    output_activation: str | None,
    name: str = "stacked_autoencoder",
) -> Autoencoder:
    """A stacked autoencoder of dense layers, symmetric about its codings; not compiled.

    image_shape: shape of one image, such as (28, 28) or (784,); the model flattens it and restores it.
    hidden, codings: as for `hourglass`. The activations: of all hidden layers, of the coding layer, of the
    output layer; names that Keras knows, or None for none (linear).
    """
    halves = _halves(tuple(image_shape), hidden, codings, activation, coding_activation, output_activation)
    return Autoencoder(*halves, name=name)


def stacked_autoencoder(
    image_shape: Sequence[int] = (28, 28), hidden: Sequence[int] = (100,), codings: int = 30, learning_rate=3e-3
) -> Autoencoder:
    """The compiled stacked autoencoder of lesson 02 for images in [0, 1].

    ReLU hidden layers, linear codings, sigmoid output, mean squared error, Adam. With the defaults:
    784-100-30-100-784, 163,814 parameters. learning_rate: a number or a schedule such as WarmupCosine.
    """
    model = dense_hourglass(
        image_shape, hidden, codings, activation="relu", coding_activation=None, output_activation="sigmoid"
    )
    model.compile(loss="mse", optimizer=keras.optimizers.Adam(learning_rate))
    return model


def _halves(image_shape, hidden, codings, activation=None, coding_activation=None, output_activation=None):
    flat = len(image_shape) == 1
    encoder = keras.Sequential(
        [
            keras.Input(image_shape),
            *([] if flat else [layers.Flatten()]),
            *(layers.Dense(units, activation=activation) for units in hidden),
            layers.Dense(codings, activation=coding_activation, name="codings"),
        ],
        name="encoder",
    )
    decoder = keras.Sequential(
        [
            keras.Input((codings,)),
            *(layers.Dense(units, activation=activation) for units in reversed(hidden)),
            layers.Dense(math.prod(image_shape), activation=output_activation, name="pixels"),
            *([] if flat else [layers.Reshape(image_shape)]),
        ],
        name="decoder",
    )
    return encoder, decoder
