"""What interrupted requests left behind, and which kept files are missing from the disk."""

import time
from dataclasses import dataclass

from langsen.foundation.evidence import storage
from langsen.foundation.evidence.models import StoredFile
from langsen.foundation.evidence.services import link_tables, remove_unneeded

_DAY = 24 * 3600  # younger files may belong to a request still under way


@dataclass(frozen=True)
class Swept:
    """How many files no record needed, and how many lay on the disk unknown to the store."""

    unneeded: int
    unknown: int


def sweep(older_than: float = _DAY) -> Swept:
    """Remove files no record refers to, and files on the disk that no row knows, when older than this (seconds)."""
    before = time.time() - older_than
    needed: set[int] = set()
    for table in link_tables():
        needed |= set(table._default_manager.values_list("file_id", flat=True))
    files = StoredFile.objects.exclude(pk__in=needed).order_by("pk")
    unneeded = sum(remove_unneeded(file) for file in files if file.stored_at.timestamp() < before)
    known = set(StoredFile.objects.values_list("stored_name", flat=True))
    unknown = 0
    for path in storage.kept_files():
        if path.name.removesuffix(storage.THUMBNAIL) not in known and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            unknown += 1
    return Swept(unneeded, unknown)


def missing_files() -> list[str]:
    """Return the names of kept files whose bytes are not on the disk, oldest first."""
    rows = StoredFile.objects.order_by("pk").values_list("name", "stored_name", "format")
    return [name for name, stored_name, _format in rows.iterator() if not storage.path_of(stored_name).is_file()]
