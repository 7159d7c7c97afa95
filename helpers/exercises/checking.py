"""Exercises: `check` an answer, ask for a `hint`, see your `progress`.

A check has three verdicts: passed, not yet, not attempted. It hands back the student's own object when it passed
and the workbook's reference otherwise, so that a notebook with blanks runs to its end.
"""

import html
import random
from dataclasses import dataclass

import numpy as np

from helpers import session
from helpers.exercises import progress_log
from helpers.exercises.assertions import NotYet
from helpers.exercises.errors import describe, is_blank
from helpers.exercises.limits import TimeUp, memory_limit, time_limit
from helpers.exercises.registry import Exercise, every, find

PASSED, NOT_YET, NOT_ATTEMPTED = "passed", "not yet", "not attempted"


@dataclass(frozen=True)
class Verdict:
    """What a check says of one answer; shows itself as text and as HTML."""

    exercise: Exercise
    kind: str
    got: str = ""
    expected: str = ""
    look: str = ""

    def lines(self) -> list[tuple[str, str]]:
        """(label, text) of each line under the title."""
        parts = [("got", self.got), ("expected", self.expected), ("look", self.look)]
        parts = [(label, text) for label, text in parts if text]
        if self.kind == NOT_ATTEMPTED:
            parts.append(("next", f'fill in the blank and run both cells again; hint("{self.exercise.id}") helps'))
        if self.kind != PASSED:
            parts.append(("meanwhile", "the notebook goes on with the workbook's own version"))
        return parts

    def __repr__(self):
        title = f"Exercise {self.exercise.id} · {self.exercise.title}: {self.kind}"
        return "\n".join([title, *(f"  {label + ':':<10} {text}" for label, text in self.lines())])

    def _repr_html_(self):
        colour, sign = {PASSED: ("#009E73", "✓"), NOT_YET: ("#D55E00", "✗")}.get(self.kind, ("#7f7f7f", "○"))
        rows = "".join(
            f'<tr style="background:none"><td style="text-align:right;vertical-align:top;opacity:.7;'
            f'padding:1px 8px 1px 0">{label}</td><td style="text-align:left;white-space:pre-wrap;padding:1px 0">'
            f"{html.escape(text)}</td></tr>"
            for label, text in self.lines()
        )
        title = html.escape(f"Exercise {self.exercise.id} · {self.exercise.title}")
        return (
            f'<div style="border-left:4px solid {colour};padding:2px 10px;margin:2px 0">'
            f'<b><span style="color:{colour}">{sign} {self.kind}</span> · {title}</b>'
            f'<table style="margin:2px 0 0 0;border:none">{rows}</table></div>'
        )


class CheckFailed(AssertionError):
    """Raised by `check` under WORKBOOK_STRICT=1 when the answer does not pass."""


def verdict(id: str, answer, seed: int = 0) -> Verdict:
    """Judge `answer` on inputs drawn from `seed`; no output, nothing recorded, nothing raised."""
    task = find(id)
    if answer is None:
        return Verdict(task, NOT_YET, got="None", expected="your function or class", look="the name after the comma")
    state = random.getstate(), np.random.get_state()
    session.seed_everything(seed)
    try:
        with time_limit(task.seconds), memory_limit():
            task.judge(answer, seed)
    except NotYet as miss:
        return Verdict(task, NOT_YET, miss.got, miss.expected, miss.look)
    except TimeUp:
        return Verdict(
            task,
            NOT_YET,
            got=f"no result after {task.seconds:g} seconds",
            expected="a result in well under a second or two",
            look="a loop that never ends? Check what makes it stop, and that it moves towards it.",
        )
    except KeyboardInterrupt:
        return Verdict(task, NOT_YET, got="interrupted before the check was done")
    except Exception as error:
        if is_blank(error):
            return Verdict(task, NOT_ATTEMPTED)
        got, look = describe(error)
        return Verdict(task, NOT_YET, got=got, look=look)
    finally:
        random.setstate(state[0])
        np.random.set_state(state[1])
    return Verdict(task, PASSED)


def check(id: str, answer):
    """Judge an answer, say so, and hand back the object to go on with.

    Returns `answer` itself when it passed, and otherwise the workbook's reference. Never raises, except under
    WORKBOOK_STRICT=1, where an answer that does not pass raises CheckFailed.
    """
    try:
        result = verdict(id, answer)
    except KeyError as error:
        if session.strict():
            raise
        print(error.args[0])
        return answer
    show(result)
    progress_log.note_verdict(id, result.kind)
    if result.kind == PASSED:
        return answer
    if session.strict():
        raise CheckFailed(repr(result))
    return result.exercise.load_reference()


def hint(id: str) -> None:
    """Show the hints of an exercise up to the next one you have not seen."""
    try:
        task = find(id)
    except KeyError as error:
        print(error.args[0])
        return
    seen = min(progress_log.note_hint(id), len(task.hints))
    for number, text in enumerate(task.hints[:seen], start=1):
        print(f"Hint {number} of {len(task.hints)} for exercise {id}: {' '.join(text.split())}")
    if seen == len(task.hints):
        print("That was the last hint. The solved notebook of this lesson is in the folder solutions.")


def progress() -> None:
    """Show which exercises are solved, lesson by lesson, and where this is kept."""
    from helpers.exercises.progress_log import ProgressTable

    show(ProgressTable(every(), progress_log.read()))


def show(thing) -> None:
    """Display in a notebook, print elsewhere."""
    if session.live():
        from IPython.display import display

        display(thing)
    else:
        print(thing)
