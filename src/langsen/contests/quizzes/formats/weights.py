"""Weights of answers in percent, as Moodle gives them, read as right or wrong: the bank knows no part marks."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from langsen.contests.quizzes.enums import QuestionKind
from langsen.contests.quizzes.facts import Option
from langsen.contests.quizzes.formats.items import Unfit

FULL = 100.0
_ROUNDING = 2.0


def options_of(weighted: Sequence[tuple[str, float]], *, single: bool | None) -> tuple[str, tuple[Option, ...]]:
    """Return the kind and the answers of (text, weight in percent).

    `single`: what the file declares, None where it declares nothing. One right answer has 100 %; several share 100 %;
    wrong ones have 0 or less.

    Raises:
        Unfit: part marks, or several answers each fully right where one was to be chosen.
    """
    above = [weight for _text, weight in weighted if weight > 0]
    options = tuple(Option(text, weight > 0) for text, weight in weighted)
    if single is None:
        single = any(weight >= FULL for weight in above)
    if single:
        if any(weight < FULL for weight in above):
            raise Unfit(_("An answer is half right (less than 100 %); there are no part marks here."))
        if len(above) > 1:
            raise Unfit(_("Several answers are each fully right; say that several are to be chosen, or keep one."))
        return QuestionKind.SINGLE, options
    if above and abs(sum(above) - FULL) > _ROUNDING:
        total = f"{sum(above):g}"
        raise Unfit(_("The weights of the right answers make %(total)s %%, not 100 %%.") % {"total": total})
    return QuestionKind.MULTIPLE, options


def weights_of(kind: str, options: Sequence[Option]) -> list[str]:
    """Return the percentages answers are exported with; right ones of a multiple question share 100."""
    right = sum(option.right for option in options) if kind == QuestionKind.MULTIPLE else 1
    share = f"{FULL / max(right, 1):.5f}".rstrip("0").rstrip(".")
    wrong = f"-{share}" if kind == QuestionKind.MULTIPLE else "0"
    return [share if option.right else wrong for option in options]
