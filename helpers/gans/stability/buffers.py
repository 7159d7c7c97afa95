"""A replay buffer in plain NumPy, as in lesson 12, and a bridge that lets a compiled training step use it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import tensorflow as tf


class ReplayBuffer:
    """The newest `capacity` images that were added; older ones are gone.

    capacity: images kept, 1 or more.   seed: of the draws.
    Source: Shrivastava et al., 2017, arXiv 1612.07828, section 2.3, for adversarial training.
    """

    def __init__(self, capacity: int, seed: int = 0):
        if capacity < 1:
            raise ValueError(f"capacity must be 1 or more images, got {capacity}.")
        self.capacity, self.rng = capacity, np.random.default_rng(seed)
        self.images = []  # the oldest first

    def add(self, batch: np.ndarray) -> None:
        """Keep copies of the images of a batch (n, …), and forget what is too old."""
        self.images += [np.array(image) for image in batch]
        del self.images[: -self.capacity]

    def draw(self, count: int) -> np.ndarray:
        """`count` images (count, …), each any of those kept with equal chance. Raises ValueError if there are none."""
        if not self.images:
            raise ValueError("The buffer is empty: add images before you draw.")
        return np.stack([self.images[place] for place in self.rng.integers(len(self.images), size=count)])


class Bridge:
    """A NumPy buffer with `add(batch)` and `draw(count)`, for `helpers.gan.GAN(replay=…)`.

    shape: of one image.   Each call leaves the compiled step for a moment, which costs some tenths of a
    millisecond; `helpers.replay.Replay` stays inside and is saved with the model.
    """

    def __init__(self, buffer, shape: Sequence[int]):
        self.buffer, self.shape = buffer, tuple(shape)

    def add(self, batch) -> None:
        """Hand a batch (n, …) to the buffer."""
        tf.numpy_function(self._add, [tf.convert_to_tensor(batch)], [])

    def draw(self, count) -> list:
        """[images (count, …)], float32, from the buffer."""
        (images,) = tf.numpy_function(self._draw, [tf.convert_to_tensor(count)], [tf.float32])
        images.set_shape((None, *self.shape))
        return [images]

    def _add(self, batch):
        self.buffer.add(batch)

    def _draw(self, count):
        return np.asarray(self.buffer.draw(int(count)), dtype=np.float32)
