"""Recording many sessions at once, for imports and the demo: the same rules as the single use cases, set by set."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import require_all
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import record_many
from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.text import fold
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.people.models import Person
from langsen.registers.kit.rules import check_unit_exists, checked_text
from langsen.registers.kit.services import units_entered_for_others
from langsen.registers.programmes.models import Theme
from langsen.registers.study import rules
from langsen.registers.study.enums import AttendanceSource, CountedBy, Mode, SessionStatus
from langsen.registers.study.models import Attendance, SessionPoint, StudySession
from langsen.registers.study.services.touched import Touched, refresh_figures

BATCH = 2000


@dataclass(frozen=True)
class NewPoint:
    """A place where people sat. `present` by attendance class; with a `roll` (person, class) it may hold extra heads
    on top of the roll (guests), never fewer. `make_up` holds those of this point's unit who studied later."""

    org_unit: OrgUnit
    present: Mapping[str, int] = field(default_factory=dict)
    is_main: bool = False
    invited: int | None = None
    place: str = ""
    contact: str = ""
    roll: Sequence[tuple[Person, str]] = ()
    make_up: Sequence[tuple[Person, str, date]] = ()


@dataclass(frozen=True)
class NewSession:
    """A session as it was held (or is planned); without a main point among `points` an empty one is made."""

    org_unit: OrgUnit
    kind: str
    title: str
    held_on: date
    points: Sequence[NewPoint] = ()
    mode: str = Mode.IN_PERSON
    themes: Sequence[Theme] = ()
    status: str = SessionStatus.HELD
    make_up: Sequence[tuple[Person, str, date]] = ()
    has_study_item: bool = False
    review_kind: str = ""
    last_on: date | None = None
    place: str = ""
    chair: str = ""
    guests: str = ""
    minutes: str = ""
    programme_text: str = ""
    papers_read: str = ""
    conclusion: str = ""
    cancel_reason: str = ""
    above_roll_reason: str = ""


_SHORT_TEXTS = {"place": 200, "chair": 200, "cancel_reason": 300, "above_roll_reason": 300}
_LONG_TEXTS = {"guests": 2000, "minutes": 20000, "programme_text": 5000, "papers_read": 5000, "conclusion": 5000}


@transaction.atomic
def record_sessions(
    rows: Sequence[NewSession], *, by: User, progress: Callable[[int, int], None] | None = None
) -> list[StudySession]:
    """Record many sessions, in the order of `rows`, with one audit row each and one refresh of the figures.

    `progress(done, total)` is called now and then. A number above the roll, which asks a person to look again, is
    taken as it is: nobody is there to be asked.

    Raises:
        BadInput: a row breaks a rule; nothing is recorded.
        NotAllowed: `by` may not record in one of the units.
    """
    require_all(by, Permission.STUDY_RECORD, {row.org_unit.pk for row in rows})
    for number, row in enumerate(rows, start=1):
        _check(row, number)
    entered = units_entered_for_others(by, {row.org_unit for row in rows}, Permission.STUDY_RECORD)
    now = timezone.now()
    sessions = [_session(row, by, entered) for row in rows]
    total = len(rows)
    touched: Touched = set()
    for start in range(0, total, BATCH):
        part = list(zip(rows[start : start + BATCH], sessions[start : start + BATCH], strict=True))
        StudySession.objects.bulk_create([session for _row, session in part])
        touched |= _write_points(part, by, now)
        if progress:
            progress(min(start + BATCH, total), total)
    record_many("session.recorded", sessions, by=by)
    refresh_figures(touched)
    return sessions


def check_session(row: NewSession) -> None:
    """Check one session by every rule that needs no look at the store.

    Raises:
        BadInput: at the field concerned.
    """
    checked_text(row.title, "title", 300, required=True)
    rules.check_days(row.status, row.held_on, row.last_on)
    check_unit_exists(row.org_unit, row.held_on, "held_on")
    rules.check_kind(row.kind, row.review_kind)
    if row.mode not in Mode.values or row.status not in SessionStatus.values:
        raise BadInput(_("Choose the mode and the state of the session."))
    mains = [point for point in row.points if point.is_main]
    if len(mains) > 1 or any(point.org_unit.pk != row.org_unit.pk for point in mains):
        raise BadInput(_("A session has one main point, at its organiser."))
    rules.check_points(row.mode, row.org_unit.pk, [p.org_unit.pk for p in row.points if not p.is_main])
    for point in row.points:
        _check_point(point, row)
    _check_people(row)


def _check(row: NewSession, number: int) -> None:
    try:
        check_session(row)
    except BadInput as error:
        message = _("Row %(number)s (%(title)s): %(message)s")
        facts = {"number": number, "title": row.title[:80], "message": error.message}
        raise BadInput(message % facts, fields=error.fields) from error


def _check_point(point: NewPoint, row: NewSession) -> None:
    check_unit_exists(point.org_unit, row.held_on, "held_on")
    if point.invited is not None:
        rules.checked_number(point.invited, "invited")
    present = rules.checked_present(point.present)
    on_roll = _by_class(point)
    if point.present and any(present[name] < count for name, count in on_roll.items()):
        raise BadInput(_("Fewer are counted present than stand on the roll."))


def _check_people(row: NewSession) -> None:
    people = [person.pk for point in row.points for person, _class in point.roll]
    made_up = [*row.make_up, *(entry for point in row.points for entry in point.make_up)]
    people += [person.pk for person, _class, _day in made_up]
    if len(set(people)) < len(people):
        raise BadInput(_("A person stands twice on the rolls."))
    for _person, _class, day in made_up:
        rules.check_make_up_day(row.held_on, day)


def _by_class(point: NewPoint) -> dict[str, int]:
    counts: dict[str, int] = {}
    for _person, attendance_class in point.roll:
        counts[attendance_class] = counts.get(attendance_class, 0) + 1
    rules.checked_present(counts)
    return counts


def _session(row: NewSession, by: User, entered: set[int]) -> StudySession:
    title = checked_text(row.title, "title", 300, required=True)
    texts = {name: checked_text(getattr(row, name), name, longest) for name, longest in _SHORT_TEXTS.items()}
    texts |= {
        name: checked_text(getattr(row, name), name, longest, lines=True) for name, longest in _LONG_TEXTS.items()
    }
    return StudySession(
        org_unit=row.org_unit,
        kind=row.kind,
        title=title,
        folded=fold(title)[:300],
        status=row.status,
        mode=row.mode,
        held_on=row.held_on,
        last_on=row.last_on,
        has_study_item=row.has_study_item,
        review_kind=row.review_kind,
        cancelled_from=SessionStatus.HELD if row.status == SessionStatus.CANCELLED else "",
        entered_for_other=row.org_unit.pk in entered,
        recorded_by=by,
        **texts,
    )


def _write_points(part: Sequence[tuple[NewSession, StudySession]], by: User, now: datetime) -> Touched:
    points: list[SessionPoint] = []
    pending: list[tuple[SessionPoint, NewPoint, NewSession]] = []
    for row, session in part:
        for new in _points_of(row):
            point = _point(new, session, now)
            points.append(point)
            pending.append((point, new, row))
    SessionPoint.objects.bulk_create(points, batch_size=BATCH)
    Attendance.objects.bulk_create(
        [row for point, new, session in pending for row in _attendances(point, new, session, by)], batch_size=BATCH
    )
    through = StudySession.themes.through
    through.objects.bulk_create(
        [through(studysession_id=session.pk, theme_id=theme.pk) for row, session in part for theme in row.themes],
        batch_size=BATCH,
    )
    return {(point.org_unit_id, row.held_on) for point, _new, row in pending}


def _points_of(row: NewSession) -> list[NewPoint]:
    if any(point.is_main for point in row.points):
        return list(row.points)
    return [NewPoint(org_unit=row.org_unit, is_main=True), *row.points]


def _point(new: NewPoint, session: StudySession, now: datetime) -> SessionPoint:
    present = new.present or _by_class(new)
    return SessionPoint(
        session=session,
        org_unit=new.org_unit,
        is_main=new.is_main,
        place=checked_text(new.place, "place", 200),
        contact=checked_text(new.contact, "contact", 200),
        invited=new.invited,
        counted_by=CountedBy.ROLL if new.roll else CountedBy.HEADS,
        reported_at=now if any(present.values()) else None,
        **{rules.PRESENT_FIELDS[name]: count for name, count in rules.checked_present(present).items()},
    )


def _attendances(point: SessionPoint, new: NewPoint, row: NewSession, by: User) -> Iterator[Attendance]:
    entries = [(person, name, AttendanceSource.ROLL, row.held_on) for person, name in new.roll]
    made_up = [*new.make_up, *(row.make_up if new.is_main else ())]
    entries += [(person, name, AttendanceSource.MAKE_UP, day) for person, name, day in made_up]
    for person, attendance_class, source, day in entries:
        yield Attendance(
            session_id=point.session_id,
            point=point,
            org_unit_id=point.org_unit_id,
            person=person,
            attendance_class=attendance_class,
            source=source,
            studied_on=day,
            recorded_by=by,
        )
