"""Estimates how high a piece of HTML will be on a slide, without a browser: good to a line or two.

The script of the slides measures, and makes smaller what does not fit; the estimate only decides where a slide
is parted, so that the same notebook always gives the same pages.
"""

import re

from bs4 import NavigableString

# What slide_page.css makes of a slide, in pixels of its stage of 1280×720; the script mends what is misjudged.
WIDTH, LINE, CHARACTERS = 1168, 40, 78
CODE_LINE, ROW = 31, 42
ENLARGED = 1.7  # a figure of a notebook, seen from the back row
SMALLEST_FIGURE = 400


def lines(text: str, characters: float = CHARACTERS) -> int:
    """How many lines a text needs."""
    return max(1, -(-len(" ".join(text.split())) // max(1, int(characters))))


def height_of(element) -> float:
    """How high an element will be, roughly, in pixels of the stage."""
    if isinstance(element, NavigableString):
        return LINE * lines(str(element)) if str(element).strip() else 0
    if element.name in ("style", "script"):
        return 0
    if element.name in ("h1", "h2", "h3", "h4"):
        return 74
    if element.name == "details":
        return LINE + 16
    if element.name == "img":
        wide, high = (re.search(rf"--{side}:(\d+)", element.get("style", "")) for side in ("wide", "high"))
        return ENLARGED * float(high[1]) if wide and high else SMALLEST_FIGURE
    if element.name == "table":
        return 20 + sum(_row_height(row) for row in element.find_all("tr"))
    if element.name == "pre":
        return CODE_LINE * (element.get_text().count("\n") + 1) + 24
    blocks = ["table", "pre", "img", "ul", "ol", "div", "p", "details", "h4"]
    if element.name in ("div", "blockquote", "section") and element.find(blocks):
        return sum(height_of(child) for child in element.children)
    displayed = element.find_all("div", class_="formula") or (
        [element] if "formula" in (element.get("class") or []) else []
    )
    formulas = sum(50 + 50 * max(1, len(formula.find_all("mtr"))) for formula in displayed)
    plain = len(element.get_text()) - sum(len(formula.get_text()) for formula in displayed)
    images = sum(height_of(image) for image in element.find_all("img"))
    return formulas + images + (LINE * lines("x" * plain) if plain > 2 else 0) + (8 if element.name == "li" else 16)


def _row_height(row) -> float:
    cells = row.find_all(["td", "th"])
    texts = [len(cell.get_text(strip=True)) for cell in cells]
    room = CHARACTERS * 1.2 / max(1, len(cells))
    crowded = sum(texts) > CHARACTERS
    return ROW + (max(lines("x" * size, max(room, 24)) for size in texts) - 1) * 32 if crowded and texts else ROW
