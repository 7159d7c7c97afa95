"""The check of exercise 16.5: where the second style takes over, by lot."""

import numpy as np

from helpers.exercises.assertions import NotYet, require, shape
from helpers.exercises.registry import exercise


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
    elif _all_or_none(answer):
        look = "one lot decides for the whole batch, and either all images mix or none: rng.random(count) < share"
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
    if shares[layers - 1] == 0 and np.any(np.asarray(answer(400, layers, 1.0, rng)) == layers - 1):
        look = "the place and the decision to mix come of one and the same lot: draw two, independent of each other"
    elif shares[layers - 1] == 0:
        look = "the place layers − 1 is missing: the upper end of rng.integers(low, high) is left out already"
    elif shares[1] == 0:
        look = "the place 1 is missing: only the very first layer from the first style is a mixture, too"
    require(
        np.abs(shares[1:layers] - expected).max() < 0.03,
        got=told,
        expected=f"1 to {layers - 1} with {expected:.0%} each",
        look=look,
    )
    _own_lots(answer)
    for share, right in ((0.0, np.full(40, 3)), (1.0, None)):
        got = np.asarray(answer(40, 3, share, rng))
        good = np.array_equal(got, right) if right is not None else set(got.tolist()) == {1, 2}
        require(
            good,
            got=f"places {sorted(set(got.tolist()))} of 3 layers, for share = {share:g}",
            expected="3 only: no mixing" if right is not None else "1 and 2",
            look="what do share = 0 and share = 1 mean?",
        )


def _all_or_none(answer) -> bool:
    """Whether in each of many calls either all images mix or none."""
    rng = np.random.default_rng(5)
    numbers = {int(np.sum(np.asarray(answer(30, 5, 0.5, rng)) < 5)) for _ in range(20)}
    return numbers == {0, 30}


def _own_lots(answer):
    """The lots come from the generator that is handed over, anew in each call, each image by itself."""

    def lots(seed, count=200, share=0.5):
        return np.asarray(answer(count, 5, share, np.random.default_rng(seed)))

    once, again, other = lots(1), lots(1), lots(2)
    require(
        np.array_equal(once, again),
        got="other places from a generator with the same seed",
        expected="the same: the generator that is handed over decides",
        look="draw everything with `rng`, not with np.random and not with a generator of your own",
    )
    require(
        _differ(once, other),
        got="the same lots from two different generators",
        expected="other ones",
        look="draw everything with `rng`, the place and whether an image mixes; a generator made anew in the function "
        "begins at the start again",
    )
    rng = np.random.default_rng(3)
    first, second = (np.asarray(answer(200, 5, 0.5, rng)) for _ in range(2))
    require(
        _differ(first, second),
        got="the same lots in two calls, one after the other",
        expected="other ones in each call",
        look="`rng` goes on from call to call; do not set its seed, and make none of your own",
    )
    numbers = [int(np.sum(np.asarray(answer(40, 5, 0.5, rng)) < 5)) for _ in range(25)]
    require(
        len(set(numbers)) > 3,
        got=f"{numbers[0]} of 40 images mixed, in each of 25 calls" if len(set(numbers)) == 1 else
        f"only {len(set(numbers))} different numbers of mixed images in 25 calls",
        expected="a number that varies: each image has a lot of its own",
        look="rng.random(count) < share decides for each image by itself",
    )  # fmt: skip
    many = np.asarray(answer(4000, 5, 0.5, rng))
    halves = [float(np.mean(part < 5)) for part in (many[:2000], many[2000:], many[::2], many[1::2])]
    require(
        max(abs(share - 0.5) for share in halves) < 0.07,
        got=f"{halves[0]:.0%} mixed in the first half of the images, {halves[1]:.0%} in the second",
        expected="about half in each",
        look="every image has the same chance, wherever it stands: rng.random(count) < share",
    )
    mixed = many[many < 5]
    pairs = np.bincount(5 * mixed[:-1] + mixed[1:], minlength=25)
    expected = (len(mixed) - 1) / 16
    seen = pairs.reshape(5, 5)[1:, 1:]
    require(
        np.abs(seen - expected).max() < 7 * np.sqrt(expected),
        got="places that follow each other in an order",
        expected="each drawn by itself",
        look="rng.integers(1, layers, size=count)",
    )


def _differ(once, other):
    """Whether both lots are drawn anew: which images mix, and where they do."""
    both = (once < 5) & (other < 5)
    return not np.array_equal(once < 5, other < 5) and not np.array_equal(once[both], other[both])
