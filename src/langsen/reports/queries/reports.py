"""The reports a person may see: a draft is its own unit's, a sent one also theirs above."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import acts_everywhere, units_where
from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import NotFound
from langsen.foundation.core.text import fold
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.orgs.queries import units_below_today
from langsen.reports.enums import SEEN_ABOVE
from langsen.reports.models import Outline, Report, ReportCall
from langsen.reports.rules import own_unit_ids

SORTS = {
    "period": ("last_on", "id"),
    "subject": ("folded", "id"),
    "unit": ("org_unit__sort_key", "last_on", "id"),
    "sent": ("sent_at", "id"),
}


@dataclass(frozen=True)
class ReportFilters:
    """What the list is narrowed to; `unit` with all below it today, `received` what was sent to a unit of theirs."""

    text: str = ""
    unit: OrgUnit | None = None
    status: str = ""
    kind: str = ""
    outline: Outline | None = None
    call: ReportCall | None = None
    received: bool = False
    first: date | None = None
    last: date | None = None


def reports_for(user: User, filters: ReportFilters | None = None) -> QuerySet[Report]:
    """Return the reports `user` may see, the latest period first."""
    reports = Report.objects.select_related("org_unit", "outline", "call", "sent_to").order_by("-last_on", "-id")
    if not acts_everywhere(user):
        own = own_unit_ids(user, Permission.REPORTS_READ)
        read = units_where(user, Permission.REPORTS_READ).values("pk")
        reports = reports.filter(
            Q(org_unit__in=own) | (Q(status__in=SEEN_ABOVE) & (Q(org_unit__in=read) | Q(sent_to__in=read)))
        )
    return _narrowed(user, reports, filters) if filters else reports


def report_for(user: User, pk: int) -> Report:
    """Return one report.

    Raises:
        NotFound: it does not exist, or is not visible.
    """
    report = reports_for(user).select_related("answers", "opened_by", "org_unit__kind").filter(pk=pk).first()
    if report is None:
        raise NotFound(pk)
    return report


def _narrowed(user: User, reports: QuerySet[Report], filters: ReportFilters) -> QuerySet[Report]:
    for word in fold(filters.text).split():
        reports = reports.filter(Q(folded__contains=word) | Q(org_unit__folded__contains=word))
    if filters.unit is not None:
        reports = reports.filter(org_unit__in=units_below_today([filters.unit.pk]))
    if filters.received:
        reports = reports.filter(sent_to__in=own_unit_ids(user, Permission.REPORTS_READ))
    exact = {"status": filters.status, "kind": filters.kind, "outline": filters.outline, "call": filters.call}
    reports = reports.filter(**{name: value for name, value in exact.items() if value})
    if filters.first:
        reports = reports.filter(last_on__gte=filters.first)
    if filters.last:
        reports = reports.filter(first_on__lte=filters.last)
    return reports
