"""What a plain form of a paper says: ticks as masks over the answers shown, and the prediction as it was typed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from langsen.contests.contests.tickets import BadTicket, signed, unsigned

LETTERS = "ABCDEFGHIJ"
_LATER_THAN_SCRIPTS = 100_000
_STEP_MS = 100
_NUMBER = re.compile(r"\d{0,12}")

Form = Mapping[str, Sequence[str]]


def first(form: Form, name: str) -> str:
    """The first value of a field, or nothing."""
    return form.get(name, [""])[0]


def ticked(form: Form, questions: Sequence[Mapping[str, object]]) -> list[int]:
    """The mask of every place; what is no answer of that question is left out."""
    masks = []
    for place, question in enumerate(questions, start=1):
        options = question["options"]
        count = len(options) if isinstance(options, list) else 0
        chosen = {int(value) for value in form.get(f"q{place}", []) if value.isdecimal() and len(value) < 3}
        masks.append(sum(1 << option for option in chosen if option < count))
    return masks


def changes(masks: Sequence[int], *, since_start_ms: int) -> list[list[int]]:
    """All places as the API takes them. The form sent last wins, whatever scripts or an older form sent before."""
    seq = _LATER_THAN_SCRIPTS + max(0, since_start_ms) // _STEP_MS
    return [[place, mask, seq] for place, mask in enumerate(masks, start=1)]


def prediction(typed: str) -> int | None:
    """The number somebody typed, None for nothing.

    Raises:
        ValueError: it is no whole number.
    """
    digits = re.sub(r"[\s.,]", "", typed)
    if not _NUMBER.fullmatch(digits) or not digits.isascii():
        raise ValueError(typed)
    return int(digits) if digits else None


@dataclass(frozen=True)
class Answer:
    """One option as drawn."""

    letter: str
    text: str
    ticked: bool


@dataclass(frozen=True)
class Asked:
    """One question as drawn."""

    number: int
    text: str
    several: bool
    options: list[Answer]


def asked(questions: Sequence[Mapping[str, object]], masks: Sequence[int]) -> list[Asked]:
    """The questions with what is ticked."""
    drawn = []
    for place, (question, mask) in enumerate(zip(questions, masks, strict=True), start=1):
        options = question["options"] if isinstance(question["options"], list) else []
        answers = [Answer(LETTERS[at], text, bool(mask >> at & 1)) for at, text in enumerate(options)]
        drawn.append(Asked(place, str(question["text"]), question["kind"] == "multiple", answers))
    return drawn


def key_of(entrant: int) -> str:
    """What shows that a form came from our own page for this entrant."""
    return signed({"e": entrant}, purpose="plain form")


def is_key_of(text: str, entrant: int) -> bool:
    """Whether `key_of` made it for this entrant."""
    try:
        return unsigned(text, purpose="plain form") == {"e": entrant}
    except BadTicket:
        return False
