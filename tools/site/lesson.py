"""A lesson's executed notebook as a page: nothing is run, and answers and hints stay folded until somebody asks."""

import base64
import re
from html import escape

from bs4 import BeautifulSoup
from nbconvert.filters import ansi2html
from nbconvert.filters.highlight import Highlight2HTML

from tools.build.notebooks import CHECK_OUTPUT
from tools.build.source import BLANK
from tools.site.markdown import Writer, marked_verdict

PICTURES = ("image/svg+xml", "image/png", "image/jpeg", "image/gif")
SHORT = 45  # characters: what describes a picture in fewer words gets the first sentence below the picture as well
WIDGET = "[widget] "
STILL = "In the notebook this is a widget that you can move; here it stands still."
TO_SEE = re.compile(r"\*\*What to see\.?\*\*[,.]?\s*(?:in the lecture profile[.:]\s*)?", re.IGNORECASE)
_coloured = Highlight2HTML(pygments_lexer="python")


class LessonWriter(Writer):
    """Writes one lesson's page. blanks: the student's cells, by cell id; hints: those of an exercise, by its id."""

    def __init__(self, *arguments, blanks: dict[str, str], hints):
        super().__init__(*arguments)
        self.blanks, self.hints = blanks, hints

    def notebook(self, notebook) -> None:
        """Put all cells of a notebook on the page."""
        cells = [cell for cell in notebook.cells if cell.source.strip() and not cell.id.endswith("-way")]
        for place, cell in enumerate(cells):
            after = cells[place + 1] if place + 1 < len(cells) else None
            if cell.cell_type == "markdown":
                self.markdown(cell.source, cell.get("attachments"), title=place == 0)
            elif cell.cell_type == "code":
                self._code_cell(cell, after)

    def _code_cell(self, cell, after) -> None:
        source = cell.source.removeprefix(CHECK_OUTPUT).lstrip("\n")
        number = re.fullmatch(r"exercise-(.+)-(answer|check)", cell.id)
        if number and number[2] == "answer":
            self._exercise(number[1].replace("-", "."), cell, after)
        elif number and number[2] == "check" and self._answered:
            return  # shown with its answer
        elif re.search(r"\bsession\.start\(", source):
            self.page.add(_folded("set-up", "The cell that sets the lesson up", code(source)))
        else:
            self.page.add(code(source))
            shown = self._outputs(cell, after)
            self.page.add(_folded("hint", "What it says", shown) if source.startswith("hint(") else shown)

    _answered = False

    def _exercise(self, id, cell, after) -> None:
        """The task as a student finds it; then the hints, one by one, and the answer with its check, all folded."""
        blank = self.blanks.get(cell.id, "")
        lines = [line for line in blank.splitlines() if line.strip() != BLANK[0]]
        task = "\n".join(line.replace(BLANK[1], "...") if line.strip() == BLANK[1] else line for line in lines)
        self.page.add(code(task) if task else "")
        hints = self.hints(id)
        for count, hint in enumerate(hints, start=1):
            words = f"<p>{escape(' '.join(hint.split()))}</p>"
            self.page.add(_folded("hint", f"Hint {count} of {len(hints)}", words))
        answer = code(cell.source) + self._outputs(cell, after)
        self._answered = after is not None and after.id == cell.id.removesuffix("answer") + "check"
        if self._answered:
            answer += code(after.source) + self._outputs(after, None)
        self.page.add(_folded("answer", f"Answer to exercise {id}", answer))

    def _outputs(self, cell, after) -> str:
        return "".join(self._output(output, after) for output in cell.get("outputs", []))

    def _output(self, output, after) -> str:
        if output.output_type == "stream":
            return _text(output.text)
        if output.output_type == "error":
            return _text("\n".join(output.traceback) or f"{output.ename}: {output.evalue}")
        data = output.get("data", {})
        if "text/html" in data:
            return self._html(_joined(data["text/html"]))
        for kind in PICTURES:
            if kind in data:
                return self._figure(kind, data, output.get("metadata", {}).get(kind, {}), after)
        for kind in ("text/markdown", "text/latex"):
            if kind in data:
                return self._html(self.render(_joined(data[kind])))
        return _text(_joined(data.get("text/plain", "")))

    def _html(self, html) -> str:
        soup = BeautifulSoup(html, "html.parser")
        self.take_in(soup)
        marked_verdict(soup)
        quiz = "quiz" if soup.find("ol", type="A") and soup.find("details") else ""
        return f'<div class="shown {quiz}">{soup}</div>' if str(soup).strip() else ""

    def _figure(self, kind, data, metadata, after) -> str:
        text = _joined(data.get("text/plain", ""))
        alt = described(metadata.get("alt") or text.removeprefix("[figure] ").removeprefix(WIDGET), after)
        if not alt:
            self.problems.append(f"{self.source} shows a picture without a description")
        raw = _joined(data[kind])
        path, size = self.pictures.add(raw.encode() if kind == PICTURES[0] else base64.b64decode(raw), kind)
        wide, high = (
            int(metadata.get(side) or (size or (0, 0))[place]) for place, side in ((0, "width"), (1, "height"))
        )
        sides = f' width="{wide}" height="{high}"' if wide and high else ""
        caption = f"<figcaption>{STILL}</figcaption>" if text.startswith(WIDGET) else ""
        image = f'<img src="{self.page.up}{path}" alt="{escape(alt, quote=True)}" loading="lazy"{sides}>'
        return f"<figure>{image}{caption}</figure>"


def described(alt: str, after) -> str:
    """The description of a picture; with the first sentence of "What to see" below it where it is short.

    after: the cell that follows, or None.
    """
    alt = " ".join(alt.split())
    if len(alt) >= SHORT or after is None or after.cell_type != "markdown":
        return alt
    said = TO_SEE.match(after.source)
    if not said:
        return alt
    paragraph = after.source[said.end() :].split("\n\n")[0]
    plain = " ".join(re.sub(r"[*`]|\$[^$]*\$", "", paragraph).split())
    first = re.match(r".+?[.!?:](?=\s|$)", plain)
    return f"{alt.rstrip('.')}. {first[0] if first else plain}".strip(". ") + "."


def code(source: str) -> str:
    """Python with its colours, as HTML that the keyboard can scroll."""
    return _coloured(source).replace("<pre>", '<pre tabindex="0">', 1)


def _folded(kind: str, title: str, inside: str) -> str:
    if not inside.strip():
        return ""
    return f'<details class="{kind}"><summary>{escape(title)}</summary>{inside}</details>'


def _text(text: str) -> str:
    return f'<pre class="said" tabindex="0">{ansi2html(text.rstrip())}</pre>' if text.strip() else ""


def _joined(text) -> str:
    return "".join(text) if isinstance(text, list) else str(text)
