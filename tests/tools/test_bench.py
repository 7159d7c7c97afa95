"""Two trainings in turns, epoch by epoch, and what is reported of them."""

import numpy as np
import pytest

from tools.bench import epochs, turns


@pytest.fixture
def clock(monkeypatch):
    """A clock that only moves when somebody trains or judges."""
    now = [0.0]
    monkeypatch.setattr(epochs.time, "perf_counter", lambda: now[0])
    return now


def side(name, clock, order, seconds, errors, **more):
    def fit_epoch(epoch):
        order.append((name, epoch))
        clock[0] += seconds

    def judge():
        clock[0] += 1000  # judging is on nobody's clock
        return errors[sum(who == name for who, _ in order) - 1]

    return epochs.Side(name, fit_epoch, judge, epochs=len(errors), **more)


def test_turns_go_to_the_one_that_lags_and_clocks_count_training_only(clock):
    order = []
    old = side("old", clock, order, 10, [0.4, 0.3, 0.2, 0.1])
    new = side("new", clock, order, 2, [0.25, 0.05])
    epochs.take_turns([old, new])
    assert order == [("old", 0), ("new", 0), ("old", 1), ("old", 2), ("new", 1), ("old", 3)]
    assert old.seconds == [10] * 4 and new.seconds == [2] * 2 and new.errors == [0.25, 0.05]
    assert new.time_to(0.1) == 4 and new.time_to(0.25) == 2 and new.time_to(0.01) is None


def test_the_report_prints_ratios_of_time_and_error(clock, capsys):
    order = []
    old = side("old", clock, order, 10, [0.4, 0.3, 0.2, 0.1], batch_size=32, parameters=1234)
    new = side("new", clock, order, 2, [0.25, 0.05], batch_size=128, parameters=617)
    epochs.take_turns([old, new])
    epochs.report(old, new, baselines={"PCA": 0.2}, published=(0.26, 4), target=0.01)
    text = capsys.readouterr().out
    assert "the recipe's final validation MSE of 0.10000: 0.100 of the recipe's whole time (10.0 times less)" in text
    assert "the published validation MSE of 0.26000: 0.050" in text
    assert "never reached a validation MSE of 0.01000; its lowest is 0.05000" in text
    assert "Whole training: 0.100 of the recipe's time, 0.500 of its final error" in text
    assert "5.00 times as fast" in text and "1,234" in text and "-75.0 %" in text and "+30.0 %" in text


def test_a_keras_side_is_judged_by_its_reconstructions_of_clean_targets():
    class Model:
        weight = 0.0

        def fit(self, X, Y, batch_size, initial_epoch, epochs, verbose):
            assert (batch_size, epochs - initial_epoch, verbose) == (7, 1, 0)
            self.weight += float(np.mean(Y) / np.mean(X)) / 4

        def reconstruct(self, X):
            return self.weight * X

        def count_params(self):
            return 1

    X = np.ones((4, 2))
    twice = epochs.keras_side("a", Model(), X, X, batch_size=7, epochs=2, targets=2 * X, valid_targets=2 * X)
    epochs.take_turns([twice])
    assert twice.errors == [2.25, 1.0] and twice.parameters == 1
    with pytest.raises(ValueError, match="at least one epoch"):
        epochs.keras_side("a", Model(), X, X, batch_size=7, epochs=0)


# --- turns


@pytest.fixture
def clock_of_turns(monkeypatch):
    """A clock that only moves when somebody trains or judges."""
    now = [0.0]
    monkeypatch.setattr(turns.time, "perf_counter", lambda: now[0])
    return now


def contestant(name, clock_of_turns, asked, overshoot=0.0):
    trained = [0.0]

    def fit_slice(seconds):
        asked.append((name, seconds))
        clock_of_turns[0] += seconds + overshoot
        trained[0] += seconds + overshoot

    return turns.Contestant(name, fit_slice, lambda n: np.full(n, trained[0]))


def test_equal_races_take_turns_and_are_judged_at_their_marks(clock_of_turns):
    asked, said = [], []

    def judge(images):
        clock_of_turns[0] += 1000  # judging is on nobody's clock
        assert len(images) == 7
        return float(images[0])

    sides = [contestant(name, clock_of_turns, asked) for name in "ab"]
    results = turns.race(sides, 1.0, (0.25, 0.5, 3), judge, turn=10, count=7, say=said.append)
    assert results == {"a": {0.25: 15, 0.5: 30, 1.0: 60}, "b": {0.25: 15, 0.5: 30, 1.0: 60}}
    assert [name for name, _ in asked[:6]] == ["a", "b"] * 3 and max(seconds for _, seconds in asked) == 10
    assert sides[0].seconds == sides[1].seconds == 60 and len(said) == 6
    assert [minutes for minutes, _ in sides[0].marks] == [0.25, 0.5, 1.0]


def test_races_of_different_lengths_end_together(clock_of_turns):
    asked = []
    sides = [contestant("long", clock_of_turns, asked), contestant("short", clock_of_turns, asked)]
    results = turns.race(sides, {"long": 3, "short": 1}, (1, 2), lambda images: images[0], turn=10, count=1)
    assert results == {"long": {1: 60, 2: 120, 3: 180}, "short": {1: 60}}
    half = len(asked) // 2
    assert {name for name, _ in asked[:half]} == {name for name, _ in asked[half:]} == {"long", "short"}


def test_a_turn_that_takes_too_long_passes_several_marks_at_once(clock_of_turns):
    sides = [contestant("slow", clock_of_turns, [], overshoot=50)]
    results = turns.race(sides, 1, (0.1, 0.2, 0.9), lambda images: images[0], count=1)
    assert results == {"slow": {0.1: 56, 0.2: 56, 0.9: 56, 1.0: 110}}
    text = turns.race_table(results)
    assert text.splitlines()[0].split() == ["after", "slow"] and "0.9 min   56.00" in text


def test_what_is_no_race_is_refused(clock_of_turns):
    same = [contestant("a", clock_of_turns, []), contestant("a", clock_of_turns, [])]
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
