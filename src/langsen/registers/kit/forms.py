"""Fields and forms registers share: written as offices write, and the filter bar of a list."""

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import own_units, units_where
from langsen.foundation.accounts.models import User
from langsen.foundation.core.forms import DayField
from langsen.foundation.core.periods import today
from langsen.foundation.core.text import parse_number
from langsen.foundation.orgs.models import OrgClosure, OrgUnit
from langsen.registers.kit.queries import THEN, TODAY, Narrowing

MOST_UNITS = 300


class CountField(forms.IntegerField):
    """A whole number, 1.200 like 1200; the keyboard of a phone shows digits."""

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

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**(kwargs | {"required": False}))

    def clean(self, value: Any) -> datetime | None:
        try:
            return parse_datetime(str(value or ""))
        except ValueError:
            return None


class UnitField(forms.ChoiceField):
    """A unit of the reader's: their own and those directly below; the address may name any other they may see."""

    def __init__(self, **kwargs: Any) -> None:
        self.units: QuerySet[OrgUnit] = OrgUnit.objects.none()
        super().__init__(required=False, **kwargs)

    def offer(self, user: User, permission: Permission, code: str) -> None:
        """Fill the choices with units where `user` has `permission`, with the unit of this code among them."""
        self.units = units_where(user, permission)
        own = own_units(user)
        below = OrgClosure.objects.filter(ancestor__in=[unit.pk for unit in own], depth=1, during__contains=today())
        near = self.units.filter(pk__in=below.values("descendant")).order_by("sort_key", "id")[:MOST_UNITS]
        named = self.units.filter(code=code.strip().upper())
        offered = {unit.code: unit.name for unit in [*own, *near, *named]}
        self.choices = [("", _("All units")), *offered.items()]

    def clean(self, value: Any) -> OrgUnit | None:
        code = str(value or "").strip().upper()
        return self.units.select_related("kind").filter(code=code).first() if code else None


class NarrowingForm(forms.Form):
    """The filter bar of a list of records; its state is the address. A register adds fields of its own between."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    unit = UnitField(label=_("Unit"))
    tree = forms.ChoiceField(
        label=_("Organisation"),
        required=False,
        choices=[("", _("As it is today")), (THEN, _("As it was at that time"))],
    )

    def __init__(self, *args: Any, user: User, permission: Permission, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from"] = DayField(label=_("From day"), required=False)
        self.fields["to"] = DayField(label=_("To day"), required=False)
        self.fields["unit"].offer(user, permission, self.data.get("unit", ""))  # type: ignore[attr-defined]
        if not self.data.get("unit"):
            self.fields["tree"].widget = forms.HiddenInput()

    def narrowing(self) -> Narrowing:
        """Return what the address asks for; a part of it that says nothing is left out."""
        self.is_valid()
        data = self.cleaned_data
        return Narrowing(
            text=data.get("q", ""),
            unit=data.get("unit"),
            tree=data.get("tree") or TODAY,
            first=data.get("from"),
            last=data.get("to"),
        )


class CancelForm(forms.Form):
    """Why a record is cancelled."""

    reason = forms.CharField(label=_("Why it is cancelled"), max_length=300)
