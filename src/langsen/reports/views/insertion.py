"""Numbers put into a text: the one a form asks for, and the one that takes the place of a typed number."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.periods import today
from langsen.foundation.orgs.queries import children_on
from langsen.reports.models import Report
from langsen.reports.queries.numbers import Unreadable, held_numbers, read_numbers
from langsen.reports.text.printing import (
    DENOMINATOR,
    NUMERATOR,
    ROUNDINGS,
    TWO_DIGITS,
    Number,
    is_ratio,
    print_number,
)
from langsen.reports.text.tokens import Broken, Token, canonical, parse
from langsen.reports.text.typed import TypedNumber, typed_numbers

MOST_UNITS = 300


@dataclass(frozen=True)
class Insertion:
    """What the form for inserting a number says."""

    figure: str = ""
    unit: str = ""
    form: str = ""
    round: str = ""

    @classmethod
    def read(cls, sent: Mapping[str, str]) -> "Insertion":
        """Return what was sent, each part cut to a sane length."""
        return cls(*(sent.get(name, "").strip()[:80] for name in ("figure", "unit", "form", "round")))

    def token(self) -> Token:
        """Return the token asked for.

        Raises:
            BadInput: it cannot be read, with the reason.
        """
        form = f"{self.form} {self.round}" if self.form in ROUNDINGS and self.round else self.form
        at = f"@{self.unit}" if self.unit else ""
        pieces = parse("{" + f"{self.figure}{at}" + (f":{form}" if form else "") + "}")
        if len(pieces) != 1 or not isinstance(pieces[0], Token):
            broken = next((piece for piece in pieces if isinstance(piece, Broken)), None)
            raise BadInput(broken.message if broken else _("Choose a figure."))
        return pieces[0]


def number_forms() -> list[tuple[str, str]]:
    """Return the ways to print a number, for a choice."""
    return [
        ("", _("as it is: 8.198")),
        (TWO_DIGITS, _("two digits: 02")),
        *((word, _("%(word)s and a round number") % {"word": word}) for word in ROUNDINGS),
        (NUMERATOR, _("numerator of a ratio")),
        (DENOMINATOR, _("denominator of a ratio")),
    ]


def units_to_name(report: Report) -> list[tuple[str, str]]:
    """Return the units a number may be about: the report's own and those directly below it at the end of the period."""
    day = max(min(report.last_on, today()), report.org_unit.from_on)
    below = children_on(report.org_unit, day).order_by("sort_key", "id")[:MOST_UNITS]
    return [("", report.org_unit.name), *((unit.code, unit.name) for unit in below)]


def number_of(report: Report, token: Token) -> tuple[Number, str]:
    """Return the value the report holds for the token, else the one of now, and how it is printed.

    Raises:
        BadInput: it cannot be read, or the form contradicts it.
    """
    held = held_numbers(report).get(token.key)
    number = held or read_numbers(report, [token.key])[token.key]
    if isinstance(number, Unreadable):
        raise BadInput(number.message)
    return number, print_number(number, token.form)


def bound_in_place(body: str, place: int, typed: str, token: Token, number: Number) -> str:
    """Return the text with the typed number replaced: the `place`-th typed one, or the first that reads the same.

    Raises:
        BadInput: nothing like it stands in the text any more.
    """
    text = canonical(body)
    found = typed_numbers(text)
    chosen = _same(found[place : place + 1], typed) or _same(found, typed)
    if chosen is None:
        raise BadInput(_("“%(typed)s” does not stand in the text any more.") % {"typed": typed})
    rest = text[chosen.end :]
    if is_ratio(number):  # the printed ratio brings its own sign
        rest = rest.removeprefix(" ").removeprefix("%") if rest.removeprefix(" ").startswith("%") else rest
    form = TWO_DIGITS if len(typed) == 2 and typed.startswith("0") and not is_ratio(number) else ""
    return text[: chosen.start] + str(Token(token.code, token.unit_code, form)) + rest


def _same(found: list[TypedNumber], typed: str) -> TypedNumber | None:
    return next((one for one in found if one.text == typed), None)
