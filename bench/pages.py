"""Pages over real HTTP (granian, one process of ours), with the number of their queries counted in this process."""

import os
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.starts import free_port
from bench.table import Table, timed
from bench.world.store import OFFICER
from langsen.foundation.accounts.models import User
from langsen.foundation.core.periods import half
from langsen.foundation.orgs.models import OrgUnit
from langsen.reports.models import Outline, Report
from langsen.reports.services.drafting import open_report

ROUNDS = 20
_YEARS = "from=2024-01-01&to=2024-12-31"
PAGES = (
    ("desk", "office:desk", "", ""),
    ("conferences and meetings", "study:sessions", "", ""),
    ("figures, summary of a year", "figures:page", "", _YEARS),
    ("figures, by unit", "figures:page", "", f"{_YEARS}&view=unit"),
    ("figures, by month", "figures:page", "", f"{_YEARS}&view=month"),
    ("the list behind a number", "figures:list", "", f"{_YEARS}&figure=study.regular_meetings"),
    ("organisations", "orgs:tree", "", ""),
    ("a unit (commune)", "orgs:unit", "X1", ""),
    ("roster", "people:roster", "", ""),
    ("reports", "reports:reports", "", ""),
    ("report, editor", "reports:edit", "report", ""),
)


# The same on both ways, as a session seen in another browser is written down anew.
_BROWSER = {"User-Agent": "bench"}


def measure_pages(table: Table) -> None:
    """Open each page twenty times as the province's officer, nobody else visiting."""
    client = Client(headers=_BROWSER | {"host": "127.0.0.1"})
    client.force_login(User.objects.get(username=OFFICER))
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    table.add("units in the store of the pages", f"{OrgUnit.objects.count():,}", note="five years of records")
    with serve_pages() as root:
        for name, page, argument, query in PAGES:
            address = _address(page, argument, query)
            times = [timed(partial(_get, root + address, cookie)) for _ in range(ROUNDS + 1)][1:]
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(address)
            if answer.status_code != 200:
                raise RuntimeError(f"{address} answered {answer.status_code}")
            slow = sorted(times)[int(ROUNDS * 0.95) - 1]
            value = f"{statistics.median(times) * 1000:.0f} ms, p95 {slow * 1000:.0f} ms"
            table.add(f"page: {name}", value, note=f"{len(queries)} queries")


def _address(page: str, argument: str, query: str) -> str:
    if argument == "report":
        return reverse(page, args=[_draft()])
    return reverse(page, args=[argument] if argument else []) + (f"?{query}" if query else "")


def _draft() -> int:
    """The half-year report of the province, opened once as its officer would."""
    outline = Outline.objects.get(code="half-year")
    report = Report.objects.filter(outline=outline).first()
    officer = User.objects.get(username=OFFICER)
    return (report or open_report(outline, OrgUnit.objects.get(code="T1"), half(2024, 1), by=officer)).pk


def _get(address: str, cookie: str) -> None:
    with urllib.request.urlopen(
        urllib.request.Request(address, headers=_BROWSER | {"Cookie": cookie}), timeout=60
    ) as answer:
        answer.read()


@contextmanager
def serve_pages() -> Iterator[str]:
    port = free_port()
    server = subprocess.Popen([sys.executable, "-m", "langsen", "serve", "--port", str(port)], env=os.environ)
    root = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"{root}/tai-khoan/dang-nhap/", timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        yield root
    finally:
        server.terminate()
        server.wait(30)
