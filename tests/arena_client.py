"""An arena and its people inside one test: requests go to the app itself, without a socket."""

import asyncio
import json
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from langsen.contests.arena.asgi import Arena, make_app
from langsen.contests.arena.capacity import Capacity
from langsen.contests.contests.models import Entrant, Round
from langsen.contests.contests.tickets import COOKIE, issue_ticket

T = TypeVar("T")
FAR = 4_000_000_000


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


async def call(
    app: Arena,
    method: str,
    path: str,
    body: bytes | dict[str, Any] | None = None,
    *,
    headers: dict[str, str] | None = None,
    peer: tuple[str, int] | None = ("127.0.0.1", 5),
) -> Answer:
    """Send one request to the app and wait for its whole answer."""
    given = {"content-type": "application/json", **(headers or {})}
    packed = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    given.setdefault("content-length", str(len(packed)))
    sent: list[dict[str, Any]] = []
    parts = [{"type": "http.request", "body": packed, "more_body": False}]

    async def receive() -> dict[str, Any]:
        return parts.pop(0) if parts else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path.partition("?")[0],
        "query_string": path.partition("?")[2].encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in given.items()],
        "client": peer,
    }
    await app(scope, receive, send)
    head = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], head, b"".join(one.get("body", b"") for one in sent[1:]))


class Person:
    """An entrant with a ticket, on one device."""

    def __init__(self, app: Arena, entrant: Entrant, *, expires: int = FAR) -> None:
        self.app = app
        self.entrant = entrant
        ticket = issue_ticket(entrant.contest_id, entrant.pk, expires=expires)
        self.headers = {"cookie": f"{COOKIE % entrant.contest_id}={ticket}"}

    async def post(self, what: str, **given: Any) -> Answer:
        return await call(self.app, "POST", f"/thi/api/{what}", given, headers=self.headers)

    async def start(self, of: Round, attempt: uuid.UUID | None = None, **given: Any) -> Answer:
        return await self.post("start", round=of.pk, attempt=str(attempt or uuid.uuid4()), phone=True, **given)

    async def paper(self, of: Round) -> dict[str, Any]:
        """Start and return the paper."""
        started = await self.start(of)
        assert started.status == 200, started.body
        paper: dict[str, Any] = started.json()["paper"]
        return paper

    async def now(self) -> Answer:
        return await call(self.app, "GET", f"/thi/api/{self.entrant.contest.slug}/now", headers=self.headers)


class Clock:
    """A clock the test turns by hand."""

    def __init__(self, ms: int) -> None:
        self.ms = ms

    def __call__(self) -> int:
        return self.ms

    def go(self, seconds: float) -> None:
        self.ms += int(seconds * 1000)


def in_arena(
    act: Callable[..., Awaitable[T]],
    *,
    clock: Callable[[], int] | None = None,
    capacity: Capacity | None = None,
    arenas: int = 1,
) -> T:
    """Run `act(arena, ...)` with that many arenas on the test's store, each opened before and closed after."""

    async def run() -> T:
        options: dict[str, Any] = {} if clock is None else {"clock": clock}
        apps = [make_app(capacity=capacity or Capacity(), **options) for _ in range(arenas)]
        for app in apps:
            await app.open()
            if clock is not None:  # what the arena does by itself is then done by the test, in its own time
                for task in app._tasks:
                    task.cancel()
        try:
            return await act(*apps)
        finally:
            for app in apps:
                await app.close()

    return asyncio.run(run())
