"""Electrocardiogram-like signals from a generator, healthy and with known faults; no patient was ever measured.

    X = heartbeats.signals(1000, seed=1)                            # healthy: (1000, 128), in millivolts
    F = heartbeats.signals(1000, seed=1, fault="missing P")         # the same hearts, with the fault
    X, kinds = heartbeats.mixture(1000, seed=1)                     # some of each kind, labelled

A heartbeat is a sum of five Gaussian bumps, called P, Q, R, S and T after the waves of a real electrocardiogram;
a signal is a window of 1.28 seconds cut at a random moment. Healthy signals vary in rate, timing, height, width, slow
drift and noise. A fault changes one thing and leaves all else, the noise included, as it was.

The idea of Gaussian waves is that of McSharry, Clifford, Tarassenko and Smith (2003), "A dynamical model for
generating synthetic electrocardiogram signals", IEEE Transactions on Biomedical Engineering 50. The numbers are
round ones of ours. It is a toy: nothing learned from it may be used on people.
"""

from __future__ import annotations

import numpy as np

RATE = 100  # samples in a second
LENGTH = 128  # samples in a signal
SECONDS = np.arange(LENGTH) / RATE  # the moment of each sample

# For each wave: seconds after the peak R, width (standard deviation, seconds), height in millivolts.
WAVES = {
    "P": (-0.17, 0.022, 0.15),
    "Q": (-0.030, 0.009, -0.14),
    "R": (0.0, 0.012, 1.10),
    "S": (0.032, 0.011, -0.28),
    "T": (0.26, 0.045, 0.32),
}
PERIOD = 0.85  # seconds from beat to beat, on average: 71 beats a minute
NOISE = 0.02  # millivolts, standard deviation
HEALTHY = "healthy"

# Kind of fault → what strength 1 does. In brackets the real thing that looks similar.
FAULTS = {
    "missing P": "no P wave at all (as in atrial fibrillation)",
    "inverted T": "the T wave upside down (as with too little blood for the heart's muscle)",
    "wide QRS": "Q, R and S two and a half times as wide (as in a bundle branch block)",
    "ST elevation": "0.25 mV more between S and T (as in an acute infarction)",
    "early beat": "one beat a third of a period early, without P; a pause after it (an extrasystole)",
    "spike": "a spike of 0.5 mV, 10 ms wide, at a random moment (something touched the electrode)",
    "dropout": "0.3 s without any signal (the electrode came off)",
}
_BEATS = np.arange(-3, 4)  # enough beats to fill any window
_MIDDLE = 3  # the one of them whose place is nearest to the middle of the window


def signals(n: int, seed: int, *, fault: str | None = None, strength: float = 1.0, aligned: bool = False) -> np.ndarray:
    """n signals in millivolts, (n, LENGTH) float32: healthy, or each with one fault.

    seed: equal seeds give the same hearts, moments and noise, whatever the fault and its strength.
    fault: one of FAULTS, or None (or "healthy").   strength: 0 leaves no fault, 1 is the full one.
    aligned: cut so that the peak R of one beat (of the early one, if there is one) is exactly in the middle, as a
        perfect detector of peaks would cut them, instead of at a random moment.
    Raises ValueError for an unknown fault, a negative strength, or n below 1.
    """
    fault = None if fault == HEALTHY else fault
    if fault is not None and fault not in FAULTS:
        raise ValueError(f"There is no fault {fault!r}; there are: {', '.join(FAULTS)}.")
    if strength < 0 or n < 1:
        raise ValueError(f"Needs strength >= 0 and n >= 1, got strength={strength!r} and n={n!r}.")
    hearts = _draw(n, np.random.default_rng(seed))
    # The fault's own chance comes from another stream, so that it does not disturb the hearts.
    chance = np.random.default_rng([seed, 1 + list(FAULTS).index(fault)]) if fault else None
    if fault in _CHANGES:
        _CHANGES[fault](hearts, strength)
    if aligned:
        hearts["peaks"] += SECONDS[-1] / 2 - hearts["peaks"][:, [_MIDDLE]]
    clean = _drawn(hearts)
    if fault == "spike":
        moment = chance.uniform(0.1, SECONDS[-1] - 0.1, (n, 1))
        clean += 0.5 * strength * _bump(SECONDS - moment, 0.01 / 2.355)
    noisy = clean + hearts["drift"] + hearts["noise"]
    if fault == "dropout" and strength > 0:
        start = chance.uniform(0, SECONDS[-1] - 0.3, (n, 1))
        since = SECONDS - start
        lost = (since >= 0) & (since < 0.3)
        noisy = np.where(lost, (1 - min(strength, 1.0)) * noisy, noisy)
    return noisy.astype(np.float32)


def mixture(n: int, seed: int, *, faulty: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    """n signals in random order, (n, LENGTH), and the kind of each, (n,) of texts: "healthy" or a name in FAULTS.

    faulty: share of signals with a fault, 0 to 1, all kinds alike as far as n allows.
    """
    if not 0 <= faulty <= 1:
        raise ValueError(f"faulty is a share from 0 to 1, got {faulty!r}.")
    rng = np.random.default_rng([seed, 99])
    bad = round(faulty * n)
    kinds = np.array([HEALTHY] * (n - bad) + [list(FAULTS)[i % len(FAULTS)] for i in range(bad)])
    rng.shuffle(kinds)
    X = np.empty((n, LENGTH), np.float32)
    for place, kind in enumerate(dict.fromkeys(kinds.tolist())):
        these = kinds == kind
        X[these] = signals(int(these.sum()), int(rng.integers(2**31)) + place, fault=kind)
    return X, kinds


def _draw(n, rng) -> dict[str, np.ndarray]:
    """What nature varies: times of the peaks (n, beats), waves (n, 1 or beats, 5), drift and noise (n, LENGTH)."""
    offset, width, height = (np.array(column) for column in zip(*WAVES.values(), strict=True))
    period = np.clip(rng.normal(PERIOD, 0.09, (n, 1)), 0.6, 1.15)
    first = rng.uniform(-0.5, 0.5, (n, 1)) * period + SECONDS[-1] / 2
    unsteady = rng.normal(0, 0.015, (n, len(_BEATS)))
    shape = (n, len(_BEATS), 5)
    stretch = np.array([1, 0, 0, 0, 1.0])  # a slow heart takes longer for P and T, and hardly for Q, R and S
    pace = np.sqrt(period / PERIOD)[..., None] ** stretch
    size = np.exp(rng.normal(0, 0.10, (n, 1, 1))) * np.exp(rng.normal(0, [0.12, 0.15, 0.05, 0.15, 0.12], (n, 1, 5)))
    swing = rng.uniform(0, 0.08, (n, 1)) * np.sin(
        2 * np.pi * (rng.uniform(0.15, 0.4, (n, 1)) * SECONDS + rng.uniform(0, 1, (n, 1)))
    )
    return {
        "period": period,
        "peaks": first + _BEATS * period + unsteady,
        "offset": np.broadcast_to(offset * pace + rng.normal(0, 0.004, (n, 1, 5)) * stretch, shape).copy(),
        "width": np.broadcast_to(width * np.exp(rng.normal(0, 0.06, (n, 1, 5))), shape).copy(),
        "height": np.broadcast_to(height * size, shape).copy(),
        "lift": np.zeros((n, len(_BEATS))),  # millivolts between S and T
        "drift": swing,
        "noise": rng.normal(0, NOISE, (n, LENGTH)),
    }


def _bump(seconds, width):
    return np.exp(-0.5 * (seconds / width) ** 2)


def _drawn(hearts) -> np.ndarray:
    """The sum of all waves of all beats, (n, LENGTH)."""
    clean = np.zeros((len(hearts["peaks"]), LENGTH))
    for beat in range(len(_BEATS)):
        since = SECONDS - hearts["peaks"][:, beat, None]
        for wave in range(5):
            offset, width, height = (hearts[name][:, beat, wave, None] for name in ("offset", "width", "height"))
            clean += height * _bump(since - offset, width)
        clean += hearts["lift"][:, beat, None] * _bump(since - 0.125, 0.045)
    return clean


def _missing_p(hearts, strength):
    hearts["height"][..., 0] *= max(0.0, 1 - strength)


def _inverted_t(hearts, strength):
    hearts["height"][..., 4] *= 1 - 2 * strength


def _wide_qrs(hearts, strength):
    hearts["width"][..., 1:4] *= 1 + 1.5 * strength
    hearts["offset"][..., 1:4] *= 1 + 1.5 * strength


def _st_elevation(hearts, strength):
    hearts["lift"] += 0.25 * strength


def _early_beat(hearts, strength):
    # The next beat comes when it would have come anyway.
    hearts["peaks"][:, _MIDDLE] -= strength / 3 * hearts["period"][:, 0]
    hearts["height"][:, _MIDDLE, 0] *= max(0.0, 1 - strength)


_CHANGES = {
    "missing P": _missing_p, "inverted T": _inverted_t, "wide QRS": _wide_qrs, "ST elevation": _st_elevation,
    "early beat": _early_beat,
}  # fmt: skip
