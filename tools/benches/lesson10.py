"""Lesson 10's benchmark: our variational autoencoder against the textbook recipe, both with 10 codings.

The recipe: 784-150-100-(10)-100-150-784, ReLU, linear output, MSE + KL/784, Nadam at 1e-3, batches of 128,
25 epochs (Géron, Hands-On Machine Learning, 3rd ed., chapter 17: validation total .0311). There the KL is added
inside a functional model, which Keras 3 drops; here both sides use the same model class, which keeps it.
Ours: the network of the lesson, 784-200-100-(10)-100-200-784 with smooth activations (SiLU) and a sigmoid output,
the squared error, β = 1 (the same loss, times 784), Adam with warm-up and cosine, batches of 256, 5 epochs.

Below that, what the images are worth: Fréchet distances of new images, three seeds each. And at the end how
quickly the sliders answer (`bench sliders` measures only that).
"""

from __future__ import annotations

import time

import keras
import numpy as np
from keras import ops

from helpers import classifier, generated, vae, vae_measures
from helpers.autoencoders import dense_hourglass
from helpers.schedules import WarmupCosine
from tools.bench import table
from tools.benches import latency

PUBLISHED = 0.0311
STEPS = 16  # batches per call of the compiled step, for both sides: little of the time then is Python's


def mean_squared_error(images, reconstructions):
    """Squared error averaged over the pixels, one value for each image: the recipe's reconstruction."""
    return ops.mean(ops.square(images - reconstructions), axis=(1, 2))


class Side:
    """One of the two competitors, trained an epoch at a time by its own clock."""

    def __init__(self, name: str, model: keras.Model, batch_size: int, epochs: int):
        self.name, self.model, self.batch_size, self.epochs = name, model, batch_size, epochs
        self.seconds, self.errors, self.prices = [], [], []  # after each epoch: seconds, validation MSE, KL/784

    @property
    def done(self) -> float:
        """Share of the epochs that are over, 0 to 1."""
        return len(self.seconds) / self.epochs

    @property
    def totals(self) -> list[float]:
        return [error + price for error, price in zip(self.errors, self.prices, strict=True)]

    def train_one_epoch(self, X, X_valid) -> None:
        """One epoch of `fit` on the clock (the first with its compilation), then validation off the clock."""
        epoch = len(self.seconds)
        start = time.perf_counter()
        self.model.fit(X, batch_size=self.batch_size, initial_epoch=epoch, epochs=epoch + 1, verbose=0)
        self.seconds.append(time.perf_counter() - start)
        self.measure(X_valid)

    def measure(self, X_valid) -> None:
        """The two parts on the textbook's scale, with one draw of codings per image as in training."""
        mean, log_var = vae_measures.posterior(self.model, X_valid)
        noise = np.random.default_rng(0).normal(size=mean.shape)
        R = vae_measures.decode(self.model, mean + np.exp(log_var / 2) * noise)
        kl = 0.5 * np.sum(np.exp(log_var) + mean**2 - 1 - log_var, axis=1)
        self.errors.append(float(np.mean((X_valid - R) ** 2, dtype=np.float64)))
        self.prices.append(float(kl.mean(dtype=np.float64)) / 784)

    def time_to(self, target: float) -> float | None:
        """Seconds until the end of the first epoch with a validation total of at most `target`; None if never."""
        for epoch, total in enumerate(self.totals):
            if total <= target:
                return sum(self.seconds[: epoch + 1])
        return None


def recipe(seed: int, epochs: int = 25) -> Side:
    """The textbook's model with the textbook's settings, in Keras 3."""
    keras.utils.set_random_seed(seed)
    halves = vae.dense_halves(10, (150, 100), activation="relu", output_activation=None, steady=False)
    model = vae.VAE(*halves, vae.Sampling(), vae.kl_to_standard_normal, mean_squared_error, beta=1 / 784)
    model.compile(optimizer=keras.optimizers.Nadam(1e-3), steps_per_execution=STEPS)
    return Side("textbook recipe", model, 128, epochs)


def ours(seed: int, n: int, epochs: int = 5) -> Side:
    """The model of the lesson on the textbook's scale, for n training images."""
    keras.utils.set_random_seed(seed)
    batch_size, peak = (256, 1.2e-2) if n >= 30_000 else (64, 5e-3)  # few images: smaller batches, or too few steps
    model = vae.VAE(*vae.dense_halves(10), vae.Sampling(), vae.kl_to_standard_normal, vae.squared_error)
    rate = WarmupCosine.for_fit(peak, n, batch_size, epochs)
    model.compile(optimizer=keras.optimizers.Adam(rate, beta_2=0.99), steps_per_execution=STEPS)
    return Side("ours", model, batch_size, epochs)


def run(data, args) -> None:
    """Train both in turns and print what each reached, when, and the ratios; then the new images."""
    X, X_valid = data.X_train, data.X_valid
    sides = recipe(args.seed), ours(args.seed, len(X))
    print(
        f"\nLesson 10 · variational autoencoder, 10 codings, seed {args.seed}\n"
        "The two take turns, epoch by epoch, in one process; both call the same fit on the same arrays, compiled,\n"
        f"{STEPS} batches per call. On the clock: all that fit does, compilation included. Off the clock, for both:\n"
        "the validation after each epoch.\n"
    )
    while any(side.done < 1 for side in sides):
        min(sides, key=lambda side: side.done).train_one_epoch(X, X_valid)
    report(*sides, data.is_full)
    new_images(data, args, sides)
    latency.run(data, args)


def report(old: Side, new: Side, is_full: bool) -> None:
    """Print both curves, the final parts, and the ratios."""
    rows = []
    for epoch in range(max(old.epochs, new.epochs)):
        row = [epoch + 1]
        for side in (old, new):
            there = epoch < side.epochs
            row.append(f"{side.totals[epoch]:.5f}" if there else "")
            row.append(f"{sum(side.seconds[: epoch + 1]) / sum(old.seconds):.3f}" if there else "")
        rows.append(tuple(row))
    print("Validation MSE + KL/784 after each epoch, and the time so far as a share of the recipe's whole time")
    print(table(rows, ("epoch", old.name, "time", new.name, "time")))

    rows = [
        (
            side.name,
            f"{side.model.count_params() - 1:,}",
            side.epochs,
            side.batch_size,
            f"{side.errors[-1]:.5f}",
            f"{side.prices[-1]:.5f}",
            f"{784 * side.prices[-1]:.2f}",
            f"{side.totals[-1]:.5f}",
        )
        for side in (old, new)
    ]
    if is_full:
        rows.append(("the recipe as published", "", 25, 128, "", "", "", f"{PUBLISHED:.4f}"))
    print("\nAt the end, on validation images")
    print(table(rows, ("", "parameters", "epochs", "batch", "MSE", "KL/784", "KL in nats", "total")))

    target, whole = old.totals[-1], sum(old.seconds)
    reached = new.time_to(target)
    print()
    if reached is None:
        print(f"Ours never reached the recipe's final total of {target:.5f}.")
    else:
        print(
            f"Time until ours reached the recipe's final total of {target:.5f}: {reached / whole:.3f} of the "
            f"recipe's time ({whole / reached:.1f} times less)"
        )
    print(
        f"Whole training: {sum(new.seconds) / whole:.3f} of the recipe's time, {new.totals[-1] / target:.3f} of "
        f"its final total"
    )
    print(f"(On this machine, today: the recipe {whole:.0f} s in all, ours {sum(new.seconds):.0f} s.)")


def new_images(data, args, sides) -> None:
    """Print the Fréchet distances of new images by four ways to make them, three seeds each, beside the floor."""
    from sklearn.decomposition import PCA

    X = data.X_train
    real = generated.real_images()
    n = len(real) if not args.quick else 200
    real_features = classifier.features(real[:n])

    def frechet(images):
        return generated.frechet_distance(classifier.features(np.clip(images, 0, 1)), real_features)

    def gaussian(Z, seed):
        return np.random.default_rng(seed).multivariate_normal(Z.mean(axis=0), np.cov(Z.T), n)

    pca = PCA(10).fit(X.reshape(len(X), -1))
    Z_pca = pca.transform(X.reshape(len(X), -1))
    epochs, batch_size, peak = sides[1].epochs, sides[1].batch_size, 1.2e-2 if len(X) >= 30_000 else 5e-3

    def adam():
        return keras.optimizers.Adam(WarmupCosine.for_fit(peak, len(X), batch_size, epochs), beta_2=0.99)

    def plain(seed):
        keras.utils.set_random_seed(seed)
        model = dense_hourglass(
            (28, 28), (200, 100), 10, activation="silu", coding_activation=None, output_activation="sigmoid"
        )
        model.compile(loss="mse", optimizer=adam(), steps_per_execution=STEPS)
        model.fit(X, X, epochs=epochs, batch_size=batch_size, verbose=0)
        return model.decode(gaussian(model.codings(X), seed))

    def variational(distance, beta=1.0):
        def images(seed):
            keras.utils.set_random_seed(seed)
            parts = vae.Sampling(), vae.kl_to_standard_normal, distance
            model = vae.VAE(*vae.dense_halves(10), *parts, beta=beta)
            model.compile(optimizer=adam(), steps_per_execution=STEPS)
            model.fit(X, epochs=epochs, batch_size=batch_size, verbose=0)
            return vae_measures.draw(model, n, seed)

        return images

    ways = {
        "PCA-10 + Gaussian": lambda seed: pca.inverse_transform(gaussian(Z_pca, seed)).reshape(-1, 28, 28),
        "plain autoencoder + Gaussian": plain,
        "VAE, squared error, β = 1": variational(vae.squared_error),
        "VAE, squared error, β = 0.1": variational(vae.squared_error, 0.1),
        "VAE, cross-entropy": variational(vae.cross_entropy),
    }
    rows = []
    for name, way in ways.items():
        values = [frechet(way(args.seed + i)) for i in range(3)]
        rows.append((name, f"{np.mean(values):.2f}", f"{min(values):.2f}", f"{max(values):.2f}"))
    values = [frechet(vae_measures.draw(sides[0].model, n, args.seed + i)) for i in range(3)]
    rows.append(
        ("textbook recipe (one training)", f"{np.mean(values):.2f}", f"{min(values):.2f}", f"{max(values):.2f}")
    )
    try:
        from helpers import references

        rows.append(("floor: real against real", f"{references.load()['floor']['frechet']:.2f}", "", ""))
    except RuntimeError as error:
        print(error)
    print(f"\nFréchet distance of {n:,} new images from as many real ones (lower is better), three seeds")
    print(table(rows, ("", "mean", "lowest", "highest")))
