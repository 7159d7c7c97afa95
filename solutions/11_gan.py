# ---
# lesson: "11"
# title: Generative adversarial network
# question: Can a network learn to make images if all it is ever told is whether it was caught?
# objectives:
#   - explain the two phases of a step, who learns in each, and from which labels
#   - derive the best discriminator and the value −log 4 + 2 JSD, and verify both in numbers
#   - say why the non-saturating loss is used, and write both losses so that no logit can break them
#   - build, train and watch a GAN, on a line, in the plane, and on images
#   - find three mistakes that keep public GAN code from learning
# needs: "lesson 02 (dense networks in Keras), lesson 10 (KL, Fréchet distance); the chain rule"
# minutes: {reading: 50, exercises: 85, machine: 2.6}
# idea: >-
#   Two networks play against each other. One makes images from random numbers, the other judges whether an image is real
#   or made. The maker never sees a real image: it only learns how the judge's opinion would change with each pixel. That
#   is enough to get from noise to garments.
# cover: "Ten random codings from the first training step to the last: grey noise turns into shoes, trousers, shirts, bags"
# ---

# %%
import sys

sys.path.insert(0, "..")  # the folder above holds `helpers`

from helpers import backend  # noqa: F401  (first: it keeps TensorFlow's start-up messages away)

import keras
import numpy as np
import tensorflow as tf
from helpers import data, gans, metrics, plots, scoreboard, session, training, weights
from helpers.exercises import check, hint, quiz  # noqa: F401  (hints are for you: hint("11.1"))
from keras import ops

settings = session.start(
    "11",
    n_train=9_000,  # images to learn from
    moments=(0, 100, 500, 2_000),  # steps at which the GAN on the line is shown
    plane_moments=(0, 100, 500, 1_500),  # the same in the plane
    rate=1e-3,  # learning rate of both networks, on images
    short_epochs=15,  # of the short trainings with several seeds
    seeds=(42, 43, 44),  # of these trainings
    n_judge=2_000,  # images behind each Fréchet distance
)

# %% [markdown]
# ## The forger and the detective
#
# A forger paints banknotes. He has never seen one. There is a detective who has. She looks at notes all day, real ones
# and his, and says of each how likely she thinks it is real. The forger is told only one thing: *how her opinion would
# change* if he drew a line a little thicker here, a little lighter there. So he gets better. So she has to get better. If
# all goes well, his notes are perfect in the end, and she can only toss a coin.
#
# This is a **generative adversarial network**, GAN
# ([Goodfellow and others, 2014](https://arxiv.org/abs/1406.2661)). The forger is a network called the
# **generator** $G$: random codings $z$ in, an image $G(z)$ out. The detective is another, the **discriminator** $D$: an
# image $x$ in, the probability $D(x)$ that it is real out.

# %%
from helpers.gans import Film, film_view, histogram_view, losses, samples, vanilla, watched

vanilla.figures.phases_picture()

# %% [markdown]
# **What to see.** One training step has **two phases**.
#
# | | who learns | what is shown to D | labels | what stays |
# |---|---|---|---|---|
# | phase 1 | the discriminator | a batch of real images, and as many fakes | real 1, fake 0 | every weight of G |
# | phase 2 | the generator | fresh fakes only | fakes, called 1 | every weight of D |
#
# In phase 2 the gradient runs *through* D without changing it, and on into G. That is all that G ever hears of the world.

# %%
quiz("11-source")

# %% [markdown]
# ## A game of two
#
# Write $p$ for the density of real images and $q$ for that of fakes: what $G(z)$ follows when $z \sim N(0, I)$. The
# discriminator would like to give high probabilities to real images and low ones to fakes. Its success is
#
# $$V(D, G) = \mathbb E_{x \sim p}[\log D(x)] + \mathbb E_{z}\bigl[\log\bigl(1 - D(G(z))\bigr)\bigr].$$
#
# $V$ is the **value**. It is never above 0, which an all-knowing D would reach. A D that always answers $\tfrac12$ scores
# $-\log 4 \approx -1.386$. The discriminator **maximises** it, the generator **minimises** it:
#
# $$\min_G \max_D V(D, G).$$
#
# It is a **zero-sum game**: what one wins, the other loses. There is no single loss that training makes small. In this
# GANs differ from everything in the course so far.

# %% [markdown]
# ## The best detective
#
# Hold G fixed. Which D is best? Write both means as integrals over the same $x$:
#
# $$V = \int \bigl[\, p(x) \log D(x) + q(x) \log(1 - D(x)) \,\bigr]\, dx .$$
#
# D may choose its answer at every $x$ freely, so look at one $x$ only. With $a = p(x)$, $b = q(x)$ and $y = D(x)$, the
# function $a \log y + b \log(1 - y)$ has the derivative $\frac ay - \frac{b}{1 - y}$, which is 0 at $y = \frac{a}{a +
# b}$, and it curves downwards, so this is the top:
#
# $$D^*(x) = \frac{p(x)}{p(x) + q(x)} .$$
#
# In words: of all images that look like $x$, the share that is real. Nobody can say more.

# %% [markdown]
# ### Exercise 11.1 · The best discriminator
# *5 minutes · difficulty 1 of 3*
#
# Return $D^*$ at every place of a grid. `p` and `q` hold two densities there, arrays of equal shape, nowhere below 0.
# Where both are 0, nothing ever turns up and any answer is right: return ½, without a warning and without NaN.


# %%
def optimal_discriminator(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """The best discriminator p/(p + q) at each place, ½ where both are 0; the shape of p."""
    ### BEGIN SOLUTION
    both = p + q
    return np.where(both > 0, p / np.where(both > 0, both, 1), 0.5)
    ### END SOLUTION


# %%
optimal_discriminator = check("11.1", optimal_discriminator)

# %% [markdown]
# Does a trained network find it? Take numbers instead of images. Real ones come from two hills, fakes from one wide
# hill between them. A discriminator is an ordinary classifier: train one on samples, tell it nothing of densities, and
# compare.

# %%
from scipy.stats import norm

rng = np.random.default_rng(0)
line = np.linspace(-4, 4, 321)
p_line = (norm.pdf(line, -1.5, 0.4) + norm.pdf(line, 1.5, 0.4)) / 2
q_line = norm.pdf(line, 0.3, 1.2)
real = rng.choice([-1.5, 1.5], settings.n_points) + 0.4 * rng.normal(size=settings.n_points)
fake = 0.3 + 1.2 * rng.normal(size=settings.n_points)

detective = keras.Sequential([
    keras.Input((1,)),
    keras.layers.Dense(32, "tanh"),
    keras.layers.Dense(32, "tanh"),
    keras.layers.Dense(1),
])
detective.compile(keras.optimizers.Adam(5e-3), keras.losses.BinaryCrossentropy(from_logits=True))
numbers, targets = np.concatenate([real, fake]), np.repeat([1.0, 0.0], settings.n_points)
detective.fit(numbers[:, None], targets[:, None], batch_size=256, verbose=0,
              epochs=settings.classifier_epochs)  # fmt: skip
found = 1 / (1 + np.exp(-detective(line[:, None]).numpy()[:, 0]))
best = optimal_discriminator(p_line, q_line)
weight = (p_line + q_line) / np.sum(p_line + q_line)
apart = np.sum(weight * np.abs(found - best))
print(f"mean difference between the network and p/(p + q), where numbers turn up: {apart:.3f}")
plots.curves(
    {"p: real": p_line, "q: fakes": q_line, "best: p/(p + q)": best, "trained network": found},
    x=line, xlabel="x", ylabel="density, or probability of “real”", best=None,
    title="A classifier finds p/(p + q)",
)  # fmt: skip

# %% [markdown]
# **What to see**, in the lecture profile. The trained network follows the formula wherever there are many samples. Far
# outside, where there are hardly any, it differs. It never computed a density. So a discriminator is a way to *compare
# two densities from samples alone*: $D^*/(1 - D^*) = p/q$.

# %% [markdown]
# ## What the generator is up against
#
# Put the best D into the value. Write $m = \tfrac12(p + q)$ for the mixture of real and fake:
#
# $$V(D^*, G) = \mathbb E_p\Bigl[\log \frac{p}{2m}\Bigr] + \mathbb E_q\Bigl[\log \frac{q}{2m}\Bigr]
# = -\log 4 + \text{KL}(p \,\|\, m) + \text{KL}(q \,\|\, m) = -\log 4 + 2\, \text{JSD}(p, q),$$
#
# since each $\log \tfrac12$ comes out, and $\text{JSD}(p, q) = \tfrac12 \text{KL}(p \| m) + \tfrac12 \text{KL}(q \| m)$
# is the **Jensen–Shannon divergence**. It is symmetric, never below 0, 0 only if $p = q$, and never above $\log 2
# \approx .693$.
#
# So against a perfect detective, **the forger minimises the Jensen–Shannon divergence** between his fakes and the real
# images, and the best he can do is $q = p$.

# %% [markdown]
# ### Exercise 11.2 · The Jensen–Shannon divergence
# *10 minutes · difficulty 2 of 3*
#
# `p` and `q` are probabilities of the cells of a grid: arrays of equal shape (of any number of axes), nowhere below 0,
# each summing to 1. Return the Jensen–Shannon divergence in nats, one number. A cell with probability 0 contributes
# nothing to a KL: $0 \log 0 = 0$. There must be no NaN where p or q (or both) is 0.


# %%
def js_divergence(p: np.ndarray, q: np.ndarray) -> float:
    """Jensen–Shannon divergence of two distributions on one grid, in nats, from 0 to log 2."""
    ### BEGIN SOLUTION
    def kl(a, b):
        inside = a > 0
        return np.sum(a[inside] * np.log(a[inside] / b[inside]))

    middle = (p + q) / 2
    return float(0.5 * kl(p, middle) + 0.5 * kl(q, middle))
    ### END SOLUTION


# %%
js_divergence = check("11.2", js_divergence)

# %% [markdown]
# Now the formula in numbers. Real: $N(0, 1)$. Fakes: $N(\mu, 1)$ with $\mu$ moving away. The value is summed over a
# fine grid by its definition, with $D = p/(p + q)$; the other column is $-\log 4 + 2\,\text{JSD}$. Beside them, KL both
# ways.

# %%
# NBVAL_CHECK_OUTPUT
edges = vanilla.theory.line(-12, 20, 3_200)
p_cells = vanilla.theory.normal_cells(edges, [0.0], [1.0])
print("   μ   V with the best D   −log 4 + 2 JSD     JSD    KL(p‖q)   KL(q‖p)")
for mu in (0.0, 0.5, 1.0, 2.0, 4.0, 8.0):
    q_cells = vanilla.theory.normal_cells(edges, [mu], [1.0])
    best = optimal_discriminator(p_cells, q_cells)
    divergence, v = js_divergence(p_cells, q_cells), vanilla.theory.value(p_cells, q_cells, best)
    one_way, other = vanilla.theory.kl(p_cells, q_cells), vanilla.theory.kl(q_cells, p_cells)
    print(f"{mu:4.1f} {v:19.4f} {2 * divergence - np.log(4):16.4f} {divergence:7.4f}", end="")
    print(f" {one_way:10.3f} {other:9.3f}")

# %% [markdown]
# **What to see.** The two columns agree in every digit shown. Each KL grows like $\mu^2 / 2$ without end. The JSD
# climbs only to $\log 2 = .693$, and there it stays: once the hills are apart, *how far* apart makes no difference to
# it. Keep this in mind for lessons 12 and 14.

# %% [markdown]
# ## Where the game ends
#
# A **Nash equilibrium** is a state in which no player gains by changing only their own move. An everyday example: on
# which side of the road do you drive? If everybody drives on the left, whoever changes loses; the same on the right.
# Two equilibria, and no player can get from one to the other alone. Let a computer look for equilibria in games of two
# players with two moves each: it tries every pair of moves, and asks whether anybody would rather change.

# %%
# NBVAL_CHECK_OUTPUT
games = {  # rows: moves of the first player; entries: (what the first gets, what the second gets)
    "driving side": (("left", "right"), [[(1, 1), (-1, -1)], [(-1, -1), (1, 1)]]),
    "hide and seek": (("here", "there"), [[(1, -1), (-1, 1)], [(-1, 1), (1, -1)]]),
}
for name, (moves, payoff) in games.items():
    stable = [
        f"({moves[a]}, {moves[b]})"
        for a in (0, 1)
        for b in (0, 1)
        if payoff[a][b][0] >= payoff[1 - a][b][0]
        and payoff[a][b][1] >= payoff[a][1 - b][1]
    ]
    print(f"{name:<14} equilibria: {', '.join(stable) or 'none, unless the players toss coins'}")

# %% [markdown]
# **What to see.** In the driving game both players want the same; it settles. Hide and seek is zero-sum like ours, and
# no pair of moves is stable: whoever loses changes, then the other does, and so on. Only if both toss fair coins does
# neither gain by changing.
#
# For a GAN the equilibrium is $q = p$ and $D = \tfrac12$ everywhere: the fakes are perfect, and the detective tosses a
# coin. If the networks can represent anything, it is the only one. But that it exists does not mean that **taking turns
# in small steps gets there**. Players may run in circles, as in hide and seek; lesson 12 watches them do so.

# %% [markdown]
# ## Two losses for the forger
#
# The last layer of D gives a **logit** $l$, any number, and $D = \sigma(l) = 1 / (1 + e^{-l})$. The discriminator
# minimises $-V$, which is the cross-entropy of the right answers. For the generator there is a choice:
#
# - **saturating**: minimise $\log(1 - D(G(z)))$, as the min–max game says;
# - **non-saturating**: minimise $-\log D(G(z))$. Not "be caught less" but "be believed more".
#
# Both pull D's opinion upwards, and both are at rest in the same place. They differ in *when* they pull.

# %%
quiz("11-saturating")

# %%
logits = tf.Variable(np.linspace(-8, 8, 65), dtype="float32")
pulls = {}
for name in ("saturating", "non-saturating"):
    with tf.GradientTape() as tape:
        loss = losses.LOSSES[name].generator(logits) * 65  # the mean, times the number: the sum
    pulls[name] = -tape.gradient(loss, logits).numpy()
plots.curves(
    pulls, x=logits.numpy(), xlabel="logit of a fake (left: seen through, right: believed)",
    ylabel="pull on the logit", best=None, title="Minus the gradient of the generator's loss",
)  # fmt: skip

# %% [markdown]
# **What to see.** The saturating pull is $\sigma(l) = D$, the other one $1 - \sigma(l) = 1 - D$. A fake that is seen
# through (left) gets almost no pull from the saturating loss: the forger who most needs to learn learns least. The
# non-saturating loss pulls hard on bad fakes, and lets go of good ones. It is the usual choice, and no longer zero-sum.
#
# ### What the non-saturating loss minimises
#
# Against the best D, the saturating loss follows the gradient of $2\,\text{JSD}(p, q)$. The non-saturating one follows
# the gradient of another divergence ([Arjovsky and Bottou, 2017](https://arxiv.org/abs/1701.04862)):
#
# $$\text{KL}(q \,\|\, p) - 2\, \text{JSD}(p, q).$$
#
# It, too, is 0 at $q = p$. But $\text{KL}(q \| p)$ has its mean over *fakes*: a fake where nothing is real costs a lot,
# and a part of the real data that no fake visits costs little. Two bad generators show it: one makes one of two real
# hills, the other makes both and much between them.

# %%
# NBVAL_CHECK_OUTPUT
edges = vanilla.theory.line(-12, 12, 2_400)
hills = vanilla.theory.normal_cells(edges, [-1.5, 1.5], [0.4, 0.4])
print("generator                       KL(p‖q)   2 JSD   KL(q‖p)   KL(q‖p) − 2 JSD")
bad = {"one of the two hills": (1.5, 0.4), "both, and what lies between": (0.0, 1.55)}
for name, (mean, std) in bad.items():
    fakes = vanilla.theory.normal_cells(edges, [mean], [std])
    one_way, other = vanilla.theory.kl(hills, fakes), vanilla.theory.kl(fakes, hills)
    twice = 2 * js_divergence(hills, fakes)
    print(f"{name:<30}{one_way:9.2f}{twice:8.2f}{other:10.2f}{other - twice:18.2f}")

# %% [markdown]
# **What to see.** KL(p‖q), which maximum likelihood minimises, prefers the second generator by far. The divergence of the
# non-saturating loss prefers the first one, which has lost half of the real data. This is the standard account of why
# GANs **drop modes**. It holds for a perfect D only, and is not the whole story: lesson 12 looks at what really happens.

# %% [markdown]
# ### Why from logits
#
# $-\log \sigma(l)$ looks harmless. Written like that it is not:

# %%
# NBVAL_CHECK_OUTPUT
with np.errstate(all="ignore"):
    for logit in np.float32([-1000, -100, -10, 10, 30, 1000]):
        plain = 0 - np.log(1 / (1 + np.exp(-logit)))
        stable = np.logaddexp(0, -logit)
        print(f"logit {logit:6.0f}   −log(sigmoid(l)) = {plain:8.3g}   softplus(−l) = {stable:.3g}")

# %% [markdown]
# **What to see.** For a confident D the sigmoid rounds to 0, its logarithm is −∞, and the gradient becomes NaN. The same
# function is $\log(1 + e^{-l})$, called **softplus** of $-l$, and a good implementation of *that* is right for
# every logit.

# %% [markdown]
# ### Exercise 11.3 · The detective's loss
# *10 minutes · difficulty 1 of 3*
#
# Return $-\log D$ averaged over the real images, plus $-\log(1 - D)$ averaged over the fakes: one number, in nats. The
# two arguments are **logits**, tensors of shape (batch, 1). Use `ops.softplus` and `ops.mean`. It must be right at
# logits of ±1000, and gradients must pass. (What is $1 - \sigma(l)$?)


# %%
def discriminator_loss(real_logits: tf.Tensor, fake_logits: tf.Tensor) -> tf.Tensor:
    """Mean −log D of real images plus mean −log(1 − D) of fakes, in nats; log 4 for D = ½."""
    ### BEGIN SOLUTION
    return ops.mean(ops.softplus(-real_logits)) + ops.mean(ops.softplus(fake_logits))
    ### END SOLUTION


# %%
discriminator_loss = check("11.3", discriminator_loss)

# %% [markdown]
# ### Exercise 11.4 · The forger's loss
# *5 minutes · difficulty 1 of 3*
#
# Return the **non-saturating** loss, the mean of $-\log D(G(z))$ over the fakes, from their logits (batch, 1). Right at
# ±1000, and with gradients.


# %%
def generator_loss(fake_logits: tf.Tensor) -> tf.Tensor:
    """Mean −log D of the fakes, in nats: strong where they are seen through."""
    ### BEGIN SOLUTION
    return ops.mean(ops.softplus(-fake_logits))
    ### END SOLUTION


# %%
generator_loss = check("11.4", generator_loss)

# %% [markdown]
# ## Two phases in code
#
# `gans.GAN` is a Keras model that holds both networks. `compile` takes **two optimizers**, and `fit` calls
# `train_step`, which calls the two phases below. You write them. What you find there:
#
# - `self.draw_codings(n)`: codings (n, k) from $N(0, I)$;
# - `self.generate(codings, training=True)`: fakes from the generator;
# - `self.judge(images)`: the discriminator's logits (batch, 1);
# - `self.game.discriminator(real_logits, fake_logits)` and `self.game.generator(fake_logits)`: the losses;
# - `self.discriminator`, `self.generator` and `self.discriminator_optimizer`, `self.generator_optimizer`;
# - `self.note(name=value, …)`: what `fit` shows.

# %% [markdown]
# ### Exercise 11.5 · The two phases
# *25 minutes · difficulty 3 of 3*
#
# **discriminator_phase.** Make as many fakes as there are real images, outside the tape: the forger does not learn
# here. Inside a `tf.GradientTape`, judge both, and compute the loss. One step of its optimizer on
# `discriminator.trainable_variables` and on nothing else. Note `d_loss`, `real_accuracy` (`real_logits > 0`) and
# `fake_accuracy` (`fake_logits < 0`).
#
# **generator_phase.** Draw fresh codings, as many as `real` has images (nothing else of `real` is used). Inside the
# tape: make fakes, judge them, compute the loss. One step on `generator.trainable_variables`. Note `g_loss`, and call
# `self.average()`.
#
# (`labels` are for lesson 13; they are None here.) Take `ops.shape(real)[0]` for the number of images: it is not known
# beforehand. Note that nothing is ever frozen: **which variables you hand to the optimizer** decides who learns.


# %%
class GAN(gans.GAN):
    """A generator and a discriminator; one `train_step` is a phase of each."""

    def discriminator_phase(self, real: tf.Tensor, labels: tf.Tensor | None = None) -> None:
        """The detective learns: real images should get high logits, fakes low ones."""
        ### BEGIN SOLUTION
        fake = self.generate(self.draw_codings(ops.shape(real)[0]), training=True)
        with tf.GradientTape() as tape:
            real_logits, fake_logits = self.judge(real), self.judge(fake)
            loss = self.game.discriminator(real_logits, fake_logits)
        variables = self.discriminator.trainable_variables
        self.discriminator_optimizer.apply(tape.gradient(loss, variables), variables)
        self.note(d_loss=loss, real_accuracy=real_logits > 0, fake_accuracy=fake_logits < 0)
        ### END SOLUTION

    def generator_phase(self, real: tf.Tensor, labels: tf.Tensor | None = None) -> None:
        """The forger learns: its fakes should get high logits."""
        ### BEGIN SOLUTION
        codings = self.draw_codings(ops.shape(real)[0])
        with tf.GradientTape() as tape:
            loss = self.game.generator(self.judge(self.generate(codings, training=True)))
        variables = self.generator.trainable_variables
        self.generator_optimizer.apply(tape.gradient(loss, variables), variables)
        self.note(g_loss=loss)
        self.average()
        ### END SOLUTION


# %%
from collections.abc import Callable

GAN = check("11.5", GAN)

# %% [markdown]
# ### Exercise 11.6 · Who moved?
# *15 minutes · difficulty 2 of 3*
#
# Most broken GAN code runs without an error. The test that catches it: **in each phase exactly one network learns.**
# Write it: call `phase()`, and return the set of the names, `"generator"` and `"discriminator"`, of those networks of
# `model` whose trainable weights have changed in between. (`model.generator.trainable_variables` is a list of
# variables; `variable.numpy()` gives the values that one has at this moment.)


# %%
def networks_moved(model: gans.GAN, phase: Callable) -> set:
    """Which of "generator" and "discriminator" have weights that change while phase() runs."""
    ### BEGIN SOLUTION
    networks = {"generator": model.generator, "discriminator": model.discriminator}
    before = {name: [v.numpy() for v in net.trainable_variables] for name, net in networks.items()}
    phase()
    return {
        name
        for name, net in networks.items()
        if any(np.any(old != v.numpy()) for old, v in zip(before[name], net.trainable_variables))
    }
    ### END SOLUTION


# %%
networks_moved = check("11.6", networks_moved)

# %%
# NBVAL_CHECK_OUTPUT
keras.utils.set_random_seed(0)
tiny = GAN(*vanilla.dense_pair(codings=2, hidden=(8,), shape=(4, 4)), codings=2)
tiny.compile(keras.optimizers.Adam(1e-3), keras.optimizers.Adam(1e-3))
some = tf.random.uniform((8, 4, 4), -1, 1)
print("phase 1:", networks_moved(tiny, lambda: tiny.discriminator_phase(some)))
print("phase 2:", networks_moved(tiny, lambda: tiny.generator_phase(some)))

# %% [markdown]
# ## A GAN on a line
#
# Before images, something that can be seen whole: G turns one number into one number, D judges numbers. Both have two
# hidden layers of 64 units. Real numbers come from two hills. The two phases are yours from above.

# %%
toy = vanilla.playground.Toy("two hills", model=GAN, rates=(2e-3, 1e-3))
vanilla.playground_board.states_figure(toy.watch(settings.moments))

# %% [markdown]
# **What to see.** Above: real numbers (blue) and fakes (orange-red). At first all fakes sit in one place; they spread,
# split, and come near the two hills. (Where the line leaves a panel at the top, many fakes crowd on a narrow stretch.)
# Below: D as it is (black), and the best D for this moment (dashed). D is far smoother than the best one, and follows
# it only roughly. At the end it is nearly flat, close to a toss of a coin, although the fakes are not perfect: the
# divergence is larger after 2,000 steps than after 100. The game does not settle.
#
# **How the divergence is computed.** The line from −4 to 4 is cut into 320 cells. The real probability of each is exact.
# That of the fakes needs no sampling: 4,001 evenly spread codings go through G, which is taken to be straight between
# neighbours, and each piece spreads its share of probability evenly over the stretch it covers. What falls outside is
# counted in the first or the last cell. So a **spike at an end of the line** (x = −4 or 4) is not a hill of G's: it is
# everything that G makes beyond that end, put into one cell.

# %%
quiz("11-value")

# %%
toy.reset()  # the same networks and the same real numbers: the same training as above
goals = np.linspace(0, settings.moments[-1], settings.looks + 1).astype(int)
looks = toy.watch([int(goal) for goal in goals])
plots.curves(
    {
        "V with D as it is": [look.value for look in looks],
        "V with the best D: −log 4 + 2 JSD": [2 * look.js - np.log(4) for look in looks],
    },
    x=goals, xlabel="step", ylabel="nats", best=None, references={"−log 4": -np.log(4)},
    title="The value, and what it could be",
)  # fmt: skip

# %% [markdown]
# **What to see**, in the lecture profile. With D as it is, the value is close to $-\log 4$ from the first step to the
# last. The upper curve says how far away the fakes really are. It goes up and down. The gap between the two is what the
# detective has not noticed. **A GAN's losses do not tell how good its fakes are.** So we shall measure that in another
# way.
#
# Below it is your turn to be the referee. Train only the discriminator for thirty steps: black moves towards green. Now
# only the generator, thirty times, and D's advice gets out of date: where do the fakes run to?

# %%
referee = vanilla.playground.Toy("unequal hills", model=GAN, rates=(2e-3, 1e-3))
vanilla.play(referee, settings.moments[:3])

# %% [markdown]
# ## A playground in the plane
#
# Points instead of numbers, eight little hills in a ring. G turns two codings into a point. The divergence is taken over
# 64 × 64 cells. Real cells are exact again. For the fakes, G is computed at a lattice of 200 × 200 evenly spread codings,
# refined to 800 × 800 in between, and the points are counted. There is no chance in it, but counting leaves a small
# error. How small? Ask a generator whose density is known, $G(z) = Az + b$, a Gaussian:

# %%
# NBVAL_CHECK_OUTPUT
edges = vanilla.playground.PLANE
A, b = np.array([[0.8, 0.0], [0.0, 0.5]]), np.array([0.5, -0.3])
counted = vanilla.theory.pushed_to_plane(lambda z: z @ A.T + b, edges)
exact = np.outer(*(vanilla.theory.normal_cells(edges, [b[i]], [A[i, i]]) for i in (0, 1)))
ring = vanilla.playground.target_cells("ring")
js_error, js_counted, js_exact = (
    js_divergence(*pair) for pair in ((counted, exact), (ring, counted), (ring, exact))
)
print(f"JSD of counted and exact cells of the same Gaussian   {js_error:.3f}   (should be 0)")
print(f"its JSD to the ring: counted {js_counted:.3f}, exact {js_exact:.3f}")

# %% [markdown]
# **What to see.** Here the error is in the third decimal: differences well above that do not come from counting. (What
# happens *within* a cell of side 0.1 is not seen. So the figures are a little below the divergences of the densities
# themselves.)

# %%
plane = vanilla.playground.Toy("ring", model=GAN, rates=(2e-3, 1e-3))
vanilla.playground_board.states_figure(plane.watch(settings.plane_moments))

# %% [markdown]
# **What to see.** Circles: the real hills. Dots: fakes. The ground is D's opinion: blue for real, orange for fake, and
# white where D is undecided. The fakes walk uphill on D's ground; where many have gathered, the ground turns orange, and they are driven on. In the end
# all hills are found, with threads of fakes between them: a continuous G cannot tear a plane into eight pieces. The
# divergence has fallen, and is still far from 0.

# %% [markdown]
# ### What saturation looks like
#
# Give the detective a head start: train her alone, and ask after every so many steps how strong a pull the generator
# would feel from either loss. (The length of the gradient over all weights of G.)

# %%
ahead = vanilla.playground.Toy("ring", model=GAN, rates=(2e-3, 1e-3))
codings = tf.random.stateless_normal((256, 2), seed=(0, 0))
print("steps of D alone   mean D of fakes   pull, saturating   pull, non-saturating")
for goal in settings.head_starts:
    for _ in range(goal - ahead.steps[0]):
        ahead.discriminator_step()
    lengths = []
    for name in ("saturating", "non-saturating"):
        with tf.GradientTape() as tape:
            logits = ahead.gan.judge(ahead.gan.generate(codings, training=True))
            loss = losses.LOSSES[name].generator(logits)
        gradients = tape.gradient(loss, ahead.gan.generator.trainable_variables)
        lengths.append(float(tf.linalg.global_norm(gradients)))
    believed = float(tf.reduce_mean(tf.sigmoid(logits)))
    print(f"{goal:16d} {believed:17.5f} {lengths[0]:18.5f} {lengths[1]:22.5f}")

# %% [markdown]
# **What to see**, in the lecture profile. The better D gets, the less is left of the saturating pull, roughly in step
# with $D(G(z))$; the other one grows. Is the saturating loss lost, then? A race from the same starts, with three seeds:

# %%
print(f"JS divergence after {settings.rounds} steps of both, in nats (.693: apart)")
for shape in settings.shapes:
    for game in ("non-saturating", "saturating"):
        reached = []
        for seed in range(settings.starts):
            contest = vanilla.playground.Toy(shape, game, model=GAN, rates=(2e-3, 1e-3), seed=seed)
            reached.append(contest.watch([settings.rounds])[0].js)
        each = "  ".join(f"{js:.3f}" for js in reached)
        print(f"{shape:<8}{game:<16}{each}   mean {np.mean(reached):.3f}")

# %% [markdown]
# **What to see**, in the lecture profile. Three seeds show no winner. On the ring the non-saturating loss is a little
# ahead in each start, on the spiral it is never ahead, and the 95 % intervals of three values overlap on both: a draw.
# Two likely reasons: on such easy data D does not get far in front, and Adam divides every gradient by its usual size,
# so that small ones still make steps. The saturating loss loses its pull when D runs ahead, not always.
#
# Below you can play, with two moons this time. Press *10 of both* a few times, then only discriminator steps: the ground
# sharpens to the best D. Then only generator steps: all fakes run to the bluest spot. Whoever gets too far ahead spoils
# the game. Try the ring, the spiral, and the other losses.

# %%
moons = vanilla.playground.Toy("moons", model=GAN, rates=(2e-3, 1e-3))
vanilla.play(moons, settings.plane_moments[:3])

# %% [markdown]
# ## Images
#
# Now Fashion-MNIST, with dense networks. The generator turns 30 codings into 100, 150 and then 784 numbers; the
# discriminator goes the same way back and ends in one logit. The generator ends in **tanh**, whose values lie between
# −1 and 1. So **real images are brought to [−1, 1]** as well. Two things more. Adam gets $\beta_1 = .5$ instead of .9: in
# a game the gradients of a while ago point at where the opponent *was*. And for making images we use a **running
# average** of the generator's weights, which smooths out their swings.

# %%
garments = data.load("fashion_mnist").take(train=settings.n_train)
X = 2 * garments.X_train - 1  # from [0, 1] to [−1, 1]


def build_generator(codings=30):
    """Codings → images (28, 28), every pixel between −1 and 1."""
    return keras.Sequential([
        keras.Input((codings,)),
        keras.layers.Dense(100, activation="relu"),
        keras.layers.Dense(150, activation="relu"),
        keras.layers.Dense(28 * 28, activation="tanh"),
        keras.layers.Reshape((28, 28)),
    ], name="generator")  # fmt: skip


def build_discriminator():
    """Images (28, 28) → one logit, above 0 for "real"."""
    return keras.Sequential([
        keras.Input((28, 28)),
        keras.layers.Flatten(),
        keras.layers.Dense(150),
        keras.layers.LeakyReLU(0.2),  # lets a fifth of what is negative through
        keras.layers.Dense(100),
        keras.layers.LeakyReLU(0.2),
        keras.layers.Dense(1),
    ], name="discriminator")  # fmt: skip


def compiled(gan):
    """The GAN with an Adam for each network, ready for fit."""
    optimizers = [keras.optimizers.Adam(settings.rate, 0.5) for _ in range(2)]
    gan.compile(*optimizers, steps_per_execution=settings.per_call)
    return gan


def build(seed=42):
    """The GAN of this lesson: your two phases, your two losses, and the networks above."""
    keras.utils.set_random_seed(seed)
    game = losses.Losses(discriminator_loss, generator_loss)
    networks = build_generator(), build_discriminator()
    return compiled(GAN(*networks, codings=30, game=game, averaging=settings.averaging, seed=seed))


model = build()
for network in (model.generator, model.discriminator):
    sizes = f"{network.input_shape} → {network.output_shape}"
    print(f"{network.name:<14}{sizes:<32}{network.count_params():,} weights")

# %% [markdown]
# If weights that fit are there, they are loaded, and so is the film of their training; otherwise the model trains here
# and now.

# %%
def film_of(model):
    """The film of the training just done, or the one that came with the weights."""
    film = Film(model, samples.fixed_codings(model, settings.film_codings), frames=settings.frames,
                judged=settings.film_judged)  # fmt: skip

    def train(callbacks):
        history = training.fit(
            model, X, epochs=settings.epochs, batch_size=settings.batch_size,
            callbacks=[*watched(model), *callbacks, film],
        )  # fmt: skip
        film.save("gan_11_film", lesson="11", data=garments)
        return history

    # The shipped weights were trained with the same networks and losses, as they stand in helpers.
    source = (
        gans.GAN.training_source, vanilla.dense_pair, losses.logistic_discriminator,
        losses.non_saturating_generator,
    )  # fmt: skip
    outcome = weights.load_or_train(
        model, "gan_11", train, source=source, lesson="11", data=garments, dtype="float16"
    )
    return outcome, Film.load("gan_11_film") if outcome.loaded else film


outcome, film = film_of(model)

# %% tags=["cover"]
film_view(film)

# %% [markdown]
# **What to see.** The same codings from the first step to the last. First grey noise; then blobs with a garment's
# brightness; then outlines; at last trousers, shoes, bags. Nobody ever told G what a shoe is. Some codings change their
# garment on the way: unlike an autoencoder's, a GAN's codings are not tied to any image.

# %%
both_losses = {"discriminator": outcome.history["d_loss"], "generator": outcome.history["g_loss"]}
plots.curves(both_losses, best=None, references={"D guessing: log 4": np.log(4)}, ylabel="nats",
             title="The losses of the two")  # fmt: skip

# %% [markdown]
# **What to see**, with the shipped weights. D's loss *rises*, towards the log 4 of a D that guesses, and the generator's
# falls: D finds it harder and harder to tell. That is a good sign, but not a measure. Each loss is taken against an
# opponent that changes, too, and D may be guessing because the fakes are good or because D is weak.

# %%
sampled = samples.draw(model, settings.n_judge)
plots.image_rows({
    "GAN": sampled[:10],
    " ": sampled[10:20],
    "  ": sampled[20:30],
    "real": garments.X_valid[:10],
})

# %% [markdown]
# **What to see.** Hard outlines, unlike the soft samples of lesson 10: a blurred fake would be easy to see through. But
# there is strong grain wherever a garment should be smooth, and now and then something that is no garment. Dense layers
# do not know that neighbouring pixels belong together. Lesson 13 changes that.

# %%
histogram_view(film, garments.class_names)

# %% [markdown]
# **What to see.** Which share of the fakes is of which class, by our classifier, during training. A tenth each would be
# right. Leave out the first four frames: they hold noise and blobs, and the classifier, which has no answer "none of
# these", mostly calls them trousers. From then on the shares are uneven to the end: about a third of all fakes are
# called shirts, few are called sandals, and at the end hardly any are called pullovers. Some of these "shirts" may only
# be dim, grainy garments of another kind. Uneven shares are a mild form of **mode collapse**, the subject of lesson 12.

# %% [markdown]
# ### Walks and sliders
#
# A GAN has no encoder: we cannot ask for the coding of a given image. But we can walk between two codings that we have
# drawn.

# %%
from helpers.codings import code_explorer, interpolation

decode = samples.decoder(model)
ends = samples.fixed_codings(model, 6)
plots.image_rows(
    {
        f"walk {i + 1}": decode(interpolation.spherical(ends[2 * i], ends[2 * i + 1], 9))
        for i in range(3)
    },
    title="Along an arc from one coding to another",
)

# %% [markdown]
# **What to see.** Most steps show a garment. Where one kind turns into another, it takes two or three steps, and some of
# them are neither (the fourth image of walk 1). A model that only repeated training images would jump from one to the
# next.
#
# Below: thirty codings, sixteen of them with sliders. Most change several things at once; nothing in the training asks
# one coding to mean one thing. Press *Random* for a new garment.

# %%
code_explorer(decode, samples.fixed_codings(model, 500, seed=1))

# %% [markdown]
# ### Is it memory?
#
# For every fake, find the nearest training image. If they are twins, the model has learned by heart.

# %%
seen = outcome.images_seen // len(outcome.history["d_loss"])  # images in each epoch
searched = garments.X_train
if seen > len(searched):  # shipped weights: search all training images that are on this machine
    searched = data.load("fashion_mnist", quiet=True).X_train
nearest, distances = metrics.nearest_training_images(sampled[:200], searched)
usual = metrics.nearest_training_images(garments.X_test[:200], searched)[1]
print(f"trained on {seen:,} images, searched here: {len(searched):,}")
print("median distance to the nearest training image: "
      f"fakes {np.median(distances):.2f}, test images {np.median(usual):.2f}")  # fmt: skip
print(f"fakes nearer to a training image than any test image is: {np.sum(distances < usual.min())}")
plots.image_rows({"fake": sampled[:10], "nearest": searched[nearest[:10]]})

# %% [markdown]
# **What to see.** Neighbours of the same kind, not twins: other handles, other outlines, no grain. The fakes are even a
# little farther from the training images than real images that the model has not seen; their grain is likely a part of
# that. G never saw a training image. It could only copy one through D's gradients.
#
# With the shipped weights and the images that come with the workbook, only a part of the training images can be searched.
# Even so: if one fake in ten were a copy of some training image, three of our 200 should have shown up. (With the full
# set, `python -m helpers.data fashion_mnist`, this cell searches all 55,000.)

# %% [markdown]
# ## Find the bug: the detective who never learns
#
# Thousands of notebooks build a GAN like this: compile the discriminator, **freeze it**, put it behind the generator
# into one model, and compile that. In old versions of Keras, compiling remembered what was trainable at that moment.
# Here is this very code in Keras 3, on images so plain that a detective should win within seconds.


# %%
import warnings
from types import SimpleNamespace

def old_recipe():
    """The classical loop of two compiled models; returns the networks and a step of training."""
    keras.utils.set_random_seed(0)
    generator, discriminator = vanilla.dense_pair(codings=5, hidden=(20,), shape=(8, 8))
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    discriminator.compile(loss=loss, optimizer="adam")
    discriminator.trainable = False
    combined = keras.Sequential([generator, discriminator])
    combined.compile(loss=loss, optimizer="adam")

    def step(real):
        z = np.random.default_rng(0).normal(size=(len(real), 5)).astype("float32")
        both = np.concatenate([real, generator.predict(z, verbose=0)])
        discriminator.train_on_batch(both, np.repeat([1.0, 0.0], len(real))[:, None])
        combined.train_on_batch(z, np.ones((len(real), 1)))

    return SimpleNamespace(generator=generator, discriminator=discriminator), step


stripes = np.tile(np.float32([1, -1]), (32, 8, 4))
old, old_step = old_recipe()
before = {name: network.get_weights() for name, network in vars(old).items()}
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    for _ in range(5):
        old_step(stripes)
for name, network in vars(old).items():
    pairs = zip(before[name], network.get_weights())
    change = sum(float(np.abs(old - new).sum()) for old, new in pairs)
    print(f"{name:<14} weights moved by {change:8.4f} in all, "
          f"trainable variables: {len(network.trainable_variables)}")  # fmt: skip
told = {str(warning.message) for warning in said if warning.category is UserWarning}
print("warnings on the way:", told or "none")

# %% [markdown]
# **What to see.** No error, and at most one line of warning, easily lost among others. The generator learns. But the
# discriminator's weights have not moved at all: Keras 3 asks *while training* what is trainable, and the answer is
# "nothing". The forger is learning to please a detective who is fast asleep, with random weights.
#
# <details><summary>What to do</summary>
#
# Do not freeze anything. Hand each optimizer the list of the variables that it is to change, as you did in exercise
# 11.5, and let your function of exercise 11.6 watch. (Switching `trainable` on and off in every step is no way out:
# compiled steps keep what they were compiled with.)
#
# </details>

# %% [markdown]
# ## Find the bug: an easy case
#
# Two colleagues say that their detectives win at once. His generator ends in tanh, as ours does, and he hands over the
# images as they come, in [0, 1]. She brings her images to [−1, 1], but her generator ends in a sigmoid. One of the two
# detectives will recognise every fake for ever. Which?

# %%
quiz("11-range")

# %% [markdown]
# ### Exercise 11.7 · The simplest detective
# *15 minutes · difficulty 2 of 3*
#
# How much can one number give away? Write the simplest detective possible. She computes the **mean** of each image, and
# says "real" on one side of a threshold and "fake" on the other. She knows the best threshold, and which side is real.
# Return the share of all images that she gets right: ½ if the mean tells nothing, 1 if it tells all. `real` and `fake`
# hold equally many images (n, h, w).


# %%
def brightness_detective(real: np.ndarray, fake: np.ndarray) -> float:
    """Share of images that the best threshold on their mean puts on the right side, from ½ to 1."""
    ### BEGIN SOLUTION
    means = np.concatenate([real, fake]).mean(axis=(1, 2))
    is_real = np.arange(len(means)) < len(real)
    best = 0.5
    for threshold in np.unique(means):
        right = np.mean((means > threshold) == is_real)
        best = max(best, right, 1 - right)
    return float(best)
    ### END SOLUTION


# %%
brightness_detective = check("11.7", brightness_detective)

# %%
print(f"{'':<36}at the start   after {settings.bug_steps} steps   d_loss")
rows = {}
for name, images, output in (
    ("ours: tanh, images in [−1, 1]", X, "tanh"),
    ("his:  tanh, images in [0, 1]", garments.X_train, "tanh"),
    ("hers: sigmoid, images in [−1, 1]", X, "sigmoid"),
):
    keras.utils.set_random_seed(0)
    networks = vanilla.dense_pair(codings=30, output_activation=output)  # ours, but for the output
    colleague = compiled(GAN(*networks, codings=30, seed=0))
    codings, shown = samples.fixed_codings(colleague, 500), images[:500]
    share = [brightness_detective(shown, colleague.generate(codings[: len(shown)]).numpy())]
    stream = np.resize(images, (settings.bug_steps * 64, 28, 28))
    logs = colleague.fit(stream, batch_size=64, verbose=0).history
    rows[name[:4].strip(":")] = made = colleague.generate(codings).numpy()
    share.append(brightness_detective(shown, made[: len(shown)]))
    print(f"{name:<36}{share[0]:>12.0%}{share[1]:>18.0%}{logs['d_loss'][-1]:>9.2f}")
plots.image_rows({name: np.clip((made[:10] + 1) / 2, 0, 1) for name, made in rows.items()})

# %% [markdown]
# **What to see**, in the lecture profile. Look at her row first. With a sigmoid no pixel can be below 0, while the
# black of her real images is −1. So her fakes can be recognised for ever, whatever else they learn. Here brightness
# alone convicts all of them, at the start and after 400 steps, and the ten that are shown look the same. His generator
# *can* reach the right range. At the start brightness gives all of his fakes away, too, but after 400 steps it tells as
# little as with ours: his generator can get out of the mistake, hers cannot. (All fakes are drawn on the scale from −1
# to 1, so his black is grey here.) At the very start brightness betrays even ours, since fresh fakes are grey and
# garments lie on black. Rule: **print the smallest and the largest value of both before you train.**

# %%
# NBVAL_CHECK_OUTPUT
shipped = data.load("fashion_mnist", source="shipped", quiet=True).X_train
for name, some in (("real images", 2 * shipped - 1), ("a tanh layer", np.tanh([-9.0, 9.0]))):
    print(f"{name:<14} from {some.min():+.2f} to {some.max():+.2f}")

# %% [markdown]
# ## Find the bug: fakes from another generator
#
# Generators often contain **batch normalization**: each layer's outputs are shifted and scaled by the mean and spread
# *of this batch*. For later use the layer keeps running averages of both, which lag behind. A third colleague makes the
# fakes for phase 1 in inference mode, `self.generator(codings)`, and those of phase 2 with `training=True`. What is the
# difference?

# %%
keras.utils.set_random_seed(0)
normed = GAN(*vanilla.dense_pair(codings=30, normalise=True), codings=30, seed=0)
normed.compile(*(keras.optimizers.Adam(settings.rate, 0.5) for _ in range(2)))
codings = samples.fixed_codings(normed, 64)
print("fakes from the same 64 codings: spread of their pixels in either mode, and their difference")
print("                       training mode   inference mode   mean difference of a pixel")
for steps in (0, settings.bug_steps // 8, settings.bug_steps):
    if steps:
        normed.fit(np.resize(X, (steps * 32, 28, 28)), batch_size=32, verbose=0)
    kept = normed.generator.get_weights()
    by_batch = normed.generator(codings, training=True).numpy()
    normed.generator.set_weights(kept)  # looking in training mode changes the running averages
    by_average = normed.generator(codings, training=False).numpy()
    apart = np.abs(by_batch - by_average).mean()
    print(f"after {steps:4d} more steps{by_batch.std():16.3f}{by_average.std():17.3f}{apart:29.3f}")

# %% [markdown]
# **What to see.** The same codings, the same weights, other images. The difference shrinks as the averages catch up,
# but it is still there at the end. In the colleague's code the detective learns to recognise a generator that phase 2
# never uses, and the forger is judged by a detective who knows somebody else's fakes. In both phases the fakes must be
# made alike: `training=True`. Inference mode is for afterwards, when each image should be independent of the others in
# its batch.

# %% [markdown]
# ## On the yardstick
#
# Losses do not tell how good a GAN is; the measures of lesson 10 do. (The real images are the workbook's 2,000 test
# images, as for every generator of the course.) The long training first, beside references: real images against real
# ones, and models that need no network.

# %%
from helpers.metrics import baselines, classifier

real, n = metrics.real_images()[: settings.n_judge], settings.n_judge
judged = metrics.judge_images(sampled, real, train=searched, count=n)
names = "frechet", "inception_score", "precision", "recall", "coverage"
kept = {name: judged[name] for name in names}
trained_on = weights.manifest("gan_11")["data"].split(" (")[0] if outcome.loaded else garments
scoreboard.record("11", "GAN, dense", codings=30, data=trained_on, seconds=outcome.seconds,
                  parameters=model.generator.count_params(), **kept)  # fmt: skip
print("The GAN by all measures of the course:")
print(", ".join(f"{name.replace('_', ' ')} {value:.3f}" for name, value in judged.items()
                if "wasserstein_" not in name))  # fmt: skip
print()
baselines.show()

# %% [markdown]
# **What to see.** *Fréchet distance, ↓*: everything together, in the classifier's features. *Inception score, ↑*: are the
# images clear, and of all kinds? *Precision, ↑*: what share of the fakes looks real. *Recall, ↑*: what share of the real
# images is like something that G makes. Never read one without the other. *Coverage*: the share of classes that appear.
# *Sliced Wasserstein, ↓*: do small patches of the fakes look like patches of real images? *Nearest ratio*: about 1 if the
# fakes are as far from training images as real images are. *Copies*: the share of fakes that are suspiciously near to a
# training image; .01 is chance.
#
# ### Beside the VAE, on equal data
#
# The shipped GAN was trained on 55,000 images, and so were the shipped models of lesson 10. Each makes three sets of
# images from fresh codings:

# %%
from helpers.comparison import generators

features = classifier.features(real)


def quality(images):
    """Fréchet distance, precision and recall of generated images."""
    made = classifier.features(images)
    return metrics.frechet_distance(made, features), *metrics.precision_recall(features, made)


contestants = {f"GAN, dense, on {seen:,} images": lambda n, seed: samples.draw(model, n, seed)}
for one in generators.available():
    if one.name in ("vae_10", "plain_10"):
        in_an_epoch = one.facts["images_seen"] // len(one.facts["history"]["loss"])
        contestants[f"{one.title}, on {in_an_epoch:,} images"] = one.load()
print(f"{'mean of three draws':<52}Fréchet (lowest to highest)   precision   recall")
for name, draw in contestants.items():
    three = np.array([quality(draw(n, seed)) for seed in range(3)])
    distance, precision, recall = three.mean(axis=0)
    low, high = three[:, 0].min(), three[:, 0].max()
    print(f"{name:<52}{distance:7.2f} ({low:.2f} to {high:.2f}){precision:17.3f}{recall:9.3f}")

# %% [markdown]
# **What to see**, with the shipped weights. The VAE of lesson 10 has a slightly *smaller* Fréchet distance than our GAN,
# and the plain autoencoder with a Gaussian fitted to its codings a smaller one still. The draws of one model lie closer
# together than the models do; but each model was trained only once, and GANs depend on their start, as the next cell
# shows. So take it as a draw in distance, and look at the parts. More of the GAN's images look real (precision). They
# show much less of the variety there is (recall). Sharper and less varied, or softer and more varied: that is the
# difference between these models.
#
# One training is an anecdote. So a short training with each of several seeds, on the images of this notebook, to see the
# spread.

# %%
found = []
for seed in settings.seeds:
    fresh = build(seed)
    fresh.fit(X, epochs=settings.short_epochs, batch_size=settings.batch_size, verbose=0)
    found.append(metrics.judge_images(samples.draw(fresh, n, seed=seed), real, count=n))
    print(f"seed {seed}: " + ", ".join(f"{name} {found[-1][name]:.2f}" for name in names))
average = {name: float(np.mean([figures[name] for figures in found])) for name in names}
scoreboard.record("11", "GAN, dense, short", codings=30, data=garments, seeds=settings.seeds,
                  parameters=fresh.generator.count_params(), **average)  # fmt: skip
spread = np.ptp([figures["frechet"] for figures in found])
print(f"Fréchet distance: mean {average['frechet']:.2f}, from best to worst seed {spread:.2f}")

# %%
scoreboard.show(["10", "11"])

# %% [markdown]
# **What to see**, in the lecture profile. A line above each group says how many images its models were trained on: compare
# rows of one group only. On the 9,000 images the short GAN has a mean Fréchet distance of 9.57 from three seeds, and
# lesson 10's VAE with the cross-entropy one of 8.79. But the single seeds overlap: 9.22 to 9.92 above, and 8.55 to 9.23
# in lesson 10, which prints them at its end. A draw. The plain autoencoder with a Gaussian is ahead of both. And look
# again at the references above: PCA-30 with one Gaussian for each class needs no network at all, only the labels, and is
# ahead of both, too.
#
# `python3 workbook.py bench 11` lets a textbook's recipe and ours train for equal minutes and prints both.

# %% [markdown]
# ## Summary
#
# - Two networks, two optimizers, two phases. Phase 1: D learns, real 1, fake 0. Phase 2: G learns, fakes called 1. Which
#   variables the optimizer is given decides who learns; nothing is frozen.
# - The best D is $p/(p + q)$; then the value is $-\log 4 + 2\,\text{JSD}(p, q)$, smallest where $q = p$.
# - That the equilibrium exists does not mean that steps lead there.
# - Non-saturating loss, from logits. Against the best D it follows the gradient of $\text{KL}(q \| p) - 2\,\text{JSD}$,
#   which forgives missing modes. Images and generator in one range. Fakes in training mode, in both phases.
# - Losses do not measure quality. Fréchet distance, precision *and* recall, several seeds.

# %% [markdown]
# **Questions that come up**
#
# - *Which loss should go down?* Neither. A d_loss near 0 is an alarm: the detective is far ahead, and her advice is worth
#   little.
# - *Why is D not trained to the end in every step?* It would be slow, on few images it would overfit, and a perfect D that
#   tells two separate clouds apart has flat ground around the fakes: no gradient (lesson 12).
# - *How do I get the coding of a given image?* Not from a GAN as it is. One can search for it by gradient descent on $z$,
#   or train an encoder as well.
# - *Is it cheating to throw D away in the end?* No more than it is with a scaffold.

# %% [markdown]
# **Where to read on**
#
# - [Goodfellow et al., 2014](https://arxiv.org/abs/1406.2661), *Generative adversarial nets*: the theory above, on a few
#   pages
# - [Goodfellow, 2016](https://arxiv.org/abs/1701.00160), *NIPS 2016 tutorial: generative adversarial networks*: questions
#   and answers
# - [Arjovsky and Bottou, 2017](https://arxiv.org/abs/1701.04862), *Towards principled methods for training generative
#   adversarial networks*: what each loss minimises, and what goes wrong with a perfect D
# - [Salimans et al., 2016](https://arxiv.org/abs/1606.03498), *Improved techniques for training GANs* (Inception score, and
#   tricks of lesson 12)
# - [Heusel et al., 2017](https://arxiv.org/abs/1706.08500), *GANs trained by a two time-scale update rule* (the Fréchet
#   distance)
# - [Kynkäänniemi et al., 2019](https://arxiv.org/abs/1904.06991), *Improved precision and recall metric*
# - [Kahng et al., 2019](https://arxiv.org/abs/1809.01587), *GAN Lab: understanding complex deep generative models using
#   interactive visual experimentation*
