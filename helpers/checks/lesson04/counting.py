"""The checks of lesson 04, tied weights: counting, the gradient, orthogonality."""

import numpy as np

from helpers.exercises.assertions import array, close, require, shape
from helpers.exercises.registry import exercise


@exercise(
    "4.1",
    "Count before you run",
    reference="helpers.autoencoders.tied.measures:parameters",
    minutes=5,
    difficulty=1,
    hints=(
        "Count kernels and biases apart. Tying changes the number of only one of the two.",
        "A kernel from a to b numbers has a · b weights. A layer has as many biases as it makes numbers: the encoder's "
        "layers make sizes[1:], the decoder's make sizes[:-1].",
        "kernels = sum(a * b for a, b in zip(sizes[:-1], sizes[1:])); then (kernels if tied else 2 * kernels) + "
        "sum(sizes[1:]) + sum(sizes[:-1]).",
    ),
)
def check_parameters(answer, seed):
    rng = np.random.default_rng(seed)
    for count in (3, 2, 4):
        sizes = sorted((int(n) for n in rng.choice(np.arange(3, 60), size=count, replace=False)), reverse=True)
        there = list(zip(sizes[:-1], sizes[1:], strict=True))
        back = [(b, a) for a, b in there[::-1]]
        kernels = sum(np.zeros(pair).size for pair in there)  # the slow way: make them and count
        out, home = (sum(np.zeros(pair[1]).size for pair in half) for half in (there, back))
        for tied, of_kernels in ((False, 2 * kernels), (True, kernels)):
            what = f"the number of parameters for sizes={sizes}, tied={tied}"
            got = array(answer(list(sizes), tied=tied), what, "return one whole number")
            shape(got, (), what, "one number for the whole autoencoder")
            right = of_kernels + out + home
            mistakes = {
                "the decoder's biases are missing: they are never tied": of_kernels + out,
                "the encoder's biases are missing": of_kernels + home,
                "the biases are missing: every layer has one, tied or not": of_kernels,
                "the decoder's biases are not those of the encoder once more: its layers make sizes[:-1]": of_kernels
                + 2 * out,
                "the codings' biases are counted twice: the coding layer is one layer": right + sizes[-1],
                "only neighbours in the list have a kernel between them, not the two ends": right
                - of_kernels
                + sizes[0] * sizes[-1] * (1 if tied else 2)
                if len(sizes) > 2
                else -1,
                "a layer from the codings to the codings was counted: the list and its mirror share their middle": right
                + sizes[-1] ** 2
                + sizes[-1],
                "the input has no bias: it is no layer": of_kernels + out + home + sizes[0],
            }
            if tied:
                mistakes = {
                    "these are all kernels: with tied=True the decoder has none of its own": 2 * kernels + out + home,
                    "the biases were tied too: each layer has one of its own, only kernels are shared": kernels
                    + sum(sizes),
                    "the biases were halved too; only kernels are shared": (2 * kernels + out + home) / 2,
                    "the biases were halved too; only kernels are shared ": (2 * kernels + out + home) // 2,
                    **mistakes,
                }
            else:
                mistakes = {
                    "without tying there are two kernels for each pair of sizes: one there, one back": kernels
                    + out
                    + home,
                    **mistakes,
                }
            close(got, right, what, "kernels (once or twice) + biases of the encoder + biases of the decoder",
                  rtol=1e-9, atol=1e-9, mistakes=mistakes)  # fmt: skip


@exercise(
    "4.3",
    "Two teachers",
    reference="helpers.autoencoders.tied.measures:tied_gradient",
    minutes=15,
    difficulty=2,
    hints=(
        "Three lines: the residual R, the encoder's part, the decoder's part. What shape has each part?",
        "With E = W and D = Wᵀ: the encoder's part is XᵀR W, of shape (d, k). The decoder's part is WᵀXᵀR, of shape "
        "(k, d); transpose it before adding.",
        "R = X - X @ W @ W.T; return -2 / X.size * (X.T @ R @ W + (W.T @ X.T @ R).T).",
    ),
)
def check_tied_gradient(answer, seed):
    rng = np.random.default_rng(seed)
    n, d, k = 9, 6, 3
    X, W = rng.normal(size=(n, d)), 0.5 * rng.normal(size=(d, k))

    def loss(W):
        return np.mean((X - X @ W @ W.T) ** 2)

    expected = np.zeros((d, k))
    for place in np.ndindex(d, k):  # finite differences: no formula at all
        nudge = np.zeros((d, k))
        nudge[place] = 1e-5
        expected[place] = (loss(W + nudge) - loss(W - nudge)) / 2e-5
    R = X - X @ W @ W.T
    encoder, decoder, scale = X.T @ R @ W, R.T @ X @ W, -2 / (n * d)
    kept = X.copy(), W.copy()
    got = array(answer(X, W), "the gradient", "return an array of the shape of W")
    require(np.array_equal(kept[0], X) and np.array_equal(kept[1], W), got="a function that changes X or W",
            expected="both as they were", look="avoid -= and += on the arguments")  # fmt: skip
    require(got.shape != (k, d), got=f"a gradient of shape {got.shape}", expected=f"shape {(d, k)}, that of W",
            look="the decoder's part has the shape of Wᵀ; turn it round, and add it to the encoder's")  # fmt: skip
    close(
        got,
        expected,
        "the gradient",
        look="−2/(n d) · (XᵀR W + (WᵀXᵀR)ᵀ), with R = X − X W Wᵀ",
        rtol=1e-5,
        atol=1e-7,
        mistakes={
            "only the encoder's part: W stands in the decoder too": scale * encoder,
            "only the decoder's part: W stands in the encoder too": scale * decoder,
            "the encoder's part twice; the decoder asks for something else": 2 * scale * encoder,
            "the decoder's part twice; the encoder asks for something else": 2 * scale * decoder,
            "the sign: this one points uphill for −loss": -expected,
            "the two parts are subtracted; the gradients of two places add up": scale * (encoder - decoder),
            "this is the gradient of a sum over the pixels: divide by d too": expected * d,
            "this is the gradient of a sum over the examples: divide by n too": expected * n,
            "this is the gradient of a sum; the loss is a mean over n · d numbers": expected * n * d,
            "this is half of it: the factor 2 of the square is missing, or the two parts were averaged; they are "
            "added, "
            "not averaged": expected / 2,
            "the parts are there, but not the residual: put R = X − X W Wᵀ between them": 2 * scale * X.T @ X @ W,
            "the images were centred first; here they are taken as they are": _gradient(X - X.mean(axis=0), W),
            "this is the gradient for the mean image alone; every image has its own": _gradient(
                X.mean(axis=0, keepdims=True), W
            ),
            "R was not multiplied by W: the encoder's part is XᵀR W": scale * (X.T @ R @ np.ones((d, k))),
            "this is divided by n · k; the loss is a mean over n · d numbers": expected * d / k,
            "R is the residual, image minus reconstruction; here it is the reconstruction": scale
            * (X.T @ (X - R) @ W + (X - R).T @ X @ W),
        },
    )


def _gradient(X, W):
    """The gradient of the mean squared error of x -> x W Wᵀ, by the formula."""
    R = X - X @ W @ W.T
    return -2 / X.size * (X.T @ R @ W + R.T @ X @ W)


@exercise(
    "4.4",
    "How far from orthonormal?",
    reference="helpers.autoencoders.tied.measures:departure",
    minutes=10,
    difficulty=2,
    hints=(
        "Multiply, subtract the identity, take the norm, divide. Which of WᵀW and W Wᵀ is small, k × k?",
        "np.eye(k) is the identity with k = W.shape[1]; np.linalg.norm of a matrix is the Frobenius norm.",
        "np.linalg.norm(W.T @ W - np.eye(W.shape[1])) / np.sqrt(W.shape[1]).",
    ),
)
def check_departure(answer, seed):
    rng = np.random.default_rng(seed)
    d, k = 8, 3
    # float32, as the kernels of Keras that the lesson hands over
    W = (rng.normal(size=(d, k)) * [0.5, 0.7, 1.1]).astype("float32")
    products = [[sum(W[:, i] * W[:, j]) - (i == j) for j in range(k)] for i in range(k)]
    expected = (sum(entry**2 for row in products for entry in row) / k) ** 0.5
    G, norm = W.T @ W - np.eye(k), np.linalg.norm
    unit = W / norm(W, axis=0)
    got = answer(W.copy())
    shape(got, (), "the departure", "one number for the whole kernel")
    close(
        float(got),
        expected,
        "the departure",
        look="‖WᵀW − I‖ divided by the root of k",
        mistakes={
            "this is W Wᵀ, d × d. It has rank k only and can never be the identity": norm(W @ W.T - np.eye(d))
            / np.sqrt(k),
            "this is W Wᵀ, d × d. It has rank k only and can never be the identity ": norm(W @ W.T - np.eye(d))
            / np.sqrt(d),
            "the identity was not subtracted": norm(W.T @ W) / np.sqrt(k),
            "divide by the root of k": norm(G),
            "divide by the root of k, not by k": norm(G) / k,
            "divide by the root of k, the number of columns; d is the number of rows": norm(G) / np.sqrt(d),
            "the root is missing: this is the square of the norm": norm(G) ** 2 / k,
            "the root is missing: this is the square of the norm ": norm(G) ** 2 / np.sqrt(k),
            "only the diagonal (lengths) was counted; right angles matter as well": norm(np.diag(G)) / np.sqrt(k),
            "only the entries off the diagonal (angles) were counted; lengths matter as well": norm(
                G - np.diag(np.diag(G))
            )
            / np.sqrt(k),
            "the columns were given length 1 first; their lengths are part of the question": norm(
                unit.T @ unit - np.eye(k)
            )
            / np.sqrt(k),
            "this is the spectral norm (the largest singular value); asked for is the Frobenius norm": norm(G, 2)
            / np.sqrt(k),
            "this is the largest entry": np.abs(G).max(),
            "the factor is upside down: divide by the root of k": norm(G) * np.sqrt(k),
            "the absolute values were added up; the Frobenius norm squares them": np.abs(G).sum() / np.sqrt(k),
            "this is the mean of the squared entries: take the root of their sum, and divide by the root of k": norm(G)
            ** 2
            / k**2,
            "this is the nuclear norm, the sum of the singular values; asked for is the Frobenius norm": norm(G, "nuc")
            / np.sqrt(k),
            "this is the mean of the entries' sizes": np.abs(G).mean(),
            "without squares, entries of opposite sign cancel": G.sum() / np.sqrt(k),
            "this subtracts 1 from every entry; the identity is 1 on the diagonal only": norm(W.T @ W - 1) / np.sqrt(k),
        },
    )
    close(float(answer(W[:, :2].copy())), norm(W[:, :2].T @ W[:, :2] - np.eye(2)) / np.sqrt(2),
          "the departure of a kernel of two columns", "k is W.shape[1]")  # fmt: skip
    orthonormal = np.linalg.qr(rng.normal(size=(d, k)))[0].astype("float32")
    close(
        float(answer(orthonormal)), 0.0, "the departure of a kernel with orthonormal columns", "then WᵀW = I", atol=1e-5
    )
    close(
        float(answer(np.zeros((d, 5), "float32"))),
        1.0,
        "the departure of a kernel of zeros",
        "‖−I‖ / √k = 1, for every k",
    )
