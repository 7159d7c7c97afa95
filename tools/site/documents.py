"""The first page, from the README and the lessons' front matters, and a page for each Markdown file below docs/."""

import re
from html import escape
from pathlib import Path

from tools.site.markdown import Writer
from tools.site.parts import Page

# The lesson that begins a part of the course, and what the part is called.
FAMILY = {
    0: "First steps",
    1: "Autoencoders",
    11: "Generative adversarial networks",
    17: "Comparison",
    18: "Further on",
}
FOLDERS = {"docs": "Look up", "docs/teaching": "Teaching"}
ON_FIRST_PAGE = ("Start",)  # sections of the README that a reader of the site wants; the lessons come as cards


def family(number: str) -> str:
    """The part of the course that a lesson belongs to. number: its two digits."""
    return FAMILY[max(first for first in FAMILY if first <= int(number))]


def by_family(lessons) -> dict[str, list]:
    """{part of the course: its lessons}, in their order."""
    found: dict[str, list] = {}
    for lesson in lessons:
        found.setdefault(family(lesson.number), []).append(lesson)
    return found


def first_page(writer: Writer, readme: str, lessons) -> None:
    """What the workbook is, all lessons with a picture each, and how to start. readme: its text."""
    before, *sections = re.split(r"^(?=## )", readme, flags=re.MULTILINE)
    writer.markdown(before, title=True)
    for name, members in by_family(lessons).items():
        writer.page.head(2, name)
        writer.page.add(f'<div class="cards">{"".join(_card(writer, lesson) for lesson in members)}</div>')
    for section in sections:
        if section.partition("\n")[0].removeprefix("## ").strip() in ON_FIRST_PAGE:
            writer.markdown(section)


def _card(writer: Writer, lesson) -> str:
    front, minutes, image = lesson.front, lesson.front["minutes"], ""
    if lesson.cover.is_file():
        path, size = writer.pictures.add(lesson.cover.read_bytes(), "image/png")
        alt = " ".join(str(front.get("cover", front["question"])).split())
        sides = f'width="{size[0]}" height="{size[1]}"'
        image = f'<img src="{writer.page.up}{path}" alt="{escape(alt, quote=True)}" loading="lazy" {sides}>'
    return (
        f'<article class="card"><h3><a href="{writer.page.up}lessons/{lesson.stem}.html">{lesson.number} · '
        f"{escape(front['title'])}</a></h3>{image}<p>{escape(front['question'])}</p>"
        f"<p class='time'>{minutes['reading']:g} minutes to read, {minutes['exercises']:g} minutes of exercises</p>"
        "</article>"
    )


def documents(root: Path) -> list[Path]:
    """The Markdown files below docs/, in the order of their folders and names."""
    return sorted((root / "docs").rglob("*.md"), key=lambda path: (path.parent.as_posix(), path.name))


def page_of(path: Path, root: Path) -> Page:
    """An empty page for a Markdown file; its title is the file's name until its h1 is read."""
    name = path.relative_to(root).with_suffix("").as_posix()
    return Page(name, path.stem.replace("_", " ").capitalize())


def contents(lessons, pages: dict[Path, Page], root: Path) -> list[tuple[str, list[str]]]:
    """[(caption, names of pages)]: the lessons by parts, then the documents by folders."""
    found = [(name, [f"lessons/{each.stem}" for each in members]) for name, members in by_family(lessons).items()]
    folders: dict[str, list[str]] = {}
    for path, page in pages.items():
        folder = path.parent.relative_to(root).as_posix()
        caption = FOLDERS.get(folder, path.parent.name.replace("_", " ").capitalize())
        folders.setdefault(caption, []).append(page.name)
    return [*found, *folders.items()]
