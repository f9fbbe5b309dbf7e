"""A report as its pages draw it: paragraphs whose numbers open their lists, the letterhead, the appendix."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from langsen.foundation.core.periods import today
from langsen.foundation.figures.engine import Asked
from langsen.foundation.figures.enums import Reading
from langsen.foundation.orgs.models import OrgUnit
from langsen.reporting.queries import address
from langsen.reports.document import Content, sections_printed
from langsen.reports.models import Report
from langsen.reports.queries.numbers import Key, figure_name, figure_named, printed_token
from langsen.reports.text.lines import Span, lines_of
from langsen.reports.text.openings import is_opening
from langsen.reports.text.printing import DENOMINATOR, Number, printed, vietnamese_number
from langsen.reports.text.tokens import Token

_TYPED_ARABIC = re.compile(r"^\d+\s*[.\-–/)]\s*")
BLANK = "\u00a0" * 4  # room for the day to be written in


@dataclass(frozen=True)
class DrawnSpan:
    """A piece of a paragraph; a number has its list, and words where it changed or does not fit."""

    text: str
    bold: bool = False
    italic: bool = False
    is_number: bool = False
    href: str = ""
    is_stale: bool = False
    title: str = ""


@dataclass(frozen=True)
class DrawnLine:
    kind: str
    spans: tuple[DrawnSpan, ...]

    @property
    def is_opening(self) -> bool:
        """Whether it only says what is to be written."""
        return is_opening("".join(span.text for span in self.spans))


class Drawing:
    """Draws the texts of one report; `names_only` for an outline without a unit, whose numbers have no value."""

    def __init__(
        self,
        report: Report,
        numbers: Mapping[Key, Number],
        stale: Mapping[Key, str] | None = None,
        *,
        names_only: bool = False,
    ) -> None:
        self.report, self.numbers, self.stale, self.names_only = report, numbers, stale or {}, names_only
        codes = {unit_code for _code, unit_code in numbers if unit_code}
        self.units = {unit.code: unit for unit in OrgUnit.objects.filter(code__in=codes)} if codes else {}

    def lines(self, body: str) -> list[DrawnLine]:
        """Return the paragraphs of a text."""
        return [DrawnLine(line.kind, tuple(self._span(span) for span in line.spans)) for line in lines_of(body)]

    def _span(self, span: Span) -> DrawnSpan:
        if isinstance(span.content, str):
            return DrawnSpan(span.content, span.bold, span.italic)
        token = span.content
        if self.names_only:
            return DrawnSpan(figure_name(token.code), span.bold, span.italic, True)
        shown = printed_token(token, self.numbers)
        change = self.stale.get(token.key, "")
        title = shown.problem or change or figure_name(token.code)
        return DrawnSpan(
            shown.text, span.bold, span.italic, True, self.href(token), bool(change or shown.problem), title
        )

    def href(self, token: Token) -> str:
        """Return the address of the list behind a number; empty where there is none."""
        number = self.numbers.get(token.key)
        if number is None or figure_named(token.code) is None:
            return ""
        unit = self.units.get(token.unit_code) if token.unit_code else self.report.org_unit
        if unit is None:
            return ""
        if not (number.numerator if number.denominator is not None else number.value):
            return ""
        part = "denominator" if token.form == DENOMINATOR else ""
        asked = Asked(unit, self.report.period, Reading(self.report.reading), figures=())
        return f"{reverse('figures:list')}?{address(asked, figure=token.code, part=part)}"


def base_text(number: Number) -> str:
    """Return "588 / 1.021" for a ratio, nothing for other numbers."""
    if number.denominator is None:
        return ""
    return f"{vietnamese_number(number.numerator or 0)} / {vietnamese_number(number.denominator)}"


def drawn_sections(report: Report, content: Content, drawing: Drawing) -> list[dict[str, Any]]:
    """Return the sections as they will print, with numbered headings."""
    return [
        {"heading": heading, "lines": _numbered(drawing.lines(body))}
        for heading, body in sections_printed(report, content.sections)
    ]


def _numbered(lines: list[DrawnLine]) -> list[DrawnLine]:
    """Number the headings inside a section, as the document does; a number typed there gives way."""
    place = 0
    numbered: list[DrawnLine] = []
    for line in lines:
        if line.kind == "heading" and line.spans:
            place += 1
            first, *rest = line.spans
            first = replace(first, text=f"{place}. {_TYPED_ARABIC.sub('', first.text)}")
            numbered.append(DrawnLine(line.kind, (first, *rest)))
        else:
            numbered.append(line)
    return numbered


def appendix_rows(content: Content, drawing: Drawing) -> list[dict[str, Any]]:
    """Return the lines of the appendix, each number opening its list."""
    return [
        {
            "name": figure_name(entry.code),
            "text": printed(entry.number).text,
            "href": drawing.href(Token(entry.code)),
            "base": base_text(entry.number),
        }
        for entry in content.appendix
    ]


def unit_table(content: Content) -> dict[str, Any]:
    """Return the figures of the appendix that stand by unit: a row for each unit, a column for each figure."""
    entries = [entry for entry in content.appendix if len(entry.rows) > 1]
    if not entries:
        return {}
    rows = [
        {"name": row.name, "texts": [printed(entry.rows[place].number).text for entry in entries]}
        for place, row in enumerate(entries[0].rows)
    ]
    return {"heads": [figure_name(entry.code) for entry in entries], "rows": rows}


def dated(report: Report) -> str:
    """Return the day line of the paper; a draft leaves its day open, as typists do."""
    day = report.signed_on
    if day is None:
        return f"ngày{BLANK}tháng{BLANK}năm {today().year}"
    # The rules for documents write days below 10 and the months January and February with a zero.
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def now_words(live: str) -> str:
    """Return “đã đổi: nay là 591”."""
    return _("changed: now %(value)s") % {"value": live}
