"""The form of a theme and the filter of the list."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from langsen.foundation.core.forms import DayField
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.people.enums import PersonClass
from langsen.registers.programmes.models import Programme, Theme, ThemeKind
from langsen.registers.programmes.services import version_of


class ThemeFilter(forms.Form):
    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    now = forms.BooleanField(label=_("In force today only"), required=False)


class ThemeForm(forms.Form):
    """A theme: its programme, who issued it, from when to when, whom it obliges, on which source it rests."""

    programme = forms.ModelChoiceField(label=_("Programme"), queryset=Programme.objects.order_by("-issued_on"))
    org_unit = forms.ModelChoiceField(label=_("Issued by"), queryset=OrgUnit.objects.none(), to_field_name="code")
    kind = forms.ChoiceField(label=_("Kind of theme"), choices=ThemeKind.choices)
    name_vi = forms.CharField(label=_("Name in Vietnamese"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
    name_en = forms.CharField(
        label=_("Name in English"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    from_on = DayField(label=_("In force from"))
    last_on = DayField(label=_("Last day"), required=False)
    obliged_classes = forms.MultipleChoiceField(
        label=_("Who must study"), choices=PersonClass.choices, widget=forms.CheckboxSelectMultiple
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=300,
        help_text=_("The document the theme rests on: number, day, who issued it."),
    )
    is_verified = forms.BooleanField(label=_("The source has been checked against the document itself"), required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, units: QuerySet[OrgUnit] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if units is None:
            del self.fields["org_unit"]
        else:
            self.fields["org_unit"].queryset = units  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(theme: Theme) -> dict[str, Any]:
        """Return what the form shows for a theme that exists."""
        names = ("programme", "kind", "name_vi", "name_en", "obliged_classes", "source", "is_verified")
        return {name: getattr(theme, name) for name in names} | {
            "from_on": theme.during.lower,
            "last_on": theme.last_on,
            "seen": version_of(theme),
        }

    def facts(self) -> dict[str, Any]:
        """Return the values of a valid form for the use cases."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}
