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

import keras
import numpy as np
from keras import ops

from helpers.autoencoders.autoencoder import dense_hourglass
from helpers.autoencoders.vae import measures
from helpers.autoencoders.vae import model as vae_model
from helpers.metrics import classifier, image_quality
from helpers.training.schedules import WarmupCosine
from tools.bench import epochs, latency
from tools.tables import table

PUBLISHED = 0.0311
STEPS = 16  # batches per call of the compiled step, for both sides: little of the time then is Python's


def mean_squared_error(images, reconstructions):
    """Squared error averaged over the pixels, one value for each image: the recipe's reconstruction."""
    return ops.mean(ops.square(images - reconstructions), axis=(1, 2))


def side(name: str, model: keras.Model, X, X_valid, batch_size: int, n_epochs: int) -> epochs.Side:
    """A side whose error is the validation total; `side.parts` holds its (MSE, KL/784) after each epoch."""

    def fit_epoch(epoch: int) -> None:
        model.fit(X, batch_size=batch_size, initial_epoch=epoch, epochs=epoch + 1, verbose=0)

    def judge() -> float:
        """The total on the textbook's scale, with one draw of codings per image as in training."""
        mean, log_var = measures.posterior(model, X_valid)
        noise = np.random.default_rng(0).normal(size=mean.shape)
        R = measures.decode(model, mean + np.exp(log_var / 2) * noise)
        kl = 0.5 * np.sum(np.exp(log_var) + mean**2 - 1 - log_var, axis=1)
        parts.append((float(np.mean((X_valid - R) ** 2, dtype=np.float64)), float(kl.mean(dtype=np.float64)) / 784))
        return sum(parts[-1])

    parts = []
    size = model.count_params() - 1  # one less: Keras counts the state of the noise
    made = epochs.Side(name, fit_epoch, judge, epochs=n_epochs, batch_size=batch_size, parameters=size, model=model)
    made.parts = parts
    return made


def recipe(seed: int, X, X_valid, n_epochs: int = 25) -> epochs.Side:
    """The textbook's model with the textbook's settings, in Keras 3."""
    keras.utils.set_random_seed(seed)
    halves = vae_model.dense_halves(10, (150, 100), activation="relu", output_activation=None, steady=False)
    model = vae_model.VAE(
        *halves, vae_model.Sampling(), vae_model.kl_to_standard_normal, mean_squared_error, beta=1 / 784
    )
    model.compile(optimizer=keras.optimizers.Nadam(1e-3), steps_per_execution=STEPS)
    return side("textbook recipe", model, X, X_valid, 128, n_epochs)


def ours(seed: int, X, X_valid, n_epochs: int = 5) -> epochs.Side:
    """The model of the lesson on the textbook's scale."""
    keras.utils.set_random_seed(seed)
    batch_size, peak = (256, 1.2e-2) if len(X) >= 30_000 else (64, 5e-3)  # few images: or too few steps
    model = vae_model.VAE(
        *vae_model.dense_halves(10), vae_model.Sampling(), vae_model.kl_to_standard_normal, vae_model.squared_error
    )
    rate = WarmupCosine.for_fit(peak, len(X), batch_size, n_epochs)
    model.compile(optimizer=keras.optimizers.Adam(rate, beta_2=0.99), steps_per_execution=STEPS)
    return side("ours", model, X, X_valid, batch_size, n_epochs)


def run(data, args) -> None:
    """Train both in turns and print what each reached, when, and the ratios; then the new images."""
    X, X_valid = data.X_train, data.X_valid
    sides = recipe(args.seed, X, X_valid), ours(args.seed, X, X_valid)
    print(
        f"\nLesson 10 · variational autoencoder, 10 codings, seed {args.seed}\n"
        "The two take turns, epoch by epoch, in one process; both call the same fit on the same arrays, compiled,\n"
        f"{STEPS} batches per call. On the clock: all that fit does, compilation included. Off the clock, for both:\n"
        "the validation after each epoch.\n"
    )
    epochs.take_turns(sides)
    epochs.report(*sides, published=(PUBLISHED, 25) if data.is_full else None, what="validation MSE + KL/784")
    rows = [(s.name, *(f"{value:.5f}" for value in s.parts[-1]), f"{784 * s.parts[-1][1]:.2f}") for s in sides]
    print("\nThe two parts at the end, on validation images")
    print(table(rows, ("", "MSE", "KL/784", "KL in nats")))
    new_images(data, args, sides)
    latency.run(data, args)


def new_images(data, args, sides) -> None:
    """Print the Fréchet distances of new images by four ways to make them, three seeds each, beside the floor."""
    from sklearn.decomposition import PCA

    X = data.X_train
    real = image_quality.real_images()
    n = len(real) if not args.quick else 200
    real_features = classifier.features(real[:n])

    def frechet(images):
        return image_quality.frechet_distance(classifier.features(np.clip(images, 0, 1)), real_features)

    def gaussian(Z, seed):
        return np.random.default_rng(seed).multivariate_normal(Z.mean(axis=0), np.cov(Z.T), n)

    pca = PCA(10).fit(X.reshape(len(X), -1))
    Z_pca = pca.transform(X.reshape(len(X), -1))
    n_epochs, batch_size, peak = sides[1].epochs, sides[1].batch_size, 1.2e-2 if len(X) >= 30_000 else 5e-3

    def adam():
        return keras.optimizers.Adam(WarmupCosine.for_fit(peak, len(X), batch_size, n_epochs), beta_2=0.99)

    def plain(seed):
        keras.utils.set_random_seed(seed)
        model = dense_hourglass(
            (28, 28), (200, 100), 10, activation="silu", coding_activation=None, output_activation="sigmoid"
        )
        model.compile(loss="mse", optimizer=adam(), steps_per_execution=STEPS)
        model.fit(X, X, epochs=n_epochs, batch_size=batch_size, verbose=0)
        return model.decode(gaussian(model.codings(X), seed))

    def variational(distance, beta=1.0):
        def images(seed):
            keras.utils.set_random_seed(seed)
            parts = vae_model.Sampling(), vae_model.kl_to_standard_normal, distance
            model = vae_model.VAE(*vae_model.dense_halves(10), *parts, beta=beta)
            model.compile(optimizer=adam(), steps_per_execution=STEPS)
            model.fit(X, epochs=n_epochs, batch_size=batch_size, verbose=0)
            return measures.sample_images(model, n, seed)

        return images

    ways = {
        "PCA-10 + Gaussian": lambda seed: pca.inverse_transform(gaussian(Z_pca, seed)).reshape(-1, 28, 28),
        "plain autoencoder + Gaussian": plain,
        "VAE, squared error, β = 1": variational(vae_model.squared_error),
        "VAE, squared error, β = 0.1": variational(vae_model.squared_error, 0.1),
        "VAE, cross-entropy": variational(vae_model.cross_entropy),
    }
    rows = []
    for name, way in ways.items():
        values = [frechet(way(args.seed + i)) for i in range(3)]
        rows.append((name, f"{np.mean(values):.2f}", f"{min(values):.2f}", f"{max(values):.2f}"))
    values = [frechet(measures.sample_images(sides[0].model, n, args.seed + i)) for i in range(3)]
    rows.append(
        ("textbook recipe (one training)", f"{np.mean(values):.2f}", f"{min(values):.2f}", f"{max(values):.2f}")
    )
    try:
        from helpers.metrics import baselines

        rows.append(("floor: real against real", f"{baselines.load()['floor']['frechet']:.2f}", "", ""))
    except RuntimeError as error:
        print(error)
    print(f"\nFréchet distance of {n:,} new images from as many real ones (lower is better), three seeds")
    print(table(rows, ("", "mean", "lowest", "highest")))
