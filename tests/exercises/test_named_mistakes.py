"""On the inputs of a check no two mistakes that have names give the same value, and none gives the right one."""

import sys

import numpy as np
import pytest

from helpers.exercises import assertions, registry, several
from tests.checks import proof

FIRST = "09"  # the lessons from this one on
ANSWERS = [answer for lesson, answer in proof.all_answers() if lesson.number >= FIRST]


@pytest.fixture
def compared(monkeypatch):
    """Every comparison of the checks with {name: wrong value}, as lists of (right, wrong values, rtol, atol)."""
    calls = []
    real, on_all = assertions.close, several.close_on_all

    def close(value, expected, what="the result", look="", rtol=1e-5, atol=1e-6, mistakes=None):
        calls.append([(np.asarray(expected), mistakes or {}, rtol, atol)])
        return real(value, expected, what, look, rtol, atol, mistakes)

    def close_on_all(cases, look="", rtol=1e-5, atol=1e-6):
        calls.append([(np.asarray(case.right), case.mistakes, rtol, atol) for case in cases])
        return on_all(cases, look, rtol, atol)

    registry.every()
    for name, module in list(sys.modules.items()):
        if name.startswith("helpers.checks"):
            for spy, original in ((close, real), (close_on_all, on_all)):
                if getattr(module, original.__name__, None) is original:
                    monkeypatch.setattr(module, original.__name__, spy)
    return calls


# Here two names still fall together on the inputs of the check; an entry whose check is mended makes the test fail.
ALIKE = [
    "9.5",
    "11.1",
    "11.2",
    "11.5",
    "11.7",
    "12.1",
    "13.1",
    "13.2",
    "14.1",
    "14.2",
    "14.5",
    "14.6",
    "16.7",
    "17.2",
    "17.3",
]
OPEN = pytest.mark.xfail(strict=True, reason="two named mistakes give nearly equal values on the inputs of this check")


@pytest.mark.parametrize("answer", [pytest.param(one, id=one.id, marks=[OPEN] * (one.id in ALIKE)) for one in ANSWERS])
def test_names_are_told_apart(answer, compared):
    result = proof.judge(answer.id, registry.find(answer.id).load_reference())
    assert result.kind == "passed", result
    told, alike, silent = set(), [], set()
    for cases in compared:
        names = [name for name in cases[0][1] if all(name in mistakes for _, mistakes, *_ in cases)]
        right = {name for name in names if _same(cases, name)}
        new = [name for name in names if name not in right | told]
        alike += [(one, other) for place, one in enumerate(new) for other in new[:place] if _same(cases, one, other)]
        told |= set(new)
        silent |= right
    assert not alike, "two names for one value: whoever makes the second mistake is told of the first"
    assert not silent - told, "a mistake that gives the right value here can never be called by its name"


def _same(cases, name, other=None) -> bool:
    """Whether a mistake agrees with another one, or with the right value, on every input of a comparison."""
    for right, mistakes, rtol, atol in cases:
        a, b = np.asarray(mistakes[name]), right if other is None else np.asarray(mistakes[other])
        if a.shape != b.shape or not np.allclose(a, b, rtol=rtol, atol=atol):
            return False
    return True
