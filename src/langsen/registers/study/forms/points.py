"""Forms about points and the people there."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from langsen.foundation.core.forms import DayField
from langsen.foundation.core.periods import today
from langsen.foundation.core.text import parse_day
from langsen.foundation.people.enums import AttendanceClass
from langsen.registers.kit.forms import CountField, SeenField
from langsen.registers.study.forms.sessions import PresentFields, ReasonFields
from langsen.registers.study.models import StudySession
from langsen.registers.study.queries.roster import Called
from langsen.registers.study.services.sessions import Roll

Sent = MultiValueDict[str, str]


class NumbersForm(PresentFields):
    """How many of each class were present at a point."""

    seen = SeenField()


class ExtraFields(ReasonFields):
    """Guests on top of a roll, by class."""

    extra_members = CountField(label=_("Party members of other units"), required=False)
    extra_officials = CountField(label=_("Cadres, civil servants, public employees, workers"), required=False)
    extra_union_members = CountField(label=_("Members of unions and associations"), required=False)
    extra_public = CountField(label=_("Residents"), required=False)
    extra_other = CountField(label=_("Others"), required=False)
    seen = SeenField()

    def extra(self) -> dict[str, int]:
        """Return the guests typed, by class."""
        return {name: self.cleaned_data[f"extra_{name}"] or 0 for name in AttendanceClass.values}

    @property
    def extra_fields(self) -> list[forms.BoundField]:
        return [self[f"extra_{name}"] for name in AttendanceClass.values]


class PointForm(forms.Form):
    """Who answers at a point, where it is, how many are invited."""

    contact = forms.CharField(label=_("Contact"), max_length=200, required=False)
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    invited = CountField(label=_("Invited"), required=False)
    seen = SeenField()


class CodeForm(forms.Form):
    """The code of a point, typed from the poster."""

    code = forms.CharField(
        label=_("Code of the point"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        help_text=_("Eight letters and digits below the square code at the entrance."),
    )


OFFERED_SESSIONS = 50


class MakeUpForm(forms.Form):
    """Make-up study of the people ticked beside it."""

    session = forms.ModelChoiceField(label=_("Session made up for"), queryset=StudySession.objects.none())
    studied_on = DayField(label=_("Day of make-up study"))

    def __init__(self, *args: Any, sessions: QuerySet[StudySession], **kwargs: Any) -> None:
        """Take any of `sessions`; the list offers the newest `OFFERED_SESSIONS`, more would be no choice any more."""
        super().__init__(*args, **kwargs)
        field = self.fields["session"]
        field.queryset = sessions  # type: ignore[attr-defined]
        found = list(sessions[: OFFERED_SESSIONS + 1])
        self.has_sessions = bool(found)
        field.choices = [(one.pk, str(one)) for one in found[:OFFERED_SESSIONS]]  # type: ignore[attr-defined]
        field.initial = found[0].pk if found else None
        if len(found) > OFFERED_SESSIONS:
            field.help_text = _("The newest %(count)s; for an earlier one open the unit that took part in it.") % {
                "count": OFFERED_SESSIONS
            }


def ids_in(data: Sent, name: str) -> set[int]:
    """Return the numbers sent under `name`, one a field or separated by commas; whatever is no number is left out."""
    words = ",".join(data.getlist(name)).split(",")
    return {int(word) for word in words if word.isascii() and word.isdigit() and len(word) < 19}


def roll_in(data: Sent, extra: dict[str, int] | None = None) -> Roll:
    """Return the roll a page of ticks sent: who was listed and not ticked was absent; nobody else is."""
    present = ids_in(data, "present")
    absent = ids_in(data, "listed") - present
    return Roll(absent=absent, came=present, excused=absent & ids_in(data, "excused"), extra=extra)


def day_of_list(data: Sent | None) -> date:
    """Return the day whose roster a page of ticks shows: the day typed; else the day it showed; else today."""
    for name in ("held_on", "listed_on"):
        try:
            return parse_day(data.get(name, "") if data else "")
        except ValueError:
            continue
    return today()


def ticked(roster: Iterable[Called], data: Sent | None, named: set[int]) -> list[tuple[Called, bool]]:
    """Return the roster with its ticks: as sent for whoever was listed, else as recorded or all but the exempt."""
    listed, present = (ids_in(data, name) if data is not None else set() for name in ("listed", "present"))

    def tick(row: Called) -> bool:
        if row.person_id in listed:
            return row.person_id in present
        return row.person_id in named if named else not row.exempt

    return [(row, tick(row)) for row in roster]
