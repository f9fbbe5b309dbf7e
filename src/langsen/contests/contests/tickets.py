"""Signed tickets: what an entrant carries into the arena, so that the opening asks no database who somebody is.

A ticket is issued at sign-in, before the opening if people like. It says contest, entrant and until when; it holds no
name and no personal detail, and cannot be made without the installation's signing key.
"""

import base64
import hmac
import json
import os
import time
from dataclasses import asdict, dataclass

from django.conf import settings

COOKIE = "thi_%d"
"""The name of the cookie that carries the ticket of a contest; its path is /thi/."""
COOKIE_PATH = "/thi/"
_ENCODER = json.JSONEncoder(separators=(",", ":"))


class BadTicket(Exception):
    """The ticket is forged, broken or over."""


@dataclass(frozen=True)
class Ticket:
    """Entrant `entrant` may sit contest `contest` until `expires` (seconds since 1970)."""

    contest: int
    entrant: int
    expires: int


def signed(facts: dict[str, object], *, purpose: str) -> str:
    """Return `facts` as a URL-safe signed text; `purpose` keeps one kind of paper from passing as another."""
    body = base64.urlsafe_b64encode(_ENCODER.encode(facts).encode()).rstrip(b"=")
    return f"{body.decode()}.{_signature(body, purpose)}"


def unsigned(text: str, *, purpose: str) -> dict[str, object]:
    """Return the facts of a signed text.

    Raises:
        BadTicket: not signed by this installation for this purpose.
    """
    body, _dot, signature = text.partition(".")
    try:
        packed = body.encode("ascii")
        if not hmac.compare_digest(_signature(packed, purpose), signature):
            raise BadTicket
        facts = json.loads(base64.urlsafe_b64decode(packed + b"=" * (-len(packed) % 4)))
    except (ValueError, TypeError) as error:
        raise BadTicket from error
    if not isinstance(facts, dict):
        raise BadTicket
    return facts


def issue_ticket(contest: int, entrant: int, *, expires: int) -> str:
    """Return the text of a ticket; `expires` in seconds since 1970."""
    return signed(asdict(Ticket(contest, entrant, expires)), purpose="ticket")


def read_ticket(text: str, *, now: float | None = None) -> Ticket:
    """Return the ticket in `text`.

    Raises:
        BadTicket: forged, broken or over.
    """
    facts = unsigned(text, purpose="ticket")
    try:
        ticket = Ticket(int(str(facts["contest"])), int(str(facts["entrant"])), int(str(facts["expires"])))
    except (KeyError, ValueError) as error:
        raise BadTicket from error
    if ticket.expires <= (time.time() if now is None else now):
        raise BadTicket
    return ticket


def _signature(body: bytes, purpose: str) -> str:
    key = os.environ.get("LANGSEN_ARENA_KEY") or settings.SECRET_KEY
    made = hmac.digest(f"arena {purpose} {key}".encode(), body, "sha256")
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()
