"""Keeps which exercises are solved and which hints were seen, in one small file of the student's own."""

import json
from dataclasses import dataclass

from helpers import session
from helpers.files import atomic_write_text, locked, read_json, set_aside

NAME = "progress.json"


def path():
    """The file, inside the folder of the student's own state."""
    return session.state_folder() / NAME


def read() -> dict:
    """{exercise id: {"verdict": …, "attempts": …, "hints": …}}; a damaged file is set aside, and said."""
    try:
        file = path()
        entries = read_json(file)
        if not (isinstance(entries, dict) and all(isinstance(entry, dict) for entry in entries.values())):
            raise ValueError("not a table of exercises")
        return {id: _entry(entry) for id, entry in entries.items()}
    except OSError:
        return {}
    except ValueError as error:
        aside = set_aside(file)
        if aside:
            print(f"{file.name} could not be read ({error}); it is kept as {aside.name} and a new one begins.")
        else:
            print(f"{file.name} could not be read ({error}), and its folder cannot be written either.")
        return {}


def _entry(found: dict) -> dict:
    """An entry in which every value is of its kind, whatever an editor has made of the file."""
    verdict = found.get("verdict")
    numbers = {key: found.get(key) for key in ("attempts", "hints")}
    return {
        "verdict": verdict if isinstance(verdict, str) and verdict in SIGN else NEW["verdict"],
        **{key: value if type(value) is int and value >= 0 else 0 for key, value in numbers.items()},
    }


def note_verdict(id: str, verdict: str) -> None:
    """Record a verdict. Once passed stays passed: a later experiment does not take it back."""

    def change(entry):
        if entry["verdict"] != "passed":
            entry["verdict"] = verdict
        if verdict != "not attempted":
            entry["attempts"] += 1

    _change(id, change)


def note_hint(id: str) -> int:
    """Count one more hint of this exercise as seen; how many are seen now, also where nothing can be written."""

    seen = 0

    def change(entry):
        nonlocal seen
        seen = entry["hints"] = max(entry["hints"], _unsaved.get(id, 0)) + 1

    if not _change(id, change):
        _unsaved[id] = seen
    return seen


NEW = {"verdict": "not attempted", "attempts": 0, "hints": 0}
_unsaved: dict[str, int] = {}  # hints that this kernel has shown and could not note


def _change(id: str, change) -> bool:
    """Read, change one entry and write, while no other notebook does; whether that worked."""
    changed = False
    try:
        with locked(path()):
            entries = read()
            change(entries.setdefault(id, dict(NEW)))
            changed = True
            atomic_write_text(path(), json.dumps(entries, indent=1, sort_keys=True) + "\n")
        return True
    except OSError as error:  # a full disk must not stop a lesson
        if not changed:
            change(read().get(id, dict(NEW)))
        print(f"Your progress could not be saved ({error}). The lesson goes on; set WORKBOOK_STATE to another folder.")
        return False


SIGN = {"passed": "✓", "not yet": "✗", "not attempted": "○"}


@dataclass
class ProgressTable:
    """Exercises by lesson with their state, as text and as HTML."""

    exercises: list
    entries: dict

    def rows(self) -> list[tuple]:
        """(id, title, minutes, verdict, attempts, hints seen) of each exercise."""
        found = []
        for task in self.exercises:
            entry = self.entries.get(task.id, {})
            state = entry.get("verdict", "not attempted")
            seen = f"{min(entry.get('hints', 0), len(task.hints))}/{len(task.hints)}"
            found.append((task.id, task.title, task.minutes, state, entry.get("attempts", 0), seen))
        return found

    def summary(self) -> str:
        """How many are solved, and how long the open ones should take."""
        rows = self.rows()
        solved = sum(row[3] == "passed" for row in rows)
        left = sum(row[2] for row in rows if row[3] != "passed")
        return f"{solved} of {len(rows)} exercises solved; about {left} minutes to go."

    def __repr__(self):
        lines = [
            f"{SIGN[state]} {id:<5} {title:<44} {minutes:>3} min  {state:<14} attempts {attempts:>2}  hints {seen}"
            for id, title, minutes, state, attempts, seen in self.rows()
        ]
        return "\n".join([*lines, self.summary()])

    def _repr_html_(self):
        from html import escape

        left, right = 'style="text-align:left"', 'style="text-align:right"'
        head = "".join(
            f"<th {left}>{name}</th>" for name in ("", "exercise", "title", "min", "state", "attempts", "hints seen")
        )
        body = "".join(
            f"<tr><td>{SIGN[state]}</td><td {left}>{id}</td><td {left}>{escape(title)}</td><td {right}>{minutes}</td>"
            f"<td {left}>{state}</td><td {right}>{attempts}</td><td {right}>{seen}</td></tr>"
            for id, title, minutes, state, attempts, seen in self.rows()
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><p>{self.summary()}</p>"
