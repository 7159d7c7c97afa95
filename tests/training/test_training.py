"""Watching and stopping a training: the live display, the plain lines, and interruptions."""

import gc
import os
import signal
import threading
import weakref
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from helpers.training import live_page

pytestmark = pytest.mark.slow  # trains models: left out by `test --quick`

rng = np.random.default_rng(3)
X = rng.random((96, 6)).astype("float32")


@pytest.fixture(scope="module")
def training():
    from helpers.training import fitting

    return fitting


@pytest.fixture(autouse=True)
def usual_interrupt():
    """A job that a shell started in the background ignores Ctrl-C; here it must do what it does in a kernel."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def small_model(**how):
    import keras

    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(6)])
    model.compile(optimizer="adam", loss="mse", **how)
    return model


@pytest.fixture
def model(training):
    """A model for a few steps: tracing a graph would take longer than all of them."""
    return small_model(run_eagerly=True)


@pytest.fixture
def interrupt(training):
    """A callback that presses Ctrl-C at a batch of an epoch, or in its validation."""
    import keras

    class Interrupt(keras.callbacks.Callback):
        def __init__(self, epoch, batch=None, times=1):
            super().__init__()
            self.epoch, self.batch, self.times, self.now = epoch, batch, times, None

        def press(self):
            for _ in range(self.times):
                os.kill(os.getpid(), signal.SIGINT)

        def on_epoch_begin(self, epoch, logs=None):
            self.now = epoch

        def on_train_batch_end(self, batch, logs=None):
            if (self.now, batch) == (self.epoch, self.batch):
                self.press()

        def on_test_begin(self, logs=None):
            if self.now == self.epoch and self.batch is None:
                self.press()

    return Interrupt


# ------------------------------------------------------------------------------------------ interruptions
@pytest.mark.parametrize("eagerly", [False, True])
def test_an_interruption_stops_at_a_batch_and_the_next_call_goes_on(training, interrupt, capsys, eagerly):
    model = small_model(run_eagerly=eagerly)
    before = signal.getsignal(signal.SIGINT)
    data = {"batch_size": 16, "epochs": 5, "validation_data": (X[:20], X[:20])}
    history = training.fit(model, X, X, callbacks=interrupt(2, batch=3), **data)
    assert history.epoch == [0, 1]
    assert {name: len(v) for name, v in history.history.items()} == {"loss": 2, "val_loss": 2}
    assert int(model.optimizer.iterations) == 2 * 6 + 4, "stopped right after the batch"
    assert signal.getsignal(signal.SIGINT) is before
    said = capsys.readouterr().out.splitlines()
    assert [s for s in said if s.startswith("Interrupted")] == [
        "Interrupted after 2 of 5 epochs and 4 batches. The model keeps what it learnt; "
        "training.fit(…, resume=True) goes on with epoch 3."
    ]

    first = {name: list(v) for name, v in history.history.items()}
    whole = training.fit(model, X, X, resume=True, **data)
    assert whole.epoch == [0, 1, 2, 3, 4]
    assert whole.history["loss"][:2] == first["loss"] and len(whole.history["val_loss"]) == 5
    assert int(model.optimizer.iterations) == 16 + 3 * 6, "the optimizer went on from where it was"
    assert whole.history["loss"][4] < first["loss"][0]
    assert model.history is whole


def test_after_an_interruption_other_validation_data_are_used(training, model, interrupt):
    training.fit(model, X, X, epochs=3, validation_data=(X[:8], X[:8]), callbacks=interrupt(1, batch=0))
    assert getattr(model, "_eval_epoch_iterator", None) is None, "some Keras versions would use it again"
    history = training.fit(model, X, X, epochs=1, validation_data=(X[50:], 0 * X[50:]))
    expected = model.evaluate(X[50:], 0 * X[50:], verbose=0)
    assert history.history["val_loss"] == pytest.approx([expected], rel=1e-5)


def test_an_interruption_in_validation_lets_the_epoch_count(training, model, interrupt, capsys):
    history = training.fit(
        model, X, X, epochs=4, validation_data=(X[:20], X[:20]), callbacks=[interrupt(1)], batch_size=16
    )
    assert history.epoch == [0, 1] and len(history.history["val_loss"]) == 2
    assert "Interrupted after 2 of 4 epochs. The model" in capsys.readouterr().out


def test_the_second_interruption_stops_at_once(training, model, interrupt):
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        training.fit(model, X, X, epochs=4, batch_size=16, callbacks=interrupt(1, batch=2, times=2))
    assert signal.getsignal(signal.SIGINT) is before
    assert model.history.epoch == [0]
    assert training.fit(model, X, X, epochs=2, resume=True).epoch == [0, 1]


def test_an_error_in_the_training_is_raised_and_the_handler_restored(training, model, interrupt):
    class Failing(interrupt):
        def press(self):
            raise RuntimeError("out of yarn")

    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(RuntimeError, match="out of yarn"):
        training.fit(model, X, X, epochs=3, callbacks=Failing(1, batch=0))
    assert signal.getsignal(signal.SIGINT) is before
    assert model.history.epoch == [0]


def test_without_resume_the_count_begins_again_and_with_nothing_left_nothing_is_done(training, model, capsys):
    assert training.fit(model, X, X, epochs=2).epoch == [0, 1]
    assert training.fit(model, X, X, epochs=2).epoch == [0, 1]
    steps = int(model.optimizer.iterations)
    assert training.fit(model, X, X, epochs=2, resume=True).epoch == [0, 1]
    assert int(model.optimizer.iterations) == steps
    assert "Nothing to do: the model has had its 2 epochs" in capsys.readouterr().out


def test_a_call_without_a_model_is_told(training):
    with pytest.raises(TypeError, match=r"training\.fit\(model, X"):
        training.fit(X, X)


def test_fit_works_outside_the_main_thread(training, model):
    found = []
    thread = threading.Thread(target=lambda: found.append(training.fit(model, X, X, epochs=1).epoch))
    thread.start()
    thread.join(60)
    assert found == [[0]]


def test_a_forgotten_model_is_not_kept_in_memory(training):
    model = small_model(run_eagerly=True)
    training.fit(model, X, X, epochs=1)
    assert model in training._past
    forgotten = weakref.ref(model)
    del model
    gc.collect()
    assert forgotten() is None


# ----------------------------------------------------------------------------------------- live display
class Clock:
    """A clock that the test moves; drawing takes `cost` seconds of it."""

    def __init__(self, cost=0.0):
        self.now, self.cost, self.pages = 100.0, cost, []

    def perf_counter(self):
        return self.now

    def display(self, bundle, **more):
        assert more.get("raw")
        self.now += self.cost
        self.pages.append((self.now, bundle))
        return self

    def update(self, bundle, raw):
        self.display(bundle, raw=raw)


@pytest.fixture
def notebook(training, monkeypatch):
    """Live believes that it is in a notebook; returns the clock with all pages that it showed."""
    clock = Clock()
    monkeypatch.setattr("helpers.training.live.in_notebook", lambda: True)
    monkeypatch.setattr("helpers.training.live.time", clock)
    monkeypatch.setattr("IPython.display.display", clock.display)
    return clock


def drive(live, clock, epochs, batches, seconds=0.01, steps="known", val=True):
    """Call a Live as Keras would, `seconds` for each batch."""
    live.set_model(type("Model", (), {"stop_training": False})())
    live.set_params({"epochs": epochs, "steps": batches if steps == "known" else None})
    live.on_train_begin()
    for epoch in range(epochs):
        live.on_epoch_begin(epoch)
        for batch in range(batches):
            live.on_train_batch_begin(batch)
            clock.now += seconds
            live.on_train_batch_end(batch, {"loss": 1 / (1 + epoch + batch / batches)})
        logs = {"loss": 1 / (1.5 + epoch)} | ({"val_loss": 1 / (1.2 + epoch)} if val else {})
        live.on_epoch_end(epoch, logs)
    live.on_train_end()


@pytest.mark.parametrize("cost", [0.001, 0.05])
def test_at_most_two_redraws_a_second_and_three_percent_of_the_time(training, notebook, cost):
    notebook.cost = cost
    start = notebook.now
    drive(training.Live(), notebook, epochs=10, batches=400)
    times = np.array([t for t, _ in notebook.pages])
    inner = np.diff(times[:-1])  # the last page comes when the training ends
    assert inner.min() >= 0.5
    assert (len(times) - 2) * cost <= 0.03 * (times[-1] - start) + cost
    assert len(times) > 10


def test_a_running_page_has_a_bar_the_time_left_and_curves(training, notebook):
    drive(training.Live("dense"), notebook, epochs=4, batches=100, seconds=0.1)
    page = notebook.pages[len(notebook.pages) * 5 // 8][1]
    assert page["text/plain"].startswith("dense: epoch 3 of 4, batch ")
    assert "<progress" in page["text/html"] and "<polyline" in page["text/html"]
    left = float(page["text/plain"].split("· ")[1].split(" s left")[0])
    gone = float(page["text/html"].split('value="')[1].split('"')[0])
    assert left == pytest.approx(40 * (1 - gone), abs=1.5)
    end = notebook.pages[-1][1]
    assert end["text/plain"] == "dense: finished after 4 epochs · 40 s · loss 0.2222 · val_loss 0.2381"
    assert "<svg" not in end["text/html"] and "data:image/svg+xml" in end["text/html"]
    assert "<script" not in end["text/html"] and len(end["text/html"]) < 6000


def test_an_unknown_number_of_batches_is_learnt_from_the_first_epoch(training, notebook):
    drive(training.Live(), notebook, epochs=3, batches=100, seconds=0.1, steps="unknown")
    first = next(b["text/plain"] for _, b in notebook.pages[3:])
    later = notebook.pages[-4][1]["text/plain"]
    assert "time left: not known yet" in first and " of 100" not in first
    assert " of 100 " in later and " s left" in later


def test_samples_are_shown_and_their_time_counts(training, notebook):
    calls = []

    def samples():
        calls.append(notebook.now)
        notebook.now += 1.0  # a slow generator
        return np.zeros((4, 8, 8))

    drive(training.Live(samples=samples), notebook, epochs=30, batches=100, seconds=0.01)
    assert "samples of the model" in notebook.pages[-1][1]["text/html"]
    assert 1 <= len(calls) - 1 <= 0.03 * 31 + 1


def test_live_in_a_real_fit_shows_epochs_and_resumes_its_curve(training, model, notebook, interrupt):
    training.fit(model, X, X, epochs=4, batch_size=16, callbacks=interrupt(2, batch=1))
    assert notebook.pages[-1][1]["text/plain"].startswith("interrupted in epoch 3 of 4")
    training.fit(model, X, X, epochs=4, batch_size=16, resume=True)
    assert notebook.pages[-1][1]["text/plain"].startswith("finished after 4 epochs")
    live = training.Live(curves=["loss"])
    live.resumes = ([0, 1], {"loss": [3.0, 2.0]})
    live.set_params({"epochs": 4, "steps": 2})
    live.on_train_begin()
    assert live._chosen() == {"loss": ([1, 2], [3.0, 2.0])}


def test_an_early_stop_is_told(training, model, notebook):
    import keras

    stop = keras.callbacks.EarlyStopping(monitor="loss", min_delta=10, patience=1)
    training.fit(model, X, X, epochs=9, callbacks=[stop])
    assert notebook.pages[-1][1]["text/plain"].startswith("finished after 2 epochs, stopped early (of 9)")


# ------------------------------------------------------------------------------------------- plain lines
def test_outside_a_notebook_about_ten_plain_lines(training, monkeypatch, capsys):
    clock = Clock()
    monkeypatch.setattr("helpers.training.live.time", clock)
    drive(training.Live("dense"), clock, epochs=60, batches=10, seconds=0.1)
    out = capsys.readouterr().out
    lines = out.splitlines()
    assert lines[0] == "dense: epoch 1 of 60 · loss 0.6667 · val_loss 0.8333 · 59 s left"
    assert lines[-1] == "dense: epoch 60 of 60 · loss 0.01653 · val_loss 0.01661"
    assert 10 <= len(lines) <= 12
    assert "\r" not in out and "\x1b" not in out and "<" not in out and not clock.pages


def test_a_real_fit_of_few_epochs_prints_each_of_them(training, model, capsys):
    model.fit(X, X, epochs=3, callbacks=[training.Live()], verbose=0)
    said = capsys.readouterr().out.splitlines()
    assert [line.split(" · ")[0] for line in said] == [f"epoch {i} of 3" for i in (1, 2, 3)]


# --------------------------------------------------------------------------------------------- the drawing
@pytest.mark.parametrize(
    "curves",
    [
        {"loss": ([1], [0.5])},
        {"loss": ([1, 2], [0.5, 0.5])},
        {"loss": ([1, 2, 3], [1e-9, 1.0, 1e6]), "val_loss": ([1, 2, 3], [np.nan, 2.0, np.inf])},
        {"a<b & c": ([0.5, 1], [-1.0, 2.0])},
        {"long": (list(range(1, 5001)), list(np.linspace(1, 0.1, 5000)))},
    ],
)
def test_the_drawing_is_sound_small_and_inside_its_frame(curves):
    drawing = live_page.svg(curves, epochs=3)
    tree = ET.fromstring(drawing)
    assert len(drawing) < 12_000 and "nan" not in drawing and "inf" not in drawing
    marks = 0
    for line in tree.iter("{http://www.w3.org/2000/svg}polyline"):
        marks += 1
        for x, y in (map(float, p.split(",")) for p in line.get("points").split()):
            assert 0 <= x <= live_page.WIDTH and 0 <= y <= live_page.HEIGHT
    marks += len(list(tree.iter("{http://www.w3.org/2000/svg}circle")))
    assert marks == len(curves)


def test_the_words_of_the_drawing_can_be_read_on_white():
    """Contrast of 4.5 : 1 (WCAG 2.2, level AA); the page shows the drawing as a picture, which inherits no colour."""
    fill = ET.fromstring(live_page.svg({"loss": ([1, 2], [3.0, 2.0])}, epochs=2)).get("fill")
    parts = [int(fill[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    assert 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05) >= 4.5


def test_a_lower_loss_is_drawn_lower_and_a_later_epoch_further_right():
    tree = ET.fromstring(live_page.svg({"loss": ([1, 2, 3], [3.0, 2.0, 1.0])}, epochs=6))
    (line,) = tree.iter("{http://www.w3.org/2000/svg}polyline")
    points = np.array([[float(v) for v in p.split(",")] for p in line.get("points").split()])
    assert (np.diff(points, axis=0) > 0).all()
    assert points[-1, 0] == pytest.approx((live_page.LEFT * 3 + (live_page.WIDTH - live_page.RIGHT) * 2) / 5, abs=1)


def test_nothing_finite_gives_no_drawing():
    assert live_page.svg({"loss": ([1], [np.nan])}, epochs=3) == ""
    assert live_page.svg({}, epochs=3) == ""


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "0 s"), (59.6, "1 min 0 s"), (200, "3 min 20 s"), (7500, "2 h 5 min")]
)
def test_durations_are_for_people(seconds, words):
    assert live_page.clock(seconds) == words
