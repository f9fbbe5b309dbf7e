"""QTI 2.1 and 3.0 (1EdTech): items with one choice interaction. Read only; here the versions differ in names alone."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from langsen.contests.quizzes.enums import QuestionKind
from langsen.contests.quizzes.facts import Option, QuestionFacts
from langsen.contests.quizzes.formats.html import plain_text
from langsen.contests.quizzes.formats.items import Item, Unfit
from langsen.contests.quizzes.formats.xml import attribute, line_of, plain_name

ITEM = "assessmentitem"
_CHOICE = "choiceinteraction"
_FEEDBACK = frozenset({"feedbackblock", "feedbackinline", "rubricblock"})


def read_qti(root: Element) -> Iterator[Item]:
    """Yield the items below `root`; those with other interactions carry their names as the reason."""
    for element in root.iter():
        if isinstance(element.tag, str) and plain_name(element) == ITEM:
            yield _item(element)


def _item(element: Element) -> Item:
    name = (attribute(element, "title") or attribute(element, "identifier"))[:80]
    try:
        return Item(line_of(element), name, facts=_facts(element))
    except Unfit as reason:
        return Item(line_of(element), name, fault=str(reason))


def _facts(item: Element) -> QuestionFacts:
    body = _only(item, "itembody")
    names = [plain_name(one) for one in item.iter() if plain_name(one).endswith("interaction")]
    if names != [_CHOICE]:
        shown = ", ".join(sorted(set(names))) or _("a text without answers (description)")
        if set(names) == {_CHOICE}:
            shown = _("several questions in one item")
        raise Unfit(_("Not supported: %(type)s.") % {"type": shown})
    interaction = next(one for one in body.iter() if plain_name(one) == _CHOICE)
    right, multiple = _right(item, attribute(interaction, "responseidentifier"))
    choices = [one for one in interaction.iter() if plain_name(one) == "simplechoice"]
    known = {attribute(choice, "identifier") for choice in choices}
    if not right <= known:
        raise Unfit(_("The right answer “%(answer)s” is none of the answers.") % {"answer": min(right - known)[:40]})
    options = tuple(Option(_words(choice), attribute(choice, "identifier") in right) for choice in choices)
    asked = [_words(body, leave=interaction)]
    asked += [_words(one) for one in interaction if plain_name(one) == "prompt"]
    kind = QuestionKind.MULTIPLE if multiple else QuestionKind.SINGLE
    return QuestionFacts(text="\n".join(part for part in asked if part), options=options, kind=kind)


def _right(item: Element, identifier: str) -> tuple[set[str], bool]:
    """The identifiers of the right answers, and whether several may be chosen."""
    for declaration in item:
        if plain_name(declaration) == "responsedeclaration" and attribute(declaration, "identifier") == identifier:
            correct = [one for one in declaration.iter() if plain_name(one) == "correctresponse"]
            values = {(value.text or "").strip() for one in correct for value in one if plain_name(value) == "value"}
            if not values:
                raise Unfit(_("No answer is marked as right."))
            return values, attribute(declaration, "cardinality") == "multiple"
    raise Unfit(_("No answer is marked as right."))


def _only(item: Element, name: str) -> Element:
    found = [one for one in item if plain_name(one) == name]
    if len(found) != 1:
        raise Unfit(_("The item has no text."))
    return found[0]


def _words(element: Element, *, leave: Element | None = None) -> str:
    """The words of an element as plain text, without feedback and without `leave`."""
    return plain_text("".join(_markup(element, leave)))


def _markup(element: Element, leave: Element | None) -> Iterator[str]:
    """The element's content as simple HTML; text is escaped, so that only real elements count as such."""
    yield _escaped(element.text)
    for child in element:
        if child is not leave and isinstance(child.tag, str) and plain_name(child) not in _FEEDBACK:
            yield f"<{plain_name(child)}>"
            yield from _markup(child, leave)
            yield f"</{plain_name(child)}>"
        yield _escaped(child.tail)


def _escaped(text: str | None) -> str:
    return (text or "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
