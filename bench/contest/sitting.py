"""Clients that sit papers through anything: each retries with the same ids until it is told that its words are kept."""

import asyncio
import json
import random
import uuid
from collections.abc import Callable

from bench.contest.client import Person
from bench.contest.ledger import Ledger, Paper
from bench.contest.world import OPTIONS, QUESTIONS, World

PATIENCE = 90.0
"""Seconds after which a client that gets no good answer counts as unfinished."""
_THINK = (0.08, 0.2)


class GaveUp(Exception):
    """No good answer within PATIENCE."""


class Contradicted(Exception):
    """The arena says what cannot be after what it said before: an open paper after a receipt, say."""


class Sitter:
    """One person who sits papers one after the other until told to stop, then finishes the one under way."""

    def __init__(self, world: World, number: int, port: int, ledger: Ledger) -> None:
        self._world = world
        self._entrant = world.entrant(number)
        self._person = Person(port, world.cookie(number))
        self._ledger = ledger
        self._chance = random.Random(number)

    async def sit(self, is_over: Callable[[], bool]) -> None:
        """Sit papers until it is over; ends early, and is counted, without answers or when told a contradiction."""
        try:
            while not is_over():
                await self._sit_one()
        except GaveUp:
            self._ledger.unfinished += 1
        except Contradicted:
            self._ledger.contradicted += 1
        finally:
            self._person.close()

    async def _sit_one(self) -> None:
        attempt = str(uuid.uuid4())
        facts = await self._told("start", {"round": self._world.round, "attempt": attempt})
        shown = facts["paper"]
        paper = self._ledger.opened(shown["attempt"], self._entrant)
        for place in range(1, QUESTIONS + 1):
            await asyncio.sleep(self._chance.uniform(*_THINK))
            paper.sent[place] = (place, 1 << self._chance.randrange(OPTIONS))
            if self._chance.random() < 0.6:
                await self._save(shown["token"], paper)
        left = self._unsaved(paper)
        answer = await self._told("submit", {"token": shown["token"], "answers": left})
        paper.receipt = answer["receipt"]

    async def _save(self, token: str, paper: Paper) -> None:
        answers = self._unsaved(paper)
        answer = await self._told("save", {"token": token, "answers": answers})
        for place, seq in answer["saved"]:
            if paper.sent[place][0] == seq:
                paper.saved[place] = paper.sent[place]

    def _unsaved(self, paper: Paper) -> list[list[int]]:
        """What no reply has confirmed yet; what was acknowledged is never sent again, so its loss would show."""
        return [
            [place, mask, seq] for place, (seq, mask) in paper.sent.items() if paper.saved.get(place) != (seq, mask)
        ]

    async def _told(self, operation: str, facts: dict[str, object]) -> dict[str, object]:
        """Ask until the arena answers well.

        Raises:
            GaveUp: it did not within PATIENCE.
            Contradicted: it refused what it may not refuse.
        """
        until = asyncio.get_running_loop().time() + PATIENCE
        while True:
            try:
                async with asyncio.timeout(8):
                    status, body = await self._person.send(self._person.request(f"/thi/api/{operation}", facts))
                answer = json.loads(body) if body.startswith(b"{") else {}
            except (OSError, asyncio.IncompleteReadError, TimeoutError):
                self._person.close()
                status, answer = 0, {}
            if status == 200:
                return answer
            if status in {0, 429, 500, 502, 503, 504}:
                self._ledger.retries += 1
                if asyncio.get_running_loop().time() > until:
                    raise GaveUp
                await asyncio.sleep(self._chance.uniform(0.1, 0.5))
                continue
            if answer.get("error") == "finished":
                return answer
            raise Contradicted(f"{operation}: {status} {answer}")
