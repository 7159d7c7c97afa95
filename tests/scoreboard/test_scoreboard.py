"""The scoreboard: which row counts, what is never lost, how it looks."""

import json
import multiprocessing
import os
import re
import subprocess
import sys
from html.parser import HTMLParser

import numpy as np
import pytest

from helpers import files, session
from helpers.data import dataset
from helpers.scoreboard import records, tables


@pytest.fixture(autouse=True)
def own_state(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBOOK_STATE", str(tmp_path / "state"))
    monkeypatch.delenv("WORKBOOK_PROFILE", raising=False)
    monkeypatch.setattr(records, "SHIPPED_ROWS", tmp_path / "shipped.json")
    monkeypatch.setattr(records, "FULL_ROWS", tmp_path / "full.json")
    monkeypatch.setattr(records, "_unsaved", {})
    return tmp_path / "state" / "scoreboard.json"


def record(lesson="02", model="stacked", *, profile=None, monkeypatch=None, **more):
    if profile:
        monkeypatch.setenv("WORKBOOK_PROFILE", profile)
    records.record(lesson, model, **more)


def ship(monkeypatch, tmp_path, **more):
    """Make the stored rows the shipped ones, as a maintainer would."""
    record(monkeypatch=monkeypatch, **more)
    (tmp_path / "state" / "scoreboard.json").rename(tmp_path / "shipped.json")


def test_a_row_holds_what_was_measured(monkeypatch):
    few = dataset.load("digits", quiet=True).take(train=500)
    monkeypatch.setenv("WORKBOOK_PROFILE", "smoke")
    records.record(
        2,
        "stacked",
        codings=30,
        data=few,
        seeds=(1, 2),
        seconds=np.float32(1.5),
        parameters=np.int64(251),
        mse=np.float32(0.5),
        probe_accuracy=None,
    )
    (row,) = records.rows()
    versions = row.pop("versions")
    assert row == {
        "lesson": "02",
        "model": "stacked",
        "codings": 30,
        "profile": "smoke",
        "seeds": [1, 2],
        "data": "Digits, full set, 500 training images",
        "seconds": 1.5,
        "parameters": 251,
        "figures": {"mse": 0.5},
        "where": "here",
    }
    assert versions["numpy"] == np.__version__ and set(versions) >= {"python", "keras"}


def test_where_a_full_set_lay_does_not_matter():
    one = dataset.load("digits", quiet=True)
    for source in ("full set from the Keras cache", "full set from the WORKBOOK_DATA folder"):
        records.record("01", source, data=dataset.Dataset(**{**vars(one), "source": source}))
    assert len({row["data"] for row in records.rows()}) == 1


@pytest.mark.parametrize(
    ("first", "second", "stays"),
    [
        ("smoke", "lecture", False),
        ("lecture", "full", False),
        ("lecture", "lecture", False),
        ("lecture", "smoke", True),
        ("full", "lecture", True),
        ("full", "smoke", True),
    ],
)
def test_a_lower_profile_never_overwrites_a_higher_one(monkeypatch, capsys, first, second, stays):
    record(profile=first, monkeypatch=monkeypatch, mse=0.1)
    record(profile=second, monkeypatch=monkeypatch, mse=0.2)
    (row,) = records.rows()
    assert (row["figures"]["mse"], row["profile"]) == ((0.1, first) if stays else (0.2, second))
    said = capsys.readouterr().out
    assert said == (
        f"Scoreboard: the stored row of stacked (lesson 02) comes from the {first} profile and stays; "
        f"this {second} run: MSE 0.2000.\n"
        if stays
        else ""
    )


@pytest.mark.parametrize(("own", "counts"), [("lecture", "shipped"), ("full", "here")])
def test_own_rows_stand_before_shipped_ones_of_no_higher_profile(tmp_path, monkeypatch, capsys, own, counts):
    ship(monkeypatch, tmp_path, profile="full", mse=0.1)
    record(profile=own, monkeypatch=monkeypatch, mse=0.2)
    (row,) = records.rows()
    assert row["where"] == counts and row["figures"]["mse"] == (0.2 if counts == "here" else 0.1)
    assert ("the shipped row of stacked" in capsys.readouterr().out) == (counts == "shipped")
    (tmp_path / "shipped.json").unlink()
    assert records.rows()[0]["figures"]["mse"] == 0.2  # nothing of one's own is lost


def test_rows_of_full_trainings_are_shown_when_asked_for(tmp_path, monkeypatch, capsys):
    ship(monkeypatch, tmp_path, profile="full", mse=0.1)
    (tmp_path / "shipped.json").rename(tmp_path / "full.json")
    record(profile="lecture", monkeypatch=monkeypatch, mse=0.2)
    assert not capsys.readouterr().out  # the student's own row counts
    assert [row["figures"]["mse"] for row in records.rows()] == [0.2]
    assert [row["figures"]["mse"] for row in records.rows(full=True)] == [0.1]
    assert records.show("02", full=True)[0]["profile"] == "full"
    (tmp_path / "full.json").write_text("{", encoding="utf-8")
    assert records.rows(full=True)[0]["figures"]["mse"] == 0.2
    assert "passed over" in capsys.readouterr().out and (tmp_path / "full.json").exists()


def test_rows_are_chosen_and_sorted():
    for lesson, model, codings in (("10", "VAE", 10), ("02", "b", 30), ("02", "a", 30), ("02", "c", 2), (1, "PCA", 2)):
        records.record(lesson, model, codings=codings)
    assert [row["model"] for row in records.rows()] == ["PCA", "c", "a", "b", "VAE"]
    assert [row["model"] for row in records.rows("10")] == ["VAE"]
    assert [row["model"] for row in records.rows(["01", 10])] == ["PCA", "VAE"]
    assert records.rows("99") == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (dict(lesson=" "), "number of the lesson"),
        (dict(model=""), "name of the model"),
        (dict(mse="good"), "mse must be a number, got 'good'"),
        (dict(codings="many"), "codings must be a number"),
        (dict(data=3), "Dataset or a text"),
    ],
)
def test_nonsense_is_refused(own_state, arguments, message):
    with pytest.raises(ValueError, match=message):
        record(**arguments)
    assert not own_state.exists()


def test_nan_counts_as_not_measured(capsys):
    record(mse=float("nan"), kl=float("inf"), elbo=-3.0)
    assert records.rows()[0]["figures"] == {"elbo": -3.0}
    assert capsys.readouterr().out.count("counts as not measured") == 2


# ---------------------------------------------------------------- files


DAMAGED = {
    "empty": "",
    "cut": '{"version": 1, "rows": [{"less',
    "a list": "[1]",
    "null": "null",
    "no rows": "{}",
    "a row that is none": '{"rows": [3]}',
    "unknown profile": None,
    "a text as a figure": None,
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_a_damaged_file_is_set_aside_and_said(own_state, capsys, kind):
    record(model="old", mse=1)
    content = own_state.read_text(encoding="utf-8")
    broken = {
        "unknown profile": content.replace('"lecture"', '"best"'),
        "a text as a figure": content.replace('"mse": 1.0', '"mse": "1"'),
    }.get(kind, DAMAGED[kind])
    assert broken != content
    own_state.write_text(broken, encoding="utf-8")
    record(model="new", mse=2)
    assert [row["model"] for row in records.rows()] == ["new"]
    assert own_state.with_name("scoreboard.json.damaged").read_text(encoding="utf-8") == broken
    said = capsys.readouterr().out
    assert f"{own_state} is damaged" in said and "set aside as scoreboard.json.damaged" in said


def test_bytes_that_are_no_text_are_set_aside(own_state):
    own_state.parent.mkdir()
    own_state.write_bytes(b"\xff\xfe\x00")
    assert records.rows() == [] and own_state.with_name("scoreboard.json.damaged").exists()


def test_a_damaged_shipped_file_is_said_and_left(tmp_path, capsys):
    (tmp_path / "shipped.json").write_text("{", encoding="utf-8")
    assert records.rows() == [] and "passed over" in capsys.readouterr().out
    assert (tmp_path / "shipped.json").exists()


def test_without_a_folder_rows_live_as_long_as_the_kernel(tmp_path, monkeypatch, capsys):
    (tmp_path / "state").write_text("a file, not a folder", encoding="utf-8")
    record(mse=0.25)
    record(profile="smoke", monkeypatch=monkeypatch, mse=0.5)
    assert [row["figures"]["mse"] for row in records.rows()] == [0.25]
    said = capsys.readouterr().out
    assert said.count("could not be stored") == 2 and "kept until this kernel stops" in said


def _write_rows(writer):
    for number in range(10):
        records.record("02", f"model {writer} {number}", mse=number)


def test_kernels_that_write_at_once_lose_nothing():
    method = multiprocessing.get_context("fork" if hasattr(os, "fork") else "spawn")
    with method.Pool(4) as pool:
        pool.map(_write_rows, range(4), chunksize=1)
    assert len(records.rows()) == 40


HOLD = """
import sys, time
from helpers.files import locked
with locked(sys.argv[1]):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_lock_keeps_others_out_and_dies_with_its_process(own_state, root):
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(own_state)], cwd=root, stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(TimeoutError, match="scoreboard.json.lock"), files.locked(own_state, timeout=0.1):
            pass
    finally:
        holder.kill()
        holder.communicate()
    with files.locked(own_state, timeout=5):
        pass


def test_a_lock_that_is_never_given_back_costs_no_row(own_state, monkeypatch, capsys):
    def busy(path):
        raise TimeoutError("held by another process")

    monkeypatch.setattr(records, "locked", busy)
    record(mse=0.5)
    assert records.rows()[0]["figures"]["mse"] == 0.5 and "could not be stored" in capsys.readouterr().out


def test_a_failed_write_keeps_the_rows_that_were_there(own_state, monkeypatch):
    record(model="old", mse=1)
    before = own_state.read_bytes()

    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr(files.os, "replace", fail)
    record(model="new", mse=2)
    assert own_state.read_bytes() == before and json.loads(before)["version"] == 1
    assert sorted(path.name for path in own_state.parent.iterdir()) == ["scoreboard.json", "scoreboard.json.lock"]
    assert {row["model"] for row in records.rows()} == {"old", "new"}


# ---------------------------------------------------------------- how it looks


def fill():
    records.record("01", "PCA, 30 codings", codings=30, data="few", mse=0.0158)
    records.record("01", "PCA, 2 codings", codings=2, data="many", mse=0.047)
    records.record(
        "02",
        "stacked <deep>",
        codings=30,
        data="few",
        mse=0.0131,
        probe_accuracy=0.8125,
        seconds=61.25,
        parameters=251_234,
        seeds=(1, 2, 3),
    )
    records.record("03", "map", codings=2, data="few", mse=0.03, own_figure=12.3456)
    records.record("10", "VAE", codings=10, data="few", elbo=-233.21)


def test_text_table(capsys):
    fill()
    rows = records.show()
    lines = capsys.readouterr().out.splitlines()
    assert re.split(r"\s{2,}", lines[0]) == [
        "Lesson",
        "Model",
        "Codings",
        "MSE ↓",
        "Probe accuracy ↑",
        "ELBO in nats ↑",
        "Own figure",
        "Parameters",
        "Seconds",
        "Data",
        "Measured",
    ]
    assert re.split(r"\s{2,}", lines[4]) == [
        "02",
        "stacked <deep>",
        "30",
        "0.0131",
        "0.812",
        "–",
        "–",
        "251,234",
        "61.2",
        "few",
        "here, lecture, 3 seeds",
    ]
    assert re.split(r"\s{2,}", lines[5])[3:7] == ["0.0300", "–", "–", "12.35"]
    assert lines[-1].startswith("↓ lower is better") and len(lines) == 8
    assert [row["lesson"] for row in rows] == ["01", "01", "02", "03", "10"]
    assert lines[0].index("MSE") + len("MSE ↓") == lines[4].index("0.0131") + 6  # numbers under their heads


class Cells(HTMLParser):
    """The texts of the cells, row by row; refuses tags that do not close."""

    def __init__(self, html):
        super().__init__()
        self.open, self.rows = [], []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, text):
        if self.open and self.open[-1] in ("td", "th"):
            self.rows[-1].append(text)


def test_html_table_has_the_same_cells():
    fill()
    table = records.table()
    found = Cells(table._repr_html_()).rows
    assert found == [table.head, *table.cells] and found[3][1] == "stacked <deep>"
    assert "<deep>" not in table._repr_html_()


def test_long_words_on_the_data_become_a_tooltip():
    words = "Fashion-MNIST, full set, 55,000 images (in another <order>)"
    records.record("01", "PCA", data=words, mse=0.1)
    records.record("01", "PCA of few", data="Fashion-MNIST, shipped subset, 9,000 training images", mse=0.2)
    html = records.table()._repr_html_()
    assert [row[-2] for row in Cells(html).rows[1:]] == ["full set, 55,000", "shipped subset, 9,000"]
    assert f'title="{words.replace("<", "&lt;").replace(">", "&gt;")}"' in html
    assert words in repr(records.table())


def test_show_in_a_notebook_shows_once_and_as_html(monkeypatch):
    shown = []
    monkeypatch.setattr(session, "live", lambda: True)
    monkeypatch.setattr("IPython.display.display", shown.append)
    fill()
    rows = records.show("02")
    assert len(shown) == 1 and "stacked" in shown[0]._repr_html_() and len(rows) == 1
    from IPython.core.formatters import DisplayFormatter

    formatter = DisplayFormatter()
    formatter.ipython_display_formatter.enabled = True
    assert formatter.format(rows) == ({}, {})  # as the last value of a cell, nothing more


def test_an_empty_board_says_so(capsys):
    assert records.show() == []
    assert capsys.readouterr().out == tables.EMPTY + "\n"
    assert "no rows yet" in records.table()._repr_html_()
    figure = records.plot()
    assert "No row has an MSE yet" in [text.get_text() for text in figure.axes[0].texts]
    close(figure)


def close(figure):
    from matplotlib import pyplot

    pyplot.close(figure)


def marks(figure):
    """Where the dots and diamonds stand, by label."""
    found = {}
    for line in figure.axes[0].lines:
        if not line.get_label().startswith("_"):
            found.setdefault(line.get_label(), []).extend(zip(line.get_xdata(), line.get_ydata(), strict=True))
    return found


def test_plot_puts_pca_with_as_many_codings_beside_each_model():
    fill()
    records.record("00", "PCA, other data", codings=30, data="many", mse=0.02)  # comes first, fits less
    figure = records.plot(["02", "03", "10"])  # PCA is found in lesson 01
    assert marks(figure) == {
        "PCA, as many codings": [(0.0158, 0)],
        "PCA, as many codings, other data": [(0.047, 1)],
        "the model": [(0.0131, 0), (0.03, 1)],
    }
    assert [tick.get_text() for tick in figure.axes[0].get_yticklabels()] == ["02 stacked <deep> (30)", "03 map (2)"]
    assert "lower is better" in figure.axes[0].get_xlabel() and "stacked <deep>" in figure.alt
    figure.canvas.draw()
    close(figure)


def test_plot_of_pca_alone():
    fill()
    figure = records.plot("01")
    assert marks(figure) == {"the model": [(0.047, 0), (0.0158, 1)]}
    close(figure)
