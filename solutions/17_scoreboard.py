# ---
# lesson: "17"
# title: One yardstick
# question: What did each idea of this course buy, at what price, and how sure are we?
# objectives:
#   - read a table of models without being misled by it
#   - say how sure a figure is, and which differences are larger than luck
#   - compare figures only where they were measured alike
#   - find the models that no other one beats in quality and price at once
#   - say what the course has shown, and where generative learning goes from here
# needs: "the lessons before; means, standard deviations"
# minutes: {reading: 30, exercises: 45, machine: 0.3}
# ---

# %%
import sys
from collections.abc import Sequence

sys.path.insert(0, "..")  # the folder above holds `helpers`

from helpers import backend  # noqa: F401  (first: it keeps TensorFlow's start-up messages away)

import numpy as np
from helpers import comparison, metrics, plots, scoreboard, session
from helpers.exercises import check, hint, quiz  # noqa: F401  (hints are for you: hint("17.1"))
from helpers.metrics import baselines, classifier
from scipy import stats

settings = session.start("17")

# %% [markdown]
# ## Three questions to every model
#
# Seventeen lessons, dozens of models, and all were held against the same images. Now they stand side by side. Nothing is
# trained here: every figure was stored by the lesson that measured it, and this page only reads them.
#
# - **Rebuild**: how much of an image survives the passage through a few numbers? Measured by the mean squared error (MSE).
# - **Use**: what do these numbers know about the image? Measured by a linear classifier on the codings, the **probe**.
# - **Invent**: are new images like real ones, and like *all* real ones? Measured by the Fréchet distance, by precision and
#   recall, and by class coverage.

# %%
scoreboard.show(full=True)

# %% [markdown]
# **What to see**: too much. A table of this size answers no question; it has to be asked one. "Measured" says where a row
# comes from: *full* rows were trained on the full data set, *lecture* rows on the subset that ships with the workbook. If
# you have run the lessons yourself, your own figures are among them ("here").

# %% [markdown]
# ## Rebuild: better than a straight line?
#
# PCA is the best that straight lines can do (lesson 01). So each error is divided by PCA's error with as many codings on
# the same data. Below 1: bending has paid.

# %%
quiz("17-above-one")

# %%
rebuilt = comparison.measures.autoencoders()
comparison.figures.ratios(rebuilt)

# %% [markdown]
# **What to see**, with the rows that ship (a logarithmic axis; in brackets the codings). Linear autoencoders stand at 1. Left
# of it are those that bend: with 30 codings they save up to two fifths of PCA's error, convolutions most. Right of it is who
# was asked for more than rebuilding (noise, sparsity), or shows how it used to be done. With 300 codings nobody comes near
# PCA in such short trainings: what a straight line gets for nothing, 300 directions, a network has to learn step by step.

# %% [markdown]
# ## Use: do better pictures mean better codings?

# %%
quiz("17-use")

# %%
probed = [one for one in rebuilt if one["probe"] is not None]
comparison.figures.plane({f"{one['title']} ({one['codings']})": (one["ratio"], one["probe"]) for one in probed},
                      comparison.figures.RATIO, "probe_accuracy")  # fmt: skip

# %%
order = stats.spearmanr([one["ratio"] for one in probed], [one["probe"] for one in probed]).statistic
print(f"rank correlation of error and probe accuracy over {len(probed)} models: {order:+.2f} (−1: sorted alike)")

# %% [markdown]
# **What to see.** Left is a small error, up are codings that know the class. There is a trend: down to the right. But
# models with nearly the same error lie apart by several percentage points. Rebuilding and understanding are related, not the
# same (lesson 03 has met this with few labels).

# %% [markdown]
# ## Invent: look first
#
# Before any figure, the images. Each row is one generator whose weights ship with the workbook, the first images it draws,
# none chosen.

# %%
drawn, features = {}, {}
for one in comparison.generators.available()[: settings.generators]:
    drawn[one.title] = one.load()(max(settings.counts), seed=7)
    features[one.title] = classifier.features(drawn[one.title])
real = metrics.real_images()
plots.image_rows({**{name: images[: settings.shown] for name, images in drawn.items()}, "real": real[: settings.shown]}, tile=0.62)

# %% [markdown]
# **What to see.** From above to below: soft, grainy, sharp. Ask three things of a row: would you buy it, do all classes
# appear, do two images repeat each other? Then see whether the figures agree with you.

# %% [markdown]
# ## How sure is a figure?
#
# A Fréchet distance is measured on 2,000 drawn images. Draw others, and it is another number. So each generator was asked
# five times. The mean of five draws is better than one, and their spread says *how* good: with $n$ values of standard
# deviation $s$ (divided by $n - 1$), the mean lies, with 95 % confidence, between
#
# $$\bar{x} - t \frac{s}{\sqrt{n}} \quad\text{and}\quad \bar{x} + t \frac{s}{\sqrt{n}},$$
#
# where $t$ is the 97.5 % quantile of Student's distribution with $n - 1$ degrees of freedom: 2.78 for five values, not the
# 1.96 of the normal distribution, since $s$ is itself only an estimate.

# %% [markdown]
# ### Exercise 17.1 · Mean and interval
# *10 minutes · difficulty 1 of 3*
#
# Return the mean of `values` and the two ends of its 95 % interval. `stats.t.ppf(share, degrees)` is the quantile of
# Student's distribution.


# %%
def mean_and_interval(values: Sequence[float]) -> tuple[float, float, float]:
    """(mean, low, high) of n ≥ 2 values: the 95 % confidence interval of the mean, by Student's t."""
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
comparison.figures.intervals(
    {f"{one.lesson} {one.title}": mean_and_interval(one.draws["frechet"]) for one in models}, "Fréchet distance (lower is better)",
    {"real against real": floor["floor"]["frechet"], "PCA-30 + one Gaussian": floor["PCA-30 + Gaussian"]["frechet"]},
)  # fmt: skip

# %% [markdown]
# **What to see.** The intervals of the draws are narrow: which codings were drawn hardly matters at 2,000 images. They say
# *nothing* about another kind of luck: train the same GAN again from another seed, and it becomes another GAN. This spread
# is larger, and it is known only for models that were trained more than once:

# %%
print(f"{'trained with several seeds':<44}{'seeds':>6}{'Fréchet distance':>18}")
for row in scoreboard.rows(full=True):
    if "frechet" in row["figures"] and len(row["seeds"]) > 1:
        print(f"  {row['lesson']} {row['model']:<39}{len(row['seeds']):>6}{row['figures']['frechet']:>18.2f}   (mean; {row['profile']})")
print("  all others: one training. A difference between two of them may be the luck of one of them.")

# %% [markdown]
# ## Find the bug: her generator is better
#
# A colleague has a generator of her own. "Better than yours", she writes. Here is how she measured ours and hers. To keep
# it honest, we let her have *real* images in the place of her generator's: two sets of the same quality.

# %%
others = np.random.default_rng(3).permutation(len(real))
half = len(real) // 2
judge, left = classifier.features(real[others[:half]]), classifier.features(real[others[half:]])
for name, count in (("ours", half // 4), ("hers", half)):
    print(f"{name}: {count:5,} images, Fréchet distance {metrics.frechet_distance(left[:count], judge):.3f}")

# %%
counts = {int(count): value for count, value in baselines.about()["floor_by_count"].items()}
plots.curves({"real against real": list(counts.values())}, x=list(counts), xlabel="images in each set", ylabel="Fréchet distance",
             best=None, log=True, logx=True, title="The floor depends on how many images are compared")  # fmt: skip

# %% [markdown]
# **What to see.** Nothing but real images anywhere, and yet "hers" has the smaller distance. A Fréchet distance needs a mean and
# a covariance, hundreds of numbers estimated from a few images; errors of estimation always *add* distance, about in
# proportion to one over the number of images.

# %% [markdown]
# ### Exercise 17.2 · On equal terms
# *10 minutes · difficulty 2 of 3*
#
# `features` holds the features of each generator's images, (n, d), with different n. Judge them alike: find the size of the
# *smallest* set among the generators, take the **first** so many rows of each, and measure each against **all** of `real`
# by `metrics.frechet_distance(a, b)`. Return a dictionary with the same names.


# %%
def on_equal_terms(features: dict[str, np.ndarray], real: np.ndarray) -> dict[str, float]:
    """Fréchet distances to `real` (m, d), each measured with as many images as the smallest of the sets has."""
    ### BEGIN SOLUTION
    n = min(len(one) for one in features.values())
    return {name: metrics.frechet_distance(one[:n], real) for name, one in features.items()}
    ### END SOLUTION


# %%
on_equal_terms = check("17.2", on_equal_terms)

# %%
for name, distance in on_equal_terms({"ours": left[: half // 4], "hers": left}, judge).items():
    print(f"{name}: Fréchet distance {distance:.3f}")
real_features = classifier.features(real)
print(f"\n{'Fréchet distance by number of images':<38}" + "".join(f"{count:>9,}" for count in settings.counts))
for name, rows in features.items():
    cells = (on_equal_terms({name: rows[:count]}, real_features)[name] for count in settings.counts)
    print(f"{name:<38}" + "".join(f"{value:9.2f}" for value in cells))

# %% [markdown]
# **What to see.** On equal terms the two sets have the same figure, as they should. Below: judged on 250 images every
# generator has a larger distance than on 2,000, though it has not changed. (In between, luck is as large as the effect.) In
# this workbook it is 2,000 images against 2,000, always.

# %% [markdown]
# ## Real, and everything real
#
# One number hides what kind of fault a generator has. **Precision**: the share of its images that lie among real ones.
# **Recall**: the share of real ones that lie among its images (lesson 10).

# %%
sides = {f"{one.lesson} {one.title}": (one["precision"], one["recall"]) for one in models}
sides["real against real"] = floor["floor"]["precision"], floor["floor"]["recall"]
comparison.figures.plane(sides, "precision", "recall")

# %% [markdown]
# **What to see**, with the shipped weights. Upper right: real images against other real ones. Whoever is far right and low
# makes good images of few kinds, as the dense GAN of lesson 11 and the StyleGAN. The models of lesson 10 lie further left, for their blur is
# noticed, but higher: what they know of variety an autoencoder has taught them. Neither of the two figures means anything
# without the other.

# %%
levels = ("32", "16", "8")
comparison.figures.heat(
    [f"{one.lesson} {one.title}" for one in models] + ["real against real"], [f"{side} × {side}" for side in levels],
    [[one[f"sliced_wasserstein_{side}"] for side in levels] for one in models]
    + [[floor["floor"][f"sliced_wasserstein_{side}"] for side in levels]],
    "Sliced Wasserstein distance by level (lower is better)", ".0f",
)  # fmt: skip

# %% [markdown]
# **What to see**, with the shipped weights. The levels of a Laplacian pyramid (lesson 15): fine grain at the left, coarse shapes
# at the right. Smooth generators fail in the fine level, grainy ones as well, from the other side. The StyleGAN fails in the
# coarse one: among its shapes there are hardly any bags. The last row is what sampling alone costs.

# %% [markdown]
# ## What does it cost?
#
# Minutes of training are part of the truth. A model is on the **front** if no other one is at least as good in every
# measure and better in one. All others are beaten: somebody is better *and* not slower.

# %% [markdown]
# ### Exercise 17.3 · The front
# *20 minutes · difficulty 3 of 3*
#
# `costs` has a row for each model and a column for each measure; less is better. Model $j$ is **beaten** if there is a model
# $i$ with $c_{ik} \le c_{jk}$ in all columns $k$ and $c_{ik} < c_{jk}$ in at least one. Return for each row whether it is on
# the front, that is, not beaten. Two equal rows do not beat each other.


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
comparison.figures.plane({f"{one.lesson} {one.title}": tuple(price) for one, price in zip(models, prices)}, "seconds", "frechet", chosen)

# %%
print("on the front: " + ", ".join(one.title for one, on in zip(models, chosen) if on))
print(f"{'':<36}{'minutes':>9}{'images seen':>13}{'Fréchet':>9}{'precision':>11}{'recall':>8}{'classes':>9}")
for one in models:
    print(f"{one.title:<36}{one.seconds / 60:9.1f}{one.images_seen:13,}{one['frechet']:9.2f}{one['precision']:11.3f}"
          f"{one['recall']:8.3f}{10 * one['coverage']:9.1f}")  # fmt: skip

# %% [markdown]
# **What to see.** Both axes are logarithmic. (The seconds are those of the machines on which the models were trained, with one
# processor core or two, some of them beside other programs: good for orders of magnitude.) The front falls from left to right: first quick and rough, then slow and good.
# Models above it are still worth their lesson, if what they teach is not the distance: a StyleGAN is beaten here as soon as
# somebody has a smaller distance in less time, but nobody else lets you change the sleeves alone.

# %% [markdown]
# ## Do the measures agree?

# %%
names, matrix = comparison.measures.agreement({
    "Fréchet": [-one["frechet"] for one in models],
    "Inception": [one["inception_score"] for one in models],
    "precision": [one["precision"] for one in models],
    "recall": [one["recall"] for one in models],
    "sliced W.": [-one["sliced_wasserstein"] for one in models],
})  # fmt: skip
comparison.figures.heat(names, names, matrix, "Rank correlation of the measures over all generators")

# %% [markdown]
# **What to see.** 1: both put the generators in the same order; 0: their orders have nothing to do with each other. All
# measures were turned so that more is better. Where two disagree, they look at different faults. No single number is "the
# quality" of a generator; choose the measure before you see the figures, not after.

# %% [markdown]
# ### Choose your own two axes

# %%
table = {f"{row['lesson']} {row['model']}": {**row["figures"], "seconds": row["seconds"], "parameters": row["parameters"]}
         for row in scoreboard.rows(full=True)}  # fmt: skip
table = {name: {key: value for key, value in row.items() if value is not None} for name, row in table.items()}
comparison.figures.explorer({name: row for name, row in table.items() if "mse" in row and "seconds" in row}, "seconds", "mse")

# %% [markdown]
# Choose two measures. Does the better one always cost more? Which pair sorts the models alike, which one the other way round?

# %% [markdown]
# ## Summary: what the course has shown
#
# | lessons | idea | what it bought |
# |---|---|---|
# | 01, 02 | PCA and its bent successors | a straight line is hard to beat; bending beats it with few codings |
# | 03 | learning without labels first | pays while labels are few, if what is learned fits the task |
# | 04, 05 | tying, layer by layer | half the weights; a rescue that modern starts made unnecessary |
# | 06, 07 | convolution, recurrence | knowledge of neighbours, knowledge of order |
# | 08, 09 | noise, sparsity | a harder task makes better use of the codings; a noise remover knows the score |

# %% [markdown]
# | lessons | idea | what it bought |
# |---|---|---|
# | 10 | a distribution for the codings | images can be drawn, smooth ones; every part of the loss has a meaning in nats |
# | 11, 12 | a game instead of a distance | sharp images, and all the troubles of games |
# | 13 | convolutions in the game | the largest step in quality of all |
# | 14 | earth mover's distance | a loss that can be read, and a milder worst case |
# | 15, 16 | growing; styles | one scale after the other; control over each scale |

# %% [markdown]
# ### What comes next
#
# Lesson 08 had the key in its hand: a network that removes noise knows where the data lie, for its step points along the
# **score**, the slope of the log density. Remove noise a little at a time, from pure noise down to none, with one network for
# all levels, and you have a **diffusion model**: no game, no collapse, a plain squared error as the loss; the price is paid
# at drawing, which takes many steps where a GAN takes one. Most image generators of today are of this kind, many of
# them working on the codings of an autoencoder, which brings the course back to its beginning.

# %% [markdown]
# **Questions that come up**
#
# - *Is the Fréchet distance here the FID of papers?* No. It uses this course's classifier instead of the Inception network:
#   same formula, other features. Compare it within this workbook only.
# - *Why five draws and not five trainings?* Time. Where trainings were repeated, the table says so. Before you publish a
#   difference between two GANs, repeat them.
# - *May I tune on this yardstick?* Whoever tries fifty settings and reports the best has fitted the yardstick. Tune on the
#   validation images, report on the test images, once.

# %% [markdown]
# **Where to read on**
#
# - Lucic et al. (2018), *Are GANs created equal?*, arXiv 1711.10337: with equal budgets most differences vanish
# - Borji (2019), *Pros and cons of GAN evaluation measures*, arXiv 1802.03446
# - Chong and Forsyth (2020), *Effectively unbiased FID and Inception score*, arXiv 1911.07023
# - Sohl-Dickstein et al. (2015), *Deep unsupervised learning using nonequilibrium thermodynamics*, arXiv 1503.03585
# - Ho, Jain and Abbeel (2020), *Denoising diffusion probabilistic models*, arXiv 2006.11239
# - Rombach et al. (2022), *High-resolution image synthesis with latent diffusion models*, arXiv 2112.10752
