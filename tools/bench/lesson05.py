"""Lesson 05's benchmark: our phases against the textbook recipe, both 784-100-30-100-784, one layer at a time.

The recipe (Géron, Hands-On Machine Learning, 3rd ed., chapter 17): phase 1 with ReLU codings and a linear output, 10
epochs; phase 2 on its codings, ReLU on both sides, 10 epochs; then stacked, 5 epochs of fine-tuning; batches of 32,
Nadam at 1e-3. Published: validation MSE .0089 after phase 1, .0133 at the end.
Ours, the model of the lesson: the same layers and parameters with leaky ReLU, linear codings and sigmoid pixels; in
each phase Adam with a warm-up and a cosine, fewer epochs, larger batches.

The validation MSE is always that of the whole way from pixels to pixels: of phase 1 alone, then of the stack.
"""

from __future__ import annotations

from helpers.autoencoders.greedy import layerwise
from helpers.backend import keras
from helpers.data import dataset
from helpers.metrics import reconstruction
from helpers.training.schedules import WarmupCosine
from tools.bench.epochs import Side, report, take_turns

PUBLISHED, PUBLISHED_PHASE_1 = 0.0133, 0.0089
GOAL_PHASE_1 = 0.0078
STEPS = 16  # batches per call of the compiled step, for both sides: little of the time then is Python's


class Greedy:
    """The greedy training of two phases and the fine-tuning, one epoch at a time.

    plan: epochs of phase 1, of phase 2, of the fine-tuning.   ends: (activation of the codings, of the output) of
    the two phases.   optimizer: number of epochs of a part → a fresh optimizer.
    """

    def __init__(self, X, X_valid, plan, ends, optimizer, batch_size):
        self.X, self.X_valid, self.plan, self.batch_size = X, X_valid, plan, batch_size
        self.first = layerwise.shallow_autoencoder(784, 100, *ends[0])
        self.second = layerwise.shallow_autoencoder(100, 30, *ends[1])
        self.whole = layerwise.sandwich([self.first, self.second])
        self.optimizer, self.rows = optimizer, X

    def fit_epoch(self, epoch: int) -> None:
        """The next epoch of whichever part is on; encoding the training set belongs to phase 2, and to its time."""
        part, within = self.place(epoch)
        model = (self.first, self.second, self.whole)[part]
        if within == 0:
            if part == 1:
                self.rows = self.first.codings(self.X)
            elif part == 2:
                self.rows = self.X
            model.compile(loss="mse", optimizer=self.optimizer(self.plan[part]), steps_per_execution=STEPS)
        model.fit(self.rows, self.rows, batch_size=self.batch_size, initial_epoch=within, epochs=within + 1, verbose=0)
        self.part = part

    def place(self, epoch: int) -> tuple[int, int]:
        """Which part this epoch belongs to (0, 1, 2), and its number within it."""
        part = 0
        while epoch >= self.plan[part]:
            epoch -= self.plan[part]
            part += 1
        return part, epoch

    def judge(self) -> float:
        """Validation MSE in pixels: of phase 1 while it trains (100 codings), then of the stack (30 codings)."""
        model = self.first if self.part == 0 else self.whole
        return reconstruction.mse(self.X_valid, model.reconstruct(self.X_valid))

    def side(self, name: str) -> Side:
        return Side(name, self.fit_epoch, self.judge, epochs=sum(self.plan), batch_size=self.batch_size,
                    parameters=self.whole.count_params())  # fmt: skip


def recipe(seed: int, X, X_valid, quick: bool) -> Greedy:
    """The textbook's phases with the textbook's settings, in Keras 3."""
    keras.utils.set_random_seed(seed)
    plan = (2, 2, 1) if quick else (10, 10, 5)
    ends = ("relu", None), ("relu", "relu")
    return Greedy(X, X_valid, plan, ends, lambda epochs: keras.optimizers.Nadam(1e-3), 32)


def ours(seed: int, X, X_valid, quick: bool) -> Greedy:
    """The phases of the lesson."""
    keras.utils.set_random_seed(seed)
    n = len(X)
    plan, batch_size, peak = ((3, 1, 3), 128, 8e-3) if n >= 30_000 else ((8, 2, 5), 32, 4e-3)
    if quick:
        plan = (1, 1, 1)

    def optimizer(epochs):
        return keras.optimizers.Adam(WarmupCosine.for_fit(peak, n, batch_size, epochs), beta_2=0.99)

    ends = ("leaky_relu", "sigmoid"), (None, "leaky_relu")
    return Greedy(X, X_valid, plan, ends, optimizer, batch_size)


def run(data, args) -> None:
    """Train both in turns; print what phase 1 and the whole reached, when, and the ratios."""
    X, X_valid = dataset.flatten(data.X_train), dataset.flatten(data.X_valid)
    old, new = recipe(args.seed, X, X_valid, args.quick), ours(args.seed, X, X_valid, args.quick)
    sides = old.side("textbook recipe"), new.side("ours")
    print(
        f"\nLesson 05 · greedy layer-wise training, 784-100-30-100-784, seed {args.seed}\n"
        "The two take turns, epoch by epoch, in one process; both call the same fit on the same arrays, compiled,\n"
        f"{STEPS} batches per call. On the clock: all that fit does, compilation included, and encoding the training\n"
        f"set. Off the clock: the validation. Epochs of phase 1, phase 2, fine-tuning: {old.plan} and {new.plan}.\n"
    )
    take_turns(sides)
    first_phase((old, sides[0]), (new, sides[1]), reconstruction.pca_reconstruction_mse(X, X_valid, 100))
    # From here on only epochs of the stack count: phase 1 alone, with its 100 codings, would reach any target.
    print("Below, inf marks the epochs of phase 1: there is no stack with 30 codings yet.")
    for trained, side in zip((old, new), sides, strict=True):
        skipped = trained.plan[0]
        side.errors[:skipped] = [float("inf")] * skipped
    baselines = {"PCA, 30 components": reconstruction.pca_reconstruction_mse(X, X_valid, 30)}
    report(*sides, baselines=baselines, published=(PUBLISHED, 25) if data.is_full else None)


def first_phase(old, new, pca: float) -> None:
    """Print what phase 1 reached on both sides, against PCA with 100 components."""
    print("Phase 1 alone, 784-100-784")
    ends = []
    for trained, side in (old, new):
        epochs = trained.plan[0]
        ends.append((side.errors[epochs - 1], sum(side.seconds[:epochs])))
        print(f"  {side.name:<18} validation MSE {ends[-1][0]:.5f} after {epochs} epoch{'s' * (epochs > 1)} "
              f"({100 * (ends[-1][0] / pca - 1):+.1f} % against PCA-100)")  # fmt: skip
    print(f"  {'PCA-100':<18} validation MSE {pca:.5f}; the goal of the lesson {GOAL_PHASE_1}")
    print(f"  Our phase 1 took {ends[1][1] / ends[0][1]:.3f} of the time of the recipe's phase 1 "
          f"(published error of that: {PUBLISHED_PHASE_1}).\n")  # fmt: skip
