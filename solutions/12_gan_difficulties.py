# ---
# lesson: "12"
# title: Why GANs are hard to train
# question: What goes wrong when two networks learn from each other, and which of the cures help?
# objectives:
#   - recognise mode collapse, oscillation and vanishing gradients, and say where each comes from
#   - measure mode coverage and quality, and read a training from its curves and its class histogram
#   - predict where the steps of a two-player game lead, from the eigenvalues of one step
#   - build a replay buffer, minibatch discrimination and one-sided label smoothing
#   - compare cures over several seeds with an interval, and say honestly which of them do nothing
# needs: "lesson 11 (generative adversarial network); eigenvalues of a 2 × 2 matrix"
# minutes: {reading: 45, exercises: 105, machine: 2.2}
# ---

# %%
import sys

sys.path.insert(0, "..")  # the folder above holds `helpers`

from helpers import backend  # noqa: F401  (first: it keeps TensorFlow's start-up messages away)

import keras
import numpy as np
import tensorflow as tf
from helpers import data, metrics, plots, scoreboard, session
from helpers.data import points as data_points
from helpers.exercises import check, hint, quiz  # noqa: F401  (hints are for you: hint("12.1"))
from helpers.gans import Film, GAN, film_view, histogram_view, losses as gans_losses, samples
from helpers.gans import stability, vanilla
from helpers.metrics import baselines, classifier
from keras import ops

settings = session.start("12")

# %% [markdown]
# ## Eight hills
#
# In lesson 11 a GAN learned to paint garments. It does not always end so well. To see why, we go back to a target that
# fits on a stamp: points from eight round Gaussians on a ring, all equally likely. Each hill is called a **mode**.
#
# The generator has two hidden layers of 64 units and turns 2 codings into a point. The discriminator has one hidden layer
# of 64. Both learn with Adam at the rate $10^{-3}$, and with the $\beta_1 = 0.5$ that is customary for GANs. That should be
# child's play.

# %%
quiz("12-hills")

# %%
results = {"plain": stability.ensembles.train(settings.seeds, settings.steps, frames=settings.frames)}
plain = results["plain"]
stability.figures.points_over_time({f"seed {seed}": (plain, place) for place, seed in enumerate(settings.seeds)})

# %% [markdown]
# **What to see**, in the lecture profile. Each row is a training of its own, from other first weights. The crosses are the
# eight hills. The points crowd into a spot or a short arc, and a few hundred steps later they are somewhere else. No row
# covers the ring. This is **mode collapse**: the generator makes a small part of what there is.

# %% [markdown]
# ### Why not all eight?
#
# Hold the discriminator $D$ still for a moment. What is the generator's best answer? It wants $D(G(z))$ to be large for
# every coding $z$, so it should send **all** codings to the one point where $D$ is largest:
#
# $$\max_G\ \mathbb E_z[\log D(G(z))] \quad\text{is reached by}\quad G(z) = \arg\max_x D(x) \ \text{ for all } z .$$
#
# Each fake is judged *by itself*. Nobody asks whether they are all alike. Then $D$ learns that this spot is full of
# fakes, lowers its opinion there, and the crowd moves on. The theory of lesson 11 says $\min_G \max_D$: for each
# generator, the best discriminator. A generator that is faster than its discriminator plays $\max_D \min_G$ instead, and
# that is another game.

# %% [markdown]
# ### Exercise 12.1 · Mode coverage
# *15 minutes · difficulty 1 of 3*
#
# Before we cure anything we need figures. A point is **good** if it lies within `reach` · `spread` of its nearest centre. A
# mode is **covered** if its good points make up at least the share `least` of *all* points. Return how many modes are
# covered, and which share of all points is good. `points` has the shape (n, 2), `centres` (modes, 2).


# %%
def mode_coverage(
    points: np.ndarray, centres: np.ndarray, spread: float = 0.1, reach: float = 3.0, least: float = 0.01
) -> tuple[int, float]:
    """(modes covered, share of good points) of points that a generator made."""
    ### BEGIN SOLUTION
    distances = np.linalg.norm(points[:, None] - centres, axis=2)
    good = distances.min(axis=1) <= reach * spread
    counts = np.bincount(distances.argmin(axis=1)[good], minlength=len(centres))
    return int(np.sum(counts >= least * len(points))), float(good.mean())
    ### END SOLUTION


# %%
mode_coverage = check("12.1", mode_coverage)

# %%
centres = data_points.ring_centres()


def figures(run):
    """Modes covered and share of good points at the end of a run, a list for each with one number per seed."""
    ends = [mode_coverage(points, centres) for points in run.points[-1]]
    return [modes for modes, _ in ends], [good for _, good in ends]


def say(name, run):
    """One line with the figures of all seeds."""
    modes, good = figures(run)
    print(f"{name:<34} modes covered: {', '.join(map(str, modes))}    good points: {', '.join(f'{g:.0%}' for g in good)}")


real = data_points.ring(1000, np.random.default_rng(0))
modes, good = mode_coverage(real, centres)
print(f"{'real points':<34} modes covered: {modes}          good points: {good:.0%}")
say("plain GAN", plain)

# %% [markdown]
# **What to see**, in the lecture profile. Real points reach 8 modes and nearly 100 %. Each of the plain GANs has lost modes.
# Look at the second figure, too: even where there are points, few are good ones. A crowd on the move is mostly *between*
# hills.

# %% [markdown]
# ## Shoes, then shirts
#
# Do images behave like that? Here is a GAN on Fashion-MNIST with dense layers and 30 codings. Both networks learn with Adam
# just as Keras makes it, at the rate $10^{-3}$ and with $\beta_1 = 0.9$. While it trains, a **film** is taken: the images of the same 20 codings, again and again, and for 500 other
# images the classes that our classifier sees in them.

# %%
garments = data.load("fashion_mnist").take(train=settings.n_train)
X = 2 * garments.X_train - 1  # in [−1, 1], like the generator's tanh


def image_gan(seed, discriminator_rate=1e-3, momentum=0.9, frames=None):
    """A dense GAN on Fashion-MNIST, trained; (gan, film or None)."""
    keras.utils.set_random_seed(seed)
    gan = GAN(*vanilla.dense_pair(codings=30, hidden=(100, 150)), codings=30, seed=seed)
    gan.compile(
        keras.optimizers.Adam(1e-3, beta_1=momentum), keras.optimizers.Adam(discriminator_rate, beta_1=momentum),
        steps_per_execution=10, jit_compile=False,
    )  # fmt: skip
    taken = Film(gan, samples.fixed_codings(gan, 20), frames=frames) if frames else None
    gan.fit(X, batch_size=64, epochs=settings.epochs, callbacks=[taken] if frames else [], verbose=0)
    return gan, taken


first_gan, first_film = image_gan(settings.image_seeds[0], frames=settings.film_frames)
histogram_view(first_film, garments.class_names)

# %% [markdown]
# **What to see**, in the lecture profile. Every class should have a tenth of the images all the time. Instead a few classes
# rise and fall: for a while it makes hardly anything but trousers, then bags, then pullovers or shirts. The others never come. Move the slider along the training
# and watch the bars change places.

# %%
film_view(first_film)

# %% [markdown]
# **What to see.** The same codings, from the first step to the last. Look at one place in the rows: the same coding is a
# shoe in one frame and a shirt in a later one. The training does not come to rest. That is the ring's wandering crowd
# again, in 784 dimensions.

# %% [markdown]
# ## Round and round
#
# One network learning alone goes downhill on *one* landscape, and a small enough step always brings it lower. Two players
# share no landscape: each tilts the other's. Take the smallest game there is, the **bilinear game**. Player $x$ wants $x y$
# to be small, player $y$ wants it large:
#
# $$\min_x \max_y\ x\, y, \qquad \dot x = -y, \quad \dot y = x .$$
#
# The dots are the directions in which the two are drawn. At $(0, 0)$ neither has a reason to move: the only equilibrium.

# %%
quiz("12-bilinear")

# %% [markdown]
# ### Exercise 12.2 · One step of each kind
# *10 minutes · difficulty 1 of 3*
#
# Return the new $x$ and $y$ after one step of both players, of size `step`. With `alternate=False` both look first and
# move **at once**. With `alternate=True` they move **in turn**: $x$ first, and $y$ answers to where $x$ is *now*.


# %%
def bilinear_step(x: float, y: float, step: float, alternate: bool) -> tuple[float, float]:
    """One gradient step of min over x, max over y of x·y; returns the new (x, y)."""
    ### BEGIN SOLUTION
    new_x = x - step * y
    new_y = y + step * (new_x if alternate else x)
    return new_x, new_y
    ### END SOLUTION


# %%
bilinear_step = check("12.2", bilinear_step)

# %%
# NBVAL_CHECK_OUTPUT
for words, alternate in (("at once", False), ("in turn", True)):
    x, y = 1.0, 0.0
    lengths = []
    for _ in range(200):
        lengths.append(np.hypot(x, y))
        x, y = bilinear_step(x, y, 0.1, alternate)
    print(f"{words}: distance to the equilibrium after 0, 50, 100, 150 steps: {', '.join(f'{lengths[i]:.2f}' for i in (0, 50, 100, 150))}")

# %% [markdown]
# ### Three ways of going round
#
# One step multiplies $(x, y)$ by a matrix. Its eigenvalues tell everything, in a line each. With the step size $h$:
#
# - **at once**: $\begin{pmatrix} 1 & -h \\ h & 1 \end{pmatrix}$ has the eigenvalues $1 \pm ih$, of modulus $\sqrt{1 + h^2} > 1$:
#   it spirals out;
# - **in turn**: $\begin{pmatrix} 1 & -h \\ h & 1 - h^2 \end{pmatrix}$ has determinant 1 and (for $h < 2$) two conjugate
#   eigenvalues, of modulus exactly 1: it goes round;
# - **at once with a penalty** $\tfrac12 \gamma y^2$ for player $y$: the modulus is $\sqrt{1 - \gamma h + h^2}$, below 1 as soon as
#   $\gamma > h$: it spirals in.

# %% [markdown]
# ### A GAN with two weights
#
# Is a GAN like that? The **Dirac-GAN** (Mescheder and others, 2018) is a real one, only as small as can be. All real data
# lie at 0. The generator has one weight $\theta$ and puts all its fakes there. The discriminator has one weight $\psi$ and the
# logit $D(x) = \psi x$. With the min–max losses of lesson 11 and $\sigma$ for the sigmoid,
#
# $$\dot\theta = \psi\, \sigma(\psi\theta), \qquad \dot\psi = -\theta\, \sigma(\psi\theta) .$$
#
# That is the bilinear game, at a speed between none and full; at the equilibrium $(0, 0)$, at half speed. (The non-saturating
# loss of the generator draws a little inwards, the less the nearer it comes. You will find it in the widget below.)

# %%
start, h, count = (1.0, 0.0), 0.2, 120
panels = {}
for make, size in ((stability.games.bilinear, h), (stability.games.dirac, 2 * h)):
    for words, game, alternate in (("at once", make(), False), ("in turn", make(), True), ("at once, γ = 1", make(penalty=1.0), False)):
        rate = stability.games.growth(game, size, alternate)
        panels[f"{game.name}, {words}: × {rate:.3f}"] = game, stability.games.path(game, start, size, count, alternate)
stability.phase_portraits(panels)

# %% [markdown]
# **What to see.** Arrows: where the two are drawn. Blue: the way of 120 steps. Left: both at once, out. Middle: in turn, round
# and round. Right: with a penalty on the discriminator's slope, in. The number is the modulus of the largest eigenvalue of one
# step at the equilibrium: the factor by which the distance grows.
#
# The drift from shoes to shirts is such a circle, in a great many dimensions. And the third column is why lessons 14 and 16 put a
# *gradient penalty* on the discriminator.

# %%
stability.game_explorer()

# %% [markdown]
# Make the steps larger. At which size does "in turn" break down in the bilinear game? How much penalty does it take to bring
# large steps in? And can there be too much?

# %% [markdown]
# ## Nothing to go by
#
# The second difficulty is the opposite of a clever forger: a detective who is too good. Let real data be a bump around 0
# and fakes a bump around $\theta$, both of width $\sigma = 0.1$. When $\theta$ is large the two do not overlap. Lesson 11
# says what the best discriminator leaves to the generator: the Jensen–Shannon divergence JS between the two.

# %%
# NBVAL_CHECK_OUTPUT
cells = vanilla.theory.line(-4, 4, 4000)
middle = vanilla.theory.middles(cells)
distances = np.array([0.0, 0.1, 0.2, 0.5, 1.0, 2.0])


def divergence(theta, width):
    """JS between bumps around 0 and θ, in nats."""
    return vanilla.theory.js(vanilla.theory.normal_cells(cells, [0.0], [width]), vanilla.theory.normal_cells(cells, [theta], [width]))


def pull(theta, width, saturating):
    """Gradient of the generator's loss in θ against the best discriminator, the logit (θ² − 2θx) / 2σ²."""
    fakes = vanilla.theory.normal_cells(cells, [theta], [width])
    logit = (theta**2 - 2 * theta * middle) / (2 * width**2)
    slope = -theta / width**2
    return float(np.sum(fakes * (-stability.games.sigmoid(logit) if saturating else -stability.games.sigmoid(-logit)) * slope))


print("distance   JS / log 2   gradient: saturating   non-saturating")
for theta in distances:
    row = divergence(theta, 0.1) / np.log(2), pull(theta, 0.1, True), pull(theta, 0.1, False)
    print(f"{theta:8.1f} {row[0]:12.4f} {row[1]:22.1e} {row[2]:16.1f}")

# %% [markdown]
# **What to see.** The distance goes on growing. JS does not: from 0.5 on it is log 2, all there is, and its slope is 0. The
# generator is told *that* it is wrong, never *whether it is getting better*. The gradient of the **saturating** loss,
# $\log(1 - D)$, is gone with it: at a distance of 2 it has twenty zeros behind the point. The **non-saturating** loss
# keeps a gradient. That is why everybody uses it. But it is the gradient of something else, and it is *large* when the
# generator is far off: 200 where 1 would do.

# %%
reach = np.linspace(0.01, 2, 100)
plots.curves(
    {
        "saturating": [max(pull(t, 0.1, True), 1e-9) for t in reach],
        "non-saturating": [pull(t, 0.1, False) for t in reach],
        "saturating, noise of 0.5 on both": [pull(t, np.hypot(0.1, 0.5), True) for t in reach],
        "non-saturating, noise of 0.5 on both": [pull(t, np.hypot(0.1, 0.5), False) for t in reach],
    },
    x=reach, xlabel="distance of the two bumps", ylabel="gradient of the generator's loss", log=True, best=None,
    title="What the generator feels of the best discriminator",
)  # fmt: skip

# %% [markdown]
# **What to see** (logarithmic; what is below $10^{-9}$ is drawn there). Without noise the saturating gradient falls off a
# cliff. Now blur *both* real images and fakes with noise before the discriminator sees them. The bumps overlap again, the
# cliff becomes a slope, and the non-saturating gradient becomes moderate. That is a cure; we shall measure it.

# %% [markdown]
# ## A matter of balance
#
# One difficulty is a generator that runs ahead, the other a discriminator that runs ahead. So the *ratio* of their speeds
# should matter. Here is a grid of learning rates on the ring, all trained side by side from the same first weights.

# %%
quiz("12-rates")

# %%
rates = settings.rates
grid = stability.ensembles.train(
    (0,) * len(rates) ** 2, settings.grid_steps, frames=settings.frames,
    generator_rate=np.repeat(rates, len(rates)), discriminator_rate=np.tile(rates, len(rates)),
)  # fmt: skip
modes, good = figures(grid)
square = (len(rates), len(rates))
stability.figures.rate_map(rates, np.reshape(modes, square), np.reshape(good, square))

# %% [markdown]
# **What to see**, in the lecture profile. From one cell to the next the outcome goes from eight modes to none, and no formula
# says where. The good region lies on one side of the diagonal: the discriminator is the faster one. It has an end,
# too: where the generator is slow, it has not come far. And mind a cell with one mode and good points only: quality alone would call it
# the best of all. This is one seed and a small step count; the next seed draws another border. People call this "GANs are sensitive to hyperparameters".

# %% [markdown]
# ## Reading the curves
#
# In lessons 1 to 10 a falling loss was good news. In a game it means that one player is winning, for now. Here are four
# trainings on the ring, with the losses of both players and the shares of real points and fakes that the discriminator
# recognises. One is healthy; three have a fault that we built in. The dotted line is log 4, the loss of a discriminator
# that is guessing.

# %%
# name: rates of generator and discriminator
recipes = {"run 1": (1.6e-2, 1e-3), "run 2": (1e-3, 4e-3), "run 3": (1e-3, 4e-3), "run 4": (1e-5, 1.6e-2)}
half = settings.curve_steps // 2


def turn_up(gan):
    rates_now = gan.generator_optimizer.rates.numpy()
    rates_now[2] *= 40
    gan.generator_optimizer.rates.assign(rates_now)


watched = stability.ensembles.train(
    (2, 2, 2, 2), settings.curve_steps, frames=36, events={half: turn_up},
    generator_rate=[pair[0] for pair in recipes.values()], discriminator_rate=[pair[1] for pair in recipes.values()],
)  # fmt: skip
four = {name: (watched, place) for place, name in enumerate(recipes)}
stability.figures.loss_curves(four)

# %%
quiz("12-healthy")

# %%
quiz("12-step-900", half=half)

# %%
stability.figures.shares_over_time(four)

# %% [markdown]
# **What to see**, in the lecture profile. The share of each mode over time tells in one look what the losses only hint at. Run 1
# (generator 16 times faster) hops from mode to mode, and most of the time it is nowhere. Run 2 finds all eight. Run 3 has them and loses them at half time. Run 4 (discriminator
# 1,600 times faster) hardly leaves its start. **Keep a histogram of what is generated beside the losses.**

# %% [markdown]
# ### Exercise 12.3 · When did it collapse?
# *15 minutes · difficulty 2 of 3*
#
# Let a program keep watch. `shares` has the shape (frames, classes): which share of the images each class had when frame after
# frame was taken, at the (rising) training steps `steps`. A class is **alive** if its share is at least `least`; a frame is
# **collapsed** if fewer than half of all classes are alive. Return the step of the frame from which on *all* frames up to the last one are
# collapsed, as an `int`, and None if the last frame is not. A dip from which the training recovered does not count.


# %%
def collapse_step(steps: np.ndarray, shares: np.ndarray, least: float = 0.02) -> int | None:
    """The step from which on fewer than half of the classes were alive, until the end; None if it did not end so."""
    ### BEGIN SOLUTION
    collapsed = (shares >= least).sum(axis=1) < shares.shape[1] / 2
    if not collapsed[-1]:
        return None
    sound = np.flatnonzero(~collapsed)
    return int(steps[sound[-1] + 1]) if len(sound) else int(steps[0])
    ### END SOLUTION


# %%
collapse_step = check("12.3", collapse_step)

# %%
for name, (run, member) in four.items():
    print(f"{name}: collapsed from step {collapse_step(run.steps, run.shares[:, member])} of {run.steps[-1]}")
print(f"Fashion-MNIST: collapsed from step {collapse_step(first_film.steps, first_film.histogram)} of {first_film.steps[-1]}")

# %% [markdown]
# ## Find the bug: a loss that knows how much data there is
#
# Two colleagues train the very same GAN on the ring. One of them reports a discriminator loss of 1.2, the other one of 190.


# %%
def her_log(losses):
    return sum(losses) / len(losses)


def his_log(losses):
    total = 0
    for loss in losses:
        total += loss
    return total


per_step = results["plain"].curves["d_loss"][1:, 0]
print(f"{'steps in an epoch':>18}{'her log':>10}{'his log':>10}")
for length in (50, 100, 200):
    epoch = np.resize(per_step, length)
    print(f"{length:>18}{her_log(epoch):>10.2f}{his_log(epoch):>10.1f}")

# %% [markdown]
# **What to see.** Her figure stays the same. His doubles with the number of steps.
#
# <details><summary>Answer</summary>
#
# He adds up the losses of an epoch and forgets to divide. His curve falls and rises like hers, so nobody notices, until
# somebody compares it with log 4, or with a run on more data or larger batches. A loss is a **mean**: then log 4 means
# the same on every screen. The engine of this course keeps running means (`keras.metrics.Mean`).
#
# </details>

# %% [markdown]
# ## The cures, one by one
#
# The literature knows many. We take each of them *alone*, change nothing else, train the same three seeds on the ring, and
# write down the same two figures. Some will do nothing. That is a result, too.


# %%
def measure(name, **recipe):
    """Train the seeds with a cure, remember the run, and say the figures beside those of the plain GAN."""
    results[name] = stability.ensembles.train(settings.seeds, settings.steps, frames=settings.frames, **recipe)
    say(name, results[name])


say("plain", results["plain"])

# %% [markdown]
# ### Remember: experience replay
#
# The crowd wanders because the discriminator **forgets**. Once the fakes have left a spot, nothing keeps its opinion of that
# spot low, and they can come back. **Experience replay** shows it old fakes along with the new ones: half of each
# batch comes from a buffer of earlier images. The idea comes from reinforcement learning; Shrivastava and others (2017)
# brought it to GANs.

# %% [markdown]
# ### Exercise 12.4 · The replay buffer
# *20 minutes · difficulty 2 of 3*
#
# Complete the buffer. `add(batch)` keeps the images of a batch, an array of shape (n, …), and forgets the **oldest** ones
# as soon as there are more than `capacity`. The array may be overwritten afterwards, so keep *copies*. `draw(count)` returns
# an array (count, …) of kept images, each drawn with equal chance from **those that are there**, with repetition.
# `self.rng.integers(m, size=count)` gives `count` random whole numbers from 0 to m − 1.


# %%
class ReplayBuffer:
    """The newest `capacity` images that were added; older ones are gone."""

    def __init__(self, capacity: int, seed: int = 0):
        self.capacity, self.rng = capacity, np.random.default_rng(seed)
        self.images = []  # the oldest first

    def add(self, batch: np.ndarray) -> None:
        """Keep copies of the images of a batch (n, …), and forget what is too old."""
        ### BEGIN SOLUTION
        self.images += [np.array(image) for image in batch]
        del self.images[: -self.capacity]
        ### END SOLUTION

    def draw(self, count: int) -> np.ndarray:
        """`count` images (count, …), each any of those kept with equal chance."""
        ### BEGIN SOLUTION
        places = self.rng.integers(len(self.images), size=count)
        return np.stack([self.images[place] for place in places])
        ### END SOLUTION


# %%
ReplayBuffer = check("12.4", ReplayBuffer)

# %%
memory = ReplayBuffer(capacity=64 * 1000)  # the fakes of the last 1,000 steps
measure("experience replay", replay=stability.replay.Bridge(memory, (len(settings.seeds), 2)))

# %% [markdown]
# Your buffer did the work there. In `helpers/gans/stability/replay.py` is one that lives inside the compiled training step; lesson 13
# uses it for images.

# %% [markdown]
# ### Compare: minibatch discrimination
#
# The discriminator judges each image by itself, so it cannot know that all of them are the same. Let it *see the batch*
# (Salimans and others, 2016). The layer takes the features of each image, an array (n, A), and measures with $B$ learned
# **rulers** how alike the images are:
#
# 1. multiply the features by a learned matrix $T$ and read the result as $B$ rows of $C$ numbers: $M_{ib}$ for image $i$
#    and ruler $b$;
# 2. take the L1 distance of every pair, and turn it into a likeness between 0 and 1;
# 3. add up the likeness to all **other** images of the batch:
#
# $$o_{ib} = \sum_{j \neq i} \exp\bigl(-\lVert M_{ib} - M_{jb} \rVert_1\bigr).$$
#
# These $B$ numbers join the features. A batch of copies has large ones; the discriminator learns what is usual.

# %% [markdown]
# ### Exercise 12.5 · How alike is a batch?
# *25 minutes · difficulty 3 of 3*
#
# Write `call`. `self.T` has the shape (A, B · C); `self.rulers` is $B$, `self.size` is $C$. Return $o$, of shape (batch, B).
# (The paper's sum has $j = i$ in it; that is a constant 1, which we leave out.) A new axis makes all pairs: `M[:, None] - M[None, :]`.


# %%
class MinibatchDiscrimination(stability.BaseMinibatchDiscrimination):
    """Features (batch, A) → likeness to the other images of the batch (batch, rulers)."""

    def call(self, features: tf.Tensor) -> tf.Tensor:
        """From 0 (unlike all others) to batch − 1 (the same as all others), for each ruler."""
        ### BEGIN SOLUTION
        M = ops.reshape(ops.matmul(features, self.T), (-1, self.rulers, self.size))
        distances = ops.sum(ops.abs(M[:, None] - M[None, :]), axis=3)
        return ops.sum(ops.exp(-distances), axis=1) - 1.0
        ### END SOLUTION


# %%
MinibatchDiscrimination = check("12.5", MinibatchDiscrimination)

# %%
measure("minibatch discrimination", extra=lambda: MinibatchDiscrimination(rulers=4, size=2, seed=1))

# %% [markdown]
# ### Doubt: one-sided label smoothing
#
# A discriminator that is too sure gives no useful gradient. So do not teach it to be sure: let the target of real images be
# $1 - s$ instead of 1. Salimans and others take $s = 0.1$; on our ring we take 0.25. The target of fakes stays 0. Why only one side? With targets $\alpha$ for real images
# and $\beta$ for fakes the best discriminator is
#
# $$D^*(x) = \frac{\alpha\, p(x) + \beta\, q(x)}{p(x) + q(x)},$$
#
# with $p$ for the density of real data and $q$ for that of fakes. Far from all real data, where $p = 0$, this is $\beta$. With $\beta > 0$ a fake out there
# hears "could be real". With $\beta = 0$ the best discriminator is the old one times $\alpha$.

# %% [markdown]
# ### Exercise 12.6 · One-sided smoothing
# *10 minutes · difficulty 2 of 3*
#
# Return the discriminator's loss, one number: the mean cross-entropy of real images with the target 1 − `smoothing`, plus that
# of fakes with the target 0. Both arguments are logits $l$, with $-\log D = \text{softplus}(-l)$ and $-\log(1 - D) =
# \text{softplus}(l)$ (`ops.softplus`). Stay finite for logits of ±1000.


# %%
def discriminator_loss(real_logits: tf.Tensor, fake_logits: tf.Tensor, smoothing: float) -> tf.Tensor:
    """Cross-entropy with the target 1 − smoothing for real images and 0 for fakes: one number, in nats."""
    ### BEGIN SOLUTION
    real = (1 - smoothing) * ops.softplus(-real_logits) + smoothing * ops.softplus(real_logits)
    fake = ops.softplus(fake_logits)
    return ops.mean(real) + ops.mean(fake)
    ### END SOLUTION


# %%
discriminator_loss = check("12.6", discriminator_loss)


# %%
def one_sided(real_logits, fake_logits):
    return discriminator_loss(real_logits, fake_logits, 0.25)


def both_sides(real_logits, fake_logits):
    """The targets .75 and .25; a target s instead of 0 adds −s · logit to the loss of a fake."""
    return one_sided(real_logits, fake_logits) - 0.25 * ops.mean(fake_logits)


smoothed = {
    "one-sided smoothing": gans_losses.Losses(one_sided, gans_losses.non_saturating_generator),
    "smoothing on both sides": gans_losses.Losses(both_sides, gans_losses.non_saturating_generator),
}
for name, losses in smoothed.items():
    measure(name, game=losses)

# %% [markdown]
# ### Blur: noise on the inputs
#
# The cure for supports that do not overlap: Gaussian noise on *everything* that the discriminator sees, real and fake. It
# begins with a deviation of 1 (neighbouring hills are 1.5 apart) and fades to 0 in the first four fifths of the training, so
# that details come last.

# %%
measure("fading noise", noise=1.0)

# %% [markdown]
# ### Hurry: two time scales
#
# The grid of rates has shown it already: let the discriminator learn faster than the generator. Heusel and others (2017) called
# it the **two time-scale update rule**, and proved that it converges to a local equilibrium under conditions on the rates.
# And since we are at Adam: what is the customary $\beta_1 = 0.5$ worth, which we took on the ring all the time? We put Adam's
# default back.

# %%
measure("two time scales, 1 : 4", discriminator_rate=4e-3)
measure("Adam's default β₁ = 0.9", momentum=0.9)

# %% [markdown]
# ## All cures on one page
#
# With a handful of seeds a difference may be luck. So beside each mean stands its **95 % interval**, by Student's t: with three
# seeds it is 2.5 deviations to each side, wide on purpose. Two cures whose intervals overlap have not been told apart.

# %%
print(f"{'on the ring of eight':<34}{'modes covered':>20}{'share of good points':>26}")
for name, run in results.items():
    modes, good = figures(run)
    (mean, _, top), (share, _, high) = metrics.interval(modes), metrics.interval(good)
    print(f"{name:<34}{mean:>10.1f} ± {top - mean:<7.1f}{share:>16.2f} ± {high - share:.2f}")
stability.figures.contest({name: figures(run) for name, run in results.items()})

# %% [markdown]
# **What to see**, in the lecture profile. Two cures work for every seed: a discriminator that learns four times as fast, and
# minibatch discrimination. Both cover all eight modes, with most points good. Replay helps a lot, unevenly. Noise and smoothing find
# more modes than the plain GAN, but their points are a thin cloud over everything: look at the right half. Smoothing on both
# sides does here no worse than on one, whatever the argument against it says. Adam's default momentum makes things worse still.
#
# And look at the intervals: for noise and for one-sided smoothing they span nearly the whole axis, and overlap the plain GAN's. Three
# seeds have not shown that these two help at all.

# %%
last = len(settings.seeds) - 1
stability.figures.points_over_time({name: (results[name], last) for name in ("plain", "two time scales, 1 : 4", "minibatch discrimination")})

# %% [markdown]
# **What to see**, in the lecture profile. The same seed three times. The faster discriminator first makes the crowd spread over
# everything and then thins it out to the ring. Minibatch discrimination keeps the points apart all the way. In both, points are left on the
# ways between hills: a smooth generator has to get from one to the next.

# %%
histogram_view(results["two time scales, 1 : 4"].film(), [f"mode {i}" for i in range(1, 9)])

# %% [markdown]
# The shares of the eight modes in the first seed with the faster discriminator. Move the slider: when was the last mode found?

# %% [markdown]
# ### What practitioners do
#
# | trick | against what | measured |
# |---|---|---|
# | images and fakes in [−1, 1], **tanh** at the output | the discriminator wins at once by brightness | lesson 11, *find the bug* |
# | codings from a **Gaussian** | edges of a uniform square; between two codings lies a likely one | lesson 13, interpolation |
# | a **faster discriminator** (rates 1 : 4, or more steps) | a generator that runs ahead: wandering, collapse | here |
# | $\beta_1 = 0.5$ in **Adam** | momentum that carries the players round the circle | here |
# | **minibatch** features | copies: collapse inside a batch | here; the simpler deviation over the batch in lesson 15 |
# | **one-sided smoothing**, **noise** on the inputs, **dropout** in the discriminator | a discriminator that is too sure | here (dropout: lesson 13) |
# | **replay** of old fakes | a discriminator that forgets | here, and on images in lesson 13 |
# | **strided convolutions** instead of pooling | gradients that reach one pixel in four only | lesson 13 |
# | **leaky ReLU** in the discriminator | units that pass nothing on to the generator | lesson 13 |
# | **kernel divisible by the stride** | checkerboards: pixels that are painted more often than others | lessons 6 and 13 |

# %% [markdown]
# ## Does it carry over to images?
#
# The ring is a toy. What worked there goes to Fashion-MNIST: the dense GAN from the beginning of the lesson, as Keras has its
# optimizers, and with $\beta_1 = 0.5$ and a discriminator that learns four times as fast. Three seeds each, nothing else changed. Fréchet distance, precision, recall and class coverage are
# those of lesson 10, on 2,000 images.

# %%
quiz("12-images")

# %%
real_features = classifier.features(metrics.real_images()[: settings.n_judge])
judged, drawn = {}, {}


def judge(gan):
    """The figures of a GAN's images that are compared here."""
    images = samples.draw(gan, settings.n_judge)
    features, probabilities = classifier.features_and_probabilities(images)
    precision, recall = metrics.precision_recall(real_features, features)
    return images, dict(
        frechet=metrics.frechet_distance(features, real_features), precision=precision, recall=recall,
        coverage=metrics.class_coverage(probabilities),
    )  # fmt: skip


contestants = {"dense GAN, Adam's defaults": {}, "dense GAN, 1 : 4 and β₁ = 0.5": dict(discriminator_rate=4e-3, momentum=0.5)}
for name, recipe in contestants.items():
    rows = []
    for seed in settings.image_seeds:
        known = not recipe and seed == settings.image_seeds[0]  # the one that was filmed
        gan = first_gan if known else image_gan(seed, **recipe)[0]
        images, found = judge(gan)
        rows.append(found)
        drawn.setdefault(name, images[:10])
    judged[name] = rows
    average = {key: float(np.mean([row[key] for row in rows])) for key in rows[0]}
    parameters = gan.generator.count_params() + gan.discriminator.count_params()
    scoreboard.record("12", name, codings=30, data=garments, seeds=settings.image_seeds, parameters=parameters, **average)
    by_seed = ", ".join(f"{row['frechet']:.1f}" for row in rows), ", ".join(f"{row['coverage']:.0%}" for row in rows)
    print(f"{name:<32} Fréchet distance {by_seed[0]};  classes covered {by_seed[1]}")
print(f"floor, real images against real images: {baselines.load()['floor']['frechet']:.2f}")
plots.image_rows({**drawn, "real": metrics.real_images()[:10]})

# %% [markdown]
# **What to see.** One row for each way of training, from the first seed, and real garments below. Compare the Fréchet distances seed by seed:
# is the worst of the second line better than the best of the first? Then the change does more than luck does. The classes covered
# tell the same story in another unit.

# %% [markdown]
# ## Find the bug: two losses in one
#
# A colleague wants another loss, the **hinge** loss: a real image whose output $D(x)$ is 1 or more costs nothing, a fake
# at −1 or less costs nothing. In a set of lecture notes he finds $\max(0,\ 1 - D(x) \cdot D(G(z)))$, and writes:


# %%
def his_loss(real_outputs, fake_outputs):
    return ops.mean(ops.relu(1 - real_outputs * fake_outputs))


print("real   fake   his loss")
for a, b in ((3.0, -3.0), (3.0, 3.0), (-3.0, -3.0), (-3.0, 3.0)):
    print(f"{a:4.0f} {b:6.0f} {float(his_loss(ops.convert_to_tensor([[a]]), ops.convert_to_tensor([[b]]))):10.0f}")
measure("his hinge loss", game=gans_losses.Losses(his_loss, gans_losses.raise_the_score), discriminator_rate=4e-3)

# %% [markdown]
# **What to see.** The first line is a perfect discriminator, and it pays 10. The second and the third cannot tell
# real from fake, and pay nothing. On the ring there is no training to speak of. What is wrong?
#
# <details><summary>Answer</summary>
#
# The formula multiplies the outputs of two images that have nothing to do with each other. In support vector machines a
# product appears in the hinge, but of *label* and output: $\max(0, 1 - t D)$ with $t = 1$ for real images and $t = -1$ for
# fakes. Written out, these are two separate hinges: $\max(0, 1 - D(x))$ and $\max(0, 1 + D(G(z)))$.
#
# </details>

# %% [markdown]
# ### Exercise 12.7 · The hinge loss
# *10 minutes · difficulty 1 of 3*
#
# Mend it. Return the mean over the real images of $\max(0, 1 - D(x))$ plus the mean over the fakes of $\max(0, 1 + D(G(z)))$. The
# two batches need not be of the same size. `ops.relu` is $\max(0, \cdot)$.


# %%
def hinge_loss(real_logits: tf.Tensor, fake_logits: tf.Tensor) -> tf.Tensor:
    """The discriminator's hinge loss, one number: 0 once all real images are above 1 and all fakes below −1."""
    ### BEGIN SOLUTION
    return ops.mean(ops.relu(1 - real_logits)) + ops.mean(ops.relu(1 + fake_logits))
    ### END SOLUTION


# %%
hinge_loss = check("12.7", hinge_loss)

# %%
measure("the hinge loss", game=gans_losses.Losses(hinge_loss, gans_losses.raise_the_score), discriminator_rate=4e-3)

# %% [markdown]
# ## On the yardstick

# %%
print(f"{'Fashion-MNIST, dense GAN':<28}{'Fréchet distance':>20}{'precision':>12}{'recall':>9}{'classes covered':>18}")
for name, rows in judged.items():
    columns = {key: [row[key] for row in rows] for key in rows[0]}
    mean, _, high = metrics.interval(columns["frechet"]) if len(rows) > 1 else [float("nan")] * 3
    means = {key: np.mean(values) for key, values in columns.items()}
    print(f"{name.removeprefix('dense GAN, '):<28}{means['frechet']:>12.1f} ± {high - mean:<5.1f}{means['precision']:>12.2f}"
          f"{means['recall']:>9.2f}{means['coverage']:>18.0%}")  # fmt: skip
baselines.show()

# %%
scoreboard.show(["10", "12"])

# %% [markdown]
# **What to see.** Compare with the references and with the VAEs of lesson 10, which had the same images to learn from. A collapsed GAN
# can be beaten by a Gaussian. Precision never without recall: a GAN that makes one good garment over and over has
# precision and no recall. The convolutional networks of lesson 13 go on from here.

# %% [markdown]
# ## Summary
#
# - **Mode collapse**: for a discriminator that stands still, the best forgery is a single one. It wanders when the discriminator follows.
# - **Oscillation**: a game has no common landscape. Steps at once spiral out, steps in turn go round, a penalty on the
#   discriminator's slope brings them in; the eigenvalues of one step say which.
# - **Vanishing gradients**: where real data and fakes do not overlap, JS is log 2 whatever the distance. The
#   non-saturating loss and noise keep a gradient; lesson 14 replaces JS.
# - Losses of a GAN tell the **balance**, not the quality. Keep a histogram of what is generated, and fixed codings.
# - Cures are to be **measured**: the same figures, several seeds, an interval. What saves one GAN does nothing for another.

# %% [markdown]
# **Questions that come up**
#
# - *Why train the discriminator to optimality in theory, and not in practice?* With the saturating loss its gradient then vanishes;
#   with the others a discriminator that is too good memorises. Lesson 14 has a loss for which training it well only helps.
# - *Is the generator's output at the last step the best one?* Often not. A running average of its weights takes the middle of
#   the circle instead of a point on it (`averaging=` in `helpers.gans.GAN`; lesson 13).
# - *Does mode collapse show in the Fréchet distance?* Yes, since means and covariances change. In precision it does not: read
#   precision with recall.

# %% [markdown]
# - *Three seeds are few!* They are. They suffice to see that a plain GAN fails every time; they do not suffice to rank cures that
#   are close. With `WORKBOOK_PROFILE=full` there are eight.
# - *Why is there no loss that goes down when the images get better?* There is, nearly: lesson 14.

# %% [markdown]
# **Where to read on**
#
# - Goodfellow (2016), *NIPS tutorial: generative adversarial networks*, arXiv 1701.00160
# - Salimans et al. (2016), *Improved techniques for training GANs*, arXiv 1606.03498 (minibatch discrimination, one-sided smoothing)
# - Metz et al. (2017), *Unrolled generative adversarial networks*, arXiv 1611.02163 (the ring of eight)
# - Arjovsky and Bottou (2017), *Towards principled methods for training GANs*, arXiv 1701.04862 (supports, noise)
# - Sønderby et al. (2017), *Amortised MAP inference for image super-resolution*, arXiv 1610.04490 (noise on the inputs)
# - Mescheder, Nowozin and Geiger (2017), *The numerics of GANs*, arXiv 1705.10461; Mescheder, Geiger and Nowozin (2018),
#   *Which training methods for GANs do actually converge?*, arXiv 1801.04406 (Dirac-GAN)
# - Gidel et al. (2019), *A variational inequality perspective on GANs*, arXiv 1802.10551 (the bilinear game)
# - Heusel et al. (2017), *GANs trained by a two time-scale update rule*, arXiv 1706.08500
# - Shrivastava et al. (2017), *Learning from simulated and unsupervised images through adversarial training*, arXiv 1612.07828 (replay)
# - Lim and Ye (2017), *Geometric GAN*, arXiv 1705.02894 (hinge loss)
# - Lucic et al. (2018), *Are GANs created equal?*, arXiv 1711.10337: many losses, equal budgets, little difference
