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
        "judged": f"{len(few.X_valid):,} validation images",
        "labels": False,
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
    text = capsys.readouterr().out
    first, likelihood, others, legend = text.strip().split("\n\n")
    lines = first.splitlines()
    assert lines[0] == "Rebuild and use"
    head = ["Lesson", "Model", "Codings", "MSE ↓", "Probe ↑", "Weights", "Seconds", "Run"]
    assert re.split(r"\s{2,}", lines[1]) == head
    groups = [line for line in lines if line.startswith("Trained")]
    assert groups[:2] == [f"Trained on {data}, measured on validation images:" for data in ("many", "few")]
    stacked = next(line for line in lines if "stacked" in line)
    cells = ["02", "stacked <deep>", "30", "0.0131", "0.812", "251,234", "61.2", "yours ×3"]
    assert re.split(r"\s{2,}", stacked) == cells
    assert lines[1].index("MSE") + len("MSE ↓") == stacked.index("0.0131") + 6  # numbers under their heads
    assert likelihood.startswith("Likelihood\n") and "-233.2" in likelihood and "stacked" not in likelihood
    assert others.startswith("Other figures\n") and "Own figure" in others and "12.35" in others
    assert legend.startswith("↓ lower is better")
    assert [row["lesson"] for row in rows] == ["01", "01", "02", "03", "10"]


def test_rows_of_different_training_sets_never_stand_in_one_group(capsys):
    subset = "Fashion-MNIST, shipped subset, 9,000 training images"
    texts = {
        "b": "Fashion-MNIST, full set, 55,000 images (order and division differ from the official files)",
        "a": subset,
        "c": "Fashion-MNIST, full set, 55,000 training images",
        "d": "",
    }
    for model, data in texts.items():
        records.record("13", model, data=data, frechet=1.0)
    records.show()
    lines = capsys.readouterr().out.splitlines()
    groups = [line for line in lines if line.startswith("Trained on")]
    assert groups == [
        "Trained on a set that was not noted, measured on 2,000 test images:",
        "Trained on 9,000 images (shipped subset), measured on 2,000 test images:",
        "Trained on 55,000 images (full set), measured on 2,000 test images:",
    ]
    models = [line.split()[1] for line in lines if line.startswith("13")]
    assert models == ["d", "a", "b", "c"]


def test_a_row_says_on_which_images_it_was_measured(capsys):
    few = dataset.load("digits", quiet=True).take(train=500)
    records.record("02", "own", data=few, mse=0.1)
    records.record("03", "said", data=few, judged="2,000 test images", accuracy=0.5, frechet=2.0)
    records.show()
    said = capsys.readouterr().out
    own = f"Trained on 500 images (Digits, full set), measured on {len(few.X_valid)} validation images:"
    assert said.index(own) < said.index("02      own")
    assert said.count("Trained on 500 images (Digits, full set), measured on 2,000 test images:") == 2


@pytest.mark.parametrize("labels", [True, False, None])
def test_rows_with_labels_are_marked(labels):
    records.record("13", "conditional DCGAN", frechet=1.0, **({} if labels is None else {"labels": labels}))
    (row,) = records.rows()
    assert ("conditional DCGAN [labels]" in repr(tables.Table([row]))) == bool(labels)
    del row["labels"]  # as in rows that were kept before there was such a mark
    assert "conditional DCGAN [labels]" in repr(tables.Table([row]))
    assert "[labels]" not in repr(tables.Table([{**row, "model": "unconditional GAN"}])).splitlines()[4]


def test_rows_that_were_kept_before_still_load_and_name_their_images(own_state):
    old = {
        "lesson": "03", "model": "old", "codings": 30, "data": "Fashion-MNIST, shipped subset, 9,000 training images",
        "profile": "lecture", "seeds": [42], "seconds": None, "parameters": None, "figures": {"mse": 0.02},
        "versions": {},
    }  # fmt: skip
    rows = [old, {**old, "lesson": "02"}, {**old, "lesson": "10", "figures": {"frechet": 5.0}}]
    rows.append({**old, "lesson": "07", "data": "Fashion-MNIST, full set, 55,000 training images"})
    own_state.parent.mkdir()
    own_state.write_text(json.dumps({"version": 1, "rows": rows}), encoding="utf-8")
    found = records.rows()
    judged = {row["lesson"]: tables.judged_on(row, row["figures"]) for row in found}
    test = "2,000 test images"
    valid = "1,000 validation images"
    assert judged == {"02": valid, "03": valid, "07": "5,000 validation images", "10": test}


def test_the_rows_that_ship_load(monkeypatch, capsys):
    folder = records.Path(records.__file__).parent
    for name in ("SHIPPED_ROWS", "FULL_ROWS"):
        monkeypatch.setattr(records, name, folder / f"{name.lower()}.json")
    assert len(records.rows(full=True)) >= 40 and not capsys.readouterr().out
    text = repr(records.table(full=True))
    assert "conditional DCGAN + replay [labels]" in text
    assert max(map(len, text.splitlines()[:-1])) <= 140  # characters


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


def test_html_tables_have_the_same_cells():
    fill()
    table = records.table()
    found = Cells(table._repr_html_()).rows
    expected = []
    for part in table.parts:
        expected.append(part.head)
        for group, cells in part.groups.items():
            expected += [[group], *cells]
    assert [[cell.replace("\xa0", " ") for cell in row] for row in found] == expected
    assert "<deep>" not in table._repr_html_() and "stacked &lt;deep&gt;" in table._repr_html_()
    assert 'title="Probe accuracy ↑"' in table._repr_html_()  # what the short head means


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
