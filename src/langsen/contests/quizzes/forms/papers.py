"""Planning a paper: how it is made, by which rules, from which samples it is judged."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from langsen.contests.quizzes.drawing import SEED_BITS
from langsen.contests.quizzes.enums import Difficulty, PaperMode
from langsen.contests.quizzes.models import Category, PaperPlan
from langsen.contests.quizzes.queries.plans import MOST_ON_PAPER
from langsen.contests.quizzes.services import RuleFacts

ANY = 0
LEVELS = (ANY, *Difficulty.values)


@dataclass(frozen=True)
class RuleRow:
    """A category among the draw rules: for any difficulty and for each, how many to draw and how many are there."""

    category: Category
    bank: str
    cells: tuple[tuple[BoundField, int], ...]


class PlanForm(forms.Form):
    """The switches of a paper, and a number for each category and difficulty to draw from."""

    mode = forms.ChoiceField(
        label=gettext_lazy("How the papers are made"), choices=PaperMode.choices, widget=forms.RadioSelect
    )
    shuffles_questions = forms.BooleanField(
        label=gettext_lazy("questions in a different order for everybody"), required=False
    )
    shuffles_options = forms.BooleanField(
        label=gettext_lazy("answers in a different order for everybody"), required=False
    )

    def __init__(
        self,
        *args: Any,
        categories: Sequence[Category],
        counts: Mapping[int, Mapping[int, int]],
        banks: Mapping[int, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._categories, self._counts, self._banks = categories, counts, banks
        words = {ANY: _("any difficulty"), **{value: str(label) for value, label in Difficulty.choices}}
        for category in categories:
            for level in LEVELS:
                self.fields[_name(category.pk, level)] = forms.IntegerField(
                    label=f"{category.name}, {words[level]}",
                    min_value=0,
                    max_value=MOST_ON_PAPER,
                    required=False,
                    widget=forms.NumberInput(attrs={"class": "count", "inputmode": "numeric"}),
                )

    @classmethod
    def initial_of(cls, plan: PaperPlan | None) -> dict[str, Any]:
        """Return what the form shows for a plan."""
        if plan is None:
            return {"mode": PaperMode.FIXED, "shuffles_questions": True, "shuffles_options": True}
        names = ("mode", "shuffles_questions", "shuffles_options")
        rules = {_name(rule.category_id, rule.difficulty or ANY): rule.count for rule in plan.draw_rules.all()}
        return {**{name: getattr(plan, name) for name in names}, **rules}

    @property
    def rows(self) -> Iterator[RuleRow]:
        """The table of draw rules."""
        for category in self._categories:
            counts = self._counts.get(category.pk, {})
            cells = tuple((self[_name(category.pk, level)], counts.get(level, 0)) for level in LEVELS)
            yield RuleRow(category, self._banks.get(category.owner_id, ""), cells)

    def rules(self) -> list[RuleFacts]:
        """Return the rules a valid form says, in the order of the table."""
        return [
            RuleFacts(category.pk, level or None, count)
            for category in self._categories
            for level in LEVELS
            if (count := self.cleaned_data.get(_name(category.pk, level)))
        ]


def _name(category_id: int, level: int) -> str:
    return f"rule_{category_id}_{level}"


class SampleForm(forms.Form):
    """The seed of the first of three sample papers."""

    seed = forms.IntegerField(
        label=gettext_lazy("Seed"),
        min_value=0,
        max_value=(1 << SEED_BITS) - 3,
        required=False,
        help_text=gettext_lazy("The same seed always gives the same paper."),
    )


class CopyForm(forms.Form):
    """Which round's plan is copied."""

    source = forms.TypedChoiceField(label=gettext_lazy("Copy the plan of"), coerce=int)

    def __init__(self, *args: Any, sources: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["source"]
        field.choices = sources
