"""Predict, then run: a question to commit to before an experiment shows the answer.

quiz("02-linear")      # its texts stand in helpers/lessons/lesson02.py, out of sight
"""

from __future__ import annotations

import contextlib
import hashlib
import html
import re
from collections.abc import Sequence

from helpers import session
from helpers.files import atomic_write_json, locked, read_json, set_aside
from helpers.widgets.display import error_area, show, shows_errors

COMMIT = "Commit to one before you run the next cell; the answer is in the next section"
LETTERS = "ABCDEFGHIJ"


def quiz(key: str, **values) -> None:
    """Show the question of that key with its options: buttons in a live notebook, text elsewhere.

    key: the lesson's two digits, "-" and the question's name in QUIZZES of helpers/lessons.
    values: what stands for {name} in the question.   Text between `backticks` is shown as code.
    Raises ValueError for a key that no lesson has.
    """
    number, _, name = key.partition("-")
    questions = session.pages(number).QUIZZES
    if name not in questions:
        known = ", ".join(f"{number}-{other}" for other in questions)
        raise ValueError(f"Lesson {number} has no question {key!r}. It has: {known}.")
    one = questions[name]
    question = one["question"].format(**values) if values else one["question"]
    pairs = shuffled(key, [one["right"], *one["wrong"]])
    options, reasons = zip(*pairs, strict=True)
    ask(question, options, pairs.index(one["right"]), reasons, key)


def shuffled(key: str, pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """(option, feedback) in an order that depends on the key and the texts alone, so that it says nothing."""
    return sorted(pairs, key=lambda pair: hashlib.sha256(f"{key} {pair[0]}".encode()).digest())


def ask(question: str, options: Sequence[str], answer: int, why: str | Sequence[str], key: str) -> None:
    """Show a question with one right option.

    options: 2 to 10 texts.   answer: index of the right one, from 0.
    why: the explanation, or one feedback for each option.
    key: the name under which the choice is kept, so that running the cell again does not lose it.
    Raises ValueError when the options, the answer and the feedback do not fit together.
    """
    options = [str(option) for option in options]
    if not 2 <= len(options) <= len(LETTERS) or len(set(options)) < len(options):
        raise ValueError(f"A question needs 2 to {len(LETTERS)} different options, got {options}.")
    if not 0 <= answer < len(options):
        raise ValueError(f"answer is the index of the right option, 0 to {len(options) - 1}, got {answer}.")
    reasons = [why] * len(options) if isinstance(why, str) else [str(reason) for reason in why]
    if len(reasons) != len(options):
        raise ValueError(f"{len(options)} options need {len(options)} texts of feedback, got {len(reasons)}.")
    twin = {"text/html": _as_html(question, options, answer, reasons), "text/plain": _as_text(question, options)}
    show(lambda: _build(question, options, answer, reasons, key), twin)


def _as_text(question: str, options: list[str]) -> str:
    lines = [f"  {letter}  {_plain(option)}" for letter, option in zip(LETTERS, options, strict=False)]
    return "\n".join([_plain(question), *lines, f"{COMMIT}."])


def _as_html(question: str, options: list[str], answer: int, reasons: list[str]) -> str:
    items = "".join(f"<li>{_marked(option)}</li>" for option in options)
    right = f"<b>{LETTERS[answer]}</b>. {_marked(reasons[answer])}".strip()
    return (
        f"<p><b>{_marked(question)}</b></p><ol type='A'>{items}</ol><p>{COMMIT}, or folded up here.</p>"
        f"<details><summary>Answer</summary><p>{right}</p></details>"
    )


_STRESS = re.compile(r"(?<![\w*])\*(\w[^*`\n]*)\*(?![\w*])")  # *one word or more*


def _marked(text: str) -> str:
    """The text as HTML, with `code` and *stress* as in markdown."""
    return _STRESS.sub(r"<em>\1</em>", re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False)))


def _plain(text: str) -> str:
    return _STRESS.sub(r"\1", text)


def _build(question: str, options: list[str], answer: int, reasons: list[str], key: str):
    """The live form: radio buttons, a button to commit, and then the feedback and a button to change."""
    import ipywidgets as w

    shown = [(f"{LETTERS[i]}  {_plain(option)}".replace("`", ""), i) for i, option in enumerate(options)]
    choice = w.RadioButtons(options=shown, index=None, layout=w.Layout(width="auto"))
    commit = w.Button(description="Commit", button_style="primary", disabled=True)
    change = w.Button(description="Change", tooltip="Choose another option")
    feedback, errors = w.HTML(), error_area()
    head = w.HTML(f"<b>{_marked(question)}</b>")

    def settle(index: int) -> None:
        choice.disabled = commit.disabled = True
        commit.layout.display, change.layout.display = "none", ""
        verdict = "✓ Right." if index == answer else "✗ Not right."
        feedback.value = f"<div role='status'><b>{verdict}</b> {_marked(reasons[index])}</div>"

    def reopen(*_) -> None:
        choice.disabled = False
        commit.disabled = choice.value is None
        commit.layout.display, change.layout.display = "", "none"
        feedback.value = ""

    @shows_errors(errors)
    def on_choice(event) -> None:
        commit.disabled = choice.disabled or choice.value is None

    @shows_errors(errors)
    def on_commit(_) -> None:
        if choice.value is not None:
            settle(choice.value)
            unsaved = _remember(key, options[choice.value])
            feedback.value += f"<div>{html.escape(unsaved)}</div>" if unsaved else ""

    choice.observe(on_choice, "value")
    commit.on_click(on_commit)
    change.on_click(shows_errors(errors)(reopen))
    reopen()
    earlier = _recall(key)
    if earlier in options:
        choice.value = options.index(earlier)
        settle(choice.value)
    box = w.VBox([head, choice, w.HBox([commit, change]), feedback, errors])
    box.choice, box.commit, box.change, box.feedback = choice, commit, change, feedback  # by name, for tests
    return box


def _file():
    return session.state_folder() / "quiz.json"


def _read() -> dict:
    try:
        kept = read_json(_file())
        if isinstance(kept, dict):
            return kept
    except FileNotFoundError:
        return {}
    except ValueError:
        pass
    set_aside(_file())  # damaged: keep it for whoever wants to look, and begin anew
    return {}


def _recall(key: str) -> str | None:
    """The option chosen earlier, by its text: the order of the options may change."""
    with contextlib.suppress(OSError):
        kept = _read().get(key)
        return kept if isinstance(kept, str) else None
    return None


def _remember(key: str, option: str) -> str:
    """Keep a choice; a sentence when that did not work."""
    try:
        file = _file()
        with locked(file):  # another notebook may be answering at this moment
            atomic_write_json(file, {**_read(), key: option})
    except OSError as error:  # a full disk must not stop a lesson
        return f"Your choice could not be kept ({error}); set WORKBOOK_STATE to another folder."
    return ""
