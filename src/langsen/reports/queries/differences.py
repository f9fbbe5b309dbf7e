"""What changed between two versions of a report: words of each section, and numbers."""

import difflib
import re
from dataclasses import dataclass
from typing import Literal

from langsen.reports.models import Report, ReportSection
from langsen.reports.queries.numbers import held_numbers, number_name, same_number
from langsen.reports.queries.texts import printed_text
from langsen.reports.text.printing import EMPTY, printed

_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True)
class Piece:
    """A stretch of text that stands in both versions, only in the earlier, or only in the later."""

    kind: Literal["same", "gone", "new"]
    text: str


@dataclass(frozen=True)
class SectionDifference:
    position: int
    heading: tuple[Piece, ...]
    pieces: tuple[Piece, ...]
    is_changed: bool


@dataclass(frozen=True)
class NumberDifference:
    """A number in both versions, "–" where one lacks it."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Differences:
    sections: tuple[SectionDifference, ...]
    numbers: tuple[NumberDifference, ...]

    @property
    def is_empty(self) -> bool:
        return not self.numbers and not any(section.is_changed for section in self.sections)


def differences(report: Report, earlier: Report) -> Differences:
    """Return what is different in `report` from `earlier`, numbers printed; every section is listed."""
    return Differences(tuple(_sections(report, earlier)), tuple(_numbers(report, earlier)))


def _sections(report: Report, earlier: Report) -> list[SectionDifference]:
    after = {section.position: section for section in report.kept_sections}
    before = {section.position: section for section in earlier.kept_sections}
    found = []
    for position in sorted(after.keys() | before.keys()):
        old, new = before.get(position), after.get(position)
        heading = words_changed(old.heading if old else "", new.heading if new else "")
        pieces = words_changed(_text(old, earlier), _text(new, report))
        changed = any(piece.kind != "same" for piece in (*heading, *pieces))
        found.append(SectionDifference(position, heading, pieces, changed))
    return found


def _text(section: ReportSection | None, report: Report) -> str:
    return printed_text(section.body, report) if section else ""


def words_changed(before: str, after: str) -> tuple[Piece, ...]:
    """Return both texts as one row of pieces, word by word: without the new ones it is `before`, without the gone ones
    `after`.
    """
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    pieces: list[Piece] = []
    for kind, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", "".join(old[i1:i2])))
            continue
        if i2 > i1:
            pieces.append(Piece("gone", "".join(old[i1:i2])))
        if j2 > j1:
            pieces.append(Piece("new", "".join(new[j1:j2])))
    return tuple(pieces)


def _numbers(report: Report, earlier: Report) -> list[NumberDifference]:
    after, before = held_numbers(report), held_numbers(earlier)
    found = []
    for key in dict.fromkeys([*before, *after]):
        old, new = before.get(key), after.get(key)
        if old is not None and new is not None and same_number(old, new):
            continue
        found.append(
            NumberDifference(
                number_name(*key), printed(old).text if old else EMPTY, printed(new).text if new else EMPTY
            )
        )
    return found
