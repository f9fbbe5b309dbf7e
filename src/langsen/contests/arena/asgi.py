"""The arena as an ASGI app: put together here, with its clock; run by `langsen arena`."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from langsen.contests.arena import api, pages
from langsen.contests.arena import refusals as because
from langsen.contests.arena.capacity import Capacity
from langsen.contests.arena.figures import Figures
from langsen.contests.arena.gate import Gate
from langsen.contests.arena.lanes import Lanes
from langsen.contests.arena.refusals import Refused, refused
from langsen.contests.arena.rules_in_force import RulesInForce
from langsen.contests.arena.stored import connect
from langsen.contests.arena.sweep import Sweep, go_on
from langsen.contests.arena.waiting import WaitingRoom
from langsen.contests.arena.wire import Receive, Request, Response, Scope, Send, as_json, send_response

log = logging.getLogger("langsen.arena")
_CALL_IN_SECONDS = 0.5


def now_ms() -> int:
    """The server's clock: ms since 1970."""
    return time.time_ns() // 1_000_000


class Arena:
    """One arena process."""

    def __init__(self, clock: Callable[[], int], capacity: Capacity) -> None:
        self._clock = clock
        self.figures = Figures()
        self.rules = RulesInForce(clock)
        self.lanes = Lanes(connect, capacity, self.figures)
        self.waiting = WaitingRoom(capacity.people)
        self.gate = Gate(self.rules, self.lanes, self.waiting, clock)
        self.sweep = Sweep(self.rules, connect, clock, self.figures)
        self._tasks: list[asyncio.Task[None]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or follow the life of the process."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._request(Request(scope, receive, self._clock()), send)

    async def open(self) -> None:
        """Read the rules and set the workers going; a store that is away is waited for in the background."""
        await asyncio.to_thread(pages.prepare)
        await self.rules.refresh()
        self.lanes.open()
        self._tasks = [
            asyncio.create_task(go_on(self.rules.refresh, self.sweep.run, self.gate.forget)),
            asyncio.create_task(go_on(self.gate.call_in, every=_CALL_IN_SECONDS)),
        ]

    async def close(self) -> None:
        """Finish what is queued, then end."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.lanes.close()
        await self.sweep.close()

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            kind = (await receive())["type"]
            if kind == "lifespan.startup":
                await self.open()
                await send({"type": "lifespan.startup.complete"})
            elif kind == "lifespan.shutdown":
                await self.close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _request(self, request: Request, send: Send) -> None:
        began = time.perf_counter()
        operation, outcome = "page", "ok"
        try:
            operation, response = await self._answer(request)
        except Refused as error:
            operation, outcome = _operation(request), error.code
            response = _refusal(error)
        except ConnectionResetError:
            return
        except Exception:
            log.exception("Unforeseen: %s %s", request.method, request.path)
            operation, outcome = _operation(request), "unforeseen"
            response = as_json(500, refused(because.UNAVAILABLE, retry_ms=2000).body)
        with contextlib.suppress(OSError):
            await send_response(send, response)
        self.figures.request(operation, outcome, time.perf_counter() - began)

    async def _answer(self, request: Request) -> tuple[str, Response]:
        if request.path.startswith(api.PREFIX):
            return await api.answer(request, self.gate)
        inner = _INNER.get(request.path)
        if inner is not None:
            return "inner", await inner(self, request)
        return "page", await pages.respond(request, self.gate)

    async def healthz(self, _request: Request) -> Response:
        """200 once the rules were read; what waits."""
        state = {
            "ready": self.rules.is_read,
            "rounds": len(self.rules.current.rounds),
            "inside": self.waiting.inside,
            "waiting": self.waiting.waiting,
            "queued": self.lanes.queued(),
        }
        return as_json(200 if self.rules.is_read else 503, state)

    async def metrics(self, request: Request) -> Response:
        """Prometheus's text, for this machine only."""
        if not request.is_local:
            raise refused(because.UNKNOWN)
        self.figures.inside.set(self.waiting.inside)
        self.figures.waiting.set(self.waiting.waiting)
        for name, size in self.lanes.queued().items():
            self.figures.queued.labels(name).set(size)
        return Response(200, self.figures.text(), "text/plain; version=0.0.4; charset=utf-8")


_INNER: dict[str, Callable[[Arena, Request], Awaitable[Response]]] = {
    "/thi/healthz": Arena.healthz,
    "/thi/metrics": Arena.metrics,
}


def make_app(*, clock: Callable[[], int] = now_ms, capacity: Capacity | None = None) -> Arena:
    """Return the arena. `clock` gives ms since 1970; only here can another one be put in."""
    return Arena(clock, capacity or Capacity.from_environment())


def _operation(request: Request) -> str:
    last = request.path.rsplit("/", 1)[-1]
    known = request.path.startswith(api.PREFIX) and last in {"start", "resume", "save", "submit", "now"}
    return last if known else "page"


def _refusal(error: Refused) -> Response:
    headers: list[tuple[str, str]] = []
    retry: Any = error.facts.get("retry_ms")
    if retry:
        headers.append(("retry-after", str(max(1, round(retry / 1000)))))
    if error.refusal is because.TOO_LARGE:
        headers.append(("connection", "close"))  # the rest of the body is not read
    return as_json(error.status, error.body, headers)
