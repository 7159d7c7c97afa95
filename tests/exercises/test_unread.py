"""Parameters that an answer never looks at: told when an answer is refused, and only then."""

import functools

import numpy as np
import pytest

from helpers.exercises import checking
from helpers.exercises.unread import unread_words


def reference(rows, k=2, scale=1.0):
    return [scale * row for row in rows[:k]]


def unused_too(rows, k=2, scale=1.0):
    return rows[:k]


class Layer:
    def __init__(self, size):
        self.size = size

    def call(self, x, noise):
        return x + noise * self.size


def ignores(rows, k=2, scale=1.0):
    return [scale * row for row in rows[:2]]


def replaces(rows, k=2, scale=1.0):
    k = 3
    return [scale * row for row in rows[:k]]


def ignores_two(rows, k=2, scale=1.0):
    return list(rows)


def in_a_comprehension(rows, k=2, scale=1.0):
    return [rows[i] * scale for i in range(k)]


def in_an_inner_function(rows, k=2, scale=1.0):
    def one(row):
        return row * scale

    return [one(row) for row in rows[:k]]


def by_locals(rows, k=2, scale=1.0):
    return [row * locals()["scale"] for row in rows[: locals()["k"]]]


def perhaps_replaced(rows, k=2, scale=1.0):
    if len(rows) < 2:
        k = 1
    return [row * scale for row in rows[:k]]


def adds_to_it(rows, k=2, scale=1.0):
    k += 0
    return [row * scale for row in rows[:k]]


def begun(rows, k=2, scale=1.0):
    return None


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (ignores, "never uses `k`"),
        (functools.partial(ignores), "never uses `k`"),
        (replaces, "gives `k` a value of its own"),
        (ignores_two, "never uses `k` and `scale`"),
    ],
)
def test_an_unread_parameter_is_named(answer, words):
    assert words in unread_words(answer, reference)


@pytest.mark.parametrize(
    "answer",
    [reference, in_a_comprehension, in_an_inner_function, by_locals, perhaps_replaced, adds_to_it, begun, len, 3, None],
)
def test_nothing_is_said_without_reason(answer):
    assert unread_words(answer, reference) == ""


def test_what_the_reference_does_not_read_need_not_be_read():
    assert "scale" not in unread_words(ignores_two, unused_too)


def test_methods_are_compared_by_name():
    class Mine:
        def __init__(self, size):
            self.size = 3

        def call(self, x, noise):
            return x + self.size

        def other(self, noise):
            return self

    words = unread_words(Mine, Layer)
    assert "`size` in `__init__`" in words and "`noise` in `call`" in words and "other" not in words


def test_of_methods_neither_self_nor_what_may_be_left_out_is_named():
    class Mine:
        def call(self, x, noise=None):
            return x + 1

    assert unread_words(Mine, Layer) == ""


def test_a_refusal_tells_it_and_a_pass_does_not():
    def dead_units(Z, threshold):
        return np.flatnonzero(np.ptp(Z, axis=0) < 0.01)

    def right(Z, threshold):
        return np.flatnonzero(np.ptp(Z, axis=0) < threshold)

    assert checking.verdict("9.3", dead_units).look.startswith("your code never uses `threshold`")
    assert "never uses" not in checking.verdict("9.3", right).look
