"""`langsen orgs`: looking at the tree of organisations, filling it from Excel, and recording changes."""

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from langsen.config.cli.exits import UnknownUnit
from langsen.config.cli.orgs_changing import CHANGES, asked_day, known_unit
from langsen.config.cli.orgs_vietnam import load_vietnam
from langsen.config.cli.progress import progress
from langsen.foundation.core.runtime.database import database_running

if TYPE_CHECKING:
    from langsen.foundation.orgs.models import OrgUnit


@click.group(epilog="Example: langsen orgs list --unit MSE --on 2025-06-30")
def orgs() -> None:
    """Look at the tree of organisations, establish, rename, move, merge, divide and dissolve."""


for change in CHANGES:
    orgs.add_command(change)
orgs.add_command(load_vietnam)


@orgs.command(name="list", epilog="Example: langsen orgs list --unit LCI2 --on 2025-07-01 --json")
@click.option("--unit", "code", metavar="CODE", help="Only this unit and everything below it.")
@click.option("--on", "day_text", metavar="DAY", default="", help="On this day, 2025-06-30 or 30/6/2025; else today.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_command(code: str | None, day_text: str, as_json: bool) -> None:
    """Print the units of a day, each below its superior."""
    with database_running():
        day = asked_day(day_text)
        rows = _rows(known_unit(code) if code else None, day)
    if as_json:
        click.echo(json.dumps({"on": day.isoformat(), "units": rows}, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{'  ' * int(str(row['depth']))}{row['code']}  {row['name']}  ({row['kind']})")


def _rows(unit: "OrgUnit | None", day: date) -> list[dict[str, object]]:
    """Return the units below `unit` (or all) on `day`, depth first, in Vietnamese order."""
    from langsen.foundation.orgs.models import OrgName, OrgPlacement
    from langsen.foundation.orgs.queries import descendants_on, units_on

    if unit is not None and not unit.exists_on(day):
        raise UnknownUnit(f"{unit.code} does not exist on {day.isoformat()}.")
    units = {each.pk: each for each in (descendants_on(unit, day) if unit else units_on(day)).select_related("kind")}
    names = dict(OrgName.objects.filter(during__contains=day).values_list("org_unit_id", "name"))
    parents = dict(OrgPlacement.objects.filter(during__contains=day).values_list("org_unit_id", "parent_id"))
    below: dict[int | None, list[OrgUnit]] = {}
    for each in sorted(units.values(), key=lambda each: (each.sort_key, each.pk)):
        parent = parents.get(each.pk)
        below.setdefault(parent if parent in units else None, []).append(each)
    rows: list[dict[str, object]] = []
    waiting = [(each, 0) for each in reversed(below.get(None, []))]
    while waiting:
        each, depth = waiting.pop()
        parent = parents.get(each.pk)
        rows.append(
            {
                "code": each.code,
                "name": names.get(each.pk, each.name),
                "kind": each.kind.code,
                "parent": units[parent].code if parent in units else None,
                "depth": depth,
                "from": each.from_on.isoformat(),
                "to": each.last_on.isoformat() if each.last_on else None,
            }
        )
        waiting += [(child, depth + 1) for child in reversed(below.get(each.pk, []))]
    return rows


@orgs.command(epilog="Example: langsen orgs show LCA --json")
@click.argument("code")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(code: str, as_json: bool) -> None:
    """Print one unit: its days, names, superiors, where it came from and where its records count today."""
    with database_running():
        facts = _facts(known_unit(code))
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    for key, value in facts.items():
        for line in value if isinstance(value, list) else [value]:
            click.echo(f"{key}: {line if line is not None else ''}")


def _facts(unit: "OrgUnit") -> dict[str, object]:
    from langsen.foundation.core.periods import ONE_DAY
    from langsen.foundation.orgs.queries import home_of
    from langsen.foundation.reorganisation.history import paper_of
    from langsen.foundation.reorganisation.queries import names_of

    placements = unit.placements.select_related("parent").order_by("during")
    return {
        "code": unit.code,
        "name": unit.name,
        "kind": unit.kind.code,
        "from": unit.from_on.isoformat(),
        "to": unit.last_on.isoformat() if unit.last_on else None,
        "home": home_of(unit).code,
        "names": [f"{name} ({_span(first, last)})" for name, first, last in names_of(unit)],
        "superiors": [
            f"{row.parent.code if row.parent else '-'} "
            f"({_span(row.during.lower, row.during.upper - ONE_DAY if row.during.upper else None)})"
            for row in placements
        ],
        "predecessors": [row.predecessor.code for row in unit.precedents.select_related("predecessor").order_by("id")],
        "successors": [row.successor.code for row in unit.successions.select_related("successor").order_by("id")],
        "changes": [f"{change} {paper_of(change)}".strip() for change in unit.changes.order_by("effective_on", "id")],
    }


def _span(first: date, last: date | None) -> str:
    return f"{first.isoformat()} – {last.isoformat() if last else ''}"


@orgs.command(name="import", epilog="Example: langsen orgs import don-vi.xlsx --apply")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--apply", "apply_now", is_flag=True, help="Establish the units; without it the file is only judged.")
@click.pass_context
def import_command(ctx: click.Context, file: Path, apply_now: bool) -> None:
    """Establish units from an Excel list: code, name, kind, code of the superior, first day, last day.

    All rows are established or none.
    """
    with database_running():
        from langsen.foundation.accounts.services import system_user
        from langsen.foundation.reorganisation.bulk import establish_units
        from langsen.foundation.reorganisation.imports import read_units

        progress("Reading the file")
        found = read_units(file)
        for fault in found.rejected:
            click.echo(f"{fault.cell}: {fault.reason}")
        if found.rejected:
            click.echo(f"{len(found.rejected)} cells are wrong. Nothing was established.", err=True)
            ctx.exit(1)
        if apply_now:
            progress("Establishing the units")
            establish_units(found.rows, by=system_user())
    done = "established" if apply_now else "can be established; add --apply to do it"
    click.echo(f"{len(found.rows)} units {done}.")
