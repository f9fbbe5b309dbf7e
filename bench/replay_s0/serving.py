"""The arena with a clock put in from outside: `python -m bench.replay_s0.serving --port N`.

Only here: the moment of a request comes in a header. The arena people sit their papers in has no such door; its clock
is chosen when the app is put together (`make_app(clock=...)`), and `langsen arena` chooses the machine's.
"""

import contextvars
import sys

from langsen.contests.arena.wire import Receive, Scope, Send
from langsen.foundation.core.runtime.database import database_running

HEADER = b"x-replay-moment"
BEHIND_MS = 120_000
"""So far the clock of what runs without a request (handing in late papers) stays behind the newest request: twice the
told time requests go out together in, so that no paper is late whose hand-in is still on its way."""


class ReplayClock:
    """ms since 1970 as the request under way says; for work without a request, somewhat before the latest one."""

    def __init__(self) -> None:
        self._of_request: contextvars.ContextVar[int] = contextvars.ContextVar("moment")
        self._latest = 0

    def __call__(self) -> int:
        return self._of_request.get(self._latest - BEHIND_MS)

    def hear(self, scope: Scope) -> None:
        """Take the moment from a request's header."""
        told = next((value for name, value in scope["headers"] if name == HEADER), None)
        if told is not None:
            moment = int(told)
            self._latest = max(self._latest, moment)
            self._of_request.set(moment)


def main(port: int) -> None:
    """Serve until SIGTERM."""
    import uvicorn

    from langsen.contests.arena.asgi import make_app

    clock = ReplayClock()
    arena = make_app(clock=clock)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            clock.hear(scope)
        await arena(scope, receive, send)

    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, http="httptools", lifespan="on", ws="none", interface="asgi3",
        timeout_keep_alive=75, access_log=False, log_level="warning", server_header=False, date_header=False,
    )  # fmt: skip
    uvicorn.Server(config).run()


if __name__ == "__main__":
    with database_running():
        main(int(sys.argv[2]))
