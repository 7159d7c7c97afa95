# ---
# lesson: "15"
# title: Progressive growing
# question: Must a GAN learn the outline of a garment and its seams at the same time?
# objectives:
#   - say how two networks grow from 4 × 4 pixels to any size, and why nothing jolts when they do
#   - fade a stage in, in the generator and in the critic, and lead a training through all stages
#   - write pixel normalization, the equalized learning rate and the minibatch deviation, and say what each is for
#   - judge images at every scale, and tell whether growing was worth it
# needs: "lessons 13 and 14 (convolutions in a GAN; the critic's loss with gradient penalty), lesson 12 for collapse"
# minutes: {reading: 45, exercises: 115, machine: 1.1}
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
from helpers.exercises import check, hint, quiz  # noqa: F401  (hints are for you: hint("15.1"))
from helpers.gans import Film, FrechetDistance, GAN, frechet, progan, samples as gans_samples
from helpers.gans.dcgan import dcgan_pair
from helpers.gans.progan import AveragedPair, Discriminator, Generator, Grow, GrowingGAN, Pace, Plan
from helpers.metrics import baselines
from keras import layers, ops

settings = session.start("15")

# %% [markdown]
# ## From small to large
#
# Whoever paints a portrait begins with the outline. The eyelashes come last, and nobody paints both at once. A GAN
# must: from the first step on, its critic looks at the whole image in all its pixels. While the generator does not yet
# know what a shoe is, it is already told off for its laces.
#
# Karras, Aila, Laine and Lehtinen (2018) let both networks **grow**. They begin with images of 4 × 4 pixels. When these
# are good, each network gets two layers more, for 8 × 8 pixels, then for 16 × 16, and so on, up to 1024 × 1024. The old
# layers go on learning. At any time there is only *one* new thing to learn: the next finer detail.

# %%
progan.figures.growth_figure()

# %% [markdown]
# **What to see.** A row is a stage. The networks are mirror images of each other, and both grow at the side of the
# image: the generator at its end, the critic at its beginning. What is new is in colour; what is old stays in place
# with all that it has learned. (You may have met the idea in lesson 05, where an autoencoder grew layer by layer.)

# %%
garments = data.load("fashion_mnist").take(train=settings.n_train, valid=settings.n_valid)
X, V = garments.X_train, garments.X_valid
real = metrics.real_images()[: settings.n_judge]


def seen_at(stage, images):
    """Images in [0, 1] as a stage sees them, each of its pixels as a square."""
    return gans_samples.at_28((gans_samples.at_size(images, 4 * 2**stage)[..., 0] + 1) / 2)


plots.image_rows({progan.figures.size(stage): seen_at(stage, V[:10]) for stage in range(4)})

# %% [markdown]
# **What to see.** The same ten garments as the four stages see them. (28 × 28 pixels get a black margin of two, since
# 32 can be halved three times and 28 only twice.) Four by four pixels are hardly an image, but they know trousers from
# shoes: where it is bright, and how much of the picture is filled. At 8 × 8 there are sleeves. The rest is detail.

# %%
quiz("15-cost")

# %% [markdown]
# ### The parts
#
# - **Generator.** Codings become 4 × 4 maps. Each further stage enlarges its input twice, by repeating each value in a
#   square of four (**nearest neighbour**), and then has two convolutions of 3 × 3. No transposed convolutions, so no
#   checkerboards.
# - **Critic.** The same backwards: two convolutions, then the **mean** of each square of four.
# - **To and from an image.** Maps are no image. A convolution of **1 × 1** makes one grey value of all the maps at a
#   place, or maps of one grey value. Each stage has image layers of its own.

# %%
# NBVAL_CHECK_OUTPUT
tile = np.array([[1.0, 2.0], [3.0, 4.0]], dtype="float32").reshape(1, 2, 2, 1)
large = progan.upsample(tile)
print(np.asarray(large)[0, ..., 0])
print(np.asarray(progan.downsample(large))[0, ..., 0])

# %% [markdown]
# ## A stage more, without a jolt
#
# Suppose that 4 × 4 is learned. Now two new convolutions and a new image layer come in, with random weights. What goes
# in is sensible, what comes out is not.

# %%
quiz("15-jolt")

# %% [markdown]
# The cure is a **fade-in**. The old way to an image stays for a while: its small image is enlarged, and the two images
# are mixed, with a weight $\alpha$ that rises slowly from 0 to 1:
#
# $$\text{image} = (1 - \alpha) \cdot \text{old image, enlarged} + \alpha \cdot \text{new image}.$$
#
# At $\alpha = 0$ the grown network *is* the old one. The critic does the same with its maps: the old way in, through a
# halved image, with $1 - \alpha$, the new one with $\alpha$. And the real images? They are mixed with their own coarse
# version, by the same $\alpha$: otherwise they could be told from the fakes by their sharpness alone.

# %%
progan.figures.fade_figure()

# %% [markdown]
# **What to see.** Blue: layers of the stage before, which have learned. Vermillion: new layers. In the generator the
# two ways meet *behind* the image layers, at the images; in the critic behind the new block, at the maps.

# %% [markdown]
# ### Exercise 15.1 · Fade in
# *10 minutes · difficulty 1 of 3*
#
# `smaller` are images of the old stage, (batch, h, w, channels), `larger` those of the new one, (batch, 2h, 2w,
# channels). Enlarge `smaller` by repeating each pixel in a square of four (`ops.repeat(x, 2, axis)` repeats along one
# axis) and return the mixture: all of the old image at $\alpha = 0$, all of the new one at $\alpha = 1$.


# %%
def fade_in(smaller: tf.Tensor, larger: tf.Tensor, alpha: float) -> tf.Tensor:
    """(1 − α) · smaller, each pixel as a square of four, + α · larger: (batch, 2h, 2w, channels)."""
    ### BEGIN SOLUTION
    enlarged = ops.repeat(ops.repeat(smaller, 2, axis=1), 2, axis=2)
    return (1 - alpha) * enlarged + alpha * larger
    ### END SOLUTION


# %%
fade_in = check("15.1", fade_in)

# %%
coarse, fine = (gans_samples.at_size(V[:10], side) for side in (8, 16))
rows = {f"α = {alpha:g}": np.asarray(fade_in(coarse, fine, alpha))[..., 0] for alpha in (0, 0.25, 0.5, 0.75, 1)}
plots.image_rows({name: np.clip((images + 1) / 2, 0, 1) for name, images in rows.items()})

# %% [markdown]
# **What to see.** Real garments on their way from 8 × 8 to 16 × 16. This is what the critic is shown as real while the
# stage fades in: as soft as the fakes are at that moment.

# %% [markdown]
# ### Exercise 15.2 · A stage more
# *20 minutes · difficulty 2 of 3*
#
# The generator's last step while a stage fades in. `maps` come out of the stage before, (batch, h, w, m). `block` is a
# list of the two new convolutions, `old_layer` the image layer of the stage before, and `new_layer` that of the new
# one. Return images (batch, 2h, 2w, channels).
#
# 1. New way: enlarge the maps with `progan.upsample`; then, for each layer of the block, the layer itself,
#    `progan.activate` (leaky ReLU) and `progan.pixel_norm` (which you will meet below); then `new_layer`.
# 2. Old way: `old_layer` makes an image of `maps`.
# 3. Mix the two *images*; `progan.fade_in(smaller, larger, alpha)` does what yours does, and mixes images of equal size as
#    they are.


# %%
def grown_image(maps: tf.Tensor, block: list, old_layer: Callable, new_layer: Callable, alpha: float) -> tf.Tensor:
    """Images (batch, 2h, 2w, channels) of a generator that fades a stage in; maps (batch, h, w, m) of the stage before."""
    ### BEGIN SOLUTION
    x = progan.upsample(maps)
    for layer in block:
        x = progan.pixel_norm(progan.activate(layer(x)))
    old = progan.upsample(old_layer(maps))
    return progan.fade_in(old, new_layer(x), alpha)
    ### END SOLUTION


# %%
grown_image = check("15.2", grown_image)

# %% [markdown]
# ### Nothing happens at α = 0
#
# Let us look: two networks with random weights, and for each stage the largest difference between the grown network and
# the old one. Generator: against the old image, enlarged. Critic: against its old score of the halved image.

# %%
keras.utils.set_random_seed(1)
generator, critic = Generator(settings.codings, settings.widths, 1), Discriminator(settings.widths, 1)
codings = np.random.default_rng(1).normal(size=(10, settings.codings)).astype("float32")
print(f"{'':<10}{'generator: α = 0':>20}{'α = 1':>9}{'critic: α = 0':>20}{'α = 1':>9}")
for stage in range(1, len(settings.widths)):
    old_images, images = progan.upsample(generator(codings, stage=stage - 1)), gans_samples.at_size(V[:10], 4 * 2**stage)
    old_scores = critic(progan.downsample(images), stage=stage - 1)
    found = []
    for alpha in (0.0, 1.0):
        found.append(np.abs(generator(codings, stage=stage, alpha=alpha) - old_images).max())
        found.append(np.abs(critic(images, stage=stage, alpha=alpha) - old_scores).max())
    print(f"{progan.figures.size(stage):<10}{found[0]:20.1e}{found[2]:9.2f}{found[1]:20.1e}{found[3]:9.2f}")

# %% [markdown]
# **What to see.** At $\alpha = 0$ the difference is rounding, or nothing at all, in both networks and at each stage. At
# $\alpha = 1$ it is as large as images and scores themselves.
#
# Now with a generator that has learned something. We train a small GAN at 4 × 4 pixels for a moment, and put the new
# layers behind it.

# %%
squares = gans_samples.at_size(X[: settings.moment_n], 4 * 2 ** (len(settings.moment_widths) - 1))
small = progan.ablation.compiled_gan(settings.moment_widths, settings.live_codings, seed=5, rate=settings.live_rate, eagerly=settings.eagerly)
small.fit(squares, epochs=settings.moment_epochs, batch_size=settings.batch_size, verbose=0)

some = gans_samples.fixed_codings(small, 10)
maps, _ = small.generator.features(some, stage=0)
new = small.generator.blocks[0], small.generator.to_image[0], small.generator.to_image[1]
rows = {"4 × 4": progan.upsample(small.generator(some, stage=0))}
rows |= {f"8 × 8, α = {alpha:g}": grown_image(maps, *new, alpha) for alpha in (0, 0.25, 0.5, 0.75, 1)}
plots.image_rows({name: np.clip((np.asarray(images)[..., 0] + 1) / 2, 0, 1) for name, images in rows.items()})

# %% [markdown]
# **What to see.** The first two rows are the same image, drawn with other squares. Further down, the untrained layers
# come through; in the last row they are all there is. A fade-in goes down these rows *slowly*, with training at each
# step, so that the new layers have learned before they have a say.

# %% [markdown]
# ### The moment of growth, measured
#
# The same small GAN grows twice from the same weights: once with a fade-in, once without. Before each step we ask the
# critic for its scores of the same real images and of fakes from the same codings.

# %%
moments = progan.transition.two_ways(
    small, squares, before=settings.moment_steps, after=settings.moment_steps, batch_size=settings.batch_size
)
print(f"{'from one step to the next, at the growth':<44}{'score of real images':>21}{'of fakes':>10}")
for name, scores in moments.items():
    print(f"  {name:<42}{scores.jump('real'):21.4f}{scores.jump('fake'):10.4f}")
usual = np.abs(np.diff(moments["faded in"].real[: max(2, settings.moment_steps)])).mean()
print(f"  {'usual change from step to step before it':<42}{usual:21.4f}")
progan.figures.moment_figure(moments)

# %% [markdown]
# **What to see**, in the lecture profile. Left: no break at the dotted line; the scores go on as if nothing had
# happened, and change while $\alpha$ rises. Right: a cliff. From one step to the next the critic takes leave of all
# that it thought of these very images. It finds its way back: old layers are still there, and small networks learn
# quickly. The deeper a network and the larger its images, the longer that takes.

# %% [markdown]
# ### Exercise 15.3 · The timetable
# *15 minutes · difficulty 2 of 3*
#
# A plan: first `steady` epochs at 4 × 4 (stage 0). Then, for each further stage, `fade` epochs in which $\alpha$ rises
# in a straight line from 0 to 1, and `steady` epochs at $\alpha = 1$. Return the stage and $\alpha$ after `epoch`
# epochs, which need not be a whole number: 2.25 is a quarter of the third epoch. When the plan is over, stay at the
# last stage, `stages` − 1, with $\alpha = 1$; it is 1 at stage 0, too, where nothing fades.


# %%
def stage_at(epoch: float, stages: int, fade: int, steady: int) -> tuple[int, float]:
    """(stage, α) after so many epochs of a plan: a whole number from 0 to stages − 1, and a number from 0 to 1."""
    ### BEGIN SOLUTION
    if epoch < steady:
        return 0, 1.0
    further, rest = divmod(epoch - steady, fade + steady)
    if further + 1 >= stages:
        return stages - 1, 1.0
    return int(further) + 1, min(1.0, rest / fade)
    ### END SOLUTION


# %%
stage_at = check("15.3", stage_at)

# %%
progan.figures.schedule_figure(stage_at, stages=4, fade=1, steady=1)

# %% [markdown]
# **What to see.** Steps: the size of the images. Line: $\alpha$. At each step upwards $\alpha$ falls to 0, so that the
# growth itself is not noticed; then it climbs.

# %% [markdown]
# ## Your own ProGAN in half a minute
#
# A narrow one, for images of 16 × 16 pixels, from 4 × 4 on. The game is that of lesson 14: a Wasserstein loss with
# gradient penalty ($\lambda = 10$), and a small **drift** term on top, $.001 \cdot \mathbb{E}[D(x)^2]$ over real
# images, which keeps the scores near 0 (the loss itself looks at differences only). One critic step for each generator
# step. Adam with $\beta_1 = 0$, $\beta_2 = .99$. The paper's learning rate is .001; ours is larger here, since half a
# minute is short.

# %%
live_plan = Plan(len(settings.live_widths), fade=settings.fade, steady=settings.steady, last=settings.live_last)
live_images = gans_samples.at_size(X[: settings.live_n], 4 * 2 ** (live_plan.stages - 1))
own = progan.ablation.compiled_gan(
    settings.live_widths, settings.live_codings, seed=42, rate=settings.live_rate, averaging=settings.live_averaging,
    eagerly=settings.eagerly,
)
own_codings = gans_samples.fixed_codings(own, settings.shown)
own_film = Film(own, own_codings, frames=settings.live_frames, judged=0, evenly=True)
display = training.Live("growing", curves=["d_loss", "g_loss"], samples=lambda: gans_samples.images(own, own_codings))
own_story = training.fit(
    own, live_images, epochs=live_plan.epochs, batch_size=settings.live_batch,
    callbacks=[Grow(live_plan), Pace(settings.live_batch), own_film, display],
)  # fmt: skip

# %%
progan.growth_film(own_film, live_plan)

# %% [markdown]
# **What to see**, in the lecture profile. The same codings from the first step to the last. Move the slider slowly
# through an $\alpha$ from 0 to 1: one image becomes another, finer one, at the same place, and nothing jumps. Where it
# is bright is decided early; later stages fill in what the earlier ones have laid out. Half a minute gives blobs of the
# right kind rather than garments; the longer training below has time for more.

# %%
print(f"{'':<12}{'images a second':>16}{'as quick as the largest':>26}")
paces = {}
for stage, pace in zip(own_story.history["stage"], own_story.history["images_per_second"]):
    paces.setdefault(int(stage), []).append(pace)
for stage, found in paces.items():
    times = np.median(found) / np.median(paces[live_plan.stages - 1])
    print(f"{progan.figures.size(stage):<12}{np.median(found):16,.0f}{times:25.1f}×")
newest = np.asarray(own.generate(gans_samples.fixed_codings(own, settings.n_judge), training=True))[..., 0]
newest = gans_samples.at_28(np.clip((newest + 1) / 2, 0, 1))
averaged = gans_samples.at_28(gans_samples.draw(own, settings.n_judge))
real_features = FrechetDistance(settings.n_judge).features
print(f"\nFréchet distance (16 × 16, enlarged): newest generator {frechet(newest, real_features):.2f}, "
      f"averaged {frechet(averaged, real_features):.2f}")
plots.image_rows({"newest": newest[:10], "averaged": averaged[:10]})

# %% [markdown]
# **What to see**, in the lecture profile. The early stages cost a fraction of the last one. So a large part of all
# steps is cheap, and these steps are the ones that learn the large forms: the reason why growing saved so much time at
# 1024 × 1024, where the last stages cost a great many times what the first ones do. The second figure is about the
# **averaged generator** (lesson 12), a running mean of the weights over the last steps: .95 of the old mean and .05 of
# the newest weights at each step here, .999 and .001 in the paper. All images of the paper, and ours, are drawn by it.

# %% [markdown]
# ## Three tools that keep the game even
#
# The paper has no batch normalization, in neither network. In its place are three simple tools, which have outlived the
# growing itself.
#
# 1. **Pixel normalization**, in the generator: no map can grow without bound.
# 2. **Equalized learning rate**, in both: all layers learn at the same speed.
# 3. **Minibatch deviation**, in the critic: it sees how much the images of a batch differ.

# %% [markdown]
# ### Exercise 15.4 · Pixel normalization
# *10 minutes · difficulty 1 of 3*
#
# In an arms race both networks may turn up the volume: signals grow, nothing else is gained. So after each convolution
# the generator brings the vector of all maps **at each place** to the mean square 1:
#
# $$b_{xy} = \frac{a_{xy}}{\sqrt{\frac1N \sum_{j=1}^{N} (a^j_{xy})^2 + \epsilon}},$$
#
# where $a^j_{xy}$ is map $j$ of $N$ at the place $(x, y)$. No mean is subtracted, nothing is learned, and no other
# place and no other image matters. `x` has the shape (batch, h, w, maps) or (batch, codings).


# %%
def pixel_norm(x: tf.Tensor, epsilon: float = 1e-8) -> tf.Tensor:
    """x over the root of (its mean square along the last axis + ε): the same shape."""
    ### BEGIN SOLUTION
    size = ops.mean(ops.square(x), axis=-1, keepdims=True)
    return x / ops.sqrt(size + epsilon)
    ### END SOLUTION


# %%
pixel_norm = check("15.4", pixel_norm)

# %%
x = ops.convert_to_tensor(codings)[:, None, None, :] * 3
print("size (root of the mean square over maps), from layer to layer, when each multiplies its input by a little too much:")
for name, after in (("without", lambda maps: maps), ("with", pixel_norm)):
    maps, sizes = x, []
    for _ in range(8):
        maps = after(2.5 * maps)
        sizes.append(float(ops.sqrt(ops.mean(ops.square(maps)))))
    print(f"  {name:<8}" + "".join(f"{size:10.4g}" for size in sizes))

# %% [markdown]
# ## Find the bug: a constant from a paper
#
# Weights are usually drawn with a standard deviation of $\sqrt{2 / n}$, where $n$ is the **fan-in**, the number of
# inputs of a unit (He and others, 2015): then signals keep their size from layer to layer. The paper draws all weights
# from $N(0, 1)$ instead and brings in the constant *each time they are used*. Its text says: the weights are *divided
# by $c$, the per-layer normalization constant from He's initializer*. A colleague takes it at its word.


# %%
class HisDense(layers.Layer):
    """A dense layer as he reads the paper."""

    def __init__(self, units):
        super().__init__()
        self.units = units

    def build(self, input_shape):
        start = keras.initializers.RandomNormal(stddev=1.0)
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units), initializer=start)
        self.constant = np.sqrt(2 / input_shape[-1])

    def call(self, x):
        return ops.matmul(x, self.kernel / self.constant)


keras.utils.set_random_seed(3)
stacks = {"his": [HisDense(64) for _ in range(8)], "ours": [progan.layers.EqualizedDense(64) for _ in range(8)]}
print("variance of the outputs, layer by layer, from inputs of variance 1")
for name, stack in stacks.items():
    x, variances = np.random.default_rng(0).normal(size=(500, 64)).astype("float32"), []
    for layer in stack:
        x = layer(x)
        variances.append(float(ops.var(x)))
        x = progan.activate(x)
    print(f"  {name:<6}" + "".join(f"{variance:10.2g}" for variance in variances))

# %% [markdown]
# **What to see.** Ours stays about 2, layer after layer; of 2, the leaky ReLU leaves about half. His grows without
# bound. Where does he read too literally?
#
# <details><summary>Answer</summary>
#
# He's constant $\sqrt{2/n}$ is the standard deviation that weights *should have*. Weights from $N(0, 1)$ must be
# **multiplied** by it. With 64 inputs that is .18; he divides, which multiplies by 5.7, and his variances are too large
# by $(n/2)^2 = 1024$ in each layer. (The sentence of the paper is true if $c$ is the *inverse* constant.) With pixel
# normalization behind it a generator may even hide the mistake: outputs are brought to size 1 anyway. In the critic
# nothing hides it.
#
# </details>

# %% [markdown]
# ### What is it good for?
#
# A weight times a constant: should it not make no difference? To the *outputs* it makes none. But Adam divides each
# gradient by its usual size, so its steps are about as large as the learning rate, **for every weight, however large
# the weight is**.

# %%
quiz("15-adam")

# %%
size = 4 * 2 ** (len(settings.widths) - 1)
batch = gans_samples.at_size(X[:64], size)
noise = np.random.default_rng(2).normal(0, 0.5, batch.shape).astype("float32")
shares = {}
for name in ("equalized", "ordinary weights"):
    keras.utils.set_random_seed(7)
    judge = Discriminator(settings.widths, 1)
    if name != "equalized":
        judge = progan.networks.unequalized(judge)  # the same outputs; only what is stored differs
    shares[name] = progan.transition.steps_over_weights(
        judge, batch, noise, rate=settings.rate, steps=settings.adam_steps, batch_size=settings.adam_batch
    )
    found = np.array(list(shares[name].values()))
    span = f"from {found.min():.5f} to {found.max():.5f}, {found.max() / found.min():5.1f} : 1"
    print(f"{name:<18} size of a step over that of the weights: {span}")
progan.figures.steps_figure(shares)

# %% [markdown]
# **What to see**, in the lecture profile. Two critics that compute the same, and differ only in what is stored. With
# ordinary weights the layers with the largest fan-in change tens of times as fast, in proportion, as the first.
# Equalized, all change at about the same speed: the learning rate itself. You may read that the trick gives the weights
# "a larger dynamic range". It is the other way round: it gives all of them **the same** range, so that one learning
# rate is right for all.

# %% [markdown]
# ### Exercise 15.5 · The equalized convolution
# *25 minutes · difficulty 3 of 3*
#
# Write it as a real Keras layer. In `build`: `self.kernel` of the shape (k, k, maps of the input, filters), with $k$ =
# `self.kernel_size`, from $N(0, 1)$, and `self.bias` of the shape (filters,), zeros; `self.add_weight(name=…, shape=…,
# initializer=…)` makes both. In `call`: a convolution with the kernel times $\sqrt{2 / n}$ (fan-in: how many numbers
# does one output see?), by `ops.conv(x, kernel, padding="same")`, plus the bias as it is.


# %%
class EqualizedConvolution(layers.Layer):
    """A convolution of stride 1 whose weights are N(0, 1) and are scaled each time they are used."""

    def __init__(self, filters: int, kernel_size: int = 3, **kwargs):
        super().__init__(**kwargs)
        self.filters, self.kernel_size = filters, kernel_size

    def build(self, input_shape: tuple) -> None:
        """Make kernel (k, k, maps of the input, filters) and bias (filters,). input_shape: (batch, h, w, maps)."""
        ### BEGIN SOLUTION
        shape = (self.kernel_size, self.kernel_size, input_shape[-1], self.filters)
        start = keras.initializers.RandomNormal(stddev=1.0)
        self.kernel = self.add_weight(name="kernel", shape=shape, initializer=start)
        self.bias = self.add_weight(name="bias", shape=(self.filters,), initializer="zeros")
        ### END SOLUTION

    def call(self, x: tf.Tensor) -> tf.Tensor:
        """Maps (batch, h, w, maps) → (batch, h, w, filters)."""
        ### BEGIN SOLUTION
        fan_in = self.kernel_size**2 * x.shape[-1]
        return ops.conv(x, self.kernel * (2 / fan_in) ** 0.5, padding="same") + self.bias
        ### END SOLUTION


# %%
EqualizedConvolution = check("15.5", EqualizedConvolution)

# %%
keras.utils.set_random_seed(4)
x, variances = np.random.default_rng(0).normal(size=(20, 12, 12, 16)).astype("float32"), []
for _ in range(8):
    x = EqualizedConvolution(16)(x)
    variances.append(float(ops.var(x[:, 2:-2, 2:-2])))
    x = progan.activate(x)
print("variance of the outputs, layer by layer (without the edge, where kernels see zeros):")
print("".join(f"{variance:8.2f}" for variance in variances))

# %% [markdown]
# ### A critic that counts
#
# A generator that always makes the same good image passes a critic that sees one image at a time (lesson 12). There the
# cure was minibatch discrimination, with learned weights. Here is a much simpler one, without any: *how much do the
# images of this batch differ?* One number, which the critic gets as one more map, the same value at each place.

# %% [markdown]
# ### Exercise 15.6 · Minibatch deviation
# *25 minutes · difficulty 3 of 3*
#
# `x`: maps (batch, h, w, m); the batch is a multiple of `group`. There are $M$ = batch / group groups, and image $i$ is
# in group $i \bmod M$: `ops.reshape(x, (group, -1, h, w, m))` puts the members of a group along axis 0 and the groups
# along axis 1.
#
# 1. For each group, each place and each map the standard deviation **over the members of the group**: the root of
#    (variance + 1e-8), the variance with the divisor `group`.
# 2. For each group the mean of it over all places and maps: one number. `ops.tile(numbers, (group,))` then has the
#    number of image $i$ at place $i$.
# 3. Return `x` with one more map at the end, (batch, h, w, m + 1), which holds its group's number at each place.
#
# Inside `fit` the size of the batch is not known beforehand; `ops.shape(x)[0]` asks for it.


# %%
def minibatch_deviation(x: tf.Tensor, group: int = 4) -> tf.Tensor:
    """x (batch, h, w, m) with one more map: how much the images of its group differ. (batch, h, w, m + 1)."""
    ### BEGIN SOLUTION
    batch, height, width, maps = ops.shape(x)
    groups = ops.reshape(x, (group, -1, height, width, maps))
    spread = ops.sqrt(ops.var(groups, axis=0) + 1e-8)  # (groups, h, w, m)
    numbers = ops.tile(ops.mean(spread, axis=(1, 2, 3)), (group,))
    planes = ops.broadcast_to(numbers[:, None, None, None], (batch, height, width, 1))
    return ops.concatenate([x, planes], axis=-1)
    ### END SOLUTION


# %%
minibatch_deviation = check("15.6", minibatch_deviation)

# %% [markdown]
# What does it see when a generator collapses? We play the generator: batches of real garments, drawn from only 1, 2, 4,
# … different images, and the number that the critic would find in its additional map.

# %%
rng = np.random.default_rng(6)
kinds = [1, 2, 4, 8, 16, 64, len(V)]
found = {kind: [] for kind in kinds}
for kind in kinds:
    for _ in range(settings.draws):
        chosen = rng.choice(rng.choice(len(V), kind, replace=False), 32)
        seen = minibatch_deviation(ops.convert_to_tensor(gans_samples.at_size(V[chosen], 32)))
        found[kind].append(float(ops.mean(seen[..., -1])))
print("different images   mean deviation   (lowest – highest of all draws)")
for kind in kinds:
    print(f"{kind:16d} {np.mean(found[kind]):16.3f}   ({min(found[kind]):.3f} – {max(found[kind]):.3f})")

# %% [markdown]
# **What to see.** Nothing differs, the number is 0: a total collapse is seen at one glance. Few images: clearly below
# the real batches. But from some tens of images on it looks like variety. It is a coarse alarm, made for the worst
# case; that the images of a batch differ does not mean that all kinds are there. In the network it looks at the last
# maps, 4 × 4, and not at pixels, so it counts differences of kind rather than of brightness.

# %% [markdown]
# ## A longer training
#
# Now four stages up to 32 × 32, wider, and with 55,000 images. The recipe is the paper's, with an epoch where they take
# 800,000 images. If weights that fit are there, they are loaded with the film of their training; otherwise a few steps
# are trained.

# %%
plan = Plan(len(settings.widths), fade=settings.fade, steady=settings.steady, last=settings.last)
size = 4 * 2 ** (plan.stages - 1)
source = GrowingGAN.training_source, Generator, Discriminator

keras.utils.set_random_seed(42)
model = GrowingGAN(
    Generator(settings.codings, settings.widths, 1), Discriminator(settings.widths, 1), settings.codings,
    averaging=settings.averaging,
)  # fmt: skip
film = Film(model, gans_samples.fixed_codings(model, settings.shown), frames=settings.frames, judged=0, evenly=True)
kept = AveragedPair(model)


def train(callbacks):
    adams = [keras.optimizers.Adam(settings.rate, beta_1=0.0, beta_2=0.99, epsilon=1e-8) for _ in range(2)]
    model.compile(*adams, run_eagerly=settings.eagerly)
    images = gans_samples.at_size(X[: settings.n_long], size)
    samples = training.Live("progan_15", curves=["frechet"], samples=lambda: gans_samples.images(model, film.codings))
    kept.history = training.fit(
        model, images, epochs=plan.epochs, batch_size=settings.batch_size,
        callbacks=[Grow(plan), Pace(settings.batch_size), FrechetDistance(settings.n_watch), samples, film, *callbacks],
    )  # fmt: skip
    film.save("progan_15_film", lesson="15", data=garments)
    figures = judged(model)
    return {key: figures[key] for key in ("frechet", "precision", "recall", "nearest_ratio", "copies")}


def judged(gan, seed=0):
    """All figures of new images."""
    images = gans_samples.at_28(gans_samples.draw(gan, settings.n_judge, seed))
    return metrics.judge_images(images, real, train=X, count=settings.n_judge)


outcome = weights.load_or_train(
    kept, "progan_15", train, source=source, lesson="15", data=garments, dtype="float16"
)
film = Film.load("progan_15_film") if outcome.loaded else film
model.set_stage(model.last_stage)

# %%
told = outcome.history
earlier = (plan.stages - 1) * (settings.fade + settings.steady)  # epochs before the steady ones of the last stage
told_plan = Plan(plan.stages, fade=settings.fade, steady=settings.steady, last=max(1, len(told["stage"]) - earlier))
progan.growth_film(film, told_plan)

# %% [markdown]
# **What to see.** The keys jump to the first frame of a size, the slider goes through all of them. Follow one garment
# from a grey block to its seams: at which size do you know what it will be? And does a fade-in ever change the *kind*
# of garment?

# %%
sampled = gans_samples.at_28(gans_samples.draw(model, settings.n_judge))
plots.image_grid(sampled[:40], title="New images by the ProGAN")

# %%
levels = {"real against real": baselines.load()["floor"]["frechet"]}
progan.figures.distance_figure(told["frechet"], told_plan, references=levels)

# %% [markdown]
# **What to see**, in the lecture profile with the shipped weights. The distance at the end of each epoch, the images of
# small stages enlarged. With each size it falls, since enlarged squares are no garments; and at the last one it is still
# falling when the training ends. That a growth did harm would show as a peak in the dark bands: there is none.

# %%
print(f"{'epoch':>5}{'size':>9}{'α at its end':>14}{'Fréchet distance':>18}{'images a second':>17}")
columns = zip(*(told[key] for key in ("stage", "alpha", "frechet", "images_per_second")))
for epoch, (stage, alpha, distance, pace) in enumerate(columns, 1):
    print(f"{epoch:5d}{progan.figures.size(int(stage)):>9}{alpha:14.2f}{distance:18.2f}{pace:17,.0f}")

# %% [markdown]
# ## Good at every scale?
#
# A single figure does not tell *what* is wrong. The authors of ProGAN ask at each scale separately. A **Laplacian
# pyramid** takes an image apart: the finest level is what is lost by halving the image once, the next what is lost by
# halving again, and the last is the small image that is left.

# %%
dcgan = GAN(*dcgan_pair(100, 32), 100, averaging=0.999)
its_parts = GAN.training_source, dcgan_pair
has_dcgan = weights.load(dcgan, "dcgan_13", source=its_parts, otherwise="the DCGAN of lesson 13 is left out here")
rivals = {"ProGAN": sampled}
if has_dcgan:
    rivals["DCGAN (lesson 13)"] = gans_samples.draw(dcgan, settings.n_judge)
progan.figures.pyramid_figure({"real": real[:3], **{name: images[:3] for name, images in rivals.items()}})

# %% [markdown]
# **What to see.** Top: edges and texture, at 32 × 32. Middle: details. Bottom: the whole, at 8 × 8. Red is brighter and
# blue darker than the coarser level says.
#
# Now compare real and generated images level by level: cut small patches (7 × 7) from the level, many from each set,
# and measure how far the two clouds of patches are apart, by the earth mover's distance of lesson 14 along random
# lines. This is the **sliced Wasserstein distance**.

# %%
compared = {**rivals, "real, others": X[: settings.n_judge]}
by_level = {name: metrics.sliced_wasserstein_pyramid(images, real) for name, images in compared.items()}
print(f"{'':<20}" + "".join(f"{f'{side} × {side}':>10}" for side in (32, 16, 8)))
for name, found in by_level.items():
    print(f"{name:<20}" + "".join(f"{found[side]:10.1f}" for side in (32, 16, 8)))
progan.figures.levels_figure(by_level)

# %% [markdown]
# **What to see**, in the lecture profile with the shipped weights. Real images against other real images are the floor.
# Look at *where* a model is far above it: at 8 × 8 its whole shapes are off, at 32 × 32 its edges and textures. The GAN
# that began with large shapes is the nearer one there; at the finer levels the DCGAN is ahead. Patches are local: the
# measure does not notice one shoe with two heels, and brightness is normalized away. Read it beside the Fréchet distance.

# %% [markdown]
# ## Is growing worth it?
#
# An honest comparison needs rivals on equal terms. Three ways to train the *same* small networks, with the same images
# and seeds: grown with fade-in; grown without; and at full size from the first step.

# %%
quiz("15-worth")

# %%
subset = data.load("fashion_mnist", source="shipped", quiet=True).take(train=settings.trial_n)
sheet = progan.ablation.GrowthTrials()


def measure_all():
    trial_plan = Plan(len(settings.trial_widths), fade=settings.fade, steady=settings.steady, last=settings.trial_last)
    return sheet.fill(
        gans_samples.at_size(subset.X_train, 4 * 2 ** (trial_plan.stages - 1)), seeds=settings.trial_seeds, plan=trial_plan,
        widths=settings.trial_widths, codings=settings.live_codings, batch_size=settings.batch_size,
        count=settings.trial_watch, most=settings.trial_ways, eagerly=settings.eagerly,
    )  # fmt: skip


trial = weights.load_or_train(
    sheet, "growing_15", measure_all, lesson="15", data=weights.data_text(subset), dtype="float16",
    source=progan.ablation.GrowthTrials,
)  # fmt: skip
runs = progan.ablation.curves(trial.history)
quickest, terms = progan.ablation.equal_terms(runs)
print("measured beforehand, by the same code:" if trial.loaded else "measured just now:", end=" ")
many, epochs, seeds = (trial.figures[key] for key in ("images", "epochs", "seeds"))
print(f"{many:,.0f} images in {epochs:.0f} epochs, {seeds:.0f} seed(s)\n")
print(f"{'Fréchet distance (mean over seeds)':<38}{'after equal images':>19}{'after equal time':>18}{'its seconds':>13}")
for name, row in terms.items():
    print(f"{name:<38}{row['frechet'].mean():19.2f}{row['by then'].mean():18.2f}{row['seconds'].mean():13.0f}")
print(f"equal time: {quickest:.0f} seconds of processor time, without compiling")

# %%
progan.figures.worth_figure(runs)

# %%
plots.image_rows({name: np.asarray(sheet.pictures[sheet.names.index(name)], dtype="float32") for name in runs}, tile=0.6)

# %% [markdown]
# **What to see**, where the figures were measured beforehand. Left: by images, and there full size is ahead, for each of
# its images trains all layers. Right: by processor time, in which the grown ones have seen more images; there, where the
# grown ones end, they are ahead. Lines of one colour are seeds. Look at the two *without* fade-in: one comes out as well
# as with it, the other one goes astray early, gets farther away with each growth and does not find its way back. A mean
# over two such runs says little; that it can happen says enough.
#
# Growing is no law of nature. At 32 × 32 pixels the networks are small enough to learn everything at once, and the
# saving is small. With each doubling the last stage becomes dearer, and the critic's task at the first step harder. The
# authors report two to six times the speed at their sizes. And a few years later the same group trained at full size
# from the start, with short cuts from every size to the image (StyleGAN2, 2020): what remained is the idea that a
# generator should lay out the large forms first.

# %% [markdown]
# ## At 1024 × 1024
#
# Nothing in these classes knows about 32 pixels. With the paper's widths, 512 codings and three colours they are the
# networks of the paper. We only build and count them; training took the authors four days on eight graphics processors.

# %%
# NBVAL_CHECK_OUTPUT
grand = [Generator(), Discriminator()]  # the defaults are those of the paper
print("weights at work while a stage fades in")
print(f"{'stage':>12}{'maps':>6}{'generator':>14}{'critic':>14}")
for stage, width in enumerate(progan.networks.PAPER_WIDTHS):
    counts = [sum(int(np.prod(v.shape)) for v in network.active_variables(stage)) for network in grand]
    print(f"{progan.figures.size(stage):>12}{width:6d}{counts[0]:14,}{counts[1]:14,}")
print(f"{'all weights':>12}{'':6}{grand[0].count_params():14,}{grand[1].count_params():14,}")
del grand

# %% [markdown]
# **What to see.** Nine stages, and after the fourth hardly a weight is added: most of the 23 million are in the layers
# up to 32 × 32. The work is elsewhere: a kernel at 1024 × 1024 is laid at a million places.

# %% [markdown]
# ## On the yardstick

# %%
print(f"{'':<40}{'Fréchet':>9}{'Inception':>11}{'precision':>11}{'recall':>8}{'classes':>9}{'nearest':>9}{'copies':>8}")


def line(name, figures):
    shown = (f"{figures['frechet']:9.2f}{figures['inception_score']:11.2f}{figures['precision']:11.3f}{figures['recall']:8.3f}"
             f"{10 * figures['coverage']:9.0f}{figures.get('nearest_ratio', np.nan):9.2f}{figures.get('copies', np.nan):8.3f}")
    print(f"{name:<40}{shown}".replace("nan", "  –"))


figures = judged(model)
line("ProGAN", figures)
facts = weights.manifest("progan_15") if outcome.loaded else None
scoreboard.record("15", "ProGAN", codings=settings.codings, data=facts["data"] if facts else garments, seconds=outcome.seconds,
                  parameters=model.generator.count_params() + model.discriminator.count_params(),
                  **{key: value for key, value in figures.items() if not key.startswith("sliced_wasserstein_")})  # fmt: skip
for name in ("floor", "training images", "PCA-30 + Gaussian"):
    line(f"  {baselines.TITLES[name]}", baselines.load()[name])

# %%
scoreboard.show(["11", "13", "14", "15"])

# %% [markdown]
# **What to see**, in the lecture profile with the shipped weights. The ProGAN was shown little more than half as many images as the
# DCGAN, and only part of them at full size. Its garments are the better ones: its *precision* is that of real images. But it
# makes fewer kinds (*recall*), and on balance the DCGAN's distance is a little smaller. The seconds are those of the
# training, wherever it took place and whatever else that machine was doing.
#
# `python3 workbook.py bench 15` compares the compiled step with the same step uncompiled, and counts images a second at
# each stage.

# %% [markdown]
# ## Summary
#
# - Begin small: both networks grow at the side of the image, and the old layers go on learning.
# - At $\alpha = 0$ a grown network *is* the old one; then the new layers fade in, in the generator at the images, in
#   the critic at the maps. Real images fade with them.
# - Early stages are cheap, and they learn the large forms. How much that saves depends on the size of the images.
# - Pixel normalization: the vector of maps at each place, to mean square 1.
# - Equalized learning rate: $N(0, 1)$ weights **times** $\sqrt{2/n}$, each time they are used; then one step of Adam
#   means the same to all layers.
# - Minibatch deviation: over the images first, then the mean, one more map. An alarm against collapse.
# - Sample with the averaged generator, and judge at every scale.

# %% [markdown]
# **Questions that come up**
#
# - *Why do the optimizers start afresh at each growth?* Their running means belong to smaller images and other losses,
#   and new weights would meet steps whose correction for the beginning has long faded. The paper's program does so,
#   too.
# - *Why no tanh at the output?* The paper does without. The image layers are linear, and the critic soon punishes what
#   leaves the range of real images.
# - *Why $\beta_1 = 0$?* In a game yesterday's gradient points where the other side stood yesterday (lessons 12 and 13).

# %% [markdown]
# - *Does the critic judge each image alone, as lesson 14 wants?* Not quite: the minibatch deviation couples the images
#   of a group. One number for a group of four disturbs the penalty little, and the paper accepts it.
# - *How long should a fade-in last?* The paper: as long as the steady part, 800,000 images each. Here: an epoch each.
#
# What is still missing: control. A coding decides about outline and seams at once, and nothing in it says which is
# which. Lesson 16 gives every stage a style of its own.

# %% [markdown]
# **Where to read on**
#
# - Karras, Aila, Laine and Lehtinen (2018), *Progressive growing of GANs for improved quality, stability, and
#   variation*, arXiv 1710.10196
# - He, Zhang, Ren and Sun (2015), *Delving deep into rectifiers*, arXiv 1502.01852
# - Gulrajani and others (2017), *Improved training of Wasserstein GANs*, arXiv 1704.00028
# - Burt and Adelson (1983), *The Laplacian pyramid as a compact image code*
# - Karras and others (2020), *Analyzing and improving the image quality of StyleGAN*, arXiv 1912.04958
