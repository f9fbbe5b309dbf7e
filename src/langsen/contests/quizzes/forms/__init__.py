"""The forms of the bank and of papers."""

from langsen.contests.quizzes.forms.bank import CategoryForm, QuestionFileForm, QuestionFilter, QuestionForm, ReturnForm
from langsen.contests.quizzes.forms.papers import CopyForm, PlanForm, SampleForm

__all__ = [
    "CategoryForm",
    "CopyForm",
    "PlanForm",
    "QuestionFileForm",
    "QuestionFilter",
    "QuestionForm",
    "ReturnForm",
    "SampleForm",
]
