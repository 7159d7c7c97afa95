"""The images: where they are looked for, what is refused, what a download may do, what ships."""

import gzip
import hashlib
import http.server
import re
import struct
import subprocess
import sys
import threading
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from helpers import files
from helpers.data import dataset, download, idx, sources
from helpers.data.__main__ import main as command
from helpers.data.sources import FILES
from tools import make_subset

IMAGES, LABELS, TEST_IMAGES, TEST_LABELS = FILES
BRIGHTEST = {"fashion_mnist": 146, "mnist": 67}  # gives random pixels the mean of the real ones


@pytest.fixture(autouse=True)
def own_machine(tmp_path, monkeypatch):
    """No setting, an empty Keras cache, nothing loaded before, and no network but this machine."""
    for name in ("WORKBOOK_DATA", "WORKBOOK_DOWNLOAD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(dataset, "_loaded", {})


@pytest.fixture(autouse=True)
def small_sets(monkeypatch):
    """Full sets of 60 + 20 images instead of 60,000 + 10,000; the addresses lead nowhere."""
    for name, spec in list(sources.SPECS.items()):
        small = replace(spec, n_train=60, n_test=20, n_valid=10, url="http://127.0.0.1:9/", md5={}, unpacked_sha256={})
        monkeypatch.setitem(sources.SPECS, name, small)


def arrays(name="fashion_mnist", seed=0):
    rng = np.random.default_rng(seed)
    return tuple(
        part.astype(np.uint8)
        for n in (60, 20)
        for part in (rng.integers(0, BRIGHTEST[name], (n, 28, 28)), np.arange(n) % 10)
    )


def make_set(folder, name="fashion_mnist", seed=0):
    for file, part in zip(FILES, arrays(name, seed), strict=True):
        idx.write_idx(folder / file, part)
    return folder


def cache(tmp_path, name="fashion_mnist"):
    return tmp_path / "keras" / "datasets" / sources.SPECS[name].folders[0]


# ---------------------------------------------------------------- the idx format


@given(hnp.arrays(np.uint8, hnp.array_shapes(min_dims=1, max_dims=4, min_side=0, max_side=5)))
def test_idx_gives_back_what_was_written(tmp_path_factory, array):
    path = tmp_path_factory.mktemp("idx") / "a.gz"
    idx.write_idx(path, array)
    found = idx.read_idx(path)
    assert found.dtype == np.uint8 and found.shape == array.shape and np.array_equal(found, array)


@given(st.binary(max_size=60), st.booleans())
def test_any_bytes_are_read_or_refused_in_words(tmp_path_factory, content, packed):
    path = tmp_path_factory.mktemp("idx") / "a.gz"
    path.write_bytes(gzip.compress(content) if packed else content)
    try:
        idx.read_idx(path)
    except idx.DamagedFile as fault:
        assert fault.path == path and fault.reason


@pytest.mark.parametrize("lengths", [(1,) * 100, (0, 2**32 - 1, 2**32 - 1, 2**32 - 1)])
def test_axes_that_no_array_can_have_are_damage(tmp_path, lengths):
    head = struct.pack(f">BBBB{len(lengths)}I", 0, 0, 8, len(lengths), *lengths)
    (tmp_path / "x.gz").write_bytes(gzip.compress(head + b"x" * (0 not in lengths)))
    with pytest.raises(idx.DamagedFile, match="cannot be"):
        idx.read_idx(tmp_path / "x.gz")


def test_idx_is_the_published_format(tmp_path):
    idx.write_idx(tmp_path / "a.gz", np.array([[1, 2, 3], [4, 5, 6]], np.uint8))
    assert gzip.decompress((tmp_path / "a.gz").read_bytes()) == bytes(
        [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6]
    )


def test_equal_arrays_give_equal_bytes_without_time_or_name():
    one, two = (idx.pack_idx(np.arange(20, dtype=np.uint8)) for _ in range(2))
    assert one == two
    assert one[3] == 0 and one[4:8] == bytes(4)  # no name, no time in the gzip header


@pytest.mark.parametrize("array", [np.zeros(3), np.zeros(3, np.int64), np.uint8(3)])
def test_idx_writes_bytes_only(array):
    with pytest.raises(ValueError, match="uint8"):
        idx.pack_idx(array)


# ---------------------------------------------------------------- damage


def _edit(change):
    def damage(path):
        path.write_bytes(change(path.read_bytes()))

    return damage


def _repack(change):
    return _edit(lambda content: gzip.compress(change(gzip.decompress(content))))


def _array(change):
    def damage(path):
        idx.write_idx(path, change(idx.read_idx(path)))

    return damage


def _folder(path):
    path.unlink()
    path.mkdir()


def _bit(content):
    return content[:-6] + bytes([content[-6] ^ 1]) + content[-5:]  # in the checksum, the last 8 bytes but 4


def _swap(path):
    other = path.with_name(LABELS)
    content = path.read_bytes()
    path.write_bytes(other.read_bytes())
    other.write_bytes(content)


DAMAGES = {
    "cut short": (IMAGES, _edit(lambda b: b[: len(b) // 2]), "ends too early"),
    "cut by one byte": (LABELS, _edit(lambda b: b[:-1]), "ends too early"),
    "wrong checksum": (IMAGES, _edit(_bit), "checksum"),
    "rubbish inside": (IMAGES, _edit(lambda b: b[:10] + b"\xff" + b[11:]), "does not unpack"),
    "rubbish behind": (IMAGES, _edit(lambda b: b + b"rubbish"), "does not unpack"),
    "wrong magic": (IMAGES, _repack(lambda b: b"\1\2\3\4" + b[4:]), "does not start like an idx file"),
    "floats": (IMAGES, _repack(lambda b: b[:2] + b"\x0d" + b[3:]), "type code 0x0d"),
    "only a header": (LABELS, _repack(lambda b: b[:6]), "ends inside its header"),
    "fewer than the header says": (IMAGES, _repack(lambda b: b[:-1]), "promises 47,040 values .* holds 47,039"),
    "more than the header says": (IMAGES, _repack(lambda b: b + b"\0"), "promises 47,040 values .* holds more"),
    "absurd header": (LABELS, _repack(lambda b: struct.pack(">BBBBI", 0, 0, 8, 1, 2**32 - 1)), "cannot be"),
    "one image missing": (IMAGES, _array(lambda a: a[:-1]), "holds 59 images, not 60"),
    "one label missing": (TEST_LABELS, _array(lambda a: a[:-1]), "holds 19 labels, not 20"),
    "train and test swapped": (TEST_IMAGES, _array(lambda a: np.repeat(a, 3, axis=0)), "holds 60 images, not 20"),
    "swapped": (IMAGES, _swap, "holds labels, not images: were the two swapped"),
    "other size": (IMAGES, _array(lambda a: a[:, :8, :8]), "8×8 pixels, not 28×28"),
    "label 10": (LABELS, _array(lambda a: a + np.uint8(1)), "label 10; labels go from 0 to 9"),
    "another data set": (IMAGES, _array(lambda a: a // 2), "is not Fashion-MNIST: .* looks like MNIST"),
    "empty": (IMAGES, _edit(lambda b: b""), "is empty"),
    "a web page": (IMAGES, _edit(lambda b: b"\n<!DOCTYPE html><p>404"), "is a web page"),
    "a text": (IMAGES, _edit(lambda b: b"version https://git-lfs"), "not a gzip file"),
    "a folder": (LABELS, _folder, "is a folder"),
}
each_damage = pytest.mark.parametrize(("file", "damage", "message"), DAMAGES.values(), ids=DAMAGES)


@each_damage
def test_damage_in_the_cache_is_named_and_set_aside(tmp_path, capsys, file, damage, message):
    folder = make_set(cache(tmp_path))
    damage(folder / file)
    with pytest.raises(dataset.DataNotFound):
        dataset.load(source="full")
    said = capsys.readouterr().out
    assert re.search(re.escape(str(folder / file)) + ".*" + message, said), said
    assert f"set aside as {file}.damaged" in said
    assert not (folder / file).exists() and (folder / f"{file}.damaged").exists()
    assert len(list(folder.iterdir())) == 4  # nothing is deleted


@each_damage
def test_damage_in_the_users_folder_is_named_and_left(tmp_path, monkeypatch, capsys, file, damage, message):
    folder = make_set(tmp_path / "own" / "fashion-mnist")
    damage(folder / file)
    monkeypatch.setenv("WORKBOOK_DATA", str(folder.parent))
    with pytest.raises(dataset.DataNotFound):
        dataset.load(source="full")
    said = capsys.readouterr().out
    assert re.search(re.escape(str(folder / file)) + ".*" + message, said), said
    assert {path.name for path in folder.iterdir()} == set(FILES)


def test_all_damaged_files_are_named_at_once(tmp_path, capsys):
    folder = make_set(cache(tmp_path))
    _swap(folder / IMAGES)
    with pytest.raises(dataset.DataNotFound):
        dataset.load(source="full")
    said = capsys.readouterr().out
    assert "holds labels, not images" in said and "holds images, not labels" in said
    assert {path.name for path in folder.iterdir()} == {
        TEST_IMAGES,
        TEST_LABELS,
        f"{IMAGES}.damaged",
        f"{LABELS}.damaged",
    }


def test_a_second_damaged_file_does_not_replace_the_first(tmp_path):
    for number, name in ((1, "a.gz.damaged"), (2, "a.gz.damaged-2"), (3, "a.gz.damaged-3")):
        (tmp_path / "a.gz").write_text(str(number), encoding="utf-8")
        assert files.set_aside(tmp_path / "a.gz") == tmp_path / name
    assert [path.read_text() for path in sorted(tmp_path.iterdir())] == ["1", "2", "3"]


def test_damage_in_a_read_only_cache_is_passed_over(tmp_path, monkeypatch, capsys):
    folder = make_set(cache(tmp_path))
    (folder / IMAGES).write_bytes(b"")

    def refuse(*_):
        raise PermissionError("read-only file system")

    monkeypatch.setattr(Path, "rename", refuse)
    assert dataset.load().source == "shipped subset"
    assert "is empty. It could not be renamed and is passed over" in capsys.readouterr().out
    assert (folder / IMAGES).exists()


def test_a_file_that_cannot_be_read_leads_to_the_next_source(tmp_path, monkeypatch, capsys):
    make_set(cache(tmp_path))

    def refuse(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(sources, "read_idx", refuse)
    with pytest.raises(dataset.DataNotFound):
        dataset.load(source="full")
    assert "cannot be read" in capsys.readouterr().out
    assert {path.name for path in cache(tmp_path).iterdir()} == set(FILES)


def test_damaged_shipped_files_are_named_with_their_mend_and_left(tmp_path, monkeypatch):
    (tmp_path / IMAGES).write_bytes(b"version https://git-lfs")
    for file in FILES[1:]:
        (tmp_path / file).write_bytes((sources.SHIPPED / file).read_bytes())
    monkeypatch.setattr(sources, "SHIPPED", tmp_path)
    with pytest.raises(dataset.DataNotFound, match="(?s)not a gzip file.*git checkout -- helpers/data"):
        dataset.load()
    assert (tmp_path / IMAGES).exists()


def test_shipped_files_that_only_look_right_are_refused(tmp_path, monkeypatch):
    """Shuffled labels are labels, and noise of the right mean is images: only the SHA-256 tells."""
    for file in (*FILES, sources.SUMS):
        (tmp_path / file).write_bytes((sources.SHIPPED / file).read_bytes())
    monkeypatch.setattr(sources, "SHIPPED", tmp_path)
    dataset.load(source="shipped", quiet=True)
    monkeypatch.setattr(dataset, "_loaded", {})
    _array(lambda labels: labels[::-1])(tmp_path / LABELS)
    with pytest.raises(dataset.DataNotFound, match=f"(?s){LABELS}.*SHA-256.*git checkout -- helpers/data"):
        dataset.load(source="shipped")


# ---------------------------------------------------------------- where sets are looked for


@pytest.mark.parametrize("where", ["fashion-mnist", "fashion_mnist", "."])
def test_the_users_folder_comes_first(tmp_path, monkeypatch, capsys, where):
    make_set(tmp_path / "own" / where, seed=1)
    make_set(cache(tmp_path), seed=2)
    monkeypatch.setenv("WORKBOOK_DATA", str(tmp_path / "own"))
    found = dataset.load()
    assert found.is_full and np.array_equal(found.X_test, arrays(seed=1)[2].astype(np.float32) / 255)
    assert capsys.readouterr().out == (
        "Fashion-MNIST: full set from the WORKBOOK_DATA folder, 50 training / 10 validation / 20 test images "
        "(28×28, values 0 to 1)\n"
    )


@pytest.mark.parametrize("setting", ["~nobody-of-this-name/data", "x" * 5000])
def test_a_setting_that_names_no_folder_is_said_and_passed_over(setting, monkeypatch, capsys):
    monkeypatch.setenv("WORKBOOK_DATA", setting)
    assert not dataset.load().is_full
    assert re.search("WORKBOOK_DATA names .*passed over", capsys.readouterr().out)


def test_a_folder_that_may_not_be_read_is_said_and_passed_over(tmp_path, monkeypatch, capsys):
    make_set(tmp_path / "own")
    monkeypatch.setenv("WORKBOOK_DATA", str(tmp_path / "own"))
    look = Path.exists

    def refuse(path, **options):
        if (tmp_path / "own") in path.parents:
            raise PermissionError(13, "Permission denied")
        return look(path, **options)

    monkeypatch.setattr(Path, "exists", refuse)  # as before Python 3.12
    assert not dataset.load().is_full
    assert "Permission denied" in capsys.readouterr().out


def test_a_broken_lzma_archive_is_damage(tmp_path, capsys):
    path = tmp_path / "keras" / "datasets" / "mnist.npz"
    path.parent.mkdir(parents=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("x_train.npy", bytes(1000))
    content = bytearray(path.read_bytes())
    content[45:70] = bytes(25)
    path.write_bytes(content)
    with pytest.raises(dataset.DataNotFound):
        dataset.load("mnist")
    assert "mnist.npz does not unpack" in capsys.readouterr().out


def test_keras_cache_comes_next(tmp_path, capsys):
    make_set(cache(tmp_path))
    found = dataset.load()
    assert found.is_full and found.source == "full set from the Keras cache"
    assert capsys.readouterr().out.count("\n") == 1


def test_keras_cache_is_in_the_home_folder_by_default(tmp_path, monkeypatch):
    monkeypatch.delenv("KERAS_HOME")
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    assert sources.keras_datasets() == tmp_path / ".keras" / "datasets"


@pytest.mark.parametrize(
    ("made", "line"),
    [
        (None, "which does not exist"),
        ("", r"no Fashion-MNIST \(missing: train-images-idx3-ubyte.gz, "),
        (FILES[1:], r"not all of Fashion-MNIST \(missing: train-images-idx3-ubyte.gz,"),
    ],
)
def test_a_folder_without_the_set_is_said_and_passed_over(tmp_path, monkeypatch, capsys, made, line):
    own = tmp_path / "own"
    if made is not None:
        own.mkdir()
        for file in made:
            idx.write_idx(own / "fashion-mnist" / file, np.zeros(3, np.uint8))
    monkeypatch.setenv("WORKBOOK_DATA", str(own))
    found = dataset.load()
    assert found.source == "shipped subset" and not found.is_full
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 2 and re.search(line, said[0]) and str(own) in said[0]


def test_one_folder_of_files_is_not_taken_for_both_sets(tmp_path, monkeypatch, capsys):
    make_set(tmp_path / "own")
    monkeypatch.setenv("WORKBOOK_DATA", str(tmp_path / "own"))
    with pytest.raises(dataset.DataNotFound):
        dataset.load("mnist")
    assert "is not MNIST" in capsys.readouterr().out


def test_files_from_two_places_are_never_mixed(tmp_path, monkeypatch):
    make_set(cache(tmp_path))
    (cache(tmp_path) / TEST_LABELS).rename(tmp_path / TEST_LABELS)
    monkeypatch.setenv("WORKBOOK_DATA", str(tmp_path))
    assert not dataset.load(quiet=True).is_full


def _npz(path, **changes):
    path.parent.mkdir(parents=True, exist_ok=True)
    names = ("x_train", "y_train", "x_test", "y_test")
    np.savez(path, **{**dict(zip(names, arrays("mnist"), strict=True)), **changes})


def test_keras_own_mnist_is_found(tmp_path, capsys):
    _npz(tmp_path / "keras" / "datasets" / "mnist.npz")
    found = dataset.load("mnist")
    assert np.array_equal(found.y_train, arrays("mnist")[1][:50]) and found.class_names[7] == "7"
    assert capsys.readouterr().out.startswith("MNIST: full set from the Keras cache, 50 training / 10 validation")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[:5000]), "does not unpack"),
        (lambda path: path.write_bytes(b""), "does not unpack"),
        (lambda path: path.write_bytes(b"<html>"), "does not unpack"),
        (lambda path: path.unlink() or path.mkdir(), "is a folder"),
        (lambda path: np.savez(path, x_train=arrays("mnist")[0]), "does not unpack .*y_train"),
        (lambda path: _npz(path, y_test=np.array([{}], dtype=object)), "does not unpack .*allow_pickle"),
        (lambda path: _npz(path, y_train=arrays("mnist")[1].astype(float)), "float64 in y_train"),
        (lambda path: _npz(path, y_train=arrays("mnist")[0]), "y_train holds images, not labels"),
        (lambda path: _npz(path, x_train=arrays()[0]), "x_train is not MNIST.* looks like Fashion-MNIST"),
    ],
)
def test_damaged_npz_is_set_aside(tmp_path, capsys, change, message):
    path = tmp_path / "keras" / "datasets" / "mnist.npz"
    _npz(path)
    change(path)
    with pytest.raises(dataset.DataNotFound):
        dataset.load("mnist")
    said = capsys.readouterr().out
    assert re.search("mnist.npz.*" + message, said), said
    assert path.with_name("mnist.npz.damaged").exists() and not path.exists()


def test_missing_sets_come_with_three_mends():
    for name, source in (("mnist", "auto"), ("mnist", "full"), ("mnist", "shipped"), ("fashion_mnist", "full")):
        with pytest.raises(dataset.DataNotFound) as error:
            dataset.load(name, source=source)
        for mend in (f"python -m helpers.data {name}", "WORKBOOK_DOWNLOAD=1", "WORKBOOK_DATA", "go on without"):
            assert mend in str(error.value)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(dict(name="cifar"), "fashion_mnist, mnist, digits"), (dict(source="net"), "'auto', 'shipped' or 'full'")],
)
def test_unknown_names_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        dataset.load(**arguments)


# ---------------------------------------------------------------- what load gives


def test_splits_and_values_of_a_full_set(tmp_path):
    make_set(cache(tmp_path))
    train, y_train, test, y_test = arrays()
    found = dataset.load(source="full", quiet=True)
    for X, y, images, labels in (
        (found.X_train, found.y_train, train[:50], y_train[:50]),
        (found.X_valid, found.y_valid, train[50:], y_train[50:]),
        (found.X_test, found.y_test, test, y_test),
    ):
        assert X.dtype == np.float32 and y.dtype == np.uint8
        assert np.array_equal(X, images / np.float32(255)) and np.array_equal(y, labels)


def test_digits_are_split_by_fifths(capsys):
    found = dataset.load("digits")
    assert [len(y) for y in (found.y_train, found.y_valid, found.y_test)] == [1151, 287, 359]
    assert found.X_train.shape == (1151, 8, 8) and found.X_train.max() == 1 and found.X_train.min() == 0
    assert capsys.readouterr().out.startswith("Digits: all of scikit-learn's, 1,151 training / 287 validation")


def test_a_second_call_reads_nothing_and_says_the_same(capsys, monkeypatch):
    first = dataset.load(source="shipped")
    assert dataset.load("Fashion-MNIST", quiet=True) is first  # one copy, by whatever way
    monkeypatch.setattr(sources, "read_idx", None)
    assert dataset.load(source="shipped") is first and dataset.load(quiet=True) is first
    one, two = capsys.readouterr().out.splitlines()
    assert one == two


def test_a_changed_setting_is_noticed(tmp_path, monkeypatch):
    assert not dataset.load(quiet=True).is_full
    make_set(tmp_path / "own")
    monkeypatch.setenv("WORKBOOK_DATA", str(tmp_path / "own"))
    assert dataset.load(quiet=True).is_full


def test_arrays_are_read_only_and_libraries_take_them():
    from sklearn.decomposition import PCA
    from sklearn.linear_model import LogisticRegression

    found = dataset.load(source="shipped", quiet=True).take(train=200)
    for name in ("X_train", "y_train", "X_valid", "y_valid", "X_test", "y_test"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(found, name)[0] = 0
    flat = dataset.flatten(found.X_train)
    with pytest.raises(ValueError, match="read-only"):
        flat[0] = 0
    codings = PCA(5).fit_transform(flat)
    LogisticRegression(max_iter=500).fit(codings, found.y_train)


def test_take_and_flatten():
    found = dataset.load("digits", quiet=True)
    few = found.take(train=7, valid=3)
    assert (len(few.X_train), len(few.y_train), len(few.X_valid), len(few.X_test)) == (7, 7, 3, 359)
    assert np.shares_memory(few.X_train, found.X_train) and len(found.take(test=9999).y_test) == 359
    for number in (0, -1, 2.5, True, "all"):
        with pytest.raises(ValueError, match="whole number of at least 1 for train"):
            found.take(train=number)
    flat = dataset.flatten(few.X_train)
    assert flat.shape == (7, 64) and np.shares_memory(flat, few.X_train)
    assert np.array_equal(flat[2], few.X_train[2].ravel()) and dataset.flatten(np.zeros((0, 2, 3))).shape == (0, 6)
    with pytest.raises(ValueError, match="flatten needs images"):
        dataset.flatten(np.zeros(5))


# ---------------------------------------------------------------- downloads, from a server on this machine


class Server(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path[1:])
        status, content, length = self.server.answers.get(self.path[1:], (404, b"", 0))
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


@pytest.fixture
def server(tmp_path, monkeypatch):
    """A server with a good Fashion-MNIST; its checksums are known, as the official ones are."""
    make_set(tmp_path / "served")
    contents = {file: (tmp_path / "served" / file).read_bytes() for file in FILES}
    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    running.asked, running.answers = [], {file: (200, content, len(content)) for file, content in contents.items()}
    spec = replace(
        sources.SPECS["fashion_mnist"],
        url=f"http://127.0.0.1:{running.server_port}/",
        md5={file: hashlib.md5(content).hexdigest() for file, content in contents.items()},
    )
    monkeypatch.setitem(sources.SPECS, "fashion_mnist", spec)
    thread = threading.Thread(target=running.serve_forever, args=(0.01,))
    thread.start()
    yield running
    running.shutdown()
    thread.join()
    running.server_close()


def test_no_lesson_touches_the_network_by_itself(server):
    assert not dataset.load(quiet=True).is_full
    assert server.asked == []


def test_download_is_kept_in_keras_cache(server, tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBOOK_DOWNLOAD", "1")
    found = dataset.load()
    assert found.is_full and found.source == "full set, downloaded into the Keras cache"
    assert np.array_equal(found.y_test, arrays()[3]) and server.asked == list(FILES)
    assert {path.name for path in cache(tmp_path).iterdir()} == set(FILES)
    dataset._loaded.clear()
    assert dataset.load().source == "full set from the Keras cache" and len(server.asked) == 4


def test_damage_is_replaced_by_a_download_where_allowed(server, tmp_path, monkeypatch, capsys):
    folder = make_set(cache(tmp_path))
    (folder / LABELS).write_bytes(b"<html>")
    monkeypatch.setenv("WORKBOOK_DOWNLOAD", "1")
    assert dataset.load().is_full
    assert server.asked == [LABELS] and (folder / f"{LABELS}.damaged").read_bytes() == b"<html>"
    assert "is a web page" in capsys.readouterr().out


def test_a_whole_file_that_is_not_the_official_one_is_not_mixed_in(server, tmp_path, monkeypatch, capsys):
    folder = make_set(cache(tmp_path), seed=5)
    (folder / TEST_LABELS).unlink()
    monkeypatch.setenv("WORKBOOK_DOWNLOAD", "1")
    found = dataset.load()
    assert np.array_equal(found.X_test, arrays()[2] / np.float32(255))
    assert set(server.asked) == {IMAGES, TEST_IMAGES, TEST_LABELS}  # the labels are the same bytes
    assert "is not the official file" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda content: (404, b"", 0), "answers 404"),
        (lambda content: (500, b"", 0), "answers 500"),
        (lambda content: (200, content[:-99], len(content)), "cut off after|broke off"),
        (lambda content: (200, content[:-99], len(content) - 99), "ends too early"),
        (lambda content: (200, b"<html>", 6), "is a web page"),
        (lambda content: (200, b"", 0), "is empty"),
        (lambda content: (200, gzip.compress(gzip.decompress(content), 1), None), "not the official file"),
    ],
)
def test_a_bad_answer_is_said_and_nothing_of_it_is_kept(server, tmp_path, monkeypatch, capsys, answer, message):
    status, content, length = answer(server.answers[TEST_IMAGES][1])
    server.answers[TEST_IMAGES] = (status, content, len(content) if length is None else length)
    monkeypatch.setenv("WORKBOOK_DOWNLOAD", "1")
    assert dataset.load().source == "shipped subset"
    said = capsys.readouterr().out
    assert re.search(f"Fashion-MNIST was not downloaded: .*({message})", said), said
    assert {path.name for path in cache(tmp_path).iterdir()} == {IMAGES, LABELS}
    server.asked.clear()
    dataset._loaded.clear()
    dataset.load()
    assert server.asked == [TEST_IMAGES]  # what was proven is not fetched again


def test_contents_are_proven_where_no_packed_checksum_is_known(server, monkeypatch, capsys):
    spec = replace(sources.SPECS["fashion_mnist"], md5={}, unpacked_sha256={IMAGES: "0" * 64})
    assert download.download(spec, print, progress=False) is None
    assert "does not hold the official images (the SHA-256" in capsys.readouterr().out


def test_an_endless_answer_is_stopped(server, monkeypatch, capsys):
    monkeypatch.setattr(download, "MOST_BYTES", 1000)
    assert download.download(sources.SPECS["fashion_mnist"], print, progress=False) is None
    assert "does not end" in capsys.readouterr().out


def test_without_network_the_next_source_is_used(monkeypatch, capsys):
    monkeypatch.setenv("WORKBOOK_DOWNLOAD", "1")
    assert dataset.load().source == "shipped subset"
    assert re.search("no answer from http://127.0.0.1:9/.*Is there a network", capsys.readouterr().out)


def test_a_cache_that_cannot_be_written_is_said(server, tmp_path, monkeypatch, capsys):
    (tmp_path / "keras").write_text("a file, not a folder", encoding="utf-8")
    monkeypatch.setenv("WORKBOOK_DOWNLOAD", "1")
    assert dataset.load().source == "shipped subset"
    assert re.search("cannot be written.*KERAS_HOME", capsys.readouterr().out)


def test_an_interrupted_download_leaves_nothing_behind(server, tmp_path, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(download, "_copy", interrupt)
    with pytest.raises(KeyboardInterrupt):
        download.download(sources.SPECS["fashion_mnist"], print)
    assert list(cache(tmp_path).iterdir()) == []


def test_the_command_fetches_once(server, tmp_path, capsys):
    assert command(["fashion_mnist"]) == 0
    captured = capsys.readouterr()
    assert "checked and whole" in captured.out and IMAGES in captured.err  # the progress line
    assert command([]) == 0 and "is there already" in capsys.readouterr().out and len(server.asked) == 4
    assert command(["mnist"]) == 1 and "no answer" in capsys.readouterr().out


# ---------------------------------------------------------------- what ships


def test_the_shipped_subset_is_balanced_and_real():
    found = dataset.load(source="shipped", quiet=True)
    assert repr(found) == (
        "Fashion-MNIST: shipped subset, 9,000 training / 1,000 validation / 2,000 test images (28×28, values 0 to 1)"
    )
    for y, each in ((found.y_train, 900), (found.y_valid, 100), (found.y_test, 200)):
        assert np.bincount(y).tolist() == [each] * 10
    sets = [{image.tobytes() for image in X} for X in (found.X_train, found.X_valid, found.X_test)]
    assert not sets[0] & sets[1] and not sets[0] & sets[2]
    # Fashion-MNIST has some images twice: one of them is validation image 498 and test image 1026.
    assert sets[1] & sets[2] == {found.X_valid[498].tobytes()} == {found.X_test[1026].tobytes()}
    # trousers are narrow, bags wide: images and labels belong together
    width = [(found.X_train[found.y_train == label].mean(0).max(0) > 0.3).sum() for label in (1, 8)]
    assert width[0] < 18 < width[1]


def test_the_shipped_files_are_those_of_source_md():
    text = (sources.SHIPPED / "SOURCE.md").read_text(encoding="utf-8")
    for file in FILES:
        content = (sources.SHIPPED / file).read_bytes()
        assert len(content) < 6_000_000
        assert f"| `{file}` | {len(content):,} | `{hashlib.sha256(content).hexdigest()}` |" in text
    files = {file: (sources.SHIPPED / file).read_bytes() for file in FILES}
    assert (sources.SHIPPED / sources.SUMS).read_text(encoding="utf-8") == make_subset.sums_text(files)
    assert "1708.07747" in text and "MIT" in text
    assert "© 2017 Zalando SE" in (sources.SHIPPED / "LICENSE.txt").read_text(encoding="utf-8")


def test_the_draw_is_stratified_without_repeats_and_the_same_twice():
    rng = np.random.RandomState(0)
    y_train, y_test = rng.permutation(np.arange(60_000) % 10), rng.permutation(np.arange(10_000) % 10)
    train, test = make_subset.draw(y_train, y_test)
    assert len(set(train)) == 10_000 and len(set(test)) == 2_000
    assert np.bincount(y_train[train[-1000:]]).tolist() == [100] * 10
    assert np.bincount(y_train[train]).tolist() == [1000] * 10
    assert train[-1000:].min() >= 55_000  # what the shipped networks were not trained on
    assert (np.diff(y_train[train]) == 0).mean() < 0.2  # shuffled, not class after class
    assert np.array_equal(make_subset.draw(y_train, y_test)[0], train)
    with pytest.raises(ValueError, match="class 0 has 0 images"):
        make_subset.draw(y_train[y_train > 0], y_test)


def test_make_subset_writes_and_checks(tmp_path, monkeypatch, capsys):
    full = make_set(tmp_path / "full")
    monkeypatch.setattr(make_subset, "SHIPPED", tmp_path / "shipped")
    for name, number in (("TRAIN", 4), ("VALID", 1), ("TEST", 2)):
        monkeypatch.setattr(make_subset, f"{name}_PER_CLASS", number)
    monkeypatch.setattr(make_subset, "FULL_VALID", 60)
    assert make_subset.main([str(full), "--check"]) == 1 and "is not there" in capsys.readouterr().out
    assert make_subset.main([str(full)]) == 0
    images, labels = (idx.read_idx(tmp_path / "shipped" / file) for file in (IMAGES, LABELS))
    whole = {image.tobytes(): label for image, label in zip(*arrays()[:2], strict=True)}
    assert len(images) == 50 and all(whole[i.tobytes()] == label for i, label in zip(images, labels, strict=True))
    assert "differ from the official files" in (tmp_path / "shipped" / "SOURCE.md").read_text(encoding="utf-8")
    sources.prove_shipped(tmp_path / "shipped")
    assert make_subset.main([str(full), "--check"]) == 0
    before = (tmp_path / "shipped" / IMAGES).read_bytes()
    _repack(lambda content: content)(tmp_path / "shipped" / IMAGES)
    assert before != (tmp_path / "shipped" / IMAGES).read_bytes()
    assert make_subset.main([str(full), "--check"]) == 0  # other packing, same contents
    _array(lambda a: a[::-1])(tmp_path / "shipped" / LABELS)
    capsys.readouterr()
    assert make_subset.main([str(full), "--check"]) == 1
    assert capsys.readouterr().out == f"{LABELS} holds something else\n"
    assert make_subset.main([str(tmp_path / "nowhere")]) == 1 and "No full set" in capsys.readouterr().out


def test_importing_is_cheap(root):
    code = (
        "import sys, helpers.data, helpers.metrics, helpers.scoreboard; "
        "print([m for m in ('tensorflow', 'keras', 'sklearn', 'matplotlib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n" and done.stderr == ""


# ---------------------------------------------------------------- writing


def test_a_failed_write_leaves_the_old_file_and_no_rubbish(tmp_path):
    path = tmp_path / "new" / "a.json"
    files.atomic_write_json(path, {"a": "é"})
    assert path.read_bytes() == '{\n "a": "é"\n}\n'.encode()
    with pytest.raises(ValueError), files.atomic_writer(path) as file:
        file.write(b"half")
        raise ValueError
    with pytest.raises(ValueError):
        files.atomic_write_json(path, float("nan"))
    assert path.read_bytes() == '{\n "a": "é"\n}\n'.encode() and [*path.parent.iterdir()] == [path]
    files.atomic_write_text(path, "a\nb")
    assert path.read_bytes() == b"a\nb"
