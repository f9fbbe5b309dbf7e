"""Who asks, and the words and looks several pages share."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from langsen.foundation.accounts.models import User
from langsen.foundation.audit.models import AuditEvent
from langsen.foundation.audit.queries import history_of
from langsen.foundation.audit.words import verb_words
from langsen.foundation.core.errors import NotFound
from langsen.foundation.core.periods import Period, half, today
from langsen.foundation.core.text import day_text

HISTORY_SHOWN = 40


@dataclass(frozen=True)
class Badge:
    """A state in words, with its tone."""

    label: object
    tone: str


def signed_in(request: HttpRequest) -> User:
    """Return who asks; the middleware lets nobody else come this far."""
    user = request.user
    if not isinstance(user, User):
        raise NotFound
    return user


def download(content: bytes, name: str, content_type: str) -> HttpResponse:
    """Return a file to be kept, called `name` (any letters)."""
    response = HttpResponse(content, content_type=content_type)
    plain = name.encode("ascii", "ignore").decode() or "bao-cao"
    response["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "no-store"
    return response


def history_lines(thing: Any) -> list[dict[str, Any]]:
    """Return what was done to a thing, newest first, ready for the timeline."""
    return [
        {"at": event.at, "text": verb_words(event), "by": event.actor_name, "note": _note(event)}
        for event in history_of(thing)[:HISTORY_SHOWN]
    ]


def _note(event: AuditEvent) -> str:
    parts = [event.data.get(name) for name in ("section", "number", "to", "unit", "reason")]
    if subject := event.data.get("subject"):
        parts.append(" → ".join(subject))
    left_out, put_back = event.data.get("left_out"), event.data.get("put_back")
    parts.append(_("left out: %(sections)s") % {"sections": left_out} if left_out else "")
    parts.append(_("put back: %(sections)s") % {"sections": put_back} if put_back else "")
    parts += [event.data[name][-1] for name in ("asked_reason", "cancel_reason") if event.data.get(name)]
    return " · ".join(str(part) for part in parts if part)


def due_badges(state: str, due_on: date) -> Iterable[Badge]:
    """Return how a duty stands to its day."""
    words = {
        "on_time": Badge(_("on time"), "ok"),
        "late": Badge(_("late"), "warn"),
        "overdue": Badge(_("overdue since %(day)s") % {"day": day_text(due_on)}, "bad"),
        "waiting": Badge(_("not yet due"), "idle"),
    }
    return [words[state]]


def usual_period() -> Period:
    """The half-year now running; in its first month the one just over."""
    day = today()
    number = 1 if day.month <= 6 else 2
    if day.month in (1, 7):
        return half(day.year - 1, 2) if number == 1 else half(day.year, 1)
    return half(day.year, number)
