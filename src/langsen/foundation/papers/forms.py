"""The forms of heads, letterheads and numbers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from langsen.foundation.core.forms import DayField
from langsen.foundation.papers.queries import Head

_LINES = {"rows": 2}


class HeadFilter(forms.Form):
    q = forms.CharField(label=_("Search units"), required=False, max_length=200)


class HeadForm(forms.Form):
    """The lines of the head, with what follows from the unit's name as a proposal."""

    superior_line = forms.CharField(
        label=_("Line of the superior organisation"), max_length=200, required=False, widget=forms.Textarea(_LINES)
    )
    own_line = forms.CharField(label=_("Own line"), max_length=200, widget=forms.Textarea(_LINES))
    org_code = forms.CharField(
        label=_("Code of the organisation"), max_length=30, help_text=_("It stands in the number: TU in 05-BC/TU.")
    )
    place = forms.CharField(label=_("Place name"), max_length=120, help_text=_("It stands before the day."))
    signed_for = forms.CharField(
        label=_("On behalf of"), max_length=120, required=False, help_text=_("For example: T/M BAN THƯỜNG VỤ.")
    )
    signer_title = forms.CharField(label=_("Title of the signatory"), max_length=120, required=False)
    recipients = forms.CharField(
        label=_("Recipients"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("One per line; the last one is where the document is kept (Lưu …)."),
    )
    from_on = DayField(label=_("For documents from this day on"))

    @staticmethod
    def initial_of(head: Head) -> dict[str, Any]:
        """Return what the form shows at first: the head in force."""
        names = ("superior_line", "own_line", "org_code", "place", "signed_for", "signer_title")
        return {name: getattr(head, name) for name in names} | {"recipients": "\n".join(head.recipients)}


class LetterheadForm(forms.Form):
    upload = forms.FileField(
        label=_("Word file (.docx)"), widget=forms.ClearableFileInput(attrs={"accept": ".docx"}), max_length=200
    )
    from_on = DayField(label=_("For documents from this day on"))


class EndForm(forms.Form):
    last_on = DayField(label=_("Last day"))


class BookForm(forms.Form):
    """A committee's term; for the State layout the year of the first day."""

    from_on = DayField(label=_("First day of the term"))
    last_on = DayField(label=_("Last day of the term"), help_text=_("The day before the next congress, as planned."))
    first_number = forms.IntegerField(
        label=_("Begin with number"), min_value=1, max_value=99_999, initial=1,
        help_text=_("Later than 1 where numbers were given on paper before."),
    )  # fmt: skip


class YearBookForm(forms.Form):
    from_on = DayField(label=_("A day of the year"), help_text=_("State documents are numbered from 1 every year."))
    first_number = forms.IntegerField(
        label=_("Begin with number"), min_value=1, max_value=99_999, initial=1,
        help_text=_("Later than 1 where numbers were given on paper before."),
    )  # fmt: skip


class ReserveForm(forms.Form):
    subject = forms.CharField(label=_("For which document"), max_length=400)
    on = DayField(label=_("Day of the document"))


class VoidForm(forms.Form):
    reason = forms.CharField(label=_("Why it is not used"), max_length=300)
