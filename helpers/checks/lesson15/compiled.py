"""Whether an answer also works inside a compiled training step, where sizes may be unknown and NumPy is out."""

from helpers.exercises.assertions import NotYet


def compiled(function, *inputs, unknown_batch: bool = False):
    """`function` of tensors as one compiled function, traced on these inputs; NotYet if it cannot be.

    unknown_batch: the first axis of every input has no known size, as inside `fit`.
    """
    import tensorflow as tf

    specs = [tf.TensorSpec((None if unknown_batch else x.shape[0], *x.shape[1:]), x.dtype) for x in inputs]
    run = tf.function(function, input_signature=specs)
    try:
        run.get_concrete_function()
    except NotImplementedError:  # NumPy was given a symbol, or this is a blank
        raise NotYet(
            got="an error once compiled: NumPy cannot compute with the tensors of a compiled step",
            expected="a function that works inside fit",
            look="stay with keras.ops",
        ) from None
    except Exception as error:
        text = " ".join(str(error).split())[-200:]
        unknown = "the size of the batch is not known beforehand (ops.shape asks for it); and " if unknown_batch else ""
        raise NotYet(
            got=f"an error once compiled: {type(error).__name__}: {text}",
            expected="a function that works inside fit",
            look=f"inside fit {unknown}values are not there yet: stay with keras.ops, and turn no tensor into a number",
        ) from None
    return run


def gradient(function, x, what: str):
    """The gradient of the sum of squares of `function(x)` with respect to x; NotYet if there is none."""
    import tensorflow as tf

    x = tf.convert_to_tensor(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        total = tf.reduce_sum(tf.convert_to_tensor(function(x)) ** 2)
    found = tape.gradient(total, x)
    if found is None:
        raise NotYet(
            got=f"no gradient through {what}",
            expected="one: the networks learn through it",
            look="stay with keras.ops: NumPy cuts the way back",
        )
    return found.numpy()
