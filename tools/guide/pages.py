"""The pages of the instructor's guide, as Markdown."""

from pathlib import Path

from tools.guide.sources import Exercise, Quiz, Source, timetables

MADE = "<!-- made by `python3 workbook.py build`: edit tools/guide and the lessons, not this page -->"


def overview(root: Path, sources: list[Source]) -> str:
    """docs/teaching/guide.md: timetables, objectives and exercises, and how to use the rest."""
    known = {source.number: source for source in sources}
    parts = [MADE, "# The instructor's guide", *_introduction(sources)]
    parts += ["## Timetables", _ABOUT_TIMETABLES]
    for weeks, plan in timetables(root).items():
        parts += [f"### {weeks} weeks", _timetable(plan, known)]
    parts += ["## Objectives, and the exercises that practise them", _ABOUT_OBJECTIVES, _objectives(sources)]
    parts += ["## Quizzes for an exam", _ABOUT_QUESTIONS.format(count=sum(len(s.quizzes) for s in sources))]
    parts += ["## Slides", _ABOUT_SLIDES]
    return _joined(parts)


def lesson(source: Source) -> str:
    """docs/teaching/guide/NN.md: all that an instructor wants to know of one lesson."""
    front, minutes = source.lesson.front, source.lesson.front["minutes"]
    core = f" (core: {source.core_minutes})" if source.core_minutes else ""
    parts = [MADE, f"# Lesson {source.number} · {front['title']}", f"*{front['question']}*"]
    parts.append(
        f"**Minutes.** Reading {minutes['reading']:g}, exercises {minutes['exercises']:g}{core}, machine "
        f"{minutes['machine']:g}. **Needs** {_sentence(front['needs'])}"
    )
    parts.append(
        f"[The solved lesson](../../../solutions/{source.lesson.stem}.ipynb) · "
        f"[the students' notebook](../../../notebooks/{source.lesson.stem}.ipynb) · [all lessons](../guide.md)"
    )
    parts += ["## Objectives", _objectives([source], alone=True)]
    if source.show:
        parts += ["## What to show live", "\n".join(f"- **{_cell(where)}**: {what}" for where, what in source.show)]
    parts.append("## Where students fail, and what to ask them")
    for exercise in source.exercises:
        parts += _exercise(exercise)
    if source.quizzes:
        parts += ["## Quizzes, with their answers", *[_quiz(quiz) for quiz in source.quizzes]]
    return _joined(parts)


def _introduction(sources: list[Source]) -> list[str]:
    reading = sum(source.lesson.front["minutes"]["reading"] for source in sources) / 60
    exercises = sum(source.lesson.front["minutes"]["exercises"] for source in sources) / 60
    core = sum(source.core_minutes for source in sources) / 60
    listed = [f"| [{s.number} {s.lesson.front['title']}](guide/{s.number}.md) | {_times(s)} |" for s in sources]
    head = "| lesson | reading | core exercises | all exercises |\n|---|---|---|---|"
    return [
        f"The whole course takes about {reading + exercises:.0f} hours of a student's time: {reading:.0f} of reading "
        f"and {exercises:.0f} of exercises, of which {core:.0f} are the core. Each lesson has a page: its objectives, "
        "what to show live, where students fail and what to ask them, and the answers of its quizzes. "
        "[The glossary](../glossary.md) says what the words mean, [the bibliography](../bibliography.md) where the "
        "ideas come from.",
        "A check names the mistake that a student has made. The questions on these pages go one step further: they let "
        "students find out themselves why it is one. Ask, wait, and let them run it.",
        head + "\n" + "\n".join(listed),
    ]


def _times(source: Source) -> str:
    minutes = source.lesson.front["minutes"]
    return f"{minutes['reading']:g} min | {source.core_minutes} min | {minutes['exercises']:g} min"


_ABOUT_TIMETABLES = (
    "*In class* is what the lesson takes to be read together; *homework* its core exercises. An optional lesson is for "
    "whoever wants more, and needs the lessons before it that its page names. A week with an optional lesson works as "
    "well without it."
)
_ABOUT_OBJECTIVES = "Objectives without an exercise are reached by reading, by the quizzes, and by what is shown live."
_ABOUT_QUESTIONS = """\
`python3 workbook.py guide --questions questions.xml` writes the {count} quizzes of the lessons as a bank of
multiple-choice questions in the format Moodle XML: a category for each lesson, shuffled options, and feedback for every
option. `--lesson NN` (more than once, if you like) takes only some lessons.

- **Moodle**: *Question bank → Import → Moodle XML format*, then choose the file. The categories are made by the import.
- **Canvas** reads QTI: `python3 workbook.py guide --questions questions.zip` writes the same questions as QTI 1.2.
  Import it by *Settings → Import Course Content → QTI .zip file*, and switch *Shuffle Answers* on in each quiz. The
  options come in a mixed order already.

Students have seen these questions with their answers. They are a good beginning of an exam, and not all of it."""
_ABOUT_SLIDES = """\
`python3 workbook.py slides NN` makes slides of a lesson; press `s` for the presenter's view. Its notes are taken from
these pages: minutes, where students fail and what to ask, what to show live, and the answer of a quiz on the slide that
asks it. `slides NN --pdf` prints them, one a page, and `slides NN --handout` four to a page."""


def _timetable(plan: list[dict], known: dict[str, Source]) -> str:
    rows = ["| week | core | in class | homework | optional | in class | homework |", "|---|---|---|---|---|---|---|"]
    for week, entry in enumerate(plan, start=1):
        cells = [str(week)]
        for path in ("core", "optional"):
            chosen = [known[number] for number in entry[path] if number in known]
            reading = sum(source.lesson.front["minutes"]["reading"] for source in chosen)
            links = ", ".join(f"[{s.number} {s.lesson.front['title']}](guide/{s.number}.md)" for s in chosen)
            home = sum(source.core_minutes for source in chosen)
            cells += [links or "–", f"{reading:g} min" if chosen else "–", f"{home} min" if chosen else "–"]
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows)


def _objectives(sources: list[Source], alone: bool = False) -> str:
    rows = (
        ["| objective | exercises |", "|---|---|"] if alone else ["| lesson | objective | exercises |", "|---|---|---|"]
    )
    for source in sources:
        for place, (objective, exercises) in enumerate(source.objectives):
            practised = ", ".join(exercises) or "–"
            number = f"[{source.number}](guide/{source.number}.md)" if not place else ""
            rows.append(f"| {'' if alone else f'{number} | '}{_cell(objective)} | {practised} |")
    return "\n".join(rows)


def _exercise(exercise: Exercise) -> list[str]:
    core = ", core" if exercise.core else ""
    parts = [
        f"### {exercise.id} · {exercise.title}",
        f"{exercise.minutes} minutes, difficulty {exercise.difficulty} of 3{core}.",
    ]
    if exercise.mistakes:
        rows = ["| mistake | the check says | ask |", "|---|---|---|"]
        rows += [f"| {_cell(m.name)} | {_cell(m.message) or '–'} | {_cell(m.question)} |" for m in exercise.mistakes]
        parts.append("\n".join(rows))
    if exercise.others:
        parts.append(f"The check also knows: {', '.join(map(_code, exercise.others))}.")
    return parts


def _code(name: str) -> str:
    return f"*{name.replace('*', '∗').replace('_', chr(92) + '_')}*"


def _quiz(quiz: Quiz) -> str:
    lines = [f"**{quiz.question}** ({quiz.section})", ""]
    for letter, pair in zip("ABCDEFGHIJ", quiz.options, strict=False):
        mark = "✓" if pair == quiz.right else "✗"
        lines.append(f"- {letter} {mark} {pair[0]} — {pair[1]}")
    return "\n".join(lines)


def _cell(text: str) -> str:
    """A text as the cell of a Markdown table."""
    return " ".join(str(text).split()).replace("|", "\\|").replace("<", "&lt;")


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


def _joined(parts: list[str]) -> str:
    return "\n\n".join(parts) + "\n"
