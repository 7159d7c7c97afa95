"""Networks for the engine of `helpers.gans.gan`: dense ones (lesson 11) and those of DCGAN (lesson 13).

Images are (28, 28) or (28, 28, 1) with values in [−1, 1]; discriminators answer with logits, not probabilities.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from helpers.backend import keras

layers, ops = keras.layers, keras.ops


def dense_pair(
    codings: int = 30, hidden: Sequence[int] = (100, 150), shape: Sequence[int] = (28, 28), activation: str = "relu",
    output_activation: str | None = "tanh", normalise: bool = False, dropout: float = 0.0,
) -> tuple[keras.Model, keras.Model]:  # fmt: skip
    """(generator, discriminator) of dense layers; the discriminator mirrors the generator.

    generator: codings → hidden → images of `shape`; discriminator: images → hidden, reversed, with leaky ReLU →
    one logit. normalise: batch normalization in the generator. dropout: share of units in the discriminator.
    """
    generator = keras.Sequential([keras.Input((codings,))], name="generator")
    for units in hidden:
        generator.add(layers.Dense(units, activation=None if normalise else activation))
        if normalise:
            generator.add(layers.BatchNormalization())
            generator.add(layers.Activation(activation))
    generator.add(layers.Dense(int(np.prod(shape)), activation=output_activation))
    generator.add(layers.Reshape(tuple(shape)))

    discriminator = keras.Sequential([keras.Input(tuple(shape)), layers.Flatten()], name="discriminator")
    for units in reversed(hidden):
        discriminator.add(layers.Dense(units))
        discriminator.add(layers.LeakyReLU(0.2))
        if dropout:
            discriminator.add(layers.Dropout(dropout))
    discriminator.add(layers.Dense(1))
    return generator, discriminator
