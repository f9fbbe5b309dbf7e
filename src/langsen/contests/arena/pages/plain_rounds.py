"""The rounds as the entry page without scripts shows them, from what the gate says of now."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from langsen.foundation.core.text import moment_text

_USE = ("open", "before", "closed")


def rounds_shown(now: Mapping[str, Any]) -> list[dict[str, object]]:
    """What can be done now first, then what comes."""
    rounds = sorted(now["rounds"], key=lambda one: (_USE.index(one["state"]), one["opens_at"]))
    return [_shown(one, now["now"]) for one in rounds]


def _shown(of: Mapping[str, Any], now: int) -> dict[str, object]:
    badges = {"open": _("Open now"), "before": _("Opens soon"), "closed": _("Closed")}
    minutes = round(of["time_limit"] / 60)
    action, button, note = _action(of, now, minutes)
    used = _("Attempts: %(used)s, no limit") if of["cap"] is None else _("Attempts: %(used)s of %(cap)s")
    return {
        **of,
        "badge": badges[of["state"]],
        "opens": _at(of["opens_at"]),
        "closes": _at(of["closes_at"]),
        "facts": [
            *([_("%(count)s questions") % {"count": of["questions"]}] if of["questions"] else []),
            _("%(count)s minutes") % {"count": minutes},
            used % {"used": of["used"], "cap": of["cap"]},
        ],
        "receipt": _receipt_line(of["last"]) if of["last"] else "",
        "action": action,
        "button": button,
        "note": note,
        "fresh_id": uuid.uuid4(),
    }


def _action(of: Mapping[str, Any], now: int, minutes: int) -> tuple[str, str, str]:
    """What the button of a round does, its words, and the note below it."""
    if of["open"] and of["open"]["deadline_at"] > now:
        return "resume", _("Go on with the paper"), ""
    if of["state"] != "open":
        return "", "", ""
    if of["cap"] is not None and of["used"] >= of["cap"]:
        return "", "", _("No attempts left in this round.")
    note = _("The clock runs as soon as you start: %(minutes)s minutes for %(questions)s questions.")
    words = _("Start another attempt") if of["used"] else _("Start")
    return "start", words, note % {"minutes": minutes, "questions": of["questions"]}


def _receipt_line(receipt: Mapping[str, Any]) -> str:
    line = _("Recorded at %(time)s · %(code)s") % {
        "time": moment_text(_at(receipt["submitted_at"])),
        "code": receipt["code"],
    }
    if receipt["correct"] is None:
        return line
    return f"{line} · " + _("%(correct)s of %(questions)s right") % receipt


def _at(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)
