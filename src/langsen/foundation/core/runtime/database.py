"""The database for as long as a command needs it: a given server, the running owner's, or one started for it."""

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg

from langsen.foundation.core.runtime import places
from langsen.foundation.core.runtime.binaries import DatabaseUnavailable
from langsen.foundation.core.runtime.cluster import Cluster

OLDEST_SERVER = 15
NOT_INITIALISED = "There is no database yet. Type: langsen up   (or, without starting the pages: langsen migrate)"
NO_CONTEST_STORE = (
    "The contest store is missing: this database is of an older version of the program.\nType: langsen migrate"
)


@contextlib.contextmanager
def database_running(*, initialise: bool = False) -> Iterator[str]:
    """Yield the URL of a database that answers, with Django set up on it.

    `$DATABASE_URL` if set; else the embedded server, which is started when nobody runs it and stopped by whoever
    leaves it last. `initialise` makes a missing embedded database instead of refusing.
    Raises DatabaseUnavailable, whose message says what to type.
    """
    if url := os.environ.get("DATABASE_URL"):
        check_server(url, migrated=not initialise)
        _set_up_django()
        yield url
        return
    cluster = Cluster.of_this_installation()
    if not cluster.initialised and not initialise:
        raise DatabaseUnavailable(NOT_INITIALISED)
    with using(cluster):
        os.environ["DATABASE_URL"] = url = cluster.url()
        try:
            check_server(url, migrated=not initialise)
            _set_up_django()
            yield url
        finally:
            _close_django()
            del os.environ["DATABASE_URL"]


@contextlib.contextmanager
def django_before_database() -> Iterator[None]:
    """Have Django set up for the database this installation has or will have, which is not started.

    For what can be judged without one; `database_running` may follow in the same process.
    """
    given = "DATABASE_URL" in os.environ
    os.environ.setdefault("DATABASE_URL", Cluster.of_this_installation().url())
    try:
        _set_up_django()
        yield
    finally:
        if not given:
            del os.environ["DATABASE_URL"]


@contextlib.contextmanager
def using(cluster: Cluster, *, wait: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold the embedded server up; the last to leave stops it, whoever started it.

    So a command may start it, `langsen up` adopt it, and the command end, or the other way round.
    """
    with _lock("database.users", fcntl.LOCK_SH) as users:
        start_once(cluster, wait=wait)
        try:
            yield
        finally:
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                cluster.stop()


def start_once(cluster: Cluster, *, wait: Callable[[], None] | None = None) -> None:
    """Make the cluster and its database where missing and start it, once, however many processes ask at a time."""
    with _lock("database.start", fcntl.LOCK_EX):
        cluster.initialise()
        cluster.start(wait=wait)
        cluster.create_database()


def check_server(url: str, *, migrated: bool) -> None:
    """Refuse a server that does not answer, is too old, or (when `migrated`) holds no tables or no contest store yet.

    A contest store on a server of its own (`$LANGSEN_CONTESTS_URL`) is not asked: the registers work without it.
    """
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            version = connection.info.server_version // 10000
            row = connection.execute(
                "SELECT to_regclass('django_migrations') IS NOT NULL,"
                " EXISTS (SELECT FROM pg_database WHERE datname = current_database() || '_contests')"
            ).fetchone()
    except psycopg.OperationalError as error:
        raise DatabaseUnavailable(
            f"The database does not answer: {str(error).strip()}\nType: langsen doctor   to see what is wrong."
        ) from error
    if version < OLDEST_SERVER:
        raise DatabaseUnavailable(f"PostgreSQL {version} is too old: {OLDEST_SERVER} or newer is needed.")
    if migrated and not (row and row[0]):
        raise DatabaseUnavailable(NOT_INITIALISED)
    if migrated and row and not row[1] and "LANGSEN_CONTESTS_URL" not in os.environ:
        raise DatabaseUnavailable(NO_CONTEST_STORE)


@contextlib.contextmanager
def _lock(name: str, kind: int) -> Iterator[int]:
    path: Path = places.make_runtime_dir() / name
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise DatabaseUnavailable(f"The runtime folder cannot be used: {error}") from error
    try:
        fcntl.flock(descriptor, kind)
        yield descriptor
    finally:
        os.close(descriptor)


def _set_up_django() -> None:
    import django

    django.setup()


def _close_django() -> None:
    from django.db import connections

    connections.close_all()
    for connection in connections.all(initialized_only=True):
        connection.close_pool()  # type: ignore[attr-defined]  # only PostgreSQL has pools, and we have nothing else
