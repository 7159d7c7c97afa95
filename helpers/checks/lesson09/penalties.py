"""The checks of lesson 09 on penalties and on the k largest: exercises 9.1, 9.2, 9.4 and 9.6."""

import numpy as np

from helpers.exercises.assertions import NotYet, close, require, shape
from helpers.exercises.compiled import trains
from helpers.exercises.registry import exercise


def _tensor(value):
    from helpers.backend import keras

    return keras.ops.convert_to_tensor(np.asarray(value, "float32"))


def _value_and_gradient(function, at, *others):
    """(value, gradient) of function(tensor, …) at an array; NotYet when the answer is none that Keras can follow."""
    from helpers.backend import tf

    point = tf.Variable(np.asarray(at, "float32"))
    with tf.GradientTape() as tape:
        value = function(tf.convert_to_tensor(point), *others)
        require(value is not None, got="None", expected="a number", look="is there a `return` with a value at the end?")
        shape(value, np.shape(value), "the penalty")  # numbers at all
        total = tf.reduce_sum(value) if tf.is_tensor(value) and value.dtype.is_floating else None
    gradient = None if total is None else tape.gradient(total, point)
    if gradient is None:
        return np.asarray(value), None
    return np.asarray(value), np.asarray(tf.convert_to_tensor(gradient))


def _need_gradient(gradient):
    require(
        gradient is not None,
        got="a value through which no gradient can pass",
        expected="a tensor",
        look="use ops.… throughout; np.…, float() and stop_gradient cut the way back, and the encoder learns nothing",
    )


@exercise(
    "9.1",
    "The ℓ1 penalty",
    reference="helpers.autoencoders.sparse.penalties:l1_penalty",
    minutes=5,
    difficulty=1,
    hints=(
        "Two axes, two jobs: over the units of an image the absolute values add up, over images they are averaged.",
        "ops.absolute, then ops.sum(…, axis=-1) for each image, then ops.mean over what is left.",
        "return ops.mean(ops.sum(ops.absolute(activations), axis=-1))",
    ),
)
def check_l1(answer, seed):
    rng = np.random.default_rng(seed)
    A = rng.normal(0, 1, (5, 7)).astype("float32")
    per_image = [sum(abs(float(v)) for v in row) for row in A]
    expected = sum(per_image) / 5
    value, gradient = _value_and_gradient(answer, A)
    named = {
        "this is the sum over the batch: it doubles when the batch doubles. Take the mean over the images": sum(
            per_image
        ),
        "this is the mean over units as well: then 300 units cost no more than 3. Sum over the units": expected / 7,
        "without absolute values, activations of opposite sign cancel": float(A.sum()) / 5,
        "these are squares (ℓ2): they leave small activations alone": float(np.sum(A**2)) / 5,
        "this is a length (ℓ2), not a sum of absolute values": float(np.mean(np.sqrt(np.sum(A**2, axis=1)))),
        "divided by the number of units, not of images": sum(per_image) / 7,
        "the sign is wrong: this would reward activity": -expected,
        "the absolute value came after the sum: activations of opposite sign cancel": np.abs(A.sum(axis=1)).mean(),
        "only the largest activation of each image counts here: sum over all units": np.abs(A).max(axis=1).mean(),
        "0.01 is the weight that Keras' own L1 comes with, and it sums over the batch: leave the weight to the model": (
            0.01 * sum(per_image)
        ),
        "this is half of it": expected / 2,
        "negative activations are left out: take the absolute value, not relu": np.maximum(A, 0).sum() / 5,
        "this is the squared sum of each image": np.mean(np.square(per_image)),
    }
    if np.shape(value) == (5,):
        require(False, got="one number for each image", expected="one number for the batch",
                look="average over the images at the end")  # fmt: skip
    if np.shape(value) == (7,):
        require(
            False,
            got="one number for each unit",
            expected="one number for the batch",
            look="sum over the units, axis -1",
        )
    close(value, expected, "the penalty", look="sum over units, mean over images", rtol=1e-4, mistakes=named)
    _need_gradient(gradient)
    close(
        gradient,
        np.sign(A) / 5,
        "the gradient",
        look="the derivative of |a| is its sign, averaged over 5 images",
        rtol=1e-4,
    )
    twice = np.asarray(answer(_tensor(np.concatenate([A, A]))))
    close(
        twice, expected, "for the same images given twice", look="the penalty must not grow with the batch", rtol=1e-4
    )
    trains(answer, [A], lambda a: np.abs(a).sum(axis=1).mean(), "the penalty")


@exercise(
    "9.2",
    "The divergence from the target",
    reference="helpers.autoencoders.sparse.penalties:kl_penalty",
    minutes=15,
    difficulty=2,
    hints=(
        "Write the sum over the two sides of the coin: the first term is about being active, the second about not.",
        "target * ops.log(target / q) + (1 − target) * ops.log((1 − target) / (1 − q)) for every unit; then ops.sum. "
        "A mean of exactly 0 or 1 needs care first: ops.clip.",
        "q = ops.clip(means, 1e-6, 1 - 1e-6); return ops.sum(target * ops.log(target / q) + (1 - target) * "
        "ops.log((1 - target) / (1 - q)))",
    ),
)
def check_kl(answer, seed):
    rng = np.random.default_rng(seed)
    p, q = float(rng.uniform(0.05, 0.3)), rng.uniform(0.02, 0.9, 6).astype("float32")
    wide = q.astype(float)

    def kl(a, b):
        return a * np.log(a / b) + (1 - a) * np.log((1 - a) / (1 - b))

    each = np.array([sum(w * (np.log(w) - np.log(v)) for w, v in ((p, b), (1 - p, 1 - b))) for b in wide])
    expected = each.sum()
    value, gradient = _value_and_gradient(answer, q, p)
    if np.shape(value) == (6,):
        require(False, got="one number for each unit", expected="their sum", look="ops.sum over the units at the end")
    named = {
        "the two are exchanged: this is KL(mean ‖ target). The target comes first": kl(wide, p).sum(),
        "only the first term is there; a coin has two sides: add that of being silent": (p * np.log(p / wide)).sum(),
        "the sign is turned round, or both fractions are: a divergence is never negative": -expected,
        "this is the mean over the units; their sum is asked for": each.mean(),
        "this is the cross-entropy: it lacks the target's own logarithms, and is not 0 at the target": -(
            p * np.log(wide) + (1 - p) * np.log(1 - wide)
        ).sum(),
        "this is in bits: take the natural logarithm": expected / np.log(2),
        "the second term lacks its factor 1 − target": (p * np.log(p / wide) + np.log((1 - p) / (1 - wide))).sum(),
        "the second term is subtracted (or its fraction turned round): both are added": (
            p * np.log(p / wide) - (1 - p) * np.log((1 - p) / (1 - wide))
        ).sum(),
        "this is the mean squared error of the means": np.mean((wide - p) ** 2),
        "these are squared differences, whose slope fades near the target and is small at 0": np.sum((wide - p) ** 2),
        "these are absolute differences": np.sum(np.abs(wide - p)),
        "only the second term is there, that of being silent; add that of being active": (
            (1 - p) * np.log((1 - p) / (1 - wide))
        ).sum(),
        "the first term lacks its factor, the target": (
            np.log(p / wide) + (1 - p) * np.log((1 - p) / (1 - wide))
        ).sum(),
        "the mean of the means was taken first: every unit has a divergence of its own": kl(p, wide.mean()),
        "the mean of the means was taken first, once for each unit: every unit has a divergence of its own": (
            6 * kl(p, wide.mean())
        ),
        "the means went through a sigmoid first; they are probabilities already": kl(p, 1 / (1 + np.exp(-wide))).sum(),
        "this is the KL in both directions": (kl(p, wide) + kl(wide, p)).sum(),
        "this is the entropy of the units: the target does not come in": -(
            wide * np.log(wide) + (1 - wide) * np.log(1 - wide)
        ).sum(),
        "the target is fixed at 0.05 here: use the argument `target`": kl(0.05, wide).sum(),
        "the target is fixed at 0.1 here: use the argument `target`": kl(0.1, wide).sum(),
        "a logarithm is missing: these are the fractions themselves": (
            p * (p / wide) + (1 - p) * ((1 - p) / (1 - wide))
        ).sum(),
    }  # fmt: skip
    look = "Σ over the units of  p log(p / q) + (1 − p) log((1 − p) / (1 − q)),  q the unit's mean"
    close(value, expected, "the penalty", look=look, rtol=1e-3, mistakes=named)
    _need_gradient(gradient)
    slope = (wide - p) / (wide * (1 - wide))
    close(gradient, slope, "the gradient", look="the derivative by q is (q − p) / (q (1 − q))", rtol=1e-2, atol=1e-3)
    at_target = np.asarray(answer(_tensor(np.full(4, p)), p))
    close(at_target, 0.0, "for means that are all at the target", look="there is nothing to punish", atol=1e-4)
    ends, slopes = _value_and_gradient(answer, [0.0, 1.0, 0.5], p)
    finite_ends = np.isfinite(ends).all() and np.isfinite(slopes).all()
    require(finite_ends, got=f"{ends} for means of exactly 0 and 1", expected="finite numbers",
            look="a unit can be off for a whole batch: keep the means away from 0 and 1 with ops.clip")  # fmt: skip
    require(float(ends) > 5, got=f"{float(ends):.3g} for means of exactly 0 and 1", expected="a large one (above 5)",
            look="clip by a small number such as 1e-6, or it no longer sees how far off a unit is")  # fmt: skip
    other = float(rng.uniform(0.35, 0.6))
    close(np.asarray(answer(_tensor(q), other)), kl(other, wide).sum(), f"the penalty for the target {other:.2f}",
          look="use the argument `target`", rtol=1e-3)  # fmt: skip
    trains(lambda means: answer(means, p), [q], lambda means: kl(p, means).sum(), "the penalty", unknown_batch=False)


@exercise(
    "9.4",
    "The k largest",
    reference="helpers.autoencoders.sparse.penalties:keep_largest",
    minutes=10,
    difficulty=2,
    hints=(
        "For each image: what is the k-th largest activation? Everything below it becomes 0.",
        "ops.top_k(a, k)[0] gives the k largest values of each row, in order; [..., -1:] is the last of them. "
        "ops.where(condition, yes, no) chooses entry by entry.",
        "t = ops.top_k(activations, k)[0][..., -1:]; return ops.where(activations >= t, activations, 0.0)",
    ),
)
def check_largest(answer, seed):
    rng = np.random.default_rng(seed)
    for n, d, k in ((4, 9, 3), (3, 6, 1), (5, 7, 5)):
        A = rng.permutation(np.linspace(-0.9, 0.98, n * d)).reshape(n, d).astype("float32")  # no two are equal
        A[0] += 0.4  # one image with more activity than all others: the batch must not compete for the places
        expected = np.zeros_like(A)
        for i in range(n):
            for j in sorted(range(d), key=lambda j: -A[i, j])[:k]:
                expected[i, j] = A[i, j]
        got = answer(_tensor(A), k)
        if np.shape(got) == (n, k):
            require(False, got=f"an array of shape {np.shape(got)}", expected=f"shape {(n, d)}",
                    look="every unit keeps its place, or the decoder cannot tell them apart")  # fmt: skip
        close(got, expected, f"what is kept for k = {k}", look="each image keeps its own k largest, others become 0",
              mistakes=_kept_otherwise(A, k, expected))  # fmt: skip
    _, gradient = _value_and_gradient(answer, A, k)
    _need_gradient(gradient)
    close(gradient, (expected != 0).astype(float), "the gradient", look="1 for what stays, 0 for what goes")
    close(answer(_tensor(A), d), A, "for k = all units", look="then nothing is lost")
    trains(
        lambda a: answer(a, k), [A], lambda a: np.where(a >= np.sort(a, axis=1)[:, [-k]], a, 0), "what is kept",
        unknown_batch=False,
    )  # fmt: skip


def _kept_otherwise(A, k, expected):
    """Wrong choices by what they mean."""
    n, d = A.shape
    ordered = np.sort(A, axis=1)

    def kept(order_of, axis=1, most=k):
        ranks = np.argsort(np.argsort(order_of, axis=axis), axis=axis)
        return np.where(ranks < most, A, 0.0)

    top = ordered[:, [-k]]
    return {
        "these are the k smallest": kept(A),
        "one unit too few: the k-th largest itself belongs to those that stay (≥, not >)": kept(-A, most=k - 1),
        "one unit too many": kept(-A, most=k + 1),
        "the threshold is counted from the smallest: the k-th largest of a sorted row is the one at −k": np.where(
            ordered[:, [min(k, d - 1)]] <= A, A, 0.0
        ),
        "the k largest images of each unit were kept: the wrong axis": kept(-A, axis=0),
        "the largest of the whole batch were kept: every image should keep k of its own": (
            np.where(np.sort(A.ravel())[-k * n] <= A, A, 0.0)
        ),
        "k places for the whole batch: every image should keep k of its own": (
            np.where(np.sort(A.ravel())[-k] <= A, A, 0.0)
        ),
        "the largest in size were kept, negative ones too: the k largest are asked for": kept(-np.abs(A)),
        "these are ones; keep the activations themselves": (expected != 0).astype(float),
        "nothing was set to 0": A,
        "these are what should go; keep the others": A - expected,
        "what is not among the largest was lowered to the threshold; it should be 0": np.maximum(A, top),
        "the threshold was subtracted: what stays should stay as it is": np.maximum(A - top, 0),
        "the first image's threshold was used for all": np.where(top[0] <= A, A, 0.0),
        "the k-th smallest is the threshold here: count from the top": np.where(ordered[:, [k - 1]] <= A, A, 0.0),
        "the k largest stand at the front, in order: every unit keeps its place": np.concatenate(
            [ordered[:, ::-1][:, :k], np.zeros((n, d - k))], axis=1
        ),
        "negative activations are cut off as well; only what is not among the k largest goes": np.maximum(expected, 0),
        "the first k units were kept, whatever they say": np.where(np.arange(d) < k, A, 0.0),
    }


@exercise(
    "9.6",
    "Mend the penalty",
    reference="helpers.autoencoders.sparse.penalties:batch_kl_penalty",
    minutes=10,
    difficulty=2,
    hints=(
        "One unit is always on, all others nearly off: which mean sees it, that of an image or that of a unit?",
        "The mean over the images, axis 0, leaves one number for each unit. Then the divergence, then the sum.",
        "q = ops.mean(activations, axis=0); return kl_penalty(q, target), with kl_penalty of helpers, or written out.",
    ),
)
def check_batch_kl(answer, seed):
    rng = np.random.default_rng(seed)
    n, d, p = 5, 8, float(rng.uniform(0.08, 0.2))
    A = np.clip(rng.beta(0.5, 3, (n, d)), 0.01, 0.97).astype("float32")
    A[:, 2] = 0.95 + 0.01 * rng.random(n)  # always on

    def kl(q):
        return p * np.log(p / q) + (1 - p) * np.log((1 - p) / (1 - q))

    means = np.array([np.mean([float(A[i, j]) for i in range(n)]) for j in range(d)])
    expected = kl(means).sum()
    value, gradient = _value_and_gradient(answer, A, p)
    named = {
        "the mean is still taken over units: the one that is always on hides among them": kl(A.mean(1)).mean(),
        "the mean is still taken over the units of each image": kl(A.mean(1)).sum(),
        "one mean over everything: it is blind to how the activity is shared out": kl(A.mean()),
        "one mean over everything, for each unit: it is blind to how the activity is shared out": d * kl(A.mean()),
        "every single activation is drawn to the target; only the unit's mean should be": kl(A.astype(float)).sum() / n,
        "every single activation is drawn to the target, and all are summed": kl(A.astype(float)).sum(),
        "every single activation is drawn to the target; first the mean over the images, then the divergence": kl(
            A.astype(float)
        ).mean(),
        "divided by the batch size once more: the mean over the images has done that": expected / n,
        "multiplied by the batch size: the penalty would grow with the batch": expected * n,
        "this is the mean over the units; their sum is asked for": expected / d,
        "these are sums over the images, and not means: ops.mean(…, axis=0)": (
            kl(np.clip(A.astype(float).sum(0), 1e-6, 1 - 1e-6)).sum()
        ),
        "these are sums over the images, and not means (ops.mean(…, axis=0)), and a mean over the units": (
            kl(np.clip(A.astype(float).sum(0), 1e-6, 1 - 1e-6)).mean()
        ),
        "the two are exchanged: this is KL(mean ‖ target). The target comes first": _coin(means, p).sum(),
        "the sign is turned round: a divergence is never negative": -expected,
        "only the first term is there; a coin has two sides": (p * np.log(p / means)).sum(),
        "this is the largest activation of each unit, not its mean": kl(A.astype(float).max(0)).sum(),
        "this is the median of each unit, not its mean": kl(np.median(A.astype(float), axis=0)).sum(),
        "these are squared differences of the means": np.square(means - p).sum(),
        "this is the ℓ1 penalty": np.abs(A).sum() / n,
        "these are absolute differences of the means; the divergence is asked for": np.abs(means - p).sum(),
        "only the first images count here: the mean goes over all of them": kl(A[: n - 1].astype(float).mean(0)).sum(),
    }  # fmt: skip
    if np.shape(value) in ((d,), (n,)):
        which = "unit" if np.shape(value) == (d,) else "image"
        require(False, got=f"one number for each {which}", expected="one number", look="sum over the units at the end")
    close(
        value, expected, "the penalty", look="a mean for each unit, its divergence, the sum", rtol=1e-3, mistakes=named
    )
    _need_gradient(gradient)
    slope = np.broadcast_to((means - p) / (means * (1 - means)) / n, (n, d))
    look = "every activation of a unit gets the slope of its mean, divided by the number of images"
    close(gradient, slope, "the gradient", look=look, rtol=1e-2, atol=1e-3)
    twice = np.asarray(answer(_tensor(np.concatenate([A, A])), p))
    if not np.allclose(twice, expected, rtol=1e-3):
        raise NotYet(got=f"{float(twice):.4g} for the same images given twice", expected=f"{expected:.4g}, as for once",
                     look="the penalty must not depend on how many images there are")  # fmt: skip
    other = float(rng.uniform(0.3, 0.5))
    close(answer(_tensor(A), other), _coin(other, means).sum(), f"the penalty for the target {other:.2f}",
          look="use the argument `target`", rtol=1e-3)  # fmt: skip
    trains(lambda a: answer(a, p), [A], lambda a: kl(a.mean(axis=0)).sum(), "the penalty", unknown_batch=False)


def _coin(a, b):
    """KL between coins with the probabilities a and b."""
    return a * np.log(a / b) + (1 - a) * np.log((1 - a) / (1 - b))
