"""A WGAN-GP put together from functions: the critic's loss, the points between, the penalty there (lesson 14).

    gan = PenalisedWGAN(*wgan_pair(100, 8), 100, critic_loss=…, interpolate=…, gradient_penalty=…)
    gan.compile(keras.optimizers.Adam(1e-4, 0, 0.9), keras.optimizers.Adam(1e-4, 0, 0.9))

`WGANGP` in gan.py is the same game with everything built in; its weights ship.
"""

from __future__ import annotations

from collections.abc import Callable

import tensorflow as tf

from helpers.backend import keras
from helpers.gans.losses import Losses, raise_the_score, wasserstein_critic
from helpers.gans.wasserstein.gan import WGANGP, penalty_at
from helpers.gans.wasserstein.gan import interpolate as points_between

ops = keras.ops


class BaseWGANGP(WGANGP):
    """What a WGAN-GP needs besides the phase of its critic, which a lesson writes.

    critic_loss: (real scores (n, 1), fake scores (m, 1)) → the loss without the penalty, one number.
    interpolate: (real, fake) → a point between each pair, the same shape.
    gradient_penalty: (critic, points) → the mean of (length of the score's gradient − 1)², one number.
    Other arguments as for `WGANGP`.
    """

    def __init__(
        self, generator, discriminator, codings, *, critic_loss: Callable = wasserstein_critic,
        interpolate: Callable = points_between, gradient_penalty: Callable = penalty_at, **kwargs,
    ):  # fmt: skip
        super().__init__(generator, discriminator, codings, Losses(critic_loss, raise_the_score), **kwargs)
        self.critic_loss, self.interpolate, self.gradient_penalty = critic_loss, interpolate, gradient_penalty

    def judge(self, images, labels=None, training=True):
        """The critic's scores (batch, 1); a penalty may call it as a Keras model is called, with `training`."""
        return super().judge(images, labels)

    def penalty(self, real, fake, labels=None):
        """λ times the penalty that was handed over, at the points that were handed over."""
        found = self.gradient_penalty(lambda x, training=True: self.judge(x, labels), self.interpolate(real, fake))
        self.note(penalty=found)
        return self.penalty_weight * found


class PenalisedWGAN(BaseWGANGP):
    """The same with the critic's phase in one piece; the reference of exercise 14.6."""

    def discriminator_phase(self, real, labels=None):
        """One step of the critic on a batch of real images; the generator stays as it is."""
        fake = self.generate(self.draw_codings(ops.shape(real)[0]), training=True)
        points = self.interpolate(real, fake)
        with tf.GradientTape() as tape:
            minus_estimate = self.critic_loss(self.judge(real), self.judge(fake))
            penalty = self.gradient_penalty(self.judge, points)
            loss = minus_estimate + self.penalty_weight * penalty
        self.improve(self.discriminator, self.discriminator_optimizer, tape, loss)
        self.note(d_loss=loss, estimate=-minus_estimate, penalty=penalty)
