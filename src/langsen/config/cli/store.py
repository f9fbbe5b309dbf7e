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
def demo() -> None:
    """Fill an empty store with the demonstration. A store that holds anything is left as it is."""
    with database_running(initialise=True):
        from langsen.config.demo import load_demo
        from langsen.config.migrating import migrate_store

        migrate_store(progress)
        summary = load_demo(progress)
    click.echo(summary)
