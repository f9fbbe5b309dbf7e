"""What keeps a draft from being signed, in clear words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from langsen.foundation.core.periods import today
from langsen.foundation.core.text import day_text
from langsen.foundation.figures.engine import Value
from langsen.reports.models import Report, ReportNumber, ReportSection
from langsen.reports.queries.numbers import (
    Key,
    Unreadable,
    changed_numbers,
    held_numbers,
    keys_of,
    number_name,
    printed_token,
    read_numbers,
)
from langsen.reports.text.openings import is_unwritten
from langsen.reports.text.printing import EMPTY
from langsen.reports.text.tokens import broken_in, tokens_in
from langsen.reports.text.typed import malformed_in


@dataclass(frozen=True)
class Problem:
    """One thing to be mended; `section` is where, None for the report as a whole."""

    message: str
    section: ReportSection | None = None


def problems_before_signing(report: Report) -> list[Problem]:
    """Return everything that keeps the report from being signed; nothing means it may go.

    A required section is empty; a rounding contradicts its number; a number cannot be read, has no base, is written
    wrongly, or its source says something else by now; the period is not over.
    """
    held = held_numbers(report)
    missing = read_numbers(report, [key for key in keys_of(report) if key not in held])
    found = [Problem(message) for message in _of_period(report)]
    for section in report.kept_sections:
        messages = [*_of_wording(section), *_of_tokens(section, held, missing)]
        found += [Problem(message, section) for message in dict.fromkeys(messages)]
    return found + [Problem(message) for message in _of_sources(report)]


def _of_wording(section: ReportSection) -> Iterator[str]:
    if section.is_required and is_unwritten(section.body):
        yield _("“%(heading)s” must be written: headings and lines in square brackets say nothing yet.") % {
            "heading": section.heading
        }
    for broken in broken_in(section.body):
        yield broken.message
    for number in malformed_in(section.body):
        yield (
            _("“%(number)s” is no number: groups have three digits (8.198), decimals a comma (57,6).")
            % {"number": number}
        )


def _of_tokens(
    section: ReportSection, held: Mapping[Key, ReportNumber], missing: Mapping[Key, Value | Unreadable]
) -> Iterator[str]:
    for token in tokens_in(section.body):
        printed, now = printed_token(token, held), missing.get(token.key)
        if isinstance(now, Unreadable):
            yield now.message
        elif printed.problem:
            yield printed.problem
        elif printed.text == EMPTY:
            name = number_name(*token.key)
            yield _("The base of %(name)s is 0, so there is no ratio. Take the sentence out.") % {"name": name}


def _of_period(report: Report) -> list[str]:
    if report.last_on < today():
        return []
    return [
        _(
            "The period ends on %(day)s; the numbers cannot be fixed before it is over. Go on drafting, or end the "
            "period of this report earlier."
        )
        % {"day": day_text(report.last_on)}
    ]


def _of_sources(report: Report) -> list[str]:
    return [
        change.problem
        or _("%(name)s: the report says %(held)s, its source now says %(live)s. Update the number.")
        % {"name": change.name, "held": change.held, "live": change.live}
        for change in changed_numbers(report)
    ]
