"""The columns of questions in Excel, the same in and out."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from langsen.contests.quizzes.enums import Difficulty, QuestionKind
from langsen.contests.quizzes.facts import LETTERS, Option, QuestionFacts
from langsen.contests.quizzes.rules import (
    EXPLANATION_LENGTH,
    OPTION_LENGTH,
    SHORT_LENGTH,
    SOURCE_LENGTH,
    TEXT_LENGTH,
)
from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.sheets.kinds import Column, ColumnKind
from langsen.foundation.core.text import fold

_EXAMPLES = ("1909", "1911", "1930", "1945")


def _answer(letter: str) -> str:
    return _("Answer %(letter)s") % {"letter": letter}


option_label: Callable[[str], str] = lazy(_answer, str)
TEXT = Column(
    "text",
    gettext_lazy("Question"),
    ColumnKind.LINES,
    aliases=("câu hỏi", "nội dung câu hỏi", "nội dung"),
    required=True,
    width=60,
    example="Bác Hồ ra đi tìm đường cứu nước năm nào?",
    limit=TEXT_LENGTH,
)
OPTIONS = tuple(
    Column(
        f"option_{letter.lower()}",
        option_label(letter),
        ColumnKind.LINES,
        aliases=(letter, f"phương án {letter}", f"đáp án {letter}", f"lựa chọn {letter}"),
        required=place < 2,
        width=24,
        example=_EXAMPLES[place] if place < len(_EXAMPLES) else "",
        limit=OPTION_LENGTH,
        in_template=place < 5,
    )
    for place, letter in enumerate(LETTERS)
)
RIGHT = Column(
    "right",
    gettext_lazy("Right answers"),
    aliases=("đáp án đúng", "đáp án", "phương án đúng", "trả lời đúng", "key"),
    required=True,
    width=12,
    example="B",
    explanation=gettext_lazy("The letters of the right answers: B, or A, C for several."),
    limit=60,
)
KIND = Column(
    "kind",
    gettext_lazy("Kind"),
    aliases=("loại câu hỏi", "loại", "hình thức"),
    width=20,
    explanation=gettext_lazy("One right answer or several; empty: as many as there are letters."),
    limit=60,
)
CATEGORY = Column(
    "category",
    gettext_lazy("Category"),
    aliases=("danh mục", "nhóm", "chuyên mục"),
    width=24,
    example="Tiểu sử Hồ Chí Minh",
    explanation=gettext_lazy("A new one is made when the bank has none of that name."),
    limit=SHORT_LENGTH,
)
DIFFICULTY = Column(
    "difficulty",
    gettext_lazy("Difficulty"),
    aliases=("độ khó", "mức độ"),
    width=14,
    example="dễ",
    explanation=gettext_lazy("Easy, medium or hard; empty means medium."),
    limit=60,
)
THEME = Column("theme", gettext_lazy("Theme"), aliases=("chủ đề", "chuyên đề"), width=24, limit=SHORT_LENGTH)
EXPLANATION = Column(
    "explanation",
    gettext_lazy("Explanation"),
    ColumnKind.LINES,
    aliases=("giải thích", "lời giải"),
    width=40,
    limit=EXPLANATION_LENGTH,
)
SOURCE = Column("source", gettext_lazy("Source"), aliases=("nguồn", "trích dẫn"), width=30, limit=SOURCE_LENGTH)
COLUMNS = (CATEGORY, TEXT, *OPTIONS, RIGHT, KIND, DIFFICULTY, THEME, EXPLANATION, SOURCE)


def cells_of(facts: QuestionFacts) -> list[Any]:
    """Return a question as a row, in the order of `COLUMNS`."""
    texts = [option.text for option in facts.options]
    return [
        facts.category,
        facts.text,
        *texts,
        *[""] * (len(LETTERS) - len(texts)),
        facts.letters,
        str(QuestionKind(facts.kind).label),
        str(Difficulty(facts.difficulty).label),
        facts.theme,
        facts.explanation,
        facts.source,
    ]


def facts_of(values: Mapping[str, Any]) -> QuestionFacts:
    """Return the question a row says; whether it can be asked is checked elsewhere.

    Raises:
        BadInput: letters that name no answer, a gap between answers, a kind or difficulty nobody knows; by column.
    """
    texts = [str(values.get(column.key, "")) for column in OPTIONS]
    count = max((place + 1 for place, text in enumerate(texts) if text), default=0)
    right = _letters(str(values.get("right", "")), count)
    kind = _choice("kind", str(values.get("kind", "")), QuestionKind)
    difficulty = _choice("difficulty", str(values.get("difficulty", "")), Difficulty)
    return QuestionFacts(
        text=str(values.get("text", "")),
        options=tuple(Option(text, LETTERS[place] in right) for place, text in enumerate(texts[:count])),
        kind=kind or (QuestionKind.SINGLE if len(right) == 1 else QuestionKind.MULTIPLE),
        difficulty=int(difficulty or Difficulty.MEDIUM),
        **{name: str(values.get(name, "")) for name in ("category", "theme", "explanation", "source")},
    )


def _letters(words: str, count: int) -> set[str]:
    letters = {letter for letter in words.upper() if letter not in " ,;.+/&-"}
    if unknown := sorted(letters - set(LETTERS[:count])):
        message = _("“%(letters)s” names no answer of this question.") % {"letters": ", ".join(unknown)[:40]}
        raise BadInput(message, fields={"right": message})
    return letters


def _choice(field: str, words: str, choices: Any) -> str:
    """The value a cell means, in either language, without accents; empty for an empty cell."""
    if not words:
        return ""
    known: dict[str, str] = {str(value): str(value) for value in choices.values}
    for language in ("vi", "en"):
        with override(language):
            known |= {fold(str(label)): str(value) for value, label in choices.choices}
    if fold(words) not in known:
        message = _("“%(words)s” is not known here.") % {"words": words[:60]}
        raise BadInput(message, fields={field: message})
    return known[fold(words)]
