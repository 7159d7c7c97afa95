"""Lesson 03's benchmark: features from learned patches against an SVM on pixels, at 500 labels, on the same five draws.

The rival: a support vector machine with a Gaussian kernel on the pixels, once with the C and gamma that are known to be
good, once with both chosen anew in every draw by five-fold cross-validation on its 500 labels; the better one counts.
Ours, the method of the lesson: a dictionary of 6×6 windows learned from all training images without a label (Coates,
Lee and Ng, 2011), and the same kind of SVM on its features, with fixed C and gamma. Noise filters, drawn patches and a
patch autoencoder stand beside it. All are judged on the test images, on which nothing was chosen.
"""

from __future__ import annotations

import time

import numpy as np
from sklearn.model_selection import GridSearchCV
from sklearn.svm import SVC

from helpers.autoencoders.pretraining import label_curve, patches
from helpers.autoencoders.pretraining.few_labels import stratified
from helpers.data import dataset
from helpers.metrics.statistics import interval, paired_interval
from tools.tables import table

LABELS, DRAWS, FILTERS = 500, 5, 100
GRID = {"C": [3, 10, 30], "gamma": ["scale", 0.01, 0.03]}
OURS, PIXELS, TUNED = "SVM on learned patches", "SVM on pixels", "SVM on pixels, tuned by its labels"
DICTIONARIES = {OURS: "k-means", "SVM on a patch autoencoder": "autoencoder",
                "SVM on drawn patches": "patches", "SVM on noise filters": "noise"}  # fmt: skip


def tuned_svm(rows, labels, test, truth) -> float:
    """Accuracy of an SVM whose C and gamma are chosen by cross-validation on its own labels."""
    search = GridSearchCV(SVC(), GRID, cv=5).fit(rows, labels)
    return float(np.mean(search.predict(test) == truth))


def run(data, args) -> None:
    """Judge every method on every draw and print accuracies, paired differences and times."""
    quick = getattr(args, "quick", False)
    labels, draws, filters = (100, 2, 16) if quick else (LABELS, DRAWS, FILTERS)
    n_test = 500 if quick else len(data.X_test)
    X_test, truth = data.X_test[:n_test], data.y_test[:n_test]
    chosen = [stratified(data.y_train, labels, seed) for seed in range(args.seed, args.seed + draws)]
    methods = {PIXELS: (dataset.flatten, label_curve.svm_accuracy), TUNED: (dataset.flatten, tuned_svm)}
    seconds = {}
    for name, kind in DICTIONARIES.items():
        start = time.perf_counter()
        methods[name] = (patches.learn(data.X_train, filters, kind=kind), label_curve.svm_accuracy)
        seconds[name] = time.perf_counter() - start
    print(
        f"\nLesson 03 · {labels} labels, {draws} draws (seeds {args.seed} to {args.seed + draws - 1}), "
        f"{n_test:,} test images\n"
    )
    reached = {}
    for name, (represent, judge) in methods.items():
        start = time.perf_counter()
        test = represent(X_test)
        reached[name] = [judge(represent(data.X_train[i]), data.y_train[i], test, truth) for i in chosen]
        seconds[name] = seconds.get(name, 0) + time.perf_counter() - start
        print(f"{name}: " + ", ".join(f"{value:.4f}" for value in reached[name]), flush=True)

    best = max((PIXELS, TUNED), key=lambda name: np.mean(reached[name]))
    rows = []
    for name, values in reached.items():
        mean, low, high = interval(values)
        gap = ("", "") if name == OURS else _gap(reached[OURS], values)
        rows.append((name, f"{mean:.4f}", f"{low:.4f} to {high:.4f}", *gap, f"{seconds[name] / seconds[PIXELS]:.1f}"))
    print("\nTest accuracy, and what the learned patches are better by (paired, percentage points)")
    print(table(rows, ("", "accuracy", "95 % interval", "difference", "95 % interval", "time")))
    mean, low, high = paired_interval(reached[OURS], reached[best])
    verdict = "above zero" if low > 0 else "below zero" if high < 0 else "around zero"
    gap = f"{100 * mean:+.2f} points [{100 * low:+.2f}, {100 * high:+.2f}]"
    print(f"\nAgainst the better SVM on pixels: {gap}: {verdict}.")
    print("(time: learning, features, training and judging, as a multiple of the plain SVM on pixels)")


def _gap(ours, theirs) -> tuple[str, str]:
    mean, low, high = (100 * value for value in paired_interval(ours, theirs))
    return f"{mean:+.2f}", f"{low:+.2f} to {high:+.2f}"
