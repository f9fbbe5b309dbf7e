"""What changed from one wording of a question to the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from langsen.contests.quizzes.facts import LETTERS
from langsen.contests.quizzes.models import QuestionVersion

SAME, GONE, NEW = "same", "gone", "new"


@dataclass(frozen=True)
class Difference:
    """A part of a question that reads otherwise; `parts` are (same, gone or new; words) in order."""

    label: str | Promise
    parts: tuple[tuple[str, str], ...]


def differences(older: QuestionVersion, newer: QuestionVersion) -> list[Difference]:
    """Return the parts of a question in which two versions differ, word by word."""
    pairs = zip(_shown(older), _shown(newer), strict=True)
    return [Difference(label, _compared(before, after)) for (label, before), (_same, after) in pairs if before != after]


def _shown(version: QuestionVersion) -> list[tuple[str, str]]:
    lines = [
        f"{letter}. {option['text']}" + (f" ({_('right')})" if option["right"] else "")
        for letter, option in zip(LETTERS, version.options, strict=False)
    ]
    return [
        (_("Question"), version.text),
        (_("Kind"), version.get_kind_display()),
        (_("Answers"), "\n".join(lines)),
        (_("Difficulty"), version.get_difficulty_display()),
        (_("Theme"), version.theme),
        (_("Explanation"), version.explanation),
        (_("Source"), version.source),
    ]


def _compared(before: str, after: str) -> tuple[tuple[str, str], ...]:
    old, new = _words(before), _words(after)
    parts: list[tuple[str, str]] = []
    for tag, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append((SAME, "".join(old[start:end])))
            continue
        if start < end:
            parts.append((GONE, "".join(old[start:end])))
        if new_start < new_end:
            parts.append((NEW, "".join(new[new_start:new_end])))
    return tuple(parts)


def _words(text: str) -> Sequence[str]:
    """Words with the blank or line break behind each, so that joined they are the text again."""
    found, word = [], ""
    for letter in text:
        word += letter
        if letter in " \n":
            found.append(word)
            word = ""
    return [*found, word] if word else found
