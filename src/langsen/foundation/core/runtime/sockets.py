"""The Unix sockets on which pages and arena wait for the front: in a folder nobody else may enter."""

import hashlib
import os
from pathlib import Path

from langsen.foundation.core.runtime import places
from langsen.foundation.core.runtime.binaries import DatabaseUnavailable

LONGEST_SOCKET = 100  # sockaddr_un holds 107 bytes


def socket_folder() -> Path:
    """The folder, which need not exist: in the runtime folder, or a short path when that is too long for a socket."""
    near = places.runtime_dir() / "sockets"
    if len(os.fsencode(near / "pages.sock")) <= LONGEST_SOCKET:
        return near
    digest = hashlib.sha256(os.fsencode(near)).hexdigest()[:16]
    return Path("/tmp") / f"langsen-{os.geteuid()}-{digest}"  # noqa: S108 - its owner is checked


def socket_of(name: str) -> Path:
    """The socket of one side, its folder made. A folder that somebody else made first is refused."""
    folder = socket_folder()
    if folder.parent == places.runtime_dir():
        places.make_runtime_dir()
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != os.geteuid() or found.st_mode & 0o077:
        raise DatabaseUnavailable(f"The folder {folder} belongs to somebody else: remove it and start again.")
    return folder / f"{name}.sock"
