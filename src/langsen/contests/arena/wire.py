"""HTTP as the arena needs it: a request read with limits, strict JSON, a response. Nothing of this knows contests."""

import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from langsen.contests.arena.refusals import BAD_REQUEST, TOO_LARGE, refused

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

MOST_BODY = 64 * 1024
"""Bytes of a request: a paper of 200 questions with every answer changed fits three times over."""
LARGEST_NUMBER = 2**63 - 1
_FOR_NOBODY_ELSE = (("cache-control", "no-store"), ("x-content-type-options", "nosniff"))
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_LOOPBACK = frozenset({"127.0.0.1", "::1"})


@dataclass
class Response:
    """What goes back."""

    status: int
    body: bytes
    content_type: str = "application/json; charset=utf-8"
    headers: list[tuple[str, str]] = field(default_factory=list)


class Request:
    """One request; `arrival` is the server's clock (ms since 1970) when its head was read."""

    def __init__(self, scope: Scope, receive: Receive, arrival: int) -> None:
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.query: bytes = scope.get("query_string", b"")
        self.arrival = arrival
        self.headers: dict[str, str] = {
            name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
        }
        self._receive = receive
        peer = scope.get("client")
        self._peer: str | None = peer[0] if peer else None

    @property
    def address(self) -> str:
        """Where it came from; what a forwarding front wrote is believed only from this machine."""
        forwarded = self.headers.get("x-forwarded-for")
        if forwarded and (self._peer is None or self._peer in _LOOPBACK):
            return forwarded.rpartition(",")[2].strip()
        return self._peer or "local"

    @property
    def is_local(self) -> bool:
        """From this machine and not forwarded."""
        return "x-forwarded-for" not in self.headers and (self._peer is None or self._peer in _LOOPBACK)

    @property
    def cookies(self) -> Mapping[str, str]:
        """The cookies by name; a broken one is left out."""
        pairs = (part.strip().partition("=") for part in self.headers.get("cookie", "").split(";"))
        return {name: value.strip('"') for name, equals, value in pairs if equals}

    async def body(self) -> bytes:
        """The whole body.

        Raises:
            Refused: 413 as soon as it is known to be larger than `MOST_BODY`, without reading the rest.
        """
        announced = self.headers.get("content-length", "0")
        if not announced.isdecimal() or len(announced) > 12 or int(announced) > MOST_BODY:
            raise refused(TOO_LARGE)
        parts: list[bytes] = []
        size = 0
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ConnectionResetError
            part = message.get("body", b"")
            size += len(part)
            if size > MOST_BODY:
                raise refused(TOO_LARGE)
            parts.append(part)
            if not message.get("more_body"):
                return b"".join(parts)

    async def json(self) -> dict[str, Any]:
        """The body as a JSON object.

        Raises:
            Refused: not JSON, not an object, a name given twice, NaN, a number no column holds, nested too deep.
        """
        if self.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise refused(BAD_REQUEST)
        try:
            read = json.loads(
                (await self.body()).decode("utf-8"),
                object_pairs_hook=_once_each,
                parse_constant=_no_number,
                parse_int=_whole,
            )
        except (ValueError, RecursionError) as error:
            raise refused(BAD_REQUEST) from error
        if not isinstance(read, dict):
            raise refused(BAD_REQUEST)
        return read

    async def form(self) -> dict[str, list[str]]:
        """The fields of a plain form.

        Raises:
            Refused: too large, not UTF-8, or more fields than a paper can have.
        """
        try:
            return parse_qs((await self.body()).decode("utf-8"), keep_blank_values=True, max_num_fields=2000)
        except ValueError as error:
            raise refused(BAD_REQUEST) from error


def as_json(status: int, body: Mapping[str, Any], headers: list[tuple[str, str]] | None = None) -> Response:
    """Return `body` as a JSON response that nobody keeps."""
    return json_response(status, json_text(body), headers)


def json_text(value: object) -> str:
    """Return `value` as JSON."""
    return _ENCODER.encode(value)


def json_response(status: int, text: str, headers: list[tuple[str, str]] | None = None) -> Response:
    """Return JSON that is written already as a response that nobody keeps."""
    return Response(status, text.encode(), headers=[*_FOR_NOBODY_ELSE, *(headers or [])])


async def send_response(send: Send, response: Response) -> None:
    """Send it whole."""
    head = [("content-type", response.content_type), ("content-length", str(len(response.body))), *response.headers]
    packed = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in head]
    await send({"type": "http.response.start", "status": response.status, "headers": packed})
    await send({"type": "http.response.body", "body": response.body})


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise ValueError("a name is given twice")
    return read


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number")


def _whole(digits: str) -> int:
    if len(digits) > 20 or abs(number := int(digits)) > LARGEST_NUMBER:
        raise ValueError("a number too large")
    return number
