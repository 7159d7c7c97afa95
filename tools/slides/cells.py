"""Turns the cells of an executed notebook into units: the pieces of HTML that a slide is made of.

nbconvert renders Markdown, ANSI colours and code; this module decides what an audience sees of a cell, estimates
how high each piece will be on a slide, and puts everything that would come over the network inside or out.
"""

import base64
import mimetypes
import re
from dataclasses import dataclass
from html import escape
from pathlib import Path

from bs4 import BeautifulSoup, NavigableString
from nbconvert.filters import ansi2html
from nbconvert.filters.highlight import Highlight2HTML

from tools.build.notebooks import CHECK_OUTPUT
from tools.build.source import BLANK
from tools.slides import tidy
from tools.slides.heights import CODE_LINE, ENLARGED, LINE, SMALLEST_FIGURE, WIDTH, height_of, lines
from tools.slides.markdown import rendered

MOST_TIED = 520  # pixels of outputs of one cell that are kept on one page
ANSWER = re.compile(r"exercise-.+-answer$")
NETWORK_TAGS = ("script", "iframe", "link", "video", "audio", "embed", "object")
PICTURES = ("image/svg+xml", "image/png", "image/jpeg", "image/gif")


@dataclass
class Unit:
    """A piece of a slide that is never torn apart.

    kind: heading | text | item | figure | code | output | notes; height: an estimate in pixels of the stage;
    step: the fragment it appears with, 0 for what is there at once; around: the tags of the list it belongs to;
    tied: whether it stays on one page with the unit after it; ratio: width by height of a figure, 0 if unknown.
    """

    html: str
    height: float
    kind: str
    step: int = 0
    around: tuple[str, str] = ("", "")
    tied: bool = False
    ratio: float = 0.0


class Cells:
    """Renders the cells of one notebook; `problems` collects what could not be shown as it should."""

    def __init__(self, folder: Path, blanks: dict[str, str], code: bool = True):
        """folder: where pictures with relative paths are looked for; blanks: the student's cells, by cell id."""
        self.folder, self.blanks, self.code = Path(folder), blanks, code
        self.problems: list[str] = []
        self._highlight = Highlight2HTML(pygments_lexer="python")

    def markdown(self, cell) -> list[Unit]:
        """A text cell as one unit for each paragraph, list item, table, formula or <details>."""
        return [unit for element in self._soup(cell).contents for unit in self._text_units(element)]

    def notes(self, cell) -> Unit:
        """A cell for the speaker's eyes only."""
        return Unit(str(self._soup(cell)), 0, "notes")

    def code_cell(self, cell) -> list[Unit]:
        """The code of a cell, folded or not, and its outputs; nothing for the cell that sets the lesson up."""
        source = cell.source
        if re.search(r"\bsession\.start\(", source) and slide_type(cell) in ("-", ""):
            return []
        if source.startswith(CHECK_OUTPUT):
            source = source[len(CHECK_OUTPUT) :].lstrip("\n")
        outputs = _tied([unit for output in cell.get("outputs", []) for unit in self._output(output)])
        if ANSWER.search(cell.get("id", "")):
            return [self._answer(cell.id, source), *outputs]
        if not self.code or not source.strip():
            return outputs
        if outputs:  # a lecture shows results first
            html = f'<details class="code"><summary>code</summary>{self._coloured(source)}</details>'
            return [Unit(html, 12, "code", tied=True), *outputs]
        parts = tidy.code_parts(source)
        return [Unit(self._coloured(part), CODE_LINE * (part.count("\n") + 1) + 24, "code") for part in parts]

    def _answer(self, id, source) -> Unit:
        """The signature and docstring of an exercise; the answer behind a button, or not at all without code."""
        blank = self.blanks.get(id, "")
        lines = [line for line in blank.splitlines() if line.strip() != BLANK[0]]
        task = "\n".join(line.replace(BLANK[1], "...") if line.strip() == BLANK[1] else line for line in lines)
        shown = f'<div class="task">{self._coloured(task)}</div>' if task else ""
        hidden = f'<details class="answer"><summary>Answer</summary>{self._coloured(source)}</details>'
        height = CODE_LINE * (task.count("\n") + 1) + 24 + (50 if self.code else 0)
        return Unit(f'<div class="exercise">{shown}{hidden if self.code else ""}</div>', height, "code")

    def _coloured(self, source) -> str:
        return self._highlight(source)

    def _output(self, output) -> list[Unit]:
        if output.output_type == "stream":
            text = tidy.without_log_lines(output.text)
            return [_text_output(part, output.name) for part in tidy.text_parts(text)] if text.strip() else []
        if output.output_type == "error":
            return [_text_output("\n".join(output.traceback) or f"{output.ename}: {output.evalue}", "error")]
        data, metadata = output.get("data", {}), output.get("metadata", {})
        if "text/html" in data:
            soup = BeautifulSoup(_joined(data["text/html"]), "html.parser")
            self._take_in(soup)
            return [
                Unit(f'<div class="html">{"".join(map(str, part))}</div>', sum(map(height_of, part)), "output")
                for part in tidy.html_parts(soup)
            ]
        for kind in PICTURES:
            if kind in data:
                words = _joined(data.get("text/plain", "")).removeprefix("[figure] ")
                return [_picture(kind, _joined(data[kind]), metadata.get(kind, {}), words)]
        for kind in ("text/markdown", "text/latex"):
            if kind in data:
                soup = BeautifulSoup(self._markdown(_joined(data[kind]), {}), "html.parser")
                self._take_in(soup)
                return [unit for element in soup.contents for unit in self._text_units(element)]
        text = _joined(data.get("text/plain", ""))
        return [_text_output(part, "result") for part in tidy.text_parts(text)] if text.strip() else []

    def _soup(self, cell):
        soup = BeautifulSoup(self._markdown(cell.source, cell.get("attachments", {})), "html.parser")
        self._take_in(soup)
        return soup

    def _markdown(self, source, attachments) -> str:
        return rendered(source, self.problems, attachments)

    def _text_units(self, element) -> list[Unit]:
        if isinstance(element, NavigableString):
            text = str(element).strip()
            return [Unit(f"<p>{escape(text)}</p>", LINE * lines(text), "text")] if text else []
        if element.name in ("ul", "ol"):
            return _items(element)
        if element.name in ("h1", "h2", "h3"):
            return [Unit(str(element), height_of(element), "heading")]
        if not str(element).strip() or element.name == "hr":
            return []
        images = [element] if element.name == "img" else element.find_all("img")
        if len(images) == 1 and element.name in ("img", "p", "div") and not element.get_text(strip=True):
            return [_image(images[0])]
        return [Unit(str(element), height_of(element), "text")]

    def _take_in(self, soup) -> None:
        """Put pictures into the page and leave out what would have to be fetched, with a line about it."""
        for drawing in soup.find_all("svg"):
            tidy.legend_apart(drawing)
        for image in soup.find_all("img"):
            source = image.get("src", "")
            if not source.startswith("data:"):
                found = self._embedded(source)
                if found is None:
                    self.problems.append(f"leaves out a picture that is not in the workbook: {source}")
                    image.replace_with(f"[{image.get('alt') or 'picture'}]")
                    continue
                image["src"] = found
            if str(image.get("width", "")).isdecimal():
                _enlarge(image)
            _unroll(image)
        for element in soup.find_all(NETWORK_TAGS):
            address = element.get("src") or element.get("href") or element.get("data") or ""
            if element.name != "script" or address:
                self.problems.append(f"leaves out <{element.name}>, which would load {address or 'something'}")
                element.decompose()

    def _embedded(self, source: str) -> str | None:
        path = (self.folder / source).resolve()
        inside = self.folder.resolve().parent in path.parents
        if re.match(r"[a-z]+:|//", source) or not inside or not path.is_file():
            return None
        kind = mimetypes.guess_type(path.name)[0] or "image/png"
        return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"


def _tied(units: list[Unit]) -> list[Unit]:
    """The outputs of one cell, kept together as far as one page goes."""
    height = 0.0
    for unit, after in zip(units, units[1:], strict=False):
        height += unit.height
        unit.tied = height + after.height <= MOST_TIED
    return units


def _items(element) -> list[Unit]:
    """The items of a list, one by one, so that a long list may go on on the next page with its numbers."""
    items = element.find_all("li", recursive=False)
    for number, item in enumerate(items, start=int(element.get("start", 1))):
        if element.name == "ol":
            item["value"] = str(number)
    tags = f"<{element.name}>", f"</{element.name}>"
    return [Unit(str(item), height_of(item), "item", around=tags) for item in items]


def slide_type(cell) -> str:
    return cell.get("metadata", {}).get("slideshow", {}).get("slide_type") or ""


def _joined(text) -> str:
    return "".join(text) if isinstance(text, list) else str(text)


def _text_output(text: str, kind: str) -> Unit:
    one = "" if "\n" in text.strip() else " line"  # a sentence may be wrapped, a table of text may not
    html = f'<pre class="out {kind}{one}">{ansi2html(text.rstrip())}</pre>'
    return Unit(html, CODE_LINE * (text.rstrip().count("\n") + 1) + 20, "output")


def _picture(kind: str, data: str, metadata: dict, words: str) -> Unit:
    """A figure that fills its slide as far as its proportions and the text beside it allow."""
    if kind == "image/svg+xml":
        code, size = base64.b64encode(data.encode("utf-8")).decode("ascii"), None
    else:
        code, size = re.sub(r"\s", "", data), _png_size(data) if kind == "image/png" else None
    if metadata.get("width") and metadata.get("height"):
        size = float(metadata["width"]), float(metadata["height"])
    if kind == "image/png" and size and size[0] > tidy.WIDEST * size[1]:
        code, shown = tidy.unrolled_base64(code), size[0] / (_png_size(data) or size)[0]
        size = tuple(shown * side for side in _png_size(code) or size)
    style, height, ratio = "", 2.0 * SMALLEST_FIGURE, 0.0
    if size:
        ratio = size[0] / size[1]
        style = f' style="--wide:{size[0]:g};--high:{size[1]:g}"'
        height = min(WIDTH, ENLARGED * size[0]) * size[1] / size[0]
    alt = escape(words if words and not words.startswith("<") else "figure", quote=True)
    image = f'<img class="sized" alt="{alt}"{style} src="data:{kind};base64,{code}">'
    return Unit(f"<figure>{image}</figure>", min(height, SMALLEST_FIGURE) + 16, "figure", ratio=ratio)


def _image(image) -> Unit:
    """A picture of a text cell, as a figure."""
    if "sized" not in (image.get("class") or []):
        size = _png_size(image["src"].partition(",")[2]) if image.get("src", "").startswith("data:image/png") else None
        if size:
            image["width"], image["height"] = map(str, size)
            _enlarge(image)
    found = re.search(r"--wide:(\d+);--high:(\d+)", image.get("style", ""))
    ratio = int(found[1]) / int(found[2]) if found else 0.0
    height = min(WIDTH, ENLARGED * int(found[1])) / ratio if found else SMALLEST_FIGURE
    return Unit(f"<figure>{image}</figure>", min(height, SMALLEST_FIGURE) + 16, "figure", ratio=ratio)


def _unroll(image) -> None:
    """A picture in an output that is too wide for a slide becomes half as wide and twice as high."""
    found = re.search(r"--wide:(\d+);--high:(\d+)", image.get("style", ""))
    if found and int(found[1]) > tidy.WIDEST * int(found[2]) and image["src"].startswith("data:image/png"):
        head, _, data = image["src"].partition(",")
        new, wide = tidy.unrolled_base64(data), _png_size(data)[0]
        if new != data:
            shown, size = int(found[1]) / wide, _png_size(new)
            image["src"] = f"{head},{new}"
            image["style"] = f"--wide:{size[0] * shown:.0f};--high:{size[1] * shown:.0f}"


def _png_size(data: str) -> tuple[int, int] | None:
    head = base64.b64decode(re.sub(r"\s", "", data[:64])[:32])
    if head[:8] != b"\x89PNG\r\n\x1a\n":
        return None
    return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")


def _enlarge(image) -> None:
    """A picture with a size in pixels of a notebook page gets its size on a slide."""
    wide, high = int(image["width"]), image.attrs.pop("height", "")
    del image["width"]
    if not str(high).isdecimal():
        kind, _, data = image["src"].partition(",")
        size = _png_size(data) if kind.startswith("data:image/png") else None
        high = round(wide * size[1] / size[0]) if size else wide
    image["class"] = "sized"
    image["style"] = f"--wide:{wide};--high:{high}"
