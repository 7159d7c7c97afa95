"""What remains of a training that grows: figures for each epoch, and the two networks that are worth keeping."""

from __future__ import annotations

import time

from helpers.backend import keras


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


class AveragedPair(keras.Model):
    """The averaged generator and the critic of a growing GAN, for `weights.load_or_train`: two networks of three.

    The newest generator is left out, which makes the file a third smaller; a training cannot go on from it.
    """

    def __init__(self, gan, **kwargs):
        super().__init__(**kwargs)
        self.averaged, self.discriminator = gan.averaged, gan.discriminator
        self.built = True
