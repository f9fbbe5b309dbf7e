"""`langsen export`: people, sessions or communication outputs of a unit to an Excel file, as the pages give it."""

from pathlib import Path

import click

from langsen.config.cli.exchange import KINDS, account, unit_by
from langsen.foundation.core.runtime.database import database_running


@click.command(epilog="Example: langsen export --kind sessions --unit MSE-XNX --by xa.chuyenvien --out sessions.xlsx")
@click.option("--kind", type=click.Choice(KINDS), required=True, help="What to write.")
@click.option("--unit", metavar="CODE", required=True, help="The unit, with all below it.")
@click.option("--by", "username", metavar="USERNAME", required=True, help="Account that does it; its rights apply.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The .xlsx file to write.")
def export(kind: str, unit: str, username: str, out: Path) -> None:
    """Write what the account may see of a unit and those below it to an Excel file. Days of birth stay masked."""
    with database_running():
        from django.conf import settings
        from django.utils import translation

        with translation.override(settings.LANGUAGE_CODE):
            out.write_bytes(_workbook(kind, unit, username))
    click.echo(str(out))


def _workbook(kind: str, code: str, username: str) -> bytes:
    from langsen.foundation.access.enums import Permission
    from langsen.foundation.access.rules import require, units_where
    from langsen.foundation.orgs.queries import units_below_today

    user, unit = account(username), unit_by(code)
    if kind == "people":
        from langsen.foundation.people.exports import export_roster
        from langsen.foundation.people.queries import roster_rows

        require(user, Permission.PEOPLE_READ, unit)
        units = units_where(user, Permission.PEOPLE_READ).filter(pk__in=units_below_today([unit.pk]).values("pk"))
        return export_roster(roster_rows(user).people, units, by=user, revealed=False)
    if kind == "outputs":
        from langsen.registers.communications import exports, queries

        require(user, Permission.COMMUNICATIONS_READ, unit)
        return exports.outputs_sheet(queries.outputs_for(user, queries.Filters(unit=unit)))
    from langsen.registers.study.exports import sessions_sheet
    from langsen.registers.study.queries.sessions import Filters, sessions_for

    require(user, Permission.STUDY_READ, unit)
    return sessions_sheet(sessions_for(user, Filters(unit=unit)))
