"""Training a StyleGAN (lesson 16): style mixing, R1 penalty, the mean style, truncation; it grows as in lesson 15.

    gan = StyleGAN(StyleGenerator(…), StyleDiscriminator(…), codings=128)
    gan.compile(Adam(1e-3, 0, 0.99), Adam(1e-3, 0, 0.99))
    gan.fit(images, epochs=plan.epochs, callbacks=[Grow(plan)])
    gan.generate(codings, psi=0.7)

Source: Karras, Laine and Aila, 2019, arXiv 1812.04948, sections 2 and 3, appendices B and C.
"""

from __future__ import annotations

from helpers.backend import keras
from helpers.gans.penalties import r1_penalty
from helpers.gans.progan.gan import GrowingGAN
from helpers.gans.stylegan.layers import mix
from helpers.gans.stylegan.mixing import truncate

ops = keras.ops


class StyleGAN(GrowingGAN):
    """A growing GAN whose generator has styles, as `stylegan.StyleGenerator`.

    codings, averaging, seed: as for a GAN.   r1: γ of the R1 penalty.   r1_every: computes the penalty only at every
    so many steps, with so many times its weight (Karras et al., 2020, arXiv 1912.04958); 1 is the paper of StyleGAN.
    mixing: share of training images that take their later layers from a second style.
    memory: share of the old value in the running mean of styles, `gan.mean_style`.
    Raises ValueError for shares outside [0, 1] and for r1_every below 1.
    """

    def __init__(
        self, generator, discriminator, codings: int, *, r1: float = 10.0, r1_every: int = 1, mixing: float = 0.9,
        memory: float = 0.995, **kwargs,
    ):  # fmt: skip
        super().__init__(
            generator, discriminator, codings, "non-saturating", penalty_weight=0.0, drift=0.0, **kwargs
        )  # fmt: skip
        if not (0 <= mixing <= 1 and 0 <= memory <= 1):
            raise ValueError(f"mixing and memory are shares from 0 to 1, got {mixing} and {memory}.")
        if r1_every < 1:
            raise ValueError(f"r1_every counts steps, so it must be 1 or more, got {r1_every}.")
        self.r1, self.r1_every, self.mixing, self.memory = r1, r1_every, mixing, memory
        start = ops.zeros(generator.units)
        self.mean_style = keras.Variable(start, trainable=False, dtype="float32", name="mean_style")

    def generate(self, codings, labels=None, training: bool = False, psi: float = 1.0):
        """As in a growing GAN. psi: how much of the way from the mean style is kept, out of training only.

        Training mixes styles and draws fresh noise; otherwise there is no mixing, and the noise is always the same.
        """
        if training:
            w = self.training_styles(codings)
            noise = self.generator.draw_noise(ops.shape(codings)[0], self.stage, self.random)
            return self.generator.synthesis(w, self.stage, self.alpha, noise)
        w = truncate(self.averaged.mapping(codings), self.mean_style, psi)
        return self.paint(self.averaged.spread(w, self.stage))

    def paint(self, w, noise=None):
        """Full-size images from a style for each layer, (batch, layers, units), by the averaged generator.

        noise: one for each layer, as of `StyleGenerator.draw_noise`; None for the one that is always the same.
        """
        if noise is None:
            noise = self.averaged.draw_noise(ops.shape(w)[0], self.stage, seed=0)
        return self.enlarge(self.averaged.synthesis(w, self.stage, self.alpha, noise))

    def training_styles(self, codings):
        """A style for each layer, (batch, layers, units): for most images two styles, with a random passage."""
        w = self.generator.mapping(codings)
        mean = ops.stop_gradient(ops.mean(w, axis=0))
        self.mean_style.assign(self.memory * self.mean_style + (1.0 - self.memory) * mean)
        first = self.generator.spread(w, self.stage)
        if not self.mixing:
            return first
        count, layers = ops.shape(codings)[0], first.shape[1]
        second = self.generator.spread(self.generator.mapping(self.draw_codings(count)), self.stage)
        place = keras.random.randint((count,), 1, layers, seed=self.random)
        mixed = keras.random.uniform((count,), seed=self.random) < self.mixing
        return mix(first, second, ops.where(mixed, place, layers))

    def penalty(self, real, fake, labels=None):
        if not self.r1:
            return 0.0
        if self.r1_every == 1:
            return self.r1 * r1_penalty(self.judge, real)
        due = ops.equal(self.discriminator_optimizer.iterations % self.r1_every, 0)
        weight = self.r1 * self.r1_every
        return ops.cond(due, lambda: weight * r1_penalty(self.judge, real), lambda: ops.zeros(()))

    training_source = (*GrowingGAN.training_source, generate, training_styles, penalty)


class AveragedGenerator:
    """The averaged generator of a StyleGAN and its mean style: all that painting needs.

    The discriminator and the newest generator are left out, so a training cannot go on from here.
    """

    def __init__(self, gan):
        self.gan = gan

    @property
    def weights(self) -> list:
        """Those of the averaged generator, then the mean style."""
        return [*self.gan.averaged.weights, self.gan.mean_style]

    @property
    def history(self):
        """The History of the gan's last `fit`, or None."""
        return getattr(self.gan, "history", None)

    def settle(self):
        """Put the gan into its last stage, fully faded in, with the average as its generator; returns the gan."""
        self.gan.set_stage(self.gan.last_stage)
        self.gan.generator.set_weights(self.gan.averaged.get_weights())
        return self.gan
