"""The entrants of a contest as an Excel file; hidden details only when asked for, and that is recorded."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from langsen.contests.contests.masking import shown_details
from langsen.contests.contests.models import Contest, Entrant
from langsen.contests.contests.rules import require_in
from langsen.contests.contests.services.entrants import HIDDEN_FIELDS
from langsen.contests.stores import STORE
from langsen.foundation.access.enums import Permission
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import record
from langsen.foundation.core.sheets.kinds import Column, ColumnKind
from langsen.foundation.core.sheets.writing import write_sheet
from langsen.foundation.core.text import moment_text

COLUMNS = (
    Column("number", gettext_lazy("Public number"), width=14),
    Column("full_name", gettext_lazy("Full name"), width=28),
    Column("phone", gettext_lazy("Phone"), width=16),
    Column("mail", gettext_lazy("Mail address"), width=24),
    Column("birth_year", gettext_lazy("Year of birth"), width=12),
    Column("is_member", gettext_lazy("Party member"), width=12),
    Column("unit", gettext_lazy("Unit"), width=40),
    Column("status", gettext_lazy("State"), width=18),
    Column("signed_up_at", gettext_lazy("Signed up"), width=18),
    Column("open_flags", gettext_lazy("Unusual signs to be looked at"), ColumnKind.COUNT, width=14),
)


@transaction.atomic(using=STORE)
def export_entrants(
    contest: Contest, entrants: QuerySet[Entrant], *, by: User, revealed: bool, notes: Iterable[str] = ()
) -> bytes:
    """Return `entrants` as .xlsx and record that they were taken out; hidden details only when `revealed`."""
    require_in(by, Permission.CONTESTS_ORGANISE if revealed else Permission.CONTESTS_READ, contest)
    rows = [_row(entrant, revealed=revealed) for entrant in entrants.iterator(chunk_size=2000)]
    fields = list(HIDDEN_FIELDS) if revealed else []
    record("contest.entrants_exported", contest, by=by, data={"rows": len(rows), "fields": fields})
    title = _("Entrants: %(contest)s") % {"contest": contest.title}
    return write_sheet(COLUMNS, rows, title=title, notes=list(notes))


def _row(entrant: Entrant, *, revealed: bool) -> list[Any]:
    details = shown_details(entrant, revealed=revealed)
    return [
        entrant.public_number,
        entrant.full_name,
        details["phone"],
        details["mail"],
        details["birth_year"],
        details["is_member"],
        entrant.unit.path if entrant.unit else "",
        str(entrant.get_status_display()),
        moment_text(entrant.signed_up_at),
        getattr(entrant, "open_flags", 0),
    ]
