# ---
# lesson: "16"
# title: StyleGAN
# question: Can a generator keep apart what an image is, how it looks, and what is left to chance?
# objectives:
#   - explain the style-based generator, from the mapping network and AdaIN to the learned constant and the noise
#   - train one that grows, with the logistic loss and the R1 penalty, and say what each costs
#   - mix the styles of two images layer by layer, and measure what each layer decides
#   - measure how straight a space of codings is, by path length and separability
#   - trade variety for quality by truncation, and show the trade as a curve
# needs: "lessons 13 (DCGAN) and 15 (progressive growing, whose discriminator and training are used here)"
# minutes: {reading: 45, exercises: 110, machine: 1.1}
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
from helpers.codings import interpolation
from helpers.exercises import check, hint, quiz  # noqa: F401  (hints are for you: hint("16.1"))
from helpers.gans import Film, FrechetDistance, GAN, dcgan, penalties, samples, stylegan
from helpers.gans.progan import Grow, GrowingGAN, Pace, Plan, growth_film
from helpers.gans.stylegan import Painter, StyleDiscriminator, StyleGAN, StyleGenerator
from helpers.metrics import baselines, classifier
from keras import ops

settings = session.start("16")

# %% [markdown]
# ## Who decides what?
#
# The generators so far swallow their coding at the bottom, and an image comes out at the top. Kind, shape, brightness, folds:
# all of it is in the same numbers, entangled. Turn one of them, and everything moves a little.
#
# Karras, Laine and Aila (2019) took the generator of lesson 15 and changed *where* things enter. A coding decides about an
# image at **every layer**, as a painter decides first on the outline and last on the texture of the cloth. What is mere chance,
# such as where each thread lies, comes in by a **door of its own**. The discriminator, and the growing, stayed as they were.

# %%
stylegan.figures.architecture_figure()

# %% [markdown]
# **What to see.** Left: everything goes in once, at the bottom. Right: at the bottom there is a constant, learned and the same for
# all images. The coding $z$ becomes a **style vector** $w$ first, which then speaks to each layer (red). Noise comes in from the
# right (blue), for each layer anew.

# %%
quiz("16-constant")

# %% [markdown]
# ## The mapping network
#
# $f$ turns a coding $z \in \mathcal Z$ into a style $w \in \mathcal W$: pixel normalization (lesson 15) brings $z$ to the length
# $\sqrt k$, then follow eight dense layers of 512 units with leaky ReLU. In the paper $k = 512$; here all of it is 128.
#
# Why so much ado about a vector? Codings are drawn from a round Gaussian. But the things that images are made of are *not*
# distributed like that: hardly any sandal has long sleeves. To fill a ball evenly the generator has to bend its space where
# combinations are missing. $w$ is free of this: no one prescribes its distribution. $f$ can unbend what was bent.
# Whether it does will be measured below.
#
# The learning rate of these layers is a hundredth of that of the others. Eight layers in a row multiply their changes, and a small
# step in each is a large one for all layers above.

# %% [markdown]
# ## Styles
#
# For each layer of the synthesis a learned **affine** map $A$ (a dense layer without activation) makes two numbers for each feature
# map $x_i$ out of $w$: a scale $s_i$ and a shift $b_i$. They enter by **adaptive instance normalization** (Huang and Belongie,
# 2017):
#
# $$\text{AdaIN}(x_i, s_i, b_i) = s_i\,\frac{x_i - \mu(x_i)}{\sigma(x_i)} + b_i,$$
#
# where $\mu(x_i)$ and $\sigma(x_i)$ are mean and standard deviation over the **height and width** of this one map, of this one
# image. What the layers below had to say about the map's mean and size is wiped out; the style decides anew. So each style
# reaches as far as the next AdaIN, and no farther. That is why styles of different layers can be mixed.

# %% [markdown]
# ### Exercise 16.1 · AdaIN
# *10 minutes · difficulty 1 of 3*
#
# `x` has the shape (batch, height, width, maps); `scale` and `bias` are (batch, maps). Write the formula above, with
# $\sqrt{\text{variance} + 10^{-8}}$ for σ, where the variance is the mean of the squared differences. `ops.mean` and `ops.var` know
# `axis` (also several axes, as a tuple) and `keepdims`.


# %%
def adain(x: tf.Tensor, scale: tf.Tensor, bias: tf.Tensor) -> tf.Tensor:
    """Maps (batch, h, w, maps) normalized one by one, then times scale and plus bias, both (batch, maps); same shape as x."""
    ### BEGIN SOLUTION
    mean = ops.mean(x, axis=(1, 2), keepdims=True)
    variance = ops.var(x, axis=(1, 2), keepdims=True)
    normalized = (x - mean) / ops.sqrt(variance + 1e-8)
    return scale[:, None, None, :] * normalized + bias[:, None, None, :]
    ### END SOLUTION


# %%
adain = check("16.1", adain)

# %%
garments = data.load("fashion_mnist").take(train=settings.n_train)
X = garments.X_train
real = metrics.real_images()[: settings.n_judge]
signs = np.stack([np.outer(a, b) for a in ([1, 1, 1], [1, 0, -1]) for b in ([1, 1, 1], [1, 0, -1])], axis=-1)
kernel = (signs * np.array([0.6, 1.0, 2.0, 1.0])).astype("float32")[:, :, None, :]
maps = np.asarray(ops.conv(X[4:5, ..., None], kernel, padding="same")) + np.array([2.0, 0, -3.0, 0], "float32")
rows = {"maps": maps}
for name, scale, bias in (("one style", [1, 3, 0.3, 1], [0, -2, 0, 3]), ("another", [3, 0.3, 2, 0.5], [-4, 0, 2, -1])):
    rows[name] = np.asarray(adain(ops.convert_to_tensor(maps), *(ops.convert_to_tensor([each], "float32") for each in (scale, bias))))
stylegan.figures.maps_figure({name: np.moveaxis(each[0], -1, 0) for name, each in rows.items()}, top=8)

# %% [markdown]
# **What to see.** Four maps of one garment, made by four kernels (above each: mean ± standard deviation; blue below 0, red above). After
# AdaIN mean and deviation are the style's, whatever they were before: the same maps, with other weights. What lies *where* in a
# map is left as it was. The next convolution sees some maps loud and some silent.

# %% [markdown]
# ## Noise
#
# A picture has parts that do not matter one by one: where exactly a thread of the knitting lies, which pixel of the edge is a
# little brighter. A generator without a source of chance has to make up such things from its coding, at the cost of weights and
# codings; and what it makes up repeats itself.
#
# StyleGAN gives each layer a **noise image**: one plane of numbers from $N(0, 1)$, in the size of the layer, drawn anew for each
# image. It is added to every map $i$, times a learned factor $n_i$ for this map. All factors **start at 0**: the generator
# begins without noise, and takes in what helps it.

# %% [markdown]
# ### Exercise 16.2 · A layer for noise
# *15 minutes · difficulty 2 of 3*
#
# Write it as a Keras layer. In `build`, make one weight, `self.scales`, of shape (maps,), that starts at 0 and is learned:
# `self.add_weight(shape=…, initializer=…)`. In `call`, add noise to the maps: `x` is (batch, height, width, maps), `noise` is
# (batch, height, width, 1); the last axis has to stretch.


# %%
class ScaledNoise(keras.layers.Layer):
    """Adds to each map the same noise picture, times a learned factor of this map; all factors start at 0."""

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
stylegan.figures.maps_figure({name: np.moveaxis(np.asarray(each)[0], -1, 0) for name, each in rows.items()}, top=8)

# %% [markdown]
# **What to see.** Above, nothing has happened yet: the first images of a training have no noise. Below, with factors 0, .3, 1 and 2: one
# and the same noise picture, louder from map to map. A map that carries outlines can keep quiet, one that carries texture can
# take in a lot.

# %% [markdown]
# ## The whole generator
#
# For each size, from 4 × 4 on, there are two layers; each of them is
#
# 1. a convolution (the very first: the learned constant instead); at the beginning of a new size the maps are doubled in
#    height and width and **blurred** a little, with weights 1, 2, 1, so that no squares remain;
# 2. noise times its factors, plus a bias; leaky ReLU;
# 3. AdaIN, with its own affine map of $w$.
#
# No pixel normalization inside, AdaIN does more than that. Weights are equalized, and stages fade in, as in lesson 15. The paper's
# generator makes images of 1024 × 1024 pixels in colour, so it has nine sizes and 18 layers. The very same class builds it:

# %%
# NBVAL_CHECK_OUTPUT
paper = StyleGenerator()  # 512 codings, 512 units, nine sizes, colour
parts = {
    "mapping network": [paper.mapping],
    "convolutions": paper.convolutions,
    "affine maps of the styles": [layer.style for layer in paper.styled],
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
# **What to see.** 26.2 million, as in the paper; ProGAN's generator has 23.1. The mapping network and the affine maps make the
# difference. The noise, which in the paper's faces places each hair, costs as few weights as the biases.

# %% [markdown]
# ## Loss and penalty
#
# The paper trains with the **non-saturating logistic loss** of lesson 11, not with that of Wasserstein, and adds a simpler penalty than
# lesson 14, **R1** (Mescheder, Geiger and Nowozin, 2018): at the *real* images the discriminator's slope should be 0,
#
# $$R_1 = \frac{\gamma}{2}\;\mathbb E_{x\,\sim\,\text{real}}\;\lVert\nabla_x D(x)\rVert^2,$$
#
# where $D(x)$ is the logit, $\nabla_x$ the gradient with respect to the pixels of this image, $\|\cdot\|$ its length over all of
# them, and $\gamma = 10$ the weight. Why 0? When the fakes are as good as the real images, the discriminator should rest: a slope there
# would drive the generator away again from where it belongs. In lesson 12's picture, R1 turns the circle into a spiral that
# ends in the middle.
#
# A gradient of a gradient costs about as much as the whole step. So we compute R1 at every eighth step only, with eight times its
# weight: "lazy" regularization, from the paper's successor. StyleGAN itself has it at every step.

# %% [markdown]
# ### Exercise 16.3 · R1
# *20 minutes · difficulty 2 of 3*
#
# Return $\frac12$ times the mean, over the images of the batch, of the squared length of $\nabla_x D(x)$ (γ comes later).
# `discriminator(images)` gives logits (batch, 1), each for its own image; `real` has the shape (batch, height, width, channels).
# `with tf.GradientTape() as tape:`, `tape.watch(real)`, and after it `tape.gradient(logits, real)`: the gradient of the *sum* of the
# logits, so each image gets its own. The result is a tensor, so that training can go on through it.


# %%
def r1_penalty(discriminator: Callable, real: tf.Tensor) -> tf.Tensor:
    """Half the mean over images of ‖gradient of the logit with respect to the image‖²: one number, 0 or more."""
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
# ## Your own StyleGAN, in half a minute
#
# Narrow networks, small images, a fraction of the data. The callback `Grow` leads the training through the sizes, as in lesson 15.


# %%
def adam():
    return keras.optimizers.Adam(settings.rate, beta_1=0.0, beta_2=0.99)


def style_gan(codings, widths, **options):
    """A StyleGAN for grey images of 4 · 2^(len(widths) − 1) pixels; styles are as long as codings."""
    return StyleGAN(
        StyleGenerator(codings, codings, widths, 1), StyleDiscriminator(widths, 1), codings, r1=settings.r1,
        r1_every=settings.r1_every, mixing=settings.mixing, **options,
    )  # fmt: skip


framed = samples.frame(X)  # 32 × 32, in [−1, 1]
keras.utils.set_random_seed(42)
small = style_gan(settings.live_codings, settings.live_widths, averaging=0.98, memory=0.98)  # short memories: few steps
plan = Plan(len(settings.live_widths), last=settings.live_last)
little = samples.at_size(X[: settings.live_n], 4 * 2**small.last_stage)
small.compile(adam(), adam(), run_eagerly=settings.live_eagerly)
training.fit(small, little, epochs=plan.epochs, batch_size=settings.batch_size, callbacks=[Grow(plan), training.Live("a narrow StyleGAN")])
sketch = Painter(small)
plots.image_rows({"drawn": sketch.draw(10), " ": sketch.draw(10, seed=5), "mean style": sketch.images(sketch.mean[None]),
                  "real, as small": (samples.at_28(little[:10, ..., 0]) + 1) / 2})  # fmt: skip

# %% [markdown]
# **What to see**, in the lecture profile. After some hundred steps: light in the middle, black around it, brighter and darker ones; hardly a
# garment yet, and 16 × 16 pixels only. The image of the third row is that of the mean style, of which more below.

# %%
before = keras.models.clone_model(small.discriminator)
part = tf.constant(little[:64])
stage = dict(stage=small.stage, alpha=1.0)
for name, network in (("fresh", before), ("trained", small.discriminator)):
    value = float(r1_penalty(lambda images, network=network: network(images, **stage), part))
    print(f"R1 of the {name} discriminator, without γ: {value:.4f}   (a slope of {np.sqrt(2 * value):.3f} on average)")

# %% [markdown]
# ## A longer training
#
# Now the real thing: 32 × 32 pixels, 128 codings, 55,000 images. If weights that fit are there they are loaded, together with the film of
# their training and the curve of the Fréchet distance.

# %%
keras.utils.set_random_seed(42)
model = style_gan(settings.codings, settings.widths, averaging=settings.averaging)
film = Film(model, samples.fixed_codings(model, 30), frames=settings.frames, judged=min(500, settings.n_judge), evenly=True)
kept = stylegan.AveragedGenerator(model)  # the averaged generator and its mean style: all that we need later
plan = Plan(settings.stages, settings.fade, settings.steady, settings.last)


def train(callbacks):
    model.compile(adam(), adam(), run_eagerly=settings.eagerly)  # compiling does not pay for a few steps
    shown = film.codings[:20]
    watch = [Grow(plan), Pace(settings.batch_size), FrechetDistance(settings.n_read), training.Live("StyleGAN", samples=lambda: samples.images(model, shown))]
    training.fit(model, framed[: settings.n_long], epochs=plan.epochs, batch_size=settings.batch_size, callbacks=[*watch, *callbacks, film])
    film.save("stylegan_16_film", lesson="16", data=garments)
    figures = metrics.judge_images(samples.draw(model, settings.n_judge), real, train=X, count=settings.n_judge)
    return {key: figures[key] for key in ("frechet", "precision", "recall", "nearest_ratio", "copies")}


source = StyleGAN.training_source, StyleGenerator, StyleDiscriminator
outcome = weights.load_or_train(kept, "stylegan_16", train, source=source, lesson="16", data=garments, dtype="float16")
film = Film.load("stylegan_16_film") if outcome.loaded else film
model = kept.settle()  # the last stage
painter = Painter(model)

# %%
past = outcome.history
trained = Plan(settings.stages, settings.fade, settings.steady, len(past["frechet"]) - plan.epochs + settings.last)
growth_film(film, trained)

# %% [markdown]
# **What to see.** The same codings all the time, at equal intervals. At 4 × 4 there are only lumps of light; each doubling adds what
# fits into its pixels. Follow one column: what is decided early, and what late?

# %%
plots.curves({"Fréchet distance": past["frechet"]}, log=True, ylabel="Fréchet distance",
             title="After each epoch")  # fmt: skip

# %%
for epoch, (stage, alpha, distance) in enumerate(zip(past["stage"], past["alpha"], past["frechet"]), start=1):
    side = 4 * 2 ** round(stage)
    print(f"epoch {epoch:2d}: {side:2d} × {side:<2d}  α = {alpha:.2f}   Fréchet distance {distance:8.2f}")

# %% [markdown]
# **What to see**, in the lecture profile with the shipped weights. Images of 4 × 4 pixels cannot be near real ones. At the end of a
# fade-in the distance is *higher* than before: the new layers have the last word and have hardly learned to speak. The epoch after it
# brings the distance far below the old one. At the last size it is still falling when the training ends.

# %%
codings = np.random.default_rng(1).normal(size=(settings.n_judge, settings.codings))
w = painter.styles(codings)
sampled = painter.images(w, painter.noise(len(w), seed=2))
probabilities = classifier.probabilities(sampled)
plots.image_grid(sampled[:40], title="New images by the StyleGAN")

# %% [markdown]
# **What to see**, in the lecture profile with the shipped weights. Clear garments, with few failures. But look for a bag: there is hardly
# one among hundreds. A kind is missing (lesson 12), and at the end of this lesson the figures will say so. First we shall do with these
# images what no earlier generator could do.

# %% [markdown]
# ## Two styles, one image
#
# Each layer has a style of its own. Nobody says that all layers must have the *same* one. Take $w_1$ of a boot for the first layers
# and $w_2$ of a bright pullover for the rest: what comes out?

# %%
quiz("16-mixing")

# %% [markdown]
# For this the generator must be able to take any two styles together. In training it is made to: for nine images out of ten two codings
# are drawn, and from a layer on, drawn by lot, the second style takes over. This **style mixing regularization** keeps the
# generator from assuming that neighbouring layers always agree.

# %% [markdown]
# ## Find the bug: a little of both
#
# A colleague mixes in a way of his own, and his training runs without an error. Below, one coding is held fast, and the *second* one
# changes from column to column. In each image only the fine layers should come from the second.


# %%
def his_mix(first, second, place):
    return ops.where(place < first.shape[1], (first + second) / 2, first)


def surest(kind, count=1):
    """Row numbers of the drawn images that the classifier takes for this class with most confidence."""
    return np.argsort(-probabilities[:, garments.class_names.index(kind)], kind="stable")[:count]


one = painter.spread(w[np.repeat(surest("Ankle boot"), 8)])
others = painter.spread(w[np.concatenate([surest(kind) for kind in garments.class_names[:8]])])
fine = painter.levels["fine"].start
seconds = painter.images(others)
plots.image_rows({"first": painter.images(one), "second": seconds, "his mixture": painter.images(his_mix(one, others, fine))})

# %% [markdown]
# **What to see**, with the shipped weights. The first is a boot in all columns. In most of them his mixture is no boot any more: the
# second has changed the *kind* of thing, by layers that it had no right to. What does his function do?
#
# <details><summary>Answer</summary>
#
# It takes the mean of both styles, in *every* layer; `place` only decides whether it mixes at all. The layers below `place` must not
# depend on the second style at all: "one style up to this layer, the other from there on". A mean of two styles is only a third
# style, the same for all layers; a generator that is trained with it learns nothing about layers that differ. The images look
# decent, since $\mathcal W$ is well-behaved between two styles, so nobody notices.
#
# </details>

# %% [markdown]
# ### Exercise 16.4 · One style up to here, the other from here on
# *15 minutes · difficulty 2 of 3*
#
# Mend it. `first` and `second` are (batch, layers, units), a style for each layer of each image. `places` is (batch,), whole numbers: image $i$
# takes the layers 0, …, `places[i]` − 1 from the first, and the layers from `places[i]` on from the second. A place of 0 takes
# all from the second, a place of `layers` all from the first. `ops.arange(layers)` and `ops.where` may help.


# %%
def mix(first: tf.Tensor, second: tf.Tensor, places: tf.Tensor) -> tf.Tensor:
    """Styles (batch, layers, units): those of `first` in the layers before places[i], those of `second` from there on."""
    ### BEGIN SOLUTION
    layers = ops.arange(first.shape[1])
    from_first = layers[None, :] < ops.cast(places, layers.dtype)[:, None]
    return ops.where(from_first[:, :, None], first, second)
    ### END SOLUTION


# %%
mix = check("16.4", mix)

# %%
shown = {"first": painter.images(one), "second": seconds}
for place in dict.fromkeys((painter.levels["middle"].start, fine)):
    shown[f"second from layer {place} on"] = painter.images(mix(ops.convert_to_tensor(one), ops.convert_to_tensor(others), np.full(8, place)))
plots.image_rows(shown)

# %% [markdown]
# **What to see**, with the shipped weights. The later the second takes over, the less is its own. (Layers are counted from 0, two for each
# size.) With the fine layers only, a boot stays a boot.

# %% [markdown]
# ### Exercise 16.5 · Where to change
# *10 minutes · difficulty 1 of 3*
#
# Now the lot. For each of `count` images draw the place where the second style takes over: with probability `share` one of 1, …,
# `layers` − 1, all equally likely, and otherwise `layers`, which means no mixing. Each image has a place of its own. `rng` is a NumPy
# generator: `rng.integers(low, high, size=…)` (without `high`), `rng.random(…)`.


# %%
def crossovers(count: int, layers: int, share: float, rng: np.random.Generator) -> np.ndarray:
    """For each image the first layer with the second style: (count,), whole numbers from 1 to layers."""
    ### BEGIN SOLUTION
    places = rng.integers(1, layers, size=count)
    mixes = rng.random(count) < share
    return np.where(mixes, places, layers)
    ### END SOLUTION


# %%
crossovers = check("16.5", crossovers)

# %%
lots = crossovers(10_000, painter.layers, settings.mixing, np.random.default_rng(0))
print("layer from which on the second style is used, share of 10,000 images:")
print("  ".join(f"{place}: {share:.1%}" for place, share in enumerate(np.bincount(lots, minlength=painter.layers + 1) / len(lots)) if place))

# %% [markdown]
# ## The mixing board
#
# Images in rows, images in columns; in each place the mixture of the two. Three switches say who gives the **coarse** styles (4 × 4 and
# 8 × 8 pixels), the **middle** ones (16 × 16) and the **fine** ones (32 × 32). Before you touch them: which board will look like its
# rows, and which like its columns?

# %%
down = [surest(kind)[0] for kind in ("Trouser", "Pullover", "Ankle boot", "Bag")][: settings.rows]
across = [surest(kind, 2)[1] for kind in ("Dress", "Sneaker", "T-shirt/top", "Sandal", "Coat", "Shirt")][: settings.columns]
stylegan.mixing_board(painter, w[down], w[across])

# %% [markdown]
# **What to see**, with the shipped weights. On the left board the coarse styles come from the top: the columns win, each is one kind of
# garment. On the right board, where only the fine ones do, the rows win, and the columns differ in brightness and grain. The
# middle board decides about what lies between. `New rows` and `New columns` draw other images.

# %% [markdown]
# ### Measured
#
# Eyes find what they look for. So take many pairs, swap one level at a time, and measure who is resembled afterwards:
#
# - **class**: among pairs of different classes, the share that the classifier now takes for the second's;
# - **silhouette**: which pixels are brighter than .1;
# - **brightness**: the mean inside the silhouette;
# - **texture**: the mean difference of a pixel there from the mean of the 3 × 3 around it.
#
# For the last three: how far on the way from the first image to the second? With $a$ before and $b$ after the swap and $d$ of the second image,
# $\sum \langle b - a,\, d - a\rangle \,/\, \sum \|d - a\|^2$ over all pairs: 0 for "as before", 1 for "as the second".

# %%
pairs = np.random.default_rng(3).normal(size=(2, settings.n_swap, settings.codings))
report = stylegan.mixing.swap_report(painter, *(painter.styles(side) for side in pairs))
print(f"{'from the second':<18}" + "".join(f"{kind:>13}" for kind in report["coarse"]))
for level, row in report.items():
    print(f"{level + ' styles':<18}" + "".join(f"{value:13.2f}" for value in row.values()))

# %%
stylegan.figures.swap_figure(report)

# %% [markdown]
# **What to see**, in the lecture profile with the shipped weights. Coarse styles carry the class and the silhouette, and say nothing about
# brightness. That is almost wholly a matter of the fine ones, which hardly ever change the class. Texture is shared out among all three:
# where there are folds depends on the shape as well. Nobody has told the generator to work like this: a layer of 4 × 4 maps can only speak
# about large things, and the mixing has forbidden agreements between layers.

# %% [markdown]
# ## What is left to chance
#
# Hold the styles fast and draw the noise again and again. What moves is what the generator has left to chance. The picture for it is
# the **standard deviation** of each pixel over many draws; and since each size of maps has noise of its own, each can be
# switched off.

# %%
stylegan.noise_board(painter, w[np.concatenate([surest(kind) for kind in garments.class_names])][:8])

# %% [markdown]
# **What to see**, with the shipped weights. Two draws are the same garment. Deviations (shown five times as bright) sit inside the
# garment and along its edges and not in the black around it. Nearly all of it is the noise of 32 × 32: what is left to chance is fine
# grain, not folds. In the widget, turn the strength up to 4: what goes to pieces first?

# %% [markdown]
# ## Is W straighter than Z?
#
# Now to the promise of the mapping network. If a space is straight, a small step makes a small change, everywhere and in all
# directions. **Perceptual path length** measures it. Draw two codings $z_1, z_2$ and a share $t$ evenly from $[0, 1]$; go
# from one to the other; compare the images at $t$ and a tiny bit later, at $t + \varepsilon$:
#
# $$l_{\mathcal Z} = \mathbb E\,\frac{1}{\varepsilon^2}\,d\bigl(G(\text{slerp}(z_1, z_2; t)),\,G(\text{slerp}(z_1, z_2; t + \varepsilon))\bigr),
# \qquad d(x, y) = \|\phi(x) - \phi(y)\|^2.$$
#
# $G$ makes images of codings, $\phi$ are features of images: in the paper those of VGG, here the 64 of our classifier. $d$ is a *squared*
# distance and grows like $\varepsilon^2$, hence the division. In $\mathcal Z$ the way is the **arc** (lesson 13: codings live on a
# sphere), in $\mathcal W$, which has no such shape, the **straight line**: $l_{\mathcal W}$ has $\text{lerp}(f(z_1), f(z_2); t)$.

# %% [markdown]
# ### Exercise 16.6 · Path length
# *20 minutes · difficulty 3 of 3*
#
# `features` is a function from points (n, k) to features (n, d): generator and classifier in one. `a` and `b` are the ends of n paths, (n, k),
# and `t` holds n shares. With `arc` the path from $a$ to $b$ is
# $\text{slerp}(a, b; t) = \bigl[\sin((1 - t)\theta)\, a + \sin(t\theta)\, b\bigr] / \sin\theta$ with $\cos\theta = a \cdot b$ (the rows of `a` and `b`
# have length 1 then); else it is $\text{lerp}(a, b; t) = (1 - t)\, a + t\, b$. Each pair has its own $t$ and its own θ. Return the mean
# over the n pairs of $\|\phi(\text{at } t + \varepsilon) - \phi(\text{at } t)\|^2 / \varepsilon^2$, as a float.


# %%
def path_length(
    features: Callable, a: np.ndarray, b: np.ndarray, t: np.ndarray, epsilon: float = 1e-3, arc: bool = False
) -> float:
    """Perceptual path length over n paths from a to b, both (n, k), at the shares t (n,); along arcs or straight lines."""
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

# %% [markdown]
# The second measure is **linear separability**: draw images, let the classifier say of which class they are, keep the half it is surest of,
# and train a *linear* classifier on their codings, or on their styles. If a plane can part the classes, the space is well ordered.
# The paper counts it as a conditional entropy $H(Y \mid X)$: how many bits are still unknown of the class $Y$ once the linear classifier has
# given its word $X$. 0 is best.

# %%
rng = np.random.default_rng(4)
ends = interpolation.unit(rng.normal(size=(2, settings.n_path, settings.codings)))
shares = rng.random(settings.n_path)


def look_z(z):
    return classifier.features(painter.images(painter.styles(z)))


def look_w(w):
    return classifier.features(painter.images(w))


many = rng.normal(size=(settings.n_apart, settings.codings))
told = classifier.probabilities(painter.images(painter.styles(many)))
measures = {
    "Z": (path_length(look_z, *ends, shares, arc=True), metrics.separability(interpolation.unit(many), told)),
    "W": (path_length(look_w, *map(painter.styles, ends), shares), metrics.separability(painter.styles(many), told)),
}
print(f"{'space':<8}{'path length':>13}{'linear classifier right':>26}{'bits still unknown':>21}")
for name, (length, apart) in measures.items():
    print(f"{name:<8}{length:13.1f}{apart['accuracy']:26.1%}{apart['bits']:21.2f}")

# %% [markdown]
# **What to see**, in the lecture profile with the shipped weights. Path length: lower is straighter. Linear classifier: from the styles
# it tells the classes better than from the codings, and fewer bits remain. Nobody asked for it: it is easier to paint from a space in
# which things lie apart, so the mapping network learns to part them.

# %%
start, end = interpolation.unit(codings[[surest("Sneaker")[0], surest("Coat")[0]]])
way = np.linspace(0, 1, 10)
walk_z = painter.styles(interpolation.slerp(np.tile(start, (10, 1)), np.tile(end, (10, 1)), way))
walk_w = interpolation.lerp(*(np.repeat(painter.styles(each[None]), 10, axis=0) for each in (start, end)), way)
plots.image_rows({"arc in Z": painter.images(walk_z), "line in W": painter.images(walk_w)})

# %% [markdown]
# **What to see**, with the shipped weights. From the same sneaker to the same coat, on two ways. On the arc other garments may turn up
# between the two, which neither end has asked for: such detours make a path long.

# %% [markdown]
# ## Truncation
#
# Some codings lie far out, where training images were rare, and their images are poor. In $\mathcal W$ there is a place to pull them to: the
# **mean style** $\bar w = \mathbb E_z f(z)$, which the training keeps as a running mean. The **truncation trick**:
#
# $$w' = \bar w + \psi\,(w - \bar w),$$
#
# with $\psi = 1$ for "as it is" and $\psi = 0$ for the mean style whatever the coding. Nothing is trained anew. The paper shows its faces with
# $\psi = .7$, in the coarse layers only, so that fine detail is kept. In $\mathcal Z$ it would not work: the mapping begins with a
# normalization, so a shorter coding is the same coding.

# %% [markdown]
# ### Exercise 16.7 · The truncation trick
# *10 minutes · difficulty 1 of 3*
#
# `w` are styles (n, layers, units), `mean` is the mean style (units,), `psi` is ψ. Truncate the first `cutoff` layers and leave the
# others as they are; with `cutoff=None` truncate all of them. Leave the array that you are given as it was.


# %%
def truncate(w: np.ndarray, mean: np.ndarray, psi: float, cutoff: int | None = None) -> np.ndarray:
    """Styles (n, layers, units) pulled towards the mean style in the first `cutoff` layers (None: in all)."""
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
# **What to see**, with the shipped weights. At ψ = 0 all columns are one: the image of the mean style. Below 0 they come out on the other side
# of it: the *opposite* of each garment. What is the opposite of a dark boot? In the widget ψ goes on to 1.5.

# %%
quiz("16-truncation")

# %%
trade = {"frechet": [], "precision": [], "recall": []}
features_real = classifier.features(real[: settings.n_trade])
some = painter.spread(painter.styles(np.random.default_rng(6).normal(size=(settings.n_trade, settings.codings))))
chance = painter.noise(settings.n_trade, seed=7)
print(f"{'ψ':>5}{'Fréchet distance':>18}{'precision':>12}{'recall':>9}")
for psi in settings.psi:
    found = classifier.features(painter.images(np.float32(truncate(some, painter.mean, psi)), chance))
    trade["frechet"].append(metrics.frechet_distance(features_real, found))
    precision, recall = metrics.precision_recall(features_real, found)
    trade["precision"].append(precision)
    trade["recall"].append(recall)
    print(f"{psi:5.2f}{trade['frechet'][-1]:18.2f}{precision:12.3f}{recall:9.3f}")

# %%
stylegan.figures.trade_figure(settings.psi, trade)

# %% [markdown]
# **What to see**, in the lecture profile with the shipped weights. To the left precision rises and recall falls: less, but safer. The
# Fréchet distance falls all the way to the right, even beyond ψ = 1: this generator's fault is that it has too *little* variety (look at its
# recall), so styles pushed away from the mean bring it a bit nearer to the real images. So a figure of StyleGAN means nothing without
# its ψ; and images in papers are nearly always truncated, while the distances in their tables are not. (The distances here are of fewer
# images than elsewhere in the course, and differ a little for it.)

# %% [markdown]
# ## What is each step worth?
#
# The paper's table 1 goes from ProGAN (A) to StyleGAN (F), one ingredient more in each row. Here it is in small: 16 × 16 pixels, narrow
# networks, short trainings, all with the same loss and the same data.

# %%
quiz("16-ablation")

# %%
subset = data.load("fashion_mnist", source="shipped", quiet=True).take(train=settings.ablation_n)
tiny = samples.at_size(subset.X_train, 4 * 2 ** (len(settings.ablation_widths) - 1))
sheet = stylegan.ablation.StyleTrials(stylegan.ablation.STEPS)


def measure_all():
    return sheet.fill(
        tiny, seeds=settings.ablation_seeds, plan=Plan(len(settings.ablation_widths), last=settings.ablation_last),
        only=settings.ablation, widths=settings.ablation_widths, codings=settings.ablation_codings,
        batch_size=settings.batch_size, count=settings.n_judge, pairs=settings.ablation_pairs, eagerly=settings.eagerly,
    )  # fmt: skip


tried = weights.load_or_train(
    sheet, "ablation_16", measure_all, lesson="16", data=weights.data_text(subset), dtype="float16",
    source=stylegan.ablation.StyleTrials,
)  # fmt: skip
worth = stylegan.ablation.summary(tried.history)
print("measured beforehand, by the same code:" if tried.loaded else "measured just now:", end=" ")
print(f"{tried.figures['steps']:.0f} steps each, {tried.figures['seeds']:.0f} seed(s)\n")
print(f"{'':<28}{'Fréchet distance':>17}{'lowest':>9}{'highest':>9}{'classes':>9}{'path length, Z':>16}{'W':>9}")
for name, mean, lowest, highest, classes, length_z, length_w in worth:
    print(f"{name:<28}{mean:17.2f}{lowest:9.2f}{highest:9.2f}{10 * classes:9.1f}{length_z:16.1f}{length_w:9.1f}".replace("nan", "  –"))

# %%
dcgan.figures.worth_figure(worth, "A  ProGAN")

# %%
pictures = dict(zip(sheet.names, np.asarray(sheet.pictures, dtype="float32"), strict=True))
plots.image_rows({name: pictures[name] for name, *_ in worth}, tile=0.5)

# %% [markdown]
# **What to see**, where the figures were measured beforehand (the line above the table says so). A dot is the mean over the seeds, a line
# the range: where lines overlap, a difference may be luck. (Distances between images of 16 × 16 pixels, made larger again; they compare
# with one another only.)
#
# The plainest step, a little **blur** when maps are enlarged or halved, is worth most. From B to E the lines nearly lie on top of one
# another: no difference is proven. Mixing *costs*, with both seeds: the generator has to be good with any two styles. What it buys is the
# mixing board, and paths in $\mathcal W$ that are the shortest of all rows.
#
# Read it with care. These are small images, short trainings and two seeds. That a step gains nothing *here* says nothing against it where it was
# invented; that it gains something here is no proof for elsewhere.

# %% [markdown]
# ## On the yardstick
#
# The StyleGAN, without truncation, judged like all generators of the course.

# %%
figures = metrics.judge_images(samples.draw(model, settings.n_judge), real, train=X, count=settings.n_judge)
print(f"{'':<41}{'Fréchet':>9}{'precision':>11}{'recall':>8}{'classes':>9}{'sliced W.':>11}{'nearest':>9}{'copies':>8}")


def line(name, row):
    shown = (f"{row['frechet']:9.2f}{row['precision']:11.3f}{row['recall']:8.3f}{10 * row['coverage']:9.0f}"
             f"{row['sliced_wasserstein']:11.3f}{row.get('nearest_ratio', np.nan):9.2f}{row.get('copies', np.nan):8.3f}")
    print(f"{name:<41}{shown}".replace("nan", "  –"))


line("StyleGAN", figures)
for name in ("floor", "training images", "PCA-30 + Gaussian"):
    line(f"  {baselines.TITLES[name]}", baselines.load()[name])
facts = weights.manifest("stylegan_16") if outcome.loaded else None
kept_figures = {key: value for key, value in figures.items() if not key.startswith("sliced_wasserstein_")}
scoreboard.record("16", "StyleGAN", codings=settings.codings, data=facts["data"] if facts else garments, seconds=outcome.seconds,
                  parameters=model.generator.count_params() + model.discriminator.count_params(), **kept_figures,
                  path_length=measures["W"][0])  # fmt: skip

# %%
scoreboard.show(["13", "14", "15", "16"])

# %% [markdown]
# **What to see.** Four GANs on one yardstick: the DCGAN, the Wasserstein GAN, the one that grows, and the one with styles. Precision and
# recall tell StyleGAN's story: few of its garments are bad ones, but many real ones (all bags, to begin with) never come out of it. After so short a
# training, and with images of 28 × 28 pixels, a DCGAN is hard to beat; growing and styles were invented for a thousand times as many. What
# StyleGAN has and the others do not is in no column: levels that can be mixed, a mean to pull towards, and chance by a door of its own.
#
# `python3 workbook.py bench 16` measures what compiling the step is worth, and what R1 costs.

# %% [markdown]
# ## Summary
#
# - A coding becomes a style first (mapping network), and speaks to every layer (affine maps, AdaIN), not only at the bottom.
# - AdaIN: statistics over height and width, for each image and map. So each style reaches to the next AdaIN only.
# - Noise by a door of its own: factors start at 0, and the generator learns where chance may act.
# - Mixing: one style up to a layer, the other from there on. Coarse layers carry kind and shape, fine ones the looks.
# - W is straighter than Z: shown by path length and separability, which have to be measured, not believed.
# - Truncation trades recall for precision. Say ψ with every figure.

# %% [markdown]
# **Questions that come up**
#
# - *Why not feed $w$ in at the bottom as well?* It can be done (row C of the table does). Taking it away loses nothing, and makes
#   each layer's part clear.
# - *Can I find the style of a given photograph?* Not directly: there is no encoder. One searches for $w$ by gradient descent on the
#   image ("projection"), most easily with a style of its own for each layer.
# - *Why is R1 at the real images only?* There the two distributions should meet. A penalty between real and fake (lesson 14) works, too.
# - *Is instance normalization harmless?* No. It throws away the relative size of maps, and the generator smuggles it past by bright spots,
#   "droplets". StyleGAN2 replaced AdaIN by scaling the weights themselves, and gave up growing.

# %% [markdown]
# **What comes next.** StyleGAN2 (no AdaIN, no growing, and path length as a *loss*), StyleGAN2-ADA (for few images), StyleGAN3 (textures that move
# with the object), text-guided editing in the space of styles; then diffusion models, which gave up the game between two networks. Lesson 17 sets
# all models of the course beside each other.

# %% [markdown]
# **Where to read on**
#
# - Karras, Laine and Aila (2019), *A style-based generator architecture for generative adversarial networks*, arXiv 1812.04948
# - Huang and Belongie (2017), *Arbitrary style transfer in real-time with adaptive instance normalization*, arXiv 1703.06868
# - Mescheder, Geiger and Nowozin (2018), *Which training methods for GANs do actually converge?*, arXiv 1801.04406
# - Karras et al. (2020), *Analyzing and improving the image quality of StyleGAN*, arXiv 1912.04958 (StyleGAN2, lazy regularization)
# - Karras et al. (2021), *Alias-free generative adversarial networks*, arXiv 2106.12423 (StyleGAN3)
# - Kynkäänniemi et al. (2019), *Improved precision and recall metric for assessing generative models*, arXiv 1904.06991
