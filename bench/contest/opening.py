"""The opening second, then people thinking and answering: how many, how fast, and where it breaks."""

import asyncio
import contextlib
import random
import resource
import time
import uuid

import uvloop

from bench.contest.client import Outcome, Person
from bench.contest.serving import arena
from bench.contest.world import QUESTIONS, World, make_contest
from bench.table import Table

PEOPLE = 3_000
RATE = 200.0
STRETCH = 15.0
OPENING_LIMIT, SAVE_LIMIT = 2.0, 0.3
_STEPS = (400.0, 800.0, 1_200.0, 1_600.0, 2_400.0, 3_200.0, 4_800.0)
_STEP_SECONDS = 8.0


def measure_opening(table: Table) -> None:
    """Three openings of 3,000 people, each followed by a stretch of saves; then the rate at which saves break."""
    allow_connections()
    openings, saves = [], []
    for _ in range(3):
        world = make_contest(PEOPLE)
        with arena() as port:
            opening, stretch, _steps = uvloop.run(morning(world, port, steps=()))
        openings.append(opening)
        saves.append(stretch)
    world = make_contest(PEOPLE)
    with arena() as port:
        _opening, _stretch, steps = uvloop.run(morning(world, port, steps=_STEPS))
    opening = sorted(openings, key=lambda one: one.percentile(0.95))[1]
    stretch = sorted(saves, key=lambda one: one.percentile(0.95))[1]
    table.add(
        f"{PEOPLE:,} connections within a second, each starting its paper",
        f"p95 {opening.percentile(0.95):.2f} s, slowest {max(opening.times):.2f} s",
        "p95 below 2 s, no error",
        f"{opening.words()}; median of 3 openings",
        kept=all(not one.errors and one.percentile(0.95) < OPENING_LIMIT for one in openings),
    )
    table.add(
        f"{PEOPLE:,} people answering, {RATE:.0f} saves a second, open loop",
        f"p95 {stretch.percentile(0.95) * 1000:.0f} ms",
        "p95 below 300 ms",
        f"{stretch.words()}; timed from the moment each save was due",
        kept=all(not one.errors and one.percentile(0.95) < SAVE_LIMIT for one in saves),
    )
    for rate, outcome in steps:
        table.add(
            f"the same people, {rate:,.0f} saves a second",
            f"p95 {outcome.percentile(0.95) * 1000:,.0f} ms",
            note=outcome.words() + ("" if holds(outcome) else ": breaks here"),
        )


def holds(outcome: Outcome) -> bool:
    """Was every save answered well, the slowest twentieth apart, within the limit?"""
    return not outcome.errors and outcome.percentile(0.95) < SAVE_LIMIT


def allow_connections() -> None:
    """Let this process hold a connection for each person."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


async def morning(
    world: World, port: int, *, steps: tuple[float, ...]
) -> tuple[Outcome, Outcome, list[tuple[float, Outcome]]]:
    people = [Person(port, world.cookie(number)) for number in range(world.people)]
    requests = [
        one.request("/thi/api/start", {"round": world.round, "attempt": str(uuid.uuid4()), "phone": True})
        for one in people
    ]
    opening = Outcome()
    papers: list[tuple[Person, str]] = []
    chance = random.Random(20230403)
    began = time.perf_counter()

    async def come(one: Person, request: bytes, after: float) -> None:
        await asyncio.sleep(after)
        asked = time.perf_counter()
        try:
            status, body = await one.send(request)
        except (OSError, asyncio.IncompleteReadError) as error:
            opening.failed(type(error).__name__)
            return
        if status != 200:
            opening.failed(str(status))
            return
        opening.times.append(time.perf_counter() - asked)
        at = body.index(b'"token":"') + 9
        papers.append((one, body[at : body.index(b'"', at)].decode()))

    await asyncio.gather(*(come(one, request, chance.random()) for one, request in zip(people, requests, strict=True)))
    opening.took = time.perf_counter() - began
    stretch = await _saves(papers, RATE, STRETCH)
    broken: list[tuple[float, Outcome]] = []
    for rate in steps:
        broken.append((rate, await _saves(papers, rate, _STEP_SECONDS)))
        if not holds(broken[-1][1]):
            break
    for one in people:
        one.close()
    return opening, stretch, broken


async def _saves(papers: list[tuple[Person, str]], rate: float, seconds: float) -> Outcome:
    """Saves due at a steady rate whatever the answers do; each by the person whose turn it is, timed from when due."""
    outcome = Outcome()
    waiting: set[asyncio.Task[None]] = set()
    busy = [asyncio.Lock() for _ in papers]
    began = time.perf_counter()
    count = int(rate * seconds)

    async def save(number: int, due: float) -> None:
        index = number % len(papers)
        person, token = papers[index]
        request = person.request(
            "/thi/api/save", {"token": token, "answers": [[1 + number % QUESTIONS, 2, 1 + number // len(papers)]]}
        )
        async with busy[index]:
            try:
                status, _body = await person.send(request)
            except (OSError, asyncio.IncompleteReadError) as error:
                outcome.failed(type(error).__name__)
                return
        if status == 200:
            outcome.times.append(time.perf_counter() - due)
        else:
            outcome.failed(str(status))

    for number in range(count):
        due = began + number / rate
        delay = due - time.perf_counter()
        if delay > 0:
            await asyncio.sleep(delay)
        task = asyncio.ensure_future(save(number, due))
        waiting.add(task)
        task.add_done_callback(waiting.discard)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(asyncio.gather(*waiting), 30)
    outcome.took = time.perf_counter() - began
    return outcome
