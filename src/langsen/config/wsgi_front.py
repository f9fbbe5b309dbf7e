"""Who the client is, when the front passed the request on."""

from collections.abc import Callable, Iterable
from typing import Any

# Set for the pages that listen on the private socket; on a port of their own the peer is the client.
BEHIND_FRONT = "LANGSEN_BEHIND_FRONT"

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def told_by_front(application: Application) -> Application:
    """Take the client's address from the front, which writes exactly one and throws away what clients wrote."""

    def told(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        environ["REMOTE_ADDR"] = environ.pop("HTTP_X_FORWARDED_FOR", "")
        return application(environ, start)

    return told
