"""The robustness table of lesson 14: its networks are what they say, its budget is fair, its figures are kept."""

import numpy as np
import pytest

from helpers.gans import gan as gans_gan
from helpers.gans.wasserstein import gan as wasserstein_gan
from helpers.gans.wasserstein import robustness

RNG = np.random.default_rng(0)


def kinds(network):
    return [type(layer).__name__ for layer in network.layers]


@pytest.mark.parametrize("cell", robustness.CELLS)
def test_each_cell_is_what_it_says(cell):
    networks, name = cell
    generator, critic = robustness.pair(networks, name, codings=4, maps=2)
    assert generator.output_shape == (None, 28, 28, 1) and critic.output_shape == (None, 1)
    batches = kinds(generator).count("BatchNormalization"), kinds(critic).count("BatchNormalization")
    plain, dense = networks == "no batch normalization", networks == "dense generator"
    assert batches == (0 if plain or dense else 2, 0 if plain or name == "WGAN-GP" else 1)
    assert ("GroupNormalization" in kinds(critic)) == (name == "WGAN-GP" and not plain)
    assert ("Conv2DTranspose" in kinds(generator)) != dense
    inside = {
        layer.activation.__name__ for layer in [*generator.layers, *critic.layers] if hasattr(layer, "activation")
    }
    assert ("relu" in inside) == (networks != "tanh everywhere")
    assert ("LeakyReLU" in kinds(critic)) == (networks != "tanh everywhere")


def test_games_and_unknown_names():
    gans = [robustness.compiled_gan("no batch normalization", name, 4, 2) for name in robustness.GAMES]
    assert [gan.critic_steps for gan in gans] == [robustness.CRITIC_STEPS[name] for name in robustness.GAMES]
    assert isinstance(gans[1], wasserstein_gan.ClippedWGAN) and isinstance(gans[2], wasserstein_gan.WGANGP)
    with pytest.raises(ValueError, match="no cell"):
        robustness.pair("DCGAN", "chess")


def test_summary():
    history = {
        "DCGAN | GAN: frechet": [2.0, 4.0],
        "DCGAN | GAN: coverage": [1.0, 0.8],
        "DCGAN | GAN: seconds": [5.0, 7.0],
    }
    assert robustness.summary(history) == {
        ("DCGAN", "GAN"): {
            "frechet": 3.0,
            "lowest": 2.0,
            "highest": 4.0,
            "coverage": pytest.approx(0.9),
            "seconds": 6.0,
        }
    }


@pytest.mark.slow
def test_every_critic_is_shown_as_many_images(monkeypatch):
    images, shown = RNG.uniform(-1, 1, (50, 28, 28, 1)).astype("float32"), []
    for name in robustness.GAMES:
        real = []
        kind = {"GAN": gans_gan.GAN, "WGAN, clipped": wasserstein_gan.ClippedWGAN, "WGAN-GP": wasserstein_gan.WGANGP}[
            name
        ]
        fit = kind.fit
        monkeypatch.setattr(
            kind, "fit", lambda self, x, fit=fit, real=real, **o: real.append(len(x)) or fit(self, x, **o)
        )
        figures, made, _ = robustness.train(
            "dense generator", name, images, 160, batch_size=4, count=20, codings=4, maps=2
        )
        monkeypatch.undo()
        shown.append(sum(real))
        assert np.isfinite(made).all() and set(figures) == {"frechet", "coverage", "seconds"}
    assert shown == [160] * 3


@pytest.mark.slow
def test_a_sheet_is_filled_and_keeps_figures_for_each_seed():
    sheet = robustness.RobustnessTrials()
    images = RNG.uniform(-1, 1, (32, 28, 28, 1)).astype("float32")
    told = sheet.fill(images, seeds=(1, 2), shown=40, cells=2, batch_size=4, codings=4, maps=2, count=20)
    assert told == {"seeds": 2, "shown": 40, "cells": 2} and len(sheet.weights) == 1
    assert all(len(values) == 2 for values in sheet.history.history.values())
    pictures = np.asarray(sheet.pictures)
    assert pictures.shape == (12, 10, 28, 28) and pictures[:2].std() > 0 and pictures[2:].max() == 0
    assert list(robustness.summary(sheet.history.history)) == list(robustness.CELLS[:2])
