"""Excel in for a unit and those below it: who may, which unit and choice a cell means, why a row is refused."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.sheets.kinds import Column, SheetRow, State, Verdict
from langsen.foundation.core.text import fold
from langsen.foundation.orgs.models import OrgUnit
from langsen.registers.kit.rules import refuse

UNIT = Column(
    "unit",
    gettext_lazy("Unit"),
    aliases=("đơn vị", "chi bộ", "mã đơn vị", "tên đơn vị", "unit code"),
    width=34,
    example="Chi bộ số 4",
    explanation=gettext_lazy("Name or code; empty means the unit chosen above."),
    limit=200,
)


class UnitFinder:
    """Finding a unit by its code or name among those of the import."""

    def __init__(self, units: Sequence[OrgUnit], chosen_id: int) -> None:
        self.by_code = {unit.code.upper(): unit for unit in units}
        self.by_name: dict[str, list[OrgUnit]] = {}
        for unit in units:
            self.by_name.setdefault(unit.folded, []).append(unit)
        self.chosen = next(unit for unit in units if unit.pk == chosen_id)

    def find(self, words: str, day: date) -> OrgUnit:
        """Return the unit meant, the chosen one for no words; of several of one name the one that existed on the day.

        Raises:
            BadInput: none, or more than one.
        """
        if not words:
            return self.chosen
        if words.upper() in self.by_code:
            return self.by_code[words.upper()]
        found = self.by_name.get(fold(words), [])
        found = [unit for unit in found if unit.exists_on(day)] or found
        if len(found) == 1:
            return found[0]
        message = (
            _("There is no unit “%(name)s” here.")
            if not found
            else _("Several units are called “%(name)s”; use the code.")
        )
        raise refuse("unit", message % {"name": words})


def words_of(choices: Any, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return what a cell may say for each choice, in either language, without accents; `more` adds folded words."""
    words = dict(more or {})
    for language in ("vi", "en"):
        with override(language):
            words |= {fold(str(label)): value for value, label in choices.choices}
    return words | {value: value for value in choices.values}


def unreadable(row: SheetRow, label: str, needed: Sequence[str]) -> Verdict | None:
    """Return the refusal of a row with cells that cannot be read, or are `needed` and empty; None when it is whole."""
    reasons = list(row.faults.items())
    missing = [key for key in needed if key not in row.values and key not in row.faults]
    reasons += [(key, _("This is needed.")) for key in missing]
    return Verdict(row, State.REJECTED, label, reasons) if reasons else None


def refused(row: SheetRow, label: str, error: BadInput) -> Verdict:
    """Return the verdict on a row that breaks a rule, each reason at its column."""
    fields = [(name, str(message)) for name, message in error.fields.items()]
    return Verdict(row, State.REJECTED, label, fields or [("", str(error.message))])
