"""What a kernel has set globally changes no check, and a check changes nothing in the kernel."""

import os
import random
import subprocess
import sys
import threading
import warnings

import numpy as np
import pytest

from helpers.backend import keras, tf
from helpers.exercises import registry
from helpers.exercises.checking import PASSED, verdict
from helpers.exercises.surroundings import calm, traced, untraced


def draw():
    """A number of every global stream."""
    layer = keras.layers.Dense(2)
    layer.build((None, 3))
    return [
        random.random(),
        float(np.random.rand()),
        float(keras.random.normal(())),
        float(tf.random.normal(())),
        float(tf.random.get_global_generator().normal(())),
        float(np.sum(layer.kernel)),
    ]


def test_a_check_takes_no_number_from_any_stream():
    def start():
        keras.utils.set_random_seed(3)
        tf.random.get_global_generator().reset_from_seed(3)
        draw()

    start()
    expected = draw(), draw()
    start()
    first = draw()
    with calm(0):
        draw()
        keras.utils.set_random_seed(8)
        tf.random.set_global_generator(tf.random.Generator.from_seed(1))
        draw()
    assert (first, draw()) == expected


def test_a_check_begins_with_the_same_numbers_each_time():
    with calm(5):
        one = [random.random(), np.random.rand(), float(keras.random.normal(())), float(tf.random.normal(()))]
    keras.random.normal(())
    with calm(5):
        assert one == [random.random(), np.random.rand(), float(keras.random.normal(())), float(tf.random.normal(()))]


@pytest.fixture
def other_settings():
    keras.config.set_dtype_policy("mixed_float16")
    keras.config.set_floatx("float64")
    keras.config.set_image_data_format("channels_first")
    keras.config.set_epsilon(0.1)
    tf.config.run_functions_eagerly(True)
    before = np.seterr(all="raise")
    yield
    keras.config.set_dtype_policy("float32")
    keras.config.set_floatx("float32")
    keras.config.set_image_data_format("channels_last")
    keras.config.set_epsilon(1e-7)
    tf.config.run_functions_eagerly(False)
    np.seterr(**before)


def settings():
    config = keras.config
    return (config.dtype_policy().name, config.floatx(), config.image_data_format(), config.epsilon(),
            tf.config.functions_run_eagerly(), np.geterr()["over"])  # fmt: skip


def test_settings_are_the_usual_ones_inside_and_untouched_outside(other_settings):
    before = settings()
    with calm(0):
        assert settings() == ("float32", "float32", "channels_last", 1e-7, False, "warn")
    assert settings() == before == ("mixed_float16", "float64", "channels_first", 0.1, True, "raise")


@pytest.mark.parametrize("id", ["1.3", "1.5", "4.6", "6.2", "6.3", "9.2"])
def test_no_reference_is_refused_under_other_settings(other_settings, id):
    result = verdict(id, registry.find(id).load_reference())
    assert result.kind == PASSED, result


def test_settings_come_back_also_when_the_block_spoils_them():
    before, folder, out, depth = settings(), os.getcwd(), sys.stdout, sys.getrecursionlimit()
    with pytest.raises(KeyError), calm(0):
        keras.config.set_dtype_policy("float16")
        keras.config.set_image_data_format("channels_first")
        np.seterr(all="ignore")
        np.random.seed = np.linalg.svd = None
        sys.setrecursionlimit(depth + 100)
        sys.stdout = None
        os.chdir("/")
        raise KeyError
    assert settings() == before
    assert (folder, out, depth) == (os.getcwd(), sys.stdout, sys.getrecursionlimit())
    assert callable(np.random.seed) and callable(np.linalg.svd)


@pytest.fixture
def watcher():
    """A function for sys.settrace and the like that notes whom it sees; afterwards everything is as it was."""
    kept, seen = untraced(), []

    def watch(frame, event, arg):
        seen.append(frame.f_code.co_filename)
        return watch

    watch.seen = seen
    yield watch
    traced(kept)


@pytest.mark.parametrize("switch", [sys.settrace, sys.setprofile, threading.settrace, threading.setprofile])
def test_nobody_watches_a_check_and_whoever_watched_before_does_so_again(watcher, switch):
    def answer(a, b):
        switch(watcher)  # left on
        return float(np.mean((np.asarray(a, dtype=float) - np.asarray(b, dtype=float)) ** 2))

    switch(watcher)
    try:
        with calm(0):
            watcher.seen.clear()
            assert untraced() == []
            answer([1], [2])
        now = untraced()
    finally:
        switch(None)
    assert now == [(switch, watcher)]
    result = verdict("0.1", answer)
    assert result.kind == PASSED, result
    assert untraced() == []
    assert not [name for name in watcher.seen if os.path.join("helpers", "checks") in name], "it watched the check"


def test_warnings_that_a_notebook_has_made_errors_are_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with calm(0):
            before = list(warnings.filters)
            assert not any(one[0] == "error" and one[3] is None for one in before)
        assert warnings.filters[0][0] == "error"


def test_backend_is_set_up_for_the_workbook_whatever_keras_own_file_says(tmp_path):
    (tmp_path / "keras.json").write_text(
        '{"backend": "jax", "floatx": "float16", "image_data_format": "channels_first", "epsilon": 0.5}',
        encoding="utf-8",
    )
    code = (
        "from helpers.backend import keras as k\n"
        "c = k.config\n"
        "print(c.backend(), c.floatx(), c.image_data_format(), c.epsilon(), c.dtype_policy().name)\n"
        "print(getattr(c, 'max_epochs', lambda: None)(), getattr(c, 'max_steps_per_epoch', lambda: None)())"
    )
    environment = {**os.environ, "KERAS_HOME": str(tmp_path), "KERAS_BACKEND": "torch"}
    environment |= {"KERAS_MAX_EPOCHS": "1", "KERAS_MAX_STEPS_PER_EPOCH": "many"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    wanted = ["tensorflow", "float32", "channels_last", "1e-07", "float32", "None", "None"]
    assert done.stdout.split() == wanted, done.stderr


@pytest.mark.parametrize("text", ['{"floatx": "bfloat16"}', '{"epsilon": 1}', "[]"])
def test_settings_that_keras_refuses_are_named(text, tmp_path):
    (tmp_path / "keras.json").write_text(text, encoding="utf-8")
    environment = {**os.environ, "KERAS_HOME": str(tmp_path)}
    command = [sys.executable, "-c", "from helpers import backend"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert f"{tmp_path / 'keras.json'}" in done.stderr and "rename it" in done.stderr.splitlines()[-1]
