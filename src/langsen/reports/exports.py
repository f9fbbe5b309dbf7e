"""Excel out of the lists of reports."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from langsen.foundation.core.periods import today
from langsen.foundation.core.sheets.kinds import Column, ColumnKind
from langsen.foundation.core.sheets.writing import write_sheet
from langsen.foundation.core.text import day_text, number_text
from langsen.reports.models import Report, ReportCall
from langsen.reports.queries.calls import Duty

MOST_ROWS = 50_000

_UNIT = (Column("code", gettext_lazy("Unit code"), width=14), Column("unit", gettext_lazy("Unit"), width=36))
REPORT_COLUMNS = (
    *_UNIT,
    Column("subject", gettext_lazy("Report"), width=60),
    Column("kind", gettext_lazy("Kind"), width=22),
    Column("first_on", gettext_lazy("From day"), ColumnKind.DAY, width=12),
    Column("last_on", gettext_lazy("To day"), ColumnKind.DAY, width=12),
    Column("number", gettext_lazy("Number"), width=18),
    Column("signed_on", gettext_lazy("Day signed"), ColumnKind.DAY, width=12),
    Column("signed_by", gettext_lazy("Signatory"), width=26),
    Column("status", gettext_lazy("State"), width=20),
)
DUTY_COLUMNS = (
    *_UNIT,
    Column("due_on", gettext_lazy("Due on"), ColumnKind.DAY, width=12),
    Column("state", gettext_lazy("State"), width=20),
    Column("number", gettext_lazy("Number"), width=18),
    Column("signed_on", gettext_lazy("Day signed"), ColumnKind.DAY, width=12),
)


def reports_sheet(reports: QuerySet[Report]) -> bytes:
    """Return the list as a workbook."""
    rows = list(reports[: MOST_ROWS + 1])
    notes = [_("As of %(day)s; %(count)s reports.") % {"day": day_text(today()), "count": number_text(len(rows))}]
    if len(rows) > MOST_ROWS:
        notes = [_("Only the first %(count)s reports. Narrow the list for the rest.") % {"count": MOST_ROWS}]
    values = (
        [
            row.org_unit.code,
            row.org_unit.name,
            row.subject,
            str(row.get_kind_display()),
            row.first_on,
            row.last_on,
            row.signed_number,
            row.signed_on,
            row.signed_by,
            str(row.get_status_display()),
        ]
        for row in rows[:MOST_ROWS]
    )
    return write_sheet(REPORT_COLUMNS, values, title=_("Reports"), notes=notes)


def duties_sheet(call: ReportCall, duties: Iterable[Duty], words: dict[str, str]) -> bytes:
    """Return who was asked and what came, as a workbook. A draft below is not named."""
    values = (
        [
            duty.unit.code,
            duty.unit.name,
            duty.due_on,
            words[duty.state],
            duty.report.signed_number if duty.report and duty.report.sent_at else "",
            duty.report.signed_on if duty.report and duty.report.sent_at else None,
        ]
        for duty in duties
    )
    notes = [f"{call.outline.name}, {call.period}", _("As of %(day)s.") % {"day": day_text(today())}]
    return write_sheet(DUTY_COLUMNS, values, title=_("Units asked for a report"), notes=notes)
