"""Makes the two notebooks of a lesson: the blank one for students and the solved one for instructors."""

import ast
import base64
import hashlib
import json
import re
import unicodedata
from pathlib import Path

import nbformat

from helpers import session
from tools.build import badges
from tools.build.source import CHECK, COVER, HEADING, Lesson, blanked, sections, solved

IMPORTS = ast.Import, ast.ImportFrom
SOLUTION_ONLY = "solution-only"
CHECK_OUTPUT = "# NBVAL_CHECK_OUTPUT"
# as a kernel says it; converters take the ending of scripts and the colours of code from here
LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}


def blank_notebook(lesson: Lesson, neighbours=(None, None), address=None):
    """The student's notebook: blanks instead of solutions, no outputs. Equal sources give equal bytes.

    address: where the repository can be had; None leaves out the badges.
    """
    notebook = _notebook(lesson, neighbours, address, student=True)
    stamp(notebook)
    return notebook


def solved_notebook(lesson: Lesson, neighbours=(None, None), executed=None, address=None):
    """The instructor's notebook. Outputs are taken over from `executed` where a cell has not changed."""
    notebook = _notebook(lesson, neighbours, address, student=False)
    if executed is not None:
        for cell, twin in _twins(notebook, executed):
            cell.outputs, cell.execution_count = twin.outputs, twin.execution_count
        for key in ("executed", "measured"):
            if key in executed.metadata.get("workbook", {}):
                notebook.metadata["workbook"][key] = executed.metadata["workbook"][key]
    stamp(notebook)
    return notebook


def _twins(notebook, executed) -> list[tuple]:
    """(cell, the executed cell that computes the same): of the same id, or of another where its imports have moved."""
    old = {cell.get("id"): cell for cell in executed.cells if cell.cell_type == "code"}
    new = [cell for cell in notebook.cells if cell.cell_type == "code"]
    spare: dict[str, list] = {}
    for id, cell in old.items():
        if all(id != each.id for each in new):
            spare.setdefault(computes(cell.source), []).append(cell)
    found = []
    for cell in new:
        work, twin = computes(cell.source), old.get(cell.id)
        if twin is not None and computes(twin.source) == work:
            found.append((cell, twin))
        elif twin is None and spare.get(work):
            found.append((cell, spare[work].pop(0)))
    return found


def is_executed(notebook) -> bool:
    """Whether its outputs are those of this code, and those of every code cell are there."""
    counts = [cell.execution_count for cell in _lesson_code(notebook)]
    return notebook.metadata["workbook"].get("executed") == code_digest(notebook) and None not in counts


def stamp(notebook) -> None:
    """Note what the builder has written, so that somebody's work in the file is seen later."""
    notebook.metadata["workbook"]["built"] = content_digest(notebook)


def text(notebook) -> str:
    """The notebook as it is written to a file; raises nbformat's ValidationError for an invalid one."""
    nbformat.validate(notebook)
    # line by line, as Jupyter saves: then a save without a change is no change, and git can merge two edits
    return nbformat.writes(notebook, version=nbformat.NO_CONVERT).rstrip("\n") + "\n"


def without_outputs(notebook):
    """A copy without outputs, counts and what execution has noted."""
    copy = nbformat.from_dict(json.loads(json.dumps(notebook)))
    for cell in copy.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    for key in ("executed", "measured", "built"):
        copy.metadata.get("workbook", {}).pop(key, None)
    return copy


def code_digest(notebook) -> str:
    """Digest of what is executed: the code cells, and what they read in helpers/lessons.

    Prose may change without a new execution, and so may the numbers of the other profiles, the cell in which a
    name is imported, and the cell that fetches the workbook elsewhere.
    """
    cells = [cell.source for cell in _lesson_code(notebook)]
    imported = {line for source in cells for line in _imports(source)}
    code = "\n# %%\n".join(map(computes, cells)) + repr(sorted(imported))
    try:
        page = session.pages(notebook.metadata["workbook"]["lesson"])
        code += repr((page.LECTURE, page.QUIZZES))
    except ValueError:
        pass  # a lesson without numbers and questions
    return hashlib.sha256(code.encode("utf-8")).hexdigest()[:16]


def _lesson_code(notebook) -> list:
    """The code cells that belong to the lesson."""
    return [cell for cell in notebook.cells if cell.cell_type == "code" and not badges.is_bootstrap(cell)]


def computes(source: str) -> str:
    """A cell without its imports: they bring names, and compute nothing."""
    nodes = [node for node in _tree(source).body if isinstance(node, IMPORTS)]
    gone = {line for node in nodes for line in range(node.lineno, node.end_lineno + 1)}
    return "\n".join(text for line, text in enumerate(source.split("\n"), 1) if line not in gone).strip()


def _imports(source: str) -> list[str]:
    """Each name that a cell imports, as a statement of its own."""
    nodes = [node for node in _tree(source).body if isinstance(node, IMPORTS)]
    alone = [(node, name) for node in nodes for name in node.names]
    return [
        ast.unparse(ast.ImportFrom(node.module, [name], node.level) if hasattr(node, "module") else ast.Import([name]))
        for node, name in alone
    ]


def _tree(source: str) -> ast.Module:
    try:
        return ast.parse(source)
    except SyntaxError:  # not Python alone
        return ast.Module([], [])


def content_digest(notebook) -> str:
    """Digest of a whole notebook apart from the digest itself: tells a built file from an edited one.

    What Jupyter notes of the kernel when it saves does not count.
    """
    copy = json.loads(json.dumps(notebook))
    metadata = copy.get("metadata", {})
    metadata.get("workbook", {}).pop("built", None)
    for key in ("kernelspec", "language_info"):
        metadata.pop(key, None)
    return hashlib.sha256(json.dumps(copy, sort_keys=True).encode("utf-8")).hexdigest()[:16]


def is_as_built(notebook) -> bool:
    """Whether a notebook is still just what the builder wrote: nobody has worked in it."""
    return notebook.get("metadata", {}).get("workbook", {}).get("built") == content_digest(notebook)


def _notebook(lesson, neighbours, address, student):
    notebook = nbformat.v4.new_notebook()
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
            "language_info": LANGUAGE,
            "workbook": {"lesson": lesson.number},
        }
    )
    notebook.cells = [_title_cell(lesson)]
    if address:
        folder = "notebooks" if student else "solutions"
        notebook.cells += badges.cells(lesson.number, lesson.stem, folder, address)
    names = _Names(lesson.number)
    for cell in lesson.cells:
        tags = list(cell.metadata.get("tags", []))
        if student and SOLUTION_ONLY in tags:
            continue
        notebook.cells.append(_cell(cell, tags, names.next(cell), student))
    notebook.cells.append(_last_cell(lesson, neighbours))
    return notebook


def _cell(cell, tags, id, student):
    source = cell.source
    metadata = {"slideshow": cell.metadata.get("slideshow") or {"slide_type": _slide_type(cell)}}
    if tags:
        metadata["tags"] = tags
    if cell.cell_type == "markdown":
        return nbformat.v4.new_markdown_cell(source, id=id, metadata=metadata)
    if student:
        source = blanked(source)
        if source.startswith(CHECK_OUTPUT):  # nothing to compare with: a student's notebook has no outputs
            source = source[len(CHECK_OUTPUT) :].lstrip("\n")
    else:
        source = solved(source)
    return nbformat.v4.new_code_cell(source, id=id, metadata=metadata)


def _slide_type(cell) -> str:
    if cell.cell_type == "markdown":
        if re.match(r"#{1,2} ", cell.source):
            return "slide"
        if cell.source.startswith("### "):
            return "subslide"
    return "-"


class _Names:
    """Cell ids from the lesson, the section and the cell's own first line: a new cell moves no other's id."""

    def __init__(self, number):
        self.number, self.section, self.counts, self.exercise = number, "start", {}, None

    def next(self, cell) -> str:
        if cell.cell_type == "markdown":
            titles = sections(cell.source)
            if titles:
                self.section = _slug(titles[0])
            heading = HEADING.search(cell.source)
            if heading:
                self.exercise = heading.group(1).replace(".", "-")
                return f"exercise-{self.exercise}-task"
        elif self.exercise and "### BEGIN SOLUTION" in cell.source:
            return f"exercise-{self.exercise}-answer"
        elif self.exercise and CHECK.search(cell.source):
            name, self.exercise = f"exercise-{self.exercise}-check", None
            return name
        kind = "text" if cell.cell_type == "markdown" else "code"
        first = next((line for line in cell.source.splitlines() if line.strip()), "")
        name = f"{self.number}-{self.section[:30]}-{kind}-{hashlib.sha256(first.encode('utf-8')).hexdigest()[:6]}"
        self.counts[name] = self.counts.get(name, 0) + 1
        return name if self.counts[name] == 1 else f"{name}-{self.counts[name]}"


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "section"


def _title_cell(lesson):
    front, minutes = lesson.front, lesson.front["minutes"]
    objectives = "\n".join(f"- {line}" for line in front["objectives"])
    picture, attachments = "", {}
    if "cover" in front and lesson.cover.exists():
        picture = f"![{front['cover']}](attachment:cover.png)\n\n"
        attachments = {"cover.png": {"image/png": base64.b64encode(lesson.cover.read_bytes()).decode("ascii")}}
    idea = f"{front['idea'].strip()}\n\n" if "idea" in front else ""
    source = (
        f"# {lesson.number} · {front['title']}\n\n*{front['question']}*\n\n{picture}{idea}"
        f"**After this lesson you can**\n\n{objectives}\n\n"
        f"**You need:** {front['needs']}\n\n"
        f"**Time:** {minutes['reading']:g} minutes to read · {minutes['exercises']:g} minutes of exercises · "
        f"{minutes['machine']:g} minute{'' if minutes['machine'] == 1 else 's'} for the machine on two cores"
    )
    metadata = {"slideshow": {"slide_type": "slide"}}
    cell = nbformat.v4.new_markdown_cell(source, id=f"{lesson.number}-title", metadata=metadata)
    if attachments:  # the file itself goes along: a blank notebook has its picture before anything has run
        cell.attachments = nbformat.from_dict(attachments)
    return cell


def _last_cell(lesson, neighbours):
    links = [
        f"{before}[{other.number} · {other.front['title']}]({other.stem}.ipynb){after}"
        for other, before, after in zip(neighbours, ("← ", ""), ("", " →"), strict=True)
        if other is not None
    ]
    source = "---\n\n" + ("&nbsp;&nbsp;·&nbsp;&nbsp;".join(links) or "This is the only lesson so far.")
    metadata = {"slideshow": {"slide_type": "skip"}}
    return nbformat.v4.new_markdown_cell(source, id=f"{lesson.number}-way", metadata=metadata)


def read(path: Path):
    """The notebook in a file; None when there is none, or it is no notebook."""
    try:
        notebook = nbformat.from_dict(nbformat.read(path, as_version=4))
        notebook.metadata.get("workbook", {}).get("built")
    except Exception:  # nbformat has no one word for what is no notebook: a list, a text, brackets without an end
        return None
    return notebook


def cover(notebook) -> bytes | None:
    """The picture of the cell with the tag `cover`, as PNG; None when it has not shown one."""
    for cell in notebook.cells:
        if COVER in cell.metadata.get("tags", []):
            for output in cell.outputs:
                if "image/png" in output.get("data", {}):
                    return base64.b64decode(output.data["image/png"])
    return None
