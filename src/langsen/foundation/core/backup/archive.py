"""The form of an archive: a gzip-compressed tar of plain files, its list of contents last."""

import gzip
import hashlib
import io
import tarfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from django.utils.translation import gettext as _

from langsen.foundation.core.backup.manifest import FILES, KEPT, NAME, Manifest, Member, dump_of, dumps, read_manifest
from langsen.foundation.core.errors import BadInput

_CHUNK = 1 << 20
_LONGEST_MANIFEST = 1 << 28
# What a flipped bit or a missing end of the file makes the libraries say.
_DAMAGE = (zlib.error, EOFError, gzip.BadGzipFile, tarfile.TarError)

# Called with a member's name and its bytes, which it must read to the end.
Visit = Callable[[str, Iterable[bytes]], None]


class Damaged(BadInput):
    """The archive cannot be read to its end, or its checksum is wrong."""


class _Hashed(io.RawIOBase):
    """A file that hashes what is read from it."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        content = self._source.read(size)
        self.digest.update(content)
        return content


class Archive:
    """An archive being written to an open file; members go straight through, nothing is held in memory."""

    def __init__(self, out: IO[bytes]) -> None:
        # The large members are compressed already; level 1 costs little and shrinks the rest.
        self._packed = gzip.GzipFile(filename="", fileobj=out, mode="wb", compresslevel=1)
        self._tar = tarfile.open(fileobj=self._packed, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self.members: list[Member] = []

    def add(self, name: str, path: Path) -> None:
        """Add the file at `path` as `name`. Raises OSError when it cannot be read, or shrinks meanwhile."""
        with path.open("rb") as source:
            info = tarfile.TarInfo(name)
            stat = path.stat()
            info.size, info.mtime, info.mode = stat.st_size, int(stat.st_mtime), 0o600
            hashed = _Hashed(source)
            self._tar.addfile(info, hashed)  # only `read` is asked of it
        self.members.append(Member(name, info.size, hashed.digest.hexdigest()))

    def close_with(self, manifest: Manifest) -> None:
        """Add the list of contents and finish."""
        content = manifest.as_bytes()
        info = tarfile.TarInfo(NAME)
        info.size, info.mode = len(content), 0o600
        self._tar.addfile(info, io.BytesIO(content))
        self._tar.close()
        self._packed.close()


def check_name(info: tarfile.TarInfo) -> None:
    """Refuse a member that is no plain file, or would lie anywhere but in its place.

    Raises:
        BadInput: a link, a device, an absolute name, "..", or a name no backup has.
    """
    name = info.name
    parts = PurePosixPath(name).parts
    plain = info.isreg() and "\0" not in name and "\\" not in name and str(PurePosixPath(name)) == name
    inside = name in {NAME, *KEPT, *dumps()} or (name.startswith(FILES) and len(parts) > 1)
    if not plain or not inside or ".." in parts or name.startswith("/"):
        words = _(
            "The archive holds “%(name)s”, which no backup holds. It was not made by Langsen; nothing was changed."
        )
        raise BadInput(words % {"name": name[:200]})


def visit_members(path: Path, visit: Visit) -> None:
    """Call `visit` for each member in order; each name is checked before.

    Raises:
        BadInput: it is no archive, is damaged or ends too early (naming the member), or holds what no backup holds.
    """
    at = ""
    seen: set[str] = set()
    try:
        with path.open("rb") as raw, gzip.GzipFile(fileobj=raw) as unpacked:
            with tarfile.open(fileobj=unpacked, mode="r|") as tar:
                for info in tar:
                    check_name(info)
                    at = info.name
                    if at in seen:
                        raise BadInput(_("The archive holds “%(name)s” twice; it is not a backup.") % {"name": at})
                    seen.add(at)
                    content = tar.extractfile(info)
                    if content is not None:
                        visit(at, _chunks(content))
            while unpacked.read(_CHUNK):  # to the very end, where the checksum of the whole is compared
                pass
    except _DAMAGE as error:
        if not at:
            words = _("“%(file)s” is not a backup of Langsen, or is damaged from its beginning. Nothing was changed.")
            raise Damaged(words % {"file": path.name}) from error
        words = _("The archive is damaged or cut off at “%(name)s” (%(why)s). Use another copy; nothing was changed.")
        raise Damaged(words % {"name": at, "why": str(error) or type(error).__name__}) from error


def _chunks(content: IO[bytes]) -> Iterator[bytes]:
    while chunk := content.read(_CHUNK):
        yield chunk


class Reading:
    """Reads an archive once and compares every member with the list at its end; `keep` gets the bytes on the way."""

    def __init__(self, keep: Callable[[str, Iterable[bytes]], None] | None = None) -> None:
        self._keep = keep
        self._found: dict[str, Member] = {}
        self._manifest = b""

    def visit(self, name: str, chunks: Iterable[bytes]) -> None:
        """Take one member."""
        if name == NAME:
            self._manifest = b"".join(self._short(chunks))
            return
        digest, size = hashlib.sha256(), 0

        def through() -> Iterator[bytes]:
            nonlocal size
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                yield chunk

        if self._keep is None:
            for _chunk in through():
                pass
        else:
            self._keep(name, through())
        self._found[name] = Member(name, size, digest.hexdigest())

    def whole(self, path: Path) -> Manifest:
        """Read the archive to its end and return its list of contents.

        Raises:
            BadInput: as `visit_members` and `result`; where only the checksum of the whole is wrong, the digests tell
                which member it is.
        """
        try:
            visit_members(path, self.visit)
        except Damaged:
            if self._manifest:
                self.result()
            raise
        return self.result()

    def result(self) -> Manifest:
        """Return the list of contents when every member is as it says.

        Raises:
            BadInput: there is no list, or a member is missing, altered or not on the list.
        """
        if not self._manifest:
            last = next(reversed(self._found), "")
            words = _("The archive is cut off after “%(name)s”: its list of contents is missing. Nothing was changed.")
            raise BadInput(words % {"name": last})
        manifest = read_manifest(self._manifest)
        listed = {member.name: member for member in manifest.members}
        for name in [*listed, *self._found, *map(dump_of, manifest.stores)]:
            if name not in listed or listed[name] != self._found.get(name):
                words = _("The archive is damaged: “%(name)s” is not what was put into it. Nothing was changed.")
                raise BadInput(words % {"name": name})
        return manifest

    @staticmethod
    def _short(chunks: Iterable[bytes]) -> Iterator[bytes]:
        size = 0
        for chunk in chunks:
            size += len(chunk)
            if size > _LONGEST_MANIFEST:
                raise BadInput(
                    _("The archive is damaged: its list of contents (%(name)s) cannot be read.") % {"name": NAME}
                )
            yield chunk


def verified(path: Path) -> Manifest:
    """Read the whole archive and return its list of contents; nothing is written anywhere.

    Raises:
        BadInput: no file, no archive, damaged, cut off, or made by a newer program.
    """
    if not path.is_file():
        raise BadInput(_("There is no file “%(file)s”.") % {"file": str(path)})
    return Reading().whole(path)
