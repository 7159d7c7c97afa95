"""What a kernel has set globally must change no verdict, and a verdict must change nothing in the kernel.

`calm(seed)` sets random streams, Keras' defaults and a few switches of Python and NumPy as a lesson starts with them,
and puts everything back as it was.
"""

import contextlib
import os
import random
import sys
import threading
import warnings
from contextlib import contextmanager

import numpy as np

# As they were when the notebook began; somebody may have assigned to one of these names since.
_ORIGINAL = {module: dict(vars(module)) for module in (np, np.random, np.linalg, random)}


@contextmanager
def calm(seed: int):
    """Run the block with everything global at its usual value and all generators seeded by `seed`."""
    undo = []
    try:
        for part in (_tracing, _names, _process, _numbers, _python_and_numpy_streams, _keras_settings, _keras_streams):
            with contextlib.suppress(Exception):  # whatever somebody has broken, a check does not stop at it
                undo.append(part(seed))
        with warnings.catch_warnings():
            # A filter that makes errors of everybody's warnings is the notebook's, not the answer's.
            warnings.filters[:] = [one for one in warnings.filters if one[0] != "error" or one[3] is not None]
            yield
    finally:
        for back in reversed(undo):
            with contextlib.suppress(Exception):
                back()


def untraced() -> list:
    """Take away every debugger and profiler that is a function of Python's; what was there, for `traced`.

    With one a check takes as long as it likes at each line of TensorFlow, or never ends. Others (cProfile) are written
    in C and could not be put back; they stay.
    """
    found = (
        (sys.settrace, sys.gettrace()),
        (sys.setprofile, sys.getprofile()),
        (threading.settrace, threading.gettrace()),
        (threading.setprofile, threading.getprofile()),
    )
    kept = [(switch, function) for switch, function in found if callable(function)]
    for switch, _ in kept:
        switch(None)
    return kept


def traced(kept) -> None:
    """Put back what `untraced` has taken away."""
    for switch, function in kept:
        switch(function)


def _tracing(seed):
    kept = untraced()

    def back():
        untraced()
        traced(kept)

    return back


def _names(seed):
    """Functions of NumPy and of Python's random are the original ones, also if somebody has replaced some."""
    found = {module: {n: vars(module).get(n) for n in names} for module, names in _ORIGINAL.items()}

    def assign(tables):
        for module, names in tables.items():
            for name, value in names.items():
                if vars(module).get(name) is not value:
                    setattr(module, name, value)

    assign(_ORIGINAL)
    return lambda: assign(found)


def _process(seed):
    """The folder, the outputs, what is called for errors, and the depth of recursion come back."""
    if sys.excepthook is None:  # no thread can start without one
        sys.excepthook = sys.__excepthook__
    folder, depth = os.getcwd(), sys.getrecursionlimit()
    kept = sys.stdout, sys.stderr, sys.excepthook

    def back():
        sys.stdout, sys.stderr, sys.excepthook = kept
        sys.setrecursionlimit(depth)
        os.chdir(folder)

    return back


def _numbers(seed):
    before = np.seterr(divide="warn", over="warn", under="ignore", invalid="warn")
    return lambda: np.seterr(**before)


def _python_and_numpy_streams(seed):
    before = random.getstate(), np.random.get_state()
    random.seed(seed)
    np.random.seed(seed)

    def back():
        random.setstate(before[0])
        np.random.set_state(before[1])

    return back


def _keras_settings(seed):
    """32-bit numbers, channels last, functions compiled: whatever the kernel or a keras.json says."""
    keras, tf = sys.modules.get("keras"), sys.modules.get("tensorflow")
    if keras is None:
        return lambda: None
    config = keras.config
    before = config.dtype_policy(), config.floatx(), config.image_data_format(), config.epsilon()
    eagerly = tf is not None and tf.config.functions_run_eagerly()

    def assign(policy, kind, layout, epsilon):
        config.set_dtype_policy(policy)
        config.set_floatx(kind)
        config.set_image_data_format(layout)
        config.set_epsilon(epsilon)

    def back():
        assign(*before)
        if eagerly:
            tf.config.run_functions_eagerly(True)

    assign("float32", "float32", "channels_last", 1e-7)
    if eagerly:
        tf.config.run_functions_eagerly(False)
    return back


def _keras_streams(seed):
    """Keras' generator and TensorFlow's are the same objects in the same states afterwards.

    What cannot be brought back: TensorFlow forgets its compiled operations when it is seeded, so an operation that was
    given a seed of its own (``tf.random.normal(…, seed=3)``) begins its numbers anew, and one inside a
    ``tf.function`` that the answer calls goes on from where the check left it.
    """
    if sys.modules.get("keras") is None:
        return lambda: None
    kept = sys.modules.get("keras.src.backend.common.global_state")
    names = ("global_random_seed", "global_seed_generator")
    before = {name: kept.get_global_attribute(name) for name in names} if kept else {}
    generator = before.get("global_seed_generator")
    state = None if generator is None else generator.state.numpy().copy()
    tf_back = _tensorflow_streams(seed)
    if kept:
        kept.set_global_attribute("global_random_seed", seed)
        kept.set_global_attribute("global_seed_generator", None)

    def back():
        tf_back()
        for name, value in before.items():
            kept.set_global_attribute(name, value)
        if generator is not None:
            generator.state.assign(state)

    return back


def _tensorflow_streams(seed):
    tf, context = sys.modules.get("tensorflow"), sys.modules.get("tensorflow.python.eager.context")
    if tf is None or context is None:
        return lambda: None
    context = context.context()
    before = getattr(context, "_seed", None), getattr(context, "_rng", None)
    drawn = None if before[1] is None else before[1].getstate()
    stateful = sys.modules.get("tensorflow.python.ops.stateful_random_ops")
    generator = getattr(stateful, "global_generator", None)
    state = None if generator is None else generator.state.numpy()
    tf.random.set_seed(seed)

    def back():
        context._seed, context._rng = before
        if drawn is not None:
            before[1].setstate(drawn)
        if stateful is not None:
            stateful.global_generator = generator
        if generator is not None:
            generator.state.assign(state)

    return back
