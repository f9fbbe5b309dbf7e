"""Pages as the province officer of the invented province opens them: time and number of queries."""

import statistics

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.table import Table, interleaved
from langsen.foundation.accounts.models import User

PAGES = {
    "desk": "/",
    "figures, summary": "/so-lieu/",
    "figures, by unit": "/so-lieu/?view=unit",
    "figures, by month": "/so-lieu/?view=month",
    "the list behind a number": "/so-lieu/danh-sach/?figure=study.regular_meetings",
    "conferences and meetings": "/hoi-nghi/",
    "organisations": "/to-chuc/",
    "roster": "/can-bo-dang-vien/",
}
ROUNDS = 20


def measure_pages(table: Table) -> None:
    """Open each page twenty times in this process (no network, no other visitors)."""
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(username="tinh.chuyenvien"))
    for name, address in PAGES.items():
        times = interleaved(lambda address=address: _open(client, address), rounds=ROUNDS)[0]
        with CaptureQueriesContext(connection) as queries:
            _open(client, address)
        slow = sorted(times)[int(ROUNDS * 0.95) - 1]
        table.add(
            f"page: {name}",
            f"{statistics.median(times) * 1000:.0f} ms, p95 {slow * 1000:.0f} ms",
            note=f"{len(queries)} queries",
        )


def _open(client: Client, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")
