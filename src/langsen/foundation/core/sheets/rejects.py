"""The rows that were not imported, as a file to mend."""

from django.utils.translation import gettext as _

from langsen.foundation.core.models import ImportRow, ImportRun
from langsen.foundation.core.sheets.kinds import State
from langsen.foundation.core.sheets.writing import write_rejected

_NOT_IMPORTED = (State.REJECTED, State.DOUBTFUL)


def rejected_sheet(run: ImportRun) -> bytes:
    """Return these rows as .xlsx in their file's own layout, with the reasons beside them."""
    rows = list(ImportRow.objects.filter(run=run, state__in=_NOT_IMPORTED))
    above = run.head.get("above", [])
    widest = max([len(cells) for cells in above] + [len(row.cells) for row in rows], default=0)
    return write_rejected(above, ((row.cells, reasons_of(row)) for row in rows), reason_column=widest)


def reasons_of(row: ImportRow) -> str:
    """Return the reasons of one row in one cell's text."""
    named = [f"{cell}: {words}" if cell else words for cell, words in row.reasons]
    if row.state == State.DOUBTFUL:
        labels = "; ".join(label for _value, label in row.candidates)
        named.append(_("Not decided yet whether this is the same: %(who)s") % {"who": labels})
    return "; ".join(named)
