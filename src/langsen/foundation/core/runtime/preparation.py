"""Whether both stores have already been prepared by this very version, so that a second start need not look again.

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
from langsen.foundation.core.runtime import places

_WITH_TABLES = ("langsen", "django", "django-allauth", "procrastinate")


def mark_of(commands: Sequence[Sequence[str]]) -> str:
    """What the preparing commands would do, as a fingerprint: every migration's name, and versions that have tables."""
    package = Path(langsen.__file__).parent
    migrations = sorted(str(path.relative_to(package)) for path in package.glob("**/migrations/*.py"))
    versions = [f"{name} {importlib.metadata.version(name)}" for name in _WITH_TABLES]
    facts = [*migrations, *versions, *(word for command in commands for word in command[1:])]
    return "prepared by langsen " + hashlib.sha256("\n".join(facts).encode()).hexdigest()


def is_prepared(url: str, mark: str) -> bool:
    """Do both stores carry this mark? `url` is the register store's. A contest store that is missing carries none."""
    try:
        return _mark_on(url) == mark and _mark_on(places.contest_store_of(url)) == mark
    except psycopg.OperationalError:
        return False


def _mark_on(url: str) -> str | None:
    with psycopg.connect(url, connect_timeout=5) as connection:
        row = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
        ).fetchone()
    return row[0] if row else None


def set_prepared(url: str, mark: str) -> None:
    """Mark both stores. Where we are not their owner the next start simply looks again."""
    for store in (url, places.contest_store_of(url)):
        with (
            contextlib.suppress(psycopg.errors.InsufficientPrivilege),
            psycopg.connect(store, connect_timeout=5) as connection,
        ):
            name = sql.Identifier(connection.info.dbname)
            connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(name, sql.Literal(mark)))
