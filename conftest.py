"""Both stores for tests: made once a run by the program's own `migrate`, copied for each worker, put back when changed.

Tests that commit (`@pytest.mark.django_db(transaction=True)`: races) leave each store as the migrations made it.
Django's own way, a plain TRUNCATE of everything, is refused by the audit trail and would take the catalogue data of the
migrations along. Here the rows of the migrated store are kept aside once and put back after each such test.
"""

import fcntl
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase
from pytest_django.plugin import DjangoDbBlocker

from tests.two_stores import CONTESTS, administer, copy_stores, database_exists, name_stores

pytest_plugins = ["tests.isolation", "tests.demo_store"]
KEPT = "kept_by_tests"
TEMPLATE = "langsen_test_template"
USES_DATABASE = {"db", "transactional_db", "live_server"}
SWEEPS = {"test_every_page_desk", "test_every_page_phone"}


@pytest.hookimpl(trylast=True)  # sorts what is left after the tiers were chosen
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    _give_both_stores(items)
    _put_long_files_first(items)


def _put_long_files_first(items: list[pytest.Item]) -> None:
    """Sort the files, so that no worker begins a long one when the other has nothing left to do.

    The two sweeps through every page come first, then the files with tests of the long tier, then the others; in each
    group the file of many tests before that of few. xdist's own order, which the Makefile turns off, knows only the
    last.
    """
    many = Counter(item.path for item in items)
    long = {item.path for item in items if item.get_closest_marker("slow") or item.get_closest_marker("kill")}
    items.sort(key=lambda item: (item.path.stem not in SWEEPS, item.path not in long, -many[item.path], item.path))


def _give_both_stores(items: list[pytest.Item]) -> None:
    """A page or a service may read both stores: whoever uses a database in a test has both, unless he names them."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        if marker and "databases" not in marker.kwargs:
            both = pytest.mark.django_db(*marker.args, **marker.kwargs, databases="__all__")
            item.add_marker(both, append=False)
        elif not marker and USES_DATABASE & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.django_db(databases="__all__"))


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,  # noqa: ARG001 - comes first
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """Give this worker a copy of both migrated stores. They go with the throw-away cluster."""
    folder = Path(os.environ["LANGSEN_TEST_CLUSTER"])
    with django_db_blocker.unblock():
        with (folder / "stores.lock").open("w") as lock:  # the workers of one run share the cluster
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not database_exists(TEMPLATE):
                _make_template()
        name_stores(copy_stores(TEMPLATE, "test_langsen"))
    yield
    with django_db_blocker.unblock():
        name_stores(settings.DATABASES["default"]["NAME"])


def _make_template() -> None:
    from langsen.config.migrating import migrate_store

    loading = f"{TEMPLATE}_loading"
    administer(f"CREATE DATABASE {loading}")
    name_stores(loading)
    migrate_store(lambda _words: None)
    name_stores(TEMPLATE)
    administer(f"ALTER DATABASE {loading}{CONTESTS} RENAME TO {TEMPLATE}{CONTESTS}")
    administer(f"ALTER DATABASE {loading} RENAME TO {TEMPLATE}")


def _tables(cursor: Any, schema: str) -> list[str]:
    cursor.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = %s AND tablename <> 'django_migrations'", [schema]
    )
    return [name for (name,) in cursor.fetchall()]


def _filled(cursor: Any, tables: list[str]) -> list[str]:
    asked = [f"SELECT '{name}' WHERE EXISTS (SELECT FROM public.\"{name}\")" for name in tables]  # noqa: S608
    cursor.execute(" UNION ALL ".join(asked))
    return [name for (name,) in cursor.fetchall()]


def _keep_migrated_rows(case: type[TransactionTestCase]) -> None:
    for alias in _aliases(case):
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [KEPT])
            if cursor.fetchone():
                continue
            tables = _tables(cursor, "public")
            cursor.execute(f"CREATE SCHEMA {KEPT}")
            cursor.execute(f"CREATE TABLE {KEPT}.django_migrations AS SELECT unnest(%s::text[]) AS known", [tables])
            for table in _filled(cursor, tables):
                cursor.execute(f'CREATE TABLE {KEPT}."{table}" AS TABLE public."{table}"')


def _put_back(case: TransactionTestCase) -> None:
    for alias in _aliases(case):
        with connections[alias].cursor() as cursor:
            cursor.execute(f"SELECT known FROM {KEPT}.django_migrations")  # noqa: S608
            known = [name for (name,) in cursor.fetchall()]
            for made in set(_tables(cursor, "public")) - set(known):  # partitions of the rounds of a test
                cursor.execute(f'DROP TABLE IF EXISTS public."{made}" CASCADE')
            # As a replica neither the trail's triggers nor foreign keys stand in the way; only the cluster's owner may.
            cursor.execute("SET session_replication_role = replica")
            try:
                # A test leaves few rows: deleting them takes a tenth of the time that truncating every table takes.
                for table in _filled(cursor, known):
                    cursor.execute(f'DELETE FROM public."{table}"')  # noqa: S608
                for table in _tables(cursor, KEPT):
                    put_back = f'INSERT INTO public."{table}" OVERRIDING SYSTEM VALUE TABLE {KEPT}."{table}"'
                    cursor.execute(put_back)
            finally:
                cursor.execute("RESET session_replication_role")


def _aliases(case: Any) -> list[str]:
    return [alias for alias in connections if alias in case.databases]


# pytest-django runs a test that commits as a TransactionTestCase; TestCase has its own pair and is untouched.
TransactionTestCase._fixture_setup = classmethod(_keep_migrated_rows)  # type: ignore[method-assign]
TransactionTestCase._fixture_teardown = _put_back  # type: ignore[method-assign]
