"""The two networks of progressive growing (lesson 15), for images of any size 4, 8, 16, … and any widths.

    generator = Generator(codings=128, widths=(128, 64, 32, 16))        # 4, 8, 16 and 32 pixels
    generator(codings, stage=2, alpha=0.3)                              # 16 × 16 pixels, faded in to 30 %
    critic = Discriminator(widths=(128, 64, 32, 16))
    critic(images, stage=2, alpha=0.3)                                  # one score for each image

Stage s works at 4 · 2^s pixels. All weights exist from the start; a stage that is not used is not computed.
Source: Karras, Aila, Laine and Lehtinen, 2018, arXiv 1710.10196, section 2 and table 2.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from helpers.backend import keras
from helpers.gans.progan import layers as progan_layers
from helpers.gans.progan.layers import (
    EqualizedConv2D,
    EqualizedDense,
    downsample,
    fade_in,
    minibatch_deviation,
    pixel_norm,
    upsample,
)

layers, ops = keras.layers, keras.ops
PAPER_WIDTHS = (512, 512, 512, 512, 256, 128, 64, 32, 16)  # 4 to 1024 pixels, with 512 codings and colour
SLOPE = 0.2  # of leaky ReLU for negative inputs


def activate(x):
    """Leaky ReLU. Written out: TensorFlow 2.21 tries to fuse its own with the sum before it, fails, and complains."""
    return ops.maximum(x, SLOPE * x)


class Growing(keras.Model):
    """What both networks share: the number of stages, and which weights a stage uses."""

    def __init__(self, widths: Sequence[int], channels: int, **kwargs):
        super().__init__(**kwargs)
        self.widths, self.channels = tuple(widths), channels

    @property
    def last_stage(self) -> int:
        return len(self.widths) - 1

    def chosen(self, stage: int | None) -> int:
        """The stage asked for, the last one for None. Raises ValueError for one that there is not."""
        stage = self.last_stage if stage is None else stage
        if not 0 <= stage <= self.last_stage:
            raise ValueError(f"There is no stage {stage}: this network has the stages 0 to {self.last_stage}.")
        return stage

    def active_variables(self, stage: int) -> list:
        """The trainable weights that stage `stage` uses while it fades in (and after, but for one small layer)."""
        return [variable for layer in self.active_layers(stage) for variable in layer.trainable_variables]

    def get_config(self) -> dict:
        return {**super().get_config(), "widths": self.widths, "channels": self.channels}


@keras.saving.register_keras_serializable(package="workbook")
class Generator(Growing):
    """Codings (batch, k) → images (batch, 4 · 2^stage, 4 · 2^stage, channels), linear, so of any size.

    codings: k.   widths: maps of each stage, from 4 × 4 pixels on.   channels: 1 for grey images, 3 for colour.
    Raises ValueError for a stage that there is not.
    """

    def __init__(self, codings: int = 512, widths: Sequence[int] = PAPER_WIDTHS, channels: int = 3, **kwargs):
        super().__init__(widths, channels, **kwargs)
        self.codings = codings
        self.first = EqualizedConv2D(widths[0], 4, padding="valid", name="first")  # from one place to 4 × 4
        self.second = EqualizedConv2D(widths[0], name="second")
        self.blocks = [
            [EqualizedConv2D(width, name=f"{4 * 2**s}x{4 * 2**s}_{i}") for i in (1, 2)]
            for s, width in enumerate(widths[1:], 1)
        ]
        self.to_image = [
            EqualizedConv2D(channels, 1, gain=1.0, name=f"to_image_{4 * 2**s}") for s in range(len(widths))
        ]
        self.build((None, codings))

    def build(self, input_shape):
        """All weights of all stages."""
        width, before = self.widths, (self.codings, *self.widths)
        self.first.build((None, 7, 7, before[0]))
        self.second.build((None, 4, 4, width[0]))
        for s, (one, two) in enumerate(self.blocks, 1):
            one.build((None, None, None, width[s - 1]))
            two.build((None, None, None, width[s]))
        for s, layer in enumerate(self.to_image):
            layer.build((None, None, None, width[s]))
        self.built = True

    def call(self, codings, stage: int | None = None, alpha=1.0, training=None):
        stage = self.chosen(stage)
        x, before = self.features(codings, stage)
        image = self.to_image[stage](x)
        if stage == 0:
            return image
        return fade_in(self.to_image[stage - 1](before), image, alpha)

    def features(self, codings, stage: int):
        """The maps of a stage, and those of the stage before it (None before the first)."""
        x = pixel_norm(codings)[:, None, None, :]
        x = ops.pad(x, [[0, 0], [3, 3], [3, 3], [0, 0]])  # so that a kernel of 4 reaches the one place 4 × 4 times
        x, before = self.shape_up(self.second, self.shape_up(self.first, x)), None
        for one, two in self.blocks[:stage]:
            x, before = self.shape_up(two, self.shape_up(one, upsample(x))), x
        return x, before

    def shape_up(self, layer, x):
        """Convolution, leaky ReLU, pixel normalization."""
        return pixel_norm(activate(layer(x)))

    def active_layers(self, stage: int) -> list:
        blocks = [layer for block in self.blocks[:stage] for layer in block]
        return [self.first, self.second, *blocks, *self.to_image[max(0, stage - 1) : stage + 1]]

    def compute_output_shape(self, input_shape):
        size = 4 * 2**self.last_stage
        return (input_shape[0], size, size, self.channels)

    def get_config(self) -> dict:
        return {**super().get_config(), "codings": self.codings}


@keras.saving.register_keras_serializable(package="workbook")
class Discriminator(Growing):
    """Images (batch, 4 · 2^stage, 4 · 2^stage, channels) → one score or logit for each (batch, 1).

    widths: maps of each stage, from 4 × 4 pixels on.   group: images that are compared by minibatch deviation.
    smooth: applied to the maps before they are halved; nothing here, a blur in lesson 16.
    Raises ValueError for a stage that there is not.
    """

    def __init__(self, widths: Sequence[int] = PAPER_WIDTHS, channels: int = 3, group: int = 4, **kwargs):
        super().__init__(widths, channels, **kwargs)
        self.group = group
        self.from_image = [EqualizedConv2D(width, 1, name=f"from_image_{4 * 2**s}") for s, width in enumerate(widths)]
        self.blocks = [
            [EqualizedConv2D(w, name=f"{4 * 2**s}x{4 * 2**s}_{i}") for i, w in ((1, width), (2, widths[s - 1]))]
            for s, width in enumerate(widths[1:], 1)
        ]
        self.compare = EqualizedConv2D(widths[0], name="compare")
        self.gather = EqualizedDense(widths[0], name="gather")  # the same as a kernel of 4 without padding
        self.score = EqualizedDense(1, gain=1.0, name="score")
        size = 4 * 2**self.last_stage
        self.build((None, size, size, channels))

    def build(self, input_shape):
        """All weights of all stages."""
        for layer in self.from_image:
            layer.build((None, None, None, self.channels))
        for s, (one, two) in enumerate(self.blocks, 1):
            one.build((None, None, None, self.widths[s]))
            two.build((None, None, None, self.widths[s]))
        self.compare.build((None, 4, 4, self.widths[0] + 1))
        self.gather.build((None, 4 * 4 * self.widths[0]))
        self.score.build((None, self.widths[0]))
        self.built = True

    def call(self, images, stage: int | None = None, alpha=1.0, training=None):
        stage = self.chosen(stage)
        x = activate(self.from_image[stage](images))
        for s in range(stage, 0, -1):
            one, two = self.blocks[s - 1]
            x = downsample(self.smooth(activate(two(activate(one(x))))))
            if s == stage:  # the newest block is the one that fades in
                x = fade_in(activate(self.from_image[s - 1](downsample(images))), x, alpha)
        x = activate(self.compare(minibatch_deviation(x, self.group)))
        x = activate(self.gather(ops.reshape(x, (-1, 4 * 4 * self.widths[0]))))
        return self.score(x)

    def smooth(self, x):
        return x

    def active_layers(self, stage: int) -> list:
        blocks = [layer for block in self.blocks[:stage] for layer in block]
        return [*self.from_image[max(0, stage - 1) : stage + 1], *blocks, self.compare, self.gather, self.score]

    def compute_output_shape(self, input_shape):
        return (input_shape[0], 1)

    def get_config(self) -> dict:
        return {**super().get_config(), "group": self.group}


def stage_count(pixels: int) -> int:
    """How many stages lead to images of so many pixels a side: 32 → 4. Raises ValueError unless it is 4, 8, 16, …"""
    count = math.log2(pixels / 4) + 1 if pixels > 0 else 0
    if count < 1 or count != int(count):
        raise ValueError(f"Progressive growing makes images of 4, 8, 16, … pixels a side, not of {pixels}.")
    return int(count)


def grown_image(
    maps, block: Sequence[Callable], old_layer: Callable, new_layer: Callable, alpha,
    norm: Callable = progan_layers.pixel_norm, fade: Callable = progan_layers.fade_in,
):  # fmt: skip
    """What a generator makes while it fades a stage in: maps (batch, h, w, m) → images (batch, 2h, 2w, channels).

    maps: of the stage before.   block: its two new convolutions.   old_layer, new_layer: the 1 × 1 convolutions to
    an image of the stage before and of the new one.   alpha: from 0 to 1.
    norm: of the new maps.   fade: mixes the old image, which it enlarges, and the new one.
    """
    x = progan_layers.upsample(maps)
    for layer in block:
        x = norm(activate(layer(x)))
    return fade(old_layer(maps), new_layer(x), alpha)


def unequalized(network):
    """The same network, in place, with ordinary weights: each layer's constant is put into its stored weights.

    What the network computes stays as it is; what Adam does with it does not. Returns the network.
    """
    for layer in network.active_layers(network.last_stage):
        layer.kernel.assign(layer.effective_kernel())
        layer.multiplier = 1.0
    return network
