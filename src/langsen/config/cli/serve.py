"""`langsen serve` and `langsen worker`: the two kinds of process beside the database."""

import os
from contextlib import nullcontext

import click

from langsen.foundation.core.runtime.database import database_running
from langsen.foundation.core.runtime.owned import end_with_owner, owned
from langsen.foundation.core.runtime.ports import hold_port


@click.command(epilog="Example: langsen serve --port 8000")
@click.option("--address", default="127.0.0.1", envvar="LANGSEN_ADDRESS", show_default=True, help="Address to bind.")
@click.option("--port", default=8000, envvar="LANGSEN_PORT", show_default=True, type=click.IntRange(1, 65535))
@click.option("--processes", default=2, envvar="LANGSEN_WEB_PROCESSES", show_default=True, type=click.IntRange(1, 64))
def serve(address: str, port: int, processes: int) -> None:
    """Run the pages alone, on the database that is running (or on $DATABASE_URL)."""
    end_with_owner()
    from langsen.config.serve import serve_pages

    # A given server may be away just now: the pages say so and come back with it.
    database = nullcontext() if "DATABASE_URL" in os.environ else database_running()
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
