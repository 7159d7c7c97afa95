"""The checks of exercises 14.4 and 14.5: points between real images and fakes, and the penalty on gradients there."""

import numpy as np

from helpers.exercises.assertions import NotYet, array, close, finite, require
from helpers.exercises.compiled import compiled
from helpers.exercises.registry import exercise
from helpers.exercises.several import Case, close_on_all


def _numpy(value, what, look=""):
    return array(value.numpy() if hasattr(value, "numpy") else value, what, look)


@exercise(
    "14.4",
    "Points between",
    reference="helpers.gans.wasserstein.gan:interpolate",
    minutes=15,
    difficulty=2,
    hints=(
        "ε is one number for each image. To multiply whole images by it, it needs as many axes as they have, all of "
        "length 1 but the first.",
        "keras.random.uniform draws from 0 to 1. For images its shape is (batch, 1, 1, 1), for points (batch, 1).",
        "epsilon = keras.random.uniform((ops.shape(real)[0], *[1] * (len(real.shape) - 1))); "
        "return epsilon * real + (1 - epsilon) * fake",
    ),
)
def check_points(answer, seed):
    import tensorflow as tf

    rng = np.random.default_rng(seed)
    for shape in ((5, 3, 2, 1), (6, 2)):
        real, fake = (rng.normal(size=shape).astype("float32") for _ in range(2))
        points = _numpy(answer(tf.constant(real), tf.constant(fake)), "the points")
        require(
            points.shape == shape,
            got=f"points of shape {points.shape}",
            expected=f"{shape}, that of real and fake",
            look="ε needs one axis for each axis of the images, of length 1 but for the first: (batch, 1, 1, 1), or "
            "(batch, 1) for points",
        )
    # many pairs, of which each pixel tells its ε
    many = 4000
    real, fake = (rng.normal(size=(many, 3, 2, 1)).astype("float32") for _ in range(2))
    fake = np.where(np.abs(real - fake) < 0.3, real - 0.7, fake).astype("float32")
    points = _numpy(answer(tf.constant(real), tf.constant(fake)), "the points")
    finite(points, "the points")
    share = ((points.astype(float) - fake) / (real.astype(float) - fake)).reshape(many, -1)
    mean = share.mean(axis=1)
    if np.abs(share - mean[:, None]).max() > 1e-2:
        _no_segment(points, real, fake, share)
    if np.ptp(mean) < 1e-4:
        one = mean[0]
        if abs(one - 0.5) < 1e-4:
            raise NotYet(got="the middle between real and fake, always", expected="random points", look="draw ε")
        if min(abs(one), abs(one - 1)) < 1e-4:
            raise NotYet(got="one of the two images as it is", expected="points between them", look="ε from 0 to 1")
        raise NotYet(
            got=f"the same ε for the whole batch ({one:.2f} for all {many} images)",
            expected="one for each image",
            look="all points equally far along: each step would look at one place only. The shape of ε begins with the "
            "number of images",
        )
    beyond = float(np.mean((mean < -1e-3) | (mean > 1 + 1e-3)))
    if beyond > 0.05:
        normal = (
            abs(mean.mean()) < 0.1
            and abs(mean.std() - 1) < 0.1
            or abs(mean.mean() - 1) < 0.1
            and abs(mean.std() - 1) < 0.1
        )
        raise NotYet(
            got=f"{beyond:.0%} of the points beyond their two images"
            + (": ε from a normal distribution" if normal else ""),
            expected="all of them between",
            look="all of them lie beyond one end: start at fake and go a share ε of the way to real, "
            "fake + ε · (real − fake)"
            if beyond > 0.95
            else "ε is uniform from 0 to 1: keras.random.uniform. Beyond the segment nobody needs a slope of 1",
        )  # fmt: skip
    expected = (np.arange(many) + 0.5) / many
    gap = np.abs(np.sort(mean) - expected).max()
    if gap > 0.05:
        ends = np.mean((mean < 1e-3) | (mean > 1 - 1e-3))
        raise NotYet(
            got=f"ε that is not uniform (mean {mean.mean():.2f}, {np.mean(mean < 0.25):.0%} below a quarter)",
            expected="mean 0.5, and 25% below a quarter",
            look="either the real image or the fake: ε must be any number between"
            if ends > 0.5
            else "keras.random.uniform(shape) draws evenly from 0 to 1",
        )
    again = _numpy(answer(tf.constant(real), tf.constant(fake)), "the points of a second call")
    require(
        not np.allclose(again, points),
        got="the same points in a second call",
        expected="new ones in every call",
        look="a fixed seed draws the same numbers again",
    )
    some = tf.constant(real[:6]), tf.constant(fake[:6])
    step = compiled(lambda real, fake: answer(real, fake), *some, unknown_batch=True)
    first, second = step(*some).numpy(), step(*some).numpy()
    require(
        not np.allclose(first, second),
        got="the same points in every step of a compiled training",
        expected="new ones in every call",
        look="NumPy draws once, while fit compiles, and never again: use keras.random.uniform",
    )


def _no_segment(points, real, fake, share):
    """The message for points that are on no segment between their pair."""
    named = {
        "the signs are mixed up: ε · real + (1 − ε) · fake": lambda e: e * real - (1 - e) * fake,
        "the two shares must add up to 1: ε and 1 − ε": lambda e: e * real + e * fake,
        "fake + ε · real is no point between them: fake + ε · (real − fake)": lambda e: fake + e * real,
        "real + ε · fake is no point between them: real + ε · (fake − real)": lambda e: real + e * fake,
        "fake + ε · (real + fake) is no point between them; the way is real − fake": lambda e: fake + e * (real + fake),
        "this is the way between the two, not a point on it: add where it starts": lambda e: e * (real - fake),
        "this is the way from real to fake, not a point on it: add where it starts": lambda e: e * (fake - real),
    }
    for words, formula in named.items():
        base, slope = formula(0.0), formula(1.0) - formula(0.0)
        epsilon = (points - base) / np.where(np.abs(slope) < 0.05, np.nan, slope)
        flat = epsilon.reshape(len(points), -1)
        if np.nanmax(np.nanmax(flat, axis=1) - np.nanmin(flat, axis=1)) < 0.02:
            raise NotYet(
                got="points that are not on the line between real and fake", expected="points between", look=words
            )
    if np.mean((share > -0.01) & (share < 1.01)) > 0.95:
        raise NotYet(
            got="an ε of its own for each pixel",
            expected="one for each image",
            look="such a point is on no line between the two: it is a mosaic. All axes of ε but the first have "
            "length 1",
        )
    raise NotYet(
        got="points that are not on the line between real and fake",
        expected="ε · real + (1 − ε) · fake, with one ε for each image",
        look="is ε the same for all pixels of an image, and are the shares ε and 1 − ε?",
    )


@exercise(
    "14.5",
    "The penalty",
    reference="helpers.gans.wasserstein.gan:penalty_at",
    minutes=20,
    difficulty=3,
    hints=(
        "tape.gradient(scores, points) adds the scores up before it differentiates. Since each score depends on its "
        "own "
        "image only, row i is the gradient of score i.",
        "The length: ops.sqrt(ops.sum(ops.square(gradients), axis=…) + 1e-12) with axis=(1,) for points and (1, 2, 3) "
        "for images; tuple(range(1, len(points.shape))) is right for all.",
        "with tf.GradientTape() as tape: tape.watch(points); scores = critic(points). Then lengths as above from "
        "tape.gradient(scores, points), and return ops.mean(ops.square(lengths - 1))",
    ),
)
def check_penalty(answer, seed):
    import tensorflow as tf

    rng = np.random.default_rng(seed)
    for shape in ((6, 5), (4, 3, 4, 2)):
        axes = tuple(range(1, len(shape)))
        words = "points" if len(shape) == 2 else "images"
        a = rng.normal(size=shape[1:]).astype("float32")
        x = rng.normal(size=shape)
        typical = np.median(np.sqrt(np.square(3 * x**2 * a).sum(axis=axes)))
        x = (x / np.sqrt(typical)).astype("float32")  # so that some slopes are above 1 and some below it
        weights = tf.constant(a)

        def linear(points, training=False, weights=weights, axes=axes):
            return tf.reduce_sum(points * weights, axis=axes)[:, None]

        gradient = np.broadcast_to(a, shape).astype(float)
        value = _numpy(_asked(answer, linear, tf.constant(x)), "the penalty")
        what = f"the penalty of f(x) = a · x at {words}"
        cases = [Case(what, value, (np.linalg.norm(a) - 1) ** 2, _named(gradient))]

        def curved(points, training=False, weights=weights, axes=axes):  # each image has a slope of its own
            return tf.reduce_sum(points**3 * weights, axis=axes)[:, None]

        gradient = 3 * x.astype(float) ** 2 * a
        lengths = np.sqrt(np.square(gradient).sum(axis=axes))
        value = _numpy(_asked(answer, curved, tf.constant(x)), "the penalty")
        what = f"the penalty of a curved critic at {words}"
        cases.append(Case(what, value, np.square(lengths - 1).mean(), _named(gradient)))
        look = "the length over all axes but the first, minus 1, squared; then the mean"
        close_on_all(cases, look, rtol=1e-4, atol=1e-4)
    step = compiled(lambda points: answer(curved, points), tf.constant(x), unknown_batch=True)
    close(step(tf.constant(x)), np.square(lengths - 1).mean(), "the compiled penalty", look, rtol=1e-3, atol=1e-4)
    fewer = np.square(lengths[:2] - 1).mean()
    close(answer(curved, tf.constant(x[:2])), fewer, "the penalty of two images", look, rtol=1e-3, atol=1e-4)
    _judge_training(answer, rng)


def _asked(answer, critic, points):
    """The answer's penalty; NotYet where the tape did not see the points."""
    try:
        return answer(critic, points)
    except (ValueError, TypeError, AttributeError) as error:
        if "None" not in str(error):
            raise
        raise NotYet(
            got="a tape without a gradient by the points",
            expected="gradients in the shape of the points",
            look="a tape follows variables by itself, but not points: tape.watch(points) inside the `with`, before the "
            "critic judges them there",
        ) from None


def _named(gradient):
    """Penalties that go wrong in known ways, from the gradient of each image, (n, …)."""
    g = gradient.reshape(len(gradient), -1)
    squares, axes = np.square(gradient), tuple(range(1, gradient.ndim))
    lengths = np.sqrt(np.square(g).sum(axis=1))

    def away(values):
        return np.square(values - 1).mean()

    found = {
        "the length runs over the batch as well; each image has a gradient of its own: leave out the first axis": away(
            np.sqrt(squares.sum())
        ),
        "this is the length over the batch only, pixel by pixel; sum over all axes but the first": away(
            np.sqrt(squares.sum(axis=0))
        ),
        "each pixel counts by itself here; the length is that of the whole image's gradient": away(np.abs(g)),
        "each number of the gradient counts by itself, without its length": away(g),
        "the root is missing: these are squared lengths": away(lengths**2),
        "the sum was left out: this is the root of the mean square; the length has the sum": away(
            np.sqrt(np.square(g).mean(axis=1))
        ),
        "this is the sum of absolute values; the length is the root of the sum of squares": away(np.abs(g).sum(axis=1)),
        "these are sums over the pixels, where signs cancel: square first": away(g.sum(axis=1)),
        "the 1 is missing: this draws the slope to 0 instead of 1": np.square(lengths).mean(),
        "the square is missing: this is the mean distance from 1, which may be negative": (lengths - 1).mean(),
        "the square is missing: (length − 1)²": np.abs(lengths - 1).mean(),
        "the penalty was taken of the mean length; lengths above and below 1 must not cancel": (lengths.mean() - 1)
        ** 2,
        "this is the length of the mean gradient; take each image's length": (np.linalg.norm(g.mean(axis=0)) - 1) ** 2,
        "this is one-sided: slopes below 1 are free here": np.square(np.maximum(lengths - 1, 0)).mean(),
        "these are sums over the batch; take the mean": np.square(lengths - 1).sum(),
        "one value for each image: take their mean": np.square(lengths - 1),
        "the weight λ is no part of this function": 10 * np.square(lengths - 1).mean(),
        "the gradient is that of the mean of the scores, smaller by the number of images: take that of the scores": (
            away(lengths / len(g))
        ),
        "this is the first image only: tape.gradient(…, points) is one tensor, and [0] picks its first row": (
            np.square(lengths[0] - 1)
        ),
        "this is half of it: leave the ½ out": np.square(lengths - 1).mean() / 2,
        "1 was subtracted from the squared length: first the root": (lengths**2 - 1).mean(),
        "this is the length of all the distances from 1; take the mean of their squares": np.linalg.norm(lengths - 1),
        "this is 1 minus the mean squared length": np.square(1 - np.square(lengths).mean()),
        "this is lesson 16's penalty, ½ ‖gradient‖²": np.square(lengths).mean() / 2,
        "this is the largest entry of each gradient; the length has all of them": away(np.abs(g).max(axis=1)),
    }
    if gradient.ndim > 2:
        found["this is the first image only: tape.gradient(…, points) is one tensor, and [0] picks its first row. Its "
              "first axis was left out"] = away(np.sqrt(squares[0].sum(axis=axes[:-1])))  # fmt: skip
        found["only the last axis was summed: all axes but the first"] = away(np.sqrt(squares.sum(axis=-1)))
        found["only one axis was summed: all axes but the first"] = away(np.sqrt(squares.sum(axis=1)))
        found["the last axis, of the channels, was left out: all axes but the first"] = away(
            np.sqrt(squares.sum(axis=axes[:-1]))
        )
    return found


def _judge_training(answer, rng):
    """The penalty must be something that a critic's weights can learn from, also where the slope is 0."""
    import tensorflow as tf

    start = rng.normal(0.5, 1, (4, 1)).astype("float32")
    kernel, points = tf.Variable(start), tf.constant(rng.normal(size=(5, 4)).astype("float32"))

    def critic(x, training=False):
        return x @ kernel

    def slope():
        with tf.GradientTape() as tape:
            penalty = answer(critic, points)
        return tape.gradient(penalty, kernel)

    found = slope()
    require(
        found is not None,
        got="a penalty that the critic's weights do not feel",
        expected="a gradient of the penalty by the weights",
        look="stay with tensors all the way: .numpy(), NumPy and stop_gradient cut the path",
    )
    length = np.linalg.norm(start)
    close(found.numpy(), 2 * (length - 1) * start / length, "the gradient of the penalty by a linear critic's weights",
          "both tapes have to see the whole way", rtol=1e-3, atol=1e-4)  # fmt: skip
    kernel.assign(tf.zeros_like(kernel))
    finite(
        slope().numpy(),
        "the gradient of the penalty at a critic that is flat",
        "the root has no derivative at 0: add 1e-12 under it",
    )
