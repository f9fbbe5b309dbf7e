"""`langsen figures`: figures of a unit and period as JSON or a table; their cache."""

import json

import click

from langsen.config.cli.exits import UnknownUnit
from langsen.foundation.core.runtime.database import database_running


@click.group(
    invoke_without_command=True,
    epilog="Example: langsen figures --unit LCH --from 2021-05-18 --to 2023-05-17 --json",
)
@click.option("--unit", metavar="CODE", help="Code of the unit.")
@click.option("--from", "first", metavar="DAY", help="First day, 2021-05-18 or 18/5/2021.")
@click.option("--to", "last", metavar="DAY", help="Last day, included.")
@click.option("--tree", type=click.Choice(["then", "today"]), default="then", help="By which organisation to count.")
@click.option("--theme", metavar="CODE", default="", help="Only what concerns this theme.")
@click.option("--by", type=click.Choice(["unit", "month"]), help="Add rows by unit or month.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def figures(
    ctx: click.Context, /, unit: str | None, first: str | None, last: str | None, **choices: str | bool
) -> None:
    """Print the figures of a unit over a period."""
    if ctx.invoked_subcommand is not None:
        return
    missing = [name for name, value in (("--unit", unit), ("--from", first), ("--to", last)) if not value]
    if missing:
        raise click.UsageError("Missing " + ", ".join(missing) + ".")
    with database_running():
        answer = _answer(str(unit), str(first), str(last), **choices)
    if choices["as_json"]:
        click.echo(json.dumps(answer, ensure_ascii=False))
    else:
        _print(answer)


def _answer(unit_code: str, first: str, last: str, **choices: str | bool) -> dict[str, object]:
    from langsen.foundation.core.errors import BadInput, NotFound
    from langsen.foundation.figures.engine import UnitEnded
    from langsen.foundation.figures.report import figures_json
    from langsen.foundation.orgs.queries import unit_by_code
    from langsen.reporting.asking import asked_for, by_from

    try:
        unit = unit_by_code(unit_code)
        asked = asked_for(unit, first=first, last=last, tree=str(choices["tree"]), theme=str(choices["theme"]))
    except NotFound as error:
        raise UnknownUnit(f"No unit has the code {unit_code}.") from error
    except UnitEnded as error:
        raise UnknownUnit(str(error.message)) from error
    except BadInput as error:
        raise click.UsageError(str(error.message)) from error
    return figures_json(asked, by=by_from(str(choices["by"] or "")))


def _print(answer: dict[str, object]) -> None:
    from langsen.foundation.core.text import number_text, percent_text
    from langsen.foundation.figures.catalogue import figure_by_code

    click.echo(f"{answer['unit']}  {answer['period']['from']} – {answer['period']['to']}  ({answer['tree']})")  # type: ignore[index]
    for row in answer["figures"]:  # type: ignore[attr-defined]
        name = figure_by_code(row["code"]).name
        value = number_text(row["value"])
        if row["kind"] == "ratio":
            base = f"{number_text(row['numerator'])}/{number_text(row['denominator'])}"
            value = f"{percent_text(row['value'])} ({base})"
        click.echo(f"{'  ' if row['parent'] else ''}{name}: {value}")


@figures.command(epilog="Example: langsen figures rebuild --check")
@click.option("--check", "only_check", is_flag=True, help="Compare only; exit 1 when a row differs.")
@click.pass_context
def rebuild(ctx: click.Context, only_check: bool) -> None:
    """Recompute the cache of figures from records, or check that it equals them."""
    with database_running():
        from langsen.foundation.figures.cache import cached_sources
        from langsen.foundation.figures.cache import check as compare
        from langsen.foundation.figures.cache import rebuild as recompute

        different = 0
        for source in cached_sources():
            if not only_check:
                click.echo(f"{source.name}: {recompute(source)} rows rebuilt.")
                continue
            found = compare(source)
            different += len(found.different)
            click.echo(f"{source.name}: {found.compared} rows compared, {len(found.different)} different.")
            for unit, grain, start in found.different[:20]:
                click.echo(f"  unit {unit} {grain} {start}")
    ctx.exit(1 if different else 0)
