"""The notebook of a lesson as nbgrader wants it: solved, with its markers, and a note on each cell that counts.

The ids of cells, which every notebook of a lesson has, are nbgrader's grade ids as well.
"""

import re

import nbformat

from helpers.exercises import registry
from tools.build.source import CHECK
from tools.install.pip import Problem

# What students see of a cell that is marked, and what only the grader sees: nbgrader takes such a region out.
IMPORT = "from helpers.exercises import check  # anew: this cell is marked, whatever `check` means above\n"
HIDDEN = """\
### BEGIN HIDDEN TESTS
from helpers.exercises import grading

grading.begin("{name}", globals())
### END HIDDEN TESTS
"""
SCHEMA = 3  # nbgrader's, of the notes on cells
KINDS = ("difficulty", "minutes", "equal")  # where points come from


def points(wishes: list[str], exercises: list) -> dict[str, float]:
    """{exercise id: points}: first one of KINDS (difficulty when none is named), then single ones: "1.2=5".

    exercises: of the lessons asked for; an exercise of 0 points is not marked.
    Raises Problem for a wish that is none, or names an exercise that these lessons do not have.
    """
    known = {task.id: task for task in exercises}
    kinds = [wish for wish in wishes if "=" not in wish]
    wrong = [wish for wish in kinds if wish not in KINDS]
    if wrong or len(kinds) > 1:
        raise Problem(
            f"--points {' '.join(kinds)} is not known." if wrong else f"--points {' '.join(kinds)}: which of them?",
            f"points come from one of {', '.join(KINDS)}; single exercises may have others.",
            "for example: --points difficulty 1.2=5 1.7=0",
        )
    kind = kinds[0] if kinds else "difficulty"
    found = {id: 1.0 if kind == "equal" else float(getattr(task, kind)) for id, task in known.items()}
    for wish in (wish for wish in wishes if "=" in wish):
        id, _, number = wish.partition("=")
        if id not in known or not re.fullmatch(r"\d+(\.\d+)?", number):
            raise Problem(
                f"--points {wish} cannot be meant.",
                f"there is no exercise {id} in these lessons." if id not in known else f"'{number}' is no number.",
                f"these lessons have {', '.join(known)}; points are 0 or more: --points {next(iter(known), '1.1')}=5",
            )
        found[id] = float(number)
    return found


def exercises_of(lesson) -> list:
    """What the workbook knows of the exercises of a lesson, in their order."""
    return [registry.find(answer.id) for answer in lesson.exercises]


def marked_notebook(workbook, lesson, worth: dict[str, float]):
    """The source of an assignment: text as students see it, answers solved between markers, checks locked.

    worth: {exercise id: points}.   The first code cell, which imports and seeds, is locked as well.
    """
    notebook = workbook.blank(lesson)
    solved = {_id(answer.id, "answer"): lesson.cells[answer.cell].source for answer in lesson.exercises}
    checks = {_id(answer.id, "check"): answer for answer in lesson.exercises}
    cells, first = [], True
    for cell in notebook.cells:
        if cell.id == f"{lesson.number}-way":  # links to other lessons, which lie elsewhere in a course
            continue
        cells.append(cell)
        if cell.id in solved:
            cell.source = solved[cell.id]
            _note(cell, solution=True)
        elif cell.id in checks:
            answer = checks[cell.id]
            before, line, after = _parts(cell.source)
            hidden = HIDDEN.format(name=answer.name) if worth[answer.id] else ""
            cell.source = before + IMPORT + hidden + line
            _note(cell, locked=True, points=worth[answer.id])
            if after:  # it is no part of the check, and shall run also where that has failed
                more = nbformat.v4.new_code_cell(after, id=f"{cell.id}-then", metadata=_unmarked(cell))
                cells.append(more)
        elif cell.cell_type == "code" and first:
            _note(cell, locked=True)
        first = first and cell.cell_type != "code"
    notebook.cells = cells
    del notebook.metadata["workbook"]["built"]  # it is no longer what `build` makes
    return notebook


def _id(exercise: str, cell: str) -> str:
    return f"exercise-{exercise.replace('.', '-')}-{cell}"


def _parts(source: str) -> tuple[str, str, str]:
    """What comes before the line of the check, that line, and what comes after it."""
    found = CHECK.search(source)
    before = source[: found.start()].strip("\n")
    return before + "\n" if before else "", found.group(0), source[found.end() :].strip("\n")


def _note(cell, solution=False, locked=False, points=0.0) -> None:
    note = {"grade_id": cell.id, "solution": solution, "locked": locked, "grade": bool(points), "task": False}
    cell.metadata["nbgrader"] = {**note, "schema_version": SCHEMA, **({"points": points} if points else {})}


def _unmarked(cell) -> dict:
    return {key: value for key, value in cell.metadata.items() if key != "nbgrader"}
