"""Every check against blanks, stubs, right answers and wrong answers, without a kernel."""

import re
import zlib

import pytest

from helpers.exercises import registry
from helpers.exercises.checking import NOT_ATTEMPTED, NOT_YET, PASSED
from tests.checks import proof
from tools.build import source as build_source

ANSWERS = proof.all_answers()
each_exercise = pytest.mark.parametrize(("lesson", "answer"), ANSWERS, ids=[answer.id for _, answer in ANSWERS])


def dear(answer, usual=proof.USUAL_SECONDS):
    """The mark of a check that trains networks, which has a limit of more than the usual seconds."""
    return [pytest.mark.slow] if registry.find(answer.id).seconds > usual else []


each_right_answer = pytest.mark.parametrize(
    ("lesson", "answer"), [pytest.param(*pair, id=pair[1].id, marks=dear(pair[1])) for pair in ANSWERS]
)


def rows(table):
    """(lesson, answer, row) of each row of a table of tests/checks/mutants, for parametrize."""
    found = []
    for lesson in proof.all_lessons():
        by_id = {answer.id: answer for answer in lesson.exercises}
        for row in proof.wrong_answers(lesson)[table]:
            marks = dear(by_id[row[0]], proof.USUAL_SECONDS if table == "ALTERNATIVES" else 30)
            found.append(pytest.param(lesson, by_id[row[0]], row, id=f"{row[0]} {row[1]}", marks=marks))
    return found


@each_exercise
def test_blank_is_not_attempted(lesson, answer):
    source = build_source.blanked(proof.source_of(lesson, answer))
    result = proof.judge(answer.id, proof.make(lesson, source, answer.name))
    assert result.kind == NOT_ATTEMPTED, result


@each_exercise
def test_stubs_are_not_yet_and_say_why(lesson, answer):
    for description, source in proof.stubs(proof.source_of(lesson, answer)):
        result = proof.judge(answer.id, proof.make(lesson, source, answer.name))
        assert result.kind == NOT_YET, (description, result)
        assert result.got and (result.expected or result.look), (description, result)


@pytest.mark.filterwarnings("error::UserWarning")  # a student who is right must not be warned
@each_right_answer
def test_solution_passes_on_every_seed(lesson, answer):
    source = proof.source_of(lesson, answer)
    for seed in proof.SEEDS:
        result = proof.judge(answer.id, proof.make(lesson, source, answer.name), seed)
        assert result.kind == PASSED, (seed, result)


@each_right_answer
def test_reference_passes(lesson, answer):
    for seed in proof.SEEDS[:2]:
        result = proof.judge(answer.id, registry.find(answer.id).load_reference(), seed)
        assert result.kind == PASSED, (seed, result)


@pytest.mark.parametrize(("lesson", "answer", "row"), rows("ALTERNATIVES"))
def test_alternative_passes(lesson, answer, row):
    seed = zlib.crc32(row[1].encode()) % len(proof.SEEDS)  # each of them another one: together they see all
    result = proof.judge(answer.id, proof.make(lesson, row[2], answer.name), seed)
    assert result.kind == PASSED, (seed, result)


@pytest.mark.parametrize(("lesson", "answer", "row"), rows("WRONG"))
def test_wrong_answer_gets_its_message(lesson, answer, row):
    result = proof.judge(answer.id, proof.make(lesson, row[2], answer.name))
    assert result.kind == NOT_YET, result
    assert re.search(row[3], repr(result), re.IGNORECASE | re.DOTALL), result


@each_exercise
def test_there_are_enough_wrong_answers(lesson, answer):
    tables = proof.wrong_answers(lesson)
    assert sum(row[0] == answer.id for row in tables["WRONG"]) >= 4
    assert any(row[0] == answer.id for row in tables["ALTERNATIVES"])


@pytest.mark.slow
@each_exercise
def test_generic_mutants_are_caught_or_explained(lesson, answer):
    explained = {key[1] for key in proof.wrong_answers(lesson)["SURVIVORS"] if key[0] == answer.id}
    mutants = proof.generic_mutants(answer, proof.source_of(lesson, answer))
    survivors = {one.description for one in mutants if proof.survives(lesson, answer, one)}
    assert mutants, "a solution without anything to mutate proves nothing"
    assert survivors - explained == set(), "not caught and not explained in SURVIVORS"
    assert explained - survivors == set(), "explained in SURVIVORS, but caught"


@each_exercise
def test_source_and_check_agree(lesson, answer):
    task = registry.find(answer.id)
    assert task.title == answer.title
    assert len(task.hints) >= 3
    heading = lesson.cells[answer.cell - 1].source
    assert re.search(rf"\*{task.minutes} minutes · difficulty {task.difficulty} of 3\*", heading), heading


def test_every_registered_exercise_has_a_source():
    assert {task.id for task in registry.every()} == {answer.id for _, answer in ANSWERS}
