"""Somebody put on the list of people who may not take part after they signed up: pointed out, never barred."""

from typing import Any

import pytest
from django.utils import timezone

from langsen.contests.contests.enums import EntrantStatus, FlagKind, FlagStatus
from langsen.contests.contests.models import EntrantFlag
from langsen.contests.contests.services.barring import bar_people
from langsen.contests.contests.services.signing_up import SignUpFacts, sign_up
from langsen.foundation.accounts.services import system_user
from langsen.foundation.audit.queries import history_of
from tests.contest_world import a_contest, a_round, an_entrant

pytestmark = pytest.mark.django_db(databases=["default", "contests"])


def bar(contest: Any, *people: tuple[str, str]) -> int:
    return bar_people(contest, people, reason="ra đề", by=system_user())


def flags(contest: Any) -> list[tuple[int, str, str]]:
    rows = EntrantFlag.objects.filter(entrant__contest=contest, kind=FlagKind.ON_BARRED_LIST)
    return list(rows.order_by("entrant__number").values_list("entrant__number", "about", "status"))


def test_earlier_sign_ups_with_the_name_or_phone_are_flagged_and_take_part_still() -> None:
    contest, other = a_contest(), a_contest()
    an_entrant(contest, "Lò Văn Soạn")
    an_entrant(contest, "Giàng A Páo", phone="0912345678")
    an_entrant(contest, "Vàng Thị Dợ", phone="0987654321")
    an_entrant(contest, "LO VAN SOAN", status=EntrantStatus.MERGED)
    an_entrant(contest, "Lò Văn Soạn", forgotten_at=timezone.now())
    an_entrant(other, "Lò Văn Soạn")
    bar(contest, ("Lò Văn Soạn", ""), ("Người Khác", "0912 345 678"))
    assert flags(contest) == [(1, "ra đề", FlagStatus.OPEN), (2, "ra đề", FlagStatus.OPEN)]
    assert flags(other) == []
    assert set(contest.entrants.filter(number__lte=3).values_list("status", flat=True)) == {EntrantStatus.ACTIVE}
    assert history_of(contest)[0].data["flagged"] == 2


def test_listed_again_nobody_is_flagged_again() -> None:
    contest = a_contest()
    an_entrant(contest, "Lò Văn Soạn")
    bar(contest, ("Lò Văn Soạn", ""))
    EntrantFlag.objects.update(status=FlagStatus.CLEARED)
    assert bar(contest, ("Lò Văn Soạn", "")) == 0
    assert [status for *_who, status in flags(contest)] == [FlagStatus.CLEARED]


def test_whoever_signs_up_later_gets_the_same_one_flag() -> None:
    contest = a_contest(asks={})
    a_round(contest)
    bar(contest, ("Lò Văn Soạn", ""))
    sign_up(contest, SignUpFacts("Lò Văn Soạn", agrees=True), at=timezone.now())
    assert flags(contest) == [(1, "ra đề", FlagStatus.OPEN)]
