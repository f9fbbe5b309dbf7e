"""Fields every form writes the same way."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from langsen.foundation.core.text import clean, day_text, parse_day

LONGEST_DAY = 20


class DayInput(forms.TextInput):
    """A day in the order of the office; `langsen.js` puts a button for the device's own calendar beside it."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        own = {
            "class": "day",
            "inputmode": "numeric",
            "maxlength": str(LONGEST_DAY),
            "placeholder": _("day/month/year"),
            "autocomplete": "off",
            "data-day": _("Choose a day in the calendar"),
        }
        super().__init__(own | (attrs or {}))

    def format_value(self, value: Any) -> str | None:
        return day_text(value) if isinstance(value, date) else super().format_value(value)


class DayField(forms.DateField):
    """A day written 22/9/2026, in either language; also 22-09-2026, 2026-09-22 or 22092026."""

    widget = DayInput

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values or isinstance(value, date):
            return super().to_python(value)
        text = clean(str(value))[:LONGEST_DAY]
        try:
            return parse_day(text) if text else None
        except ValueError:
            raise forms.ValidationError(
                _("“%(value)s” is not a day. Write it like 22/9/2026."), code="invalid", params={"value": text}
            ) from None
