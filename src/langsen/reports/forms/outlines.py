"""The form of an outline: its facts, sections and figures of the appendix; rows come and go without JavaScript."""

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.accounts.models import User
from langsen.foundation.core.forms import DayField
from langsen.foundation.core.periods import Period
from langsen.foundation.orgs.models import OrgUnit
from langsen.reports.enums import Cadence, Layout
from langsen.reports.forms.fields import UnitField
from langsen.reports.models import Outline

MOST_SECTIONS, MOST_FIGURES = 40, 120


class OutlineForm(forms.Form):
    """The facts of an outline. A change is a new version from `from_on`."""

    name_vi = forms.CharField(label=_("name (Vietnamese)"), max_length=200)
    name_en = forms.CharField(label=_("name (English)"), max_length=200)
    unit = UnitField(label=_("Kept by"), help_text=_("It and every unit below it are offered this outline."))
    from_on = DayField(label=_("In use from"), help_text=_("Reports begun before this day stay with the old version."))
    cadence = forms.ChoiceField(label=_("Period"), choices=Cadence)
    layout = forms.ChoiceField(label=_("Layout"), choices=Layout)
    subject = forms.CharField(
        label=_("Subject"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The line under BÁO CÁO; {unit} and {period} are filled in."),
    )
    due_days = forms.IntegerField(
        label=_("Due, days after the period"),
        min_value=-366,
        max_value=366,
        initial=0,
        help_text=_("Negative: before the last day of the period."),
    )
    source = forms.CharField(label=_("Source"), max_length=300, required=False)
    is_verified = forms.BooleanField(label=_("The source has been verified"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(user, Permission.REPORTS_OUTLINE)  # type: ignore[attr-defined]


@dataclass
class SectionRow:
    """A section as it stands in the form."""

    heading: str = ""
    body: str = ""
    is_required: bool = False


@dataclass
class FigureRow:
    """A line of the appendix as it stands in the form."""

    code: str
    by_unit: bool = False


@dataclass
class Parts:
    """The rows of the form: read from the post, changed by the button pressed."""

    sections: list[SectionRow] = field(default_factory=list)
    figures: list[FigureRow] = field(default_factory=list)

    @classmethod
    def of(cls, outline: Outline) -> "Parts":
        """Return the rows of a stored outline."""
        return cls(
            [SectionRow(row.heading, row.body, row.is_required) for row in outline.sections.all()],
            [FigureRow(row.code, row.by_unit) for row in outline.figures.all()],
        )

    @classmethod
    def read(cls, post: MultiValueDict[str, str]) -> "Parts":
        """Return the rows as they were sent."""
        headings, bodies = post.getlist("heading"), post.getlist("body")
        required, by_unit = set(post.getlist("required")), set(post.getlist("by_unit"))
        sections = [
            SectionRow(heading, body.replace("\r\n", "\n"), str(number) in required)
            for number, (heading, body) in enumerate(zip(headings, bodies, strict=False))
        ]
        codes = list(dict.fromkeys(post.getlist("code")))[:MOST_FIGURES]
        return cls(sections[:MOST_SECTIONS], [FigureRow(code, code in by_unit) for code in codes])

    def press(self, act: str, added: str = "") -> bool:
        """Do what a button of the form asks; False when `act` is none of them."""
        name, _colon, place = act.partition(":")
        number = int(place) if place.isascii() and place.isdigit() else -1
        if name == "add-section":
            self.sections.append(SectionRow())
        elif name == "drop-section" and number < len(self.sections):
            del self.sections[number : number + 1]
        elif name == "up-section" and 0 < number < len(self.sections):
            rows = self.sections
            rows[number - 1], rows[number] = rows[number], rows[number - 1]
        elif name == "add-figure":
            if added and added not in {row.code for row in self.figures}:
                self.figures.append(FigureRow(added))
        elif name == "drop-figure":
            self.figures = [row for row in self.figures if row.code != place]
        else:
            return False
        return True


class EndForm(forms.Form):
    """Until when an outline is offered."""

    last_on = DayField(label=_("Last day it is offered"))


class PreviewForm(forms.Form):
    """Whose figures of which days the preview shows."""

    unit = UnitField(label=_("Unit"), required=False, empty=_("None: the sentences only"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from"] = DayField(label=_("From day"), required=False)
        self.fields["to"] = DayField(label=_("To day"), required=False)
        self.fields["unit"].offer(user, Permission.FIGURES_READ, self.data.get("unit", ""))  # type: ignore[attr-defined]

    def chosen(self) -> tuple[OrgUnit | None, Period | None]:
        """Return the unit and the days, each None where nothing sensible was chosen."""
        self.is_valid()
        first, last = self.cleaned_data.get("from"), self.cleaned_data.get("to")
        period = Period(first, last) if first and last and first <= last else None
        return self.cleaned_data.get("unit"), period
