"""Loads TensorFlow and Keras without the messages that TensorFlow writes before anybody can ask it to be quiet.

`from helpers import backend` first, then `import keras` as usual. Real errors still raise.
"""

from __future__ import annotations

import contextlib
import functools
import os
import sys

# The workbook is written for TensorFlow, for images with their channels last, and for 32-bit numbers. A kernel or a
# file of Keras' own settings (~/.keras/keras.json) may say otherwise; that is meant for other projects.
os.environ["KERAS_BACKEND"] = "tensorflow"
for _limit in ("KERAS_MAX_EPOCHS", "KERAS_MAX_STEPS_PER_EPOCH"):  # they cut every training short, in silence
    os.environ.pop(_limit, None)


@contextlib.contextmanager
def _settings_named():
    """Name the file of Keras' own settings, which TensorFlow reads as well, when one of the two stumbles over it."""
    home = os.environ.get("KERAS_HOME") or os.path.join(os.path.expanduser("~"), ".keras")
    file = os.path.join(home, "keras.json")
    try:
        yield
    except (AssertionError, AttributeError, TypeError, ValueError, OSError) as error:
        if not os.path.exists(file):
            raise
        raise ImportError(
            f"Keras does not start ({type(error).__name__}: {error}). Most likely its file of settings, {file}, is "
            "damaged or made for another version: rename it, restart the kernel and run this cell again."
        ) from error


with _settings_named():
    import tensorflow as tf


@contextlib.contextmanager
def _no_stderr():
    """Send file descriptor 2 nowhere: the messages come from C++, which does not know sys.stderr."""
    try:
        kept = os.dup(2)
    except OSError:  # no such descriptor, as under pythonw on Windows
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    sys.stderr.flush()
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(nowhere)
        os.close(kept)


with _no_stderr():
    with _settings_named():
        import keras
    import tensorflow as tf

    tf.constant(0.0)  # the first operation brings up the devices, with messages of its own

if keras.config.backend() != "tensorflow":
    raise ImportError(
        f"Keras was loaded with {keras.config.backend()} before the workbook could ask for TensorFlow. Restart the "
        "kernel and run the first cell first."
    )
keras.config.set_floatx("float32")
keras.config.set_dtype_policy("float32")
keras.config.set_image_data_format("channels_last")
keras.config.set_epsilon(1e-7)
for _limit in ("set_max_epochs", "set_max_steps_per_epoch"):
    if hasattr(keras.config, _limit):
        getattr(keras.config, _limit)(None)


def _seeding_all(seed_most):
    """`set_random_seed` for an older Keras, which lets `keras.random` go on where it was: it begins anew as well."""

    @functools.wraps(seed_most)
    def set_random_seed(seed):
        seed_most(seed)
        global_state.set_global_attribute("global_seed_generator", None)

    return set_random_seed


# Python 3.10 has Keras 3.12, Colab 3.10. With them a cell that seeds would compute something else when it is run again.
seed_generator = sys.modules.get("keras.src.random.seed_generator")
global_state = sys.modules.get("keras.src.backend.common.global_state")
if global_state and not hasattr(seed_generator, "GLOBAL_SEED_GENERATOR"):
    keras.utils.set_random_seed = _seeding_all(keras.utils.set_random_seed)


def _is_no_false_alarm(record) -> bool:
    return "triggered tf.function retracing" not in record.getMessage()


# Keras trains every model by one and the same piece of code, and TensorFlow counts its tracings over all models: a
# notebook with five models would be told that it is doing something wrong.
tf.get_logger().addFilter(_is_no_false_alarm)
__all__ = ["keras", "tf"]


def build_optimizer(model) -> None:
    """Make the variables of a compiled model's optimizer now, if those of the model are there; else do nothing.

    Otherwise they are made inside the first training step, and TensorFlow traces this step twice.
    """
    optimizer = getattr(model, "optimizer", None)
    if model.built and optimizer is not None and not optimizer.built:
        optimizer.build(model.trainable_variables)


class Seeds(keras.random.SeedGenerator):
    """Keras' SeedGenerator, which would give all devices of a tf.distribute strategy the same random numbers.

    Here each device of several has numbers of its own; on a single device nothing is different.
    """

    def next(self, ordered: bool = True):
        seed, device = super().next(ordered), tf.distribute.get_replica_context()
        if device is None or device.num_replicas_in_sync == 1:
            return seed
        number = tf.cast(device.replica_id_in_sync_group, seed.dtype)
        return seed + tf.stack([65_537 * number, tf.zeros_like(number)])
