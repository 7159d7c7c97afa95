"""What proves the checks: answers built from a lesson's source, and wrong ones derived from them.

`python -m tests.checks.proof` prints, for every exercise and for all, how many wrong answers are refused and get their
message, how many right ones are accepted, and how many generic mutants its check catches.
"""

import ast
import contextlib
import copy
import io
import itertools
import linecache
import os
import re
import runpy
import sys
from functools import cache
from pathlib import Path

from helpers.exercises import checking
from tools.build import source as build_source

ROOT = Path(__file__).resolve().parent.parent.parent
SEEDS = range(5)
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
    """The names that the lesson's first code cell defines, under the smoke profile."""
    lesson = next(lesson for lesson in all_lessons() if lesson.path == path)
    first = next(cell for cell in lesson.cells if cell.cell_type == "code")
    names = {"__name__": "__main__"}
    before = os.environ.get("WORKBOOK_PROFILE")
    os.environ["WORKBOOK_PROFILE"] = "smoke"
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(first.source, f"<first cell of {path.name}>", "exec"), names)
    finally:
        if before is None:
            del os.environ["WORKBOOK_PROFILE"]
        else:
            os.environ["WORKBOOK_PROFILE"] = before
        sys.path[:] = [entry for entry in sys.path if entry != ".."]
    return names


def make(lesson, source: str, name: str):
    """The object called `name` that `source` defines when run right after the lesson's first cell."""
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


def generic_mutants(source: str):
    """(description, source) for each small change of the solution: an operator, an axis, a term, a constant …"""
    inside = _blank_lines(source)
    tree = ast.parse(source)
    seen = set()
    for path, node in _nodes(tree):
        line = getattr(node, "lineno", None)
        if line not in inside:
            continue
        for changed in _changes(node):
            mutated = _replace(tree, path, changed)
            text = ast.unparse(mutated)
            before, after = (" ".join(ast.unparse(item).split()) for item in (node, changed))
            description = f"{before} -> {after}"
            if text in seen or before == after:
                continue
            seen.add(text)
            yield description, text


def _blank_lines(source) -> set[int]:
    inside, lines = False, set()
    for place, line in enumerate(source.splitlines(), start=1):
        if line.strip() in (build_source.BEGIN, build_source.END):
            inside = line.strip() == build_source.BEGIN
        elif inside:
            lines.add(place)
    return lines


def _nodes(node, path=()):
    """Every node with its path of (field, index) from the root."""
    yield path, node
    for name, value in ast.iter_fields(node):
        if isinstance(value, ast.AST):
            yield from _nodes(value, (*path, (name, None)))
        elif isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, ast.AST):
                    yield from _nodes(item, (*path, (name, index)))


def _replace(tree, path, new):
    tree = copy.deepcopy(tree)
    parent = tree
    for name, index in path[:-1]:
        parent = getattr(parent, name) if index is None else getattr(parent, name)[index]
    name, index = path[-1]
    if index is None:
        setattr(parent, name, new)
    else:
        getattr(parent, name)[index] = new
    return ast.fix_missing_locations(tree)


_OPERATORS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}
_COMPARISONS = {ast.Lt: ast.GtE, ast.Gt: ast.LtE, ast.Eq: ast.NotEq}
_COMPARISONS.update({new: old for old, new in _COMPARISONS.items()})


def _changes(node):
    """The changed versions of one node."""
    if isinstance(node, ast.BinOp):
        if type(node.op) in _OPERATORS:
            yield ast.BinOp(node.left, _OPERATORS[type(node.op)](), node.right)
        if isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Div | ast.Pow):
            yield node.left
    elif isinstance(node, ast.UnaryOp):
        yield node.operand
    elif isinstance(node, ast.Compare) and type(node.ops[0]) in _COMPARISONS:
        yield ast.Compare(node.left, [_COMPARISONS[type(node.ops[0])](), *node.ops[1:]], node.comparators)
    elif isinstance(node, ast.keyword) and isinstance(node.value, ast.Constant | ast.UnaryOp):
        yield from (ast.keyword(node.arg, value) for value in _other_values(node.arg, node.value))
    elif isinstance(node, ast.Call) and len(node.args) >= 2:
        yield ast.Call(node.func, [node.args[1], node.args[0], *node.args[2:]], node.keywords)
    elif isinstance(node, ast.Slice) and node.step is not None:
        yield ast.Slice(node.lower, node.upper, None)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        yield ast.Constant(node.value + 1)
    elif isinstance(node, ast.Expr | ast.Assign | ast.AugAssign) and not (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    ):
        yield ast.Pass()
    elif isinstance(node, ast.Attribute) and node.attr == "T":
        yield node.value


def _other_values(name, node):
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif name == "axis":
        with contextlib.suppress(ValueError, TypeError):
            yield ast.Constant(1 if ast.literal_eval(node) == 0 else 0)


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
    mutants = list(generic_mutants(source_of(lesson, answer)))
    caught = sum(not passes(lesson, answer, source) for _, source in mutants)
    explained = sum(key[0] == answer.id for key in tables["SURVIVORS"])
    return [len(wrong), refused, named, len(right), accepted, len(mutants), caught, explained]


def _print_row(name: str, numbers: list[int]) -> None:
    cells = (f"{number:>{len(column) + 3}}" for number, column in zip(numbers, COLUMNS, strict=True))
    print(f"{name:<10}" + "".join(cells), flush=True)


def told(result, message: str) -> bool:
    """Whether a wrong answer was refused with its own message, a regular expression."""
    return result.kind == checking.NOT_YET and bool(re.search(message, repr(result), re.IGNORECASE | re.DOTALL))


def passes(lesson, answer, source: str) -> bool:
    """Whether the check lets this source pass (a source that cannot even run does not)."""
    try:
        thing = make(lesson, source, answer.name)
    except Exception:
        return False
    return judge(answer.id, thing).kind == checking.PASSED


if __name__ == "__main__":
    report([text.zfill(2) for text in sys.argv[1:]])
