"""The lesson table, badges and pictures of the README, made from the front matters and the executed notebooks."""

import base64
import re

from helpers.files import atomic_write_bytes, atomic_write_text
from tools.build import badges

MARKS = ("<!-- lessons: made by workbook.py build -->\n", "<!-- end of lessons -->\n")
TAG = "readme-"


def table(workbook) -> str:
    """The Markdown table, one row per lesson."""
    rows = ["| lesson | question | read | exercises | machine |", "|---|---|---|---|---|"]
    for lesson in workbook.lessons:
        front, minutes = lesson.front, lesson.front["minutes"]
        links = f"[{lesson.number} {front['title']}](solutions/{lesson.stem}.ipynb)"
        count = len(lesson.exercises)
        exercises = f"{count} · {minutes['exercises']:g} min"
        rows.append(
            f"| {links} | {front['question']} | {minutes['reading']:g} min | {exercises} | {minutes['machine']:g} min |"
        )
    return "\n".join(rows) + "\n"


def pictures(workbook) -> dict:
    """{path: PNG} of the executed cells tagged "readme-NAME", which become docs/NAME.png."""
    from tools.build.notebooks import read

    found = {}
    for lesson in workbook.lessons:
        solved = read(workbook.solved_path(lesson))
        for cell in solved.cells if solved is not None else ():
            names = [tag[len(TAG) :] for tag in cell.metadata.get("tags", []) if tag.startswith(TAG)]
            data = [output.get("data", {}) for output in cell.get("outputs", ())]
            images = [each["image/png"] for each in data if "image/png" in each]
            if names and images:
                found[workbook.root / "docs" / f"{names[0]}.png"] = base64.b64decode(images[-1])
    return found


def _wanted(workbook):
    """(path, text now, text wanted); None when there is no README with the two marks."""
    path = workbook.root / "README.md"
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        return None
    if MARKS[0] not in text or MARKS[1] not in text:
        return None
    shown = (
        badges.line(workbook.address, badges.FIRST, "tools/build/badges/{name}.png") + "\n" if workbook.address else ""
    )
    new = text
    for marks, made in ((MARKS, table(workbook)), (badges.MARKS, shown)):
        between = re.compile(re.escape(marks[0]) + ".*?" + re.escape(marks[1]), re.DOTALL)
        new = between.sub(lambda _, marks=marks, made=made: marks[0] + made + marks[1], new)
    return path, text, new


def problems(workbook) -> list[str]:
    """What is wrong with the table, the badges and the pictures of the README."""
    found = _wanted(workbook)
    if found is None:
        return ["README.md has no lesson table between its two marks"]
    old = [
        path.relative_to(workbook.root / "docs").as_posix()
        for path, image in pictures(workbook).items()
        if not path.exists() or path.read_bytes() != image
    ]
    said = [f"docs/{name} is not the picture of its lesson: run `python3 workbook.py build`" for name in old]
    if found[1] != found[2]:
        said.append("README.md has an old lesson table or old badges: run `python3 workbook.py build`")
    return said


def write(workbook) -> list[str]:
    """Bring the README and its pictures up to date; a sentence for each file that changed."""
    said = []
    for path, image in pictures(workbook).items():
        if not path.exists() or path.read_bytes() != image:
            path.parent.mkdir(exist_ok=True)
            atomic_write_bytes(path, image)
            said.append(f"wrote   docs/{path.name}")
    found = _wanted(workbook)
    if found is not None and found[1] != found[2]:
        atomic_write_text(found[0], found[2])
        said.append("wrote   README.md")
    return said
