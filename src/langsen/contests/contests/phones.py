"""Phone numbers in every spelling, kept as digits."""

import re
import unicodedata

from django.utils.translation import gettext as _

from langsen.foundation.core.errors import BadInput

_DOMESTIC = re.compile(r"0[2-9]\d{8,9}")
_FOREIGN = re.compile(r"[1-9]\d{7,14}")
_FILLING = str.maketrans("", "", " .-()/\u00a0\u2011\u2013\t")


def plain_phone(typed: str) -> str:
    """Return the digits of a phone number: +84 912 345 678, 0084.912.345.678 and 0912345678 are all 0912345678.

    A number of another country, written with + or 00 in front, keeps its country code without the plus.

    Raises:
        BadInput: not a phone number; the field is `phone`.
    """
    text = unicodedata.normalize("NFKC", typed[:60]).translate(_FILLING)
    text = "".join(ch for ch in text if unicodedata.category(ch) != "Cf")
    international = text.startswith(("+", "00"))
    digits = text.removeprefix("+").removeprefix("00") if international else text
    if digits.startswith("84") and (international or len(digits) in {11, 12}):
        national = "0" + digits.removeprefix("84").removeprefix("0")
        international, digits = False, national
    shape = _FOREIGN if international else _DOMESTIC
    if not digits.isascii() or not shape.fullmatch(digits):
        message = _("“%(typed)s” is not a phone number. Write it like 0912 345 678.") % {"typed": typed[:30]}
        raise BadInput(message, fields={"phone": message})
    return digits


def masked_phone(digits: str) -> str:
    """Return a kept number with its middle hidden: 0912345678 as 091••••678."""
    return f"{digits[:3]}{'•' * (len(digits) - 6)}{digits[-3:]}" if digits else ""


def shown_phone(digits: str) -> str:
    """Return a kept number as people read it: 0912 345 678."""
    return f"{digits[:4]} {digits[4:7]} {digits[7:]}" if digits.startswith("0") else digits
