"""Forms of the inbox."""

from django import forms
from django.utils.translation import gettext_lazy as _


class InboxFilter(forms.Form):
    """Words, and whether only what is new."""

    q = forms.CharField(label=_("Search"), required=False, max_length=120)
    show = forms.ChoiceField(label=_("Show"), required=False, choices=[("", _("All notices")), ("new", _("New only"))])


class MailForm(forms.Form):
    """Whether notices come by mail too, and where to."""

    email = forms.EmailField(label=_("My e-mail address"), required=False, max_length=254)
    wants_mail = forms.BooleanField(label=_("Send my notices by e-mail too"), required=False)
