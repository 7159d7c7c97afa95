# ---
# lesson: "14"
# title: Wasserstein GAN with gradient penalty
# question: What if the critic could tell how far the fakes still have to go?
# idea: |
#   A discriminator says whether it can tell fakes from real images. It does not say how far apart they are. This lesson
#   measures that distance: how much work it takes to carry the fakes to the real images, as if they were earth. The best
#   plan is too large to compute for images, but a network can learn its *price list*, if it is never steeper than 1.
#   Its estimate is a loss that goes down when the fakes come nearer.
# cover: >-
#   Two panels with fakes around the middle and real points on a ring. Left, the best plan: lines lead from each fake to a
#   real point of its own. Right, each fake goes to its nearest real point, and most real points get nothing.
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

sys.path.insert(0, "..")  # the folder above holds `helpers`

from helpers import backend  # noqa: F401  (first: it keeps TensorFlow's start-up messages away)

import keras
import numpy as np
import tensorflow as tf
from helpers import data, metrics, plots, scoreboard, session, training, weights
from helpers.exercises import check, hint, quiz  # noqa: F401  (hints are for you: hint("14.1"))
from keras import ops

settings = session.start(
    "14",
    points=200,  # points in the plane, real and fake, for critics of points
    toy_steps=800,  # steps of training for these critics
    codings=100,  # numbers that make an image
    live_maps=8,  # width of the networks that are trained here and now; those that ship have 32
    live_epochs=11,  # epochs of these trainings
    live_rate=1e-3,  # their learning rate; the paper's 1e-4 needs more patience
    critic_steps=5,  # phases of the critic for one of the generator
)

# %% [markdown]
# ## How far apart?
#
# The losses of a GAN go up and down, and none of them says reliably whether the images are getting better (lessons 12
# and 13). That is no accident. The discriminator answers the question *can you tell them apart?* It may recognise a
# fake that is nearly right as surely as one that is far off.
#
# This lesson asks another question: *how far* are the fakes from the real images? It begins with two bumps.

# %%
quiz("14-parting")

# %%
from helpers.gans import Film, FrechetDistance, GAN, dcgan, film_view, samples, wasserstein, watched

wasserstein.parting_explorer()

# %% [markdown]
# **What to see.** The orange-red bump has edges; outside them its density is 0. Then KL(real ‖ fake) is **infinite**
# for every shift, because some real numbers lie where no fake ever does. Jensen–Shannon climbs to log 2 and **stops**:
# from θ = 2 on it is flat. The **earth mover's distance** is a straight line. The bottom row shows the slopes, and a
# slope is all that a generator feels. KL has none. Jensen–Shannon's is 0 once the bumps have parted. The earth mover's
# is 1 everywhere. For Gaussians (blue, dashed) KL is finite, but its slope grows with the distance without end.

# %% [markdown]
# Do images overlap? They have 784 pixels, but garments fill only a thin sheet in that space, and the generator makes
# another thin sheet out of 100 codings. Two sheets hardly ever meet. A good discriminator can then be certain of its
# answer, and a GAN would be on the flat part of the Jensen–Shannon curve
# ([Arjovsky and Bottou, 2017](https://arxiv.org/abs/1701.04862)).

# %% [markdown]
# ## The earth mover
#
# Think of the fakes $q$ as a heap of earth, and of the real data $p$ as the hole that it must fill. A **plan**
# $\gamma(x, y)$ says how much earth goes from $x$ to $y$. All earth must go, and all holes must be filled: what leaves
# $x$ sums to $q(x)$, what arrives at $y$ sums to $p(y)$. The work of a plan is mass times distance carried. The earth
# mover's distance is the least work of all plans:
#
# $$W(p, q) = \min_{\gamma \in \Pi(q, p)} \ \mathbb E_{(x, y) \sim \gamma}\bigl[\lVert x - y \rVert\bigr].$$
#
# Here $\Pi(q, p)$ is the set of all plans from $q$ to $p$, and $\lVert x - y \rVert$ is the length of the way from $x$
# to $y$. Another name is **Wasserstein-1**. Its unit is that of the length.

# %% [markdown]
# On a line the best plan is easy to find. Two ways that cross can be exchanged without more work. So the order can be
# kept: the smallest fake goes to the smallest real number, the second smallest to the second smallest, and so on.

# %% [markdown]
# ### Exercise 14.1 · Earth on a line
# *10 minutes · difficulty 1 of 3*
#
# `a` and `b` hold equally many numbers, (n,), each with the same weight 1/n. Return the earth mover's distance
# between the two samples.


# %%
def earth_movers_distance(a: np.ndarray, b: np.ndarray) -> float:
    """Earth mover's distance of two samples of n numbers: the mean way under the best plan."""
    ### BEGIN SOLUTION
    return float(np.mean(np.abs(np.sort(a) - np.sort(b))))
    ### END SOLUTION


# %%
earth_movers_distance = check("14.1", earth_movers_distance)

# %%
# NBVAL_CHECK_OUTPUT
rng = np.random.default_rng(0)
numbers = rng.normal(size=1000)
print("earth mover's distance between 1,000 numbers and the same, shuffled and shifted by so much")
for shift in (0.0, 0.5, 1.0, 2.0, 10.0):
    print(f"{shift:5.1f} {earth_movers_distance(numbers, rng.permutation(numbers) + shift):10.4f}")
print(f"and to the same numbers times 2: {earth_movers_distance(numbers, 2 * numbers):.4f}")

# %% [markdown]
# ### In the plane
#
# In two dimensions there is no such order. But finding the plan is a **linear program**: the work is a sum, the
# conditions are sums, and nothing may be negative. With n points of equal weight on either side, one of the best plans
# moves whole points, one to one: an **assignment**. `helpers/gans/wasserstein/transport.py` finds it exactly.

# %%
from helpers.data import points as data_points

# NBVAL_CHECK_OUTPUT
rng = np.random.default_rng(1)
real_few = data_points.ring(48, rng)
fake_few = (0.5 * rng.normal(size=(48, 2)) + [0.8, -0.3]).astype("float32")
exact, partner = wasserstein.transport.between_points(fake_few, real_few)
ways = np.linalg.norm(fake_few[:, None] - real_few, axis=2)
print(f"mean way of the best plan: {exact:.3f}")
print(f"random partners:           {ways[np.arange(48), rng.permutation(48)].mean():.3f}")
print(f"each to its nearest:       {ways.min(axis=1).mean():.3f}, but that is no plan: "
      f"{48 - len(set(ways.argmin(axis=1).tolist()))} of 48 real points get nothing")

# %% tags=["cover"]
wasserstein.figures.plans({
    "the best plan": (fake_few, real_few, partner),
    "each to its nearest: no plan": (fake_few, real_few, ways.argmin(axis=1)),
})  # fmt: skip

# %% [markdown]
# **What to see.** Left: every real point gets one fake. Right: going to the nearest point is cheaper, but most holes
# stay empty. That would be **mode collapse**, and the earth mover's distance does not allow it.
#
# For images we can neither sort nor solve the program. It would have n² unknowns for n images, and after every step of
# the generator a new one would be needed. There is another way to look at the same number.

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
# **Kantorovich and Rubinstein** proved in 1958 that the best prices earn exactly what the best plan costs:
#
# $$W(p, q) = \max_{\lVert f \rVert_L \le 1} \ \mathbb E_{x \sim p}[f(x)] - \mathbb E_{x \sim q}[f(x)],$$
#
# where $\lVert f \rVert_L$ is the largest slope of $f$ between any two points, and the maximum goes over all
# functions that are nowhere steeper than 1.

# %%
# NBVAL_CHECK_OUTPUT
places = np.arange(13.0)
there = np.array([0, 3, 4, 3, 0, 0, 0, 0, 0, 0, 1, 1, 0]) / 12  # q, earth that is there
wanted = np.array([0, 0, 0, 0, 1, 2, 4, 3, 2, 0, 0, 0, 0]) / 12  # p, holes
line = np.abs(places[:, None] - places)
work, plan, bought = wasserstein.transport.between_heaps(there, wanted, line)
price = (line - bought[:, None]).min(axis=0)  # one price for buying and selling
crossing = np.abs(np.cumsum(there - wanted)).sum()
print(f"the best plan costs              {work:.4f}")
print(f"the best prices earn             {price @ wanted - price @ there:.4f}")
print(f"steepest slope of the prices     {np.abs(np.diff(price)).max():.4f}")
print(f"what crosses each border, summed {crossing:.4f}   (on a line this is the work, too)")

# %%
wasserstein.figures.prices(places, there, wanted, price)

# %% [markdown]
# **What to see.** The same number three times. The price rises by exactly 1 for each step *along the way that earth
# is carried*, from the heaps (orange-red) to the hole (blue), from both sides. This is what a generator needs to know:
# **which way is up, and by how much, wherever it is**.

# %% [markdown]
# ## The critic
#
# Now put a network in the place of $f$. It takes an image and returns a **score**, any number; nothing is a
# probability. Since it no longer decides between real and fake, it is called a **critic** instead of a discriminator.
# The critic maximises the difference of the mean scores. The generator tries to raise the scores of its fakes:
#
# $$\text{critic: } \min_D \ \mathbb E_{z}[D(G(z))] - \mathbb E_{x \sim p}[D(x)], \qquad
# \text{generator: } \min_G \ -\mathbb E_{z}[D(G(z))] .$$
#
# No logarithm and no sigmoid. If the critic is 1-Lipschitz and well trained, minus its loss is nearly the earth
# mover's distance.

# %% [markdown]
# ### Exercise 14.2 · The critic's loss
# *5 minutes · difficulty 1 of 3*
#
# Return what the critic *minimises*, one number. The arguments are scores, tensors of shape (batch, 1). There may be
# fewer fakes than real images. Gradients must pass.


# %%
def critic_loss(real_scores: tf.Tensor, fake_scores: tf.Tensor) -> tf.Tensor:
    """Minus the critic's estimate of the distance between real images and fakes: one number."""
    ### BEGIN SOLUTION
    return ops.mean(fake_scores) - ops.mean(real_scores)
    ### END SOLUTION


# %%
critic_loss = check("14.2", critic_loss)

# %%
quiz("14-unbounded")

# %% [markdown]
# Let us try it on points that do not move, so that a critic can be trained to its end. Here are two critics, both with
# three hidden layers of 64 units. One is free. The other one is held back by the **gradient penalty**, which the second
# half of this lesson explains.

# %%
from helpers.gans.wasserstein import Member, Run

rng = np.random.default_rng(1)
real_toy = data_points.ring(settings.points, rng)
fake_toy = (0.5 * rng.normal(size=(settings.points, 2)) + [0.8, -0.3]).astype("float32")
exact = wasserstein.transport.between_points(fake_toy, real_toy)[0]
tried = wasserstein.critics.train(
    {
        "free": Member(real_toy, fake_toy),
        "with penalty": Member(real_toy, fake_toy, penalty=10.0),
    },
    settings.toy_steps,
)
print(f"exact, by assignment:   {exact:.3f}")
for place, name in enumerate(tried.names):
    print(f"critic, {name + ':':<15} {tried.estimates[-1, place]:.3f}")
shown = slice(1, None)
plots.curves(
    {name: np.maximum(tried.estimates[shown, i], 1e-2) for i, name in enumerate(tried.names)},
    x=tried.steps[shown], xlabel="step of the critic", ylabel="estimate of the distance", log=True,
    best=None, references={"exact": exact},
)  # fmt: skip

# %% [markdown]
# **What to see**, in the lecture profile. The free critic's estimate grows to tens of thousands of times the exact
# distance. It flattens at the end only because the learning rate goes down to 0. With the penalty the estimate comes
# to rest near the exact distance, although not a single way was computed: **gradient steps on a network have nearly
# solved the linear program**. It ends a little *above* it. We shall soon see by how much, and why.

# %% [markdown]
# ## Clip the weights
#
# How can a network be kept from being steep? The first Wasserstein GAN
# ([Arjovsky, Chintala and Bottou, 2017](https://arxiv.org/abs/1701.07875)) uses an axe: after each step of the critic,
# **every weight is clipped** to $[-c, c]$, with $c = 0.01$. Then its slope is below *some* bound $K$, and the estimate
# is at most $K \cdot W$. Nobody knows $K$. But it does not change, and that is enough to learn from.

# %% [markdown]
# ### Exercise 14.3 · The axe
# *10 minutes · difficulty 1 of 3*
#
# Bring every **trainable** weight of the network into [−`limit`, `limit`], kernels as well as biases, in place.
# Whatever else the network keeps (the moving averages of batch normalization, say) stays as it is.
# `weight.assign(value)` sets a weight; `ops.clip` clips. Your function will run inside `fit`, where no weight has a
# value yet, so take `ops` and not NumPy.


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
# This is how the two fit together: the critic's phase of the first Wasserstein GAN, with your loss and your axe. The
# rest, `fit` and the generator's phase, is the engine of lesson 11. We shall train it further below.


# %%
class ClippedWGAN(wasserstein.WassersteinGAN):
    """The first Wasserstein GAN: after each step of the critic its weights are clipped to ±0.01."""

    def discriminator_phase(self, real, labels=None):
        fake = self.generate(self.draw_codings(ops.shape(real)[0]), training=True)
        with tf.GradientTape() as tape:
            loss = critic_loss(self.judge(real), self.judge(fake))  # yours, exercise 14.2
        self.improve(self.discriminator, self.discriminator_optimizer, tape, loss)
        clip_weights(self.discriminator, 0.01)  # yours, exercise 14.3
        self.note(d_loss=loss, estimate=-loss)


# %% [markdown]
# The inventors of clipping call it "a clearly terrible way" to keep a network from being steep. Let us see what it does
# to critics of points. The real points: a ring of eight hills, then a spiral. The fakes: the same points, blurred.

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
# **What to see**, in the lecture profile. All three started from the same bell-shaped weights (where they are
# clipped, scaled down to fit between the limits). With clipping nearly all of them have gone to **the two ends**.
# Such a critic is pushed to be as steep as it may, so it takes the largest weights that it is allowed. With the
# penalty the weights keep their bell shape. (Each panel has its own scale.)

# %%
names = [name for name in held.names if "0.01" not in name]
real_of = {name: spiral if "spiral" in name else real_toy for name in names}
wasserstein.figures.surfaces(
    {name: (lambda x, name=name: held.score(name, x), real) for name, real in real_of.items()}
)

# %% [markdown]
# **What to see**, in the lecture profile (bright: high score; dots: real points; each panel has its own scale). The
# clipped critic knows only roughly where the points are: *a tent*. Nearly all its weights are at their limits, so
# hardly any are left for details. With the penalty the levels bend at each of the eight hills. For the spiral they are
# closed rings around its inner end.
#
# The highest score need not be at real points. For the ring it is in the middle, where no real point lies, with and
# without the penalty. That is no mistake: the critic is judged by *differences* of scores between fakes and real
# points, so only the slope between them has a meaning. The fakes, blurred points that are not drawn
# here, lie on both sides of the ring, and more of them outside.

# %% [markdown]
# ### Gradients through depth
#
# The bound is on each *layer*, so its effect is multiplied from layer to layer. Take a deep critic, and ask: how
# large is the gradient of the score with respect to what enters each layer?

# %%
kinds = {f"clipped at {c:g}": {"clip": c} for c in (0.01, 0.1, 1.0)}
kinds["penalty"] = {"penalty": 10.0}
deep = wasserstein.critics.train(
    {name: Member(spiral, spiral + blur, **kind) for name, kind in kinds.items()},
    settings.deep_steps, depth=settings.depth, width=settings.deep_width, looks=4,
)  # fmt: skip
plots.curves(
    {name: np.maximum(deep.through_depth(name, spiral), 1e-12) for name in kinds},
    x=np.arange(1, settings.depth + 2), xlabel="layer (1: the first)",
    ylabel="gradient of the score", title="Gradients, from the last layer back to the input",
    log=True, best=None,
)  # fmt: skip

# %% [markdown]
# **What to see**, in the lecture profile (logarithmic; what is below $10^{-12}$ is drawn there). Read it from right to
# left, as gradients travel. With the smaller limits they **vanish**: hardly anything reaches the input, and the
# generator is behind the input. With $c = 1$ they **explode**. Somewhere between there is a $c$ that would do, for this
# depth and this width. With the penalty the gradient at the input is about 1: that is exactly what the penalty asks for.

# %% [markdown]
# ## The gradient penalty
#
# [Gulrajani and others (2017)](https://arxiv.org/abs/1704.00028) do not bound the weights. They ask for what is really
# wanted. The best prices have a property that we saw on the line: along the way that earth is carried, from a fake to
# its real partner, **the slope is exactly 1**. (Nowhere can it be more. If it were less somewhere on the way, the price
# could not rise by the length of the way.) So punish the critic for every other slope:
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
# between a real image and a fake, paired at random, as they happen to meet in a batch:
#
# $$\hat x = \varepsilon\, x + (1 - \varepsilon)\, G(z), \qquad \varepsilon \sim \text{Uniform}[0, 1] .$$
#
# Each image gets a new $\varepsilon$.

# %% [markdown]
# ## Find the bug: points between
#
# A colleague writes it down as one often sees it. It runs, and the shapes are right.


# %%
def her_points(real, fake):
    epsilon = keras.random.normal((real.shape[0], 1))
    return epsilon * real + (1 - epsilon) * fake


hers = np.asarray(her_points(real_few, fake_few))
beyond = wasserstein.figures.shares(hers, real_few, fake_few)
print(f"not between their two points: {np.mean((beyond < 0) | (beyond > 1)):.0%}")
wasserstein.figures.segments({"her points": hers}, real_few, fake_few)

# %% [markdown]
# **What to see.** Each grey line joins a fake and a real point. Filled dots lie on their line, hollow ones beyond its
# ends. A hollow triangle at the edge stands for a point that lies outside the picture. There are more hollow marks than
# filled ones. Which word is wrong?
#
# <details><summary>Answer</summary>
#
# `normal`. A draw from $N(0, 1)$ lies between 0 and 1 only about one time in three. Half of her points lie beyond the
# fakes, on the far side from the real data. Nobody needs a slope of 1 there. Where it is needed, too few points are
# left. Two similar mistakes: **one ε for the whole batch** (all points are equally far along, so each step looks at one
# place only), and **one ε for each pixel** (then $\hat x$ is no point of the line, but a mosaic of two images).
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
    """A random point on the segment from each real image to its fake: the same shape as both."""
    ### BEGIN SOLUTION
    ones = [1] * (len(real.shape) - 1)
    epsilon = keras.random.uniform((ops.shape(real)[0], *ones))
    return epsilon * real + (1 - epsilon) * fake
    ### END SOLUTION


# %%
interpolate = check("14.4", interpolate)

# %%
from collections.abc import Callable

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
# It will run inside `fit`, where the number of images is not known beforehand. Try it in your head: the critic $f(x) = a \cdot x$ must give $(\lVert a \rVert - 1)^2$, wherever the points are.


# %%
def gradient_penalty(critic: Callable, points: tf.Tensor) -> tf.Tensor:
    """Mean over the images of (length of the score's gradient − 1)² at points (batch, …)."""
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
found = float(gradient_penalty(lambda x, training=None: x @ a[:, None], tf.constant(ours)))
by_formula = (np.linalg.norm(a) - 1) ** 2
print(f"f(x) = 3 x₁ + 4 x₂: penalty {found:.4f}, by the formula {by_formula:.4f}")

# %% [markdown]
# This gradient is part of a loss, and the loss is differentiated again, with respect to the critic's weights: a
# **gradient of a gradient**. The inner tape is in your function, the outer one in the training step. That makes a step
# of the critic more expensive; `python3 workbook.py bench 14` measures by how much.

# %% [markdown]
# ### From both sides, or from one?
#
# A function is 1-Lipschitz if it is nowhere *steeper* than 1; less would be allowed. The **one-sided** penalty
# punishes only slopes above 1. And why did the estimate end above the exact distance? Let the critic be $s$ times the
# best prices. It gains $s W$ and pays $\lambda (s - 1)^2$. The difference is largest at
#
# $$s = 1 + \frac{W}{2 \lambda} .$$
#
# A penalty is not a wall. It gives way, and more so when the fakes are farther away.

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
on_routes = fake_toy + shares * (partners - fake_toy)
by_chance = fake_toy + shares * (real_toy - fake_toy)
print(f"exact distance: {exact:.3f}\n")
print(f"{'':<38}slope on the best routes and between random pairs:")
heads = f"{'estimate':>9}{'/ exact':>9}{'1 + W/2λ':>10}{'best routes':>13}{'random pairs':>14}"
print(f"{'':<20}{heads}")
for place, name in enumerate(both.names):
    estimate, weight = both.estimates[-1, place], float(name.split()[-1])
    slopes = [both.slopes(name, points).mean() for points in (on_routes, by_chance)]
    print(f"{name:<20}{estimate:9.3f}{estimate / exact:9.3f}{1 + exact / 2 / weight:10.3f}"
          f"{slopes[0]:13.3f}{slopes[1]:14.3f}")

# %% [markdown]
# **What to see**, in the lecture profile. With λ = 10 the estimate lies above the exact distance by about the share
# that the formula predicts. The slope on the best routes does the same, although nobody told the critic which routes
# these are. Between random pairs, where the penalty looks, the slope is nearly as large. With λ = 1 the estimate is
# almost twice the exact distance, which is even more than predicted. With λ = 100 the slope is close to 1, but the
# estimate is far too low: in this number of steps the critic has not found the prices. One-sided and two-sided critics
# hardly differ here. The two-sided one is the usual choice.

# %% [markdown]
# ### No batch normalization
#
# The penalty is about *one* image's score and *its* gradient. With batch normalization there is no such thing: each
# score depends on all images of the batch. How much? Take the gradient of the first image's score with respect to
# **all** images of the batch.

# %%
garments = data.load("fashion_mnist").take(train=settings.n_train, valid=settings.n_valid)
X, V = garments.X_train, garments.X_valid
signed = (2 * X - 1)[..., None]  # in [−1, 1], like the generator's tanh
batch = tf.constant(signed[:8])
print("the first image's score: length of its gradient by the other seven images, over that by all")
for kind in ("batch", "layer", None):
    keras.utils.set_random_seed(3)
    judge = wasserstein.critic(settings.live_maps, normalise=kind)
    with tf.GradientTape() as tape:
        tape.watch(batch)
        score = judge(batch, training=True)[0]
    squares = np.square(tape.gradient(score, batch)).sum(axis=(1, 2, 3))
    share = np.sqrt(squares[1:].sum() / squares.sum())
    print(f"  {(kind or 'no') + ' normalization':<22}{share:6.1%}")

# %% [markdown]
# **What to see.** Only batch normalization couples the images. Then the length of "the gradient" is a mixture, and the
# penalty no longer bounds the slope of one image's score. **Layer normalization** takes mean and variance over the
# numbers of *one* image, so it may be used. (The generator may keep its batch normalization: no penalty asks for *its*
# gradient.) The class `WGANGP` of the workbook refuses a critic with batch normalization.

# %% [markdown]
# ## WGAN-GP
#
# The whole recipe of the paper:
#
# | | | why |
# |---|---|---|
# | **five** steps of the critic for one of the generator | new fakes and other real images for each | the estimate is good only if the critic is nearly at its best |
# | **λ = 10** | | used in all their experiments |
# | **Adam** with 1e-4, β₁ = 0, β₂ = .9 | | no momentum: old gradients point at an opponent who has moved on |
# | no batch normalization in the critic | layer normalization, or none | see above |
#
# A GAN must keep its discriminator from getting too good. Here it is the other way round: **the better the critic,
# the better the gradient**.

# %% [markdown]
# ### Exercise 14.6 · The critic's phase
# *25 minutes · difficulty 3 of 3*
#
# Put the pieces together. The engine's `train_step` calls this phase `critic_steps` times, each time with other real
# images. Your functions will be handed to the model, so they are called with `self.` here:
#
# 1. Outside the tape: as many fakes as there are real images, `self.generate(codings, training=True)` with codings
#    from `self.draw_codings(count)`. Then the points between, `self.interpolate(real, fake)` (your 14.4).
# 2. Inside: `self.critic_loss` (your 14.2) of the scores `self.judge(images)`; the penalty by
#    `self.gradient_penalty(self.judge, points)` (your 14.5); the loss, with `self.penalty_weight` for λ.
# 3. `self.improve(network, optimizer, tape, loss)` for `self.discriminator` (the critic) with
#    `self.discriminator_optimizer`.
# 4. `self.note(d_loss=…, estimate=…, penalty=…)`: the loss, the estimate of the distance (positive when real images
#    score higher), and the penalty without λ.


# %%
class PenalisedWGAN(wasserstein.BaseWGANGP):
    """A Wasserstein GAN whose critic pays for slopes other than 1 between real images and fakes."""

    def discriminator_phase(self, real: tf.Tensor, labels: tf.Tensor | None = None) -> None:
        """One step of the critic on a batch of real images; the generator stays as it is."""
        ### BEGIN SOLUTION
        fake = self.generate(self.draw_codings(ops.shape(real)[0]), training=True)
        points = self.interpolate(real, fake)
        with tf.GradientTape() as tape:
            minus_estimate = self.critic_loss(self.judge(real), self.judge(fake))
            penalty = self.gradient_penalty(self.judge, points)
            loss = minus_estimate + self.penalty_weight * penalty
        self.improve(self.discriminator, self.discriminator_optimizer, tape, loss)
        self.note(d_loss=loss, estimate=-minus_estimate, penalty=penalty)
        ### END SOLUTION


# %%
PenalisedWGAN = check("14.6", PenalisedWGAN)

# %% [markdown]
# ## A loss that can be read?
#
# Now train three narrow GANs for a few epochs each, and measure the Fréchet distance of their images after each
# epoch. How well do their losses tell how good the images are? **Spearman's rank correlation** says: +1 if a lower
# loss always goes with a lower Fréchet distance, 0 if they have nothing to do with each other, −1 if the order is
# reversed.
#
# First the DCGAN of lesson 13, with its usual game.


# %%
def trained(gan, title, epochs, batch):
    """Train a compiled GAN on the signed images; its history, with the distance of each epoch."""
    callbacks = [FrechetDistance(settings.readings, seed=1), *watched(gan, title)]
    return training.fit(gan, signed, epochs=epochs, batch_size=batch, callbacks=callbacks).history


def adam(beta_1, beta_2=0.999):
    return keras.optimizers.Adam(settings.live_rate, beta_1, beta_2)


stories = {}
keras.utils.set_random_seed(42)
pair = dcgan.dcgan_pair(settings.codings, settings.live_maps)
plain = GAN(*pair, settings.codings, averaging=0.9)
plain.compile(adam(0.5), adam(0.5))
stories["DCGAN"] = trained(plain, "a narrow DCGAN", settings.gan_epochs, settings.gan_batch)

# %% [markdown]
# Next the first Wasserstein GAN, by the class above, with **your loss and your axe** (RMSprop, as in its paper).

# %%
keras.utils.set_random_seed(42)
pair = wasserstein.wgan_pair(settings.codings, settings.live_maps, normalise="batch")
clipped = ClippedWGAN(*pair, settings.codings, critic_steps=settings.critic_steps, averaging=0.9)
clipped.compile(*(keras.optimizers.RMSprop(settings.live_rate / 2) for _ in range(2)))
steps_batch = settings.live_batch * settings.critic_steps
stories["WGAN, clipped"] = trained(clipped, "a clipped WGAN", settings.live_epochs, steps_batch)

# %% [markdown]
# And the WGAN-GP: **your phase, with your loss, your points and your penalty**. Its critic has layer normalization.

# %%
keras.utils.set_random_seed(42)
pair = wasserstein.wgan_pair(settings.codings, settings.live_maps)
small = PenalisedWGAN(
    *pair, settings.codings, critic_loss=critic_loss, interpolate=interpolate,
    gradient_penalty=gradient_penalty, critic_steps=settings.critic_steps, averaging=0.9,
)  # fmt: skip
small.compile(adam(0.0, 0.9), adam(0.0, 0.9))
stories["WGAN-GP"] = trained(small, "a narrow WGAN-GP", settings.live_epochs, steps_batch)

# %%
LOSSES = {"d_loss": "discriminator's loss", "g_loss": "generator's loss"}
ESTIMATE = {"estimate": "the critic's estimate"}
wanted = {"DCGAN": LOSSES, "WGAN, clipped": ESTIMATE, "WGAN-GP": ESTIMATE}
runs = {name: Run.of(story, wanted[name]) for name, story in stories.items()}
print(f"{'':<38}{'rank correlation':>18}   epochs in opposite directions")
for name, run in runs.items():
    for words, rank in run.ranks().items():
        moves = np.diff(run.losses[words]) * np.diff(run.distance)  # from epoch to epoch
        print(f"{name:<14}{words:<24}{rank:+18.2f}{np.sum(moves < 0):20} of {len(moves)}")
wasserstein.figures.losses_and_distances(runs)

# %% [markdown]
# **What to see**, in the lecture profile. Top: the losses. Bottom: the distance of the images, on one scale. In these
# short trainings **all** losses follow the distance: compare the correlations in size. The sign is another matter. The
# estimates fall while the images get better, and so does the loss of the DCGAN's generator. The loss of its
# discriminator rises, so it has the minus sign. A short training does not show which loss is the better one to read.
#
# The estimates have faults, too. The last column counts the epochs in which the loss and the distance went in opposite
# directions. A critic that is still learning its job can raise its estimate while the images get better. Later an
# estimate can go on falling while the distance does not. And the scale of an estimate depends on its critic, so compare
# it within one training only. The clipped critic is so flat that its estimate is a tiny fraction of the other one.

# %%
plots.image_rows(
    {
        "DCGAN": samples.draw(plain, 10),
        "WGAN, clipped": samples.draw(clipped, 10),
        "WGAN-GP": samples.draw(small, 10),
        "real": V[:10],
    }
)

# %% [markdown]
# **What to see.** All three are narrow and had few steps, so none makes good garments. The clipped GAN makes soft
# clouds. The other two have sharper outlines. This is one training each; a table with more of them follows below.

# %% [markdown]
# ### A longer training
#
# Wider networks, all 55,000 images, many more steps. If weights that fit are there, they are loaded, with their film
# and with the Fréchet distance measured at the end of each epoch.

# %%
keras.utils.set_random_seed(42)
pair = wasserstein.wgan_pair(settings.codings, settings.maps)
model = wasserstein.WGANGP(
    *pair, settings.codings, critic_steps=settings.critic_steps, averaging=settings.averaging
)
real = metrics.real_images()[: settings.n_judge]


def judged(gan, seed=0):
    """All figures of new images by this GAN."""
    made = samples.draw(gan, settings.n_judge, seed)
    return metrics.judge_images(made, real, train=X, count=settings.n_judge)


def train(callbacks):
    batch = settings.part * settings.critic_steps
    steps = settings.epochs * -(-len(X) // batch)
    model.compile(  # the critic steps more often, so its schedule is as much longer
        *(
            keras.optimizers.Adam(training.WarmupCosine(settings.peak, count), 0.0, 0.9)
            for count in (steps, settings.critic_steps * steps)
        )
    )
    distance = FrechetDistance(settings.readings, seed=1)
    training.fit(
        model, signed, epochs=settings.epochs, batch_size=batch,
        callbacks=[distance, *watched(model, "WGAN-GP"), *callbacks],
    )  # fmt: skip
    return judged(model)


outcome, film = Film.load_or_train(
    model, "wgan_gp_14", train, lesson="14", data=garments, frames=settings.frames,
    source=(wasserstein.WGANGP.training_source, wasserstein.wgan_pair),
)  # fmt: skip

# %%
history = outcome.history
told = Run.of(history, ESTIMATE | {"g_loss": "generator's loss", "penalty": "penalty"})
print(f"{len(told.distance)} epochs, the Fréchet distance measured at the end of each one")
for words, rank in told.ranks().items():
    print(f"  {words:<24} rank correlation with the distance {rank:+.2f}")

# %% [markdown]
# **What to see**, in the lecture profile with the shipped weights. Over the whole training the critic's estimate and
# the Fréchet distance put the epochs in nearly the same order. The generator's loss does it less well: scores have no
# zero, and they drift. But be careful: any two curves that fall all the time have a rank correlation near 1. The
# penalty has one, too. So a high figure in one training says little. The question is whether it holds in the next
# one.

# %% [markdown]
# ### Both long trainings, side by side
#
# Does the DCGAN's loss do worse in *its* long training, that of lesson 13? Its distance was not noted in each epoch.
# But its film is there: thirty images at each of twenty moments. We leave out those of the first half epoch.
# Thirty images are a coarse ruler, and it gives larger distances than two thousand images do. We hold it against both
# trainings alike.

# %%
features = FrechetDistance(settings.n_judge).features
long = {"WGAN-GP": Run.by_film(film, history, ESTIMATE, features)}
manifest = weights.manifest("dcgan_13")
if manifest is not None:
    tape = Film.load("dcgan_13_film")
    long = {"DCGAN (lesson 13)": Run.by_film(tape, manifest["history"], LOSSES, features)} | long
for name, run in long.items():
    for words, rank in run.ranks().items():
        print(f"{name:<18}{words:<24} rank correlation with the distance {rank:+.2f}")
agree = metrics.rank_correlation(np.interp(long["WGAN-GP"].epochs, told.epochs, told.distance),
                                 long["WGAN-GP"].distance)  # fmt: skip
print(f"WGAN-GP: the film's thirty images against two thousand, rank correlation {agree:+.2f}")
wasserstein.figures.losses_and_distances(long, "distance of the film")

# %% [markdown]
# **What to see**, in the lecture profile with the shipped weights. Top: the losses. Bottom: the distance of the
# film's images, on one scale. For the WGAN-GP, thirty images put the moments in nearly the same order as two thousand
# do, so the ruler is good enough for this. In both trainings the distance falls nearly all the time. So does the
# critic's estimate. The DCGAN's losses turn round after the first epochs. So their rank correlations are weaker, and
# that of the generator's loss is negative: *its loss rises while its images get better*. In the short training above
# it was the reverse. A curve whose meaning changes is hard to read.
#
# The bottom row also shows what a readable loss is *not*: a better generator. The DCGAN is ahead at all these moments.

# %%
film_view(film)

# %% [markdown]
# **What to see.** The same codings all through the training. Outlines come first, then details. Look at one place:
# once it is a garment, does it still change into another kind?

# %%
wasserstein.figures.class_shares(film, garments.class_names)

# %% [markdown]
# **What to see**, in the lecture profile with the shipped weights. The share of each class among 500 new images at
# each frame, by the classifier. An even share is a tenth. Very early, one or two classes have everything; these
# images are not yet garments, and the classifier must call them something. Some classes come late, trousers and
# sneakers for example. At the end all rows have a similar grey: no class is left out. The theory gives a reason: a
# class that is left out is a hole, and the critic puts a price on holes.

# %%
sampled = samples.draw(model, settings.n_judge)
plots.image_grid(sampled[:40], title="New images by the WGAN-GP")

# %% [markdown]
# **What to see**, in the lecture profile with the shipped weights. Most are garments that one can name, and some are
# not. Compare them with the DCGAN's in lesson 13. Both networks were shown equally many real images. But the DCGAN's
# generator took a step after each batch of 64, and this one only after every fifth. The figures at the end of the
# lesson show the difference.

# %% [markdown]
# ## Is it more robust?
#
# The paper's strongest claim is not about the best images. It is that WGAN-GP trains with networks that other games
# fail with. Here is that comparison in small: four pairs of networks under three games.
#
# | pair of networks | |
# |---|---|
# | **DCGAN** | with batch normalization in both (in WGAN-GP's critic: layer normalization) |
# | **no batch normalization** | in neither of the two, nor anything in its place; the generator's first weights are He's |
# | **dense generator** | three hidden layers of ReLU, no convolution; the critic is DCGAN's |
# | **tanh everywhere** | instead of ReLU and leaky ReLU, in both |

# %% [markdown]
# What is a fair budget? *Equal steps* would favour WGAN-GP, whose step has five phases of the critic. We take **equal
# numbers of real images shown to the critic**, in batches of equal size. So the plain GAN's generator gets five times as
# many steps. Then the plain GAN and WGAN-GP take about equally long, and clipping is the quickest; the seconds are
# printed as well. Each game has the optimizer of its own paper: Adam with β₁ = .5, RMSprop, Adam with β₁ = 0 and
# β₂ = .9. The learning rates are five to ten times those of the papers, since the training is short.

# %%
quiz("14-robust")

# %%
subset = data.load("fashion_mnist", source="shipped", quiet=True)
subset = subset.take(train=min(settings.n_train, 9_000))
sheet = wasserstein.robustness.RobustnessTrials()


def measure_all():
    return sheet.fill(
        (2 * subset.X_train - 1)[..., None], seeds=settings.cell_seeds, shown=settings.cell_shown,
        cells=settings.cells, batch_size=settings.cell_batch, codings=settings.codings,
        maps=settings.cell_maps, count=settings.n_judge,
    )  # fmt: skip


table = weights.load_or_train(
    sheet, "robustness_14", measure_all, source=wasserstein.robustness.RobustnessTrials,
    lesson="14", data=weights.data_text(subset), dtype="float16",
)  # fmt: skip
cells = wasserstein.robustness.summary(table.history)
print("measured beforehand, by the same code:" if table.loaded else "measured just now:", end=" ")
shown, seeds = (table.figures[key] for key in ("shown", "seeds"))
print(f"{shown:,.0f} real images for each critic; trainings of each kind (seeds): {seeds:.0f}\n")
heads = "".join(f"{word:>8}" for word in ("lowest", "highest", "classes", "seconds"))
print(f"{'networks':<25}{'game':<15}{'Fréchet distance':>17}{heads}")
for (networks, name), its in cells.items():
    distance = f"{its['frechet']:10.1f} ± {its['half']:4.1f}"
    print(f"{networks:<25}{name:<15}{distance}{its['lowest']:8.1f}{its['highest']:8.1f}"
          f"{10 * its['coverage']:8.1f}{its['seconds']:8.0f}")

# %%
GAMES, PAIRS = wasserstein.robustness.GAMES, wasserstein.robustness.ARCHITECTURES
wasserstein.figures.board(np.asarray(sheet.pictures, dtype="float32"), cells, GAMES, PAIRS)

# %%
for networks in PAIRS:
    row = {name: cells[networks, name] for name in GAMES if (networks, name) in cells}
    if len(row) == len(GAMES):
        near = wasserstein.robustness.leaders(row)  # intervals that overlap that of the best
        print(f"{networks:<25}{'best:' if len(near) == 1 else 'a draw:':<9}{' · '.join(near)}")
for name in GAMES:
    column = [its for (_, game), its in cells.items() if game == name]
    if column:
        worst = max(column, key=lambda its: its["frechet"])
        print(f"worst distance of {name:<16}{worst['frechet']:5.1f} ± {worst['half']:.1f}")

# %% [markdown]
# **What to see**, where the table was measured beforehand. Behind ± stands the 95 % interval of lesson 12. With two
# seeds it reaches 9 standard deviations to each side. In bold are the best of each row and all games whose intervals
# overlap that of the best. Read the table in two ways. *Row by row*: which game is the best for these networks? One
# row has a winner: the dense generator does best under WGAN-GP. In the other three the plain GAN has the lowest mean,
# but it shares the lead. Without normalization WGAN-GP is clearly behind it. On an equal budget the plain GAN's
# generator takes five times as many steps. *Column by column*: what is the **worst** that happens to a game? There
# WGAN-GP is ahead of the plain GAN, their intervals lie apart, and robustness is about the worst case. Clipping has the
# highest mean in every row.
#
# Two seeds are a coarse ruler. Without normalization clipping counts as a draw with the plain GAN, although its mean is
# nearly twice as high: its two seeds differ, so its interval is wide. And these are short trainings of narrow networks.
# What the paper claims for long ones is neither proven nor refuted here.

# %% [markdown]
# ### A word on the hinge loss
#
# You will meet it in larger models, and it is an exercise of lesson 12: the critic has nothing left to gain once real
# images score above 1 and fakes below −1 ([Lim and Ye, 2017](https://arxiv.org/abs/1705.02894)). Some summaries write it
# as *one* term with the product of both outputs, $\max(0,\, 1 - D(x)\, D(G(z)))$.

# %%
quiz("14-hinge")

# %% [markdown]
# ## On the yardstick
#
# The same figures as for the other generators, and what they cost.

# %%
from helpers.metrics import baselines

KEYS = ("frechet", "inception_score", "precision", "recall", "nearest_ratio", "copies")
print(f"{'':<26}" + "".join(f"{key.split('_')[0]:>11}" for key in KEYS) + f"{'classes':>9}")


def line_of(name, figures):
    numbers = "".join(f"{figures.get(key, np.nan):11.3f}" for key in KEYS)
    print(f"{name:<26}{numbers}{10 * figures['coverage']:9.0f}".replace("nan", "  –"))


figures = judged(model)
line_of("WGAN-GP", figures)
for name in ("floor", "PCA-30 + Gaussian"):
    line_of(f"  {baselines.TITLES[name]}", baselines.load()[name])
facts = weights.manifest("wgan_gp_14") if outcome.loaded else None
scoreboard.record(
    "14", "WGAN-GP", codings=settings.codings, data=facts["data"] if facts else garments,
    seconds=outcome.seconds,
    parameters=model.generator.count_params() + model.discriminator.count_params(),
    **{key: value for key, value in figures.items() if not key.startswith("sliced")},
)  # fmt: skip
print()
for words, name in (("DCGAN", "dcgan_13"), ("WGAN-GP", "wgan_gp_14")):
    facts = weights.manifest(name)
    if facts is not None:
        print(f"{words:<10}{facts['seconds'] / 60:6.0f} minutes of training, "
              f"{facts['images_seen']:>10,} images shown, "
              f"Fréchet distance {facts['figures']['frechet']:.2f}")  # fmt: skip

# %%
scoreboard.show(["11", "13", "14"])

# %% [markdown]
# **What to see**, in the lecture profile with the shipped weights. The same generator as the DCGAN's, trained by
# another game, on equally many images and in about the same time. Here the DCGAN is better, in one training each.
# Five critic phases and a gradient of a gradient make each step of the generator several times as expensive, so there
# are fewer of them. What one gets for it is a loss with a meaning, and in the small table above a game whose worst
# case is better. `python3 workbook.py bench 14` measures what the penalty costs.

# %% [markdown]
# ## Summary
#
# - The earth mover's distance is the least work that turns one distribution into the other. It has a useful slope
#   where KL is infinite and Jensen–Shannon is flat.
# - Kantorovich and Rubinstein: the best prices that are nowhere steeper than 1 earn just as much. A critic learns the
#   prices.
# - Clipping the weights bounds the slope, and harms the critic: weights at the two ends, gradients that vanish or
#   explode with depth.
# - The gradient penalty asks for slope 1 between real images and fakes: ε uniform, **one for each image**; the length
#   over **all pixels of one image**; no batch normalization in the critic.
# - Train the critic well: five steps for one. Its estimate then mostly goes down when the fakes come nearer. A GAN's
#   losses can follow the quality just as closely in one training, but with a sign that changes.
# - Report where a method does not win.

# %% [markdown]
# **Questions that come up**
#
# - *Is the estimate the true distance between images?* No. A network cannot be every function and is never quite at
#   its best: that makes it too small. The penalty gives way: that makes it too large. Within one training its
#   *changes* mean something.
# - *Why does the estimate not end at 0?* Because the critic always finds some difference, and it finds more on images that
#   it was trained on than on others.
# - *Can a GAN that is no Wasserstein GAN have a penalty, too?* Yes: StyleGAN (lesson 16) has one, at the real images
#   only.
# - *May the generator have batch normalization?* Yes.

# %% [markdown]
# - *Are there other ways to a 1-Lipschitz critic?* Yes: spectral normalization
#   ([Miyato and others, 2018](https://arxiv.org/abs/1802.05957)) divides each weight matrix by its largest singular
#   value, at little cost.
# - *Should I train the critic until it no longer improves?* In theory. Five steps are a compromise.

# %% [markdown]
# **Where to read on**
#
# - [Arjovsky, Chintala and Bottou (2017)](https://arxiv.org/abs/1701.07875), *Wasserstein GAN*
# - [Arjovsky and Bottou (2017)](https://arxiv.org/abs/1701.04862), *Towards principled methods for training generative
#   adversarial networks*
# - [Gulrajani, Ahmed, Arjovsky, Dumoulin and Courville (2017)](https://arxiv.org/abs/1704.00028), *Improved training of
#   Wasserstein GANs*
# - [Miyato, Kataoka, Koyama and Yoshida (2018)](https://arxiv.org/abs/1802.05957), *Spectral normalization for generative
#   adversarial networks*
# - [Mescheder, Geiger and Nowozin (2018)](https://arxiv.org/abs/1801.04406), *Which training methods for GANs do actually
#   converge?*
# - [Lim and Ye (2017)](https://arxiv.org/abs/1705.02894), *Geometric GAN* (the hinge loss)
# - [Peyré and Cuturi (2019)](https://arxiv.org/abs/1803.00567), *Computational optimal transport*
# - Kantorovich and Rubinstein (1958), *On a space of completely additive functions*, Vestnik Leningrad University 13
#   (7), pages 52–59 (in Russian)
