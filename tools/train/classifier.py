"""Trains the classifier that judges generated images, on the full set, and saves its weights as float16."""

from __future__ import annotations

import numpy as np

from helpers.backend import keras
from helpers.data import dataset
from helpers.metrics import classifier
from helpers.training import fitting
from helpers.training.schedules import WarmupCosine
from helpers.weights import store

WRITES = ("classifier",)
EPOCHS, BATCH, PEAK, DECAY, SHIFT, SEED = 14, 128, 3e-3, 0.01, 2, 42


class Shifted(keras.utils.PyDataset):
    """Batches of training images, each moved by up to two pixels in both directions, in a new order each
    epoch.

    Not mirrored: all shoes in the data point to the left, and a judge should see when one does not.
    """

    def __init__(self, X: np.ndarray, y: np.ndarray, seed: int = SEED):
        super().__init__()
        self.X = np.pad(X, ((0, 0), (SHIFT, SHIFT), (SHIFT, SHIFT)))
        self.y, self.size, self.random = y, X.shape[1], np.random.default_rng(seed)
        self.on_epoch_end()

    def __len__(self) -> int:
        return len(self.X) // BATCH

    def __getitem__(self, place: int):
        chosen = self.order[place * BATCH : (place + 1) * BATCH]
        windows = np.lib.stride_tricks.sliding_window_view(self.X[chosen], (self.size, self.size), axis=(1, 2))
        rows, columns = self.random.integers(0, 2 * SHIFT + 1, (2, len(chosen)))
        return windows[np.arange(len(chosen)), rows, columns][..., None], self.y[chosen]

    def on_epoch_end(self) -> None:
        self.order = self.random.permutation(len(self.X))


def run() -> None:
    """Train, round the weights to float16, measure with those, save."""
    images = dataset.load("fashion_mnist", source="full")
    keras.utils.set_random_seed(SEED)
    model = classifier.build()
    batches = Shifted(images.X_train, images.y_train)
    model.compile(
        keras.optimizers.AdamW(WarmupCosine(PEAK, EPOCHS * len(batches)), weight_decay=DECAY),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
        jit_compile=False,
    )

    def train(callbacks: list) -> dict[str, float]:
        valid = (images.X_valid[..., None], images.y_valid)
        fitting.fit(
            model, batches, epochs=EPOCHS, validation_data=valid, validation_batch_size=500, callbacks=callbacks
        )
        exact = _accuracy(model, images.X_test, images.y_test)
        model.set_weights([w.astype("float16").astype("float32") for w in model.get_weights()])
        return {
            "valid_accuracy": _accuracy(model, images.X_valid, images.y_valid),
            "test_accuracy": _accuracy(model, images.X_test, images.y_test),
            "test_accuracy_float32": exact,
        }

    store.load_or_train(
        model,
        classifier.NAME,
        train,
        source=(classifier.build, classifier.FEATURES, classifier.CLASSES),
        lesson="all",
        data=images,
        images_seen=EPOCHS * len(batches) * BATCH,
        dtype="float16",
    )


def _accuracy(model: keras.Model, X: np.ndarray, y: np.ndarray) -> float:
    return float(np.mean(model.predict(X[..., None], batch_size=500, verbose=0).argmax(axis=1) == y))
