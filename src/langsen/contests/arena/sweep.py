"""What the arena does by itself: rules read again, time granted given to papers under way, late papers handed in.

Several processes do this side by side: rows another one holds are passed over, and handing in happens once.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import psycopg
from psycopg import AsyncConnection

from langsen.contests.arena import operations
from langsen.contests.arena.batches import Connect
from langsen.contests.arena.figures import Figures
from langsen.contests.arena.rules_in_force import REFRESH_SECONDS, RoundRules, RulesInForce

log = logging.getLogger("langsen.arena")
SWEEP_MOST = 500
_AFTER_THE_LAST_DEADLINE_MS = 24 * 3600 * 1000


class Sweep:
    """Hands in papers whose time is up."""

    def __init__(self, rules: RulesInForce, connect: Connect, clock: Callable[[], int], figures: Figures) -> None:
        self._rules = rules
        self._connect = connect
        self._clock = clock
        self._figures = figures
        self._connection: AsyncConnection[Any] | None = None
        self._cleared: set[int] = set()

    async def run(self) -> int:
        """One pass over every round that may have papers under way; return how many papers were handed in."""
        try:
            if self._connection is None or self._connection.closed:
                self._connection = await self._connect()
            return sum([await self._sweep(self._connection, of) for of in self._due()])
        except (psycopg.Error, OSError) as error:
            log.warning("Late papers cannot be handed in now: %s", str(error).strip())
            self._figures.failed("sweep")
            return 0

    async def close(self) -> None:
        """Give the connection back."""
        if self._connection is not None:
            await self._connection.close()

    def _due(self) -> list[RoundRules]:
        """Rounds that have begun; one long closed only until it was found empty once."""
        now = self._clock()
        begun = [of for of in self._rules.current.rounds.values() if of.paper and of.opens <= now]
        return [of for of in begun if now < of.closes + _AFTER_THE_LAST_DEADLINE_MS or of.id not in self._cleared]

    async def _sweep(self, connection: AsyncConnection[Any], of: RoundRules) -> int:
        extras = {
            entrant: rule.extra_seconds for entrant, rule in self._rules.current.entrants.items() if rule.extra_seconds
        }
        await operations.extend(connection, of, extras)
        swept = 0
        while True:
            entrants = await operations.hand_in_late(connection, of, now=self._clock(), most=SWEEP_MOST)
            swept += len(entrants)
            if len(entrants) < SWEEP_MOST:
                break
        if not swept:
            self._cleared.add(of.id)
        self._figures.swept(swept)
        return swept


async def go_on(*tasks: Callable[[], Any], every: float = REFRESH_SECONDS) -> None:
    """Do the tasks in turn, again and again, until cancelled."""
    while True:
        for task in tasks:
            try:
                done = task()
                if asyncio.iscoroutine(done):
                    await done
            except Exception:
                log.exception("What the arena does by itself failed; it goes on")
        await asyncio.sleep(every)
