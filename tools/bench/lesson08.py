"""Lesson 08's benchmark: denoisers against the textbook's recipe, PCA, the median filter and the best linear denoiser.

The recipe: Dropout(0.5) on the pixels, 784-100-30-100-784 with ReLU also on the codings, linear output, mean squared
error, Nadam at 1e-3, batches of 32, 10 epochs (Géron, Hands-On Machine Learning, 3rd ed., 2022, chapter 17; published
is only its validation MSE on clean images, .0166).
First race, on clean images: ours has the same layers and parameters, with linear codings, SiLU and a sigmoid output,
and sees every image with a dropout rate of its own between 0 and 0.5.
Then, on noisy images: the lesson's convolutional denoiser, one network for all levels and kinds, beside everything
else, the rivals tuned on training images for each kind and level separately.
"""

from __future__ import annotations

import time

import numpy as np

from helpers.autoencoders.autoencoder import dense_hourglass, run_in_batches
from helpers.autoencoders.denoising import networks, noise
from helpers.autoencoders.denoising.baselines import LinearDenoiser, Median, PCADenoiser
from helpers.autoencoders.denoising.networks import small_unet
from helpers.backend import keras
from helpers.metrics import reconstruction
from helpers.training.schedules import WarmupCosine
from tools.bench.epochs import Side, keras_side, report, take_turns
from tools.tables import table

PUBLISHED = 0.0166, 10  # validation MSE on clean images, epochs
STEPS = 16  # batches per call of the compiled step, for both sides
LAYERS = {"image_shape": (28, 28), "hidden": (100,), "codings": 30}
RANGES = {"Gaussian": (0, 1.0), "masking": (0, 0.9), "salt and pepper": (0, 0.6), "occlusion": (0, 16)}
TESTS = {
    "Gaussian": (0.1, 0.2, 0.3, 0.5, 0.7, 1.0), "masking": (0.2, 0.5, 0.8), "salt and pepper": (0.1, 0.3, 0.5),
    "occlusion": (6, 12),
}  # fmt: skip


def recipe(seed: int, X, X_valid, epochs: int = 10) -> Side:
    """The textbook's model with the textbook's settings, in Keras 3."""
    keras.utils.set_random_seed(seed)
    model = dense_hourglass(**LAYERS, activation="relu", coding_activation="relu", output_activation=None)
    model = networks.behind(keras.layers.Dropout(0.5), model)
    model.compile(loss="mse", optimizer=keras.optimizers.Nadam(1e-3), steps_per_execution=STEPS)
    return keras_side("textbook recipe", model, X, X_valid, batch_size=32, epochs=epochs)


def ours(seed: int, X, X_valid) -> Side:
    """The same layers, trained on every rate up to one half; many images allow larger batches and fewer epochs."""
    keras.utils.set_random_seed(seed)
    batch_size, epochs = (128, 5) if len(X) >= 30_000 else (64, 6)
    model = dense_hourglass(**LAYERS, activation="silu", coding_activation=None, output_activation="sigmoid")
    rate, rng = WarmupCosine.for_fit(8e-3, len(X), batch_size, epochs), np.random.default_rng(seed)
    model.compile(loss="mse", optimizer=keras.optimizers.Adam(rate, beta_2=0.99), steps_per_execution=STEPS)

    def fit_epoch(epoch: int) -> None:
        noisy = noise.dropout(X, rng.uniform(0, 0.5, len(X)), rng)
        model.fit(noisy, X, batch_size=batch_size, initial_epoch=epoch, epochs=epoch + 1, verbose=0)

    def judge() -> float:
        return reconstruction.mse(X_valid, model.reconstruct(X_valid))

    size = model.count_params()
    return Side("ours", fit_epoch, judge, epochs=epochs, batch_size=batch_size, parameters=size, model=model)


def convolutional(seed: int, X, X_valid) -> Side:
    """The lesson's network for all levels and kinds."""
    keras.utils.set_random_seed(seed)
    batch_size, epochs = (128, 4) if len(X) >= 30_000 else (64, 4)
    model, corrupt, rng = small_unet(), networks.any_kind(RANGES), np.random.default_rng(seed)
    rate = WarmupCosine.for_fit(3e-3, len(X), batch_size, epochs)
    model.compile(loss="mse", optimizer=keras.optimizers.Adam(rate, beta_2=0.99), steps_per_execution=STEPS)

    def fit_epoch(epoch: int) -> None:
        model.fit(corrupt(X, rng), X, batch_size=batch_size, initial_epoch=epoch, epochs=epoch + 1, verbose=0)

    def judge() -> float:
        return reconstruction.mse(X_valid, run_in_batches(model, X_valid))

    size = model.count_params()
    return Side("convolutional", fit_epoch, judge, epochs=epochs, batch_size=batch_size, parameters=size, model=model)


def noisy_table(old: Side, new: Side, big: Side, X, X_valid, seed: int) -> int:
    """Print the mean PSNR of everybody at every kind and level; returns in how many of them `big` is not the best."""
    rivals = (Median(), PCADenoiser(), LinearDenoiser())
    few, rng = X[:1_000], np.random.default_rng(seed)
    rows, lost = [], 0
    for kind, levels in TESTS.items():
        for level in levels:
            noisy = noise.corrupt(X_valid, kind, level, rng)
            # Networks behind Dropout expect what is left to be brighter: they get the masked images so
            scaled = noisy / (1 - level) if kind == "masking" else noisy
            tuning = noise.corrupt(X, kind, level, rng)
            found = [noise.mean_psnr(X_valid, np.clip(noisy, 0, 1))]
            for rival in rivals:
                whole = isinstance(rival, LinearDenoiser)
                rival.fit(X if whole else few, tuning if whole else tuning[: len(few)])
                found.append(noise.mean_psnr(X_valid, rival.denoise(noisy)))
            found += [noise.mean_psnr(X_valid, side.model.reconstruct(scaled)) for side in (old, new)]
            found.append(noise.mean_psnr(X_valid, run_in_batches(big.model, noisy)))
            lost += found[-1] < max(found[:-1])
            chosen = f"{rivals[0].best} / {rivals[1].best}"
            rows.append((f"{kind} {level:g}", chosen, *(f"{value:.2f}" for value in found)))
    names = (*(rival.name for rival in rivals), old.name, new.name, "convolutional")
    print("\nMean PSNR in dB on noisy validation images (window and components k chosen on training images)")
    print(table(rows, ("noise", "window / k", "noisy, clipped", *names)))
    return lost


def run(data, args) -> None:
    """The race on clean images, the convolutional denoiser, and the table on noisy ones."""
    X, X_valid = data.X_train, data.X_valid
    print(
        f"\nLesson 08 · denoising autoencoder, seed {args.seed}\n"
        "The two take turns, epoch by epoch, in one process, compiled, with the same number of batches per call.\n"
        "On the clock: all of an epoch, with compilation and the making of the noise. The error is on CLEAN images.\n"
    )
    old, new = recipe(args.seed, X, X_valid), ours(args.seed, X, X_valid)
    take_turns([old, new])
    pca = reconstruction.pca_reconstruction_mse(X, X_valid, 30)
    report(old, new, baselines={"PCA, 30 components": pca}, published=PUBLISHED if data.is_full else None)

    start = time.perf_counter()
    big = convolutional(args.seed, X, X_valid)
    take_turns([big])
    share = (time.perf_counter() - start) / sum(old.seconds)
    print(
        f"\nThe convolutional denoiser, {big.parameters:,} parameters, {big.epochs} epochs in batches of "
        f"{big.batch_size}: clean validation MSE {big.errors[-1]:.5f}, in {share:.2f} of the recipe's time"
    )
    lost = noisy_table(old, new, big, X, X_valid, args.seed)
    kinds = sum(map(len, TESTS.values()))
    print(f"\nThe convolutional denoiser is the best in {kinds - lost} of {kinds} rows.")
