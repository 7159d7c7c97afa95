"""Lesson 09's benchmark: our sparse autoencoder against the textbook's two sparse recipes, all with 300 codings.

The recipes: 784-100-300-100-784, ReLU hidden layers, sigmoid codings, linear output, mean squared error, Nadam at
1e-3, batches of 32, 10 epochs; the codings carry an ℓ1 of 1e-4, or a KL towards the mean activation .1 with the weight
5e-3, as Keras' `activity_regularizer`, whose value the Keras of that book divides by the batch size (Géron, Hands-On
Machine Learning, 3rd ed., chapter 17: validation loss with the penalty .0111 for ℓ1 and .0099 for the KL).
Ours, the model of the lesson: 784-100-300-784, SiLU in the encoder and a sigmoid output, codings that start at the
target, the KL of running means, Adam with warm-up and cosine, fewer epochs in larger batches.

Sparsity is measured for all three, in every way that the lesson names, since equal errors at unequal sparsity would say
nothing. The recipes' penalties mean the same in every version of Keras here: where Keras does not divide, we do.
"""

from __future__ import annotations

from helpers.autoencoders.autoencoder import Autoencoder
from helpers.autoencoders.sparse import measures
from helpers.autoencoders.sparse.model import KLPenalty, SparseAutoencoder, sparse_halves
from helpers.autoencoders.sparse.penalties import kl_penalty, unit_means, what_keras_divides_by
from helpers.backend import keras
from helpers.metrics import reconstruction
from helpers.training.schedules import WarmupCosine
from tools.bench.epochs import keras_side, report, take_turns
from tools.tables import table

UNITS, TARGET, STEPS = 300, 0.1, 16
PUBLISHED = {"ℓ1": 0.0111, "KL": 0.0099}  # validation loss, penalty included
RECIPE_BATCH, RECIPE_EPOCHS = 32, 10
WEIGHT = 2e-4

layers, ops = keras.layers, keras.ops


def l1(activations):
    """The recipe's ℓ1: a sum over the batch, to be divided by the batch size."""
    return 1e-4 * ops.sum(ops.absolute(activations))


def kl(activations):
    """The recipe's KL: of the batch's unit means, to be divided by the batch size once more."""
    return 5e-3 * kl_penalty(unit_means(activations), TARGET)


class Divided:
    """A regularizer whose value is divided by the batch size in every version of Keras."""

    def __init__(self, function):
        self.function = function
        self.by_hand = what_keras_divides_by(2) == 1.0

    def __call__(self, activations):
        value = self.function(activations)
        return value / ops.cast(ops.shape(activations)[0], value.dtype) if self.by_hand else value


def recipe(penalty, seed: int):
    """The textbook's model with one of its penalties, compiled."""
    keras.utils.set_random_seed(seed)
    encoder = keras.Sequential(
        [
            keras.Input((28, 28)), layers.Flatten(), layers.Dense(100, activation="relu"),
            layers.Dense(UNITS, activation="sigmoid", activity_regularizer=Divided(penalty)),
        ]
    )  # fmt: skip
    decoder = keras.Sequential(
        [keras.Input((UNITS,)), layers.Dense(100, activation="relu"), layers.Dense(784), layers.Reshape((28, 28))]
    )
    model = Autoencoder(encoder, decoder)
    model.compile(loss="mse", optimizer=keras.optimizers.Nadam(1e-3), steps_per_execution=STEPS)
    return model


def ours(seed: int, n: int):
    """(compiled model, batch size, epochs) for n training images."""
    keras.utils.set_random_seed(seed)
    batch_size, epochs, peak = (64, 2 if n >= 30_000 else 6, 1e-2)
    model = SparseAutoencoder(*sparse_halves(UNITS), KLPenalty(TARGET), WEIGHT)
    rate = WarmupCosine.for_fit(peak, n, batch_size, epochs)
    model.compile(optimizer=keras.optimizers.Adam(rate, beta_2=0.99), steps_per_execution=STEPS)
    return model, batch_size, epochs


def run(data, args) -> None:
    """Train the three in turns; print errors with and without the penalty, sparsity, and the ratios of the times."""
    X, V = data.X_train, data.X_valid
    print(
        f"\nLesson 09 · sparse autoencoders, {UNITS} codings, seed {args.seed}\n"
        "They take turns, epoch by epoch, in one process; all call fit on the same arrays, compiled,\n"
        f"{STEPS} batches per call. On the clock: all that fit does, compilation included. Off the clock: validation.\n"
    )
    epochs = 2 if args.quick else RECIPE_EPOCHS
    model, batch_size, our_epochs = ours(args.seed, len(X))
    models = {f"recipe, {name}": recipe(penalty, args.seed) for name, penalty in (("ℓ1", l1), ("KL", kl))}
    sides = [keras_side(name, m, X, V, batch_size=RECIPE_BATCH, epochs=epochs) for name, m in models.items()]
    models["ours"] = model
    new = keras_side("ours", model, X, V, batch_size=batch_size, epochs=our_epochs)
    take_turns([*sides, new])
    flat = reconstruction.pca_reconstruction_mse(X, V, [300, 30])
    pca = {"PCA, 300 components": flat[0], "PCA, 30 components": flat[1]}
    for side, name in zip(sides, PUBLISHED, strict=True):
        print(f"Ours against the {name} recipe: mean squared error alone, no penalty\n")
        published = None if args.quick or not data.is_full else (PUBLISHED[name], RECIPE_EPOCHS)
        report(side, new, baselines=pca, published=published)
        print()
    sparsity_report(models, V, new, sides, data.is_full)


def sparsity_report(models, V, new, sides, is_full) -> None:
    """Both definitions of the error, all measures of sparsity, and whether ours keeps its promise."""
    rows, found = [], {}
    for name, model in models.items():
        Z = model.codings(V)
        error = reconstruction.mse(V, model.decode(Z))
        if name == "ours":
            total = model.evaluate(V, V, batch_size=RECIPE_BATCH, verbose=0, return_dict=True)["loss"]
        else:
            total = model.evaluate(V, V, batch_size=RECIPE_BATCH, verbose=0)
        found[name] = f = measures.measure(Z, TARGET)
        rows.append(
            (name, f"{error:.5f}", f"{total:.5f}", f"{f['mean_activation']:.3f}", f"{f['on_target']:.0%}",
             f"{f['active_share']:.0%}", f"{f['hoyer']:.3f}", f"{f['dead_units']:.0f}")
        )  # fmt: skip
    print("Errors and sparsity at the end (validation images; with penalty: each with its own, in batches of 32)")
    print(table(rows, ("", "MSE", "with penalty", "mean", "units at .1 ± .02", "above .1", "Hoyer", "dead units")))
    if is_full:
        print("Published, with penalty: " + ", ".join(f"{name} {value:.4f}" for name, value in PUBLISHED.items()))
    ok = abs(found["ours"]["mean_activation"] - TARGET) <= 0.02
    print(f"Mean activation of ours within .02 of {TARGET:g}: {'yes' if ok else 'NO'}")
    shares = [sum(new.seconds) / sum(side.seconds) for side in sides]
    print(f"Whole training of ours: {shares[0]:.3f} of the ℓ1 recipe's time, {shares[1]:.3f} of the KL recipe's")
