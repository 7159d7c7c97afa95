"""What is done to styles: levels of layers, truncation, crossovers, and what a swap of one level changes.

    places = crossovers(32, layers=8, share=0.9, rng=rng)        # for `stylegan.layers.mix`
    swap_report(painter, first, second)                          # {"coarse": {"class": …, "silhouette": …}, …}

NumPy only. Source: Karras, Laine and Aila, 2019, arXiv 1812.04948, section 3.1 and appendix B.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.ndimage import uniform_filter

INK = 0.1  # a pixel above it belongs to the garment


def levels(count: int) -> dict[str, slice]:
    """Which of `count` layers are the coarse, the middle and the fine ones: {"coarse": slice(0, 4), …}.

    The last size of images is the fine level, the one before it the middle one, all below are coarse. With two sizes
    only, the second of them is divided. Raises ValueError for fewer than four layers.
    """
    if count < 4:
        raise ValueError(f"Three levels need at least four layers, there are {count}.")
    first, second = (count - 4, count - 2) if count >= 6 else (2, 3)
    return {"coarse": slice(0, first), "middle": slice(first, second), "fine": slice(second, count)}


def truncate(w, mean, psi: float, cutoff: int | None = None):
    """mean + ψ (w − mean) in the first `cutoff` layers (None: in all); the others stay as they are.

    w: (n, layers, units), without `cutoff` also (n, units).   mean: (units,).
    Source: Karras et al., 2019, arXiv 1812.04948, appendix B.
    """
    pulled = mean + psi * (w - mean)
    if cutoff is None:
        return pulled
    return np.concatenate([pulled[:, :cutoff], w[:, cutoff:]], axis=1)


def crossovers(count: int, layers: int, share: float, rng: np.random.Generator) -> np.ndarray:
    """For each of `count` images the first layer with the second style: (count,), whole numbers.

    For about `share` of them it is one of 1, …, layers − 1, all equally likely; for the others `layers`: no mixing.
    """
    places = rng.integers(1, layers, size=count)
    return np.where(rng.random(count) < share, places, layers)


def swapped(first: np.ndarray, second: np.ndarray, layers: slice) -> np.ndarray:
    """`first`, but with the styles of `second` in these layers: all (n, layers, units)."""
    mixed = np.array(first)
    mixed[:, layers] = second[:, layers]
    return mixed


def taken_over(before: np.ndarray, after: np.ndarray, donor: np.ndarray) -> float:
    """Which share of the way from `before` to `donor` went `after`, over all rows together.

    Σ⟨after − before, donor − before⟩ / Σ‖donor − before‖². All of one shape, (n,) or (n, …).
    0: as before; 1: as the donor.
    """
    before, after, donor = (np.asarray(each, dtype=float) for each in (before, after, donor))
    way = donor - before
    return float(np.sum((after - before) * way) / max(np.sum(np.square(way)), 1e-12))


def looks(images: np.ndarray) -> dict[str, np.ndarray]:
    """{"silhouette": (n, h, w), "brightness": (n,), "texture": (n,)} of images (n, h, w) in [0, 1].

    silhouette: 1 where a pixel is brighter than .1, else 0.   brightness: mean pixel inside it.
    texture: mean absolute difference, inside it, between each pixel and the mean of the 3 × 3 around it.
    """
    ink = images > INK
    count = np.maximum(ink.sum(axis=(1, 2)), 1)
    rough = np.abs(images - uniform_filter(images, size=(0, 3, 3), mode="nearest"))
    return {
        "silhouette": ink.astype(float),
        "brightness": (images * ink).sum(axis=(1, 2)) / count,
        "texture": (rough * ink).sum(axis=(1, 2)) / count,
    }


def swap_report(
    painter, first: np.ndarray, second: np.ndarray, swap: Callable = swapped
) -> dict[str, dict[str, float]]:
    """What each level of styles carries: {"coarse": {"class": …, "silhouette": …, …}, "middle": …, "fine": …}.

    painter: a `stylegan.painter.Painter`.   first, second: styles (n, units) of n images each.
    swap: what puts the second's styles into these layers, as `swapped`.
    The first image takes one level from the second. "class": of the pairs of different classes, the share that has the
    second's class now (NaN without such pairs). "silhouette", "brightness", "texture": `taken_over`, so 0 if they stay
    those of the first image and 1 if they become those of the second.
    All images have one and the same noise.
    """
    from helpers.metrics import classifier  # here: it needs TensorFlow

    def seen(w):
        images = painter.images(w)
        return classifier.probabilities(images).argmax(axis=1), looks(images)

    first, second = painter.spread(first), painter.spread(second)
    (class_before, before), (class_donor, donor) = seen(first), seen(second)
    differ, report = class_before != class_donor, {}
    for level, layers in painter.levels.items():
        class_after, after = seen(swap(first, second, layers))
        follows = float(np.mean((class_after == class_donor)[differ])) if differ.any() else float("nan")
        taken = {name: taken_over(before[name], after[name], donor[name]) for name in before}
        report[level] = {"class": follows, **taken}
    return report
