"""How each person on a roster stands towards the themes: obliged, studied, still to study (rows 4 and 13).

Obliged = on the roster of a counted unit on the last day, of a class that a theme in force in the period obliges there,
not exempt on that day. Studied = took part in a held session on that theme in the period, make-up study included.
Pending = obliged by an annual theme in force on the last day, without any study of it up to that day.
"""

from langsen.foundation.figures.catalogue import Together

THEME_IS = "th.id = %(theme)s"

_THEMES = "SELECT th.id FROM programmes_theme th WHERE {theme} AND th.during && daterange(%(first)s, %(end)s)"

# One row per theme. Whether a theme comes from above is asked unit by unit (OFFSET 0): joined, the whole tree below the
# theme's unit would be walked for every person.
_OBLIGED = f"""
    SELECT m.grp, ms.person_id AS item, m.theme_id, m.is_pending
    FROM (
        SELECT m.grp, m.unit_id, th.id AS theme_id, th.obliged_classes,
               th.kind = 'annual' AND th.during @> %(last)s::date AS is_pending
        FROM member m
        JOIN programmes_theme th ON th.id IN ({_THEMES})
        WHERE m.f <= %(last)s AND %(last)s < m.t
          AND EXISTS (
              SELECT 1 FROM orgs_orgclosure c
              WHERE c.descendant_id = m.unit_id AND c.ancestor_id = th.org_unit_id AND c.during @> %(last)s::date
              OFFSET 0
          )
        OFFSET 0
    ) m
    JOIN people_membership ms ON ms.org_unit_id = m.unit_id AND ms.during @> %(last)s::date
         AND ms.person_class = ANY(m.obliged_classes)
    WHERE ms.person_id NOT IN (SELECT x.person_id FROM people_exemption x WHERE x.during @> %(last)s::date)
"""

# Who took part in a held session on which theme, up to the last day.
_STUDIED = f"""
    SELECT a.person_id, st.theme_id, <WHAT>
    FROM study_studysession_themes st
    JOIN study_studysession s ON s.id = st.studysession_id AND s.status = 'held'
    JOIN study_attendance a ON a.session_id = s.id AND a.studied_on <= %(last)s
    WHERE st.theme_id IN ({_THEMES})
    GROUP BY a.person_id, st.theme_id
"""

# FULL JOIN, although only who is obliged is asked for: it is done by hashing or sorting whatever the planner expects,
# where LEFT JOIN of a handful expected would hold everybody against everybody. coalesce() keeps it from being
# simplified to one.
_ROWS = f"""
    SELECT o.grp, o.item, TRUE AS obliged, coalesce(x.last_on >= %(first)s, FALSE) AS studied,
           o.is_pending AND x.last_on IS NULL AS pending
    FROM ({_OBLIGED}) o
    FULL JOIN ({_STUDIED.replace("<WHAT>", "max(a.studied_on) AS last_on")}) x
         ON x.person_id = o.item AND x.theme_id = o.theme_id
    WHERE coalesce(o.grp, 0) <> 0
"""


def _number(day: str) -> str:
    """SQL of the number of the month `day` lies in (`periods.month_number`)."""
    return f"(12 * extract(year FROM {day}) + extract(month FROM {day}))::int"


_FIRST_MONTH, _AFTER_MONTHS = _number("%(first)s::date"), f"({_number('%(last)s::date')} + 1)"


def _months_of_last_days(f: str, t: str) -> str:
    """SQL of the months whose last day lies in [f, t); `f` at the latest the last day asked for, `t` NULL for ever."""
    return (
        f"int4range({_number(f'greatest({f}, %(first)s::date)')}, "
        f"CASE WHEN {t} <= %(last)s THEN {_number(t)} ELSE {_AFTER_MONTHS} END)"
    )


# The months asked for are numbered; each person's months are ranges of such numbers, put together and taken apart as
# sets, so that nobody is counted once a month. A month is read on its last day, a cut one on the last day asked for.
_BY_MONTH = f"""
    SELECT month.number AS grp,
           coalesce(sum(change.obliged) OVER soFar, 0)::bigint AS obliged,
           coalesce(studied.people, 0) AS studied,
           coalesce(sum(change.pending) OVER soFar, 0)::bigint AS pending
    FROM generate_series({_FIRST_MONTH}, {_AFTER_MONTHS} - 1) month(number)
"""
STANDING = Together(("obliged", "studied", "pending"), _ROWS, _BY_MONTH)
