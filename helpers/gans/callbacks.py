"""What to watch while a GAN trains: its samples, both losses, what the discriminator recognises, and the classes made.

Shown live by `training.fit(gan, images, epochs=20, callbacks=watched(gan))`.
"""

from __future__ import annotations

import numpy as np

from helpers.backend import keras
from helpers.gans import samples as gans_samples
from helpers.metrics import classifier, image_quality
from helpers.training.live import Live


class Coverage(keras.callbacks.Callback):
    """Adds `coverage` to the logs of each epoch: the share of the ten classes that the generator makes, 0 to 1.

    gan: a GAN of images.   judged: images drawn for it; a class counts from one in a hundred of them.
    Give it to `fit` before the callbacks that are to see the figure.
    """

    def __init__(self, gan, judged: int = 200):
        super().__init__()
        self.gan, self.judged = gan, judged

    def on_epoch_end(self, epoch, logs=None):
        labels = np.arange(self.judged) % 10 if self.gan.conditional else None
        images = gans_samples.draw(self.gan, self.judged, seed=epoch, labels=labels)
        sound = images[np.isfinite(images).all(axis=(1, 2))]  # of a training that diverged
        logs["coverage"] = image_quality.class_coverage(classifier.probabilities(sound)) if len(sound) else 0.0


def watched(gan, title: str = "", samples: int = 20, judged: int = 200) -> list:
    """Callbacks for `fit` that show the training live: curves and images of the same codings all the time.

    title: a word to tell two trainings apart.   samples: images shown.   judged: as for `Coverage`.
    """
    codings = gans_samples.fixed_codings(gan, samples)
    labels = np.arange(samples) % 10 if gan.conditional else None
    return [Coverage(gan, judged), Live(title, samples=lambda: gans_samples.images(gan, codings, labels))]


class FrechetDistance(keras.callbacks.Callback):
    """Adds `frechet` to the logs of each epoch: the Fréchet distance of `count` new images from as many real ones.

    seed: of the codings; None takes the number of the epoch, so that they are others each time.
    Images of early stages of a growing GAN are enlarged to the full size, as they would be shown; images that are no
    numbers any more count as infinitely far. Give it to `fit` before the callbacks that are to see the figure.
    """

    def __init__(self, count: int = image_quality.COUNT, seed: int | None = None):
        super().__init__()
        self.count, self.seed = count, seed
        self.features = classifier.features(image_quality.real_images()[:count])

    def on_epoch_end(self, epoch, logs=None):
        logs["frechet"] = self.of(self.model, epoch if self.seed is None else self.seed)

    def of(self, gan, seed: int | None = None) -> float:
        """The distance of new images of a GAN, now."""
        seed = self.seed or 0 if seed is None else seed
        return frechet(gans_samples.draw(gan, len(self.features), seed), self.features)


def frechet(images: np.ndarray, real_features: np.ndarray) -> float:
    """Fréchet distance of images (n, s, s) in [0, 1], enlarged if they are small, from the features of real ones."""
    if not np.isfinite(images).all():
        return float("inf")
    return image_quality.frechet_distance(classifier.features(gans_samples.at_28(images)), real_features)
