"""Label curves: reading them backwards, measuring them, drawing them."""

import numpy as np
import pytest
from sklearn.svm import SVC

from helpers.autoencoders.pretraining import figures, label_curve, label_table, masked, transfer
from helpers.autoencoders.pretraining import patches as pretraining_patches
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
    table = label_curve.measure(methods, a_dataset(), (4, 8), 3, part="test")
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


def test_the_part_asked_for_is_judged_and_chance_begins_anew_with_each_draw():
    toy, lots = a_dataset(), []

    def judge(rows, labels, others, truth):
        lots.append(float(keras.random.uniform(())))
        return float(np.mean(others)) if len(others) == len(truth) else -1.0

    for part, images in (("valid", toy.X_valid), ("test", toy.X_test)):
        reached = label_curve.measure({"m": (flatten, judge)}, toy, (4, 6), 2, part=part)["m"]
        np.testing.assert_allclose(reached, images.mean(), rtol=1e-5)
    assert lots[:2] == lots[2:4] == lots[4:6] and lots[0] != lots[1]
    with pytest.raises(ValueError, match="valid"):
        label_curve.measure({}, toy, (4,), 2, part="train")


@pytest.mark.parametrize("judge", [label_curve.svm_accuracy, label_curve.logistic_accuracy])
def test_both_heads_judge_codings_of_any_scale_alike(judge):
    rng = np.random.default_rng(1)
    X, T = rng.normal(size=(60, 5)), rng.normal(size=(200, 5))
    y, truth = (X[:, 0] > X[:, 1]).astype(int), (T[:, 0] > T[:, 1]).astype(int)
    plain = judge(X, y, T, truth)
    assert plain > 0.85
    assert judge(100 * X + 3, y, 100 * T + 3, truth) == pytest.approx(plain, abs=0.011)


def test_the_table_holds_what_was_measured_on_the_test_images():
    toy = a_dataset()
    methods = {"SVM": (flatten, label_curve.svm_accuracy), "constant": (flatten, lambda a, b, c, truth: np.mean(truth))}
    table = label_table.LabelTable(["constant", "SVM"], (4, 8), 3)
    figures_of_it = table.fill(methods, toy)
    assert figures_of_it == {"labels at most": 8, "draws": 3, "test images": 10}
    assert table.by_name()["constant"] == pytest.approx(np.full((2, 3), 0.5))
    assert table.by_name()["SVM"] == pytest.approx(label_curve.measure(methods, toy, (4, 8), 3, part="test")["SVM"])
    assert [tuple(v.shape) for v in table.weights] == [(2, 2, 3)]
    with pytest.raises(KeyError):
        label_table.LabelTable(["other"], (4,), 2).fill(methods, toy)


def test_pictures():
    rng = np.random.default_rng(0)
    table = {"a": 0.7 + 0.05 * rng.random((3, 5)), "b": 0.6 + 0.05 * rng.random((3, 5))}
    counts = (50, 500, 2000)
    one = figures.label_curves(counts, {"left": table, "right": {"a": table["a"], "twin": table["a"] + 1e-4}})
    assert [t.get_text() for t in one.axes[0].get_xticklabels()] == ["50", "500", "2,000"]
    assert [axes.get_title("left") for axes in one.axes] == ["left", "right"]
    names = {text.get_text(): text.xyann[1] for text in one.axes[1].texts}  # each method by its name, none over another
    low, high = one.axes[0].get_ylim()
    assert set(names) == {"a", "twin"} and names["twin"] - names["a"] > 0.04 * (high - low)
    first, second = (drawn.lines[0].get_xdata() for drawn in one.axes[1].containers)
    assert min(second - first) > 0.1  # equal methods side by side
    assert figures.label_curves(counts, {"alone": table}).get_figwidth() > 7  # room for the names
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


# --- reuse


def small_encoder():
    keras.utils.set_random_seed(1)
    return keras.Sequential([keras.Input((3, 2)), keras.layers.Flatten(), keras.layers.Dense(4, activation="tanh")])


def test_copy_has_the_weights_and_not_the_variables():
    encoder = small_encoder()
    copy = transfer.fresh_copy(encoder)
    X = np.random.default_rng(0).random((5, 3, 2)).astype("float32")
    np.testing.assert_allclose(np.asarray(copy(X)), np.asarray(encoder(X)), rtol=1e-5)
    before = np.asarray(encoder(X))
    copy.set_weights([w + 1 for w in copy.get_weights()])
    np.testing.assert_array_equal(np.asarray(encoder(X)), before)


def test_phases_move_first_the_head_then_all():
    encoder = small_encoder()
    model = transfer.with_head(encoder, 3)
    rng = np.random.default_rng(0)
    X, y = rng.random((20, 3, 2)).astype("float32"), rng.integers(0, 3, 20)
    start = [w.copy() for w in encoder.get_weights()]
    transfer.train_in_two_phases(model, encoder, X, y, (3, 0), (0.05, 0.01))
    assert all(np.array_equal(a, b) for a, b in zip(start, encoder.get_weights(), strict=True))
    assert encoder.trainable
    head = model.get_layer("head").get_weights()
    transfer.train_in_two_phases(model, encoder, X, y, (0, 2), (0.05, 0.01))
    assert any(not np.array_equal(a, b) for a, b in zip(start, encoder.get_weights(), strict=True))
    assert not np.array_equal(head[0], model.get_layer("head").get_weights()[0])
    np.testing.assert_allclose(np.asarray(model(X)).sum(axis=1), 1, rtol=1e-5)


def test_every_moved_image_is_one_of_the_possible_ones():
    rng = np.random.default_rng(0)
    images = rng.random((60, 6, 7)).astype("float32")
    layer = transfer.ShiftAndFlip(most=1)
    np.testing.assert_array_equal(np.asarray(layer(images)), images)
    moved = np.asarray(layer(images, training=True))
    wide = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    seen = set()
    for i in range(60):
        choices = [wide[i, r : r + 6, c : c + 7] for r in range(3) for c in range(3)]
        choices += [choice[:, ::-1] for choice in choices]
        found = [k for k, choice in enumerate(choices) if np.array_equal(choice, moved[i])]
        assert found, i
        seen.add(found[0])
    assert len(seen) > 12  # of 18
    still = transfer.ShiftAndFlip(most=0, flip=False)
    np.testing.assert_array_equal(np.asarray(still(images, training=True)), images)


# --- hiding


def test_patches_are_hidden_whole_and_only_in_training():
    images = np.random.default_rng(0).uniform(0.1, 1, (200, 8, 12)).astype("float32")
    layer = masked.HidePatches(0.3, 4)
    out = np.asarray(layer(images, training=True))
    black = (out == 0).reshape(200, 2, 4, 3, 4)
    assert np.all(black.all(axis=(2, 4)) == black.any(axis=(2, 4)))  # a patch is hidden whole or not at all
    assert 0.25 < black.mean() < 0.35
    np.testing.assert_array_equal(out[out > 0], images[out > 0])
    assert len(np.unique(black.reshape(200, -1), axis=0)) > 20  # every image its own luck
    assert np.any(out != np.asarray(layer(images, training=True)))
    np.testing.assert_array_equal(np.asarray(layer(images)), images)


def test_bad_numbers_are_told():
    with pytest.raises(ValueError, match="share"):
        masked.HidePatches(1.0)
    with pytest.raises(ValueError, match="do not fit"):
        masked.HidePatches(0.5, 5).build((None, 28, 28))


# --- patch features


@pytest.fixture(scope="module")
def images():
    rng = np.random.default_rng(0)
    ramp = np.linspace(0, 1, 12)
    return (rng.random((60, 12, 12)) * 0.3 + rng.random((60, 1, 1)) * ramp[:, None] * ramp).astype("float32")


@pytest.mark.parametrize("kind", pretraining_patches.KINDS)
def test_features_are_those_of_a_slow_loop(images, kind):
    features = pretraining_patches.learn(images, 5, kind=kind, size=3, grid=2, threshold=0.2)
    image = images[7]
    wide = np.pad(image.astype(float), 1)
    fields = np.zeros((2, 2, 10))
    for i in range(12):
        for j in range(12):
            window = wide[i : i + 3, j : j + 3].ravel()
            window = (window - window.mean()) / np.sqrt(window.var() + 0.01)
            white = (window - features.mean) @ features.white
            for k, row in enumerate(features.filters):
                answer = float(white @ row)
                fields[i // 6, j // 6, k] += max(answer - 0.2, 0) / 36
                fields[i // 6, j // 6, 5 + k] += max(-answer - 0.2, 0) / 36
    got = features(images[5:9], batch=3)
    assert got.shape == (4, 40)
    np.testing.assert_allclose(got[2] ** 2, fields.ravel(), rtol=1e-3, atol=1e-4)


def test_windows_are_cut_from_the_images():
    image = np.arange(40.0).reshape(1, 5, 8)
    windows = pretraining_patches.random_patches(image, 200, size=3, seed=1)
    corners = {int(w[0]) for w in windows}
    assert corners == {8 * i + j for i in range(3) for j in range(6)}  # every place, and no other
    assert all(np.array_equal(w - w[0], [0, 1, 2, 8, 9, 10, 16, 17, 18]) for w in windows)
    with pytest.raises(ValueError, match="do not fit"):
        pretraining_patches.random_patches(image, 10, size=6)


def test_whitening_evens_out_the_directions(images):
    rng = np.random.default_rng(1)
    raw = rng.normal(size=(5000, 4)) * [10, 5, 3, 2] @ np.linalg.qr(rng.normal(size=(4, 4)))[0] + 3
    mean, W = pretraining_patches.whitening(raw)
    np.testing.assert_allclose(np.cov(((raw - mean) @ W).T), np.eye(4), atol=0.05)
    np.testing.assert_allclose(W, W.T, atol=1e-6)


def patches_along(axes):
    rng = np.random.default_rng(2)
    patches = (rng.choice([-3.0, 3.0], (900, 1)) * np.repeat(axes, 300, axis=0)).astype("float32")
    return patches + rng.normal(0, 0.1, patches.shape).astype("float32")


def test_k_means_finds_the_directions_whatever_their_sign():
    axes = np.linalg.qr(np.random.default_rng(3).normal(size=(6, 6)))[0][:3]
    found = pretraining_patches.k_means(patches_along(axes), 6)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, rtol=1e-4)
    assert np.abs(found @ axes.T).max(axis=0).min() > 0.97


def test_the_autoencoder_learns_to_rebuild_patches_from_few_codings():
    axes = np.linalg.qr(np.random.default_rng(3).normal(size=(6, 6)))[0][:3]
    patches = patches_along(axes)

    def error(D):
        a = patches @ D.T
        return np.mean((np.sign(a) * np.maximum(np.abs(a) - 0.5, 0) @ D - patches) ** 2)

    noise = pretraining_patches.unit(np.random.default_rng(0).normal(size=(6, 6)))
    learned = pretraining_patches.patch_autoencoder(patches, 6)
    np.testing.assert_allclose(np.linalg.norm(learned, axis=1), 1, rtol=1e-4)
    assert error(learned) < 0.3 * error(noise)


def test_an_unknown_kind_is_told(images):
    with pytest.raises(ValueError, match="k-means"):
        pretraining_patches.learn(images, 5, kind="magic")
