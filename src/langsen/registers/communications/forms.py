"""The entry of a phone, the form of everything known, and the filter bar."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from langsen.foundation.access.enums import Permission
from langsen.foundation.accounts.models import User
from langsen.foundation.core.forms import DayField
from langsen.foundation.core.signed_papers import SignedPaperForm
from langsen.registers.communications.enums import OutputKind, OutputStatus
from langsen.registers.communications.models import LINK_LENGTH, Output
from langsen.registers.communications.queries import Filters
from langsen.registers.communications.services import OutputFacts
from langsen.registers.kit.forms import NarrowingForm, SeenField

_KIND = pgettext_lazy("communication output", "Kind")
_SHORT_KINDS = (
    (OutputKind.ARTICLE.value, pgettext_lazy("short", "News, article")),
    (OutputKind.FANPAGE.value, pgettext_lazy("short", "Fanpage post")),
    (OutputKind.COLUMN.value, pgettext_lazy("short", "Column")),
    (OutputKind.PANEL.value, pgettext_lazy("short", "Panel, slogan")),
    (OutputKind.BOOK.value, pgettext_lazy("short", "Book, document")),
    (OutputKind.OTHER.value, pgettext_lazy("short", "Other")),
)


class OutputForm(SignedPaperForm):
    """An output: three fields must be filled, the rest may follow."""

    kind = forms.ChoiceField(label=_KIND, choices=_SHORT_KINDS, widget=forms.RadioSelect)
    title = forms.CharField(label=_("Title"), max_length=300)
    published_on = DayField(label=_("Day"))
    channel = forms.CharField(
        label=_("Channel"), max_length=200, required=False, help_text=_("For example: the commune's radio, a fanpage.")
    )
    link = forms.CharField(
        label=_("Link"),
        max_length=LINK_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "placeholder": "https://"}),
    )
    note = forms.CharField(label=_("Note"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    seen = SeenField()

    @classmethod
    def initial_of(cls, output: Output) -> dict[str, Any]:
        """Return what the form shows for an output that exists."""
        names = [name for name in cls.base_fields if name != "seen"]
        return {name: getattr(output, name) for name in names} | {"seen": output.changed_at.isoformat()}

    def facts(self) -> OutputFacts:
        """Return what a valid form says."""
        data = self.cleaned_data
        names = set(OutputFacts.__dataclass_fields__) - {"paper"}
        return OutputFacts(**{name: data[name] for name in names}, paper=self.paper())


class OutputFilter(NarrowingForm):
    """What the list of outputs is narrowed to."""

    kind = forms.ChoiceField(label=_KIND, required=False, choices=[("", _("All")), *OutputKind.choices])
    status = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All states")), *OutputStatus.choices])

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, permission=Permission.COMMUNICATIONS_READ, **kwargs)

    def filters(self) -> Filters:
        """Return the filters in force; a part of the address that says nothing is left out."""
        shared = self.narrowing()
        data = self.cleaned_data
        return Filters(**vars(shared), kind=data.get("kind", ""), status=data.get("status", ""))
