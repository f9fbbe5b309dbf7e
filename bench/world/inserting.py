"""Writing many rows at once, with the defaults the models give and the indexes the program has."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, models, transaction

from langsen.foundation.core.copying import copy_rows


def copy_with_defaults(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """COPY `rows` into the table; columns not named get the model's defaults."""
    rest = _defaults(model, set(columns))
    tail = tuple(rest.values())
    copy_rows(model, [*columns, *rest], ((*row, *tail) for row in rows))


def insert_select(model: type[models.Model], values: Mapping[str, str], source: str) -> int:
    """INSERT what SQL `source` (from FROM on) gives, an expression for each of `values`; the rest gets defaults."""
    rest = _defaults(model, set(values))
    names = ", ".join(f'"{name}"' for name in [*values, *rest])
    expressions = ", ".join([*values.values(), *["%s"] * len(rest)])
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT {expressions} {source}', list(rest.values())
        )
        return int(cursor.rowcount)


def _defaults(model: type[models.Model], given: set[str]) -> dict[str, Any]:
    """What `model` gives columns that are not named; the key is left to its sequence."""
    found: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.column is None or field.column in given or (field.primary_key and isinstance(field, models.AutoField)):
            continue
        value = field.get_default()
        found[field.column] = (
            "now"
            if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
            else (field.get_db_prep_save(value, connection))
        )
    return found


@contextmanager
def loading(*tables: type[models.Model]) -> Iterator[None]:
    """One transaction without foreign key checks, the plain indexes of `tables` dropped and made again at its end."""
    names = [model._meta.db_table for model in tables]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL maintenance_work_mem = '1GB'")
        cursor.execute("SET LOCAL work_mem = '512MB'")
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
            "WHERE indrelid::regclass::text = ANY(%s) "
            "AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = indexrelid)",
            [names],
        )
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
        yield
        for _name, definition in indexes:
            cursor.execute(definition)


def settle_sequence(model: type[models.Model]) -> None:
    """Let the next row made by the program come after the ids given here."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence(%s, 'id'), greatest((SELECT max(id) FROM " + table + "), 1))", [table]
        )
