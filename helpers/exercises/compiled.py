"""Whether an answer works inside a training step: compiled, for a batch of unknown size, and with a gradient."""

import numpy as np

from helpers.exercises.assertions import NotYet, array, close

STAY = "stay with keras.ops all the way: NumPy, float(…), .numpy() and stop_gradient cut the way back"
SHORTEST = 1e-4  # the step of the difference quotients, in float64


def compiled(function, *inputs, unknown_batch: bool = False):
    """`function` of tensors as one compiled function, traced on these inputs as `fit` does; NotYet if it cannot be.

    unknown_batch: the first axis of every input has no known size, as inside `fit`.
    """
    import tensorflow as tf

    specs = [tf.TensorSpec((None if unknown_batch else x.shape[0], *x.shape[1:]), x.dtype) for x in inputs]
    run = tf.function(function, input_signature=specs, autograph=False)
    try:
        run.get_concrete_function()
    except NotImplementedError:  # NumPy was given a symbol
        raise NotYet(
            got="an error once compiled: NumPy cannot compute with the tensors of a compiled step",
            expected="a function that works inside fit",
            look="inside fit no value is there yet, and the size of the batch is not known beforehand: take keras.ops",
        ) from None
    except Exception as error:
        text = " ".join(str(error).split())[:160]
        unknown = "the size of the batch is not known beforehand (ops.shape asks for it); and " if unknown_batch else ""
        raise NotYet(
            got=f"an error once compiled: {type(error).__name__}: {text}",
            expected="a function that works inside fit",
            look=f"inside fit {unknown}values are not there yet: stay with keras.ops, and turn no tensor into a number",
        ) from None
    return run


def gradient(function, x, what: str) -> np.ndarray:
    """The gradient of the sum of squares of `function(x)` with respect to x; NotYet if there is none."""
    return _slopes(lambda t: _tensor(function(t)) ** 2, [x], what)[0]


def trains(function, inputs, right, what: str, look="", rtol=1e-3, atol=1e-4, unknown_batch=True) -> None:
    """Hold `function` of tensors against `right`, the same of float64 arrays: its gradient, and its compiled form.

    inputs: arrays of numbers; the answer gets them as float32 tensors. The gradient is compared along a random
    direction with a difference quotient of `right`. The compiled function, whose batch has no known size, is compared
    on these inputs and on fewer rows of them. what: "the loss", "the maps". Raises NotYet.
    """
    rng = np.random.default_rng(len(what))
    inputs = [np.asarray(x, dtype=float) for x in inputs]
    direction = [rng.normal(size=x.shape) for x in inputs]
    sides = [
        np.asarray(right(*[x + sign * SHORTEST * d for x, d in zip(inputs, direction, strict=True)]))
        for sign in (1, -1)
    ]
    weights = rng.normal(size=sides[0].shape)
    expected = float(np.sum(weights * (sides[0] - sides[1])) / (2 * SHORTEST))
    slopes = _slopes(lambda *x: _tensor(function(*x)) * weights.astype("float32"), inputs, what)
    found = sum(float(np.sum(slope.astype(float) * d)) for slope, d in zip(slopes, direction, strict=True))
    size = np.sqrt(sum(np.sum(slope.astype(float) ** 2) for slope in slopes))
    close(found, expected, f"the slope of {what} in one direction", look or STAY, rtol=1e-2, atol=1e-3 * (1 + size))
    run = compiled(lambda *x: function(*x), *[_float(x) for x in inputs], unknown_batch=unknown_batch)
    for rows in (None, 2) if unknown_batch else (None,):
        some = [x[:rows] for x in inputs]
        value = array(run(*[_float(x) for x in some]), f"{what}, once compiled")
        close(
            value, right(*some), f"{what}, once compiled" + (f", for a batch of {rows}" if rows else ""),
            "the next batch may have another size; stay with keras.ops, and ask ops.shape(…) for sizes", rtol, atol,
        )  # fmt: skip


def carries(gradient_found, what: str) -> None:
    """NotYet unless there is a gradient; `what` is what it should pass through: "the loss"."""
    if gradient_found is None:
        raise NotYet(got=f"no gradient through {what}", expected="one, for the networks learn through it", look=STAY)


def _slopes(function, inputs, what):
    """The gradient of the sum of `function`'s values by each input."""
    import tensorflow as tf

    variables = [_float(x) for x in inputs]
    with tf.GradientTape() as tape:
        tape.watch(variables)
        total = tf.reduce_sum(_tensor(function(*variables)))
    found = tape.gradient(total, variables)
    for slope in found:
        carries(slope, what)
    return [tf.convert_to_tensor(slope).numpy() for slope in found]


def _float(x):
    import tensorflow as tf

    return x if tf.is_tensor(x) else tf.constant(np.asarray(x), "float32")


def _tensor(value):
    import tensorflow as tf

    return tf.cast(tf.convert_to_tensor(value), "float32")
