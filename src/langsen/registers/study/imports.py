"""Excel in: a year's sessions of a unit and those below it, previewed, never doubled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.unit_imports import UnitImport
from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.models import ImportStage
from langsen.foundation.core.periods import today
from langsen.foundation.core.sheets.kinds import (
    Column,
    ColumnKind,
    Context,
    Judgement,
    SheetRow,
    State,
    Verdict,
)
from langsen.foundation.core.text import clean, fold
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.orgs.queries import units_below_today
from langsen.foundation.people.enums import AttendanceClass
from langsen.registers.kit.imports import UNIT, UnitFinder, refused, unreadable, words_of
from langsen.registers.kit.rules import refuse
from langsen.registers.study.bulk import NewPoint, NewSession, check_session, record_sessions
from langsen.registers.study.enums import Mode, SessionKind, SessionStatus
from langsen.registers.study.models import SessionPoint, StudySession
from langsen.registers.study.services.points import set_head_count
from langsen.registers.study.services.sessions import change_session, facts_of

Key = tuple[int, date, str, str]
_CLASSES = tuple(AttendanceClass.values)


@dataclass(frozen=True)
class Change:
    """A session that is there already, with other numbers or held another way."""

    session_id: int
    present: dict[str, int]
    mode: str


def _kinds() -> dict[str, str]:
    return words_of(
        SessionKind,
        {
            "hoi nghi": SessionKind.STUDY_CONFERENCE,
            "hoi nghi quan triet": SessionKind.STUDY_CONFERENCE,
            "sinh hoat chi bo": SessionKind.REGULAR_MEETING,
            "sinh hoat thuong ky": SessionKind.REGULAR_MEETING,
            "chuyen de": SessionKind.THEMATIC_MEETING,
            "chao co": SessionKind.FLAG_SALUTE,
            "ve nguon": SessionKind.HISTORIC_TRIP,
        },
    )


class SessionsImport(UnitImport):
    """The sessions of a year. A row is the same as a session of that unit, day, kind and content already there."""

    code = "sessions"
    permission = Permission.STUDY_RECORD
    title = gettext_lazy("Import meetings from Excel")
    url_prefix = "study:sessions"
    back_url = "study:sessions"
    file_stem = "hoi-nghi-sinh-hoat"
    columns = (
        UNIT,
        Column(
            "kind",
            gettext_lazy("Kind"),
            aliases=("loại", "hình thức", "loại hình"),
            required=True,
            width=24,
            example="Sinh hoạt chuyên đề",
            limit=100,
        ),
        Column(
            "title",
            gettext_lazy("Content"),
            aliases=("nội dung", "tên hội nghị", "chuyên đề"),
            required=True,
            width=50,
            example="Học tập chuyên đề năm",
            limit=300,
        ),
        Column(
            "held_on",
            gettext_lazy("Day"),
            ColumnKind.DAY,
            aliases=("ngày", "ngày tổ chức", "thời gian"),
            required=True,
            width=12,
            example="22/9/2023",
        ),
        Column(
            "mode",
            gettext_lazy("How it is held"),
            aliases=("hình thức tổ chức", "phương thức"),
            width=16,
            example="Trực tiếp",
            limit=60,
        ),
        Column(
            "members",
            gettext_lazy("Party members"),
            ColumnKind.COUNT,
            aliases=("đảng viên", "số đảng viên dự", "đảng viên dự"),
            width=12,
            example="28",
        ),
        Column(
            "officials",
            gettext_lazy("Cadres, civil servants, public employees, workers"),
            ColumnKind.COUNT,
            aliases=("cán bộ, công chức", "cán bộ", "cbccvc"),
            width=16,
        ),
        Column(
            "union_members",
            gettext_lazy("Members of unions and associations"),
            ColumnKind.COUNT,
            aliases=("đoàn viên, hội viên", "đoàn viên"),
            width=14,
        ),
        Column("public", gettext_lazy("Residents"), ColumnKind.COUNT, aliases=("nhân dân", "quần chúng"), width=12),
        Column("other", gettext_lazy("Others"), ColumnKind.COUNT, aliases=("khác", "khách mời"), width=12),
    )

    def judge(self, rows: Sequence[SheetRow], context: Context) -> Judgement:
        """Judge the rows against the units below the chosen one and the sessions they already have."""
        units = list(units_below_today([context.org_unit_id]))
        known = _known_sessions(units, rows)
        words = (UnitFinder(units, context.org_unit_id), _kinds(), words_of(Mode, {"ket hop": Mode.HYBRID}))
        seen: set[Key] = set()
        told = context.progress.through(rows, ImportStage.CHECKING, len(rows))
        verdicts = [_verdict(row, words, known, seen) for row in told]
        return Judgement(verdicts)

    def apply(self, judgement: Judgement, context: Context) -> None:
        """Record what is new in one go, and put the new numbers into what is there."""
        new = [v.plan for v in judgement.verdicts if v.state == State.NEW]
        if new:
            record_sessions(new, by=context.user)
        for verdict in context.progress.through(judgement.verdicts, ImportStage.WRITING, len(judgement.verdicts)):
            if verdict.state == State.CHANGED:
                _apply_change(verdict.plan, context.user)


Words = tuple[UnitFinder, dict[str, str], dict[str, str]]


def _known_sessions(units: list[OrgUnit], rows: Sequence[SheetRow]) -> dict[Key, StudySession]:
    days = [row.values["held_on"] for row in rows if isinstance(row.values.get("held_on"), date)]
    if not days:
        return {}
    found = StudySession.objects.filter(
        org_unit__in=[unit.pk for unit in units], held_on__gte=min(days), held_on__lte=max(days)
    ).prefetch_related("points")
    return {(s.org_unit_id, s.held_on, s.kind, s.folded): s for s in found}


def _verdict(row: SheetRow, words: Words, known: dict[Key, StudySession], seen: set[Key]) -> Verdict:
    label = row.text("title")
    if verdict := unreadable(row, label, ("kind", "title", "held_on")):
        return verdict
    try:
        new = _read(row, *words)
        check_session(new)
    except BadInput as error:
        fields = {name.removeprefix("present_"): message for name, message in error.fields.items()}
        return refused(row, label, BadInput(error.message, fields=fields))
    key = (new.org_unit.pk, new.held_on, new.kind, fold(new.title)[:300])
    if key in seen:
        return Verdict(row, State.REJECTED, label, [("", _("The same session stands further up in this file."))])
    seen.add(key)
    return _compared(row, label, new, known.get(key))


def _read(row: SheetRow, units: UnitFinder, kinds: dict[str, str], modes: dict[str, str]) -> NewSession:
    day = row.values["held_on"]
    kind = kinds.get(fold(row.text("kind")))
    if kind is None or kind == SessionKind.REVIEW_CONFERENCE:
        message = _("This kind is not known here: %(kind)s. Record review conferences one by one.")
        raise refuse("kind", message % {"kind": row.text("kind")[:60]})
    mode = modes.get(fold(row.text("mode")), "") if "mode" in row.values else Mode.IN_PERSON.value
    if not mode:
        raise refuse("mode", _("Write in person, online, or both."))
    unit = units.find(row.text("unit"), day)
    present = {name: row.values[name] for name in _CLASSES if name in row.values}
    if day > today() and any(present.values()):
        raise refuse("held_on", _("This day has not come yet, so nobody can have been present."))
    return NewSession(
        org_unit=unit,
        kind=kind,
        title=clean(row.text("title")),
        held_on=day,
        mode=mode,
        status=SessionStatus.PLANNED if day > today() else SessionStatus.HELD,
        has_study_item=kind == SessionKind.REGULAR_MEETING,
        points=[NewPoint(unit, present, is_main=True)],
    )


def _compared(row: SheetRow, label: str, new: NewSession, there: StudySession | None) -> Verdict:
    if there is None:
        return Verdict(row, State.NEW, label, plan=new)
    if there.status == SessionStatus.CANCELLED:
        return Verdict(
            row, State.REJECTED, label, [("", _("This session is cancelled. Take the cancellation back first."))]
        )
    main = next(point for point in there.points.all() if point.is_main)
    present = main.present_by_class | dict(new.points[0].present)
    if present == main.present_by_class and there.mode == new.mode:
        return Verdict(row, State.UNCHANGED, label)
    return Verdict(row, State.CHANGED, label, plan=Change(there.pk, present, new.mode))


def _apply_change(change: Change, user: Any) -> None:
    session = StudySession.objects.select_related("org_unit").get(pk=change.session_id)
    if session.mode != change.mode:
        change_session(session, facts_of(session, mode=change.mode), by=user)
    point = SessionPoint.objects.select_related("org_unit", "session__org_unit").get(session=session, is_main=True)
    if point.present_by_class != change.present:
        reason = session.above_roll_reason or _("As in the imported list")
        set_head_count(point, change.present, by=user, above_roll_reason=reason)
