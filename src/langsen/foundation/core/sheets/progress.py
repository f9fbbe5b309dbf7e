"""How far a large import is: told from inside its transaction by a connection of its own, so it is seen at once."""

import logging
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from langsen.foundation.core.models import ImportRun, ImportStage

logger = logging.getLogger("langsen.sheets")

T = TypeVar("T")
_PAUSE = 1.0  # seconds between two words
_LOOK = 256  # rows between two looks at the clock
# The row stands since the run was queued; nobody waits for whoever holds it.
_FREE = "run_id = (SELECT run_id FROM core_importprogress WHERE run_id = %s FOR UPDATE SKIP LOCKED)"
_TELL = f"UPDATE core_importprogress SET stage = %s, done = %s, total = %s, told_at = now() WHERE {_FREE}"  # noqa: S608
_END = f"DELETE FROM core_importprogress WHERE {_FREE}"  # noqa: S608


class Progress:
    """What a step of an import says while it goes through its rows; this one says it to nobody."""

    def through(self, items: Iterable[T], stage: ImportStage, total: int, each: int = 1) -> Iterable[T]:  # noqa: ARG002
        """Return `items`, of `each` rows, to go through once; how many of `total` rows are done is told on the way."""
        return items


SILENT = Progress()


class ToldProgress(Progress):
    """Progress of one run, for the page. `with` holds the connection; a word that cannot be said ends the telling only.

    The words lie in a row of their own: that of the run is locked by the import itself until it is committed.
    """

    def __init__(self, run: ImportRun) -> None:
        self.run_id = run.pk
        self.connection: BaseDatabaseWrapper | None = None

    def __enter__(self) -> "ToldProgress":
        self.connection = connections[DEFAULT_DB_ALIAS].copy()
        return self

    def __exit__(self, *_fault: object) -> None:
        self._say(_END, [self.run_id])
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def through(self, items: Iterable[T], stage: ImportStage, total: int, each: int = 1) -> Iterator[T]:
        """Return `items` as they are, told about once a second."""
        self._tell(stage, 0, total)
        told = time.monotonic()
        for number, item in enumerate(items):
            if number % max(_LOOK // each, 1) == 0 and time.monotonic() - told > _PAUSE:
                self._tell(stage, number * each, total)
                told = time.monotonic()
            yield item
        self._tell(stage, total, total)

    def _tell(self, stage: ImportStage, done: int, total: int) -> None:
        if total:
            self._say(_TELL, [stage.value, done, total, self.run_id])

    def _say(self, statement: str, values: list[int | str]) -> None:
        if self.connection is None:
            return
        try:
            with self.connection.cursor() as cursor:
                cursor.execute(statement, values)
        except DatabaseError as fault:
            logger.warning("import %s goes on, but cannot say how far it is: %s", self.run_id, fault)
            self.connection.close()
            self.connection = None
