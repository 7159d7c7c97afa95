"""What the mutants of tests/checks/generic.py are made of: a right function around which one thing goes wrong.

Each of these takes a function and the name of one of its parameters, and returns the spoilt function, with the name
and the signature of the right one.
"""

import functools
import inspect

import numpy as np


def changed_after(function, name):
    """The right result; and then the argument `name` is changed in place, where it can be."""

    def around(bound):
        given = bound.arguments[name]  # also where the function rebinds the name
        result = function(*bound.args, **bound.kwargs)
        change(given)
        return result

    return _spoilt(function, around)


def first_kept(function, name):
    """The argument `name` of the first call stays for ever."""
    kept = {}

    def around(bound):
        bound.arguments[name] = kept.setdefault(name, bound.arguments[name])
        return function(*bound.args, **bound.kwargs)

    return _spoilt(function, around)


def detached(function, name):
    """The right result, without a gradient by the argument `name` (or, for a list, by anything in it)."""

    def around(bound):
        bound.arguments[name] = _without_gradient(bound.arguments[name])
        return function(*bound.args, **bound.kwargs)

    return _spoilt(function, around)


def copied(function, name):
    """The function gets a copy, with the same weights, of the network `name`, or of each in a list or beside data."""

    def around(bound):
        bound.arguments[name] = _copy(bound.arguments[name])
        return function(*bound.args, **bound.kwargs)

    return _spoilt(function, around)


def first_of():
    """A function of (name, value) that gives, for each name, the value of its first call."""
    kept = {}
    return lambda name, value: kept.setdefault(name, value)


def in_training(network_output):
    """Keras' dropout behind a result: felt only where a network is called in training mode."""
    import keras

    return keras.layers.Dropout(0.5)(network_output)


def change(value) -> None:
    """Change what an array, a list, a dictionary or a set holds, or the weights of a network; nothing else."""
    if isinstance(value, np.ndarray):
        if value.size and value.flags.writeable and value.dtype != object:
            value[...] = ~value if value.dtype == bool else value + 1
    elif isinstance(value, list) and value:
        value.reverse() if len(value) > 1 else value.append(value[0])
    elif isinstance(value, dict | set) and value:
        value.pop(next(iter(value))) if isinstance(value, dict) else value.pop()
    elif hasattr(value, "get_weights"):
        value.set_weights([weight + np.ones_like(weight) for weight in value.get_weights()])


def _spoilt(function, around):
    signature = inspect.signature(function)

    @functools.wraps(function)
    def spoilt(*args, **kwargs):
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        return around(bound)

    spoilt.autograph_info__ = {}  # AutoGraph keeps its hands off
    return spoilt


def _without_gradient(value):
    from keras import ops

    if isinstance(value, list | tuple):
        return type(value)(map(_without_gradient, value))
    return ops.stop_gradient(value) if hasattr(value, "dtype") else value


def _copy(value):
    import keras

    if isinstance(value, list):
        return [_copy(one) for one in value]
    if not isinstance(value, keras.layers.Layer):
        return value
    if isinstance(value, keras.Sequential) or type(value) is keras.Model:
        twin = keras.models.clone_model(value)
    else:
        twin = type(value).from_config(value.get_config())
        if value.built and not twin.built:
            twin.build(value.get_build_config()["input_shape"])
    twin.set_weights(value.get_weights())
    return twin
