"""Beginning a report, writing its sections, keeping its numbers: all of it while it is a draft."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import record
from langsen.foundation.core.errors import Conflict
from langsen.foundation.core.periods import Period
from langsen.foundation.core.text import day_text, fold
from langsen.foundation.figures.engine import refuse_ended
from langsen.foundation.figures.enums import Reading
from langsen.foundation.orgs.models import OrgUnit
from langsen.reports import rules
from langsen.reports.enums import Layout
from langsen.reports.models import Outline, Report, ReportCall, ReportSection
from langsen.reports.queries.calls import open_call, units_owing
from langsen.reports.queries.numbers import Key, held_numbers, printed_token
from langsen.reports.services.locking import locked_draft
from langsen.reports.services.numbers import drop_unnamed, take_missing, take_numbers
from langsen.reports.services.wording import checked_body, with_own_numbers
from langsen.reports.text.tokens import ignored_values


class SectionChanged(Conflict):
    """Somebody else has written this section meanwhile; `current` is what it says now."""

    def __init__(self, current: ReportSection) -> None:
        super().__init__(
            _("Somebody else has changed this section meanwhile. Your text is still here: compare, then save again.")
        )
        self.current = current


@dataclass(frozen=True)
class Written:
    """A saved section; `ignored` says which values typed before a bar were left aside."""

    section: ReportSection
    ignored: tuple[str, ...] = ()


@transaction.atomic
def open_report(
    outline: Outline,
    org_unit: OrgUnit,
    period: Period,
    *,
    by: User,
    call: ReportCall | None = None,
    reading: str = Reading.THEN,
    layout: str = "",
) -> Report:
    """Begin the report of `org_unit` over `period`: the draft writes itself, with the numbers of this moment.

    A request that asks the unit for just this report is found by itself.

    Raises:
        NotAllowed: `by` writes no reports in that unit itself.
        BadInput: the period, the unit or the outline does not fit.
        Conflict: the unit has this report already.
    """
    rules.require_own(by, Permission.REPORTS_WRITE, org_unit)
    _check_fits(outline, org_unit, period, call, reading, layout)
    subject = rules.filled(outline.subject, org_unit, period)[:400]
    report = Report(
        outline=outline,
        call=call or open_call(outline, org_unit, period),
        org_unit=org_unit,
        first_on=period.first,
        last_on=period.last,
        reading=reading,
        layout=layout or outline.layout or Layout.PARTY,
        subject=subject,
        folded=fold(subject)[:400],
        opened_by=by,
    )
    _add(report)
    _write_outline(report, outline)
    take_missing(report)
    record("report.opened", report, by=by)
    return report


@transaction.atomic
def write_section(
    section: ReportSection, *, heading: str, body: str, by: User, seen: datetime | None = None
) -> Written:
    """Save the heading and text of a section; bound numbers that are new in it take their value now.

    `seen` is the `changed_at` the person's editor was opened on.

    Raises:
        SectionChanged: somebody else has written it since.
        Conflict: the report is no draft any more.
        BadInput: a token that cannot be read, a number like 555.39, a text too long.
    """
    rules.require_own(by, Permission.REPORTS_WRITE, section.report.org_unit)
    report = locked_draft(section.report_id)
    current = ReportSection.objects.filter(pk=section.pk).first()
    if current is None:
        raise Conflict(_("This section does not exist any more."))
    if current.is_left_out:
        raise Conflict(_("Somebody has left this section out meanwhile. Put it back first; your text is still here."))
    if seen is not None and seen != current.changed_at:
        raise SectionChanged(current)
    text = with_own_numbers(checked_body(report, body, before=current.body), report.org_unit.code)
    current.heading = rules.checked_text(heading, "heading", 300, required=True)
    current.body = text
    current.changed_by = by
    current.save()
    take_missing(report)
    drop_unnamed(report)
    Report.objects.filter(pk=report.pk).update(changed_at=timezone.now())
    record("report.section_written", report, by=by, data={"section": current.heading})
    return Written(current, tuple(_ignored(report, body)))


@transaction.atomic
def update_numbers(report: Report, *, by: User, keys: Collection[Key] | None = None) -> int:
    """Take the values of now for these (code, unit code), or for all; return how many were changed.

    Raises:
        Conflict: the report is no draft any more.
    """
    rules.require_own(by, Permission.REPORTS_WRITE, report.org_unit)
    current = locked_draft(report.pk)
    changed = take_numbers(current, keys)
    if changed:
        Report.objects.filter(pk=report.pk).update(changed_at=timezone.now())
        record("report.numbers_updated", current, by=by, data={"numbers": sorted(changed)})
    return len(changed)


@transaction.atomic
def shorten_period(report: Report, *, last_on: date, by: User) -> Report:
    """End the period of a draft earlier and take all numbers anew: for who must send before the period is over.

    Raises:
        BadInput: the day is not within the period before its end.
        Conflict: the report is no draft any more, or the unit has one for those days.
    """
    rules.require_own(by, Permission.REPORTS_WRITE, report.org_unit)
    current = locked_draft(report.pk)
    if not current.first_on <= last_on < current.last_on:
        raise rules.refuse(
            "last_on",
            _("Choose a day from %(first)s to the day before %(last)s.")
            % {"first": day_text(current.first_on), "last": day_text(current.last_on)},
        )
    before = current.last_on
    try:
        with transaction.atomic():
            Report.objects.filter(pk=current.pk).update(last_on=last_on, changed_at=timezone.now())
    except IntegrityError as error:
        raise Conflict(_("The unit has a report for these days already.")) from error
    current.last_on = last_on
    take_numbers(current, None)
    record("report.shortened", current, by=by, data={"last_on": [before, last_on]})
    return current


def _check_fits(
    outline: Outline, org_unit: OrgUnit, period: Period, call: ReportCall | None, reading: str, layout: str
) -> None:
    rules.check_offered(outline, org_unit, period)
    _check_choices(org_unit, period, reading, layout)
    _check_call(call, outline, org_unit, period)


def _check_choices(org_unit: OrgUnit, period: Period, reading: str, layout: str) -> None:
    rules.check_period(org_unit, period)
    if reading not in Reading.values or (layout and layout not in Layout.values):
        raise rules.refuse("layout", _("Choose the organisation and the layout among those offered."))
    refuse_ended(org_unit, Reading(reading), _("This unit has ended; by today's organisation it counts in %(home)s."))


def _add(report: Report) -> None:
    try:
        with transaction.atomic():
            report.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(
            _("%(unit)s has this report for %(period)s already. Open that one.")
            % {"unit": report.org_unit.name, "period": report.period}
        ) from error


def _check_call(call: ReportCall | None, outline: Outline, org_unit: OrgUnit, period: Period) -> None:
    if call is None:
        return
    if call.withdrawn_at is not None:
        raise Conflict(_("This request has been withdrawn."))
    if (call.outline_id, call.period) != (outline.pk, period):
        raise rules.refuse("period", _("The request is for another outline or period."))
    if org_unit.pk not in units_owing(call):
        raise rules.refuse("org_unit", _("“%(unit)s” owes no report here.") % {"unit": org_unit.name})


def _write_outline(report: Report, outline: Outline) -> None:
    """Put the outline's sections into the report. What cannot be read stays, and is shown, until somebody mends it."""
    for section in outline.sections.all():
        body = rules.filled(section.body, report.org_unit, report.period)
        ReportSection.objects.create(
            report=report,
            position=section.position,
            heading=rules.filled(section.heading, report.org_unit, report.period)[:300],
            body=with_own_numbers(body, report.org_unit.code),
            is_required=section.is_required,
        )


def _ignored(report: Report, body: str) -> list[str]:
    held = held_numbers(report)
    return [
        _("“%(typed)s” was left aside: %(code)s is %(value)s.")
        % {"typed": one.printed, "code": one.token.code, "value": printed_token(one.token, held).text}
        for one in ignored_values(body, lambda token: printed_token(token, held).text)
    ]
