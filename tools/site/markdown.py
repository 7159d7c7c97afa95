"""Markdown and the HTML of outputs as pieces of a page: formulas as MathML, pictures as files, links to pages."""

import base64
import mimetypes
import re
from pathlib import Path
from urllib.parse import unquote

from bs4 import BeautifulSoup, Comment, NavigableString

from tools.site.parts import Page, Pictures, Places
from tools.slides.markdown import rendered

HEADINGS = re.compile(r"h[1-6]")
FROM_ELSEWHERE = ("script", "iframe", "link", "video", "audio", "embed", "object", "style")
# The site has colours of its own, for a light and for a dark page.
COLOURS = re.compile(
    r"(?:^|;)\s*(?:color|background(?:-color)?|opacity|text-decoration-color|border(?:-left)?)\s*:[^;]*"
)
VERDICTS = {"✓": "passed", "✗": "not-yet", "○": "not-attempted"}


class Writer:
    """Turns the texts of one file into pieces of its page. `problems` collects what is not as it should be."""

    def __init__(self, page: Page, file: Path, root: Path, pictures: Pictures, places: Places):
        """file: where links and pictures are looked for, seen from it; root: the workbook's folder."""
        self.page, self.file, self.root = page, Path(file), Path(root)
        self.pictures, self.places = pictures, places
        self.problems: list[str] = []

    @property
    def source(self) -> str:
        """The file's path from the root."""
        return self.file.relative_to(self.root).as_posix()

    def markdown(self, text: str, attachments=None, title: bool = False) -> None:
        """Put Markdown at the end of the page. title: whether its first h1 is the page's title, and left out."""
        self.html(self.render(text, attachments), title)

    def render(self, text: str, attachments=None) -> str:
        """Markdown as HTML."""
        return rendered(text, self.problems, attachments)

    def html(self, html: str, title: bool = False) -> None:
        """Put HTML at the end of the page, cut at its headings."""
        soup = BeautifulSoup(html, "html.parser")
        self.take_in(soup)
        piece = []
        for element in soup.contents:
            name = getattr(element, "name", None) or ""
            if not HEADINGS.fullmatch(name):
                piece.append(str(element))
                continue
            self.page.add("".join(piece))
            piece = []
            words = " ".join(element.get_text(" ", strip=True).split())
            if name == "h1" and title:
                self.page.title, title = words, False
            else:
                self.page.head(int(name[1]), words)
        self.page.add("".join(piece))

    def take_in(self, soup) -> None:
        """Bring HTML to what the site shows: pictures as files, links to pages, nothing from elsewhere."""
        for element in soup.find_all(FROM_ELSEWHERE):
            element.decompose()
        for comment in soup.find_all(string=lambda text: isinstance(text, Comment)):
            comment.extract()  # as text it would be seen
        for image in soup.find_all("img"):
            self._picture(image)
        for link in soup.find_all("a", href=True):
            self._link(link)
        for element in soup.find_all(style=True):
            element["style"] = COLOURS.sub("", element["style"]).strip("; ")
            if not element["style"]:
                del element["style"]
        for table in soup.find_all("table"):
            if not table.find("tr"):
                table.decompose()
                continue
            for empty in (cell for cell in table.find_all("th") if not cell.get_text(strip=True)):
                empty.name = "td"  # a heading without words says nothing
            if not table.find_parent(class_="wide"):
                name = table.caption.get_text(strip=True) if table.caption else "table"
                table.wrap(soup.new_tag("div", attrs={"class": "wide", "tabindex": "0", "role": "group"}))
                table.parent["aria-label"] = name
        for block in soup.find_all("pre"):
            block["tabindex"] = "0"  # what scrolls must be reached by the keyboard as well

    def _picture(self, image) -> None:
        found = self._bytes(image.get("src", ""))
        alt = " ".join((image.get("alt") or "").split())
        if found is None:
            # A badge, say: its words stay, and so does the link around it.
            image.replace_with(NavigableString(alt))
            return
        if not alt:
            self.problems.append(f"{self.source} shows a picture without a description")
        path, size = self.pictures.add(*found)
        image["src"], image["alt"], image["loading"] = self.page.up + path, alt, "lazy"
        if size and not image.get("width"):
            image["width"], image["height"] = (str(side) for side in size)

    def _bytes(self, source: str) -> tuple[bytes, str] | None:
        """(a picture, its kind), from the page itself or from a file of the workbook; None for all else."""
        inside = re.match(r"data:(image/[\w+.-]+);base64,(.*)", source, re.DOTALL)
        if inside:
            return base64.b64decode(inside[2]), inside[1]
        if not source or re.match(r"[a-z]+:|//", source):
            return None
        path = (self.file.parent / unquote(source)).resolve()
        if self.root.resolve() not in path.parents or not path.is_file():
            self.problems.append(f"{self.source} shows a picture that is not there: {source}")
            return None
        return path.read_bytes(), mimetypes.guess_type(path.name)[0] or "image/png"

    def _link(self, link) -> None:
        address = unquote(link["href"])
        if re.match(r"(https?|mailto):", address):
            return
        found = self.places.find(address, self.source)
        if found is None:
            link.unwrap()  # a file of the repository that is no page
        else:
            link["href"] = found


def marked_verdict(soup) -> None:
    """Give what a check says the class of its verdict, so that the site can colour it."""
    for line in soup.find_all("b"):
        words = line.get_text().strip()
        box = line.parent
        if box.name == "div" and words[:1] in VERDICTS and " · Exercise " in words:
            box["class"] = ["verdict", VERDICTS[words[:1]]]
