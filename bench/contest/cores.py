"""What one core carries: arena and database share core 0, the people come from another; and the load's own limit."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from bench.contest.client import Outcome, Person, all_of
from bench.contest.opening import SAVE_LIMIT, allow_connections, holds, morning
from bench.contest.serving import arena
from bench.contest.submits import TOGETHER, hand_in
from bench.contest.world import make_contest, start_papers
from bench.starts import free_port
from bench.table import Table
from langsen.foundation.core.runtime.cluster import Cluster

PAPERS, PEOPLE = 6_000, 1_000
_STEPS = (200.0, 400.0, 600.0, 800.0, 1_200.0, 1_600.0, 2_400.0)


def measure_one_core(table: Table) -> None:
    """Hand in and save with everything that serves on one core."""
    allow_connections()
    world = make_contest(PAPERS)
    started = start_papers(world, first=0, count=PAPERS)
    people = make_contest(PEOPLE)
    with _database_on([0]), arena(pin="0") as port:
        handed_in = asyncio.run(hand_in(world, port, 0, PAPERS, started))
        _opening, _stretch, steps = asyncio.run(morning(people, port, steps=_STEPS))
    kept = [rate for rate, outcome in steps if holds(outcome)]
    table.add("arena and database on one core: papers handed in", handed_in.words(), note="the load on another core")
    table.add(
        "arena and database on one core: saves",
        f"{max(kept, default=0):,.0f} a second",
        note=f"p95 below {SAVE_LIMIT * 1000:.0f} ms, {PEOPLE:,} people; a person answering every 10 s makes 0.1",
    )


def measure_load(table: Table) -> None:
    """How many answers a second the load itself takes from an app that does nothing."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "bench.contest.idle:app", "--port", str(port), "--log-level"]
    process = subprocess.Popen([*command, "error", "--no-access-log", "--loop", "uvloop", "--http", "httptools"])
    try:
        outcome = asyncio.run(_ask_nothing(port))
    finally:
        process.terminate()
        process.wait(10)
    table.add(f"the load's own limit: {TOGETHER} connections to an app that does nothing", outcome.words())


async def _ask_nothing(port: int) -> Outcome:
    outcome = Outcome()
    people = [Person(port, "x=1") for _ in range(TOGETHER)]
    for _ in range(200):
        try:
            await people[0].connect()
            break
        except OSError:
            await asyncio.sleep(0.05)
    request = people[0].request("/thi/api/submit", {"token": "x" * 300, "answers": [[1, 1, 1]] * 19})

    async def ask() -> tuple[int, bytes]:
        person = people.pop()
        try:
            return await person.send(request)
        finally:
            people.append(person)

    await all_of([ask] * 20_000, together=TOGETHER, outcome=outcome)
    return outcome


@contextmanager
def _database_on(cores: list[int]) -> Iterator[None]:
    """Keep the embedded server on these cores, and this process off them."""
    lines = (Cluster.of_this_installation().data / "postmaster.pid").read_text().splitlines()
    master = psutil.Process(int(lines[0]))
    everything = list(range(os.cpu_count() or 1))
    ours = psutil.Process()
    try:
        for process in (master, *master.children(recursive=True)):
            process.cpu_affinity(cores)
        ours.cpu_affinity([core for core in everything if core not in cores] or everything)
        time.sleep(0.2)
        yield
    finally:
        for process in (master, *master.children(recursive=True), ours):
            process.cpu_affinity(everything)
