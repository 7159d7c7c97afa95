"""All decks in a headless Chromium at 1280 × 720: nothing scrolls, is too small to be read, or is empty."""

from pathlib import Path

import pytest

from tools.build.workbook import Workbook
from tools.slides import __main__ as slides
from tools.slides.pdf import FITTED, PATIENCE
from tools.test.lab_page import NoBrowser, chromium

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SMALLEST, LOWEST = 14, 240  # pixels: of type, of a figure
# Of every slide: whether it scrolls, its smallest type, the sizes of its pictures, what is cut off, how many words.
MEASURED = """() => [...document.querySelectorAll(".frame")].map(frame => {
    const page = frame.querySelector(".page"), flow = page.querySelector(".flow");
    const scale = Number((/scale\\(([\\d.]+)\\)/.exec(flow.style.transform) ?? [0, 1])[1]);
    const box = page.querySelector(".box"), texts = document.createTreeWalker(page, NodeFilter.SHOW_TEXT);
    const there = node => node.checkVisibility() && node.getBoundingClientRect().width > 0;
    let least = Infinity;
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
        const node = text.parentElement;
        if (!text.data.trim() || node.closest("aside") || !there(node)) continue;
        least = Math.min(least, parseFloat(getComputedStyle(node).fontSize) * (flow.contains(node) ? scale : 1));
    }
    const figures = [...page.querySelectorAll("img")].filter(there).map(image => {
        const { width, height } = image.getBoundingClientRect();
        return { width, height, alt: image.alt };
    });
    const cut = [...page.querySelectorAll("pre, .html, .formula, table")].filter(
        node => there(node) && node.scrollWidth > node.clientWidth + 2).map(node => node.textContent.slice(0, 40));
    const body = flow.cloneNode(true);
    for (const node of body.querySelectorAll("h1, h2, h3, summary, .code")) node.remove();
    return {
        name: page.getAttribute("aria-label"), least, figures, cut, words: body.textContent.trim().length,
        kind: page.className, drawn: body.querySelector("img, svg") !== null,
        scrolls: box.classList.contains("scrolls") || flow.offsetHeight * scale > box.clientHeight + 1,
    };
})"""


@pytest.fixture(scope="module")
def browser():
    try:
        with chromium() as one:
            yield one
    except NoBrowser as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="module")
def page(browser):
    return browser.new_page(viewport={"width": 1280, "height": 720})


def faults(found: list[dict]) -> list[str]:
    """What is wrong with the slides of a deck, a line for each."""
    said = []
    for one in found:
        if one["scrolls"]:
            said.append(f"{one['name']}: scrolls")
        if one["least"] < SMALLEST - 0.05:
            said.append(f"{one['name']}: type of {one['least']:.1f} px")
        said += [f"{one['name']}: a figure {f['height']:.0f} px high" for f in one["figures"] if f["height"] < LOWEST]
        said += [f"{one['name']}: a figure without a description" for f in one["figures"] if len(f["alt"]) < 10]
        said += [f"{one['name']}: cut off at the right: {text}" for text in one["cut"]]
        if one["words"] < 12 and not one["drawn"] and "plain" in one["kind"]:
            said.append(f"{one['name']}: nothing but its heading")
    return said


def measured(page, path: Path) -> list[dict]:
    page.goto(path.as_uri())
    page.wait_for_selector(FITTED, state="attached", timeout=PATIENCE)
    return page.evaluate(MEASURED)


def test_every_slide_of_every_lesson_can_be_read(page, root, tmp_path):
    workbook, said = Workbook(root), []
    for lesson in workbook.lessons:
        path, count, _ = slides.make(workbook, lesson, tmp_path)
        found = measured(page, path)
        assert len(found) == count
        said += [f"{lesson.number} {fault}" for fault in faults(found)]
    assert said == []


def test_a_fault_is_seen(page, tmp_path):
    long = "".join(f"<p>{'word ' * 30}</p>" for _ in range(30))
    frames = [
        f'<div class="box" style="height:600px"><div class="flow">{long}</div></div>',
        '<div class="box"><div class="flow"><p style="font-size:12px">small type, but a whole sentence</p></div></div>',
        '<div class="box"><div class="flow"><img alt="" width="900" height="100" src="data:,"></div></div>',
        '<div class="box"><div class="flow"><h2>Answer</h2></div></div>',
        '<div class="box"><div class="flow"><pre style="overflow:auto">' + "wide " * 400 + "</pre></div></div>",
    ]
    pages = [f'<div class="frame"><section class="page plain" aria-label="{n}">{f}</section></div>' for n, f in
             enumerate(frames)]  # fmt: skip
    path = tmp_path / "deck.html"
    path.write_text(f'<html data-fitted="all"><body>{"".join(pages)}</body></html>', encoding="utf-8")
    said = " | ".join(faults(measured(page, path)))
    for words in ("0: scrolls", "1: type of 12.0 px", "2: a figure 100 px", "2: a figure without", "3: nothing but"):
        assert words in said
    assert "4: cut off" in said
