"""How a lesson starts, what it says of its surroundings, and the small pieces of lesson 00."""

import os
import random
import subprocess
import sys
import types

import numpy as np
import pytest

from helpers import environment, session
from helpers.plots import style, timelines
from helpers.widgets import gallery


@pytest.fixture
def profile(monkeypatch):
    """Set WORKBOOK_PROFILE."""
    return lambda name: monkeypatch.setenv("WORKBOOK_PROFILE", name)


def test_profiles_override_lecture_and_nothing_else(profile):
    numbers = dict(lecture=dict(epochs=20, n=9_000), smoke=dict(epochs=1), full=dict(n=55_000))
    found = {}
    for name in session.PROFILES:
        profile(name)
        chosen = session.settings(**numbers)
        found[name] = chosen.epochs, chosen.n
    assert found == {"smoke": (1, 9_000), "lecture": (20, 9_000), "full": (20, 55_000)}
    with pytest.raises(AttributeError, match="no setting 'epoch'.*epochs, n"):
        _ = chosen.epoch
    with pytest.raises(ValueError, match="smoke profile sets epoch,"):
        session.settings(lecture=dict(epochs=1), smoke=dict(epoch=1), full={})


def test_unknown_profile_is_told(profile):
    profile("fast")
    with pytest.raises(ValueError, match="'fast'.*smoke.*lecture.*full"):
        session.profile()
    profile(" Smoke ")
    assert session.profile() == "smoke"


@pytest.mark.parametrize(("value", "expected"), [("", False), ("0", False), ("1", True)])
def test_strict(monkeypatch, value, expected):
    monkeypatch.setenv("WORKBOOK_STRICT", value)
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    assert session.strict() is expected


@pytest.mark.parametrize("step", ["autograde", "validate"])
def test_checks_are_strict_where_nbgrader_runs_them(monkeypatch, step):
    monkeypatch.setenv("WORKBOOK_STRICT", "")
    monkeypatch.setenv("NBGRADER_EXECUTION", step)
    assert session.strict()


@pytest.fixture
def lesson_99(monkeypatch):
    page = types.SimpleNamespace(LECTURE=dict(n=1), SMOKE=dict(n=2, epochs=1), FULL={}, QUIZZES={})
    monkeypatch.setitem(sys.modules, "helpers.lessons.lesson99", page)
    return page


def test_start_seeds_and_speaks_only_of_an_unusual_profile(profile, lesson_99, capsys):
    drawn = []
    for name, numbers, says in (("smoke", (2, 1), "Profile smoke"), ("lecture", (1, 20), "")):
        profile(name)
        chosen = session.start("99", seed=7, epochs=20)
        assert (chosen.n, chosen.epochs) == numbers
        drawn.append(np.random.rand())
        said = capsys.readouterr().out
        assert said.startswith(says) and bool(said) == bool(says)
    assert drawn[0] == drawn[1]


def test_start_names_what_does_not_fit_together(lesson_99):
    with pytest.raises(ValueError, match="n: set here and in helpers/lessons"):
        session.start("99", n=3, epochs=1)
    with pytest.raises(ValueError, match="smoke profile sets epochs,"):
        session.start("99")
    with pytest.raises(ValueError, match="no helpers/lessons/lesson98.py"):
        session.start("98")
    assert session.start(epochs=3).epochs == 3


def test_state_folder_that_cannot_be_made_is_told(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("WORKBOOK_STATE", str(tmp_path / "file" / "state"))
    with pytest.raises(OSError, match="Set WORKBOOK_STATE"):
        session.state_folder()


def test_state_folder_begins_at_home_or_in_the_workbook(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("WORKBOOK_STATE", "~/mine")
    assert session.state_folder() == tmp_path / "mine"
    monkeypatch.setattr(session, "root", lambda: tmp_path / "course")
    monkeypatch.setenv("WORKBOOK_STATE", "mine")  # from whichever folder a notebook has been started
    assert session.state_folder() == tmp_path / "course" / "mine"
    monkeypatch.setenv("WORKBOOK_STATE", " ")
    assert session.state_folder() == tmp_path / "course" / ".workbook"


def test_texts_are_shown_on_a_terminal_that_lacks_some_signs(root):
    code = "import helpers; print('\\u2193')"
    settings = {**os.environ, "PYTHONIOENCODING": "cp1252"}
    done = subprocess.run([sys.executable, "-c", code], cwd=root, env=settings, capture_output=True, check=True)
    assert done.stdout.strip() == b"?"


def test_not_live_here():
    assert not session.live()


@pytest.mark.slow
def test_importing_helpers_is_cheap_and_tensorflow_comes_silently():
    code = (
        "import sys; from helpers import data, metrics, plots, scoreboard, exercises, widgets, weights;"
        "assert 'tensorflow' not in sys.modules, 'TensorFlow was loaded';"
        "from helpers import backend; import keras, tensorflow;"
        "assert float(backend.tf.reduce_sum(keras.ops.ones(3))) == 3; print('done')"
    )
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, cwd=session.root(), capture_output=True, text=True, timeout=600)
    assert result.stdout == "done\n" and result.stderr == ""


def test_seeding_begins_all_numbers_anew():
    """Also with a Keras that leaves those of `keras.random` alone, as on Python 3.10."""
    from helpers.backend import _seeding_all, keras

    def drawn(seeding):
        seeding(3)
        return float(keras.random.normal(()))

    now, older = keras.utils.set_random_seed, _seeding_all(random.seed)  # its generator begins with one of Python's
    assert drawn(now) == drawn(now) != drawn(random.seed)
    assert drawn(older) == drawn(older)


def test_environment_report_names_what_is_missing(monkeypatch):
    monkeypatch.setitem(environment.PACKAGES, "nonsense", ("no-such-package",))
    report = environment.report()
    states = {item.what: item for item in report}
    assert states["numpy"].state == environment.OK and states["numpy"].found == np.__version__
    assert states["nonsense"].state == environment.PROBLEM and "workbook.py lab" in states["nonsense"].mend
    assert "not installed" in repr(report) and "<table>" in report._repr_html_()
    assert states["data"].found.startswith("Fashion-MNIST: shipped subset")


def test_environment_report_sees_a_full_disk(monkeypatch, tmp_path):
    monkeypatch.setenv("WORKBOOK_STATE", str(tmp_path))

    def full(path, text, **_):
        path.touch()
        if text:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(environment.session.Path, "write_text", full)
    found = environment._state()
    assert found.state == "note" and "No space left" in found.mend and not list(tmp_path.iterdir())


def test_tree_and_timeline_show_every_name():
    tree = timelines.tree(("root", [("a", [("leaf 1", "note 1"), ("leaf 2", "")]), ("leaf 3", "note 3")]))
    words = [text.get_text() for text in tree.axes[0].texts]
    assert sorted(words) == ["a", "leaf 1", "leaf 2", "leaf 3", "note 1", "note 3", "root"]
    line = timelines.timeline([(1990, "old", "kind"), (2015, "new", "other")])
    assert sorted(text.get_text() for text in line.axes[0].texts) == ["new 2015", "old 1990"]
    positions = [
        line.axes[0].transData.transform((x, 0))[0] for x in (timelines._stretch(1990), timelines._stretch(2015))
    ]
    assert positions[0] < positions[1]
    for figure in (tree, line):
        style.close(figure)


def test_browser_prints_its_twin_outside_a_notebook(capsys):
    labels = np.repeat([0, 1], 12)
    gallery.image_browser(np.zeros((24, 8, 8)), labels, ["left", "right"])
    assert "The first 10 images of each class" in capsys.readouterr().out
    with pytest.raises(ValueError, match="No image of: third"):
        gallery.image_browser(np.zeros((24, 8, 8)), labels, ["left", "right", "third"])
    with pytest.raises(ValueError, match="24 images and 23 labels"):
        gallery.image_browser(np.zeros((24, 8, 8)), labels[1:], ["left", "right"])


def test_browser_widget_leafs_through_a_class():
    labels = np.repeat([0, 1], [25, 5])
    images = np.linspace(0, 1, 30)[:, None, None] * np.ones((30, 8, 8))
    box = gallery.build_image_browser(images, [np.flatnonzero(labels == c) for c in (0, 1)], ["many", "few"])
    assert box.page.max == 3 and "this class has 25" in box.words.value
    first = box.strip.value
    box.page.value = 3
    assert "images 20 to 24" in box.words.value and box.strip.value != first
    box.chosen.value = 1
    assert box.page.value == 1 and box.page.max == 1 and "images 25 to 29" in box.words.value
    assert box.errors.value == ""
