"""Label curves: reading them backwards, measuring them, drawing them."""

import numpy as np
import pytest
from sklearn.svm import SVC

from helpers.autoencoders.pretraining import figures, label_curve, masked
from helpers.autoencoders.pretraining.label_curve import labels_worth
from helpers.backend import keras
from helpers.data.dataset import Dataset, flatten


def test_labels_worth_reads_the_curve_backwards():
    assert labels_worth([10, 100, 1000], [0.5, 0.6, 0.8], 0.6) == pytest.approx(100)
    assert labels_worth([10, 100, 1000], [0.5, 0.6, 0.8], 0.7) == pytest.approx(10**2.5)
    assert labels_worth([10, 100], [0.5, 0.6], 0.61) == float("inf")
    assert labels_worth([10, 100], [0.5, 0.6], 0.1) == pytest.approx(10)
    with pytest.raises(ValueError, match="rise"):
        labels_worth([10, 100], [0.6, 0.5], 0.55)
    with pytest.raises(ValueError, match="as many"):
        labels_worth([10, 100], [0.6], 0.55)


def a_dataset():
    """Two classes that a line tells apart, so that right methods are right and a constant is half right."""
    rng = np.random.default_rng(0)
    y = np.tile([0, 1], 40).astype("uint8")
    X = (0.3 * rng.random((80, 28, 28)) + 0.6 * y[:, None, None]).astype("float32")
    parts = X[:60], y[:60], X[60:70], y[60:70], X[70:], y[70:]
    return Dataset(*parts, ("dark", "bright"), "fashion_mnist", "toy", False)


def test_measure_gives_every_method_the_same_draws():
    seen = []

    def means(images):
        return images.mean(axis=(1, 2))[:, None]

    def right(rows, labels, test, truth):
        seen.append(float(rows.sum()))
        return float(np.mean((test[:, 0] > 0.45) == truth))

    def constant(rows, labels, test, truth):
        seen.append(float(rows.sum()))
        return float(np.mean(truth == 0))

    methods = {"right": (means, right), "constant": (means, constant)}
    table = label_curve.measure(methods, a_dataset(), (4, 8), 3)
    assert np.all(table["right"] == 1) and np.all(table["constant"] == 0.5)
    assert table["right"].shape == (2, 3)
    assert seen[:6] == seen[6:] and len(set(seen)) == 6


def test_rows_and_labels_belong_together():
    toy = a_dataset()
    marked = toy.y_train.astype("float32")  # each image shows its own label in every pixel
    toy = Dataset(np.tile(marked[:, None, None], (1, 28, 28)), toy.y_train, toy.X_valid, toy.y_valid, toy.X_test,
                  toy.y_test, toy.class_names, toy.name, toy.source, False)  # fmt: skip

    def together(rows, labels, test, truth):
        return float(np.array_equal(rows[:, 0], labels))

    assert label_curve.measure({"m": (flatten, together)}, toy, (4, 10), 2)["m"].min() == 1


def test_the_svm_is_scikit_learns():
    rng = np.random.default_rng(0)
    X, T = rng.normal(size=(60, 5)), rng.normal(size=(40, 5))
    y, truth = (X[:, 0] * X[:, 1] > 0).astype(int), (T[:, 0] * T[:, 1] > 0).astype(int)
    gamma = 1 / X.var(axis=0).sum()
    expected = SVC(C=3, gamma=gamma).fit(X, y).score(T, truth)
    assert label_curve.svm_accuracy(X, y, T, truth, C=3) == pytest.approx(expected, abs=0.026)
    assert label_curve.logistic_accuracy(X, (X[:, 0] > 0).astype(int), T, (T[:, 0] > 0).astype(int)) > 0.9


@pytest.mark.slow
def test_a_network_learns_something():
    toy = a_dataset()
    keras.utils.set_random_seed(0)
    encoder = masked.image_encoder(8, (4, 4, 4))
    predict = label_curve.train_network(encoder, toy.X_train, toy.y_train, 0, (420, 1800))
    assert label_curve.accuracy(predict, toy.X_test, toy.y_test) > 0.8


def test_pictures():
    rng = np.random.default_rng(0)
    table = {"a": 0.7 + 0.05 * rng.random((3, 5)), "b": 0.6 + 0.05 * rng.random((3, 5))}
    counts = (50, 500, 2000)
    one = figures.label_curves(counts, table)
    assert [t.get_text() for t in one.axes[0].get_xticklabels()] == ["50", "500", "2,000"]
    two = figures.differences(counts, table["a"], {"b": table["b"], "itself": table["a"]}, "a")
    assert len(two.axes) == 2
    figures.pairs(table["a"][0], table["b"][0], ("a", "b"))
    with pytest.raises(ValueError, match="no method"):
        figures.label_explorer(counts, table, "a", "c")
    with pytest.raises(ValueError, match="one row for each"):
        figures.label_explorer(counts[:2], table, "a", "b")


def test_widget_follows_its_controls():
    table = {"a": np.array([[0.7, 0.71], [0.8, 0.81]]), "b": np.array([[0.6, 0.61], [0.8, 0.815]])}
    box = figures.build_label_explorer([50, 500], table, "a", "b")
    box.labels.value = 0
    assert "better" in box.words.value and "+10.0" in box.words.value
    box.labels.value = 1
    assert "not to be told apart" in box.words.value
    box.first.value, box.second.value, box.labels.value = "b", "a", 0
    assert "worse" in box.words.value and box.drawing.value.count("<circle") == 4
    assert not box.errors.value
