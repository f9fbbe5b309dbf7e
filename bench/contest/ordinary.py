"""The ordinary way to write: a page of the office (a meeting recorded by its form) through granian."""

import asyncio
import urllib.parse
import uuid

from django.conf import settings
from django.test import Client

from bench.contest.client import Outcome, Person, all_of
from bench.pages import serve_pages
from bench.table import Table
from bench.world.store import OFFICER
from langsen.foundation.accounts.models import User
from langsen.foundation.core.periods import today
from langsen.foundation.orgs.models import OrgUnit
from langsen.registers.study.models import StudySession

POSTS, TOGETHER, ROUNDS = 200, 8, 3
_TOKEN = "a" * 32  # the secret of a form is whatever cookie and header agree on
LEAST = 8


def measure_ordinary(table: Table, arena_rate: float) -> None:
    """Record meetings as the province's officer; hold the arena's rate against it."""
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(username=OFFICER))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookie = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={_TOKEN}"
    cells = list(OrgUnit.objects.filter(kind__is_cell=True, during__contains=today()).order_by("id")[:50])
    before = StudySession.objects.count()
    with serve_pages() as root:
        port = int(root.rsplit(":", 1)[1])
        outcomes = [asyncio.run(_record(port, cookie, cells)) for _ in range(ROUNDS)]
    recorded = StudySession.objects.count() - before
    if recorded != POSTS * ROUNDS:
        raise RuntimeError(f"{recorded} meetings were recorded: {outcomes[-1].errors}")
    middle = sorted(outcomes, key=lambda one: one.rate)[len(outcomes) // 2]
    table.add(f"an ordinary page that writes (a meeting), {TOGETHER} connections", middle.words())
    table.hold("handing in a paper", arena_rate / middle.rate, least=LEAST, against="an ordinary page that writes")


async def _record(port: int, cookie: str, cells: list[OrgUnit]) -> Outcome:
    people = [Person(port, cookie) for _ in range(TOGETHER)]
    outcome = Outcome()

    def call(number: int):  # type: ignore[no-untyped-def]
        async def send() -> tuple[int, bytes]:
            person = people.pop()
            try:
                status, body = await person.send(_post(cookie, cells[number % len(cells)]))
            finally:
                people.append(person)
            return (200 if status == 302 else status), body

        return send

    await all_of([call(number) for number in range(POSTS)], together=TOGETHER, outcome=outcome)
    return outcome


def _post(cookie: str, cell: OrgUnit) -> bytes:
    sent = {
        "unit": cell.code,
        "kind": "regular_meeting",
        "held_on": today().isoformat(),
        "title": "đo tốc độ",
        "present_members": "5",
        "client_id": str(uuid.uuid4()),
    }
    body = urllib.parse.urlencode(sent).encode()
    head = (
        f"POST /hoi-nghi/ghi-nhan/?unit={cell.code} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n"
        f"X-CSRFToken: {_TOKEN}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
