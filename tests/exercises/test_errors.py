"""Whose line is shown, and that every text is fit to be read."""

import linecache
import sys
from pathlib import Path

import numpy as np
import pytest

import helpers
from helpers.exercises import errors
from helpers.exercises.checking import NOT_YET, Verdict
from helpers.exercises.wording import LONGEST, as_text, clean, one_line

HELPERS = Path(helpers.__file__).parent


@pytest.mark.parametrize(
    "file",
    ["<cell>", "<ipython-input-3-ab>", "<stdin>", "/tmp/ipykernel_71/123.py", r"C:\Temp\ipykernel_8\9.py", __file__],
)
def test_cells_and_own_modules_are_the_students(file):
    if "\\" in file and sys.platform != "win32":
        file = file.replace("\\", "/")
    assert errors.is_student_file(file)


@pytest.mark.parametrize(
    "file",
    [
        str(HELPERS / "files.py"),
        str(HELPERS.parent / "notebooks" / ".." / "helpers" / "checks" / "lesson00.py"),
        str(HELPERS.parent / "tools" / "__init__.py"),
        "../helpers/files.py",
        "numpy/random/_generator.pyx",
        "_generator.pyx",
        "/nowhere/at/all.py",
        "<frozen importlib._bootstrap>",
        "<string>",
        "<__array_function__ internals>",
        np.__file__,
        linecache.__file__,
        "/tmp/__autograph_generated_file81.py",
        "",
        "\0",
    ],
)
def test_nobody_elses_file_is(file, monkeypatch):
    monkeypatch.chdir(HELPERS)
    assert not errors.is_student_file(file)


def test_a_link_to_our_files_is_ours(tmp_path):
    link = tmp_path / "mine"
    try:
        link.symlink_to(HELPERS)
    except OSError:
        pytest.skip("no links here")
    assert not errors.is_student_file(str(link / "files.py"))


def test_a_line_of_compiled_code_is_not_shown():
    def answer(rng):
        return rng.choice(3, 9, replace=False)

    with pytest.raises(ValueError) as caught:
        answer(np.random.default_rng(0))
    got, look = errors.describe(caught.value)
    assert "stopped with ValueError" in got and "in answer: return rng.choice" in look


def test_a_module_of_the_students_goes_by_its_name(tmp_path, monkeypatch):
    (tmp_path / "module_of_a_student.py").write_text("def f():\n    return 1 / 0\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    from module_of_a_student import f

    with pytest.raises(ZeroDivisionError) as caught:
        f()
    assert "line 2 of module_of_a_student.py, in f: return 1 / 0" in errors.describe(caught.value)[1]


def test_an_error_inside_a_translated_function_shows_the_students_line():
    from helpers.backend import tf

    source = "def answer(x):\n    if x > 0:\n        x = x + missing\n    return x\n"
    linecache.cache["<translated cell>"] = (len(source), None, source.splitlines(True), "<translated cell>")
    names = {}
    exec(compile(source, "<translated cell>", "exec"), names)
    with pytest.raises(NameError) as caught:
        tf.function(names["answer"])(tf.constant(1.0))
    got, look = errors.describe(caught.value)
    assert got == "your code stopped with NameError: name 'missing' is not defined"
    assert look.startswith("line 3 of your cell, in answer: x = x + missing")


NODE = "{{function_node __wrapped__Mul_device_/job:localhost/replica:0/task:0/device:CPU:0}}"
NOISE = {
    f"\x1b[1m{NODE} Incompatible shapes: [2,3] vs. [4] [Op:Mul] name: \x1b[0m\n\nArguments received by A.call():\n"
    "  • inputs=tf.Tensor(shape=(2, 3), dtype=float32)": "Incompatible shapes: [2,3] vs. [4]",
    "Graph execution error:\n\nDetected at node x/y defined at (most recent call last):\n<stack traces unavailable>\n"
    "logits must be 2-dimensional\n\t [[{{node x/y}}]] [Op:__inference_f_12]": "logits must be 2-dimensional",
    'in user code:\n\n    File "/tmp/ipykernel_7/81.py", line 3, in f  *\n        return g(x)\n'
    '    File "/tmp/__autograph_generated_fileab.py", line 9, in tf__g\n        raise\n\n'
    "    ValueError: too deep\n": "ValueError: too deep",
    f"in {HELPERS}/checks/lesson01/linear.py": "in the workbook",
    "in /home/me/My Files/notebooks/../helpers/files.py, line 3": "in /home/me/My the workbook, line 3",
    "see /usr/lib/python3/site-packages/keras/src/layer.py": "see a library",
    "<function pca at 0x7f12ab34cd56> is odd": "<function pca> is odd",
    "<helpers.autoencoders.pca.linear.LinearAutoencoder object at 0x7f12ab34cd56>": "<LinearAutoencoder object>",
    "<class 'keras.src.layers.core.dense.Dense'>": "<class 'Dense'>",
    "answer.<locals>.inner() takes 1 argument": "inner() takes 1 argument",
    "\x1b]0;title\x07\x1b[38;5;196mred\x1b[0m \x08\x00\x9b\u202eend": "red end",
    repr("\x1b[31mred\x1b[0m"): "'red'",
    "half \ud800 a letter": "half ? a letter",
    "Traceback (most recent call last):\n  File \"a.py\", line 1, in <module>\n    f()\nKeyError: 'x'": "KeyError: 'x'",
    f"expected {np.arange(60.0).reshape(6, 10)!r}": "expected array([0. 1. 2. …])",
    f"got {np.ones((2, 30))}, then more": "got [1. 1. 1. …], then more",
}


@pytest.mark.parametrize("text", NOISE, ids=[text[:20].strip() for text in NOISE.values()])
def test_noise_is_taken_away(text):
    assert clean(text) == NOISE[text]


@pytest.mark.parametrize(
    "text",
    [
        "shape (3, 4), not [5]",
        "U[:, :k].T and `X[…] = …`; a ratio 3 / d, at [2, 1]",
        "[0.1 0.2 nan] there, 3.0e-05",
        "line 3 of your cell, in f: return np.linalg.svd(X)[2][:k]\n(an index is past the end: print the shape)",
        "σ² − μ·x ≤ ½, device or node, name: x",
        "a helper's helpers; the helpers of others",
        "a < b.c and b > d.e",
        "class LinearAutoencoder(keras.Model)",
        "keras.layers.Dense(codings) and tf.convert_to_tensor(x)",
    ],
)
def test_words_of_people_are_left_alone(text):
    assert clean(text) == text


def test_a_text_of_any_size_is_read_quickly_and_cut():
    for part in ("/", "[", "[1,", "a.", "<", "{{node ", "\x1b", 'File "', "../", "Arguments received by "):
        assert len(clean(part * 100_000)) <= LONGEST
    assert len(one_line("word " * 1000)) == 300


class Mute:
    def __str__(self):
        raise ValueError("no")

    __repr__ = __str__


def test_an_object_that_cannot_be_shown_is_said_to_be_one():
    assert as_text(Mute()) == as_text(Mute(), repr) == "Mute (which cannot be shown)"


def test_every_text_of_a_verdict_is_cleaned_also_as_html():
    from helpers.exercises import registry

    said = Verdict(registry.find("0.1"), NOT_YET, "\x1b[1mA", "{{node x}}B", "C\nArguments received by x")
    for text in (repr(said), said._repr_html_()):
        assert not any(noise in text for noise in ("\x1b", "{{", "Arguments")), text


def test_numbers_of_64_bits_are_told_of():
    from helpers.backend import tf

    cell = {"np": np, "tf": tf}
    exec(compile("def f(x):\n    return x * tf.constant(np.sqrt(2.0))\n", "<cell of doubles>", "exec"), cell)
    with pytest.raises(Exception, match="double tensor") as caught:
        cell["f"](tf.ones(2))
    assert "** 0.5" in errors.describe(caught.value)[1]


@pytest.mark.parametrize(
    ("made", "given", "words"),
    [
        (lambda k: k.Sequential([k.Input((6,)), k.layers.Dense(2)]), (3, 5), r"(3, 5) (it wants"),
        (lambda k: k.Sequential([k.Input((None, None, 4)), k.layers.Conv2D(2, 3)]), (1, 8, 8, 2), "(1, 8, 8, 2)"),
        (lambda k: k.layers.Conv2D(2, 3), (8, 2), "(it wants min_ndim=4)"),
        (lambda k: k.Model((a := k.Input((4,))), k.layers.Dense(1)(a)), (3, 5), "(3, 5) (it wants"),
    ],
)
def test_a_network_that_cannot_take_the_input_is_told_of_sizes(made, given, words):
    """The check calls it, so that there is no line of the student's to show."""
    from helpers.backend import keras

    network = made(keras)
    with pytest.raises(ValueError) as caught:
        network(np.zeros(given, "float32"))
    caught.value.__traceback__ = None  # this test's own line would be taken for the student's
    got, look = errors.describe(caught.value)
    assert words in got and "which layer has its size from a number" in look
