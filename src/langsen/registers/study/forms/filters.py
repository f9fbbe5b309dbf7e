"""The filter bars of the lists; their state is the address."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.accounts.models import User
from langsen.foundation.core.forms import DayField
from langsen.registers.kit.forms import NarrowingForm
from langsen.registers.programmes.models import Theme
from langsen.registers.study.enums import Mode, SessionKind, SessionStatus
from langsen.registers.study.queries.participation import themes_for
from langsen.registers.study.queries.sessions import Filters


class SessionFilter(NarrowingForm):
    """What the list of sessions is narrowed to."""

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
        super().__init__(*args, user=user, permission=Permission.STUDY_READ, **kwargs)
        self.fields["theme"].queryset = themes_for(user)  # type: ignore[attr-defined]

    def filters(self) -> Filters:
        """Return the filters in force; a part of the address that says nothing is left out."""
        shared = self.narrowing()
        data = self.cleaned_data
        return Filters(
            **vars(shared),
            kind=data.get("kind", ""),
            status=data.get("status", ""),
            mode=data.get("mode", ""),
            theme=data.get("theme"),
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
