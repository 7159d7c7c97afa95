"""A folder of a student's own pictures, of any size, colour and background, in the form of Fashion-MNIST."""

import numpy as np
import pytest
from PIL import Image

from helpers import data
from helpers.data import DataNotFound, own_images

rng = np.random.default_rng(0)


def picture(size=(40, 60), paper=0, ink=255, mode="L"):
    """A light bar on dark paper (or the other way round), as a Pillow image."""
    array = np.full(size, paper, np.uint8)
    array[size[0] // 4 : 3 * size[0] // 4, size[1] // 4 : 3 * size[1] // 4] = ink
    return Image.fromarray(array).convert(mode)


def fill(folder, count=10, ending="png", **options):
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        size = tuple(rng.integers(20, 90, 2))
        picture(size, **options).save(folder / f"{number:02d}.{ending}")
    return folder


def test_any_size_becomes_28_by_28_and_one_line_says_what_was_done(tmp_path, capsys):
    found = data.from_folder(fill(tmp_path / "bars", 20))
    assert [len(X) for X in (found.X_train, found.X_valid, found.X_test)] == [16, 2, 2]
    assert found.X_train.shape[1:] == (28, 28) and found.X_train.dtype == np.float32
    assert found.X_train.min() >= 0 and found.X_train.max() == 1 and not found.X_train.flags.writeable
    assert found.y_train.dtype == np.uint8 and set(found.y_train) == {0} and found.class_names == ("bars",)
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert said.startswith("bars: your own pictures, 16 training / 2 validation / 2 test images (28×28, values 0 to 1)")
    assert "1 class, made grey, background left dark." in said


@pytest.mark.parametrize("ending", ["png", "jpg", "JPEG"])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_light_background_is_turned(ending, mode, tmp_path, capsys):
    found = data.from_folder(fill(tmp_path / "bars", ending=ending, mode=mode, paper=250, ink=10))
    border = np.concatenate([found.X_train[:, 0], found.X_train[:, :, 0]], axis=1)
    assert border.max() < 0.1 and found.X_train[:, 14, 14].min() > 0.9
    assert "turned to light on black" in capsys.readouterr().out
    kept = data.from_folder(tmp_path / "bars", light_background=False)
    assert kept.X_train[:, 14, 14].max() < 0.1


def test_what_is_transparent_is_paper(tmp_path):
    (tmp_path / "clear").mkdir()
    for number in range(4):
        array = np.zeros((30, 30, 4), np.uint8)
        array[8:22, 8:22, 3] = 255  # black ink on nothing
        Image.fromarray(array).save(tmp_path / "clear" / f"{number}.png")
    found = data.from_folder(tmp_path / "clear")
    assert found.X_train[:, 0].max() < 0.1 and found.X_train[:, 14, 14].min() > 0.9


def test_sixteen_bits_and_palettes(tmp_path):
    folder = fill(tmp_path / "mixed", 2, mode="P")
    deep = np.zeros((40, 40), np.uint16)
    deep[10:30, 10:30] = 60_000
    Image.fromarray(deep).save(folder / "deep.png")
    found = data.from_folder(folder)
    for X in (found.X_train, found.X_valid, found.X_test):
        assert X[:, 14, 14].min() > 0.9 and X[:, 0].max() < 0.1


def test_subfolders_are_classes(tmp_path):
    for name, ink in (("pale", 120), ("bright", 255)):
        fill(tmp_path / "set" / name, ink=ink)
    (tmp_path / "set" / "empty").mkdir()
    found = data.from_folder(tmp_path / "set")
    assert found.class_names == ("bright", "pale")
    for X, y in ((found.X_train, found.y_train), (found.X_valid, found.y_valid), (found.X_test, found.y_test)):
        assert np.array_equal(y, (X[:, 14, 14] < 0.7).astype(int))
    again = data.from_folder(tmp_path / "set")
    assert np.array_equal(again.X_train, found.X_train), "the order is the same twice"
    assert found.take(train=3).X_train.shape == (3, 28, 28)


def test_damaged_files_are_named_and_left_out(tmp_path, capsys):
    folder = fill(tmp_path / "bars")
    whole = (folder / "00.png").read_bytes()
    (folder / "cut.png").write_bytes(whole[: len(whole) // 2])
    (folder / "page.jpg").write_text("<html>", encoding="utf-8")
    (folder / "empty.png").write_bytes(b"")
    (folder / "notes.txt").write_text("no picture", encoding="utf-8")
    found = data.from_folder(folder)
    assert sum(len(X) for X in (found.X_train, found.X_valid, found.X_test)) == 10
    said = capsys.readouterr().out
    assert all(name in said for name in ("cut.png", "page.jpg", "empty.png")) and "notes" not in said


def test_pictures_of_other_kinds_are_counted(tmp_path, capsys):
    folder = fill(tmp_path / "bars")
    for name in ("a.heic", "b.HEIC", "c.webp", "notes.txt"):
        (folder / name).write_bytes(b"")
    data.from_folder(folder)
    assert "Passed over: 3 of another kind (.heic, .webp)" in capsys.readouterr().out
    (tmp_path / "phone").mkdir()
    (tmp_path / "phone" / "a.heic").write_bytes(b"")
    with pytest.raises(DataNotFound, match="1 of another kind"):
        data.from_folder(tmp_path / "phone")


def test_an_error_without_words_is_named_by_its_kind(tmp_path, monkeypatch, capsys):
    folder = fill(tmp_path / "bars")
    read = own_images._read

    def fails_once(file):
        if file.name == "00.png":
            raise EOFError
        return read(file)

    monkeypatch.setattr(own_images, "_read", fails_once)
    data.from_folder(folder)
    assert "00.png (EOFError)" in capsys.readouterr().out


@pytest.mark.parametrize("path", [None, 3, ["pictures"]])
def test_what_is_no_path_is_told(path):
    with pytest.raises(DataNotFound, match="is no folder"):
        data.from_folder(path)


def test_what_cannot_be_a_set_is_told(tmp_path):
    with pytest.raises(DataNotFound, match="no folder"):
        data.from_folder(tmp_path / "nowhere")
    with pytest.raises(DataNotFound, match="no folder"):
        data.from_folder("~nobody-of-this-name/pictures")
    with pytest.raises(DataNotFound, match="holds 2 pictures"):
        data.from_folder(fill(tmp_path / "few", 2))
    fill(tmp_path / "both", 3)
    fill(tmp_path / "both" / "inner", 3)
    with pytest.raises(DataNotFound, match="both in itself and in subfolders"):
        data.from_folder(tmp_path / "both")


def test_an_unknown_name_leads_to_it():
    with pytest.raises(ValueError, match=r"data\.from_folder"):
        data.load("kmnist")


@pytest.mark.slow
def test_own_pictures_go_through_the_models_of_the_course(tmp_path):
    from sklearn.decomposition import PCA

    from helpers.autoencoders import vae as variational
    from helpers.autoencoders.autoencoder import stacked_autoencoder
    from helpers.backend import keras
    from helpers.gans.dcgan import dcgan_pair
    from helpers.gans.gan import GAN

    X = data.from_folder(fill(tmp_path / "bars", 20, paper=255, ink=0)).X_train
    assert PCA(3).fit_transform(data.flatten(X)).shape == (16, 3)
    model = stacked_autoencoder(codings=4)
    model.fit(X, X, verbose=0)
    assert model.reconstruct(X).shape == X.shape
    parts = variational.Sampling(), variational.kl_to_standard_normal, variational.cross_entropy
    model = variational.VAE(*variational.dense_halves(3), *parts)
    model.compile(optimizer="adam")
    assert np.isfinite(model.fit(X, verbose=0).history["loss"]).all()
    gan = GAN(*dcgan_pair(3, 2), 3)
    gan.compile(keras.optimizers.Adam(), keras.optimizers.Adam())
    assert np.isfinite(gan.fit(2 * X[..., None] - 1, verbose=0).history["d_loss"]).all()
