"""Rankings on pages: every place is reached by its mark; lists at one and three rows; age bands, small groups."""

import io
import random
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from langsen.contests.arena.models import Attempt, Standing
from langsen.contests.contests.enums import ContestStatus
from langsen.contests.contests.models import Contest, Entrant, Round
from langsen.contests.results import sheets
from langsen.contests.results.engine.verify import verify
from langsen.contests.results.models import Appeal, ContestStanding, PageMark, ResultTotals
from langsen.contests.results.queries import ranked
from langsen.contests.results.queries.pages import standings_page
from langsen.contests.results.queries.ranked import Ranking
from langsen.contests.results.services import closing, publishing
from langsen.contests.results.services.bundling import write_bundle
from langsen.contests.results.services.summaries import count_rounds_under_way, refresh_summaries
from langsen.foundation.access.enums import Role
from langsen.foundation.accounts.services import system_user
from tests.contest_world import a_contest, a_round, an_entrant
from tests.factories import make_unit, make_user
from tests.results_world import a_held_contest, publish_now

pytestmark = pytest.mark.django_db(databases=["default", "contests"])


def a_ranked_round(people: int, *, ties: int = 7, **rules: Any) -> tuple[Contest, Round]:
    """A closed round whose standings are there without papers; every `ties` people share their keys."""
    contest = a_contest(ranking=["score", "duration"], **rules)
    of = a_round(contest, opens_at=timezone.now() - timedelta(days=2), closed_at=timezone.now())
    dice = random.Random(3)
    entrants = [an_entrant(contest, f"Người thi {count}", number=count + 1) for count in range(people)]
    dice.shuffle(entrants)
    Standing.objects.bulk_create(
        Standing(
            round=of, entrant=entrant, used=1, submitted=1, counted="00000000-0000-4000-8000-000000000000",
            correct=19 - count // 40, duration_ms=(count // ties) * 1000, submitted_at=timezone.now(),
            key1=-(19 - count // 40), key2=(count // ties) * 1000, key3=0, key4=0,
        )
        for count, entrant in enumerate(entrants)
    )  # fmt: skip
    refresh_summaries(contest, at=timezone.now())
    return contest, of


def places_by_hand(contest: Contest, of: Round | None) -> list[tuple[int, int]]:
    """Place and entrant of everybody ranked, counted one after the other."""
    ranking = Ranking(contest, of)
    rows = list(ranking.standings())
    keys = [ranking.keys_of(row) for row in rows]
    return [(1 + sum(other < one for other in keys), row.entrant_id) for row, one in zip(rows, keys, strict=True)]


def on_pages(contest: Contest, of: Round | None) -> list[tuple[int, int]]:
    ranking = Ranking(contest, of)
    numbers = range(1, ranking.page_count + 1)
    return [(place, row.entrant_id) for page in numbers for place, row in ranking.pages(page, page)]


@pytest.mark.parametrize("people", [0, 1, 3, 50, 51, 130])
def test_the_pages_together_hold_every_place_once(people: int) -> None:
    contest, of = a_ranked_round(people)

    for which in (of, None):
        assert on_pages(contest, which) == places_by_hand(contest, which)
        assert PageMark.objects.filter(contest=contest, round=which).count() == -(-people // 50)


def test_whoever_was_barred_since_leaves_no_gap_in_the_places() -> None:
    contest, of = a_ranked_round(130)
    Entrant.objects.filter(contest=contest, number__in=[3, 40, 77, 101]).update(status="barred")

    wanted = places_by_hand(contest, of)
    assert on_pages(contest, of) == wanted
    assert len(wanted) == 126
    ranking = Ranking(contest, of)
    assert ranking.place_of(ranking.keys_of(list(ranking.standings())[-1])) == wanted[-1][0]


def test_a_round_that_grows_between_two_countings_loses_nobody() -> None:
    contest, of = a_ranked_round(120)
    for number in range(300, 320):
        Standing.objects.create(
            round=of, entrant=an_entrant(contest, number=number), used=1, submitted=1, correct=18, duration_ms=5,
            counted="00000000-0000-4000-8000-000000000000", submitted_at=timezone.now(), key1=-18, key2=5, key3=0,
            key4=0,
        )  # fmt: skip

    found = [entrant for _place, entrant in on_pages(contest, of)]
    assert len(found) == len(set(found)) == 140


def test_stretches_of_pages_are_read_some_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    contest, of = a_ranked_round(230)
    monkeypatch.setattr(ranked, "_PAGES_AT_ONCE", 2)

    found = [(place, row.entrant_id) for place, row in Ranking(contest, of).pages(1, 5)]

    assert found == places_by_hand(contest, of)
    assert [one[1] for one in found[100:]] == [row.entrant_id for _place, row in Ranking(contest, of).pages(3, 99)]


def test_excel_of_a_long_ranking_comes_in_parts(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    unit = make_unit("DV1")
    contest, of = a_ranked_round(120, organiser_id=unit.pk)
    Round.objects.filter(pk=of.pk).update(results_published_at=timezone.now())
    monkeypatch.setattr(sheets, "SHEET_PAGES", 2)
    address = reverse("results:public_results_excel", args=[contest.slug])

    numbers = []
    for part in (1, 2):
        answer = client.get(address, {"part": part})
        rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
        assert f"Phần {part} trên 2" in " ".join(str(row[0]) for row in rows)
        numbers += [row[1] for row in rows if str(row[1]).startswith("TS-")]
    assert len(numbers) == len(set(numbers)) == 120
    for wrong in ("3", "0", "x", "-1", "²"):
        assert client.get(address, {"part": wrong}).status_code == 404
    shown = client.get(reverse("results:public_results", args=[contest.slug])).content.decode()
    assert "?part=2&amp;round=1" in shown or "?part=2" in shown


@pytest.mark.parametrize("count", [1, 3])
def test_the_lists_of_results_at_one_and_three_rows(client: Client, count: int) -> None:
    unit = make_unit("DV1")
    contest, of = a_ranked_round(count, organiser_id=unit.pk, status=ContestStatus.JUDGING)
    Round.objects.filter(pk=of.pk).update(results_published_at=timezone.now())
    for number in range(count):
        entrant = contest.entrants.get(number=number + 1)
        Appeal.objects.create(contest=contest, entrant=entrant, text="Đề nghị xem lại")
    client.force_login(make_user(Role.JUDGE, unit))

    public = client.get(reverse("results:public_results", args=[contest.slug])).content.decode()
    assert public.split("Phân theo")[0].count("TS-00000") == count
    for name, mark in (("standings", "TS-00000"), ("appeals", "Đề nghị xem lại")):
        text = client.get(reverse(f"results:{name}", args=[contest.pk])).content.decode()
        assert text.count(mark) == count, name
    parts = client.get(reverse("results:parts", args=[contest.pk])).content.decode()
    assert "máy tính" in parts


def test_the_office_sees_a_round_under_way_and_finds_names(client: Client) -> None:
    unit = make_unit("DV1")
    contest, of = a_ranked_round(60, organiser_id=unit.pk)
    Round.objects.filter(pk=of.pk).update(closed_at=None, closes_at=timezone.now() + timedelta(hours=1))
    client.force_login(make_user(Role.JUDGE, unit))
    address = reverse("results:standings", args=[contest.pk])

    text = client.get(address).content.decode()
    assert "chưa đóng" in text
    assert "Người thi" in client.get(address, {"q": "nguoi thi 17"}).content.decode()
    assert client.get(address, {"round": "9"}).status_code == 404
    assert client.get(address, {"page": "999"}).status_code == 200
    assert client.get(reverse("results:public_results", args=[contest.slug])).content.decode().count("TS-0") == 0


def test_a_corrected_or_deleted_year_of_birth_changes_no_told_age_band() -> None:
    contest = a_held_contest()
    closing.close_due_rounds()
    before = ResultTotals.objects.get(contest=contest, round=None).parts["ages"]
    assert len(before) > 2

    Entrant.objects.filter(contest=contest).update(birth_year=None)
    Entrant.objects.filter(contest=contest, number__lte=6).update(birth_year=2012)
    refresh_summaries(contest, at=timezone.now())

    assert ResultTotals.objects.get(contest=contest, round=None).parts["ages"] == before


def test_the_public_reads_small_groups_together_the_office_each(client: Client) -> None:
    unit = make_unit("DV1")
    contest = a_held_contest(organiser_id=unit.pk, people=24)
    closing.close_due_rounds()
    Round.objects.filter(contest=contest).update(results_published_at=timezone.now())
    ages = {row[0]: row[1] for row in ResultTotals.objects.get(contest=contest, round__number=1).parts["ages"]}
    assert any(count < 5 for count in ages.values())

    public = client.get(reverse("results:public_results", args=[contest.slug]), {"round": "1"}).content.decode()
    client.force_login(make_user(Role.JUDGE, unit))
    office = client.get(reverse("results:parts", args=[contest.pk]), {"round": "1"}).content.decode()

    assert "ít hơn 5" in public and "Các nhóm này gộp lại" in public
    assert "ít hơn 5<" not in office and "Các nhóm này gộp lại" not in office
    for name in ("parts_excel", "paper"):
        assert client.get(reverse(f"results:{name}", args=[contest.pk]), {"round": "1"}).status_code == 200


def test_somebody_barred_before_publishing_leaves_a_bundle_that_verifies(tmp_path: Any, settings: Any) -> None:
    settings.FILES_DIR = tmp_path
    contest = a_held_contest(status=ContestStatus.JUDGING)
    contest.prize_rules.all().delete()
    closing.close_due_rounds()
    Entrant.objects.filter(contest=contest, number=4).update(status="barred")

    made = publish_now(contest, by=system_user())

    assert [str(one) for one in verify(publishing.bundle_path(made)).findings.kept] == []


def test_ties_of_the_whole_contest_go_to_more_rounds_on_the_page_and_in_the_bundle(tmp_path: Any) -> None:
    """Everybody the same number of right answers; those who left the second round out took less time in all."""
    contest = a_held_contest(ranking=["score", "duration"], prediction="none", people=8)
    left_out = list(contest.entrants.filter(number__lte=3).values_list("pk", flat=True))
    second = contest.rounds.get(number=2)
    Attempt.objects.filter(round=second, entrant__in=left_out).delete()
    Standing.objects.filter(round=second, entrant__in=left_out).delete()
    closing.close_due_rounds()

    rows = list(Ranking(contest, None).standings())
    tied = [row for row in rows if row.correct == rows[0].correct]
    assert [row.rounds for row in tied] == sorted((row.rounds for row in tied), reverse=True)
    assert ContestStanding.objects.filter(contest=contest, rounds=1).count() == 3
    _page, lines = standings_page(Ranking(contest, None), 1)
    assert [line.standing.entrant_id for line in lines] == [row.entrant_id for row in rows]
    path = tmp_path / "ket-qua.zip"
    write_bundle(contest, path)
    assert verify(path).is_equal


def test_counting_a_round_under_way_leaves_what_a_closed_one_gave() -> None:
    contest = a_held_contest(rounds=2)
    closing.close_round(contest.rounds.get(number=1))
    closed = ResultTotals.objects.get(contest=contest, round__number=1)
    at = timezone.now()

    count_rounds_under_way(contest, at=at)

    assert ResultTotals.objects.get(contest=contest, round__number=1) == closed
    under_way = ResultTotals.objects.get(contest=contest, round__number=2)
    assert under_way.made_at == at
    assert PageMark.objects.filter(contest=contest, round__number=2).exists()
