"""What a question says, apart from the store: the shape that forms, files and services share."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from langsen.contests.quizzes.enums import Difficulty, QuestionKind

LETTERS = "ABCDEFGHIJ"


@dataclass(frozen=True)
class Option:
    """An answer offered, and whether it belongs to the right ones."""

    text: str
    right: bool = False


@dataclass(frozen=True)
class QuestionFacts:
    """A question as somebody wrote it. `category` is a name; a new one is made when the bank has none of that name."""

    text: str
    options: tuple[Option, ...]
    kind: str = QuestionKind.SINGLE
    category: str = ""
    difficulty: int = Difficulty.MEDIUM
    theme: str = ""
    explanation: str = ""
    source: str = ""

    @property
    def key(self) -> int:
        """The mask of the right answers; bit i stands for option i."""
        return sum(1 << place for place, option in enumerate(self.options) if option.right)

    @property
    def letters(self) -> str:
        """The right answers by letters: "A" or "A, C"."""
        return ", ".join(letters_of(self.key))


def letters_of(key: int) -> list[str]:
    """Return the letters of a mask, A for bit 0."""
    return [letter for place, letter in enumerate(LETTERS) if key >> place & 1]


def as_columns(facts: QuestionFacts) -> dict[str, Any]:
    """Return the columns of a `QuestionVersion` that says this."""
    return {
        "kind": facts.kind,
        "text": facts.text,
        "options": [{"text": option.text, "right": option.right} for option in facts.options],
        "key": facts.key,
        "difficulty": facts.difficulty,
        "theme": facts.theme,
        "explanation": facts.explanation,
        "source": facts.source,
    }


def from_columns(columns: Mapping[str, Any], *, category: str) -> QuestionFacts:
    """Return what the columns of a version say; the other way round of `as_columns`."""
    names = ("kind", "text", "difficulty", "theme", "explanation", "source")
    options = tuple(Option(str(one["text"]), bool(one["right"])) for one in columns["options"])
    return QuestionFacts(category=category, options=options, **{name: columns[name] for name in names})
