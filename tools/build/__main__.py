"""`python3 workbook.py build`: writes both notebooks of each lesson from its source, and the table in the README.

build              write what is missing or out of date; outputs of unchanged cells are kept
build --check      write nothing; fail on anything that differs from what building would write
build --execute    also run the solved notebooks whose code has changed, and keep their outputs
build 01 02        only these lessons
"""

import argparse
import sys
import time
from pathlib import Path

from helpers import session
from helpers.files import atomic_write_text
from tools.build import notebooks, readme
from tools.build.notebooks import read
from tools.build.workbook import Workbook


def check(workbook: Workbook, numbers=()) -> list[str]:
    """Everything that differs from what `build` would write, as sentences."""
    problems = list(workbook.problems)
    for lesson in workbook.chosen(list(numbers)):
        path = workbook.blank_path(lesson)
        name = path.relative_to(workbook.root).as_posix()
        wanted = notebooks.text(workbook.blank(lesson)).encode("utf-8")
        if not path.exists():
            problems.append(f"{name} is missing")
        elif path.read_bytes() != wanted:
            edited = read(path) is None or not notebooks.is_as_built(read(path))
            why = "was edited by hand or run" if edited else "is older than its source"
            problems.append(f"{name} {why}: edit {lesson.path.name} and run `python3 workbook.py build`")
        problems += _check_solved(workbook, lesson)
    problems += [f"{path.relative_to(workbook.root).as_posix()} has no source" for path in workbook.orphans()]
    if not workbook.problems and not numbers:
        problems += readme.problems(workbook)
    return problems


def _check_solved(workbook, lesson):
    path = workbook.solved_path(lesson)
    name = path.relative_to(workbook.root).as_posix()
    found, wanted = read(path), workbook.solved(lesson)
    if found is None:
        return [f"{name} is missing or no notebook: run `python3 workbook.py build`"]
    if notebooks.text(notebooks.without_outputs(found)) != notebooks.text(notebooks.without_outputs(wanted)):
        return [f"{name} differs from its source: run `python3 workbook.py build`"]
    if path.read_bytes() != notebooks.text(found).encode("utf-8"):
        return [f"{name} was saved by something else than the builder: run `python3 workbook.py build`"]
    if found.metadata["workbook"].get("executed") != notebooks.code_digest(wanted):
        return [f"{name} has outputs of other code: run `python3 workbook.py build --execute {lesson.number}`"]
    return []


def write(workbook: Workbook, numbers=()) -> list[str]:
    """Write what differs; a sentence for each file written. A notebook somebody worked in is kept aside first."""
    said = []
    for lesson in workbook.chosen(list(numbers)):
        for path, notebook in (
            (workbook.blank_path(lesson), workbook.blank(lesson)),
            (workbook.solved_path(lesson), workbook.solved(lesson)),
        ):
            new, old = notebooks.text(notebook), path.read_bytes() if path.exists() else b""
            if old == new.encode("utf-8"):
                continue
            name = path.relative_to(workbook.root).as_posix()
            found = read(path) if old else None
            if path == workbook.blank_path(lesson) and old and (found is None or not notebooks.is_as_built(found)):
                said.append(f"kept    {_keep(path, old)}, since somebody has worked in {name}")
            path.parent.mkdir(parents=True, exist_ok=True)
            atomic_write_text(path, new)
            said.append(f"wrote   {name}")
    said += readme.write(workbook) if not workbook.problems else []
    return said


def _keep(path: Path, content: bytes) -> Path:
    folder = session.state_folder() / "kept"
    folder.mkdir(exist_ok=True)
    copy = folder / f"{path.stem}-{time.strftime('%Y%m%d-%H%M%S')}.ipynb"
    copy.write_bytes(content)
    return copy


def execute(workbook: Workbook, numbers=(), force=False) -> list[str]:
    """Run the solved notebooks whose code changed since their outputs were made; sentences with minutes."""
    from tools.build import execution  # imports the notebook client

    said = []
    for lesson in workbook.chosen(list(numbers)):
        notebook = workbook.solved(lesson)
        if notebook.metadata["workbook"].get("executed") == notebooks.code_digest(notebook) and not force:
            said.append(f"current {lesson.stem}: its outputs are those of this code")
            continue
        print(f"running {lesson.stem} …", flush=True)
        execution.run(notebook, workbook.solutions)
        atomic_write_text(workbook.solved_path(lesson), notebooks.text(notebook))
        measured = notebook.metadata["workbook"]["measured"]
        slowest = measured["slowest_cell_seconds"]
        said.append(f"ran     {lesson.stem}: {measured['minutes']:.1f} minutes, slowest cell {slowest:.0f} s")
        declared = lesson.front["minutes"]["machine"]
        if not 0.5 <= declared / max(measured["minutes"], 0.05) <= 2:
            said.append(f"        its front matter says {declared:g} minutes for the machine: please correct it")
    return said + readme.write(workbook)


def main(arguments=None) -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="workbook.py build", description=__doc__.splitlines()[0])
    parser.add_argument("lessons", nargs="*", metavar="NN", help="lesson numbers; all when left out")
    parser.add_argument("--check", action="store_true", help="write nothing, fail on any difference")
    parser.add_argument("--execute", action="store_true", help="run solved notebooks whose code has changed")
    parser.add_argument("--force", action="store_true", help="with --execute: run them even when nothing changed")
    options = parser.parse_args(arguments)
    workbook = Workbook(session.root())
    problems = check(workbook, options.lessons) if options.check else list(workbook.problems)
    if problems:
        print("\n".join(problems), file=sys.stderr)
        return 1
    if options.check:
        print(f"{len(workbook.chosen(options.lessons))} lessons: notebooks, outputs and README agree with the sources.")
        return 0
    said = write(workbook, options.lessons)
    if options.execute:
        said += execute(workbook, options.lessons, options.force)
    print("\n".join(said) or "Everything is up to date.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
