"""Lesson 14's benchmark: the speed of a WGAN-GP step, and what the gradient penalty and layer normalization cost.

One step is five phases of the critic and one of the generator, each on its own part of 64 images. All sides take turns
in one process: the lesson's step, compiled; the same uncompiled (`run_eagerly=True`); the same without the penalty; the
same with a critic without layer normalization; and for comparison five steps of lesson 13's DCGAN at batch 64, which
show its discriminator as many real images. Goal: compiled at least twice as fast as uncompiled.
"""

from __future__ import annotations

import time

import keras
import numpy as np

from helpers.gans.dcgan.networks import dcgan_pair
from helpers.gans.gan import GAN
from helpers.gans.wasserstein import gan as wasserstein_gan
from tools.tables import table

CODINGS, MAPS, PART, CRITIC_STEPS = 100, 32, 64, 5


def sides(seed: int) -> dict[str, tuple[GAN, int]]:
    """{name: (compiled model, its batch size)}."""

    def made(kind, pair, batch, eager=False, **options):
        keras.utils.set_random_seed(seed)
        gan = kind(*pair, CODINGS, averaging=0.99, seed=seed, **options)
        gan.compile(keras.optimizers.Adam(1e-4, 0.0, 0.9), keras.optimizers.Adam(1e-4, 0.0, 0.9), run_eagerly=eager)
        return gan, batch

    def pair(normalise="layer"):
        return wasserstein_gan.wgan_pair(CODINGS, MAPS, normalise=normalise)

    batch = PART * CRITIC_STEPS
    return {
        "WGAN-GP, compiled": made(wasserstein_gan.WGANGP, pair(), batch),
        "uncompiled": made(wasserstein_gan.WGANGP, pair(), batch, eager=True),
        "without the penalty": made(wasserstein_gan.WassersteinGAN, pair(), batch),
        "without layer normalization": made(wasserstein_gan.WGANGP, pair(None), batch),
        "DCGAN, five steps": made(GAN, dcgan_pair(CODINGS, MAPS), PART),
    }


def run(data, args) -> None:
    """Print medians of the seconds per step, and the ratios."""
    steps, rounds = (1, 2) if args.quick else (4, 7)
    batch = PART * CRITIC_STEPS
    X = (2 * data.X_train[: steps * batch] - 1)[..., None]
    print(f"\nLesson 14 · WGAN-GP, {CODINGS} codings, {MAPS} maps, {CRITIC_STEPS} critic steps, seed {args.seed}\n")
    models = sides(args.seed)
    for gan, size in models.values():
        gan.fit(X[:size], batch_size=size, verbose=0)  # compilation is not part of a step
    seconds: dict[str, list[float]] = {name: [] for name in models}
    for _ in range(rounds):
        for name, (gan, size) in models.items():
            start = time.perf_counter()
            gan.fit(X, batch_size=size, shuffle=False, verbose=0)
            seconds[name].append((time.perf_counter() - start) / steps)
    base = np.array(seconds["WGAN-GP, compiled"])
    print(f"One step, {batch} real images shown to the critic; in turns, {rounds} rounds of {steps} step(s)")
    rows = [
        (name, f"{1000 * np.median(values):.0f} ms", f"{np.median(np.array(values) / base):.2f}")
        for name, values in seconds.items()
    ]
    print(table(rows, ("", "median", "of the first")))
    ratio = {name: float(np.median(np.array(values) / base)) for name, values in seconds.items()}
    print(
        f"\nCompiled against uncompiled: {ratio['uncompiled']:.1f} times as fast (goal: at least 2)\n"
        f"The penalty makes a step {1 / ratio['without the penalty']:.2f} times as long; layer normalization "
        f"{1 / ratio['without layer normalization']:.2f} times.\n"
        f"As many real images shown cost {1 / ratio['DCGAN, five steps']:.2f} times as much as with the DCGAN of "
        f"lesson 13, "
        "whose generator takes five steps meanwhile.\n"
    )
