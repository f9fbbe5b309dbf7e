"""`langsen backup`: both stores in one file."""

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from langsen.config.cli.exits import cut_short, room_left
from langsen.config.cli.progress import progress
from langsen.foundation.core.runtime.database import database_running, django_before_database

if TYPE_CHECKING:
    from langsen.foundation.core.backup.making import Seen
    from langsen.foundation.core.backup.manifest import Manifest


@click.command(epilog="Example: langsen backup langsen-2026-11-22.tar.gz")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--list", "only_list", is_flag=True, help="Read an archive, verify it whole, and print what it holds.")
def backup(file: Path, only_list: bool) -> None:
    """Write both stores, files and signing key into one archive (.tar.gz, mode 0600). The site may run meanwhile.

    An existing file is never replaced. The archive appears under its name only when it is complete. It holds the
    roster and the signing key: keep it as you keep the store.
    """
    if only_list:
        with django_before_database():
            from langsen.foundation.core.backup.archive import verified

            _print(verified(file))
        return
    with cut_short(), room_left(), database_running() as url:
        from langsen.config.migrating import addresses
        from langsen.foundation.core.backup.making import make_backup

        manifest = make_backup(file, urls=addresses(url), look=_look, say=progress)
    for name in manifest.missing:
        progress(f"Named by a record, but not on the disk: {name}")
    click.echo(str(file.absolute()))
    _print(manifest)


def _look() -> "Seen":
    """What the list of contents says of the audit trail, and the files that records name. Asked at one moment."""
    from django.conf import settings

    from langsen.contests.results.models import ResultBundle
    from langsen.contests.results.services.publishing import bundle_path
    from langsen.foundation.audit.stores import audited_stores
    from langsen.foundation.core.backup.making import Seen
    from langsen.foundation.evidence import storage
    from langsen.foundation.evidence.models import StoredFile

    facts = {store: _trail(store) for store in audited_stores()}
    names = StoredFile.objects.values_list("stored_name", flat=True).iterator(chunk_size=5000)
    folder = Path(settings.FILES_DIR)
    paths = [*(storage.path_of(name) for name in names), *(bundle_path(one) for one in ResultBundle.objects.all())]
    return Seen(facts, frozenset(path.relative_to(folder).as_posix() for path in paths))


def _trail(store: str) -> dict[str, object]:
    from langsen.foundation.audit.models import AuditEvent, AuditSeal

    events = AuditEvent.objects.using(store)
    last = AuditSeal.objects.using(store).order_by("-id").first()
    return {
        "audit_events": events.count(),
        "audit_unsealed": events.filter(seal=None).count(),
        "last_seal": last.digest if last else "",
    }


def _print(manifest: "Manifest") -> None:
    made = datetime.datetime.fromisoformat(manifest.made_at)
    size = sum(member.size for member in manifest.members)
    servers = "; ".join(str(server) for server in sorted({store.server for store in manifest.stores.values()}))
    click.echo(f"made {made:%d/%m/%Y %H:%M:%S%z} by langsen {manifest.langsen}, PostgreSQL {servers}")
    click.echo(f"rows {manifest.rows} in {manifest.tables} tables, files {manifest.files}, bytes {size}")
    for name, store in manifest.stores.items():
        events, waiting = store.facts.get("audit_events"), store.facts.get("audit_unsealed")
        start = "" if name == "default" else f"{name}: "
        last = store.facts.get("last_seal") or "none"
        click.echo(f"{start}audit events {events}, waiting {waiting}, last seal {last}")
    key = any(member.name == "secret_key" for member in manifest.members)
    click.echo("signing key in the archive" if key else "signing key NOT in the archive (LANGSEN_SECRET_KEY): keep it")
