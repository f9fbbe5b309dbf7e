"""Excel out of the study register."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from langsen.foundation.core.sheets.kinds import Column, ColumnKind
from langsen.foundation.core.sheets.writing import write_sheet
from langsen.foundation.core.text import day_text
from langsen.foundation.people.enums import PersonClass
from langsen.foundation.people.models import Membership
from langsen.registers.kit.exports import list_sheet
from langsen.registers.programmes.models import Theme
from langsen.registers.study.models import SessionPoint, StudySession
from langsen.registers.study.register import SESSIONS
from langsen.registers.study.rules import PRESENT_FIELDS

SESSION_COLUMNS = (
    Column("code", gettext_lazy("Unit code"), width=14),
    Column("unit", gettext_lazy("Unit"), width=34),
    Column("kind", gettext_lazy("Kind"), width=24),
    Column("title", gettext_lazy("Content"), width=50),
    Column("held_on", gettext_lazy("Day"), ColumnKind.DAY, width=12),
    Column("mode", gettext_lazy("How it is held"), width=14),
    Column("status", gettext_lazy("State"), width=14),
    Column("point", gettext_lazy("Point"), width=34),
    Column("members", gettext_lazy("Party members"), ColumnKind.COUNT, width=12),
    Column("officials", gettext_lazy("Cadres, civil servants, public employees, workers"), ColumnKind.COUNT, width=16),
    Column("union_members", gettext_lazy("Members of unions and associations"), ColumnKind.COUNT, width=14),
    Column("public", gettext_lazy("Residents"), ColumnKind.COUNT, width=12),
    Column("other", gettext_lazy("Others"), ColumnKind.COUNT, width=12),
    Column("present", gettext_lazy("Present"), ColumnKind.COUNT, width=12),
    Column("attached", gettext_lazy("Pictures and papers attached"), ColumnKind.COUNT, width=14),
)
PENDING_COLUMNS = (
    Column("name", gettext_lazy("Full name"), width=30),
    Column("unit", gettext_lazy("Unit"), width=40),
    Column("person_class", gettext_lazy("Class"), width=24),
    Column("theme", gettext_lazy("Theme"), width=50),
)


def sessions_sheet(sessions: QuerySet[StudySession]) -> bytes:
    """Return the list as a workbook, a row for every point: sums over the rows are the figures of the page."""
    return list_sheet(
        SESSION_COLUMNS, sessions.prefetch_related("points__org_unit", "evidence"), _session_rows, title=SESSIONS.title
    )


def _session_rows(session: StudySession) -> Iterator[list[Any]]:
    points = sorted(session.points.all(), key=lambda point: (not point.is_main, point.org_unit.sort_key))
    facts = [
        session.org_unit.code,
        session.org_unit.name,
        session.get_kind_display(),
        session.title,
        session.held_on,
        session.get_mode_display(),
        session.get_status_display(),
    ]
    for place, point in enumerate(points):
        attached = len(session.evidence.all()) if place == 0 else None  # once a session, or the sum would be wrong
        yield [*facts, point.org_unit.name, *_numbers(point), attached]


def _numbers(point: SessionPoint) -> list[int]:
    return [*(getattr(point, column) for column in PRESENT_FIELDS.values()), point.present]


def pending_sheet(pending: QuerySet[Membership], theme: Theme, day: date) -> bytes:
    """Return who still has to study the theme, as a workbook."""
    classes: dict[str, Any] = dict(PersonClass.choices)
    rows = ([row.person.full_name, row.org_unit.name, str(classes[row.person_class]), theme.name] for row in pending)
    notes = [theme.name, _("As of %(day)s.") % {"day": day_text(day)}]
    return write_sheet(PENDING_COLUMNS, rows, title=_("Make-up study"), notes=notes)
