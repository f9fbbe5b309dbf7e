"""The filter bars of reports; their state is the address."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.accounts.models import User
from langsen.foundation.core.forms import DayField
from langsen.reports.enums import SEEN_ABOVE, ReportKind, ReportStatus
from langsen.reports.forms.fields import UnitField
from langsen.reports.models import Outline
from langsen.reports.queries.reports import ReportFilters


class ReportFilter(forms.Form):
    """What a list of reports is narrowed to."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    unit = UnitField(label=_("Unit"), required=False, empty=_("All units"))
    status = forms.ChoiceField(label=_("State"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All kinds")), *ReportKind.choices])
    outline = forms.ModelChoiceField(
        label=_("Outline"), required=False, queryset=Outline.objects.none(), empty_label=_("All outlines")
    )

    def __init__(self, *args: Any, user: User, received: bool, outlines: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.received = received
        self.fields["from"] = DayField(label=_("From day"), required=False)
        self.fields["to"] = DayField(label=_("To day"), required=False)
        self.fields["unit"].offer(user, Permission.REPORTS_READ, self.data.get("unit", ""))  # type: ignore[attr-defined]
        self.fields["outline"].queryset = outlines  # type: ignore[attr-defined]
        states = [choice for choice in ReportStatus.choices if not received or choice[0] in SEEN_ABOVE]
        self.fields["status"].choices = [("", _("All states")), *states]  # type: ignore[attr-defined]

    def filters(self) -> ReportFilters:
        """Return the filters in force; a part of the address that says nothing is left out."""
        self.is_valid()
        data = self.cleaned_data
        return ReportFilters(
            text=data.get("q", ""),
            unit=data.get("unit"),
            status=data.get("status", ""),
            kind=data.get("kind", ""),
            outline=data.get("outline"),
            received=self.received,
            first=data.get("from"),
            last=data.get("to"),
        )


class DutyFilter(forms.Form):
    """Which of the units asked are shown."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    show = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("All states")),
            ("overdue", _("overdue")),
            ("waiting", _("not yet due")),
            ("late", _("late")),
            ("on_time", _("on time")),
        ],
    )

    def chosen(self) -> tuple[str, str]:
        """Return the words searched for and the state asked for."""
        self.is_valid()
        return self.cleaned_data.get("q", ""), self.cleaned_data.get("show", "")
