"""The house: which folder may import which, and what lies where. ARCHITECTURE.md draws the same rules."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tools.build import source as build_source

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 110  # cells of a lesson's notebook
LOOSE = {"__init__", "backend", "environment", "files", "session"}

# Each folder, and the lower ones that it may import. Whatever is not named here is forbidden.
GROUND = ("files", "backend", "plots")
MAY = {
    "files": (),
    "backend": (),
    "plots": (),
    "lessons": (),
    "session": ("plots", "lessons"),
    "data": ("files",),
    "widgets": ("plots", "session"),
    "training": ("backend", "plots", "session"),
    "weights": ("backend", "files", "session"),
    "scoreboard": ("files", "plots", "session", "weights"),
    "environment": ("data", "session"),
    "exercises": ("files", "session", "widgets"),
    "codings": ("plots", "widgets"),
    "metrics": ("backend", "codings", "data", "files", "weights"),
}
LOWER = ("backend", "files", "session", "data", "plots", "widgets", "training", "weights", "metrics", "codings")
MAY["autoencoders"] = MAY["gans"] = LOWER
MAY["comparison"] = (*LOWER, "scoreboard", "autoencoders", "gans")
MAY["checks"] = ("exercises", "backend", "autoencoders", "gans")

# Within a line, an idea stands on the common files, and on these earlier ideas.
COMMON = {"autoencoders": ("autoencoder", "size_explorer")}
COMMON["gans"] = ("gan", "losses", "compiled", "penalties", "samples", "callbacks", "film", "film_player", "trials")
EARLIER = {"gans.stability": ("vanilla",), "gans.wasserstein": ("vanilla", "dcgan"), "gans.stylegan": ("progan",)}


@cache
def modules() -> dict[str, Path]:
    """{"helpers.gans.gan": its file} of all files of helpers and tools; a face goes by the name of its folder."""
    found = {}
    for top in ("helpers", "tools"):
        for path in sorted((ROOT / top).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            found[name.removesuffix(".__init__")] = path
    return found


@cache
def imports() -> dict[str, set[str]]:
    """What each module imports of helpers and tools, also inside functions; a face's names count as the face."""
    return {name: set(_imported(ast.parse(path.read_text(encoding="utf-8")))) for name, path in modules().items()}


def _imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] in ("helpers", "tools"))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ("helpers", "tools"):
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in modules() else node.module


def is_face(name: str) -> bool:
    return modules()[name].name == "__init__.py"


def wrong_arrows(arrows: dict[str, set[str]]) -> list[str]:
    """Every import that the rules do not allow, as "a -> b: why"."""
    wrong = []
    for name, wanted in arrows.items():
        for other in sorted(wanted - {name, "helpers"}):
            why = _why_not(name, other)
            if why:
                wrong.append(f"{name} -> {other}: {why}")
    return wrong


def _why_not(name: str, other: str) -> str:
    if name.split(".")[0] == "tools":
        return ""  # tools may import everything
    if other.split(".")[0] == "tools":
        return "a helper never imports a tool"
    parts, theirs = name.split(".")[1:], other.split(".")[1:]
    if not parts:
        return "helpers itself imports nothing"
    if other in modules() and is_face(other) and not name.startswith(other):
        return "helpers import files, not faces"
    if parts[0] != theirs[0]:
        return "" if theirs[0] in MAY[parts[0]] else f"{parts[0]} may not import {theirs[0]}"
    if parts[0] == "checks":
        lessons = parts[1:2], theirs[1:2]
        return "" if lessons[0] == lessons[1] else "the checks of one lesson know nothing of another's"
    if parts[0] in COMMON and len(parts) > 1 and len(theirs) > 1 and theirs[1] not in COMMON[parts[0]]:
        ideas = (parts[1], *EARLIER.get(f"{parts[0]}.{parts[1]}", ()))
        if parts[1] in COMMON[parts[0]] or theirs[1] not in ideas:
            return f"{parts[0]}.{parts[1]} may not import {parts[0]}.{theirs[1]}"
    return ""


def circle(arrows: dict[str, set[str]]) -> list[str]:
    """Modules that import each other in a circle; empty when there is none."""
    state: dict[str, int] = {}

    def walk(name, way):
        state[name] = 1
        for other in sorted(arrows.get(name, ())):
            if other == name or (other in modules() and is_face(other)):
                continue  # a face stands above its files
            if state.get(other) == 1:
                return [*way[way.index(other) :], other]
            if other not in state:
                found = walk(other, [*way, other])
                if found:
                    return found
        state[name] = 2
        return []

    for name in arrows:
        if name not in state and not is_face(name):
            found = walk(name, [name])
            if found:
                return found
    return []


def test_every_arrow_points_down():
    assert not wrong_arrows(imports())


@pytest.mark.parametrize(
    "name, other",
    [
        ("helpers.plots.style", "helpers.session"),
        ("helpers.metrics.probes", "helpers.gans.gan"),
        ("helpers.gans.gan", "helpers.gans.dcgan.networks"),
        ("helpers.gans.progan.gan", "helpers.gans.stylegan.layers"),
        ("helpers.autoencoders.vae.model", "helpers.autoencoders.pca.components"),
        ("helpers.gans.film", "helpers.autoencoders.autoencoder"),
        ("helpers.data.dataset", "helpers.checks.lesson00"),
        ("helpers.checks.lesson16.layers", "helpers.checks.lesson15.layers"),
        ("helpers.files", "tools.front"),
        ("helpers.gans.samples", "helpers.metrics"),
    ],
)
def test_a_wrong_arrow_is_seen(name, other):
    assert name in modules() and other in modules()
    arrows = {**imports(), name: imports()[name] | {other}}
    assert any(line.startswith(f"{name} -> {other}: ") for line in wrong_arrows(arrows))


def test_no_import_runs_in_a_circle():
    assert not circle(imports())
    broken = {**imports(), "helpers.files": {"helpers.weights.store"}}
    assert circle(broken)


def test_nothing_lies_loose():
    assert {path.stem for path in (ROOT / "helpers").glob("*.py")} == LOOSE
    folders = {path.name for path in (ROOT / "helpers").iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders | LOOSE - {"__init__"} == set(MAY)


def faces() -> list[str]:
    """The faces of helpers, without those of the checks and lessons, whose files go by numbers."""
    numbered = (".checks", ".lessons")
    return [n for n in modules() if n.startswith("helpers.") and is_face(n) and not any(one in n for one in numbered)]


@pytest.mark.parametrize("name", faces())
def test_a_face_tells_what_is_behind_it_and_defines_nothing(name):
    path = modules()[name]
    tree = ast.parse(path.read_text(encoding="utf-8"))
    allowed = (ast.ImportFrom, ast.Assign)  # the assignment is that of __all__
    assert ast.get_docstring(tree) and all(isinstance(node, allowed) for node in tree.body[1:])
    told = ast.get_docstring(tree)
    files = [one.name for one in path.parent.glob("*.py") if not one.name.startswith("__")]
    assert [one for one in files if one not in told] == []


@pytest.mark.parametrize("name", faces())
def test_a_face_hides_no_file_behind_a_name(name):
    tree = ast.parse(modules()[name].read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module != name:
            hidden = [alias.name for alias in node.names if f"{name}.{alias.name}" in modules()]
            assert not hidden, f"{name}.{hidden[0]} would be the function, and no longer the file"


def test_what_does_without_tensorflow_does_not_load_it():
    names = (
        "helpers, helpers.data, helpers.metrics, helpers.scoreboard, helpers.exercises, helpers.plots, helpers.weights"
    )
    code = f"import sys, {names}, helpers.environment; print({{'tensorflow', 'keras'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def lessons() -> list[Path]:
    return sorted((ROOT / "solutions").glob("[0-9][0-9]_*.py"))


@pytest.mark.parametrize("path", lessons(), ids=lambda path: path.stem[:2])
def test_a_lesson_begins_with_eight_imports_at_most_and_takes_them_from_faces(path):
    first = next(cell for cell in build_source.read(path).cells if cell.cell_type == "code")
    kinds = ast.Import, ast.ImportFrom
    assert len(build_source.read(path).cells) <= LONGEST - 1, "a page of its own comes before them"
    assert sum(isinstance(node, kinds) for node in ast.parse(first.source).body) <= 8, "the rest where they are used"
    imports = [
        node
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "helpers"
    ]
    assert len(imports) <= 8
    faces = [node.module for node in imports if node.module != "helpers"]
    assert len(faces) == len(set(faces)), "each face once, with all that the lesson takes from it"
    deep = [node.module for node in imports if not is_face(node.module)]
    assert not deep, "a lesson imports from a folder, not from a file in it"
