"""The check of exercise 15.6: minibatch deviation."""

import numpy as np

from helpers.exercises.assertions import array, close, require
from helpers.exercises.compiled import compiled, gradient, trains
from helpers.exercises.registry import exercise


@exercise(
    "15.6",
    "Minibatch deviation",
    reference="helpers.gans.progan.layers:minibatch_deviation",
    minutes=25,
    difficulty=3,
    seconds=20.0,
    hints=(
        "Write the shape down after each step: (group, groups, h, w, m), then (groups, h, w, m), then (groups,), then "
        "(batch,), then (batch, h, w, 1).",
        "ops.var(grouped, axis=0) is the variance over the members of each group; + 1e-8, ops.sqrt; ops.mean over the "
        "axes (1, 2, 3); ops.tile(numbers, (group,)); ops.broadcast_to(…, (batch, h, w, 1)); ops.concatenate.",
        "spread = ops.sqrt(ops.var(ops.reshape(x, (group, -1, height, width, maps)), axis=0) + 1e-8); numbers = "
        "ops.tile(ops.mean(spread, axis=(1, 2, 3)), (group,)); planes = ops.broadcast_to(numbers[:, None, None, None], "
        "(batch, height, width, 1)); return ops.concatenate([x, planes], axis=-1)",
    ),
)
def check_minibatch_deviation(answer, seed):
    import tensorflow as tf

    rng = np.random.default_rng(seed)
    for batch, group, size in ((8, 4, (2, 3, 5)), (6, 3, (3, 2, 4)), (4, 2, (2, 2, 3)), (4, 4, (1, 1, 6))):
        scale = rng.uniform(0.3, 3, (batch, 1, 1, size[-1]))
        x = (rng.normal(rng.normal(0, 2, (1, *size)), 1, (batch, *size)) * scale).astype("float32")
        given = {"group": group} if group != 4 else {}
        what = f"the result for a batch of {batch} in groups of {group}"
        got = array(answer(tf.constant(x), **given), what)
        right = with_plane(x, by_loop(x, group))
        close(
            got, right, what, "deviation over the members of each group, mean over places and maps, one more map",
            1e-4, 1e-5, _mistakes(x, group),
        )  # fmt: skip
        if got.shape == right.shape:
            require(np.array_equal(got[..., :-1], x), got="changed maps", expected="x itself, with one more map",
                    look="ops.concatenate([x, planes], axis=-1)")  # fmt: skip
    pairs = rng.normal(size=(4, 2, 3, 2))
    trains(lambda maps: answer(maps, group=2), [pairs], _of_pairs, "the minibatch deviation")
    same = np.broadcast_to(rng.normal(size=(1, 3, 3, 6)), (4, 3, 3, 6)).astype("float32")
    plane = array(answer(tf.constant(same)), "the result for four equal images")[..., -1]
    close(
        plane, np.full((4, 3, 3), 1e-4), "the new map for four equal images whose maps differ",
        "images that are all the same do not differ: only the root of ε is left", 1e-2, 2e-5,
        mistakes={"ε is missing in the root; without it there is no gradient here": np.zeros((4, 3, 3))},
    )  # fmt: skip
    slope = gradient(answer, same, "the minibatch deviation")
    require(np.isfinite(slope).all(), got="a gradient that is no number, for equal images", expected="finite numbers",
            look="the root has no gradient at 0: add 1e-8 to the variance before the root")  # fmt: skip
    step = compiled(lambda maps: answer(maps), tf.constant(x), unknown_batch=True)
    for count in (4, 8):
        more = rng.normal(size=(count, *x.shape[1:])).astype("float32")
        close(step(tf.constant(more)), with_plane(more, by_loop(more, 4)), f"the compiled function on {count} images",
              "the next batch may have another size: ops.shape(x)[0], and −1 in reshape", 1e-4, 1e-5)  # fmt: skip


def _of_pairs(x):
    """The right result for groups of two."""
    spread = np.sqrt(x.reshape(2, -1, *x.shape[1:]).var(axis=0) + 1e-8)
    return with_plane(x, np.tile(spread.mean(axis=(1, 2, 3)), 2))


def _of_four(x):
    """The result with groups of four, where the batch allows it."""
    if len(x) % 4:
        return None
    members = x.reshape(4, -1, *x.shape[1:])
    return with_plane(x, np.tile(np.sqrt(members.var(axis=0) + 1e-8).mean(axis=(1, 2, 3)), 4))


def by_loop(x, group):
    """The number of each image, (batch,), with loops over groups, places and maps."""
    batch, height, width, maps = x.shape
    count = batch // group
    found = np.zeros(batch)
    for g in range(count):
        own = [i for i in range(batch) if i % count == g]
        values = [np.sqrt(np.mean((x[own, a, b, c] - np.mean(x[own, a, b, c], dtype=float)) ** 2) + 1e-8)
                  for a in range(height) for b in range(width) for c in range(maps)]  # fmt: skip
        found[own] = np.mean(values)
    return found


def with_plane(x, numbers):
    """x with one more map that holds a number for each image (n,), or for each place (n, h, w)."""
    planes = np.broadcast_to(numbers[:, None, None] if numbers.ndim == 1 else numbers, x.shape[:3])
    return np.concatenate([x, planes[..., None]], axis=-1)


def _mistakes(x, group):
    """Wrong results by what they mean."""
    batch, height, width, maps = x.shape
    x = x.astype(float)
    count = batch // group
    grouped = x.reshape(group, count, height, width, maps)
    near = x.reshape(count, group, height, width, maps)
    own = np.arange(batch) % count
    variance = grouped.var(axis=0)
    spread = np.sqrt(variance + 1e-8)
    numbers = spread.mean(axis=(1, 2, 3))

    def plane(values):
        return with_plane(x, np.asarray(values))

    named = {
        "the deviation is over the images and the maps at once: first over the images, for each map and place": (
            plane(np.sqrt(grouped.var(axis=(0, 4)) + 1e-8).mean(axis=(1, 2))[own])
        ),
        "the deviation is over images, places and maps at once: first over the images, for each map and place": (
            plane(np.sqrt(grouped.var(axis=(0, 2, 3, 4)) + 1e-8)[own])
        ),
        "the deviation is over the images and the places at once: first over the images, for each map and place": (
            plane(np.sqrt(grouped.var(axis=(0, 2, 3)) + 1e-8).mean(axis=1)[own])
        ),
        "the deviation is over the maps of each image; it should be over the images of the group": (
            plane(np.sqrt(x.var(axis=-1) + 1e-8).mean(axis=(1, 2)))
        ),
        "the deviation is over the places of each image; it should be over the images of the group": (
            plane(np.sqrt(x.var(axis=(1, 2)) + 1e-8).mean(axis=1))
        ),
        "there are no groups here: the deviation is over the whole batch": (
            plane(np.full(batch, np.sqrt(x.var(axis=0) + 1e-8).mean()))
        ),
        "neighbours were grouped; image i belongs to group i mod M: reshape to (group, −1, …)": (
            plane(np.sqrt(near.var(axis=1) + 1e-8).mean(axis=(1, 2, 3))[np.arange(batch) // group])
        ),
        "the numbers of the groups go to the wrong images: image i is in group i mod M, so tile, do not repeat": (
            plane(numbers[np.arange(batch) // group])
        ),
        "this is one number for the whole batch: each group has its own": plane(np.full(batch, numbers.mean())),
        "the root is missing: this is the variance": plane((variance + 1e-8).mean(axis=(1, 2, 3))[own]),
        "the root comes after the mean: first the root, for each map and place": (
            plane(np.sqrt(variance.mean(axis=(1, 2, 3)) + 1e-8)[own])
        ),
        "the mean comes before the deviation: first the deviation, for each map and place": (
            plane(np.sqrt(grouped.mean(axis=(2, 3, 4)).var(axis=0) + 1e-8)[own])
        ),
        "this sums over places and maps; take the mean": plane(spread.sum(axis=(1, 2, 3))[own]),
        "each place has a number of its own here; take the mean over the places, too": plane(spread.mean(axis=-1)[own]),
        "each map has a number of its own here; take the mean over the maps, too": (
            np.concatenate([x, np.broadcast_to(spread.mean(axis=(1, 2))[own][:, None, None], x.shape)], axis=-1)
        ),
        "this is the new map alone; put it behind the maps of x": plane(numbers[own])[..., -1:],
        "the new map comes last, behind those of x": np.roll(plane(numbers[own]), 1, axis=-1),
        "these are the numbers; they have to fill a map each": numbers[own],
        "this is x as it was": x,
        "the new map stands below, as one more row of each image (axis 1); it belongs on the last axis": (
            np.concatenate([x, np.broadcast_to(numbers[own][:, None, None, None], (batch, 1, width, maps))], axis=1)
        ),
        "there are as many new maps as old ones; one is asked for": np.concatenate(
            [x, np.broadcast_to(numbers[own][:, None, None, None], x.shape)], axis=-1
        ),
        "the new map holds the mean of each group, not how much its images differ": plane(
            grouped.mean(axis=(0, 2, 3, 4))[own]
        ),
        "the new map holds the deviation of each image from the mean, not that of its group": plane(
            np.abs(x - np.concatenate([grouped.mean(axis=0)] * group)).mean(axis=(1, 2, 3))
        ),
        "this is the mean absolute deviation; take the root of the variance": plane(
            np.abs(grouped - grouped.mean(axis=0)).mean(axis=(0, 2, 3, 4))[own]
        ),
        "the group has 4 members here, whatever `group` says": _of_four(x),
    }
    named = {name: wrong for name, wrong in named.items() if wrong is not None}
    if group > 1:
        named["the divisor of the variance is group − 1 here; it is `group`"] = plane(
            np.sqrt(grouped.var(axis=0, ddof=1) + 1e-8).mean(axis=(1, 2, 3))[own]
        )
    return named
