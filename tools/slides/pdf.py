"""Prints slides to PDF in a headless Chromium: one slide a page, or four to a page as a handout."""

from pathlib import Path

from helpers.files import atomic_write_bytes

IN_FOURS = """() => {
    document.documentElement.classList.add("handout");
    const paper = document.createElement("style");
    paper.textContent = "@page { size: A4 landscape; margin: 0; }";
    document.head.append(paper);
    const main = document.querySelector("main"), frames = [...main.querySelectorAll(".frame")];
    for (let i = 0; i < frames.length; i += 4) {
        const sheet = document.createElement("div");
        sheet.className = "sheet";
        main.append(sheet);
        sheet.append(...frames.slice(i, i + 4));
    }
}"""
FITTED = "html[data-fitted=all]"
PATIENCE = 300_000  # milliseconds until the script has fitted every slide, on a machine that has much else to do


def write(browser, slides: Path, handout: bool = False) -> Path:
    """The PDF of a file of slides, written beside it; a handout is called NN_slug_handout.pdf.

    browser: of tools.test.lab_page.chromium.   Raises OSError when it cannot be written.
    """
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    try:
        page.goto(slides.absolute().as_uri())
        page.wait_for_selector(FITTED, state="attached", timeout=PATIENCE)
        if handout:
            page.evaluate(IN_FOURS)
        data = page.pdf(print_background=True, tagged=True, prefer_css_page_size=True)  # sizes are in page.css
    finally:
        page.close()
    target = slides.with_name(f"{slides.stem}{'_handout' if handout else ''}.pdf")
    atomic_write_bytes(target, data)
    return target
