"""Ways from one image to another through codings: in a straight line, along an arc, between four, by attribute.

NumPy only. encode: function of images (n, …) to codings (n, k). decode: codings (n, k) to images.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def unit(codings: np.ndarray) -> np.ndarray:
    """Each row divided by its length: (n, k) → (n, k)."""
    return codings / np.linalg.norm(codings, axis=-1, keepdims=True)


def lerp(a: np.ndarray, b: np.ndarray, t: np.ndarray) -> np.ndarray:
    """Points on the straight lines from a to b, (n, k) or one (k,), at the shares t (n,): (n, k)."""
    t = np.asarray(t)[:, None]
    return (1 - t) * a + t * b


def slerp(a: np.ndarray, b: np.ndarray, t: np.ndarray, angle: np.ndarray | None = None) -> np.ndarray:
    """Points on the arcs from a to b, (n, k) or one (k,), at the shares t (n,): (n, k).

    angle: between a and b, (n, 1) or a number; without it all rows must have length 1.
    Source: Shoemake, 1985; for generative models White, 2016, arXiv 1609.04468.
    """
    if angle is None:
        angle = np.arccos(np.clip(np.sum(a * b, axis=-1, keepdims=True), -1, 1))
    t = np.asarray(t)[:, None]
    return (np.sin((1 - t) * angle) * a + np.sin(t * angle) * b) / np.sin(angle)


def linear(a: np.ndarray, b: np.ndarray, steps: int) -> np.ndarray:
    """Codings in a straight line from a to b, both (k,), ends included: (steps, k)."""
    return lerp(np.asarray(a), np.asarray(b), np.linspace(0.0, 1.0, steps))


def spherical(a: np.ndarray, b: np.ndarray, steps: int) -> np.ndarray:
    """Codings along an arc from a to b, both (k,), ends included: (steps, k). The length changes evenly.

    The directions go along a great circle. Almost parallel codings go straight. Raises ValueError for a coding 0,
    which has no direction, and for exactly opposite ones, between which no arc is the shortest.
    """
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    lengths = np.linalg.norm(a), np.linalg.norm(b)
    if min(lengths) == 0:
        raise ValueError("a coding of zeros has no direction: use linear")
    u, v = a / lengths[0], b / lengths[1]
    angle = np.arccos(np.clip(u @ v, -1.0, 1.0))
    if np.pi - angle < 1e-6:
        raise ValueError("opposite codings: no arc between them is the shortest")
    if angle < 1e-6:
        return linear(a, b, steps)
    share = np.linspace(0.0, 1.0, steps)
    return lerp(lengths[0], lengths[1], share) * slerp(u, v, share, angle)


def interpolation_grid(encode: Callable, decode: Callable, images: np.ndarray, size: int) -> np.ndarray:
    """A square of size × size images between four, row by row: (size², …).

    images: (4, …), for the corners top left, top right, bottom left, bottom right; size at least 2. The images are
    encoded, their codings mixed by two weights, one down and one to the right, and the mixtures decoded.
    """
    z = np.asarray(encode(images))
    left, right = linear(z[0], z[2], size), linear(z[1], z[3], size)
    return decode(np.concatenate([linear(a, b, size) for a, b in zip(left, right, strict=True)]))


def attribute_vector(codings: np.ndarray, present: np.ndarray) -> np.ndarray:
    """The direction of an attribute, (k,): the mean coding of images that have it minus that of those that do not.

    codings: (n, k). present: (n,), True or 1 where the image has the attribute; both kinds must occur.
    Source: Larsen et al., 2016, arXiv 1512.09300.
    """
    mask = np.asarray(present, dtype=bool)
    return codings[mask].mean(axis=0) - codings[~mask].mean(axis=0)
