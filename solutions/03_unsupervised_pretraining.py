# ---
# lesson: "03"
# title: Unsupervised pretraining
# question: What if labels are expensive and images are cheap?
# idea: |
#   Somebody has to look at an image to give it a label. The images themselves cost next to nothing.
#   An autoencoder learns from images without labels. Can a classifier with few labels use what it learned?
#   We give every rival the same labels, and let intervals decide.
# cover: Garments, the same garments with half of each hidden, and what a network draws from the visible half.
# objectives:
#   - pretrain an encoder on images without labels, and build a classifier for few labels on it
#   - freeze and unfreeze layers so that it has an effect, and say exactly when Keras looks
#   - compare two methods fairly, on the same draws, with an interval for their difference
#   - say where learning from unlabelled images pays, where it stops, and what a control shows
#   - notice when labels leak from one trial into the next
# needs: "lesson 02 (autoencoder, reconstruction); what a classifier and softmax are; the standard deviation"
# minutes: {reading: 35, exercises: 80, machine: 3.7}
# ---

# %%
import sys

sys.path.insert(0, "..")  # the folder above holds `helpers`

from helpers import backend  # noqa: F401  (before keras: it keeps start-up messages off the page)
import keras
import numpy as np
from helpers import data, metrics, plots, scoreboard, session, training, weights
from helpers.exercises import check, hint, quiz  # noqa: F401  (hints are for you: hint("3.1"))

settings = session.start(
    "03",
    few=100,  # labels in the live comparisons
    draws=3,  # how often they are drawn
    codings=128,  # numbers per image
    epochs=5,  # of pretraining on the images without labels
    share=0.5,  # of each image that is hidden
)

# %% [markdown]
# ## Many images, few labels
#
# For garments a label costs cents. For X-rays it costs the time of a doctor. So the usual situation is:
# **images by the thousand, labels by the dozen**.
#
# An autoencoder needs no labels. Can what it learns from all the images help a classifier that has few?

# %%
garments = data.load("fashion_mnist", source="shipped").take(
    train=settings.n_train, valid=settings.n_valid, test=settings.n_test
)
X, y = garments.X_train, garments.y_train  # of y we shall use very little
V, truth = garments.X_valid, garments.y_valid
title = "Thousands like these, and you may ask for the names of a hundred"
plots.image_grid(X[20:60], columns=10, title=title)

# %% [markdown]
# **What to see.** The names are missing. Even so you see what belongs together: a sole and a heel, a strap
# and a bag. Told one name, you could guess many others. That is the hope of this lesson. We shall measure how
# much of it comes true.

# %% [markdown]
# The recipe has three steps.
#
# 1. **Pretrain**: train an autoencoder on *all* images. No label appears.
# 2. **Reuse**: throw the decoder away and put a new layer, the **head**, on the codings.
# 3. **Fine-tune**: train on the few labelled images, first the head alone, then everything.

# %% [markdown]
# ## What must be beaten
#
# A recipe is worth something only if it beats the obvious. There are two obvious rivals.
#
# The first is a **support vector machine** on the pixels, with a Gaussian (RBF) kernel. It compares two
# images $x$ and $x'$ by
#
# $$k(x, x') = \exp(-\gamma \lVert x - x' \rVert^2),$$
#
# where $\gamma$ says how far an example reaches: the larger $\gamma$, the less far. A second number, $C$, is
# the price of a mistake on the labelled images. We use $C = 10$ and $\gamma = 1 / v$, where $v$ is the sum of
# the variances of all inputs.

# %% [markdown]
# The second is a **convolutional network trained from scratch** on the labelled images. It has the layers of
# our encoder, and the same help: dropout, a falling learning rate, and labelled images that are shifted and
# mirrored anew in every batch.
#
# All choices in this lesson ($C$, layers, learning rates, epochs) were made on the **validation images**. The
# **test images** are used once, for the large table near the end.

# %% [markdown]
# ### Exercise 3.1 · Draw a fair set of labels
# *10 minutes · difficulty 1 of 3*
#
# We pretend to have labels for `n` images only. Draw them **stratified**: every class equally often, so that
# no class is missing by bad luck. Return the indices of `n` different images; `n` is a multiple of the number
# of classes. The classes are those that occur in `y`. The same `seed` gives the same draw, another seed
# another draw.


# %%
def draw_labels(y: np.ndarray, n: int, seed: int) -> np.ndarray:
    """Indices (n,) of n different images, as many of each class in y (m,); drawn by `seed`."""
    ### BEGIN SOLUTION
    rng = np.random.default_rng(seed)
    chosen = []
    for kind in np.unique(y):
        members = np.flatnonzero(y == kind)
        chosen.append(rng.choice(members, n // len(np.unique(y)), replace=False))
    return np.concatenate(chosen)
    ### END SOLUTION


# %%
draw_labels = check("3.1", draw_labels)

# %%
fifty = draw_labels(y, 50, seed=0)
names = [garments.class_names[kind] for kind in y[fifty]]
plots.image_grid(X[fifty], columns=10, titles=names, title="One draw of fifty labels")

# %% [markdown]
# **What to see.** Five of each class. In one draw a class may get five look-alikes, in the next five odd
# ones. This **luck of the draw** moves the accuracy by several percentage points. So every comparison needs
# several draws.

# %% [markdown]
# ## Pretraining: three autoencoders
#
# We pretrain three, from the simplest to the most demanding.
#
# 1. The **dense** one has the layers of lesson 02: 784 pixels, 100 units, 30 codings, and back. It is trained
#    for fewer epochs here.
# 2. The **copying** one is convolutional (lesson 06): the same small filters everywhere, so that a collar is
#    a collar wherever it is. It copies images, like the first.
# 3. The **filling** one has the same layers as the second, and a harder task. About half of each image is hidden
#    while it trains, in patches of 4×4 pixels. Its target is the **whole** image. To draw a sleeve that it
#    cannot see, it helps to recognise a pullover.

# %%
layers = keras.layers


def image_encoder():
    """Images (batch, 28, 28) -> codings (batch, settings.codings)."""
    few_maps, many_maps = settings.maps
    return keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Reshape((28, 28, 1)),
            layers.Conv2D(few_maps, 5, strides=2, padding="same", activation="relu"),  # 14×14
            layers.Conv2D(many_maps, 3, strides=2, padding="same", activation="relu"),  # 7×7
            layers.Flatten(),
            layers.Dense(settings.codings, activation="relu"),
        ]
    )


def image_decoder():
    """Codings (batch, settings.codings) -> images (batch, 28, 28) in [0, 1]."""
    few_maps, _ = settings.maps
    return keras.Sequential(
        [
            keras.Input((settings.codings,)),
            layers.Dense(7 * 7 * few_maps, activation="relu"),
            layers.Reshape((7, 7, few_maps)),
            layers.Conv2DTranspose(few_maps, 4, strides=2, padding="same", activation="relu"),
            layers.Conv2DTranspose(1, 4, strides=2, padding="same", activation="sigmoid"),
            layers.Reshape((28, 28)),
        ]
    )


# %% [markdown]
# In symbols: $x$ is an image, $m$ a random mask of zeros and ones of the same shape, constant on patches, and
# $m \odot x$ their product pixel by pixel. The encoder is $f$, the decoder $g$. Training minimises over all
# $n$ images of $d = 784$ pixels
#
# $$\mathcal L = \frac{1}{n\,d} \sum_{i=1}^n \lVert g(f(m_i \odot x_i)) - x_i \rVert^2,$$
#
# with a new mask $m_i$ for every image in every epoch. Such networks are called **denoising** autoencoders
# ([Vincent et al.,
# 2008](https://www.cs.toronto.edu/~larocheh/publications/icml-2008-denoising-autoencoders.pdf) and lesson
# 08), or, for hidden patches, **masked** ones ([He et al., 2021](https://arxiv.org/abs/2111.06377)). For the
# two copying autoencoders every $m_i$ is 1.


# %%
from helpers.autoencoders import Autoencoder, dense_hourglass, pretraining

def pretrain(model, title):
    """Train an autoencoder on all images X, without labels. The rate climbs, then falls."""
    rate = training.WarmupCosine.for_fit(2e-3, len(X), 64, settings.epochs)
    model.compile(loss="mse", optimizer=keras.optimizers.Adam(rate))
    training.fit(model, X, X, epochs=settings.epochs, batch_size=64, title=title)
    error = metrics.mse(V, model.reconstruct(V))
    print(f"{title}: {model.count_params():,} parameters, validation MSE {error:.4f}")
    return model


keras.utils.set_random_seed(42)
parts = {"activation": "relu", "coding_activation": None, "output_activation": "sigmoid"}
dense = pretrain(dense_hourglass((28, 28), (100,), 30, **parts), "dense")

# %%
keras.utils.set_random_seed(42)
copier = pretrain(Autoencoder(image_encoder(), image_decoder()), "copying")

# %%
keras.utils.set_random_seed(42)
hide = pretraining.masked.HidePatches(settings.share, size=4)  # works in training only
encoder = image_encoder()
blinded = keras.Sequential([keras.Input((28, 28)), hide, encoder])
filler = pretrain(Autoencoder(blinded, image_decoder()), "filling")

# %% tags=["cover"]
keras.utils.set_random_seed(3)
some = V[2:10]
hidden = np.asarray(hide(some, training=True))
drawn = filler.reconstruct(hidden)
rows = {"image": some, "half of it hidden": hidden, "drawn from that half": drawn}
plots.image_rows(rows, tile=1.0)

# %% [markdown]
# **What to see.** These images were never seen in training, and about half of each is gone. The network draws
# blurred wholes, with about the right outline for all but the last, a dark pullover of which little was left to see.
# It has an idea of what garments look like. It has not heard one name.

# %% [markdown]
# ### Exercise 3.2 · Reuse the encoder
# *10 minutes · difficulty 1 of 3*
#
# Put a head on an encoder: return a Keras model from images to the probabilities of `classes` classes, which
# is the encoder itself, as it stands, followed by **one** dense layer with softmax. Freeze nothing yet, and
# do not compile.


# %%
def with_head(encoder: keras.Model, classes: int) -> keras.Model:
    """Images -> probabilities (batch, classes): the encoder itself and one softmax layer."""
    ### BEGIN SOLUTION
    head = keras.layers.Dense(classes, activation="softmax")
    return keras.Sequential([keras.Input(encoder.input_shape[1:]), encoder, head])
    ### END SOLUTION


# %%
with_head = check("3.2", with_head)

# %% [markdown]
# ## Frozen, and when Keras looks
#
# The new head begins with random weights. Its first gradients are large and mean nothing, and they flow back
# into the encoder. If everything is trained at once, they can wash out part of what pretraining has learned.
#
# So the encoder is first **frozen**, `encoder.trainable = False`: its weights stand still and only the head
# learns. Then it is unfrozen, and everything learns together in small steps: **fine-tuning**.

# %%
quiz("03-unfreeze")

# %%
# NBVAL_CHECK_OUTPUT
some, their = X[:64], y[:64]


def moves_in_the_last_fit(story):
    """Whether the encoder of a small classifier moves in the last `fit` of such a story."""
    small = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(8, "tanh")])
    model = pretraining.transfer.with_head(small, 10)
    for step in story.split(", "):
        before = small.get_weights()
        if step == "compile":
            model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
        elif step == "fit":
            model.fit(some, their, batch_size=64, verbose=0)
        else:
            small.trainable = step == "unfreeze"
    return any(np.any(old != new) for old, new in zip(before, small.get_weights(), strict=True))


for story in (
    "compile, fit",
    "freeze, compile, fit",
    "compile, freeze, fit",
    "compile, fit, freeze, fit",
    "freeze, compile, fit, unfreeze, fit",
    "freeze, compile, fit, unfreeze, compile, fit",
):
    print(f"{story:<46} the encoder {'moves' if moves_in_the_last_fit(story) else 'stands still'}")

# %% [markdown]
# **What to see.** Rows four and five do the opposite of what they say, without a word. Row three works. The
# rule behind it:
#
# - `compile` throws the old training step away. The weights stay.
# - The **first batch** after it makes a new one, and *then* Keras looks which layers are trainable.
# - Every later `fit` with batches of the same shape uses the same step, whatever `trainable` says by then.
#
# Keras' own documentation puts it more simply, and it is the rule to live by: **set `trainable`, then
# compile, then fit.**

# %% [markdown]
# Two more things surprise people:
#
# - **The optimizer**, too, is built for the variables that it first meets. Give each `compile` a new one. An
#   old one, after unfreezing, raises an error about unknown variables.
# - **Freezing stops the weights and nothing else.** A frozen `Dropout`, or our `HidePatches`, still does its
#   work in training. (Batch normalization is the exception: frozen, it also stops collecting statistics and
#   uses the old ones.)

# %% [markdown]
# ### Exercise 3.3 · Freeze, then unfreeze
# *20 minutes · difficulty 3 of 3*
#
# `model` is a classifier, not compiled, that contains `encoder`. Train it on images `X` with labels `y`
# (whole numbers) in two phases, with the loss `"sparse_categorical_crossentropy"` and batches of 50:
#
# 1. the encoder frozen, `epochs[0]` epochs of Adam with the learning rate `rates[0]`
# 2. everything trainable, `epochs[1]` epochs of Adam with the learning rate `rates[1]`


# %%
def train_in_two_phases(
    model: keras.Model, encoder: keras.Model, X: np.ndarray, y: np.ndarray, epochs: tuple,
    rates: tuple,
) -> None:
    """Train the head of `model` with its `encoder` frozen, then everything; see above."""
    ### BEGIN SOLUTION
    for trainable, count, rate in zip((False, True), epochs, rates, strict=True):
        encoder.trainable = trainable
        model.compile(optimizer=keras.optimizers.Adam(rate), loss="sparse_categorical_crossentropy")
        model.fit(X, y, epochs=count, batch_size=50, verbose=0)
    ### END SOLUTION


# %%
train_in_two_phases = check("3.3", train_in_two_phases)

# %% [markdown]
# ## A first comparison: 100 labels
#
# Here is the whole of fine-tuning. Two things need no more labels and are meant to help when labels are few:
#
# - **Augmentation**: a pullover moved by two pixels is still a pullover. `ShiftAndFlip` moves each image by
#   up to two pixels and mirrors half of them, anew in every batch.
# - **Dropout** on the codings, so that the head does not rely on a few of them.
#
# With few labels nobody can spare a set to stop early by. The recipe is fixed instead: the labelled images
# are repeated until an epoch is long enough, and the number of epochs is the same for all counts of labels.


# %%
def fine_tune(encoder, images, labels):
    """A classifier on `encoder` (which is changed), trained on a few labelled images."""
    shift = pretraining.transfer.ShiftAndFlip(most=2)  # works in training only, like the dropout
    noisy = keras.Sequential([keras.Input((28, 28)), shift, encoder, layers.Dropout(0.3)])
    model = with_head(noisy, int(labels.max()) + 1)
    again = np.resize(np.arange(len(images)), max(len(images), settings.epoch_size))
    head_epochs, all_epochs = settings.tune_epochs
    falling = training.WarmupCosine.for_fit(2e-3, len(again), 50, all_epochs)
    train_in_two_phases(
        model, encoder, images[again], labels[again], (head_epochs, all_epochs), (1e-2, falling)
    )
    return model


def by_fine_tuning(encoder, copy=pretraining.transfer.fresh_copy):
    """A way to judge: fine-tune a copy of `encoder` on a draw of labels, return its accuracy."""

    def judge(images, labels, others, classes):
        model = fine_tune(copy(encoder), images, labels)
        return float(np.mean(model.predict(others, batch_size=500, verbose=0).argmax(1) == classes))

    return np.asarray, judge


from_scratch = keras.models.clone_model  # the same layers, with fresh random weights

# %% [markdown]
# A frozen encoder needs no network behind it: its codings are a table of numbers. Every table gets the **same
# two heads**, logistic regression and the SVM, with the same fixed settings. So what differs is what they
# look at.

# %%
from sklearn.decomposition import PCA

pca = PCA(settings.components, random_state=0).fit(data.flatten(X))
keras.utils.set_random_seed(7)
untrained = image_encoder()
look_at = {
    "pixels": data.flatten,
    "PCA": lambda images: pca.transform(data.flatten(images)),
    "dense codings": dense.codings,
    "copying codings": copier.codings,
    "filling codings": filler.codings,
    "untrained codings": lambda images: untrained.predict(images, batch_size=500, verbose=0),
}
HEADS = {
    "logistic": pretraining.label_curve.logistic_accuracy,
    "SVM": pretraining.label_curve.svm_accuracy,
}
methods = {
    f"{head} on {what}": (see, judge)
    for what, see in look_at.items()
    for head, judge in HEADS.items()
}


def show(names):
    """Measure these methods with few labels; print a row for each, a column for each draw."""
    chosen = {name: methods[name] for name in names}
    live.update(
        pretraining.label_curve.measure(chosen, garments, [settings.few], settings.draws)
    )
    for name in names:
        print(f"{name:<30}" + "".join(f"{value:8.3f}" for value in live[name][0]))


live = {}
print(f"validation accuracy, {settings.few} labels, one column for each draw\n")
show(list(methods))

# %%
from scipy.stats import t as student

networks = {
    "convnet from scratch": by_fine_tuning(encoder, from_scratch),
    "fine-tuned copying": by_fine_tuning(copier.encoder),
    "fine-tuned filling": by_fine_tuning(encoder),
}
methods.update(networks)
show(list(networks))

# %% [markdown]
# **What to see**, in the lecture profile. Read a row: the accuracy of one method goes up and down
# by two to nine points from draw to draw. Read a column: without the untrained encoder, all methods lie within
# six points. And the third draw is the worst for *every* method. So part of the luck is *shared*, since all
# methods got the same images. What is shared should not count in a comparison.
#
# The rows of the **untrained** encoder are a control. Its weights are random, and it has learned nothing from
# any image. Whatever it reaches comes from its layers alone. In each column the lowest figure is one of its two.

# %% [markdown]
# ### Exercise 3.4 · A paired interval
# *15 minutes · difficulty 2 of 3*
#
# Given the accuracies $a_i$ and $b_i$ of two methods on the same $n$ draws, take the differences $d_i = a_i -
# b_i$, their mean $\bar d$ and their standard deviation $s$ (divide by $n - 1$). The 95 % interval of the
# mean is
#
# $$\bar d \pm t\, \frac{s}{\sqrt n},$$
#
# where $t$ is the 0.975 quantile of Student's distribution with $n - 1$ degrees of freedom,
# `student.ppf(0.975, n - 1)`.


# %%
def difference_interval(a: np.ndarray, b: np.ndarray) -> tuple[float, float, float]:
    """Mean of a − b and the ends of its 95 % interval; a[i] and b[i] are from the same draw i."""
    ### BEGIN SOLUTION
    differences = np.asarray(a) - np.asarray(b)
    n = len(differences)
    half = student.ppf(0.975, n - 1) * differences.std(ddof=1) / np.sqrt(n)
    return differences.mean(), differences.mean() - half, differences.mean() + half
    ### END SOLUTION


# %%
difference_interval = check("3.4", difference_interval)


# %%
def in_points(a, b):
    """The difference a − b and its interval in percentage points, as text."""
    mean, low, high = (100 * value for value in difference_interval(a, b))
    return f"{mean:+.1f} [{low:+.1f}, {high:+.1f}]"


ours = live["fine-tuned filling"][0]
for name in ("SVM on pixels", "convnet from scratch", "fine-tuned copying"):
    print(f"fine-tuned filling − {name:<22}{in_points(ours, live[name][0]):>22} percentage points")
rival = live["convnet from scratch"][0]
pretraining.figures.pairs(ours, rival, ("fine-tuned filling", "convnet from scratch"), "validation")

# %% [markdown]
# **What to see.** Left: each line is one draw, the grey bars are the intervals of each method on its own.
# Right: the differences, draw by draw. An interval of the **difference** above 0 says that the first method
# is better by more than the luck of the draw explains. One below 0 says that it is worse. One across 0 is a
# **tie**: these labels cannot tell. In the lecture profile all three printed differences are ties.
#
# Three draws are few. The factor $t$ is 4.3 for three draws, 2.8 for five and 1.96 for very many. We need
# more draws.

# %% [markdown]
# ## Ask for less: small windows
#
# An autoencoder has to sum up a *whole* image in a few numbers. Pixel error decides what is kept: brightness,
# size, outline. What tells a shirt from a coat, a collar perhaps, is only a few pixels.
#
# So ask for less. Cut thousands of small **windows**, 6×6 pixels, out of the unlabelled images and learn a
# **dictionary** of what is to be seen in such windows: an edge, a corner, a stripe. Then describe an image by
# *which entries it shows where*. Coates, Lee and Ng did this in
# [2011](https://proceedings.mlr.press/v15/coates11a.html), with one layer of learned windows and a simple
# classifier.

# %% [markdown]
# For one window $w$ of 36 pixels, with mean $\bar w$ and variance $s^2$:
#
# 1. **same contrast**: $u = (w - \bar w) / \sqrt{s^2 + 0.01}$
# 2. **whitening**: $z = W (u - \mu)$, with the mean $\mu$ of all $u$ and a matrix $W$ that gives $z$ about
#    equal variance in all directions. Smooth shading, which all windows share, no longer drowns the rest.
# 3. **answers**: $a_k = z \cdot f_k$ for each of the $K$ filters $f_k$, vectors of length 1

# %% [markdown]
# 4. **threshold**, on both sides: $\max(a_k - 0.25, 0)$ and $\max(-a_k - 0.25, 0)$. A weak likeness counts as
#    none.
# 5. **pooling**: the average over all windows of a field of 7×7 pixels. (There is a window for each pixel; beyond
#    the edge all is black.) An image has 4×4 fields, so it becomes $4 \cdot 4 \cdot 2K$ numbers. Then the square
#    root, so that much of one thing does not outweigh all others.
#
# Two steps learn from the windows, without labels. Step 2 takes $\mu$ and $W$ from their mean and covariances.
# Step 3 needs filters, and **k-means** is the simplest way to find them: $K$ directions such that every window
# is close to one of them, whatever its sign. It is an autoencoder at its sparsest: a single unit is on.

# %%
dictionaries = {
    "learned windows": pretraining.patches.learn(X, settings.filters),
    "noise windows": pretraining.patches.learn(X, settings.filters, kind="noise"),
}
some_filters = [one.filters[:10].reshape(-1, 6, 6) for one in dictionaries.values()]
grey = [0.5 + 0.5 * f / np.abs(f).max() for f in some_filters]  # mid-grey is 0
plots.image_rows(dict(zip(dictionaries, grey, strict=True)), tile=0.8)

# %% [markdown]
# **What to see.** Ten filters of each kind; mid-grey is 0. Above: edges, lines and spots at several angles and
# places. Nobody asked for edges: k-means found them. Below: Gaussian noise, which knows nothing of garments. All
# other steps are the same for both, whitening included. So the difference in accuracy between the two is what
# *learning the filters* adds. Noise is the **control**.

# %%
quiz("03-noise")

# %%
windows = {f"SVM on {name}": (see, HEADS["SVM"]) for name, see in dictionaries.items()}
live.update(pretraining.label_curve.measure(windows, garments, [settings.few], settings.draws))
print(f"{settings.few} labels, {settings.draws} draws; differences in percentage points\n")
print(f"{'':<24}{'accuracy':>9}{'− SVM on pixels':>24}{'− noise windows':>24}")
for name in ("SVM on pixels", *windows):
    cells = [in_points(live[name][0], live[other][0]) if name != other else ""
             for other in ("SVM on pixels", "SVM on noise windows")]  # fmt: skip
    print(f"{name:<24}{live[name].mean():>9.3f}" + "".join(f"{cell:>24}" for cell in cells))

# %% [markdown]
# **What to see**, in the lecture profile. All rows have the same SVM; only what it looks at
# differs. The first column of differences says what the whole recipe adds to the pixels: with three draws both
# intervals hold 0. The second column says what *learning* adds to noise: about four points, and this interval
# is above 0. The noise windows and the pixels are not to be told apart.

# %% [markdown]
# ## The label curve
#
# Where does pretraining pay, and where does it stop? The next table has all methods, 50 to 2,000 labels and
# five draws, the same for all. The networks take too long for a lesson, so the table was computed beforehand
# by the code of this page (`python3 workbook.py train 03`), with longer training: ten epochs of pretraining, not
# five, and ten epochs of fine-tuning all layers, not eight, with 2,000 labelled images in each, not 500. It is the
# only place where the **test images** are used.
#
# A widely used textbook sets much the same as an exercise (Géron, chapter 17): train a classifier on only 500 images,
# with pretraining and without. Which is better? Look for the answer in the column of 500 labels. And set both beside
# the SVM on pixels there, which has seen no unlabelled image at all.

# %%
quiz("03-adds")

# %%
COUNTS = list(settings.counts)
methods |= windows
methods["fine-tuned dense"] = by_fine_tuning(dense.encoder)
methods["dense from scratch"] = by_fine_tuning(dense.encoder, from_scratch)

table = pretraining.label_table.LabelTable(list(methods), COUNTS, settings.table_draws)
outcome = weights.load_or_train(
    table, "labels_03", lambda: table.fill(methods, garments), lesson="03",
    data=weights.data_text(garments), source=pretraining.label_table.LabelTable,
)  # fmt: skip
test = table.by_name()
print("Measured beforehand." if outcome.loaded else "Measured just now.", end=" ")
print(f"Mean test accuracy of {table.draws} draws:\n")
print(f"{'labels':<32}" + "".join(f"{n:>9,}" for n in COUNTS))
for name, values in test.items():
    print(f"{name:<32}" + "".join(f"{value:>9.3f}" for value in values.mean(axis=1)))
print("\nSVM on pixels, 95 % intervals of the mean:")
for n, values in zip(COUNTS, test["SVM on pixels"], strict=True):
    _, low, high = metrics.interval(values)
    print(f"{n:>6,} labels: {low:.3f} to {high:.3f}")

# %%
SEEN = ("pixels", "learned windows", "noise windows", "filling codings", "copying codings",
        "dense codings", "untrained codings")  # fmt: skip
seen = {what: test[f"SVM on {what}"] for what in SEEN}
pretraining.figures.label_curves(COUNTS, {"An SVM on …": seen})

# %%
families = {
    "Convolutional networks": ("convnet from scratch", "fine-tuned filling", "fine-tuned copying"),
    "Dense networks": ("dense from scratch", "fine-tuned dense"),
}
panels = {
    title: {name: test[name] for name in ("SVM on pixels", *names)}
    for title, names in families.items()
}
pretraining.figures.label_curves(COUNTS, panels)


# %%
def differences(groups):
    """Print the paired differences in test accuracy, {subtracted method: methods}."""
    print(f"{'percentage points':<30}" + "".join(f"{n:>19,}" for n in COUNTS) + " labels")
    for other, names in groups.items():
        print(f"less {other}:")
        for name in names:
            cells = (in_points(a, b) for a, b in zip(test[name], test[other], strict=True))
            print(f"  {name:<28}" + "".join(f"{cell:>19}" for cell in cells))


differences(
    {
        "SVM on pixels": (
            "SVM on dense codings",
            "SVM on copying codings",
            "SVM on filling codings",
            "convnet from scratch",
            "SVM on noise windows",
            "SVM on learned windows",
        ),
        "logistic on pixels": ("logistic on copying codings",),
        "SVM on untrained codings": ("SVM on filling codings",),
        "dense from scratch": ("fine-tuned dense",),
        "convnet from scratch": (
            "fine-tuned copying",
            "fine-tuned filling",
            "SVM on learned windows",
        ),
        "SVM on noise windows": ("SVM on learned windows",),
    }
)

# %% [markdown]
# **What to see.** The bars in the pictures are 95 % intervals of the means. But all methods had the same five draws,
# so the differences in the table decide, not whether two bars overlap. (Of 52 intervals of 95 %, two or three miss by
# chance. Believe a row, not a cell. And each encoder and each dictionary was made only once: the intervals are about
# the luck of the labels, not about another pretraining.) First the autoencoders and the networks:
#
# - **From 100 labels on, frozen codings of whole images save no labels here.** The SVM on dense or filling codings
#   is behind the SVM on pixels. On copying codings it is level or behind; only with 50 labels is it a little ahead.
#   (With logistic regression, copying codings and pixels are not to be told apart at any count: four ties.)
# - **They have learned something all the same.** The filling codings are three points ahead of the untrained ones
#   at every count. But the pixels themselves serve the SVM as well or better.
# - **Fine-tuned, the start makes no proven difference.** All twelve intervals between a pretrained network and its
#   twin from scratch hold 0.
# - **The convolutional network is level with the SVM on pixels** with 50 and 100 labels, just behind with 500, and
#   five points behind with 2,000. Its training is as long at every count, and chosen for few labels: from 500 to
#   2,000 labels it gains nothing (0.790 and 0.789).

# %% [markdown]
# Then the windows. Here something is gained without labels:
#
# - **Learned windows are ahead** of the SVM on pixels and of the noise windows at every count, and of the
#   convolutional network, too, with 100 labels only just.
# - **What learning adds shrinks.** Learned windows are ahead of noise by 6.3 and 4.9 points with 50 and 100 labels,
#   by 2.0 and 1.5 with 500 and 2,000. There the noise windows, too, are ahead of the pixels: of the lead over the
#   pixels, 2.5 of 4.5 and 2.8 of 4.3 points need no learned filter. With few labels the lead does need them.

# %%
rivals = ("SVM on pixels", "SVM on noise windows", "convnet from scratch")
against = {name: test[name] for name in rivals}
title = "SVM on learned windows, and by how much it is ahead"
pretraining.figures.differences(COUNTS, test["SVM on learned windows"], against, title)

# %% [markdown]
# **What to see.** The last two points as a picture. A grey dot for each draw, and the mean with its interval. (A
# mean would be hollow if its interval held 0; none does.) Against the noise windows the lead shrinks from left to
# right. Against the pixels it stays at four to five points. Against the convolutional network it grows from
# 500 to 2,000 labels, since there that one stands still.

# %% [markdown]
# ### Exercise 3.5 · What is pretraining worth?
# *15 minutes · difficulty 2 of 3*
#
# "Three points more" is hard to value. "As good as with twice the labels" is money. Read a curve backwards:
# `counts` are rising numbers of labels and `accuracies` what a method reaches with each, rising too. Return
# how many labels it needs to reach `accuracy`. Between two points the curve is a straight line over the
# **logarithm** of the labels, as drawn above. Below the beginning of the curve answer `counts[0]`, above its
# end infinity.


# %%
def labels_worth(counts: list[int], accuracies: list[float], accuracy: float) -> float:
    """How many labels a method with this curve needs to reach `accuracy`; float("inf") if never."""
    ### BEGIN SOLUTION
    if accuracy > accuracies[-1]:
        return float("inf")
    return float(np.exp(np.interp(accuracy, accuracies, np.log(counts))))
    ### END SOLUTION


# %%
labels_worth = check("3.5", labels_worth)

# %%
best = test["SVM on learned windows"].mean(axis=1)
for name in ("SVM on pixels", "SVM on noise windows", "convnet from scratch"):
    rival = np.maximum.accumulate(test[name].mean(axis=1)) + 1e-9 * np.arange(len(COUNTS))  # rising
    for n, accuracy in zip(COUNTS, best, strict=True):
        just_above = 0 < accuracy - rival[-1] < 0.002  # nearer than these means are known
        needed = COUNTS[-1] if just_above else labels_worth(COUNTS, rival, accuracy)
        text = f"about {needed:,.0f}" if np.isfinite(needed) else f"more than {COUNTS[-1]:,}"
        print(f"{n:>6,} labels with learned windows are worth {text} with {name}")

# %% [markdown]
# **What to see.** With learned windows, 50 labels do the work of 100 to 130, and 100 labels that of a little under
# 200: about **twice the labels**, whoever the rival is. Beside the noise windows 500 do the work of about 900.
# Beside the pixels 500 do the work of about 2,000: the large table has 0.842 for both. The "more than" of the
# convolutional network says little, since its curve is flat at the end. These figures are read off means and have no
# intervals, so take them as rough.

# %%
pretraining.figures.label_explorer(COUNTS, test, "fine-tuned filling", "convnet from scratch")

# %% [markdown]
# **What to see.** It opens on a tie: with 500 labels the interval of the difference holds 0. Now choose two methods
# yourself. Begin with the noise windows and the pixels: from how many labels on are the noise windows ahead? Then
# look for two methods whose dots overlap and whose interval still excludes 0. How can that be? Their draws rise and
# fall together. (Try the filling codings and the pixels with 500 labels.)

# %% [markdown]
# ## Labels for another task
#
# Sometimes there are labels after all, only for something else: a million labelled photographs, and you want
# to tell X-rays apart. One then reuses a network trained **with** labels on the other task. Its layers have
# learned what that task needed.
#
# Here the task is a hard one: pullover, coat or shirt, with ten labels of each. Two encoders were trained with
# *all* labels of three other classes. One learned to tell T-shirts, trousers and dresses apart, which are
# clothes too. The other learned sandals, sneakers and boots. Both saw equally many images.
#
# An SVM gets what a frozen encoder says about the labelled images. But which layer shall it look at: the
# codings, or what the second convolution gives, one step before them?

# %%
quiz("03-depth")

# %%
clothes, shoes, target = (0, 1, 3), (5, 7, 9), (2, 4, 6)  # classes


def trained_on(classes):
    """An encoder trained to tell these classes apart, with all their labels."""
    keras.utils.set_random_seed(42)
    start, those = image_encoder(), np.isin(y, classes)
    model = with_head(start, len(classes))
    rate = training.WarmupCosine.for_fit(2e-3, int(those.sum()), 64, settings.other_epochs)
    model.compile(optimizer=keras.optimizers.Adam(rate), loss="sparse_categorical_crossentropy")
    labels = np.searchsorted(classes, y[those])
    model.fit(X[those], labels, epochs=settings.other_epochs, batch_size=64, verbose=0)
    return start


def up_to(encoder, count):
    """What the first `count` layers of an encoder make of images, as rows (n, numbers)."""
    part = keras.Sequential([keras.Input((28, 28)), *encoder.layers[:count]])
    return lambda images: data.flatten(part.predict(images, batch_size=500, verbose=0))


X_target, y_target = X[np.isin(y, target)], y[np.isin(y, target)]
V_target, truth_target = V[np.isin(truth, target)], truth[np.isin(truth, target)]
draws = [
    draw_labels(y_target, settings.other_labels, seed) for seed in range(settings.other_draws)
]


def reached(see):
    """Accuracies of an SVM that looks at `see(images)`, one for each draw."""
    few, others = see(X_target), see(V_target)
    return [HEADS["SVM"](few[i], y_target[i], others, truth_target) for i in draws]


on_pixels = reached(data.flatten)
starts = {"untrained": untrained, "labels of clothes": trained_on(clothes),
          "labels of shoes": trained_on(shoes)}  # fmt: skip
print(f"pullover, coat or shirt: {settings.other_labels} labels, {settings.other_draws} draws\n")
print(f"{'an SVM on …':<40}{'accuracy':>9}{'− pixels':>22}{'− untrained':>22}")
print(f"{'pixels':<40}{np.mean(on_pixels):>9.3f}")
for layer, count in {"second convolution": 3, "codings": 5}.items():
    found = {name: reached(up_to(start, count)) for name, start in starts.items()}
    for name, values in found.items():
        control = "" if name == "untrained" else in_points(values, found["untrained"])
        cells = f"{in_points(values, on_pixels):>22}{control:>22}"
        print(f"{layer + ', ' + name:<40}{np.mean(values):>9.3f}{cells}")

# %% [markdown]
# **What to see.** The SVM that looks at the **codings** of the shoe network is ten points behind the pixels, and five
# behind the codings of an *untrained* network: learning about shoes has thrown away what shirts need. One layer
# earlier the same network is level with the pixels, and a little ahead of its untrained twin. The clothes network
# falls from layer to layer, too, and its codings are not to be told apart from the untrained ones. The mean of
# the untrained network falls by three points as well: some of the fall may lie in the layer, not in the training.
#
# So ask not only *which* network to reuse, but *which layer*: the deeper, the more it has been fitted to its own
# question ([Yosinski and others, 2014](https://arxiv.org/abs/1411.1792)). And nothing in this table is proven better
# than the pixels. The famous successes reuse large networks that saw a million
# photographs. Ours is small, and saw about 2,700 garments.

# %% [markdown]
# ## Find the bug
#
# A colleague fine-tunes the filling encoder with 50 labels, with one draw after the other. The next day she
# does it all again, this time beginning with the last draw. The draws are the same, and so are the seeds and
# the encoder that she loads in the morning. Her figures are not.

# %%
hers = pretraining.transfer.fresh_copy(encoder)


def day(start_from, order):
    """Validation accuracies of the draws 0, 1, …, made in this order from `start_from(hers)`."""
    hers.set_weights(encoder.get_weights())  # in the morning
    found = {}
    for draw in order:
        chosen = pretraining.stratified(y, settings.leak_labels, seed=draw)
        its = start_from(hers)
        keras.utils.set_random_seed(draw)  # after it: making a copy uses random numbers up
        model = fine_tune(its, X[chosen], y[chosen])
        answers = model.predict(V, batch_size=500, verbose=0).argmax(axis=1)
        found[draw] = np.mean(answers == truth)
    return np.array([found[draw] for draw in sorted(found)])


def two_days(start_from):
    """Accuracies of two days, the second one with the order turned round; printed draw by draw."""
    order = range(settings.leak_draws)
    days = {"first day": day(start_from, order), "second day": day(start_from, order[::-1])}
    for name, found in days.items():
        print(f"{name:<12}" + "".join(f"{value:8.3f}" for value in found))
    return days


def her_start(encoder):
    return encoder


print(f"{settings.leak_labels} labels in each draw; a column for each draw\n")
leaking = two_days(her_start)
numbers = range(1, settings.leak_draws + 1)
plots.curves(leaking, x=numbers, xlabel="draw", ylabel="validation accuracy", best=None,
             title="The same draws, in order and in reverse")  # fmt: skip

# %% [markdown]
# An accuracy belongs to a draw, its seed and its start. It cannot know whether the draw was the first of the
# day or the last. So something goes from one draw to the next. The list of layers in `with_head` holds the
# answer, and so does the word "itself" in exercise 3.2.

# %% [markdown]
# ### Exercise 3.6 · Mend the leak
# *10 minutes · difficulty 2 of 3*
#
# Return a copy of an encoder: the same layers, the same weights, but weights **of its own**, so that training
# the copy leaves the encoder unchanged.


# %%
def fresh_copy(encoder: keras.Model) -> keras.Model:
    """A model with the layers and the weights of `encoder` that shares no variable with it."""
    ### BEGIN SOLUTION
    copy = keras.models.clone_model(encoder)
    copy.set_weights(encoder.get_weights())
    return copy
    ### END SOLUTION


# %%
fresh_copy = check("3.6", fresh_copy)

# %%
mended = two_days(fresh_copy)
last, first = leaking["first day"][-1], leaking["second day"][-1]
print(f"\nher last draw: {last:.3f} after the others, {first:.3f} without them")

# %% [markdown]
# **What to see**, in the lecture profile. With a fresh copy for each draw, both days agree. Without it, her last
# draw is four points better when the others have come before it: the encoder has already seen *their* labels, up to
# 100 more. (Not every draw gains. The first one, trained last on the second day, does about as well as before.) This
# is a **leak**: labels that a trial is not supposed to have. Nothing warns of it. Here it flatters three of the four
# figures that it touches. When figures depend on the order in which they were made, look for what is handed on.

# %% [markdown]
# ## On the yardstick

# %%
pca_mse = metrics.pca_reconstruction_mse(X, V, settings.codings)
print(f"PCA-{settings.codings}: validation MSE {pca_mse:.4f}")
for title, model in (("convolutional, copying", copier), ("convolutional, patches hidden", filler)):
    codes, others = model.codings(X), model.codings(V)
    scoreboard.record(
        lesson="03", model=title, codings=settings.codings, data=garments, seeds=(42,),
        parameters=model.count_params(), mse=metrics.mse(V, model.reconstruct(V)),
        knn_accuracy=metrics.knn_accuracy(codes, y, others, truth),
        probe_accuracy=metrics.linear_probe_accuracy(codes, y, others, truth),
    )  # fmt: skip
scoreboard.show(["01", "02", "03"])

# %% [markdown]
# All figures are of validation images, in the lecture profile. After five epochs neither network
# reconstructs well: PCA with as many numbers has an error of 0.0065, less than half of theirs, and lesson 02's
# twelve epochs with 30 codings gave 0.0119. (The filling network was trained with half of each image hidden, so
# copying whole images is not what it practised.) So this lesson is about *short* pretraining. What much longer
# pretraining gives, it does not show.
#
# The probe gets *all* labels; it says how easily flat boundaries tell the classes apart in the codings.

# %% [markdown]
# ## Summary
#
# - Rivals first. With few labels an SVM on plain pixels is hard to beat, and a fair comparison gives every method the
#   same draws, the same head and the same care.
# - An encoder is trained to reconstruct, not to tell classes apart. Here, after a short pretraining, frozen codings
#   saved no labels from 100 labels on, and fine-tuning ended where the same network from scratch ended.
# - Small windows did save labels: four to five points over the pixels at every count. With few labels that was the
#   work of learned filters. With 500 and more, noise in the same windows gave about half of it or more.
# - Controls tell what *learning* does: untrained encoders, noise windows.
# - Reuse asks for a layer, not only for a network. The last one knows its old task best.
# - To freeze or unfreeze: set `trainable`, compile, fit. And every trial gets a fresh copy.
# - Compare on the same draws, by the interval of the difference. One across 0 is a tie.

# %% [markdown]
# **Questions that come up**
#
# - *Is it cheating that the encoder has seen all training images?* No: they come without labels, and in the
#   situation of this lesson they are there. It would be cheating with the test images, or if their labels had
#   been used to choose.
# - *Where do the settings of the rivals come from, if labels are few?* From 1,000 validation images with
#   labels. A real project with 50 labels would not have them. All methods got the same help, so the
#   comparison is fair; the figures themselves are a little too good for all.
# - *Why not train longer with few labels?* A network soon knows fifty images by heart. What helps is fewer
#   free weights (frozen layers), small steps, and images that are never twice the same (augmentation).

# %% [markdown]
# - *Why five draws and not one?* Look at the dots: single draws differ by more than many methods do.
# - *Are five enough?* For large differences, by the interval. Small ones need more draws, or stay a tie.
# - *Which layers should be unfrozen?* With more labels more of them. A common middle way unfreezes the last
#   layers only.
# - *So is pretraining useless?* No. Large models that read text or photographs are pretrained today on tasks
#   made from unlabelled data, often by filling in what is hidden. They have far more data and far larger
#   networks than this page.

# %% [markdown]
# **Where to read on**
#
# - Coates, Lee and Ng (2011), [*An analysis of single-layer networks in unsupervised feature
#   learning*](https://proceedings.mlr.press/v15/coates11a.html), AISTATS
# - Coates and Ng (2011), *The importance of encoding versus training with sparse coding and vector
#   quantization*, ICML
# - Hinton, Osindero and Teh (2006), *A fast learning algorithm for deep belief nets*, Neural Computation 18
# - Erhan, Bengio, Courville, Manzagol, Vincent and Bengio (2010), [*Why does unsupervised pre-training help
#   deep learning?*](https://jmlr.org/papers/v11/erhan10a.html), Journal of Machine Learning Research 11
# - Vincent, Larochelle, Bengio and Manzagol (2008), *Extracting and composing robust features with denoising
#   autoencoders*, ICML
# - He, Chen, Xie, Li, Dollár and Girshick (2021), [*Masked autoencoders are scalable vision
#   learners*](https://arxiv.org/abs/2111.06377)
# - Yosinski, Clune, Bengio and Lipson (2014), [*How transferable are features in deep neural
#   networks?*](https://arxiv.org/abs/1411.1792)
# - Géron (2022), *Hands-On Machine Learning with Scikit-Learn, Keras, and TensorFlow*, 3rd edition, chapters
#   11 and 17
