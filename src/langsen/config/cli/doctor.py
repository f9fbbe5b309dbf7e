"""`langsen doctor`: what is wrong with this installation, and what to do."""

import dataclasses
import json
from typing import TYPE_CHECKING

import click

from langsen.foundation.core.runtime.binaries import DatabaseUnavailable
from langsen.foundation.core.runtime.database import database_running

if TYPE_CHECKING:
    from langsen.config.doctor import Finding


@click.command(epilog="Example: langsen doctor --json")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Check database, text, queue, files, mail, clock, assets and versions, and say what to do.

    Exit 0 when all is well, 1 when something is wrong, 4 when there is no database.
    """
    findings, database = _findings()
    if as_json:
        click.echo(json.dumps([{**dataclasses.asdict(one), "well": one.well} for one in findings], ensure_ascii=False))
    else:
        for one in findings:
            click.echo(f"{'ok   ' if one.well else 'WRONG'} {one.name:9} {one.found}")
            if one.advice:
                click.echo(f"      -> {one.advice}")
    wrong = [one for one in findings if not one.well]
    ctx.exit(0 if not wrong else 1 if database else 4)


def _findings() -> "tuple[list[Finding], bool]":
    try:
        with database_running():
            from langsen.config.doctor import examine

            return examine(), True
    except DatabaseUnavailable as error:
        import django

        django.setup()
        from langsen.config.doctor import examine

        return examine(database=str(error)), False
