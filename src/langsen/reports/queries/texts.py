"""What stands around a draft: numbers typed by hand, what lower units wrote, what repeats the last report."""

import re
from dataclasses import dataclass

from langsen.foundation.core.errors import NotFound
from langsen.foundation.core.text import clean
from langsen.foundation.figures.catalogue import all_figures
from langsen.foundation.figures.engine import Value
from langsen.foundation.orgs.models import OrgPlacement, OrgUnit
from langsen.reports.enums import FIXED, SEEN_ABOVE, ReportKind
from langsen.reports.models import Report, ReportNumber, ReportSection
from langsen.reports.queries.numbers import figure_name, held_numbers, number_name, printed_token, read_numbers
from langsen.reports.text.printing import printed
from langsen.reports.text.tokens import Broken, Token, parse, tokens_in
from langsen.reports.text.typed import Candidate, TypedNumber, typed_numbers

_SENTENCE = re.compile(r"[^.;!?\n]+(?:[.;!?](?=\s|$)|[.](?=\d)[^.;!?\n]*)*")
_LONG_ENOUGH = 40  # letters; shorter sentences repeat because there is only one way to say them


@dataclass(frozen=True)
class LowerNumber:
    """A number in what a lower unit wrote."""

    name: str
    printed: str
    number: ReportNumber


@dataclass(frozen=True)
class LowerText:
    """What a unit directly below wrote in the same section, with its numbers printed."""

    report: Report
    unit: OrgUnit
    heading: str
    text: str
    numbers: tuple[LowerNumber, ...]


@dataclass(frozen=True)
class Repeated:
    """Sentences of a section that stood in the unit's last report in the same words; `whole`: all of them did."""

    section: ReportSection
    sentences: tuple[str, ...]
    whole: bool
    before: Report


def candidates_for(report: Report) -> list[Candidate]:
    """Return every figure of the report's unit with its value: what a typed number may be. Held values come first."""
    held = held_numbers(report)
    own = [(figure.code, "") for figure in all_figures()]
    live = read_numbers(report, [key for key in own if key not in held])
    found = [Candidate(Token(*key), number_name(*key), number) for key, number in held.items()]
    return found + [
        Candidate(Token(*key), figure_name(key[0]), value) for key, value in live.items() if isinstance(value, Value)
    ]


def typed_in(report: Report) -> dict[int, list[TypedNumber]]:
    """Return, by position of the section, the numbers typed by hand with the figure each may be.

    Figures are reckoned only when there is such a number.
    """
    sections = report.kept_sections
    if not any(typed_numbers(section.body) for section in sections):
        return {}
    candidates = candidates_for(report)
    found = {section.position: typed_numbers(section.body, candidates) for section in sections}
    return {position: numbers for position, numbers in found.items() if numbers}


def lower_texts(report: Report, position: int) -> list[LowerText]:
    """Return what the units directly below wrote in this section of the same outline, in reports already sent.

    Of reports that were replaced the newest counts; the period need only touch this one.
    """
    section = _section_at(report, position)
    below = OrgPlacement.objects.filter(parent=report.org_unit, during__overlap=report.period.range).values("org_unit")
    replaced = Report.objects.filter(kind=ReportKind.REPLACEMENT, status__in=SEEN_ABOVE)
    sent = (
        Report.objects.filter(
            org_unit__in=below,
            outline__code=report.outline.code,
            status__in=SEEN_ABOVE,
            first_on__lte=report.last_on,
            last_on__gte=report.first_on,
        )
        .exclude(pk__in=replaced.values("answers"))
        .select_related("org_unit", "outline")
        .prefetch_related("sections", "numbers")
        .order_by("org_unit__sort_key", "id")
    )
    return [
        _lower(lower, wrote)
        for lower in sent
        for wrote in lower.kept_sections
        if wrote.position == section.position and wrote.body.strip()
    ]


def repeated_text(report: Report) -> list[Repeated]:
    """Return what repeats the unit's last report of this outline in the same words.

    Sentences of the outline itself and such that hold a bound number are left aside: they are meant to come again.
    """
    before = _report_before(report)
    if before is None:
        return []
    outline = {text for section in report.outline.sections.all() for text in _sentences(section.body)}
    written = {text for section in before.kept_sections for text in _sentences(section.body)}
    found = []
    for section in report.kept_sections:
        own = [text for text in _sentences(section.body) if text not in outline]
        same = tuple(text for text in own if text in written)
        if same:
            found.append(Repeated(section, same, len(same) == len(own), before))
    return found


def printed_text(body: str, report: Report) -> str:
    """Return a text with its numbers printed in place of the tokens."""
    held = held_numbers(report)
    return "".join(
        printed_token(piece, held).text
        if isinstance(piece, Token)
        else (piece.text if isinstance(piece, Broken) else piece)
        for piece in parse(body)
    )


def _lower(report: Report, section: ReportSection) -> LowerText:
    held = held_numbers(report)
    numbers = tuple(
        LowerNumber(number_name(*token.key), printed(held[token.key]).text, held[token.key])
        for token in {token.key: token for token in tokens_in(section.body)}.values()
        if token.key in held
    )
    return LowerText(report, report.org_unit, section.heading, printed_text(section.body, report), numbers)


def _section_at(report: Report, position: int) -> ReportSection:
    section = report.sections.filter(position=position).first()
    if section is None:
        raise NotFound(position)
    return section


def _report_before(report: Report) -> Report | None:
    earlier = Report.objects.filter(
        org_unit=report.org_unit, outline__code=report.outline.code, status__in=FIXED, last_on__lt=report.last_on
    )
    return earlier.prefetch_related("sections").order_by("-last_on", "-id").first()


def _sentences(body: str) -> list[str]:
    """Return the sentences long enough to be a choice of words, without headings and bound numbers."""
    lines = [line.strip().removeprefix("- ") for line in body.splitlines() if not line.startswith("## ")]
    found = [clean(text) for line in lines for text in _SENTENCE.findall(line)]
    return [text for text in found if len(text) >= _LONG_ENOUGH and "{" not in text]
