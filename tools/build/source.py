"""Reads a lesson's source (`solutions/NN_slug.py`) and says what is wrong with it, in words and line numbers."""

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path

import jupytext
import yaml

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
BLANK = ("# YOUR CODE HERE", "raise NotImplementedError")
LONGEST_LINE = 100  # characters of code; a longer one is cut on paper
LONGEST_BLANK = 18  # lines; a longer one is two exercises
CHECK = re.compile(r'^(?:(\w+) = )?check\(\s*"([\d.]+)"\s*,\s*(\w+)\s*\)$', re.MULTILINE)
HEADING = re.compile(r"^### Exercise ([\d.]+) · (.+)$", re.MULTILINE)
FRONT_KEYS = {"lesson", "title", "question", "objectives", "needs", "minutes"}
FIRST_SCREEN = {"idea", "cover"}  # a few sentences; what its picture shows, in words
COVER = "cover"  # the tag of the cell whose picture it is


class LessonError(ValueError):
    """A source that cannot become notebooks; `problems` is a list of sentences."""

    def __init__(self, path, problems):
        super().__init__("\n".join(f"{Path(path).name}: {problem}" for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Answer:
    """The three cells of one exercise, by their place in `Lesson.cells`."""

    id: str
    title: str
    name: str
    cell: int


@dataclass
class Lesson:
    """A parsed source: its front matter, its cells (nbformat nodes, solved) and its exercises."""

    path: Path
    front: dict
    cells: list
    exercises: list[Answer] = field(default_factory=list)

    @property
    def number(self) -> str:
        """Two digits, from the file name."""
        return self.path.stem[:2]

    @property
    def cover(self) -> Path:
        """Where the picture of its first screen is kept."""
        return self.path.parent / "covers" / f"{self.number}.png"

    @property
    def stem(self) -> str:
        """The file name without its ending: "01_pca_linear_autoencoder"."""
        return self.path.stem


def read(path) -> Lesson:
    """Parse and validate a source. Raises LessonError with every problem found, not only the first."""
    path = Path(path)
    text = path.read_text(encoding="utf-8")
    front, body, problems = split_front_matter(text)
    problems += front_problems(front, path)
    cells = [cell for cell in jupytext.reads(body.lstrip(), fmt="py:percent").cells if cell.source.strip()]
    lesson = Lesson(path, front, cells)
    problems += solution_problems(cells) + exercise_problems(lesson) + house_rules(lesson)
    if problems:
        raise LessonError(path, problems)
    return lesson


def sources(folder) -> list[Path]:
    """The sources in a folder, in order of their numbers."""
    return sorted(path for path in Path(folder).glob("[0-9][0-9]_*.py"))


def split_front_matter(text: str) -> tuple[dict, str, list[str]]:
    """(front matter, the text below it, problems)."""
    match = re.match(r"# ---\n((?:#.*\n)*?)# ---\n", text)
    if not match:
        return {}, text, ["does not begin with a front matter between two lines `# ---`"]
    lines = [line[2:] if line.startswith("# ") else line[1:] for line in match.group(1).splitlines()]
    try:
        front = yaml.safe_load("\n".join(lines))
    except yaml.YAMLError as error:
        return {}, text[match.end() :], [f"its front matter is no YAML: {error}"]
    return front if isinstance(front, dict) else {}, text[match.end() :], []


def front_problems(front: dict, path: Path) -> list[str]:
    """What is missing or odd in the front matter."""
    if not front:
        return []
    problems = [f"its front matter lacks `{key}`" for key in sorted(FRONT_KEYS - set(front))]
    problems += [f"its front matter has an unknown `{key}`" for key in sorted(set(front) - FRONT_KEYS - FIRST_SCREEN)]
    if str(front.get("lesson")) != path.stem[:2]:
        problems.append(f'its front matter says lesson {front.get("lesson")!r}, its name says "{path.stem[:2]}"')
    if not 3 <= len(front.get("objectives") or []) <= 5:
        problems.append("it should have 3 to 5 objectives")
    minutes = front.get("minutes") or {}
    if set(minutes) != {"reading", "exercises", "machine"}:
        problems.append("`minutes` should have reading, exercises and machine")
    return problems


def solution_problems(cells) -> list[str]:
    """Unbalanced, nested, empty, too long or misplaced blanks."""
    problems = []
    for number, cell in enumerate(cells, start=1):
        marks = [
            (place, line.strip())
            for place, line in enumerate(cell.source.splitlines(), start=1)
            if line.strip() in (BEGIN, END)
        ]
        near_misses = re.findall(r"^\s*#+ *(?:BEGIN|END) *SOLUTION.*$", cell.source, re.MULTILINE | re.IGNORECASE)
        where = f"cell {number} ({_first_line(cell)})"
        if len(near_misses) != len(marks):
            problems.append(f"{where}: a marker is misspelt; they are `{BEGIN}` and `{END}`")
        if cell.cell_type != "code":
            problems += [f"{where}: a blank in a text cell"] if marks else []
            continue
        inside = None
        for place, mark in marks:
            if mark == BEGIN and inside is not None:
                problems.append(f"{where}, line {place}: a blank begins inside a blank")
            elif mark == END and inside is None:
                problems.append(f"{where}, line {place}: a blank ends that never began")
            elif mark == END:
                problems += [f"{where}, {text}" for text in _blank_problems(cell.source, inside, place)]
            inside = place if mark == BEGIN else None
        if inside is not None:
            problems.append(f"{where}, line {inside}: a blank begins and never ends")
    return problems


def _blank_problems(source, begin, end):
    lines = source.splitlines()
    size = len([line for line in lines[begin : end - 1] if line.strip()])
    if size == 0:
        yield f"line {begin}: an empty blank"
    if size > LONGEST_BLANK:
        yield f"line {begin}: a blank of {size} lines; more than {LONGEST_BLANK} is two exercises"
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        yield f"line {error.lineno}: not Python: {error.msg}"
        return
    functions = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.lineno < begin and node.end_lineno >= end - 1
    ]
    if not functions:
        yield f"line {begin}: a blank outside a function, where the notebook would stop"
    outer = next((node for node in tree.body if node.lineno <= begin and node.end_lineno >= end - 1), None)
    if isinstance(outer, ast.FunctionDef | ast.ClassDef) and not ast.get_docstring(outer):
        yield f"line {outer.lineno}: {outer.name} has no docstring"
    for node in functions:
        arguments = [item for item in node.args.args if item.arg != "self"]
        untyped = [item.arg for item in arguments if item.annotation is None]
        if untyped and not node.name.startswith("__"):
            yield f"line {node.lineno}: {node.name} lacks types for {', '.join(untyped)}"


def exercise_problems(lesson: Lesson) -> list[str]:
    """Finds the exercises (heading, answer, check) into `lesson.exercises`; says what does not fit together."""
    problems, seen = [], set()
    code = [place for place, cell in enumerate(lesson.cells) if cell.cell_type == "code"]
    for place, cell in enumerate(lesson.cells):
        for match in CHECK.finditer(cell.source) if cell.cell_type == "code" else ():
            if match.group(2) in seen:
                problems.append(f"exercise {match.group(2)} is checked twice")
            seen.add(match.group(2))
            if match.group(1) != match.group(3):
                problems.append(f"exercise {match.group(2)}: write `{match.group(3)} = check(…, {match.group(3)})`")
        if BEGIN not in cell.source or cell.cell_type != "code":
            continue
        following = next((lesson.cells[other] for other in code if other > place), None)
        match = CHECK.search(following.source) if following is not None else None
        where = f"cell {place + 1} ({_first_line(cell)})"
        if match is None:
            problems.append(f"{where}: a blank without a check in the next code cell")
            continue
        heading = HEADING.search(lesson.cells[place - 1].source) if place else None
        if heading is None or heading.group(1) != match.group(2):
            problems.append(f"{where}: no heading `### Exercise {match.group(2)} · …` in the text cell before it")
            continue
        if match.group(2).split(".")[0] != str(int(lesson.number)):
            problems.append(f"exercise {match.group(2)} does not belong to lesson {lesson.number}")
        lesson.exercises.append(Answer(match.group(2), heading.group(2).strip(), match.group(3), place))
    ids = [answer.id for answer in lesson.exercises]
    problems += [f"exercise {id} appears twice" for id in sorted({id for id in ids if ids.count(id) > 1})]
    return problems


def house_rules(lesson: Lesson) -> list[str]:
    """Rules of the house that a parser can see."""
    problems = []
    code = [cell.source for cell in lesson.cells if cell.cell_type == "code"]
    if not code or "session.start(" not in code[0]:
        problems.append("its first code cell should import everything and call session.start(…)")
    loads = re.search(r"^(?:import|from) (?:keras|tensorflow)\b", code[0] if code else "", re.MULTILINE)
    if loads and "backend" not in code[0][: loads.start()]:
        problems.append("import `backend` of helpers before keras: it keeps TensorFlow's start-up messages away")
    for source in code:
        long = [line for line in source.splitlines() if len(line) > LONGEST_LINE]
        problems += [f"a line of {len(line)} characters, more than {LONGEST_LINE}: {line[:60]}…" for line in long]
        if re.search(r"^\s*(?:if|elif)\b.*\bprofile\b", source, re.MULTILINE):
            problems.append("an `if` on the profile: let the settings of session.start decide")
        if re.search(r"[\"'](?:/home/|/Users/|/work/|/tmp/|[A-Z]:\\)", source):
            problems.append("a path of somebody's machine")
    covers = [cell for cell in lesson.cells if COVER in cell.metadata.get("tags", [])]
    if len(covers) != ("cover" in lesson.front):
        problems.append('`cover` in the front matter and one cell with tags=["cover"] belong together')
    titles = [title for cell in lesson.cells if cell.cell_type == "markdown" for title in sections(cell.source)]
    problems += [f"two sections are called {t!r}" for t in sorted({t for t in titles if titles.count(t) > 1})]
    return problems


def sections(markdown: str) -> list[str]:
    """The titles of the headings `##` in a text cell."""
    return re.findall(r"^## (.+?)\s*$", markdown, re.MULTILINE)


def blanked(source: str) -> str:
    """The cell as a student sees it: each solution replaced by a comment and `raise NotImplementedError`."""
    lines, skipping = [], False
    for line in source.splitlines():
        mark = line.strip()
        if mark == BEGIN:
            indent = line[: len(line) - len(line.lstrip())]
            lines += [indent + text for text in BLANK]
            skipping = True
        elif mark == END:
            skipping = False
        elif not skipping:
            lines.append(line)
    return "\n".join(lines)


def solved(source: str) -> str:
    """The cell as an instructor sees it: without the markers."""
    return "\n".join(line for line in source.splitlines() if line.strip() not in (BEGIN, END))


def _first_line(cell) -> str:
    line = next((line for line in cell.source.splitlines() if line.strip()), "empty")
    return line if len(line) <= 50 else line[:47] + "…"
