"""Many rows in few statements: COPY with keys taken beforehand, long lists as one parameter.

For imports and what is written beside them. COPY passes Django by: no signal is sent, no default of a model is filled
in, and what a field would check is the caller's to have checked; the rules of the store hold as ever.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.expressions import RawSQL

# The default alone, or a date, a range and JSON also as text.
CopyValue = str | int | bool | date | datetime | UUID | None


def new_keys(model: type[models.Model], count: int, *, using: str = DEFAULT_DB_ALIAS) -> list[int]:
    """Take `count` keys of `model` from its sequence, rising; those not used are lost, as after a rollback."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [key for (key,) in cursor.fetchall()]


def copy_rows(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[CopyValue]],
    *,
    using: str = DEFAULT_DB_ALIAS,
) -> None:
    """COPY `rows` into the table of `model` in the caller's transaction; a column not named is its sequence's or null.

    Ranges and JSON go in as text, as PostgreSQL writes them.

    Raises:
        IntegrityError, DataError: the store refused a row; nothing was written.
    """
    connection = connections[using]
    names = ", ".join(map(connection.ops.quote_name, columns))
    table = connection.ops.quote_name(model._meta.db_table)
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def days_as_text(first: date, end: date | None) -> str:
    """Return the half-open range of days [first, end) as PostgreSQL reads it."""
    return f"[{first},{end or ''})"


def listed(words: Iterable[str]) -> RawSQL:
    """Return `words`, none with a line break, as a subquery for `…__in`: one parameter however many they are."""
    return RawSQL("SELECT unnest(string_to_array(%s, E'\\n'))", ["\n".join(words)])
