"""Accuracy against the number of labels: ways to use a few of them, on the same draws and the same images.

    methods = {"SVM on pixels": (data.flatten, label_curve.svm_accuracy), …}     what to look at, and who learns from it
    table = label_curve.measure(methods, images, counts=(50, 500), draws=5)      {name: accuracies (counts, draws)}

A classifier is trained on the labelled images of its draw alone. Only what needs no labels (an encoder, principal
components, a dictionary of patches) may have seen every training image. Choices are made on validation images.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

from helpers.autoencoders.pretraining.few_labels import stratified
from helpers.backend import keras
from helpers.data import dataset


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

    rows: (n, d) with labels (n,).   test: (m, d) with classes `truth` (m,).   C: what a mistake costs.
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
    rows: np.ndarray, labels: np.ndarray, test: np.ndarray, truth: np.ndarray, C: float = 20.0
) -> float:
    """Accuracy of logistic regression on rows (n, d), a straight cut between classes; as `svm_accuracy`.

    The rows are scaled to a total variance of 1, as γ scales those of the SVM: C means the same for any codings.
    """
    rows, test = np.asarray(rows, dtype="float32"), np.asarray(test, dtype="float32")
    mean = rows.mean(axis=0)
    scale = 1 / np.sqrt(rows.var(axis=0).sum() + 1e-12)
    model = LogisticRegression(C=C, tol=1e-3, max_iter=2000).fit((rows - mean) * scale, labels)
    return float(np.mean(model.predict((test - mean) * scale) == truth))


def measure(methods: Mapping[str, tuple[Callable, Callable]], images: dataset.Dataset, counts: Sequence[int],
            draws: int, part: str = "valid") -> dict[str, np.ndarray]:  # fmt: skip
    """{name: accuracies (counts, draws)} of every method on the same draws; draw i has the seed i.

    methods: {name: (represent, judge)} with represent(images) -> rows (n, …) and
    judge(rows, labels, judged rows, truth) -> accuracy. Each image is represented once for each method, and all
    generators have the seed i before a judge sees draw i.   part: the images judged, "valid" or "test".
    Raises ValueError for another part.
    """
    if part not in ("valid", "test"):
        raise ValueError(f'the images judged are those of "valid" or "test", not of {part!r}')
    judged, truth = getattr(images, f"X_{part}"), getattr(images, f"y_{part}")
    chosen = {(n, draw): stratified(images.y_train, n, draw) for n in counts for draw in range(draws)}
    used = np.unique(np.concatenate(list(chosen.values())))
    table = {}
    for name, (represent, judge) in methods.items():
        rows, theirs = represent(images.X_train[used]), represent(judged)
        table[name] = np.zeros((len(counts), draws))
        for (n, draw), indices in chosen.items():
            few = rows[np.searchsorted(used, indices)]
            keras.utils.set_random_seed(draw)
            reached = judge(few, images.y_train[indices], theirs, truth)
            table[name][list(counts).index(n), draw] = reached
    return table


def accuracy(predict: Callable, X: np.ndarray, y: np.ndarray) -> float:
    """Share of the images X (n, …) whose class, predict(X) as whole numbers (n,), is y."""
    return float(np.mean(np.asarray(predict(X)) == y))
