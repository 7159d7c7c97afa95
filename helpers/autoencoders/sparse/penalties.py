"""Penalties on the activity of codings, and the k largest: functions of Keras tensors, gradients included.

None of them depends on how many images a batch has. `helpers.autoencoders.sparse.model` builds models with them.
"""

from __future__ import annotations

import numpy as np

from helpers.backend import keras

layers, ops = keras.layers, keras.ops

TINY = 1e-6  # means nearer to 0 or 1 than this count as this, so that every logarithm is finite


def l1_penalty(activations):
    """Sum over the units of |activation|, averaged over the images: a scalar, at least 0.

    activations: (images, units). Twice the same images give the same value.
    """
    return ops.mean(ops.sum(ops.absolute(activations), axis=-1))


def unit_means(activations):
    """The mean activation of each unit over the images of a batch: (images, units) -> (units,)."""
    return ops.mean(activations, axis=0)


def kl_penalty(means, target):
    """Sum over the units of KL(target ‖ mean), in nats: a scalar, 0 only if every unit has the mean `target`.

    means: (units,), the mean activation of each unit over images, in [0, 1]. target: strictly between 0 and 1.
    The divergence is that between two coins (Bernoulli variables): how surprising a coin with the probability
    `target` is to somebody who believes in `mean`. Its derivative by a mean q is (q − target) / (q (1 − q)).
    Source: Ng, 2011, Sparse autoencoder, lecture notes CS294A.
    """
    q = ops.clip(means, TINY, 1 - TINY)
    return ops.sum(target * ops.log(target / q) + (1 - target) * ops.log((1 - target) / (1 - q)))


def batch_kl_penalty(activations, target):
    """`kl_penalty` of the unit means of one batch: (images, units) -> scalar."""
    return kl_penalty(unit_means(activations), target)


def keep_largest(activations, k: int):
    """The k largest activations of each image; all others become 0. (images, units) -> the same shape.

    Where several are equal to the k-th largest, all of these stay. Gradients pass through what stays.
    Source: Makhzani and Frey, 2014, k-sparse autoencoders, arXiv 1312.5663.
    """
    smallest_kept = ops.top_k(activations, k)[0][..., -1:]
    return ops.where(activations >= smallest_kept, activations, 0.0)


def what_keras_divides_by(batch_size: int) -> float:
    """By what this version of Keras divides the value of an `activity_regularizer`: 1, or the batch size.

    Keras 2 divided; Keras 3 did not until early 2026 (issue 22018 of the project) and divides since.
    """

    def constant(activations):
        return 0.0 * ops.sum(activations) + 1.0

    layer = layers.Dense(1, activity_regularizer=constant)
    layer(np.ones((batch_size, 1), "float32"))
    return 1.0 / float(layer.losses[0])
