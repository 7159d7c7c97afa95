"""Loads TensorFlow and Keras without the messages that TensorFlow writes before anybody can ask it to be quiet.

`from helpers import backend` first, then `import keras` as usual. Real errors still raise.
"""

from __future__ import annotations

import contextlib
import os
import sys


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
    import keras
    import tensorflow as tf

    tf.constant(0.0)  # the first operation brings up the devices, with messages of its own


def _is_no_false_alarm(record) -> bool:
    return "triggered tf.function retracing" not in record.getMessage()


# Keras trains every model by one and the same piece of code, and TensorFlow counts its tracings over all models: a
# notebook with five models would be told that it is doing something wrong.
tf.get_logger().addFilter(_is_no_false_alarm)

__all__ = ["keras", "tf"]
