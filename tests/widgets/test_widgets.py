"""Quiz, widgets and their static twins: what they compute, what they show, and what is left without a page."""

import io
import json
import re
import threading
import time
from pathlib import Path

import nbformat
import numpy as np
import pytest
from matplotlib import pyplot as plt
from PIL import Image

from helpers import lessons, session
from helpers.autoencoders import size_explorer
from helpers.autoencoders.pca import figures, scene
from helpers.autoencoders.pca import widgets as pca_widgets
from helpers.codings import map as codings_map
from helpers.exercises import quizzes
from helpers.plots import learning_curves, pixels, style
from helpers.widgets import display, panel

rng = np.random.default_rng(8)
IMAGES = rng.random((10, 28, 28), dtype=np.float32)
POINTS = rng.normal(size=(50, 3)) * [3, 1, 0.2] @ np.linalg.qr(rng.normal(size=(3, 3)))[0] + 4
WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(autouse=True)
def _tidy():
    yield
    plt.close("all")


def picture(image_widget):
    return np.asarray(Image.open(io.BytesIO(image_widget.value)))


# ---------------------------------------------------------------------------------------------- the twin
@pytest.fixture
def page(monkeypatch):
    """Pretend to be a live notebook; returns the list of displayed bundles."""
    shown = []
    monkeypatch.setattr("helpers.session.live", lambda: True)
    monkeypatch.setattr("IPython.display.display", lambda bundle, **more: shown.append((bundle, more)))
    return shown


def test_the_picture_is_an_output_of_its_own_and_the_widget_follows(page):
    import ipywidgets

    figure, slider = learning_curves.curves({"a": [1, 2]}), ipywidgets.IntSlider()
    display.with_twin(slider, figure, text="A slider")
    (picture, more), (widget, _), (rules, _) = page
    assert set(picture) == {"image/png", "text/plain"} and more["metadata"] == {"image/png": {"alt": "A slider"}}
    assert picture["image/png"][:4] == b"\x89PNG" and picture["text/plain"] == "[widget] A slider"
    assert set(widget) == {WIDGET, "text/plain"} and widget[WIDGET]["model_id"] == slider.model_id
    assert display.LIVE in slider._dom_classes and f":has(+ .jp-OutputArea-child .{display.LIVE})" in rules["text/html"]
    assert all(each["raw"] for _, each in page)
    assert not plt.fignum_exists(figure.number), "an open figure would be shown a second time"


def test_a_widget_of_ipywidgets_7_is_shown_by_its_model(page, monkeypatch):
    import ipywidgets

    slider = ipywidgets.IntSlider()
    monkeypatch.delattr(ipywidgets.Widget, "_repr_mimebundle_", raising=False)  # version 7 has none
    display.with_twin(slider, learning_curves.curves({"a": [1, 2]}))
    assert page[1][0][WIDGET] == {"version_major": 2, "version_minor": 0, "model_id": slider.model_id}


def test_without_ipywidgets_the_picture_remains_and_nothing_is_built(page, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    display.with_twin(lambda: pytest.fail("built although it cannot be shown"), learning_curves.curves({"a": [1, 2]}))
    assert set(page[0][0]) == {"image/png", "text/plain"}


def test_outside_a_notebook_one_line_is_printed(capsys):
    figure = learning_curves.curves({"a": [1, 2]})
    display.with_twin(lambda: pytest.fail("built although it cannot be shown"), figure)
    assert capsys.readouterr().out == "[widget] curves of a over epoch\n"
    assert not plt.fignum_exists(figure.number)


def test_errors_of_callbacks_are_shown_and_vanish_when_it_works_again():
    area = display.error_area()

    @display.shows_errors(area)
    def callback(x):
        return 1 / x

    assert callback(0) is None
    assert "ZeroDivisionError" in area.value and 'role="alert"' in area.value and "&lt;" not in "<"
    assert callback(2) == 0.5 and area.value == ""
    display.shows_errors(area)(lambda: callback(0))()  # a button that moves a slider, whose callback fails
    assert "ZeroDivisionError" in area.value


# ------------------------------------------------------------------------------------------------- pixels
def test_mosaic_puts_images_in_reading_order():
    board = pixels.mosaic(np.linspace(0, 1, 3)[:, None, None] * np.ones((3, 2, 2)), 2)
    assert board.shape == (5, 5)
    assert board[0, 0] == 0 and board[0, 3] in (127, 128) and board[3, 0] == 255
    assert board[3, 3] == board[0, 2] == round(pixels.GREY * 255)


def test_signed_colours():
    colours = pixels.signed_colours(np.array([[[0.0, 0.5], [-0.5, 9.0]]]), top=0.5)[0]
    white, red, blue, more = colours[0, 0], colours[0, 1], colours[1, 0], colours[1, 1]
    assert np.allclose(white, 1) and red[0] > red[2] and blue[2] > blue[0] and np.allclose(more, red)


def test_panel_shows_arrays_and_refuses_other_shapes():
    shown = panel.image_panel((8, 5), scale=4)
    assert (shown.width, shown.height) == ("20", "32")
    values = rng.random((8, 5))
    shown.show(values)
    assert np.array_equal(picture(shown), np.round(values * 255).astype(int))
    shown.show(np.array([[np.nan, 2.0, -1.0, 0.0, 1.0]] * 8))
    assert picture(shown)[0].tolist() == [0, 255, 0, 0, 255]
    with pytest.raises(ValueError, match=r"shows \(8, 5\) pixels, got an array of shape \(5, 8\)"):
        shown.show(values.T)


# ------------------------------------------------------------------------------------- component explorer
@pytest.fixture(scope="module")
def basis():
    flat = IMAGES.reshape(10, 784).astype(float)
    mean = flat.mean(0)
    return mean, np.linalg.svd(flat - mean, full_matrices=False)[2][:9]


def test_component_explorer_reconstructs_from_the_first_k(basis):
    mean, V = basis
    box = pca_widgets.build_component_explorer(pca_widgets.Components(V, mean, IMAGES, np.linspace(0.5, 0.1, 9)))
    flat = IMAGES.reshape(10, 784)
    for k, image in ((1, 1), (4, 3), (9, 10)):
        box.k.value, box.picked.value = k, image
        expected = mean + (flat - mean) @ V[:k].T @ V[:k]
        errors = ((expected - flat) ** 2).mean(1)
        assert f"k = {k}" in box.words.value and f"of this image {errors[image - 1]:.4f}" in box.words.value
        assert f"the 10 images {errors.mean():.4f}" in box.words.value
        assert f"validation MSE {0.5 - 0.05 * (k - 1):.4f}" in box.words.value
        made = picture(box.trio)[:, 29:57, 0].astype(float) / 255
        assert np.abs(made - np.clip(expected[image - 1].reshape(28, 28), 0, 1)).max() < 0.01
    assert "100.0 %" in box.words.value  # nine components span ten centred images
    assert box.errors.value == ""


def test_component_explorer_says_which_shape_is_wrong(basis):
    mean, V = basis
    with pytest.raises(ValueError, match=r"components must be \(K, 784\).*got \(784, 9\)"):
        pca_widgets.component_explorer(V.T, mean, IMAGES)
    with pytest.raises(ValueError, match="9 components need 9 errors, got 2"):
        pca_widgets.component_explorer(V, mean, IMAGES, errors=[1, 2])


# ----------------------------------------------------------------------------------- coding size explorer
def test_coding_size_explorer_shows_the_chosen_size():
    made = {2: 0 * IMAGES, 8: IMAGES / 2, 30: IMAGES}
    named = {"autoencoder": {2: 0.05, 8: 0.03, 30: 0.01}, "PCA <k>": {2: 0.06, 30: 0.02}}
    box = size_explorer.build_size_explorer([2, 8, 30], made, IMAGES, named)
    for size, error in ((2, (IMAGES**2).mean()), (30, 0.0)):
        box.size.value = size
        assert f"{size} codings" in box.words.value and f"these images {error:.4f}" in box.words.value
        assert f"autoencoder {named['autoencoder'][size]:.4f}" in box.words.value
        top, below = picture(box.strip)[:28, :28], picture(box.strip)[29:, :28]
        assert np.array_equal(top, below) is (size == 30)
        assert box.curve.value.count('r="6"') == 2, "one mark on each curve"
    assert "PCA &lt;k&gt;" in box.curve.value and box.errors.value == ""


def test_coding_size_explorer_checks_what_it_is_given():
    with pytest.raises(ValueError, match="no error for coding size 8"):
        size_explorer.coding_size_explorer({8: IMAGES}, IMAGES, {2: 0.1})
    with pytest.raises(ValueError, match="Size 8.*does not fit the originals"):
        size_explorer.coding_size_explorer({8: IMAGES[:3]}, IMAGES, {8: 0.1})
    with pytest.raises(ValueError, match="at least one coding size"):
        size_explorer.coding_size_explorer({}, IMAGES, {})


# --------------------------------------------------------------------------------------------- the plane
def test_directions_are_those_of_matplotlib():
    figure = figures.plane_in_3d(
        POINTS, POINTS.mean(0), np.linalg.svd(POINTS - POINTS.mean(0))[2][:2], elev=25, azim=40
    )
    axes = figure.axes[0]
    axes.set_proj_type("ortho")
    figure.canvas.draw()
    from mpl_toolkits.mplot3d import proj3d

    ours = (POINTS @ scene.directions(40, 25).T)[:, :2]
    theirs = np.stack(proj3d.proj_transform(*POINTS.T, axes.get_proj())[:2], axis=1)
    for k in range(2):
        assert np.corrcoef(ours[:, k], theirs[:, k])[0, 1] > 0.9999


@pytest.mark.parametrize("direction", [[1, 2, 3], [0, 0, 1], [0, 0, -2], [-1, 0, 0]])
def test_one_can_look_along_any_direction(direction):
    towards = scene.directions(*scene.angles_towards(direction))[2]
    assert np.allclose(towards, np.array(direction) / np.linalg.norm(direction))


def test_the_plane_turns_and_its_buttons_look_along_it_and_onto_it():
    mean = POINTS.mean(0)
    axes = np.linalg.svd(POINTS - mean)[2][:2]
    box = pca_widgets.build_plane_explorer(POINTS, mean, axes)

    def share_of_plane():
        pixels_ = picture(box.panel).astype(int)
        return ((pixels_[..., 2] > 235) & (pixels_[..., 0] < 215)).mean()  # the sky blue sheet

    before = box.panel.value
    box.turn.value += 20
    assert box.panel.value != before
    box.face.click()
    normal = np.cross(*axes)
    assert abs(scene.directions(box.turn.value, box.tilt.value)[2] @ normal) > 0.999
    front = share_of_plane()
    box.edge.click()
    assert abs(scene.directions(box.turn.value, box.tilt.value)[2] @ normal) < 0.05
    assert share_of_plane() < front / 10 and front > 0.03
    assert box.errors.value == ""


# ------------------------------------------------------------------------------------------------ the map
def test_the_map_shows_the_nearest_images_of_the_chosen_class():
    Z, labels = rng.normal(size=(300, 2)), np.arange(300) % 3
    pictures = np.repeat(np.arange(300)[:, None, None] / 300, 28, 1).repeat(28, 2).astype(np.float32)
    box = codings_map.build_selection_map(Z, pictures, labels, ["shirt", "bag <b>", "boot"], Z[7])
    assert np.allclose([box.x.value, box.y.value], Z[7])
    assert np.allclose(picture(box.thumbs)[:28, :28], round(pictures[7, 0, 0] * 255), atol=1)
    box.x.value, box.y.value = 0.3, -0.2
    for pick in (None, 1):
        box.pick.value = pick
        here, allowed = np.array([box.x.value, box.y.value]), np.arange(300)
        if pick is not None:
            allowed = allowed[labels == pick]
        order = allowed[np.argsort((((Z[allowed] - here) / np.ptp(Z, axis=0)) ** 2).sum(1))]
        shown = picture(box.thumbs)[:28, :28]
        assert np.allclose(shown, round(pictures[order[0], 0, 0] * 255), atol=1)
        last = picture(box.thumbs)[-1, -1]
        assert np.allclose(last, round(pictures[order[11], 0, 0] * 255), atol=1)
    assert "12 × bag &lt;b&gt;" in box.words.value and box.errors.value == ""
    colours = {tuple(c) for c in picture(box.board).reshape(-1, 3)}
    assert pixels.rgb(style.CLASS_COLOURS[1]) in colours and pixels.rgb(style.CLASS_COLOURS[0]) not in colours


def test_a_class_of_few_images_leaves_places_empty():
    Z, labels = rng.normal(size=(40, 2)), np.zeros(40, int)
    labels[:2] = 4
    box = codings_map.build_selection_map(Z, rng.random((40, 8, 8)), labels, [f"c{i}" for i in range(5)], Z[0])
    box.pick.value = 4
    assert "The 2 nearest" in box.words.value and "2 × c4" in box.words.value and box.errors.value == ""
    assert (picture(box.thumbs)[-8:, -8:] == round(pixels.GREY * 255)).all()


def test_on_paper_the_map_shows_the_images_at_its_start(monkeypatch):
    Z, labels = rng.normal(size=(60, 2)) * [1, 50], np.arange(60) % 3
    shown = []
    monkeypatch.setattr(codings_map, "with_twin", lambda widget, figure, text: shown.append((figure, text)))
    codings_map.selection_map(Z, rng.random((60, 8, 8)), labels, ["shirt", "bag", "boot"], start=Z[7], title="Here")
    codings_map.selection_map(Z[:5], rng.random((5, 8, 8)), labels[:5])
    (twelve, text), (five, _) = shown
    order = np.argsort((((Z - Z[7]) / np.ptp(Z, axis=0)) ** 2).sum(1))[:12]
    words = [t.get_text() for axes in twelve.axes for t in axes.texts]
    assert [t for t in words if t != "Here"] == [["shirt", "bag", "boot"][i % 3] for i in order] and order[0] == 7
    assert "12 images" in text and five.alt == "a grid of 5 images in 1 row"
    with pytest.raises(ValueError, match=r"shape \(60, 2\).*the shape \(59, 2\)"):
        codings_map.selection_map(Z[1:], rng.random((60, 8, 8)), labels)


def test_a_failing_control_tells_the_student(monkeypatch):
    box = pca_widgets.build_plane_explorer(POINTS, POINTS.mean(0), np.eye(3)[:2])
    monkeypatch.setattr(scene, "plane_scene", lambda *a: 1 / 0)
    box.turn.value += 2
    assert "ZeroDivisionError" in box.errors.value


@pytest.mark.parametrize("button", ["edge", "face"])
def test_a_failing_button_of_the_plane_keeps_its_message_until_a_drawing_works(monkeypatch, button):
    box = pca_widgets.build_plane_explorer(POINTS, POINTS.mean(0), np.eye(3)[:2])
    with monkeypatch.context() as broken:
        broken.setattr(scene, "plane_scene", lambda *a: 1 / 0)
        getattr(box, button).click()
        assert "ZeroDivisionError" in box.errors.value
    with monkeypatch.context() as broken:
        broken.setattr(scene, "angles_towards", lambda *a: 1 / 0)
        getattr(box, button).click()
        assert "ZeroDivisionError" in box.errors.value
    before = box.panel.value
    box.turn.value += 20
    assert box.errors.value == "" and box.panel.value != before, "after a failure the sliders still draw"


# ---------------------------------------------------------------------------------------------- the quiz
OPTIONS = ["PCA", "the `relu` autoencoder", "neither: x < y"]


@pytest.fixture
def state(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBOOK_STATE", str(tmp_path))
    return tmp_path / "quiz.json"


def build(answer=1, why=("no: straight", "it bends", "no"), key="02-x"):
    return quizzes._build("Which?", OPTIONS, answer, list(why), key)


def test_the_text_twin_asks_and_does_not_tell(capsys):
    quizzes.ask("Which falls faster?", OPTIONS, answer=1, why="It bends.", key="02-x")
    out = capsys.readouterr().out
    assert out.splitlines()[:2] == ["Which falls faster?", "  A  PCA"]
    assert "Commit to one before you run the next cell" in out and "It bends" not in out


def test_the_html_twin_folds_the_answer_up(page):
    quizzes.ask("Is x < y?", OPTIONS, answer=1, why="It bends.", key="02-x")
    bundle = page[0][0]
    assert set(bundle) == {"text/html", "text/plain"} and WIDGET in page[1][0]
    open_part, folded = bundle["text/html"].split("<details>")
    assert "Is x &lt; y?" in open_part and "<code>relu</code>" in open_part and "It bends" not in open_part
    assert "<b>B</b>. It bends." in folded


def test_committing_gives_feedback_keeps_the_choice_and_lets_it_be_changed(state):
    box = build()
    assert box.commit.disabled and box.choice.value is None and box.feedback.value == ""
    box.choice.value = 0
    assert not box.commit.disabled and box.feedback.value == "" and not state.exists()
    box.commit.click()
    assert "✗ Not right." in box.feedback.value and "no: straight" in box.feedback.value
    assert box.choice.disabled and json.loads(state.read_text(encoding="utf-8")) == {"02-x": OPTIONS[0]}

    again = build()  # the cell is run again
    assert again.choice.value == 0 and "Not right" in again.feedback.value and again.choice.disabled
    again.change.click()
    assert again.feedback.value == "" and not again.choice.disabled and not again.commit.disabled
    again.choice.value = 1
    again.commit.click()
    assert "✓ Right." in again.feedback.value and "it bends" in again.feedback.value
    assert build(key="another").choice.value is None
    assert json.loads(state.read_text(encoding="utf-8")) == {"02-x": OPTIONS[1]}


def test_stress_and_code_in_the_words_of_a_quiz():
    words = "Is `2*a*b` what *learning alone* adds, 2*3*4 or **not**?"
    html = "Is <code>2*a*b</code> what <em>learning alone</em> adds, 2*3*4 or **not**?"
    assert quizzes._marked(words) == html and "what learning alone adds, 2*3*4" in quizzes._as_text(words, ["*a* <b>"])
    assert "<em>a</em> &lt;b&gt;" in quizzes._as_html(words, ["*a* <b>"], 0, [""])


def test_a_choice_that_cannot_be_kept_is_told(state):
    state.mkdir()
    box = build()
    box.choice.value = 1
    box.commit.click()
    assert "✓ Right." in box.feedback.value and "could not be kept" in box.feedback.value
    assert "WORKBOOK_STATE" in box.feedback.value


def test_two_notebooks_that_answer_at_once_keep_both_choices(state, monkeypatch):
    write = quizzes.atomic_write_json
    other = threading.Thread(target=quizzes._remember, args=("02-y", "theirs"))

    def slowly(path, value):
        if not other.ident:
            other.start()
            time.sleep(0.3)  # the other one has the time to read what is not written yet
        write(path, value)

    monkeypatch.setattr(quizzes, "atomic_write_json", slowly)
    quizzes._remember("02-x", "mine")
    other.join()
    assert json.loads(state.read_text(encoding="utf-8")) == {"02-x": "mine", "02-y": "theirs"}


@pytest.mark.parametrize("content", ["{half", "[1, 2]", '{"02-x": 17}', '{"02-x": "A"}'])
def test_a_damaged_memory_does_not_stop_the_quiz(state, content):
    state.write_text(content, encoding="utf-8")
    box = build()
    assert box.choice.value is None
    box.choice.value = 1
    box.commit.click()
    assert json.loads(state.read_text(encoding="utf-8"))["02-x"] == OPTIONS[1]


@pytest.mark.parametrize(
    ("options", "answer", "why", "message"),
    [
        (["a"], 0, "", "2 to 10 different options"),
        (["a", "a"], 0, "", "2 to 10 different options"),
        (["a", "b"], 2, "", "0 to 1, got 2"),
        (["a", "b"], 0, ["x"], "need 2 texts of feedback, got 1"),
    ],
)
def test_a_quiz_that_does_not_fit_together_is_refused(options, answer, why, message):
    with pytest.raises(ValueError, match=message):
        quizzes.ask("?", options, answer, why, "02-x")


QUESTIONS = [
    (path.stem[-2:], name, one)
    for path in sorted(Path(lessons.__file__).parent.glob("lesson*.py"))
    for name, one in session.pages(path.stem[-2:]).QUIZZES.items()
]


@pytest.mark.parametrize(("number", "name", "one"), QUESTIONS, ids=[f"{n}-{name}" for n, name, _ in QUESTIONS])
def test_each_question_of_the_lessons_is_asked_once_and_folded(number, name, one, page):
    (source,) = (session.root() / "solutions").glob(f"{number}_*.py")
    assert len(re.findall(rf'\bquiz\("{number}-{name}"', source.read_text(encoding="utf-8"))) == 1
    values = {word: 3 for word in re.findall(r"\{(\w+)\}", one["question"])}
    quizzes.quiz(f"{number}-{name}", **values)
    open_part, folded = page[0][0]["text/html"].split("<details>")
    option, why = (quizzes._marked(text) for text in one["right"])
    assert option in open_part and why not in open_part and why in folded


def test_the_right_options_stand_at_every_place():
    places = [
        [right for right, _ in quizzes.shuffled(f"{number}-{name}", [one["right"], *one["wrong"]])].index(
            one["right"][0]
        )
        for number, name, one in QUESTIONS
        if len(one["wrong"]) == 2
    ]
    assert min(places.count(place) for place in range(3)) > len(places) / 5


def test_a_question_that_nobody_wrote_is_told():
    with pytest.raises(ValueError, match="Lesson 02 has no question '02-nothing'. It has: 02-linear"):
        quizzes.quiz("02-nothing")


# ------------------------------------------------------------------------------------ in a real kernel
CELLS = [
    "import numpy as np\nfrom helpers import plots\nfrom helpers.autoencoders import coding_size_explorer\n"
    "from helpers.autoencoders.pca import component_explorer, plane_explorer\n"
    "from helpers.codings import selection_map\nfrom helpers.exercises.quizzes import ask\n"
    "rng = np.random.default_rng(0)\nX = rng.random((60, 28, 28))\nP = rng.normal(size=(40, 3)) * [3, 1, .2]",
    "component_explorer(np.linalg.qr(rng.normal(size=(784, 12)))[0].T, X.reshape(60, -1).mean(0), X[:4])",
    "plane_explorer(P, P.mean(0), np.eye(3)[:2])",
    "selection_map(P[:, :2], X[:40], np.arange(40) % 4)",
    "coding_size_explorer({2: X[:3], 8: X[3:6]}, X[:3], {2: .05, 8: .03})",
    "ask('Which?', ['a', 'b'], answer=0, why='so', key='02-x')",
    "plots.curves({'a': [2, 1]})",
    "unused = plots.curves({'a': [2, 1]})",
]


@pytest.mark.kernels
def test_every_widget_works_in_a_kernel_without_a_page(root):
    from nbclient import NotebookClient

    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS])
    client = NotebookClient(book, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(root)}})
    client.execute()
    first, *rest = (cell.outputs for cell in book.cells)
    assert first == []
    for outputs, source in zip(rest, CELLS[1:], strict=True):
        alone = "plots" in source
        assert [o.output_type for o in outputs] == ["display_data"] * (1 if alone else 3), (source, outputs)
        data = outputs[0].data
        assert alone or WIDGET in outputs[1].data
        if source.startswith("ask"):
            assert set(data) == {"text/html", "text/plain"}
            continue
        assert len(data["image/png"]) < 140_000 and data["text/plain"]  # base64 of 100 kB
