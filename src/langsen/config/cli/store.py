"""`langsen migrate` and `langsen demo`: making and filling the store."""

import click

from langsen.config.cli.progress import progress
from langsen.foundation.core.runtime.database import database_running


@click.command(epilog="Example: langsen migrate")
def migrate() -> None:
    """Make the database if there is none, and bring its tables up to date. Running it again changes nothing."""
    with database_running(initialise=True):
        from langsen.config.migrating import migrate_store

        steps = migrate_store(progress)
    click.echo(f"{steps} migrations applied." if steps else "The tables are up to date.")


@click.command(epilog="Example: langsen demo")
@click.option("--if-empty", is_flag=True, help="Succeed where the store holds something else, and leave it as it is.")
def demo(if_empty: bool) -> None:
    """Fill an empty store with the demonstration. Where it is already loaded nothing changes."""
    with database_running(initialise=True):
        from langsen.config.demo import load_demo
        from langsen.config.migrating import migrate_store
        from langsen.foundation.core.errors import Conflict

        migrate_store(progress)
        try:
            click.echo(str(load_demo(progress)))
        except Conflict as error:
            if not if_empty:
                raise
            progress(str(error.message))
