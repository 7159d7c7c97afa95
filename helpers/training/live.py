"""`Live`, a Keras callback: the progress, the time left and the curves of a training while it runs."""

from __future__ import annotations

import time
from collections.abc import Callable

from helpers.backend import keras
from helpers.session import live as in_notebook
from helpers.training import live_page

EVERY = 0.5  # seconds between two redraws, at least
SHARE = 0.03  # of the training time may go into drawing, at most


class Live(keras.callbacks.Callback):
    """Progress, time left and curves of a training: live in a notebook, a few plain lines elsewhere.

    title: a word to tell two trainings apart.
    curves: names of the logged figures to draw; default loss and val_loss, or all there are without them.
    samples: called without arguments, gives images in [0, 1] to show below the curves (a generator's samples
        from fixed codings, say); it is called at most once an epoch and counts as drawing time.

        model.fit(X, X, epochs=20, validation_data=(V, V), callbacks=[Live()], verbose=0)
    """

    # Keras may then call on_train_batch_end from another thread and need not wait for each batch's figures.
    async_safe = True

    def __init__(self, title: str = "", *, curves: list[str] | None = None, samples: Callable | None = None):
        super().__init__()
        self._title, self._names, self._samples = title, curves, samples
        self.resumes: tuple[list[int], dict[str, list[float]]] | None = None  # set by training.fit
        self._handle = None
        self._ended = True
        self._past: dict[str, tuple[list[float], list[float]]] = {}

    def on_train_begin(self, logs=None):
        self._past = {name: (list(xs), list(ys)) for name, (xs, ys) in self._earlier().items()}
        self._start = self._first_batch = time.perf_counter()
        self._first = self._epoch = None  # the first epoch of this call, the present one
        self._batch, self._logs, self._figures = 0, {}, {}
        self._steps = (self.params or {}).get("steps")
        self._epochs = (self.params or {}).get("epochs") or 1
        self._spent, self._drawn, self._tenth, self._extra = 0.0, 0.0, 0, ""
        self._ended = False
        self._shows = in_notebook()
        self._handle = None
        if self._shows:
            self._draw()

    def on_epoch_begin(self, epoch, logs=None):
        self._first = epoch if self._first is None else self._first
        self._epoch, self._batch, self._logs = epoch, 0, {}

    def on_train_batch_begin(self, batch, logs=None):
        if batch == 1 and self._epoch == self._first:
            self._first_batch = time.perf_counter()  # batch 0 also compiles: no measure for the time left
        self._batch = batch
        if self._shows:
            now = time.perf_counter()
            if now - self._drawn >= EVERY and self._spent <= SHARE * (now - self._start):
                self._draw()

    def on_train_batch_end(self, batch, logs=None):
        self._logs = logs

    def on_epoch_end(self, epoch, logs=None):
        logs = {k: float(v) for k, v in (logs or {}).items()}
        self._steps = self._steps or self._batch + 1
        self._figures, self._logs, self._batch = logs, {}, 0
        for name, value in logs.items():
            xs, ys = self._past.setdefault(name, ([], []))
            xs.append(epoch + 1)
            ys.append(value)
        self._epoch = epoch + 1
        if self._shows:
            now = time.perf_counter()
            if now - self._drawn >= EVERY and self._spent <= SHARE * (now - self._start):
                self._show_samples()
                self._draw()
        else:
            self._say(epoch, last=epoch + 1 == self._epochs or self.model.stop_training)

    def on_train_end(self, logs=None):
        done = self._epoch or 0
        early = f", stopped early (of {self._epochs})" if done < self._epochs else ""
        self.finish(f"finished after {done} epoch{'s' * (done != 1)}{early}")

    def finish(self, state: str) -> None:
        """Draw the display for the last time, with `state` in place of the bar; later calls do nothing."""
        if self._ended:
            return
        self._ended = True
        if self._shows:
            self._show_samples()
            self._draw(state)

    def _earlier(self) -> dict:
        """The curves of the run that is being resumed, so that the drawing goes on where it ended."""
        if self.resumes is None:
            return {}
        epochs, values = self.resumes
        return {name: ([e + 1 for e in epochs][-len(v) :], v) for name, v in values.items()}

    def _progress(self, state: str = "running") -> live_page.Progress:
        now, first = time.perf_counter(), self._first or 0
        epoch = first if self._epoch is None else self._epoch
        within = min(self._batch / self._steps, 1.0) if self._steps else 0.0
        done = (epoch - first + within) / max(self._epochs - first, 1)
        beyond_first = done - (1 / self._steps if self._steps else 0) / max(self._epochs - first, 1)
        known = beyond_first > 0 and done > 0 and now > self._first_batch > self._start
        return live_page.Progress(
            title=self._title, epoch=min(epoch + 1, self._epochs), epochs=self._epochs, batch=self._batch,
            batches=self._steps, seconds=now - self._start, state=state,
            fraction=(epoch + within) / self._epochs,
            left=(now - self._first_batch) / beyond_first * (1 - done) if known else None,
            figures=self._figures | {k: float(v) for k, v in (self._logs or {}).items()},
        )  # fmt: skip

    def _chosen(self) -> dict:
        names = self._names or [n for n in ("loss", "val_loss") if n in self._past or n in (self._logs or {})]
        chosen = {n: self._past.get(n, ([], [])) for n in names or self._past if n != "learning_rate"}
        if self._steps and self._batch and self._logs:  # the epoch that is running: its mean so far
            x = self._epoch + self._batch / self._steps
            for n in set(chosen) & set(self._logs):
                chosen[n] = ([*chosen[n][0], x], [*chosen[n][1], float(self._logs[n])])
        return {n: points for n, points in chosen.items() if points[0]}

    def _show_samples(self) -> None:
        if self._samples is not None:
            from helpers.plots import pixels

            begin = time.perf_counter()
            board = pixels.mosaic(self._samples(), columns=10)
            self._extra = pixels.img_tag(pixels.png(board), 2 * board.shape[1], "samples of the model")
            self._spent += time.perf_counter() - begin

    def _draw(self, state: str = "running") -> None:
        from IPython.display import display

        begin = time.perf_counter()
        progress = self._progress(state)
        bundle = {
            "text/html": live_page.page(progress, self._chosen(), self._extra),
            "text/plain": live_page.text(progress),
        }
        if self._handle is None:
            self._handle = display(bundle, raw=True, display_id=True)
        else:
            self._handle.update(bundle, raw=True)
        self._drawn = time.perf_counter()
        self._spent += self._drawn - begin

    def _say(self, epoch: int, last: bool) -> None:
        """A line after the first epoch, after about every tenth of the training, and after the last."""
        tenth = (epoch + 1) * 10 // self._epochs
        if last or epoch == self._first or tenth > self._tenth:
            self._tenth = tenth
            left = self._progress().left
            rest = f" · {live_page.clock(left)} left" if left and not last else ""
            figures = live_page.figures_text(self._figures)
            title = f"{self._title}: " if self._title else ""
            print(f"{title}epoch {epoch + 1} of {self._epochs} · {figures}{rest}")
