"""Rows 1-13 of the catalogue: what study counts, each as SQL over its records.

Sessions count at the organising unit, attendances where people sat (the point's unit). Only held sessions count.
Obliged = on the roster of the unit on the last day, of a class a theme in force obliges, not exempt on that day;
studied = took part in at least one held session on such a theme, make-up study included.
"""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from langsen.foundation.access.enums import Permission
from langsen.foundation.figures.catalogue import Distinct, Figure, Items, Listed, Ratio, Source, set_of
from langsen.foundation.figures.enums import Kind, Measure, Scope
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.people.models import Person
from langsen.registers.kit.figures import flow, lines_of
from langsen.registers.study.models import StudySession, StudyTotal
from langsen.registers.study.standing import STANDING, THEME_IS

_PRESENT = "(p.present_members + p.present_officials + p.present_union_members + p.present_public + p.present_other)"
_CONFERENCE = "s.kind = 'study_conference'"
_REMOTE = "NOT p.is_main AND s.mode <> 'in_person'"

# column -> (what a session adds at its organiser, what a point adds at its own unit)
_COLUMNS: dict[str, tuple[str, str]] = {
    "conferences": (f"({_CONFERENCE})::int", "0"),
    "conferences_in_person": (f"({_CONFERENCE} AND s.mode = 'in_person')::int", "0"),
    "conferences_online": (f"({_CONFERENCE} AND s.mode = 'online')::int", "0"),
    "conferences_hybrid": (f"({_CONFERENCE} AND s.mode = 'hybrid')::int", "0"),
    "attendances": ("0", f"CASE WHEN {_CONFERENCE} THEN {_PRESENT} ELSE 0 END"),
    "attendances_members": ("0", f"CASE WHEN {_CONFERENCE} THEN p.present_members ELSE 0 END"),
    "attendances_officials": ("0", f"CASE WHEN {_CONFERENCE} THEN p.present_officials ELSE 0 END"),
    "attendances_union_members": ("0", f"CASE WHEN {_CONFERENCE} THEN p.present_union_members ELSE 0 END"),
    "attendances_public": ("0", f"CASE WHEN {_CONFERENCE} THEN p.present_public ELSE 0 END"),
    "attendances_other": ("0", f"CASE WHEN {_CONFERENCE} THEN p.present_other ELSE 0 END"),
    "online_attendances": ("0", f"CASE WHEN {_CONFERENCE} AND s.mode <> 'in_person' THEN {_PRESENT} ELSE 0 END"),
    "remote_points": ("0", f"({_REMOTE})::int"),
    "remote_points_study": ("0", f"({_REMOTE} AND {_CONFERENCE})::int"),
    "remote_points_review": ("0", f"({_REMOTE} AND s.kind = 'review_conference')::int"),
    "remote_points_other": ("0", f"({_REMOTE} AND s.kind NOT IN ('study_conference', 'review_conference'))::int"),
    "review_conferences": ("(s.kind = 'review_conference')::int", "0"),
    "thematic_meetings": ("(s.kind = 'thematic_meeting')::int", "0"),
    "regular_meetings": ("(s.kind = 'regular_meeting' AND s.has_study_item)::int", "0"),
    "historic_trips": ("(s.kind = 'historic_trip')::int", "0"),
    "historic_trip_people": ("0", f"CASE WHEN s.kind = 'historic_trip' THEN {_PRESENT} ELSE 0 END"),
}


def _facts() -> str:
    at_organiser = ", ".join(f"{sql[0]} AS {column}" for column, sql in _COLUMNS.items())
    at_point = ", ".join(f"{sql[1]} AS {column}" for column, sql in _COLUMNS.items())
    return (
        f"SELECT s.org_unit_id AS unit_id, s.held_on AS day, s.id AS record_id, {at_organiser} "
        "FROM study_studysession s WHERE s.status = 'held' AND {theme} "
        "UNION ALL "
        f"SELECT p.org_unit_id, s.held_on, s.id, {at_point} "
        "FROM study_sessionpoint p JOIN study_studysession s ON s.id = p.session_id "
        "WHERE s.status = 'held' AND {theme}"
    )


def _people_listed(ids: Iterable[int]) -> dict[int, Listed]:
    rows = Person.objects.filter(pk__in=list(ids)).prefetch_related("memberships__org_unit")
    listed = {}
    for person in rows:
        newest = max(person.memberships.all(), key=lambda one: one.during.lower, default=None)
        unit_name = newest.org_unit.name if newest else ""
        listed[person.pk] = Listed(person.full_name, reverse("people:person", args=[person.pk]), unit_name, None)
    return listed


def _units_listed(ids: Iterable[int]) -> dict[int, Listed]:
    return {
        unit.pk: Listed(unit.name, reverse("orgs:unit", args=[unit.code]), unit.kind.name, None)
        for unit in OrgUnit.objects.filter(pk__in=list(ids)).select_related("kind")
    }


_SESSION_HAS_THEME = (
    "EXISTS (SELECT 1 FROM study_studysession_themes st WHERE st.studysession_id = s.id AND st.theme_id = %(theme)s)"
)

STUDY = Source(
    name="study",
    columns=tuple(_COLUMNS),
    facts=_facts(),
    theme_filter=_SESSION_HAS_THEME,
    permission=Permission.STUDY_READ,
    describe=lines_of(StudySession.objects.all, title="title", day="held_on"),
    cache=StudyTotal,
)

PARTICIPANTS = Items(
    sql="""
        SELECT m.grp, a.person_id AS item
        FROM member m
        JOIN study_attendance a ON a.org_unit_id = m.unit_id AND a.studied_on >= m.f AND a.studied_on < m.t
          AND a.studied_on >= %(first)s AND a.studied_on < %(end)s
        JOIN study_studysession s ON s.id = a.session_id
        WHERE s.status = 'held' AND s.kind = 'study_conference' AND {theme}
    """,
    theme_filter=_SESSION_HAS_THEME,
    permission=Permission.PEOPLE_READ,
    describe=_people_listed,
)

OBLIGED = set_of(STANDING, "obliged", theme_filter=THEME_IS, permission=Permission.PEOPLE_READ, describe=_people_listed)
OBLIGED_AND_STUDIED = set_of(
    STANDING, "studied", theme_filter=THEME_IS, permission=Permission.PEOPLE_READ, describe=_people_listed
)
# Obliged by an annual theme in force on the last day, without any study of that theme up to it.
MAKE_UP_PENDING = set_of(
    STANDING, "pending", theme_filter=THEME_IS, permission=Permission.PEOPLE_READ, describe=_people_listed
)

_CELLS = """
    SELECT m.grp, m.unit_id AS item
    FROM member m
    JOIN orgs_orgunit u ON u.id = m.unit_id AND u.during @> m.last
    JOIN orgs_unitkind k ON k.id = u.kind_id AND k.is_cell
    WHERE m.f <= m.last AND m.last < m.t
"""

CELLS = Items(sql=_CELLS, theme_filter="TRUE", permission=Permission.ORGS_READ, describe=_units_listed)

# Looked up cell by cell (OFFSET 0): by month, the planner expects one row and reads all records of a cell for each.
CELLS_WITH_THEMATIC = Items(
    sql=_CELLS
    + """
      AND EXISTS (
          SELECT 1 FROM study_studysession s
          WHERE s.org_unit_id = m.unit_id AND s.kind = 'thematic_meeting' AND s.status = 'held'
            AND s.held_on >= m.first AND s.held_on <= m.last AND {theme}
          OFFSET 0
      )
    """,
    theme_filter=_SESSION_HAS_THEME,
    permission=Permission.ORGS_READ,
    describe=_units_listed,
)


_S, _A, _P = "study.sessions", "study.attendances", "study.remote_points"

FIGURES: tuple[Figure, ...] = (
    flow(1, _S, _("Study conferences"), STUDY, "conferences"),
    flow(1, f"{_S}.in_person", _("in person"), STUDY, "conferences_in_person", parent=_S, breakdown="mode"),
    flow(1, f"{_S}.online", _("online"), STUDY, "conferences_online", parent=_S, breakdown="mode"),
    flow(1, f"{_S}.hybrid", _("in person and online"), STUDY, "conferences_hybrid", parent=_S, breakdown="mode"),
    flow(2, _A, _("Attendances at study conferences"), STUDY, "attendances", measure=Measure.ATTENDANCES),
    flow(
        2,
        f"{_A}.members",
        _("Party members"),
        STUDY,
        "attendances_members",
        measure=Measure.ATTENDANCES,
        parent=_A,
        breakdown="class",
    ),
    flow(
        2,
        f"{_A}.officials",
        _("cadres, civil servants, public employees, workers"),
        STUDY,
        "attendances_officials",
        measure=Measure.ATTENDANCES,
        parent=_A,
        breakdown="class",
    ),
    flow(
        2,
        f"{_A}.union_members",
        _("members of unions and associations"),
        STUDY,
        "attendances_union_members",
        measure=Measure.ATTENDANCES,
        parent=_A,
        breakdown="class",
    ),
    flow(
        2,
        f"{_A}.public",
        _("residents"),
        STUDY,
        "attendances_public",
        measure=Measure.ATTENDANCES,
        parent=_A,
        breakdown="class",
    ),
    flow(
        2,
        f"{_A}.other",
        pgettext_lazy("attendances", "others"),
        STUDY,
        "attendances_other",
        measure=Measure.ATTENDANCES,
        parent=_A,
        breakdown="class",
    ),
    Figure(
        "study.participants",
        _("People who have studied"),
        Measure.PEOPLE,
        Kind.FLOW,
        Scope.BELOW,
        Distinct(PARTICIPANTS),
        3,
    ),
    Figure(
        "study.participation_rate",
        _("Share of cadres and members who took part in study"),
        Measure.PEOPLE,
        Kind.RATIO,
        Scope.BELOW,
        Ratio(OBLIGED_AND_STUDIED, OBLIGED),
        4,
    ),
    flow(
        5,
        "study.online_attendances",
        _("Attendances at online study conferences"),
        STUDY,
        "online_attendances",
        measure=Measure.ATTENDANCES,
    ),
    flow(6, _P, _("Remote points"), STUDY, "remote_points", measure=Measure.POINTS),
    flow(
        6,
        f"{_P}.study",
        _("of study conferences"),
        STUDY,
        "remote_points_study",
        measure=Measure.POINTS,
        parent=_P,
        breakdown="purpose",
    ),
    flow(
        6,
        f"{_P}.review",
        _("of review conferences"),
        STUDY,
        "remote_points_review",
        measure=Measure.POINTS,
        parent=_P,
        breakdown="purpose",
    ),
    flow(
        6,
        f"{_P}.other",
        _("of other sessions"),
        STUDY,
        "remote_points_other",
        measure=Measure.POINTS,
        parent=_P,
        breakdown="purpose",
    ),
    flow(
        7,
        "study.review_conferences",
        _("Review and commendation conferences"),
        STUDY,
        "review_conferences",
        scope=Scope.OWN,
    ),
    flow(8, "study.thematic_meetings", _("Thematic meetings of cells"), STUDY, "thematic_meetings", noun=_("meetings")),
    Figure(
        "study.cells_thematic_rate",
        _("Share of cells with a thematic meeting"),
        Measure.UNITS,
        Kind.RATIO,
        Scope.BELOW,
        Ratio(CELLS_WITH_THEMATIC, CELLS),
        9,
    ),
    flow(
        10,
        "study.regular_meetings",
        _("Regular cell meetings that dealt with studying and following"),
        STUDY,
        "regular_meetings",
        noun=_("meetings"),
    ),
    flow(11, "study.historic_trips", _("Trips to historic sites"), STUDY, "historic_trips", noun=_("trips")),
    flow(
        12,
        "study.historic_trip_people",
        _("Attendances on trips to historic sites"),
        STUDY,
        "historic_trip_people",
        measure=Measure.ATTENDANCES,
    ),
    Figure(
        "study.make_up_pending",
        _("People who have not yet studied the annual theme"),
        Measure.PEOPLE,
        Kind.STOCK,
        Scope.BELOW,
        Distinct(MAKE_UP_PENDING),
        13,
    ),
)
