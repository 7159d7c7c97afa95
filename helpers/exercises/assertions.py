"""What a check is written with: each function returns quietly, or raises NotYet with words for a person."""

import numbers

import numpy as np

from helpers.exercises.relations import relation, relation_of_shapes
from helpers.exercises.wording import as_text


class NotYet(Exception):
    """An answer that is not right yet: what came out, what was expected, and where to look.

    Each part is text; `got` and `expected` may be left out where they would say nothing.
    """

    def __init__(self, got: str = "", expected: str = "", look: str = ""):
        super().__init__(got, expected, look)
        self.got, self.expected, self.look = str(got), str(expected), str(look)

    def __str__(self):
        parts = (("got", self.got), ("expected", self.expected), ("look", self.look))
        return "; ".join(f"{name}: {text}" for name, text in parts if text)


def require(condition, *, got="", expected="", look="") -> None:
    """Raise NotYet with these words unless `condition` is true."""
    if not condition:
        raise NotYet(got=got, expected=expected, look=look)


def array(value, what: str, look: str = "") -> np.ndarray:
    """`value` as a numeric NumPy array; NotYet when it is None, a function, text, or of unequal parts."""
    if value is None:
        raise NotYet(
            got=f"None for {what}", expected="numbers", look=look or "is there a `return` with a value at the end?"
        )
    if isinstance(value, type) or callable(value):
        raise NotYet(got=f"{type(value).__name__} for {what}", expected="numbers", look=look)
    try:
        result = np.asarray(value)
    except Exception:
        parts = "parts of unequal sizes" if isinstance(value, list | tuple) else f"a {type(value).__name__}"
        raise NotYet(got=f"{parts} for {what}", expected="an array of numbers", look=look) from None
    if result.dtype == object or not (np.issubdtype(result.dtype, np.number) or np.issubdtype(result.dtype, np.bool_)):
        raise NotYet(got=f"{type(value).__name__} {short(value)} for {what}", expected="numbers", look=look)
    return result


def shape(value, expected: tuple, what: str = "the result", look: str = "") -> np.ndarray:
    """`value` as an array of exactly this shape; NotYet otherwise. An entry None of `expected` fits any size."""
    result = array(value, what, look)
    fits = len(result.shape) == len(expected) and all(
        want is None or have == want for have, want in zip(result.shape, expected, strict=False)
    )
    if not fits:
        raise NotYet(
            got=f"{what} of shape {result.shape}",
            expected="shape " + str(tuple("any" if size is None else size for size in expected)).replace("'", ""),
            look=_joined(
                relation_of_shapes(result.shape, expected),
                look or "print the shapes on the way: which axis is the batch?",
            ),
        )
    return result


def finite(value, what: str = "the result", look: str = "") -> np.ndarray:
    """`value` as an array without NaN or infinity; NotYet otherwise."""
    result = array(value, what, look)
    bad = int(np.size(result) - np.count_nonzero(np.isfinite(result)))
    if bad:
        raise NotYet(
            got=f"{bad} of {np.size(result)} entries of {what} are NaN or infinite",
            expected="finite numbers",
            look=look or "a logarithm of 0, a root of a negative number, or a division by 0?",
        )
    return result


def close(value, expected, what="the result", look="", rtol=1e-5, atol=1e-6, mistakes=None) -> np.ndarray:
    """`value` equal to `expected` within rtol and atol, in shape and in numbers; NotYet otherwise.

    mistakes: {"what this wrong value means": wrong_value}. The first that `value` agrees with gives the message. Where
    none does, the message says how the numbers are related to the right ones, if that takes a few words only.
    """
    expected = np.asarray(expected)
    result = array(value, what, look)
    for meaning, wrong in (mistakes or {}).items():
        wrong = np.asarray(wrong)
        same_as_right = wrong.shape == expected.shape and np.allclose(wrong, expected, rtol=rtol, atol=atol)
        if result.shape == wrong.shape and not same_as_right and np.allclose(result, wrong, rtol=rtol, atol=atol):
            raise NotYet(got=_where(result, expected)[0], expected=_where(result, expected)[1], look=meaning)
    shape(result, expected.shape, what, look)
    finite(result, what, look)
    if not np.allclose(result, expected, rtol=rtol, atol=atol):
        got, want = _where(result, expected)
        raise NotYet(got=f"{what} {got}", expected=want, look=_joined(relation(result, expected), look))
    return result


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


def short(value) -> str:
    """A value in at most 60 characters."""
    if isinstance(value, numbers.Number) and not isinstance(value, bool | int):
        text = f"{complex(value) if isinstance(value, complex) else float(value):.5g}"
    else:
        text = as_text(value, repr).replace("\n", " ")
    return text if len(text) <= 60 else text[:57] + "…"


def _where(result: np.ndarray, expected: np.ndarray) -> tuple[str, str]:
    """Words for the entry where the two differ most (or for their shapes, when those differ)."""
    if result.shape != expected.shape:
        return f"shape {result.shape}", f"shape {expected.shape}"
    if result.ndim == 0:
        return f"{short(result[()])}", f"{short(expected[()])}"
    difference = np.abs(result.astype(float) - expected.astype(float))
    worst = np.unravel_index(int(np.argmax(np.nan_to_num(difference, nan=np.inf))), result.shape)
    place = "[" + ", ".join(str(int(index)) for index in worst) + "]"
    return f"{short(result[worst])} at {place}", f"{short(expected[worst])} there"
