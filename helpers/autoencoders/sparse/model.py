"""Sparse autoencoders: the penalties as layers, the layer that keeps the k largest, the networks, the model.

    encoder, decoder = sparse_halves(units=300)
    model = SparseAutoencoder(encoder, decoder, KLPenalty(target=0.1), weight=1e-3)
    model.compile(optimizer="adam")
    model.fit(X, X, epochs=10)

The loss is  mean squared error per pixel + weight · penalty,  where a penalty is a sum over the units and never
depends on how many images a batch has. It is added in `train_step`, in the open: what Keras does with an
`activity_regularizer` differs from version to version (see `what_keras_divides_by`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from helpers.autoencoders.autoencoder import Autoencoder
from helpers.autoencoders.sparse.penalties import keep_largest, kl_penalty, l1_penalty, unit_means
from helpers.backend import keras, tf

layers, ops = keras.layers, keras.ops


@keras.saving.register_keras_serializable(package="workbook")
class TopK(layers.Layer):
    """`keep_largest` as the last layer of an encoder. k: whole number from 1. Raises ValueError for other k."""

    def __init__(self, k: int, **kwargs):
        super().__init__(**kwargs)
        if int(k) != k or k < 1:
            raise ValueError(f"TopK keeps k activations of each image, a whole number from 1; got {k!r}.")
        self.k = int(k)

    def call(self, inputs):
        return keep_largest(inputs, self.k)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self) -> dict:
        return {**super().get_config(), "k": self.k}


@keras.saving.register_keras_serializable(package="workbook")
class L1Penalty(layers.Layer):
    """`l1_penalty` as a part of a SparseAutoencoder. function: another one, activations -> scalar (not saved)."""

    def __init__(self, function: Callable | None = None, **kwargs):
        super().__init__(**kwargs)
        self.function = function or l1_penalty
        self.built = True

    def call(self, activations, training=None):
        return self.function(activations)


@keras.saving.register_keras_serializable(package="workbook")
class KLPenalty(layers.Layer):
    """`kl_penalty` as a part of a SparseAutoencoder, with means that remember earlier batches.

    target: the mean activation that every unit should have, strictly between 0 and 1 (`penalty.target` is a
        variable: assign to change it).   units: how many, if known before the first call.
    memory: over about how many images the means run. A batch of 8 alone cannot tell a unit that is active for a
        tenth of all images from one that is never active; with 0 it has to, and the penalty then depends on the
        batch size. The value is that of the running means, the gradient reaches the batch at hand.
    function: another divergence, (means, target) -> scalar (not saved).
    Source of the running means: Hinton, 2010, A practical guide to training restricted Boltzmann machines.
    Raises ValueError for a target out of range.
    """

    def __init__(
        self, target: float = 0.1, memory: int = 1000, function: Callable | None = None, units: int | None = None,
        **kwargs,
    ):  # fmt: skip
        super().__init__(**kwargs)
        if not 0 < float(target) < 1:
            raise ValueError(f"The target is a mean activation strictly between 0 and 1, got {target!r}.")
        self.memory, self.function, self.units = int(memory), function or kl_penalty, units
        self.target = self.add_weight(shape=(), trainable=False, name="target")
        self.target.assign(float(target))
        if units is not None:
            self.build((None, units))

    def build(self, input_shape):
        if not self.built:
            self.units = int(input_shape[-1])
            shape = (self.units,)
            self.running = self.add_weight(shape=shape, initializer="zeros", trainable=False, name="running_means")
            self.seen = self.add_weight(shape=(), initializer="zeros", trainable=False, name="images_seen")
        self.built = True

    def call(self, activations, training=None):
        means = unit_means(activations)
        if not training:
            return self.function(means, self.target)
        count = ops.cast(ops.shape(activations)[0], "float32")
        seen = ops.minimum(self.seen + count, max(float(self.memory), 1.0))  # at first: a plain mean of all so far
        share = ops.minimum(count / seen, 1.0)
        latest = ops.stop_gradient(self.running + share * (means - self.running))
        self.running.assign(latest)
        self.seen.assign(seen)
        return self.function(means + ops.stop_gradient(latest - means), self.target)

    def get_config(self) -> dict:
        target = float(self.target.value)
        return {**super().get_config(), "target": target, "memory": self.memory, "units": self.units}


@keras.saving.register_keras_serializable(package="workbook")
class SparseAutoencoder(Autoencoder):
    """An autoencoder trained on  mean squared error + weight · penalty(codings).

    encoder, decoder: as for Autoencoder; codings (batch, units).
    penalty: a layer, codings -> scalar, called with training=True in training: L1Penalty(), KLPenalty(…), or None.
    weight: of the penalty; `model.weight` is a variable: assign to change it.
    `compile` wants an optimizer only; fit(X, X), or fit(noisy, X). Logs of fit and evaluate: loss (both parts),
    mse (the error alone), penalty (without its weight) and activity (mean activation).
    """

    def __init__(self, encoder, decoder, penalty=None, weight: float = 1.0, **kwargs):
        self.penalty, self.first_weight = penalty, float(weight)  # before super(), which closes the model to new parts
        super().__init__(encoder, decoder, **kwargs)

    def build(self, input_shape):
        self.weight = self.add_weight(shape=(), trainable=False, name="penalty_weight")
        self.weight.assign(self.first_weight)
        self.averages = [keras.metrics.Mean(name) for name in ("loss", "mse", "penalty", "activity")]
        super().build(input_shape)
        if self.penalty is not None and not self.penalty.built:
            self.penalty.build(self.encoder.compute_output_shape(input_shape))

    @property
    def metrics(self) -> list:
        """The running means that fit shows and sets back at the start of each epoch."""
        return self.averages

    def terms(self, images, targets, training: bool):
        """(mean squared error, penalty, mean activation) of one batch, three scalars."""
        codings = self.encoder(images, training=training)
        error = ops.mean(ops.square(targets - self.decoder(codings, training=training)))
        penalty = 0.0 * error if self.penalty is None else self.penalty(codings, training=training)
        return error, penalty, ops.mean(codings)

    def train_step(self, data) -> dict:
        """One step of the optimizer on a batch (images, targets); returns the running means."""
        images, targets, _ = keras.utils.unpack_x_y_sample_weight(data)
        with tf.GradientTape() as tape:
            error, penalty, activity = self.terms(images, targets, training=True)
            loss = error + self.weight * penalty
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply(gradients, self.trainable_variables)
        return self._note(images, error, penalty, activity)

    def test_step(self, data) -> dict:
        images, targets, _ = keras.utils.unpack_x_y_sample_weight(data)
        return self._note(images, *self.terms(images, targets, training=False))

    def _note(self, images, error, penalty, activity) -> dict:
        values = error + self.weight * penalty, error, penalty, activity
        for average, value in zip(self.averages, values, strict=True):
            average.update_state(value, sample_weight=ops.cast(ops.shape(images)[0], "float32"))
        return {average.name: average.result() for average in self.averages}

    def get_config(self) -> dict:
        penalty = None if self.penalty is None else keras.saving.serialize_keras_object(self.penalty)
        return {**super().get_config(), "penalty": penalty, "weight": float(self.weight.value)}

    @classmethod
    def from_config(cls, config: dict, custom_objects=None):
        penalty = config.pop("penalty", None)
        config["penalty"] = penalty and keras.saving.deserialize_keras_object(penalty, custom_objects=custom_objects)
        return super().from_config(config, custom_objects)


def sparse_halves(
    units: int = 300, hidden: Sequence[int] = (100,), image_shape: Sequence[int] = (28, 28), *, k: int | None = None,
    activation: str = "silu", decoder_hidden: Sequence[int] = (), start: float | None = 0.1,
) -> tuple[keras.Model, keras.Model]:  # fmt: skip
    """The two networks of a dense sparse autoencoder, (encoder, decoder), with sigmoid codings and pixels.

    units: codings, which may be more than the hidden layers have. hidden: of the encoder, from the image inwards.
    decoder_hidden: of the decoder, from the codings outwards; without any, each unit adds one picture of its own
        (before the sigmoid of the pixels), as a word in a dictionary.
    k: keep only so many codings of each image (TopK), or None for all.
    start: mean activation of the codings before training, or None for Keras' usual first weights (about 0.5). With
        a number the weights into and out of the codings begin larger, too: an activation that moves between 0.05
        and 0.2 would otherwise hardly be felt at either end, and the first epochs would be spent on growing them.
    """
    usual = start is None
    into = (
        {}
        if usual
        else {"kernel_initializer": _glorot(4.0), "bias_initializer": _constant(np.log(start / (1 - start)))}
    )
    out_of = {} if usual else {"kernel_initializer": _glorot(2.0)}
    encoder = keras.Sequential(
        [
            keras.Input(tuple(image_shape)),
            layers.Flatten(),
            *(layers.Dense(size, activation=activation) for size in hidden),
            layers.Dense(units, activation="sigmoid", name="codings", **into),
            *([] if k is None else [TopK(k, name="largest")]),
        ],
        name="encoder",
    )
    decoder = keras.Sequential([keras.Input((units,))], name="decoder")
    for size in decoder_hidden:
        decoder.add(layers.Dense(size, activation=activation, **out_of))
        out_of = {}  # only the layer next to the codings
    decoder.add(layers.Dense(int(np.prod(image_shape)), activation="sigmoid", name="pixels", **out_of))
    decoder.add(layers.Reshape(tuple(image_shape)))
    return encoder, decoder


def _glorot(gain: float):
    """Keras' usual first weights, multiplied by `gain`."""
    return keras.initializers.VarianceScaling(gain**2, mode="fan_avg", distribution="uniform")


def _constant(value: float):
    return keras.initializers.Constant(float(value))
