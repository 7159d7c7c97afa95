"""Denoisers: models, training, the table of levels, the rivals, the widget."""

import keras
import numpy as np
import pytest

from helpers.autoencoders.autoencoder import Autoencoder
from helpers.autoencoders.denoising import figures, networks, noise, score, score_figures
from helpers.autoencoders.denoising.baselines import LinearDenoiser, Median, PCADenoiser
from helpers.autoencoders.denoising.layers import GaussianNoise, MaskingNoise
from helpers.autoencoders.denoising.networks import Gate, small_unet
from helpers.autoencoders.denoising.score import Hills


def pictures(n, side=8, seed=0):
    """Smooth images: a bright rectangle each."""
    rng = np.random.default_rng(seed)
    X = np.zeros((n, side, side), np.float32)
    for image in X:
        top, left = rng.integers(0, side // 2, 2)
        image[top : top + side // 2, left : left + side // 2] = rng.uniform(0.5, 1)
    return X


def test_overcomplete_has_more_codings_than_pixels_and_noise_only_in_training():
    model = networks.overcomplete((8, 8), codings=100, front=GaussianNoise(0.5))
    assert isinstance(model, Autoencoder) and model.encoder.output_shape == (None, 100)
    assert model.count_params() == 65 * 100 + 101 * 64
    X = pictures(5)
    assert np.array_equal(model(X), model(X)) and not np.array_equal(model(X, training=True), model(X, training=True))


def test_behind_shares_the_weights():
    plain = networks.overcomplete((8, 8), codings=70)
    noisy = networks.behind(keras.layers.Dropout(0.5), plain)
    X = pictures(4)
    np.testing.assert_allclose(noisy(X), plain(X), rtol=1e-5)
    assert noisy.count_params() == plain.count_params()
    assert {id(w) for w in noisy.trainable_weights} == {id(w) for w in plain.trainable_weights}


def test_fit_denoiser_shows_fresh_noise_and_clean_targets():
    X, shown = pictures(6), []

    class Model:
        def fit(self, x, y, *, initial_epoch, epochs, **options):
            assert options["batch_size"] == 3 and y is X and epochs == initial_epoch + 1
            shown.append(x)
            return type("History", (), {"history": {"loss": [1.0 / epochs]}})

    losses = networks.fit_denoiser(
        Model(), X, lambda images, rng: noise.gaussian(images, 0.1, rng), 3, 3, np.random.default_rng(0)
    )
    assert losses == [1.0, 0.5, pytest.approx(1 / 3)]
    assert len(shown) == 3 and not np.array_equal(shown[0], shown[1]) and not np.array_equal(shown[0], X)


def test_random_levels_and_kinds():
    X = pictures(400)
    added = (networks.any_kind({"Gaussian": (0.0, 1.0)})(X, np.random.default_rng(0)) - X).std(axis=(1, 2))
    assert added.min() < 0.1 and added.max() > 0.8
    mixed = networks.any_kind({"Gaussian": (0.5, 0.5), "masking": (1, 1)})(X, np.random.default_rng(0))
    black = np.all(mixed == 0, axis=(1, 2))
    assert 0.4 < black.mean() < 0.6 and (mixed[~black] - X[~black]).std() == pytest.approx(0.5, rel=0.05)


def test_level_matrix_gives_all_the_same_noise():
    X, seen = pictures(5), []

    def spy(noisy):
        seen.append(noisy)
        return noisy

    table = networks.level_matrix([spy, spy, np.zeros_like], X, [0.1, 0.5], noise.gaussian, 3)
    assert table.shape == (3, 2) and np.array_equal(table[0], table[1]) and table[0, 0] > table[0, 1]
    assert np.array_equal(seen[0], seen[1]) and table[2, 0] == pytest.approx(noise.mean_psnr(X, 0 * X))
    assert np.array_equal(table, networks.level_matrix([spy, spy, np.zeros_like], X, [0.1, 0.5], noise.gaussian, 3))


def test_gate_mixes_by_pixel():
    noisy, maps = np.full((1, 2, 2, 1), 3.0), np.zeros((1, 2, 2, 2))
    maps[..., 1] = 0.5
    maps[0, 0, 0, 0] = 1
    np.testing.assert_allclose(np.asarray(Gate()([noisy, maps]))[0, ..., 0], [[3, 0.5], [0.5, 0.5]])


def test_small_unet_keeps_the_shape():
    model = small_unet(channels=4, units=8, side=8)
    assert model.output_shape == (None, 8, 8)
    with pytest.raises(ValueError, match="multiple of 4"):
        small_unet(side=10)


@pytest.mark.parametrize("rival", [Median(), PCADenoiser(), LinearDenoiser()])
def test_rivals_improve_noisy_images(rival):
    X, V = pictures(300), pictures(60, seed=1)
    noisy = noise.gaussian(V, 0.3, np.random.default_rng(2))
    rival.fit(X, noise.gaussian(X, 0.3, np.random.default_rng(1)))
    made = rival.denoise(noisy)
    assert made.shape == V.shape and made.min() >= 0 and made.max() <= 1
    assert noise.mean_psnr(V, made) > noise.mean_psnr(V, np.clip(noisy, 0, 1)) + 0.5


def test_rivals_choose_by_the_noise():
    X = pictures(300)
    rng = np.random.default_rng(1)
    components = [PCADenoiser((1, 2, 5, 10, 20, 40)).fit(X, noise.gaussian(X, s, rng)).best for s in (0.01, 0.3, 3.0)]
    assert components == sorted(components, reverse=True) and components[0] > components[-1]
    windows = [Median().fit(X, noise.gaussian(X, s, rng)).best for s in (0.01, 1.0)]
    assert windows[0] == 1 < windows[1]


def test_linear_denoiser_is_wieners_filter():
    rng = np.random.default_rng(0)
    clean = rng.normal(0.5, 0.1, (40_000, 1, 2)) * [1, 2]
    noisy = clean + 0.1 * rng.normal(size=clean.shape)
    fitted = LinearDenoiser(ridge=0).fit(clean, noisy)
    np.testing.assert_allclose(fitted._matrix, np.diag([0.01 / 0.02, 0.04 / 0.05]), atol=0.02)


def test_pictures_and_the_widget(monkeypatch):
    X = pictures(4)
    figure = figures.level_table([[20, 10], [15, 12]], ["a", "b"], [0.1, 0.5], title="T")
    assert "T" in figure.alt and len(figure.axes[0].texts) == 4
    rows = figures.denoised_rows(X, X + 0.1, {"same": lambda noisy: noisy})
    assert "same (20.0 dB)" in rows.alt
    stage = figures.NoiseStage(lambda noisy: noisy * 0.5, X, {"Gaussian": (0, 0.3), "occlusion": (2, 4)}, 0)
    box = figures.build_noise_explorer(stage)
    before = box.board.value
    box.kind.value = "occlusion"
    assert box.level.value == 4 and box.board.value != before and "side in pixels 4" in box.words.value
    before = box.board.value
    box.again.click()
    assert box.board.value != before and not box.errors.value
    monkeypatch.setattr(stage, "denoise", lambda noisy: noisy[:1])
    box.level.value = 2
    assert "The denoiser gave" in box.errors.value
    with pytest.raises(ValueError, match="kinds among"):
        figures.noise_explorer(lambda noisy: noisy, X, {"snow": (1,)})
    figures.noise_explorer(lambda noisy: noisy, X, {"Gaussian": (0.1,)})


# --- noise


X = np.random.default_rng(0).uniform(0.2, 0.9, (300, 8, 7)).astype("float32")


def rng():
    return np.random.default_rng(1)


def test_gaussian_noise_has_its_standard_deviation_and_mean():
    added = noise.gaussian(X, 0.3, rng()) - X
    assert added.std() == pytest.approx(0.3, rel=0.02) and abs(added.mean()) < 0.01
    assert added.dtype == np.float32 and not np.allclose(added[0], added[1])


def test_levels_may_differ_from_image_to_image():
    sigma = np.linspace(0, 1, len(X))
    added = noise.gaussian(X, sigma, rng()) - X
    assert np.all(added[0] == 0)
    np.testing.assert_allclose(added[100:].std(axis=(1, 2)), sigma[100:], rtol=0.4)


def test_masking_loses_the_share_asked_for_and_leaves_the_rest():
    out = noise.masking(X, 0.3, rng())
    assert np.mean(out == 0) == pytest.approx(0.3, abs=0.01)
    assert np.array_equal(out[out > 0], X[out > 0])


def test_dropout_is_what_keras_does():
    ours = noise.dropout(X, 0.25, rng())
    theirs = np.asarray(keras.layers.Dropout(0.25, seed=1)(X, training=True))
    for out in (ours, theirs):
        kept = out > 0
        assert kept.mean() == pytest.approx(0.75, abs=0.01)
        np.testing.assert_allclose(out[kept], X[kept] / 0.75, rtol=1e-6)


def test_salt_and_pepper_are_as_frequent():
    out = noise.salt_and_pepper(X, 0.4, rng())
    assert np.mean(out == 0) == pytest.approx(0.2, abs=0.01) and np.mean(out == 1) == pytest.approx(0.2, abs=0.01)
    rest = (out > 0) & (out < 1)
    assert np.array_equal(out[rest], X[rest])


@pytest.mark.parametrize("side", [0, 3, 7])
def test_occlusion_hides_one_whole_square(side):
    hidden = noise.occlusion(X, side, rng(), shade=0) == 0
    assert np.all(hidden.sum(axis=(1, 2)) == side**2)
    assert np.all(hidden.any(axis=1).sum(axis=1) == side) and np.all(hidden.any(axis=2).sum(axis=1) == side)


def test_occlusion_reaches_every_place():
    hidden = noise.occlusion(X, 3, rng()) != X
    assert hidden.any(axis=0).all() and not np.array_equal(hidden[0], hidden[1])


@pytest.mark.parametrize("kind", noise.KINDS)
def test_every_kind_repeats_itself_and_leaves_its_input_alone(kind):
    before = X.copy()
    first, second = (noise.corrupt(X, kind, 0.5, np.random.default_rng(3)) for _ in range(2))
    assert np.array_equal(first, second) and np.array_equal(X, before)
    assert first.shape == X.shape and first.dtype == np.float32
    np.testing.assert_array_equal(noise.corrupt(X, kind, 0, rng()), X)


def test_what_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="no noise 'snow'"):
        noise.corrupt(X, "snow", 0.1, rng())
    with pytest.raises(ValueError, match="between 0 and 1"):
        noise.masking(X, 1.5, rng())
    with pytest.raises(ValueError, match="below 1"):
        noise.dropout(X, 1.0, rng())
    with pytest.raises(ValueError, match="sigma"):
        noise.gaussian(X, -1, rng())
    with pytest.raises(ValueError, match="one for each"):
        noise.gaussian(X, np.ones(3), rng())
    with pytest.raises(ValueError, match="shape"):
        noise.gaussian(X[0], 0.1, rng())


def test_psnr_by_hand():
    R = X.copy()
    R[0] += 0.1
    R[1] += 0.01
    assert noise.psnr(X[:2], R[:2]) == pytest.approx([20, 40], abs=1e-3)
    assert noise.mean_psnr(X[:2], R[:2]) == pytest.approx(30, abs=1e-3)
    assert noise.mean_psnr(255 * X[:2], 255 * R[:2], 255) == pytest.approx(30, abs=1e-3)
    assert noise.psnr(X, X)[0] == np.inf
    pooled = -10 * np.log10(np.mean((X[:2] - R[:2]) ** 2))
    assert noise.mean_psnr(X[:2], R[:2]) > pooled
    with pytest.raises(ValueError, match="one shape"):
        noise.psnr(X, X[:2])


LAYERS = [GaussianNoise(0.3, seed=1), MaskingNoise(0.3, seed=1), MaskingNoise(0.3, True, seed=1)]


@pytest.mark.parametrize("layer", LAYERS)
def test_layers_work_in_training_only_and_survive_saving(layer, tmp_path):
    assert np.array_equal(layer(X), X) and np.array_equal(layer(X, training=False), X)
    one, two = (np.asarray(layer(X, training=True)) for _ in range(2))
    assert not np.allclose(one, X) and not np.allclose(one, two)
    model = keras.Sequential([keras.Input((8, 7)), layer])
    model.save(tmp_path / "noisy.keras")
    again = keras.models.load_model(tmp_path / "noisy.keras")
    assert again.layers[0].get_config() == layer.get_config()
    assert np.array_equal(again.predict(X, verbose=0), X)


def test_layers_have_the_right_statistics():
    added = np.asarray(GaussianNoise(0.3, seed=1)(X, training=True)) - X
    assert added.std() == pytest.approx(0.3, rel=0.02)
    for rescale, factor in ((False, 1), (True, 1 / 0.7)):
        out = np.asarray(MaskingNoise(0.3, rescale, seed=1)(X, training=True))
        assert np.mean(out == 0) == pytest.approx(0.3, abs=0.01)
        np.testing.assert_allclose(out[out > 0], factor * X[out > 0], rtol=1e-5)
    with pytest.raises(ValueError, match="sigma"):
        GaussianNoise(-1)
    with pytest.raises(ValueError, match="rate"):
        MaskingNoise(1)


# --- score field


RNG = np.random.default_rng(0)


HILLS = Hills(np.array([[1.0, 0.0], [-0.5, 1.0], [0.0, -1.0]]), 0.2)
X_SCORE_FIELD = RNG.normal(size=(20, 2))


@pytest.mark.parametrize("sigma", [0.0, 0.3, 2.0])
def test_the_score_is_the_gradient_of_the_log_density(sigma):
    h = 1e-5
    slopes = [
        (HILLS.log_density(X_SCORE_FIELD + h * e, sigma) - HILLS.log_density(X_SCORE_FIELD - h * e, sigma)) / (2 * h)
        for e in np.eye(2)
    ]
    np.testing.assert_allclose(HILLS.score(X_SCORE_FIELD, sigma), np.stack(slopes, axis=1), rtol=1e-5, atol=1e-6)


def test_the_density_sums_to_one():
    side = np.linspace(-6, 6, 241)
    places = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    assert np.exp(HILLS.log_density(places, 0.4)).sum() * (side[1] - side[0]) ** 2 == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("sigma", [0.1, 0.5])
def test_tweedies_formula(sigma):
    found = score.score_from_denoiser(lambda x: HILLS.denoise(x, sigma), X_SCORE_FIELD, sigma)
    np.testing.assert_allclose(found, HILLS.score(X_SCORE_FIELD, sigma), rtol=1e-8, atol=1e-8)


def test_no_denoiser_is_better_than_the_exact_one():
    rng = np.random.default_rng(1)
    clean = HILLS.draw(20_000, rng)
    noisy = clean + 0.4 * rng.normal(size=clean.shape)
    best = np.mean((HILLS.denoise(noisy, 0.4) - clean) ** 2)
    for other in (noisy, HILLS.denoise(noisy, 0.3), HILLS.denoise(noisy, 0.5), 0.9 * HILLS.denoise(noisy, 0.4)):
        assert np.mean((other - clean) ** 2) > best


def test_walks_go_uphill_and_langevin_spreads():
    one = Hills(np.zeros((1, 2)), 1.0)
    start = RNG.normal(3, 1, (3_000, 2))
    calm = score.walk(one.score, start, 0.1, 100)
    assert calm.shape == (101, 3_000, 2) and np.abs(calm[-1]).max() < 1e-3
    restless = score.walk(one.score, start, 0.05, 150, rng=np.random.default_rng(0))
    assert restless[-1].std() == pytest.approx(1, abs=0.05) and abs(restless[-1].mean()) < 0.06


def test_descent_ends_where_the_data_are():
    sigmas = np.geomspace(5, 0.02, 60)
    path = score.descend(HILLS.denoise, 5 * RNG.normal(size=(3_000, 2)), sigmas)
    assert path.shape == (61, 3_000, 2)
    distances = np.linalg.norm(path[-1][:, None] - HILLS.centres, axis=2)
    shares = np.bincount(distances.argmin(axis=1), minlength=3) / 3_000
    np.testing.assert_allclose(shares, 1 / 3, atol=0.06)
    assert np.quantile(distances.min(axis=1), 0.95) < 0.7
    with pytest.raises(ValueError, match="fall"):
        score.descend(HILLS.denoise, X_SCORE_FIELD, [0.1, 0.5])


def test_score_field_what_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="sigma"):
        score.score_from_denoiser(lambda x: x, X_SCORE_FIELD, 0)
    with pytest.raises(ValueError, match="only points"):
        Hills(HILLS.centres, 0.0).score(X_SCORE_FIELD)


def test_pictures():
    walk = score.walk(HILLS.score, X_SCORE_FIELD, 0.01, 3)
    figures = [
        score_figures.arrows(HILLS, 0.3, {"exact: $p_σ$": HILLS.score}, X_SCORE_FIELD),
        score_figures.paths(HILLS, 0.3, {"walk": walk}),
        score_figures.falling(walk, [3, 1, 0.5], (0, 2, 3), X_SCORE_FIELD),
    ]
    assert all(figure.alt for figure in figures) and figures[0].alt.endswith("exact: p_σ")
    titles = [axes.get_title(loc="left") for axes in figures[2].axes]
    assert titles == ["σ = 3\n(zoomed out)", "σ = 0.5", "σ = 0", "real data"]


@pytest.mark.slow
def test_a_trained_denoiser_knows_the_score():
    from helpers.autoencoders.denoising.score import PointDenoiser

    denoiser = PointDenoiser(units=48, seed=0)
    denoiser.fit(HILLS.draw, 0.05, 3.0, 300)
    rng = np.random.default_rng(1)
    noisy = HILLS.draw(2_000, rng) + 0.5 * rng.normal(size=(2_000, 2))
    learned = score.score_from_denoiser(lambda x: denoiser(x, 0.5), noisy, 0.5)
    exact = HILLS.score(noisy, 0.5)
    assert np.sum((learned - exact) ** 2) < 0.1 * np.sum(exact**2)


def test_curves_over_the_levels_are_named_at_their_ends_without_lying_on_each_other():
    figure = figures.level_curves({"a": [20.0, 10.0], "b": [19.0, 10.01], "c": [9.0, 5.0]}, [0.1, 1.0], title="t")
    axes = figure.axes[0]
    heights = sorted(text.get_position()[1] for text in axes.texts)
    assert [text.get_text() for text in axes.texts] == ["c", "a", "b"]
    assert np.diff(heights).min() > 0.5
