"""Measures the floors and simple models that generators are held against, on the full set, with three
seeds.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from helpers.data import dataset
from helpers.files import atomic_write_json
from helpers.metrics import baselines, image_quality
from helpers.weights import store
from helpers.weights.archive import data_text, short, versions

SEEDS = (0, 1, 2)
CODINGS = 30


def run() -> None:
    """Judge every reference with every seed and write helpers/weights/shipped/references.json."""
    start = time.monotonic()
    images, real = dataset.load("fashion_mnist", source="full", quiet=True), image_quality.real_images()
    others = without(images.X_test, real)
    if len(images.X_test) - len(others) < len(real):  # more: some images are there twice
        print("Not all of the shipped test images are among this full set's: the floor uses the other ones.")
    fitted = Fitted(images.X_train, images.y_train)
    measured: dict[str, list[dict]] = {}
    for seed in SEEDS:
        for name, fakes in samples(fitted, others, images.X_train, seed):
            figures = image_quality.judge_images(fakes, real, train=images.X_train, seed=seed)
            measured.setdefault(name, []).append(figures)
            print(f"seed {seed}, {name}: Fréchet distance {figures['frechet']:.3f}", flush=True)
    rows = {name: summary(runs) for name, runs in measured.items()}
    rows = dict(sorted(rows.items(), key=lambda item: item[1]["mean"]["frechet"]))
    content = {
        "version": 1,
        "name": baselines.NAME,
        "lesson": "all",
        "count": image_quality.COUNT,
        "seeds": list(SEEDS),
        "data": data_text(images),
        "real": "the 2,000 shipped test images",
        "classifier": store.manifest("classifier")["sha256"],
        "floor_by_count": floor_by_count(images.X_test),
        "seconds": round(time.monotonic() - start, 1),
        "versions": versions(),
        "rows": rows,
    }
    atomic_write_json(store.folder() / f"{baselines.NAME}.json", content)
    baselines.show()


class Fitted:
    """What the simple models learn from the training images: means, covariances, principal directions."""

    def __init__(self, X: np.ndarray, y: np.ndarray):
        flat = X.reshape(len(X), -1).astype(np.float64)
        self.mean = flat.mean(axis=0)
        self.covariance = np.cov(flat, rowvar=False)
        values, directions = np.linalg.eigh(self.covariance)
        self.directions, self.variances = directions[:, ::-1][:, :CODINGS], values[::-1][:CODINGS]
        codings = (flat - self.mean) @ self.directions
        self.classes = [
            (codings[y == label].mean(axis=0), np.cov(codings[y == label], rowvar=False)) for label in np.unique(y)
        ]

    def images(self, codings: np.ndarray) -> np.ndarray:
        """Images in [0, 1] from codings (n, 30)."""
        return clipped(self.mean + codings @ self.directions.T)


def samples(fitted: Fitted, others: np.ndarray, train: np.ndarray, seed: int) -> Iterator[tuple[str, np.ndarray]]:
    """(name, 2,000 images) of every reference, drawn from `seed`."""
    random, n = np.random.default_rng(seed), image_quality.COUNT
    yield "floor", others[random.choice(len(others), n, replace=False)]
    yield "training images", train[random.choice(len(train), n, replace=False)]
    codings = random.standard_normal((n, CODINGS)) * np.sqrt(fitted.variances)
    yield "PCA-30 + Gaussian", fitted.images(codings)
    labels = random.integers(0, len(fitted.classes), n)
    codings = np.empty((n, CODINGS))
    for label, (mean, covariance) in enumerate(fitted.classes):
        own = labels == label
        codings[own] = random.multivariate_normal(mean, covariance, own.sum())
    yield "PCA-30 + Gaussians of classes", fitted.images(codings)
    pixels = random.multivariate_normal(fitted.mean, fitted.covariance, n, method="eigh")
    yield "Gaussian in pixel space", clipped(pixels)
    yield "mean image", clipped(np.tile(fitted.mean, (n, 1)))
    yield "noise", random.random((n, 28, 28), np.float32)


def clipped(rows: np.ndarray) -> np.ndarray:
    """Rows of 784 values as images in [0, 1]."""
    return np.clip(rows, 0, 1).astype(np.float32).reshape(-1, 28, 28)


def without(X: np.ndarray, taken: np.ndarray) -> np.ndarray:
    """The images of X that are not among `taken`."""
    known = {image.tobytes() for image in taken}
    return X[[image.tobytes() not in known for image in X]]


def summary(runs: list[dict]) -> dict[str, dict[str, float]]:
    """Mean, lowest and highest of each figure over the seeds."""
    kinds = {"mean": np.mean, "lowest": np.min, "highest": np.max}
    return {kind: {key: short(f([run[key] for run in runs])) for key in runs[0]} for kind, f in kinds.items()}


def floor_by_count(X: np.ndarray) -> dict[str, float]:
    """Fréchet distance of two disjoint sets of real images by the size of each: how much fewer images
    cost.
    """
    from helpers.metrics import classifier

    features = classifier.features(X)
    floors = {}
    for count in (250, 500, 1000, 2000, 5000):
        values = []
        for seed in SEEDS:
            order = np.random.default_rng(seed).permutation(len(X))
            values.append(image_quality.frechet_distance(*features[order[: 2 * count]].reshape(2, count, -1)))
        floors[str(count)] = short(np.mean(values))
    return floors
