"""The history of a session in plain words."""

from typing import Any

from django.utils.translation import gettext as _

from langsen.foundation.audit.models import AuditEvent
from langsen.foundation.core.text import number_text
from langsen.registers.kit.queries import history_lines
from langsen.registers.study.models import StudySession
from langsen.registers.study.rules import PRESENT_FIELDS


def history_of_session(session: StudySession) -> list[dict[str, Any]]:
    """Return what was done to the session and its points, newest first, ready for the timeline."""
    words = dict.fromkeys(PRESENT_FIELDS.values()) | {"contact": _("Contact"), "invited": _("Invited")}
    return history_lines(session, _facts, words)


def _facts(event: AuditEvent) -> list[str]:
    facts = []
    if unit := event.data.get("unit"):
        facts.append(str(unit))
    if (present := event.data.get("present")) is not None:
        facts.append(_("%(present)s present") % {"present": number_text(present)})
    if (people := event.data.get("people")) is not None:
        facts.append(
            _("%(people)s people, %(day)s") % {"people": number_text(people), "day": event.data.get("day", "")}
        )
    if reason := event.data.get("reason"):
        facts.append(str(reason))
    return facts
