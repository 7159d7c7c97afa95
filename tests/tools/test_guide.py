"""The instructor's guide: it agrees with the lessons, leaves nothing out, and its questions can be imported."""

import io
import re
import xml.etree.ElementTree as ET
import zipfile
from types import SimpleNamespace

import pytest

from tools.build.workbook import Workbook
from tools.guide import __main__ as guide
from tools.guide import bibliography, glossary, messages, pages, questions, sources, written
from tools.guide.notes import Notes

LINK = re.compile(r"\]\(([^)\s]+)\)")
QTI = {"q": questions.QTI}


@pytest.fixture(scope="module")
def workbook(root):
    return Workbook(root)


@pytest.fixture(scope="module")
def lessons(workbook):
    return sources.all_sources(workbook)


def test_what_is_written_by_hand_fits_every_lesson(lessons):
    assert sources.problems(lessons) == []


def test_what_no_longer_fits_is_named(lessons):
    first = lessons[1]
    broken = sources.Source(first.root, first.lesson)
    broken.written = {
        "show": [["No such section", "x"]],
        "core": ["1.9"],
        "objectives": [],
        "exercises": {"1.1": [["no such mistake", "Why?"]]},
    }
    said = "\n".join(sources.problems([broken]))
    for words in ("no section 'No such section'", "no exercise 1.9", "no mistake called 'no such mistake'"):
        assert words in said
    assert "exercise 1.2 has no mistakes" in said and "objectives needs a list" in said
    missing = sources.Source(first.root / "nowhere", first.lesson)
    assert "lessons/01.yaml is missing" in sources.problems([missing])[0]


def test_every_exercise_and_quiz_is_in_the_guide(lessons):
    for source in lessons:
        text = pages.lesson(source)
        assert [e.id for e in source.exercises if f"### {e.id} · {e.title}" not in text] == []
        assert [q.key for q in source.quizzes if q.right[1] not in text or q.question not in text] == []
        asked = [key for cell in source.lesson.cells for key in sources.QUIZ.findall(cell.source)]
        assert [quiz.key for quiz in source.quizzes] == asked, "every question that the lesson asks"
        assert all(exercise.minutes and len(exercise.mistakes) >= 2 for exercise in source.exercises)
        named = {(id, name) for id, name, _ in messages.wrong_answers(source.root, source.number)}
        listed = {(e.id, name) for e in source.exercises for name in [*e.others, *(m.name for m in e.mistakes)]}
        assert named == listed, "every mistake that the check knows, once"


def test_most_questions_stand_beside_what_the_check_says(lessons):
    asked = [mistake for source in lessons for e in source.exercises for mistake in e.mistakes]
    assert sum(bool(mistake.message) for mistake in asked) > 0.75 * len(asked)
    assert all(mistake.question.rstrip().endswith(("?", ".")) for mistake in asked)


def test_a_message_is_taken_only_when_there_is_no_doubt(tmp_path):
    folder = tmp_path / "helpers" / "checks" / "lesson01"
    folder.mkdir(parents=True)
    (folder / "one.py").write_text(
        '@exercise("1.1", "T", hints=["the mean was forgotten, so look there"])\n'
        'def check(answer, seed):\n    """the mean was forgotten in a docstring"""\n'
        '    fail(f"the mean of {n} rows was forgotten: subtract it")\n'
        '    fail("the last row was lost on the way")\n    fail("the first row was lost on the way")\n',
        encoding="utf-8",
    )
    told = messages.message(tmp_path, "01", "1.1", "mean.*forgotten")
    assert told == "the mean of … rows was forgotten: subtract it"
    assert messages.message(tmp_path, "01", "1.1", "row was lost") == "", "two sentences fit"
    assert messages.message(tmp_path, "01", "1.2", "mean") == ""


def test_pages_are_up_to_date(workbook):
    assert written.problems(workbook) == []


def test_build_writes_and_compares_the_pages(tmp_path, root, workbook):
    folder = tmp_path / "tools" / "guide"
    (folder / "lessons").mkdir(parents=True)
    for name in ("glossary.yaml", "timetables.yaml", "lessons/00.yaml"):
        (folder / name).write_text((root / "tools" / "guide" / name).read_text(encoding="utf-8"), encoding="utf-8")
    small = SimpleNamespace(root=tmp_path, lessons=workbook.lessons[:1])
    assert any("guide/00.md is older than its sources" in one for one in written.problems(small))
    assert "wrote   docs/teaching/guide/00.md" in written.write(small)
    assert written.problems(small) == [] and written.write(small) == []
    (tmp_path / "docs" / "teaching" / "guide" / "77.md").write_text("", encoding="utf-8")
    assert written.problems(small) == ["docs/teaching/guide/77.md has no lesson"]
    (folder / "lessons" / "00.yaml").write_text("a: [", encoding="utf-8")
    assert "00.yaml is no YAML" in written.problems(small)[0]
    assert written.problems(SimpleNamespace(root=tmp_path / "else", lessons=[])) == []


def test_every_link_leads_somewhere(workbook):
    for path, text in written.wanted(workbook).items():
        for target in LINK.findall(text):
            if "://" in target:
                assert re.fullmatch(r"https://[\w.-]+(?:/[\w./?=&-]*)?", target), (path.name, target)
                assert "arxiv.org" not in target or re.fullmatch(r"https://arxiv\.org/abs/\d{4}\.\d{4,5}", target)
            else:
                assert (path.parent / target).is_file(), (path.name, target)


def test_tables_keep_their_columns(workbook):
    for path, text in written.wanted(workbook).items():
        for block in re.findall(r"(?:^\|.*\|\n)+", text, re.MULTILINE):
            columns = {len(re.findall(r"(?<!\\)\|", row)) for row in block.splitlines()}
            assert len(columns) == 1, (path.name, block[:200])


def test_timetables_have_their_weeks_and_lessons_once_and_in_order(root, lessons):
    numbers = {source.number for source in lessons}
    for weeks, plan in sources.timetables(root).items():
        assert len(plan) == weeks
        core = [number for week in plan for number in week["core"]]
        everything = [number for week in plan for number in (*week["core"], *week["optional"])]
        assert core == sorted(core) and len(set(everything)) == len(everything) and set(everything) <= numbers
        assert all(week["core"] for week in plan)


def test_every_term_of_the_glossary_comes_in_a_lesson(root, workbook):
    texts = {lesson.number: glossary._text(lesson) for lesson in workbook.lessons}
    terms = glossary.terms(root)
    assert [term for term in terms if not glossary.first_lesson(term, texts)] == []
    assert len(terms) > 200 and max(map(len, terms.values())) < 200
    assert glossary.first_lesson("principal component analysis (PCA)", {"1": "pca", "2": "by PCA"}) == "2"
    assert glossary.first_lesson("discrepancy", {"3": "two discrepancies"}) == "3"
    assert glossary.first_lesson("ring", {"1": "a string", "2": "rings"}) == "2"


def test_the_bibliography_is_complete(workbook):
    papers = bibliography.papers(workbook.lessons)
    assert bibliography.missing(workbook.lessons, papers) == []
    assert all(paper.lessons for paper in papers) and len({paper.key for paper in papers}) == len(papers)
    fewer = [paper for paper in papers if paper.key != "1312.6114"]
    assert "10: arXiv 1312.6114" in bibliography.missing(workbook.lessons, fewer)
    unlinked = [paper for paper in papers if not paper.title.startswith("On lines and planes")]
    assert "01: Pearson 1901" in bibliography.missing(workbook.lessons, unlinked)


@pytest.mark.parametrize(
    "text, line",
    [
        (
            "[Kingma and Welling, 2014](https://arxiv.org/abs/1312.6114), *Auto-encoding*: the theory",
            "Kingma and Welling (2014), *Auto-encoding*, [arXiv 1312.6114](https://arxiv.org/abs/1312.6114)",
        ),
        (
            "Pearson (1901), *On lines*, Philosophical Magazine 2",
            "Pearson (1901), *On lines*, Philosophical Magazine 2",
        ),
        (
            "Lim et al. (2017), *Geometric GAN*, [arXiv 1705.02894](https://arxiv.org/abs/1705.02894) (hinge loss)",
            "Lim and others (2017), *Geometric GAN*, [arXiv 1705.02894](https://arxiv.org/abs/1705.02894)",
        ),
    ],
)
def test_references_are_read_in_every_spelling(text, line):
    assert bibliography.parsed(text).line == line


def test_moodle_gets_one_right_option_and_feedback_for_each(lessons):
    tree = ET.fromstring(questions.moodle(lessons))
    assert tree.tag == "quiz" and {one.get("type") for one in tree} == {"category", "multichoice"}
    asked = tree.findall("question[@type='multichoice']")
    assert len(asked) == sum(len(source.quizzes) for source in lessons)
    names = [one.findtext("idnumber") for one in asked]
    assert len(set(names)) == len(names)
    places = set()
    for one in asked:
        assert one.findtext("single") == "true" and one.findtext("shuffleanswers") == "true"
        assert one.findtext("questiontext/text").startswith("<p>") and one.find("questiontext").get("format") == "html"
        answers = one.findall("answer")
        fractions = [answer.get("fraction") for answer in answers]
        assert sorted(fractions) == ["0"] * (len(answers) - 1) + ["100"] and len(answers) >= 2
        assert all(len(answer.findtext("feedback/text")) > 10 for answer in answers)
        places.add(fractions.index("100"))
    assert len(places) > 1, "the right option is not always at the same place"
    categories = [one.findtext("category/text") for one in tree.findall("question[@type='category']")]
    assert categories[0].startswith("$course$/top/") and len(set(categories)) == len(categories)


def test_canvas_gets_qti_whose_parts_refer_to_each_other(lessons):
    data = questions.canvas(lessons)
    assert data == questions.canvas(lessons), "equal bytes"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: ET.fromstring(archive.read(name)) for name in archive.namelist()}
    listed = [one.get("href") for one in files.pop("imsmanifest.xml").iter(f"{{{questions.MANIFEST}}}file")]
    assert sorted(listed) == sorted(files)
    items = [item for tree in files.values() for item in tree.iterfind(".//q:item", QTI)]
    assert len(items) == sum(len(source.quizzes) for source in lessons)
    for item in items:
        options = [one.get("ident") for one in item.iterfind(".//q:response_label", QTI)]
        scored = [one for one in item.iterfind(".//q:respcondition", QTI) if one.find("q:setvar", QTI) is not None]
        assert len(scored) == 1 and scored[0].findtext(".//q:varequal", namespaces=QTI) in options
        told = {one.get("linkrefid") for one in item.iterfind(".//q:displayfeedback", QTI)}
        assert told == {one.get("ident") for one in item.iterfind("q:itemfeedback", QTI)} and len(told) == len(options)
        assert item.find(".//q:render_choice", QTI).get("shuffle") == "Yes"


def test_texts_of_questions_become_html():
    assert questions.marked("a < b, `x*y*z` and *really* so") == ("a &lt; b, <code>x*y*z</code> and <em>really</em> so")


def test_the_command_writes_new_files_only(tmp_path, capsys):
    file = tmp_path / "made" / "bank.xml"
    assert guide.main(["--questions", str(file), "--lesson", "1"]) == 0
    assert f"wrote {file}: 3 questions, Moodle XML" in capsys.readouterr().out
    assert len(ET.parse(file).getroot()) == 4
    file.write_text("mine", encoding="utf-8")
    assert guide.main(["--questions", str(file)]) == 1 and file.read_text(encoding="utf-8") == "mine"
    assert "is there already and stays as it is" in capsys.readouterr().err
    assert guide.main(["--questions", str(tmp_path / "bank.doc")]) == 1
    assert "neither .xml" in capsys.readouterr().err and not (tmp_path / "bank.doc").exists()
    assert guide.main([]) == 0 and "docs/teaching/guide.md" in capsys.readouterr().out


def test_the_speaker_has_minutes_failures_and_answers(lessons):
    source = lessons[1]
    notes = Notes(source)
    title = notes.of_heading("01 · PCA and the linear autoencoder")
    assert "Reading 30" in title and "compute PCA" in title
    exercise = notes.of_heading("Exercise 1.1 · PCA by SVD")
    assert "10 minutes" in exercise and "not centred" in exercise and exercise.count("<li>") >= 2
    assert notes.of_heading("Exercise 1.1 · PCA by SVD") == "", "once, not on every page of a slide"
    quiz = next(quiz for quiz in source.quizzes if quiz.key == "01-rows")
    said = notes.of_code('quiz("01-rows")')
    letter = "ABC"[quiz.options.index(quiz.right)]
    assert f"Answer: {letter}, ten mixtures" in said and said.count("<li>") == len(quiz.wrong)
    assert "Show live" in notes.of_heading(source.show[0][0])
    assert Notes(None).of_heading("anything") == "" == Notes(None).of_code("x")
