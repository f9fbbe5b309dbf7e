"""“Ghi nhận theo văn bản đã ký”: leaders sign on paper; whoever types the record says which paper it rests on.

A building block for every later approval: the columns, the value a use case takes, and the part of a form. The scan of
the paper is attached through `foundation.evidence` and marked there.
"""

from dataclasses import dataclass
from datetime import date

from django import forms
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.forms import DayField
from langsen.foundation.core.periods import today
from langsen.foundation.core.text import clean, day_text

NUMBER_LENGTH, SIGNATORY_LENGTH = 80, 120


@dataclass(frozen=True)
class SignedPaper:
    """A signed paper: its number, the day it was signed, who signed. Empty where a record rests on none."""

    number: str = ""
    signed_on: date | None = None
    signed_by: str = ""

    def checked(self) -> "SignedPaper":
        """Return the paper with tidy texts.

        Raises:
            BadInput: given in part only, signed in the future, or a text too long.
        """
        paper = SignedPaper(clean(self.number), self.signed_on, clean(self.signed_by))
        given = [bool(paper.number), paper.signed_on is not None, bool(paper.signed_by)]
        if any(given) and not all(given):
            name = ("signed_number", "signed_on", "signed_by")[given.index(False)]
            raise _refuse(name, gettext("Give the number, the day and the signatory of the paper, or none of them."))
        if paper.signed_on and paper.signed_on > today():
            day = day_text(paper.signed_on)
            raise _refuse("signed_on", gettext("A paper cannot have been signed on %(day)s.") % {"day": day})
        if len(paper.number) > NUMBER_LENGTH or len(paper.signed_by) > SIGNATORY_LENGTH:
            name = "signed_number" if len(paper.number) > NUMBER_LENGTH else "signed_by"
            raise _refuse(name, gettext("This text is too long."))
        return paper

    @property
    def columns(self) -> dict[str, object]:
        """The values of the columns of `SignedPaperColumns`."""
        return {"signed_number": self.number, "signed_on": self.signed_on, "signed_by": self.signed_by}


NO_PAPER = SignedPaper()


def _refuse(field: str, message: str) -> BadInput:
    return BadInput(message, fields={field: message})


class SignedPaperColumns(models.Model):
    """The signed paper a record rests on, and whether it was entered for somebody else (“nhập thay”)."""

    signed_number = models.CharField(_("number of the signed paper"), max_length=NUMBER_LENGTH, blank=True)
    signed_on = models.DateField(_("day of the signed paper"), null=True, blank=True)
    signed_by = models.CharField(_("signatory"), max_length=SIGNATORY_LENGTH, blank=True)
    entered_for_other = models.BooleanField(_("entered for somebody else"), default=False)

    class Meta:
        abstract = True

    @property
    def paper(self) -> SignedPaper:
        return SignedPaper(self.signed_number, self.signed_on, self.signed_by)


class SignedPaperForm(forms.Form):
    """The three fields of a signed paper, to be mixed into a register's own form."""

    signed_number = forms.CharField(label=_("number of the signed paper"), max_length=NUMBER_LENGTH, required=False)
    signed_on = DayField(label=_("day of the signed paper"), required=False)
    signed_by = forms.CharField(label=_("signatory"), max_length=SIGNATORY_LENGTH, required=False)

    def paper(self) -> SignedPaper:
        """Return the paper typed into a valid form."""
        return SignedPaper(
            self.cleaned_data["signed_number"], self.cleaned_data["signed_on"], self.cleaned_data["signed_by"]
        )
