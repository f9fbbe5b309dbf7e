"""An app that does nothing: reads the body, answers 300 bytes. What the load can ask of it is the load's own limit."""

from typing import Any


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Answer any request."""
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"300")]})
    await send({"type": "http.response.body", "body": b"x" * 300})
