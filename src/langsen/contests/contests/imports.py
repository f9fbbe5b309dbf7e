"""Excel in: the units of a contest, for a store whose registers do not hold them; previewed, sent twice counts once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from langsen.contests.contests.enums import ContestStatus
from langsen.contests.contests.models import Contest, ContestUnit
from langsen.contests.contests.queries.office import contest_for
from langsen.contests.contests.rules import organisers_where
from langsen.contests.contests.services.unit_lists import KIND_LENGTH, UnitLine, import_units, require_open_list
from langsen.contests.contests.services.units import MOST_PEOPLE, MOST_UNITS
from langsen.contests.contests.unit_tree import TOP, Fate, fates, hanging_on
from langsen.foundation.access.enums import Permission
from langsen.foundation.core.errors import BadInput, NotFound
from langsen.foundation.core.periods import today
from langsen.foundation.core.sheets.kinds import (
    Column,
    ColumnKind,
    Context,
    ImportKind,
    Judgement,
    SheetRow,
    State,
    Target,
    Verdict,
)
from langsen.foundation.core.text import number_text
from langsen.foundation.reorganisation.rules import checked_code, checked_name
from langsen.registers.kit.imports import refused, unreadable
from langsen.registers.kit.rules import check_has_come, refuse

_NAMED = 50  # units a remark names before it only counts
COLUMNS = (
    Column(
        "code",
        gettext_lazy("Unit code"),
        aliases=("mã", "mã đơn vị", "code"),
        required=True,
        limit=100,
        width=14,
        example="XNH-2",
        explanation=gettext_lazy(
            "Letters without accents, digits, dots and dashes. The same code sent again is the same unit."
        ),
    ),
    Column(
        "name",
        gettext_lazy("Unit"),
        aliases=("tên", "tên đơn vị", "đơn vị", "name"),
        required=True,
        limit=500,
        width=42,
        example="Chi bộ bản Nà Hoa",
    ),
    Column(
        "kind",
        gettext_lazy("Kind of unit"),
        aliases=("loại", "loại hình", "loại đơn vị", "kind of unit"),
        limit=KIND_LENGTH,
        width=28,
        example="Chi bộ",
        explanation=gettext_lazy("In your own words; results are also counted by kind."),
    ),
    Column(
        "parent",
        gettext_lazy("Code of the unit above"),
        aliases=("mã cấp trên", "cấp trên", "mã đơn vị cấp trên", "superior's code"),
        limit=100,
        width=18,
        example="XNH",
        explanation=gettext_lazy(
            "A unit of this list or of the contest. Empty: directly below the organiser, and these are the units that "
            "are compared; a unit that is there already stays where it is."
        ),
    ),
    Column(
        "head_count",
        gettext_lazy("Head count"),
        ColumnKind.COUNT,
        aliases=("số người", "sĩ số", "quân số", "số đảng viên", "tổng số người"),
        width=12,
        example="38",
        explanation=gettext_lazy("The base of the participation rate. Empty: not known."),
    ),
    Column(
        "head_count_on",
        gettext_lazy("Day of the head count"),
        ColumnKind.DAY,
        aliases=("ngày tính số người", "tính đến ngày", "thời điểm"),
        width=16,
        example="1/3/2026",
        explanation=gettext_lazy("Empty: the day this list is imported."),
    ),
)
_EXAMPLES = (
    ("XNH", "Đảng bộ xã Nà Hoa", "Đảng bộ cơ sở", "", 412, date(2026, 3, 1)),
    ("XNH-1", "Chi bộ cơ quan xã", "Chi bộ", "XNH", 46, date(2026, 3, 1)),
    ("XNH-2", "Chi bộ bản Nà Hoa", "Chi bộ", "XNH", 38, date(2026, 3, 1)),
    ("XNH-2-A", "Tổ đảng số 1", "Tổ đảng", "XNH-2", None, None),
    ("TRUONG-1", "Chi bộ Trường Trung học cơ sở Bản Mây", "Chi bộ", "", 57, date(2026, 3, 1)),
)


class ContestUnitsImport(ImportKind):
    """A row is the unit of the contest with its code, or a new one; units the file does not name stay as they are."""

    code = "contest_units"
    title = gettext_lazy("Import the units of a contest from Excel")
    target_label = gettext_lazy("Contest")
    url_prefix = "contests:units"
    back_url = "contests:contests"
    file_stem = "don-vi-du-thi"
    columns = COLUMNS
    examples = _EXAMPLES

    def targets(self, user: Any, code: str = "") -> list[Target]:
        """The contest whose address is `code`, then the others the user organises, the newest first."""
        organisers = organisers_where(user, Permission.CONTESTS_ORGANISE)
        written = Contest.objects.filter(
            organiser_id__in=organisers, status__in=[ContestStatus.DRAFT, ContestStatus.ANNOUNCED]
        )
        found = sorted(written.order_by("-id")[:100], key=lambda one: (one.slug != code, one.is_frozen, -one.pk))
        return [Target(one.pk, one.organiser_name, one.title) for one in found]

    def context(self, user: Any, chosen: int) -> Context:
        """The organiser is the unit; the contest is its subject."""
        contest = contest_for(user, chosen, Permission.CONTESTS_ORGANISE)
        return Context(user, contest.organiser_id, contest.pk)

    def back_href(self, subject_id: int | None) -> str:
        return super().back_href(None) if subject_id is None else reverse("contests:units", args=[subject_id])

    def check(self, context: Context) -> None:
        """Refuse who does not organise the contest (NotFound), and a list that is announced (Conflict)."""
        require_open_list(_contest(context))

    def judge(self, rows: Sequence[SheetRow], context: Context) -> Judgement:
        """Judge the rows one by one, then as a tree together with the units that are there."""
        contest = _contest(context)
        units = {one.code: one for one in contest.units.select_related("parent").order_by("code")}
        listing = _Listing(contest, units)
        verdicts = [listing.verdict(row) for row in rows]
        listing.refuse_what_hangs_nowhere()
        listing.refuse_too_many()
        return Judgement(verdicts, _remarks(units, rows))

    def apply(self, judgement: Judgement, context: Context) -> None:
        """Write what is new or changed in one go. Applied again after a fault, it is there already."""
        good = [one.plan for one in judgement.verdicts if one.state in (State.NEW, State.CHANGED)]
        if good:
            import_units(_contest(context), good, by=context.user)


def _contest(context: Context) -> Contest:
    if context.subject_id is None:
        raise NotFound
    return contest_for(context.user, context.subject_id, Permission.CONTESTS_ORGANISE)


@dataclass
class _Listing:
    """The units as they are, and the lines of the file as far as they are good."""

    contest: Contest
    units: Mapping[str, ContestUnit]
    good: dict[str, Verdict] = field(default_factory=dict)
    further_up: dict[str, int] = field(default_factory=dict)

    def verdict(self, row: SheetRow) -> Verdict:
        label = f"{row.text('code')} {row.text('name')}".strip()
        fault = unreadable(row, label, ("code", "name"))
        if fault is not None:
            return fault
        try:
            line = self._line(row)
        except BadInput as error:
            return refused(row, label, error)
        if line.code in self.further_up:
            words = _("This code stands further up in the file: line %(line)s.") % {"line": self.further_up[line.code]}
            return Verdict(row, State.REJECTED, label, [("code", words)])
        self.further_up[line.code] = row.number
        found = Verdict(row, self._state(line), label, self._moves(line), plan=line)
        self.good[line.code] = found
        return found

    def _line(self, row: SheetRow) -> UnitLine:
        code, name = checked_code(row.text("code")), checked_name(row.text("name"))
        known = self.units.get(code)
        count, on = _head_count(row, known)
        return UnitLine(code, name, row.text("kind") or (known.kind if known else ""), self._above(row), count, on)

    def _above(self, row: SheetRow) -> str:
        code = row.text("parent").upper()
        if not code:
            known = self.units.get(row.text("code").upper())
            return known.parent.code if known and known.parent else TOP
        return TOP if code == self.contest.organiser_code.upper() and code not in self.units else code

    def _state(self, line: UnitLine) -> State:
        known = self.units.get(line.code)
        if known is None:
            return State.NEW
        above = known.parent.code if known.parent else TOP
        stands = UnitLine(known.code, known.name, known.kind, above, known.head_count, known.head_count_on)
        return State.UNCHANGED if stands == line else State.CHANGED

    def _moves(self, line: UnitLine) -> list[tuple[str, str]]:
        known = self.units.get(line.code)
        was = known.parent.code if known and known.parent else TOP
        if known is None or was == line.above:
            return []
        organiser = self.contest.organiser_name
        words = _("Moves from “%(before)s” to “%(after)s”.")
        return [("parent", words % {"before": was or organiser, "after": line.above or organiser})]

    def refuse_what_hangs_nowhere(self) -> None:
        """Refuse lines without a unit above, those that lead back to themselves, and what would hang on them."""
        stands = {code: unit.parent.code if unit.parent else TOP for code, unit in self.units.items()}
        while True:
            above = stands | {code: one.plan.above for code, one in self.good.items()}
            wrong = {code: fate for code, fate in fates(above).items() if fate in (Fate.NOWHERE, Fate.ROUND)}
            gone = {code for code in wrong if code in self.good}
            if not gone:
                return
            below = hanging_on([code for code in gone if code not in stands], above) & set(self.good)
            for code in gone:
                self._refuse(code, self._words(wrong[code], above[code]))
            for code in below - gone:
                self._refuse(code, self._words(Fate.BELOW, above[code]))

    def _words(self, fate: Fate, above: str) -> str:
        if fate == Fate.ROUND:
            return _("Going up from this unit leads back to itself.")
        if above in self.further_up:
            words = _("The unit above, in line %(line)s, is not right yet.")
            return words % {"line": self.further_up[above]}
        return _("No right line of this file and no unit of the contest has the code “%(code)s”.") % {
            "code": above[:60]
        }

    def _refuse(self, code: str, words: str, *, key: str = "parent") -> None:
        found = self.good.pop(code)
        found.state, found.reasons, found.plan = State.REJECTED, [(key, words)], None

    def refuse_too_many(self) -> None:
        """Refuse the whole list where it would not fit; half a list would be worse than none."""
        if len(self.good.keys() | self.units.keys()) <= MOST_UNITS:
            return
        words = _("At most %(most)s units fit into a contest.") % {"most": number_text(MOST_UNITS)}
        for code in list(self.good):
            self._refuse(code, words, key="")


def _head_count(row: SheetRow, known: ContestUnit | None) -> tuple[int | None, date | None]:
    """The head count with its day; what the row leaves empty stays as it is, a number without a day is of today."""
    count, on = row.values.get("head_count"), row.values.get("head_count_on")
    if count is None:
        if on is not None:
            raise refuse("head_count", _("A head count and its day belong together."))
        return (known.head_count, known.head_count_on) if known else (None, None)
    if not 0 < count <= MOST_PEOPLE:
        message = _("This must be from %(least)s to %(most)s.")
        raise refuse("head_count", message % {"least": 1, "most": number_text(MOST_PEOPLE)})
    if on is None:
        return count, known.head_count_on if known and known.head_count == count else today()
    check_has_come(on, "head_count_on")
    return count, on


def _remarks(units: Mapping[str, ContestUnit], rows: Sequence[SheetRow]) -> list[tuple[str, list[str]]]:
    """Say which units of the contest no line of the file is about."""
    named = {row.text("code").upper() for row in rows}
    left = [f"{unit.code} {unit.path}" for code, unit in units.items() if code not in named]
    if not left:
        return []
    title = _("Units of the contest without a right line in this file; they stay: %(count)s")
    return [(title % {"count": number_text(len(left))}, left[:_NAMED])]
