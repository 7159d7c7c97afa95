# ---
# lesson: "04"
# title: Tied weights
# question: Must a decoder learn what its encoder already knows?
# objectives:
#   - tie a decoder to its encoder, and count what is saved before running anything
#   - write a Keras layer that shares the kernel of another one, and test that it does
#   - derive the gradient of a weight that stands in two places
#   - explain and measure why tying makes a linear autoencoder orthogonal, and what that is good for
#   - say what tying does to time, to the error on new images and to overfitting, from measurements over several seeds
# needs: "lesson 02 (stacked autoencoder); lesson 01 for PCA and its subspace"
# minutes: {reading: 30, exercises: 85, machine: 1.7}
# idea: >
#   An encoder measures how much of each pattern is in an image. A decoder draws with patterns. **Tied weights** let both use
#   the same patterns: the decoder has no kernels of its own, it uses the encoder's, transposed. That halves the weights. In a
#   linear autoencoder it does more: the patterns end at right angles to each other, although nobody asked for that.
# cover: >
#   Three rows of squares, matrices over the steps of a training. In the tied row and in the product of decoder and encoder a
#   red diagonal appears on white; the row of the untied encoder stays pale and mixed
# ---

# %%
import sys

sys.path.insert(0, "..")  # the folder above holds `helpers`

from helpers import backend  # first: no start-up messages
import keras
import numpy as np
import tensorflow as tf  # noqa: F401  (at hand for your answers)
from helpers import data, metrics, plots, scoreboard, session, training
from helpers.exercises import check, hint, quiz  # noqa: F401  (hints are for you: hint("4.1"))
from keras import layers, ops

settings = session.start(
    "04",
    n_train=9_000,  # images to learn from
    epochs=8,
    batch_size=32,
    peak=8e-3,  # the highest learning rate
    seeds=(1, 2, 3),  # of each comparison
)

# %% [markdown]
# ## The same patterns, there and back
#
# In PCA the components that measure are also the components that draw. The stacked autoencoder of lesson 02 had two separate
# sets of weights for these two tasks. With **tied weights** it has one. The decoder uses the encoder's kernels, transposed:

# %%
from helpers.autoencoders.tied import (
    Tied, TiedAutoencoder, figures as tied_figures, layers as tied_layers,
)  # fmt: skip

tied_figures.tied_pairs([784, 100, 30], title="Four kernels, two of them tied to the other two")

# %% [markdown]
# **What to see.** Kernels of one colour are one and the same matrix, on the left as it is, on the right transposed. The
# first is tied to the last, and the second to the one before the last. The biases are not shared. In a tied pair they could
# not be: a bias has one number for each output of its layer, and the two layers of a pair have outputs of different sizes.

# %% [markdown]
# ### In symbols
#
# Number the $N$ layers of the autoencoder from the image to the reconstruction; $N$ is even, and layer $N/2$ makes the
# codings. Layer $\ell$ turns a row $a$ into $\varphi_\ell(a\,W_\ell + b_\ell)$, with a kernel $W_\ell$, a bias $b_\ell$
# and an activation $\varphi_\ell$. Tying means
#
# $$W_{N - \ell + 1} = W_\ell^\top \qquad\text{for } \ell = 1, \dots, N/2,$$
#
# and every layer keeps its own $b_\ell$. The shapes fit: if $W_\ell$ leads from $m$ to $n$ numbers, its
# transpose leads from $n$ back to $m$.

# %% [markdown]
# ### Exercise 4.1 · Count before you run
# *5 minutes · difficulty 1 of 3*
#
# How many trainable parameters has a symmetric stacked autoencoder? `sizes` lists the numbers at each stage from the
# image to the codings, such as `[784, 100, 30]`; the decoder goes back the same way. Every layer has a bias. With `tied`,
# each kernel of the decoder is the transpose of one of the encoder.


# %%
def parameters(sizes: list[int], tied: bool) -> int:
    """Trainable parameters of the autoencoder sizes[0] -> … -> sizes[-1] -> … -> sizes[0], all
    layers with biases."""
    ### BEGIN SOLUTION
    kernels = sum(a * b for a, b in zip(sizes[:-1], sizes[1:], strict=True))
    encoder_biases, decoder_biases = sum(sizes[1:]), sum(sizes[:-1])
    return (kernels if tied else 2 * kernels) + encoder_biases + decoder_biases
    ### END SOLUTION


# %%
parameters = check("4.1", parameters)

# %%
# NBVAL_CHECK_OUTPUT
print(f"{'sizes':<24}{'untied':>12}{'tied':>12}{'share':>9}")
for sizes in ([784, 30], [784, 100, 30], [784, 300, 100, 30]):
    both = parameters(sizes, tied=False), parameters(sizes, tied=True)
    print(f"{'-'.join(map(str, sizes)):<24}{both[0]:>12,}{both[1]:>12,}{both[1] / both[0]:>9.1%}")

# %% [markdown]
# **What to see.** A little more than half: the number of kernels is halved, the number of biases is not.

# %% [markdown]
# ## A layer without a kernel of its own
#
# Keras has no such layer, so we write one. Three things are easily got wrong:
#
# 1. **Share, do not copy.** A copy is equal to the kernel once. After the next training step it no longer is.
# 2. **The kernel has one home.** It belongs to the encoder: there it is listed, counted, frozen and saved. If it were
#    listed in the decoder as well, the summary would count it twice.
# 3. **The bias is the layer's own.**

# %% [markdown]
# The base class `Tied` does the routine part. It is made with the encoder's layer, `DenseTranspose(dense, activation)`,
# and keeps it as `self.source` without letting Keras count it as a part. It offers
#
# - `self.kernel`, the kernel of the source: the variable itself, of shape (features, units);
# - `self.activation`, the function for the result.
#
# The bias and the computation are left for you.

# %% [markdown]
# ### Exercise 4.2 · A transposed dense layer
# *15 minutes · difficulty 2 of 3*
#
# The source is a `Dense` layer from `features` to `units` numbers, with the kernel $W$ of shape (features, units). Your
# layer goes back: from inputs $h$ of shape (batch, units) to $\varphi(h\,W^\top + c)$, of shape (batch, features). In
# `build` make its bias $c$ with `self.add_weight(shape=…, initializer="zeros", name="bias")`; in `call` compute.


# %%
class DenseTranspose(Tied):
    """A dense layer run backwards, with the kernel of `self.source`: (batch, units) -> (batch,
    features)."""

    def build(self, input_shape: tuple):
        """Make the layer's own bias, self.bias: one number for each feature, zero at first."""
        ### BEGIN SOLUTION
        self.bias = self.add_weight(shape=(self.kernel.shape[0],), initializer="zeros", name="bias")
        ### END SOLUTION

    def call(self, inputs: keras.KerasTensor):
        """activation(inputs Wᵀ + bias), with W = self.kernel of shape (features, units)."""
        ### BEGIN SOLUTION
        return self.activation(ops.matmul(inputs, ops.transpose(self.kernel)) + self.bias)
        ### END SOLUTION


# %%
DenseTranspose = check("4.2", DenseTranspose)

# %%
encoder = keras.Sequential([keras.Input((784,)), layers.Dense(30, name="codings")], name="encoder")
decoder = keras.Sequential(
    [keras.Input((30,)), DenseTranspose(encoder.get_layer("codings"))], name="decoder"
)
small = TiedAutoencoder(encoder, decoder)
for weight in small.trainable_weights:
    print(f"{weight.path:<36}{tuple(weight.shape)}")
print(
    f"the model counts {small.count_params():,} parameters, exercise 4.1 "
    f"{parameters([784, 30], tied=True):,}"
)

# %% [markdown]
# **What to see.** Three weights, not four. The kernel is listed once, with the encoder; the optimizer will change it once in
# each step. `TiedAutoencoder` is the `Autoencoder` of lesson 02 with one more ability, shown below: after saving and
# loading it is still tied.

# %% [markdown]
# ## One weight, two places
#
# Backpropagation works without being told about tying. But what does it compute? Take the smallest case: one kernel $W$ with $d$
# rows and $k$ columns, no activations, no biases. The $n$ examples, rows of $d$ numbers, are the rows of $X$. Then
#
# $$\hat X = X\,W\,W^\top, \qquad \mathcal L = \frac{1}{n d}\,\lVert X - \hat X\rVert^2 .$$
#
# $\lVert\cdot\rVert^2$ is the sum of the squares of all entries. $W$ stands in two places. Pretend for a moment that they
# were two matrices, $X E D$ with $E = W$ and $D = W^\top$. With the residual $R = X - X E D$ their gradients are
#
# $$\frac{\partial\mathcal L}{\partial E} = -\frac{2}{nd}\, X^\top R\, D^\top, \qquad
# \frac{\partial\mathcal L}{\partial D} = -\frac{2}{nd}\, E^\top X^\top R .$$

# %% [markdown]
# By the chain rule, the gradient of a number that stands in two places is **the sum** over the two places. The second
# gradient has the shape of $W^\top$ and must be transposed before it can be added.
#
# So a tied kernel has two teachers: one part of the gradient would make a better encoder, the other a better decoder.

# %% [markdown]
# ### Exercise 4.3 · Two teachers
# *15 minutes · difficulty 2 of 3*
#
# Write the gradient of $\mathcal L$ with respect to the tied kernel, in NumPy: put $E = W$ and $D = W^\top$ into the two
# formulas above, and add up.


# %%
def tied_gradient(X: np.ndarray, W: np.ndarray) -> np.ndarray:
    """Gradient, of the shape of W, of the mean squared error of x -> x W Wᵀ. X: (n, d) examples.
    W: (d, k)."""
    ### BEGIN SOLUTION
    n, d = X.shape
    R = X - X @ W @ W.T
    as_encoder = X.T @ R @ W
    as_decoder = W.T @ X.T @ R
    return -2 / (n * d) * (as_encoder + as_decoder.T)
    ### END SOLUTION


# %%
tied_gradient = check("4.3", tied_gradient)

# %%
rng = np.random.default_rng(5)
toy, W = rng.normal(size=(20, 784)).astype("float32"), encoder.get_layer("codings").kernel
with backend.tf.GradientTape() as tape:
    loss = keras.losses.mean_squared_error(toy.ravel(), ops.ravel(small(toy)))
automatic = ops.convert_to_numpy(tape.gradient(loss, W))
by_hand = tied_gradient(toy, ops.convert_to_numpy(W))
print(f"largest entry of the gradient {np.abs(by_hand).max():.2e}, "
      f"largest difference to Keras' {np.abs(by_hand - automatic).max():.0e}")  # fmt: skip

# %% [markdown]
# **What to see.** Keras finds the same gradient through your layer, up to the rounding of 32-bit numbers.

# %% [markdown]
# ## What tying does to straight lines
#
# In lesson 01 a linear autoencoder found PCA's subspace, but not its axes. Its codings could be mixed by any invertible
# matrix $A$: $E A$ and $A^{-1} D$ draw the same images as $E$ and $D$. How much of that freedom is left with tying?

# %% [markdown]
# At the optimum, the matrix from image to reconstruction is PCA's projection $P$ (Eckart and Young; it is unique if
# component $k$ has more variance than component $k + 1$, and the images vary in every direction). A projection done
# twice changes nothing more: $P P = P$.
#
# - **Untied**: $E D = P$, so $E D E D = E D$, and since $E$ and $D$ have full rank, $D E = I$, the $k \times k$ identity.
# - **Tied**: the same with $D = W^\top$, so $W^\top W = I$.

# %% [markdown]
# The two look alike and say different things.
#
# - $D E = I$: *encode what you have drawn, and you get the codings that you drew it from.* It relates $D$ to $E$, and says
#   nothing about either of them alone.
# - $W^\top W = I$: the same, **and** the columns of $W$, the patterns, have length 1 and are at right angles. The loss does
#   not ask for that. Only rotations and reflections of the codings are left free.

# %% [markdown]
# ### Predict, then watch
#
# Two linear autoencoders with ten codings start as *the same function*: the decoder is the encoder's transpose in both,
# and all patterns are nearly alike, far from right angles. Then one is trained tied and the other is not.

# %%
quiz("04-gram")

# %%
from helpers.autoencoders.pca import pca

garments = data.load("fashion_mnist").take(train=settings.n_train, valid=settings.n_valid)
X, V = garments.X_train, garments.X_valid
y, labels = garments.y_train, garments.y_valid
centre = data.flatten(X).mean(axis=0)
C, CV = data.flatten(X) - centre, data.flatten(V) - centre  # centred, for the straight lines
k = 10
components = pca(C, k)[1]
print("training images", C.shape, " validation images", CV.shape)


# %%
from helpers.autoencoders import Autoencoder, dense_hourglass

def linear(tie, kernel):
    """A linear autoencoder with the given encoder kernel, and its transpose in the decoder:
    shared, or as a copy."""
    encoder = keras.Sequential(
        [keras.Input((784,)), layers.Dense(k, use_bias=False, name="codings")], name="encoder"
    )
    back = DenseTranspose(encoder.layers[-1]) if tie else layers.Dense(784)
    decoder = keras.Sequential([keras.Input((k,)), back], name="decoder")
    encoder.layers[-1].kernel.assign(kernel)
    if not tie:
        back.kernel.assign(kernel.T)
    return (TiedAutoencoder if tie else Autoencoder)(encoder, decoder)


def kernels(model):
    """E (784, k), D (k, 784) and the decoder's bias (784,)."""
    back = model.decoder.layers[-1]
    E = ops.convert_to_numpy(model.encoder.layers[-1].kernel)
    D = E.T if isinstance(back, Tied) else ops.convert_to_numpy(back.kernel)
    return E, D, ops.convert_to_numpy(back.bias)


class Film(keras.callbacks.Callback):
    """Keeps the kernels of every so many steps of a training, and those of the end."""

    def on_train_begin(self, logs=None):
        self.moments, self.step = [], 0

    def on_train_batch_begin(self, batch, logs=None):
        if self.step % settings.every == 0:
            self.moments.append(kernels(self.model))
        self.step += 1

    def on_train_end(self, logs=None):
        self.moments.append(kernels(self.model))


# %%
alike = np.random.default_rng(0).uniform(0, 0.07, size=(784, k)).astype("float32")
lines, films = {}, {}
for name, tie in (("tied", True), ("untied", False)):
    keras.utils.set_random_seed(42)
    lines[name], films[name] = linear(tie, alike), Film()
    rate = training.WarmupCosine.for_fit(5e-3, len(C), 250, settings.linear_epochs)
    lines[name].compile(loss="mse", optimizer=keras.optimizers.Adam(rate, beta_2=0.95))
    lines[name].fit(
        C, C, batch_size=250, epochs=settings.linear_epochs, callbacks=[films[name]], verbose=0
    )

products = {
    "tied: WᵀW": np.stack([E.T @ E for E, D, c in films["tied"].moments]),
    "untied: EᵀE": np.stack([E.T @ E for E, D, c in films["untied"].moments]),
    "untied: D E": np.stack([D @ E for E, D, c in films["untied"].moments]),
}
errors = {
    name: [metrics.mse(CV, CV @ E @ D + c) for E, D, c in film.moments]
    for name, film in films.items()
}

# %% tags=["cover"]
tied_figures.gram_film(
    products, {f"validation MSE, {name}": values for name, values in errors.items()}, settings.every
)

# %% [markdown]
# **What to see.** Each square is a 10 × 10 matrix; red is positive, white zero, blue negative. At step 0 all three are the
# same: every pattern resembles every other. Then the first row turns into the identity, a red diagonal on white. So does
# the third. The second row does not. At the end its diagonal is pale: the patterns are shorter than 1. And faint colours
# are left beside it: they are not quite at right angles. The number below each square says how far it is from the
# identity. In the second row it falls to about 0.4 and then *rises* again, at a time when the third row is already the
# identity: nothing holds these lengths and angles.

# %% [markdown]
# ### Exercise 4.4 · How far from orthonormal?
# *10 minutes · difficulty 2 of 3*
#
# Write the number under the squares of the first two rows. For a kernel $W$ with $k$ columns,
#
# $$\frac{\lVert W^\top W - I \rVert}{\sqrt k},$$
#
# where $\lVert\cdot\rVert$ is the root of the sum of all squared entries (the Frobenius norm) and $I$ the $k \times k$
# identity. The root of $k$ is the norm of $I$ itself, so that kernels of different sizes can be compared.


# %%
def departure(W: np.ndarray) -> float:
    """How far the k columns of W (d, k) are from orthonormal: ‖WᵀW − I‖ / √k, 0 or more."""
    ### BEGIN SOLUTION
    k = W.shape[1]
    return float(np.linalg.norm(W.T @ W - np.eye(k)) / np.sqrt(k))
    ### END SOLUTION


# %%
departure = check("4.4", departure)

# %%
pca_error = metrics.mse(CV, CV @ components.T @ components)
print(
    f"{'':<9}{'validation MSE against PCA-10':>30}{'encoder from orthonormal':>26}"
    f"{'decoder':>10}{'D E from I':>12}"
)
for name, model in lines.items():
    E, D, c = kernels(model)
    both_ways = np.linalg.norm(D @ E - np.eye(k)) / np.sqrt(k)
    error = metrics.mse(CV, CV @ E @ D + c)
    print(
        f"{name:<9}{error / pca_error - 1:>+30.3%}{departure(E):>26.4f}{departure(D.T):>10.4f}"
        f"{both_ways:>12.4f}"
    )

# %% [markdown]
# **What to see.** Both have PCA's error within a hundredth of a per cent. In both, the encoder undoes what the decoder did
# ($D E = I$). Only the tied one is orthonormal. In the untied one neither half is.

# %%
E, D, _ = kernels(lines["untied"])
W, _, _ = kernels(lines["tied"])
rows = np.concatenate([W.T, E.T, D])
rows = rows / np.abs(rows).max(axis=1, keepdims=True)  # each with its full range of colours
plots.image_grid(
    rows,
    columns=k,
    signed=True,
    titles=[f"tied {i}" for i in range(1, k + 1)]
    + [f"measure {i}" for i in range(1, k + 1)]
    + [f"draw {i}" for i in range(1, k + 1)],
)

# %% [markdown]
# **What to see.** Red is positive, white zero, blue negative; each pattern has its own scale. The tied model measures and
# draws with the ten patterns of the first row. The untied model measures with the second row and draws with the third. They
# began as the same patterns, and nothing kept them together: the patterns that measure have become rougher than those that
# draw. One sees it best in the corners. There the images are black, so the encoder's weights make hardly any difference and
# remain noise, while a decoder has to paint black. A tied kernel must do both.

# %% [markdown]
# ### What it is good for: one ruler for codings and images
#
# If $W$ has orthonormal columns, drawing keeps distances: $\lVert z W^\top - z' W^\top\rVert = \lVert z - z' \rVert$ for
# any two codings $z$ and $z'$. Neighbours among codings are then neighbours among the reconstructed images. Does it hold?

# %%
tied_figures.two_rulers(
    {name: (CV @ kernels(m)[0], CV @ kernels(m)[0] @ kernels(m)[1]) for name, m in lines.items()}
)

# %% [markdown]
# **What to see.** Each point is a pair of validation images. The tied model's points lie on the line: the distance of two
# codings *is* the distance of their reconstructions. The untied model's points lie below the line, and they form a band: of
# reconstructions 10 apart, some have codings 4 apart and others 6. The codings are a stretched and sheared picture of the
# same images. If you look for neighbours or clusters in such codings, you measure with a wrong ruler.

# %% [markdown]
# What about the axes? Tying leaves rotations free, so the patterns are not the principal components. But the rotation is
# easily found: turn the codings until they are uncorrelated, by the eigenvectors of *their own* $k \times k$ covariance. No
# image is needed. For untied codings the same recipe fails, because what has to be undone is not a rotation. A cosine of 1
# means the same direction.

# %%
print("|cosine| of the turned patterns with their own principal components")
for name, model in lines.items():
    E, D, _ = kernels(model)
    turn = np.linalg.eigh(np.cov(C @ E, rowvar=False))[1][:, ::-1]  # the strongest direction first
    turned = turn.T @ D
    cosines = np.abs(np.sum(turned * components, axis=1)) / np.linalg.norm(turned, axis=1)
    print(f"{name:<9} mean {cosines.mean():.3f}   least {cosines.min():.3f}")

# %% [markdown]
# ## Tying a whole stack
#
# Now the stacked autoencoder 784-100-30-100-784, with bends. The decoder has to run through the encoder's layers in
# **reverse**: layer 3 is tied to layer 2, layer 4 to layer 1.

# %% [markdown]
# ### Exercise 4.5 · In the right order
# *10 minutes · difficulty 2 of 3*
#
# `dense_layers` are the encoder's dense layers from the image to the codings, built. Return the decoder: a
# `keras.Sequential` from the codings to the pixels, made of `tied_layers.DenseTranspose(layer, activation=…)`. All its
# layers have `activation`, except the last, which makes the pixels and has `output_activation`.


# %%
def tied_decoder(
    dense_layers: list[keras.layers.Dense], activation: str | None, output_activation: str | None
) -> keras.Sequential:
    """The decoder tied to the given encoder layers: (batch, codings) -> (batch, pixels)."""
    ### BEGIN SOLUTION
    decoder = keras.Sequential([keras.Input((dense_layers[-1].units,))], name="decoder")
    for layer in reversed(dense_layers[1:]):
        decoder.add(tied_layers.DenseTranspose(layer, activation=activation))
    decoder.add(tied_layers.DenseTranspose(dense_layers[0], activation=output_activation))
    return decoder
    ### END SOLUTION


# %%
tied_decoder = check("4.5", tied_decoder)


# %%
def tied_autoencoder():
    """784-100-30-100-784, ReLU inside, linear codings, sigmoid pixels, as in lesson 02, but
    tied."""
    there = [layers.Dense(100, activation="relu"), layers.Dense(30, name="codings")]
    encoder = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), *there], name="encoder")
    back = tied_decoder(there, "relu", "sigmoid")
    decoder = keras.Sequential(
        [keras.Input((30,)), *back.layers, layers.Reshape((28, 28))], name="decoder"
    )
    return TiedAutoencoder(encoder, decoder, name="tied_autoencoder")


def untied_autoencoder():
    """The same with four kernels, from lesson 02."""
    return dense_hourglass(
        (28, 28), (100,), 30, activation="relu", coding_activation=None, output_activation="sigmoid"
    )


def compiled(build, n, epochs, seed=42):
    """A fresh model, ready for so many epochs on n images: Adam with the warm-up and the cosine
    of lesson 02."""
    keras.utils.set_random_seed(seed)
    model = build()
    rate = training.WarmupCosine.for_fit(settings.peak, n, settings.batch_size, epochs)
    model.compile(
        loss="mse", optimizer=keras.optimizers.Adam(rate, beta_2=0.99), steps_per_execution=8
    )
    return model


BUILDS = {"untied": untied_autoencoder, "tied": tied_autoencoder}

# %%
model = compiled(tied_autoencoder, len(X), settings.epochs)
model.summary(expand_nested=True)

# %% [markdown]
# **What to see.** The layers of the decoder hold only their biases, and the total is that of exercise 4.1. The kernels are
# counted once, in the encoder.

# %%
import time

started = time.perf_counter()
history = training.fit(
    model, X, X, epochs=settings.epochs, batch_size=settings.batch_size, validation_data=(V, V)
)
seconds = time.perf_counter() - started

# %%
pca_30 = metrics.pca_reconstruction_mse(X, V, 30)
thirty = pca(C, 30)[1]
flat = centre + CV[:10] @ thirty.T @ thirty
R = model.reconstruct(V)
print(
    f"PCA-30 {pca_30:.5f}   tied autoencoder {metrics.mse(V, R):.5f} "
    f"({metrics.mse(V, R) / pca_30 - 1:+.1%})"
)
plots.reconstructions(
    V[:10],
    {"PCA-30": flat.reshape(-1, 28, 28), "tied": R[:10]},
    errors=True,
    titles=[garments.class_names[c] for c in labels[:10]],
)

# %% [markdown]
# **What to see.** PCA-30 has as many codings. The tied autoencoder is ahead of it on most of these images, not on all. Its
# images look like those of lesson 02, and the error is about the same. They are drawn with half of the weights.

# %% [markdown]
# ## What tying costs and saves
#
# Three things are said about tied weights: half the weights, less overfitting, faster. The first is arithmetic. We measure
# the other two, with tied and untied trained on the same images, from the same seeds, with the same learning rates, for the
# same number of steps.

# %%
quiz("04-few")

# %%
found, last = {}, {}
for n, epochs in settings.few:
    for seed in settings.seeds:
        chosen = X[np.random.default_rng(seed).permutation(len(X))[:n]]
        found["PCA-30", n, seed] = np.nan, metrics.pca_reconstruction_mse(chosen, V, 30)
        for name, build in BUILDS.items():
            last[name] = one = compiled(build, n, epochs, seed)
            one.fit(chosen, chosen, batch_size=settings.batch_size, epochs=epochs, verbose=0)
            found[name, n, seed] = (
                metrics.mse(chosen, one.reconstruct(chosen)),
                metrics.mse(V, one.reconstruct(V)),
            )

# %%
sizes = [n for n, _ in settings.few]
mean = {
    (name, n): np.mean([found[name, n, s] for s in settings.seeds], axis=0) for name, n, _ in found
}
print(f"means of {len(settings.seeds)} seeds\n")
heads = ("training MSE", "validation MSE", "gap")
print(f"{'':<8}" + "".join(f"{head:>21}" for head in heads) + f"{'untied − tied, validation':>32}")
print(f"{'images':<8}" + f"{'untied':>12}{'tied':>9}" * 3 + f"{'95 % interval':>32}")
for n in sizes:
    free, bound = mean["untied", n], mean["tied", n]
    pairs = ((free[0], bound[0]), (free[1], bound[1]), (free[1] - free[0], bound[1] - bound[0]))
    cells = "".join(f"{a:>12.5f}{b:>9.5f}" for a, b in pairs)
    by_seed = [[found[name, n, s][1] for s in settings.seeds] for name in BUILDS]
    gain, low, high = metrics.paired_interval(*by_seed)
    print(f"{n:<8,}{cells}   {gain:+.5f} [{low:+.5f}, {high:+.5f}]")

# %%
plots.curves(
    {
        "untied": {
            "loss": [mean["untied", n][0] for n in sizes],
            "val_loss": [mean["untied", n][1] for n in sizes],
        },
        "tied": {
            "loss": [mean["tied", n][0] for n in sizes],
            "val_loss": [mean["tied", n][1] for n in sizes],
        },
        "validation, PCA-30": [mean["PCA-30", n][1] for n in sizes],
    },
    x=sizes,
    logx=True,
    best=None,
    xlabel="training images",
    ylabel="mean squared error",
    title="Tied against untied",
)

# %% [markdown]
# **What to see.** Solid: new images; dashed: the images trained on. Compare the colours at one size; from size to size the
# number of epochs changes too. The last column of the table has the mean of untied − tied on new images, and its paired
# interval over the seeds, $\bar d \pm t\, s / \sqrt 3$ (lesson 03). It lies above 0 at every size: the tied model is better by
# more than the luck of the seed explains. By how much is less sure: for three seeds $t$ is 4.3, and the intervals are wide.
# With 500 images *both* are worse than PCA, which has far fewer parameters.
#
# Is that less overfitting? An error on new images is the training error plus the gap, so the gain can be divided. With 500
# images a little more than half of the gain is on the training images already, the rest in the gap. With 2,000 and 9,000
# images more than four fifths of it are on the training images. So the greater part is **faster learning**: in the same
# number of steps the tied model fits its own images better, although it has fewer weights. (Other learning rates were not
# tried, and of the gaps the table has the means only.)

# %% [markdown]
# ### Is it faster?
#
# Count the work of one step. Forward and backward, tied and untied multiply matrices of the same sizes. Tying saves only a
# part of the optimizer's work: Adam reads and writes three numbers for every weight. How much of a step is that?

# %%
print(f"{'batch':<8}{'untied':>14}{'tied':>14}{'tied / untied':>16}")
for batch_size in settings.timed:
    runners = {name: compiled(build, len(X), 1) for name, build in BUILDS.items()}
    part = np.resize(X, (settings.timed_steps * batch_size, 28, 28))
    best = dict.fromkeys(runners, np.inf)
    for turn in range(
        5
    ):  # in turns, so that both meet the same hour of the machine; the first only compiles
        for name, runner in runners.items():
            begun = time.perf_counter()
            runner.fit(part, part, batch_size=batch_size, verbose=0)
            best[name] = min(best[name], time.perf_counter() - begun) if turn else np.inf
    each = {name: 1000 * value / settings.timed_steps for name, value in best.items()}
    print(
        f"{batch_size:<8}{each['untied']:>11.2f} ms{each['tied']:>11.2f} "
        f"ms{each['tied'] / each['untied']:>16.2f}"
    )

# %% [markdown]
# **What to see.** Milliseconds of one training step, the best of four runs on this machine today. Such ratios vary from run
# to run, so one run does not settle whether tying saves a little time. What is certain is that half the weights are not half
# the time, because all matrix products are still there. What the tied model does gain is in the table above: the same number
# of steps takes it further.
#
# `python3 workbook.py bench 04` trains a well-known textbook's tied recipe (ReLU codings, linear output, batches of 32, a
# constant learning rate, 10 epochs) beside ours and prints the ratio of the times.

# %% [markdown]
# ### Is it still orthogonal with bends?
#
# The proof needed straight lines. Does it hold in the stack with its ReLU and its sigmoid?

# %%
fresh, free, bound = (
    untied_autoencoder(),
    last["untied"],
    last["tied"],
)  # trained on the most images, above
print(
    f"{'kernel':<12}{'before training':>17}{'untied, encoder':>18}{'untied, decoder':>18}"
    f"{'tied':>8}"
)
for text, there, back in (("784 × 100", 1, 1), ("100 × 30", 2, 0)):
    E0, E, W = (
        departure(ops.convert_to_numpy(each.encoder.layers[there].kernel))
        for each in (fresh, free, bound)
    )
    D = departure(ops.convert_to_numpy(free.decoder.layers[back].kernel).T)
    print(f"{text:<12}{E0:>17.2f}{E:>18.2f}{D:>18.2f}{W:>8.2f}")

# %% [markdown]
# **What to see.** No kernel is near 0, tied or untied. The large kernels have moved away from it in training, most of all
# where they draw pixels: 62 in the untied decoder, 37 in the tied model. The proof no longer holds: a sigmoid needs
# clearly negative inputs to draw black, which takes large weights, and a ReLU cuts off a part of its inputs. Orthogonality
# is a property of straight lines. What tying still does: there is one set of patterns instead of two.

# %% [markdown]
# ## Tied convolutions
#
# A convolution is a matrix too: a large one, mostly zeros, in which the few numbers of the kernel are repeated.
# Its transpose is what Keras calls a *transposed convolution*. So convolutional layers can be tied as well.
#
# One can test a transpose without writing the matrix down, by its defining property. For any matrix $M$, with rows
# as vectors, $\langle x M, y\rangle = \langle x, y M^\top\rangle$ for all $x$ and $y$, where $\langle\cdot,\cdot\rangle$
# is the sum of the products of entries. So: convolve $x$ and multiply with $y$, or convolve $y$ backwards and multiply
# with $x$: the result must be the same number.

# %% [markdown]
# ### Exercise 4.6 · A tied convolution
# *20 minutes · difficulty 3 of 3*
#
# The source is a `Conv2D` layer with padding `"same"`, strides `self.source.strides`, and a kernel of shape (height, width,
# channels, filters). Your layer takes its maps, (batch, h, w, filters), back to (batch, h · stride, w · stride, channels),
# adds its own bias and applies its activation. `ops.conv_transpose(inputs, kernel, strides=…, padding=…)` expects a kernel
# of shape (height, width, channels *out*, channels *in*). Compare the shapes before you transpose anything.


# %%
class Conv2DTransposeTied(Tied):
    """A convolution run backwards, with the kernel of `self.source`: (batch, h, w, filters) ->
    (batch, H, W, channels)."""

    def build(self, input_shape: tuple):
        """Make the layer's own bias, self.bias: one number for each channel, zero at first."""
        ### BEGIN SOLUTION
        self.bias = self.add_weight(shape=(self.kernel.shape[2],), initializer="zeros", name="bias")
        ### END SOLUTION

    def call(self, inputs: keras.KerasTensor):
        """activation(transposed convolution of inputs + bias); H = h · stride, W = w · stride."""
        ### BEGIN SOLUTION
        larger = ops.conv_transpose(
            inputs, self.kernel, strides=self.source.strides, padding="same"
        )
        return self.activation(larger + self.bias)
        ### END SOLUTION


# %%
Conv2DTransposeTied = check("4.6", Conv2DTransposeTied)


# %%
def convolutional(tie):
    """28 × 28 -> 14 × 14 × 16 -> 7 × 7 × 32 -> 30 codings, and back."""
    conv = [
        layers.Conv2D(filters, 3, strides=2, padding="same", activation="relu")
        for filters in (16, 32)
    ]
    codings = layers.Dense(30, name="codings")
    there = [keras.Input((28, 28)), layers.Reshape((28, 28, 1)), *conv, layers.Flatten(), codings]
    encoder = keras.Sequential(there, name="encoder")
    if tie:
        back = (
            tied_layers.DenseTranspose(codings, "relu"),
            Conv2DTransposeTied(conv[1], "relu"),
            Conv2DTransposeTied(conv[0], "sigmoid"),
        )
    else:
        back = (
            layers.Dense(7 * 7 * 32, "relu"),
            *(
                layers.Conv2DTranspose(filters, 3, strides=2, padding="same", activation=activation)
                for filters, activation in ((16, "relu"), (1, "sigmoid"))
            ),
        )
    shapes = layers.Reshape((7, 7, 32)), layers.Reshape((28, 28))
    decoder = keras.Sequential(
        [keras.Input((30,)), back[0], shapes[0], *back[1:], shapes[1]], name="decoder"
    )
    return (TiedAutoencoder if tie else Autoencoder)(encoder, decoder)


n, epochs = settings.n_conv, settings.conv_epochs
print(
    f"{'convolutional, 30 codings':<28}{'parameters':>12}{'training MSE':>15}{'validation MSE':>17}"
)
for name, tie in (("untied", False), ("tied", True)):
    one = compiled(lambda tie=tie: convolutional(tie), n, epochs)
    one.fit(X[:n], X[:n], batch_size=settings.batch_size, epochs=epochs, verbose=0)
    errors = metrics.mse(X[:n], one.reconstruct(X[:n])), metrics.mse(V, one.reconstruct(V))
    print(f"{name:<28}{one.count_params():>12,}{errors[0]:>15.5f}{errors[1]:>17.5f}")

# %% [markdown]
# **What to see.** Half the parameters again. The two errors differ by less than a per cent, after a short training with one
# seed: a draw. Lesson 06 is about convolutional autoencoders.

# %% [markdown]
# ## Find the bug
#
# A colleague has found this layer in a tutorial. It looks right, it runs, and the number of parameters is exactly that of
# a tied autoencoder:


# %%
class TutorialTranspose(Tied):
    def build(self, input_shape):
        self.transposed = ops.transpose(self.kernel)
        self.bias = self.add_weight(
            shape=(self.transposed.shape[1],), initializer="zeros", name="bias"
        )

    def call(self, inputs):
        return self.activation(ops.matmul(inputs, self.transposed) + self.bias)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.transposed.shape[1])


def tutorial_autoencoder():
    there = [layers.Dense(100, activation="relu"), layers.Dense(30, name="codings")]
    encoder = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), *there], name="encoder")
    back = [
        TutorialTranspose(there[1], "relu"),
        TutorialTranspose(there[0], "sigmoid"),
        layers.Reshape((28, 28)),
    ]
    return TiedAutoencoder(encoder, keras.Sequential([keras.Input((30,)), *back], name="decoder"))


hers = compiled(tutorial_autoencoder, len(X), settings.epochs)
hers.fit(X, X, batch_size=settings.batch_size, epochs=settings.epochs, verbose=0)
print(f"parameters: hers {hers.count_params():,}, ours {model.count_params():,}")
print(
    f"validation MSE: hers {metrics.mse(V, hers.reconstruct(V)):.5f}, ours "
    f"{metrics.mse(V, R):.5f}, PCA-30 {pca_30:.5f}"
)

# %% [markdown]
# "Tying costs accuracy", she concludes. Does it? Read `build` once more: *when* does it run, and what is
# `self.transposed` from then on?

# %% [markdown]
# ### Exercise 4.7 · The test that would have caught it
# *10 minutes · difficulty 2 of 3*
#
# Counting parameters does not show the bug, and comparing numbers does not always: a copy made a moment ago *is* equal.
# Test the behaviour. Return `True` if the layer `transposed` works with the kernel of `dense` **as it is now**: if you change
# that kernel, what `transposed` makes of some input must change as well. Leave the weights as you found them.
# `layer(inputs)` runs a layer; `dense.units` is the number of values that `transposed` takes.


# %%
def still_tied(dense: keras.layers.Dense, transposed: keras.layers.Layer) -> bool:
    """Whether `transposed`, (batch, units) -> (batch, features), shares the kernel of `dense`;
    changes nothing for good."""
    ### BEGIN SOLUTION
    kept = dense.get_weights()
    probe = np.ones((1, dense.units), dtype="float32")
    before = ops.convert_to_numpy(transposed(probe))
    dense.kernel.assign(dense.kernel + 1.0)
    after = ops.convert_to_numpy(transposed(probe))
    dense.set_weights(kept)
    return not np.allclose(before, after)
    ### END SOLUTION


# %%
still_tied = check("4.7", still_tied)

# %%
for name, suspect in (("hers", hers), ("ours", model)):
    pairs = zip(suspect.encoder.layers[1:], suspect.decoder.layers[1::-1], strict=True)
    print(
        f"{name}: " + ", ".join(f"{there.name} {still_tied(there, back)}" for there, back in pairs)
    )

# %% [markdown]
# **What to see.** `build` runs once, before training. There `ops.transpose` makes a *new* array from the kernel's first,
# random values, and nothing refers back to the variable. Her decoder keeps these random numbers for ever; only the encoder
# and the biases learn. Compute the transpose in `call`, which runs in every step.

# %% [markdown]
# ## Saved, loaded, and still tied?
#
# A saved model is a description and a list of arrays. From the description Keras builds *new* layers and fills in the
# arrays. The tie is neither: it is the fact that two layers use the same variable. So it is easily lost, and nobody
# notices, because the loaded model gives the same images. The two kernels become different only when it is trained further.
#
# `Tied` therefore writes the **name** of its source into its description. After loading, `TiedAutoencoder` looks for the
# layer of that name in its encoder and ties again. A layer without its source raises an error.

# %%
from pathlib import Path
from tempfile import TemporaryDirectory

with TemporaryDirectory() as folder:
    path = Path(folder) / "tied.keras"
    model.save(path)
    loaded = keras.saving.load_model(path)
    print(f"{path.name}: {path.stat().st_size / 1e6:.2f} MB")
print(f"largest difference of a reconstruction: {np.abs(loaded.reconstruct(V) - R).max():.1e}")
loaded.fit(X[:1000], X[:1000], epochs=1, batch_size=100, verbose=0)  # and trained on
pairs = list(zip(loaded.encoder.layers[1:], loaded.decoder.layers[1::-1], strict=True))
print("still tied after further training:", *(still_tied(there, back) for there, back in pairs))
print(
    "shares a kernel with the first model:",
    still_tied(model.encoder.layers[1], loaded.decoder.layers[1]),
)

# %% [markdown]
# **What to see.** The same images, still tied, and no variable shared with the model it was saved from. The kernels are in
# the file once. (Most of the file is Adam's memory: two numbers for each weight.)

# %% [markdown]
# ## On the yardstick

# %%
Z_train, Z_valid = model.codings(X), model.codings(V)
scoreboard.record(
    lesson="04",
    model="tied autoencoder",
    codings=30,
    data=garments,
    seeds=(42,),
    parameters=model.count_params(),
    seconds=seconds,
    mse=metrics.mse(V, R),
    knn_accuracy=metrics.knn_accuracy(Z_train, y, Z_valid, labels),
    probe_accuracy=metrics.linear_probe_accuracy(Z_train, y, Z_valid, labels),
)
scoreboard.show(["01", "02", "04"])

# %% [markdown]
# The tied autoencoder has about the error of its untied twin of lesson 02, with half of its parameters and 8 epochs
# instead of 12. That is one seed each, and the trainings differ in more than the tie: a draw. The fair comparison is the
# table of three seeds above.

# %% [markdown]
# ## Summary
#
# - Tied weights: the kernel of layer $N - \ell + 1$ is the transpose of that of layer $\ell$; every bias is its own.
# - A tied layer shares the variable. It is listed once and counted once; its gradient is the sum from both places.
# - In a linear autoencoder tying makes the patterns orthonormal. Untied, only the product $D E$ becomes the identity.
# - Then codings and reconstructions have the same distances, and only a rotation separates the patterns from PCA's.
# - Half the weights, but not half the time for a step. In the dense stack, in as many steps, a smaller error, on the
#   training images and on new ones.
# - Test the tie by behaviour, especially after loading.

# %% [markdown]
# **Questions that come up**
#
# - *Why not always tie?* Tying assumes that what measures well also draws well. With many images and long training an untied
#   decoder may find patterns that draw better. And max pooling has no transpose, recurrent layers none that is useful.
# - *Does the decoder have to be symmetric?* For tying, yes, as far as it is tied. You may tie the large outer layers, where
#   nearly all weights are, and leave the inner ones free.
# - *Which half owns the kernel?* A matter of taste; here the encoder, because it is built first.

# %% [markdown]
# - *What if I freeze the encoder?* Then the kernels are frozen for the decoder too, and only its biases learn.
# - *Can I have orthogonality without tying?* A small penalty on all weights pulls an untied linear decoder towards the
#   transpose of its encoder by itself (Kunin and others, 2019): of all pairs with the same product, that one is the shortest.
# - *Is the pseudo-inverse not the better decoder?* For orthonormal columns the transpose *is* the pseudo-inverse.

# %% [markdown]
# **Where to read on**
#
# - Baldi and Hornik (1989), *Neural networks and principal component analysis: learning from examples without local
#   minima*, Neural Networks 2
# - Vincent, Larochelle, Lajoie, Bengio and Manzagol (2010), *Stacked denoising autoencoders*, Journal of Machine Learning
#   Research 11: tied weights in practice
# - Kunin, Bloom, Goeva and Seed (2019), *Loss landscapes of regularized linear autoencoders*,
#   [arXiv 1901.08168](https://arxiv.org/abs/1901.08168)
# - Géron (2022), *Hands-On Machine Learning with Scikit-Learn, Keras, and TensorFlow*, 3rd edition, chapter 17
