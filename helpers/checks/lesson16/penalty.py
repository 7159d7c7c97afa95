"""The check of exercise 16.3, R1: against discriminators whose slopes are known by hand."""

import numpy as np

from helpers.exercises.assertions import NotYet, array, close
from helpers.exercises.registry import exercise


@exercise(
    "16.3",
    "R1",
    reference="helpers.gans.penalties:r1_penalty",
    minutes=20,
    difficulty=2,
    hints=(
        "First the gradient: inside the tape watch the images, ask the discriminator; outside it tape.gradient(logits, "
        "real). It has the shape of the images.",
        "The squared length for each image is the sum of the squares over all axes but the first: axis=(1, 2, 3). Then "
        "the mean over the images, and half of it.",
        "with tf.GradientTape() as tape: tape.watch(real); logits = discriminator(real). Then gradient = "
        "tape.gradient(logits, real); return 0.5 * ops.mean(ops.sum(ops.square(gradient), axis=(1, 2, 3)))",
    ),
)
def check_r1(answer, seed):
    from helpers.backend import tf

    rng = np.random.default_rng(seed)
    n, form = 5, (4, 6, 3)
    # small slopes, so that the logits are small, and a sigmoid of them is neither 0 nor 1
    a, c = rng.normal(0.03, 0.15, form).astype("float32"), rng.uniform(0.02, 0.1, form).astype("float32")
    real = rng.normal(size=(n, *form)).astype("float32")

    def bowl(images, training=False):  # the slope at x is c · x + a, in each pixel
        return tf.reduce_sum(0.5 * c * images**2 + a * images, axis=(1, 2, 3))[:, None]

    slope = (c * real + a).astype(float)
    logits = (0.5 * c * real**2 + a * real).sum(axis=(1, 2, 3))
    squares = (slope**2).sum(axis=(1, 2, 3))
    right, norms = 0.5 * squares.mean(), np.sqrt(squares)
    sigmoid = 1 / (1 + np.exp(-logits))
    got = _asked(answer, bowl, tf.constant(real))
    look = "½ times the mean over the images of the sum of the squared slopes over all pixels and channels"
    value = array(got, "the penalty", "return the number at the end")
    if value.shape == (n,):
        raise NotYet(
            got=f"{n} numbers, one for each image", expected="their mean: one number", look="ops.mean at the end"
        )
    close(
        value,
        right,
        "the penalty",
        look,
        1e-4,
        1e-5,
        {
            "the ½ is missing": 2 * right,
            "the length is not squared here": 0.5 * norms.mean(),
            "this is a sum over the batch: with larger batches it would grow; take the mean over the images": 0.5
            * squares.sum(),
            "this is the mean over pixels, too: the squared length of a gradient is a sum over all of them": 0.5
            * np.mean(slope**2),
            "the length over the whole batch at once is one number for all images: sum over the axes 1, 2 and 3": (
                0.5 * squares.sum() ** 0.5
            ),
            "the gradient of the mean of the logits is smaller by the batch size: take that of their sum": right / n**2,
            "this is lesson 14's penalty, (‖gradient‖ − 1)²: R1 wants slope 0": 0.5 * np.mean((norms - 1) ** 2),
            "this is lesson 14's penalty, (‖gradient‖ − 1)², as a whole: R1 wants slope 0, and half of it": np.mean(
                (norms - 1) ** 2
            ),
            "the channels were averaged: the sum goes over the axes 1, 2 and 3": right / form[2],
            "the rows were averaged: the sum goes over the axes 1, 2 and 3": right / form[0],
            "the sum goes over one axis only; it should go over height, width and channels": 0.5
            * (slope**2).sum(axis=1).mean(),
            "the last axis only was summed over; it should be height, width and channels": 0.5
            * (slope**2).sum(axis=3).mean(),
            "this is the slope of the probability: take that of the logit": (
                0.5 * ((sigmoid * (1 - sigmoid)) ** 2 * squares).mean()
            ),
            "the slopes were added up before they were squared: opposite ones cancel": (
                0.5 * np.mean(slope.sum(axis=(1, 2, 3)) ** 2)
            ),
            "absolute values in place of squares": 0.5 * np.abs(slope).sum(axis=(1, 2, 3)).mean(),
            "the ½ is there twice": right / 2,
            "γ is not asked for yet: half of the mean, and no more": 10 * right,
            "γ is not asked for yet: half of the mean, and no more (this is 10 times the whole mean)": 20 * right,
            "this is the slope of softplus(−logit), the discriminator's loss; take that of the logit itself": (
                0.5 * (((1 - sigmoid) ** 2) * squares).mean()
            ),
            "this is the slope of softplus(logit), the loss of fakes; take that of the logit itself": (
                0.5 * ((sigmoid**2) * squares).mean()
            ),
            "this is the slope of the mean softplus(−logit), the discriminator's loss; take that of the logits": (
                0.5 * (((1 - sigmoid) ** 2) * squares).mean() / n**2
            ),
            "this is the first image only: tape.gradient(…, real) is one tensor, and [0] picks its first row": (
                0.5 * squares[0]
            ),
            "the mean length was squared; first square, then take the mean": 0.5 * norms.mean() ** 2,
            "this is the largest slope, squared; the length has all of them": 0.5
            * (slope**2).max(axis=(1, 2, 3)).mean(),
            "this penalizes the logits themselves; it should be their slope": 0.5 * np.mean(logits**2),
        },
    )
    few = tf.constant(real[:2])
    close(_asked(answer, bowl, few), 0.5 * squares[:2].mean(), "the penalty of two images", look, 1e-4, 1e-5)
    tilt = tf.Variable(1.5)

    def tilted(images, training=False):
        return tilt * tf.reduce_sum(a * images, axis=(1, 2, 3))[:, None]

    with tf.GradientTape() as tape:
        loss = answer(tilted, tf.constant(real))
    gradient = tape.gradient(loss, tilt) if tf.is_tensor(loss) else None
    if gradient is None:
        raise NotYet(
            got="a number through which no gradient reaches the discriminator's weights",
            expected="a tensor, so that training can make the slope smaller",
            look="no float(…), no .numpy(), no stop_gradient on the way",
        )
    close(
        gradient,
        1.5 * float((a.astype(float) ** 2).sum()),
        "the gradient of the penalty by a weight",
        "nothing on the way may cut the gradient",
        1e-4,
        1e-4,
    )


def _asked(answer, discriminator, real):
    """The answer's penalty; NotYet where the tape did not see the images."""
    try:
        return answer(discriminator, real)
    except (ValueError, TypeError, AttributeError) as error:
        if "None" not in str(error):
            raise
        raise NotYet(
            got="a tape without a gradient by the images",
            expected="gradients in the shape of the images",
            look="a tape follows variables by itself, but not images: tape.watch(real) inside the `with`, before the "
            "discriminator judges them there",
        ) from None
