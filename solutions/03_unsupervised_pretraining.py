# ---
# lesson: "03"
# title: Unsupervised pretraining
# question: What if labels are expensive and images are cheap?
# idea: |
#   Somebody has to look at an image to give it a label. The images themselves cost next to nothing. Here an encoder learns
#   from images without labels, and we measure whether a classifier with few labels is better for it. All rivals get the
#   same labels, and intervals decide. The answer is less flattering than most textbooks have it.
# objectives:
#   - pretrain an encoder on images without labels, and build a classifier for few labels on it
#   - freeze and unfreeze layers so that it has an effect, and say exactly when Keras looks
#   - compare two methods fairly, on the same draws, with an interval for their difference
#   - say what learning on unlabelled images buys, and what the fixed parts around it buy
#   - notice when labels leak from one trial into the next
# needs: "lesson 02 (autoencoder, reconstruction); what a classifier and softmax are; the standard deviation"
# minutes: {reading: 35, exercises: 80, machine: 2.7}
# ---

# %%
import sys
import time

sys.path.insert(0, "..")  # the folder above holds `helpers`

from helpers import backend  # noqa: F401  (first: no start-up messages)
import keras
import numpy as np
from helpers import data, metrics, plots, scoreboard, session, training
from helpers.autoencoders import pretraining
from helpers.exercises import check, hint, quiz  # noqa: F401  (hints are for you: hint("3.1"))
from scipy.stats import t as student
from sklearn.decomposition import PCA

settings = session.start("03")

# %% [markdown]
# ## Many images, few labels
#
# Somebody has to look at every image and say what it is. With garments that costs cents; with X-rays it costs the time
# of a doctor. The images themselves cost next to nothing. So the usual situation is: **images by the thousand, labels
# by the dozen**.
#
# An autoencoder needs no labels. Can what it learns from all the images help a classifier that has few?

# %%
garments = data.load("fashion_mnist").take(
    train=settings.n_train, valid=settings.n_valid, test=settings.n_test
)
X, y = garments.X_train, garments.y_train  # of y we shall use very little
T, truth = garments.X_test, garments.y_test
sample = X[20:60].copy()
plots.image_grid(
    sample, columns=10, title="Thousands like these, and you may ask for the names of fifty"
)

# %% [markdown]
# **What to see.** What you cannot see: the names. Whoever has looked at enough garments without being told a single name
# still knows what varies and what belongs together, a sole with a heel, a strap with a bag. Told one name, they
# can guess the others. That is the hope. This lesson measures how much of it comes true.

# %% [markdown]
# The recipe has three steps.
#
# 1. **Pretrain**: train an autoencoder on *all* images. No label appears.
# 2. **Reuse**: throw the decoder away; put a new layer, the **head**, on the codings.
# 3. **Fine-tune**: train on the few labelled images, first the head alone, then everything.

# %% [markdown]
# ## What must be beaten
#
# A recipe is worth something only if it beats the obvious. The obvious: take the few labelled images and train a
# classifier on them, without any deep network. On small data the **support vector machine** with a Gaussian (RBF)
# kernel is hard to beat. It compares images $x$ and $x'$ by
#
# $$k(x, x') = \exp(-\gamma \lVert x - x' \rVert^2),$$
#
# where $\gamma$ says how far an example reaches, and a second number $C$ how much a mistake on the labelled images costs.

# %% [markdown]
# We do not set up a straw man. $C = 10$, and $\gamma = 1 / v$ with the total variance $v$ of the pixels, are among the
# best values we found on validation images with 500 labels: more help than a real project with few labels could give.
#
# Beware of comparisons with a network trained from scratch alone, on one draw of labels. Both flatter: the SVM is
# the harder rival, and one draw is a matter of luck.

# %% [markdown]
# ### Exercise 3.1 · Draw a fair set of labels
# *10 minutes · difficulty 1 of 3*
#
# We pretend to have labels for `n` images only. Draw them **stratified**: every class equally often, so that no class
# is missing by bad luck. Return the indices of `n` different images; `n` is a multiple of the number of classes. The
# classes are those that occur in `y`. The same `seed` gives the same draw, another seed another draw.


# %%
def draw_labels(y: np.ndarray, n: int, seed: int) -> np.ndarray:
    """Indices (n,) of n different images, as many of each class that occurs in y (m,); drawn by
    `seed`."""
    ### BEGIN SOLUTION
    rng = np.random.default_rng(seed)
    classes = np.unique(y)
    chosen = [
        rng.choice(np.flatnonzero(y == kind), n // len(classes), replace=False) for kind in classes
    ]
    return np.concatenate(chosen)
    ### END SOLUTION


# %%
draw_labels = check("3.1", draw_labels)

# %%
fifty = draw_labels(y, 50, seed=0)
names = [garments.class_names[kind] for kind in y[fifty]]
plots.image_grid(X[fifty], columns=10, titles=names, title="One draw of fifty labels")

# %% [markdown]
# **What to see.** Five of each class. One class may have got five look-alikes, another five odd ones: that is the
# **luck of the draw**, and with so few images it moves the accuracy by several percentage points.

# %% [markdown]
# ## Pretraining: draw what is hidden
#
# Lesson 02's autoencoder copies images through a narrow neck. For copying it must note down everything in proportion to
# its ink: shade, print, position. The class is not what copying is about.
#
# So let us try a harder task. (Whether it gives better codings than copying is not measured here.) Of each training image we hide half, in patches of 4×4 pixels; the target is the **whole**
# image. To draw a sleeve that it cannot see, a network has to recognise that this is a pullover.

# %% [markdown]
# In symbols: $x$ is an image, $m$ a random mask of zeros and ones of the same shape, constant on patches, $m \odot x$ their
# product pixel by pixel, $f$ the encoder and $g$ the decoder. Training minimises over all images
#
# $$\mathcal L = \frac{1}{n\,d} \sum_{i=1}^n \lVert g(f(m_i \odot x_i)) - x_i \rVert^2,$$
#
# with a new mask for every image in every epoch; $n$ images of $d = 784$ pixels. Such networks are called **denoising**
# autoencoders (lesson 08), or, for hidden patches, **masked** ones.

# %% [markdown]
# Two more things help. The encoder is **convolutional** (lesson 06): the same small filters everywhere, so that a collar
# is a collar wherever it is. And the images come with their **mirror images**: a mirrored shoe is a shoe.

# %%
hide = pretraining.masked.HidePatches(share=0.5, size=4)
keras.utils.set_random_seed(3)
hidden = np.asarray(hide(T[:10], training=True))

encoder = pretraining.masked.image_encoder(settings.codings, settings.filters)
decoder = pretraining.masked.image_decoder(settings.codings)
filler = pretraining.masked.filler(encoder, decoder, share=0.5, size=4)
print(f"encoder {encoder.count_params():,} parameters, decoder {decoder.count_params():,}")

images = pretraining.masked.with_mirror_images(X)
rate = training.WarmupCosine.for_fit(
    settings.peak, len(images), settings.batch_size, settings.epochs
)
filler.compile(loss="mse", optimizer=keras.optimizers.Adam(rate, beta_2=0.99))
start = time.perf_counter()
history = training.fit(
    filler,
    images,
    images,
    epochs=settings.epochs,
    batch_size=settings.batch_size,
    verbose=0,
    title="Filling in what is hidden",
)
seconds = time.perf_counter() - start

# %%
plots.image_rows(
    {
        "test image": T[:10],
        "half of it hidden": hidden,
        "drawn from that half": filler.reconstruct(hidden),
    }
)

# %% [markdown]
# **What to see**, in the lecture profile. Images that the network has never met, half of each gone. It draws blurred
# wholes, with the right outline for most of them. It has an idea of what garments are like, and has not heard one name.

# %% [markdown]
# ### Exercise 3.2 · Reuse the encoder
# *10 minutes · difficulty 1 of 3*
#
# Put a head on an encoder: return a Keras model from images to the probabilities of `classes` classes, which is the
# encoder itself, as it stands, followed by **one** dense layer with softmax. Freeze nothing yet, and do not compile.


# %%
def with_head(encoder: keras.Model, classes: int) -> keras.Model:
    """A model from the encoder's images to probabilities (batch, classes): the encoder and one
    softmax layer."""
    ### BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input(encoder.input_shape[1:]),
            encoder,
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )
    ### END SOLUTION


# %%
with_head = check("3.2", with_head)

# %% [markdown]
# ## Frozen, and when Keras looks
#
# The new head begins with random weights. Its first gradients are large and mean nothing, and they flow back into the
# encoder. If everything is trained at once, they wash out part of what pretraining has learned.
#
# So the encoder is first **frozen**, `encoder.trainable = False`: its weights stand still and only the head learns.
# Then it is unfrozen, and everything learns together in small steps: **fine-tuning**.

# %%
quiz("03-unfreeze")

# %%
# NBVAL_CHECK_OUTPUT
shipped = data.load("fashion_mnist", source="shipped", quiet=True)
some, their = shipped.X_train[:64], shipped.y_train[:64]


def moves_in_the_last_fit(story):
    """Whether the encoder of a small new classifier moves in the last `fit` of a story such as
    "compile, fit"."""
    small = keras.Sequential(
        [keras.Input((28, 28)), keras.layers.Flatten(), keras.layers.Dense(8, activation="tanh")]
    )
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
# **What to see.** Rows four and five do the opposite of what they say, without a word. Row three works. The rule behind
# it:
#
# - `compile` throws the old training step away. The weights stay.
# - The **first batch** after it makes a new one, and *then* Keras looks which layers are trainable.
# - Every later `fit` uses the same step, whatever `trainable` says by then.
#
# Keras' own documentation puts it more simply, and it is the rule to live by: **set `trainable`, then compile, then fit.**

# %% [markdown]
# Two more things that surprise people:
#
# - **The optimizer**, too, is built for the variables that it first meets. Give each `compile` a new one. An old one,
#   after unfreezing, raises an error about unknown variables; so does a change of the shape of the batches.
# - **Freezing stops the weights and nothing else.** A frozen `Dropout`, or our `HidePatches`, still does its work in
#   training. (Batch normalization is the exception: frozen, it also stops collecting statistics and uses the old ones.)

# %% [markdown]
# ### Exercise 3.3 · Freeze, then unfreeze
# *20 minutes · difficulty 3 of 3*
#
# `model` is a classifier, not compiled, that contains `encoder`. Train it on images `X` with labels `y` (whole numbers)
# in two phases, with the loss `"sparse_categorical_crossentropy"` and batches of 50:
#
# 1. the encoder frozen, `epochs[0]` epochs of Adam with the learning rate `rates[0]`
# 2. everything trainable, `epochs[1]` epochs of Adam with the learning rate `rates[1]`


# %%
def train_in_two_phases(
    model: keras.Model,
    encoder: keras.Model,
    X: np.ndarray,
    y: np.ndarray,
    epochs: tuple[int, int],
    rates: tuple[float, float],
) -> None:
    """Train the head of `model` with its `encoder` frozen, then everything; epochs and Adam's
    rates of both phases."""
    ### BEGIN SOLUTION
    for trainable, count, rate in zip((False, True), epochs, rates, strict=True):
        encoder.trainable = trainable
        model.compile(optimizer=keras.optimizers.Adam(rate), loss="sparse_categorical_crossentropy")
        model.fit(X, y, epochs=count, batch_size=50, verbose=0)
    ### END SOLUTION


# %%
train_in_two_phases = check("3.3", train_in_two_phases)

# %% [markdown]
# ## Fine-tuning
#
# With few labels we use one more thing that costs nothing: a pullover moved by two pixels is a pullover. While training,
# the layer `ShiftAndFlip` (in `moving`) shifts each image by up to two pixels and mirrors half of them, anew in every
# batch. This is **augmentation**. For the same reason an image and its mirror image are judged together. The network from
# scratch gets all this as well: it is not what we want to measure.


# %%
def fine_tune(encoder, images, labels, seed):
    """A classifier on `encoder` (which is changed), trained on the labelled images in two
    phases."""
    keras.utils.set_random_seed(seed)
    model = pretraining.label_curve.moving(
        with_head(pretraining.label_curve.with_dropout(encoder), 10)
    )
    epochs, rates = pretraining.label_curve.plan(
        len(images), (settings.passes // 4, settings.passes)
    )
    train_in_two_phases(model, encoder, images, labels, epochs, rates)
    return pretraining.label_curve.predictor(model)


reached = {"SVM on pixels": [], "network from scratch": [], "fine-tuned encoder": []}
for draw in range(settings.draws):
    chosen = draw_labels(y, settings.few, seed=draw)
    few_images, few_names = X[chosen], y[chosen]
    rows = data.flatten(few_images), few_names, data.flatten(T), truth
    reached["SVM on pixels"].append(pretraining.label_curve.svm_accuracy(*rows))
    for name, start_from in (
        ("network from scratch", keras.models.clone_model),
        ("fine-tuned encoder", pretraining.transfer.fresh_copy),
    ):
        predict = fine_tune(start_from(encoder), few_images, few_names, seed=draw)
        reached[name].append(pretraining.label_curve.accuracy(predict, T, truth))
    print(
        f"draw {draw}: " + ", ".join(f"{name} {values[-1]:.3f}" for name, values in reached.items())
    )

# %% [markdown]
# **What to see**. The accuracies go up and down from draw to draw, by as much as the methods differ. Part of this luck is
# *shared*: all three got the same images. What is shared should not count in a comparison.

# %% [markdown]
# ### Exercise 3.4 · A paired interval
# *15 minutes · difficulty 2 of 3*
#
# Given the accuracies $a_i$ and $b_i$ of two methods on the same $n$ draws, take the differences $d_i = a_i - b_i$, their
# mean $\bar d$ and their standard deviation $s$ (divide by $n - 1$). The 95 % interval of the mean is
#
# $$\bar d \pm t\, \frac{s}{\sqrt n},$$
#
# where $t$ is the 0.975 quantile of Student's distribution with $n - 1$ degrees of freedom, `student.ppf(0.975, n - 1)`.


# %%
def difference_interval(a: np.ndarray, b: np.ndarray) -> tuple[float, float, float]:
    """Mean of a − b, and the low and the high end of its 95 % interval; a[i] and b[i] are from
    the same draw i."""
    ### BEGIN SOLUTION
    differences = np.asarray(a) - np.asarray(b)
    n = len(differences)
    half = student.ppf(0.975, n - 1) * differences.std(ddof=1) / np.sqrt(n)
    return differences.mean(), differences.mean() - half, differences.mean() + half
    ### END SOLUTION


# %%
difference_interval = check("3.4", difference_interval)

# %%
for name, values in reached.items():
    mean, low, high = metrics.interval(values)
    print(f"{name:<22} {mean:.3f}, 95 % interval {low:.3f} to {high:.3f}")
print("\nfine-tuned encoder less …")
for name in ("SVM on pixels", "network from scratch"):
    mean, low, high = difference_interval(reached["fine-tuned encoder"], reached[name])
    print(f"{name:<22} {mean:+.3f}, 95 % interval {low:+.3f} to {high:+.3f}")
plots.use_style()
pretraining.figures.pairs(
    reached["fine-tuned encoder"], reached["SVM on pixels"], ("fine-tuned encoder", "SVM on pixels")
)

# %% [markdown]
# **What to see.** Left: each line is one draw; the grey bars are the intervals of each method on its own. Right: the
# differences, draw by draw. An interval of the **difference** above 0 says that the network is better by more than the
# luck of the draw explains; one below 0 that it is worse; one across 0 that these draws cannot tell.

# %% [markdown]
# So much work, and this is the answer, in the lecture profile: with 500 labels **the pretrained network does not beat the
# SVM on plain pixels**, and against the same network from scratch it is a draw. Both networks are small and are trained
# only for as long as a lesson allows. So this compares *these* trainings, and not networks with SVMs in general.
#
# The frozen encoder, which needs no such patience, stays behind as well (see the label curve). A likely reason: the
# autoencoder was asked for pixels. Its few numbers per image keep what explains *pixel error*, ink, size, shade. What
# tells a shirt from a coat, a collar perhaps, costs that error next to nothing.

# %% [markdown]
# ## What did the unlabelled images teach?
#
# Perhaps we asked for too much at once: a summary of the *whole* image. Ask for less. Cut thousands of small **windows**,
# 6×6 pixels, out of the unlabelled images and learn a **dictionary** of what is to be seen in such windows: an edge, a
# corner, a stripe. Then describe an image by *which entries it shows where*.
#
# Coates, Lee and Ng did this in 2011: one layer of learned windows, and a linear classifier behind.

# %% [markdown]
# For one window $w$ of 36 pixels, with mean $\bar w$ and variance $s^2$:
#
# 1. **same contrast**: $u = (w - \bar w) / \sqrt{s^2 + 0.01}$
# 2. **whitening**: $z = W (u - \mu)$, with the mean $\mu$ of all $u$ and a matrix $W$ that gives $z$ about equal variance
#    in all directions: what all windows have in common, smooth shading, no longer drowns the rest
# 3. **answers**: $a_k = z \cdot f_k$ for each of the $K$ filters $f_k$, vectors of length 1

# %% [markdown]
# 4. **threshold**, on both sides: $\max(a_k - 0.25, 0)$ and $\max(-a_k - 0.25, 0)$. A weak likeness counts as none.
# 5. **pooling**: the average over all windows of a field of 7×7 pixels. An image has 4×4 fields, so it becomes
#    $4 \cdot 4 \cdot 2K$ numbers; then the square root, so that much of one thing does not outweigh all others.
#
# Only step 3 needs learning: which filters? **k-means** is the simplest answer: $K$ directions such that every window is
# close to one of them, whatever its sign. It is an autoencoder at its sparsest: a single unit is on.

# %%
dictionaries = {
    "k-means": pretraining.patches.learn(X, settings.filters_small),
    "noise": pretraining.patches.learn(X, settings.filters_small, kind="noise"),
    "patches drawn": pretraining.patches.learn(X, settings.filters_small, kind="patches"),
    "patch autoencoder": pretraining.patches.learn(X, settings.filters_small, kind="autoencoder"),
    "k-means, not whitened": pretraining.patches.learn(X, settings.filters_small, white=False),
}
few_filters = [dictionaries[name].filters[:12].reshape(-1, 6, 6) for name in ("k-means", "noise")]
plots.image_grid(np.concatenate(few_filters), columns=len(few_filters[0]), signed=True,
                 title="Filters: learned by k-means (above), noise (below)")  # fmt: skip

# %% [markdown]
# **What to see.** Above: edges, lines and spots at many angles and places. Nobody asked for edges; they are what whitened
# windows have most of. Below: Gaussian noise, which knows nothing of garments.

# %%
quiz("03-noise")

# %%
wanted = list(dictionaries)[: settings.dictionaries]
methods = {"pixels": (data.flatten, pretraining.label_curve.svm_accuracy)}
methods.update(
    {name: (dictionaries[name], pretraining.label_curve.svm_accuracy) for name in wanted}
)
ablation = pretraining.label_curve.measure(
    methods, garments, [settings.few], settings.ablation_draws
)
print(f"{settings.few} labels, {settings.ablation_draws} draws; differences in percentage points\n")
print(f"{'SVM on …':<24}{'accuracy':>9}{'less pixels':>26}{'less noise':>26}")
for name, values in ablation.items():
    cells = ""
    for other in ("pixels", "noise"):
        m, low, high = (100 * value for value in difference_interval(values[0], ablation[other][0]))
        cells += (f"{m:+.1f} [{low:+.1f}, {high:+.1f}]" if name != other else "").rjust(26)
    print(f"{name:<24}{values.mean():>9.3f}{cells}")

# %% [markdown]
# **What to see**, in the lecture profile. All rows have the same SVM; only what it looks at changes.
#
# - Learned filters beat the pixels clearly. So unlabelled images *can* help, if they are asked about small windows.
# - Even **noise** beats the pixels: windows, thresholds and pooling, which nobody learned, bring a good part of the gain.
# - Patches that were merely **drawn** do nearly as well as k-means. What matters is that filters look like garments' windows.

# %% [markdown]
# ## The label curve
#
# Where does it pay, and where does it stop? Now with more and fewer labels, everything live, five draws each:
# the same images for all. The frozen encoder has a linear classifier on its codings; PCA and the patches have the SVM.

# %%
PATCHES, NOISE, PIXELS = "SVM on learned patches", "SVM on noise filters", "SVM on pixels"
principal = PCA(settings.components, random_state=0).fit(data.flatten(X))
contenders = {
    "logistic regression": (data.flatten, pretraining.label_curve.logistic_accuracy),
    PIXELS: (data.flatten, pretraining.label_curve.svm_accuracy),
    "SVM on PCA": (
        lambda images: principal.transform(data.flatten(images)),
        pretraining.label_curve.svm_accuracy,
    ),
    "frozen encoder": (filler.codings, pretraining.label_curve.logistic_accuracy),
}
accuracies = pretraining.label_curve.measure(
    contenders, garments, settings.counts, settings.curve_draws
)

# %%
dictionary = {PATCHES: (dictionaries["k-means"], pretraining.label_curve.svm_accuracy)}
accuracies.update(
    pretraining.label_curve.measure(dictionary, garments, settings.counts, settings.curve_draws)
)

# %%
dictionary = {NOISE: (dictionaries["noise"], pretraining.label_curve.svm_accuracy)}
accuracies.update(
    pretraining.label_curve.measure(dictionary, garments, settings.counts, settings.curve_draws)
)

# %%
print(f"{'test accuracy':<24}" + "".join(f"{n:>9,}" for n in settings.counts) + "   labels")
for name, values in accuracies.items():
    print(f"{name:<24}" + "".join(f"{value:>9.3f}" for value in values.mean(axis=1)))
pretraining.figures.label_curves(
    settings.counts, accuracies, title="Accuracy against the number of labels"
)

# %%
quiz("03-stops")

# %%
pretraining.figures.differences(
    settings.counts,
    accuracies[PATCHES],
    {name: accuracies[name] for name in (PIXELS, NOISE)},
    PATCHES,
)

# %%
print(f"{'learned patches less …':<24}" + "".join(f"{n:>20,}" for n in settings.counts))
for name, values in accuracies.items():
    if name != PATCHES:
        cells = (
            difference_interval(a, b) for a, b in zip(accuracies[PATCHES], values, strict=True)
        )
        print(
            f"{name:<24}"
            + "".join(
                f"{100 * m:+.1f} [{100 * low:+.1f}, {100 * high:+.1f}]".rjust(20)
                for m, low, high in cells
            )
        )
print("percentage points, with the 95 % interval over the draws")

# %% [markdown]
# **What to see**, in the lecture profile. Filled dot: the interval excludes 0. Left panel, against pixels: the whole
# recipe pays from few labels to many. Right panel, against noise: what *learning* adds is large with few labels and
# **shrinks** as they become more. With 50 or 100 labels noise filters are no better
# than pixels, and with 500 they are: the machinery around the filters pays once labels are many. The knowledge in them
# matters most when labels are scarce.

# %% [markdown]
# ### Exercise 3.5 · What is pretraining worth?
# *15 minutes · difficulty 2 of 3*
#
# "Three points more" is hard to value. "As good as with twice the labels" is money. Read a curve backwards: `counts` are
# rising numbers of labels and `accuracies` what a method reaches with each, rising too. Return how many labels it needs
# to reach `accuracy`. Between two points the curve is a straight line over the **logarithm** of the labels, as drawn
# above. Below the beginning of the curve answer `counts[0]`, above its end infinity.


# %%
def labels_worth(counts: list[int], accuracies: list[float], accuracy: float) -> float:
    """How many labels a method with this curve needs to reach `accuracy`; float("inf") where it
    never does."""
    ### BEGIN SOLUTION
    if accuracy > accuracies[-1]:
        return float("inf")
    return float(np.exp(np.interp(accuracy, accuracies, np.log(counts))))
    ### END SOLUTION


# %%
labels_worth = check("3.5", labels_worth)

# %%
for name in (PIXELS, NOISE):
    rival = np.maximum.accumulate(accuracies[name].mean(axis=1)) + 1e-9 * np.arange(
        len(settings.counts)
    )  # rising
    for n, best in zip(settings.counts, accuracies[PATCHES].mean(axis=1), strict=True):
        needed = labels_worth(settings.counts, rival, best)
        text = (
            f"about {needed:,.0f}" if np.isfinite(needed) else f"more than {settings.counts[-1]:,}"
        )
        print(f"{n:>6,} labels with learned patches do as well as {text} with {name}")

# %% [markdown]
# **What to see**. Where the number on the right is larger than the one on the left, the recipe saves labels, and the
# difference is what it is worth.

# %%
pretraining.figures.label_explorer(settings.counts, accuracies, PATCHES, NOISE)

# %% [markdown]
# Choose two methods. Which of two whose draws overlap widely can be told apart all the same, because their draws rise and
# fall together?

# %% [markdown]
# ## Labels for another task
#
# Sometimes there are labels after all, only for something else: a million labelled photographs, and you want to tell
# X-rays apart. One then reuses a network trained **with** labels on the similar task. Its layers have learned what that
# task needed.
#
# Here: all labels of classes 0 to 4 (five kinds of clothes), and few labels of classes 5 to 9 (shoes, shirts, bags). Three
# starting points for the same network: random, filled in without labels, and trained to tell the *other* five apart.

# %%
quiz("03-near")

# %%
keras.utils.set_random_seed(42)
first = y < 5
other_task = pretraining.masked.image_encoder(settings.codings, settings.filters)
model = with_head(other_task, 5)
rate = training.WarmupCosine.for_fit(settings.peak, int(first.sum()), 64, settings.near_epochs)
model.compile(
    optimizer=keras.optimizers.Adam(rate),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
model.fit(X[first], y[first], epochs=settings.near_epochs, batch_size=64, verbose=0)
low = truth < 5
print(
    f"classes 0 to 4, {first.sum():,} labels: test accuracy "
    f"{model.evaluate(T[low], truth[low], verbose=0)[1]:.3f}"
)

X_last, y_last = X[~first], y[~first] - 5
T_last, truth_last = T[~low], truth[~low] - 5
starts = {
    "random": pretraining.masked.image_encoder(settings.codings, settings.filters),
    "filled in": encoder,
    "classes 0 to 4": other_task,
}
near = {name: [] for name in starts}
for draw in range(settings.near_draws):
    chosen = draw_labels(y_last, settings.near_labels, seed=draw)
    for name, start in starts.items():
        predict = pretraining.label_curve.train_network(
            pretraining.transfer.fresh_copy(start),
            X_last[chosen],
            y_last[chosen],
            draw,
            (settings.near_passes // 4, settings.near_passes),
        )
        near[name].append(pretraining.label_curve.accuracy(predict, T_last, truth_last))
print(f"\nclasses 5 to 9, {settings.near_labels} labels, {settings.near_draws} draws")
for name, values in near.items():
    print(
        f"start: {name:<16} test accuracy {np.mean(values):.3f}   less random "
        f"{np.mean(values) - np.mean(near['random']):+.3f}"
    )

# %% [markdown]
# **What to see**. Three starts of the same network, the same few labels. The last column says what each start is worth over
# a random one, on average over few draws and without an interval: it proves no order. Both kinds of start seem to help.
# Clothes and shoes are rather different tasks: swap the roles, or split the classes so that both halves hold clothes, and
# look again.

# %% [markdown]
# ## Find the bug
#
# A colleague repeats the experiment with very few labels and several draws. She is delighted: "Look, the later draws do
# better than the first, on average. A lucky series!"

# %%
hers = pretraining.masked.image_encoder(settings.codings, settings.filters)
hers.set_weights(encoder.get_weights())


def draws_of(start_from):
    reached = []
    for draw in range(settings.leak_draws):
        chosen = pretraining.stratified(y, settings.leak_labels, seed=draw)
        its = start_from(hers)
        keras.utils.set_random_seed(
            draw
        )  # after it: a copy begins with random weights, and so uses random numbers up
        model = pretraining.transfer.with_head(its, 10)
        pretraining.transfer.train_in_two_phases(
            model, its, X[chosen], y[chosen], (0, settings.leak_epochs), (1e-2, 1e-3)
        )
        reached.append(np.mean(model.predict(T, batch_size=500, verbose=0).argmax(axis=1) == truth))
    return reached


def her_start(encoder):
    return encoder


leaking = draws_of(her_start)
plots.curves(
    {"her accuracy": leaking},
    x=range(1, settings.leak_draws + 1),
    xlabel="draw",
    ylabel="test accuracy",
    best=None,
    title=f"{settings.leak_labels} labels in each draw",
)

# %% [markdown]
# Draws are drawn by lot; they cannot know that they are the third or the fourth. Nor does a later draw have more labels.
# What does it have that the first one had not? The list of the layers in `with_head` holds the answer, and so does the
# word "itself" in exercise 3.2.

# %% [markdown]
# ### Exercise 3.6 · Mend the leak
# *10 minutes · difficulty 2 of 3*
#
# Return a copy of an encoder: the same layers, the same weights, but weights **of its own**, so that training the copy
# leaves the encoder as it is.


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
hers.set_weights(encoder.get_weights())
mended = draws_of(fresh_copy)
print(
    f"what the leak added after draw 1: {100 * np.mean(np.subtract(leaking, mended)[1:]):+.1f} "
    "percentage points on average"
)
plots.curves(
    {"one encoder for all draws": leaking, "a fresh copy for each": mended},
    x=range(1, settings.leak_draws + 1),
    xlabel="draw",
    ylabel="test accuracy",
    best=None,
    title="With and without the leak",
)

# %% [markdown]
# **What to see**, in the lecture profile. Draw 1 is the same for both. From then on compare the two lines draw by draw: the
# same labels, the same new head, and yet hers is higher on average, since the encoder inside was always the same one: in
# the last draw it had been fine-tuned on the labels of all draws before. Such a **leak** raises no error and improves the result,
# which is why it survives. Ask of every series of trials: what does the second one inherit from the first?

# %% [markdown]
# ## On the yardstick

# %%
Z_train, Z_test = filler.codings(X), filler.codings(T)
scoreboard.record(
    lesson="03",
    judged=f"{len(T):,} test images",
    model="convolutional, patches hidden",
    codings=settings.codings,
    data=garments,
    seeds=(42,),
    parameters=filler.count_params(),
    seconds=seconds,
    mse=metrics.mse(T, filler.reconstruct(T)),
    knn_accuracy=metrics.knn_accuracy(Z_train, y, Z_test, truth),
    probe_accuracy=metrics.linear_probe_accuracy(Z_train, y, Z_test, truth),
)
k = settings.codings
print(f"PCA-{k}: MSE on the test images {metrics.pca_reconstruction_mse(X, T, k):.5f}")
scoreboard.show(["01", "02", "03"])

# %% [markdown]
# All figures are of test images. As a copying machine the network is nothing special: PCA with as many
# components copies better. The probe, which gets *all* labels, says how easily a straight line reads the class off the codings.

# %% [markdown]
# ## Summary
#
# - Pretrain on all images, keep the encoder, add a head, train the head, then everything in small steps.
# - Set `trainable`, compile with a new optimizer, fit, in this order. Keras looks at the first batch after `compile`.
# - Compare with the best simple rival, on the same draws, by an interval of the differences.
# - An autoencoder's few numbers for a whole image keep what pixel error rewards. That need not be what tells classes apart.
# - Small windows, whitening, thresholds and pooling bring much, learned or not; learning the filters adds most where
#   labels are few.
# - Ask what a trial inherits from the one before.

# %% [markdown]
# **Questions that come up**
#
# - *Is it cheating that the encoder has seen all training images?* No: they come without labels, and in the situation of
#   this lesson they are there. It would be cheating with the test images, or if labels had been used to choose it.
# - *So are autoencoders useless before a classifier?* No: here, at this size, with this rival. On data whose pixels say
#   little one by one (large photographs, sound), pixels are a weaker rival, and pretraining has more to give.
# - *Why not train longer with few labels?* Fifty images are soon known by heart. What helps is fewer free weights (frozen
#   layers), small steps, and images that are never twice the same (augmentation).

# %% [markdown]
# - *Why five draws and not one?* Look at the dots: single draws differ by more than the methods do.
# - *Are five enough?* For a difference of this size, by the interval. Student's *t* for five draws is 2.78 instead of 1.96:
#   that is the price of few draws, and the honest one.
# - *Which layers should be unfrozen?* With more labels more of them. A common middle way unfreezes the last layers only.

# %% [markdown]
# **Where to read on**
#
# - Coates, Lee and Ng (2011), *An analysis of single-layer networks in unsupervised feature learning*, AISTATS
# - Coates and Ng (2011), *The importance of encoding versus training with sparse coding and vector quantization*, ICML
# - Hinton, Osindero and Teh (2006), *A fast learning algorithm for deep belief nets*, Neural Computation 18
# - Erhan, Bengio, Courville, Manzagol, Vincent and Bengio (2010), *Why does unsupervised pre-training help deep learning?*,
#   Journal of Machine Learning Research 11
# - Vincent, Larochelle, Bengio and Manzagol (2008), *Extracting and composing robust features with denoising
#   autoencoders*, ICML
# - He, Chen, Xie, Li, Dollár and Girshick (2021), *Masked autoencoders are scalable vision learners*, arXiv 2111.06377
# - Yosinski, Clune, Bengio and Lipson (2014), *How transferable are features in deep neural networks?*, arXiv 1411.1792
# - Géron (2022), *Hands-On Machine Learning with Scikit-Learn, Keras, and TensorFlow*, 3rd edition, chapters 11 and 17
