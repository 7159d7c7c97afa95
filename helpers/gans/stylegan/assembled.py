"""A StyleGAN put together from parts that are handed over: what a lesson writes is what trains and paints.

    class Generator(AssembledGenerator):
        styled_layer = StyledLayer                       # a class: (maps, units) → a layer
    gan = AssembledStyleGAN(Generator(32, 32, (32, 16, 8), 1), StyleDiscriminator((32, 16, 8), 1), 32,
                            mix=mix, crossovers=crossovers, r1_penalty=r1_penalty)

With the parts of `layers`, `mixing` and `penalties` it is the StyleGAN of `networks` and `gan`, weight by weight: the
weights of one fit the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from helpers.backend import keras, tf
from helpers.gans import penalties
from helpers.gans.progan.layers import EqualizedConv2D
from helpers.gans.progan.networks import PAPER_WIDTHS, Growing
from helpers.gans.stylegan import layers as style_layers
from helpers.gans.stylegan.gan import StyleGAN
from helpers.gans.stylegan.networks import StyledLayer, StyleGenerator

ops = keras.ops


class AssembledGenerator(StyleGenerator):
    """A StyleGenerator with another kind of styled layer; a subclass may bring a `synthesis` of its own, too.

    styled_layer: a class. styled_layer(maps, units, name=…) is a layer that is called on maps (batch, h, w, maps),
    styles (batch, units) and noise (batch, h, w, 1) or None, and gives maps of the same shape.
    Arguments and errors as of StyleGenerator.
    """

    styled_layer = StyledLayer

    def __init__(
        self, codings: int = 512, units: int = 512, widths: Sequence[int] = PAPER_WIDTHS, channels: int = 3,
        depth: int = 8, mapping_rate: float = 0.01, **kwargs,
    ):  # fmt: skip
        Growing.__init__(self, widths, channels, **kwargs)  # that of StyleGenerator would make layers of its own
        self.codings, self.units, self.depth, self.mapping_rate = codings, units, depth, mapping_rate
        places = [(width, f"{4 * 2**s}x{4 * 2**s}_{i}") for s, width in enumerate(widths) for i in (1, 2)]
        self.mapping = style_layers.Mapping(codings, units, depth, mapping_rate, name="mapping")
        self.convolutions = [EqualizedConv2D(width, use_bias=False, name=name) for width, name in places[1:]]
        self.styled = [type(self).styled_layer(width, units, name=f"styled_{name}") for width, name in places]
        self.to_image = [EqualizedConv2D(channels, 1, gain=1.0, name=f"to_image_{s}") for s in range(len(widths))]
        self.build((None, codings))


class AssembledStyleGAN(StyleGAN):
    """A StyleGAN whose rules of training are handed over; arguments and errors as of StyleGAN, and these.

    mix: (first (batch, layers, units), second, places (batch,)) → styles of the same shape.
    crossovers: (count, layers, share, rng) → places (count,), NumPy; None draws them as StyleGAN does.
    r1_penalty: (discriminator, real images) → ½ mean of ‖gradient‖², a tensor without axes.
    """

    def __init__(
        self, *networks_and_codings, mix: Callable = style_layers.mix, crossovers: Callable | None = None,
        r1_penalty: Callable = penalties.r1_penalty, **kwargs,
    ):  # fmt: skip
        super().__init__(*networks_and_codings, **kwargs)
        self.mix, self.crossovers, self.r1_penalty = mix, crossovers, r1_penalty
        self.lots = np.random.default_rng(kwargs.get("seed"))
        if crossovers is not None:
            self.supports_jit = False  # it runs in Python, between two parts of the compiled step

    def training_styles(self, codings):
        """As in StyleGAN, with `mix` and `crossovers`."""
        w = self.generator.mapping(codings)
        mean = ops.stop_gradient(ops.mean(w, axis=0))
        self.mean_style.assign(self.memory * self.mean_style + (1.0 - self.memory) * mean)
        first = self.generator.spread(w, self.stage)
        if not self.mixing:
            return first
        count, layers = ops.shape(codings)[0], first.shape[1]
        second = self.generator.spread(self.generator.mapping(self.draw_codings(count)), self.stage)
        return self.mix(first, second, self.places(count, layers))

    def places(self, count, layers: int):
        """For each image of a batch the first layer with the second style: (count,), from 1 to `layers`."""
        if self.crossovers is None:
            place = keras.random.randint((count,), 1, layers, seed=self.random)
            mixed = keras.random.uniform((count,), seed=self.random) < self.mixing
            return ops.where(mixed, place, layers)

        def drawn(number) -> np.ndarray:
            return np.asarray(self.crossovers(int(number), layers, self.mixing, self.lots), dtype=np.int32)

        places = tf.numpy_function(drawn, [count], tf.int32)
        return tf.ensure_shape(places, (count if isinstance(count, int) else None,))

    def judge(self, images, labels=None, training=True):
        """The logits (batch, 1); a penalty may call it as a Keras model is called, with `training`."""
        return super().judge(images, labels)

    def penalty(self, real, fake, labels=None):
        if not self.r1:
            return 0.0
        if self.r1_every == 1:
            return self.r1 * self.r1_penalty(self.judge, real)
        due = ops.equal(self.discriminator_optimizer.iterations % self.r1_every, 0)
        weight = self.r1 * self.r1_every
        return ops.cond(due, lambda: weight * self.r1_penalty(self.judge, real), lambda: ops.zeros(()))
