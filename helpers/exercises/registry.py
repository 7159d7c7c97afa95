"""The exercises: what is known of each one, and how its check is found."""

import importlib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Exercise:
    """What the workbook knows of one exercise. `judge(answer, seed)` returns, or raises NotYet."""

    id: str
    title: str
    judge: object
    reference: str
    minutes: int
    difficulty: int
    hints: tuple
    seconds: float
    changes: tuple = ()

    def load_reference(self):
        """The workbook's own version, imported only when it is needed."""
        module, _, name = self.reference.partition(":")
        return getattr(importlib.import_module(module), name)


_registry: dict[str, Exercise] = {}


def exercise(id, title, *, reference, minutes, difficulty, hints, seconds=10.0, changes=()):
    """Register the decorated function as the check of exercise `id` ("1.2": lesson 1, exercise 2).

    reference: "module:name", what a notebook goes on with until the answer passes. hints: graded, gentle first.
    seconds: the time limit of one check, in seconds of processor time.
    changes: the names of arguments (arrays, lists, dictionaries, sets, networks) that an answer is asked to change in
    place, or that the check compares in words of its own; all others must be after a call what they were before.
    """

    def register(judge):
        _registry[id] = Exercise(
            id, title, judge, reference, minutes, difficulty, tuple(hints), seconds, tuple(changes)
        )
        return judge

    return register


def find(id: str) -> Exercise:
    """The exercise with this id. Raises KeyError, naming those there are, when there is none."""
    lesson = str(id).partition(".")[0]
    if lesson.isdigit():
        name = f"helpers.checks.lesson{int(lesson):02d}"
        try:
            importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name != name:
                raise
    if id not in _registry:
        known = ", ".join(key for key in _registry if key.partition(".")[0] == lesson)
        raise KeyError(
            f"There is no exercise {id!r}. " + (f"This lesson has {known}." if known else "Ids look like '1.2'.")
        )
    return _registry[id]


def every() -> list[Exercise]:
    """All exercises of all lessons, in order."""
    for path in sorted((Path(__file__).parent.parent / "checks").glob("lesson[0-9][0-9]*")):
        importlib.import_module(f"helpers.checks.{path.stem}")
    return sorted(_registry.values(), key=lambda item: [int(part) for part in item.id.split(".")])
