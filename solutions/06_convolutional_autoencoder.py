# ---
# lesson: "06"
# title: Convolutional autoencoder
# question: What does a network gain by knowing that an image is an image?
# objectives:
#   - compute the size of every layer of a convolutional network, on the way down and on the way up
#   - build an encoder of convolutions and a decoder of transposed convolutions, and compute one by hand
#   - say where checkerboards come from, make them, and build a decoder that cannot make them
#   - compare dense and convolutional autoencoders fairly, at equal codings and at equal parameters
#   - say what happens to an autoencoder when the picture moves, and what to do about it
# needs: "lesson 02 (stacked autoencoder, its schedule); lesson 01 (PCA)"
# minutes: {reading: 40, exercises: 100, machine: 2.7}
# idea: >
#   A dense layer gets an image as a list of 784 numbers and does not know which pixels are neighbours. A **convolution** does:
#   it has one small set of weights and uses it at every place of the image. This lesson builds an autoencoder of
#   convolutions, compares it with dense ones at equal codings and at equal parameters, and shows its typical fault, the
#   checkerboard.
# cover: >
#   Ten garments and their reconstructions from 30 numbers by PCA, a dense, a classical and our convolutional autoencoder;
#   the last row comes closest on most of them
# ---

# %%
import sys

sys.path.insert(0, "..")  # the folder above holds `helpers`

from helpers import backend  # noqa: F401  (first: no start-up messages)

import keras
import numpy as np
import tensorflow as tf  # noqa: F401  (at hand for your answers)
from helpers import data, metrics, plots, scoreboard, session, training
from helpers.exercises import check, hint, quiz  # noqa: F401  (hints are for you: hint("6.1"))
from keras import layers, ops

settings = session.start(
    "06",
    n_train=9_000,  # images to learn from
    epochs=12,
    batch_size=64,
    peak=8e-3,  # the highest learning rate
    filters=(16, 32),  # maps after the first and the second convolution
)

# %% [markdown]
# ## An image is not a list
#
# The autoencoder of lesson 02 begins by flattening: 28 × 28 pixels become a list of 784 numbers. From there on it does
# not know which pixels were neighbours. Does that matter?
#
# Here is a test. We draw one random permutation of the 784 places and rearrange the pixels of **all** images by it.
# No number is lost; each is only in another place. To us the images look like noise.

# %%
garments = data.load("fashion_mnist").take(train=settings.n_train, valid=settings.n_valid)
X, V = garments.X_train, garments.X_valid
y, labels = garments.y_train, garments.y_valid

places = np.random.default_rng(0).permutation(784)


def rearranged(images):
    """The same pixels in other places, the same places for every image."""
    return data.flatten(images)[:, places].reshape(images.shape)


plots.image_rows({"images": V[:10], "rearranged": rearranged(V[:10])})

# %%
quiz("06-rearranged")

# %%
from helpers.autoencoders import Autoencoder, dense_hourglass
from helpers.autoencoders.convolutional import (
    arithmetic as convolutional_arithmetic, convolutional_hourglass,
    figures as convolutional_figures, pooled_encoder, shift_errors, shift_explorer,
)  # fmt: skip

def compiled(model, epochs):
    """The model with the mean squared error and the optimizer of the course: Adam, a warm-up and
    a cosine."""
    rate = training.WarmupCosine.for_fit(settings.peak, len(X), settings.batch_size, epochs)
    model.compile(loss="mse", optimizer=keras.optimizers.Adam(rate, beta_2=0.99))
    return model


def dense(hidden=100, seed=42):
    """The stacked autoencoder of lesson 02 with 30 codings."""
    keras.utils.set_random_seed(seed)
    return dense_hourglass(
        (28, 28),
        (hidden,),
        30,
        activation="silu",
        coding_activation=None,
        output_activation="sigmoid",
    )


def convolutional(seed=42, **options):
    """The convolutional autoencoder that this lesson explains, with 30 codings."""
    keras.utils.set_random_seed(seed)
    return convolutional_hourglass((28, 28), settings.filters, 30, **options)


def short_error(model, images, new):
    """Validation MSE after a short training."""
    compiled(model, settings.short).fit(
        images, images, epochs=settings.short, batch_size=settings.batch_size, verbose=0
    )
    return metrics.mse(new, model.reconstruct(new))


X_mixed, V_mixed = rearranged(X), rearranged(V)
print(f"{'validation MSE, 30 codings':<28}{'images':>10}{'rearranged':>12}")
for name, pair in {
    "PCA-30": [metrics.pca_reconstruction_mse(*both, 30) for both in ((X, V), (X_mixed, V_mixed))],
    "dense": [short_error(dense(), *both) for both in ((X, V), (X_mixed, V_mixed))],
    "convolutional": [short_error(convolutional(), *both) for both in ((X, V), (X_mixed, V_mixed))],
}.items():
    print(f"{name:<28}{pair[0]:>10.5f}{pair[1]:>12.5f}")

# %% [markdown]
# **What to see.** PCA has the same error to the last digit. For the dense autoencoder the rearranging is no more than
# another random start, and the error differs by less than a per cent. Only the convolutional one gets worse, and by far.
# After this short training it is ahead of the dense one on images and level with PCA; on rearranged images it is far behind
# both.
#
# So it *uses* that an image is an image. Two assumptions are built into it: **what belongs together is close together**, and
# **the same thing can be anywhere**.

# %% [markdown]
# ## A convolution
#
# A small window slides over the image. At each place its pixels are multiplied by a **kernel** of weights and summed:
#
# $$h_{i,j,q} = c_q + \sum_{a=0}^{k-1} \sum_{b=0}^{k-1} \sum_{p=1}^{m} x_{\,s i + a,\; s j + b,\; p}\; w_{a,b,p,q} .$$
#
# - $x$ has $m$ **maps** (the grey image: one), $h$ has one for each kernel $q$; $i, j$ are row and column in $h$.
# - $k$ is the **kernel size**, $s$ the **stride**: by how many pixels the window moves on.
# - $w$ are the weights, $a$ and $b$ count their rows and columns, and $c_q$ is a bias. They are **the same at every place**.
# - The pixels of $x$ on which one value of $h$ depends are its **receptive field**: $k \times k$ pixels here. In a stack of
#   convolutions it grows: two with $k = 4$ and $s = 2$ see $4 + 3 \cdot 2 = 10$ pixels in each direction.
#
# These four kernels are made by hand:

# %%
boot = V[labels == 9][0]
kernels = np.zeros((3, 3, 1, 4), dtype="float32")
kernels[:, :, 0, 0] = 1 / 9  # the mean of the neighbourhood
kernels[:, :, 0, 1] = np.outer([1, 2, 1], [-1, 0, 1]) / 4  # right minus left
kernels[:, :, 0, 2] = kernels[:, :, 0, 1].T  # below minus above
kernels[1, 1, 0, 3], kernels[:, :, 0, 3] = 1, kernels[:, :, 0, 3] - 1 / 9
kernels[1, 1, 0, 3] = 8 / 9  # a pixel minus the mean around it
seen = np.asarray(ops.conv(boot[None, :, :, None], kernels, padding="same"))[0]
plots.image_grid(boot[None], tile=1.3, titles=["image"])

# %%
plots.image_grid(
    seen.transpose(2, 0, 1), columns=4, signed=True, tile=1.6,
    titles=["mean", "right − left", "below − above", "centre − mean"],
)  # fmt: skip

# %% [markdown]
# **What to see.** Red is positive, white zero, blue negative. Four kernels of nine weights each find four different things in
# the whole image: an average, vertical edges, horizontal edges, points and outlines. A network learns its own kernels.

# %% [markdown]
# How many weights does that take? From 28 × 28 pixels to 14 × 14 with 16 maps (3,136 numbers):
#
# | | weights |
# |---|---|
# | a dense layer | 784 · 3,136 + 3,136 = 2,461,760 |
# | a convolution with 4 × 4 kernels | 4 · 4 · 1 · 16 + 16 = 272 |
#
# Each of the 272 is trained by every place of every image. The dense layer has to learn an edge for every place separately.

# %% [markdown]
# ## Less space, more maps
#
# An encoder of convolutions has less space and more maps after each step. There are two ways to halve height and width:
#
# - **pooling**: a convolution at every place (stride 1), then the largest value of each 2 × 2 block (`MaxPool2D(2)`);
# - **stride 2**: a convolution at every second place. A quarter of the work, and the network decides what to keep.
#
# What happens at the edge is called **padding**. `"valid"`: the window must lie inside the image. `"same"`: as many zeros
# are put around the image as it takes to get one value for every step that begins inside it.

# %% [markdown]
# A **transposed convolution** goes the other way, from small to large; it comes in the next section. For the sizes it is
# enough to know: every input pixel paints a stroke of $k$ pixels, and strokes begin $s$ pixels apart. `"valid"` keeps all
# that was painted. `"same"` cuts it to $s$ pixels for each input pixel.

# %% [markdown]
# ### Exercise 6.1 · The size arithmetic
# *15 minutes · difficulty 1 of 3*
#
# Return how many pixels there are along one side afterwards: after a convolution (or a pooling, where `kernel` is the size
# of the block), or, with `transposed=True`, after a transposed convolution. `padding` is `"same"` or `"valid"`. The kernel
# is never smaller than the stride, and never larger than the image on the way down.


# %%
def output_size(size: int, kernel: int, stride: int, padding: str, transposed: bool = False) -> int:
    """Pixels along one side of the result, from `size` pixels along that side: a whole number."""
    ### BEGIN SOLUTION
    if transposed:
        return size * stride if padding == "same" else (size - 1) * stride + kernel
    if padding == "same":
        return -(-size // stride)  # divided and rounded up
    return (size - kernel) // stride + 1
    ### END SOLUTION


# %%
output_size = check("6.1", output_size)

# %% [markdown]
# The classical encoder of textbooks pools three times. Which way leads back to 28?

# %%
# NBVAL_CHECK_OUTPUT
sizes = [28]
for _ in range(3):
    sizes.append(output_size(sizes[-1], 2, 2, "valid"))
print("down, by pooling:    ", " → ".join(map(str, sizes)))
for paddings in (("same", "same", "same"), ("valid", "valid", "valid"), ("valid", "same", "same")):
    sizes = [3]
    for padding in paddings:
        sizes.append(output_size(sizes[-1], 3, 2, padding, transposed=True))
    print("up, kernel 3 stride 2:", " → ".join(map(str, sizes)), " ", paddings)

# %% [markdown]
# **What to see.** 7 is odd, so the third pooling drops a row and a column: 7 → 3. On the way up, three times `"same"` ends
# at 24 and three times `"valid"` at 31. The third line ends at 28: first `"valid"`, which makes the odd 7, then `"same"`.
# If a convolutional autoencoder does not run, look at its sizes first.

# %% [markdown]
# ## The way back up
#
# A convolution measures what is in a neighbourhood. A transposed convolution *paints*. Its kernel is a stamp. Every pixel
# $x_{i,j}$ presses the stamp onto the large sheet, as strongly as its value says, and $s$ pixels away from the stamp of its
# neighbour. Where stamps overlap, they **add up**:
#
# $$y_{\,s i + a,\; s j + b,\; q} \;\mathrel{+}=\; \sum_{p=1}^{m} x_{i,j,p}\; w_{a,b,q,p} \qquad \text{for all } i, j
# \text{ and } a, b = 0, \dots, k - 1 .$$
#
# The name: written as a matrix, this is the transpose of a convolution with the same kernel. It does not *undo* it.

# %%
convolutional_figures.strokes_figure()

# %% [markdown]
# **What to see.** Along one side: above, the stroke of each input pixel; below, how many strokes each output pixel gets.
# Away from the ends, kernel 3 with stride 2 gives every second pixel two and the others one. Keep this uneven pattern in
# mind. Kernel 4 gives all pixels two.

# %% [markdown]
# ### Exercise 6.2 · A transposed convolution by hand
# *25 minutes · difficulty 3 of 3*
#
# Compute it in NumPy, equal to Keras' layer (without its bias). `x` is one image (height, width, maps in). `kernel` has the
# shape (k, k, maps out, maps in), the order in which Keras keeps it. With `"valid"`, return the whole sheet. With `"same"`,
# return `height * stride` rows and `width * stride` columns of it: of the $k - s$ rows too many, half (rounded down) are
# cut at the top, the rest at the bottom; columns likewise, left and right. The kernel is never smaller than the stride.


# %%
def transposed_convolution(
    x: np.ndarray, kernel: np.ndarray, stride: int, padding: str
) -> np.ndarray:
    """What Conv2DTranspose makes of x (h, w, maps in): (new h, new w, maps out).

    kernel: (k, k, maps out, maps in). padding: "same" or "valid".
    """
    ### BEGIN SOLUTION
    (h, w, _), k = x.shape, len(kernel)
    sheet = np.zeros(((h - 1) * stride + k, (w - 1) * stride + k, kernel.shape[2]))
    for i in range(h):
        for j in range(w):
            sheet[i * stride : i * stride + k, j * stride : j * stride + k] += kernel @ x[i, j]
    if padding == "valid":
        return sheet
    cut = (k - stride) // 2
    return sheet[cut : cut + h * stride, cut : cut + w * stride]
    ### END SOLUTION


# %%
transposed_convolution = check("6.2", transposed_convolution)

# %%
dot = np.zeros((4, 4, 1))
dot[1, 1], dot[1, 2] = 1, 1  # two neighbouring pixels
stamp = np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]])[:, :, None, None] / 4
painted = {
    f"padding {padding}": transposed_convolution(dot, stamp, 2, padding)[:, :, 0]
    for padding in ("valid", "same")
}
for name, sheet in painted.items():
    print(name, sheet.shape)
convolutional_figures.boards_figure(
    {"": [dot[:, :, 0], *painted.values()]}, ["4 × 4", *painted], limits=(0, 1)
)

# %% [markdown]
# **What to see.** Two white pixels press two stamps, whose edges add up between them. `"same"` is the same sheet without its
# last row and column.

# %% [markdown]
# ### Exercise 6.3 · The decoder
# *20 minutes · difficulty 2 of 3*
#
# Build the classical decoder:
#
# | layer | gives | |
# |---|---|---|
# | input | `codings` numbers | |
# | dense, reshape | 3 × 3 × 16 | no activation |
# | transposed convolution, kernel 3, stride 2 | 7 × 7 × 32 | ReLU |
# | transposed convolution, kernel 3, stride 2 | 14 × 14 × 16 | ReLU |
# | transposed convolution, kernel 3, stride 2 | 28 × 28 × 1 | sigmoid |
# | reshape | 28 × 28 | |
#
# Choose the padding of each so that the sizes fit.


# %%
def classical_decoder(codings: int) -> keras.Model:
    """Codings (batch, codings) → images (batch, 28, 28) in [0, 1]."""
    ### BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input((codings,)),
            layers.Dense(3 * 3 * 16),
            layers.Reshape((3, 3, 16)),
            layers.Conv2DTranspose(32, 3, strides=2, padding="valid", activation="relu"),
            layers.Conv2DTranspose(16, 3, strides=2, padding="same", activation="relu"),
            layers.Conv2DTranspose(1, 3, strides=2, padding="same", activation="sigmoid"),
            layers.Reshape((28, 28)),
        ],
        name="decoder",
    )
    ### END SOLUTION


# %%
classical_decoder = check("6.3", classical_decoder)

# %% [markdown]
# Its partner is the classical encoder: three times a 3 × 3 convolution and a pooling, with 16, 32 and 64 maps. Then one
# convolution with 30 maps, and each of these is **averaged** to one coding.

# %%
keras.utils.set_random_seed(42)
classical = Autoencoder(pooled_encoder(30), classical_decoder(30), name="classical")
print(f"{classical.count_params():,} parameters")
plots.hourglass(classical, title="The classical convolutional autoencoder")

# %% [markdown]
# **What to see.** Boxes instead of bars: on the way down there are maps, smaller and more of them at each step, until the
# average turns them into 30 numbers; on the way up they become an image again.

# %% [markdown]
# ## Checkerboards
#
# Back to the uneven strokes. We give a decoder a constant image, and all weights of its kernels are equal. Without a fault it
# would paint a constant image again.

# %%
quiz("06-boards")

# %%
def brushes(kernel):
    """A constant image before, between and after two transposed convolutions with equal weights
    and stride 2."""
    weights = np.full(
        (kernel, kernel, 1, 1), 4 / kernel**2
    )  # four strokes' worth of paint for each input pixel
    stages = [np.ones((7, 7, 1))]
    for _ in range(2):
        stages.append(transposed_convolution(stages[-1], weights, 2, "same"))
    return [stage[:, :, 0] for stage in stages]


boards = {f"kernel {kernel}": brushes(kernel) for kernel in (3, 4, 5, 6)}
convolutional_figures.boards_figure(boards, ["7 × 7", "14 × 14", "28 × 28"], limits=(0, 2))

# %%
# NBVAL_CHECK_OUTPUT
print("away from the edge    darkest   brightest")
for name, (_, _, last) in boards.items():
    inside = last[8:20, 8:20]
    print(f"{name:<20}{inside.min():>9.2f}{inside.max():>12.2f}")

# %% [markdown]
# **What to see.** With kernel 3 a constant grey becomes a **checkerboard**: in two directions pixels get 1, 2 or 4 strokes,
# and a second layer adds its own pattern to the first. Kernel 5 does it, too, less strongly. Kernels 4 and 6, multiples of
# the stride, leave the inside constant. The darker frame (with kernel 3 only above and on the left) is there because
# nothing is painted from beyond the edge.
#
# Training can learn weights that even out the strokes. But it has to learn them.

# %% [markdown]
# ### Is kernel 4 enough?
#
# The same number of strokes does not mean equal strokes. With kernel 4 each pixel gets four, but its right neighbour gets
# four *other* weights. We draw the weights at random, as a network does before its training, and paint the constant image
# again.

# %%
def random_brushes(paint, seeds=range(4)):
    """A constant image after two doublings with random weights and four maps in between, for
    several draws."""
    images = []
    for seed in seeds:
        rng = np.random.default_rng(seed)
        image = paint(paint(np.ones((7, 7, 4)), rng, 4), rng, 1)
        images.append(image[6:22, 6:22, 0])
    return images


def stroke(kernel):
    """A painter with a transposed convolution."""

    def paint(x, rng, maps):
        return transposed_convolution(
            x, rng.normal(size=(kernel, kernel, maps, x.shape[2])), 2, "same"
        )

    return paint


def enlarge_then_convolve(x, rng, maps):
    """Every pixel four times, then an ordinary convolution (a transposed one with stride 1)."""
    large = x.repeat(2, axis=0).repeat(2, axis=1)
    return transposed_convolution(large, rng.normal(size=(3, 3, maps, x.shape[2])), 1, "same")


draws = {
    "kernel 3": random_brushes(stroke(3)),
    "kernel 4": random_brushes(stroke(4)),
    "enlarge, convolve": random_brushes(enlarge_then_convolve),
}
convolutional_figures.boards_figure(draws, [f"weights {i}" for i in (1, 2, 3, 4)])

# %% [markdown]
# **What to see.** The inside of the painted images, each with its own black and white. With random weights kernel 4 makes
# patterns as well. Only the third row is constant for *every* choice of weights. There, two steps are separate: first every
# pixel is enlarged to 2 × 2 equal ones, then an ordinary convolution, which treats all places alike, applies its weights.
#
# So a kernel that is a multiple of the stride gives every pixel **the same number of strokes**. Enlarging first makes
# checkerboards **impossible**, but costs more: the convolution runs over four times as many pixels.

# %% [markdown]
# ### Exercise 6.4 · Without checkerboards
# *10 minutes · difficulty 2 of 3*
#
# Build a block that doubles height and width, gives `maps` maps, has one kernel of size `kernel_size`, and turns a constant
# image into a constant image (away from the edge) whatever its weights are. No activation.


# %%
def smooth_doubling(maps: int, kernel_size: int) -> keras.Model:
    """Maps (batch, h, w, any number) → (batch, 2h, 2w, maps), by one convolution with a square
    kernel."""
    ### BEGIN SOLUTION
    return keras.Sequential(
        [layers.UpSampling2D(2), layers.Conv2D(maps, kernel_size, padding="same")]
    )
    ### END SOLUTION


# %%
smooth_doubling = check("6.4", smooth_doubling)

# %% [markdown]
# ## Dense against convolutional
#
# Now our own model. It differs from the classical one in four points:
#
# - strides instead of pooling, and kernels of 4, so that no stroke is uneven;
# - a **dense coding layer** on the last maps instead of an average: *where* something is, is worth knowing;
# - two halvings and not three: 28 → 14 → 7, which doubles back without a remainder;
# - SiLU, $\varphi(a) = a \cdot \sigma(a)$, a ReLU without the kink. At the end both have a sigmoid (lesson 02).


# %%
def transposed(maps, activation, kernel=4):
    """Twice the height and width, by a transposed convolution."""
    return [layers.Conv2DTranspose(maps, kernel, strides=2, padding="same", activation=activation)]


def smooth(maps, activation):
    """Twice the height and width, by your block of exercise 6.4."""
    return [smooth_doubling(maps, 3), layers.Activation(activation)]


def our_network(double=transposed, seed=42):
    """28 × 28 → 14 × 14 → 7 × 7 → 30 codings, and back; double(maps, activation) gives the layers
    that enlarge."""
    keras.utils.set_random_seed(seed)
    first, second = settings.filters
    encoder = keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Reshape((28, 28, 1)),
            layers.Conv2D(first, 4, strides=2, padding="same", activation="silu"),  # 14 × 14
            layers.Conv2D(second, 4, strides=2, padding="same", activation="silu"),  # 7 × 7
            layers.Flatten(),
            layers.Dense(30, name="codings"),
        ],
        name="encoder",
    )
    decoder = keras.Sequential(
        [
            keras.Input((30,)),
            layers.Dense(7 * 7 * second, activation="silu"),
            layers.Reshape((7, 7, second)),
            *double(first, "silu"),  # 14 × 14
            *double(1, "sigmoid"),  # 28 × 28
            layers.Reshape((28, 28)),
        ],
        name="decoder",
    )
    return Autoencoder(encoder, decoder, name="convolutional_autoencoder")


model = compiled(our_network(), settings.epochs)
plots.hourglass(model, title=f"Our convolutional autoencoder, {model.count_params():,} parameters")

# %% [markdown]
# **What to see.** The same idea with fewer steps. 85 % of its parameters are in the two dense layers at the neck: the
# convolutions themselves have few weights, and use them at every place.

# %%
import time

started = time.perf_counter()
history = training.fit(
    model, X, X, epochs=settings.epochs, batch_size=settings.batch_size, validation_data=(V, V)
)
seconds = time.perf_counter() - started

# %% [markdown]
# The rivals, all with 30 codings, trained on the same images, by the same kind of schedule, the dense ones for as many epochs:
#
# - **at equal codings**: the dense 784-100-30-100-784 of lesson 02, with SiLU like ours;
# - **at equal parameters**: a dense one with $h$ hidden units, which has $1630\,h + 814$ parameters, so $h$ is chosen to match;
# - a **wide** dense one, for those who do not count parameters;
# - the **classical** convolutional autoencoder. Its convolutions run at every place before they are pooled, so that an epoch
#   costs more. It gets half the epochs, so that no side has far more **time** than the other.

# %%
from sklearn.decomposition import PCA

hidden = round((model.count_params() - 814) / 1630)
rivals = {
    "dense, equal codings": dense(100),
    f"dense, equal parameters ({hidden})": dense(hidden),
    "dense, wide (400)": dense(400),
    "classical": classical,
}
pca = PCA(30).fit(data.flatten(X))


def reconstruct_by_pca(images):
    """PCA-30's reconstructions of images (n, 28, 28)."""
    return pca.inverse_transform(pca.transform(data.flatten(images))).reshape(images.shape)


R = {"PCA-30": reconstruct_by_pca(V)}
spent = {}
for name, rival in rivals.items():
    start = time.perf_counter()
    epochs = settings.classical_epochs if rival is classical else settings.epochs
    compiled(rival, epochs).fit(X, X, epochs=epochs, batch_size=settings.batch_size, verbose=0)
    spent[name] = time.perf_counter() - start
    R[name] = rival.reconstruct(V)
R["convolutional"], spent["convolutional"] = model.reconstruct(V), seconds

pca_error = metrics.mse(V, R["PCA-30"])
counts = {
    "PCA-30": 784 * 31,
    **{name: rival.count_params() for name, rival in rivals.items()},
    "convolutional": model.count_params(),
}
print(
    f"{'30 codings':<32}{'parameters':>12}{'validation MSE':>16}{'against PCA':>13}{'seconds':>9}"
)
for name, made in R.items():
    error, clock = metrics.mse(V, made), f"{spent[name]:.0f}" if name in spent else ""
    print(f"{name:<32}{counts[name]:>12,}{error:>16.5f}{error / pca_error - 1:>+13.1%}{clock:>9}")

# %% tags=["cover"]
shown = {name.split(",")[0]: made for name, made in R.items() if "parameters" not in name}
plots.reconstructions(
    V[:10], shown, errors=True, titles=[garments.class_names[c] for c in labels[:10]]
)

# %% [markdown]
# **What to see.** One seed for each row; differences of a few per cent are a draw.
#
# - At **equal codings** the convolutional autoencoder is clearly ahead of the dense one, with fewer parameters.
# - At **equal parameters** it is further ahead: what its few kernels learn serves at every place of the image.
# - A **wide dense** network comes close. It has six times the parameters, and in the last column it is the faster one. All our
#   garments stand upright in the middle, so a dense layer can learn every place by itself.
# - The **classical** one is behind PCA. Two likely reasons: a mean over 3 × 3 places loses where things were, and its codings
#   cannot be negative. It goes on improving for a long time: `python3 workbook.py bench 06` gives it the textbook's training.
# - In the pictures our outlines are sharp, but no row keeps the stripes of the shirt. And on the last pullover, black with
#   bright seams, ours has nearly twice the error of PCA.

# %% [markdown]
# ### Do trained networks still print checkerboards?
#
# Kernel 3 has to learn to even out its strokes. Does it? We measure the pattern: all pixels with the same place within the
# 2 × 2 cells are averaged, over all validation images. Without a pattern the four means of the error $\hat x - x$
# (reconstruction minus image) would be equal. Their standard deviation is the strength of the pattern. It sees only what
# is the same in all images.


# %%
def print_of(model):
    """Strength of the pattern of period 2 in a model's mean error, in thousandths of full white."""
    return 1000 * convolutional_arithmetic.unevenness(model.reconstruct(V) - V)


ways = {  # to double; the encoder is the same for all
    "kernel 3": lambda maps, activation: transposed(maps, activation, 3),
    "kernel 4": transposed,
    "enlarge, convolve": smooth,
}
few = X[: settings.n_brush]
strength = {}
for name in settings.ways:
    trainee = our_network(ways[name])
    trainee.compile(loss="mse", optimizer=keras.optimizers.Adam(1e-3, beta_2=0.99))
    strength[name] = [print_of(trainee)]
    for _ in range(settings.short):
        trainee.fit(few, few, batch_size=settings.batch_size, verbose=0)
        strength[name].append(print_of(trainee))
print("pattern of period 2, in thousandths of full white, before the training and after each epoch")
for name, values in strength.items():
    print(f"{name:<20}", *(f"{value:8.2f}" for value in values))
print("\nafter the long training")
for name, made in R.items():
    print(f"{name:<32}{1000 * convolutional_arithmetic.unevenness(made - V):>8.2f}")

# %% [markdown]
# **What to see.** A fresh network paints everything the same grey and has no pattern yet; its half thousandth is that of
# the images themselves. After one epoch on a few images kernel 3 shows the strongest pattern, and enlarging the weakest.
# Two epochs later kernels 3 and 4 have got rid of most of theirs. (Each was trained once, and a part of the pattern may
# come from the edge.) After the long training all models are below a thousandth of white. Our convolutional one (0.29)
# lies among PCA and the dense networks (0.15 to 0.41), which have no strokes at all. The classical one, with its
# kernel 3, has the most (0.63).
#
# So these autoencoders have learned to avoid checkerboards. A GAN has a target that changes all the time; lesson 13
# measures what remains there.

# %% [markdown]
# ## What the feature maps see
#
# The maps in between can be looked at: we cut the encoder off behind its first and behind its second convolution.

# %%
# The maps after each convolution of the encoder, for any images.
first_maps, second_maps = (
    keras.Model(model.encoder.inputs[0], layer.output)
    for layer in model.encoder.layers
    if isinstance(layer, layers.Conv2D)
)
shirt = V[labels == 0][0]


def bright(maps):
    """Maps for the eye: each from its own lowest value (black) to its highest (white)."""
    low, high = maps.min(axis=(1, 2), keepdims=True), maps.max(axis=(1, 2), keepdims=True)
    return (maps - low) / np.maximum(high - low, 1e-9)


for image in (boot, shirt):
    print(
        "image",
        image.shape,
        "→",
        tuple(first_maps(image[None]).shape[1:]),
        "→",
        tuple(second_maps(image[None]).shape[1:]),
    )
maps = np.concatenate(
    [np.asarray(first_maps(image[None]))[0].transpose(2, 0, 1) for image in (boot, shirt)]
)
shown = np.concatenate([maps[:8], maps[len(maps) // 2 :][:8]])
plots.image_grid(
    bright(shown), columns=8, title="First convolution: eight maps, for a boot and a shirt"
)

# %%
kernels = first_maps.layers[-1].get_weights()[0][:, :, 0].transpose(2, 0, 1)
plots.image_grid(
    bright(kernels[:8]), columns=4, tile=1.3, title="Their kernels, 4 × 4 weights each"
)

# %%
maps = np.concatenate(
    [np.asarray(second_maps(image[None]))[0].transpose(2, 0, 1)[:8] for image in (boot, shirt)]
)
plots.image_grid(bright(maps), columns=8, title="Second convolution: eight maps of each")

# %% [markdown]
# **What to see.** First convolution: the garment at 14 × 14, seen through eight of the kernels. Some maps show the garment
# bright, some dark, some only its edges. The kernels are rough slopes and spots; compare them with the hand-made
# ones. Second convolution, 7 × 7: one can hardly recognise the garment. Each map says at 49 places how much of something is
# there; what that is, is seldom easy to say.
#
# Now the decoder. We raise **one place of one map** behind its dense layer, and draw what that adds to a typical image.

# %%
def after(decoder, start):
    """The part of a decoder behind its layer number `start`, as a function."""

    def run(maps):
        for layer in decoder.layers[start + 1 :]:
            maps = layer(maps)
        return np.asarray(maps)

    return run


start = next(i for i, layer in enumerate(model.decoder.layers) if isinstance(layer, layers.Reshape))
front = keras.Model(model.decoder.inputs[0], model.decoder.layers[start].output)
typical = np.asarray(front(model.codings(V))).mean(axis=0)
excited = np.tile(typical, (typical.shape[-1], 1, 1, 1))
for number, maps in enumerate(excited):
    maps[3, 3, number] += 4  # one place of one map
paint = after(model.decoder, start)
strokes = paint(excited) - paint(typical[None])
strongest = np.argsort(-np.abs(strokes).max(axis=(1, 2)))[:8]
reached = np.abs(strokes).max(axis=0) > 1e-6
print(
    f"rows and columns that change: {reached.any(axis=1).sum()} × {reached.any(axis=0).sum()} "
    "of 28 × 28"
)
plots.image_grid(
    bright(strokes[strongest, 7:21, 7:21]),
    columns=4,
    tile=1.3,
    title="What one place of one map paints (14 × 14 pixels)",
)

# %% [markdown]
# **What to see.** The eight strongest strokes: spots, edges, stripes. The even ground of a tile is "no change";
# brighter pixels are raised, darker ones lowered. One place reaches 10 × 10 pixels and no further: the first transposed
# convolution makes 4 × 4 places of it, and these reach $4 + 3 \cdot 2 = 10$ pixels, the receptive field turned round.
# Everything larger, the whole garment, is composed by the dense layer, which sets 49 places of 32 maps at once.

# %% [markdown]
# ## When the picture moves
#
# The same kernel works at every place. So what a convolution sees in a moved picture is what it saw before, moved:
# convolutions are **equivariant** to shifts. (With stride 2 only to shifts by an even number of pixels; after two such layers
# to multiples of 4.) Does the autoencoder then reconstruct moved images as well? We measure it.

# %% [markdown]
# ### Exercise 6.5 · Shift an image
# *10 minutes · difficulty 2 of 3*
#
# Move all images by whole pixels: `down` rows down and `right` columns to the right, negative numbers up and to the left.
# What comes in at an edge is black (0), what leaves is lost. Return new images; do not change the given ones.


# %%
def shifted(images: np.ndarray, down: int, right: int) -> np.ndarray:
    """Images (n, height, width) moved by whole pixels, black coming in: the same shape."""
    ### BEGIN SOLUTION
    height, width = images.shape[1:]
    up_down, left_right = abs(down), abs(right)
    padded = np.pad(images, ((0, 0), (up_down, up_down), (left_right, left_right)))
    top, left = up_down - down, left_right - right
    return padded[:, top : top + height, left : left + width]
    ### END SOLUTION


# %%
shifted = check("6.5", shifted)

# %%
quiz("06-moved")

# %%
moved = shifted(V, 0, 4)
before, behind = (np.asarray(second_maps(images[:100])) for images in (V, moved))
# Moved by 4 pixels means moved by 4 / (2 · 2) = 1 place in the second maps. Columns near the
# edge are left out.
print(
    "maps of the moved images against moved maps: differ by at most "
    f"{np.abs(behind[:, :, 2:6] - before[:, :, 1:5]).max():.6f}"
)
dense_100, wide = rivals["dense, equal codings"], rivals["dense, wide (400)"]
print("\nchange of the codings, as a share of their mean squared difference between two images")
for name, net in {"dense": dense_100, "convolutional": model}.items():
    Z, Z_moved = net.codings(V), net.codings(moved)
    print(
        f"{name:<16}{np.mean((Z - Z_moved) ** 2) / np.mean((Z - np.roll(Z, 1, axis=0)) ** 2):.2f}"
    )

# %%
moves = list(range(-6, 7))


def errors_by_move(models):
    """Validation MSE for each of the moves, model by model."""
    return {
        name: shift_errors(reconstruct, V, moves, shifted) for name, reconstruct in models.items()
    }


centred = {
    "PCA-30": reconstruct_by_pca,
    "dense": dense_100.reconstruct,
    "dense, wide": wide.reconstruct,
    "convolutional": model.reconstruct,
}
figure = plots.curves(
    errors_by_move(centred),
    x=moves,
    xlabel="pixels to the right",
    ylabel="mean squared error",
    best=None,
    title="Trained on centred images",
)
figure.axes[0].set_ylim(0, 0.06)  # one curve leaves the picture; the others can be told apart
figure

# %% [markdown]
# **What to see.** The maps do move along, to the last digit. Yet all four curves are valleys, also that of the convolutional
# model: 4 pixels change its codings nearly as much as another garment would, more than those of the dense one. The **dense
# neck** reads each place of the maps with weights of its own, and in training all garments were in the middle. From −3 to
# +6 pixels the convolutional model still has the smallest error. But farther to the left it becomes the worst, and its
# curve leaves the picture.
#
# Equivariant maps make it *possible* to use at one place what was learned at another. The neck must learn to do it. So we
# show it moved pictures: each training image is moved by its own random number of pixels, up to 3 each way. This is
# **augmentation**: new data from what we know about the world.

# %%
def jittered(images, most, seed=0):
    """Each image moved by its own random number of pixels, up to `most` each way."""
    moves = np.random.default_rng(seed).integers(-most, most + 1, size=(len(images), 2))
    moved = np.empty_like(images)
    for down, right in np.unique(moves, axis=0):
        chosen = (moves == (down, right)).all(axis=1)
        moved[chosen] = shifted(images[chosen], int(down), int(right))
    return moved


X_moved, V_moved = jittered(X, settings.reach), jittered(V, settings.reach, seed=1)
pca_moved = PCA(30).fit(data.flatten(X_moved))
fresh = {"dense": dense, "dense, wide": lambda: dense(400), "convolutional": convolutional}
taught = {name: compiled(fresh[name](), settings.moved_epochs) for name in settings.taught}
for net in taught.values():
    net.fit(
        X_moved, X_moved, epochs=settings.moved_epochs, batch_size=settings.batch_size, verbose=0
    )


def reconstruct_by_moved_pca(images):
    """Reconstructions by PCA-30 of the moved training images."""
    return pca_moved.inverse_transform(pca_moved.transform(data.flatten(images))).reshape(
        images.shape
    )


on_moved = {
    "PCA-30": reconstruct_by_moved_pca,
    **{name: net.reconstruct for name, net in taught.items()},
}
print(f"{'validation MSE on moved images':<32}{'trained on centred':>20}{'on moved images':>18}")
for name, reconstruct in on_moved.items():
    old, new = (metrics.mse(V_moved, run(V_moved)) for run in (centred[name], reconstruct))
    print(f"{name:<32}{old:>20.5f}{new:>18.5f}")
plots.curves(
    errors_by_move(on_moved),
    x=moves,
    xlabel="pixels to the right",
    ylabel="mean squared error",
    best=None,
    title="Trained on moved images",
)

# %% [markdown]
# **What to see.** The valleys have become broad: flat as far as the training went (3 pixels), steep beyond. All models have
# larger errors than on centred images, since position has to be coded, too. (The networks were also trained for half the
# epochs; for PCA only the images have changed.) The convolutional model is far ahead of the dense one with 100 hidden units,
# and level with the wide one, which has six times its parameters.

# %%
shift_explorer(
    {
        "PCA-30": reconstruct_by_pca,
        "dense": dense_100.reconstruct,
        "convolutional": model.reconstruct,
        "conv., taught": taught["convolutional"].reconstruct,
    },
    V[:20],
)

# %% [markdown]
# **What to see.** Move the picture. At which distance do the models that were trained on centred images stop drawing the
# garment that they are shown? What do they draw instead? With this boot PCA's and the dense model's copies dissolve into
# haze at 4 to 6 pixels to the right. The convolutional one still draws a clear shape, but a thinner boot than it is shown.
# The last row, which has seen moved pictures, keeps the shape of the boot at every place.

# %% [markdown]
# ## Find the bug: eight codings
#
# A colleague builds a small convolutional autoencoder after a well-known recipe. It has no dense layer; the encoder ends
# in **8 maps**. "Eight codings," she writes, "and a quarter of the error of PCA with eight components."

# %%
her_encoder = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Conv2D(16, 4, strides=2, padding="same", activation="silu"),
    layers.Conv2D(8, 4, strides=2, padding="same"),
])  # fmt: skip
her_decoder = keras.Sequential([
    keras.Input((7, 7, 8)),
    layers.Conv2DTranspose(16, 4, strides=2, padding="same", activation="silu"),
    layers.Conv2DTranspose(1, 4, strides=2, padding="same", activation="sigmoid"),
])  # fmt: skip
hers = compiled(Autoencoder(her_encoder, her_decoder), settings.short)
grey = X[..., None]
hers.fit(grey, grey, epochs=settings.short, batch_size=settings.batch_size, verbose=0)
print(f"her network, 8 codings   {metrics.mse(V, hers.reconstruct(V[..., None])[..., 0]):.5f}")
print(f"PCA-8                    {metrics.pca_reconstruction_mse(X, V, 8):.5f}")
plots.reconstructions(V[:10], {"hers": hers.reconstruct(V[:10, :, :, None])[..., 0]}, errors=True)

# %% [markdown]
# **What to see.** Her figures are right. Look at her two halves before you open the answer: how many numbers pass from one
# to the other?
#
# <details><summary>Answer</summary>
#
# A map is not a number. Her neck has the shape 7 × 7 × 8: **392 numbers** for each image, half as many as there are pixels.
# So the rival is not PCA-8 but PCA-392, which the next cell prints. The same mistake is made with recurrent networks (30
# codings *at each step*, lesson 07), and wherever somebody counts the last axis of an array instead of all of them.
#
# </details>

# %%
print(f"numbers that pass her neck: {int(np.prod(her_encoder.output_shape[1:]))}")
print(f"her network              {metrics.mse(V, hers.reconstruct(V[..., None])[..., 0]):.5f}")
print(f"PCA-392                  {metrics.pca_reconstruction_mse(X, V, 392):.5f}")

# %% [markdown]
# ### Exercise 6.6 · Mend the neck
# *20 minutes · difficulty 2 of 3*
#
# Keep both of her halves, and put a neck between them through which exactly `codings` numbers pass for each image. Each
# number of the maps must have weights of its own, and a coding can be any number. `encoder.output_shape[1:]` is the shape
# of the maps; `Autoencoder(encoder, decoder)` joins two Keras models; a model can be a layer of another.


# %%
def with_neck(encoder: keras.Model, decoder: keras.Model, codings: int) -> Autoencoder:
    """An autoencoder of two convolutional halves through which only `codings` numbers pass for
    each image.

    encoder: images → maps (batch, h, w, m). decoder: maps of that shape → images. Both are used
    as they are.
    """
    ### BEGIN SOLUTION
    shape = encoder.output_shape[1:]
    narrow = keras.Sequential([encoder, layers.Flatten(), layers.Dense(codings)])
    wide = keras.Sequential(
        [keras.Input((codings,)), layers.Dense(int(np.prod(shape))), layers.Reshape(shape), decoder]
    )
    return Autoencoder(narrow, wide)
    ### END SOLUTION


# %%
with_neck = check("6.6", with_neck)

# %%
mended = compiled(with_neck(her_encoder, her_decoder, 8), settings.short)
mended.fit(grey, grey, epochs=settings.short, batch_size=settings.batch_size, verbose=0)
print(f"mended, 8 codings        {metrics.mse(V, mended.reconstruct(V[..., None])[..., 0]):.5f}")
print(f"PCA-8                    {metrics.pca_reconstruction_mse(X, V, 8):.5f}")

# %% [markdown]
# **What to see.** With eight numbers for each image, the same halves are still better than PCA-8, but by 23 % and no longer
# by 78 %. (They were already trained when the neck came between them.)

# %% [markdown]
# ## On the yardstick

# %%
for title, net, clock in (
    ("convolutional autoencoder", model, seconds),
    ("classical convolutional autoencoder", classical, spent["classical"]),
):
    Z_train, Z_valid = net.codings(X), net.codings(V)
    scoreboard.record(
        lesson="06",
        model=title,
        codings=30,
        data=garments,
        seeds=(42,),
        parameters=net.count_params(),
        seconds=clock,
        mse=metrics.mse(V, net.reconstruct(V)),
        knn_accuracy=metrics.knn_accuracy(Z_train, y, Z_valid, labels),
        probe_accuracy=metrics.linear_probe_accuracy(Z_train, y, Z_valid, labels),
    )
scoreboard.show(["01", "02", "06"])

# %% [markdown]
# The convolutional autoencoder has the lowest error at 30 codings so far. The accuracies say what its codings are worth to a
# classifier: about as much as those of the dense one. Codings are trained to redraw the image. Nothing in training asks them
# to separate the classes.

# %% [markdown]
# ## Summary
#
# - A convolution has few weights and uses them at every place. Rearrange the pixels, and its advantage is gone.
# - Down: strides or pooling, less space, more maps. Up: transposed convolutions, which add a stamp for every pixel.
# - Sizes: `"same"` divides or multiplies by the stride; `"valid"` needs the kernel to fit. Both ways must meet.
# - A kernel that is not a multiple of the stride makes uneven strokes, a checkerboard. Enlarging first makes none.
# - Compare at equal codings, and say how many parameters and seconds each model had.
# - Maps move along with the picture, a dense neck does not. It has to learn it from moved pictures.
# - Codings are numbers, not maps: count all numbers that pass the neck.

# %% [markdown]
# **Questions that come up**
#
# - *Pooling or strides?* In classifiers pooling makes the result depend less on small shifts. An autoencoder has to put
#   things back where they were, so strides suit it better, and they cost a quarter of the work.
# - *Where are the codings of a fully convolutional autoencoder?* In its maps. For denoising or segmentation that is fine, and
#   any image size fits. For comparing with PCA, for t-SNE and for sampling, a short list of numbers is wanted.
# - *Why kernel 4 and not 2?* Kernel 2 with stride 2 paints every pixel exactly once: no overlap, hence no checkerboard of
#   counts, but neighbouring stamps have nothing in common and blocks appear.

# %% [markdown]
# - *Are transposed convolutions "deconvolutions"?* They are often called so, but a deconvolution would undo a convolution.
#   They only reverse its shapes.
# - *Would more maps help?* Try `filters=(32, 64)`. Twice the maps are four times the work between them.

# %% [markdown]
# **Where to read on**
#
# - LeCun, Bottou, Bengio and Haffner (1998), *Gradient-based learning applied to document recognition*, Proceedings of the IEEE 86
# - Masci, Meier, Cireşan and Schmidhuber (2011), *Stacked convolutional auto-encoders for hierarchical feature extraction*, ICANN
# - Dumoulin and Visin (2016), *A guide to convolution arithmetic for deep learning*,
#   [arXiv 1603.07285](https://arxiv.org/abs/1603.07285)
# - Odena, Dumoulin and Olah (2016),
#   [*Deconvolution and checkerboard artifacts*](https://distill.pub/2016/deconv-checkerboard/), Distill
# - Zhang (2019), *Making convolutional networks shift-invariant again*, [arXiv 1904.11486](https://arxiv.org/abs/1904.11486)
# - Géron (2022), *Hands-On Machine Learning*, 3rd ed., chapter 17
