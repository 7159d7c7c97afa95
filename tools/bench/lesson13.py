"""Lesson 13's benchmark: the speed of a DCGAN step, and quality for time against the textbook's DCGAN.

1. One step at batch 128: the engine's, compiled, against the same step uncompiled (`run_eagerly=True`), in turns; and
   which share of the machine's own rate of matrix products the compiled step reaches. Multiply–adds are counted by the
   formulas below; the rate is that of one large float32 `tf.matmul`, measured in the same turns.
2. The textbook's DCGAN (Géron, Hands-On Machine Learning, 3rd ed., chapter 17: 5×5 kernels, SELU, dropout, RMSprop,
   batches of 32) against the lesson's (batches of 64, Adam 1e-3), in turns of ten seconds. Both play on the same
   engine: there, the recipe is faster than with two models and `train_on_batch`, and its discriminator really learns.
   Fréchet distance of 2,000 new images at each mark. Goal: ours after 5 minutes at least as good as the recipe after
   15.
"""

from __future__ import annotations

import time

import keras
import numpy as np
import tensorflow as tf

from helpers.gans import samples
from helpers.gans.dcgan.networks import dcgan_pair
from helpers.gans.gan import GAN
from helpers.metrics import classifier, image_quality
from tools.bench import turns
from tools.tables import table

CODINGS, MAPS, KERNEL, BATCH = 100, 32, 4, 128
MARKS = (1, 2, 5, 10, 15)
SOONER = 3  # the recipe has so many times as long as ours


def multiply_adds(maps: int = MAPS, codings: int = CODINGS, kernel: int = KERNEL) -> int:
    """Multiplications (each with an addition) of one training step, for one image of the batch.

    Forward: a dense layer a → b takes a·b; a convolution h·w·k²·c·d with h × w outputs, a transposed one with h × w
    inputs (each of which paints k² pixels). Backward: as many again for the gradients of the weights, and as many for
    those of the layer's inputs, except where a layer's inputs need none.
    """
    taps = kernel**2
    dense = codings * 49 * 2 * maps
    generator = dense + 49 * taps * 2 * maps * maps + 196 * taps * maps
    first = 196 * taps * maps
    discriminator = first + 49 * taps * maps * 2 * maps + 49 * 2 * maps
    # the detective's phase: fakes made, both kinds judged, gradients of the weights, and of all inputs but the images'
    detective = generator + 2 * discriminator + 2 * discriminator + 2 * (discriminator - first)
    # the forger's: fakes made and judged, gradients through the discriminator, then of the generator's weights and
    # inputs, but not of the codings
    forger = generator + discriminator + discriminator + generator + (generator - dense)
    return detective + forger


def ours(seed: int, averaging: float = 0.999, **options) -> GAN:
    """The lesson's DCGAN, compiled; options go to `compile`."""
    keras.utils.set_random_seed(seed)
    gan = GAN(*dcgan_pair(CODINGS, MAPS, kernel=KERNEL), CODINGS, averaging=averaging, seed=seed)
    gan.compile(keras.optimizers.Adam(1e-3, 0.5), keras.optimizers.Adam(1e-3, 0.5), **options)
    return gan


def recipe(seed: int) -> GAN:
    """The textbook's DCGAN with the textbook's settings, in Keras 3, on the same engine."""
    keras.utils.set_random_seed(seed)
    layers = keras.layers
    generator = keras.Sequential([
        keras.Input((CODINGS,)),
        layers.Dense(7 * 7 * 128),
        layers.Reshape((7, 7, 128)),
        layers.BatchNormalization(),
        layers.Conv2DTranspose(64, 5, strides=2, padding="same", activation="selu"),
        layers.BatchNormalization(),
        layers.Conv2DTranspose(1, 5, strides=2, padding="same", activation="tanh"),
    ])  # fmt: skip
    discriminator = keras.Sequential([
        keras.Input((28, 28, 1)),
        layers.Conv2D(64, 5, strides=2, padding="same"),
        layers.LeakyReLU(0.2),
        layers.Dropout(0.4),
        layers.Conv2D(128, 5, strides=2, padding="same"),
        layers.LeakyReLU(0.2),
        layers.Dropout(0.4),
        layers.Flatten(),
        layers.Dense(1),
    ])  # fmt: skip
    gan = GAN(generator, discriminator, CODINGS, seed=seed)
    gan.compile(keras.optimizers.RMSprop(), keras.optimizers.RMSprop())
    return gan


def run(data, args) -> None:
    """The step's speed, then the race; `args.minutes`, if there, is the length of the race for each side."""
    X = (2 * data.X_train - 1)[..., None]
    minutes = args.minutes or (0.15 if args.quick else max(MARKS))
    print(f"\nLesson 13 · DCGAN, {CODINGS} codings, {MAPS} maps, seed {args.seed}\n")
    step_speed(X, args)
    quality_for_time(X, args, minutes)


def step_speed(X, args) -> None:
    """Print the ratio of the uncompiled to the compiled step, and the share of the matrix-product rate."""
    steps, rounds = (2, 2) if args.quick else (10, 7)
    part, side = X[: BATCH * steps], 512 if args.quick else 2048
    sides = {"compiled": ours(args.seed), "uncompiled": ours(args.seed, run_eagerly=True)}
    a, b = (tf.random.normal((side, side)) for _ in range(2))
    product = tf.function(lambda: tf.reduce_sum(tf.matmul(a, b)))
    product()
    for gan in sides.values():
        gan.fit(part[:BATCH], batch_size=BATCH, verbose=0)  # compilation is not part of a step
    seconds = {name: [] for name in (*sides, "matmul")}
    for _ in range(rounds):
        for name, gan in sides.items():
            start = time.perf_counter()
            gan.fit(part, batch_size=BATCH, shuffle=False, verbose=0)
            seconds[name].append((time.perf_counter() - start) / steps)
        start = time.perf_counter()
        for _ in range(4):
            product().numpy()
        seconds["matmul"].append((time.perf_counter() - start) / 4)
    middle = {name: float(np.median(values)) for name, values in seconds.items()}
    ratio = np.median(np.array(seconds["uncompiled"]) / seconds["compiled"])
    work = multiply_adds() * BATCH
    reached, possible = work / np.array(seconds["compiled"]), side**3 / np.array(seconds["matmul"])
    print(f"One step at batch {BATCH}: the two take turns, {rounds} rounds of {steps} steps")
    rows = [(f"{name} step", f"{1000 * middle[name]:.0f} ms") for name in sides]
    rows.append((f"matrix product {side} × {side}", f"{1000 * middle['matmul']:.0f} ms"))
    print(table(rows, ("", "median")))
    print(
        f"\nCompiled against uncompiled: {ratio:.1f} times as fast (median over the rounds; goal: at least 2)\n"
        f"A step takes {work / 1e9:.2f} thousand million multiply–adds; it does them at "
        f"{np.median(reached / possible):.0%} of the rate\n"
        f"of a large matrix product ({np.median(reached) / 1e9:.0f} of "
        f"{np.median(possible) / 1e9:.0f} thousand million a second on this machine, today).\n"
    )


def quality_for_time(X, args, minutes: float) -> None:
    """Train both in turns, and print their Fréchet distances at each mark."""
    real = image_quality.real_images()[: 100 if args.quick else 2000]
    real_features = classifier.features(real)

    def frechet(images):
        if not np.isfinite(images).all():
            return float("inf")  # a training that diverged
        return image_quality.frechet_distance(classifier.features(images), real_features)

    gans = {"textbook recipe": (recipe(args.seed), 32), "ours": (ours(args.seed), 64)}
    sides = [
        turns.Contestant(
            name, turns.keras_slices(gan, X, batch_size=batch), lambda n, gan=gan: samples.draw(gan, n, args.seed)
        )
        for name, (gan, batch) in gans.items()
    ]
    marks = sorted({mark for mark in (*MARKS, minutes / SOONER) if mark <= minutes})
    lengths = {"textbook recipe": minutes, "ours": minutes / SOONER}
    words = ", ".join(f"{name} {length:g}" for name, length in lengths.items())
    print(f"Quality for time, minutes on each one's own clock ({words}), in turns of at most ten seconds")
    results = turns.race(sides, lengths, marks, frechet, turn=2 if args.quick else 10, count=len(real), say=print)
    print(f"\nFréchet distance of {len(real):,} new images from as many real ones (lower is better)")
    print(turns.race_table(results))
    early, late = results["ours"][minutes / SOONER], results["textbook recipe"][float(minutes)]
    verdict = "at least as good" if early <= late else "not as good"
    print(
        f"\nOurs after {minutes / SOONER:g} minutes ({early:.2f}) is {verdict} as the recipe after {minutes:g} "
        f"({late:.2f}): {early / late:.2f} of its distance."
    )
