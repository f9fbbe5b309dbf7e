"""`langsen up`: the owner of an installation."""

import click

from langsen.config.cli.progress import progress
from langsen.foundation.core.runtime import places
from langsen.foundation.core.runtime.owned import langsen
from langsen.foundation.core.runtime.owner import AlreadyRunning, Owner


@click.command(epilog="Example: langsen up --demo")
@click.option("--demo", is_flag=True, help="Fill an empty store with the demonstration first (what `make run` does).")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    envvar="LANGSEN_PORT",
    help="Port of the pages on 127.0.0.1; default $LANGSEN_PORT, else 8000 or the next free one.",
)
def up(demo: bool, port: int | None) -> None:
    """Start the database, the pages and the background work, and keep them running until Ctrl-C.

    A second start says where the first answers. With $DATABASE_URL set, that server is used (PostgreSQL 15 and up).
    """
    # `demo` also brings the tables up to date.
    owner = Owner(prepare=[langsen("demo", "--if-empty") if demo else langsen("migrate")], say=progress, port=port)
    try:
        owner.run(_ready)
    except AlreadyRunning as other:
        if other.address:
            click.echo(f"Langsen is already running: {other.address}")
        else:
            click.echo(f"Langsen is already starting (process {other.pid}).")
    except OSError as error:
        raise click.ClickException(str(error)) from error


def _ready(address: str, printed: list[str]) -> None:
    for text in printed:
        click.echo(text)
    password = places.runtime_dir() / "demo-password"
    if not printed and password.is_file():
        click.echo(f"The password of the demonstration's accounts: {password}")
    code = places.runtime_dir() / "demo-entrant-code"
    if not printed and code.is_file():
        click.echo(f"The personal code for the demonstration's open quiz: {code}")
    click.echo(f"Langsen answers at {address}   (Ctrl-C stops it)")
