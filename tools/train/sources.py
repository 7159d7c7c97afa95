"""What the weights that ship belong to: the digest of each `source=` of each lesson, without training anything."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import linecache
import os
import sys
from pathlib import Path

from helpers.weights import store
from helpers.weights.digest import NoSource, digest
from tools.build import source

CALLS = ("load_or_train", "load", "require")


def digests(path: Path, form=digest) -> list[str]:
    """The digest of every `source=` in a lesson, in their order, with the settings of the lecture profile.

    Of the lesson only the first cell runs, and those lines that what stands behind `source=` is made of.
    path: solutions/NN_slug.py.   form: what makes a digest of a value.   Raises what those lines raise.
    """
    lesson = source.read(path)
    cells = [source.solved(cell.source) for cell in lesson.cells if cell.cell_type == "code"]
    tree = ast.parse("\n\n".join(cells))
    first = len(ast.parse(cells[0]).body)
    name = f"<{path.stem}>"
    text = ast.unparse(tree)
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    tree = ast.parse(text)
    names = {"__name__": "__main__"}
    with _lecture(path.parent):
        for statement in tree.body[:first]:
            _run(statement, name, names)
        return [form(_value(expression, scope, tree, name, dict(names))) for expression, scope in _sources(tree)]


def stale(folder: Path | None = None, solutions: Path | None = None) -> list[str]:
    """The names of weights with a lesson of their own whose manifest carries none of its lesson's digests."""
    solutions = solutions or Path(__file__).resolve().parents[2] / "solutions"
    found = []
    for path in source.sources(solutions):
        known = None
        for manifest in manifests(folder, path.stem[:2]):
            known = digests(path) if known is None else known
            if manifest["source"] not in known:
                found.append(manifest["name"])
    return found


def manifests(folder: Path | None, lesson: str) -> list[dict]:
    """The manifests of the weights that belong to a lesson ("07"); films and tables have a source of their own."""
    facts = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((folder or store.folder()).glob("*.json"))]
    return [
        one for one in facts if one.get("lesson") == lesson and "weights" in one and not one["name"].endswith("_film")
    ]


def _sources(tree: ast.Module) -> list[tuple[ast.expr, ast.FunctionDef | None]]:
    """(what stands behind `source=`, the function it stands in) of every call that loads weights."""
    found = []

    def walk(node, scope):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Call) and getattr(child.func, "attr", "") in CALLS:
                # data.load has a source="shipped" of another kind
                found.extend(
                    (k.value, scope)
                    for k in child.keywords
                    if k.arg == "source" and not isinstance(k.value, ast.Constant)
                )
            walk(child, child if isinstance(child, ast.FunctionDef) else scope)

    walk(tree, None)
    return found


def _value(expression, scope, tree, file, names):
    """The value of an expression of the lesson, after the assignments and definitions that it needs."""
    needed, done = [expression], set()
    statements = []
    while needed:
        node = needed.pop()
        wanted = {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
        for body in ([scope.body] if scope else []) + [tree.body]:
            for statement in body:
                if id(statement) in done or statement.lineno > expression.lineno:
                    continue
                if _binds(statement) & wanted and not (_binds(statement) & set(names)):
                    done.add(id(statement))
                    statements.append(statement)
                    if isinstance(statement, ast.Assign | ast.AugAssign):
                        needed.append(statement.value)
    for statement in sorted(statements, key=lambda one: one.lineno):
        _run(statement, file, names)
    return eval(compile(ast.Expression(expression), file, "eval"), names)


def _binds(statement) -> set[str]:
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {(one.asname or one.name).partition(".")[0] for one in statement.names}
    if isinstance(statement, ast.Assign | ast.AugAssign):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        return {n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)}
    return set()


def _run(statement, file, names) -> None:
    exec(compile(ast.Module([statement], []), file, "exec"), names)


@contextlib.contextmanager
def _lecture(folder: Path):
    """The lecture profile, the lesson's own folder, and silence."""
    before, here, path = dict(os.environ), Path.cwd(), list(sys.path)
    os.environ.update(WORKBOOK_PROFILE="lecture", MPLBACKEND="Agg")
    try:
        os.chdir(folder)
        with contextlib.redirect_stdout(io.StringIO()):
            yield
    finally:
        os.chdir(here)
        sys.path[:] = path
        os.environ.clear()
        os.environ.update(before)


__all__ = ["NoSource", "digests", "manifests", "stale"]
