"""An experiment with several GANs: trained one after the other, judged alike, shipped as weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from helpers.backend import keras
from helpers.metrics import classifier, image_quality

SHOWN = 10  # pictures of each variant


class Trials(keras.Model):
    """Some pictures by each of several variants, kept as weights, and figures of each seed beside them.

    So `weights.load_or_train` can ship both. A subclass has a method `fill` that calls `run`.
    names: of the variants.   pictures: (variants, 10, 28, 28) in [0, 1], by the first seed; black where nothing was
    trained.   history: after `run`, a History with a list for each "name: figure".
    """

    def __init__(self, names: Sequence[str], **kwargs):
        super().__init__(**kwargs)
        self.names = list(names)
        shape = (len(self.names), SHOWN, 28, 28)
        self.pictures = self.add_weight(shape=shape, initializer="zeros", trainable=False, name="pictures")
        self.built = True

    def run(self, one: Callable, seeds: Sequence[int], names: Sequence[str] | None = None) -> None:
        """Train each variant with each seed; keep its pictures and figures.

        one: (name, seed) → (figures, images (n, 28, 28) in [0, 1]). A figure is a number, of which there will be one
        for each seed under "name: figure", or a list over epochs, which is kept under "name: seed: figure".
        names: to train only these.
        """
        found: dict[str, list[float]] = {}
        pictures = np.zeros(self.pictures.shape, np.float32)
        for seed in seeds:
            for name in self.names if names is None else names:
                figures, images = one(name, seed)
                for figure, value in figures.items():
                    if np.ndim(value):
                        found[f"{name}: {seed}: {figure}"] = [float(each) for each in value]
                    else:
                        found.setdefault(f"{name}: {figure}", []).append(float(value))
                if seed == seeds[0]:
                    pictures[self.names.index(name)] = np.nan_to_num(images[:SHOWN])
        self.pictures.assign(pictures)
        self.history = keras.callbacks.History()
        self.history.history, self.history.epoch = found, []


def spread(history: Mapping[str, Sequence[float]], name: str) -> tuple[float, float, float]:
    """(mean, lowest, highest) Fréchet distance over the seeds of a variant, from the history of Trials."""
    distances = history[f"{name}: frechet"]
    return float(np.mean(distances)), min(distances), max(distances)


def scores(images: np.ndarray, real: np.ndarray | None = None) -> dict[str, float]:
    """{"frechet": …, "coverage": …} of images (n, 28, 28) in [0, 1], against as many real ones.

    real: other images to compare with than those of the test set.

    A training that diverged makes NaN; its images count as black, so that it has a figure like any other.
    """
    images = np.nan_to_num(images)
    features, probabilities = classifier.features_and_probabilities(images)
    real = image_quality.real_images()[: len(images)] if real is None else real
    return {
        "frechet": image_quality.frechet_distance(features, classifier.features(real)),
        "coverage": image_quality.class_coverage(probabilities),
    }
