"""Images moved by whole pixels, and what a model makes of them. NumPy only."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from helpers.metrics import reconstruction


def shifted(images: np.ndarray, down: int, right: int) -> np.ndarray:
    """The images moved by whole pixels; what comes in at the edge is black (0), what leaves is lost.

    images: (n, height, width). down, right: pixels; negative numbers move up and to the left. Same shape and dtype.
    """
    images = np.asarray(images)
    height, width = images.shape[1:3]
    moved = np.zeros_like(images)
    if abs(down) < height and abs(right) < width:
        there = slice(max(down, 0), height + min(down, 0)), slice(max(right, 0), width + min(right, 0))
        here = slice(max(-down, 0), height + min(-down, 0)), slice(max(-right, 0), width + min(-right, 0))
        moved[:, there[0], there[1]] = images[:, here[0], here[1]]
    return moved


def shift_errors(reconstruct: Callable, images: np.ndarray, shifts: Sequence[int]) -> list[float]:
    """Mean squared error of a model on the images moved sideways by each of the shifts: a list of numbers.

    reconstruct: images (n, height, width) → their reconstructions. The error is to the *moved* images.
    """
    errors = []
    for right in shifts:
        moved = shifted(images, 0, right)
        errors.append(reconstruction.mse(moved, reconstruct(moved)))
    return errors


def jittered(images: np.ndarray, most: int, seed: int = 0) -> np.ndarray:
    """Each image moved by its own random number of pixels, from −most to most, down and to the right.

    images: (n, height, width). Every one of the (2 · most + 1)² moves is equally likely. Same shape and dtype.
    """
    rng = np.random.default_rng(seed)
    moves = rng.integers(-most, most + 1, size=(len(images), 2))
    moved = np.empty_like(images)
    for down, right in np.unique(moves, axis=0):
        chosen = (moves == (down, right)).all(axis=1)
        moved[chosen] = shifted(images[chosen], int(down), int(right))
    return moved
