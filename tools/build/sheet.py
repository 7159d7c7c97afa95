"""All figures of a solved lesson on one picture, in their order, so that they can be looked at as a whole."""

import base64
import io
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from helpers.files import atomic_write_bytes

WIDTH = 900  # pixels of a page of a notebook; a wider figure is shown as the page shows it, made smaller
GAP, CAPTION = 24, 22


def figures(notebook) -> list[tuple[str, Image.Image]]:
    """(section and place, picture) of every figure in a solved notebook."""
    found, section = [], ""
    for place, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown":
            headings = [line.lstrip("# ") for line in cell.source.splitlines() if line.startswith("#")]
            section = headings[-1] if headings else section
            continue
        for output in cell.outputs:
            content = output.get("data", {}).get("image/png")
            if content:
                picture = Image.open(io.BytesIO(base64.b64decode(content))).convert("RGB")
                found.append((f"cell {place} · {section}", picture))
    return found


def sheet(notebook, columns: int = 2) -> Image.Image | None:
    """One picture with all figures, each as large as on the page; None for a notebook without figures."""
    tiles = []
    for caption, picture in figures(notebook):
        if picture.width > WIDTH:
            picture = picture.resize((WIDTH, round(picture.height * WIDTH / picture.width)), Image.Resampling.LANCZOS)
        tile = Image.new("RGB", (WIDTH, picture.height + CAPTION), "white")
        ImageDraw.Draw(tile).text((0, 2), caption, fill="black", font=ImageFont.load_default(size=15))
        tile.paste(picture, (0, CAPTION))
        tiles.append(tile)
    if not tiles:
        return None
    heights, placed = [GAP] * columns, []
    for tile in tiles:
        column = heights.index(min(heights))  # the shortest one
        placed.append((tile, (GAP + column * (WIDTH + GAP), heights[column])))
        heights[column] += tile.height + GAP
    page = Image.new("RGB", (columns * (WIDTH + GAP) + GAP, max(heights)), "gainsboro")
    for tile, corner in placed:
        page.paste(tile, corner)
    return page


def write(notebook, folder: Path, stem: str) -> Path | None:
    """Write the sheet of a lesson as PNG; its path, or None when the lesson has no figure."""
    page = sheet(notebook)
    if page is None:
        return None
    content = io.BytesIO()
    page.save(content, "PNG")
    folder.mkdir(parents=True, exist_ok=True)
    atomic_write_bytes(folder / f"{stem}.png", content.getvalue())
    return folder / f"{stem}.png"
