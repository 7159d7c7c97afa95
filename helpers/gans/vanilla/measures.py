"""Three small questions to a GAN: which network learned, what does brightness give away, what is near in training?"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def networks_moved(model, phase: Callable[[], object]) -> set[str]:
    """Which of "generator" and "discriminator" learned while `phase()` ran: those whose trainable weights changed.

    model: has a `generator` and a `discriminator`, Keras models. Statistics that a network keeps beside its
    trainable weights (batch normalization) may change without learning, and do not count.
    """
    kept = {name: getattr(model, name).trainable_variables for name in ("generator", "discriminator")}
    # copies: a variable's own array may be the very one that the phase changes
    before = {name: [np.copy(v.numpy()) for v in variables] for name, variables in kept.items()}
    phase()
    return {
        name
        for name, variables in kept.items()
        if any(not np.array_equal(old, v.numpy()) for old, v in zip(before[name], variables, strict=True))
    }


def brightness_detective(real: np.ndarray, fake: np.ndarray) -> float:
    """Share of images that a detective gets right who sees nothing but each image's mean: from .5 to 1.

    real, fake: equally many images (n, …). The detective knows the best threshold, and which side is real.
    About .5: brightness gives nothing away. It is ½ (1 + the Kolmogorov–Smirnov statistic of the two sets of means).
    """
    real, fake = (np.asarray(X).reshape(len(X), -1).mean(axis=1, dtype=np.float64) for X in (real, fake))
    means = np.concatenate([real, fake])
    is_real = np.arange(len(means)) < len(real)
    order = np.argsort(means, kind="stable")
    last = np.append(np.diff(means[order]) > 0, True)  # thresholds lie between different means only
    right = (np.cumsum(~is_real[order]) + np.sum(is_real) - np.cumsum(is_real[order]))[last] / len(means)
    return float(max(0.5, right.max(), 1 - right.min()))
