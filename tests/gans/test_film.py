"""Films of a training: when frames are taken, what they hold, how they are kept, and how they are looked at."""

import json
import types

import numpy as np
import pytest

from helpers import session
from helpers.backend import keras
from helpers.gans import film_player, samples
from helpers.gans.film import Film, timetable
from helpers.gans.film_player import film_view, histogram_view
from helpers.metrics import image_quality
from helpers.plots import style
from helpers.weights import archive, store

NAMES = [f"class {i}" for i in range(9)] + ["bags & more"]


@pytest.fixture(autouse=True)
def places(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBOOK_CHECKPOINTS", str(tmp_path / "weights"))
    monkeypatch.setenv("WORKBOOK_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("WORKBOOK_PROFILE", "lecture")
    return tmp_path


class Counter:
    """Stands for a GAN whose images are as bright as it has had steps."""

    def __init__(self, points=False):
        self.done, self.lost, self.points, self.bad = 0, 0, points, False


@pytest.fixture
def counter(monkeypatch):
    gan = Counter()

    def images(gan, codings, labels=None):
        shape = (len(codings), 2) if gan.points else (len(codings), 4, 5)
        return np.full(shape, np.nan if gan.bad else (gan.done + gan.lost) / 400, np.float32)

    monkeypatch.setattr(samples, "images", images)
    return gan


def play(film, gan, epochs, steps=10, begin=0, at_once=1, stop=None, told=True):
    """Call the film as Keras would; `stop` (epoch, batch) ends it without a word, as a killed process does."""
    film.set_params({"epochs": epochs, "steps": steps if told else None})
    film.on_train_begin()
    gan.done = begin * steps
    for epoch in range(begin, epochs):
        film.on_epoch_begin(epoch)
        for batch in range(0, steps, at_once):
            if (epoch, batch) == stop:
                return film
            film.on_train_batch_begin(batch)
            gan.done = epoch * steps + min(batch + at_once, steps)
        film.on_epoch_end(epoch)
    film.on_train_end()
    return film


def make(gan, **options):
    return Film(gan, np.arange(6.0).reshape(3, 2), **{"frames": 6, "judged": 0, **options})


def test_intervals_grow_from_the_first_step_to_the_last():
    plan = timetable(8000, 20)
    steps = np.diff(plan)
    assert len(plan) == 20 and plan[0] == 0 and plan[-1] == 8000
    assert np.all(np.diff(steps) > 0) and 10 < steps[-1] / steps[0] < 40
    for total in (1, 2, 5, 19, 20, 33, 400):
        for frames in (2, 3, 7, 20):
            plan = timetable(total, frames)
            assert plan[0] == 0 and plan[-1] == total and np.all(np.diff(plan) > 0)
            assert len(plan) == min(frames, total + 1)
    assert timetable(100, 5, growth=1).tolist() == [0, 25, 50, 75, 100]


def test_a_film_of_a_growing_training_takes_its_frames_evenly(counter):
    film = play(make(counter, evenly=True), counter, epochs=5)
    assert film.steps.tolist() == [0, 10, 20, 30, 40, 50]


@pytest.mark.parametrize("at_once", [1, 4, 7])
def test_frames_show_the_step_that_they_name(counter, at_once):
    film = play(make(counter), counter, 5, at_once=at_once)
    assert film.steps[0] == 0 and film.steps[-1] == 50 and 3 <= len(film.steps) <= 6
    assert film.images.shape == (len(film.steps), 3, 4, 5) and film.images.dtype == np.uint8
    assert np.array_equal(film.images[:, 0, 0, 0], np.round(255 * film.steps / 400))
    if at_once == 1:
        assert np.array_equal(film.steps, timetable(50, 6))
    assert film.histogram is None and film.unit == "step"


def test_where_the_number_of_steps_is_unknown_epochs_are_counted(counter):
    film = play(make(counter), counter, 30, told=False)
    assert film.unit == "epoch" and np.array_equal(film.steps, timetable(30, 6))
    assert np.array_equal(film.images[:, 0, 0, 0], np.round(255 * 10 * film.steps / 400))


def test_a_second_fit_begins_anew_and_one_that_goes_on_goes_on(counter):
    film = play(make(counter), counter, 5)
    once = film.steps
    assert np.array_equal(play(film, counter, 5).steps, once)
    cut = play(make(counter), counter, 5, stop=(2, 0))
    counter.lost = 100  # what an epoch that is done again showed the first time
    play(cut, counter, 5, begin=2, stop=(4, 9))
    assert cut.steps[-1] == 23
    counter.lost = 0
    play(cut, counter, 5, begin=2)
    assert np.all(np.diff(cut.steps) > 0) and np.array_equal(cut.steps, once)
    assert np.array_equal(cut.images[:, 0, 0, 0], np.round(255 * cut.steps / 400))
    longer = play(cut, counter, 20, begin=5)
    assert longer.steps[-1] == 200 and set(once[:-1]) <= set(longer.steps)


def test_a_killed_process_leaves_its_frames_to_the_next_in_the_full_profile(counter, monkeypatch, places):
    play(make(counter), counter, 5, stop=(3, 2))
    assert not list(places.rglob("*.npz")), "lessons keep nothing on the way"
    monkeypatch.setenv("WORKBOOK_PROFILE", "full")
    play(make(counter), counter, 5, stop=(3, 2))
    film = play(make(counter), counter, 5, begin=3)
    assert np.array_equal(film.steps, timetable(50, 6))
    assert np.array_equal(film.images[:, 0, 0, 0], np.round(255 * film.steps / 400))
    done = play(make(counter), counter, 5, begin=5)
    assert np.array_equal(done.steps, film.steps), "a backup that has all epochs leaves nothing to do"
    other = play(make(counter, name="another"), counter, 5, begin=3)
    assert other.steps[0] >= 30, "of another film it takes nothing"
    film.save("film-11", lesson="11", data="counted")
    assert [p.name for p in places.rglob("film-11*")] and len(list((places / "state").rglob("*.npz"))) == 1


def test_damaged_frames_of_a_killed_process_are_told_and_left(counter, monkeypatch, places, capsys):
    monkeypatch.setenv("WORKBOOK_PROFILE", "full")
    play(make(counter), counter, 5, stop=(3, 2))
    (kept,) = places.rglob("*.npz")
    kept.write_bytes(kept.read_bytes()[:-3])
    film = play(make(counter), counter, 5, begin=3)
    assert film.steps[0] >= 30 and "The film begins here" in capsys.readouterr().out


def test_saved_and_loaded(counter, monkeypatch, places):
    film = play(make(counter, labels=[0, 1, 2]), counter, 5)
    film._shares = list(np.random.default_rng(0).dirichlet(np.ones(10), len(film.steps)).astype("float32"))
    film.save("film-11", lesson="11", data="counted")
    with pytest.raises(archive.Unfit, match="none yet"):
        Film.load("film-11")  # only the full profile writes
    monkeypatch.setenv("WORKBOOK_PROFILE", "full")
    film.save("film-11", lesson="11", data="counted")
    again = Film.load("film-11")
    for name in ("images", "steps", "histogram", "codings", "labels"):
        assert np.array_equal(getattr(again, name), getattr(film, name)), name
    assert again.images.dtype == np.uint8 and again.unit == "step"
    assert json.loads((places / "weights" / "film-11.json").read_text(encoding="utf-8"))["lesson"] == "11"
    subset = types.SimpleNamespace(name="x", is_full=False, source="subset", X_train=[], y_train=np.zeros(0))
    monkeypatch.delenv("WORKBOOK_CHECKPOINTS")
    film.save("film-of-a-subset", data=subset)
    assert not (store.folder() / "film-of-a-subset.npz").exists(), "never in the place of those that ship"


def test_a_film_is_small(counter, monkeypatch, places):
    rng = np.random.default_rng(0)
    film = Film(counter, np.zeros((40, 2)), judged=0)
    film._images = list(rng.integers(0, 256, (20, 40, 28, 28)).astype("uint8"))  # the worst: nothing to compress
    film._steps = list(range(20))
    monkeypatch.setenv("WORKBOOK_PROFILE", "full")
    film.save("film-11", data="noise")
    assert (places / "weights" / "film-11.npz").stat().st_size < 640_000
    film._images = [np.zeros((40, 28, 28), np.uint8)] * 20
    film.save("film-11", data="nothing")
    assert (places / "weights" / "film-11.npz").stat().st_size < 10_000


@pytest.mark.parametrize(
    "change, words",
    [
        ({"film": None}, "holds no film"),
        ({"film": {"shape": [6, 3, 4, 6], "dtype": "uint8"}}, "holds no film"),
        ({"film": {"shape": [5, 3, 4, 5], "dtype": "uint8"}}, "holds no film"),
        ({"film": {"shape": [6, 3, 4, 5], "dtype": "O"}}, "holds no film"),
        ({"source": "another"}, "other code"),
        ({"sha256": "0"}, "SHA-256"),
    ],
)
def test_what_is_no_film_is_refused(counter, monkeypatch, places, change, words):
    monkeypatch.setenv("WORKBOOK_PROFILE", "full")
    play(make(counter), counter, 5).save("film-11", data="counted")
    path = places / "weights" / "film-11.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | change), encoding="utf-8")
    with pytest.raises(archive.Unfit, match=words):
        Film.load("film-11")


def test_points_and_what_diverged(counter):
    counter.points = True
    film = play(make(counter, judged=500), counter, 5)
    assert film.images.shape == (6, 3, 2) and film.images.dtype == np.float32 and film.histogram is None
    counter.bad = True
    film = play(make(counter), counter, 5)
    assert np.all(film.images == 1e6)
    counter.points = False
    assert not play(make(counter), counter, 5).images.any()


def test_what_a_film_refuses(counter):
    with pytest.raises(ValueError, match="frames must be 2 or more"):
        make(counter, frames=1)
    film = make(counter)
    for use in (film_view, lambda f: histogram_view(f, NAMES), lambda f: f.save("film-11")):
        with pytest.raises(ValueError, match="no frames yet"):
            use(film)


# -------------------------------------------------------------------------------------------------- views
@pytest.fixture
def film(counter):
    film = play(make(counter), counter, 5)
    film._shares = list(np.random.default_rng(0).dirichlet(np.ones(10), 6).astype("float32"))
    return film


@pytest.fixture
def twins(monkeypatch):
    """What the views hand to with_twin: [(widget maker, figure, text)]."""
    given = []
    monkeypatch.setattr(film_player, "with_twin", lambda *parts: given.append(parts))
    yield given
    for _, figure, _ in given:
        style.close(figure)


def test_outside_a_notebook_a_line_is_printed(film, capsys):
    film_view(film)
    histogram_view(film, NAMES)
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("[widget] 6 frames of a training, from step 0 to step 50")
    assert second.startswith("[widget] Shares of 10 classes")


def test_the_slider_shows_the_frame_and_its_step(film, twins):
    pytest.importorskip("ipywidgets")
    film_view(film)
    box = twins[0][0]()
    seen = set()
    for i, step in enumerate(film.steps, 1):
        box.frame.value = i
        assert f"step {step}</b> of 50" in box.words.value and not box.errors.value
        seen.add(box.panel.value)
    assert len(seen) == 6 and box.frame.description == "frame"
    assert (box.play.min, box.play.max, box.frame.min, box.frame.max) == (1, 6, 1, 6)


def test_the_strip_has_the_first_and_the_last_frame(film, twins):
    film_view(film)
    texts = [t.get_text() for t in twins[0][1].axes[0].texts]
    assert texts[0] == "step 0" and texts[-1] == "step 50" and len(texts) == 6
    assert len(style.png_bytes(twins[0][1])) < 100_000


def test_the_histogram_names_every_class(film, twins):
    pytest.importorskip("ipywidgets")
    histogram_view(film, NAMES)
    make_widget, figure, _ = twins[0]
    assert [t.get_text() for t in figure.axes[0].get_yticklabels()] == NAMES
    drawn = figure.axes[0].images[0].get_array()
    assert np.allclose(drawn, 100 * film.histogram.T)
    box = make_widget()
    box.frame.value = 2
    for name, share in zip(NAMES, film.histogram[1], strict=True):
        assert f"{100 * share:.0f} %" in box.bars.value and name.replace("&", "&amp;") in box.bars.value
    assert not box.errors.value
    with pytest.raises(ValueError, match="10 classes, and there are 3 names"):
        histogram_view(film, NAMES[:3])
    film._shares = []
    with pytest.raises(ValueError, match="no histogram"):
        histogram_view(film, NAMES)


def test_a_film_of_points(counter, twins):
    pytest.importorskip("ipywidgets")
    counter.points = True
    film = play(make(counter), counter, 5)
    film_view(film, real=np.random.default_rng(0).normal(size=(30, 2)))
    make_widget, figure, _ = twins[0]
    assert [axes.get_title("left") for axes in figure.axes][::5] == ["step 0", "step 50"]
    box = make_widget()
    last = box.panel.value
    box.frame.value = 1
    assert box.panel.value != last and last.count("h0") > 3 and not box.errors.value
    film_view(film)


# --------------------------------------------------------------------------------------- a real training
@pytest.mark.slow
@pytest.mark.parametrize("conditional", [False, True])
def test_weights_and_film_are_made_together_and_loaded_together(monkeypatch, conditional):
    from helpers.gans.dcgan.networks import dcgan_pair
    from helpers.gans.gan import GAN

    def go(profile):
        monkeypatch.setenv("WORKBOOK_PROFILE", profile)
        keras.utils.set_random_seed(1)
        gan = GAN(*dcgan_pair(4, 2, classes=10 if conditional else None), 4, conditional=conditional)
        X, y = np.zeros((8, 28, 28, 1), np.float32), np.arange(8, dtype="int32") if conditional else None

        def train(callbacks):
            gan.compile(*(keras.optimizers.SGD(0.01) for _ in range(2)))
            gan.fit(X, y, epochs=2, batch_size=4, callbacks=callbacks, verbose=0)
            return {"frechet": 3.0, "coverage": 1.0}

        outcome, film = Film.load_or_train(
            gan, "toy", train, source=train, lesson="13", data="eight", count=12, frames=3, judged=0
        )
        return outcome, film, samples.images(gan, film.codings, film.labels)

    made, film, _ = go("full")
    assert not made.loaded and made.figures == {"frechet": 3.0} and len(made.history["d_loss"]) == 2
    assert film.images.shape == (3, 12, 28, 28) and film.steps.tolist() == [0, 1, 4]
    assert film.labels is None or film.labels.tolist() == [*range(10), 0, 1]
    again, loaded, images = go("lecture")
    assert again.loaded and np.array_equal(loaded.images, film.images)
    assert np.abs(images - film.images[-1] / 255).max() < 0.01  # the weights are those of the last frame
    untold, short, _ = go("smoke")
    assert not untold.loaded and len(short.steps) == 3


@pytest.mark.slow
def test_a_real_training_is_filmed_without_being_changed(monkeypatch):
    from helpers.gans.gan import GAN
    from helpers.gans.vanilla import networks

    monkeypatch.delenv("WORKBOOK_CHECKPOINTS")  # the classifier's weights are the shipped ones
    images = np.random.default_rng(0).uniform(-1, 1, (64, 28, 28)).astype("float32")

    def train(filmed, steps):
        keras.utils.set_random_seed(1)
        gan = GAN(*networks.dense_pair(4, (8,), normalise=True), 4, averaging=0.9)
        optimizers = [keras.optimizers.Adam(0.01), keras.optimizers.Adam(0.01)]
        gan.compile(*optimizers, steps_per_execution=steps)
        film = Film(gan, samples.fixed_codings(gan, 5), frames=5, judged=60)
        start = samples.images(gan, film.codings)
        gan.fit(images, epochs=3, batch_size=16, shuffle=False, verbose=0, callbacks=[film] if filmed else [])
        return gan, film, start

    for steps in (1, 2):
        gan, film, start = train(True, steps)
        plain, _, _ = train(False, steps)
        for a, b in zip(gan.weights, plain.weights, strict=True):
            assert np.array_equal(a.numpy(), b.numpy()), "watching changes nothing"
        assert film.steps[0] == 0 and film.steps[-1] == 12
        assert np.array_equal(film.images[0], np.round(255 * start))
        assert np.array_equal(film.images[-1], np.round(255 * samples.images(gan, film.codings)))
        assert film.histogram.shape == (len(film.steps), 10) and np.allclose(film.histogram.sum(axis=1), 1)
        assert image_quality.class_histogram(film.histogram[-1:]).sum() == 1 and session.profile() == "lecture"
