"""The sweep and its widget, the choice of a weight, and the pictures of sparse codings."""

import numpy as np
import pytest

from helpers.autoencoders.sparse import figures as sparse_figures
from helpers.autoencoders.sparse.sweep import (
    FIGURES,
    Sweep,
    build_sparsity_explorer,
    choose_weight,
    figures_at,
    sparsity_explorer,
)
from helpers.plots import style

X = np.random.default_rng(0).random((32, 28, 28)).astype("float32")


@pytest.fixture(scope="module")
def swept():
    sweep = Sweep((0.1, 0.3), (0.0, 0.1), units=8)
    sweep.fill(X, X[:16], epochs=1, batch_size=16)
    return sweep


def test_a_sweep_keeps_figures_histograms_and_pictures(swept):
    history = swept.history.history
    assert set(history) == set(FIGURES) and all(len(values) == 4 for values in history.values())
    assert np.asarray(swept.activations).sum(axis=-1) == pytest.approx(np.ones((2, 2)), rel=1e-4)
    assert np.asarray(swept.unit_means).mean(axis=-1).ravel() == pytest.approx(history["mean_activation"], rel=1e-4)
    assert np.asarray(swept.reconstructions).shape == (2, 2, 8, 28, 28)
    there = np.asarray(swept.reconstructions)
    assert np.abs(there[0, 0] - there[1, 0]).max() < 1e-6, "without weight: no effect, equal starts"
    assert np.abs(there[0, 1] - there[0, 0]).max() > 0
    assert figures_at(swept, history, 0.3)[0.1]["mse"] == history["mse"][3]
    with pytest.raises(ValueError, match="targets"):
        figures_at(swept, history, 0.7)


def test_the_explorer_prints_its_twin_and_its_widget_follows_the_sliders(swept, capsys):
    sparsity_explorer(swept, swept.history.history, X[:8])
    assert "weights 0, 0.1" in capsys.readouterr().out
    with pytest.raises(ValueError, match="as many values"):
        sparsity_explorer(swept, {"mse": [1.0]}, X[:8])
    box = build_sparsity_explorer(swept, swept.history.history, X[:8], np.asarray(swept.reconstructions))
    before = box.strip.value, box.words.value
    box.target.value, box.weight.value = 1, 0
    assert (box.strip.value, box.words.value) != before and not box.errors.value
    assert f"{swept.history.history['mse'][2]:.4f}" in box.words.value


def test_choice_of_a_weight():
    means = {1.0: np.full(10, 0.3), 2.0: np.full(10, 0.11), 3.0: np.full(10, 0.1)}
    assert choose_weight(means, {1.0: 0.01, 2.0: 0.02, 3.0: 0.03}, 0.1) == 2.0
    with pytest.raises(ValueError, match="No weight"):
        choose_weight({1.0: means[1.0]}, {1.0: 0.1}, 0.1)


def test_pictures():
    Z = np.random.default_rng(1).random((16, 5))

    def decode(codings):
        return np.repeat(codings[:, :1], 784, axis=1).reshape(-1, 28, 28)

    change = sparse_figures.decoder_pictures(decode, Z, [0, 3])
    assert change[0] == pytest.approx(np.full((28, 28), Z[:, 0].max()), rel=1e-5) and np.abs(change[1]).max() == 0
    figures = [
        sparse_figures.histograms({"one": Z}, 0.1),
        sparse_figures.unit_portraits(decode, Z, X[:16], [0, 1], count=3),
        sparse_figures.penalties_against_mean({"a": np.ones(3)}, np.array([0.1, 0.5, 0.9]), 0.1),
    ]
    for figure in figures:
        assert figure.alt and len(style.png_bytes(figure)) > 1000
        style.close(figure)
