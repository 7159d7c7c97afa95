"""Generated heartbeats, alarms on them, and their pictures."""

import numpy as np
import pytest
from matplotlib import pyplot as plt
from sklearn.metrics import roc_auc_score

from helpers.autoencoders.recurrent import anomalies, figures
from helpers.data import heartbeats

FAULTS = list(heartbeats.FAULTS)


@pytest.fixture(autouse=True)
def _tidy():
    yield
    plt.close("all")


def test_equal_seeds_give_equal_hearts():
    X = heartbeats.signals(20, seed=3)
    assert X.shape == (20, heartbeats.LENGTH) and X.dtype == np.float32
    assert np.array_equal(X, heartbeats.signals(20, seed=3))
    assert not np.allclose(X, heartbeats.signals(20, seed=4))
    assert 0.6 < np.percentile(X.max(axis=1), 50) < 1.4, "the peak R, in millivolts"


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_strength_0_is_none_and_grows_with_its_strength(fault):
    X = heartbeats.signals(60, seed=3)
    faulty = [heartbeats.signals(60, seed=3, fault=fault, strength=s) for s in (0, 0.3, 1)]
    changes = [np.abs(signals - X).sum() for signals in faulty]
    assert changes[0] == 0 and changes[1] > 0
    if fault != "early beat":  # two peaks apart are two peaks apart, by however much
        assert changes[1] < changes[2]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_changes_its_own_part_and_nothing_else(fault):
    X = heartbeats.signals(80, seed=3, aligned=True)
    F = heartbeats.signals(80, seed=3, fault=fault, aligned=True)
    since = heartbeats.SECONDS - heartbeats.SECONDS[-1] / 2  # seconds after the peak
    change = np.abs(F - X).mean(axis=0)
    within = {"missing P": (-0.25, -0.1), "inverted T": (0.1, 0.45), "wide QRS": (-0.2, 0.25)}
    within["ST elevation"] = 0.0, 0.3
    if fault in within:
        low, high = within[fault]
        place = since[np.argmax(np.where(np.abs(since) < 0.45, change, 0))]
        assert low < place < high
    difference = F - X
    if fault == "missing P":
        assert difference[:, (since > -0.2) & (since < -0.14)].mean() < -0.05
    if fault == "inverted T":
        assert F[:, (since > 0.2) & (since < 0.3)].mean() < -0.1 < 0.1 < X[:, (since > 0.2) & (since < 0.3)].mean()
    if fault == "spike":
        assert np.all((np.abs(difference) > 0.05).sum(axis=1) <= 3) and np.all(difference.max(axis=1) > 0.2)
    if fault == "dropout":
        assert np.all((F == 0).sum(axis=1) >= 29)


def test_an_early_beat_comes_early_and_a_pause_follows():
    F = heartbeats.signals(200, seed=3, fault="early beat", aligned=True)
    since = heartbeats.SECONDS - heartbeats.SECONDS[-1] / 2
    assert np.all(np.abs(since[np.argmax(np.where(np.abs(since) < 0.1, F, -9), axis=1)]) < 0.03), "aligned at itself"
    X = heartbeats.signals(200, seed=3, aligned=True)
    before = (since > -0.64) & (since < -0.4)
    assert (F[:, before].max(axis=1) > 0.6).mean() > (X[:, before].max(axis=1) > 0.6).mean() + 0.3


def test_a_mixture_is_labelled_truly():
    X, kinds = heartbeats.mixture(140, seed=5, faulty=0.5)
    assert X.shape == (140, heartbeats.LENGTH) and (kinds == heartbeats.HEALTHY).sum() == 70
    assert {kind: 10 for kind in FAULTS} == {kind: int((kinds == kind).sum()) for kind in FAULTS}
    flat = (X == 0).sum(axis=1) >= 29
    assert np.array_equal(flat, kinds == "dropout")
    again, same = heartbeats.mixture(140, seed=5, faulty=0.5)
    assert np.array_equal(X, again) and np.array_equal(kinds, same)


def test_what_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="missing P"):
        heartbeats.signals(3, 0, fault="broken heart")
    with pytest.raises(ValueError, match="strength"):
        heartbeats.signals(3, 0, fault="spike", strength=-1)
    with pytest.raises(ValueError, match="share"):
        heartbeats.mixture(3, 0, faulty=2)


def test_a_threshold_gives_the_false_alarms_asked_for():
    errors = np.random.default_rng(0).gamma(1.5, size=1000)
    for share in (0.0, 0.01, 0.2):
        assert np.mean(errors > anomalies.alarm_threshold(errors, share)) == pytest.approx(share, abs=0.001)
    with pytest.raises(ValueError, match="share"):
        anomalies.alarm_threshold(errors, 5)
    with pytest.raises(ValueError, match="at least one"):
        anomalies.alarm_threshold([], 0.1)


def test_the_share_of_pairs_is_the_area_under_the_roc_curve():
    rng = np.random.default_rng(1)
    for _ in range(3):
        a, b = rng.integers(0, 20, 50), rng.integers(5, 25, 70)  # with ties
        assert anomalies.pair_share(a, b) == pytest.approx(roc_auc_score([0] * 50 + [1] * 70, np.r_[a, b]))
    X = rng.random((10, 4, 3))
    assert np.allclose(anomalies.errors_of(lambda X: X * 0, X), [np.mean(x**2) for x in X])
    assert anomalies.pair_shares(lambda X: X * 0, X, {"bright": X + 1, "same": X}) == {"bright": 1.0, "same": 0.5}


def halved(X):
    return np.asarray(X) / 2


def test_pictures_show_signals_and_shares():
    X = heartbeats.signals(4, seed=1)
    figure = figures.signal_rows({"plain": (X, None), "made": (X, halved(X))}, columns=3, threshold=1e-9)
    axes = figure.get_axes()
    assert len(axes) == 6 and "alarm" in axes[3].get_title(loc="left") and axes[0].get_title() == ""
    assert np.allclose(axes[3].lines[0].get_ydata(), X[0]) and np.allclose(axes[3].lines[1].get_ydata(), X[0] / 2)
    with pytest.raises(ValueError, match="differ in shape"):
        figures.signal_rows({"odd": (X, X[:, :5])})
    dots = figures.share_dots({"one": {"a": 0.9, "b": 0.4}, "several": {"a": [0.7, 0.9], "b": [0.5]}})
    labels = [text.get_text() for text in dots.get_axes()[0].get_yticklabels()]
    assert labels == ["a", "b"]


def test_the_explorer_raises_the_alarm_with_the_strength():
    pytest.importorskip("ipywidgets")
    limit = float(anomalies.errors_of(halved, heartbeats.signals(1, 0))[0]) * 1.05
    box = figures.build_fault_explorer(halved, limit, 0)
    box.fault.value, box.strength.value = "ST elevation", 0.0
    assert "no alarm" in box.words.value
    before = box.picture.value
    box.strength.value = 1.5
    assert "<b>alarm</b>" in box.words.value and box.picture.value != before
    other = box.picture.value
    box.heart.value = 3
    assert box.picture.value != other and box.errors.value == ""


def test_the_explorer_has_a_twin(capsys):
    figures.fault_explorer(halved, 0.01)
    assert "each of 7 faults" in capsys.readouterr().out


def test_the_error_by_place_has_a_line_for_each_seed_and_one_for_their_mean():
    seeds = [np.array([0.1, 0.3, 0.2]), np.array([0.2, 0.3, 0.1])]
    axes = figures.error_by_place({"in order": seeds, "turned": seeds}, 0.33, title="Lists").axes[0]
    assert len(axes.lines) == 2 * 3 + 1
    np.testing.assert_allclose(axes.lines[2].get_ydata(), [0.15, 0.3, 0.15])
    assert "in order" in axes.texts[0].get_text()
