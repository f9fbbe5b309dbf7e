"""Reports and the tree: what an operation leaves open, and which fixed reports it reaches back into."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet

from langsen.foundation.audit.services import record
from langsen.foundation.core.text import day_text
from langsen.foundation.orgs.models import OrgClosure, OrgUnit
from langsen.foundation.reorganisation.changes import Change
from langsen.reports.enums import FIXED, ReportStatus
from langsen.reports.models import Report

_OPEN = (ReportStatus.DRAFT, ReportStatus.SIGNING, ReportStatus.ISSUED, ReportStatus.SUPPLEMENT_ASKED)


def on_reorganised(change: Change) -> None:
    """Leave open reports of an ending unit with it, and say so in their history.

    A report is one unit's word about one period: nothing moves silently. People of the unit's heir (its home of today)
    see the draft, finish and send it, or give it up (`rules.own_unit_ids`).
    """
    for report in open_reports(change.predecessors):
        heirs = ", ".join(unit.name for unit in change.successors)
        record("report.unit_ended", report, by=change.by, data={"on": change.effective_on, "successors": heirs})


def open_reports(units: Collection[OrgUnit]) -> QuerySet[Report]:
    """Return the reports of these units that are on their way: what an operation on the tree leaves to be finished."""
    return Report.objects.filter(org_unit__in=units, status__in=_OPEN).select_related("org_unit").order_by("id")


def submitted_reports_touched(unit_ids: Collection[int], effective_on: date) -> QuerySet[Report]:
    """Return the fixed reports that an operation on these units with effect from a day would contradict.

    Their period reaches to that day or past it, and they cover one of the units: their own, or below theirs. They stay
    as they are; what changes is only that their sources say something else.
    """
    above = OrgClosure.objects.filter(
        descendant__in=list(unit_ids), during__endswith__isnull=True
    ) | OrgClosure.objects.filter(descendant__in=list(unit_ids), during__endswith__gt=effective_on)
    return (
        Report.objects.filter(
            Q(org_unit__in=above.values("ancestor")) | Q(org_unit__in=list(unit_ids)),
            status__in=FIXED,
            last_on__gte=effective_on,
        )
        .select_related("org_unit", "outline")
        .order_by("-last_on", "-id")
    )


def touched_words(report: Report) -> str:
    """Return the line a preview shows for such a report."""
    return f"{report.subject} ({report.signed_number}, {day_text(report.signed_on)})"
