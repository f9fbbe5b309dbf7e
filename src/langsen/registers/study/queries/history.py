"""The history of a session in plain words."""

from datetime import date, datetime
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from langsen.foundation.audit.models import AuditEvent
from langsen.foundation.audit.queries import history_of
from langsen.foundation.audit.words import changed_fields, verb_words
from langsen.foundation.core.text import day_text, number_text
from langsen.registers.study import rules
from langsen.registers.study.enums import Mode, ReviewKind, SessionKind
from langsen.registers.study.models import StudySession

SHOWN = 40
# Changes of a point are told in its session's history.
_POINT_LABELS = {"contact": gettext_lazy("Contact"), "invited": gettext_lazy("Invited")}
_CHOICES = {str(value): label for kind in (SessionKind, Mode, ReviewKind) for value, label in kind.choices}


def history_lines(session: StudySession) -> list[dict[str, Any]]:
    """Return what was done to the session, newest first, ready for the timeline."""
    return [
        {"at": event.at, "text": verb_words(event), "by": event.actor_name, "note": _note(event)}
        for event in history_of(session)[:SHOWN]
    ]


def _note(event: AuditEvent) -> str:
    parts = []
    if unit := event.data.get("unit"):
        parts.append(str(unit))
    if (present := event.data.get("present")) is not None:
        parts.append(_("%(present)s present") % {"present": number_text(present)})
    if (people := event.data.get("people")) is not None:
        parts.append(
            _("%(people)s people, %(day)s") % {"people": number_text(people), "day": event.data.get("day", "")}
        )
    for name, before, after in changed_fields(event):
        if name not in rules.PRESENT_FIELDS.values():
            label = _POINT_LABELS.get(name, name)
            parts.append(f"{label}: {_words(before)} → {_words(after)}")
    return " · ".join(parts)


def _words(value: object) -> str:
    """A stored value as a person would write it; long texts in short."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, (date, datetime)):
        return day_text(value)
    text = str(value)
    found = parse_date(text) if len(text) == 10 and text[4] == "-" else None
    shown = day_text(found) if found else str(_CHOICES.get(text, text))
    return shown if len(shown) <= 80 else f"{shown[:80]}…"
