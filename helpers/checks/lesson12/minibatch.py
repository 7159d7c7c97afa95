"""The check of exercise 12.5, minibatch discrimination."""

import numpy as np

from helpers.exercises.assertions import array, close, require
from helpers.exercises.compiled import carries, trains
from helpers.exercises.registry import exercise


@exercise(
    "12.5",
    "How alike is a batch?",
    reference="helpers.gans.stability.minibatch:MinibatchDiscrimination",
    minutes=25,
    difficulty=3,
    seconds=20.0,
    hints=(
        "Three steps: rows M of every image, distances of all pairs for every ruler, and the sum of exp(−distance) "
        "over the others. Write down the shape after each.",
        "M[:, None] - M[None, :] has the shape (batch, batch, rulers, size). The distance is the sum of absolute "
        "values over the last axis. The likeness of an image to itself is exp(0) = 1; take it off at the end.",
        "M = ops.reshape(ops.matmul(features, self.T), (-1, self.rulers, self.size)); "
        "distances = ops.sum(ops.abs(M[:, None] - M[None, :]), axis=3); "
        "return ops.sum(ops.exp(-distances), axis=1) - 1",
    ),
)
def check_minibatch(answer, seed):
    import keras
    import tensorflow as tf
    from keras import ops

    require(
        isinstance(answer, type) and issubclass(answer, keras.layers.Layer),
        got=f"{getattr(answer, '__name__', type(answer).__name__)}, which is no class of layers",
        expected="the class MinibatchDiscrimination",
        look="class MinibatchDiscrimination(stability.BaseMinibatchDiscrimination), handed over without brackets",
    )
    rng = np.random.default_rng(seed)
    n, A, B, C = 6, 5, 4, 3
    layer = answer(rulers=B, size=C, seed=1)
    x = rng.normal(size=(n, A)).astype("float32")
    layer(ops.convert_to_tensor(x))
    T = rng.normal(0, 0.5, (A, B * C)).astype("float32")
    layer.T.assign(T)
    M = (x.astype(float) @ T).reshape(n, B, C)
    expected = np.zeros((n, B))
    for i in range(n):
        for j in range(n):
            for b in range(B):
                if j != i:
                    expected[i, b] += np.exp(-sum(abs(M[i, b, c] - M[j, b, c]) for c in range(C)))
    result = layer(ops.convert_to_tensor(x))
    got = array(result.numpy() if hasattr(result, "numpy") else result, "the layer's output")
    close(
        got, expected, "likeness to the other images", rtol=1e-4, atol=1e-5, mistakes=_mistakes(M, x, T, B, C),
        look="o[i, b] = Σ over j ≠ i of exp(−Σ_c |M[i, b, c] − M[j, b, c]|)",
    )  # fmt: skip
    same = layer(ops.ones((7, A)))
    look = "each is as like as can be to six others"
    close(same.numpy(), np.full((7, B), 6.0), "seven equal images", look=look, rtol=1e-4)

    variable = tf.Variable(x)
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(layer(variable) ** 2)
    reaches = tape.gradient(total, [variable, layer.T.value])
    for gradient in reaches:
        carries(gradient, "the likeness, back to the features and to T")
    trains(lambda features: layer(features), [x], lambda a: _likeness(a, T, B, C), "the likeness")
    other = answer(rulers=2, size=5, seed=1)
    other(ops.convert_to_tensor(x))
    T = rng.normal(0, 0.5, (A, 10)).astype("float32")
    other.T.assign(T)
    close(other(ops.convert_to_tensor(x)), _likeness(x, T, 2, 5), "likeness by 2 rulers of 5 numbers",
          look="self.rulers and self.size, not fixed numbers", rtol=1e-4, atol=1e-5)  # fmt: skip


def _likeness(x, T, B, C):
    """The right answer for float64 features, all pairs at once."""
    M = (np.asarray(x, float) @ T).reshape(-1, B, C)
    return np.exp(-np.abs(M[:, None] - M[None]).sum(axis=3)).sum(axis=1) - 1


def _mistakes(M, x, T, B, C):
    """Wrong results by what they mean."""
    apart = M[:, None] - M[None, :]
    taxi = np.abs(apart).sum(axis=3)
    round_ = np.sqrt(np.square(apart).sum(axis=3))
    tops = np.abs(apart).max(axis=3)
    right = np.exp(-taxi).sum(axis=1) - 1
    n = len(M)
    other = np.swapaxes((x.astype(float) @ T).reshape(n, C, B), 1, 2)
    swapped = np.exp(-np.abs(other[:, None] - other[None, :]).sum(axis=3)).sum(axis=1)
    turned = M.reshape(n, C, B)
    turned = np.exp(-np.abs(turned[:, None] - turned[None, :]).sum(axis=3)).sum(axis=1)
    over_rulers = np.exp(-np.abs(apart).sum(axis=2)).sum(axis=1)
    return {
        "each image is compared with itself as well, which adds exp(0) = 1 everywhere: take it off": right + 1,
        "these are distances: the likeness is exp(−distance)": taxi.sum(axis=1),
        "these are negative distances: the exponential is missing": -taxi.sum(axis=1),
        "this is exp(+distance), which grows with unlikeness": np.exp(taxi).sum(axis=1) - 1,
        "this is exp(+distance), which grows with unlikeness, and each image is compared with itself": (
            np.exp(taxi).sum(axis=1)
        ),
        "this is the straight distance (L2); it should be the sum of absolute values (L1)": (
            np.exp(-round_).sum(axis=1) - 1
        ),
        "this is the straight distance (L2) and each image is compared with itself": np.exp(-round_).sum(axis=1),
        "this is the squared distance (L2); it should be the sum of absolute values (L1)": (
            np.exp(-np.square(apart).sum(axis=3)).sum(axis=1) - 1
        ),
        "this is the largest of the absolute values; take their sum (L1)": np.exp(-tops).sum(axis=1) - 1,
        "this is the largest of the absolute values (take their sum), and each image is compared with itself": np.exp(
            -tops
        ).sum(axis=1),
        "the exponential came before the sum over the numbers of a ruler: sum |…| first": (
            np.exp(-np.abs(apart)).sum(axis=(1, 3)) - C
        ),
        "the exponential came before the sum over the numbers of a ruler: sum |…| first. And each image is compared "
        "with itself": np.exp(-np.abs(apart)).sum(axis=(1, 3)),
        "this sums over the rulers instead of over the numbers of each: the size is the last axis": over_rulers - 1,
        "this sums over the rulers, not over the numbers of each, and each image is compared with itself": over_rulers,
        "rulers and size are exchanged in the shape: (-1, self.rulers, self.size)": swapped - 1,
        "rulers and size are exchanged in the shape: it is (-1, self.rulers, self.size)": turned - 1,
        "rulers and size are exchanged in the shape, and each image is compared with itself": swapped,
        "the absolute values are missing: differences of opposite sign cancel out": (
            np.exp(-apart.sum(axis=3)).sum(axis=1) - 1
        ),
        "the absolute values are missing, and each image is compared with itself": (
            np.exp(-apart.sum(axis=3)).sum(axis=1)
        ),
        "this is the mean over the batch; the paper's layer takes the sum": (right + 1) / n,
        "this is the mean over the others; the paper's layer takes the sum": right / (n - 1),
        "this is one number for each image: keep one for each ruler": right.sum(axis=1),
        "this is summed over the images too: every image has a likeness of its own": right.sum(axis=0),
        "this is summed over all pairs: every image has a likeness of its own": right.sum(axis=0) + n - 1,
        "these are the likenesses of all pairs: sum them over the other images": np.exp(-taxi),
        "this is the largest likeness to another image; the layer takes the sum": (
            np.exp(-taxi) - np.eye(n)[:, :, None]
        ).max(axis=1),
        "the distances were added up over the images before the exponential: exp first, for each pair": np.exp(
            -taxi.sum(axis=1)
        ),
        "this is the mean of absolute values; take their sum": np.exp(-taxi / C).sum(axis=1) - 1,
        "this is the mean of absolute values (take their sum), and each image is compared with itself": np.exp(
            -taxi / C
        ).sum(axis=1),
        "the number of images was taken off; each image is like itself once, so take off 1": right + 1 - n,
        "the features come in front, as in the paper; here the likeness alone is asked for": np.concatenate(
            [x, right], axis=1
        ),
        "these are the features times T, (batch, B · C), without any comparison": M.reshape(n, -1),
    }
