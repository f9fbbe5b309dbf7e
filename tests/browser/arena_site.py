"""A real arena for browser tests: uvicorn in a thread on the test store, and one small contest to sit in."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import BrowserContext, Route

from langsen.contests.arena.asgi import make_app
from langsen.contests.arena.models import Attempt
from langsen.contests.arena.pages.assets import assets
from langsen.contests.contests.models import Contest, Entrant, Round
from langsen.contests.contests.tickets import COOKIE, COOKIE_PATH, issue_ticket
from langsen.contests.quizzes.models import QuestionVersion
from tests.contest_world import a_contest, a_round, an_entrant, questions_in

READY_SECONDS = 20.0


def serve_arena_files(route: Route) -> None:
    """Answer for the arena's files where only the pages are running; in an installation one front has both."""
    file = assets()[route.request.url.rpartition("/")[2]]
    route.fulfill(body=file.plain, content_type=file.content_type)


class Clock:
    """The server's clock: real, with a shift that a test may change."""

    shift_ms = 0

    def __call__(self) -> int:
        return time.time_ns() // 1_000_000 + self.shift_ms


class Counting:
    """The arena, and how many bytes it sent for which path, heads included."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.sent: list[tuple[str, int]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def counted(message: Any) -> None:
            size = len(message.get("body", b"")) + sum(len(n) + len(v) + 4 for n, v in message.get("headers", []))
            self.sent.append((scope.get("path", ""), size))
            await send(message)

        await self.app(scope, receive, counted if scope["type"] == "http" else send)


@contextmanager
def running(app: Any) -> Iterator[str]:
    """Run the arena on a free port of this machine; the value is its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="on"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        until = time.monotonic() + READY_SECONDS
        while not server.started:
            assert thread.is_alive() and time.monotonic() < until, "the arena did not start"
            time.sleep(0.05)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(READY_SECONDS)


@dataclass
class Site:
    """A running arena with a contest of one open round and one entrant."""

    base: str
    clock: Clock
    sent: list[tuple[str, int]]
    contest: Contest
    round: Round
    entrant: Entrant

    @property
    def page(self) -> str:
        return f"{self.base}/thi/{self.contest.slug}/"

    def let_in(self, context: BrowserContext, entrant: Entrant | None = None, *, seconds: int = 3600) -> None:
        """Give the browser the ticket that entering with the code would give it."""
        who = entrant or self.entrant
        expires = self.clock() // 1000 + seconds
        ticket = issue_ticket(self.contest.pk, who.pk, expires=expires)
        cookie: Any = {"name": COOKIE % self.contest.pk, "value": ticket, "path": COOKIE_PATH, "domain": "127.0.0.1"}
        context.add_cookies([cookie])

    def shut_out(self, context: BrowserContext) -> None:
        """Take the ticket away, as when it is over."""
        context.clear_cookies(name=COOKIE % self.contest.pk)

    def attempts(self) -> list[Attempt]:
        """What the store holds, oldest first."""
        return list(Attempt.objects.filter(round=self.round).order_by("number"))


@pytest.fixture
def rules() -> dict[str, Any]:
    """Columns of the contest; a test that needs others overrides it by parametrizing `rules`."""
    return {}


@pytest.fixture
def wording() -> dict[str, Any]:
    """Columns of every question, overridden in the same way."""
    return {}


@pytest.fixture
def site(rules: dict[str, Any], wording: dict[str, Any], transactional_db: None) -> Iterator[Site]:
    """The arena with a contest: five questions of four options, ten minutes."""
    columns: dict[str, Any] = {"attempts_per_round": 7, "prediction": "people_all_correct"}
    contest = a_contest(title="Cuộc thi tìm hiểu <b>truyền thống</b>", **columns | rules)
    opened = a_round(contest)
    questions_in(opened)
    if wording:
        QuestionVersion.objects.update(**wording)
    clock = Clock()
    app = Counting(make_app(clock=clock))
    with running(app) as base:
        yield Site(base, clock, app.sent, contest, opened, an_entrant(contest, "Lò Thị <i>Mai</i>"))
