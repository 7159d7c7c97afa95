"""Convolutions and transposed convolutions as arithmetic: how large the result is, and what is in it. NumPy only.

Padding and the places of the pixels are those of Keras with TensorFlow. Source: Dumoulin and Visin, 2016, A guide to
convolution arithmetic for deep learning, arXiv 1603.07285; Odena, Dumoulin and Olah, 2016, Deconvolution and
checkerboard artifacts, Distill.
"""

from __future__ import annotations

import numpy as np

PADDINGS = ("same", "valid")


def output_size(size: int, kernel: int, stride: int, padding: str, transposed: bool = False) -> int:
    """Pixels along one side after a convolution (or a pooling), or after a transposed convolution.

    size: pixels along that side before. kernel, stride: along that side. padding: "same" or "valid".
    Raises ValueError for another padding, for numbers below 1, and where a kernel does not fit into the image.
    """
    if padding not in PADDINGS:
        raise ValueError(f"padding is one of {PADDINGS}, got {padding!r}")
    if min(size, kernel, stride) < 1:
        raise ValueError(f"size, kernel and stride are at least 1, got {size}, {kernel} and {stride}")
    if transposed:
        return size * stride if padding == "same" else (size - 1) * stride + max(kernel, stride)
    if padding == "same":
        return -(-size // stride)
    if kernel > size:
        raise ValueError(f"a kernel of {kernel} does not fit into {size} pixels without padding")
    return (size - kernel) // stride + 1


def transposed_convolution(x: np.ndarray, kernel: np.ndarray, stride: int, padding: str) -> np.ndarray:
    """What Keras' Conv2DTranspose without a bias makes of one image: every input pixel paints a copy of the kernel.

    x: (height, width, maps in). kernel: (k, k, maps out, maps in), the order in which Keras keeps it.
    stride: pixels between two neighbouring copies. padding: "valid" keeps all that was painted; "same" cuts it to
    height · stride × width · stride. Returns (new height, new width, maps out).
    Raises ValueError for another padding and for shapes that do not fit.
    """
    x, kernel = np.asarray(x), np.asarray(kernel)
    if x.ndim != 3 or kernel.ndim != 4 or kernel.shape[3] != x.shape[2] or kernel.shape[0] != kernel.shape[1]:
        raise ValueError(f"needs x (h, w, m) and a kernel (k, k, maps out, m), got {x.shape} and {kernel.shape}")
    (height, width, _), k = x.shape, kernel.shape[0]
    whole = [output_size(side, k, stride, "valid", transposed=True) for side in (height, width)]
    final = [output_size(side, k, stride, padding, transposed=True) for side in (height, width)]
    painted = np.zeros((*whole, kernel.shape[2]), dtype=np.result_type(x, kernel, np.float32))
    for i in range(height):
        for j in range(width):
            painted[i * stride : i * stride + k, j * stride : j * stride + k] += kernel @ x[i, j]
    cut = max(k - stride, 0) // 2 if padding == "same" else 0
    return painted[cut : cut + final[0], cut : cut + final[1]]


def unevenness(images: np.ndarray, stride: int = 2) -> float:
    """How strongly a pattern of period `stride` is printed on images: 0 for none.

    images: (n, height, width), sides multiples of `stride`. All pixels with the same place within the stride × stride
    cells are averaged, over all images; the result is the standard deviation of these stride² means.
    Raises ValueError when the sides are no multiples of the stride.
    """
    images = np.asarray(images, dtype=float)
    if images.ndim != 3 or images.shape[1] % stride or images.shape[2] % stride:
        raise ValueError(f"needs images (n, height, width) with sides divisible by {stride}, got {images.shape}")
    n, height, width = images.shape
    cells = images.reshape(n, height // stride, stride, width // stride, stride)
    return float(cells.mean(axis=(0, 1, 3)).std())
