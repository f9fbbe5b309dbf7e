"""Forms of the jury: grounds, sources and numbers of a draw, a new key, an answer."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from langsen.contests.contests.models import Contest
from langsen.contests.quizzes.models import MOST_OPTIONS
from langsen.foundation.core.text import parse_day

SOURCES = 3


class ReasonForm(forms.Form):
    """Grounds that are published."""

    reason = forms.CharField(
        label=_("Grounds (they are published)"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class SourcesForm(forms.Form):
    """Up to three public numbers that are still to come."""

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        for place in range(1, SOURCES + 1):
            needed = place == 1
            self.fields[f"name{place}"] = forms.CharField(
                label=_("Public number %(place)s, for example the special prize of a province's lottery")
                % {"place": place},
                max_length=200,
                required=needed,
            )
            self.fields[f"day{place}"] = forms.CharField(
                label=_("Day it comes out (after today)"), max_length=10, required=needed
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for place in range(1, SOURCES + 1):
            name, day = data.get(f"name{place}"), data.get(f"day{place}")
            if bool(name) != bool(day) and not self.errors:
                self.add_error(f"day{place}", _("Give both the number's name and its day."))
            elif day:
                try:
                    data[f"day{place}"] = parse_day(day)
                except ValueError:
                    self.add_error(f"day{place}", _("Write the day like 25/12/2026."))
        return data

    def sources(self) -> list[tuple[str, date]]:
        """Return the sources that were filled."""
        data = self.cleaned_data
        return [(data[f"name{n}"], data[f"day{n}"]) for n in range(1, SOURCES + 1) if data.get(f"name{n}")]


class NumbersForm(forms.Form):
    """The numbers that came out, source by source."""

    def __init__(self, sources: Sequence[Any], *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        for place, source in enumerate(sources, start=1):
            label = _("%(source)s: the numbers that came out, with spaces between") % {"source": source["name"]}
            self.fields[f"numbers{place}"] = forms.CharField(label=label, max_length=400)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name, text in list(data.items()):
            parts = text.replace(",", " ").split()
            if not parts or not all(part.isascii() and part.isdecimal() for part in parts):
                self.add_error(name, _("Whole numbers only, with spaces between."))
            else:
                data[name] = [int(part) for part in parts]
        return data

    def numbers(self) -> list[list[int]]:
        return [self.cleaned_data[name] for name in self.fields]


class NewKeyForm(forms.Form):
    """Which question of which round counts how from now on."""

    round = forms.TypedChoiceField(label=_("Round"), coerce=int)
    number = forms.IntegerField(label=_("Question number"), min_value=1, max_value=2000)
    right = forms.CharField(
        label=_("Right answers by letter, for example A or A C; empty when the question is void"),
        max_length=40,
        required=False,
    )
    void = forms.BooleanField(label=_("The question is void: it counts as right for everybody"), required=False)
    reason = forms.CharField(
        label=_("Reason (it is published)"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, contest: Contest, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        closed = contest.rounds.filter(is_dry_run=False).exclude(closed_at=None).order_by("number")
        field = self.fields["round"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(one.number, one.title) for one in closed]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        letters = data.get("right", "").upper().replace(",", " ").split()
        if not data.get("void"):
            places = [ord(letter) - ord("A") for letter in letters if len(letter) == 1]
            if not places or len(places) != len(letters) or not all(0 <= place < MOST_OPTIONS for place in places):
                self.add_error("right", _("Write the letters of the right answers."))
            else:
                data["mask"] = sum(1 << place for place in set(places))
        return data


class AnswerForm(forms.Form):
    """The answer to an appeal."""

    answer = forms.CharField(label=_("Answer"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    accepted = forms.BooleanField(label=_("The appeal is accepted"), required=False)
