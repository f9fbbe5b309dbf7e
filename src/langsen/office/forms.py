"""The filter of the log."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from langsen.foundation.core.forms import DayField
from langsen.office.log import verb_choices


class LogFilter(forms.Form):
    """Who did what, in which unit, when."""

    who = forms.CharField(label=_("Who"), required=False, max_length=120)
    what = forms.ChoiceField(label=_("What"), required=False)
    unit = forms.CharField(label=_("Unit"), required=False, max_length=120)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["what"].choices = [("", _("Everything")), *verb_choices()]  # type: ignore[attr-defined]
        self.fields["from"] = DayField(label=_("From day"), required=False)
        self.fields["to"] = DayField(label=_("To day"), required=False)
