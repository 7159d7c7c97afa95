"""The checks of exercises 16.4, 16.5 and 16.7: mixing styles, drawing where, truncation."""

import numpy as np

from helpers.exercises.assertions import NotYet, close, require, shape
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
        "nothing was mixed": first,
        "everything comes from the second style": second,
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


@exercise(
    "16.5",
    "Where to change",
    reference="helpers.gans.stylegan.mixing:crossovers",
    minutes=10,
    difficulty=1,
    hints=(
        "Two draws for each image: a place, and whether it mixes at all. Draw both for all images, then choose.",
        "rng.integers(1, layers, size=count) has the numbers 1 to layers − 1. rng.random(count) < share is true for "
        "about that share of the images.",
        "places = rng.integers(1, layers, size=count); return np.where(rng.random(count) < share, places, layers)",
    ),
)
def check_crossovers(answer, seed):
    count, layers, share = 6_000, 6, 0.7
    rng = np.random.default_rng(seed)
    places = shape(answer(count, layers, share, rng), (count,), "the places", "one for each image: size=count")
    whole = np.allclose(places, np.round(places))
    require(
        whole, got=f"places such as {places[0]:.3g}", expected="whole numbers", look="layers are counted: rng.integers"
    )
    shares = np.array([np.mean(places == place) for place in range(layers + 1)])
    outside = (places < 0) | (places > layers)
    require(
        not outside.any(),
        got=f"a place {places[outside][0] if outside.any() else ''}",
        expected=f"1 to {layers}",
        look="1, …, layers − 1, or layers for no mixing",
    )
    told = "  ".join(f"{place}: {part:.0%}" for place, part in enumerate(shares))
    if max(shares) > 0.99:
        raise NotYet(
            got=f"the same place, {int(places[0])}, for all images",
            expected="a place of its own for each image",
            look="one lot for the whole batch: draw with size=count",
        )
    mixed = places[places < layers]
    if len(mixed) and np.all(mixed == mixed[0]):
        raise NotYet(
            got=f"the place {int(mixed[0])} for all images that mix",
            expected="a place of its own for each",
            look="one place for the whole batch: draw with size=count",
        )
    if shares[0] > 0.2:
        raise NotYet(
            got=told,
            expected="no place 0",
            look="images that are not mixed keep the first style in all layers: "
            "their place is `layers`. A place 0 would give them the second in all",
        )
    require(
        shares[0] == 0,
        got=told,
        expected="no place 0",
        look="a place 0 takes nothing from the first style: begin with 1",
    )
    look = "rng.random(count) < share is true for the images that mix"
    if abs(shares[layers] - share) < 0.03:
        look = "the other way round: `share` of the images are mixed, the others are not"
    elif shares[layers] < 0.01:
        look = "no image is left unmixed: with probability 1 − share the place is `layers`"
    elif abs(shares[layers] - (1 - share) - share / layers) < 0.02:
        look = "one of the mixed has the place `layers`, too, which is no mixing: draw from 1 to layers − 1"
    require(
        abs(shares[layers] - (1 - share)) < 0.03,
        got=f"{shares[layers]:.1%} of the images unmixed",
        expected=f"about {1 - share:.0%} (share = {share})",
        look=look,
    )
    expected = share / (layers - 1)
    look = "1 to layers − 1, all equally likely: rng.integers(1, layers, size=count)"
    if shares[layers - 1] == 0:
        look = "the place layers − 1 is missing: the upper end of rng.integers(low, high) is left out already"
    elif shares[1] == 0:
        look = "the place 1 is missing: only the very first layer from the first style is a mixture, too"
    require(
        np.abs(shares[1:layers] - expected).max() < 0.03,
        got=told,
        expected=f"1 to {layers - 1} with {expected:.0%} each",
        look=look,
    )
    for share, right in ((0.0, np.full(40, 3)), (1.0, None)):
        got = np.asarray(answer(40, 3, share, rng))
        good = np.array_equal(got, right) if right is not None else set(got.tolist()) == {1, 2}
        require(
            good,
            got=f"places {sorted(set(got.tolist()))} of 3 layers, for share = {share:g}",
            expected="3 only: no mixing" if right is not None else "1 and 2",
            look="what do share = 0 and share = 1 mean?",
        )


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
    n, layers, units, psi = 4, 5, 3, 0.3
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
    }
    close(answer(w.copy(), mean, psi), right, "all layers truncated", "mean + psi * (w - mean)", mistakes=named)
    for cutoff in (2, 0, layers):
        wanted = np.concatenate([right[:, :cutoff], kept[:, cutoff:]], axis=1)
        named = {
            "cutoff is not used: layers from `cutoff` on stay as they are": right,
            "the wrong part was truncated: it should be the layers before `cutoff`": np.concatenate(
                [kept[:, :cutoff], right[:, cutoff:]], axis=1
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
