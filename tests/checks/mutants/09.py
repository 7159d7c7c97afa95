"""Wrong and alternative answers to the exercises of lesson 09."""

L1 = "def l1_penalty(activations):\n    "
KL = "def kl_to_target(means, target):\n    q = ops.clip(means, 1e-6, 1 - 1e-6)\n    "
DEAD = "def dead_units(Z, threshold):\n    "
LARGEST = "def keep_largest(activations, k):\n    "
CHOICE = "def choose_weight(unit_means, errors, target):\n    "
KEPT = "kept = {w: np.mean(np.abs(m - target) <= 0.02) for w, m in unit_means.items()}\n    "
MENDED = "def mended_penalty(activations, target):\n    "
COIN = "target * ops.log(target / q) + (1 - target) * ops.log((1 - target) / (1 - q))"


def kl(first="target * ops.log(target / q)", second="(1 - target) * ops.log((1 - target) / (1 - q))", sign="+", total="ops.sum"):
    """An answer to 9.2 with one thing changed."""
    return KL + f"return {total}({first} {sign} {second})\n"


def batch(mean="ops.mean(activations, axis=0)", total="ops.sum", scale=""):
    """An answer to 9.6, written out, with one thing changed."""
    return MENDED + f"q = ops.clip({mean}, 1e-6, 1 - 1e-6)\n    return {total}({COIN}){scale}\n"


WRONG = [
    ("9.1", "sum over the batch", L1 + "return ops.sum(ops.absolute(activations))", "doubles"),
    ("9.1", "mean over units", L1 + "return ops.mean(ops.absolute(activations))", "300 units cost no more"),
    ("9.1", "no absolute value", L1 + "return ops.mean(ops.sum(activations, axis=-1))", "opposite sign"),
    ("9.1", "squares", L1 + "return ops.mean(ops.sum(activations ** 2, axis=-1))", "squares"),
    ("9.1", "length", L1 + "return ops.mean(ops.sqrt(ops.sum(activations ** 2, axis=-1)))", "length"),
    ("9.1", "not averaged", L1 + "return ops.sum(ops.absolute(activations), axis=-1)", "for each image"),
    ("9.1", "wrong axis", L1 + "return ops.mean(ops.sum(ops.absolute(activations), axis=0))", "number of units, not of images"),
    ("9.1", "for each unit", L1 + "return ops.mean(ops.absolute(activations), axis=0)", "for each unit"),
    ("9.1", "NumPy", L1 + "return np.mean(np.sum(np.abs(np.asarray(activations)), axis=-1))", "no gradient"),
    ("9.2", "exchanged", KL + "return ops.sum(q * ops.log(q / target) + (1 - q) * ops.log((1 - q) / (1 - target)))", "exchanged"),
    ("9.2", "one side", kl(second="0.0"), "two sides"),
    ("9.2", "sign", kl(total="-ops.sum"), "never negative"),
    ("9.2", "mean", kl(total="ops.mean"), "mean over the units"),
    ("9.2", "not summed", kl(total=""), "one number for each unit"),
    ("9.2", "cross-entropy", KL + "return -ops.sum(target * ops.log(q) + (1 - target) * ops.log(1 - q))", "cross-entropy"),
    ("9.2", "no factor", kl(second="ops.log((1 - target) / (1 - q))"), "lacks its factor"),
    ("9.2", "subtracted", kl(sign="-"), "both are added"),
    ("9.2", "bits", kl(total="1 / np.log(2) * ops.sum"), "bits"),
    ("9.2", "squares", KL + "return ops.sum((q - target) ** 2)", "squared differences"),
    ("9.2", "absolute", KL + "return ops.sum(ops.absolute(q - target))", "absolute differences"),
    ("9.2", "no clip", kl().replace("ops.clip(means, 1e-6, 1 - 1e-6)", "means"), "exactly 0 and 1"),
    ("9.2", "clipped too far", kl().replace("1e-6, 1 - 1e-6", "0.019, 0.91"), "small number"),
    ("9.2", "NumPy", "def kl_to_target(means, target):\n    q = np.clip(np.asarray(means), 1e-6, 1 - 1e-6)\n"
     "    return np.sum(target * np.log(target / q) + (1 - target) * np.log((1 - target) / (1 - q)))", "no gradient"),
    ("9.3", "off only", DEAD + "return np.flatnonzero(Z.max(axis=0) < threshold)", "always off"),
    ("9.3", "small mean", DEAD + "return np.flatnonzero(Z.mean(axis=0) < threshold)", "small mean"),
    ("9.3", "small deviation", DEAD + "return np.flatnonzero(Z.std(axis=0) < threshold)", "deviation"),
    ("9.3", "small variance", DEAD + "return np.flatnonzero(Z.var(axis=0) < threshold)", "variance"),
    ("9.3", "the living", DEAD + "return np.flatnonzero(Z.max(axis=0) - Z.min(axis=0) >= threshold)", "live ones"),
    ("9.3", "smallest", DEAD + "return np.flatnonzero(Z.min(axis=0) < threshold)", "small somewhere"),
    ("9.3", "images", DEAD + "return np.flatnonzero(Z.max(axis=1) - Z.min(axis=1) < threshold)", "axis|not among"),
    ("9.3", "mask", DEAD + "return Z.max(axis=0) - Z.min(axis=0) < threshold", "mask"),
    ("9.3", "number", DEAD + "return np.sum(Z.max(axis=0) - Z.min(axis=0) < threshold)", "their number"),
    ("9.4", "smallest", LARGEST + "t = -ops.top_k(-activations, k)[0][..., -1:]\n    return ops.where(activations <= t, activations, 0.0)",
     "k smallest"),
    ("9.4", "greater", LARGEST + "t = ops.top_k(activations, k)[0][..., -1:]\n    return ops.where(activations > t, activations, 0.0)",
     "too few"),
    ("9.4", "of the batch", LARGEST + "t = ops.sort(ops.reshape(activations, (-1,)))[-k * activations.shape[0]]\n"
     "    return ops.where(activations >= t, activations, 0.0)", "whole batch"),
    ("9.4", "images of a unit", LARGEST + "t = ops.sort(activations, axis=0)[-k]\n    return ops.where(activations >= t, activations, 0.0)",
     "wrong axis"),
    ("9.4", "ones", LARGEST + "t = ops.top_k(activations, k)[0][..., -1:]\n    return ops.where(activations >= t, 1.0, 0.0)",
     "these are ones"),
    ("9.4", "values only", LARGEST + "return ops.top_k(activations, k)[0]", "keeps its place"),
    ("9.4", "the rest", LARGEST + "t = ops.top_k(activations, k)[0][..., -1:]\n    return ops.where(activations >= t, 0.0, activations)",
     "what should go"),
    ("9.4", "raised", LARGEST + "t = ops.top_k(activations, k)[0][..., -1:]\n    return ops.maximum(activations, t)", "lowered|threshold"),
    ("9.4", "subtracted", LARGEST + "t = ops.top_k(activations, k)[0][..., -1:]\n    return ops.relu(activations - t)", "subtracted"),
    ("9.4", "NumPy", LARGEST + "a = np.asarray(activations)\n    return np.where(a >= np.sort(a, axis=1)[:, [-k]], a, 0.0)", "no gradient"),
    ("9.5", "least error", CHOICE + "return min(errors, key=errors.get)", "breaks the promise"),
    ("9.5", "mean over units", CHOICE + "good = [w for w, m in unit_means.items() if abs(m.mean() - target) <= 0.02]\n"
     "    return min(good, key=errors.get)", "mean over all units"),
    ("9.5", "best promise", CHOICE + KEPT + "return max(kept, key=kept.get)", "enough is enough"),
    ("9.5", "smallest weight", CHOICE + KEPT + "return min(w for w in kept if kept[w] >= 0.9)", "smallest weight"),
    ("9.5", "largest error", CHOICE + KEPT + "return max((w for w in kept if kept[w] >= 0.9), key=errors.get)", "largest error"),
    ("9.5", "largest weight", CHOICE + "return max(unit_means)", "largest weight|keeps the promise best"),
    ("9.5", "the error", CHOICE + KEPT + "return min(errors[w] for w in kept if kept[w] >= 0.9)", "this is an error"),
    ("9.5", "more than 90 %", CHOICE + KEPT + "return min((w for w in kept if kept[w] > 0.9), key=errors.get)", "90 % itself"),
    ("9.5", "all of them", CHOICE + KEPT + "return sorted((w for w in kept if kept[w] >= 0.9), key=errors.get)", "one weight"),
    ("9.6", "mean over units", batch("ops.mean(activations, axis=-1)"), "over the units"),
    ("9.6", "hers", batch("ops.mean(activations, axis=-1)", "ops.mean"), "hides among"),
    ("9.6", "mean over all", batch("ops.mean(activations)"), "one mean over everything"),
    ("9.6", "every activation", batch("activations"), "every single activation"),
    ("9.6", "every activation, averaged", batch("activations", "ops.mean"), "every single activation"),
    ("9.6", "divided again", batch(scale=" / activations.shape[0]"), "divided by the batch size"),
    ("9.6", "times the batch", batch(scale=" * activations.shape[0]"), "multiplied by the batch size"),
    ("9.6", "mean of units", batch(total="ops.mean"), "mean over the units"),
    ("9.6", "not summed", batch(total=""), "for each unit"),
    ("9.3", "both sides of the first image", "def dead_units(Z, threshold):\n    return np.flatnonzero(np.all(np.abs(Z - Z[0]) < threshold, axis=0))", "swing to both sides"),
    ("9.3", "exactly constant only", "def dead_units(Z, threshold):\n    return np.flatnonzero((Z == Z[0]).all(axis=0))", "hardly move"),
    ("9.3", "threshold ignored", "def dead_units(Z, threshold):\n    return np.flatnonzero(np.ptp(Z, axis=0) < 1e-2)", "never uses `threshold`"),
    ("9.4", "k ignored", "def keep_largest(activations, k):\n    t = ops.top_k(activations, 2)[0][:, -1:]\n    return ops.where(activations >= t, activations, 0.0)", "never uses `k`"),
    ("9.4", "counted from the smallest", "def keep_largest(activations, k):\n    t = ops.sort(activations, axis=-1)[:, k:k+1]\n    return ops.where(activations >= t, activations, 0.0)", "counted from the smallest"),
    ("9.5", "less than .02", "def choose_weight(unit_means, errors, target):\n    good = [w for w, m in unit_means.items() if np.mean(np.abs(m - target) < 0.02) >= 0.9]\n"
     "    return min(good, key=errors.get)", "0.02 itself counts"),
    ("9.5", "place among the good", "def choose_weight(unit_means, errors, target):\n    good = [w for w, m in unit_means.items() if np.mean(np.abs(m - target) <= 0.02) >= 0.9]\n"
     "    return int(np.argmin([errors[w] for w in good]))", "place of the weight among"),
    ("9.5", "no absolute value", "def choose_weight(unit_means, errors, target):\n    good = [w for w, m in unit_means.items() if np.mean(m - target <= 0.02) >= 0.9]\n"
     "    return min(good, key=errors.get)", "needs an absolute value"),
    ("9.6", "absolute differences", "def mended_penalty(activations, target):\n    return ops.sum(ops.abs(ops.mean(activations, axis=0) - target))", "absolute differences"),
    ("9.6", "first images only", "def mended_penalty(activations, target):\n    return kl_penalty(ops.mean(activations[:4], axis=0), target)", "first images count"),
]  # fmt: skip

ALTERNATIVES = [
    ("9.1", "sum and division", L1 + "return ops.sum(ops.abs(activations)) / ops.cast(ops.shape(activations)[0], 'float32')"),
    ("9.1", "by norms", L1 + "return ops.mean(ops.norm(activations, ord=1, axis=1))"),
    ("9.2", "differences of logarithms", KL + "return ops.sum(target * (np.log(target) - ops.log(q)) + (1 - target) * "
     "(np.log(1 - target) - ops.log(1 - q)))"),
    ("9.2", "a margin added", "def kl_to_target(means, target):\n    e = 1e-7\n    a = target * ops.log(target / (means + e))\n"
     "    b = (1 - target) * ops.log((1 - target) / (1 - means + e))\n    return ops.sum(a) + ops.sum(b)"),
    ("9.3", "peak to peak", DEAD + "return np.where(np.ptp(Z, axis=0) < threshold)[0]"),
    ("9.3", "loop", DEAD + "return [j for j in range(Z.shape[1]) if max(Z[:, j]) - min(Z[:, j]) < threshold]"),
    ("9.4", "by sorting", LARGEST + "t = ops.sort(activations, axis=-1)[:, -k]\n    return activations * ops.cast(activations >= t[:, None], "
     "activations.dtype)"),
    ("9.4", "by places", LARGEST + "places = ops.top_k(activations, k)[1]\n    mask = ops.sum(ops.one_hot(places, activations.shape[-1]), axis=1)\n"
     "    return activations * mask"),
    ("9.5", "loop", CHOICE + "best = None\n    for w in sorted(errors):\n        inside = np.abs(unit_means[w] - target) <= 0.02\n"
     "        if inside.sum() >= 0.9 * inside.size and (best is None or errors[w] < errors[best]):\n            best = w\n    return best"),
    ("9.6", "written out", batch()),
    ("9.6", "sum and division", batch("ops.sum(activations, axis=0) / activations.shape[0]")),
]  # fmt: skip

WRONG += [
    ("9.1", "absolute value last", L1 + "return ops.mean(ops.absolute(ops.sum(activations, axis=-1)))", "came after the sum"),
    ("9.1", "Keras' regulariser", L1 + "return keras.regularizers.L1()(activations)", "Keras' own L1"),
    ("9.1", "relu", L1 + "return ops.mean(ops.sum(ops.relu(activations), axis=-1))", "not relu"),
    ("9.1", "NumPy, wrapped", L1 + "return ops.convert_to_tensor(np.abs(np.asarray(activations)).sum(axis=-1).mean())", "no gradient"),
    ("9.1", "static batch", L1 + "return ops.sum(ops.absolute(activations)) / activations.shape[0]", "once compiled|not known"),
    ("9.2", "second side only", kl(first="0.0"), "only the second term"),
    ("9.2", "a target of its own", kl().replace("(means, target):\n", "(means, target):\n    target = 0.05\n"), "use the argument"),
    ("9.2", "sigmoid first", kl().replace("ops.clip(means", "ops.clip(ops.sigmoid(means)"), "through a sigmoid"),
    ("9.2", "NumPy, wrapped", "def kl_to_target(means, target):\n    q = np.clip(np.asarray(means), 1e-6, 1 - 1e-6)\n"
     "    return tf.constant(np.sum(target * np.log(target / q) + (1 - target) * np.log((1 - target) / (1 - q))))", "no gradient"),
    ("9.3", "not strictly less", DEAD + "return np.flatnonzero(Z.max(axis=0) - Z.min(axis=0) <= threshold)", "exactly the threshold"),
    ("9.3", "a tuple", DEAD + "return np.where(np.ptp(Z, axis=0) < threshold)", "a tuple"),
    ("9.3", "a column", DEAD + "return np.argwhere(np.ptp(Z, axis=0) < threshold)", "np.argwhere"),
    ("9.3", "first and last", DEAD + "return np.flatnonzero(np.abs(Z[0] - Z[-1]) < threshold)", "first and the last"),
    ("9.3", "half the way", DEAD + "return np.flatnonzero(np.abs(Z - Z.mean(axis=0)).max(axis=0) < threshold)", "from its mean"),
    ("9.4", "in size", LARGEST + "t = ops.top_k(ops.abs(activations), k)[0][..., -1:]\n    return ops.where(ops.abs(activations) >= t, activations, 0.0)",
     "largest in size"),
    ("9.4", "three always", LARGEST + "t = ops.top_k(activations, 3)[0][..., -1:]\n    return ops.where(activations >= t, activations, 0.0)", "k = 1"),
    ("9.4", "relu on top", LARGEST + "t = ops.top_k(activations, k)[0][..., -1:]\n    return ops.relu(ops.where(activations >= t, activations, 0.0))",
     "cut off as well"),
    ("9.4", "first image's threshold", LARGEST + "t = ops.top_k(activations, k)[0][0, -1]\n    return ops.where(activations >= t, activations, 0.0)",
     "first image's threshold"),
    ("9.4", "NumPy, wrapped", LARGEST + "a = np.asarray(activations)\n    return ops.convert_to_tensor(np.where(a >= np.sort(a, axis=1)[:, [-k]], a, 0))",
     "no gradient"),
    ("9.5", "first of the good ones", CHOICE + KEPT + "return next(w for w in kept if kept[w] >= 0.9)", "first weight that keeps"),
    ("9.5", "within 0.01", CHOICE + KEPT.replace("0.02", "0.01") + "return min((w for w in kept if kept[w] >= 0.9), key=errors.get)", "0.01 is stricter"),
    ("9.5", "nearest mean", CHOICE + "return min(unit_means, key=lambda w: abs(unit_means[w].mean() - target))", "nearest to the target"),
    ("9.6", "sums", batch("ops.sum(activations, axis=0)"), "sums over the images"),
    ("9.6", "exchanged", MENDED + "q = ops.clip(ops.mean(activations, axis=0), 1e-6, 1 - 1e-6)\n    return ops.sum(q * ops.log(q / target) + "
     "(1 - q) * ops.log((1 - q) / (1 - target)))", "exchanged"),
    ("9.6", "NumPy mean", MENDED + "return kl_penalty(np.asarray(activations).mean(axis=0), target)", "no gradient"),
    ("9.6", "a target of its own", batch().replace("(activations, target):\n", "(activations, target):\n    target = 0.1\n"), "."),
    ("9.3", "neighbours", DEAD + "return np.flatnonzero(np.abs(np.diff(Z, axis=0)).max(axis=0) < threshold)", "neighbouring images"),
    ("9.5", "largest that keeps", CHOICE + KEPT + "return max(w for w in kept if kept[w] >= 0.9)", "largest weight that keeps"),
    ("9.5", "least error of the others", CHOICE + KEPT + "return min((w for w in kept if kept[w] < 0.9), key=errors.get)", "do NOT keep"),
]  # fmt: skip

ALTERNATIVES += [
    ("9.1", "TensorFlow", L1 + "return tf.reduce_mean(tf.reduce_sum(tf.abs(activations), axis=1))"),
    ("9.1", "mean first", L1 + "return ops.sum(ops.mean(ops.abs(activations), axis=0))"),
    ("9.1", "mean times units", L1 + "return ops.mean(ops.abs(activations)) * activations.shape[-1]"),
    ("9.1", "two halves", L1 + "return ops.mean(ops.sum(ops.relu(activations) + ops.relu(-activations), axis=1))"),
    ("9.2", "TensorFlow", "def kl_to_target(means, target):\n    q = tf.clip_by_value(means, 1e-6, 1 - 1e-6)\n"
     "    return tf.reduce_sum(target * tf.math.log(target / q) + (1 - target) * tf.math.log((1 - target) / (1 - q)))"),
    ("9.2", "cross-entropy less entropy", KL + "cross = -ops.sum(target * ops.log(q) + (1 - target) * ops.log(1 - q))\n"
     "    own = -(target * np.log(target) + (1 - target) * np.log(1 - target))\n    return cross - own * q.shape[0]"),
    ("9.2", "Keras' divergence", KL + "p = ops.full_like(q, target)\n    return ops.sum(keras.losses.kl_divergence(ops.stack([p, 1 - p], axis=1), ops.stack([q, 1 - q], axis=1)))"),
    ("9.2", "unit by unit", KL + "total = 0.0\n    for j in range(q.shape[0]):\n        total += target * ops.log(target / q[j]) + (1 - target) * ops.log((1 - target) / (1 - q[j]))\n    return total"),
    ("9.3", "nonzero", DEAD + "return np.nonzero(Z.max(0) - Z.min(0) < threshold)[0]"),
    ("9.3", "argwhere, flat", DEAD + "return np.argwhere(Z.max(0) - Z.min(0) < threshold).ravel()"),
    ("9.3", "arange and mask", DEAD + "return np.arange(Z.shape[1])[np.ptp(Z, axis=0) < threshold]"),
    ("9.3", "sorted images", DEAD + "S = np.sort(Z, axis=0)\n    return np.flatnonzero(S[-1] - S[0] < threshold)"),
    ("9.4", "in_top_k by ranks", LARGEST + "ranks = ops.argsort(ops.argsort(-activations, axis=-1), axis=-1)\n    return ops.where(ranks < k, activations, 0.0)"),
    ("9.4", "TensorFlow", LARGEST + "t = tf.math.top_k(activations, k).values[:, -1:]\n    return tf.where(activations >= t, activations, tf.zeros_like(activations))"),
    ("9.4", "smallest of the top", LARGEST + "t = ops.min(ops.top_k(activations, k)[0], axis=1, keepdims=True)\n    return activations * ops.cast(activations >= t, 'float32')"),
    ("9.4", "what goes is subtracted", LARGEST + "t = ops.top_k(activations, k)[0][:, -1:]\n    return activations - ops.where(activations < t, activations, 0.0)"),
    ("9.5", "sorted by error", CHOICE + "for w in sorted(errors, key=errors.get):\n        if np.mean(np.abs(unit_means[w] - target) <= 0.02) >= 0.9:\n            return w"),
    ("9.5", "infinite errors", CHOICE + "cost = {w: errors[w] if np.mean(abs(m - target) <= 0.02) >= 0.9 else np.inf for w, m in unit_means.items()}\n    return min(cost, key=cost.get)"),
    ("9.5", "pairs", CHOICE + "return min((errors[w], w) for w, m in unit_means.items() if (np.abs(np.asarray(m) - target) <= 0.02).mean() >= 0.9)[1]"),
    ("9.5", "arrays", CHOICE + "ws = np.array(list(unit_means))\n    good = np.array([np.mean(np.abs(unit_means[w] - target) <= 0.02) >= 0.9 for w in ws])\n"
     "    return ws[good][np.argmin([errors[w] for w in ws[good]])]"),
    ("9.5", "counted", CHOICE + "good = {}\n    for w, m in unit_means.items():\n        off = sum(abs(v - target) > 0.02 for v in m)\n        if off <= 0.1 * len(m) + 1e-9:\n"
     "            good[w] = errors[w]\n    return min(good, key=good.get)"),
    ("9.6", "TensorFlow", MENDED + "return kl_penalty(tf.reduce_mean(activations, 0), target)"),
    ("9.6", "9.2's answer", "def kl(q, p):\n    q = ops.clip(q, 1e-6, 1 - 1e-6)\n    return ops.sum(p * ops.log(p / q) + (1 - p) * ops.log((1 - p) / (1 - q)))\n\n\n"
     "def mended_penalty(activations, target):\n    return kl(ops.mean(activations, axis=0), target)"),
    ("9.6", "unit by unit", MENDED + "return sum(kl_penalty(ops.mean(activations[:, j : j + 1], axis=0), target) for j in range(activations.shape[1]))"),
    ("9.6", "matrix product", MENDED + "n = ops.shape(activations)[0]\n    q = ops.matmul(ops.ones((1, n)), activations)[0] / ops.cast(n, 'float32')\n    return kl_penalty(q, target)"),
]  # fmt: skip

SURVIVORS = {
    ("9.1", "-1 -> 1"): "of two axes, the last one is axis 1",
}
