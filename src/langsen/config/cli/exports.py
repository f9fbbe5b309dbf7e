"""`langsen export`: lists as Excel files, the same as the pages give."""

from pathlib import Path

import click

from langsen.config.cli.exits import UnknownUnit
from langsen.foundation.core.runtime.database import database_running


@click.group("export", epilog="Example: langsen export people --unit MSE-01 --out danh-sach.xlsx")
def export_command() -> None:
    """Write people or sessions to an Excel file."""


@export_command.command("people", epilog="Example: langsen export people --unit MSE-01 --out danh-sach.xlsx")
@click.option("--unit", metavar="CODE", required=True, help="Code of the unit; units below are included.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="File to write.")
@click.option("--revealed", is_flag=True, help="With dates of birth and Party dates; recorded in the log.")
def people(unit: str, out: Path, revealed: bool) -> None:
    """Write today's roster of a unit."""
    with database_running():
        from langsen.foundation.accounts.services import system_user
        from langsen.foundation.core.errors import NotFound
        from langsen.foundation.core.periods import today
        from langsen.foundation.orgs.queries import descendants_on, unit_by_code
        from langsen.foundation.people.exports import export_roster
        from langsen.foundation.people.models import Person

        try:
            units = descendants_on(unit_by_code(unit), today())
        except NotFound as error:
            raise UnknownUnit(f"No unit has the code {unit}.") from error
        out.write_bytes(export_roster(Person.objects.all(), units, by=system_user(), revealed=revealed))
    click.echo(str(out))
