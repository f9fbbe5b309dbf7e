"""The roster's use cases: who may, what is kept, what the days become."""

from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from langsen.foundation.access.enums import Permission
from langsen.foundation.accounts.services import system_user
from langsen.foundation.audit.models import AuditEvent
from langsen.foundation.core.errors import BadInput, Conflict, NotAllowed, NotFound
from langsen.foundation.people import services
from langsen.foundation.people.models import Person
from langsen.foundation.people.queries import home_membership, people_for, roster
from langsen.foundation.people.services import PersonDetails
from tests.factories import make_person, make_tree, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    return make_tree(
        TI=("province", None), XA=("agencies", "TI"), C1=("cell", "XA"), C2=("cell", "XA"), XB=("agencies", "TI")
    )


@pytest.fixture
def officer(tree):
    return make_user("commune_officer", tree["XA"])


def details(**changes):
    return PersonDetails(**({"full_name": "Vàng Thị Đào", "born_on": date(1980, 2, 3)} | changes))


def added(tree, officer, **changes):
    return services.add_person(
        details(**changes),
        org_unit=tree["C1"],
        person_class="probationary_member",
        from_on=date(2021, 1, 1),
        by=officer,
    )


def test_adding_needs_the_right_in_the_unit(tree, officer):
    person = added(tree, officer)
    assert home_membership(person).org_unit == tree["C1"]
    with pytest.raises(NotAllowed):
        services.add_person(details(), org_unit=tree["XB"], person_class="cadre", from_on=date(2021, 1, 1), by=officer)
    assert Person.objects.count() == 1


def test_masked_values_never_enter_the_trail(tree, officer):
    person = added(tree, officer)
    services.change_person(person, details(full_name="Vàng Thị Đào Hoa", born_on=date(1981, 7, 9)), by=officer)
    event = AuditEvent.objects.get(verb="person.changed")
    assert event.data == {"full_name": ["Vàng Thị Đào", "Vàng Thị Đào Hoa"], "fields": ["born_on"]}
    assert "1981" not in str(event.data)
    assert people_for(officer).get().folded == "vang thi dao hoa"


def test_a_transfer_leaves_no_day_out_and_none_twice(tree, officer):
    person = added(tree, officer)
    services.give_post(person, org_unit=tree["C1"], title="Bí thư", from_on=date(2021, 1, 1), by=officer)
    services.transfer_person(home_membership(person), to=tree["C2"], on=date(2023, 7, 1), by=officer)
    assert [row.org_unit.code for row in roster(tree["XA"], date(2023, 6, 30))] == ["C1"]
    assert [row.org_unit.code for row in roster(tree["XA"], date(2023, 7, 1))] == ["C2"]
    assert person.posts.get().during.upper == date(2023, 7, 1)
    assert not people_for(make_user("cell_secretary", tree["C1"])).exists()
    assert people_for(make_user("cell_secretary", tree["C2"])).get() == person


def test_a_transfer_needs_both_rosters(tree):
    person = make_person(tree["C1"])
    with pytest.raises(NotAllowed):
        services.transfer_person(
            home_membership(person), to=tree["C2"], on=date(2023, 7, 1), by=make_user("cell_secretary", tree["C1"])
        )
    assert person.memberships.get().during.upper is None


def test_belonging_twice_to_one_unit_is_refused_in_words(tree, officer):
    person = added(tree, officer)
    with pytest.raises(BadInput, match="Vàng Thị Đào"):
        services.add_membership(person, org_unit=tree["C1"], person_class="cadre", from_on=date(2022, 1, 1), by=officer)
    services.add_membership(person, org_unit=tree["C2"], person_class="cadre", from_on=date(2022, 1, 1), by=officer)
    assert roster(tree["XA"], date(2022, 5, 1)).count() == 2


def test_death_ends_everything_and_a_mistake_keeps_no_day(tree, officer):
    person = added(tree, officer)
    other = services.add_membership(
        person, org_unit=tree["C2"], person_class="cadre", from_on=date(2022, 1, 1), by=officer
    )
    wrong = services.add_membership(
        person, org_unit=tree["XA"], person_class="worker", from_on=date(2022, 1, 1), by=officer
    )
    services.end_membership(wrong, last_on=None, reason="corrected", by=officer)
    assert wrong.__class__.objects.get(pk=wrong.pk).during.isempty
    services.end_membership(other, last_on=date(2024, 3, 2), reason="died", by=officer)
    assert roster(tree["XA"], date(2024, 3, 2)).count() == 2
    assert roster(tree["XA"], date(2024, 3, 3)).count() == 0
    assert people_for(officer).get() == person


def test_full_membership_follows_the_probation_without_a_gap(tree, officer):
    person = added(tree, officer, joined_on=date(2021, 1, 1))
    services.record_full_membership(home_membership(person), on=date(2022, 1, 1), by=officer)
    rows = list(person.memberships.order_by("during"))
    assert [row.person_class for row in rows] == ["probationary_member", "full_member"]
    assert rows[0].during.upper == rows[1].during.lower == date(2022, 1, 1)
    person.refresh_from_db()
    assert person.official_on == date(2022, 1, 1)


def test_exemptions_do_not_overlap(tree, officer):
    person = added(tree, officer)
    exemption = services.exempt_person(person, reason="age", from_on=date(2023, 1, 1), by=officer)
    with pytest.raises(BadInput):
        services.exempt_person(person, reason="health", from_on=date(2024, 1, 1), by=officer)
    services.end_exemption(exemption, last_on=date(2023, 12, 31), by=officer)
    services.exempt_person(person, reason="health", from_on=date(2024, 1, 1), last_on=date(2024, 2, 1), by=officer)
    assert person.exemptions.count() == 2


def test_a_correction_is_asked_by_oneself_and_answered_once(tree, officer):
    user = make_user("member", tree["C1"])
    person = make_person(tree["C1"], user=user)
    request = services.ask_correction(person, text="Ngày sinh chưa đúng", by=user)
    with pytest.raises(NotFound):
        services.ask_correction(make_person(tree["C1"]), text="x", by=user)
    with pytest.raises(NotAllowed):
        services.answer_correction(request, is_done=True, answer="Đã sửa", by=user)
    services.answer_correction(request, is_done=True, answer="Đã sửa", by=officer)
    with pytest.raises(Conflict):
        services.answer_correction(request, is_done=False, answer="Giữ nguyên", by=officer)


def test_reading_masked_details_is_recorded_and_needs_the_right(tree, officer):
    person = added(tree, officer)
    with pytest.raises(NotAllowed):
        services.read_sensitive(person, by=officer)
    services.read_sensitive(person, by=make_user("cell_secretary", tree["C1"]))
    assert AuditEvent.objects.get(verb="person.sensitive_read").data == {"fields": ["born_on"]}
    with pytest.raises(NotFound):
        services.read_sensitive(person, by=make_user("cell_secretary", tree["C2"]))


def test_writing_the_roster_is_not_for_readers(tree):
    reader = make_user("standing_member", tree["TI"])
    person = make_person(tree["C1"])
    with pytest.raises(NotAllowed):
        services.change_person(person, details(), by=reader)
    assert not people_for(reader, Permission.PEOPLE_WRITE).exists()


def test_people_posts_and_exemptions_follow_a_merger(tree, officer):
    from langsen.foundation.people.hooks import on_reorganised
    from langsen.foundation.reorganisation.changes import Change, Decision, note_change

    person = added(tree, officer)
    both = services.add_membership(
        person, org_unit=tree["C2"], person_class="cadre", from_on=date(2022, 1, 1), by=officer
    )
    left = make_person(tree["C1"], last_on=date(2023, 1, 1))
    services.give_post(person, org_unit=tree["C1"], title="Bí thư", from_on=date(2021, 1, 1), by=officer)
    services.exempt_person(person, reason="age", from_on=date(2023, 1, 1), by=officer)
    day = date(2025, 7, 1)
    row = note_change("merge", [tree["C1"]], effective_on=day, decision=Decision(), facts={}, by=system_user())
    mapping = {tree["C1"].pk: tree["C2"].pk}
    on_reorganised(Change("merge", day, row, system_user(), (tree["C1"],), (tree["C2"],), mapping))
    assert [m.org_unit.code for m in roster(tree["XA"], day)] == ["C2"]
    both.refresh_from_db()
    assert both.during == DateRange(date(2022, 1, 1), None)
    assert {(p.org_unit.code, p.during.lower) for p in person.posts.all()} == {
        ("C1", date(2021, 1, 1)),
        ("C2", day),
    }
    assert person.exemptions.filter(during__contains=day).get().org_unit == tree["C2"]
    assert left.memberships.get().end_reason == ""
