"""The comparison of all models: stored figures, the front, ranks, and its pictures."""

import json

import numpy as np
import pytest
from matplotlib.text import Text

from helpers.comparison import figures as comparison_figures
from helpers.comparison import generators, measures
from helpers.plots.style import close
from helpers.weights import store


def test_every_generator_that_was_measured_has_five_draws_and_all_figures():
    models = measures.generators()
    assert [one.lesson for one in models] == sorted(one.lesson for one in models) and len(models) >= 5
    for one in models:
        assert all(len(values) == 5 for values in one.draws.values())
        mean, low, high = one.interval("frechet")
        assert low < mean < high and mean == pytest.approx(one["frechet"])
        assert {"precision", "recall", "coverage", "sliced_wasserstein", "nearest_ratio", "copies"} <= set(one.draws)


def test_every_shipped_generator_of_images_is_measured():
    stored = json.loads((store.folder() / f"{measures.NAME}.json").read_text(encoding="utf-8"))
    assert [one.name for one in generators.available()] == list(stored["rows"])
    assert stored["classifier"] == store.manifest("classifier")["sha256"]


def test_figures_of_other_weights_are_left_out_with_a_word(monkeypatch, capsys):
    whole = store.manifest
    changed = {"gan_11": {**whole("gan_11"), "sha256": "0"}}
    monkeypatch.setattr(store, "manifest", lambda name: changed.get(name) or whole(name))
    titles = [one.title for one in measures.generators()]
    assert "GAN, dense" not in titles and "DCGAN" in titles
    assert "GAN, dense is left out" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["", "{}", '{"rows": {"vae_10": {}}}', '{"rows": {"vae_10": {"sha256": "x"'])
def test_damaged_figures_name_the_way_back(tmp_path, monkeypatch, text):
    (tmp_path / "generators.json").write_text(text, encoding="utf-8")
    monkeypatch.setattr(store, "folder", lambda: tmp_path)
    monkeypatch.setattr(store, "manifest", lambda name: {"sha256": "x", "seconds": 1, "images_seen": 1})
    with pytest.raises(measures.NoFigures, match="git checkout"):
        measures.generators()


@pytest.mark.slow
def test_a_shipped_generator_draws_what_it_was_measured_on():
    from helpers.metrics import classifier, image_quality

    dense = next(one for one in measures.generators() if one.name == "gan_11")
    draw = next(one for one in generators.ALL if one.name == "gan_11").load()
    images = draw(2000, seed=0)
    assert images.shape == (2000, 28, 28) and images.dtype == np.float32 and 0 <= images.min() < images.max() <= 1
    distance = image_quality.frechet_distance(
        classifier.features(images), classifier.features(image_quality.real_images())
    )
    assert distance == pytest.approx(dense.draws["frechet"][0], rel=0.02)


def test_every_shipped_generator_met_three_detectives():
    rows, about = measures.detected()
    assert [one.name for one in rows] == [one.name for one in generators.available()]
    for one in rows:
        assert len(one.accuracy) == len(about["seeds"]) == 3 and all(0 <= value <= 1 for value in one.accuracy)
        assert 0 <= one.black <= 1
    assert 0.4 < about["real_black"] < 0.6


def test_detectives_of_other_weights_are_left_out_and_damage_is_named(tmp_path, monkeypatch, capsys):
    row = {"sha256": "old", "accuracy": [0.9, 0.8, 0.9], "black": 0.4}
    path = tmp_path / "detective.json"
    path.write_text(json.dumps({"rows": {"gan_11": row}, "real_black": 0.5}), encoding="utf-8")
    monkeypatch.setattr(store, "folder", lambda: tmp_path)
    monkeypatch.setattr(store, "manifest", lambda name: {"sha256": "new"})
    assert measures.detected()[0] == [] and "GAN, dense is left out" in capsys.readouterr().out
    monkeypatch.setattr(store, "manifest", lambda name: {"sha256": "old"})
    assert measures.detected()[0][0].accuracy == (0.9, 0.8, 0.9)
    for text in ("", "{}", '{"rows": {"gan_11": {"sha256": "old"}}}'):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(measures.NoFigures, match="git checkout"):
            measures.detected()


def test_ratios_compare_with_pca_of_as_many_codings_on_the_same_data():
    def row(lesson, model, codings, mse, data="A", **figures):
        return {"lesson": lesson, "model": model, "codings": codings, "data": data, "seconds": 1.0, "parameters": 10,
                "figures": {"mse": mse, **figures}}  # fmt: skip

    rows = [row("01", "PCA-30", 30, 0.02), row("01", "PCA-10", 10, 0.04), row("08", "no codings", None, 0.01),
            row("02", "stacked", 30, 0.01, probe_accuracy=0.8), row("03", "other data", 30, 0.01, "B"),
            row("10", "PCA-10 + Gaussian", 10, 0.001), row("10", "VAE", 10, 0.05)]  # fmt: skip
    found = measures.autoencoders(rows)
    assert [(one["title"], one["ratio"]) for one in found] == [("02 stacked", 0.5), ("10 VAE", 1.25)]
    assert found[0]["probe"] == 0.8 and found[1]["probe"] is None


def test_the_front_against_all_pairs():
    rng = np.random.default_rng(0)
    for _ in range(50):
        costs = rng.integers(0, 5, size=(rng.integers(1, 12), 3))
        slow = [not any((a <= b).all() and (a < b).any() for a in costs) for b in costs]
        assert measures.front(costs).tolist() == slow
    with pytest.raises(ValueError, match="finite"):
        measures.front([[1.0, np.nan]])


def test_ranks_agree_with_themselves_and_not_with_their_opposite():
    names, matrix = measures.agreement({"a": [1, 2, 3, 9], "b": [2, 3, 4, 5], "c": [4, 3, 2, 1]})
    assert names == ["a", "b", "c"]
    assert np.allclose(matrix, [[1, 1, -1], [1, 1, -1], [-1, -1, 1]])
    with pytest.raises(ValueError, match="two models"):
        measures.agreement({"a": [1.0]})


def test_equal_terms_use_as_many_rows_as_the_smallest_set_has():
    from helpers.metrics.image_quality import frechet_distance

    rng = np.random.default_rng(1)
    a, b, real = rng.normal(size=(30, 4)), rng.normal(size=(80, 4)), rng.normal(size=(50, 4))
    found = measures.on_equal_terms({"a": a, "b": b}, real)
    assert found == {"a": frechet_distance(a, real), "b": frechet_distance(b[:30], real)}


def test_the_pictures_have_words_and_labels():
    models = [{"title": "02 stacked", "ratio": 0.7, "codings": 30}, {"title": "09 sparse", "ratio": 4, "codings": 300}]
    figure = comparison_figures.ratios(models)
    assert "02 stacked" in figure.alt and [text.get_text() for text in figure.axes[0].texts] == ["0.70", "4.00"]
    close(figure)
    figure = comparison_figures.plane({"a": (1.0, 2.0), "b": (3.0, 1.0)}, "seconds", "frechet", [True, True])
    axes = figure.axes[0]
    assert axes.get_xscale() == "log" and "lower is better" in axes.get_ylabel() and "seconds" in axes.get_xlabel()
    assert [text.get_text() for text in axes.texts] in (["a", "b"], ["b", "a"]) and not figure.legends
    close(figure)
    figure = comparison_figures.floor({250: 0.5, 2000: 0.06})
    assert [tick.get_text() for tick in figure.axes[0].get_xticklabels()] == ["250", "2,000"]
    close(figure)
    figure = comparison_figures.intervals({"b": (2, 1, 3), "a": (1, 0.5, 1.5)}, "Fréchet distance", {"floor": 0.06})
    assert [text.get_text() for text in figure.axes[0].get_yticklabels()] == ["a", "b"]
    close(figure)
    figure = comparison_figures.heat(["a", "b"], ["x"], [[1.0], [2.0]], "A title", ".1f")
    assert [text.get_text() for text in figure.axes[0].texts] == ["1.0", "2.0"]
    close(figure)


def test_the_front_is_a_staircase_of_the_points_that_are_on_it():
    points = {"a": (1.0, 4.0), "b": (2.0, 2.0), "c": (8.0, 1.0), "beaten": (4.0, 3.0)}
    figure = comparison_figures.plane(points, "seconds", "frechet", [True, True, True, False])
    (stairs,) = [line for line in figure.axes[0].lines if len(line.get_xdata()) > 1]
    assert stairs.get_drawstyle() == "steps-post"
    assert list(stairs.get_xdata())[1:4] == [1.0, 2.0, 8.0] and list(stairs.get_ydata())[1:4] == [4.0, 2.0, 1.0]
    assert stairs.get_xdata()[0] == 1.0 and stairs.get_ydata()[0] >= 4.0  # from above down to the first of them
    assert stairs.get_xdata()[-1] >= 8.0 and stairs.get_ydata()[-1] == 1.0
    close(figure)


def test_names_stand_beside_their_points_and_not_on_each_other():
    rng = np.random.default_rng(0)
    points = {f"a model with a name {i}": tuple(rng.uniform(0, 1, 2)) for i in range(14)}
    figure = comparison_figures.plane(points, "precision", "recall")
    figure.draw_without_rendering()
    boxes = [Text.get_window_extent(text) for text in figure.axes[0].texts]
    assert len(boxes) == 14
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
    close(figure)


def test_the_explorer_redraws_for_other_measures_and_says_when_it_fails():
    table = {"a": {"mse": 0.1, "seconds": 3.0}, "b": {"mse": 0.2, "seconds": 9.0}}
    shown = []

    def picture(x, y):
        shown.append((x, y))
        return comparison_figures.plane({"a": (1.0, 2.0)}, x, y)

    box = comparison_figures.build_explorer(table, picture, "seconds", "mse")
    before = box.image.value
    box.across.value = "mse"
    assert shown == [("seconds", "mse"), ("mse", "mse")] and box.image.value != before and not box.errors.value
