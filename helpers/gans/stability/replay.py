"""A buffer of earlier fakes, so that a discriminator does not forget what it has once seen through."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import tensorflow as tf

from helpers.backend import Seeds, keras

ops = keras.ops


class Replay(keras.layers.Layer):
    """The newest `capacity` generated images (with their labels, if there are any); the oldest give way.

    capacity: images kept.   shape: of one image.   labels: whether each image comes with a label.
    It lives in variables, so it works inside a compiled step and is saved with the model.
    Raises ValueError for a capacity below 1.
    """

    def __init__(self, capacity: int, shape: Sequence[int], labels: bool = False, seed: int | None = None, **kwargs):
        super().__init__(**kwargs)
        if capacity < 1:
            raise ValueError(f"capacity must be 1 or more images, got {capacity}.")
        self.capacity = capacity
        options = {"initializer": "zeros", "trainable": False}
        self.store = [self.add_weight(shape=(capacity, *shape), name="images", **options)]
        if labels:
            self.store.append(self.add_weight(shape=(capacity,), dtype="int32", name="labels", **options))
        self.seen = self.add_weight(shape=(), dtype="int32", name="seen", **options)  # images added so far
        self.random = Seeds(seed)
        self.random_state = self.random.state  # thus a weight, which is saved with the others
        self.built = True

    def add(self, *batch) -> None:
        """Keep images (n, …) and, if the buffer has labels, labels (n,); if n is above the capacity, the last of them.

        Raises ValueError for labels too many or too few, and for images of another shape.
        """
        if len(batch) != len(self.store):
            wants = "images and labels" if len(self.store) == 2 else "images alone"
            raise ValueError(f"This buffer keeps {wants}: it was made with labels={len(self.store) == 2}.")
        if tuple(batch[0].shape[1:]) != tuple(self.store[0].shape[1:]):
            expected, found = tuple(self.store[0].shape[1:]), tuple(batch[0].shape[1:])
            raise ValueError(f"This buffer keeps images {expected}, one for each of the batch; got {found}.")
        count = ops.shape(batch[0])[0]
        # Two images in one place, and either might stay: so of a large batch only as many as there are places.
        skipped = ops.maximum(count - self.capacity, 0)
        places = (self.seen + tf.range(skipped, count)) % self.capacity
        for kept, new in zip(self.store, batch, strict=True):
            new = ops.cast(ops.stop_gradient(new), kept.dtype)[skipped:]
            kept.value.scatter_nd_update(places[:, None], new)  # in place: the rest of the buffer is not touched
        self.seen.assign_add(count)

    def draw(self, count) -> list:
        """`count` of the kept images, each any of them with equal chance: [images] or [images, labels].

        Raises ValueError when nothing has been added yet (inside a compiled step: TensorFlow's own error).
        """
        if tf.executing_eagerly() and int(self.seen) == 0:
            raise ValueError("There is nothing to draw: images have to be added before, replay.add(images).")
        filled = ops.minimum(self.seen, self.capacity)
        share = keras.random.uniform((count,), seed=self.random)
        places = ops.minimum(ops.cast(share * ops.cast(filled, "float32"), "int32"), filled - 1)
        return [tf.gather(ops.convert_to_tensor(kept), places) for kept in self.store]


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
    """A NumPy buffer with `add(batch)` and `draw(count)`, for `helpers.gans.gan.GAN(replay=…)`.

    shape: of one image.   Each call leaves the compiled step for a moment, which costs some tenths of a
    millisecond; `helpers.gans.stability.replay.Replay` stays inside and is saved with the model.
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
