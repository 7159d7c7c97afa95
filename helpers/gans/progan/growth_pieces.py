"""The pieces of progressive growing as the exercises of lesson 15 ask for them, and a network without its trick.

Maps and images are (batch, height, width, maps); `helpers.progan` puts the same pieces together in its networks.
Source: Karras, Aila, Laine and Lehtinen, 2018, arXiv 1710.10196, section 2 and figure 2.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from helpers.gans import samples as gan_samples
from helpers.gans.progan import layers as equalized
from helpers.gans.progan.gan import Plan
from helpers.gans.progan.networks import activate


def fade_in(smaller, larger, alpha):
    """Images of two stages as one: (1 − α) · `smaller`, each pixel as a square of four, + α · `larger`.

    smaller: (batch, h, w, channels).   larger: (batch, 2h, 2w, channels).   alpha: from 0 to 1.
    """
    return equalized.fade_in(equalized.upsample(smaller), larger, alpha)


def grown_image(maps, block: Sequence[Callable], old_layer: Callable, new_layer: Callable, alpha):
    """What a generator makes while it fades a stage in: maps (batch, h, w, m) → images (batch, 2h, 2w, channels).

    maps: of the stage before.   block: its two new convolutions.   old_layer, new_layer: the 1 × 1 convolutions to
    an image of the stage before and of the new one.   alpha: from 0 to 1.
    """
    x = equalized.upsample(maps)
    for layer in block:
        x = equalized.pixel_norm(activate(layer(x)))
    return fade_in(old_layer(maps), new_layer(x), alpha)


def stage_at(epoch: float, stages: int, fade: int, steady: int) -> tuple[int, float]:
    """(stage, α) after so many epochs: 4 × 4 for `steady` of them, then each size for `fade` and `steady` ones.

    After the end it is (stages − 1, 1). Raises ValueError for lengths below 1.
    """
    return Plan(stages, fade, steady).at(epoch)


def unequalized(network):
    """The same network, in place, with ordinary weights: each layer's constant is put into its stored weights.

    What the network computes stays as it is; what Adam does with it does not. Returns the network.
    """
    for layer in network.active_layers(network.last_stage):
        layer.kernel.assign(layer.effective_kernel())
        layer.multiplier = 1.0
    return network


def at_28(images: np.ndarray) -> np.ndarray:
    """Images (n, s, s) of a stage as the measures need them: enlarged to 32 pixels, then the middle 28: (n, 28, 28).

    s: 4, 8, 16 or 32; images of 28 pixels stay as they are. Raises ValueError for other sizes.
    """
    images = np.asarray(images)
    side = images.shape[1]
    if side == 28:
        return images
    if side not in (4, 8, 16, 32) or images.shape[2] != side:
        raise ValueError(f"Images of a stage have 4, 8, 16 or 32 pixels a side, not {images.shape[1:]}.")
    return images.repeat(32 // side, axis=1).repeat(32 // side, axis=2)[:, 2:30, 2:30]


def at_size(images: np.ndarray, size: int) -> np.ndarray:
    """Images (n, 28, 28) in [0, 1] for a growing GAN of this size: (n, size, size, 1), float32 in [−1, 1].

    They get a black margin up to 32 pixels and are then halved, each pixel the mean of four, as often as needed.
    size: 4, 8, 16 or 32; raises ValueError for others.
    """
    if size not in (4, 8, 16, 32):
        raise ValueError(f"A stage has 4, 8, 16 or 32 pixels a side, not {size}.")
    X = gan_samples.frame(images, 32)
    while X.shape[1] > size:
        half = X.shape[1] // 2
        X = X.reshape(len(X), half, 2, half, 2, 1).mean(axis=(2, 4))
    return X
