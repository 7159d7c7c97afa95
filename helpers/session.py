"""How a lesson starts: its profile, its settings, its seed, and where a student's own state is kept."""

import importlib
import os
import random
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np

PROFILES = ("smoke", "lecture", "full")


def root() -> Path:
    """The folder of the workbook: the one that holds ``helpers``."""
    return Path(__file__).resolve().parent.parent


def profile() -> str:
    """The profile in force: "smoke", "lecture" (the default) or "full", from WORKBOOK_PROFILE.

    Raises ValueError, with the three names, for anything else.
    """
    name = os.environ.get("WORKBOOK_PROFILE", "").strip().lower() or "lecture"
    if name not in PROFILES:
        raise ValueError(
            f"WORKBOOK_PROFILE is {name!r}, which is not a profile of this workbook. "
            "Use smoke (a minute, tiny numbers), lecture (the default) or full (the published figures)."
        )
    return name


def strict() -> bool:
    """True when WORKBOOK_STRICT=1, and while nbgrader runs a notebook: a check that does not pass then raises."""
    if os.environ.get("NBGRADER_EXECUTION"):  # "autograde" or "validate"
        return True
    return os.environ.get("WORKBOOK_STRICT", "").strip() not in ("", "0")


def live() -> bool:
    """True inside a Jupyter kernel, where rich output and widgets make sense."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is not None and hasattr(shell, "kernel")


def state_folder() -> Path:
    """The folder of the student's own state (solved exercises, quiz choices, scoreboard rows); made if missing.

    WORKBOOK_STATE names another one, seen from the workbook's folder; ~ is one's home.
    Raises OSError, saying what to do, when it cannot be made.
    """
    folder = root() / os.path.expanduser(os.environ.get("WORKBOOK_STATE", "").strip() or ".workbook")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OSError(
            f"The folder for your progress, {folder}, cannot be made ({error.strerror or error}). "
            "Set WORKBOOK_STATE to a folder in which you may write."
        ) from error
    return folder


class Settings:
    """The numbers of a lesson under the profile in force, read as attributes: ``settings.epochs``."""

    def __init__(self, profile: str, values: dict):
        self.__dict__.update(values, profile=profile)

    def __getattr__(self, name):
        known = ", ".join(sorted(self.__dict__))
        raise AttributeError(f"This lesson has no setting {name!r}. Its settings are: {known}.")

    def __repr__(self):
        numbers = ", ".join(f"{key}={value!r}" for key, value in self.__dict__.items() if key != "profile")
        return f"profile {self.profile}: {numbers}" if numbers else f"profile {self.profile}"


def pages(number: str):
    """What a lesson does not show on its page: its module in helpers/lessons, with LECTURE, SMOKE, FULL and QUIZZES.

    number: two digits.   Raises ValueError when there is no such lesson.
    """
    try:
        return importlib.import_module(f"helpers.lessons.lesson{number}")
    except ModuleNotFoundError:
        raise ValueError(
            f"There is no helpers/lessons/lesson{number}.py. Each lesson has one, for its settings and questions."
        ) from None


def settings(*, lecture: Mapping, smoke: Mapping, full: Mapping) -> Settings:
    """The values of `lecture`, overridden by those of the profile in force.

    Raises ValueError when `smoke` or `full` names something that `lecture` does not have.
    """
    for name, overrides in (("smoke", smoke), ("full", full)):
        unknown = sorted(set(overrides) - set(lecture))
        if unknown:
            raise ValueError(f"The {name} profile sets {', '.join(unknown)}, which lecture does not have.")
    chosen = {"lecture": {}, "smoke": smoke, "full": full}[profile()]
    return Settings(profile(), {**lecture, **chosen})


def seed_everything(seed: int) -> None:
    """Seed Python, NumPy and, if it is loaded, Keras, so that a lesson gives the same figures twice."""
    random.seed(seed)
    np.random.seed(seed)
    keras = sys.modules.get("keras")
    if keras is not None:
        keras.utils.set_random_seed(seed)


def start(number: str | None = None, seed: int = 42, **shown) -> Settings:
    """Begin a lesson: choose its numbers, seed all generators, set the plot style.

    number: the lesson's two digits. Its numbers are those of helpers/lessons; None has none.
    shown: numbers of the lecture profile that stand on the lesson's page; smoke and full override them, too.
    Says so in one line when the profile is not the usual one.
    Raises ValueError for an unknown lesson, and when a number stands in both places.
    """
    page = pages(number) if number else None
    hidden = getattr(page, "LECTURE", {})
    twice = sorted(set(hidden) & set(shown))
    if twice:
        raise ValueError(f"{', '.join(twice)}: set here and in helpers/lessons. Keep one of them.")
    lecture = {**hidden, **shown}
    chosen = settings(lecture=lecture, smoke=getattr(page, "SMOKE", {}), full=getattr(page, "FULL", {}))
    seed_everything(seed)
    from helpers.plots import style  # here, since matplotlib is slow to import and not every tool needs it

    style.use_style()
    if chosen.profile != "lecture":
        print(f"Profile {chosen.profile}: other numbers than in the lecture. (WORKBOOK_PROFILE chooses it.)")
    return chosen
