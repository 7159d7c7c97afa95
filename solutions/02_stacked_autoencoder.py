# ---
# lesson: "02"
# title: Stacked autoencoder
# question: What do depth and nonlinearity gain?
# objectives:
#   - build an autoencoder of several layers, symmetric about its codings, and train it on images alone
#   - choose activations and loss, and say what goes wrong with the usual other choices
#   - measure reconstructions honestly, and know why accuracy flatters
#   - explain why an autoencoder can be too powerful, and show it
#   - draw a t-SNE map of codings, measure what it keeps, and read only what can be read in it
# needs: "lesson 01 (codings, reconstruction, PCA); what a dense layer and gradient descent are"
# minutes: {reading: 35, exercises: 80, machine: 2.5}
# idea: >
#   PCA lays a flat sheet through the images. Halfway between two garments on that sheet lies a double exposure: both
#   garments, each half as bright. A network with several layers and bends between them can lay a **bent** sheet. With
#   the same 30 codings it comes closer to most images of every class. What lies halfway looks more like one garment.
# cover: >
#   Two rows of images that go from a sneaker to an ankle boot: PCA shows both at once, the stacked autoencoder one shoe
#   that changes its shape
# ---

# %%
import sys

sys.path.insert(0, "..")  # the folder above holds `helpers`

from helpers import backend  # noqa: F401  (first: no start-up messages)
import keras
import numpy as np
import tensorflow as tf
from helpers import data, metrics, plots, scoreboard, session, training
from helpers.exercises import check, hint, quiz  # noqa: F401  (hints are for you: hint("2.1"))
from keras import ops

settings = session.start(
    "02",
    n_train=9_000,  # images to learn from
    epochs=12,
    batch_size=32,
    peak=8e-3,  # the highest learning rate
)

# %% [markdown]
# ## From a flat sheet to a bent one
#
# PCA describes an image by its position on a flat sheet laid through the data. Lesson 01 showed that a linear
# autoencoder finds the same sheet, and that no flat sheet is better.
#
# But garments do not lie on a flat sheet. If the sheet may **bend**, the same number of codings can come closer to every
# image. To bend at all, a network needs a nonlinear activation. To bend freely, it needs whole layers of them.

# %% [markdown]
# An autoencoder with several layers is called **stacked**, or deep. Ours takes 784 pixels to 100 numbers, to 30
# codings, and the same way back:

# %%
plots.hourglass([784, 100, 30, 100, 784], title="A stacked autoencoder")

# %% [markdown]
# **What to see.** An hourglass. What does not pass the narrow neck in the middle, the **codings**, is lost. The decoder
# mirrors the encoder: the network is **symmetric about the coding layer**. Nothing forces it to be. But the two halves do
# the same work in opposite directions, so there is no reason to give one of them more layers.

# %%
garments = data.load("fashion_mnist").take(train=settings.n_train, valid=settings.n_valid)
X, V = garments.X_train, garments.X_valid
y, labels = garments.y_train, garments.y_valid

# %%
# NBVAL_CHECK_OUTPUT
shipped = data.load("fashion_mnist", source="shipped", quiet=True)
print("training images", shipped.X_train.shape, " validation images", shipped.X_valid.shape)
print(
    "PCA with 30 components, on the shipped subset:",
    f"validation MSE {metrics.pca_reconstruction_mse(shipped.X_train, shipped.X_valid, 30):.5f}",
)
sizes = [784, 100, 30, 100, 784]
weights = [a * b + b for a, b in zip(sizes[:-1], sizes[1:], strict=True)]
print("parameters of the hourglass:", " + ".join(map(str, weights)), "=", sum(weights))

# %% [markdown]
# A dense layer from $a$ to $b$ units has $a \cdot b$ weights and $b$ biases. Nearly all parameters sit at the two wide
# ends; the layers near the neck have few.

# %% [markdown]
# ## In symbols
#
# Write $x$ for one image as a row of $d = 784$ pixels. With one hidden layer on each side,
#
# $$h = \varphi(x W_1 + b_1), \qquad z = h W_2 + b_2, \qquad g = \varphi(z W_3 + b_3), \qquad
# \hat x = \sigma(g W_4 + b_4).$$
#
# - $h$ and $g$ are the hidden layers (100 numbers each), $z$ the codings (30), $\hat x$ the reconstruction (784).
# - $W_1, \dots, W_4$ are matrices of weights and $b_1, \dots, b_4$ rows of biases. All of them are learned.
# - $\varphi$ is the activation of the hidden layers; here ReLU, $\varphi(a) = \max(0, a)$, entry by entry.
# - $\sigma(a) = 1 / (1 + e^{-a})$, the sigmoid, maps any number into the interval from 0 to 1.

# %% [markdown]
# Training looks for the weights that make the reconstruction loss smallest. With $n$ images it is the mean squared
# error
#
# $$\mathcal L = \frac{1}{n\,d} \sum_{i=1}^{n} \lVert x_i - \hat x_i \rVert^2 .$$
#
# No label appears. The image is its own target: in Keras, `fit(X, X)`.

# %% [markdown]
# ### Exercise 2.1 · Build the hourglass
# *15 minutes · difficulty 1 of 3*
#
# Write a function that returns two Keras models, `encoder` and `decoder`. `pixels` is the number of values of one flat
# image, `hidden` lists the units of the encoder's hidden layers from the image inwards, `codings` is the size of the
# neck. The decoder mirrors the encoder. The hidden layers are ReLU. The last layer of each half has no activation for
# now.


# %%
def hourglass(
    pixels: int, hidden: tuple[int, ...], codings: int
) -> tuple[keras.Model, keras.Model]:
    """The two halves of a stacked autoencoder: (encoder, decoder).

    encoder: (batch, pixels) -> (batch, codings), through ReLU layers of hidden[0], hidden[1], …
    units.
    decoder: (batch, codings) -> (batch, pixels), through the same layers in reverse order.
    """
    ### BEGIN SOLUTION
    encoder = keras.Sequential([keras.Input((pixels,))], name="encoder")
    for units in hidden:
        encoder.add(keras.layers.Dense(units, activation="relu"))
    encoder.add(keras.layers.Dense(codings, name="codings"))

    decoder = keras.Sequential([keras.Input((codings,))], name="decoder")
    for units in reversed(hidden):
        decoder.add(keras.layers.Dense(units, activation="relu"))
    decoder.add(keras.layers.Dense(pixels, name="pixels"))
    return encoder, decoder
    ### END SOLUTION


# %%
hourglass = check("2.1", hourglass)

# %%
from helpers.autoencoders import Autoencoder, coding_size_explorer, dense_hourglass

deeper = Autoencoder(*hourglass(784, (256, 100), 30))
print(f"{deeper.count_params():,} parameters")
plots.hourglass(deeper, title="Your function, with two hidden layers on each side")

# %% [markdown]
# **What to see.** `Autoencoder` joins any encoder and decoder to one Keras model; calling it runs both. The two halves
# stay usable alone: `model.codings(X)` gives codings, `model.decode(Z)` images, `model.reconstruct(X)` both in a row.

# %% [markdown]
# ## Three choices
#
# The layers are there. Three choices remain, and each has a popular wrong answer.
#
# 1. **The codings.** A coding is a coordinate and may be any number. A ReLU there cuts off the negative half of every
#    axis; a sigmoid squeezes far-apart images together at 0 or 1. So: no activation.
# 2. **The output.** Pixels lie between 0 and 1, and about half of them are exactly 0. A linear layer has to *compute*
#    that 0 for every image, from all its inputs. A sigmoid is nearly 0 for every clearly negative input.

# %% [markdown]
# 3. **The loss.** The mean squared error is what PCA minimises, so with it we can compare. Binary cross-entropy trains
#    such networks too, but on grey pixels its smallest value is not 0, and one easily applies the sigmoid twice: once in
#    the layer and once more in a loss told `from_logits=True`.
#
# ReLU at the output hides a trap. A pixel whose input is negative for every image gets gradient zero: it is **dead**,
# stays black, and nothing warns.

# %% [markdown]
# ### Exercise 2.2 · Choose the ends and the loss
# *10 minutes · difficulty 2 of 3*
#
# Return a compiled stacked autoencoder for images in [0, 1] whose codings can be any number, whose pixels lie between
# 0 and 1 whatever the weights are, and whose loss is the mean squared error. `dense_hourglass` builds one from your
# choice of three activations (a name such as `"relu"`, or `None`); `learning_rate` goes to the optimizer Adam.


# %%
def autoencoder_for_images(
    image_shape: tuple[int, ...], hidden: tuple[int, ...], codings: int, learning_rate: float
) -> Autoencoder:
    """A compiled stacked autoencoder for images in [0, 1].

    image_shape: such as (28, 28). hidden, codings: layer sizes as in exercise 2.1. learning_rate:
    for Adam.
    Uses dense_hourglass(image_shape, hidden, codings, activation=…, coding_activation=…,
    output_activation=…).
    """
    ### BEGIN SOLUTION
    model = dense_hourglass(
        image_shape,
        hidden,
        codings,
        activation="relu",
        coding_activation=None,
        output_activation="sigmoid",
    )
    model.compile(loss="mse", optimizer=keras.optimizers.Adam(learning_rate))
    return model
    ### END SOLUTION


# %%
autoencoder_for_images = check("2.2", autoencoder_for_images)

# %% [markdown]
# ## Training
#
# How fast should we go? A constant learning rate is a compromise: a rate that is small enough for the end is too
# slow for the beginning. We use a **schedule** instead. The rate climbs during the first tenth of the steps (*warm-up*:
# at the start gradients are large and disagree with each other), and then falls to zero along half a cosine (large steps
# while there is a way to go, small ones to settle).


# %%
def schedule(epochs, peak=settings.peak):
    return training.WarmupCosine.for_fit(peak, len(X), settings.batch_size, epochs)


rate = schedule(settings.epochs)
steps = np.linspace(0, rate.total_steps, 61)
plots.curves(
    {"learning rate": [float(rate(step)) for step in steps]},
    x=steps,
    xlabel="step",
    ylabel="learning rate",
    best=None,
    title="Warm-up and cosine",
)

# %% [markdown]
# **What to see.** A quick climb, a long descent, and exactly zero at the last step. Because the end is planned,
# `epochs` has to be chosen before the training.

# %%
import time

keras.utils.set_random_seed(42)
model = autoencoder_for_images((28, 28), (100,), 30, schedule(settings.epochs))
pca_30 = metrics.pca_reconstruction_mse(X, V, 30)
started = time.perf_counter()
history = training.fit(
    model, X, X, epochs=settings.epochs, batch_size=settings.batch_size, validation_data=(V, V)
)
seconds = time.perf_counter() - started

# %%
print(f"PCA-30               validation MSE {pca_30:.5f}")
print(
    f"stacked autoencoder  validation MSE {history.history['val_loss'][-1]:.5f}",
    f"({history.history['val_loss'][-1] / pca_30 - 1:+.1%})",
)
plots.curves(
    history,
    references={"PCA-30": pca_30},
    ylabel="mean squared error",
    title="Stacked autoencoder, 30 codings",
)

# %% [markdown]
# **What to see.** Both curves fall below the line of PCA within a few epochs: 30 numbers on a bent sheet tell more than 30
# numbers on a flat one. The training error ends a little below the validation error. So the model has mostly learned what
# garments have in common, and a little about these training images.
#
# `python3 workbook.py bench 02` trains a well-known textbook's recipe (ReLU codings, linear output, batches of 32, a
# constant learning rate, 20 epochs) beside ours on the same layers and prints the ratio of the times.

# %% [markdown]
# ### Reconstructions

# %% tags=["readme-gallery"]
from sklearn.decomposition import PCA

pca = PCA(30).fit(data.flatten(X))
R_pca = pca.inverse_transform(pca.transform(data.flatten(V))).reshape(V.shape)
R = model.reconstruct(V)
plots.reconstructions(V[:10], {"PCA-30": R_pca, "stacked": R}, errors=True,
                      titles=[garments.class_names[c] for c in labels[:10]])  # fmt: skip

# %%
of_image = {"PCA-30": R_pca, "stacked": R}
of_image = {name: np.mean((V - images) ** 2, axis=(1, 2)) for name, images in of_image.items()}
better = of_image["stacked"] < of_image["PCA-30"]
print(
    f"the stacked autoencoder has the smaller error on {better.mean():.1%} of {len(V):,} "
    "validation images"
)
for c, name in enumerate(garments.class_names):
    print(f"  {name:<12} {better[labels == c].mean():.0%}")

# %% [markdown]
# **What to see.** First the originals, then two copies made from 30 numbers each; below each its mean squared error.
# PCA leaves a grey haze around the garment, because a sum of 30 patterns cannot switch off exactly at every outline. The
# stacked autoencoder keeps the background black and the outlines sharper. Both lose prints, logos and the texture of the
# cloth: such detail differs from image to image and does not fit into 30 numbers.
#
# The stacked autoencoder is not better on every single image: here it loses on the first dress and on the last pullover,
# where it draws light patches that are not there. The list counts: it has the smaller error on 88 % of the images, most
# often on trousers and sneakers, least often on shirts.

# %% [markdown]
# ### Halfway between two garments
#
# A straight line between the codings of two images, decoded at seven places: on PCA's sheet, and on the bent one. Each row
# starts at the reconstruction of the first sneaker of the validation images and ends at that of the first ankle boot.

# %% tags=["cover"]
from helpers.codings import interpolation, map_accuracy, selection_map, side_by_side, tsne_map

sneaker, boot = (
    np.flatnonzero(labels == garments.class_names.index(n)) for n in ("Sneaker", "Ankle boot")
)
ends = V[[sneaker[settings.sneaker], boot[settings.boot]]]
Z_flat, Z_bent = pca.transform(data.flatten(ends)), model.codings(ends)
plots.image_rows(
    {
        "PCA-30": pca.inverse_transform(interpolation.linear(*Z_flat, 7)).reshape(-1, 28, 28),
        "stacked": model.decode(interpolation.linear(*Z_bent, 7)),
    },
    tile=1.12,
    title="From a sneaker to an ankle boot",
)

# %% [markdown]
# **What to see.** In the middle of PCA's row the two shoes lie over each other, each half as bright: a pale shaft stands
# above the edge of the sneaker, and the sole is blurred. In the second row the shaft grows out of one shoe. It is not
# perfect: in the middle the shaft is dark and ragged. Nothing in the training asked for good images between the codings.
# The training of lesson 10 does. One pair is an example and not a measurement: put other numbers in the place of
# `settings.sneaker` and `settings.boot`.

# %% [markdown]
# ## What depth and nonlinearity gain
#
# The model differs from PCA in two ways: it has more layers, and it bends. Which of the two helped?

# %%
quiz("02-linear")


# %%
def dense(hidden, inner, coding, output):
    return dense_hourglass((784,), hidden, 30, activation=inner, coding_activation=coding,
                           output_activation=output)  # fmt: skip


high = settings.peak
variants = {  # dense: hidden layers, activation of the hidden layers, of the codings, of the output
    "deep, no activations": (lambda: dense((100,), None, None, None), high),
    "bent at the output only": (lambda: dense((), None, None, "sigmoid"), high),
    "linear ends: your hourglass": (lambda: Autoencoder(*hourglass(784, (100,), 30)), high),
    "ReLU codings, sigmoid output": (lambda: dense((100,), "relu", "relu", "sigmoid"), high),
    "ReLU codings, linear output": (lambda: dense((100,), "relu", "relu", None), high),
    "  the same, peak 1e-3": (lambda: dense((100,), "relu", "relu", None), 1e-3),
}
flat, flat_valid = data.flatten(X), data.flatten(V)
rows = {"PCA-30": (784 * 31, 30, pca_30)}
for name, (build, peak) in variants.items():
    keras.utils.set_random_seed(42)
    variant = build()
    variant.compile(loss="mse", optimizer=keras.optimizers.Adam(schedule(settings.epochs, peak)))
    variant.fit(flat, flat, epochs=settings.epochs, batch_size=settings.batch_size, verbose=0)
    alive = np.any(variant.codings(flat_valid) != 0, axis=0)  # is it ever anything but zero?
    error = metrics.mse(flat_valid, variant.reconstruct(flat_valid))
    rows[name] = variant.count_params(), alive.sum(), error
alive = np.any(model.codings(V) != 0, axis=0)
rows["stacked autoencoder"] = model.count_params(), alive.sum(), metrics.mse(V, R)

print(f"{'30 codings':<30}{'parameters':>12}{'in use':>8}{'validation MSE':>16}{'against PCA':>16}")
for name, (parameters, used, error) in rows.items():
    print(f"{name:<30}{parameters:>12,}{used:>8}{error:>16.5f}{error / pca_30 - 1:>+16.1%}")

# %% [markdown]
# **What to see.** Depth alone gains nothing: without activations the deep network ends near PCA. One bend at the output,
# without any hidden layer, gives two thirds of the gain: black becomes black. Bent hidden layers with linear ends, which is
# your network of exercise 2.1, give about as much. Only both together give the whole.
#
# The ends matter as much as the middle. Put a ReLU on the codings of the stacked autoencoder, or take the sigmoid from its
# output: each costs about a third of the gain. The textbook's recipe does both, and here it is not better than PCA. One
# reason stands in the column *in use*: with a ReLU some codings are 0 for every validation image and tell nothing. A smaller
# learning rate does not help it here. With a peak of 1e-3, the book's rate, it is further behind after the same number of
# steps. (The book's own figure is 0.0132, after ten times as many steps on six times as many images. And the table shows
# one training of each.)

# %% [markdown]
# ## Measuring, and flattering oneself
#
# A mean squared error of 0.012 says little to most people. Some notebooks therefore report the **rounded accuracy**:
# round every pixel of the original and of the reconstruction to black or white, and count how many agree. It sounds
# like a classifier's accuracy. Is it as hard to earn?

# %%
quiz("02-black")

# %% [markdown]
# ### Exercise 2.3 · Rounded accuracy
# *5 minutes · difficulty 1 of 3*
#
# Given images and their reconstructions, arrays of equal shape with pixels in [0, 1], return the share of all pixels
# that lie on the same side of 0.5 in both. A pixel above 0.5 counts as white.


# %%
def rounded_accuracy(images: np.ndarray, reconstructions: np.ndarray) -> float:
    """Share of pixels (0 to 1) that are white in both arrays or black in both; white means above
    0.5."""
    ### BEGIN SOLUTION
    return float(np.mean((images > 0.5) == (reconstructions > 0.5)))
    ### END SOLUTION


# %%
rounded_accuracy = check("2.3", rounded_accuracy)

# %%
from collections.abc import Callable

candidates = {
    "all black": np.zeros_like(V),
    "the mean image": np.broadcast_to(X.mean(axis=0), V.shape),
    "PCA-30": R_pca,
    "stacked autoencoder": R,
}
print(f"{'':<22}{'rounded accuracy':>18}{'MSE':>10}")
for name, images in candidates.items():
    print(f"{name:<22}{rounded_accuracy(V, images):>18.1%}{metrics.mse(V, images):>10.4f}")

# %% [markdown]
# **What to see.** A black rectangle is right in more than two thirds of all pixels, and one grey blur for everything in
# still more. PCA and the stacked autoencoder differ by less than one point here, and by a quarter in the squared error.
# Before you trust a measure, ask what the simplest possible answer scores.

# %% [markdown]
# ## How many codings?
#
# The size of the neck is our choice. More codings give less error, but also a longer description. The usual way to decide is
# a curve.

# %% [markdown]
# ### Exercise 2.4 · How many codings?
# *10 minutes · difficulty 2 of 3*
#
# For each size in `sizes`, get a fresh model from `build(size)`, train it on the training images `X` for `epochs`
# epochs in batches of `batch_size`, and note its mean squared error on the validation images `V`. `metrics.mse(A, B)`
# and `model.reconstruct(A)` are at hand. Pass `verbose=0` to `fit` to keep the page quiet.


# %%
def error_curve(
    sizes: list[int], build: Callable, X: np.ndarray, V: np.ndarray, epochs: int, batch_size: int
) -> dict[int, float]:
    """{coding size: validation MSE} of models from build(size), each trained on X alone and
    measured on V."""
    ### BEGIN SOLUTION
    errors = {}
    for size in sizes:
        model = build(size)
        model.fit(X, X, epochs=epochs, batch_size=batch_size, verbose=0)
        errors[size] = metrics.mse(V, model.reconstruct(V))
    return errors
    ### END SOLUTION


# %%
error_curve = check("2.4", error_curve)

# %%
of_size = {}  # the models, to play with below


def build(size):
    keras.utils.set_random_seed(42)
    model = autoencoder_for_images((28, 28), (100,), size, schedule(settings.curve_epochs))
    model.compile(loss="mse", optimizer=model.optimizer)  # no metrics: `evaluate` gives one number
    of_size[size] = model
    return model


sizes = list(settings.sizes)
stacked_errors = error_curve(sizes, build, X, V, settings.curve_epochs, settings.batch_size)
pca_errors = dict(zip(sizes, metrics.pca_reconstruction_mse(X, V, sizes), strict=True))
figure = plots.curves(
    {"stacked autoencoder": list(stacked_errors.values()), "PCA": list(pca_errors.values())},
    x=sizes,
    xlabel="codings",
    ylabel="validation MSE",
    best=None,
    title="Error against coding size",
)
figure.axes[0].set(xscale="log", ylim=(0, None), xticks=sizes, xticklabels=sizes)
figure.axes[0].minorticks_off()
figure

# %% [markdown]
# **What to see.** With few codings the bent sheet is far better. From 30 to 100 codings PCA improves by half and the
# stacked autoencoder hardly at all; at 100 PCA is far ahead. That is not only the neck's doing: the hidden layers have 100
# units whatever the neck is, and each network was trained for a few epochs only. So this curve compares necks within *this*
# network and *this* training. Up to 30 codings each step gains less than the one before; we stay with 30.

# %%
coding_size_explorer(
    {size: of_size[size].reconstruct(V[:8]) for size in sizes},
    V[:8],
    {"stacked": stacked_errors, "PCA": pca_errors},
)

# %% [markdown]
# **What to see.** Slide the coding size. From which size on would you recognise each garment? Two codings give the kind
# and the shade of most, but the dress still has the sleeves of a T-shirt. With five they fade, with ten they are gone,
# and the outlines have become sharper. The white patch on the dress is missing even with 100.

# %% [markdown]
# ## Too powerful
#
# If bending is good, is more bending better? Imagine an encoder with unlimited freedom. It gives each training image
# one arbitrary number: the first 17, the second 4, and so on. The decoder looks the number up and paints the image. There is
# one single coding, the error is zero, and nothing has been learned about garments.
#
# This does not need an unlimited network. For 50 images we can write the weights down.

# %% [markdown]
# - **Encoder**: one linear layer. Fifty equations (image times weights = its number) for 784 unknown weights have a
#   solution, unless one of the images can be mixed from the others.
# - **Decoder**: one ReLU layer of 50 units. Between two whole numbers the image changes from one picture to the next
#   in a straight line; at each whole number one more ReLU unit becomes active and changes the direction.

# %%
quiz("02-powerful")

# %%
fifty = data.flatten(X[:50]).astype(float)
number = np.random.default_rng(1).permutation(50)  # the arbitrary number of each image
pictures = fifty[np.argsort(number)]  # the image that belongs to 0, 1, 2, …

to_number = np.linalg.pinv(fifty - fifty.mean(axis=0)) @ (number - number.mean())
slopes = np.diff(
    pictures, axis=0, append=pictures[-1:]
)  # the last slope is 0: beyond 49 nothing changes
turns = np.diff(slopes, axis=0, prepend=np.zeros((1, 784)))  # what each ReLU unit changes

memory = dense_hourglass(
    (784,), (), 1, activation=None, coding_activation=None, output_activation=None
)
memory.encoder.set_weights(
    [to_number[:, None], np.array([number.mean() - fifty.mean(axis=0) @ to_number])]
)
lookup = keras.Sequential(
    [keras.Input((1,)), keras.layers.Dense(50, activation="relu"), keras.layers.Dense(784)]
)
lookup.set_weights([np.ones((1, 50)), -np.arange(50.0), turns, pictures[0]])
memory = Autoencoder(memory.encoder, lookup)

# %%
new = data.flatten(V)
some = np.concatenate([fifty[:5], new[:5]])
print(f"{memory.count_params():,} parameters, one coding")
print(
    "the numbers of the first training images:",
    *number[:5],
    " their codings:",
    *memory.codings(fifty[:5]).ravel().round(1),
)
print(f"the 50 training images    MSE {metrics.mse(fifty, memory.reconstruct(fifty)):.5f}")
print(f"validation images         MSE {metrics.mse(new, memory.reconstruct(new)):.5f}")
print(f"  always the mean of 50   MSE {np.mean((new - fifty.mean(axis=0)) ** 2):.5f}")
plots.reconstructions(
    some,
    {"one coding": memory.reconstruct(some)},
    errors=True,
    titles=["training"] * 5 + ["new"] * 5,
)

# %% [markdown]
# **What to see.** On the left, training images come back perfectly from one number each. On the right, new images come
# back as *something from the training set*, or as two of its images laid over each other. Judged by its training error
# this is the best model of the course. On new images it is worse than always answering with the mean.

# %%
plots.image_grid(
    memory.decode(np.linspace(20, 23, 10)[:, None]), columns=10, title="From coding 20 to coding 23"
)

# %% [markdown]
# **What to see.** Four training images in their random order, each blended into the next. The codings are an arbitrary list:
# to be neighbours in it means nothing, so a map of such codings would mean nothing either.
#
# We wrote these weights by hand. Would training find them? We try it with twenty images, one coding, wide layers and many
# steps:

# %%
keras.utils.set_random_seed(42)
few = X[:20]
many_times = np.tile(
    few, (40, 1, 1)
)  # the same twenty images again and again: an epoch of 40 steps
trained = dense_hourglass(
    (28, 28),
    (256, 128, 64),
    1,
    activation="gelu",
    coding_activation=None,
    output_activation="sigmoid",
)
trained.compile(
    loss="mse",
    optimizer=keras.optimizers.Adam(
        training.WarmupCosine.for_fit(3e-3, 800, 20, settings.few_epochs)
    ),
)
trained.fit(many_times, many_times, epochs=settings.few_epochs, batch_size=20, verbose=0)

print(f"{trained.count_params():,} parameters, one coding")
print(f"the 20 training images    MSE {metrics.mse(few, trained.reconstruct(few)):.5f}")
print(f"validation images         MSE {metrics.mse(V, trained.reconstruct(V)):.5f}")
print(f"  always the mean of 20   MSE {np.mean((V - few.mean(axis=0)) ** 2):.5f}")
numbers = trained.codings(few).ravel()
print("codings of the first and the fifth image:", *numbers[[0, 4]].round(2),
      f" all twenty: {numbers.min():.2f} to {numbers.max():.2f}")  # fmt: skip
some = np.concatenate([few[:5], V[:5]])
plots.reconstructions(
    some, {"trained": trained.reconstruct(some)}, errors=True, titles=["training"] * 5 + ["new"] * 5
)

# %% [markdown]
# **What to see.** Gradient descent gets there as well, though less exactly. The error on the twenty is small, but the
# fifth image, a plain T-shirt, comes back with the print of the first. Compare the two codings with the range of all twenty:
# they are nearly the same number. New images come back as old ones or as mixtures of them. On them the network is not better
# than the mean.
#
# So a small neck alone does not make good codings. An autoencoder has to learn patterns if there are **many more images
# than it can memorise**, or (lessons 08 to 10) noise and penalties that make memorising useless. Only images that it has
# not seen can show whether it did.

# %% [markdown]
# ## Unusual images
#
# An autoencoder learns what is common. So an image that it reconstructs badly is probably uncommon: the **reconstruction
# error of one image** is a measure of how unusual it is. People use it to find broken parts on an assembly line, and
# mistakes in a data set.

# %% [markdown]
# ### Exercise 2.5 · Outliers by reconstruction error
# *10 minutes · difficulty 2 of 3*
#
# Return the indices of the `k` images with the largest reconstruction error, the worst first. The error of an image is
# the mean of the squared differences over its own pixels. Images may come as $(n, 28, 28)$ or flat, as $(n, 784)$.


# %%
def most_unusual(images: np.ndarray, reconstructions: np.ndarray, k: int) -> np.ndarray:
    """Indices, shape (k,), of the k images with the largest mean squared error of their own, the
    worst first."""
    ### BEGIN SOLUTION
    differences = (images - reconstructions).reshape(len(images), -1)
    errors = np.mean(differences**2, axis=1)
    return np.argsort(-errors)[:k]
    ### END SOLUTION


# %%
most_unusual = check("2.5", most_unusual)

# %%
ranking = most_unusual(V, R, len(V))
extremes = np.concatenate([ranking[:10], ranking[-10:]])
plots.image_grid(
    V[extremes],
    columns=10,
    titles=[garments.class_names[c] for c in labels[extremes]],
    title="The ten most unusual (above) and the ten most usual",
)

# %% [markdown]
# **What to see.** Above: straps, stripes, prints, large bright areas. Below: nine pairs of plain trousers that look alike,
# and one coat so dark that there is little to get wrong. So the error mixes two things: how *rare* an image is, and how
# bright and detailed it is. A striped shirt is not a mistake in the data.
#
# How well does it work on images that truly do not belong? We turn the garments by 90 degrees. The brightness and the detail
# stay the same; only the orientation is one that hardly any training image has.

# %%
from sklearn.metrics import roc_auc_score

turned = np.rot90(V, axes=(1, 2))
answers = np.repeat([0, 1], len(V))  # 0: as it should be, 1: turned
both = np.concatenate([V, turned])
for name, copies in (
    ("stacked autoencoder", model.reconstruct(both)),
    ("PCA-30", pca.inverse_transform(pca.transform(data.flatten(both))).reshape(both.shape)),
):
    scores = np.mean((both - copies) ** 2, axis=(1, 2))
    print(
        f"{name:<20} a turned image has the larger error in {roc_auc_score(answers, scores):.1%}"
        " of all pairs"
    )

# %% [markdown]
# **What to see.** The share of pairs (one upright image, one turned) in which the turned one has the larger error; it
# is known as the area under the ROC curve, and 50 % would be guessing. PCA finds outliers in the same way and comes within
# five points of the stacked autoencoder.

# %% [markdown]
# ## A map of the codings
#
# Thirty numbers per image cannot be drawn. A **map** places every image as a point in the plane so that images with
# similar codings lie near each other. PCA with two components is the simplest map. **t-SNE** (*t-distributed
# stochastic neighbour embedding*, van der Maaten and Hinton, 2008) is the best known of the bent ones. It does not keep
# distances; it tries to keep **neighbours**.

# %% [markdown]
# t-SNE turns distances into probabilities. In the codings $z_1, \dots, z_n$, how likely would $i$ pick $j$ as its
# neighbour?
#
# $$p_{j|i} = \frac{\exp(-\lVert z_i - z_j\rVert^2 / 2 s_i^2)}{\sum_{l \ne i} \exp(-\lVert z_i - z_l\rVert^2 / 2 s_i^2)},
# \qquad p_{ij} = \frac{p_{j|i} + p_{i|j}}{2n}.$$
#
# The width $s_i$ is chosen for each point so that every point has about the same number of neighbours that count, the
# **perplexity** (often 30): narrow where points are dense, wide where they are sparse.

# %% [markdown]
# In the map, points $m_i$ have probabilities too, with a curve of heavier tails (Student's $t$), which leaves room for
# points that are only moderately far:
#
# $$q_{ij} = \frac{(1 + \lVert m_i - m_j\rVert^2)^{-1}}{\sum_{k \ne l} (1 + \lVert m_k - m_l\rVert^2)^{-1}} .$$
#
# Gradient descent moves the $m_i$ until $q$ resembles $p$, that is, until $\sum_{i \ne j} p_{ij} \log (p_{ij} / q_{ij})$
# is small. A true neighbour ($p$ large) that is placed far away ($q$ small) costs much. Two images that are not alike but
# are placed close together cost little. Between far and very far there is hardly any difference.

# %% [markdown]
# During the first steps all $p_{ij}$ are multiplied by 12. This **early exaggeration** pulls neighbours into tight
# groups while the groups can still move past each other. Afterwards the groups spread out.

# %%
part = slice(0, settings.n_map)
images, kinds = V[part], labels[part]
codings = model.codings(images)
maps = {
    "PCA-2 of the pixels": (data.flatten(images), PCA(2).fit_transform(data.flatten(images))),
    "t-SNE of the pixels": (data.flatten(images), tsne_map(images)),
    "t-SNE of the codings": (codings, tsne_map(codings)),
}

# %%
plots.image_map(
    maps["PCA-2 of the pixels"][1],
    images,
    kinds,
    garments.class_names,
    title="PCA-2 of the pixels",
    thumbnails=30,
)

# %% tags=["readme-map"]
from sklearn.metrics import pairwise_distances

plots.image_map(
    maps["t-SNE of the codings"][1],
    images,
    kinds,
    garments.class_names,
    title="t-SNE of the codings",
    xlabel="",
    ylabel="",
    thumbnails=30,
)

# %% [markdown]
# **What to see.** Each point is a validation image, its colour and marker are its class; some are drawn in place. The
# autoencoder has never seen a label. PCA's map is one cloud in which classes overlap. In t-SNE's map of the codings,
# trousers and most bags have places of their own. The shoes lie together on the right; the sandals are in two groups, flat
# ones beside the sneakers and those with heels beside the boots. Pullovers, coats and shirts stay mixed: at 28 pixels
# they look much alike.

# %% [markdown]
# ## How far can a map be trusted?
#
# That a map looks good proves nothing. It makes a mistake whenever it shows two images as neighbours that are not. The
# **trustworthiness** (Venna and Kaski, 2001) counts such mistakes, weighted by how bad they are.
#
# Let $U_k(i)$ be the points that are among the $k$ nearest of point $i$ in the map, but not among the $k$ nearest of $i$
# in the data. Let $r(i, j)$ be the rank of $j$ in the data seen from $i$: 1 for its nearest neighbour, 2 for the next.
# Then, for $n$ points,
#
# $$T = 1 - \frac{2}{n k (2n - 3k - 1)} \sum_{i=1}^{n} \sum_{j \in U_k(i)} \bigl(r(i, j) - k\bigr).$$
#
# $T = 1$: every neighbour shown is a neighbour. The factor before the sum makes 0 the worst possible; neighbours drawn
# at random give about one half.

# %% [markdown]
# ### Exercise 2.6 · Trustworthiness by hand
# *20 minutes · difficulty 3 of 3*
#
# Compute $T$ for data `X` (rows of any shape) and its map `Z` of shape $(n, 2)$, with `k` neighbours. No point is its
# own neighbour. `pairwise_distances(A)` gives the $n \times n$ table of distances between the rows of a 2-D array `A`.


# %%
def trustworthiness(X: np.ndarray, Z: np.ndarray, k: int) -> float:
    """Trustworthiness (Venna and Kaski, 2001) of the map Z (n, 2) of data X (n, …) with k
    neighbours, at most 1."""
    ### BEGIN SOLUTION
    n = len(X)
    # From distances to ranks: the point itself is 0, its nearest neighbour 1, the next one 2 …
    ranks = pairwise_distances(X.reshape(n, -1)).argsort(axis=1).argsort(axis=1)
    nearest = pairwise_distances(Z).argsort(axis=1)[:, 1 : k + 1]
    penalties = np.maximum(np.take_along_axis(ranks, nearest, axis=1) - k, 0)
    return float(1 - 2 / (n * k * (2 * n - 3 * k - 1)) * penalties.sum())
    ### END SOLUTION


# %%
trustworthiness = check("2.6", trustworthiness)

# %% [markdown]
# Trustworthy with respect to what? A map of the codings can only be as faithful to the pixels as the codings are. So
# we print two columns: against *what the map was made from* (the pixels or the codings), and against *the pixels* in
# every case. A third column asks whether neighbours share a class: each image is given the commonest class among its
# 12 nearest in the map, itself left out.

# %%
print(f"{len(images):,} validation images, 12 neighbours")
print(f"{'':<26}{'trust: own input':>18}{'trust: pixels':>15}{'k-NN accuracy':>15}")
figures = {}
for name, (source, Z) in {**maps, "(the 30 codings, no map)": (codings, codings)}.items():
    figures[name] = (
        trustworthiness(source, Z, 12),
        trustworthiness(images, Z, 12),
        map_accuracy(Z, kinds),
    )
    print(f"{name:<26}{figures[name][0]:>18.4f}{figures[name][1]:>15.4f}{figures[name][2]:>15.1%}")

# %% [markdown]
# **What to see.** Both t-SNE maps are far more trustworthy than PCA's plane, measured against what they were made from.
# Against the pixels, the map of the pixels is ahead, as it should be: the other one follows the codings, which are not the
# pixels. The share of neighbours with the same class is about equal for the two t-SNE maps. The last row shows what the
# map has lost: in the 30 codings themselves, neighbours agree more often than in two dimensions.

# %% [markdown]
# ### What distances in the map do not mean
#
# The islands of such a map invite sentences like "bags are closer to shoes than trousers are". Can distances between
# groups be read? Let us take data of which we know the truth: three groups in ten dimensions. B is 20 away from A. C is
# ten times as far from both, and four times as wide.

# %%
size = settings.n_group
group = np.repeat([0, 1, 2], size)
centres = np.zeros((3, 10))
centres[1, 0], centres[2, 1] = 20, 200
width = np.array([1.0, 1.0, 4.0])
points = centres[group] + width[group, None] * np.random.default_rng(0).normal(size=(3 * size, 10))

views = {
    "PCA-2, to scale": PCA(2).fit_transform(points),
    "t-SNE, start 1": tsne_map(points, perplexity=20, init="random", seed=1),
    "t-SNE, start 2": tsne_map(points, perplexity=20, init="random", seed=2),
    "t-SNE, from PCA": tsne_map(points, perplexity=20),
}
print(f"{'':<18}{'distance AC / AB':>18}{'width C / A':>14}")
for name, Z in {"the data": points, **views}.items():
    A, B, C = (Z[group == i].mean(axis=0) for i in range(3))
    wide = [
        np.mean(np.linalg.norm(Z[group == i] - Z[group == i].mean(axis=0), axis=1))
        for i in range(3)
    ]
    print(
        f"{name:<18}{np.linalg.norm(A - C) / np.linalg.norm(A - B):>18.2f}"
        f"{wide[2] / wide[0]:>14.2f}"
    )

# %%
side_by_side(views, group, ("A", "B", "C"))

# %% [markdown]
# **What to see.** In t-SNE's maps the far group is as near as the near one, the wide group as narrow as the narrow one,
# and two runs that differ only in their random starting positions place the groups differently. The other maps of this
# lesson start from PCA's plane, as the fourth picture does. Such a start gives the same picture every time. It does not
# bring the distances and widths back. That there are three groups, and who belongs to which, is shown without fault.

# %%
small = slice(0, settings.n_small)
perplexities = {
    f"perplexity {value}": tsne_map(model.codings(V[small]), perplexity=value) for value in (3, 30)
}
side_by_side(perplexities, labels[small], garments.class_names)

# %% [markdown]
# **What to see.** The codings of the same images twice. With a small perplexity each point looks at very few others, and
# the map falls into small pieces: T-shirts stand at two places far apart, trousers in three clumps. With perplexity 30
# each of the two is nearly one group. So:
#
# - points close together: similar codings. That can be read.
# - distance between two groups: **says nothing** about how similar they are.
# - size and density of a group: says nothing, because $s_i$ adapts to it.
# - several small islands: may be an effect of a small perplexity. Try another one before you announce a discovery.
# - the axes: have no meaning and no unit.

# %%
Z = maps["t-SNE of the codings"][1]
dresses, trousers = (
    np.flatnonzero(kinds == garments.class_names.index(name)) for name in ("Dress", "Trouser")
)
gaps = pairwise_distances(Z[dresses], Z[trousers]).min(axis=1)
selection_map(
    Z,
    images,
    kinds,
    garments.class_names,
    start=Z[dresses[gaps.argmin()]],
    title="Where dresses and trousers meet",
)

# %% [markdown]
# **What to see.** The cross-hair starts at the dress that lies nearest to a pair of trousers in the t-SNE map of the
# codings. The twelve images nearest to that place are shown; on paper, only they. A narrow dress and a pair of trousers
# cover nearly the same pixels. Move the cross-hair to another place where two classes meet.

# %% [markdown]
# ## Find the bug
#
# A colleague measures her model in batches, to save memory. Her loss on the training images is several times her loss
# on the validation images. "Underfitting", she says, and asks for a larger network.


# %%
def her_loss(reconstruct, X, batch_size):
    loss = 0.0
    for start in range(0, len(X), batch_size):
        batch = X[start : start + batch_size]
        loss += np.mean((batch - reconstruct(batch)) ** 2)
    return loss


print(f"training   {her_loss(model.reconstruct, X, 100):.4f}")
print(f"validation {her_loss(model.reconstruct, V, 100):.4f}")

# %% [markdown]
# No model is worse on its training images by such a factor. What else differs between the two lines? Some public
# training loops report exactly this number at the end of each epoch.

# %% [markdown]
# ### Exercise 2.7 · Mend the loss
# *10 minutes · difficulty 2 of 3*
#
# Write it anew so that it returns the mean squared error over all images: the same for every batch size, and unchanged
# when every image is given twice. `reconstruct(batch)` returns the reconstructions of a batch. The last batch may be
# smaller than the others.


# %%
def mean_loss(reconstruct: Callable, X: np.ndarray, batch_size: int) -> float:
    """Mean squared error over all images of X (n, …) and their pixels, computed in batches of at
    most batch_size."""
    ### BEGIN SOLUTION
    total = 0.0
    for start in range(0, len(X), batch_size):
        batch = X[start : start + batch_size]
        total += np.mean((batch - reconstruct(batch)) ** 2) * len(batch)
    return float(total / len(X))
    ### END SOLUTION


# %%
mean_loss = check("2.7", mean_loss)

# %%
for batch_size in (100, 64):
    print(f"batches of {batch_size:<4} training {mean_loss(model.reconstruct, X, batch_size):.5f}",
          f"  validation {mean_loss(model.reconstruct, V, batch_size):.5f}")  # fmt: skip

# %% [markdown]
# **What to see.** Two errors of the same size, the same for every batch size. The sum had grown with the number of
# batches, and there were simply more training images than validation images. A loss worth reporting is a mean:
# twice the data must not mean twice the loss.

# %% [markdown]
# ## On the yardstick

# %%
Z_train, Z_valid = model.codings(X), model.codings(V)
P_train, P_valid = pca.transform(data.flatten(X)), pca.transform(data.flatten(V))
print(
    f"PCA-30: probe accuracy {metrics.linear_probe_accuracy(P_train, y, P_valid, labels):.3f}, "
    f"neighbours' accuracy {metrics.knn_accuracy(P_train, y, P_valid, labels):.3f}"
)
trusted, trusted_pixels, _ = figures["t-SNE of the codings"]
scoreboard.record(
    lesson="02",
    model="stacked autoencoder",
    codings=30,
    data=garments,
    seeds=(42,),
    parameters=model.count_params(),
    seconds=seconds,
    mse=metrics.mse(V, R),
    knn_accuracy=metrics.knn_accuracy(Z_train, y, Z_valid, labels),
    probe_accuracy=metrics.linear_probe_accuracy(Z_train, y, Z_valid, labels),
    trustworthiness=trusted,
)
scoreboard.show(["01", "02"])

# %% [markdown]
# The error is about a quarter below PCA's at the same number of codings. The probe accuracy says how well a linear
# classifier can read the class off the codings. It is about that of PCA's codings, printed above the table: bending the
# sheet brought it closer to the images, not to the labels. Lesson 03 asks what codings are worth when labels are few.

# %% [markdown]
# ## Summary
#
# - A stacked autoencoder is an hourglass, symmetric about its codings, trained by `fit(X, X)`.
# - Depth without activations is one matrix of rank 30, and PCA is the best of those. The gain comes from the bends.
# - Linear codings, sigmoid pixels, mean squared error: in this lesson the two ends matter as much as the middle.
# - Ask of every measure what the simplest answer scores; ask of every loss whether it doubles with the data.
# - A network with enough freedom can remember its images by one number each. Only new images show it.
# - t-SNE keeps neighbours. Distances between groups, their sizes and the axes mean nothing.

# %% [markdown]
# **Questions that come up**
#
# - *Is deeper always better?* Nothing guarantees it. Try `(256, 100)` for the hidden layers, with the same number of
#   epochs: it has nearly three times the weights. More layers ask for more data and more training. Layers that suit
#   images help more (lesson 06).
# - *Why is a plain 784-30-784 network with a sigmoid output not simply PCA?* Because of the sigmoid. It bends the sheet
#   where pixels approach black and white. With a linear output it would have PCA's sheet (lesson 01).
# - *Can I put new images into a t-SNE map?* Not with t-SNE itself: it places only the points it was made of. Codings can
#   be computed for any image; that is one more reason to learn an encoder.

# %% [markdown]
# - *Which perplexity should I take?* Between 5 and 50 for a few thousand points; then check that what you want to say
#   survives another value. It must stay below the number of points.
# - *Can I make new garments by decoding random codings?* Try it: `model.decode(np.random.normal(size=(10, 30)))`. It
#   fails, and lesson 10 says why.

# %% [markdown]
# **Where to read on**
#
# - Hinton and Salakhutdinov (2006), *Reducing the dimensionality of data with neural networks*, Science 313
# - van der Maaten and Hinton (2008), *Visualizing data using t-SNE*, Journal of Machine Learning Research 9
# - Wattenberg, Viégas and Johnson (2016), *How to use t-SNE effectively*, Distill,
#   [doi 10.23915/distill.00002](https://doi.org/10.23915/distill.00002)
# - Venna and Kaski (2001), *Neighborhood preservation in nonlinear projection methods*, ICANN
# - Kobak and Berens (2019), *The art of using t-SNE for single-cell transcriptomics*, Nature Communications 10
# - Loshchilov and Hutter (2017), *SGDR: stochastic gradient descent with warm restarts*,
#   [arXiv 1608.03983](https://arxiv.org/abs/1608.03983)
# - Géron (2022), *Hands-On Machine Learning with Scikit-Learn, Keras, and TensorFlow*, 3rd edition, chapter 17: the recipe
#   that `workbook.py bench 02` runs
