"""Weights that ship: whole or not at all, each fault with its line; and trainings that survive being
killed.
"""

import hashlib
import importlib
import io
import json
import linecache
import os
import re
import subprocess
import sys
import textwrap
import types
import zipfile
from pathlib import Path

import numpy as np
import pytest

from helpers.backend import keras
from helpers.data import dataset
from helpers.weights import archive as weights_archive
from helpers.weights import store
from helpers.weights.digest import NoSource, digest
from tools.train import __main__ as tool

pytestmark = pytest.mark.slow  # trains, or judges thousands of images: left out by `test --quick`


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder for weights and one for the state, in the lecture profile."""
    monkeypatch.setenv("WORKBOOK_CHECKPOINTS", str(tmp_path / "weights"))
    monkeypatch.setenv("WORKBOOK_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("WORKBOOK_PROFILE", "lecture")
    return tmp_path / "weights"


def build(units=3, seed=0):
    start = keras.initializers.RandomNormal(seed=seed)
    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(units, bias_initializer=start)])


def numbers(model):
    return [np.asarray(v).copy() for v in model.weights]


FACTS = dict(lesson="10", data="toy data, 8 points", seconds=100.4, images_seen=80, figures={"loss": 0.25})
SOURCE = (build, {"units": 3})


@pytest.fixture
def saved(folder, capsys):
    """Weights "toy" in `folder`; a function that tries them on another model and returns what was said."""
    model = build()
    model.set_weights([np.arange(12.0).reshape(4, 3), np.array([7.0, 8.0, 9.0])])
    store.save(model, "toy", source=SOURCE, **FACTS)
    assert "Saved toy" in capsys.readouterr().out

    def attempt(units=3, source=SOURCE):
        other = build(units)
        before = numbers(other)
        answer = store.load(other, "toy", source=source)
        said = capsys.readouterr().out
        assert said.count("\n") == 1 and said.startswith("Loaded toy" if answer else "Weights toy: ")
        after = numbers(other)
        wanted = numbers(model) if answer else before  # all of them, or none
        assert all(np.array_equal(a, b) for a, b in zip(after, wanted, strict=True))
        return said

    return attempt


def edit(folder, **changes):
    path = folder / "toy.json"
    facts = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**facts, **changes}), encoding="utf-8")


def forge(folder, members, compress=False):
    """Another archive in the place of toy.npz, with a manifest that vouches for it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    content = buffer.getvalue()
    (folder / "toy.npz").write_bytes(content)
    edit(folder, bytes=len(content), sha256=hashlib.sha256(content).hexdigest())


def npy(array, **options):
    buffer = io.BytesIO()
    np.save(buffer, array, **options)
    return buffer.getvalue()


def keys(folder):
    return [one["key"] for one in json.loads((folder / "toy.json").read_text(encoding="utf-8"))["weights"]]


def test_what_was_saved_comes_back_with_its_story(saved, folder):
    said = saved()
    assert "lesson 10, trained on toy data, 8 points, for 2 min; loss 0.25." in said
    facts = store.manifest("toy")
    assert facts["images_seen"] == 80 and set(facts["versions"]) == {"numpy", "keras", "tensorflow"}
    assert sorted(path.name for path in folder.iterdir()) == ["toy.json", "toy.npz"]
    assert store.manifest("another") is None
    with np.load(folder / "toy.npz", allow_pickle=False) as archive:
        assert [array.shape for array in archive.values()] == [(4, 3), (3,)]


def test_half_precision_halves_the_file_and_keeps_the_models_type(folder):
    model = build(500)
    store.save(model, "exact", source=1, **FACTS)
    store.save(model, "half", source=1, dtype="float16", **FACTS)
    assert store.manifest("half")["bytes"] < 0.6 * store.manifest("exact")["bytes"]
    other = build(500, seed=1)
    assert store.load(other, "half", source=1)
    assert other.weights[0].dtype == "float32"
    np.testing.assert_allclose(numbers(other)[0], numbers(model)[0], rtol=1e-3, atol=1e-6)


def test_outdated_and_foreign_weights(saved):
    assert "they were made by other code than this: training instead." in saved(source=(build, {"units": 4}))
    assert "(4, 3) and this model needs (4, 5)" in saved(units=5)
    deeper = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3), keras.layers.Dense(3)])
    with pytest.raises(weights_archive.Unfit, match="2 arrays and this model has 4"):
        store.require(deeper, "toy", source=SOURCE)


def test_files_that_are_not_there(saved, folder):
    (folder / "toy.npz").rename(folder / "kept")
    assert "toy.npz is missing" in saved()
    (folder / "kept").rename(folder / "toy.npz")
    (folder / "toy.json").unlink()
    assert "their manifest toy.json is missing" in saved()
    (folder / "toy.npz").unlink()
    assert "there are none yet" in saved()


def test_damaged_files(saved, folder):
    path = folder / "toy.npz"
    whole = path.read_bytes()
    path.write_bytes(whole[:-7])
    assert re.search(r"has [\d,]+ bytes instead of [\d,]+: it is damaged", saved())
    path.write_bytes(whole[:200] + bytes([whole[200] ^ 1]) + whole[201:])
    assert "SHA-256" in saved()
    forge(folder, {"nothing": b""})
    assert "does not hold the arrays that its manifest names" in saved()
    edit(folder, sha256="0", bytes=3)
    path.write_bytes(b"zip")
    assert "SHA-256" in saved()


@pytest.mark.parametrize(
    "text, part",
    [
        ("{", "is damaged"),
        ("[]", "is damaged"),
        ("{}", "it lacks format, name, lesson"),
        ('{"format": 1, "name": "toy"}', "it lacks lesson"),
        ("\xff\xfe", "is damaged"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_damaged_manifests(saved, folder, text, part):
    (folder / "toy.json").write_bytes(text.encode("latin-1"))
    assert part in saved()


@pytest.mark.parametrize(
    "change, part",
    [
        ({"name": "other"}, "other form or name"),
        ({"format": 2}, "other form or name"),
        ({"figures": {"loss": "small"}}, "a figure that is no number"),
        ({"weights": [{"key": "a", "shape": [2], "dtype": "O"}]}, "other than numbers"),
        ({"weights": [{"key": "a", "shape": [-2], "dtype": "f4"}]}, "a shape that is none"),
        ({"weights": 3}, "is damaged"),
    ],
)
def test_manifests_with_wrong_contents(saved, folder, change, part):
    edit(folder, **change)
    assert part in saved()


def test_python_objects_are_never_loaded(saved, folder):
    class Trap:
        def __reduce__(self):
            return (Path.mkdir, (folder / "pwned",))

    kernel, bias = keys(folder)
    trap = np.empty((4, 3), object)
    trap[:] = Trap()
    forge(folder, {f"{kernel}.npy": npy(trap, allow_pickle=True), f"{bias}.npy": npy(np.zeros(3, np.float32))})
    assert "Object arrays cannot be loaded" in saved()
    assert not (folder / "pwned").exists()


@pytest.mark.parametrize(
    "kernel, part",
    [
        (np.zeros((3, 4), np.float32), "unlike its manifest"),
        (np.zeros((4, 3), np.float64), "unlike its manifest"),
        (np.full((4, 3), np.nan, np.float32), "NaN or infinite"),
        (None, "is damaged"),
    ],
)
def test_arrays_that_are_not_what_the_manifest_says(saved, folder, kernel, part):
    first, second = keys(folder)
    content = b"no array at all" if kernel is None else npy(kernel)
    forge(folder, {f"{first}.npy": content, f"{second}.npy": npy(np.zeros(3, np.float32))})
    assert part in saved()


def test_what_cannot_be_saved(folder):
    model = build()
    with pytest.raises(ValueError, match="build it first"):
        store.save(keras.Sequential([keras.layers.Dense(3)]), "toy", source=1, **FACTS)
    with pytest.raises(ValueError, match="no name for weights"):
        store.save(model, "../toy", source=1, **FACTS)
    with pytest.raises(NoSource, match="lambda"):
        store.save(model, "toy", source=lambda x: x, **FACTS)
    model.set_weights([np.full((4, 3), 1e6), np.zeros(3)])
    with pytest.raises(ValueError, match="as float16: nothing was saved"):
        store.save(model, "toy", source=1, dtype="float16", **FACTS)
    assert not folder.exists()


def test_a_figure_that_is_nan_counts_as_not_measured(folder):
    facts = {**FACTS, "figures": {"loss": float("nan"), "mse": 0.5}, "history": {"loss": [1.0, float("inf")]}}
    store.save(build(), "toy", source=1, **facts)
    assert store.manifest("toy")["figures"] == {"mse": 0.5}
    assert store.manifest("toy")["history"] == {"loss": [1.0, None]}


def test_a_full_set_in_another_order_says_so():
    images = dataset.load(source="shipped", quiet=True)
    assert weights_archive.data_text(images) == "Fashion-MNIST, shipped subset, 9,000 images"
    import dataclasses

    full = dataclasses.replace(images, is_full=True)
    assert "differ from the official files" in weights_archive.data_text(full)
    y = images.y_train.copy()
    y[:10] = 9, 0, 0, 3, 0, 2, 7, 2, 5, 5
    assert weights_archive.data_text(dataclasses.replace(full, y_train=y)) == "Fashion-MNIST, full set, 9,000 images"


def written(text, monkeypatch, name="cell"):
    """The class of a text as it lives in a notebook: in a module without a file, its lines in linecache."""
    file = f"/nowhere/{name}.py"
    monkeypatch.setitem(linecache.cache, file, (len(text), None, text.splitlines(keepends=True), file))
    module = types.ModuleType("notebook")
    monkeypatch.setitem(sys.modules, "notebook", module)
    exec(compile(text, file, "exec"), vars(module))
    return module.Coder


# --- load or train


def fitted(model, epochs, log):
    def run(callbacks=()):
        log.append(epochs)
        model.compile("sgd", "mse", run_eagerly=True)  # nothing to compile: quick
        X = np.ones((8, 4), np.float32)
        return model.fit(X, X[:, :3], epochs=epochs, verbose=0, callbacks=list(callbacks))

    return run


def test_each_profile_does_its_own(folder, monkeypatch, capsys):
    images = dataset.load(source="shipped", quiet=True).take(train=8)
    log = []

    def go(seed=0):
        model = build(seed=seed)
        train = fitted(model, 2, log)
        return model, store.load_or_train(model, "toy", train, source=build, lesson="10", data=images)

    _, outcome = go()
    assert not outcome.loaded and "there are none yet: training instead" in capsys.readouterr().out
    monkeypatch.setenv("WORKBOOK_PROFILE", "smoke")
    go()
    assert log == [2, 2] and not folder.exists()  # neither profile writes anything
    monkeypatch.setenv("WORKBOOK_PROFILE", "full")
    model, outcome = go()
    assert outcome.figures["loss"] == outcome.history["loss"][-1] and outcome.images_seen == 16
    assert len(log) == 3 and not list((folder.parent / "state" / "backup").rglob("*.h5"))
    model, outcome = go()
    assert len(log) == 4  # full trains, whatever is there
    monkeypatch.setenv("WORKBOOK_PROFILE", "lecture")
    other, loaded = go(seed=1)
    assert loaded.loaded and len(log) == 4
    assert loaded.figures["loss"] == pytest.approx(outcome.figures["loss"], rel=1e-4)
    assert loaded.history["loss"] == pytest.approx(outcome.history["loss"], rel=1e-4)
    assert np.array_equal(numbers(other)[0], numbers(model)[0])
    monkeypatch.setenv("WORKBOOK_PROFILE", "smoke")
    before = (folder / "toy.npz").read_bytes()
    go(seed=1)
    assert len(log) == 5 and (folder / "toy.npz").read_bytes() == before


@pytest.mark.slow
def test_a_training_that_was_stopped_is_not_saved(folder, monkeypatch, capsys):
    monkeypatch.setenv("WORKBOOK_PROFILE", "full")
    model = build()

    def train(callbacks):
        stop = keras.callbacks.LambdaCallback(on_epoch_end=lambda e, logs: setattr(model, "stop_training", e == 1))
        return fitted(model, 5, [])([*callbacks, stop])

    facts = dict(source=build, lesson="10", data="toy")
    assert store.load_or_train(model, "toy", train, **facts).history["loss"][1:]
    assert "stopped before its last epoch and is not saved" in capsys.readouterr().out
    assert not folder.exists()
    model = build()
    outcome = store.load_or_train(model, "toy", fitted_with(model, 5), **facts)  # goes on, from the backup
    assert "Going on after epoch 2 of 5" in capsys.readouterr().out
    assert len(outcome.history["loss"]) == 5 and (folder / "toy.npz").exists()
    store.load_or_train(model, "early", train, may_stop_early=True, **facts)
    assert (folder / "early.npz").exists()


def test_stopping_one_training_stops_the_command(folder, monkeypatch):
    monkeypatch.setenv("WORKBOOK_PROFILE", "full")
    monkeypatch.setenv("WORKBOOK_RESUME", "1")
    model = build()

    def train(callbacks):
        stop = keras.callbacks.LambdaCallback(on_epoch_end=lambda *_: setattr(model, "stop_training", True))
        return fitted(model, 5, [])([*callbacks, stop])

    with pytest.raises(KeyboardInterrupt):
        store.load_or_train(model, "toy", train, source=build, lesson="10", data="toy")


def test_a_subset_never_replaces_what_ships(folder, monkeypatch, capsys):
    def write(*_):
        raise AssertionError("it wants to write into the repository")

    monkeypatch.setenv("WORKBOOK_PROFILE", "full")
    monkeypatch.delenv("WORKBOOK_CHECKPOINTS")
    monkeypatch.setattr(store, "write", write)
    images = dataset.load(source="shipped", quiet=True)
    store.load_or_train(build(), "toy", lambda: {"loss": 1}, source=build, lesson="10", data=images)
    assert "toy is not saved" in capsys.readouterr().out
    with pytest.raises(AssertionError):
        store.load_or_train(build(), "toy", dict, source=build, lesson="10", data="the full set")


def fitted_with(model, epochs):
    return lambda callbacks: fitted(model, epochs, [])(callbacks)


def test_a_folder_that_cannot_be_written_costs_no_training(folder, monkeypatch, capsys):
    monkeypatch.setenv("WORKBOOK_PROFILE", "full")
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("a file where the folder should be", encoding="utf-8")
    outcome = store.load_or_train(build(), "toy", lambda: {"loss": 1.0}, source=build, lesson="10", data="toy")
    assert outcome.figures == {"loss": 1.0}
    assert "could not be saved" in capsys.readouterr().out


# --- a training that is killed

PROGRAM = '''
import os, signal, sys
import numpy as np
from helpers import weights
from helpers.backend import keras
from keras import ops

class Pair(keras.Model):
    """Two layers, each with an optimizer of its own, as in a GAN."""

    def __init__(self):
        super().__init__()
        start = keras.initializers.GlorotUniform(seed=1)
        self.one = keras.layers.Dense(6, kernel_initializer=start)
        self.two = keras.layers.Dense(2, kernel_initializer=start)
        self.build((None, 4))

    def build(self, shape):
        self.one.build(shape)
        self.two.build((None, 6))
        self.built = True

    def call(self, x):
        return self.two(ops.tanh(self.one(x)))

    def compile(self, **options):
        super().compile(**options)
        self.first, self.second = keras.optimizers.Adam(0.02), keras.optimizers.Adam(0.01)
        self.first.build(self.one.trainable_variables)
        self.second.build(self.two.trainable_variables)

    def train_step(self, pair):
        import tensorflow as tf

        x, y = pair
        with tf.GradientTape(persistent=True) as tape:
            loss = ops.mean(ops.square(self(x) - y))
        for layer, optimizer in ((self.one, self.first), (self.two, self.second)):
            optimizer.apply(tape.gradient(loss, layer.trainable_variables), layer.trainable_variables)
        return {"loss": loss}

class Killer(keras.callbacks.Callback):
    """Kills the process in the middle of an epoch, without a chance to tidy up (0: never)."""

    def __init__(self, epoch):
        super().__init__()
        self.deadly, self.epoch = epoch, 0

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch + 1
        print("epoch", self.epoch, flush=True)

    def on_train_batch_end(self, batch, logs=None):
        if self.epoch == self.deadly and batch == 1:
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))

def go(deadly):
    random = np.random.default_rng(0)
    X, Y = random.standard_normal((64, 4)).astype("f"), random.standard_normal((64, 2)).astype("f")
    model = Pair()
    model.compile(run_eagerly=True)
    model(X[:1])

    def train(callbacks):
        options = dict(batch_size=16, epochs=9, shuffle=False, verbose=0)
        return model.fit(X, Y, callbacks=[*callbacks, Killer(deadly)], **options)

    return weights.load_or_train(model, "pair", train, source=(Pair,), lesson="12", data="64 random points")

if __name__ == "__main__":
    go(int(sys.argv[1]))
'''


@pytest.fixture(scope="module", autouse=True)
def killed(tmp_path_factory, root):
    """A training that is killed in its fifth epoch: (folder, process). It runs beside the first tests."""
    place = tmp_path_factory.mktemp("killed")
    (place / "program.py").write_text(PROGRAM, encoding="utf-8")
    own = {"WORKBOOK_CHECKPOINTS": str(place / "weights"), "WORKBOOK_STATE": str(place / "state")}
    surroundings = {**os.environ, **own, "WORKBOOK_PROFILE": "full", "PYTHONPATH": str(root)}
    process = subprocess.Popen(
        [sys.executable, str(place / "program.py"), "5"], env=surroundings, encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    yield place, process
    process.kill()
    process.communicate()


@pytest.mark.slow
def test_a_killed_training_goes_on_and_loses_an_epoch_at_most(killed, tmp_path, monkeypatch, capsys):
    place, process = killed
    assert re.findall(r"^epoch (\d)", process.communicate(timeout=600)[0], re.MULTILINE) == list("12345")
    assert process.returncode != 0 and not (place / "weights").exists()

    monkeypatch.setenv("WORKBOOK_PROFILE", "full")
    monkeypatch.setenv("WORKBOOK_CHECKPOINTS", str(place / "weights"))
    monkeypatch.setenv("WORKBOOK_STATE", str(place / "state"))
    monkeypatch.syspath_prepend(str(place))
    program = importlib.import_module("program")
    monkeypatch.delitem(sys.modules, "program")
    program.go(0)  # in this process, which is another one
    said = capsys.readouterr().out
    assert "Going on after epoch 4 of 9" in said
    assert [int(n) for n in re.findall(r"^epoch (\d+)", said, re.MULTILINE)] == [5, 6, 7, 8, 9]
    resumed = store.manifest("pair")

    # Both optimizers came back as well: the losses are those of a training that nobody has killed.
    monkeypatch.setenv("WORKBOOK_CHECKPOINTS", str(tmp_path / "whole"))
    program.go(0)
    whole = store.manifest("pair")
    assert len(whole["history"]["loss"]) == 9
    np.testing.assert_allclose(resumed["history"]["loss"], whole["history"]["loss"], rtol=1e-4)


def test_a_backup_that_is_damaged_is_replaced_by_the_one_before_or_by_the_beginning(folder, capsys):
    def fit(epochs):
        model = build()
        callback = store.backup("toy", build)
        history = fitted(model, epochs, [])([callback])
        return callback.folder / "0", history, capsys.readouterr().out

    place, _, _ = fit(3)
    (place / "training_metadata.json").write_text('{"epo', encoding="utf-8")  # killed while it was written
    _, history, said = fit(4)
    assert "Going on after epoch 2 of 4" in said and history.epoch == [0, 1, 2, 3]
    (place / "latest.weights.h5").write_bytes(b"half")
    _, history, said = fit(5)
    assert "Going on after epoch" in said and len(history.history["loss"]) == 5
    for path in place.iterdir():
        path.write_bytes(b"half")
    _, history, said = fit(2)
    assert "begins anew" in said and history.epoch == [0, 1]


@pytest.mark.slow
def test_every_fit_of_a_training_has_its_own_backup(folder, capsys):
    def train(last):
        model, callback = build(), store.backup("toy", build)
        run = [fitted(model, epochs, [])([callback]) for epochs in (2, last)]
        return callback, run

    assert train(3)[0].earlier_seconds == 0
    capsys.readouterr()
    callback, (one, two) = train(4)  # as after a kill in the second fit
    assert callback.earlier_seconds > 0
    assert one.epoch == [0, 1] and two.epoch == [0, 1, 2, 3]
    assert "Going on after epoch 3 of 4" in capsys.readouterr().out


# --- the command

LESSON = '''
# ---
# lesson: "77"
# title: A tiny lesson
# question: Does it train?
# objectives: [one, two, three]
# needs: "nothing"
# minutes: {reading: 1, exercises: 1, machine: 0.1}
# ---

# %%
import sys

sys.path.insert(0, "..")

import numpy as np
from helpers import backend, scoreboard, session, weights
import keras

settings = session.start(seed=1, epochs={"full": 3}.get(session.profile(), 1))

# %% [markdown]
# ## A network

# %%
class Net(keras.Model):
    """One layer."""

    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(1)

    def call(self, x):
        return self.dense(x)


# %%
def train(callbacks):
    X = np.ones((8, 2), np.float32)
    return model.fit(X, X[:, :1], epochs=settings.epochs, verbose=0, callbacks=callbacks)


model = Net()
model.compile("sgd", "mse", run_eagerly=True)
model(np.ones((1, 2), np.float32))
outcome = weights.load_or_train(
    model, "tiny", train, source=(Net,), lesson="77", data="ones", images_seen=24
)
scoreboard.record("77", "tiny", data="ones", mse=0.5)
outcome
'''


@pytest.mark.slow
def test_train_runs_a_lesson_in_the_full_profile(folder, tmp_path, monkeypatch, capsys):
    path = tmp_path / "77_tiny.py"
    path.write_text(LESSON.lstrip(), encoding="utf-8")
    monkeypatch.setattr(tool, "known", lambda: {"77": path})
    monkeypatch.setattr(tool, "full_data", lambda: True)
    rows = tmp_path / "rows.json"
    other = {"lesson": "01", "model": "PCA"}
    rows.write_text(json.dumps({"rows": [other, {"lesson": "77", "model": "an old one"}]}), encoding="utf-8")
    monkeypatch.setattr(tool.records, "FULL_ROWS", rows)
    here, main, surroundings = os.getcwd(), sys.modules["__main__"], dict(os.environ)
    assert tool.main(["77"]) == 0
    said = capsys.readouterr().out
    assert "not known" in said and "cell 3 of 3 · A network" in said and "Saved tiny" in said
    assert re.search(r"^tiny +\d+ +\d+ +loss", said, re.MULTILINE)
    kept, new = json.loads(rows.read_text(encoding="utf-8"))["rows"]
    assert kept == other and (new["model"], new["profile"], new["figures"]) == ("tiny", "full", {"mse": 0.5})
    facts = store.manifest("tiny")
    assert len(facts["history"]["loss"]) == 3 and facts["images_seen"] == 24
    assert (os.getcwd(), sys.modules["__main__"], dict(os.environ)) == (here, main, surroundings)
    # what is in a lesson's notebook has the same digest as what the command ran
    assert facts["source"] == digest((written(textwrap.dedent(NET), monkeypatch),))
    assert not (tmp_path / "state" / "training" / "77" / "backup").exists()
    path.write_text(LESSON.lstrip().replace("outcome\n", "outcome\nmissing_name\n"), encoding="utf-8")
    assert tool.main(["77"]) == 1
    assert "The same command goes on" in capsys.readouterr().err
    assert tool.main(["77"]) == 1  # what that run has saved is loaded now, not trained again
    assert "Loaded tiny" in capsys.readouterr().out


NET = """
    import keras

    class Net(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = keras.layers.Dense(1)
        def call(self, x):
            return self.dense(x)   # spaced otherwise

    Coder = Net
"""


def test_each_of_several_trainings_has_its_own_process(folder, monkeypatch, capsys):
    calls = []
    monkeypatch.setattr(tool, "full_data", lambda: True)
    monkeypatch.setattr(subprocess, "call", lambda command, cwd: calls.append(command[1:]) or len(calls) % 2)
    assert tool.main(["references", "classifier", "--fresh"]) == 1
    assert calls == [["-m", "tools.train.__main__", job, "--fresh"] for job in ("references", "classifier")]
    assert "Not complete: references." in capsys.readouterr().out


def test_a_file_that_states_no_seconds_does_not_stop_the_plan(folder):
    facts = {"name": "references", "lesson": "all", "seconds": None}
    folder.mkdir(exist_ok=True)
    (folder / "references.json").write_text(json.dumps(facts), encoding="utf-8")
    assert re.search(r"references +references.py +references +not known", tool.plan(["references"]))


def test_train_says_what_is_missing(folder, capsys):
    assert tool.main(["nonsense"]) == 2
    assert "There are: 00" in capsys.readouterr().err
    assert tool.main(["classifier"]) == 1  # the tests' surroundings have no full set
    said = capsys.readouterr().err
    assert "trained on the full data set" in said and "WORKBOOK_DATA" in said


def test_arrays_are_saved_by_an_older_numpy_as_by_this_one(monkeypatch, tmp_path):
    newer = np.savez

    def older(file, **arrays):  # that of NumPy 2.0 knows no argument but arrays
        assert "allow_pickle" not in arrays
        newer(file, **arrays)

    monkeypatch.setattr(np, "savez", older)
    weights_archive.save_arrays(tmp_path / "some.npz", {"a": np.arange(3), "b": np.ones((2, 2))})
    with np.load(tmp_path / "some.npz", allow_pickle=False) as found:
        assert sorted(found.files) == ["a", "b"] and found["b"].sum() == 4
    with pytest.raises(ValueError, match="Python objects cannot be saved: b"):
        weights_archive.save_arrays(tmp_path / "other.npz", {"a": np.arange(3), "b": np.array([None, 1])})
    assert not (tmp_path / "other.npz").exists()
