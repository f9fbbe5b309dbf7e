"""`langsen contests`: the published bundle of a contest's results, written and verified."""

from pathlib import Path

import click

from langsen.config.cli.exits import room_left
from langsen.config.cli.progress import progress
from langsen.foundation.core.runtime.database import database_running


@click.group(epilog="Example: langsen contests verify ket-qua.zip")
def contests() -> None:
    """Write the results of a contest for the public, and reckon published results again."""


@contests.command(epilog="Example: langsen contests bundle tim-hieu-lich-su-dang --out ket-qua.zip")
@click.argument("slug")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The .zip to write.")
def bundle(slug: str, out: Path) -> None:
    """Write everything the results of contest SLUG follow from; its SHA-256 goes to stdout."""
    if not out.resolve().parent.is_dir():
        raise click.UsageError(f"There is no folder {out.parent}.")
    with database_running():
        from langsen.contests.contests.models import Contest
        from langsen.contests.results.engine.bundle import file_digest
        from langsen.contests.results.services.bundling import write_bundle

        contest = Contest.objects.filter(slug=slug).first()
        if contest is None:
            raise click.UsageError(f"No contest has the address {slug}.")
        part = out.with_name(f".{out.name}.part")
        try:
            with room_left():
                write_bundle(contest, part)
                part.replace(out)
        finally:
            part.unlink(missing_ok=True)
    progress(f"Written: {out}")
    click.echo(file_digest(out))


@contests.command(epilog="Example: langsen contests verify ket-qua.zip --json")
@click.argument("bundle", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
@click.option("--sha256", metavar="HEX", help="What the organiser published as the SHA-256 of the file.")
@click.pass_context
def verify(ctx: click.Context, bundle: Path, as_json: bool, sha256: str | None) -> None:
    """Reckon everything in BUNDLE again from its attempts alone, without any database.

    Exit 0: equal. Exit 1: the places where a published value is not what the rules give, on stdout.
    """
    from langsen.contests.results.engine.bundle import BadBundle, file_digest
    from langsen.contests.results.engine.verify import verify as verify_bundle

    digest = file_digest(bundle)
    if sha256 is not None and sha256.strip().lower() != digest:
        raise click.ClickException(f"This is not the published file: its SHA-256 is {digest}.")
    try:
        verdict = verify_bundle(bundle)
    except BadBundle as error:
        raise click.ClickException(f"{bundle}: {error}") from error
    if as_json:
        click.echo(verdict.as_json())
    else:
        for one in verdict.findings.kept:
            click.echo(str(one))
        checked = ", ".join(f"{count} {what}" for what, count in sorted(verdict.findings.checked.items()))
        said = "equal" if verdict.is_equal else f"NOT equal: {verdict.findings.count} differences"
        click.echo(f"{verdict.contest}: {said} ({checked}); sha256 {digest}")
    ctx.exit(0 if verdict.is_equal else 1)
