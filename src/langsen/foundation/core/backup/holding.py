"""The files of the store held still while they are copied, though the site goes on storing and deleting them."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

# Files still being looked at belong to no record yet.
_PASSING = ("evidence/incoming/",)


class Held:
    """A second set of names (hard links) for the stored files, so that a file deleted meanwhile can still be copied."""

    def __init__(self, files: Path, place: Path) -> None:
        self.files = files
        self.place = place

    def catch_up(self) -> None:
        """Hold every file there is now, beside those held before."""
        for folder, _folders, names in os.walk(self.files):
            for name in names:
                path = Path(folder) / name
                inside = path.relative_to(self.files).as_posix()
                if path.is_symlink() or not path.is_file() or inside.startswith(_PASSING):
                    continue
                held = self.place / inside
                held.parent.mkdir(parents=True, exist_ok=True)
                with contextlib.suppress(FileExistsError, FileNotFoundError):  # held already; deleted this moment
                    self._hold(path, held)

    def _hold(self, path: Path, held: Path) -> None:
        try:
            os.link(path, held, follow_symlinks=False)
        except (FileExistsError, FileNotFoundError):
            raise
        except OSError:  # a file system without hard links
            shutil.copyfile(path, held, follow_symlinks=False)

    def names(self) -> list[str]:
        """Return the names of the held files, relative to the folder of files, sorted."""
        return sorted(path.relative_to(self.place).as_posix() for path in self.place.rglob("*") if path.is_file())


@contextlib.contextmanager
def files_held(files: Path) -> Iterator[Held]:
    """Hold the stored files until the block ends. What a killed backup left is removed first."""
    for left in files.parent.glob(".backup-files-*"):
        if not _lives(left.name.rpartition("-")[2]):
            shutil.rmtree(left, ignore_errors=True)
    place = files.parent / f".backup-files-{os.getpid()}"
    place.mkdir(mode=0o700)
    try:
        held = Held(files, place)
        held.catch_up()
        yield held
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _lives(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True
