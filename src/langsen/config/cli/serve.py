"""`langsen serve` and `langsen worker`: the two kinds of process beside the database."""

import os
from contextlib import nullcontext
from pathlib import Path

import click

from langsen.foundation.core.runtime.database import database_running
from langsen.foundation.core.runtime.owned import end_with_owner, owned
from langsen.foundation.core.runtime.ports import hold_port


@click.command(epilog="Example: langsen serve --port 8000")
@click.option("--address", default="127.0.0.1", envvar="LANGSEN_ADDRESS", show_default=True, help="Address to bind.")
@click.option("--port", default=8000, envvar="LANGSEN_PORT", show_default=True, type=click.IntRange(1, 65535))
@click.option("--processes", default=2, envvar="LANGSEN_WEB_PROCESSES", show_default=True, type=click.IntRange(1, 64))
@click.option("--socket", type=click.Path(path_type=Path), help="A Unix socket, for `langsen front`, instead of both.")
def serve(address: str, port: int, processes: int, socket: Path | None) -> None:
    """Run the pages alone, on the database that is running (or on $DATABASE_URL)."""
    end_with_owner()
    from langsen.config.serve import serve_pages, serve_pages_behind_front

    # A given server may be away just now: the pages say so and come back with it.
    database = nullcontext() if "DATABASE_URL" in os.environ else database_running()
    if socket is not None:
        with database:
            serve_pages_behind_front(socket, processes=processes)
        return
    port_held = nullcontext() if owned() else hold_port(port, address=address)
    with database, port_held:
        serve_pages(address=address, port=port, processes=processes)


@click.command(epilog="Example: langsen worker")
def worker() -> None:
    """Run the background work alone: queued jobs, and the sealing of the audit trail every second."""
    end_with_owner()
    with database_running():
        from langsen.config.serve import work

        work()
