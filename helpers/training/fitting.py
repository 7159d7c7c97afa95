"""Training that can be watched and stopped: `fit`, and the callback `Live` that it shows.

    history = training.fit(model, X, X, epochs=20, validation_data=(V, V))

is `model.fit` with one live display. Interrupting the kernel once stops it before the next batch: the model
keeps what it has learnt, and the history so far comes back. Twice stops it at once.
"""

from __future__ import annotations

import contextlib
import signal
import threading
import weakref
from collections.abc import Iterator

from helpers.backend import build_optimizer, keras
from helpers.training.live import Live

# What each model has had from training.fit: the numbers of its epochs, its history. Not the History object,
# which holds the model and would keep it in memory for ever.
_past: weakref.WeakKeyDictionary = weakref.WeakKeyDictionary()


class _Stopped(BaseException):
    """Ends a fit before its next batch. No Exception, so that no `except Exception` swallows it."""


class _Border(keras.callbacks.Callback):
    """Looks for an interruption before each batch, where the weights and the optimizer agree."""

    def __init__(self, shown: Live):
        super().__init__()
        self.shown = shown
        self.asked, self.epoch, self.batch = False, 0, 0

    @property
    def beyond(self) -> str:
        """What was done of an epoch that was not completed."""
        return f" and {self.batch} batch{'es' * (self.batch != 1)}" if self.batch else ""

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch, self.batch = epoch, 0

    def on_train_batch_begin(self, batch, logs=None):
        self.batch = batch
        if self.asked:
            raise _Stopped

    def on_epoch_end(self, epoch, logs=None):
        if self.asked:  # it came with the last batch or in validation: the epoch is complete and counts
            self.model.stop_training = True
            if epoch + 1 < (self.params or {}).get("epochs", 0):
                self.shown.finish(f"interrupted after {epoch + 1} of {self.params['epochs']} epochs")
        self.batch = 0


@contextlib.contextmanager
def _first_interrupt(border: _Border) -> Iterator[None]:
    """The first Ctrl-C (or Interrupt Kernel) only asks; the second raises KeyboardInterrupt at once."""
    if threading.current_thread() is not threading.main_thread():
        yield  # Python lets only the main thread handle signals
        return

    def handler(signum, frame):
        if border.asked:
            raise KeyboardInterrupt
        border.asked = True

    before = signal.signal(signal.SIGINT, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before if before is not None else signal.default_int_handler)


def fit(model: keras.Model, *args, resume: bool = False, title: str = "", **kwargs) -> keras.callbacks.History:
    """`model.fit(*args, **kwargs)` with a live display, which an interruption stops between two batches.

    resume: go on after the epochs of the last `training.fit` of this model, up to `epochs` in all; an epoch
        that was cut short is done again. With False the count begins at 1 (the weights stay as they are).
    title: a word for the display; for more, pass your own Live(...) in `callbacks`.
    Returns the History of the completed epochs (with resume, of the earlier ones too).
    Raises KeyboardInterrupt when interrupted twice, TypeError for what is no model, and whatever `model.fit` raises.
    """
    if not isinstance(model, keras.Model):
        raise TypeError(f"The model comes first: training.fit(model, X, …). This is a {type(model).__name__}.")
    epochs = args[3] if len(args) > 3 else kwargs.get("epochs", 1)  # fit(x, y, batch_size, epochs, …)
    earlier = _past.get(model) if resume else None
    history = keras.callbacks.History()
    history.set_model(model)
    history.epoch = []
    if earlier is not None:
        history.history = {name: list(values) for name, values in earlier[1].items()}
        kwargs["initial_epoch"] = done = max(earlier[0], default=-1) + 1
        if done >= epochs:
            print(f"Nothing to do: the model has had its {done} epochs. Ask for more than epochs={epochs}.")
            history.epoch = list(earlier[0])
            return history
    callbacks = kwargs.pop("callbacks", None) or []
    callbacks = list(callbacks) if isinstance(callbacks, (list, tuple)) else [callbacks]
    shown = next((c for c in callbacks if isinstance(c, Live)), None)
    if shown is None:
        shown = Live(title)
        callbacks.append(shown)
    shown.resumes = earlier
    border = _Border(shown)
    if "verbose" not in kwargs and hasattr(model, "remark"):
        model.remark(args[0] if args else kwargs.get("x"))
    kwargs.setdefault("verbose", 0)
    build_optimizer(model)
    try:
        with _first_interrupt(border):
            model.fit(*args, callbacks=[*callbacks, border, history], **kwargs)
    except BaseException as error:
        # Keras keeps the validation data of an unfinished fit, and some versions use them again in the next.
        if getattr(model, "_eval_epoch_iterator", None) is not None:
            model._eval_epoch_iterator = None
        how = "interrupted" if isinstance(error, (_Stopped, KeyboardInterrupt)) else "ended by an error"
        shown.finish(f"{how} in epoch {border.epoch + 1} of {epochs}")
        if not isinstance(error, _Stopped):
            raise
    finally:
        history.epoch = (earlier[0] if earlier is not None else []) + history.epoch
        _past[model] = (list(history.epoch), {name: list(v) for name, v in history.history.items()})
        model.history = history
    done = max(history.epoch, default=-1) + 1
    if border.asked and done < epochs:
        print(
            f"Interrupted after {done} of {epochs} epochs{border.beyond}. The model keeps what it learnt; "
            f"training.fit(…, resume=True) goes on with epoch {done + 1}."
        )
    return history
