"""Points of a session and who sat there: by head count, or by roll."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import require
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import changes, record
from langsen.foundation.core.errors import BadInput, Conflict
from langsen.foundation.core.text import number_text
from langsen.foundation.orgs.models import OrgUnit
from langsen.registers.kit.rules import check_unit_exists, checked_text, refuse
from langsen.registers.kit.services import check_unchanged, require_not_cancelled
from langsen.registers.study import rules
from langsen.registers.study.enums import AttendanceSource, CountedBy
from langsen.registers.study.models import Attendance, Excuse, SessionPoint, StudySession
from langsen.registers.study.queries.roster import Called, obliged_members, roster_of
from langsen.registers.study.services.locking import locked, locked_point, require_point
from langsen.registers.study.services.touched import refresh_figures, touched_by


class AboveRoll(BadInput):
    """More Party members present than belong to the point: looked at again, it may stand with a reason."""


@transaction.atomic
def add_point(
    session: StudySession, unit: OrgUnit, *, by: User, contact: str = "", place: str = "", invited: int | None = None
) -> SessionPoint:
    """Add a remote point of `unit` to an online or hybrid session; raises as `add_points` does."""
    return add_points(session, [unit], by=by, **_point_facts(contact, place, invited))[0]


@transaction.atomic
def add_points(session: StudySession, units: Sequence[OrgUnit], *, by: User, **facts: Any) -> list[SessionPoint]:
    """Add a remote point for each of `units` to an online or hybrid session.

    Raises:
        NotAllowed: the organiser is not theirs.
        BadInput: not online, a unit sits there already, or one does not exist on the day.
        Conflict: the session is cancelled.
    """
    require(by, Permission.STUDY_RECORD, session.org_unit)
    current = locked(session.pk)
    require_not_cancelled(current)
    remote = current.points.filter(is_main=False).values_list("org_unit_id", flat=True)
    rules.check_points(current.mode, current.org_unit_id, [*remote, *(unit.pk for unit in units)])
    for unit in units:
        check_unit_exists(unit, current.held_on, "points")
    points = [SessionPoint.objects.create(session=current, org_unit=unit, **facts) for unit in units]
    for unit in units:
        record("point.added", current, by=by, data={"unit": unit.name})
    refresh_figures(touched_by(current))
    return points


@transaction.atomic
def change_point(
    point: SessionPoint, *, by: User, contact: str, place: str, invited: int | None, seen: datetime | None = None
) -> SessionPoint:
    """Change who answers at a point, where it is, how many are invited.

    Raises:
        NotAllowed: neither the organiser nor the point's unit is theirs.
        Conflict: changed meanwhile, removed, or the session is cancelled.
    """
    current = _open_point(point, by, seen)
    facts = _point_facts(contact, place, invited)
    changed = changes({name: getattr(current, name) for name in facts}, facts)
    SessionPoint.objects.filter(pk=current.pk).update(changed_at=timezone.now(), **facts)
    if changed:
        record("point.changed", current.session, by=by, data={"unit": current.org_unit.name, **changed})
    return current


@transaction.atomic
def remove_point(point: SessionPoint, *, by: User) -> None:
    """Remove a remote point that was never counted.

    Raises:
        Conflict: people are recorded there, or it is the main point.
    """
    require(by, Permission.STUDY_RECORD, point.session.org_unit)
    current = locked_point(point.pk)
    require_not_cancelled(current.session)
    if current.is_main or current.present or current.attendances.exists():
        raise Conflict(_("People are recorded at this point. Set its numbers to 0 before you remove it."))
    touched = touched_by(current.session)
    current.delete()
    record("point.removed", current.session, by=by, data={"unit": current.org_unit.name})
    refresh_figures(touched)


@transaction.atomic
def set_head_count(
    point: SessionPoint,
    present: Mapping[str, int | None],
    *,
    by: User,
    above_roll_reason: str = "",
    seen: datetime | None = None,
) -> SessionPoint:
    """Record how many of each class were present at a point. Named people at the point stay and are part of them.

    Raises:
        AboveRoll: more Party members than belong to the point, and no reason given.
        BadInput: a number that cannot be, or fewer than are named.
        Conflict: changed meanwhile, or the session is cancelled.
    """
    current = _open_point(point, by, seen)
    before = current.present_by_class
    write_head_count(current, present, reason=above_roll_reason)
    _record_numbers("point.counted", current, before, by)
    return current


@transaction.atomic
def set_roll(
    point: SessionPoint,
    *,
    absent: Collection[int],
    by: User,
    came: Collection[int] = (),
    excused: Collection[int] = (),
    extra: Mapping[str, int] | None = None,
    above_roll_reason: str = "",
    seen: datetime | None = None,
) -> SessionPoint:
    """Record the roll: everybody who belongs to the point, except `absent`; exempt people only when they `came`.

    `excused` names the absent who had leave. `extra` counts guests on top of the roll by class. People who confirmed
    by code and belong elsewhere stay.

    Raises:
        AboveRoll, BadInput, Conflict: as for `set_head_count`; there is no roster to call.
    """
    current = _open_point(point, by, seen)
    before = current.present_by_class
    write_roll(current, absent=absent, came=came, excused=excused, extra=extra or {}, reason=above_roll_reason, by=by)
    _record_numbers("point.called", current, before, by)
    return current


def write_head_count(point: SessionPoint, present: Mapping[str, int | None], *, reason: str) -> None:
    """Write checked numbers to a point whose session the caller holds locked."""
    counts = rules.checked_present(present)
    for name, named in named_at(point).items():
        if counts[name] < named:
            raise refuse(
                rules.PRESENT_FIELDS[name],
                _("%(named)s people are named here, so fewer cannot have been present.") % {"named": named},
            )
    check_above_roll(point, counts["members"], reason)
    _write_counts(point, counts, CountedBy.HEADS)


def write_roll(
    point: SessionPoint,
    *,
    absent: Collection[int],
    came: Collection[int],
    excused: Collection[int] = (),
    extra: Mapping[str, int],
    reason: str,
    by: User,
) -> None:
    """Write the roll of a point whose session the caller holds locked."""
    roster = roster_of(point, came)
    if not roster:
        raise BadInput(_("Nobody is on the list of this unit on that day. Enter the numbers present instead."))
    sat = [row for row in roster if row.person_id not in absent and (not row.exempt or row.person_id in came)]
    _write_attendances(point, roster, sat, by)
    _write_excuses(point, {row.person_id for row in roster if row.person_id in absent and row.person_id in excused})
    named = named_at(point)
    counts = {name: named[name] + number for name, number in rules.checked_present(extra).items()}
    check_above_roll(point, counts["members"], reason)
    _write_counts(point, counts, CountedBy.ROLL)


def named_at(point: SessionPoint) -> dict[str, int]:
    """Return how many people are named as present at the point, by class; make-up study does not count here."""
    rows = point.attendances.exclude(source=AttendanceSource.MAKE_UP).values_list("attendance_class")
    found: dict[str, int] = dict(rows.annotate(Count("id")).order_by())
    return dict.fromkeys(rules.PRESENT_FIELDS, 0) | found


def _write_attendances(point: SessionPoint, roster: list[Called], sat: list[Called], by: User) -> None:
    present = {row.person_id for row in sat}
    called = {row.person_id for row in roster}
    Attendance.objects.filter(point=point, person__in=called - present).exclude(
        source=AttendanceSource.MAKE_UP
    ).delete()
    Attendance.objects.filter(session=point.session, person__in=present, source=AttendanceSource.MAKE_UP).delete()
    there = set(point.session.attendances.filter(person__in=present).values_list("person_id", flat=True))
    Attendance.objects.bulk_create(
        Attendance(
            session=point.session,
            point=point,
            org_unit_id=point.org_unit_id,
            person_id=row.person_id,
            attendance_class=row.attendance_class,
            source=AttendanceSource.ROLL,
            studied_on=point.session.held_on,
            recorded_by=by,
        )
        for row in sat
        if row.person_id not in there
    )


def _write_excuses(point: SessionPoint, excused: set[int]) -> None:
    """Keep who was absent with leave, and nobody who was named as present anywhere in the session."""
    sat = point.session.attendances.filter(person__in=excused).exclude(source=AttendanceSource.MAKE_UP)
    there = set(sat.values_list("person_id", flat=True))
    point.excuses.exclude(person__in=excused - there).delete()
    Excuse.objects.bulk_create(
        (Excuse(point=point, person_id=person_id) for person_id in sorted(excused - there)), ignore_conflicts=True
    )


def check_above_roll(point: SessionPoint, members: int, reason: str) -> None:
    """Ask why, or keep the reason, when more Party members were present than belong to the point.

    Raises:
        AboveRoll: no reason is given.
    """
    others = set(point.session.points.exclude(pk=point.pk).values_list("org_unit_id", flat=True))
    obliged = obliged_members(point.org_unit, point.session.held_on, others)
    if not obliged or members <= obliged:
        return
    text = checked_text(reason, "above_roll_reason", 300)
    if not text:
        message = _(
            "%(present)s present is more than the %(roll)s Party members who must study. Please check; "
            "if it is right, say why."
        )
        words = message % {"present": number_text(members), "roll": number_text(obliged)}
        raise AboveRoll(words, fields={"above_roll_reason": words})
    StudySession.objects.filter(pk=point.session_id).update(above_roll_reason=text)
    point.session.above_roll_reason = text


def _write_counts(point: SessionPoint, counts: Mapping[str, int], counted_by: CountedBy) -> None:
    for name, column in rules.PRESENT_FIELDS.items():
        setattr(point, column, counts[name])
    point.counted_by = counted_by
    point.reported_at = timezone.now()
    point.save()


def _open_point(point: SessionPoint, by: User, seen: datetime | None) -> SessionPoint:
    require_point(by, point)
    current = locked_point(point.pk)
    check_unchanged(seen, current.changed_at)
    require_not_cancelled(current.session)
    return current


def _record_numbers(verb: str, point: SessionPoint, before: Mapping[str, int], by: User) -> None:
    changed = {rules.PRESENT_FIELDS[name]: pair for name, pair in changes(before, point.present_by_class).items()}
    facts = {"unit": point.org_unit.name, "present": point.present, **changed}
    record(verb, point.session, by=by, data=facts)
    refresh_figures(touched_by(point.session))


def _point_facts(contact: str, place: str, invited: int | None) -> dict[str, Any]:
    return {
        "contact": checked_text(contact, "contact", 200),
        "place": checked_text(place, "place", 200),
        "invited": None if invited is None else rules.checked_number(invited, "invited"),
    }
