"""Penalties, the layer of the k largest, and the model: values, gradients, batch sizes, saving."""

import numpy as np
import pytest
from scipy.stats import entropy

from helpers.autoencoders.sparse import figures as sparse_figures
from helpers.autoencoders.sparse import measures, penalties
from helpers.autoencoders.sparse import model as sparse_model
from helpers.autoencoders.sparse.sweep import (
    FIGURES,
    Sweep,
    build_sparsity_explorer,
    choose_weight,
    figures_at,
    sparsity_explorer,
)
from helpers.backend import keras, tf
from helpers.plots import style

RNG = np.random.default_rng(0)


def codings(n=64, m=12, seed=0):
    return np.random.default_rng(seed).beta(0.4, 3.0, (n, m)).astype("float32")


def test_kl_agrees_with_scipy_and_is_zero_at_the_target():
    q = np.array([0.01, 0.1, 0.3, 0.9])
    expected = sum(entropy([0.1, 0.9], [v, 1 - v]) for v in q)
    assert float(penalties.kl_penalty(q.astype("float32"), 0.1)) == pytest.approx(expected, rel=1e-5)
    assert float(penalties.kl_penalty(np.full(5, 0.2, "float32"), 0.2)) == pytest.approx(0, abs=1e-6)
    assert np.isfinite(float(penalties.kl_penalty(np.array([0.0, 1.0], "float32"), 0.1)))


def test_penalties_do_not_depend_on_how_often_the_images_are_given():
    A = codings()
    for penalty in (penalties.l1_penalty, lambda a: penalties.batch_kl_penalty(a, 0.1)):
        assert float(penalty(np.tile(A, (4, 1)))) == pytest.approx(float(penalty(A)), rel=1e-5)


def test_an_always_on_unit_is_seen_by_the_mean_over_images_only():
    A = np.full((32, 30), (0.1 * 30 - 1) / 29, "float32")
    A[:, 0] = 1 - 1e-6
    assert float(penalties.kl_penalty(A.mean(axis=1), 0.1)) < 1e-3
    assert float(penalties.batch_kl_penalty(A, 0.1)) > 10


def test_largest_are_kept_and_gradients_pass():
    A = tf.Variable(RNG.permutation(40).reshape(5, 8).astype("float32"))
    with tf.GradientTape() as tape:
        kept = penalties.keep_largest(tf.convert_to_tensor(A), 3)
        total = tf.reduce_sum(kept)
    kept = kept.numpy()
    assert ((kept > 0).sum(axis=1) >= 2).all() and (np.count_nonzero(kept, axis=1) <= 3).all()
    assert np.array_equal(tape.gradient(total, A).numpy() > 0, A.numpy() >= np.sort(A.numpy(), axis=1)[:, [-3]])
    with pytest.raises(ValueError, match="whole number"):
        sparse_model.TopK(0)


def test_running_means_have_the_value_of_many_batches_and_the_gradient_of_this_one():
    penalty, A = sparse_model.KLPenalty(0.1, memory=10_000), codings(64)
    for start in range(0, 64, 8):
        batch = tf.Variable(A[start : start + 8])
        with tf.GradientTape() as tape:
            value = penalty(tf.convert_to_tensor(batch), training=True)
    assert float(value) == pytest.approx(float(penalties.batch_kl_penalty(A, 0.1)), rel=1e-4)
    q = A.mean(axis=0)
    slope = np.broadcast_to((q - 0.1) / (q * (1 - q)) / 8, (8, 12))
    np.testing.assert_allclose(tape.gradient(value, batch).numpy(), slope, rtol=1e-3)
    assert float(penalty(A[:8], training=False)) == pytest.approx(
        float(penalties.batch_kl_penalty(A[:8], 0.1)), rel=1e-5
    )
    with pytest.raises(ValueError, match="strictly between"):
        sparse_model.KLPenalty(1.0)


def test_without_memory_the_running_mean_is_that_of_the_batch():
    penalty, A = sparse_model.KLPenalty(0.1, memory=0), codings(16)
    penalty(codings(16, seed=1), training=True)
    assert float(penalty(A, training=True)) == pytest.approx(float(penalties.batch_kl_penalty(A, 0.1)), rel=1e-4)


def tiny(penalty=None, weight=0.0, **options):
    keras.utils.set_random_seed(0)
    return sparse_model.SparseAutoencoder(
        *sparse_model.sparse_halves(6, image_shape=(4, 4), **options), penalty, weight
    )


def test_training_logs_both_parts_and_evaluation_does_not_depend_on_batches():
    X = RNG.random((24, 4, 4)).astype("float32")
    model = tiny(sparse_model.L1Penalty(), 0.01)
    model.compile(optimizer="adam")
    logs = {key: values[-1] for key, values in model.fit(X, X, epochs=1, verbose=0).history.items()}
    assert set(logs) == {"loss", "mse", "penalty", "activity"}
    assert logs["loss"] == pytest.approx(logs["mse"] + 0.01 * logs["penalty"], rel=1e-4)
    few, many = (model.evaluate(X, X, batch_size=size, verbose=0, return_dict=True) for size in (5, 24))
    assert few == pytest.approx(many, rel=1e-4)
    Z = model.codings(X)
    assert many["penalty"] == pytest.approx(np.abs(Z).sum(axis=1).mean(), rel=1e-4)
    assert many["mse"] == pytest.approx(np.mean((X - model.decode(Z)) ** 2), rel=1e-4)


def test_one_step_follows_the_gradient_of_error_plus_weighted_penalty():
    X = RNG.random((10, 4, 4)).astype("float32")
    model, twin = tiny(sparse_model.KLPenalty(0.2, memory=0), 0.05), tiny()
    model.compile(optimizer=keras.optimizers.SGD(0.1))
    model.train_on_batch(X, X)
    with tf.GradientTape() as tape:
        Z = twin.encoder(X)
        loss = tf.reduce_mean((X - twin.decoder(Z)) ** 2) + 0.05 * penalties.batch_kl_penalty(Z, 0.2)
    for gradient, before, after in zip(
        tape.gradient(loss, twin.trainable_variables), twin.trainable_variables, model.trainable_variables, strict=True
    ):
        np.testing.assert_allclose(after.numpy(), before.numpy() - 0.1 * gradient.numpy(), rtol=1e-3, atol=1e-5)


def test_saves_and_loads(tmp_path):
    model = tiny(sparse_model.KLPenalty(0.2), 0.3, k=3)
    X = RNG.random((10, 4, 4)).astype("float32")
    model.compile(optimizer="adam")
    model.fit(X, X, verbose=0)
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(again.reconstruct(X), model.reconstruct(X), rtol=1e-5)
    assert float(again.weight.value) == pytest.approx(0.3)
    assert float(again.penalty.target.value) == pytest.approx(0.2)
    np.testing.assert_allclose(np.asarray(again.penalty.running), np.asarray(model.penalty.running))


def test_what_keras_divides_by_is_one_or_the_batch_size():
    small, large = penalties.what_keras_divides_by(4), penalties.what_keras_divides_by(16)
    assert (small, large) in ((1.0, 1.0), (4.0, 16.0))


@pytest.mark.slow
def test_running_means_give_the_same_sparsity_at_batch_sizes_8_and_256():
    from helpers.autoencoders.sparse import measures
    from helpers.data import dataset
    from helpers.training.schedules import WarmupCosine

    X = dataset.load("fashion_mnist", source="shipped", quiet=True).X_train[:1024]

    def hoyer(memory, size):
        keras.utils.set_random_seed(42)
        model = sparse_model.SparseAutoencoder(
            *sparse_model.sparse_halves(100), sparse_model.KLPenalty(0.1, memory=memory), 2e-3
        )
        rate = WarmupCosine(5e-3, 384)
        model.compile(optimizer=keras.optimizers.Adam(rate, beta_2=0.99), steps_per_execution=8)
        model.fit(X, X, batch_size=size, epochs=384 * size // 1024, verbose=0)
        return measures.hoyer(model.codings(X))

    assert hoyer(1000, 8) == pytest.approx(hoyer(1000, 256), abs=0.06)
    assert hoyer(0, 8) < hoyer(1000, 8) - 0.06, "means of 8 images alone draw every activation to the target"


def test_the_shipped_sweep_reaches_its_targets():
    from helpers.weights import store

    facts = store.manifest("sparse_09")
    assert max(facts["history"]["on_target"]) > 0.99
    best = [
        value for value in zip(facts["history"]["on_target"], facts["history"]["mse"], strict=True) if value[0] >= 0.9
    ]
    assert min(error for _, error in best) < 0.013


# --- sparsity


def test_hoyer_at_its_ends_and_between():
    assert measures.hoyer(np.full((3, 9), 0.2)) == pytest.approx(0)
    assert measures.hoyer(np.eye(5) * 0.7) == pytest.approx(1)
    row = np.array([[3.0, 4.0, 0.0, 0.0]])  # length 5, sum 7, √4 = 2
    assert measures.hoyer(row) == pytest.approx((2 - 7 / 5) / 1)
    assert measures.hoyer(1e-200 * row) == pytest.approx(measures.hoyer(row))
    assert measures.hoyer(np.concatenate([row, np.zeros((3, 4))])) == pytest.approx(measures.hoyer(row))
    assert np.isnan(measures.hoyer(np.zeros((2, 4))))
    with pytest.raises(ValueError, match="at least 2"):
        measures.hoyer(np.ones((4, 1)))


def test_shares_means_and_dead_units():
    Z = np.array([[0.0, 0.1, 0.99, 0.5], [0.0, 0.12, 0.98, 0.0], [0.0, 0.1, 0.99, 0.0]])
    assert measures.mean_activation(Z) == pytest.approx(Z.sum() / 12)
    assert measures.active_share(Z) == pytest.approx(5 / 12)
    assert measures.dead_units(Z).tolist() == [0, 1, 2]
    assert measures.on_target(Z, 0.1) == pytest.approx(1 / 4)
    found = measures.measure(Z, 0.1)
    assert found["dead_units"] == 3 and found["on_target"] == pytest.approx(1 / 4)
    assert found["hoyer_of_units"] == pytest.approx(measures.hoyer(Z.T))


def test_histogram_favourites_and_selectivity():
    edges, shares = measures.histogram([0.0, 0.05, 0.5, 1.0], bins=10)
    assert len(edges) == 11 and shares[0] == 0.5 and shares[-1] == 0.25 and shares.sum() == pytest.approx(1)
    with pytest.raises(ValueError, match="between 0 and 1"):
        measures.histogram([1.5])
    Z = np.array([[0.9, 0.2, 0.0], [0.8, 0.2, 0.0], [0.0, 0.2, 0.0], [0.1, 0.2, 0.0]])
    assert measures.most_exciting(Z, 0, 2).tolist() == [0, 1]
    share, kind = measures.selectivity(Z, np.array([7, 7, 3, 3]))
    assert share == pytest.approx([0.85 / 0.9, 0.5, 0.0]) and kind[0] == 7


def test_what_is_no_codings_is_told():
    with pytest.raises(ValueError, match="one row for each image"):
        measures.mean_activation(np.ones(4))
    with pytest.raises(ValueError, match="NaN"):
        measures.dead_units(np.array([[np.nan, 1.0]]))


def test_the_table_has_a_line_for_each_model():
    text = measures.measures_table({"one": np.eye(4), "two": np.full((4, 4), 0.1)}, 0.1, {"MSE": [0.5, 0.25]})
    lines = text.splitlines()
    assert len(lines) == 3 and "0.50000" in lines[1] and lines[2].endswith("100.0%")
    assert " 75.0%" in lines[1] and " 0.0%" in lines[2], "the share of exact zeros"


# --- sparse sweep


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


def test_rows_of_a_sweep_name_the_originals_and_the_values_below():
    made = {name: (np.full(4, 0.25), np.full(5, 0.1), X[:3]) for name in ("weight 0", "weight 1")}
    figure = sparse_figures.sweep_rows(made, X[:3], 0.1, count=3)
    style.png_bytes(figure)
    rows = np.array(figure.axes).reshape(3, 5)
    labelled = [[t.get_text() for t in axes.get_xticklabels() if t.get_visible()] for axes in rows[1:, 0]]
    assert "original" in [text.get_text() for text in rows[0, 1].texts] and rows[1, 0].get_ylabel() == "weight 0"
    assert labelled == [[], ["0", "½", "1"]]
    style.close(figure)


def test_pictures():
    Z = np.random.default_rng(1).random((16, 5))

    def decode(codings):
        return np.repeat(codings[:, :1], 784, axis=1).reshape(-1, 28, 28)

    change = sparse_figures.decoder_pictures(decode, Z, [0, 3])
    assert change[0] == pytest.approx(np.full((28, 28), Z[:, 0].max()), rel=1e-5) and np.abs(change[1]).max() == 0
    figures = [
        sparse_figures.histograms({"one": Z}, 0.1),
        sparse_figures.unit_portraits(decode, Z, X[:16], [0, 1], count=3),
        sparse_figures.penalties_against_mean({"a": np.ones(3)}, {"a": np.zeros(3)}, np.array([0.1, 0.5, 0.9]), 0.1),
        sparse_figures.histograms({"relu": 3 * Z}),
    ]
    for figure in figures:
        assert figure.alt and len(style.png_bytes(figure)) > 1000
        style.close(figure)
