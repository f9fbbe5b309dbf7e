"""Sessions, points, rolls and themes of an invented store, by SQL over its cells.

Chosen so that nothing favours the cache: texts are short (a wide record would make the other side slower), records lie
in the order of their days as recording leaves them, two cells in fifty were founded or moved on a day of their own, and
two records in a hundred do not count because they are planned or cancelled.
"""

from datetime import date

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from bench.world.inserting import insert_select, loading, settle_sequence
from bench.world.shape import Shape
from bench.world.tree import ROOT
from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.text import fold
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.people.models import Membership
from langsen.registers.programmes.models import Programme, Theme, ThemeKind
from langsen.registers.study.models import Attendance, SessionPoint, StudySession

_TITLES = {
    "regular_meeting": "Sinh hoạt chi bộ thường kỳ tháng",
    "thematic_meeting": "Sinh hoạt chuyên đề tháng",
    "study_conference": "Hội nghị học tập chuyên đề tháng",
    "historic_trip": "Hành trình về nguồn tháng",
    "self_study": "Tự nghiên cứu, viết bài thu hoạch tháng",
    "review_conference": "Hội nghị sơ kết tháng",
}
# who, kind, mode, in which months, first and last day of the month, how many of a hundred do
_HABITS = [
    ("cell", "regular_meeting", "in_person", range(1, 13), 1, 9, 97),
    ("cell", "thematic_meeting", "in_person", (2, 5, 8, 11), 10, 24, 90),
    ("cell", "study_conference", "in_person", (3, 9), 12, 27, 97),
    ("cell", "self_study", "in_person", (11,), 10, 25, 80),
    ("cell", "historic_trip", "in_person", (7,), 10, 27, 40),
    ("commune", "study_conference", "hybrid", (2, 5, 8, 11), 5, 20, 98),
    ("commune", "review_conference", "in_person", (12,), 10, 24, 95),
]


def _dice(key: str, seed: int, sides: int) -> str:
    """SQL of a number from 0 to sides - 1 that is the same every time."""
    return f"(mod(hashint8extended(({key})::bigint, {seed}) & 2147483647, {sides}))::int"


def fill(shape: Shape) -> None:
    """Write what the units of `shape` did on its days."""
    _themes(shape)
    with loading(StudySession, SessionPoint, StudySession.themes.through):
        _plan(shape)
        _sessions()
        _points()
        _studied_themes()
    for model in (StudySession, SessionPoint):
        settle_sequence(model)
    _rolls()


def _themes(shape: Shape) -> None:
    root = OrgUnit.objects.get(pk=ROOT)
    programme = Programme.objects.create(
        code="mau", name_vi="Chỉ thị mẫu", name_en="Sample directive", document_number="01-CT/MAU",
        issued_on=date(2016, 5, 15), source="invented", during=DateRange(date(2016, 5, 15), None),
    )  # fmt: skip
    for year in range(shape.first.year, shape.last.year + 1):
        Theme.objects.create(
            code=f"nam-{year}", name_vi=f"Chuyên đề năm {year}", name_en=f"Theme of {year}", programme=programme,
            org_unit=root, kind=ThemeKind.ANNUAL, during=DateRange(date(year, 1, 1), date(year + 1, 1, 1)),
            obliged_classes=["full_member"], source="invented",
        )  # fmt: skip


def _plan(shape: Shape) -> None:
    """A temporary table of what was held when, one row a session, numbered in the order of days."""
    months = "generate_series(date_trunc('month', %(first)s::date), %(last)s::date, '1 month') AS month(starts)"
    parts = []
    for number, (who, kind, mode, when, first, last, share) in enumerate(_HABITS):
        key = f"u.id * 1000 + extract(year FROM starts) * 12 - 24000 + extract(month FROM starts) + {number * 10**9}"
        day = f"(starts::date + {first - 1} + {_dice(key, 1, last - first + 1)})"
        test = "k.is_cell" if who == "cell" else f"k.code = '{who}'"
        parts.append(
            f"SELECT u.id AS unit_id, '{kind}' AS kind, '{mode}' AS mode, starts::date AS month, {day} AS held_on "
            f"FROM orgs_orgunit u JOIN orgs_unitkind k ON k.id = u.kind_id CROSS JOIN {months} "
            f"WHERE {test} AND extract(month FROM starts) IN ({', '.join(map(str, when))}) "
            f"AND {_dice(key, 2, 100)} < {share} AND u.during @> {day} AND {day} BETWEEN %(first)s AND %(last)s"
        )
    titles = [
        (kind, date(year, month, 1), f"{text} {month}/{year}", fold(f"{text} {month}/{year}"))
        for kind, text in _TITLES.items()
        for year in range(shape.first.year, shape.last.year + 1)
        for month in range(1, 13)
    ]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE title (kind text, month date, title text, folded text) ON COMMIT DROP")
        cursor.executemany("INSERT INTO title VALUES (%s, %s, %s, %s)", titles)
        cursor.execute(
            "CREATE TEMP TABLE plan ON COMMIT DROP AS "
            "SELECT row_number() OVER (ORDER BY held_on, unit_id, kind) AS id, * "
            f"FROM ({' UNION ALL '.join(parts)}) every_habit",
            {"first": shape.first, "last": shape.last},
        )


def _sessions() -> None:
    state = _dice("plan.id", 3, 100)
    insert_select(
        StudySession,
        {
            "id": "plan.id",
            "org_unit_id": "plan.unit_id",
            "kind": "plan.kind",
            "mode": "plan.mode",
            "title": "title.title",
            "folded": "title.folded",
            "held_on": "plan.held_on",
            "status": f"CASE {state} WHEN 0 THEN 'planned' WHEN 1 THEN 'cancelled' ELSE 'held' END",
            "has_study_item": f"plan.kind = 'regular_meeting' AND {_dice('plan.id', 4, 10)} < 6",
            "review_kind": "CASE plan.kind WHEN 'review_conference' THEN 'interim' ELSE '' END",
            "place": "'Nhà văn hóa'",
            "chair": "'Bí thư'",
            "recorded_by_id": str(system_user().pk),
        },
        "FROM plan JOIN title USING (kind, month) ORDER BY plan.id",
    )


def _points() -> None:
    """The main point of every session, and a remote point in each committee below at a hybrid conference."""
    insert_select(
        SessionPoint,
        {
            "session_id": "plan.id",
            "org_unit_id": "plan.unit_id",
            "is_main": "TRUE",
            "present_members": f"12 + {_dice('plan.id', 5, 30)}",
            "present_officials": f"CASE plan.mode WHEN 'hybrid' THEN {_dice('plan.id', 6, 20)} ELSE 0 END",
            "present_public": f"CASE WHEN {_dice('plan.id', 7, 10)} = 0 THEN {_dice('plan.id', 8, 15)} ELSE 0 END",
        },
        "FROM plan ORDER BY plan.id",
    )
    insert_select(
        SessionPoint,
        {
            "session_id": "plan.id",
            "org_unit_id": "p.org_unit_id",
            "is_main": "FALSE",
            "present_members": f"20 + {_dice('plan.id + p.org_unit_id', 9, 80)}",
            "present_officials": _dice("plan.id + p.org_unit_id", 10, 30),
        },
        "FROM plan JOIN orgs_orgplacement p ON p.parent_id = plan.unit_id AND p.during @> plan.held_on "
        "WHERE plan.mode = 'hybrid' ORDER BY plan.id",
    )


def _studied_themes() -> None:
    insert_select(
        StudySession.themes.through,
        {"studysession_id": "plan.id", "theme_id": "t.id"},
        "FROM plan JOIN programmes_theme t ON t.during @> plan.held_on WHERE plan.kind = 'study_conference'",
    )


def _rolls() -> None:
    """Who of the rosters was there, and the main points' numbers from it, as the use case derives them."""
    with loading(Attendance):
        insert_select(
            Attendance,
            {
                "session_id": "s.id",
                "point_id": "p.id",
                "org_unit_id": "p.org_unit_id",
                "person_id": "ms.person_id",
                "attendance_class": "'members'",
                "studied_on": "s.held_on",
                "recorded_by_id": str(system_user().pk),
            },
            "FROM study_studysession s JOIN study_sessionpoint p ON p.session_id = s.id AND p.is_main "
            f"JOIN {Membership._meta.db_table} ms ON ms.org_unit_id = p.org_unit_id AND ms.during @> s.held_on "
            f"WHERE s.kind = 'study_conference' AND {_dice('s.id * 131 + ms.person_id', 11, 100)} < 92 "
            "ORDER BY s.held_on, s.id, ms.person_id",
        )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE study_sessionpoint p SET present_members = a.count, counted_by = 'roll' "
            "FROM (SELECT point_id, count(*) FROM study_attendance GROUP BY 1) a WHERE a.point_id = p.id"
        )
