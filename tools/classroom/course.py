"""What a course is made of, and how it comes into its folder without writing over anything that is there."""

import json
import re
import time
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import jinja2

from helpers.files import atomic_write_bytes
from tools.build import notebooks
from tools.classroom import grader
from tools.classroom.marked import marked_notebook
from tools.install.pip import Problem

TEMPLATES = Path(__file__).resolve().parent / "templates"
CONFIG, README, STUDENTS = "nbgrader_config.py", "README.md", "students.csv"
TO_STUDENTS = "release/README.md"
YOURS = (CONFIG, TO_STUDENTS)  # what an instructor edits: it stays
ANEW = (README, STUDENTS)  # what says another thing each week: written anew, with a copy of the old one
KERNEL = "grading/kernels/workbook-grading"
KEPT = "kept_copies"  # where everybody sees it
# What students get of the workbook: what lessons import, and what sets them up. No solution, no test, no wrong answer.
FOR_STUDENTS = (
    *("workbook.py", "pyproject.toml", "requirements.lock", "requirements-gpu.lock", "environment.yml"),
    *("LICENSE", "LICENSE-TEXT", ".gitignore", "helpers"),
    *("tools/__init__.py", "tools/front.py", "tools/lock.py", "tools/install", "tools/doctor", "tools/labextensions"),
)
LEFT_BEHIND = {".pyc", ".pyo", ".part", ".tmp", ".damaged", ".orig", ".rej"}


@dataclass
class Course:
    """A course that is to be written: its folder, its name, its lessons, and how they are marked."""

    workbook: object
    folder: Path
    name: str
    lessons: list
    worth: dict
    students: str | None = None
    files: dict = field(default_factory=dict)

    def plan(self) -> dict[PurePosixPath, bytes]:
        """{path in the folder: content} of everything that belongs there. Raises Problem for a broken workbook."""
        if not self.files:
            self._add(
                CONFIG, self._rendered("nbgrader_config.py.j2")
            )  # first: it tells a course, also an unfinished one
            for lesson in self.lessons:
                text = notebooks.text(marked_notebook(self.workbook, lesson, self.worth))
                self._add(f"source/{lesson.stem}/{lesson.stem}.ipynb", text)
            for name, content in _for_students(self.workbook.root).items():
                self.files[PurePosixPath("release") / name] = content
            self._add(TO_STUDENTS, self._rendered("students.md.j2"))
            spec = {"argv": ["python", "{resource_dir}/start.py", "-f", "{connection_file}"], "language": "python"}
            self._add(
                f"{KERNEL}/kernel.json", json.dumps({**spec, "display_name": "Workbook, marking"}, indent=1) + "\n"
            )
            self._add(f"{KERNEL}/start.py", (TEMPLATES / "start.py").read_text(encoding="utf-8"))
            self._add(README, self._rendered("README.md.j2"))
            if self.students is not None:
                self._add(STUDENTS, self.students)
        return self.files

    def write(self, renew: bool = False) -> list[str]:
        """Write what is not there yet; a sentence for each file or folder that a person would ask about.

        renew: also write over what differs. A copy of all that is written over goes to the folder `kept_copies`.
        Raises Problem before anything is written when the folder holds something else, or another state of the
        workbook and `renew` is not set; OSError when it cannot be written.
        """
        plan, other = self.plan(), self.differing()
        theirs = [path for path in other if str(path) not in (*YOURS, *ANEW)]
        if theirs and not renew:
            some = ", ".join(map(str, theirs[:3])) + (f" and {len(theirs) - 3} more" if len(theirs) > 3 else "")
            raise Problem(
                f"{self.folder} holds a course already, and {some} would be written over or taken out.",
                "the course comes from another state of the workbook or has other points, or somebody has changed it. "
                "Nothing has been written.",
                f"the same command with --renew writes them anew; copies of what is there go to {KEPT} first",
            )
        left = [] if renew else [path for path in other if str(path) in YOURS]
        said = self._keep([path for path in other if path not in left])
        for path in (path for path in other if path not in plan):
            (self.folder / path).unlink()
        fresh = [path for path in plan if path not in left and self._at(path) != plan[path]]
        for path in fresh:
            atomic_write_bytes(self.folder / path, plan[path])
        shown = dict.fromkeys(str(path) if path.parts[0] == "source" else path.parts[0] for path in fresh)
        said += [f"wrote   {name}" for name in shown]
        said += [f"left    {path}: it is not what would be written today (--renew writes it, too)" for path in left]
        return said or ["Everything in it is as it should be."]

    def differing(self) -> list[PurePosixPath]:
        """What is there with another content, and helpers that are no more. Raises Problem when it is no course."""
        if self.folder.exists() and not self.folder.is_dir():
            raise _no_course(self.folder, "is a file")
        there = [path.name for path in self.folder.iterdir()] if self.folder.is_dir() else []
        other = sorted(name for name in there if not name.startswith("."))
        if other and CONFIG not in there:
            raise _no_course(self.folder, f"holds other things ({', '.join(other[:3])})")
        changed = [path for path, content in self.plan().items() if self._at(path) not in (None, content)]
        students = _files(self.folder / "release", ("helpers", "tools"))
        gone = [path for name in students if (path := PurePosixPath("release") / name) not in self.plan()]
        return changed + gone

    def stems(self) -> list[str]:
        """The names of all assignments: those that are there, and those that come."""
        there = (path.parent.name for path in self.folder.glob("source/*/*.ipynb"))
        return sorted({*there, *(lesson.stem for lesson in self.lessons)})

    def _keep(self, paths) -> list[str]:
        if not paths:
            return []
        stem, number = time.strftime("%Y%m%d-%H%M%S"), 1
        while (self.folder / KEPT / (name := f"{stem}{f'-{number}' if number > 1 else ''}")).exists():
            number += 1
        for path in paths:
            atomic_write_bytes(self.folder / KEPT / name / path, self._at(path))
        return [f"kept    {KEPT}/{name}: copies of {len(paths)} files that are written anew"]

    def _at(self, path) -> bytes | None:
        try:
            return (self.folder / path).read_bytes()
        except FileNotFoundError:
            return None

    def _add(self, path: str, text: str) -> None:
        self.files[PurePosixPath(path)] = text.encode("utf-8")

    def _rendered(self, name: str) -> str:
        surroundings = jinja2.Environment(
            loader=jinja2.FileSystemLoader(TEMPLATES),
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            undefined=jinja2.StrictUndefined,
        )
        return surroundings.get_template(name).render(
            course=self.name,
            stems=self.stems(),
            roster=self.students is not None or (self.folder / STUDENTS).exists(),
            nbgrader=grader.program() if grader.version() else "nbgrader",
            wanted=grader.WANTED,
        )


def named(folder: Path) -> str | None:
    """What a course that is there already is called in its settings; None when they do not say."""
    try:
        text = (folder / CONFIG).read_text(encoding="utf-8")
    except OSError:
        return None
    found = re.search(r"""^c\.CourseDirectory\.course_id = (["'])(.+)\1$""", text, re.MULTILINE)
    return found and found[2]


def _for_students(root: Path) -> dict[PurePosixPath, bytes]:
    for name in FOR_STUDENTS:
        if not (root / name).exists():
            raise Problem(
                f"{name} is missing.",
                "this copy of the workbook is not complete, and students would get one that does not run.",
                f"get the workbook anew (git restore {name} brings it back)",
            )
    return {name: (root / name).read_bytes() for name in _files(root, FOR_STUDENTS)}


def _files(root: Path, names) -> list[PurePosixPath]:
    """The files under these names, seen from `root`, without what programs leave behind."""
    found = []
    for name in names:
        path = root / name
        for file in [path] if path.is_file() else sorted(path.rglob("*")):
            inside = file.relative_to(root)
            hidden = any(part.startswith(".") or part == "__pycache__" for part in inside.parts) and file != path
            if file.is_file() and not hidden and file.suffix not in LEFT_BEHIND:
                found.append(PurePosixPath(inside.as_posix()))
    return found


def _no_course(folder: Path, what: str) -> Problem:
    return Problem(
        f"{folder} {what}.",
        f"a course would be mixed with it: there is no {CONFIG}.",
        "name a new folder, or an empty one: --to FOLDER",
    )
