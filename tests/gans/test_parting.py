"""Two bumps that part: their distances against closed forms and SciPy."""

import numpy as np
import pytest
from scipy.integrate import quad

from helpers.gans.wasserstein import bumps

SHIFTS = (0.0, 0.3, 1.0, 1.7, 2.5, 4.0)


@pytest.mark.parametrize("shape", bumps.SHAPES)
@pytest.mark.parametrize("shift", SHIFTS)
def test_the_earth_movers_distance_is_the_shift(shape, shift):
    assert np.isclose(bumps.at(shift, shape).earth, shift, atol=1e-9)
    assert np.isclose(bumps.cells(shape, shift).sum(), 1) and np.isclose(bumps.slopes(shift, shape).earth, 1)


@pytest.mark.parametrize("shift", SHIFTS)
def test_js_against_an_integral_over_the_densities(shift):
    def inside(x):
        p, q = bumps.density(x, "hill with edges"), bumps.density(x, "hill with edges", shift)
        return sum(a * np.log(2 * a / (p + q)) for a in (p, q) if a > 0) / 2

    breaks = sorted({-1.0, 1.0, shift - 1, shift + 1})
    whole = sum(quad(inside, a, b, limit=200)[0] for a, b in zip(breaks, breaks[1:], strict=False))
    assert np.isclose(bumps.at(shift, "hill with edges").js, whole, atol=1e-4)


def test_beyond_the_edges_js_stands_still_and_kl_is_infinite_from_the_start():
    edge = bumps.at(0.01, "hill with edges")
    assert np.isinf(edge.kl) and bumps.at(0, "hill with edges").kl == 0
    assert np.isclose(bumps.at(2, "hill with edges").js, np.log(2)) and bumps.slopes(3, "hill with edges").js == 0
    assert np.isnan(bumps.slopes(1, "hill with edges").kl)
    assert np.isclose(bumps.slopes(1, "Gaussian").kl, 1 / bumps.SPREAD**2)
    with pytest.raises(ValueError, match="no bump"):
        bumps.at(1, "square")


def test_the_densities_are_those_of_the_cells():
    middles = (bumps.EDGES[1:] + bumps.EDGES[:-1]) / 2
    for shape in bumps.SHAPES:
        width = bumps.EDGES[1] - bumps.EDGES[0]
        assert np.allclose(bumps.density(middles, shape, 0.7) * width, bumps.cells(shape, 0.7), atol=1e-5)


def test_figure_and_widget():
    figure = bumps.parting_figure(points=9)
    assert len(figure.axes) == 9 and "log 2" in figure.alt
    widget = bumps.build_parting_explorer(1.0)
    assert "1.000" in widget.words.value and "∞" in widget.words.value and not widget.errors.value
    widget.shape.value, widget.slider.value = "Gaussian", 3.0
    assert "28.125" in widget.words.value and "3.000" in widget.words.value and "<svg" in widget.picture.value
    from matplotlib import pyplot

    pyplot.close("all")
