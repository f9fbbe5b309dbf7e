"""Signed papers: what a client holds of its attempt, and masks turned between the order shown and the question's own.

A token says round, attempt, entrant, lease and times, so that a save asks the database only for what it writes. The
seed travels veiled: who could read it could undo the shuffling of the answers.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from langsen.contests.arena.refusals import BAD_REQUEST, UNKNOWN, refused
from langsen.contests.arena.rules_in_force import Paper
from langsen.contests.arena.wire import json_text
from langsen.contests.contests.tickets import BadTicket, signed, unsigned
from langsen.contests.quizzes.drawing import SEED_BITS, Drawn, draw_paper, own_mask, shown_mask
from langsen.contests.quizzes.enums import QuestionKind
from langsen.contests.quizzes.queries import PaperQuestion

_NOT_ON_PAPER = _("Question %(question)s is not on this paper.")
_NOT_OFFERED = _("The answer to question %(question)s is none that was offered.")
_ONE_ANSWER = _("Question %(question)s has one answer to choose.")
_LONGEST_TOKEN = 1000
MOST_ANSWERS = 400
"""Changes in one request: a paper has fewer questions, and a client sends the last change of each."""
_LARGEST_SEQ = 2**31 - 1
_KEPT = 8192
_WRITTEN = 16_384  # questions in one order of answers each: a few hundred bytes


@dataclass(frozen=True, slots=True)
class Token:
    """What a client shows with every save of its paper; `started` in ms since 1970."""

    round: int
    attempt: UUID
    entrant: int
    lease: int
    number: int
    started: int
    seed: int

    def signed(self) -> str:
        """Return its text."""
        facts: dict[str, object] = {
            "r": self.round,
            "a": self.attempt.hex,
            "e": self.entrant,
            "l": self.lease,
            "n": self.number,
            "s": self.started,
            "x": self.seed ^ _veil(self.attempt),
        }
        return signed(facts, purpose="paper")


def read_token(text: object) -> Token:
    """Return the token of a text.

    Raises:
        Refused: it is none that this installation signed.
    """
    if not isinstance(text, str) or len(text) > _LONGEST_TOKEN:
        raise refused(BAD_REQUEST)
    return _token(text)


@lru_cache(_KEPT)
def _token(text: str) -> Token:
    try:
        facts: dict[str, Any] = unsigned(text, purpose="paper")
        attempt = UUID(facts["a"])
        seed = facts["x"] ^ _veil(attempt)
        return Token(facts["r"], attempt, facts["e"], facts["l"], facts["n"], facts["s"], seed)
    except (BadTicket, KeyError, TypeError, ValueError) as error:
        raise refused(UNKNOWN) from error


def _veil(attempt: UUID) -> int:
    made = hashlib.sha256(signed({"a": attempt.hex}, purpose="seed").encode()).digest()
    return int.from_bytes(made[:8], "big") >> (64 - SEED_BITS)


class Drawer:
    """Draws papers, and keeps the newest few thousand: the same paper is asked for at every save."""

    def __init__(self) -> None:
        self._draw = lru_cache(_KEPT)(self._drawn)

    def draw(self, paper: Paper, seed: int) -> Drawn:
        """Return the paper of a seed."""
        return self._draw(_ById(paper), seed)

    @staticmethod
    def _drawn(paper: "_ById", seed: int) -> Drawn:
        return draw_paper(paper.held.pool, seed)


class _ById:
    """A frozen paper as a key: one reading of it is one object."""

    __slots__ = ("held",)

    def __init__(self, held: Paper) -> None:
        self.held = held

    def __hash__(self) -> int:
        return id(self.held)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ById) and other.held is self.held


def questions_shown(paper: Paper, drawn: Drawn) -> list[dict[str, Any]]:
    """Return the questions of a paper as they are shown."""
    return [_shown(paper.texts[number], order) for number, order in zip(drawn.questions, drawn.orders, strict=True)]


def questions_json(paper: Paper, drawn: Drawn) -> str:
    """Return the same as JSON, put together from questions that were written once in each order of their answers."""
    parts = [_json(paper.texts[number], order) for number, order in zip(drawn.questions, drawn.orders, strict=True)]
    return f"[{','.join(parts)}]"


def _shown(question: PaperQuestion, order: Sequence[int]) -> dict[str, Any]:
    return {"text": question.text, "kind": question.kind, "options": [question.options[own] for own in order]}


@lru_cache(_WRITTEN)
def _json(question: PaperQuestion, order: tuple[int, ...]) -> str:
    return json_text(_shown(question, order))


def answers_shown(drawn: Drawn, answers: Sequence[int]) -> list[int]:
    """Return stored masks as masks over the answers shown."""
    return [shown_mask(mask, order) if mask else 0 for mask, order in zip(answers, drawn.orders, strict=True)]


def own_answers(paper: Paper, drawn: Drawn, given: object) -> tuple[list[int], list[int]]:
    """Return the masks and sequence numbers of a request by place, in the questions' own order; 0 where none is given.

    Of two changes of one place the one with the higher number counts.

    Raises:
        Refused: 400 saying which question: not on the paper, an answer not offered, two answers where one is asked.
    """
    length = len(drawn.questions)
    masks, seqs = [0] * length, [0] * length
    if not isinstance(given, list) or len(given) > MOST_ANSWERS:
        raise refused(BAD_REQUEST)
    for one in given:
        if not isinstance(one, list) or len(one) != 3 or not all(type(part) is int for part in one):
            raise refused(BAD_REQUEST)
        place, mask, seq = one
        if not 1 <= place <= length:
            raise refused(BAD_REQUEST, _NOT_ON_PAPER, question=place)
        order = drawn.orders[place - 1]
        if not 0 <= mask < 1 << len(order) or not 1 <= seq <= _LARGEST_SEQ:
            raise refused(BAD_REQUEST, _NOT_OFFERED, question=place)
        if mask.bit_count() > 1 and paper.texts[drawn.questions[place - 1]].kind == QuestionKind.SINGLE:
            raise refused(BAD_REQUEST, _ONE_ANSWER, question=place)
        if seq > seqs[place - 1]:
            masks[place - 1], seqs[place - 1] = own_mask(mask, order), seq
    return masks, seqs
