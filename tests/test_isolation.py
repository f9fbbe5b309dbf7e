"""What the tests' own isolation notices."""

import threading

import pytest
from django.db import connections

from tests.isolation import lost_connections
from tests.racing import at_once, giving_back

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "contests"])


def ask() -> None:
    for alias in ("default", "contests"):
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT 1")


def in_thread(act) -> None:
    thread = threading.Thread(target=act)
    thread.start()
    thread.join(10)


def test_a_thread_that_keeps_its_connections_is_noticed() -> None:
    kept: list[object] = []

    def careless() -> None:
        ask()
        kept.extend(connections.all())

    before = lost_connections()
    in_thread(careless)
    assert lost_connections() == {alias: before.get(alias, 0) + 1 for alias in ("default", "contests")}
    for wrapper in kept:
        wrapper.inc_thread_sharing()  # type: ignore[attr-defined]
        wrapper.close()  # type: ignore[attr-defined]
    assert lost_connections() == before


def test_racing_threads_and_this_one_lose_none() -> None:
    before = lost_connections()
    ask()
    at_once(ask, ask)
    in_thread(giving_back(ask))
    assert lost_connections() == before
