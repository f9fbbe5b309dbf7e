"""`langsen orgs load-vietnam`: the country's units before and after 1/7/2025."""

import click

from langsen.config.cli.orgs_changing import asked_day
from langsen.config.cli.progress import progress
from langsen.foundation.core.runtime.database import database_running


@click.command(
    name="load-vietnam", epilog="Example: langsen orgs load-vietnam --party --old-from 2025-01-01 --on-conflict keep"
)
@click.option("--party", is_flag=True, help="Also each unit's Party committee, tied to its State unit.")
@click.option(
    "--on-conflict",
    type=click.Choice(["stop", "keep"]),
    default="stop",
    show_default=True,
    help="When a code is taken by a unit of another kind: stop, or keep that unit and load the rest.",
)
@click.option(
    "--old-from",
    metavar="DAY",
    default="2025-06-30",
    show_default=True,
    help="First day of the units of the old list. The list is of 30/6/2025; whoever needs earlier days says so here.",
)
def load_vietnam(party: bool, on_conflict: str, old_from: str) -> None:
    """Load 63 provinces, 696 districts and 10,040 communes up to 30/6/2025, 34 and 3,321 from 1/7/2025, and the way
    from the old to the new.

    The units stand on the State line under VN, with their official codes: VN63-00004 is the old list's, VN-00004 the
    new one's. A second run changes nothing.
    """
    from langsen.config.vietnam.lists import read_country

    country = read_country()
    with database_running():
        from langsen.config.vietnam.loading import LISTED_ON, load_country
        from langsen.foundation.accounts.services import system_user

        first = asked_day(old_from)
        if first > LISTED_ON:
            raise click.UsageError("--old-from: the old units ended on 2025-06-30.")
        done = load_country(
            country,
            party=party,
            by=system_user(),
            say=progress,
            old_from=first,
            keep_conflicts=on_conflict == "keep",
        )
    if not (done.units or done.endings or done.links):
        click.echo("Nothing to do: everything is loaded.")
        return
    click.echo(f"{done.units} units established, {done.endings} ended with heirs, {done.links} committees tied.")
    if done.kept:
        click.echo(f"{done.kept} codes were taken already and kept as they are.")
    progress(f"{done.seconds:.0f} seconds")
