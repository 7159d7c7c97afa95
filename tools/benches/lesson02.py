"""Lesson 02's benchmark: our stacked autoencoder against the textbook recipe, both with 30 codings.

The recipe: 784-100-30-100-784, ReLU also on the codings, linear output, mean squared error, Nadam at 1e-3,
batches of 32, 20 epochs (Géron, Hands-On Machine Learning, 3rd ed., chapter 17: validation MSE .0132).
Ours, the model of the lesson: the same layers and parameters, with linear codings and a sigmoid output,
trained for 8 epochs in batches of 128 (32 on the subset) by Adam with a warm-up and a cosine schedule.
"""

from __future__ import annotations

import time

from helpers import metrics
from helpers.autoencoders import dense_hourglass
from helpers.backend import keras
from helpers.schedules import WarmupCosine
from tools.bench import table

PUBLISHED = 0.0132
LAYERS = {"image_shape": (28, 28), "hidden": (100,), "codings": 30, "activation": "relu"}
STEPS = 16  # batches per call of the compiled step, for both sides: little of the time then is Python's


class Side:
    """One of the two competitors, trained an epoch at a time by its own clock."""

    def __init__(self, name: str, model: keras.Model, batch_size: int, epochs: int):
        self.name, self.model, self.batch_size, self.epochs = name, model, batch_size, epochs
        self.seconds, self.errors = [], []  # one entry per epoch: its seconds, the validation MSE after it

    @property
    def done(self) -> float:
        """Share of the epochs that are over, 0 to 1."""
        return len(self.seconds) / self.epochs

    def train_one_epoch(self, X, X_valid) -> None:
        """One epoch of `fit` on the clock (the first with its compilation), then validation off the clock."""
        epoch = len(self.seconds)
        start = time.perf_counter()
        self.model.fit(X, X, batch_size=self.batch_size, initial_epoch=epoch, epochs=epoch + 1, verbose=0)
        self.seconds.append(time.perf_counter() - start)
        self.errors.append(metrics.mse(X_valid, self.model.reconstruct(X_valid)))

    def time_to(self, target: float) -> float | None:
        """Seconds until the end of the first epoch with a validation MSE of at most `target`; None if never."""
        for epoch, error in enumerate(self.errors):
            if error <= target:
                return sum(self.seconds[: epoch + 1])
        return None


def recipe(seed: int, epochs: int = 20) -> Side:
    """The textbook's model with the textbook's settings, in Keras 3."""
    keras.utils.set_random_seed(seed)
    model = dense_hourglass(**LAYERS, coding_activation="relu", output_activation=None)
    model.compile(loss="mse", optimizer=keras.optimizers.Nadam(1e-3), steps_per_execution=STEPS)
    return Side("textbook recipe", model, 32, epochs)


def ours(seed: int, n: int, epochs: int = 8) -> Side:
    """The model of the lesson for n training images."""
    keras.utils.set_random_seed(seed)
    batch_size, peak = (128, 8e-3) if n >= 30_000 else (32, 8e-3)  # few images: smaller batches, or too few steps
    model = dense_hourglass(**LAYERS, coding_activation=None, output_activation="sigmoid")
    rate = WarmupCosine.for_fit(peak, n, batch_size, epochs)
    model.compile(loss="mse", optimizer=keras.optimizers.Adam(rate), steps_per_execution=STEPS)
    return Side("ours", model, batch_size, epochs)


def run(data, args) -> None:
    """Train both in turns and print what each reached, when, and the ratios."""
    X, X_valid = data.X_train, data.X_valid
    sides = (recipe(args.seed), ours(args.seed, len(X)))
    print(
        f"\nLesson 02 · stacked autoencoder, 30 codings, seed {args.seed}\n"
        "The two take turns, epoch by epoch, in one process; both call the same fit on the same arrays, compiled,\n"
        f"{STEPS} batches per call. On the clock: all that fit does, compilation included. Off the clock, for both:\n"
        "the validation after each epoch.\n"
    )
    while any(side.done < 1 for side in sides):
        min(sides, key=lambda side: side.done).train_one_epoch(X, X_valid)
    report(*sides, metrics.pca_reconstruction_mse(X, X_valid, 30), data.is_full)


def report(old: Side, new: Side, pca: float, is_full: bool) -> None:
    """Print both validation curves, the final figures against PCA, and the ratios."""
    rows = []
    for epoch in range(max(old.epochs, new.epochs)):
        row = [epoch + 1]
        for side in (old, new):
            there = epoch < side.epochs
            row.append(f"{side.errors[epoch]:.5f}" if there else "")
            row.append(f"{sum(side.seconds[: epoch + 1]) / sum(old.seconds):.3f}" if there else "")
        rows.append(tuple(row))
    print("Validation MSE after each epoch, and the time so far as a share of the recipe's whole time")
    print(table(rows, ("epoch", old.name, "time", new.name, "time")))

    def row(name, parameters, epochs, batch, error, digits=5):
        return name, parameters, epochs, batch, f"{error:.{digits}f}", f"{100 * (error / pca - 1):+.1f} %"

    rows = [
        row(side.name, f"{side.model.count_params():,}", side.epochs, side.batch_size, side.errors[-1])
        for side in (old, new)
    ]
    rows.append(row("PCA, 30 components", "", "", "", pca))
    if is_full:
        rows.append(row("the recipe as published", "", 20, 32, PUBLISHED, digits=4))
    print("\nAt the end")
    print(table(rows, ("", "parameters", "epochs", "batch", "validation MSE", "against PCA-30")))

    target, whole = old.errors[-1], sum(old.seconds)
    reached = new.time_to(target)
    print()
    if reached is None:
        print(f"Ours never reached the recipe's final validation MSE of {target:.5f}.")
    else:
        print(
            f"Time until ours reached the recipe's final validation MSE of {target:.5f}: {reached / whole:.3f} of "
            f"the recipe's time ({whole / reached:.1f} times less)"
        )
    share, error = sum(new.seconds) / whole, new.errors[-1] / target
    print(f"Whole training: {share:.3f} of the recipe's time, {error:.3f} of its final error")
    later = [sum(side.seconds[1:]) / max(1, side.epochs - 1) for side in (old, new)]
    print(f"One epoch (the first, which compiles, left out): {later[0] / later[1]:.2f} times as fast as the recipe's")
    print(f"(On this machine, today: the recipe {whole:.0f} s in all, ours {sum(new.seconds):.0f} s.)")
