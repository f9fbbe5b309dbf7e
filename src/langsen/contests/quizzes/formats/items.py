"""What reading a file gives: one item a question, with its line and, where it cannot be taken, the reason."""

from dataclasses import dataclass

from langsen.contests.quizzes.facts import QuestionFacts

MOST_ITEMS = 5_000


@dataclass(frozen=True)
class Item:
    """A question of a file. Exactly one of `facts` and `fault` says something; `name` is what the file calls it."""

    line: int
    name: str
    facts: QuestionFacts | None = None
    fault: str = ""


class Unfit(Exception):
    """This question cannot be taken; the message says why, in the reader's language."""
