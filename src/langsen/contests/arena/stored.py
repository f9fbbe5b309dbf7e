"""The arena's own connections to the contest store: plain psycopg, one commit per statement."""

from typing import Any

import psycopg
from django.db import connections
from psycopg import AsyncConnection
from psycopg.conninfo import make_conninfo

from langsen.contests.stores import STORE

_CONNECT_SECONDS = 2
_STATEMENT_MS = 5_000


async def connect() -> AsyncConnection[Any]:
    """Return a new connection that commits each statement; one that takes longer than 5 s is given up."""
    chosen = connections[STORE].settings_dict
    return await psycopg.AsyncConnection.connect(
        make_conninfo(
            dbname=chosen["NAME"],
            user=chosen["USER"] or None,
            password=chosen["PASSWORD"] or None,
            host=chosen["HOST"] or None,
            port=chosen["PORT"] or None,
            connect_timeout=_CONNECT_SECONDS,
            application_name="langsen arena",
            options=f"-c statement_timeout={_STATEMENT_MS} -c timezone=UTC -c jit=off",
        ),
        autocommit=True,
        prepare_threshold=1,
    )
