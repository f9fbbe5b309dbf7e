"""`langsen audit`: the chain over the audit trail."""

import click

from langsen.foundation.core.runtime.database import database_running


@click.group(epilog="Example: langsen audit verify")
def audit() -> None:
    """Verify and seal the audit trail."""


@audit.command(epilog="Example: langsen audit verify")
@click.pass_context
def verify(ctx: click.Context) -> None:
    """Recompute every event and seal; exit 0 when all are as they were written, 1 when something was altered."""
    with database_running():
        from langsen.foundation.audit import seals

        found = seals.verify()
    click.echo(f"events {found.events}, seals {found.seals}, waiting {found.waiting}, faults {len(found.faults)}")
    if found.last_digest:
        click.echo(f"last seal {found.last_digest}")
    for fault in found.faults:
        click.echo(fault)
    ctx.exit(0 if found.equal else 1)


@audit.command(epilog="Example: langsen audit seal")
def seal() -> None:
    """Seal the events that wait now. The running worker does so every second."""
    with database_running():
        from langsen.foundation.audit import seals

        count = 0
        while (made := seals.seal_settled()) is not None:
            count += made.count
    click.echo(f"{count} events sealed.")
