"""Handing in: the arena against the same statements one commit each, and against an ordinary page that writes."""

import asyncio
import os
import re
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from django.db import connections

from bench.contest.client import Outcome, Person, all_of
from bench.contest.serving import arena
from bench.contest.world import QUESTIONS, World, make_contest, start_papers
from bench.table import ROUNDS, Table
from langsen.contests.arena.rules_in_force import RulesInForce
from langsen.contests.stores import STORE
from langsen.foundation.core.runtime.cluster import Cluster

PAPERS = 8_000
TOGETHER = 64
PGBENCH_CLIENTS = 8
_ANSWERS = [[place, 1, 1] for place in range(1, QUESTIONS + 1)]


@dataclass
class _Sides:
    arena: list[float]
    pgbench: list[float]


def measure_submits(table: Table) -> float:
    """Hand in the same papers both ways, in turn; return the arena's median rate."""
    rounds = ROUNDS + 1
    world = make_contest(PAPERS * 2 * rounds)
    started = start_papers(world, first=0, count=world.people)
    script = _script(world)
    sides = _Sides([], [])
    latest = Outcome()
    with arena() as port:
        for number in range(rounds):
            first = number * 2 * PAPERS
            latest = asyncio.run(hand_in(world, port, first, PAPERS, started))
            rate = _pgbench(script, first + PAPERS)
            if latest.errors:
                raise RuntimeError(f"the arena refused papers: {latest.errors}")
            if number:
                sides.arena.append(latest.rate)
                sides.pgbench.append(rate)
    _must_be_handed_in(world)
    table.add(
        f"papers handed in, {TOGETHER} connections, {QUESTIONS} answers each: the arena",
        _rates(sides.arena),
        note=f"over HTTP, ticket checked, graded, committed before the reply; median {latest.median * 1000:.0f} ms",
    )
    table.add(
        f"the same statements, one commit each: pgbench, {PGBENCH_CLIENTS} clients",
        _rates(sides.pgbench),
        note="prepared, no HTTP, no ticket",
    )
    ratio = _median(sides.arena) / _median(sides.pgbench)
    table.hold("handing in", ratio, least=0.5, against="pgbench, same statements", note="stretch 0.8")
    return _median(sides.arena)


def top_rate() -> float:
    """Return how many papers a second the arena takes, handed in by itself: the median of three times."""
    times = 3
    world = make_contest(PAPERS * times)
    started = start_papers(world, first=0, count=world.people)
    with arena() as port:
        rates = [asyncio.run(hand_in(world, port, number * PAPERS, PAPERS, started)).rate for number in range(times)]
    return _median(rates)


async def hand_in(world: World, port: int, first: int, count: int, started: int) -> Outcome:
    people = [Person(port, "") for _ in range(TOGETHER)]
    free = list(people)
    outcome = Outcome()
    requests = []
    for number in range(first, first + count):
        asker = Person(port, world.cookie(number))
        requests.append(asker.request("/thi/api/submit", {"token": world.token(number, started), "answers": _ANSWERS}))

    def call(request: bytes):  # type: ignore[no-untyped-def]
        async def send() -> tuple[int, bytes]:
            person = free.pop()
            try:
                return await person.send(request)
            finally:
                free.append(person)

        return send

    await all_of([call(request) for request in requests], together=TOGETHER, outcome=outcome)
    for person in people:
        person.close()
    return outcome


def _script(world: World) -> str:
    """The arena's own statement as a pgbench script: client c hands in papers first + c * share + 0, 1, 2, ..."""
    rules = RulesInForce(lambda: int(time.time() * 1000))
    asyncio.run(rules.refresh())
    of = rules.current.rounds[world.round]
    ones = ",".join("1" for _ in range(QUESTIONS))
    number = "(:n)::bigint"
    given = {
        "entrants": f"ARRAY[{world.first_entrant} + {number}]",
        "ids": f"ARRAY[('{world.round:08x}-0000-4000-8000-' || lpad(to_hex({number}), 12, '0'))::uuid]",
        "leases": "ARRAY[1]",
        "arrivals": "ARRAY[(extract(epoch FROM clock_timestamp()) * 1000)::bigint]",
        "masks": f"ARRAY['{{{ones}}}']",
        "seqs": f"ARRAY['{{{ones}}}']",
        "predictions": "ARRAY[NULL]",
        "keys": f"'{of.keys}'",
        "grace": str(of.contest.grace),
    }
    statement = re.sub(r"%\((\w+)\)s", lambda found: given[found[1]], of.statements.submit)
    return f"\\set n :next\n\\set next :next + {PGBENCH_CLIENTS}\n{statement.strip()};\n"


def _pgbench(script: str, first: int) -> float:
    """Run the script over PAPERS papers from `first` on; return transactions a second without connecting."""
    cluster = Cluster.of_this_installation()
    name = connections[STORE].settings_dict["NAME"]
    share = PAPERS // PGBENCH_CLIENTS
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "submit.sql"
        path.write_text(script.replace("\\set n :next", f"\\set n :next + {first} + :client_id", 1), encoding="utf-8")
        done = subprocess.run(
            [str(cluster.programs / "pgbench"), "-n", "-M", "prepared", "-c", str(PGBENCH_CLIENTS), "-j", "2",
             "-t", str(share), "-D", "next=0", "-f", str(path), "-h", str(cluster.sockets), "-U", "langsen", name],
            env={**os.environ, "PGOPTIONS": "-c timezone=UTC -c jit=off"},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
    found = re.search(r"tps = ([\d.]+) \(without", done.stdout)
    if not found:
        raise RuntimeError(done.stdout)
    return float(found[1])


def _must_be_handed_in(world: World) -> None:
    """Both sides really did it: every paper handed in once, every standing counted."""
    with connections[STORE].cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(submitted_at), sum(correct) FROM arena_attempt WHERE round_id = %s", [world.round]
        )
        papers, handed_in, right = cursor.fetchone()
        cursor.execute("SELECT sum(submitted), sum(correct) FROM arena_standing WHERE round_id = %s", [world.round])
        counted, standing_right = cursor.fetchone()
    if not papers == handed_in == counted == world.people or not right == standing_right == papers * QUESTIONS:
        raise RuntimeError(f"{papers} papers, {handed_in} handed in, {counted} counted, {right} right answers")


def _median(rates: list[float]) -> float:
    return sorted(rates)[len(rates) // 2]


def _rates(rates: list[float]) -> str:
    return f"{_median(rates):,.0f} a second ({min(rates):,.0f}-{max(rates):,.0f})"
