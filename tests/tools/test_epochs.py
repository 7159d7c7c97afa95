"""Two trainings in turns, epoch by epoch, and what is reported of them."""

import numpy as np
import pytest

from tools.bench import epochs


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
