"""Row 23 of the catalogue: reports that came in time, of those the units of that day owed.

What is counted is a duty, a request together with a unit that owes it a report (`queries.calls.DUTIES`). It belongs to
the day the report is due at that unit, extensions included, and counts at the unit that owes it. Its number is
`request * 2**32 + unit`.
"""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.figures.catalogue import Figure, Items, Listed, Ratio
from langsen.foundation.figures.enums import Kind, Measure, Scope
from langsen.foundation.orgs.models import OrgUnit
from langsen.reports.models import ReportCall
from langsen.reports.queries.calls import DUTIES

_UNITS = 2**32


def _duties_listed(ids: Iterable[int]) -> dict[int, Listed]:
    pairs = {number: divmod(number, _UNITS) for number in ids}
    calls = ReportCall.objects.select_related("outline").in_bulk({call for call, _unit in pairs.values()})
    units = OrgUnit.objects.in_bulk({unit for _call, unit in pairs.values()})
    return {
        number: Listed(
            _text("Report: %(call)s") % {"call": calls[call]},
            reverse("reports:call", args=[call]),
            units[unit].name,
            calls[call].due_on,
        )
        for number, (call, unit) in pairs.items()
        if call in calls and unit in units
    }


_OWED = f"""
    SELECT m.grp, owed.call_id * {_UNITS} + owed.unit_id AS item
    FROM member m
    JOIN ({DUTIES}) owed ON owed.unit_id = m.unit_id AND owed.due_on >= m.f AND owed.due_on < m.t
    WHERE owed.due_on >= %(first)s AND owed.due_on < %(end)s AND {{theme}}
"""

# A report belongs to no theme: choosing one narrows nothing here.
DUTIES_OWED = Items(sql=_OWED, theme_filter="TRUE", permission=Permission.REPORTS_READ, describe=_duties_listed)
DUTIES_IN_TIME = Items(
    sql=_OWED + " AND owed.sent_on <= owed.due_on",
    theme_filter="TRUE",
    permission=Permission.REPORTS_READ,
    describe=_duties_listed,
)

FIGURES: tuple[Figure, ...] = (
    Figure(
        "programmes.reports_on_time_rate",
        _("Share of units that sent their report in time"),
        Measure.UNITS,
        Kind.RATIO,
        Scope.BELOW,
        Ratio(DUTIES_IN_TIME, DUTIES_OWED),
        23,
    ),
)
