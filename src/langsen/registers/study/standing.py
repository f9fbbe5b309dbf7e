"""How each person on a roster stands towards the themes: obliged, studied, still to study (rows 4 and 13).

Obliged = on the roster of a counted unit on the last day, of a class that a theme in force in the period obliges there,
not exempt on that day. Studied = obliged, and took part in a held session on that theme in the period, make-up study
included. Pending = obliged by an annual theme in force on the last day, without any study of it up to that day.
"""

from langsen.foundation.figures.catalogue import Together

THEME_IS = "th.id = %(theme)s"

_THEMES = "SELECT th.id FROM programmes_theme th WHERE {theme} AND th.during && daterange(%(first)s, %(end)s)"

# One row per theme. Whether a theme comes from above is asked unit by unit (OFFSET 0): joined, the whole tree below the
# theme's unit would be walked for every person.
_OBLIGED = f"""
    SELECT m.grp, ms.person_id AS item, m.theme_id, m.is_due
    FROM (
        SELECT m.grp, m.unit_id, th.id AS theme_id, th.obliged_classes,
               th.kind = 'annual' AND th.during @> %(last)s::date AS is_due
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


# Up to how many counted units their people's own attendances are looked up, instead of reading all of the themes.
FEW_UNITS = 400


def _studied(obliged: str, person: str) -> str:
    """SQL of who took part in a held session on which theme, `studied_on` up to the last day; duplicates are fine.

    Of the two ways to find it only one is run: the people of a cell are a handful among all who studied a theme. Who is
    in neither `obliged` (by its column `person`) nor the themes in question may be left out.
    """
    # Whether a session was held is looked up (OFFSET 0): joined, all sessions there are would be read for a few.
    held = f"""
        WHERE st.theme_id IN ({_THEMES})
          AND EXISTS (
              SELECT 1 FROM study_studysession s WHERE s.id = st.studysession_id AND s.status = 'held' OFFSET 0
          )
          AND (SELECT count(*) FROM member)"""
    return f"""
        SELECT a.person_id, st.theme_id, a.studied_on
        FROM study_studysession_themes st
        JOIN study_attendance a ON a.session_id = st.studysession_id AND a.studied_on <= %(last)s {held} > {FEW_UNITS}
        UNION ALL
        SELECT p.person_id, st.theme_id, a.studied_on
        FROM (SELECT DISTINCT {person} AS person_id FROM {obliged}) p
        CROSS JOIN LATERAL (
            SELECT session_id, studied_on FROM study_attendance
            WHERE person_id = p.person_id AND studied_on <= %(last)s
            OFFSET 0
        ) a
        JOIN study_studysession_themes st ON st.studysession_id = a.session_id {held} <= {FEW_UNITS}
    """


# FULL JOIN, although only who is obliged is asked for: it is done by hashing or sorting whatever the planner expects,
# where LEFT JOIN of a handful expected would hold everybody against everybody. coalesce() keeps it from being turned
# into one.
_ROWS = f"""
    SELECT o.grp, o.item, TRUE AS obliged, coalesce(x.studied_on >= %(first)s, FALSE) AS studied,
           o.is_due AND x.studied_on IS NULL AS pending
    FROM obliged o
    FULL JOIN ({_studied("obliged", "item")}) x ON x.person_id = o.item AND x.theme_id = o.theme_id
    WHERE coalesce(o.grp, 0) <> 0
"""
_ROWS = f"WITH obliged AS MATERIALIZED ({_OBLIGED}) {_ROWS}"


# By month, counting everybody anew each time would be months times people. Instead each person has the set of months
# that count, as the bits of one number, the first month asked for being bit 0; people alike are then counted once.


def _number(day: str) -> str:
    """SQL of the number of the month `day` lies in (`periods.month_number`)."""
    return f"(12 * date_part('year', {day}) + date_part('month', {day}))::int"


_FIRST_MONTH = _number("%(first)s::date")


def _bit(day: str) -> str:
    return f"({_number(day)} - {_FIRST_MONTH})"


_BITS = f"({_bit('%(last)s::date')} + 1)"


def _between(start: str, stop: str) -> str:
    """SQL of the set of months from bit `start` to the one before `stop`."""
    return f"((1::bigint << {stop}) - (1::bigint << {start}))"


def _read_within(f: str, t: str) -> str:
    """SQL of the set of months read on a day of [f, t): each on its last day, a cut one on the last day asked for.

    `f` is at the latest the last day asked for; `t` is NULL where there is no end.
    """
    stop = f"CASE WHEN {t} <= %(last)s THEN {_bit(t)} ELSE {_BITS} END"
    return _between(_bit(f"greatest({f}, %(first)s::date)"), stop)


# A theme obliges in the months it is in force on some day of, and is due in those it is in force at the end of.
_IN_FORCE = _between(
    _bit("greatest(lower(th.during), %(first)s::date)"), _bit("least(upper(th.during) - 1, %(last)s::date)") + " + 1"
)
_DUE = _read_within("lower(th.during)", "upper(th.during)")

# Who is obliged, theme by theme, and in which months.
_OBLIGED_BY_MONTH = f"""
    theme AS MATERIALIZED (
        SELECT th.id, th.org_unit_id, th.obliged_classes,
               {_IN_FORCE} AS in_force, CASE WHEN th.kind = 'annual' THEN {_DUE} ELSE 0 END AS due
        FROM programmes_theme th WHERE th.id IN ({_THEMES})
    ), exempt AS MATERIALIZED (
        SELECT x.person_id, bit_or({_read_within("lower(x.during)", "upper(x.during)")}) AS months
        FROM people_exemption x WHERE x.during && daterange(%(first)s, %(end)s)
        GROUP BY x.person_id
    ), reached AS MATERIALIZED (
        SELECT m.unit_id, c.ancestor_id, greatest(m.f, lower(c.during)) AS f, least(m.t, upper(c.during)) AS t
        FROM member m
        JOIN orgs_orgclosure c ON c.descendant_id = m.unit_id AND c.during && daterange(m.f, m.t)
        WHERE c.ancestor_id IN (SELECT org_unit_id FROM theme)
    ), roster AS MATERIALIZED (
        SELECT ms.person_id, ms.person_class, m.ancestor_id,
               {_read_within("greatest(m.f, lower(ms.during))", "least(m.t, upper(ms.during))")}
               & ~ coalesce(exempt.months, 0) AS months
        FROM reached m
        JOIN people_membership ms ON ms.org_unit_id = m.unit_id AND ms.during && daterange(m.f, m.t)
        LEFT JOIN exempt ON exempt.person_id = ms.person_id
    ), obliged AS MATERIALIZED (
        SELECT person_id, theme.id AS theme_id, months & theme.in_force AS months, months & theme.due AS due
        FROM roster
        JOIN theme ON theme.org_unit_id = roster.ancestor_id AND roster.person_class = ANY(theme.obliged_classes)
    )
"""

# In which months, and since which (the first asked for, if it was before). What is due is pending until then.
_STUDIED_BY_MONTH = f"""
    SELECT person_id, theme_id, {_bit("greatest(min(studied_on), %(first)s::date)")} AS since,
           coalesce(bit_or(1::bigint << {_bit("studied_on")}) FILTER (WHERE studied_on >= %(first)s), 0) AS months
    FROM ({_studied("roster", "person_id")}) x
    GROUP BY person_id, theme_id
"""

_BY_MONTH = f"""
    WITH {_OBLIGED_BY_MONTH}, person AS (
        SELECT bit_or(o.months) AS obliged, bit_or(o.months & coalesce(x.months, 0)) AS studied,
               bit_or(o.due & CASE WHEN x.since IS NULL THEN -1 ELSE {_between("0", "x.since")} END) AS pending
        FROM obliged o
        FULL JOIN ({_STUDIED_BY_MONTH}) x ON x.person_id = o.person_id AND x.theme_id = o.theme_id
        WHERE coalesce(o.person_id, 0) <> 0
        GROUP BY o.person_id
    ), alike AS MATERIALIZED (
        SELECT obliged, studied, pending, count(*) AS people FROM person GROUP BY obliged, studied, pending
    )
    SELECT {_FIRST_MONTH} + month.bit AS grp,
           coalesce(sum(people) FILTER (WHERE obliged >> month.bit & 1 = 1), 0) AS obliged,
           coalesce(sum(people) FILTER (WHERE studied >> month.bit & 1 = 1), 0) AS studied,
           coalesce(sum(people) FILTER (WHERE pending >> month.bit & 1 = 1), 0) AS pending
    FROM generate_series(0, {_BITS} - 1) AS month(bit) CROSS JOIN alike
    GROUP BY month.bit
"""

STANDING = Together(("obliged", "studied", "pending"), _ROWS, _BY_MONTH)
