"""Units from an Excel list: code, name, kind, code of the superior, first day, last day.

`read_units` judges a file for the command; `TreeImport` is the same list on pages, below one unit, row by row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import units_where
from langsen.foundation.access.unit_imports import UnitImport
from langsen.foundation.audit.services import record
from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.periods import today
from langsen.foundation.core.sheets.cells import cell_name
from langsen.foundation.core.sheets.headers import find_header, guess_mapping, read_rows
from langsen.foundation.core.sheets.kinds import (
    Column,
    ColumnKind,
    Context,
    Judgement,
    SheetRow,
    State,
    Verdict,
)
from langsen.foundation.core.sheets.reading import check_upload, read_sheets
from langsen.foundation.core.text import fold
from langsen.foundation.orgs.models import OrgClosure, OrgUnit, UnitKind
from langsen.foundation.reorganisation.bulk import NewUnit, establish_units, problems_of
from langsen.foundation.reorganisation.rules import checked_code, checked_name
from langsen.foundation.reorganisation.tree import from_day

COLUMNS = (
    Column(
        "code",
        gettext_lazy("Code"),
        aliases=("mã", "mã đơn vị"),
        required=True,
        limit=100,
        example="HB-C12",
        explanation=gettext_lazy("Letters without accents, digits, dashes; each unit has its own."),
    ),
    Column(
        "name",
        gettext_lazy("Name"),
        aliases=("tên", "tên đơn vị", "đơn vị"),
        required=True,
        limit=20_000,
        width=42,
        example="Chi bộ bản Hoa Ban 12",
    ),
    Column(
        "kind",
        gettext_lazy("Kind of unit"),
        aliases=("loại", "loại hình", "loại đơn vị"),
        required=True,
        width=32,
        example="Chi bộ trực thuộc đảng ủy cơ sở",
    ),
    Column(
        "parent",
        gettext_lazy("Superior's code"),
        aliases=("mã cấp trên", "cấp trên", "đơn vị cấp trên", "superior"),
        limit=100,
        example="HB-1",
        explanation=gettext_lazy("A unit that is there or stands in this list; empty: the unit the list is sent to."),
    ),
    Column(
        "from_on",
        gettext_lazy("From"),
        ColumnKind.DAY,
        aliases=("từ ngày", "ngày thành lập"),
        required=True,
        example="1/7/2025",
    ),
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
    kinds = _kinds()
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


def _kinds() -> dict[str, str]:
    """Return the code of each kind by every word it may be called by."""
    return {
        fold(word): kind.code for kind in UnitKind.objects.all() for word in (kind.code, kind.name_vi, kind.name_en)
    }


def _unit_of(
    row: SheetRow, kinds: dict[str, str], *, above: str | None = None
) -> tuple[NewUnit | None, list[tuple[str, str]]]:
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
            parent=row.text("parent").strip().upper() or above,
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


class TreeImport(UnitImport):
    """Units below one unit from a list. Rows below a wrong row are wrong too; a unit that is there is left as it is."""

    code = "orgs"
    permission = Permission.ORGS_CHANGE
    title = gettext_lazy("Import units from Excel")
    url_prefix = "orgs:units"
    back_url = "orgs:tree"
    columns = COLUMNS
    file_stem = "danh-sach-don-vi"

    def judge(self, rows: Sequence[SheetRow], context: Context) -> Judgement:
        target, kinds = self.target(context), _kinds()
        verdicts: dict[int, Verdict] = {}
        units: dict[int, NewUnit] = {}
        for row in rows:
            unit, faults = _unit_of(row, kinds, above=target.code)
            verdicts[row.number] = Verdict(
                row, State.REJECTED if faults else State.NEW, row.text("name"), faults, [], unit
            )
            if unit is not None:
                units[row.number] = unit
        _leave_known(units, verdicts)
        _reject_wrong(units, verdicts, _reachable(target, context))
        return Judgement([verdicts[row.number] for row in rows])

    def apply(self, judgement: Judgement, context: Context) -> None:
        units = [verdict.plan for verdict in judgement.verdicts if verdict.state == State.NEW]
        if units:
            establish_units(units, by=context.user)
        target = self.target(context)
        record("org_units.imported", target, by=context.user, unit_id=target.pk, data={"established": len(units)})


def _reachable(target: OrgUnit, context: Context) -> set[str]:
    """Return the codes a row may stand under: the unit itself and what is below it, today or later."""
    below = OrgClosure.objects.filter(ancestor=target, during__overlap=from_day(today())).values("descendant")
    allowed = units_where(context.user, Permission.ORGS_CHANGE).filter(pk__in=below)
    return set(allowed.values_list("code", flat=True))


def _leave_known(units: dict[int, NewUnit], verdicts: dict[int, Verdict]) -> None:
    """Rows that say what is there already need nothing."""
    names = dict(OrgUnit.objects.filter(code__in=[unit.code for unit in units.values()]).values_list("code", "name"))
    for number, unit in list(units.items()):
        if names.get(unit.code) == unit.name:
            verdicts[number].state = State.UNCHANGED
            del units[number]


def _reject_wrong(units: dict[int, NewUnit], verdicts: dict[int, Verdict], reachable: set[str]) -> None:
    """Reject what cannot stand, then what would stand below it, until all that is left can."""
    while True:
        numbers = list(units)
        rejected: dict[int, tuple[str, str]] = {}
        codes = {unit.code for unit in units.values()}
        for number, unit in units.items():
            if unit.parent not in codes and unit.parent not in reachable:
                words = _("There is no unit with the code %(code)s below the one this list is for.")
                rejected[number] = ("parent", words % {"code": (unit.parent or "")[:60]})
        for problem in problems_of(list(units.values())):
            rejected.setdefault(numbers[problem.row], (problem.field, problem.message))
        for number, reason in rejected.items():
            verdicts[number].state = State.REJECTED
            verdicts[number].reasons.append(reason)
            del units[number]
        if not rejected:
            return
