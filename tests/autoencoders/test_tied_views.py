"""helpers.autoencoders.tied.figures: the pictures and the widget of tied weights."""

import numpy as np
import pytest

from helpers import session
from helpers.autoencoders.tied import figures
from helpers.plots import style


@pytest.fixture
def films():
    rng = np.random.default_rng(0)
    return {"tied": rng.normal(size=(9, 4, 4)), "untied": np.tile(np.eye(4), (9, 1, 1))}


def test_tied_pairs_draws_each_kernel_and_says_the_sizes():
    figure = figures.tied_pairs([784, 100, 30])
    words = [text.get_text() for text in figure.axes[0].texts]
    assert words.count("own bias") == 3 and words.count("the same numbers") == 2 and "codings, own bias" in words
    assert "[784, 100, 30, 100, 784]" in figure.alt
    style.close(figure)


def test_gram_figure_shows_first_and_last_moment(films):
    figure = figures.gram_figure(films, every=5)
    squares = [axes for axes in figure.axes if axes.images]
    titles = [axes.get_title(loc="left") or axes.get_title() for axes in squares]  # where the style puts them
    assert titles[0] == "step 0" and "step 40" in titles
    assert {axes.get_ylabel() for axes in squares} >= {"tied", "untied"}
    assert squares[-1].get_xlabel() == "0.000 from I"  # the second film is the identity throughout
    style.close(figure)


def test_gram_film_refuses_films_of_different_lengths(films):
    with pytest.raises(ValueError, match="same number of moments"):
        figures.gram_film(films, {"mse": [1.0]})


def test_the_slider_shows_the_moment(films):
    box = figures.build_gram_film(films, {"validation MSE": np.linspace(1, 0.2, 9)}, every=5)
    assert "1.00000" in box.words.value and "0.0000 from I" in box.captions["untied"].value
    before = box.panels["tied"].value
    box.step.value = 8
    assert "0.20000" in box.words.value and box.panels["tied"].value != before and not box.errors.value


def test_outside_a_notebook_a_line_says_what_it_is(films, capsys, monkeypatch):
    monkeypatch.setattr(session, "live", lambda: False)
    figures.gram_film(films, {"validation MSE": np.ones(9)})
    assert capsys.readouterr().out.startswith("[widget] Matrices")


def test_two_rulers_has_a_panel_for_each_model():
    rng = np.random.default_rng(1)
    Z = rng.normal(size=(30, 3))
    Q = np.linalg.qr(rng.normal(size=(9, 3)))[0]
    figure = figures.two_rulers({"tied": (Z, Z @ Q.T), "untied": (Z, 2 * Z @ Q.T)}, count=50)
    tied, untied = ([line for line in axes.lines if line.get_marker() == "."][0] for axes in figure.axes)
    np.testing.assert_allclose(*tied.get_data(), atol=1e-6)
    np.testing.assert_allclose(untied.get_xdata(), 2 * untied.get_ydata(), atol=1e-6)
    style.close(figure)
