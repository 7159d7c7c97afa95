"""`python3 workbook.py release`: proves that this state can be released, and says what to do next.

    release          look at everything a release needs; the tests run if they have not passed on this very commit
    release --tag    the same, and make the tag when all is well

Without --tag nothing is changed, and nothing is sent anywhere in either case.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from helpers import session
from tools import lock
from tools.build import __main__ as build
from tools.build import badges
from tools.build import workbook as build_workbook
from tools.install.pip import Problem
from tools.test import last

LARGEST_FILE, LARGEST_DOCS = 6_000_000, 5_000_000  # bytes of a file in git, and of all pictures in docs
ENTRY = re.compile(r"^## (\d+\.\d+\.\d+) [-–—] (\d{4}-\d{2}-\d{2})$", re.MULTILINE)
BINDER = 'git push origin "$(git subtree split --prefix=.binder):refs/heads/binder"'


@dataclass(frozen=True)
class Version:
    """What is released: its number, "1.0.0", and its day, "2026-11-30"."""

    number: str
    day: str

    @property
    def tag(self) -> str:
        return f"v{self.number}"


def git(root: Path, *words: str) -> str:
    """What git says. Raises Problem when there is no git, or it fails."""
    try:
        done = subprocess.run(["git", *words], cwd=root, capture_output=True, encoding="utf-8", errors="replace")
    except OSError as error:
        raise Problem("git does not start.", "a release is a commit with a tag.", "install git") from error
    if done.returncode:
        raise Problem(
            f"git {words[0]} fails: {done.stderr.strip()}",
            "a release is a commit with a tag, so it is made in a clone.",
            "run this in a clone of the repository",
        )
    return done.stdout.strip()


def version(root: Path) -> tuple[Version, list[str]]:
    """The version that pyproject.toml names, and what the changelog and the citation say differently."""
    number = badges.project(root)["version"]
    entries = ENTRY.findall((root / "CHANGELOG.md").read_text(encoding="utf-8"))
    citation = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    cited, day, address = str(citation.get("version")), str(citation.get("date-released")), badges.address(root)
    problems = []
    if not entries or entries[0] != (number, day):
        newest = " of ".join(entries[0]) if entries else "no version"
        problems.append(f"CHANGELOG.md begins with {newest}; it should be {number} of {day}, as in CITATION.cff")
    if cited != number:
        problems.append(f"CITATION.cff has version {cited}, pyproject.toml has {number}")
    if address and citation.get("repository-code") != address:
        problems.append(f"CITATION.cff should have `repository-code: {address}`, as pyproject.toml")
    return Version(number, day), problems


def tagged(root: Path, tag: str) -> list[str]:
    """Whether the tag is there already, on another commit."""
    if not git(root, "tag", "--list", tag) or git(root, "rev-list", "-n1", tag) == git(root, "rev-parse", "HEAD"):
        return []
    return [f"the tag {tag} is another commit: give this state another version"]


def tree(root: Path) -> list[str]:
    """What is not committed."""
    lines = git(root, "status", "--porcelain").splitlines()
    more = [f"and {len(lines) - 5} more"] if len(lines) > 5 else []
    return [f"not committed: {line.split(maxsplit=1)[-1]}" for line in lines[:5]] + more


def sizes(root: Path) -> list[str]:
    """Files that are too large for a repository that is cloned in a classroom."""
    files = [root / name for name in git(root, "ls-files", "-z").split("\0") if name]
    size = {path.relative_to(root).as_posix(): path.stat().st_size for path in files if path.is_file()}
    problems = [f"{name} has {n:,} bytes, more than {LARGEST_FILE:,}" for name, n in size.items() if n > LARGEST_FILE]
    pictures = sum(n for name, n in size.items() if name.startswith("docs/"))
    if pictures > LARGEST_DOCS:
        problems.append(f"docs has {pictures:,} bytes, more than {LARGEST_DOCS:,}")
    return problems


def built(root: Path) -> list[str]:
    """What `build --check` says; here a notebook in which somebody has worked is a mistake."""
    workbook = build_workbook.Workbook(root)
    edited = [path.relative_to(root).as_posix() for path in build.touched(workbook)]
    return build.check(workbook) + [f"{name} is not as `build` writes it: build --reset" for name in edited]


def locks() -> list[str]:
    """Locks that `lock` would change."""
    if shutil.which("uv") is None:
        print(
            "  not looked at: whether `lock` would change the locks, for uv is not here. The tests compare them, too."
        )
        return []
    old = [name for name in lock.LOCKS if lock.make(name, upgrade=False) != (lock.ROOT / name).read_text("utf-8")]
    return [f"{name} is older than pyproject.toml: run `python3 workbook.py lock`" for name in old]


def tests(root: Path) -> list[str]:
    """Whether all tests pass on this commit; they run when it is not known."""
    if not last.passed(root):
        print("  running the tests, which have not passed on this commit yet …", flush=True)
        if subprocess.run([sys.executable, "-m", "tools.test"], cwd=root).returncode:
            return ["the tests fail: see above"]
    return []


def looks(root: Path, found: list[str], tag: str) -> Iterator[tuple[str, list[str]]]:
    """(what was looked at, what is wrong with it), the quick things first. found: what `version` said."""
    yield "one version in pyproject.toml, CHANGELOG.md and CITATION.cff", found
    yield "the tag is free", tagged(root, tag)
    yield "everything is committed", tree(root)
    yield "no file is too large", sizes(root)
    yield "notebooks, outputs and README agree with the sources", built(root)
    yield "the locks agree with pyproject.toml", locks()


def what_next(root: Path, new: Version, made: bool) -> list[str]:
    """The steps that are left to a person, a line each."""
    steps = []
    if badges.address(root) is None:
        steps.append(
            "There is no public address yet, so there are no badges: write it into pyproject.toml ([project.urls], "
            "Repository), then `build`, commit, and `release` again."
        )
    if not made:
        steps.append(f'git tag -a {new.tag} -m "{new.number}"    (or: python3 workbook.py release --tag)')
    steps.append(f"git push origin HEAD {new.tag}")
    before = git(root, "tag", "--list", "v*", "--sort=-version:refname").splitlines()
    before = [tag for tag in before if tag != new.tag]
    if not before or git(root, "diff", "--name-only", before[0], "HEAD", "--", ".binder"):
        steps.append(f"{BINDER}    (Binder's environment is new)")
    steps.append(
        f"Make a release of {new.tag} on the repository's page, with the part of CHANGELOG.md that tells of it."
    )
    steps.append(
        "Archive it (Zenodo does so for each release, once it is switched on there), and write the DOI that it gets "
        "into CITATION.cff."
    )
    return steps


def main(arguments: list[str] | None = None) -> int:
    """The command; returns its exit code: 1 when something has to be mended first."""
    parser = argparse.ArgumentParser(
        prog="workbook.py release", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tag", action="store_true", help="make the tag when all is well")
    chosen, root, wrong = parser.parse_args(arguments), session.root(), 0
    try:
        new, found = version(root)
        for words, problems in looks(root, found, new.tag):
            wrong += _say(words, problems)
        if wrong:
            print("The tests have not been asked: mend this first.", file=sys.stderr)
            return 1
        if _say("all tests pass", tests(root)):
            return 1
        made = chosen.tag and not git(root, "tag", "--list", new.tag)
        if made:
            git(root, "tag", "-a", new.tag, "-m", new.number)
            print(f"Made the tag {new.tag}.")
        print(f"Version {new.number} of {new.day} can be released. Next:")
        for number, step in enumerate(what_next(root, new, bool(git(root, "tag", "--list", new.tag))), start=1):
            print(f"  {number}. {step}")
    except (Problem, OSError, ValueError) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def _say(words: str, problems: list[str]) -> int:
    print(f"  {'to mend ' if problems else 'in order'}  {words}", flush=True)
    for problem in problems:
        print(f"            {problem}", flush=True)
    return len(problems)


if __name__ == "__main__":
    raise SystemExit(main())
