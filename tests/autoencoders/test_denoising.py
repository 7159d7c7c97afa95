"""Denoisers: models, training, the table of levels, the rivals, the widget."""

import keras
import numpy as np
import pytest

from helpers.autoencoders.autoencoder import Autoencoder
from helpers.autoencoders.denoising import figures, networks, noise
from helpers.autoencoders.denoising.baselines import LinearDenoiser, Median, PCADenoiser
from helpers.autoencoders.denoising.layers import GaussianNoise
from helpers.autoencoders.denoising.networks import Gate, small_unet


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
