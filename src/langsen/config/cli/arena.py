"""`langsen arena`: the process people sit their contest papers in, beside the pages and the database."""

import gc

import click

from langsen.foundation.core.runtime.database import database_running
from langsen.foundation.core.runtime.owned import end_with_owner
from langsen.foundation.core.runtime.ports import allow_connections

_BACKLOG = 4096
_FINISH_SECONDS = 8


@click.command(epilog="Example: langsen arena --port 8001")
@click.option("--host", default="127.0.0.1", envvar="LANGSEN_ARENA_HOST", show_default=True, help="Address to bind.")
@click.option("--port", default=8001, envvar="LANGSEN_ARENA_PORT", show_default=True, type=click.IntRange(1, 65535))
@click.option("--socket", "socket_path", envvar="LANGSEN_ARENA_SOCKET", help="A Unix socket instead of host and port.")
def arena(host: str, port: int, socket_path: str | None) -> None:
    """Run the contest arena alone, on the database that is running (or on $DATABASE_URL).

    Several may run side by side on one database. SIGTERM: finish what is queued, then end.
    """
    end_with_owner()
    with database_running():
        serve_arena(host=host, port=port, socket_path=socket_path)


def serve_arena(*, host: str, port: int, socket_path: str | None) -> None:
    """Serve until SIGTERM or SIGINT. Needs Django set up."""
    import uvicorn

    from langsen.contests.arena.asgi import make_app

    allow_connections()  # each person is one
    try:
        app = make_app()
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        uds=socket_path,
        http="httptools",
        lifespan="on",
        ws="none",
        interface="asgi3",
        backlog=_BACKLOG,
        access_log=False,
        log_level="warning",
        proxy_headers=False,  # the arena itself believes a forwarded address from this machine only
        server_header=False,
        date_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=_FINISH_SECONDS,
    )
    server = uvicorn.Server(config)
    gc.collect()
    gc.freeze()  # what was loaded stays: looking through it again and again takes time from those who wait
    server.run()
    if not server.started:
        raise click.ClickException(f"The arena could not listen on {socket_path or f'{host}:{port}'}.")
