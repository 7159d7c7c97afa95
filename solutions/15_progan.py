# ---
# lesson: "15"
# title: Progressive growing
# question: Must a GAN learn the outline of a garment and its seams at the same time?
# idea: |
#   A painter begins with the outline and adds the details last. A GAN can do the same. Both networks begin with images
#   of 4 × 4 pixels, and when these are good, each gets new layers for images twice as large. A new stage is faded in, so
#   that nothing jumps. Early stages are cheap, and they learn the large forms.
# cover: >-
#   The same ten codings through a training. At the top blocks of 4 × 4 grey squares, then 8 × 8 and 16 × 16, at the
#   bottom shoes, dresses and shirts of 32 × 32 pixels, each at its own place.
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

sys.path.insert(0, "..")  # the folder above holds `helpers`

from helpers import backend  # noqa: F401  (first: it keeps TensorFlow's start-up messages away)

import keras
import numpy as np
import tensorflow as tf
from helpers import data, metrics, plots, scoreboard, session, training, weights
from helpers.exercises import check, hint, quiz  # noqa: F401  (hints are for you: hint("15.1"))
from keras import layers, ops

settings = session.start(
    "15",
    live_codings=32,  # numbers that make an image, in the networks that you train
    live_widths=(32, 24, 16),  # maps of each stage, from 4 × 4 on; one more entry, one more stage
    live_n=1_920,  # images to learn from, in each epoch
    live_batch=16,  # a multiple of 4, for the minibatch deviation
    live_rate=6e-3,  # the paper's learning rate is .001; the training is short
    fade=1,  # epochs in which a stage fades in
    steady=1,  # epochs of a stage after that
    live_last=3,  # of the last one
)

# %% [markdown]
# ## From small to large
#
# A portrait begins with the outline. The eyelashes come last, and nobody paints both at once. A GAN has to: from the
# first step on, its critic looks at the whole image in all its pixels. The generator does not yet know what a shoe is,
# and already it is told off for its laces.
#
# [Karras, Aila, Laine and Lehtinen (2018)](https://arxiv.org/abs/1710.10196) let both networks **grow**. They begin with
# images of 4 × 4 pixels. When these are good, each network gets two layers more, for 8 × 8 pixels, then for 16 × 16, and
# so on, up to 1024 × 1024. The old layers go on learning. At any time there is only *one* new thing to learn: the next
# finer detail.

# %%
from helpers.gans import Film, FrechetDistance, GAN, frechet, progan, samples as gans_samples

progan.figures.growth_figure()

# %% [markdown]
# **What to see.** A row is a stage. The networks are mirror images of each other, and both grow on the side of the
# image: the generator at its end, the critic at its beginning. New layers are orange-red. Old ones (blue) stay in place
# with all that they have learned. (You may have met the idea in lesson 05, where an autoencoder grew layer by layer.)

# %%
garments = data.load("fashion_mnist").take(train=settings.n_train, valid=settings.n_valid)
X, V = garments.X_train, garments.X_valid
real = metrics.real_images()[: settings.n_judge]


def seen_at(stage, images):
    """Images in [0, 1] as a stage sees them, each of its pixels as a square."""
    return gans_samples.at_28((gans_samples.at_size(images, 4 * 2**stage)[..., 0] + 1) / 2)


plots.image_rows({progan.figures.size(stage): seen_at(stage, V[:10]) for stage in range(4)})

# %% [markdown]
# **What to see.** The same ten garments as the four stages see them. (28 × 28 pixels get a black margin of two: 32
# halved three times is 4, and 28 can be halved only twice.) Four by four pixels are hardly an image, but they tell
# trousers from shoes: by where it is bright, and by how much of the picture is filled. At 8 × 8 there are sleeves. The
# rest is detail.

# %%
quiz("15-cost")

# %% [markdown]
# ### The parts
#
# - **Generator.** Codings become 4 × 4 maps. Each further stage makes its input twice as large, by repeating each value
#   in a square of four (**nearest neighbour**), and then has two convolutions of 3 × 3. There are no transposed
#   convolutions, whose strokes overlap unevenly (lesson 13).
# - **Critic.** The same backwards: two convolutions, then the **mean** of each square of four.
# - **To and from an image.** Maps are not an image. A convolution of **1 × 1** makes one grey value of all the maps at a
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
# Suppose that 4 × 4 is learned. Now two new convolutions and a new image layer come in, with random weights. Their input
# makes sense, their output does not.

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
# version, by the same $\alpha$: otherwise the critic could tell them from the fakes by their sharpness alone.

# %%
progan.figures.fade_figure()

# %% [markdown]
# **What to see.** Blue: layers of the stage before, which have learned. Orange-red: new layers. Grey: nothing to
# learn. In the generator the two ways meet *behind* the image layers: images are mixed. In the critic they meet behind
# the new block: maps are mixed.

# %% [markdown]
# ### Exercise 15.1 · Fade in
# *10 minutes · difficulty 1 of 3*
#
# `smaller` are images of the old stage, (batch, h, w, channels), `larger` those of the new one, (batch, 2h, 2w,
# channels). Enlarge `smaller` by repeating each pixel in a square of four (`ops.repeat(x, 2, axis)` repeats along one
# axis) and return the mixture: all of the old image at $\alpha = 0$, all of the new one at $\alpha = 1$.


# %%
def fade_in(smaller: tf.Tensor, larger: tf.Tensor, alpha: float) -> tf.Tensor:
    """(1 − α) · smaller, each pixel as a square of four, + α · larger: the shape of larger."""
    ### BEGIN SOLUTION
    enlarged = ops.repeat(ops.repeat(smaller, 2, axis=1), 2, axis=2)
    return (1 - alpha) * enlarged + alpha * larger
    ### END SOLUTION


# %%
fade_in = check("15.1", fade_in)

# %%
from collections.abc import Callable

coarse, fine = (gans_samples.at_size(V[:10], side) for side in (8, 16))
ALPHAS = (0, 0.25, 0.5, 0.75, 1)
rows = {f"α = {a:g}": np.asarray(fade_in(coarse, fine, a))[..., 0] for a in ALPHAS}
plots.image_rows({name: np.clip((images + 1) / 2, 0, 1) for name, images in rows.items()})

# %% [markdown]
# **What to see.** Real garments on their way from 8 × 8 to 16 × 16. These are the real images that the critic gets while
# the stage fades in: as soft as the fakes are at that moment.

# %% [markdown]
# ### Exercise 15.2 · A stage more
# *20 minutes · difficulty 2 of 3*
#
# The generator's last step while a stage fades in. `maps` come out of the stage before, (batch, h, w, m). `block` is a
# list of the two new convolutions, `old_layer` the image layer of the stage before, and `new_layer` that of the new
# one. `norm` normalises maps (you will write it in 15.4), and `fade` is a fade-in like yours. Return images
# (batch, 2h, 2w, channels).
#
# 1. New way: enlarge the maps with `progan.upsample`. Then, for each layer of the block: the layer itself,
#    `progan.activate` (leaky ReLU), and `norm`. At the end `new_layer`.
# 2. Old way: `old_layer` makes a small image of `maps`.
# 3. Mix the two *images* with `fade(smaller, larger, alpha)`. As yours does, it enlarges the smaller one itself.


# %%
def grown_image(
    maps: tf.Tensor,
    block: list,
    old_layer: Callable,
    new_layer: Callable,
    alpha: float,
    norm: Callable = progan.pixel_norm,
    fade: Callable = progan.fade_in,
) -> tf.Tensor:
    """Images (batch, 2h, 2w, channels) of a generator that fades a stage in."""
    ### BEGIN SOLUTION
    x = progan.upsample(maps)
    for layer in block:
        x = norm(progan.activate(layer(x)))
    return fade(old_layer(maps), new_layer(x), alpha)
    ### END SOLUTION


# %%
grown_image = check("15.2", grown_image)

# %% [markdown]
# ### Nothing happens at α = 0
#
# Let us look: two networks with random weights, and for each stage the largest difference between the grown network and
# the old one. Generator: against the old image, enlarged. Critic: against its old score of the halved image.

# %%
from helpers.gans.progan import AveragedPair, Discriminator, Generator, Grow, GrowingGAN, Pace, Plan

keras.utils.set_random_seed(1)
generator = Generator(settings.codings, settings.widths, 1)
critic = Discriminator(settings.widths, 1)
codings = np.random.default_rng(1).normal(size=(10, settings.codings)).astype("float32")
print(f"{'':<10}{'generator: α = 0':>20}{'α = 1':>9}{'critic: α = 0':>20}{'α = 1':>9}")
for stage in range(1, len(settings.widths)):
    old_images = progan.upsample(generator(codings, stage=stage - 1))
    images = gans_samples.at_size(V[:10], 4 * 2**stage)
    old_scores = critic(progan.downsample(images), stage=stage - 1)
    found = []
    for alpha in (0.0, 1.0):
        found.append(np.abs(generator(codings, stage=stage, alpha=alpha) - old_images).max())
        found.append(np.abs(critic(images, stage=stage, alpha=alpha) - old_scores).max())
    size = progan.figures.size(stage)
    print(f"{size:<10}{found[0]:20.1e}{found[2]:9.2f}{found[1]:20.1e}{found[3]:9.2f}")

# %% [markdown]
# **What to see.** At $\alpha = 0$ there is no difference, or at most rounding, in both networks and at each stage. At
# $\alpha = 1$ the images differ by more than their whole range from −1 to 1, and the scores by about 1.
#
# Now with a generator that has learned something. We train a small GAN at 4 × 4 pixels for a moment, and put new layers
# behind it, by **your** `grown_image` with your `fade_in`.

# %%
squares = gans_samples.at_size(X[: settings.moment_n], 4 * 2 ** (len(settings.moment_widths) - 1))
small = progan.ablation.compiled_gan(
    settings.moment_widths, settings.live_codings, seed=5, rate=settings.live_rate,
    eagerly=settings.eagerly,
)  # fmt: skip
small.fit(squares, epochs=settings.moment_epochs, batch_size=settings.batch_size, verbose=0)

some = gans_samples.fixed_codings(small, 10)
maps, _ = small.generator.features(some, stage=0)
new = small.generator.blocks[0], small.generator.to_image[0], small.generator.to_image[1]
rows = {"4 × 4": progan.upsample(small.generator(some, stage=0))}
rows |= {f"8 × 8, α = {a:g}": grown_image(maps, *new, a, fade=fade_in) for a in ALPHAS}


def shown_whole(images):
    """Words for the range of these images, and the images in [0, 1], scaled if they must be."""
    x = np.asarray(images)[..., 0]
    low, high = min(-1, x.min()), max(1, x.max())
    return f"{low:.1f} to {high:.1f}".replace("-", "−"), (x - low) / (high - low)


plots.image_rows({f"{name} ({shown_whole(x)[0]})": shown_whole(x)[1] for name, x in rows.items()})

# %% [markdown]
# **What to see.** In brackets: the value of black and of white in this row. The first two rows are equal: the grown
# generator begins with the old images, enlarged. Further down, the untrained layers come through. In the last row they
# are all there is, and its largest value is far above 1, the white of real images. A fade-in goes down these rows
# *slowly*, with training at each step. So the new layers have learned something before they have much weight.

# %% [markdown]
# ### The moment of growth, measured
#
# The same small GAN grows twice from the same weights: once with a fade-in, once without. Before each step we ask the
# critic for its scores of the same real images and of fakes from the same codings.

# %%
moments = progan.transition.two_ways(
    small, squares, before=settings.moment_steps, after=settings.moment_steps,
    batch_size=settings.batch_size,
)  # fmt: skip
print(f"{'from one step to the next, at the growth':<44}{'score of real ones':>19}{'of fakes':>10}")
for name, scores in moments.items():
    print(f"  {name:<42}{scores.jump('real'):19.4f}{scores.jump('fake'):10.4f}")
usual = np.abs(np.diff(moments["faded in"].real[: max(2, settings.moment_steps)])).mean()
print(f"  {'usual change from step to step before it':<42}{usual:19.4f}")
progan.figures.moment_figure(moments)

# %% [markdown]
# **What to see**, in the lecture profile. Left: no break at the dotted line. The scores go on as before, and change
# while $\alpha$ rises. Right: a cliff. From one step to the next the critic suddenly scores the same images quite
# differently, although at that moment the old layers have the same weights as on the left. After it the scores swing
# much more widely than on the left.

# %% [markdown]
# ### Exercise 15.3 · The timetable
# *15 minutes · difficulty 2 of 3*
#
# This is the plan: first `steady` epochs at 4 × 4 (stage 0). Then, for each further stage, `fade` epochs in which
# $\alpha$ rises in a straight line from 0 to 1, and `steady` epochs at $\alpha = 1$. Return the stage and $\alpha$ after
# `epoch` epochs, which need not be a whole number: at 2.25 a quarter of the third epoch is over. When the plan is over, stay at
# the last stage, `stages` − 1, with $\alpha = 1$. At stage 0 nothing fades, so $\alpha$ is 1 there, too.


# %%
def stage_at(epoch: float, stages: int, fade: int, steady: int) -> tuple[int, float]:
    """(stage, α) after so many epochs: a whole number from 0 to stages − 1, one from 0 to 1."""
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
# **What to see.** Dashed: the size of the images. Solid: $\alpha$. At each step upwards $\alpha$ falls to 0, so that
# nothing changes at the growth itself. Then it climbs.

# %% [markdown]
# ## Three tools that keep the game even
#
# The paper has no batch normalization in either network. In its place are three simple tools. The second and the third
# were still used when growing itself had been given up.
#
# 1. **Pixel normalization**, in the generator: no map can grow without bound.
# 2. **Equalized learning rate**, in both: all layers learn at the same speed.
# 3. **Minibatch deviation**, in the critic: it sees how much the images of a batch differ.

# %% [markdown]
# ### Exercise 15.4 · Pixel normalization
# *10 minutes · difficulty 1 of 3*
#
# In an arms race both networks may turn up the volume: signals grow, and nothing else is gained. So after each
# convolution the generator brings the vector of all maps **at each place** to the mean square 1:
#
# $$b_{xy} = \frac{a_{xy}}{\sqrt{\frac1N \sum_{j=1}^{N} (a^j_{xy})^2 + \epsilon}},$$
#
# where $a^j_{xy}$ is map $j$ of $N$ at the place $(x, y)$, $b_{xy}$ is the normalised vector, and $\epsilon$ prevents a
# division by 0. No mean is subtracted, nothing is learned, and no other place and no other image matters. `x` has the
# shape (batch, h, w, maps) or (batch, codings).


# %%
def pixel_norm(x: tf.Tensor, epsilon: float = 1e-8) -> tf.Tensor:
    """x over the root of (its mean square along the last axis + ε): the same shape."""
    ### BEGIN SOLUTION
    size = ops.mean(ops.square(x), axis=-1, keepdims=True)
    return x * ops.rsqrt(size + epsilon)
    ### END SOLUTION


# %%
pixel_norm = check("15.4", pixel_norm)

# %%
x = ops.convert_to_tensor(codings)[:, None, None, :] * 3
print("size (root of the mean square over maps) after each layer, if each multiplies it by 2.5:")
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
# inputs of a unit ([He and others, 2015](https://arxiv.org/abs/1502.01852)). Then signals keep their size from layer
# to layer. The ProGAN paper draws all weights from $N(0, 1)$ instead and brings in the constant *each time they are
# used*. Its text says that a weight is *divided by $c$, the per-layer normalization constant from He's initializer*. A
# colleague takes this literally.


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
stacks = {
    "his": [HisDense(64) for _ in range(8)],
    "ours": [progan.EqualizedDense(64) for _ in range(8)],
}
print("variance of the outputs, layer by layer, from inputs of variance 1")
for name, stack in stacks.items():
    x, variances = np.random.default_rng(0).normal(size=(500, 64)).astype("float32"), []
    for layer in stack:
        x = layer(x)
        variances.append(float(ops.var(x)))
        x = progan.activate(x)
    print(f"  {name:<6}" + "".join(f"{variance:10.2g}" for variance in variances))

# %% [markdown]
# **What to see.** Ours stays between 2 and about 3, layer after layer (the leaky ReLU between them leaves about half of
# it). His grows without bound. Where does he read too literally?
#
# <details><summary>Answer</summary>
#
# He's constant $\sqrt{2/n}$ is the standard deviation that weights *should have*. Weights from $N(0, 1)$ must be
# **multiplied** by it. With 64 inputs that is .18; he divides, which multiplies by 5.7, and his variances are too large
# by $(n/2)^2 = 1024$ in each layer. (The sentence of the paper is true if $c$ is the *inverse* constant.) In a generator
# pixel normalization can hide the mistake, since it brings all outputs to size 1. In the critic nothing hides it.
#
# </details>

# %% [markdown]
# ### What is it good for?
#
# Does it make any difference to multiply a weight by a constant? Not to the *outputs*. But Adam divides each gradient by
# its usual size, so its steps are about as large as the learning rate, **for every weight, however large the weight
# is**.

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
        judge, batch, noise, rate=settings.rate, steps=settings.adam_steps,
        batch_size=settings.adam_batch,
    )  # fmt: skip
    found = np.array(list(shares[name].values()))
    span = f"from {found.min():.5f} to {found.max():.5f}, {found.max() / found.min():5.1f} : 1"
    print(f"{name:<18} size of a step over that of the weights: {span}")
progan.figures.steps_figure(shares)

# %% [markdown]
# **What to see**, in the lecture profile. Two critics that compute the same, and differ only in what is stored. With
# ordinary weights the layer with the largest fan-in changes about 35 times as fast, in proportion, as the first one.
# Equalized, all change at about the same speed: the learning rate itself. The trick gives all weights **the same**
# range, so that one learning rate suits all of them.

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
    """A convolution of stride 1 with weights from N(0, 1), scaled each time they are used."""

    def __init__(self, filters: int, kernel_size: int = 3, **kwargs):
        super().__init__(**kwargs)
        self.filters, self.kernel_size = filters, kernel_size

    def build(self, input_shape: tuple) -> None:
        """Kernel (k, k, maps of the input, filters), bias (filters,); input (batch, h, w, maps)."""
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
# A generator that always makes the same good image fools a critic that sees one image at a time (lesson 12). There the
# cure was minibatch discrimination, with learned weights. Here is a much simpler one without weights: *how much do the
# images of this batch differ?* The answer is one number, which the critic gets as one more map.

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
    """x (batch, h, w, m) with one more map that says how much the images of a group differ."""
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
    low, high = min(found[kind]), max(found[kind])
    print(f"{kind:16d} {np.mean(found[kind]):16.3f}   ({low:.3f} – {high:.3f})")

# %% [markdown]
# **What to see.** If all images are the same, the number is 0: a total collapse is easy to see. With two different images
# it is on average half of what real batches have, and the two ranges hardly touch. From four images on they overlap. It
# is a coarse alarm, made for the worst case. That the images of a batch differ does not mean that all kinds are there. In the
# network it looks at the last maps, 4 × 4, and not at pixels.

# %% [markdown]
# ## Your own ProGAN
#
# Now all parts are there, and you wrote most of them. Here they are put together, for images of 16 × 16 pixels and a
# short training. First the generator.


# %%
class GrowingGenerator(progan.GrowingNetwork):
    """Codings (batch, k) → images of a stage, by your layers, your normalization, your growth."""

    def __init__(self, codings, widths):
        super().__init__(widths, channels=1)
        self.codings = codings
        self.first = progan.EqualizedDense(4 * 4 * widths[0])
        self.second = EqualizedConvolution(widths[0])
        self.blocks = [[EqualizedConvolution(width) for _ in range(2)] for width in widths[1:]]
        self.images = [EqualizedConvolution(1, kernel_size=1) for _ in widths]
        self.make_weights(lambda stage: ops.zeros((1, codings)))

    def call(self, codings, stage=None, alpha=1.0, training=None):
        stage = self.chosen(stage)  # None is the last one
        x = ops.reshape(self.first(pixel_norm(codings)), (-1, 4, 4, self.widths[0]))
        x = pixel_norm(progan.activate(x))
        x = pixel_norm(progan.activate(self.second(x)))
        if stage == 0:
            return self.images[0](x)
        for block in self.blocks[: stage - 1]:  # what has grown before
            x = progan.upsample(x)
            for layer in block:
                x = pixel_norm(progan.activate(layer(x)))
        old_layer, new_layer = self.images[stage - 1], self.images[stage]
        newest = self.blocks[stage - 1]
        return grown_image(x, newest, old_layer, new_layer, alpha, norm=pixel_norm, fade=fade_in)

    def get_config(self):  # for the copy whose weights are averages
        return {"codings": self.codings, "widths": self.widths}


# %% [markdown]
# The critic is its mirror image. While a stage fades in, **maps** are mixed: the old way goes through a halved image and
# the image layer of the stage before. Before its last layers it gets your minibatch deviation.


# %%
class GrowingCritic(progan.GrowingNetwork):
    """Images (batch, s, s, 1) of a stage → scores (batch, 1)."""

    def __init__(self, widths):
        super().__init__(widths, channels=1)
        self.images = [EqualizedConvolution(width, kernel_size=1) for width in widths]
        self.blocks = [
            [EqualizedConvolution(widths[s]), EqualizedConvolution(widths[s - 1])]
            for s in range(1, len(widths))
        ]
        self.compare = EqualizedConvolution(widths[0])
        self.gather = progan.EqualizedDense(widths[0])
        self.score = progan.EqualizedDense(1, gain=1.0)  # no activation behind it, so no gain
        self.make_weights(lambda stage: ops.zeros((4, 4 * 2**stage, 4 * 2**stage, 1)))

    def call(self, images, stage=None, alpha=1.0, training=None):
        stage = self.chosen(stage)
        x = progan.activate(self.images[stage](images))
        for s in range(stage, 0, -1):
            for layer in self.blocks[s - 1]:
                x = progan.activate(layer(x))
            x = progan.downsample(x)
            if s == stage:  # the newest block is the one that fades in
                old = progan.activate(self.images[s - 1](progan.downsample(images)))
                x = (1 - alpha) * old + alpha * x
        x = progan.activate(self.compare(minibatch_deviation(x)))
        x = progan.activate(self.gather(ops.reshape(x, (-1, 4 * 4 * self.widths[0]))))
        return self.score(x)


# %% [markdown]
# Two things remain. The real images must fade, too, by your `fade_in`. And somebody must say when to grow: your
# `stage_at`. `Grow` asks the plan before each step and sets $\alpha$; when the stage rises, both networks grow.


# %%
class OwnProGAN(GrowingGAN):
    """A growing GAN whose real images fade in as its fakes do."""

    def shrink(self, images):
        """Real images of full size as the present stage sees them."""
        for _ in range(self.last_stage - self.stage):
            images = progan.downsample(images)
        if self.stage == 0:
            return images
        return fade_in(progan.downsample(images), images, self.alpha)


class Timetable(Plan):
    """A plan that asks your function where the training is."""

    def at(self, epoch):
        return stage_at(epoch, self.stages, self.fade, self.steady)


# %% [markdown]
# The game is that of lesson 14: a Wasserstein loss with gradient penalty ($\lambda = 10$). A small **drift** term is
# added, $.001 \cdot \mathbb{E}[D(x)^2]$ over real images. It keeps the scores near 0 (the loss itself looks at
# differences only). There is one critic step for each generator step, and Adam with $\beta_1 = 0$, $\beta_2 = .99$.

# %%
live_plan = Timetable(
    len(settings.live_widths), settings.fade, settings.steady, settings.live_last
)
live_images = gans_samples.at_size(X[: settings.live_n], 4 * 2 ** (live_plan.stages - 1))
keras.utils.set_random_seed(42)
own = OwnProGAN(
    GrowingGenerator(settings.live_codings, settings.live_widths),
    GrowingCritic(settings.live_widths),
    settings.live_codings,
    averaging=settings.live_averaging,
    seed=42,
)
adams = [keras.optimizers.Adam(settings.live_rate, 0.0, 0.99, epsilon=1e-8) for _ in range(2)]
own.compile(*adams, run_eagerly=settings.eagerly)
own_codings = gans_samples.fixed_codings(own, settings.shown)
own_film = Film(own, own_codings, frames=settings.live_frames, judged=0, evenly=True)
display = training.Live(
    "growing", curves=["d_loss", "g_loss"], samples=lambda: gans_samples.images(own, own_codings)
)
own_story = training.fit(
    own, live_images, epochs=live_plan.epochs, batch_size=settings.live_batch,
    callbacks=[Grow(live_plan), Pace(settings.live_batch), own_film, display],
)  # fmt: skip

# %% [markdown]
# ### The film of its growth

# %%
progan.growth_film(own_film, live_plan)

# %% [markdown]
# **What to see**, in the lecture profile. This is **your** ProGAN, and these are the same codings from the first step
# to the last. Move the slider slowly through an $\alpha$ from 0 to 1: one image becomes a finer one, at the same
# place. So short a training gives blobs, some of them in the shape of garments. The longer training below has time
# for more.

# %%
print(f"{'':<12}{'images a second':>16}{'as quick as the largest':>26}")
paces = {}
for stage, pace in zip(own_story.history["stage"], own_story.history["images_per_second"]):
    paces.setdefault(int(stage), []).append(pace)
for stage, found in paces.items():
    times = np.median(found) / np.median(paces[live_plan.stages - 1])
    print(f"{progan.figures.size(stage):<12}{np.median(found):16,.0f}{times:25.1f}×")
many = gans_samples.fixed_codings(own, settings.n_judge)
newest = np.asarray(own.generate(many, training=True))[..., 0]
newest = gans_samples.at_28(np.clip((newest + 1) / 2, 0, 1))
averaged = gans_samples.at_28(gans_samples.draw(own, settings.n_judge))
real_features = FrechetDistance(settings.n_judge).features
distances = [frechet(images, real_features) for images in (newest, averaged)]
print("\nFréchet distance of the enlarged images: "
      f"newest generator {distances[0]:.2f}, averaged {distances[1]:.2f}")  # fmt: skip
plots.image_rows({"newest": newest[:10], "averaged": averaged[:10]})

# %% [markdown]
# **What to see**, in the lecture profile. The first stage costs a fraction of the last one. So some of the steps are
# cheap, and they are the ones that learn the large forms. At 1024 × 1024 the last stages cost many times what the
# first ones do, and growing saved most there.
#
# The distance below the table compares the newest generator with the **averaged generator** (lesson 12), a running mean
# of the weights over the last steps: .95 of the old mean and .05 of the newest weights at each step here, .999 and .001
# in the paper. In this one training the averaged one is nearer to the real images. The paper draws its images by it,
# and so do we from here on.

# %% [markdown]
# ## A longer training
#
# Now four stages up to 32 × 32, wider, and with 55,000 images, by the workbook's own `Generator` and `Discriminator`.
# They are built like yours. The recipe is the paper's, with one epoch in place of each 800,000 images there. If weights
# that fit are there, they are loaded with the film of their training; otherwise a few steps are trained.

# %%
plan = Plan(len(settings.widths), fade=settings.fade, steady=settings.steady, last=settings.last)
size = 4 * 2 ** (plan.stages - 1)
source = GrowingGAN.training_source, Generator, Discriminator

keras.utils.set_random_seed(42)
pair = Generator(settings.codings, settings.widths, 1), Discriminator(settings.widths, 1)
model = GrowingGAN(*pair, settings.codings, averaging=settings.averaging)
its_codings = gans_samples.fixed_codings(model, settings.shown)
film = Film(model, its_codings, frames=settings.frames, judged=0, evenly=True)
kept = AveragedPair(model)


def train(callbacks):
    adams = [keras.optimizers.Adam(settings.rate, 0.0, 0.99, epsilon=1e-8) for _ in range(2)]
    model.compile(*adams, run_eagerly=settings.eagerly)
    images = gans_samples.at_size(X[: settings.n_long], size)
    watch = [Grow(plan), Pace(settings.batch_size), FrechetDistance(settings.n_watch)]
    display = training.Live(
        "progan_15", curves=["frechet"], samples=lambda: gans_samples.images(model, film.codings)
    )
    kept.history = training.fit(
        model, images, epochs=plan.epochs, batch_size=settings.batch_size,
        callbacks=[*watch, display, film, *callbacks],
    )  # fmt: skip
    film.save("progan_15_film", lesson="15", data=garments)
    figures = judged(model)
    told = ("frechet", "precision", "recall", "nearest_ratio", "copies")
    return {key: figures[key] for key in told}


def judged(gan, seed=0):
    """All figures of new images."""
    images = gans_samples.at_28(gans_samples.draw(gan, settings.n_judge, seed))
    return metrics.judge_images(images, real, train=X, count=settings.n_judge)


outcome = weights.load_or_train(
    kept, "progan_15", train, source=source, lesson="15", data=garments, dtype="float16"
)
film = Film.load("progan_15_film") if outcome.loaded else film
model.set_stage(model.last_stage)

# %% tags=["cover"]
told = outcome.history
earlier = (plan.stages - 1) * (settings.fade + settings.steady)  # epochs before the last ones
last = max(1, len(told["stage"]) - earlier)
told_plan = Plan(plan.stages, fade=settings.fade, steady=settings.steady, last=last)
progan.growth_film(film, told_plan)

# %% [markdown]
# **What to see.** The keys jump to the first frame of a size, the slider goes through all of them. Follow one garment
# from a grey block to its seams: at which size do you know what it will be? And does a fade-in ever change the *kind*
# of garment?
#
# Below are forty new images by the same generator, none of them chosen. With the shipped weights most are clear
# garments. Some are not, such as the third image in the second row and the fourth in the last.

# %% tags=["readme-new"]
sampled = gans_samples.at_28(gans_samples.draw(model, settings.n_judge))
plots.image_grid(sampled[:40], title="New images by the ProGAN")

# %%
from helpers.metrics import baselines

levels = {"real against real": baselines.load()["floor"]["frechet"]}
progan.figures.distance_figure(told["frechet"], told_plan, references=levels)

# %% [markdown]
# **What to see**, in the lecture profile with the shipped weights. The distance at the end of each epoch, the images
# of small stages enlarged. It falls in every epoch, and it is still falling when the training ends. If a growth did
# lasting harm, there would be a peak in a dark band: there is none. (A short setback within an epoch would not be
# seen.)

# %%
print(f"{'epoch':>5}{'size':>9}{'α at its end':>14}{'Fréchet distance':>18}{'images a second':>17}")
columns = zip(*(told[key] for key in ("stage", "alpha", "frechet", "images_per_second")))
for epoch, (stage, alpha, distance, pace) in enumerate(columns, 1):
    size = progan.figures.size(int(stage))
    print(f"{epoch:5d}{size:>9}{alpha:14.2f}{distance:18.2f}{pace:17,.0f}")

# %% [markdown]
# ## Good at every scale?
#
# A single figure does not tell *what* is wrong. The authors of ProGAN ask at each scale separately. A **Laplacian
# pyramid** takes an image apart: the finest level is what is lost by halving the image once, the next what is lost by
# halving it again, and the last is the small image that is left.

# %%
from helpers.gans.dcgan import dcgan_pair

dcgan = GAN(*dcgan_pair(100, 32), 100, averaging=0.999)
its_parts = GAN.training_source, dcgan_pair
has_dcgan = weights.load(
    dcgan, "dcgan_13", source=its_parts, otherwise="the DCGAN of lesson 13 is left out here"
)
rivals = {"ProGAN": sampled}
if has_dcgan:
    rivals["DCGAN (lesson 13)"] = gans_samples.draw(dcgan, settings.n_judge)
some = {"real": real, **rivals}
progan.figures.pyramid_figure({name: images[:3] for name, images in some.items()})

# %% [markdown]
# **What to see.** Top: edges and texture, at 32 × 32. Middle: details. Bottom: the whole, at 8 × 8. In the upper two rows
# red is brighter and blue darker than the next coarser level says.
#
# Now compare real and generated images level by level: cut small patches (7 × 7) from the level, many from each set,
# and measure how far the two clouds of patches are apart, by the earth mover's distance of lesson 14 along random
# lines. This is the **sliced Wasserstein distance**.

# %%
def levels_of(draw):
    """The three distances from real images, for several sets of images: {side: (sets,)}."""
    found = [metrics.sliced_wasserstein_pyramid(draw(i), real) for i in range(settings.sets)]
    return {side: np.array([one[side] for one in found]) for side in found[0]}


def by(gan):
    return lambda i: gans_samples.at_28(gans_samples.draw(gan, settings.n_judge, seed=i))


makers = {"ProGAN": by(model)}
if has_dcgan:
    makers["DCGAN (lesson 13)"] = by(dcgan)
makers["other real images"] = lambda i: X[i * settings.n_judge :][: settings.n_judge]
by_level = {name: levels_of(draw) for name, draw in makers.items()}
print(f"{'lowest – highest of the sets':<20}" + "".join(f"{f'{k} × {k}':>17}" for k in (32, 16, 8)))
for name, found in by_level.items():
    spans = "".join(f"{f'{x.min():.1f} – {x.max():.1f}':>17}" for x in found.values())
    print(f"{name:<28}{spans}")
progan.figures.levels_figure(by_level)

# %% [markdown]
# **What to see**, in the lecture profile with the shipped weights. Bars go from the lowest to the highest of three
# sets of 2,000 images. Other real images are the floor. At 8 × 8 the ProGAN, which began with large shapes, is nearer
# to the real images than the DCGAN, and its bar overlaps with that of other real images. At 16 × 16 and at 32 × 32 the
# bars of the two overlap: a draw. (At 32 × 32 the DCGAN's bar overlaps with the floor as well, and the ProGAN's does
# not.) Patches are local, so the measure does not notice one shoe with two heels. Nor does it see whether a whole set
# is too bright: each set is normalised by itself. Read it beside the Fréchet distance.

# %% [markdown]
# ## Is growing worth it?
#
# A fair comparison needs rivals on equal terms. Here are three ways to train the *same* small networks, with the same
# images and seeds: grown with fade-in; grown without; and at full size from the first step.

# %%
quiz("15-worth")

# %%
subset = data.load("fashion_mnist", source="shipped", quiet=True).take(train=settings.trial_n)
sheet = progan.ablation.GrowthTrials()


def measure_all():
    stages = len(settings.trial_widths)
    trial_plan = Plan(stages, fade=settings.fade, steady=settings.steady, last=settings.trial_last)
    return sheet.fill(
        gans_samples.at_size(subset.X_train, 4 * 2 ** (stages - 1)), plan=trial_plan,
        seeds=settings.trial_seeds, widths=settings.trial_widths, codings=settings.live_codings,
        batch_size=settings.batch_size, count=settings.trial_watch, most=settings.trial_ways,
        eagerly=settings.eagerly,
    )  # fmt: skip


trial = weights.load_or_train(
    sheet, "growing_15", measure_all, source=progan.ablation.GrowthTrials,
    lesson="15", data=weights.data_text(subset), dtype="float16",
)  # fmt: skip
runs = progan.ablation.curves(trial.history)
quickest, terms = progan.ablation.equal_terms(runs)
print("measured beforehand, by the same code:" if trial.loaded else "measured just now:", end=" ")
many, epochs, seeds = (trial.figures[key] for key in ("images", "epochs", "seeds"))
print(f"{many:,.0f} images in {epochs:.0f} epochs; trainings of each kind (seeds): {seeds:.0f}\n")
heads = f"{'after equal images':>20}{'equal time':>16}{'seconds':>9}"
print(f"{'Fréchet distance of each seed':<30}{heads}")
for name, row in terms.items():
    ends, then = (", ".join(f"{x:.2f}" for x in row[key]) for key in ("frechet", "by then"))
    print(f"{name:<30}{ends:>20}{then:>16}{row['seconds'].mean():9.0f}")
print(f"equal time: {quickest:.0f} seconds of processor time, without compiling")

# %%
progan.figures.worth_figure(runs)

# %%
pictures = np.asarray(sheet.pictures, dtype="float32")
plots.image_rows({name: pictures[sheet.names.index(name)] for name in runs})

# %% [markdown]
# **What to see**, where the figures were measured beforehand. Lines of one colour are seeds. Left: by images. From the
# second epoch on full size is ahead of the grown ones with fade-in; each of its images trains all layers. Right: by
# processor time. After equal time the grown ones have seen more images, and at the time when they end they are ahead
# (but not half-way, from about 60 to 100 seconds). A growth can set them back for a while, with fade-in, too: in three
# of the six epochs in which a stage fades in, the distance rises. The images below the curves are those of the first
# seed. So short a training leaves all three with blobs.
#
# Look at the two *without* fade-in. One ends about as well as those with it. The other one gets worse from its third
# epoch to its seventh and ends far behind. Two such runs do not tell which way is better on average. But they show
# that it can go wrong without a fade-in.
#
# Growing is not always better. Here it took little more than half the time for equally many images, and these images
# taught the networks less. With each doubling the last stage costs more, so larger images gain more: the authors
# report two to six times the speed at their sizes. A few years later the same group trained at full size from the
# start, with short cuts from every size to the image ([StyleGAN2, 2020](https://arxiv.org/abs/1912.04958)). What
# remained is the idea that a generator should lay out the large forms first.

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
    at_work = [network.active_variables(stage) for network in grand]
    counts = [sum(int(np.prod(v.shape)) for v in variables) for variables in at_work]
    print(f"{progan.figures.size(stage):>12}{width:6d}{counts[0]:14,}{counts[1]:14,}")
print(f"{'all weights':>12}{'':6}{grand[0].count_params():14,}{grand[1].count_params():14,}")
del grand

# %% [markdown]
# **What to see.** Nine stages, and after the fourth few weights are added: most of the 23 million are in the layers
# up to 32 × 32. The work is elsewhere: a kernel at 1024 × 1024 is applied at a million places.

# %% [markdown]
# ## On the yardstick

# %%
KEYS = ("frechet", "inception_score", "precision", "recall", "nearest_ratio", "copies")
print(f"{'':<40}" + "".join(f"{key.split('_')[0]:>10}" for key in KEYS) + f"{'classes':>8}")


def line(name, figures):
    numbers = "".join(f"{figures.get(key, np.nan):10.3f}" for key in KEYS)
    print(f"{name:<40}{numbers}{10 * figures['coverage']:8.0f}".replace("nan", "  –"))


figures = judged(model)
line("ProGAN", figures)
facts = weights.manifest("progan_15") if outcome.loaded else None
shared = {key: x for key, x in figures.items() if not key.startswith("sliced_wasserstein_")}
scoreboard.record(
    "15", "ProGAN", codings=settings.codings, data=facts["data"] if facts else garments,
    seconds=outcome.seconds,
    parameters=model.generator.count_params() + model.discriminator.count_params(),
    **shared,
)  # fmt: skip
for name in ("floor", "training images", "PCA-30 + Gaussian"):
    line(f"  {baselines.TITLES[name]}", baselines.load()[name])

# %%
scoreboard.show(["11", "13", "14", "15"])

# %% [markdown]
# **What to see**, in the lecture profile with the shipped weights. The ProGAN was shown little more than half as many
# images as the DCGAN, and only half of these at full size. It has three times the parameters, and its training took
# five times as long. There is one training of each. By *precision* the ProGAN's single garments are better: it is that
# of real images. But it has less variety (*recall*), and its Fréchet distance is larger than the DCGAN's. The seconds
# are those of the training, on whatever machine it took place and whatever else that machine was doing. *Nearest* and
# *copies* look among the training images that this notebook has loaded: with the shipped subset these are 9,000 of the
# 55,000 that the networks saw.
#
# `python3 workbook.py bench 15` compares the compiled step with the same step uncompiled, and counts images a second at
# each stage.

# %% [markdown]
# ## Summary
#
# - Begin small: both networks grow at the side of the image, and the old layers go on learning.
# - At $\alpha = 0$ a grown network *is* the old one; then the new layers fade in, in the generator at the images, in
#   the critic at the maps. Real images fade with them.
# - Early stages are cheap, and they learn the large forms. How much that saves depends on the size of the images. At
#   32 × 32, with two seeds, growing won by time and lost by images.
# - Pixel normalization: the vector of maps at each place, to mean square 1.
# - Equalized learning rate: $N(0, 1)$ weights **times** $\sqrt{2/n}$, each time they are used. Then one step of Adam
#   means the same to all layers.
# - Minibatch deviation: over the images first, then the mean, one more map. An alarm against collapse.
# - Sample with the averaged generator, and judge at every scale.

# %% [markdown]
# **Questions that come up**
#
# - *Why do the optimizers start afresh at each growth?* Their running means belong to smaller images and other losses.
#   Adam also corrects its first steps, while its means are not yet good. New weights would take their first steps when
#   this correction is long over. The paper's program starts afresh, too.
# - *Why no tanh at the output?* The paper does without it. The image layers are linear, and the critic soon recognises
#   values outside the range of real images.
# - *Why $\beta_1 = 0$?* In a game yesterday's gradient points where the other side stood yesterday (lessons 12 and 13).

# %% [markdown]
# - *Does the critic judge each image alone, as lesson 14 wants?* Not quite: the minibatch deviation couples the images
#   of a group. It does so by one number for each group of four, and the paper accepts that.
# - *How long should a fade-in last?* The paper: as long as the steady part, 800,000 images each. Here: an epoch each.
#
# What is still missing: control. A coding decides about outline and seams at once, and nothing in it says which is
# which. Lesson 16 gives every stage a style of its own.

# %% [markdown]
# **Where to read on**
#
# - [Karras, Aila, Laine and Lehtinen (2018)](https://arxiv.org/abs/1710.10196), *Progressive growing of GANs for improved
#   quality, stability, and variation*
# - [He, Zhang, Ren and Sun (2015)](https://arxiv.org/abs/1502.01852), *Delving deep into rectifiers*
# - [Gulrajani and others (2017)](https://arxiv.org/abs/1704.00028), *Improved training of Wasserstein GANs*
# - Burt and Adelson (1983), *The Laplacian pyramid as a compact image code*, IEEE Transactions on Communications 31(4),
#   532–540
# - [Karras and others (2020)](https://arxiv.org/abs/1912.04958), *Analyzing and improving the image quality of StyleGAN*
