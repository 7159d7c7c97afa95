"""What is said of wrong numbers that no check knows by a name: only facts, and only where they are no accident."""

import numpy as np
import pytest

from helpers.exercises import assertions
from helpers.exercises.relations import relation, relation_of_shapes

RIGHT = np.array([1.0, 2.0, 4.5])
SQUARE = np.array([[1.0, 2.0], [3.0, 5.0]])


@pytest.mark.parametrize(
    ("result", "expected", "words"),
    [
        (RIGHT * 784, RIGHT, "every number is 784 times too large"),
        (RIGHT / 3, RIGHT, "every number is 3 times too small"),
        (RIGHT * 1.37, RIGHT, "every number is 1.37 times too large"),
        (-RIGHT, RIGHT, "every number has the wrong sign"),
        (RIGHT * -2, RIGHT, "every number is 2 times too large, and has the wrong sign"),
        (RIGHT + 0.25, RIGHT, "every number is too large by 0.25"),
        (RIGHT - 3, RIGHT, "every number is too small by 3"),
        (RIGHT**2, RIGHT, "every number is the square of the right one"),
        (RIGHT**0.5, RIGHT, "every number is the root of the right one"),
        (1 / RIGHT, RIGHT, "every number is 1 over the right one"),
        (RIGHT[::-1], RIGHT, "these are the right numbers with their order turned round"),
        (RIGHT[[1, 0, 2]], RIGHT, "these are the right numbers in another order"),
        (SQUARE.T, SQUARE, "this is the right array, transposed"),
        (SQUARE[:, ::-1], SQUARE, "these are the right numbers with their order turned round along axis 1"),
        (RIGHT * 0, RIGHT, "every number is 0"),
        (np.array(3.2), np.array(1.6), "the number is 2 times too large"),
        (np.array(0.8), np.array(-1.6), "the number is 2 times too small, and has the wrong sign"),
        (RIGHT[None], RIGHT, "an axis of length 1 is left over"),
    ],
)
def test_what_can_be_said(result, expected, words):
    assert relation(result, expected) == words
    look = "the place to look at"
    with pytest.raises(assertions.NotYet) as miss:
        assertions.close(result, expected, look=look)
    assert miss.value.look == f"{words}; {look}"


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (RIGHT * [1, 2, 2], RIGHT),
        (np.array(3.3), np.array(1.6)),  # of one number every factor is true, and says nothing
        (np.array(0.0), np.array(1.6)),
        (np.array([2.0, 2.0]), np.array([1.5, 1.5])),
        (RIGHT * np.nan, RIGHT),
        (RIGHT, RIGHT * 0),
        (RIGHT * 1j, RIGHT),
        (RIGHT[:2], RIGHT),
    ],
)
def test_nothing_is_said_where_nothing_simple_holds(result, expected):
    assert relation(result, expected) == ""


def test_a_name_goes_first():
    with pytest.raises(assertions.NotYet) as miss:
        assertions.close(RIGHT * 2, RIGHT, look="here", mistakes={"the sum of both sides": RIGHT * 2})
    assert miss.value.look == "the sum of both sides"


def test_shapes():
    assert relation_of_shapes((3, 2), (2, 3)) == "these are the same axes in another order"
    assert relation_of_shapes((3, 2), (None, 3)) == relation_of_shapes((4,), (3,)) == ""
