"""Lesson 10's helpers against independent computations: NumPy, SciPy, exact models."""

import numpy as np
import pytest
from scipy import integrate, stats

pytestmark = pytest.mark.slow  # trains, or judges thousands of images: left out by `test --quick`

keras = pytest.importorskip("keras")
from keras import ops  # noqa: E402

from helpers.autoencoders.vae import (  # noqa: E402
    diagram,  # noqa: E402
    figures,  # noqa: E402
    measures,  # noqa: E402
)
from helpers.autoencoders.vae import model as vae_model  # noqa: E402
from helpers.autoencoders.vae.exact import GridModel, LinearGaussian  # noqa: E402
from helpers.codings import interpolation  # noqa: E402
from helpers.plots import style  # noqa: E402


def tiny(beta=1.0, distance=vae_model.squared_error, seed=0):
    keras.utils.set_random_seed(seed)
    halves = vae_model.dense_halves(3, (8,), (4, 5))
    return vae_model.VAE(*halves, vae_model.Sampling(seed=1), vae_model.kl_to_standard_normal, distance, beta=beta)


IMAGES = np.random.default_rng(0).uniform(0.05, 0.95, (24, 4, 5)).astype("float32")


def test_kl_is_the_integral_of_its_definition():
    mean, log_var = np.array([[0.7, -1.2]]), np.array([[0.4, -1.5]])
    total = 0.0
    for m, g in zip(mean[0], log_var[0], strict=True):
        q = stats.norm(m, np.exp(g / 2))
        total += integrate.quad(lambda z, q=q: q.pdf(z) * (q.logpdf(z) - stats.norm.logpdf(z)), -12, 12)[0]
    assert np.allclose(vae_model.kl_to_standard_normal(ops.array(mean), ops.array(log_var)), total, rtol=1e-5)


def test_kl_keeps_its_digits_near_the_prior():
    small = 1e-3
    found = float(vae_model.kl_to_standard_normal(ops.zeros((1, 1)), ops.full((1, 1), small))[0])
    assert found == pytest.approx(0.5 * (np.expm1(small) - small), rel=1e-3)


def test_sampling_has_mean_and_spread_and_does_not_repeat():
    layer = vae_model.Sampling(seed=0)
    mean, log_var = np.full((40_000, 2), 1.5, "float32"), np.tile(np.float32([np.log(4), -2]), (40_000, 1))
    z = np.asarray(layer([mean, log_var]))
    assert np.allclose(z.mean(axis=0), 1.5, atol=0.04) and np.allclose(z.std(axis=0), [2, np.exp(-1)], rtol=0.02)
    assert not np.allclose(z, np.asarray(layer([mean, log_var])))
    assert abs(np.corrcoef(z.T)[0, 1]) < 0.02


def test_distances_are_sums_over_pixels_for_each_image():
    R = np.clip(IMAGES + 0.03, 0, 1)
    assert np.allclose(vae_model.squared_error(IMAGES, R), ((IMAGES - R) ** 2).sum(axis=(1, 2)), rtol=1e-5)
    expected = -(IMAGES * np.log(R) + (1 - IMAGES) * np.log(1 - R)).sum(axis=(1, 2))
    assert np.allclose(vae_model.cross_entropy(IMAGES, R), expected, rtol=1e-5)
    assert np.isfinite(vae_model.cross_entropy(IMAGES, np.round(IMAGES))).all()


def test_floor_is_the_cross_entropy_of_a_perfect_copy():
    per_pixel = float(np.mean(vae_model.cross_entropy(IMAGES, IMAGES))) / 20
    assert measures.cross_entropy_floor(IMAGES) == pytest.approx(per_pixel, rel=1e-4)
    assert measures.cross_entropy_floor(np.array([0.0, 1.0, 1.0])) == 0
    assert measures.cross_entropy_floor(np.array([0.5])) == pytest.approx(np.log(2))


@pytest.mark.parametrize("eager", [True, False])
def test_fit_lowers_the_loss_and_logs_the_parts(eager):
    model = tiny()
    model.compile(optimizer=keras.optimizers.Adam(1e-2), run_eagerly=eager)
    logs = model.fit(IMAGES, epochs=6, batch_size=8, validation_data=IMAGES, verbose=0).history
    assert logs["loss"][-1] < logs["loss"][0]
    assert np.allclose(np.add(logs["reconstruction"], logs["kl"]), logs["loss"], rtol=1e-4)
    assert {"val_loss", "val_reconstruction", "val_kl"} <= set(logs)


def test_weight_of_the_kl_can_change_while_compiled():
    """The classical mistake: beta as a plain number is frozen into the compiled step."""
    prices = {}
    for beta in (0.0, 50.0):
        model = tiny()
        model.compile(optimizer=keras.optimizers.Adam(2e-2))
        model.fit(IMAGES, epochs=1, batch_size=8, verbose=0)
        model.beta.assign(beta)
        model.fit(IMAGES, epochs=20, batch_size=8, verbose=0)
        prices[beta] = measures.parts(model, IMAGES)[1]
    assert prices[50.0] < 0.5 * prices[0.0]


def test_warmup_begins_at_nothing_and_ends_at_the_full_weight():
    model, seen = tiny(beta=3.0), []
    model.compile(optimizer="adam")
    watch = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: seen.append(float(model.beta.value)))
    model.fit(IMAGES, epochs=4, callbacks=[vae_model.BetaWarmup(2), watch], verbose=0)
    assert seen == [0.0, 1.5, 3.0, 3.0] and float(model.beta.value) == 3.0


def test_parts_agree_with_keras_evaluate():
    model = tiny()
    model.compile(optimizer="adam")
    many = np.tile(IMAGES, (40, 1, 1))
    logs = model.evaluate(many, batch_size=480, verbose=0, return_dict=True)
    reconstruction, kl = measures.parts(model, many)
    assert kl == pytest.approx(logs["kl"], rel=1e-4)
    assert reconstruction == pytest.approx(logs["reconstruction"], rel=0.02)
    assert measures.kl_of_each_coding(model, many).sum() == pytest.approx(kl)


def test_all_weights_of_both_networks_get_gradients():
    model = tiny()
    before = [w.copy() for w in model.get_weights()]
    model.compile(optimizer=keras.optimizers.SGD(0.1), run_eagerly=True)
    model.fit(IMAGES, epochs=1, batch_size=24, verbose=0)
    trained = [v.path for v in model.trainable_variables]
    moved = [not np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True)]
    assert len(trained) == 10 and sum(moved) == 10


def test_draws_are_reproducible_and_fit_the_decoder():
    model = tiny()
    assert measures.sample_images(model, 7, seed=3).shape == (7, 4, 5)
    assert np.array_equal(measures.sample_images(model, 7, seed=3), measures.sample_images(model, 7, seed=3))


def test_bound_of_a_linear_gaussian_model_rises_to_the_evidence():
    exact = LinearGaussian(3, d=6, seed=2)
    rng = np.random.default_rng(0)
    x = exact.draw(rng)
    mean, covariance = exact.posterior(x)
    wide = 1.5 * np.sqrt(np.diag(covariance))  # a guess that is wrong on purpose
    bounds = []
    for K in (1, 10, 200):
        z = mean + wide * rng.normal(size=(K, 2000, 3))
        log_q = stats.norm.logpdf(z, mean, wide).sum(axis=-1)
        bounds.append(measures.importance_weighted_bound(exact.log_likelihood(x, z), exact.log_prior(z), log_q).mean())
    assert bounds[0] < bounds[1] < bounds[2] < exact.log_evidence(x) + 0.02
    assert bounds[2] == pytest.approx(exact.log_evidence(x), abs=0.05)


def test_bound_with_the_true_posterior_is_the_evidence_with_one_draw():
    exact = LinearGaussian(2, d=5, seed=1)
    x = exact.draw(np.random.default_rng(4))
    mean, covariance = exact.posterior(x)
    z = np.random.default_rng(5).multivariate_normal(mean, covariance, (1, 9))
    log_q = stats.multivariate_normal(mean, covariance).logpdf(z)
    found = measures.importance_weighted_bound(exact.log_likelihood(x, z), exact.log_prior(z), np.atleast_2d(log_q))
    assert np.allclose(found, exact.log_evidence(x))


def test_linear_gaussian_evidence_is_that_of_scipy():
    exact = LinearGaussian(2, d=4)
    x = exact.draw(np.random.default_rng(0))
    C = exact.W @ exact.W.T + exact.std**2 * np.eye(4)
    assert exact.log_evidence(x) == pytest.approx(stats.multivariate_normal(np.zeros(4), C).logpdf(x))
    assert exact.log_evidence_from_prior(x, 400_000, np.random.default_rng(1)) == pytest.approx(
        exact.log_evidence(x), abs=0.1
    )


@pytest.mark.parametrize(("x", "mean", "log_var"), [(1.5, 0.0, 0.0), (-2.0, 0.3, -3.0), (0.2, -1.0, 0.5)])
def test_gap_is_the_kl_to_the_posterior(x, mean, log_var):
    model = GridModel()
    evidence = integrate.quad(lambda z: np.exp(model.log_joint(x, z)), -8, 8, limit=200)[0]
    assert model.log_evidence(x) == pytest.approx(np.log(evidence), abs=1e-6)
    assert model.elbo(x, mean, log_var) + model.kl_to_posterior(x, mean, log_var) == pytest.approx(
        np.log(evidence), abs=1e-6
    )
    closed = 0.5 * (np.exp(log_var) + mean**2 - 1 - log_var)
    assert model.kl_to_prior(mean, log_var) == pytest.approx(closed, abs=1e-6)


def test_best_gaussian_beats_its_neighbours():
    model = GridModel()
    mean, log_var = model.best_gaussian(1.5)
    best = model.elbo(1.5, mean, log_var)
    assert all(model.elbo(1.5, mean + a, log_var + b) <= best for a in (-0.1, 0, 0.1) for b in (-0.25, 0, 0.25))


def test_hidden_beta_equals_the_ratio_of_gradients():
    assert measures.hidden_beta(784, 10, "mean", "sum", 1 / 784) == pytest.approx(1)
    assert measures.hidden_beta(784, 10, "sum", "mean") == pytest.approx(0.1)
    with pytest.raises(ValueError, match="'sum' or by 'mean'"):
        measures.hidden_beta(784, 10, "average", "sum")


def test_the_test_of_the_spread_knows_the_classical_mistake():
    assert measures.spread_is_right(vae_model.Sampling(seed=0))
    assert not measures.spread_is_right(lambda pair: pair[0] + ops.exp(pair[1]) * keras.random.normal(pair[0].shape))


def test_arc_keeps_the_length_and_ends_where_it_should():
    a, b = np.array([3.0, 0, 0]), np.array([0, 2.0, 0])
    arc = interpolation.spherical(a, b, 5)
    assert np.allclose(arc[[0, -1]], [a, b]) and np.allclose(np.linalg.norm(arc, axis=1), np.linspace(3, 2, 5))
    angles = np.arctan2(arc[:, 1], arc[:, 0])
    assert np.allclose(np.diff(angles), np.pi / 8)
    assert np.allclose(interpolation.spherical(a, 2 * a, 3), interpolation.linear(a, 2 * a, 3))
    with pytest.raises(ValueError, match="no direction"):
        interpolation.spherical(a, 0 * a, 3)
    with pytest.raises(ValueError, match="opposite"):
        interpolation.spherical(a, -a, 3)


def test_pictures_are_drawn():
    model = GridModel()
    for figure in (
        figures.gap_figure(model, 1.5, {"a": (0, 0), "b": (1, -1)}),
        figures.clouds({"one": (np.zeros((3, 2)), np.ones((4, 2))), "two": (np.zeros((3, 2)), np.ones((4, 2)))}),
        figures.parts_figure(
            {"reconstruction": [3, 2], "val_reconstruction": [3, 2], "kl": [1, 2], "val_kl": [1, 1]}, 1
        ),
        diagram.vae_diagram(codings=2),
    ):
        assert figure.alt and len(style.png_bytes(figure)) > 1000
        style.close(figure)


def test_amounts_of_an_attribute_stand_above_the_columns():
    images = np.random.default_rng(0).random((3, 28, 28))
    figure = figures.attribute_rows({"a shirt": images, "a shoe": images[::-1]}, (-0.5, 0.0, 1.0), "Sleeves")
    grid = np.array(figure.axes).reshape(2, 3)
    assert [axes.get_title() for axes in grid[0]] == ["−0.5", "0", "+1"]
    assert [row[0].get_ylabel() for row in grid] == ["a shirt", "a shoe"]
    np.testing.assert_allclose(grid[0, 2].images[0].get_array(), grid[1, 0].images[0].get_array())
    style.close(figure)
    with pytest.raises(ValueError):
        figures.attribute_rows({"a shirt": images}, (0.0, 1.0))


def test_labels_below_the_gap_do_not_touch():
    model = GridModel()
    figure = figures.gap_figure(model, 2.5, {"the prior": (0.0, 0.0), "too sure": (0.4, -4.0)})
    style.png_bytes(figure)
    low, high = figure.axes[1].get_xlim()
    boxes = [t.get_window_extent() for t in figure.axes[1].get_xticklabels() if low <= t.get_position()[0] <= high]
    assert len(boxes) > 2 and all(one.x1 + 4 < other.x0 for one, other in zip(boxes, boxes[1:], strict=False))
    style.close(figure)


def test_all_clouds_are_drawn_on_one_scale():
    near, far = np.random.default_rng(0).normal(size=(2, 50, 2)) * [[[1]], [[9]]]
    figure = figures.clouds({"one": (near, near), "two": (far, near)})
    one, two = figure.axes
    assert one.get_xlim() == two.get_xlim() == one.get_ylim() == two.get_ylim()
    assert one.get_xlim()[1] > np.abs(near).max()
    style.close(figure)


def test_the_explorer_says_the_same_gap_twice():
    pytest.importorskip("ipywidgets")
    box = figures.build_elbo_explorer(GridModel(), 1.5)
    box.mean.value, box.log_var.value = 0.7, -1.0
    numbers = [part.split("</b>")[0] for part in box.words.value.split("<b>")[1:]]
    assert numbers[1] == numbers[2] and not box.errors.value
    box.best.click()
    assert float(box.words.value.split("<b>")[2].split("</b>")[0]) < float(numbers[1])


def test_full_weights_fit_under_a_megabyte():
    keras.utils.set_random_seed(0)
    encoder, decoder = vae_model.dense_halves(10)
    assert 2 * (encoder.count_params() + decoder.count_params()) < 1_000_000
    assert encoder.output_shape == [(None, 10), (None, 10)] or tuple(encoder.output_shape) == ((None, 10), (None, 10))
    mean, log_var = encoder(np.random.default_rng(0).random((2, 28, 28), dtype="float32"))
    assert np.allclose(log_var, 0, atol=1e-6)


def test_log_variances_stay_below_two_and_are_free_below_zero():
    x = np.float32([-20, -5, 0, 3, 100])
    found = np.asarray(vae_model.below_two(x))
    assert np.all(np.diff(found) >= 0) and found[2] == pytest.approx(0, abs=1e-6) and found[-1] < 2.13
    assert found[0] == pytest.approx(-20, abs=0.15) and found[1] == pytest.approx(-5, abs=0.15)
