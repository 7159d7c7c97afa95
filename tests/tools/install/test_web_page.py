"""Web pages that Jupyter writes in the environment of the workbook describe each picture. With a real nbconvert."""

import os
import shutil
import subprocess
import sys

import nbformat
import pytest
from bs4 import BeautifulSoup

from tools.install import venv


@pytest.fixture
def page(root, tmp_path):
    """Write the page of lesson 01 in an environment that has been settled, in a copy of the workbook elsewhere."""
    shutil.copytree(root / "tools" / "install" / "web_page", tmp_path / "tools" / "install" / "web_page")
    venv.settle(tmp_path / ".venv")
    settings = {**os.environ, "JUPYTER_CONFIG_PATH": str(tmp_path / ".venv" / "etc" / "jupyter")}
    settings["JUPYTER_CONFIG_DIR"] = str(tmp_path / "nobody")

    def write(notebook, *options):
        command = [sys.executable, "-m", "nbconvert", "--to", "html", "--output", tmp_path / "page.html", *options]
        done = subprocess.run([*command, notebook], env=settings, cwd=tmp_path, capture_output=True, encoding="utf-8")
        assert done.returncode == 0, done.stderr
        return (tmp_path / "page.html").read_text(encoding="utf-8"), done.stderr

    return write


def descriptions(text):
    return [image.get("alt") for image in BeautifulSoup(text, "html.parser").find_all("img")]


@pytest.mark.slow
def test_every_picture_of_a_lesson_is_described(page, root):
    path = root / "solutions" / "01_pca_linear_autoencoder.ipynb"
    outputs = [output for cell in nbformat.read(path, as_version=4).cells for output in cell.get("outputs", [])]
    alts = [output.metadata["image/png"]["alt"] for output in outputs if "image/png" in output.get("data", {})]
    text, said = page(path)
    found = descriptions(text)
    assert len(alts) > 5 and [each for each in alts if found.count(each) < alts.count(each)] == []
    assert "Alternative text is missing" not in said and "jp-Cell" in text, "JupyterLab's look"


@pytest.mark.slow
@pytest.mark.parametrize("options", [(), ("--template", "classic")])
def test_a_description_is_text_and_a_picture_without_one_is_still_shown(page, tmp_path, options):
    odd = 'a "b" <c> & $1 \\1 {{ d }} <img '
    picture = {"image/png": "iVBORw0KGgo="}
    outputs = [
        nbformat.v4.new_output("display_data", picture, metadata=metadata)
        for metadata in ({"image/png": {"alt": odd, "width": 20}}, {})
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1", outputs=outputs)])
    nbformat.write(notebook, tmp_path / "one.ipynb")
    text, said = page(tmp_path / "one.ipynb", *options)
    first, second = descriptions(text)
    assert first == odd and second != odd and "missing on 1 image" in said
