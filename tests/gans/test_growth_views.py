"""The film of a training that grew, its labels and key frames, and the charts of lesson 15."""

import types

import numpy as np
import pytest
from matplotlib import pyplot as plt

from helpers.gans.progan import figures, gan
from helpers.gans.progan.gan import Plan
from helpers.gans.progan.transition import Scores
from helpers.plots import pixels

rng = np.random.default_rng(0)
PLAN = Plan(3, fade=1, steady=1, last=2)  # 6 epochs


@pytest.fixture(autouse=True)
def _tidy():
    yield
    plt.close("all")


def film(frames=13, total=120):
    steps = np.linspace(0, total, frames).astype(int)
    images = rng.integers(0, 255, (frames, 12, 16, 16), dtype=np.uint8)
    return types.SimpleNamespace(images=images, steps=steps, unit="step")


def test_words_for_size_and_alpha():
    found = [figures.words(*pair) for pair in ((0, 1.0), (2, 0.4), (1, 0.0), (3, 0.25), (3, 0.999))]
    assert found == ["4 × 4, α = 1", "16 × 16, α = .4", "8 × 8, α = 0", "32 × 32, α = .25", "32 × 32, α = 1"]


def test_each_frame_knows_its_stage():
    tape = film()
    places = [figures.place(tape, PLAN, i) for i in range(13)]
    assert places[0] == (0, 1.0) and places[2] == (1, 0.0) and places[3] == (1, 0.5) and places[4] == (1, 1.0)
    assert places[6] == (2, 0.0) and places[-1] == (2, 1.0)
    assert figures.key_frames(tape, PLAN) == [1, 3, 5, 7, 12]


def test_the_slider_shows_the_frame_that_its_label_names():
    tape = film()
    box = figures.build_growth_film(tape, PLAN)
    assert box.frame.value == 12 and "16 × 16, α = 1" in box.told.value and "100 %" in box.told.value
    box.frame.value = 7
    assert "16 × 16, α = .5" in box.told.value and "step 70" in box.told.value
    assert box.panel.value == pixels.png(pixels.mosaic(tape.images[7] / 255, figures.COLUMNS))
    labels = [label for label, _ in box.frame.options]
    assert len(set(labels)) == len(labels) == 13 and not box.errors.value


def test_a_key_for_each_size_goes_to_its_first_frame():
    box = figures.build_growth_film(film(), PLAN)
    assert [key.description for key in box.sizes] == ["4 × 4", "8 × 8", "16 × 16"]
    found = []
    for key in box.sizes:
        key.click()
        found.append(box.frame.value)
    assert found == [0, 2, 6]


def test_the_twin_has_a_row_for_each_key_frame(capsys):
    figures.growth_film(film(), PLAN)
    out = capsys.readouterr().out
    assert out.startswith("[widget] 13 frames") and "8 × 8, α = .5" in out and "16 × 16, α = 1" in out
    figures.growth_film(film(frames=2), PLAN)
    figures.growth_film(film(frames=1, total=0), PLAN)
    with pytest.raises(ValueError, match="no frames yet"):
        figures.growth_film(film(frames=0), PLAN)


def test_drawings_say_what_they_show():
    assert "4 stages" in figures.growth_figure().alt and "α" in figures.fade_figure().alt


def test_charts_show_their_numbers():
    axes = figures.schedule_figure(gan.stage_at, 3, 1, 1).axes
    line = dict(zip(*axes[0].lines[0].get_data(), strict=True))
    assert line[0.0] == 1 and line[1.0] == 0 and line[1.5] == 0.5 and line[2.0] == 1 and line[3.0] == 0
    assert max(axes[1].lines[0].get_ydata()) == 2

    scores = Scores([-2, -1, 0, 1], [1, 1.5, 0.5, 0.7], [0, 0, 2, 1])
    assert scores.jump("real") == 1.0 and scores.jump("fake") == 2 and list(scores.gap[:2]) == [1, 1.5]
    panels = figures.moment_figure({"faded in": scores, "all at once": scores}).axes
    assert [list(line.get_xdata()) for line in panels[0].lines[:2]] == [[-2, -1], [0, 1]]

    axes = figures.steps_figure({"a": {"x": 1e-3, "y": 2e-3}, "b": {"x": 1e-2, "y": 5e-3}}).axes[0]
    assert list(axes.lines[1].get_xdata()) == [1e-2, 5e-3]

    axes = figures.distance_figure([5, 4, 3, 2.5, 2, 1], PLAN, references={"floor": 0.1}).axes[0]
    assert list(axes.lines[0].get_ydata()) == [5, 4, 3, 2.5, 2, 1] and len(axes.patches) == 5

    found = {
        "grown": {"images": np.array([[1000, 2000]]), "seconds": np.array([[3, 4]]), "frechet": np.array([[9, 5]])}
    }
    left, right = figures.worth_figure(found).axes
    assert list(left.lines[0].get_xdata()) == [1, 2] and list(right.lines[0].get_xdata()) == [3, 4]

    axes = figures.levels_figure({"real": {32: 1, 16: 2, 8: 3}}).axes[0]
    assert list(axes.lines[0].get_ydata()) == [1, 2, 3]
    board = figures.pyramid_figure({"real": rng.random((2, 28, 28)), "made": rng.random((4, 28, 28))})
    assert len(board.axes) == 18 and sum(len(axes.images) for axes in board.axes) == 15
