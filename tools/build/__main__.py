"""`python3 workbook.py build`: writes both notebooks of each lesson, the table in the README, and the guide in docs.

A notebook in which somebody has worked is never written over without a question and a copy.

    build              write what is missing or out of date; outputs of unchanged cells are kept
    build --check      write nothing; fail on anything that differs from what building would write
    build --execute    also run the solved notebooks whose code has changed, and keep their outputs
    build --reset      also set back notebooks in which somebody has worked; copies go to kept_notebooks
    build --sheet DIR  only write pictures that show all figures of a lesson at once, into that folder
    build 01 02        only these lessons
"""

import argparse
import os
import sys
import time
from pathlib import Path

from helpers import session
from helpers.files import atomic_write_bytes, atomic_write_text
from tools.build import notebooks, readme
from tools.build.workbook import Workbook
from tools.guide import written as guide

KEPT = "kept_notebooks"  # where everybody sees it
UNREADABLE = (
    "can no longer be read as a notebook: `python3 workbook.py doctor` says how to get your work back, and "
    f"`build --reset` writes it anew (a copy goes to {KEPT})"
)


def check(workbook: Workbook, numbers=()) -> list[str]:
    """Everything that differs from what `build` would write, as sentences. Somebody's work is no difference."""
    problems = list(workbook.problems)
    theirs = set(worked_in(workbook, numbers))
    for lesson in workbook.chosen(list(numbers)):
        path = workbook.blank_path(lesson)
        name = path.relative_to(workbook.root).as_posix()
        if path not in theirs:
            wanted = notebooks.text(workbook.blank(lesson)).encode("utf-8")
            if not path.exists():
                problems.append(f"{name} is missing")
            elif notebooks.read(path) is None:
                problems.append(f"{name} {UNREADABLE}")
            elif path.read_bytes() != wanted:
                problems.append(f"{name} is older than its source: run `python3 workbook.py build`")
        if workbook.solved_path(lesson) not in theirs:
            problems += _check_solved(workbook, lesson)
    problems += [f"{path.relative_to(workbook.root).as_posix()} has no source" for path in workbook.orphans()]
    if not workbook.problems and not numbers:
        problems += readme.problems(workbook) + guide.problems(workbook)
    return problems


def worked_in(workbook: Workbook, numbers=()) -> list[Path]:
    """The notebooks in which somebody has worked: they are no longer what the builder once wrote.

    On a machine that builds and tests (CI is set) nobody works: there an edited notebook is a mistake.
    """
    if os.environ.get("CI"):
        return []
    return [path for path in touched(workbook, numbers) if notebooks.read(path) is not None]


def touched(workbook: Workbook, numbers=()) -> list[Path]:
    """The notebooks whose content the builder has not written, whoever changed them."""
    found = []
    for lesson in workbook.chosen(list(numbers)):
        for path in (workbook.blank_path(lesson), workbook.solved_path(lesson)):
            notebook = notebooks.read(path)
            if path.exists() and (notebook is None or not notebooks.is_as_built(notebook)):
                found.append(path)
    return found


def _check_solved(workbook, lesson):
    path = workbook.solved_path(lesson)
    name = path.relative_to(workbook.root).as_posix()
    found, wanted = notebooks.read(path), workbook.solved(lesson)
    if found is None and path.exists():
        return [f"{name} {UNREADABLE}"]
    if found is None:
        return [f"{name} is missing: run `python3 workbook.py build`"]
    if notebooks.text(notebooks.without_outputs(found)) != notebooks.text(notebooks.without_outputs(wanted)):
        return [f"{name} differs from its source: run `python3 workbook.py build`"]
    if path.read_bytes() != notebooks.text(found).encode("utf-8"):
        return [f"{name} was saved by something else than the builder: run `python3 workbook.py build`"]
    if not notebooks.is_executed(found):
        mend = f"run `python3 workbook.py build --execute {lesson.number}`"
        return [f"{name} has outputs of other code, or lacks some: {mend}"]
    return []


def write(workbook: Workbook, numbers=(), reset: bool = False) -> list[str]:
    """Write what differs; a sentence for each file. A notebook somebody has worked in stays as it is.

    reset: set those back as well; a copy of each goes to the folder `kept_notebooks` first.
    """
    said = []
    theirs = set(touched(workbook, numbers))
    for lesson in workbook.chosen(list(numbers)):
        for path, notebook in (
            (workbook.blank_path(lesson), workbook.blank(lesson)),
            (workbook.solved_path(lesson), workbook.solved(lesson)),
        ):
            new, old = notebooks.text(notebook), path.read_bytes() if path.exists() else b""
            if old == new.encode("utf-8"):
                continue
            name = path.relative_to(workbook.root).as_posix()
            if path in theirs:
                if not reset:
                    said.append(f"left    {name}: somebody has worked in it")
                    continue
                said.append(f"kept    {_keep(workbook.root, path, old)}, a copy of {name}")
            path.parent.mkdir(parents=True, exist_ok=True)
            atomic_write_text(path, new)
            said.append(f"wrote   {name}")
    said += readme.write(workbook) + guide.write(workbook) if not workbook.problems else []
    return said


def _keep(root: Path, path: Path, content: bytes) -> str:
    """Copy a notebook to a folder that everybody sees; returns the copy's name, seen from the root."""
    folder = root / KEPT
    folder.mkdir(exist_ok=True)
    stem, number = f"{path.parent.name}-{path.stem}-{time.strftime('%Y%m%d-%H%M%S')}", 1
    while True:
        copy = folder / f"{stem}{f'-{number}' if number > 1 else ''}.ipynb"
        try:
            with open(copy, "xb") as file:  # never over another copy
                file.write(content)
            return copy.relative_to(root).as_posix()
        except FileExistsError:
            number += 1


def wants_reset(names: list[str]) -> bool:
    """Ask on the terminal whether these notebooks shall be set back; without a terminal the answer is no."""
    print("Somebody has worked in these notebooks, and they are not what their sources make today:")
    print("\n".join(f"  {name}" for name in names))
    print(f"Setting them back keeps a copy of each in the folder {KEPT}.")
    if not sys.stdin.isatty():
        print("They stay as they are. `python3 workbook.py build --reset` sets them back.")
        return False
    try:
        return input("Set them back now? [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False


def execute(workbook: Workbook, numbers=(), force=False) -> list[str]:
    """Run the solved notebooks whose code changed since their outputs were made; sentences with minutes."""
    from tools.build import execution  # imports the notebook client

    said, theirs = [], touched(workbook, numbers)
    for lesson in workbook.chosen(list(numbers)):
        notebook = workbook.solved(lesson)
        if workbook.solved_path(lesson) in theirs:
            said.append(f"left    {lesson.stem}: somebody has worked in it; --reset sets it back")
            continue
        if notebooks.is_executed(notebook) and not force:
            said.append(f"current {lesson.stem}: its outputs are those of this code")
            continue
        print(f"running {lesson.stem} …", flush=True)
        execution.run(notebook, workbook.solutions)
        picture = notebooks.cover(notebook)
        if "cover" in lesson.front and picture is None:
            raise SystemExit(f"{lesson.stem}: its cell with the tag `cover` shows no picture.")
        if picture is not None:
            lesson.cover.parent.mkdir(exist_ok=True)
            atomic_write_bytes(lesson.cover, picture)
            notebook = workbook.with_outputs(lesson, notebook)
        atomic_write_text(workbook.solved_path(lesson), notebooks.text(notebook))
        write(workbook, [lesson.number])  # the picture is in the blank notebook, too
        measured = notebook.metadata["workbook"]["measured"]
        slowest = measured["slowest_cell_seconds"]
        said.append(f"ran     {lesson.stem}: {measured['minutes']:.1f} minutes, slowest cell {slowest:.0f} s")
        declared = lesson.front["minutes"]["machine"]
        if not 0.5 <= declared / max(measured["minutes"], 0.05) <= 2:
            said.append(f"        its front matter says {declared:g} minutes for the machine: please correct it")
    return said + readme.write(workbook)


def sheets(workbook: Workbook, numbers, folder: Path) -> int:
    """Write the contact sheet of each lesson; 1 when one has not been executed."""
    from tools.build import sheet  # Pillow is slow to import

    code = 0
    for lesson in workbook.chosen(list(numbers)):
        notebook = notebooks.read(workbook.solved_path(lesson))
        path = sheet.write(notebook, folder, lesson.stem) if notebook is not None else None
        code |= path is None
        print(f"wrote   {path}" if path else f"no figure in {lesson.stem}: run `build --execute {lesson.number}`")
    return code


def main(arguments=None) -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="workbook.py build", description=__doc__.splitlines()[0])
    parser.add_argument("lessons", nargs="*", metavar="NN", help="lesson numbers; all when left out")
    parser.add_argument("--check", action="store_true", help="write nothing, fail on any difference")
    parser.add_argument("--execute", action="store_true", help="run solved notebooks whose code has changed")
    parser.add_argument("--reset", action="store_true", help="also set back notebooks in which somebody has worked")
    parser.add_argument("--force", action="store_true", help="with --execute: run them even when nothing changed")
    parser.add_argument("--sheet", type=Path, metavar="DIR", help="write a picture with all figures of each lesson")
    options = parser.parse_args(arguments)
    workbook = Workbook(session.root())
    if options.sheet:
        return sheets(workbook, options.lessons, options.sheet)
    problems = check(workbook, options.lessons) if options.check else list(workbook.problems)
    if problems:
        print("\n".join(problems), file=sys.stderr)
        return 1
    if options.check:
        for path in worked_in(workbook, options.lessons):
            print(f"{path.relative_to(workbook.root).as_posix()}: you have worked here; that is fine.")
        count = len(workbook.chosen(options.lessons))
        print(f"{count} lessons: notebooks, outputs, README and guide agree with the sources.")
        return 0
    try:
        return _build(workbook, options)
    except OSError as error:
        print(f"workbook: {error.filename or KEPT} could not be written ({error.strerror or error}).", file=sys.stderr)
        print("  That means: what was not written yet is as it was; no notebook is half-written.", file=sys.stderr)
        print(
            f"  What to do: make room, or take away a file that is in the way (such as one called {KEPT}); in a folder "
            "that you may not change, work in a copy of the workbook",
            file=sys.stderr,
        )
        return 1


def _build(workbook: Workbook, options) -> int:
    said = write(workbook, options.lessons, options.reset)
    left = [line.split()[1].rstrip(":") for line in said if line.startswith("left ")]
    if left and wants_reset(left):
        said = [line for line in said if not line.startswith("left ")] + write(workbook, options.lessons, reset=True)
    if options.execute:
        said += execute(workbook, options.lessons, options.force)
    print("\n".join(said) or "Everything is up to date.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
