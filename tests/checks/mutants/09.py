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

SURVIVORS = {("9.1", "-1 -> 1"): "of two axes, the last one is axis 1"}
