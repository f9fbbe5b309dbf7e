"""How a bound number is printed: as it is, as two digits, rounded in words, or as the base of a ratio.

A report is Vietnamese whatever the language of the page: 8.198 and 57,6%.
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Protocol

from django.utils import translation
from django.utils.translation import gettext as _

from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.text import number_text, parse_number, percent_text

TWO_DIGITS, NUMERATOR, DENOMINATOR = "02", "tử", "mẫu"
BELOW, ABOVE = "gần", ("hơn", "trên")  # the word before a number greater, and smaller, than the value
ROUNDINGS = (BELOW, *ABOVE)
EMPTY = "–"
_FURTHEST = Decimal("0.2")  # a rounded number lies within this share of the value


class Number(Protocol):
    """A value with its base; a ratio has a denominator, and no value when that is 0."""

    @property
    def value(self) -> int | float | Decimal | None: ...
    @property
    def numerator(self) -> int | None: ...
    @property
    def denominator(self) -> int | None: ...


@dataclass(frozen=True)
class Printed:
    """A printed number; `problem` says in clear words why its form does not fit, and then it is printed as it is."""

    text: str
    problem: str = ""


def print_number(number: Number, form: str = "") -> str:
    """Return the number in this form.

    Raises:
        BadInput: the form does not fit the number, or a rounding contradicts it.
    """
    if form in (NUMERATOR, DENOMINATOR):
        return _base(number, form)
    if form == TWO_DIGITS:
        return _two_digits(number)
    if form:
        return _rounded(number, form)
    return _as_it_is(number)


def printed(number: Number, form: str = "") -> Printed:
    """As `print_number`, with the reason beside the plain number where that would refuse."""
    try:
        return Printed(print_number(number, form))
    except BadInput as error:
        return Printed(_as_it_is(number), str(error.message))


def vietnamese_number(value: int | float | Decimal) -> str:
    with translation.override("vi"):
        return number_text(value)


def is_ratio(number: Number) -> bool:
    return number.denominator is not None


def round_number_for(number: Number, word: str) -> Decimal | None:
    """Return the round number that goes with `word`, or None when the value is too small or at its end.

    For a ratio it is a whole number of percent.
    """
    exact = _exact(number)
    if exact is None or exact <= 0:
        return None
    for step in _steps(exact, ratio=is_ratio(number)):
        if word == BELOW:
            rounded = ((exact / step).to_integral_value(ROUND_FLOOR) + 1) * step
        else:
            rounded = ((exact / step).to_integral_value(ROUND_CEILING) - 1) * step
        if not _contradiction(number, word, rounded):
            return rounded
    return None


def _steps(exact: Decimal, *, ratio: bool) -> list[Decimal]:
    if ratio:
        return [Decimal(1)]
    digits = exact.adjusted() + 1
    if digits >= 3:
        return [Decimal(10) ** (digits - 2)]
    return [Decimal(10), Decimal(5), Decimal(1)] if digits == 2 else [Decimal(1)]


def _exact(number: Number) -> Decimal | None:
    """Return the value to be rounded, a ratio in percent from its base."""
    if number.denominator is not None:
        return Decimal(100) * (number.numerator or 0) / number.denominator if number.denominator else None
    return Decimal(str(number.value)) if number.value is not None else None


def _as_it_is(number: Number) -> str:
    if not is_ratio(number):
        return EMPTY if number.value is None else vietnamese_number(number.value)
    percent = _exact(number)
    return EMPTY if percent is None else _percent(percent / 100)


def _percent(ratio: Decimal) -> str:
    """Return 57,6%; more decimals where one would say “all” or “none” of what is neither."""
    with translation.override("vi"):
        for places in range(1, 6):
            text = percent_text(ratio, places)
            if (text == "100%") == (ratio == 1) and (text == "0%") == (ratio == 0):
                return text
        return text


def _base(number: Number, form: str) -> str:
    count = number.numerator if form == NUMERATOR else number.denominator
    if count is None:
        raise BadInput(_("“%(form)s” is for a ratio; this figure is no ratio.") % {"form": form})
    return vietnamese_number(count)


def _two_digits(number: Number) -> str:
    if is_ratio(number):
        raise BadInput(_("A ratio is not printed as two digits."))
    if number.value is None:
        return EMPTY
    value = Decimal(str(number.value))
    whole = value == value.to_integral_value() and 0 <= value < 10
    return f"{int(value):02}" if whole else vietnamese_number(value)


def _rounded(number: Number, form: str) -> str:
    word, _space, typed = form.partition(" ")
    try:
        rounded = parse_number(typed) if typed else round_number_for(number, word)
    except ValueError as error:
        raise BadInput(_("“%(text)s” is no number. Groups have three digits: 430.000.") % {"text": typed}) from error
    plain = _as_it_is(number)
    if rounded is None:
        raise BadInput(_("There is no round number for “%(word)s” at %(value)s.") % {"word": word, "value": plain})
    problem = _contradiction(number, word, rounded)
    if problem:
        raise BadInput(problem)
    return f"{word} {vietnamese_number(rounded)}{'%' if is_ratio(number) else ''}"


def _contradiction(number: Number, word: str, rounded: Decimal) -> str:
    """Return why `word rounded` contradicts the value, or an empty text."""
    exact = _exact(number)
    names = {
        "form": f"{word} {vietnamese_number(rounded)}{'%' if is_ratio(number) else ''}",
        "value": _as_it_is(number),
    }
    if exact is None or exact <= 0:
        return _("“%(form)s” contradicts the value: it is %(value)s.") % names
    wrong_side = rounded <= exact if word == BELOW else rounded >= exact
    impossible = rounded < 0 or (is_ratio(number) and rounded > 100)
    if wrong_side or impossible:
        return _("“%(form)s” contradicts the value: it is %(value)s.") % names
    if abs(rounded - exact) > exact * _FURTHEST:
        return _("“%(form)s” is too far from the value: it is %(value)s.") % names
    return ""
