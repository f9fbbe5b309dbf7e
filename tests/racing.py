"""Two at the same moment, with real connections: for tests that a guard holds, beside a twin that removes the guard.

The one place where tests make threads that work in the stores: what a thread took from the pools it gives back.
"""

import contextlib
import threading
from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from django.db import connections
from django.db.models import QuerySet

T = TypeVar("T")

SURELY_SECONDS = 20.0
"""So long a thread waits for one that nothing holds up."""
HELD_UP_SECONDS = 0.5
"""So long it waits for one that a guard may hold up until it went on itself."""


def giving_back(act: Callable[[], T]) -> Callable[[], T]:
    """`act` for a thread of its own: the connections it opened go back to the pools, whatever comes of it."""

    def acted() -> T:
        try:
            return act()
        finally:
            connections.close_all()

    return acted


def at_once(*attempts: Callable[[], object]) -> list[object]:
    """Run the attempts in threads that start together; return each one's result or error.

    Needs `pytest.mark.django_db(transaction=True)`: what the test made must be committed.
    """
    gate = threading.Barrier(len(attempts))
    results: list[object] = [None] * len(attempts)

    def run(index: int) -> None:
        try:
            gate.wait(SURELY_SECONDS)
            results[index] = giving_back(attempts[index])()
        except Exception as error:
            results[index] = error

    threads = [threading.Thread(target=run, args=(index,), daemon=True) for index in range(len(attempts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=2 * SURELY_SECONDS)
    assert not any(thread.is_alive() for thread in threads), "an attempt did not come to an end"
    return results


def meet_after(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, *, guarded: bool) -> None:
    """Let two threads wait for each other just after `owner.name` returned.

    With the guard one of the two may be held up before it: then the other soon goes on alone. Without it both must
    come, or the test ends in an error: a twin that did not meet would show nothing.
    """
    gate, original = threading.Barrier(2), getattr(owner, name)

    def met(*args: Any, **words: Any) -> Any:
        value = original(*args, **words)
        if guarded:
            with contextlib.suppress(threading.BrokenBarrierError):
                gate.wait(HELD_UP_SECONDS)
        else:
            gate.wait(SURELY_SECONDS)
        return value

    monkeypatch.setattr(owner, name, met)


def without_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take every row lock away."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_words: self)
