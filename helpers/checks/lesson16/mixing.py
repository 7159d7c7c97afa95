"""The checks of exercises 16.4 and 16.7: mixing styles, truncation."""

import numpy as np

from helpers.exercises.assertions import close, require
from helpers.exercises.compiled import trains
from helpers.exercises.registry import exercise


@exercise(
    "16.4",
    "One style up to here, the other from here on",
    reference="helpers.gans.stylegan.layers:mix",
    minutes=15,
    difficulty=2,
    hints=(
        "For each image and each layer it is one or the other, never something in between: a condition of shape "
        "(batch, layers), and ops.where.",
        "ops.arange(layers)[None, :] is (1, layers), places[:, None] is (batch, 1); comparing them gives (batch, "
        "layers). One more axis at the end stretches over the units.",
        "layers = ops.arange(first.shape[1]); from_first = layers[None, :] < ops.cast(places, layers.dtype)[:, None]; "
        "return ops.where(from_first[:, :, None], first, second)",
    ),
)
def check_mix(answer, seed):
    from helpers.backend import keras

    rng = np.random.default_rng(seed)
    batch, layers, units = 6, 5, 3
    first, second = (rng.normal(size=(batch, layers, units)).astype("float32") for _ in range(2))
    places = np.array([2, 0, layers, 1, 3, layers - 1]).astype("int32")
    places[3:] = rng.permutation(places[3:])
    right = first.copy()
    for i, place in enumerate(places):
        for layer in range(place, layers):
            right[i, layer] = second[i, layer]

    def by(choose):
        return np.stack(
            [
                np.where(choose(np.arange(layers), p)[:, None], b, a)
                for a, b, p in zip(first, second, places, strict=True)
            ]
        )

    half = (first + second) / 2
    tapered = right.copy()
    for i, place in enumerate(places):
        tapered[i, place:] = half[i, place:]
    share = (places / layers)[:, None, None]
    named = {
        "this is the mean of both styles, in every layer: the layers before the place must not depend on the second "
        "style at all": half,
        "this is the mean of both styles where images are mixed: each layer has one style or the other": np.where(
            (places < layers)[:, None, None], half, first
        ),
        "from the place on this is the mean of both: it should be the second style alone": tapered,
        "this blends the styles by the share of layers: each layer has one or the other": share * first
        + (1 - share) * second,
        "the two styles are exchanged: the first one has the layers before the place": by(lambda k, p: k < p),
        "off by one: the layer `places[i]` itself belongs to the second style": by(lambda k, p: k > p),
        "off by one: the layer before `places[i]` still belongs to the first style": by(lambda k, p: k >= p - 1),
        "only the layer at the place comes from the second style; it should be all from there on": by(
            lambda k, p: k == p
        ),
        "one place for the whole batch: each image has its own": np.concatenate(
            [first[:, : places[0]], second[:, places[0] :]], axis=1
        ),
        "one place for the whole batch, the last one: each image has its own": np.concatenate(
            [first[:, : places[-1]], second[:, places[-1] :]], axis=1
        ),
        "nothing was mixed (one place for all, the largest, does that, too)": first,
        "everything comes from the second style": second,
        "the places are counted from the end here": by(lambda k, p: k >= layers - p),
        "the units were cut, not the layers: the layers are axis 1": _cut_units(first, second, places),
        "the mask is 1 for the second style, and was added to the first": first + second * _late(places, layers),
        "the styles that do not belong there are 0: each layer has one of the two": first * (1 - _late(places, layers)),
    }
    tensors = [keras.ops.convert_to_tensor(each) for each in (first, second, places)]
    look = "layer k of image i is first[i, k] for k < places[i], else second[i, k]"
    close(answer(*tensors), right, "the styles", look, mistakes=named)
    close(
        answer(*tensors[:2], places.astype("int64")),
        right,
        "the styles, with places as a NumPy array",
        "ops.cast(places, …) takes whole numbers of any kind",
    )
    trains(
        lambda a, b: answer(a, b, places), (first, second),
        lambda a, b: np.where(_late(places, layers) > 0, b, a), "the styles", unknown_batch=False,
    )  # fmt: skip
    shorter = [keras.ops.convert_to_tensor(each[:4, :3]) for each in (first, second)]
    few = np.array([0, 1, 2, 3], "int32")
    close(
        answer(*shorter, keras.ops.convert_to_tensor(few)), np.where(_late(few, 3) > 0, second[:4, :3], first[:4, :3]),
        "the styles of 3 layers", "first.shape[1] is the number of layers",
    )  # fmt: skip


def _late(places, layers):
    """1 from the place of each image on, 0 before: (batch, layers, 1)."""
    return (np.arange(layers)[None] >= places[:, None]).astype(float)[:, :, None]


def _cut_units(first, second, places):
    late = (np.arange(first.shape[2])[None] >= places[:, None])[:, None]
    return np.where(late, second, first)


@exercise(
    "16.7",
    "The truncation trick",
    reference="helpers.gans.stylegan.mixing:truncate",
    minutes=10,
    difficulty=1,
    hints=(
        "It is a point on the line from the mean style to w: all of the way at ψ = 1, none of it at ψ = 0.",
        "pulled = mean + psi * (w - mean); (units,) fits (n, layers, units) by itself. With a cutoff, take its first "
        "layers from `pulled` and the others from w.",
        "pulled = mean + psi * (w - mean); if cutoff is None: return pulled; "
        "return np.concatenate([pulled[:, :cutoff], w[:, cutoff:]], axis=1)",
    ),
)
def check_truncate(answer, seed):
    rng = np.random.default_rng(seed)
    n, layers, units, psi = 4, 10, 5, 0.35
    w, mean = rng.normal(1, 1, (n, layers, units)), rng.normal(2, 1, units)
    kept = w.copy()
    right = np.empty_like(w)
    for i, k, u in np.ndindex(w.shape):
        right[i, k, u] = (1 - psi) * mean[u] + psi * w[i, k, u]
    named = {
        "this pulls towards 0: ψ·w. The middle of the styles is the mean style, not 0": psi * w,
        "ψ and 1 − ψ are exchanged: ψ = 1 should leave the styles as they are": psi * mean + (1 - psi) * w,
        "this pulls towards the mean of these few styles; the mean style is handed to you": (
            w.mean(axis=(0, 1)) + psi * (w - w.mean(axis=(0, 1)))
        ),
        "this pulls towards the mean of these few styles, layer by layer; the mean style is handed to you": (
            w.mean(axis=0) + psi * (w - w.mean(axis=0))
        ),
        "the mean style was not subtracted: ψ belongs to the difference, mean + ψ (w − mean)": mean + psi * w,
        "the mean style was not added again: mean + ψ (w − mean)": psi * (w - mean),
        "nothing was truncated": w,
        "these are the mean styles alone": np.broadcast_to(mean, w.shape),
        "cut off at ±ψ: truncation here pulls, it does not cut": np.clip(w, mean - psi, mean + psi),
        "this goes away from the mean style: w − mean, not mean − w": mean + psi * (mean - w),
        "only the first layers were truncated; with cutoff=None it is all of them": np.concatenate(
            [right[:, :8], w[:, 8:]], axis=1
        ),
        "only the first four layers were truncated; with cutoff=None it is all of them": np.concatenate(
            [right[:, :4], w[:, 4:]], axis=1
        ),
        "only the first half of the layers was truncated; with cutoff=None it is all of them": np.concatenate(
            [right[:, : layers // 2], w[:, layers // 2 :]], axis=1
        ),
        "ψ was squared": mean + psi**2 * (w - mean),
        "ψ grows from layer to layer; it is the same for all that are truncated": mean
        + psi ** (np.arange(layers)[:, None] + 1) * (w - mean),
        "the styles were divided by ψ; multiply the difference": mean + (w - mean) / psi,
        "this is ψ = 0.7, whatever is asked for": mean + 0.7 * (w - mean),
        "this is ψ = 0.5, whatever is asked for": mean + 0.5 * (w - mean),
        "the lengths were scaled, not the difference to the mean": w / np.linalg.norm(w, axis=2, keepdims=True) * psi,
    }
    close(answer(w.copy(), mean.copy(), psi), right, "all layers truncated", "mean + psi * (w - mean)", mistakes=named)
    close(answer(w.copy(), mean, 1.0), w, "the styles for ψ = 1", "then nothing changes")
    close(answer(w.copy(), mean, 1.3), mean + 1.3 * (w - mean), "the styles for ψ = 1.3",
          "a ψ above 1 leads away from the mean: do not cut it off at 1")  # fmt: skip
    close(answer(w.copy(), mean, 0.0), np.broadcast_to(mean, w.shape), "the styles for ψ = 0", "all are the mean style")
    for cutoff in (3, 0, 8, layers):
        wanted = np.concatenate([right[:, :cutoff], kept[:, cutoff:]], axis=1)
        named = {
            "cutoff is not used: layers from `cutoff` on stay as they are": right,
            "the wrong part was truncated: it should be the layers before `cutoff`": np.concatenate(
                [kept[:, :cutoff], right[:, cutoff:]], axis=1
            ),
            "one layer too few: the layers 0 to cutoff − 1 are truncated": np.concatenate(
                [right[:, : max(cutoff - 1, 0)], kept[:, max(cutoff - 1, 0) :]], axis=1
            ),
            "the last `cutoff` layers were truncated; it should be the first": np.concatenate(
                [kept[:, : layers - cutoff], right[:, layers - cutoff :]], axis=1
            ),
            "only the layer number `cutoff` was truncated; it should be all before it": np.where(
                np.arange(layers)[:, None] == cutoff, right, kept
            ),
            "the first `cutoff` units of every layer were truncated: layers are the second axis, w[:, :cutoff]": (
                np.where(np.arange(units) < cutoff, right, kept)
            ),
            "the layers from `cutoff` on are missing: they stay as they are": right[:, :cutoff],
            "the layers from `cutoff` on are the mean style; they stay as they are": np.where(
                np.arange(layers)[:, None] < cutoff, right, mean
            ),
            "one layer too many: the layer number `cutoff` stays as it is": np.concatenate(
                [right[:, : cutoff + 1], kept[:, cutoff + 1 :]], axis=1
            ),
            "the first images were truncated: layers are the second axis": np.concatenate(
                [right[:cutoff], kept[cutoff:]]
            ),
        }
        if cutoff == 0:
            named = {"cutoff=0 means no layer at all, and None means all: `if cutoff` takes 0 for None": right}
        close(
            answer(w.copy(), mean, psi, cutoff),
            wanted,
            f"the styles for cutoff={cutoff}",
            "the first `cutoff` layers from the truncated styles, the others from w",
            mistakes=named,
        )
    given = w.copy()
    answer(given, mean, psi, 2)
    require(
        np.array_equal(given, kept),
        got="the array that was handed in has changed",
        expected="a new array",
        look="w[:, :cutoff] = … changes the caller's array: make a copy, or use np.concatenate",
    )
