"""Greedy layer-wise training: one shallow autoencoder at a time, then all of them stacked and trained together.

    phases = layer_by_layer(train_phase, X, X_valid, sizes=(256, 128, 64, 30))
    model = sandwich(phases)            # encoders 1, 2, 3, 4, then decoders 4, 3, 2, 1
    fine_tune(model, X, optimizer, epochs=6, batch_size=64)

Everything here works on flat rows: images are (n, 784), codings (n, units).
Sources: Hinton and Salakhutdinov, 2006, Science 313 (with Boltzmann machines for the phases); Bengio, Lamblin,
Popovici and Larochelle, 2007, NIPS 19 (with autoencoders, as here).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from helpers.autoencoders.autoencoder import Autoencoder
from helpers.backend import keras, tf

layers = keras.layers


def shallow_autoencoder(
    width: int, units: int, activation="sigmoid", output_activation="sigmoid", initializer="glorot_uniform"
) -> Autoencoder:
    """An autoencoder with one dense layer on each side: width → units → width; built, not compiled.

    activation, output_activation: of the codings and of the reconstruction; names that Keras knows, or None.
    initializer: a name, or a Keras initializer such as uniform_of_then(), for the weights of both layers.
    """

    def half(size, out, bend):
        fresh = initializer
        if isinstance(initializer, keras.initializers.Initializer):
            fresh = initializer.clone()  # one object for two layers would draw the same numbers for both
        dense = layers.Dense(out, activation=bend, kernel_initializer=fresh)
        return keras.Sequential([keras.Input((size,)), dense])

    return Autoencoder(half(width, units, activation), half(units, width, output_activation))


def uniform_of_then() -> keras.initializers.Initializer:
    """Weights uniform in ±1/√n for a layer of n inputs: the usual rule before 2010.

    Their variance is 1/(3n). Source: as "the commonly used heuristic" in Glorot and Bengio, 2010, AISTATS.
    """
    return keras.initializers.VarianceScaling(scale=1 / 3, mode="fan_in", distribution="uniform")


def one_phase(
    rows: np.ndarray, units: int, optimizer, epochs: int, batch_size: int, activation="sigmoid",
    output_activation="sigmoid", initializer="glorot_uniform",
) -> Autoencoder:  # fmt: skip
    """A shallow autoencoder of `rows` (n, width), trained on them by the mean squared error, and frozen.

    units: of its coding layer.   optimizer: a fresh Keras optimizer (it belongs to this phase alone).
    The other arguments as for `shallow_autoencoder`. Frozen: nothing moves it until `fine_tune`.
    """
    model = shallow_autoencoder(rows.shape[1], units, activation, output_activation, initializer)
    model.compile(loss="mse", optimizer=optimizer)
    model.fit(rows, rows, epochs=epochs, batch_size=batch_size, verbose=0)
    model.trainable = False
    return model


def layer_by_layer(
    train_phase: Callable, X: np.ndarray, X_valid: np.ndarray, sizes: Sequence[int]
) -> list[Autoencoder]:
    """The trained phases of a deep autoencoder, from the images inwards: one for each entry of `sizes`.

    train_phase(rows, valid_rows, units): a shallow autoencoder trained on `rows`, with `units` codings and a
    method `codings`. The first phase is trained on the images, each later one on the codings of the one before.
    X: (n, width), X_valid: (m, width).
    """
    phases, rows, valid_rows = [], X, X_valid
    for units in sizes:
        phase = train_phase(rows, valid_rows, units)
        phases.append(phase)
        rows, valid_rows = phase.codings(rows), phase.codings(valid_rows)
    return phases


def sandwich(phases: Sequence[Autoencoder]) -> Autoencoder:
    """One deep autoencoder of all the phases: their encoders in order, then their decoders in reverse order.

    The layers are the very layers of the phases, not copies: training the whole also changes the phases.
    Raises ValueError when there are no phases, or when one does not take what the one before it gives.
    """
    if not phases:
        raise ValueError("A sandwich needs at least one phase.")
    encoder = keras.Sequential([phase.encoder for phase in phases])
    decoder = keras.Sequential([phase.decoder for phase in reversed(phases)])
    return Autoencoder(encoder, decoder)


def fine_tune(model: Autoencoder, X: np.ndarray, optimizer, epochs: int, batch_size: int):
    """Train all layers of a sandwich together on the images X (n, width), frozen ones too; returns the History."""
    for half in (model.encoder, model.decoder):
        for part in half.layers:  # `model.trainable = True` would not do: see below
            part.trainable = True
    # The model itself was never frozen, only its parts were; and Keras skips an assignment that changes nothing
    # in the place where it is made, so that it would never reach the parts.
    model.compile(loss="mse", optimizer=optimizer)
    return model.fit(X, X, epochs=epochs, batch_size=batch_size, verbose=0)


def raw_sandwich(width: int, sizes: Sequence[int], activation="sigmoid", initializer="glorot_uniform") -> Autoencoder:
    """The deep autoencoder that `sandwich` would give, with its layers fresh: for training all at once.

    width: pixels of an image.   sizes: units of the encoder's layers, the last one the codings. All layers have
    `activation`, but for the pixels, which are sigmoid.
    """
    widths = [width, *sizes[:-1]]
    return sandwich(
        [
            shallow_autoencoder(a, b, activation, activation if i else "sigmoid", initializer)
            for i, (a, b) in enumerate(zip(widths, sizes, strict=True))
        ]
    )


def encode_all(encoder: keras.Model, X: np.ndarray, batch_size: int = 1024) -> np.ndarray:
    """The codings of all rows of X, in the order of X: (n, …). The encoder runs in inference mode, batch by batch.

    Raises ValueError when there are no rows.
    """
    if len(X) == 0:
        raise ValueError(f"There is nothing to encode: X has the shape {np.shape(X)}.")
    starts = range(0, len(X), batch_size)
    return np.concatenate([np.asarray(encoder(X[start : start + batch_size], training=False)) for start in starts])


def gradient_sizes(model: keras.Model, X: np.ndarray) -> list[float]:
    """How large the gradient of the reconstruction loss is in each weight matrix, from the images to the output.

    The root mean square, over the entries of a matrix, of the derivatives of the mean squared error on X.
    Biases are left out, and no weight is changed.
    """
    kernels = [weight.value for weight in model.weights if len(weight.shape) == 2]
    with tf.GradientTape() as tape:
        tape.watch(kernels)  # frozen ones too
        loss = tf.reduce_mean(tf.square(X - model(X, training=False)))
    return [float(np.sqrt(np.mean(np.square(gradient)))) for gradient in tape.gradient(loss, kernels)]


def layer_outputs(model: Autoencoder, X: np.ndarray) -> list[np.ndarray]:
    """The outputs of every dense layer for rows X (n, width), from the first hidden layer to the pixels."""
    outputs, rows = [], X
    for half in (model.encoder, model.decoder):
        for part in half.layers:
            rows = np.asarray(part(rows, training=False))
            outputs.append(rows)
    return outputs


def differences_between_images(model: Autoencoder, X: np.ndarray) -> list[float]:
    """How much each layer's output differs from image to image, from the input to the pixels.

    The root mean square deviation of a unit from its own mean over X, averaged over the units of the layer. The
    first entry is of the images themselves. 0 means that the layer gives all images the same answer.
    """
    return [float(np.sqrt(np.mean(rows.var(axis=0)))) for rows in (X, *layer_outputs(model, X))]
