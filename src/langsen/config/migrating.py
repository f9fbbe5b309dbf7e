"""Bringing the tables of the store up to date."""

from collections.abc import Callable

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def pending_migrations() -> list[str]:
    """Names of the migrations not yet applied, in order."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def migrate_store(progress: Callable[[str], None]) -> int:
    """Apply what is pending and return how many migrations that was."""
    pending = pending_migrations()
    if pending:
        progress(f"Making the tables: {len(pending)} steps")
        call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    return len(pending)
