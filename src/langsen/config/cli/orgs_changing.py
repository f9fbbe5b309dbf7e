"""The operations on the tree as commands. They act as the system, so the machine's own access is what guards them."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from langsen.config.cli.exits import UnknownUnit
from langsen.foundation.core.runtime.database import database_running

if TYPE_CHECKING:
    from langsen.foundation.orgs.models import OrgUnit
    from langsen.foundation.reorganisation.bulk import NewUnit

Command = Callable[..., None]


def asked_day(text: str) -> date:
    """Read a day of the command line; today for an empty text."""
    from langsen.foundation.core.periods import today
    from langsen.foundation.core.text import parse_day

    if not text:
        return today()
    try:
        return parse_day(text)
    except ValueError as error:
        raise click.UsageError(f"“{text}” is not a day. Write 2025-06-30 or 30/6/2025.") from error


def known_unit(code: str) -> "OrgUnit":
    """Return the unit with this code.

    Raises:
        UnknownUnit: there is none (exit 3).
    """
    from langsen.foundation.core.errors import NotFound
    from langsen.foundation.orgs.queries import unit_by_code

    try:
        return unit_by_code(code.strip().upper())
    except NotFound as error:
        raise UnknownUnit(f"No unit has the code {code}.") from error


def with_decision(command: Command) -> Command:
    """Add the options every operation rests on."""
    options = [
        click.option("--from", "effective_on", metavar="DAY", required=True, help="First day on which it holds."),
        click.option("--decision", "number", metavar="NUMBER", default="", help="Number of the decision."),
        click.option("--decided-on", metavar="DAY", default="", help="Day of the decision."),
        click.option("--signatory", default="", help="Who signed it."),
        click.option("--note", default=""),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def _facts(options: dict[str, Any]) -> dict[str, Any]:
    """Turn the options of `with_decision` into what the services ask for."""
    from langsen.foundation.accounts.services import system_user
    from langsen.foundation.reorganisation.changes import Decision

    decided_on = options.pop("decided_on")
    decision = Decision(
        options.pop("number"),
        asked_day(decided_on) if decided_on else None,
        options.pop("signatory"),
        options.pop("note"),
    )
    return {"effective_on": asked_day(options.pop("effective_on")), "decision": decision, "by": system_user()}


def _parent_on(unit: "OrgUnit", day: date) -> str | None:
    from langsen.foundation.orgs.queries import parent_on

    parent = parent_on(unit, day)
    return parent.code if parent else None


@click.command(
    epilog='Example: langsen orgs establish MSE-C9 "Chi bộ bản Mới" --kind cell --parent MSE-1 --from 2026-01-01'
    " --decision 12-QĐ/ĐU --decided-on 2025-12-20"
)
@click.argument("code")
@click.argument("name")
@click.option("--kind", required=True, help="Code of the kind: central, province, commune, agencies, cell ...")
@click.option("--parent", metavar="CODE", help="The superior; without it the unit stands at the top.")
@with_decision
def establish(code: str, name: str, kind: str, parent: str | None, **options: Any) -> None:
    """Establish a unit."""
    with database_running():
        from langsen.foundation.reorganisation.services import establish_unit

        facts = _facts(options)
        above = known_unit(parent) if parent else None
        unit = establish_unit(code=code, name=name, kind=kind, parent=above, **facts)
        click.echo(f"{unit.code}: {unit.name}")


@click.command(
    epilog='Example: langsen orgs rename MSE-1 "Đảng ủy xã Bản Mới" --from 2026-01-01 --decision 3-QĐ/TU'
    " --decided-on 2025-12-20"
)
@click.argument("code")
@click.argument("name")
@with_decision
def rename(code: str, name: str, **options: Any) -> None:
    """Rename a unit."""
    with database_running():
        from langsen.foundation.reorganisation.services import rename_unit

        unit = known_unit(code)
        rename_unit(unit, name=name, **_facts(options))
        click.echo(f"{unit.code}: {name}")


@click.command(
    epilog="Example: langsen orgs move MSE-C9 --to MSE-2 --from 2026-01-01 --decision 4-QĐ/TU --decided-on 2025-12-20"
)
@click.argument("code")
@click.option("--to", "parent", metavar="CODE", required=True, help="The new superior.")
@with_decision
def move(code: str, parent: str, **options: Any) -> None:
    """Move a unit, with everything below it, under another superior."""
    with database_running():
        from langsen.foundation.reorganisation.services import move_unit

        unit, above = known_unit(code), known_unit(parent)
        move_unit(unit, parent=above, **_facts(options))
        click.echo(f"{unit.code} < {above.code}")


@click.command(
    epilog="Example: langsen orgs merge MSE-1 MSE-2 --into MSE-3 --from 2026-01-01 --decision 5-QĐ/TU"
    " --decided-on 2025-12-20"
)
@click.argument("codes", nargs=-1, required=True)
@click.option("--into", metavar="CODE", required=True, help="The successor: a unit that is there, or a new code.")
@click.option("--name", default="", help="Name of a new successor.")
@click.option("--kind", default="", help="Kind of a new successor; else that of the first unit.")
@click.option("--parent", metavar="CODE", help="Superior of a new successor; else that of the first unit.")
@with_decision
def merge(codes: tuple[str, ...], into: str, name: str, kind: str, parent: str | None, **options: Any) -> None:
    """Merge units into another, which is there already or established by this."""
    with database_running():
        from langsen.foundation.reorganisation.services import merge_units

        units = [known_unit(code) for code in codes]
        facts = _facts(options)
        heir = _heir(into, name, kind, parent, units[0], facts["effective_on"])
        made = merge_units(units, successor=heir, **facts)
        click.echo(f"{' + '.join(unit.code for unit in units)} -> {made.code}")


@click.command(
    epilog='Example: langsen orgs split MSE-1 --into "MSE-1A=Chi bộ Một" --into MSE-2 --child MSE-11=MSE-1A'
    " --from 2026-01-01 --decision 6-QĐ/TU --decided-on 2025-12-20"
)
@click.argument("code")
@click.option("--into", "heirs", metavar="CODE[=NAME]", multiple=True, required=True, help="A successor; repeat it.")
@click.option("--child", "children", metavar="CODE=SUCCESSOR", multiple=True, help="Where a unit below goes.")
@click.option("--kind", default="", help="Kind of new successors; else that of the unit.")
@click.option("--keeps", is_flag=True, help="The unit goes on and only loses a part.")
@click.option("--members-to", metavar="CODE", default="", help="The successor its own people go to.")
@with_decision
def split(
    code: str,
    heirs: tuple[str, ...],
    children: tuple[str, ...],
    kind: str,
    keeps: bool,
    members_to: str,
    **options: Any,
) -> None:
    """Divide a unit among successors."""
    if wrong := [pair for pair in children if "=" not in pair]:
        raise click.UsageError(f"--child {wrong[0]}: write CODE=SUCCESSOR.")
    with database_running():
        from langsen.foundation.reorganisation.services import split_unit

        unit = known_unit(code)
        facts = _facts(options)
        named = [heir.partition("=") for heir in heirs]
        successors = [_heir(key, name, kind, None, unit, facts["effective_on"]) for key, _equals, name in named]
        made = split_unit(
            unit,
            successors=successors,
            children=dict(pair.split("=", 1) for pair in children),
            keeps=keeps,
            members_to=members_to,
            **facts,
        )
        click.echo(f"{unit.code} -> {' + '.join(heir.code for heir in made)}")


@click.command(
    epilog="Example: langsen orgs dissolve MSE-C9 --from 2026-01-01 --decision 7-QĐ/TU --decided-on 2025-12-20"
)
@click.argument("code")
@click.option("--successor", metavar="CODE", help="Who takes over.")
@click.option("--children-to", metavar="CODE", help="Where units below it go.")
@with_decision
def dissolve(code: str, successor: str | None, children_to: str | None, **options: Any) -> None:
    """Dissolve a unit."""
    with database_running():
        from langsen.foundation.orgs.queries import home_of
        from langsen.foundation.reorganisation.services import dissolve_unit

        unit = known_unit(code)
        dissolve_unit(
            unit,
            successor=known_unit(successor) if successor else None,
            children_to=known_unit(children_to) if children_to else None,
            **_facts(options),
        )
        click.echo(f"{unit.code} -> {home_of(unit).code}")


def _heir(code: str, name: str, kind: str, parent: str | None, like: "OrgUnit", day: date) -> "OrgUnit | NewUnit":
    """Return the unit with this code, or the new one to be: of the kind and superior of `like` unless said."""
    from langsen.foundation.orgs.models import OrgUnit
    from langsen.foundation.reorganisation.bulk import NewUnit

    found = OrgUnit.objects.filter(code=code.strip().upper()).first()
    if found is not None:
        return found
    if not name:
        raise UnknownUnit(f"No unit has the code {code}; give a new one a name.")
    return NewUnit(code, name, kind or like.kind.code, parent or _parent_on(like, day), day)


CHANGES = (establish, rename, move, merge, split, dissolve)
