"""One embedded PostgreSQL: made once, started as a foreground child, adopted when it outlived its owner, stopped.

It listens on a Unix socket in a folder only its account may enter, never on the network.
"""

import contextlib
import hashlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from langsen.foundation.core.runtime import places
from langsen.foundation.core.runtime.binaries import (
    Account,
    DatabaseUnavailable,
    can_enter,
    programs_for,
    run_as,
    service_account,
)

SUPERUSER = "langsen"
DATABASE = "langsen"
MAX_CONNECTIONS = 100  # docs/operating.md shows who needs how many
_SOCKET_PATH_LIMIT = 90  # sockaddr_un holds 107 bytes, of which the file's own name takes 15
_SYSTEM_HOME = Path("/var/lib/langsen")

# People of a province are sorted and hashed by the hundred thousand: in memory, not on disk.
_DURABLE = {"fsync": "on", "shared_buffers": "128MB", "work_mem": "32MB"}
# A throw-away cluster loses everything in a power cut, which is what it is for.
_THROW_AWAY = {
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "64MB",
    "autovacuum": "off",
}


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]


def installation_home() -> Path:
    """Where this installation's database lies: below the runtime folder, or, for root with a runtime folder that the
    service account cannot enter, /var/lib/langsen/<hash of path>. An existing one is never lost sight of."""
    runtime = places.runtime_dir()
    near = runtime / "postgres"
    if os.geteuid() != 0 or (near / "data" / "PG_VERSION").is_file():
        return near
    far = _SYSTEM_HOME / _digest(runtime)
    if (far / "data" / "PG_VERSION").is_file():
        return far
    return near if can_enter(service_account(), runtime) else far


class Cluster:
    """The PostgreSQL whose files lie in `home`."""

    def __init__(self, home: Path, *, throw_away: bool = False) -> None:
        self.home = home
        self.data = home / "data"
        self.throw_away = throw_away
        self._child: subprocess.Popen[bytes] | None = None

    @classmethod
    def of_this_installation(cls) -> "Cluster":
        return cls(installation_home())

    @cached_property
    def account(self) -> Account | None:
        """The account the server runs under; None when that is ourselves."""
        return service_account(self.data.stat().st_uid if self.data.is_dir() else None)

    @cached_property
    def programs(self) -> Path:
        """The folder of postgres, initdb, pg_dump and the others."""
        return programs_for(self.account, self.home)

    @cached_property
    def sockets(self) -> Path:
        """The socket's folder: in `home`, or a short path when that is too long for a socket."""
        near = self.home / "socket"
        if len(os.fsencode(near)) <= _SOCKET_PATH_LIMIT:
            return near
        return Path("/tmp") / f"langsen-{os.geteuid()}-{_digest(self.home)}"  # noqa: S108 - its owner is checked

    @property
    def initialised(self) -> bool:
        return (self.data / "PG_VERSION").is_file()

    def url(self, database: str = DATABASE) -> str:
        """The DATABASE_URL of one database of this cluster."""
        return f"postgresql:///{quote(database)}?host={quote(str(self.sockets), safe='')}&user={SUPERUSER}"

    def initialise(self) -> None:
        """Make the files of the cluster, if there are none. A half-made one (killed while at it) is made again."""
        if self.initialised:
            return
        self._make_home()
        draft = self.home / "data.draft"
        shutil.rmtree(draft, ignore_errors=True)
        self._make_private(draft)
        command = [
            str(self.programs / "initdb"),
            f"--pgdata={draft}",
            f"--username={SUPERUSER}",
            "--encoding=UTF8",
            # The wheel has no ICU, and the C library's folding depends on LANG; the builtin provider does neither.
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            "--auth-local=trust",  # only our account can enter the socket's folder
            "--auth-host=reject",
            "--no-instructions",
            *(["--no-sync"] if self.throw_away else []),
        ]
        done = subprocess.run(  # type: ignore[call-overload]
            command,
            check=False,
            capture_output=True,
            cwd=draft,
            env=self._environment(),
            **run_as(self.account),
        )
        if done.returncode != 0:
            raise DatabaseUnavailable(f"initdb failed: {done.stderr.decode(errors='replace').strip()}")
        draft.rename(self.data)

    def pid(self) -> int | None:
        """The live server's process id, whoever started it."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            process = psutil.Process(int(lines[0]))
            # A process id may have been given to something else since.
            ours = str(self.data) in process.cmdline() and process.status() != psutil.STATUS_ZOMBIE
        except (OSError, ValueError, IndexError, psutil.Error):
            return None
        return process.pid if ours else None

    def start(self, *, tied_to_us: bool = False, wait: Callable[[], None] | None = None) -> None:
        """Start the server, or adopt the live one, and return once it accepts connections.

        `tied_to_us`: the server ends when the calling thread does. `wait` is called between looks, ten a second.
        """
        if self.pid() is None:
            self._spawn(tied_to_us)
        self._wait_until_ready(wait)

    def poll(self) -> bool:
        """Is the server alive? Also collects a dead child."""
        if self._child is not None and self._child.poll() is not None:
            self._child = None
        return self.pid() is not None

    def stop(self, timeout: float = 20) -> None:
        """Stop the server within `timeout` seconds or a little more: roll open transactions back, else cut it short."""
        for sign, seconds in ((signal.SIGINT, timeout), (signal.SIGQUIT, 5.0)):
            pid = self.pid()
            if pid is None:
                break
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, sign)
            self._wait_until_gone(pid, seconds)
        if self._child is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._child.wait(timeout=5)
            self._child = None

    def create_database(self, name: str = DATABASE) -> bool:
        """Make the database if it is missing; True when it was made."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                return False
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return True

    def _make_home(self) -> None:
        if self.home.is_dir():
            return
        if self.home.parent == places.runtime_dir():
            places.make_runtime_dir()
        for folder in (self.home.parent, self.home):
            if not folder.is_dir():
                folder.mkdir(parents=True)
                folder.chmod(0o711 if self.account else 0o700)

    def _make_private(self, folder: Path) -> None:
        """A folder that only the server's account may enter. One that somebody else made first is refused."""
        folder.mkdir(exist_ok=True)
        folder.chmod(0o700)
        if self.account:
            os.chown(folder, self.account.uid, self.account.gid)
        expected = self.account.uid if self.account else os.geteuid()
        found = folder.lstat()
        if folder.is_symlink() or found.st_uid != expected or found.st_mode & 0o077:
            raise DatabaseUnavailable(f"The folder {folder} belongs to somebody else: remove it and start again.")

    def _settings(self) -> dict[str, str]:
        return {
            "listen_addresses": "",
            "unix_socket_directories": f'"{self.sockets}"',  # a list: quoted, so that a comma in a path is a comma
            "unix_socket_permissions": "0700",
            "max_connections": str(MAX_CONNECTIONS),
            "timezone": "UTC",
            "log_timezone": "UTC",
            "logging_collector": "on",
            "log_filename": "postgresql-%a.log",  # a week of files, each begun anew
            "log_truncate_on_rotation": "on",
            "log_rotation_age": "1d",
            **(_THROW_AWAY if self.throw_away else _DURABLE),
        }

    def _spawn(self, tied_to_us: bool) -> None:
        self._make_private(self.sockets)
        options = [part for name, value in self._settings().items() for part in ("-c", f"{name}={value}")]
        with (self.home / "start.log").open("wb") as log:
            self._child = subprocess.Popen(  # type: ignore[call-overload]
                [str(self.programs / "postgres"), "-D", str(self.data), *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.data,
                env=self._environment(),
                start_new_session=True,  # Ctrl-C is for the owner, who stops the web first
                preexec_fn=_die_with_parent if tied_to_us else None,  # noqa: PLW1509 - only while single-threaded
                **run_as(self.account),
            )

    def _environment(self) -> dict[str, str]:
        # Neither the caller's language nor his PG* variables may reach the server.
        return {"PATH": f"{self.programs}:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}

    def _wait_until_ready(self, wait: Callable[[], None] | None) -> None:
        """However long crash recovery takes, as long as the server lives."""
        while True:
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=5).close()
            except psycopg.OperationalError as error:
                if self._child is not None and self._child.poll() is not None:
                    self._child = None
                    raise DatabaseUnavailable(f"PostgreSQL does not start: {self._last_words()}") from error
                if self._child is None and self.pid() is None:
                    raise DatabaseUnavailable("PostgreSQL has stopped while it was being waited for.") from error
            else:
                return
            if wait:
                wait()
            time.sleep(0.1)

    def _wait_until_gone(self, pid: int, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.poll() and self.pid() == pid:
            time.sleep(0.05)

    def _last_words(self) -> str:
        logs = [
            self.home / "start.log",
            *sorted((self.data / "log").glob("*.log"), key=lambda file: file.stat().st_mtime),
        ]
        lines = [line for log in logs for line in log.read_text(errors="replace").splitlines() if line.strip()]
        return "\n".join(lines[-4:]) or "it left no message"


def _die_with_parent() -> None:
    """Ask Linux to end this process when its parent's thread ends; elsewhere nothing happens."""
    with contextlib.suppress(OSError, AttributeError):
        import ctypes

        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGINT)
