"""The site: what is on its pages, that nothing is missing or fetched, and that nobody's folder is written over."""

import base64
import importlib.util
import io
import json

import nbformat
import pytest
from bs4 import BeautifulSoup
from PIL import Image, features

from helpers import session
from tools.build import __main__ as build
from tools.build import notebooks
from tools.build import workbook as build_workbook
from tools.site import __main__ as site
from tools.site import documents, folder
from tools.site.lesson import described
from tools.site.parts import Page, Pictures, Places, SiteError
from tools.site.proof import Proof

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("furo") is None, reason="Sphinx and Furo are not installed; requirements.lock brings them"
)

SOURCE = '''# ---
# lesson: "{number}"
# title: {title}
# question: Does it show?
# objectives:
#   - one
#   - two
#   - three
# needs: nothing
# minutes: {{reading: 1, exercises: 2, machine: 0.1}}
# ---

# %%
from helpers import session
from helpers.exercises import check, quiz

settings = session.start(n=1)

# %% [markdown]
# ## A section
#
# The density $p(x \\mid y)$, and $$a^2$$ See [the guide](../docs/teaching/guide.md#two-words).

# %%
print("shown")

# %%
draw()

# %% [markdown]
# **What to see.** Two curves meet in the middle. They part again.
#
# <details><summary>Why $x^2$?</summary>
#
# Because of $y$.
#
# </details>

# %%
quiz("01-why")

# %% [markdown]
# ### Exercise {digit}.1 · Double
# *2 minutes · difficulty 1 of 3*


# %%
def double(x: int) -> int:
    """Twice x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION


# %%
double = check("{digit}.1", double)
'''
README = """# A workbook

<!-- made by a machine -->

What it is. ![A badge](https://badge.example/x.svg) ![Three curves](docs/curves.png)

## Start

Run `python3 workbook.py lab`. See [lesson 01](solutions/01_first.ipynb) and [a test](tests/test_house.py).

## For maintainers

Not for readers.
"""
GUIDE = (
    "# The guide\n\nRead [lesson 02](../../solutions/02_second.ipynb#Exercise-2.1-·-Double).\n\n## Two `words`\n\n$x$"
)
QUIZ = (
    "<p><b>Which?</b></p><ol type='A'><li>this</li><li>that</li></ol>"
    "<details><summary>Answer</summary><p><b>B</b>. So it is.</p></details>"
)
VERDICT = (
    '<div style="border-left:4px solid #009E73"><b><span style="color:#009E73">✓ passed</span> · Exercise 1.1 · D</b>'
    "</div>"
)


def png(colour="white", size=(60, 40)):
    with io.BytesIO() as file:
        Image.new("RGB", size, colour).save(file, "png")
        return file.getvalue()


def shown(**data):
    data = {key.replace("_", "/", 1): value for key, value in data.items()}
    return nbformat.v4.new_output("display_data", data, metadata={"image/png": {"alt": "two curves"}})


OUTPUTS = {
    'print("shown")': nbformat.v4.new_output("stream", name="stdout", text="shown\n"),
    "draw()": shown(image_png=base64.b64encode(png("red")).decode(), text_plain="[widget] two curves"),
    'quiz("01-why")': shown(text_html=QUIZ, text_plain="Which?"),
    'double = check("1.1", double)': shown(text_html=VERDICT, text_plain="passed"),
}


@pytest.fixture(scope="module")
def workbook(tmp_path_factory):
    """A workbook with two executed lessons, a README and a guide."""
    root = tmp_path_factory.mktemp("workbook")
    for name in ("solutions/covers", "docs/teaching"):
        (root / name).mkdir(parents=True)
    (root / "README.md").write_text(README, encoding="utf-8")
    (root / "docs/teaching/guide.md").write_text(GUIDE, encoding="utf-8")
    (root / "docs/curves.png").write_bytes(png())
    (root / "solutions/covers/01.png").write_bytes(png("blue"))
    for number, stem, title in (("01", "01_first", "First"), ("02", "02_second", "Second")):
        text = SOURCE.format(number=number, title=title, digit=int(number))
        (root / "solutions" / f"{stem}.py").write_text(text, encoding="utf-8")
    build.write(build_workbook.Workbook(root))
    for path in (root / "solutions").glob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            if cell.get("source") in OUTPUTS:
                cell.outputs = [OUTPUTS[cell.source]]
        notebook.metadata.workbook["executed"] = notebooks.code_digest(notebook)
        notebooks.stamp(notebook)
        path.write_text(notebooks.text(notebook), encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def made(workbook):
    """(the folder of the site, warnings)."""
    made = build_workbook.Workbook(workbook)
    _, warnings = site.make(made, made.lessons, workbook / "site")
    return workbook / "site", warnings


def page(made, name):
    return BeautifulSoup((made[0] / name).read_text(encoding="utf-8"), "html.parser")


def lesson(made):
    return page(made, "lessons/01_first.html").select_one("article")


def test_a_whole_site_has_nothing_to_complain_of(made):
    assert made[1] == []
    proof = Proof(made[0])
    names = {"index.html", "search.html", "lessons/01_first.html", "lessons/02_second.html", "docs/teaching/guide.html"}
    assert proof.problems == [] and set(proof.weights) == names
    assert not list(made[0].parent.glob(".site*")), "nothing half-made is left"


def test_formulas_are_drawn_without_a_script(made):
    text = lesson(made)
    assert text.select_one("math mo") and text.select_one("details summary math msup") and "$" not in text.get_text()


def test_answers_and_hints_wait_until_somebody_asks(made):
    text = lesson(made)
    answer = text.select_one("details.answer")
    assert "return 2 * x" in answer.get_text() and 'check("1.1"' in answer.get_text()
    assert answer.select_one(".verdict.passed") and not answer.has_attr("open")
    hints = text.select("details.hint")
    assert len(hints) == 3 and hints[0].summary.get_text() == "Hint 1 of 3" and not hints[0].has_attr("open")
    for folded in [answer, *hints]:
        folded.decompose()
    assert "Twice x." in text.get_text() and "2 * x" not in text.get_text() and "BEGIN" not in text.get_text()


def test_a_quiz_shows_its_options_and_folds_its_answer(made):
    quiz = lesson(made).select_one(".quiz")
    assert [each.get_text() for each in quiz.select("ol li")] == ["this", "that"]
    assert "So it is." in quiz.details.get_text() and not quiz.details.has_attr("open")


def test_a_widget_is_a_picture_with_words(made):
    figure = lesson(made).select_one("figure")
    assert figure.img["alt"] == "two curves. Two curves meet in the middle." and "stands still" in figure.get_text()
    assert (figure.img["width"], figure.img["height"]) == ("60", "40")


def test_colours_are_those_of_the_site(made):
    """Inline ones would be too faint on a light or on a dark page."""
    assert "#009E73" not in str(lesson(made))


def test_links_lead_from_page_to_page(made):
    guide = lesson(made).find("a", string="the guide")
    assert guide["href"] == "../docs/teaching/guide.html#two-words"
    second = page(made, "docs/teaching/guide.html").find("a", string="lesson 02")
    assert second["href"] == "../../lessons/02_second.html#exercise-21--double"
    first = page(made, "index.html").select_one("article")
    assert first.find("a", string="lesson 01")["href"] == "lessons/01_first.html"
    assert not first.find("a", string="a test") and "a test" in first.get_text()
    whole = page(made, "lessons/01_first.html")
    assert whole.select_one(".next-page")["href"] == "02_second.html"
    assert "02 · Second" in whole.select_one(".sidebar-tree").get_text()


def test_the_first_page_tells_what_it_is_and_shows_the_family(made):
    first = page(made, "index.html").select_one("article")
    assert first.h1.get_text().startswith("A workbook") and "Not for readers" not in first.get_text()
    assert [each.get_text() for each in first.select(".card h3")] == ["01 · First", "02 · Second"]
    assert [each["alt"] for each in first.select("img")] == ["Three curves", "Does it show?"]
    assert "A badge" in first.get_text() and "made by a machine" not in first.get_text()


def test_words_are_found_without_a_server(made):
    index = (made[0] / "searchindex.js").read_text(encoding="utf-8")
    assert index.startswith("Search.setIndex(") and '"densiti"' in index, "a script, and no file that must be fetched"


def test_a_lesson_belongs_to_its_part_of_the_course():
    assert documents.family("00") == "First steps" and documents.family("10") == "Autoencoders"
    assert documents.family("16") == "Generative adversarial networks" and documents.family("24") == "Further on"


@pytest.mark.skipif(not features.check("webp"), reason="this Pillow has no WebP")
def test_pictures_become_smaller_and_keep_every_pixel():
    pictures, data = Pictures(), png("green", (300, 200))
    path, size = pictures.add(data, "image/png")
    assert path.endswith(".webp") and size == (300, 200) and len(pictures.files[path]) < len(data)
    with Image.open(io.BytesIO(pictures.files[path])) as picture:
        assert picture.convert("RGB").tobytes() == Image.new("RGB", size, "green").tobytes()
    assert pictures.add(data, "image/png")[0] == path and len(pictures.files) == 1
    with pytest.raises(SiteError, match="cannot be read"):
        pictures.add(b"no picture", "image/png")


def test_a_short_description_gets_the_first_sentence_below_it():
    below = nbformat.v4.new_markdown_cell("**What to see.** The loss $L$ falls. Then not.")
    assert described("curves of loss", below) == "curves of loss. The loss falls."
    assert described("curves of loss", nbformat.v4.new_markdown_cell("Text.")) == "curves of loss"
    long = "curves of the loss on training and validation images"
    assert described(long, below) == long


def test_places_of_the_same_name_are_told_apart():
    one = Page("lessons/one", "One")
    for _ in range(2):
        one.head(2, "A `b` · c?")
    assert [block.name for block in one.blocks] == ["a-b--c", "a-b--c-1"]
    places = Places()
    places.put(one, "solutions/one.ipynb")
    assert places.find("two.ipynb", "solutions/one.ipynb") is None
    link = places.find("#A-b-·-c", "solutions/one.ipynb")
    assert places.settled(f'<a href="{link}">', one) == '<a href="#a-b--c">'


WRONG = {
    '<a href="gone.html">x</a>': "links to gone.html, which is not there",
    '<a href="#gone">x</a>': "that place is not on that page",
    '<img src="gone.png" alt="Ten shoes">': "shows gone.png, which is not there",
    '<img src="here.png" alt="">': "describes the picture here.png with ''",
    '<img src="here.png" alt="Figure">': "describes the picture here.png with 'Figure'",
    '<script src="https://cdn.example/x.js"></script>': "loads https://cdn.example/x.js over the network",
    '<link rel="stylesheet" href="//cdn.example/x.css">': "over the network",
    "<p>Then $x^2$ it is.</p>": "shows the source of a formula: $x^2$",
    '<span class="tex"><code>\\unknown</code></span>': "shows the source of a formula: \\unknown",
    '<img src="heavy.png" alt="Ten shoes">': "weighs 2.1 MB",
}


@pytest.mark.parametrize("html", WRONG)
def test_what_is_wrong_with_a_page_is_said(tmp_path, html):
    (tmp_path / "here.png").write_bytes(b"")
    (tmp_path / "heavy.png").write_bytes(bytes(2_100_000))
    (tmp_path / "page.html").write_text(html, encoding="utf-8")
    assert [problem for problem in Proof(tmp_path).problems if WRONG[html] in problem]
    right = '<a href="page.html#here" id="here">5 $ and 6 $</a><code>$x$</code><img src="here.png" alt="Ten shoes">'
    (tmp_path / "page.html").write_text(right, encoding="utf-8")
    assert Proof(tmp_path).problems == []


# ----------------------------------------------------------------------------------------------- where it is written
@pytest.fixture
def command(workbook, monkeypatch, capsys):
    """The command in the workbook, with a site that is laid out in no time: (arguments) -> (exit code, words)."""
    monkeypatch.setattr(session, "root", lambda: workbook)

    def run(*arguments, page="<p>new</p>"):
        from tools.site import book

        monkeypatch.setattr(book, "build", lambda *rest: (rest[-1] / "index.html").write_text(page, encoding="utf-8"))
        code = site.main([str(each) for each in arguments])
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


def test_an_old_site_is_replaced_and_a_broken_one_never_takes_its_place(command, tmp_path):
    target = tmp_path / "site"
    assert command("--to", target)[0] == 0
    assert command("--to", target, page="<p>newer</p>")[0] == 0
    assert "newer" in (target / "index.html").read_text(encoding="utf-8")
    code, said = command("--to", target, page='<img src="gone.png" alt="">')
    assert code == 1 and "not in order" in said and "gone.png" in said
    assert "newer" in (target / "index.html").read_text(encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_folder_that_is_no_site_stays_as_it_is(command, tmp_path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "to_mother.txt").write_text("dear", encoding="utf-8")
    for target in ("letters", "letters/to_mother.txt"):
        code, said = command("--to", tmp_path / target)
        assert code == 1 and "--to" in said and "Traceback" not in said
    assert (tmp_path / "letters" / "to_mother.txt").read_text(encoding="utf-8") == "dear"
    (tmp_path / "empty").mkdir()
    assert command("--to", tmp_path / "empty")[0] == 0


def test_what_somebody_has_put_into_an_old_site_is_kept(command, tmp_path):
    target = tmp_path / "site"
    command("--to", target)
    (target / "mine.html").write_text("mine", encoding="utf-8")
    code, said = command("--to", target)
    assert code == 0 and f"kept as {tmp_path / 'site.kept'}" in said and not (target / "mine.html").exists()
    assert (tmp_path / "site.kept" / "mine.html").read_text(encoding="utf-8") == "mine"


def test_a_stop_in_the_middle_leaves_nothing_behind(tmp_path):
    with pytest.raises(KeyboardInterrupt), folder.in_place_of(tmp_path / "site") as new:
        (new / "index.html").write_text("half", encoding="utf-8")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_made_is_said_before_any_work(command, workbook, tmp_path, monkeypatch):
    code, said = command("7", "--to", tmp_path / "site")
    assert code == 1 and "there is no lesson 07. There are: 01, 02." in said
    path = workbook / "solutions" / "02_second.ipynb"
    before = path.read_text(encoding="utf-8")
    try:
        notebook = json.loads(before)
        del notebook["metadata"]["workbook"]["executed"]
        path.write_text(json.dumps(notebook), encoding="utf-8")
        code, said = command("--to", tmp_path / "site")
        assert code == 1 and "has no outputs yet" in said and "build --execute 02" in said
        path.unlink()
        code, said = command("--to", tmp_path / "site")
        assert code == 1 and "02_second.ipynb is missing" in said
        assert command("1", "--to", tmp_path / "site")[0] == 0, "another lesson's trouble"
    finally:
        path.write_text(before, encoding="utf-8")
    monkeypatch.setattr(site, "NEEDED", ("no_such_package",))
    code, said = command("--to", tmp_path / "other")
    assert code == 1 and "no_such_package cannot be imported" in said and not (tmp_path / "other").exists()


def test_stale_outputs_are_a_warning(command, workbook, tmp_path):
    path = workbook / "solutions" / "01_first.py"
    before = path.read_text(encoding="utf-8")
    try:
        path.write_text(before.replace('print("shown")', 'print("changed")'), encoding="utf-8")
        code, said = command("1", "--to", tmp_path / "site")
        assert code == 0 and "outputs of other code" in said and "build --execute 01" in said
    finally:
        path.write_text(before, encoding="utf-8")
