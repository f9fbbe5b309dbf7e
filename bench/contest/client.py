"""A small HTTP client for load: one connection a person, requests made beforehand, answers read and little else."""

import asyncio
import json
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field


@dataclass
class Outcome:
    """What a stretch of load met: seconds of each good answer, and what went wrong by kind."""

    times: list[float] = field(default_factory=list)
    errors: dict[str, int] = field(default_factory=dict)
    took: float = 0.0

    def failed(self, kind: str) -> None:
        self.errors[kind] = self.errors.get(kind, 0) + 1

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return len(self.times) / self.took if self.took else 0.0

    def percentile(self, share: float) -> float:
        """In seconds."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("inf")

    @property
    def median(self) -> float:
        return statistics.median(self.times) if self.times else float("inf")

    def words(self) -> str:
        """Rate, median, p95 and faults, for the table."""
        wrong = ", ".join(f"{count} {kind}" for kind, count in sorted(self.errors.items())) or "no error"
        return (
            f"{self.rate:,.0f} a second, median {self.median * 1000:.0f} ms, p95 {self.percentile(0.95) * 1000:.0f} ms,"
            f" {wrong}"
        )


class Person:
    """One keep-alive connection to the arena."""

    def __init__(self, port: int, cookie: str) -> None:
        self._port = port
        self._cookie = cookie
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._cookies = b""

    async def connect(self) -> None:
        """Open the connection."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)

    def close(self) -> None:
        """Let the connection go."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None

    def request(self, path: str, facts: object) -> bytes:
        """The bytes of one POST."""
        body = json.dumps(facts, separators=(",", ":")).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {self._cookie}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    async def send(self, request: bytes) -> tuple[int, bytes]:
        """Send one request and return status and body.

        Raises:
            OSError, asyncio.IncompleteReadError: the connection broke; it is closed and may be opened anew.
        """
        if self._reader is None or self._writer is None:
            await self.connect()
        assert self._reader is not None and self._writer is not None
        try:
            self._writer.write(request)
            head = await self._reader.readuntil(b"\r\n\r\n")
            lower = head.lower()
            self._cookies = _cookies_set(head) if b"set-cookie:" in lower else b""
            at = lower.index(b"content-length:") + 15
            body = await self._reader.readexactly(int(lower[at : lower.index(b"\r", at)]))
        except (OSError, asyncio.IncompleteReadError, ValueError):
            self.close()
            raise
        return int(head[9:12]), body

    async def visit(self, request: bytes) -> tuple[int, bytes, bytes]:
        """Send one request for a page; return status, body and the cookies it set, as the next one sends them."""
        status, body = await self.send(request)
        return status, body, self._cookies

    async def post(self, path: str, facts: object) -> tuple[int, dict[str, object]]:
        """One POST, its JSON read."""
        status, body = await self.send(self.request(path, facts))
        return status, json.loads(body)


def _cookies_set(head: bytes) -> bytes:
    """The cookies of an answer, joined as a request carries them."""
    lines = [line.split(b":", 1)[1] for line in head.split(b"\r\n") if line.lower().startswith(b"set-cookie:")]
    return b"; ".join(line.split(b";", 1)[0].strip() for line in lines)


async def all_of(
    work: Sequence[Callable[[], Awaitable[tuple[int, bytes]]]], *, together: int, outcome: Outcome
) -> None:
    """Closed loop: `together` workers take the calls one after the other; fills `outcome`."""
    calls = iter(work)

    async def worker() -> None:
        for call in calls:
            began = time.perf_counter()
            try:
                status, _body = await call()
            except (OSError, asyncio.IncompleteReadError) as error:
                outcome.failed(type(error).__name__)
                continue
            if status == 200:
                outcome.times.append(time.perf_counter() - began)
            else:
                outcome.failed(str(status))

    began = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(together)))
    outcome.took = time.perf_counter() - began
