"""What GitHub shows and reads: the README, the workflow that tests, and the forms of issues."""

import io
import re

import numpy as np
import pytest
import yaml
from PIL import Image

from tools import gallery, lock

WORKFLOW = ".github/workflows/test.yml"
FORMS = tuple(f".github/ISSUE_TEMPLATE/{name}.yml" for name in ("lesson", "check", "machine"))
COMMAND = "python3 workbook.py test"
TOP = {"name", "on", "permissions", "concurrency", "env", "defaults", "jobs"}
JOB = {"name", "runs-on", "timeout-minutes", "strategy", "steps", "needs", "if", "env", "permissions", "defaults"}
STEP = {"name", "id", "uses", "with", "run", "env", "if", "shell", "working-directory", "timeout-minutes"}
# what an element of a form may have as attributes, and what it must have
ELEMENTS = {
    "markdown": ({"value"}, {"value"}),
    "input": ({"label", "description", "placeholder", "value"}, {"label"}),
    "textarea": ({"label", "description", "placeholder", "value", "render"}, {"label"}),
    "dropdown": ({"label", "description", "multiple", "options", "default"}, {"label", "options"}),
    "checkboxes": ({"label", "description", "options"}, {"label", "options"}),
}


class Strict(yaml.SafeLoader):
    """YAML in which a key that is there twice is a mistake, and `on` is a word, as GitHub reads it."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:bool"]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key) for key, _ in node.value]
        if len(keys) != len(set(keys)):
            raise yaml.YAMLError(f"a key is there twice: {keys}")
        return super().construct_mapping(node, deep)


Strict.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), list("tf"))


def read(text):
    return yaml.load(text, Strict)


def workflow_problems(text):
    """What GitHub would refuse or misread in a workflow, as sentences."""
    try:
        flow = read(text)
    except yaml.YAMLError as error:
        return [str(error)]
    found = [f"unknown: {key}" for key in set(flow) - TOP] + [f"missing: {key}" for key in {"on", "jobs"} - set(flow)]
    for name, job in flow.get("jobs", {}).items():
        found += [f"unknown in {name}: {key}" for key in set(job) - JOB]
        found += [f"missing in {name}: {key}" for key in {"runs-on", "steps"} - set(job)]
        matrix = job.get("strategy", {}).get("matrix", {})
        found += [f"not text: {v!r}" for values in matrix.values() for v in values if not isinstance(v, str)]
        found += [f"no such matrix: {key}" for key in re.findall(r"\bmatrix\.([\w-]+)", str(job)) if key not in matrix]
        for step in job.get("steps", []):
            found += [f"unknown in a step: {key}" for key in set(step) - STEP]
            if ("uses" in step) == ("run" in step):
                found.append(f"neither or both of uses and run: {step}")
            if "uses" in step and not re.fullmatch(r"[\w.-]+(/[\w.-]+)+@[\w.-]+", step["uses"]):
                found.append(f"no version: {step['uses']}")
    found += [f"an open bracket: {line.strip()}" for line in text.splitlines() if line.count("${{") != line.count("}}")]
    return found


def form_problems(text):
    """What GitHub would refuse in an issue form, as sentences."""
    try:
        form = read(text)
    except yaml.YAMLError as error:
        return [str(error)]
    found = [f"missing: {key}" for key in {"name", "description", "body"} - set(form)]
    body = form.get("body", [])
    ids = [element["id"] for element in body if "id" in element]
    labels = [element["attributes"].get("label") for element in body]
    if len(set(ids)) < len(ids) or len(set(labels)) < len(labels):
        found.append("an id or a label is there twice")
    for element in body:
        may, must = ELEMENTS.get(element["type"], (set(), set()))
        found += [f"unknown type: {element['type']}"] if not may else []
        found += [f"unknown in {element['type']}: {key}" for key in set(element["attributes"]) - may]
        found += [f"missing in {element['type']}: {key}" for key in must - set(element["attributes"])]
        options = element["attributes"].get("options", ["one"])
        found += ["options that are none, or twice there"] if not options or len(set(options)) < len(options) else []
    if not any(element["type"] != "markdown" for element in body):
        found.append("nothing to fill in")
    return found


def test_github_can_read_the_workflow(root):
    assert workflow_problems((root / WORKFLOW).read_text(encoding="utf-8")) == []


def test_it_runs_the_command_of_the_readme_on_three_systems_and_all_pythons(root):
    (job,) = read((root / WORKFLOW).read_text(encoding="utf-8"))["jobs"].values()
    matrix = job["strategy"]["matrix"]
    assert tuple(matrix["python"]) == lock.PYTHONS
    assert {system.partition("-")[0] for system in matrix["system"]} == {"ubuntu", "macos", "windows"}
    assert [step["run"] for step in job["steps"] if "run" in step] == [COMMAND]
    for name in ("README.md", ".ci/run"):
        assert COMMAND in (root / name).read_text(encoding="utf-8").splitlines(), name


WRONG = {
    "a key is there twice": ("permissions:", "on: push\npermissions:"),
    "unknown: job": ("\njobs:", "\njob:"),
    "missing in test: runs-on": ("    runs-on: ${{ matrix.system }}\n", ""),
    "unknown in test: step": ("    steps:", "    step:"),
    "not text: 3.1": ('["3.10",', "[3.10,"),
    "no such matrix: os": ("runs-on: ${{ matrix.system }}", "runs-on: ${{ matrix.os }}"),
    "neither or both": ("      - run: python3 workbook.py test\n        env:", "      - env:"),
    "no version: actions/checkout": ("actions/checkout@v4", "actions/checkout"),
    "an open bracket": ("${{ runner.temp }}/screenshots\n          if", "${{ runner.temp }/screenshots\n          if"),
}


@pytest.mark.parametrize("message", WRONG)
def test_a_mistake_in_the_workflow_is_seen(root, message):
    old, new = WRONG[message]
    text = (root / WORKFLOW).read_text(encoding="utf-8")
    assert old in text
    assert any(message in line for line in workflow_problems(text.replace(old, new)))


@pytest.mark.parametrize("name", FORMS)
def test_github_can_read_the_form(root, name):
    assert form_problems((root / name).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("description: A right", "about: A right", "missing: description"),
        ("id: kind", "id: exercise", "an id or a label is there twice"),
        ("type: dropdown", "type: select", "unknown type: select"),
        ("render: python", "renders: python", "unknown in textarea: renders"),
        ("It lets a wrong answer pass", "It refuses a right answer", "options that are none, or twice there"),
    ],
)
def test_a_mistake_in_a_form_is_seen(root, old, new, said):
    text = (root / FORMS[1]).read_text(encoding="utf-8")
    assert old in text
    assert said in form_problems(text.replace(old, new))


def test_every_form_that_is_there_is_looked_at(root):
    there = {path.relative_to(root).as_posix() for path in (root / ".github/ISSUE_TEMPLATE").iterdir()}
    assert there == {*FORMS, ".github/ISSUE_TEMPLATE/config.yml"}


# ----------------------------------------------------------------------------------------------- the first look
def test_the_readme_leads_somewhere_and_tells_what_its_pictures_show(root):
    text = (root / "README.md").read_text(encoding="utf-8")
    links = re.findall(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)", text)
    assert len(links) > 30
    missing = [to for _, _, to in links if "://" not in to and not to.startswith("#") and not (root / to).exists()]
    assert missing == []
    told = {to: words for picture, words, to in links if picture}
    assert {f"docs/{path.name}" for path in (root / "docs").iterdir() if path.suffix in (".png", ".gif")} <= set(told)
    assert min(map(len, told.values())) > 20


def test_the_two_commands_stand_in_the_first_screen_of_the_readme(root):
    first = (root / "README.md").read_text(encoding="utf-8").splitlines()[:30]
    assert "python3 workbook.py lab" in first and COMMAND in first


def test_the_film_moves_and_is_light(root):
    with Image.open(root / gallery.FILM) as film:
        assert film.n_frames >= 20 and film.info["loop"] == 0 and film.width >= 600
    assert (root / gallery.FILM).stat().st_size < gallery.LARGEST


def test_a_film_of_pictures_has_them_all_in_their_order_and_its_limit():
    pictures = [Image.new("RGB", (40, 30), (255, 255, 255)) for _ in range(3)]
    for place, picture in enumerate(pictures):
        picture.paste((0, 0, 0), (10 * place, 5, 10 * place + 8, 15))
    content = gallery.film(pictures)
    with Image.open(io.BytesIO(content)) as film:
        assert film.n_frames == 3
        for place in range(3):
            film.seek(place)
            dark = np.argwhere(np.asarray(film.convert("L")) < 100)
            assert (dark.min(0).tolist(), dark.max(0).tolist()) == ([5, 10 * place], [14, 10 * place + 7])


def test_a_film_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(gallery, "LARGEST", 100)
    with pytest.raises(ValueError, match="more than 100"):
        gallery.film([Image.new("RGB", (40, 30))] * 2)
