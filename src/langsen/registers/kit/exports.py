"""Excel out of a list: the rows of the page, as many as a workbook should hold."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from langsen.foundation.core.periods import today
from langsen.foundation.core.sheets.kinds import Column
from langsen.foundation.core.sheets.writing import write_sheet
from langsen.foundation.core.text import day_text, number_text

MOST_ROWS = 50_000


def list_sheet(
    columns: Sequence[Column],
    records: QuerySet[Any],
    rows_of: Callable[[Any], Iterable[Sequence[Any]]],
    *,
    title: str | Promise,
) -> bytes:
    """Return the list as a workbook; `rows_of` gives the rows of one record, in the order of `columns`."""
    found = list(records[: MOST_ROWS + 1])
    notes = [_("As of %(day)s; %(count)s records.") % {"day": day_text(today()), "count": number_text(len(found))}]
    if len(found) > MOST_ROWS:
        most = number_text(MOST_ROWS)
        notes = [_("Only the first %(count)s records. Narrow the list for the rest.") % {"count": most}]
    rows = (row for record in found[:MOST_ROWS] for row in rows_of(record))
    return write_sheet(columns, rows, title=str(title), notes=notes)
