"""The two networks of StyleGAN (lesson 16); they grow as those of `progan` do.

    generator = StyleGenerator(codings=128, units=128, widths=(128, 64, 32, 16))
    generator(codings, stage=3, alpha=1.0)                  # images, all layers with the style of their coding
    w = generator.mapping(codings)
    generator.synthesis(generator.spread(w), stage=3)       # the same, step by step

Layers are counted through all stages: two at 4 × 4 pixels, two at 8 × 8, and so on.
Source: Karras, Laine and Aila, 2019, arXiv 1812.04948.
"""

from __future__ import annotations

from collections.abc import Sequence

from helpers.backend import keras
from helpers.gans.progan.layers import EqualizedConv2D, fade_in, upsample
from helpers.gans.progan.networks import PAPER_WIDTHS, Discriminator, Growing, activate
from helpers.gans.stylegan.layers import Bias, Mapping, Noise, Style, blur

layers, ops = keras.layers, keras.ops


class StyledLayer(layers.Layer):
    """What follows each convolution (and the learned constant): noise, bias, leaky ReLU, AdaIN with the style.

    Called on maps (batch, h, w, maps), styles (batch, units) and noise (batch, h, w, 1), or None for none.
    """

    def __init__(self, maps: int, units: int, **kwargs):
        super().__init__(**kwargs)
        self.maps, self.units = maps, units
        self.noise, self.bias, self.style = Noise(name="noise"), Bias(name="bias"), Style(maps, name="style")

    def build(self, input_shape):
        self.noise.build((None, None, None, self.maps))
        self.bias.build((None, None, None, self.maps))
        self.style.build((None, self.units))

    def call(self, x, w, noise=None):
        x = x if noise is None else self.noise(x, noise)
        return self.style(activate(self.bias(x)), w)


@keras.saving.register_keras_serializable(package="workbook")
class StyleGenerator(Growing):
    """Codings (batch, k) → images (batch, 4 · 2^stage, 4 · 2^stage, channels), linear, so of any size.

    codings: k.   units: length of a style.   widths: maps of each stage.   channels: 1 for grey images, 3 for colour.
    depth, mapping_rate: of the mapping network.
    Raises ValueError for a stage that there is not.
    """

    def __init__(
        self, codings: int = 512, units: int = 512, widths: Sequence[int] = PAPER_WIDTHS, channels: int = 3,
        depth: int = 8, mapping_rate: float = 0.01, **kwargs,
    ):  # fmt: skip
        super().__init__(widths, channels, **kwargs)
        self.codings, self.units, self.depth, self.mapping_rate = codings, units, depth, mapping_rate
        self.mapping = Mapping(codings, units, depth, mapping_rate, name="mapping")
        sizes = [4 * 2**s for s in range(len(widths))]
        self.convolutions = [  # one fewer than layers: the first of all is the constant
            EqualizedConv2D(widths[s], use_bias=False, name=f"{size}x{size}_{i}")
            for s, size in enumerate(sizes)
            for i in (1, 2)
            if (s, i) != (0, 1)
        ]
        self.styled = [
            StyledLayer(widths[s], units, name=f"styled_{size}_{i}") for s, size in enumerate(sizes) for i in (1, 2)
        ]
        self.to_image = [EqualizedConv2D(channels, 1, gain=1.0, name=f"to_image_{size}") for size in sizes]
        self.build((None, codings))

    def build(self, input_shape):
        """All weights of all stages."""
        widths = self.widths
        self.constant = self.add_weight(name="constant", shape=(1, 4, 4, widths[0]), initializer="ones")
        for place, layer in enumerate(self.convolutions, 1):
            layer.build((None, None, None, widths[max(0, (place - 1) // 2)]))
        for place, layer in enumerate(self.styled):
            layer.build((None, None, None, widths[place // 2]))
        for width, layer in zip(widths, self.to_image, strict=True):
            layer.build((None, None, None, width))
        self.built = True

    @property
    def layer_count(self) -> int:
        """Layers with a style of their own, over all stages."""
        return 2 * len(self.widths)

    def spread(self, w, stage: int | None = None):
        """The same style for every layer of a stage: (batch, units) → (batch, layers, units)."""
        count = 2 * (self.chosen(stage) + 1)
        return ops.broadcast_to(w[:, None, :], (ops.shape(w)[0], count, self.units))

    def draw_noise(self, count, stage: int | None = None, seed=None) -> list:
        """Noise for every layer of a stage, each (count, h, w, 1) from N(0, 1).

        seed: a whole number gives the same noise every time; a SeedGenerator goes on with its own.
        """
        sizes = [4 * 2 ** (place // 2) for place in range(2 * (self.chosen(stage) + 1))]
        fixed = isinstance(seed, int)
        return [
            keras.random.normal((count, size, size, 1), seed=seed + place if fixed else seed)
            for place, size in enumerate(sizes)
        ]

    def call(self, codings, stage: int | None = None, alpha=1.0, noise=None, training=None):
        return self.synthesis(self.spread(self.mapping(codings), stage), stage, alpha, noise)

    def synthesis(self, w, stage: int | None = None, alpha=1.0, noise=None):
        """Images from a style for every layer.

        w: (batch, layers, units).   noise: a list with noise for every layer, as of `draw_noise`; None for no noise.
        """
        stage = self.chosen(stage)
        batch = ops.shape(w)[0]
        x, before = ops.broadcast_to(self.constant, (batch, *self.constant.shape[1:])), None
        for place in range(2 * (stage + 1)):
            if place:
                first_of_stage = place % 2 == 0
                if first_of_stage:
                    before = x
                    x = upsample(x)
                x = self.convolutions[place - 1](x)
                if first_of_stage:
                    x = blur(x)
            x = self.styled[place](x, w[:, place], None if noise is None else noise[place])
        image = self.to_image[stage](x)
        if stage == 0:
            return image
        return fade_in(self.to_image[stage - 1](before), image, alpha)

    def active_variables(self, stage: int) -> list:
        return [self.constant, *super().active_variables(stage)]

    def active_layers(self, stage: int) -> list:
        count = 2 * (stage + 1)
        return [
            *(self.mapping, *self.convolutions[: count - 1], *self.styled[:count]),
            *self.to_image[max(0, stage - 1) : stage + 1],
        ]

    def compute_output_shape(self, input_shape):
        size = 4 * 2**self.last_stage
        return (input_shape[0], size, size, self.channels)

    def get_config(self) -> dict:
        own = ("codings", "units", "depth", "mapping_rate")
        return {**super().get_config(), **{name: getattr(self, name) for name in own}}


@keras.saving.register_keras_serializable(package="workbook")
class StyleDiscriminator(Discriminator):
    """The discriminator of `progan`, with a blur before each halving."""

    def smooth(self, x):
        return blur(x)
