"""The desk, search and the log: what stands there, and what does not."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from langsen.foundation.access.enums import Role
from langsen.foundation.access.services import grant_role, invite_person, open_staff_mode
from langsen.foundation.accounts.services import system_user
from langsen.foundation.audit.models import AuditEvent
from langsen.foundation.audit.services import record
from langsen.foundation.core.periods import Period, today
from langsen.foundation.people.models import Person
from langsen.office import finding, log, queries
from tests.contest_world import a_contest
from tests.factories import make_person, make_session, make_tree, make_unit, make_user


@pytest.fixture
def units(db):
    return make_tree(
        T=("province", None),
        X=("grassroots_committee", "T"),
        CB=("cell", "X"),
        CB2=("cell", "X"),
        Y=("grassroots_committee", "T"),
        CBY=("cell", "Y"),
    )


@pytest.fixture
def officer(units):
    return make_user(Role.COMMUNE_OFFICER, units["X"], "canbo")


def months_ago(number):
    return queries.last_months(today())[-1 - number].first


class TestDesk:
    def test_the_last_twelve_months_end_with_this_one(self):
        months = queries.last_months(today().replace(month=2, day=1))
        assert [period.first.month for period in months] == [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2]

    def test_a_silent_unit_comes_first_and_is_named_without_blame(self, units, officer):
        make_session(units["CB"], months_ago(0), kind="regular_meeting")
        make_session(units["CB2"], months_ago(5), kind="regular_meeting")
        heat = queries.slow_units(units["X"], today())
        assert [row["label"] for row in heat.rows] == [units["CB2"].name, units["CB"].name]
        silent = heat.rows[0]["cells"]
        assert [cell["level"] is None for cell in silent[-5:]] == [True] * 5
        assert silent[-6]["level"] in {1, 2, 3}
        since = queries.last_months(today())[-5].first
        words = f"{units['CB2'].name}: chưa ghi nhận hoạt động từ tháng {since.month}/{since.year}."
        assert [(one.unit, one.words) for one in heat.silent] == [(units["CB2"], words)]

    def test_each_cell_with_sessions_opens_its_list(self, units, officer, client):
        session = make_session(units["CB"], months_ago(1), kind="regular_meeting", title="Sinh hoạt thường kỳ")
        heat = queries.slow_units(units["X"], today())
        cell = next(row for row in heat.rows if row["label"] == units["CB"].name)["cells"][-2]
        client.force_login(officer)
        assert session.title in client.get(cell["href"]).content.decode()

    def test_records_below_count_for_the_unit_directly_below(self, units):
        make_session(units["CB"], months_ago(0))
        rows = {row["label"]: row["cells"][-1]["level"] for row in queries.slow_units(units["T"], today()).rows}
        assert rows[units["X"].name] in {1, 2, 3}
        assert rows[units["Y"].name] is None

    def test_published_units_are_not_followed(self, units):
        make_unit("CBP", "cell", units["X"], is_published=True)
        assert "Đơn vị CBP" not in [row["label"] for row in queries.slow_units(units["X"], today()).rows]

    def test_a_cell_officer_reaches_recording_in_one_tap(self, units, client):
        client.force_login(make_user(Role.CELL_DEPUTY, units["CB"]))
        page = client.get(reverse("office:desk")).content.decode()
        assert page.count(f'class="btn btn-primary" href="{reverse("study:record")}"') == 1

    def test_a_viewer_has_no_button_to_record(self, units, client):
        client.force_login(make_user(Role.VIEWER, units["X"]))
        assert reverse("study:record") not in client.get(reverse("office:desk")).content.decode()

    def test_a_planned_session_waits_then_is_late(self, units, officer, client):
        make_session(units["CB"], today() - timedelta(days=3), status="planned", title="Buổi chờ xác nhận")
        make_session(units["CB"], today() + timedelta(days=9), status="planned", title="Buổi sắp tới")
        client.force_login(officer)
        page = client.get(reverse("office:desk")).content.decode()
        assert "Buổi chờ xác nhận" in page
        assert "Buổi sắp tới" in page
        assert queries.when_words(today() - timedelta(days=3), today()) == ("Quá hạn 3 ngày", True)

    def test_an_invitation_about_to_end_waits_for_who_made_it(self, units, officer):
        invite_person(display_name="Vàng A Páo", role=Role.MEMBER, org_unit=units["CB"], by=officer, link_days=1)
        assert any("Vàng A Páo" in todo.title for todo in queries.todos_of(officer))
        assert not any("Vàng A Páo" in todo.title for todo in queries.todos_of(make_user(Role.ADMIN, units["T"])))

    def test_tiles_count_this_year_and_carry_a_trend(self, units, officer):
        make_session(units["CB"], today())
        tile = queries.tiles_for(units["X"], queries.tile_period(units["X"], today()), lists=True)[0]
        assert tile.value == "1"
        assert len(tile.trend) == queries.MONTHS
        assert tile.trend[-1] == 1

    def test_a_unit_of_published_figures_shows_their_last_twelve_months(self, db):
        unit = make_unit("P", "province", is_published=True)
        make_session(unit, date(2023, 5, 17))
        period = queries.tile_period(unit, today())
        assert period == Period(date(2022, 6, 1), date(2023, 5, 31))
        assert queries.tiles_for(unit, period, lists=True)[0].value == "1"

    def test_another_of_my_units_is_chosen_in_the_address(self, units, client):
        user = make_user(Role.COMMUNE_OFFICER, units["X"])
        grant_role(user=user, role=Role.CELL_SECRETARY, org_unit=units["CBY"], by=system_user())
        client.force_login(user)
        assert units["CBY"].name in client.get(reverse("office:desk") + "?unit=CBY").content.decode()
        assert client.get(reverse("office:desk") + "?unit=NOBODY").status_code == 200

    def test_without_a_role_the_desk_says_whom_to_ask(self, db, client):
        client.force_login(make_user(username="moi"))
        page = client.get(reverse("office:desk"))
        assert page.status_code == 200
        assert "<b>moi</b>" in page.content.decode()


class TestSearch:
    def test_without_accents_and_grouped(self, units, officer, client):
        make_unit("LC1", "cell", units["X"], name="Chi bộ Lào Cai")
        make_person(units["CB"], "Lò Thị Lào Cai")
        make_session(units["CB"], title="Nghe nói chuyện ở Lào Cai")
        client.force_login(officer)
        page = client.get(reverse("office:search"), {"q": "lao cai"}).content.decode()
        for words in ("Chi bộ Lào Cai", "Lò Thị Lào Cai", "Nghe nói chuyện ở Lào Cai"):
            assert words in page

    def test_only_what_one_may_see(self, units, officer):
        make_person(units["CBY"], "Mùa A Lạ")
        make_session(units["CBY"], title="Buổi của bên kia")
        assert finding.found_by(officer, "mua a la") == []
        assert finding.found_by(officer, "ben kia") == []
        viewer = make_user(Role.VIEWER, units["T"])
        assert [group.count for group in finding.found_by(viewer, "ben kia")] == [1]
        assert finding.found_by(viewer, "mua a la") == []  # a viewer reads no roster

    @pytest.mark.parametrize("text", ["", "a", " ", "'; DROP TABLE", "%", "<script>", "\u0000x", "ạ" * 10_000])
    def test_odd_input_is_answered(self, officer, client, text):
        client.force_login(officer)
        assert client.get(reverse("office:search"), {"q": text}).status_code == 200


class TestMe:
    def test_linked_or_explained(self, units, client):
        user = make_user(Role.MEMBER, units["CB"])
        client.force_login(user)
        assert "chưa được gắn" in client.get(reverse("office:me")).content.decode()
        make_person(units["CB"], user=user)
        assert client.get(reverse("office:me")).url == reverse("people:me")


class TestLog:
    def test_readers_see_their_units_only(self, units, officer):
        here, there = make_session(units["CB"]), make_session(units["CBY"])
        seen = log.events_seen_by(officer).filter(verb="session.recorded").values_list("object_id", flat=True)
        assert here.pk in seen
        assert there.pk not in seen

    def test_events_of_no_unit_are_read_at_the_top_only(self, units, officer):
        operator = make_user(is_operator=True)
        open_staff_mode(reason="Gỡ lỗi nhập danh sách", hours=1, by=operator)
        assert log.events_seen_by(make_user(Role.ADMIN, units["T"])).filter(verb="staff_mode.opened").exists()
        assert not log.events_seen_by(officer).filter(verb="staff_mode.opened").exists()

    def test_filters_in_the_address(self, units, officer, client):
        make_session(units["CB"])
        invite_person(display_name="Vàng A Páo", role=Role.MEMBER, org_unit=units["CB"], by=officer)
        client.force_login(officer)

        def shown(**asked):
            return client.get(reverse("office:audit_log"), asked).context["page"].paginator.count

        day = f"{today():%d/%m/%Y}"
        everything = shown()
        assert everything > 1
        assert shown(what="invitation.issued") == 1
        assert shown(who="canbo") == 1
        assert shown(who="khong co ai") == 0
        assert 0 < shown(unit="don vi cb") < everything
        assert shown(**{"from": day, "to": day}) == everything
        assert shown(to="1/1/2020") == 0
        assert client.get(reverse("office:audit_log"), {"from": "31/2/2026"}).status_code == 200

    def test_events_of_both_stores_in_one_list(self, units, officer):
        mine, other = a_contest(organiser_id=units["X"].pk), a_contest(organiser_id=units["Y"].pk)
        for number in range(4):
            record("contest.announced", mine, by=officer, data={"n": number})
            record("contest.announced", other, by=officer)
            make_session(units["CB"])
        both = log.Merged(officer, {"what": "", "unit": "don vi", "who": "canbo"})
        everything = log.Merged(officer, {})
        ats = [event.at for event in everything[:]]
        assert (ats, len(ats)) == (sorted(ats, reverse=True), len(everything))
        assert len({(event._state.db, event.pk) for event in everything}) == len(everything)
        assert [event.at for place in range(0, 20, 3) for event in everything[place : place + 3]] == ats
        seen = [event for event in everything if event.verb == "contest.announced"]
        assert {event.object_id for event in seen} == {mine.pk}
        assert [event.data["n"] for event in seen] == [3, 2, 1, 0]
        assert len([event for event in both if event.verb == "contest.announced"]) == 4

    def test_the_page_says_it_in_words(self, units, officer, client):
        invite_person(display_name="Vàng A Páo", role=Role.MEMBER, org_unit=units["CB"], by=officer)
        client.force_login(officer)
        page = client.get(reverse("office:audit_log")).content.decode()
        assert "mời lập tài khoản" in page
        assert "invitation.issued" not in page.split("</form>", 1)[1].split("<table")[1]
        assert AuditEvent.objects.filter(verb="invitation.issued").exists()

    def test_as_a_workbook(self, units, officer, client):
        client.force_login(officer)
        assert client.get(reverse("office:audit_log_excel")).content[:2] == b"PK"

    def test_reading_masked_details_stands_in_the_log_without_them(self, units, client):
        person = make_person(units["CB"], "Lò Văn Che")
        Person.objects.filter(pk=person.pk).update(born_on=date(1961, 7, 23))
        secretary = make_user(Role.CELL_SECRETARY, units["CB"])
        client.force_login(secretary)
        masked = client.get(reverse("people:person", args=[person.pk])).content.decode()
        assert "23/7/1961" not in masked
        assert not AuditEvent.objects.filter(verb="person.sensitive_read").exists()
        shown = client.post(reverse("people:reveal", args=[person.pk]))
        assert "23/7/1961" in shown.content.decode()
        event = AuditEvent.objects.get(verb="person.sensitive_read")
        assert (event.actor_id, event.object_id, event.unit_id) == (secretary.pk, person.pk, units["CB"].pk)
        assert "1961" not in str(event.data)
