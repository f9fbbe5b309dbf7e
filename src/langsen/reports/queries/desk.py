"""What reports offer the desk: reports owed, drafts and papers under way, reports from below that wait."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.accounts.models import User
from langsen.foundation.core.todos import Todo
from langsen.reports.enums import ReportStatus
from langsen.reports.models import Report
from langsen.reports.queries.calls import Duty, duties_for
from langsen.reports.rules import own_unit_ids

LONGEST_LIST = 20


def todos_for(user: User) -> list[Todo]:
    """Return what waits for `user`: reports their units owe, have under way, and have to receive; by deadline."""
    owed = duties_for(user)
    due = {duty.report.pk: duty.due_on for duty in owed if duty.report is not None}
    found = [_to_begin(duty) for duty in owed if duty.report is None]
    found += _under_way(user, due) + _to_receive(user)
    return sorted(found, key=lambda todo: (todo.due_on or date.max, todo.title))


def _to_begin(duty: Duty) -> Todo:
    return Todo(
        title=_("Report: %(call)s") % {"call": duty.call},
        href=reverse("reports:call", args=[duty.call.pk]),
        action=_("Begin"),
        due_on=duty.due_on,
        note=duty.unit.name,
    )


def _under_way(user: User, due: dict[int, date]) -> list[Todo]:
    actions = {
        ReportStatus.DRAFT: _("Write"),
        ReportStatus.SIGNING: _("Issue"),
        ReportStatus.ISSUED: _("Send"),
        ReportStatus.SUPPLEMENT_ASKED: _("Answer"),
    }
    answering = Report.objects.filter(answers__isnull=False, status__in=actions)
    reports = Report.objects.filter(
        org_unit__in=own_unit_ids(user, Permission.REPORTS_WRITE), org_unit__is_published=False, status__in=actions
    ).exclude(status=ReportStatus.SUPPLEMENT_ASKED, pk__in=answering.values("answers"))
    return [
        Todo(
            title=f"{report.heading}, {report.period}",
            href=report.get_absolute_url(),
            action=actions[ReportStatus(report.status)],
            due_on=due.get(report.pk),
            note=report.org_unit.name,
            badge=report.get_status_display(),
        )
        for report in reports.select_related("org_unit", "outline").order_by("last_on", "id")[:LONGEST_LIST]
    ]


def _to_receive(user: User) -> list[Todo]:
    reports = Report.objects.filter(
        sent_to__in=own_unit_ids(user, Permission.REPORTS_RECEIVE), status=ReportStatus.SENT
    )
    return [
        Todo(
            title=f"{report.heading}, {report.period}",
            href=report.get_absolute_url(),
            action=_("Receive"),
            note=report.org_unit.name,
            badge=report.get_status_display(),
        )
        for report in reports.select_related("org_unit", "outline").order_by("sent_at", "id")[:LONGEST_LIST]
    ]
