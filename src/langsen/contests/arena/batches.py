"""Group commit: requests of one operation wait in one bounded queue and go to the database together.

A worker has a connection of its own. It takes what waits, at most one request per entrant, sorted by round and entrant,
and runs one statement per round; its commit is what the answers wait for. While it commits, the next batch gathers.
"""

import asyncio
import contextlib
import logging
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Generic, Protocol, TypeVar

import psycopg
from psycopg import AsyncConnection

from langsen.contests.arena.figures import Figures
from langsen.contests.arena.refusals import UNAVAILABLE, Refused, refused
from langsen.contests.arena.rules_in_force import RoundRules

log = logging.getLogger("langsen.arena")

Connect = Callable[[], Awaitable[AsyncConnection[Any]]]
_RETRY_MS = (500, 2500)
_PAUSE_WITHOUT_DATABASE = 0.1


class Ask(Protocol):
    """A request of an entrant about a round."""

    @property
    def round(self) -> RoundRules: ...
    @property
    def entrant(self) -> int: ...


A = TypeVar("A", bound=Ask)
V = TypeVar("V")
Run = Callable[[AsyncConnection[Any], RoundRules, Sequence[A]], Awaitable[Sequence[V]]]
"""Runs the asks of one round in one transaction; the verdicts come back in the same order."""


def unavailable() -> Refused:
    """The refusal when the database is away or a queue is full: try again, each at another moment."""
    return refused(UNAVAILABLE, retry_ms=random.randint(*_RETRY_MS))  # noqa: S311 - spreads retries, guards nothing


class Batches(Generic[A, V]):
    """One operation: a bounded queue and its workers."""

    def __init__(
        self,
        name: str,
        run: Run[A, V],
        connect: Connect,
        figures: Figures,
        *,
        workers: int,
        most_queued: int,
        most_together: int,
    ) -> None:
        self.name = name
        self._run = run
        self._connect = connect
        self._figures = figures
        self._workers = workers
        self._most_queued = most_queued
        self._most_together = most_together
        self._waiting: deque[tuple[A, asyncio.Future[V]]] = deque()
        self._something = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = False

    @property
    def queued(self) -> int:
        return len(self._waiting)

    @property
    def room(self) -> int:
        """How many more may queue."""
        return self._most_queued - len(self._waiting)

    def start(self) -> None:
        """Set the workers going."""
        self._tasks = [asyncio.create_task(self._work(), name=f"arena {self.name}") for _ in range(self._workers)]

    async def stop(self) -> None:
        """Finish what is queued, then end the workers."""
        self._stopping = True
        self._something.set()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def ask(self, ask: A) -> V:
        """Return the verdict once it is committed.

        Raises:
            Refused: unavailable; whether it was written is not known, and asking again is harmless.
        """
        if self._stopping or self.room <= 0:
            raise unavailable()
        answer: asyncio.Future[V] = asyncio.get_running_loop().create_future()
        self._waiting.append((ask, answer))
        self._something.set()
        return await answer

    async def _work(self) -> None:
        connection: AsyncConnection[Any] | None = None
        while True:
            taken = self._take()
            if not taken:
                if self._stopping:
                    break
                self._something.clear()
                await self._something.wait()
                continue
            began = time.perf_counter()
            connection = await self._answer(connection, taken)
            self._figures.batch(self.name, len(taken), time.perf_counter() - began)
        if connection is not None:
            await connection.close()

    def _take(self) -> list[tuple[A, asyncio.Future[V]]]:
        """The next batch: one request per entrant and round; a second one of the same stays, in its order."""
        taken: dict[tuple[int, int], tuple[A, asyncio.Future[V]]] = {}
        later: list[tuple[A, asyncio.Future[V]]] = []
        while self._waiting and len(taken) < self._most_together:
            entry = self._waiting.popleft()
            if entry[1].cancelled():
                continue
            key = entry[0].round.id, entry[0].entrant
            if key in taken:
                later.append(entry)
            else:
                taken[key] = entry
        self._waiting.extendleft(reversed(later))
        return [taken[key] for key in sorted(taken)]

    async def _answer(
        self, connection: AsyncConnection[Any] | None, taken: list[tuple[A, asyncio.Future[V]]]
    ) -> AsyncConnection[Any] | None:
        """Answer a whole batch; return the connection to go on with."""
        start = 0
        while start < len(taken):
            end = start
            while end < len(taken) and taken[end][0].round.id == taken[start][0].round.id:
                end += 1
            connection = await self._answer_round(connection, taken[start:end])
            start = end
        return connection

    async def _answer_round(
        self, connection: AsyncConnection[Any] | None, taken: list[tuple[A, asyncio.Future[V]]]
    ) -> AsyncConnection[Any] | None:
        try:
            if connection is None or connection.closed:
                connection = await self._connect()
            verdicts = await self._run(connection, taken[0][0].round, [ask for ask, _answer in taken])
        except (psycopg.OperationalError, psycopg.InterfaceError, OSError, TimeoutError) as error:
            return await self._without_database(connection, taken, error)
        except Exception as error:
            if len(taken) > 1:  # one of them spoils it: each by itself, so that the others do not suffer
                for entry in taken:
                    connection = await self._answer_round(connection, [entry])
                return connection
            log.exception("A request could not be carried out: %s", self.name)
            self._figures.failed(self.name)
            _refuse(taken)
            if isinstance(error, psycopg.Error):
                return connection
            await _put_aside(connection)
            return None
        for (_ask, answer), verdict in zip(taken, verdicts, strict=True):
            if not answer.done():
                answer.set_result(verdict)
        return connection

    async def _without_database(
        self, connection: AsyncConnection[Any] | None, taken: list[tuple[A, asyncio.Future[V]]], error: Exception
    ) -> AsyncConnection[Any] | None:
        log.warning("%s: %d requests were sent to try again: %s", self.name, len(taken), str(error).strip())
        self._figures.failed(self.name)
        _refuse(taken)
        if connection is None or connection.closed or isinstance(error, TimeoutError):
            await asyncio.sleep(_PAUSE_WITHOUT_DATABASE)
            await _put_aside(connection)
            return None
        return connection


def _refuse(taken: Sequence[tuple[Any, "asyncio.Future[Any]"]]) -> None:
    for _ask, answer in taken:
        if not answer.done():
            answer.set_exception(unavailable())


async def _put_aside(connection: AsyncConnection[Any] | None) -> None:
    if connection is not None:
        with contextlib.suppress(Exception):
            await connection.close()
