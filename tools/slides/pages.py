"""Lays the units of a notebook out on pages: new slides where the notebook says so, and more where one overflows."""

import re
from dataclasses import dataclass, field
from itertools import groupby

from bs4 import BeautifulSoup

from tools.guide.notes import Notes
from tools.slides.cells import Cells, Unit, slide_type

HEIGHT = 632  # pixels of the stage that a page has for its units
TOLERANCE = 1.15  # a slide may overflow by so much: the script makes it a little smaller instead of parting it
TITLE_TOLERANCE = 1.45
SPARSE = 240  # pixels of the stage: a page with less on it waits for more
MOST_PACKED = 500  # pixels of the stage, all type and figures at their smallest; estimates are good to a line or two
WIDEST_BESIDE, SHORT_CAPTION = 2.1, 150  # width by height of a figure; pixels of the text below it


@dataclass
class Page:
    """One screen. title: plain text; part, parts: its place among the pages of its slide; steps: its fragments."""

    title: str
    level: str
    units: list[Unit]
    part: int = 1
    parts: int = 1
    notes: list[str] = field(default_factory=list)

    @property
    def steps(self) -> int:
        """How many times a key has to be pressed before everything is on screen."""
        return len({unit.step for unit in self.units if unit.step})

    @property
    def kind(self) -> str:
        """How the page looks: "title", "section" (a heading alone) or "plain"."""
        if self.level == "h1" and self.part == 1:
            return "title"
        return "section" if [unit.kind for unit in self.units] == ["heading"] else "plain"

    @property
    def html(self) -> str:
        """The content, with the heading of the slide repeated on its second and later pages."""
        parts = []
        if self.part > 1 and self.title:
            title, level = _escaped(self.title), "h2" if self.level == "h1" else self.level
            parts.append(f'<{level} class="again">{title} <small>{self.part} of {self.parts}</small></{level}>')
        steps = sorted({unit.step for unit in self.units if unit.step})
        for (around, step), units in groupby(self.units, key=lambda unit: (unit.around, unit.step)):
            inner = around[0] + "\n".join(unit.html for unit in units) + around[1]
            if step:
                inner = f'<div class="fragment" data-step="{steps.index(step) + 1}">{inner}</div>'
            parts.append(inner)
        return "\n".join(parts)


def pages(notebook, cells: Cells, notes: Notes | None = None) -> list[Page]:
    """The pages of a notebook, in order. notes: the speaker's notes from the guide."""
    found = []
    for units in _slides(notebook, cells, notes or Notes(None)):
        found += _parted(units)
    return found


def _slides(notebook, cells: Cells, notes: Notes) -> list[list[Unit]]:
    """The units of each slide, by the cells' slide types."""
    slides, step = [[]], 0
    for cell in notebook.cells:
        kind = slide_type(cell)
        if kind == "skip" or cell.cell_type not in ("markdown", "code") or not cell.source.strip():
            continue
        if kind in ("slide", "subslide"):
            slides.append([])
            step = 0
        if kind == "notes":
            slides[-1].append(cells.notes(cell) if cell.cell_type == "markdown" else _code_notes(cell))
            continue
        units = cells.markdown(cell) if cell.cell_type == "markdown" else cells.code_cell(cell)
        if kind == "fragment" and units:
            step += 1
            for unit in units:
                unit.step = step
        slides[-1] += _with_notes(units, cell, notes)
    return [units for units in slides if any(unit.kind != "notes" for unit in units)]


def _with_notes(units: list[Unit], cell, notes: Notes) -> list[Unit]:
    """The units of a cell, each heading followed by its notes, and a quiz by its answer for the speaker."""
    out = []
    for unit in units:
        out.append(unit)
        said = notes.of_heading(_title_of(unit)) if unit.kind == "heading" else ""
        out += [Unit(said, 0, "notes")] if said else []
    said = notes.of_code(cell.source) if cell.cell_type == "code" and units else ""
    return out + ([Unit(said, 0, "notes")] if said else [])


def _title_of(heading: Unit) -> str:
    return BeautifulSoup(heading.html, "html.parser").get_text(" ", strip=True)


def _code_notes(cell) -> Unit:
    return Unit(f"<pre>{_escaped(cell.source)}</pre>", 0, "notes")


def _parted(units: list[Unit]) -> list[Page]:
    """One slide as one page, or as several where it is too high."""
    heading = next((unit for unit in units if unit.kind == "heading"), None)
    tag = re.match(r"<(h\d)", heading.html) if heading else None
    title = _title_of(heading) if heading else ""
    level = tag[1] if tag else "h2"
    groups = [part for group in _groups(_beside(units)) for part in _loosened(group)]
    parts, room = [[]], HEIGHT
    left = sum(unit.height for group in groups for unit in group)
    spare = HEIGHT * ((TITLE_TOLERANCE if level == "h1" else TOLERANCE) - 1)
    for group in groups:
        need = sum(unit.height for unit in group)
        # All that is left goes on this page if it nearly fits: better a little smaller than a page for one line.
        last = left <= room + spare
        # Rather a smaller figure than a slide with no more than a sentence on it.
        nearly_empty = HEIGHT - room < SPARSE and need <= room + 0.35 * HEIGHT
        if parts[-1] and need > room and not last and not nearly_empty:
            parts.append([])
            room = HEIGHT - 74
        parts[-1] += group
        room -= need
        left -= need
    made = [Page(title, level, [unit for unit in part if unit.kind != "notes"]) for part in parts]
    for number, (page, part) in enumerate(zip(made, parts, strict=True), start=1):
        page.part, page.parts = number, len(made)
        page.notes = [unit.html for unit in part if unit.kind == "notes"]
    return made


def _beside(units: list[Unit]) -> list[Unit]:
    """Long text goes to the right of its figure, unless the figure is wide: below it would leave it no room."""
    out = []
    for unit in units:
        before = out[-1] if out else None
        pair = before is not None and before.kind == "figure" and unit.kind == "text" and before.step == unit.step
        if pair and 0 < before.ratio <= WIDEST_BESIDE and unit.height > SHORT_CAPTION:
            html = f'<div class="beside">{before.html}<div>{unit.html}</div></div>'
            out[-1] = Unit(html, max(before.height, 2.6 * unit.height), "text", unit.step)
        else:
            out.append(unit)
    return out


def _loosened(group: list[Unit]) -> list[list[Unit]]:
    """A group in two, before its last figure, when even the smallest type and figures would not bring it on a page."""
    places = [place for place, unit in enumerate(group) if "<figure>" in unit.html]
    least = sum(min(unit.height, 260) if unit.kind == "figure" else 0.56 * unit.height for unit in group)
    if not places or least <= MOST_PACKED:
        return [group]
    cut = places[-1]
    while cut and group[cut - 1].kind in ("code", "notes") and group[cut - 1].tied:
        cut -= 1  # the code that made the figure
    if not any(unit.kind not in ("notes", "heading") and unit.height > 20 for unit in group[:cut]):
        return [group]
    return [*_loosened(group[:cut]), group[cut:]]


def _groups(units: list[Unit]) -> list[list[Unit]]:
    """What must stay on one page: a heading and what follows it, code and its output, a figure and its sentence."""
    groups, bound = [], False
    for place, unit in enumerate(units):
        before = next((other for other in reversed(units[:place]) if other.kind != "notes"), None)
        caption = before is not None and before.kind == "figure" and unit.kind == "text"
        if groups and (bound or caption or unit.kind == "notes"):
            groups[-1].append(unit)
        else:
            groups.append([unit])
        if unit.kind != "notes":
            bound = unit.tied or unit.kind == "heading" or unit.html.rstrip().endswith(":</p>")
    return groups


def _escaped(text: str) -> str:
    from html import escape

    return escape(text, quote=False)
