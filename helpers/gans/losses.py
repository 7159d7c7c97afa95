"""Adversarial losses as plain functions of logits: what the discriminator minimises, what the generator minimises.

A logit is any number; sigmoid(logit) is the probability that an image is real, by the discriminator's opinion.
`critic` in Wasserstein's loss gives a score instead, with no probability behind it. All functions take
tensors of any shape and return one number, the mean; all stay finite for logits of ±1000 and more.

    losses = LOSSES["non-saturating"]
    losses.discriminator(real_logits, fake_logits)      losses.generator(fake_logits)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from helpers.backend import keras

ops = keras.ops


def logistic_discriminator(real_logits, fake_logits, smoothing: float = 0.0):
    """Cross-entropy of the right answers, −log D(x) − log(1 − D(G(z))), in nats: log 4 for one who is guessing.

    smoothing: the target of real images is 1 − smoothing instead of 1; that of fakes stays 0 (one-sided).
    Sources: Goodfellow et al., 2014, arXiv 1406.2661; smoothing: Salimans et al., 2016, arXiv 1606.03498.
    """
    # −log sigmoid(l) = softplus(−l): the sigmoid itself would round to 0 or 1, and its logarithm to −∞ or 0
    real = ops.softplus(-real_logits) + smoothing * real_logits
    return ops.mean(real) + ops.mean(ops.softplus(fake_logits))


def non_saturating_generator(fake_logits):
    """−log D(G(z)) in nats: strong gradients just when the discriminator sees through the fakes.

    Source: Goodfellow et al., 2014, arXiv 1406.2661, section 3.
    """
    return ops.mean(ops.softplus(-fake_logits))


def saturating_generator(fake_logits):
    """log(1 − D(G(z))) in nats, the min–max game's own: its gradient vanishes where fakes are seen through.

    Source: Goodfellow et al., 2014, arXiv 1406.2661, equation 1.
    """
    return -ops.mean(ops.softplus(fake_logits))


def least_squares_discriminator(real_logits, fake_logits):
    """½ (D(x) − 1)² + ½ D(G(z))². Source: Mao et al., 2017, arXiv 1611.04076."""
    return 0.5 * ops.mean(ops.square(real_logits - 1)) + 0.5 * ops.mean(ops.square(fake_logits))


def least_squares_generator(fake_logits):
    """½ (D(G(z)) − 1)². Source: Mao et al., 2017, arXiv 1611.04076."""
    return 0.5 * ops.mean(ops.square(fake_logits - 1))


def hinge_discriminator(real_logits, fake_logits):
    """max(0, 1 − D(x)) + max(0, 1 + D(G(z))), each averaged: zero once both are beyond ±1.

    Source: Lim and Ye, 2017, arXiv 1705.02894.
    """
    return ops.mean(ops.relu(1 - real_logits)) + ops.mean(ops.relu(1 + fake_logits))


def wasserstein_critic(real_scores, fake_scores):
    """Mean score of fakes minus mean score of real ones. Source: Arjovsky et al., 2017, arXiv 1701.07875."""
    return ops.mean(fake_scores) - ops.mean(real_scores)


def raise_the_score(fake_scores):
    """−D(G(z)): the generator's part of the hinge and of the Wasserstein loss."""
    return -ops.mean(fake_scores)


class Losses(NamedTuple):
    """The two sides of a game. discriminator: (real logits, fake logits) → loss; generator: fake logits → loss."""

    discriminator: Callable
    generator: Callable


LOSSES = {
    "non-saturating": Losses(logistic_discriminator, non_saturating_generator),
    "saturating": Losses(logistic_discriminator, saturating_generator),
    "least squares": Losses(least_squares_discriminator, least_squares_generator),
    "hinge": Losses(hinge_discriminator, raise_the_score),
    "Wasserstein": Losses(wasserstein_critic, raise_the_score),
}
