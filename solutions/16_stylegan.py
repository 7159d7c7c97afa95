# ---
# lesson: "16"
# title: StyleGAN
# question: Can a generator keep apart what an image is, how it looks, and what is left to chance?
# idea: >-
#   Until now a coding went into the generator once, at the bottom. StyleGAN starts every image from the same learned
#   constant, and lets the coding speak to *every layer*: early layers settle most of the shape, late ones most of
#   the brightness. So two garments can be mixed layer by layer: the shape of one, the looks of the other. What is mere
#   chance, such as single threads, comes in separately, as noise.
# cover: >-
#   A board of garments. Each place mixes the garment at its left with the one on top; in the upper rows the shape comes
#   from above, in the lower rows only the brightness
# objectives:
#   - explain the style-based generator, from the mapping network and AdaIN to the learned constant and the noise
#   - train one that grows, with the logistic loss and the R1 penalty, and say what each costs
#   - mix the styles of two images layer by layer, and measure what each layer decides
#   - measure how straight a space of codings is, by path length and separability, with a control
#   - trade variety for quality by truncation, and show the trade as a curve
# needs: "lessons 13 (DCGAN) and 15 (progressive growing, whose discriminator and training are used here)"
# minutes: {reading: 45, exercises: 110, machine: 1.4}
# ---

# %%
import sys

sys.path.insert(0, "..")  # the folder above holds `helpers`

from helpers import backend  # noqa: F401  (first: it keeps TensorFlow's start-up messages away)

import keras
import numpy as np
import tensorflow as tf
from helpers import data, metrics, plots, scoreboard, session, training, weights
from helpers.exercises import check, hint, model_like, quiz  # noqa: F401  (help: hint("16.1"))
from keras import ops

settings = session.start(
    "16",
    live_n=4_000,  # images that your own StyleGAN learns from
    live_epochs=5,
    live_widths=(32, 16, 8),  # its feature maps at 4 × 4, 8 × 8 and 16 × 16 pixels
    live_r1=1.0,  # γ, the weight of its R1 penalty
    mixing=0.9,  # share of the training images that have two styles
    n_swap=1_000,  # pairs of images for measuring what each level of styles decides
    psi=(0.0, 0.3, 0.5, 0.7, 0.85, 1.0, 1.2),  # degrees of truncation
)

# %% [markdown]
# ## Who decides what?
#
# The generators so far take in their coding at the bottom, and an image comes out at the top. Kind, shape, brightness,
# folds: all of it is in the same numbers, entangled. Change one of them, and everything moves a little.
#
# [Karras, Laine and Aila (2019)](https://arxiv.org/abs/1812.04948) took the generator of lesson 15 and changed *where*
# things enter. A coding decides about an image at **every layer**, as a painter decides first on the outline and last
# on the texture of the cloth. Chance, such as where each thread lies, has an **input of its own**. The discriminator
# is that of lesson 15, with a blur before each halving. The training grows in the same way, too (here from 4 × 4
# pixels on, in the paper from 8 × 8).

# %%
from helpers.gans import Film, FrechetDistance, dcgan, progan, samples, stylegan

stylegan.figures.architecture_figure()

# %% [markdown]
# **What to see.** Left: everything goes in once, at the bottom. Right: at the bottom there is a constant, learned and
# the same for all images. The coding $z$ first becomes a **style vector** $w$, which then speaks to each layer
# (orange-red). Noise comes in from the right (blue), for each layer anew.

# %%
quiz("16-constant")

# %% [markdown]
# ## The mapping network
#
# A network $f$ turns a coding $z \in \mathcal Z$ into a style $w \in \mathcal W$. Pixel normalization (lesson 15)
# brings $z$ to the length $\sqrt k$, where $k$ is the number of codings; then follow eight dense layers of $k$ units
# with leaky ReLU. In the paper $k = 512$; here it is 128.
#
# Why not use $z$ directly? Codings are drawn from a round Gaussian. But the things that images are made of are *not*
# distributed like that: hardly any sandal has long sleeves. To fill a ball evenly the generator has to bend its space
# where combinations are missing. Nobody prescribes the distribution of $w$. So $f$ can straighten what was bent.
# Whether it does will be measured below.
#
# The learning rate of these layers is a hundredth of that of the others. In eight layers in a row, changes multiply.

# %% [markdown]
# ## Styles
#
# For each layer of the synthesis a learned **affine** map $A$ (a dense layer without activation) makes two numbers for
# each feature map $x_i$ out of $w$: a scale $s_i$ and a shift $b_i$. They enter by **adaptive instance normalization**
# ([Huang and Belongie, 2017](https://arxiv.org/abs/1703.06868)):
#
# $$\text{AdaIN}(x_i, s_i, b_i) = s_i\,\frac{x_i - \mu(x_i)}{\sigma(x_i)} + b_i,$$
#
# where $\mu(x_i)$ and $\sigma(x_i)$ are mean and standard deviation over the **height and width** of this one map, of
# this one image. What the layers below had to say about the map's mean and size is wiped out; the style decides anew.
# So the scales and shifts of one style last until the next AdaIN, and no longer. What they have done to *where* things
# lie in the maps is handed on. That is why styles of different layers can be mixed.

# %% [markdown]
# ### Exercise 16.1 · AdaIN
# *10 minutes · difficulty 1 of 3*
#
# `x` has the shape (batch, height, width, maps); `scale` and `bias` are (batch, maps). Write the formula above, with
# $\sqrt{\text{variance} + 10^{-8}}$ for σ, where the variance is the mean of the squared differences from the mean.
# `ops.mean` knows `axis` (also several axes, as a tuple) and `keepdims`. `ops.var`, `ops.square`, `ops.sqrt` and
# `ops.rsqrt` (one over the root) may help.


# %%
def adain(x: tf.Tensor, scale: tf.Tensor, bias: tf.Tensor) -> tf.Tensor:
    """Maps (batch, h, w, maps), each normalized, times scale, plus bias; both are (batch, maps)."""
    ### BEGIN SOLUTION
    centred = x - ops.mean(x, axis=(1, 2), keepdims=True)
    variance = ops.mean(ops.square(centred), axis=(1, 2), keepdims=True)
    normalized = centred * ops.rsqrt(variance + 1e-8)
    return scale[:, None, None, :] * normalized + bias[:, None, None, :]
    ### END SOLUTION


# %%
adain = check("16.1", adain)

# %%
garments = data.load("fashion_mnist").take(train=settings.n_train)
X = garments.X_train
real = metrics.real_images()[: settings.n_judge]
ends = ([1, 1, 1], [1, 0, -1])
signs = np.stack([np.outer(down, across) for down in ends for across in ends], axis=-1)
kernel = (signs * np.array([0.6, 1.0, 2.0, 1.0])).astype("float32")[:, :, None, :]
maps = np.asarray(ops.conv(X[4:5, ..., None], kernel, padding="same"))
maps = maps + np.array([2.0, 0, -3.0, 0], "float32")
styles = {  # scales and shifts of the four maps
    "one style": ([1.0, 3.0, 0.3, 1.0], [0.0, -2.0, 0.0, 3.0]),
    "another": ([3.0, 0.3, 2.0, 0.5], [-4.0, 0.0, 2.0, -1.0]),
}
rows = {"maps": maps}
for name, style in styles.items():
    scale, bias = (ops.convert_to_tensor([numbers]) for numbers in style)
    rows[name] = adain(ops.convert_to_tensor(maps), scale, bias)
stylegan.figures.maps_figure(rows, top=8)

# %% [markdown]
# **What to see.** Four maps of one garment, made by four kernels (above each: mean ± standard deviation over its
# pixels). After AdaIN mean and deviation are those that the style asks for, whatever they were before. What lies
# *where* in a map stays the same. The next convolution sees some maps loud and some nearly silent.

# %% [markdown]
# ## Noise
#
# A picture has parts that do not matter one by one: where exactly a thread lies, which pixel of the edge is a little
# brighter. A generator without a source of chance has to make up such things from its coding. That costs weights and
# codings, and what it makes up repeats itself.
#
# StyleGAN gives each layer a **noise image**: one plane of numbers from $N(0, 1)$, in the size of the layer, drawn anew
# for each image. It is added to every map $i$, times a learned factor $n_i$ for this map. All factors **start at 0**:
# the generator begins without noise, and takes in what helps it.

# %% [markdown]
# ### Exercise 16.2 · A layer for noise
# *15 minutes · difficulty 2 of 3*
#
# Write it as a Keras layer. In `build`, make one weight, `self.scales`, of shape (maps,), that starts at 0 and is
# learned: `self.add_weight(shape=…, initializer=…)`. In `call`, add noise to the maps: `x` is (batch, height, width,
# maps), `noise` is (batch, height, width, 1); the last axis has to stretch.


# %%
class ScaledNoise(keras.layers.Layer):
    """Adds to each map the same noise picture, times a learned factor of this map, 0 at first."""

    def build(self, input_shape: tuple) -> None:
        """One factor for each map; input_shape: (batch, height, width, maps)."""
        ### BEGIN SOLUTION
        self.scales = self.add_weight(shape=(input_shape[-1],), initializer="zeros", name="scales")
        ### END SOLUTION

    def call(self, x: tf.Tensor, noise: tf.Tensor) -> tf.Tensor:
        """Maps (batch, h, w, maps) and noise (batch, h, w, 1) → maps of the same shape."""
        ### BEGIN SOLUTION
        return x + noise * self.scales
        ### END SOLUTION


# %%
ScaledNoise = check("16.2", ScaledNoise)

# %%
layer = ScaledNoise()
chance = np.random.default_rng(0).normal(size=(1, 28, 28, 1)).astype("float32")
rows = {"at the start": layer(maps, chance)}
layer.scales.assign([0.0, 0.3, 1.0, 2.0])
rows["0, .3, 1, 2"] = layer(maps, chance)
stylegan.figures.maps_figure(rows, top=8)

# %% [markdown]
# **What to see.** Above, nothing has happened yet: the first images of a training have no noise. Below, with factors 0,
# .3, 1 and 2, one and the same noise picture gets louder from map to map. A map that carries outlines can keep quiet,
# one that carries texture can take in a lot.

# %% [markdown]
# ## The whole generator, of your parts
#
# For each size, from 4 × 4 on, there are two layers; each of them is
#
# 1. a convolution (the very first layer has the learned constant instead); at the beginning of a new size the maps are
#    doubled in height and width before it and **blurred** a little after it, with weights 1, 2, 1, so that no squares
#    remain;
# 2. noise times its factors, plus a bias; leaky ReLU;
# 3. AdaIN, with its own affine map of $w$.
#
# Points 2 and 3 are a layer of their own. Your AdaIN and your noise layer are in it:


# %%
class StyledLayer(keras.layers.Layer):
    """What follows the constant and each convolution: noise, bias, leaky ReLU, AdaIN."""

    def __init__(self, maps: int, units: int, **kwargs):
        super().__init__(**kwargs)
        self.units = units  # length of a style
        self.noise, self.bias = ScaledNoise(), stylegan.layers.Bias()
        self.affine = progan.layers.EqualizedDense(2 * maps, gain=1.0)  # the map A of this layer

    def build(self, input_shape):
        self.noise.build(input_shape)
        self.bias.build(input_shape)
        self.affine.build((None, self.units))

    def call(self, x, w, noise=None):
        x = x if noise is None else self.noise(x, noise)
        x = progan.networks.activate(self.bias(x))
        scale, shift = ops.split(self.affine(w), 2, axis=-1)
        return adain(x, 1.0 + scale, shift)  # scales begin near 1


# %% [markdown]
# And this is the way from the constant to the image. (The class that it stands on makes the layers: the mapping
# network, the convolutions, a `StyledLayer` for each, and `to_image`, which turns maps into pixels. Weights are
# equalized, and new sizes fade in, as in lesson 15.)


# %%
class Generator(stylegan.AssembledGenerator):
    """Codings → styles by `self.mapping`; styles → images by `self.synthesis`."""

    styled_layer = StyledLayer

    def synthesis(self, w, stage=None, alpha=1.0, noise=None):
        """Images from styles w (batch, layers, units); noise: a plane for each layer, or None."""
        stage = self.chosen(stage)  # 0 for images of 4 × 4 pixels, 1 for 8 × 8, …
        noise = [None] * self.layer_count if noise is None else noise
        x = ops.broadcast_to(self.constant, (ops.shape(w)[0], *self.constant.shape[1:]))
        x = self.styled[0](x, w[:, 0], noise[0])
        x = self.styled[1](self.convolutions[0](x), w[:, 1], noise[1])
        before = x
        for layer in range(2, 2 * (stage + 1), 2):  # the two layers of each further size
            before = x
            x = stylegan.blur(self.convolutions[layer - 1](progan.layers.upsample(x)))
            x = self.styled[layer](x, w[:, layer], noise[layer])
            x = self.convolutions[layer](x)
            x = self.styled[layer + 1](x, w[:, layer + 1], noise[layer + 1])
        image = self.to_image[stage](x)
        if stage == 0:
            return image
        return progan.layers.fade_in(self.to_image[stage - 1](before), image, alpha)


# %% [markdown]
# There is no pixel normalization inside; AdaIN does more than that. The paper's generator makes images of 1024 × 1024
# pixels in colour, so it has nine sizes and 18 layers. The very same class builds it:

# %%
from collections.abc import Callable

# NBVAL_CHECK_OUTPUT
paper = Generator()  # 512 codings, 512 units, nine sizes, colour
parts = {
    "mapping network": [paper.mapping],
    "convolutions": paper.convolutions,
    "affine maps of the styles": [layer.affine for layer in paper.styled],
    "factors of the noise": [layer.noise for layer in paper.styled],
    "biases": [layer.bias for layer in paper.styled],
    "to colours": paper.to_image,
}
counts = {"learned constant": int(np.prod(paper.constant.shape))}
counts |= {name: sum(layer.count_params() for layer in group) for name, group in parts.items()}
for name, count in counts.items():
    print(f"{name:<28}{count:>12,}")
print(f"{'all':<28}{sum(counts.values()):>12,}   as Keras counts them: {paper.count_params():,}")
del paper, parts

# %% [markdown]
# **What to see.** 26.2 million, as in the paper; ProGAN's generator has 23.1. The mapping network and the affine maps
# are new, and the dense layer at the bottom is gone. The noise, which in the paper's faces places each hair, costs as
# few weights as the biases.

# %% [markdown]
# ## Loss and penalty
#
# The paper trains with the **non-saturating logistic loss** of lesson 11, not with that of Wasserstein, and adds a
# simpler penalty than lesson 14, **R1** ([Mescheder, Geiger and Nowozin, 2018](https://arxiv.org/abs/1801.04406)): at
# the *real* images the discriminator's slope should be 0,
#
# $$R_1 = \frac{\gamma}{2}\;\mathbb E_{x\,\sim\,\text{real}}\;\lVert\nabla_x D(x)\rVert^2,$$
#
# where $D(x)$ is the logit, $\nabla_x$ the gradient with respect to the pixels of this image, $\|\cdot\|$ its length
# over all of them, and $\gamma = 10$ the weight. Why 0? When the fakes are as good as the real images, the
# discriminator should rest: a slope there would drive the generator away again from where it belongs. In lesson 12's
# picture, R1 turns the circle into a spiral that ends in the middle.
#
# A gradient of a gradient makes a step much more expensive. So we compute R1 at every eighth step only, with eight
# times its weight: "lazy" regularization, from [the paper's successor](https://arxiv.org/abs/1912.04958). StyleGAN
# itself has it at every step.

# %% [markdown]
# ### Exercise 16.3 · R1
# *20 minutes · difficulty 2 of 3*
#
# Return $\frac12$ times the mean, over the images of the batch, of the squared length of $\nabla_x D(x)$ (γ comes
# later). `discriminator(images)` gives logits (batch, 1), each for its own image; `real` has the shape (batch, height,
# width, channels). `with tf.GradientTape() as tape:`, `tape.watch(real)`, and after it `tape.gradient(logits, real)`:
# the gradient of the *sum* of the logits, so each image gets its own. The result is a tensor, so that training can go
# on through it.


# %%
def r1_penalty(discriminator: Callable, real: tf.Tensor) -> tf.Tensor:
    """Half the mean over images of ‖gradient of the logit by the image‖²: one number, 0 or more."""
    ### BEGIN SOLUTION
    with tf.GradientTape() as tape:
        tape.watch(real)
        logits = discriminator(real)
    gradient = tape.gradient(logits, real)
    return 0.5 * ops.mean(ops.sum(ops.square(gradient), axis=(1, 2, 3)))
    ### END SOLUTION


# %%
r1_penalty = check("16.3", r1_penalty)

# %% [markdown]
# ## A long training
#
# 32 × 32 pixels, 128 codings, 55,000 images. If weights that fit are there, they are loaded into *your* generator,
# together with the film of their training. So all garments below are painted by your AdaIN.


# %%
from helpers.gans.progan import Grow, Pace, Plan, growth_film
from helpers.gans.stylegan import Painter, StyleDiscriminator, StyleGAN, StyleGenerator

def adam(rate):
    return keras.optimizers.Adam(rate, beta_1=0.0, beta_2=0.99)


framed = samples.frame(X)  # 32 × 32, in [−1, 1]
keras.utils.set_random_seed(42)
model = StyleGAN(
    Generator(settings.codings, settings.codings, settings.widths, 1),
    StyleDiscriminator(settings.widths, 1),
    settings.codings, r1=settings.r1, r1_every=settings.r1_every, mixing=settings.mixing,
    averaging=settings.averaging,
)  # fmt: skip
some = samples.fixed_codings(model, 30)
film = Film(model, some, frames=settings.frames, judged=min(500, settings.n_judge), evenly=True)
kept = stylegan.AveragedGenerator(model)  # the averaged generator and its mean style
beginning = keras.models.clone_model(model.generator.mapping)  # … before all training
beginning.set_weights(model.generator.mapping.get_weights())
plan = Plan(settings.stages, settings.fade, settings.steady, settings.last)


def train(callbacks):
    model.compile(adam(settings.rate), adam(settings.rate), run_eagerly=settings.eagerly)
    live = training.Live("StyleGAN", samples=lambda: samples.images(model, some[:20]))
    watch = [Grow(plan), Pace(settings.batch_size), FrechetDistance(settings.n_read), live]
    training.fit(
        model, framed[: settings.n_long], epochs=plan.epochs, batch_size=settings.batch_size,
        callbacks=[*watch, *callbacks, film],
    )  # fmt: skip
    film.save("stylegan_16_film", lesson="16", data=garments)
    drawn = samples.draw(model, settings.n_judge)
    figures = metrics.judge_images(drawn, real, train=X, count=settings.n_judge)
    reached = ("frechet", "precision", "recall", "nearest_ratio", "copies")
    return {key: figures[key] for key in reached}


source = StyleGAN.training_source, StyleGenerator, StyleDiscriminator
outcome = weights.load_or_train(
    kept, "stylegan_16", train, source=source, lesson="16", data=garments, dtype="float16"
)
film = Film.load("stylegan_16_film") if outcome.loaded else film
model = kept.settle()  # the last stage
painter = Painter(model)

# %%
past = outcome.history
last = len(past["frechet"]) - plan.epochs + settings.last  # epochs at the last size
growth_film(film, Plan(settings.stages, settings.fade, settings.steady, last))

# %% [markdown]
# **What to see.** The same codings all the time, at equal intervals. At 4 × 4 there are only lumps of light; each
# doubling adds what fits into its pixels. Follow one column: what is decided early, and what late?

# %%
plots.curves({"StyleGAN": past["frechet"]}, log=True, ylabel="Fréchet distance")

# %%
distance = dict(enumerate(past["frechet"], start=1))
ends_of_fades = [e for e in range(2, len(distance)) if past["stage"][e - 1] > past["stage"][e - 2]]
print(f"{'new size':<12}{'before it':>11}{'faded in':>11}{'an epoch later':>17}   Fréchet distance")
for epoch in ends_of_fades:
    side = 4 * 2 ** round(past["stage"][epoch - 1])
    values = f"{distance[epoch - 1]:11.2f}{distance[epoch]:11.2f}{distance[epoch + 1]:17.2f}"
    print(f"{side:2d} × {side:<7d}{values}")

# %% [markdown]
# **What to see.** Images of 4 × 4 pixels cannot be near real ones. Read the table from left to right. When a new size
# has just faded in, its layers have the last word, and they have been trained for one epoch only. In which lines is
# the distance higher than before the new size? An epoch later it is well below in every line.

# %%
from helpers.metrics import baselines, classifier

codings = np.random.default_rng(1).normal(size=(settings.n_judge, settings.codings))
w = painter.styles(codings)
sampled = painter.images(w, painter.noise(len(w), seed=2))
probabilities = classifier.probabilities(sampled)
plots.image_grid(sampled[:40], title="New images by the StyleGAN")

# %%
shares = metrics.class_histogram(probabilities)
print(f"kinds of garment among {len(w):,} new images, by the classifier (real images: 10 % each)")
for name, share in sorted(zip(garments.class_names, shares), key=lambda pair: -pair[1]):
    print(f"{name:<14}{share:6.1%}  {'▪' * round(100 * share)}")

# %% [markdown]
# **What to see.** Most images are clear garments. But the kinds are not equally frequent. With the shipped weights
# bags are all but missing: **mode dropping** (lesson 12). Recall, at the end of this lesson, will show the lack of
# variety in one number. First we do with these images what no earlier generator could do.

# %% [markdown]
# ## Two styles, one image
#
# Each layer has a style of its own. Nobody says that all layers must have the *same* one. Take $w_1$ of a boot for the
# first layers and $w_2$ of a bright pullover for the rest: what comes out?

# %%
quiz("16-mixing")

# %% [markdown]
# For this the generator must be able to take any two styles together. In training it is made to: for nine images out of
# ten two codings are drawn, and from some layer on, drawn at random, the second style takes over. This **style mixing
# regularization** keeps the generator from assuming that neighbouring layers always agree.

# %% [markdown]
# ## Find the bug: a little of both
#
# A colleague mixes in a way of his own, and his training runs without an error. Below, one coding stays the same, and
# the *second* one changes from column to column. In each image only the fine layers should come from the second.


# %%
def his_mix(first, second, place):
    return ops.where(place < first.shape[1], (first + second) / 2, first)


def surest(kind, count=1):
    """Numbers of the drawn images that the classifier takes for this class with most confidence."""
    return np.argsort(-probabilities[:, garments.class_names.index(kind)], kind="stable")[:count]


one = painter.spread(w[np.repeat(surest("Ankle boot"), 8)])
others = painter.spread(w[np.concatenate([surest(kind) for kind in garments.class_names[:8]])])
fine = painter.levels["fine"].start
seconds = painter.images(others)
his = painter.images(his_mix(one, others, fine))
plots.image_rows({"first": painter.images(one), "second": seconds, "his mixture": his})

# %% [markdown]
# **What to see.** The first is the same boot in all columns. If only the fine layers changed, it would stay a boot. In
# many columns his mixture is no boot any more: the second has changed the *kind* of thing. What does his function do?
#
# <details><summary>Answer</summary>
#
# It takes the mean of both styles, in *every* layer; `place` only decides whether it mixes at all. But the layers
# below `place` must not depend on the second style: "one style up to this layer, the other from there on". A mean of
# two styles is only a third style, the same for all layers; a generator that is trained with it learns nothing about
# layers that differ. Some of the images look decent, and nothing stops with an error. So the mistake is easy to miss.
#
# </details>

# %% [markdown]
# ### Exercise 16.4 · One style up to here, the other from here on
# *15 minutes · difficulty 2 of 3*
#
# Mend it. `first` and `second` are (batch, layers, units), a style for each layer of each image. `places` is (batch,),
# whole numbers: image $i$ takes the layers 0, …, `places[i]` − 1 from the first, and the layers from `places[i]` on
# from the second. A place of 0 takes all from the second, a place of `layers` all from the first. `ops.arange(layers)`
# and `ops.where` may help.


# %%
def mix(first: tf.Tensor, second: tf.Tensor, places: tf.Tensor) -> tf.Tensor:
    """Styles (batch, layers, units): `first` in the layers before places[i], then `second`."""
    ### BEGIN SOLUTION
    layers = ops.arange(first.shape[1])
    from_first = layers[None, :] < ops.cast(places, layers.dtype)[:, None]
    return ops.where(from_first[:, :, None], first, second)
    ### END SOLUTION


# %%
mix = check("16.4", mix)


# %%
def second_from(place, first, second):
    """Your `mix`, with the same place for all images; styles (n, layers, units) as arrays."""
    places = np.full(len(first), place)
    return np.asarray(mix(ops.convert_to_tensor(first), ops.convert_to_tensor(second), places))


shown = {"first": painter.images(one), "second": seconds}
for place in dict.fromkeys((painter.levels["middle"].start, fine)):
    shown[f"second from layer {place} on"] = painter.images(second_from(place, one, others))
plots.image_rows(shown)

# %% [markdown]
# **What to see.** The later the second takes over, the less it decides. (Layers are counted from 0, two for each
# size.) With the fine layers only, the boot keeps its outline. From the dark sandal it takes over so little light
# that only specks of it are left.

# %% [markdown]
# ## The mixing board
#
# Images at the left, images on top; in each place the mixture of the two. Three switches say who gives the **coarse**
# styles (4 × 4 and 8 × 8 pixels), the **middle** ones (16 × 16) and the **fine** ones (32 × 32). Before you touch them:
# in which block will the garments look like the one on top?


# %% tags=["cover", "readme-mixing"]
def swap(first, second, layers):
    """The first styles, with the second's in these layers (a slice): your `mix`, there and back."""
    return second_from(layers.stop, second_from(layers.start, first, second), first)


kinds = ("Ankle boot", "Pullover", "Trouser")
left = [surest(kind)[0] for kind in kinds][: settings.rows]
kinds = ("Dress", "Ankle boot", "T-shirt/top", "Trouser", "Coat", "Shirt")
top = [surest(kind, 2)[1] for kind in kinds][: settings.columns]
stylegan.mixing_board(painter, w[left], w[top], mix=swap)

# %% [markdown]
# **What to see.** In the upper block the coarse styles come from above. The boot's row and the trousers' row take over
# the outline of the garment on top: a dress, a boot, a shirt, trousers. The row of the blurred pullover follows less
# clearly, and the boot becomes a pillow there. In the lowest block, where only the fine styles come from above, each
# row keeps its outline and changes its brightness. The bright coat makes the boot and the trousers glare. The others
# change these two little, and leave only the edges of the pullover bright.
#
# The middle block keeps the outlines, too. It changes folds and details. `New rows` and `New columns` draw other
# images.

# %% [markdown]
# ### Measured
#
# Eyes find what they look for. So take many pairs, swap one level at a time, and measure whom the result resembles:
#
# - **class**: among pairs of different classes, the share that the classifier now takes for the second's;
# - **silhouette**: which pixels are brighter than .1;
# - **brightness**: the mean inside the silhouette;
# - **texture**: the mean absolute difference of a pixel there from the mean of the 3 × 3 around it.
#
# For the last three: how far on the way from the first image to the second? With $a$ before and $b$ after the swap and
# $d$ of the second image, $\sum \langle b - a,\, d - a\rangle \,/\, \sum \|d - a\|^2$ over all pairs: 0 for "as
# before", 1 for "as the second".

# %%
pairs = np.random.default_rng(3).normal(size=(2, settings.n_swap, settings.codings))
report = stylegan.mixing.swap_report(painter, *(painter.styles(side) for side in pairs), swap)
print(f"{'from the second':<18}" + "".join(f"{kind:>13}" for kind in report["coarse"]))
for level, row in report.items():
    print(f"{level + ' styles':<18}" + "".join(f"{value:13.2f}" for value in row.values()))

# %%
stylegan.figures.swap_figure(report)

# %% [markdown]
# **What to see.** Which level has the tallest bar of each group? With the shipped weights coarse styles carry most of
# the class and the silhouette, and hardly anything of the brightness. Brightness comes almost wholly from the fine
# ones, which seldom change the class. Texture is shared: where there are folds depends on the shape as well. Nobody
# has told the generator to divide the work like this. Two reasons are likely: a layer of 4 × 4 maps can only speak
# about large things, and mixing in training keeps layers from relying on each other.

# %% [markdown]
# ### Exercise 16.5 · Where to change
# *10 minutes · difficulty 1 of 3*
#
# In training, chance decides where the second style takes over. For each of `count` images draw the place: with
# probability `share` one of 1, …, `layers` − 1, all equally likely, and otherwise `layers`, which means no mixing. Each
# image has a place of its own. `rng` is a NumPy generator: `rng.integers(low, high, size=…)` (without `high`),
# `rng.random(…)`.


# %%
def crossovers(count: int, layers: int, share: float, rng: np.random.Generator) -> np.ndarray:
    """For each image the first layer with the second style: (count,), whole numbers 1 to layers."""
    ### BEGIN SOLUTION
    places = rng.integers(1, layers, size=count)
    mixes = rng.random(count) < share
    return np.where(mixes, places, layers)
    ### END SOLUTION


# %%
crossovers = check("16.5", crossovers)

# %%
places = crossovers(10_000, painter.layers, settings.mixing, np.random.default_rng(0))
found = np.bincount(places, minlength=painter.layers + 1)[1:] / len(places)
print("layer from which on the second style is used, share of 10,000 images:")
print("  ".join(f"{place}: {share:.1%}" for place, share in enumerate(found, start=1)))

# %% [markdown]
# ## Your own StyleGAN
#
# Now all parts of the game are yours: AdaIN, the noise layer, R1, mixing, and the draw of the places. (Where an
# exercise is still open, the workbook's part stands in.) Narrow networks, small images, a fraction of the data, few
# steps, and no growing: lesson 15 has shown that, and so all steps go into the full 16 × 16 pixels. The weight γ of R1
# is 1 here, not 10 as in the paper and in the long training: R1 is a *squared length over all pixels*, so the best γ
# depends on their number.

# %%
keras.utils.set_random_seed(42)
k, widths = settings.live_codings, settings.live_widths
small = stylegan.AssembledStyleGAN(
    Generator(k, k, widths, 1), StyleDiscriminator(widths, 1), k,
    mix=mix, crossovers=crossovers, r1_penalty=r1_penalty,
    r1=settings.live_r1, r1_every=settings.r1_every, mixing=settings.mixing,
    averaging=0.99, memory=0.98, seed=42,  # short memories: there are few steps
)  # fmt: skip
small.set_stage(small.last_stage)
small.compile(adam(settings.live_rate), adam(settings.live_rate), run_eagerly=settings.live_eagerly)
little = samples.at_size(X[: settings.live_n], 4 * 2**small.last_stage)
watch = [training.Live("a narrow StyleGAN")]
n_epochs, size = settings.live_epochs, settings.batch_size
history = training.fit(small, little, epochs=n_epochs, batch_size=size, callbacks=watch)

# %%
sketch = Painter(small)
plots.image_rows({
    "drawn": sketch.draw(10),
    "others": sketch.draw(10, seed=5),
    "real, as small": (samples.at_28(little[:10, ..., 0]) + 1) / 2,
})  # fmt: skip

# %% [markdown]
# **What to see.** Some 600 steps, and 16 × 16 pixels only: blobs in the outline of garments, with a few shoes among
# them. No image is a good one yet. But every pixel has gone through your layers.
#
# The next cell measures the slope at real images with your R1, for a discriminator with fresh weights and for the
# trained one. (How much of it R1 has kept down, only a second training without R1 could tell.)

# %%
before = keras.models.clone_model(small.discriminator)
part = tf.constant(little[:64])
stage = dict(stage=small.stage, alpha=1.0)
for name, network in (("fresh", before), ("trained", small.discriminator)):
    def logits(images, training=None, network=network):
        return network(images, training=training, **stage)

    value = float(r1_penalty(logits, part))
    slope = np.sqrt(2 * value)  # root mean square
    print(f"R1 of the {name} discriminator, without γ: {value:.4f}   (slope {slope:.3f})")

# %% [markdown]
# ## What is left to chance
#
# Keep the styles and draw the noise again and again. What moves is what the generator has left to chance. The picture
# for it is the **standard deviation** of each pixel over many draws; and since each size of maps has noise of its own,
# each can be switched off.

# %%
best = [surest(kind)[0] for kind in garments.class_names[:8]]
stylegan.noise_board(painter, w[best])

# %% [markdown]
# **What to see.** Two draws are the same garment. The rows of deviations show *where* noise moves pixels: inside the
# garment and along its edges, not in the black around it. Each row is stretched to its own white; the numbers at the
# left say how much that is. Compare them: from which size comes most of the movement? In the widget, turn the strength
# up to 4: what falls apart first?

# %% [markdown]
# ## Is W straighter than Z?
#
# Now to the promise of the mapping network. If a space is straight, a small step makes a small change, everywhere and
# in all directions. **Perceptual path length** measures it. Draw two codings $z_1, z_2$ and a share $t$ evenly from
# $[0, 1]$; go from one to the other; compare the images at $t$ and a tiny bit later, at $t + \varepsilon$:
#
# $$l_{\mathcal Z} = \mathbb E\,\frac{1}{\varepsilon^2}\,
# d\bigl(G(\text{slerp}(z_1, z_2; t)),\,G(\text{slerp}(z_1, z_2; t + \varepsilon))\bigr),
# \qquad d(x, y) = \|\phi(x) - \phi(y)\|^2.$$
#
# $G$ makes images of codings, $\phi$ are features of images: in the paper those of VGG, here the 64 of our classifier.
# $d$ is a *squared* distance and grows like $\varepsilon^2$, hence the division. In $\mathcal Z$ the path is the
# **arc** (lesson 13: codings live on a sphere), in $\mathcal W$, which has no such shape, the **straight line**:
# $l_{\mathcal W}$ has $\text{lerp}(f(z_1), f(z_2); t)$.

# %% [markdown]
# ### Exercise 16.6 · Path length
# *20 minutes · difficulty 3 of 3*
#
# `features` is a function from points (n, k) to features (n, d): generator and classifier in one. `a` and `b` are the
# ends of n paths, (n, k), and `t` holds n shares. With `arc` the path from $a$ to $b$ is $\text{slerp}(a, b; t) =
# \bigl[\sin((1 - t)\theta)\, a + \sin(t\theta)\, b\bigr] / \sin\theta$ with $\cos\theta = a \cdot b$ (the rows of `a`
# and `b` have length 1 then); else it is $\text{lerp}(a, b; t) = (1 - t)\, a + t\, b$. Each pair has its own $t$ and
# its own θ. Return the mean over the n pairs of $\|\phi(\text{at } t + \varepsilon) - \phi(\text{at } t)\|^2 /
# \varepsilon^2$, as a float.


# %%
def path_length(
    features: Callable, a: np.ndarray, b: np.ndarray, t: np.ndarray,
    epsilon: float = 1e-3, arc: bool = False,
) -> float:  # fmt: skip
    """Perceptual path length over n paths from a to b, both (n, k), at the shares t (n,)."""
    ### BEGIN SOLUTION
    def point(t):
        t = t[:, None]
        if not arc:
            return (1 - t) * a + t * b
        angle = np.arccos(np.clip(np.sum(a * b, axis=1), -1, 1))[:, None]
        return (np.sin((1 - t) * angle) * a + np.sin(t * angle) * b) / np.sin(angle)

    difference = features(point(t + epsilon)) - features(point(t))
    return float(np.mean(np.sum(difference**2, axis=1)) / epsilon**2)
    ### END SOLUTION


# %%
path_length = check("16.6", path_length)

# %%
from helpers.codings import interpolation

rng = np.random.default_rng(4)
ends_z = interpolation.unit(rng.normal(size=(2, settings.n_path, settings.codings)))
ends_w = [painter.styles(side) for side in ends_z]
shares = rng.random(settings.n_path)


def look_z(z):
    return classifier.features(painter.images(painter.styles(z)))


def look_w(w):
    return classifier.features(painter.images(w))


def length(look, ends, arc=False):
    """(mean, low, high): the path length by fifths of the pairs, with a 95 % interval."""
    a, b = ends
    fifths = np.array_split(np.arange(len(a)), 5)
    look = model_like(look)  # it may be called as a model is, too
    return metrics.interval([path_length(look, a[i], b[i], shares[i], arc=arc) for i in fifths])


lengths = {"Z, arcs": length(look_z, ends_z, arc=True), "W, lines": length(look_w, ends_w)}
for name, (mean, low, high) in lengths.items():
    print(f"path length in {name:<10}{mean:8.0f}   (95 % interval {low:.0f} to {high:.0f})")
(_, low_z, high_z), (_, low_w, high_w) = lengths.values()
apart = high_w < low_z or high_z < low_w
print("the intervals are apart" if apart else "the intervals overlap: a draw")

# %% [markdown]
# **What to see.** Shorter is straighter. But look at the intervals before the means: they decide. And do the images
# *look* straighter? Here are both ways from the same sneaker to the same coat:

# %%
start, end = interpolation.unit(codings[[surest("Sneaker")[0], surest("Coat")[0]]])
way = np.linspace(0, 1, 10)
walk_z = painter.styles(interpolation.slerp(np.tile(start, (10, 1)), np.tile(end, (10, 1)), way))
both = (np.repeat(painter.styles(each[None]), 10, axis=0) for each in (start, end))
walk_w = interpolation.lerp(*both, way)
plots.image_rows({"arc in Z": painter.images(walk_z), "line in W": painter.images(walk_w)})

# %%
steps = np.linspace(0, 1, 9)


def detours(look, ends, path):
    """For each pair: does a garment turn up on the path whose class is that of neither end?"""
    few = [side[: settings.n_walk] for side in ends]
    points = [path(*few, np.full(len(few[0]), t)) for t in steps]
    classes = np.stack([classifier.probabilities(look(p)).argmax(axis=1) for p in points])
    return ((classes != classes[0]) & (classes != classes[-1])).any(axis=0).astype(float)


by_z = detours(lambda z: painter.images(painter.styles(z)), ends_z, interpolation.slerp)
by_w = detours(painter.images, ends_w, interpolation.lerp)
mean, low, high = metrics.paired_interval(by_z, by_w)
print(f"a third class on the way: {by_z.mean():.0%} of the arcs, {by_w.mean():.0%} of the lines")
print(f"difference: {100 * mean:+.1f} percentage points "
      f"(95 % interval {100 * low:+.1f} to {100 * high:+.1f})")  # fmt: skip

# %% [markdown]
# **What to see.** On both ways there are garments that neither end has asked for, and images that are two things at
# once. A straight path is not a path without strange places. Whether W has fewer of them, the interval says: if it
# holds 0, it is a draw. With the shipped weights it lies above 0, so the lines meet a third class less often. But
# most of them still meet one.
#
# The second measure is **linear separability**: draw images, let the classifier say of which class they are, keep the
# half it is surest of, and train a *linear* classifier on their codings, or on their styles. If a plane can part the
# classes, the space is well ordered. The paper counts it as a conditional entropy $H(Y \mid X)$: how many bits are
# still unknown of the class $Y$ once the linear classifier has given its answer $X$. 0 is best.

# %%
quiz("16-control")

# %%
many = rng.normal(size=(settings.n_apart, settings.codings))
told = classifier.probabilities(painter.images(painter.styles(many)))
spaces = {"Z": interpolation.unit(many)}
for seed in (1, 2, 3):  # first control: other networks, with random weights
    keras.utils.set_random_seed(seed)
    other = stylegan.Mapping(settings.codings, settings.codings)
    spaces[f"another random network ({seed})"] = np.asarray(other(many))
spaces["this network, before training"] = np.asarray(beginning(many))  # second control
spaces["W: this network, trained"] = painter.styles(many)
print(f"{'space':<32}{'linear classifier right':>25}{'bits still unknown':>21}")
for name, points in spaces.items():
    apart = metrics.separability(points, told)
    print(f"{name:<32}{apart['accuracy']:25.1%}{apart['bits']:21.2f}")
pairs = zip(beginning.get_weights(), model.generator.mapping.get_weights())
moved = [np.linalg.norm(new - old) / np.linalg.norm(old) for old, new in pairs if old.ndim == 2]
print(f"\nin training its kernels moved by {min(moved):.1%} to {max(moved):.1%} of their length")

# %% [markdown]
# **What to see.** From W the linear classifier tells the classes far better than from Z. "So the mapping network has
# learned to part them", one would say, and many texts do. Look at the controls. *Before* the training, with its random
# weights, the same network did most of it already, and the training has hardly moved it: its learning rate is a
# hundredth of the others'. Is it then the work of random layers as such? No: *another* random network does worse than
# Z.
#
# So it is the other half of the generator that has learned. The **synthesis** was trained on the outputs of this one,
# nearly fixed network, and has laid out its garments along planes in that space. What the mapping network itself has
# added is at most the distance between the last two lines. Without controls we would have praised the wrong network.

# %% [markdown]
# ## Truncation
#
# Some codings lie far out, where training images were rare, and their images are poor. In $\mathcal W$ there is a place
# to pull them to: the **mean style** $\bar w = \mathbb E_z f(z)$, which the training keeps as a running mean. The
# **truncation trick**:
#
# $$w' = \bar w + \psi\,(w - \bar w),$$
#
# with $\psi = 1$ for "as it is" and $\psi = 0$ for the mean style whatever the coding. Nothing is trained anew. The
# paper shows its faces with $\psi = .7$, in the coarse layers only, so that fine detail is kept. In $\mathcal Z$ it
# would not work: the mapping begins with a normalization, so a shorter coding is the same coding.

# %% [markdown]
# ### Exercise 16.7 · The truncation trick
# *10 minutes · difficulty 1 of 3*
#
# `w` are styles (n, layers, units), `mean` is the mean style (units,), `psi` is ψ. Truncate the first `cutoff` layers
# and leave the others unchanged; with `cutoff=None` truncate all of them. Do not change the array that you are given.


# %%
def truncate(w: np.ndarray, mean: np.ndarray, psi: float, cutoff: int | None = None) -> np.ndarray:
    """Styles (n, layers, units), pulled to the mean in the first `cutoff` layers (None: in all)."""
    ### BEGIN SOLUTION
    pulled = mean + psi * (w - mean)
    if cutoff is None:
        return pulled
    return np.concatenate([pulled[:, :cutoff], w[:, cutoff:]], axis=1)
    ### END SOLUTION


# %%
truncate = check("16.7", truncate)

# %%
stylegan.psi_slider(painter, w[:10], pull=truncate)

# %% [markdown]
# **What to see.** At ψ = 0 all columns are equal: the image of the mean style. Below 0 they come out on the other side
# of it: the *opposite* of each garment. What is the opposite of a bright coat? In the widget ψ goes on to 1.5.

# %%
quiz("16-truncation")

# %%
trade = {"frechet": [], "precision": [], "recall": []}
features_real = classifier.features(real[: settings.n_trade])
drawn = np.random.default_rng(6).normal(size=(settings.n_trade, settings.codings))
some, chance = painter.spread(painter.styles(drawn)), painter.noise(settings.n_trade, seed=7)
print(f"{'ψ':>5}{'Fréchet distance':>18}{'precision':>12}{'recall':>9}")
for psi in settings.psi:
    truncated = np.float32(truncate(some, painter.mean, psi))
    found = classifier.features(painter.images(truncated, chance))
    trade["frechet"].append(metrics.frechet_distance(features_real, found))
    precision, recall = metrics.precision_recall(features_real, found)
    trade["precision"].append(precision)
    trade["recall"].append(recall)
    print(f"{psi:5.2f}{trade['frechet'][-1]:18.2f}{precision:12.3f}{recall:9.3f}")

# %%
stylegan.figures.trade_figure(settings.psi, trade)

# %% [markdown]
# **What to see.** Towards the left recall falls, down to 0, and precision mostly rises: less variety, but safer
# images. The Fréchet distance weighs both. Where is it lowest? If it still falls at ψ = 1 and beyond, the generator
# has too *little* variety: styles pushed away from the mean bring it nearer to the real images. So a figure of
# StyleGAN means nothing without its ψ. Images in papers are often truncated, while the distances in their tables are
# not. (The distances here are of 1,000 images, elsewhere in the course of 2,000: compare them with one another only.)

# %% [markdown]
# ## What is each step worth?
#
# The paper's table 1 goes from ProGAN (A) to StyleGAN (F), one ingredient more in each row. Here it is in small: 16 ×
# 16 pixels, narrow networks, short trainings, all with the same loss and the same data.

# %%
quiz("16-ablation")

# %%
subset = data.load("fashion_mnist", source="shipped", quiet=True).take(train=settings.ablation_n)
tiny = samples.at_size(subset.X_train, 4 * 2 ** (len(settings.ablation_widths) - 1))
sheet = stylegan.ablation.StyleTrials(stylegan.ablation.STEPS)


def measure_all():
    plan = Plan(len(settings.ablation_widths), last=settings.ablation_last)
    return sheet.fill(
        tiny, seeds=settings.ablation_seeds, plan=plan, only=settings.ablation,
        widths=settings.ablation_widths, codings=settings.ablation_codings,
        count=settings.n_judge, pairs=settings.ablation_pairs,
        batch_size=settings.batch_size, eagerly=settings.eagerly,
    )  # fmt: skip


tried = weights.load_or_train(
    sheet, "ablation_16", measure_all, lesson="16", data=weights.data_text(subset), dtype="float16",
    source=stylegan.ablation.StyleTrials,
)  # fmt: skip
worth = stylegan.ablation.summary(tried.history)
print("measured beforehand, by the same code:" if tried.loaded else "measured just now:", end=" ")
print(f"{tried.figures['steps']:.0f} steps each, {tried.figures['seeds']:.0f} seed(s)\n")
print(f"{'':<28}{'Fréchet distance':>17}{'lowest':>9}{'highest':>9}{'classes':>9}")
for name, mean, lowest, highest, classes, *_ in worth:
    print(f"{name:<28}{mean:17.2f}{lowest:9.2f}{highest:9.2f}{10 * classes:9.1f}")

# %%
dcgan.figures.worth_figure(worth, "A  ProGAN")

# %%
pictures = dict(zip(sheet.names, np.asarray(sheet.pictures, dtype="float32"), strict=True))
plots.image_rows({name: pictures[name][:8] for name, *_ in worth})

# %% [markdown]
# **What to see**, where the figures were measured beforehand (the line above the table says so). A dot is the mean
# over two seeds, a line their range; the band is the range of the ProGAN. Two seeds are few: where lines overlap,
# nothing is proven. (Distances between images of 16 × 16 pixels, made larger again; they compare with one another
# only.)
#
# The simplest step, a little **blur** when maps are enlarged or halved, is the only one whose range lies clear below
# that of the step before. From B to E the ranges overlap or come within .02 of each other: two seeds cannot part them.
# With mixing (F) the distance is higher than without it (E), with both seeds. A likely reason: the generator has to be
# good with any two styles. In return there is the mixing board. The images are those of the first seed.
#
# Read it with care. These are small images and short trainings. That a step gains nothing *here* says nothing against
# it where it was invented; that it gains something here is no proof for elsewhere.

# %% [markdown]
# ## On the yardstick
#
# The StyleGAN, without truncation, judged like all generators of the course; below it real images and a simple model.

# %%
drawn = samples.draw(model, settings.n_judge)
figures = metrics.judge_images(drawn, real, train=X, count=settings.n_judge)
columns = ("frechet", "precision", "recall", "coverage", "nearest_ratio", "copies")
print(f"{'':<40}" + "".join(f"{name.replace('_', ' '):>{len(name) + 2}}" for name in columns))


def line(name, row):
    cells = (f"{row[key]:.3f}" if key in row else "–" for key in columns)
    print(f"{name:<40}" + "".join(f"{cell:>{len(key) + 2}}" for cell, key in zip(cells, columns)))


line("StyleGAN", figures)
for name in ("floor", "training images", "PCA-30 + Gaussian"):
    line(f"  {baselines.TITLES[name]}", baselines.load()[name])
facts = weights.manifest("stylegan_16") if outcome.loaded else None
parameters = model.generator.count_params() + model.discriminator.count_params()
measured = {key: value for key, value in figures.items() if "wasserstein_" not in key}
scoreboard.record(
    "16", "StyleGAN", codings=settings.codings, data=facts["data"] if facts else garments,
    seconds=outcome.seconds, parameters=parameters, **measured, path_length=lengths["W, lines"][0],
)  # fmt: skip

# %%
scoreboard.show(["13", "14", "15", "16"])

# %% [markdown]
# **What to see.** Four kinds of GAN on one yardstick: the DCGAN, the Wasserstein GAN, the one that grows, and the one
# with styles. (The conditional DCGAN was told the classes; the others were not.) Compare precision and recall of the
# StyleGAN: high precision with low recall says that its garments are good ones, but that many real ones never come out
# of it. With trainings as short as these and images of 28 × 28 pixels none of the others reaches the DCGANs' Fréchet
# distance. Growing and styles were invented for a thousand times as many pixels. What StyleGAN has and the others do
# not have is in no column: levels that can be mixed, a mean to pull towards, and chance with an input of its own.
# (There is one training of each. *Nearest* and *copies* look among the training images that this notebook has loaded:
# with the shipped subset these are 9,000 of the 55,000 that the networks saw.)
#
# `python3 workbook.py bench 16` measures what compiling the step is worth, and what R1 costs.

# %% [markdown]
# ## Summary
#
# - A coding becomes a style first (mapping network), and speaks to every layer (affine maps, AdaIN), not only at the
#   bottom.
# - AdaIN: statistics over height and width, for each image and map. So a style's scales and shifts last until the next
#   AdaIN.
# - Noise has an input of its own: its factors start at 0, and the generator learns where chance may act.
# - Mixing: one style up to a layer, the other from there on. Here coarse layers carry most of kind and shape, and
#   fine ones the brightness.
# - How straight W is has to be measured, with intervals and beside controls. Here the mapping network hardly moved; the
#   synthesis has arranged itself around it.
# - Truncation trades recall for precision. Name ψ with every figure.

# %% [markdown]
# **Questions that come up**
#
# - *Why not feed $w$ in at the bottom as well?* It can be done (row C of the table does). Without it nothing is lost,
#   and each layer's part becomes clear.
# - *Can I find the style of a given photograph?* Not directly: there is no encoder. One searches for $w$ by gradient
#   descent on the image ("projection"), most easily with a style of its own for each layer.
# - *Why is R1 at the real images only?* There the two distributions should meet. A penalty between real and fake
#   (lesson 14) works, too.
# - *Is instance normalization harmless?* No. It throws away the relative size of maps, and the generator smuggles it
#   past by bright spots, "droplets". StyleGAN2 replaced AdaIN by scaling the weights themselves, and gave up growing.

# %% [markdown]
# **What comes next.** StyleGAN2 (no AdaIN, no growing, and path length as a *loss*),
# [StyleGAN2-ADA](https://arxiv.org/abs/2006.06676) (for few images), StyleGAN3 (textures that move with the object),
# text-guided editing in the space of styles; then diffusion models, which gave up the game between two networks.
# Lesson 17 sets all models of the course beside each other.

# %% [markdown]
# **Where to read on**
#
# - Karras, Laine and Aila (2019), *A style-based generator architecture for generative adversarial networks*,
#   [arXiv 1812.04948](https://arxiv.org/abs/1812.04948)
# - Huang and Belongie (2017), *Arbitrary style transfer in real-time with adaptive instance normalization*,
#   [arXiv 1703.06868](https://arxiv.org/abs/1703.06868)
# - Mescheder, Geiger and Nowozin (2018), *Which training methods for GANs do actually converge?*,
#   [arXiv 1801.04406](https://arxiv.org/abs/1801.04406)
# - Karras et al. (2020), *Analyzing and improving the image quality of StyleGAN*,
#   [arXiv 1912.04958](https://arxiv.org/abs/1912.04958) (StyleGAN2, lazy regularization)
# - Karras et al. (2021), *Alias-free generative adversarial networks*,
#   [arXiv 2106.12423](https://arxiv.org/abs/2106.12423) (StyleGAN3)
# - Kynkäänniemi et al. (2019), *Improved precision and recall metric for assessing generative models*,
#   [arXiv 1904.06991](https://arxiv.org/abs/1904.06991)
