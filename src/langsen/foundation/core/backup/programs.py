"""PostgreSQL's own programs that copy a database: which ones fit a server, and running them."""

import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from django.utils.translation import gettext as _
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.runtime import places
from langsen.foundation.core.runtime.binaries import DatabaseUnavailable, programs_for

# Before the rows of a dump: what only some servers know. pg_restore asks for the first since 17, and an older server
# does not know it; the second is a private note of Debian's 15.20 that the pg_dump of another version copies along.
_UNKNOWN_TO_OLDER = re.compile(rb"SET transaction_timeout = 0;\n")
_PRIVATE_NOTE = re.compile(rb"ALTER TABLE ONLY \S+ ALTER COLUMN \S+ SET \(pg_attver=\d+\);\n")
_KNOWN_SINCE = 17
# Where Debian and Red Hat keep each major version's programs.
_PLACES = ("/usr/lib/postgresql/{}/bin", "/usr/pgsql-{}/bin")


def version_of(program: Path) -> int:
    """Return the major version of one of PostgreSQL's programs; 0 when it cannot be run."""
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return 0
    found = re.search(r"\) (\d+)", done.stdout)
    return int(found[1]) if found else 0


def programs_at_least(major: int, *, server: int) -> tuple[Path, int]:
    """Return the folder of pg_dump, pg_restore and psql of version `major` or newer, and their version.

    Those of the server's own version are preferred; then those that come with Langsen, then the machine's.

    Raises:
        BadInput: all there are are older.
    """
    folders = [Path(place.format(server)) for place in _PLACES]
    with contextlib.suppress(DatabaseUnavailable):
        folders.insert(0, programs_for(None, places.runtime_dir()))
    if found := shutil.which("pg_dump"):
        folders.append(Path(found).parent)
    versions = [(folder, version_of(folder / "pg_dump")) for folder in folders]
    fitting = sorted((one for one in versions if one[1] >= major), key=lambda one: one[1] != server)
    if not fitting:
        words = _(
            "PostgreSQL %(server)s is newer than the programs here (%(have)s). Install its client programs (pg_dump, "
            "pg_restore, psql) where they are found (PATH), then try again."
        )
        have = max((version for _folder, version in versions), default=0)
        raise BadInput(words % {"server": major, "have": have or "–"})
    return fitting[0]


def dump(programs: Path, url: str, snapshot: str, out: Path, *, without_rows: Sequence[str]) -> None:
    """Write the database as it stood at `snapshot` to `out`, in pg_dump's own form.

    Rows of unlogged tables stay out: they are what must not outlive the machine.

    Raises:
        BadInput: pg_dump failed; its own words say why.
    """
    where, environment = _connection(url)
    command = [
        str(programs / "pg_dump"),
        f"--dbname={where}",
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        "--no-unlogged-table-data",
        f"--snapshot={snapshot}",
        f"--file={out}",
        *(f"--exclude-table-data=public.{table}" for table in without_rows),
    ]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode != 0:
        raise BadInput(_("The database could not be copied: %(why)s") % {"why": _last_lines(done.stderr)})


def load(programs: Path, url: str, source: Path, *, server: int) -> None:
    """Fill the empty database from a dump, all of it or nothing.

    Raises:
        BadInput: it could not be; the database is as empty as before.
    """
    where, environment = _connection(url)
    unpack = [str(programs / "pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(source)]
    fill = [str(programs / "psql"), "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    with (
        subprocess.Popen(unpack, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as reader,
        subprocess.Popen(
            [*fill, "--output=/dev/null", "--file=-", f"--dbname={where}"],
            env=environment,
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as writer,
    ):
        try:
            _pass_on(reader, writer, older=server < _KNOWN_SINCE)
        except BaseException:
            # The last word of psql's input would be read as its end, and what came so far be committed.
            writer.kill()
            reader.kill()
            raise
        said = writer.stderr.read() if writer.stderr else b""
    if writer.returncode != 0:
        raise BadInput(
            _("The database could not be filled: %(why)s") % {"why": _last_lines(said.decode(errors="replace"))}
        )


def _pass_on(reader: subprocess.Popen[bytes], writer: subprocess.Popen[bytes], *, older: bool) -> None:
    """Send what one program prints to the other; psql sees the end only when pg_restore has ended well."""
    if reader.stdout is None or writer.stdin is None or reader.stderr is None:
        raise TypeError("both programs are started with pipes")
    try:
        for line in reader.stdout:
            if not (_PRIVATE_NOTE.fullmatch(line) or (older and _UNKNOWN_TO_OLDER.fullmatch(line))):
                writer.stdin.write(line)
            if line.startswith(b"COPY "):  # from here on come rows, which are nobody's to look at
                break
        while chunk := reader.stdout.read(1 << 16):
            writer.stdin.write(chunk)
        said = reader.stderr.read()
        if reader.wait() != 0:
            raise BadInput(
                _("The database could not be filled: %(why)s") % {"why": _last_lines(said.decode(errors="replace"))}
            )
        writer.stdin.close()
    except BrokenPipeError:
        writer.wait()  # psql has refused and says why
        reader.kill()


def _connection(url: str) -> tuple[str, Mapping[str, str]]:
    """Return the address for a command line, and the environment that carries the password nobody else may see."""
    parts = conninfo_to_dict(url)
    password = parts.pop("password", None)
    secret = {"PGPASSWORD": str(password)} if password else {}
    return make_conninfo("", **parts), {**os.environ, **secret}


def _last_lines(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " / ".join(lines[-3:]) or "–"
