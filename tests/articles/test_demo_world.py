"""What the demonstration holds besides figures, what it refuses, and the chain from one record to the province."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import Count, Q

from langsen.config.demo import load_demo
from langsen.config.demo.accounts import ACCOUNTS, password_file
from langsen.foundation.access.enums import Role
from langsen.foundation.access.models import Grant
from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import NotAllowed
from langsen.foundation.core.periods import Period, today
from langsen.foundation.figures.catalogue import all_figures
from langsen.foundation.figures.drill import behind
from langsen.foundation.figures.engine import Asked, figures_of
from langsen.foundation.figures.enums import Reading
from langsen.foundation.orgs.models import OrgName, OrgSuccession, OrgUnit
from langsen.foundation.orgs.queries import descendants_on, home_of, unit_by_code
from langsen.foundation.people.enums import PARTY_MEMBER_CLASSES, PersonClass
from langsen.foundation.people.models import Exemption, Membership, Person
from langsen.registers.study.enums import SessionKind, SessionStatus
from langsen.registers.study.models import SessionPoint, StudySession
from langsen.registers.study.services.sessions import SessionFacts, cancel_session, record_session

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("demo_world")]
LAI_CHAU = Period(date(2021, 5, 18), date(2023, 5, 17))


def figure_value(unit: str, period: Period, code: str, reading: Reading = Reading.THEN) -> Any:
    figure = next(figure for figure in all_figures() if figure.code == code)
    return figures_of(Asked(unit_by_code(unit), period, reading, figures=(figure,)))[0].value


def lines_behind(unit: str, period: Period, code: str) -> int:
    figure = next(figure for figure in all_figures() if figure.code == code)
    return behind(Asked(unit_by_code(unit), period, figures=(figure,)), figure, limit=1).count


def test_one_session_below_lai_chau_counts_at_once_and_its_cancelling_too() -> None:
    officer = User.objects.get(username="lch.chuyenvien")
    cell = descendants_on(unit_by_code("LCH"), LAI_CHAU.last).filter(kind__code="cell").order_by("pk")[0]

    def now() -> tuple[int, int, int]:
        return (
            figure_value("LCH", LAI_CHAU, "study.sessions"),
            figure_value("LCH", LAI_CHAU, "study.sessions", Reading.TODAY),
            lines_behind("LCH", LAI_CHAU, "study.sessions"),
        )

    assert now() == (8198, 8198, 8198)
    facts = SessionFacts(kind=SessionKind.STUDY_CONFERENCE, title="Học tập bổ sung", held_on=date(2022, 9, 2))
    session = record_session(cell, facts, by=officer, present={"members": 12})
    assert now() == (8199, 8199, 8199)
    assert figure_value("LCH", LAI_CHAU, "study.attendances") == 431346 + 12
    cancel_session(session, reason="Ghi nhầm", by=officer)
    assert now() == (8198, 8198, 8198)
    assert figure_value("LCH", LAI_CHAU, "study.attendances") == 431346


def test_the_officer_of_one_province_records_nothing_in_another() -> None:
    facts = SessionFacts(kind=SessionKind.STUDY_CONFERENCE, title="Học tập", held_on=date(2022, 9, 2))
    with pytest.raises(NotAllowed):
        record_session(
            unit_by_code("MSE"), facts, by=User.objects.get(username="lch.chuyenvien"), present={"members": 1}
        )


def test_a_second_loading_changes_nothing() -> None:
    before = (User.objects.count(), StudySession.objects.count(), Person.objects.count(), OrgUnit.objects.count())
    result = load_demo(lambda _message: None)
    assert not result.loaded
    assert result.password is None
    assert str(password_file()) in str(result)
    after = (User.objects.count(), StudySession.objects.count(), Person.objects.count(), OrgUnit.objects.count())
    assert before == after


def test_nghia_lo_has_its_organisations_and_members() -> None:
    grassroots = descendants_on(unit_by_code("NLO"), date(2017, 7, 31)).filter(kind__is_grassroots=True)
    assert grassroots.count() == 41
    assert grassroots.filter(code="NLO-PTR", name__contains="Pú Trạng").exists()
    members = Membership.objects.filter(
        org_unit__in=descendants_on(unit_by_code("NLO"), date(2016, 12, 31)),
        during__contains=date(2016, 12, 31),
        person_class__in=PARTY_MEMBER_CLASSES,
    )
    assert members.values("person").distinct().count() == 2289


def test_lai_chau_is_spread_like_life() -> None:
    below = descendants_on(unit_by_code("LCH"), LAI_CHAU.last).exclude(code="LCH")
    assert below.count() == 471
    held = StudySession.objects.filter(org_unit__in=below, kind=SessionKind.STUDY_CONFERENCE)
    per_unit = [row["n"] for row in held.values("org_unit").annotate(n=Count("pk")).order_by()]
    assert max(per_unit) > 4 * min(per_unit)
    sundays = held.filter(held_on__iso_week_day=7).count()
    assert sundays < held.count() / 50


def test_no_roll_is_longer_than_those_who_sat_there() -> None:
    points = SessionPoint.objects.annotate(named=Count("attendances", filter=~Q(attendances__source="make_up")))
    wrong = [point.pk for point in points.filter(named__gt=0) if point.present < point.named]
    assert wrong == []


def test_real_units_are_published_and_hold_no_fault() -> None:
    real = OrgUnit.objects.exclude(code__startswith="MSE")
    assert not real.filter(is_published=False).exists()
    assert not StudySession.objects.filter(org_unit__in=real).exclude(status=SessionStatus.HELD).exists()
    assert not OrgUnit.objects.filter(code__startswith="MSE", is_published=True).exists()
    # Nobody stays on a real roster after the day the articles know it, so nobody is ever behind with study there.
    assert not Membership.objects.filter(org_unit__in=real, during__contains=today()).exists()


def test_new_lao_cai_follows_two_provinces() -> None:
    heirs = {
        code: set(
            OrgSuccession.objects.filter(predecessor__code=code, on=date(2025, 7, 1)).values_list(
                "successor__code", flat=True
            )
        )
        for code in ("LCI", "YBA", "LCA", "NLO")
    }
    assert heirs["LCI"] == heirs["YBA"] == {"LCI2"}
    assert len(heirs["LCA"]) == 5
    assert len(heirs["NLO"]) == 4
    on_the_eve, after = (
        {
            kind: descendants_on(unit_by_code(code), day).filter(kind__code=kind, code__regex=r"-\d{5}$").count()
            for kind in ("grassroots_committee", "commune")
        }
        for code, day in (("TW", date(2025, 6, 30)), ("LCI2", date(2025, 7, 1)))
    )
    # Of the 319 communes and wards one is called by the article: NLO-PTR.
    assert (on_the_eve["grassroots_committee"], after["commune"]) == (318, 99)
    assert home_of(unit_by_code("NLO-PTR")).name == "Đảng ủy phường Nghĩa Lộ"
    districts = OrgUnit.objects.filter(code__in=[f"LCH-{place}" for place in range(1, 9)])
    assert {unit.last_on for unit in districts} == {date(2025, 6, 30)}


def test_muong_sen_is_alive_and_has_faults() -> None:
    mine = StudySession.objects.filter(org_unit__code__startswith="MSE")
    months = {(day.year, day.month) for day in mine.filter(status="held").values_list("held_on", flat=True)}
    assert len(months) >= 30
    idle = mine.filter(org_unit__code__startswith="MSE-XBM", status=SessionStatus.HELD)
    newest = idle.order_by("-held_on")[0].held_on
    assert newest < today() - timedelta(days=180)
    assert mine.filter(status=SessionStatus.PLANNED, held_on__lt=today()).count() == 8
    assert mine.filter(status=SessionStatus.PLANNED, held_on__gt=today()).exists()
    assert mine.filter(status=SessionStatus.CANCELLED).exists()
    assert figure_value("MSE", Period(today().replace(month=1, day=1), today()), "study.make_up_pending") > 0
    assert Exemption.objects.count() >= 20
    assert Membership.objects.filter(end_reason="transferred").count() >= 10
    assert OrgName.objects.filter(org_unit__code="MSE-PST-A2").count() == 2
    assert OrgSuccession.objects.filter(predecessor__code="MSE-XNX-A5").count() == 1


def test_muong_sen_has_people_of_every_class() -> None:
    classes = Membership.objects.filter(org_unit__code__startswith="MSE").values_list("person_class", flat=True)
    assert set(classes) == set(PersonClass.values)
    people = Person.objects.filter(memberships__org_unit__code__startswith="MSE").distinct().count()
    assert 1500 <= people <= 2500


def test_every_role_has_an_account() -> None:
    assert {account.role for account in ACCOUNTS} == set(Role)
    assert Grant.objects.filter(user__username="lch.chuyenvien", org_unit__code="LCH").exists()
    assert User.objects.get(username="dangvien").person.memberships.filter(org_unit__code="MSE-XNX-A4").exists()
