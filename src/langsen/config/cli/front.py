"""`langsen front`: one address for pages and arena."""

import os
from contextlib import nullcontext
from pathlib import Path

import click

from langsen.foundation.core.runtime.owned import end_with_owner, owned
from langsen.foundation.core.runtime.ports import allow_connections, hold_port
from langsen.foundation.core.runtime.sockets import socket_of


def trusted_proxies() -> frozenset[str]:
    """Return the addresses that may say who the client is: $LANGSEN_PROXIES, else this machine's when behind TLS."""
    behind_tls = os.environ.get("LANGSEN_HTTPS", "").strip().lower() in {"1", "true", "yes", "on"}
    named = os.environ.get("LANGSEN_PROXIES", "127.0.0.1,::1" if behind_tls else "")
    return frozenset(name.strip() for name in named.split(",") if name.strip())


@click.command(epilog="Example: langsen front --port 8000")
@click.option("--address", default="127.0.0.1", envvar="LANGSEN_ADDRESS", show_default=True, help="Address to bind.")
@click.option("--port", default=8000, envvar="LANGSEN_PORT", show_default=True, type=click.IntRange(1, 65535))
@click.option("--pages", type=click.Path(path_type=Path), help="Socket of `langsen serve --socket`.")
@click.option("--arena", type=click.Path(path_type=Path), help="Socket of `langsen arena --socket`.")
def front(address: str, port: int, pages: Path | None, arena: Path | None) -> None:
    """Pass /thi/ on to the arena and everything else to the pages. `langsen up` starts it by itself."""
    end_with_owner()
    from langsen.config.front import Sides, serve_front

    allow_connections()
    sides = Sides(pages or socket_of("pages"), arena or socket_of("arena"), trusted_proxies())
    with nullcontext() if owned() else hold_port(port, address=address):
        serve_front(sides, address=address, port=port)
