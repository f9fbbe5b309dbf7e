"""The front: one origin for pages and arena. `/thi/` goes to the arena, everything else to the pages.

A small reverse proxy on this machine. Bodies pass through in both directions as they come. A side that is away, during
a restart say, is answered for with 502 and a plain page, and the other side notices nothing. The front says who the
client is (`X-Forwarded-For`); what a client wrote there itself is thrown away, unless it is a proxy we trust.
"""

import asyncio
import contextlib
import ipaddress
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from langsen.config.front_words import away_page

ARENA = "/thi"
# Of one connection alone (RFC 9110, 7.6.1); and what only we may say.
_HOP = {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "expect"}
_OURS = {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port", "forwarded", "x-real-ip"}
_QUIET = ("User-Agent", "Accept", "Accept-Encoding", "Content-Type")
_AWAY = (aiohttp.ClientConnectionError, asyncio.TimeoutError)
_CONNECT_WITHIN = 5.0
_KEPT_OPEN = 10.0  # shorter than either side closes an idle connection
_PAGES_AT_ONCE = 256
_BACKLOG = 4096
_LONGEST_LINE = 1 << 16
_FINISH_WITHIN = 5.0
_IDLE_WITHIN = 75.0


@dataclass(frozen=True)
class Sides:
    """Where the two sides listen (Unix sockets), and the addresses of proxies that may say who the client is."""

    pages: Path
    arena: Path
    trusted: frozenset[str] = field(default_factory=frozenset)


class Front:
    """Passes each request on and its answer back."""

    def __init__(self, sides: Sides) -> None:
        self._trusted = sides.trusted
        self._pages = _session(sides.pages, _PAGES_AT_ONCE)
        self._arena = _session(sides.arena, 0)

    async def close(self) -> None:
        """Let go of the connections to both sides."""
        await asyncio.gather(self._pages.close(), self._arena.close())

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request."""
        path = request.raw_path
        if not path.startswith("/"):  # CONNECT, or somebody who takes us for his way to the world
            return web.Response(status=400, text="Bad request\n")
        to_arena = path == ARENA or path.startswith((ARENA + "/", ARENA + "?"))
        session = self._arena if to_arena else self._pages
        if request.headers.get("Expect", "").lower() == "100-continue" and request.transport is not None:
            request.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        asked = session.request(
            request.method,
            URL(f"http://side{path}", encoded=True),
            headers=self._passed_on(request),
            data=request.content if request.body_exists else None,
            allow_redirects=False,
        )
        try:
            answer = await asked
        except _AWAY:
            return away_page(path, request.headers.get("Cookie", ""), to_arena=to_arena, again=request.method == "GET")
        async with answer:
            return await _passed_back(request, answer)

    def _passed_on(self, request: web.BaseRequest) -> CIMultiDict[str]:
        headers = _end_to_end(request.headers)
        peer = request.remote or ""
        trusted = peer in self._trusted
        said = request.headers.getall("X-Forwarded-For", [])
        # A proxy adds the address it saw at the end; what stands before is its client's own word.
        client = said[-1].rpartition(",")[2].strip() if trusted and said else peer
        headers["X-Forwarded-For"] = _address(client) or peer
        scheme = request.headers.get("X-Forwarded-Proto", "http") if trusted else "http"
        headers["X-Forwarded-Proto"] = "https" if scheme == "https" else "http"
        return headers


async def _passed_back(request: web.BaseRequest, answer: aiohttp.ClientResponse) -> web.StreamResponse:
    response = web.StreamResponse(status=answer.status, reason=answer.reason, headers=_end_to_end(answer.headers))
    response.headers["Server"] = "langsen"
    try:
        await response.prepare(request)
        async for chunk in answer.content.iter_any():
            await response.write(chunk)
        await response.write_eof()
    except (*_AWAY, aiohttp.ClientPayloadError):
        # The answer was cut off in the middle: so is ours, that nobody takes half for the whole.
        if request.transport is not None:
            request.transport.abort()
    return response


def _end_to_end(headers: Mapping[str, str]) -> CIMultiDict[str]:
    """Headers without those of one connection alone, and without those only the front may write."""
    named = {name.strip().lower() for name in headers.get("Connection", "").split(",")}
    left_out = _HOP | _OURS | named
    return CIMultiDict((name, value) for name, value in headers.items() if name.lower() not in left_out)


def _address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text.strip("[]")))
    except ValueError:
        return ""


def _session(socket: Path, at_once: int) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.UnixConnector(str(socket), limit=at_once, keepalive_timeout=_KEPT_OPEN),
        auto_decompress=False,
        cookie_jar=aiohttp.DummyCookieJar(),
        skip_auto_headers=_QUIET,
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_WITHIN),
        read_bufsize=1 << 17,
        max_line_size=_LONGEST_LINE,
        max_field_size=_LONGEST_LINE,
    )


def server_of(front: Front, *, idle_within: float = _IDLE_WITHIN) -> web.Server:
    """Return the server that hands requests to the front.

    `idle_within`: so long after its opening or its last answer a connection has brought the whole head of a request, or
    it is closed, however slowly it goes on with one.
    """
    return web.Server(
        front.handle,
        handler_cancellation=True,  # the other side hears that nobody waits any more
        auto_decompress=False,
        access_log=None,
        keepalive_timeout=idle_within,
        max_line_size=_LONGEST_LINE,
        max_field_size=_LONGEST_LINE,
    )


async def _serve(sides: Sides, address: str, port: int) -> None:
    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    front = Front(sides)
    server = server_of(front)
    runner = web.ServerRunner(server, shutdown_timeout=_FINISH_WITHIN)
    try:
        await runner.setup()
        await web.TCPSite(runner, address, port, backlog=_BACKLOG, reuse_port=True).start()
        await stop.wait()
    finally:
        await runner.cleanup()
        await front.close()


def serve_front(sides: Sides, *, address: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT."""
    with contextlib.suppress(ImportError):
        import uvloop

        uvloop.run(_serve(sides, address, port))
        return
    asyncio.run(_serve(sides, address, port))
