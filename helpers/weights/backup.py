"""A training that survives its process: `Backup` goes on after the last completed epoch."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

import numpy as np

from helpers.backend import keras
from helpers.files import atomic_write_text, read_json


class Backup(keras.callbacks.Callback):
    """Keras' BackupAndRestore for every `fit` that it is given to, with the history and the seconds so far.

    folder: where the epochs are kept, for each `fit` in a folder of its own (a training may have phases).
        When the same program runs again, a completed fit is passed over and a killed one goes on: at most the
        epoch that was under way is lost. The optimizer's state comes back as well.
    earlier_seconds: training time of the epochs that were taken over from earlier processes.
    The folder stays when a fit ends; `helpers.weights` removes it once the weights are saved.
    """

    def __init__(self, folder: str | Path):
        super().__init__()
        self.folder = Path(folder)
        self.earlier_seconds = 0.0
        self._phase = -1

    def on_train_begin(self, logs=None):
        self._phase += 1
        place = self.folder / str(self._phase)
        self._notes = place / "history.json"
        self._past = {"epoch": [], "history": {}, "seconds": 0.0}
        # Two checkpoints by turns: a process may be killed while it writes one.
        self._keeper = keras.callbacks.BackupAndRestore(str(place), double_checkpoint=True, delete_checkpoint=False)
        self._keeper.set_params(self.params)
        self._keeper.set_model(self.model)
        before = [np.asarray(variable).copy() for variable in self.model.weights]
        optimizer = getattr(self.model, "optimizer", None)
        if optimizer is not None and not optimizer.built:
            # Keras gives every compiled model one, also a GAN that has two of its own and never uses it.
            # Built when saving and when loading, it gives no rise to a warning.
            optimizer.build(self.model.trainable_variables)
        try:
            _mend(place)
            self._keeper.on_train_begin(logs)
            if place.exists():
                self._past = self._notes_until(_epochs(place))
        except (OSError, ValueError, KeyError, TypeError) as error:
            # Both checkpoints are damaged, or belong to another model: the beginning is better than a
            # mixture.
            self.model.set_weights(before)
            self.model._initial_epoch = 0
            shutil.rmtree(place, ignore_errors=True)
            print(f"The backup in {place} cannot be used ({error}): this training begins anew.")
        self._own = {"epoch": [], "history": {}}
        self.earlier_seconds += self._past["seconds"]
        self._start = time.monotonic()
        if self._past["epoch"]:
            total = (self.params or {}).get("epochs", "?")
            print(f"Going on after epoch {self._past['epoch'][-1] + 1} of {total} (from the backup).")

    def on_epoch_end(self, epoch, logs=None):
        self._own["epoch"].append(epoch)
        for key, value in (logs or {}).items():
            self._own["history"].setdefault(key, []).append(float(value))
        notes = {
            "epoch": self._past["epoch"] + self._own["epoch"],
            "history": {
                key: self._past["history"].get(key, []) + values for key, values in self._own["history"].items()
            },
            "seconds": self._past["seconds"] + time.monotonic() - self._start,
        }
        atomic_write_text(self._notes, json.dumps(notes) + "\n")  # Python's JSON: with NaN, should it come to that
        self._keeper.on_epoch_end(epoch, logs)

    def on_train_end(self, logs=None):
        """Put the epochs of earlier processes before this one's in the History that `fit` returns."""
        history = getattr(self.model, "history", None)
        if history is not None and self._past["epoch"]:
            history.epoch = [*self._past["epoch"], *history.epoch]
            for key, values in self._past["history"].items():
                history.history[key] = [*values, *history.history.get(key, [])]

    def _notes_until(self, done: int) -> dict:
        """What is known of the first `done` epochs; the notes may be one epoch ahead of the checkpoint."""
        notes = read_json(self._notes)
        kept = [epoch for epoch in notes["epoch"] if epoch < done]
        return {
            "epoch": kept,
            "history": {key: values[: len(kept)] for key, values in notes["history"].items()},
            "seconds": float(notes["seconds"]),
        }


def _mend(place: Path) -> None:
    """Take the checkpoint before the last one if the last one's few lines are cut short.

    Keras does so when the weights are; it writes these lines after them.
    """
    try:
        _epochs(place)
    except ValueError:
        for path in (place / "latest.weights.h5", place / "training_metadata.json"):
            shutil.copyfile(f"{path}.bkp", path)


def _epochs(place: Path) -> int:
    """How many epochs the checkpoint in `place` has had; 0 without one."""
    path = place / "training_metadata.json"
    return int(read_json(path)["epoch"]) if path.exists() else 0
