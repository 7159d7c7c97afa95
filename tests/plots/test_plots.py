"""The pictures: right shapes in, right marks on the page, nothing cut off, small files."""

import io

import matplotlib
import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.offsetbox import AnnotationBbox
from matplotlib.patches import Polygon
from PIL import Image

from helpers.autoencoders.pca import figures
from helpers.plots import grids, learning_curves, maps, network_diagram, style
from helpers.plots.style import COLOURS

rng = np.random.default_rng(5)
IMAGES = rng.random((12, 28, 28), dtype=np.float32)


@pytest.fixture(autouse=True)
def _tidy():
    style.use_style()
    yield
    plt.close("all")


class History:
    """What plots sees of a keras History."""

    def __init__(self, **series):
        self.history = series


def texts(figure):
    return [t for t in figure.findobj(match=plt.Text) if t.get_visible() and t.get_text().strip()]


def words(figure):
    return [t.get_text() for t in texts(figure)]


def assert_nothing_cut_off(figure):
    figure.canvas.draw()
    drawn, page = figure.get_tightbbox(), figure.get_size_inches()
    assert drawn.x0 > -0.01 and drawn.y0 > -0.01, f"something leaves the figure left or below: {drawn}"
    assert drawn.x1 < page[0] + 0.01 and drawn.y1 < page[1] + 0.01, f"right or above {page}: {drawn}"


# ------------------------------------------------------------------------------------------- shapes of images
@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ((3, 28, 28), (3, 28, 28)),
        ((3, 784), (3, 28, 28)),
        ((3, 64), (3, 8, 8)),
        ((3, 8, 8), (3, 8, 8)),
        ((2, 28, 28, 1), (2, 28, 28)),
        ((2, 16, 12, 3), (2, 16, 12, 3)),
    ],
)
def test_images_of_every_usual_shape_are_accepted(shape, expected):
    values = rng.random(shape)
    result = style.as_images(values)
    assert result.shape == expected
    assert np.allclose(result.ravel(), values.ravel())
    figure = grids.image_grid(values)
    assert len(figure.axes[0].images) == shape[0]


@pytest.mark.parametrize(
    ("wrong", "kind", "message"),
    [
        (rng.random((28, 28)), ValueError, r"X\[None\]"),
        (rng.random((3, 785)), ValueError, "not square images"),
        (rng.random((3, 2, 2, 2)), ValueError, r"shape \(3, 2, 2, 2\)"),
        (np.zeros((0, 28, 28)), ValueError, "nothing to draw"),
        (np.full((1, 8, 8), np.nan), ValueError, "diverge"),
        (255 * rng.random((1, 8, 8)), ValueError, "dividing by 255"),
        (["shirt"], TypeError, "array of numbers"),
        (None, TypeError, "array of numbers"),
    ],
)
def test_what_is_not_an_image_is_refused_with_a_reason(wrong, kind, message):
    with pytest.raises(kind, match=message):
        grids.image_grid(wrong)


# ------------------------------------------------------------------------------------------------ image_grid
def test_grid_shows_each_image_once_in_reading_order():
    figure = grids.image_grid(IMAGES, columns=5, titles=[f"t{i}" for i in range(12)], title="Twelve")
    shown = figure.axes[0].images
    for drawn, image in zip(shown, IMAGES, strict=True):
        assert np.allclose(drawn.get_array(), image)
    lefts, tops = zip(*((d.get_extent()[0], d.get_extent()[3]) for d in shown), strict=True)
    assert lefts[0] < lefts[1] < lefts[4] and lefts[5] == lefts[0]
    assert tops[0] == tops[4] < tops[5] < tops[10]  # the axis points down the page
    assert {f"t{i}" for i in range(12)} < set(words(figure))
    assert_nothing_cut_off(figure)


def test_a_pixel_of_the_data_is_a_whole_number_of_pixels_on_the_page():
    for images in (IMAGES, IMAGES[:, :8, :8]):
        x0, x1, y1, y0 = grids.image_grid(images).axes[0].images[0].get_extent()
        zoom = np.array([x1 - x0, y1 - y0]) * 100 / images.shape[1]
        assert np.allclose(zoom, zoom.round()) and zoom[0] >= 1


def test_signed_images_are_white_at_zero_red_above_blue_below():
    values = np.zeros((1, 8, 8))
    values[0, 0, 0], values[0, 0, 1] = 2.0, -2.0
    drawn = grids.image_grid(values, signed=True).axes[0].images[0].get_array()
    red, blue, white = drawn[0, 0], drawn[0, 1], drawn[4, 4]
    assert red[0] > red[2] and blue[2] > blue[0] and white.min() > 0.95


def test_limits_map_tanh_images_to_grey():
    drawn = grids.image_grid(np.zeros((1, 8, 8)), limits=(-1, 1)).axes[0].images[0].get_array()
    assert np.allclose(drawn, 0.5)


def test_another_projects_settings_do_not_reach_the_figures():
    with matplotlib.rc_context({"text.usetex": True, "image.origin": "lower", "font.size": 30}):
        style.use_style()
        assert not matplotlib.rcParams["text.usetex"]
        figure = grids.image_grid(np.eye(8)[None], title="A title")
        assert style.png_bytes(figure) and figure.axes[0].images[0].origin == "upper"
        style.close(figure)
    style.use_style()


def test_more_images_than_a_picture_can_hold_are_refused():
    many = np.zeros((1_001, 2, 2))
    for draw in (lambda: grids.image_grid(many), lambda: grids.reconstructions(many, many, columns=1_001)):
        with pytest.raises(ValueError, match=r"too many for one picture.*X\[:100\]"):
            draw()
    with pytest.raises(ValueError, match="columns must be at least 1"):
        grids.reconstructions(many, many, columns=0)


def test_number_of_titles_must_fit():
    with pytest.raises(ValueError, match="12 images need 12 titles, got 3"):
        grids.image_grid(IMAGES, titles=["a", "b", "c"])


# ------------------------------------------------------------------------------------------ reconstructions
def test_reconstructions_stand_below_their_originals_with_their_errors():
    made = np.clip(IMAGES + 0.1, 0, 1)
    names = {"PCA-30": made.reshape(12, 784), "a rather long model name": IMAGES}
    figure = grids.reconstructions(IMAGES, names, errors=True, titles=["Ankle boot"] * 12)
    assert len(figure.axes[0].images) == 3 * 10
    found = words(figure)
    assert {"original", *names} < set(found)
    for i in range(10):
        assert f"{np.mean((made[i] - IMAGES[i]) ** 2):.4f}" in found
    assert found.count("0.0000") == 10
    first, below = figure.axes[0].images[0], figure.axes[0].images[10]
    assert first.get_extent()[0] == below.get_extent()[0]
    assert np.allclose(below.get_array(), made[0], atol=1e-6)
    assert_nothing_cut_off(figure)


def test_reconstructions_of_other_images_are_refused():
    with pytest.raises(ValueError, match="tiny.*does not fit the originals"):
        grids.reconstructions(IMAGES, {"tiny": IMAGES[:, :8, :8]})
    with pytest.raises(ValueError, match="at least the first 10"):
        grids.reconstructions(IMAGES, {"few": IMAGES[:4]})


def test_named_rows_may_differ_in_length_but_not_in_size():
    figure = grids.image_rows({"real": IMAGES[:3], "drawn": IMAGES[:5].reshape(5, 784)}, title="Rows")
    assert len(figure.axes[0].images) == 8 and {"real", "drawn", "Rows"} <= set(words(figure))
    assert_nothing_cut_off(figure)
    with pytest.raises(ValueError, match="need one size"):
        grids.image_rows({"real": IMAGES, "small": IMAGES[:, :8, :8]})


# --------------------------------------------------------------------------------------------------- curves
def lines(figure):
    return {line.get_label(): line for line in figure.axes[0].lines if not line.get_label().startswith("_")}


def test_a_history_gives_a_dashed_and_a_solid_curve_of_one_colour_with_the_best_epoch_marked():
    history = History(loss=[3.0, 2.0, 1.0], val_loss=[3.0, 1.5, 2.0], learning_rate=[1, 1, 1])
    figure = learning_curves.curves(history, references={"PCA-30": 1.25})
    found = lines(figure)
    assert set(found) == {"training loss", "validation loss (best 1.5)", "PCA-30 (1.25)"}
    training, validation = found["training loss"], found["validation loss (best 1.5)"]
    assert list(validation.get_xdata()) == [1, 2, 3]
    assert training.get_color() == validation.get_color() and training.get_color() in COLOURS.values()
    assert (training.get_linestyle(), validation.get_linestyle()) == ("--", "-")
    marks = [line for line in figure.axes[0].lines if line.get_marker() == "o"]
    assert [(m.get_xdata()[0], m.get_ydata()[0]) for m in marks] == [(2, 1.5)]
    assert figure.axes[0].get_xlabel() == "epoch" and figure.axes[0].get_ylabel() == "loss"
    assert_nothing_cut_off(figure)


def test_the_best_accuracy_is_the_highest():
    assert "accuracy (best 0.9)" in lines(learning_curves.curves({"accuracy": [0.1, 0.9, 0.5]}))
    assert "MSE (best 0.1)" in lines(learning_curves.curves({"MSE": [0.1, np.nan, 0.5]}))


def test_a_short_logarithmic_axis_has_plain_numbers_and_a_long_one_its_powers():
    short, long = (learning_curves.curves({"loss": [top, 4.0]}, log=True).axes[0] for top in (12.0, 40_000.0))
    for axes in (short, long):
        axes.figure.canvas.draw()
    words = [[label.get_text() for label in axes.get_yticklabels()] for axes in (short, long)]
    assert "5" in words[0] and "10" in words[0] and not any("times" in word for word in words[0])
    assert any("10^" in word for word in words[1])


def test_several_models_differ_in_colour_and_in_line_style():
    figure = learning_curves.curves({f"m{i}": [1.0, 0.5] for i in range(6)}, log=True)
    found = lines(figure).values()
    assert len({line.get_color() for line in found}) == 6
    assert len({(line.get_linestyle(), line._unscaled_dash_pattern[1]) for line in found}) >= 4
    assert len({str(line._unscaled_dash_pattern) for line in found}) == 6
    assert figure.axes[0].get_yscale() == "log"
    both = learning_curves.curves({"deep": History(loss=[1], val_loss=[2]), "flat": History(loss=[3], val_loss=[4])})
    assert {"deep: training loss", "flat: validation loss (best 4)"} < set(lines(both))


def test_curves_over_given_positions():
    figure = learning_curves.curves({"PCA": [3, 2, 1]}, x=[2, 10, 30], xlabel="codings", logx=True)
    assert list(lines(figure)["PCA (best 1)"].get_xdata()) == [2, 10, 30]
    assert [t.get_text() for t in figure.axes[0].get_xticklabels()] == ["2", "10", "30"]
    with pytest.raises(ValueError, match="2 positions"):
        learning_curves.curves({"PCA": [3, 2, 1]}, x=[2, 10])


def test_what_is_no_curve_is_refused_with_an_example():
    with pytest.raises(TypeError, match="Example: curves"):
        learning_curves.curves(3.0)
    with pytest.raises(ValueError, match="Has the model been fitted"):
        learning_curves.curves(History())
    with pytest.raises(ValueError, match="'PCA' needs a list of numbers"):
        learning_curves.curves({"PCA": []})


# ------------------------------------------------------------------------------------------------ image_map
def test_map_shows_every_point_and_thumbnails_that_do_not_overlap():
    Z, labels = rng.normal(size=(400, 2)), np.arange(400) % 10
    names = [f"class name {i}" for i in range(10)]
    figure = maps.image_map(Z, rng.random((400, 784)), labels, names, title="Map")
    axes = figure.axes[0]
    assert sum(len(c.get_offsets()) for c in axes.collections) == 400
    assert len({to_hex(c.get_facecolor()[0]) for c in axes.collections}) == 10
    assert len({str(c.get_paths()[0].vertices.round(3).tolist()) for c in axes.collections}) == 10
    figure.canvas.draw()
    boxes = [a.get_window_extent() for a in axes.artists if isinstance(a, AnnotationBbox)]
    assert 10 <= len(boxes) <= 40
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
    assert set(names) < set(words(figure))
    assert_nothing_cut_off(figure)
    again = maps.image_map(Z, rng.random((400, 784)), labels, names)
    places = [[a.xy for a in f.axes[0].artists if isinstance(a, AnnotationBbox)] for f in (figure, again)]
    assert np.array_equal(*places), "the same map must choose the same images"


def test_map_refuses_what_does_not_fit():
    with pytest.raises(ValueError, match=r"shape \(n, 2\), got \(5, 3\)"):
        maps.image_map(np.zeros((5, 3)))
    with pytest.raises(ValueError, match="12 points need 12 labels, got 3"):
        maps.image_map(rng.random((12, 2)), IMAGES, [0, 1, 2])
    with pytest.raises(ValueError, match="at most ten classes"):
        maps.image_map(rng.random((12, 2)), IMAGES, np.arange(12))


# ------------------------------------------------------------------------------------------------ hourglass
def stage_list(thing, **more):
    return [(s.shape, s.activation, s.coding) for s in network_diagram.stages_of_model(thing, **more)]


def test_hourglass_of_sizes_is_symmetrical_with_its_waist_highlighted():
    figure = network_diagram.hourglass([784, 100, 30, 100, 784], title="Stacked")
    bars = [p for p in figure.axes[0].patches if isinstance(p, Polygon) and to_hex(p.get_facecolor()) != "#eceff2"]
    heights = [np.ptp(p.get_xy()[:, 1]) for p in bars]
    assert np.allclose(heights, heights[::-1]) and heights[2] == min(heights)
    assert np.isclose(heights[1] / heights[0], (100 / 784) ** 0.5)
    assert [to_hex(p.get_facecolor()) for p in bars].index(COLOURS["vermillion"].lower()) == 2
    centres = np.array([p.get_xy()[:, 0].mean() for p in bars])
    assert np.allclose(np.diff(centres), np.diff(centres)[::-1])
    assert {"784", "100", "30", "encoder", "decoder", "Stacked"} < set(words(figure))
    assert_nothing_cut_off(figure)


def test_hourglass_refuses_what_it_cannot_draw():
    with pytest.raises(TypeError, match="does not know what to do with 'wide'"):
        network_diagram.hourglass([784, "wide"])
    with pytest.raises(ValueError, match="at least an input and one layer"):
        network_diagram.hourglass([784])


@pytest.fixture(scope="module")
def keras():
    import keras  # `helpers`, imported above, has chosen its backend

    return keras


def test_hourglass_of_a_sequential_model_leaves_out_what_does_not_change_the_sizes(keras):
    L = keras.layers
    model = keras.Sequential([
        keras.Input((28, 28)), L.Flatten(), L.Dense(100, activation="selu"), L.Dropout(0.2),
        L.Dense(30, activation="relu", name="codings"), L.Dense(100), L.LeakyReLU(),
        L.Dense(784, activation="sigmoid"), L.Reshape((28, 28)),
    ])  # fmt: skip
    assert stage_list(model) == [
        ((28, 28), "", False), ((100,), "selu", False), ((30,), "relu", True), ((100,), "LeakyReLU", False),
        ((784,), "sigmoid", False),
    ]  # fmt: skip
    figure = network_diagram.hourglass(model)
    assert {"28 × 28", "codings\nrelu", "Dense\nselu"} < set(words(figure))
    assert_nothing_cut_off(figure)


def test_hourglass_of_a_subclassed_convolutional_model(keras):
    L = keras.layers

    class Decoder(keras.Model):  # no symbolic tensors inside
        def __init__(self):
            super().__init__()
            self.a, self.b = L.Dense(7 * 7 * 4, activation="relu"), L.Reshape((7, 7, 4))
            self.c = L.Conv2DTranspose(1, 3, strides=4, padding="same", activation="sigmoid")

        def call(self, z):
            return self.c(self.b(self.a(z)))

    class Autoencoder(keras.Model):
        def __init__(self):
            super().__init__()
            self.encoder = keras.Sequential([
                keras.Input((28, 28, 1)), L.Conv2D(8, 3, padding="same", activation="relu"), L.MaxPool2D(4),
                L.Flatten(), L.Dense(200),
            ])  # fmt: skip
            self.decoder = Decoder()

        def call(self, x):
            return self.decoder(self.encoder(x))

    model = Autoencoder()
    model(np.zeros((1, 28, 28, 1), np.float32))
    assert stage_list(model) == [
        ((28, 28, 1), "", False), ((28, 28, 8), "relu", False), ((7, 7, 8), "", False), ((200,), "", True),
        ((196,), "relu", False), ((28, 28, 1), "sigmoid", False),
    ]  # fmt: skip
    figure = network_diagram.hourglass(model, title="Convolutional")
    assert {"28 × 28 × 8", "Conv2D\nTranspose\nsigmoid", "Dense\n(codings)"} < set(words(figure))
    assert_nothing_cut_off(figure)
    assert network_diagram.hourglass(model, coding=2) is not None and stage_list(model, coding=2)[2][2]


def test_hourglass_of_an_unbuilt_model_says_how_to_build_it(keras):
    with pytest.raises(ValueError, match="has not been built.*keras.Input"):
        network_diagram.hourglass(keras.Sequential([keras.layers.Dense(3)]))


# ---------------------------------------------------------------------------------------------- plane_in_3d
def test_plane_is_drawn_from_each_view():
    points = rng.normal(size=(40, 3)) * [3, 1, 0.2]
    figure = figures.plane_in_3d(points, points.mean(0), np.eye(3)[:2], views=[(20, -60), (5, 30)], title="Plane")
    assert [(a.elev, a.azim) for a in figure.axes] == [(20, -60), (5, 30)]
    for axes in figure.axes:
        shown = [c for c in axes.collections if c.get_label().endswith("the plane")]
        assert [c.get_label() for c in shown] == ["above the plane", "below the plane"]
        above = np.array(shown[0]._offsets3d).T
        assert (above[:, 2] > points.mean(0)[2]).all() and sum(len(c._offsets3d[0]) for c in shown) == 40
    assert figures.plane_in_3d(points, points.mean(0), np.eye(3)[:2], elev=3, azim=7).axes[0].azim == 7


def test_an_axis_that_points_at_the_eye_goes_without_its_name():
    points = rng.normal(size=(40, 3)) * [3, 1, 0.2]
    views = [(20, -60), (3, 5), (0, 90)]  # the second looks along the first axis, the third along the other
    figure = figures.plane_in_3d(points, points.mean(0), np.eye(3)[:2], views=views)
    names = [[text.get_text() for text in axes.texts] for axes in figure.axes]
    assert names == [["axis 1", "axis 2"], ["axis 2"], ["axis 1"]]


def test_plane_with_axes_as_columns_is_told_to_transpose():
    with pytest.raises(ValueError, match=r"pass axes\.T"):
        figures.plane_in_3d(np.zeros((4, 3)), np.zeros(3), np.eye(3)[:, :2])
    with pytest.raises(ValueError, match=r"\(n, 3\), got \(4, 2\)"):
        figures.plane_in_3d(np.zeros((4, 2)), np.zeros(3), np.eye(3)[:2])


# ------------------------------------------------------------------------------------ files and notebooks
def smooth_images(n):
    x = np.linspace(0, 1, 28)
    return np.stack([np.outer(np.sin(5 * x + i) ** 2, np.cos(3 * x * i) ** 2) for i in range(n)])


def test_pngs_are_small_opaque_and_equal_each_time():
    Z, labels = rng.normal(size=(2000, 2)), np.arange(2000) % 10
    makers = [
        lambda: grids.image_grid(smooth_images(100)),
        lambda: maps.image_map(Z, smooth_images(2000), labels),
        lambda: learning_curves.curves({f"m{i}": rng.random(50) for i in range(5)}),
    ]
    for make in makers:
        figure = make()
        data = style.png_bytes(figure)
        assert len(data) < 100_000
        assert data == style.png_bytes(figure)
        picture = Image.open(io.BytesIO(data))
        assert picture.size == FigureCanvasAgg(figure).get_width_height()  # versions round differently
        assert np.asarray(picture.convert("RGBA"))[0, 0].tolist() == [255, 255, 255, 255]
    assert Image.open(io.BytesIO(style.png_bytes(makers[0]()))).mode == "L"


def test_a_notebook_shows_a_figure_once(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda *a, **k: shown.append((a, k)))
    figure = learning_curves.curves({"a": [1, 2]})
    assert plt.fignum_exists(figure.number), "an open figure is what Jupyter shows at the end of the cell"
    figure._ipython_display_()
    assert not plt.fignum_exists(figure.number)
    ((bundle,), more) = shown[0]
    assert len(shown) == 1 and more["raw"] and bundle["image/png"][:4] == b"\x89PNG"
    assert more["metadata"]["image/png"]["alt"] == "curves of a over epoch"


def test_the_style_leaves_a_students_own_settings_alone():
    plt.rcParams["lines.linewidth"] = 7.0
    learning_curves.curves({"a": [1, 2]})
    assert plt.rcParams["lines.linewidth"] == 7.0
    assert not plt.rcParams["axes.spines.top"] and not plt.rcParams["axes.spines.right"]


@pytest.mark.parametrize("shape", [(28, 28, 3), (32, 28, 1)])
def test_one_single_image_is_no_grid_of_slices(shape):
    with pytest.raises(ValueError, match=r"one single image.*X\[None\]"):
        grids.image_grid(np.zeros(shape))
    assert len(style.as_images(np.zeros((1, *shape)))) == 1
