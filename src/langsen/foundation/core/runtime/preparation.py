"""Whether a database has already been prepared by this very version, so that a second start need not look again.

The mark is a comment on the database itself: it travels with a copy, and a database made anew has none.
"""

import contextlib
import hashlib
import importlib.metadata
from collections.abc import Sequence
from pathlib import Path

import psycopg
from psycopg import sql

import langsen

_WITH_TABLES = ("langsen", "django", "django-allauth", "procrastinate")


def mark_of(commands: Sequence[Sequence[str]]) -> str:
    """What the preparing commands would do, as a fingerprint: every migration's name, and versions that have tables."""
    package = Path(langsen.__file__).parent
    migrations = sorted(str(path.relative_to(package)) for path in package.glob("**/migrations/*.py"))
    versions = [f"{name} {importlib.metadata.version(name)}" for name in _WITH_TABLES]
    facts = [*migrations, *versions, *(word for command in commands for word in command[1:])]
    return "prepared by langsen " + hashlib.sha256("\n".join(facts).encode()).hexdigest()


def is_prepared(url: str, mark: str) -> bool:
    """Does the database carry this mark?"""
    with psycopg.connect(url, connect_timeout=5) as connection:
        row = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
        ).fetchone()
    return bool(row and row[0] == mark)


def set_prepared(url: str, mark: str) -> None:
    """Mark the database. Where we are not its owner the next start simply looks again."""
    with (
        contextlib.suppress(psycopg.errors.InsufficientPrivilege),
        psycopg.connect(url, connect_timeout=5) as connection,
    ):
        name = sql.Identifier(connection.info.dbname)
        connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(name, sql.Literal(mark)))
