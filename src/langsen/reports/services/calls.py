"""Asking units for reports: by when, giving more time, taking the request back."""

from collections.abc import Collection
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import require
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import record
from langsen.foundation.core.errors import Conflict, NotFound
from langsen.foundation.core.periods import Period, today
from langsen.foundation.core.text import day_text
from langsen.foundation.notifications.services import notify_unit
from langsen.foundation.orgs.models import OrgUnit, UnitKind
from langsen.reports import rules
from langsen.reports.models import CallExtension, Outline, Report, ReportCall
from langsen.reports.queries.calls import units_owing

CALLED, EXTENDED, WITHDRAWN = "report_call.made", "report_call.extended", "report_call.withdrawn"
FURTHEST = timedelta(days=2 * 366)  # from the end of the period to the day a report is due


@transaction.atomic
def call_reports(
    outline: Outline,
    org_unit: OrgUnit,
    period: Period,
    *,
    due_on: date,
    kinds: Collection[UnitKind],
    by: User,
    note: str = "",
) -> ReportCall:
    """Ask every unit below `org_unit` of these kinds, existing on the day it is due, for a report; they are told.

    Reports already begun for this outline and period become answers to the request.

    Raises:
        NotAllowed: `by` asks for no reports in that unit.
        BadInput: no kinds, a day that does not fit the period, an outline not offered to the unit.
        Conflict: the unit has asked for this already.
    """
    require(by, Permission.REPORTS_RECEIVE, org_unit)
    rules.check_offered(outline, org_unit, period)
    _check_due(period, due_on)
    if not kinds:
        raise rules.refuse("kinds", _("Choose which kinds of units are to report."))
    call = ReportCall(outline=outline, org_unit=org_unit, due_on=due_on, recorded_by=by)
    call.first_on, call.last_on = period.first, period.last
    call.note = rules.checked_text(note, "note", 500)
    _add(call)
    call.kinds.set(kinds)
    owing = _bind_begun(call)
    record(CALLED, call, by=by, data={"due_on": due_on, "units": len(owing)})
    words = _("A report is asked for by %(day)s: %(call)s") % {"day": day_text(due_on), "call": call}
    _tell(call, owing, CALLED, words, call.note, by)
    return call


@transaction.atomic
def extend_call(call: ReportCall, unit: OrgUnit | None, *, due_on: date, reason: str, by: User) -> CallExtension:
    """Give one unit, or all (None), until a later day, before or after the day it was due.

    Raises:
        NotAllowed: `by` asks for no reports in the asking unit.
        BadInput: not later than before, no reason, or the unit owes this request nothing.
        Conflict: the request was withdrawn.
    """
    require(by, Permission.REPORTS_RECEIVE, call.org_unit)
    current = _locked(call)
    text = rules.checked_text(reason, "reason", 300, required=True)
    owing = units_owing(current)
    if unit is not None and unit.pk not in owing:
        raise rules.refuse("unit", _("“%(unit)s” owes no report here.") % {"unit": unit.name})
    before = owing[unit.pk] if unit is not None else _due_for_all(current)
    if due_on <= before:
        raise rules.refuse("due_on", _("Choose a day after %(day)s.") % {"day": day_text(before)})
    _check_due(current.period, due_on)
    extension = CallExtension.objects.create(call=current, org_unit=unit, due_on=due_on, reason=text, recorded_by=by)
    data = {"due_on": [before, due_on], "unit": unit.name if unit else "", "reason": text}
    record(EXTENDED, current, by=by, data=data)
    told = {unit.pk: due_on} if unit is not None else units_owing(current)
    words = _("The report may now come by %(day)s: %(call)s") % {"day": day_text(due_on), "call": current}
    _tell(current, told, EXTENDED, words, text, by)
    return extension


@transaction.atomic
def withdraw_call(call: ReportCall, *, by: User) -> ReportCall:
    """Take a request back: nobody owes it anything. Reports already begun or sent stay.

    Raises:
        NotAllowed: `by` asks for no reports in the asking unit.
        Conflict: it was withdrawn already.
    """
    require(by, Permission.REPORTS_RECEIVE, call.org_unit)
    current = _locked(call)
    owing = units_owing(current)
    current.withdrawn_at = timezone.now()
    current.save(update_fields=["withdrawn_at"])
    record(WITHDRAWN, current, by=by)
    _tell(current, owing, WITHDRAWN, _("No report is asked for any more: %(call)s") % {"call": current}, "", by)
    return current


def _add(call: ReportCall) -> None:
    try:
        with transaction.atomic():
            call.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(_("%(unit)s has asked for this report already.") % {"unit": call.org_unit.name}) from error


def _bind_begun(call: ReportCall) -> dict[int, date]:
    """Make reports already begun for this answer the call; return the units that owe it one, with the day."""
    owing = units_owing(call)
    begun = Report.objects.filter(outline=call.outline, first_on=call.first_on, last_on=call.last_on, call=None)
    begun.filter(org_unit__in=owing).update(call=call)
    return owing


def _locked(call: ReportCall) -> ReportCall:
    rows = ReportCall.objects.select_for_update(of=("self",)).select_related("outline", "org_unit")
    current = rows.filter(pk=call.pk).first()
    if current is None:
        raise NotFound(call.pk)
    if current.withdrawn_at is not None:
        raise Conflict(_("This request has been withdrawn."))
    return current


def _due_for_all(call: ReportCall) -> date:
    days: list[date] = [one.due_on for one in call.extensions.filter(org_unit=None)]
    return max([call.due_on, *days])


def _check_due(period: Period, due_on: date) -> None:
    if due_on < period.first:
        raise rules.refuse("due_on", _("The report cannot be due before its period begins."))
    if due_on - period.last > FURTHEST:
        raise rules.refuse("due_on", _("This day is too far after the period. Check the year."))


def _tell(call: ReportCall, unit_ids: Collection[int], kind: str, subject: str, text: str, by: User) -> None:
    """Tell the units that owe a report; of a request whose day has passed nobody is told."""
    if call.due_on < today() and kind == CALLED:
        return
    for unit in OrgUnit.objects.filter(pk__in=unit_ids).order_by("id"):
        notify_unit(
            unit,
            holding=Permission.REPORTS_WRITE,
            kind=kind,
            subject=subject,
            text=text,
            href=call.get_absolute_url(),
            by=by,
        )
