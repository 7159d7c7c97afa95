"""How well a loss tells the quality of the images: losses over the epochs, beside the Fréchet distance.

run = Run.of(history, {"estimate": "the critic's estimate"})
run.ranks()                                  # {"the critic's estimate": 0.97}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from helpers.gans.callbacks import frechet
from helpers.metrics.statistics import rank_correlation


@dataclass(frozen=True)
class Run:
    """One training. losses: {words: one value for each epoch}.   epochs, distance: when it was measured, and what.

    A loss of epoch n is the mean over this epoch, so it belongs to n − ½; a distance to the moment it was measured.
    """

    losses: dict[str, np.ndarray]
    epochs: np.ndarray
    distance: np.ndarray

    @classmethod
    def of(cls, history: Mapping[str, Sequence[float]], words: Mapping[str, str]) -> Run:
        """From the history of a `fit` with the callback FrechetDistance. words: {key of the history: its words}."""
        distance = np.asarray(history["frechet"], dtype=float)
        return cls(_chosen(history, words), np.arange(1.0, len(distance) + 1), distance)

    @classmethod
    def by_film(cls, film, history, words: Mapping[str, str], real_features: np.ndarray) -> Run:
        """From a film, where nothing else is left of the images; without the frames of the first half epoch.

        film: a Film.   history: lists by name, one value for each epoch.   real_features: of the classifier.
        So few images (those of a frame) are farther from the real ones than many of the same kind would be: compare
        such distances with each other only.
        """
        losses = _chosen(history, words)
        count = max((len(values) for values in losses.values()), default=1)
        epochs = count * film.steps / max(1, film.steps[-1])
        kept = np.flatnonzero(epochs >= 0.5)
        distance = [frechet(film.images[i].astype("float32") / 255, real_features) for i in kept]
        return cls(losses, epochs[kept], np.array(distance))

    def ranks(self) -> dict[str, float]:
        """Spearman's rank correlation of each loss with the distance; NaN for fewer than three moments."""
        return {words: rank_correlation(self.at(values), self.distance) for words, values in self.losses.items()}

    def at(self, values: np.ndarray) -> np.ndarray:
        """A loss at the moments of the distance: that of the epoch which has just ended, or between two epochs."""
        if len(values) == len(self.epochs):
            return values
        return np.interp(self.epochs, np.arange(len(values)) + 0.5, values)


def _chosen(history, words) -> dict[str, np.ndarray]:
    return {text: np.asarray(history[key], dtype=float) for key, text in words.items() if key in history}
