# ---
# lesson: "00"
# title: Start here
# question: What can a machine learn from images that nobody has labelled?
# objectives:
#   - say what representation learning and generative learning are for
#   - tell a generative model from a discriminative one, and show the difference on images
#   - place every model of this course on a family tree
#   - use the workbook - fill a blank, read a verdict, ask for a hint
# needs: "Python and NumPy arrays; a first course in machine learning helps"
# minutes: {reading: 20, exercises: 5, machine: 0.1}
# idea: >
#   We asked a classifier for images that it is certain are sandals. They are in the first row. A model that
#   has learned what sandals look like drew the second row. This course is about models of the second kind, and
#   about the short descriptions of images, the *codings*, that such models find. Neither needs labels.
# cover: >
#   Three rows of images: noise that a classifier is certain to be sandals, blurred sandals drawn by a generative
#   model, and real sandals
# ---

# %%
import sys

sys.path.insert(0, "..")  # the folder above holds `helpers`

import numpy as np
from helpers import data, environment, metrics, plots, scoreboard, session
from helpers.exercises import check, hint, progress, quiz, show, verdict
from helpers.widgets import image_browser
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression

settings = session.start(
    "00",
    n_train=9_000,  # images to learn from
    n_fit=3_000,  # labelled images for the classifier
)

# %% [markdown]
# ## Two questions
#
# Almost all the data in the world has no labels. This course asks two questions of it.
#
# **Representation learning**: can a machine find a short description of an image, its *codings*, that keeps what
# matters? Short codings make pictures of large data sets (maps), compress, find features that a classifier can use,
# and let a model be trained with few labels.
#
# **Generative learning**: can a machine make new images that could have come from the same source?

# %% [markdown]
# ### What generative models are used for
#
# | use | what goes in, what comes out |
# |---|---|
# | super-resolution | a small photograph → a large one |
# | colourization | grey → colour |
# | image editing | a face, "add glasses" → the same face with glasses |
# | sketch to photo | a drawing → something that looks photographed |
# | next frames | a second of video → the second after it |
# | data augmentation | few training images → many |
# | other data | text, speech, music, time series, molecules |
# | finding weaknesses | a classifier → images that it gets wrong |

# %% [markdown]
# ## The data at a glance
#
# Nearly every lesson uses the same images, so that all models can be compared: **Fashion-MNIST**
# ([Xiao, Rasul and Vollgraf, 2017](https://arxiv.org/abs/1708.07747)), grey photographs of garments, 28×28 pixels, ten
# classes. A part of it ships with the workbook, so nothing has to be downloaded. `data.load` says in one line what it found.

# %%
garments = data.load("fashion_mnist").take(train=settings.n_train)
X_train, X_valid = garments.X_train, garments.X_valid
y_train, y_valid = garments.y_train, garments.y_valid

first_of_class = [int(np.flatnonzero(y_train == label)[0]) for label in range(10)]
plots.image_grid(X_train[first_of_class], columns=10, titles=garments.class_names)

# %% [markdown]
# **What to see.** One image of each class. A pixel is a number from 0 (black) to 1 (white); an image has 28 · 28 = 784
# of them.

# %%
# NBVAL_CHECK_OUTPUT
shipped = data.load("fashion_mnist", source="shipped", quiet=True)
for part, X in (
    ("training", shipped.X_train),
    ("validation", shipped.X_valid),
    ("test", shipped.X_test),
):
    print(
        f"{part:<11} {X.shape}  {X.dtype}  from {X.min():.0f} to {X.max():.0f}, mean {X.mean():.3f}"
    )

# %% [markdown]
# Models learn from the *training* images and are compared on the *validation* images. The *test* images are left alone;
# where a lesson does use them, it says so.

# %%
image_browser(X_valid, y_valid, garments.class_names)

# %% [markdown]
# **What to see.** Choose a class and move the slider. How different are two shirts? How similar are a shirt and a coat?
# On paper there are ten images of each class, one class a row.

# %% [markdown]
# ## Generative against discriminative
#
# Write $x$ for an image and $y$ for its class.
#
# - A **discriminative** model learns $p(y \mid x)$: given the image, how likely is each class? It needs to know only
#   where one class ends and the next begins.
# - A **generative** model learns $p(x)$, or $p(x \mid y)$: how likely is this image at all? It has to know what a
#   sandal looks like.
#
# A model of $p(x \mid y)$ can classify too, by Bayes' rule. The other direction does not work. The next figure gives an
# example.

# %%
quiz("00-sure")

# %% tags=["cover"]
sandal = garments.class_names.index("Sandal")
pixels = data.flatten(X_train)[: settings.n_fit]
labels = y_train[: settings.n_fit]

# Discriminative: softmax regression. Its gradient tells how to change an image so that it counts
# as a sandal.
classifier = LogisticRegression(max_iter=100, tol=1e-2, C=0.1).fit(pixels, labels)
noise = np.random.default_rng(0).random((5, 784))
dreamed = noise.copy()
for _ in range(settings.steps):
    p = classifier.predict_proba(dreamed)
    gradient = classifier.coef_[sandal] - p @ classifier.coef_  # of log p(sandal | x)
    dreamed = np.clip(dreamed + 0.5 * gradient, 0, 1)

# Generative: a Gaussian over 40 principal components of the sandals (lesson 01 explains them).
# We draw from it.
sandals = data.flatten(X_train)[y_train == sandal]
pca = PCA(n_components=min(40, len(sandals) // 2)).fit(sandals)
draws = np.random.default_rng(1).normal(size=(5, pca.n_components_)) * np.sqrt(
    pca.explained_variance_
)
drawn = pca.inverse_transform(draws)

new_sandals = data.flatten(X_valid)[y_valid == sandal]
print("How sure the classifier is of a sandal, on average:")
for name, images in (
    ("noise", noise),
    ("the same noise, changed", dreamed),
    ("drawn by the generative model", drawn),
    ("real sandals, new to it", new_sandals),
):
    print(f"  {name:<30} {classifier.predict_proba(images)[:, sandal].mean():6.1%}")
print(f"A pixel of the noise was changed by {np.abs(dreamed - noise).mean():.2f}, on average.")
plots.image_rows({"discriminative": dreamed, "generative": drawn, "real": sandals[:5]}, tile=1.2)

# %% [markdown]
# **What to see.** First row: images that start as noise and are changed until the classifier calls them sandals. It is
# almost certain, and there is no sandal. It is more certain of them than of real sandals: whatever lies far from its
# boundaries makes it certain. Second row: draws from a very simple generative model of $p(x \mid y)$, fitted to the
# sandals alone. They are blurred and odd, but soles, heels and straps can be seen. Third row: real sandals.

# %% [markdown]
# ## A family tree
#
# Some models only find codings. Others are generative: they can make new images. Generative models differ in what they do with the density $p(x)$. Some write it down and can compute it (*tractable*),
# some write it down and can only bound or approximate it, and some never write it down: they only draw from it
# (*implicit*). The numbers are the lessons of this course.

# %%
plots.tree(
    (
        "models",
        [
            (
                "generative",
                [
                    (
                        "explicit density",
                        [
                            (
                                "tractable",
                                [("Gaussian on PCA", "lesson 10"), ("pixel by pixel, flows", "")],
                            ),
                            (
                                "approximate",
                                [
                                    ("variational: VAE", "lesson 10"),
                                    ("Markov chain: RBM, DBN, DBM", "history"),
                                    ("denoising: diffusion", "idea in lesson 08"),
                                ],
                            ),
                        ],
                    ),
                    (
                        "implicit density",
                        [
                            (
                                "GAN",
                                [
                                    ("dense", "lessons 11, 12"),
                                    ("convolutional: DCGAN", "lesson 13"),
                                    ("Wasserstein: WGAN-GP", "lesson 14"),
                                    ("growing: ProGAN", "lesson 15"),
                                    ("styles: StyleGAN", "lesson 16"),
                                ],
                            ),
                        ],
                    ),
                ],
            ),
            (
                "codings only",
                [
                    ("linear", [("autoencoder = PCA", "lesson 01")]),
                    (
                        "deep",
                        [
                            ("stacked, tied, greedy", "lessons 02 to 05"),
                            ("for images, sequences", "lessons 06, 07"),
                        ],
                    ),
                    ("constrained", [("denoising, sparse", "lessons 08, 09")]),
                ],
            ),
        ],
    )
)

# %% [markdown]
# **What to see.** Read it from left to right. The course begins at the bottom, with models that have codings only. Then
# it goes to the top and works downwards: first a model that approximates its density (lesson 10), then models that only
# draw (lessons 11 to 16).

# %% [markdown]
# ### Autoencoders and GANs
#
# | | autoencoder | generative adversarial network |
# |---|---|---|
# | needs labels | no | no |
# | two networks | encoder and decoder, which work together | generator and discriminator, which compete |
# | learns by | copying its input through a narrow place | fooling an opponent |
# | has codings for a given image | yes | not by itself |
# | makes new images | not by itself: lesson 10 shows how | that is all it does |
# | its loss tells how good it is | yes: how good its copies are | no: lessons 11, 12 and 14 |

# %% [markdown]
# ### A short history

# %%
plots.timeline(
    [
        (1986, "RBM", "energy"),
        (2006, "DBN", "energy"),
        (2009, "DBM", "energy"),
        (1987, "autoencoder", "codings"),
        (2008, "denoising", "codings"),
        (2013, "VAE", "codings"),
        (2015, "AAE", "codings"),
        (2020, "ALAE", "codings"),
        (2021, "masked", "codings"),
        (2014, "GAN", "adversarial"),
        (2015, "DCGAN", "adversarial"),
        (2017, "WGAN, WGAN-GP, ProGAN", "adversarial"),
        (2018, "BigGAN, StyleGAN", "adversarial"),
        (2015, "diffusion", "denoising"),
        (2020, "DDPM", "denoising"),
    ]
)

# %% [markdown]
# **What to see.** Four families, each with its dates. Some models belong to two of them: the adversarial autoencoder
# (AAE, [2015](https://arxiv.org/abs/1511.05644)) and ALAE ([2020](https://arxiv.org/abs/2004.04467)) are autoencoders that
# are trained as GANs are. RBM is short for restricted Boltzmann machine, DBN for deep belief network, DBM for deep
# Boltzmann machine, DDPM for denoising diffusion probabilistic model.

# %% [markdown]
# ## How this workbook works
#
# - **Blanks.** An exercise is a function with `# YOUR CODE HERE` in it. Write your lines there, delete
#   `raise NotImplementedError`, run the cell, and run the `check` cell below it.
# - **Verdicts.** A check says *passed*, *not yet* (what it got, what it expected, where to look) or *not attempted*.
# - **You are never stuck.** Until your answer passes, the notebook goes on with the workbook's own version. Every cell
#   below a blank works, whether you solved it or not.
# - **Hints.** `hint("0.1")` shows one more hint each time. `progress()` shows what you have solved.
# - **Your work** is in this notebook: save it as usual. Which exercises you solved is kept in the folder `.workbook`
#   beside `notebooks`, on your machine only.

# %% [markdown]
# - **Interrupt** a training with ■ (or by pressing `I` twice): it stops after the current batch, and the model stays usable.
# - **Profiles.** Lessons run in the profile `lecture`: a few minutes on a laptop. Start with
#   `WORKBOOK_PROFILE=smoke python3 workbook.py lab` for a very quick look (all figures become rough), or with `full` for
#   the published figures on the full data, which takes longer.
# - **When something does not run**, `python3 workbook.py doctor` says what is missing and how to mend it. The next
#   cell is its short form.

# %%
environment.report()

# %% [markdown]
# ### Exercise 0.1 · The mean squared error
# *5 minutes · difficulty 1 of 3*
#
# A warm-up. Ten lessons will compare models by this measure. Given `images` and their
# `reconstructions`, two arrays of equal shape, return one number: the mean, over every pixel of every image, of the
# squared difference
#
# $$\text{MSE} = \frac{1}{n\,d} \sum_{i=1}^{n} \sum_{j=1}^{d} (x_{ij} - \hat x_{ij})^2$$
#
# where $n$ is the number of images, $d$ the number of pixels of one image, $x_{ij}$ pixel $j$ of image $i$, and
# $\hat x_{ij}$ the same pixel of its reconstruction. The arrays may hold floats or whole numbers of type `uint8`.


# %%
def mean_squared_error(images: np.ndarray, reconstructions: np.ndarray) -> float:
    """Mean of the squared differences over all entries of two arrays of equal shape."""
    ### BEGIN SOLUTION
    difference = np.asarray(images, dtype=float) - np.asarray(reconstructions, dtype=float)
    return float(np.mean(difference**2))
    ### END SOLUTION


# %%
mean_squared_error = check("0.1", mean_squared_error)

# %% [markdown]
# You have just seen one of the three verdicts. Here are the other two, given to answers of ours:


# %%
def forgotten_mean(images, reconstructions):
    return np.sum((np.asarray(images, dtype=float) - reconstructions) ** 2)


def blank(images, reconstructions):
    raise NotImplementedError


show(verdict("0.1", forgotten_mean))
show(verdict("0.1", blank))

# %%
hint("0.1")

# %%
progress()

# %% [markdown]
# ## Find the bug
#
# A colleague compares images with a darker and a lighter copy of themselves. Both copies are wrong by the same amount,
# 20 of 255 steps, at every pixel. Her errors do not agree with yours:

# %%
stored = (np.clip(X_valid[:100], 0.1, 0.9) * 255).astype(np.uint8)  # whole numbers, as in the files
for name, copy in (("darker", stored - 20), ("lighter", stored + 20)):
    hers = np.mean((stored - copy) ** 2)
    print(f"{name:<8} her error {hers:8.1f}   the error {mean_squared_error(stored, copy):8.1f}")

# %% [markdown]
# Each difference is 20 or −20, so the mean square should be 400. What happened? Think before you open the answer.
#
# <details><summary>Answer</summary>
#
# `uint8` holds whole numbers from 0 to 255 and nothing else. The difference −20 becomes 236, and the square 400 becomes
# 400 − 256 = 144: every result is taken modulo 256. The figure is wrong for both copies, looks plausible, and nothing
# warns. Images come from files as `uint8`; turn them into floats first. `data.load` does that for you.
#
# </details>

# %% [markdown]
# ## On the yardstick
#
# Every lesson ends with this table; each model gets a row. The first row is the simplest baseline: it has no codings, does
# not look at its input, and answers every image with the mean of the training images. Any model with codings must beat it.

# %%
mean_image = X_train.mean(axis=0)
error = metrics.mse(X_valid, np.broadcast_to(mean_image, X_valid.shape))
scoreboard.record(
    lesson="00", model="the mean image", codings=0, data=garments, parameters=784, mse=error
)
scoreboard.show(["00"])

# %%
plots.reconstructions(
    X_valid[:10], {"mean image": np.broadcast_to(mean_image, X_valid.shape)}, errors=True
)

# %% [markdown]
# **What to see.** The same grey garment for every image; the number under an image is its mean squared error. Two
# pullovers have the largest errors here: a bright one and a nearly black one. Both are far from the grey of the mean.

# %% [markdown]
# ## Summary
#
# - Representation learning looks for short codings; generative learning draws new data. Neither needs labels.
# - A discriminative model knows boundaries; a generative model knows what data looks like.
# - Densities can be explicit (tractable or approximate) or implicit; the course visits all three kinds.
#
# **Questions that come up**
#
# - *Why such small images?* So that every model of the course, up to StyleGAN, can be trained on a laptop. The ideas do
#   not change with the size.
# - *May I change anything?* Yes. Break things. A check never takes a solved exercise away from you, and
#   `python3 workbook.py build --reset 00` brings a fresh notebook back and keeps a copy of yours.
# - *Do I have to solve everything in order?* No. Each lesson runs by itself.
#
# **Where to read on**
#
# - Bengio, Courville and Vincent (2013), *Representation learning: a review and new perspectives*,
#   [arXiv 1206.5538](https://arxiv.org/abs/1206.5538)
# - Goodfellow (2016), *NIPS 2016 tutorial: generative adversarial networks*,
#   [arXiv 1701.00160](https://arxiv.org/abs/1701.00160); the family tree of densities comes from it
# - Xiao, Rasul and Vollgraf (2017), *Fashion-MNIST*, [arXiv 1708.07747](https://arxiv.org/abs/1708.07747)
# - Models of the timeline that this course does not build: BigGAN ([arXiv 1809.11096](https://arxiv.org/abs/1809.11096)),
#   masked autoencoders ([arXiv 2111.06377](https://arxiv.org/abs/2111.06377)), diffusion
#   ([arXiv 1503.03585](https://arxiv.org/abs/1503.03585)) and DDPM ([arXiv 2006.11239](https://arxiv.org/abs/2006.11239))
