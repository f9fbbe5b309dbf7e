"""Tests that commit (`@pytest.mark.django_db(transaction=True)`: races) leave the store as the migrations made it.

Django's own way, a plain TRUNCATE of everything, is refused by the audit trail and would take the catalogue data of the
migrations along. Here the rows of the migrated store are kept aside once and put back after each such test.
"""

from typing import Any

from django.db import connection
from django.test import TransactionTestCase

pytest_plugins = ["tests.isolation", "tests.demo_store"]
KEPT = "kept_by_tests"


def _tables(cursor: Any) -> list[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_migrations'")
    return [name for (name,) in cursor.fetchall()]


def _keep_migrated_rows(_cls: type[TransactionTestCase]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [KEPT])
        if cursor.fetchone():
            return
        cursor.execute(f"CREATE SCHEMA {KEPT}")
        for table in _tables(cursor):
            cursor.execute(f'SELECT EXISTS (SELECT FROM public."{table}")')  # noqa: S608
            if cursor.fetchone()[0]:
                cursor.execute(f'CREATE TABLE {KEPT}."{table}" AS TABLE public."{table}"')


def _put_back(_case: TransactionTestCase) -> None:
    with connection.cursor() as cursor:
        tables = _tables(cursor)
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [KEPT])
        kept = [name for (name,) in cursor.fetchall()]
        # As a replica neither the trail's triggers nor foreign keys stand in the way; only the cluster's owner may.
        cursor.execute("SET session_replication_role = replica")
        try:
            cursor.execute("TRUNCATE " + ", ".join(f'public."{table}"' for table in tables))
            for table in kept:
                cursor.execute(f'INSERT INTO public."{table}" OVERRIDING SYSTEM VALUE TABLE {KEPT}."{table}"')
        finally:
            cursor.execute("RESET session_replication_role")


# pytest-django runs a test that commits as a TransactionTestCase; TestCase has its own pair and is untouched.
TransactionTestCase._fixture_setup = classmethod(_keep_migrated_rows)  # type: ignore[method-assign]
TransactionTestCase._fixture_teardown = _put_back  # type: ignore[method-assign]
