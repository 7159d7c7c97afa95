# ---
# lesson: "17"
# title: One yardstick
# question: What did each idea of this course buy, at what price, and how sure are we?
# idea: >-
#   Here the models of the course stand side by side. A table alone proves little: figures must be measured alike,
#   have an interval, and be set beside a rival that had the same chances. At the end a new network, a
#   *fresh detective* that no generator has played against, tries to tell their images from real ones. No generator of
#   the course keeps it down to tossing a coin.
# cover: >-
#   New garments by every generator of the course, one row for each, and real ones in the last row
# objectives:
#   - read a table of models without being misled by it, and compare only what was measured alike
#   - say how sure a figure is, and compare two models by an interval for their difference
#   - let a fresh detective judge, and find out what gives a made image away
#   - find the models that no other one beats in quality and price at once
#   - say what the course has shown, and where generative learning goes from here
# needs: "the lessons before; means, standard deviations"
# minutes: {reading: 35, exercises: 45, machine: 1.4}
# ---

# %%
import sys
from collections.abc import Sequence

sys.path.insert(0, "..")  # the folder above holds `helpers`

from helpers import backend  # noqa: F401  (first: it keeps TensorFlow's start-up messages away)

import numpy as np
from helpers import comparison, data, metrics, plots, scoreboard, session
from helpers.exercises import check, hint, quiz  # noqa: F401  (hints are for you: hint("17.1"))
from helpers.metrics import baselines, classifier, two_sample
from scipy import stats

settings = session.start(
    "17",
    shown=8,  # images of each generator to look at
    counts=(250, 500, 1_000, 2_000),  # numbers of images for a Fréchet distance
    n_detective=4_000,  # images of each kind that the detective learns from
)

# %% [markdown]
# ## Three questions to every model
#
# Seventeen lessons and dozens of models. Now they stand side by side. Most of their figures were stored by the
# lessons that measured them.
#
# - **Rebuild**: how much of an image survives the passage through a few numbers? Measured by the mean squared error
#   (MSE).
# - **Use**: what do these numbers know about the image? Measured by a linear classifier on the codings, the **probe**.
# - **Invent**: are new images like real ones, and like *all* real ones? Measured by the Fréchet distance (lesson 10),
#   by precision and recall, by class coverage, and by a detective.

# %%
scoreboard.show(full=True)

# %% [markdown]
# **What to see**: too much. A table of this size answers no question; it has to be asked one. But two things it must
# tell. On how many images was a model **trained**, and on which images was it **measured**? Rows are grouped by both,
# and only within one group do they compare like with like. And what was it **told**? The model marked `[labels]` knew
# the class of each image. If you have run the lessons yourself, your own figures are among them ("yours").

# %% [markdown]
# ## Rebuild: better than a straight line?
#
# PCA is the best that straight lines can do (lesson 01). So each error is divided by PCA's error with as many codings
# on the same data. Below 1 a network has gained something by bending.

# %%
quiz("17-above-one")

# %%
# The sparse networks have 300 codings; PCA with as many was measured on all training images only.
sparse = [row for row in scoreboard.rows("09", full=True) if row["codings"] == 300]
stored = {(row["lesson"], row["model"], row["data"]): row for row in [*scoreboard.rows(), *sparse]}
rebuilt = comparison.measures.autoencoders(list(stored.values()))
comparison.figures.ratios(rebuilt)

# %% [markdown]
# **What to see** (a logarithmic axis; in brackets the codings). Only rows with a PCA on the same training images are
# here, so for some models they are those of a shorter training than in the table above. The linear autoencoders stand
# at 1 itself. Left of it are networks that bend: they save a part of PCA's error. With the shipped figures the
# classical convolutional autoencoder and the greedy one of 2006 lie right of it. Both show how it used to be done.
#
# And the two of the question? The dropout denoiser, with .93, has kept below 1. The sparse networks lie farthest to the
# right, at 3.4 and more. Is that the price of a penalty? Look at the row *no penalty*: the same network without one has
# 3.4, too. 300 principal components rebuild an image very well, and this network does not learn to use its 300 codings
# as well as that. So the penalties themselves cost at most the rest, from 3.4 to where their rows stand.


# %% [markdown]
# ## Use: do better pictures mean better codings?

# %%
quiz("17-use")

# %%
probed = [one for one in rebuilt if one["probe"] is not None and one["codings"] == 30]
points = {one["title"]: (one["ratio"], one["probe"]) for one in probed}
comparison.figures.plane(points, comparison.figures.RATIO, "probe_accuracy")

# %%
rng = np.random.default_rng(0)
pairs = np.array([(one["ratio"], one["probe"]) for one in probed])
drawn = (pairs[rng.integers(len(pairs), size=len(pairs))] for _ in range(settings.resamples))
resampled = [metrics.rank_correlation(*sample.T) for sample in drawn]
low, high = np.nanpercentile(resampled, [2.5, 97.5])
print(f"rank correlation of error and probe accuracy over {len(pairs)} models: ", end="")
print(f"{metrics.rank_correlation(*pairs.T):+.2f} (95 % interval {low:+.2f} to {high:+.2f})")

# %% [markdown]
# **What to see** (models with 30 codings only). Left is a small error, up are codings that know the class. −1 would mean: sorted alike, the smallest
# error first. The interval comes from drawing as many models again and again, with repetition (the **bootstrap**). It
# is wide: so few models cannot say how strong the relation is, and if it holds 0, not even that there is one. Models
# with nearly the same error can lie apart by some percentage points, such as the dropout denoiser and the deep
# autoencoder beside it. (One training of each; this spread has luck in it, too.) Rebuilding and understanding are not
# the same (lesson 03 has met this with few labels).

# %% [markdown]
# ## Invent: look first
#
# Before any figure, the images. Each row is one generator whose weights ship with the workbook: the first images it
# draws, none chosen.

# %% tags=["cover"]
drawn, features = {}, {}
for one in comparison.generators.available()[: settings.generators]:
    drawn[one.title] = one.load()(max(settings.counts), seed=7)
    features[one.title] = classifier.features(drawn[one.title])
real = metrics.real_images()
rows = {name: images[: settings.shown] for name, images in drawn.items()}
plots.image_rows({**rows, "real": real[: settings.shown]})

# %% [markdown]
# **What to see.** Soft ones at the top, then grainy, then sharper ones. Ask three things of a row. Would you buy it? Do
# all classes appear? Do two images repeat each other? (The conditional DCGAN gets its classes in order, from T-shirt
# on, so its row cannot repeat a class. The others draw as they like.) Then see whether the figures agree with you.

# %% [markdown]
# ## How sure is a figure?
#
# A Fréchet distance is measured on 2,000 drawn images. Draw others, and it is another number. So each generator was
# asked five times. The mean of five draws is better than one, and their spread says *how* good: with $n$ values of
# standard deviation $s$ (divided by $n - 1$), the mean lies, with 95 % confidence, between
#
# $$\bar{x} - t \frac{s}{\sqrt{n}} \quad\text{and}\quad \bar{x} + t \frac{s}{\sqrt{n}},$$
#
# where $\bar x$ is the mean and $t$ is the 97.5 % quantile of Student's distribution with $n - 1$ degrees of freedom:
# 2.78 for five values, not the 1.96 of the normal distribution, since $s$ is itself only an estimate.

# %% [markdown]
# ### Exercise 17.1 · Mean and interval
# *10 minutes · difficulty 1 of 3*
#
# Return the mean of `values` and the two ends of its 95 % interval. `stats.t.ppf(share, degrees)` is the quantile of
# Student's distribution.


# %%
def mean_and_interval(values: Sequence[float]) -> tuple[float, float, float]:
    """(mean, low, high) of n ≥ 2 values: the 95 % interval of the mean, by Student's t."""
    ### BEGIN SOLUTION
    values = np.asarray(values, dtype=float)
    n = len(values)
    half = stats.t.ppf(0.975, n - 1) * values.std(ddof=1) / np.sqrt(n)
    return values.mean(), values.mean() - half, values.mean() + half
    ### END SOLUTION


# %%
mean_and_interval = check("17.1", mean_and_interval)

# %%
models = comparison.measures.generators()
floor = baselines.load()
told = {"cdcgan_13"}  # generators that were told the classes
names = {one.name: f"{one.lesson} {one.title}" + " [labels]" * (one.name in told) for one in models}
measured = {names[one.name]: mean_and_interval(one.draws["frechet"]) for one in models}
beside = {
    "real against real": floor["floor"]["frechet"],
    "PCA-30 + one Gaussian": floor["PCA-30 + Gaussian"]["frechet"],
}
comparison.figures.intervals(measured, "Fréchet distance (lower is better)", beside)

# %% [markdown]
# **What to see.** The intervals of the draws are narrow: which codings were drawn hardly matters at 2,000 images. So
# which neighbours in this picture really differ? For *two* models one looks at the interval of their **difference**
# (Welch's, which allows different spreads). If it holds 0, the two are a draw.

# %%
order = sorted(models, key=lambda one: one["frechet"])
print("difference of Fréchet distances, each model against the next better one\n")
for better, worse in zip(order, order[1:]):
    mean, low, high = metrics.difference_interval(worse.draws["frechet"], better.draws["frechet"])
    verdict = "a draw" if low <= 0 <= high else "behind"
    print(f"{worse.title:<29}{verdict:<7}{better.title:<28}{mean:5.2f} ({low:.2f} to {high:.2f})")

# %% [markdown]
# **What to see.** Most neighbours are apart, by more than the draws explain. Where it says "a draw", no order must be
# read into the table.
#
# All this says *nothing* about another kind of luck: train the same GAN again from another seed, and it becomes
# another GAN. This spread is in none of the intervals above, and it can be large: in lesson 15 two seeds of one and
# the same training ended at 9.22 and 30.22. Only a few models were trained more than once. Here are their means:

# %%
print(f"{'trained with several seeds':<42}{'seeds':>6}{'mean Fréchet distance':>24}   trained on")
for row in scoreboard.rows(full=True):
    if "frechet" in row["figures"] and len(row["seeds"]) > 1:
        name, words = f"{row['lesson']} {row['model']}", scoreboard.trained_on(row)[1]
        print(f"{name:<42}{len(row['seeds']):>6}{row['figures']['frechet']:>24.2f}   {words}")
print("All others: one training. A difference between two of them may be the luck of one of them.")

# %% [markdown]
# ### An advantage that nobody mentions
#
# The conditional DCGAN is ahead. But it was told the class of each image, and it is asked for as many images of each
# class as there are in the real set. How much of its lead is only this balance? Give the plain DCGAN the same: draw
# more images than needed, let the classifier sort them, and keep equally many of each class.


# %%
def balanced(images: np.ndarray, count: int) -> np.ndarray:
    """The first images of each class, by the classifier: `count`, or fewer if one is rare."""
    classes = classifier.probabilities(images).argmax(axis=1)
    return np.concatenate([images[classes == kind][: count // 10] for kind in range(10)])


real_features = classifier.features(real)
plain = [one for one in comparison.generators.available() if one.name == "dcgan_13"][0].load()
trials = {"DCGAN, as it draws": [], "DCGAN, classes balanced": []}
for seed in range(settings.balance_draws):
    images = plain(settings.n_balance, seed=seed)
    kept = balanced(images, max(settings.counts))
    for name, some in zip(trials, (images[: len(kept)], kept)):
        trials[name].append(metrics.frechet_distance(classifier.features(some), real_features))
for name, values in trials.items():
    mean, low, high = mean_and_interval(values)
    print(f"{name:<26}Fréchet distance {mean:.2f}   (95 %: {low:.2f} to {high:.2f})")

# %% [markdown]
# **What to see.** Both lines judge the same network with as many images. The intervals overlap: a draw. So equal
# numbers of each class explain at most a small part of the lead. What is left are the labels *in training*, and the
# replay, which the conditional one has as well: two things at once, which this comparison cannot part. A fair table
# says what each model was told.

# %% [markdown]
# ## Find the bug: her generator is better
#
# A colleague has a generator of her own. "Better than yours", she writes. Here is how she measured ours and hers. To
# keep it honest, we let her have *real* images in the place of her generator's: two sets of the same quality.

# %%
others = np.random.default_rng(3).permutation(len(real))
half = len(real) // 2
judge, left = real_features[others[:half]], real_features[others[half:]]
for name, count in (("ours", half // 4), ("hers", half)):
    distance = metrics.frechet_distance(left[:count], judge)
    print(f"{name}: {count:5,} images, Fréchet distance {distance:.3f}")

# %%
by_count = baselines.about()["floor_by_count"]
comparison.figures.floor({int(count): value for count, value in by_count.items()})

# %% [markdown]
# **What to see.** Nothing but real images anywhere, and yet "hers" has the smaller distance. The picture says why: the
# distance of real images from other real ones, which ought to be 0, depends on their number. A Fréchet distance needs
# a mean and a covariance, here some two thousand numbers, estimated from a few images. Errors of estimation add
# distance, in the picture about in proportion to one over the number of images. (With 1,000 images the picture has
# .17, the mean of three pairs of sets, and the one pair above has .33: a single pair has luck in it, too.)

# %% [markdown]
# ### Exercise 17.2 · On equal terms
# *10 minutes · difficulty 2 of 3*
#
# `features` holds the features of each generator's images, (n, d), with different n. Judge them alike: find the size of
# the *smallest* set among the generators, take the **first** so many rows of each, and measure each against **all** of
# `real` by `metrics.frechet_distance(a, b)`. Return a dictionary with the same names.


# %%
def on_equal_terms(features: dict[str, np.ndarray], real: np.ndarray) -> dict[str, float]:
    """Fréchet distances to `real` (m, d), each with as many images as the smallest set has."""
    ### BEGIN SOLUTION
    n = min(len(one) for one in features.values())
    return {name: metrics.frechet_distance(one[:n], real) for name, one in features.items()}
    ### END SOLUTION


# %%
on_equal_terms = check("17.2", on_equal_terms)

# %%
for name, distance in on_equal_terms({"ours": left[: half // 4], "hers": left}, judge).items():
    print(f"{name}: Fréchet distance {distance:.3f}")
heads = "".join(f"{count:>9,}" for count in settings.counts)
print(f"\n{'Fréchet distance by number of images':<38}{heads}")
for name, rows in features.items():
    cells = (on_equal_terms({name: rows[:count]}, real_features)[name] for count in settings.counts)
    print(f"{name:<38}" + "".join(f"{value:9.2f}" for value in cells))

# %% [markdown]
# **What to see.** On equal terms the two sets have the same figure, as they should. Below: judged on 250 images
# nearly every generator has a larger distance than on 2,000, though it has not changed. (In between, luck is as large
# as the effect.) On the scoreboard it is 2,000 images against 2,000, always.

# %% [markdown]
# ## Real, and everything real
#
# One number hides what kind of fault a generator has. **Precision**: the share of its images that lie among real ones.
# **Recall**: the share of real ones that lie among its images (lesson 10).

# %%
sides = {names[one.name]: (one["precision"], one["recall"]) for one in models}
sides["real against real"] = floor["floor"]["precision"], floor["floor"]["recall"]
comparison.figures.plane(sides, "precision", "recall")

# %% [markdown]
# **What to see.** Upper right: real images against other real ones. A point far right and low makes good images of few
# kinds. One at the left and higher makes more kinds, but images that are noticed. The models of lesson 10 are blurred,
# and lie at the left. The plain autoencoder among them has more recall than three of the GANs. A likely reason: it
# learned to rebuild *every* training image. Neither of the two figures means anything without the other.

# %%
levels = ("32", "16", "8")
by_level = {names[one.name]: one for one in models} | {"real against real": floor["floor"]}
comparison.figures.heat(
    list(by_level), [f"{side} × {side}" for side in levels],
    [[row[f"sliced_wasserstein_{side}"] for side in levels] for row in by_level.values()],
    "Sliced Wasserstein distance by level (lower is better)", ".0f",
)  # fmt: skip

# %% [markdown]
# **What to see.** The levels of a Laplacian pyramid (lesson 15): fine grain at the left, coarse shapes at the right.
# In which level does each generator fail? The smooth ones of lesson 10 are far off in all levels, the grainy dense
# GAN less so. The StyleGAN is farthest off in the coarse one. It has all but forgotten bags (lesson 16). That may be
# the reason, but this figure does not prove it. The last row is what sampling alone costs.

# %% [markdown]
# ## A fresh detective
#
# The Fréchet distance sees only what 64 features of one classifier see, and of these only mean and covariance. A
# stricter test: train a new network for this one task, to tell real from made, and test it on images that it has not
# seen. If it is right in half of the cases, as by tossing a coin, it has found nothing that gives them away. This is
# the **classifier two-sample test** ([Lopez-Paz and Oquab, 2017](https://arxiv.org/abs/1610.06545)). It differs from a
# GAN's own discriminator in one thing: the generator has never played against *this* detective.

# %%
quiz("17-detective")

# %% [markdown]
# Here is one at work, on the plain DCGAN, whose images you know. It learns from real training images and made ones; the
# test images and new made ones are held back. Both are rounded to whole numbers from 0 to 255, as in a file. Otherwise
# digits that nobody can see might give the made images away.

# %%
garments = data.load("fashion_mnist", source="shipped", quiet=True)
n, held = settings.n_detective, settings.n_held
made = plain(n + held, seed=11)
found = two_sample.two_sample(
    garments.X_train[:n], made[:n], real[:held], made[n:], seed=42, epochs=settings.detective_epochs
)
print(f"learned from {n:,} real and {n:,} made images, judges {2 * held:,} new ones:")
print(f"right in {found['accuracy']:.1%} of the cases (50 % would be perfect for the generator)")

# %%
by_doubt = np.argsort(found["made"])
plots.image_rows({
    "surely made": made[n:][by_doubt[: settings.shown]],
    "taken for real": made[n:][by_doubt[::-1][: settings.shown]],
    "real, believed": real[:held][np.argsort(-found["real"])[: settings.shown]],
    "real, not believed": real[:held][np.argsort(found["real"])[: settings.shown]],
})  # fmt: skip

# %% [markdown]
# **What to see.** Look in the first row for what may have given the generator away: unusual shapes, or fine structure
# that no real garment has. The images of the second row passed. In the last row are real garments that the detective
# thought were made. Do they look odd to you, too?
#
# For all generators this takes longer. So it was measured beforehand, three detectives for each
# (`python3 workbook.py train detective` does it again):

# %%
tested, about = comparison.measures.detected()
judged = {f"{one.lesson} {one.title}" + " [labels]" * (one.name in told): one for one in tested}
n, held = about["count"], about["held"]
print(f"{n:,} real and {n:,} made images to learn from, {held:,} of each to judge")
sure = {name: mean_and_interval(one.accuracy) for name, one in judged.items()}
comparison.figures.intervals(
    {name: (mean, low, min(high, 1)) for name, (mean, low, high) in sure.items()},
    "right answers of a fresh detective (.5 is perfect)", {"tossing a coin": 0.5}, log=False,
)  # fmt: skip

# %%
print(f"{'':<40}{'detective right':>16}{'95 % interval':>18}{'black pixels':>14}")
for name, one in sorted(judged.items(), key=lambda item: np.mean(item[1].accuracy)):
    mean, low, high = mean_and_interval(one.accuracy)
    print(f"{name:<40}{mean:16.1%}{f'{low:.1%} to {min(high, 1):.1%}':>18}{one.black:14.1%}")
print(f"{'real test images':<40}{'':>34}{about['real_black']:14.1%}")

# %% [markdown]
# **What to see.** A dot is the mean of three detectives, a line its 95 % interval. Every generator is found out, most
# of them nearly always, and among these last ones the intervals overlap: a draw. By their Fréchet distances, from 2.35
# to 5.57, these were not alike. The detective punishes *any* trace.
#
# One trace could be in the last column. In a real image half of all pixels are **exactly** black. The DCGANs and the
# WGAN-GP come nearest: their last layer is a tanh, which saturates at −1. (A tanh is not enough: the dense GAN has one
# as well.) The two that grow end with a linear layer. Its values scatter around −1, and those a little above are not
# black: a faint **haze**, which the eye does not notice. The VAE and the plain autoencoder, with their blurred edges,
# are grey where real images are black. And the three generators with the most black pixels are also the three that the
# detective finds hardest.
#
# Is the haze what gives the StyleGAN away? Change this one thing: make all pixels below 20 of 255 black, in its images
# and in the real ones, and train a detective again.

# %%
def without_haze(images: np.ndarray) -> np.ndarray:
    """The images with all faint pixels made black."""
    return np.where(images < 20 / 255, 0, images)


n, held = settings.n_detective, settings.n_held
(style,) = [one for one in comparison.generators.available() if one.name == "stylegan_16"]
made = style.load()(n + held, seed=42)
sets = garments.X_train[:n], made[:n], real[:held], made[n:]
cleaned = two_sample.two_sample(*map(without_haze, sets), seed=42, epochs=settings.detective_epochs)
for one in tested:
    if one.name == style.name:
        print(f"StyleGAN as it draws: the detectives are right in {np.mean(one.accuracy):.1%}")
print(f"both sides without haze: a detective is right in {cleaned['accuracy']:.1%}")

# %% [markdown]
# **What to see.** Almost nothing has changed. If the haze were all, the second figure would be near 50 %. So for the
# StyleGAN the haze is not what the detective needs: other traces are enough. This test does not say which. The grain
# of the cloth could be one, or the kinds of garments that are missing. A column that fits well is a guess. Changing
# one thing is a test.

# %% [markdown]
# ## What does it cost?
#
# Minutes of training are part of the truth. A model is on the **front** if no other one is at least as good in every
# measure and better in one. All others are **beaten**: another model is no worse and no slower, and better in one of
# the two.

# %% [markdown]
# ### Exercise 17.3 · The front
# *20 minutes · difficulty 3 of 3*
#
# `costs` has a row for each model and a column for each measure; less is better. Model $j$ is **beaten** if there is a
# model $i$ with $c_{ik} \le c_{jk}$ in all columns $k$ and $c_{ik} < c_{jk}$ in at least one. Return for each row
# whether it is on the front, that is, not beaten. Two equal rows do not beat each other.


# %%
def front(costs: np.ndarray) -> np.ndarray:
    """Booleans (n,): True for the rows of `costs` (n, measures) that no other row beats."""
    ### BEGIN SOLUTION
    beaten = []
    for mine in costs:
        no_worse = (costs <= mine).all(axis=1)
        better = (costs < mine).any(axis=1)
        beaten.append((no_worse & better).any())
    return ~np.array(beaten)
    ### END SOLUTION


# %%
front = check("17.3", front)

# %%
prices = np.array([[one.seconds, one["frechet"]] for one in models])
chosen = front(prices)
priced = {names[one.name]: tuple(price) for one, price in zip(models, prices)}
comparison.figures.plane(priced, "seconds", "frechet", chosen)

# %%
print("on the front: " + ", ".join(one.title for one, on in zip(models, chosen) if on))
print(f"{'':<40}{'minutes':>8}{'images seen':>13}{'Fréchet':>9}{'precision':>11}{'recall':>8}")
for one in models:
    cells = f"{one['frechet']:9.2f}{one['precision']:11.3f}{one['recall']:8.3f}"
    print(f"{names[one.name]:<40}{one.seconds / 60:8.1f}{one.images_seen:13,}{cells}")

# %% [markdown]
# **What to see.** Both axes are logarithmic. The filled points are on the front. The staircase bounds what they beat:
# everything above it and to its right. It falls from left to right: first quick and rough, then slow and good. (The
# seconds are those of the machines on which the models were trained, with one processor core or two, some of them
# beside other programs: good for orders of magnitude.) Models above the staircase are still worth their lesson, if
# what they teach is not the distance. A StyleGAN that is beaten here can still do what no other one here was built
# for: change the brightness of a garment and keep its shape.

# %% [markdown]
# ## Do the measures agree?

# %%
by_detective = {one.name: -np.mean(one.accuracy) for one in tested}
both = [one for one in models if one.name in by_detective]
measures, matrix = comparison.measures.agreement({
    "Fréchet": [-one["frechet"] for one in both],
    "Inception": [one["inception_score"] for one in both],
    "precision": [one["precision"] for one in both],
    "recall": [one["recall"] for one in both],
    "sliced W.": [-one["sliced_wasserstein"] for one in both],
    "detective": [by_detective[one.name] for one in both],
})  # fmt: skip
title = f"Rank correlation of the measures over {len(both)} generators"
comparison.figures.heat(measures, measures, matrix, title)

# %% [markdown]
# **What to see.** 1: both put the generators in the same order; 0: their orders have nothing to do with each other.
# All measures were turned so that more is better. Where two disagree, they may look at different faults. (With so few
# generators only numbers near 1 or −1 say much.) No single number is "the quality" of a generator; choose the measure
# before you see the figures, not after.

# %% [markdown]
# ### Choose your own two axes

# %%
table = {}
for row in scoreboard.rows(full=True):
    if "mse" in row["figures"] and row["seconds"] is not None:
        price = {"seconds": row["seconds"], "parameters": row["parameters"]}
        table[f"{row['lesson']} {row['model']}"] = row["figures"] | price
comparison.figures.explorer(table, "seconds", "mse")

# %% [markdown]
# Choose two measures. Does the better one always cost more? Which pair sorts the models alike, which one the other
# way round? Beware: these models differ in their codings and in their training images, so the picture gives ideas and
# proves nothing.

# %% [markdown]
# ## Summary: what the course has shown
#
# | lessons | idea | what it bought |
# |---|---|---|
# | 01, 02 | PCA and its bent successors | a straight line is hard to beat; bending beats it with few codings |
# | 03 | learning without labels first | pays while labels are few, if what is learned fits the task |
# | 04, 05 | tying, layer by layer | half the weights; a rescue that modern starts made unnecessary |
# | 06, 07 | convolution, recurrence | knowledge of neighbours, knowledge of order |
# | 08, 09 | noise, sparsity | a network that removes noise knows the score; few active codings stand for something |

# %% [markdown]
# | lessons | idea | what it bought |
# |---|---|---|
# | 10 | a distribution for the codings | images can be drawn, smooth ones; every part of the loss has a meaning in nats |
# | 11, 12 | a game instead of a distance | sharp images, and all the troubles of games |
# | 13 | convolutions in the game | sharper garments, and a Fréchet distance of 1.9 instead of 5.6 |
# | 14 | earth mover's distance | a loss with a meaning, and in a small test a milder worst case |
# | 15, 16 | growing; styles | one scale after the other; control over each scale |

# %% [markdown]
# ### What comes next
#
# Lesson 08 came close to it: a network that removes noise knows where the data lie, for its step points along the
# **score**, the slope of the log density. Remove noise a little at a time, from pure noise down to none, with one
# network for all levels, and you have a **diffusion model**: no game, no collapse, a plain squared error as the loss;
# the price is paid at drawing, which takes many steps where a GAN takes one. Most image generators of today are of this
# kind, many of them working on the codings of an autoencoder, which brings the course back to its beginning.

# %% [markdown]
# **Questions that come up**
#
# - *Is the Fréchet distance here the FID of papers?* No. It uses this course's classifier instead of the Inception
#   network: same formula, other features. Compare it within this workbook only.
# - *Why five draws and not five trainings?* Time. Where trainings were repeated, the table says so. Before you publish
#   a difference between two GANs, repeat them.
# - *Does a detective with 99 % mean that a generator is useless?* No. It means that a network finds a trace in nearly
#   every image. A haze of one grey level is a trace. Look at the images as well.
# - *May I tune on this yardstick?* Whoever tries fifty settings and reports the best has fitted the yardstick. Tune on
#   the validation images, report on the test images, once.

# %% [markdown]
# **Where to read on**
#
# - Lopez-Paz and Oquab (2017), *Revisiting classifier two-sample tests*, [arXiv
#   1610.06545](https://arxiv.org/abs/1610.06545)
# - Lucic et al. (2018), *Are GANs created equal?*, [arXiv 1711.10337](https://arxiv.org/abs/1711.10337): with enough
#   tuning and enough restarts most of the compared GANs reach similar distances
# - Borji (2019), *Pros and cons of GAN evaluation measures*, [arXiv 1802.03446](https://arxiv.org/abs/1802.03446)
# - Chong and Forsyth (2020), *Effectively unbiased FID and Inception score*, [arXiv
#   1911.07023](https://arxiv.org/abs/1911.07023)
# - Sohl-Dickstein et al. (2015), *Deep unsupervised learning using nonequilibrium thermodynamics*,
#   [arXiv 1503.03585](https://arxiv.org/abs/1503.03585)
# - Ho, Jain and Abbeel (2020), *Denoising diffusion probabilistic models*, [arXiv
#   2006.11239](https://arxiv.org/abs/2006.11239)
# - Rombach et al. (2022), *High-resolution image synthesis with latent diffusion models*,
#   [arXiv 2112.10752](https://arxiv.org/abs/2112.10752)
