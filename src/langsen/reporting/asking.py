"""From the words of a command, an address or a form to what the engine is asked."""

from datetime import date

from django.utils.translation import gettext as _

from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.periods import Period
from langsen.foundation.core.text import parse_day
from langsen.foundation.figures.engine import Asked, refuse_ended
from langsen.foundation.figures.enums import By, Reading
from langsen.foundation.orgs.models import OrgUnit
from langsen.registers.programmes.models import Theme


def asked_for(unit: OrgUnit, *, first: str, last: str, tree: str = "then", theme: str = "") -> Asked:
    """Read the parts of a question about `unit`; days as 2023-05-17 or 17/5/2023, both included.

    Raises:
        BadInput: a part cannot be read; `fields` says which.
        UnitEnded: by today's organisation the unit has ended.
    """
    reading = _reading(tree)
    period = _period(first, last)
    refuse_ended(
        unit,
        reading,
        _("This unit has ended. By today's organisation its records count in %(home)s (%(code)s)."),
    )
    chosen = _theme(theme) if theme else None
    return Asked(unit, period, reading, chosen.pk if chosen else None, theme)


def by_from(text: str) -> By | None:
    """Read `unit` or `month`; nothing for an empty text.

    Raises:
        BadInput: it is neither.
    """
    if not text:
        return None
    if text not in By.values:
        raise BadInput(_("“%(text)s” is not a way to divide figures; use unit or month.") % {"text": text})
    return By(text)


def _reading(text: str) -> Reading:
    if text not in Reading.values:
        raise BadInput(_("“%(text)s” is not a reading; use then or today.") % {"text": text})
    return Reading(text)


def _period(first: str, last: str) -> Period:
    days = {"from": _day("from", first), "to": _day("to", last)}
    if days["to"] < days["from"]:
        raise BadInput(_("The last day is before the first."), fields={"to": _("Choose a later day.")})
    return Period(days["from"], days["to"])


def _day(name: str, text: str) -> date:
    try:
        return parse_day(text)
    except ValueError as error:
        message = _("“%(text)s” is not a day. Write it as 17/5/2023.") % {"text": text[:40]}
        raise BadInput(message, fields={name: message}) from error


def _theme(code: str) -> Theme:
    theme = Theme.objects.filter(code=code).first()
    if theme is None:
        raise BadInput(_("There is no theme “%(code)s”.") % {"code": code[:60]}, fields={"theme": code[:60]})
    return theme
