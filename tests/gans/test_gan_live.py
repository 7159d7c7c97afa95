"""What is shown while a GAN trains: coverage in the logs, samples of the same codings, and a training left as it is."""

import re

import numpy as np
import pytest

from helpers.backend import keras
from helpers.gans import callbacks as gans_callbacks
from helpers.gans import samples
from helpers.gans.dcgan.networks import dcgan_pair
from helpers.gans.gan import GAN
from helpers.gans.vanilla.networks import dense_pair
from helpers.training import fitting

pytestmark = pytest.mark.slow  # trains
X = np.random.default_rng(0).uniform(-1, 1, (64, 28, 28)).astype("float32")


def fresh(conditional=False):
    keras.utils.set_random_seed(0)
    pair = dcgan_pair(4, 2, classes=10) if conditional else dense_pair(4, (8,))
    gan = GAN(*pair, codings=4, conditional=conditional, seed=1)
    gan.compile(keras.optimizers.Adam(1e-3), keras.optimizers.Adam(1e-3))
    return gan


@pytest.mark.parametrize("conditional", [False, True])
def test_the_history_has_the_coverage_of_every_epoch(conditional, capsys):
    gan = fresh(conditional)
    data = (X[..., None], np.arange(64) % 10) if conditional else (X,)
    callbacks = gans_callbacks.watched(gan, "two networks", judged=30)
    history = fitting.fit(gan, *data, epochs=2, batch_size=16, callbacks=callbacks).history
    assert set(history) == {"d_loss", "g_loss", "real_accuracy", "fake_accuracy", "coverage"}
    assert len(history["coverage"]) == 2 and all(0 < value <= 1 for value in history["coverage"])
    assert re.search(r"two networks: epoch 2 of 2 .* coverage 0\.", capsys.readouterr().out)


def test_the_samples_are_those_of_the_same_codings():
    gan = fresh()
    live = gans_callbacks.watched(gan, samples=3)[1]
    before = live._samples()
    assert before.shape == (3, 28, 28) and np.array_equal(before, live._samples())
    gan.fit(X, batch_size=16, verbose=0)
    assert not np.array_equal(before, live._samples())


def test_a_training_goes_the_same_way_whether_it_is_watched_or_not():
    weights = []
    for callbacks in ([], None):
        gan = fresh()
        gan.fit(
            X, epochs=2, batch_size=16, verbose=0, callbacks=gans_callbacks.watched(gan) if callbacks is None else []
        )
        weights.append(gan.get_weights())
    assert all(np.array_equal(a, b) for a, b in zip(*weights, strict=True))


def test_a_diverged_generator_covers_nothing(monkeypatch):
    gan = fresh()
    monkeypatch.setattr(samples, "draw", lambda gan, n, seed=0, labels=None: np.full((n, 28, 28), np.nan))
    logs = {}
    gans_callbacks.Coverage(gan).on_epoch_end(0, logs)
    assert logs == {"coverage": 0.0}
