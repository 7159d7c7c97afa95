"""The measures of sparsity against cases that can be computed by hand."""

import numpy as np
import pytest

from helpers.autoencoders.sparse import measures


def test_hoyer_at_its_ends_and_between():
    assert measures.hoyer(np.full((3, 9), 0.2)) == pytest.approx(0)
    assert measures.hoyer(np.eye(5) * 0.7) == pytest.approx(1)
    row = np.array([[3.0, 4.0, 0.0, 0.0]])  # length 5, sum 7, √4 = 2
    assert measures.hoyer(row) == pytest.approx((2 - 7 / 5) / 1)
    assert measures.hoyer(1e-200 * row) == pytest.approx(measures.hoyer(row))
    assert measures.hoyer(np.concatenate([row, np.zeros((3, 4))])) == pytest.approx(measures.hoyer(row))
    assert np.isnan(measures.hoyer(np.zeros((2, 4))))
    with pytest.raises(ValueError, match="at least 2"):
        measures.hoyer(np.ones((4, 1)))


def test_shares_means_and_dead_units():
    Z = np.array([[0.0, 0.1, 0.99, 0.5], [0.0, 0.12, 0.98, 0.0], [0.0, 0.1, 0.99, 0.0]])
    assert measures.mean_activation(Z) == pytest.approx(Z.sum() / 12)
    assert measures.active_share(Z) == pytest.approx(5 / 12)
    assert measures.dead_units(Z).tolist() == [0, 1, 2]
    assert measures.on_target(Z, 0.1) == pytest.approx(1 / 4)
    found = measures.measure(Z, 0.1)
    assert found["dead_units"] == 3 and found["on_target"] == pytest.approx(1 / 4)
    assert found["hoyer_of_units"] == pytest.approx(measures.hoyer(Z.T))


def test_histogram_favourites_and_selectivity():
    edges, shares = measures.histogram([0.0, 0.05, 0.5, 1.0], bins=10)
    assert len(edges) == 11 and shares[0] == 0.5 and shares[-1] == 0.25 and shares.sum() == pytest.approx(1)
    with pytest.raises(ValueError, match="between 0 and 1"):
        measures.histogram([1.5])
    Z = np.array([[0.9, 0.2, 0.0], [0.8, 0.2, 0.0], [0.0, 0.2, 0.0], [0.1, 0.2, 0.0]])
    assert measures.most_exciting(Z, 0, 2).tolist() == [0, 1]
    share, kind = measures.selectivity(Z, np.array([7, 7, 3, 3]))
    assert share == pytest.approx([0.85 / 0.9, 0.5, 0.0]) and kind[0] == 7


def test_what_is_no_codings_is_told():
    with pytest.raises(ValueError, match="one row for each image"):
        measures.mean_activation(np.ones(4))
    with pytest.raises(ValueError, match="NaN"):
        measures.dead_units(np.array([[np.nan, 1.0]]))


def test_the_table_has_a_line_for_each_model():
    text = measures.measures_table({"one": np.eye(4), "two": np.full((4, 4), 0.1)}, 0.1, {"MSE": [0.5, 0.25]})
    lines = text.splitlines()
    assert len(lines) == 3 and "0.50000" in lines[1] and lines[2].endswith("100.0%")
