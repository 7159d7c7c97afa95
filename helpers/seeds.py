"""A source of random numbers for models that may be trained on several devices at once."""

from __future__ import annotations

import tensorflow as tf

from helpers.backend import keras


class Seeds(keras.random.SeedGenerator):
    """Keras' SeedGenerator, which would give all devices of a tf.distribute strategy the same random numbers.

    Here each device of several has numbers of its own; on a single device nothing is different.
    """

    def next(self, ordered: bool = True):
        seed, device = super().next(ordered), tf.distribute.get_replica_context()
        if device is None or device.num_replicas_in_sync == 1:
            return seed
        number = tf.cast(device.replica_id_in_sync_group, seed.dtype)
        return seed + tf.stack([65_537 * number, tf.zeros_like(number)])
