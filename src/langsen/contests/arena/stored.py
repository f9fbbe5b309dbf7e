"""The arena's own connections to the contest store: plain psycopg, one commit per statement."""

from typing import Any

import psycopg
from django.db import connections
from psycopg import AsyncConnection
from psycopg.conninfo import make_conninfo

from langsen.contests.stores import STORE

_CONNECT_SECONDS = 2
# A round begins with an empty partition: before statistics exist, a plan must not be one that reads all of it. Every
# row here is found by a key, so only such plans are allowed; and they are made once, not for each batch.
_SETTINGS = {
    "statement_timeout": 5_000,
    "timezone": "UTC",
    "jit": "off",
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_bitmapscan": "off",
    "enable_mergejoin": "off",
}


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
            options=" ".join(f"-c {name}={value}" for name, value in _SETTINGS.items()),
        ),
        autocommit=True,
        prepare_threshold=1,
    )
