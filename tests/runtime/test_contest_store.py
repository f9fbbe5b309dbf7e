"""The contest store's database: made beside the other, refused clearly where it may not be, looked for at a start."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from langsen.foundation.core.runtime.preparation import is_prepared, set_prepared
from tests.runtime.owners import run
from tests.two_stores import CONTESTS, administer, database_exists, drop_stores, url_of

NAME = "contest_store_try"


@pytest.fixture
def registers() -> Iterator[str]:
    """An empty register store with no contest store beside it."""
    drop_stores(NAME)
    administer(f"CREATE DATABASE {NAME}")
    yield url_of(NAME)
    drop_stores(NAME)


def tables(url: str) -> set[str]:
    with psycopg.connect(url) as server:
        return {name for (name,) in server.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}


@pytest.mark.slow
def test_migrate_makes_it_with_its_own_tables_alone(registers: str, tmp_path: Path) -> None:
    done = run(tmp_path / "home", "migrate", DATABASE_URL=registers)
    assert done.returncode == 0, done.stderr
    there = tables(url_of(NAME + CONTESTS))
    assert {"contests_contest", "arena_attempt", "audit_auditevent", "django_migrations"} <= there
    assert not {name for name in there if name.startswith(("people", "orgs", "accounts", "django_session"))}
    assert "contests_contest" not in tables(registers)
    assert "up to date" in run(tmp_path / "home", "migrate", DATABASE_URL=registers).stdout
    # Lost, or never made by an older version: a command says what to type, and that helps.
    administer(f"DROP DATABASE {NAME}{CONTESTS}")
    done = run(tmp_path / "home", "audit", "verify", DATABASE_URL=registers)
    assert (done.returncode, "langsen migrate" in done.stderr) == (4, True), done.stderr
    assert run(tmp_path / "home", "migrate", DATABASE_URL=registers).returncode == 0
    assert run(tmp_path / "home", "audit", "verify", DATABASE_URL=registers).returncode == 0


@pytest.mark.slow
def test_an_account_that_may_not_make_databases_is_told_what_to_type(registers: str, tmp_path: Path) -> None:
    administer("DROP ROLE IF EXISTS plain_account")
    administer("CREATE ROLE plain_account LOGIN")
    administer(f"ALTER DATABASE {NAME} OWNER TO plain_account")
    url = registers.replace("user=langsen", "user=plain_account")
    with psycopg.connect(registers, autocommit=True) as server:
        server.execute("ALTER SCHEMA public OWNER TO plain_account")
    done = run(tmp_path / "home", "migrate", DATABASE_URL=url)
    assert done.returncode == 4, done.stderr
    assert f"createdb --encoding=UTF8 --template=template0 --owner=plain_account {NAME}{CONTESTS}" in done.stderr
    assert "Traceback" not in done.stderr
    administer(f"CREATE DATABASE {NAME}{CONTESTS} OWNER plain_account")
    assert run(tmp_path / "home", "migrate", DATABASE_URL=url).returncode == 0
    drop_stores(NAME)
    administer("DROP ROLE plain_account")


@pytest.mark.parametrize(
    ("given", "words"),
    [("postgresql:///x?host=/nonexistent", "does not answer"), ("missing", "createdb")],
)
def test_a_store_on_a_server_of_its_own_is_not_made_here(
    registers: str, tmp_path: Path, given: str, words: str
) -> None:
    spelled_otherwise = url_of("elsewhere_contests").replace("socket&", "socket%2F&")
    url = spelled_otherwise if given == "missing" else given
    done = run(tmp_path / "home", "migrate", DATABASE_URL=registers, LANGSEN_CONTESTS_URL=url)
    assert (done.returncode, words in done.stderr) == (4, True), done.stderr
    assert not database_exists("elsewhere_contests")


def test_a_start_looks_again_when_only_the_contest_store_is_missing(registers: str) -> None:
    administer(f"CREATE DATABASE {NAME}{CONTESTS}")
    assert not is_prepared(registers, "mark")
    set_prepared(registers, "mark")
    assert is_prepared(registers, "mark")
    assert not is_prepared(registers, "another version's mark")
    administer(f"DROP DATABASE {NAME}{CONTESTS}")
    assert not is_prepared(registers, "mark")
