"""Lesson 15's benchmark: the speed of a step that grows.

1. One step at the last stage, fading in, at batch 32 (networks of the lesson, gradient penalty included): compiled
   against the same step uncompiled (`run_eagerly=True`), in turns. Goal: at least 2 times as fast.
2. Images a second at each stage, compiled, all stages in turns, and how many steps and seconds a training of the
   lesson's plan needs at these paces, grown and at full size from the start.
"""

from __future__ import annotations

import time

import keras
import numpy as np

from helpers.gans.progan.figures import size
from helpers.gans.progan.gan import GrowingGAN, Plan
from helpers.gans.progan.networks import Discriminator, Generator
from helpers.gans.samples import at_size
from tools.tables import table

CODINGS, WIDTHS, BATCH = 128, (128, 64, 32, 16), 32
PLAN = Plan(4, fade=1, steady=1, last=8)
IMAGES = 55_000  # in an epoch of the lesson's training


def compiled_gan(seed: int, widths=WIDTHS, **options) -> GrowingGAN:
    """The lesson's GAN, compiled; options go to `compile`."""
    keras.utils.set_random_seed(seed)
    networks = Generator(CODINGS, widths, 1), Discriminator(widths, 1)
    gan = GrowingGAN(*networks, CODINGS, averaging=0.999, seed=seed)
    gan.compile(*(keras.optimizers.Adam(1e-3, 0.0, 0.99, epsilon=1e-8) for _ in range(2)), **options)
    return gan


def run(data, args) -> None:
    """Both parts; `--quick` takes few steps and two stages fewer."""
    widths = WIDTHS[-2:] if args.quick else WIDTHS
    X = at_size(data.X_train[:10_000], 4 * 2 ** (len(widths) - 1))
    print(f"\nLesson 15 · progressive growing, {CODINGS} codings, widths {widths}, batch {BATCH}, seed {args.seed}\n")
    step_speed(X, widths, args)
    stage_speed(X, widths, args)


def _seconds(gan, images) -> float:
    """Wall seconds of one step, over all the batches of these images."""
    start = time.perf_counter()
    gan.fit(images, batch_size=BATCH, shuffle=False, verbose=0)
    return (time.perf_counter() - start) / (len(images) // BATCH)


def step_speed(X, widths, args) -> float:
    """Print, and return, how many times as fast the compiled step is at the last stage."""
    steps, rounds = (2, 3) if args.quick else (8, 7)
    last = len(widths) - 1
    sides = {
        "compiled": compiled_gan(args.seed, widths),
        "uncompiled": compiled_gan(args.seed, widths, run_eagerly=True),
    }
    for gan in sides.values():
        gan.set_stage(last, alpha=0.5)
        gan.fit(X[:BATCH], batch_size=BATCH, verbose=0)  # compilation is not part of a step
    seconds = {name: [] for name in sides}
    for _ in range(rounds):
        for name, gan in sides.items():
            seconds[name].append(_seconds(gan, X[: BATCH * steps]))
    ratio = float(np.median(np.array(seconds["uncompiled"]) / seconds["compiled"]))
    print(f"One step at {size(last)} pixels: the two take turns, {rounds} rounds of {steps} steps")
    rows = [(f"{name} step", f"{1000 * np.median(values):.0f} ms") for name, values in seconds.items()]
    print(table(rows, ("", "median")))
    print(f"\nCompiled against uncompiled: {ratio:.1f} times as fast (median over the rounds; goal: at least 2)\n")
    return ratio


def stage_speed(X, widths, args) -> None:
    """Print the pace of each stage and what it means for a training."""
    steps, rounds = (3, 2) if args.quick else (30, 5)
    gans = []
    for stage in range(len(widths)):  # one for each stage, so that none is compiled twice
        gans.append(compiled_gan(args.seed, widths))
        gans[-1].set_stage(stage)
        gans[-1].fit(X[:BATCH], batch_size=BATCH, verbose=0)
    seconds = np.array([[_seconds(gan, X[: BATCH * steps]) for gan in gans] for _ in range(rounds)])
    step = np.median(seconds, axis=0)
    print(f"Images a second: the stages take turns, {rounds} rounds of {steps} steps")
    rows = [
        (size(stage), f"{1000 * each:.1f} ms", f"{BATCH / each:,.0f}", f"{step[-1] / each:.1f}")
        for stage, each in enumerate(step)
    ]
    print(table(rows, ("stage", "a step", "images a second", "times the last stage's")))
    plan = Plan(len(widths), PLAN.fade, PLAN.steady, PLAN.last)
    each = -(-IMAGES // BATCH)
    grown = sum(epochs * each * step[stage] for stage, _, epochs in plan.parts)
    whole = plan.epochs * each * step[-1]
    print(
        f"\nThe lesson's plan: {plan.epochs} epochs of {each:,} steps. At these paces {grown / 60:.0f} minutes; all of "
        f"it at full size {whole / 60:.0f} minutes,\nso growing takes {grown / whole:.0%} of that time."
    )
