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
                from langsen.config.migrating import addresses, make_contest_store, migrate_store

                make_contest_store(progress)
                urls = addresses(url)
                restoring.refuse_store(urls, manifest, unused=_unused)
                restoring.restore_store(file, manifest, urls=urls, say=progress)
                steps = migrate_store(progress)
                click.echo(f"restored {manifest.rows} rows and {manifest.files} files; {steps} migrations applied")
                if "contests" not in manifest.stores:
                    progress("The backup is of a version without contests: the contest store begins empty.")
                well = _checked({name: str(one.facts.get("last_seal") or "") for name, one in manifest.stores.items()})
        except AlreadyRunning as other:
            where = other.address or f"process {other.pid}"
            raise click.ClickException(f"Langsen is running here ({where}). Stop it, then restore.") from other
    ctx.exit(0 if well else 1)


def _unused(store: str) -> bool:
    """Has nobody put anything into this store but the tables and what comes with them?"""
    from langsen.contests.contests.models import Contest
    from langsen.contests.quizzes.models import Question
    from langsen.foundation.accounts.models import User
    from langsen.foundation.audit.models import AuditEvent
    from langsen.foundation.orgs.models import OrgUnit

    of_store = {
        "default": (User.objects.filter(is_system=False), OrgUnit.objects.all()),
        "contests": (Contest.objects.all(), Question.objects.all()),
    }
    used = (AuditEvent.objects.using(store), *of_store[store])
    return not any(rows.exists() for rows in used)


def _checked(last_seals: dict[str, str]) -> bool:
    """Check the figures' cache and both audit trails as their own commands do, print what was found: is it well?"""
    from langsen.config.cli.audit import print_verification
    from langsen.foundation.audit import seals
    from langsen.foundation.audit.stores import audited_stores
    from langsen.foundation.figures.cache import cached_sources, check

    well = True
    progress("Checking figures and audit trail")
    for source in cached_sources():
        compared = check(source)
        well = well and not compared.different
        click.echo(f"{source.name}: {compared.compared} rows compared, {len(compared.different)} different.")
    for store in audited_stores():
        found = seals.verify(last_seals.get(store, ""), store=store)
        print_verification(store, found)
        well = well and found.equal
    return well
