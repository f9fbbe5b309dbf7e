"""kill -9 at peak: the arena and the database of a real owner, a hundred times, while people sit their papers.

    python -m bench.kill9                  100 kills and the two controls (about 20 minutes)
    python -m bench.kill9 --kills 10       fewer

Everything is on this machine's loopback, in a folder of its own that is removed at the end. Clients retry with the same
ids, so each finishes; then every acknowledged answer and receipt is looked up in the store. Two controls must show
losses: an arena that acknowledges before the commit, and a database with synchronous_commit off. Loss of power is not
tested: the disk of a killed process's machine goes on.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import psutil

CLIENTS = 24
_PAUSE = (1.2, 2.4)  # between kills: long enough for people to write something that could be lost
_BACK_WITHIN = 60.0


def main() -> int:
    """Run the proof and its controls; exit 1 when an acknowledged word was lost or a control showed no loss."""
    parser = argparse.ArgumentParser("bench.kill9", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--control-kills", type=int, default=12)
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "langsen.config.settings")
    os.environ.pop("DATABASE_URL", None)
    home = Path(tempfile.mkdtemp(prefix="kill9-"))
    home.chmod(0o755)
    os.environ["LANGSEN_HOME"] = str(home)
    try:
        with _owner(home) as (owner, port):
            from langsen.foundation.core.runtime.database import database_running

            with database_running():
                _without_pool()
                return _prove(owner, port, asked.kills, asked.control_kills)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _prove(owner: psutil.Process, port: int, kills: int, control_kills: int) -> int:
    from bench.machine import described

    print(f"{described()} {date.today():%d/%m/%Y}\n")  # noqa: DTZ011
    clean = _phase("the arena and the database by turns, owner repairs", port, kills, _by_turns(owner), loses=False)
    with _careless() as (process_of, careless_port):
        early = _phase(
            "control: acknowledged before the commit",
            careless_port,
            control_kills,
            _kill_tree_of(process_of),
            loses=True,
        )
    _synchronous_commit("off")
    lazy = _phase(
        "control: synchronous_commit=off, the database killed", port, control_kills, _database(owner), loses=True
    )
    print("\nNot tested: loss of power, a failing disk, a second machine.")
    return 0 if clean and early and lazy else 1


def _phase(title: str, port: int, kills: int, kill: Callable[[int], None], *, loses: bool) -> bool:
    """Let people sit papers while `kill` is called `kills` times; print and judge what was lost."""
    from bench.contest.ledger import Ledger, compare
    from bench.contest.serving import wait_for
    from bench.contest.sitting import Sitter
    from bench.contest.world import make_contest

    world = make_contest(CLIENTS)
    wait_for(port)
    time.sleep(2.5)  # the arena reads new rounds every two seconds
    ledger = Ledger()
    over = threading.Event()
    done: list[int] = []
    killer = threading.Thread(target=_kill_often, args=(port, kills, kill, over, done))

    async def all_sit() -> None:
        sitters = [Sitter(world, number, port, ledger) for number in range(CLIENTS)]
        await asyncio.gather(*(one.sit(over.is_set) for one in sitters))

    began = time.monotonic()
    killer.start()
    asyncio.run(all_sit())
    killer.join()
    _settle(port)
    found = compare(ledger, world)
    good = (not found.is_clean) if loses else found.is_clean
    verdict = ("shows losses, as it must" if good else "SHOWS NO LOSS") if loses else ("clean" if good else "LOST")
    if len(done) < kills:
        good, verdict = False, f"STOPPED AFTER {len(done)} OF {kills} KILLS"
    print(
        f"{title}: {len(done)} kills in {time.monotonic() - began:.0f} s, {ledger.retries:,} retries\n  {found.words()}"
    )
    print(f"  -> {verdict}\n", flush=True)
    return good


def _kill_often(port: int, kills: int, kill: Callable[[int], None], over: threading.Event, done: list[int]) -> None:
    chance = random.Random(9)
    try:
        for number in range(kills):
            time.sleep(chance.uniform(*_PAUSE))
            kill(number)
            done.append(number)
            _settle(port)
    finally:
        over.set()


def _settle(port: int) -> None:
    """Wait until the arena answers again with the database behind it."""
    from django.db import OperationalError, connections

    from bench.contest.serving import wait_for
    from langsen.contests.stores import STORE

    wait_for(port, seconds=_BACK_WITHIN)
    until = time.monotonic() + _BACK_WITHIN
    while True:
        connections[STORE].close()  # this thread's may have died with the server
        try:
            with connections[STORE].cursor() as cursor:
                cursor.execute("SELECT 1")
            return
        except OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


@contextlib.contextmanager
def _owner(home: Path) -> Iterator[tuple[psutil.Process, int]]:
    """A real `langsen up` in a folder of its own."""
    from bench.starts import free_port

    port = free_port()
    log = (home / "owner.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "langsen", "up", "--port", str(port)], env=os.environ, stdout=log, stderr=log
    )
    try:
        until = time.monotonic() + 180
        while not (home / "owner.json").exists():
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError((home / "owner.log").read_text(encoding="utf-8")[-2000:])
            time.sleep(0.2)
        yield psutil.Process(json.loads((home / "owner.json").read_text())["pid"]), port
    finally:
        process.terminate()
        process.wait(60)


def _by_turns(owner: psutil.Process) -> Callable[[int], None]:
    arena, database = _arena(owner), _database(owner)
    return lambda number: (arena if number % 2 else database)(number)


def _arena(owner: psutil.Process) -> Callable[[int], None]:
    return lambda _number: _kill(lambda: [one for one in _living(owner.children()) if "arena" in one.cmdline()])


def _database(owner: psutil.Process) -> Callable[[int], None]:
    """The postmaster and every server process at the same moment: nobody is left to write its buffers out."""
    return lambda _number: _kill(
        lambda: [one for one in _living(owner.children(recursive=True)) if one.name() == "postgres"]
    )


def _living(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [one for one in processes if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def _kill(found: Callable[[], list[psutil.Process]]) -> None:
    """Kill what is found; a process that is just ending is looked for again."""
    until = time.monotonic() + _BACK_WITHIN
    while time.monotonic() < until:
        with contextlib.suppress(psutil.NoSuchProcess):  # a zombie too
            if processes := found():
                for one in processes:
                    one.suspend()
                for one in processes:
                    one.kill()
                return
        time.sleep(0.1)
    raise RuntimeError("nothing to kill was found")


@contextlib.contextmanager
def _careless() -> Iterator[tuple[Callable[[], psutil.Process], int]]:
    """The careless arena beside the owner's, started again whenever it ends; yields who it is now, and its port."""
    from bench.starts import free_port

    careless_port = free_port()
    command = [sys.executable, "-m", "bench.contest.careless", "--port", str(careless_port)]
    current: list[subprocess.Popen[bytes]] = []
    over = threading.Event()

    def tend() -> None:
        while not over.is_set():
            if not current or current[-1].poll() is not None:
                current.append(subprocess.Popen(command, env=os.environ))
            time.sleep(0.1)

    tender = threading.Thread(target=tend)
    tender.start()
    try:
        yield lambda: psutil.Process(current[-1].pid), careless_port
    finally:
        over.set()
        tender.join()
        current[-1].terminate()
        current[-1].wait(30)


def _kill_tree_of(process_of: Callable[[], psutil.Process]) -> Callable[[int], None]:
    return lambda _number: _kill(lambda: _living([process_of()]))


def _without_pool() -> None:
    """A pool hands out what died with the server, and tells of it; here every thread has one plain connection."""
    from django.db import connections

    from langsen.contests.stores import STORE

    del connections[STORE].settings_dict["OPTIONS"]["pool"]


def _synchronous_commit(value: str) -> None:
    from django.db import connections

    from langsen.contests.stores import STORE

    name = connections[STORE].settings_dict["NAME"]
    with connections[STORE].cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = {value}')
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
            [name],
        )


if __name__ == "__main__":
    sys.exit(main())
