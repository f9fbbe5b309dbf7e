"""Sessions and points a person may see, narrowed as the filter bar of the list asks."""

from dataclasses import dataclass

from django.db.models import F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import acts_everywhere, units_where
from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import NotFound
from langsen.foundation.evidence.queries import attached_count
from langsen.foundation.orgs.models import OrgUnit
from langsen.registers.kit.queries import Narrowing, narrowed
from langsen.registers.programmes.models import Theme
from langsen.registers.study.enums import SessionKind, SessionStatus
from langsen.registers.study.models import Attendance, Excuse, SessionEvidence, SessionPoint, StudySession
from langsen.registers.study.rules import ONLINE_MODES

_PRESENT = (
    F("present_members") + F("present_officials") + F("present_union_members") + F("present_public")
    + F("present_other")
)  # fmt: skip
SORTS = {
    "day": ("held_on", "id"),
    "title": ("folded", "id"),
    "unit": ("org_unit__sort_key", "held_on", "id"),
    "present": ("present", "id"),
}


@dataclass(frozen=True)
class Filters(Narrowing):
    """What the list is narrowed to."""

    kind: str = ""
    status: str = ""
    mode: str = ""
    theme: Theme | None = None


def sessions_for(user: User, filters: Filters | None = None) -> QuerySet[StudySession]:
    """Return the sessions `user` may see: organised, or sat at, in a unit of theirs. Newest first."""
    sessions = StudySession.objects.select_related("org_unit").order_by("-held_on", "-id")
    if not acts_everywhere(user):
        units = units_where(user, Permission.STUDY_READ).values("pk")
        sat = SessionPoint.objects.filter(org_unit__in=units).values("session")
        sessions = sessions.filter(Q(org_unit__in=units) | Q(pk__in=sat))
    return _narrowed(sessions, filters) if filters else sessions


def session_for(user: User, pk: int) -> StudySession:
    """Return one session.

    Raises:
        NotFound: there is none, or it may not be seen; the two look the same.
    """
    session = sessions_for(user).select_related("org_unit__kind", "recorded_by").filter(pk=pk).first()
    if session is None:
        raise NotFound
    return session


def with_counts(sessions: QuerySet[StudySession]) -> QuerySet[StudySession]:
    """Add to each session how many were present at all its points (`present`) and its files (`attached`)."""
    present = SessionPoint.objects.filter(session=OuterRef("pk")).order_by().values("session").annotate(n=Sum(_PRESENT))
    return sessions.annotate(
        present=Coalesce(Subquery(present.values("n"), output_field=IntegerField()), 0, output_field=IntegerField()),
        attached=attached_count(SessionEvidence),
    )


def _narrowed(sessions: QuerySet[StudySession], filters: Filters) -> QuerySet[StudySession]:
    same = {"kind": filters.kind, "status": filters.status, "mode": filters.mode, "themes": filters.theme}
    sessions = sessions.filter(**{name: value for name, value in same.items() if value})
    return narrowed(sessions, filters, day="held_on")


def points_for(user: User, filters: Filters | None = None, *, show: str = "all") -> QuerySet[SessionPoint]:
    """Return the points `user` may see of sessions that are not cancelled.

    `show`: all; waiting, those without numbers; anything else those and the points of online conferences.
    A person of a point's unit sees all points of the session, as on its page.
    """
    sessions = sessions_for(user, filters).exclude(status=SessionStatus.CANCELLED).order_by()
    points = SessionPoint.objects.filter(session__in=sessions.values("pk")).select_related(
        "session__org_unit", "org_unit"
    )
    if show == "waiting":
        points = points.filter(reported_at=None)
    elif show != "all":
        points = points.filter(Q(reported_at=None) | Q(session__mode__in=ONLINE_MODES))
    return points.order_by("-session__held_on", "-session_id", "-is_main", "org_unit__sort_key", "id")


def point_for(user: User, pk: int) -> SessionPoint:
    """Return one point of a session `user` may see.

    Raises:
        NotFound: there is none, or it may not be seen.
    """
    point = points_for(user).filter(pk=pk).first()
    if point is None:
        raise NotFound
    return point


def points_of(session: StudySession) -> QuerySet[SessionPoint]:
    """Return the points of a session, the main one first."""
    return session.points.select_related("org_unit").order_by("-is_main", "org_unit__sort_key", "id")


def people_at(session: StudySession, user: User) -> QuerySet[Attendance]:
    """Return who is named at a session, in the units whose roster `user` may read."""
    rows = session.attendances.select_related("person", "org_unit", "point").order_by("person__sort_key", "id")
    if acts_everywhere(user):
        return rows
    mine = units_where(user, Permission.PEOPLE_READ).values("pk")
    return rows.filter(Q(org_unit__in=mine) | Q(person__memberships__org_unit__in=mine)).distinct()


def excused_at(session: StudySession, user: User) -> QuerySet[Excuse]:
    """Return who was absent with leave, in the units whose roster `user` may read."""
    rows = Excuse.objects.filter(point__session=session).select_related("person", "point__org_unit")
    rows = rows.order_by("person__sort_key", "person_id", "id")
    if acts_everywhere(user):
        return rows
    return rows.filter(point__org_unit__in=units_where(user, Permission.PEOPLE_READ).values("pk"))


def usual_kind(unit: OrgUnit) -> str:
    """Return the kind of meeting `unit` recorded most among its last twelve; a regular meeting when none."""
    kinds = list(
        unit.study_sessions.exclude(status=SessionStatus.CANCELLED)
        .order_by("-held_on", "-id")
        .values_list("kind", flat=True)[:12]
    )
    return max(kinds, key=lambda kind: (kinds.count(kind), -kinds.index(kind)), default=SessionKind.REGULAR_MEETING)
