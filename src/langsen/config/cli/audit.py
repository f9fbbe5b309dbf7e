"""`langsen audit`: the chain over the audit trail."""

from typing import TYPE_CHECKING

import click

from langsen.foundation.core.runtime.database import database_running

if TYPE_CHECKING:
    from langsen.foundation.audit.seals import Verification


@click.group(epilog="Example: langsen audit verify")
def audit() -> None:
    """Verify and seal the audit trail."""


@audit.command(epilog="Example: langsen audit verify")
@click.pass_context
def verify(ctx: click.Context) -> None:
    """Recompute every event and seal of both stores; exit 0 when all are as they were written, 1 when one was altered.

    Lines of the contest store begin with its name.
    """
    with database_running():
        from langsen.foundation.audit import seals
        from langsen.foundation.audit.stores import audited_stores

        found = {store: seals.verify(store=store) for store in audited_stores()}
    for store, one in found.items():
        print_verification(store, one)
    ctx.exit(0 if all(one.equal for one in found.values()) else 1)


def print_verification(store: str, found: "Verification") -> None:
    """Print what was found in one store."""
    start = "" if store == "default" else f"{store}: "
    click.echo(
        f"{start}events {found.events}, seals {found.seals}, waiting {found.waiting}, faults {len(found.faults)}"
    )
    if found.last_digest:
        click.echo(f"{start}last seal {found.last_digest}")
    for fault in found.faults:
        click.echo(f"{start}{fault}")


@audit.command(epilog="Example: langsen audit seal")
def seal() -> None:
    """Seal the events of both stores that wait now. The running worker does so every second."""
    with database_running():
        from langsen.foundation.audit import seals
        from langsen.foundation.audit.stores import audited_stores

        count = 0
        for store in audited_stores():
            while (made := seals.seal_settled(store=store)) is not None:
                count += made.count
    click.echo(f"{count} events sealed.")
