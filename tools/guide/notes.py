"""The speaker's notes of the slides, from the guide: minutes, what to show and to ask, the answers of the quizzes."""

from html import escape

from tools.guide.questions import marked
from tools.guide.sources import QUIZ, Exercise, Quiz, Source


class Notes:
    """Notes for the headings and the cells of one lesson, as HTML; each is given once."""

    def __init__(self, source: Source | None):
        """source: the lesson; None for slides without notes from the guide."""
        self._texts: dict[str, str] = {}
        self._quizzes: dict[str, str] = {}
        if source is not None:
            self._gather(source)

    def _gather(self, source: Source) -> None:
        for section, what in source.show:
            self._texts[section] = f"<p><b>Show live.</b> {escape(what, quote=False)}</p>"
        for exercise in source.exercises:
            self._texts[f"Exercise {exercise.id} · {exercise.title}"] = _exercise(exercise)
        for quiz in source.quizzes:
            self._quizzes[quiz.key] = _quiz(quiz)
        self._texts[f"{source.number} · {source.lesson.front['title']}"] = _title(source)

    def of_heading(self, title: str) -> str:
        """What to say where this heading begins; "" for nothing."""
        return self._texts.pop(title, "")

    def of_code(self, source: str) -> str:
        """The answers of the quizzes that a cell asks; "" for none."""
        return "".join(self._quizzes.pop(key, "") for key in QUIZ.findall(source))


def _title(source: Source) -> str:
    minutes = source.lesson.front["minutes"]
    goals = "".join(f"<li>{escape(goal, quote=False)}</li>" for goal, _ in source.objectives)
    core = f", {source.core_minutes} of them core" if source.core_minutes else ""
    return (
        f"<p><b>Minutes.</b> Reading {minutes['reading']:g}, exercises {minutes['exercises']:g}{core}, machine "
        f"{minutes['machine']:g}.</p><p><b>Afterwards they can</b></p><ul>{goals}</ul>"
    )


def _exercise(exercise: Exercise) -> str:
    kind = "core" if exercise.core else "may be left out"
    lines = [f"<p><b>{exercise.minutes} minutes</b>, difficulty {exercise.difficulty} of 3, {kind}.</p>"]
    if exercise.mistakes:
        asked = "".join(
            f"<li><b>{escape(one.name, quote=False)}</b>: {escape(one.question, quote=False)}</li>"
            for one in exercise.mistakes
        )
        lines.append(f"<p><b>Where students fail, and what to ask</b></p><ul>{asked}</ul>")
    return "".join(lines)


def _quiz(quiz: Quiz) -> str:
    letter = "ABCDEFGHIJ"[quiz.options.index(quiz.right)]
    others = "".join(f"<li>{marked(option)}: {marked(feedback)}</li>" for option, feedback in quiz.wrong)
    return (
        f"<p><b>Answer: {letter}, {marked(quiz.right[0])}.</b> {marked(quiz.right[1])}</p>"
        f"<p><b>To the others</b></p><ul>{others}</ul>"
    )
