"""The bench of lesson 04: a textbook's recipe for a tied autoencoder beside the lesson's, in turns.

The recipe is that of Géron, Hands-On Machine Learning (3rd ed., 2022), chapter 17: 784-100-30-100-784 with tied
kernels, ReLU on the hidden layers and on the codings, a linear output, MSE, Nadam at 1e-3, batches of 32, 10 epochs.
Written natively for Keras 3.
"""

from __future__ import annotations

from helpers.autoencoders.tied.layers import TiedAutoencoder, tied_hourglass
from helpers.backend import keras
from helpers.metrics import reconstruction
from helpers.training.schedules import WarmupCosine
from tools.bench.epochs import keras_side, report, take_turns

LAYERS = dict(image_shape=(28, 28), hidden=(100,), codings=30, activation="relu")
STEPS = 16  # batches per call of the compiled step, for both
PUBLISHED = (0.0133, 10)  # validation MSE, epochs


def recipe(seed: int) -> TiedAutoencoder:
    """The textbook's model with the textbook's settings."""
    keras.utils.set_random_seed(seed)
    model = tied_hourglass(**LAYERS, coding_activation="relu", output_activation=None)
    model.compile(loss="mse", optimizer=keras.optimizers.Nadam(1e-3), steps_per_execution=STEPS)
    return model


def ours(seed: int, n: int, batch_size: int, epochs: int) -> TiedAutoencoder:
    """The model of the lesson, for n training images."""
    keras.utils.set_random_seed(seed)
    model = tied_hourglass(**LAYERS, coding_activation=None, output_activation="sigmoid")
    rate = WarmupCosine.for_fit(8e-3, n, batch_size, epochs)
    model.compile(loss="mse", optimizer=keras.optimizers.Adam(rate, beta_2=0.99), steps_per_execution=STEPS)
    return model


def run(data, args) -> None:
    """Train both in turns and print what each reached, when, and the ratios."""
    X, X_valid = data.X_train, data.X_valid
    batch_size, epochs = (128, 4) if len(X) >= 30_000 else (32, 4)  # few images: smaller batches, or too few steps
    old = keras_side("textbook recipe", recipe(args.seed), X, X_valid, batch_size=32, epochs=PUBLISHED[1])
    model = ours(args.seed, len(X), batch_size, epochs)
    new = keras_side("ours", model, X, X_valid, batch_size=batch_size, epochs=epochs)
    print(
        f"\nLesson 04 · tied autoencoder, 30 codings, seed {args.seed}\n"
        "The two take turns, epoch by epoch, in one process; both call the same fit on the same arrays, compiled,\n"
        f"{STEPS} batches per call. On the clock: all that fit does, compilation included. Off the clock, for both:\n"
        "the validation after each epoch.\n"
    )
    take_turns([old, new])
    pca = reconstruction.pca_reconstruction_mse(X, X_valid, 30)
    report(old, new, baselines={"PCA, 30 components": pca}, published=PUBLISHED if data.is_full else None)
