"""Penalties on the gradient of a critic: that of WGAN-GP between real and fake images, R1 at the real ones.

Both need the gradient of a gradient: the first by a tape in here, the second by the tape of the training step.
"""

from __future__ import annotations

from collections.abc import Callable

import tensorflow as tf

from helpers.backend import keras

ops = keras.ops


def interpolates(real, fake, shares):
    """Points on the segments from fake to real images: fake + ε (real − fake), same shape as both.

    shares: ε, one for each image, (batch,), from 0 (the fake) to 1 (the real image).
    """
    shares = ops.reshape(shares, (-1, *([1] * (len(real.shape) - 1))))
    return fake + shares * (real - fake)


def gradient_norms(critic: Callable, images):
    """Length of the gradient of each image's score with respect to this image: (batch,), 0 or more.

    critic: images (batch, …) → scores (batch, 1) or (batch,). It must judge each image alone: with batch
    normalization the gradient of one would depend on the others.
    """
    with tf.GradientTape() as tape:
        tape.watch(images)
        scores = critic(images)
    gradients = tape.gradient(scores, images)
    axes = tuple(range(1, len(images.shape)))
    # the root of 0 has no gradient, hence the small number
    return ops.sqrt(ops.sum(ops.square(gradients), axis=axes) + 1e-12)


def gradient_penalty(critic: Callable, real, fake, shares, target: float = 1.0, one_sided: bool = False):
    """Mean of (‖gradient‖ − target)² at points between real and fake images: one number, 0 at best.

    critic, shares: as in `gradient_norms` and `between`.   one_sided: only lengths above the target count.
    Source: Gulrajani et al., 2017, arXiv 1704.00028, section 4.
    """
    excess = gradient_norms(critic, interpolates(real, fake, shares)) - target
    return ops.mean(ops.square(ops.relu(excess) if one_sided else excess))


def r1_penalty(discriminator: Callable, real):
    """½ mean of ‖gradient‖² at the real images, to be multiplied by γ: one number, 0 or more.

    Source: Mescheder, Geiger and Nowozin, 2018, arXiv 1801.04406, equation 9.
    """
    return 0.5 * ops.mean(ops.square(gradient_norms(discriminator, real)))
