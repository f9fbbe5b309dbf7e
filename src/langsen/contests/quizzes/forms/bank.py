"""Writing a question, the filter bar of the bank, sending a file, small forms of single steps."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from langsen.contests.quizzes.enums import Difficulty, QuestionKind, QuestionStatus
from langsen.contests.quizzes.facts import LETTERS, Option, QuestionFacts
from langsen.contests.quizzes.models import Question
from langsen.contests.quizzes.queries.bank import Filters, categories_for, contests_using, owners_of, themes_for
from langsen.contests.quizzes.rules import (
    EXPLANATION_LENGTH,
    FEWEST_OPTIONS,
    OPTION_LENGTH,
    SHORT_LENGTH,
    SOURCE_LENGTH,
    TEXT_LENGTH,
)
from langsen.contests.quizzes.services.checking import NOTE_LENGTH
from langsen.foundation.accounts.models import User
from langsen.foundation.core.sheets.kinds import Target
from langsen.registers.kit.forms import SeenField

FIRST_OPTIONS = 4
_ALL = ("", gettext_lazy("All"))


class QuestionForm(forms.Form):
    """A question with up to ten answers; empty answers at the end are left out."""

    category = forms.CharField(
        label=gettext_lazy("Category"),
        max_length=SHORT_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"list": "categories", "autocomplete": "off"}),
        help_text=gettext_lazy("A new name makes a new category."),
    )
    text = forms.CharField(
        label=gettext_lazy("Question"), max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=QuestionKind.choices, widget=forms.RadioSelect)
    difficulty = forms.TypedChoiceField(
        label=gettext_lazy("Difficulty"), choices=Difficulty.choices, coerce=int, widget=forms.RadioSelect
    )
    theme = forms.CharField(
        label=gettext_lazy("Theme"),
        max_length=SHORT_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"list": "themes", "autocomplete": "off"}),
    )
    explanation = forms.CharField(
        label=gettext_lazy("Explanation"),
        max_length=EXPLANATION_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Why the right answer is right; may be shown after the contest."),
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=SOURCE_LENGTH,
        required=False,
        help_text=gettext_lazy("The book, page or document it rests on."),
    )
    seen = SeenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place, letter in enumerate(LETTERS):
            self.fields[f"option_{place}"] = forms.CharField(
                label=_("Answer %(letter)s") % {"letter": letter},
                max_length=OPTION_LENGTH,
                required=place < FEWEST_OPTIONS,
                widget=forms.Textarea(attrs={"rows": 1}),
            )
            self.fields[f"right_{place}"] = forms.BooleanField(
                label=_("Answer %(letter)s is right") % {"letter": letter}, required=False
            )

    @classmethod
    def initial_of(cls, question: Question, facts: QuestionFacts) -> dict[str, Any]:
        """Return what the form shows for a question that exists."""
        names = ("category", "text", "kind", "difficulty", "theme", "explanation", "source")
        initial: dict[str, Any] = {name: getattr(facts, name) for name in names}
        for place, option in enumerate(facts.options):
            initial |= {f"option_{place}": option.text, f"right_{place}": option.right}
        return initial | {"seen": question.changed_at.isoformat()}

    @property
    def first_rows(self) -> Iterator[tuple[str, BoundField, BoundField]]:
        """The answers a question usually has: letter, text, whether it is right."""
        return self._rows(0, FIRST_OPTIONS)

    @property
    def more_rows(self) -> Iterator[tuple[str, BoundField, BoundField]]:
        return self._rows(FIRST_OPTIONS, len(LETTERS))

    @property
    def has_more(self) -> bool:
        """Whether one of the further answers is filled."""
        return any(text.value() for _letter, text, _right in self.more_rows)

    def _rows(self, first: int, end: int) -> Iterator[tuple[str, BoundField, BoundField]]:
        return ((LETTERS[place], self[f"option_{place}"], self[f"right_{place}"]) for place in range(first, end))

    def facts(self) -> QuestionFacts:
        """Return what a valid form says."""
        data = self.cleaned_data
        options = [Option(data[f"option_{place}"], data[f"right_{place}"]) for place in range(len(LETTERS))]
        while options and not options[-1].text and not options[-1].right:
            options.pop()
        names = ("text", "kind", "category", "difficulty", "theme", "explanation", "source")
        return QuestionFacts(options=tuple(options), **{name: data[name] for name in names})


class QuestionFilter(forms.Form):
    """What the bank is narrowed to; its state is the address."""

    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=200)
    status = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("All states")), *QuestionStatus.choices],
    )
    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False)
    difficulty = forms.ChoiceField(
        label=gettext_lazy("Difficulty"), required=False, choices=[_ALL, *Difficulty.choices]
    )
    theme = forms.ChoiceField(label=gettext_lazy("Theme"), required=False)
    contest = forms.ChoiceField(label=gettext_lazy("Used in the contest"), required=False)
    owner = forms.ChoiceField(label=gettext_lazy("Bank of the unit"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owners = owners_of(user)
        names = {unit.pk: unit.name for unit in owners}
        many = len(owners) > 1
        categories = [
            (one.pk, f"{one.name} ({names.get(one.owner_id, '')})" if many else one.name)
            for one in categories_for(user)
        ]
        choices: dict[str, Sequence[tuple[Any, Any]]] = {
            "category": categories,
            "theme": [(theme, theme) for theme in themes_for(user)],
            "contest": [(contest.pk, contest.title) for contest in contests_using(user)],
            "owner": [(unit.pk, unit.name) for unit in owners],
        }
        for name, offered in choices.items():
            field: Any = self.fields[name]
            field.choices = [_ALL, *offered]
        if not many:
            self.fields["owner"].widget = forms.HiddenInput()

    def filters(self) -> Filters:
        """Return the filters in force; a part of the address that says nothing is left out."""
        self.is_valid()
        data = self.cleaned_data

        def key(name: str) -> int | None:
            return int(data[name]) if data.get(name) else None

        return Filters(
            text=data.get("q", ""),
            owner_id=key("owner"),
            category_id=key("category"),
            status=data.get("status", ""),
            difficulty=key("difficulty"),
            theme=data.get("theme", ""),
            contest_id=key("contest"),
        )


class QuestionFileForm(forms.Form):
    """A file of another program, and the bank it goes into."""

    unit = forms.ChoiceField(label=gettext_lazy("Bank of the unit"))
    format = forms.ChoiceField(
        label=gettext_lazy("Format"),
        required=False,
        choices=[
            ("", gettext_lazy("Tell it by the content")),
            ("gift", "GIFT"),
            ("moodle", "Moodle XML"),
            ("aiken", "Aiken"),
            ("qti", "QTI 2.1, 3.0"),
        ],
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "Text in UTF-8 or a QTI package (.zip); at most 5 MB and 5,000 questions. Nothing is imported before you "
            "have checked it."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".txt,.gift,.xml,.zip"}),
    )

    def __init__(self, *args: Any, targets: list[Target], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.choices = [(target.pk, f"{target.name} ({target.code})") for target in targets]


class ReturnForm(forms.Form):
    """What the writer is asked to mend."""

    note = forms.CharField(
        label=gettext_lazy("What is to be mended"), max_length=NOTE_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )


class CategoryForm(forms.Form):
    """Another name for a category."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=SHORT_LENGTH)
