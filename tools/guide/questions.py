"""The quizzes of the lessons as a bank of questions for a learning platform: Moodle XML, or QTI 1.2 for Canvas.

Options come in the mixed order of the lessons, and the platform is told to shuffle them anew where it can be told.
"""

import html
import io
import re
import xml.etree.ElementTree as ET
import zipfile

from tools.guide.sources import Quiz, Source

QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
MANIFEST = "http://www.imsglobal.org/xsd/imscp_v1p1"
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same bank of questions gives the same bytes


def moodle(sources: list[Source]) -> str:
    """All questions as Moodle XML: a category for each lesson, single choice, feedback for every option."""
    root = ET.Element("quiz")
    for source in sources:
        if not source.quizzes:
            continue
        category = ET.SubElement(ET.SubElement(root, "question", type="category"), "category")
        _text(category, f"$course$/top/Workbook/{_category(source)}")
        for quiz in source.quizzes:
            _moodle_question(root, quiz)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _moodle_question(root, quiz: Quiz) -> None:
    question = ET.SubElement(root, "question", type="multichoice")
    _text(ET.SubElement(question, "name"), quiz.key)
    _text(ET.SubElement(question, "questiontext", format="html"), f"<p>{marked(quiz.question)}</p>")
    _text(ET.SubElement(question, "generalfeedback", format="html"), "")
    settings = {"defaultgrade": "1", "penalty": "0.3333333", "hidden": "0", "idnumber": quiz.key, "single": "true"}
    for name, value in (settings | {"shuffleanswers": "true", "answernumbering": "ABCD"}).items():
        ET.SubElement(question, name).text = value
    for option, feedback in quiz.options:
        fraction = "100" if (option, feedback) == quiz.right else "0"
        answer = ET.SubElement(question, "answer", fraction=fraction, format="html")
        _text(answer, f"<p>{marked(option)}</p>")
        _text(ET.SubElement(answer, "feedback", format="html"), f"<p>{marked(feedback)}</p>")


def canvas(sources: list[Source]) -> bytes:
    """All questions as a zip of QTI 1.2: an assessment for each lesson, and the manifest that lists them."""
    files = {}
    for source in sources:
        if source.quizzes:
            files[f"lesson{source.number}.xml"] = _assessment(source)
    files["imsmanifest.xml"] = _manifest(list(files))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, LONG_AGO), text)
    return out.getvalue()


def _assessment(source: Source) -> str:
    root = ET.Element("questestinterop", xmlns=QTI)
    title = _category(source)
    assessment = ET.SubElement(root, "assessment", ident=f"workbook-{source.number}", title=title)
    section = ET.SubElement(assessment, "section", ident="root_section")
    for quiz in source.quizzes:
        _qti_item(section, quiz)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _qti_item(section, quiz: Quiz) -> None:
    item = ET.SubElement(section, "item", ident=quiz.key, title=quiz.key)
    fields = ET.SubElement(ET.SubElement(item, "itemmetadata"), "qtimetadata")
    for label, entry in (("question_type", "multiple_choice_question"), ("points_possible", "1")):
        one = ET.SubElement(fields, "qtimetadatafield")
        ET.SubElement(one, "fieldlabel").text = label
        ET.SubElement(one, "fieldentry").text = entry
    presentation = ET.SubElement(item, "presentation")
    _material(presentation, f"<p>{marked(quiz.question)}</p>")
    response = ET.SubElement(presentation, "response_lid", ident="response1", rcardinality="Single")
    choices = ET.SubElement(response, "render_choice", shuffle="Yes")
    processing = ET.SubElement(item, "resprocessing")
    outcomes = ET.SubElement(processing, "outcomes")
    ET.SubElement(outcomes, "decvar", maxvalue="100", minvalue="0", varname="SCORE", vartype="Decimal")
    feedback = []
    for number, pair in enumerate(quiz.options, start=1):
        id = f"{quiz.key}-{number}"
        _material(ET.SubElement(choices, "response_label", ident=id), f"<p>{marked(pair[0])}</p>")
        told = ET.SubElement(processing, "respcondition", {"continue": "Yes"})
        ET.SubElement(ET.SubElement(told, "conditionvar"), "varequal", respident="response1").text = id
        ET.SubElement(told, "displayfeedback", feedbacktype="Response", linkrefid=f"{id}_fb")
        feedback.append((f"{id}_fb", pair[1]))
        if pair == quiz.right:
            right = id
    scored = ET.SubElement(processing, "respcondition", {"continue": "No"})
    ET.SubElement(ET.SubElement(scored, "conditionvar"), "varequal", respident="response1").text = right
    ET.SubElement(scored, "setvar", action="Set", varname="SCORE").text = "100"
    for id, text in feedback:
        flow = ET.SubElement(ET.SubElement(item, "itemfeedback", ident=id), "flow_mat")
        _material(flow, f"<p>{marked(text)}</p>")


def _manifest(names: list[str]) -> str:
    root = ET.Element("manifest", identifier="workbook-questions", xmlns=MANIFEST)
    metadata = ET.SubElement(root, "metadata")
    ET.SubElement(metadata, "schema").text = "IMS Content"
    ET.SubElement(metadata, "schemaversion").text = "1.1.3"
    ET.SubElement(root, "organizations")
    resources = ET.SubElement(root, "resources")
    for name in names:
        one = ET.SubElement(resources, "resource", identifier=name.removesuffix(".xml"), type="imsqti_xmlv1p2")
        ET.SubElement(one, "file", href=name)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def marked(text: str) -> str:
    """A text of a quiz as HTML: `code` and *stress*, as the lessons show them."""
    code = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))
    return re.sub(r"(?<![\w*])\*(\w[^*<\n]*)\*(?![\w*])", r"<em>\1</em>", code)


def _category(source: Source) -> str:
    return f"{source.number} {source.lesson.front['title']}".replace("/", "//")


def _text(parent, text: str) -> None:
    ET.SubElement(parent, "text").text = text


def _material(parent, text: str) -> None:
    ET.SubElement(ET.SubElement(parent, "material"), "mattext", texttype="text/html").text = text
