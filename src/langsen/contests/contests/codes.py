"""Personal codes of entrants: short enough to copy by hand, kept only as a keyed digest."""

import hashlib
import hmac
import secrets

from django.conf import settings

_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"  # none that look alike: I L O U 0 1 are left out
LENGTH = 10


def new_code() -> str:
    """Return a fresh code: 10 letters of 30, about 49 bits."""
    return "".join(secrets.choice(_LETTERS) for _ in range(LENGTH))


def shown(code: str) -> str:
    """Return the code as people read it: XXXXX-XXXXX."""
    return f"{code[:5]}-{code[5:]}"


def plain(typed: str) -> str:
    """Return the code in what somebody typed, whatever the spaces, dashes and case; it may be no code at all."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())[: LENGTH * 2]


def digest_of(code: str) -> str:
    """Return what is kept of a code: its HMAC-SHA256 under the installation's key (hex)."""
    return hmac.new(f"entrant code {settings.SECRET_KEY}".encode(), plain(code).encode(), hashlib.sha256).hexdigest()
