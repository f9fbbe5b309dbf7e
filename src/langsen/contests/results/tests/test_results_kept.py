"""Public pages kept as they were rendered: what is taken back is gone at the next view, whatever process it was in."""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from langsen.contests.contests import kept
from langsen.contests.contests.enums import ContestStatus
from langsen.contests.contests.models import Contest, Entrant, PageVersion
from langsen.contests.contests.services import entrants, organising, own_details, retention
from langsen.contests.results.enums import PrizeStatus
from langsen.contests.results.models import PrizeAward
from langsen.contests.results.services import closing, prizes, publishing
from langsen.contests.results.services.regrading import NewKey, regrade
from langsen.contests.results.services.summaries import refresh_summaries
from langsen.foundation.access.enums import Role
from langsen.foundation.accounts.services import system_user
from tests.factories import make_unit, make_user
from tests.results_world import a_held_contest

pytestmark = pytest.mark.django_db(databases=["default", "contests"])
NAME = "Quàng Văn Tình"


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    kept.forget_kept()


def told(people: int = 6) -> Contest:
    """A contest at the jury whose rounds are published; one name is published in full."""
    made = a_held_contest(organiser_id=make_unit("DV1").pk, people=people, status=ContestStatus.JUDGING)
    Entrant.objects.filter(contest=made, number=1).update(full_name=NAME, may_publish_name=True)
    closing.close_due_rounds()
    for of in made.rounds.order_by("number"):
        publishing.publish_round(of, by=system_user())
    return made


@contextmanager
def another_process() -> Iterator[None]:
    """What is done here knows nothing of what this process keeps, and cannot let go of it."""
    mine = kept._all
    kept._all = OrderedDict()
    try:
        yield
    finally:
        kept._all = mine


def page(client: Client, contest: Contest) -> str:
    return client.get(reverse("results:public_results", args=[contest.slug]), {"round": "1"}).content.decode()


def someone(contest: Contest) -> Entrant:
    return Entrant.objects.select_related("contest").get(contest=contest, number=1)


def withdraw(contest: Contest) -> None:
    own_details.choose_publishing(someone(contest), agrees=False, at=timezone.now())


def redact(contest: Contest) -> None:
    entrants.redact_entrant(someone(contest), reason="Theo yêu cầu", by=system_user(), at=timezone.now())


def forget(contest: Contest) -> None:
    Contest.objects.filter(pk=contest.pk).update(status=ContestStatus.PUBLISHED, published_at=timezone.now())
    retention.forget_entrants(Contest.objects.get(pk=contest.pk), at=timezone.now() + timedelta(days=4000))


def bar(contest: Contest) -> None:
    entrants.bar_entrant(someone(contest), reason="Thuộc Ban Tổ chức", by=system_user())


def merge(contest: Contest) -> None:
    other = Entrant.objects.select_related("contest").get(contest=contest, number=2)
    entrants.merge_entrants(other, someone(contest), reason="Cùng một người", by=system_user())


@pytest.mark.parametrize("take_back", [withdraw, redact, forget, bar, merge])
def test_a_name_taken_back_is_gone_at_the_next_view(client: Client, take_back: Callable[[Contest], None]) -> None:
    contest = told()
    assert NAME in page(client, contest)
    assert kept._all, "the page was not kept: nothing is shown by what follows"

    with another_process():
        take_back(contest)

    assert NAME not in page(client, contest)


def test_a_name_taken_back_without_raising_the_number_would_still_be_told(client: Client) -> None:
    """The control: the page is really kept, and only the number voids it."""
    contest = told()
    page(client, contest)
    Entrant.objects.filter(contest=contest, number=1).update(may_publish_name=False)
    assert NAME in page(client, contest)


def test_what_was_undone_voids_nothing_and_each_contest_has_its_own_number(client: Client) -> None:
    contest, other = told(), a_held_contest(people=1, rounds=1)
    before = PageVersion.objects.get(contest=contest).number
    withdraw(contest)
    assert PageVersion.objects.get(contest=contest).number == before + 1
    assert not PageVersion.objects.filter(contest=other).exists()


def decide(contest: Contest) -> None:
    prizes.propose_prizes(contest, by=system_user())
    for award in PrizeAward.objects.filter(status=PrizeStatus.PROPOSED).order_by("pk"):
        prizes.decide_prize(award, by=system_user())


def count_anew(contest: Contest) -> None:
    Entrant.objects.filter(contest=contest, number=3).update(status="barred")
    refresh_summaries(contest, at=timezone.now())


def correct_a_key(contest: Contest) -> None:
    of = contest.rounds.get(number=1)
    regrade(of, NewKey(number=2, mask=0, void=True), reason="Câu hỏi sai", by=system_user())


def mask(contest: Contest) -> None:
    entrant = Entrant.objects.get(contest=contest, number=2)
    own_details.choose_publishing(entrant, agrees=True, at=timezone.now())


def change_rules(contest: Contest) -> None:
    Contest.objects.filter(pk=contest.pk).update(asks={"unit": "Xếp hạng đơn vị"})
    organising.change_rules(contest, {"contact": "Đường dây nóng 0203"}, reason="Viết lại tên", by=system_user())


@pytest.mark.parametrize("act", [decide, count_anew, correct_a_key, mask, change_rules])
def test_every_change_is_told_as_it_would_be_without_keeping(client: Client, act: Callable[[Contest], None]) -> None:
    contest = told()
    before = page(client, contest)
    with another_process():
        act(contest)
    after = page(client, contest)
    kept.forget_kept()
    assert content(after) == content(page(client, contest)) != content(before)


def content(text: str) -> str:
    """The page without what belongs to the visitor (tokens against forged forms)."""
    return text[text.index("<main") :]


def test_nobody_elses_words_come_into_a_kept_page(client: Client) -> None:
    contest = told()
    address = reverse("results:public_results", args=[contest.slug])
    for query in ({"round": "1", "x": "ABCXYZ"}, {"round": "1", "page": "ABCXYZ"}, {"q": "ABCXYZ"}):
        client.get(address, query)
    assert "ABCXYZ" not in client.get(address).content.decode() + page(client, contest)
    english = Client()
    english.cookies.load({"langsen_language": "en"})
    assert "Standings" in page(english, contest)
    assert "Standings" not in page(client, contest)


def test_not_more_is_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    contest = told()
    monkeypatch.setattr(kept, "MOST_KEPT", 3)
    for number in range(1, 9):
        client.get(reverse("results:public_results", args=[contest.slug]), {"round": "1", "page": str(number)})
    assert len(kept._all) == 3
    monkeypatch.setattr(kept, "LONGEST_SECONDS", 0.0)
    kept.forget_kept()
    page(client, contest)
    Entrant.objects.filter(contest=contest, number=1).update(full_name="Hoàng Thị Lan")
    assert "Hoàng Thị Lan" in page(client, contest)


def queries(client: Client, address: str, query: dict[str, Any]) -> int:
    with CaptureQueriesContext(connections["contests"]) as found:
        assert client.get(address, query).status_code == 200
    return len(found)


@pytest.mark.parametrize("people", [1, 3])
def test_the_pages_ask_the_store_as_often_whatever_they_show(client: Client, people: int) -> None:
    contest = told(people)
    public = reverse("results:public_results", args=[contest.slug])
    units = reverse("results:public_units", args=[contest.slug])
    first = {"round": "1"}
    client.get(public, {"round": "2"})
    assert queries(client, public, first) == 9
    assert queries(client, public, first) == 1
    assert queries(client, public, {"round": "1", "q": "ts-000001"}) == 5
    assert queries(client, units, first) == 3
    assert queries(client, units, first) == 1
    client.force_login(make_user(Role.JUDGE, contest_unit(contest)))
    office = reverse("results:standings", args=[contest.pk])
    client.get(office)
    assert queries(client, office, first) == 8


def test_a_row_escapes_what_people_typed_and_the_office_opens_the_entrant(client: Client) -> None:
    contest = told(1)
    Entrant.objects.filter(contest=contest).update(full_name='<b>"Mai"</b> Lò', may_publish_name=True)
    assert "&lt;b&gt;&quot;Mai&quot;&lt;/b&gt; Lò" in page(client, contest)
    client.force_login(make_user(Role.JUDGE, contest_unit(contest)))
    office = client.get(reverse("results:standings", args=[contest.pk]), {"round": "1"}).content.decode()
    assert f'<a href="{reverse("contests:entrant", args=[contest.pk, 1])}">&lt;b&gt;' in office


def contest_unit(contest: Contest) -> Any:
    from langsen.foundation.orgs.models import OrgUnit

    return OrgUnit.objects.get(pk=contest.organiser_id)
