"""What a GAN's losses are worth: the Fréchet distance of its images beside them, all through a training.

    gan.fit(images, epochs=20, callbacks=[Readings(gan)])      # adds `frechet` to the logs of every epoch
    rank_correlation(history["estimate"], history["frechet"])
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.stats import spearmanr

from helpers.backend import keras
from helpers.gans import samples as gan_samples
from helpers.metrics import classifier
from helpers.metrics import image_quality as generated


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
            self._real = classifier.features(generated.real_images()[: self.count])
        made = np.nan_to_num(gan_samples.draw(self.gan, self.count, seed=1))
        return generated.frechet_distance(classifier.features(made), self._real)


def rank_correlation(a: Sequence[float], b: Sequence[float]) -> float:
    """Spearman's correlation, −1 to 1: that of the ranks, so only the order of the values counts.

    a, b: (n,). NaN where fewer than three pairs are finite, or where all values of one side are equal.
    """
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    sound = np.isfinite(a) & np.isfinite(b)
    a, b = a[sound], b[sound]
    if len(a) < 3 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return float("nan")
    return float(spearmanr(a, b).statistic)
