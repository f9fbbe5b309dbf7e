"""Every page of the register opens for whoever may, records what it should, and asks the same number of queries."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from langsen.foundation.access.enums import Role
from langsen.foundation.accounts.models import User
from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.periods import today
from langsen.foundation.core.text import day_text
from langsen.foundation.orgs.models import OrgUnit
from langsen.registers.programmes.models import Theme
from langsen.registers.study.bulk import NewPoint
from langsen.registers.study.forms import points as make_up_forms
from langsen.registers.study.models import SessionPoint, StudySession
from langsen.registers.study.services import attendance, points, sessions
from langsen.registers.study.services.sessions import SessionFacts
from tests.factories import make_person, make_session, make_theme, make_unit, make_user

pytestmark = pytest.mark.django_db
DAY = date(2023, 5, 17)


def signed_in(client: Client, role: Role, unit: OrgUnit) -> User:
    user = make_user(role, unit)
    client.force_login(user)
    return user


def planned(unit: OrgUnit, **facts: Any) -> StudySession:
    return sessions.plan_session(
        unit,
        SessionFacts(kind="thematic_meeting", title="Sinh hoạt chuyên đề", held_on=today(), **facts),
        by=system_user(),
    )


def test_make_up_offers_the_newest_sessions_and_takes_an_earlier_one_too(client: Client, monkeypatch) -> None:
    monkeypatch.setattr(make_up_forms, "OFFERED_SESSIONS", 2)
    unit = make_unit("C1")
    person = make_person(unit)
    signed_in(client, Role.CELL_SECRETARY, unit)
    theme = make_theme(unit, from_on=date(2023, 1, 1))
    days = [today() - timedelta(days=gone) for gone in (3, 2, 1)]
    first, second, third = (make_session(unit, held_on=day, themes=[theme]) for day in days)
    page = reverse("study:make_up") + f"?theme={theme.code}&unit=C1"
    form = client.get(page).context["form"]
    assert [key for key, _words in form.fields["session"].choices] == [third.pk, second.pk]
    assert "2" in form["session"].help_text
    sent = {"session": first.pk, "studied_on": "", "people": person.pk}
    assert client.post(page, sent).status_code == 422
    answer = client.post(page, sent | {"studied_on": day_text(today())})
    assert answer.status_code == 302
    assert first.attendances.filter(person=person).exists()


def addresses_of(
    session: StudySession, cancelled: StudySession, planned_one: StudySession, point: SessionPoint, theme: Theme
) -> list[str]:
    """Every page of the register, with what it may be asked for."""
    return [
        reverse("study:sessions"),
        reverse("study:sessions_excel"),
        reverse("study:sessions_import"),
        reverse("study:sessions_import_template"),
        reverse("study:record"),
        reverse("study:record") + "?choose=1&q=c1",
        reverse("study:record") + "?unit=C1",
        reverse("study:new"),
        reverse("study:new") + "?kind=review_conference&plan=1",
        *(reverse(f"study:{name}", args=[session.pk]) for name in ("session", "change", "cancel", "add_points")),
        reverse("study:session", args=[cancelled.pk]),
        reverse("study:restore", args=[cancelled.pk]),
        reverse("study:hold", args=[planned_one.pk]),
        reverse("study:points") + "?waiting=on",
        *(
            reverse(f"study:{name}", args=[point.pk])
            for name in ("point_numbers", "point_roll", "point_change", "point_code", "point_code_image")
        ),
        reverse("study:enter_code"),
        reverse("study:check_in", args=[point.check_in_code]),
        reverse("study:make_up"),
        reverse("study:make_up") + f"?theme={theme.code}&unit=C1",
        reverse("study:make_up_excel"),
        reverse("programmes:themes"),
        reverse("programmes:themes") + "?q=chuyen+de&now=on",
        reverse("programmes:theme", args=[theme.code]),
    ]


def test_every_page_opens(client: Client) -> None:
    party = make_unit("DB", "grassroots_committee")
    cell = make_unit("C1", parent=party)
    person = make_person(cell)
    signed_in(client, Role.GRASSROOTS_SECRETARY, party)
    theme = make_theme(party, from_on=date(2023, 1, 1))
    session = make_session(party, held_on=today(), mode="hybrid", themes=[theme])
    point = attendance.open_check_in(points.add_point(session, cell, by=system_user()), by=system_user())
    cancelled = sessions.cancel_session(make_session(cell), reason="Hoãn", by=system_user())
    attendance.record_make_up(session, [person.pk], today(), by=system_user())
    for address in addresses_of(session, cancelled, planned(cell), point, theme):
        response = client.get(address)
        assert response.status_code == 200, address
        assert "None" not in response.content.decode(errors="ignore").split("<main")[-1], address


def test_the_short_form_records_a_meeting_with_its_roll(client: Client) -> None:
    cell = make_unit("C1")
    theme = make_theme(cell, "Chuyên đề năm 2026", from_on=today() - timedelta(days=30))
    stays, absent = make_person(cell, "Lò Văn An"), make_person(cell, "Vàng A Bình")
    user = signed_in(client, Role.CELL_DEPUTY, cell)
    page = client.get(reverse("study:record"))
    assert page.context["form"]["held_on"].value() == today()
    sent = {
        "kind": "thematic_meeting",
        "held_on": today().isoformat(),
        "title": "chuyên đề năm 2026",
        "listed": f"{stays.pk},{absent.pk}",
        "present": [str(stays.pk)],
        "client_id": "0b9f6c1e-7f0c-4b46-9a53-4f4e0f3c9a11",
    }
    first = client.post(reverse("study:record"), sent)
    again = client.post(reverse("study:record"), sent)
    session = StudySession.objects.get()
    assert first["Location"] == again["Location"] == session.get_absolute_url()
    assert (session.status, session.recorded_by, session.entered_for_other) == ("held", user, False)
    assert list(session.themes.all()) == [theme]
    assert list(session.attendances.values_list("person", flat=True)) == [stays.pk]


def test_a_refused_form_keeps_what_was_typed(client: Client) -> None:
    cell = make_unit("C1")
    person = make_person(cell, "Lò Văn An")
    signed_in(client, Role.CELL_SECRETARY, cell)
    sent = {
        "kind": "thematic_meeting",
        "held_on": (today() + timedelta(days=1)).isoformat(),
        "title": "Học tập <b>chuyên đề</b>",
        "listed": str(person.pk),
    }
    response = client.post(reverse("study:record"), sent)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Học tập &lt;b&gt;chuyên đề&lt;/b&gt;" in page
    assert not response.context["roll"][0][1]
    assert not StudySession.objects.exists()


def test_more_than_the_list_asks_why_and_then_stands(client: Client) -> None:
    cell = make_unit("C1")
    make_person(cell)
    signed_in(client, Role.CELL_SECRETARY, cell)
    session = make_session(cell, points=[])
    address = reverse("study:point_numbers", args=[session.points.get().pk])
    refused = client.post(address, {"present_members": "1.200"})
    assert refused.status_code == 422
    assert "above_roll_reason" in refused.context["form"].errors
    done = client.post(address, {"present_members": "1.200", "above_roll_reason": "Mời chi bộ bạn"})
    assert done.status_code == 302
    assert session.points.get().present_members == 1200


def test_an_editor_who_comes_second_sees_both_and_may_save_knowingly(client: Client) -> None:
    cell = make_unit("C1")
    signed_in(client, Role.CELL_SECRETARY, cell)
    session = make_session(cell)
    address = reverse("study:change", args=[session.pk])
    opened = {"kind": "study_conference", "title": "Bản của tôi", "held_on": "2023-05-17", "mode": "in_person"}
    seen = client.get(address).context["form"]["seen"].value()
    sessions.change_session(
        session, SessionFacts(kind="study_conference", title="Bản của người khác", held_on=DAY), by=system_user()
    )
    response = client.post(address, opened | {"seen": seen})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Bản của tôi" in page
    assert "Bản của người khác" in page
    assert client.post(address, opened | {"seen": response.context["seen_now"]}).status_code == 302
    assert StudySession.objects.get().title == "Bản của tôi"


def test_make_up_is_ticked_and_recorded_in_one_go(client: Client) -> None:
    cell = make_unit("C1")
    people = [make_person(cell) for _ in range(3)]
    signed_in(client, Role.CELL_SECRETARY, cell)
    theme = make_theme(cell)
    session = make_session(cell, themes=[theme], points=[])
    address = reverse("study:make_up") + f"?theme={theme.code}"
    assert client.get(address).context["whole"].pending == 3
    sent = {"session": session.pk, "studied_on": today().isoformat(), "people": [p.pk for p in people[:2]]}
    assert client.post(address, sent).status_code == 302
    assert client.get(address).context["whole"].pending == 1
    assert client.post(address, {"session": session.pk, "studied_on": "2023-05-01"}).status_code == 422


@pytest.mark.parametrize("name", ["sessions", "points", "make_up"])
def test_a_list_asks_the_same_number_of_queries_for_one_row_and_for_three(client: Client, name: str) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    party = make_unit("DB", "grassroots_committee")
    theme = make_theme(party)
    signed_in(client, Role.GRASSROOTS_SECRETARY, party)

    def grow(number: int) -> None:
        cell = make_unit(f"C{number}", parent=party)
        make_person(cell)
        make_session(cell, themes=[theme], mode="hybrid", points=[NewPoint(party, {"members": 3})])

    counts = []
    for number in range(1, 4):
        grow(number)
        if number == 2:
            continue
        client.get(reverse(f"study:{name}"))
        with CaptureQueriesContext(connection) as caught:
            assert client.get(reverse(f"study:{name}")).status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1]
    assert SessionPoint.objects.count() == 6
