"""What the guide knows of a lesson: its front matter, its checks, its quizzes, and what is written by hand."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import yaml

from helpers import session
from helpers.exercises.quizzes import shuffled
from tools.guide import messages

TIME = re.compile(r"\*(\d+) minutes · difficulty (\d) of 3\*")
QUIZ = re.compile(r'\bquiz\(\s*"(\d\d-[\w-]+)"')
TITLE = re.compile(r"^#{1,3} (.+?)\s*$", re.MULTILINE)


class GuideError(ValueError):
    """A file written by hand that cannot be used; the message says which, why, and what to do."""


@dataclass(frozen=True)
class Mistake:
    """name: as tests/checks/mutants has it; message: of the check, "" if not known; question: to ask the student."""

    name: str
    message: str
    question: str


@dataclass
class Exercise:
    """id: "1.2"; minutes and difficulty (1 to 3): as the lesson states them; others: further mistakes, by name."""

    id: str
    title: str
    minutes: int
    difficulty: int
    core: bool
    mistakes: list[Mistake] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Quiz:
    """A question of a lesson. right: (option, feedback); wrong: such pairs; section: the heading it stands under."""

    key: str
    question: str
    right: tuple[str, str]
    wrong: tuple[tuple[str, str], ...]
    section: str

    @property
    def options(self) -> list[tuple[str, str]]:
        """(option, feedback) in the order in which the lesson shows them."""
        return shuffled(self.key, [self.right, *self.wrong])


@dataclass
class Source:
    """A lesson, as the guide sees it. root: of the workbook; lesson: tools.build.source.Lesson."""

    root: Path
    lesson: object

    @property
    def number(self) -> str:
        return self.lesson.number

    @property
    def path(self) -> Path:
        """What is written by hand for this lesson."""
        return self.root / "tools" / "guide" / "lessons" / f"{self.number}.yaml"

    @cached_property
    def written(self) -> dict:
        """The content of that file; empty when there is none. Raises GuideError when it cannot be read."""
        if not self.path.is_file():
            return {}
        try:
            return yaml.safe_load(self.path.read_text(encoding="utf-8")) or {}
        except yaml.YAMLError as error:
            raise GuideError(f"tools/guide/lessons/{self.path.name} is no YAML: {error}") from error

    @property
    def show(self) -> list[list[str]]:
        """[section, what to show there] for a lecture."""
        return self.written.get("show", [])

    @cached_property
    def objectives(self) -> list[tuple[str, list[str]]]:
        """(objective, the exercises that practise it)."""
        listed = self.written.get("objectives", [])
        return [(text, listed[i] if i < len(listed) else []) for i, text in enumerate(self.lesson.front["objectives"])]

    @cached_property
    def exercises(self) -> list[Exercise]:
        """All exercises, in their order."""
        known: dict[str, dict[str, str]] = {}
        for id, name, pattern in messages.wrong_answers(self.root, self.number):
            known.setdefault(id, {}).setdefault(name, pattern)
        return [self._exercise(answer, known.get(answer.id, {})) for answer in self.lesson.exercises]

    def _exercise(self, answer, known: dict[str, str]) -> Exercise:
        found = TIME.search(self.lesson.cells[answer.cell - 1].source)
        minutes, difficulty = (int(found[1]), int(found[2])) if found else (0, 0)
        one = Exercise(answer.id, answer.title, minutes, difficulty, answer.id in self.written.get("core", []))
        for name, question in self.written.get("exercises", {}).get(answer.id, []):
            name = str(name)
            said = messages.message(self.root, self.number, answer.id, known[name]) if name in known else ""
            one.mistakes.append(Mistake(name, said, question))
        asked = {mistake.name for mistake in one.mistakes}
        one.others = [name for name in known if name not in asked]
        return one

    @cached_property
    def quizzes(self) -> list[Quiz]:
        """The questions that the lesson asks, in their order."""
        found, section = [], ""
        try:
            texts = session.pages(self.number).QUIZZES
        except ValueError:
            return []
        for cell in self.lesson.cells:
            if cell.cell_type == "markdown":
                section = ([section, *TITLE.findall(cell.source)])[-1]
                continue
            for key in QUIZ.findall(cell.source):
                one = texts.get(key[3:])
                if one is not None:
                    question = re.sub(r"\{\w+\}", "…", one["question"])
                    found.append(Quiz(key, question, tuple(one["right"]), tuple(map(tuple, one["wrong"])), section))
        return found

    @property
    def sections(self) -> list[str]:
        """All headings of the lesson."""
        cells = [cell.source for cell in self.lesson.cells if cell.cell_type == "markdown"]
        return [title for source in cells for title in TITLE.findall(source)]

    @property
    def core_minutes(self) -> int:
        """Minutes of the exercises that nobody should leave out."""
        return sum(exercise.minutes for exercise in self.exercises if exercise.core)


def all_sources(workbook) -> list[Source]:
    """The lessons of a workbook, in order."""
    return [Source(workbook.root, lesson) for lesson in workbook.lessons]


def problems(sources: list[Source]) -> list[str]:
    """What is written by hand and does not fit its lesson any more, or is missing, as sentences."""
    said = []
    for source in sources:
        name = f"tools/guide/lessons/{source.number}.yaml"
        if not source.written:
            said.append(f"{name} is missing: it says what to show in lesson {source.number}, and what to ask")
            continue
        ids = [exercise.id for exercise in source.exercises]
        listed = source.written.get("exercises", {})
        said += [f"{name}: exercise {id} has no mistakes to ask about" for id in ids if not listed.get(id)]
        asked = {id for _, several in source.objectives for id in several}
        for id in sorted({*listed, *source.written.get("core", []), *asked} - set(ids)):
            said.append(f"{name}: there is no exercise {id}")
        wrong = {(id, mistake) for id, mistake, _ in messages.wrong_answers(source.root, source.number)}
        for id, several in listed.items():
            for mistake, _ in several:
                if wrong and id in ids and (id, str(mistake)) not in wrong:
                    said.append(f"{name}: the check of {id} knows no mistake called {mistake!r}")
        if len(source.written.get("objectives", [])) != len(source.lesson.front["objectives"]):
            said.append(
                f"{name}: objectives needs a list for each of {len(source.lesson.front['objectives'])} objectives"
            )
        for section, _ in source.show:
            if section not in source.sections:
                said.append(f"{name}: the lesson has no section {section!r}")
    return said


def timetables(root: Path) -> dict[int, list[dict]]:
    """{weeks: [{"core": numbers of lessons, "optional": numbers}, …]}."""
    path = root / "tools" / "guide" / "timetables.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))
