"""Aiken (docs.moodle.org, "Aiken format"): a question, answers by letters, a line ANSWER. Read only.

Beyond the format: the question may have several lines, and "ANSWER: A, C" names several right answers.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from langsen.contests.quizzes.enums import QuestionKind
from langsen.contests.quizzes.facts import Option, QuestionFacts
from langsen.contests.quizzes.formats.items import Item, Unfit

_OPTION = re.compile(r"^\s*([A-Za-z])\s*[.)]\s*(.*)$")
_ANSWER = re.compile(r"^\s*ANSWER\s*:\s*(.*)$", re.IGNORECASE)


@dataclass
class _Draft:
    line: int = 0
    text: list[str] = field(default_factory=list)
    options: list[tuple[str, str]] = field(default_factory=list)


def read_aiken(text: str) -> Iterator[Item]:
    """Yield the questions of an Aiken file; a blank line or a line ANSWER ends one, so a bad one spoils no other."""
    draft = _Draft()
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        answer = _ANSWER.match(line)
        if answer or (not line.strip() and (draft.text or draft.options)):
            yield _item(draft, answer.group(1) if answer else None, number)
            draft = _Draft()
        elif line.strip():
            draft.line = draft.line or number
            option = _OPTION.match(line)
            if option and draft.text:
                draft.options.append((option.group(1).upper(), option.group(2).strip()))
            elif draft.options:
                letter, words = draft.options[-1]
                draft.options[-1] = (letter, f"{words}\n{line.strip()}")
            else:
                draft.text.append(line.strip())


def _item(draft: _Draft, answer: str | None, number: int) -> Item:
    name = (draft.text or [""])[0][:80]
    try:
        return Item(draft.line or number, name, facts=_facts(draft, answer))
    except Unfit as reason:
        return Item(draft.line or number, name, fault=str(reason))


def _facts(draft: _Draft, answer: str | None) -> QuestionFacts:
    if not draft.text:
        raise Unfit(_("A line ANSWER stands here without a question above it."))
    if not draft.options:
        raise Unfit(_("No answers (A. …, B. …) follow this text."))
    if answer is None:
        raise Unfit(_("The line “ANSWER: …” is missing."))
    letters = [letter for letter, _words in draft.options]
    if letters != [chr(ord("A") + place) for place in range(len(letters))]:
        raise Unfit(
            _("The answers are lettered %(letters)s; A, B, C … in order is expected.") % {"letters": ", ".join(letters)}
        )
    right = set(re.findall(r"[A-Z]", answer.upper()))
    if not re.fullmatch(r"\s*[A-Za-z](\s*[,; ]\s*[A-Za-z])*\s*", answer) or not right <= set(letters):
        raise Unfit(_("“ANSWER: %(answer)s” names no answer of this question.") % {"answer": answer.strip()[:40]})
    options = tuple(Option(words, letter in right) for letter, words in draft.options)
    kind = QuestionKind.SINGLE if len(right) == 1 else QuestionKind.MULTIPLE
    return QuestionFacts(text="\n".join(draft.text), options=options, kind=kind)
