"""Requests for reports: who owes what by when, and whether it came."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.db import connection
from django.db.models import Q, QuerySet

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import acts_everywhere, units_where
from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import NotFound
from langsen.foundation.core.periods import Period, today
from langsen.foundation.orgs.models import OrgClosure, OrgUnit
from langsen.reports.enums import ReportStatus
from langsen.reports.models import Outline, Report, ReportCall
from langsen.reports.rules import own_unit_ids

DutyState = Literal["on_time", "late", "overdue", "waiting"]

# One row per request and unit that owes its report: the unit stands below the asker on the day it is due there, is of a
# kind asked for, and is no unit of published figures. `sent_on` is the day its first report was sent.
DUTIES = """
    SELECT c.id AS call_id, u.id AS unit_id, greatest(c.due_on, every.due_on, one.due_on) AS due_on, sent.sent_on
    FROM reports_reportcall c
    JOIN reports_reportcall_kinds k ON k.reportcall_id = c.id
    JOIN orgs_orgclosure cl ON cl.ancestor_id = c.org_unit_id AND cl.depth > 0
    JOIN orgs_orgunit u ON u.id = cl.descendant_id AND u.kind_id = k.unitkind_id AND NOT u.is_published
    LEFT JOIN (
        SELECT call_id, max(due_on) AS due_on FROM reports_callextension WHERE org_unit_id IS NULL GROUP BY call_id
    ) every ON every.call_id = c.id
    LEFT JOIN (
        SELECT call_id, org_unit_id, max(due_on) AS due_on FROM reports_callextension
        WHERE org_unit_id IS NOT NULL GROUP BY call_id, org_unit_id
    ) one ON one.call_id = c.id AND one.org_unit_id = u.id
    LEFT JOIN (
        SELECT call_id, org_unit_id, min(sent_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS sent_on
        FROM reports_report WHERE call_id IS NOT NULL GROUP BY call_id, org_unit_id
    ) sent ON sent.call_id = c.id AND sent.org_unit_id = u.id
    WHERE c.withdrawn_at IS NULL AND cl.during @> greatest(c.due_on, every.due_on, one.due_on)
"""
_OF_CALLS = DUTIES + " AND c.id = ANY(%s)"
_OF_UNITS = DUTIES + " AND u.id = ANY(%s)"


@dataclass(frozen=True)
class Duty:
    """A report a unit owes a request. `report` is the newest sent for it, else the newest begun and not cancelled."""

    call: ReportCall
    unit: OrgUnit
    due_on: date
    report: Report | None
    state: DutyState


def calls_for(user: User) -> QuerySet[ReportCall]:
    """Return the requests `user` may see: of units they read reports of, or above them. The latest due day first."""
    calls = ReportCall.objects.select_related("outline", "org_unit").order_by("-due_on", "-id")
    if acts_everywhere(user):
        return calls
    units = units_where(user, Permission.REPORTS_READ).values("pk")
    above = OrgClosure.objects.filter(
        descendant__in=own_unit_ids(user, Permission.REPORTS_READ), during__contains=today()
    ).values("ancestor")
    return calls.filter(Q(org_unit__in=units) | Q(org_unit__in=above))


def call_for(user: User, pk: int) -> ReportCall:
    """Return one request.

    Raises:
        NotFound: it does not exist, or is not visible.
    """
    call = calls_for(user).filter(pk=pk).first()
    if call is None:
        raise NotFound(pk)
    return call


def duties_of(call: ReportCall) -> list[Duty]:
    """Return who owes `call` its report, in the order of the units' names."""
    return sorted(_duties(_OF_CALLS, [call.pk]), key=lambda duty: (duty.unit.sort_key, duty.unit.pk))


def duties_for(user: User) -> list[Duty]:
    """Return what `user`'s own units still owe, the nearest due day first."""
    units = own_unit_ids(user, Permission.REPORTS_WRITE)
    open_ones = [duty for duty in duties_of_units(units) if duty.state in ("waiting", "overdue")]
    return sorted(open_ones, key=lambda duty: (duty.due_on, duty.call.pk, duty.unit.pk))


def duties_of_units(unit_ids: Iterable[int]) -> list[Duty]:
    """Return every duty of these units, whatever became of it."""
    return _duties(_OF_UNITS, unit_ids)


def open_call(outline: Outline, unit: OrgUnit, period: Period) -> ReportCall | None:
    """Return the request that asks `unit` for this very report, if any."""
    calls = ReportCall.objects.filter(
        outline=outline, first_on=period.first, last_on=period.last, withdrawn_at=None
    ).order_by("due_on", "id")
    owing = {row[0] for row in _rows(_OF_CALLS, [call.pk for call in calls]) if row[1] == unit.pk}
    return next((call for call in calls if call.pk in owing), None)


def units_owing(call: ReportCall) -> dict[int, date]:
    """Return the ids of the units that owe `call` its report, with the day it is due there."""
    return {row[1]: row[2] for row in _rows(_OF_CALLS, [call.pk])}


def _rows(sql: str, ids: Iterable[int]) -> list[tuple[int, int, date, date | None]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(ids)])
        found: list[Any] = cursor.fetchall()
        return found


def _duties(sql: str, ids: Iterable[int]) -> list[Duty]:
    rows = _rows(sql, ids)
    calls = ReportCall.objects.select_related("outline", "org_unit").in_bulk({row[0] for row in rows})
    units = OrgUnit.objects.select_related("kind").in_bulk({row[1] for row in rows})
    reports: dict[tuple[int | None, int], Report] = {}
    begun = Report.objects.filter(call__in=calls).exclude(status=ReportStatus.CANCELLED).order_by("id")
    for report in sorted(begun, key=lambda one: (one.sent_at is not None, one.pk)):
        reports[report.call_id, report.org_unit_id] = report
    return [
        Duty(calls[call], units[unit], due_on, reports.get((call, unit)), _state(due_on, sent_on))
        for call, unit, due_on, sent_on in rows
    ]


def _state(due_on: date, sent_on: date | None) -> DutyState:
    if sent_on is not None:
        return "on_time" if sent_on <= due_on else "late"
    return "overdue" if today() > due_on else "waiting"
