"""The widgets in a real page: JupyterLab in a headless browser, moved by the keyboard as a student moves them.

Everything happens on a copy in a temporary folder. Screenshots of what each test left on the page go to the
folder that WORKBOOK_ARTEFACTS names, or to a temporary one; it is printed.
"""

import importlib.util
import os
import re
import shutil
import time
from contextlib import ExitStack
from pathlib import Path

import nbformat
import pytest

from helpers.widgets import display
from tools.test.lab_page import PATIENCE, LabPage, NoBrowser, chromium, lab

pytestmark = pytest.mark.browser

LESSONS = ("00_start_here", "10_variational_autoencoder")
# The widgets of the other lessons on numbers that need no training, and one that fails on purpose.
SMALL = [
    "import sys\nsys.path.insert(0, '..')\nimport ipywidgets, numpy as np\n"
    "from helpers.autoencoders import coding_size_explorer\n"
    "from helpers.autoencoders.pca import component_explorer, plane_explorer\n"
    "from helpers.codings import selection_map\nfrom helpers.exercises.quizzes import ask\n"
    "from helpers.widgets import display\nrng = np.random.default_rng(0)\nX = rng.random((60, 28, 28))\n"
    "P = rng.normal(size=(40, 3)) * [3, 1, .2]",
    "component_explorer(np.linalg.qr(rng.normal(size=(784, 12)))[0].T, X.reshape(60, -1).mean(0), X[:4])",
    "plane_explorer(P, P.mean(0), np.eye(3)[:2])",
    "selection_map(P[:, :2], X[:40], np.arange(40) % 4)",
    "sizes = (2, 4, 8, 16, 30)",
    "coding_size_explorer({k: X[k : k + 3] for k in sizes}, X[:3], {k: 1 / k for k in sizes})",
    "ask('Which?', ['this', 'that'], answer=0, why='so', key='small')",
    "import time\nnumber, parts = ipywidgets.IntSlider(description='late'), [ipywidgets.HTML(), ipywidgets.HTML()]\n"
    "def draw(_=None):\n    for part in parts:\n        time.sleep(0.8)\n"
    "        part.value = f'<svg role=img><rect width={number.value} height=9 /></svg>'\n"
    "number.observe(draw, 'value')\ndraw()\nipywidgets.VBox([number, *parts])",
    "area, button = display.error_area(), ipywidgets.Button(description='Fail')\n"
    "button.on_click(display.shows_errors(area)(lambda _: 1 / 0))\nipywidgets.VBox([button, area])",
]
KEPT = [
    "import sys\nsys.path.insert(0, '..')\nimport numpy as np\nfrom helpers.codings import selection_map\n"
    "from helpers.exercises.quizzes import ask\nP = np.random.default_rng(0).normal(size=(40, 2))",
    "selection_map(P, np.zeros((40, 28, 28)), np.arange(40) % 4)",
    "ask('Which?', ['this', 'that'], answer=0, why='so', key='kept')",
]
READABLE, SEEN = 4.5, 3  # contrast of words, and of coloured marks, with what is behind them: WCAG 2.2, level AA
MARK = "■"

PICTURES = """async cell => {
    const digest = async bytes => [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))].join();
    const views = [...cell.querySelectorAll(".jupyter-widgets img, .jupyter-widgets svg[role=img]")];
    return Promise.all(views.map(async view => {
        if (view.tagName !== "IMG") return digest(new TextEncoder().encode(view.outerHTML));
        for (let tries = 0; ; tries++) {
            const src = view.src;
            try {
                await view.decode();
                return await digest(await (await fetch(src)).arrayBuffer());
            } catch (error) {  // the next picture may just have taken its place
                if (view.src === src && tries > 3) throw error;
            }
        }
    }));
}"""
TWIN = "img[src^='data:image/png'], ol[type=A]"  # of a drawing and of a quiz
FOCUS = """cell => {
    const here = document.activeElement, slider = here.closest(".widget-slider");
    const name = (slider ? slider.querySelector(".widget-label") : here).textContent.trim();
    const kind = here.getAttribute("role") === "slider" ? "slider" : here.tagName.toLowerCase();
    return { kind, name, value: here.getAttribute("aria-valuetext"), inside: cell.contains(here) };
}"""
ACTIVE = "() => window.jupyterapp.shell.currentWidget.content.activeCellIndex"
FOCUSABLE = ".jupyter-widgets :is(button, select, input, [role=slider])"
# Every piece of text in the widgets, with the contrast of its ink and its paper (both may be translucent).
CONTRASTS = """() => {
    const numbers = colour => {
        const parts = (colour.match(/[\\d.]+/g) ?? [0, 0, 0, 0]).map(Number);
        return [...parts.slice(0, 3), parts[3] ?? 1];
    };
    const over = (top, below) => [0, 1, 2].map(i => top[3] * top[i] + (1 - top[3]) * below[i]).concat(1);
    const light = colour => {
        const [r, g, b] = colour.map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const paper = node => {
        const sheets = [];
        for (let each = node; each; each = each.parentElement) sheets.push(getComputedStyle(each).backgroundColor);
        return sheets.map(numbers).reduceRight((below, sheet) => over(sheet, below), [255, 255, 255, 1]);
    };
    const found = [];
    for (const view of document.querySelectorAll(".jp-OutputArea-output .jupyter-widgets")) {
        const texts = document.createTreeWalker(view, NodeFilter.SHOW_TEXT);
        for (let text = texts.nextNode(); text; text = texts.nextNode()) {
            const node = text.parentElement, style = getComputedStyle(node), drawn = node.closest("svg");
            if (!text.data.trim() || node.tagName === "STYLE" || !(drawn || node.checkVisibility())) continue;
            if (node.tagName === "OPTION" && !node.selected) continue;
            const behind = paper(node), ink = over(numbers(drawn ? style.fill : style.color), behind);
            const [high, low] = [light(ink), light(behind)].sort((a, b) => b - a);
            found.push([text.data.trim(), (high + 0.05) / (low + 0.05)]);
        }
    }
    return found;
}"""


# ------------------------------------------------------------------------------------------- a lab, and its pages
@pytest.fixture(scope="module")
def screenshots(tmp_path_factory, request):
    folder = Path(os.environ.get("WORKBOOK_ARTEFACTS") or tmp_path_factory.mktemp("screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        print(f"\nscreenshots: {folder}")
    return folder


@pytest.fixture(scope="module")
def browser():
    with ExitStack() as stack:
        try:
            yield stack.enter_context(chromium())
        except NoBrowser as reason:
            pytest.skip(str(reason))


@pytest.fixture(scope="module")
def course(tmp_path_factory, root):
    """A folder with a copy of what the notebooks of these tests need, and those notebooks."""
    course = tmp_path_factory.mktemp("course")
    shutil.copytree(root / "helpers", course / "helpers", ignore=shutil.ignore_patterns("__pycache__"))
    (course / "solutions").mkdir()
    for name in LESSONS:
        shutil.copy(root / "solutions" / f"{name}.ipynb", course / "solutions")
    for name, cells in (("small", SMALL), ("kept", KEPT)):
        made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
        made.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(made, course / "solutions" / f"{name}.ipynb")
    return course


@pytest.fixture(scope="module")
def pages(tmp_path_factory, course, browser):
    """A function that opens and runs a notebook of a copy of the workbook, each once: name -> LabPage."""
    opened = {}
    with lab(course, tmp_path_factory.mktemp("lab")) as address:

        def run(name):
            if name not in opened:
                page = LabPage(browser, address)
                page.open(f"solutions/{name}.ipynb")
                page.run_all()
                opened[name] = page  # one that did not open is tried again by the next test
            return opened[name]

        yield run


@pytest.fixture
def notebook(request, pages, screenshots):
    """The page of the notebook that the test names, run; nothing may have failed when the test is over."""
    page = pages(request.param)
    yield page
    name = re.sub(r"\W+", "-", request.node.name).strip("-")
    page.page.screenshot(path=screenshots / f"{name}.png")
    page.theme("JupyterLab Light")
    state = page.state()
    assert not state["errors"] and not state["stderr"], state
    assert alerts(page) == []


lesson_10 = pytest.mark.parametrize("notebook", ["10_variational_autoencoder"], indirect=True)
any_notebook = pytest.mark.parametrize("notebook", [*LESSONS, "small"], indirect=True)


def alerts(page):
    """What the error areas of all widgets say."""
    return page.page.locator(".jupyter-widgets [role=alert]").all_inner_texts()


def until(true, what, seconds=PATIENCE):
    """Wait until true() holds, as the page follows the kernel a little later."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, what() if callable(what) else what
        time.sleep(0.02)


def pictures(cell):
    """A digest of each picture (and drawing) in the widgets of a cell."""
    return cell.evaluate(PICTURES)


def slider(cell, label):
    """The handle of the slider with this label."""
    row = cell.locator(".widget-slider").filter(has=cell.page.get_by_text(label, exact=True))
    return row.locator("[role=slider]")


def steady(page, read, rest=0.2):
    """What read() gives once the kernel has answered and three readings in a row agree.

    One move may send several pictures (a map and the images beside it); on a busy machine they arrive one by one.
    """
    page.settle()
    seen = []

    def rests():
        time.sleep(rest)
        seen.append(read())
        return seen[-3:] == 3 * seen[-1:]

    until(rests, "the pictures never come to rest")
    return seen[-1]


def press(page, cell, key):
    """Press a key and return the pictures once one of them has changed and all have come to rest."""
    before = pictures(cell)
    page.page.keyboard.press(key)
    until(lambda: pictures(cell) != before, lambda: f"{key} changed no picture; the error areas say: {alerts(page)}")
    return steady(page, lambda: pictures(cell))


# ---------------------------------------------------------------------------------------------------- the tests
@any_notebook
def test_every_cell_runs_and_every_widget_is_alive(notebook):
    state = notebook.state()
    assert state["done"] and not state["never_run"] and not state["errors"], state
    cells = notebook.page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.content.widgets.map(cell => [cell.model.sharedModel.getSource(),"
        " !!cell.node.querySelector('.jp-OutputArea-output .jupyter-widgets')])"
    )
    made = r"^(quiz|ask|image_browser|(widgets|code_widgets)\.\w+|elbo_view\.elbo_explorer)\("
    widgets = [(source.split("(")[0], alive) for source, alive in cells if re.search(made, source)]
    assert widgets and all(alive for _, alive in widgets), widgets
    assert notebook.elsewhere == [], "the page asked something of another machine"


MOVES = [
    ("10_variational_autoencoder", "code_explorer(", "coding 3"),
    ("10_variational_autoencoder", "interpolation_slider(", "share"),
    ("10_variational_autoencoder", "manifold_view(", "reach"),
    ("10_variational_autoencoder", "reconstruction_explorer(", "image"),
    ("10_variational_autoencoder", "vae.figures.elbo_explorer(", "mean μ of q"),
    ("00_start_here", "image_browser(", "page"),
    ("small", "component_explorer(np", "components"),
    ("small", "plane_explorer(P", "turn (°)"),
    ("small", "selection_map(P", "across"),
    ("small", "coding_size_explorer({", "codings"),
]


@pytest.mark.parametrize(("notebook", "source", "label"), MOVES, indirect=["notebook"], ids=[m[1][:-1] for m in MOVES])
def test_the_arrow_keys_move_a_slider_and_the_picture_with_it(notebook, source, label):
    cell = notebook.cell(source)
    slider(cell, label).focus()
    active = notebook.page.evaluate(ACTIVE)
    first = press(notebook, cell, "ArrowRight")
    second = press(notebook, cell, "ArrowUp")
    for key, expected in (("ArrowLeft", first), ("ArrowRight", second), ("ArrowDown", first)):
        notebook.page.keyboard.press(key)
        until(lambda: pictures(cell) == expected, f"{key}: the same place shows another picture")  # noqa: B023
    assert second != first and notebook.page.evaluate(ACTIVE) == active, "the keys moved the notebook as well"
    for view in cell.locator(".jupyter-widgets img").all():
        assert view.bounding_box()["width"] > 50 and view.evaluate("view => view.naturalWidth > 0")


@pytest.mark.parametrize("notebook", ["small"], indirect=True)
def test_a_press_gives_all_pictures_of_a_move_however_late_they_come(notebook):
    """The other tests compare what press() gives: a picture still on its way would make them fail by chance."""
    cell = notebook.cell("description='late'")
    slider(cell, "late").focus()
    before, after = pictures(cell), press(notebook, cell, "ArrowRight")
    assert len(after) == 2 and all(there != here for there, here in zip(after, before, strict=True))
    notebook.page.wait_for_timeout(2000)
    assert pictures(cell) == after


@lesson_10
def test_the_buttons_of_the_code_explorer(notebook):
    cell = notebook.cell("code_explorer(")

    def click(name):
        """Press the button and return all pictures (decoded, real, pad) and the numbers beside the sliders."""
        before = pictures(cell), numbers()
        cell.get_by_role("button", name=name, exact=True).click()
        until(lambda: pictures(cell) != before[0] and numbers() != before[1], f"{name} changes nothing")
        return steady(notebook, lambda: (pictures(cell), numbers()))

    def numbers():
        return cell.locator(".widget-slider .widget-readout").all_inner_texts()

    random = click("Random")
    home = click("Reset")
    assert all(there != here for there, here in zip(random[1], home[1], strict=True)), "a slider stayed where it was"
    again = click("Random")
    assert again[0] not in (random[0], home[0])
    assert click("Reset") == home
    cell.locator("select").select_option("Bag")
    snapped = click("Snap")
    words = cell.locator(".widget-html-content").filter(has_text="The real image is no.")
    assert re.search(r"no\. \d+, Bag\.", words.inner_text())
    assert all(there != here for there, here in zip(snapped[0], home[0], strict=True)), "decoded, real, cross-hair"
    assert click("Snap")[0][1] != snapped[0][1], "another bag"
    assert click("Reset") == home, "without an image there is none to show, and the sliders are where they began"


@lesson_10
def test_only_the_first_two_codings_move_the_cross_hair(notebook):
    cell = notebook.cell("code_explorer(")
    for label, moves in (("coding 1 (x)", True), ("coding 2 (y)", True), ("coding 5", False)):
        before = pictures(cell)
        slider(cell, label).focus()
        after = press(notebook, cell, "PageUp")
        assert after[0] != before[0] and (after[2] != before[2]) is moves, label


@lesson_10
def test_the_best_gaussian_has_the_smallest_gap(notebook):
    cell = notebook.cell("vae.figures.elbo_explorer(")

    def shown():
        words = cell.locator(".widget-html-content").filter(has_text="so the gap is").inner_text()
        gap, by_definition = re.search(r"the gap is (\S+);.* by its definition: (\S+)", words, re.DOTALL).groups()
        assert gap == by_definition
        return float(gap)

    def gap():
        return steady(notebook, shown)

    slider(cell, "mean μ of q").focus()
    press(notebook, cell, "PageUp")
    for label in ("mean μ of q", "log-variance γ of q"):
        for key in ("PageDown", "PageUp"):
            cell.get_by_role("button", name="Best Gaussian").click()
            best = gap()
            slider(cell, label).focus()
            press(notebook, cell, key)
            assert gap() > best, f"{key} on the slider of the {label} makes the gap smaller"


@any_notebook
def test_every_slider_has_a_label_and_tab_and_the_arrow_keys_reach_it(notebook):
    page = notebook.page
    cells = page.locator(".jp-CodeCell").filter(has=page.locator(".jupyter-widgets [role=slider]"))
    assert cells.count()
    for cell in cells.all():
        wanted = [row.locator(".widget-label").inner_text() for row in cell.locator(".widget-slider").all()]
        assert all(label.strip() for label in wanted) and len(set(wanted)) == len(wanted), wanted
        cell.locator(FOCUSABLE).first.focus()
        visited = []
        while (here := cell.evaluate(FOCUS))["inside"] and len(visited) < 60:
            visited.append(here)
            if here["kind"] == "slider":
                before = here["value"]
                page.keyboard.press("ArrowRight")
                if cell.evaluate(FOCUS)["value"] == before:  # it was at its end
                    page.keyboard.press("ArrowLeft")
                assert cell.evaluate(FOCUS)["value"] != before, f"{here['name']}: the arrow keys do not move it"
            page.keyboard.press("Tab")
        assert [each["name"] for each in visited if each["kind"] == "slider"] == wanted, visited
    notebook.settle()


READERS = [(name, theme) for name in (*LESSONS, "small") for theme in ("JupyterLab Light", "JupyterLab Dark")]


@pytest.mark.parametrize(("notebook", "theme"), READERS, indirect=["notebook"])
def test_all_words_can_be_read(notebook, theme):
    notebook.theme(theme)
    found = notebook.page.evaluate(CONTRASTS)
    faint = [(text, round(contrast, 2)) for text, contrast in found if contrast < (SEEN if text == MARK else READABLE)]
    assert len(found) >= 10
    assert faint == []


READ_ALOUD = ["image-alt", "aria-input-field-name", "label", "select-name", "button-name", "aria-required-attr"]
UNNAMED = """rules => axe.run(
    {include: [...document.querySelectorAll(".jp-Notebook .jp-OutputArea")]}, {runOnly: rules}
).then(found => found.violations.flatMap(each => each.nodes.map(node => [each.id, node.html.slice(0, 200)])))"""


@pytest.mark.parametrize("notebook", ["00_start_here", "small"], indirect=True)
def test_pictures_and_controls_have_names(notebook):
    """What a screen reader says: the descriptions in the outputs' metadata, and the words beside a slider."""
    axe = importlib.util.find_spec("axe_playwright_python")
    if axe is None:
        pytest.skip("axe-playwright-python is not installed; `python3 workbook.py test` brings it")
    page = notebook.page
    page.evaluate((Path(axe.origin).parent / "axe.min.js").read_text(encoding="utf-8"))
    assert page.evaluate(UNNAMED, READ_ALOUD) == []
    alts = page.locator(".jp-OutputArea img").evaluate_all("images => images.map(image => image.alt)")
    names = page.locator("[role=slider]").evaluate_all("all => all.map(each => each.getAttribute('aria-label'))")
    assert alts and all(alts) and names and all(names), (alts, names)


@pytest.mark.parametrize("notebook", ["small"], indirect=True)
def test_a_failing_control_says_so_on_the_page(notebook):
    """Without this the empty error areas of the other tests would prove nothing."""
    cell = notebook.cell("description='Fail'")
    cell.get_by_role("button", name="Fail").click()
    until(lambda: alerts(notebook), "a failing control says nothing")
    try:
        assert "ZeroDivisionError" in alerts(notebook)[0]
        for theme in ("JupyterLab Light", "JupyterLab Dark"):
            notebook.theme(theme)
            assert [c for text, c in notebook.page.evaluate(CONTRASTS) if "ZeroDivision" in text][0] >= READABLE
    finally:
        cell.evaluate("cell => cell.querySelector('[role=alert]').remove()")


@pytest.mark.parametrize("notebook", ["small"], indirect=True)
def test_a_quiz_is_answered_on_the_page(notebook):
    cell = notebook.cell("ask('Which?'")
    cell.get_by_role("radio").first.check()
    cell.get_by_role("button").first.click()
    until(lambda: "Right." in cell.inner_text(), "no feedback")


def test_a_notebook_runs_down_to_a_cell_and_no_further(pages):
    page = pages("kept")
    state = page.run_to("selection_map(P")
    assert (state["done"], state["never_run"], state["errors"]) == (2, 1, [])
    with pytest.raises(RuntimeError, match="No cell of this notebook"):
        page.run_to("not there")


# ---------------------------------------------------------------------------------------- a notebook of yesterday
def notebook_7():
    """A mark that leaves a case out where Notebook 7 is not installed: the workbook does not need it."""
    here = importlib.util.find_spec("notebook") is not None
    return pytest.mark.skipif(not here, reason="the package notebook is not installed")


@pytest.mark.parametrize("place", ["lab/tree", pytest.param("notebooks", marks=notebook_7())])
def test_a_notebook_of_yesterday_shows_pictures_in_the_place_of_its_widgets(
    place, course, browser, screenshots, tmp_path_factory
):
    """Run, save, end the kernel, open again: behind a base URL, as JupyterHub has it."""
    file = course / "solutions" / "kept.ipynb"
    before = file.read_bytes()
    try:
        with lab(course, tmp_path_factory.mktemp("hub"), base="/user/x/") as address:
            start, token = address.split("lab?")
            page = patient_page(browser)
            page.goto(f"{start}{place}/solutions/kept.ipynb?{token}")
            widgets = page.locator(f".jp-OutputArea-child .{display.LIVE}")
            twins = page.locator(".jp-OutputArea-child").filter(has=page.locator(TWIN))

            page.locator(".jp-Notebook .jp-InputArea-editor").first.click()
            page.get_by_role("menuitem", name="Run", exact=True).click()
            page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
            until(lambda: widgets.count() == 2, "the widgets do not appear")
            assert all(each.is_visible() for each in widgets.all())
            assert twins.count() == 2 and not any(each.is_visible() for each in twins.all())

            page.keyboard.press("Control+s")
            until(lambda: file.read_bytes() != before, "the notebook is not saved")
            for session in page.request.get(f"{start}api/sessions?{token}").json():
                page.request.delete(f"{start}api/sessions/{session['id']}?{token}", headers=token_header(token))
            page.close()

            page = patient_page(browser)
            page.goto(f"{start}{place}/solutions/kept.ipynb?{token}")
            dead = page.locator(".jp-OutputArea-output.jupyter-widgets")
            until(lambda: dead.count() == 2, "the dead widgets are not there")
            twins = page.locator(".jp-OutputArea-child").filter(has=page.locator(TWIN))
            page.screenshot(path=screenshots / f"reopened-{place.replace('/', '-')}.png")
            assert twins.count() == 2 and all(each.is_visible() for each in twins.all())
            for each in dead.all():
                assert each.evaluate("view => getComputedStyle(view).fontSize") == "0px", "an error message shows"
                words = each.evaluate("view => getComputedStyle(view, '::after').content")
                assert "Run this cell" in words
            page.close()
    finally:
        file.write_bytes(before)


def patient_page(browser):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(1000 * PATIENCE)
    return page


def token_header(token):
    return {"Authorization": f"token {token.removeprefix('token=')}"}
