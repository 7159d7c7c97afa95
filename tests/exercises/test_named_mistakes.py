"""On the inputs of a check no two mistakes that have names give the same value, and none gives the right one."""

import sys

import numpy as np
import pytest

from helpers.exercises import assertions, registry, several
from tests.checks import proof

ANSWERS = [answer for _, answer in proof.all_answers()]


@pytest.fixture
def compared(monkeypatch):
    """Every comparison of the checks with {name: wrong value}, as lists of (right, wrong values, rtol, atol)."""
    calls = []
    real, on_all, first = assertions.close, several.close_on_all, several.first_fitting

    def close(value, expected, what="the result", look="", rtol=1e-5, atol=1e-6, mistakes=None):
        calls.append([(np.asarray(expected), mistakes or {}, rtol, atol)])
        return real(value, expected, what, look, rtol, atol, mistakes)

    def close_on_all(cases, look="", rtol=1e-5, atol=1e-6):
        calls.append([(np.asarray(case.right), case.mistakes, rtol, atol) for case in cases])
        return on_all(cases, look, rtol, atol)

    def first_fitting(got, right, mistakes, rtol=1e-5, atol=1e-8):
        table = dict(mistakes())  # also where the check has no need of it, since the answer is right
        calls.append([(right, table, rtol, atol)])
        return first(got, right, lambda: table, rtol, atol)

    registry.every()
    for name, module in list(sys.modules.items()):
        if name.startswith("helpers.checks"):
            for spy, original in ((close, real), (close_on_all, on_all), (first_fitting, first)):
                if getattr(module, original.__name__, None) is original:
                    monkeypatch.setattr(module, original.__name__, spy)
    return calls


@pytest.mark.parametrize("answer", [pytest.param(one, id=one.id) for one in ANSWERS])
def test_names_are_told_apart(answer, compared):
    result = proof.judge(answer.id, registry.find(answer.id).load_reference())
    assert result.kind == "passed", result
    told, alike, silent = judged(compared)
    assert not alike, "two names for one value: whoever makes the second mistake is told of the first"
    assert not silent - told, "a mistake that gives the right value here can never be called by its name"


def judged(calls):
    """Names that some comparison can tell, pairs that one comparison cannot tell apart, names that are right in one."""
    told, alike, silent = set(), [], set()
    for cases in calls:
        names = [name for name in cases[0][1] if all(name in mistakes for _, mistakes, *_ in cases)]
        right = {name for name in names if _same(cases, name)}
        new = [name for name in names if name not in right | told]
        alike += [(one, other) for place, one in enumerate(new) for other in new[:place] if _same(cases, one, other)]
        told |= set(new)
        silent |= right
    return told, alike, silent


def _same(cases, name, other=None) -> bool:
    """Whether a mistake agrees with another one, or with the right value, on every input of a comparison."""
    return all(
        several.alike(mistakes[name], right if other is None else mistakes[other], rtol, atol)
        for right, mistakes, rtol, atol in cases
    )
