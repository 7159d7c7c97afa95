"""Compiled functions of batches whose number of images is not known beforehand."""

from __future__ import annotations

from collections.abc import Callable

from helpers.backend import tf


def for_any_number(function: Callable, *signature):
    """`function` as a tf.function, compiled once for batches of any size; if it cannot be, once for each size.

    signature: a TensorSpec (or a list of them) for each argument, None in the place of the number of images.
    A layer that loops over its images, or asks x.shape[0], must know how many there are.
    """
    compiled = tf.function(function, input_signature=signature)
    try:
        compiled.get_concrete_function()
    except (TypeError, ValueError):
        return tf.function(function)
    return compiled
