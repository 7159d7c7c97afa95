"""Lesson 11's benchmark: the speed of our adversarial step, and quality for time against the textbook's recipe.

Speed: one step of the dense GAN at batch 32, by `fit` on our engine and by the classical loop of two compiled models
with `train_on_batch`. The loop is written for Keras 3, where freezing the discriminator before compiling would stop
it from learning: here the combined model names the generator's variables as its only trainable ones, so both learn
(which is tested before anything is timed).

Quality: the recipe (30-100-150-784 and back, ReLU, He initialization, sigmoid output, images in [0, 1], RMSprop at its
default rate, batches of 32; Géron, Hands-On Machine Learning, 3rd ed., chapter 17) and ours (tanh and images in
[−1, 1], leaky ReLU in the discriminator, Adam with β₁ = .5, batches of 128, averaged weights). Both run on our
engine, so the recipe is faster here than as published, and what is compared is the recipe alone.
"""

from __future__ import annotations

import time

import keras
import numpy as np
import tensorflow as tf

from helpers.gans import gan, samples
from helpers.gans.vanilla import networks as vanilla_networks
from helpers.metrics import classifier, image_quality
from tools.bench.turns import Contestant, keras_slices, race, race_table
from tools.tables import table

MINUTES = (5.0, 15.0)  # ours, the recipe; --minutes shortens them
MARKS = (0.5, 1, 2, 3, 5, 7.5, 10, 15)
RECIPE, OURS, LOOP = "textbook recipe", "ours", "two models, train_on_batch"
STEPS = 16  # batches per call of the compiled step, for both sides of the race


def recipe_pair(codings: int = 30) -> tuple[keras.Model, keras.Model]:
    """(generator, discriminator) of the textbook, but with a logit at the end instead of a sigmoid's probability."""
    dense, options = keras.layers.Dense, {"activation": "relu", "kernel_initializer": "he_normal"}
    generator = keras.Sequential(
        [keras.Input((codings,)), dense(100, **options), dense(150, **options), dense(784, activation="sigmoid"),
         keras.layers.Reshape((28, 28))]
    )  # fmt: skip
    discriminator = keras.Sequential(
        [keras.Input((28, 28)), keras.layers.Flatten(), dense(150, **options), dense(100, **options), dense(1)]
    )
    return generator, discriminator


def recipe(seed: int, **options) -> gan.GAN:
    """The textbook's GAN on our engine."""
    keras.utils.set_random_seed(seed)
    model = gan.GAN(*recipe_pair(), codings=30, seed=seed)
    model.compile(keras.optimizers.RMSprop(), keras.optimizers.RMSprop(), **options)
    return model


def ours(seed: int, **options) -> gan.GAN:
    """The GAN of the lesson."""
    keras.utils.set_random_seed(seed)
    model = gan.GAN(*vanilla_networks.dense_pair(), codings=30, averaging=0.999, seed=seed)
    model.compile(*(keras.optimizers.Adam(1e-3, 0.5) for _ in range(2)), **options)
    return model


class Loop:
    """The classical loop: the discriminator compiled by itself, and once more behind the generator."""

    def __init__(self, seed: int):
        keras.utils.set_random_seed(seed)
        self.generator, self.discriminator = recipe_pair()
        generator = self.generator

        class Combined(keras.Sequential):
            @property
            def trainable_weights(self):  # only these learn when the combined model is trained
                return generator.trainable_weights

            trainable_variables = trainable_weights

        self.combined = Combined([self.generator, self.discriminator])
        for model in (self.discriminator, self.combined):
            model.compile(loss=keras.losses.BinaryCrossentropy(from_logits=True), optimizer=keras.optimizers.RMSprop())

    def step(self, real: np.ndarray) -> None:
        """Both phases on one batch (n, 28, 28)."""
        n = len(real)
        fake = self.generator(tf.random.normal((n, 30)), training=True)
        labels = tf.constant([[0.0]] * n + [[1.0]] * n)
        self.discriminator.train_on_batch(tf.concat([fake, real], axis=0), labels)
        self.combined.train_on_batch(tf.random.normal((n, 30)), tf.ones((n, 1)))

    def test(self, real: np.ndarray) -> None:
        """Raise RuntimeError unless each phase changes its own network and no other."""
        networks = self.discriminator, self.generator

        def moved(action) -> list[bool]:
            before = [network.get_weights() for network in networks]
            action()
            return [
                any(not np.array_equal(a, b) for a, b in zip(old, network.get_weights(), strict=True))
                for old, network in zip(before, networks, strict=True)
            ]

        n, codings = len(real), tf.random.normal((len(real), 30))
        first = moved(lambda: self.discriminator.train_on_batch(real, tf.ones((n, 1))))
        second = moved(lambda: self.combined.train_on_batch(codings, tf.ones((n, 1))))
        if first != [True, False] or second != [False, True]:
            raise RuntimeError(f"The loop does not train as it should: {first}, {second}. Nothing was measured.")


def run(data, args) -> None:
    """Print the speeds and their ratio, then the Fréchet distances over time."""
    print(f"\nLesson 11 · dense GAN, 30 codings, seed {args.seed}")
    speed(data, args)
    quality(data, args)


def speed(data, args, batch: int = 32) -> None:
    """Steps per second of both, in turns; the ratio of each pair of turns, and their median."""
    rounds, seconds = (2, 0.5) if args.quick else (10, 3.0)
    X = data.X_train
    model, loop, rng = ours(args.seed, steps_per_execution=STEPS), Loop(args.seed), np.random.default_rng(args.seed)
    loop.test(X[:batch])
    steps = STEPS * (5 if args.quick else 50)

    def by_fit() -> int:
        some = rng.choice(len(X), steps * batch)
        model.fit(2 * X[some] - 1, batch_size=batch, verbose=0)
        return steps

    def by_loop() -> int:
        for _ in range(25):
            loop.step(X[rng.choice(len(X), batch)])
        return 25

    rows = []
    for turn in range(rounds + 1):
        found = []
        for side in (by_fit, by_loop):
            done, start = 0, time.perf_counter()
            while time.perf_counter() - start < seconds:
                done += side()
            found.append(done / (time.perf_counter() - start))
        if turn:  # the first is for compiling
            rows.append((turn, f"{found[0]:.0f}", f"{found[1]:.0f}", f"{found[0] / found[1]:.2f}"))
    print(f"\nSteps per second at batch {batch} (both phases), in turns of {seconds:g} s, choosing of images included")
    print(table(rows, ("turn", "our fit", LOOP, "ratio")))
    ratios = sorted(float(row[-1]) for row in rows)
    print(f"Median ratio: {np.median(ratios):.2f} times the steps (lowest {ratios[0]:.2f}, highest {ratios[-1]:.2f})")


def quality(data, args) -> None:
    """The race over minutes on each one's own clock, judged by the Fréchet distance of 2,000 new images."""
    short = (0.05, 0.1) if args.quick else ((args.minutes / 3, args.minutes) if args.minutes else MINUTES)
    limits = dict(zip((OURS, RECIPE), (short[0], short[-1]), strict=True))
    count = 200 if args.quick else image_quality.COUNT
    real_features = classifier.features(image_quality.real_images()[:count])
    X = data.X_train
    mine, theirs = (make(args.seed, steps_per_execution=STEPS) for make in (ours, recipe))

    def recipe_images(n: int) -> np.ndarray:
        codings = samples.fixed_codings(theirs, n)
        return np.concatenate([theirs.generate(part).numpy() for part in np.array_split(codings, max(1, n // 250))])

    def judge(images: np.ndarray) -> float:
        return image_quality.frechet_distance(classifier.features(images), real_features)

    sides = [
        Contestant(OURS, keras_slices(mine, 2 * X - 1, batch_size=128), lambda n: samples.draw(mine, n)),
        Contestant(RECIPE, keras_slices(theirs, X, batch_size=32), recipe_images),
    ]
    print(f"\nFréchet distance of {count:,} new images from as many real ones (lower is better), in turns of training")
    results = race(sides, limits, MARKS, judge, turn=2.0 if args.quick else 10.0, count=count)
    print(race_table(results))
    steps = [int(model.generator_optimizer.iterations.numpy()) for model in (mine, theirs)]
    last = {name: found[limits[name]] for name, found in results.items()}
    print(
        f"Ours after {limits[OURS]:g} min: {last[OURS]:.2f} ({steps[0]:,} steps of 128 images); the recipe after "
        f"{limits[RECIPE]:g} min: {last[RECIPE]:.2f} ({steps[1]:,} steps of 32 images). Ratio of the distances "
        f"{last[OURS] / last[RECIPE]:.2f} in {limits[OURS] / limits[RECIPE]:.2f} of the time."
    )
