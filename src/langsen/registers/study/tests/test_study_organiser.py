"""Another unit organised the session: it counts there at once, and what was recorded goes with it."""

from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse

from langsen.foundation.access.enums import Role
from langsen.foundation.accounts.services import system_user
from langsen.foundation.audit.queries import history_of
from langsen.foundation.core.errors import BadInput, Conflict, NotAllowed
from langsen.foundation.core.periods import today
from langsen.foundation.orgs.models import OrgUnit
from langsen.registers.study.bulk import NewPoint
from langsen.registers.study.models import StudySession, StudyTotal
from langsen.registers.study.services import attendance, points, sessions
from langsen.registers.study.services.organiser import change_organiser
from tests.factories import make_person, make_session, make_tree, make_unit, make_user

pytestmark = pytest.mark.django_db
DAY = date(2023, 5, 17)


@pytest.fixture
def tree() -> dict[str, OrgUnit]:
    return make_tree(XA=("agencies", None), C1=("cell", "XA"), C2=("cell", "XA"))


def counted(unit: OrgUnit) -> tuple[int, int]:
    """The cached conferences and attendances of a unit."""
    rows = StudyTotal.objects.filter(grain="Q", org_unit=unit).values_list("conferences", "attendances")
    return next(iter(rows), (0, 0))


def test_it_counts_for_the_new_organiser_only_and_people_go_with_it(tree) -> None:
    by = make_user(Role.COMMUNE_OFFICER, tree["XA"])
    person, late = make_person(tree["C1"]), make_person(tree["C1"])
    session = make_session(tree["C1"], points=[])
    points.set_roll(session.points.get(), absent={late.pk}, by=by)
    attendance.record_make_up(session, [late.pk], today(), by=by)
    assert (counted(tree["C1"]), counted(tree["C2"])) == ((1, 1), (0, 0))
    change_organiser(session, tree["C2"], reason="Nhập nhầm chi bộ", by=by)
    assert (counted(tree["C1"]), counted(tree["C2"])) == ((0, 0), (1, 1))
    moved = StudySession.objects.get()
    assert (moved.org_unit, moved.points.get().org_unit) == (tree["C2"], tree["C2"])
    assert set(moved.attendances.values_list("person", "org_unit")) == {
        (person.pk, tree["C2"].pk),
        (late.pk, tree["C2"].pk),
    }
    event = history_of(moved)[0]
    assert event.verb == "session.organiser_changed"
    assert event.data == {"org_unit": ["Đơn vị C1", "Đơn vị C2"], "reason": "Nhập nhầm chi bộ"}


def test_it_takes_the_right_to_record_in_both_units(tree) -> None:
    session = make_session(tree["C1"])
    for unit in ("C1", "C2"):
        with pytest.raises(NotAllowed):
            change_organiser(session, tree["C2"], reason="Nhầm", by=make_user(Role.CELL_SECRETARY, tree[unit]))
    assert counted(tree["C1"]) == (1, 30)


def test_what_cannot_be_is_refused_and_nothing_changes(tree) -> None:
    by = system_user()
    later = make_unit("MOI", parent=tree["XA"])
    OrgUnit.objects.filter(pk=later.pk).update(during=DateRange(date(2025, 7, 1), None))
    later.refresh_from_db()
    session = make_session(tree["XA"], mode="hybrid", points=[NewPoint(tree["C1"], {"members": 3})])
    for unit, reason in ((tree["XA"], "Nhầm"), (tree["C1"], "Nhầm"), (tree["C2"], " "), (later, "Nhầm")):
        with pytest.raises(BadInput):
            change_organiser(session, unit, reason=reason, by=by)
    seen = session.changed_at
    sessions.change_session(session, sessions.facts_of(session, place="Hội trường"), by=by)
    with pytest.raises(Conflict):
        change_organiser(session, tree["C2"], reason="Nhầm", by=by, seen=seen)
    sessions.cancel_session(session, reason="Hoãn", by=by)
    with pytest.raises(Conflict):
        change_organiser(session, tree["C2"], reason="Nhầm", by=by)
    assert StudySession.objects.get().org_unit == tree["XA"]


def test_more_members_than_belong_to_the_new_organiser_ask_why(tree) -> None:
    make_person(tree["C2"])
    session = make_session(tree["C1"])
    with pytest.raises(points.AboveRoll):
        change_organiser(session, tree["C2"], reason="Nhầm", by=system_user())
    moved = change_organiser(session, tree["C2"], reason="Nhầm", above_roll_reason="Mời chi bộ bạn", by=system_user())
    moved.refresh_from_db()
    assert (moved.org_unit, moved.above_roll_reason) == (tree["C2"], "Mời chi bộ bạn")


def test_the_pages_choose_the_unit_then_ask_why(client: Client, tree) -> None:
    client.force_login(make_user(Role.COMMUNE_OFFICER, tree["XA"]))
    session = make_session(tree["C1"])
    address = reverse("study:organiser", args=[session.pk])
    assert "?unit=C2" in client.get(address).content.decode()
    assert "?unit=C1" not in client.get(address).content.decode()
    assert client.get(address + "?unit=KHONG-CO").status_code == 404
    page = client.get(address + "?unit=C2")
    assert "Đơn vị C2" in page.content.decode()
    assert client.post(address + "?unit=C2", {"reason": ""}).status_code == 422
    seen = {"seen": page.context["form"]["seen"].value()}
    assert client.post(address + "?unit=C2", {"reason": "Nhập nhầm", **seen}).status_code == 302
    shown = client.get(session.get_absolute_url()).content.decode()
    assert "Đơn vị C1 → Đơn vị C2" in shown
    assert "Nhập nhầm" in shown
