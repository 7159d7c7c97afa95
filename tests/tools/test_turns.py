"""Races in which contestants train in turns, each by its own clock."""

import numpy as np
import pytest

from tools.bench import turns


@pytest.fixture
def clock(monkeypatch):
    """A clock that only moves when somebody trains or judges."""
    now = [0.0]
    monkeypatch.setattr(turns.time, "perf_counter", lambda: now[0])
    return now


def contestant(name, clock, asked, overshoot=0.0):
    trained = [0.0]

    def fit_slice(seconds):
        asked.append((name, seconds))
        clock[0] += seconds + overshoot
        trained[0] += seconds + overshoot

    return turns.Contestant(name, fit_slice, lambda n: np.full(n, trained[0]))


def test_equal_races_take_turns_and_are_judged_at_their_marks(clock):
    asked, said = [], []

    def judge(images):
        clock[0] += 1000  # judging is on nobody's clock
        assert len(images) == 7
        return float(images[0])

    sides = [contestant(name, clock, asked) for name in "ab"]
    results = turns.race(sides, 1.0, (0.25, 0.5, 3), judge, turn=10, count=7, say=said.append)
    assert results == {"a": {0.25: 15, 0.5: 30, 1.0: 60}, "b": {0.25: 15, 0.5: 30, 1.0: 60}}
    assert [name for name, _ in asked[:6]] == ["a", "b"] * 3 and max(seconds for _, seconds in asked) == 10
    assert sides[0].seconds == sides[1].seconds == 60 and len(said) == 6
    assert [minutes for minutes, _ in sides[0].marks] == [0.25, 0.5, 1.0]


def test_races_of_different_lengths_end_together(clock):
    asked = []
    sides = [contestant("long", clock, asked), contestant("short", clock, asked)]
    results = turns.race(sides, {"long": 3, "short": 1}, (1, 2), lambda images: images[0], turn=10, count=1)
    assert results == {"long": {1: 60, 2: 120, 3: 180}, "short": {1: 60}}
    half = len(asked) // 2
    assert {name for name, _ in asked[:half]} == {name for name, _ in asked[half:]} == {"long", "short"}


def test_a_turn_that_takes_too_long_passes_several_marks_at_once(clock):
    sides = [contestant("slow", clock, [], overshoot=50)]
    results = turns.race(sides, 1, (0.1, 0.2, 0.9), lambda images: images[0], count=1)
    assert results == {"slow": {0.1: 56, 0.2: 56, 0.9: 56, 1.0: 110}}
    text = turns.race_table(results)
    assert text.splitlines()[0].split() == ["after", "slow"] and "0.9 min   56.00" in text


def test_what_is_no_race_is_refused(clock):
    same = [contestant("a", clock, []), contestant("a", clock, [])]
    one = same[:1]
    for sides, minutes in ((same, 1), (one, {"b": 1}), (one, 0)):
        with pytest.raises(ValueError):
            turns.race(sides, minutes, (), lambda images: 0.0)


@pytest.mark.slow
def test_a_keras_model_stops_in_time_and_goes_on():
    import keras

    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    fit_slice = turns.keras_slices(model, np.ones((40, 3), "float32"), np.ones((40, 1), "float32"), batch_size=4)
    fit_slice(0.01)
    first = int(model.optimizer.iterations.numpy())
    fit_slice(0.3)
    assert 1 <= first < int(model.optimizer.iterations.numpy()), "at least one batch, and more with more time"
