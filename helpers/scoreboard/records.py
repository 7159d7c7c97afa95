"""The scoreboard: one row per model, so that each lesson meets the earlier ones on one yardstick.

A student's own rows lie in ``scoreboard.json`` in the folder of their progress; rows that ship with the
workbook, measured by its maintainers, in ``shipped_rows.json`` beside this file (runs of the length of a lecture)
and ``full_rows.json`` (trainings on the full data set). Of two rows for the same lesson
and model, the one from the higher profile counts (smoke < lecture < full), and at equal profiles the student's
own, newest one.
"""

from __future__ import annotations

import math
import platform
from collections.abc import Iterable, Sequence
from importlib import metadata
from pathlib import Path

from helpers.files import atomic_write_json, locked, read_json, set_aside
from helpers.scoreboard.tables import Table, described, dots

PROFILES = ("smoke", "lecture", "full")
SHIPPED_ROWS = Path(__file__).with_name("shipped_rows.json")  # of lecture runs
FULL_ROWS = Path(__file__).with_name("full_rows.json")  # of full runs
LIBRARIES = ("numpy", "scikit-learn", "keras", "tensorflow", "tensorflow-cpu")

_unsaved: dict[tuple[str, str], dict] = {}  # rows of this process that could not be written to a file


def record(
    lesson: str,
    model: str,
    *,
    codings: int | None = None,
    data="",
    judged: str = "",
    labels: bool = False,
    seeds: Sequence[int] = (42,),
    seconds: float | None = None,
    parameters: int | None = None,
    **figures: float | None,
) -> None:
    """Keep the figures of one model as its row.

    lesson: its number, "02". model: its name in words; PCA rows, whose name begins with "PCA", are the
        references in `plot`. codings: values per image. data: the Dataset it was trained on, or a text.
    judged: the images that errors and accuracies were measured on, in words, such as "2,000 test images"; without it
        the validation images of `data`. (Figures of new images are always taken beside the test images that ship.)
    labels: whether the model was told the class of each image.
    seeds: of the runs the figures are the mean of. seconds: of training. parameters: that were trained.
    figures: what was measured, by name: mse, probe_accuracy, knn_accuracy, … (None: was not measured).

    Says in one line if the row of a higher profile stays in its place, or if the row cannot be stored, in
    which case it lives as long as this kernel. A figure that is NaN or infinite counts as not measured.
    Raises ValueError for a lesson or model without a name, and for figures that are not numbers.
    """
    from helpers import session

    if not str(lesson).strip() or not str(model).strip():
        raise ValueError("record needs the number of the lesson and the name of the model")
    row = {
        "lesson": _lesson(lesson),
        "model": str(model).strip(),
        "codings": _number("codings", codings, int),
        "data": _data_text(data),
        "judged": str(judged).strip() or _validation_text(data),
        "labels": bool(labels),
        "profile": session.profile(),
        "seeds": [int(seed) for seed in ([seeds] if isinstance(seeds, int) else seeds)],
        "seconds": _number("seconds", seconds),
        "parameters": _number("parameters", parameters, int),
        "figures": {name: _number(name, value) for name, value in figures.items() if value is not None},
        "versions": _versions(),
    }
    row["figures"] = {name: value for name, value in row["figures"].items() if value is not None}
    key = _key(row)
    try:
        path = session.state_folder() / "scoreboard.json"
        with locked(path):
            own = {_key(each): each for each in _read(path)}
            standing = own.get(key)
            if _counts(row, standing):
                own[key] = row
                atomic_write_json(path, {"version": 1, "rows": list(own.values())})
        _unsaved.pop(key, None)
    except OSError as error:
        standing = _unsaved.get(key)
        if _counts(row, standing):
            _unsaved[key] = row
        print(f"Scoreboard: the row could not be stored ({error}); it is kept until this kernel stops.")
    shipped = {_key(each): each for each in _read(SHIPPED_ROWS)}.get(key)
    for higher, where in ((standing, "stored"), (shipped, "shipped")):
        if not _counts(row, higher):
            print(
                f"Scoreboard: the {where} row of {row['model']} (lesson {row['lesson']}) comes from the "
                f"{higher['profile']} profile and stays; this {row['profile']} run: {described(row)}."
            )
            return


def rows(lessons: str | Iterable[str] | None = None, *, full: bool = False) -> list[dict]:
    """The rows that count, as dictionaries, sorted by lesson, codings and model.

    lessons: only these, such as "02" or ["01", "02"] (None: all).
    full: also the maintainers' rows from the full data set, each in the place of those from shorter runs.
    """
    from helpers import session

    merged: dict[tuple[str, str], dict] = {}
    try:
        own = _read(session.state_folder() / "scoreboard.json")
    except OSError:  # no folder of one's own: `record` has said so
        own = []
    shipped = _read(SHIPPED_ROWS) + (_read(FULL_ROWS) if full else [])
    for group, where in ((shipped, "shipped"), (own, "here"), (_unsaved.values(), "here")):
        for row in group:
            if _counts(row, merged.get(_key(row))):
                merged[_key(row)] = {**row, "where": where}
    if lessons is not None:
        wanted = {_lesson(one) for one in ([lessons] if isinstance(lessons, str | int) else lessons)}
        merged = {key: row for key, row in merged.items() if row["lesson"] in wanted}
    return sorted(merged.values(), key=lambda row: (row["lesson"], row["codings"] or 0, row["model"]))


def table(lessons: str | Iterable[str] | None = None, *, full: bool = False) -> Table:
    """The rows of these lessons as a table that shows itself: HTML in a notebook, text elsewhere."""
    return Table(rows(lessons, full=full))


class Rows(list):
    """The rows behind a table that is on screen already: as the last value of a cell they stay silent."""

    def _ipython_display_(self) -> None:
        pass


def show(lessons: str | Iterable[str] | None = None, *, full: bool = False) -> Rows:
    """Display the rows of these lessons (None: of all) as a table and return them as dictionaries.

    full: as in `rows`.
    """
    from helpers import session

    board = table(lessons, full=full)
    if session.live():
        from IPython.display import display

        display(board)
    else:
        print(board)
    return Rows(board.rows)


def plot(lessons: str | Iterable[str] | None = None):
    """A matplotlib Figure of the reconstruction errors of these lessons, beside PCA with as many codings."""
    return dots(rows(lessons), rows())


def _key(row: dict) -> tuple[str, str]:
    return row["lesson"], row["model"]


def _counts(row: dict, standing: dict | None) -> bool:
    """Whether `row` takes the place of the standing row: unless it comes from a lower profile."""
    return standing is None or PROFILES.index(row["profile"]) >= PROFILES.index(standing["profile"])


def _lesson(lesson: str | int) -> str:
    return str(lesson).strip().zfill(2)


def _number(name: str, value, kind: type = float):
    """`value` as a plain number that JSON knows; None for None and, said in a line, for NaN and infinity."""
    if value is None:
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be a number, got {value!r}") from None
    if not math.isfinite(number):
        print(f"Scoreboard: {name} is {number}, which counts as not measured.")
        return None
    return kind(number)


def _data_text(data) -> str:
    """A text as it is; a Dataset as its title, full set or subset, and the number of training images.

    Where a full set lay on this machine is left out, so that rows of one data set have one text.
    """
    if isinstance(data, str):
        return data.strip()
    try:
        kind = "full set" if data.is_full else data.source
        return f"{str(data).split(':')[0]}, {kind}, {len(data.X_train):,} training images"
    except (AttributeError, TypeError):
        raise ValueError(f"data must be a Dataset or a text, got {data!r}") from None


def _validation_text(data) -> str:
    """The validation images of a Dataset in words; nothing for a text."""
    return "" if isinstance(data, str) else f"{len(data.X_valid):,} validation images"


def _versions() -> dict[str, str]:
    """Versions of Python and of what computes, without importing any of it."""
    versions = {"python": platform.python_version()}
    for library in LIBRARIES:
        try:
            versions[library] = metadata.version(library)
        except metadata.PackageNotFoundError:
            continue
    return versions


def _read(path: Path) -> list[dict]:
    """The rows in a file: none if it does not exist, and none if it is damaged, which is said.

    A student's damaged file is set aside; the shipped one stays, since the repository has a good copy.
    Raises OSError if a file is there and cannot be read.
    """
    try:
        content = read_json(path)
        for row in content["rows"]:
            _prove(row)
        return content["rows"]
    except FileNotFoundError:
        return []
    except (ValueError, KeyError, TypeError, AttributeError) as error:  # also text that is not UTF-8
        new = None if path in (SHIPPED_ROWS, FULL_ROWS) else set_aside(path)
        print(
            f"Scoreboard: {path} is damaged ({type(error).__name__}: {error}). "
            + (f"It was set aside as {new.name}, and a new one begins." if new else "It is passed over.")
        )
        return []


def _prove(row: dict) -> None:
    """Raise ValueError, KeyError, TypeError or AttributeError unless `row` has the form `record` gives it."""
    for name in ("lesson", "model", "data"):
        if not isinstance(row[name], str):
            raise TypeError(f"{name} must be a text")
    if row["profile"] not in PROFILES:
        raise ValueError(f"unknown profile {row['profile']!r}")
    if not isinstance(row.get("judged", ""), str) or not isinstance(row.get("labels", False), bool):
        raise TypeError("judged must be a text and labels true or false")
    numbers = [row["codings"], row["seconds"], row["parameters"], *row["figures"].values(), *row["seeds"]]
    for number in numbers:
        if number is not None and (isinstance(number, bool) or not isinstance(number, int | float)):
            raise TypeError(f"{number!r} is not a number")
