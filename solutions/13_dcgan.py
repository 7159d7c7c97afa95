# ---
# lesson: "13"
# title: DCGAN
# question: What must the two networks look like so that a GAN learns images, and can we tell it which image to make?
# objectives:
#   - say what strided and transposed convolutions do, count their coverage, and choose a kernel without checkerboards
#   - build a generator and a discriminator that obey the guidelines of DCGAN, and say what each guideline is worth
#   - move through the codings with a purpose, by arcs, sums of means and directions
#   - tell whether a generator repeats its training images, and use a discriminator as a source of features
#   - bring labels into both networks, and measure how often the wanted class comes out
# needs: "lessons 11 and 12 (the engine of a GAN, its difficulties); convolutions as in lesson 06"
# minutes: {reading: 45, exercises: 115, machine: 1.8}
# idea: >-
#   A dense network has to learn that pixels have neighbours; a convolution knows it from the start. A short list of rules,
#   found by trying, makes a GAN of convolutions train. We build it, measure what each rule is worth, look into its
#   codings, and then give it a label, so that it makes what is ordered.
# cover: Ten rows of garments made to order, one row for each class from T-shirt to ankle boot, ten different ones in each
# ---

# %%
import sys

sys.path.insert(0, "..")  # the folder above holds `helpers`

from helpers import backend  # noqa: F401  (first: it keeps TensorFlow's start-up messages away)

import keras
import numpy as np
import tensorflow as tf
from helpers import data, metrics, plots, scoreboard, session, training, weights
from helpers.exercises import check, hint, quiz  # noqa: F401  (hints are for you: hint("13.1"))
from keras import layers, ops

settings = session.start(
    "13",
    codings=100,  # numbers that make an image
    maps=32,  # feature maps next to the image, in the long training
    live_maps=8,  # the same in the short trainings
    live_epochs=5,  # of the short trainings
    rate=2e-4,  # the paper's learning rate, for the short trainings
    peak=1e-3,  # the highest rate of the long training
    beta_1=0.5,  # Adam's memory
    n_judge=2_000,  # images that the figures are measured on
)

# %% [markdown]
# ## From dense to convolutional
#
# The dense generator of lesson 11 makes garments with a grain, like a photograph taken in the dark. The reason
# is easy to name: for a dense layer an image is a list of 784 numbers. Each pixel has weights of its own; that
# two pixels are *neighbours* must be learned from the data, for every pair of them anew.
#
# A **convolution** knows it from the start. It has one small set of weights, moved over the whole picture: what
# is learned about a sleeve at one place holds at every place. [Radford, Metz and Chintala
# (2016)](https://arxiv.org/abs/1511.06434) found out how to build a GAN of convolutions that trains: the
# **DCGAN**, deep convolutional GAN.

# %%
quiz("13-shift")

# %%
garments = data.load("fashion_mnist").take(train=settings.n_train, valid=settings.n_valid)
X, V = garments.X_train, garments.X_valid
y, labels = garments.y_train, garments.y_valid
real = metrics.real_images()[: settings.n_judge]

keras.utils.set_random_seed(1)
convolution = layers.Conv2D(6, 4, strides=2, padding="same")
dense = keras.Sequential([layers.Flatten(), layers.Dense(14 * 14 * 6)])
bag = V[np.flatnonzero(labels == garments.class_names.index("Bag"))[:1], ..., None]
moved = np.roll(bag, 2, axis=2)  # to the right; what leaves comes back at the left, black here
maps, moved_maps = (np.asarray(convolution(image))[0] for image in (bag, moved))
outputs, moved_outputs = (np.asarray(dense(image))[0].reshape(14, 14, 6) for image in (bag, moved))


def unlike(one, other):
    """Size of the difference, over that of the outputs; two columns at each edge left out."""
    return np.linalg.norm((one - other)[:, 2:-2]) / np.linalg.norm(one[:, 2:-2])


columns = f"{'difference to the outputs before':>35}{'… moved along by one':>24}"
print(f"{'first layer':<13}{'weights':>10}{columns}")
first_layers = (
    ("dense", dense, outputs, moved_outputs),
    ("convolution", convolution, maps, moved_maps),
)
for name, layer, before, after in first_layers:
    along = unlike(after, np.roll(before, 1, axis=1))
    print(f"{name:<13}{layer.count_params():10,}{unlike(after, before):35.0%}{along:24.0%}")
rows = {"six maps": maps, "moved": moved_maps, "dense": outputs, "moved ": moved_outputs}
sizes = {name: np.abs(found) / np.abs(found).max(axis=(0, 1)) for name, found in rows.items()}
plots.image_rows({name: np.moveaxis(found, 2, 0) for name, found in sizes.items()})

# %% [markdown]
# **What to see** (sizes of the outputs, bright for large). Nothing has been learned yet. The convolution's maps
# are pictures of the bag, and when the bag moves by two pixels they move by one place: the difference is 0 (away
# from the edges, which the table leaves out). The dense layer must learn the bag anew at every place, with about
# nine thousand times as many weights.

# %% [markdown]
# ### Smaller and larger by strides
#
# A convolution of **stride** 2 looks at every second place only, and so halves the sides: 28 × 28 → 14 × 14.
# The discriminator shrinks images in this way. The generator needs the opposite: 7 × 7 → 14 × 14 → 28 × 28.
#
# The **transposed convolution** does this. Think of each input pixel as a brush: it paints its value, times the
# kernel, onto the output. The next pixel paints one stride further on. Where strokes overlap, they add up.

# %%
from helpers.gans import Film, GAN, dcgan, film_view, histogram_view, samples, trials, watched

dcgan.figures.pair_figure()

# %% [markdown]
# **What to see.** The generator leads from 100 codings to an image, the discriminator from an image to one
# number. One is the mirror image of the other. From 14 × 14 to 7 × 7 the sides become half as long, and there are
# twice as many maps.

# %% [markdown]
# ### Exercise 13.1 · Count the strokes
# *15 minutes · difficulty 2 of 3*
#
# How often is each output pixel painted? Along one side: input number $i$ (from 0) paints `kernel` pixels, from
# pixel $i \cdot$ `stride` on. With `size` inputs, $(\text{size} - 1) \cdot \text{stride} + \text{kernel}$
# pixels are painted in all. The padding `"same"` keeps $\text{size} \cdot \text{stride}$ of them: it cuts
# (kernel − stride), half of it, rounded down, on the left, and the rest on the right. Return how many inputs
# paint each pixel that is kept. (kernel ≥ stride.)


# %%
def coverage(size: int, kernel: int, stride: int) -> np.ndarray:
    """How many inputs of a transposed convolution paint each output pixel: (size · stride,)."""
    ### BEGIN SOLUTION
    counts = np.zeros((size - 1) * stride + kernel, dtype=int)
    for i in range(size):
        counts[i * stride : i * stride + kernel] += 1
    cut = (kernel - stride) // 2
    return counts[cut : cut + size * stride]
    ### END SOLUTION


# %%
coverage = check("13.1", coverage)

# %%
dcgan.figures.coverage_figure(coverage)

# %% [markdown]
# **What to see.** Above: strokes along one side, 7 inputs, stride 2. Below: strokes on the whole image (both
# sides multiplied; bright: many). With kernels 3 and 5 every second pixel is painted more often: a
# **checkerboard**, which training has to work against ([Odena, Dumoulin and Olah,
# 2016](https://distill.pub/2016/deconv-checkerboard/)). With 4 and 6, **kernels divisible by the stride**, every
# pixel away from the edge is painted equally often. Does that make better images? We shall measure it.

# %% [markdown]
# ## The guidelines
#
# Earlier convolutional GANs did not train well. The paper gives a list of what helped:
#
# | | instead of | why |
# |---|---|---|
# | **strided and transposed convolutions** | pooling, upsampling | the networks learn themselves how to change the size |
# | **batch normalization** in both networks, except at the generator's **output** and the discriminator's **input layer** | none, or everywhere | gradients of a usual size in every layer |
# | **no dense hidden layers** | dense layers on top | the maps keep their places up to the end |
# | **ReLU** in the generator, with **tanh** at its output | sigmoid, tanh inside | bounded images, and gradients that do not vanish inside |
# | **leaky ReLU** in the discriminator | ReLU | each unit passes some gradient on to the generator |
#
# Around the networks:
#
# - images in $[-1, 1]$, the range of tanh;
# - all weights drawn from $N(0, .02)$, a normal distribution with standard deviation .02;
# - Adam with learning rate 2e-4 and $\beta_1 = .5$. $\beta_1$ is Adam's memory of gradients: .9 remembers about
#   ten steps, .5 about two. In a game the other side has moved on after ten steps.
#
# We add a rule that is not in the paper, and that many tutorials give: a kernel size divisible by the stride.

# %% [markdown]
# ### Exercise 13.2 · There and back
# *5 minutes · difficulty 1 of 3*
#
# `forward` brings images from $[0, 1]$ to $[-1, 1]$, in a straight line; `back` brings them from $[-1, 1]$ to
# $[0, 1]$ and clips what lies a little outside. Both return float32 arrays of the same shape, and leave the
# array that they were given as it was.


# %%
class PixelRange:
    """Brings images from [0, 1] to [−1, 1], where tanh lives, and back."""

    def forward(self, images: np.ndarray) -> np.ndarray:
        """Images in [0, 1] → float32 in [−1, 1]."""
        ### BEGIN SOLUTION
        return (2 * images - 1).astype("float32")
        ### END SOLUTION

    def back(self, images: np.ndarray) -> np.ndarray:
        """Images in [−1, 1] → float32 in [0, 1], clipped."""
        ### BEGIN SOLUTION
        return np.clip((images + 1) / 2, 0, 1).astype("float32")
        ### END SOLUTION


# %%
PixelRange = check("13.2", PixelRange)
pixels = PixelRange()
signed = pixels.forward(X)[..., None]  # with an axis for the one channel: (n, 28, 28, 1)
print(f"{signed.shape}, from {signed.min():g} to {signed.max():g}")

# %% [markdown]
# ### Exercise 13.3 · The generator
# *20 minutes · difficulty 2 of 3*
#
# Build it with `keras.Sequential` or as a functional model, (codings,) → (28, 28, 1), in this order:
#
# 1. a dense layer to $7 \cdot 7 \cdot 2\,\text{maps}$ numbers, reshaped to (7, 7, 2·maps); batch normalization;
#   ReLU;
# 2. a transposed convolution to (14, 14, maps); batch normalization; ReLU;
# 3. a transposed convolution to (28, 28, 1), with tanh and **no** normalization.
#
# Strides 2, `padding="same"`, a kernel divisible by the stride, and all weights drawn with
# `keras.initializers.RandomNormal(stddev=0.02)`. (The paper allows this dense layer: it is a transposed
# convolution of one pixel to 7 × 7.)


# %%
def build_generator(codings: int, maps: int) -> keras.Model:
    """Codings (n, codings) → images (n, 28, 28, 1) in [−1, 1], after the guidelines of DCGAN."""
    ### BEGIN SOLUTION
    start = keras.initializers.RandomNormal(stddev=0.02)
    return keras.Sequential([
        keras.Input((codings,)),
        layers.Dense(7 * 7 * 2 * maps, kernel_initializer=start),
        layers.Reshape((7, 7, 2 * maps)),
        layers.BatchNormalization(),
        layers.ReLU(),
        layers.Conv2DTranspose(maps, 4, strides=2, padding="same", kernel_initializer=start),
        layers.BatchNormalization(),
        layers.ReLU(),
        layers.Conv2DTranspose(
            1, 4, strides=2, padding="same", activation="tanh", kernel_initializer=start
        ),
    ])
    ### END SOLUTION


# %%
build_generator = check("13.3", build_generator)

# %% [markdown]
# ### Exercise 13.4 · The discriminator
# *15 minutes · difficulty 2 of 3*
#
# The mirror image, (28, 28, 1) → (1,):
#
# 1. a convolution of stride 2 to (14, 14, maps), **no** normalization at this input layer; leaky ReLU with
#   slope 0.2;
# 2. a convolution of stride 2 to (7, 7, 2·maps); batch normalization; leaky ReLU with slope 0.2;
# 3. flattened, and one dense unit without activation: a **logit**.
#
# Kernels and initial weights as in the generator.


# %%
def build_discriminator(maps: int) -> keras.Model:
    """Images (n, 28, 28, 1) → logits (n, 1), after the guidelines of DCGAN."""
    ### BEGIN SOLUTION
    start = keras.initializers.RandomNormal(stddev=0.02)
    return keras.Sequential([
        keras.Input((28, 28, 1)),
        layers.Conv2D(maps, 4, strides=2, padding="same", kernel_initializer=start),
        layers.LeakyReLU(0.2),
        layers.Conv2D(2 * maps, 4, strides=2, padding="same", kernel_initializer=start),
        layers.BatchNormalization(),
        layers.LeakyReLU(0.2),
        layers.Flatten(),
        layers.Dense(1, kernel_initializer=start),
    ])
    ### END SOLUTION


# %%
build_discriminator = check("13.4", build_discriminator)

# %% [markdown]
# ### Your networks, for about a minute
#
# The engine is that of lesson 11: `GAN(generator, discriminator, codings)`, two optimizers, `fit`. The networks
# are yours, and narrow.


# %%
def adam():
    return keras.optimizers.Adam(settings.rate, beta_1=settings.beta_1)


keras.utils.set_random_seed(42)
networks = (
    build_generator(settings.codings, settings.live_maps),
    build_discriminator(settings.live_maps),
)
small = GAN(*networks, settings.codings, averaging=0.99)
small.compile(adam(), adam())
story = training.fit(
    small, signed, epochs=settings.live_epochs, batch_size=settings.live_batch,
    callbacks=watched(small, "a narrow DCGAN"),
)  # fmt: skip
drawn = {"drawn": samples.draw(small, 10), " ": samples.draw(small, 10, seed=1)}
plots.image_rows({**drawn, "real": V[:10]})

# %% [markdown]
# **What to see**, in the lecture profile. A short training, narrow networks, a fraction of the data: blobs of the
# size of a garment, some with its outline. They are bright inside and black outside. In place of the dense
# generator's grain (lesson 11) they have stripes.

# %% [markdown]
# ## What is each guideline worth?
#
# Which of these rules matter? The paper gives no figures for single rules. So let us take them away, one at a time,
# and train each time anew: the same images of the shipped subset, the same steps, the same three seeds, narrow
# networks. The Fréchet distance is that of lesson 10, against 2,000 test images.

# %%
quiz("13-guidelines")

# %%
subset = data.load("fashion_mnist", source="shipped", quiet=True).take(train=settings.ablation_n)
sheet = dcgan.ablation.AblationTrials(list(dcgan.ablation.WITHOUT)[: settings.variants])


def measure_all():
    return sheet.fill(
        pixels.forward(subset.X_train)[..., None],
        seeds=settings.ablation_seeds, epochs=settings.ablation_epochs,
        batch_size=settings.live_batch, codings=settings.codings,
        maps=settings.ablation_maps, count=settings.n_judge,
    )  # fmt: skip


outcome = weights.load_or_train(
    sheet, "ablation_13", measure_all, lesson="13", data=weights.data_text(subset),
    dtype="float16", source=dcgan.ablation.AblationTrials,
)  # fmt: skip
worth = dcgan.ablation.summary(outcome.history)
print("measured beforehand, by the same code:" if outcome.loaded else "measured just now:", end=" ")
print(f"{outcome.figures['steps']:.0f} steps each, {outcome.figures['seeds']:.0f} seed(s)\n")
print(f"{'changed':<40}{'Fréchet distance':>19}{'lowest':>9}{'highest':>9}{'classes':>9}")
for name, mean, lowest, highest, classes in worth:
    seeds = outcome.history[f"{name}: frechet"]
    half = metrics.interval(seeds)[2] - mean if len(seeds) > 1 else np.nan
    print(f"{name:<40}{mean:11.2f} ± {half:5.2f}{lowest:9.2f}{highest:9.2f}{10 * classes:9.1f}")
    if name == dcgan.ablation.COMPLETE:
        scoreboard.record(
            "13", "DCGAN, narrow, short", codings=settings.codings, data=subset,
            seeds=range(42, 42 + len(seeds)), frechet=mean, coverage=classes,
        )  # fmt: skip

# %%
dcgan.figures.worth_figure(worth, dcgan.ablation.COMPLETE)

# %%
pictures = dict(zip(sheet.names, np.asarray(sheet.pictures, dtype="float32"), strict=True))
plots.image_rows({name: pictures[name][:8] for name, *_ in worth}, tile=0.7)

# %% [markdown]
# **What to see**, where the figures were measured beforehand (the line above the table says so). "Classes" are
# how many of the ten make up at least one percent of the images. A dot is the mean over three seeds, a line
# runs from the best seed to the worst, and the band is the range of the full list. Behind ± stands the 95 %
# interval of lesson 12.
#
# **The list is not the best row.** Upsampling and pooling in place of strides give lower distances, and neither
# ranges nor intervals overlap with those of the list. By these three seeds the same holds for kernel 5. But the next
# *find the bug* trains the full list with a fourth seed, and in the lecture profile it reaches 13.35. With this seed
# the list has 14.6 ± 1.3, and that overlaps with kernel 5: a draw. tanh inside the generator is a draw, too: its
# interval overlaps already. A dense hidden layer and batch normalization at the ends are clearly worse. Adam's usual
# memory and no batch normalization are worse with every seed, but they differ so much from seed to seed that their
# intervals overlap as well. The other three are draws in both senses.
#
# The pictures (of one seed) show what the numbers do not. With a dense hidden layer all eight are nearly the
# same image: mode collapse. Without batch normalization they are flat grey shapes. And no row has clean garments yet.
#
# So the list is no law. A short training of narrow networks measures *how quickly they learn*. It says little about
# the end of a long training, or about large images, for which the list was made. And upsampling has its price:
# each of its convolutions takes four times as many multiplications.

# %% [markdown]
# ### Why does kernel 5 not lose?
#
# With kernel 5 every second pixel is painted more often. So there should be a checkerboard, and with kernel 4
# none. A checkerboard is a wave with a period of two pixels, and Fourier's transform can measure it: which
# share of an image's energy (the squares of its pixels, less their mean) lies in waves of period 2, across or
# down? Here it is for the pictures of each row, and for real images.

# %%
def checkerboard(images):
    """Share of each image's energy in waves of period 2, across or down: (n,), 0 to 1."""
    waves = np.fft.fft2(images - images.mean(axis=(1, 2), keepdims=True))
    energy = np.abs(waves) ** 2
    fast = energy[:, 14].sum(axis=1) + energy[:, :, 14].sum(axis=1) - energy[:, 14, 14]
    return fast / np.maximum(energy.sum(axis=(1, 2)), 1e-12)  # wave 14 of 28 has period 2


print(f"{'energy at period 2, mean of ten images':<42}  in %")
for name, *_ in worth:
    mean, _, high = metrics.interval(100 * checkerboard(pictures[name]))
    print(f"{name:<42}{mean:6.2f} ± {high - mean:.2f}")
print(f"{f'{len(real):,} real images':<42}{100 * checkerboard(real).mean():6.2f}")

# %% [markdown]
# **What to see**, with the shipped pictures. They are ten images of one seed. So the intervals speak
# of these ten, and not of what another training would give. Two things are plain. **Kernel 5 shows no
# checkerboard**: it has no more energy at period 2 than real images have. It paints unevenly, but the network has
# learned weights that make up for it. And **kernel 4 can have one**: the last row ($\beta_1 = .9$) has kernel 4,
# and its pictures have dots that you can see. Its energy at period 2 is more than ten times that of real images.
#
# So even coverage is neither needed nor enough. Coverage counts strokes, and not what the strokes add up to. At
# stride 2 a kernel of 4 × 4 is four small kernels of 2 × 2, one for the even and odd pixels of each direction.
# Nothing but the training makes these four agree.

# %% [markdown]
# ## Find the bug: a summary of DCGAN
#
# A summary of the paper that is often copied says: *"batch normalization in both networks, except at the output
# of the discriminator"*. A colleague builds just that.

# %%
his = dcgan.ablation.pair(
    settings.codings, settings.live_maps, normalised=("inside", "ends")
)
for network in his:
    print(f"{network.name}:")
    for layer in network.layers[1:]:
        print(f"    {type(layer).__name__:<20} {layer.output.shape[1:]}")

print(f"\n{'':<14}{'Fréchet distance':>17}{'classes':>9}")
rows = {}
for name, ends in (("the paper", ("inside",)), ("the summary", ("inside", "ends"))):
    rival = dcgan.ablation.compiled_gan(
        settings.codings, settings.live_maps, seed=7, normalised=ends
    )
    rival.fit(signed, epochs=settings.live_epochs, batch_size=settings.live_batch, verbose=0)
    images = samples.draw(rival, settings.n_judge)
    figures = trials.scores(images)
    print(f"{name:<14}{figures['frechet']:17.2f}{10 * figures['coverage']:9.0f}")
    rows[name] = images[:10]
plots.image_rows(rows)

# %% [markdown]
# **What to see**, in the lecture profile: his distance is the larger one, as in the table. ("The paper" is the full
# list, with a fourth seed.) Read his two networks, layer by layer, before you open the answer.
#
# <details><summary>Answer</summary>
#
# The paper makes two exceptions: the generator's **output** and the discriminator's **input layer**. The
# summary has merged them into one that the paper does not make, and nobody normalizes a single logit anyway. So
# he normalizes at both ends, where the *pixels* are. There, brightness and contrast mean something. His
# generator must give every batch of fakes the same mean and the same spread, whatever is in it. His detective
# gets real images and fakes with their brightness and contrast taken out, batch by batch. (A real batch and a
# fake one are normalized apart.)
#
# </details>

# %% [markdown]
# ## A longer training
#
# Now with more maps, 55,000 images and many more steps. If weights that fit are there, they are loaded with the
# **film** of their training: at growing intervals the averaged generator was asked for images of the same codings. Its
# weights are a running average over the last steps (lesson 12, "Questions that come up").
#
# The networks are those of your exercises, except that layers before a batch normalization have no biases: the
# normalization would take them off again. The paper's learning rate is 2e-4. Our images come from an average
# over the generators of the last steps, which evens out larger steps. So our rate climbs to 1e-3 and then falls
# along a cosine.


# %%
from helpers.gans.dcgan import arithmetic_board, class_explorer, dcgan_pair

def load_or_train(gan, name, y=None):
    """Shipped weights with their film, or a training: (how the model came to its weights, film)."""

    def train(callbacks):
        rate = training.WarmupCosine.for_fit(
            settings.peak, len(X), settings.batch_size, settings.epochs
        )
        gan.compile(*(keras.optimizers.Adam(rate, settings.beta_1) for _ in range(2)))
        training.fit(
            gan, signed, y, epochs=settings.epochs, batch_size=settings.batch_size,
            callbacks=[*watched(gan, name), *callbacks],
        )  # fmt: skip
        return judged(gan)

    return Film.load_or_train(
        gan, name, train, lesson="13", data=garments, frames=settings.frames,
        source=(GAN.training_source, dcgan_pair),  # weights made by other rules would be others
    )  # fmt: skip


def judged(gan, seed=0):
    """All figures of new images, as many of each class if the GAN is conditional."""
    wanted = np.arange(settings.n_judge, dtype="int32") % 10 if gan.conditional else None
    images = samples.draw(gan, settings.n_judge, seed, wanted)
    return metrics.judge_images(images, real, train=X, count=settings.n_judge)


keras.utils.set_random_seed(42)
model = GAN(
    *dcgan_pair(settings.codings, settings.maps), settings.codings, averaging=settings.averaging
)
outcome, film = load_or_train(model, "dcgan_13")

# %%
film_view(film)

# %% [markdown]
# **What to see**, in the lecture profile with the shipped weights. First blobs in the middle, then outlines,
# then insides. Most of what the eye sees happens early. Look at one column: the third coding is a shoe from
# step 1,173 on, while others change their garment several times. Several columns, such as the first and the
# last, never become a garment that one can name.

# %%
histogram_view(film, garments.class_names)

# %% [markdown]
# **What to see**, in the lecture profile with the shipped weights. Which share of the drawn images the classifier
# takes for which class, while the training goes on; an even share is a tenth. At first everything counts as a bag,
# and soon nearly half of all images as shirts. From about step 1,900 on all ten classes are there. Nobody tells the
# generator about classes. But a class that is never made would help the discriminator to tell real from fake.

# %%
from helpers.metrics import baselines, classifier

sampled = samples.draw(model, settings.n_judge)
shares = metrics.class_histogram(classifier.probabilities(sampled))
told = (f"{name} {share:.1%}" for name, share in zip(garments.class_names, shares))
print("share of each class: " + ", ".join(told))
plots.image_grid(sampled[:40], title="New images by the DCGAN")

# %%
both = {"discriminator": outcome.history["d_loss"], "generator": outcome.history["g_loss"]}
guessing = {"a discriminator that is guessing": np.log(4)}
plots.curves(both, best=None, references=guessing, title="Losses")

# %% [markdown]
# **What to see**, in the lecture profile with the shipped weights. Garments with folds and collars, and several
# failures among the forty. The discriminator's loss stays below log 4: it keeps an edge. From the third epoch on its
# loss falls and the generator's rises: its lead grows. In the same time the film's images get better. So neither curve
# says when the images are good. Judge a GAN by its images (lesson 12).

# %% [markdown]
# ## Walking through the codings
#
# A generator has no encoder: we cannot ask for the coding of a given image. But we can move from one drawn
# coding to another. With 100 codings a draw from $N(0, I)$ has a length of about $\sqrt{100} = 10$, and hardly
# ever one below 8. The middle of a straight line between two of them has a length of about 7, and there the
# generator was never trained. An **arc** keeps the length ([White, 2016](https://arxiv.org/abs/1609.04468)).

# %% [markdown]
# ### Exercise 13.5 · Along the arc
# *15 minutes · difficulty 2 of 3*
#
# Given two codings $a$ and $b$, of shape (k,), return `steps` codings from $a$ to $b$, ends included, evenly
# spaced shares $t$ from 0 to 1, as an array (steps, k):
#
# $$z(t) = \bigl[(1 - t)\,|a| + t\,|b|\bigr] \cdot \frac{\sin((1 - t)\,\theta)\; u + \sin(t\,\theta)\; v}{\sin\theta},$$
#
# where $u = a / |a|$ and $v = b / |b|$ are the directions, $|\cdot|$ the length, and
# $\theta = \arccos(u \cdot v)$ the angle between them. Rounding can put $u \cdot v$ a hair above 1: clip it.
# For parallel codings ($\theta$ below 1e-6) return the straight line.


# %%
def arc(a: np.ndarray, b: np.ndarray, steps: int) -> np.ndarray:
    """Codings (steps, k) along the arc from a to b; direction and length change evenly."""
    ### BEGIN SOLUTION
    t = np.linspace(0, 1, steps)[:, None]
    length_a, length_b = np.linalg.norm(a), np.linalg.norm(b)
    u, v = a / length_a, b / length_b
    theta = np.arccos(np.clip(u @ v, -1, 1))
    if theta < 1e-6:
        return (1 - t) * a + t * b
    direction = (np.sin((1 - t) * theta) * u + np.sin(t * theta) * v) / np.sin(theta)
    return ((1 - t) * length_a + t * length_b) * direction
    ### END SOLUTION


# %%
arc = check("13.5", arc)

# %%
from helpers.codings import code_explorer, interpolation, interpolation_slider

decode = samples.decoder(model)
codings = samples.fixed_codings(model, settings.n_judge)  # those of `sampled`
probabilities = classifier.probabilities(sampled)


def surest(kind, count):
    """Rows of the drawn images that the classifier is surest to be of this class."""
    return np.argsort(-probabilities[:, garments.class_names.index(kind)], kind="stable")[:count]


one, other = codings[surest("Sneaker", 1)[0]], codings[surest("Ankle boot", 1)[0]]
third = codings[surest("Pullover", 1)[0]]
plots.image_rows({
    "sneaker → boot, line": decode(interpolation.linear(one, other, 10)),
    "arc": decode(arc(one, other, 10)),
    "boot → pullover, line": decode(interpolation.linear(other, third, 10)),
    " arc": decode(arc(other, third, 10)),
})  # fmt: skip

# %%
interpolation_slider(decode, one, third)

# %% [markdown]
# **What to see**, in the lecture profile with the shipped weights. Between sneaker and boot every step is a shoe.
# On the way from a boot to a pullover there are one or two images that are neither. The slider goes from the
# sneaker to the pullover, with such images, too. On these few the eye can hardly tell the line from the arc. So
# let us measure it on many pairs.

# %%
partners = samples.fixed_codings(model, settings.n_judge, seed=1)
places = {
    "ends": codings,
    "middle of the line": (codings + partners) / 2,
    "middle of the arc": np.stack([arc(a, b, 3)[1] for a, b in zip(codings, partners)]),
}
real_features = classifier.features(real)
print(f"{len(codings):,} pairs{'length':>20}{'contrast':>12}{'Fréchet distance':>20}")
for name, Z in places.items():
    images = decode(Z)
    contrast = images.std(axis=(1, 2)).mean()
    distance = metrics.frechet_distance(classifier.features(images), real_features)
    print(f"{name:<19}{np.linalg.norm(Z, axis=1).mean():12.2f}{contrast:12.3f}{distance:20.2f}")
print(f"{'real images':<19}{'':12}{real.std(axis=(1, 2)).mean():12.3f}")

# %% [markdown]
# **What to see**, in the lecture profile with the shipped weights. In the middle of the line the codings are
# too short. The images there have less contrast than those at the ends, and their Fréchet distance is about
# half as large again. In the middle of the arc both are as at the ends, nearly. So the arc is better, but by
# less than one sees in a single row.

# %% [markdown]
# ### Arithmetic with codings
#
# The best-known figure of the paper: *man with glasses − man + woman = woman with glasses*. With garments:
# *pullover − T-shirt + dress*. A pullover differs from a T-shirt by its long sleeves. Does the sum give a dress
# with long sleeves?
#
# The paper reports that single codings were unstable and **means of three** were not. A mean averages out what
# the three have not in common. There is a second reason, the length of the result:

# %%
# NBVAL_CHECK_OUTPUT
rng = np.random.default_rng(0)
print("codings in each mean   length of A − B + C   (a draw from N(0, I): about 10)")
for count in (1, 2, 3, 5, 10):
    three = rng.normal(size=(2000, 3, count, 100)).mean(axis=2)
    lengths = np.linalg.norm(three[:, 0] - three[:, 1] + three[:, 2], axis=1)
    print(f"{count:20d} {lengths.mean():21.1f}")

# %% [markdown]
# **What to see.** The variances of the three means add up: $3 \cdot \tfrac1n$ for means of $n$ codings. With
# $n = 3$ that makes 1, and the result is as long as a draw from $N(0, I)$: there the generator was trained.
# With one coding each it is far outside, with ten well inside.

# %% [markdown]
# ### Exercise 13.6 · A − B + C
# *10 minutes · difficulty 1 of 3*
#
# `codings` has the shape (n, k); `first`, `second` and `third` are lists of row numbers. Return the mean coding
# of the first group, minus that of the second, plus that of the third: (k,).


# %%
def latent_arithmetic(codings: np.ndarray, first: list, second: list, third: list) -> np.ndarray:
    """Mean coding of `first` − that of `second` + that of `third`: (k,)."""
    ### BEGIN SOLUTION
    return codings[first].mean(axis=0) - codings[second].mean(axis=0) + codings[third].mean(axis=0)
    ### END SOLUTION


# %%
latent_arithmetic = check("13.6", latent_arithmetic)

# %%
kinds = ("Pullover", "T-shirt/top", "Dress")
pools = [np.random.default_rng(3).permutation(surest(kind, 24)).tolist() for kind in kinds]
trios = [[pool[3 * i : 3 * i + 3] for pool in pools] for i in range(8)]
alone = [latent_arithmetic(codings, *([group[0]] for group in trio)) for trio in trios]
sums = [latent_arithmetic(codings, *trio) for trio in trios]
rows = {
    f"{sign}{kind}": sampled[[pool[3 * i] for i in range(8)]]
    for sign, kind, pool in zip(("", "− ", "+ "), kinds, pools)
}
rows["= with one of each"] = decode(np.stack(alone))
rows["= with means of three"] = decode(np.stack(sums))
some = np.random.default_rng(4)
print("500 sums, from the 24 surest of each class   length   contrast   the classifier sees")
for count in (1, 3, 10):
    picks = ([some.permutation(pool)[:count].tolist() for pool in pools] for _ in range(500))
    Z = np.stack([latent_arithmetic(codings, *pick) for pick in picks])
    images = decode(Z)
    seen = metrics.class_histogram(classifier.probabilities(images))
    most = np.argsort(-seen)[:4]
    told = ", ".join(f"{garments.class_names[i]} {seen[i]:.0%}" for i in most)
    size = f"{np.linalg.norm(Z, axis=1).mean():9.1f}{images.std(axis=(1, 2)).mean():11.3f}"
    print(f"  {f'means of {count}':<42}{size}   {told}")
plots.image_rows(rows)

# %% [markdown]
# **What to see**, in the lecture profile with the shipped weights. In each column: one of the three pullovers,
# of the three T-shirts, of the three dresses, and below them the sums. Some are long garments with sleeves;
# others are no dress at all, and some are shoes. These eight trios are the only ones drawn, not a choice of good
# ones. The table counts 500 sums, and is sobering. With one or three of each, about one in eight is taken for a dress;
# with ten, hardly any. (A long-sleeved dress may pass for a coat. But most sums of means are taken for pullovers or boots.)
# The contrast hardly depends on the length.
#
# Below you can try sums of your own: choose images by the numbers below them, then put them into a slot. *Ankle
# boot − sneaker + bag*? *Dress − T-shirt + pullover*? Beside the result stands the same sum of pixels.

# %%
on_board = (*kinds, "Sneaker", "Ankle boot", "Bag")
chosen = np.concatenate([surest(kind, 5) for kind in on_board])
slots = [0, 1, 2], [5, 6, 7], [10, 11, 12]
arithmetic_board(decode, codings[chosen], start=slots, combine=latent_arithmetic)

# %% [markdown]
# ### Sliders that do something
#
# One of 100 codings changes an image only a little. But some *directions* change it much more than others
# ([Härkönen and others, 2020](https://arxiv.org/abs/2004.02546), find them in a similar way). Shift a coding a
# little along each axis, see how the image changes, and ask which combinations of shifts change it most: these
# are eigenvectors of a matrix of 100 × 100 numbers, as in PCA. We start from an image that has turned out well.

# %%
steer = dcgan.latent.directions(decode, codings[: settings.n_steer])
base = codings[surest("Pullover", 1)[0]]
moved = np.linspace(-2.5, 2.5, 9)[:, None]
alone = np.eye(settings.codings)[0]
directions = {"direction 1": 0, "direction 2": 1, "direction 3": 2, "the last": -1}
rows = {"coding 1 alone": decode(base + moved * alone)}
rows |= {name: decode(base + moved * steer[i]) for name, i in directions.items()}
plots.image_rows(rows)

# %%
code_explorer(lambda along: decode(base + along @ steer[:16]), codings[:500] @ steer[:16].T)

# %% [markdown]
# **What to see**, in the lecture profile with the shipped weights. The middle column is the image that we started
# from. The first directions change the garment; coding 1 alone changes it less, and the last direction next to
# nothing: along it, the generator hardly reacts to its codings. In the widget the sliders move along the first
# sixteen directions ("coding 1" is direction 1). None of those drawn here changes the sleeves and nothing else:
# directions of great change are not yet directions with a meaning.

# %% [markdown]
# ## Is it memory?
#
# A generator that repeats its training images would pass every test so far. So look for the nearest training
# image of each drawn one, pixel by pixel. A distance by itself says little. Compare it with the same distance
# of *real images that were not trained on*.

# %%
nearest, distances = metrics.nearest_training_images(sampled[:500], X)
closest = np.argsort(distances)[:5]
shown = np.concatenate([closest, np.arange(5)])
pairs = {"drawn": sampled[shown], "nearest training image": X[nearest[shown]]}
plots.image_rows(pairs, title="The five nearest of all, then five others")

ratio, copies = metrics.memorisation(sampled[:500], real[:500], X)
told = outcome.figures
print(f"{'':<62}{'here':>8}{'all it saw':>12}")
print(f"{'median distance to the nearest training image, over that':<62}")
print(f"{'of real images (copies: 0; new images: about 1)':<62}{ratio:8.2f}", end="")
print(f"{told['nearest_ratio']:12.2f}")
print(f"{'share of drawn images nearer than all but 1 % of real ones':<62}{copies:8.3f}", end="")
print(f"{told['copies']:12.3f}")

# %% [markdown]
# **What to see**, in the lecture profile with the shipped weights. Most pairs are of one kind, but no pair is the
# same image. The first five pairs are the nearest of 500, and mostly trousers: all trousers are alike. The ratio is
# above 1: drawn images lie *farther* from the training images than new real ones do. So, pixel by pixel, nothing is
# repeated. But some of that distance is failure: an image that is no garment is far from everything, too. ("Here"
# searches the images of this notebook; "all it saw" the 55,000 that the shipped weights were trained on, measured
# when they were made.)

# %% [markdown]
# ## What the discriminator knows
#
# Nobody told it about trousers or shoes. To tell real from fake it must have learned what real garments are
# made of. The paper's test: throw the last layer away, take the activations as features, and train a linear
# classifier on them. (The largest activation of each map in each quarter of the picture.)

# %%
from sklearn.decomposition import PCA

keras.utils.set_random_seed(0)
blind = dcgan_pair(settings.codings, settings.maps)[1]  # the same network, untrained
there = pixels.forward(V)[..., None]
size = dcgan.features.discriminator_features(blind, signed[:2]).shape[1]
pca = PCA(min(size, settings.n_probe)).fit(data.flatten(X[: settings.n_probe]))


def seen_by(network):
    return lambda images: dcgan.features.discriminator_features(network, images)


sources = {  # what turns images in [−1, 1] into features
    "pixels": data.flatten,
    "PCA": lambda images: pca.transform(data.flatten(pixels.back(images))),
    "untrained discriminator": seen_by(blind),
    "discriminator of the DCGAN": seen_by(model.discriminator),
}
draws = [slice(i * settings.n_probe, (i + 1) * settings.n_probe) for i in range(settings.probes)]
accuracy = {}
words = "accuracy on validation images"
print(f"{settings.n_probe:,} labelled images, {settings.probes} draws: {words}")
for name, features in sources.items():
    outside = features(there)
    accuracy[name] = [
        metrics.linear_probe_accuracy(features(signed[part]), y[part], outside, labels)
        for part in draws
    ]
    mean, _, high = metrics.interval(accuracy[name])
    print(f"  {f'{name} ({outside.shape[1]})':<34} {mean:.3f} ± {high - mean:.3f}")
ours = accuracy["discriminator of the DCGAN"]
for rival in ("untrained discriminator", "pixels"):
    mean, low, high = metrics.paired_interval(ours, accuracy[rival])
    print(f"  the DCGAN's less {rival:<18} {mean:+.3f} [{low:+.3f}, {high:+.3f}]")

# %% [markdown]
# **What to see**, in the lecture profile with the shipped weights. The number of features is in brackets. The
# untrained discriminator is the fair comparison: random convolutions with a pooling behind them are good
# features already. The game has added about one point in a hundred: the interval of the first difference, in the
# last two lines, lies above 0. The second one holds 0: against the pixels themselves it is a draw. On small, centred
# garments they are a strong rival. The paper tested colour photographs and house numbers, where single pixels say less.

# %% [markdown]
# ## Limits of DCGAN
#
# - The list is a recipe, not a theory. With larger images, other data or deeper networks the game may fall
#   apart again.
# - Codings have no meaning by themselves, and there is no way from an image to its coding.
# - Coherence over long distances is weak: two sleeves of different length, a shoe with two heels. Each layer
#   sees a small neighbourhood only.
# - Longer training does not always help; the paper itself saw a few filters collapse into one oscillating mode.
# - And we cannot say *what* we want to see.
#
# Lessons 14 to 16 take up several of the first four. The last one is next.

# %% [markdown]
# ## The conditional GAN
#
# *A sneaker, please!* [Mirza and Osindero (2014)](https://arxiv.org/abs/1411.1784) give the label $c$ to
# **both** networks: $G(z, c)$ makes an image of class $c$, and $D(x, c)$ judges whether $x$ is a *real image of
# class $c$*. No real bag has the label "shirt", so a perfect bag with this label is a fake. The generator has
# to make what was ordered.
#
# How does a label get into a network?
#
# - **Generator**: as a one-hot vector behind the $k$ codings, $k + 10$ numbers in all.
# - **Discriminator**: its input is an image, so the label becomes images as well: ten **planes**, the one of
#   the class all 1, the others all 0, as ten more channels.

# %% [markdown]
# ## Find the bug: planes that are no planes
#
# A colleague makes the planes like this, and the shapes are right.


# %%
def her_planes(labels, classes, height, width):
    flags = np.eye(classes)[labels]  # (n, classes)
    copies = np.repeat(flags, height * width, axis=1)
    return copies.reshape(-1, height, width, classes)


planes = her_planes(np.array([3]), 10, 28, 28)
print("shape:", planes.shape)
titles = [f"class {i}" for i in range(10)]
shown = np.moveaxis(planes[0], -1, 0)
plots.image_grid(0.8 * shown, titles=titles, title="Her planes for one image of class 3")

# %% [markdown]
# **What to see.** Plane 3 should be bright and all others black. Instead *every* plane has a bright stripe.
# `repeat` puts 784 copies of the first flag in a row, then 784 of the second; `reshape` fills the last axis
# first, and cuts this row into pieces of ten. So a convolution finds the same number in all ten channels of nearly
# every place, and mostly that number is 0, whatever the class.

# %% [markdown]
# ### Exercise 13.7 · Labels as planes
# *10 minutes · difficulty 2 of 3*
#
# Make them properly. `labels` has the shape (n,), whole numbers from 0 to `classes` − 1. Return a tensor of
# shape (n, height, width, classes): for image $i$, channel `labels[i]` is 1 everywhere and the others are 0
# everywhere. Use `ops.one_hot(labels, classes)` and `ops.broadcast_to(tensor, shape)`. Inside `fit` the number
# of images is not known beforehand: `ops.shape(labels)[0]` asks for it.


# %%
def label_planes(labels: tf.Tensor, classes: int, height: int, width: int) -> tf.Tensor:
    """Labels (n,) → planes (n, height, width, classes): 1 in the channel of the label, else 0."""
    ### BEGIN SOLUTION
    flags = ops.one_hot(labels, classes)[:, None, None, :]
    return ops.broadcast_to(flags, (ops.shape(labels)[0], height, width, classes))
    ### END SOLUTION


# %%
label_planes = check("13.7", label_planes)

planes = np.asarray(label_planes(tf.constant([3], tf.int32), 10, 28, 28))
shown = np.moveaxis(planes[0], -1, 0)
plots.image_grid(0.8 * shown, titles=titles, title="Planes for one image of class 3")

# %% [markdown]
# ### Both networks with a label
#
# Here they are. Compare them with your own of exercises 13.3 and 13.4: the label's one-hot vector joins the
# codings, your planes join the image, and nothing else is new.


# %%
class WithPlanes(layers.Layer):
    """Images (n, 28, 28, 1) and labels (n,) → images with your ten planes behind them."""

    def call(self, inputs):
        images, labels = inputs
        planes = ops.cast(label_planes(labels, 10, 28, 28), images.dtype)
        return ops.concatenate([images, planes], axis=3)

    def compute_output_shape(self, shapes):
        return (*shapes[0][:3], 11)


def labelled_pair(codings: int, maps: int) -> tuple[keras.Model, keras.Model]:
    """[codings, labels] → images (n, 28, 28, 1), and [images, labels] → logits (n, 1)."""
    start = {"kernel_initializer": keras.initializers.RandomNormal(stddev=0.02)}
    bare = {"use_bias": False, **start}  # before a batch normalization
    half = {"strides": 2, "padding": "same"}

    z, label = keras.Input((codings,)), keras.Input((), dtype="int32")
    h = layers.Concatenate()([z, ops.one_hot(label, 10)])
    h = layers.Reshape((7, 7, 2 * maps))(layers.Dense(7 * 7 * 2 * maps, **bare)(h))
    h = layers.ReLU()(layers.BatchNormalization()(h))
    h = layers.Conv2DTranspose(maps, 4, **half, **bare)(h)
    h = layers.ReLU()(layers.BatchNormalization()(h))
    image = layers.Conv2DTranspose(1, 4, **half, activation="tanh", **start)(h)

    x = keras.Input((28, 28, 1))
    h = WithPlanes()([x, label])
    h = layers.LeakyReLU(0.2)(layers.Conv2D(maps, 4, **half, **start)(h))
    h = layers.Conv2D(2 * maps, 4, **half, **bare)(h)
    h = layers.LeakyReLU(0.2)(layers.BatchNormalization()(h))
    logit = layers.Dense(1, **start)(layers.Flatten()(h))
    return keras.Model([z, label], image), keras.Model([x, label], logit)

# %% [markdown]
# ### Exercise 13.8 · The detective's phase
# *25 minutes · difficulty 3 of 3*
#
# Write it for a conditional GAN, with nothing left out. `real` is a batch of images, `labels` are their
# classes, (batch,).
#
# 1. Make as many fakes, of the **same** labels: `self.generate(codings, labels, training=True)` with codings
#   from `self.draw_codings(count)`; `ops.shape(real)[0]` is the count.
# 2. `fake, fake_labels = self.remember(fake, labels)`: with a replay buffer (lesson 12) half of them become
#   older fakes with *their* labels.
# 3. Inside a `tf.GradientTape`: `self.judge(images, labels)` gives the logits of real images and of fakes, each
#   with their labels, and `self.discriminator_loss(real_logits, fake_logits)` the loss.
# 4. `self.improve(network, optimizer, tape, loss)` for `self.discriminator` with
#   `self.discriminator_optimizer`, and nobody else. Then
#   `self.note(d_loss=…, real_accuracy=…, fake_accuracy=…)`: the loss, where real logits are above 0, where fake
#   logits are below 0.


# %%
class ConditionalGAN(GAN):
    """A GAN with labels; its discriminator learns to tell real images of a class from fakes."""

    def discriminator_phase(self, real: tf.Tensor, labels: tf.Tensor) -> None:
        """One step of the discriminator on a batch of images and their labels."""
        ### BEGIN SOLUTION
        codings = self.draw_codings(ops.shape(real)[0])
        fake = self.generate(codings, labels, training=True)
        fake, fake_labels = self.remember(fake, labels)
        with tf.GradientTape() as tape:
            real_logits = self.judge(real, labels)
            fake_logits = self.judge(fake, fake_labels)
            loss = self.discriminator_loss(real_logits, fake_logits)
        self.improve(self.discriminator, self.discriminator_optimizer, tape, loss)
        self.note(d_loss=loss, real_accuracy=real_logits > 0, fake_accuracy=fake_logits < 0)
        ### END SOLUTION


# %%
ConditionalGAN = check("13.8", ConditionalGAN)

# %% [markdown]
# ## Find the bug: an order that is read twice
#
# A third colleague takes your detective and writes the forger's phase herself. The forger should practise all
# classes, so she draws random labels. Shapes are right, nothing fails.


# %%
class HerGAN(ConditionalGAN):
    def any_labels(self, count):
        return keras.random.randint((count,), 0, 10, seed=self.random)

    def generator_phase(self, real, labels):
        count = ops.shape(real)[0]
        codings = self.draw_codings(count)
        with tf.GradientTape() as tape:
            fake = self.generate(codings, self.any_labels(count), training=True)
            loss = self.game.generator(self.judge(fake, self.any_labels(count)))
        self.improve(self.generator, self.generator_optimizer, tape, loss)
        self.note(g_loss=loss)
        self.average()


wanted = np.arange(settings.n_judge, dtype="int32") % 10
print(f"{'':<12}{'Fréchet distance':>17}{'as ordered':>12}   the detective recognises")
rows = {}
for name, kind in (("yours", ConditionalGAN), ("hers", HerGAN)):
    keras.utils.set_random_seed(7)
    networks = labelled_pair(settings.codings, settings.live_maps)
    rival = kind(*networks, settings.codings, conditional=True, averaging=0.99)
    rival.compile(*(keras.optimizers.Adam(settings.peak, settings.beta_1) for _ in range(2)))
    run = rival.fit(
        signed, y.astype("int32"), epochs=settings.bug_epochs,
        batch_size=settings.live_batch, verbose=0,
    ).history  # fmt: skip
    images = samples.draw(rival, settings.n_judge, labels=wanted)
    rows[name] = images[:10]
    right = np.mean(classifier.probabilities(images).argmax(axis=1) == wanted)
    found = f"{trials.scores(images)['frechet']:17.2f}{right:12.0%}"
    print(f"{name:<12}{found}   {run['fake_accuracy'][-1]:.0%} of the fakes")
plots.image_rows({**rows, "real": X[[np.flatnonzero(y == i)[0] for i in range(10)]]})

# %% [markdown]
# **What to see**, in the lecture profile. A column for each class, from T-shirt to ankle boot. Your generator
# obeys about four orders in ten after this short training. Hers obeys one in ten: that is chance. Her detective
# recognises nearly every fake. Where is the mistake?
#
# <details><summary>Answer</summary>
#
# `any_labels` is called twice, and each call draws anew. The forger is told "sneaker", and the detective is
# asked whether the image is a real *bag*. So the forger cannot please anybody by obeying. It learns to ignore
# the label, and the detective sees that label and image do not belong together. The cure: draw once,
# `labels = self.any_labels(count)`, and use it in both places.
#
# Nothing in a single image shows this bug: one has to know what was ordered. So measure whether orders are
# obeyed.
#
# </details>

# %% [markdown]
# ### Ten garments to order
#
# Now in full size: the two networks from above with your planes, your phase of the detective, and a replay
# buffer that hands the discriminator older fakes beside the new ones (lesson 12). If weights that fit are
# there, they are loaded.

# %%
from helpers.gans.stability import Replay

keras.utils.set_random_seed(42)
memory = Replay(settings.kept, (28, 28, 1), labels=True, seed=42)
to_order = ConditionalGAN(
    *labelled_pair(settings.codings, settings.maps), settings.codings,
    conditional=True, averaging=settings.averaging,
    replay=dcgan.Aside(memory),  # a tool of the training; the model that is kept does without it
)  # fmt: skip
outcome_to_order, film_to_order = load_or_train(to_order, "cdcgan_13", y.astype("int32"))

# %% tags=["readme-film"]
film_view(film_to_order)

# %% tags=["cover"]
ordered = samples.draw(to_order, settings.n_judge, labels=wanted)
by_class = {name: ordered[wanted == i][:10] for i, name in enumerate(garments.class_names)}
plots.image_rows(by_class, tile=0.7)

# %% [markdown]
# **What to see**, in the lecture profile with the shipped weights. In the film above each column has a class of its
# own, from T-shirt to ankle boot. At step 1,173 most of them can be named already. Here: a row for each class, and in
# each row ten codings. Within a row the garments differ in shape, brightness and sleeves. That matters: a generator that
# ignored its codings and made one perfect garment per class would get every label right.

# %% [markdown]
# ### Did we get what we ordered?
#
# Ask the classifier. It errs, too: on real images it is right about nine times in ten. So compare with its
# score on real images, not with 100 %.

# %%
guesses = classifier.probabilities(ordered).argmax(axis=1)
real_labels = data.load("fashion_mnist", source="shipped", quiet=True).y_test[: len(real)]
real_guesses = classifier.probabilities(real).argmax(axis=1)
print(f"{'the classifier sees':<25}{'as ordered':>13}{'of real ones':>15}   most often taken for")
for i, name in enumerate(garments.class_names):
    mistaken = np.bincount(guesses[(wanted == i) & (guesses != i)], minlength=10)
    instead = garments.class_names[mistaken.argmax()] if mistaken.any() else "–"
    made = np.mean(guesses[wanted == i] == i)
    of_real = np.mean(real_guesses[real_labels == i] == i)
    print(f"  {name:<23}{made:13.0%}{of_real:15.0%}   {instead}")
agreement = float(np.mean(guesses == wanted))
print(f"  {'all':<23}{agreement:13.1%}{np.mean(real_guesses == real_labels):15.1%}")

# %% [markdown]
# **What to see**, in the lecture profile with the shipped weights. Mostly what was ordered: 86 % in all, beside
# 92 % of real images. Trousers, shoes and bags are right nearly always. Pullovers fall behind most, then shirts. If
# the classifier disagrees, it mostly takes pullovers for shirts, and shirts for coats. A share clearly *above* that of
# real images would be no triumph: it would hint that only typical garments are made.

# %%
some = codings[: max(1, settings.n_steer // 2)]
to_steer = dcgan.latent.directions(
    lambda Z: samples.images(to_order, Z, np.full(len(Z), 2)), some
)  # of pullovers
class_explorer(
    lambda Z, labels: samples.images(to_order, Z, labels),
    garments.class_names, settings.codings, directions=to_steer,
)  # fmt: skip

# %% [markdown]
# **What to see.** Each row is *one* coding in all classes. The garments of a row share their brightness, most
# of all. In the widget, choose a class and move along the directions. What else do the garments of one strip
# share: pattern, width?

# %% [markdown]
# ## On the yardstick
#
# Both models, judged like all generators of the course on the 2,000 test images. References: real images
# against real ones, and one Gaussian through PCA codings.

# %%
titles = "Fréchet", "Inception", "precision", "recall", "classes", "nearest", "copies"
print(f"{'':<38}" + "".join(f"{title:>10}" for title in titles))


def line(name, found):
    shown = (
        f"{found['frechet']:10.2f}{found['inception_score']:10.2f}{found['precision']:10.3f}"
        f"{found['recall']:10.3f}{10 * found['coverage']:10.0f}"
        f"{found.get('nearest_ratio', np.nan):10.2f}{found.get('copies', np.nan):10.3f}"
    )
    print(f"{name:<38}{shown}".replace("nan", "  –"))


models = ("DCGAN", model, outcome), ("conditional DCGAN + replay", to_order, outcome_to_order)
for name, gan, its in models:
    found = judged(gan)
    line(name, found)
    told = weights.manifest("cdcgan_13" if gan.conditional else "dcgan_13") if its.loaded else None
    extra = {"class_agreement": agreement} if gan.conditional else {}
    found = {key: value for key, value in found.items() if not key.startswith("sliced")}
    scoreboard.record(
        "13", name, codings=settings.codings, data=told["data"] if told else garments,
        seconds=its.seconds, **found, **extra,
        parameters=gan.generator.count_params() + gan.discriminator.count_params(),
    )  # fmt: skip
for name in ("floor", "training images", "PCA-30 + Gaussian"):
    line(f"  {baselines.TITLES[name]}", baselines.load()[name])

# %%
scoreboard.show(["10", "11", "13"])

# %% [markdown]
# **What to see**, in the lecture profile with the shipped weights. The DCGAN's Fréchet distance is far below
# those of the dense GAN of lesson 11 and of the VAEs of lesson 10. Mind the two parts of the table: the shipped
# DCGANs saw 55,000 images, the VAEs 9,000. Against the dense GAN its precision is about the same, and its
# recall more than six times as high: it makes most of the variety that there is. The conditional one has better
# figures still. But it gets something for free: it is told the classes, and to make equally many of each. And it had
# the replay buffer as well, so we cannot say what did it. Both are one training each. The training images, repeated as
# they are, have figures like new real images, and the nearest image at distance 0: this is why the last two columns
# are there.
#
# `python3 workbook.py bench 13` sets our training beside a textbook's DCGAN, at equal minutes.

# %% [markdown]
# ## Summary
#
# - Convolutions know that pixels have neighbours: what is learned at one place holds at every place.
# - Transposed convolutions paint; a kernel divisible by the stride paints every pixel equally often, away from
#   the edge.
# - Batch normalization: in both networks, but not at the generator's **output** nor at the discriminator's
#   **input layer**.
# - Guidelines can be measured. Here, in short trainings of narrow networks, upsampling beat the full list, and
#   kernel 5 was no worse.
# - Codings: walk along arcs; sums of means of three are as long as a coding should be. What they show is
#   often not what the sum says.
# - Look for the nearest training image before you believe that anything is new.
# - Conditional: the label into both networks, as one-hot codings and as constant planes. Check that orders are
#   obeyed: the quality of the images does not tell.

# %% [markdown]
# **Questions that come up**
#
# - *Why not a sigmoid output and images in [0, 1]?* It can work. tanh is centred on 0, as batch-normalized
#   layers are. What matters is that real images and fakes have the same range (lesson 11's bug).
# - *Is batch normalization in the discriminator a good thing?* It couples the images of a batch: one logit
#   depends on all the others. In lesson 14 each image must be judged by itself, and it has to go.
# - *Why average the generator?* The newest one circles around; its average stays nearer to the middle of the
#   circle (the phase portraits of lesson 12).
# - *Could the label enter in another way?* In many: learned embeddings instead of one-hot vectors, a classifier
#   as a second head of the discriminator (AC-GAN), a product of label and features (projection), class-wise
#   normalization (BigGAN).
# - *Does the conditional GAN need labels for all images?* This one does.

# %% [markdown]
# **Where to read on**
#
# - Radford, Metz and Chintala (2016), *Unsupervised representation learning with deep convolutional generative
#   adversarial networks*, [arXiv 1511.06434](https://arxiv.org/abs/1511.06434)
# - Mirza and Osindero (2014), *Conditional generative adversarial nets*, [arXiv
#   1411.1784](https://arxiv.org/abs/1411.1784)
# - Odena, Dumoulin and Olah (2016), [*Deconvolution and checkerboard
#   artifacts*](https://distill.pub/2016/deconv-checkerboard/), Distill
# - Ioffe and Szegedy (2015), *Batch normalization*, [arXiv 1502.03167](https://arxiv.org/abs/1502.03167)
# - White (2016), *Sampling generative networks*, [arXiv 1609.04468](https://arxiv.org/abs/1609.04468) (arcs);
#   Härkönen et al. (2020), *GANSpace*, [arXiv 2004.02546](https://arxiv.org/abs/2004.02546) (directions)
# - Odena, Olah and Shlens (2017), *Conditional image synthesis with auxiliary classifier GANs*, [arXiv
#   1610.09585](https://arxiv.org/abs/1610.09585); Miyato and Koyama (2018), *cGANs with projection
#   discriminator*, [arXiv 1802.05637](https://arxiv.org/abs/1802.05637); Brock, Donahue and Simonyan (2019), *Large
#   scale GAN training for high fidelity natural image synthesis* (BigGAN), [arXiv
#   1809.11096](https://arxiv.org/abs/1809.11096)
