"""Filling an empty store from a backup: nothing is overwritten, nothing half-done."""

import contextlib
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from langsen.foundation.core.backup import programs
from langsen.foundation.core.backup.archive import Reading
from langsen.foundation.core.backup.making import rows_of_tables
from langsen.foundation.core.backup.manifest import KEPT, Manifest, Store, dump_of, newer_words
from langsen.foundation.core.errors import BadInput, Conflict

_OTHERS_LEAVE_WITHIN = 3.0


def refuse_newer(manifest: Manifest) -> None:
    """Refuse a backup whose schema this program does not know. Needs no database.

    Raises:
        BadInput: it was made by a newer version.
    """
    known = {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
    if {name for store in manifest.stores.values() for name in store.migrations} - known:
        raise BadInput(newer_words(manifest.langsen))


def refuse_store(urls: Mapping[str, str], manifest: Manifest, *, unused: Callable[[str], bool]) -> None:
    """Refuse stores (alias -> address) that hold anything, are in use, or are run by an older PostgreSQL.

    `unused` says of a store that has tables whether nobody has put anything into them yet.

    Raises:
        Conflict: the message says what to do; nothing was changed.
    """
    files = Path(settings.FILES_DIR)
    if files.is_dir() and any(path.is_file() or path.is_symlink() for path in files.rglob("*")):
        raise Conflict(_("The folder %(folder)s holds files. %(what)s") % {"folder": files, "what": _what_to_do()})
    _let_go()
    for alias, url in urls.items():
        _refuse_database(alias, url, manifest.stores.get(alias), unused)


def _refuse_database(alias: str, url: str, backup: Store | None, unused: Callable[[str], bool]) -> None:
    with psycopg.connect(url, connect_timeout=5, autocommit=True) as server:
        if backup and server.info.server_version // 10000 < backup.server:
            words = _("The backup comes from PostgreSQL %(theirs)s; this server is older. Use %(theirs)s or newer.")
            raise Conflict(words % {"theirs": backup.server})
        if not _alone(server):
            raise Conflict(
                _("Somebody is using this store: stop Langsen (and whatever else is connected), then restore.")
            )
        filled = server.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public' LIMIT 1").fetchone()
    if filled and not _says_unused(lambda: unused(alias)):
        raise Conflict(_("This store is not empty. %(what)s") % {"what": _what_to_do()})


def _what_to_do() -> str:
    return _(
        "A restore never replaces anything. Restore into a new place: LANGSEN_HOME=/a/new/folder langsen restore FILE "
        "(or DATABASE_URL of an empty database); or move this one away first. Nothing was changed."
    )


def _alone(server: "psycopg.Connection[tuple[object, ...]]") -> bool:
    """Is nobody else connected? Who is just leaving gets a moment."""
    deadline = time.monotonic() + _OTHERS_LEAVE_WITHIN
    while time.monotonic() < deadline:
        others = server.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        ).fetchone()
        if others == (0,):
            return True
        time.sleep(0.1)
    return False


def _says_unused(unused: Callable[[], bool]) -> bool:
    try:
        return unused()
    except Exception:  # tables of some other program, or of another version: certainly not an empty store of ours
        return False
    finally:
        _let_go()


def _let_go() -> None:
    """Close this process's own connections, so that they hold nothing of the old tables."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]  # only PostgreSQL has pools, and we have nothing else


def restore_store(source: Path, manifest: Manifest, *, urls: Mapping[str, str], say: Callable[[str], None]) -> None:
    """Fill the stores, which `refuse_store` has found empty, from the archive.

    The files go first, then each database in one transaction; when one fails, files and databases are emptied again.
    So a store with records has their files. The jobs that were running at the moment of the backup are queued again.

    Raises:
        BadInput: the archive changed since it was looked at, or a database cannot be filled from it.
        OSError: the disk is full; the stores are as empty as before.
    """
    with _unpacked(source, manifest, say) as place, contextlib.ExitStack() as undo:
        say("Putting the files in place")
        _place_files(place / "files", undo)
        for name in KEPT:
            _place_kept(place / name, undo)
        say("Filling the database")
        for alias, store in manifest.stores.items():
            undo.callback(_empty, urls[alias])
            _fill(urls[alias], place / dump_of(alias), store)
        undo.pop_all()
    for alias, store in manifest.stores.items():
        _compare(alias, store)
        with connections[alias].cursor() as cursor:
            cursor.execute("ANALYZE")
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'todo', worker_id = NULL WHERE status = 'doing'")


@contextlib.contextmanager
def _unpacked(source: Path, manifest: Manifest, say: Callable[[str], None]) -> Iterator[Path]:
    """A folder of our own with everything of the archive, compared once more on the way; removed in the end."""
    runtime = Path(settings.RUNTIME_DIR)
    for left in runtime.glob(".restore-*"):
        shutil.rmtree(left, ignore_errors=True)  # a killed restore's; this process alone holds the installation
    place = runtime / f".restore-{os.getpid()}"
    place.mkdir(mode=0o700)

    def keep(name: str, chunks: Iterable[bytes]) -> None:
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb") as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())

    try:
        say("Unpacking")
        if Reading(keep).whole(source) != manifest:
            raise BadInput(_("The archive changed while it was read. Nothing was changed; try again."))
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _place_files(unpacked: Path, undo: contextlib.ExitStack) -> None:
    files = Path(settings.FILES_DIR)
    if files.is_dir():
        shutil.rmtree(files)  # `refuse_store` found nothing but empty folders
    unpacked.mkdir(exist_ok=True)
    for folder, _folders, _names in os.walk(unpacked):
        Path(folder).chmod(0o700)
    undo.callback(shutil.rmtree, files, ignore_errors=True)
    unpacked.rename(files)


def _place_kept(unpacked: Path, undo: contextlib.ExitStack) -> None:
    """Put a kept file in its place; the one this installation made for itself at its start comes back on failure."""
    place = Path(settings.RUNTIME_DIR) / unpacked.name
    if not unpacked.is_file():
        return
    before = place.read_bytes() if place.is_file() else None
    if before is None:
        undo.callback(place.unlink, missing_ok=True)
    else:
        undo.callback(place.write_bytes, before)
    unpacked.replace(place)


def _fill(url: str, source: Path, store: Store) -> None:
    # Tables that nobody has put anything into, if there are any: those of the backup take their place.
    major = _empty(url)
    folder, _version = programs.programs_at_least(max(store.dumped_by, major), server=major)
    programs.load(folder, url, source, server=major)


def _empty(url: str) -> int:
    """Take every table away; return the server's major version."""
    with psycopg.connect(url, connect_timeout=5, autocommit=True) as server:
        server.execute("DROP SCHEMA public CASCADE")
        server.execute("CREATE SCHEMA public")
        return server.info.server_version // 10000


def _compare(alias: str, store: Store) -> None:
    """Count every table anew.

    Raises:
        BadInput: a table holds another number of rows than at the moment of the backup.
    """
    with connections[alias].cursor() as cursor:
        found = rows_of_tables(cursor)
    different = sorted(name for name in store.rows.keys() | found.keys() if store.rows.get(name) != found.get(name))
    if different:
        words = _("The restored store differs from the backup in: %(tables)s. Do not use it; report this.")
        raise BadInput(words % {"tables": ", ".join(different)})
