"""The checks of lesson 14, WGAN-GP: earth on a line, the critic's loss, clipping; the penalty and the phase beside."""

import numpy as np

from helpers.exercises.assertions import NotYet, array, close, require
from helpers.exercises.compiled import compiled, trains
from helpers.exercises.registry import exercise
from helpers.exercises.several import Case, close_on_all


@exercise(
    "14.1",
    "Earth on a line",
    reference="helpers.gans.wasserstein.transport:by_sorting",
    minutes=10,
    difficulty=1,
    hints=(
        "Put the numbers of each sample in order. Which number of b should the smallest number of a go to?",
        "np.sort(a) and np.sort(b) are the partners, place by place. The way of each pair is the size of its "
        "difference.",
        "return np.mean(np.abs(np.sort(a) - np.sort(b)))",
    ),
)
def check_earth(answer, seed):
    from scipy.stats import ks_2samp, wasserstein_distance

    rng = np.random.default_rng(seed)
    cases = [
        ("the distance", rng.normal(0, 2, 9), rng.normal(1.5, 0.7, 9)),  # crossing: some go left and some right
        ("the distance of samples far apart", rng.normal(0, 1, 6), rng.normal(-8, 1, 6)),
        # the nearest partner of the first number is that of another one in the best plan
        ("the distance of two pairs", np.array([0.0, 0.5]), np.array([0.375, -0.5])),
    ]
    results = []
    for what, a, b in cases:
        kept = a.copy(), b.copy()
        x, y = np.sort(a), np.sort(b)
        expected = wasserstein_distance(a, b)  # SciPy integrates the difference of the two distribution functions
        named = {
            "the samples were paired as they came; the best plan keeps the order: sort both": np.abs(a - b).mean(),
            "only the first sample was sorted; sort both": np.abs(x - b).mean(),
            "only the second sample was sorted; sort both": np.abs(a - y).mean(),
            "the smallest went to the largest: that is the worst plan": np.abs(x - y[::-1]).mean(),
            "ways to the left count as negative here, so that they cancel: the size of each difference is missing": (
                (x - y).mean()
            ),
            "ways to the left count as negative here, and cancel; the size of each difference is missing": (
                y - x
            ).mean(),
            "this is the distance of the two means; two samples may have equal means and yet differ": abs(
                a.mean() - b.mean()
            ),
            "this is the sum of all ways; each number weighs 1/n: take the mean": np.abs(x - y).sum(),
            "these are squared ways; the work is mass times way": np.square(x - y).mean(),
            "this is the root of the mean squared way, which is another distance (Wasserstein-2)": np.sqrt(
                np.square(x - y).mean()
            ),
            "this is the longest way; take the mean": np.abs(x - y).max(),
            "this is the median way; take the mean": np.median(np.abs(x - y)),
            "each number went to its nearest partner, and some partners got nothing: that is no plan": (
                np.abs(a[:, None] - b).min(axis=1).mean()
            ),
            "each number of b was filled from the nearest of a, whether or not that had been used: that is no plan": (
                np.abs(a[:, None] - b).min(axis=0).mean()
            ),
            "this is the mean over all pairs; each number goes to one partner only": np.abs(a[:, None] - b).mean(),
            "these are the ways of the pairs: take their mean": np.abs(x - y),
            "this is the length of the vector of ways, over n: take the mean of the ways themselves": (
                np.linalg.norm(x - y) / len(x)
            ),
            "argsort gives places, not numbers: np.sort": np.abs(np.argsort(a) - np.argsort(b)).mean(),
            "this is half of it: all the mass is moved, once": np.abs(x - y).mean() / 2,
            "this divides by n − 1; there are n pairs, each with the mass 1/n": np.abs(x - y).sum() / (len(x) - 1),
            "this is the root of the sum of squared ways, a Euclidean distance": np.linalg.norm(x - y),
            "this is the largest difference of the distribution functions (Kolmogorov–Smirnov); the earth mover has "
            "their area": ks_2samp(a, b, method="asymp").statistic,
            "the samples were brought to the same range first; the way counts as it is": np.abs(
                (x - x.min()) / np.ptp(x) - (y - y.min()) / np.ptp(y)
            ).mean(),
        }
        result = answer(a, b)
        results.append(Case(what, result, expected, named))
        require(
            np.array_equal(a, kept[0]) and np.array_equal(b, kept[1]),
            got="samples that were changed on the way",
            expected="a and b as they were",
            look="np.sort(a) returns a sorted copy; a.sort() sorts a itself",
        )
    close_on_all(results, "sort both, pair them place by place, mean way")
    a = rng.normal(size=5)
    close(answer(a, rng.permutation(a)), 0.0, "the distance to the same numbers in another order", atol=1e-9)


@exercise(
    "14.2",
    "The critic's loss",
    reference="helpers.gans.losses:wasserstein_critic",
    minutes=5,
    difficulty=1,
    hints=(
        "The critic wants real images to score high and fakes low. A loss is what should become small.",
        "The mean score of the fakes, less that of the real images. No logarithm, no sigmoid.",
        "return ops.mean(fake_scores) - ops.mean(real_scores)",
    ),
)
def check_critic_loss(answer, seed):
    from keras import ops

    rng = np.random.default_rng(seed)
    r, f = rng.normal(1.3, 2, (8, 1)).astype("float32"), rng.normal(-0.6, 1.5, (8, 1)).astype("float32")

    tensors = ops.convert_to_tensor(r), ops.convert_to_tensor(f)
    cases = []
    for what, real, fake in (("the loss", 0, 1), ("the loss where fakes score higher", 1, 0)):
        result = array(_plain(answer(tensors[real], tensors[fake])), what)
        right = float((r, f)[fake].mean(dtype=float) - (r, f)[real].mean(dtype=float))
        cases.append(Case(what, result, right, _other_losses((r, f)[real], (r, f)[fake], right)))
    look = "mean score of the fakes, less the mean score of the real images"
    close_on_all(cases, look, rtol=1e-4, atol=1e-5)
    fewer = _plain(answer(tensors[0], tensors[1][:3]))
    look = "average each side by itself: their numbers may differ"
    close(array(fewer, "the loss"), float(f[:3].mean() - r.mean()), "the loss for 3 fakes", look,
          rtol=1e-4, atol=1e-5)  # fmt: skip
    trains(answer, (r, f[:5]), lambda a, b: b.mean() - a.mean(), "the loss")


def _other_losses(r, f, expected):
    """What other ideas of the loss give for the scores r of real images and f of fakes, by what they mean."""

    def up(x):
        return np.logaddexp(0, x)

    return {
        "the sign is wrong: this is the estimate of the distance, which is maximised; the loss is minus that": (
            -expected
        ),
        "these are sums over the batch; take means": f.sum() - r.sum(),
        "these are sums over the batch, with the wrong sign": r.sum() - f.sum(),
        "this is the cross-entropy of a discriminator; a critic's scores are no logits": up(-r).mean() + up(f).mean(),
        "the scores went through a sigmoid; a critic gives scores, no probabilities": (
            (1 / (1 + np.exp(-f))).mean() - (1 / (1 + np.exp(-r))).mean()
        ),
        "this is the hinge loss; here nothing is cut off": (np.maximum(0, 1 - r).mean() + np.maximum(0, 1 + f).mean()),
        "the scores went through tanh; a critic's scores may be any number, and nothing bends them": (
            np.tanh(f).mean() - np.tanh(r).mean()
        ),
        "this multiplies the two scores; the loss is a difference of two means": (r * f).mean(),
        "this is minus the product of the scores; the loss is a difference of two means": -(r * f).mean(),
        "the size of the difference hides which side is higher: leave the sign": abs(expected),
        "minus the size of the difference hides which side is higher: leave the sign": -abs(expected),
        "the fakes are missing": -r.mean(),
        "the real images are missing": f.mean(),
        "both means are added; the critic wants them far apart": f.mean() + r.mean(),
        "this is half of it: the difference of two means, and not one mean over both batches": expected / 2,
        "this is half the estimate, with the wrong sign: the difference of two means, not one mean over both batches": (
            -expected / 2
        ),
        "this is the least-squares loss; a critic's loss has no squares": np.square(r - 1).mean() + np.square(f).mean(),
        "this is the loss of the generator": -f.mean(),
        "these are medians; take means": np.median(f) - np.median(r),
        "this is the difference of the best scores; take means": f.max() - r.max(),
        "logarithms have no place here: scores are no probabilities": up(f).mean() - up(r).mean(),
        "these are the differences of pairs: average them (there may be fewer fakes than real images)": f - r,
        "the difference is squared; leave it as it is": expected**2,
    }


def _plain(value):
    return value.numpy() if hasattr(value, "numpy") else value


@exercise(
    "14.3",
    "The axe",
    reference="helpers.gans.wasserstein.gan:clip_weights",
    changes=("network",),
    minutes=10,
    difficulty=1,
    hints=(
        "network.trainable_variables is the list of what may be trained: kernels and biases of all layers.",
        "A weight does not change by w = ops.clip(w, …); that makes a new tensor. weight.assign(…) sets it.",
        "for weight in network.trainable_variables: weight.assign(ops.clip(weight, -limit, limit))",
    ),
)
def check_clip(answer, seed):
    import keras
    import tensorflow as tf

    rng = np.random.default_rng(seed)
    inside = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3), keras.layers.BatchNormalization()])
    network = keras.Sequential(
        [keras.Input((4,)), inside, keras.layers.Dense(2), keras.layers.Dense(1, trainable=False)]
    )
    limit = float(rng.uniform(0.2, 0.4))
    for weight in network.weights:
        weight.assign(rng.normal(0, 3 * limit, weight.shape))
    before = {weight.path: weight.numpy().copy() for weight in network.weights}
    result = answer(network, limit)
    trained = {weight.path for weight in network.trainable_variables}
    now = {weight.path: weight.numpy() for weight in network.weights}
    if all(np.array_equal(before[path], now[path]) for path in now):
        raise NotYet(
            got="a network whose weights are as they were"
            + ("" if result is None else f" (and {type(result).__name__} returned)"),
            expected=f"all trainable weights within ±{limit:.2f}",
            look="ops.clip and np.clip make new arrays, and get_weights hands out copies: weight.assign(…) changes "
            "the weight",
        )  # fmt: skip
    for path, old in before.items():
        kind = path.rsplit("/", 1)[-1]
        if path not in trained:
            close(now[path], old, f"{kind}, which is not trained", look="statistics and frozen weights stay as they "
            "are: "
                  "network.trainable_variables, not network.weights")  # fmt: skip
            continue
        length = np.sqrt(np.square(old).sum())
        bound = np.sqrt(limit)
        named = {
            "only the upper end is clipped; weights may not be below −limit either": np.minimum(old, limit),
            "only the lower end is clipped; weights may not be above limit either": np.maximum(old, -limit),
            "negative weights became 0: they may go down to −limit": np.clip(old, 0, limit),
            "every weight was set to one of the two ends; those within the limits stay": limit * np.sign(old),
            "the weights were scaled down together; clipping moves only those beyond the limits": (
                old * limit / np.abs(old).max()
            ),
            "the weights were scaled by their length; clip each one by itself": old * min(1.0, limit / length),
            "the weights beyond the limits became 0; they go to the nearest end": np.where(
                np.abs(old) <= limit, old, 0
            ),
            "the limit itself was not used": np.clip(old, -0.01, 0.01),
            "clipped to ±√limit": np.clip(old, -bound, bound),
            "clipped to half of the limit on each side: it is ±limit": np.clip(old, -limit / 2, limit / 2),
            "the weights were bent by tanh; clipping leaves those within the limits as they are": limit * np.tanh(old),
            "the weights were bent by tanh; clipping leaves those inside as they are": limit * np.tanh(old / limit),
            "the weights were divided by their largest size; clip each one by itself": old / np.abs(old).max(),
            "the size was clipped and the sign is lost: negative weights stay negative": np.minimum(np.abs(old), limit),
            "all weights are 0 now": 0 * old,
            "clipped to ±1, whatever the limit is": np.clip(old, -1, 1),
        }
        if np.array_equal(now[path], old) and np.abs(old).max() > limit:
            raise NotYet(
                got=f"a {kind} that was not clipped",
                expected="all trainable weights: kernels, biases, and those of layers inside layers",
                look="network.trainable_variables has them all",
            )
        look = "ops.clip(weight, -limit, limit)"
        close(now[path], np.clip(old, -limit, limit), f"a {kind}", look=look, mistakes=named)
    for weight in network.weights:
        weight.assign(before[weight.path])
    compiled(lambda x: (answer(network, limit), x)[1], tf.zeros(1))(tf.zeros(1))
    require(
        all(np.abs(weight.numpy()).max() <= limit + 1e-6 for weight in network.trainable_variables),
        got="weights beyond the limit after a compiled step",
        expected=f"all trainable weights within ±{limit:.2f}",
        look="inside fit no weight has a value yet: weight.assign(ops.clip(weight, -limit, limit))",
    )
