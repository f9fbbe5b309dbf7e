"""Grants that change inside a request count at once, although a request reads them once."""

from datetime import date

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from langsen.foundation.access.enums import Permission, Role
from langsen.foundation.access.models import Grant
from langsen.foundation.access.rules import has_permission_somewhere, is_allowed, own_units
from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.remembering import request_memory
from tests.factories import make_unit, make_user

pytestmark = pytest.mark.django_db


def test_a_grant_given_and_ended_inside_a_request_counts_at_once() -> None:
    unit, other = make_unit("M1"), make_unit("M2")
    user = make_user(Role.CELL_SECRETARY, unit)
    with request_memory():
        assert own_units(user) == [unit]
        assert not is_allowed(user, Permission.STUDY_RECORD, other)
        grant = Grant.objects.create(
            user=user, role=Role.CELL_SECRETARY, org_unit=other, granted_by=system_user(),
            during=DateRange(date(2020, 1, 1), None),
        )  # fmt: skip
        assert set(own_units(user)) == {unit, other}
        assert is_allowed(user, Permission.STUDY_RECORD, other)
        Grant.objects.filter(pk=grant.pk).delete()
        assert not is_allowed(user, Permission.STUDY_RECORD, other)
        Grant.objects.filter(user=user).update(during=DateRange(date(2020, 1, 1), date(2020, 2, 1)))
        assert not has_permission_somewhere(user, Permission.STUDY_RECORD)


def test_rights_asked_again_in_one_request_cost_no_query() -> None:
    unit = make_unit("M3")
    user = make_user(Role.CELL_SECRETARY, unit)
    with request_memory():
        own_units(user), is_allowed(user, Permission.STUDY_RECORD, unit)
        with CaptureQueriesContext(connection) as queries:
            own_units(user), is_allowed(user, Permission.STUDY_RECORD, unit)
            has_permission_somewhere(user, Permission.FIGURES_READ)
    assert len(queries) == 0
