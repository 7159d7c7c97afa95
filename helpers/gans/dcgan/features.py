"""The small parts of lesson 13: ranges of pixels, the coverage of transposed convolutions, labels as planes,
arithmetic and directions in the space of codings, the discriminator's features.

NumPy first; Keras models come in as arguments.
"""

from __future__ import annotations

import numpy as np

from helpers.backend import keras

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


def discriminator_features(
    network: keras.Model, images: np.ndarray, grid: int = 2, batch_size: int = 500
) -> np.ndarray:
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
