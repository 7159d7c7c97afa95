# ---
# lesson: "13"
# title: DCGAN
# question: What must the two networks look like so that a GAN learns images, and can we tell it which image to make?
# objectives:
#   - say what strided and transposed convolutions do, count their coverage, and choose a kernel without checkerboards
#   - build a generator and a discriminator that obey the guidelines of DCGAN, and say what each guideline is worth
#   - move through the codings with a purpose, by arcs, sums of means and directions
#   - tell whether a generator repeats its training images, and use a discriminator as a source of features
#   - bring labels into both networks, and measure how often the wanted class comes out
# needs: "lessons 11 and 12 (the engine of a GAN, its difficulties); convolutions as in lesson 06"
# minutes: {reading: 45, exercises: 115, machine: 1.4}
# ---

# %%
import sys
from collections.abc import Callable

sys.path.insert(0, "..")  # the folder above holds `helpers`

from helpers import backend  # noqa: F401  (first: it keeps TensorFlow's start-up messages away)

import keras
import numpy as np
import tensorflow as tf
from helpers import data, metrics, plots, scoreboard, session, training, weights
from helpers.codings import code_explorer, interpolation, interpolation_slider
from helpers.exercises import check, hint, quiz  # noqa: F401  (hints are for you: hint("13.1"))
from helpers.gans import Film, GAN, dcgan, film_view, histogram_view, samples, trials, watched
from helpers.gans.dcgan import arithmetic_board, class_explorer, dcgan_pair
from helpers.gans.stability import Replay
from helpers.metrics import baselines, classifier
from keras import layers, ops
from sklearn.decomposition import PCA

settings = session.start("13")

# %% [markdown]
# ## From dense to convolutional
#
# The dense generator of lesson 11 makes garments with a grain, like a photograph taken in the dark. The reason is easy to
# name: for a dense layer an image is a list of 784 numbers. Each pixel has weights of its own; that two pixels are
# *neighbours* must be learned from the data, for every pair of them anew.
#
# A **convolution** knows it from the start. It has one small set of weights, moved over the whole picture: what is
# learned about a sleeve at one place holds at every place. Radford, Metz and Chintala (2016) found out how to build a
# GAN of convolutions that trains: the **DCGAN**, deep convolutional GAN.

# %%
quiz("13-shift")

# %%
garments = data.load("fashion_mnist").take(train=settings.n_train, valid=settings.n_valid)
X, V = garments.X_train, garments.X_valid
y, labels = garments.y_train, garments.y_valid
real = metrics.real_images()[: settings.n_judge]

keras.utils.set_random_seed(1)
convolution = layers.Conv2D(6, 4, strides=2, padding="same")
dense = keras.Sequential([layers.Flatten(), layers.Dense(14 * 14 * 6)])
bag = V[np.flatnonzero(labels == garments.class_names.index("Bag"))[:1], ..., None]
moved = np.roll(bag, 2, axis=2)  # two pixels to the right; what leaves comes back at the left, black here
maps, moved_maps = (np.asarray(convolution(image))[0] for image in (bag, moved))
outputs, moved_outputs = (np.asarray(dense(image))[0].reshape(14, 14, 6) for image in (bag, moved))


def unlike(one, other):
    """Size of the difference, over that of the outputs themselves, two columns at each edge left out."""
    return np.linalg.norm((one - other)[:, 2:-2]) / np.linalg.norm(one[:, 2:-2])


print(f"{'first layer':<13}{'weights':>10}{'difference to the outputs before':>35}{'… moved along by one':>24}")
for name, layer, before, after in (("dense", dense, outputs, moved_outputs), ("convolution", convolution, maps, moved_maps)):
    print(f"{name:<13}{layer.count_params():10,}{unlike(after, before):35.0%}{unlike(after, np.roll(before, 1, axis=1)):24.0%}")
rows = {"six maps": maps, "moved": moved_maps, "dense": outputs, "moved ": moved_outputs}
plots.image_rows({name: np.moveaxis(np.abs(found) / np.abs(found).max(axis=(0, 1)), 2, 0) for name, found in rows.items()})

# %% [markdown]
# **What to see** (sizes of the outputs, bright for large). Nothing has been learned yet. The convolution's maps are
# pictures of the bag, and when the bag moves they move with it: same weights, other place, and no difference at all. The
# dense layer must learn the bag anew at every place, with thousands of times the weights.

# %% [markdown]
# ### Smaller and larger by strides
#
# A convolution of **stride** 2 looks at every second place only, and so halves the sides: 28 × 28 → 14 × 14. The
# discriminator shrinks images in this way. The generator needs the opposite: 7 × 7 → 14 × 14 → 28 × 28.
#
# The **transposed convolution** does it. Think of each input pixel as a brush: it paints its value, times the kernel, onto
# the output, and the brush moves on by the stride. Where strokes overlap, they add up.

# %%
dcgan.figures.pair_figure()

# %% [markdown]
# **What to see.** From 100 codings to an image, and from an image to one number. The discriminator is the generator in a
# mirror. Both carry twice as many maps where the sides are half as long.

# %% [markdown]
# ### Exercise 13.1 · Count the strokes
# *15 minutes · difficulty 2 of 3*
#
# How often does each output pixel get paint? Along one side: input number $i$ (from 0) paints `kernel` pixels, from pixel
# $i \cdot$ `stride` on. With `size` inputs, $(\text{size} - 1) \cdot \text{stride} + \text{kernel}$ pixels are painted in
# all. The padding `"same"` keeps $\text{size} \cdot \text{stride}$ of them: it cuts (kernel − stride), half of it, rounded
# down, on the left, and the rest on the right. Return how many inputs paint each pixel that is kept. (kernel ≥ stride.)


# %%
def coverage(size: int, kernel: int, stride: int) -> np.ndarray:
    """How many inputs of a transposed convolution paint each output pixel: (size · stride,), whole numbers."""
    ### BEGIN SOLUTION
    counts = np.zeros((size - 1) * stride + kernel, dtype=int)
    for i in range(size):
        counts[i * stride : i * stride + kernel] += 1
    cut = (kernel - stride) // 2
    return counts[cut : cut + size * stride]
    ### END SOLUTION


# %%
coverage = check("13.1", coverage)

# %%
dcgan.figures.coverage_figure(coverage)

# %% [markdown]
# **What to see.** Above: strokes along one side, 7 inputs, stride 2. Below: strokes on the whole image (both sides
# multiplied). With kernels 3 and 5 every second pixel gets more paint: a **checkerboard**, which training has to work
# against. With 4 and 6, **kernels divisible by the stride**, every pixel inside is painted equally often.

# %% [markdown]
# ## The guidelines
#
# Convolutional GANs had been tried before and did not train. The paper gives a list of what made them train:
#
# | | instead of | why |
# |---|---|---|
# | **strided and transposed convolutions** | pooling, upsampling | the networks learn themselves how to change the size |
# | **batch normalization** in both networks, except at the generator's **output** and the discriminator's **input layer** | none, or everywhere | gradients of a usual size in every layer |
# | **no dense hidden layers** | dense layers on top | the picture stays a picture up to the end |
# | **ReLU** in the generator, with **tanh** at its output | sigmoid, tanh inside | bounded images, lively gradients inside |
# | **leaky ReLU** in the discriminator | ReLU | the generator's only teacher must never fall silent |

# %% [markdown]
# Around the networks:
#
# - images in $[-1, 1]$, the range of tanh;
# - all weights drawn from $N(0, .02)$, a normal distribution with standard deviation .02;
# - Adam with learning rate 2e-4 and $\beta_1 = .5$. $\beta_1$ is the memory of its gradient: .9 remembers about ten steps,
#   .5 two. In a game the other side has moved on after ten steps.
#
# We add one that the practitioners learned later: kernel size divisible by the stride.

# %% [markdown]
# ### Exercise 13.2 · There and back
# *5 minutes · difficulty 1 of 3*
#
# `forward` brings images from $[0, 1]$ to $[-1, 1]$, in a straight line; `back` brings them from $[-1, 1]$ to $[0, 1]$ and
# clips what lies a little outside. Both return float32 arrays of the same shape, and leave the array that they were given
# as it was.


# %%
class PixelRange:
    """Brings images from [0, 1] to [−1, 1], where tanh lives, and back."""

    def forward(self, images: np.ndarray) -> np.ndarray:
        """Images in [0, 1] → float32 in [−1, 1]."""
        ### BEGIN SOLUTION
        return (2 * images - 1).astype("float32")
        ### END SOLUTION

    def back(self, images: np.ndarray) -> np.ndarray:
        """Images in [−1, 1] → float32 in [0, 1], clipped."""
        ### BEGIN SOLUTION
        return np.clip((images + 1) / 2, 0, 1).astype("float32")
        ### END SOLUTION


# %%
PixelRange = check("13.2", PixelRange)
pixels = PixelRange()
signed = pixels.forward(X)[..., None]  # with an axis for the one channel: (n, 28, 28, 1)
print(f"{signed.shape}, from {signed.min():g} to {signed.max():g}")

# %% [markdown]
# ### Exercise 13.3 · The generator
# *20 minutes · difficulty 2 of 3*
#
# Build it with `keras.Sequential` or as a functional model, (codings,) → (28, 28, 1), in this order:
#
# 1. a dense layer to $7 \cdot 7 \cdot 2\,\text{maps}$ numbers, reshaped to (7, 7, 2·maps); batch normalization; ReLU;
# 2. a transposed convolution to (14, 14, maps); batch normalization; ReLU;
# 3. a transposed convolution to (28, 28, 1), with tanh and **no** normalization.
#
# Strides 2, `padding="same"`, a kernel divisible by the stride, and all weights drawn with
# `keras.initializers.RandomNormal(stddev=0.02)`. (The dense layer is no hidden one in the paper's sense: it is a
# transposed convolution of one pixel to 7 × 7.)


# %%
def build_generator(codings: int, maps: int) -> keras.Model:
    """Codings (n, codings) → images (n, 28, 28, 1) in [−1, 1], after the guidelines of DCGAN."""
    ### BEGIN SOLUTION
    start = keras.initializers.RandomNormal(stddev=0.02)
    return keras.Sequential([
        keras.Input((codings,)),
        layers.Dense(7 * 7 * 2 * maps, kernel_initializer=start),
        layers.Reshape((7, 7, 2 * maps)),
        layers.BatchNormalization(),
        layers.ReLU(),
        layers.Conv2DTranspose(maps, 4, strides=2, padding="same", kernel_initializer=start),
        layers.BatchNormalization(),
        layers.ReLU(),
        layers.Conv2DTranspose(1, 4, strides=2, padding="same", activation="tanh", kernel_initializer=start),
    ])
    ### END SOLUTION


# %%
build_generator = check("13.3", build_generator)

# %% [markdown]
# ### Exercise 13.4 · The discriminator
# *15 minutes · difficulty 2 of 3*
#
# The mirror image, (28, 28, 1) → (1,):
#
# 1. a convolution of stride 2 to (14, 14, maps), **no** normalization at this input layer; leaky ReLU with slope 0.2;
# 2. a convolution of stride 2 to (7, 7, 2·maps); batch normalization; leaky ReLU with slope 0.2;
# 3. flattened, and one dense unit without activation: a **logit**.
#
# Kernels and initial weights as in the generator.


# %%
def build_discriminator(maps: int) -> keras.Model:
    """Images (n, 28, 28, 1) → logits (n, 1), after the guidelines of DCGAN."""
    ### BEGIN SOLUTION
    start = keras.initializers.RandomNormal(stddev=0.02)
    return keras.Sequential([
        keras.Input((28, 28, 1)),
        layers.Conv2D(maps, 4, strides=2, padding="same", kernel_initializer=start),
        layers.LeakyReLU(0.2),
        layers.Conv2D(2 * maps, 4, strides=2, padding="same", kernel_initializer=start),
        layers.BatchNormalization(),
        layers.LeakyReLU(0.2),
        layers.Flatten(),
        layers.Dense(1, kernel_initializer=start),
    ])
    ### END SOLUTION


# %%
build_discriminator = check("13.4", build_discriminator)

# %% [markdown]
# ### Your networks, for some seconds
#
# The engine is that of lesson 11: `GAN(generator, discriminator, codings)`, two optimizers, `fit`. The networks are yours,
# and narrow.


# %%
def adam():
    return keras.optimizers.Adam(settings.rate, beta_1=settings.beta_1)


keras.utils.set_random_seed(42)
small = GAN(
    build_generator(settings.codings, settings.live_maps), build_discriminator(settings.live_maps), settings.codings, averaging=0.99
)
small.compile(adam(), adam())
story = training.fit(
    small, signed, epochs=settings.live_epochs, batch_size=settings.live_batch, callbacks=watched(small, "a narrow DCGAN")
)
plots.image_rows({"drawn": samples.draw(small, 10), " ": samples.draw(small, 10, seed=1), "real": V[:10]})

# %% [markdown]
# **What to see**, in the lecture profile. A few seconds, a narrow network, a fraction of the data: blobs, with the size and
# now and then the outline of a garment, bright inside and black outside. Compare with the grain of a dense generator at its
# beginning (lesson 11).

# %% [markdown]
# ## What is each guideline worth?
#
# A list of rules invites a question: which of them matters? The paper does not say. So let us take them away, one at a
# time, and train each time anew: the same images of the shipped subset, the same steps, the same seeds, narrow networks.

# %%
quiz("13-guidelines")

# %%
subset = data.load("fashion_mnist", source="shipped", quiet=True).take(train=settings.ablation_n)
sheet = dcgan.ablation.AblationTrials(list(dcgan.ablation.WITHOUT)[: settings.variants])


def measure_all():
    return sheet.fill(
        pixels.forward(subset.X_train)[..., None], seeds=settings.ablation_seeds, epochs=settings.ablation_epochs,
        batch_size=settings.live_batch, codings=settings.codings, maps=settings.ablation_maps, count=settings.n_judge,
    )  # fmt: skip


outcome = weights.load_or_train(
    sheet, "ablation_13", measure_all, lesson="13", data=weights.data_text(subset), dtype="float16",
    source=dcgan.ablation.AblationTrials,
)  # fmt: skip
worth = dcgan.ablation.summary(outcome.history)
print("measured beforehand, by the same code:" if outcome.loaded else "measured just now:", end=" ")
print(f"{outcome.figures['steps']:.0f} steps each, {outcome.figures['seeds']:.0f} seed(s)\n")
print(f"{'without':<42}{'Fréchet distance':>17}{'lowest':>9}{'highest':>9}{'classes':>9}")
for name, mean, lowest, highest, classes in worth:
    print(f"{name:<42}{mean:17.2f}{lowest:9.2f}{highest:9.2f}{10 * classes:9.1f}")
    if name == dcgan.ablation.COMPLETE:
        seeds = range(42, 42 + round(outcome.figures["seeds"]))
        scoreboard.record("13", "DCGAN, narrow, short", codings=settings.codings, data=subset, seeds=seeds, frechet=mean, coverage=classes)

# %%
dcgan.figures.worth_figure(worth, dcgan.ablation.COMPLETE)

# %%
pictures = dict(zip(sheet.names, np.asarray(sheet.pictures, dtype="float32"), strict=True))
plots.image_rows({name: pictures[name] for name, *_ in worth}, tile=0.5)

# %% [markdown]
# **What to see**, where the figures were measured beforehand (three seeds; the line above the table says so). "Classes"
# are how many of the ten make up at least one percent of the images. A dot is the mean over the seeds, a line the range:
# where lines overlap, the difference may be luck.
#
# Adam's usual memory, dense hidden layers, and batch normalization where it does not belong cost most, and classes are
# lost; without any normalization comes next. Other rules matter less *here*. Upsampling and pooling do not hurt this small
# network, on the contrary; but each of its steps costs several times the multiplications (kernel 5: half as many again). A short
# training of narrow networks is a fair test of *learning quickly*. It says little about the end of a long training, or
# about large images, for which the list was made.

# %% [markdown]
# ## Find the bug: a summary of DCGAN
#
# A much-copied summary of the paper says: *"batch normalization in both networks, except at the output of the
# discriminator"*. A colleague builds just that.

# %%
his = dcgan.ablation.pair(settings.codings, settings.live_maps, normalised=("inside", "ends"))
for network in his:
    print(network.name, "→ ".join(["", *(type(layer).__name__ for layer in network.layers[1:])]))

print(f"\n{'':<14}{'Fréchet distance':>17}{'classes':>9}")
rows = {}
for name, ends in (("the paper", ("inside",)), ("the summary", ("inside", "ends"))):
    rival = dcgan.ablation.compiled_gan(settings.codings, settings.live_maps, seed=7, normalised=ends)
    rival.fit(signed, epochs=settings.live_epochs, batch_size=settings.live_batch, verbose=0)
    images = samples.draw(rival, settings.n_judge)
    figures = trials.scores(images)
    print(f"{name:<14}{figures['frechet']:17.2f}{10 * figures['coverage']:9.0f}")
    rows[name] = images[:10]
plots.image_rows(rows)

# %% [markdown]
# **What to see**, in the lecture profile: his distance is the larger one. Read his two networks, layer by layer, before you
# open the answer.
#
# <details><summary>Answer</summary>
#
# The paper makes two exceptions: the generator's **output** and the discriminator's **input layer**. The summary has
# mixed them into one, which is none: a single logit is not normalized by anybody. So he normalizes at both ends, where the
# *pixels* are. There, brightness and contrast mean something. His generator must give every batch of fakes the same mean
# and the same spread, whatever is in it; his detective gets real images and fakes with their brightness and contrast
# taken out, batch by batch. (A real batch and a fake one are normalized apart.)
#
# </details>

# %% [markdown]
# ## A longer training
#
# Now with more maps, 55,000 images and many more steps. If weights that fit are there, they are loaded with the **film** of
# their training: at growing intervals the averaged generator (lesson 12) was asked for images of the same codings.
#
# The paper's learning rate is 2e-4. The images come from an average over the generators of the last steps, which evens out
# larger steps; so ours climbs to 1e-3 and then falls along a cosine, as it did in lesson 02.


# %%
def load_or_train(gan, name, y=None):
    """Shipped weights with their film, or a training; returns (how the model came to its weights, film)."""
    shown = np.arange(30, dtype="int32") % 10 if gan.conditional else None
    film = Film(gan, samples.fixed_codings(gan, 30), shown, frames=settings.frames, judged=min(500, settings.n_judge))

    def optimizer():
        rate = training.WarmupCosine.for_fit(settings.peak, len(X), settings.batch_size, settings.epochs)
        return keras.optimizers.Adam(rate, beta_1=settings.beta_1)

    def train(callbacks):
        gan.compile(optimizer(), optimizer())
        training.fit(
            gan, signed, y, epochs=settings.epochs, batch_size=settings.batch_size,
            callbacks=[*watched(gan, name), *callbacks, film],
        )
        film.save(f"{name}_film", lesson="13", data=garments)
        figures = judged(gan)
        return {key: figures[key] for key in ("frechet", "precision", "recall", "nearest_ratio", "copies")}

    source = GAN.training_source, dcgan_pair  # weights made by other rules would be others
    outcome = weights.load_or_train(gan, name, train, source=source, lesson="13", data=garments, dtype="float16")
    return outcome, Film.load(f"{name}_film") if outcome.loaded else film


def judged(gan, seed=0):
    """All figures of new images, as many of each class if the GAN is conditional."""
    wanted = np.arange(settings.n_judge, dtype="int32") % 10 if gan.conditional else None
    images = samples.draw(gan, settings.n_judge, seed, wanted)
    return metrics.judge_images(images, real, train=X, count=settings.n_judge)


keras.utils.set_random_seed(42)
model = GAN(*dcgan_pair(settings.codings, settings.maps), settings.codings, averaging=settings.averaging)
outcome, film = load_or_train(model, "dcgan_13")

# %%
film_view(film)

# %% [markdown]
# **What to see.** From nothing to garments: first blobs in the middle, then outlines, then insides. Most of what the eye
# sees happens early. Look at one column: a coding may change its garment several times before it settles.

# %%
histogram_view(film, garments.class_names)

# %% [markdown]
# **What to see.** How many of the drawn images the classifier takes for which class, while the training goes on. An even
# share is a tenth. No one tells the generator about classes; to make all ten, evenly, is what the discriminator enforces.

# %%
sampled = samples.draw(model, settings.n_judge)
shares = metrics.class_histogram(classifier.probabilities(sampled))
print("share of each class: " + ", ".join(f"{name} {share:.1%}" for name, share in zip(garments.class_names, shares)))
plots.image_grid(sampled[:40], title="New images by the DCGAN")

# %%
plots.curves({"discriminator": outcome.history["d_loss"], "generator": outcome.history["g_loss"]}, best=None,
             references={"a discriminator that is guessing": np.log(4)}, title="Losses")  # fmt: skip

# %% [markdown]
# **What to see**, in the lecture profile with the shipped weights. Garments with folds, collars and stripes, and a few
# failures among them. The losses do not tell which is which: the discriminator's stays below log 4, since it keeps an edge,
# and no curve says when the images are good. Judge a GAN by its images (lesson 12).

# %% [markdown]
# ## Walking through the codings
#
# A generator has no encoder: we cannot ask for the coding of a given image. But we can move from one drawn coding to
# another. With 100 codings a draw from $N(0, I)$ has a length of about $\sqrt{100} = 10$, and hardly ever one below 8. A
# straight line between two of them passes at about 7 from the origin, where the generator has never been. So walk along
# an **arc**.

# %% [markdown]
# ### Exercise 13.5 · Along the arc
# *15 minutes · difficulty 2 of 3*
#
# Given two codings $a$ and $b$, of shape (k,), return `steps` codings from $a$ to $b$, ends included, evenly spaced
# shares $t$ from 0 to 1, as an array (steps, k):
#
# $$z(t) = \bigl[(1 - t)\,|a| + t\,|b|\bigr] \cdot \frac{\sin((1 - t)\,\theta)\; u + \sin(t\,\theta)\; v}{\sin\theta},$$
#
# where $u = a / |a|$ and $v = b / |b|$ are the directions, $|\cdot|$ the length, and $\theta = \arccos(u \cdot v)$ the angle
# between them. Rounding can put $u \cdot v$ a hair above 1: clip it. For parallel codings ($\theta$ below 1e-6) return the
# straight line.


# %%
def arc(a: np.ndarray, b: np.ndarray, steps: int) -> np.ndarray:
    """Codings (steps, k) along the arc from a to b; the direction turns evenly, and the length changes evenly."""
    ### BEGIN SOLUTION
    t = np.linspace(0, 1, steps)[:, None]
    length_a, length_b = np.linalg.norm(a), np.linalg.norm(b)
    u, v = a / length_a, b / length_b
    theta = np.arccos(np.clip(u @ v, -1, 1))
    if theta < 1e-6:
        return (1 - t) * a + t * b
    direction = (np.sin((1 - t) * theta) * u + np.sin(t * theta) * v) / np.sin(theta)
    return ((1 - t) * length_a + t * length_b) * direction
    ### END SOLUTION


# %%
arc = check("13.5", arc)

# %%
decode = samples.decoder(model)
codings = samples.fixed_codings(model, settings.n_judge)  # those of `sampled`
probabilities = classifier.probabilities(sampled)


def surest(kind, count):
    """Row numbers of the drawn images that the classifier takes for this class with most confidence."""
    return np.argsort(-probabilities[:, garments.class_names.index(kind)], kind="stable")[:count]


one, other = codings[surest("Sneaker", 1)[0]], codings[surest("Ankle boot", 1)[0]]
third = codings[surest("Pullover", 1)[0]]
plots.image_rows({
    "sneaker → boot, line": decode(interpolation.linear(one, other, 10)), "arc": decode(arc(one, other, 10)),
    "boot → pullover, line": decode(interpolation.linear(other, third, 10)), " arc": decode(arc(other, third, 10)),
})  # fmt: skip

# %%
interpolation_slider(decode, one, third)

# %% [markdown]
# **What to see.** Every step is a garment, or nearly one; no double exposures. If the generator had learned images by
# heart, it would jump from one to the next. On the line the middle images tend to be paler and less certain.

# %% [markdown]
# ### Arithmetic with codings
#
# The best-known figure of the paper: *man with glasses − man + woman = woman with glasses*. With garments: *pullover −
# T-shirt + dress*. A pullover differs from a T-shirt by its long sleeves. Does the sum give a dress with long sleeves?
#
# The paper notes that single codings did not work and **means of three** did. There is a reason beyond the averaging out of
# what we do not mean:

# %%
# NBVAL_CHECK_OUTPUT
rng = np.random.default_rng(0)
print("codings in each mean   length of A − B + C   (a draw from N(0, I) with 100 codings: about 10)")
for count in (1, 2, 3, 5, 10):
    three = rng.normal(size=(2000, 3, count, 100)).mean(axis=2)
    print(f"{count:20d} {np.linalg.norm(three[:, 0] - three[:, 1] + three[:, 2], axis=1).mean():21.1f}")

# %% [markdown]
# **What to see.** The variances of the three means add up: $3 \cdot \tfrac1n$. With $n = 3$ that makes 1, and the result is
# as long as a draw from the prior, just where the generator has been trained. With one coding each it is far outside,
# with ten well inside.

# %% [markdown]
# ### Exercise 13.6 · A − B + C
# *10 minutes · difficulty 1 of 3*
#
# `codings` has the shape (n, k); `first`, `second` and `third` are lists of row numbers. Return the mean coding of the
# first group, minus that of the second, plus that of the third: (k,).


# %%
def latent_arithmetic(codings: np.ndarray, first: list, second: list, third: list) -> np.ndarray:
    """Mean of the codings in `first` − mean of those in `second` + mean of those in `third`: (k,)."""
    ### BEGIN SOLUTION
    return codings[first].mean(axis=0) - codings[second].mean(axis=0) + codings[third].mean(axis=0)
    ### END SOLUTION


# %%
latent_arithmetic = check("13.6", latent_arithmetic)

# %%
kinds = ("Pullover", "T-shirt/top", "Dress")
pools = [np.random.default_rng(3).permutation(surest(kind, 24)).tolist() for kind in kinds]
trios = [[pool[3 * i : 3 * i + 3] for pool in pools] for i in range(8)]
alone = [latent_arithmetic(codings, *([group[0]] for group in trio)) for trio in trios]
sums = [latent_arithmetic(codings, *trio) for trio in trios]
rows = {f"{sign}{kind}": sampled[[pool[3 * i] for i in range(8)]] for sign, kind, pool in zip(("", "− ", "+ "), kinds, pools)}
plots.image_rows({**rows, "= with one of each": decode(np.stack(alone)), "= with means of three": decode(np.stack(sums))})

# %% [markdown]
# **What to see**, in the lecture profile. In each column: one of the three pullovers, of the three T-shirts, of the three
# dresses, and below them the sums. With means of three, mostly garments; several of them long, with sleeves. With single
# codings the result lies too far out, and looks it. It does not always work, and a figure of the successes alone would not
# say so: here are all eight.

# %%
chosen = np.concatenate([surest(kind, 5) for kind in ("Pullover", "T-shirt/top", "Dress", "Sneaker", "Ankle boot", "Bag")])
arithmetic_board(decode, codings[chosen], start=([0, 1, 2], [5, 6, 7], [10, 11, 12]), combine=latent_arithmetic)

# %% [markdown]
# Try sums of your own: choose images by the numbers below them, then put them into a slot. *Ankle boot − sneaker + bag*?
# *Dress − T-shirt + pullover*? Beside the result you see what the same sum does to pixels.

# %% [markdown]
# ### Sliders that do something
#
# One of 100 codings changes an image only a little. But some *directions* change it much more than others. They can be
# found: shift a coding a little along each axis, see how the image changes, and ask which combinations of shifts change it
# most (the eigenvectors of a matrix of 100 × 100 numbers, as in PCA).

# %%
steer = dcgan.latent.directions(decode, codings[: settings.n_steer])
moved = np.linspace(-2.5, 2.5, 9)[:, None]
rest = codings[0] - (steer[:16] @ codings[0]) @ steer[:16]  # what is at right angles to the first sixteen directions
plots.image_rows({
    "coding 1 alone": decode(codings[0] + (moved - codings[0, 0]) * np.eye(settings.codings)[0]),
    **{name: decode(codings[0] + (moved - steer[i] @ codings[0]) * steer[i])
       for name, i in (("direction 1", 0), ("direction 2", 1), ("direction 3", 2), ("the last", -1))},
})  # fmt: skip

# %%
code_explorer(lambda along: decode(rest + along @ steer[:16]), codings[:500] @ steer[:16].T)

# %% [markdown]
# **What to see.** The first directions change the garment; the last one (below) changes next to nothing: the generator
# uses fewer than its 100 codings. The widget has a slider for each of the first directions. None of them is "the sleeve":
# directions of great change are not yet directions with a meaning.

# %% [markdown]
# ## Is it memory?
#
# A generator that repeats its training images would pass every test so far. So look for the nearest training image of each
# drawn one, pixel by pixel. A distance by itself says little. The same distance of *real images that were not trained on*
# is what to hold it against.

# %%
nearest, distances = metrics.nearest_training_images(sampled[:500], X)
closest = np.argsort(distances)[:5]
shown = np.concatenate([closest, np.arange(5)])
plots.image_rows({"drawn": sampled[shown], "nearest training image": X[nearest[shown]]},
                 title="The five nearest of all, then five others")  # fmt: skip

# %%
ratio, copies = metrics.memorisation(sampled[:500], real[:500], X)
print(f"median distance to the nearest training image, over that of real images: {ratio:.2f}  (a copier: 0; as it should be: 1)")
print(f"share of drawn images nearer than all but 1 % of real ones:               {copies:.3f} (chance: .01)")
figures = outcome.figures
print(f"the same among all images it was trained on:                             {figures['nearest_ratio']:.2f} and {figures['copies']:.3f}")

# %% [markdown]
# **What to see.** Same kind, another garment. The first pairs are the nearest there are, and mostly the plainest
# garments: a plain T-shirt is near to every plain T-shirt. If the ratio is about 1, the generator keeps as far from the training
# images as real images do. (The first two lines search the images of this notebook; if the weights were loaded, the
# model was trained on more, and the last line is about all of them, measured when they were made.)

# %% [markdown]
# ## What the discriminator knows
#
# Nobody told it about trousers or shoes. To tell real from fake it must have learned what real garments are made of. The
# paper's test: throw the last layer away, take the activations as features, and train a linear classifier on them. (The
# largest activation of each map in each quarter of the picture.)

# %%
few, held = slice(settings.n_probe), slice(1_000)
eye = dcgan.features.discriminator_features(model.discriminator, signed[few])
size = min(eye.shape[1], len(eye) - 1)
keras.utils.set_random_seed(0)
blind = dcgan_pair(settings.codings, settings.maps)[1]
pca = PCA(size).fit(data.flatten(X[few]))
there = pixels.forward(V[held])[..., None]
sources = {
    f"pixels ({data.flatten(X).shape[1]})": (data.flatten(X[few]), data.flatten(V[held])),
    f"PCA ({size})": (pca.transform(data.flatten(X[few])), pca.transform(data.flatten(V[held]))),
    f"untrained discriminator ({eye.shape[1]})": (dcgan.features.discriminator_features(blind, signed[few]), dcgan.features.discriminator_features(blind, there)),
    f"discriminator of the DCGAN ({eye.shape[1]})": (eye, dcgan.features.discriminator_features(model.discriminator, there)),
}
print(f"accuracy of a linear classifier, {len(eye):,} labelled images")
for name, (inside, outside) in sources.items():
    print(f"  {name:<36} {metrics.linear_probe_accuracy(inside, y[few], outside, labels[held]):.3f}")

# %% [markdown]
# **What to see**, in the lecture profile with the shipped weights. The number of features is in brackets. The untrained
# discriminator is the fair comparison: random convolutions with a pooling behind them are good features already. What the
# game has added is the difference between the last two lines. On small, centred images the pixels themselves are a strong
# rival, too; the paper's images were neither.

# %% [markdown]
# ## Limits of DCGAN
#
# - The list is a recipe, no theory. Larger images, other data, deeper networks: and the game falls apart again.
# - Codings have no meaning by themselves, and there is no way from an image to its coding.
# - Coherence over long distances is weak: two sleeves of different length, one shoe with two heels. Each layer sees
#   a small neighbourhood only.
# - Longer training does not always help; the paper itself saw a few filters collapse into one oscillating mode.
# - And we cannot say *what* we want to see.
#
# Lessons 14 to 16 take up the first four. The last one is next.

# %% [markdown]
# ## The conditional GAN
#
# *A sneaker, please!* Mirza and Osindero (2014) give the label $c$ to **both** networks: $G(z, c)$ makes an image of class
# $c$, and $D(x, c)$ judges whether $x$ is a *real image of class $c$*. A perfect bag with the label "shirt" is a fake to it.
# So the generator cannot please it by making what it likes.
#
# How does a label get into a network?
#
# - **Generator**: as a one-hot vector behind the codings, $k + 10$ numbers.
# - **Discriminator**: its input is an image, so the label becomes images as well: ten **planes**, the one of the class
#   all 1, the others all 0, as ten more channels.

# %% [markdown]
# ## Find the bug: planes that are no planes
#
# A colleague makes the planes like this, and the shapes are right.


# %%
def her_planes(labels, classes, height, width):
    flags = np.eye(classes)[labels]                                    # (n, classes)
    return np.repeat(flags, height * width, axis=1).reshape(-1, height, width, classes)


planes = her_planes(np.array([3]), 10, 28, 28)
print("shape:", planes.shape)
plots.image_grid(0.8 * np.moveaxis(planes[0], -1, 0), titles=[f"class {i}" for i in range(10)], title="Her planes for one image of class 3")

# %% [markdown]
# **What to see.** Plane 3 should be bright and all others black. Instead *every* plane has a piece of the flags: `repeat`
# puts 784 copies of the first flag in a row, then 784 of the second; `reshape` fills the last axis first, and cuts this row
# into pieces of ten. A convolution at one place finds the same number in all ten channels. From stripes it might still guess
# the class; but not at every place, and no longer after a shift.

# %% [markdown]
# ### Exercise 13.7 · Labels as planes
# *10 minutes · difficulty 2 of 3*
#
# Make them properly. `labels` has the shape (n,), whole numbers from 0 to `classes` − 1. Return a tensor of shape (n, height,
# width, classes): for image $i$, channel `labels[i]` is 1 everywhere and the others are 0 everywhere. Use
# `ops.one_hot(labels, classes)` and `ops.broadcast_to(tensor, shape)`. Inside `fit` the number of images is not known
# beforehand: `ops.shape(labels)[0]` asks for it.


# %%
def label_planes(labels: tf.Tensor, classes: int, height: int, width: int) -> tf.Tensor:
    """Labels (n,) as constant planes (n, height, width, classes), 1 in the channel of the label and 0 in the others."""
    ### BEGIN SOLUTION
    flags = ops.one_hot(labels, classes)[:, None, None, :]
    return ops.broadcast_to(flags, (ops.shape(labels)[0], height, width, classes))
    ### END SOLUTION


# %%
label_planes = check("13.7", label_planes)

# %%
planes = np.asarray(label_planes(tf.constant([3], tf.int32), 10, 28, 28))
plots.image_grid(0.8 * np.moveaxis(planes[0], -1, 0), titles=[f"class {i}" for i in range(10)], title="Planes for one image of class 3")

# %% [markdown]
# ## Find the bug: fakes from another world
#
# A third colleague writes the detective's phase. It is the engine's, but for one word that she left out.


# %%
class HerGAN(GAN):
    def discriminator_phase(self, real, labels=None):
        fake = self.generator(self.draw_codings(ops.shape(real)[0]))
        with tf.GradientTape() as tape:
            real_logits, fake_logits = self.judge(real), self.judge(fake)
            loss = self.discriminator_loss(real_logits, fake_logits)
        self.improve(self.discriminator, self.discriminator_optimizer, tape, loss)
        self.note(d_loss=loss, real_accuracy=real_logits > 0, fake_accuracy=fake_logits < 0)


print(f"{'':<12}{'Fréchet distance':>17}{'classes':>9}   {'the detective recognises':>24}")
rows = {}
for name, kind in (("ours", GAN), ("hers", HerGAN)):
    keras.utils.set_random_seed(7)
    rival = kind(*dcgan_pair(settings.codings, settings.live_maps), settings.codings, averaging=0.99)
    rival.compile(adam(), adam())
    run = rival.fit(signed, epochs=settings.bug_epochs, batch_size=settings.live_batch, verbose=0).history
    rows[name] = samples.draw(rival, settings.n_judge)
    figures = trials.scores(rows[name])
    print(f"{name:<12}{figures['frechet']:17.2f}{10 * figures['coverage']:9.0f}{run['fake_accuracy'][-1]:20.0%} of the fakes")
plots.image_rows({name: images[:10] for name, images in rows.items()})

# %% [markdown]
# **What to see**, in the lecture profile. Her images are the worse ones. Which word is missing, and why should it matter?
#
# <details><summary>Answer</summary>
#
# `training=True`. Batch normalization has two modes. In training it uses the mean and the variance of the *batch*, in
# inference moving averages of them, which lag behind a generator that changes with each step. So her detective studies
# fakes of another kind than those that the forger is judged by in its own phase, `generate(…, training=True)`. The two
# play different games. How much harm it does depends on how far the moving averages lag: much at the beginning, when
# they still stand where they started, less later on: two epochs more, and hers have nearly caught up. Nothing fails, and
# nothing warns.
#
# </details>

# %% [markdown]
# ### Exercise 13.8 · The detective's phase
# *25 minutes · difficulty 3 of 3*
#
# Write it for a conditional GAN, with nothing left out. `real` is a batch of images, `labels` are their classes, (batch,).
#
# 1. Make as many fakes, of the **same** labels: `self.generate(codings, labels, training=True)` with codings from
#    `self.draw_codings(count)`; `ops.shape(real)[0]` is the count.
# 2. `fake, fake_labels = self.remember(fake, labels)`: with a replay buffer (lesson 12) half of them become older fakes
#    with *their* labels.
# 3. Inside a `tf.GradientTape`: `self.judge(images, labels)` gives the logits of real images and of fakes, each with their
#    labels, and `self.discriminator_loss(real_logits, fake_logits)` the loss.
# 4. `self.improve(network, optimizer, tape, loss)` for `self.discriminator` with `self.discriminator_optimizer`, and nobody
#    else. Then `self.note(d_loss=…, real_accuracy=…, fake_accuracy=…)`: the loss, where real logits are above 0, where fake
#    logits are below 0.


# %%
class ConditionalGAN(GAN):
    """A GAN whose two networks know the labels; its discriminator learns to tell real images of a class from fakes."""

    def discriminator_phase(self, real: tf.Tensor, labels: tf.Tensor) -> None:
        """One step of the discriminator on a batch of images and their labels."""
        ### BEGIN SOLUTION
        codings = self.draw_codings(ops.shape(real)[0])
        fake = self.generate(codings, labels, training=True)
        fake, fake_labels = self.remember(fake, labels)
        with tf.GradientTape() as tape:
            real_logits = self.judge(real, labels)
            fake_logits = self.judge(fake, fake_labels)
            loss = self.discriminator_loss(real_logits, fake_logits)
        self.improve(self.discriminator, self.discriminator_optimizer, tape, loss)
        self.note(d_loss=loss, real_accuracy=real_logits > 0, fake_accuracy=fake_logits < 0)
        ### END SOLUTION


# %%
ConditionalGAN = check("13.8", ConditionalGAN)

# %% [markdown]
# ### Ten garments to order
#
# The same networks with labels (`dcgan_pair(…, classes=10)` has the one-hot codings and the planes built in), and a replay
# buffer that hands the discriminator older fakes beside the new ones. A
# conditional DCGAN with a replay buffer: the best-known textbook leaves these two to its readers as an open exercise.

# %%
keras.utils.set_random_seed(42)
memory = Replay(settings.kept, (28, 28, 1), labels=True, seed=42)
to_order = ConditionalGAN(
    *dcgan_pair(settings.codings, settings.maps, classes=10), settings.codings, conditional=True, averaging=settings.averaging,
    replay=dcgan.Aside(memory),  # a tool of the training; the model that is kept does without it
)  # fmt: skip
outcome_to_order, film_to_order = load_or_train(to_order, "cdcgan_13", y.astype("int32"))

# %%
film_view(film_to_order)

# %%
wanted = np.arange(settings.n_judge, dtype="int32") % 10
ordered = samples.draw(to_order, settings.n_judge, labels=wanted)
plots.image_rows({name: ordered[wanted == i][:10] for i, name in enumerate(garments.class_names)}, tile=0.55)

# %% [markdown]
# **What to see.** A row for each class, each column another coding. Within a row: are they different garments, or one and
# the same? A generator that ignores its codings passes every test of the class.

# %% [markdown]
# ### Did we get what we ordered?
#
# Ask the classifier. It errs too: on real images it is right about nine times in ten, and that is the mark to hold it
# against.

# %%
guesses = classifier.probabilities(ordered).argmax(axis=1)
real_labels = data.load("fashion_mnist", source="shipped", quiet=True).y_test[: len(real)]
real_guesses = classifier.probabilities(real).argmax(axis=1)
print(f"{'the classifier sees the class':<16}{'as ordered':>13}{'of real ones':>15}   most often taken for")
for i, name in enumerate(garments.class_names):
    mistaken = np.bincount(guesses[(wanted == i) & (guesses != i)], minlength=10)
    instead = garments.class_names[mistaken.argmax()] if mistaken.any() else "–"
    print(f"  {name:<27}{np.mean(guesses[wanted == i] == i):13.0%}{np.mean(real_guesses[real_labels == i] == i):15.0%}   {instead}")
agreement = float(np.mean(guesses == wanted))
print(f"  {'all':<27}{agreement:13.1%}{np.mean(real_guesses == real_labels):15.1%}")

# %% [markdown]
# **What to see**, in the lecture profile with the shipped weights. Mostly what was ordered. Shirts are the
# hardest, as with real images, and they are taken for the same neighbours. A share *above* that of real images would be
# no triumph: it would mean that only the typical ones are made.

# %%
to_steer = dcgan.latent.directions(lambda Z: samples.images(to_order, Z, np.full(len(Z), 2)), codings[: max(1, settings.n_steer // 2)])
class_explorer(
    lambda Z, labels: samples.images(to_order, Z, labels), garments.class_names, settings.codings, directions=to_steer
)

# %% [markdown]
# Choose a class and move along the directions. In the strip the *same* coding appears in all classes. What do the garments
# in one strip share: brightness, pattern, width?

# %% [markdown]
# ## On the yardstick
#
# Both models, judged like all generators of the course. References: real images against real ones, and one Gaussian
# through PCA codings.

# %%
print(f"{'':<40}{'Fréchet':>9}{'Inception':>11}{'precision':>11}{'recall':>8}{'classes':>9}{'nearest':>9}{'copies':>8}")


def line(name, figures):
    shown = (f"{figures['frechet']:9.2f}{figures['inception_score']:11.2f}{figures['precision']:11.3f}{figures['recall']:8.3f}"
             f"{10 * figures['coverage']:9.0f}{figures.get('nearest_ratio', np.nan):9.2f}{figures.get('copies', np.nan):8.3f}")
    print(f"{name:<40}{shown}".replace("nan", "  –"))


for name, gan, its in (("DCGAN", model, outcome), ("conditional DCGAN + replay", to_order, outcome_to_order)):
    figures = judged(gan)
    line(name, figures)
    told = weights.manifest("cdcgan_13" if gan.conditional else "dcgan_13") if its.loaded else None
    extra = {"class_agreement": agreement} if gan.conditional else {}
    figures = {key: value for key, value in figures.items() if not key.startswith("sliced")}
    scoreboard.record("13", name, codings=settings.codings, data=told["data"] if told else garments, seconds=its.seconds,
                      parameters=gan.generator.count_params() + gan.discriminator.count_params(), **figures, **extra)  # fmt: skip
for name in ("floor", "training images", "PCA-30 + Gaussian"):
    line(f"  {baselines.TITLES[name]}", baselines.load()[name])

# %%
scoreboard.show(["10", "11", "13"])

# %% [markdown]
# **What to see**, in the lecture profile with the shipped weights. Set the DCGAN beside the dense GAN of lesson 11 and
# the VAEs of lesson 10: its Fréchet distance is much lower. Its precision is about that of the dense GAN, but its
# recall several times as high: it makes most of the variety there is. With labels these figures get better once more: a class
# that is ordered cannot be forgotten. The training images themselves have
# the best figures of all, and the nearest image at distance 0: this is why the last two columns are there.
#
# `python3 workbook.py bench 13` sets our training beside the textbook's DCGAN, at equal minutes.

# %% [markdown]
# ## Summary
#
# - Convolutions know that pixels have neighbours: what is learned at one place holds at every place.
# - Transposed convolutions paint; a kernel divisible by the stride paints every pixel equally often.
# - Batch normalization: in both networks, but not at the generator's **output** nor at the discriminator's **input layer**.
# - Guidelines can be measured. Which one matters depends on the size of the task.
# - Codings: walk along arcs; add and subtract means of three, which are as long as a coding should be.
# - Look for the nearest training image before you believe that anything is new.
# - Conditional: the label into both networks, as one-hot codings and as constant planes.

# %% [markdown]
# **Questions that come up**
#
# - *Why not a sigmoid output and images in [0, 1]?* It can work. tanh is centred on 0, as batch-normalized layers are.
#   What matters is that real images and fakes have the same range (lesson 11's bug).
# - *Is batch normalization in the discriminator a good thing?* It couples the images of a batch: one logit depends on all the
#   others. Here it helps. From lesson 14 on, where each image must be judged by itself, it has to go.
# - *Why is the averaged generator better than the newest one?* The newest one circles around; its average stays nearer to the
#   middle of the circle (lesson 12).

# %% [markdown]
# - *Could the label enter in another way?* In many: learned embeddings instead of one-hot vectors, a classifier as a second head
#   of the discriminator (AC-GAN), a product of label and features (projection), class-wise normalization (BigGAN).
# - *Does the conditional GAN need labels for all images?* This one does.

# %% [markdown]
# **Where to read on**
#
# - Radford, Metz and Chintala (2016), *Unsupervised representation learning with deep convolutional generative adversarial
#   networks*, arXiv 1511.06434
# - Mirza and Osindero (2014), *Conditional generative adversarial nets*, arXiv 1411.1784
# - Odena, Dumoulin and Olah (2016), *Deconvolution and checkerboard artifacts*, Distill
# - Ioffe and Szegedy (2015), *Batch normalization*, arXiv 1502.03167
# - White (2016), *Sampling generative networks*, arXiv 1609.04468 (arcs); Härkönen et al. (2020), *GANSpace*, arXiv
#   2004.02546 (directions)
# - Odena, Olah and Shlens (2017), *Conditional image synthesis with auxiliary classifier GANs*, arXiv 1610.09585; Miyato and
#   Koyama (2018), *cGANs with projection discriminator*, arXiv 1802.05637
