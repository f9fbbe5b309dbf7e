"""The lists of the organising board at one and three rows: every row is there, and three ask no more than one."""

from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from langsen.contests.contests.enums import FlagKind
from langsen.contests.contests.models import BarredPerson, Contest, ContestUnit, EntrantFlag
from langsen.foundation.access.enums import Role
from tests.contest_world import a_contest, a_round, a_unit, an_entrant
from tests.factories import make_unit, make_user

pytestmark = pytest.mark.django_db(databases=["default", "contests"])
NAMES = ("Lò Thị Mai", "Vàng A Pó", "Sùng A Chua")


@pytest.fixture
def contest(client: Client) -> Contest:
    unit = make_unit("XA", "agencies")
    client.force_login(make_user(Role.CONTEST_ORGANISER, unit))
    return a_contest(organiser_id=unit.pk, title="Cuộc thi Mường Sen")


def add_contest(contest: Contest, number: int) -> str:
    return str(a_contest(organiser_id=contest.organiser_id, title=f"Tìm hiểu lần {number}").title)


def add_entrant(contest: Contest, number: int) -> str:
    return str(an_entrant(contest, NAMES[number], unit=_unit(contest, number)).full_name)


def add_flag(contest: Contest, number: int) -> str:
    entrant = an_entrant(contest, NAMES[number], unit=_unit(contest, number))
    EntrantFlag.objects.create(entrant=entrant, kind=FlagKind.DOUBLE, about=f"cùng tên {number}", key=str(number))
    return f"cùng tên {number}"


def add_round(contest: Contest, number: int) -> str:
    return str(a_round(contest, title=f"Đợt thử {number}").title)


def add_unit(contest: Contest, number: int) -> str:
    return _unit(contest, number).name


def add_barred(contest: Contest, number: int) -> str:
    name = NAMES[number]
    return BarredPerson.objects.create(contest=contest, full_name=name, folded=name.lower(), reason="ra đề").full_name


def _unit(contest: Contest, number: int) -> ContestUnit:
    return a_unit(contest, f"Chi bộ số {number}")


def asked(client: Client, address: str) -> tuple[int, str]:
    with CaptureQueriesContext(connections["default"]) as one, CaptureQueriesContext(connections["contests"]) as two:
        answer = client.get(address)
    assert answer.status_code == 200
    return len(one) + len(two), answer.content.decode()


@pytest.mark.parametrize(
    ("page", "add"),
    [
        ("contests", add_contest),
        ("entrants", add_entrant),
        ("entrant_flags", add_flag),
        ("rounds", add_round),
        ("units", add_unit),
        ("barred", add_barred),
    ],
)
def test_a_list_shows_one_row_and_three_and_asks_the_same(
    client: Client, contest: Contest, page: str, add: Any
) -> None:
    address = reverse(f"contests:{page}", args=[] if page == "contests" else [contest.pk])
    rows = [add(contest, 0)]
    asked(client, address)  # what is remembered between requests is remembered now
    first, shown = asked(client, address)
    assert rows[0] in shown
    rows += [add(contest, number) for number in (1, 2)]
    third, shown = asked(client, address)
    assert all(row in shown for row in rows)
    assert third == first
