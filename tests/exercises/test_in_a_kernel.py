"""What a student sees: a real kernel in the folder notebooks, which finds the helpers by "..", as a notebook does.

One kernel for all tests. Its Keras is set up for another project (another backend, 16 bits, channels first), which has
to change nothing.
"""

import itertools
import json
import os
import queue
import re

import pytest
from jupyter_client.manager import KernelManager

pytestmark = pytest.mark.kernels

FIRST = """
import os
import sys
home = os.getcwd()
sys.path.insert(0, "..")
from helpers import backend
import keras
import numpy as np
import tensorflow as tf
from helpers.exercises import check, hint, progress
import dataclasses
from helpers.exercises import limits, registry
from helpers.autoencoders import pca as _pca
limits.GRACE, limits.LEAST_PATIENCE = 1.0, 10**6  # the clock on the wall proves nothing on a busy machine

def hurry(id, seconds):
    registry.find(id)
    registry._registry[id] = dataclasses.replace(registry._registry[id], seconds=seconds)

def right_pca(X, k):
    mean = X.mean(axis=0)
    return mean, np.linalg.svd(X - mean, full_matrices=False)[2][:k]
"""
OURS = re.compile(r"helpers|site-packages|/work|/root|/home|0x[0-9a-f]{6}|ipykernel_")
NOISE = re.compile(r"\x1b|\{\{|\[Op:|/job:|Arguments received|Traceback|array\(\[\[")


def one_text(messages) -> str:
    """What the messages of a kernel show; a printed text may come in several, cut anywhere."""
    seen = []
    for kind, group in itertools.groupby(messages, key=lambda message: message["msg_type"]):
        contents = [message["content"] for message in group]
        if kind == "stream":
            seen.append("".join(content["text"] for content in contents))
        elif kind in ("display_data", "execute_result"):
            seen.extend(str(text) for content in contents for text in content["data"].values())
        elif kind == "error":
            seen.extend(f"RAISED {content['ename']}: {content['evalue']}" for content in contents)
    return "\n".join(seen)


def test_a_text_that_a_kernel_sends_in_pieces_is_one_text():
    pieces = [{"msg_type": "stream", "content": {"text": text}} for text in ("1\n", "2", "3\n")]
    shown = {"msg_type": "display_data", "content": {"data": {"text/plain": "a figure"}}}
    assert one_text([*pieces, shown, *pieces[:1]]) == "1\n23\n\na figure\n1\n"


@pytest.fixture(scope="module")
def kernel(root, tmp_path_factory):
    """A function that runs a cell and returns all that the student sees of it, as one text."""
    place = tmp_path_factory.mktemp("student")
    (place / "keras").mkdir()
    settings = {"backend": "jax", "floatx": "float16", "image_data_format": "channels_first", "epsilon": 0.1}
    (place / "keras" / "keras.json").write_text(json.dumps(settings), encoding="utf-8")
    (place / "mine.py").write_text("def mine(X, k):\n    return X.absent\n", encoding="utf-8")
    environment = {
        **os.environ,
        "WORKBOOK_STATE": str(place / "state"),
        "KERAS_HOME": str(place / "keras"),
        "KERAS_BACKEND": "jax",
        "PYTHONPATH": str(place),
        "WORKBOOK_STRICT": "",
    }
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(root / "notebooks"), env=environment)
    client = manager.client()
    client.start_channels()

    def run(code, timeout=900):
        messages = []
        client.execute_interactive(code, output_hook=messages.append, timeout=timeout, stop_on_error=False)
        run.messages = messages
        return one_text(messages)

    run.place = place
    try:
        client.wait_for_ready(timeout=900)
        said = run(FIRST)
        assert "RAISED" not in said, said
        yield run
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def verdict(said: str, kind: str) -> str:
    """`said`, after it was seen to be one verdict of this kind, without our paths or any noise."""
    assert "RAISED" not in said, said
    assert f": {kind}\n" in said + "\n", said
    assert not OURS.search(said), said
    assert not NOISE.search(said), said
    return said


def test_a_right_answer_passes_and_is_handed_back(kernel):
    verdict(kernel('kept = right_pca; pca = check("1.1", right_pca)'), "passed")
    assert "True" in kernel("print(pca is kept)")


def test_the_line_shown_is_the_students(kernel):
    said = kernel('def pca(X, k):\n    rng = np.random.default_rng(0)\n    return rng.choice(3, 9, replace=False)\n'
                  'pca = check("1.1", pca)')  # fmt: skip
    assert "line 3 of your cell, in pca: return rng.choice(3, 9, replace=False)" in verdict(said, "not yet")
    said = kernel('from mine import mine; check("1.1", mine) and None')
    assert "line 2 of mine.py, in mine: return X.absent" in verdict(said, "not yet")


def test_our_lines_are_never_the_students(kernel):
    said = kernel("class Odd:\n    shape = property(lambda self: 1 / 0)\n    def __array__(self, *a, **k):\n"
                  '        raise OSError("no array")\ncheck("1.5", lambda E, D, C: Odd()) and None')  # fmt: skip
    said = verdict(said, "not yet")
    assert "check_" not in said and not re.search(r"line \d{2,}", said), said


def test_a_second_run_of_the_check_alone_is_no_pass(kernel):
    kernel("def errors_from_singular_values(s, n, d):\n    return s")
    cell = 'errors_from_singular_values = check("1.2", errors_from_singular_values)'
    verdict(kernel(cell), "not yet")
    for _ in range(2):
        assert "run the cell with your answer first" in verdict(kernel(cell), "not attempted")
    noted = json.loads((kernel.place / "state" / "progress.json").read_text(encoding="utf-8"))["1.2"]
    assert noted["verdict"] == "not yet" and noted["attempts"] == 1


def test_an_endless_loop_and_an_endless_sleep_end(kernel):
    kernel('hurry("1.1", 0.5)')
    said = kernel('def pca(X, k):\n    while True:\n        k += 1\ncheck("1.1", pca) and None')
    assert "no result after 0.5 seconds of computing" in verdict(said, "not yet")
    kernel("limits.LEAST_PATIENCE = limits.PATIENCE = 1.0")
    said = kernel('import time\ncheck("1.1", lambda X, k: time.sleep(10**6)) and None')
    assert "spent waiting" in verdict(said, "not yet")
    kernel('limits.LEAST_PATIENCE = 10**6; hurry("1.1", 10.0)')


def test_a_call_that_cannot_be_stopped_is_told_while_it_runs(kernel):
    kernel('hurry("1.1", 0.3)\nimport hashlib')
    said = kernel("def pca(X, k):\n    return hashlib.pbkdf2_hmac('sha256', b'a', b'b', 6_000_000)\n"
                  'check("1.1", pca) and None')  # fmt: skip
    kernel('hurry("1.1", 10.0)')
    assert said.count("cannot be stopped from outside") == 1 and "Kernel → Restart" in said
    assert "line 2 of your cell, in pca: return hashlib" in said
    assert said.index("cannot be stopped") < said.index("not yet"), "while it runs, not after it"
    verdict(said, "not yet")


@pytest.mark.parametrize(
    "line",
    [
        "raise SystemExit(3)",
        "sys.exit('bye')",
        "exit()",
        "quit()",
        "raise GeneratorExit",
        "raise KeyboardInterrupt",
        "raise Mute",
        "raise BaseException('odd')",
        "raise StopIteration",
        "np.random.seed = None; return None",
        "sys.stdout = open(os.devnull); sys.stdout.close()",
        "os.chdir('/')",
    ],
)
def test_nothing_that_an_answer_does_gets_out(kernel, line):
    kernel("class Mute(Exception):\n    def __str__(self):\n        raise ValueError\n    __repr__ = __str__")
    verdict(kernel(f'def pca(X, k):\n    {line}\ncheck("1.1", pca) and None'), "not yet")
    verdict(kernel('check("1.1", right_pca) and None'), "passed")
    assert "True" in kernel("print(callable(np.random.seed) and os.getcwd() == home)")


def test_hint_and_progress_do_not_raise_either(kernel):
    notes = kernel.place / "state" / "progress.json"
    before = notes.read_text(encoding="utf-8")
    notes.write_text('{"1.1": {"verdict": 7, "attempts": "x"}, "1.2": {}}', encoding="utf-8")
    assert "Hint 1 of" in kernel('hint("1.4")')
    assert "of 112 exercises solved" in kernel("progress()")
    notes.write_text("{broken", encoding="utf-8")
    assert "RAISED" not in kernel('hint("1.4"); progress(); hint(None); check(3, 4) and None')
    notes.write_text(before, encoding="utf-8")


def test_libraries_messages_come_without_their_noise(kernel):
    said = kernel("""
class LinearAutoencoder(keras.Model):
    def __init__(self, pixels, codings):
        super().__init__()
        self.encoder = keras.layers.Dense(codings)
        self.decoder = keras.layers.Dense(pixels)
    def call(self, inputs):
        return self.decoder(inputs + tf.ones((7, 9)))
check("1.3", LinearAutoencoder) and None
""")
    said = verdict(said, "not yet")
    assert "line 7 of your cell, in call: return self.decoder(inputs + tf.ones((7, 9)))" in said
    assert "ncompatible shapes" in said


@pytest.mark.parametrize(
    "handed, words",
    [
        ("pca(np.eye(4), 2)", "a result (tuple of length 2) in place of the function"),
        ("None", "None in place of your function"),
        ("'pca'", "leave out the quotation marks"),
        ("lambda X: X", "your function takes (X)"),
        ("lambda X, k, l: X", "more parameters than the exercise hands over"),
    ],
)
def test_odd_things_handed_over_have_words_of_their_own(kernel, handed, words):
    said = kernel(f'pca = right_pca\ncheck("1.1", {handed}) and None')
    assert words in verdict(said, "not yet").replace("&#x27;", "'")


def test_an_object_in_place_of_its_class_has_words_of_its_own(kernel):
    said = kernel('from helpers.autoencoders.pca.linear import LinearAutoencoder as L\ncheck("1.3", L(4, 2)) and None')
    assert "an object of the class LinearAutoencoder in place of the class" in verdict(said, "not yet")


def test_a_changed_argument_is_refused(kernel):
    said = kernel('def pca(X, k):\n    X -= X.mean(axis=0)\n    return right_pca(X, k)\ncheck("1.1", pca) and None')
    assert "changes its argument `X`" in verdict(said, "not yet")


SETTINGS = "keras.config.dtype_policy().name, keras.config.floatx(), keras.config.image_data_format()"


def test_keras_own_settings_change_no_verdict(kernel):
    assert "('float32', 'float32', 'channels_last') tensorflow" in kernel(
        f"print(({SETTINGS}), keras.config.backend())"
    )
    kernel("keras.config.set_dtype_policy('mixed_float16'); keras.config.set_floatx('float16')\n"
           "keras.config.set_image_data_format('channels_first'); tf.config.run_functions_eagerly(True)")  # fmt: skip
    try:
        answer = 'lambda *a, **k: registry.find("{0}").load_reference()(*a, **k)'
        for id in ("1.3", "1.5", "6.3", "6.5"):
            verdict(kernel(f'check("{id}", {answer.format(id)}) and None'), "passed")
        left = kernel(f"print(({SETTINGS}), tf.config.functions_run_eagerly())")
        assert "('mixed_float16', 'float16', 'channels_first') True" in left
    finally:
        kernel(
            "keras.config.set_dtype_policy('float32'); keras.config.set_floatx('float32')\n"
            "keras.config.set_image_data_format('channels_last'); tf.config.run_functions_eagerly(False)"
        )


def test_the_numbers_after_a_check_are_those_without_it(kernel):
    draw = ("print(np.random.rand(), tf.random.normal(()).numpy(), keras.random.normal(()).numpy(), "
            "tf.random.get_global_generator().normal(()).numpy())")  # fmt: skip
    start = "keras.utils.set_random_seed(5); tf.random.get_global_generator().reset_from_seed(5)\n" + draw
    without = kernel(start + "\n" + draw)
    assert (
        kernel(start).strip()
        and without
        == kernel(start)
        + kernel('check("1.3", lambda *a: registry.find("1.3").load_reference()(*a)) and None\n' + draw).splitlines(
            keepends=True
        )[-1]
    )


WRONG_CELL = "def errors_from_singular_values(s, n, d):\n    return s"
CHECK_CELL = 'errors_from_singular_values = check("1.2", errors_from_singular_values)'
USING_CELL = "print(errors_from_singular_values(np.array([3.0, 2.0, 1.0]), 4, 3))"


@pytest.fixture
def strict(kernel):
    """The kernel, with strict checks while the test runs."""
    kernel('os.environ["WORKBOOK_STRICT"] = "1"')
    yield kernel
    kernel('os.environ["WORKBOOK_STRICT"] = ""')


def test_a_strict_check_raises_and_the_name_has_the_reference_all_the_same(strict):
    strict(WRONG_CELL)
    assert "RAISED CheckFailed" in strict(CHECK_CELL)
    shown = next(one["content"]["traceback"] for one in strict.messages if one["msg_type"] == "error")
    assert "not yet" in "\n".join(shown) and not OURS.search("\n".join(shown)), "the verdict, and none of our lines"
    same = "registry.find('1.2').load_reference()"
    assert "True" in strict(f"print(errors_from_singular_values is {same})")
    assert "RAISED" not in strict(USING_CELL), "one wrong answer made a later cell fail"


def test_a_strict_check_of_a_right_answer_hands_it_back(strict):
    strict("mine = lambda *a: registry.find('1.2').load_reference()(*a)")
    verdict(strict('kept = check("1.2", mine)'), "passed")
    assert "True" in strict("print(kept is mine)")


def test_a_marked_cell_counts_whatever_the_cells_above_have_done(kernel):
    kernel("del errors_from_singular_values")
    kernel('check, kept_check = lambda id, answer: answer, check\nos.environ["WORKBOOK_STRICT"] = "0"')
    marked = "from helpers.exercises import check\nfrom helpers.exercises import grading\n" + (
        f'grading.begin("errors_from_singular_values", globals())\n{CHECK_CELL}'
    )
    try:
        said = kernel(marked)
        assert "RAISED CheckFailed" in said and "None in place of your function" in said
        assert "RAISED" not in kernel(USING_CELL)
        kernel(WRONG_CELL + "\ncheck = lambda id, answer: answer")
        assert "RAISED CheckFailed" in kernel(marked)
    finally:
        kernel('check = kept_check; os.environ["WORKBOOK_STRICT"] = ""')


def test_the_kernel_is_still_there(kernel):
    try:
        assert "42" in kernel("print(6 * 7)")
    except (TimeoutError, queue.Empty):
        pytest.fail("an answer has ended the kernel")
