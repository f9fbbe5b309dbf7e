"""The published bundle: a zip of `manifest.json`, CSV files and `draws.json`. Its format is told in `docs/contests.md`.

Written and read as streams. Every member's SHA-256 stands in the manifest; the SHA-256 of the whole file is what the
organiser publishes beside it. The same results give the same bytes.
"""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

FORMAT = "langsen-results-2"
FIRST_FORMAT = "langsen-results-1"
"""What bundles said before there were parts and an order of the whole contest that knows rounds; still verified."""
MANIFEST = "manifest.json"
DRAWS = "draws.json"
COLUMNS: dict[str, tuple[str, ...]] = {
    "questions.csv": ("round", "number", "group", "kind", "key", "void", "options", "text"),
    "units.csv": ("code", "name", "path", "kind", "parent", "compared", "head_count", "head_count_on"),
    "entrants.csv": ("number", "name", "unit", "status", "extra_seconds"),
    "attempts.csv": (
        *("round", "entrant", "number", "id", "seed", "questions", "answers", "started", "deadline", "submitted"),
        *("by_clock", "duration", "correct", "phone"),
    ),
    "standings.csv": (
        *("round", "entrant", "used", "submitted", "all_correct", "attempt", "correct", "duration", "moment"),
        *("phone", "prediction", "key1", "key2", "key3", "key4", "place"),
    ),
    "contest_standings.csv": (
        *("entrant", "rounds", "submitted", "all_correct", "correct", "key1", "key2", "key3", "key4", "key5", "place"),
    ),
    "unit_tables.csv": (
        *("round", "code", "entrants", "attempts", "all_correct_people", "all_correct_attempts"),
        *("numerator", "denominator", "place"),
    ),
    "totals.csv": (*("round", "people", "attempts", "all_correct_people", "all_correct_attempts", "phone_people"),),
    "parts.csv": (*("round", "part", "groups", "people", "attempts", "all_correct_people", "all_correct_attempts"),),
    "prizes.csv": ("subject", "rank", "round", "place", "winner", "status", "grounds", "reason", "decided_on"),
    "regradings.csv": ("round", "question", "key_before", "key_after", "void", "reason", "on", "appeal_until"),
}
_FIRST_COLUMNS = {name: columns for name, columns in COLUMNS.items() if name != "parts.csv"} | {
    "contest_standings.csv": (
        *("entrant", "submitted", "all_correct", "correct", "key1", "key2", "key3", "key4", "place"),
    )
}
_COLUMNS_OF = {FORMAT: COLUMNS, FIRST_FORMAT: _FIRST_COLUMNS}
_MOST_MANIFEST = 4_000_000
_MOST_MEMBER = 4_000_000_000
_MOST_RATIO = 200
_STAMP = (1980, 1, 1, 0, 0, 0)


class BadBundle(Exception):
    """The file is no bundle of this format, or broken; the message says what is wrong with it."""


class BundleWriter:
    """Writes members one after the other, then the manifest that seals them."""

    def __init__(self, file: Path) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self._members: dict[str, dict[str, Any]] = {}

    @contextmanager
    def table(self, name: str) -> Iterator[Callable[[Sequence[object]], None]]:
        """Give a function that adds a row to the CSV member."""
        columns = COLUMNS[name]
        count = 0
        with self._open(name) as raw:
            digest = hashlib.sha256()
            out = io.StringIO()
            lines = csv.writer(out, lineterminator="\n")
            lines.writerow(columns)

            def flush() -> None:
                chunk = out.getvalue().encode()
                out.seek(0)
                out.truncate()
                digest.update(chunk)
                raw.write(chunk)

            def add(row: Sequence[object]) -> None:
                nonlocal count
                lines.writerow(["" if cell is None else cell for cell in row])
                count += 1
                if out.tell() > 60_000:
                    flush()

            yield add
            flush()
        self._members[name] = {"sha256": digest.hexdigest(), "rows": count}

    def draws(self, held: Sequence[dict[str, Any]]) -> None:
        """Write the draws as one JSON member."""
        content = _json_bytes(list(held))
        with self._open(DRAWS) as raw:
            raw.write(content)
        self._members[DRAWS] = {"sha256": hashlib.sha256(content).hexdigest(), "rows": len(held)}

    def finish(self, manifest: dict[str, Any]) -> None:
        """Write the manifest with the members' hashes, and close the file."""
        with self._open(MANIFEST) as raw:
            raw.write(_json_bytes({"format": FORMAT, **manifest, "members": self._members}))
        self._zip.close()

    def _open(self, name: str) -> IO[bytes]:
        info = zipfile.ZipInfo(name, _STAMP)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        return self._zip.open(info, "w", force_zip64=True)


class BundleReader:
    """A bundle somebody handed in: nothing in it is trusted.

    Raises:
        BadBundle: no zip, no manifest of this format, or larger than any bundle is.
    """

    def __init__(self, file: Path | IO[bytes]) -> None:
        try:
            self._zip = zipfile.ZipFile(file)
            self._check_sizes()
            manifest = json.loads(self._zip.read(MANIFEST))
        except KeyError as error:
            raise BadBundle(f"{MANIFEST} is missing") from error
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError, RecursionError) as error:
            raise BadBundle(f"not a readable bundle: {error}") from error
        if not isinstance(manifest, dict) or manifest.get("format") not in _COLUMNS_OF:
            raise BadBundle(f"{MANIFEST} says none of the formats {', '.join(_COLUMNS_OF)}")
        self.manifest: dict[str, Any] = manifest
        self._columns: dict[str, tuple[str, ...]] = _COLUMNS_OF[manifest["format"]]

    @property
    def is_first_format(self) -> bool:
        return bool(self.manifest["format"] == FIRST_FORMAT)

    @property
    def members(self) -> tuple[str, ...]:
        """The members a bundle of its format has, besides the manifest."""
        return (*self._columns, DRAWS)

    @property
    def names(self) -> set[str]:
        return set(self._zip.namelist())

    def columns(self, name: str) -> tuple[str, ...]:
        """Return the columns a CSV member has in the bundle's format."""
        return self._columns[name]

    def digest(self, name: str) -> str:
        """Return the SHA-256 (hex) of a member as it lies in the file."""
        made = hashlib.sha256()
        with self._opened(name) as raw:
            while chunk := raw.read(1 << 16):
                made.update(chunk)
        return made.hexdigest()

    def rows(self, name: str) -> Iterator[tuple[int, list[str]]]:
        """Yield the lines of a CSV member with their line numbers, each with as many cells as there are columns."""
        columns = self._columns[name]
        with self._opened(name) as raw, io.TextIOWrapper(raw, encoding="utf-8", newline="") as lines:
            try:
                reader = csv.reader(lines, strict=True)
                if tuple(next(reader, ())) != columns:
                    raise BadBundle(f"{name}: the columns are not {', '.join(columns)}")
                for cells in reader:
                    if len(cells) != len(columns):
                        raise BadBundle(f"{name}, line {reader.line_num}: {len(cells)} cells instead of {len(columns)}")
                    yield reader.line_num, cells
            except (csv.Error, UnicodeDecodeError, zipfile.BadZipFile) as error:
                raise BadBundle(f"{name}: {error}") from error

    def draws(self) -> list[dict[str, Any]]:
        """Return the draws."""
        try:
            with self._opened(DRAWS) as raw:
                held = json.loads(raw.read())
        except (ValueError, RecursionError, zipfile.BadZipFile) as error:
            raise BadBundle(f"{DRAWS}: {error}") from error
        if not isinstance(held, list) or not all(isinstance(one, dict) for one in held):
            raise BadBundle(f"{DRAWS}: not a list of draws")
        return held

    def _opened(self, name: str) -> IO[bytes]:
        try:
            return self._zip.open(name)
        except (KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
            raise BadBundle(f"{name} is missing or unreadable") from error

    def _check_sizes(self) -> None:
        infos = self._zip.infolist()
        if len(infos) > 4 * len(COLUMNS) or len({info.filename for info in infos}) != len(infos):
            raise BadBundle("more members than a bundle has")
        for info in infos:
            most = _MOST_MANIFEST if info.filename == MANIFEST else _MOST_MEMBER
            squeezed = info.file_size > 10_000_000 and info.file_size > _MOST_RATIO * max(info.compress_size, 1)
            if info.file_size > most or squeezed:
                raise BadBundle(f"{info.filename} is larger than any bundle's")


def file_digest(path: Path) -> str:
    """Return the SHA-256 (hex) of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _json_bytes(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
