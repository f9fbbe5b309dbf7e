"""Moodle XML (docs.moodle.org, "Moodle XML format"): multiple choice questions in and out."""

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from django.utils.translation import gettext as _

from langsen.contests.quizzes.enums import QuestionKind
from langsen.contests.quizzes.facts import QuestionFacts
from langsen.contests.quizzes.formats.html import html_of, plain_text
from langsen.contests.quizzes.formats.items import Item, Unfit
from langsen.contests.quizzes.formats.tags import category_of, path_of, tags_of, with_tags
from langsen.contests.quizzes.formats.weights import options_of, weights_of
from langsen.contests.quizzes.formats.xml import line_of

_PLAIN = frozenset({"plain_text", "markdown"})


def read_moodle(root: Element) -> Iterator[Item]:
    """Yield the questions of a <quiz>; those of another type carry its name as the reason."""
    category = ""
    for element in root.iter("question"):
        if element.get("type") == "category":
            category = category_of(_text(element.find("category")))
        else:
            yield _item(element, category)


def _item(element: Element, category: str) -> Item:
    name = _text(element.find("name")).strip()[:80]
    try:
        return Item(line_of(element), name, facts=_facts(element, category))
    except Unfit as reason:
        return Item(line_of(element), name, fault=str(reason))


def _facts(element: Element, category: str) -> QuestionFacts:
    type_ = element.get("type") or "?"
    if type_ != "multichoice":
        raise Unfit(_("Not supported: %(type)s.") % {"type": type_[:40]})
    if element.find(".//file") is not None:
        raise Unfit(_("It holds what the bank cannot keep (%(tag)s); only text is taken.") % {"tag": "<file>"})
    single = (element.findtext("single") or "true").strip().lower() in {"true", "1"}
    weighted, remarks = [], [_words(element.find("generalfeedback"))]
    for answer in element.iter("answer"):
        words = _words(answer)
        weighted.append((words, _fraction(answer)))
        if feedback := _words(answer.find("feedback")):
            remarks.append(f"{words}: {feedback}")
    kind, options = options_of(weighted, single=single)
    facts = QuestionFacts(
        text=_words(element.find("questiontext")),
        options=options,
        kind=kind,
        category=category,
        explanation="\n".join(remark for remark in remarks if remark),
    )
    return with_tags(facts, (_text(tag) for tag in element.iterfind("tags/tag")))


def _fraction(answer: Element) -> float:
    raw = answer.get("fraction") or "0"
    try:
        weight = float(raw)
    except ValueError as error:
        raise Unfit(_("“%(value)s” is no weight of an answer.") % {"value": raw[:20]}) from error
    if not -100 <= weight <= 100:  # also what is no number: nan
        raise Unfit(_("“%(value)s” is no weight of an answer.") % {"value": raw[:20]})
    return weight


def _text(element: Element | None) -> str:
    return (element.findtext("text") or "") if element is not None else ""


def _words(element: Element | None) -> str:
    """The text of an element as plain text; HTML is the format where none is given."""
    if element is None:
        return ""
    text = _text(element)
    return text.strip() if element.get("format") in _PLAIN else plain_text(text)


def write_moodle(questions: Iterable[tuple[str, QuestionFacts]]) -> bytes:
    """Return a Moodle XML file of (name, question), by category in the order given; `read_moodle` reads it back."""
    quiz = Element("quiz")
    category = None
    for name, facts in questions:
        if facts.category != category:
            category = facts.category
            head = SubElement(quiz, "question", {"type": "category"})
            SubElement(SubElement(head, "category"), "text").text = path_of(category)
        _write(quiz, name, facts)
    indent(quiz)
    content: bytes = tostring(quiz, encoding="utf-8", xml_declaration=True)
    return content


def _write(quiz: Element, name: str, facts: QuestionFacts) -> None:
    question = SubElement(quiz, "question", {"type": "multichoice"})
    SubElement(SubElement(question, "name"), "text").text = name
    _html(question, "questiontext", facts.text)
    _html(question, "generalfeedback", facts.explanation)
    SubElement(question, "defaultgrade").text = "1"
    SubElement(question, "single").text = "false" if facts.kind == QuestionKind.MULTIPLE else "true"
    SubElement(question, "shuffleanswers").text = "true"
    SubElement(question, "answernumbering").text = "ABCD"
    for option, weight in zip(facts.options, weights_of(facts.kind, facts.options), strict=True):
        _html(question, "answer", option.text, fraction=weight)
    tags = SubElement(question, "tags")
    for tag in tags_of(facts):
        SubElement(SubElement(tags, "tag"), "text").text = tag


def _html(parent: Element, name: str, text: str, **attributes: str) -> None:
    element = SubElement(parent, name, {**attributes, "format": "html"})
    SubElement(element, "text").text = html_of(text) if text else ""
