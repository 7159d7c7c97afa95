"""Weights that ship with the workbook, for trainings that take longer than a lesson.

    outcome = weights.load_or_train(
        model, "vae-10", train, source=(Encoder, Decoder, sizes), lesson="10", data=data
    )

In the lecture profile it loads the weights if they fit this very model and code, and trains otherwise; in the
full profile it trains and writes them; in the smoke profile it trains a little and writes nothing. Each
NAME.npz has a manifest NAME.json beside it that says where it comes from, and one line says so on the screen.
"""

from __future__ import annotations

import inspect
import os
import re
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from helpers import session
from helpers.files import atomic_write_text
from helpers.weights.archive import Unfit, data_text, read, read_manifest, save_arrays, short, versions, write
from helpers.weights.digest import NoSource, digest

NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")


@dataclass(frozen=True)
class Outcome:
    """How a model came to its weights.

    loaded: whether they were read (else trained just now). seconds: of training, wherever it took place.
    images_seen: training images shown, counted every time (0: not known). figures: what was reached, by name.
    history: a list per epoch for each logged figure, as `History.history` (empty if there was no `fit`).
    """

    loaded: bool
    seconds: float
    images_seen: int
    figures: dict[str, float]
    history: dict[str, list[float]] = field(default_factory=dict, repr=False)


def folder() -> Path:
    """Where weights are kept: helpers/weights/shipped, or the folder that WORKBOOK_CHECKPOINTS names."""
    return Path(os.environ.get("WORKBOOK_CHECKPOINTS") or Path(__file__).with_name("shipped"))


def manifest(name: str) -> dict | None:
    """What is known of the weights `name` (lesson, data, seconds, figures, …); None if there are none."""
    try:
        return read_manifest(folder(), _name(name))
    except Unfit:
        return None


def save(
    model, name: str, *, lesson: str, data, seconds: float, source, images_seen: int = 0,
    figures: dict | None = None, history: dict | None = None, dtype: str | None = None, quiet: bool = False,
) -> None:  # fmt: skip
    """Write NAME.npz and NAME.json, each in one step, the manifest last.

    model: a built Keras model (anything with `weights`). data: a Dataset or a text.
    source: the classes, functions and numbers that the weights belong to (see `weights.digest`).
    dtype: "float16" halves the file.
    Raises ValueError for a model that is not built, weights that are not finite (or would not be as `dtype`)
    or a name with other characters than a–z, 0–9, dot, hyphen and underscore, and OSError if the folder
    cannot be written.
    """
    arrays = {}
    for place, variable in enumerate(_variables(model)):
        array = np.asarray(variable)
        key = f"{place:03d}.{re.sub('[^A-Za-z0-9_]+', '.', variable.path)}"
        if dtype is not None and array.dtype.kind == "f":
            with np.errstate(over="ignore"):  # what does not fit becomes infinite, which is told below
                array = array.astype(dtype)
        if not np.isfinite(array).all():
            raise ValueError(f"{key} of {name} holds NaN or infinite values as {array.dtype}: nothing was saved")
        arrays[key] = array
    facts = {
        "lesson": str(lesson),
        "source": digest(source),
        "data": data_text(data),
        "seconds": round(float(seconds), 1),
        "images_seen": int(images_seen),
        # JSON knows neither NaN nor infinity: such a figure counts as not measured
        "figures": {key: short(v) for key, v in (figures or {}).items() if np.isfinite(v)},
        "history": {key: [short(v) for v in values] for key, values in (history or {}).items()},
        "versions": versions(),
    }
    written = write(folder(), _name(name), arrays, facts)
    if not quiet:
        print(f"Saved {name}: {written['bytes'] / 1000:,.0f} kB; {_figures(written)}.")


def load(model, name: str, *, source, otherwise: str = "training instead") -> bool:
    """Give `model` the weights `name` if they are whole and belong to it; True if so.

    Prints one line: what was loaded, or why not, ending in `otherwise`. The model is changed only once
    everything is proven. Raises ValueError for a model that is not built.
    """
    try:
        facts = require(model, name, source=source)
    except Unfit as reason:
        print(f"Weights {name}: {reason}: {otherwise}.")
        return False
    figures = _figures(facts)
    print(
        f"Loaded {name}: lesson {facts['lesson']}, trained on {facts['data']}, for {_time(facts['seconds'])}"
        f"{'; ' if figures else ''}{figures}."
    )
    return True


def require(model, name: str, *, source) -> dict:
    """As `load`, without a line: returns the manifest, or raises Unfit with the reason."""
    variables = _variables(model)
    try:
        wanted = digest(source)
    except NoSource as error:
        raise Unfit(str(error)) from None
    arrays, facts = read(folder(), _name(name), [tuple(v.shape) for v in variables], wanted)
    for variable, array in zip(variables, arrays, strict=True):
        variable.assign(array)
    return facts


def backup(name: str, source):
    """A callback for `fit` that keeps every epoch in the state folder, so that a killed training can go on.

    `load_or_train` hands one to its `train`; this is for other trainings. Changed code begins anew.
    """
    from helpers.weights.backup import Backup  # here: it needs Keras, and looking at a manifest does not

    return Backup(_backups(name) / digest(source)[:12])


def load_or_train(
    model, name: str, train: Callable, *, source, lesson: str, data, images_seen: int | None = None,
    dtype: str | None = None, may_stop_early: bool = False,
) -> Outcome:  # fmt: skip
    """Load the weights `name`, or train: lecture: whichever is possible; full: train and save; smoke: train.

    model: the built model that has, or is to get, the weights. train: does the training; called with a list
        of callbacks for `fit` if it takes an argument (they let a killed training go on), else without. What
        it returns gives the figures: a dict of numbers, a History (the last of each), or None.
    source: classes, functions and numbers whose change makes old weights useless. lesson: its number.
    data: the Dataset it trains on, or a text. images_seen: default epochs × training images, where known.
    may_stop_early: whether fewer epochs than planned count as complete; otherwise they are not saved.
    Weights trained on a subset never take the place of those that ship.
    Raises ValueError for a model that is not built and, in the full profile only, for unreadable source.
    """
    _variables(model)  # at once, not after an hour
    profile = session.profile()
    done = _backups(name) / "saved"
    resumes = profile == "full" and os.environ.get("WORKBOOK_RESUME") == "1"  # set by `workbook.py train`
    if (profile == "lecture" or (resumes and done.exists())) and load(model, name, source=source):
        facts = manifest(name)
        return Outcome(True, facts["seconds"], facts["images_seen"], facts["figures"], facts["history"])
    callbacks = [backup(name, source)] if profile == "full" else []
    start = time.monotonic()
    result = train(callbacks) if _takes_argument(train) else train()
    seconds = time.monotonic() - start + sum(each.earlier_seconds for each in callbacks)
    past = result if hasattr(result, "history") else getattr(model, "history", None)
    history = dict(past.history) if hasattr(past, "history") else {}
    figures = result if isinstance(result, dict) else {key: v[-1] for key, v in history.items() if v}
    if images_seen is None:
        images_seen = len(past.epoch) * len(getattr(data, "X_train", ())) if history else 0
    outcome = Outcome(False, seconds, images_seen, figures, history)
    if os.environ.get("WORKBOOK_RECORD"):  # set by `workbook.py train --restamp`
        _record(Path(os.environ["WORKBOOK_RECORD"]) / f"{_name(name)}.npz", model, outcome)
    if profile != "full":
        return outcome
    if _cut_short(past) and not may_stop_early:
        print(f"{name} was stopped before its last epoch and is not saved; the next run goes on from there.")
        if resumes:
            raise KeyboardInterrupt  # whoever stops one training of `workbook.py train` wants to stop it all
        return outcome
    if not getattr(data, "is_full", True) and not os.environ.get("WORKBOOK_CHECKPOINTS"):
        print(f"{name} is not saved: the weights that ship are trained on the full data set, not on a subset.")
        return outcome
    try:
        save(model, name, lesson=lesson, data=data, seconds=seconds, images_seen=images_seen, figures=figures,
             source=source, history=history, dtype=dtype)  # fmt: skip
    except OSError as error:
        print(f"{name} could not be saved ({error}); the model itself is trained and can be used.")
        return outcome
    shutil.rmtree(_backups(name), ignore_errors=True)
    if resumes:
        atomic_write_text(done, "These weights are saved; a run that goes on loads them.\n")
    return outcome


def _record(path: Path, model, outcome: Outcome) -> None:
    """What a training has made, all its arrays and all its figures but times, for a comparison bit by bit."""
    figures = {f"figure {key}": value for key, value in outcome.figures.items() if "second" not in key}
    figures |= {f"history {key}": values for key, values in outcome.history.items() if "second" not in key}
    arrays = {f"{place:03d}": np.asarray(variable) for place, variable in enumerate(_variables(model))}
    save_arrays(path, arrays | {key: np.asarray(value) for key, value in figures.items()})


def _variables(model) -> list:
    variables = list(getattr(model, "weights", []))
    if not variables or any(None in tuple(v.shape) for v in variables):
        raise ValueError("The model has no weights yet: build it first, say by calling it on one batch.")
    return variables


def _name(name: str) -> str:
    if not NAME.fullmatch(str(name)):
        raise ValueError(f"{name!r} is no name for weights: use a–z, 0–9, dot, hyphen and underscore")
    return str(name)


def _backups(name: str) -> Path:
    return session.state_folder() / "backup" / _name(name)


def _takes_argument(train: Callable) -> bool:
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    try:
        parameters = inspect.signature(train).parameters.values()
        return any(p.kind in kinds and p.default is p.empty for p in parameters)
    except (TypeError, ValueError):
        return False


def _cut_short(past) -> bool:
    """Whether a fit ended before the epochs that it was asked for."""
    planned = (getattr(past, "params", None) or {}).get("epochs")
    return planned is not None and max(past.epoch, default=-1) + 1 < planned


def _figures(facts: dict) -> str:
    return ", ".join(f"{key} {value:.4g}" for key, value in facts["figures"].items())


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
