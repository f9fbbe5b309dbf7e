"""What the study register offers the desk: work waiting, what a tree operation would leave open, what is held."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import own_units, units_where
from langsen.foundation.accounts.models import User
from langsen.foundation.core.periods import today
from langsen.foundation.core.text import day_text, number_text
from langsen.foundation.core.todos import Todo
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.people.models import Person
from langsen.registers.programmes.models import ThemeKind
from langsen.registers.study.enums import AttendanceSource, SessionStatus
from langsen.registers.study.models import Excuse, SessionPoint, StudySession
from langsen.registers.study.queries.participation import participation_in, themes_for

LONGEST_LIST = 20
WAIT_FOR_NUMBERS = timedelta(days=92)  # older sessions without numbers are history, not work


@dataclass(frozen=True)
class Held:
    """One thing held about a person, with the day it is about."""

    title: str
    href: str
    on: date
    text: str = ""


def todos_for(user: User) -> list[Todo]:
    """Return what waits for `user` in the study register, by deadline: confirm, count, make up."""
    mine = units_where(user, Permission.STUDY_RECORD).filter(is_published=False)
    found = [*_to_confirm(mine), *_to_count(mine), *_to_make_up(user)]
    return sorted(found, key=lambda todo: (todo.due_on or date.max, todo.title))


def _to_confirm(units: QuerySet[OrgUnit]) -> list[Todo]:
    planned = (
        StudySession.objects.filter(status=SessionStatus.PLANNED, held_on__lte=today(), org_unit__in=units)
        .select_related("org_unit")
        .order_by("held_on", "id")
    )
    return [
        Todo(
            title=_("%(title)s: was it held?") % {"title": session.title},
            href=reverse("study:hold", args=[session.pk]),
            action=_("Confirm"),
            due_on=session.held_on,
            note=session.org_unit.name,
        )
        for session in planned[:LONGEST_LIST]
    ]


def _to_count(units: QuerySet[OrgUnit]) -> list[Todo]:
    waiting = (
        SessionPoint.objects.filter(
            reported_at=None,
            org_unit__in=units,
            session__status=SessionStatus.HELD,
            session__held_on__gte=today() - WAIT_FOR_NUMBERS,
        )
        .select_related("session", "org_unit")
        .order_by("session__held_on", "id")
    )
    return [
        Todo(
            title=_("%(title)s: numbers present are missing") % {"title": point.session.title},
            href=reverse("study:point_numbers", args=[point.pk]),
            action=_("Enter numbers"),
            due_on=point.session.held_on,
            note=point.org_unit.name,
        )
        for point in waiting[:LONGEST_LIST]
    ]


def _to_make_up(user: User) -> list[Todo]:
    todos = []
    mine = units_where(user, Permission.STUDY_RECORD)
    units = [unit for unit in own_units(user) if not unit.is_published]
    recording = set(mine.filter(pk__in=[unit.pk for unit in units]).values_list("pk", flat=True))
    themes = list(themes_for(user, today()).filter(kind=ThemeKind.ANNUAL)[:5])
    for unit in units:
        if unit.pk not in recording:
            continue
        for theme in themes:
            row = participation_in(unit, theme, today())
            if not row.pending:
                continue
            words = ngettext(
                "Make-up study, %(theme)s: %(count)s person left",
                "Make-up study, %(theme)s: %(count)s people left",
                row.pending,
            )
            todos.append(
                Todo(
                    title=words % {"theme": theme.name, "count": number_text(row.pending)},
                    href=f"{reverse('study:make_up')}?theme={theme.code}&unit={unit.code}",
                    action=_("Record make-up study"),
                    note=unit.name,
                )
            )
    return todos


def open_cases(unit_ids: Collection[int], on: date) -> list[Todo]:
    """Return the planned sessions of these units from `on` on: what an operation on the tree has to re-home."""
    planned = (
        StudySession.objects.filter(status=SessionStatus.PLANNED, org_unit__in=unit_ids, held_on__gte=on)
        .select_related("org_unit")
        .order_by("held_on", "id")
    )
    return [
        Todo(
            title=_("Planned session: %(title)s") % {"title": session.title},
            href=session.get_absolute_url(),
            action=_("Open"),
            due_on=session.held_on,
            note=session.org_unit.name,
        )
        for session in planned
    ]


def held_about(person: Person) -> list[Held]:
    """Return the sessions a person is named at, newest first: part of “what is held about me”."""
    rows = (
        person.attendances.filter(session__status=SessionStatus.HELD)
        .select_related("session", "org_unit")
        .order_by("-studied_on", "-id")
    )
    excused = Excuse.objects.filter(person=person, point__session__status=SessionStatus.HELD)
    absences = excused.select_related("point__session", "point__org_unit").order_by("-point__session__held_on", "-id")
    return [
        Held(
            title=row.session.title,
            href=row.session.get_absolute_url(),
            on=row.studied_on,
            text=_("Make-up study on %(day)s") % {"day": day_text(row.studied_on)}
            if row.source == AttendanceSource.MAKE_UP
            else f"{row.get_source_display()}, {row.org_unit.name}",
        )
        for row in rows
    ] + [
        Held(
            title=row.point.session.title,
            href=row.point.session.get_absolute_url(),
            on=row.point.session.held_on,
            text=_("Absent with leave"),
        )
        for row in absences
    ]
