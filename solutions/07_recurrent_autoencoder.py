# ---
# lesson: "07"
# title: Recurrent autoencoder
# question: What if the input is a sequence?
# objectives:
#   - build an encoder that reads a sequence step by step and hands on one row of codings, and a decoder that tells it again
#   - explain what teacher forcing does to an autoencoder, and measure a decoder that hears only itself
#   - say when a reversed target helps, and show it step by step
#   - find faults in heartbeats with a model that has never seen a fault, with an honest threshold and an honest rival
#   - count how many numbers really pass from an encoder to a decoder
# needs: "lesson 02 (stacked autoencoder); what a loop over time steps is"
# minutes: {reading: 40, exercises: 65, machine: 1.9}
# idea: |
#   A recurrent network reads a sequence step by step and keeps a state. A recurrent **autoencoder** hands on its last
#   state only, and has to tell the whole sequence again from it. Trained on healthy heartbeats, it learns to draw healthy
#   heartbeats. What it cannot draw is worth a look: this is how faults are found that nobody has ever shown to it.
# cover: |
#   Heartbeats in black and what the network draws in orange, dashed. It follows the healthy ones. It adds a missing P wave
#   and leaves out a spike. The differences are filled.
# ---

# %%
import sys

sys.path.insert(0, "..")  # the folder above holds `helpers`

from helpers import backend  # before keras: it keeps TensorFlow's start-up messages off the page
import keras
import numpy as np
import tensorflow as tf  # noqa: F401  (at hand for your answers)
from helpers import data, metrics, plots, scoreboard, session, training, weights
from helpers.exercises import check, hint, quiz  # noqa: F401  (hints are for you: hint("7.1"))
from keras import ops  # noqa: F401  (at hand for your answers)

settings = session.start(
    "07",
    n_train=9_000,  # images to learn from
    epochs=12,  # of the autoencoder for images
    batch_size=32,  # small batches: many steps of the optimizer
    peak=8e-3,  # highest learning rate
    order_seeds=(1, 2, 3),  # trainings of each kind in "Back to front"
    beat_seeds=(42, 43, 44),  # autoencoders for heartbeats
)

# %% [markdown]
# ## Read once, then tell it from memory
#
# So far an image came in one piece. Much of the world does not: speech, text, prices, the beating of a heart arrive one
# step after the other, and some of it never ends. A **recurrent** network reads step by step and keeps a **state**, a row
# of numbers that it revises at every step.
#
# An autoencoder of that kind reads a whole sequence, keeps only its last state, and then has to tell the whole sequence
# from memory. We try it first on what we know well: an image, read from top to bottom.

# %%
from helpers.autoencoders import Autoencoder, recurrent

garments = data.load("fashion_mnist").take(train=settings.n_train, valid=settings.n_valid)
X, V = garments.X_train, garments.X_valid
y, labels = garments.y_train, garments.y_valid
S, S_valid = recurrent.strips(X, rows=4), recurrent.strips(V, rows=4)
steps, features = S.shape[1:]

kinds = (1, 0, 8)  # a trouser, a T-shirt, a bag
some = np.stack([V[labels == kind][0] for kind in kinds])
row = np.arange(28)[:, None]
read = np.stack([np.where(row < 4 * (step + 1), some, 0) for step in range(steps)], axis=1)
plots.image_rows(
    {garments.class_names[kind]: images for kind, images in zip(kinds, read)},
    title="What has been read after 1, 2, … 7 strips",
)

# %% [markdown]
# **What to see.** Each image is a sequence of seven **strips**, four rows high: seven steps of 112 numbers. Textbooks
# often take single rows: 28 steps of 28 numbers. The idea is the same. But no step can begin before the one before it is
# done, so fewer and larger steps save time.

# %%
# NBVAL_CHECK_OUTPUT
shipped = data.load("fashion_mnist", source="shipped", quiet=True)
for rows in (1, 4):
    sequences = recurrent.strips(shipped.X_valid, rows=rows)
    _, length, size = sequences.shape
    print(f"{rows} row{'s' * (rows > 1)} a step: {length:2} steps of {size:3} numbers")
print(f"PCA with 30 components, on the shipped subset: validation MSE "
      f"{metrics.pca_reconstruction_mse(shipped.X_train, shipped.X_valid, 30):.5f}")  # fmt: skip

# %% [markdown]
# ## In symbols
#
# Let $x_1, \dots, x_T$ be the steps of one sequence ($T = 7$), each a row of $f = 112$ features. The state $h_t$ is a row
# of $u$ units, and $h_0 = 0$. We use a **GRU**, a *gated recurrent unit*
# ([Cho and others, 2014](https://arxiv.org/abs/1406.1078)):
#
# $$z_t = \sigma(x_t W_z + h_{t-1} U_z + b_z), \qquad r_t = \sigma(x_t W_r + h_{t-1} U_r + b_r),$$
# $$\tilde h_t = \tanh\bigl(x_t W + r_t \odot (h_{t-1} U + c) + b\bigr), \qquad
# h_t = z_t \odot h_{t-1} + (1 - z_t) \odot \tilde h_t .$$

# %% [markdown]
# - The matrices $W_z, W_r, W$ ($f \times u$) and $U_z, U_r, U$ ($u \times u$) and the biases $b_z, b_r, b, c$ are learned.
#   They are the **same at every step**.
# - $z_t$, the **update gate**, says for each unit how much of the old state stays. Where it is 1, the unit just remembers.
# - $\tilde h_t$ is the **proposal** for the new state. $r_t$, the **reset gate**, says how much of the old state the
#   proposal may look at.
# - $\sigma$ is the sigmoid, $\odot$ multiplies entry by entry.
#
# (This is the form that Keras computes. In the published paper, $r_t$ multiplies $h_{t-1}$ *before* the matrix $U$, and
# the biases are left out.) An LSTM, its older cousin, has one gate more and a second state.

# %% [markdown]
# **Encoder**, sequence to vector: only the *last* state goes on. A linear layer with weights $A$ and bias $d$ makes $k$
# codings of it,
#
# $$\text{codings} = h_T A + d .$$
#
# **Decoder**, vector to sequence: a second GRU gets the same codings at each of its $T$ steps (Keras calls this
# `RepeatVector`). From each of its states $s_t$ the same layer, with weights $O$ and bias $o$, tells a step $\hat x_t$:
#
# $$s_t = \text{GRU}(\text{codings},\, s_{t-1}), \qquad \hat x_t = \sigma(s_t O + o) .$$
#
# The decoder's input is the same at every step. Why do its steps differ? Because its state changes. The state is its only
# clock.

# %%
quiz("07-weights")

# %% [markdown]
# ### Exercise 7.1 · Encoder and decoder
# *15 minutes · difficulty 2 of 3*
#
# Return the two halves as Keras models. The encoder takes sequences (batch, `steps`, `features`) and gives one row of
# `codings` numbers for each, from the last state of a recurrent layer of `units` units. Codings may be any number. The
# decoder takes those codings, and nothing else, and gives sequences (batch, `steps`, `features`); `output_activation`
# (a name, or `None`) belongs to its last layer.


# %%
def recurrent_halves(
    steps: int, features: int, units: int, codings: int, output_activation: str | None = None
) -> tuple[keras.Model, keras.Model]:
    """(encoder, decoder) of a recurrent autoencoder.

    encoder: (batch, steps, features) -> (batch, codings), linear, from the last state of a GRU
        of `units` units.
    decoder: (batch, codings) -> (batch, steps, features), through a GRU that gets the codings
        anew at each step.
    """
    ### BEGIN SOLUTION
    encoder = keras.Sequential([
        keras.Input((steps, features)),
        keras.layers.GRU(units, unroll=True),  # unroll: the loop written out, faster for few steps
        keras.layers.Dense(codings),
    ])
    decoder = keras.Sequential([
        keras.Input((codings,)),
        keras.layers.RepeatVector(steps),
        keras.layers.GRU(units, return_sequences=True, unroll=True),
        keras.layers.Dense(features, activation=output_activation),
    ])
    return encoder, decoder
    ### END SOLUTION


# %%
recurrent_halves = check("7.1", recurrent_halves)

# %% [markdown]
# ### Training
#
# Much of lesson 02 carries over: linear codings, a sigmoid for pixels, and a learning rate that first rises and then
# falls. The batches stay small, 32 images. So an epoch on 9,000 images has 282 **steps of the optimizer**.


# %%
import time

def optimizer(n, epochs):
    """Adam with warm-up and cosine (lesson 02). A smaller beta_2 forgets early gradients sooner."""
    rate = training.WarmupCosine.for_fit(settings.peak, n, settings.batch_size, epochs)
    return keras.optimizers.Adam(rate, beta_2=0.99)


keras.utils.set_random_seed(42)
model = Autoencoder(*recurrent_halves(steps, features, 128, 30, "sigmoid"))
model.compile(loss="mse", optimizer=optimizer(len(S), settings.epochs), steps_per_execution=16)
pca_30 = metrics.pca_reconstruction_mse(X, V, 30)
started = time.perf_counter()
history = training.fit(
    model, S, S, epochs=settings.epochs, batch_size=settings.batch_size,
    validation_data=(S_valid, S_valid),
)
seconds, reached = time.perf_counter() - started, history.history["val_loss"][-1]
print(f"PCA-30                 validation MSE {pca_30:.5f}")
print(f"recurrent autoencoder  validation MSE {reached:.5f} ({reached / pca_30 - 1:+.1%}), "
      f"{model.count_params():,} parameters")  # fmt: skip

# %% [markdown]
# **What to see**, in the lecture profile. The error ends 17 % below that of PCA with as many codings.
#
# `python3 workbook.py bench 07` trains such a model, with strips of seven rows, on all images of the full set. Beside it, it
# trains a well-known textbook's recipe (three LSTM layers, 28 single rows, batches of 32), and prints the ratio of the
# times.

# %%
from sklearn.decomposition import PCA

R = recurrent.images(model.reconstruct(S_valid))
pca = PCA(30).fit(data.flatten(X))
R_pca = pca.inverse_transform(pca.transform(data.flatten(V))).reshape(V.shape)
plots.reconstructions(
    V[:10], {"PCA-30": R_pca, "recurrent": R}, errors=True,
    titles=[garments.class_names[c] for c in labels[:10]],
)

# %% [markdown]
# **What to see.** Garments told from memory, strip by strip, from 30 numbers. The number under each is its mean squared
# error. In the lecture profile the outlines run on from strip to strip: the state carries them over. (The cloth has
# faint lines that the originals do not have.) In seven of these ten images the error is smaller than PCA's. In three it
# is not: the coat, the dress with the print, and the last pullover, which is all fine lines.

# %% [markdown]
# ## Teacher forcing
#
# People who tell a story hear what they have said so far. Should the decoder hear it, too? Decoders that translate or chat
# do: at each step they get the **previous step** as an input. In training this is the true previous step, not their own.
# That is called **teacher forcing** (Williams and Zipser, 1989). It trains well, because one early slip does not spoil
# all that follows. Later, when nobody knows the truth, they get their own output: they **run freely**.

# %%
quiz("07-forcing")

# %% [markdown]
# ### Exercise 7.2 · One step late
# *5 minutes · difficulty 1 of 3*
#
# Return what the decoder sees under teacher forcing: at each step the step of `S` *before* it, and at the first step, where
# there is none, zeros. No peeking: if the step to be told leaks into the input, the decoder merely copies it.


# %%
def previous_steps(S: np.ndarray) -> np.ndarray:
    """Sequences (n, steps, features) one step late, zeros first; a new array of the same shape."""
    ### BEGIN SOLUTION
    late = np.zeros_like(S)
    late[:, 1:] = S[:, :-1]
    return late
    ### END SOLUTION


# %%
from collections.abc import Callable

previous_steps = check("7.2", previous_steps)

# %% [markdown]
# ### Exercise 7.3 · Let it run freely
# *20 minutes · difficulty 3 of 3*
#
# `decoder([Z, previous])` takes codings (n, k) and previous steps (n, steps, features), and gives the told steps (n,
# steps, features). It never looks ahead: what it tells at a step depends on `previous` up to that step. At every step,
# give it **its own** last output as the previous step, and return all that it tells. At the first step, give it zeros.
# One run of the decoder for each step is enough; `previous` always has its full length. `np.asarray` turns the output
# into an array.


# %%
def run_freely(decoder: Callable, Z: np.ndarray, steps: int, features: int) -> np.ndarray:
    """What the decoder tells from codings Z when it hears only itself: (n, steps, features)."""
    ### BEGIN SOLUTION
    told = np.zeros((len(Z), steps, features), "float32")
    for step in range(steps):
        previous = np.concatenate([np.zeros_like(told[:, :1]), told[:, :-1]], axis=1)
        told[:, step] = np.asarray(decoder([Z, previous]))[:, step]
    return told
    ### END SOLUTION


# %%
run_freely = check("7.3", run_freely)

# %% [markdown]
# We compare three decoders. They have the same encoder and the same number of epochs. The first gets no help. The second sees
# the true previous strip. In the third somebody forgot the shift, so that it sees the very strip that it has to tell. Each is
# measured three times: *helped*, as it was trained; helped, but with *the codings of another image*; and running *freely*.
# This is the decoder that can be helped:


# %%
def forced_decoder(steps, features, units, codings):
    """[codings, previous steps] to steps: as your decoder, but its GRU also gets previous steps."""
    Z, previous = keras.Input((codings,)), keras.Input((steps, features))
    both = keras.layers.Concatenate()([keras.layers.RepeatVector(steps)(Z), previous])
    states = keras.layers.GRU(units, return_sequences=True, unroll=True)(both)
    told = keras.layers.Dense(features, activation="sigmoid")(states)
    return keras.Model([Z, previous], told)


# %%
def fitted(network, inputs, targets, epochs, **options):
    """Compile a network and train it quietly: its History."""
    adam = optimizer(len(targets), epochs)
    network.compile(loss="mse", optimizer=adam, run_eagerly=settings.eagerly)
    options = {"batch_size": settings.batch_size, "verbose": 0, **options}
    return network.fit(inputs, targets, epochs=epochs, **options)


few = S[: settings.n_few]
shuffled = np.random.default_rng(0).permutation(len(S_valid))
rows, told = {}, {}

keras.utils.set_random_seed(42)
plain = Autoencoder(*recurrent_halves(steps, features, settings.few_units, 30, "sigmoid"))
fitted(plain, few, few, settings.few_epochs)
told["no help"] = np.asarray(plain(S_valid))
other = told["no help"][shuffled]  # what it tells of one image, held against another
rows["no help"] = np.nan, metrics.mse(S_valid, other), metrics.mse(S_valid, told["no help"])

for name, see in (("teacher forcing", previous_steps), ("peeking", lambda S: S)):
    keras.utils.set_random_seed(42)
    encoder, _ = recurrent_halves(steps, features, settings.few_units, 30)
    decoder = forced_decoder(steps, features, settings.few_units, 30)
    whole, previous = keras.Input((steps, features)), keras.Input((steps, features))
    forced = keras.Model([whole, previous], decoder([encoder(whole), previous]))
    fitted(forced, [few, see(few)], few, settings.few_epochs)
    Z = np.asarray(encoder(S_valid))
    helped, other = (np.asarray(decoder([codings, see(S_valid)])) for codings in (Z, Z[shuffled]))
    told[name] = run_freely(decoder, Z, steps, features)
    rows[name] = tuple(metrics.mse(S_valid, made) for made in (helped, other, told[name]))

# %%
print(f"{'validation MSE':<18}{'helped':>10}{'codings of another image':>27}{'running freely':>17}")
for name, (helped, other, free) in rows.items():
    helped = "–" if np.isnan(helped) else f"{helped:.5f}"
    print(f"{name:<18}{helped:>10}{other:>27.5f}{free:>17.5f}")
plots.reconstructions(V[:10], {name: recurrent.images(R) for name, R in told.items()}, errors=True)

# %% [markdown]
# **What to see**, in the lecture profile. *While it is helped*, the decoder under teacher forcing is about as good as
# the one without help. Left alone, it falls behind: its error is a quarter larger. That is far more than two seeds
# differ (you will see two below), though here each decoder was trained once. Look at the boots, whose lower strips are
# blurred, and at the stripes in the first dress. A slip in one strip becomes the input of the next. So the helped
# figure, which is what `fit` prints, is too good.
#
# Peeking shows the extreme. Helped, the error is small. The codings hardly matter: those of another image do nearly as
# well (.0071 and .0060). And without the help nothing is left: the images are almost black.

# %% [markdown]
# ## Back to front
#
# When the encoder hands over, it has just read the *last* step; it read the first one longest ago. The decoder has to
# begin with the first. What if it told the story backwards, last step first? Then what was read last is told first: as
# from a pile of plates, where the last one put down is the first one taken. [Sutskever and others
# (2014)](https://arxiv.org/abs/1409.3215) found that it helped a translator a lot to *read* the sentence backwards.
# [Srivastava and others (2015)](https://arxiv.org/abs/1502.04681) reverse the target in autoencoders of video.

# %% [markdown]
# ### Exercise 7.4 · Back to front
# *5 minutes · difficulty 1 of 3*
#
# Return the sequences with the order of their **steps** reversed. Each step stays as it is, and each sequence stays in its
# place in the batch.


# %%
def back_to_front(S: np.ndarray) -> np.ndarray:
    """Sequences (n, steps, features) with the last step first."""
    ### BEGIN SOLUTION
    return S[:, ::-1]
    ### END SOLUTION


# %%
back_to_front = check("7.4", back_to_front)

# %% [markdown]
# Where should it show? In a pure task of memory: **lists of ten random numbers**, each a step of its own, without any
# pattern. 16 codings are more than enough room for ten numbers. So whatever is lost was lost in reading and telling.

# %%
quiz("07-order")

# %%
numbers = np.random.default_rng(0).uniform(-1, 1, (2, settings.n_lists, 10, 1)).astype("float32")
lists, lists_valid = numbers
by_place = {"in order": [], "back to front": []}
for seed in settings.order_seeds:
    for name, turn in (("in order", lambda S: S), ("back to front", back_to_front)):
        keras.utils.set_random_seed(seed)
        keeper = Autoencoder(*recurrent_halves(10, 1, 48, 16))
        fitted(keeper, lists, turn(lists), settings.list_epochs)
        told_lists = turn(np.asarray(keeper(lists_valid)))
        by_place[name].append(np.mean((told_lists - lists_valid) ** 2, axis=(0, 2)))
print(f"always answering 0: validation MSE {np.mean(lists_valid**2):.3f}")
for name, errors in by_place.items():
    each = ", ".join(f"{np.mean(error):.3f}" for error in errors)
    print(f"{name:<14} validation MSE {np.mean(errors):.3f}   (each seed: {each})")
recurrent.figures.error_by_place(
    by_place, np.mean(lists_valid**2), title="Ten numbers by heart: which are remembered?"
)

# %% [markdown]
# **What to see**, in the lecture profile. A thin line is one seed, a thick one the mean.
#
# Told **in order**, the first number and the last are remembered best. Of the others, about half is lost: their error
# is .15 to .19, where .33 would be everything. People who learn a list by heart also remember its two ends best. Every
# number has to be kept for ten steps from its reading to its telling. But the first is told right after the handover,
# and the last was read right before it. (That helps these two only. Next to them, the second is hardly better than the
# middle, and the ninth is no better.)

# %% [markdown]
# Told **back to front**, the error is less than half. It grows with the way back: the last number has to be kept for
# one step only, the first for nineteen. *On average these are ten steps as well.* And yet nine of the ten numbers have
# a smaller error than in order, even the second, which has to be kept for 17 steps instead of ten. Only the first is
# better off in order. The usual explanation: the short ways are learned first, and the longer ones build on them.

# %% [markdown]
# And on images? The same comparison, garments told from the top or from the bottom, for the same seeds:

# %%
orders = {"top to bottom": [], "bottom to top": []}
for seed in settings.order_seeds[:2]:
    for name, turn in (("top to bottom", lambda S: S), ("bottom to top", back_to_front)):
        keras.utils.set_random_seed(seed)
        teller = Autoencoder(*recurrent_halves(steps, features, settings.few_units, 30, "sigmoid"))
        fitted(teller, few, turn(few), settings.few_epochs)
        orders[name].append(metrics.mse(S_valid, turn(np.asarray(teller(S_valid)))))
for name, errors in orders.items():
    print(f"{name}: validation MSE", ", ".join(f"{error:.5f}" for error in errors))

# %% [markdown]
# **What to see**, in the lecture profile. Here reversing does not help. With both seeds it is even a little worse, by 1
# and 3 %; two seeds are too few to call that a rule. Seven steps are few, and garments have a pattern: the upper half
# of a boot tells much about its sole. So "reverse the target" is no rule either. Try it where you need it, and measure.

# %% [markdown]
# ## A heartbeat
#
# An image is not a sequence by nature. An **electrocardiogram** is one: the voltage that a beating heart causes on the skin.
# Ours come from a small generator (`helpers/data/heartbeats.py`). No patient was measured, and nothing here may be used on
# one. Each beat is a sum of five bumps, P, Q, R, S and T. A signal is a window of 1.28 seconds, 128 numbers in millivolts,
# that starts at *any* moment. Rate, heights, widths, drift and noise vary from heart to heart.

# %%
from helpers.data import heartbeats

recurrent.figures.signal_rows({
    "healthy": (heartbeats.signals(4, seed=5), None),
    **{fault: (heartbeats.signals(4, seed=5, fault=fault), None) for fault in heartbeats.FAULTS},
}, title="Four hearts, healthy and with each fault")

# %% [markdown]
# **What to see.** The same four hearts in every row; the height is in millivolts. The small bump is P, the sharp peak R
# with its dents Q and S, the broad hill T. Some faults are easy to see (wide QRS), others hard: with a missing P, a
# tenth of a millivolt is *not* there. (The last fault, dropout, is an electrode that loses contact for 0.3 seconds.)

# %% [markdown]
# ### Learn health, not illness
#
# There are countless faults, and tomorrow there may be a new one. So we do not train a classifier of faults. We train an
# autoencoder **on healthy signals only**. It learns to draw healthy signals. Given a fault, it should fail to draw it, and
# the difference gives the fault away.
#
# Each signal is a sequence of 8 steps of 16 samples, and 12 codings have to be enough. Three such networks, from three seeds,
# come with the workbook, built by `recurrent.recurrent_halves`: the same as the solution of exercise 7.1.

# %%
beats = heartbeats.signals(settings.n_beats, seed=1)
beats_valid = heartbeats.signals(4 * settings.n_judge, seed=2)


def as_sequence(signals):
    return signals.reshape(-1, 8, 16)


hearts, outcomes = {}, {}
for seed in settings.beat_seeds:
    keras.utils.set_random_seed(seed)
    hearts[seed] = heart = Autoencoder(*recurrent.recurrent_halves(8, 16, 128, 12))

    def train(callbacks, heart=heart):
        S = as_sequence(beats)
        return fitted(heart, S, S, settings.beat_epochs, callbacks=callbacks)

    outcomes[seed] = weights.load_or_train(
        heart, f"heartbeats_{seed}", train, lesson="07", data="generated heartbeats, healthy",
        source=(recurrent.recurrent_halves, heartbeats.WAVES, heartbeats.NOISE), dtype="float16",
    )  # fmt: skip


def retold(signals, seed=42):
    """Signals (n, 128) as the autoencoder of a seed tells them."""
    return hearts[seed].reconstruct(as_sequence(signals)).reshape(signals.shape)


# %%
quiz("07-refuses")

# %% tags=["cover"]
shown = {"healthy": heartbeats.signals(3, seed=5)}
shown |= {fault: heartbeats.signals(3, seed=5, fault=fault) for fault in ("missing P", "spike")}
recurrent.figures.signal_rows(
    {kind: (signals, retold(signals)) for kind, signals in shown.items()}, columns=3, row=1.5,
    title="It has seen healthy hearts only. What does it draw?",
)  # fmt: skip

# %% [markdown]
# **What to see**, in the lecture profile. The number above each is its error, in thousandths of mV². First row: healthy
# signals are redrawn, without their noise. Second row: before each peak R the network adds the P wave that is not
# there. (At the right end of the third signal it adds none: the next peak lies outside the window.) Third row: it
# leaves out the spike. It has never seen these faults, so it **does not draw them**; the orange area is what it
# cannot explain. Now the other faults:

# %%
others = [fault for fault in heartbeats.FAULTS if fault not in shown]
signals = {fault: heartbeats.signals(3, seed=5, fault=fault) for fault in others}
recurrent.figures.signal_rows({fault: (S, retold(S)) for fault, S in signals.items()}, columns=3)

# %% [markdown]
# **What to see**, in the lecture profile. T waves that hang down, peaks that are too wide and an elevated ST are not
# followed. An early beat is. A dropout shows only where something was due. But look at the *other* parts of the first
# two rows, too: there the network draws peaks that are too low, and peaks where there are none.
#
# It is tempting to say: "the network draws the *nearest healthy heart*". Does it? For our signals this can be measured. The
# generator can make the same heart healthy, at the same moment and with the same noise: its **healthy twin**.

# %%
twins = heartbeats.signals(settings.n_judge, seed=3)
print(f"{'thousandths of mV²':<20}{'drawn to twin':>14}{'given to twin':>15}{'drawn to given':>16}"
      f"{'R lost':>9}")
for kind in ("healthy", *heartbeats.FAULTS):
    fault = None if kind == "healthy" else kind
    given = heartbeats.signals(settings.n_judge, seed=3, fault=fault)
    drawn = retold(given)
    pairs = (drawn, twins), (given, twins), (drawn, given)
    distances = [1000 * metrics.mse(a, b) for a, b in pairs]
    at_peak = drawn[np.arange(len(given)), given.argmax(axis=1)]
    lost = np.mean(at_peak < given.max(axis=1) / 2)  # redrawn at less than half of its height
    print("{:<20}{:>14.1f}{:>15.1f}{:>16.1f}{:>9.0%}".format(kind, *distances, lost))

# %% [markdown]
# **What to see**, in the lecture profile; mean squared distances, and the share of signals in which the peak R is
# redrawn at less than half of its height. For **small faults** the sentence is about right. With a missing P wave, an
# elevated ST or a spike, the drawing is closer to the healthy twin than to what was given.

# %% [markdown]
# For **large faults** it is wrong. An inverted T is redrawn about as far from the healthy twin as the fault itself is
# (42 and 41), and in most signals even the peak R gets lost, which was quite healthy. A wide QRS is little better: 36
# from the twin, and in 40 % of the signals the peak is lost. The network has never seen anything like it, and makes
# something up. The alarm is right all the same, since the error is large. But do not take such a drawing for "what this
# heart should look like".
#
# (An early beat and a dropout are other cases: on average the drawing is closer to what was given, though a peak is lost
# in 22 and 10 % of the signals. An early beat looks like a healthy one that comes at another time.)

# %% [markdown]
# ## Where to draw the line
#
# A large error means: unlike any healthy heart. How large is large? It must be decided **without faults**, since we
# pretend not to know them, and **without the training signals**, on which the error is smaller than on new ones.
#
# So we take healthy signals that were kept aside, and choose how many of *them* may raise a false alarm.

# %% [markdown]
# ### Exercise 7.5 · Where to draw the line
# *10 minutes · difficulty 2 of 3*
#
# `healthy_errors` are the reconstruction errors of healthy signals that the model was not trained on. Return the error above
# which an alarm is raised, such that the share `false_alarms` (0.01 is one in a hundred) of these healthy signals raises one.


# %%
def alarm_threshold(healthy_errors: np.ndarray, false_alarms: float) -> float:
    """The error that the share `false_alarms` (0 to 1) of the healthy errors (n,) exceeds."""
    ### BEGIN SOLUTION
    return float(np.quantile(healthy_errors, 1 - false_alarms))
    ### END SOLUTION


# %%
alarm_threshold = check("7.5", alarm_threshold)


# %%
from helpers.autoencoders.recurrent import errors_of, pair_shares

def faulty(n, seed, aligned=False):
    """{fault: n signals with it}."""
    return {
        fault: heartbeats.signals(n, seed=seed, fault=fault, aligned=aligned)
        for fault in heartbeats.FAULTS
    }


judged = faulty(settings.n_judge, seed=3)
healthy = heartbeats.signals(4 * settings.n_judge, seed=4)
threshold = alarm_threshold(errors_of(retold, beats_valid), 0.02)
print(f"alarm above {1000 * threshold:.2f} thousandths of mV²: 2 % of healthy validation signals")
for name, signals in {"healthy, never seen before": healthy, **judged}.items():
    share = np.mean(errors_of(retold, signals) > threshold)
    print(f"{name:<28}{share:8.1%} {'false alarms' if signals is healthy else 'found'}")

# %% [markdown]
# **What to see**, in the lecture profile. On fresh healthy signals there are about as many false alarms as we asked
# for. That is why the validation signals were kept aside. Inverted T waves, wide QRS and elevated ST are always found.
# But four of five missing P waves go unnoticed, a third of the lost electrodes and a quarter of the spikes. A small
# bump weighs little in a mean over 128 samples, and 0.3 seconds without signal look quite normal if nothing was due in
# them.

# %% [markdown]
# ### Against PCA, and how to be fair to it
#
# A threshold mixes two things, the model and the choice of the line. Without a line: take one healthy and one faulty
# signal; in what share of all such pairs has the faulty one the larger error? (The area under the ROC curve, as in lesson
# 02; 50 % is guessing.) PCA with 12 components is the rival; it gets the same signals.


# %%
def pca_of(signals, components=12):
    """The reconstruction function of a PCA fitted to signals (n, 128)."""
    fitted = PCA(components).fit(signals)
    return lambda X: fitted.inverse_transform(fitted.transform(X))


shares = {"recurrent, 12 codings": {fault: [] for fault in judged}}
for seed in settings.beat_seeds:
    for fault, share in pair_shares(lambda X, seed=seed: retold(X, seed), healthy, judged).items():
        shares["recurrent, 12 codings"][fault].append(share)
shares["PCA-12"] = pair_shares(pca_of(beats), healthy, judged)
aligned = faulty(settings.n_judge, seed=3, aligned=True)
aligned_beats = heartbeats.signals(settings.n_beats, seed=1, aligned=True)
aligned_healthy = heartbeats.signals(4 * settings.n_judge, seed=4, aligned=True)
for components in (12, 24):
    rival = pca_of(aligned_beats, components)
    shares[f"PCA-{components}, peaks aligned"] = pair_shares(rival, aligned_healthy, aligned)

drawn_by = {"recurrent": retold, "PCA-12": pca_of(beats)}
found = {name: 1000 * errors_of(draw, beats_valid).mean() for name, draw in drawn_by.items()}
print("validation MSE in thousandths:", *(f"{name} {error:.2f}," for name, error in found.items()),
      f"noise alone {1000 * heartbeats.NOISE**2:.2f}")  # fmt: skip
print(f"{'share of pairs':<14}" + "".join(f"{name:>24}" for name in shares))
for fault in judged:
    print(f"{fault:<14}" + "".join(f"{np.mean(table[fault]):>24.3f}" for table in shares.values()))

# %%
recurrent.figures.share_dots(shares, title="Who finds which fault?")

# %% [markdown]
# **What to see**, in the lecture profile. (The dots of the recurrent model are means over its three seeds; where the seeds
# differ, a line goes from the least to the largest.) On the raw windows PCA is close to guessing for most faults, and for
# dropouts worse: a signal with a piece missing is *easier* to draw. To PCA, a heartbeat that comes a little later is a
# completely different vector. It needs components for every place where a peak can be, and with 12 it draws no beat
# properly: its error on healthy signals is about 30 times ours. The recurrent model draws a beat wherever it starts.
#
# **Now a fairer comparison.** Suppose somebody first finds each peak and cuts the window around it (here the generator
# does, without a mistake). Then PCA with 12 components is about as good as our network. For every fault the two are
# within .021 of each other, now one ahead, now the other. And PCA costs next to nothing. The network gets along with
# windows that start anywhere. Where aligning is easy, you do not need it.

# %% [markdown]
# And look at PCA with 24 components on the aligned signals. It has room for more, and it finds missing P waves,
# inverted T waves and lost electrodes far *worse*: with so many directions it can draw the fault as well. (Wide QRS,
# elevated ST, early beats and spikes it still finds.) For finding faults, a small error on healthy signals is not
# enough. The best model reconstructs the healthy well and **nothing else**.

# %%
recurrent.figures.fault_explorer(retold, threshold, seed=11)

# %% [markdown]
# **What to see.** Choose a fault and turn it up. At which strength does the alarm go off? For this heart a missing P
# never sets it off. And a stronger fault need not have a larger error: an early beat gives the alarm at strength 1 and
# none at 1.5. When it comes that early, it can look like the healthy beat of a slower heart.

# %% [markdown]
# ## Find the bug: too good for 30 numbers
#
# A colleague builds the recurrent autoencoder for images from single rows, with 30 units at the end of the encoder. She
# gets a far lower error than we do, with 30 codings, after a few epochs on few images. "Recurrent networks are just
# better", she says, and shows her table.

# %%
lines, lines_valid = recurrent.strips(X, rows=1)[: settings.n_bug], recurrent.strips(V, rows=1)
layers = keras.layers
keras.utils.set_random_seed(42)
her_encoder = keras.Sequential([keras.Input((28, 28)), layers.GRU(30, return_sequences=True)])
her_decoder = keras.Sequential([
    keras.Input((28, 30)), layers.GRU(64, return_sequences=True),
    layers.Dense(28, activation="sigmoid"),
])  # fmt: skip
hers = Autoencoder(her_encoder, her_decoder)
fitted(hers, lines, lines, settings.bug_epochs)
print(f"PCA-30                     validation MSE {pca_30:.5f}")
ours_mse, her_mse = metrics.mse(V, R), metrics.mse(lines_valid, np.asarray(hers(lines_valid)))
print(f"our model, 30 codings      validation MSE {ours_mse:.5f}")
print(f"her model, '30 codings'    validation MSE {her_mse:.5f}")

# %% [markdown]
# You can find this result in public notebooks and lecture notes. Before you open the answer: what exactly does the
# decoder get?
#
# <details><summary>Answer</summary>
#
# `return_sequences=True` passes on the state after *every* row. The decoder gets 28 rows of 30 numbers, and needs no memory
# at all: each row arrives beside its own description. A row has only 28 pixels; 30 numbers are more than enough.
#
# </details>

# %% [markdown]
# ### Exercise 7.6 · Count what passes
# *10 minutes · difficulty 2 of 3*
#
# The name of a layer, or the number of its units, does not say how many codings there are. Count what arrives. Return how many
# numbers **for each sequence** an encoder hands on when it is given the batch `S`. An encoder may give one array (n, …) of
# any shape, or a list of several, such as the two states $h$ and $c$ of an LSTM.


# %%
def numbers_passed_on(encoder: Callable, S: np.ndarray) -> int:
    """How many numbers for one sequence leave the encoder.

    encoder(S) is an array (n, …) or a list of such arrays.
    """
    ### BEGIN SOLUTION
    given = encoder(S)
    parts = given if isinstance(given, (list, tuple)) else [given]
    return sum(int(np.prod(np.shape(part)[1:])) for part in parts)
    ### END SOLUTION


# %%
numbers_passed_on = check("7.6", numbers_passed_on)

# %%
# NBVAL_CHECK_OUTPUT
rows = keras.Input((28, 28))
candidates = {
    "ours": recurrent.recurrent_halves(28, 28, 100, 30)[0],
    "hers: the state at each row": her_encoder,
    "both states of an LSTM(30)": keras.Model(rows, layers.LSTM(30, return_state=True)(rows)[1:]),
}
two = shipped.X_valid[:2]
counts = {name: numbers_passed_on(encoder, two) for name, encoder in candidates.items()}
sizes = [min(count, 784) for count in counts.values()]
rivals = metrics.pca_reconstruction_mse(shipped.X_train, shipped.X_valid, sizes)
for (name, count), rival in zip(counts.items(), rivals):
    print(f"{name:<31}{count:>4} numbers for 784 pixels   PCA with as many: MSE {abs(rival):.4f}")

# %% [markdown]
# **What to see.** Hers are not 30 numbers but 840: more than the image has pixels. With 784 components PCA is perfect, and so
# would be a machine that copies. Measured like this, her error is not small but *large*. And if you hand over both states
# of an LSTM, you have doubled the codings. Compare models by the numbers that pass, not by the numbers in the code.

# %% [markdown]
# ## On the yardstick

# %%
Z_train, Z_valid = model.codings(S), model.codings(S_valid)
scoreboard.record(
    lesson="07", model="recurrent autoencoder", codings=30, data=garments, seeds=(42,),
    parameters=model.count_params(), seconds=seconds, mse=metrics.mse(V, R),
    knn_accuracy=metrics.knn_accuracy(Z_train, y, Z_valid, labels),
    probe_accuracy=metrics.linear_probe_accuracy(Z_train, y, Z_valid, labels),
)  # fmt: skip
scoreboard.show(["01", "02", "07"])

# %% [markdown]
# In the lecture profile the recurrent autoencoder is well below PCA's error at the same number of codings, but not
# below that of the stacked one (.0129 and .0119). (The seconds of the two come from different runs; do not compare
# them.) Its codings are about as good for a classifier: with 1,000 validation images, .838 and .822 are too close to
# tell apart. What such a model reaches on the full set, `bench 07` prints. For images there is a better way to use the
# same weights again and again: lesson 06.

# %% [markdown]
# ## Summary
#
# - A recurrent encoder reads step by step; its last state, and only that, becomes the codings. The decoder tells the
#   sequence again from them, and its state is its only clock.
# - Under teacher forcing the training loss looks too good, since the decoder sees the true step before. Measure a
#   decoder as it will be used: running freely.
# - Told in order, the first and the last step are remembered best. Reversing the target made lists without a pattern far
#   easier to learn: some ways become short. On images of seven strips it did not help.
# - A model of healthy signals finds faults it has never seen, because it does not draw them; small ones it often
#   misses. What it draws instead need not be the nearest healthy signal. The threshold comes from healthy signals kept
#   aside, and from nothing else.
# - PCA on aligned beats is about as good. Know what your network does for you: sometimes a simple tool does it as well.
# - Count the numbers that pass from encoder to decoder.

# %% [markdown]
# **Questions that come up**
#
# - *Why not read images with a convolutional network?* For images that is better (lesson 06). Here they serve to compare all
#   models on one yardstick.
# - *GRU or LSTM?* A GRU has about three quarters of the weights. Which one is better depends on the task; try an LSTM in
#   exercise 7.1, the check takes either.
# - *How long can a sequence be?* The last state has a fixed size, and all must fit. For a long text that fails; attention
#   ([Bahdanau and others, 2015](https://arxiv.org/abs/1409.0473)) lets the decoder look back at all states. The price: there
#   is no single row of codings any more.

# %% [markdown]
# - *My sequences differ in length.* Pad them, and let a `Masking` layer tell the recurrent layers which steps to skip; the
#   loss has to skip them, too.
# - *Is the mean squared error a good alarm?* It overlooks what is short and small. Does the largest mean over a short
#   stretch of the signal find more spikes? Try it with `retold`.
# - *Would a classifier trained on faults be better?* For the faults it was trained on, most likely. But a new fault
#   belongs to none of its classes.

# %% [markdown]
# **Where to read on**
#
# - Williams and Zipser (1989), *A learning algorithm for continually running fully recurrent neural networks*, Neural
#   Computation 1
# - Hochreiter and Schmidhuber (1997), *Long short-term memory*, Neural Computation 9
# - Cho and others (2014), *Learning phrase representations using RNN encoder–decoder*,
#   [arXiv 1406.1078](https://arxiv.org/abs/1406.1078)
# - Sutskever, Vinyals and Le (2014), *Sequence to sequence learning with neural networks*,
#   [arXiv 1409.3215](https://arxiv.org/abs/1409.3215)
# - Srivastava, Mansimov and Salakhutdinov (2015), *Unsupervised learning of video representations using LSTMs*,
#   [arXiv 1502.04681](https://arxiv.org/abs/1502.04681)
# - Bengio and others (2015), *Scheduled sampling for sequence prediction with recurrent neural networks*,
#   [arXiv 1506.03099](https://arxiv.org/abs/1506.03099)
# - Malhotra and others (2016), *LSTM-based encoder-decoder for multi-sensor anomaly detection*,
#   [arXiv 1607.00148](https://arxiv.org/abs/1607.00148)
# - McSharry, Clifford, Tarassenko and Smith (2003), *A dynamical model for generating synthetic electrocardiogram signals*,
#   IEEE Transactions on Biomedical Engineering 50
