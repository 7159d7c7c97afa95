"""Exercises: `check` an answer, ask for a `hint`, see your `progress`.

A check has three verdicts: passed, not yet, not attempted. It hands back the student's own object when it passed
and the workbook's reference otherwise, so that a notebook with blanks runs to its end.
"""

import contextlib
import dis
import html
import sys
from contextlib import contextmanager
from dataclasses import dataclass, replace

from helpers import session
from helpers.exercises import progress_log
from helpers.exercises.answers import Guard, require_kind
from helpers.exercises.assertions import NotYet
from helpers.exercises.errors import describe, is_blank, where_now
from helpers.exercises.limits import TimeUp, memory_limit, time_limit
from helpers.exercises.registry import Exercise, every, find
from helpers.exercises.surroundings import calm, untraced
from helpers.exercises.unread import unread_words
from helpers.exercises.wording import clean

PASSED, NOT_YET, NOT_ATTEMPTED = "passed", "not yet", "not attempted"


@dataclass(frozen=True)
class Verdict:
    """What a check says of one answer; shows itself as text and as HTML."""

    exercise: Exercise
    kind: str
    got: str = ""
    expected: str = ""
    look: str = ""

    def __post_init__(self):
        for part in ("got", "expected", "look"):  # one place for all texts, whoever wrote them
            object.__setattr__(self, part, clean(getattr(self, part)))

    def lines(self) -> list[tuple[str, str]]:
        """(label, text) of each line under the title."""
        parts = [("got", self.got), ("expected", self.expected), ("look", self.look)]
        parts = [(label, text) for label, text in parts if text]
        if self.kind == NOT_ATTEMPTED and not self.look:
            parts.append(("next", f'fill in the blank and run both cells again; hint("{self.exercise.id}") helps'))
        if self.kind != PASSED:
            parts.append(("meanwhile", "the notebook goes on with the workbook's own version"))
        return parts

    def __repr__(self):
        title = f"Exercise {self.exercise.id} · {self.exercise.title}: {self.kind}"
        return "\n".join([title, *(f"  {label + ':':<10} {text}" for label, text in self.lines())])

    def _repr_html_(self):
        # White on a dark ground of its own can be read on a light and on a dark page: 6.8 : 1 and more.
        colour, sign = {PASSED: ("#00664A", "✓"), NOT_YET: ("#A33C00", "✗")}.get(self.kind, ("#595959", "○"))
        word = f"color:#fff;background:{colour};border-radius:3px;padding:0 5px;print-color-adjust:exact"
        rows = "".join(
            f'<tr style="background:none"><td style="text-align:right;vertical-align:top;opacity:.8;'
            f'padding:1px 8px 1px 0">{label}</td><td style="text-align:left;white-space:pre-wrap;padding:1px 0">'
            f"{html.escape(text)}</td></tr>"
            for label, text in self.lines()
        )
        title = html.escape(f"Exercise {self.exercise.id} · {self.exercise.title}")
        return (
            f'<div style="border-left:4px solid {colour};padding:2px 10px;margin:2px 0">'
            f'<b><span style="{word}">{sign} {self.kind}</span> · {title}</b>'
            f'<table style="margin:2px 0 0 0;border:none">{rows}</table></div>'
        )


class CheckFailed(AssertionError):
    """Raised by `check` where checks are strict (`session.strict`) when the answer does not pass."""

    def _render_traceback_(self):
        """What a notebook shows in place of a traceback, every line of which would be ours: the verdict."""
        return [f"{type(self).__name__}: {self}"]


def verdict(id: str, answer, seed: int = 0) -> Verdict:
    """Judge `answer` on inputs drawn from `seed`; nothing recorded, and nothing raised but KeyError for a wrong id.

    No output either, except when the answer hangs in a call that cannot be stopped: that is said while it hangs.
    """
    task = find(id)
    guard, limit = Guard(task.load_reference, task.changes), None
    try:
        require_kind(answer, task.load_reference)
        with (
            calm(seed),
            memory_limit(),
            _no_exit(),
            guard.around(answer) as stand_in,
            time_limit(task.seconds, stuck=lambda frame: _say_stuck(task, frame)) as limit,
        ):
            _judge(task, stand_in, seed)
    except BaseException as error:
        refused = _refused(task, answer, guard.miss or error, limit)
        return refused if guard.miss else _with_unread(refused, answer)
    if guard.miss:
        return _refused(task, answer, guard.miss, limit)
    return Verdict(task, PASSED)


def _judge(task, answer, seed) -> None:
    """Judge, and take away a debugger that the answer has left behind, before anything is cleared up under it."""
    try:
        task.judge(answer, seed)
    finally:
        untraced()


def _refused(task, answer, error, limit) -> Verdict:
    """The verdict for what came out of a check in place of a return."""
    if isinstance(error, NotYet):
        return Verdict(task, NOT_YET, error.got, error.expected, error.look)
    if isinstance(error, TimeUp):
        return _out_of_time(task, limit)
    if isinstance(error, KeyboardInterrupt):
        return Verdict(task, NOT_YET, got="interrupted before the check was done", look="run the cell again")
    try:
        if is_blank(error):
            return Verdict(task, NOT_ATTEMPTED)
        got, look = describe(error)
        if isinstance(error, TypeError):
            miss = Guard(task.load_reference).method_miss(answer, got)
            if miss:
                return Verdict(task, NOT_YET, miss.got, miss.expected, miss.look)
    except BaseException:  # an exception that fails when it is looked at
        got, look = f"your code stopped with {type(error).__name__}", "call it yourself, in a cell of its own"
    return Verdict(task, NOT_YET, got=got, look=look)


def _with_unread(refused: Verdict, answer) -> Verdict:
    """The same refusal, with a word in front on parameters that the answer never looks at."""
    words = ""
    if refused.kind == NOT_YET:
        with contextlib.suppress(Exception):  # an answer may be anything, and look like a function without being one
            words = unread_words(answer, refused.exercise.load_reference())
    return replace(refused, look="; ".join(part for part in (words, refused.look) if part)) if words else refused


def _out_of_time(task, limit) -> Verdict:
    if limit is not None and limit.waited:
        return Verdict(
            task,
            NOT_YET,
            got=f"no result after {limit.wall:g} seconds, most of them spent waiting",
            expected="a result in a second or two",
            look="does it sleep, or wait for input, for a file, or for the network?",
        )
    return Verdict(
        task,
        NOT_YET,
        got=f"no result after {task.seconds:g} seconds of computing",
        expected="a result in a second or two",
        look="a loop that never ends? Check what makes it stop, and that it moves towards it.",
    )


def _say_stuck(task, frame) -> None:
    """While an answer hangs in compiled code: say so, since nobody can stop it from here."""
    place = where_now(frame)
    _print(
        f"Exercise {task.id}: the time is up, and this call cannot be stopped from outside, because it runs inside "
        "compiled code. Kernel → Interrupt ends some such calls. If nothing happens: Kernel → Restart, and then run "
        f"the cells again.{chr(10) + '  at ' + clean(place) if place else ''}"
    )


@contextmanager
def _no_exit():
    """In a notebook exit() and quit() would end the kernel a moment later; here they raise SystemExit, as elsewhere."""
    shell = _shell()
    if shell is None or not hasattr(shell, "ask_exit"):
        yield
        return

    def ask_exit():
        raise SystemExit

    shell.ask_exit = ask_exit
    try:
        yield
    finally:
        with contextlib.suppress(AttributeError):
            del shell.ask_exit


def _shell():
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None


_handed_out: dict[str, list] = {}


def _is_handed_out(task: Exercise, answer) -> bool:
    """Whether `answer` is the workbook's own version, which a notebook goes on with after a refusal.

    By identity only: an answer that does the same is an answer. What was handed out is kept, since the module may
    have been loaded anew meanwhile.
    """
    if any(answer is one for one in _handed_out.get(task.id, ())):
        return True
    loaded = task.reference.partition(":")[0] in sys.modules
    return answer is not None and loaded and answer is task.load_reference()


def check(id: str, answer):
    """Judge an answer, say so, and hand back the object to go on with.

    Returns `answer` itself when it passed, and otherwise the workbook's reference. Never raises, except where checks
    are strict (`session.strict`): there an answer that does not pass raises CheckFailed. The name on the left of
    `name = check(…)` then holds the reference all the same, so that one wrong answer does not make later cells fail.
    """
    if session.strict():
        return _checked(id, answer, sys._getframe(1))
    try:
        return _checked(id, answer)
    except BaseException as error:
        _print(f"The check of exercise {id} could not be finished ({type(error).__name__}). Run the cell again.")
    try:
        return find(id).load_reference()
    except BaseException:
        return answer


def _checked(id, answer, caller=None):
    """The object to go on with. caller: the frame that gets it by assignment when this raises CheckFailed."""
    try:
        task = find(id)
    except KeyError as error:
        if caller is not None:
            raise
        _print(error.args[0])
        return answer
    own = _is_handed_out(task, answer)
    result = _run_yours_first(task) if own else verdict(id, answer)
    with _never_raises():
        show(result)
    if not own:  # what somebody has reached before is not taken back by a cell that was run twice
        with _never_raises():
            progress_log.note_verdict(id, result.kind)
    if result.kind == PASSED:
        return answer
    reference = task.load_reference()
    _handed_out.setdefault(task.id, []).append(reference)
    if caller is not None:
        _assign_in(caller, reference)
        raise CheckFailed(repr(result))
    return reference


def _assign_in(frame, value) -> None:
    """Do what `name = check(…)` would have done, had the call returned; nothing where no name waits for it."""
    following = (step for step in dis.get_instructions(frame.f_code) if step.offset > frame.f_lasti)
    step = next((step for step in following if step.opname not in ("CACHE", "EXTENDED_ARG")), None)
    if step is not None and step.opname in ("STORE_NAME", "STORE_GLOBAL"):  # not inside of a function
        (frame.f_locals if step.opname == "STORE_NAME" else frame.f_globals)[step.argval] = value


def _run_yours_first(task) -> Verdict:
    return Verdict(
        task,
        NOT_ATTEMPTED,
        got="the workbook's own version, which the name has held since the last check",
        look=f'run the cell with your answer first, then this one; hint("{task.id}") helps',
    )


@contextmanager
def _never_raises():
    try:
        yield
    except BaseException as error:
        _print(f"({type(error).__name__} while showing or noting this; the lesson goes on.)")


def _print(text: str) -> None:
    """Print, as far as there is something to print on."""
    try:
        print(text)
    except UnicodeEncodeError:
        print(text.encode("ascii", "replace").decode("ascii"))
    except Exception:  # closed, or replaced by something that cannot write
        return


def hint(id: str) -> None:
    """Show the hints of an exercise up to the next one you have not seen. Never raises."""
    with _never_raises():
        try:
            task = find(id)
        except KeyError as error:
            _print(error.args[0])
            return
        seen = min(progress_log.note_hint(id), len(task.hints))
        for number, text in enumerate(task.hints[:seen], start=1):
            _print(f"Hint {number} of {len(task.hints)} for exercise {id}: {' '.join(text.split())}")
        if seen == len(task.hints):
            more = " The solved notebook of this lesson is in the folder solutions."
            _print("That was the last hint." + (more if (session.root() / "solutions").is_dir() else ""))


def progress() -> None:
    """Show which exercises are solved, lesson by lesson, and where this is kept. Never raises."""
    with _never_raises():
        show(progress_log.ProgressTable(every(), progress_log.read()))


def show(thing) -> None:
    """Display in a notebook, print elsewhere."""
    if session.live():
        from IPython.display import display

        display(thing)
    else:
        _print(repr(thing))
