"""What an operation on the tree means for reports, for its preview: under way, owed, contradicted."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from langsen.foundation.core.text import day_text, number_text
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.reorganisation.changes import Change
from langsen.foundation.reorganisation.previews import Entry, Section, section
from langsen.reports.enums import SEEN_ABOVE
from langsen.reports.hooks import open_reports, submitted_reports_touched
from langsen.reports.models import Report
from langsen.reports.queries.calls import duties_of_units
from langsen.reports.queries.numbers import changed_numbers

_MOST_COMPARED = 20  # reports whose numbers are reckoned on both sides; of more only their number is said

_Said = Mapping[int, frozenset[tuple[str, str]]]  # by report: what its numbers and their sources say


def on_reorganised(changes: Sequence[Change]) -> Iterator[Section | Callable[[], Section | None]]:
    """Return the reports under way in ending units, those they still owe, and fixed reports whose sources change."""
    for change in changes:
        if change.predecessors:
            yield _under_way(change)
            yield _owed(change)
    touched = _touched(changes)
    yield partial(_contradicted, touched, _said(touched[:_MOST_COMPARED]))


def _under_way(change: Change) -> Section:
    entries = [
        Entry(report.subject, f"{report.org_unit.name}, {report.get_status_display()}")
        for report in open_reports(change.predecessors)
    ]
    return section(
        "reports_open",
        _("Reports of a unit that ends, not yet sent"),
        entries,
        note=_("They stay with it; people of the unit that takes over finish and send them, or give them up."),
        tone="warn",
    )


def _owed(change: Change) -> Section:
    duties = duties_of_units([unit.pk for unit in change.predecessors])
    waiting = [duty for duty in duties if duty.state in ("waiting", "overdue")]
    entries = [
        Entry(f"{day_text(duty.due_on)} – {duty.call}", duty.unit.name, duty.call.get_absolute_url())
        for duty in sorted(waiting, key=lambda duty: (duty.due_on, duty.call.pk, duty.unit.pk))
    ]
    return section(
        "reports_due",
        _("Reports a unit that ends still owes from before its last day"),
        entries,
        note=_("What is due from the day on, it owes no more: who exists on that day does."),
        tone="warn",
    )


def _touched(changes: Sequence[Change]) -> list[Report]:
    units = OrgUnit.objects.filter(changes__in=[change.change for change in changes]).distinct()
    ids = list(units.values_list("pk", flat=True))
    return list(submitted_reports_touched(ids, min(change.effective_on for change in changes)))


def _said(reports: Sequence[Report]) -> _Said:
    return {
        report.pk: frozenset((change.name, change.problem or change.live) for change in changed_numbers(report))
        for report in reports
    }


def _contradicted(touched: Sequence[Report], after: _Said) -> Section:
    """Called on the store as it is without the operation: a report whose sources say something else is an entry."""
    known = {report.pk: report for report in Report.objects.filter(pk__in=after).select_related("org_unit", "outline")}
    before = _said(list(known.values()))
    entries = []
    for report in touched[:_MOST_COMPARED]:
        names = sorted({name for name, _live in after[report.pk] ^ before.get(report.pk, frozenset())})
        if names:
            href = report.get_absolute_url() if report.status in SEEN_ABOVE else ""
            entries.append(Entry(f"{report.org_unit.name}: {report.subject}", "; ".join(names), href))
    left = len(touched) - _MOST_COMPARED
    note = _("An issued report stays as it is; its page shows what its sources say now. A correction is a new report.")
    if left > 0:
        words = ngettext("%(count)s more was not reckoned.", "%(count)s more were not reckoned.", left)
        note = f"{note} {words % {'count': number_text(left)}}"
    return section("reports_touched", _("Issued reports whose sources would change"), entries, note=note, tone="warn")
