"""The demonstration in stores of its own: loaded once by the command itself, then copied for whoever needs it.

`demo_url` is for reading, through commands. `demo_world` is a copy this process works in and may change.
"""

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from tests.two_stores import STORES, administer, copy_stores, database_exists, drop_stores, name_stores, url_of

TEMPLATE = "langsen_demo_template"


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


@pytest.fixture(scope="session")
def demo_template() -> str:
    """The name of two databases (it, and it with CONTESTS) that hold the demonstration; nobody is connected to them."""
    folder = Path(os.environ["LANGSEN_TEST_CLUSTER"])
    with (folder / "demo.lock").open("w") as lock:  # the workers of one run share the cluster
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not database_exists(TEMPLATE):
            loading = f"{TEMPLATE}_loading"
            administer(f"CREATE DATABASE {loading}")
            langsen("demo", url=url_of(loading))
            for store in reversed(STORES):
                administer(f"ALTER DATABASE {loading}{store} RENAME TO {TEMPLATE}{store}")
    return TEMPLATE


@pytest.fixture(scope="session")
def demo_url(demo_template: str) -> Iterator[str]:
    """The address of a copy to read from; its contest store lies beside it."""
    database = copy_stores(demo_template, "demo_read")
    yield url_of(database)
    drop_stores(database)


@pytest.fixture
def demo_world(demo_template: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Work in a fresh copy: Django's own connections are its, until the test ends. The value is its address."""
    database = copy_stores(demo_template, "demo_own")
    usual = str(connection.settings_dict["NAME"])
    with django_db_blocker.unblock():
        name_stores(database)
        try:
            yield url_of(database)
        finally:
            name_stores(usual)
    drop_stores(database)
