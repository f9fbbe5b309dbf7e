"""`langsen arena` as people run it: two processes side by side on one database, one of them ended in the middle."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import aiohttp
import pytest
from django.db import connections

from langsen.contests.arena.models import Attempt, Standing
from langsen.contests.contests.models import Entrant, Round
from langsen.contests.contests.tickets import COOKIE, issue_ticket
from langsen.contests.stores import STORE
from tests.arena_client import FAR
from tests.contest_world import a_contest, a_round, an_entrant, questions_in
from tests.demo_store import url_of

pytestmark = [pytest.mark.django_db(databases=["default", "contests"], transaction=True), pytest.mark.slow]


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
        return port


@contextmanager
def _arena(port: int) -> Iterator[subprocess.Popen[bytes]]:
    url = url_of(connections["default"].settings_dict["NAME"])
    env = {**os.environ, "DATABASE_URL": url, "LANGSEN_CONTESTS_URL": url_of(connections[STORE].settings_dict["NAME"])}
    command = [sys.executable, "-m", "langsen", "arena", "--port", str(port)]
    process = subprocess.Popen(command, env=env)
    try:
        _wait_until_ready(process, port)
        yield process
    finally:
        process.kill()
        process.wait()


def _wait_until_ready(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(200):
        assert process.poll() is None, "it ended"
        try:
            with urlopen(f"http://127.0.0.1:{port}/thi/healthz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            pass
        time.sleep(0.1)
    raise AssertionError("the arena did not come up")


class _Phone:
    """A client that tries the other address when one does not answer, as behind a front with two arenas."""

    def __init__(self, session: aiohttp.ClientSession, entrant: Entrant, ports: list[int]) -> None:
        self.session = session
        self.ports = ports
        ticket = issue_ticket(entrant.contest_id, entrant.pk, expires=FAR)
        self.headers = {"Cookie": f"{COOKIE % entrant.contest_id}={ticket}"}
        self.acknowledged = 0

    async def post(self, what: str, **given: Any) -> dict[str, Any]:
        for attempt in range(60):
            port = self.ports[attempt % len(self.ports)]
            try:
                async with self.session.post(
                    f"http://127.0.0.1:{port}/thi/api/{what}", json=given, headers=self.headers
                ) as answer:
                    body: dict[str, Any] = await answer.json()
                    if answer.status == 200:
                        return body
                    assert answer.status in {429, 503}, body
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.05)
        raise AssertionError("no answer")

    async def sit(self, week: Round, saves: int) -> None:
        paper = (await self.post("start", round=week.pk, attempt=str(uuid.uuid4())))["paper"]
        for seq in range(1, saves + 1):
            self.ports.reverse()
            await self.post("save", token=paper["token"], answers=[[seq % 5 + 1, 1, seq]])
            self.acknowledged = seq
            await asyncio.sleep(0.02)
        await self.post("submit", token=paper["token"], answers=[])


def test_one_of_two_arenas_ended_in_the_middle_loses_nothing() -> None:
    contest = a_contest(attempts_per_round=1)
    week = a_round(contest)
    questions_in(week)
    people = [an_entrant(contest, f"Người {number}") for number in range(20)]
    ports = [free_port(), free_port()]

    async def act(one: subprocess.Popen[bytes]) -> list[_Phone]:
        async with aiohttp.ClientSession() as session:
            phones = [_Phone(session, entrant, list(ports)) for entrant in people]
            sitting = [asyncio.create_task(phone.sit(week, 40)) for phone in phones]
            while min(phone.acknowledged for phone in phones) < 5:
                await asyncio.sleep(0.02)
            one.send_signal(signal.SIGTERM)
            await asyncio.gather(*sitting)
            return phones

    with _arena(ports[0]) as one, _arena(ports[1]):
        phones = asyncio.run(act(one))
        assert one.wait(timeout=15) in {0, -signal.SIGTERM}
    assert all(phone.acknowledged == 40 for phone in phones)
    assert {tuple(row.seqs) for row in Attempt.objects.all()} == {(40, 36, 37, 38, 39)}, "acknowledged is stored"
    assert {(row.used, row.submitted) for row in Standing.objects.all()} == {(1, 1)}, "none twice"


def test_without_a_database_it_says_what_to_type() -> None:
    env = {**os.environ, "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    run = subprocess.run(
        [sys.executable, "-m", "langsen", "arena"], env=env, capture_output=True, text=True, check=False
    )
    assert run.returncode == 4 and "langsen doctor" in run.stderr
