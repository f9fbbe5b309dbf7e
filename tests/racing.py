"""Two at the same moment, with real connections: for tests that a guard holds, beside a twin that removes the guard."""

import threading
from collections.abc import Callable

from django.db import connections


def at_once(*attempts: Callable[[], object]) -> list[object]:
    """Run the attempts in threads that start together; return each one's result or error.

    Needs `pytest.mark.django_db(transaction=True, serialized_rollback=True)`: what the test made must be committed.
    """
    gate = threading.Barrier(len(attempts))
    results: list[object] = [None] * len(attempts)

    def run(index: int) -> None:
        try:
            gate.wait(timeout=10)
            results[index] = attempts[index]()
        except Exception as error:
            results[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(attempts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results
