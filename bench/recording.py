"""Eight people record in fifty units, one of them everybody's, while 10,000 sessions are imported.

Both ways: with the cache of figures refreshed by every use case, as the program does, and without.
"""

import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from unittest import mock

from django.db import connection, connections
from django.db.models import Max

from bench.table import ROUNDS, Table
from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.periods import today
from langsen.foundation.figures.cache import rebuild
from langsen.foundation.orgs.models import OrgUnit
from langsen.registers.study.bulk import NewPoint, NewSession, record_sessions
from langsen.registers.study.figures import STUDY
from langsen.registers.study.models import StudySession
from langsen.registers.study.services.sessions import SessionFacts, record_session

CLIENTS = 8
UNITS = 50
IMPORTED = 10_000
SECONDS = 8.0
_MARK = "đo tốc độ ghi"


def measure_recording(table: Table) -> None:
    """Count what the clients record in a stretch of time, five times each way, and every error."""
    units = list(OrgUnit.objects.filter(kind__is_cell=True, during__contains=today()).order_by("id")[:UNITS])
    kept: list[float] = []
    bare: list[float] = []
    errors: list[str] = []
    newest = StudySession.objects.aggregate(last=Max("pk"))["last"]
    try:
        for number in range(ROUNDS + 1):
            for rates, refreshed in ((kept, True), (bare, False)):
                rate = _stretch(units, errors, refreshed=refreshed)
                _take_back(newest)
                if number:  # the first round of both is not counted
                    rates.append(rate)
    finally:
        rebuild(STUDY)
    spread = "{:.0f} a second ({:.0f}-{:.0f})"
    table.add(
        f"recording, {CLIENTS} clients on {UNITS} units during an import of {IMPORTED:,}: figures kept",
        spread.format(statistics.median(kept), min(kept), max(kept)),
        note=f"{len(errors)} errors or deadlocks",
        kept=not errors,
    )
    table.add("the same without keeping figures", spread.format(statistics.median(bare), min(bare), max(bare)))
    table.hold(
        "recording with figures kept",
        statistics.median(kept) / statistics.median(bare),
        least=0.75,
        against="recording without",
        note="; ".join(sorted(set(errors))[:2]),
    )


@contextmanager
def _figures(*, refreshed: bool) -> Iterator[None]:
    if refreshed:
        yield
        return
    nothing = mock.Mock()
    with (
        mock.patch("langsen.registers.study.services.sessions.refresh_figures", nothing),
        mock.patch("langsen.registers.study.bulk.refresh_figures", nothing),
    ):
        yield


def _stretch(units: list[OrgUnit], errors: list[str], *, refreshed: bool) -> float:
    stop = threading.Event()
    done: list[int] = []
    clients = [threading.Thread(target=_client, args=(n, units, stop, done, errors)) for n in range(CLIENTS)]
    importer = threading.Thread(target=_importer, args=(units, errors))
    with _figures(refreshed=refreshed):
        began = time.perf_counter()
        for thread in (*clients, importer):
            thread.start()
        time.sleep(SECONDS)
        stop.set()
        for thread in clients:
            thread.join()
        rate = len(done) / (time.perf_counter() - began)
        importer.join()
    return rate


def _client(number: int, units: list[OrgUnit], stop: threading.Event, done: list[int], errors: list[str]) -> None:
    """Every second record goes to the hot unit, the first; the others round the fifty."""
    by = system_user()
    for turn in count():
        if stop.is_set():
            break
        unit = units[0] if turn % 2 else units[(number * 7 + turn) % len(units)]
        facts = SessionFacts("regular_meeting", _MARK, today() - timedelta(days=turn % 60), has_study_item=True)
        try:
            record_session(unit, facts, by=by, present={"members": 10})
            done.append(1)
        except Exception as error:  # a deadlock is what we look for
            errors.append(type(error).__name__)
    connections.close_all()


def _importer(units: list[OrgUnit], errors: list[str]) -> None:
    rows = [_imported(units[number % len(units)], number) for number in range(IMPORTED)]
    try:
        record_sessions(rows, by=system_user())
    except Exception as error:
        errors.append(f"import: {type(error).__name__}")
    connections.close_all()


def _imported(unit: OrgUnit, number: int) -> NewSession:
    point = NewPoint(unit, {"members": 10}, is_main=True)
    return NewSession(unit, "regular_meeting", _MARK, today() - timedelta(days=number % 300), [point])


def _take_back(newest: int) -> None:
    """Remove what a stretch recorded, so that the next one meets the same store."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM study_sessionpoint WHERE session_id > %s", [newest])
        cursor.execute("DELETE FROM study_studysession WHERE id > %s", [newest])
