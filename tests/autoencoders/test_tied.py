"""helpers.autoencoders.tied.layers: one kernel in two places, counted once, still one after saving and cloning."""

import copy

import numpy as np
import pytest

from helpers import session
from helpers.autoencoders.autoencoder import Autoencoder, dense_hourglass
from helpers.autoencoders.tied import figures, measures
from helpers.autoencoders.tied.layers import (
    Conv2DTransposeTied,
    DenseTranspose,
    Tied,
    TiedAutoencoder,
    tie,
    tied_decoder,
    tied_hourglass,
    tied_layers,
)
from helpers.backend import keras, tf
from helpers.plots import style

layers, ops = keras.layers, keras.ops
ENDS = dict(activation="silu", coding_activation=None, output_activation="sigmoid")


@pytest.fixture
def X():
    return np.random.default_rng(0).random((40, 4, 5)).astype("float32")


@pytest.fixture
def model():
    keras.utils.set_random_seed(1)
    made = tied_hourglass((4, 5), (12,), 3, **ENDS)
    made.compile(loss="mse", optimizer=keras.optimizers.Adam(1e-2))
    return made


def dense(features=6, units=3, **options):
    layer = layers.Dense(units, **options)
    layer.build((None, features))
    return layer


def is_tied(model):
    """Behaviour: every tied layer works with a kernel of this very encoder."""
    homes = [id(layer.kernel) for layer in model.encoder.layers if hasattr(layer, "kernel")]
    found = list(tied_layers(model.decoder))
    return bool(found) and all(id(layer.kernel) in homes for layer in found)


def test_dense_transpose_computes_the_transpose_with_its_own_bias():
    rng = np.random.default_rng(1)
    source = dense()
    layer = DenseTranspose(source, activation="relu")
    h = rng.normal(size=(5, 3)).astype("float32")
    assert tuple(layer(h).shape) == (5, 6)
    c = rng.normal(size=6).astype("float32")
    layer.bias.assign(c)
    K = source.get_weights()[0]
    np.testing.assert_allclose(layer(h), np.maximum(h @ K.T + c, 0), atol=1e-5)
    source.kernel.assign(2 * K)
    np.testing.assert_allclose(layer(h), np.maximum(2 * h @ K.T + c, 0), atol=1e-5)


def test_the_kernel_is_listed_and_counted_once(model):
    untied = dense_hourglass((4, 5), (12,), 3, **ENDS)
    assert untied.count_params() == measures.parameters([20, 12, 3], tied=False)
    assert model.count_params() == measures.parameters([20, 12, 3], tied=True)
    assert len(model.trainable_weights) == len({id(w) for w in model.trainable_weights}) == 6
    assert [tuple(w.shape) for w in model.decoder.weights] == [(12,), (20,)]
    printed = []
    model.summary(print_fn=printed.append, expand_nested=True)
    assert f"{model.count_params():,}" in "\n".join(printed)
    assert len(model.optimizer.variables) == 2 + 2 * 6 or model.optimizer.build(model.trainable_variables) is None
    assert len(model.optimizer.variables) == 2 + 2 * 6  # iterations, rate, and two moments for each weight, once


def test_the_gradient_is_the_sum_of_both_places(model, X):
    kernel = model.encoder.layers[1].kernel
    with tf.GradientTape() as tape:
        loss = ops.mean((X - model(X)) ** 2)
    together = tape.gradient(loss, kernel)

    twin = dense_hourglass((4, 5), (12,), 3, **ENDS)
    twin.encoder.set_weights(model.encoder.get_weights())
    K1, _, K2, _ = model.encoder.get_weights()
    c1, c2 = model.decoder.get_weights()
    twin.decoder.set_weights([K2.T, c1, K1.T, c2])
    with tf.GradientTape() as tape:
        loss = ops.mean((X - twin(X)) ** 2)
    out, home = tape.gradient(loss, [twin.encoder.layers[1].kernel, twin.decoder.layers[1].kernel])
    np.testing.assert_allclose(together, out + np.transpose(home), atol=1e-7)


def test_saved_loaded_trained_on_and_still_tied(model, X, tmp_path):
    model.fit(X, X, epochs=2, verbose=0)
    model.save(tmp_path / "tied.keras")
    loaded = keras.saving.load_model(tmp_path / "tied.keras")
    assert isinstance(loaded, TiedAutoencoder) and loaded.count_params() == model.count_params()
    np.testing.assert_allclose(loaded.reconstruct(X), model.reconstruct(X), atol=1e-6)
    for each in (model, loaded):  # both go on in the same way, the optimizer's memory included
        each.fit(X, X, epochs=2, shuffle=False, verbose=0)
        assert is_tied(each)
    np.testing.assert_allclose(loaded.reconstruct(X), model.reconstruct(X), atol=1e-6)
    K1, b1, K2, b2 = loaded.encoder.get_weights()
    c1, c2 = loaded.decoder.get_weights()

    def silu(a):
        return a / (1 + np.exp(-a))

    Z = silu(X.reshape(-1, 20) @ K1 + b1) @ K2 + b2
    drawn = 1 / (1 + np.exp(-(silu(Z @ K2.T + c1) @ K1.T + c2)))
    np.testing.assert_allclose(loaded.reconstruct(X).reshape(-1, 20), drawn, atol=1e-5)
    assert all(layer.source is not other.source for layer, other in
               zip(tied_layers(loaded.decoder), tied_layers(model.decoder), strict=True))  # fmt: skip


@pytest.mark.parametrize("again", [
    keras.models.clone_model, copy.deepcopy, lambda m: TiedAutoencoder.from_config(m.get_config()),
], ids=["clone_model", "deepcopy", "from_config"])  # fmt: skip
@pytest.mark.filterwarnings("ignore:__array__ implementation")  # of Keras' own deepcopy, with NumPy 2
def test_built_anew_it_is_tied_to_itself(model, X, again):
    other = again(model)
    assert is_tied(other) and other.count_params() == model.count_params()
    assert not any(a is b for a in other.weights for b in model.weights)
    other.set_weights(model.get_weights())
    np.testing.assert_allclose(other.reconstruct(X), model.reconstruct(X), atol=1e-6)


def test_weights_alone_can_be_saved(model, X, tmp_path):
    model.save_weights(tmp_path / "tied.weights.h5")
    other = tied_hourglass((4, 5), (12,), 3, **ENDS)
    other.load_weights(tmp_path / "tied.weights.h5")
    np.testing.assert_allclose(other.reconstruct(X), model.reconstruct(X), atol=1e-6)


def test_a_decoder_loaded_alone_is_loose_and_says_so(model, X, tmp_path):
    model.decoder.save(tmp_path / "decoder.keras")
    alone = keras.saving.load_model(tmp_path / "decoder.keras")
    Z = model.codings(X)
    with pytest.raises(ValueError, match="has lost the layer 'codings'"):
        alone(Z)
    with pytest.raises(ValueError, match="tied to a layer called 'codings'; the encoder has"):
        tie(alone, keras.Sequential([keras.Input((2,)), layers.Dense(3, name="other")]))
    tie(alone, model.encoder)
    np.testing.assert_allclose(alone(Z), model.decode(Z), atol=1e-6)


def test_freezing_one_half(model):
    model.decoder.trainable = False
    assert len(model.trainable_weights) == 4 and model.encoder.layers[1].kernel.trainable
    model.decoder.trainable, model.encoder.trainable = True, False
    assert [tuple(w.shape) for w in model.trainable_weights] == [(12,), (20,)]


def test_errors_are_for_people(model):
    with pytest.raises(ValueError, match="no kernel yet.*keras.Input"):
        DenseTranspose(layers.Dense(3))
    with pytest.raises(TypeError, match="tied to a Dense layer.*got Flatten"):
        DenseTranspose(layers.Flatten())
    with pytest.raises(TypeError, match="got NoneType"):
        DenseTranspose(None)
    with pytest.raises(ValueError, match="makes 3 values from 6, so its transpose takes 3, and it was given 6"):
        DenseTranspose(dense())(np.zeros((1, 6), "float32"))
    with pytest.raises(ValueError, match=r"kernel of shape \(6, 3\).*one of shape \(6, 4\)"):
        DenseTranspose(dense()).tie(dense(units=4))
    other = tied_hourglass((4, 5), (12,), 3, **ENDS)
    with pytest.raises(ValueError, match="of another model"):
        TiedAutoencoder(model.encoder, other.decoder)


def test_in_reverse_order_only():
    stack = [dense(9, 6), dense(6, 4)]
    assert tied_decoder(stack, "relu", None).output_shape == (None, 9)
    with pytest.raises(ValueError, match="Tied layers come in reverse order"):
        tied_decoder(stack[::-1], "relu", None)


@pytest.mark.parametrize("strides, side", [(1, 5), (2, 6)])
def test_tied_convolution_is_the_adjoint(strides, side):
    rng = np.random.default_rng(2)
    conv = layers.Conv2D(4, 3, strides=strides, padding="same", use_bias=False)
    x = rng.normal(size=(1, side, side, 2)).astype("float32")
    y = rng.normal(size=conv(x).shape).astype("float32")
    back = Conv2DTransposeTied(conv)
    assert tuple(back(y).shape) == x.shape
    np.testing.assert_allclose(np.sum(conv(x) * y), np.sum(x * np.asarray(back(y))), rtol=1e-4)
    assert back.count_params() == 2


def test_a_convolutional_autoencoder_stays_tied(tmp_path):
    conv = [layers.Conv2D(4, 3, strides=2, padding="same", activation="relu"), layers.Conv2D(6, 3, padding="same")]
    encoder = keras.Sequential([keras.Input((8, 8, 1)), *conv])
    decoder = keras.Sequential([
        keras.Input((4, 4, 6)), Conv2DTransposeTied(conv[1], "relu"), Conv2DTransposeTied(conv[0], "sigmoid")
    ])  # fmt: skip
    model = TiedAutoencoder(encoder, decoder)
    assert model.count_params() == 9 * 4 + 9 * 24 + (4 + 6) + (4 + 1)
    model.save(tmp_path / "conv.keras")
    loaded = keras.saving.load_model(tmp_path / "conv.keras")
    X = np.random.default_rng(0).random((3, 8, 8, 1)).astype("float32")
    assert is_tied(loaded)
    np.testing.assert_allclose(loaded(X), model(X), atol=1e-6)


@pytest.mark.parametrize("wrong", [{"padding": "valid"}, {"groups": 2}, {"dilation_rate": 2}])
def test_convolutions_that_cannot_be_tied(wrong):
    conv = layers.Conv2D(4, 3, **{"padding": "same", **wrong})
    conv.build((None, 8, 8, 2))
    with pytest.raises(ValueError, match="padding='same', channels last, one group"):
        Conv2DTransposeTied(conv)


@pytest.mark.slow
def test_tying_makes_a_linear_autoencoder_orthonormal():
    """From kernels far from orthogonal; untied, from the same function, only the product becomes the identity."""
    rng = np.random.default_rng(3)
    X = (rng.normal(size=(400, 8)) * [5, 4, 3, 0.5, 0.4, 0.3, 0.2, 0.1]).astype("float32")
    X -= X.mean(axis=0)
    start = rng.uniform(0, 0.5, size=(8, 3)).astype("float32")
    found = {}
    for name in ("tied", "untied"):
        keras.utils.set_random_seed(4)
        encoder = keras.Sequential([keras.Input((8,)), layers.Dense(3, use_bias=False)])
        back = DenseTranspose(encoder.layers[0]) if name == "tied" else layers.Dense(8)
        model = Autoencoder(encoder, keras.Sequential([keras.Input((3,)), back]))
        encoder.layers[0].kernel.assign(start)
        if name == "untied":
            back.kernel.assign(start.T)
        rate = keras.optimizers.schedules.CosineDecay(0.05, 400)
        model.compile(loss="mse", optimizer=keras.optimizers.Adam(rate, beta_2=0.95), steps_per_execution=20)
        model.fit(np.tile(X, (20, 1)), np.tile(X, (20, 1)), batch_size=400, epochs=20, verbose=0)
        E = np.asarray(encoder.layers[0].kernel)
        D = E.T if name == "tied" else np.asarray(back.kernel)
        found[name] = measures.departure(E), np.abs(D @ E - np.eye(3)).max()
    assert found["tied"][0] < 1e-2
    assert found["untied"][0] > 0.1 and found["untied"][1] < 1e-2


def test_measures():
    rng = np.random.default_rng(0)
    assert measures.parameters([784, 100, 30], tied=False) == 163_814
    assert measures.parameters([784, 100, 30], tied=True) == 82_414
    with pytest.raises(ValueError, match="one size to another"):
        measures.parameters([784], tied=True)
    Q = np.linalg.qr(rng.normal(size=(9, 4)))[0]
    assert measures.departure(Q) < 1e-12
    assert measures.departure(2 * Q) == pytest.approx(3)
    X, W, nudge = rng.normal(size=(7, 5)), rng.normal(size=(5, 2)), 1e-6 * rng.normal(size=(5, 2))
    up, down = (np.mean((X - X @ A @ A.T) ** 2) for A in (W + nudge, W - nudge))
    assert np.sum(measures.tied_gradient(X, W) * 2 * nudge) == pytest.approx(up - down, rel=1e-5)


def test_still_tied_sees_a_copy_and_changes_nothing():
    source = dense()
    copied = layers.Dense(6)
    copied.build((None, 3))
    copied.set_weights([source.get_weights()[0].T, np.zeros(6)])
    kept = source.get_weights()
    assert measures.still_tied(source, DenseTranspose(source)) is True
    assert measures.still_tied(source, copied) is False
    assert all(np.array_equal(a, b) for a, b in zip(kept, source.get_weights(), strict=True))


def test_a_subclass_of_a_student_needs_no_more_than_build_and_call(X):
    class Mine(Tied):
        def build(self, input_shape):
            self.bias = self.add_weight(shape=(self.kernel.shape[0],), initializer="zeros")

        def call(self, inputs):
            return self.activation(ops.matmul(inputs, ops.transpose(self.kernel)) + self.bias)

    source = dense()
    model = keras.Sequential([keras.Input((6,)), source, Mine(source)])
    assert model.output_shape == (None, 6) and model.count_params() == 18 + 3 + 6


# --- tied views


@pytest.fixture
def films():
    rng = np.random.default_rng(0)
    return {"tied": rng.normal(size=(9, 4, 4)), "untied": np.tile(np.eye(4), (9, 1, 1))}


def test_tied_pairs_draws_each_kernel_and_says_the_sizes():
    figure = figures.tied_pairs([784, 100, 30])
    words = [text.get_text() for text in figure.axes[0].texts]
    assert words.count("own bias") == 3 and words.count("the same numbers") == 2 and "codings, own bias" in words
    assert "[784, 100, 30, 100, 784]" in figure.alt
    style.close(figure)


def test_gram_figure_shows_first_and_last_moment(films):
    figure = figures.gram_figure(films, every=5)
    squares = [axes for axes in figure.axes if axes.images]
    titles = [axes.get_title(loc="left") or axes.get_title() for axes in squares]  # where the style puts them
    assert titles[0] == "step 0" and "step 40" in titles
    assert {axes.get_ylabel() for axes in squares} >= {"tied", "untied"}
    assert squares[-1].get_xlabel() == "0.000 from I"  # the second film is the identity throughout
    style.close(figure)


def test_gram_film_refuses_films_of_different_lengths(films):
    with pytest.raises(ValueError, match="same number of moments"):
        figures.gram_film(films, {"mse": [1.0]})


def test_the_slider_shows_the_moment(films):
    box = figures.build_gram_film(films, {"validation MSE": np.linspace(1, 0.2, 9)}, every=5)
    assert "1.00000" in box.words.value and "0.0000 from I" in box.captions["untied"].value
    before = box.panels["tied"].value
    box.step.value = 8
    assert "0.20000" in box.words.value and box.panels["tied"].value != before and not box.errors.value


def test_outside_a_notebook_a_line_says_what_it_is(films, capsys, monkeypatch):
    monkeypatch.setattr(session, "live", lambda: False)
    figures.gram_film(films, {"validation MSE": np.ones(9)})
    assert capsys.readouterr().out.startswith("[widget] Matrices")


def test_two_rulers_has_a_panel_for_each_model():
    rng = np.random.default_rng(1)
    Z = rng.normal(size=(30, 3))
    Q = np.linalg.qr(rng.normal(size=(9, 3)))[0]
    figure = figures.two_rulers({"tied": (Z, Z @ Q.T), "untied": (Z, 2 * Z @ Q.T)}, count=50)
    tied, untied = ([line for line in axes.lines if line.get_marker() == "."][0] for axes in figure.axes)
    np.testing.assert_allclose(*tied.get_data(), atol=1e-6)
    np.testing.assert_allclose(untied.get_xdata(), 2 * untied.get_ydata(), atol=1e-6)
    style.close(figure)
