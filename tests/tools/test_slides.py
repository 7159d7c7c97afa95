"""Slides: what is on them, what is hidden, that nothing needs a network, and what is said when they cannot be made."""

import base64
import io
import re
import struct
from contextlib import contextmanager

import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup
from PIL import Image

from tools.build import __main__ as build
from tools.build import notebooks
from tools.build import workbook as build_workbook
from tools.slides import __main__ as slides
from tools.slides import formulas, tidy
from tools.slides.cells import Cells
from tools.slides.pages import HEIGHT, pages

SOURCE = '''# ---
# lesson: "01"
# title: A lesson
# question: Does it show?
# objectives:
#   - one
#   - two
#   - three
# needs: nothing
# minutes: {reading: 1, exercises: 2, machine: 0.1}
# ---

# %%
from helpers import session
from helpers.exercises import check

settings = session.start(n=1)

# %% [markdown]
# ## A section
#
# The density $p(x \\mid y)$.

# %%
print("shown")

# %%
constant = 41

# %% [markdown] slideshow={"slide_type": "fragment"}
# Later.

# %% [markdown] slideshow={"slide_type": "notes"}
# Whisper **this**.

# %% [markdown] slideshow={"slide_type": "skip"}
# Never on a slide.

# %% [markdown]
# ### Exercise 1.1 · Double
# *2 minutes · difficulty 1 of 3*


# %%
def double(x: int) -> int:
    """Twice x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION


# %%
double = check("1.1", double)
'''
MARK = "## A section"


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A workbook with one lesson whose solved notebook has outputs."""
    monkeypatch.setattr(build.session, "root", lambda: tmp_path)
    (tmp_path / "solutions").mkdir()
    write(tmp_path, SOURCE)
    execute(tmp_path)
    return tmp_path


def write(root, source, name="01_lesson"):
    (root / "solutions" / f"{name}.py").write_text(source, encoding="utf-8")
    build.write(build_workbook.Workbook(root))


def execute(root):
    """Give the solved notebook outputs, without a kernel."""
    path = root / "solutions" / "01_lesson.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            text = {'print("shown")': "shown\n", 'double = check("1.1", double)': "passed\n"}.get(cell.source)
            cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=text)] if text else []
    notebook.metadata.workbook["executed"] = notebooks.code_digest(notebook)
    notebooks.stamp(notebook)
    path.write_text(notebooks.text(notebook), encoding="utf-8")


def made(root, *arguments):
    """The slides of the lesson as a tree."""
    assert slides.main(["01", *arguments]) == 0
    return BeautifulSoup((root / "slides" / "01_lesson.html").read_text(encoding="utf-8"), "html.parser")


def cell(kind, source, slide_type="-", outputs=()):
    metadata = {"slideshow": {"slide_type": slide_type}}
    if kind == "text":
        return nbformat.v4.new_markdown_cell(source, metadata=metadata)
    return nbformat.v4.new_code_cell(source, metadata=metadata, outputs=list(outputs))


def shown(*cells, folder="."):
    """(the pages of a notebook of these cells, the problems)."""
    renderer = Cells(folder, {})
    return pages(nbformat.v4.new_notebook(cells=list(cells)), renderer), renderer.problems


def display(**data):
    return nbformat.v4.new_output("display_data", data={key.replace("_", "/", 1): text for key, text in data.items()})


def png(width, height):
    head = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height)
    return base64.b64encode(head + bytes(13)).decode("ascii")


def test_pages_follow_the_slide_types(root, capsys):
    found = made(root).select(".page")
    titles = [page.select_one("h1, h2, h3").get_text() for page in found]
    assert titles == ["01 · A lesson", "A section", "Exercise 1.1 · Double"]
    assert "wrote slides/01_lesson.html: 3 slides" in capsys.readouterr().out
    text = found[1].select_one(".flow").get_text()
    assert "shown" in text and "Never on a slide" not in text and "Whisper" not in text
    assert "settings" not in "".join(page.get_text() for page in found), "the cell that sets the lesson up is no slide"


def test_fragments_and_notes(root):
    section = made(root).select(".page")[1]
    fragments = section.select(".fragment")
    assert [(part["data-step"], part.get_text(strip=True)) for part in fragments] == [("1", "Later.")]
    assert section["data-steps"] == "1"
    assert section.select_one("aside.notes strong").get_text() == "this"
    found = [page.select_one("aside.notes") for page in made(root).select(".page")]
    assert [note is not None for note in found] == [True, True, True]
    assert "exercises 2" in found[0].get_text() and "2 minutes" in found[2].get_text(), "from the guide"


def test_answers_wait_behind_a_button(root):
    exercise = made(root).select(".page")[2]
    answer = exercise.select_one("details.answer")
    assert "return 2 * x" in answer.get_text() and not answer.has_attr("open")
    answer.decompose()
    rest = exercise.get_text()
    assert "def double(x: int)" in rest and "Twice x." in rest and "passed" in rest
    assert "2 * x" not in rest and "NotImplementedError" not in rest


def test_code_with_outputs_is_folded_and_other_code_is_not(root):
    section = made(root).select(".page")[1]
    folded = section.select("details.code")
    assert len(folded) == 1 and 'print("shown")' in folded[0].get_text() and not folded[0].has_attr("open")
    folded[0].decompose()
    assert "constant = 41" in section.get_text()
    assert section.select(".highlight span"), "code is highlighted"


def test_no_code_keeps_the_task_and_gives_nothing_away(root):
    page = made(root, "--no-code")
    text = "".join(part.get_text() for part in page.select(".page"))
    assert "shown" in text and "def double(x: int)" in text
    assert "2 * x" not in text and "constant" not in text and "print" not in text
    assert not page.select(".page details")


def test_nothing_is_loaded_from_anywhere(root):
    page = made(root)
    policy = page.select_one('meta[http-equiv="Content-Security-Policy"]')["content"]
    assert "default-src 'none'" in policy and "http" not in policy and "*" not in policy
    assert not page.select("link, script[src], iframe, object, embed")
    assert all(image["src"].startswith("data:") for image in page.select("img"))
    assert "http" not in re.sub(re.escape(formulas.NAMESPACE) + "|http-equiv", "", str(page))
    assert "@import" not in str(page) and "url(" not in str(page)


def test_pictures_come_along_and_foreign_ones_stay_out(tmp_path):
    (tmp_path / "solutions").mkdir()
    (tmp_path / "near.png").write_bytes(base64.b64decode(png(4, 2)))
    (tmp_path.parent / "outside.png").write_bytes(b"secret")
    text = "![near](../near.png) ![far](https://x.example/a.png) ![out](../../outside.png)"
    html = '<img src="//x.example/b.png" alt="also far"><script src="https://x.example/c.js"></script><b>kept</b>'
    found, problems = shown(
        cell("text", text, "slide"), cell("code", "x", outputs=[display(text_html=html)]), folder=tmp_path / "solutions"
    )
    out = found[0].html
    assert re.findall(r'src="([^"]{20})', out) == ["data:image/png;base6"]
    assert "[far]" in out and "[out]" in out and "[also far]" in out and "<b>kept</b>" in out
    assert "x.example" not in out and len(problems) == 4
    assert any("c.js" in problem for problem in problems)


def test_outputs_of_every_kind():
    outputs = [
        nbformat.v4.new_output("stream", name="stderr", text="\x1b[31mcareful <now>\x1b[0m"),
        display(text_html="<table><tr><td>7</td></tr></table>", text_plain="no"),
        display(image_png=png(800, 400), text_plain="[figure] two curves"),
        display(text_latex="$$\\frac{a}{b}$$"),
        nbformat.v4.new_output("execute_result", data={"text/plain": "[1, 2]"}),
        nbformat.v4.new_output("error", ename="ValueError", evalue="bad", traceback=["ValueError: bad"]),
    ]
    found, problems = shown(cell("code", "x", "slide", outputs))
    out = "".join(page.html for page in found)
    assert "careful &lt;now&gt;" in out and "\x1b" not in out and "<td>7</td>" in out and ">no<" not in out
    assert 'alt="two curves" style="--wide:800;--high:400"' in out and "<mfrac>" in out
    assert "[1, 2]" in out and "ValueError: bad" in out and problems == []


def test_what_is_too_high_goes_on_on_the_next_page_and_nothing_is_lost():
    items = "\n".join(f"{number}. item {number} {'word ' * 20}" for number in range(1, 31))
    found, _ = shown(cell("text", f"{MARK}\n\n{items}", "slide"))
    assert len(found) > 2 and all(sum(unit.height for unit in page.units) <= HEIGHT * 1.16 for page in found)
    values = re.findall(r'<li value="(\d+)"', "".join(page.html for page in found))
    assert values == [str(number) for number in range(1, 31)]
    assert all("A section" in page.html for page in found)
    assert f"{len(found)} of {len(found)}" in found[-1].html
    short, _ = shown(cell("text", f"{MARK}\n\n1. one\n2. two", "slide"))
    assert len(short) == 1 and " of " not in short[0].html


def test_a_figure_keeps_its_sentence_and_a_heading_its_content():
    figure = cell("code", "x", outputs=[display(image_png=png(800, 700))])
    sentence = cell("text", "**What to see.** A curve.")
    filler = cell("text", "\n\n".join(["word " * 30] * 5))
    found, _ = shown(cell("text", MARK, "slide"), filler, figure, sentence)
    assert len(found) == 2 and "<img" in found[1].html and "What to see" in found[1].html
    assert "<img" not in found[0].html and found[0].units[-1].kind != "heading"
    four_lines, three_lines = "word " * 62, "word " * 46
    found, _ = shown(cell("text", MARK, "slide"), cell("text", four_lines), figure, cell("text", three_lines))
    assert len(found) == 2 and "<img" in found[1].html and three_lines.strip() in found[1].html
    # Rather a smaller figure than a slide with one line on it.
    found, _ = shown(cell("text", MARK, "slide"), cell("text", "One line."), figure, cell("text", three_lines))
    assert len(found) == 1 and "<img" in found[0].html
    beside, _ = shown(cell("text", MARK, "slide"), figure, cell("text", "word " * 90))
    assert '<div class="beside"><figure>' in beside[0].html
    wide = cell("code", "x", outputs=[display(image_png=png(2000, 400))])
    below, _ = shown(cell("text", MARK, "slide"), wide, cell("text", "word " * 90))
    assert "beside" not in below[0].html


def test_details_hold_markdown_and_formulas():
    text = "<details><summary>Why $x^2$?</summary>\n\nBecause **of** $\\hat y$ and costs of 5 $.\n\n- a\n\n</details>"
    found, problems = shown(cell("text", text, "slide"))
    details = BeautifulSoup(found[0].html, "html.parser").select_one("details")
    assert details.select_one("summary math msup") and details.select_one("p math mover")
    assert details.select_one("strong").get_text() == "of" and details.select_one("li") and "5 $" in details.get_text()
    assert problems == []


# A piece of each formula that must be in what the browser gets.
TRANSLATED = {
    r"\frac{1}{n\,d} \sum_{i=1}^{n} (x_{ij} - \hat x_{ij})^2": ["<mfrac>", "<munderover>", 'accent="true"'],
    r"\mathbf{W}^\top \boldsymbol{\mu} \mathbb{R} \mathbb 1": ["𝐖", "⊤", "𝝁", "ℝ", "𝟙"],
    r"\begin{aligned} a &= b \\ c &= d \end{aligned}": ["<mtable", "text-align:right", "-webkit-left"],
    r"\begin{align} a &= b \\ c &= d \end{align}": ["<mtable", "text-align:right"],
    r"\|x\|_2 \quad \left\|\frac{a}{b}\right\|": ['lspace="0"', "‖", 'stretchy="true"'],
    r"\operatorname{KL}(q\,\|\,p) + \mathrm{d}x": ["<mtext>KL</mtext>", "<mtext>d</mtext>"],
    r"\arg\min_\theta L + \min_G \max_D V": ["<munder><mtext>arg\xa0min</mtext>", "<munder><mi>min</mi>"],
    r"\mathbb{E}_{x\sim p}[\log D(x)]": ["∼", '<mi>log</mi><mspace width="0.167em" /><mi>D</mi>'],
    r"\begin{cases} 1 & x > 0 \\ 0 & \text{else} \end{cases}": ["<mtable", "else"],
    r"\boxed{x} \tag{3}": ["border", "(3)"],
    r"x < y \;\&\; z": ["&lt;", "&amp;"],
}


@pytest.mark.parametrize("tex", TRANSLATED)
def test_formulas_become_mathml(tex):
    problems = []
    html = formulas.to_html(tex, True, problems)
    assert problems == [] and html.startswith("<math ") and 'display="block"' in html
    assert [piece for piece in TRANSLATED[tex] if piece not in html] == []
    drawn = re.sub(r'aria-label="[^"]*"', "", html)
    assert "\\" not in drawn and 'mathvariant="bold' not in drawn and "menclose" not in drawn


@pytest.mark.parametrize("tex", [r"\unheardof{x}", r"\frac{1}{2", r"\left( x", r"a & b", ""])
def test_a_formula_that_cannot_be_translated_is_shown_and_reported(tex):
    problems = []
    html = formulas.to_html(tex, False, problems)
    assert html == f'<span class="tex"><code>{tex.replace("&", "&amp;")}</code></span>'
    assert len(problems) == 1 and tex in problems[0]


def test_every_formula_of_the_lessons_is_translated():
    root = slides.HERE.parent.parent
    renderer = Cells(root / "solutions", {})
    workbook = build_workbook.Workbook(root)
    for lesson in workbook.lessons:
        pages(workbook.solved(lesson), renderer)
    assert workbook.lessons and renderer.problems == []


def test_a_formula_in_doubt_is_a_warning(root, capsys):
    write(root, SOURCE.replace("p(x \\mid y)", "\\unheardof"))
    execute(root)
    page = made(root)
    assert page.select_one(".tex code").get_text() == "\\unheardof"
    assert "warning: solutions/01_lesson.ipynb shows the source of a formula" in capsys.readouterr().err


def test_unknown_lesson(root, capsys):
    assert slides.main(["7"]) == 1
    assert "there is no lesson 07. There are: 01." in capsys.readouterr().err
    assert not (root / "slides").exists()


def test_notebook_without_outputs(root, capsys):
    path = root / "solutions" / "01_lesson.ipynb"
    path.unlink()
    assert slides.main([]) == 1
    assert "missing" in capsys.readouterr().err
    build.write(build_workbook.Workbook(root))
    assert slides.main(["1"]) == 1
    said = capsys.readouterr().err
    assert "has no outputs yet" in said and "python3 workbook.py build --execute 01" in said
    assert not (root / "slides").exists()


def test_stale_outputs_are_a_warning(root, capsys):
    assert slides.main([]) == 0 and capsys.readouterr().err == ""
    path = root / "solutions" / "01_lesson.py"
    path.write_text(SOURCE.replace("The density", "Better text"), encoding="utf-8")
    assert slides.main([]) == 0
    assert "other text than 01_lesson.py" in capsys.readouterr().err
    path.write_text(SOURCE.replace("41", "42"), encoding="utf-8")
    assert slides.main([]) == 0
    said = capsys.readouterr().err
    assert "outputs of other code" in said and "build --execute 01" in said


def test_a_broken_source_is_named_and_others_still_work(root, capsys):
    (root / "solutions" / "02_broken.py").write_text("x = 1\n", encoding="utf-8")
    assert slides.main(["01"]) == 0 and capsys.readouterr().err == ""
    assert slides.main([]) == 1
    assert "02_broken.py" in capsys.readouterr().err
    assert slides.main(["2"]) == 1
    assert "02_broken.py" in capsys.readouterr().err


def test_output_folder_and_browser(root, tmp_path, capsys, monkeypatch):
    opened = []
    monkeypatch.setattr(slides.webbrowser, "open", lambda address: opened.append(address) or False)
    folder = tmp_path / "else" / "where"
    assert slides.main(["01", "--output", str(folder), "--open"]) == 0
    assert opened == [(folder / "01_lesson.html").as_uri()] and not (root / "slides").exists()
    assert "No browser could be started" in capsys.readouterr().out
    assert [path.name for path in folder.iterdir()] == ["01_lesson.html"], "no temporary file is left"
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert slides.main(["01", "--output", str(tmp_path / "file")]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_the_script_knows_every_key_that_the_help_names(root):
    page = made(root)
    script = page.find("script").get_text()
    names = {key.get_text() for key in page.select("#help kbd")}
    table = script[script.index("const KEYS") : script.index("function key(")]
    written = {"→": "ArrowRight", "←": "ArrowLeft", "space": '" "', "PgDn": "PageDown", "PgUp": "PageUp"}
    written["Esc"] = "Escape"
    for name in names - {"12"}:
        assert re.search(rf'(?<![\w"]){re.escape(written.get(name, name))}"?:|"{re.escape(name)}":', table), name


def test_log_lines_are_no_business_of_the_audience():
    log = (
        "Loaded vae_10: lesson 10, trained on Fashion-MNIST, for 80 s; loss 237.6.\n"
        "Fashion-MNIST: shipped subset, 9,000 training / 1,000 validation / 2,000 test images (28×28, values 0 to 1)\n"
        "deep: epoch 3 of 10 · loss 0.1 · 4 s left\n"
    )
    stream = [nbformat.v4.new_output("stream", name="stdout", text=log + "MSE 0.0119")]
    found, _ = shown(cell("text", MARK, "slide"), cell("code", "x", outputs=stream))
    assert "MSE 0.0119" in found[0].html and "Loaded" not in found[0].html and "epoch" not in found[0].html
    assert "shipped subset" not in found[0].html
    only = [nbformat.v4.new_output("stream", name="stdout", text=log)]
    found, _ = shown(cell("text", MARK, "slide"), cell("code", "load()", outputs=only))
    assert '<pre class="out' not in found[0].html and "<details" not in found[0].html


def test_long_code_goes_on_between_statements():
    body = "\n".join(f"    x = {number}" for number in range(12))
    functions = [f"# about f{name}\n@cache\ndef f{name}():\n{body}" for name in range(4)]
    parts = tidy.code_parts("\n\n\n".join(functions))
    assert [part.strip() for part in parts] == functions
    long = "def f():\n" + "\n".join(f"    x = {number}" for number in range(50))
    parts = tidy.code_parts(long)
    assert max(part.count("\n") + 1 for part in parts) <= tidy.MOST_LINES and "\n".join(parts) == long
    assert tidy.code_parts("%timeit f()") == ["%timeit f()"]
    assert len(tidy.code_parts("\n".join(["%timeit f()"] * 40))) == 2
    found, _ = shown(cell("text", MARK, "slide"), cell("code", "\n\n\n".join(functions)))
    assert len(found) == 4 and all("A section" in page.html for page in found)


def test_long_tables_keep_their_head_and_groups_on_every_part():
    rows = "".join(f"<tr><td style='white-space:nowrap; text-align:left'>{n}</td></tr>" for n in range(30))
    group = "<tr><th scope='rowgroup'>Group</th></tr>"
    text = f"<table><caption>Title</caption><thead><tr><th>Head</th></tr></thead><tbody>{group}{rows}</tbody></table>"
    parts = tidy.table_parts(BeautifulSoup(text, "html.parser").table)
    assert len(parts) == 3 and all(len(part.find_all("td")) <= tidy.MOST_ROWS for part in parts)
    assert [td.get_text() for part in parts for td in part.find_all("td")] == [str(n) for n in range(30)]
    for part in parts:
        words = part.get_text(" ", strip=True)
        assert "Title" in words and "Head" in words and words.count("Group") == 1
        assert "nowrap" not in str(part) and "text-align:left" in str(part)
    many = text.replace(rows, rows * 4)
    parts = tidy.table_parts(BeautifulSoup(many, "html.parser").table)
    assert len(parts) == 1 and len(parts[0].find_all("tr")) < 15 and "first rows of 121" in parts[0].get_text()


def test_a_wide_picture_is_cut_between_two_of_its_images():
    strip = np.full((20, 200), 255, np.uint8)
    for place in range(10):
        strip[:, 20 * place + 2 : 20 * place + 18] = np.random.default_rng(place).integers(0, 200, (20, 16))
    out = io.BytesIO()
    Image.fromarray(strip).save(out, "PNG")
    made_of = np.asarray(Image.open(io.BytesIO(tidy.unrolled(out.getvalue()))))
    assert made_of.shape == (40, 100)
    assert (made_of[:20] == strip[:, :100]).all() and (made_of[20:] == strip[:, 100:]).all()
    full = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 200, (20, 200)).astype(np.uint8)).save(full, "PNG")
    assert tidy.unrolled(full.getvalue()) == full.getvalue(), "nowhere to cut"


def test_names_of_five_curves_do_not_overlap():
    names = ["d_loss", "estimate", "g_loss", "frechet", "coverage"]
    entries = "".join(
        f'<path d="M{90 * i} 200h20"/><text x="{90 * i + 25}">{name}</text>' for i, name in enumerate(names)
    )
    svg = BeautifulSoup(f'<svg width="640">{entries}</svg>', "html.parser").svg
    tidy.legend_apart(svg)
    places = [float(text["x"]) for text in svg.find_all("text")]
    room = [after - before - 25 for before, after in zip(places, places[1:], strict=False)]
    assert all(space >= 6 * len(name) for space, name in zip(room, names, strict=False)) and places[-1] < 560
    assert [float(path["d"][1:].split()[0]) + 25 for path in svg.find_all("path")] == places


def test_pdf_without_a_browser_is_told_before_any_work(root, capsys, monkeypatch):
    @contextmanager
    def nowhere():
        raise slides.NoBrowser("There is no Chromium on this machine. Debian: apt-get install chromium")
        yield

    monkeypatch.setattr(slides, "chromium", nowhere)
    assert slides.main(["01", "--pdf"]) == 1
    said = capsys.readouterr().err
    assert "a PDF needs a browser" in said and "apt-get install chromium" in said
    assert not (root / "slides").exists()


@pytest.mark.browser
def test_pdf_has_a_page_for_each_slide_and_a_handout_one_for_four(root, capsys):
    try:
        with slides.chromium():
            pass
    except slides.NoBrowser as reason:
        pytest.skip(str(reason))
    more = "".join(f"\n# %% [markdown]\n# ## Slide {number}\n#\n# Words.\n" for number in range(3))
    write(root, SOURCE + more)
    execute(root)
    assert slides.main(["01", "--pdf", "--handout"]) == 0
    assert "wrote slides/01_lesson_handout.pdf" in capsys.readouterr().out
    for name, pages_wanted, size in (("01_lesson", 6, (960, 540)), ("01_lesson_handout", 2, (842, 596))):
        data = (root / "slides" / f"{name}.pdf").read_bytes()
        assert len(re.findall(rb"/Type\s*/Page\b", data)) == pages_wanted
        box = [float(part) for part in re.search(rb"/MediaBox\s*\[([^\]]*)\]", data)[1].split()]
        assert box[2:] == pytest.approx(size, abs=2)
