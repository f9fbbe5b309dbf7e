"""Reports and the tree: what an operation leaves open, and which fixed reports it reaches back into."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet

from langsen.foundation.audit.services import record
from langsen.foundation.figures.enums import Reading
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
    """Return the fixed reports that an operation on these units with effect from a day may contradict.

    They cover one of the units, their own or one that stood above it on that day or the day before, and their period
    reaches to the day or past it; one by today's organisation whatever its period. They stay as they are; what changes
    is only that their sources say something else. The same before the operation and after it.
    """
    around = OrgClosure.objects.filter(descendant__in=list(unit_ids))
    above = around.filter(during__endswith__isnull=True) | around.filter(during__endswith__gte=effective_on)
    covering = Q(org_unit__in=above.values("ancestor")) | Q(org_unit__in=list(unit_ids))
    reaching = Q(last_on__gte=effective_on) | Q(reading=Reading.TODAY)
    fixed = Report.objects.filter(covering, reaching, status__in=FIXED)
    return fixed.select_related("org_unit", "outline").order_by("-last_on", "-id")
