"""What one request has read and asks for again: grants, homes, the tree's version.

Nothing is remembered outside a request (commands, workers, tests of services). Within one, whatever may have changed
the store, or waited for somebody else to change it, forgets everything; from a write on to the end of its transaction
nothing is remembered, because that may still be undone.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import connection

Found = TypeVar("Found")


@dataclass
class _Memory:
    found: dict[Hashable, Any] = field(default_factory=dict)
    written: bool = False


_memory: ContextVar[_Memory | None] = ContextVar("langsen_request_memory", default=None)


@contextmanager
def request_memory() -> Iterator[None]:
    """Remember until the block ends."""
    token = _memory.set(_Memory())
    try:
        with connection.execute_wrapper(_watching):
            yield
    finally:
        _memory.reset(token)


def remembered(key: Hashable, find: Callable[[], Found]) -> Found:
    """Return what `find` gave for `key` earlier in this request, or ask it. The answer must not be changed."""
    memory = _memory.get()
    if memory is None or (memory.written and connection.in_atomic_block):
        return find()
    memory.written = False
    if key not in memory.found:
        found = find()
        memory.found[key] = found
    return memory.found[key]  # type: ignore[no-any-return]


def _watching(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    try:
        return execute(sql, params, many, context)
    finally:
        memory = _memory.get()
        if memory is not None and not _only_reads(sql):
            memory.found.clear()
            memory.written = True


def _only_reads(sql: str) -> bool:
    """A lock counts as writing: while we waited for it somebody else may have written."""
    text = sql.lstrip()
    return text[:6].upper() == "SELECT" and " FOR UPDATE" not in text and "advisory" not in text
