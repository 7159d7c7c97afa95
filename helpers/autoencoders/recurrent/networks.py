"""Recurrent autoencoders: a sequence is read step by step, kept as one row of codings, and told again.

A sequence is an array (steps, features), a batch of them (n, steps, features). An image is a sequence of strips:

    S = recurrent.strips(X, rows=4)                         # (n, 28, 28) → (n, 7, 112)
    model = Autoencoder(*recurrent.recurrent_halves(7, 112, 128, 30, "sigmoid"))
    model.fit(S, S)

The decoder of `recurrent_halves` gets nothing but the codings. `forced_halves` is for teacher forcing: while it
trains, its decoder sees the step before the one that it has to tell; afterwards `run_freely` gives it its own steps.

Sources: Cho et al., 2014, arXiv 1406.1078 (encoder, decoder, GRU); Sutskever et al., 2014, arXiv 1409.3215, and
Srivastava et al., 2015, arXiv 1502.04681 (order reversed); Williams and Zipser, 1989 (teacher forcing).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from helpers.backend import keras

layers = keras.layers
LONGEST_UNROLLED = 32  # steps; written out, a longer loop takes long to compile and gains little


def strips(X: np.ndarray, rows: int = 4) -> np.ndarray:
    """Images as sequences, from top to bottom: (n, height, width) → (n, height / rows, rows · width).

    rows: image rows that make one step; 1 gives one row a step.
    Raises ValueError unless X has three axes and `rows` divides the height.
    """
    X = np.asarray(X)
    if X.ndim != 3 or rows < 1 or X.shape[1] % rows:
        raise ValueError(f"Images (n, height, width) are cut into strips of a divisor of their height, not {rows} "
                         f"rows of {X.shape}.")  # fmt: skip
    n, height, width = X.shape
    return X.reshape(n, height // rows, rows * width)


def images(S: np.ndarray, shape: tuple[int, int] = (28, 28)) -> np.ndarray:
    """The way back from `strips`: (n, steps, features) → (n, *shape)."""
    return np.asarray(S).reshape(-1, *shape)


def recurrent_halves(
    steps: int, features: int, units: int, codings: int, output_activation: str | None = None
) -> tuple[keras.Model, keras.Model]:
    """The two halves of a recurrent autoencoder: (encoder, decoder).

    encoder: (batch, steps, features) → (batch, codings). A GRU of `units` reads the sequence; its last state, the
        only one that has seen all of it, goes through a linear layer.
    decoder: (batch, codings) → (batch, steps, features). The codings are given to a GRU of `units` anew at each
        step; each of its states goes through one and the same layer to the features.
    output_activation: "sigmoid" for pixels in [0, 1], None for signals of any size.
    """
    unroll = steps <= LONGEST_UNROLLED
    encoder = keras.Sequential(
        [keras.Input((steps, features)), layers.GRU(units, unroll=unroll), layers.Dense(codings, name="codings")],
        name="encoder",
    )
    decoder = keras.Sequential(
        [
            keras.Input((codings,)),
            layers.RepeatVector(steps),
            layers.GRU(units, return_sequences=True, unroll=unroll),
            layers.Dense(features, activation=output_activation, name="features"),
        ],
        name="decoder",
    )
    return encoder, decoder


def forced_halves(
    steps: int, features: int, units: int, codings: int, output_activation: str | None = None
) -> tuple[keras.Model, keras.Model]:
    """(encoder, decoder) for teacher forcing; the encoder and all sizes as in `recurrent_halves`.

    decoder: [codings (batch, codings), previous (batch, steps, features)] → (batch, steps, features). Its output at
        a step depends on `previous` up to that step and on nothing later.
    """
    encoder, _ = recurrent_halves(steps, features, units, codings, output_activation)
    Z, previous = keras.Input((codings,), name="codings"), keras.Input((steps, features), name="previous")
    both = layers.Concatenate()([layers.RepeatVector(steps)(Z), previous])
    states = layers.GRU(units, return_sequences=True, unroll=steps <= LONGEST_UNROLLED)(both)
    told = layers.Dense(features, activation=output_activation, name="features")(states)
    return encoder, keras.Model([Z, previous], told, name="forced_decoder")


def forced_model(encoder: keras.Model, decoder: keras.Model) -> keras.Model:
    """The halves of `forced_halves` as one model to train: `fit([S, previous_steps(S)], S)`."""
    S, previous = (keras.Input(encoder.input_shape[1:], name=name) for name in ("sequence", "previous"))
    return keras.Model([S, previous], decoder([encoder(S), previous]), name="teacher_forced")


def previous_steps(S: np.ndarray) -> np.ndarray:
    """What a decoder under teacher forcing sees: the sequences one step late, zeros first. Shape and type of S."""
    S = np.asarray(S)
    late = np.zeros_like(S)
    late[:, 1:] = S[:, :-1]
    return late


def run_freely(decoder: Callable, Z: np.ndarray, steps: int, features: int) -> np.ndarray:
    """What a decoder of `forced_halves` tells when it hears only itself: (n, steps, features), float32.

    decoder: called as decoder([codings, previous]) on arrays.   Z: codings (n, k).
    It is run once for each step, and each time the step it has just told becomes the next one it sees.
    """
    Z = np.asarray(Z, dtype=np.float32)
    told = np.zeros((len(Z), steps, features), np.float32)
    for step in range(steps):
        told[:, step] = np.asarray(decoder([Z, previous_steps(told)]))[:, step]
    return told


def back_to_front(S: np.ndarray) -> np.ndarray:
    """The sequences with their steps in reverse order; neither the batch nor the features are turned."""
    return np.asarray(S)[:, ::-1]


def numbers_passed_on(encoder: Callable, S: np.ndarray) -> int:
    """How many numbers for one sequence leave an encoder, whatever the shape they come in.

    encoder: function of a batch; gives an array with the batch first, or several such arrays (states h and c, say).
    """
    given = encoder(S)
    parts = given if isinstance(given, list | tuple) else [given]
    return int(sum(np.prod(np.shape(part)[1:], dtype=int) for part in parts))
