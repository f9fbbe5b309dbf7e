"""The filter bars of the lists; their state is the address."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import own_units, units_where
from langsen.foundation.accounts.models import User
from langsen.foundation.core.forms import DayField
from langsen.foundation.core.periods import today
from langsen.foundation.orgs.models import OrgClosure, OrgUnit
from langsen.registers.programmes.models import Theme
from langsen.registers.study.enums import Mode, SessionKind, SessionStatus
from langsen.registers.study.queries.participation import themes_for
from langsen.registers.study.queries.sessions import THEN, TODAY, Filters

MOST_UNITS = 300


class UnitField(forms.ChoiceField):
    """A unit of the reader's: their own and those directly below; the address may name any other they may see."""

    def __init__(self, **kwargs: Any) -> None:
        self.units: QuerySet[OrgUnit] = OrgUnit.objects.none()
        super().__init__(required=False, **kwargs)

    def offer(self, user: User, code: str) -> None:
        """Fill the choices for `user`, with the unit of this code when they may see it."""
        self.units = units_where(user, Permission.STUDY_READ)
        own = own_units(user)
        below = OrgClosure.objects.filter(ancestor__in=[unit.pk for unit in own], depth=1, during__contains=today())
        near = self.units.filter(pk__in=below.values("descendant")).order_by("sort_key", "id")[:MOST_UNITS]
        named = self.units.filter(code=code.strip().upper())
        offered = {unit.code: unit.name for unit in [*own, *near, *named]}
        self.choices = [("", _("All units")), *offered.items()]

    def clean(self, value: Any) -> OrgUnit | None:
        code = str(value or "").strip().upper()
        return self.units.select_related("kind").filter(code=code).first() if code else None


class SessionFilter(forms.Form):
    """What the list of sessions is narrowed to."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    unit = UnitField(label=_("Unit"))
    tree = forms.ChoiceField(
        label=_("Organisation"),
        required=False,
        choices=[("", _("As it is today")), (THEN, _("As it was at that time"))],
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All kinds")), *SessionKind.choices])
    status = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All states")), *SessionStatus.choices]
    )
    mode = forms.ChoiceField(label=_("How it is held"), required=False, choices=[("", _("All")), *Mode.choices])
    theme = forms.ModelChoiceField(
        label=_("Theme"),
        required=False,
        queryset=Theme.objects.none(),
        to_field_name="code",
        empty_label=_("All themes"),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from"] = DayField(label=_("From day"), required=False)
        self.fields["to"] = DayField(label=_("To day"), required=False)
        self.fields["unit"].offer(user, self.data.get("unit", ""))  # type: ignore[attr-defined]
        self.fields["theme"].queryset = themes_for(user)  # type: ignore[attr-defined]
        if not self.data.get("unit"):
            self.fields["tree"].widget = forms.HiddenInput()

    def filters(self) -> Filters:
        """Return the filters in force; a part of the address that says nothing is left out."""
        self.is_valid()
        data = self.cleaned_data
        return Filters(
            text=data.get("q", ""),
            unit=data.get("unit"),
            tree=data.get("tree") or TODAY,
            kind=data.get("kind", ""),
            status=data.get("status", ""),
            mode=data.get("mode", ""),
            theme=data.get("theme"),
            first=data.get("from"),
            last=data.get("to"),
        )


class PointFilter(forms.Form):
    """What the list of points is narrowed to."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    show = forms.ChoiceField(
        label=_("Points"),
        required=False,
        choices=[
            ("", _("Online conferences, and numbers missing")),
            ("waiting", _("Numbers missing only")),
            ("all", _("Every meeting")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from"] = DayField(label=_("From day"), required=False)
        self.fields["to"] = DayField(label=_("To day"), required=False)

    def filters(self) -> Filters:
        """Return the filters in force."""
        self.is_valid()
        data = self.cleaned_data
        return Filters(text=data.get("q", ""), first=data.get("from"), last=data.get("to"))
