"""Progress of long work, on stderr, so that stdout carries the result only."""

import click


def progress(message: str) -> None:
    """Say what is being done now."""
    click.echo(message, err=True)
