"""What may be recorded: codes, names, decisions and days of units. Nothing here reads the store."""

import re
from datetime import date

from django.utils.translation import gettext as _

from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.text import clean, day_text
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.reorganisation.changes import Decision

CODE_LENGTH = 40
NAME_LENGTH = 200
FIRST_YEAR, LAST_YEAR = 1900, 2199
_CODE = re.compile(r"[A-Z0-9][A-Z0-9._-]*")


def checked_code(code: str) -> str:
    """Return the code in capitals.

    Raises:
        BadInput: it is empty, too long, or holds more than letters without accents, digits, dot, dash.
    """
    text = clean(code).upper()
    if len(text) > CODE_LENGTH:
        message = _("The code is too long: at most %(max)s characters.") % {"max": CODE_LENGTH}
        raise BadInput(message, fields={"code": message})
    if not _CODE.fullmatch(text):
        message = _("A code is made of letters without accents, digits, dots and dashes, for example LCH-12.")
        raise BadInput(message, fields={"code": message})
    return text


def checked_name(name: str) -> str:
    """Return the name with single spaces.

    Raises:
        BadInput: it is empty or too long.
    """
    text = clean(name)
    if not text:
        message = _("The unit needs a name.")
        raise BadInput(message, fields={"name": message})
    if len(text) > NAME_LENGTH:
        message = _("The name is too long: %(length)s characters, at most %(max)s.") % {
            "length": len(text),
            "max": NAME_LENGTH,
        }
        raise BadInput(message, fields={"name": message})
    return text


def checked_decision(decision: Decision, *, required: bool = True) -> Decision:
    """Return the decision with tidy texts.

    Raises:
        BadInput: number or day is missing though `required`, or a text is too long.
    """
    number, signatory, note = clean(decision.number), clean(decision.signatory), clean(decision.note)
    fields: dict[str, object] = {}
    if required and not number:
        fields["decision_number"] = _("Enter the number of the decision.")
    if required and decision.decided_on is None:
        fields["decided_on"] = _("Enter the day of the decision.")
    for field, text, longest in (
        ("decision_number", number, 80),
        ("signatory", signatory, 120),
        ("note", note, 300),
    ):
        if len(text) > longest:
            fields[field] = _("Too long: at most %(max)s characters.") % {"max": longest}
    if fields:
        raise BadInput(" ".join([_("The decision is not complete."), *map(str, fields.values())]), fields=fields)
    return Decision(number, decision.decided_on, signatory, note)


def is_plausible(day: date) -> bool:
    """Say whether an office can mean this day: mistyped years stay out, and ranges can always be reckoned."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def check_day(day: date) -> None:
    """Refuse a day no office can mean.

    Raises:
        BadInput: its year is before 1900 or after 2199.
    """
    if not is_plausible(day):
        message = _("Check the year of %(day)s.") % {"day": day_text(day)}
        raise BadInput(message, fields={"effective_on": message})


def require_existence(unit: OrgUnit, day: date) -> None:
    """Refuse unless `unit` exists on `day`.

    Raises:
        BadInput: the message says from when or until when it exists.
    """
    if day < unit.from_on:
        message = _("%(unit)s exists only from %(day)s.") % {"unit": unit.name, "day": day_text(unit.from_on)}
        raise BadInput(message, fields={"effective_on": message})
    if not unit.exists_on(day):
        message = _("%(unit)s ended on %(day)s.") % {"unit": unit.name, "day": day_text(unit.last_on)}
        raise BadInput(message, fields={"effective_on": message})
