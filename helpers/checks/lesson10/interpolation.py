"""The checks of lesson 10 on ways through code space: exercises 10.4 and 10.5."""

import numpy as np

from helpers.exercises.assertions import array, close, require
from helpers.exercises.registry import exercise
from helpers.exercises.stand_ins import as_output, model_like


@exercise(
    "10.4",
    "Between four images",
    reference="helpers.codings.interpolation:interpolation_grid",
    minutes=15,
    difficulty=2,
    hints=(
        "Encode the four images once. Every place of the grid has two numbers from 0 to 1: how far down it is and how "
        "far to the right. Mix codings with them, and decode at the very end.",
        "First mix along the two edges: left = (1 - down) * z[0] + down * z[2], right = (1 - down) * z[1] + down * "
        "z[3]. "
        "Then mix left and right. np.linspace(0, 1, size) gives the steps, both ends included.",
        "steps = np.linspace(0, 1, size); codings = [(1-r) * ((1-d) * z[0] + d * z[2]) + r * ((1-d) * z[1] + d * z[3]) "
        "for d in steps for r in steps]; return decode(np.array(codings)).",
    ),
)
def check_grid(answer, seed):
    rng = np.random.default_rng(seed)
    corners = rng.random((4, 3, 3))
    A, B = rng.normal(0, 0.7, (9, 5)), rng.normal(0, 0.7, (5, 9))

    def encode(X):
        X = array(X, "the images given to encode")
        require(
            X.ndim == 3 and X.shape[1:] == (3, 3),
            got=f"encode was given an array of shape {X.shape}",
            expected="images (n, 3, 3)",
            look="encode takes images, and a batch of them",
        )
        return as_output(np.tanh(X.reshape(len(X), -1) @ A))

    def decode(Z):
        Z = array(Z, "the codings given to decode")
        require(
            Z.ndim == 2 and Z.shape[1] == 5,
            got=f"decode was given an array of shape {Z.shape}",
            expected="codings (n, 5)",
            look="decode takes one coding a row: reshape(-1, k)",
        )
        return as_output((1 / (1 + np.exp(-(Z**3 + Z) @ B))).reshape(len(Z), 3, 3))

    encode, decode = model_like(encode), model_like(decode)

    def grid(z, size, steps=None):
        steps = [i / (size - 1) for i in range(size)] if steps is None else steps
        return np.array(
            [(1 - d) * ((1 - r) * z[0] + r * z[1]) + d * ((1 - r) * z[2] + r * z[3]) for d in steps for r in steps]
        )

    z, size = encode(corners), 4
    right = grid(z, size)
    expected = decode(right)
    pixels, steps4 = grid(corners, size), np.linspace(0, 1, 4)
    got = array(answer(encode, decode, corners.copy(), size), "the grid of images")
    if got.shape == (size, size, 3, 3):
        require(
            False,
            got="a grid of shape (4, 4, 3, 3)",
            expected="(16, 3, 3)",
            look="one image after the other, row by row: give decode a list of codings, or reshape at the end",
        )
    named = {
        "the pixels were mixed: that is a double exposure. Encode first, mix codings, decode last": pixels,
        "the mixed pixels were encoded and decoded; mix the codings instead": decode(encode(pixels)),
        "these are codings; decode them": right,
        "rows and columns are exchanged: the grid runs row by row, from left to right": decode(
            grid(z[[0, 2, 1, 3]], size)
        ),
        "the corners are in another order: images[2] belongs to the bottom left, images[3] to the bottom right": decode(
            grid(z[[0, 1, 3, 2]], size)
        ),
        "the grid is turned over: images[0] belongs to the top left": decode(grid(z[::-1], size)),
        "the last row and column do not arrive: np.linspace(0, 1, size) includes both ends": decode(
            grid(z, size, [i / size for i in range(size)])
        ),
        "the corners themselves are missing: np.linspace(0, 1, size) includes both ends": decode(
            grid(z, size, [(i + 1) / (size + 1) for i in range(size)])
        ),
        "only the four corners are weighted equally everywhere; the weights must change from place to place": decode(
            np.repeat(z.mean(0, keepdims=True), size * size, axis=0)
        ),
        "this runs along the diagonal only; each place has two weights, one down and one to the right": decode(
            np.array([(1 - i / 15) * z[0] + i / 15 * z[3] for i in range(16)])
        ),
        "the columns run from right to left": decode(grid(z[[1, 0, 3, 2]], size)),
        "the rows run from bottom to top": decode(grid(z[[2, 3, 0, 1]], size)),
        "the codings were made as long as 1 on the way; mix them in straight lines": decode(
            right / np.linalg.norm(right, axis=1, keepdims=True)
        ),
        "these are the mixed pixels of the four reconstructions; mix the codings": grid(decode(z), size),
        "the four weights do not add up to 1: (1 − down)(1 − right) and so on": decode(
            np.array([(1 - d) * z[0] + d * z[2] + (1 - r) * z[1] + r * z[3] for d in steps4 for r in steps4])
        ),
        "this leads from the first image to the second, and then on to the third and the fourth: mix all four": decode(
            np.concatenate([np.linspace(z[0], z[1], 8), np.linspace(z[2], z[3], 8)])
        ),
        "the codings were mixed along arcs; straight lines are asked for": decode(_by_arcs(np.asarray(z), steps4)),
    }
    close(
        got,
        expected,
        "the grid",
        look="two weights for each place, one down and one to the right",
        rtol=1e-6,
        mistakes=named,
    )
    small = array(answer(encode, decode, corners.copy(), 2), "the grid of size 2")
    close(
        small,
        decode(z),
        "the grid of size 2",
        look="it holds just the four reconstructions, in the order given",
        rtol=1e-6,
    )
    odd = array(answer(encode, decode, corners.copy(), 5), "the grid of size 5")
    close(odd, decode(grid(z, 5)), "the grid of size 5", look="use the argument `size`", rtol=1e-6)


def _by_arcs(z, steps):
    """The grid's codings, mixed along arcs: down the left and the right side, and then across."""

    def arc(a, b, t):
        angle = np.arccos(np.clip(a @ b / np.linalg.norm(a) / np.linalg.norm(b), -1, 1))
        return (np.sin((1 - t) * angle) * a + np.sin(t * angle) * b) / np.sin(angle)

    return np.array([arc(arc(z[0], z[2], d), arc(z[1], z[3], d), r) for d in steps for r in steps])


@exercise(
    "10.5",
    "An attribute as a direction",
    reference="helpers.codings.interpolation:attribute_vector",
    minutes=10,
    difficulty=1,
    hints=(
        "Where is the average coding of the images that have the attribute? And of those that have not?",
        "codings[present] picks rows by a mask of True and False. Take the mean over the images (axis 0) of each "
        "group.",
        "mask = np.asarray(present, dtype=bool); return codings[mask].mean(axis=0) - codings[~mask].mean(axis=0)",
    ),
)
def check_attribute(answer, seed):
    rng = np.random.default_rng(seed)
    n, k = 11, 4
    Z = rng.normal(size=(n, k)) + rng.normal(size=k)
    have = np.zeros(n, bool)
    have[rng.choice(n, 4, replace=False)] = True
    with_it = [[Z[i, j] for i in range(n) if have[i]] for j in range(k)]
    without = [[Z[i, j] for i in range(n) if not have[i]] for j in range(k)]
    a, b = np.array([sum(v) / 4 for v in with_it]), np.array([sum(v) / 7 for v in without])
    expected = a - b
    look = "the mean coding with the attribute, minus the mean coding without it"
    got = array(answer(Z.copy(), have.copy()), "the attribute vector")
    named = {
        "it points the other way, from with to without": -expected,
        "these are sums; the groups differ in size, so take means": 4 * a - 7 * b,
        "both sums were divided by the number of all images": (4 * a - 7 * b) / n,
        "this is the mean with the attribute; subtract the mean without it": a,
        "this subtracts the mean of all images, in which those with the attribute are counted too": a - Z.mean(0),
        "these are medians; means are asked for": (np.median(Z[have], axis=0) - np.median(Z[~have], axis=0)),
        "the length was made 1: then one step no longer leads from the one group to the other": (
            expected / np.linalg.norm(expected)
        ),
        "the mean was taken over the codings as well; there must be one number for each coding": expected.mean(),
        "this is halfway between the groups: subtract, do not add": (a + b) / 2,
        "the groups were added": a + b,
        "these are the first images of the two groups; take means": Z[have][0] - Z[~have][0],
        "the spread was divided out; the difference of the means alone is asked for": expected / Z.std(axis=0),
        "this is the mean of all images without the attribute": b,
        "the mask was not turned into truth values: True and False were used as row numbers": Z[have * 1].mean(0)
        - Z[1 - have].mean(0),
        "these are differences of single pairs of images; take the means": Z[have] - Z[~have][:4],
        "this is how codings and attribute vary together, their covariance; the difference of the means is asked for": (
            (have - have.mean()) @ Z / n
        ),
    }
    close(got, expected, "the attribute vector", look=look, rtol=1e-6, mistakes=named)
    numbers = array(answer(Z.copy(), have.astype(int)), "the attribute vector for a mask of 0 and 1")
    close(
        numbers,
        expected,
        "for a mask of 0 and 1 instead of False and True",
        rtol=1e-6,
        look="an array of whole numbers picks rows by their index, and ~1 is −2: np.asarray(present, dtype=bool) first",
    )
    as_list = array(answer(Z.copy(), have.astype(float)), "the attribute vector for a mask of 0.0 and 1.0")
    close(as_list, expected, "for a mask of 0.0 and 1.0", look="np.asarray(present, dtype=bool) first", rtol=1e-6)
