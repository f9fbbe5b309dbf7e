"""Counts come up whole, say as of when, and leave out dry runs, drafts, cancelled contests and doubles."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connections
from django.utils import timezone

from langsen.contests.arena.models import Standing
from langsen.contests.contests.models import Contest, PrizeRule
from langsen.contests.results.models import PrizeAward
from langsen.contests.tallies.models import ContestTally, DayTally
from langsen.contests.tallies.services import copy_tallies
from langsen.foundation.core.periods import Period
from langsen.foundation.figures.catalogue import all_figures, figure_by_code
from langsen.foundation.figures.drill import behind
from langsen.foundation.figures.engine import Asked, figures_of, rows_by_month
from langsen.foundation.orgs.models import OrgUnit
from tests.contest_world import a_contest, a_round, an_attempt, an_entrant
from tests.factories import make_tree

pytestmark = pytest.mark.django_db(databases=["default", "contests"])
OPENS = datetime(2023, 4, 3, 2, 0, tzinfo=UTC)  # 9:00 in Vietnam
YEAR = Period(date(2023, 1, 1), date(2023, 12, 31))
FIGURES = tuple(figure for figure in all_figures() if figure.code.startswith("contests."))


@pytest.fixture
def unit(db: None) -> OrgUnit:
    return make_tree(P=("province", None))["P"]


@pytest.fixture
def held(unit: OrgUnit) -> Contest:
    """Two rounds and a dry run before them: Mai twice in the first, An in both and last just past midnight."""
    contest = a_contest(organiser_id=unit.pk)
    dry = a_round(contest, number=1, opens_at=OPENS - timedelta(days=3), is_dry_run=True)
    first = a_round(contest, number=2, opens_at=OPENS)
    second = a_round(contest, number=3, opens_at=OPENS + timedelta(days=7))
    mai, an = an_entrant(contest, "Lò Thị Mai"), an_entrant(contest, "Giàng A An")
    _handed_in(dry, mai, at=OPENS - timedelta(days=3), correct=2)
    _handed_in(first, mai, at=OPENS, correct=1)
    _handed_in(first, mai, at=OPENS + timedelta(days=1), correct=2)
    _handed_in(first, an, at=OPENS + timedelta(days=1), correct=0)
    _handed_in(second, an, at=datetime(2023, 4, 30, 17, 0, tzinfo=UTC), correct=2)  # 0:00 on 1/5 in Vietnam
    return contest


def _handed_in(of, entrant, *, at: datetime, correct: int) -> None:  # type: ignore[no-untyped-def]
    an_attempt(of, entrant, answers=[1, 1], correct=correct, submitted_at=at)
    standing, made = Standing.objects.get_or_create(
        round=of, entrant=entrant, defaults={"used": 1, "submitted": 1, "first_submitted_at": at}
    )
    if correct == 2 and standing.first_all_correct_at is None:
        Standing.objects.filter(round=of, entrant=entrant).update(first_all_correct_at=at)
    if not made:
        Standing.objects.filter(round=of, entrant=entrant).update(submitted=standing.submitted + 1)


def _values(unit: OrgUnit, period: Period = YEAR) -> dict[str, object]:
    return {value.figure.code: value.value for value in figures_of(Asked(unit, period, figures=FIGURES))}


def test_a_contest_counts_by_day_and_round(unit: OrgUnit, held: Contest) -> None:
    assert copy_tallies() == 1
    values = _values(unit)
    assert values["contests.contests"] == values["contests.contests.quiz"] == 1
    assert (values["contests.accounts"], values["contests.attempts"]) == (2, 4)
    assert (values["contests.attempts.round_1"], values["contests.attempts.round_2"]) == (3, 1)
    assert values["contests.attempts.round_3"] == values["contests.attempts.other"] == 0
    assert (values["contests.all_correct_people"], values["contests.all_correct_attempts"]) == (2, 2)
    months = {
        row.key: {v.figure.code: v.value for v in row.values}
        for row in rows_by_month(Asked(unit, YEAR, figures=FIGURES))
    }
    assert months["2023-05"]["contests.attempts"] == 1, "midnight in Vietnam, not in Greenwich"
    assert months["2023-04"]["contests.accounts"] == 2
    assert sum(int(str(month["contests.accounts"])) for month in months.values()) == 2


def test_copying_again_changes_nothing_but_the_moment(unit: OrgUnit, held: Contest) -> None:
    copy_tallies(held.pk)
    before = (
        ContestTally.objects.get().pk,
        list(DayTally.objects.order_by("day", "round_number").values_list("day", "round_number", "attempts")),
    )
    moment = ContestTally.objects.get().copied_at
    copy_tallies(held.pk, at=moment + timedelta(hours=1))
    after = (
        ContestTally.objects.get().pk,
        list(DayTally.objects.order_by("day", "round_number").values_list("day", "round_number", "attempts")),
    )
    assert after == before
    assert ContestTally.objects.get().copied_at == moment + timedelta(hours=1)


@pytest.mark.parametrize("status", ["cancelled", "draft"])
def test_what_is_cancelled_or_not_yet_announced_counts_nowhere(unit: OrgUnit, held: Contest, status: str) -> None:
    copy_tallies()
    Contest.objects.update(status=status)
    copy_tallies()
    assert not ContestTally.objects.exists()
    assert _values(unit)["contests.attempts"] == 0


def test_a_contest_not_yet_open_is_not_held(unit: OrgUnit, held: Contest) -> None:
    assert copy_tallies(at=OPENS - timedelta(seconds=1)) == 0
    assert copy_tallies(at=OPENS) == 1


def test_a_joined_sign_up_is_one_account(unit: OrgUnit, held: Contest) -> None:
    mai, an = held.entrants.order_by("number")
    held.entrants.filter(pk=an.pk).update(status="merged", merged_into=mai)
    copy_tallies()
    values = _values(unit)
    assert (values["contests.accounts"], values["contests.attempts"], values["contests.all_correct_people"]) == (
        1,
        4,
        1,
    )


def test_prizes_count_when_the_jury_decided(unit: OrgUnit, held: Contest) -> None:
    person = PrizeRule.objects.create(contest=held, subject="person", scope="round", rank="first", count=1)
    mai, an = held.entrants.order_by("number")
    for number, (entrant, status) in enumerate(((mai, "decided"), (an, "paid"), (an, "proposed"), (mai, "withdrawn"))):
        PrizeAward.objects.create(
            prize_rule=person,
            place=number + 1,
            entrant=entrant,
            status=status,
            grounds="x",
            decided_on=date(2023, 5, 8),
        )
    copy_tallies()
    values = _values(unit)
    assert values["contests.individual_prizes"] == values["contests.individual_prizes.first"] == 2
    assert values["contests.collective_prizes"] == 0


def test_every_number_is_its_list_and_parts_sum(unit: OrgUnit, held: Contest) -> None:
    copy_tallies()
    values = _values(unit)
    for figure in FIGURES:
        found = behind(Asked(unit, YEAR, figures=FIGURES), figure)
        assert found.total == sum(amount for _, amount in found.lines) == values[figure.code]
        parts = [values[part.code] for part in FIGURES if part.parent == figure.code]
        assert not parts or sum(map(int, map(str, parts))) == values[figure.code]
    line = behind(Asked(unit, YEAR), figure_by_code("contests.attempts")).lines[0][0]
    assert "tính đến" in line.label
    assert str(held) in line.label
    assert line.url.endswith(f"/{held.pk}/")


def test_an_unknown_organiser_is_left_alone(unit: OrgUnit) -> None:
    a_round(a_contest(organiser_id=unit.pk + 1))
    assert copy_tallies() == 0


def test_a_copying_that_breaks_leaves_the_copy_of_before(
    unit: OrgUnit, held: Contest, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_tallies()
    before = _values(unit)
    monkeypatch.setattr("langsen.contests.tallies.services.prize_counts", lambda _contest: iter([object()]))
    with pytest.raises(TypeError):
        copy_tallies(at=timezone.now())
    assert _values(unit) == before


def test_the_counts_are_what_the_attempts_say(unit: OrgUnit, held: Contest) -> None:
    copy_tallies()
    with connections["contests"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(DISTINCT entrant_id) "
            "FROM arena_attempt a JOIN contests_round r ON r.id = a.round_id "
            "WHERE r.contest_id = %s AND NOT r.is_dry_run AND a.submitted_at IS NOT NULL",
            [held.pk],
        )
        attempts, accounts = cursor.fetchone()
    values = _values(unit)
    assert (values["contests.attempts"], values["contests.accounts"]) == (attempts, accounts)
