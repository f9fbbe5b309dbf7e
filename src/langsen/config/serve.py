"""The two kinds of process that use the store: the pages, and the background work."""

import logging
import os
import threading
from pathlib import Path
from typing import Any

from langsen.config.wsgi_front import BEHIND_FRONT

log = logging.getLogger("langsen.worker")

THREADS_PER_PROCESS = 4
CONCURRENT_JOBS = 4
SEAL_EVERY = 1.0


def serve_pages(*, address: str, port: int, processes: int) -> None:
    """Serve the site on a port until SIGTERM or SIGINT."""
    _serve(processes, address=address, port=port)


def serve_pages_behind_front(socket: Path, *, processes: int) -> None:
    """Serve the site on a Unix socket until SIGTERM or SIGINT; whoever may open it is believed about the client."""
    os.environ[BEHIND_FRONT] = "1"
    socket.unlink(missing_ok=True)  # a killed process leaves it
    _serve(processes, uds=socket, uds_permissions=0o600)


def _serve(processes: int, **where: Any) -> None:
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "langsen.config.wsgi:application",
        **where,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=THREADS_PER_PROCESS,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=8,
        websockets=False,
    ).serve()


def work() -> None:
    """Run queued jobs and seal the audit trail until SIGTERM or SIGINT. Needs Django set up."""
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    stop = threading.Event()
    sealer = threading.Thread(target=seal_while, args=(stop,), name="sealer", daemon=True)
    sealer.start()
    if not isinstance(app.connector, DjangoConnector):
        raise TypeError(f"procrastinate is not set up for Django but for {app.connector}")
    worker_app = app.with_connector(app.connector.get_worker_connector())
    try:
        worker_app.run_worker(
            concurrency=CONCURRENT_JOBS,
            install_signal_handlers=True,
            delete_jobs="successful",
            shutdown_graceful_timeout=8,
        )
    finally:
        stop.set()
        sealer.join(timeout=5)


def seal_while(stop: threading.Event) -> None:
    """Seal what has settled in both stores, every second, until told to stop. A lost database is waited for."""
    from django.db import DatabaseError, close_old_connections

    from langsen.foundation.audit.seals import seal_settled
    from langsen.foundation.audit.stores import audited_stores

    failing: set[str] = set()
    while not stop.wait(SEAL_EVERY):
        for store in audited_stores():
            try:
                seal_settled(store=store)
                failing.discard(store)
            except DatabaseError as error:
                if store not in failing:
                    log.warning("The audit trail (%s) cannot be sealed now: %s", store, error)
                failing.add(store)
        close_old_connections()
