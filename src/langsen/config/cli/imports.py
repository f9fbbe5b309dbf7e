"""`langsen import`: a file read, judged and, when asked, applied; the same kit as the pages."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from langsen.config.cli.exits import UnknownUnit
from langsen.config.cli.progress import progress
from langsen.foundation.core.runtime.database import database_running

if TYPE_CHECKING:
    from langsen.foundation.core.models import ImportRun

_SHOWN = 200


@click.command("import", epilog="Example: langsen import people danh-sach.xlsx --unit MSE-01 --apply")
@click.argument("kind")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--unit", metavar="CODE", required=True, help="Unit the file is imported into.")
@click.option("--apply", "applies", is_flag=True, help="Import the good rows; without it nothing is changed.")
@click.option("--rejected", type=click.Path(dir_okay=False, path_type=Path), help="Write the other rows to this .xlsx.")
def import_command(kind: str, file: Path, unit: str, applies: bool, rejected: Path | None) -> None:
    """Read an Excel file (KIND: people, sessions, ...) and say what would become of each row.

    Exit 0 when every row is good, 1 when some are not.
    """
    with database_running():
        run = _received(kind, file, unit)
        if run.status == "failed":
            raise click.ClickException(run.fault)
        _say(run)
        if rejected:
            from langsen.foundation.core.sheets.rejects import rejected_sheet

            rejected.write_bytes(rejected_sheet(run))
        if applies:
            from langsen.foundation.core.sheets import runs

            progress("Importing the good rows …")
            runs.apply_now(run)
        left = run.counts["rejected"] + run.counts["doubtful"]
    sys.exit(1 if left else 0)


def _received(kind: str, file: Path, unit: str) -> "ImportRun":
    from langsen.foundation.accounts.services import system_user
    from langsen.foundation.core.errors import NotFound
    from langsen.foundation.core.sheets import kinds, runs
    from langsen.foundation.orgs.queries import unit_by_code

    if kind not in kinds.kinds():
        raise click.UsageError(f"There is no import of {kind}; there are: {', '.join(sorted(kinds.kinds()))}.")
    try:
        target = unit_by_code(unit)
    except NotFound as error:
        raise UnknownUnit(f"No unit has the code {unit}.") from error
    context = kinds.Context(system_user(), target.pk)
    progress(f"Reading {file.name} …")
    with file.open("rb") as stream:
        size = file.stat().st_size
        return runs.receive(kinds.kind_of(kind), stream, name=file.name, size=size, context=context, at_once=True)


def _say(run: "ImportRun") -> None:
    from langsen.foundation.core.sheets.runs import missing_columns

    for label in missing_columns(run):
        raise click.ClickException(f"No column of the file is known as “{label}”. Map it once on the page of imports.")
    for state, count in run.counts.items():
        click.echo(f"{state}\t{count}")
    for row in run.rows.filter(state__in=["rejected", "doubtful"])[:_SHOWN]:
        for cell, words in row.reasons:
            click.echo(f"{row.state}\t{cell or row.number}\t{row.label}\t{words}")
