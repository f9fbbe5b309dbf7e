"""People of a divided unit are found on the desk and moved in bulk to those that took over."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from langsen.foundation.access.enums import Role
from langsen.foundation.accounts.services import system_user
from langsen.foundation.audit.models import AuditEvent
from langsen.foundation.core.errors import BadInput, NotAllowed
from langsen.foundation.core.periods import today
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.people import services
from langsen.foundation.people.divided import heirs_of, waiting_in
from langsen.foundation.people.models import Membership, Person
from langsen.foundation.people.queries import todos_for
from langsen.foundation.reorganisation.bulk import NewUnit
from langsen.foundation.reorganisation.changes import Decision
from langsen.foundation.reorganisation.services import merge_units, split_unit
from tests.factories import make_person, make_tree, make_user

pytestmark = pytest.mark.django_db
DAY = date(2025, 7, 1)
DECISION = Decision("12-QĐ/TU", date(2025, 6, 20), "Lò Văn Mẫu")


@pytest.fixture
def tree() -> dict[str, OrgUnit]:
    """A cell of three people, divided in two on `DAY` without saying where its people go."""
    tree = make_tree(XA=("agencies", None), C1=("cell", "XA"), C2=("cell", "XA"))
    for name in ("Lò Văn An", "Vàng A Bình", "Trần Thị Cúc"):
        make_person(tree["C1"], name)
    heirs = split_unit(
        tree["C1"],
        successors=[NewUnit(code, f"Chi bộ {code}", "cell", "XA", DAY) for code in ("C1A", "C1B")],
        children={},
        effective_on=DAY,
        decision=DECISION,
        by=system_user(),
    )
    tree["C1"].refresh_from_db()
    return tree | {heir.code: heir for heir in heirs}


def people(*names: str) -> list[int]:
    return [Person.objects.get(full_name=name).pk for name in names]


def where(name: str) -> set[str]:
    rows = Membership.objects.filter(person__full_name=name, during__contains=today())
    return set(rows.values_list("org_unit__code", flat=True))


def test_they_are_moved_together_on_the_day_of_the_division(tree) -> None:
    by = make_user(Role.COMMUNE_OFFICER, tree["XA"])
    chosen = people("Lò Văn An", "Vàng A Bình")
    assert services.move_from_divided(tree["C1"], chosen, to=tree["C1A"], on=DAY, by=by) == 2
    assert services.move_from_divided(tree["C1"], chosen, to=tree["C1B"], on=DAY, by=by) == 0
    assert (where("Lò Văn An"), where("Trần Thị Cúc")) == ({"C1A"}, {"C1"})
    old = Membership.objects.get(person__full_name="Lò Văn An", org_unit=tree["C1"])
    assert (old.during.upper, old.end_reason) == (DAY, "transferred")
    assert [row.person.full_name for row in waiting_in(tree["C1"])] == ["Trần Thị Cúc"]
    events = AuditEvent.objects.filter(verb="person.transferred")
    assert sorted(events.values_list("unit_id", flat=True)) == sorted([tree["C1"].pk, tree["C1A"].pk] * 2)


def test_whoever_belongs_to_the_heir_already_gets_no_second_membership(tree) -> None:
    person = Person.objects.get(full_name="Lò Văn An")
    services.add_membership(person, org_unit=tree["C1A"], person_class="full_member", from_on=DAY, by=system_user())
    services.move_from_divided(tree["C1"], [person.pk], to=tree["C1A"], on=DAY, by=system_user())
    assert where("Lò Văn An") == {"C1A"}
    assert person.memberships.filter(org_unit=tree["C1A"]).count() == 1


def test_a_heir_that_was_merged_since_is_followed_to_the_unit_of_today(tree) -> None:
    merge_units([tree["C1B"]], successor=tree["C2"], effective_on=date(2025, 9, 1), decision=DECISION, by=system_user())
    assert [unit.code for unit in heirs_of(tree["C1"])] == ["C1A", "C2"]


def test_what_cannot_be_is_refused_and_nobody_moves(tree) -> None:
    chosen, by = people("Lò Văn An"), system_user()
    ahead = today() + timedelta(days=1)
    for to, on, who in (
        ("C2", DAY, chosen),
        ("C1A", DAY - timedelta(days=1), chosen),
        ("C1A", ahead, chosen),
        ("C1A", DAY, []),
    ):
        with pytest.raises(BadInput):
            services.move_from_divided(tree["C1"], who, to=tree[to], on=on, by=by)
    with pytest.raises(BadInput):
        services.move_from_divided(tree["C2"], chosen, to=tree["C1A"], on=DAY, by=by)
    with pytest.raises(NotAllowed):
        services.move_from_divided(
            tree["C1"], chosen, to=tree["C1A"], on=DAY, by=make_user(Role.CELL_SECRETARY, tree["C1A"])
        )
    assert where("Lò Văn An") == {"C1"}


def test_the_desks_of_the_officer_above_and_of_the_heirs_say_so(tree) -> None:
    above, heir = make_user(Role.COMMUNE_OFFICER, tree["XA"]), make_user(Role.CELL_SECRETARY, tree["C1A"])
    other = make_user(Role.CELL_SECRETARY, tree["C2"])
    (todo,) = todos_for(above)
    assert todo.title == "Còn 3 người ở Đơn vị C1 (đã chia)"
    assert todo.href == reverse("people:divided", args=["C1"])
    (told,) = todos_for(heir)
    assert told.note == "Đơn vị XA chuyển"
    assert todos_for(other) == []
    services.move_from_divided(
        tree["C1"], people("Lò Văn An", "Vàng A Bình", "Trần Thị Cúc"), to=tree["C1A"], on=DAY, by=above
    )
    assert todos_for(above) == todos_for(heir) == []


def test_the_page_moves_those_ticked(client: Client, tree) -> None:
    client.force_login(make_user(Role.COMMUNE_OFFICER, tree["XA"]))
    address = reverse("people:divided", args=["C1"])
    page = client.get(address)
    assert page.context["form"]["on"].value() == DAY
    assert client.get(address + "?all=1").content.decode().count(" checked") == 3
    assert client.get(reverse("people:divided", args=["C2"])).context["total"] == 0
    assert client.get(reverse("people:divided", args=["KHONG"])).status_code == 404
    sent = {"to": tree["C1B"].pk, "on": "1/7/2025"}
    assert client.post(address, sent).status_code == 422
    assert client.post(address, sent | {"people": people("Lò Văn An"), "to": tree["C2"].pk}).status_code == 422
    refused = client.post(address, sent | {"people": people("Lò Văn An"), "on": "30/6/2025"})
    assert refused.status_code == 422
    assert refused.content.decode().count(" checked") == 1
    assert client.post(address, sent | {"people": people("Lò Văn An")}).status_code == 302
    assert where("Lò Văn An") == {"C1B"}
