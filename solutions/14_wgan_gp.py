# ---
# lesson: "14"
# title: Wasserstein GAN with gradient penalty
# question: What if the critic could tell how far the fakes still have to go?
# objectives:
#   - compute the earth mover's distance, and say why KL and Jensen–Shannon fail where it does not
#   - explain the Kantorovich–Rubinstein duality, and why a critic must not be steeper than 1
#   - show what weight clipping does to a critic, and write the gradient penalty that takes its place
#   - train a WGAN-GP whose loss follows the quality of its images, and measure how closely
#   - compare three games on one budget and report where each of them fails
# needs: "lessons 11 to 13 (the engine of a GAN, its difficulties, DCGAN); gradients"
# minutes: {reading: 45, exercises: 85, machine: 2.1}
# ---

# %%
import sys
from collections.abc import Callable

sys.path.insert(0, "..")  # the folder above holds `helpers`

from helpers import backend  # noqa: F401  (first: it keeps TensorFlow's start-up messages away)

import keras
import numpy as np
import tensorflow as tf
from helpers import data, metrics, plots, scoreboard, session, training, weights
from helpers.data import points as data_points
from helpers.exercises import check, hint, quiz  # noqa: F401  (hints are for you: hint("14.1"))
from helpers.gans import Film, FrechetDistance, GAN, dcgan, film_view, histogram_view
from helpers.gans import penalties, samples, wasserstein, watched
from helpers.gans.wasserstein import Member
from helpers.metrics import baselines
from keras import ops

settings = session.start("14")

# %% [markdown]
# ## How far apart?
#
# The losses of a GAN go up and down, and none of them says whether the images are getting better (lessons 12 and 13).
# That is no accident. The discriminator answers the question *can you tell them apart?* And a fake that is far off
# and one that is nearly right are told apart equally well.
#
# This lesson asks another question: *how far* are the fakes from the real images? It begins with two bumps.

# %%
quiz("14-parting")

# %%
wasserstein.parting_explorer()

# %% [markdown]
# **What to see.** The vermillion bump has edges; outside them its density is 0. Then KL(real ‖ fake) is **infinite**
# for every shift, for some real numbers lie where no fake ever does. Jensen–Shannon climbs to log 2 and **stops**:
# from θ = 2 on it is flat. The **earth mover's distance** is a straight line. Below are the slopes, which is all that
# a generator feels: none, none once the bumps have parted, and 1 everywhere. For Gaussians KL is finite, but its
# slope grows with the distance without end.

# %% [markdown]
# Do images overlap? They have 784 pixels, but garments fill only a thin sheet in that space, and the generator makes
# another thin sheet out of 100 codings. Two sheets hardly ever meet. A good discriminator is *then* certain of its
# answer, and the flat part of the Jensen–Shannon curve is where a GAN spends its life (Arjovsky and Bottou, 2017).

# %% [markdown]
# ## The earth mover
#
# Think of the fakes $q$ as a heap of earth and of the real data $p$ as the hole that it is to fill. A **plan**
# $\gamma(x, y)$ says how much earth goes from $x$ to $y$. Everything must be carried away, and every hole filled:
# what leaves $x$ sums to $q(x)$, what arrives at $y$ sums to $p(y)$. The work of a plan is mass times way, and the
# distance is the least work of all plans:
#
# $$W(p, q) = \min_{\gamma \in \Pi(q, p)} \ \mathbb E_{(x, y) \sim \gamma}\bigl[\lVert x - y \rVert\bigr],$$
#
# with $\Pi(q, p)$ for all plans that lead from $q$ to $p$ and $\lVert x - y \rVert$ for the way from $x$ to $y$. It
# is called the **earth mover's distance**, or Wasserstein-1. Its unit is that of the way.

# %% [markdown]
# On a line the best plan is easy to find. Ways that cross can be uncrossed without more work, so the order is kept:
# the smallest fake goes to the smallest real number, the second to the second, and so on.

# %% [markdown]
# ### Exercise 14.1 · Earth on a line
# *10 minutes · difficulty 1 of 3*
#
# `a` and `b` hold equally many numbers, (n,), each with the same weight 1/n. Return the earth mover's distance
# between the two samples.


# %%
def earth_movers_distance(a: np.ndarray, b: np.ndarray) -> float:
    """Earth mover's distance between two samples of n numbers: the mean way under the best plan, 0 or more."""
    ### BEGIN SOLUTION
    return float(np.mean(np.abs(np.sort(a) - np.sort(b))))
    ### END SOLUTION


# %%
earth_movers_distance = check("14.1", earth_movers_distance)

# %%
# NBVAL_CHECK_OUTPUT
rng = np.random.default_rng(0)
numbers = rng.normal(size=1000)
print("shift   earth mover's distance between 1,000 numbers and the same numbers, shuffled and shifted")
for shift in (0.0, 0.5, 1.0, 2.0, 10.0):
    print(f"{shift:5.1f} {earth_movers_distance(numbers, rng.permutation(numbers) + shift):10.4f}")
print(f"and to as many numbers, twice as widely spread: {earth_movers_distance(numbers, 2 * numbers):.4f}")

# %% [markdown]
# ### In the plane
#
# In two dimensions there is no order to go by. But to find the plan is a **linear program**: the work is a sum, the
# conditions are sums, and nothing may be negative. With n points of equal weight on either side, some best plan moves
# whole points, one to one: an **assignment**. `helpers/gans/wasserstein/transport.py` finds it exactly.

# %%
# NBVAL_CHECK_OUTPUT
rng = np.random.default_rng(1)
real_few = data_points.ring(48, rng)
fake_few = (0.5 * rng.normal(size=(48, 2)) + [0.8, -0.3]).astype("float32")
exact, partner = wasserstein.transport.between_points(fake_few, real_few)
ways = np.linalg.norm(fake_few[:, None] - real_few, axis=2)
print(f"mean way of the best plan: {exact:.3f}")
print(f"partners drawn by lot:     {ways[np.arange(48), rng.permutation(48)].mean():.3f}")
print(f"each to its nearest:       {ways.min(axis=1).mean():.3f}, but that is no plan: "
      f"{48 - len(set(ways.argmin(axis=1).tolist()))} of 48 real points get nothing")

# %%
wasserstein.figures.plans({
    "the best plan": (fake_few, real_few, partner),
    "each to its nearest: no plan": (fake_few, real_few, ways.argmin(axis=1)),
})  # fmt: skip

# %% [markdown]
# **What to see.** Left: every real point gets one fake. To go to the nearest one is cheaper, but leaves holes
# unfilled: that would be **mode collapse**, and the earth mover's distance does not accept it.
#
# For images neither way is open. The program would have n² unknowns for n images, and a new program after every step.
# There is another way to look at it.

# %% [markdown]
# ## From the other side: prices
#
# You want the earth moved, and a carrier offers to do it differently: *I buy your earth wherever it is, and sell you
# earth wherever you need it. The price at place $x$ is $f(x)$.* You agree as long as no route costs more than
# carrying the earth yourself: from $y$ to $x$ at most $\lVert x - y \rVert$,
#
# $$f(x) - f(y) \le \lVert x - y \rVert \quad \text{for all } x, y .$$
#
# Such an $f$ is called **1-Lipschitz**: nowhere steeper than 1. The carrier chooses prices that earn the most.
# **Kantorovich and Rubinstein** proved that the best prices earn exactly what the best plan costs:
#
# $$W(p, q) = \max_{\lVert f \rVert_L \le 1} \ \mathbb E_{x \sim p}[f(x)] - \mathbb E_{x \sim q}[f(x)],$$
#
# where $\lVert f \rVert_L$ is the largest slope of $f$ between any two points, and the maximum goes over all
# functions that are nowhere steeper than 1.

# %%
# NBVAL_CHECK_OUTPUT
places = np.arange(13.0)
there = np.array([0, 3, 4, 3, 0, 0, 0, 0, 0, 0, 1, 1, 0]) / 12    # q, earth that is there
wanted = np.array([0, 0, 0, 0, 1, 2, 4, 3, 2, 0, 0, 0, 0]) / 12   # p, holes
line = np.abs(places[:, None] - places)
work, plan, bought = wasserstein.transport.between_heaps(there, wanted, line)
price = (line - bought[:, None]).min(axis=0)                      # from both sides' prices of the linear program, one price
print(f"the best plan costs              {work:.4f}")
print(f"the best prices earn             {price @ wanted - price @ there:.4f}")
print(f"steepest slope of the prices     {np.abs(np.diff(price)).max():.4f}")
print(f"what crosses each border, summed {np.abs(np.cumsum(there - wanted)).sum():.4f}   (on a line this is the work, too)")

# %%
wasserstein.figures.prices(places, there, wanted, price)

# %% [markdown]
# **What to see.** The same number three times. The price rises by exactly 1 for each step *along the way that earth
# is carried*, from the heaps (orange-red) to the hole (blue), from both sides. That is what a generator wants to
# know: **which way is up, and by how much, wherever it is**.

# %% [markdown]
# ## The critic
#
# Now put a network in the place of $f$. It takes an image and returns a **score**, any number; nothing is a
# probability. Because it no longer judges right or wrong, it is called a **critic** instead of a discriminator. It
# maximises the difference of the mean scores, and the generator tries to raise the scores of its fakes:
#
# $$\text{critic: } \min_D \ \mathbb E_{z}[D(G(z))] - \mathbb E_{x \sim p}[D(x)], \qquad
# \text{generator: } \min_G \ -\mathbb E_{z}[D(G(z))] .$$
#
# No logarithm and no sigmoid. If the critic is 1-Lipschitz and well trained, minus its loss is (nearly) the earth
# mover's distance.

# %% [markdown]
# ### Exercise 14.2 · The critic's loss
# *5 minutes · difficulty 1 of 3*
#
# Return what the critic *minimises*, one number. The arguments are scores, tensors of shape (batch, 1). There may be
# fewer fakes than real images. Gradients must pass.


# %%
def critic_loss(real_scores: tf.Tensor, fake_scores: tf.Tensor) -> tf.Tensor:
    """Minus the critic's estimate of the earth mover's distance between real images and fakes: one number."""
    ### BEGIN SOLUTION
    return ops.mean(fake_scores) - ops.mean(real_scores)
    ### END SOLUTION


# %%
critic_loss = check("14.2", critic_loss)

# %%
quiz("14-unbounded")

# %% [markdown]
# Try it, on points that stay where they are, so that a critic can be trained to its end. Two critics, both with three
# hidden layers of 64 units. One is free, the other one is held back by the **gradient penalty** that the second half
# of this lesson is about.

# %%
rng = np.random.default_rng(1)
real_toy = data_points.ring(settings.points, rng)
fake_toy = (0.5 * rng.normal(size=(settings.points, 2)) + [0.8, -0.3]).astype("float32")
exact = wasserstein.transport.between_points(fake_toy, real_toy)[0]
tried = wasserstein.critics.train(
    {"free": Member(real_toy, fake_toy), "with penalty": Member(real_toy, fake_toy, penalty=10.0)}, settings.toy_steps
)
print(f"exact, by assignment:   {exact:.3f}")
for place, name in enumerate(tried.names):
    print(f"critic, {name + ':':<15} {tried.estimates[-1, place]:.3f}")
shown = slice(1, None)
plots.curves(
    {name: np.maximum(tried.estimates[shown, place], 1e-2) for place, name in enumerate(tried.names)}, x=tried.steps[shown],
    xlabel="step of the critic", ylabel="estimate of the distance", log=True, best=None, references={"exact": exact},
)  # fmt: skip

# %% [markdown]
# **What to see**, in the lecture profile. The free critic's estimate goes through the roof. With the penalty it comes
# to rest near the exact distance: **gradient steps on a network have solved the linear program**, without ever
# computing a single way. It ends a little *above*; soon we shall see by how much, and why.

# %% [markdown]
# ## Clip the weights
#
# How does one keep a network from being steep? The first Wasserstein GAN (Arjovsky, Chintala and Bottou, 2017) does
# it with an axe: after each step of the critic, **every weight is clipped** to $[-c, c]$, with $c = 0.01$. Then its
# slope is below *some* bound $K$, and the estimate is below $K \cdot W$. What $K$ is nobody knows; but it does not
# change, and that is enough to learn from.

# %% [markdown]
# ### Exercise 14.3 · The axe
# *10 minutes · difficulty 1 of 3*
#
# Bring every **trainable** weight of the network into [−`limit`, `limit`], kernels as well as biases, in place.
# Whatever else the network keeps (the moving averages of batch normalization, say) stays as it is.
# `weight.assign(value)` sets a weight; `ops.clip` clips.


# %%
def clip_weights(network: keras.Model, limit: float) -> None:
    """Clip all trainable weights of the network to [−limit, limit], in place."""
    ### BEGIN SOLUTION
    for weight in network.trainable_variables:
        weight.assign(ops.clip(weight, -limit, limit))
    ### END SOLUTION


# %%
clip_weights = check("14.3", clip_weights)

# %% [markdown]
# The inventors of clipping call it "a clearly terrible way" to do it. Let us see what it does. The real points: a
# ring of eight hills, then a spiral. The fakes: the same points, blurred.

# %%
spiral = data_points.spiral(settings.points, rng)
blur = rng.normal(size=real_toy.shape).astype("float32")
held = wasserstein.critics.train(
    {
        "ring, clipped at 0.01": Member(real_toy, real_toy + blur, clip=0.01),
        "ring, clipped at 0.1": Member(real_toy, real_toy + blur, clip=0.1),
        "ring, penalty": Member(real_toy, real_toy + blur, penalty=10.0),
        "spiral, clipped at 0.1": Member(spiral, spiral + blur, clip=0.1),
        "spiral, penalty": Member(spiral, spiral + blur, penalty=10.0),
    },
    settings.toy_steps,
)  # fmt: skip
wasserstein.figures.weight_histograms({name: held.weights(name) for name in held.names[:3]})

# %% [markdown]
# **What to see**, in the lecture profile. All three started from the same bell-shaped weights. With clipping most of
# them have gone to **the two ends**: a critic that wants to be steep and may not takes the largest weights it can
# get, all over. With the penalty they are spread as in any network.

# %%
names = [name for name in held.names if "0.01" not in name]
wasserstein.figures.surfaces(
    {name: (lambda points, name=name: held.score(name, points), spiral if "spiral" in name else real_toy) for name in names}
)

# %% [markdown]
# **What to see**, in the lecture profile (yellow: high score; dots: real points). The clipped critic knows roughly
# where the points are: *a tent*. It has no weights left for details, and takes the simplest function that is as steep
# as possible. With the penalty the levels bend at each of the eight hills, and close around the spiral.

# %% [markdown]
# ### Gradients through depth
#
# The bound is on each *layer*, so its effect is multiplied from layer to layer. Take a deep critic, and ask: how
# large is the gradient of the score by what enters each layer?

# %%
kinds = {"clipped at 0.01": {"clip": 0.01}, "clipped at 0.1": {"clip": 0.1}, "clipped at 1": {"clip": 1.0}, "penalty": {"penalty": 10.0}}
deep = wasserstein.critics.train(
    {name: Member(spiral, spiral + blur, **kind) for name, kind in kinds.items()}, settings.deep_steps,
    depth=settings.depth, width=settings.deep_width, looks=4,
)  # fmt: skip
plots.curves(
    {name: np.maximum(deep.through_depth(name, spiral), 1e-12) for name in kinds}, x=np.arange(1, settings.depth + 2), log=True,
    xlabel="layer (1: the first)", ylabel="gradient of the score", best=None, title="Gradients, from the last layer back to the input",
)  # fmt: skip

# %% [markdown]
# **What to see**, in the lecture profile (logarithmic; what is below $10^{-12}$ is drawn there). Read it from right to
# left, as gradients travel. With the smaller limits they **vanish**: hardly anything reaches the input, where the
# generator is waiting. With $c = 1$ they **explode**. In between there is a $c$ that would do, for this depth and this
# width. With the penalty the gradient at the input is about 1, whatever the depth: that is exactly what it asks for.

# %% [markdown]
# ## The gradient penalty
#
# Gulrajani and others (2017) do not bound the weights. They ask for what is really wanted. The best prices have a
# property that we saw on the line: along the way that earth is carried, from a fake to its real partner, **the slope
# is exactly 1**. (Nowhere can it be more; and if it were less somewhere on the way, the price could not rise by as
# much as the way is long.) So punish the critic for every other slope:
#
# $$L = \underbrace{\mathbb E_{z}[D(G(z))] - \mathbb E_{x}[D(x)]}_{\text{critic's loss}} \; + \; \lambda \,
# \underbrace{\mathbb E_{\hat x}\bigl[(\lVert \nabla_{\hat x} D(\hat x) \rVert_2 - 1)^2\bigr]}_{\text{gradient penalty}}$$
#
# - $\nabla_{\hat x} D(\hat x)$: the gradient of *one* image's score by *its own* pixels, an array as large as the
#   image;
# - $\lVert \cdot \rVert_2$: its length, the root of the sum of squares over all pixels of that image;
# - $\lambda = 10$: the weight of the penalty;
# - $\hat x$: points at which it is measured.

# %% [markdown]
# Which points? One cannot look everywhere, and the best plan is unknown. The paper takes points on straight lines
# between pairs of a real image and a fake, as they happen to come together in a batch:
#
# $$\hat x = \varepsilon\, x + (1 - \varepsilon)\, G(z), \qquad \varepsilon \sim \text{Uniform}[0, 1], \text{ a new one for each image.}$$

# %% [markdown]
# ## Find the bug: points between
#
# A colleague writes it down as it is often found. It runs, and the shapes are right.


# %%
def her_points(real, fake):
    epsilon = keras.random.normal((real.shape[0], 1))
    return epsilon * real + (1 - epsilon) * fake


hers = np.asarray(her_points(real_few, fake_few))
beyond = wasserstein.figures.shares(hers, real_few, fake_few)
print(f"not between their two points: {np.mean((beyond < 0) | (beyond > 1)):.0%}")
wasserstein.figures.segments({"her points": hers}, real_few, fake_few)

# %% [markdown]
# **What to see.** Each grey line joins a fake and a real point; filled dots lie on their line, hollow ones beyond its
# ends. There are more hollow ones than filled ones. Which word is wrong?
#
# <details><summary>Answer</summary>
#
# `normal`. A draw from $N(0, 1)$ lies between 0 and 1 only about one time in three. Half of her points lie beyond the
# fakes, on the far side from the real data. There, nobody needs a slope of 1; where it is needed, too few points are
# left. Two relatives of the mistake: **one ε for the whole batch** (all points equally far along, so that each step
# looks at one place only), and **one for each pixel** (then $\hat x$ is no point of the line, but a mosaic of two
# images).
#
# </details>

# %% [markdown]
# ### Exercise 14.4 · Points between
# *15 minutes · difficulty 2 of 3*
#
# Mend it. `real` and `fake` have the same shape, (batch, 2) or (batch, 28, 28, 1) or any other with the batch first.
# Return one random point for each pair, the same shape, with ε uniform from 0 to 1, **one for each image**, anew in
# every call. `keras.random.uniform(shape)` draws; inside `fit` the number of images comes from `ops.shape(real)[0]`,
# and `len(real.shape)` tells how many axes there are.


# %%
def interpolate(real: tf.Tensor, fake: tf.Tensor) -> tf.Tensor:
    """A random point on the segment between each real image and its fake: the same shape as both."""
    ### BEGIN SOLUTION
    ones = [1] * (len(real.shape) - 1)
    epsilon = keras.random.uniform((ops.shape(real)[0], *ones))
    return epsilon * real + (1 - epsilon) * fake
    ### END SOLUTION


# %%
interpolate = check("14.4", interpolate)

# %%
ours = np.asarray(interpolate(tf.constant(real_few), tf.constant(fake_few)))
wasserstein.figures.segments({"her points": hers, "between": ours}, real_few, fake_few)

# %% [markdown]
# **What to see.** Right: every dot lies on its own line, some nearer to the fake, some nearer to the real point.

# %% [markdown]
# ### Exercise 14.5 · The penalty
# *20 minutes · difficulty 3 of 3*
#
# `critic` is a function: points (batch, …) → scores (batch, 1). Return the mean over the images of
# $(\lVert\nabla\rVert - 1)^2$ at `points`, one number:
#
# 1. inside a `tf.GradientTape`, `tape.watch(points)` and let the critic judge them;
# 2. `tape.gradient(scores, points)` has the shape of `points`; each row belongs to one image;
# 3. its length: the root of the sum of squares over **all axes but the first**. Add 1e-12 under the root, for at 0 it
#    has no derivative;
# 4. the mean of the squared distances from 1.
#
# Try it in your head: the critic $f(x) = a \cdot x$ must give $(\lVert a \rVert - 1)^2$, wherever the points are.


# %%
def gradient_penalty(critic: Callable, points: tf.Tensor) -> tf.Tensor:
    """Mean over the images of (length of the score's gradient − 1)², at points (batch, …): one number, 0 at best."""
    ### BEGIN SOLUTION
    with tf.GradientTape() as tape:
        tape.watch(points)
        scores = critic(points)
    gradients = tape.gradient(scores, points)
    axes = tuple(range(1, len(points.shape)))
    lengths = ops.sqrt(ops.sum(ops.square(gradients), axis=axes) + 1e-12)
    return ops.mean(ops.square(lengths - 1))
    ### END SOLUTION


# %%
gradient_penalty = check("14.5", gradient_penalty)

# %%
a = np.array([3.0, 4.0], "float32")
print(f"f(x) = 3 x₁ + 4 x₂: penalty {float(gradient_penalty(lambda x: x @ a[:, None], tf.constant(ours))):.4f}, by the formula {(np.linalg.norm(a) - 1) ** 2:.4f}")

# %% [markdown]
# The gradient sits inside a loss which is differentiated in turn, by the critic's weights: a **gradient of a
# gradient**. The inner tape is in your function, the outer one in the training step. It costs about as much again as
# the rest of the step; `python3 workbook.py bench 14` measures it.

# %% [markdown]
# ### From both sides, or from one?
#
# A function is 1-Lipschitz if it is nowhere *steeper* than 1; less would be allowed. The **one-sided** penalty
# punishes only slopes above 1. And why did the estimate end above the exact distance? Let the critic be $s$ times the
# best prices. It gains $s W$ and pays $\lambda (s - 1)^2$, so it is best off at
#
# $$s = 1 + \frac{W}{2 \lambda} .$$
#
# A penalty is no wall: it gives way, the more the farther the fakes are away.

# %%
both = wasserstein.critics.train(
    {
        "two-sided, λ = 10": Member(real_toy, fake_toy, penalty=10.0),
        "one-sided, λ = 10": Member(real_toy, fake_toy, penalty=10.0, one_sided=True),
        "two-sided, λ = 1": Member(real_toy, fake_toy, penalty=1.0),
        "two-sided, λ = 100": Member(real_toy, fake_toy, penalty=100.0),
    },
    settings.toy_steps,
)  # fmt: skip
partners = real_toy[wasserstein.transport.between_points(fake_toy, real_toy)[1]]
shares = np.random.default_rng(0).random((len(real_toy), 1), dtype="float32")
on_routes, by_chance = fake_toy + shares * (partners - fake_toy), fake_toy + shares * (real_toy - fake_toy)
print(f"exact distance: {exact:.3f}\n")
print(f"{'':<20}{'estimate':>9}{'/ exact':>9}{'1 + W/2λ':>10}{'slope on the best routes':>26}{'between random pairs':>22}")
for place, name in enumerate(both.names):
    estimate, weight = both.estimates[-1, place], float(name.split()[-1])
    print(f"{name:<20}{estimate:9.3f}{estimate / exact:9.3f}{1 + exact / 2 / weight:10.3f}"
          f"{both.slopes(name, on_routes).mean():26.3f}{both.slopes(name, by_chance).mean():22.3f}")

# %% [markdown]
# **What to see**, in the lecture profile. With λ = 1 and 10 the estimates lie above the exact distance by about the share
# that the formula says, and so does the slope on the best routes, which the critic never saw. With λ = 100 the critic is so
# busy with its slope that in this time it has not found the prices. One-sided and two-sided critics hardly differ, in the
# paper and here; the two-sided one is what everybody uses.

# %% [markdown]
# ### No batch normalization
#
# The penalty is about *one* image's score and *its* gradient. With batch normalization there is no such thing: each
# score depends on all images of the batch. How much? Take the gradient of the first image's score by **all** images
# of the batch.

# %%
garments = data.load("fashion_mnist").take(train=settings.n_train, valid=settings.n_valid)
X, V = garments.X_train, garments.X_valid
signed = (2 * X - 1)[..., None]  # in [−1, 1], like the generator's tanh
batch = tf.constant(signed[:8])
print("the first image's score: length of its gradient by the other seven images, over that by all eight")
for kind in ("batch", "layer", None):
    keras.utils.set_random_seed(3)
    judge = wasserstein.critic(settings.live_maps, normalise=kind)
    with tf.GradientTape() as tape:
        tape.watch(batch)
        score = judge(batch, training=True)[0]
    squares = np.square(tape.gradient(score, batch)).sum(axis=(1, 2, 3))
    print(f"  {(kind or 'no') + ' normalization':<22}{np.sqrt(squares[1:].sum() / squares.sum()):6.1%}")

# %% [markdown]
# **What to see.** Only batch normalization couples the images. Then the length of "the gradient" is a mixture, and the
# penalty asks for something that is no bound on the slope. **Layer normalization** takes mean and variance over the
# numbers of *one* image, and is welcome. (The generator may keep its batch normalization: nobody differentiates *it* by
# its input.) The class `WGANGP` of the workbook refuses a critic with batch normalization.

# %% [markdown]
# ## WGAN-GP
#
# The whole recipe of the paper:
#
# | | | why |
# |---|---|---|
# | **five** steps of the critic for one of the generator | fresh fakes and other real images for each | the estimate is good only if the critic is nearly at its best |
# | **λ = 10** | | found to work everywhere they tried |
# | **Adam** with 1e-4, β₁ = 0, β₂ = .9 | | no memory in a game that moves on |
# | no batch normalization in the critic | layer normalization, or none | see above |
#
# A GAN must keep its discriminator from getting too good. Here it is the other way round: **the better the critic,
# the better the gradient**.

# %% [markdown]
# ### Exercise 14.6 · The critic's phase
# *25 minutes · difficulty 3 of 3*
#
# Put the pieces together. The engine's `train_step` calls this phase `critic_steps` times, each time with other real
# images.
#
# 1. Outside the tape: as many fakes as there are real images, `self.generate(codings, training=True)` with codings
#    from `self.draw_codings(count)`, and `points = penalties.interpolates(real, fake, shares)` with `shares` from
#    `self.draw_shares(count)`.
# 2. Inside: the critic's estimate of the distance, from the scores `self.judge(images)`; the penalty, with
#    `penalties.gradient_norms(self.judge, points)` for the lengths (batch,); the loss, with `self.penalty_weight` for
#    λ.
# 3. `self.improve(network, optimizer, tape, loss)` for `self.discriminator` (the critic) with
#    `self.discriminator_optimizer`.
# 4. `self.note(d_loss=…, estimate=…, penalty=…)`, the penalty without λ.


# %%
class PenalisedWGAN(wasserstein.WGANGP):
    """A Wasserstein GAN whose critic pays for slopes other than 1 between real images and fakes."""

    def discriminator_phase(self, real: tf.Tensor, labels: tf.Tensor | None = None) -> None:
        """One step of the critic on a batch of real images; the generator stays as it is."""
        ### BEGIN SOLUTION
        count = ops.shape(real)[0]
        fake = self.generate(self.draw_codings(count), training=True)
        points = penalties.interpolates(real, fake, self.draw_shares(count))
        with tf.GradientTape() as tape:
            estimate = ops.mean(self.judge(real)) - ops.mean(self.judge(fake))
            penalty = ops.mean(ops.square(penalties.gradient_norms(self.judge, points) - 1))
            loss = self.penalty_weight * penalty - estimate
        self.improve(self.discriminator, self.discriminator_optimizer, tape, loss)
        self.note(d_loss=loss, estimate=estimate, penalty=penalty)
        ### END SOLUTION


# %%
PenalisedWGAN = check("14.6", PenalisedWGAN)

# %% [markdown]
# ## A loss that can be read
#
# Now train two narrow GANs for some seconds, and after each epoch measure the Fréchet distance of their images. First
# the DCGAN of lesson 13, with its usual game. How well do its losses tell how good the images are? **Spearman's rank
# correlation** says: 1 if a lower loss always goes with a lower Fréchet distance, 0 if they have nothing to do with
# each other, −1 if the order is turned round.

# %%
keras.utils.set_random_seed(42)
plain = GAN(*dcgan.dcgan_pair(settings.codings, settings.live_maps), settings.codings, averaging=0.9)
plain.compile(keras.optimizers.Adam(settings.live_rate, 0.5), keras.optimizers.Adam(settings.live_rate, 0.5))
story = training.fit(
    plain, signed, epochs=settings.gan_epochs, batch_size=settings.gan_batch,
    callbacks=[FrechetDistance(settings.readings, seed=1), *watched(plain, "a narrow DCGAN")],
).history  # fmt: skip
for name in ("d_loss", "g_loss"):
    print(f"rank correlation of {name} with the Fréchet distance: {metrics.rank_correlation(story[name], story['frechet']):5.2f}")
long = (weights.manifest("dcgan_13") or {"history": {}})["history"]  # lesson 13's training, in which the images went on getting better
for name in ("d_loss", "g_loss"):
    still_to_go = -np.arange(len(long.get(name, ())))  # falls to the end, as the distance did
    print(f"… of {name} with the epochs still to go, in the long training of lesson 13: "
          f"{metrics.rank_correlation(long.get(name, ()), still_to_go):5.2f}")
wasserstein.figures.worth_of_a_loss(story, {"d_loss": "discriminator's loss", "g_loss": "generator's loss"})

# %% [markdown]
# **What to see**, in the lecture profile. The images get better (dashed, logarithmic). In these first epochs the generator's
# loss falls along with the distance, and the discriminator's rises. In the long training of lesson 13 the images went on
# getting better as well, so the epochs still to go stand in for the distance there. Now *the signs are the other way
# round*: the generator's loss rises, the discriminator's falls. A curve that changes its meaning cannot be read.

# %% [markdown]
# The same generator, and a critic with layer normalization; your phase does the training.

# %%
keras.utils.set_random_seed(42)
small = PenalisedWGAN(*wasserstein.wgan_pair(settings.codings, settings.live_maps), settings.codings, averaging=0.9)
small.compile(keras.optimizers.Adam(settings.live_rate, 0.0, 0.9), keras.optimizers.Adam(settings.live_rate, 0.0, 0.9))
story = training.fit(
    small, signed, epochs=settings.live_epochs, batch_size=settings.live_batch * small.critic_steps,
    callbacks=[FrechetDistance(settings.readings, seed=1), *watched(small, "a narrow WGAN-GP")],
).history  # fmt: skip
print(f"rank correlation of the critic's estimate with the Fréchet distance: {metrics.rank_correlation(story['estimate'], story['frechet']):.2f}")
wasserstein.figures.worth_of_a_loss(story, {"estimate": "the critic's estimate"})

# %% [markdown]
# **What to see**, in the lecture profile. The estimate falls along with the Fréchet distance, apart from the very
# first epochs, in which the critic has yet to learn its job. Now a curve on the screen means something: *falling is
# good, and flat is the end*. (The value is in units of pixels, as that critic sees them. Compare it within one
# training, never between two critics.)

# %%
plots.image_rows({"DCGAN": samples.draw(plain, 10), "WGAN-GP": samples.draw(small, 10), "real": V[:10]})

# %% [markdown]
# **What to see.** Both are narrow and have trained for seconds. The images are not the point here: the curves above are.

# %% [markdown]
# ### A longer training
#
# Wider networks, all 55,000 images, many more steps. If weights that fit are there, they are loaded, with their film
# and with the Fréchet distance measured at the end of each epoch.

# %%
keras.utils.set_random_seed(42)
model = wasserstein.WGANGP(
    *wasserstein.wgan_pair(settings.codings, settings.maps), settings.codings, critic_steps=settings.critic_steps,
    averaging=settings.averaging,
)  # fmt: skip
film = Film(model, samples.fixed_codings(model, 30), frames=settings.frames, judged=min(500, settings.n_judge))
real = metrics.real_images()[: settings.n_judge]


def judged(gan, seed=0):
    """All figures of new images by this GAN."""
    return metrics.judge_images(samples.draw(gan, settings.n_judge, seed), real, train=X, count=settings.n_judge)


def train(callbacks):
    batch = settings.part * settings.critic_steps

    def optimizer():
        return keras.optimizers.Adam(training.WarmupCosine.for_fit(settings.peak, len(X), batch, settings.epochs), 0.0, 0.9)

    def critics():  # the critic steps more often, so its schedule is as much longer
        rate = training.WarmupCosine(settings.peak, settings.critic_steps * settings.epochs * -(-len(X) // batch))
        return keras.optimizers.Adam(rate, 0.0, 0.9)

    model.compile(optimizer(), critics())
    training.fit(
        model, signed, epochs=settings.epochs, batch_size=batch,
        callbacks=[FrechetDistance(settings.readings, seed=1), *watched(model, "WGAN-GP"), *callbacks, film],
    )  # fmt: skip
    film.save("wgan_gp_14_film", lesson="14", data=garments)
    return {key: value for key, value in judged(model).items() if key in ("frechet", "precision", "recall", "nearest_ratio", "copies")}


source = wasserstein.WGANGP.training_source, wasserstein.wgan_pair
outcome = weights.load_or_train(model, "wgan_gp_14", train, source=source, lesson="14", data=garments, dtype="float16")
film = Film.load("wgan_gp_14_film") if outcome.loaded else film

# %%
history = outcome.history
print(f"{len(history['frechet'])} epochs, the Fréchet distance measured at the end of each one; rank correlation with it:")
for key, words in (("estimate", "the critic's estimate"), ("g_loss", "the generator's loss"), ("penalty", "the penalty")):
    print(f"  {words:<24}{metrics.rank_correlation(history[key], history['frechet']):6.2f}")
wasserstein.figures.worth_of_a_loss(history, {"estimate": "the critic's estimate"})

# %% [markdown]
# **What to see**, in the lecture profile with the shipped weights. Over the whole training the critic's estimate and
# the Fréchet distance put the epochs in nearly the same order: **the loss can be read**. The generator's loss alone
# does not do it: scores have no zero, and it wanders.

# %%
film_view(film)

# %% [markdown]
# **What to see.** The same thirty codings all through the training. Outlines first, then insides, as with the DCGAN. Look
# at one place: once it is a garment, how often does it change into another kind?

# %%
histogram_view(film, garments.class_names)

# %% [markdown]
# **What to see**, in the lecture profile with the shipped weights. The share of each class among new images. An even share
# is a tenth. To leave out a class would leave holes unfilled, and the critic puts a price on holes.

# %%
sampled = samples.draw(model, settings.n_judge)
plots.image_grid(sampled[:40], title="New images by the WGAN-GP")

# %% [markdown]
# **What to see**, in the lecture profile with the shipped weights. Garments of all kinds, a little rougher than the
# DCGAN's of lesson 13. Both were shown as many real images, but there each batch was followed by a step of the
# generator, here only every fifth. The figures below say what that makes.

# %% [markdown]
# ## Is it more robust?
#
# The paper's strongest claim is not about the best images. It is that WGAN-GP trains with networks that other games
# fail with. Here is that comparison in small: four pairs of networks under three games.
#
# | pair of networks | |
# |---|---|
# | **DCGAN** | with batch normalization in both (in WGAN-GP's critic: layer normalization) |
# | **no batch normalization** | in neither of the two, nor anything in its place |
# | **dense generator** | three hidden layers of ReLU, no convolution; the critic is DCGAN's |
# | **tanh everywhere** | instead of ReLU and leaky ReLU, in both |

# %% [markdown]
# What is a fair budget? *Equal steps* would favour WGAN-GP, whose step has five phases of the critic. We take **equal
# numbers of real images shown to the critic**, in batches of equal size. So the plain GAN's generator gets five times as
# many steps, and all three take about equally long; the seconds are printed as well. Each game has the optimizer of its
# own paper: Adam with β₁ = .5, RMSprop, Adam with β₁ = 0 and β₂ = .9. The learning rates are five to ten times the papers',
# since the training is short.

# %%
quiz("14-robust")

# %% [markdown]
# First one cell of the table, live: the networks with tanh everywhere, for some seconds.

# %%
print(f"{'tanh everywhere':<18}{'Fréchet':>9}{'classes':>9}{'seconds':>9}")
rows = {}
for name in settings.live_games:
    figures, made, _ = wasserstein.robustness.train(
        "tanh everywhere", name, signed, settings.cell_shown, batch_size=settings.cell_batch, codings=settings.codings,
        maps=settings.cell_maps, count=settings.n_judge,
    )  # fmt: skip
    print(f"{name:<18}{figures['frechet']:9.1f}{10 * figures['coverage']:9.0f}{figures['seconds']:9.1f}")
    rows[name] = made[:12]
plots.image_rows(rows)

# %% [markdown]
# **What to see.** One seed, narrow networks, some seconds: an impression, no result. The table below is the longer answer.

# %%
subset = data.load("fashion_mnist", source="shipped", quiet=True).take(train=min(settings.n_train, 9_000))
sheet = wasserstein.robustness.RobustnessTrials()


def measure_all():
    return sheet.fill(
        (2 * subset.X_train - 1)[..., None], seeds=settings.cell_seeds, shown=settings.cell_shown, cells=settings.cells,
        batch_size=settings.cell_batch, codings=settings.codings, maps=settings.cell_maps, count=settings.n_judge,
    )  # fmt: skip


table = weights.load_or_train(
    sheet, "robustness_14", measure_all, lesson="14", data=weights.data_text(subset), dtype="float16",
    source=wasserstein.robustness.RobustnessTrials,
)  # fmt: skip
cells = wasserstein.robustness.summary(table.history)
print("measured beforehand, by the same code:" if table.loaded else "measured just now:", end=" ")
print(f"{table.figures['shown']:,.0f} real images shown to each critic, {table.figures['seeds']:.0f} seed(s)\n")
print(f"{'networks':<26}{'game':<16}{'Fréchet':>9}{'lowest':>9}{'highest':>9}{'classes':>9}{'seconds':>9}")
for (networks, name), its in cells.items():
    print(f"{networks:<26}{name:<16}{its['frechet']:9.1f}{its['lowest']:9.1f}{its['highest']:9.1f}{10 * its['coverage']:9.1f}{its['seconds']:9.0f}")

# %%
wasserstein.figures.board(np.asarray(sheet.pictures, dtype="float32"), cells, wasserstein.robustness.GAMES, wasserstein.robustness.ARCHITECTURES)

# %%
wins = {name: 0 for name in wasserstein.robustness.GAMES}
for networks in wasserstein.robustness.ARCHITECTURES:
    tried = {name: cells[networks, name]["frechet"] for name in wasserstein.robustness.GAMES if (networks, name) in cells}
    if len(tried) == len(wasserstein.robustness.GAMES):
        winner = min(tried, key=tried.get)
        wins[winner] += 1
        print(f"{networks:<26} best: {winner:<16} " + ", ".join(f"{name} × {value / tried[winner]:.2f}" for name, value in tried.items()))
print("rows won: " + ", ".join(f"{name} {count}" for name, count in wins.items()))
worst = {name: max([its["frechet"] for (_, game), its in cells.items() if game == name], default=np.nan) for name in wasserstein.robustness.GAMES}
print("worst of the column: " + ", ".join(f"{name} {value:.1f}" for name, value in worst.items()))

# %% [markdown]
# **What to see**, where the table was measured beforehand. In bold: the best of each row; the lines above say by how much.
# Read it in two ways. *Row by row*: which game is the best for these networks? With convolutions in both networks the plain
# GAN is ahead, even without normalization: on an equal budget a cheap game has the advantage. Only the dense generator does
# better under WGAN-GP. *Column by column*: what is the **worst** that happens to a game? There WGAN-GP is ahead. Robustness
# is about the worst case. Clipping loses every row. Two seeds and short trainings of narrow networks make a coarse ruler:
# look at the lowest and the highest figure before you believe a difference. What the paper claims for long trainings is
# neither proven nor refuted here.

# %% [markdown]
# ### A word on the hinge loss
#
# A relative that you will meet in larger models (lesson 12 has its exercise): the critic is content once real images
# score above 1 and fakes below −1. A summary in circulation writes it as *one* term with the product of both outputs,
# $\max(0,\, 1 - D(x)\, D(G(z)))$.

# %%
quiz("14-hinge")

# %% [markdown]
# ## On the yardstick
#
# The same figures as for the other generators, and what they cost.

# %%
print(f"{'':<32}{'Fréchet':>9}{'Inception':>11}{'precision':>11}{'recall':>8}{'classes':>9}{'nearest':>9}{'copies':>8}")


def line_of(name, figures):
    shown = (f"{figures['frechet']:9.2f}{figures['inception_score']:11.2f}{figures['precision']:11.3f}{figures['recall']:8.3f}"
             f"{10 * figures['coverage']:9.0f}{figures.get('nearest_ratio', np.nan):9.2f}{figures.get('copies', np.nan):8.3f}")
    print(f"{name:<32}{shown}".replace("nan", "  –"))


figures = judged(model)
line_of("WGAN-GP", figures)
for name in ("floor", "PCA-30 + Gaussian"):
    line_of(f"  {baselines.TITLES[name]}", baselines.load()[name])
told = weights.manifest("wgan_gp_14") if outcome.loaded else None
figures = {key: value for key, value in figures.items() if not key.startswith("sliced")}
scoreboard.record("14", "WGAN-GP", codings=settings.codings, data=told["data"] if told else garments, seconds=outcome.seconds,
                  parameters=model.generator.count_params() + model.discriminator.count_params(), **figures)  # fmt: skip
print()
for words, name in (("DCGAN", "dcgan_13"), ("WGAN-GP", "wgan_gp_14")):
    facts = weights.manifest(name)
    if facts is not None:
        print(f"{words:<10}{facts['seconds'] / 60:6.0f} minutes of training, {facts['images_seen']:>10,} images shown, Fréchet distance {facts['figures']['frechet']:.2f}")

# %%
scoreboard.show(["11", "13", "14"])

# %% [markdown]
# **What to see**, in the lecture profile with the shipped weights. The same generator as the DCGAN's, trained by
# another game. Five critic phases and a gradient of a gradient make each step of the generator several times as
# expensive. What one gets for it is a curve that can be read, and a game that goes on when the networks are odd. On
# well-tried networks and with little time the plain GAN is hard to beat. `python3 workbook.py bench 14` says what the
# penalty costs.

# %% [markdown]
# ## Summary
#
# - The earth mover's distance is the least work that turns one distribution into the other. It has a useful slope
#   where KL is infinite and Jensen–Shannon is flat.
# - Kantorovich and Rubinstein: it is also what the best prices earn that are nowhere steeper than 1. A critic learns
#   the prices.
# - Clipping the weights bounds the slope, and ruins the critic: weights at the two ends, gradients that vanish or
#   explode with depth.
# - The gradient penalty asks for slope 1 between real images and fakes: ε uniform, **one for each image**; the length
#   over **all pixels of one image**; no batch normalization in the critic.
# - Train the critic well: five steps for one. Its estimate then follows the quality of the images.
# - Report where a method does not win.

# %% [markdown]
# **Questions that come up**
#
# - *Is the estimate the true distance between images?* No. It is too small, since the network is no arbitrary
#   function and never quite at its best, and too large by the give of the penalty. Within one training its *changes*
#   can be read.
# - *Why does the estimate not end at 0?* Because the critic always finds some difference; on images that it has been
#   trained on, more than on others.
# - *Do I need the penalty in a GAN that is no Wasserstein GAN?* It helps there as well: StyleGAN (lesson 16) has one,
#   at the real images only.
# - *May the generator have batch normalization?* Yes.

# %% [markdown]
# - *Are there other ways to a 1-Lipschitz critic?* Yes: spectral normalization divides each weight matrix by its
#   largest singular value, which costs nearly nothing.
# - *Should I train the critic until it rests?* In theory. Five steps are a compromise; more of them at the beginning
#   do no harm.

# %% [markdown]
# **Where to read on**
#
# - Arjovsky, Chintala and Bottou (2017), *Wasserstein GAN*, arXiv 1701.07875
# - Arjovsky and Bottou (2017), *Towards principled methods for training generative adversarial networks*, arXiv
#   1701.04862
# - Gulrajani, Ahmed, Arjovsky, Dumoulin and Courville (2017), *Improved training of Wasserstein GANs*, arXiv
#   1704.00028
# - Miyato, Kataoka, Koyama and Yoshida (2018), *Spectral normalization for generative adversarial networks*, arXiv
#   1802.05957
# - Mescheder, Geiger and Nowozin (2018), *Which training methods for GANs do actually converge?*, arXiv 1801.04406
# - Lim and Ye (2017), *Geometric GAN*, arXiv 1705.02894 (the hinge loss)
# - Peyré and Cuturi (2019), *Computational optimal transport*, arXiv 1803.00567
