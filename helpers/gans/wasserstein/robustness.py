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
from helpers.gans import samples
from helpers.gans.dcgan import ablation
from helpers.gans.gan import GAN
from helpers.gans.trials import Trials, scores, spread
from helpers.gans.vanilla.networks import dense_pair
from helpers.gans.wasserstein import gan as wasserstein_gan
from helpers.metrics.statistics import interval

layers = keras.layers

ARCHITECTURES = ("DCGAN", "no batch normalization", "dense generator", "tanh everywhere")
GAMES = ("GAN", "WGAN, clipped", "WGAN-GP")
CELLS = tuple((networks, name) for networks in ARCHITECTURES for name in GAMES)
# Learning rates five to ten times those of the papers, for this short budget; optimizers and their memories are each
# paper's own.
RATES = {"GAN": 1e-3, "WGAN, clipped": 5e-4, "WGAN-GP": 1e-3}
CRITIC_STEPS = {"GAN": 1, "WGAN, clipped": 5, "WGAN-GP": 5}


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
    figures = {**scores(made), "seconds": seconds}
    return figures, np.nan_to_num(made), gan


class RobustnessTrials(Trials):
    """Pictures and figures of each cell, by the names "networks | game" in the order of CELLS; see Trials."""

    def __init__(self, **kwargs):
        super().__init__([" | ".join(cell) for cell in CELLS], **kwargs)

    def fill(
        self, images: np.ndarray, *, seeds: Sequence[int], shown: int, cells: int = len(CELLS), batch_size: int = 32,
        codings: int = 100, maps: int = 16, count: int = 2000, say=None,
    ) -> dict[str, float]:  # fmt: skip
        """Train the first `cells` cells with every seed, keep pictures and figures. Returns how much was trained.

        images: (n, 28, 28, 1) in [−1, 1].   say: called with a line of text after each training, such as print.
        """

        def one(name, seed):
            options = {"batch_size": batch_size, "count": count, "codings": codings, "maps": maps, "seed": seed}
            figures, made, _ = train(*name.split(" | "), images, shown, **options)
            if say is not None:
                say(f"{name}, seed {seed}: " + ", ".join(f"{k} {v:.2f}" for k, v in figures.items()))
            return figures, made

        self.run(one, seeds, self.names[:cells])
        return {"seeds": len(seeds), "shown": shown, "cells": cells}


def summary(history: Mapping[str, Sequence[float]]) -> dict[tuple[str, str], dict[str, object]]:
    """{(networks, game): {"frechet": mean, "half": …, "lowest": …, "highest": …, "coverage": mean, "seconds": mean}}.

    half: of the 95 % interval of the distance, infinite for one seed.   history: as `RobustnessTrials.fill` leaves it.
    """
    rows = {}
    for cell in CELLS:
        key = " | ".join(cell)
        if f"{key}: frechet" in history:
            seeds = history[f"{key}: frechet"]
            mean, _, high = interval(seeds) if len(seeds) > 1 else (0, 0, np.inf)
            rows[cell] = {
                "half": high - mean,
                **dict(zip(("frechet", "lowest", "highest"), spread(history, key), strict=True)),
                **{figure: float(np.mean(history[f"{key}: {figure}"])) for figure in ("coverage", "seconds")},
            }  # fmt: skip
    return rows


def leaders(row: Mapping[str, Mapping[str, float]]) -> list[str]:
    """The games that share the lead: those whose 95 % interval overlaps that of the lowest mean; that one is first.

    row: {game: {"frechet": mean, "half": half of its interval, …}}, as in `summary`.
    """
    order = sorted(row, key=lambda name: row[name]["frechet"])
    top = row[order[0]]["frechet"] + row[order[0]]["half"]
    return [name for name in order if row[name]["frechet"] - row[name]["half"] <= top]
