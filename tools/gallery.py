"""Makes the moving picture of the README, docs/slider.gif: somebody moves sliders in JupyterLab.

    python -m tools.gallery           run lesson 10 in a page of its own (some minutes), and film it
    python -m tools.gallery FOLDER    the same, and keep the single pictures in FOLDER
    python -m tools.gallery --badges  only draw the badges for Colab, Kaggle and Binder

It is a film of the real page: every picture is what the browser shows when the kernel has answered a key. The still
pictures of the README come from the executed lessons by themselves: `workbook.py build` writes the output of each cell
tagged "readme-NAME" to docs/NAME.png. Needs a browser, as the browser tests do.
"""

from __future__ import annotations

import argparse
import io
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import nbformat
from PIL import Image

from helpers.files import atomic_write_bytes
from tools.build import badges
from tools.test.lab_page import LabPage, NoBrowser, chromium, lab

ROOT = Path(__file__).resolve().parent.parent
FILM = "docs/slider.gif"
LARGEST = 3_000_000  # bytes: a page with it shall open at once
LESSON, WIDGET = "10_variational_autoencoder", "code_explorer(decode"
LEFT_OUT = "sum-against-mean"  # the cells of a section that trains for long, and that the widget does not need
WINDOW = {"width": 980, "height": 650}
START = "Pullover"  # the class of the image whose codings are moved
# (the slider, the keys of each picture): its sleeves grow short and long again, then it becomes a boot and comes back
MOVES = (
    ("coding 3", ["ArrowLeft"] * 22 + ["ArrowRight"] * 22),
    ("coding 10", ["ArrowLeft"] * 17 + ["ArrowRight"] * 17),
)
STRIDE = 4  # steps of a slider, hundredths of its way, between two pictures
COLOURS = 200
# A badge.
COLOUR = {"Colab": "#f9ab00", "Kaggle": "#20beff", "Binder": "#f5a252"}
BADGE = """\
<body style="margin: 0"><svg xmlns="http://www.w3.org/2000/svg" width="112" height="20" style="display: block">
<rect width="112" height="20" rx="3" fill="#444"/>
<path d="M58 0h51a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H58z" fill="{colour}"/>
<g font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">
<text x="29" y="14" fill="#fff">open in</text><text x="85" y="14" fill="#111">{name}</text></g></svg>
"""
FIRST, EACH = 1500, 110  # milliseconds of the first picture, and of each later one


def frames(folder: Path, scratch: Path, moves=MOVES) -> Iterator[Image.Image]:
    """The pictures of the page, RGB, in the order in which a person sees them.

    folder: a workbook, in which the lesson runs; scratch: an empty folder.
    Raises NoBrowser without a browser, RuntimeError when the lesson does not run.
    """
    with lab(folder, scratch, profile="lecture") as address, chromium() as browser:
        page = LabPage(browser, address)
        page.page.set_viewport_size(WINDOW)
        page.open(f"solutions/{LESSON}.ipynb")
        for command in ("application:toggle-left-area", "statusbar:toggle"):
            page.page.evaluate("name => window.jupyterapp.commands.execute(name)", command)
        page.run_to(WIDGET)
        cell = page.cell(WIDGET)
        cell.evaluate("cell => cell.scrollIntoView({block: 'start'})")
        cell.locator("select").select_option(START)
        cell.get_by_role("button", name="Snap").click()
        yield _seen(page)
        for label, keys in moves:
            row = cell.locator(".widget-slider").filter(has=page.page.get_by_text(label, exact=True))
            row.locator("[role=slider]").focus()
            for key in keys:
                for _ in range(STRIDE):
                    page.page.keyboard.press(key)
                yield _seen(page)


def _seen(page: LabPage) -> Image.Image:
    page.settle()
    page.page.wait_for_timeout(300)  # the page draws what the kernel has sent
    return Image.open(io.BytesIO(page.page.screenshot())).convert("RGB")


def film(pictures: Sequence[Image.Image]) -> bytes:
    """The pictures as a GIF that begins anew at its end. Raises ValueError when it is larger than LARGEST."""
    colours = pictures[len(pictures) // 2].quantize(COLOURS)  # the same for all: what rests must not flicker
    drawn = [picture.quantize(palette=colours, dither=Image.Dither.NONE) for picture in pictures]
    content = io.BytesIO()
    times = [FIRST, *[EACH] * (len(drawn) - 1)]
    drawn[0].save(content, "GIF", save_all=True, append_images=drawn[1:], duration=times, loop=0, optimize=True)
    if content.tell() > LARGEST:
        raise ValueError(
            f"The film has {content.tell():,} bytes, more than {LARGEST:,}: fewer pictures, or smaller ones."
        )
    return content.getvalue()


def draw_badges() -> int:
    """Draw the badges anew; 0 as exit code. Raises NoBrowser without a browser."""
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 112, "height": 20})
        for name in badges.NAMES:
            page.set_content(BADGE.format(name=name, colour=COLOUR[name]))
            content = page.screenshot(omit_background=True)
            atomic_write_bytes(badges.PICTURES / f"{name.lower()}.png", content)
            print(f"wrote   {badges.PICTURES.relative_to(ROOT).as_posix()}/{name.lower()}.png: {len(content):,} bytes")
    return 0


def main(arguments=None) -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.gallery", description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, help="where to keep the single pictures")
    parser.add_argument("--badges", action="store_true", help="only draw the badges")
    chosen = parser.parse_args(arguments)
    try:
        return draw_badges() if chosen.badges else make_film(chosen.folder)
    except NoBrowser as reason:
        print(f"workbook: {reason}", file=sys.stderr)
        return 1


def make_film(keep: Path | None) -> int:
    """Film the page and write FILM; 0 as exit code. Raises NoBrowser without a browser."""
    with tempfile.TemporaryDirectory(prefix="workbook-film-", ignore_cleanup_errors=True) as scratch:
        course = Path(scratch) / "workbook"
        shutil.copytree(ROOT / "helpers", course / "helpers", ignore=shutil.ignore_patterns("__pycache__"))
        (course / "solutions").mkdir()
        notebook = nbformat.read(ROOT / "solutions" / f"{LESSON}.ipynb", as_version=4)
        notebook.cells = [cell for cell in notebook.cells if LEFT_OUT not in cell.id]
        nbformat.write(notebook, course / "solutions" / f"{LESSON}.ipynb")
        (Path(scratch) / "lab").mkdir()
        pictures = list(frames(course, Path(scratch) / "lab"))
    for number, picture in enumerate(pictures if keep else ()):
        keep.mkdir(parents=True, exist_ok=True)
        picture.save(keep / f"{number:03}.png")
    content = film(pictures)
    atomic_write_bytes(ROOT / FILM, content)
    print(f"wrote   {FILM}: {len(pictures)} pictures, {len(content) / 1e6:.2f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
