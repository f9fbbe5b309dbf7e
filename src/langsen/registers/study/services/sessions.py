"""Planning, recording, holding, changing and cancelling sessions."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import require
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import changes, record
from langsen.foundation.core.signed_papers import NO_PAPER, SignedPaper
from langsen.foundation.core.states import transition
from langsen.foundation.core.text import fold
from langsen.foundation.orgs.models import OrgUnit
from langsen.registers.kit import services as kit
from langsen.registers.kit.rules import check_unit_exists, checked_text, refuse
from langsen.registers.programmes.models import Theme
from langsen.registers.study import rules
from langsen.registers.study.enums import Mode, SessionKind, SessionStatus
from langsen.registers.study.models import SessionPoint, StudySession
from langsen.registers.study.services.locking import locked
from langsen.registers.study.services.points import write_head_count, write_roll
from langsen.registers.study.services.touched import refresh_figures, touched_by

_TEXTS: dict[str, tuple[int, bool]] = {  # column: (longest, keeps its lines)
    "place": (200, False),
    "chair": (200, False),
    "guests": (2000, True),
    "minutes": (20000, True),
    "programme_text": (5000, True),
    "papers_read": (5000, True),
    "conclusion": (5000, True),
}


@dataclass(frozen=True)
class SessionFacts:
    """What a form says about a session; who organises it and its numbers stand apart."""

    kind: str
    title: str
    held_on: date
    last_on: date | None = None
    starts_at: time | None = None
    mode: str = Mode.IN_PERSON
    place: str = ""
    chair: str = ""
    guests: str = ""
    minutes: str = ""
    has_study_item: bool = False
    review_kind: str = ""
    programme_text: str = ""
    papers_read: str = ""
    conclusion: str = ""
    themes: Sequence[Theme] = ()
    paper: SignedPaper = NO_PAPER


@dataclass(frozen=True)
class Roll:
    """“Có mặt đủ, trừ…”: everybody on the roster but `absent`; exempt people only when they `came`.

    `excused` are those of the absent who had leave; `extra` are guests.
    """

    absent: Collection[int] = ()
    came: Collection[int] = ()
    excused: Collection[int] = ()
    extra: Mapping[str, int] | None = None


@transaction.atomic
def plan_session(org_unit: OrgUnit, facts: SessionFacts, *, by: User) -> StudySession:
    """Plan a session of `org_unit`; it counts nowhere until it is held.

    Raises:
        NotAllowed: `by` records nothing in that unit.
        BadInput: a day, a text or the kind is not right, or the unit does not exist on the day.
    """
    session = _new_session(org_unit, facts, SessionStatus.PLANNED, by)
    record("session.planned", session, by=by)
    return session


@transaction.atomic
def record_session(
    org_unit: OrgUnit,
    facts: SessionFacts,
    *,
    by: User,
    present: Mapping[str, int | None] | None = None,
    roll: Roll | None = None,
    above_roll_reason: str = "",
) -> StudySession:
    """Record a session that was held, with the numbers of its main point by head count (`present`) or by `roll`.

    Raises:
        NotAllowed: `by` records nothing in that unit.
        BadInput: as for `plan_session`; the day lies ahead; numbers that cannot be; more members present than
            belong to the point, without a reason.
    """
    session = _new_session(org_unit, facts, SessionStatus.HELD, by)
    _count_main_point(session, present, roll, above_roll_reason, by)
    record("session.recorded", session, by=by)
    refresh_figures(touched_by(session))
    return session


@transaction.atomic
def hold_session(
    session: StudySession,
    *,
    by: User,
    present: Mapping[str, int | None] | None = None,
    roll: Roll | None = None,
    above_roll_reason: str = "",
) -> StudySession:
    """Confirm that a planned session was held on its day; from now on it counts.

    Raises:
        Conflict: it is not planned any more.
        BadInput: its day lies ahead, or its unit does not exist on it any more.
    """
    require(by, Permission.STUDY_RECORD, session.org_unit)
    current = locked(session.pk)
    rules.check_days(SessionStatus.HELD, current.held_on, current.last_on)
    check_unit_exists(current.org_unit, current.held_on, "held_on")
    kit.require_not_cancelled(current)
    transition(current, SessionStatus.HELD, changed_at=timezone.now())
    _count_main_point(current, present, roll, above_roll_reason, by)
    record("session.held", current, by=by)
    refresh_figures(touched_by(current))
    return current


@transaction.atomic
def change_session(
    session: StudySession, facts: SessionFacts, *, by: User, seen: datetime | None = None
) -> StudySession:
    """Change what is recorded about a session; organiser, state and numbers stay.

    `seen` is the `changed_at` the person's form was opened on.

    Raises:
        Conflict: somebody changed it since, or it is cancelled.
        BadInput: as for `plan_session`; remote points although it is no longer online.
    """
    require(by, Permission.STUDY_RECORD, session.org_unit)
    current = locked(session.pk)
    kit.check_unchanged(seen, current.changed_at)
    kit.require_not_cancelled(current)
    columns = _columns(current.org_unit, facts, current.status)
    points = list(current.points.select_related("org_unit"))
    rules.check_points(facts.mode, current.org_unit_id, [p.org_unit_id for p in points if not p.is_main])
    for point in points:
        check_unit_exists(point.org_unit, facts.held_on, "held_on")
    touched = touched_by(current)
    before = {name: getattr(current, name) for name in columns} | {"themes": _theme_names(current)}
    for name, value in columns.items():
        setattr(current, name, value)
    current.save()
    current.themes.set(facts.themes)
    if before["held_on"] != current.held_on:
        current.attendances.exclude(source="make_up").update(studied_on=current.held_on)
    after = columns | {"themes": _theme_names(current)}
    changed = changes(before, after)
    changed.pop("folded", None)
    if changed:
        record("session.changed", current, by=by, data=changed)
    refresh_figures(touched | touched_by(current))
    return current


@transaction.atomic
def cancel_session(session: StudySession, *, reason: str, by: User) -> StudySession:
    """Cancel a session with a reason: the record stays, and counts nowhere.

    Raises:
        Conflict: it is cancelled already.
        BadInput: no reason is given.
    """
    current = kit.cancel(session, "session.cancelled", Permission.STUDY_RECORD, reason=reason, by=by)
    refresh_figures(touched_by(current))
    return current


@transaction.atomic
def restore_session(session: StudySession, *, by: User) -> StudySession:
    """Take a cancellation back: the session is again what it was before, and counts as before.

    Raises:
        Conflict: it is not cancelled.
    """
    current, was = kit.to_restore(session, Permission.STUDY_RECORD, by=by)
    target = was or SessionStatus.PLANNED
    rules.check_days(target, current.held_on, current.last_on)
    kit.restore(current, target, "session.restored", by=by)
    refresh_figures(touched_by(current))
    return current


def facts_of(session: StudySession, **changed: Any) -> SessionFacts:
    """Return what is recorded about a session, with some facts changed: for changing one of them alone."""
    names = set(SessionFacts.__dataclass_fields__) - {"themes", "paper"}
    facts = {name: getattr(session, name) for name in names}
    facts |= {"themes": list(session.themes.all()), "paper": session.paper}
    return SessionFacts(**(facts | changed))


def require_recorder(session: StudySession, *, by: User) -> None:
    """Refuse whoever sees the session but does not record for its organiser, before a form is drawn.

    Raises:
        NotAllowed: the organiser is not theirs.
    """
    require(by, Permission.STUDY_RECORD, session.org_unit)


def _new_session(org_unit: OrgUnit, facts: SessionFacts, status: str, by: User) -> StudySession:
    require(by, Permission.STUDY_RECORD, org_unit)
    columns = _columns(org_unit, facts, status)
    session = StudySession.objects.create(
        org_unit=org_unit,
        status=status,
        recorded_by=by,
        entered_for_other=org_unit.pk in kit.units_entered_for_others(by, [org_unit], Permission.STUDY_RECORD),
        **columns,
    )
    session.themes.set(facts.themes)
    SessionPoint.objects.create(session=session, org_unit=org_unit, is_main=True, place=session.place)
    return session


def _columns(org_unit: OrgUnit, facts: SessionFacts, status: str) -> dict[str, Any]:
    rules.check_days(status, facts.held_on, facts.last_on)
    check_unit_exists(org_unit, facts.held_on, "held_on")
    rules.check_kind(facts.kind, facts.review_kind)
    if facts.mode not in Mode.values:
        raise refuse("mode", _("Choose how the session was held."))
    title = checked_text(facts.title, "title", 300, required=True)
    texts = {
        name: checked_text(getattr(facts, name), name, longest, lines=lines)
        for name, (longest, lines) in _TEXTS.items()
    }
    return {
        "kind": facts.kind,
        "title": title,
        "folded": fold(title)[:300],
        "held_on": facts.held_on,
        "last_on": facts.last_on if facts.last_on != facts.held_on else None,
        "starts_at": facts.starts_at,
        "mode": facts.mode,
        "has_study_item": facts.has_study_item and facts.kind == SessionKind.REGULAR_MEETING,
        "review_kind": facts.review_kind,
        **texts,
        **facts.paper.checked().columns,
    }


def _count_main_point(
    session: StudySession,
    present: Mapping[str, int | None] | None,
    roll: Roll | None,
    above_roll_reason: str,
    by: User,
) -> None:
    if present is None and roll is None:
        return
    point = session.points.select_related("org_unit").get(is_main=True)
    point.session = session
    if roll is not None:
        write_roll(
            point,
            absent=roll.absent,
            came=roll.came,
            excused=roll.excused,
            extra=roll.extra or {},
            reason=above_roll_reason,
            by=by,
        )
    else:
        write_head_count(point, present or {}, reason=above_roll_reason)


def _theme_names(session: StudySession) -> str:
    return ", ".join(theme.name_vi for theme in session.themes.order_by("id"))
