"""The control: an arena that says a save is kept before it is. `python -m bench.contest.careless --port N`."""

import asyncio
import sys
from typing import Any

from langsen.foundation.core.runtime.database import database_running

_under_way: set[asyncio.Task[Any]] = set()


def _serve(port: int) -> None:
    from langsen.config.cli.arena import serve_arena
    from langsen.contests.arena import operations
    from langsen.contests.arena.batches import Batches

    honest = Batches.ask

    async def ask(self: Batches[Any, Any], wanted: Any) -> Any:
        if self.name != "save":
            return await honest(self, wanted)
        task = asyncio.ensure_future(honest(self, wanted))
        _under_way.add(task)
        task.add_done_callback(lambda done: (_under_way.discard(done), done.cancelled() or done.exception()))
        row = operations.AttemptRow(
            wanted.attempt, wanted.entrant, 1, 0, [], list(wanted.masks), list(wanted.seqs), wanted.lease,
            wanted.arrival, wanted.arrival, None, None, None,
        )  # fmt: skip
        return operations.Written(row, done=True)

    Batches.ask = ask  # type: ignore[method-assign]
    serve_arena(host="127.0.0.1", port=port, socket_path=None)


if __name__ == "__main__":
    with database_running():
        _serve(int(sys.argv[2]))
