"""`langsen people`: the first administrator, and who is on a unit's roster."""

import click

from langsen.config.cli.exits import UnknownUnit
from langsen.foundation.core.runtime.database import database_running


@click.group(epilog="Example: langsen people create-admin --username quantri --name 'Tòng Văn Quản'")
def people() -> None:
    """The first administrator of an installation; the people of a unit."""


@people.command("create-admin", epilog="Example: langsen people create-admin --username quantri --name 'Tòng Văn Quản'")
@click.option("--username", prompt=True, help="User name to sign in with.")
@click.option("--name", prompt="Full name", help="Full name, as it is shown.")
@click.option(
    "--password",
    envvar="LANGSEN_ADMIN_PASSWORD",
    prompt=True,
    hide_input=True,
    confirmation_prompt=True,
    help="Asked for when left out.",
)
@click.option("--unit", metavar="CODE", default="", help="The unit administered; the top of the tree if left out.")
def create_admin(username: str, name: str, password: str, unit: str) -> None:
    """Make the first administrator. Everybody else is invited from the pages."""
    with database_running():
        from langsen.foundation.access.services import create_first_admin
        from langsen.foundation.accounts.services import system_user

        org_unit = _unit(unit) if unit else None
        user = create_first_admin(username, name, password, by=system_user(), org_unit=org_unit)  # type: ignore[arg-type]
        click.echo(user.username)


@people.command("list", epilog="Example: langsen people list --unit MSE-01")
@click.option("--unit", metavar="CODE", required=True, help="Code of the unit.")
@click.option("--own", is_flag=True, help="Without the units below.")
def list_people(unit: str, own: bool) -> None:
    """Print today's people of a unit and those below it, by given name: name, unit, class, separated by tabs."""
    with database_running():
        from langsen.foundation.core.periods import today
        from langsen.foundation.people.queries import roster

        for row in roster(_unit(unit), today(), below=not own).iterator():  # type: ignore[arg-type]
            click.echo(f"{row.person.full_name}\t{row.org_unit.name}\t{row.get_person_class_display()}")


def _unit(code: str) -> object:
    from langsen.foundation.core.errors import NotFound
    from langsen.foundation.orgs.queries import unit_by_code

    try:
        return unit_by_code(code)
    except NotFound as error:
        raise UnknownUnit(f"No unit has the code {code}.") from error
