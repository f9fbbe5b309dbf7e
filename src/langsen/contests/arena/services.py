"""Making room for a round in the arena's tables."""

from django.db import connections

from langsen.contests.contests.models import Round
from langsen.contests.stores import STORE

# Room for an attempt's row to grow in its own page: a save rewrites it without touching an index.
_FILL = 70


def prepare_round(of: Round) -> None:
    """Make the partitions of a round in both tables, if it has none yet; freezing its paper calls this."""
    with connections[STORE].cursor() as cursor:
        for table in ("arena_attempt", "arena_standing"):
            cursor.execute(
                f"CREATE TABLE IF NOT EXISTS {table}_{of.pk:d} PARTITION OF {table} "
                f"FOR VALUES IN ({of.pk:d}) WITH (fillfactor = {_FILL})"
            )
