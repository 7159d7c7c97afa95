"""The bibliography: every paper that a lesson names, collected from the lists "Where to read on" and from their links.

A paper that a text only mentions, by a link or by names and a year, has no title there: papers.yaml gives it.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from tools.guide.pages import MADE

PAPERS = Path(__file__).with_name("papers.yaml")
LINK = re.compile(r"\[([^\]]+)\]\((https?://[^)\s]+)\)")
ARXIV = re.compile(r"arxiv\.org/(?:abs|pdf)/(\d{4}\.\d{4,5})")
NAME = r"(?:van der |de )?[A-ZÀ-Þ][\w’'-]+"
# "Metz and others (2017)", "Kingma and Welling, 2014", "(Rippel, Gelbart and Adams, 2014)"
CITED = re.compile(
    rf"\b({NAME})(?:(?:,| and|, and) {NAME})*(?: and others| et al\.)?,? \(?((?:18|19|20)\d\d)\)?(?![\d/]|, \*)"
)
# words with a capital that may stand before a year and are no authors
NOBODY = {
    *("In", "Since", "From", "By", "Until", "Before", "After", "About", "For", "The", "At", "And", "Of", "With"),
    *("Fashion", "NIPS", "ICML", "AAE", "ALAE", "Adam", "TR", "StyleGAN2"),
}


@dataclass
class Paper:
    """authors: as a lesson writes them; title; where: journal or link, Markdown; lessons: the numbers that name it."""

    authors: str
    year: str
    title: str
    where: str
    address: str = ""
    lessons: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        """What makes two entries one paper."""
        found = ARXIV.search(self.address)
        return found[1] if found else re.sub(r"\W+", " ", self.title.lower()).strip()

    @property
    def line(self) -> str:
        """The entry as a line of Markdown."""
        where = f", {self.where}" if self.where else ""
        link = _link(self.address)
        return f"{self.authors} ({self.year}), *{self.title}*{where}{f', {link}' if link else ''}"


def _link(address: str) -> str:
    found = ARXIV.search(address)
    if found:
        return f"[arXiv {found[1]}](https://arxiv.org/abs/{found[1]})"
    return f"[{address.split('/')[2].removeprefix('www.')}]({address})" if address else ""


def parsed(text: str) -> Paper | None:
    """One reference of a list, as the lessons spell them; None for what has no authors, year and title."""
    links = LINK.findall(text)
    plain = re.sub(r"\s+", " ", LINK.sub(r"\1", text)).strip()
    found = re.match(r"(.+?),? \(?((?:18|19|20)\d\d)\)?, \*([^*]+)\*[,:]?\s*(.*)$", plain)
    if not found:
        return None
    authors, year, title, rest = found.groups()
    where = re.split(r":|; | \(|(?:^|, )(?:arXiv|doi) ", rest)[0].strip(" ,.")
    if not re.match(r"[A-Z0-9]|technical report|lecture notes", where):
        where = ""  # a remark on the paper, no place where it appeared
    address = next((url for _, url in links), "")
    authors = authors.replace(" et al.", " and others").replace(" et al", " and others")
    return Paper(authors, year, title, where, address)


def papers(lessons) -> list[Paper]:
    """All papers, by authors and year; `lessons` of each holds every lesson that lists, links or cites it."""
    found: dict[str, Paper] = {}
    for lesson in lessons:
        for text in _references(lesson):
            paper = parsed(text)
            if paper is not None:
                _add(found, paper)
    for one in yaml.safe_load(PAPERS.read_text(encoding="utf-8")):
        paper = parsed(one)
        if paper is None:
            raise ValueError(f"{PAPERS.name}: not a reference: {one}")
        _add(found, paper)
    for lesson in lessons:
        text = _text(lesson)
        plain, citations = re.sub(r"\s+", " ", text), _citations(text)
        for paper in found.values():
            arxiv = ARXIV.search(paper.address)
            # names and a year alone may mean another paper of the same people in that year
            cited = not arxiv and (_first(paper), paper.year) in citations
            if paper.title in plain or cited or (arxiv and arxiv[1] in text):
                paper.lessons.append(lesson.number)
    return sorted(found.values(), key=lambda paper: (_plain(paper.authors), paper.year, paper.title))


def missing(lessons, known: list[Paper]) -> list[str]:
    """What the lessons name and the bibliography lacks, as "lesson: words"."""
    ids = {paper.key for paper in known}
    names = {pair for paper in known for pair in _names(paper)}
    said = []
    for lesson in lessons:
        text = _text(lesson)
        said += [f"{lesson.number}: arXiv {id}" for id in ARXIV.findall(text) if id not in ids]
        said += [f"{lesson.number}: {name} {year}" for name, year in _citations(text) if (name, year) not in names]
    return list(dict.fromkeys(said))


def page(lessons) -> str:
    """docs/bibliography.md."""
    stems = {lesson.number: lesson.stem for lesson in lessons}
    lines = [MADE, "", "# Bibliography", "", "Every paper and book that the lessons name, and the lessons that do.", ""]
    for paper in papers(lessons):
        links = ", ".join(f"[{number}](../solutions/{stems[number]}.ipynb)" for number in paper.lessons)
        lines.append(f"- {paper.line} · lesson{'s' if len(paper.lessons) > 1 else ''} {links}")
    return "\n".join(lines) + "\n"


def _add(found: dict[str, Paper], paper: Paper) -> None:
    """Keep one entry of each paper: the one that names more authors, with the address and place of either."""
    old = found.get(paper.key) or next((p for p in found.values() if _same(p, paper)), None)
    if old is None:
        found[paper.key] = paper
        return
    better, other = (paper, old) if len(paper.authors) > len(old.authors) else (old, paper)
    better.where, better.address = better.where or other.where, better.address or other.address
    better.title = max(better.title, other.title, key=len)
    found.pop(old.key, None)
    found[better.key] = better


def _same(one: Paper, other: Paper) -> bool:
    titles = sorted((one.title.lower(), other.title.lower()), key=len)
    surname = {_plain(paper.authors).split(",")[0].split(" and ")[0] for paper in (one, other)}
    return len(surname) == 1 and one.year == other.year and titles[1].startswith(titles[0])


def _references(lesson) -> list[str]:
    """The entries of the lists "Where to read on" of a lesson; two papers in one line are two."""
    found, on = [], False
    for cell in lesson.cells:
        if cell.cell_type != "markdown":
            continue
        on = on or "**Where to read on**" in cell.source
        if on:
            for item in re.findall(r"^- (.+(?:\n +.+)*)", cell.source, re.MULTILINE):
                found += re.split(r"; (?=\[?[A-ZÀ-Þ])", re.sub(r"\s+", " ", item))
    return found


def _text(lesson) -> str:
    return "\n\n".join(cell.source for cell in lesson.cells if cell.cell_type == "markdown")


def _citations(text: str) -> set[tuple[str, str]]:
    plain = re.sub(r"\s+", " ", LINK.sub(r"\1", text))
    return {(name, year) for name, year in CITED.findall(plain) if name not in NOBODY}


def _first(paper: Paper) -> str:
    return re.split(r", | and ", paper.authors)[0]


def _names(paper: Paper) -> set[tuple[str, str]]:
    words = re.split(r", | and ", paper.authors)
    return {(word, paper.year) for word in words if word != "others"}


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).lower().removeprefix("van der ")
