"""No test reaches the network, and a required tier may not skip: a pytest plugin named by the conftest.py at the root.

The database cluster comes from `langsen.foundation.core.runtime.pytest_cluster`.
"""

import gc
import ipaddress
import os
import sys
import time
from asyncio import events
from collections.abc import Generator
from pathlib import Path

import pytest
from django.conf import settings as site
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper
from pytest_django import Settings

from tests.examples import FAST_TIER

RETURNING_SECONDS = 20.0
_told: dict[str, int] = {}  # a test that lost some fails; those after it do not


def pytest_configure(config: pytest.Config) -> None:
    if "not slow" in config.option.markexpr:
        os.environ[FAST_TIER] = "1"
    site.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    site.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    sys.addaudithook(_only_this_machine)


@pytest.fixture
def own_files(settings: Settings, tmp_path: Path) -> Path:
    """The folder in which this test's attached, sent and written files lie, and no other's."""
    settings.FILES_DIR = tmp_path
    return tmp_path


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What was imported lives as long as the run: the collector need not walk through it again and again."""
    gc.collect()
    gc.freeze()


def _without_the_browsers_loop(item: pytest.Item) -> Generator[None, object, object]:
    """Playwright keeps its event loop running in the thread between browser tests; other tests may start their own.

    Taken away around a whole phase, never inside one: with a running loop Django's connections are other ones, and a
    test would not write in the transaction that was opened for it.
    """
    kept = None if item.get_closest_marker("browser") else events._get_running_loop()
    if kept is None:
        return (yield)
    events._set_running_loop(None)
    try:
        return (yield)
    finally:
        events._set_running_loop(kept)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, object, object]:
    return (yield from _without_the_browsers_loop(item))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    return (yield from _without_the_browsers_loop(item))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    """After each test whatever its threads took from the pools must be back: later tests would wait for it in vain."""
    answer = yield from _without_the_browsers_loop(item)
    until = time.monotonic() + RETURNING_SECONDS
    while lost := {alias: many for alias, many in lost_connections().items() if many > _told.get(alias, 0)}:
        if time.monotonic() > until:
            _told.update(lost)
            pytest.fail(f"connections not given back (see tests/racing.py): {lost}")
        time.sleep(0.05)
    return answer


def lost_connections() -> dict[str, int]:
    """Return how many connections of each store are neither in its pool nor this thread's own."""
    lost = {}
    for alias, pool in DatabaseWrapper._connection_pools.items():  # type: ignore[attr-defined]
        known = pool.get_stats()
        out = known.get("pool_size", 0) - known.get("pool_available", 0) - _own_connections(alias)
        if out > 0:
            lost[alias] = out
    return lost


def _own_connections(alias: str) -> int:
    """Count this thread's connections to a store: one for when an event loop runs, one for when none does."""
    running, own = events._get_running_loop(), 0
    for loop in {None, running}:
        events._set_running_loop(loop)
        wrapper = getattr(connections._connections, alias, None)  # type: ignore[attr-defined]
        own += wrapper is not None and wrapper.connection is not None
    events._set_running_loop(running)
    return own


def _only_this_machine(event: str, arguments: tuple[object, ...]) -> None:
    """No test reaches another machine: the interpreter tells of every connection before it is made."""
    if event == "socket.connect":
        address = arguments[1]
    elif event == "socket.getaddrinfo":
        address = arguments[:1]
    else:
        return
    if not isinstance(address, tuple) or _is_local(address[0]):  # not a tuple: a Unix socket
        return
    raise RuntimeError(f"A test may not reach the network: {address[0]!r}")


def _is_local(host: object) -> bool:
    if host in (None, "", b"", "localhost", b"localhost"):
        return True
    try:
        return ipaddress.ip_address(host.decode() if isinstance(host, bytes) else str(host)).is_loopback
    except ValueError:
        return False


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):  # type: ignore[no-untyped-def]
    """`LANGSEN_REQUIRE=browser` (the full run) turns a browser test's skip into a failure."""
    outcome = yield
    report = outcome.get_result()
    required = os.environ.get("LANGSEN_REQUIRE", "").split(",")
    if (
        report.skipped
        and not hasattr(report, "wasxfail")
        and any(item.get_closest_marker(name) for name in required if name)
    ):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, but LANGSEN_REQUIRE={','.join(required)}"
