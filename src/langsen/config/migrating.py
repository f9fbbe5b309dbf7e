"""Bringing the tables of both stores up to date."""

from collections.abc import Callable

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql


def pending_migrations(alias: str = "default") -> list[str]:
    """Names of the migrations not yet applied to one store, in order."""
    executor = MigrationExecutor(connections[alias])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def migrate_store(progress: Callable[[str], None]) -> int:
    """Make the contest store if missing, apply what is pending in both, and return how many migrations that was."""
    steps = 0
    _make_contest_store(progress)
    for alias in settings.DATABASES:
        pending = pending_migrations(alias)
        if pending:
            progress(f"Making the tables ({alias}): {len(pending)} steps")
            call_command("migrate", database=alias, interactive=False, verbosity=0)
        steps += len(pending)
    call_command("createcachetable", verbosity=0)
    return steps


def _make_contest_store(progress: Callable[[str], None]) -> None:
    """Create the database of the contest store beside the register store, where it lies on the same server."""
    register, contest = connections["default"], connections["contests"]
    if any(register.settings_dict[part] != contest.settings_dict[part] for part in ("HOST", "PORT", "USER")):
        return
    name = contest.settings_dict["NAME"]
    with register.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone():
            return
    progress("Making the contest store")
    with psycopg.connect(
        **register.get_connection_params() | {"cursor_factory": psycopg.Cursor}, autocommit=True
    ) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
