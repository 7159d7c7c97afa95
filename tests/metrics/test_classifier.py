"""The classifier that judges generated images: good enough, small, and the same wherever it is used."""

import shutil

import numpy as np
import pytest

from helpers.backend import keras
from helpers.data import dataset
from helpers.metrics import baselines, classifier
from helpers.weights import store
from helpers.weights.digest import digest
from tools.train import references as train_references
from tools.train.classifier import BATCH, Shifted

pytestmark = pytest.mark.slow  # trains, or judges thousands of images: left out by `test --quick`


@pytest.fixture(scope="module")
def images():
    return dataset.load(source="shipped", quiet=True)


@pytest.fixture(scope="module")
def seen(images):
    """(features, probabilities) of the shipped test images, which the classifier was not trained on."""
    return classifier.features_and_probabilities(images.X_test)


def test_it_is_right_and_small(images, seen):
    assert np.mean(seen[1].argmax(axis=1) == images.y_test) > 0.91
    facts = store.manifest(classifier.NAME)
    assert facts["figures"]["test_accuracy"] > 0.92
    assert abs(facts["figures"]["test_accuracy"] - facts["figures"]["test_accuracy_float32"]) < 0.001
    assert facts["bytes"] < 1_000_000
    assert facts["source"] == digest((classifier.build, classifier.FEATURES, classifier.CLASSES))


def test_features_are_those_before_the_last_layer(seen):
    features, probabilities = seen
    assert features.shape == (2000, 64) and features.dtype == np.float32 and features.min() >= 0
    kernel, bias = (np.asarray(v) for v in classifier.classifier().weights[-2:])
    logits = features @ kernel + bias
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    np.testing.assert_allclose(odds / odds.sum(axis=1, keepdims=True), probabilities, atol=1e-5)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)


def test_their_covariance_is_well_conditioned(seen):
    values = np.linalg.eigvalsh(np.cov(seen[0], rowvar=False))
    assert values[0] > 0 and values[-1] / values[0] < 1e7


def test_the_same_image_gives_the_same_answer_in_every_form_and_batch(images, seen):
    X = images.X_test[:7]
    forms = (X, X.reshape(7, 784), X[..., None].astype(np.float64))
    for form in forms:
        np.testing.assert_allclose(classifier.features(form), seen[0][:7], atol=1e-5)
    np.testing.assert_allclose(classifier.features(X, batch_size=3), seen[0][:7], atol=1e-5)
    np.testing.assert_allclose(classifier.probabilities(X), seen[1][:7], atol=1e-5)


def test_values_outside_are_clipped_and_said(images, seen, capsys):
    assert np.allclose(classifier.features(images.X_test[:3]), seen[0][:3], atol=1e-5)
    assert capsys.readouterr().out == ""
    beyond = np.where(images.X_test[:3] == 0, -1, images.X_test[:3])
    np.testing.assert_allclose(classifier.features(beyond), seen[0][:3], atol=1e-5)
    assert "were clipped" in capsys.readouterr().out
    with pytest.raises(ValueError, match="must have the shape"):
        classifier.features(np.zeros((4, 32, 32)))


def test_it_is_frozen_and_changes_nothing_in_a_lesson(seen):
    assert classifier.classifier() is classifier.classifier()
    assert not classifier.classifier().trainable_weights
    values = []
    for build in (lambda: None, classifier.build):
        keras.utils.set_random_seed(5)
        build()
        values.append(np.asarray(keras.random.normal((4,))))
    np.testing.assert_array_equal(*values)


def test_damaged_weights_are_told_and_never_used(tmp_path, monkeypatch):
    for path in store.folder().glob("classifier.*"):
        shutil.copy(path, tmp_path)
    path = tmp_path / "classifier.npz"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    monkeypatch.setenv("WORKBOOK_CHECKPOINTS", str(tmp_path))
    with pytest.raises(RuntimeError, match="SHA-256.*git checkout -- helpers/weights/shipped"):
        classifier.classifier.__wrapped__()
    path.unlink()
    with pytest.raises(RuntimeError, match="classifier.npz is missing"):
        classifier.classifier.__wrapped__()


def test_training_images_are_moved_and_not_changed(images):
    X, y = images.X_train[:300], images.y_train[:300]
    batches = Shifted(X, y)
    assert len(batches) == 2
    moved, labels = batches[1]
    chosen = batches.order[BATCH : 2 * BATCH]
    np.testing.assert_array_equal(labels, y[chosen])
    padded = np.pad(X[chosen], ((0, 0), (2, 2), (2, 2)))
    found = set()
    for image, whole in zip(moved[..., 0], padded, strict=True):
        places = [(r, c) for r in range(5) for c in range(5) if np.array_equal(whole[r:, c:][:28, :28], image)]
        assert places
        found.update(places)
    assert len(found) == 25  # all places are used
    before = batches.order.copy()
    batches.on_epoch_end()
    assert sorted(batches.order) == sorted(before) != list(batches.order)


# --- references


def test_the_references_are_in_their_order_and_belong_to_the_classifier(capsys):
    rows = baselines.load()
    assert capsys.readouterr().out == ""
    order = ["floor", "PCA-30 + Gaussians of classes", "PCA-30 + Gaussian", "noise"]
    distances = [rows[name]["frechet"] for name in order]
    assert distances == sorted(distances) and distances[0] < 0.1 * distances[2]
    assert rows["training images"]["copies"] == 1 and rows["training images"]["nearest_ratio"] == 0
    assert rows["floor"]["precision"] > 0.7 and rows["mean image"]["recall"] < 0.01
    about = baselines.about()
    assert about["count"] == 2000 and about["classifier"] == store.manifest("classifier")["sha256"]
    floors = [about["floor_by_count"][n] for n in ("250", "500", "1000", "2000", "5000")]
    assert floors == sorted(floors, reverse=True)
    baselines.show()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 + len(rows) and max(map(len, lines)) <= 112, "a page of a notebook has room for 112"


def test_references_that_cannot_be_used(tmp_path, monkeypatch, capsys):
    source = store.folder() / "references.json"
    monkeypatch.setenv("WORKBOOK_CHECKPOINTS", str(tmp_path))
    with pytest.raises(baselines.NoReferences, match="git checkout"):
        baselines.load()
    (tmp_path / "references.json").write_text('{"rows": {}}', encoding="utf-8")
    with pytest.raises(baselines.NoReferences, match="KeyError"):
        baselines.load()
    for name in ("classifier.json", "references.json"):
        shutil.copy(source.with_name(name), tmp_path)
    path = tmp_path / "classifier.json"
    sha = store.manifest("classifier")["sha256"]
    path.write_text(path.read_text(encoding="utf-8").replace(sha, "0" * 64), encoding="utf-8")
    baselines._read.cache_clear()
    baselines.load()
    assert "measured with another classifier" in capsys.readouterr().out


def test_the_simple_models_have_the_moments_of_their_images(images):
    X, y = images.X_train[:3000], images.y_train[:3000]
    fitted, drawn = train_references.Fitted(X, y), {}
    for name, fakes in train_references.samples(fitted, images.X_valid.repeat(2, axis=0), X.repeat(2, axis=0), seed=0):
        assert fakes.shape == (2000, 28, 28) and fakes.dtype == np.float32
        assert fakes.min() >= 0 and fakes.max() <= 1
        drawn[name] = fakes
    assert set(drawn) == set(baselines.TITLES)
    for name in ("PCA-30 + Gaussian", "PCA-30 + Gaussians of classes", "Gaussian in pixel space"):
        # clipping moves the mean a little towards the middle
        assert np.abs(drawn[name].mean(axis=0) - X.mean(axis=0)).mean() < 0.05
        assert 0.6 < drawn[name].var(axis=0).sum() / X.var(axis=0).sum() < 1.1
    assert np.ptp(drawn["mean image"], axis=0).max() == 0
    left = train_references.without(X[:10], X[3:5])
    np.testing.assert_array_equal(left, np.concatenate([X[:3], X[5:10]]))
