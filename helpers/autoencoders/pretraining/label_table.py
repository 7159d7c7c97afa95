"""Accuracies of many ways to use few labels, computed once and shipped as one small array.

    table = LabelTable(("SVM on pixels", "fine-tuned"), counts=(50, 500), draws=5)
    table.fill(methods, images)         {name: (represent, judge)}, as `label_curve.measure` takes them
    table.by_name()                     {name: test accuracies (counts, draws)}

It is a Keras model with one weight, so that `weights.load_or_train` can ship it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from helpers.autoencoders.pretraining import label_curve
from helpers.backend import keras


class LabelTable(keras.Model):
    """Test accuracies (methods, counts, draws) of every method on the same draws; draw i has the seed i.

    names: of the methods, in order.   counts: numbers of labels.   draws: how often they are drawn.
    """

    def __init__(self, names: Sequence[str], counts: Sequence[int], draws: int, **kwargs):
        super().__init__(**kwargs)
        self.names, self.counts, self.draws = list(names), list(counts), int(draws)
        shape = (len(self.names), len(self.counts), self.draws)
        self.accuracies = self.add_weight(shape=shape, initializer="zeros", trainable=False, name="accuracies")
        self.built = True

    def fill(self, methods: Mapping[str, tuple[Callable, Callable]], images) -> dict[str, float]:
        """Measure every method on the test images, and say in a line for each how far it is.

        methods: {name: (represent, judge)}, with the names of the table in any order.
        Returns {"labels at most": …, "draws": …, "test images": …}. Raises KeyError for a method that is missing.
        """
        rows = []
        for name in self.names:
            start = time.perf_counter()
            measured = label_curve.measure({name: methods[name]}, images, self.counts, self.draws, part="test")
            rows.append(measured[name])
            reached = " ".join(f"{value:.3f}" for value in rows[-1].mean(axis=1))
            print(f"{name}: {reached} ({time.perf_counter() - start:.0f} s)", flush=True)
        self.accuracies.assign(np.stack(rows))
        return {"labels at most": max(self.counts), "draws": self.draws, "test images": len(images.X_test)}

    def by_name(self) -> dict[str, np.ndarray]:
        """{name: test accuracies (counts, draws)}."""
        values = np.asarray(self.accuracies, dtype=float)
        return {name: values[k] for k, name in enumerate(self.names)}
