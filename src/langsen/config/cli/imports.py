"""`langsen import`: an Excel file in, by the same steps as on the pages."""

from pathlib import Path

import click

from langsen.config.cli.exchange import KINDS, account, unit_by
from langsen.config.cli.progress import progress
from langsen.foundation.core.runtime.database import database_running


@click.command("import", epilog="Example: langsen import --kind people --unit MSE-XNX --by tochuc roster.xlsx --apply")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--kind", type=click.Choice(KINDS), required=True, help="What the rows are.")
@click.option("--unit", metavar="CODE", required=True, help="Code of the unit the file belongs to.")
@click.option("--by", "username", metavar="USERNAME", required=True, help="Account that does it; its rights apply.")
@click.option("--apply", "applied", is_flag=True, help="Write the good rows; without it nothing is written.")
@click.option(
    "--rejects", type=click.Path(dir_okay=False, path_type=Path), help="Write the rows left out to this file."
)
def import_command(file: Path, kind: str, unit: str, username: str, applied: bool, rejects: Path | None) -> None:
    """Read an Excel file, say what would become of each row, and with --apply write the good ones.

    Exit 1 when the file cannot be read. Rows that were not imported are no failure: see the counts and --rejects.
    """
    with database_running():
        from langsen.foundation.core.models import ImportStatus
        from langsen.foundation.core.sheets import runs
        from langsen.foundation.core.sheets.kinds import Context, kind_of
        from langsen.foundation.core.sheets.rejects import reasons_of, rejected_sheet

        context = Context(account(username), unit_by(unit).pk)
        progress(f"Reading {file.name}")
        with file.open("rb") as stream:
            run = runs.receive(
                kind_of(kind), stream, name=file.name, size=file.stat().st_size, context=context, at_once=True
            )
        run.refresh_from_db()
        if run.status == ImportStatus.FAILED:
            raise click.ClickException(run.fault)
        if missing := runs.missing_columns(run):
            raise click.ClickException(f"No column of the file was recognised as: {', '.join(missing)}.")
        if applied:
            progress("Writing the good rows")
            runs.apply_now(run)
            run.refresh_from_db()
        for row in run.rows.filter(state__in=["rejected", "doubtful"]).order_by("number"):
            progress(f"row {row.number}: {row.label}: {reasons_of(row)}")
        if rejects:
            rejects.write_bytes(rejected_sheet(run))
        counts = ", ".join(f"{number} {state}" for state, number in run.counts.items())
        if not applied:
            runs.discard(run)
    click.echo(f"{'Imported' if applied else 'Nothing written; it would be'}: {counts}")
