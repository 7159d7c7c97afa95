"""The workbook as a whole: which lessons there are and what building them would write."""

from pathlib import Path

from tools.build import badges, notebooks, source
from tools.build.notebooks import read


class Workbook:
    """The folder with `solutions`, `notebooks` and README.md, and what building it would write."""

    def __init__(self, root: Path):
        self.root, self.solutions, self.notebooks = root, root / "solutions", root / "notebooks"
        self.lessons, self.problems, self.address = [], [], None
        try:
            self.address = badges.address(root)
        except ValueError as error:
            self.problems.append(str(error))
        for path in source.sources(self.solutions):
            try:
                self.lessons.append(source.read(path))
            except source.LessonError as error:
                self.problems += str(error).splitlines()

    def chosen(self, numbers):
        """The lessons asked for (all when none is named); raises SystemExit for a number that does not exist."""
        known = [lesson.number for lesson in self.lessons]
        missing = [number for number in numbers if number.zfill(2) not in known]
        if missing and not self.problems:
            raise SystemExit(f"There is no lesson {', '.join(missing)}. There are: {', '.join(known)}.")
        return [item for item in self.lessons if not numbers or item.number in {n.zfill(2) for n in numbers}]

    def neighbours(self, lesson):
        """The lessons before and after, or None."""
        place = self.lessons.index(lesson)
        return (
            self.lessons[place - 1] if place else None,
            self.lessons[place + 1] if place + 1 < len(self.lessons) else None,
        )

    def blank_path(self, lesson) -> Path:
        """Where the student's notebook lives."""
        return self.notebooks / f"{lesson.stem}.ipynb"

    def solved_path(self, lesson) -> Path:
        """Where the instructor's notebook lives."""
        return self.solutions / f"{lesson.stem}.ipynb"

    def blank(self, lesson):
        """The student's notebook as the source has it now."""
        return notebooks.blank_notebook(lesson, self.neighbours(lesson), self.address)

    def solved(self, lesson):
        """The instructor's notebook as the source has it now, with the outputs that are still good."""
        return self.with_outputs(lesson, read(self.solved_path(lesson)))

    def with_outputs(self, lesson, executed):
        """The instructor's notebook with the outputs of `executed` that are still good."""
        return notebooks.solved_notebook(lesson, self.neighbours(lesson), executed, self.address)

    def orphans(self) -> list[Path]:
        """Notebooks without a source."""
        names = {path.stem for path in source.sources(self.solutions)}
        found = [*self.notebooks.glob("*.ipynb"), *self.solutions.glob("*.ipynb")]
        return sorted(path for path in found if path.stem not in names)
