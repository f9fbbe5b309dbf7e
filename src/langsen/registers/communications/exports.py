"""Excel out of the register."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from langsen.foundation.core.sheets.kinds import Column, ColumnKind
from langsen.registers.communications.models import Output
from langsen.registers.communications.register import OUTPUTS
from langsen.registers.kit.exports import list_sheet

COLUMNS = (
    Column("code", _("Unit code"), width=14),
    Column("unit", _("Unit"), width=34),
    Column("kind", pgettext_lazy("communication output", "Kind"), width=22),
    Column("title", _("Title"), width=50),
    Column("published_on", _("Day"), ColumnKind.DAY, width=12),
    Column("channel", _("Channel"), width=26),
    Column("link", _("Link"), width=40),
    Column("note", _("Note"), width=30),
    Column("status", _("State"), width=14),
)


def outputs_sheet(outputs: QuerySet[Output]) -> bytes:
    """Return the list as a workbook."""
    return list_sheet(COLUMNS, outputs, _rows, title=OUTPUTS.title)


def _rows(output: Output) -> list[list[Any]]:
    return [
        [
            output.org_unit.code,
            output.org_unit.name,
            output.get_kind_display(),
            output.title,
            output.published_on,
            output.channel,
            output.link,
            output.note,
            output.get_status_display(),
        ]
    ]
