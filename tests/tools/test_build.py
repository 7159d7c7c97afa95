"""The builder: what it writes, what it refuses, and that it never loses anybody's work."""

import base64
import io
import shutil
import subprocess
import sys
import types

import nbformat
import numpy as np
import pytest
from PIL import Image

from helpers.widgets import display
from tools.build import __main__ as build
from tools.build import execution, notebooks, readme
from tools.build import source as build_source
from tools.build import workbook as build_workbook
from tools.test import __main__ as testing

SOURCE = '''# ---
# lesson: "01"
# title: A lesson
# question: Does it build?
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
# Text.

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

# %% tags=["solution-only"]
secret = 1

# %%
# NBVAL_CHECK_OUTPUT
print(double(2))
'''
README = "# Readme\n" + "".join(readme.MARKS)


@pytest.fixture
def workbook(tmp_path, monkeypatch):
    """A small workbook on disk, freshly built."""
    return freshly_built(tmp_path, monkeypatch)


def freshly_built(root, monkeypatch):
    """Put a small workbook into the folder `root`, and build it."""
    monkeypatch.setenv("WORKBOOK_STATE", str(root / "state"))
    (root / "solutions").mkdir()
    (root / "README.md").write_text(README, encoding="utf-8")
    (root / "solutions" / "01_lesson.py").write_text(SOURCE, encoding="utf-8")
    build.write(build_workbook.Workbook(root))
    return root


def pretend_executed(root):
    """Give the solved notebook an output and the digest of an execution."""
    path = root / "solutions" / "01_lesson.ipynb"
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for count, cell in enumerate(code, 1):
        cell.execution_count = count
    code[-1].outputs = [nbformat.v4.new_output("stream", name="stdout", text="4\n")]
    notebook.metadata.workbook["executed"] = notebooks.code_digest(notebook)
    notebook.metadata.workbook["measured"] = {"minutes": 0.1, "slowest_cell_seconds": 1.0}
    notebooks.stamp(notebook)
    path.write_text(notebooks.text(notebook), encoding="utf-8")
    build.write(build_workbook.Workbook(root))


def problems(root, source=None):
    """What `build --check` says, after replacing the source."""
    if source is not None:
        (root / "solutions" / "01_lesson.py").write_text(source, encoding="utf-8")
    return "\n".join(build.check(build_workbook.Workbook(root)))


def code(path):
    return [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def test_the_two_notebooks(workbook):
    blank, solved = (code(workbook / folder / "01_lesson.ipynb") for folder in ("notebooks", "solutions"))
    body = '    """Twice x."""\n    # YOUR CODE HERE\n    raise NotImplementedError'
    assert f"def double(x: int) -> int:\n{body}" in blank
    assert not any("2 * x" in cell or "SOLUTION" in cell or "secret" in cell or "NBVAL" in cell for cell in blank)
    assert any("return 2 * x" in cell for cell in solved) and "secret = 1" in solved
    assert not any("SOLUTION" in cell for cell in solved)
    assert solved[-1].startswith("# NBVAL_CHECK_OUTPUT")


def test_notebooks_are_valid_with_slides_and_stable_ids(workbook):
    path = workbook / "notebooks" / "01_lesson.ipynb"
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids) and "exercise-1-1-answer" in ids
    assert all(cell.metadata["slideshow"]["slide_type"] for cell in notebook.cells)
    longer = SOURCE.replace("# ## A section", "# Before.\n\n# %% [markdown]\n# ## A section")
    (workbook / "solutions" / "01_lesson.py").write_text(longer, encoding="utf-8")
    build.write(build_workbook.Workbook(workbook))
    later = [cell.id for cell in nbformat.read(path, as_version=4).cells]
    assert [id for id in later if id in ids] == ids, "an added cell must not rename the others"


def test_a_converter_learns_that_it_is_python(workbook):
    for folder in ("notebooks", "solutions"):
        notebook = nbformat.read(workbook / folder / "01_lesson.ipynb", as_version=4)
        told = notebook.metadata.language_info  # without it, nbconvert writes scripts that end in .txt
        assert (told.file_extension, told.nbconvert_exporter) == (".py", "python")


def test_building_twice_gives_equal_bytes(workbook):
    files = [workbook / "notebooks" / "01_lesson.ipynb", workbook / "solutions" / "01_lesson.ipynb"]
    before = [path.read_bytes() for path in files]
    assert build.write(build_workbook.Workbook(workbook)) == []
    for path in files:
        path.unlink()
    build.write(build_workbook.Workbook(workbook))
    assert [path.read_bytes() for path in files] == before
    assert b"\r\n" not in before[0]


def test_check_is_quiet_when_all_agrees(workbook):
    pretend_executed(workbook)
    assert problems(workbook) == ""


def test_outputs_survive_a_change_of_prose_and_go_stale_with_code(workbook):
    pretend_executed(workbook)
    (workbook / "solutions" / "01_lesson.py").write_text(SOURCE.replace("Text.", "Better text."), encoding="utf-8")
    build.write(build_workbook.Workbook(workbook))
    assert problems(workbook) == ""
    solved = nbformat.read(workbook / "solutions" / "01_lesson.ipynb", as_version=4)
    assert any(cell.get("outputs") for cell in solved.cells)
    changed = SOURCE.replace("double(2)", "double(3)")
    (workbook / "solutions" / "01_lesson.py").write_text(changed, encoding="utf-8")
    build.write(build_workbook.Workbook(workbook))
    assert "outputs of other code" in problems(workbook)
    solved = nbformat.read(workbook / "solutions" / "01_lesson.ipynb", as_version=4)
    assert not any(cell.get("outputs") for cell in solved.cells), "an output of a changed cell is not kept"


def test_missing_stale_orphaned_and_foreign_files(workbook):
    pretend_executed(workbook)
    assert "older than its source" in problems(workbook, SOURCE.replace("Text.", "New."))
    problems(workbook, SOURCE)
    shutil.copy(workbook / "notebooks" / "01_lesson.ipynb", workbook / "notebooks" / "09_gone.ipynb")
    assert "notebooks/09_gone.ipynb has no source" in problems(workbook)
    (workbook / "notebooks" / "09_gone.ipynb").unlink()
    (workbook / "solutions" / "01_lesson.ipynb").write_text("{}", encoding="utf-8")
    assert "solutions/01_lesson.ipynb can no longer be read" in problems(workbook)
    (workbook / "notebooks" / "01_lesson.ipynb").unlink()
    assert "notebooks/01_lesson.ipynb is missing" in problems(workbook)


def test_a_solved_notebook_edited_by_hand_is_noticed(workbook, monkeypatch):
    monkeypatch.setenv("CI", "true")
    pretend_executed(workbook)
    path = workbook / "solutions" / "01_lesson.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace("secret = 1", "secret = 2"), encoding="utf-8")
    assert "differs from its source" in problems(workbook)


def work_in(path, line="my_own_work = 1"):
    """What a student does in JupyterLab: a line in a cell, run, saved."""
    notebook = nbformat.read(path, as_version=4)
    cell = [cell for cell in notebook.cells if cell.cell_type == "code"][-1]
    cell.source, cell.execution_count = f"{line}\n{cell.source}", 7
    cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text="4\n")]
    notebook.metadata.language_info["version"] = "3.12.9"
    nbformat.write(notebook, path)


def test_a_cell_that_begins_with_another_import_keeps_its_output(workbook):
    """Its id comes from its first line, and so changes with the import."""
    path = workbook / "solutions" / "01_lesson.py"

    def outputs(last):
        path.write_text(f"{SOURCE}\n# %%\n{last}\n", encoding="utf-8")
        build.write(build_workbook.Workbook(workbook))
        cells = nbformat.read(path.with_suffix(".ipynb"), as_version=4).cells
        return [output.text for cell in cells for output in cell.get("outputs", [])]

    assert outputs("import math\n\nprint(2 + 2)") == []
    pretend_executed(workbook)
    assert outputs("import math\nimport os\n\nprint(2 + 2)") == ["4\n"]
    assert outputs("import os\n\nprint(2 + 2)") == ["4\n"]
    assert outputs("import os\n\nprint(2 + 3)") == []


def test_a_lost_output_is_a_problem(workbook):
    pretend_executed(workbook)
    path = workbook / "solutions" / "01_lesson.ipynb"
    notebook = nbformat.read(path, as_version=4)
    lost = next(cell for cell in notebook.cells if cell.get("outputs"))
    lost.outputs, lost.execution_count = [], None
    notebooks.stamp(notebook)
    path.write_bytes(notebooks.text(notebook).encode("utf-8"))
    assert "lacks some" in problems(workbook)


@pytest.mark.parametrize("folder", ["notebooks", "solutions"])
def test_nobodys_work_is_written_over(workbook, folder, monkeypatch, capsys):
    pretend_executed(workbook)
    path = workbook / folder / "01_lesson.ipynb"
    work_in(path)
    before = path.read_bytes()
    (workbook / "solutions" / "01_lesson.py").write_text(SOURCE.replace("Text.", "Better text."), encoding="utf-8")
    monkeypatch.setattr(build.session, "root", lambda: workbook)
    monkeypatch.setattr("sys.stdin", io.StringIO())  # no terminal: nobody can be asked
    assert build.main([]) == 0 and path.read_bytes() == before
    said = capsys.readouterr().out
    assert f"{folder}/01_lesson.ipynb" in said and "--reset" in said

    assert build.main(["--reset"]) == 0 and b"my_own_work" not in path.read_bytes()
    copies = list((workbook / "kept_notebooks").glob(f"{folder}-01_lesson-*.ipynb"))
    assert len(copies) == 1 and copies[0].read_bytes() == before
    assert build.main([]) == 0 and "up to date" in capsys.readouterr().out


NO_NOTEBOOKS = (
    *("[]", "null", "[" * 100_000, "\ufeff{}", "<<<<<<< Updated upstream"),
    '{"cells": 3, "nbformat": 4, "metadata": {}}',
    '{"cells": [], "nbformat": 4, "nbformat_minor": 5, "metadata": {"workbook": 3}}',
)


@pytest.mark.parametrize("folder", ["notebooks", "solutions"])
@pytest.mark.parametrize("content", NO_NOTEBOOKS, ids=range(len(NO_NOTEBOOKS)))
def test_what_can_no_longer_be_read_is_kept_and_told(workbook, folder, content, monkeypatch, capsys):
    monkeypatch.setattr(build.session, "root", lambda: workbook)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    pretend_executed(workbook)
    path = workbook / folder / "01_lesson.ipynb"
    path.write_text(content, encoding="utf-8")
    before = path.read_bytes()
    assert build.main(["--check"]) == 1
    said = capsys.readouterr().err
    assert f"{folder}/01_lesson.ipynb can no longer be read" in said and "doctor" in said and "--reset" in said
    assert build.main([]) == 0 and path.read_bytes() == before
    assert build.main(["--reset"]) == 0 and notebooks.read(path) is not None
    (copy,) = (workbook / "kept_notebooks").iterdir()
    assert copy.read_bytes() == before


def test_a_copy_that_cannot_be_made_is_told_and_nothing_is_lost(workbook, monkeypatch, capsys):
    monkeypatch.setattr(build.session, "root", lambda: workbook)
    path = workbook / "notebooks" / "01_lesson.ipynb"
    work_in(path)
    before = path.read_bytes()
    (workbook / "kept_notebooks").write_text("a file of that name", encoding="utf-8")
    assert build.main(["--reset"]) == 1 and path.read_bytes() == before
    said = capsys.readouterr().err
    assert "kept_notebooks could not be written" in said and "What to do" in said


@pytest.mark.parametrize("answer", ["y", "n"])
def test_on_a_terminal_it_is_asked(workbook, answer, monkeypatch):
    path = workbook / "notebooks" / "01_lesson.ipynb"
    work_in(path)
    (workbook / "solutions" / "01_lesson.py").write_text(SOURCE.replace("Text.", "Better text."), encoding="utf-8")
    monkeypatch.setattr(build.session, "root", lambda: workbook)
    terminal = io.StringIO(f"{answer}\n")
    terminal.isatty = lambda: True
    monkeypatch.setattr("sys.stdin", terminal)
    build.main([])
    assert ("my_own_work" in path.read_text(encoding="utf-8")) == (answer == "n")
    assert len(list((workbook / "kept_notebooks").glob("*"))) == (answer == "y")


def test_a_students_work_is_no_problem_but_a_mistake_on_a_machine_that_tests(workbook, monkeypatch, capsys):
    pretend_executed(workbook)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(build.session, "root", lambda: workbook)
    work_in(workbook / "notebooks" / "01_lesson.ipynb")
    assert build.main(["--check"]) == 0
    assert "notebooks/01_lesson.ipynb: you have worked here; that is fine." in capsys.readouterr().out
    monkeypatch.setenv("CI", "true")
    assert build.main(["--check"]) == 1 and "older than its source" in capsys.readouterr().err


@pytest.mark.parametrize("folder", ["notebooks", "solutions"])
def test_where_somebody_has_worked_a_copy_as_built_is_tested(workbook, folder, monkeypatch, tmp_path_factory):
    monkeypatch.delenv("CI", raising=False)
    scratch = tmp_path_factory.mktemp("scratch")
    pretend_executed(workbook)
    assert testing.as_built(workbook, scratch) == {}
    work_in(workbook / folder / "01_lesson.ipynb", "raise ValueError")
    (name, copy), *others = testing.as_built(workbook, scratch).items()
    assert name == f"{folder}/01_lesson.ipynb" and not others
    notebook = nbformat.read(copy, as_version=4)
    wanted = (notebooks.blank_notebook if folder == "notebooks" else notebooks.solved_notebook)(
        build_workbook.Workbook(workbook).lessons[0]
    )
    assert [cell.id for cell in notebook.cells] == [cell.id for cell in wanted.cells]
    assert not any("raise ValueError" in cell.source for cell in notebook.cells)


def test_of_a_widget_only_its_picture_is_kept():
    picture = {"image/png": "iVBORw0KGgo=", "text/plain": "[widget] A slider"}
    shown = [picture, {display.WIDGET: {"model_id": "1"}, "text/plain": "[widget]"}, {"text/html": display.RULES}]
    outputs = [nbformat.v4.new_output("display_data", data) for data in shown]
    cell = nbformat.v4.new_code_cell(outputs=outputs)
    execution._tidy(cell)
    assert [output.data for output in cell.outputs] == [picture]


def test_saving_without_a_change_changes_nothing(workbook):
    path = workbook / "notebooks" / "01_lesson.ipynb"
    before = path.read_bytes()
    nbformat.write(nbformat.read(path, as_version=4), path)  # what JupyterLab does
    assert path.read_bytes() == before


def git(root, *words):
    identity = ["-c", "user.name=a", "-c", "user.email=a@b.invalid"]
    return subprocess.run(["git", *identity, *words], cwd=root, capture_output=True, text=True, check=True)


LONG = SOURCE + "".join(f"\n\n# %% [markdown]\n# ## Part {n}\n\n# %%\nvalue_{n} = {n}\n" for n in range(6))


def answered(cells, **changes):
    next(cell for cell in cells if cell.id.endswith("-answer")).update(changes)


EDITS = {
    "an answer": lambda cells: answered(cells, source="value = 'my_own_work'"),
    "a note": lambda cells: cells.insert(4, nbformat.v4.new_markdown_cell("my_own_work", id="mine")),
    "a run": lambda cells: answered(cells, outputs=[nbformat.v4.new_output("stream", text="my_own_work\n")]),
}


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("way", ["stash", "merge"])
def test_an_update_and_a_students_edit_both_survive(workbook, edit, way):
    (workbook / "solutions" / "01_lesson.py").write_text(LONG, encoding="utf-8")
    build.write(build_workbook.Workbook(workbook))
    for words in (
        ["init", "-q", "-b", "main"],
        ["add", "-A"],
        ["commit", "-qm", "one"],
        ["clone", "-q", ".", "student"],
    ):
        git(workbook, *words)
    newer = LONG.replace("value_5 = 5", "value_5 = 55") + "\n\n# %% [markdown]\n# ## One more part\n"
    (workbook / "solutions" / "01_lesson.py").write_text(newer, encoding="utf-8")
    build.write(build_workbook.Workbook(workbook))
    git(workbook, "commit", "-qam", "two")

    mine = workbook / "student" / "notebooks" / "01_lesson.ipynb"
    notebook = nbformat.read(mine, as_version=4)
    EDITS[edit](notebook.cells)
    nbformat.write(notebook, mine)
    if way == "stash":
        for words in (["stash"], ["pull", "-q"], ["stash", "pop"]):
            git(mine.parent, *words)
    else:  # as nbgitpuller does: commit what is there, merge, the student's side wins where both changed a line
        for words in (["commit", "-qam", "mine"], ["pull", "-q", "--no-rebase", "--no-edit", "-X", "ours"]):
            git(mine.parent, *words)
    merged = nbformat.read(mine, as_version=4)
    nbformat.validate(merged)
    text = mine.read_text(encoding="utf-8")
    assert "my_own_work" in text and "value_5 = 55" in text and "One more part" in text


def test_a_new_cell_moves_no_other_cells_id(workbook):
    def ids():
        notebook = nbformat.read(workbook / "notebooks" / "01_lesson.ipynb", as_version=4)
        return [cell.id for cell in notebook.cells]

    before = ids()
    (workbook / "solutions" / "01_lesson.py").write_text(LONG, encoding="utf-8")
    build.write(build_workbook.Workbook(workbook))
    after = ids()
    assert [one for one in before if one not in after] == [] and len(set(after)) == len(after) > len(before)


def test_readme_table(workbook):
    pretend_executed(workbook)
    text = (workbook / "README.md").read_text(encoding="utf-8")
    assert "[01 A lesson](solutions/01_lesson.ipynb)" in text and "0.1 min" in text
    (workbook / "README.md").write_text(README, encoding="utf-8")
    assert "old lesson table" in problems(workbook)
    (workbook / "README.md").write_text("# none", encoding="utf-8")
    assert "no lesson table" in problems(workbook)


BLANK = "    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
BAD = {
    "a blank begins and never ends": (BLANK, "    ### BEGIN SOLUTION\n    return 2 * x"),
    "ends that never began": (BLANK, "    return 2 * x\n    ### END SOLUTION"),
    "begins inside a blank": (BLANK, "    ### BEGIN SOLUTION\n" * 2 + "    return 1\n    ### END SOLUTION"),
    "an empty blank": (BLANK, "    ### BEGIN SOLUTION\n\n    ### END SOLUTION"),
    "marker is misspelt": (BLANK, "    ## BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"),
    "a blank of 30 lines": (BLANK, "    ### BEGIN SOLUTION\n" + "    x += 1\n" * 30 + "    ### END SOLUTION"),
    "a blank outside a function": (
        'def double(x: int) -> int:\n    """Twice x."""\n' + BLANK,
        "### BEGIN SOLUTION\ndouble = 2\n### END SOLUTION",
    ),
    "double has no docstring": ('    """Twice x."""\n', ""),
    "double lacks types for x": ("def double(x: int)", "def double(x)"),
    "without a check in the next code cell": ('double = check("1.1", double)', "double(1)"),
    "is checked twice": ("# %% tags", '# %%\ndouble = check("1.1", double)\n\n# %% tags'),
    "write `double = check": ('double = check("1.1", double)', 'check("1.1", double)'),
    "no heading `### Exercise 1.1": ("### Exercise 1.1 · Double", "### Something else"),
    "does not belong to lesson 01": ("1.1", "2.1"),
    "lacks `needs`": ("# needs: nothing\n", ""),
    "an unknown `author`": ("# needs: nothing\n", "# needs: nothing\n# author: me\n"),
    "3 to 5 objectives": ("#   - two\n#   - three\n", ""),
    "front matter says lesson": ('lesson: "01"', 'lesson: "02"'),
    "no YAML": ("# title: A lesson", "# title: [A lesson"),
    "does not begin with a front matter": ("# ---\n# lesson", "# lesson"),
    "call session.start": ("session.start(", "session.settings("),
    "import `backend` of helpers before keras": ("from helpers import session\n", "import keras\n" * 2),
    "an `if` on the profile": ("print(double(2))", 'if settings.profile == "smoke":\n    print(double(2))'),
    "a path of somebody's machine": ("print(double(2))", 'open("/home/me/x")'),
    "a line of 104 characters": ("print(double(2))", f"print({'2' * 97})"),
    "belong together": ("# needs: nothing\n", "# needs: nothing\n# cover: a dot\n"),
    "two sections are called": ("# Text.", "# Text.\n\n# %% [markdown]\n# ## A section"),
}


@pytest.mark.parametrize("message", BAD)
def test_bad_source_is_refused_with_a_reason(tmp_path, message):
    old, new = BAD[message]
    assert old in SOURCE, "the fixture must change something"
    path = tmp_path / "01_lesson.py"
    path.write_text(SOURCE.replace(old, new), encoding="utf-8")
    with pytest.raises(build_source.LessonError) as caught:
        build_source.read(path)
    assert message in str(caught.value)


def test_a_bad_source_stops_the_build_and_writes_nothing(workbook, capsys, monkeypatch):
    monkeypatch.setattr(build.session, "root", lambda: workbook)
    before = (workbook / "notebooks" / "01_lesson.ipynb").read_bytes()
    (workbook / "solutions" / "01_lesson.py").write_text(SOURCE.replace("### END SOLUTION", ""), encoding="utf-8")
    assert build.main([]) == 1 and build.main(["--check"]) == 1
    assert "never ends" in capsys.readouterr().err
    assert (workbook / "notebooks" / "01_lesson.ipynb").read_bytes() == before


def test_command_line(workbook, capsys, monkeypatch):
    monkeypatch.setattr(build.session, "root", lambda: workbook)
    assert build.main([]) == 0
    assert build.main(["--check"]) == 1  # never executed
    pretend_executed(workbook)
    capsys.readouterr()
    assert build.main(["--check"]) == 0
    assert "agree with the sources" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="no lesson 7"):
        build.main(["7"])


def test_the_workbook_itself_is_built():
    assert build.check(build_workbook.Workbook(build.session.root())) == []


COVER = SOURCE.replace(
    "# needs: nothing", "# needs: nothing\n# idea: Twice is **double**.\n# cover: a red dot"
).replace("# %%\n# NBVAL", '# %% tags=["cover"]\n# NBVAL')


def test_the_first_screen_has_the_idea_and_the_picture_before_anything_has_run(workbook):
    assert COVER.count("cover") == 2
    (workbook / "solutions" / "01_lesson.py").write_text(COVER, encoding="utf-8")
    (workbook / "solutions" / "covers").mkdir()
    (workbook / "solutions" / "covers" / "01.png").write_bytes(b"a picture")
    build.write(build_workbook.Workbook(workbook))
    for folder in ("notebooks", "solutions"):
        first = nbformat.read(workbook / folder / "01_lesson.ipynb", as_version=4).cells[0]
        assert "![a red dot](attachment:cover.png)\n\nTwice is **double**." in first.source
        assert first.attachments["cover.png"]["image/png"] == "YSBwaWN0dXJl"


def test_the_cover_is_the_first_picture_of_the_cell_with_that_tag(workbook):
    (workbook / "solutions" / "01_lesson.py").write_text(COVER, encoding="utf-8")
    book = build_workbook.Workbook(workbook)
    notebook = book.solved(book.lessons[0])
    assert notebooks.cover(notebook) is None
    (cell,) = [cell for cell in notebook.cells if "cover" in cell.metadata.get("tags", [])]
    cell.outputs = [
        nbformat.v4.new_output("stream", name="stdout", text="words"),
        nbformat.v4.new_output("display_data", {"image/png": "YSBwaWN0dXJl\n"}),
    ]
    assert notebooks.cover(notebook) == b"a picture"


def test_what_a_lesson_reads_in_helpers_belongs_to_the_code_of_its_outputs(workbook, monkeypatch):
    book = build_workbook.Workbook(workbook)
    notebook = book.solved(book.lessons[0])
    page = types.SimpleNamespace(LECTURE={"n": 1}, SMOKE={}, FULL={}, QUIZZES={})
    monkeypatch.setitem(sys.modules, "helpers.lessons.lesson01", page)
    digests = []
    for lecture, smoke in (({"n": 1}, {}), ({"n": 2}, {}), ({"n": 2}, {"n": 3})):
        page.LECTURE, page.SMOKE = lecture, smoke
        digests.append(notebooks.code_digest(notebook))
    assert digests[0] != digests[1] == digests[2]


def test_the_place_of_an_import_does_not_belong_to_the_code_of_the_outputs():
    def digest(*sources):
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
        notebook.metadata["workbook"] = nbformat.from_dict({"lesson": "none"})
        return notebooks.code_digest(notebook)

    here = digest("import math\nfrom os import path, sep", "print(math.pi, sep)")
    assert here == digest("from os import path", "import math\nfrom os import sep\n\nprint(math.pi, sep)")
    assert here != digest("import math\nfrom os import path, linesep as sep", "print(math.pi, sep)")
    assert here != digest("import math\nfrom os import path, sep", "print(math.e, sep)")


def test_a_sheet_shows_every_figure_and_says_where_none_is(workbook, monkeypatch, capsys):
    monkeypatch.setattr(build.session, "root", lambda: workbook)
    assert build.main(["--sheet", str(workbook / "sheets")]) == 1
    assert "no figure in 01_lesson" in capsys.readouterr().out
    path = workbook / "solutions" / "01_lesson.ipynb"
    notebook = nbformat.read(path, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell, (color, width) in zip(cells, (("red", 400), ("blue", 1800)), strict=False):
        content = io.BytesIO()
        Image.new("RGB", (width, 100), color).save(content, "PNG")
        data = {"image/png": base64.b64encode(content.getvalue()).decode()}
        cell.outputs = [nbformat.v4.new_output("display_data", data)]
    path.write_text(notebooks.text(notebook), encoding="utf-8")
    assert build.main(["--sheet", str(workbook / "sheets"), "01"]) == 0
    page = np.asarray(Image.open(workbook / "sheets" / "01_lesson.png"))
    assert (page == (255, 0, 0)).all(-1).sum() == 400 * 100  # as large as on the page
    assert (page == (0, 0, 255)).all(-1).sum() == 900 * 50  # a page is no wider
