"""The check of exercise 13.7: labels as planes."""

import numpy as np

from helpers.exercises.assertions import NotYet, array, close, require
from helpers.exercises.registry import exercise


@exercise(
    "13.7",
    "Labels as planes",
    reference="helpers.gans.dcgan.networks:label_planes",
    minutes=10,
    difficulty=2,
    hints=(
        "First flags of shape (n, classes): ops.one_hot. Then two new axes for height and width.",
        "flags[:, None, None, :] has the shape (n, 1, 1, classes). Broadcasting copies it along the axes of length 1, "
        "and nothing gets mixed up.",
        "flags = ops.one_hot(labels, classes)[:, None, None, :]; return ops.broadcast_to(flags, (ops.shape(labels)[0], "
        "height, width, classes))",
    ),
)
def check_planes(answer, seed):
    import tensorflow as tf

    rng = np.random.default_rng(seed)
    n, classes, height, width = 6, 4, 5, 7
    labels = rng.permutation(np.arange(n) % classes)
    planes = answer(tf.constant(labels, tf.int32), classes, height, width)
    planes = array(planes, "the planes", "is there a `return` with a tensor?")
    expected = np.zeros((n, height, width, classes))
    for i in range(n):
        expected[i, :, :, labels[i]] = 1
    flags = np.eye(classes)[labels]
    mixed = {
        "repeat and reshape mix the classes: of an image's planes none is constant. Put new axes in and broadcast": (
            np.repeat(flags, height * width, axis=1).reshape(n, height, width, classes)
        ),
        "repeat and reshape mix the images: each image has flags of others. Put new axes in and broadcast": (
            np.tile(flags, (height * width, 1)).reshape(n, height, width, classes)
        ),
    }
    for meaning, wrong in mixed.items():
        if planes.shape == expected.shape and np.allclose(planes, wrong) and not np.allclose(planes, expected):
            place = tuple(int(i) for i in np.argwhere(np.ptp(planes, axis=(1, 2)) > 0)[0])
            raise NotYet(
                got=f"a plane that is not constant: class {place[1]} of image {place[0]} has 0 and 1 in it",
                expected="each plane 0 everywhere, or 1 everywhere",
                look=meaning,
            )
    named = {
        "the classes must be the last axis, as channels": np.moveaxis(expected, 3, 1),
        "height and width are exchanged": np.swapaxes(expected, 1, 2),
        "this is one plane with the number of the class; a class needs a plane of its own, or class 9 would be nine "
        "times as strong as class 1": np.broadcast_to(labels[:, None, None, None], (n, height, width, 1)),
        "this is a plane for the class that it is not": 1 - expected,
        "the flags are there; now they must fill planes of height × width": flags,
        "the flags have their new axes; now broadcast them to height × width": flags[:, None, None, :],
        "the planes hold the number of the class instead of 1": expected * labels[:, None, None, None],
    }
    close(planes, expected, "the planes", look="1 in plane number label, everywhere; 0 in all others", mistakes=named)
    _compiles(answer)


def _compiles(answer):
    """Inside fit the number of images is not known beforehand."""
    import tensorflow as tf

    @tf.function(input_signature=[tf.TensorSpec((None,), tf.int32)])
    def compiled(labels):
        return answer(labels, 3, 2, 2)

    try:
        once = compiled.get_concrete_function()  # called thus, TensorFlow does not complain of many compilations
        planes = array(once(tf.constant([2, 0], tf.int32)), "the planes")
    except (TypeError, ValueError, AttributeError, NotImplementedError) as error:
        if "YOUR CODE" in str(error):
            raise
        raise NotYet(
            got=f"an error once compiled: {' '.join(str(error).split())[:160]}",
            expected="a function that works inside fit",
            look="inside fit the number of images is not known beforehand: ops.shape(labels)[0] instead of "
            "len(labels), "
            "and keras.ops instead of NumPy",
        ) from None
    require(
        planes.shape == (2, 2, 2, 3) and (planes[0, :, :, 2] == 1).all() and planes.sum() == 8,
        got="other planes once it is compiled",
        expected="the same",
        look="use keras.ops throughout",
    )
