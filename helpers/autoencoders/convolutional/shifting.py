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


def shift_errors(reconstruct: Callable, images: np.ndarray, shifts: Sequence[int], move: Callable) -> list[float]:
    """Mean squared error of a model on the images moved sideways by each of the shifts: a list of numbers.

    reconstruct: images (n, height, width) → their reconstructions. move: moves images, as `shifted` does.
    The error is to the *moved* images.
    """
    errors = []
    for right in shifts:
        moved = move(images, 0, right)
        errors.append(reconstruction.mse(moved, reconstruct(moved)))
    return errors
