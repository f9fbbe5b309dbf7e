"""`langsen restore`: an empty store filled from a backup, then checked."""

from pathlib import Path

import click

from langsen.config.cli.exits import cut_short, room_left
from langsen.config.cli.progress import progress
from langsen.foundation.core.runtime.database import database_running, django_before_database
from langsen.foundation.core.runtime.owner import AlreadyRunning, owner_lock


@click.command(epilog="Example: langsen restore langsen-2026-11-22.tar.gz")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_context
def restore(ctx: click.Context, file: Path) -> None:
    """Fill an empty store from a backup, bring its tables up to date, and check figures and audit trail.

    The whole archive is verified before anything is touched. A store that holds anything is refused, and so is a backup
    of a newer version. Stop the site first. Exit 0 when the restored store is as it was, 1 otherwise.
    """
    with cut_short(), room_left():
        with django_before_database():
            from langsen.foundation.core.backup import restoring
            from langsen.foundation.core.backup.archive import verified

            progress("Verifying the archive")
            manifest = verified(file)
            restoring.refuse_newer(manifest)
        try:
            with owner_lock(), database_running(initialise=True) as url:
                from langsen.config.migrating import migrate_store

                restoring.refuse_store(url, manifest, unused=_unused)
                restoring.restore_store(file, manifest, url=url, say=progress)
                steps = migrate_store(progress)
                rows = sum(manifest.rows.values())
                click.echo(f"restored {rows} rows and {manifest.files} files; {steps} migrations applied")
                well = _checked(str(manifest.facts.get("last_seal") or ""))
        except AlreadyRunning as other:
            where = other.address or f"process {other.pid}"
            raise click.ClickException(f"Langsen is running here ({where}). Stop it, then restore.") from other
    ctx.exit(0 if well else 1)


def _unused() -> bool:
    """Has nobody put anything into this store but the tables and what comes with them?"""
    from langsen.foundation.accounts.models import User
    from langsen.foundation.audit.models import AuditEvent
    from langsen.foundation.orgs.models import OrgUnit

    used = (User.objects.filter(is_system=False), AuditEvent.objects.all(), OrgUnit.objects.all())
    return not any(rows.exists() for rows in used)


def _checked(last_seal: str) -> bool:
    """Check the figures' cache and the audit trail as their own commands do, print what was found, say whether well."""
    from langsen.foundation.audit import seals
    from langsen.foundation.figures.cache import cached_sources, check

    well = True
    progress("Checking figures and audit trail")
    for source in cached_sources():
        compared = check(source)
        well = well and not compared.different
        click.echo(f"{source.name}: {compared.compared} rows compared, {len(compared.different)} different.")
    found = seals.verify(last_seal)
    click.echo(f"events {found.events}, seals {found.seals}, waiting {found.waiting}, faults {len(found.faults)}")
    if found.last_digest:
        click.echo(f"last seal {found.last_digest}")
    for fault in found.faults:
        click.echo(fault)
    return well and found.equal
