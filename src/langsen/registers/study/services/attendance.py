"""People one by one: confirming presence with a point's code, and make-up study."""

import secrets
from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import require, units_where
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import record
from langsen.foundation.core.errors import BadInput, Conflict, NotAllowed, NotFound
from langsen.foundation.core.periods import today
from langsen.foundation.core.text import day_text
from langsen.foundation.people.models import Membership, Person
from langsen.registers.kit.rules import refuse
from langsen.registers.kit.services import require_not_cancelled
from langsen.registers.study import rules
from langsen.registers.study.enums import AttendanceSource, CountedBy, SessionStatus
from langsen.registers.study.models import Attendance, Excuse, SessionPoint, StudySession
from langsen.registers.study.queries.roster import classes_on
from langsen.registers.study.services.locking import locked, locked_point, require_point
from langsen.registers.study.services.points import named_at
from langsen.registers.study.services.touched import refresh_figures, touched_by

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that looks like something else
CODE_LENGTH = 8


@transaction.atomic
def open_check_in(point: SessionPoint, *, by: User) -> SessionPoint:
    """Give a point the code people confirm their presence with; a second call keeps the first code.

    Raises:
        NotAllowed: neither the organiser nor the point's unit is theirs.
        Conflict: the session is cancelled.
    """
    require_point(by, point)
    current = locked_point(point.pk)
    require_not_cancelled(current.session)
    if not current.check_in_code:
        current.check_in_code = "".join(secrets.choice(CODE_LETTERS) for _place in range(CODE_LENGTH))
        current.save(update_fields=["check_in_code"])
        record("point.opened", current.session, by=by, data={"unit": current.org_unit.name})
    return current


def point_of_code(code: str) -> SessionPoint:
    """Return the point this code belongs to, however it was typed.

    Raises:
        NotFound: there is none.
    """
    typed = "".join(ch for ch in code.upper() if ch.isalnum())
    point = SessionPoint.objects.select_related("session__org_unit", "org_unit").filter(check_in_code=typed).first()
    if point is None:
        raise NotFound(_("There is no point with this code. Check the letters, or ask at the entrance."))
    return point


def check_open(point: SessionPoint) -> None:
    """Refuse to confirm before or after the days of the session.

    Raises:
        BadInput: not a day of the session.
        Conflict: it is cancelled.
    """
    session = point.session
    require_not_cancelled(session)
    if not session.held_on <= today() <= session.final_on:
        raise BadInput(
            _("Presence can be confirmed on the day of the session only: %(day)s. The officer can still add you.")
            % {"day": day_text(session.held_on)}
        )


@transaction.atomic
def confirm_presence(code: str, *, by: User) -> Attendance:
    """Confirm that the person `by` is was present at the point with this code. Twice, or at two points, counts once.

    Raises:
        NotFound: no such code.
        NotAllowed: the account belongs to nobody on a roster.
        BadInput, Conflict: not on a day of the session, or it is cancelled.
    """
    person = Person.objects.filter(user=by).first()
    point = locked_point(point_of_code(code).pk)
    check_open(point)
    if person is None:
        raise NotAllowed(_("Your account is not linked to a person on the roster. The officer can tick you instead."))
    present = point.session.attendances.filter(person=person).exclude(source=AttendanceSource.MAKE_UP).first()
    if present is not None:
        return present
    attendance = Attendance.objects.create(
        session=point.session,
        point=point,
        org_unit=point.org_unit,
        person=person,
        attendance_class=classes_on([person.pk], point.session.held_on)[person.pk],
        source=AttendanceSource.QR,
        studied_on=point.session.held_on,
        recorded_by=by,
    )
    Excuse.objects.filter(point__session=point.session, person=person).delete()
    _count_one_more(point, attendance.attendance_class)
    record("attendance.confirmed", point.session, by=by, data={"unit": point.org_unit.name})
    refresh_figures(touched_by(point.session))
    return attendance


def _count_one_more(point: SessionPoint, attendance_class: str) -> None:
    """A head count already holds the person; only when it is too small, or there is none, does it grow."""
    column = rules.PRESENT_FIELDS[attendance_class]
    if point.counted_by == CountedBy.HEADS and point.reported_at is not None:
        grown = max(getattr(point, column), named_at(point)[attendance_class])
    else:
        point.counted_by = CountedBy.ROLL
        grown = getattr(point, column) + 1
    setattr(point, column, grown)
    point.reported_at = point.reported_at or timezone.now()
    point.save()


@transaction.atomic
def record_make_up(session: StudySession, people: Collection[int], day: date, *, by: User) -> int:
    """Record that these people studied on `day` what they missed at `session`; return how many were added.

    People already recorded are left as they are, so that sending twice counts once.

    Raises:
        NotAllowed: `by` records neither at the organiser nor where all these people belong.
        Conflict: the session is not held.
        BadInput: the day lies before the session or ahead; a person is not on the roster.
    """
    current = locked(session.pk)
    if current.status != SessionStatus.HELD:
        raise Conflict(_("Make-up study belongs to a session that was held."))
    rules.check_make_up_day(current.held_on, day)
    wanted = set(people)
    _require_people(current, wanted, day, by)
    point = current.points.get(is_main=True)
    there = set(current.attendances.filter(person__in=wanted).values_list("person_id", flat=True))
    classes = classes_on(wanted, day)
    rows = [
        Attendance(
            session=current,
            point=point,
            org_unit_id=point.org_unit_id,
            person_id=person_id,
            attendance_class=classes[person_id],
            source=AttendanceSource.MAKE_UP,
            studied_on=day,
            recorded_by=by,
        )
        for person_id in sorted(wanted - there)
    ]
    Attendance.objects.bulk_create(rows)
    if rows:
        record("session.made_up", current, by=by, data={"people": len(rows), "day": day_text(day)})
    return len(rows)


def _require_people(session: StudySession, wanted: set[int], day: date, by: User) -> None:
    if not wanted:
        raise refuse("people", _("Choose at least one person."))
    memberships = Membership.objects.filter(person__in=wanted, during__contains=day)
    if set(memberships.values_list("person_id", flat=True)) != wanted:
        raise refuse("people", _("One of these people is on no roster on that day."))
    mine = units_where(by, Permission.STUDY_RECORD)
    own = set(memberships.filter(org_unit__in=mine).values_list("person_id", flat=True))
    if own != wanted:
        require(by, Permission.STUDY_RECORD, session.org_unit)


@transaction.atomic
def withdraw_attendance(attendance: Attendance, *, by: User) -> None:
    """Take back a make-up study recorded by mistake.

    Raises:
        NotAllowed: the organiser is not theirs.
        Conflict: it stands on a roll; correct the roll instead.
    """
    require(by, Permission.STUDY_RECORD, attendance.session.org_unit)
    current = locked(attendance.session_id)
    if attendance.source != AttendanceSource.MAKE_UP:
        raise Conflict(_("This person stands on the roll. Correct the roll instead."))
    attendance.delete()
    record("session.make_up_withdrawn", current, by=by, data={"person": attendance.person.full_name})


def spaced(code: str) -> str:
    """Return a code as it is printed: in two groups of four."""
    return f"{code[:4]} {code[4:]}".strip()
