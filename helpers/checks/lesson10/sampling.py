"""The check of exercise 10.1, the sampling layer."""

import numpy as np

from helpers.exercises.assertions import NotYet, array, close, require
from helpers.exercises.compiled import carries, compiled
from helpers.exercises.registry import exercise
from helpers.exercises.several import first_fitting

ROWS = 40_000


@exercise(
    "10.1",
    "The sampling layer",
    reference="helpers.autoencoders.vae.model:Sampling",
    minutes=10,
    difficulty=1,
    seconds=20.0,
    hints=(
        "Draw noise from N(0, 1), in the shape of the mean. Stretch it to the right spread, then shift it.",
        "γ = log σ². So σ² = exp(γ), and σ is its square root. What is the square root of exp(γ)?",
        "noise = keras.random.normal(ops.shape(mean), seed=self.generator); return mean + ops.exp(log_var / 2) * noise",
    ),
)
def check_sampling(answer, seed):
    import tensorflow as tf

    rng = np.random.default_rng(seed)
    layer = _made(answer)
    mean = np.array([-2.0, 0.0, 3.0, 0.5], "float32")
    log_var = np.array([np.log(4), 0.0, -1.5, rng.uniform(0.5, 1.0)], "float32")
    wide = [np.tile(row, (ROWS, 1)) for row in (mean, log_var)]
    _drawn(layer, *(part[:8] for part in wide))  # what a layer keeps of this call shows in the next one
    try:
        z = _drawn(layer, *wide)
    except tf.errors.InvalidArgumentError:
        raise NotYet(
            got=f"a layer that stops when it is given {ROWS} images after 8",
            expected="noise in the shape of the mean, drawn in every call",
            look="draw the noise in `call`, and keep none: keras.random.normal(ops.shape(mean), seed=self.generator)",
        ) from None
    require(
        z.shape == (ROWS, 4),
        got=f"codings of shape {z.shape} for {ROWS} images and 4 codings",
        expected=f"({ROWS}, 4)",
        look="the noise must have the shape of the mean: ops.shape(mean)",
    )
    require(
        np.isfinite(z).all(),
        got="NaN or infinite codings",
        expected="finite ones",
        look="a root or a logarithm of the log-variance? It may be negative",
    )
    _right_noise(z, mean, log_var)
    _right_spread(z, mean, log_var)
    _fresh_noise(layer, mean, log_var)

    m, g = tf.Variable(wide[0][:64]), tf.Variable(wide[1][:64])
    with tf.GradientTape() as tape:
        drawn = layer([m, g])
        total = tf.reduce_sum(drawn)
    by_mean, by_var = tape.gradient(total, [m, g])
    carries(by_mean, "the codings, back to the mean")
    carries(by_var, "the codings, back to the log-variance")
    close(by_mean.numpy(), np.ones((64, 4)), "dz/dμ", look="the mean is added, once", rtol=1e-4)
    close(
        by_var.numpy(), (drawn - m).numpy() / 2, "dz/dγ", look="σ = exp(γ/2) multiplies the noise", rtol=1e-3, atol=1e-4
    )


def _made(answer):
    import keras

    if not isinstance(answer, type):
        raise NotYet(
            got=f"{type(answer).__name__}, which is no class",
            expected="the class Sampling",
            look="hand check the class itself: Sampling, without brackets",
        )
    layer = answer()
    require(
        isinstance(layer, keras.layers.Layer),
        got=f"a {type(layer).__name__} that is no Keras layer",
        expected="a subclass of keras.layers.Layer",
        look="class Sampling(keras.layers.Layer)",
    )
    return layer


def _drawn(layer, mean, log_var):
    import keras

    z = layer([keras.ops.convert_to_tensor(mean), keras.ops.convert_to_tensor(log_var)])
    if isinstance(z, (list, tuple)):
        raise NotYet(got=f"{len(z)} things", expected="one tensor of codings", look="return mean + …")
    return array(z.numpy() if hasattr(z, "numpy") else z, "the codings").astype(float)


def _right_noise(z, mean, log_var):
    """Whether what was added to the mean is independent noise about 0."""
    spread = z.std(axis=0)
    if (spread < 1e-6).all():
        require(
            not np.allclose(z, mean, atol=1e-4),
            got="the mean itself, always",
            expected="codings that vary",
            look="noise from N(0, 1) is missing (or is it there in training only? It is drawn in every call): without "
            "it the decoder sees no spread, and the KL is pointless",
        )
        require(
            False,
            got="the same codings for every image",
            expected="fresh noise for each",
            look="one draw was used for the whole batch: the noise needs the shape of the mean",
        )
    varied = spread > 1e-6  # who takes γ for the spread has none at γ = 0; the spread is judged later
    z, mean, spread = z[:, varied], mean[varied], spread[varied]
    off = (z - mean) / spread
    alike = np.corrcoef(off, rowvar=False) - np.eye(z.shape[1])
    require(
        np.abs(alike).max() < 0.9,
        got="the same noise for all codings of an image",
        expected="noise of its own for each",
        look="the noise needs the shape of the mean, (batch, codings), not (batch, 1)",
    )
    kurtosis = (off**4).mean()
    if np.abs(off.mean(axis=0)).max() > 0.5 or abs(kurtosis - 3) > 0.5:
        uniform = abs(((off - off.mean(0)) ** 4).mean() - 1.8) < 0.2
        shift = z.mean(axis=0) - mean
        look = "the mean is added to the noise, once, and nothing else"
        if uniform:
            look = "this noise is uniform; draw it from N(0, 1): keras.random.normal"
        elif np.allclose(shift, -mean, atol=0.1):
            look = "the mean is missing: z = μ + …"
        elif np.allclose(z.mean(axis=0), log_var[varied], atol=0.1):
            look = "the mean and the log-variance are exchanged: inputs is [mean, log_var]"
        elif np.allclose(z.mean(axis=0), mean * np.exp(log_var[varied] / 2), atol=0.15):
            look = "the mean was stretched as well: first σ times the noise, then plus the mean"
        elif np.allclose(shift, mean, atol=0.1):
            look = "the mean is added twice"
        elif np.abs(shift).max() < 0.1:
            look = "the noise is not normal: keras.random.normal, neither truncated nor anything else"
        raise NotYet(
            got=f"codings with the means {np.round(z.mean(0), 2).tolist()}",
            expected=f"normal ones with the means {mean.tolist()}",
            look=look,
        )


def _right_spread(z, mean, log_var):
    found, g = z.std(axis=0), log_var.astype(float)
    expected = np.exp(g / 2)
    named = {
        "this spreads codings with variance σ⁴: at γ = ln 4 the spread is {found}, expected 2; "
        "look at what exp(γ) is": np.exp(g),
        "γ itself was taken for the spread: γ is the logarithm of the variance": np.abs(g),
        "half of γ was taken for the spread: the exponential is missing": np.abs(g) / 2,
        "this has exp(−γ/2): large variances have become small ones": np.exp(-g / 2),
        "this has exp(−γ): γ is log σ², so σ = exp(γ/2)": np.exp(-g),
        "the spread does not depend on γ: the noise must be multiplied by σ": np.ones_like(g),
        "this is exp(γ)/2 instead of exp(γ/2): halve γ before the exponential": np.exp(g) / 2,
        "this is exp(γ/4): one square root too many": np.exp(g / 4),
        "this is exp(γ)²: γ is log σ², so σ = exp(γ/2)": np.exp(2 * g),
        "this is √2 too wide; σ = exp(γ/2) needs no other factor": expected * np.sqrt(2),
        "this is softplus(γ), which belongs to another way of writing σ: here γ = log σ²": np.log1p(np.exp(g)),
        "this is √softplus(γ), which belongs to another way of writing σ: here γ = log σ²": np.sqrt(
            np.log1p(np.exp(g))
        ),
        "this is √|γ|; γ is the logarithm of the variance": np.sqrt(np.abs(g)),
        "this is 1 + exp(γ/2)": 1 + expected,
        "this is exp(γ) / 2²: halve γ before the exponential": np.exp(g) / 4,
    }
    at = f"{found[0]:.2f} at γ = ln 4, {found[1]:.2f} at γ = 0, {found[2]:.2f} at γ = −1.5"
    want = "a spread of 2, 1 and 0.47 there"
    meaning = first_fitting(found, expected, lambda: named, rtol=0.04, atol=0.02)
    if meaning:
        look = meaning.format(found=f"{found[0]:.1f}".rstrip("0").rstrip("."))
        raise NotYet(got=f"a spread of {at}", expected=want, look=look)
    if np.allclose(found, expected, rtol=0.04):
        return
    look, factor = "σ = exp(γ/2) times noise from N(0, 1)", float(np.median(found / expected))
    if np.allclose(found, factor * expected, rtol=0.04):
        look = f"every spread is {factor:.2f} times the right one: is the noise from N(0, 1)?"
    raise NotYet(got=f"a spread of {at}", expected=want, look=look)


def _fresh_noise(layer, mean, log_var):
    import tensorflow as tf

    few = [tf.constant(np.tile(row, (8, 1))) for row in (mean, log_var)]
    step = compiled(lambda m, g: layer([m, g]), *few, unknown_batch=True)
    one, two = step(*few).numpy(), step(*few).numpy()
    require(
        not np.allclose(one, two),
        got="the same noise at every call, once the layer is compiled",
        expected="fresh noise",
        look="NumPy draws once, while Keras compiles; a fixed whole number as seed repeats itself. Use "
        "keras.random.normal(…, seed=self.generator)",
    )
    one, two = (_drawn(layer, *(part[:, :3] for part in map(np.asarray, few))) for _ in range(2))
    require(
        one.shape == (8, 3) and not np.allclose(one, two),
        got="the same codings in two calls" if one.shape == (8, 3) else f"codings of shape {one.shape} for (8, 3)",
        expected="fresh noise in every call, in the shape of the mean",
        look="keras.random.normal(ops.shape(mean), seed=self.generator)",
    )
