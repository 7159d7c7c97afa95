"""Anomaly detection by reconstruction error: a score for each example, a threshold, and how well it separates.

A model that has seen healthy examples only reconstructs those well. An example that it cannot reconstruct is
unlike them. NumPy only; `reconstruct` is any function from examples (n, …) to their reconstructions of that shape.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np


def errors_of(reconstruct: Callable, X: np.ndarray) -> np.ndarray:
    """The reconstruction error of each example, its own mean squared difference: (n,)."""
    X = np.asarray(X)
    differences = X.astype(float) - np.asarray(reconstruct(X))
    return np.mean(differences.reshape(len(X), -1) ** 2, axis=1)


def alarm_threshold(healthy_errors: np.ndarray, false_alarms: float) -> float:
    """The error above which to raise an alarm, so that the share `false_alarms` of healthy examples raises one.

    healthy_errors: (n,) errors of healthy examples that the model was not trained on.   false_alarms: 0 to 1.
    Nothing about any fault is needed, which is the point: tomorrow's fault is not known today.
    Raises ValueError for no errors, or a share outside 0 to 1.
    """
    errors = np.asarray(healthy_errors, dtype=float).ravel()
    if not len(errors) or not 0 <= false_alarms <= 1:
        raise ValueError(f"Needs at least one error and a share from 0 to 1, got {len(errors)} and {false_alarms!r}.")
    return float(np.quantile(errors, 1 - false_alarms))


def pair_share(healthy_errors: np.ndarray, faulty_errors: np.ndarray) -> float:
    """Share of pairs (one healthy, one faulty) in which the faulty one has the larger error; ties count one half.

    It equals the area under the ROC curve: 1 is perfect, 0.5 is guessing, and no threshold is needed.
    """
    healthy, faulty = (np.sort(np.asarray(errors, dtype=float).ravel()) for errors in (healthy_errors, faulty_errors))
    below, up_to = (np.searchsorted(healthy, faulty, side) for side in ("left", "right"))
    return float(np.mean(below + up_to) / (2 * len(healthy)))


def pair_shares(reconstruct: Callable, healthy: np.ndarray, faulty: Mapping[str, np.ndarray]) -> dict[str, float]:
    """`pair_share` for each kind of fault: {kind: share}.

    healthy: (n, …) examples that neither the model nor the threshold has seen.   faulty: {kind: examples}.
    """
    normal = errors_of(reconstruct, healthy)
    return {kind: pair_share(normal, errors_of(reconstruct, examples)) for kind, examples in faulty.items()}
