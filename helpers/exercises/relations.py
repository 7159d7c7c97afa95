"""How wrong numbers are related to the right ones, where that can be said in a few words: a factor, a sign, an order.

Each relation is a fact about the two arrays. It names no cause, but it tells a student where to look when no mistake
that a check knows by its name explains the numbers.
"""

import numpy as np

_EXACT = 1e-5  # relative: float32 on the way from the inputs to the result costs about 1e-6
_PLAIN = (2, 3, 4, 8, 10, 16, 28, 32, 100, 255, 784, 1000)  # factors that hardly come about by chance


def relation(result: np.ndarray, expected: np.ndarray) -> str:
    """A clause such as "every number is 2 times too large"; empty when no simple relation holds.

    result, expected: numeric arrays. Of one number alone only factors are told that hardly come about by chance.
    """
    if np.iscomplexobj(result) or np.iscomplexobj(expected):
        return ""
    result, expected = (np.asarray(one, dtype=float) for one in (result, expected))
    if result.shape != expected.shape:
        return relation_of_shapes(result.shape, expected.shape)
    if not (np.isfinite(result).all() and np.isfinite(expected).all() and result.size and expected.any()):
        return ""
    if not result.any():
        return "" if result.ndim == 0 else "every number is 0"
    return _factor(result, expected) or _shift(result, expected) or _power(result, expected) or _order(result, expected)


def relation_of_shapes(have: tuple, want: tuple) -> str:
    """A clause such as "an axis of length 1 is left over"; empty when none holds. A None of `want` is any length."""
    if None in want:
        return ""
    if len(have) > len(want) and [n for n in have if n != 1] == [n for n in want if n != 1]:
        return "an axis of length 1 is left over"
    if len(have) == len(want) > 1 and have != want and sorted(have) == sorted(want):
        return "these are the same axes in another order"
    return ""


def _factor(result, expected) -> str:
    factor = float(np.vdot(expected, result) / np.vdot(expected, expected))
    told = _tells(expected) or any(np.isclose(abs(factor), (n, 1 / n), rtol=_EXACT).any() for n in (1, *_PLAIN))
    if not (factor and told and _alike(result, factor * expected)):
        return ""
    number = "the number" if result.ndim == 0 else "every number"
    size = abs(factor)
    if np.isclose(size, 1, rtol=_EXACT):
        return f"{number} has the wrong sign" if factor < 0 else ""
    words = f"{size:.4g} times too large" if size > 1 else f"{1 / size:.4g} times too small"
    return f"{number} is {words}" + (", and has the wrong sign" if factor < 0 else "")


def _shift(result, expected) -> str:
    differences = result - expected
    mean = float(differences.mean())
    near = _EXACT * np.abs(expected).max()
    if _tells(expected) and abs(mean) > near and np.allclose(differences, mean, rtol=_EXACT, atol=near):
        return f"every number is too {'large' if mean > 0 else 'small'} by {abs(mean):.4g}"
    return ""


def _power(result, expected) -> str:
    if np.any(expected <= 0) or np.any(result <= 0):
        return ""
    number = "the number" if result.ndim == 0 else "every number"
    for words, value in (
        ("the square of the right one", expected**2), ("the root of the right one", expected**0.5),
        ("1 over the right one", 1 / expected), ("the logarithm of the right one", np.log(expected)),
    ):  # fmt: skip
        if _alike(result, value):
            return f"{number} is {words}"
    return ""


def _order(result, expected) -> str:
    if not _tells(expected) or not _alike(np.sort(result, axis=None), np.sort(expected, axis=None)):
        return ""
    for axis in range(result.ndim):
        if _alike(result, np.flip(expected, axis)):
            place = "" if result.ndim == 1 else f" along axis {axis}"
            return f"these are the right numbers with their order turned round{place}"
    if result.ndim == 2 and result.shape[0] == result.shape[1] and _alike(result, expected.T):
        return "this is the right array, transposed"
    return "these are the right numbers in another order"


def _tells(expected) -> bool:
    """Whether an array has enough different numbers that a relation to all of them is no accident."""
    return len(np.unique(expected)) >= 3


def _alike(result, value) -> bool:
    return np.allclose(result, value, rtol=_EXACT, atol=_EXACT * np.abs(value).max())
