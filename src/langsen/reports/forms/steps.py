"""Forms of the steps of a report: its reasons, and the paper as it was signed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from langsen.foundation.core.forms import DayField
from langsen.foundation.core.periods import today
from langsen.foundation.core.signed_papers import SignedPaperForm
from langsen.foundation.papers.queries import head_of
from langsen.reports.models import Report


class ReasonForm(forms.Form):
    """Why; the label is the step's own."""

    reason = forms.CharField(max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, label: str, most: int = 1000, help_text: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reason"]
        field.label, field.help_text = label, help_text
        field.max_length = most  # type: ignore[attr-defined]
        field.widget.attrs["maxlength"] = most


class ShortenForm(forms.Form):
    """The earlier end of the period."""

    last_on = DayField(label=_("To day"))


class FrameForm(forms.Form):
    """The subject of a draft, and which of the sections that need not be filled it has (`kept`, their positions)."""

    subject = forms.CharField(
        label=_("Subject (the line under BÁO CÁO)"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "vi"}),
    )
    kept = forms.MultipleChoiceField(label=_("Sections of the report"), required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, report: Report, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sections = list(report.sections.all())
        optional = [(str(section.position), section.heading) for section in self.sections if not section.is_required]
        self.fields["kept"].choices = optional  # type: ignore[attr-defined]

    def left_out(self) -> set[int]:
        """Return the positions of the sections without a tick."""
        kept = set(self.cleaned_data["kept"])
        return {one.position for one in self.sections if not one.is_required and str(one.position) not in kept}

    def rows(self) -> list[dict[str, Any]]:
        """Return every section as the page lists it."""
        kept = {str(value) for value in self["kept"].value() or ()}
        return [{"section": one, "is_kept": one.is_required or str(one.position) in kept} for one in self.sections]


class IssueForm(SignedPaperForm):
    """“Ghi nhận theo văn bản đã ký”: what stands on the signed paper."""

    place = forms.CharField(label=_("place"), max_length=120, help_text=_("As before the date, for example Lai Châu."))
    signed_for = forms.CharField(
        label=_("on behalf of"), max_length=120, required=False, help_text=_("For example T/M BAN THƯỜNG VỤ.")
    )
    signer_title = forms.CharField(label=_("title of the signatory"), max_length=120, required=False)
    recipients = forms.CharField(
        label=_("recipients"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One on each line."),
    )
    field_order = (
        "signed_number", "signed_on", "place", "signed_for", "signer_title", "signed_by", "recipients",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("signed_number", "signed_on", "signed_by"):
            self.fields[name].required = True
        self.fields["signed_number"].help_text = _("As it stands on the paper, for example 126-BC/ĐU.")

    def words(self) -> dict[str, str]:
        """Return what else stands on it."""
        return {name: self.cleaned_data[name] for name in ("place", "signed_for", "signer_title", "recipients")}


def issue_initial(report: Report) -> dict[str, Any]:
    """Return what the form begins with: as typed for this report before, as on the unit's last, as its head says."""
    last = (
        Report.objects.filter(org_unit=report.org_unit, layout=report.layout)
        .exclude(issued_at=None)
        .order_by("-issued_at", "-id")
        .first()
    )
    head = head_of(report.org_unit, today(), report.layout)
    offered = {
        "place": head.place,
        "signed_for": head.signed_for,
        "signer_title": head.signer_title,
        "recipients": "\n".join(head.recipients),
    }
    typed = [report, last] if last else [report]
    initial = {
        name: next(filter(None, (getattr(one, name) for one in typed)), words) for name, words in offered.items()
    }
    return initial | {"signed_by": last.signed_by if last else ""}
