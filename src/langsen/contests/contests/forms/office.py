"""The forms of the organising board."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from langsen.contests.contests.enums import (
    AskedField,
    PrizeRank,
    PrizeScope,
    PrizeSubject,
    RankingKey,
    Stage,
)
from langsen.contests.contests.models import TITLE_LENGTH, Contest, ContestUnit, Round
from langsen.contests.contests.rules import rule_values
from langsen.contests.contests.services.prizes import MOST_AMOUNT, MOST_PRIZES, PrizeFacts
from langsen.contests.contests.services.unit_lists import KIND_LENGTH, UnitLine
from langsen.foundation.core.forms import DayField
from langsen.registers.kit.forms import CountField, SeenField

_LATER_KEYS = 3
_OPTIONAL = ("purpose", "least_age", "attempts_per_round", "prize_cap_contest", "contact")


class ContestFilter(forms.Form):
    """The filter bar of the list."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    stage = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All states")), *Stage.choices])

    def wanted(self) -> dict[str, str]:
        self.is_valid()
        return {"text": self.cleaned_data.get("q", ""), "stage": self.cleaned_data.get("stage", "")}


class OpenForm(forms.Form):
    """A new contest: whose, its title, and which one it is a copy of."""

    unit = forms.ChoiceField(label=_("Organiser"))
    title = forms.CharField(label=_("Title"), max_length=TITLE_LENGTH)
    copy_of = forms.ChoiceField(
        label=_("Copy of"),
        required=False,
        help_text=_(
            "Rules, prizes, rounds (moved by whole years) and plans of papers are carried over; units, the people who "
            "may not take part and entrants are not."
        ),
    )

    def __init__(self, *args: Any, units: list[tuple[str, str]], contests: list[Contest], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]
        known = [(str(one.pk), one.title) for one in contests]
        self.fields["copy_of"].choices = [("", _("nothing: begin empty")), *known]  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why something announced is changed."""

    reason = forms.CharField(
        label=_("Reason (everybody may read it)"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, frozen: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not frozen:
            del self.fields["reason"]
        else:
            self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])

    @property
    def why(self) -> str:
        """The reason given, or nothing where none is asked."""
        return str(self.cleaned_data.get("reason", ""))

    @property
    def given(self) -> forms.BoundField:
        """The field, for pages that place it themselves."""
        return self["reason"]


class _Rules(forms.ModelForm):  # type: ignore[type-arg] # Django's own takes no type when it runs
    class Meta:
        model = Contest
        fields = (
            "title",
            "purpose",
            "contact",
            "sign_up",
            "least_age",
            "guardian_below",
            "attempts_per_round",
            "time_limit_seconds",
            "grace_seconds",
            "shows_score",
            "counting",
            "prediction",
            "unit_ranking",
            "prize_cap_round",
            "prize_cap_contest",
            "masks_names",
            "watches_signals",
            "appeal_days",
            "keep_months",
        )


class RulesForm(ReasonForm):
    """All rules in the order of the rules page; the details asked for with the purpose of each."""

    GROUPS = (
        (_("What it is about"), ("title", "purpose", "themes", "contact")),
        (_("Who may take part"), ("sign_up", "least_age", "guardian_below")),
        (_("What is asked of people: a purpose beside each, empty means not asked"), tuple(AskedField.values)),
        (_("Attempts and time"), ("attempts_per_round", "time_limit_seconds", "grace_seconds", "shows_score")),
        (_("Counting and ranking"), ("counting", "prediction", "rank2", "rank3", "rank4", "unit_ranking")),
        (_("Prizes for one person"), ("prize_cap_round", "prize_cap_contest")),
        (_("Publication, appeals, keeping"), ("masks_names", "watches_signals", "appeal_days", "keep_months")),
    )
    LABELS = {"contact": _("Where people can ask"), "prediction": _("Prediction question")}
    HELP = {
        "contact": _("It stands on the rules page: an office, a phone number, a mail address."),
        "attempts_per_round": _("Empty: as many as one likes."),
        "prize_cap_contest": _("Empty: no limit over the rounds."),
        "least_age": _("Empty: any age."),
        "time_limit_seconds": _("In seconds: 600 is ten minutes."),
        "grace_seconds": _("In seconds, for answers on their way when time is up."),
    }
    themes = forms.CharField(
        label=_("Themes, one a line"), required=False, max_length=3000, widget=forms.Textarea(attrs={"rows": 2})
    )
    seen = SeenField()

    def __init__(self, *args: Any, contest: Contest, **kwargs: Any) -> None:
        values = rule_values(contest)
        order = dict(enumerate(contest.ranking[1:], start=2))
        initial = values | contest.asks | {f"rank{place}": key for place, key in order.items()}
        initial |= {"themes": "\n".join(contest.themes), "seen": contest.changed_at.isoformat()}
        super().__init__(*args, initial=initial, frozen=contest.is_frozen, **kwargs)
        for name, field in _Rules().fields.items():
            field.required = name not in _OPTIONAL and not isinstance(field, forms.BooleanField)
            field.label = self.LABELS.get(name, field.label)
            field.help_text = self.HELP.get(name, field.help_text)
            self.fields[name] = field
        for name, label in AskedField.choices:
            self.fields[name] = forms.CharField(label=label, required=False, max_length=200)
        keys = [("", "–"), *(one for one in RankingKey.choices if one[0] != RankingKey.SCORE)]
        for place in range(2, 2 + _LATER_KEYS):
            label = _("When equal in right answers") if place == 2 else _("then")
            self.fields[f"rank{place}"] = forms.ChoiceField(label=label, required=False, choices=keys)

    def groups(self) -> list[tuple[Any, list[Any]]]:
        """Return (heading, bound fields) for the page."""
        return [(title, [self[name] for name in names]) for title, names in self.GROUPS]

    def values(self) -> dict[str, Any]:
        """Return the rules as `services.organising.change_rules` takes them."""
        data = self.cleaned_data
        later = [data[f"rank{place}"] for place in range(2, 2 + _LATER_KEYS)]
        return {
            **{name: data[name] for name in _Rules.Meta.fields},
            "themes": data["themes"].splitlines(),
            "asks": {name: data[name] for name in AskedField.values if data[name].strip()},
            "ranking": [RankingKey.SCORE.value, *(key for key in later if key)],
        }


class MomentField(forms.DateTimeField):
    """A moment to the minute, in the calendar of the device or typed 3/4/2027 09:00."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
        formats = ["%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M", "%H:%M %d/%m/%Y"]
        super().__init__(widget=widget, input_formats=formats, **kwargs)


class RoundForm(ReasonForm):
    """A round."""

    title = forms.CharField(label=_("Title"), max_length=120)
    opens_at = MomentField(label=_("Opens"))
    closes_at = MomentField(label=_("Closes"))
    is_dry_run = forms.BooleanField(label=_("Dry run: counts nowhere"), required=False)

    @staticmethod
    def initial_of(one: Round) -> dict[str, Any]:
        return {name: getattr(one, name) for name in ("title", "opens_at", "closes_at", "is_dry_run")}

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("title", "opens_at", "closes_at", "is_dry_run")}


class PrizesForm(ReasonForm):
    """Number and amount of every kind of prize; an empty number means none."""

    def __init__(self, *args: Any, contest: Contest, **kwargs: Any) -> None:
        super().__init__(*args, frozen=contest.is_frozen, **kwargs)
        known = {(one.subject, one.scope, one.rank): one for one in contest.prize_rules.all()}
        self.keys = [(a, b, c) for a in PrizeSubject for b in PrizeScope for c in PrizeRank]
        for key in self.keys:
            rule, name = known.get((key[0].value, key[1].value, key[2].value)), "-".join(key)
            label = f"{key[0].label}, {key[1].label}: {key[2].label}"
            count = CountField(label=label, required=False, min_value=0, max_value=MOST_PRIZES)
            amount = CountField(label=_("amount (đồng)"), required=False, min_value=0, max_value=MOST_AMOUNT)
            count.initial, amount.initial = (rule.count, rule.amount) if rule else (None, None)
            self.fields[f"{name}-count"], self.fields[f"{name}-amount"] = count, amount
        if contest.is_frozen:
            self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])

    def rows(self) -> list[tuple[Any, Any]]:
        return [(self["-".join(key) + "-count"], self["-".join(key) + "-amount"]) for key in self.keys]

    def facts(self) -> list[PrizeFacts]:
        data = self.cleaned_data
        return [
            PrizeFacts(key[0], key[1], key[2], data[f"{name}-count"] or 0, data[f"{name}-amount"] or 0)
            for key in self.keys
            for name in ["-".join(key)]
        ]


class TakeUnitsForm(forms.Form):
    """The day the list is taken of."""

    on = DayField(label=_("As on the day"))


class UnitForm(ReasonForm):
    """A unit to be added to the list."""

    code = forms.CharField(label=_("Unit code"), max_length=100)
    name = forms.CharField(label=_("Unit"), max_length=500)
    kind = forms.CharField(label=_("Kind of unit"), max_length=KIND_LENGTH, required=False)
    above = forms.CharField(
        label=_("Code of the unit above"),
        max_length=100,
        required=False,
        help_text=_("Empty: directly below the organiser, compared with the others there."),
    )
    head_count = CountField(label=_("Head count"), required=False, min_value=1)
    on = DayField(label=_("Day of the head count"), required=False)

    def line(self) -> UnitLine:
        data = self.cleaned_data
        return UnitLine(data["code"], data["name"], data["kind"], data["above"], data["head_count"], data["on"])


class HeadCountForm(ReasonForm):
    """People of a unit on a day."""

    head_count = CountField(label=_("Head count"), required=False, min_value=1)
    on = DayField(label=_("Day of the head count"), required=False)

    @staticmethod
    def initial_of(unit: ContestUnit) -> dict[str, Any]:
        return {"head_count": unit.head_count, "on": unit.head_count_on}


class BarForm(forms.Form):
    """People who may not take part, one a line: name, then phone after a comma."""

    people = forms.CharField(
        label=_("People, one a line"),
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Full name; a phone number may follow after a comma. A pasted column of Excel works."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def lines(self) -> list[tuple[str, str]]:
        """Return (name, phone) of each line."""
        rows = [line.replace("\t", ",").replace(";", ",").partition(",") for line in self.data["people"].splitlines()]
        return [(name.strip(), phone.strip()) for name, _comma, phone in rows if name.strip()]
