"""The front between clients and two sides: what it passes on, whom it does not believe, what it says of one away."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from langsen.config.cli.front import trusted_proxies
from langsen.config.front import Front, Sides, server_of
from langsen.config.wsgi_front import told_by_front

Handle = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


async def echo(request: web.BaseRequest) -> web.StreamResponse:
    body = await request.read()
    facts = {"path": request.raw_path, "method": request.method, "headers": list(request.headers.items())}
    response = web.json_response({**facts, "size": len(body)})
    response.headers.add("Set-Cookie", "a=1; Path=/")
    response.headers.add("Set-Cookie", "b=2; Path=/")
    return response


async def _open(handle: Handle, place: Path) -> web.ServerRunner:
    runner = web.ServerRunner(web.Server(handle, auto_decompress=False, max_line_size=1 << 16))
    await runner.setup()
    await web.UnixSite(runner, str(place)).start()
    return runner


class Client:
    """Speaks to the front at `base`."""

    def __init__(self, base: str, session: aiohttp.ClientSession, port: int) -> None:
        self.base, self.session, self.port = base, session, port

    async def get(self, path: str, method: str = "GET", **options: Any) -> tuple[int, Any, Any]:
        async with self.session.request(method, self.base + path, allow_redirects=False, **options) as answer:
            body = await answer.read()
            kind = answer.content_type
            return answer.status, (await answer.json() if kind == "application/json" else body), answer.headers


@asynccontextmanager
async def front(
    pages: Handle | None = echo,
    arena: Handle | None = echo,
    trusted: tuple[str, ...] = (),
    idle_within: float = 30.0,
) -> AsyncIterator[Client]:
    with TemporaryDirectory(prefix="front-") as name:
        sides = Sides(Path(name) / "p", Path(name) / "a", frozenset(trusted))
        runners = [await _open(one, place) for one, place in ((pages, sides.pages), (arena, sides.arena)) if one]
        between = Front(sides)
        runner = web.ServerRunner(server_of(between, idle_within=idle_within))
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        async with aiohttp.ClientSession(auto_decompress=False) as session:
            yield Client(f"http://127.0.0.1:{port}", session, port)
        await between.close()
        for one in [runner, *runners]:
            await one.cleanup()


async def _drip(port: int, given: bytes, *, every: float, seconds: float) -> bytes | None:
    """Send `given`, then a byte of another header now and then; return what came, None if it was not closed in time."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(given)

    async def go_on() -> None:
        while True:
            await asyncio.sleep(every)
            writer.write(b"a")

    dripping = asyncio.ensure_future(go_on())
    try:
        return await asyncio.wait_for(reader.read(), seconds)
    except ConnectionResetError:
        return b""
    except TimeoutError:
        return None
    finally:
        dripping.cancel()
        writer.close()


def test_who_sends_a_head_for_ever_is_given_up_and_who_finished_one_is_not() -> None:
    async def late(_request: web.BaseRequest) -> web.StreamResponse:
        await asyncio.sleep(1.0)
        return web.Response(text="late")

    async def go() -> None:
        async with front(late, idle_within=0.5) as client:
            unfinished = b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: "
            assert await _drip(client.port, unfinished, every=0.1, seconds=5) == b""
            assert await _drip(client.port, b"", every=9, seconds=5) == b"", "and who sends nothing"
            whole = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            answer = await _drip(client.port, whole, every=9, seconds=5)
            assert answer is not None and answer.endswith(b"late"), "an answer may take longer than the head"
            asked = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
            answer = await _drip(client.port, asked + unfinished, every=0.1, seconds=5)
            assert answer is not None and answer.endswith(b"late"), "the second head is given up too"

    asyncio.run(go())


def side(name: str) -> Handle:
    async def answer(_request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(text=name)

    return answer


@pytest.mark.parametrize(
    ("path", "whose"),
    [
        ("/thi/", b"arena"),
        ("/thi/api/start", b"arena"),
        ("/thi", b"arena"),
        ("/thi?x=1", b"arena"),
        ("/", b"pages"),
        ("/thiet-lap/", b"pages"),
        ("/cuoc-thi/?next=/thi/", b"pages"),
    ],
)
def test_which_side_answers(path: str, whose: bytes) -> None:
    async def go() -> None:
        async with front(side("pages"), side("arena")) as client:
            assert (await client.get(path))[1] == whose

    asyncio.run(go())


def test_a_request_goes_through_as_it_is() -> None:
    async def go() -> None:
        async with front() as client:
            path = "/a%2Fb/t%C3%ACm?q=%C4%91%C6%B0%E1%BB%9Dng&q=%20"
            status, seen, headers = await client.get(path, "POST", data=b"x" * 100, headers={"Host": "a.example:81"})
            named = {name.lower(): value for name, value in seen["headers"]}
            assert (status, seen["path"], seen["method"], seen["size"]) == (200, path, "POST", 100)
            assert (named["host"], named["content-length"]) == ("a.example:81", "100")
            assert headers.getall("Set-Cookie") == ["a=1; Path=/", "b=2; Path=/"]
            assert (await client.get("/", "HEAD"))[0] == 200
            chunked = {"Connection": "keep-alive, X-Secret", "X-Secret": "1", "TE": "trailers", "Upgrade": "h2c"}
            _status, seen, _headers = await client.get("/", "POST", data=parts(3), headers=chunked)
            assert seen["size"] == 3 * 65536
            assert not {"x-secret", "te", "upgrade"} & {name.lower() for name, _value in seen["headers"]}

            packed = gzip.compress(b"z" * 9000)
            _status, seen, _headers = await client.get("/", "POST", data=packed, headers={"Content-Encoding": "gzip"})
            assert seen["size"] == len(packed), "packed bodies stay packed"
            assert (await client.get("/?q=" + "a" * 20_000))[0] == 200

    asyncio.run(go())


async def parts(count: int) -> AsyncIterator[bytes]:
    for _number in range(count):
        yield b"y" * 65536


@pytest.mark.parametrize(
    ("trusted", "said", "client", "scheme"),
    [
        ((), {}, "127.0.0.1", "http"),
        ((), {"X-Forwarded-For": "6.6.6.6", "X-Forwarded-Proto": "https", "X-Real-IP": "6.6.6.6"}, "127.0.0.1", "http"),
        ((), {"Forwarded": "for=6.6.6.6"}, "127.0.0.1", "http"),
        (
            ("127.0.0.1",),
            {"X-Forwarded-For": "6.6.6.6, 203.0.113.9", "X-Forwarded-Proto": "https"},
            "203.0.113.9",
            "https",
        ),
        (("127.0.0.1",), {"X-Forwarded-For": "not an address"}, "127.0.0.1", "http"),
        (("10.0.0.1",), {"X-Forwarded-For": "6.6.6.6"}, "127.0.0.1", "http"),
    ],
)
def test_who_the_client_is_nobody_can_forge(
    trusted: tuple[str, ...], said: dict[str, str], client: str, scheme: str
) -> None:
    async def go() -> None:
        async with front(trusted=trusted) as asking:
            for path in ("/", "/thi/"):
                _status, seen, _headers = await asking.get(path, headers=said)
                named = [(name.lower(), value) for name, value in seen["headers"]]
                assert [value for name, value in named if name == "x-forwarded-for"] == [client]
                assert [value for name, value in named if name == "x-forwarded-proto"] == [scheme]
                assert not {"x-real-ip", "forwarded"} & {name for name, _value in named}

    asyncio.run(go())


def test_proxies_are_trusted_only_when_named_or_behind_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LANGSEN_PROXIES", raising=False)
    monkeypatch.delenv("LANGSEN_HTTPS", raising=False)
    assert trusted_proxies() == frozenset()
    monkeypatch.setenv("LANGSEN_HTTPS", "1")
    assert trusted_proxies() == {"127.0.0.1", "::1"}
    monkeypatch.setenv("LANGSEN_PROXIES", "10.1.1.1")
    assert trusted_proxies() == {"10.1.1.1"}


def test_the_pages_take_the_client_from_the_front() -> None:
    seen: dict[str, Any] = {}
    list(
        told_by_front(lambda environ, start: seen.update(environ) or [])(  # type: ignore[func-returns-value]
            {"REMOTE_ADDR": "", "HTTP_X_FORWARDED_FOR": "203.0.113.9"}, None
        )
    )
    assert seen == {"REMOTE_ADDR": "203.0.113.9"}


def test_bodies_stream_in_both_directions() -> None:
    """The other side hears the first part before the last is sent, and the client too; nothing is held in memory."""
    heard, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(request: web.BaseRequest) -> web.StreamResponse:
        size = len(await request.content.readany())
        heard.set()
        async for chunk in request.content.iter_any():
            size += len(chunk)
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"first")
        await go_on.wait()
        await response.write(str(size).encode())
        return response

    async def sent() -> AsyncIterator[bytes]:
        yield b"z" * 65536
        await asyncio.wait_for(heard.wait(), 5)
        for _number in range(400):
            yield b"z" * 65536

    async def go() -> None:
        async with front(pages=slowly) as client, client.session.post(client.base + "/", data=sent()) as answer:
            assert await asyncio.wait_for(answer.content.read(5), 20) == b"first"
            go_on.set()
            assert int(await answer.read()) == 401 * 65536

    asyncio.run(go())


def test_an_absent_side_is_answered_for_and_the_other_notices_nothing() -> None:
    async def go() -> None:
        async with front(pages=None) as client:
            status, page, headers = await client.get("/")
            assert (status, "khởi động lại" in page.decode(), "http-equiv" in page.decode()) == (502, True, True)
            assert headers["Retry-After"]
            assert "unsafe-inline" not in headers["Content-Security-Policy"]
            assert "http-equiv" not in (await client.get("/", "POST", data=b"x=1"))[1].decode()
            assert "starting again" in (await client.get("/", headers={"Cookie": "langsen_language=en"}))[1].decode()
            assert (await client.get("/thi/"))[0] == 200
        async with front(arena=None) as client:
            assert (await client.get("/"))[0] == 200
            assert "Phòng thi" in (await client.get("/thi/cuoc-thi/"))[1].decode()
            status, told, _headers = await client.get("/thi/api/save", "POST", data=b"{}")
            assert (status, told["error"], told["retry_ms"] > 0) == (503, "unavailable", True)

    asyncio.run(go())


def test_an_answer_cut_off_is_not_taken_for_the_whole() -> None:
    async def cut(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"half")
        assert request.transport is not None
        request.transport.abort()
        return response

    async def go() -> None:
        async with front(pages=cut) as client:
            with pytest.raises(aiohttp.ClientError):
                await client.get("/")

    asyncio.run(go())


def test_who_leaves_is_not_worked_for() -> None:
    begun, left = asyncio.Event(), asyncio.Event()

    async def waits(_request: web.BaseRequest) -> web.StreamResponse:
        begun.set()
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            left.set()
            raise
        return web.Response()

    async def go() -> None:
        with TemporaryDirectory(prefix="front-") as name:
            runner = web.ServerRunner(web.Server(waits, handler_cancellation=True))
            await runner.setup()
            await web.UnixSite(runner, f"{name}/p").start()
            between = Front(Sides(Path(name) / "p", Path(name) / "a"))
            outer = web.ServerRunner(server_of(between))
            await outer.setup()
            await web.TCPSite(outer, "127.0.0.1", 0).start()
            _reader, writer = await asyncio.open_connection(*outer.addresses[0])
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            await asyncio.wait_for(begun.wait(), 5)
            writer.close()
            await asyncio.wait_for(left.wait(), 5)
            await between.close()
            for one in (outer, runner):
                await one.cleanup()

    asyncio.run(go())


@pytest.mark.parametrize("line", [b"GET http://elsewhere.example/ HTTP/1.1", b"CONNECT elsewhere.example:443 HTTP/1.1"])
def test_it_is_no_way_to_the_world(line: bytes) -> None:
    async def go() -> None:
        async with front() as client:
            reader, writer = await asyncio.open_connection("127.0.0.1", client.port)
            writer.write(line + b"\r\nHost: elsewhere.example\r\n\r\n")
            assert b" 400 " in await asyncio.wait_for(reader.readline(), 5)
            writer.close()

    asyncio.run(go())


def test_a_client_that_waits_to_be_told_to_go_on_is_told() -> None:
    async def go() -> None:
        async with front() as client:
            reader, writer = await asyncio.open_connection("127.0.0.1", client.port)
            for _turn in range(2):  # the connection is kept
                writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n")
                assert b" 100 " in await asyncio.wait_for(reader.readline(), 5)
                await reader.readline()
                writer.write(b"body")
                head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
                assert b" 200 " in head
                length = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
                assert b'"size": 4' in await reader.readexactly(int(length.split(b":")[1]))
            writer.close()

    asyncio.run(go())
