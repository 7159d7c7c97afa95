# ---
# lesson: "08"
# title: Denoising autoencoder
# question: What does a network learn when it has to undo damage?
# objectives:
#   - add noise that is there while training and gone when the model is used, and say what each kind does to a pixel
#   - train a denoiser with the clean image as its target, and measure it in decibels against fair rivals
#   - explain why noise can take the place of a narrow neck, and what an overcomplete autoencoder learns without it
#   - test a denoiser at levels and kinds of noise that it was not trained on
#   - read the direction towards the data off a denoiser, walk along it, and make new data from pure noise
# needs: "lesson 02 (stacked autoencoder); mean, variance and the normal distribution; what a gradient is"
# minutes: {reading: 40, exercises: 90, machine: 1.5}
# idea: |
#   Spoil an image, and ask a network for the unspoilt one. To answer, it has to know what images look like. So noise can take
#   the place of the narrow neck. And there is more in it: a denoiser knows in which **direction** the data lie. Follow that
#   direction from pure noise, a little at a time, and you arrive at new data. That is diffusion.
# cover: |
#   A shapeless cloud of points becomes a spiral, shown at five levels of noise, as a denoiser takes the noise away. Beside
#   it, real data.
# ---

# %%
import sys

sys.path.insert(0, "..")  # the folder above holds `helpers`

from helpers import backend  # noqa: F401  (first: it keeps TensorFlow's start-up messages away)

import keras
import numpy as np
import tensorflow as tf
from helpers import data, metrics, plots, scoreboard, session, training, weights
from helpers.exercises import check, hint, model_like, quiz  # noqa: F401  (help: hint("8.1"))
from keras import ops

settings = session.start(
    "08",
    n_train=9_000,  # images to learn from
    codings=900,  # of the overcomplete autoencoder, for 784 pixels
    epochs=4,  # of the overcomplete autoencoders
    patience=16,  # epochs of the two that are trained for longer
    neck_epochs=12,  # of the autoencoders with 30 codings
    batch_size=64,
    peak=3e-3,  # highest learning rate
    trained_at=(0.0, 0.2, 0.5, 1.0),  # σ of the noise in training
)

# %% [markdown]
# ## Undoing damage
#
# So far a narrow neck kept autoencoders honest: what does not fit through has to be understood or dropped. Here is
# another way. **Spoil the image, and ask for the unspoilt one.** To do that, a network must know what images look like:
# which pixels belong together, and where an outline goes on behind a blot.
#
# Four ways to spoil an image:

# %%
from helpers.autoencoders import Autoencoder, denoising, dense_hourglass, run_in_batches

garments = data.load("fashion_mnist").take(train=settings.n_train, valid=settings.n_valid)
X, V = garments.X_train, garments.X_valid
y, labels = garments.y_train, garments.y_valid

rng = np.random.default_rng(0)
spoilt = {"Gaussian": 0.5, "masking": 0.5, "salt and pepper": 0.3, "occlusion": 12}
rows = {"clean": V[:10]}
for kind, level in spoilt.items():
    noisy = denoising.noise.corrupt(V[:10], kind, level, rng)
    rows[f"{kind}, {level:g}"] = np.clip(noisy, 0, 1)
plots.image_rows(rows)

# %% [markdown]
# **What to see.** *Gaussian* noise adds a random number to each pixel (standard deviation 0.5; only for the picture,
# values below 0 are drawn black and values above 1 white). *Masking* blackens half of the pixels. *Salt and pepper*
# turns 30 % of them black or white. *Occlusion* hides a square of 12 × 12 behind grey. You still see a shirt, because
# you have seen shirts. That knowledge is what we want the network to acquire.

# %% [markdown]
# ## In symbols
#
# - $x$ is a clean image, $\tilde x$ ("x tilde") the same image spoilt: a draw from $q(\tilde x \mid x)$, the noise.
# - $z = f(\tilde x)$ are its codings, $r(\tilde x) = g(z)$ the reconstruction. $f$ is an ordinary encoder, $g$ an ordinary
#   decoder.
# - The loss compares with the **clean** image. For $n$ images of $d$ pixels:
#
# $$\mathcal L = \frac{1}{n\,d} \sum_{i=1}^{n} \lVert x_i - r(\tilde x_i) \rVert^2,
# \qquad \tilde x_i \sim q(\cdot \mid x_i) \text{ drawn anew each time } x_i \text{ is shown}.$$
#
# - For Gaussian noise $\tilde x = x + \sigma \varepsilon$; $\varepsilon$ has one standard normal number for each pixel,
#   and $\sigma$ is the **standard deviation** of the noise ($\sigma^2$ its variance).

# %% [markdown]
# The idea is old. LeCun's thesis of 1987 has it, and Vincent and others (2008 and 2010) made it famous as a way to pretrain
# deep networks. Today it is the heart of masked autoencoders and of diffusion models. At the end of this lesson you will
# see why: a denoiser knows *in which direction the data lie*.

# %% [markdown]
# ## Noise as a layer
#
# The most convenient place for the noise is inside the model, as its first layer. Then `fit(X, X)` is right without any
# change: the input gets spoilt on its way in, the target stays clean. But the layer must know when to add nothing.

# %%
quiz("08-inference")

# %% [markdown]
# Keras tells every layer: `training=True` inside `fit`, `training=False` inside `predict` and `evaluate`.

# %% [markdown]
# ### Exercise 8.1 · Gaussian noise, while training
# *10 minutes · difficulty 1 of 3*
#
# Complete the layer. While training, add independent normal numbers of mean 0 and standard deviation `self.sigma` to
# every pixel of every image, fresh at each call. Otherwise return the inputs. Do not clip.
# `keras.random.normal(shape)` draws standard normal numbers, `ops.shape(inputs)` is the shape of the batch.


# %%
class GaussianNoise(keras.layers.Layer):
    """Adds Gaussian noise of standard deviation sigma to every pixel, while training only."""

    def __init__(self, sigma: float, **options):
        super().__init__(**options)
        self.sigma = sigma

    def call(self, inputs: tf.Tensor, training: bool | None = None) -> tf.Tensor:
        """inputs: (batch, …). Returns the same shape; the inputs unless `training` is true."""
        ### BEGIN SOLUTION
        if not training:
            return inputs
        return inputs + self.sigma * keras.random.normal(ops.shape(inputs))
        ### END SOLUTION


# %%
GaussianNoise = check("8.1", GaussianNoise)

# %% [markdown]
# ### Exercise 8.2 · Masking noise, while training
# *10 minutes · difficulty 2 of 3*
#
# While training, set each pixel to 0 with probability `self.rate`, independently; the others keep their values. With
# `self.rescale`, divide those others by `1 - self.rate`. Otherwise return the inputs. `keras.random.uniform(shape)`
# draws numbers between 0 and 1.


# %%
class MaskingNoise(keras.layers.Layer):
    """Sets a share `rate` of the pixels to 0, in training only; `rescale` brightens the others."""

    def __init__(self, rate: float, rescale: bool = False, **options):
        super().__init__(**options)
        self.rate, self.rescale = rate, rescale

    def call(self, inputs: tf.Tensor, training: bool | None = None) -> tf.Tensor:
        """inputs: (batch, …). Returns the same shape; the inputs unless `training` is true."""
        ### BEGIN SOLUTION
        if not training:
            return inputs
        kept = keras.random.uniform(ops.shape(inputs)) >= self.rate
        outputs = inputs * ops.cast(kept, inputs.dtype)
        return outputs / (1 - self.rate) if self.rescale else outputs
        ### END SOLUTION


# %%
MaskingNoise = check("8.2", MaskingNoise)

# %% [markdown]
# ### What does Dropout do to a pixel?
#
# Many recipes use `keras.layers.Dropout(0.5)` as the noise of a denoising autoencoder. Let all pixels have the value
# 0.8 and see which values come out.

# %%
# NBVAL_CHECK_OUTPUT
grey = np.full((1, 28, 28), 0.8, np.float32)
layers_seen = {
    "MaskingNoise(0.5)": MaskingNoise(0.5),
    "MaskingNoise(0.5, rescale=True)": MaskingNoise(0.5, rescale=True),
    "keras.layers.Dropout(0.5)": keras.layers.Dropout(0.5),
}
for name, layer in layers_seen.items():
    seen = [np.asarray(layer(grey, training=mode), float).round(2) for mode in (True, False)]
    busy, idle = (np.unique(values).tolist() for values in seen)
    print(f"{name:<33} while training {busy!s:<12} in use {idle}")

# %% [markdown]
# **What to see.** Dropout divides the pixels that stay by $1 - p$ ($p$ is the rate). It was made for hidden units, where
# the next layer should get the same *mean* with and without it; this is called **inverted dropout**. On pixels it means
# that a denoiser trained with `Dropout(0.5)` sees images with values up to 2. Later, when real damage takes half of the
# pixels, those that are left are only half as bright. Remember this; it comes back.

# %% [markdown]
# ## How noisy is noisy?
#
# Squared errors of .25 and .01 are hard to feel. Denoising is measured on a logarithmic scale, in **decibels**, by the
# **peak signal-to-noise ratio**. For one image $x$ and its copy $\hat x$, with $d$ pixels:
#
# $$\text{PSNR}(x, \hat x) = 10 \log_{10} \frac{\text{peak}^2}{\frac1d \lVert x - \hat x \rVert^2} .$$
#
# The *peak* is the largest value that a pixel can have: 1 for us, 255 for images of whole numbers. Ten decibels more
# mean a tenth of the squared error; 3 dB more, half of it. Reports give the mean of the images' PSNRs.

# %%
quiz("08-psnr")

# %% [markdown]
# ### Exercise 8.3 · Peak signal-to-noise ratio
# *10 minutes · difficulty 1 of 3*
#
# Return the mean over the images of their PSNRs, in decibels. `X` are clean images, `R` what is to be judged, both of
# shape $(n, 28, 28)$ or $(n, 784)$. First the error of each image, then its decibels, then the mean.


# %%
def mean_psnr(X: np.ndarray, R: np.ndarray, peak: float = 1.0) -> float:
    """Mean over the images of 10 log10(peak² / mean squared error of the image). X, R: (n, …)."""
    ### BEGIN SOLUTION
    errors = np.mean((X - R).reshape(len(X), -1) ** 2, axis=1)
    return float(np.mean(10 * np.log10(peak**2 / errors)))
    ### END SOLUTION


# %%
mean_psnr = check("8.3", mean_psnr)

# %%
rng = np.random.default_rng(1)
print("σ      10 log₁₀(1/σ²)    measured    clipped to [0, 1]")
for sigma in (0.1, 0.3, 1.0):
    N = denoising.noise.gaussian(V, sigma, rng)
    measured, clipped = mean_psnr(V, N), mean_psnr(V, np.clip(N, 0, 1))
    print(f"{sigma:<8g}{20 * np.log10(1 / sigma):>10.1f} dB{measured:>9.1f} dB{clipped:>14.1f} dB")

# %% [markdown]
# **What to see.** Clipping alone is a small denoiser: half of the pixels are black, and negative ones cannot be right.
# It is the simplest answer there is. So everything else in this lesson is compared with the *clipped* noisy image.

# %% [markdown]
# ## Denoising before networks
#
# Three rivals. Each is tuned anew for every level, on noisy training images of the level that it is then tested at:
#
# - **Median filter**: each pixel becomes the median of its neighbourhood. It knows nothing of garments. The window (1, 3,
#   5 or 7 pixels wide) is chosen for each level.
# - **PCA**: project the noisy image onto the first $k$ components of *clean* images. Noise spreads evenly over all 784
#   directions, garments lie along few. $k$ is chosen for each level, among twelve numbers from 5 to 784.
# - **Best linear**: the matrix (and the offset) with the least squared error, by solving the equations. Apart from a
#   small term that keeps them stable, no linear denoiser, PCA included, can have a smaller error on the noisy training
#   images. For Gaussian noise it is close to Wiener's filter of 1949.

# %%
from helpers.autoencoders.denoising import (
    LinearDenoiser, Median, PCADenoiser, PointDenoiser, denoised_rows, level_table,
    noise_explorer,
)  # fmt: skip
from collections.abc import Callable

rivals = {rival.name: rival for rival in (Median(), PCADenoiser(), LinearDenoiser())}
psnrs = {name: [] for name in ("noisy, clipped", *rivals)}
test_noise = {
    level: denoising.noise.gaussian(V, level, np.random.default_rng(7)) for level in settings.levels
}


def tuned(kind, level):
    """Fit the three rivals to training images with this noise. Median filter and PCA choose their
    one number on the first of them, which is enough for one number; the linear one needs all."""
    noisy = denoising.noise.corrupt(X, kind, level, rng)
    for rival in rivals.values():
        n = len(X) if rival.name == "best linear" else settings.n_rivals
        rival.fit(X, noisy[:n])


print("σ      window  components" + "".join(f"{name:>16}" for name in psnrs))
for level, noisy in test_noise.items():
    tuned("Gaussian", level)
    psnrs["noisy, clipped"].append(mean_psnr(V, np.clip(noisy, 0, 1)))
    for name, rival in rivals.items():
        psnrs[name].append(mean_psnr(V, rival.denoise(noisy)))
    chosen = f"{rivals['median filter'].best:>6}{rivals['PCA'].best:>12}"
    print(f"{level:<7g}{chosen}" + "".join(f"{p[-1]:>13.1f} dB" for p in psnrs.values()))

# %% [markdown]
# **What to see**, in the lecture profile. The noisier the image, the fewer components are worth having: where the
# variance of the garments is below $\sigma^2$, a direction brings more noise than garment. The best linear denoiser is
# ahead of PCA at every level, from the same training images. It may *shrink* a direction, where PCA keeps it or drops it.
# Remember its column: it is a strong rival.

# %% [markdown]
# ## Training a denoiser
#
# A noise layer is convenient, but not every kind of noise is a layer. The other way is to spoil the images beforehand:
# all of them, once per epoch.

# %% [markdown]
# ### Exercise 8.4 · Noisy in, clean out
# *15 minutes · difficulty 2 of 3*
#
# Train the compiled `model` for `epochs` epochs in batches of `batch_size`. `corrupt(X, rng)` returns noisy versions of
# all images; `rng` is the generator to give it. What is the input, what the target? And when is the noise to be drawn?
# Pass `verbose=0` to `fit`.


# %%
def fit_denoiser(
    model: keras.Model, X: np.ndarray, corrupt: Callable, epochs: int, batch_size: int,
    rng: np.random.Generator,
) -> None:  # fmt: skip
    """Train `model` to turn corrupt(X, rng), with fresh noise in every epoch, into the clean X."""
    ### BEGIN SOLUTION
    for _ in range(epochs):
        model.fit(corrupt(X, rng), X, batch_size=batch_size, epochs=1, verbose=0)
    ### END SOLUTION


# %%
fit_denoiser = check("8.4", fit_denoiser)

# %% [markdown]
# Our first denoiser has **no neck**: 900 codings for 784 pixels, one layer up, one layer down. Such an autoencoder is
# called **overcomplete**. We train it once without noise and then with Gaussian noise of several strengths.
# Everything else is equal, also the initial weights.


# %%
import time

def overcomplete() -> Autoencoder:
    """784 pixels to `settings.codings` codings and back: room enough to copy everything."""
    encoder = keras.Sequential([
        keras.Input((28, 28)),
        keras.layers.Flatten(),
        keras.layers.Dense(settings.codings, activation="relu"),
    ])
    decoder = keras.Sequential([
        keras.Input((settings.codings,)),
        keras.layers.Dense(784, activation="sigmoid"),
        keras.layers.Reshape((28, 28)),
    ])
    return Autoencoder(encoder, decoder)


def compiled(model, epochs, batch_size, peak=settings.peak):
    """The model, ready to train: mean squared error, Adam with warm-up and cosine (lesson 02)."""
    rate = training.WarmupCosine.for_fit(peak, len(X), batch_size, epochs)
    adam = keras.optimizers.Adam(rate, beta_2=0.99)
    model.compile(loss="mse", optimizer=adam, steps_per_execution=8)
    return model


def gaussian_of(sigma):
    return lambda images, generator: denoising.noise.gaussian(images, sigma, generator)


models, wide = {}, 2 * settings.batch_size  # the batch of a wide network
started = time.perf_counter()
for sigma in settings.trained_at:
    keras.utils.set_random_seed(42)
    models[sigma] = compiled(overcomplete(), settings.epochs, wide)
    generator = np.random.default_rng(42)
    fit_denoiser(models[sigma], X, gaussian_of(sigma), settings.epochs, wide, generator)
seconds = (time.perf_counter() - started) / len(models)
print(f"{models[0.5].count_params():,} parameters each")

# %%
half = denoising.noise.gaussian(V, 0.5, np.random.default_rng(7))
denoised_rows(V[:10], half[:10], {
    "trained without noise": models[0.0].reconstruct, "trained at σ = 0.5": models[0.5].reconstruct,
})  # fmt: skip

# %% [markdown]
# **What to see**, in the lecture profile. The same network, the same noisy images (σ = 0.5). Trained without noise, it
# lets a good part of the specks through. Trained with noise, it paints garments: firmer outlines, smoother cloth. What the
# noise has erased for good, such as prints, does not come back. There the network paints the *average* of what could have
# been.

# %% [markdown]
# ## The copy machine
#
# With more codings than pixels an autoencoder *could* simply copy: error zero, nothing learned.

# %%
quiz("08-identity")

# %%
mean_image = np.broadcast_to(X.mean(axis=0), V.shape)
print(f"{'overcomplete, trained':<24}{'clean: MSE':>13}{'with noise of σ = 0.5: mean PSNR':>36}")
for sigma, model in models.items():
    name = "without noise" if sigma == 0 else f"at σ = {sigma}"
    clean, noisy = metrics.mse(V, model.reconstruct(V)), mean_psnr(V, model.reconstruct(half))
    print(f"{name:<24}{clean:>13.4f}{noisy:>33.1f} dB")
clean, noisy = metrics.mse(V, mean_image), mean_psnr(V, mean_image)
print(f"{'the mean image':<24}{clean:>13.4f}{noisy:>33.1f} dB")

# %% [markdown]
# **What to see**, in the lecture profile. The network trained without noise copies clean images best. The one trained
# at σ = 0.5 is best at σ = 0.5, and pays for it on clean images. (A little noise in training, σ = 0.2, brings nothing
# here: 15.7 dB, where the one without noise has 16.0.) But the copier lets less noise through than a perfect copy
# machine would. That one would have 9.3 dB, like the noisy images, clipped. A few epochs do not make a perfect one: it
# has learned what many images have in common, and specks do not belong to that. Train for longer:

# %%
print(f"{'trained':<26}{'epochs':>8}{'clean: MSE':>13}{'with noise of σ = 0.5: mean PSNR':>36}")
for sigma in (0.0, 0.5):
    keras.utils.set_random_seed(42)
    patient = compiled(overcomplete(), settings.patience, wide)
    generator = np.random.default_rng(42)
    fit_denoiser(patient, X, gaussian_of(sigma), settings.patience, wide, generator)
    for model, epochs in ((models[sigma], settings.epochs), (patient, settings.patience)):
        name = "without noise" if sigma == 0 else f"at σ = {sigma}"
        clean, noisy = metrics.mse(V, model.reconstruct(V)), mean_psnr(V, model.reconstruct(half))
        print(f"{name:<26}{epochs:>8}{clean:>13.4f}{noisy:>33.1f} dB")

# %% [markdown]
# **What to see.** Hold the two columns against each other. Does the longer training make a better copier? And does the better
# copier remove noise any better?
#
# In the lecture profile, 16 epochs *without* noise make a better copier (.0039 instead of .0120) and a **worse**
# denoiser (14.7 dB instead of 16.0): the nearer to a perfect copy, the more noise gets through. *With* noise the longer
# training helps in both columns.

# %% [markdown]
# ### In the plane
#
# The data are points near a spiral. Two networks have layers of 2, 64, 64 and 2 units: overcomplete by far. Both are
# trained to return their points. One is given the points, the other the points plus noise of σ = 0.25. Where does each
# of them *move* a point? The arrows go from $x$ towards $r(x)$.

# %%
spiral = denoising.score.spiral()
clean = spiral.draw(settings.n_points, np.random.default_rng(5))
moves = {}
for name, sigma in (("trained without noise", 0.0), ("trained with noise, σ = 0.25", 0.25)):
    keras.utils.set_random_seed(42)
    hidden = [keras.layers.Dense(64, activation="silu") for _ in range(2)]
    first, last = GaussianNoise(sigma), keras.layers.Dense(2)
    small = keras.Sequential([keras.Input((2,)), first, *hidden, last])
    rate = training.WarmupCosine.for_fit(5e-3, len(clean), 64, settings.point_epochs)
    small.compile(loss="mse", optimizer=keras.optimizers.Adam(rate))
    small.fit(clean, clean, batch_size=64, epochs=settings.point_epochs, verbose=0)
    moves[name] = lambda x, small=small: run_in_batches(small, x.astype(np.float32)) - x
denoising.score_figures.arrows(spiral, 0.25, moves, clean[:1_000])

# %% [markdown]
# **What to see**, in the lecture profile. The gold points are data, the grey shows where noisy points lie, and both
# panels have one scale for the arrows. Without noise hardly anything moves: the network has become the identity, nearly
# everywhere, also where there are no data. It knows nothing of the spiral. With noise, points from all sides are sent
# towards the data. (Only in the middle, with data on every side, are the arrows tiny.) **Noise takes the place of the
# neck**: an overcomplete code is allowed, because copying no longer pays. And these arrows mean something exact. We
# come back to them.

# %% [markdown]
# ## Train here, test there
#
# In the real world nobody tells a denoiser how noisy its image will be. What happens if it is another level than in training?

# %% [markdown]
# ### Exercise 8.5 · Train here, test there
# *10 minutes · difficulty 2 of 3*
#
# Fill a table with the mean PSNR of every denoiser (rows) at every noise level (columns). `denoisers` is a list of
# functions, noisy images to denoised ones; `corrupt(X, level, rng)` makes noisy images. At one level all denoisers must
# get the *same* noisy images. `denoising.noise.mean_psnr(X, R)` measures; begin with `np.random.default_rng(seed)`.


# %%
def level_matrix(
    denoisers: list[Callable], X: np.ndarray, levels: list[float], corrupt: Callable, seed: int
) -> np.ndarray:
    """Mean PSNR in dB, (denoisers, levels): what each denoiser makes of X at each level."""
    ### BEGIN SOLUTION
    rng = np.random.default_rng(seed)
    table = np.empty((len(denoisers), len(levels)))
    for column, level in enumerate(levels):
        noisy = corrupt(X, level, rng)
        for row, denoise in enumerate(denoisers):
            table[row, column] = denoising.noise.mean_psnr(X, denoise(noisy))
    return table
    ### END SOLUTION


# %%
level_matrix = check("8.5", level_matrix)

# %%
tested_at = [0.0, 0.1, 0.2, 0.5, 1.0]
denoisers = [model_like(model.reconstruct) for model in models.values()]
table = level_matrix(denoisers, V, tested_at, denoising.noise.gaussian, 7)
level_table(
    table, ["no noise", *(f"σ = {sigma}" for sigma in settings.trained_at[1:])],
    [f"σ = {sigma:g}" for sigma in tested_at],
    title="Trained at (rows), tested at (columns): mean PSNR in dB",
)  # fmt: skip

# %% [markdown]
# **What to see**, in the lecture profile. Framed: the best of each column; it lies where training and test agree, or
# next to it. Both kinds of surprise are bad. **More noise than in training**: at σ = 1 the networks trained at σ = 0.2
# and 0.5 have 10.8 and 11.8 dB, less than the one that never saw noise (12.3). Perhaps they take the strong noise for
# texture. **Less noise than in training**: the network trained at σ = 0.5 has 17.8 dB there and 15.5 dB on clean
# images. It gets *worse* when the noise goes away, since a clean image is something it has never seen. (Each network
# was trained once. Leave differences of two or three tenths undecided.)

# %% [markdown]
# ### One denoiser for all levels
#
# So train one network at *every* level: for each image, draw a kind of noise and a level anew. And a picture is more than
# a list of pixels: the next network is convolutional (lesson 06). Noise is seen best from close by, and what the garment is
# from far away. A **U-Net** ([Ronneberger and others, 2015](https://arxiv.org/abs/1505.04597)) has both: it goes down to
# small maps and up again, and the maps on the way up also get those of their own size from the way down.

# %% [markdown]
# At the end stands a **gate** $\gamma$, one number from 0 to 1 for each pixel. The answer is
# $\gamma\,\tilde x + (1 - \gamma)\,\hat x$: where the noise is weak, the network may keep the pixel $\tilde x$ instead of
# painting a new one, $\hat x$. There is no neck at all.


# %%
def unet(channels: int = 32, units: int = 96) -> keras.Model:
    """Noisy images (batch, 28, 28) to clean ones: down, a look at the whole, up again, a gate."""
    layers = keras.layers
    down = {"kernel_size": 4, "strides": 2, "padding": "same", "activation": "silu"}
    double = {"kernel_size": 2, "strides": 2, "activation": "silu"}
    image = keras.Input((28, 28))
    noisy = layers.Reshape((28, 28, 1))(image)
    fine = layers.Conv2D(channels, **down)(noisy)  # 14 × 14
    coarse = layers.Conv2D(2 * channels, **down)(fine)  # 7 × 7
    whole = layers.Dense(units, activation="silu")(layers.Flatten()(coarse))  # all of the image
    whole = layers.Dense(7 * 7 * 16, activation="silu")(whole)
    whole = layers.Reshape((7, 7, 16))(whole)
    coarse = layers.Concatenate()([coarse, whole])
    coarse = layers.Conv2D(2 * channels, 3, padding="same", activation="silu")(coarse)
    up = layers.Conv2DTranspose(channels, **double)(coarse)  # 14 × 14
    up = layers.Concatenate()([up, fine])  # a link of the U: what was seen here on the way down
    up = layers.Conv2DTranspose(channels // 2, **double)(up)  # 28 × 28
    up = layers.Concatenate()([up, noisy])
    maps = layers.Conv2D(2, 3, padding="same", activation="sigmoid")(up)
    gate, painted = maps[..., :1], maps[..., 1:]  # γ and x̂
    clean = gate * noisy + (1 - gate) * painted  # γ x̃ + (1 − γ) x̂
    return keras.Model(image, layers.Reshape((28, 28))(clean))


# %%
RANGES = {
    "Gaussian": (0, 1.0), "masking": (0, 0.9), "salt and pepper": (0, 0.6), "occlusion": (0, 16)
}  # fmt: skip
keras.utils.set_random_seed(42)
image_denoiser = compiled(unet(), settings.unet_epochs, settings.batch_size)


def train_unet():
    """All of X, `unet_epochs` times, with fresh noise; returns what it reaches on V at σ = 0.5."""
    fit_denoiser(image_denoiser, X, denoising.any_kind(RANGES), settings.unet_epochs,
                 settings.batch_size, np.random.default_rng(42))  # fmt: skip
    return {"psnr_noisy": mean_psnr(V, all_levels(half)), "mse": metrics.mse(V, all_levels(V))}


def all_levels(noisy):
    """The one network for all levels and kinds, noisy images to clean ones, in [0, 1]."""
    return np.clip(run_in_batches(image_denoiser, np.asarray(noisy, np.float32)), 0, 1)


outcome = weights.load_or_train(
    image_denoiser, "denoiser_08", train_unet, source=(unet, denoising.any_kind, RANGES),
    lesson="08", data=garments, images_seen=settings.unet_epochs * len(X), dtype="float16",
)  # fmt: skip
print(f"{image_denoiser.count_params():,} parameters; "
      f"clean validation images: MSE {metrics.mse(V, all_levels(V)):.4f}")  # fmt: skip

# %%
dense = models[0.5].reconstruct
psnrs["dense, trained at σ = 0.5"] = [mean_psnr(V, dense(noisy)) for noisy in test_noise.values()]
psnrs["U-Net, all levels"] = [mean_psnr(V, all_levels(noisy)) for noisy in test_noise.values()]
denoising.figures.level_curves(
    psnrs, list(test_noise), title="Denoising at all levels: higher is better"
)

# %% [markdown]
# **What to see**, in the lecture profile. The U-Net is ahead at every level. The three rivals were made for each level
# separately; it is told nothing and handles all levels, and three more kinds of noise. But it also had more training:
# its weights ship with the workbook and have seen 55,000 images, the others 9,000 or fewer. The dense network has a
# peak where it was trained, and falls below PCA on both sides. At that peak it has 17.8 dB after 4 epochs, and above
# you saw 19.0 dB after 16: there the U-Net (19.1 dB) is hardly better. Its strength is that *one* network serves all
# levels.

# %% [markdown]
# ### Other kinds of damage

# %%
methods = ["noisy, clipped", *rivals, "dense, Gaussian σ = 0.5", "U-Net, all kinds"]
by_kind = np.empty((len(methods), len(spoilt)))
for column, (kind, level) in enumerate(spoilt.items()):
    noisy = denoising.noise.corrupt(V, kind, level, np.random.default_rng(7))
    tuned(kind, level)
    made = [np.clip(noisy, 0, 1), *(rival.denoise(noisy) for rival in rivals.values())]
    by_kind[:, column] = [mean_psnr(V, R) for R in (*made, dense(noisy), all_levels(noisy))]
level_table(
    by_kind, methods, [f"{kind}\n{level:g}" for kind, level in spoilt.items()], xlabel="",
    title="Mean PSNR in dB",
)  # fmt: skip

# %% [markdown]
# **What to see**, in the lecture profile. The median filter gains most on salt and pepper (from 9.0 to 16.3 dB); on
# masking it does nothing, because half of each neighbourhood is black. A hidden square is beyond the median filter and
# PCA. The best linear denoiser regains 2.8 dB even there: tuned on such images, it knows what usually stands beside
# what. The dense denoiser has met Gaussian noise only. That helps in part: with masking (15.2 dB, only the best linear
# one has more of the three), and with salt and pepper (14.0 dB, less than all three). With a square it does harm. The
# U-Net has practised all four kinds and is the best at each.

# %%
noise_explorer(all_levels, V[:8], {
    "Gaussian": (0, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0), "masking": (0, 0.2, 0.4, 0.5, 0.6, 0.8, 0.9),
    "salt and pepper": (0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6), "occlusion": (0, 4, 8, 12, 14, 16, 20),
})  # fmt: skip

# %% [markdown]
# **What to see.** Turn the noise up slowly. At which level would *you* give up? Then choose occlusion, and draw again
# until the square hides something that nobody can guess. What does the network paint there? In the first picture it
# puts a blurred toe on a boot and plain cloth on a shirt; on the coat and on the pullover the edge of the square can
# still be seen.

# %% [markdown]
# ## Back to lesson 03: features
#
# Denoising autoencoders became known for their codings. If an encoder must tell garment from noise, are its codings a
# better basis for a classifier when labels are few? We take the 900 codings of two encoders from above, which saw no
# labels, and put a linear classifier on top. Five draws of labelled images, the same for all.

# %%
from helpers.autoencoders.pretraining import stratified

by_model = {"plain": models[0.0], "σ = 0.5": models[0.5]}
codings = {name: (model.codings(X), model.codings(V)) for name, model in by_model.items()}
codings["pixels"] = data.flatten(X), data.flatten(V)
names = "".join(f"{name:>11}" for name in codings)
print(f"{'labels':>6}{names}    σ = 0.5 minus plain, 95 % interval")
for count in settings.label_counts:
    accuracy = {name: [] for name in codings}
    for draw in range(settings.draws):
        chosen = stratified(y, count, draw)
        for name, (known, new) in codings.items():
            found = metrics.linear_probe_accuracy(known[chosen], y[chosen], new, labels, C=0.01)
            accuracy[name].append(found)
    mean, low, high = metrics.paired_interval(accuracy["σ = 0.5"], accuracy["plain"])
    means = "".join(f"{np.mean(a):>11.1%}" for a in accuracy.values())
    print(f"{count:>6}{means}{mean:>+14.1%}  [{low:+.1%}, {high:+.1%}]")

# %% [markdown]
# **What to see.** Each row: the mean accuracy over the draws, and the paired difference between the denoising encoder and
# the plain one. Look at the interval, not at the means: if it contains 0, these draws have not shown a difference. In the
# lecture profile both intervals contain 0: a draw. (Both encoders lie above the pixels in the means.)
#
# Short trainings of a single layer, as here, need not show the advantage for which denoising codings became known. Those
# were stacked and trained for long.

# %% [markdown]
# ## What a denoiser knows
#
# Back to the plane, where everything can be seen. A clean point $x$ lies near the spiral; a noisy one is
# $\tilde x = x + \sigma\varepsilon$. Where does the best possible denoiser send $\tilde x$? To the mean of all clean points
# that it could have come from:
#
# $$r^*(\tilde x) = \mathbb E[\, x \mid \tilde x \,],$$
#
# because no other answer has a smaller mean squared error. So it moves towards where data are likely. This can be said
# exactly.

# %% [markdown]
# ### The score
#
# Let $p_\sigma$ be the density of the *noisy* points: that of the data, smoothed with a Gaussian of width σ. Its
# **score** is the gradient of its logarithm, $\nabla \log p_\sigma(\tilde x)$: an arrow at every place, uphill, towards
# more likely places. Write the smoothing out, with $\varphi_\sigma$ for the Gaussian density of the noise:
#
# $$p_\sigma(\tilde x) = \int p(x)\, \varphi_\sigma(\tilde x - x)\, dx, \qquad
# \nabla \varphi_\sigma(\tilde x - x) = \frac{x - \tilde x}{\sigma^2}\, \varphi_\sigma(\tilde x - x).$$

# %% [markdown]
# Take the gradient under the integral and divide by $p_\sigma(\tilde x)$. What appears is the mean of
# $(x - \tilde x) / \sigma^2$ over all $x$ that $\tilde x$ could have come from:
#
# $$\nabla \log p_\sigma(\tilde x) = \frac{\mathbb E[x \mid \tilde x] - \tilde x}{\sigma^2}
# = \frac{r^*(\tilde x) - \tilde x}{\sigma^2} .$$
#
# This is **Tweedie's formula** (printed by Robbins, 1956, who had it from Tweedie, and by Miyasawa, 1961). If you can
# remove Gaussian noise as well as possible, you know the score of the noisy points, without ever having computed a
# density.

# %% [markdown]
# ### Exercise 8.6 · The score from a denoiser
# *10 minutes · difficulty 2 of 3*
#
# Given a denoiser for Gaussian noise of standard deviation `sigma`, return the score at points `x` of shape $(n, 2)$.


# %%
def score_from_denoiser(denoise: Callable, x: np.ndarray, sigma: float) -> np.ndarray:
    """Gradient of log p_sigma at points x (n, 2): (n, 2). denoise: noisy points -> clean ones."""
    ### BEGIN SOLUTION
    return (denoise(x) - x) / sigma**2
    ### END SOLUTION


# %%
score_from_denoiser = check("8.6", score_from_denoiser)

# %%
point_denoiser = PointDenoiser(seed=0)
point_denoiser.fit(spiral.draw, 0.05, 3.0, settings.point_steps)
sigma = 0.25


def learned(x):
    return score_from_denoiser(model_like(lambda points: point_denoiser(points, sigma)), x, sigma)


def exact(x):
    return spiral.score(x, sigma)


sample = spiral.draw(1_000, np.random.default_rng(5))
fields = {"from the denoiser: (r(x) − x) / σ²": learned, "exact: ∇ log $p_σ$(x)": exact}
denoising.score_figures.arrows(spiral, sigma, fields, sample)

# %%
here = spiral.draw(5_000, rng) + sigma * rng.normal(size=(5_000, 2))
a, b = learned(here), exact(here)
gap = np.sum((a - b) ** 2) / np.sum(b**2)
lengths = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
angles = np.degrees(np.arccos(np.sum(a * b, axis=1) / lengths))
print(f"Where noisy points lie: {1 - gap:.1%} of the exact score's square explained, "
      f"median angle between the arrows {np.median(angles):.0f}°")  # fmt: skip

# %% [markdown]
# **What to see.** Left, what a small network has learned from nothing but pairs of noisy and clean points. Right, the
# score of the noisy points, from its formula. In the lecture profile you can hardly tell them apart on the grey, where
# noisy points lie: on the crest the arrows vanish, and from both sides they point at it. In the middle and far outside
# the network has seen few points of this level. There its arrows are too short, and at the left edge some also have
# another direction.

# %% [markdown]
# ### Walking home
#
# Arrows can be followed. Start anywhere, take a small step along the arrow, look again:
# $x \leftarrow x + \eta \, \nabla \log p_\sigma(x)$, with a small step length $\eta$. There is a second way: the same steps,
# with a little noise of variance $2\eta$ added to each (**Langevin dynamics**).

# %%
quiz("08-walk")

# %%
starts = np.random.default_rng(2).uniform(-2.5, 2.5, (60, 2))
home = denoising.score.walk(learned, starts, step=0.2 * sigma**2, steps=60)
restless = denoising.score.walk(learned, starts, 0.2 * sigma**2, 60, rng=np.random.default_rng(3))
walks = {"following the arrows": home, "the same, with noise added": restless}
denoising.score_figures.paths(spiral, sigma, walks)

# %% [markdown]
# **What to see.** Left: points walk to the nearest arm and stay on its crest, a line much thinner than the grey cloud
# of the noisy points. (Along the crest the density hardly changes. They go on creeping towards its highest places, but
# far more slowly.) Right: with noise added they get there as well, but never come to rest. After long enough, with
# small steps, they are spread as $p_\sigma$ is. The denoiser has become a machine that makes *new points*. At the end
# of this lesson you build a better one.

# %% [markdown]
# ## Clean images: why worse is not the point
#
# Now the usual test of the course: *clean* images through a neck of 30 codings. The autoencoder of lesson 02 stands beside
# two denoisers with the same layers and the same training. One has `Dropout(0.5)` on its input, as in a well-known textbook;
# the other has your `MaskingNoise(0.5)`.

# %%
fronts = {
    "no noise": MaskingNoise(0.0),
    "Dropout(0.5)": keras.layers.Dropout(0.5),
    "MaskingNoise(0.5)": MaskingNoise(0.5),
}
necks = {}
for name, front in fronts.items():
    keras.utils.set_random_seed(42)
    neck = dense_hourglass(
        (28, 28), (100,), 30, activation="relu", coding_activation=None, output_activation="sigmoid"
    )
    neck = necks[name] = compiled(denoising.behind(front, neck), settings.neck_epochs, 32, 8e-3)
    neck.fit(X, X, epochs=settings.neck_epochs, batch_size=32, verbose=0)

pca_30 = metrics.pca_reconstruction_mse(X, V, 30)
ruined = denoising.noise.masking(V, 0.5, np.random.default_rng(7))
rivals["PCA"].fit(X, denoising.noise.masking(X[: settings.n_rivals], 0.5, rng))
print(f"{'':<20}{'clean images, MSE':>18}{'half of the pixels lost, mean PSNR':>37}")
lost = mean_psnr(V, rivals["PCA"].denoise(ruined))
print(f"{'PCA-30 / best PCA':<20}{pca_30:>18.4f}{lost:>34.1f} dB")
for name, neck in necks.items():
    # behind Dropout a network expects that the pixels that are left are brighter
    given = 2 * ruined if name == "Dropout(0.5)" else ruined
    clean, lost = metrics.mse(V, neck.reconstruct(V)), mean_psnr(V, neck.reconstruct(given))
    print(f"{name:<20}{clean:>18.4f}{lost:>34.1f} dB")

# %% [markdown]
# **What to see**, in the lecture profile. On clean images both denoisers are worse than their twin without noise. They
# were never shown a clean image, and they were asked another question: *which garment was this?* On images that have
# lost half of their pixels the order turns round, and there the two denoisers are equally good (18.5 dB).
#
# On clean images they are far apart, .0145 and .0555. `Dropout` makes up for the lost light by doubling the pixels that
# stay; `MaskingNoise` does not. A clean image has twice the light that the second network is used to. So a single
# figure on clean images, which is all that the textbook reports, says little about denoising.

# %% [markdown]
# ## Find the bug
#
# A colleague trains the denoiser with `Dropout(0.5)` and tests it on images that have lost half of their pixels. Her result
# is disappointing: "far worse than in training, it must have overfitted".


# %%
def her_test_images(X, rate, rng):
    return X * (rng.random(X.shape) >= rate)


denoiser = necks["Dropout(0.5)"]
hers = her_test_images(V, 0.5, np.random.default_rng(7))
print(f"her test                        {mean_psnr(V, denoiser.reconstruct(hers)):.1f} dB")
rows = {"her test image": hers[:10], "denoised": denoiser.reconstruct(hers[:10])}
plots.reconstructions(V[:10], rows)

# %% [markdown]
# The reconstructions are dull and dark. There is nothing wrong with the network, nor with its training. Compare the largest
# pixel of her test images with what the network was shown in training.

# %% [markdown]
# ### Exercise 8.7 · Mend the test
# *10 minutes · difficulty 2 of 3*
#
# Write test noise that does to images what `keras.layers.Dropout(rate)` does to them in training. `rng` is the generator
# to draw with. The images `X` themselves must stay as they are.


# %%
def like_dropout(X: np.ndarray, rate: float, rng: np.random.Generator) -> np.ndarray:
    """Images X (n, height, width) spoilt as keras.layers.Dropout(rate) does it in training."""
    ### BEGIN SOLUTION
    kept = rng.random(X.shape) >= rate
    return X * kept / (1 - rate)
    ### END SOLUTION


# %%
like_dropout = check("8.7", like_dropout)

# %%
mended = like_dropout(V, 0.5, np.random.default_rng(7))
for name, images in {"her test images": hers, "as in training": mended, "clean images": V}.items():
    found = "" if images is V else f": {mean_psnr(V, denoiser.reconstruct(images)):.1f} dB"
    print(f"{name:<16} largest pixel {images.max():.2f}, mean {images.mean():.3f}{found}")

# %% [markdown]
# **What to see.** The same pixels are lost, and the network is the same. Only the brightness of the pixels that are left
# differs. Damage in the real world brightens nothing. So either multiply such images by $1/(1-p)$ before denoising, or train
# with masking that does not rescale, as with your `MaskingNoise(0.5)` above.

# %% [markdown]
# ## From noise to data
#
# A walk along the arrows of one σ needs patience, and starts badly far from the data, where the network has hardly ever seen a
# point. The remedy: begin with so much noise that nobody can tell data from noise. Then remove **a little at a time**.
# Our point denoiser was trained for all levels from σ = 0.05 to σ = 3 (its third input is $\log \sigma$), so it can help at
# every level on the way.

# %% [markdown]
# One step, from the level $\sigma$ to the next smaller one, $\sigma'$. A noisy point is $x = x_0 + \sigma \varepsilon$. The
# denoiser guesses the clean point, and so the noise as well:
#
# $$\hat x_0 = r(x, \sigma), \qquad \hat\varepsilon = \frac{x - \hat x_0}{\sigma} .$$
#
# Going to $\hat x_0$ at once would be rash; the next question asks why. So keep the guess, and put its noise back, but
# only as much of it as the next level has:
#
# $$x' = \hat x_0 + \sigma' \hat\varepsilon .$$
#
# After the last level comes $\sigma' = 0$.

# %%
quiz("08-descend")

# %% [markdown]
# ### Exercise 8.8 · From noise to data
# *15 minutes · difficulty 3 of 3*
#
# `denoise(x, sigma)` returns the clean points that it guesses, in the shape of `x`, $(n, 2)$. `sigmas` are the levels, from
# large to small; `x` has noise of the first of them. Make one step for each level, the last one down to 0. Return **all**
# points on the way, the start first: an array of shape (len(sigmas) + 1, n, 2). `np.stack(path)` makes one of a list.


# %%
def descend(denoise: Callable, x: np.ndarray, sigmas: np.ndarray) -> np.ndarray:
    """From noise of level sigmas[0] to data: points (len(sigmas) + 1, n, 2), the start x first."""
    ### BEGIN SOLUTION
    path = [x]
    for sigma, following in zip(sigmas, [*sigmas[1:], 0]):
        clean = denoise(path[-1], sigma)
        path.append(clean + following / sigma * (path[-1] - clean))
    return np.stack(path)
    ### END SOLUTION


# %%
descend = check("8.8", descend)

# %% tags=["cover"]
levels = np.geomspace(3.0, 0.05, 30)
pure_noise = 3.0 * np.random.default_rng(4).normal(size=(1_500, 2))
path = descend(model_like(point_denoiser), pure_noise, levels)
denoising.score_figures.falling(path, levels, (0, 8, 14, 20, 30), spiral.draw(1_500, rng))

# %% [markdown]
# **What to see**, in the lecture profile. Pure noise on the left (this panel is zoomed out; the frame is the window of
# the others), and thirty steps later new points on a spiral whose formula nobody has told the network. Not all of them:
# a few are left in the middle, where its arrows were too short. On the right, real data. You have written the heart of
# a **diffusion model** ([Sohl-Dickstein and others, 2015](https://arxiv.org/abs/1503.03585); [Song and Ermon,
# 2019](https://arxiv.org/abs/1907.05600); [Ho and others, 2020](https://arxiv.org/abs/2006.11239)): a denoising
# autoencoder, used many times over. Your step is that of DDIM ([Song and others,
# 2021](https://arxiv.org/abs/2010.02502)). With images in the place of points, and a larger network, it paints.

# %% [markdown]
# ## On the yardstick

# %%
part = slice(0, 2_000)  # training images for the probe
for name, model, size, took in (
    ("overcomplete denoiser, σ = 0.5", models[0.5], settings.codings, seconds),
    ("dropout denoiser", necks["Dropout(0.5)"], 30, None),
):
    Z_train, Z_valid = model.codings(X), model.codings(V)
    probe = metrics.linear_probe_accuracy(Z_train[part], y[part], Z_valid, labels, C=0.01)
    scoreboard.record(
        lesson="08", model=name, codings=size, data=garments, seeds=(42,), seconds=took,
        parameters=model.count_params(), mse=metrics.mse(V, model.reconstruct(V)),
        psnr_noisy=mean_psnr(V, model.reconstruct(half)), probe_accuracy=probe,
        knn_accuracy=metrics.knn_accuracy(Z_train, y, Z_valid, labels),
    )  # fmt: skip
told = weights.manifest("denoiser_08") if outcome.loaded else None
scoreboard.record(
    lesson="08", model="U-Net denoiser", data=told["data"] if told else garments,
    judged=f"{len(V):,} validation images", seconds=outcome.seconds,
    parameters=image_denoiser.count_params(),
    mse=metrics.mse(V, all_levels(V)), psnr_noisy=mean_psnr(V, all_levels(half)),
)  # fmt: skip
scoreboard.show(["01", "02", "08"])

# %% [markdown]
# Here *mse* is the error on clean images, which is not what these models were made for. Their own figure is the mean PSNR on
# noisy images (σ = 0.5). An overcomplete code has so many numbers that a small error says nothing about compression. The
# U-Net has no codings at all, and its gate can keep the pixels of a clean image.

# %% [markdown]
# ## Summary
#
# - Spoil the input, keep the target clean, draw the noise anew each time, and switch it off in use.
# - σ is a standard deviation; PSNR has the square of the peak, and the mean is taken last.
# - Noise can replace the neck. Without it an overcomplete autoencoder learns to copy. With it, it must know what images are
#   like.
# - At a given level, the best denoiser is the one that was trained there or nearby. Train on the whole range of what
#   may come.
# - $(r(\tilde x) - \tilde x)/\sigma^2$ is the score. Take the noise away a little at a time, and pure noise becomes new data.
# - Dropout brightens the pixels that it leaves. The test has to do the same.

# %% [markdown]
# **Questions that come up**
#
# - *Why are denoised images blurred?* The squared error asks for the mean of all clean images that fit, and a mean of
#   sharp images is blurred. Many small steps (diffusion) or another judge (lesson 11) give sharp ones.
# - *May I draw one noisy copy of the training set and keep it?* Many tutorials do. But the same noise, seen epoch after
#   epoch, can be learned by heart like any other detail of a training image. Fresh noise costs nothing.
# - *May I clip the noisy images?* If the real ones are clipped, yes, in training and in test. Tweedie's formula then no longer
#   holds exactly: clipped noise is not Gaussian.

# %% [markdown]
# **Where to read on**
#
# - Vincent, Larochelle, Bengio and Manzagol (2008), *Extracting and composing robust features with denoising
#   autoencoders*, ICML; and Vincent and others (2010), Journal of Machine Learning Research 11
# - Vincent (2011), *A connection between score matching and denoising autoencoders*, Neural Computation 23
# - Alain and Bengio (2014), *What regularized auto-encoders learn from the data-generating distribution*,
#   [arXiv 1211.4246](https://arxiv.org/abs/1211.4246)
# - Robbins (1956), *An empirical Bayes approach to statistics*, Third Berkeley Symposium on Mathematical Statistics and
#   Probability 1; Miyasawa (1961), *An empirical Bayes estimator of the mean of a normal population*, Bulletin of the
#   International Statistical Institute 38
# - Efron (2011), *Tweedie's formula and selection bias*, Journal of the American Statistical Association 106
# - Song and Ermon (2019), *Generative modeling by estimating gradients of the data distribution*,
#   [arXiv 1907.05600](https://arxiv.org/abs/1907.05600)
# - Ho, Jain and Abbeel (2020), *Denoising diffusion probabilistic models*, [arXiv 2006.11239](https://arxiv.org/abs/2006.11239)
# - Song, Meng and Ermon (2021), *Denoising diffusion implicit models*, [arXiv 2010.02502](https://arxiv.org/abs/2010.02502)
# - Géron (2022), *Hands-On Machine Learning*, 3rd edition, chapter 17: the recipe that `workbook.py bench 08` runs
