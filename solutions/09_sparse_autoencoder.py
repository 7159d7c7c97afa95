# ---
# lesson: "09"
# title: Sparse autoencoders
# question: What if there are plenty of codings, and only a few may be active at a time?
# objectives:
#   - penalise the activity of codings in two ways, derive the KL between two coins, and say why it suits a sigmoid
#   - measure sparsity by several numbers, and say what each of them does not see
#   - write a penalty that does not depend on the batch size, and test that
#   - choose the weight of a penalty by a sweep, and find dead units
#   - look up what a single unit stands for
# needs: "lessons 01 and 02 (PCA, autoencoders, reconstruction error); the logarithm"
# minutes: {reading: 35, exercises: 65, machine: 1.3}
# idea: |
#   A language has a large vocabulary, but a sentence needs only a few words. A **sparse autoencoder** works like that: it has
#   many codings, and for each image only a few of them may be active. Then each coding can afford to stand for something
#   particular, and you can look up what.
# cover: |
#   Four units of a sparse autoencoder, a row each: what the unit adds to a picture, in red and blue, and the eight garments that
#   excite it most. In some rows most are of one kind.
# ---

# %%
import sys

sys.path.insert(0, "..")  # the folder above holds `helpers`

from helpers import backend  # noqa: F401  (first: it keeps TensorFlow's start-up messages away)

import keras
import numpy as np
import tensorflow as tf
from helpers import data, metrics, plots, scoreboard, session, training, weights
from helpers.exercises import check, hint, quiz  # noqa: F401  (hints are for you: hint("9.1"))
from keras import ops

settings = session.start(
    "09",
    n_train=9_000,  # images to learn from
    units=300,  # codings
    epochs=6,
    batch_size=64,
    peak=1e-2,  # highest learning rate
    k=30,  # how many codings may be active where we say so
    targets=(0.05, 0.1, 0.2),  # of the sweep
    weights=(0.0, 1e-4, 2e-4, 5e-4, 1e-3, 3e-3),  # of the penalty, in the sweep
)

# %% [markdown]
# ## Few at a time
#
# So far the codings were few, and that kept the autoencoder honest: with 30 numbers it cannot copy 784 pixels. There is
# another way to be short. A language has tens of thousands of words, far more than anybody needs for one sentence. Yet
# sentences are short. The vocabulary is large, and **for each thing only a few words are used**.
#
# A **sparse autoencoder** has many codings, here 300. But for each image most of them should be silent. Then each one can
# afford to stand for something particular.

# %%
plots.hourglass([784, 100, 300, 784], coding=2, title="300 codings, made from 100 numbers")

# %% [markdown]
# **What to see.** The codings are not the narrowest place. What keeps this network short is not their number but a **penalty**
# for using them. Each coding passes through a sigmoid, so it lies between 0 (silent) and 1 (fully active). We call it a
# **unit**, and its value its **activation**.
#
# But before the codings there is a layer of 100 units, which more than halves the weights of the encoder. All that the
# codings know of an image has passed through it. So the fair rival is a PCA with 100 components, not one with 300.

# %%
garments = data.load("fashion_mnist").take(train=settings.n_train, valid=settings.n_valid)
X, V = garments.X_train, garments.X_valid
y, labels = garments.y_train, garments.y_valid
pca_sizes = [30, 100]
pca_errors = dict(zip(pca_sizes, metrics.pca_reconstruction_mse(X, V, pca_sizes), strict=True))
for size, error in pca_errors.items():
    print(f"PCA-{size:<4} validation MSE {error:.5f}")

# %% [markdown]
# Keep these figures in mind: PCA-100, which uses all its 100 numbers for every image, and PCA-30, which uses as many as
# we shall allow in the end. A sparse autoencoder may not use all its units at once. We shall see what that costs, and
# what it buys.

# %% [markdown]
# ## In symbols
#
# For image $i$ of $n$ and unit $j$ of $m = 300$, write $a_{ij} \in (0, 1)$ for the activation. The loss has two parts:
#
# $$\mathcal L = \underbrace{\frac{1}{784\, n} \sum_i \lVert x_i - \hat x_i \rVert^2}_{\text{mean squared error}} \;+\;
# \lambda \cdot \underbrace{\text{penalty}(a)}_{\text{for activity}}$$
#
# - $x_i$ is an image, $\hat x_i$ its reconstruction,
# - $\lambda \ge 0$, the **weight**, says how much activity costs. The error is a mean over 784 pixels and the penalty will be
#   a *sum* over 300 units. That is why useful weights look as small as $10^{-4}$.
#
# Two penalties are common. They ask for different things.

# %% [markdown]
# **ℓ1.** Every activation costs its own size, summed over the units and averaged over the images:
#
# $$\text{penalty}_{\ell_1} = \frac1n \sum_{i=1}^n \sum_{j=1}^m |a_{ij}| .$$
#
# Its slope is the same everywhere: a small activation is pushed down as hard as a large one. (With squares instead of absolute
# values the push would fade as the activation does.) So it should drive activations to exactly 0, unless the reconstruction
# pushes back. Whether it does depends on what stands *before* it. We shall count the zeros.

# %% [markdown]
# ### Exercise 9.1 · The ℓ1 penalty
# *5 minutes · difficulty 1 of 3*
#
# `activations` has the shape (images, units). Return the penalty as one number (a tensor without axes). Use `ops`, that is
# `keras.ops`, so that gradients can pass: `ops.absolute`, `ops.sum`, `ops.mean`.


# %%
def l1_penalty(activations: keras.KerasTensor) -> keras.KerasTensor:
    """Sum over the units of |activation|, averaged over the images: (images, units) -> scalar."""
    ### BEGIN SOLUTION
    return ops.mean(ops.sum(ops.absolute(activations), axis=-1))
    ### END SOLUTION


# %%
l1_penalty = check("9.1", l1_penalty)

# %% [markdown]
# ## A target for every unit
#
# The second idea sets a **target** $p$, such as 0.1, for the mean activation of each unit,
#
# $$q_j = \frac1n \sum_{i=1}^n a_{ij} .$$
#
# It punishes units whose mean is elsewhere, above *or below*. How should we measure "elsewhere"?

# %% [markdown]
# Think of a unit as a **coin** that shows heads (active) with the probability $q$. The target is a coin too, with the
# probability $p$. The Kullback–Leibler divergence compares what two beliefs say about what happens:
# $\text{KL}(P \,\|\, Q) = \sum_s P(s) \log \frac{P(s)}{Q(s)}$, a sum over all outcomes $s$. A coin has only two, heads with
# $P = p$ and $Q = q$, and tails with $1 - p$ and $1 - q$. So
#
# $$\text{KL}(p \,\|\, q) = p \log \frac{p}{q} + (1 - p) \log \frac{1 - p}{1 - q} .$$

# %% [markdown]
# Its slope follows term by term ($\log \frac pq$ has the derivative $-\frac1q$):
#
# $$\frac{d}{dq}\, \text{KL}(p \,\|\, q) = -\frac pq + \frac{1 - p}{1 - q} = \frac{q - p}{q\,(1 - q)} .$$
#
# It is 0 at $q = p$, negative below, positive above: one minimum, and its value is 0. Near the two ends the denominator
# goes to 0, and the slope grows without bound. The penalty is the sum over units, $\sum_j \text{KL}(p \,\|\, q_j)$.

# %% [markdown]
# ### Exercise 9.2 · The divergence from the target
# *15 minutes · difficulty 2 of 3*
#
# `means` holds the mean activation $q_j$ of each unit, `target` is $p$. Return the sum of $\text{KL}(p \,\|\, q_j)$ over the
# units. A mean can be exactly 0 or 1 on a computer; keep the result finite there (`ops.clip(x, low, high)`; a margin such as
# $10^{-6}$ will do). The check compares the value *and its gradient* with the formulas above.


# %%
def kl_to_target(means: keras.KerasTensor, target: float) -> keras.KerasTensor:
    """Sum over the units of KL(target || mean) between two coins, in nats: (units,) -> scalar."""
    ### BEGIN SOLUTION
    q = ops.clip(means, 1e-6, 1 - 1e-6)
    return ops.sum(target * ops.log(target / q) + (1 - target) * ops.log((1 - target) / (1 - q)))
    ### END SOLUTION


# %%
kl_to_target = check("9.2", kl_to_target)

# %% [markdown]
# Why not simply $|q - p|$ or $(q - p)^2$? Because of the sigmoid. A unit's activation is $a = \sigma(u)$, where $u$ is the sum
# that goes into the sigmoid, and only through $u$ can training move it. The sigmoid's slope is $a\,(1 - a)$: nearly 0 when
# the unit is off or fully on. Take a unit with the same activation $q$ for all images. How hard does a penalty push its $u$?
#
# $$\frac{d}{du} |q - p| = \pm\, q\,(1 - q), \qquad
# \frac{d}{du} (q - p)^2 = 2\,(q - p)\; q\,(1 - q), \qquad
# \frac{d}{du} \text{KL}(p \,\|\, q) = \frac{q - p}{q\,(1 - q)}\; q\,(1 - q) = q - p .$$

# %% [markdown]
# **The KL's denominator cancels the sigmoid's slope.** It still pushes where the others have lost their force: at a unit that
# is dead, or always on. (The same happens with the cross-entropy of a classifier.) Let us see it, with your `kl_to_target`:

# %%
# NBVAL_CHECK_OUTPUT
target = 0.1
u = np.linspace(-7, 7, 281).astype("float32")  # what goes into the sigmoid
penalties = {
    "KL": lambda q: kl_to_target(q, target),
    "|q − p|": lambda q: ops.sum(ops.absolute(q - target)),
    "(q − p)²": lambda q: ops.sum(ops.square(q - target)),
}
curves, pushes = {}, {}
q = 1 / (1 + np.exp(-u))
for name, penalty in penalties.items():
    with tf.GradientTape() as tape:
        inputs = tf.Variable(u)
        total = penalty(ops.sigmoid(inputs))
    slope = np.asarray(tape.gradient(total, inputs))
    scale = np.interp(0.5, q, slope)  # so that all three push alike at q = 0.5
    pushes[name] = slope / scale
    curves[name] = np.array([float(penalty(q[i : i + 1])) for i in range(len(q))]) / scale
some_q = (0.001, 0.01, 0.05, 0.2, 0.5, 0.9, 0.99, 0.999)
print(f"{'push at q =':<12}" + "".join(f"{v:>8}" for v in some_q))
for name, values in pushes.items():
    print(f"{name:<12}" + "".join(f"{v:>8.3f}" for v in np.interp(some_q, q, values)))

# %%
from helpers.autoencoders import sparse

sparse.figures.penalties_against_mean(curves, pushes, q, target)

# %% [markdown]
# **What to see.** Each penalty is scaled so that all push alike at $q = 0.5$; a positive push means down. At a dead unit
# ($q = 0.001$) the KL pulls up with a quarter of that force. The absolute value has 0.4 % of it left and the square 0.1 %: they
# cannot fetch the unit back. At a unit that is always on ($q = 0.999$) it is much the same. And right beside the target the
# absolute value jumps from one side to the other, so a mean that is nearly right is pushed to and fro. The KL gets
# gentle there.

# %% [markdown]
# ## The training step
#
# Here is the whole idea in code: one batch, two terms in the loss. `penalty` is a small layer around your function, `weight` is
# the $\lambda$ of above. (What the class inherits is the plumbing of encoder and decoder.)


# %%
class SparseAutoencoder(sparse.SparseAutoencoder):
    """Mean squared error + weight · penalty(activations)."""

    def train_step(self, data):
        """One step of the optimizer on a batch (images, targets)."""
        images, targets = data
        with tf.GradientTape() as tape:
            activations = self.encoder(images, training=True)
            error = ops.mean(ops.square(targets - self.decoder(activations, training=True)))
            loss = error + self.weight * self.penalty(activations, training=True)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply(gradients, self.trainable_variables)
        return {"loss": loss, "mse": error}


# %% [markdown]
# Four models with the same layers: no penalty; ℓ1 with the weight $10^{-4}$; the same ℓ1, but with codings behind a
# **ReLU** instead of a sigmoid; and the KL with the target 0.1 and the weight $5 \cdot 10^{-4}$. (The sigmoid codings
# begin near 0.1, with weights large enough to be felt: see `sparse_halves`. The ReLU codings begin as every Keras layer
# does.)

# %%
quiz("09-above")


# %%
from helpers.autoencoders.sparse import (
    KLPenalty, L1Penalty, Sweep, figures_at, kl_penalty, measures, sparse_halves,
    sparsity_explorer, what_keras_divides_by,
)  # fmt: skip

def build(penalty, weight, codings=None, largest=None):
    """A compiled sparse autoencoder, always from one seed.

    codings: a layer in the place of the sigmoid codings.   largest: a layer behind them.
    """
    keras.utils.set_random_seed(42)
    encoder, decoder = sparse_halves(settings.units)
    *before, last = encoder.layers
    ends = [codings or last, *([] if largest is None else [largest])]
    encoder = keras.Sequential([keras.Input((28, 28)), *before, *ends])
    model = SparseAutoencoder(encoder, decoder, penalty, weight)
    plan = settings.batch_size, settings.epochs
    rate = training.WarmupCosine.for_fit(settings.peak, len(X), *plan)
    model.compile(optimizer=keras.optimizers.Adam(rate, beta_2=0.99), steps_per_execution=8)
    return model


models = {
    "no penalty": build(L1Penalty(l1_penalty), 0.0),
    "ℓ1": build(L1Penalty(l1_penalty), 1e-4),
    "ℓ1, ReLU": build(
        L1Penalty(l1_penalty), 1e-4, keras.layers.Dense(settings.units, activation="relu")
    ),
    "KL": build(KLPenalty(target, function=lambda means, _: kl_to_target(means, target)), 5e-4),
}
for name, model in models.items():
    training.fit(model, X, X, epochs=settings.epochs, batch_size=settings.batch_size, title=name)

# %%
codings = {name: model.codings(V) for name, model in models.items()}
errors = {name: metrics.mse(V, model.decode(codings[name])) for name, model in models.items()}
print(measures.measures_table(codings, target, {"MSE": list(errors.values())}))

control = build(L1Penalty(l1_penalty), 0.0, keras.layers.Dense(settings.units, activation="relu"))
control.fit(X, X, epochs=settings.epochs, batch_size=settings.batch_size, verbose=0)
zeros = np.mean(control.codings(V) == 0)
print(f"\nA control, ReLU without a penalty: {zeros:.1%} of its activations are exactly 0.")

# %% [markdown]
# Six measures, because each is blind to something:
#
# - **mean**: of all activations. Blind to how they are shared out.
# - **> 0.1**: share of activations above 0.1, that is, of units that say something about an image. **exactly 0**: share of
#   activations that are 0 to the last digit.
# - **Hoyer**: $\frac{\sqrt m - \sum_j a_j / \sqrt{\sum_j a_j^2}}{\sqrt m - 1}$ for each image, averaged. 0: all units equally
#   active. 1: a single one. Blind to how large activations are (Hoyer, 2004).
# - **dead**: units that hardly move from image to image. Exercise 9.3.
# - **units at 0.1 ± .02**: share of units whose own mean keeps the promise.

# %%
sparse.figures.histograms(codings, target)

# %% [markdown]
# **What to see**, in the lecture profile. Left, all activations; right, one mean for each unit; all heights on a logarithmic
# scale. Without a penalty, the means lie anywhere, some near 1. ℓ1 pushes many activations towards 0, and says nothing about
# single units: some are used often, some never. The KL brings nearly every unit's mean to the dashed line.
#
# Now look at the column "exactly 0" of the table. **Behind a sigmoid, ℓ1 makes no zeros at all**: a sigmoid is 0 only
# at $-\infty$, and near 0 its slope $a\,(1-a)$ takes the force out of the push. Behind a ReLU the same penalty can
# reach 0: nine times out of ten. But look at the control below the table. A ReLU *without* any penalty is at 0 in six cases
# out of ten already, since it cuts off whatever is negative. So the ReLU makes most of these zeros, and ℓ1 adds the rest.
#
# And look at "> 0.1": **a mean of 0.1 is not a tenth of the units**. With the KL 22.6 % of the activations are above
# 0.1: 68 of 300 for each image, not 30. The KL asks for a mean, gets a mean, and many activations are small instead of
# zero.

# %% [markdown]
# ### Exercise 9.3 · Find the dead units
# *10 minutes · difficulty 2 of 3*
#
# A unit whose activation is the same for every image tells nothing about any image: whether it is always off, always on, or
# always at the target. Return the indices of the units whose largest and smallest activation over all images differ by less
# than `threshold`. `np.flatnonzero(mask)` gives the indices where a mask is True.


# %%
def dead_units(Z: np.ndarray, threshold: float) -> np.ndarray:
    """Indices of the units of Z (images, units) that move by less than `threshold`."""
    ### BEGIN SOLUTION
    movement = Z.max(axis=0) - Z.min(axis=0)
    return np.flatnonzero(movement < threshold)
    ### END SOLUTION


# %%
dead_units = check("9.3", dead_units)

# %%
for name, Z in (codings | {"ReLU, no penalty": control.codings(V)}).items():
    dead = dead_units(Z, 0.1)
    print(f"{name:<18}{len(dead):>4} of {Z.shape[1]} units are dead; "
          f"the highest mean of a unit is {Z.mean(axis=0).max():.2f}")  # fmt: skip

# %% [markdown]
# **What to see**, in the lecture profile. A cheap way to satisfy an ℓ1 is to switch units off for good. A sigmoid unit that
# is off has hardly any gradient with which to come back; a ReLU unit that is off for every image has none. The last line
# is the control: a ReLU without a penalty loses units, too, but only about a quarter as many as with the ℓ1. The KL, whose
# push does not fade at 0, keeps all units at work.

# %% [markdown]
# ## Does the batch size matter?
#
# It must not. How many images we show at once is a matter of memory and speed; what the loss asks for should stay the
# same. Three traps lie here.

# %%
print(f"Keras {keras.__version__}: the value of an activity_regularizer is divided by")
for batch_size in (8, 256):
    print(f"  {what_keras_divides_by(batch_size):5.0f} for a batch of {batch_size}")

# %% [markdown]
# **Trap 1: who divides by the batch size?** Keras lets a layer carry an `activity_regularizer`. Keras 2 divided its value by
# the batch size. Keras 3 did not, until early 2026; newer versions do again
# ([issue 22018](https://github.com/keras-team/keras/issues/22018)). An ℓ1 that *sums* over the batch is right where Keras
# divides, and 32 times too strong at a batch of 32 where it does not. The KL of the batch's *means* is right where Keras does
# **not** divide, and 32 times too weak where it does. The same code silently gives another result. Ours stands in
# `train_step`, where everybody can read it.

# %% [markdown]
# **Trap 2: a mean of few.** A unit that is fully active for a tenth of all images is silent in many batches of 8, and has the
# mean 0.125 or more in the others. It never has the mean 0.1, and so the KL of *this batch's* means punishes it in every batch.
# What this KL likes best is a unit that is always at 0.1: dead. The remedy is old (Hinton, 2010): let the means **run** over
# about the last thousand images,
#
# $$\bar q_j \leftarrow \bar q_j + \frac{b}{1000}\,(q_j - \bar q_j) ,$$
#
# where $b$ is the batch size and $q_j$ the mean of this batch. Take the KL's slope at $\bar q_j$, and pass it on to the images
# at hand. `KLPenalty` does so.

# %%
quiz("09-batch")


# %%
class BatchOnly(KLPenalty):
    """The KL of this batch's means alone, times `factor(batch size)`."""

    factor = staticmethod(lambda n: 1.0)

    def call(self, activations, training=None):
        n = ops.cast(ops.shape(activations)[0], "float32")
        return kl_penalty(ops.mean(activations, axis=0), self.target) * self.factor(n)


class DividedAgain(BatchOnly):
    """What a layer's `activity_regularizer` gives where Keras divides by the batch size."""

    factor = staticmethod(lambda n: 1.0 / n)


def at_batch_size(penalty, weight, batch_size):
    """Codings of V after about `settings.steps` steps on a few images with batches of this size."""
    keras.utils.set_random_seed(42)
    model = SparseAutoencoder(*sparse_halves(settings.few_units), penalty, weight)
    few, steps_of_an_epoch = X[: settings.n_few], settings.n_few // batch_size
    epochs = max(1, settings.steps // steps_of_an_epoch)
    rate = training.WarmupCosine(5e-3, epochs * steps_of_an_epoch)
    model.compile(optimizer=keras.optimizers.Adam(rate, beta_2=0.99), steps_per_execution=8)
    model.fit(few, few, batch_size=batch_size, epochs=epochs, verbose=0)
    return model.codings(V)


kinds = {
    "divided again": (lambda: DividedAgain(target), 2e-3),
    "own means": (lambda: BatchOnly(target), 2e-3),
    "running means": (lambda: KLPenalty(target), 2e-3),
    "ℓ1": (L1Penalty, 2e-4),
}
found = {}
for name in settings.kinds:
    make, weight = kinds[name]
    found |= {f"{name}, {size}": at_batch_size(make(), weight, size) for size in (8, 256)}
print("the penalty, and the batch size")
print(measures.measures_table(found, target))

# %% [markdown]
# **What to see**, in the lecture profile. Each pair of lines is the same loss with batches of 8 and of 256, after the
# same number of steps on few images. (The means are still on their way to the target.) *Divided again*: with 256 hardly
# anything is left of the penalty, and the means stay far away. *Own means*: with batches of 8 many more activations are
# above 0.1, and the Hoyer sparsity is far lower: the activations of an image are closer together. *Running means* give
# nearly the same mean and nearly the same sparsity at both sizes. ℓ1 is a sum of one term for each image and never had the
# problem. Its two lines differ a little, too. (Equal they cannot be: in as many steps, batches of 256 show 32 times as
# many images. With running means the last column differs most, 34 % and 21 % of 100 units.)

# %% [markdown]
# **Trap 3** is in *Find the bug*, below.

# %% [markdown]
# ## A third way: only the k largest
#
# Why not simply *say* how many units may be active? A **k-sparse** autoencoder
# ([Makhzani and Frey, 2014](https://arxiv.org/abs/1312.5663)) keeps the $k$ largest activations of each image and sets all
# others to 0. There is no penalty and no weight to choose, and the share of active units is known beforehand.
#
# Our codings stand behind a ReLU here, which has no upper end. Behind a sigmoid large activations can become exactly
# 1 in the computer's 32-bit numbers. There they tie, and units that tie may all stay: more than $k$ of them.

# %% [markdown]
# ### Exercise 9.4 · The k largest
# *10 minutes · difficulty 2 of 3*
#
# Return `activations` with everything but the `k` largest of each image set to 0. `ops.top_k(a, k)[0]` gives the k largest
# values of each row, the largest first; `ops.where(condition, yes, no)` chooses entry by entry. (If several activations are
# equal to the k-th largest, all of them may stay.)


# %%
def keep_largest(activations: keras.KerasTensor, k: int) -> keras.KerasTensor:
    """The k largest activations of each image, the others 0: (images, units) -> the same shape."""
    ### BEGIN SOLUTION
    threshold = ops.top_k(activations, k)[0][..., -1:]
    return ops.where(activations >= threshold, activations, 0.0)
    ### END SOLUTION


# %%
keep_largest = check("9.4", keep_largest)

# %%
# NBVAL_CHECK_OUTPUT
some = np.array([[0.9, 0.1, 0.4, 0.3], [0.2, 0.25, 0.1, 0.3]], "float32")
print(np.asarray(keep_largest(some, 2)).round(2))


# %%
class Largest(keras.layers.Layer):
    """Your `keep_largest` as the last layer of an encoder."""

    def call(self, inputs):
        return keep_largest(inputs, settings.k)


silent = L1Penalty(l1_penalty)  # with the weight 0: no penalty
behind_relu = keras.layers.Dense(settings.units, activation="relu")
by_k = build(silent, 0.0, behind_relu, Largest())
revived = build(silent, 0.0, largest=Largest())  # behind a sigmoid, as the KL model
revived.encoder.set_weights(models["KL"].encoder.get_weights())  # where every unit is in use
revived.decoder.set_weights(models["KL"].decoder.get_weights())
largest = f"{settings.k} largest after KL"
models |= {f"{settings.k} largest": by_k, largest: revived}
for name in (f"{settings.k} largest", largest):
    model = models[name]
    training.fit(model, X, X, epochs=settings.epochs, batch_size=settings.batch_size, title=name)
    codings[name] = model.codings(V)
    errors[name] = metrics.mse(V, model.decode(codings[name]))
print(measures.measures_table(codings, target, {"MSE": list(errors.values())}))

# %% [markdown]
# **What to see**, in the lecture profile. Look at "exactly 0" in the last two lines: about 90 % of the activations are 0,
# so about a tenth of the units is active for each image, as told. But alone, top-k runs into a vicious circle: a unit
# that is never among the largest gets no gradient of its own, and has little chance to get there. **About two thirds of the
# 300 units die**, many more than the ReLU alone has lost. (Its inventors lower $k$ slowly during the training.) The error
# is not far above the KL model's all the same (about .013 and .012).
#
# The last line begins where the KL model ended, with every unit in use, and nearly all stay in use. (It keeps the KL
# model's sigmoid. Its units are seldom at the upper end, so hardly any tie. It has had twice the training of the others,
# six epochs with the KL and six without. Its error is about the KL model's.)

# %%
reconstructed = {name: model.reconstruct(V[:10]) for name, model in models.items()}
titles = [garments.class_names[c] for c in labels[:10]]
plots.reconstructions(V[:10], reconstructed, errors=True, titles=titles)

# %% [markdown]
# **What to see**, in the lecture profile. The price, in pictures: the shirt's stripes are faint without a penalty, and
# gone in all other rows. In most other things the rows look alike. The errors below the images tell them apart better.
# Compare the errors in the table with PCA's at the top. PCA-100 may use all its 100 numbers for every image, and no
# model here comes near its error (.0078), not even the one without a penalty (.0110).
#
# **A fair comparison for "30 largest after KL".** It says 30 numbers about an image, as PCA-30 does, with a smaller
# error (.0126 and .0156). But PCA has to say the same 30 about every image; this model may choose which. *That choice
# is information, too*: there are $\binom{300}{30} \approx 2^{137}$ ways to choose 30 of 300, and 137 bits are worth
# several more numbers. And PCA is not the strongest rival: the autoencoder of lesson 02 has .0119 with 30 numbers,
# always the same (see the scoreboard below).

# %% [markdown]
# ## One unit, one thing
#
# What does a single unit stand for? There are two ways to ask. **Its decoder picture**: what changes in the image when this
# unit is switched on and nothing else is touched? **Its favourites**: which images excite it most?

# %%
quiz("09-unit")


# %%
def portraits(name):
    """Four units of a model, from a selective one to one below the middle."""
    alive = np.setdiff1d(np.arange(settings.units), dead_units(codings[name], 0.1))
    alive = alive if len(alive) else np.arange(settings.units)
    share, _ = sparse.measures.selectivity(codings[name], labels)
    order = alive[np.argsort(-share[alive])]  # the most selective first
    chosen = order[(np.array([0.05, 0.3, 0.5, 0.7]) * len(order)).astype(int)]
    return sparse.figures.unit_portraits(models[name].decode, codings[name], V, chosen, title=name)


portraits("no penalty")

# %% tags=["cover"]
portraits(largest)

# %% [markdown]
# **What to see**, in the lecture profile. Each row is one unit. First its decoder picture: red where it adds light, blue where it
# takes light away. Then its eight favourite images, with its activation for each. In both figures some units have
# favourites (nearly) all of one kind, and others mix kinds. Four units prove nothing; the next table counts over all of
# them. Nobody told the units about kinds: there were no labels.

# %%
by_chance = np.random.default_rng(0).permutation(labels)  # each image with the label of another
print(f"{'':<22}{'Hoyer':>7}{'share on one class':>21}{'by chance':>12}{'more than half':>17}")
for name, Z in codings.items():
    alive = np.setdiff1d(np.arange(Z.shape[1]), dead_units(Z, 0.1))
    living = Z[:, alive] if len(alive) else Z
    (share, _), (chance, _) = (sparse.measures.selectivity(living, y) for y in (labels, by_chance))
    cells = f"{share.mean():>21.2f}{chance.mean():>12.2f}{np.mean(share > 0.5):>17.0%}"
    print(f"{name:<22}{sparse.measures.hoyer(Z):>7.2f}{cells}")

# %% [markdown]
# **What to see**, in the lecture profile. A unit that does not care about classes has a tenth of its activity on each
# of the ten: a share of 0.10. Compare with the Hoyer sparsity: in these models, on the whole, the sparser the codings,
# the more a unit keeps to one class. A part of it is chance: a unit that is seldom active has a favourite by luck. "By
# chance" is the same share with the labels in random order, 0.12 to 0.21. The units are well above it, in every model.
# Subtract it, and the order of the models hardly changes.

# %% [markdown]
# ## Choosing the weight
#
# If the weight is too small, the target is ignored. If it is too large, the reconstruction is. So we try several: a **sweep**.
# It needs many trainings. They were run beforehand, on the shipped images, by `python3 workbook.py train 09`, and are loaded
# here with a manifest that says so. Where they do not fit, the cell trains shorter ones instead.

# %%
shipped = data.load("fashion_mnist", source="shipped", quiet=True)
shipped = shipped.take(train=settings.n_sweep, valid=1_000)
sweep = Sweep(settings.targets, settings.weights, settings.units)


def fill(callbacks):
    return sweep.fill(shipped.X_train, shipped.X_valid, epochs=settings.sweep_epochs)


outcome = weights.load_or_train(
    sweep, "sparse_09", fill, source=(Sweep, settings.targets, settings.weights),
    lesson="09", data=weights.data_text(shipped), dtype="float16",
)  # fmt: skip
swept = figures_at(sweep, outcome.history, target)
print(f"{'weight':>8}{'MSE':>10}{'mean':>8}{'units at 0.1 ± .02':>20}"
      f"{'> 0.1':>8}{'Hoyer':>8}{'dead':>6}")  # fmt: skip
for weight, f in swept.items():
    print(f"{weight:>8g}{f['mse']:>10.5f}{f['mean_activation']:>8.3f}{f['on_target']:>20.1%}"
          f"{f['active_share']:>8.1%}{f['hoyer']:>8.3f}{f['dead_units']:>6.0f}")  # fmt: skip

# %% [markdown]
# **What to see**, in the lecture profile. The larger the weight, the more units reach the target, and the larger the
# error. And a weight can be too large: at 0.003 the codings are *less* sparse again (Hoyer .515 instead of .588). Which
# one to take?

# %% [markdown]
# ### Exercise 9.5 · Choose the weight
# *15 minutes · difficulty 2 of 3*
#
# `unit_means` maps each weight that was tried to the mean activations of its units, `errors` maps it to its validation MSE. A
# weight **keeps the promise** if at least 90 % of the units have a mean within 0.02 of the target. Of the weights that keep it,
# return the one with the smallest error.


# %%
def choose_weight(
    unit_means: dict[float, np.ndarray], errors: dict[float, float], target: float
) -> float:
    """The weight with the smallest error among those that bring 90 % of the means to the target."""
    ### BEGIN SOLUTION
    good = [w for w, means in unit_means.items() if np.mean(np.abs(means - target) <= 0.02) >= 0.9]
    return min(good, key=lambda weight: errors[weight])
    ### END SOLUTION


# %%
choose_weight = check("9.5", choose_weight)

# %% [markdown]
# The sweep has kept the mean of each unit of each of its models. So your function can choose:

# %%
row = sweep.targets.index(target)
unit_means = dict(zip(sweep.trials, np.asarray(sweep.unit_means)[row], strict=True))
good = [w for w, means in unit_means.items() if np.mean(np.abs(means - target) <= 0.02) >= 0.9]
print("weights that keep the promise:", ", ".join(f"{weight:g}" for weight in good) or "none")
if good:
    chosen = choose_weight(unit_means, {weight: f["mse"] for weight, f in swept.items()}, target)
    print(f"chosen: {chosen:g}")

# %%
sparsity_explorer(sweep, outcome.history, shipped.X_valid[:8])

# %% [markdown]
# **What to see.** The weight that your function chose is the one that the KL model had above. Now move the two sliders.
# At weight 0 the target has no effect, of course. How large must the weight be until the means stand at the target?
# What happens to the pictures after that? And does a target of 0.05 cost more than one of 0.2? (All of these models
# were trained beforehand. Nothing is trained while you slide.)

# %% [markdown]
# ## Find the bug
#
# A colleague has 300 units and the target 0.1. Her penalty is as good as 0. And yet her codings can be as useless as
# these:


# %%
def her_penalty(activations, target):
    means = ops.mean(activations, axis=-1)
    rest = 1 - means
    return ops.mean(target * ops.log(target / means) + (1 - target) * ops.log((1 - target) / rest))


always = np.zeros((64, 300), "float32") + 1e-6
always[:, :30] = 1 - 1e-6  # thirty units are on for every image, the others never
print(f"her penalty for these codings  {abs(float(her_penalty(always, 0.1))):.4f}")
print(f"mean activation                {always.mean():.4f}")
print(f"dead units                     {len(dead_units(always, 0.1))} of {always.shape[1]}")

# %% [markdown]
# Thirty units are always on, and the other 270 never: no unit ever moves, so the codings of all images are equal. Her
# penalty finds nothing to punish. Over what did she take the mean?

# %% [markdown]
# ### Exercise 9.6 · Mend the penalty
# *10 minutes · difficulty 2 of 3*
#
# Write it anew, for a whole batch of activations of shape (images, units): the mean over the right axis, the divergence of each
# unit, the sum over the units. It must not change when every image is given twice. `kl_penalty(means, target)`, which is exercise
# 9.2 in the workbook's own version, may be used.


# %%
def mended_penalty(activations: keras.KerasTensor, target: float) -> keras.KerasTensor:
    """Sum over the units of KL(target || the unit's mean): (images, units) -> scalar."""
    ### BEGIN SOLUTION
    means = ops.mean(activations, axis=0)
    return kl_penalty(means, target)
    ### END SOLUTION


# %%
mended_penalty = check("9.6", mended_penalty)

# %%
print(f"the mended penalty for the same codings: {float(mended_penalty(always, 0.1)):.0f} nats")
one = np.full((64, 300), (0.1 * 300 - 1) / 299, "float32")
one[:, 0] = 1 - 1e-6  # a single unit is always on
before, after = (abs(float(penalty(one, 0.1))) for penalty in (her_penalty, mended_penalty))
print(f"one always-on unit among 300:  hers {before:.5f},  mended {after:.2f}")

# %% [markdown]
# **What to see.** A mean over the units of an image cannot tell *which* units are on. A mean over the images, one for each unit,
# can: even a single unit that is always on costs a lot. Now train with both:

# %%
trained = {}
for name, penalty in (("hers", her_penalty), ("mended", mended_penalty)):
    layer = L1Penalty(lambda activations, penalty=penalty: penalty(activations, target))
    weight = 2e-3 * (settings.few_units if name == "hers" else 1)  # hers is a mean, not a sum
    trained[name] = at_batch_size(layer, weight, 256)
print(measures.measures_table(trained, target))

# %% [markdown]
# **What to see.** Hers asks for the mean over all units of an image, and says nothing about a single unit. The mended
# one asks each unit. Compare the last two columns: in the lecture profile 24 of her 100 units are dead, and of the
# mended one's none. (By the Hoyer sparsity alone hers would look better: .66 and .61. One measure is not enough.)

# %% [markdown]
# ## On the yardstick


# %%
def record(name, model):
    Z_train, Z_valid = model.codings(X), codings[name]
    found = sparse.measures.measure(Z_valid)
    probe = metrics.linear_probe_accuracy(Z_train, y, Z_valid, labels, max_points=settings.probe)
    scoreboard.record(
        lesson="09", model=f"sparse, {name}", codings=settings.units, data=garments,
        parameters=model.count_params(), mse=errors[name], probe_accuracy=probe,
        mean_activation=found["mean_activation"], hoyer=found["hoyer"],
        dead_units=found["dead_units"],
    )  # fmt: skip


for name, model in models.items():
    record(name, model)
scoreboard.record(lesson="09", model="PCA-100", codings=100, data=garments, mse=pca_errors[100])
scoreboard.show(["02", "09"])

# %% [markdown]
# **What to see**, in the lecture profile. By error alone PCA-100 wins, as was to be expected: it says more. The probe
# decides nothing: all are between .80 and .84, and with 1,000 images one of them is known to ± .02 or so. (It is trained
# on fewer images here than in lesson 02, since 300 codings take long.) So what does sparsity buy? Few units are active
# at a time, and a single unit keeps more to one kind: half of its activity in the sparsest models, a quarter without a
# penalty.
#
# `python3 workbook.py bench 09` trains a well-known textbook's two recipes, ℓ1 and KL, beside ours, and prints what they reach,
# with the penalty and without, how sparse they are by all measures, and the ratio of the times.

# %% [markdown]
# ## Summary
#
# - Sparse: many units, few of them active for any one image. Not the number of codings is limited, but their use.
# - ℓ1 pushes activations towards zero, and may kill units. Behind a sigmoid none of them gets there; behind a ReLU most do.
#   The KL sets the mean of every unit and keeps units alive. Top-k sets how many speak; alone it lets most units die, and
#   begun where the KL ended, it keeps nearly all in use.
# - A mean of 0.1 is not a tenth of the units. Measure sparsity by more than one number.
# - Take means over images, for each unit; never over units. And never let the batch size into the loss.
# - The weight is chosen by a sweep: keep the promise first, then take the smallest error.
# - In our models, on the whole, the sparser the codings, the more a single unit kept to one kind of garment.

# %% [markdown]
# **Questions that come up**
#
# - *Why sigmoid units?* The KL compares probabilities, so activations must lie between 0 and 1.
#   ℓ1 works with a ReLU, too. Top-k works better with one: at a sigmoid's upper end activations tie.
# - *Why is even the model without a penalty behind PCA-100?* Perhaps it is not trained enough: six epochs on 9,000 images
#   are few. Set `epochs` in the first cell to 30, and see how near it comes.
# - *Can the network cheat an ℓ1?* With ReLU codings, yes: halve all activations and double the decoder's weights. The
#   images stay the same, and the penalty is half. So the length of the decoder's weight vectors is often kept fixed.
# - *Is one unit always one thing?* No. A thing may need several units, and a unit may serve several things. With many
#   units, few of them active at a time, one looks for purer ones. Researchers look into large language models in this
#   way today.

# %% [markdown]
# **Where to read on**
#
# - Olshausen and Field (1996), *Emergence of simple-cell receptive field properties by learning a sparse code for natural
#   images*, Nature 381
# - Hoyer (2004), *Non-negative matrix factorization with sparseness constraints*, Journal of Machine Learning Research 5
# - Hinton (2010), *A practical guide to training restricted Boltzmann machines*, technical report UTML TR 2010-003,
#   University of Toronto (running means for a sparsity target)
# - Ng (2011), *Sparse autoencoder*, lecture notes CS294A, Stanford
# - Makhzani and Frey (2014), *k-sparse autoencoders*, [arXiv 1312.5663](https://arxiv.org/abs/1312.5663)
# - Cunningham and others (2023), *Sparse autoencoders find highly interpretable features in language models*,
#   [arXiv 2309.08600](https://arxiv.org/abs/2309.08600)
