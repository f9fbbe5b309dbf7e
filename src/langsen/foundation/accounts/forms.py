"""Forms of one's own account."""

from django import forms
from django.utils.translation import gettext_lazy as _

LIFETIMES = ((30, _("30 days")), (90, _("90 days")), (365, _("one year")))


class TokenForm(forms.Form):
    """What an access key is for, and how long it lasts."""

    name = forms.CharField(
        label=_("What the key is for"), max_length=80, help_text=_("For example: the province's report program")
    )
    days = forms.TypedChoiceField(label=_("It works for"), coerce=int, choices=LIFETIMES, initial=90)
