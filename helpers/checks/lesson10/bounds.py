"""The checks of lesson 10, the variational autoencoder: KL, importance-weighted bound, hidden β."""

import numpy as np

from helpers.exercises.assertions import array, close, finite, shape
from helpers.exercises.compiled import trains
from helpers.exercises.registry import exercise
from helpers.exercises.several import Case, close_on_all


def kl_by_integration(mean, log_var):
    """KL(N(mean, exp(log_var)) ‖ N(0, 1)) of each entry, by a sum over a fine grid: no closed form is used."""
    mean, std = np.asarray(mean, float)[..., None], np.exp(np.asarray(log_var, float) / 2)[..., None]
    t = np.linspace(-12, 12, 6001)
    log_q = -0.5 * t**2 - np.log(std)  # at mean + std·t, without the constant that p has as well
    log_p = -0.5 * (mean + std * t) ** 2
    return np.sum(np.exp(-0.5 * t**2) / np.sqrt(2 * np.pi) * (log_q - log_p), axis=-1) * (t[1] - t[0])


@exercise(
    "10.2",
    "The KL in nats",
    reference="helpers.autoencoders.vae.model:kl_to_standard_normal",
    minutes=10,
    difficulty=1,
    hints=(
        "The formula has one term for each coding of each image. Which axis holds the codings, and which must stay?",
        "ops.exp(log_var) + ops.square(mean) - 1 - log_var is an array (batch, codings). Sum it over its last axis.",
        "return 0.5 * ops.sum(ops.exp(log_var) + ops.square(mean) - 1 - log_var, axis=-1)",
    ),
)
def check_kl(answer, seed):
    from keras import ops

    rng = np.random.default_rng(seed)
    m = rng.normal(0, 1.2, (5, 3)).astype("float32")
    g = rng.uniform(-2.5, 1.5, (5, 3)).astype("float32")
    each = kl_by_integration(m, g)
    expected = each.sum(axis=1)
    E, S = np.exp(g), np.exp(-g)
    got = _numpy(answer(ops.convert_to_tensor(m), ops.convert_to_tensor(g)), "the KL")
    exact = 0.5 * (E + m**2 - 1 - g)
    named = {
        "this is the mean over the codings: it must be their sum. With the mean, the same latent space would weigh "
        "less and less the more codings it has": exact.mean(1),
        "this is one number for the whole batch; keep one for each image (axis=-1)": exact.sum(),
        "this is the mean over the images as well; keep one number for each image, the mean comes later": (
            exact.sum(1).mean()
        ),
        "this is the mean over everything; sum over the codings, and keep one number for each image": exact.mean(),
        "this is summed over the images, one number for each coding: the codings are the last axis": exact.sum(0),
        "these are the terms of every single coding: sum them over the last axis": exact,
        "the sign is wrong: a KL is never negative": -exact.sum(1),
        "this has exp(−γ) where exp(γ) belongs: γ is the logarithm of the variance, so exp(γ) is the variance": (
            0.5 * (S + m**2 - 1 - g).sum(1)
        ),
        "the factor ½ is missing": 2 * exact.sum(1),
        "the −1 is missing: the KL of N(0, 1) to itself must be 0": (0.5 * (E + m**2 - g)).sum(1),
        "the −1 must be there for every coding, not once": 0.5 * ((E + m**2 - g).sum(1) - 1),
        "γ has the wrong sign at the end: the term is −γ": (0.5 * (E + m**2 - 1 + g)).sum(1),
        "the term −γ is missing": (0.5 * (E + m**2 - 1)).sum(1),
        "the mean is not squared": (0.5 * (E + m - 1 - g)).sum(1),
        "μ² is missing: without it nothing holds the codings near 0": (0.5 * (E - 1 - g)).sum(1),
        "here γ was taken for log σ; it is log σ², so the variance is exp(γ)": (
            0.5 * (np.exp(2 * g) + m**2 - 1 - 2 * g)
        ).sum(1),
        "here γ was halved as for a standard deviation; the KL has the variance, exp(γ), in it": (
            0.5 * (np.exp(g / 2) + m**2 - 1 - g)
        ).sum(1),
        "this is the KL the other way round, from the prior to the encoder's Gaussian": (
            0.5 * (S * (1 + m**2) - 1 + g)
        ).sum(1),
        "this is in bits; nats use the natural logarithm": expected / np.log(2),
        "divided by 784, the number of pixels: then the KL weighs almost nothing. Leave it in nats": expected / 784,
        "one axis too many: without keepdims there is one number for each row": expected[:, None],
        "here γ was taken for σ itself; it is log σ²": 0.5 * (g**2 + m**2 - 1 - np.log(g**2)).sum(1),
        "here exp(γ) was taken for σ, and squared once more; it is the variance": 0.5 * (E**2 + m**2 - 1 - g).sum(1),
        "the signs inside the brackets are mixed: −½ Σ (1 + γ − μ² − exp γ)": -0.5 * (1 + g - m**2 + E).sum(1),
        "the sign of μ² is wrong": 0.5 * (E - m**2 - 1 - g).sum(1),
        "the mean over the codings, and no ½": 2 * exact.mean(1),
        "the mean over the codings, with the wrong sign": -exact.mean(1),
        "the means were added up before they were squared: the square of each coding's mean is asked for": (
            0.5 * ((E - 1 - g).sum(1) + m.sum(1) ** 2)
        ),
        "here γ was taken for the variance itself; it is its logarithm, so the variance is exp(γ)": (
            0.5 * (m**2 + g - 1 - np.log(np.where(g > 0, g, np.nan))).sum(1)
        ),
    }
    close(
        got,
        expected,
        "the KL",
        look="½ Σ (exp γ + μ² − 1 − γ), summed over the codings",
        rtol=1e-4,
        atol=1e-5,
        mistakes=named,
    )
    zero = _numpy(answer(ops.zeros((2, 4)), ops.zeros((2, 4))), "the KL of the prior to itself")
    close(
        zero, np.zeros(2), "the KL of N(0, 1) to itself", look="there is nothing to pay for a coding that is the prior"
    )
    narrow = _numpy(answer(ops.zeros((1, 2)), ops.full((1, 2), -40.0)), "the KL of a very narrow Gaussian")
    close(
        narrow,
        np.array([39.0]),
        "the KL at γ = −40",
        look="work with γ itself; log(exp(γ)) breaks for narrow Gaussians",
        rtol=1e-4,
    )
    trains(answer, [m, g], lambda a, b: 0.5 * (np.exp(b) + a**2 - 1 - b).sum(axis=1), "the KL")


def _numpy(value, what):
    """A tensor or array as an array."""
    return array(value.numpy() if hasattr(value, "numpy") else value, what)


@exercise(
    "10.6",
    "The importance-weighted bound",
    reference="helpers.autoencoders.vae.measures:importance_weighted_bound",
    minutes=20,
    difficulty=3,
    hints=(
        "The weight of a draw is w = p(x|z) p(z) / q(z|x). Write its logarithm with the three arrays.",
        "The logarithm of the mean of weights is logsumexp(log_w) − log K. Over which axis are the draws? "
        "exp(−500) is 0 "
        "in a computer, so the weights themselves must never appear.",
        "log_w = log_likelihood + log_prior - log_q; return logsumexp(log_w, axis=0) - np.log(len(log_w))",
    ),
)
def check_bound(answer, seed):
    rng = np.random.default_rng(seed)
    K, n = 6, 4
    likelihood, prior, q = rng.normal(-3, 1.5, (K, n)), rng.normal(-2, 0.7, (K, n)), rng.normal(-1, 0.5, (K, n))
    w = np.exp(likelihood + prior - q)
    expected = np.array([np.log(sum(w[i, j] for i in range(K)) / K) for j in range(n)])
    log_w = np.log(w)
    finite_w = {
        "this is the mean of the logarithms: that is the ELBO. Take the logarithm of the mean": log_w.mean(0),
        "− log K is missing: the sum of the weights must become their mean": np.log(w.sum(0)),
        "q was added instead of subtracted: the weight is p(x|z) p(z) / q(z|x)": np.log(
            np.exp(likelihood + prior + q).mean(0)
        ),
        "the prior p(z) is missing in the weight": np.log(np.exp(likelihood - q).mean(0)),
        "q is missing in the weight: the codings were drawn from q, and that must be made good": np.log(
            np.exp(likelihood + prior).mean(0)
        ),
        "the likelihood p(x|z) is missing in the weight": np.log(np.exp(prior - q).mean(0)),
        "the mean was taken over the images; the draws are axis 0": np.log(w.mean(1)),
        "this is one number for everything; keep one for each image (axis=0)": np.log(w.mean()),
        "the sign is wrong: a bound on log p(x), not on its negative": -expected,
        "this is the mean weight; take its logarithm": w.mean(0),
        "this is the largest weight alone: with many draws the others count too": log_w.max(0) - np.log(K),
        "this is the mean over the images too; keep one for each": expected.mean(),
        "log K is added; subtract it: the sum of the weights must become their mean": np.log(w.sum(0)) + np.log(K),
        "the logarithm of the sum was divided by K; subtract log K": np.log(w.sum(0)) / K,
        "this subtracts the logarithm of the number of images; the draws are counted by K": np.log(w.sum(0))
        - np.log(n),
        "this is the mean log weight with the weights as shares; take the logarithm of the mean weight": (
            (w / w.sum(0) * log_w).sum(0)
        ),
        "these are the log weights themselves: reduce them over the draws": log_w,
        "the prior was subtracted: the weight is p(x|z) p(z) / q(z|x)": np.log(np.exp(likelihood - prior - q).mean(0)),
        "one axis too many: keep one number for each image": expected[None],
        "this is the largest log weight": log_w.max(0),
        "this is the median of the log weights": np.median(log_w, axis=0),
        "the log weights themselves were divided by K, inside the exponential: subtract log K at the end": np.log(
            np.exp(log_w / K).sum(0)
        ),
        "the largest log weight was taken out, and not added back": expected - log_w.max(0),
        "the mean was taken of each of the three parts by itself; it is one of their product, the weight": np.log(
            np.exp(likelihood).mean(0) * np.exp(prior).mean(0) / np.exp(q).mean(0)
        ),
    }
    look = "log of the mean of exp(log_likelihood + log_prior − log_q) over axis 0"
    got = shape_first(answer(likelihood.copy(), prior.copy(), q.copy()))
    close(got, expected, "the bound", look=look, rtol=1e-6, mistakes=finite_w)
    far = array(answer(likelihood - 900, prior.copy(), q.copy()), "the bound for 900 nats less")
    finite(
        far,
        "the bound for images of −900 nats",
        "exp(−900) is 0 and its logarithm −∞: use logsumexp, which takes the largest log weight out first",
    )
    look = "it must fall by 900 exactly: a small number under the logarithm is no help, logsumexp is"
    close(far, expected - 900, "the bound for 900 nats less", look=look, rtol=1e-8)
    mixed = likelihood - 900 * np.arange(n)
    apart = array(answer(mixed.copy(), prior.copy(), q.copy()), "the bound for images 900 nats apart")
    look = (
        "each image has a largest log weight of its own (axis=0): one for all images leaves the others with exp(−900)"
    )
    close(finite(apart, "the bound for images 900 nats apart", look), expected - 900 * np.arange(n),
          "the bound for images 900 nats apart", look=look, rtol=1e-8)  # fmt: skip
    high = array(answer(likelihood + 900, prior.copy(), q.copy()), "the bound for 900 nats more")
    finite(high, "the bound for images of +900 nats", "exp(900) overflows: use logsumexp")
    one = array(answer(likelihood[:1], prior[:1], q[:1]), "the bound with one draw")
    close(one, log_w[0], "the bound with a single draw", look="it is that draw's log weight: an estimate of the ELBO")


def shape_first(value):
    return array(value, "the bound", "one number for each image")


@exercise(
    "10.8",
    "The hidden β",
    reference="helpers.autoencoders.vae.measures:hidden_beta",
    minutes=10,
    difficulty=2,
    hints=(
        "Write her loss as a multiple of the standard form: c · (Σ over pixels + β · Σ over codings). A factor in "
        "front of "
        "both parts changes nothing but the learning rate.",
        "A mean over 784 pixels is the sum divided by 784. Multiply the whole loss by 784: what stands before the "
        "KL now?",
        "beta = weight; if the reconstruction is a mean, multiply by pixels; if the KL is a mean, divide by codings.",
    ),
)
def check_hidden_beta(answer, seed):
    rng = np.random.default_rng(seed)
    P, k, w = int(rng.integers(50, 900)), int(rng.integers(3, 40)), float(rng.uniform(0.2, 3))
    cases = []
    for r, kl in (("sum", "sum"), ("mean", "sum"), ("sum", "mean"), ("mean", "mean")):
        pixels, codings = (P if r == "mean" else 1), (k if kl == "mean" else 1)
        what = f"β for a {r} over pixels and a {kl} over codings"
        got = float(shape(answer(P, k, r, kl, w), (), what, "one number"))
        other_pixels, other_codings = (P if r == "sum" else 1), (k if kl == "sum" else 1)
        wrong = {
            "the weight was left out": pixels / codings,
            "a mean over pixels makes the reconstruction small, so the KL weighs more, not less": w / pixels / codings,
            "a mean over codings makes the KL small: divide by the number of codings": w * pixels * codings,
            "how the KL was reduced does not matter here yet: it must": w * pixels,
            "how the reconstruction was reduced does not matter here yet: it must": w / codings,
            "pixels and codings are exchanged": w * (k if r == "mean" else 1) / (P if kl == "mean" else 1),
            "this is 1/β": codings / (w * pixels),
            "both effects are the wrong way round: a mean over pixels makes β larger, one over codings smaller": (
                w * codings / pixels
            ),
            "it is a mean that needs correcting; for a sum nothing is to be done": w * other_pixels / other_codings,
            "the numbers count whatever the reductions are: they matter for a mean only": w * P / k,
            "this is the weight as it was given: bring both parts to sums": w,
            "the weight was divided by; it stands before the KL": pixels / codings / w,
            "the weight is squared": w**2 * pixels / codings,
            "where both are means, only the pixels count here: both corrections are needed": (
                w * pixels / (1 if r == "mean" else codings)
            ),
            "where both are means, only the codings count here: both corrections are needed": (
                w * (1 if kl == "mean" else pixels) / codings
            ),
            "two means do not cancel: the pixels and the codings are different numbers": (
                w if r == kl else w * pixels / codings
            ),
            "784 pixels are fixed here: use the argument `pixels`": w * (784 if r == "mean" else 1) / codings,
            "a whole-number division (//) cuts off what is behind the point": (
                w * pixels // codings if kl == "mean" else w * pixels
            ),
        }
        cases.append(Case(what, got, w * pixels / codings, wrong))
    look = "bring the reconstruction to a sum first, and multiply the KL alike"
    close_on_all(cases, look, rtol=1e-9, atol=0)
    plain = float(answer(784, 10, "mean", "sum", 1 / 784))
    close(plain, 1.0, "β of MSE + KL/784", look="784 · (MSE + KL/784) is the sum of squares + 1 · KL", rtol=1e-9)
