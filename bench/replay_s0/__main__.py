"""All of article S0's contest through the real arena, counted again by an independent query.

    python -m bench.replay_s0                 15,451 people, 89,131 attempts, about 445,000 requests
    python -m bench.replay_s0 --part 0.05     the first twentieth of the people

A real arena process answers over real HTTP on a real PostgreSQL of its own below bench/results; only the clock is told
(2023), by a header that `bench.replay_s0.serving` alone reads. Exit 1 when a figure differs.
"""

import argparse
import asyncio
import os
import shutil
import sys
import time
from pathlib import Path

from bench.machine import described

_HOME = Path(__file__).resolve().parents[1] / "results" / "replay_s0"


def main() -> int:
    """Replay, count, print."""
    parser = argparse.ArgumentParser(
        prog="bench.replay_s0", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--part", type=float, default=1.0, help="share of the people, from 0.001 to 1")
    part = parser.parse_args().part
    if not 0.001 <= part <= 1:
        parser.error("--part is a share from 0.001 to 1")
    if "DATABASE_URL" in os.environ:
        return _replayed(part)
    shutil.rmtree(_HOME, ignore_errors=True)
    _HOME.mkdir(parents=True, mode=0o755)
    os.environ["LANGSEN_HOME"] = str(_HOME)
    try:
        return _replayed(part)
    finally:
        shutil.rmtree(_HOME, ignore_errors=True)


def _replayed(part: float) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "langsen.config.settings")
    from langsen.foundation.core.runtime.database import database_running

    with database_running(initialise=True):
        from bench.contest.serving import arena
        from bench.replay_s0.counting import compare
        from bench.replay_s0.driving import Drive
        from bench.replay_s0.world import prepared

        contest, rounds, keys, attempts = prepared(part)
        began = time.perf_counter()
        with arena(command=("bench.replay_s0.serving",)) as port:
            driven = asyncio.run(Drive(port, contest, rounds, keys, attempts).run())
        took = time.perf_counter() - began
        compared = compare(contest, driven.sittings)
    requests = sum(driven.good.values()) + sum(driven.refused.values())
    print(
        f"{described()}\nArena: one process; client in another on the same machine; PostgreSQL with its own settings."
    )
    print(f"{requests:,} requests in {took / 60:.1f} minutes: {requests / took:,.0f} a second ({dict(driven.good)}).")
    print(
        f"Refused: {dict(driven.refused) or 'none'}. Receipts with another score: {driven.other_scores}. "
        f"Sent again over a new connection: {driven.retries}.\n"
    )
    print("| figure | sent | counted again | |\n|---|---|---|---|")
    for one in compared:
        print(f"| {one.name} | {one.sent:,} | {one.found:,} | {'equal' if one.is_equal else '**not equal**'} |")
    return 0 if all(one.is_equal for one in compared) and not driven.refused and not driven.other_scores else 1


if __name__ == "__main__":
    sys.exit(main())
