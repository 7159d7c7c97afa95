"""What is shown while a GAN trains: coverage in the logs, samples of the same codings, and a training left as it is."""

import gc
import importlib
import json
import os
import re
import signal
import subprocess
import sys
import warnings
import weakref

import numpy as np
import pytest

from helpers.backend import keras
from helpers.gans import callbacks as gans_callbacks
from helpers.gans import samples
from helpers.gans.dcgan import networks
from helpers.gans.dcgan.networks import dcgan_pair
from helpers.gans.gan import GAN
from helpers.gans.stability.replay import Replay
from helpers.gans.vanilla import networks as vanilla_networks
from helpers.gans.vanilla.networks import dense_pair
from helpers.training import fitting
from helpers.training import live as training_live

X = np.random.default_rng(0).uniform(-1, 1, (64, 28, 28)).astype("float32")


def fresh(conditional=False):
    keras.utils.set_random_seed(0)
    pair = dcgan_pair(4, 2, classes=10) if conditional else dense_pair(4, (8,))
    gan = GAN(*pair, codings=4, conditional=conditional, seed=1)
    gan.compile(keras.optimizers.Adam(1e-3), keras.optimizers.Adam(1e-3))
    return gan


@pytest.mark.slow
@pytest.mark.parametrize("conditional", [False, True])
def test_the_history_has_the_coverage_of_every_epoch(conditional, capsys):
    gan = fresh(conditional)
    data = (X[..., None], np.arange(64) % 10) if conditional else (X,)
    callbacks = gans_callbacks.watched(gan, "two networks", judged=30)
    history = fitting.fit(gan, *data, epochs=2, batch_size=16, callbacks=callbacks).history
    assert set(history) == {"d_loss", "g_loss", "real_accuracy", "fake_accuracy", "coverage"}
    assert len(history["coverage"]) == 2 and all(0 < value <= 1 for value in history["coverage"])
    assert re.search(r"two networks: epoch 2 of 2 .* coverage 0\.", capsys.readouterr().out)


@pytest.mark.slow
def test_the_samples_are_those_of_the_same_codings():
    gan = fresh()
    live = gans_callbacks.watched(gan, samples=3)[1]
    before = live._samples()
    assert before.shape == (3, 28, 28) and np.array_equal(before, live._samples())
    gan.fit(X, batch_size=16, verbose=0)
    assert not np.array_equal(before, live._samples())


@pytest.mark.slow
def test_a_training_goes_the_same_way_whether_it_is_watched_or_not():
    weights = []
    for callbacks in ([], None):
        gan = fresh()
        gan.fit(
            X, epochs=2, batch_size=16, verbose=0, callbacks=gans_callbacks.watched(gan) if callbacks is None else []
        )
        weights.append(gan.get_weights())
    assert all(np.array_equal(a, b) for a, b in zip(*weights, strict=True))


@pytest.mark.slow
def test_a_diverged_generator_covers_nothing(monkeypatch):
    gan = fresh()
    monkeypatch.setattr(samples, "draw", lambda gan, n, seed=0, labels=None: np.full((n, 28, 28), np.nan))
    logs = {}
    gans_callbacks.Coverage(gan).on_epoch_end(0, logs)
    assert logs == {"coverage": 0.0}


# --- gan training


IMAGES = np.random.default_rng(0).uniform(-1, 1, (50, 4, 5)).astype("float32")


LABELS = (np.arange(50) % 3).astype("uint8")


def tiny(game="non-saturating", averaging=0.9, replay=20, eager=False, steps=1, norm=True, **options):
    keras.utils.set_random_seed(1)
    pair = vanilla_networks.dense_pair(3, (6,), (4, 5), normalise=norm, dropout=0.2)
    buffer = Replay(replay, (4, 5)) if replay else None
    gan = GAN(*pair, 3, game, averaging=averaging, replay=buffer, **options)
    adams = [keras.optimizers.Adam(rate, beta_1=0.5) for rate in (0.01, 0.02)]
    gan.compile(*adams, run_eagerly=eager, steps_per_execution=steps)
    return gan


def everything(gan):
    """All that a GAN consists of: weights, averages, buffer, chance, and both optimizers' state."""
    optimizers = [*gan.generator_optimizer.variables, *gan.discriminator_optimizer.variables]
    return [np.array(v.numpy()) for v in [*gan.weights, *optimizers]]


def equal(a, b):
    return len(a) == len(b) and all(np.array_equal(x, y) for x, y in zip(a, b, strict=True))


@pytest.mark.slow
def test_fit_repeats_itself_bit_by_bit():
    def run(shuffle, steps=1):
        gan, traces = tiny(steps=steps), []
        unpack = gan.unpack
        gan.unpack = lambda data: traces.append(0) or unpack(data)
        logs = gan.fit(IMAGES, epochs=2, batch_size=8, shuffle=shuffle, verbose=0).history
        assert len(traces) <= 2 * steps, "traced once, and once more for the odd last batch"
        return everything(gan), logs, gan

    first, logs, _ = run(True)
    assert equal(first, run(True)[0])
    assert set(logs) == {"d_loss", "g_loss", "real_accuracy", "fake_accuracy"} and len(logs["d_loss"]) == 2
    in_order = run(False)
    assert not equal(in_order[0], first)
    four = run(False, steps=4)
    assert equal(in_order[0], four[0]), "four steps in one call are the same four steps"
    assert int(four[2].generator_optimizer.iterations) == 2 * 7


@pytest.mark.slow
def test_compiled_and_eager_are_the_same_game():
    found = []
    for eager in (False, True):
        gan = tiny(eager=eager, norm=False, critic_steps=2, noise=0.1, smoothing=0.1)
        gan.fit(IMAGES, epochs=1, batch_size=16, shuffle=False, verbose=0)
        assert int(gan.discriminator_optimizer.iterations) == 2 * int(gan.generator_optimizer.iterations) == 8
        found.append(everything(gan))
    assert all(np.allclose(a, b, rtol=1e-3, atol=1e-4) for a, b in zip(*found, strict=True))


@pytest.mark.slow
def test_noise_fades_inside_the_compiled_step():
    gan, other = tiny(noise=5.0, replay=0), tiny(noise=5.0, replay=0)
    for each in (gan, other):
        each.fit(IMAGES, batch_size=25, shuffle=False, verbose=0)
    gan.noise.assign(0.0)
    for each in (gan, other):
        each.fit(IMAGES, batch_size=25, shuffle=False, verbose=0)
    judges = [[w.numpy() for w in each.discriminator.trainable_variables] for each in (gan, other)]
    assert not equal(*judges), "as a plain number it would be frozen into the step"


@pytest.mark.slow
@pytest.mark.parametrize("game", ["saturating", "least squares", "hinge", "Wasserstein"])
def test_every_game_trains(game):
    gan = tiny(game, eager=True)
    before = [np.array(w.numpy()) for w in gan.generator.trainable_variables]
    logs = gan.fit(IMAGES, batch_size=25, verbose=0).history
    assert np.isfinite([v[-1] for v in logs.values()]).all()
    assert not np.allclose(before[0], gan.generator.trainable_variables[0].numpy())


@pytest.mark.slow
def test_labels_in_fit_are_wanted_and_used():
    keras.utils.set_random_seed(1)
    pair = networks.dcgan_pair(3, maps=2, classes=3)
    gan = GAN(*pair, 3, conditional=True, averaging=0.9)
    gan.compile(keras.optimizers.Adam(0.01), keras.optimizers.Adam(0.01))
    images = np.zeros((20, 28, 28, 1), np.float32)
    with pytest.raises(ValueError, match="needs labels"):
        gan.fit(images, batch_size=10, verbose=0)
    logs = gan.fit(images, LABELS[:20], batch_size=10, verbose=0).history
    assert np.isfinite([v[-1] for v in logs.values()]).all()
    assert samples.draw(gan, 5, labels=1).shape == (5, 28, 28)


@pytest.mark.slow
def test_no_warnings_and_no_optimizer_that_nobody_uses(tmp_path, recwarn):
    gan = tiny()
    best = keras.callbacks.ModelCheckpoint(
        str(tmp_path / "best.weights.h5"), monitor="g_loss", mode="min", save_best_only=True, save_weights_only=True
    )
    backup = keras.callbacks.BackupAndRestore(str(tmp_path / "backup"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        # Keras' own, about the protocol of NumPy 2
        warnings.filterwarnings("ignore", message="__array__ implementation", category=DeprecationWarning)
        gan.fit(IMAGES, epochs=2, batch_size=25, callbacks=[best, backup, keras.callbacks.TerminateOnNaN()], verbose=0)
        gan.save_weights(tmp_path / "last.weights.h5")
        other = tiny()
        other.load_weights(tmp_path / "last.weights.h5")
    assert gan.optimizer is None and (tmp_path / "best.weights.h5").exists() and not recwarn.list
    assert equal(everything(gan), everything(other)), "also the slots of both optimizers, the buffer and the chance"
    slots = other.discriminator_optimizer.variables
    assert any(np.any(v.numpy()) for v in slots[2:]) and int(other.generator_optimizer.iterations) == 4
    for each in (gan, other):
        for layer in each.discriminator.layers:
            if isinstance(layer, keras.layers.Dropout):  # Keras keeps these nowhere
                layer.seed_generator.state.assign([7, 0])
        each.fit(IMAGES, batch_size=25, shuffle=False, verbose=0)
    assert equal(everything(gan), everything(other)), "what was loaded goes on just as what was saved"


@pytest.mark.slow
def test_watched_interrupted_and_resumed(capsys):
    class Interrupt(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if int(self.model.generator_optimizer.iterations) == 3:
                os.kill(os.getpid(), signal.SIGINT)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        gan = tiny()
        live = training_live.Live("GAN", curves=["d_loss", "g_loss"], samples=lambda: samples.draw(gan, 4))
        history = fitting.fit(gan, IMAGES, epochs=4, batch_size=25, callbacks=[live, Interrupt()])
    finally:
        signal.signal(signal.SIGINT, before)
    assert history.epoch == [0] and "Interrupted after 1 of 4 epochs" in capsys.readouterr().out
    whole = fitting.fit(gan, IMAGES, epochs=4, batch_size=25, resume=True)
    assert whole.epoch == [0, 1, 2, 3] and len(whole.history["g_loss"]) == 4
    assert int(gan.generator_optimizer.iterations) == 3 + 6


@pytest.mark.slow
def test_nothing_is_kept_of_a_gan_that_is_gone():
    gan = tiny()
    gan.fit(IMAGES, epochs=1, batch_size=25, verbose=0)
    samples.draw(gan, 2)
    gone = weakref.ref(gan)
    del gan
    gc.collect()
    assert gone() is None


@pytest.mark.slow
def test_memory_does_not_grow_with_the_steps():
    psutil = pytest.importorskip("psutil")
    gan, process = tiny(steps=10), psutil.Process()
    images = np.tile(IMAGES, (4, 1, 1))  # 40 steps in an epoch

    def grown(epochs):
        gc.collect()
        before = process.memory_info().rss
        gan.fit(images, epochs=epochs, batch_size=5, verbose=0)
        gc.collect()
        return process.memory_info().rss - before

    grown(5)  # traces, caches and pools are filled
    count = len(gc.get_objects())
    assert grown(25) < 10e6, "a thousand steps"
    assert len(gc.get_objects()) < count + 2000


# ------------------------------------------------------------------------------------------------- killed
PROGRAM = '''
import os, signal, sys
import numpy as np
from helpers import weights
from helpers.backend import keras
from helpers.gans import Film, GAN, samples, vanilla
from helpers.gans.stability.replay import Replay

class Killer(keras.callbacks.Callback):
    """Kills the process in the middle of an epoch, without a chance to tidy up (0: never)."""

    def __init__(self, deadly):
        super().__init__()
        self.deadly = deadly

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch + 1
        print("epoch", self.epoch, flush=True)

    def on_train_batch_end(self, batch, logs=None):
        if self.epoch == self.deadly and batch == 2:
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))

def go(deadly):
    keras.utils.set_random_seed(1)
    images = np.random.default_rng(0).uniform(-1, 1, (40, 4, 5)).astype("float32")
    pair = vanilla.dense_pair(3, (6,), (4, 5), normalise=True)
    gan = GAN(*pair, 3, averaging=0.9, replay=Replay(15, (4, 5)), noise=0.1)
    gan.compile(keras.optimizers.Adam(0.01, 0.5), keras.optimizers.Adam(0.02, 0.5))
    seen = Film(gan, samples.fixed_codings(gan, 4), frames=9, judged=0)

    def train(callbacks):
        callbacks = [*callbacks, seen, Killer(deadly)]
        history = gan.fit(images, epochs=6, batch_size=10, shuffle=False, verbose=0, callbacks=callbacks)
        seen.save("film-12", lesson="12", data="40 random images")
        return history

    outcome = weights.load_or_train(gan, "gan-12", train, source=(GAN,), lesson="12", data="40 random images")
    told = {"d_loss": outcome.history["d_loss"], "steps": seen.steps.tolist(), "total": int(seen.images.sum())}
    optimizers = [*gan.generator_optimizer.variables, *gan.discriminator_optimizer.variables]
    return told, [np.array(v.numpy()) for v in [*gan.weights, *optimizers]]

if __name__ == "__main__":
    go(int(sys.argv[1]))
'''


@pytest.mark.slow
def test_a_killed_training_goes_on_as_if_nothing_had_happened(tmp_path, root, monkeypatch, capsys):
    (tmp_path / "gan_program.py").write_text(PROGRAM, encoding="utf-8")

    def settings(name):
        own = tmp_path / name
        folders = {"WORKBOOK_CHECKPOINTS": str(own / "weights"), "WORKBOOK_STATE": str(own / "state")}
        return {**folders, "WORKBOOK_PROFILE": "full"}

    dead = subprocess.run(
        [sys.executable, "-W", "error:::helpers", str(tmp_path / "gan_program.py"), "4"],
        env={**os.environ, **settings("cut"), "PYTHONPATH": str(root)},
        capture_output=True, encoding="utf-8", timeout=900,
    )  # fmt: skip
    assert dead.returncode != 0 and dead.stdout.split("\n")[-2] == "epoch 4", dead.stderr

    monkeypatch.syspath_prepend(str(tmp_path))
    program = importlib.import_module("gan_program")
    monkeypatch.delitem(sys.modules, "gan_program")

    def go_on(name):  # in this process, which is another one
        for key, value in settings(name).items():
            monkeypatch.setenv(key, value)
        return *program.go(0), capsys.readouterr().out

    (told, state, said), (whole, uncut, _) = go_on("cut"), go_on("whole")
    assert "Going on after epoch 3 of 6" in said and "epoch 3\n" not in said
    assert told == whole, "the history, and the film with its earlier frames"
    assert told["steps"][0] == 0 and told["steps"][-1] == 24 and len(told["steps"]) > 5
    assert equal(state, uncut)
    assert (tmp_path / "cut" / "weights" / "film-12.npz").exists()
    assert not list((tmp_path / "cut" / "state").rglob("*.npz")), "the frames kept for the case are cleared away"


# -------------------------------------------------------------------------------------------- two devices
DEVICES = """
import json, os, threading
os.environ |= {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3"}
import numpy as np
import tensorflow as tf
tf.config.set_logical_device_configuration(
    tf.config.list_physical_devices("CPU")[0], [tf.config.LogicalDeviceConfiguration()] * 2
)
import keras
from helpers.gans.gan import GAN
L, K, BATCH, STEPS = keras.layers, 4, 16, 5
rng = np.random.default_rng(0)
X = rng.uniform(-1, 1, (STEPS, BATCH, 6)).astype("float32")
Z = rng.normal(size=(2, STEPS, BATCH, K)).astype("float32")

def build(norm):
    keras.utils.set_random_seed(3)
    middle = [L.BatchNormalization(synchronized=True)] if norm else []
    G = keras.Sequential([keras.Input((K,)), L.Dense(8, use_bias=not norm), *middle, L.LeakyReLU(), L.Dense(6)])
    D = keras.Sequential([keras.Input((6,)), L.Dense(8), L.LeakyReLU(), L.Dense(1)])
    gan = GAN(G, D, K, averaging=0.9, seed=5)
    gan.compile(keras.optimizers.Adam(1e-2, 0.5), keras.optimizers.Adam(1e-2, 0.5))
    return gan

def figures(gan):
    return [float(mean.result()) for mean in gan.means]

def alone(norm):
    gan, logs = build(norm), []
    for x, *both in zip(X, *Z):
        gan.reset_metrics()
        gan.draw_codings = lambda count: both.pop(0)
        gan.train_step(tf.constant(x))
        logs.append(figures(gan))
    return gan, logs

def mirrored(norm, own=False):
    strategy = tf.distribute.MirroredStrategy(
        ["CPU:0", "CPU:1"], cross_device_ops=tf.distribute.ReductionToOneDevice())
    with strategy.scope():
        gan = build(norm)
    mine, logs, half = threading.local(), [], BATCH // 2  # each device has a thread
    drawn = gan.draw_codings
    if not own:
        gan.draw_codings = lambda count: mine.codings.pop(0)

    def on_one(x, first, second):
        mine.codings = [first, second]
        gan.train_step(x)
        return drawn(3)

    step = tf.function(lambda *parts: strategy.run(on_one, parts))
    for data in zip(X, *Z):
        gan.reset_metrics()
        parts = [strategy.experimental_distribute_values_from_function(
            lambda c, a=a: tf.constant(a[c.replica_id_in_sync_group * half :][:half])) for a in data]
        codings = step(*parts)
        logs.append(figures(gan))
    return gan, logs, [c.numpy().tolist() for c in strategy.experimental_local_results(codings)]

out = {}
for norm in (False, True):
    (one, a), (two, b, codings) = alone(norm), mirrored(norm)
    apart = [float(np.abs(u.numpy() - v.numpy()).max()) for u, v in zip(one.weights, two.weights)
             if "float" in str(u.dtype)]
    out[str(norm)] = {"logs": float(np.abs(np.subtract(a, b)).max()), "weights": max(apart), "moved": a[0] != a[-1]}
*_, logs, codings = mirrored(False, own=True)
print(json.dumps(out | {"finite": bool(np.isfinite(logs).all()), "codings": codings}))
"""


@pytest.mark.slow
def test_two_devices_play_the_same_game_as_one(tmp_path, root):
    (tmp_path / "devices.py").write_text(DEVICES, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(tmp_path / "devices.py")], env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True, encoding="utf-8", timeout=900,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    for norm in ("False", "True"):
        assert told[norm]["logs"] < 1e-5 and told[norm]["weights"] < 1e-5 and told[norm]["moved"], told
    assert told["finite"]
    one, other = told["codings"]
    assert np.shape(one) == (3, 4) and not np.allclose(one, other), "each device draws codings of its own"
