"""The autoencoder, its schedule, its small measures, its maps and the benchmark's bookkeeping."""

import math

import keras
import numpy as np
import pytest
import tensorflow as tf
from sklearn.manifold import trustworthiness as sklearn_trustworthiness

from helpers.autoencoders.autoencoder import (
    Autoencoder,
    dense_hourglass,
    hourglass,
    run_in_batches,
    stacked_autoencoder,
)
from helpers.codings import tsne
from helpers.metrics import reconstruction
from helpers.training.schedules import WarmupCosine
from tools import tables
from tools.bench import __main__ as bench
from tools.bench import lesson02

pytestmark = pytest.mark.slow  # trains models: left out by `test --quick`

RNG = np.random.default_rng(0)


def small(**changes):
    options = {"activation": "relu", "coding_activation": None, "output_activation": "sigmoid", **changes}
    return dense_hourglass((4, 5), (9, 6), 3, **options)


def test_the_default_has_the_published_size_and_shapes():
    model = stacked_autoencoder()
    assert model.count_params() == 163_814 == 785 * 100 + 101 * 30 + 31 * 100 + 101 * 784
    assert model.encoder.output_shape == (None, 30) and model.decoder.output_shape == (None, 28, 28)
    assert model.compute_output_shape((None, 28, 28)) == (None, 28, 28)


def test_call_equals_the_layers_by_hand():
    model = small()
    X = RNG.random((7, 4, 5)).astype("float32")
    h = X.reshape(7, 20)
    kernels = [w.numpy() for w in model.weights]
    for layer, (W, b) in enumerate(zip(kernels[::2], kernels[1::2], strict=True)):
        h = h @ W + b
        if layer in (0, 1, 3, 4):
            h = np.maximum(h, 0)
    np.testing.assert_allclose(model(X), (1 / (1 + np.exp(-h))).reshape(7, 4, 5), rtol=1e-5)


def test_codings_and_decode_share_the_weights_and_batches_do_not_matter():
    model = small()
    X = RNG.random((11, 4, 5)).astype("float32")
    Z = model.codings(X, batch_size=4)
    assert Z.shape == (11, 3) and isinstance(Z, np.ndarray)
    np.testing.assert_allclose(model.decode(Z, batch_size=3), model(X), atol=1e-6)
    np.testing.assert_allclose(model.reconstruct(X, batch_size=5), model.reconstruct(X), atol=1e-6)
    with pytest.raises(ValueError, match="nothing to run"):
        run_in_batches(model, X[:0])


def test_inference_mode_is_used_for_codings():
    noisy = keras.Sequential([keras.Input((4,)), keras.layers.GaussianNoise(1.0)])
    model = Autoencoder(noisy, keras.Sequential([keras.Input((4,)), keras.layers.Dense(4)]))
    X = RNG.random((3, 4)).astype("float32")
    np.testing.assert_array_equal(model.codings(X), X)
    assert np.abs(np.asarray(model.encoder(X, training=True)) - X).max() > 0.1


def test_many_networks_in_one_process_raise_no_warning_of_retracing(caplog):
    tf.get_logger().addHandler(caplog.handler)
    try:
        for n in range(8):  # TensorFlow's warning comes at the fifth new tracing
            assert small().reconstruct(RNG.random((n + 1, 4, 5)).astype("float32")).shape == (n + 1, 4, 5)
    finally:
        tf.get_logger().removeHandler(caplog.handler)
    assert caplog.text == ""


def test_saves_and_loads_with_optimizer_and_schedule(tmp_path):
    X = RNG.random((32, 4, 5)).astype("float32")
    model = small()
    model.compile(loss="mse", optimizer=keras.optimizers.Adam(WarmupCosine.for_fit(1e-2, 32, 8, 3)))
    model.fit(X, X, batch_size=8, epochs=2, verbose=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert type(loaded) is Autoencoder and loaded.name == model.name
    np.testing.assert_array_equal(loaded.reconstruct(X), model.reconstruct(X))
    assert int(loaded.optimizer.iterations) == 8
    np.testing.assert_allclose(float(loaded.optimizer.learning_rate), float(model.optimizer.learning_rate))
    for each in (model, loaded):
        keras.utils.set_random_seed(1)
        each.fit(X, X, batch_size=8, epochs=1, verbose=0)
    np.testing.assert_allclose(loaded.reconstruct(X), model.reconstruct(X), atol=1e-6)


def test_weights_file_and_clone(tmp_path):
    model = small()
    model.save_weights(tmp_path / "m.weights.h5")
    other = Autoencoder.from_config(model.get_config())
    X = RNG.random((2, 4, 5)).astype("float32")
    assert np.abs(other.reconstruct(X) - model.reconstruct(X)).max() > 0
    other.load_weights(tmp_path / "m.weights.h5")
    np.testing.assert_array_equal(other.reconstruct(X), model.reconstruct(X))


def test_parts_that_do_not_fit_are_refused():
    encoder, decoder = hourglass(20, (9,), 3)
    with pytest.raises(TypeError, match="decoder must be a Keras model"):
        Autoencoder(encoder, lambda z: z)
    with pytest.raises(ValueError, match="codings of shape"):
        Autoencoder(encoder, hourglass(20, (9,), 4)[1])
    with pytest.raises(ValueError, match="decoder makes"):
        Autoencoder(encoder, hourglass(21, (9,), 3)[1])
    assert Autoencoder(encoder, decoder).built


def test_parts_without_shapes_are_built_by_the_first_images():
    model = Autoencoder(
        keras.Sequential([keras.layers.Dense(3)]), keras.Sequential([keras.layers.Dense(6, activation="sigmoid")])
    )
    assert model(np.zeros((2, 6), "float32")).shape == (2, 6)
    assert model.count_params() == 7 * 3 + 4 * 6


def test_schedule_climbs_peaks_and_ends():
    rate = WarmupCosine(0.5, 100, warmup_steps=10, final=0.1)
    np.testing.assert_allclose([float(rate(s)) for s in (0, 4, 9)], [0.05, 0.25, 0.5], rtol=1e-6)
    assert float(rate(10)) == pytest.approx(0.5) and float(rate(55)) == pytest.approx(0.3)
    assert float(rate(100)) == pytest.approx(0.1) == float(rate(10_000))


def test_schedule_falls_as_keras_own_cosine():
    ours = WarmupCosine(0.3, 250, warmup_steps=50)
    theirs = keras.optimizers.schedules.CosineDecay(0.3, decay_steps=200)
    for step in (50, 51, 120, 200, 249, 250):
        assert float(ours(step)) == pytest.approx(float(theirs(step - 50)), abs=1e-7)


def test_schedule_for_fit_ends_with_fit():
    rate = WarmupCosine.for_fit(0.1, 1001, 100, 3)
    assert rate.total_steps == 33 and rate.warmup_steps == 3
    assert float(rate(32)) > 0 and float(rate(33)) == pytest.approx(0, abs=1e-9)
    assert WarmupCosine(0.1, 1).warmup_steps == 0
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(rate))
    assert again.get_config() == rate.get_config()


@pytest.mark.parametrize(
    "wrong",
    [
        {"peak": 0},
        {"peak": -1},
        {"final": -0.1},
        {"final": 2.0},
        {"warmup_steps": 10},
        {"warmup_steps": -1},
        {"total_steps": 0},
    ],  # fmt: skip
)
def test_schedule_refuses_nonsense(wrong):
    with pytest.raises(ValueError, match="Needs"):
        WarmupCosine(**{"peak": 1.0, "total_steps": 10, **wrong})


def test_rounded_accuracy_flatters_black():
    X = np.where(RNG.random((5, 10, 10)) < 0.2, 0.9, 0.0)
    assert reconstruction.rounded_accuracy(X, np.zeros_like(X)) == pytest.approx(np.mean(X == 0))
    with pytest.raises(ValueError, match="shape"):
        reconstruction.rounded_accuracy(X, X[0])


def test_most_unusual_ranks_and_refuses():
    X = np.zeros((4, 2, 2))
    R = X + np.array([0.1, -0.4, 0.2, 0.3])[:, None, None]
    assert reconstruction.most_unusual(X, R, 3).tolist() == [1, 3, 2]
    for k in (0, 5):
        with pytest.raises(ValueError, match="between 1 and 4"):
            reconstruction.most_unusual(X, R, k)


def test_mean_loss_does_not_depend_on_batches_or_amount():
    X = RNG.random((10, 3)) * np.arange(10)[:, None]
    half = lambda batch: batch / 2  # noqa: E731
    losses = [reconstruction.mean_loss(half, X, size) for size in (1, 3, 4, 10, 99)]
    losses.append(reconstruction.mean_loss(half, np.concatenate([X, X]), 3))
    np.testing.assert_allclose(losses, reconstruction.mse(X, X / 2))
    with pytest.raises(ValueError, match="nothing to average"):
        reconstruction.mean_loss(half, X[:0], 3)


def test_map_accuracy_leaves_the_point_itself_out():
    Z = np.array([[0.0], [1.0], [2.0], [100.0], [101.0], [102.0]])
    assert tsne.map_accuracy(Z, np.array([0, 0, 0, 7, 7, 7]), 2) == 1.0
    assert tsne.map_accuracy(Z, np.array([0, 1, 0, 1, 0, 1]), 1) == 0.0  # its own label would give 1
    with pytest.raises(ValueError, match="one label per row"):
        tsne.map_accuracy(Z, np.zeros(5), 2)
    with pytest.raises(ValueError, match="between 1 and 5"):
        tsne.map_accuracy(Z, np.zeros(6), 6)


def test_tsne_map_keeps_neighbours_and_repeats():
    centres = 12 * RNG.normal(size=(3, 8))
    Z = np.concatenate([c + RNG.normal(size=(20, 8)) for c in centres])
    one, two = (tsne.tsne_map(Z.reshape(60, 2, 4), perplexity=10) for _ in range(2))
    assert one.shape == (60, 2)
    np.testing.assert_array_equal(one, two)
    assert sklearn_trustworthiness(Z, one, n_neighbors=5) > 0.9
    assert tsne.map_accuracy(one, np.repeat([0, 1, 2], 20), 5) == 1.0
    with pytest.raises(ValueError, match="perplexity"):
        tsne.tsne_map(Z, perplexity=60)


def test_side_by_side_draws_one_map_each():
    labels = np.arange(12) % 3
    figure = tsne.side_by_side({"a": RNG.random((12, 2)), "b": RNG.random((12, 2))}, labels, ("x", "y", "z"))
    assert [axes.get_title("left") for axes in figure.axes] == ["a", "b"]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["x", "y", "z"]


def test_both_sides_have_the_same_layers_and_the_recipe_is_the_recipe():
    X = np.zeros((30_000, 28, 28), "float32")
    old, new = lesson02.recipe(1, X, X[:10]), lesson02.ours(1, X, X[:10])
    assert (new.batch_size, lesson02.ours(1, X[:1000], X[:10]).batch_size) == (128, 32)
    shapes = [[tuple(w.shape) for w in each.model.weights] for each in (old, new)]
    assert shapes[0] == shapes[1]
    assert isinstance(old.model.optimizer, keras.optimizers.Nadam) and (old.batch_size, old.epochs) == (32, 20)
    assert math.isclose(float(old.model.optimizer.learning_rate), 1e-3, rel_tol=1e-6)
    assert old.model.steps_per_execution == new.model.steps_per_execution
    codings = old.model.codings(RNG.random((50, 28, 28)).astype("float32"))
    assert codings.min() == 0 and old.model.reconstruct(np.ones((3, 28, 28), "float32")).min() < 0


def test_bench_refuses_unknown_lessons(capsys):
    assert "02" in bench.known()
    assert bench.main(["99"]) == 2
    assert "No benchmark for lesson 99" in capsys.readouterr().err


def test_bench_table_aligns():
    lines = tables.table([("a", 1), ("longer", 22)], ("name", "n")).split("\n")
    assert lines == ["name     n", "------  --", "a        1", "longer  22"]


def test_one_single_image_is_told_how_to_go_in():
    model = stacked_autoencoder(hidden=(3,), codings=2)
    with pytest.raises(ValueError, match=r"\(28, 28\).*X\[None\]"):
        model.reconstruct(np.zeros((28, 28), "float32"))
    assert model.reconstruct(np.zeros((1, 28, 28), "float32")).shape == (1, 28, 28)
