"""What GIFT and Moodle XML have no field for travels as tags: difficulty, theme, source.

The names are our own, in Vietnamese without accents; tags of other programs are left alone.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from langsen.contests.quizzes.enums import Difficulty
from langsen.contests.quizzes.facts import QuestionFacts

# Where Moodle keeps a category; it says nothing about the questions.
_CONTEXT = re.compile(r"\$(course|coursecat|system|module|cat\d+)\$")
_DIFFICULTY, _THEME, _SOURCE = "do-kho", "chu-de", "nguon"


def tags_of(facts: QuestionFacts) -> list[str]:
    """Return the tags a question is exported with."""
    named = [(_DIFFICULTY, str(int(facts.difficulty))), (_THEME, facts.theme), (_SOURCE, facts.source)]
    return [f"{name}={value}" for name, value in named if value]


def with_tags(facts: QuestionFacts, tags: Iterable[str]) -> QuestionFacts:
    """Return the question with what its tags say."""
    for tag in tags:
        name, _equals, value = tag.partition("=")
        if name == _DIFFICULTY and value.isdecimal() and int(value) in Difficulty.values:
            facts = replace(facts, difficulty=int(value))
        elif name == _THEME:
            facts = replace(facts, theme=value)
        elif name == _SOURCE:
            facts = replace(facts, source=value)
    return facts


def category_of(path: str) -> str:
    """Return the name of a category from a path such as "$course$/top/Lịch sử"; "//" is a stroke of the name itself."""
    parts = [part.replace("\0", "/").strip() for part in path.replace("//", "\0").split("/")]
    if _CONTEXT.fullmatch(parts[0]):
        parts = parts[2:] if parts[1:2] == ["top"] else parts[1:]
    return " / ".join(part for part in parts if part)


def path_of(category: str) -> str:
    """Return the path a category is exported under."""
    return category.replace("/", "//")
