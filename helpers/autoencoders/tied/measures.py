"""What can be counted and measured about tied weights: parameters, the gradient, orthogonality, and the tie itself.

NumPy, and layers that are passed in; importing this does not load TensorFlow.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def parameters(sizes: Sequence[int], tied: bool) -> int:
    """Trainable parameters of a stacked autoencoder of dense layers that is symmetric about its codings.

    sizes: values at each stage from the image to the codings, such as [784, 100, 30]; the decoder goes back the same
    way. tied: whether each kernel of the decoder is the transpose of one of the encoder. Every layer has a bias.
    Raises ValueError for fewer than two sizes.
    """
    if len(sizes) < 2:
        raise ValueError(f"An encoder goes from one size to another; got {list(sizes)}.")
    kernels = sum(a * b for a, b in zip(sizes[:-1], sizes[1:], strict=True))
    biases = sum(sizes[1:]) + sum(sizes[:-1])  # of the encoder's layers, of the decoder's
    return int(kernels * (1 if tied else 2) + biases)


def tied_gradient(X: np.ndarray, W: np.ndarray) -> np.ndarray:
    """Gradient (d, k) of the mean squared error of x -> x W Wᵀ with respect to the tied kernel W.

    X: (n, d) centred examples. W: (d, k). The mean is over examples and pixels. Two terms: one for each place in
    which W stands.
    """
    R = X - X @ W @ W.T
    as_encoder = X.T @ (R @ W)
    as_decoder = R.T @ (X @ W)
    return -2 / X.size * (as_encoder + as_decoder)


def departure(W: np.ndarray) -> float:
    """How far the columns of W (d, k) are from orthonormal: ‖WᵀW − I‖ / √k, 0 or more.

    ‖ ‖ is the Frobenius norm, the root of the sum of the squares of all entries. 0: lengths 1, right angles.
    """
    W = np.asarray(W, dtype=np.float64)
    k = W.shape[1]
    return float(np.linalg.norm(W.T @ W - np.eye(k)) / np.sqrt(k))


def still_tied(dense, transposed) -> bool:
    """Whether `transposed`, a layer that takes what `dense` makes, works with the kernel of `dense` as it is now.

    Both built. The kernel is changed for a moment, and then put back: what the other layer makes of one input must
    follow the change. Equal values are no proof; a copy has them too.
    """
    kept = dense.get_weights()
    probe = np.ones((1, dense.units), dtype="float32")
    before = np.asarray(transposed(probe))
    try:
        dense.kernel.assign(dense.kernel + 1.0)
        after = np.asarray(transposed(probe))
    finally:
        dense.set_weights(kept)
    return not np.allclose(before, after)
