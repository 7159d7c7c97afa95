"""The checks of lesson 11, the generative adversarial network: both losses, and what brightness gives away."""

import numpy as np

from helpers.exercises.assertions import NotYet, array, close, finite, require, shape
from helpers.exercises.registry import exercise


@exercise(
    "11.3",
    "The detective's loss",
    reference="helpers.gans.losses:logistic_discriminator",
    minutes=10,
    difficulty=1,
    hints=(
        "−log σ(l) is softplus(−l). And 1 − σ(l) = σ(−l), so −log(1 − σ(l)) is …?",
        "Real images pay softplus(−logit): little when the logit is high. Fakes pay softplus(+logit). Each is "
        "averaged by "
        "itself, then they are added.",
        "return ops.mean(ops.softplus(-real_logits)) + ops.mean(ops.softplus(fake_logits))",
    ),
)
def check_discriminator_loss(answer, seed):
    rng = np.random.default_rng(seed)
    r, f = rng.normal(0.4, 1.2, (5, 1)), rng.normal(-0.3, 1.0, (7, 1))  # different numbers: means, not sums
    right, named = discriminator_losses(r, f)
    got = _loss(answer, (r, f))
    look = "mean of softplus(−real logits) + mean of softplus(fake logits)"
    _one_number(got, named)
    close(got, right, "the loss", look=look, rtol=1e-4, atol=1e-5, mistakes=named)
    guess = _loss(answer, (np.zeros((4, 1)), np.zeros((4, 1))))
    close(guess, np.log(4), "the loss of one who is guessing", look="both halves are log 2 at logit 0", rtol=1e-5)
    for real, fake, expected in ((1000, -1000, 0), (-1000, 1000, 2000), (1000, 1000, 1000), (-1000, -1000, 1000)):
        _extreme(answer, (real, fake), expected)
    slopes = _slopes(answer, (r, f))
    expected = -1 / (1 + np.exp(r)) / len(r), 1 / (1 + np.exp(-f)) / len(f)
    for name, slope, want in zip(("real", "fake"), slopes, expected, strict=True):
        close(slope, want, f"the gradient for the {name} logits", look=look, rtol=1e-3)
    _finite_slopes(answer, 2)


def discriminator_losses(r, f):
    """The right loss by the textbook's formula (in float64, logits are small), and what mistakes give."""

    def sigmoid(t):
        return 1 / (1 + np.exp(-t))

    a, b, mean = -np.log(sigmoid(r)), -np.log(1 - sigmoid(f)), np.mean
    right = mean(a) + mean(b)
    return right, {
        "real and fake are swapped: real images should get high logits": mean(-np.log(1 - sigmoid(r)))
        + mean(-np.log(sigmoid(f))),
        "this is half of it: the two means are added, not averaged": right / 2,
        "the part of the fakes is missing": mean(a),
        "the part of the real images is missing": mean(b),
        "the sign is wrong: this is the value V, which the discriminator maximises; its loss is −V": -right,
        "this is the sum over the batch; take means, or the loss grows with the number of images": a.sum() + b.sum(),
        "this calls the fakes real: their part is −log(1 − D), softplus of +logit": mean(a) + mean(-np.log(sigmoid(f))),
        "the real images' part is softplus of minus their logit": mean(-np.log(1 - sigmoid(r))) + mean(b),
        "the parts are subtracted: both must become small, so they are added": mean(a) - mean(b),
        "this takes the mean over real and fake images together; each side has a mean of its own": mean(
            np.concatenate([a, b])
        ),
        "these are probabilities averaged, without the logarithm": mean(1 - sigmoid(r)) + mean(sigmoid(f)),
        "this is in bits; nats use the natural logarithm": right / np.log(2),
        "this is the hinge loss, another game": mean(np.maximum(0, 1 - r)) + mean(np.maximum(0, 1 + f)),
        "this is the least-squares loss, another game": 0.5 * mean((r - 1) ** 2) + 0.5 * mean(f**2),
        "this is Wasserstein's loss, another game (lesson 14)": mean(f) - mean(r),
        "the sigmoid was taken before softplus: softplus wants the logits": mean(np.log1p(np.exp(-sigmoid(r))))
        + mean(np.log1p(np.exp(sigmoid(f)))),
        "this mean is over the logits, before the softplus": np.log1p(np.exp(-mean(r))) + np.log1p(np.exp(mean(f))),
    }


@exercise(
    "11.4",
    "The forger's loss",
    reference="helpers.gans.losses:non_saturating_generator",
    minutes=5,
    difficulty=1,
    hints=(
        "The forger wants D(G(z)) near 1, so he pays −log D: much when the logit is low.",
        "−log σ(l) = softplus(−l), averaged over the fakes.",
        "return ops.mean(ops.softplus(-fake_logits))",
    ),
)
def check_generator_loss(answer, seed):
    rng = np.random.default_rng(seed)
    f = rng.normal(-0.3, 1.0, (7, 1))
    d = 1 / (1 + np.exp(-f))
    right, mean = np.mean(-np.log(d)), np.mean
    named = {
        "this is the saturating loss, log(1 − D): its pull vanishes where fakes are seen through": mean(np.log(1 - d)),
        "this is what the discriminator pays for fakes; the forger wants the opposite": mean(-np.log(1 - d)),
        "the sign is wrong: this would make the fakes worse and worse": -right,
        "this is the sum over the batch; take the mean": -np.log(d).sum(),
        "this is −D, without the logarithm": -mean(d),
        "this is 1 − D, without the logarithm": 1 - mean(d),
        "this is minus the mean logit, the generator's part of another game": -mean(f),
        "this is in bits; nats use the natural logarithm": right / np.log(2),
        "this is the least-squares loss, another game": 0.5 * mean((f - 1) ** 2),
        "the sigmoid was taken before softplus: softplus wants the logits": mean(np.log1p(np.exp(-d))),
        "the mean was taken over the logits, before the softplus": np.log1p(np.exp(-mean(f))),
        "the mean of the probabilities was taken first, then the logarithm": -np.log(mean(d)),
    }
    look = "mean of softplus(−fake logits)"
    got = _loss(answer, (f,))
    _one_number(got, named)
    close(got, right, "the loss", look=look, rtol=1e-4, atol=1e-5, mistakes=named)
    for logit, expected in ((1000, 0.0), (-1000, 1000.0)):
        _extreme(answer, (logit,), expected)
    close(_slopes(answer, (f,))[0], (d - 1) / len(f), "the gradient", look=look, rtol=1e-3)
    _finite_slopes(answer, 1)


def _tensors(logits):
    import tensorflow as tf

    return [tf.constant(np.asarray(part, dtype="float32")) for part in logits]


def _loss(answer, logits):
    """The loss of logits as an array; a blank or an error of the answer passes through."""
    value = answer(*_tensors(logits))
    return array(value.numpy() if hasattr(value, "numpy") else value, "the loss", "one number for the whole batch")


def _one_number(got, named):
    if got.ndim and got.size > 1:
        raise NotYet(
            got=f"a loss of shape {got.shape}", expected="one number", look="take the mean over the batch: ops.mean(…)"
        )


def _extreme(answer, logits, expected):
    said = " and ".join(f"{logit:+d}" for logit in logits)
    value = _loss(answer, [np.full((3, 1), logit) for logit in logits])
    look = "softplus of the logits themselves; once a sigmoid has rounded to 0 or 1, its logarithm is lost"
    finite(value, f"the loss at logits of {said}", look)
    close(value, expected, f"the loss at logits of {said}", look=look, rtol=1e-4, atol=1e-3)


def _slopes(answer, logits):
    import tensorflow as tf

    variables = [tf.Variable(part) for part in _tensors(logits)]
    with tf.GradientTape() as tape:
        loss = tf.convert_to_tensor(answer(*[tf.identity(v) for v in variables]))
    slopes = tape.gradient(loss, variables)
    require(
        all(slope is not None for slope in slopes),
        got="a loss through which no gradient passes",
        expected="a gradient for every logit",
        look="use ops.softplus and ops.mean; NumPy computes the value but keeps no track of how",
    )
    return [slope.numpy() for slope in slopes]


def _finite_slopes(answer, parts):
    for sign in (1, -1):
        for slope in _slopes(answer, [np.full((2, 1), sign * 1000.0)] * parts):
            finite(slope, f"the gradient at logits of {sign * 1000:+d}", "softplus of the logits, nothing before it")


@exercise(
    "11.7",
    "A detective who sees only brightness",
    reference="helpers.gans.vanilla.measures:brightness_detective",
    minutes=15,
    difficulty=2,
    hints=(
        "Take the mean of each image (over which axes?). Which thresholds are worth trying?",
        "For every mean that occurs: the share right if all above are called real. If that share is below ½, she "
        "takes the "
        "other side as real, and has 1 − share.",
        "means = np.concatenate([real, fake]).mean(axis=(1, 2)); for each threshold in means: right = "
        "np.mean((means > threshold) == is_real), with is_real = np.arange(len(means)) < len(real); keep the "
        "largest of "
        "right and 1 − right, and at least ½.",
    ),
)
def check_brightness(answer, seed):
    from scipy.stats import ks_2samp

    rng = np.random.default_rng(seed)
    look = "the best threshold on the mean of each image, with either side as real"
    for low, high, what in ((0.0, 0.15, "brighter fakes"), (0.12, 0.0, "darker fakes"), (0.0, 0.0, "like fakes")):
        real = rng.normal(low, 1, (30, 4, 5)) + 0.3 * rng.normal(size=(30, 1, 1))
        fake = rng.normal(high, 1, (30, 4, 5)) + 0.3 * rng.normal(size=(30, 1, 1))
        a, b = real.mean(axis=(1, 2)), fake.mean(axis=(1, 2))
        expected = (1 + ks_2samp(a, b, method="asymp").statistic) / 2
        got = answer(real.copy(), fake.copy())
        shape(got, (), "the share", "one number between .5 and 1")
        named = _detectives(real, fake, a, b)
        close(float(got), expected, f"the share for {what}", look=look, rtol=1e-9, mistakes=named)
    dark, light = np.zeros((6, 3, 3)), np.ones((6, 3, 3))
    close(float(answer(dark, light)), 1.0, "the share for black and white images", look="every one can be told apart")
    close(float(answer(light, dark)), 1.0, "the share for white real images", look="either side may be the real one")
    close(float(answer(dark, dark.copy())), 0.5, "the share for equal images", look="nothing to go by: half are right")
    chequered = np.tile([[1.0, -1.0], [-1.0, 1.0]], (6, 1, 1))
    close(
        float(answer(chequered, np.zeros((6, 2, 2)))), 0.5, "the share for images of equal brightness",
        look="she sees only the mean of each image, no pattern",
    )  # fmt: skip


def _detectives(real, fake, a, b):
    """What detectives with another idea of the task get right."""
    n = len(a)
    cuts = np.concatenate([a, b])

    def right(t, x=a, y=b):
        return (np.sum(x > t) + np.sum(y <= t)) / (len(x) + len(y))

    above, middle = max(right(t) for t in cuts), (a.mean() + b.mean()) / 2
    px, py = np.sort(real.ravel()), np.sort(fake.ravel())
    spots = np.concatenate([px, py])
    right_pixels = (len(px) - np.searchsorted(px, spots, "right") + np.searchsorted(py, spots, "right")) / (2 * len(px))
    spread = real.std(axis=(1, 2)), fake.std(axis=(1, 2))
    by_spread = np.array([right(t, *spread) for t in np.concatenate(spread)])
    return {
        "real was always taken to be the brighter side; she may choose either": max(above, 0.5),
        "real was always taken to be the darker side; she may choose either": max(max(1 - right(t) for t in cuts), 0.5),
        "this threshold lies half-way between the two averages; the best one may lie elsewhere": max(
            right(middle), 1 - right(middle)
        ),
        "this threshold is at 0; the best one may lie elsewhere": max(right(0.0), 1 - right(0.0)),
        "this judges single pixels; she sees one mean for each image": max(right_pixels.max(), 1 - right_pixels.min()),
        "this is the share of real images that she gets right; count the fakes as well": max(
            np.mean(a > t) for t in cuts
        ),
        "this judges by the spread of the pixels, not by their mean": max(by_spread.max(), 1 - by_spread.min()),
        "this is the share that she gets wrong": 1 - max(above, 1 - min(right(t) for t in cuts)),
        "this is a number of images, not a share": 2 * n * max(above, 1 - min(right(t) for t in cuts)),
        "this is a distance between the two sets (Kolmogorov–Smirnov); the share right is ½ (1 + distance)": (
            2 * max(above, 1 - min(right(t) for t in cuts)) - 1
        ),
    }
