"""What remains of a training that grows: figures for each epoch, and the two networks that are worth keeping."""

from __future__ import annotations

import time

import numpy as np

from helpers.backend import keras
from helpers.gans import samples
from helpers.gans.samples import at_28
from helpers.metrics import classifier, image_quality


class Pace(keras.callbacks.Callback):
    """Adds to the logs of each epoch: `stage`, `alpha` (at its last step) and `images_per_second`.

    batch_size: as given to `fit`. The first batch of an epoch is off the clock, since it may compile a new stage;
    an epoch of one batch has no other. Give it to `fit` after `Grow` and before all that takes time.
    """

    def __init__(self, batch_size: int):
        super().__init__()
        self.batch_size = batch_size

    def on_epoch_begin(self, epoch, logs=None):
        self._start, self._batches = time.perf_counter(), 0

    def on_train_batch_end(self, batch, logs=None):
        if batch == 0 and (self.params or {}).get("steps", 0) > 1:
            self._start = time.perf_counter()
        else:
            self._batches += 1

    def on_epoch_end(self, epoch, logs=None):
        seconds = max(time.perf_counter() - self._start, 1e-9)
        logs["stage"], logs["alpha"] = float(self.model.stage), float(self.model.alpha)
        logs["images_per_second"] = self._batches * self.batch_size / seconds


class Quality(keras.callbacks.Callback):
    """Adds `frechet` to the logs of each epoch: the Fréchet distance of `count` new images from as many real ones.

    Images of early stages are enlarged to the full size, as they would be shown; images that are no numbers any more
    count as infinitely far. Give it to `fit` before the callbacks that are to see the figure.
    """

    def __init__(self, count: int = image_quality.COUNT):
        super().__init__()
        self.features = classifier.features(image_quality.real_images()[:count])

    def on_epoch_end(self, epoch, logs=None):
        logs["frechet"] = frechet(samples.draw(self.model, len(self.features), seed=epoch), self.features)


def frechet(images: np.ndarray, real_features: np.ndarray) -> float:
    """Fréchet distance of images (n, s, s) in [0, 1], enlarged if they are small, from the features of real ones."""
    if not np.isfinite(images).all():
        return float("inf")
    return image_quality.frechet_distance(classifier.features(at_28(images)), real_features)


class AveragedPair(keras.Model):
    """The averaged generator and the critic of a growing GAN, for `weights.load_or_train`: two networks of three.

    The newest generator is left out, which makes the file a third smaller; a training cannot go on from it.
    """

    def __init__(self, gan, **kwargs):
        super().__init__(**kwargs)
        self.averaged, self.discriminator = gan.averaged, gan.discriminator
        self.built = True
