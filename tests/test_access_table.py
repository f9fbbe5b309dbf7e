"""The access table: every row of `access_table.py`, every address in a row, and a table that can fail.

The long tier asks each row as every role; the fast one as the roles on both sides of the row's border.
"""

from collections.abc import Iterable, Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from langsen.contests.stores import STORE
from langsen.foundation.access import enums, rules
from langsen.foundation.access.enums import Permission, Role
from tests.access_roles import ANONYMOUS, SIGNED_IN, Row
from tests.access_table import TABLE
from tests.access_world import make_world, user_of

pytestmark = pytest.mark.django_db(databases=["default", STORE])

ROLES = [*sorted(SIGNED_IN), ANONYMOUS]


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic(), transaction.atomic(using=STORE):
        objects = make_world()
        clients = {role: Client(raise_request_exception=False) for role in ROLES}
        for role in SIGNED_IN:
            clients[role].force_login(user_of(objects, role))
        yield objects | {"clients": clients}
        transaction.set_rollback(True)
        transaction.set_rollback(True, using=STORE)


def answer(world, row: Row, role: str) -> int:
    """Return the status of one request; whatever it wrote is undone."""
    path = reverse(row.url, kwargs={name: value.format_map(world) for name, value in row.kwargs.items()})
    data = {name: value.format_map(world) if isinstance(value, str) else value for name, value in row.data.items()}
    client, mark, store_mark = world["clients"][role], transaction.savepoint(), transaction.savepoint(using=STORE)
    cookies = client.cookies.copy()
    try:
        if row.method == "GET":
            return client.get(path + row.query.format_map(world)).status_code
        return client.generic(row.method, path + row.query.format_map(world), **_body(data)).status_code
    finally:
        transaction.savepoint_rollback(mark)
        transaction.savepoint_rollback(store_mark, using=STORE)
        client.cookies = cookies


def _body(data: dict[str, object]) -> dict[str, object]:
    return {"data": encode_multipart(BOUNDARY, data), "content_type": MULTIPART_CONTENT}


def differences(world, rows: Iterable[Row], roles: Iterable[str]) -> Iterator[str]:
    """Yield "row as role: got, not expected" for each answer that is not as written."""
    roles = list(roles)
    for row in rows:
        for role in roles:
            got = answer(world, row, role)
            if got != row.expected(role):
                yield f"{row} as {role}: {got}, not {row.expected(role)}"


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_the_border_of_each_row_runs_where_it_is_written(world, row):
    assert list(differences(world, [row], row.border())) == []


@pytest.mark.slow
@pytest.mark.parametrize("row", TABLE, ids=str)
def test_each_role_gets_what_is_written(world, row):
    assert list(differences(world, [row], ROLES)) == []


def addresses(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}" if pattern.name else f"(no name) {pattern.pattern}"
        else:
            yield from addresses(pattern, namespace + (f"{pattern.namespace}:" if pattern.namespace else ""))


def missing(rows: Iterable[Row]) -> set[str]:
    return set(addresses(get_resolver())) - {row.url for row in rows}


def test_every_address_has_a_row():
    assert sorted(missing(TABLE)) == []


def test_no_row_is_written_twice():
    keys = [(str(row), tuple(row.kwargs.items()), tuple(row.data.items())) for row in TABLE]
    assert len(keys) == len(set(keys))


def test_a_removed_row_is_missed():
    assert missing(row for row in TABLE if row.url != "usersessions_list") >= {"usersessions_list"}


@pytest.mark.parametrize(
    ("role", "permission", "pages"),
    [
        ("viewer", Permission.PEOPLE_READ, "people:roster"),
        ("viewer", Permission.STUDY_READ, "study:session"),
        ("cell_deputy", Permission.STUDY_RECORD, "study:record"),
        ("commune_officer", Permission.ACCESS_GRANT, "access:grants"),
        ("member", Permission.AUDIT_READ, "office:audit_log"),
        ("grassroots_secretary", Permission.ORGS_CHANGE, "orgs:change"),
        ("cell_deputy", Permission.PROGRAMMES_WRITE, "programmes:theme_add"),
    ],
)
def test_one_altered_rule_makes_the_table_fail(world, monkeypatch, role, permission, pages):
    """A permission taken from a role, or given to it, is noticed by rows that pass otherwise."""
    rows = [row for row in TABLE if row.url == pages]
    assert rows
    assert next(differences(world, rows, [role]), None) is None
    held = enums.ROLE_PERMISSIONS[Role(role)]
    monkeypatch.setitem(rules.ROLE_PERMISSIONS, Role(role), held ^ {permission})
    assert next(differences(world, rows, [role]), None) is not None
