"""The form that receives a workbook."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from langsen.foundation.core.sheets.kinds import Target, Words


class UploadForm(forms.Form):
    """A file and the unit it is imported into."""

    unit = forms.ChoiceField(label=_("Unit"))
    file = forms.FileField(
        label=_("Excel file"),
        help_text=_(
            ".xlsx, .xls or .ods; at most 10 MB and 60,000 rows. Nothing is imported before you have checked it."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.ods"}),
    )

    def __init__(self, *args: Any, targets: list[Target], label: Words = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["unit"]
        choice.label = label or choice.label
        choice.choices = [(target.pk, f"{target.name} ({target.code})") for target in targets]
