"""The checks of lesson 11, the generative adversarial network: both losses."""

import numpy as np

from helpers.exercises.assertions import NotYet, array, close, finite, require
from helpers.exercises.compiled import trains
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
    trains(answer, (r, f), lambda a, b: np.logaddexp(0, -a).mean() + np.logaddexp(0, b).mean(), "the loss")


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
        "the sigmoid was taken before softplus, or twice: softplus and from_logits=True want the logits": mean(
            np.log1p(np.exp(-sigmoid(r)))
        )
        + mean(np.log1p(np.exp(sigmoid(f)))),
        "this mean is over the logits, before the softplus": np.log1p(np.exp(-mean(r))) + np.log1p(np.exp(mean(f))),
        "from_logits=True is missing: logits were taken for probabilities": (
            mean(as_probability(1, r)) + mean(as_probability(0, f))
        ),
        "half of it, and from_logits=True is missing: logits were taken for probabilities": (
            mean(as_probability(1, r)) + mean(as_probability(0, f))
        )
        / 2,
        "the arguments of the cross-entropy are swapped: labels first, then logits": (
            mean(cross_entropy(r, 1.0)) + mean(cross_entropy(f, 0.0))
        ),
        "the arguments of the cross-entropy are swapped, labels come first; and from_logits=True is missing": (
            mean(as_probability(r, 1.0)) + mean(as_probability(f, 0.0))
        ),
        "the labels of real images are 0.9 here; smoothing comes in lesson 12": mean(cross_entropy(0.9, r)) + mean(b),
        "Keras' label_smoothing=0.1 moves both labels, to 0.95 and 0.05; smoothing comes in lesson 12": (
            mean(cross_entropy(0.95, r)) + mean(cross_entropy(0.05, f))
        ),
        "Keras' label_smoothing=0.1 makes the labels of real images 0.95; smoothing comes in lesson 12": (
            mean(cross_entropy(0.95, r)) + mean(b)
        ),
        "Keras' label_smoothing=0.2 moves both labels, to 0.9 and 0.1; smoothing comes in lesson 12": (
            mean(cross_entropy(0.9, r)) + mean(cross_entropy(0.1, f))
        ),
        "this is the least-squares loss without its ½, another game": mean((r - 1) ** 2) + mean(f**2),
        "this is the squared distance of probabilities from their labels": (
            mean((1 - sigmoid(r)) ** 2) + mean(sigmoid(f) ** 2)
        ),
        "this is a mean of the logarithms' arguments: −log of the mean D": -np.log(mean(sigmoid(r)))
        - np.log(1 - mean(sigmoid(f))),
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
        "from_logits=True is missing: logits were taken for probabilities": mean(as_probability(1, f)),
        "the arguments of the cross-entropy are swapped: labels first, then logits": mean(cross_entropy(f, 1.0)),
        "the arguments of the cross-entropy are swapped, labels come first; and from_logits=True is missing": (
            mean(as_probability(f, 1.0))
        ),
        "the label is 0.9 here: the forger wants to be taken for real, without smoothing": mean(cross_entropy(0.9, f)),
        "Keras' label_smoothing=0.1 makes the label 0.95: leave the smoothing": mean(cross_entropy(0.95, f)),
        "this is the least-squares loss without its ½, another game": mean((f - 1) ** 2),
        "this is half of it: the forger's loss has one part only, with the factor 1": right / 2,
        "this is the mean logit, another game and the wrong sign": mean(f),
        "this is the squared distance of the probability from 1": mean((1 - d) ** 2),
        "this is D itself, without the logarithm, and with the wrong sign": mean(d),
    }
    look = "mean of softplus(−fake logits)"
    got = _loss(answer, (f,))
    _one_number(got, named)
    close(got, right, "the loss", look=look, rtol=1e-4, atol=1e-5, mistakes=named)
    for logit, expected in ((1000, 0.0), (-1000, 1000.0)):
        _extreme(answer, (logit,), expected)
    close(_slopes(answer, (f,))[0], (d - 1) / len(f), "the gradient", look=look, rtol=1e-3)
    _finite_slopes(answer, 1)
    trains(answer, (f,), lambda a: np.logaddexp(0, -a).mean(), "the loss")


def cross_entropy(target, logits):
    """Cross-entropy of logits with a target, each a number or an array; in nats, place by place."""
    return np.logaddexp(0, logits) - target * logits


def as_probability(target, values):
    """What Keras' cross-entropy gives for `values` without from_logits=True: it clips them to (0, 1)."""
    p = np.clip(np.asarray(values, "float32"), np.float32(1e-7), np.float32(1 - 1e-7)).astype(float)
    return -target * np.log(p) - (1 - target) * np.log(1 - p)


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
