"""Which units count, in which row, on which days: the relation every figure is read over.

`member(unit_id, grp, f, t, first, last)`: the unit, its row, the half-open days on which it counts there, and the first
and last day the row is about.

*Then*: a record counts under whoever stood above its unit on its day (closure).
*Today*: it counts at the home of its unit and today's ancestors of that home; at the home of a divided unit the
divided unit is a row of its own, so totals are conserved by construction.
"""

from langsen.foundation.figures.enums import Reading, Scope

_CLIP = "greatest(lower({range}), %(first)s::date) AS f, least(upper({range}), %(end)s::date) AS t"
_PERIOD = "daterange(%(first)s, %(end)s)"

_SELF_THEN = f"""
SELECT u.id AS unit_id, u.id AS grp, {_CLIP.format(range="u.during")}
FROM orgs_orgunit u WHERE u.id = %(unit)s AND u.during && {_PERIOD}
"""

_BELOW_THEN = f"""
SELECT c.descendant_id AS unit_id, c.ancestor_id AS grp, {_CLIP.format(range="c.during")}
FROM orgs_orgclosure c WHERE c.ancestor_id = %(unit)s AND c.during && {_PERIOD}
"""

# The two stretches are compared by their ends, not as ranges: of ranges against ranges the planner guesses one row, and
# walks through the records unit by unit.
_FROM = "greatest(lower(p.during), lower(c.during), %(first)s::date)"
_UNTIL = "least(upper(p.during), upper(c.during), %(end)s::date)"

_CHILDREN_THEN = f"""
SELECT c.descendant_id, p.org_unit_id, {_FROM} AS f, {_UNTIL} AS t
FROM orgs_orgplacement p
JOIN orgs_orgclosure c ON c.ancestor_id = p.org_unit_id AND c.during && {_PERIOD}
WHERE p.parent_id = %(unit)s AND p.during && {_PERIOD} AND {_FROM} < {_UNTIL}
"""

_BOARDS_THEN = f"""
SELECT p.org_unit_id, {{grp}}, {_CLIP.format(range="p.during")}
FROM orgs_orgplacement p
JOIN orgs_orgunit b ON b.id = p.org_unit_id JOIN orgs_unitkind k ON k.id = b.kind_id AND k.is_board
WHERE p.parent_id = %(unit)s AND p.during && {_PERIOD}
"""

_WHOLE = "%(first)s::date AS f, %(end)s::date AS t"

_BELOW_TODAY = f"""
SELECT h.org_unit_id AS unit_id, %(unit)s::bigint AS grp, {_WHOLE}
FROM orgs_orghome h
JOIN orgs_orgclosure c ON c.descendant_id = h.home_id AND c.ancestor_id = %(unit)s AND c.during @> %(today)s::date
"""

_ROWS_TODAY = f"""
SELECT h.org_unit_id AS unit_id,
       CASE WHEN h.home_id = %(unit)s THEN coalesce(h.line_id, h.home_id) ELSE child.id END AS grp, {_WHOLE}
FROM orgs_orghome h
JOIN orgs_orgclosure c ON c.descendant_id = h.home_id AND c.ancestor_id = %(unit)s AND c.during @> %(today)s::date
LEFT JOIN (
    SELECT p.org_unit_id AS id, cc.descendant_id
    FROM orgs_orgplacement p
    JOIN orgs_orgclosure cc ON cc.ancestor_id = p.org_unit_id AND cc.during @> %(today)s::date
    WHERE p.parent_id = %(unit)s AND p.during @> %(today)s::date
) child ON child.descendant_id = h.home_id
"""

# A unit dissolved without successor comes home to its parent, but its records were never that parent's own.
_OWN_TODAY = f"""
SELECT h.org_unit_id AS unit_id, h.home_id AS grp, {_WHOLE}
FROM orgs_orghome h
WHERE h.home_id = %(unit)s AND h.line_id IS NULL AND (
    h.org_unit_id = h.home_id
    OR EXISTS (SELECT 1 FROM orgs_orgsuccession s WHERE s.predecessor_id = h.org_unit_id)
)
UNION ALL
SELECT h.org_unit_id, {{grp}}, {_WHOLE}
FROM orgs_orghome h
JOIN orgs_orgplacement p ON p.org_unit_id = h.home_id AND p.parent_id = %(unit)s AND p.during @> %(today)s::date
JOIN orgs_orgunit b ON b.id = h.home_id JOIN orgs_unitkind k ON k.id = b.kind_id AND k.is_board
"""


def member_sql(reading: Reading, scope: Scope, *, by_unit: bool) -> str:
    """Return the SELECT of `member`; needs the parameters unit, first, last, end and today.

    Without `by_unit` every row has the unit itself as its group.
    """
    standing = _standing_sql(reading, scope, by_unit=by_unit)
    return f"SELECT unit_id, grp, f, t, %(first)s::date AS first, %(last)s::date AS last FROM ({standing}) standing"


def months_sql(reading: Reading, scope: Scope) -> str:
    """Return the SELECT of `member` with a row of its own for each month, its number as the group.

    Needs the parameters of `member_sql` and the days of each month, `firsts` and `lasts`.
    """
    return f"""
SELECT unit_id, (12 * extract(year FROM month.first) + extract(month FROM month.first))::int AS grp,
       greatest(f, month.first) AS f, least(t, month.last + 1) AS t, month.first, month.last
FROM ({_standing_sql(reading, scope, by_unit=False)}) standing
JOIN unnest(%(firsts)s::date[], %(lasts)s::date[]) AS month(first, last) ON f <= month.last AND t > month.first
"""


def _standing_sql(reading: Reading, scope: Scope, *, by_unit: bool) -> str:
    if scope == Scope.OWN:
        grp = "p.org_unit_id" if by_unit else "p.parent_id"
        if reading == Reading.TODAY:
            return _OWN_TODAY.format(grp=grp)
        return _SELF_THEN + "UNION ALL" + _BOARDS_THEN.format(grp=grp)
    if reading == Reading.TODAY:
        return _ROWS_TODAY if by_unit else _BELOW_TODAY
    return _SELF_THEN + "UNION ALL" + _CHILDREN_THEN if by_unit else _BELOW_THEN
