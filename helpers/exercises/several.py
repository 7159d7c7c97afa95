"""Mistakes by their names: those that must explain the results on several inputs, and those that cost much to find."""

from dataclasses import dataclass, field

import numpy as np

from helpers.exercises.assertions import array, close


@dataclass(frozen=True)
class Case:
    """One input: what it is, the answer's result, the right one, and {"what this wrong value means": wrong value}."""

    what: str
    got: object
    right: object
    mistakes: dict = field(default_factory=dict)


def close_on_all(cases, look="", rtol=1e-5, atol=1e-6) -> None:
    """Every result equal to the right one within rtol and atol; otherwise NotYet for the first that is not.

    Two mistakes may well give the same on one input. The message names the first mistake, among those that every case
    knows, that agrees with *all* results.
    """
    names = [name for name in cases[0].mistakes if all(name in case.mistakes for case in cases)]
    fitting = [name for name in names if all(_same(case.got, case.mistakes[name], rtol, atol) for case in cases)]
    for case in cases:
        named = {name: case.mistakes[name] for name in fitting[:1]}
        close(case.got, case.right, case.what, look=look, rtol=rtol, atol=atol, mistakes=named)


def _same(got, wrong, rtol, atol) -> bool:
    got, wrong = array(got, "the result"), np.asarray(wrong)
    if got.shape != wrong.shape:
        return False
    told = np.isfinite(got)  # what is no number says nothing of where it comes from
    return np.allclose(got[told], wrong[told], rtol=rtol, atol=atol)


def first_fitting(got, right, mistakes, rtol=1e-5, atol=1e-8):
    """The name of the first mistake that explains `got`; None if none does, or if `got` is right.

    For results that `close` cannot compare, such as the steps of several weights. got, right: an array, or a list of
    arrays. mistakes: a function that gives {name: wrong value} or pairs of these; called only if `got` is not right.
    Their values are compared within rtol and atol, and one that is right on these inputs explains nothing.
    """
    if alike(got, right, rtol, atol):
        return None
    found = mistakes()
    for name, wrong in found.items() if isinstance(found, dict) else found:
        if alike(got, wrong, rtol, atol) and not alike(wrong, right, rtol, atol):
            return name
    return None


def alike(a, b, rtol, atol) -> bool:
    """Whether two arrays, or two lists of arrays, have the same shapes and nearly the same values."""
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(alike(x, y, rtol, atol) for x, y in zip(a, b, strict=True))
    return np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=rtol, atol=atol)
