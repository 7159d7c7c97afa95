"""Wasserstein GANs on the engine of `helpers.gans.gan`: a critic kept in bounds by a gradient penalty, or by clipping.

    gan = WGANGP(*wgan_pair(codings=100, maps=32), 100)
    gan.compile(keras.optimizers.Adam(1e-4, 0, 0.9), keras.optimizers.Adam(1e-4, 0, 0.9))
    gan.fit(images, epochs=20, batch_size=5 * 64)      # five critic phases of 64 images, then one of the generator

A critic gives scores, not logits: only their differences mean something. `estimate` in the logs is the mean score of
real images less that of fakes, the critic's estimate of the earth mover's distance; `d_loss` is minus that, plus the
penalty.
"""

from __future__ import annotations

from helpers.backend import keras, tf
from helpers.gans.dcgan.networks import dcgan_pair
from helpers.gans.gan import GAN
from helpers.gans.penalties import gradient_norms, gradient_penalty

layers, ops = keras.layers, keras.ops


class WassersteinGAN(GAN):
    """A GAN whose discriminator is a critic; nothing keeps the critic in bounds yet.

    Arguments as for `GAN`. Each of the critic's `critic_steps` phases sees its own share of the batch.
    Logs: d_loss, g_loss and estimate.   Source: Arjovsky, Chintala and Bottou, 2017, arXiv 1701.07875.
    """

    figures = ("d_loss", "g_loss", "estimate")  # a score above 0 says nothing, so there are no accuracies

    def __init__(self, generator, discriminator, codings, game="Wasserstein", *, critic_steps: int = 5, **kwargs):
        super().__init__(generator, discriminator, codings, game, critic_steps=critic_steps, **kwargs)
        self.means = [keras.metrics.Mean(name) for name in self.figures]

    def train_step(self, data) -> dict:
        """One step of the game on one batch; as the engine's, but compiled once for all phases of the critic."""
        real, labels = self.unpack(data)

        def phase(place):
            self.discriminator_phase(*self.part(real, labels, place))
            return (place + 1,)

        tf.while_loop(lambda place: place < self.critic_steps, phase, (tf.constant(0),), parallel_iterations=1)
        self.generator_phase(*self.part(real, labels, 0))
        return {mean.name: mean.result() for mean in self.means}

    def discriminator_loss(self, real_logits, fake_logits):
        self.note(estimate=ops.mean(real_logits) - ops.mean(fake_logits))
        return super().discriminator_loss(real_logits, fake_logits)


class WGANGP(WassersteinGAN):
    """A Wasserstein GAN with gradient penalty.

    penalty_weight: λ, 0 or more.   one_sided: only gradients longer than 1 are punished.
    The critic must judge each image by itself, so batch normalization in it is refused (ValueError); layer
    normalization is welcome.   Logs also the penalty, before it is multiplied by λ.
    Source: Gulrajani et al., 2017, arXiv 1704.00028.
    """

    figures = ("d_loss", "g_loss", "estimate", "penalty")

    def __init__(
        self, generator, discriminator, codings, game="Wasserstein", *, penalty_weight: float = 10.0,
        one_sided: bool = False, critic_steps: int = 5, **kwargs,
    ):  # fmt: skip
        if penalty_weight < 0:
            raise ValueError(f"penalty_weight is λ, so it must be 0 or more, got {penalty_weight}.")
        if couples_images(discriminator):
            raise ValueError(
                "This critic has batch normalization, so the gradient of one image's score depends on the other "
                "images, and a penalty on it means nothing. Take layer normalization, or none."
            )
        super().__init__(generator, discriminator, codings, game, critic_steps=critic_steps, **kwargs)
        self.penalty_weight, self.one_sided = penalty_weight, one_sided

    def draw_shares(self, count):
        """ε for each image, from 0 to 1: (count,)."""
        return keras.random.uniform((count,), seed=self.random)

    def penalty(self, real, fake, labels=None):
        """λ times the mean of (‖gradient‖ − 1)² at random points between real and fake images."""
        shares = self.draw_shares(ops.shape(real)[0])
        found = gradient_penalty(lambda x: self.judge(x, labels), real, fake, shares, one_sided=self.one_sided)
        self.note(penalty=found)
        return self.penalty_weight * found

    training_source = (*WassersteinGAN.training_source, WassersteinGAN.train_step, penalty, draw_shares)


class ClippedWGAN(WassersteinGAN):
    """A Wasserstein GAN as it was first proposed: after each step of the critic its weights are clipped to ±clip.

    Raises ValueError unless clip is above 0.   Source: Arjovsky, Chintala and Bottou, 2017, arXiv 1701.07875.
    """

    def __init__(
        self, generator, discriminator, codings, game="Wasserstein", *, clip: float = 0.01, critic_steps: int = 5,
        **kwargs,
    ):  # fmt: skip
        if not clip > 0:
            raise ValueError(f"clip is the largest size of a weight, so it must be above 0, got {clip}.")
        super().__init__(generator, discriminator, codings, game, critic_steps=critic_steps, **kwargs)
        self.clip = clip

    def discriminator_phase(self, real, labels=None):
        super().discriminator_phase(real, labels)
        clip_weights(self.discriminator, self.clip)


def clip_weights(network: keras.Model, limit: float) -> None:
    """Bring every trainable weight of the network into [−limit, limit]; statistics that it keeps are left alone."""
    for weight in network.trainable_variables:
        weight.assign(ops.clip(weight, -limit, limit))


def interpolate(real, fake):
    """One random point on the segment between each real image and its fake, ε uniform from 0 to 1: their shape."""
    epsilon = keras.random.uniform((ops.shape(real)[0], *[1] * (len(real.shape) - 1)), dtype=real.dtype)
    return epsilon * real + (1 - epsilon) * fake


def penalty_at(critic, points):
    """Mean over the images of (‖gradient of the score‖ − 1)², at these points (batch, …): one number."""
    return ops.mean(ops.square(gradient_norms(critic, points) - 1))


def couples_images(network) -> bool:
    """Whether a network has batch normalization anywhere, so that one image's score depends on the others."""
    inside = getattr(network, "layers", [])
    return any(isinstance(layer, layers.BatchNormalization) or couples_images(layer) for layer in inside)


def critic(maps: int = 32, kernel: int = 4, normalise: str | None = "layer", inside: str = "leaky_relu") -> keras.Model:
    """Images (n, 28, 28, 1) → scores (n, 1): the discriminator of DCGAN without batch normalization.

    maps: feature maps next to the image; one scale deeper twice as many.   normalise: what stands where DCGAN has
    batch normalization: "layer" (over all of one image's numbers; a gain and a shift for each map), "batch", or None.
    inside: activation.
    """

    def activate(h):
        return layers.LeakyReLU(0.2)(h) if inside == "leaky_relu" else layers.Activation(inside)(h)

    kinds = {"layer": lambda: layers.GroupNormalization(1), "batch": layers.BatchNormalization}
    x = keras.Input((28, 28, 1), name="images")
    h = activate(layers.Conv2D(maps, kernel, 2, padding="same")(x))
    h = layers.Conv2D(2 * maps, kernel, 2, padding="same")(h)
    h = activate(h if normalise is None else kinds[normalise]()(h))
    return keras.Model(x, layers.Dense(1)(layers.Flatten()(h)), name="critic")


def wgan_pair(codings: int = 100, maps: int = 32, kernel: int = 4, normalise: str | None = "layer") -> tuple:
    """(generator of DCGAN, critic without batch normalization) for images (28, 28, 1) in [−1, 1]."""
    return dcgan_pair(codings, maps, kernel=kernel)[0], critic(maps, kernel, normalise)
