"""Accuracy against the number of labels: ways to use a few of them, on the same draws and the same test images.

    methods = {"SVM on pixels": (data.flatten, label_curve.svm_accuracy), …}     what to look at, and who learns from it
    table = label_curve.measure(methods, images, counts=(50, 500), draws=5)      {name: accuracies (counts, draws)}

A classifier is trained on the labelled images of its draw alone. Only what needs no labels (an encoder, principal
components, a dictionary of patches) may have seen every training image. Nothing is chosen on the test images.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

from helpers.autoencoders.autoencoder import run_in_batches
from helpers.autoencoders.pretraining import transfer
from helpers.autoencoders.pretraining.few_labels import stratified
from helpers.backend import keras
from helpers.data import dataset
from helpers.training.schedules import WarmupCosine

RATES = (1e-2, 5e-3)  # learning rates of the head alone, and of everything


def labels_worth(counts: Sequence[int], accuracies: Sequence[float], accuracy: float) -> float:
    """How many labels a method needs to reach `accuracy`, read off its curve; infinity where it never does.

    counts: numbers of labels, rising.   accuracies: what the method reaches with each, rising.
    Between two points the curve is a straight line over the logarithm of the labels. Below its beginning the answer
    is counts[0]. Raises ValueError for curves that do not rise or lengths that differ.
    """
    counts, accuracies = np.asarray(counts, dtype=float), np.asarray(accuracies, dtype=float)
    if counts.shape != accuracies.shape or counts.ndim != 1 or not len(counts):
        raise ValueError(f"a curve needs as many accuracies as counts, got {accuracies.shape} and {counts.shape}")
    if np.any(np.diff(counts) <= 0) or np.any(np.diff(accuracies) <= 0):
        raise ValueError("a curve to be read backwards must rise from point to point, in labels and in accuracy")
    if accuracy > accuracies[-1]:
        return float("inf")
    return float(np.exp(np.interp(accuracy, accuracies, np.log(counts))))


def svm_accuracy(rows: np.ndarray, labels: np.ndarray, test: np.ndarray, truth: np.ndarray, C: float = 10.0) -> float:
    """Accuracy of a support vector machine with a Gaussian kernel exp(−γ ‖x − x′‖²); γ is 1 / total variance.

    rows: (n, d) with labels (n,).   test: (m, d) with classes `truth` (m,).   C: how dear a mistake is.
    The total variance (of all d columns together) is that of `rows`, after their mean has been taken away.
    """
    rows, test = np.asarray(rows, dtype="float32"), np.asarray(test, dtype="float32")
    mean = rows.mean(axis=0)
    rows, test = rows - mean, test - mean
    gamma = 1 / (rows.var(axis=0).sum() + 1e-12)
    machine = SVC(C=C, kernel="precomputed").fit(np.exp(-gamma * _squared_distances(rows, rows)), labels)
    return float(np.mean(machine.predict(np.exp(-gamma * _squared_distances(test, rows))) == truth))


def _squared_distances(A: np.ndarray, B: np.ndarray) -> np.ndarray:
    """‖a − b‖² for all pairs, (len(A), len(B)), by one matrix product."""
    products = A @ B.T
    return np.maximum((A**2).sum(axis=1)[:, None] + (B**2).sum(axis=1) - 2 * products, 0)


def logistic_accuracy(
    rows: np.ndarray, labels: np.ndarray, test: np.ndarray, truth: np.ndarray, C: float = 0.3
) -> float:
    """Accuracy of logistic regression on rows (n, d), a straight cut between classes; as `svm_accuracy`."""
    mean = rows.mean(axis=0)
    model = LogisticRegression(C=C, tol=1e-3, max_iter=2000).fit(rows - mean, labels)
    return float(np.mean(model.predict(test - mean) == truth))


def measure(methods: Mapping[str, tuple[Callable, Callable]], images: dataset.Dataset, counts: Sequence[int],
            draws: int) -> dict[str, np.ndarray]:  # fmt: skip
    """{name: test accuracies (counts, draws)} of every method on the same draws; draw i has the seed i.

    methods: {name: (represent, judge)} with represent(images) -> rows (n, d) and
    judge(rows, labels, test rows, truth) -> accuracy. Each image is represented once for each method.
    """
    chosen = {(n, draw): stratified(images.y_train, n, draw) for n in counts for draw in range(draws)}
    used = np.unique(np.concatenate(list(chosen.values())))
    table = {}
    for name, (represent, judge) in methods.items():
        rows, test = represent(images.X_train[used]), represent(images.X_test)
        table[name] = np.zeros((len(counts), draws))
        for (n, draw), indices in chosen.items():
            theirs = rows[np.searchsorted(used, indices)]
            reached = judge(theirs, images.y_train[indices], test, images.y_test)
            table[name][list(counts).index(n), draw] = reached
    return table


def accuracy(predict: Callable, X: np.ndarray, y: np.ndarray) -> float:
    """Share of the images X (n, …) whose class, predict(X) as whole numbers (n,), is y."""
    return float(np.mean(np.asarray(predict(X)) == y))


def train_network(encoder, X, y, seed: int, passes: Sequence[int], rates: Sequence[float] = RATES) -> Callable:
    """A classifier on `encoder`, trained in two phases with shifted and mirrored images: images -> classes.

    encoder: is changed.   passes: images shown in the phase with the encoder frozen, and in the one without.
    rates: the highest learning rates of the two; in the second it climbs and falls (`schedules.WarmupCosine`).
    """
    keras.utils.set_random_seed(seed)
    model = moving(transfer.with_head(with_dropout(encoder), int(np.max(y)) + 1))
    transfer.train_in_two_phases(model, encoder, X, y, *plan(len(X), passes, rates))
    return predictor(model)


def with_dropout(encoder: keras.Model, rate: float = 0.4) -> keras.Model:
    """The encoder itself, with dropout on its codings while training."""
    return keras.Sequential([keras.Input(encoder.input_shape[1:]), encoder, keras.layers.Dropout(rate)])


def moving(classifier: keras.Model) -> keras.Model:
    """The classifier itself, its images shifted and mirrored while training."""
    return keras.Sequential([keras.Input(classifier.input_shape[1:]), transfer.ShiftAndFlip(), classifier])


def plan(n: int, passes: Sequence[int], rates: Sequence[float] = RATES) -> tuple[tuple, tuple]:
    """(epochs, rates) of the two phases for `n` images, so that about `passes` images are shown in each."""
    epochs = tuple(-(-count // n) for count in passes)
    steps = epochs[1] * -(-n // transfer.BATCH)
    falling = WarmupCosine(rates[1], steps) if steps > 1 else rates[1]
    return epochs, (rates[0], falling)


def predictor(model: keras.Model) -> Callable:
    """A function from images (n, height, width) to classes (n,): the likeliest for an image and its mirror image."""

    def predict(T):
        return (run_in_batches(model, T) + run_in_batches(model, T[:, :, ::-1])).argmax(axis=1)

    return predict
