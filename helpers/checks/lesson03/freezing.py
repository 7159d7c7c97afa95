"""The check of lesson 03 on freezing and unfreezing: exercise 3.3."""

import numpy as np

from helpers.checks.lesson03.transfer import moved, small_encoder
from helpers.exercises.assertions import NotYet, close, require
from helpers.exercises.registry import exercise


def _spying_model(encoder, head, X, labels):
    """A model that notes what each of its fits did: a list of dictionaries in `model.seen`."""
    from helpers.backend import build_optimizer, keras

    class Watched(keras.Sequential):
        def fit(self, x=None, y=None, batch_size=None, epochs=1, verbose=0, **kwargs):
            optimizer = self.optimizer
            compiled = self.train_function is None  # since the last fit
            again = any(optimizer is fit["optimizer"] for fit in self.seen)
            if compiled and again and self.seen[-1]["flag"] != encoder.trainable:
                raise NotYet(
                    got="the optimizer of the first phase once more",
                    expected="a new one for the second",
                    look="an optimizer is built for the variables it first meets, and does not know the "
                    "encoder's: make a new keras.optimizers.Adam(…) for each compile",
                )
            before = encoder.get_weights(), head.get_weights()
            note = {"optimizer": optimizer, "flag": encoder.trainable}
            goes_on = bool(self.seen) and all(self.seen[-1][key] is value for key, value in note.items())
            if not goes_on:  # epochs may well be trained one call at a time
                self.seen.append(note)
            note["steps before"] = int(optimizer.iterations)
            for name, thing, own in (("images", x, X), ("labels", y, labels)):
                if isinstance(thing, np.ndarray) and thing.shape != own.shape:
                    raise NotYet(
                        got=f"{name} of shape {thing.shape} given to fit",
                        expected=f"all {name} as they come, shape {own.shape}",
                        look="model.fit(X, y, …): this loss takes labels as whole numbers, in both phases",
                    )
            if kwargs.get("validation_split"):
                raise NotYet(
                    got="fit with validation_split, which leaves labels out of the training",
                    expected="all of X and y",
                    look="labels are few here: leave validation_split away",
                )
            build_optimizer(self)
            history = super().fit(x, y, batch_size=batch_size, epochs=epochs, verbose=0, **kwargs)
            note["encoder"] = moved(before[0], encoder.get_weights())
            note["head"] = moved(before[1], head.get_weights())
            note["epochs"] = len(history.epoch)
            note["steps"] = int(optimizer.iterations) - note.pop("steps before")
            if goes_on:
                last = self.seen[-1]
                last.update({key: last[key] or note[key] for key in ("encoder", "head")})
                last.update({key: last[key] + note[key] for key in ("epochs", "steps")})
                last["ended"] = encoder.get_weights(), head.get_weights()
                return history
            note["kind"] = type(optimizer)
            note["rate"] = float(np.asarray(optimizer.learning_rate))
            note["began"], note["ended"] = before, (encoder.get_weights(), head.get_weights())
            return history

    # Like the lesson's own model: a layer without weights in front, and the encoder one level further in.
    inner = keras.Sequential([keras.Input(X.shape[1:]), encoder, head])
    model = Watched([keras.Input(X.shape[1:]), keras.layers.GaussianNoise(0.1), inner])
    model.seen = []
    return model


@exercise(
    "3.3",
    "Freeze, then unfreeze",
    reference="helpers.autoencoders.pretraining.transfer:train_in_two_phases",
    changes=("model", "encoder"),
    minutes=20,
    difficulty=3,
    seconds=20.0,
    hints=(
        "Each phase is the same three steps: set encoder.trainable, compile, fit.",
        "compile is what makes Keras look at `trainable` anew. Give each compile an optimizer of its own.",
        "for trainable, n, rate in zip((False, True), epochs, rates): encoder.trainable = trainable; "
        "model.compile(optimizer=keras.optimizers.Adam(rate), loss='sparse_categorical_crossentropy'); "
        "model.fit(X, y, epochs=n, batch_size=50, verbose=0).",
    ),
)
def check_two_phases(answer, seed):
    from helpers.backend import keras

    rng = np.random.default_rng(seed)
    encoder = small_encoder(rng)
    head = keras.layers.Dense(3, activation="softmax", name="head")
    X, y = rng.random((102, 4, 3)).astype("float32"), rng.permutation(np.repeat([0, 1, 2], 34))
    model = _spying_model(encoder, head, X, y)
    answer(model, encoder, X.copy(), y.copy(), (2, 1), (0.02, 0.003))
    seen = model.seen
    require(
        seen,
        got="a model that was never fitted",
        expected="two fits: the head alone, then everything",
        look="model.fit(X, y, …)",
    )
    require(
        not (len(seen) == 1 and not seen[0]["encoder"]),
        got="one fit, with the encoder frozen",
        expected="a second fit with everything trainable",
        look="after the first phase: encoder.trainable = True, compile, fit",
    )
    require(
        len(seen) > 1,
        got="one fit of everything",
        expected="two fits: the head alone, then everything",
        look="the first phase freezes the encoder: encoder.trainable = False before compile",
    )
    require(len(seen) == 2, got=f"{len(seen)} fits", expected="two", look="one fit for each phase")
    first, second = seen
    require(
        first["head"],
        got="a head that did not learn in the first phase",
        expected="only the encoder frozen",
        look="encoder.trainable = False, not model.trainable = False: the head must stay free",
    )
    require(
        not (first["encoder"] and not second["encoder"]),
        got="an encoder that learns in the first phase and is frozen in the second",
        expected="the other way round",
        look="the head starts at random: it must settle first",
    )
    require(
        not first["encoder"],
        got="an encoder that moved in the first phase",
        expected="frozen there",
        look="encoder.trainable = False before the compile of the first phase. A random head sends large, "
        "meaningless gradients into the encoder and washes the pretraining out",
    )
    lost = moved(first["ended"][1], second["began"][1]) or moved(first["ended"][0], second["began"][0])
    require(
        not lost,
        got="weights that were replaced between the phases",
        expected="the second phase going on where the first one ended",
        look="compile keeps the weights; build no new model or layer, and set no weights anew",
    )
    require(
        second["encoder"] or second["flag"],
        got="an encoder still frozen in the second phase",
        expected="everything trainable",
        look="encoder.trainable = True before the second compile",
    )
    require(
        second["encoder"],
        got="an encoder that stood still in the second phase although encoder.trainable is True",
        expected="an encoder that learns",
        look="Keras goes on with the training step that it made in the first "
        "phase, and says nothing: compile again after changing trainable",
    )
    require(
        second["head"],
        got="a head that stood still in the second phase",
        expected="everything trainable",
        look="the second phase trains encoder and head together",
    )
    steps = (first["steps"], second["steps"])
    require(
        steps in ((6, 3), (3, 6)) or (first["epochs"], second["epochs"]) != (2, 1),
        got=f"{steps[0]} and {steps[1]} training steps for 102 images",
        expected="6 and 3: batches of 50",
        look="batch_size=50 in each fit; Keras' own is 32",
    )
    epochs, rates = (first["epochs"], second["epochs"]), (first["rate"], second["rate"])
    require(
        epochs != (1, 2),
        got="the epochs of the two phases swapped",
        expected="epochs[0] first, then epochs[1]",
        look="epochs=(2, 1) means two epochs for the head, then one for everything",
    )
    require(
        epochs == (2, 1),
        got=f"{epochs[0]} and {epochs[1]} epochs",
        expected="epochs[0] = 2 and epochs[1] = 1",
        look="pass epochs=… to each fit",
    )
    require(
        not np.isclose(rates[1], 0.02, rtol=1e-3),
        got="the large learning rate of the first phase in the second",
        expected="rates[1], the small one",
        look="large steps would wash the pretraining out: keras.optimizers.Adam(rates[1]) in the second compile",
    )
    close(
        np.array(rates),
        [0.02, 0.003],
        "the learning rates of the two phases",
        rtol=1e-3,
        look="keras.optimizers.Adam(rates[0]) in the first compile, rates[1] in the second",
    )
    from helpers.backend import keras

    for number, fit in (("first", first), ("second", second)):
        require(
            fit["kind"] is keras.optimizers.Adam,
            got=f"{fit['kind'].__name__} in the {number} phase",
            expected="Adam",
            look=f"keras.optimizers.Adam(rates[{int(number == 'second')}])",
        )
    _cross_entropy(model, X, y)
    again = _spying_model(encoder, head, X, y)
    answer(again, encoder, X.copy(), y.copy(), (1, 2), (0.1, 0.05))
    epochs, rates = ([fit[key] for fit in again.seen] for key in ("epochs", "rate"))
    require(
        epochs == [1, 2] and np.allclose(rates, [0.1, 0.05], rtol=1e-3),
        got=f"the epochs {epochs} and the rates {[round(rate, 4) for rate in rates]} in a second call",
        expected="[1, 2] and [0.1, 0.05]",
        look="take `epochs` and `rates` of this call",
    )


def _cross_entropy(model, X, y) -> None:
    """NotYet unless the compiled loss is the cross-entropy of the probabilities and whole-number labels."""
    P = np.asarray(model(X), dtype=float)
    loss = float(model.compute_loss(x=X, y=y, y_pred=model(X)))
    close(
        loss,
        -np.mean(np.log(P[np.arange(len(y)), y])),
        "the loss",
        look="loss='sparse_categorical_crossentropy' takes labels as whole numbers and outputs as probabilities",
        rtol=1e-3,
        mistakes={
            "the loss takes the outputs for scores (from_logits=True); they are probabilities already": np.mean(
                np.log(np.exp(P).sum(axis=1)) - P[np.arange(len(y)), y]
            )
        },
    )
