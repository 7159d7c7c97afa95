"""Lesson 02's benchmark: our stacked autoencoder against the textbook recipe, both with 30 codings.

The recipe: 784-100-30-100-784, ReLU also on the codings, linear output, mean squared error, Nadam at 1e-3,
batches of 32, 20 epochs (Géron, Hands-On Machine Learning, 3rd ed., chapter 17: validation MSE .0132).
Ours, the model of the lesson: the same layers and parameters, with linear codings and a sigmoid output,
trained for 8 epochs in batches of 128 (32 on the subset) by Adam with a warm-up and a cosine schedule.
"""

from __future__ import annotations

from helpers.autoencoders.autoencoder import dense_hourglass
from helpers.backend import keras
from helpers.metrics import reconstruction
from helpers.training.schedules import WarmupCosine
from tools.bench import epochs

PUBLISHED = 0.0132
LAYERS = {"image_shape": (28, 28), "hidden": (100,), "codings": 30, "activation": "relu"}
STEPS = 16  # batches per call of the compiled step, for both sides: little of the time then is Python's


def recipe(seed: int, X, X_valid) -> epochs.Side:
    """The textbook's model with the textbook's settings, in Keras 3."""
    keras.utils.set_random_seed(seed)
    model = dense_hourglass(**LAYERS, coding_activation="relu", output_activation=None)
    model.compile(loss="mse", optimizer=keras.optimizers.Nadam(1e-3), steps_per_execution=STEPS)
    return epochs.keras_side("textbook recipe", model, X, X_valid, batch_size=32, epochs=20)


def ours(seed: int, X, X_valid, n_epochs: int = 8) -> epochs.Side:
    """The model of the lesson, on X."""
    keras.utils.set_random_seed(seed)
    batch_size = 128 if len(X) >= 30_000 else 32  # few images: smaller batches, or too few steps
    model = dense_hourglass(**LAYERS, coding_activation=None, output_activation="sigmoid")
    rate = WarmupCosine.for_fit(8e-3, len(X), batch_size, n_epochs)
    model.compile(loss="mse", optimizer=keras.optimizers.Adam(rate), steps_per_execution=STEPS)
    return epochs.keras_side("ours", model, X, X_valid, batch_size=batch_size, epochs=n_epochs)


def run(data, args) -> None:
    """Train both in turns and print what each reached, when, and the ratios."""
    X, X_valid = data.X_train, data.X_valid
    sides = recipe(args.seed, X, X_valid), ours(args.seed, X, X_valid)
    print(
        f"\nLesson 02 · stacked autoencoder, 30 codings, seed {args.seed}\n"
        "The two take turns, epoch by epoch, in one process; both call the same fit on the same arrays, compiled,\n"
        f"{STEPS} batches per call. On the clock: all that fit does, compilation included. Off the clock, for both:\n"
        "the validation after each epoch.\n"
    )
    epochs.take_turns(sides)
    pca = reconstruction.pca_reconstruction_mse(X, X_valid, 30)
    published = (PUBLISHED, 20) if data.is_full else None
    epochs.report(*sides, baselines={"PCA, 30 components": pca}, published=published)
