"""Lesson 16's benchmark: what compiling a step of the StyleGAN is worth, and what the R1 penalty costs.

Both compare steps at 32 × 32 pixels, batch 32, with the lesson's widths, in turns in one process:

1. the compiled step against the same step uncompiled (`run_eagerly=True`). Goal: at least 2 times as fast.
2. the compiled step with R1 at every step (the paper), at every 8th (the lesson), and without it. A round is a
   multiple of eight steps, so that each has its share of penalties.
"""

from __future__ import annotations

import time

import keras
import numpy as np

from helpers.gans import samples
from helpers.gans.stylegan.gan import StyleGAN
from helpers.gans.stylegan.networks import StyleDiscriminator, StyleGenerator
from tools.tables import table

CODINGS, WIDTHS, BATCH, EVERY = 128, (128, 64, 32, 16), 32, 8
GOAL = 2.0


def compiled_gan(seed: int, r1: float = 10.0, r1_every: int = EVERY, **options) -> StyleGAN:
    """The lesson's StyleGAN in its last stage, compiled; options go to `compile`."""
    keras.utils.set_random_seed(seed)
    generator, critic = StyleGenerator(CODINGS, CODINGS, WIDTHS, 1), StyleDiscriminator(WIDTHS, 1)
    gan = StyleGAN(generator, critic, CODINGS, r1=r1, r1_every=r1_every, averaging=0.999, seed=seed)
    gan.set_stage(gan.last_stage)
    gan.compile(keras.optimizers.Adam(1e-3, 0.0, 0.99), keras.optimizers.Adam(1e-3, 0.0, 0.99), **options)
    return gan


def run(data, args) -> None:
    """Both comparisons; with `args.quick` a few steps of each."""
    steps, rounds = (EVERY, 1) if args.quick else (4 * EVERY, 5)
    X = samples.frame(data.X_train[: BATCH * steps])
    print(f"\nLesson 16 · StyleGAN, {CODINGS} codings, widths {WIDTHS}, batch {BATCH}, seed {args.seed}\n")
    sides = {
        "uncompiled, R1 every 8th step": compiled_gan(args.seed, run_eagerly=True),
        "compiled, R1 every 8th step": compiled_gan(args.seed),
        "compiled, R1 at every step": compiled_gan(args.seed, r1_every=1),
        "compiled, no R1": compiled_gan(args.seed, r1=0.0),
    }
    seconds = turns(sides, X, rounds)
    slow, ours, every, none = seconds.values()
    rows = [(name, f"{1000 * value:.1f}", f"{value / ours:.2f}") for name, value in seconds.items()]
    print(table(rows, ("one step", "ms (median)", "of ours")))
    print(
        f"\n{rounds} rounds of {steps} steps each, in turns. Compiled, a step is {slow / ours:.2f} times as fast "
        f"(goal: {GOAL:g}). R1 adds {every / none - 1:.0%} to a step if it is computed at every step, and "
        f"{ours / none - 1:.0%} at every {EVERY}th."
    )


def turns(sides: dict[str, StyleGAN], X: np.ndarray, rounds: int) -> dict[str, float]:
    """{name: median seconds of a step}: each side in turn trains once on all of X in every round."""
    for gan in sides.values():
        gan.fit(X[:BATCH], batch_size=BATCH, verbose=0)  # compilation is not part of a step
    steps, seconds = len(X) // BATCH, {name: [] for name in sides}
    for _ in range(rounds):
        for name, gan in sides.items():
            start = time.perf_counter()
            gan.fit(X, batch_size=BATCH, shuffle=False, verbose=0)
            seconds[name].append((time.perf_counter() - start) / steps)
    return {name: float(np.median(values)) for name, values in seconds.items()}
