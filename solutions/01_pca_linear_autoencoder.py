# ---
# lesson: "01"
# title: PCA and the linear autoencoder
# question: What is the best straight-line compression, and does a network find it?
# objectives:
#   - explain encoder, decoder, codings and reconstruction, and what makes an autoencoder undercomplete
#   - compute PCA by the singular value decomposition, and its error from the discarded eigenvalues
#   - build a linear autoencoder, train it, and measure by principal angles that it finds PCA's subspace
#   - say why its axes are not the principal components, and recover them in two ways
#   - describe the loss surface of a linear autoencoder - saddles, and one lowest level
# needs: "NumPy arrays, the idea of a variance, what a dense layer is; lesson 00"
# minutes: {reading: 30, exercises: 85, machine: 1.0}
# idea: >
#   An **autoencoder** describes an image by a few numbers, its codings, and then draws the image from these numbers alone.
#   It can do that only if it has learned what images of this kind have in common. This lesson allows straight lines
#   only: multiply and add. There the best possible answer is known, so we can see whether a trained network finds it.
# cover: >
#   Eight garments, and below them their reconstructions from 1, 2, 10, 30 and 100 components, from a blur to
#   recognizable garments
# ---

# %%
import sys

sys.path.insert(0, "..")  # the folder above holds `helpers`

from helpers import backend  # noqa: F401  (first: no start-up messages)
import keras
import numpy as np
import tensorflow as tf
from helpers import data, metrics, plots, scoreboard, session
from helpers.exercises import check, hint, quiz  # noqa: F401  (hints are for you: hint("1.1"))
from keras import ops

settings = session.start(
    "01",
    n_train=9_000,  # images to learn from
    epochs=10,  # of training on mini-batches
    steps=1_500,  # of training on the covariance
)

# %% [markdown]
# ## Remembering with few numbers
#
# In 1973 William Chase and Herbert Simon showed chess players a position for five seconds and then asked them to set it
# up from memory. A master placed far more pieces right than a beginner. Then they used pieces scattered at random, and
# the master was hardly better than anybody else.
#
# The master does not have a better memory. The master knows **patterns**: a castled king is *one* thing to remember, not
# five pieces. Where there are no patterns there is nothing to gain.

# %% [markdown]
# An autoencoder has to do the same with images. It finds out what images of its kind have in common; then a few numbers
# are enough to say what is special about one of them.

# %%
plots.hourglass([784, 10, 784], title="An autoencoder with ten codings")

# %% [markdown]
# **What to see.** Everything that reaches the right side has to pass the narrow neck. These are the words for its
# parts, in the whole course:
#
# | word | meaning | here |
# |---|---|---|
# | **encoder** | turns an image into codings | 784 numbers → 10 |
# | **codings** | the few numbers that describe one image | 10 numbers |
# | **decoder** | turns codings into an image | 10 numbers → 784 |
# | **reconstruction** | what the decoder draws | 784 numbers |
# | **reconstruction loss** | how far it is from the image | mean squared error |
# | **undercomplete** | fewer codings than pixels | 10 < 784 |

# %% [markdown]
# With **straight lines only**, encoder and decoder may multiply and add, and nothing else. The best answer for that case
# has been known since 1901.

# %% [markdown]
# ## A flat sheet through a cloud
#
# We begin with something that can be drawn: points in three dimensions that nearly lie in a plane. Here is a tilted ellipse with some
# noise. Two numbers for each point, its place on the best plane, should nearly be enough.

# %%
rng = np.random.default_rng(7)
turn = rng.uniform(0, 2 * np.pi, 70)
tilted = np.array([[0.9, -0.2, 0.4], [0.1, 0.9, 0.25]])  # two directions that span a tilted plane
points = np.column_stack([2.0 * np.cos(turn), 1.3 * np.sin(turn)]) @ tilted + [1.0, 2.0, 0.5]
points += rng.normal(0, 0.15, points.shape)
print("points:", points.shape)

# %% [markdown]
# Call one example $x$, a row of $d$ numbers; here $d = 3$, for an image $d = 784$. **Principal component analysis** (PCA)
# looks for
#
# - a centre $m$, a row of $d$ numbers, and
# - $k$ directions $v_1, \dots, v_k$, each a row of $d$ numbers, of length 1 and at right angles to each other.
#
# Stack the directions to a matrix $V$ with $k$ rows. Then
#
# $$z = (x - m)\,V^\top \quad\text{(encode)}, \qquad \hat x = z\,V + m \quad\text{(decode)}.$$
#
# The $k$ numbers in $z$ are the codings, $\hat x$ is the reconstruction: the foot of the perpendicular from $x$ to the
# sheet.

# %% [markdown]
# Which centre and which directions make the squared distances $\lVert x - \hat x \rVert^2$ smallest, on average over all
# $n$ examples? The centre is the mean. The directions come from the **singular value decomposition** of the centred data,
# the $n \times d$ matrix $X_c$ whose rows are $x - m$:
#
# $$X_c = U\,S\,V_\text{all}.$$
#
# - The rows of $V_\text{all}$ are orthonormal directions in the space of pixels.
# - $S$ is diagonal and holds the **singular values** $s_1 \ge s_2 \ge \dots \ge 0$.
# - The columns of $U$ are orthonormal too; there is one row for each example.

# %% [markdown]
# Keep the first $k$ rows of $V_\text{all}$ and drop the others. Carl Eckart and Gale Young proved in 1936 that no matrix
# of rank $k$ comes closer to $X_c$ than the product that is left. So no encoder and decoder made of straight lines can
# have a smaller squared error on these examples. That is the sense in which PCA is *the best*.

# %% [markdown]
# ### Exercise 1.1 · PCA by SVD
# *10 minutes · difficulty 1 of 3*
#
# Write a function that returns the mean and the first `k` principal components of `X`, one component in each row, the
# strongest first. The sign of a component is free: a direction and its opposite span the same line.


# %%
def pca(X: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """(mean, components) of X (n, d): the mean (d,), the first k principal components as rows (k,
    d)."""
    ### BEGIN SOLUTION
    mean = X.mean(axis=0)
    U, s, V = np.linalg.svd(X - mean, full_matrices=False)
    return mean, V[:k]
    ### END SOLUTION


# %%
pca = check("1.1", pca)

# %%
from helpers.autoencoders.pca import (
    component_explorer, figures as pca_figures, fit_covariance, linear as pca_linear,
    plane_explorer, plane_in_3d,
)  # fmt: skip

centre, axes = (np.array(part) for part in pca(points, 2))
axes[1] *= np.sign(
    np.cross(axes[0], axes[1])[2]
)  # signs are free: take those for which "above" is up
plane_in_3d(points, centre, axes, title="The plane that PCA finds")

# %% [markdown]
# **What to see.** The plane lies along the ellipse. Axis 1 points along its longer diameter, axis 2 along its shorter one.
# The thin lines are the distances to the plane, above and below. They are lost when each point is kept in two numbers.
#
# Turn it by hand. Look along the plane: the cloud becomes a narrow band, and its thickness is what is lost. On paper, the
# second picture looks along the plane.

# %%
plane_explorer(points, centre, axes)

# %% [markdown]
# ## From three numbers to 784
#
# With images nothing changes, except that nobody can draw 784 dimensions. One image is one point, and all garments
# together are a cloud.

# %%
garments = data.load("fashion_mnist").take(train=settings.n_train, valid=settings.n_valid)
X = data.flatten(garments.X_train).astype(np.float64)
V = data.flatten(garments.X_valid).astype(np.float64)
mean, components = pca(X, 100)
X, V = X - mean, V - mean  # centred, from here on
print("training images", X.shape, " validation images", V.shape, " components", components.shape)

# %%
plots.image_grid(components[:10], columns=10, titles=[f"{i}" for i in range(1, 11)], signed=True)

# %% [markdown]
# **What to see.** The first ten components, as images: red adds, blue takes away. The first has the
# outline of a top. The second sets a narrow upright shape against a wide low one. Later ones
# are finer. Every reconstruction is the mean image plus some amount of the first, some amount of the second, and so on.

# %% [markdown]
# ### How much is lost?
#
# The variance of the data along component $i$ is $\lambda_i = s_i^2 / n$, an **eigenvalue** of the covariance matrix
# $C = X_c^\top X_c / n$. All eigenvalues together are the whole variance, $\lambda_1 + \dots + \lambda_d$. What the first
# $k$ take is the **explained variance**; what the others hold is lost:
#
# $$\text{mean squared error with } k \text{ components} \;=\; \frac{1}{d}\sum_{i > k} \lambda_i .$$
#
# The $1/d$ is there because our error is a mean over pixels as well as over images.

# %% [markdown]
# ### Exercise 1.2 · The error from the eigenvalues
# *10 minutes · difficulty 2 of 3*
#
# One decomposition gives the error for every number of components at once, without a single reconstruction. Return
# them: entry 0 is the error of the mean image alone, entry 1 that of one component, and so on up to all of them.


# %%
def errors_from_singular_values(s: np.ndarray, n: int, d: int) -> np.ndarray:
    """Mean squared error of PCA on its training set with 0, 1, …, len(s) components: (len(s) + 1,).

    s: singular values of the centred data, the largest first; n: examples; d: pixels of one.
    """
    ### BEGIN SOLUTION
    eigenvalues = s**2 / n
    explained = np.concatenate([[0.0], np.cumsum(eigenvalues)])
    return (np.sum(eigenvalues) - explained) / d
    ### END SOLUTION


# %%
errors_from_singular_values = check("1.2", errors_from_singular_values)

# %%
C = X.T @ X / len(X)  # the covariance; its eigenvalues give the singular values sooner than an SVD
singular_values = np.sqrt(len(X) * np.maximum(np.linalg.eigvalsh(C)[::-1], 0))
predicted = errors_from_singular_values(singular_values, *X.shape)
print("components   error from eigenvalues   error of the reconstructions   relative difference")
for k in (2, 10, 30, 100):
    B = components[:k]
    measured = metrics.mse(X, X @ B.T @ B)
    print(f"{k:10} {predicted[k]:25.6f} {measured:30.6f} {abs(measured / predicted[k] - 1):21.0e}")

# %% [markdown]
# **What to see.** The two columns are the same number, found in two ways. Only rounding is left between them.

# %%
codings = V @ components.T
# The components are orthonormal, so (Pythagoras) each coding takes its own square off the error.
on_validation = (np.sum(V**2) - np.cumsum(np.sum(codings**2, axis=0))) / V.size
plots.curves(
    {"training images": predicted[1:101], "validation images": on_validation},
    x=np.arange(1, 101),
    xlabel="components",
    ylabel="mean squared error",
    log=True,
    logx=True,
    best=None,
    title="PCA on garments",
)

# %% [markdown]
# **What to see.** The first few components lower the error most. The two curves lie close together: with this many
# images PCA hardly overfits. With many components new images have the larger error, and the gap grows with their number.

# %% [markdown]
# These are the figures that every later lesson has to beat, on images that were not used for fitting. The shipped subset
# gives the same ones everywhere:

# %%
# NBVAL_CHECK_OUTPUT
shipped = data.load("fashion_mnist", source="shipped", quiet=True)
print("training images", shipped.X_train.shape, " validation images", shipped.X_valid.shape)
sizes = [2, 10, 30, 100]
for k, error in zip(
    sizes, metrics.pca_reconstruction_mse(shipped.X_train, shipped.X_valid, sizes), strict=True
):
    print(f"PCA-{k:<4} validation MSE {error:.4f}")

# %% [markdown]
# Slide the number of components and watch garments come back from the mean.

# %% tags=["cover"]
component_explorer(components, mean, garments.X_valid[:8], on_validation)

# %% [markdown]
# **What to see.** Two components give a vague shape: wide and low for the boots, upright for most of the others. With
# thirty one can name most of the garments. With a hundred, edges and folds begin to return.

# %% [markdown]
# ## The master and the scattered pieces
#
# Now Chase and Simon's experiment, with PCA as the player. It was fitted to the training garments. We show it four kinds
# of images that it has never seen:
#
# - **garments**, from the validation set;
# - **scattered garments**: the same images, with the pixels of each thrown about at random, every image differently;
# - **scattered, brightness removed**: these images again, each less its brightness, the mean of its own pixels;
# - **noise**: every pixel drawn on its own.
#
# Each may be kept in $k$ numbers. We measure the share that is forgotten: the squared error, divided by that kind's own
# variance.


# %%
def forgotten(images, k):
    """Share of the variance of `images` (n, d) that is lost in k codings of the garments' PCA."""
    images = images - images.mean(axis=0)  # each kind is given its own mean image for nothing
    left = images - images @ components[:k].T @ components[:k]
    return np.sum(left**2) / np.sum(images**2)


rng = np.random.default_rng(1)
new = V + mean
scattered = rng.permuted(new, axis=1)
boards = {
    "garments": new,
    "scattered garments": scattered,
    "scattered, brightness removed": scattered - scattered.mean(axis=1, keepdims=True),
    "noise": rng.uniform(size=new.shape),
}
kept = [1, 2, 5, 10, 20, 50, 100]
plots.curves(
    {name: [forgotten(images, k) for k in kept] for name, images in boards.items()},
    x=kept,
    logx=True,
    xlabel="codings",
    ylabel="share forgotten",
    best=None,
    title="What the expert remembers",
)

# %% [markdown]
# **What to see.** With a hundred codings the expert forgets about a tenth of the garments. Of the noise it keeps what any
# hundred numbers out of 784 would keep: about an eighth. Scattered garments lie far nearer to noise than to garments. What
# is kept beyond that is their overall brightness, which survives the scattering: with the brightness removed, their curve
# lies on that of the noise. The expertise is in the patterns.

# %% [markdown]
# ### Predict, then run

# %%
quiz("01-scattered")

# %%
order = np.random.default_rng(2).permutation(X.shape[1])
straight, scattered = (
    metrics.pca_reconstruction_mse(a, b, 30) for a, b in ((X, V), (X[:, order], V[:, order]))
)
print(
    f"validation error with 30 components: {straight:.6f}, all scattered alike {scattered:.6f}"
)

# %% [markdown]
# **What to see.** The same error. PCA does not know which pixels are neighbours. When all images are scattered in the same
# way, the components are scattered with them and nothing is lost. In the experiment before, every image was scattered
# differently, and the patterns were gone.

# %% [markdown]
# ## A network with no bends
#
# Now the network. The **linear autoencoder** has one dense layer to the codings and one dense layer back, and no
# activation:
#
# $$z = x E + b, \qquad \hat x = z D + c .$$
#
# - $E$, of shape $d \times k$, is the encoder's kernel and $D$, of shape $k \times d$, the decoder's; $b$ and $c$ are biases.
# - Nothing says that $E$ should be the transpose of $D$, that rows should be at right angles, or have length 1.
# - It learns by gradient descent on the mean squared error between $x$ and $\hat x$.
#
# PCA is one setting of these weights. By Eckart and Young, no setting has a smaller training loss. Will training find a
# setting that is as good?

# %% [markdown]
# ### Exercise 1.3 · Build the linear autoencoder
# *10 minutes · difficulty 1 of 3*
#
# Two dense layers, `self.encoder` and `self.decoder`, both with a bias and without activation; `call` runs one after the
# other. Start the encoder's kernel at zero (`kernel_initializer="zeros"`) and the decoder's with orthonormal rows
# (`"orthogonal"`). You will see below what this start is good for.


# %%
class LinearAutoencoder(keras.Model):
    """x -> (x E + b) D + c, from `pixels` numbers to `codings` and back: two Dense layers."""

    def __init__(self, pixels: int, codings: int):
        super().__init__()
        ### BEGIN SOLUTION
        self.encoder = keras.layers.Dense(codings, kernel_initializer="zeros")
        self.decoder = keras.layers.Dense(pixels, kernel_initializer="orthogonal")
        ### END SOLUTION

    def call(self, inputs: keras.KerasTensor):
        """Examples (batch, pixels) to their reconstructions, of the same shape."""
        ### BEGIN SOLUTION
        return self.decoder(self.encoder(inputs))
        ### END SOLUTION


# %%
LinearAutoencoder = check("1.3", LinearAutoencoder)

# %% [markdown]
# First the everyday way: mini-batches, Adam, a few epochs. The images are centred, and they are their own targets:
# `fit(X, X)`.

# %%
keras.utils.set_random_seed(42)
everyday = LinearAutoencoder(784, 30)
everyday.compile(loss="mse", optimizer=keras.optimizers.Adam(1e-3))
history = everyday.fit(
    X.astype("float32"),
    X.astype("float32"),
    validation_data=(V.astype("float32"), V.astype("float32")),
    epochs=settings.epochs,
    batch_size=256,
    verbose=0,
)
plots.curves(
    history,
    references={"PCA-30 (validation)": on_validation[29]},
    title="Thirty codings, mini-batches, Adam",
)

# %% [markdown]
# **What to see.** The loss comes down towards PCA's and is still falling at the end, a little above the line. Many
# people would stop here and say "it is PCA". Is it? *Nearly the same error* and *the same sheet* are two different claims.
# (The training loss is a mean over a whole epoch, so it lags behind; that is why it lies above the validation loss.)

# %% [markdown]
# ## Are two sheets the same?
#
# The decoder draws $z D + c$. Whatever the codings, the result is $c$ plus a mixture of the $k$ rows of $D$. So **the rows
# of $D$ span the network's sheet**, as the rows of $V$ span PCA's. To compare two sheets we need angles between subspaces.
#
# Take two planes in space. Find the direction in the one and the direction in the other that are closest. Their angle is
# the first **principal angle**. Then look only at directions at right angles to those, and find the next one. For $k$
# directions there are $k$ angles. If the largest is 0, the sheets are parallel in every direction.

# %% [markdown]
# The computation is short. Let $Q_A$ and $Q_B$ hold an **orthonormal** basis of each subspace, one basis vector in each
# column. The singular values of the $k \times k$ matrix $Q_A^\top Q_B$ are the cosines of the principal angles (Björck
# and Golub, 1973).

# %% [markdown]
# ### Exercise 1.4 · Principal angles
# *15 minutes · difficulty 2 of 3*
#
# `A` and `B` each span a subspace by their `k` rows, which are independent but neither orthogonal nor of length 1. Return
# the `k` principal angles in degrees, the smallest first. `np.linalg.qr(M)[0]` gives an orthonormal basis of the *columns*
# of `M`.


# %%
def principal_angles(A: np.ndarray, B: np.ndarray) -> np.ndarray:
    """Angles (k,) in degrees, 0 to 90, smallest first, between the row spaces of A, B, both (k,
    d)."""
    ### BEGIN SOLUTION
    basis_a = np.linalg.qr(A.T)[0]
    basis_b = np.linalg.qr(B.T)[0]
    cosines = np.linalg.svd(basis_a.T @ basis_b, compute_uv=False)
    return np.degrees(np.arccos(np.minimum(cosines, 1.0)))  # rounding may push one above 1
    ### END SOLUTION


# %%
principal_angles = check("1.4", principal_angles)


# %%
def against_pca(model):
    """Validation MSE, its excess over PCA's, the largest angle of decoder and encoder to PCA."""
    weights = model.encoder.get_weights() + model.decoder.get_weights()
    E, b, D, c = (array.astype(np.float64) for array in weights)  # small angles need the digits
    k = len(D)
    error = metrics.mse(V, (V @ E + b) @ D + c)
    return dict(
        codings=k,
        mse=error,
        excess=error / on_validation[k - 1] - 1,
        decoder=principal_angles(D, components[:k])[-1],
        encoder=principal_angles(E.T, components[:k])[-1],
    )


def print_table(figures):
    print("codings   validation MSE   relative to PCA   largest angle: decoder    encoder")
    for row in figures:
        print(
            f"{row['codings']:7} {row['mse']:16.6f} {row['excess']:17.1e}"
            f" {row['decoder']:21.4f}° {row['encoder']:9.2f}°"
        )


print_table([against_pca(everyday)])
other = np.r_[0:29, 30]  # component 31 in the place of component 30
swapped = metrics.mse(V, V @ components[other].T @ components[other])
print(
    f"PCA with component 31 in the place of 30: {swapped:.6f},"
    f" {swapped / on_validation[29] - 1:.1e} above PCA-30"
)

# %% [markdown]
# **What to see.** The error is some per cent above PCA's, and some direction of the network's sheet is still nearly at a
# right angle to all of PCA's. These are two different facts. The angle can be wide at almost no cost: components 30 and 31
# have nearly the same variance, and the last line shows how little is lost when one takes the place of the other. The
# excess of the error is far larger than that: this network has not been trained to its end. Such directions settle last,
# because the loss hardly depends on them.

# %% [markdown]
# ## What the network really sees
#
# Mini-batches do not make it easier. Each batch has slightly different directions of large variance. A gap as narrow as
# that between $\lambda_{30}$ and $\lambda_{31}$ can be lost in these differences. We would like the gradient over *all*
# images at once. That sounds expensive, but it is not.
#
# For centred data and zero biases, write the error out and take means over all images. With $C = X_c^\top X_c / n$,
#
# $$\frac1n \sum_x \lVert x - x E D \rVert^2 \;=\; \operatorname{tr} C \;-\; 2 \operatorname{tr}(D\,C E) \;+\;
# \operatorname{tr}\!\left( D D^\top \, E^\top C E \right).$$

# %% [markdown]
# - $\operatorname{tr}$, the **trace**, is the sum of the diagonal. Factors inside may be turned round:
#   $\operatorname{tr}(A B) = \operatorname{tr}(B A)$.
# - $\operatorname{tr} C$ is the mean of $\lVert x \rVert^2$, the middle term that of $-2\,x \cdot \hat x$, the last that of
#   $\lVert \hat x \rVert^2$.
#
# The images appear only in $C$, a $784 \times 784$ matrix. **A linear autoencoder never sees images. It sees their
# covariance.** Once $C$ is known, one exact step costs the same for nine thousand images and for nine million.

# %% [markdown]
# The biases can be left alone: on centred data the best biases are zero, they start there, and their gradient there is
# exactly zero.

# %% [markdown]
# ### Exercise 1.5 · The loss without the images
# *15 minutes · difficulty 3 of 3*
#
# Compute the mean squared error per pixel, that is the formula above divided by $d$, with `keras.ops`, so that gradients
# flow. Form no product of shape $d \times d$: each must be a thin matrix with a side of $k$, or a step would cost
# $784^3$ operations. Useful: $\operatorname{tr}(A B)$ is `ops.sum(A * ops.transpose(B))`.


# %%
def loss_from_covariance(
    E: keras.KerasTensor, D: keras.KerasTensor, C: keras.KerasTensor
) -> keras.KerasTensor:
    """Mean squared error of x -> x E D over all examples and pixels: a scalar tensor.

    E: (d, k) encoder kernel, D: (k, d) decoder kernel, C: (d, d) covariance of centred examples.
    """
    ### BEGIN SOLUTION
    CE = ops.matmul(C, E)
    cross = ops.sum(D * ops.transpose(CE))
    square = ops.sum(ops.matmul(D, ops.transpose(D)) * ops.matmul(ops.transpose(E), CE))
    return (ops.trace(C) - 2 * cross + square) / C.shape[0]
    ### END SOLUTION


# %%
loss_from_covariance = check("1.5", loss_from_covariance)

# %% [markdown]
# A Keras model says in `train_step` what one step of `fit` does. Ours gets a covariance instead of a batch of images. The
# rest is what every training step has: a tape, gradients, an optimizer.


# %%
class TrainedOnCovariance(LinearAutoencoder):
    """A linear autoencoder whose `fit` takes the covariance of centred examples."""

    def __init__(self, pixels: int, codings: int):
        super().__init__(pixels, codings)
        self(ops.zeros((1, pixels)))  # one call makes the weights

    def train_step(self, C):
        kernels = [self.encoder.kernel, self.decoder.kernel]
        with tf.GradientTape() as tape:
            loss = loss_from_covariance(*kernels, C)
        self.optimizer.apply(tape.gradient(loss, kernels), kernels)
        return {"mse": loss}


# %% [markdown]
# `fit_covariance` compiles it with Adam and calls `fit`. The learning rate climbs, then falls along a cosine to zero, so
# that the last steps can be exact. One number differs from Adam's defaults: `beta_2=0.95`. Adam divides by the recent size
# of the gradient. Our gradient has no noise, so a short memory is enough.

# %%
import time

linear, seconds, histories = {}, {}, {}
for k in (2, 10, 30):
    keras.utils.set_random_seed(42)
    linear[k] = TrainedOnCovariance(784, k)
    began = time.perf_counter()
    histories[k] = fit_covariance(linear[k], C, steps=settings.steps)
    seconds[k] = time.perf_counter() - began
print_table([against_pca(model) for model in linear.values()])

# %% [markdown]
# **What to see.** The decoder's largest angle to PCA's subspace is a small fraction of a degree, and the validation error
# agrees with PCA's to six digits or more. Training computes no eigenvector. By descending its loss and nothing
# else, the network has found PCA's sheet.

# %% [markdown]
# The encoder reads the codings off the image, and its rows agree with the subspace less exactly. There is a reason: near
# the corners the pixels are black in nearly every image, so the loss hardly depends on the encoder's weights there. It
# started at zero so that no accidental weights stay there. Use `kernel_initializer="glorot_uniform"` and look at the
# angle again.

# %%
plots.curves(
    {
        f"{k} codings": np.maximum(np.array(h.history["mse"]) / predicted[k] - 1, 1e-7)
        for k, h in histories.items()
    },
    x=50 * np.arange(1, len(histories[2].history["mse"]) + 1),
    xlabel="step",
    ylabel="training loss / PCA's − 1",
    log=True,
    best=None,
    title="The way down",
)

# %% [markdown]
# **What to see.** The excess over the best possible loss, on a logarithmic scale. It falls by orders of magnitude. The plot
# is cut at $10^{-7}$, where the digits of a 32-bit number end. Two codings are ahead of 10 and 30 nearly all the way. A
# likely reason: the gaps between the first eigenvalues are wider.

# %% [markdown]
# ## The same sheet, other axes
#
# ### What do the rows look like?

# %%
quiz("01-rows")

# %%
rows = linear[10].decoder.get_weights()[0].astype(np.float64)
plots.image_grid(
    np.concatenate([components[:10], rows]),
    columns=10,
    signed=True,
    titles=[f"v{i}" for i in range(1, 11)] + [f"row {i}" for i in range(1, 11)],
)

# %% [markdown]
# **What to see.** Above, PCA's components; below, the rows of the decoder. At first sight they have nothing in common. Each
# row mixes several components, and there is no order.

# %% [markdown]
# ### Why: any mixing will do
#
# Take any invertible $k \times k$ matrix $A$. Let the encoder mix the codings, $E A$, and the decoder unmix them,
# $A^{-1} D$. The reconstruction is $x E A A^{-1} D = x E D$, as before. The loss cannot tell these networks apart. Which
# one training ends at depends on where it started.

# %%
E, D = linear[10].encoder.get_weights()[0], rows
A = np.random.default_rng(3).normal(size=(10, 10))
mixed_E, mixed_D = E @ A, np.linalg.inv(A) @ D
for name, encoder, decoder in (("as trained", E, D), ("mixed", mixed_E, mixed_D)):
    angle = principal_angles(decoder, components[:10])[-1]
    print(
        f"{name:<11} validation MSE {metrics.mse(V, V @ encoder @ decoder):.6f}"
        f"   largest angle {angle:.4f}°"
    )
print(f"largest change of a decoder weight: {np.abs(mixed_D - D).max():.2f}")

# %% [markdown]
# ### Exercise 1.6 · Recover the components
# *15 minutes · difficulty 3 of 3*
#
# The components are not lost. Given the decoder's kernel `D` and the codings `Z` of the training images, return the
# principal components, one in each row, the strongest first. `Z` need not have mean zero. (What has PCA's subspace, and
# knows how far the data reach in each direction?)


# %%
def recover_components(D: np.ndarray, Z: np.ndarray) -> np.ndarray:
    """Principal components (k, d), strongest first, from the decoder D (k, d) and codings Z (n,
    k)."""
    ### BEGIN SOLUTION
    covariance = np.cov(Z @ D, rowvar=False)  # of the reconstructions; np.cov centres them
    variances, directions = np.linalg.eigh(covariance)  # columns, the weakest first
    return directions[:, ::-1][:, : len(D)].T
    ### END SOLUTION


# %%
recover_components = check("1.6", recover_components)

# %%
recovered = recover_components(D, X @ E)
signs = np.sign(np.sum(recovered * components[:10], axis=1, keepdims=True))
plots.image_grid(np.concatenate([components[:10], signs * recovered]), columns=10, signed=True,
                 titles=[f"v{i}" for i in range(1, 11)] + ["recovered"] * 10)  # fmt: skip

# %% [markdown]
# **What to see.** The rows below were computed from the network's weights and codings alone. They are the components above.
# (Signs are free, so they were matched for the picture.)

# %% [markdown]
# ### Can the network be made to find them itself?
#
# Each rule below takes away some of the freedom to mix.
#
# - **Tying**: the encoder is the decoder's transpose, $E = D^\top$. Then a mixing $A$ must satisfy $A^{-1} = A^\top$: only
#   rotations are left, and at the optimum the rows of $D$ are orthonormal. Demanding **orthogonality** outright does the
#   same. Lesson 04 returns to tying.
# - **Nested dropout** (Rippel, Gelbart and Adams, 2014): while training, keep the first $j$ codings and set the others to
#   zero, with $j$ drawn at random. Coding 1 must now do the best it can alone, coding 2 the best beside it, and so on. That
#   is PCA's order.

# %% [markdown]
# Nested dropout needs no images either, not even random numbers. Let $p_i$ be the chance that coding $i$ is kept; it falls
# with $i$. Codings $a$ and $b$ survive together whenever the later of the two does. So the *average* loss is the formula
# of exercise 1.5 with weights: $p_i$ for coding $i$'s share of the middle term, the smaller of $p_a$ and $p_b$ for the
# entry $(a, b)$ of $D D^\top$. With $j$ drawn evenly from 1 to 10, $p_i = 1, 0.9, \dots, 0.1$. The loss of tying is that of
# exercise 1.5 with $D^\top$ in the place of $E$.

# %%
keep = ops.linspace(1.0, 0.1, 10)  # a float32 tensor: the chance that coding i is kept


def tied_loss(E, D, C):
    return loss_from_covariance(ops.transpose(D), D, C)


def nested_loss(E, D, C):
    together = ops.minimum(keep[:, None], keep[None, :])  # the chance that codings a and b are kept
    CE = ops.matmul(C, E)
    cross = ops.sum(keep[:, None] * D * ops.transpose(CE))
    square = ops.sum(together * ops.matmul(D, ops.transpose(D)) * ops.matmul(ops.transpose(E), CE))
    return (ops.trace(C) - 2 * cross + square) / C.shape[0]


losses = {"free": loss_from_covariance, "tied": tied_loss, "nested dropout": nested_loss}
cosines = {}
print("                  largest angle   |cosine| with own component     rows orthonormal")
print("                  to the subspace      mean         least          to within")
for name, loss in losses.items():
    keras.utils.set_random_seed(42)
    model = pca_linear.TrainedOnCovariance(784, 10, loss)
    fit_covariance(model, C, steps=settings.steps)
    D = model.decoder.get_weights()[0].astype(np.float64)
    cosines[name] = np.abs(D @ components[:10].T) / np.linalg.norm(D, axis=1, keepdims=True)
    own = np.diag(cosines[name])
    angle = principal_angles(D, components[:10])[-1]
    print(
        f"{name:<16} {angle:13.4f}° {own.mean():13.4f} {own.min():13.4f}"
        f" {np.abs(D @ D.T - np.eye(10)).max():17.1e}"
    )

# %%
pca_figures.cosine_squares(cosines)

# %% [markdown]
# **What to see.** One square for each way of training; white means that a row of the decoder points along that component.
# The table says that all three find the same subspace. Left free, every row is a mixture. Tying makes the rows
# orthonormal, yet they stay mixtures. Nested dropout gives a white diagonal: row 1 is component 1, row 2 is component 2.
# Only the lengths of its rows remain free.

# %% [markdown]
# ## The shape of the loss
#
# Why did training never get stuck? In general gradient descent can end in a poor local minimum. Here a theorem excludes
# it. Pierre Baldi and Kurt Hornik proved in 1989: if the covariance has full rank and distinct eigenvalues, the loss of
# a linear autoencoder has **no local minima apart from the global one**. Every other place where the gradient vanishes
# is a **saddle**, from which some direction leads down. (A pixel that is black in every image takes the full rank away. It
# tells nothing and can be left out.)
#
# They also say where the saddles are: where the network has found a *wrong choice* of components, such as 2 and 3 instead
# of 1 and 2, or fewer components than it has codings.

# %% [markdown]
# ### Predict what happens at a saddle

# %%
quiz("01-nudge")


# %%
def descend(E, D, rate=6.0):
    """Training loss of plain gradient descent from kernels E (784, 2), D (2, 784), at each step."""
    d, losses = len(C), []
    for _ in range(settings.descent):
        CE = C @ E
        losses.append((np.trace(C) - 2 * np.sum(D * CE.T) + np.sum((D @ D.T) * (E.T @ CE))) / d)
        slope_E = -2 / d * (C @ D.T - CE @ (D @ D.T))
        slope_D = -2 / d * (CE.T - (E.T @ CE) @ D)
        E, D = E - rate * slope_E, D - rate * slope_D
    return losses


rng = np.random.default_rng(4)
starts = {
    f"random start {i}": [rng.normal(0, 0.03, size) for size in ((784, 2), (2, 784))]
    for i in (1, 2, 3, 4)
}
saddle = components[1:3]
nudge = 1e-4 * rng.normal(size=saddle.shape)
starts["components 2 and 3"] = [saddle.T, saddle]
starts["the same, nudged"] = [(saddle + nudge).T, saddle + nudge]
runs = {name: descend(*start) for name, start in starts.items()}
plots.curves(
    runs,
    xlabel="step",
    ylabel="training loss",
    best=None,
    references={"PCA-2": predicted[2]},
    title="Two codings, plain gradient descent, six starts",
)

# %% [markdown]
# **What to see.** Every random start ends near PCA's level. The run that starts *on* a saddle stays there. Its nudged twin
# stays beside it for more than fifty steps, as if it had converged, and then drops to the level of the others. A flat loss
# curve does not prove that training is over.
#
# With exact arithmetic the first of the two would stay for ever. On a computer, rounding errors are a nudge, too. Write 400
# in the place of `settings.descent` and see what happens.

# %%
print("at the last step, relative to PCA's training loss:")
for name, run in runs.items():
    print(f"  {name:<20} {run[-1] / predicted[2] - 1:+.1e}")

# %% [markdown]
# The random starts are still up to a thousandth above PCA, and the gap shrinks with every step. What is missing lies in
# the encoder, in directions in which the data hardly vary. There the gradient is small and plain gradient descent is
# slow.

# %% [markdown]
# ## Find the bug
#
# A colleague checks whether the linear autoencoder has found PCA. "If it has, then row $i$ of the decoder is component
# $i$. So I compare them one by one":


# %%
def agreement(A, B):
    """Mean |cosine| between each row of A and the row of B in the same place."""
    A = A / np.linalg.norm(A, axis=1, keepdims=True)
    B = B / np.linalg.norm(B, axis=1, keepdims=True)
    return np.mean(np.abs(np.sum(A * B, axis=1)))


for k, model in linear.items():
    print(
        f"{k:2} codings: agreement {agreement(model.decoder.get_weights()[0], components[:k]):.2f}"
    )
print("Conclusion: the autoencoder has failed.")

# %% [markdown]
# The conclusion is wrong, and the mistake is common: some lecture notes call the axes of a linear autoencoder "the
# principal components". What does the comparison measure that the loss does not care about?

# %% [markdown]
# ### Exercise 1.7 · A comparison that cannot be fooled
# *10 minutes · difficulty 2 of 3*
#
# Write one number that compares the *subspaces* spanned by the rows of `A` and of `B`: 1 if they are the same, 0 if they
# are at right angles, and unchanged when the rows of either are mixed. Take the mean of the squared cosines of the
# principal angles. (There is a way that needs neither angles nor an SVD: the sum of the squares of all entries of a
# matrix is the sum of its squared singular values.)


# %%
def overlap(A: np.ndarray, B: np.ndarray) -> float:
    """Mean squared cosine, 0 to 1, of the principal angles between the row spaces of A, B: (k,
    d)."""
    ### BEGIN SOLUTION
    basis_a = np.linalg.qr(A.T)[0]
    basis_b = np.linalg.qr(B.T)[0]
    return float(np.sum((basis_a.T @ basis_b) ** 2) / len(A))
    ### END SOLUTION


# %%
overlap = check("1.7", overlap)

# %%
for k, model in linear.items():
    D = model.decoder.get_weights()[0]
    print(
        f"{k:2} codings: row by row {agreement(D, components[:k]):.2f}"
        f"   as subspaces {overlap(D, components[:k]):.6f}"
    )

# %% [markdown]
# **What to see.** The same weights, two verdicts. Row by row they hardly agree; as subspaces they agree to six digits.
# Compare what a model computes, not the numbers in which it happens to store it.

# %% [markdown]
# ## On the yardstick

# %%
for k in (2, 10, 30, 100):
    scoreboard.record(
        "01",
        f"PCA-{k}",
        codings=k,
        data=garments,
        mse=on_validation[k - 1],
        parameters=784 * (k + 1),
    )
for k, model in linear.items():
    figures = against_pca(model)
    scoreboard.record(
        "01",
        f"linear autoencoder, {k} codings",
        codings=k,
        data=garments,
        seconds=seconds[k],
        parameters=model.count_params(),
        mse=figures["mse"],
        angle=figures["decoder"],
    )
scoreboard.show(["01"])

# %% [markdown]
# The linear autoencoder has up to twice as many parameters as PCA and the same error. As a way to compress images it
# gains nothing. As a start it is worth a lot: with a bend in it there is no formula any more, but the same training
# still works. That is lesson 02.

# %% [markdown]
# ## Summary
#
# - An autoencoder describes an image by a few codings and draws it from them. What it gains, it gains from patterns.
# - PCA is the best that straight lines can do. Its error is the sum of the discarded eigenvalues.
# - A linear autoencoder sees only the covariance of its data. Trained to the end, it spans PCA's subspace.
# - Its axes are an arbitrary mixture. The covariance of its reconstructions gives the components back; training with
#   nested dropout finds them by itself.
# - Its loss has saddles but no poor minima. A plateau may be a saddle.
# - Compare subspaces by principal angles, never vector by vector.

# %% [markdown]
# **Questions that come up**
#
# - *Why not just use PCA?* For straight-line compression, do. The linear autoencoder is here because its answer is known,
#   so that training can be checked against it.
# - *What if I add a ReLU?* Then it is no longer PCA, and can be better or worse. A ReLU in the coding layer alone only
#   forbids negative codings; bends between several layers allow more shapes than a flat sheet. Lesson 02 measures it.
# - *Should I standardise the pixels?* Centre always. Divide by the standard deviation only if the units differ (metres and
#   kilograms). All pixels share one unit, and dividing would blow up corner pixels that are nearly always black.

# %% [markdown]
# - *Divide by n or by n − 1?* The components are the same. The eigenvalues differ by a factor; only with $n$ do they add
#   up to the mean squared error.
# - *What happens without centring?* The first direction then mostly points at the mean image and is wasted on it. In the
#   network the biases do the centring, but they and the kernels get in each other's way, and training is slower.

# %% [markdown]
# **Where to read on**
#
# - Pearson (1901), *On lines and planes of closest fit to systems of points in space*, Philosophical Magazine 2
# - Eckart and Young (1936), *The approximation of one matrix by another of lower rank*, Psychometrika 1
# - Chase and Simon (1973), *Perception in chess*, Cognitive Psychology 4
# - Björck and Golub (1973), *Numerical methods for computing angles between linear subspaces*, Mathematics of Computation 27
# - Bourlard and Kamp (1988), *Auto-association by multilayer perceptrons and singular value decomposition*, Biological
#   Cybernetics 59
# - Baldi and Hornik (1989), *Neural networks and principal component analysis: learning from examples without local
#   minima*, Neural Networks 2

# %% [markdown]
# - Rippel, Gelbart and Adams (2014), *Learning ordered representations with nested dropout*,
#   [arXiv 1402.0915](https://arxiv.org/abs/1402.0915)
# - Kunin, Bloom, Goeva and Seed (2019), *Loss landscapes of regularized linear autoencoders*,
#   [arXiv 1901.08168](https://arxiv.org/abs/1901.08168): with a small penalty on the weights, the axes can be
#   read off as the decoder's singular vectors
