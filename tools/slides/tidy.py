"""Makes outputs and code fit for a screen: no log lines, long tables, texts and programs in parts, wide pictures cut.

Everything here decides from the content alone, so that the same notebook always gives the same slides.
"""

import ast
import base64
import copy
import io
import re
from collections.abc import Iterator

import numpy as np
from bs4 import BeautifulSoup, Tag
from PIL import Image

from helpers.plots.pixels import GREY

# What the helpers say about files and data while they work: of use in a notebook, and noise on a screen.
LOG = re.compile(
    r"Loaded \w+: lesson |Weights \w+: |Saved \w+: |[\w-]+: (?:shipped subset|full set), [\d,]+ training / "
    r"|(?:[^:]{1,60}: )?epoch \d+ of \d+ · |Profile \w+: "
)
MOST_LINES = 22  # of code, or of a text with a table in it, on one slide
MOST_ROWS = 12  # of a table
LONGEST_TABLE = 60  # rows; of a longer one only the beginning is shown
WIDEST = 4.6  # width by height: a wider picture would be less than 240 of the 720 pixels high
PAGE_ONLY = re.compile(r"(?:font-size|min-width|max-width|overflow-x|white-space)\s*:[^;]*;?\s*")


def without_log_lines(text: str) -> str:
    """The text without lines that only tell what was loaded or how far a training is."""
    return "\n".join(line for line in text.split("\n") if not LOG.match(line))


def text_parts(text: str, most: int = MOST_LINES) -> list[str]:
    """A text of many lines in parts of at most `most`, cut at empty lines where there are any."""
    lines = text.strip("\n").split("\n")
    places = [1 if line.strip() else 0 for line in lines]
    return ["\n".join(part).strip("\n") for part in _cut(lines, places, most)]


def code_parts(source: str, most: int = MOST_LINES) -> list[str]:
    """A program in parts of at most `most` lines, cut between statements, and the outermost first.

    What is no Python (a line of `%timeit`, say) is cut like text.
    """
    lines = source.split("\n")
    if len(lines) <= most:
        return [source]
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return text_parts(source, most)
    places = [9] * len(lines)
    for depth, node in _statements(tree):
        first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))]) - 1
        while first and lines[first - 1].lstrip().startswith("#"):
            first -= 1  # a comment belongs to what follows it
        places[first] = min(places[first], depth)
    return ["\n".join(part).strip("\n") for part in _cut(lines, places, most)]


def _statements(node, depth: int = 0) -> Iterator[tuple[int, ast.stmt]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield depth, child
            yield from _statements(child, depth + 1)


def _cut(lines: list[str], places: list[int], most: int) -> list[list[str]]:
    """Parts of equal size, roughly: each begins at the best place (the smallest number) near its turn."""
    parts, begin = [], 0
    while len(lines) - begin > most:
        left = -(-(len(lines) - begin) // most)
        turn = begin + -(-(len(lines) - begin) // left)
        near = range(max(begin + 1, turn - most // 2), begin + most + 1)
        cut = min(near, key=lambda place: (places[place], abs(place - turn)))
        parts.append(lines[begin:cut])
        begin = cut
    return [*parts, lines[begin:]]


def table_parts(table: Tag) -> list[Tag]:
    """A table in parts of at most MOST_ROWS rows, each with its caption and its head."""
    for element in [table, *table.find_all(True)]:
        if element.get("style"):  # sizes that are meant for a notebook's page
            element["style"] = PAGE_ONLY.sub("", element["style"]) or None
            if element["style"] is None:
                del element["style"]
    rows = [row for row in table.find_all("tr") if row.find_parent("thead") is None]
    rows = [row for row in rows if row.find("td") or _is_group(row)] or rows
    hidden = len(rows) - MOST_ROWS if len(rows) > LONGEST_TABLE else 0
    rows = rows[:MOST_ROWS] if hidden else rows
    count = -(-len(rows) // MOST_ROWS)
    if count <= 1 and not hidden:
        return [table]
    size, parts, group = -(-len(rows) // count), [], None
    while rows:
        taken, rows = rows[:size], rows[size:]
        if rows and _is_group(taken[-1]):  # a group's heading goes with its first row
            taken, rows = taken[:-1], [taken[-1], *rows]
        repeated = [] if group is None or _is_group(taken[0]) else [group]
        parts.append(_table_of(table, [*repeated, *taken]))
        group = next((row for row in reversed(taken) if _is_group(row)), group)
    if hidden:
        more = BeautifulSoup(f"<caption>The first rows of {hidden + MOST_ROWS}.</caption>", "html.parser").caption
        parts[-1].insert(0, more)
    return parts


def _is_group(row: Tag) -> bool:
    return row.find("th", scope="rowgroup") is not None


def _table_of(table: Tag, rows: list[Tag]) -> Tag:
    """A table with the caption, the head and the attributes of another, and these rows of it."""
    soup = BeautifulSoup("<table><tbody></tbody></table>", "html.parser")
    made = soup.table
    made.attrs = dict(table.attrs)
    head = table.find("thead")
    if head is None:
        first = table.find("tr")
        if first is not None and first not in rows and not first.find("td"):
            head = soup.new_tag("thead")
            head.append(copy.copy(first))
    for part in (head, table.find("caption")):
        if part is not None:
            made.insert(0, copy.copy(part))
    for row in rows:
        made.tbody.append(copy.copy(row))
    return made


def html_parts(soup) -> list[list]:
    """The elements of an output in HTML, in groups that may come on a slide each: every long table for itself."""
    parts, loose = [], []
    for element in list(soup.contents):
        tables = element.find_all("table") if isinstance(element, Tag) else []
        alone = isinstance(element, Tag) and (element.name == "table" or (tables and _only(element, tables)))
        if not alone:
            loose.append(element)
            continue
        if any(str(each).strip() for each in loose):
            parts.append(loose)
        loose = []
        for table in tables or [element]:
            parts += [[part] for part in table_parts(table)]
    if any(str(each).strip() for each in loose):
        if parts and len("".join(each.get_text() for each in loose)) < 400 and not any(_has_image(e) for e in loose):
            parts[-1] += loose  # a legend stays with the table above it
        else:
            parts.append(loose)
    return parts


def legend_apart(svg: Tag) -> None:
    """Give the names below the curves of a training as much room as each needs: five of them would overlap."""
    samples = svg.find_all("path", d=re.compile(r"^M-?\d+ \d+h20$"))
    names = [sample.find_next_sibling("text") for sample in samples]
    if len(names) < 4 or None in names:
        return
    sizes = [43 + 6.2 * len(name.get_text()) for name in names]
    x = (float(svg.get("width", 640)) - sum(sizes)) / 2
    for sample, name, size in zip(samples, names, sizes, strict=True):
        sample["d"] = re.sub(r"^M-?\d+", f"M{x:.0f}", sample["d"])
        name["x"] = f"{x + 25:.0f}"
        x += size


def _only(element: Tag, tables: list[Tag]) -> bool:
    """Whether an element holds these tables and no other words."""
    inside = sum(len(table.get_text(strip=True)) for table in tables)
    return len(element.get_text(strip=True)) == inside and not element.find(["img", "svg"])


def _has_image(element) -> bool:
    return isinstance(element, Tag) and (element.name == "img" or element.find("img") is not None)


def unrolled(png: bytes) -> bytes:
    """A picture that is too wide for a slide, cut between two of its images, the halves one below the other.

    A picture that is not too wide, or has no empty column near its middle, comes back as it was.
    """
    picture = Image.open(io.BytesIO(png))
    wide, high = picture.size
    if wide <= WIDEST * high:
        return png
    pixels = np.asarray(picture.convert("L"), dtype=int)
    middle = range(round(0.4 * wide), round(0.6 * wide))
    empty = [x for x in middle if np.ptp(pixels[:, x]) == 0 and _is_gap(int(pixels[0, x]))]
    if not empty:
        return png
    cut = _middle_gap(empty, wide)
    left, right = picture.crop((0, 0, cut, high)), picture.crop((cut, 0, wide, high))
    sheet = Image.new(picture.mode, (max(left.width, right.width), 2 * high), _white(picture.mode))
    sheet.paste(left, (0, 0))
    sheet.paste(right, (sheet.width - right.width, high))
    out = io.BytesIO()
    sheet.save(out, "PNG", optimize=True)
    return out.getvalue()


def _is_gap(shade: int) -> bool:
    """Whether a column of this shade lies between images: white in a figure, grey in a mosaic of pixels."""
    return shade > 250 or abs(shade - round(255 * GREY)) <= 1


def _middle_gap(empty: list[int], wide: int) -> int:
    """The middle of that run of empty columns which lies nearest to the picture's middle."""
    runs = [[empty[0]]]
    for x in empty[1:]:
        if x == runs[-1][-1] + 1:
            runs[-1].append(x)
        else:
            runs.append([x])
    centres = [run[len(run) // 2] for run in runs]
    return min(centres, key=lambda x: abs(x - wide / 2))


def _white(mode: str):
    """White in a mode of Pillow."""
    return {"RGB": (255, 255, 255), "RGBA": (255, 255, 255, 255), "LA": (255, 255)}.get(mode, 255)


def unrolled_base64(data: str) -> str:
    """`unrolled` for the text in which a notebook keeps a picture."""
    raw = base64.b64decode(data)
    made = unrolled(raw) if raw[:4] == b"\x89PNG" and len(raw) > 100 else raw
    return data if made is raw else base64.b64encode(made).decode("ascii")
