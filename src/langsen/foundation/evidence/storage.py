"""Where files lie on the disk: under names of ours, in folders only this account can read, outside the web root."""

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

INCOMING = "incoming"
THUMBNAIL = ".thumb"
_OWNER_ONLY = 0o600


def folder() -> Path:
    """Return the folder of all files, made when missing."""
    path = Path(settings.FILES_DIR) / "evidence"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def new_name() -> str:
    return uuid.uuid4().hex


def path_of(stored_name: str) -> Path:
    """Return where the file of this name lies."""
    return folder() / stored_name[:2] / stored_name[2:4] / stored_name


def thumbnail_of(stored_name: str) -> Path:
    """Return where the small picture of the file lies."""
    path = path_of(stored_name)
    return path.with_name(path.name + THUMBNAIL)


def incoming_path() -> Path:
    """Return a fresh place for a file being looked at; it has our name and no ending."""
    place = folder() / INCOMING
    place.mkdir(exist_ok=True, mode=0o700)
    return place / new_name()


def keep(source: Path, target: Path) -> None:
    """Move a file that was looked at to where it stays, safely on the disk before anything refers to it."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    source.chmod(_OWNER_ONLY)
    with source.open("rb") as file:
        os.fsync(file.fileno())
    shutil.move(source, target)


def remove(stored_name: str) -> None:
    """Remove a file and its small picture; what is gone already is no fault."""
    path_of(stored_name).unlink(missing_ok=True)
    thumbnail_of(stored_name).unlink(missing_ok=True)


def kept_files() -> Iterator[Path]:
    """Yield every file on the disk, those being looked at included."""
    yield from (path for path in folder().rglob("*") if path.is_file())
