"""A draft that is stored nowhere: the sentences of an outline with the figures of this moment."""

from collections.abc import Mapping
from dataclasses import dataclass

from langsen.foundation.core.periods import Period
from langsen.foundation.core.text import fold
from langsen.foundation.figures.engine import Value
from langsen.foundation.orgs.models import OrgUnit
from langsen.reports import rules
from langsen.reports.appendix import appendix_xlsx, entries_of
from langsen.reports.document import Content, docx_that_says
from langsen.reports.models import Outline, Report
from langsen.reports.queries.numbers import Key, Unreadable, appendix_lines, printed_token, read_numbers
from langsen.reports.text.printing import DENOMINATOR, NUMERATOR
from langsen.reports.text.tokens import Token, tokens_in


@dataclass(frozen=True)
class Bound:
    """A number of the draft: its value as figures give it, and as it stands printed in the document."""

    code: str
    value: int | float | None
    printed: str


@dataclass(frozen=True)
class Draft:
    report: Report
    content: Content
    values: Mapping[Key, Value]

    @property
    def docx(self) -> bytes:
        return docx_that_says(self.report, self.content)

    @property
    def xlsx(self) -> bytes:
        return appendix_xlsx(self.report, self.content.appendix)

    @property
    def bound(self) -> list[Bound]:
        """The numbers of text and appendix, one for each figure and unit as the report holds it."""
        forms = {
            token.key: token
            for _heading, body in reversed(self.content.sections)
            for token in reversed(tokens_in(body))
            if token.form not in (NUMERATOR, DENOMINATOR)
        }
        return [
            Bound(
                f"{code}@{unit_code}" if unit_code else code,
                value.value,
                printed_token(forms.get((code, unit_code), Token(code, unit_code)), self.values).text,
            )
            for (code, unit_code), value in self.values.items()
        ]


def draft_of(outline: Outline, org_unit: OrgUnit, period: Period, layout: str = "") -> Draft:
    """Return the draft a unit would begin with; nothing is stored.

    Raises:
        BadInput: the period does not fit the unit.
    """
    rules.check_period(org_unit, period)
    subject = rules.filled(outline.subject, org_unit, period)[:400]
    report = Report(
        outline=outline,
        org_unit=org_unit,
        first_on=period.first,
        last_on=period.last,
        layout=layout or outline.layout,
        subject=subject,
        folded=fold(subject)[:400],
    )
    sections = [
        (rules.filled(section.heading, org_unit, period), rules.filled(section.body, org_unit, period))
        for section in outline.sections.all()
    ]
    keys = [token.key for _heading, body in sections for token in tokens_in(body)]
    keys += [(line.code, "") for line in outline.figures.all()]
    found = read_numbers(report, dict.fromkeys(keys))
    read = {key: found[key] for key in dict.fromkeys(keys)}
    values = {key: value for key, value in read.items() if not isinstance(value, Unreadable)}
    return Draft(report, Content(sections, values, entries_of(appendix_lines(report, values))), values)
