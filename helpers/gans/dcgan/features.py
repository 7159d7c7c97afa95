"""The small parts of lesson 13: ranges of pixels, the coverage of transposed convolutions, labels as planes,
arithmetic and directions in the space of codings, the discriminator's features.

NumPy first; Keras models come in as arguments.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from helpers.backend import keras
from helpers.gans.vanilla.networks import dcgan_pair

ops, layers = keras.ops, keras.layers


def coverage(size: int, kernel: int, stride: int) -> np.ndarray:
    """How many inputs paint each pixel of a transposed convolution along one side: (size · stride,), whole numbers.

    size: pixels of the input along that side. kernel ≥ stride. The padding is Keras' "same": of the
    (size − 1) · stride + kernel painted pixels those beyond size · stride are cut off, half of them (rounded down) on
    the left. Source: Odena, Dumoulin and Olah, 2016, Deconvolution and checkerboard artifacts (Distill).
    """
    counts = np.zeros((size - 1) * stride + kernel, dtype=int)
    for place in range(size):
        counts[place * stride : place * stride + kernel] += 1
    cut = (kernel - stride) // 2
    return counts[cut : cut + size * stride]


class PixelRange:
    """Brings images from [0, 1] to [−1, 1], where tanh lives, and back."""

    def forward(self, images: np.ndarray) -> np.ndarray:
        """Images in [0, 1] → float32 in [−1, 1], same shape."""
        return (2 * np.asarray(images) - 1).astype("float32")

    def back(self, images: np.ndarray) -> np.ndarray:
        """Images in [−1, 1] → float32 in [0, 1], same shape; what lies outside is clipped."""
        return np.clip((np.asarray(images) + 1) / 2, 0, 1).astype("float32")


def generator(codings: int, maps: int) -> keras.Model:
    """A generator after all guidelines of DCGAN: codings (n, codings) → images (n, 28, 28, 1) in [−1, 1]."""
    return dcgan_pair(codings, maps)[0]


def discriminator(maps: int) -> keras.Model:
    """A discriminator after all guidelines of DCGAN: images (n, 28, 28, 1) → logits (n, 1)."""
    return dcgan_pair(10, maps)[1]


class Aside:
    """A replay buffer that a model uses without owning it: its images are not saved with the model's weights."""

    def __init__(self, buffer):
        self.add, self.draw = buffer.add, buffer.draw


def label_planes(labels, classes: int, height: int, width: int):
    """Labels as images, a tensor (n, height, width, classes), float32: plane c is 1 everywhere where the label is c.

    labels: (n,), whole numbers from 0 to classes − 1. Source: Mirza and Osindero, 2014, arXiv 1411.1784.
    """
    flags = ops.one_hot(ops.cast(labels, "int32"), classes)[:, None, None, :]
    return ops.cast(ops.broadcast_to(flags, (ops.shape(flags)[0], height, width, classes)), "float32")


def arithmetic(codings: np.ndarray, first, second, third) -> np.ndarray:
    """Mean coding of the first group − that of the second + that of the third: (k,).

    codings: (n, k); first, second, third: row numbers. With three independent codings from N(0, I) in each group the
    result is distributed as N(0, I) again. Source: Radford, Metz and Chintala, 2016, arXiv 1511.06434, section 6.3.2.
    """
    codings = np.asarray(codings)
    mean_of = [codings[list(group)].mean(axis=0) for group in (first, second, third)]
    return mean_of[0] - mean_of[1] + mean_of[2]


def directions(decode: Callable, codings: np.ndarray, step: float = 0.5) -> np.ndarray:
    """Directions in the space of codings, the one that changes images most first: orthonormal rows (k, k).

    decode: codings (n, k) → images (n, …).   codings: (m, k), where the change is measured, by central differences of
    ±step; m · 2k images are made. The squared changes add up to a matrix whose eigenvectors come back.
    Source: in the spirit of Härkönen et al., 2020, arXiv 2004.02546, and Ramesh et al., 2018, arXiv 1812.01161.
    """
    codings = np.asarray(codings, dtype=float)
    k = codings.shape[1]
    shifts = step * np.concatenate([np.eye(k), -np.eye(k)])
    total = np.zeros((k, k))
    for z in codings:
        images = np.asarray(decode((z + shifts).astype("float32")), dtype=float).reshape(2 * k, -1)
        change = (images[:k] - images[k:]) / (2 * step)
        total += change @ change.T
    return np.linalg.eigh(total)[1].T[::-1]


def features(network: keras.Model, images: np.ndarray, grid: int = 2, batch_size: int = 500) -> np.ndarray:
    """What a discriminator sees: the largest activation of each map in each field of a grid, (n, grid² · maps).

    network: a discriminator whose activations are LeakyReLU layers.   images: (n, 28, 28, 1) in [−1, 1].
    All convolutional layers count, as in Radford, Metz and Chintala, 2016, arXiv 1511.06434, section 5.1.
    """
    parts = []
    for layer in network.layers:
        if isinstance(layer, layers.LeakyReLU) and len(layer.output.shape) == 4:
            size = -(-layer.output.shape[1] // grid)
            parts.append(layers.Flatten()(layers.MaxPooling2D(size, padding="same")(layer.output)))
    eye = keras.Model(network.inputs[0], layers.Concatenate()(parts) if len(parts) > 1 else parts[0])
    batches = (images[start : start + batch_size] for start in range(0, len(images), batch_size))
    return np.concatenate([ops.convert_to_numpy(eye(batch, training=False)) for batch in batches])
