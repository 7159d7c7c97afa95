"""The release command: what it finds, what it leaves alone, and what it says comes next."""

import pytest
import yaml

from tests.tools.test_badges import ADDRESS, URLS
from tests.tools.test_build import README, SOURCE, git, pretend_executed
from tools import release
from tools.build import __main__ as build
from tools.build import workbook as build_workbook
from tools.test import last

PROJECT = '[project]\nversion = "1.2.0"\n'
CHANGELOG = "# Changes\n\n## 1.2.0 – 2026-02-01\n\n- new\n\n## 1.1.0 – 2026-01-01\n"
CITATION = "cff-version: 1.2.0\nversion: 1.2.0\ndate-released: 2026-02-01\n"


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A small workbook in git that can be released, whose tests have passed."""
    monkeypatch.setenv("WORKBOOK_STATE", str(tmp_path.parent / "state"))
    monkeypatch.setattr(release.session, "root", lambda: tmp_path)
    monkeypatch.setattr(release.shutil, "which", lambda name: None)  # the locks are those of the workbook itself
    (tmp_path / "solutions").mkdir()
    for name, text in (
        *(("solutions/01_lesson.py", SOURCE), ("README.md", README), ("pyproject.toml", PROJECT)),
        *(("CHANGELOG.md", CHANGELOG), ("CITATION.cff", CITATION), (".gitignore", ".pytest_cache/\n__pycache__/\n")),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
    build.write(build_workbook.Workbook(tmp_path))
    pretend_executed(tmp_path)
    git(tmp_path, "init", "-q", "-b", "main")
    for key, value in (("user.name", "a"), ("user.email", "a@b.invalid")):
        git(tmp_path, "config", key, value)
    commit(tmp_path)
    return tmp_path


def commit(root, tests=0):
    git(root, "add", "-A")
    git(root, "commit", "-qm", "a state", "--allow-empty")
    last.note(root, last.commit(root), tests)


def tags(root):
    return git(root, "tag").stdout.split()


def test_a_state_in_order_can_be_released_and_nothing_changes_without_a_flag(house, capsys):
    before = git(house, "rev-parse", "HEAD").stdout
    assert release.main([]) == 0
    said = capsys.readouterr().out
    assert "Version 1.2.0 of 2026-02-01 can be released." in said and "to mend" not in said
    steps = ("no public address yet", "git tag -a v1.2.0", "git push origin HEAD v1.2.0", "subtree split", "Zenodo")
    places = [said.index(step) for step in steps]
    assert places == sorted(places)
    assert tags(house) == [] and git(house, "rev-parse", "HEAD").stdout == before and last.commit(house)


def test_with_a_flag_it_makes_the_tag_and_a_second_time_is_no_harm(house, capsys):
    assert release.main(["--tag"]) == 0 and tags(house) == ["v1.2.0"]
    assert "git tag -a" not in capsys.readouterr().out
    assert release.main(["--tag"]) == 0 and tags(house) == ["v1.2.0"]
    commit(house)
    assert release.main(["--tag"]) == 1
    assert "the tag v1.2.0 is another commit" in capsys.readouterr().out


BROKEN = {
    "CHANGELOG.md begins with 1.1.0 of 2026-01-01; it should be 1.2.0": ("CHANGELOG.md", "## 1.2.0 – ", "## later – "),
    "CITATION.cff has version 1.1.0, pyproject.toml has 1.2.0": (
        "CITATION.cff",
        "\nversion: 1.2.0",
        "\nversion: 1.1.0",
    ),
    "CITATION.cff should have `repository-code": ("pyproject.toml", PROJECT, PROJECT + URLS),
    "01_lesson.ipynb is not as `build` writes it": ("notebooks/01_lesson.ipynb", "Text.", "My text."),
    "README.md has an old lesson table": ("README.md", "[01 A lesson]", "[01 Another]"),
}


@pytest.mark.parametrize("message", BROKEN)
def test_what_is_wrong_is_named_and_no_tag_is_made(house, message, capsys):
    name, old, new = BROKEN[message]
    text = (house / name).read_text(encoding="utf-8")
    assert old in text
    (house / name).write_text(text.replace(old, new), encoding="utf-8")
    commit(house)
    assert release.main(["--tag"]) == 1
    said = capsys.readouterr()
    assert message in said.out and "mend this first" in said.err and tags(house) == []


def test_what_is_not_committed_is_named(house, capsys):
    (house / "new.txt").write_text("", encoding="utf-8")
    assert release.main([]) == 1 and "not committed: new.txt" in capsys.readouterr().out


def test_large_files_are_named(house, monkeypatch):
    (house / "docs").mkdir()
    for name in ("docs/a.png", "docs/b.png", "weights.npz"):
        (house / name).write_bytes(b"0" * 60)
    commit(house)
    monkeypatch.setattr(release, "LARGEST_DOCS", 100)
    assert release.sizes(house) == ["docs has 120 bytes, more than 100"]
    monkeypatch.setattr(release, "LARGEST_DOCS", 1000)
    monkeypatch.setattr(release, "LARGEST_FILE", 100_000)
    (house / "weights.npz").write_bytes(b"0" * 100_001)
    assert release.sizes(house) == ["weights.npz has 100,001 bytes, more than 100,000"]


@pytest.mark.parametrize("code", [0, 1])
def test_tests_that_have_not_passed_on_this_commit_run(house, code, capfd):
    (house / "tools" / "test").mkdir(parents=True)
    (house / "tools" / "test" / "__main__.py").write_text(f"print('they ran')\nraise SystemExit({code})", "utf-8")
    commit(house, tests=1)  # the last run failed
    assert release.main(["--tag"]) == code and tags(house) == ([] if code else ["v1.2.0"])
    said = capfd.readouterr().out
    assert "they ran" in said and ("the tests fail" in said) == bool(code)


def test_a_run_of_another_state_proves_nothing(house):
    assert last.passed(house)
    (house / "new.txt").write_text("", encoding="utf-8")
    assert not last.passed(house)
    before = last.commit(house)
    assert before is None
    last.note(house, before, 0)
    git(house, "add", "-A")
    git(house, "commit", "-qm", "more")
    assert not last.passed(house)
    (house / last.NOTE).write_text("[", encoding="utf-8")
    assert not last.passed(house)


def test_a_lock_that_lock_would_change_is_named(monkeypatch, root):
    monkeypatch.setattr(release.shutil, "which", lambda name: "uv")
    now = {name: (root / name).read_text(encoding="utf-8") for name in release.lock.LOCKS}
    monkeypatch.setattr(release.lock, "make", lambda name, upgrade: now[name])
    assert release.locks() == []
    now["requirements.lock"] += "more==1\n"
    assert release.locks() == ["requirements.lock is older than pyproject.toml: run `python3 workbook.py lock`"]


def test_outside_of_git_it_says_what_to_do(house, capsys):
    (house / ".git").rename(house / "elsewhere")
    assert release.main([]) == 1
    assert "in a clone" in capsys.readouterr().err


# ------------------------------------------------------------------------------------------- the workbook itself
def test_the_workbook_has_one_version(root):
    new, problems = release.version(root)
    assert problems == [] and new.number.count(".") == 2


def test_no_file_of_the_workbook_is_too_large(root):
    if not (root / ".git").exists():
        pytest.skip("this copy of the workbook is no clone")
    assert release.sizes(root) == []


def test_the_citation_is_whole(root):
    cited = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    required = {"cff-version", "message", "title", "authors", "version", "date-released", "license"}
    assert required <= set(cited) and cited["cff-version"] == "1.2.0" and cited["type"] == "software"
    assert all(set(one) & {"name", "family-names"} for one in cited["authors"])


@pytest.mark.parametrize("text", [PROJECT, PROJECT + URLS])
def test_a_public_address_belongs_into_the_citation(house, text):
    (house / "pyproject.toml").write_text(text, encoding="utf-8")
    (house / "CITATION.cff").write_text(f"{CITATION}repository-code: {ADDRESS}\n", encoding="utf-8")
    assert release.version(house)[1] == []
