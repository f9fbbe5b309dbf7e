"""`langsen report`: writing a report as a Word file straight from the figures."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from langsen.config.cli.orgs_changing import known_unit
from langsen.config.cli.progress import progress
from langsen.foundation.core.runtime.database import database_running

if TYPE_CHECKING:
    from langsen.foundation.core.periods import Period
    from langsen.foundation.orgs.models import OrgUnit
    from langsen.reports.models import Outline


@click.group(
    epilog="Example: langsen report render --unit LCH --template year --from 2023-01-01 --to 2023-12-31 --out nam.docx"
)
def report() -> None:
    """Write reports as Word files."""


@report.command(
    epilog="Example: langsen report render --unit LCH --template two-year --from 2021-05-18 --to 2023-05-17 "
    "--layout party --out bao-cao.docx"
)
@click.option("--unit", metavar="CODE", required=True, help="Code of the unit that reports.")
@click.option("--template", metavar="CODE", required=True, help="Code of the outline: half-year, year, two-year.")
@click.option("--from", "first", metavar="DAY", required=True, help="First day, 2021-05-18 or 18/5/2021.")
@click.option("--to", "last", metavar="DAY", required=True, help="Last day, included.")
@click.option("--layout", type=click.Choice(["party", "state"]), help="Whose rules the page follows.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The .docx to write.")
@click.option("--appendix", type=click.Path(dir_okay=False, path_type=Path), help="Also write the numbers as .xlsx.")
def render(
    unit: str, template: str, first: str, last: str, layout: str | None, out: Path, appendix: Path | None
) -> None:
    """Write the draft of a report from the figures of now; nothing is stored. Its numbers go to stdout as JSON."""
    for path in filter(None, (out, appendix)):
        if not path.resolve().parent.is_dir():
            raise click.UsageError(f"There is no folder {path.parent}.")
    with database_running():
        from langsen.foundation.core.errors import BadInput
        from langsen.reports.unstored import draft_of

        org_unit = known_unit(unit)
        period = _period(first, last)
        outline = _outline(template, org_unit)
        progress(f"{org_unit.name}: {outline.name_vi}")
        try:
            draft = draft_of(outline, org_unit, period, layout or "")
        except BadInput as error:
            raise click.UsageError(str(error.message)) from error
        _write(out, draft.docx)
        if appendix:
            _write(appendix, draft.xlsx)
        bound = [{"code": one.code, "value": one.value, "printed": one.printed} for one in draft.bound]
    click.echo(json.dumps({"bound": bound}, ensure_ascii=False))


def _period(first: str, last: str) -> "Period":
    from langsen.config.cli.orgs_changing import asked_day
    from langsen.foundation.core.periods import Period

    try:
        return Period(asked_day(first), asked_day(last))
    except ValueError as error:
        raise click.UsageError("The last day lies before the first day.") from error


def _outline(code: str, unit: "OrgUnit") -> "Outline":
    from langsen.foundation.core.errors import NotFound
    from langsen.reports.queries.outlines import outline_by_code, outlines_offered

    try:
        return outline_by_code(code, unit)
    except NotFound as error:
        codes = ", ".join(sorted({one.code for one in outlines_offered(unit)}))
        raise click.UsageError(f"No template has the code {code}. There are: {codes}.") from error


def _write(path: Path, content: bytes) -> None:
    """Put the file in place whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise click.ClickException(f"{path} cannot be written: {error.strerror}.") from error
    progress(f"Written: {path}")
