"""A buffer of earlier fakes, so that a discriminator does not forget what it has once seen through."""

from __future__ import annotations

from collections.abc import Sequence

import tensorflow as tf

from helpers.backend import keras
from helpers.seeds import Seeds

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
