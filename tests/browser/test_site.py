"""The whole site in a real browser, as a folder without a server: search, light and dark, folds, and axe's rules."""

import importlib.util
from pathlib import Path

import pytest

from tools.build.workbook import Workbook
from tools.test.lab_page import NoBrowser, chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        importlib.util.find_spec("furo") is None,
        reason="Sphinx and Furo are not installed; requirements.lock brings them",
    ),
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
VIOLATIONS = """rules => axe.run(document, {runOnly: rules, resultTypes: ["violations"], preload: false}).then(
    found => found.violations.map(each => [each.id, each.nodes.length, each.nodes[0].html.slice(0, 200)]))"""
OPEN_ALL = "() => document.querySelectorAll('details').forEach(each => { each.open = true; })"
LESSON = "lessons/00_start_here.html"


@pytest.fixture(scope="module")
def site(root, tmp_path_factory):
    """The site of all lessons; that it could be made proves its links, pictures, descriptions and weights."""
    from tools.site import __main__ as command

    folder = tmp_path_factory.mktemp("site") / "site"
    workbook = Workbook(root)
    proof, _ = command.make(workbook, workbook.lessons, folder)
    assert {f"lessons/{lesson.stem}.html" for lesson in workbook.lessons} < set(proof.weights)
    return folder


@pytest.fixture(scope="module")
def context(site):
    """A window of a browser; what it asked for and what it complained of are noted."""
    try:
        with chromium() as browser:
            context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
            context.asked, context.said = [], []
            context.on("request", lambda request: context.asked.append(request.url))
            context.on("console", lambda line: context.said.append((line.type, line.text)))
            context.on("weberror", lambda error: context.said.append(("error", str(error.error))))
            yield context
    except NoBrowser as reason:
        pytest.skip(str(reason))


@pytest.fixture
def page(context, site):
    """A function that opens a page; afterwards nothing may have been asked of a network, or complained of."""
    page = context.new_page()
    page.set_default_timeout(120_000)

    def open(name):
        page.goto((site / name).as_uri())
        return page

    yield open
    page.close()
    assert [url for url in context.asked if not url.startswith(("file:", "data:"))] == []
    assert [words for kind, words in context.said if kind in ("error", "warning")] == []


def test_search_finds_a_word_of_one_lesson(page):
    window = page("index.html")
    window.get_by_role("searchbox").or_(window.locator(".sidebar-search")).first.fill("AdaIN")
    window.keyboard.press("Enter")
    found = window.locator("#search-results li a")
    found.first.wait_for()
    assert any("StyleGAN" in each for each in found.all_inner_texts())
    found.filter(has_text="StyleGAN").first.click()
    assert window.locator("h1").inner_text().startswith("16 · StyleGAN")


def test_light_and_dark(page):
    window = page(LESSON)
    colour = "() => getComputedStyle(document.body).backgroundColor"
    seen = [window.evaluate(colour)]
    for _ in range(2):  # auto, light, dark
        window.locator(".theme-toggle").locator("visible=true").first.click()
        seen.append(window.evaluate(colour))
    assert len(set(seen)) == 2, seen


def test_an_answer_opens_by_keyboard_and_pictures_are_there(page):
    window = page(LESSON)
    answer = window.locator("details.answer").first
    inside = answer.locator(".verdict")
    assert not inside.is_visible()
    answer.locator("summary").focus()
    window.keyboard.press("Enter")
    inside.wait_for(state="visible")
    for image in window.locator("article img").all():
        image.scroll_into_view_if_needed()
        image.evaluate("image => image.decode()")
    assert window.evaluate("() => [...document.images].every(image => image.naturalWidth > 0)")
    assert window.locator("article math").count() and window.evaluate(
        "() => document.querySelector('article math').getBoundingClientRect().width > 5"
    )


@pytest.mark.parametrize(("theme", "rules"), [("light", RULES), ("dark", ["color-contrast"])], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["index.html", LESSON])
def test_axe_has_nothing_to_complain_of(page, name, theme, rules):
    axe = importlib.util.find_spec("axe_playwright_python")
    if axe is None:
        pytest.skip("axe-playwright-python is not installed; `python3 workbook.py test` brings it")
    window = page(name)
    window.evaluate(f"() => {{ document.body.dataset.theme = '{theme}'; }}")
    window.evaluate(OPEN_ALL)
    window.evaluate((Path(axe.origin).parent / "axe.min.js").read_text(encoding="utf-8"))
    assert window.evaluate(VIOLATIONS, rules) == []
