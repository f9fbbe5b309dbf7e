"""Two officers press "Đôn đốc" at the same moment, with real connections and real commits."""

from collections.abc import Callable

import pytest
from django.db import connection

from langsen.foundation.access.enums import Permission
from langsen.foundation.core.errors import Conflict
from langsen.foundation.notifications import services
from langsen.foundation.notifications.models import Notice, Nudge
from tests.factories import make_tree, make_user
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def presses() -> list[Callable[[], object]]:
    tree = make_tree(TI=("province", None), XA=("agencies", "TI"), CB=("cell", "XA"))
    make_user("cell_secretary", tree["CB"])
    officers = [make_user("commune_officer", tree["XA"]) for _number in range(2)]

    def press(officer) -> Callable[[], object]:
        return lambda: services.nudge(
            tree["CB"], about="x", subject="Đề nghị", text="", href="", holding=Permission.STUDY_RECORD, by=officer
        )

    return [press(officer) for officer in officers]


def test_one_of_two_reminds_and_the_other_hears_it(presses) -> None:
    results = at_once(*presses)
    assert sorted(str(type(result).__name__) for result in results) == ["Conflict", "int"], results
    assert any(isinstance(result, Conflict) for result in results)
    assert (Nudge.objects.count(), Notice.objects.count()) == (1, 1)


def test_without_the_constraint_both_remind(presses) -> None:
    """The control: the constraint is what keeps it to one."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE notifications_nudge DROP CONSTRAINT notices_nudge_once_a_day")
    try:
        results = at_once(*presses)
        assert results == [1, 1]
        assert (Nudge.objects.count(), Notice.objects.count()) == (2, 2)
    finally:
        Nudge.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE notifications_nudge"
                ' ADD CONSTRAINT notices_nudge_once_a_day UNIQUE (org_unit_id, about, "on")'
            )
