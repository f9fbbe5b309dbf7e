"""What the roster accepts: names, days and classes of a person, whoever sends them."""

import unicodedata
from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from langsen.foundation.core import text
from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.periods import ONE_DAY, today
from langsen.foundation.orgs.models import OrgUnit

NAME_LIMIT = 120
EARLIEST_BIRTH = date(1900, 1, 1)
# Lengths of the columns; folding may lengthen a text ("ß" becomes "ss").
_FOLDED_LIMIT, _SORT_KEY_LIMIT = 120, 600


def clean_name(value: str) -> str:
    """Return a person's name without control and invisible characters.

    Raises:
        BadInput: nothing is left, no letter is in it, or it is longer than 120 characters.
    """
    visible = value[: NAME_LIMIT * 100]
    if not visible.isprintable():  # else nothing invisible is in it
        visible = "".join(ch for ch in visible if unicodedata.category(ch) not in {"Cf", "Co", "Cn"})
    name = text.clean(visible)
    if not any(ch.isalpha() for ch in name):
        raise _name_fault(_("Enter the full name."))
    if len(name) > NAME_LIMIT:
        raise _name_fault(
            _("The name has %(length)s characters; at most %(limit)s are kept. Shorten it.")
            % {"length": text.number_text(max(len(name), len(value))), "limit": NAME_LIMIT}
        )
    return name


def _name_fault(message: str) -> BadInput:
    return BadInput(message, fields={"full_name": message})


def name_keys(full_name: str) -> dict[str, str]:
    """Return the columns derived from a clean name: for search and for order."""
    return {
        "folded": text.fold(full_name)[:_FOLDED_LIMIT],
        "sort_key": text.person_sort_key(full_name)[:_SORT_KEY_LIMIT],
    }


def check_days(born_on: date | None, joined_on: date | None, official_on: date | None) -> None:
    """Refuse days of a life in an impossible order.

    Raises:
        BadInput: with the field that does not fit.
    """
    day = today()
    if born_on and not EARLIEST_BIRTH <= born_on <= day:
        raise _day_fault("born_on", _("The date of birth must lie between 1/1/1900 and today."))
    if joined_on and (joined_on > day or (born_on and joined_on <= born_on)):
        raise _day_fault("joined_on", _("The day of joining the Party must lie after the birth and not in the future."))
    if official_on and joined_on and official_on < joined_on:
        raise _day_fault("official_on", _("Full membership cannot begin before the day of joining."))
    if official_on and born_on and official_on <= born_on:
        raise _day_fault("official_on", _("Full membership cannot begin before the birth."))


def _day_fault(field: str, message: str) -> BadInput:
    return BadInput(message, fields={field: message})


def stay_in(unit: OrgUnit, from_on: date, last_on: date | None) -> DateRange:
    """Return the days of a membership, post or exemption in `unit`; without a last day it ends when the unit does.

    Raises:
        BadInput: the last day is before the first, or the unit does not exist on all the days.
    """
    if last_on and last_on < from_on:
        raise _day_fault("last_on", _("The last day is before the first."))
    if not unit.exists_on(from_on):
        raise _day_fault(
            "from_on",
            _("%(unit)s does not exist on %(day)s (it exists %(days)s).")
            % {"unit": unit.name, "day": text.day_text(from_on), "days": unit.days_text},
        )
    if last_on and not unit.exists_on(last_on):
        raise _day_fault(
            "last_on",
            _("%(unit)s does not exist on %(day)s (it exists %(days)s).")
            % {"unit": unit.name, "day": text.day_text(last_on), "days": unit.days_text},
        )
    return DateRange(from_on, last_on + ONE_DAY if last_on else unit.during.upper)
