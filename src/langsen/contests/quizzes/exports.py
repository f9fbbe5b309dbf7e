"""Questions out of the bank: GIFT, Moodle XML, Excel. Keys leave with them, so the caller records who took them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from langsen.contests.quizzes.columns import COLUMNS, cells_of
from langsen.contests.quizzes.facts import QuestionFacts, from_columns
from langsen.contests.quizzes.formats.gift import write_gift
from langsen.contests.quizzes.formats.moodle import write_moodle
from langsen.contests.quizzes.models import Question
from langsen.foundation.core.periods import today
from langsen.foundation.core.sheets.writing import write_sheet
from langsen.foundation.core.text import day_text, number_text

MOST_QUESTIONS = 5_000
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Format:
    """A format of export: its code in the address, its words, the file and how it is written."""

    code: str
    label: str | Promise
    file_name: str
    content_type: str
    write: Callable[[Sequence[Question]], bytes]


def facts_in(question: Question) -> QuestionFacts:
    """Return what the newest version of a question says, with its category."""
    return from_columns(vars(question.version), category=question.category.name)


def _named(questions: Iterable[Question]) -> list[tuple[str, QuestionFacts]]:
    """The questions by category, each under its number."""
    kept = sorted(questions, key=lambda question: (question.category.sort_key, question.category_id, question.pk))
    return [(str(question), facts_in(question)) for question in kept]


def _gift(questions: Sequence[Question]) -> bytes:
    return write_gift(_named(questions)).encode()


def _moodle(questions: Sequence[Question]) -> bytes:
    return write_moodle(_named(questions))


def _excel(questions: Sequence[Question]) -> bytes:
    rows = (cells_of(facts) for _name, facts in _named(questions))
    notes = [
        _("As of %(day)s; %(count)s questions.") % {"day": day_text(today()), "count": number_text(len(questions))}
    ]
    return write_sheet(COLUMNS, rows, title=_("Question bank"), notes=notes)


FORMATS = {
    one.code: one
    for one in (
        Format("excel", gettext_lazy("Excel"), "cau-hoi.xlsx", _XLSX, _excel),
        Format("gift", gettext_lazy("GIFT"), "cau-hoi.gift.txt", "text/plain; charset=utf-8", _gift),
        Format("moodle", gettext_lazy("Moodle XML"), "cau-hoi.xml", "application/xml; charset=utf-8", _moodle),
    )
}
