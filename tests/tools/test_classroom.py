"""The course for nbgrader: what is written, what is refused, that nothing is lost, and a whole round of marking."""

import csv
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import types
from pathlib import Path, PurePosixPath

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

from tools.build.source import blanked
from tools.build.workbook import Workbook
from tools.classroom import __main__ as classroom
from tools.classroom import course as classroom_course
from tools.classroom import grader, marked, roster
from tools.install.pip import Problem

FIRST, SECOND = "00_start_here", "17_scoreboard"  # lessons whose exercises need no TensorFlow


@pytest.fixture(scope="module", autouse=True)
def workbook(root):
    """The workbook, whose sources are read once for all tests."""
    found = Workbook(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(classroom, "Workbook", lambda root: found)
        yield found


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A course of two lessons, as the command writes it; not to be changed."""
    folder = tmp_path_factory.mktemp("classroom") / "generative"
    students = folder.with_name("list.csv")
    students.write_text(
        "\ufeffUser name;Surname;First name\nanna;Muster, jun.;Anna\nben;Beispiel;Ben\n", encoding="utf-8"
    )
    assert classroom.main(["00", "17", "--to", str(folder), "--students", str(students)]) == 0
    return folder


@pytest.fixture
def course(written, tmp_path):
    """A copy of it."""
    shutil.copytree(written, tmp_path / "course")
    return tmp_path / "course"


def source(course, stem):
    return nbformat.read(course / "source" / stem / f"{stem}.ipynb", as_version=4)


def cells(notebook) -> dict:
    return {cell.id: cell for cell in notebook.cells}


# --- what is written


def test_a_source_has_the_answers_between_markers_and_locked_checks(written, workbook):
    found, lesson = cells(source(written, SECOND)), workbook.chosen(["17"])[0]
    for answer in lesson.exercises:
        id = f"exercise-{answer.id.replace('.', '-')}"
        cell = found[f"{id}-answer"]
        assert cell.source == lesson.cells[answer.cell].source and "### BEGIN SOLUTION" in cell.source
        note = cell.metadata.nbgrader
        assert (note.grade_id, note.solution, note.locked, note.grade) == (cell.id, True, False, False)
        cell = found[f"{id}-check"]
        note = cell.metadata.nbgrader
        assert (note.grade_id, note.solution, note.locked, note.grade) == (cell.id, False, True, True)
        assert re.match(r"from helpers\.exercises import check\b", cell.source)
        assert cell.source.endswith(f'{answer.name} = check("{answer.id}", {answer.name})')
    first = next(cell for cell in source(written, SECOND).cells if cell.cell_type == "code")
    assert first.metadata.nbgrader.locked and not first.metadata.nbgrader.grade


def test_everything_else_is_what_a_student_has(written, workbook):
    blank = cells(workbook.blank(workbook.chosen(["17"])[0]))
    found = cells(source(written, SECOND))
    assert set(found) == set(blank) - {"17-way"}
    for id, cell in found.items():
        if not id.endswith("-check"):
            assert blanked(cell.source) == blank[id].source
        assert not cell.get("outputs")


def test_what_follows_a_check_in_its_cell_runs_when_the_check_has_failed(workbook):
    lesson = workbook.chosen(["13"])[0]
    worth = {answer.id: 1.0 for answer in lesson.exercises}
    notebook = marked.marked_notebook(workbook, lesson, worth)
    ids = [cell.id for cell in notebook.cells]
    place = ids.index("exercise-13-2-check")
    assert notebook.cells[place].source.endswith('PixelRange = check("13.2", PixelRange)')
    assert ids[place + 1] == "exercise-13-2-check-then" and len(set(ids)) == len(ids)
    assert "pixels = PixelRange()" in notebook.cells[place + 1].source
    assert "nbgrader" not in notebook.cells[place + 1].metadata


def test_imports_before_a_check_stay_before_it(workbook):
    lesson = workbook.chosen(["07"])[0]
    notebook = marked.marked_notebook(workbook, lesson, {answer.id: 1.0 for answer in lesson.exercises})
    assert cells(notebook)["exercise-7-2-check"].source.startswith("from collections.abc import Callable\n")


def test_students_get_no_solution_and_no_wrong_answer(written):
    files = [path.relative_to(written / "release").as_posix() for path in (written / "release").rglob("*")]
    assert "workbook.py" in files and "helpers/exercises/checking.py" in files and "tools/front.py" in files
    assert not [name for name in files if re.search(r"(^|/)(solutions|tests|mutants|__pycache__)(/|$)|\.ipynb$", name)]
    texts = [path.read_text(encoding="utf-8") for path in (written / "release").rglob("*.py")]
    assert not [text for text in texts if re.search(r"^\s*### BEGIN SOLUTION", text, re.MULTILINE)]


def test_the_students_workbook_starts_and_says_what_it_cannot_do(written):
    done = subprocess.run(
        [sys.executable, "workbook.py", "--help"], cwd=written / "release", capture_output=True, text=True
    )
    assert done.returncode == 0 and "lab" in done.stdout
    asked = "from tools import front; print(front.ROOT / front.LABEXTENSIONS)"
    done = subprocess.run([sys.executable, "-c", asked], cwd=written / "release", capture_output=True, text=True)
    assert any(Path(done.stdout.strip()).rglob("*.js"))  # what `lab` loads came along
    code = "import tools.doctor.__main__; from helpers.exercises import hint; [hint('0.1') for _ in range(9)]"
    done = subprocess.run([sys.executable, "-c", code], cwd=written / "release", capture_output=True, text=True)
    assert done.returncode == 0 and "That was the last hint." in done.stdout and "solutions" not in done.stdout
    shutil.rmtree(written / "release" / ".workbook", ignore_errors=True)


def test_the_list_of_students_is_nbgraders(written):
    assert (written / "students.csv").read_text(encoding="utf-8") == (
        "id,first_name,last_name\nanna,Anna,Muster jun.\nben,Ben,Beispiel\n"
    )
    assert "db student import students.csv" in (written / "README.md").read_text(encoding="utf-8")


def test_the_readme_names_the_commands_in_their_order(written):
    text = (written / "README.md").read_text(encoding="utf-8")
    steps = (
        "student import",
        f"generate_assignment {SECOND}",
        f"autograde {FIRST}",
        "generate_feedback",
        "export --to",
    )
    places = [text.index(step) for step in steps]
    assert places == sorted(places)


# --- points


def tasks(*pairs):
    return [types.SimpleNamespace(id=id, difficulty=difficulty, minutes=10) for id, difficulty in pairs]


@pytest.mark.parametrize(
    "wishes, expected",
    [
        ([], [1, 3]),
        (["difficulty"], [1, 3]),
        (["minutes"], [10, 10]),
        (["equal", "1.2=2.5"], [1, 2.5]),
        (["1.1=0"], [0, 3]),
    ],
)
def test_points(wishes, expected):
    assert list(marked.points(wishes, tasks(("1.1", 1), ("1.2", 3))).values()) == expected


@pytest.mark.parametrize(
    "wishes, words",
    [
        (["hard"], "--points hard is not known"),
        (["equal", "minutes"], "which of them"),
        (["1.3=2"], "no exercise 1.3"),
        (["1.1=-1"], "'-1' is no number"),
        (["1.1=many"], "'many' is no number"),
    ],
)
def test_points_that_cannot_be_meant(wishes, words):
    with pytest.raises(Problem, match=re.escape(words)):
        marked.points(wishes, tasks(("1.1", 1), ("1.2", 3)))


def test_an_exercise_of_no_points_is_not_marked(workbook):
    notebook = marked.marked_notebook(workbook, workbook.chosen(["00"])[0], {"0.1": 0.0})
    cell = cells(notebook)["exercise-0-1-check"]
    assert not cell.metadata.nbgrader.grade and cell.metadata.nbgrader.locked
    assert "HIDDEN" not in cell.source  # nbgrader refuses such lines in a cell that is not marked


# --- the list of students


@pytest.mark.parametrize("text", ["anna\nben\n", "id\nanna\nben\n", "email,Student ID\na@x,anna\n,ben\n"])
def test_lists_of_students(text, tmp_path):
    (tmp_path / "list.csv").write_text(text, encoding="utf-8")
    found = list(csv.DictReader(roster.read(tmp_path / "list.csv")[0].splitlines()))
    assert [student["id"] for student in found] == ["anna", "ben"]


@pytest.mark.parametrize(
    "text, words",
    [
        (b"", "it is empty"),
        (b"id\n", "names no student"),
        (b"colour,size\nred,1\n", "none of its columns"),
        (b"id,name\nanna,A\n,B\n", "line 3 has no id"),
        (b"id\nanna\nAnna\n", "is there twice"),
        (b"id\nan/na\n", "name of a folder"),
        (b"id\n..\n", "name of a folder"),
        (b"id,username\na,b\n", "two of its columns"),
        (b"id\n\xff\xfe\n", "UTF-8"),
    ],
)
def test_lists_that_cannot_be_used(text, words, tmp_path):
    (tmp_path / "list.csv").write_bytes(text)
    with pytest.raises(Problem, match=words):
        roster.read(tmp_path / "list.csv")
    with pytest.raises(Problem, match="cannot be read"):
        roster.read(tmp_path / "nowhere.csv")


# --- what is there already


def arguments(course, *more):
    return ["00", "--to", str(course), "--course", "generative", *more]


def test_the_same_command_again_changes_nothing(course, capsys):
    before = {path: path.stat().st_mtime_ns for path in course.rglob("*")}
    assert classroom.main(["00", "17", *arguments(course)[1:]]) == 0
    assert "as it should be" in capsys.readouterr().out
    assert {path: path.stat().st_mtime_ns for path in course.rglob("*")} == before


def test_a_changed_source_is_not_written_over_without_saying_so(course, capsys):
    path = course / "source" / FIRST / f"{FIRST}.ipynb"
    before = path.read_bytes()
    assert classroom.main(arguments(course, "--points", "minutes")) == 1
    said = capsys.readouterr().err
    assert f"{FIRST}.ipynb would be written over" in said and "--renew" in said
    assert path.read_bytes() == before and not (course / "kept_copies").exists()
    assert classroom.main(arguments(course, "--points", "minutes", "--renew")) == 0
    copies = list(course.glob(f"kept_copies/*/source/{FIRST}/{FIRST}.ipynb"))
    assert [copy.read_bytes() for copy in copies] == [before] and path.read_bytes() != before


def test_the_settings_come_first_so_that_an_unfinished_course_is_known(written, workbook):
    plan = classroom_course.Course(workbook, written, "generative", [], {}).plan()
    assert str(next(iter(plan))) == "nbgrader_config.py" and classroom_course.named(written) == "generative"


def test_names_of_hand_ins_are_understood(written):
    text = (written / "nbgrader_config.py").read_text(encoding="utf-8")
    pattern = re.search(r'named_regexp = r"(.+)"', text)[1]
    for name in ("anna_12345_01_pca_linear_autoencoder.ipynb", "anna_LATE_7_8_01_pca_linear_autoencoder-1.ipynb"):
        found = re.match(pattern, f"downloaded/01_pca_linear_autoencoder/extracted/{name}").groupdict()
        assert found == {"student_id": "anna", "file_id": "01_pca_linear_autoencoder"}


def test_an_instructors_own_settings_stay(course, capsys):
    path = course / "nbgrader_config.py"
    mine = path.read_text(encoding="utf-8") + 'c.Exchange.root = "/srv/exchange"\n'
    path.write_text(mine, encoding="utf-8")
    assert classroom.main(["02", *arguments(course)[1:]]) == 0
    assert not (course / "kept_copies" / "nbgrader_config.py").exists()
    assert "left    nbgrader_config.py" in capsys.readouterr().out and path.read_text(encoding="utf-8") == mine
    assert (course / "source/02_stacked_autoencoder").is_dir() and (course / "source" / FIRST).is_dir()
    text = (course / "README.md").read_text(encoding="utf-8")
    assert f"generate_assignment {FIRST}" in text and "generate_assignment 02_stacked_autoencoder" in text


def test_a_course_that_was_not_finished_is_finished(course):
    shutil.rmtree(course / "release" / "helpers" / "exercises")
    (course / "README.md").unlink()
    assert classroom.main(arguments(course)) == 0
    assert (course / "release" / "helpers" / "exercises" / "checking.py").is_file() and (course / "README.md").is_file()


def test_a_helper_that_is_no_more_goes_with_a_copy(course, capsys):
    old = course / "release" / "helpers" / "gans" / "old.py"
    old.write_text("OLD = 1\n", encoding="utf-8")
    assert classroom.main(arguments(course)) == 1 and old.exists()
    assert "release/helpers/gans/old.py" in capsys.readouterr().err
    assert classroom.main(arguments(course, "--renew")) == 0 and not old.exists()
    assert [path.read_text(encoding="utf-8") for path in course.glob("kept_copies/*/release/helpers/gans/old.py")]


@pytest.mark.parametrize("name", ["thesis.docx", "source"])
def test_a_folder_with_other_things_is_left_alone(tmp_path, name, capsys):
    (tmp_path / name).write_text("mine", encoding="utf-8")
    assert classroom.main(arguments(tmp_path)) == 1
    assert "holds other things" in capsys.readouterr().err and [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    "given, words",
    [
        ([], "where shall the course be"),
        (["--to", "."], "holds the workbook itself"),
        (["--to", "README.md"], "is a file"),
        (["--to", "nowhere", "--students", "no.csv"], "cannot be read"),
    ],
)
def test_what_cannot_be_is_told_before_any_work(given, words, root, capsys):
    assert classroom.main(["00", *given]) == 1
    said = capsys.readouterr().err
    assert words in said and "What to do" in said and not (root / "nowhere").exists()


def test_a_workbook_that_is_not_whole_is_told(tmp_path):
    with pytest.raises(Problem, match="workbook.py is missing"):
        classroom_course._for_students(tmp_path)


# --- nbgrader


def test_the_version_wanted_is_that_of_pyproject(root):
    assert f'classroom = ["{grader.WANTED}"]' in (root / "pyproject.toml").read_text(encoding="utf-8")


def test_without_nbgrader_the_command_says_what_brings_it(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(grader, "version", lambda: None)
    monkeypatch.setattr(classroom_course, "_for_students", lambda root: {PurePosixPath("workbook.py"): b""})
    assert classroom.main(arguments(tmp_path / "new")) == 0
    assert "workbook.py classroom --install" in capsys.readouterr().out
    assert grader.WANTED in (tmp_path / "new" / "README.md").read_text(encoding="utf-8")


def test_an_installation_changes_no_package_and_tells_when_it_fails(monkeypatch, capsys):
    seen = {}

    def run(command, **options):
        seen["constraints"] = Path(command[command.index("-c") + 1]).read_text(encoding="utf-8")
        seen["wanted"] = command[-1]
        return types.SimpleNamespace(returncode=1, stderr="no network", stdout="")

    monkeypatch.setattr(grader.subprocess, "run", run)
    monkeypatch.setattr(grader, "version", lambda: None)
    assert classroom.main(["--install"]) == 1
    assert f"nbformat=={nbformat.__version__}" in seen["constraints"].splitlines() and seen["wanted"] == grader.WANTED
    assert "no network" in capsys.readouterr().err


# --- the kernel in which hand-ins are marked


@pytest.mark.kernels
def test_the_kernel_of_the_grader_has_its_own_helpers_and_its_own_notes(written, tmp_path):
    beside, mine = tmp_path / "handed_in", tmp_path / "mine"
    (beside / "helpers").mkdir(parents=True)
    (beside / "helpers" / "__init__.py").write_text("raise SystemExit", encoding="utf-8")
    specs = KernelSpecManager(kernel_dirs=[str(written / "grading" / "kernels")])
    said, places = [], []
    for _ in range(2):
        manager = KernelManager(kernel_name="workbook-grading", kernel_spec_manager=specs)
        settings = {"WORKBOOK_STATE": str(mine), "WORKBOOK_STRICT": "", "WORKBOOK_PROFILE": "full"}
        manager.start_kernel(cwd=str(beside), env={**os.environ, **settings})
        client = manager.client()
        client.start_channels()
        try:
            client.wait_for_ready(timeout=900)
            code = (
                "import helpers, json; from helpers import session; from helpers.exercises import progress_log as log\n"
                "before = log.read(); log.note_verdict('0.1', 'passed')\n"
                "print(json.dumps([helpers.__file__, str(log.path()), before, session.profile(), session.strict()]))"
            )
            messages = []
            client.execute_interactive(code, output_hook=messages.append, timeout=900)
            said = json.loads("".join(one["content"].get("text", "") for one in messages))
        finally:
            client.stop_channels()
            manager.shutdown_kernel()
        assert Path(said[0]) == written / "release" / "helpers" / "__init__.py"
        assert said[2:] == [{}, "smoke", True], "the notes of the one before"
        places.append(Path(said[1]).parent)
    assert places[0] != places[1] and not any(place.exists() for place in places)
    assert not mine.exists() and not (written / "release" / ".workbook").exists()


# --- a whole round


def solved(cell) -> str:
    return "\n".join(line for line in cell.source.splitlines() if "SOLUTION" not in line)


# Each line as a command of its own would be; nbgrader alone takes some seconds to start.
ONE_AFTER_THE_OTHER = """
import contextlib, sys
from jupyter_core.application import NoStart
from nbgrader.apps import NbGraderApp

for line in sys.argv[1:]:
    app = NbGraderApp.instance()
    app.initialize(line.split())
    with contextlib.suppress(NoStart):  # a command of a command has done its work
        app.start()
    app.reset()
"""
WRONG = "def {}(*args):\n    return 1.0"
NOT_PYTHON = "def {}(*args:\n    return"
CHEAT = WRONG + (
    "\ncheck = lambda id, answer: answer\nimport os\n"
    "os.environ['WORKBOOK_STRICT'] = '0'; os.environ.pop('NBGRADER_EXECUTION', None)"
)
WARNS = "import warnings\n{solved}\nkept = {name}\ndef {name}(*args):\n    warnings.warn('old'); return kept(*args)"


def hand_in(course, stem, student, answers):
    """What a student hands in. answers: {part of a cell's id: (its text, to be filled in)}; the rest stays blank."""
    notebook = nbformat.read(course / "release" / stem / f"{stem}.ipynb", as_version=4)
    right = cells(source(course, stem))
    for cell in notebook.cells:
        found = [text for part, text in answers.items() if f"{part}-answer" in cell.id]
        if found:
            name = re.search(r"^def (\w+)", cell.source, re.MULTILINE).group(1)
            cell.source = found[0].replace("{}", name).replace("{name}", name)
            cell.source = cell.source.replace("{solved}", solved(right[cell.id]))
    folder = course / "submitted" / student / stem
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{stem}.ipynb")
    return folder


@pytest.mark.kernels
@pytest.mark.slow
@pytest.mark.skipif(
    importlib.util.find_spec("nbgrader") is None,
    reason="nbgrader is not installed here; `python3 workbook.py classroom --install` brings it",
)
def test_a_round_from_release_to_marks(course, workbook, tmp_path):
    for stem in (FIRST, SECOND):  # what is not marked is left out, for it takes its time
        notebook = source(course, stem)
        notebook.cells = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
        uses = nbformat.v4.new_code_cell("front.__name__, mean_and_interval.__name__", id="uses")
        notebook.cells += [uses] if stem == SECOND else []
        nbformat.write(notebook, course / "source" / stem / f"{stem}.ipynb")
    mine = tmp_path / "mine"

    def nbgrader(*lines):
        command = [sys.executable, "-c", ONE_AFTER_THE_OTHER, *lines]
        settings = {**os.environ, "WORKBOOK_STATE": str(mine), "OMP_NUM_THREADS": "1"}
        done = subprocess.run(command, cwd=course, env=settings, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr

    nbgrader("db student import students.csv", f"generate_assignment {FIRST}", f"generate_assignment {SECOND}")
    for stem in (FIRST, SECOND):
        released = nbformat.read(course / "release" / stem / f"{stem}.ipynb", as_version=4)
        for cell in released.cells:
            assert "SOLUTION" not in cell.source and "grading" not in cell.source, cell.id
            if cell.id.endswith("-answer"):
                assert cell.source == blanked(cells(source(course, stem))[cell.id].source)
    hand_in(course, FIRST, "anna", {"0-1": "{solved}"})
    hand_in(course, FIRST, "ben", {"0-1": WRONG})
    hand_in(course, FIRST, "cleo", {"0-1": WARNS})
    hand_in(course, FIRST, "dora", {"0-1": CHEAT})
    hand_in(course, SECOND, "anna", {"17-1": "{solved}", "17-2": WARNS, "17-3": "{solved}"})
    hand_in(course, SECOND, "ben", {"17-1": "{solved}", "17-2": "{solved}", "17-3": NOT_PYTHON})
    hand_in(course, SECOND, "cleo", {"17-2": "{solved}"})
    beside = hand_in(course, SECOND, "dora", {"17-1": CHEAT, "17-2": CHEAT, "17-3": CHEAT})
    (beside / "helpers").mkdir()
    (beside / "helpers" / "__init__.py").write_text("raise SystemExit", encoding="utf-8")
    steps = [f"{step} {stem}" for stem in (FIRST, SECOND) for step in ("autograde", "generate_feedback")]
    nbgrader(*steps, "export --to marks.csv")
    with open(course / "marks.csv", encoding="utf-8", newline="") as file:
        rows = {(row["assignment"], row["student_id"]): row for row in csv.DictReader(file)}
    marks = {key: float(row["score"]) for key, row in rows.items()}
    one = {"anna": 1, "ben": 0, "cleo": 1, "dora": 0}
    assert {student: marks[FIRST, student] for student in one} == one
    worth = marked.points([], marked.exercises_of(workbook.chosen(["17"])[0]))
    assert {float(row["max_score"]) for (stem, _), row in rows.items() if stem == SECOND} == {sum(worth.values())}
    three = {"anna": 6, "ben": 3, "cleo": 2, "dora": 0}
    assert {student: marks[SECOND, student] for student in three} == three
    assert rows[SECOND, "anna"]["last_name"] == "Muster jun."
    for student in three:
        page = (course / "feedback" / student / SECOND / f"{SECOND}.html").read_text(encoding="utf-8")
        assert ("CheckFailed" in page) == (student != "anna")
        marked_cells = nbformat.read(course / "autograded" / student / SECOND / f"{SECOND}.ipynb", as_version=4).cells
        failed = [
            cell.id for cell in marked_cells if any(one.output_type == "error" for one in cell.get("outputs", ()))
        ]
        expected = {"anna": [], "ben": ["17-3"], "cleo": ["17-1", "17-3"], "dora": ["17-1", "17-2", "17-3"]}[student]
        assert [id for id in failed if not id.endswith("-answer")] == [f"exercise-{id}-check" for id in expected]
    assert not mine.exists() and not (course / "release" / ".workbook").exists()
