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
# ---

# %%
import sys
import time
from collections.abc import Callable

sys.path.insert(0, "..")  # the folder above holds `helpers`

from helpers import backend  # before keras: it keeps TensorFlow's start-up messages off the page
import keras
import numpy as np
import tensorflow as tf  # noqa: F401  (at hand for your answers)
from helpers import data, metrics, plots, scoreboard, session, training, weights
from helpers.autoencoders import Autoencoder, recurrent
from helpers.autoencoders.recurrent import errors_of, pair_shares
from helpers.data import heartbeats
from helpers.exercises import check, hint, quiz  # noqa: F401  (hints are for you: hint("7.1"))
from keras import ops  # noqa: F401  (at hand for your answers)
from sklearn.decomposition import PCA

settings = session.start("07")

# %% [markdown]
# ## Read once, then tell it from memory
#
# So far an image came in one piece. Much of the world does not: speech, text, prices, the beating of a heart arrive one
# step after the other, and some of it never ends. A **recurrent** network reads step by step and keeps a **state**, a row
# of numbers that it revises at every step.
#
# An autoencoder of that kind listens to a whole sequence, keeps only its last state, and then has to tell the whole
# sequence from memory. We try it on an old friend first: an image, read from top to bottom.

# %%
garments = data.load("fashion_mnist").take(train=settings.n_train, valid=settings.n_valid)
X, V = garments.X_train, garments.X_valid
y, labels = garments.y_train, garments.y_valid
S, S_valid = recurrent.strips(X, rows=4), recurrent.strips(V, rows=4)
steps, features = S.shape[1:]

some = V[[1, 3, 6]]
read = np.stack([np.where(np.arange(28)[:, None] < 4 * (step + 1), some, 0) for step in range(steps)], axis=1)
plots.image_rows({garments.class_names[c]: row for c, row in zip(labels[[1, 3, 6]], read)}, title="What has been read after 1, 2, … 7 strips")

# %% [markdown]
# **What to see.** Each image is a sequence of seven **strips**, four rows high: seven steps of 112 numbers. Most textbooks
# take single rows: 28 steps of 28 numbers. The idea is the same, and with a quarter of the steps the computer has to wait
# a quarter as often: a step cannot begin before the one before it is done.

# %%
# NBVAL_CHECK_OUTPUT
shipped = data.load("fashion_mnist", source="shipped", quiet=True)
for rows in (1, 4):
    sequences = recurrent.strips(shipped.X_valid, rows=rows)
    print(f"{rows} row{'s' * (rows > 1)} a step: {sequences.shape[1]:2} steps of {sequences.shape[2]:3} numbers")
print(f"PCA with 30 components, on the shipped subset: validation MSE "
      f"{metrics.pca_reconstruction_mse(shipped.X_train, shipped.X_valid, 30):.5f}")  # fmt: skip

# %% [markdown]
# ## In symbols
#
# Let $x_1, \dots, x_T$ be the steps of one sequence ($T = 7$), each a row of $f = 112$ features. The state $h_t$ is a row
# of $u$ units, and $h_0 = 0$. We use a **GRU**, a *gated recurrent unit* (Cho and others, 2014):
#
# $$z_t = \sigma(x_t W_z + h_{t-1} U_z + b_z), \qquad r_t = \sigma(x_t W_r + h_{t-1} U_r + b_r),$$
# $$\tilde h_t = \tanh\bigl(x_t W + r_t \odot (h_{t-1} U + c) + b\bigr), \qquad
# h_t = z_t \odot h_{t-1} + (1 - z_t) \odot \tilde h_t .$$

# %% [markdown]
# - The matrices $W_z, W_r, W$ ($f \times u$) and $U_z, U_r, U$ ($u \times u$) and the biases $b_z, b_r, b, c$ are learned.
#   They are the **same at every step**.
# - $z_t$, the **update gate**, says for each unit how much of the old state stays. Where it is 1, the unit just remembers.
# - $r_t$, the **reset gate**, says how much of the old state the proposal $\tilde h_t$ may look at.
# - $\sigma$ is the sigmoid, $\odot$ multiplies entry by entry.
#
# An LSTM, its older cousin, has one gate more and a second state. On the sequences of this lesson both do.

# %% [markdown]
# **Encoder**, sequence to vector: only the *last* state goes on, through a linear layer $V, d$ to $k$ codings,
#
# $$\text{codings} = h_T V + d .$$
#
# **Decoder**, vector to sequence: a second GRU gets the same codings at each of its $T$ steps (Keras calls this
# `RepeatVector`). From each of its states $s_t$ one and the same layer $O, o$ tells a step:
#
# $$s_t = \text{GRU}(\text{codings},\, s_{t-1}), \qquad \hat x_t = \sigma(s_t O + o) .$$
#
# What makes the steps differ, though the input is always the same? The state: it is the decoder's only clock.

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

    encoder: (batch, steps, features) -> (batch, codings), linear, from the last state of a GRU of `units` units.
    decoder: (batch, codings) -> (batch, steps, features), through a GRU that gets the codings anew at each step.
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
# Two things from lesson 02 carry over: linear codings, and a sigmoid for pixels. One is different. A recurrent network
# wants **many steps of the optimizer** more than many images in each of them, so the batches stay small.


# %%
def optimizer(n, epochs):
    """Adam with warm-up and cosine, as in lesson 02; beta_2 a little smaller: it forgets early gradients sooner."""
    return keras.optimizers.Adam(training.WarmupCosine.for_fit(settings.peak, n, settings.batch_size, epochs), beta_2=0.99)


keras.utils.set_random_seed(42)
model = Autoencoder(*recurrent_halves(steps, features, 128, 30, "sigmoid"))
model.compile(loss="mse", optimizer=optimizer(len(S), settings.epochs), steps_per_execution=16)
pca_30 = metrics.pca_reconstruction_mse(X, V, 30)
started = time.perf_counter()
history = training.fit(model, S, S, epochs=settings.epochs, batch_size=settings.batch_size, validation_data=(S_valid, S_valid))
seconds = time.perf_counter() - started

# %%
print(f"PCA-30                 validation MSE {pca_30:.5f}")
print(f"recurrent autoencoder  validation MSE {history.history['val_loss'][-1]:.5f} "
      f"({history.history['val_loss'][-1] / pca_30 - 1:+.1%}), {model.count_params():,} parameters")  # fmt: skip
plots.curves(history, references={"PCA-30": pca_30}, ylabel="mean squared error", title="Recurrent autoencoder, 30 codings")

# %% [markdown]
# **What to see**, in the lecture profile. It starts slowly, since a story has to be remembered before it can be told
# well, and then passes PCA's line. `python3 workbook.py bench 07` trains such a model, with strips of seven rows, on all
# images of the full set, beside a well-known textbook's recipe (three LSTM layers, 28 single rows, batches of 32), and prints
# the ratio of the times.

# %%
R = recurrent.images(model.reconstruct(S_valid))
pca = PCA(30).fit(data.flatten(X))
R_pca = pca.inverse_transform(pca.transform(data.flatten(V))).reshape(V.shape)
plots.reconstructions(V[:10], {"PCA-30": R_pca, "recurrent": R}, errors=True, titles=[garments.class_names[c] for c in labels[:10]])

# %% [markdown]
# **What to see.** Garments told from memory, strip by strip, from 30 numbers. In the lecture profile there is hardly a seam
# between the strips: the state carries outlines over from one to the next.

# %% [markdown]
# ## Teacher forcing
#
# Whoever tells a story hears what they have said so far. Should the decoder not, too? Decoders that translate or chat do:
# at each step they get the **previous step** as an input. While they train, the true previous step is used, not their
# own: this is called **teacher forcing** (Williams and Zipser, 1989). It trains well, because one early slip does not spoil
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
    """Sequences (n, steps, features) one step late, with zeros first; a new array of the same shape."""
    ### BEGIN SOLUTION
    late = np.zeros_like(S)
    late[:, 1:] = S[:, :-1]
    return late
    ### END SOLUTION


# %%
previous_steps = check("7.2", previous_steps)

# %% [markdown]
# ### Exercise 7.3 · Let it run freely
# *20 minutes · difficulty 3 of 3*
#
# `decoder([Z, previous])` takes codings (n, k) and previous steps (n, steps, features), and gives the told steps (n, steps,
# features). It never looks ahead: what it tells at a step depends on `previous` up to that step. Return what it tells when,
# at every step, the previous step is **its own** output. Start from zeros. `np.asarray` turns its output into an array.


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
# Three decoders with the same encoder and the same number of epochs: without help; with the true previous strip; and with a
# shift forgotten, so that it sees the very strip it has to tell. Each is measured three times: *helped*, as it was
# trained; helped, but with *the codings of another image*; and running *freely*.

# %%
def fitted(network, inputs, targets, epochs, **options):
    """Compile a network and train it quietly: its History."""
    network.compile(loss="mse", optimizer=optimizer(len(targets), epochs), run_eagerly=settings.eagerly)
    return network.fit(inputs, targets, epochs=epochs, batch_size=settings.batch_size, verbose=0, **options)


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
    encoder, decoder = recurrent.forced_halves(steps, features, settings.few_units, 30, "sigmoid")
    forced = recurrent.forced_model(encoder, decoder)
    fitted(forced, [few, see(few)], few, settings.few_epochs)
    Z = np.asarray(encoder(S_valid))
    helped, other = (np.asarray(decoder([codings, see(S_valid)])) for codings in (Z, Z[shuffled]))
    told[name] = run_freely(decoder, Z, steps, features)
    rows[name] = tuple(metrics.mse(S_valid, made) for made in (helped, other, told[name]))

# %%
print(f"{'validation MSE':<18}{'helped':>10}{'codings of another image':>27}{'running freely':>17}")
for name, (helped, other, free) in rows.items():
    print(f"{name:<18}{'–' if np.isnan(helped) else format(helped, '.5f'):>10}{other:>27.5f}{free:>17.5f}")
plots.reconstructions(V[:10], {name: recurrent.images(R) for name, R in told.items()}, errors=True)

# %% [markdown]
# **What to see**, in the lecture profile. *While it is helped*, the decoder under teacher forcing looks at least as good as
# the one without help: the strip above says something about the next one. Left alone, it falls clearly behind: small slips
# become its next input, and add up. So the helped figure, which is what `fit` prints, flatters. Peeking shows the end of that
# road: an error near zero, codings that nobody reads (those of another image do as well), and nothing left when the help is
# gone.
#
# In translation a text has many right continuations, and forcing is worth its price. In an autoencoder the codings are all we
# want. **Ours decodes without help.**

# %% [markdown]
# ## Back to front
#
# The encoder has just read the *last* step when it hands over; the first one was read longest ago. The decoder has to begin
# with the first. What if it told the story backwards, last step first? Then the way from what was read to what is told is
# short at the start, and what was put away last is taken out first, as from a pile of plates. Sutskever and others (2014)
# found that reversing helped a translator a lot; Srivastava and others (2015) reverse the target in autoencoders of video.

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
# Where would it show? In a pure task of memory: **lists of ten random numbers**, each a step of its own, without any
# pattern. 16 codings are more than enough room for ten numbers. So whatever is lost was lost in reading and telling.

# %%
quiz("07-order")

# %%
lists, lists_valid = np.random.default_rng(0).uniform(-1, 1, (2, settings.n_lists, 10, 1)).astype("float32")
by_place = {"in order": [], "back to front": []}
for seed in settings.order_seeds:
    for name, turn in (("in order", lambda S: S), ("back to front", back_to_front)):
        keras.utils.set_random_seed(seed)
        keeper = Autoencoder(*recurrent.recurrent_halves(10, 1, 48, 16))
        fitted(keeper, lists, turn(lists), settings.list_epochs)
        by_place[name].append(np.mean((turn(np.asarray(keeper(lists_valid))) - lists_valid) ** 2, axis=(0, 2)))
print(f"always answering 0: validation MSE {np.mean(lists_valid**2):.3f}")
for name, errors in by_place.items():
    print(f"{name:<14} validation MSE {np.mean(errors):.3f}   (each seed: {', '.join(f'{np.mean(e):.3f}' for e in errors)})")
plots.curves({name: np.mean(errors, axis=0) for name, errors in by_place.items()}, x=range(1, 11), best=None,
             xlabel="place of the number in the list, as it was read", ylabel="mean squared error",
             title="Ten numbers by heart: which are remembered?")  # fmt: skip

# %% [markdown]
# **What to see**, in the lecture profile. Told in order, the error stays large nearly everywhere. Told back to front it is less
# than half of that, and it grows step by step with the way back: a memory like ours, best for what came last. The order of
# the target changed nothing about what is known, and nearly everything about how easily it is learned.

# %% [markdown]
# And on images? The same comparison, garments from the top or from the bottom:

# %%
keras.utils.set_random_seed(42)
upwards = Autoencoder(*recurrent_halves(steps, features, settings.few_units, 30, "sigmoid"))
fitted(upwards, few, back_to_front(few), settings.few_epochs)
for name, made in (("top to bottom", told["no help"]), ("bottom to top", back_to_front(np.asarray(upwards(S_valid))))):
    by_strip = np.mean((made - S_valid) ** 2, axis=(0, 2))
    print(f"{name}: validation MSE {np.mean(by_strip):.5f}, strip by strip from the top", *(f"{e:.4f}" for e in by_strip))

# %% [markdown]
# **What to see**, in the lecture profile. Hardly any difference, no more than from one seed to the next. Seven steps are few,
# garments have a pattern, and whoever knows the coding of a boot knows its top and its sole. The advice "reverse the target"
# is for long sequences whose details do not follow from each other. Try it where you need it, and measure.

# %% [markdown]
# ## A heartbeat
#
# Images are no sequences by nature. Here is something that is: an **electrocardiogram**, the voltage that a beating heart
# leaves on the skin. Ours come from a small generator (`helpers/data/heartbeats.py`): no patient was measured, and nothing
# here may be used on one. Each beat is a sum of five bumps, P, Q, R, S and T. A signal is a window of 1.28 seconds, 128
# numbers in millivolts, that starts at *any* moment. Rate, heights, widths, drift and noise vary from heart to heart.

# %%
recurrent.figures.signal_rows({
    "healthy": (heartbeats.signals(4, seed=5), None),
    **{fault: (heartbeats.signals(4, seed=5, fault=fault), None) for fault in heartbeats.FAULTS},
}, title="Four hearts, healthy and with each fault")

# %% [markdown]
# **What to see.** The same four hearts in every row. The small bump is P, the sharp peak R with its dents Q and S, the broad
# hill T. Some faults shout (wide QRS), some whisper: a missing P is a tenth of a millivolt that is *not* there.

# %% [markdown]
# ### Learn health, not illness
#
# There are countless faults, and tomorrow there may be a new one. So we do not train a classifier of faults. We train an
# autoencoder **on healthy signals only**. It learns to draw healthy signals and nothing else. Given a fault, it should
# draw the nearest healthy signal it knows, and the difference gives the fault away.
#
# Each signal is a sequence of 8 steps of 16 samples, and 12 codings have to do.

# %%
beats, beats_valid = heartbeats.signals(settings.n_beats, seed=1), heartbeats.signals(4 * settings.n_judge, seed=2)


def as_sequence(signals):
    return signals.reshape(-1, 8, 16)


hearts, outcomes = {}, {}
for seed in settings.beat_seeds:
    keras.utils.set_random_seed(seed)
    hearts[seed] = heart = Autoencoder(*recurrent.recurrent_halves(8, 16, 128, 12))

    def train(callbacks, heart=heart):
        return fitted(heart, as_sequence(beats), as_sequence(beats), settings.beat_epochs, callbacks=callbacks)

    outcomes[seed] = weights.load_or_train(
        heart, f"heartbeats_{seed}", train, source=(recurrent.recurrent_halves, heartbeats.WAVES, heartbeats.NOISE),
        lesson="07", data="generated heartbeats, healthy", dtype="float16",
    )  # fmt: skip


def retold(signals, seed=42):
    """Signals (n, 128) as the autoencoder of a seed tells them."""
    return hearts[seed].reconstruct(as_sequence(signals)).reshape(signals.shape)


# %%
quiz("07-refuses")

# %%
recurrent.figures.signal_rows({
    kind: (signals, retold(signals))
    for kind, signals in {"healthy": heartbeats.signals(4, seed=5),
                          **{fault: heartbeats.signals(4, seed=5, fault=fault) for fault in heartbeats.FAULTS}}.items()
}, title="What the autoencoder draws; above each its error, in thousandths of mV²")  # fmt: skip

# %% [markdown]
# **What to see**, in the lecture profile. First row: healthy signals are redrawn, without their noise. Below, the dashed line
# goes its own way: it draws the P wave that is not there, leaves out the spike, and does not follow T below the line. It
# **refuses to draw the fault**; the orange area is what cannot be explained as a healthy heart. Far from all it knows, as
# with a wide QRS, it gets muddled in other places, too. And a lost electrode in a flat stretch goes unseen.

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
judged = {fault: heartbeats.signals(settings.n_judge, seed=3, fault=fault) for fault in heartbeats.FAULTS}
healthy = heartbeats.signals(4 * settings.n_judge, seed=4)
threshold = alarm_threshold(errors_of(retold, beats_valid), 0.02)
print(f"alarm above {1000 * threshold:.2f} thousandths of mV²: 2 % of the healthy validation signals")
print(f"{'healthy, never seen before':<28}{np.mean(errors_of(retold, healthy) > threshold):8.1%} false alarms")
for fault, signals in judged.items():
    print(f"{fault:<28}{np.mean(errors_of(retold, signals) > threshold):8.1%} found")

# %% [markdown]
# **What to see**, in the lecture profile. On fresh healthy signals the false alarms are about as many as we asked for: that
# is what the validation signals were kept aside for. Faults that change much are nearly always found. Missing P waves and
# lost electrodes are found less often: a small bump weighs little in a mean over 128 samples, and 0.3 seconds without signal
# look quite normal if nothing was due in them.

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
aligned = {fault: heartbeats.signals(settings.n_judge, seed=3, fault=fault, aligned=True) for fault in heartbeats.FAULTS}
aligned_beats, aligned_healthy = (heartbeats.signals(n, seed=s, aligned=True) for n, s in ((settings.n_beats, 1), (4 * settings.n_judge, 4)))
for components in (12, 24):
    shares[f"PCA-{components}, peaks aligned"] = pair_shares(pca_of(aligned_beats, components), aligned_healthy, aligned)

print(f"validation MSE in thousandths: recurrent {1000 * errors_of(retold, beats_valid).mean():.2f}, "
      f"PCA-12 {1000 * errors_of(pca_of(beats), beats_valid).mean():.2f}, noise alone {1000 * heartbeats.NOISE**2:.2f}")  # fmt: skip
print(f"{'share of pairs':<14}" + "".join(f"{name:>24}" for name in shares))
for fault in judged:
    print(f"{fault:<14}" + "".join(f"{np.mean(table[fault]):>24.3f}" for table in shares.values()))

# %%
recurrent.figures.share_dots(shares, title="Who finds which fault?")

# %% [markdown]
# **What to see**, in the lecture profile. On the raw windows PCA is close to guessing for most faults. A heartbeat that comes
# a little later is, to PCA, an altogether different vector: it needs components for every place where a peak can be, and
# with 12 it draws nobody's beat properly. The recurrent model has learned *what follows what*, wherever it starts.
#
# **Now be fair.** If somebody first finds each peak and cuts the window around it (here the generator does, without a
# mistake), PCA with 12 components is about as good as our network, at a tiny part of its cost. The network has learned to
# align by itself; where aligning is easy, you do not need it.

# %% [markdown]
# And look at PCA with 24 components on the aligned signals. It reconstructs *better*, and finds missing P waves and inverted
# T waves *worse*: with so many directions it can draw the fault as well. For finding faults the best model is not the one
# with the least error. It is the one that reconstructs the healthy well and **nothing else**.

# %%
recurrent.figures.fault_explorer(retold, threshold, seed=11)

# %% [markdown]
# Choose a fault and turn it up. At which strength does the alarm go off? Stronger is not always more suspicious: an early beat
# that comes early enough can look like the healthy beat of a slower heart.

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
her_decoder = keras.Sequential([keras.Input((28, 30)), layers.GRU(64, return_sequences=True), layers.Dense(28, activation="sigmoid")])
hers = Autoencoder(her_encoder, her_decoder)
fitted(hers, lines, lines, settings.bug_epochs)
print(f"PCA-30                     validation MSE {pca_30:.5f}")
print(f"our model, 30 codings      validation MSE {metrics.mse(S_valid, model.reconstruct(S_valid)):.5f}")
print(f"her model, '30 codings'    validation MSE {metrics.mse(lines_valid, np.asarray(hers(lines_valid))):.5f}")

# %% [markdown]
# Many public notebooks and lecture notes have this result. Before you open the answer: what exactly does the decoder get?
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
# The name of a layer, or the number of its units, does not say how many codings there are. What arrives does. Return how many
# numbers **for each sequence** an encoder hands on when it is given the batch `S`. An encoder may give one array (n, …) of
# any shape, or a list of several, such as the two states $h$ and $c$ of an LSTM.


# %%
def numbers_passed_on(encoder: Callable, S: np.ndarray) -> int:
    """How many numbers for one sequence leave the encoder; encoder(S) is an array (n, …) or a list of such arrays."""
    ### BEGIN SOLUTION
    given = encoder(S)
    parts = given if isinstance(given, (list, tuple)) else [given]
    return sum(int(np.prod(np.shape(part)[1:])) for part in parts)
    ### END SOLUTION


# %%
numbers_passed_on = check("7.6", numbers_passed_on)

# %%
# NBVAL_CHECK_OUTPUT
state = keras.Input((28, 28))
candidates = {
    "ours": recurrent.recurrent_halves(28, 28, 100, 30)[0],
    "hers: the state at each row": keras.Sequential([keras.Input((28, 28)), keras.layers.GRU(30, return_sequences=True)]),
    "the two states of an LSTM(30)": keras.Model(state, keras.layers.LSTM(30, return_state=True)(state)[1:]),
}
counts = {name: numbers_passed_on(encoder, shipped.X_valid[:2]) for name, encoder in candidates.items()}
rivals = metrics.pca_reconstruction_mse(shipped.X_train, shipped.X_valid, [min(count, 784) for count in counts.values()])
for (name, count), rival in zip(counts.items(), rivals):
    print(f"{name:<31}{count:>4} numbers for 784 pixels   PCA with as many: validation MSE {abs(rival):.4f}")

# %% [markdown]
# **What to see.** Hers are not 30 numbers but 840: more than the image has pixels. With 784 components PCA is perfect, and a
# copying machine would be, too; measured like this, her error is not small but *large*. And whoever hands over both
# states of an LSTM has doubled the codings. Compare models by the numbers that pass, not by the numbers in the code.

# %% [markdown]
# ## On the yardstick

# %%
Z_train, Z_valid = model.codings(S), model.codings(S_valid)
scoreboard.record(
    lesson="07", model="recurrent autoencoder", codings=30, data=garments, seeds=(42,), parameters=model.count_params(),
    seconds=seconds, mse=metrics.mse(S_valid, model.reconstruct(S_valid)),
    knn_accuracy=metrics.knn_accuracy(Z_train, y, Z_valid, labels),
    probe_accuracy=metrics.linear_probe_accuracy(Z_train, y, Z_valid, labels),
)  # fmt: skip
scoreboard.show(["01", "02", "07"])

# %% [markdown]
# In the lecture profile the recurrent autoencoder is well below PCA's error at the same number of codings, and not below that
# of the stacked one: on 9,000 images it has not finished learning, and every step of it costs more. The full set, with many
# more steps of training, brings it much further down (`bench 07` prints how far). For images there is a better way to use
# the same weights again and again: lesson 06.

# %% [markdown]
# ## Summary
#
# - A recurrent encoder reads step by step; its last state, and only that, becomes the codings. The decoder tells the
#   sequence again from them, and its state is its only clock.
# - Teacher forcing flatters the training loss by giving the answer's neighbour away. Measure a decoder as it will be used:
#   running freely.
# - A state is a pile: what came last comes out first. Reversing the target makes lists without a pattern far easier to
#   learn; on images of seven strips it does not matter.
# - A model of healthy signals finds faults it has never seen, because it refuses to draw them. The threshold comes from
#   healthy signals kept aside, and from nothing else.
# - PCA on aligned beats is as good. Know what your network does for you; sometimes a ruler does it.
# - Count the numbers that pass from encoder to decoder.

# %% [markdown]
# **Questions that come up**
#
# - *Why not read images with a convolutional network?* Better do (lesson 06). Here they serve to compare on one yardstick.
# - *GRU or LSTM?* A GRU has three quarters of the weights. On long sequences with rare events an LSTM can be ahead; try it in
#   exercise 7.1, the check takes either.
# - *How long can a sequence be?* The last state has a fixed size, and all must fit. For a long text that fails; attention
#   (Bahdanau and others, 2015) lets the decoder look back at all states, and gives up the single row of codings.

# %% [markdown]
# - *My sequences differ in length.* Pad them, and let a `Masking` layer tell the recurrent layers which steps to skip; the
#   loss has to skip them, too.
# - *Is the mean squared error a good alarm?* It overlooks what is short and small. The largest mean over a short stretch of
#   the signal finds a spike better; try it with `retold`.
# - *Would a classifier trained on faults be better?* For the faults it was trained on, yes. For others it has no answer.

# %% [markdown]
# **Where to read on**
#
# - Hochreiter and Schmidhuber (1997), *Long short-term memory*, Neural Computation 9
# - Cho and others (2014), *Learning phrase representations using RNN encoder–decoder*, arXiv 1406.1078
# - Sutskever, Vinyals and Le (2014), *Sequence to sequence learning with neural networks*, arXiv 1409.3215
# - Srivastava, Mansimov and Salakhutdinov (2015), *Unsupervised learning of video representations using LSTMs*, arXiv 1502.04681
# - Bengio and others (2015), *Scheduled sampling for sequence prediction with recurrent neural networks*, arXiv 1506.03099
# - Malhotra and others (2016), *LSTM-based encoder-decoder for multi-sensor anomaly detection*, arXiv 1607.00148
# - McSharry, Clifford, Tarassenko and Smith (2003), *A dynamical model for generating synthetic electrocardiogram signals*,
#   IEEE Transactions on Biomedical Engineering 50
