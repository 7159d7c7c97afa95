"""What a check says about a mistake, found in the check's own source: nothing is run, and no TensorFlow is needed."""

import ast
import re
import runpy
from functools import cache
from pathlib import Path

SHORTEST = 20  # characters; a shorter piece of text is part of a message, or no message at all


@cache
def wrong_answers(root: Path, number: str) -> list[tuple[str, str, str]]:
    """(exercise, name of the mistake, pattern of its message) of every wrong answer that a lesson's check must catch.

    Empty where tests/checks/mutants/NN.py is missing, as in a copy for students.
    """
    path = root / "tests" / "checks" / "mutants" / f"{number}.py"
    if not path.is_file():
        return []
    return [(id, name, pattern) for id, name, _, pattern, *_ in runpy.run_path(str(path))["WRONG"]]


def message(root: Path, number: str, exercise: str, pattern: str) -> str:
    """The sentence of an exercise's check that fits the pattern; "" when there is none, or more than one."""
    fitting = {text for text in _texts(root, number, exercise) if len(text) > SHORTEST and re.search(pattern, text)}
    return fitting.pop() if len(fitting) == 1 else ""


@cache
def _texts(root: Path, number: str, exercise: str) -> frozenset[str]:
    """All texts in the file of an exercise's check, without its docstrings and hints; … stands for a value."""
    place = root / "helpers" / "checks" / f"lesson{number}"
    files = sorted(place.glob("*.py")) if place.is_dir() else [place.with_suffix(".py")]
    mark = re.compile(rf'@exercise\(\s*"{re.escape(exercise)}"')
    for file in files:
        source, texts = _read(file)
        if mark.search(source):
            return texts
    return frozenset()


@cache
def _read(file: Path) -> tuple[str, frozenset[str]]:
    """A file of checks: its source, and the texts in it."""
    source = file.read_text(encoding="utf-8") if file.is_file() else ""
    return source, frozenset(_texts_of(ast.parse(source)))


def _texts_of(tree: ast.Module):
    nodes = list(ast.walk(tree))
    left_out = {id(part) for node in nodes for part in _no_messages(node)}
    for node in nodes:
        if id(node) in left_out:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)


def _no_messages(node):
    """What is inside of docstrings, hints and f-strings (which are taken as a whole)."""
    if isinstance(node, ast.JoinedStr):
        yield from (part for part in ast.walk(node) if part is not node)
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value
    elif isinstance(node, ast.keyword) and node.arg == "hints":
        yield from ast.walk(node)
