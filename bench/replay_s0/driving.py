"""Everybody of S0 sits down again: the requests of all papers, in the order of their times, over real HTTP."""

import asyncio
import json
import random
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from bench.contest.client import Person
from langsen.config.demo.contest_questions import QUESTIONS
from langsen.config.demo.lao_cai_answers import KEYS, ROUNDS, Planned
from langsen.contests.contests.models import Contest, Round
from langsen.contests.contests.tickets import COOKIE, issue_ticket

SAVES = 3
_WINDOW_MS = 60_000  # of told time: requests of different people go out together in it
_TICKETS_END = int(ROUNDS[-1][1].timestamp()) + 86_400
_NUMBERS = {question.text: number for number, question in enumerate(QUESTIONS, start=1)}
_OPTIONS = [{str(option["text"]): place for place, option in enumerate(question.options)} for question in QUESTIONS]


@dataclass
class Sitting:
    """One attempt under way: its id and, once started, its token and answers as shown."""

    planned: Planned
    round: int
    id: str = field(default_factory=lambda: str(uuid.UUID(int=random.getrandbits(128), version=4)))
    token: str = ""
    answers: list[list[int]] = field(default_factory=list)


@dataclass
class Driven:
    """What came back: good answers by operation, everything else by its code, receipts that say another score."""

    sittings: list[Sitting]
    good: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    other_scores: int = 0
    retries: int = 0


Step = tuple[int, int, int]
"""When (ms), which sitting, which step: 0 start, 1.. saves, the last submit."""


def steps_of(sittings: Sequence[Sitting]) -> list[Step]:
    """Every request to be made, in the order of time."""
    steps = []
    for place, sitting in enumerate(sittings):
        began, whole = sitting.planned.started_ms, sitting.planned.submitted_ms - sitting.planned.started_ms
        steps += [(began + whole * step // (SAVES + 1), place, step) for step in range(SAVES + 2)]
    return sorted(steps)


class Drive:
    """Sends the steps over a few connections: in order for each person, the rest together where they lie close."""

    def __init__(self, port: int, contest: Contest, rounds: Sequence[Round], keys: Sequence[int],
                 attempts: Sequence[Planned], *, connections: int = 24) -> None:  # fmt: skip
        self._contest = contest.pk
        self._keys = keys
        self.driven = Driven([Sitting(one, rounds[one.round].pk) for one in attempts])
        self._lines = [Person(port, "") for _ in range(connections)]
        self._tickets: dict[int, str] = {}

    async def run(self) -> Driven:
        """Send everything and return what came back."""
        for window in _windows(steps_of(self.driven.sittings)):
            ordered = sorted(window, key=lambda step: (self._person(step), step))
            people = iter([list(steps) for _person, steps in groupby(ordered, key=self._person)])
            await asyncio.gather(*(self._serve(line, people) for line in self._lines))
        for line in self._lines:
            line.close()
        return self.driven

    def _person(self, step: Step) -> int:
        return self.driven.sittings[step[1]].planned.person

    async def _serve(self, line: Person, people: Iterator[list[Step]]) -> None:
        """Take one person after the other, as long as there are any."""
        for steps in people:
            await self._in_turn(line, steps)

    async def _in_turn(self, line: Person, steps: Sequence[Step]) -> None:
        for moment, place, step in steps:
            sitting = self.driven.sittings[place]
            name, facts = _request(sitting, step)
            if facts is None:
                continue
            status, body = await self._sent(line, self._packed(sitting, f"/thi/api/{name}", facts, moment))
            told = json.loads(body)
            if status != 200:
                self.driven.refused[f"{name}: {told.get('error', status)}"] += 1
                continue
            self.driven.good[name] += 1
            if name == "start":
                _take(sitting, told["paper"])
            elif name == "submit":
                right = sum(mask == key for mask, key in zip(sitting.planned.masks, KEYS, strict=True))
                self.driven.other_scores += told["receipt"]["correct"] != right

    async def _sent(self, line: Person, request: bytes) -> tuple[int, bytes]:
        """Send it, once more over a new connection when the idle one had been let go: ids make that harmless."""
        try:
            return await line.send(request)
        except (OSError, asyncio.IncompleteReadError):
            self.driven.retries += 1
            return await line.send(request)

    def _packed(self, sitting: Sitting, path: str, facts: object, moment: int) -> bytes:
        person = sitting.planned.person
        if person not in self._tickets:
            ticket = issue_ticket(self._contest, self._keys[person], expires=_TICKETS_END)
            self._tickets[person] = f"{COOKIE % self._contest}={ticket}"
        body = json.dumps(facts, separators=(",", ":")).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {self._tickets[person]}\r\n"
            f"X-Replay-Moment: {moment}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


def _windows(steps: Sequence[Step]) -> Iterator[list[Step]]:
    window: list[Step] = []
    for step in steps:
        if window and step[0] - window[0][0] > _WINDOW_MS:
            yield window
            window = []
        window.append(step)
    if window:
        yield window


def _request(sitting: Sitting, step: int) -> tuple[str, dict[str, object] | None]:
    """The operation and body of a step; None where a save has nothing to save."""
    if step == 0:
        return "start", {"round": sitting.round, "attempt": sitting.id, "phone": sitting.planned.is_phone}
    if step == SAVES + 1:
        return "submit", {"token": sitting.token, "answers": [], "prediction": None}
    size = -(-len(KEYS) // SAVES)
    part = [one for one in sitting.answers if size * (step - 1) < one[0] <= size * step]
    return "save", {"token": sitting.token, "answers": part} if part else None


def _take(sitting: Sitting, paper: dict[str, object]) -> None:
    """Choose the planned answers on the paper as it is shown: found by their texts, as people find them."""
    sitting.token = str(paper["token"])
    questions = paper["questions"]
    assert isinstance(questions, list)
    for place, shown in enumerate(questions, start=1):
        number = _NUMBERS[shown["text"]]
        own, mask = sitting.planned.masks[number - 1], 0
        for bit, text in enumerate(shown["options"]):
            mask |= (own >> _OPTIONS[number - 1][text] & 1) << bit
        if mask:
            sitting.answers.append([place, mask, len(sitting.answers) + 1])
