"""The check of exercise 13.7: labels as planes."""

import numpy as np

from helpers.exercises.assertions import NotYet, array, close, require
from helpers.exercises.compiled import compiled
from helpers.exercises.registry import exercise
from helpers.exercises.several import first_fitting


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
    meaning = first_fitting(planes, expected, lambda: mixed)
    if meaning:
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
        "10 planes, whatever `classes` says": np.broadcast_to(
            np.eye(10)[labels][:, None, None], (n, height, width, 10)
        ),
        "the flags are there; now they must fill planes of height × width": flags,
        "the flags have their new axes; now broadcast them to height × width": flags[:, None, None, :],
        "classes are counted from 0: this is the plane of the class before": np.roll(expected, -1, axis=3),
        "classes are counted from 0: this is the plane of the class after": np.roll(expected, 1, axis=3),
        "one plane with the label as a share of the classes; each class needs a plane of its own": np.broadcast_to(
            labels[:, None, None, None] / classes, (n, height, width, 1)
        ),
        "classes are counted from 0: this is the plane of the class before, and class 0 has none": (
            np.roll(expected, -1, axis=3) * (labels > 0)[:, None, None, None]
        ),
        "the planes hold −1 and 1; a plane is 0 where it is not that of the label": 2 * expected - 1,
        "the label is in one pixel only; its plane is 1 everywhere": _one_pixel(expected),
        "these are shares: each pixel sums to 1 already, without a division": expected / (height * width),
        "one axis is missing: height and width were put into one": expected.reshape(n, height * width, classes),
        "these are the labels themselves, without planes": labels,
        "the planes hold the number of the class instead of 1": expected * labels[:, None, None, None],
    }
    close(planes, expected, "the planes", look="1 in plane number label, everywhere; 0 in all others", mistakes=named)
    require(
        planes.dtype.kind == "f", got=f"planes of {planes.dtype}", expected="float32, to be put beside images",
        look="ops.one_hot gives float32; ops.cast(…, 'float32')",
    )  # fmt: skip
    _compiles(answer)


def _one_pixel(planes):
    """Only the first pixel of each plane."""
    found = np.zeros_like(planes)
    found[:, 0, 0] = planes[:, 0, 0]
    return found


def _compiles(answer):
    """Inside fit the number of images is not known beforehand."""
    import tensorflow as tf

    step = compiled(lambda labels: answer(labels, 3, 2, 2), tf.constant([2, 0], tf.int32), unknown_batch=True)
    for labels in ([2, 0], [1, 1, 0]):
        planes = array(step(tf.constant(labels, tf.int32)), "the planes")
        right = np.broadcast_to(np.eye(3)[labels][:, None, None], (len(labels), 2, 2, 3))
        require(
            planes.shape == right.shape and np.array_equal(planes, right),
            got="other planes once it is compiled",
            expected="the same",
            look="use keras.ops throughout",
        )
