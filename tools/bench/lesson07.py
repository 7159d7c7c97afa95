"""Lesson 07's benchmark: our recurrent autoencoder against the textbook recipe, both with 30 codings.

The recipe: each image a sequence of 28 rows; LSTM 100 → LSTM 30 (its last state) → RepeatVector(28) → LSTM 100 →
Dense 28; mean squared error, Nadam at 1e-3, batches of 32, 10 epochs (Géron, Hands-On Machine Learning, 3rd ed.,
chapter 17: validation MSE .0104 after 2,493 s).
Ours, the model of the lesson with wider strips: four of seven rows, GRU 128 → linear codings → RepeatVector(4) →
GRU 128 → sigmoid, with its loops written out; 6 epochs in batches of 64 (32 on the subset, and 12 epochs) of Adam with
a warm-up and a cosine schedule. Fewer and larger time steps are most of the speed; small batches are most of the rest.
"""

from __future__ import annotations

from helpers.autoencoders.autoencoder import Autoencoder
from helpers.autoencoders.recurrent import networks
from helpers.backend import keras
from helpers.metrics import reconstruction
from helpers.training.schedules import WarmupCosine
from tools.bench.epochs import Side, keras_side, report, take_turns

PUBLISHED = 0.0104, 10
STEPS = 16  # batches per call of the compiled step, for both sides: little of the time then is Python's
layers = keras.layers


def recipe(seed: int, X, X_valid, epochs: int = 10) -> Side:
    """The textbook's model with the textbook's settings, in Keras 3."""
    keras.utils.set_random_seed(seed)
    encoder = keras.Sequential([keras.Input((28, 28)), layers.LSTM(100, return_sequences=True), layers.LSTM(30)])
    decoder = keras.Sequential(
        [keras.Input((30,)), layers.RepeatVector(28), layers.LSTM(100, return_sequences=True), layers.Dense(28)]
    )
    model = Autoencoder(encoder, decoder)
    model.compile(loss="mse", optimizer=keras.optimizers.Nadam(1e-3), steps_per_execution=STEPS)
    return keras_side("textbook recipe", model, X, X_valid, batch_size=32, epochs=epochs)


def ours(seed: int, X, X_valid, epochs: int | None = None) -> Side:
    """The model of the lesson, with strips of seven rows."""
    keras.utils.set_random_seed(seed)
    few = len(X) < 30_000  # few images: smaller batches and more epochs, or too few steps
    batch_size, peak, epochs = 32 if few else 64, 8e-3 if few else 1e-2, epochs or (12 if few else 6)
    S, S_valid = networks.strips(X, rows=7), networks.strips(X_valid, rows=7)
    model = Autoencoder(*networks.recurrent_halves(*S.shape[1:], 128, 30, "sigmoid"))
    rate = WarmupCosine.for_fit(peak, len(S), batch_size, epochs)
    model.compile(loss="mse", optimizer=keras.optimizers.Adam(rate, beta_2=0.99), steps_per_execution=STEPS)
    return keras_side("ours", model, S, S_valid, batch_size=batch_size, epochs=epochs)


def run(data, args) -> None:
    """Train both in turns and print what each reached, when, and the ratios."""
    X, X_valid = data.X_train, data.X_valid
    short = {"epochs": 2} if args.quick else {}
    sides = recipe(args.seed, X, X_valid, **short), ours(args.seed, X, X_valid, **short)
    print(
        f"\nLesson 07 · recurrent autoencoder, 30 codings, seed {args.seed}\n"
        "The two take turns, epoch by epoch, in one process; both call the same fit on the same images, compiled,\n"
        f"{STEPS} batches per call. On the clock: all that fit does, compilation included. Off the clock, for both:\n"
        "the validation after each epoch.\n"
    )
    take_turns(sides)
    pca = reconstruction.pca_reconstruction_mse(X, X_valid, 30)
    published = PUBLISHED if data.is_full and not args.quick else None
    report(*sides, baselines={"PCA, 30 components": pca}, published=published)
