"""The other side: the same questions as one would write them by hand over the rows, several ways, the best counts.

All read by the organisation of that time, as the program does: a unit that moved counts where it stood on the day.
"""

from collections.abc import Mapping
from typing import Any

from django.db import connection

from langsen.registers.study.models import TOTAL_COLUMNS

_PRESENT = "present_members + present_officials + present_union_members + present_public + present_other"
_AT_ORGANISER = {
    "conferences": "count(*) FILTER (WHERE kind = 'study_conference')",
    "conferences_in_person": "count(*) FILTER (WHERE kind = 'study_conference' AND mode = 'in_person')",
    "conferences_online": "count(*) FILTER (WHERE kind = 'study_conference' AND mode = 'online')",
    "conferences_hybrid": "count(*) FILTER (WHERE kind = 'study_conference' AND mode = 'hybrid')",
    "thematic_meetings": "count(*) FILTER (WHERE kind = 'thematic_meeting')",
    "regular_meetings": "count(*) FILTER (WHERE kind = 'regular_meeting' AND has_study_item)",
    "historic_trips": "count(*) FILTER (WHERE kind = 'historic_trip')",
    "review_conferences": "count(*) FILTER (WHERE kind = 'review_conference')",
}
_REMOTE = "NOT is_main AND mode <> 'in_person'"
_AT_POINT = {
    "attendances": f"sum({_PRESENT}) FILTER (WHERE kind = 'study_conference')",
    **{
        f"attendances_{name}": f"sum(present_{name}) FILTER (WHERE kind = 'study_conference')"
        for name in ("members", "officials", "union_members", "public", "other")
    },
    "online_attendances": f"sum({_PRESENT}) FILTER (WHERE kind = 'study_conference' AND mode <> 'in_person')",
    "remote_points": f"count(*) FILTER (WHERE {_REMOTE})",
    "remote_points_study": f"count(*) FILTER (WHERE {_REMOTE} AND kind = 'study_conference')",
    "remote_points_review": f"count(*) FILTER (WHERE {_REMOTE} AND kind = 'review_conference')",
    "remote_points_other": (
        f"count(*) FILTER (WHERE {_REMOTE} AND kind NOT IN ('study_conference', 'review_conference'))"
    ),
    "historic_trip_people": f"sum({_PRESENT}) FILTER (WHERE kind = 'historic_trip')",
}
_HELD = """
SELECT id, org_unit_id, kind, mode, has_study_item, held_on FROM study_studysession
WHERE status = 'held' AND held_on >= %(first)s AND held_on < %(end)s
"""
# Units of the two levels below, with the days on which they had each unit under them; `steady` when on all days asked.
_UNDER = """
SELECT c.descendant_id AS unit_id, a.descendant_id AS grp, c.depth, c.during * a.during AS during,
       c.during * a.during @> daterange(%(first)s, %(end)s) AS steady
FROM orgs_orgclosure a JOIN orgs_orgclosure c ON c.ancestor_id = a.descendant_id AND c.during && a.during
WHERE a.ancestor_id = %(unit)s AND a.depth IN (1, 2) AND a.during && daterange(%(first)s, %(end)s)
"""
_SUMS = ", ".join(f"coalesce(sum({name}), 0)" for name in TOTAL_COLUMNS)


def _leaves(source: str, day: str) -> str:
    """Both kinds of record of `source`, added up per unit (and per `day` where a unit did not stand still)."""
    group = f"org_unit_id, {day}" if day else "org_unit_id"
    key = f"org_unit_id AS unit_id{f', {day} AS day' if day else ''}"
    organiser = ", ".join(f"{_AT_ORGANISER.get(name, '0')} AS {name}" for name in TOTAL_COLUMNS)
    point = ", ".join(f"{_AT_POINT.get(name, '0')} AS {name}" for name in TOTAL_COLUMNS)
    joined = (
        f"(SELECT p.*, s.kind, s.mode, s.held_on FROM study_sessionpoint p JOIN {source} s ON s.id = p.session_id) p"
    )
    return (
        f"SELECT {key}, {organiser} FROM {source} GROUP BY {group} "
        f"UNION ALL SELECT {key}, {point} FROM {joined} GROUP BY {group}"
    )


# Days of moving units apart, so that the great rest is added up per cell before it climbs.
PER_CELL_AND_MOVED = f"""
WITH held AS MATERIALIZED ({_HELD}), under AS MATERIALIZED ({_UNDER}),
moving AS MATERIALIZED (SELECT DISTINCT unit_id FROM under WHERE NOT steady),
leaf AS ({_leaves("held", "")}),
part AS MATERIALIZED (
    SELECT * FROM held WHERE org_unit_id IN (SELECT unit_id FROM moving)
       OR id IN (SELECT session_id FROM study_sessionpoint
                 WHERE NOT is_main AND org_unit_id IN (SELECT unit_id FROM moving))
),
daily AS ({_leaves("part", "held_on")})
SELECT grp, {_SUMS} FROM (
    SELECT u.grp, u.depth, {", ".join(f"leaf.{name}" for name in TOTAL_COLUMNS)}
    FROM leaf JOIN under u ON u.unit_id = leaf.unit_id AND u.steady
    UNION ALL
    SELECT u.grp, u.depth, {", ".join(f"daily.{name}" for name in TOTAL_COLUMNS)}
    FROM daily JOIN under u ON u.unit_id = daily.unit_id AND NOT u.steady AND u.during @> daily.day
) counted GROUP BY grp
"""

PER_CELL_AND_DAY = f"""
WITH held AS MATERIALIZED ({_HELD}), under AS MATERIALIZED ({_UNDER}), leaf AS ({_leaves("held", "held_on")})
SELECT grp, {_SUMS} FROM leaf JOIN under u ON u.unit_id = leaf.unit_id AND u.during @> leaf.day GROUP BY grp
"""

ROLL_UPS = {"per cell first": PER_CELL_AND_MOVED, "per cell and day": PER_CELL_AND_DAY}

PARTICIPANTS = """
SELECT count(DISTINCT a.person_id)
FROM orgs_orgclosure c
JOIN study_attendance a ON a.org_unit_id = c.descendant_id AND a.studied_on <@ c.during
     AND a.studied_on >= %(first)s AND a.studied_on < %(end)s
JOIN study_studysession s ON s.id = a.session_id AND s.status = 'held' AND s.kind = 'study_conference'
WHERE c.ancestor_id = %(unit)s AND c.during && daterange(%(first)s, %(end)s)
"""
PARTICIPANTS_GROUPED = """
SELECT count(*) FROM (
    SELECT a.person_id
    FROM (SELECT id FROM study_studysession WHERE status = 'held' AND kind = 'study_conference'
          AND held_on < %(end)s) s
    JOIN study_attendance a ON a.session_id = s.id AND a.studied_on >= %(first)s AND a.studied_on < %(end)s
    JOIN orgs_orgclosure c ON c.descendant_id = a.org_unit_id AND c.ancestor_id = %(unit)s AND c.during @> a.studied_on
    GROUP BY a.person_id
) people
"""
COUNTS = {"count distinct": PARTICIPANTS, "grouped": PARTICIPANTS_GROUPED}


def rows(sql: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()
