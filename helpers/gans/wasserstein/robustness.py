"""Four pairs of networks under three games on one budget: which game still trains when the networks are odd?

    gan = game("tanh everywhere", "WGAN-GP", maps=16)
    sheet = RobustnessTrials()
    sheet.fill(images, seeds=(42, 43), shown=200_000)        # trains all twelve cells; sheet.history has the figures

The budget is fair in this sense: every game shows its critic the same number of real images, whatever it does with
them. The comparison is, in small, that of Gulrajani et al., 2017, arXiv 1704.00028, figure 2.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

import numpy as np

from helpers.backend import keras
from helpers.gans import samples, trials
from helpers.gans.dcgan import ablation
from helpers.gans.gan import GAN
from helpers.gans.vanilla.networks import dense_pair
from helpers.gans.wasserstein import gan as wasserstein_gan

layers = keras.layers

ARCHITECTURES = ("DCGAN", "no batch normalization", "dense generator", "tanh everywhere")
GAMES = ("GAN", "WGAN, clipped", "WGAN-GP")
CELLS = tuple((networks, name) for networks in ARCHITECTURES for name in GAMES)
# Learning rates five to ten times those of the papers, for this short budget; optimizers and their memories are each
# paper's own.
RATES = {"GAN": 1e-3, "WGAN, clipped": 5e-4, "WGAN-GP": 1e-3}
CRITIC_STEPS = {"GAN": 1, "WGAN, clipped": 5, "WGAN-GP": 5}
SHOWN = 10  # pictures of each cell


def pair(networks: str, name: str, codings: int = 100, maps: int = 16) -> tuple[keras.Model, keras.Model]:
    """(generator, critic) of one cell, for images (28, 28, 1) in [−1, 1].

    Where the pair has batch normalization both networks have it, except that WGAN-GP's critic has layer normalization.
    The dense generator has three hidden layers of 16·maps ReLUs and nothing else.
    Raises ValueError for unknown names.
    """
    if networks not in ARCHITECTURES or name not in GAMES:
        raise ValueError(f"There is no cell {(networks, name)}; there are {ARCHITECTURES} and {GAMES}.")
    inside = "tanh" if networks == "tanh everywhere" else "relu"
    plain = networks == "no batch normalization"
    if networks == "dense generator":
        generator = dense_pair(codings, (16 * maps,) * 3, (28, 28, 1))[0]
    else:
        start = "he_normal" if plain else None
        normalised = () if plain else ("inside",)
        generator = ablation.pair(codings, maps, normalised=normalised, inside=inside, start=start)[0]
    kind = None if plain else "layer" if name == "WGAN-GP" else "batch"
    return generator, wasserstein_gan.critic(maps, normalise=kind, inside="tanh" if inside == "tanh" else "leaky_relu")


def compiled_gan(
    networks: str, name: str, codings: int = 100, maps: int = 16, *, seed: int = 42, rate: float | None = None,
    clip: float = 0.01,
) -> GAN:  # fmt: skip
    """A compiled GAN of one cell, ready for fit. rate: default the one of RATES."""
    keras.utils.set_random_seed(seed)
    kinds = {"GAN": GAN, "WGAN, clipped": wasserstein_gan.ClippedWGAN, "WGAN-GP": wasserstein_gan.WGANGP}
    options = {"clip": clip} if name == "WGAN, clipped" else {}
    gan = kinds[name](*pair(networks, name, codings, maps), codings, averaging=0.99, seed=seed, **options)

    def optimizer():
        size = RATES[name] if rate is None else rate
        if name == "WGAN, clipped":
            return keras.optimizers.RMSprop(size)
        return keras.optimizers.Adam(size, 0.5) if name == "GAN" else keras.optimizers.Adam(size, 0.0, 0.9)

    gan.compile(optimizer(), optimizer())
    return gan


def train(
    networks: str, name: str, images: np.ndarray, shown: int, *, batch_size: int = 32, count: int = 2000, **options
) -> tuple[dict[str, float], np.ndarray, GAN]:  # fmt: skip
    """(figures, images drawn (count, 28, 28), the GAN) of one cell; `options` as for `game`.

    images: (n, 28, 28, 1) in [−1, 1].   shown: real images that the critic sees in all, counted every time.
    batch_size: of each phase.   figures: frechet, coverage, and the seconds of training without compilation.
    """
    gan = compiled_gan(networks, name, **options)
    batch = batch_size * CRITIC_STEPS[name]
    seed, stream = options.get("seed", 42), np.random.default_rng(options.get("seed", 42))
    steps = max(1, shown // batch)
    gan.fit(images[:batch], batch_size=batch, verbose=0)  # compiles; this step counts as the first
    start, done = time.perf_counter(), 1
    length = max(1, len(images) // batch)  # steps of an epoch
    while done < steps:
        here = min(length, steps - done)
        rows = np.resize(stream.permutation(len(images)), here * batch)
        gan.fit(images[rows], batch_size=batch, shuffle=False, verbose=0)
        done += here
    seconds = time.perf_counter() - start
    made = samples.draw(gan, count, seed)
    figures = {**trials.scores(made), "seconds": seconds}
    return figures, np.nan_to_num(made), gan


class RobustnessTrials(keras.Model):
    """Ten pictures of each cell, kept as weights, so that `weights.load_or_train` can ship them with the figures.

    pictures: (12, 10, 28, 28) in [0, 1], by the first seed, in the order of CELLS; black before `fill`.
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        shape = (len(CELLS), SHOWN, 28, 28)
        self.pictures = self.add_weight(shape=shape, initializer="zeros", trainable=False, name="pictures")
        self.built = True

    def fill(
        self, images: np.ndarray, *, seeds: Sequence[int], shown: int, cells: int = len(CELLS), batch_size: int = 32,
        codings: int = 100, maps: int = 16, count: int = 2000, say=None,
    ) -> dict[str, float]:  # fmt: skip
        """Train the first `cells` cells with every seed; keep pictures and, as `self.history`, figures by seed.

        images: (n, 28, 28, 1) in [−1, 1].   say: called with a line of text after each training, such as print.
        Returns how much was trained.
        """
        found: dict[str, list[float]] = {}
        pictures = np.zeros(self.pictures.shape, np.float32)
        for seed in seeds:
            for place, cell in enumerate(CELLS[:cells]):
                figures, made, _ = train(*cell, images, shown, batch_size=batch_size, count=count, codings=codings,
                                         maps=maps, seed=seed)  # fmt: skip
                for figure, value in figures.items():
                    found.setdefault(f"{cell[0]} | {cell[1]}: {figure}", []).append(float(value))
                if seed == seeds[0]:
                    pictures[place] = made[:SHOWN]
                if say is not None:
                    say(f"{' | '.join(cell)}, seed {seed}: " + ", ".join(f"{k} {v:.2f}" for k, v in figures.items()))
        self.pictures.assign(pictures)
        self.history = keras.callbacks.History()
        self.history.history, self.history.epoch = found, []
        return {"seeds": len(seeds), "shown": shown, "cells": cells}


def summary(history: Mapping[str, Sequence[float]]) -> dict[tuple[str, str], dict[str, object]]:
    """{(networks, game): {"frechet": mean, "lowest": …, "highest": …, "coverage": mean, "seconds": mean}} of each cell.

    history: as `RobustnessTrials.fill` leaves it.
    """
    rows = {}
    for cell in CELLS:
        key = " | ".join(cell)
        if f"{key}: frechet" in history:
            distances = history[f"{key}: frechet"]
            rows[cell] = {
                "frechet": float(np.mean(distances)), "lowest": min(distances), "highest": max(distances),
                **{figure: float(np.mean(history[f"{key}: {figure}"])) for figure in ("coverage", "seconds")},
            }  # fmt: skip
    return rows
