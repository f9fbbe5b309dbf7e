"""Bringing the tables of both stores up to date."""

from collections.abc import Callable

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections, router
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

from langsen.foundation.core.runtime import places
from langsen.foundation.core.runtime.binaries import DatabaseUnavailable

_SERVER = ("HOST", "PORT", "USER", "PASSWORD")


def addresses(url: str) -> dict[str, str]:
    """Return the address of each store by its alias; `url` is the register store's."""
    return {DEFAULT_DB_ALIAS: url, "contests": places.contest_store_of(url)}


def pending_migrations(alias: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Names of the migrations not yet applied to one store, in order."""
    executor = MigrationExecutor(connections[alias])
    plan = executor.migration_plan(_wanted(executor, alias))
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def migrate_store(progress: Callable[[str], None]) -> int:
    """Make the contest store if missing, apply what is pending in both, and return how many migrations that was.

    Raises:
        DatabaseUnavailable: the contest store is missing and may not be made here; the message says what to type.
    """
    steps = 0
    make_contest_store(progress)
    for alias in settings.DATABASES:
        pending = pending_migrations(alias)
        if pending:
            progress(f"Making the tables ({alias}): {len(pending)} steps")
            _migrate(alias)
        steps += len(pending)
    call_command("createcachetable", verbosity=0)
    return steps


def _wanted(executor: MigrationExecutor, alias: str) -> list[tuple[str, str]]:
    """The last migrations a store needs: the register store takes all, any other only those of its own apps."""
    leaves: list[tuple[str, str]] = executor.loader.graph.leaf_nodes()
    return [leaf for leaf in leaves if alias == DEFAULT_DB_ALIAS or router.allow_migrate(alias, leaf[0])]


def _migrate(alias: str) -> None:
    if alias == DEFAULT_DB_ALIAS:
        call_command("migrate", interactive=False, verbosity=0)
        return
    # Django's command would walk through every app's migrations, which do nothing here and take as long as at home.
    executor = MigrationExecutor(connections[alias])
    executor.migrate(_wanted(executor, alias))


def make_contest_store(progress: Callable[[str], None]) -> None:
    """Create the database of the contest store beside the register store, where it lies on the same server."""
    register, contest = connections[DEFAULT_DB_ALIAS], connections["contests"]
    name = contest.settings_dict["NAME"]
    if any(register.settings_dict[part] != contest.settings_dict[part] for part in _SERVER):
        _refuse_missing(contest.get_connection_params(), name)
        return
    with register.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone():
            return
    progress("Making the contest store")
    try:
        with psycopg.connect(
            **register.get_connection_params() | {"cursor_factory": psycopg.Cursor}, autocommit=True
        ) as server:
            server.execute(
                sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(sql.Identifier(name))
            )
    except psycopg.errors.DuplicateDatabase:  # another command was quicker
        return
    except psycopg.errors.InsufficientPrivilege as error:
        raise DatabaseUnavailable(_missing_words(name, str(register.settings_dict["USER"]))) from error


def _refuse_missing(parameters: dict[str, object], name: str) -> None:
    """On a server of its own the contest store is made by whoever keeps that server."""
    try:
        psycopg.connect(**parameters | {"cursor_factory": psycopg.Cursor}).close()  # type: ignore[arg-type]
    except psycopg.OperationalError as error:
        if "does not exist" not in str(error):
            words = f"The contest store (LANGSEN_CONTESTS_URL) does not answer: {str(error).strip()}"
            raise DatabaseUnavailable(f"{words}\nType: langsen doctor   to see what is wrong.") from error
        raise DatabaseUnavailable(_missing_words(name, str(parameters.get("user") or ""))) from error


def _missing_words(name: str, user: str) -> str:
    owner = f" --owner={user}" if user else ""
    return (
        f"The contest store is missing, and this account may not make the database {name}.\n"
        f"On its server type: createdb --encoding=UTF8 --template=template0{owner} {name}   (then again what you typed)"
    )
