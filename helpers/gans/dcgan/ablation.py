"""The networks of a DCGAN with one guideline taken away, and a short training that measures what it was worth.

    generator, discriminator = pair(codings=100, maps=16, **WITHOUT["no batch normalization"])
    sheet = AblationTrials(WITHOUT)
    sheet.fill(images, seeds=(42, 43, 44), epochs=8)             # trains them all; sheet.history has the figures

Lesson 13 compares them all on equal terms: the same images, the same number of steps, the same seeds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from helpers.backend import keras
from helpers.gans import samples
from helpers.gans.gan import GAN
from helpers.gans.trials import Trials, scores, spread

layers = keras.layers
COMPLETE = "all guidelines"
WITHOUT = {
    COMPLETE: {},
    "pooling and upsampling, no strides": {"strides": False},
    "no batch normalization": {"normalised": ()},
    "batch normalization at the ends, too": {"normalised": ("inside", "ends")},
    "a dense hidden layer in each network": {"dense": True},
    "tanh inside the generator": {"inside": "tanh"},
    "no tanh at the generator's output": {"output": "linear"},
    "ReLU in the discriminator": {"slope": 0.0},
    "kernel 5, not divisible by the stride": {"kernel": 5},
    "Keras' usual weights, not N(0, .02)": {"start": "glorot_uniform"},
    "β₁ = .9 in Adam, not .5": {"beta_1": 0.9},
}


def pair(
    codings: int = 100, maps: int = 16, *, strides: bool = True, normalised: Sequence[str] = ("inside",),
    dense: bool = False, inside: str = "relu", output: str = "tanh", slope: float = 0.2, kernel: int = 4,
    start: str | None = None,
) -> tuple[keras.Model, keras.Model]:  # fmt: skip
    """(generator, discriminator) for images (28, 28, 1) in [−1, 1]; without options they obey all guidelines.

    strides: whether strides change the size; otherwise nearest upsampling, and max pooling.
    normalised: where batch normalization stands: "inside", "ends" (the generator's output, the discriminator's
        input layer), both, or nowhere.   dense: one more dense layer of 100 units in each network.
    inside, output: activations of the generator.   slope: of the discriminator's leaky ReLU; 0 is ReLU.
    kernel: of all convolutions.   start: initializer of all weights, None for N(0, .02).
    Source: the guidelines are those of Radford, Metz and Chintala, 2016, arXiv 1511.06434.
    """

    def weights() -> dict:
        return {"kernel_initializer": start or keras.initializers.RandomNormal(stddev=0.02)}

    def normalise(h, where: str):
        return layers.BatchNormalization()(h) if where in normalised else h

    def larger(h, count: int):
        if strides:
            return layers.Conv2DTranspose(count, kernel, 2, padding="same", **weights())(h)
        return layers.Conv2D(count, kernel, padding="same", **weights())(layers.UpSampling2D(2)(h))

    def smaller(h, count: int):
        h = layers.Conv2D(count, kernel, 2 if strides else 1, padding="same", **weights())(h)
        return h if strides else layers.MaxPooling2D(2)(h)

    z = h = keras.Input((codings,), name="codings")
    if dense:
        h = layers.Dense(100, activation=inside, **weights())(h)
    h = layers.Reshape((7, 7, 2 * maps))(layers.Dense(7 * 7 * 2 * maps, **weights())(h))
    h = layers.Activation(inside)(normalise(h, "inside"))
    h = layers.Activation(inside)(normalise(larger(h, maps), "inside"))
    h = layers.Activation(output)(normalise(larger(h, 1), "ends"))
    generator = keras.Model(z, h, name="generator")

    x = keras.Input((28, 28, 1), name="images")
    h = layers.LeakyReLU(slope)(normalise(smaller(x, maps), "ends"))
    h = layers.LeakyReLU(slope)(normalise(smaller(h, 2 * maps), "inside"))
    h = layers.Flatten()(h)
    if dense:
        h = layers.LeakyReLU(slope)(layers.Dense(100, **weights())(h))
    return generator, keras.Model(x, layers.Dense(1, **weights())(h), name="discriminator")


def compiled_gan(
    codings: int = 100, maps: int = 16, *, seed: int = 42, rate: float = 2e-4, beta_1: float = 0.5, **options
):
    """A compiled GAN of such a pair, ready for fit; options as for `pair`."""
    keras.utils.set_random_seed(seed)
    gan = GAN(*pair(codings, maps, **options), codings, averaging=0.99, seed=seed)
    gan.compile(keras.optimizers.Adam(rate, beta_1), keras.optimizers.Adam(rate, beta_1))
    return gan


class AblationTrials(Trials):
    """Pictures and figures of each variant; see Trials."""

    def fill(
        self, images: np.ndarray, *, seeds: Sequence[int], epochs: int, batch_size: int = 64, codings: int = 100,
        maps: int = 16, count: int = 2000,
    ) -> dict[str, float]:  # fmt: skip
        """Train every variant with every seed, keep its pictures and its figures. Returns how much was trained.

        images: (n, 28, 28, 1) in [−1, 1].   count: images drawn for the figures.
        """

        def one(name, seed):
            gan = compiled_gan(codings, maps, seed=seed, **WITHOUT[name])
            gan.fit(images, batch_size=batch_size, epochs=epochs, verbose=0)
            made = samples.draw(gan, count, seed)
            return scores(made), made

        self.run(one, seeds)
        return {"seeds": len(seeds), "steps": epochs * -(-len(images) // batch_size)}


def summary(history: Mapping[str, Sequence[float]]) -> list[tuple[str, float, float, float, float]]:
    """(name, mean Fréchet distance, lowest, highest, mean coverage) of each variant, the best first.

    history: {"name: frechet": [a value for each seed], "name: coverage": […], …}.
    """
    names = dict.fromkeys(key.rpartition(": ")[0] for key in history)
    rows = []
    for name in names:
        rows.append((name, *spread(history, name), float(np.mean(history[f"{name}: coverage"]))))
    return sorted(rows, key=lambda row: row[1])
