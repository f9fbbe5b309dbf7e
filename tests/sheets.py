"""Workbooks for tests of imports."""

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.models import ImportRun
from langsen.foundation.core.sheets import runs
from langsen.foundation.core.sheets.kinds import Context, kind_of
from langsen.foundation.orgs.models import OrgUnit


def sent(kind: str, unit: OrgUnit, head: Sequence[Any], *rows: Sequence[Any], user: Any = None) -> ImportRun:
    """Send a workbook of `head` and `rows` to the import `kind` of `unit`, as the system unless `user` is given.

    The test's `settings.FILES_DIR` must be a folder of its own.
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"strings_to_formulas": False})
    sheet = book.add_worksheet()
    for number, row in enumerate([head, *rows]):
        sheet.write_row(number, 0, row)
    book.close()
    stream.seek(0)
    context = Context(user or system_user(), unit.pk)
    return runs.receive(kind_of(kind), stream, name="ds.xlsx", size=len(stream.getvalue()), context=context)


def counts(run: ImportRun) -> dict[str, int]:
    """Return how many rows of each state the import found, states without any left out."""
    return {state: count for state, count in run.counts.items() if count}
