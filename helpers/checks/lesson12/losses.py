"""The checks of lesson 12, why GANs are hard to train: the bilinear game, one-sided smoothing, the hinge loss."""

import numpy as np

from helpers.exercises.assertions import array, close, finite, shape
from helpers.exercises.compiled import trains
from helpers.exercises.registry import exercise


@exercise(
    "12.2",
    "One step of each kind",
    reference="helpers.gans.stability.games:bilinear_step",
    minutes=10,
    difficulty=1,
    hints=(
        "Player x walks downhill on x·y, whose slope in x is y. Player y walks uphill; the slope in y is x.",
        "At once: both slopes are taken before anybody moves. In turn: x moves, and y's slope is where x is now.",
        "new_x = x - step * y; new_y = y + step * (new_x if alternate else x); return new_x, new_y",
    ),
)
def check_bilinear(answer, seed):
    rng = np.random.default_rng(seed)
    for _ in range(3):
        x, y, h = rng.uniform(0.5, 2) * rng.choice([-1, 1]), rng.uniform(0.5, 2), rng.uniform(0.1, 0.7)
        for alternate in (False, True):
            what = "(x, y) after one step " + ("in turn" if alternate else "at once")
            shape(answer(x, y, h, alternate), (2,), what, "return new_x, new_y")
            # an independent way: the step as a matrix product
            turn = np.array([[1, -h], [h, 1 - h * h if alternate else 1]])
            mixed = np.array([[1, -h], [h, 1 if alternate else 1 - h * h]])
            named = {
                "y answered to where x was before: in turn, y sees where x has just gone": mixed @ (x, y),
                "x was moved uphill: x wants x·y small, so it goes against the slope": [x + h * y, y + h * x],
                "y was moved downhill: y wants x·y large": [x - h * y, y - h * x],
                "y was moved downhill, and in turn: y wants x·y large": [x - h * y, y - h * (x - h * y)],
                "each player went along its own number; the slope of x·y in x is y, and in y it is x": [
                    x - h * x,
                    y + h * y,
                ],
                "y moved first: in turn, x moves and then y": [x - h * (y + h * x), y + h * x],
                "this is the way of the step alone; add where the players were": turn @ (x, y) - (x, y),
                "the size of the step is missing": [x - y, y + (x - y if alternate else x)],
                "the two are exchanged: return x first": (turn @ (x, y))[::-1],
                "nobody moved": [x, y],
                "both slopes are divided by the step": [x - y / h, y + (x - y / h if alternate else x) / h],
                "both players have their signs turned round: x wants x·y small, y wants it large": [
                    x + h * y,
                    y - h * (x + h * y if alternate else x),
                ],
                "only x has moved: in turn means that both move in one step, x first": [x - h * y, y],
                "the step counts twice where y moves": [x - h * y, y + h * h * (x - h * y if alternate else x)],
                "the step is squared": [x - h * h * y, y + h * h * (x - h * h * y if alternate else x)],
            }
            if not alternate:
                del named["y answered to where x was before: in turn, y sees where x has just gone"]
                named["y answered to where x has just gone: at once, both slopes are taken before anybody moves"] = (
                    mixed @ (x, y)
                )
            look = "x goes down by step · y; y goes up by step · x, with the x that it is to answer to"
            close(answer(x, y, h, alternate), turn @ (x, y), what, look=look, rtol=1e-9, mistakes=named)


def _numpy(value, what):
    """A tensor or array as an array."""
    return array(value.numpy() if hasattr(value, "numpy") else value, what)


@exercise(
    "12.6",
    "One-sided smoothing",
    reference="helpers.gans.losses:logistic_discriminator",
    minutes=10,
    difficulty=2,
    hints=(
        "A target t has two terms: −t log D − (1 − t) log(1 − D). For a smoothed real image both of them count.",
        "−log D is softplus(−logit), and −log(1 − D) is softplus(logit). Fakes keep the target 0.",
        "real = (1 - smoothing) * ops.softplus(-real_logits) + smoothing * ops.softplus(real_logits); "
        "return ops.mean(real) + ops.mean(ops.softplus(fake_logits))",
    ),
)
def check_smoothing(answer, seed):
    from keras import ops

    rng = np.random.default_rng(seed)
    r, f = rng.normal(0.8, 1.5, (7, 1)).astype("float32"), rng.normal(-0.5, 1.5, (5, 1)).astype("float32")
    s = float(rng.uniform(0.1, 0.35))

    def entropy(logits, target):  # straight from the definition, with the probability itself
        p = 1 / (1 + np.exp(-logits.astype(float)))
        return -target * np.log(p) - (1 - target) * np.log(1 - p)

    def clipped(target, values):  # what Keras gives without from_logits=True
        p = np.clip(np.asarray(values, "float32"), np.float32(1e-7), np.float32(1 - 1e-7)).astype(float)
        return -target * np.log(p) - (1 - target) * np.log(1 - p)

    real, fake = entropy(r, 1 - s), entropy(f, 0)
    expected = real.mean() + fake.mean()
    named = {
        "the targets of fakes are smoothed too. That tells the generator that its old mistakes are half right: "
        "one-sided means real images only": real.mean() + entropy(f, s).mean(),
        "only the fakes are smoothed; it should be the real ones": entropy(r, 1).mean() + entropy(f, s).mean(),
        "nothing is smoothed": entropy(r, 1).mean() + fake.mean(),
        "the second term of a smoothed target is missing: with t = 1 − s there is also s · (−log(1 − D))": (
            (1 - s) * entropy(r, 1).mean() + fake.mean()
        ),
        "the target of real images is s here; it should be 1 − s": entropy(r, s).mean() + fake.mean(),
        "the target of fakes is 1 here: real and fake are exchanged": real.mean() + entropy(f, 1).mean(),
        "the roles of real images and fakes are exchanged": entropy(f, 1 - s).mean() + entropy(r, 0).mean(),
        "the fakes are missing": real.mean(),
        "the real images are missing": fake.mean(),
        "these are sums over the batch; a loss is a mean, or it doubles with the batch": real.sum() + fake.sum(),
        "the sign is wrong: the discriminator minimises this loss": -expected,
        "this is half of it: two means are added, not averaged": expected / 2,
        "the smoothing has been taken off the logit; it belongs to the target": (
            entropy(r - s, 1).mean() + fake.mean()
        ),
        "Keras' label_smoothing makes the target 1 − s/2, not 1 − s: write the targets yourself": (
            entropy(r, 1 - s / 2).mean() + fake.mean()
        ),
        "Keras' label_smoothing moves both targets, to 1 − s/2 and s/2: write 1 − s and 0 yourself": (
            entropy(r, 1 - s / 2).mean() + entropy(f, s / 2).mean()
        ),
        "from_logits=True is missing: logits were taken for probabilities": (
            clipped(1 - s, r).mean() + clipped(0, f).mean()
        ),
        "from_logits=True is missing: logits were taken for probabilities. And nothing is smoothed": (
            clipped(1, r).mean() + clipped(0, f).mean()
        ),
        "the arguments of the cross-entropy are swapped: targets first, then logits": (
            np.mean(np.logaddexp(0, 1 - s) - r * (1 - s)) + np.log(2)
        ),
        "the targets are 0.9 here, whatever `smoothing` says": entropy(r, 0.9).mean() + fake.mean(),
        "this takes one mean over all images; each side has a mean of its own": np.concatenate([real, fake]).mean(),
        "this is the least-squares loss with a smoothed target": np.square(r - (1 - s)).mean() + np.square(f).mean(),
        "this is the least-squares loss with a smoothed target and ½": (
            0.5 * np.square(r - (1 - s)).mean() + 0.5 * np.square(f).mean()
        ),
        "the smoothed real images' loss was multiplied by 1 − s: the target changes, not the weight": (
            (1 - s) * real.mean() + fake.mean()
        ),
        "the sigmoid is there twice: softplus and from_logits=True want the logits": (
            entropy(1 / (1 + np.exp(-r)), 1 - s).mean() + entropy(1 / (1 + np.exp(-f)), 0).mean()
        ),
        "the sign of the smoothing is wrong: the target would be 1 + s": entropy(r, 1 + s).mean() + fake.mean(),
        "the plain loss was multiplied by 1 − s: the target of real images changes, not the weight": (
            (1 - s) * (entropy(r, 1).mean() + fake.mean())
        ),
    }
    tensors = ops.convert_to_tensor(r), ops.convert_to_tensor(f)
    look = "cross-entropy of real images with the target 1 − smoothing, plus that of fakes with the target 0"
    result = answer(*tensors, s)
    close(_numpy(result, "the loss"), expected, "the loss", look=look, rtol=1e-4, atol=1e-5, mistakes=named)
    plain = _numpy(answer(*tensors, 0.0), "the loss without smoothing")
    close(
        plain, entropy(r, 1).mean() + fake.mean(), "the loss without smoothing", look="with 0 it is the plain one",
        rtol=1e-4, atol=1e-5,
    )  # fmt: skip
    far = [ops.convert_to_tensor(np.array([[sign * 1000.0]], "float32")) for sign in (-1, 1)]
    loss = finite(
        _numpy(answer(far[0], far[1], s), "the loss at logits of ±1000"),
        "the loss at logits of ±1000",
        "the sigmoid rounds to 0 or 1 there, and its logarithm is −∞: use ops.softplus",
    )
    look = "it goes on growing with the logits"
    close(loss, (1 - s) * 1000 + 1000, "the loss at logits of ∓1000", look=look, rtol=1e-4)

    def right(a, b):
        return (np.logaddexp(0, a) - (1 - s) * a).mean() + np.logaddexp(0, b).mean()

    trains(lambda a, b: answer(a, b, s), (r, f), right, "the loss")


@exercise(
    "12.7",
    "The hinge loss",
    reference="helpers.gans.losses:hinge_discriminator",
    minutes=10,
    difficulty=1,
    hints=(
        "Two independent demands: real images above 1, fakes below −1. How much does each image fall short?",
        "A real image falls short by 1 − D(x), if that is positive. ops.relu gives 0 otherwise.",
        "return ops.mean(ops.relu(1 - real_logits)) + ops.mean(ops.relu(1 + fake_logits))",
    ),
)
def check_hinge(answer, seed):
    from keras import ops

    rng = np.random.default_rng(seed)
    r, f = rng.normal(0, 1.6, (8, 1)), rng.normal(0, 1.6, (8, 1))
    # one mean beyond the margin, so that a hinge on the means shows
    r, f = (r - r.mean() + 1.3).astype("float32"), (f - f.mean() - 0.3).astype("float32")

    def hinge(real, fake):  # image by image
        return sum(max(0.0, 1 - float(v)) for v in real[:, 0]) / len(real) + sum(
            max(0.0, 1 + float(v)) for v in fake[:, 0]
        ) / len(fake)

    def up(values):
        return np.maximum(0, values)

    expected = hinge(r, f)
    named = {
        "this multiplies the two outputs. The loss is a sum of two separate hinges, and pairs of images have "
        "nothing to do with each other": up(1 - r * f).mean(),
        "this multiplies the two outputs, with a plus; the loss is a sum of two separate hinges": up(1 + r * f).mean(),
        "this multiplies the two hinges; add them": up(1 - r).mean() * up(1 + f).mean(),
        "this multiplies the two hinges of each pair; add them, image by image": (up(1 - r) * up(1 + f)).mean(),
        "the difference of the two outputs is not the hinge: an excellent real image would pay for a bad fake": (
            up(1 - (r - f)).mean()
        ),
        "the sign of the fakes is wrong: fakes should get −1 or less": up(1 - r).mean() + up(1 - f).mean(),
        "the sign of the real images is wrong: they should get 1 or more": up(1 + r).mean() + up(1 + f).mean(),
        "both signs are wrong: real images should get 1 or more, fakes −1 or less": up(1 + r).mean() + up(1 - f).mean(),
        "the margin is missing: an image just on the right side still has to pay": up(-r).mean() + up(f).mean(),
        "the hinge was put on the means: one excellent image must not pay for a bad one": float(
            up(1 - r.mean()) + up(1 + f.mean())
        ),
        "there is no hinge: with max(0, …) an image that is clear enough costs nothing": (
            (1 - r).mean() + (1 + f).mean()
        ),
        "these are sums over the batch; a loss is a mean": up(1 - r).sum() + up(1 + f).sum(),
        "this is half of it: two means are added; they are not averaged, and this is not one mean over both batches": (
            expected / 2
        ),
        "the fakes are missing": up(1 - r).mean(),
        "the real images are missing": up(1 + f).mean(),
        "the sign is wrong: the discriminator minimises this loss": -expected,
        "these are the terms of every image: average them": up(1 - r) + up(1 + f),
        "this is a soft hinge (softplus), which makes clear images pay a little: take max(0, …)": (
            np.logaddexp(0, 1 - r).mean() + np.logaddexp(0, 1 + f).mean()
        ),
        "this is a leaky hinge, which pays back what lies beyond the margin: take max(0, …)": (
            np.where(r < 1, 1 - r, 0.2 * (1 - r)).mean() + np.where(f > -1, 1 + f, 0.2 * (1 + f)).mean()
        ),
        "max(0, …) was taken of the outputs themselves; take it of 1 − D and of 1 + D": (
            (1 - up(r)).mean() + (1 + up(f)).mean()
        ),
        "the generator's part, − mean D(G(z)), is in it too; this is the discriminator's loss": expected - f.mean(),
        "these are squared hinges; take them as they are": np.square(up(1 - r)).mean() + np.square(up(1 + f)).mean(),
        "this is the cross-entropy; the hinge has no logarithm": np.logaddexp(0, -r).mean() + np.logaddexp(0, f).mean(),
        "this is the least-squares loss; the hinge has no square": np.square(r - 1).mean() + np.square(f + 1).mean(),
        "this is Wasserstein's loss: the hinge is missing": f.mean() - r.mean(),
        "this is the generator's loss in the hinge game": -f.mean(),
        "the target of the fakes is −1, not 0: here max(0, D) is averaged for them": up(1 - r).mean() + up(f).mean(),
        "min for max: an image that is clear enough should cost nothing": (
            np.minimum(0, 1 - r).mean() + np.minimum(0, 1 + f).mean()
        ),
        "probabilities were put in: the hinge works on the outputs themselves": (
            up(1 - 1 / (1 + np.exp(-r))).mean() + up(1 + 1 / (1 + np.exp(-f))).mean()
        ),
        "the parts are subtracted: both must become small, so they are added": up(1 - r).mean() - up(1 + f).mean(),
    }
    look = "mean of max(0, 1 − D(x)) over real images, plus mean of max(0, 1 + D(G(z))) over fakes"
    result = answer(ops.convert_to_tensor(r), ops.convert_to_tensor(f))
    close(_numpy(result, "the loss"), expected, "the loss", look=look, rtol=1e-4, atol=1e-5, mistakes=named)
    three = ops.convert_to_tensor(np.full((4, 1), 3.0, "float32"))
    close(_numpy(answer(three, -three), "the loss at D = ±3"), 0.0, "the loss at D = ±3", look="both are beyond ±1")
    fewer = _numpy(answer(three, three[:2]), "the loss for fewer fakes")
    close(fewer, 4.0, "the loss for fakes at 3", look="real images cost 0, fakes 4; their batch may be smaller")
    trains(answer, (r, f[:5]), lambda a, b: up(1 - a).mean() + up(1 + b).mean(), "the loss")
