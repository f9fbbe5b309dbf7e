"""Fields written as offices write them, and how a refused use case comes back into its form."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from langsen.foundation.core.errors import BadInput, Conflict
from langsen.foundation.core.text import parse_number


class CountField(forms.IntegerField):
    """A whole number of people, 1.200 like 1200; the keyboard of a phone shows digits."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "count"})
    default_error_messages = {"invalid": _("This is not a whole number. Write it like 52 or 1.200.")}

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        try:
            number = parse_number(str(value))
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error
        if number != number.to_integral_value():
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return int(number)


class SeenField(forms.CharField):
    """The moment of the last change the form was opened on, to notice somebody else's."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> datetime | None:
        try:
            return parse_datetime(str(value or ""))
        except ValueError:
            return None


def show_refusal(form: forms.Form, error: BadInput | Conflict) -> None:
    """Put what a use case refused into the form it came from: at its fields, or above all of them."""
    placed = False
    for name, message in error.fields.items():
        if name in form.fields:
            form.add_error(name, str(message))
            placed = True
    if not placed:
        form.add_error(None, str(error.message))
