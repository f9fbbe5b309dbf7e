"""What may be recorded as an output."""

from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext as _

from langsen.foundation.core.text import clean
from langsen.registers.communications.enums import OutputKind
from langsen.registers.communications.models import LINK_LENGTH
from langsen.registers.kit.rules import checked_text, refuse

SCHEMES = ("http", "https")


def check_kind(kind: str) -> None:
    """Refuse a kind there is not.

    Raises:
        BadInput: at `kind`.
    """
    if kind not in OutputKind.values:
        raise refuse("kind", _("Choose the kind of output."))


def checked_link(link: str) -> str:
    """Return an address a page may link to: http or https, a host, nobody's password; https where none is written.

    Raises:
        BadInput: at `link`.
    """
    text = checked_text(link, "link", LINK_LENGTH)
    if not text:
        return ""
    if " " in text or "\\" in text:
        raise _no_address(text)
    whole = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(whole)
        is_address = parts.scheme.lower() in SCHEMES and _has_plain_host(parts)
    except ValueError:
        is_address = False
    if not is_address:
        raise _no_address(text)
    return checked_text(whole, "link", LINK_LENGTH)


def _has_plain_host(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    return "." in host and "@" not in parts.netloc and (parts.port is None or parts.port > 0)


def _no_address(text: str) -> Exception:
    message = _("“%(link)s” is not the address of a page. It begins with http:// or https://.")
    return refuse("link", message % {"link": clean(text)[:80]})
