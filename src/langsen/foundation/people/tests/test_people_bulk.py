"""Many people at once: the same rules, one door."""

from datetime import date

import pytest

from langsen.foundation.accounts.services import system_user
from langsen.foundation.audit.models import AuditEvent
from langsen.foundation.core.errors import BadInput
from langsen.foundation.people.bulk import NewPerson, enrol_people
from langsen.foundation.people.models import Membership, Person
from tests.factories import make_unit

pytestmark = pytest.mark.django_db


def test_people_are_enrolled_in_order_with_audit_and_keys():
    unit = make_unit("CB1")
    rows = [
        NewPerson("Vàng Thị Đào", unit, "full_member", date(2020, 1, 1), born_on=date(1980, 2, 3), sex="f"),
        NewPerson("Lò  Văn Ân", unit, "probationary_member", date(2024, 1, 1)),
    ]
    people = enrol_people(rows, by=system_user())
    assert [person.full_name for person in people] == ["Vàng Thị Đào", "Lò Văn Ân"]
    assert people[0].folded == "vang thi dao"
    assert [person.full_name for person in Person.objects.all()] == ["Lò Văn Ân", "Vàng Thị Đào"]
    assert Membership.objects.filter(org_unit=unit, during__contains=date(2024, 5, 1)).count() == 2
    events = AuditEvent.objects.filter(verb="person.added")
    assert [event.unit_id for event in events] == [unit.pk, unit.pk]


@pytest.mark.parametrize(
    "row",
    [
        {"full_name": "x" * 10_000},
        {"full_name": "\u202e \x00"},
        {"from_on": date(2010, 1, 1)},
        {"born_on": date(2090, 1, 1)},
        {"joined_on": date(2020, 1, 1), "official_on": date(2019, 1, 1)},
        {"person_class": "king"},
    ],
)
def test_one_bad_row_adds_nobody(row):
    unit = make_unit("CB1")
    good = {"full_name": "Lù Thị Mây", "org_unit": unit, "person_class": "full_member", "from_on": date(2021, 1, 1)}
    with pytest.raises(BadInput):
        enrol_people([NewPerson(**good), NewPerson(**(good | row))], by=system_user())
    assert not Person.objects.exists()
