"""Lesson 06's benchmark: our convolutional autoencoder against the textbook recipe, both with 30 codings.

The recipe: three 3 × 3 convolutions with ReLU (16, 32, 64 maps), each followed by max pooling, then one with 30 maps
that are averaged to codings; a dense layer and three transposed convolutions with kernel 3 and stride 2 back; linear
output, mean squared error, Nadam at 1e-3, batches of 32, 10 epochs (Géron, Hands-On Machine Learning, 3rd ed., 2022,
chapter 17: validation MSE .0121).
Ours, the model of the lesson: two convolutions of stride 2 with kernel 4 and SiLU (16, 32 maps), a dense coding layer
on the last maps, the same way back, sigmoid output; Adam with a warm-up and a cosine schedule, 5 epochs in batches of
128 (12 in batches of 64 on the subset).
"""

from __future__ import annotations

from helpers.autoencoders.autoencoder import Autoencoder
from helpers.autoencoders.convolutional.networks import convolutional_hourglass
from helpers.backend import keras
from helpers.metrics import reconstruction
from helpers.training.schedules import WarmupCosine
from tools.bench.epochs import Side, keras_side, report, take_turns

layers = keras.layers
PUBLISHED = 0.0121, 10  # validation MSE, epochs
STEPS = 16  # batches per call of the compiled step, for both sides: little of the time then is Python's


def recipe(seed: int, X, X_valid, epochs: int = 10) -> Side:
    """The textbook's model with the textbook's settings, in Keras 3."""
    keras.utils.set_random_seed(seed)
    encoder = keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Reshape((28, 28, 1)),
            layers.Conv2D(16, 3, padding="same", activation="relu"),
            layers.MaxPool2D(2),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.MaxPool2D(2),
            layers.Conv2D(64, 3, padding="same", activation="relu"),
            layers.MaxPool2D(2),
            layers.Conv2D(30, 3, padding="same", activation="relu"),
            layers.GlobalAveragePooling2D(),
        ]
    )
    decoder = keras.Sequential(
        [
            keras.Input((30,)),
            layers.Dense(3 * 3 * 16),
            layers.Reshape((3, 3, 16)),
            layers.Conv2DTranspose(32, 3, strides=2, activation="relu"),
            layers.Conv2DTranspose(16, 3, strides=2, padding="same", activation="relu"),
            layers.Conv2DTranspose(1, 3, strides=2, padding="same"),
            layers.Reshape((28, 28)),
        ]
    )
    model = Autoencoder(encoder, decoder)
    model.compile(loss="mse", optimizer=keras.optimizers.Nadam(1e-3), steps_per_execution=STEPS)
    return keras_side("textbook recipe", model, X, X_valid, batch_size=32, epochs=epochs)


def ours(seed: int, X, X_valid) -> Side:
    """The model of the lesson; many images allow larger batches and fewer epochs."""
    keras.utils.set_random_seed(seed)
    batch_size, epochs = (128, 5) if len(X) >= 30_000 else (64, 12)
    model = convolutional_hourglass((28, 28), (16, 32), 30)
    rate = WarmupCosine.for_fit(8e-3, len(X), batch_size, epochs)
    model.compile(loss="mse", optimizer=keras.optimizers.Adam(rate, beta_2=0.99), steps_per_execution=STEPS)
    return keras_side("ours", model, X, X_valid, batch_size=batch_size, epochs=epochs)


def run(data, args) -> None:
    """Train both in turns and print what each reached, when, and the ratios."""
    X, X_valid = data.X_train, data.X_valid
    sides = recipe(args.seed, X, X_valid), ours(args.seed, X, X_valid)
    print(
        f"\nLesson 06 · convolutional autoencoder, 30 codings, seed {args.seed}\n"
        "The two take turns, epoch by epoch, in one process; both call the same fit on the same arrays, compiled,\n"
        f"{STEPS} batches per call. On the clock: all that fit does, compilation included. Off the clock, for both:\n"
        "the validation after each epoch.\n"
    )
    take_turns(sides)
    pca = {"PCA, 30 components": reconstruction.pca_reconstruction_mse(X, X_valid, 30)}
    report(*sides, baselines=pca, published=PUBLISHED if data.is_full else None)
