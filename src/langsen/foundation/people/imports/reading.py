"""From the cells of a row to what the roster would hold: names, sex, class, unit, days."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext as _

from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.periods import today
from langsen.foundation.core.sheets.cells import YearOnly
from langsen.foundation.core.sheets.kinds import SheetRow
from langsen.foundation.core.text import fold
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.people import rules
from langsen.foundation.people.enums import PersonClass

# A candidate's probation lasts twelve months (Điều lệ Đảng 2011, article 5); decisions come later, so twice that.
_PROBATION = timedelta(days=2 * 365)
_SEXES = {"nam": "m", "m": "m", "male": "m", "nu": "f", "f": "f", "female": "f"}
_CLASSES = {
    "dang vien chinh thuc": PersonClass.FULL_MEMBER,
    "chinh thuc": PersonClass.FULL_MEMBER,
    "dang vien": PersonClass.FULL_MEMBER,
    "dang vien du bi": PersonClass.PROBATIONARY_MEMBER,
    "du bi": PersonClass.PROBATIONARY_MEMBER,
    "can bo": PersonClass.CADRE,
    "cong chuc": PersonClass.CIVIL_SERVANT,
    "vien chuc": PersonClass.PUBLIC_EMPLOYEE,
    "nguoi lao dong": PersonClass.WORKER,
    "luc luong vu trang": PersonClass.ARMED_FORCES,
    "doan vien": PersonClass.UNION_MEMBER,
    "hoi vien": PersonClass.ASSOCIATION_MEMBER,
    "nhan dan": PersonClass.PUBLIC,
    "ho gia dinh": PersonClass.HOUSEHOLD,
}
_SHORT_FORMS = {"cb": "chi bo", "dbcs": "dang bo co so", "db": "dang bo", "cbcs": "chi bo co so"}
_SHOWN_CANDIDATES = 5


class RowFault(Exception):
    """The row cannot be taken as it stands: column key and words."""

    def __init__(self, key: str, words: str) -> None:
        super().__init__(words)
        self.key, self.words = key, words


@dataclass
class Line:
    """A row understood. `given` are the optional facts the row really states."""

    row: SheetRow
    full_name: str
    folded: str
    unit: OrgUnit
    person_class: str
    from_on: date
    given: dict[str, object] = field(default_factory=dict)
    class_is_said: bool = False
    post: str = ""
    source_key: str = ""

    @property
    def born_on(self) -> date | None:
        value = self.given.get("born_on")
        return value if isinstance(value, date) else None


class Units:
    """The units a file may name: by code, or by name without accents."""

    def __init__(self, target: OrgUnit, units: Sequence[OrgUnit]) -> None:
        self.target = target
        self.by_code = {unit.code.casefold(): unit for unit in units}
        self.by_name: dict[str, list[OrgUnit]] = {}
        for unit in units:
            self.by_name.setdefault(unit.folded, []).append(unit)
        self.is_alone = target.kind.is_cell or len(units) == 1
        self._found: dict[str, OrgUnit] = {}

    def find(self, text: str) -> OrgUnit:
        """Return the unit a cell names.

        Raises:
            RowFault: none, or several; the words list them.
        """
        if text not in self._found:  # a list names each cell many times
            self._found[text] = self._named(text)
        return self._found[text]

    def _named(self, text: str) -> OrgUnit:
        if not text:
            if self.is_alone:
                return self.target
            raise RowFault(
                "unit", _("Say which cell: the file is imported into %(unit)s.") % {"unit": self.target.name}
            )
        if text.casefold() in self.by_code:
            return self.by_code[text.casefold()]
        folded = fold(text)
        first, _space, rest = folded.partition(" ")
        found = self.by_name.get(folded) or self.by_name.get(f"{_SHORT_FORMS.get(first, first)} {rest}", [])
        if len(found) == 1:
            return found[0]
        if not found:
            words = _("There is no “%(name)s” in %(unit)s.") % {"name": text, "unit": self.target.name}
            raise RowFault("unit", words)
        listed = ", ".join(f"{unit.name} ({unit.code})" for unit in found[:_SHOWN_CANDIDATES])
        raise RowFault("unit", _("Several units are called so; write the code: %(units)s.") % {"units": listed})


def understand(row: SheetRow, units: Units) -> Line:
    """Return what the row says.

    Raises:
        RowFault: a required fact is missing or one cannot be.
    """
    full_name = _full_name(row.text("full_name"))
    given: dict[str, object] = {key: row.values[key] for key in ("joined_on", "official_on") if key in row.values}
    born = row.values.get("born_on")
    if born is not None:
        is_year = isinstance(born, YearOnly)
        given |= {"born_on": born.first_day if isinstance(born, YearOnly) else born, "born_year_only": is_year}
    if row.text("sex"):
        given["sex"] = _sex(row.text("sex"))
    unit = units.find(row.text("unit"))
    person_class, is_said = _class(row)
    folded = fold(full_name)[: rules.NAME_LIMIT]
    line = Line(row, full_name, folded, unit, person_class, _first_day(row, unit), given, is_said, row.text("post"))
    line.source_key = row.text("source_key")
    _check(line)
    return line


def _full_name(text: str) -> str:
    if not text:
        raise RowFault("full_name", _("The name is missing."))
    try:
        name = rules.clean_name(text)
    except BadInput as fault:
        raise RowFault("full_name", str(fault.message)) from fault
    return name.title() if name.isupper() and " " in name else name


def _sex(text: str) -> str:
    found = _SEXES.get(fold(text))
    if found is None:
        raise RowFault("sex", _("“%(value)s” is neither Nam nor Nữ.") % {"value": text})
    return found


def _class(row: SheetRow) -> tuple[str, bool]:
    """The class the row states, or the one its Party dates imply."""
    said = row.text("person_class")
    if said:
        words = {fold(str(label)): PersonClass(value) for value, label in PersonClass.choices} | _CLASSES
        found = words.get(fold(said))
        if found is None:
            raise RowFault("person_class", _("The class “%(value)s” is not known.") % {"value": said})
        return found, True
    joined = row.values.get("joined_on")
    recent = isinstance(joined, date) and joined > today() - _PROBATION
    if recent and "official_on" not in row.values:
        return PersonClass.PROBATIONARY_MEMBER, False
    return PersonClass.FULL_MEMBER, False


def _first_day(row: SheetRow, unit: OrgUnit) -> date:
    said = row.values.get("from_on")
    if isinstance(said, date):
        return said
    joined = row.values.get("joined_on")
    known = joined if isinstance(joined, date) else date(today().year, 1, 1)
    return max(known, unit.from_on)


def _check(line: Line) -> None:
    joined, official = line.given.get("joined_on"), line.given.get("official_on")
    try:
        rules.check_days(
            line.born_on,
            joined if isinstance(joined, date) else None,
            official if isinstance(official, date) else None,
        )
        rules.stay_in(line.unit, line.from_on, None)
    except BadInput as fault:
        raise RowFault(next(iter(fault.fields), ""), str(fault.message)) from fault
