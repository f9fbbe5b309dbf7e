"""Forms of the organising board about entrants."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from langsen.contests.contests.enums import EntrantStatus, FlagKind, FlagStatus
from langsen.contests.contests.models import Entrant
from langsen.contests.contests.queries.entrants import AGE_BANDS, OLDEST, likely_doubles

_REASON = 300


class EntrantFilter(forms.Form):
    """Search and filters of the entrants; they live in the address."""

    q = forms.CharField(label=_("Search by name, phone or number"), required=False, max_length=120)
    unit = forms.CharField(label=_("Unit"), required=False, max_length=120)
    status = forms.ChoiceField(label=_("State"), required=False)
    flags = forms.ChoiceField(label=_("Unusual signs"), required=False)
    age = forms.ChoiceField(label=_("Age"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("status", EntrantStatus.choices)
        self._offer("flags", [("open", _("to be looked at")), ("any", _("with any sign"))])
        self._offer("age", [(key, f"{key}+" if key == OLDEST else key.replace("-", "–")) for key in AGE_BANDS])

    def _offer(self, name: str, choices: Any) -> None:
        field: Any = self.fields[name]
        field.choices = [("", _("all")), *choices]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=_REASON, widget=forms.Textarea(attrs={"rows": 2}))


class IdentityForm(forms.Form):
    reason = forms.CharField(
        label=_("How the identity was checked"),
        max_length=_REASON,
        help_text=_("For example: the citizen's card was shown at the committee's office. Keep no copy of it."),
    )


class ExtraTimeForm(ReasonForm):
    minutes = forms.IntegerField(label=_("Extra minutes for each paper"), min_value=0, max_value=120)

    field_order = ["minutes", "reason"]


class MergeForm(ReasonForm):
    """The other sign-up of the same person, by its public number; likely ones are offered."""

    other = forms.CharField(
        label=_("Public number of the other sign-up"), max_length=20, help_text=_("For example TS-000123.")
    )
    field_order = ["other", "reason"]

    def __init__(self, entrant: Entrant, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entrant = entrant
        likely = likely_doubles(entrant)
        if likely and "other" not in self.initial:
            self.initial["other"] = likely[0].public_number

    def clean_other(self) -> Entrant:
        digits = "".join(ch for ch in self.cleaned_data["other"] if ch.isascii() and ch.isdigit())
        number = int(digits) if 0 < len(digits) <= 9 else 0
        found = self.entrant.contest.entrants.select_related("contest").filter(number=number).first()
        if found is None:
            raise forms.ValidationError(_("No sign-up of this contest has this number."))
        return found


class FlagFilter(forms.Form):
    status = forms.ChoiceField(label=_("State"), required=False, choices=FlagStatus.choices)
    kind = forms.ChoiceField(label=_("Sign"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.choices = [("", _("all")), *FlagKind.choices]


class FlagForm(ReasonForm):
    status = forms.ChoiceField(
        label=_("What was found"),
        choices=[(FlagStatus.CLEARED, FlagStatus.CLEARED.label), (FlagStatus.UPHELD, FlagStatus.UPHELD.label)],
        widget=forms.RadioSelect,
    )
    field_order = ["status", "reason"]
