"""Greedy layer-wise training: the pieces against slow, independent versions of themselves."""

import numpy as np
import pytest
from matplotlib import pyplot as plt

from helpers.autoencoders.greedy import layerwise, widgets
from helpers.backend import keras
from helpers.plots import pixels

rng = np.random.default_rng(5)
X = rng.random((24, 12)).astype("float32")
V = rng.random((9, 12)).astype("float32")


def sgd():
    return keras.optimizers.SGD(0.5)


def bent(a):
    return 1 / (1 + np.exp(-a))


def by_hand(model, rows):
    """The output of a stack of sigmoid layers, from its weights."""
    weights = model.get_weights()
    for kernel, bias in zip(weights[::2], weights[1::2], strict=True):
        rows = bent(rows @ kernel + bias)
    return rows


def raw(*sizes):
    keras.utils.set_random_seed(3)
    return layerwise.raw_sandwich(12, sizes, initializer=keras.initializers.RandomNormal(stddev=1.0, seed=1))


def test_a_shallow_autoencoder_has_one_layer_on_each_side():
    model = layerwise.shallow_autoencoder(12, 5, None, "sigmoid")
    assert [w.shape for w in model.weights] == [(12, 5), (5,), (5, 12), (12,)]
    Z, R = model.codings(1000 * X), model.reconstruct(1000 * X)
    assert Z.max() > 10 and R.min() >= 0 and R.max() <= 1


def test_two_layers_from_one_initializer_start_with_different_weights():
    given = keras.initializers.RandomNormal(stddev=0.1)
    encoder, decoder = (
        w for w in layerwise.shallow_autoencoder(12, 12, initializer=given).get_weights() if w.ndim == 2
    )
    assert not np.allclose(encoder, decoder)


def test_the_uniform_rule_of_then():
    kernel = layerwise.shallow_autoencoder(400, 300, initializer=layerwise.uniform_of_then()).encoder.get_weights()[0]
    assert np.abs(kernel).max() <= 1 / 20 and np.isclose(kernel.var(), 1 / 1200, rtol=0.02)


def test_a_phase_learns_its_rows_and_is_frozen():
    keras.utils.set_random_seed(0)
    phase = layerwise.one_phase(X, 6, keras.optimizers.Adam(0.02), epochs=20, batch_size=8)
    assert np.mean((phase.reconstruct(X) - X) ** 2) < 0.9 * X.var(axis=0).mean()
    assert phase.trainable_weights == [] and phase.codings(V).shape == (9, 6)


def test_each_phase_gets_the_codings_of_the_one_before():
    seen = []

    def train_phase(rows, valid_rows, units):
        seen.append((np.array(rows), np.array(valid_rows), units))
        return layerwise.shallow_autoencoder(rows.shape[1], units)

    phases = layerwise.layer_by_layer(train_phase, X, V, (7, 5, 2))
    rows, valid_rows = X, V
    for phase, units, given in zip(phases, (7, 5, 2), seen, strict=True):
        assert given[2] == units and np.allclose(given[0], rows, atol=1e-5)
        assert np.allclose(given[1], valid_rows, atol=1e-5)
        rows, valid_rows = by_hand(phase.encoder, rows), by_hand(phase.encoder, valid_rows)


def test_the_sandwich_runs_the_encoders_in_order_and_the_decoders_in_reverse():
    # equal widths: a wrong order would fit without complaint
    phases = [layerwise.shallow_autoencoder(12, 12, initializer="random_normal") for _ in range(3)]
    for phase in phases:
        phase.set_weights([rng.normal(size=w.shape) for w in phase.get_weights()])
    model = layerwise.sandwich(phases)
    rows = X
    for phase in phases:
        rows = by_hand(phase.encoder, rows)
    assert np.allclose(model.codings(X), rows, atol=1e-5)
    for phase in phases[::-1]:
        rows = by_hand(phase.decoder, rows)
    assert np.allclose(model.reconstruct(X), rows, atol=1e-5)
    assert {id(w) for w in model.weights} == {id(w) for phase in phases for w in phase.weights}


def test_no_phases_make_no_sandwich():
    with pytest.raises(ValueError, match="at least one phase"):
        layerwise.sandwich([])


def test_a_sandwich_survives_a_file(tmp_path):
    model = raw(7, 3)
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    assert np.allclose(again.reconstruct(X), model.reconstruct(X), atol=1e-6)


def test_fine_tuning_moves_every_layer_of_frozen_phases():
    phases = [layerwise.shallow_autoencoder(a, b) for a, b in ((12, 7), (7, 3))]
    for phase in phases:
        phase.trainable = False
    model = layerwise.sandwich(phases)
    before = model.get_weights()
    history = layerwise.fine_tune(model, X, sgd(), epochs=2, batch_size=8)
    assert len(history.history["loss"]) == 2
    assert all(np.any(a != b) for a, b in zip(before, model.get_weights(), strict=True))


def test_the_raw_sandwich_has_the_layers_of_the_greedy_one():
    widths = [(12, 7), (7,), (7, 3), (3,), (3, 7), (7,), (7, 12), (12,)]
    assert [w.shape for w in raw(7, 3).weights] == widths


def test_all_rows_are_encoded_in_order_and_in_inference_mode():
    encoder = keras.Sequential([keras.Input((12,)), keras.layers.Dense(4), keras.layers.Dropout(0.5)])
    kernel, bias = encoder.get_weights()
    for size in (1, 7, 24, 100):
        assert np.allclose(layerwise.encode_all(encoder, X, size), X @ kernel + bias, atol=1e-5)
    with pytest.raises(ValueError, match="nothing to encode"):
        layerwise.encode_all(encoder, X[:0])


def test_gradient_sizes_against_finite_differences():
    model = raw(5, 3)
    sizes = layerwise.gradient_sizes(model, X)
    before = model.get_weights()

    def loss(weights):
        model.set_weights(weights)
        return np.mean((by_hand(model, X.astype(float)) - X) ** 2)

    kernels = [i for i, w in enumerate(before) if w.ndim == 2]
    for i, size in zip(kernels, sizes, strict=True):
        slopes = []
        for place in np.ndindex(before[i].shape):
            pair = []
            for step in (1e-2, -1e-2):
                moved = [np.array(w) for w in before]
                moved[i][place] += step
                pair.append(loss(moved))
            slopes.append((pair[0] - pair[1]) / 2e-2)
        assert np.isclose(np.sqrt(np.mean(np.square(slopes))), size, rtol=0.02)


def test_frozen_layers_have_gradients_too():
    model = raw(5, 3)
    free = layerwise.gradient_sizes(model, X)
    model.trainable = False
    assert np.allclose(layerwise.gradient_sizes(model, X), free)


def test_differences_between_images():
    model = raw(5)
    found = layerwise.differences_between_images(model, X)
    hidden = by_hand(model.encoder, X)
    expected = [np.sqrt(rows.var(axis=0).mean()) for rows in (X, hidden, by_hand(model.decoder, hidden))]
    assert np.allclose(found, expected, atol=1e-5)
    assert np.allclose(layerwise.differences_between_images(model, np.repeat(X[:1], 5, axis=0)), 0, atol=1e-6)


# --- stages view


rng_of_stages_view = np.random.default_rng(2)


REAL = rng_of_stages_view.random((4, 6, 6))
STAGES = {"fresh <1>": np.full((4, 36), 0.5), "trained": REAL + 0.01}
ERRORS = {"fresh <1>": 0.09, "trained": 0.01}


@pytest.fixture(autouse=True)
def _tidy():
    yield
    plt.close("all")


def widget(errors=ERRORS):
    return widgets.build_stage_explorer(widgets.StageFilm(STAGES, REAL, errors))


def test_the_slider_shows_the_stage_that_it_names():
    box = widget()
    assert box.stage.value == "fresh <1>" and "&lt;1&gt;" in box.words.value and "0.0900" in box.words.value
    before = box.strip.value
    box.stage.value = "trained"
    assert box.strip.value != before and "0.0100" in box.words.value and "0.0001" in box.words.value


def test_originals_reconstructions_and_differences_stand_below_each_other():
    box = widget()
    box.stage.value = "trained"
    made = np.clip(STAGES["trained"], 0, 1)
    shown = np.concatenate([REAL, made])[..., None].repeat(3, -1)
    gone = pixels.signed_colours(STAGES["trained"] - REAL, top=0.5)
    assert box.strip.value == pixels.png(pixels.mosaic(np.concatenate([shown, gone]), 4))


def test_the_present_stage_is_marked_among_the_bars():
    box = widget()
    first, second = box.bars.value.split("</div>")[:2]
    assert widgets.BLUE in first and widgets.BLUE not in second
    assert "width:260px" in first and "width:29px" in second


def test_without_errors_the_bars_are_of_the_images_shown():
    film = widgets.StageFilm(STAGES, REAL, None)
    assert f"{film.own['trained']:.4f}" in film.bars("trained") and np.isclose(film.own["trained"], 1e-4)


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="at least one stage"):
        widgets.stage_explorer({}, REAL)
    with pytest.raises(ValueError, match="does not fit"):
        widgets.stage_explorer({"a": REAL[:2]}, REAL)
    with pytest.raises(ValueError, match="no error for the stage 'trained'"):
        widgets.stage_explorer(STAGES, REAL, {"fresh <1>": 0.1})


def test_outside_a_notebook_one_line_is_printed(capsys):
    widgets.stage_explorer(STAGES, REAL, ERRORS)
    out = capsys.readouterr().out
    assert out.startswith("[widget]") and "trained" in out
