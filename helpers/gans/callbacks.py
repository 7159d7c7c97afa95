"""What to watch while a GAN trains: its samples, both losses, what the discriminator recognises, and the classes made.

training.fit(gan, images, epochs=20, callbacks=watched(gan))
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


class Readings(keras.callbacks.Callback):
    """Adds `frechet` to the logs of each epoch: the Fréchet distance of `count` images of fixed codings, at its end.

    gan: a GAN of images.   Give it to `fit` before the callbacks that are to see the figure.
    A training that diverged makes NaN; such images count as black.
    """

    def __init__(self, gan, count: int = 1000):
        super().__init__()
        self.gan, self.count = gan, count
        self._real = None

    def on_epoch_end(self, epoch, logs=None):
        logs["frechet"] = self.distance()

    def distance(self) -> float:
        """The figure now."""
        if self._real is None:
            self._real = classifier.features(image_quality.real_images()[: self.count])
        made = np.nan_to_num(gans_samples.draw(self.gan, self.count, seed=1))
        return image_quality.frechet_distance(classifier.features(made), self._real)
