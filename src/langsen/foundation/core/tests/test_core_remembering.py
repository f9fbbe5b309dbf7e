"""What a request remembers, and when it asks anew."""

import pytest
from django.db import connection, transaction

from langsen.foundation.core.remembering import remembered, request_memory

pytestmark = pytest.mark.django_db


def _asked(asks: list[int]) -> int:
    asks.append(1)
    return len(asks)


def _statement(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_request_asks_once_and_the_next_one_again() -> None:
    asks: list[int] = []
    for _request in range(2):
        with request_memory():
            for _time in range(3):
                remembered("key", lambda: _asked(asks))
    assert len(asks) == 2


def test_without_a_request_nothing_is_remembered() -> None:
    asks: list[int] = []
    for _time in range(3):
        remembered("key", lambda: _asked(asks))
    assert len(asks) == 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "sql", ["UPDATE orgs_treestate SET version = version", "SELECT pg_advisory_lock_shared(7)", "SELECT 1 FOR UPDATE"]
)
def test_a_write_or_a_lock_forgets_and_later_answers_are_kept_again(sql: str) -> None:
    asks: list[int] = []
    with request_memory():
        remembered("key", lambda: _asked(asks))
        _statement("SELECT 1")
        remembered("key", lambda: _asked(asks))
        assert len(asks) == 1
        _statement(sql)
        remembered("key", lambda: _asked(asks))
        remembered("key", lambda: _asked(asks))
    assert len(asks) == 2


@pytest.mark.django_db(transaction=True)
def test_what_was_read_after_a_write_that_is_undone_is_not_kept() -> None:
    with request_memory():
        with transaction.atomic():
            _statement("UPDATE orgs_treestate SET version = version")
            assert remembered("key", lambda: "inside") == "inside"
            transaction.set_rollback(True)
        assert remembered("key", lambda: "after") == "after"
