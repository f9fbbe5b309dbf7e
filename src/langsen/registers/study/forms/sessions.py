"""Forms about a session: the short one of the phone, the full one of a conference, and the reason of a cancellation."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from langsen.foundation.core.forms import DayField
from langsen.foundation.core.signed_papers import SignedPaperForm
from langsen.foundation.core.text import fold
from langsen.foundation.people.enums import AttendanceClass
from langsen.registers.kit.forms import CountField, SeenField
from langsen.registers.programmes.models import Theme
from langsen.registers.study.enums import Mode, ReviewKind, SessionKind, SessionStatus
from langsen.registers.study.models import StudySession
from langsen.registers.study.rules import PRESENT_FIELDS
from langsen.registers.study.services.sessions import SessionFacts

# As text, not the browser's own control, which shows AM and PM on an English computer.
CLOCK_SHAPES = ("%H:%M", "%H:%M:%S", "%Hh%M", "%Hg%M", "%Hh", "%Hg")
PHONE_KINDS = (
    (SessionKind.REGULAR_MEETING.value, pgettext_lazy("short", "Regular")),
    (SessionKind.THEMATIC_MEETING.value, pgettext_lazy("short", "Thematic")),
    (SessionKind.STUDY_CONFERENCE.value, pgettext_lazy("short", "Conference")),
)


class ThemeChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic for mypy only
    """Themes to tick; empty where none is in force."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Theme.objects.none(), required=False, **kwargs)


class ReasonFields(forms.Form):
    """Why more Party members were present than belong to the point; asked only when it is so."""

    above_roll_reason = forms.CharField(
        label=_("Why more than the list were present"),
        required=False,
        max_length=300,
        help_text=_("For example: members of a neighbouring cell took part."),
    )

    @property
    def asks_reason(self) -> bool:
        return bool(self.is_bound and ("above_roll_reason" in self.errors or self.data.get("above_roll_reason")))


class RecordForm(ReasonFields):
    """The usual meeting of a cell, recorded on a phone: kind, day, content; the roll stands beside it."""

    kind = forms.ChoiceField(label=_("Kind of meeting"), choices=PHONE_KINDS, widget=forms.RadioSelect)
    held_on = DayField(label=_("Day"))
    title = forms.CharField(
        label=_("Content"),
        max_length=300,
        widget=forms.TextInput(attrs={"list": "themes", "autocomplete": "off"}),
    )
    present_members = CountField(label=_("Party members present"), required=False)
    guests_present = CountField(label=_("Guests and others present"), required=False)
    themes = ThemeChoice(label=_("Themes studied"))

    def __init__(self, *args: Any, themes: QuerySet[Theme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["themes"].queryset = themes  # type: ignore[attr-defined]

    def judge_day_only(self) -> None:
        """Keep what was typed and say nothing of it but whether the day is one: the person is still writing."""
        for name in [name for name in self.errors if name != "held_on"]:
            del self.errors[name]

    def facts(self) -> SessionFacts:
        """Return what the form says. A content that is the name of a theme in force means that theme."""
        data = self.cleaned_data
        themes = list(data["themes"])
        title = fold(data["title"])
        offered = self.fields["themes"].queryset  # type: ignore[attr-defined]
        themes += [theme for theme in offered if fold(theme.name) == title and theme not in themes]
        return SessionFacts(
            kind=data["kind"],
            title=data["title"],
            held_on=data["held_on"],
            has_study_item=data["kind"] == SessionKind.REGULAR_MEETING,
            themes=themes,
        )


class SessionForm(SignedPaperForm):
    """Everything known about a conference, a review, a salute, a trip."""

    kind = forms.ChoiceField(label=_("Kind"), choices=SessionKind.choices)
    review_kind = forms.ChoiceField(
        label=_("Kind of review"), choices=[("", "–"), *ReviewKind.choices], required=False,
        help_text=_("For a review conference only."),
    )  # fmt: skip
    title = forms.CharField(label=_("Content"), max_length=300)
    has_study_item = forms.BooleanField(
        label=_("The agenda of this regular meeting holds studying and following Uncle Ho"), required=False
    )
    held_on = DayField(label=_("Day"))
    last_on = DayField(label=_("Ends on"), required=False)
    starts_at = forms.TimeField(
        label=_("Starts at"),
        required=False,
        input_formats=CLOCK_SHAPES,
        widget=forms.TimeInput(
            format="%H:%M", attrs={"placeholder": _("hour:minute"), "autocomplete": "off", "class": "clock"}
        ),
        error_messages={"invalid": _("This is not a time of day. Write it like 14:00.")},
    )
    mode = forms.ChoiceField(label=_("How it is held"), choices=Mode.choices)
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    chair = forms.CharField(label=_("Chair"), max_length=200, required=False)
    guests = forms.CharField(
        label=_("Guests by title"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    themes = ThemeChoice(label=_("Themes studied"))
    programme_text = forms.CharField(
        label=_("Programme"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    papers_read = forms.CharField(
        label=_("Papers read"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    conclusion = forms.CharField(
        label=_("Conclusion"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    minutes = forms.CharField(
        label=_("Minutes"), max_length=20000, required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    seen = SeenField()

    def __init__(self, *args: Any, themes: QuerySet[Theme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["themes"].queryset = themes  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, session: StudySession) -> dict[str, Any]:
        """Return what the form shows for a session that exists."""
        names = [name for name in cls.base_fields if name not in {"seen", "themes"}]
        shown = {name: getattr(session, name) for name in names if hasattr(session, name)}
        return shown | {"themes": session.themes.all(), "seen": session.changed_at.isoformat()}

    def facts(self) -> SessionFacts:
        """Return what a valid form says."""
        data = self.cleaned_data
        names = set(SessionFacts.__dataclass_fields__) - {"themes", "paper"}
        facts = {name: data[name] for name in names}
        return SessionFacts(**facts, themes=list(data["themes"]), paper=self.paper())

    def _group(self, *names: str) -> list[forms.BoundField]:
        return [self[name] for name in names]

    @property
    def main_fields(self) -> list[forms.BoundField]:
        return self._group("kind", "title", "themes", "has_study_item", "mode")

    @property
    def when_fields(self) -> list[forms.BoundField]:
        return self._group("held_on", "last_on", "starts_at", "place", "chair", "guests")

    @property
    def review_fields(self) -> list[forms.BoundField]:
        return self._group("review_kind", "programme_text", "papers_read", "conclusion")


class OrganiserForm(ReasonFields):
    """Why another unit is the organiser."""

    reason = forms.CharField(label=_("Why the organiser is changed"), max_length=300)
    seen = SeenField()


class PresentFields(ReasonFields):
    """Numbers present by class."""

    present_members = CountField(label=_("Party members"), required=False)
    present_officials = CountField(label=_("Cadres, civil servants, public employees, workers"), required=False)
    present_union_members = CountField(label=_("Members of unions and associations"), required=False)
    present_public = CountField(label=_("Residents"), required=False)
    present_other = CountField(label=_("Others"), required=False)

    def present(self) -> dict[str, int | None]:
        """Return the numbers typed, by class."""
        return {name: self.cleaned_data[PRESENT_FIELDS[name]] for name in AttendanceClass.values}

    @property
    def present_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in PRESENT_FIELDS.values()]


class NewSessionForm(SessionForm, PresentFields):
    """The full form of a session not recorded before: planned, or held with its numbers."""

    status = forms.ChoiceField(
        label=_("State"),
        choices=[(SessionStatus.HELD.value, _("Held")), (SessionStatus.PLANNED.value, _("Planned"))],
        widget=forms.RadioSelect,
        initial=SessionStatus.HELD,
    )
