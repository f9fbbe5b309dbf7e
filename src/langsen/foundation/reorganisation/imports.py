"""Units from an Excel list: code, name, kind, code of the superior, first day, last day."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.sheets.cells import cell_name
from langsen.foundation.core.sheets.headers import find_header, guess_mapping, read_rows
from langsen.foundation.core.sheets.kinds import Column, ColumnKind, SheetRow
from langsen.foundation.core.sheets.reading import check_upload, read_sheets
from langsen.foundation.core.text import fold
from langsen.foundation.orgs.models import UnitKind
from langsen.foundation.reorganisation.bulk import NewUnit, problems_of
from langsen.foundation.reorganisation.rules import checked_code, checked_name

COLUMNS = (
    Column("code", gettext_lazy("Code"), aliases=("mã", "mã đơn vị"), required=True, limit=100),
    Column("name", gettext_lazy("Name"), aliases=("tên", "tên đơn vị", "đơn vị"), required=True, limit=20_000),
    Column("kind", gettext_lazy("Kind of unit"), aliases=("loại", "loại hình", "loại đơn vị"), required=True),
    Column("parent", gettext_lazy("Superior"), aliases=("mã cấp trên", "cấp trên", "đơn vị cấp trên"), limit=100),
    Column("from_on", gettext_lazy("From"), ColumnKind.DAY, aliases=("từ ngày", "ngày thành lập"), required=True),
    Column("last_on", gettext_lazy("Last day"), ColumnKind.DAY, aliases=("đến ngày", "ngày kết thúc")),
)


@dataclass(frozen=True)
class Rejected:
    """A cell that keeps its row from being read: where it is in the file, and why."""

    cell: str
    reason: str


@dataclass(frozen=True)
class Reading:
    """What a file holds: the units that could be established, and every cell that stands against it."""

    rows: list[NewUnit]
    rejected: list[Rejected]


def read_units(path: Path) -> Reading:
    """Read and judge a list of units; nothing is written.

    Raises:
        BadInput: the file cannot be opened, or lacks a column that must be there.
    """
    with path.open("rb") as stream:
        check_upload(stream, path.stat().st_size)
    header = find_header(read_sheets(path), COLUMNS)
    mapping = guess_mapping(header.titles, COLUMNS)
    missing = [str(column.label) for column in COLUMNS if column.required and column.key not in mapping]
    if missing:
        raise BadInput(_("These columns are missing: %(names)s.") % {"names": ", ".join(missing)})
    kinds = {
        fold(word): kind.code for kind in UnitKind.objects.all() for word in (kind.code, kind.name_vi, kind.name_en)
    }
    units: list[NewUnit] = []
    numbers: list[int] = []
    rejected: list[Rejected] = []
    for row in read_rows(header.rows, COLUMNS, mapping, {}):
        unit, faults = _unit_of(row, kinds)
        rejected += [Rejected(cell_name(row.number, mapping[key]), reason) for key, reason in faults if key in mapping]
        if unit is not None and not faults:
            units.append(unit)
            numbers.append(row.number)
    return Reading(units, rejected + _judged(units, numbers, mapping))


def _unit_of(row: SheetRow, kinds: dict[str, str]) -> tuple[NewUnit | None, list[tuple[str, str]]]:
    faults = list(row.faults.items())
    for column in COLUMNS:
        if column.required and column.key not in row.values and column.key not in row.faults:
            faults.append((column.key, _("Must be filled.")))
    for key, check in (("code", checked_code), ("name", checked_name)):
        if key in row.values:
            try:
                check(row.text(key))
            except BadInput as error:
                faults.append((key, str(error.message)))
    if faults:
        return None, faults
    kind = row.text("kind")
    return (
        NewUnit(
            code=checked_code(row.text("code")),
            name=checked_name(row.text("name")),
            kind=kinds.get(fold(kind), kind),
            parent=row.text("parent").strip().upper() or None,
            from_on=row.values["from_on"],
            last_on=row.values.get("last_on"),
        ),
        [],
    )


def _judged(units: Sequence[NewUnit], numbers: Sequence[int], mapping: dict[str, int]) -> list[Rejected]:
    return [
        Rejected(cell_name(numbers[problem.row], mapping.get(problem.field, mapping["code"])), problem.message)
        for problem in problems_of(units)
    ]
