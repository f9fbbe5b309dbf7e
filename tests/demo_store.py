"""The demonstration in a database of its own: loaded once by the command itself, then copied for whoever needs it.

`demo_url` is for reading, through commands. `demo_world` is a copy this process works in and may change.
"""

import fcntl
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

TEMPLATE = "langsen_demo_template"


def url_of(database: str) -> str:
    """Return the address of another database of the throw-away cluster."""
    return re.sub(r"(?<=://)([^/]*)/[^?]*", rf"\1/{database}", os.environ["DATABASE_URL"])


def langsen(*arguments: str, url: str) -> str:
    """Run the command as a person would and return what it printed on stdout."""
    run = run_langsen(*arguments, url=url)
    assert run.returncode == 0, f"langsen {' '.join(arguments)}: exit {run.returncode}\n{run.stderr[-3000:]}"
    return run.stdout


def run_langsen(*arguments: str, url: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a person would, whatever comes of it."""
    return subprocess.run(
        [sys.executable, "-m", "langsen", *arguments],
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def _administer(statement: str) -> None:
    with psycopg.connect(url_of("postgres"), autocommit=True) as server:
        server.execute(statement)  # type: ignore[call-overload]


def _exists(database: str) -> bool:
    with psycopg.connect(url_of("postgres")) as server:
        return bool(server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchall())


@pytest.fixture(scope="session")
def demo_template() -> str:
    """The name of a database that holds the demonstration and that nobody is connected to."""
    folder = Path(os.environ["LANGSEN_TEST_CLUSTER"])
    with (folder / "demo.lock").open("w") as lock:  # the workers of one run share the cluster
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _exists(TEMPLATE):
            _administer(f"CREATE DATABASE {TEMPLATE}_loading")
            langsen("demo", url=url_of(f"{TEMPLATE}_loading"))
            _administer(f"ALTER DATABASE {TEMPLATE}_loading RENAME TO {TEMPLATE}")
    return TEMPLATE


def _copy(template: str, name: str) -> str:
    database = f"{name}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    _drop(database)
    _administer(f"CREATE DATABASE {database} TEMPLATE {template}")
    return database


def _drop(database: str) -> None:
    _administer(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")


@pytest.fixture(scope="session")
def demo_url(demo_template: str) -> Iterator[str]:
    """The address of a copy to read from."""
    database = _copy(demo_template, "demo_read")
    yield url_of(database)
    _drop(database)


@pytest.fixture
def demo_world(demo_template: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Work in a fresh copy: Django's own connection is its, until the test ends. The value is its address."""
    database = _copy(demo_template, "demo_own")
    usual = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]
        connection.settings_dict["NAME"] = database
        try:
            yield url_of(database)
        finally:
            connection.close()
            connection.close_pool()  # type: ignore[attr-defined]
            connection.settings_dict["NAME"] = usual
    _drop(database)
