"""How straight a space of codings is, in numbers: perceptual path length and linear separability.

    path_length(features, a, b, t)                       # features: codings (n, k) → (n, d)
    separability(codings, probabilities)                 # {"accuracy": …, "bits": …}

Source: Karras, Laine and Aila, 2019, arXiv 1812.04948, section 4 (their features are those of VGG, their classes
attributes of faces; here both come from the course's classifier).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

EPSILON = 1e-3  # share of a path; float32 images carry no smaller one safely


def path_length(
    features: Callable, a: np.ndarray, b: np.ndarray, t: np.ndarray, epsilon: float = EPSILON, arc: bool = False
) -> float:  # fmt: skip
    """Perceptual path length: mean of ‖features(p(t + ε)) − features(p(t))‖²/ε² over n pairs, 0 or more.

    features: points (n, k) → features of their images (n, d).   a, b: (n, k), the ends of the paths; for arcs with
    rows of length 1.   t: (n,), shares in [0, 1).   arc: p goes along the arc from a to b, else along the line.
    """
    from helpers.codings.interpolation import lerp, slerp  # here: the other codings bring matplotlib

    path = slerp if arc else lerp
    steps = np.asarray(features(path(a, b, t + epsilon))) - np.asarray(features(path(a, b, t)))
    return float(np.mean(np.sum(np.square(steps.astype(float)), axis=1)) / epsilon**2)


def separability(codings: np.ndarray, probabilities: np.ndarray, share: float = 0.5) -> dict[str, float]:
    """How well a linear classifier of codings tells the class of the image: {"accuracy", "bits"}.

    codings: (n, k), of n images.   probabilities: (n, classes), what a classifier of images says of them.
    share: this part of the images is used, those whose class is surest; every second of them is held back.
    accuracy: share of those held back whose class the linear classifier knows (higher is better).   bits: entropy of
    the class given the linear classifier's word, H(Y|X); 0 is best. The paper has two classes at a time and support
    vectors, here there are all classes at once and logistic regression.
    With a single class, or too few images, nothing can be told: NaN.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    labels = probabilities.argmax(axis=1)
    surest = np.sort(np.argsort(-probabilities.max(axis=1), kind="stable")[: max(4, int(share * len(labels)))])
    seen, held = surest[::2], surest[1::2]
    if len(np.unique(labels[seen])) < 2:
        return {"accuracy": float("nan"), "bits": float("nan")}
    probe = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, tol=1e-3, max_iter=2000))
    said = probe.fit(codings[seen].astype(float), labels[seen]).predict(codings[held].astype(float))
    return {"accuracy": float(np.mean(said == labels[held])), "bits": conditional_entropy(said, labels[held])}


def conditional_entropy(x: np.ndarray, y: np.ndarray) -> float:
    """H(Y|X) in bits, from pairs of whole numbers x (n,) and y (n,): how much is unknown of y once x is known."""
    pairs = np.zeros((int(x.max()) + 1, int(y.max()) + 1))
    np.add.at(pairs, (x, y), 1 / len(x))
    known = np.broadcast_to(pairs.sum(axis=1, keepdims=True), pairs.shape)[pairs > 0]
    return float(-np.sum(pairs[pairs > 0] * np.log2(pairs[pairs > 0] / known)))
