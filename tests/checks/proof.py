"""What proves the checks: answers built from a lesson's source, and wrong ones derived from them.

`python -m tests.checks.proof` prints, for every exercise and for all, how many wrong answers are refused and get their
message, how many right ones are accepted, and how many generic mutants its check catches.
"""

import ast
import contextlib
import io
import itertools
import linecache
import os
import re
import runpy
import sys
from functools import cache
from pathlib import Path

from helpers.exercises import checking, registry
from tests.checks import generic
from tools.build import source as build_source

ROOT = Path(__file__).resolve().parent.parent.parent
SEEDS = range(5)
USUAL_SECONDS = 10  # the limit of a check; more have those that train networks
IMPORTS = ast.Import, ast.ImportFrom
_count = itertools.count()


@cache
def all_lessons():
    """Every lesson of the workbook, parsed."""
    return tuple(build_source.read(path) for path in build_source.sources(ROOT / "solutions"))


def all_answers():
    """(lesson, answer) of every exercise."""
    return [(lesson, answer) for lesson in all_lessons() for answer in lesson.exercises]


@cache
def _first_cell(path):
    """The names that the first code cell defines, under the smoke profile, and those that all others import."""
    lesson = next(lesson for lesson in all_lessons() if lesson.path == path)
    first, *others = (cell.source for cell in lesson.cells if cell.cell_type == "code")
    imports = (node for source in others for node in ast.parse(source).body if isinstance(node, IMPORTS))
    names = {"__name__": "__main__"}
    before = os.environ.get("WORKBOOK_PROFILE")
    os.environ["WORKBOOK_PROFILE"] = "smoke"
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(first, f"<first cell of {path.name}>", "exec"), names)
            exec(compile("\n".join(map(ast.unparse, imports)), f"<imports of {path.name}>", "exec"), names)
    finally:
        if before is None:
            del os.environ["WORKBOOK_PROFILE"]
        else:
            os.environ["WORKBOOK_PROFILE"] = before
        sys.path[:] = [entry for entry in sys.path if entry != ".."]
    return names


def make(lesson, source: str, name: str):
    """The object called `name` that `source` defines when run right after the lesson's first cell and its imports."""
    names = dict(_first_cell(lesson.path))
    file = f"<answer {next(_count)}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    exec(compile(source, file, "exec"), names)
    return names[name]


def source_of(lesson, answer) -> str:
    """The answer cell as the maintainer wrote it, markers included."""
    return lesson.cells[answer.cell].source


def judge(id: str, thing, seed: int = 0):
    """The verdict on an object, with what it prints kept away."""
    with contextlib.redirect_stdout(io.StringIO()):
        return checking.verdict(id, thing, seed)


def wrong_answers(lesson) -> dict:
    """The tables WRONG, ALTERNATIVES and SURVIVORS of tests/checks/mutants/NN.py."""
    path = ROOT / "tests" / "checks" / "mutants" / f"{lesson.number}.py"
    names = runpy.run_path(str(path))
    return {key: names[key] for key in ("WRONG", "ALTERNATIVES", "SURVIVORS")}


def stubs(source: str):
    """(description, source) of answers of somebody who has only begun: every function with a blank replaced."""
    bodies = ["pass", "return None", "return {first}", "return 0.0", "return [0.0, 0.0, 0.0]"]
    for body in bodies:
        lines, skipping = [], False
        tree = ast.parse(source)
        for place, line in enumerate(source.splitlines(), start=1):
            mark = line.strip()
            if mark == build_source.BEGIN:
                indent = line[: len(line) - len(line.lstrip())]
                lines.append(indent + body.format(first=_first_argument(tree, place)))
                skipping = True
            elif mark == build_source.END:
                skipping = False
            elif not skipping:
                lines.append(line)
        stub = "\n".join(lines)
        yield body, stub


def _first_argument(tree, line) -> str:
    inner = [
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.lineno < line <= node.end_lineno
    ]
    arguments = [item.arg for item in inner[-1].args.args if item.arg != "self"] if inner else []
    return arguments[0] if arguments else "None"


def generic_mutants(answer, source: str) -> list[generic.Mutant]:
    """The generic mutants of the solution of an exercise; a few of each kind where the check trains networks."""
    task = registry.find(answer.id)
    return generic.generic_mutants(source, task.changes, few=task.seconds > USUAL_SECONDS)


COLUMNS = ("wrong", "refused", "named", "right", "accepted", "mutants", "caught", "explained")


def report(lessons: list[str]) -> None:
    """Print what each check does with the answers of its tables; of these lessons, or of all if none is named.

    wrong, refused, named: rows of WRONG, those that do not pass, those that get their own message.
    right, accepted: rows of ALTERNATIVES and those that pass.   mutants, caught, explained: the generic ones.
    """
    print(f"{'exercise':<10}" + "".join(f"{name:>{len(name) + 3}}" for name in COLUMNS))
    totals = [0] * len(COLUMNS)
    for lesson, answer in all_answers():
        if not lessons or lesson.number in lessons:
            row = counts(lesson, answer)
            totals = [old + new for old, new in zip(totals, row, strict=True)]
            _print_row(answer.id, row)
    _print_row("all", totals)


def counts(lesson, answer) -> list[int]:
    """The numbers of one exercise, in the order of COLUMNS."""
    tables = wrong_answers(lesson)
    wrong, right = ([row for row in tables[name] if row[0] == answer.id] for name in ("WRONG", "ALTERNATIVES"))
    verdicts = [judge(answer.id, make(lesson, row[2], answer.name)) for row in wrong]
    refused = sum(result.kind != checking.PASSED for result in verdicts)
    named = sum(told(result, row[3]) for result, row in zip(verdicts, wrong, strict=True))
    accepted = sum(passes(lesson, answer, row[2]) for row in right)
    mutants = generic_mutants(answer, source_of(lesson, answer))
    caught = sum(not survives(lesson, answer, mutant) for mutant in mutants)
    explained = sum(key[0] == answer.id for key in tables["SURVIVORS"])
    return [len(wrong), refused, named, len(right), accepted, len(mutants), caught, explained]


def _print_row(name: str, numbers: list[int]) -> None:
    cells = (f"{number:>{len(column) + 3}}" for number, column in zip(numbers, COLUMNS, strict=True))
    print(f"{name:<10}" + "".join(cells), flush=True)


def told(result, message: str) -> bool:
    """Whether a wrong answer was refused with its own message, a regular expression."""
    return result.kind == checking.NOT_YET and bool(re.search(message, repr(result), re.IGNORECASE | re.DOTALL))


def passes(lesson, answer, source: str, seeds=(0,)) -> bool:
    """Whether the check lets this source pass (a source that cannot even run does not), the same object each time."""
    try:
        thing = make(lesson, source, answer.name)
    except Exception:
        return False
    return all(judge(answer.id, thing, seed).kind == checking.PASSED for seed in seeds)


def survives(lesson, answer, mutant: generic.Mutant) -> bool:
    """Whether the check lets a generic mutant pass; on several seeds where it remembers, or depends on chance."""
    return passes(lesson, answer, mutant.source, SEEDS[:3] if mutant.kind in generic.OVER_SEEDS else SEEDS[:1])


if __name__ == "__main__":
    report([text.zfill(2) for text in sys.argv[1:]])
