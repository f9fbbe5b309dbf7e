"""Making a backup while the site runs: one moment of the database, then the files it names."""

import contextlib
import hashlib
import importlib.metadata
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, connections, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone
from django.utils.translation import gettext as _

from langsen.foundation.core.backup import programs
from langsen.foundation.core.backup.archive import Archive
from langsen.foundation.core.backup.holding import Held, files_held
from langsen.foundation.core.backup.manifest import FILES, KEPT, Manifest, Store, dump_of
from langsen.foundation.core.errors import BadInput

# Their tables are in the archive, their rows are not: who is signed in (a session ended since must not come back to
# life), and how often somebody tried a password.
WITHOUT_ROWS = ("django_session", "usersessions_usersession", "core_cache")
MARK = "last-backup.json"
_DRAFT = "archive"


@dataclass(frozen=True)
class Seen:
    """What the command reads in the stores at the very moment of the copy: facts of each for the list of contents, by
    its alias, and the files that records name, relative to the folder of files.
    """

    facts: Mapping[str, Mapping[str, object]]
    needed: frozenset[str]


def make_backup(
    target: Path, *, urls: Mapping[str, str], look: Callable[[], Seen], say: Callable[[str], None]
) -> Manifest:
    """Write a backup of all stores (alias -> address) to `target` and return its list of contents. The site may run.

    Each database is copied as it stood at one moment, the moments a blink apart; files stored up to then are held from
    before, so every file a record names is there though somebody deletes it meanwhile. The archive appears under its
    name when it is complete, readable by its owner alone; an existing file is never replaced.

    Raises:
        BadInput: `target` exists or its folder does not, the programs are older than the server, or the copy failed.
        OSError: the disk is full, or the folder may not be written; nothing is left behind.
    """
    if target.exists() or target.is_symlink():
        raise BadInput(_("“%(file)s” exists already and is not replaced. Choose another name.") % {"file": str(target)})
    if not target.parent.is_dir():
        raise BadInput(_("There is no folder “%(folder)s”.") % {"folder": str(target.parent)})
    files = Path(settings.FILES_DIR)
    files.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _workplace(target) as place, files_held(files) as held:
        say("Copying the database")
        stores, needed = _copy_stores(place, urls, held, look)
        names = held.names()
        say(f"Copying {len(names)} files")
        manifest = Manifest(
            langsen=importlib.metadata.version("langsen"),
            made_at=timezone.localtime().isoformat(timespec="seconds"),
            stores=stores,
            missing=tuple(sorted(needed - set(names))),
        )
        manifest = _write(place, manifest, held)
        _publish(place / _DRAFT, target)
    _note(target, manifest)
    return manifest


def _write(place: Path, manifest: Manifest, held: Held) -> Manifest:
    """Write the draft of the archive; the dumps go as soon as they are in it, for their room is wanted."""
    with (place / _DRAFT).open("xb") as out:
        archive = Archive(out)
        for alias in manifest.stores:
            archive.add(dump_of(alias), place / dump_of(alias))
            (place / dump_of(alias)).unlink()
        for name in KEPT:
            if (kept := Path(settings.RUNTIME_DIR) / name).is_file():
                archive.add(name, kept)
        for name in held.names():
            archive.add(FILES + name, held.place / name)
        manifest = replace(manifest, members=tuple(archive.members))
        archive.close_with(manifest)
        out.flush()
        os.fsync(out.fileno())
    return manifest


@dataclass(frozen=True)
class _Moment:
    """A store held still: its snapshot can be copied by another program while this transaction lasts."""

    cursor: CursorWrapper
    snapshot: str
    server: int


@contextlib.contextmanager
def _moment(alias: str) -> Iterator[_Moment]:
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot(), current_setting('server_version_num')::int / 10000")
        snapshot, server = cursor.fetchone()
        yield _Moment(cursor, snapshot, server)


def _copy_stores(
    place: Path, urls: Mapping[str, str], held: Held, look: Callable[[], Seen]
) -> tuple[dict[str, Store], frozenset[str]]:
    """Copy each database at one moment, and read what the list of contents says of that same moment."""
    stores = {}
    with contextlib.ExitStack() as stack:
        moments = {alias: stack.enter_context(_moment(alias)) for alias in urls}
        held.catch_up()
        seen = look()
        for alias, moment in moments.items():
            folder, version = programs.programs_at_least(moment.server, server=moment.server)
            moment.cursor.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
            migrations = tuple(row[0] for row in moment.cursor.fetchall())
            rows = rows_of_tables(moment.cursor)
            out = place / dump_of(alias)
            programs.dump(folder, urls[alias], moment.snapshot, out, without_rows=WITHOUT_ROWS)
            stores[alias] = Store(moment.server, version, migrations, rows, dict(seen.facts[alias]))
    return stores, seen.needed


def rows_of_tables(cursor: CursorWrapper) -> dict[str, int]:
    """Return the number of rows of every table whose rows a backup carries."""
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relpersistence = 'p'"
        " AND relnamespace = 'public'::regnamespace ORDER BY relname"
    )
    tables = [row[0] for row in cursor.fetchall() if row[0] not in WITHOUT_ROWS]
    counts = {}
    for table in tables:
        cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
        counts[table] = int(cursor.fetchone()[0])
    return counts


@contextlib.contextmanager
def _workplace(target: Path) -> Iterator[Path]:
    """A folder of our own beside the target, so that the archive only has to be renamed; removed however we end."""
    place = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _publish(draft: Path, target: Path) -> None:
    """Give the finished archive its name, unless somebody has taken it meanwhile."""
    draft.chmod(0o600)
    try:
        os.link(draft, target)
    except FileExistsError:
        raise BadInput(
            _("“%(file)s” exists already and is not replaced. Choose another name.") % {"file": str(target)}
        ) from None
    except OSError:  # a file system without hard links, a memory stick say
        draft.rename(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _note(target: Path, manifest: Manifest) -> None:
    """Note when the last backup was made, for `langsen doctor`."""
    digest = hashlib.sha256(manifest.as_bytes()).hexdigest()
    facts = {"made_at": manifest.made_at, "file": str(target.absolute()), "contents_sha256": digest}
    mark = Path(settings.RUNTIME_DIR) / MARK
    draft = mark.with_suffix(".draft")
    draft.write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
    draft.chmod(0o600)
    draft.replace(mark)


def last_backup() -> tuple[datetime, str] | None:
    """Return when the last backup of this installation was made, and its file; None when none is known."""
    try:
        facts = json.loads((Path(settings.RUNTIME_DIR) / MARK).read_text(encoding="utf-8"))
        return datetime.fromisoformat(facts["made_at"]), str(facts["file"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
