"""Excel in: the outputs of a unit and those below it, previewed, never doubled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.unit_imports import UnitImport
from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.sheets.kinds import (
    Candidate,
    Column,
    ColumnKind,
    Context,
    Judgement,
    SheetRow,
    State,
    Verdict,
)
from langsen.foundation.core.text import fold
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.orgs.queries import units_below_today
from langsen.registers.communications.enums import OutputKind
from langsen.registers.communications.models import Output
from langsen.registers.communications.services import OutputFacts, checked_columns, folded, record_outputs
from langsen.registers.kit.imports import UNIT, UnitFinder, refused, unreadable, words_of
from langsen.registers.kit.rules import refuse

Key = tuple[int, date, str]
_WORDS = {
    "chuyen muc": OutputKind.COLUMN,
    "tin": OutputKind.ARTICLE,
    "bai": OutputKind.ARTICLE,
    "tin bai": OutputKind.ARTICLE,
    "bai viet": OutputKind.ARTICLE,
    "sach": OutputKind.BOOK,
    "tai lieu": OutputKind.BOOK,
    "fanpage": OutputKind.FANPAGE,
    "pa no": OutputKind.PANEL,
    "khau hieu": OutputKind.PANEL,
    "bang ron": OutputKind.PANEL,
}


class OutputsImport(UnitImport):
    """A row is a double of an output of that unit, day and title already there: the same in all, or to be decided."""

    code = "outputs"
    permission = Permission.COMMUNICATIONS_RECORD
    title = gettext_lazy("Import communication outputs from Excel")
    url_prefix = "communications:outputs"
    back_url = "communications:outputs"
    file_stem = "san-pham-tuyen-truyen"
    columns = (
        UNIT,
        Column(
            "kind",
            pgettext_lazy("communication output", "Kind"),
            aliases=("hình thức", "loại hình", "loại sản phẩm", "thể loại"),
            required=True,
            width=22,
            example="Tin, bài",
            limit=100,
        ),
        Column(
            "title",
            gettext_lazy("Title"),
            aliases=("tiêu đề", "tên", "tên sản phẩm", "nội dung"),
            required=True,
            width=50,
            example="Gương sáng ở bản Nà Hoa",
            limit=300,
        ),
        Column(
            "published_on",
            gettext_lazy("Day"),
            ColumnKind.DAY,
            aliases=("ngày", "ngày đăng", "ngày phát", "thời gian"),
            required=True,
            width=12,
            example="19/5/2026",
        ),
        Column(
            "channel",
            gettext_lazy("Channel"),
            aliases=("kênh", "nơi đăng", "đăng trên"),
            width=26,
            example="Đài truyền thanh xã",
            limit=200,
        ),
        Column("link", gettext_lazy("Link"), aliases=("đường dẫn", "liên kết", "địa chỉ", "url"), width=40, limit=500),
        Column("note", gettext_lazy("Note"), aliases=("ghi chú",), width=30, limit=1000),
    )

    def judge(self, rows: Sequence[SheetRow], context: Context) -> Judgement:
        """Judge the rows against the units below the chosen one and what they have already published."""
        units = list(units_below_today([context.org_unit_id]))
        finder, kinds = UnitFinder(units, context.org_unit_id), words_of(OutputKind, _WORDS)
        known, further_up = _known(units, rows), set[tuple[Key, str, str]]()
        return Judgement([_verdict(row, finder, kinds, known, further_up) for row in rows])

    def apply(self, judgement: Judgement, context: Context) -> None:
        """Record what is new in one go."""
        new = [verdict.plan for verdict in judgement.verdicts if verdict.state == State.NEW]
        if new:
            record_outputs([(plan.unit, plan.facts) for plan in new], by=context.user)


@dataclass(frozen=True)
class Plan:
    """An output to be recorded."""

    unit: OrgUnit
    facts: OutputFacts


def _known(units: Sequence[OrgUnit], rows: Sequence[SheetRow]) -> dict[Key, list[Output]]:
    days = [row.values["published_on"] for row in rows if isinstance(row.values.get("published_on"), date)]
    if not days:
        return {}
    found = Output.objects.filter(
        org_unit__in=[unit.pk for unit in units], published_on__gte=min(days), published_on__lte=max(days)
    ).order_by("id")
    known: dict[Key, list[Output]] = {}
    for output in found:
        known.setdefault((output.org_unit_id, output.published_on, fold(output.title)), []).append(output)
    return known


def _verdict(
    row: SheetRow,
    finder: UnitFinder,
    kinds: Mapping[str, str],
    known: Mapping[Key, list[Output]],
    further_up: set[tuple[Key, str, str]],
) -> Verdict:
    label = row.text("title")
    if verdict := unreadable(row, label, ("kind", "title", "published_on")):
        return verdict
    try:
        plan = _read(row, finder, kinds)
        checked_columns(plan.unit, plan.facts)
    except BadInput as error:
        return refused(row, label, error)
    key = (plan.unit.pk, plan.facts.published_on, fold(plan.facts.title))
    mark = (key, plan.facts.kind, folded(plan.facts.title, plan.facts.channel))
    if mark in further_up:
        return Verdict(row, State.REJECTED, label, [("", _("The same output stands further up in this file."))])
    further_up.add(mark)
    return _compared(row, label, plan, known.get(key, []), mark)


def _read(row: SheetRow, finder: UnitFinder, kinds: Mapping[str, str]) -> Plan:
    kind = kinds.get(fold(row.text("kind")))
    if kind is None:
        raise refuse("kind", _("This kind is not known here: %(kind)s.") % {"kind": row.text("kind")[:60]})
    day = row.values["published_on"]
    facts = OutputFacts(kind, row.text("title"), day, row.text("channel"), row.text("link"), row.text("note"))
    return Plan(finder.find(row.text("unit"), day), facts)


def _compared(row: SheetRow, label: str, plan: Plan, there: list[Output], mark: tuple[Key, str, str]) -> Verdict:
    """Of the same unit, day and title: the same output in all, cancelled, or one on another channel to be decided."""
    same = next((output for output in there if (output.kind, output.folded) == mark[1:]), None)
    if same is not None and same.is_cancelled:
        return Verdict(
            row, State.REJECTED, label, [("", _("This output is cancelled. Take the cancellation back first."))]
        )
    if same is not None:
        return Verdict(row, State.UNCHANGED, label)
    candidates = [
        Candidate(str(one.pk), f"{one.get_kind_display()}, {one.channel or '–'}: {one.title}") for one in there
    ]
    if not candidates or row.choice == "new":
        return Verdict(row, State.NEW, label, plan=plan)
    if row.choice in {candidate.value for candidate in candidates}:
        return Verdict(row, State.UNCHANGED, label)
    reason = _("The unit has an output of this title and day already, of another kind or on another channel.")
    return Verdict(row, State.DOUBTFUL, label, [("title", reason)], candidates=candidates)
