"""Checks that hold in every register, for one record and for a thousand."""

from datetime import date

from django.utils.translation import gettext as _

from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.periods import today
from langsen.foundation.core.text import clean, day_text, number_text
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.orgs.queries import home_of

EARLIEST = date(1945, 9, 2)


def refuse(field: str, message: str) -> BadInput:
    """Return the error that shows `message` at the form's `field`."""
    return BadInput(message, fields={field: message})


def check_not_too_long_ago(day: date, field: str) -> None:
    """Refuse a day before 1945: a slip of the finger.

    Raises:
        BadInput: at `field`.
    """
    if day < EARLIEST:
        raise refuse(field, _("The day %(day)s is too long ago. Check the year.") % {"day": day_text(day)})


def check_has_come(day: date, field: str) -> None:
    """Refuse a day in the future for what is said to have happened.

    Raises:
        BadInput: at `field`.
    """
    if day > today():
        raise refuse(field, _("%(day)s has not come yet.") % {"day": day_text(day)})


def check_unit_exists(unit: OrgUnit, day: date, field: str) -> None:
    """Refuse a day on which `unit` did not exist, naming its days and its home of today.

    Raises:
        BadInput: at `field`.
    """
    if unit.exists_on(day):
        return
    names = {"unit": unit.name, "day": day_text(day), "from": day_text(unit.from_on), "last": day_text(unit.last_on)}
    if day < unit.from_on:
        raise refuse(field, _("“%(unit)s” exists only from %(from)s, so nothing of %(day)s is recorded there.") % names)
    names["home"] = home_of(unit).name
    raise refuse(field, _("“%(unit)s” existed until %(last)s. What is of %(day)s belongs to “%(home)s”.") % names)


def checked_text(value: str, field: str, longest: int, *, required: bool = False, lines: bool = False) -> str:
    """Return `value` without stray white space and control characters; `lines` keeps its line breaks.

    Raises:
        BadInput: too long, or empty though required.
    """
    text = "\n".join(clean(line) for line in value.splitlines()).strip() if lines else clean(value)
    if len(text) > longest:
        raise refuse(
            field,
            _("This text has %(length)s letters; at most %(longest)s fit.")
            % {"length": number_text(len(text)), "longest": number_text(longest)},
        )
    if required and not text:
        raise refuse(field, _("This must not be left empty."))
    return text
