# ---
# lesson: "05"
# title: One autoencoder at a time
# question: What if a deep network will not learn, but shallow ones do?
# objectives:
#   - show how a deep network of 2006 fails when it is trained all at once, and measure why
#   - train an autoencoder of any depth one layer at a time, and stack the pieces in the right order
#   - encode a whole data set without losing, repeating or shuffling a row
#   - fine-tune a stack of frozen pieces, and check that all of it moves
#   - say what made the method unnecessary, and where its idea lives on
# needs: "lesson 02 (stacked autoencoder, warm-up and cosine); the chain rule"
# minutes: {reading: 30, exercises: 75, machine: 1.4}
# idea: >
#   Before 2006 hardly anybody could train a dense network of more than two or three hidden layers. Then Hinton and
#   Salakhutdinov trained deep ones, **one layer at a time**: a shallow network on the images, a second one on its codings, and
#   so on, and at the end all layers together. Our shallow networks are autoencoders. This lesson rebuilds the problem and the
#   rescue, and measures what has replaced it.
# cover: >
#   Ten garments, and three rows of what a deep network of 2006 draws of them: the same grey blur for each after a training
#   all at once, the garments after four phases of one layer each, and the garments once more after the fine-tuning
# ---

# %%
import sys

sys.path.insert(0, "..")  # the folder above holds `helpers`

from helpers import backend  # noqa: F401  (first: no start-up messages)
import keras
import numpy as np
import tensorflow as tf
from helpers import data, metrics, plots, scoreboard, session, training
from helpers.exercises import check, hint, quiz  # noqa: F401  (hints are for you: hint("5.1"))
from keras import ops  # noqa: F401  (at hand for your answers)

settings = session.start(
    "05",
    n_train=9_000,  # images to learn from
    phase_epochs=2,  # of each phase
    fine_epochs=4,  # of all layers together, at the end
    rates=(1.0, 10.0, 100.0),  # learning rates that are tried
)

# %% [markdown]
# ## A network of 2006
#
# Lesson 02 trained an autoencoder with one hidden layer on each side, and it was easy. Before 2006 hardly anybody could do
# that with many layers, although deep networks and back-propagation had been known for twenty years. First we build a deep
# network as it was built then, and watch it fail.

# %%
garments = data.load("fashion_mnist").take(train=settings.n_train, valid=settings.n_valid)
X, V = data.flatten(garments.X_train), data.flatten(garments.X_valid)
y, labels = garments.y_train, garments.y_valid
sizes = settings.sizes
plots.hourglass([784, *sizes, *sizes[-2::-1], 784], title="Our deep autoencoder")

# %% [markdown]
# **What to see.** A deep hourglass with eight layers of weights. In this lesson images are flat rows of 784 pixels, so that
# images and codings can be treated in the same way: both are rows of numbers.
#
# We build it as was usual then:
#
# - **sigmoid** units in every layer, $\sigma(a) = 1 / (1 + e^{-a})$;
# - small random weights: a layer with $n$ inputs draws them evenly from $-1/\sqrt n$ to $1/\sqrt n$;
# - stochastic gradient descent with momentum .9, and a constant learning rate.

# %%
from helpers.autoencoders import Autoencoder, greedy

then = dict(activation="sigmoid", initializer=greedy.uniform_of_then())


def descent(rate):
    """Gradient descent with momentum, as it was used then."""
    return keras.optimizers.SGD(rate, momentum=0.9)


def cosine(peak, epochs, batch_size):
    """Adam with the warm-up and the cosine of lesson 02, as it is used now."""
    rate = training.WarmupCosine.for_fit(peak, len(X), batch_size, epochs)
    return keras.optimizers.Adam(rate, beta_2=0.99)


keras.utils.set_random_seed(42)
deep = greedy.raw_sandwich(784, sizes, **then)
all_epochs = settings.phase_epochs + settings.fine_epochs
print(f"{deep.count_params():,} parameters, {all_epochs} epochs")

# %%
quiz("05-deep")

# %%
import time

mean_image = metrics.mse(V, np.broadcast_to(X.mean(axis=0), V.shape))
pca_30, pca_100 = metrics.pca_reconstruction_mse(X, V, [30, 100])


def train_at_once(kind, optimizer):
    """A fresh deep network with all layers trained together: (seconds, final validation MSE,
    model, its curve)."""
    keras.utils.set_random_seed(42)
    model = greedy.raw_sandwich(784, sizes, **kind)
    model.compile(
        loss="mse", optimizer=optimizer, steps_per_execution=16
    )  # 16 batches a call: less of Python's time
    started = time.perf_counter()
    history = model.fit(
        X, X, epochs=all_epochs, batch_size=settings.batch_size, validation_data=(V, V), verbose=0
    )
    seconds = time.perf_counter() - started
    return seconds, metrics.mse(V, model.reconstruct(V)), model, history.history["val_loss"]


tried = {f"learning rate {rate:g}": train_at_once(then, descent(rate)) for rate in settings.rates}
at_once = {name: run[3] for name, run in tried.items()}
seconds_at_once, error_at_once, stuck, _ = min(tried.values(), key=lambda run: run[1])
plots.curves(
    at_once,
    references={"the mean image": mean_image, "PCA-30": pca_30},
    ylabel="validation MSE",
    best=None,
    title="2006: all layers at once",
)

# %% [markdown]
# **What to see.** Nothing happens. With each of the three learning rates the error is that of answering every image with the
# mean of all images, and it stays there. (The rates look large because the loss is a mean over 784 pixels. For a sum over
# the pixels, as it was written then, they would be 784 times smaller.)

# %%
plots.reconstructions(V[:10], {"all at once": stuck.reconstruct(V[:10])}, errors=True,
                      titles=[garments.class_names[c] for c in labels[:10]])  # fmt: skip

# %% [markdown]
# **What to see.** The same grey blur ten times: the average garment. The network has learned no more than the biases of its
# last layer can hold: one image.

# %% [markdown]
# ## Why: look at the gradients
#
# Number the layers $1, \dots, L$ from the image to the reconstruction. Layer $l$ computes
#
# $$h_l = \sigma(a_l), \qquad a_l = h_{l-1} W_l + b_l, \qquad h_0 = x, \qquad h_L = \hat x,$$
#
# with a matrix of weights $W_l$ and a row of biases $b_l$. Back-propagation goes the other way. Write $\delta_l$ for the
# derivative of the loss with respect to $a_l$, and $\odot$ for the product entry by entry:
#
# $$\delta_{l} = (\delta_{l+1} W_{l+1}^\top) \odot \sigma'(a_l), \qquad \frac{\partial \mathcal L}{\partial W_l} =
# h_{l-1}^\top \delta_l .$$

# %% [markdown]
# So on its way back a gradient is multiplied, once per layer, by a slope and by a matrix.
#
# - The slope of a sigmoid, $\sigma'(a) = \sigma(a)(1 - \sigma(a))$, is at most $\tfrac14$.
# - A layer with $n_\text{in}$ inputs has weights drawn evenly from $\pm 1/\sqrt{n_\text{in}}$, of variance
#   $1/(3 n_\text{in})$. Each entry of $\delta_{l+1} W_{l+1}^\top$ is a sum over the $n_\text{out}$ outputs of layer $l + 1$. So
#   the matrix changes the size of the entries by a factor of about $\sqrt{n_\text{out} / (3 n_\text{in})}$.
#
# In an hourglass the product of all $n_\text{out} / n_\text{in}$ is 1: it begins and ends with 784. So over *all* layers the
# matrices together act like a factor of $1/\sqrt 3 \approx 0.58$ for each. With the slope that is about
# $0.25 \times 0.58 \approx 0.14$ for each layer. From layer 8 back to layer 1 there are seven such steps, and
# $0.14^7 \approx 10^{-6}$: about a millionth is left. (The seven steps leave out the matrix of layer 1, from 784 to 256. That
# changes the result by less than a factor of 2.)

# %% [markdown]
# ### Exercise 5.1 · How much gradient arrives?
# *15 minutes · difficulty 2 of 3*
#
# Measure it. For each weight matrix $W_1, \dots, W_L$ of the model, from the first layer to the last, return the **root
# mean square** of its gradient: the root of the mean of the squared derivatives. The loss is the mean squared error over
# all rows of `X` and their pixels. Biases are left out: a matrix has two axes. Nothing is trained.


# %%
def gradient_sizes(model: Autoencoder, X: np.ndarray) -> list[float]:
    """Root mean square of the gradient of mean((X - model(X))²) in each weight matrix, the first
    layer's first.

    X: (n, pixels). `model.trainable_weights` lists matrices and biases in the order of the layers.
    """
    ### BEGIN SOLUTION
    matrices = [weight for weight in model.trainable_weights if len(weight.shape) == 2]
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(X - model(X)))
    gradients = tape.gradient(loss, matrices)
    return [float(tf.sqrt(tf.reduce_mean(tf.square(gradient)))) for gradient in gradients]
    ### END SOLUTION


# %%
gradient_sizes = check("5.1", gradient_sizes)

# %%
networks = {
    "2006": then,
    "sigmoid, Glorot's weights": dict(activation="sigmoid", initializer="glorot_uniform"),
    "SiLU, He's weights": dict(activation="silu", initializer="he_normal"),
}
arriving, signal = {}, {}
for name, kind in networks.items():
    keras.utils.set_random_seed(42)
    fresh = greedy.raw_sandwich(784, sizes, **kind)
    arriving[name] = gradient_sizes(fresh, X[: settings.n_gradient])
    signal[name] = greedy.differences_between_images(fresh, X[: settings.n_gradient])
layer = list(range(1, 2 * len(sizes) + 1))
plots.curves(
    arriving,
    x=layer,
    xlabel="layer, from the image to the reconstruction",
    ylabel="gradient (root mean square)",
    log=True,
    best=None,
    title="What back-propagation brings to each layer of a fresh network",
)

# %% [markdown]
# **What to see.** Read it from the right, as back-propagation goes. In the network of 2006 the gradient falls with every
# layer, to about a millionth of what it was, as computed above. The first layer gets almost none. Glorot's weights,
# of variance $2 / (n_\text{in} + n_\text{out})$, lose a little less with each layer. The third network has SiLU units,
# $a\,\sigma(a)$, which let large inputs through, and He's weights, of variance $2 / n_\text{in}$. Its layers all get
# gradients within a factor of ten.

# %%
plots.curves(
    signal,
    x=[0, *layer],
    xlabel="layer (0: the images)",
    ylabel="difference between images",
    log=True,
    best=None,
    title="What is left of the differences between images",
)

# %% [markdown]
# **What to see.** The same happens on the way forward. This is the spread of each layer's output from image to image.
# After a few layers of 2006 all images look alike, so the last layers cannot tell a boot from a bag. A layer that gets the same
# row for every image can learn only one answer: the mean image. (Where the curve of 2006 becomes flat, at some millionths,
# only the rounding of 32-bit numbers is left.)

# %% [markdown]
# ## The rescue: one layer at a time
#
# A **shallow** autoencoder, with one layer on each side, is easy to train: gradient and signal have only two layers to pass.
# So one hard task becomes several easy ones:
#
# 1. **Phase 1.** Train a shallow autoencoder on the images. Its codings describe them with 256 numbers.
# 2. **Encode** the whole training set.
# 3. **Phase 2.** Train a second shallow autoencoder *on these codings*, as if they were images: 256 → 128 → 256.
# 4. Encode again, train again, down to 30 numbers.
# 5. **Stack** the pieces like a sandwich, and train everything together: **fine-tuning**.
#
# The method is called *greedy*: each phase does the best for itself and does not care about what comes after.

# %% [markdown]
# In symbols: phase $p$ has an encoder $f_p$ and a decoder $g_p$, one layer each. With $z_0 = x$ and $z_p = f_p(z_{p-1})$, it
# minimises
#
# $$\mathcal L_p = \frac{1}{n\, d_{p-1}} \sum_{i=1}^{n} \lVert z_{p-1}^{(i)} - g_p\bigl(f_p(z_{p-1}^{(i)})\bigr) \rVert^2 ,$$
#
# where $n$ is the number of images, $i$ counts them, and $d_{p-1}$ is the width of the rows $z_{p-1}$.

# %% [markdown]
# ### Exercise 5.2 · One phase
# *15 minutes · difficulty 1 of 3*
#
# Build a shallow autoencoder for `rows`, train it on them, freeze it and return it. The encoder is one Dense layer with
# `units` units and `activation`, the decoder one Dense layer back to the width of the rows with `output_activation`.
# Both draw their weights from `initializer` (a Dense layer takes it as `kernel_initializer`). The loss is the mean squared
# error; `optimizer` is given. Freezing (`trainable = False`, after the training) makes sure that nothing changes a
# finished phase by accident.


# %%
def one_phase(
    rows: np.ndarray,
    units: int,
    optimizer: keras.optimizers.Optimizer,
    epochs: int,
    batch_size: int,
    activation: str = "sigmoid",
    output_activation: str = "sigmoid",
    initializer: object = "glorot_uniform",
) -> Autoencoder:
    """A shallow autoencoder rows.shape[1] → units → rows.shape[1], trained on `rows` (n, width)
    and frozen."""
    ### BEGIN SOLUTION
    width = rows.shape[1]
    inwards = keras.layers.Dense(units, activation=activation, kernel_initializer=initializer)
    outwards = keras.layers.Dense(
        width, activation=output_activation, kernel_initializer=initializer
    )
    encoder = keras.Sequential([keras.Input((width,)), inwards])
    decoder = keras.Sequential([keras.Input((units,)), outwards])
    model = Autoencoder(encoder, decoder)
    model.compile(loss="mse", optimizer=optimizer)
    model.fit(rows, rows, epochs=epochs, batch_size=batch_size, verbose=0)
    model.trainable = False
    return model
    ### END SOLUTION


# %%
one_phase = check("5.2", one_phase)

# %% [markdown]
# ### An equal amount of work
#
# How much work is that? Every weight of the deep network belongs to exactly one phase. So one epoch of *all* phases costs
# as many multiplications as one epoch of the whole network. If each phase has 2 epochs and the fine-tuning 4, then 6
# epochs all at once are the same amount of arithmetic. That is what the deep network above was given.

# %%
from collections.abc import Callable

# NBVAL_CHECK_OUTPUT
widths = [784, 256, 128, 64, 30]
in_phases = [2 * a * b for a, b in zip(widths[:-1], widths[1:])]
there_and_back = [*widths, *widths[-2::-1]]
print(
    "weights in the phases   ",
    " + ".join(f"{count:,}" for count in in_phases),
    f"= {sum(in_phases):,}",
)
print(
    "weights in the whole     "
    f"{sum(a * b for a, b in zip(there_and_back[:-1], there_and_back[1:])):,}"
)

# %% [markdown]
# ### Exercise 5.3 · A loop for any depth
# *15 minutes · difficulty 2 of 3*
#
# For each entry of `sizes`, train a phase with `train_phase(rows, valid_rows, units)`; it returns a shallow autoencoder
# whose method `codings(A)` encodes all rows of an array. The first phase gets the images `X` and `X_valid`, each later
# one the codings of the phase before. Return the list of phases, the outermost first.
#
# The validation rows must pass through the *same* encoders. Nothing is ever trained on them.


# %%
def layer_by_layer(
    train_phase: Callable, X: np.ndarray, X_valid: np.ndarray, sizes: tuple[int, ...]
) -> list:
    """The trained phases, one for each entry of `sizes`; X (n, pixels) and X_valid (m, pixels)
    are images."""
    ### BEGIN SOLUTION
    phases = []
    rows, valid_rows = X, X_valid
    for units in sizes:
        phase = train_phase(rows, valid_rows, units)
        phases.append(phase)
        rows, valid_rows = phase.codings(rows), phase.codings(valid_rows)
    return phases
    ### END SOLUTION


# %%
layer_by_layer = check("5.3", layer_by_layer)

# %% [markdown]
# The same network of 2006, the same initialization, the same optimizer:

# %%
rate_then = 10.0
journal = []  # of each phase: widths, error on the validation rows, their variance


def phase_of_2006(rows, valid_rows, units):
    phase = one_phase(
        rows, units, descent(rate_then), settings.phase_epochs, settings.batch_size, **then
    )
    variance = float(np.mean((valid_rows - rows.mean(axis=0)) ** 2))
    journal.append(
        (rows.shape[1], units, metrics.mse(valid_rows, phase.reconstruct(valid_rows)), variance)
    )
    return phase


keras.utils.set_random_seed(42)
started = time.perf_counter()
phases = layer_by_layer(phase_of_2006, X, V, sizes)
seconds_phases = time.perf_counter() - started
print(
    f"{'phase':<8}{'layers':>16}{'validation MSE':>17}{'variance of its rows':>23}"
    f"{'not explained':>16}"
)
for number, (width, units, error, variance) in enumerate(journal, start=1):
    print(
        f"{number:<8}{f'{width}-{units}-{width}':>16}{error:>17.5f}{variance:>23.5f}"
        f"{error / variance:>16.1%}"
    )

# %%
quiz("05-units")

# %% [markdown]
# A larger error in a later phase says as little. A well-known textbook prints 0.0089 after its phase 1 and 0.0516 after
# phase 2. That does not say that its second phase is worse: its codings (ReLU, unbounded) are larger numbers. The last column
# above, the error as a share of the variance of the rows, has no unit; but it is still about codings. For a comparison we
# need pixels.

# %% [markdown]
# ## The sandwich
#
# Take phases 1, 2, 3. An image passes encoder 1, then 2, then 3. To come back, decoder 3 has to undo encoder 3 first:
#
# $$\hat x = g_1(g_2(g_3(f_3(f_2(f_1(x)))))) .$$
#
# It is like a coat over a pullover over a shirt: what was put on last comes off first.

# %% [markdown]
# ### Exercise 5.4 · The sandwich
# *10 minutes · difficulty 2 of 3*
#
# Stack the phases to one `Autoencoder(encoder, decoder)`. Each phase has a Keras model `.encoder` and one `.decoder`;
# `keras.Sequential` takes a list of models as well as of layers. Use the trained pieces themselves: a fresh copy of a
# layer would have random weights.
#
# If all layers had the same width, a wrong order would run without complaint. The check tries just that.


# %%
def sandwich(phases: list) -> Autoencoder:
    """One deep autoencoder of shallow ones (the outermost first), with their own trained layers."""
    ### BEGIN SOLUTION
    encoder = keras.Sequential([phase.encoder for phase in phases])
    decoder = keras.Sequential([phase.decoder for phase in reversed(phases)])
    return Autoencoder(encoder, decoder)
    ### END SOLUTION


# %%
sandwich = check("5.4", sandwich)

# %%
stages, stage_errors = {}, {}


def keep(name, model):
    """Note the first images as the model reconstructs them, and its validation error."""
    stages[name], stage_errors[name] = (
        model.reconstruct(V[:10]),
        metrics.mse(V, model.reconstruct(V)),
    )


keep("all at once", stuck)
for depth in range(1, len(phases) + 1):
    keep(f"{depth} phase{'s' * (depth > 1)}: {sizes[depth - 1]} codings", sandwich(phases[:depth]))
for name, error in stage_errors.items():
    print(f"{name:<26}validation MSE {error:.4f}")

# %% [markdown]
# **What to see.** Now the errors are in pixels. A stack of the first phases alone is a complete autoencoder, too. A deeper
# stack loses a little more at each layer, since no phase can repair what an earlier one has lost. All of them are far below
# the mean image, where the same network stayed when it was trained all at once.

# %% [markdown]
# ## Fine-tuning
#
# Phase 1 kept what *it* needed for pixels and knew nothing about the narrow neck that comes later. So, as a last step, all
# layers are trained together on the images. That is exactly the training that failed above. Only its starting point is
# different.

# %%
quiz("05-together")

# %%
grown = {
    "fresh": gradient_sizes(greedy.raw_sandwich(784, sizes, **then), X[: settings.n_gradient]),
    "after the phases": greedy.gradient_sizes(sandwich(phases), X[: settings.n_gradient]),
}
plots.curves(
    grown,
    x=layer,
    xlabel="layer, from the image to the reconstruction",
    ylabel="gradient (root mean square)",
    log=True,
    best=None,
    title="The gradients of the network of 2006",
)

# %% [markdown]
# **What to see.** After the phases the gradient of the first layer is some thirty thousand times larger than in the fresh
# network, and all layers are within a factor of ten. The phases have found a starting point from which back-propagation
# works.

# %% [markdown]
# ### Exercise 5.5 · Fine-tuning
# *10 minutes · difficulty 2 of 3*
#
# Train all layers of the sandwich together on the images `X` and return the History. Its pieces come frozen. One trap:
# the line `model.trainable = True` does **nothing** here. The model itself was never frozen, only the pieces inside; Keras
# sees that the value is True already, and does not pass it on. Make the pieces trainable, those in
# `model.encoder.layers` and those in `model.decoder.layers`, *then* compile.


# %%
def fine_tune(
    model: Autoencoder,
    X: np.ndarray,
    optimizer: keras.optimizers.Optimizer,
    epochs: int,
    batch_size: int,
) -> keras.callbacks.History:
    """Train every layer of `model` on the images X (n, pixels) by the mean squared error; returns
    the History."""
    ### BEGIN SOLUTION
    for part in [*model.encoder.layers, *model.decoder.layers]:
        part.trainable = True
    model.compile(loss="mse", optimizer=optimizer)
    return model.fit(X, X, epochs=epochs, batch_size=batch_size, verbose=0)
    ### END SOLUTION


# %%
fine_tune = check("5.5", fine_tune)

# %%
rescued = sandwich(phases)
started = time.perf_counter()
history = fine_tune(rescued, X, descent(rate_then), settings.fine_epochs, settings.batch_size)
seconds_rescued = seconds_phases + time.perf_counter() - started
keep("all phases, fine-tuned", rescued)
print(f"{'the network of 2006':<26}{'epochs':>12}{'seconds':>10}{'validation MSE':>17}")
print(f"{'all at once':<26}{all_epochs:>12}{seconds_at_once:>10.1f}{error_at_once:>17.4f}")
greedy_epochs = f"{settings.phase_epochs} + {settings.fine_epochs}"
print(
    f"{'one layer at a time':<26}{greedy_epochs:>12}{seconds_rescued:>10.1f}"
    f"{stage_errors['all phases, fine-tuned']:>17.4f}"
)
print(f"{'(the mean image)':<48}{mean_image:>17.4f}")

# %% [markdown]
# **What to see.** The same network, the same kind of initial weights, the same optimizer, the same amount of arithmetic. All at
# once it draws the mean image. One layer at a time it draws garments. That is why the method made such an impression.
# (Read the epochs, not the seconds: the phases hand their batches over one by one, the other training sixteen at a time.)

# %% tags=["cover"]
few = [list(stages)[place] for place in (0, -2, -1)]
plots.image_rows({"image": V[:10], **{name: stages[name] for name in few}})

# %% [markdown]
# **What to see.** Trained all at once, the network draws the same blur for every image. After the phases it draws a boot
# for a boot and trousers for trousers, all of them blurred. Little is to be seen of the two dark garments, and the white dress
# comes out as trousers. What the fine-tuning adds is seen better with the errors, stage by stage:

# %%
from helpers.autoencoders.greedy import stage_explorer

stage_explorer(stages, V[:10], stage_errors)

# %% [markdown]
# **What to see.** Slide through the stages, from the network that never learned to the fine-tuned one. Phase 1 gives shape
# and shade. Each further phase loses a little: the error of nearly every image grows. Fine-tuning brings more back than
# was lost: with 30 codings the mean error of the validation images (0.0245) is smaller than that of phase 1 with 256
# (0.0263).
# The outer layers have had four more epochs by then, this time together with the narrow neck.

# %% [markdown]
# ## What replaced it
#
# Hardly anybody trains like this today. Three things have changed: weights scaled so that signal and gradient keep their
# size (Glorot and Bengio, 2010; [He and others, 2015](https://arxiv.org/abs/1502.01852)), units that do not saturate (ReLU,
# around 2010, and its smooth variants), and optimizers that give each weight a step size of its own
# ([Adam, 2014](https://arxiv.org/abs/1412.6980)). Which of them would have helped the network of 2006? We try the weights
# alone, and Adam alone, with the warm-up and the cosine. The new units come together with the weights that fit them.

# %%
quiz("05-cause")

# %%
smooth = dict(activation="silu", initializer="he_normal")
changes = {
    **{  # every learning rate that the old weights were given
        f"Glorot's weights, rate {rate:g}": (networks["sigmoid, Glorot's weights"], descent(rate))
        for rate in settings.rates
    },
    "Adam": (then, cosine(8e-3, all_epochs, settings.batch_size)),
    "SiLU and He's weights": (smooth, descent(1.0)),
    "all three": (smooth, cosine(5e-3, all_epochs, settings.batch_size)),
}
found = {"2006, all at once": (seconds_at_once, error_at_once)}
for name in list(changes)[-settings.changes :]:
    seconds, error, modern, _ = train_at_once(*changes[name])
    found[f"  with {name}"] = seconds, error
found["2006, one layer at a time"] = seconds_rescued, stage_errors["all phases, fine-tuned"]

print(
    f"{'all with the same arithmetic':<32}{'seconds':>9}{'validation MSE':>17}"
    f"{'against PCA-30':>17}"
)
for name, (seconds, error) in found.items():
    print(f"{name:<32}{seconds:>9.1f}{error:>17.4f}{error / pca_30 - 1:>+17.0%}")

# %% [markdown]
# **What to see.** Glorot's weights alone do not help within these epochs, at any of the three learning rates: the sigmoids
# still shrink everything. Adam alone gets away from the mean image, but ends behind the greedy method. Units that let the
# signal through, with weights that fit them, need no rescue even with the old optimizer: they come to about the error of
# the greedy network of 2006. All three together are far better than any of these exchanges alone, without any phases. (One
# seed each: large steps count, small ones do not.)

# %% [markdown]
# ## Does it still pay?
#
# For a fair comparison the greedy method gets the modern parts, too. We take the layers of lesson 02, 784-100-30-100-784, leaky
# ReLU for the two hidden layers ($\max(a, 0.2\,a)$: it bends, but loses nothing), linear codings, sigmoid pixels, Adam with
# a warm-up and a cosine in every phase.
#
# Phase 1 alone, 784-100-784, has 100 codings. Its rival is PCA with 100 components.

# %%
def modern_phase(rows, valid_rows, units):
    """Phase 1 makes 100 leaky codings from pixels; phase 2 makes 30 linear ones from those."""
    outermost = rows.shape[1] == 784
    epochs = settings.two_epochs[0 if outermost else 1]
    ends = ("leaky_relu", "sigmoid") if outermost else (None, "leaky_relu")
    optimizer = cosine(settings.two_peak, epochs, settings.two_batch)
    return one_phase(rows, units, optimizer, epochs, settings.two_batch, *ends)


def tune_two(model, epochs):
    fine_tune(
        model, X, cosine(settings.two_peak, epochs, settings.two_batch), epochs, settings.two_batch
    )


keras.utils.set_random_seed(42)
started = time.perf_counter()
two_phases = layer_by_layer(modern_phase, X, V, settings.two)
first_error = metrics.mse(V, two_phases[0].reconstruct(V))
two = sandwich(two_phases)
stacked_error = metrics.mse(V, two.reconstruct(V))
encoder_1 = keras.models.clone_model(
    two_phases[0].encoder
)  # phase 1 as it is now, for later: fine-tuning changes it
encoder_1.set_weights(two_phases[0].encoder.get_weights())
tune_two(two, settings.two_fine)
seconds_two = time.perf_counter() - started
two_error = metrics.mse(V, two.reconstruct(V))

# %%
# The same layers, fresh, all at once; as many epochs as the two large layers have had in phase 1
# and the fine-tuning.
keras.utils.set_random_seed(42)
outer, inner = (
    greedy.shallow_autoencoder(784, 100, "leaky_relu"),
    greedy.shallow_autoencoder(100, 30, None, "leaky_relu"),
)
rival = sandwich([outer, inner])
started = time.perf_counter()
tune_two(rival, settings.two_epochs[0] + settings.two_fine)
seconds_rival = time.perf_counter() - started
rival_error = metrics.mse(V, rival.reconstruct(V))

print(f"{'':<34}{'codings':>9}{'seconds':>9}{'validation MSE':>17}")
print(f"{'PCA-100':<34}{100:>9}{'':>9}{pca_100:>17.5f}")
print(f"{'phase 1':<34}{100:>9}{'':>9}{first_error:>17.5f}")
print(f"{'PCA-30':<34}{30:>9}{'':>9}{pca_30:>17.5f}")
print(f"{'two phases, stacked':<34}{30:>9}{'':>9}{stacked_error:>17.5f}")
print(f"{'two phases, stacked, fine-tuned':<34}{30:>9}{seconds_two:>9.1f}{two_error:>17.5f}")
print(f"{'the same layers, all at once':<34}{30:>9}{seconds_rival:>9.1f}{rival_error:>17.5f}")

# %% [markdown]
# **What to see.** Phase 1 comes to about the error of PCA-100. The two phases together, only stacked, are behind PCA-30;
# fine-tuning repairs that. The last two rows answer the question: the same layers, trained all at once with about the same
# amount of arithmetic, are not worse (one seed each). With modern parts the phases gain nothing here.
#
# `python3 workbook.py bench 05` sets our phases beside those of a well-known textbook, by the clock.

# %% [markdown]
# ## Find the bug
#
# A colleague wants the codings of the whole training set. "I reuse the pipeline that I train with," she says.


# %%
def her_encoding(encoder, X, batch_size):
    batches = (
        tf.data.Dataset.from_tensor_slices(X)
        .shuffle(len(X), seed=1)
        .batch(batch_size, drop_remainder=True)
    )
    return np.concatenate([encoder(batch) for batch in batches])


hers, ours = her_encoding(encoder_1, X, 64), greedy.encode_all(encoder_1, X)
Z_valid = greedy.encode_all(encoder_1, V)
print(f"{'codings':<9}{'rows':>8}{'their variance':>17}{'probe accuracy':>17}")
for name, Z in (("hers", hers), ("ours", ours)):
    part = slice(0, min(2000, len(Z)))
    probe = metrics.linear_probe_accuracy(Z[part], y[part], Z_valid, labels)
    print(f"{name:<9}{len(Z):>8,}{Z.var(axis=0).mean():>17.3f}{probe:>17.1%}")

# %% [markdown]
# Phase 2 trains on her codings as well as on ours; nothing warns. But in the last column a linear classifier has to read the
# class off the codings of the first 2,000 images, and with hers it only guesses. What has happened to her rows?

# %% [markdown]
# ### Exercise 5.6 · Mend the encoding
# *10 minutes · difficulty 2 of 3*
#
# Return the codings of all rows of `X`: row $i$ of the result belongs to row $i$ of `X`, none is missing, none comes twice.
# Encode in batches of at most `batch_size` rows, since the whole set at once may not fit into memory; the last batch may
# be smaller. `encoder(batch)` gives the codings of a batch. It may contain dropout, which must be switched off here.


# %%
def encode_all(encoder: keras.Model, X: np.ndarray, batch_size: int) -> np.ndarray:
    """The codings of all rows of X (n, …), in the order of X, computed in batches of at most
    batch_size rows."""
    ### BEGIN SOLUTION
    codings = []
    for start in range(0, len(X), batch_size):
        batch = X[start : start + batch_size]
        codings.append(np.asarray(encoder(batch, training=False)))
    return np.concatenate(codings)
    ### END SOLUTION


# %%
encode_all = check("5.6", encode_all)

# %%
mended = encode_all(encoder_1, X, 64)
probe = metrics.linear_probe_accuracy(mended[:2000], y[:2000], Z_valid, labels)
print(f"{len(mended):,} rows, probe accuracy {probe:.1%}")

# %% [markdown]
# **What to see.** The class is there again, and so are the 40 rows that were missing. Shuffling is right for training batches.
# But codings that were computed in a shuffled order belong to other images than the labels beside them. For phase 2 alone this
# does no harm, since every row is its own target. So the mistake stays hidden until the codings are used together with labels
# or images.

# %% [markdown]
# ## On the yardstick

# %%
for name, model, seconds in (
    ("greedy, 2006, fine-tuned", rescued, seconds_rescued),
    ("deep, all at once", modern, found["  with all three"][0]),
    ("greedy, fine-tuned", two, seconds_two),
):
    Z = model.codings(X[:10_000])
    scoreboard.record(
        lesson="05",
        model=name,
        codings=int(Z.shape[1]),
        data=garments,
        seeds=(42,),
        seconds=seconds,
        parameters=model.count_params(),
        mse=metrics.mse(V, model.reconstruct(V)),
        probe_accuracy=metrics.linear_probe_accuracy(Z, y[:10_000], model.codings(V), labels),
    )
scoreboard.show(["01", "02", "05"])

# %% [markdown]
# The network of 2006, even rescued, stays behind PCA with as many codings. With today's parts the same deep network, in as
# few epochs and all at once, comes to about PCA's error. The two phases with fewer layers and more epochs are well below it,
# near the stacked autoencoder of lesson 02.

# %% [markdown]
# ## Summary
#
# - Sigmoids and small weights shrink signal and gradient at every layer. A deep network of them learns the mean image.
# - Greedy layer-wise training divides one deep problem into shallow ones: train, encode the *whole* set, train on the codings.
# - The sandwich: encoders in order, decoders in reverse order, with the trained layers themselves.
# - Fine-tuning needs every layer to move. Look at the weights before and after; flags can mislead.
# - Errors of different phases have different units. Decode to pixels before you compare.
# - Better initialization, units that do not saturate, and adaptive optimizers have made the rescue unnecessary.

# %% [markdown]
# ### Where the idea lives on
#
# - **Progressive growing** (lesson 15): a generator learns 4 × 4 images first, then 8 × 8, and so on. New layers come one
#   at a time; but the old ones go on learning, and each new one is faded in.
# - **Pretraining** (lesson 03): learn from many images without labels, then fine-tune on few with labels. The first deep
#   networks for speech were built in just this way. The largest models of today begin without labels, too, but with all
#   their layers at once.
# - **Where memory is short**: a phase needs only its own layer, its own gradients and the codings of the one before.

# %% [markdown]
# **Questions that come up**
#
# - *Did Hinton and Salakhutdinov use autoencoders in the phases?* No: restricted Boltzmann machines, small probabilistic
#   networks. Bengio and others showed a year later that shallow autoencoders do nearly as well.
# - *Does fine-tuning change the phases?* Yes. The sandwich holds their own layers, not copies. To keep the old weights, note
#   them first: `phase.get_weights()`.
# - *Why not simply make the initial weights larger?* With sigmoids that replaces one problem by another: large sums lie in
#   the flat ends of the curve, where its slope is nearly 0. Glorot and Bengio worked out the right size for units like
#   tanh, and He and others for ReLU.

# %% [markdown]
# - *May phase 2 use another loss?* Yes; each phase is a model of its own. With sigmoid codings in [0, 1] cross-entropy was
#   common.
# - *How long should a phase train?* Not to the last digit: fine-tuning goes over it again. A few epochs will do.
# - *Is depth useless for autoencoders, then?* This lesson cannot tell: its deep network had fewer epochs than the shallower
#   one. Lesson 06 does not add layers. It takes layers that suit images, and that pays.

# %% [markdown]
# **Where to read on**
#
# - Hinton and Salakhutdinov (2006), *Reducing the dimensionality of data with neural networks*, Science 313
# - Hinton, Osindero and Teh (2006), *A fast learning algorithm for deep belief nets*, Neural Computation 18
# - Bengio, Lamblin, Popovici and Larochelle (2007), *Greedy layer-wise training of deep networks*, NIPS 19
# - Erhan and others (2010), [*Why does unsupervised pre-training help deep
#   learning?*](https://jmlr.org/papers/v11/erhan10a.html), Journal of Machine Learning Research 11
# - Glorot and Bengio (2010), [*Understanding the difficulty of training deep feedforward neural
#   networks*](https://proceedings.mlr.press/v9/glorot10a.html), AISTATS
# - He, Zhang, Ren and Sun (2015), *Delving deep into rectifiers*, [arXiv 1502.01852](https://arxiv.org/abs/1502.01852)
# - Belilovsky, Eickenberg and Oyallon (2019), *Greedy layerwise learning can scale to ImageNet*,
#   [arXiv 1812.11446](https://arxiv.org/abs/1812.11446)
# - Karras, Aila, Laine and Lehtinen (2018), *Progressive growing of GANs*, [arXiv 1710.10196](https://arxiv.org/abs/1710.10196)
