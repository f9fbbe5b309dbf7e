"""Forms of requests for reports: asking, and a later day."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import own_units
from langsen.foundation.accounts.models import User
from langsen.foundation.core.forms import DayField
from langsen.foundation.core.periods import Period
from langsen.foundation.orgs.models import OrgUnit, UnitKind
from langsen.reports.forms.fields import UnitField
from langsen.reports.models import Outline


class PeriodFields(forms.Form):
    """The days a report is about, both included."""

    first_on = DayField(label=_("From day"))
    last_on = DayField(label=_("To day"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("first_on"), data.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", _("The last day is before the first."))
        return data

    def period(self) -> Period:
        """Return the period of a valid form."""
        return Period(self.cleaned_data["first_on"], self.cleaned_data["last_on"])


class BeginForm(PeriodFields):
    """What to report on: unit, outline, days."""

    unit = UnitField(label=_("Unit"))
    outline = forms.ModelChoiceField(label=_("Outline"), queryset=Outline.objects.none(), empty_label=None)
    field_order = ("unit", "outline", "first_on", "last_on")

    def __init__(self, *args: Any, user: User, outlines: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer_own(user, Permission.REPORTS_WRITE)  # type: ignore[attr-defined]
        self.fields["outline"].queryset = outlines  # type: ignore[attr-defined]


class CallForm(PeriodFields):
    """Who is asked for which report, and by when."""

    unit = UnitField(label=_("Asked by"))
    outline = forms.ModelChoiceField(label=_("Outline"), queryset=Outline.objects.none(), empty_label=None)
    due_on = DayField(label=_("Due on"))
    kinds = forms.ModelMultipleChoiceField(
        label=_("Kinds of units that report"),
        queryset=UnitKind.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Every unit of these kinds below the asking unit that exists on the due day is obliged."),
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    field_order = ("unit", "outline", "first_on", "last_on", "due_on", "kinds", "note")

    def __init__(self, *args: Any, user: User, outlines: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(user, Permission.REPORTS_RECEIVE)  # type: ignore[attr-defined]
        self.fields["outline"].queryset = outlines  # type: ignore[attr-defined]
        below = self.fields["unit"].units.exclude(pk__in=[unit.pk for unit in own_units(user)])  # type: ignore[attr-defined]
        kinds = UnitKind.objects.filter(is_board=False, pk__in=below.order_by().values("kind")).order_by(
            "level", "code"
        )
        self.fields["kinds"].queryset = kinds.order_by("level", "code")  # type: ignore[attr-defined]


class ExtendForm(forms.Form):
    """A later due day, for one unit or all."""

    unit = forms.ChoiceField(label=_("For"), required=False)
    due_on = DayField(label=_("Now due on"))
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, units: list[OrgUnit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {unit.code: unit for unit in units}
        names = [(unit.code, unit.name) for unit in units]
        self.fields["unit"].choices = [("", _("All units asked")), *names]  # type: ignore[attr-defined]

    def chosen(self) -> OrgUnit | None:
        """Return the one unit, or None for all."""
        return self.units.get(self.cleaned_data["unit"])
