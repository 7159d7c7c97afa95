"""The slider over the stages of a training."""

import numpy as np
import pytest
from matplotlib import pyplot as plt

from helpers.autoencoders.greedy import widgets
from helpers.plots import pixels

rng = np.random.default_rng(2)
REAL = rng.random((4, 6, 6))
STAGES = {"fresh <1>": np.full((4, 36), 0.5), "trained": REAL + 0.01}
ERRORS = {"fresh <1>": 0.09, "trained": 0.01}


@pytest.fixture(autouse=True)
def _tidy():
    yield
    plt.close("all")


def widget(errors=ERRORS):
    return widgets.build_stage_explorer(widgets.StageFilm(STAGES, REAL, errors))


def test_the_slider_shows_the_stage_that_it_names():
    box = widget()
    assert box.stage.value == "fresh <1>" and "&lt;1&gt;" in box.words.value and "0.0900" in box.words.value
    before = box.strip.value
    box.stage.value = "trained"
    assert box.strip.value != before and "0.0100" in box.words.value and "0.0001" in box.words.value


def test_originals_reconstructions_and_differences_stand_below_each_other():
    box = widget()
    box.stage.value = "trained"
    made = np.clip(STAGES["trained"], 0, 1)
    shown = np.concatenate([REAL, made])[..., None].repeat(3, -1)
    gone = pixels.signed_colours(STAGES["trained"] - REAL, top=0.5)
    assert box.strip.value == pixels.png(pixels.mosaic(np.concatenate([shown, gone]), 4))


def test_the_present_stage_is_marked_among_the_bars():
    box = widget()
    first, second = box.bars.value.split("</div>")[:2]
    assert widgets.BLUE in first and widgets.BLUE not in second
    assert "width:260px" in first and "width:29px" in second


def test_without_errors_the_bars_are_of_the_images_shown():
    film = widgets.StageFilm(STAGES, REAL, None)
    assert f"{film.own['trained']:.4f}" in film.bars("trained") and np.isclose(film.own["trained"], 1e-4)


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="at least one stage"):
        widgets.stage_explorer({}, REAL)
    with pytest.raises(ValueError, match="does not fit"):
        widgets.stage_explorer({"a": REAL[:2]}, REAL)
    with pytest.raises(ValueError, match="no error for the stage 'trained'"):
        widgets.stage_explorer(STAGES, REAL, {"fresh <1>": 0.1})


def test_outside_a_notebook_one_line_is_printed(capsys):
    widgets.stage_explorer(STAGES, REAL, ERRORS)
    out = capsys.readouterr().out
    assert out.startswith("[widget]") and "trained" in out
