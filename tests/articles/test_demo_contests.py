"""S0's quiz in the demonstration: counted again from its attempts alone, and the quizzes of Mường Sen beside it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from langsen.config.demo import load_demo
from langsen.config.demo.accounts import entrant_code_file
from langsen.config.demo.lao_cai_contest import SLUG
from langsen.config.demo.muong_sen_contests import OPEN_SLUG
from langsen.contests.arena.models import Attempt, Standing
from langsen.contests.arena.standings import Row, standings_of
from langsen.contests.contests.enums import Stage
from langsen.contests.contests.models import Contest, Entrant
from langsen.contests.contests.services.signing_up import entrant_by_code
from langsen.contests.quizzes.drawing import draw_paper
from langsen.contests.quizzes.queries import keys_of, pool_of
from langsen.contests.results.models import PrizeAward
from langsen.foundation.core.periods import Period
from langsen.foundation.figures.catalogue import all_figures
from langsen.foundation.figures.drill import behind
from langsen.foundation.figures.engine import Asked, figures_of, rows_by_month
from langsen.foundation.orgs.queries import unit_by_code
from tests.demo_store import langsen
from tests.factories import make_user

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("demo_world")]
APRIL = Period(date(2023, 4, 1), date(2023, 4, 30))
FIGURES = tuple(figure for figure in all_figures() if figure.code.startswith("contests."))

_COUNTED_AGAIN = """
SELECT count(*), count(DISTINCT a.entrant_id),
       count(*) FILTER (WHERE right_ones = 19), count(DISTINCT a.entrant_id) FILTER (WHERE right_ones = 19)
FROM arena_attempt a
JOIN contests_round r ON r.id = a.round_id JOIN contests_contest c ON c.id = r.contest_id,
LATERAL (
    SELECT count(*) AS right_ones FROM unnest(a.questions, a.answers) AS u (question, answer)
    JOIN quizzes_roundquestion q ON q.round_id = a.round_id AND q.number = u.question AND q.key = u.answer
) graded
WHERE c.slug = %s AND a.submitted_at IS NOT NULL
"""


def _figures(unit: str = "LCA", period: Period = APRIL) -> dict[str, Any]:
    return {value.figure.code: value.value for value in figures_of(Asked(unit_by_code(unit), period, figures=FIGURES))}


def test_the_figures_are_what_an_independent_count_over_the_attempts_says() -> None:
    with connections["contests"].cursor() as cursor:
        cursor.execute(_COUNTED_AGAIN, [SLUG])
        attempts, accounts, whole, people = cursor.fetchone()
    figures = _figures()
    assert (attempts, accounts, whole, people) == (89131, 15451, 55539, 12957)
    assert figures["contests.attempts"] == attempts
    assert figures["contests.accounts"] == accounts
    assert figures["contests.all_correct_attempts"] == whole
    assert figures["contests.all_correct_people"] == people


def test_each_number_is_its_list_and_the_rounds_sum() -> None:
    asked, figures = Asked(unit_by_code("LCA"), APRIL, figures=FIGURES), _figures()
    for figure in FIGURES:
        found = behind(asked, figure)
        assert found.total == sum(amount for _line, amount in found.lines) == figures[figure.code], figure.code
    rounds = [figures[figure.code] for figure in FIGURES if figure.parent == "contests.attempts"]
    assert sum(rounds) == 89131
    months = rows_by_month(Asked(unit_by_code("LCA"), Period(date(2023, 3, 1), date(2023, 5, 31)), figures=FIGURES))
    assert [{v.figure.code: v.value for v in month.values}["contests.accounts"] for month in months] == [0, 15451, 0]


def test_the_same_by_the_api(client: Client) -> None:
    client.force_login(make_user("viewer", unit_by_code("LCI2"), "xem.lci2"))  # where the city has its home today
    answer = client.get("/api/v1/figures?unit=LCA&from=2023-04-01&to=2023-04-30&tree=then").json()
    values = {figure["code"]: figure["value"] for figure in answer["figures"]}
    assert {code: values[code] for code in _figures()} == _figures()


def test_a_contest_counts_at_its_organiser_alone() -> None:
    assert set(_figures("LCI").values()) == {0}


def test_standings_and_papers_are_what_the_arena_would_have_written() -> None:
    of = Contest.objects.get(slug=SLUG).rounds.get(number=1)
    pool, keys, contest = pool_of(of), keys_of(of), of.contest
    attempts = list(Attempt.objects.filter(round=of).order_by("id"))
    rows = [
        Row(
            a.id, a.entrant_id, a.correct or 0, a.duration_ms or 0, round(a.submitted_at.timestamp() * 1000), a.is_phone
        )
        for a in attempts
        if a.submitted_at
    ]
    expected = standings_of(rows, order=contest.ranking, counting=contest.counting, all_correct=len(keys))
    stored = {row.entrant_id: row for row in Standing.objects.filter(round=of)}
    assert stored.keys() == expected.keys()
    for entrant, row in stored.items():
        counted = expected[entrant]
        assert (row.used, row.submitted, row.all_correct) == (counted.submitted, counted.submitted, counted.all_correct)
        assert (row.counted, row.key1, row.key2, row.key3, row.key4) == (counted.counted, *counted.keys)
    for attempt in attempts[::500]:
        assert list(draw_paper(pool, attempt.seed).questions) == attempt.questions
        assert attempt.started_at < attempt.submitted_at <= attempt.deadline_at  # type: ignore[operator]
        assert of.opens_at <= attempt.started_at < of.closes_at
    assert max(row.used for row in stored.values()) == contest.attempts_per_round


def test_five_committees_and_one_cell_win_in_one_list() -> None:
    awards = PrizeAward.objects.filter(prize_rule__contest__slug=SLUG, prize_rule__subject="unit").order_by("place")
    winners = [award.unit for award in awards.select_related("unit") if award.unit]
    assert len(winners) == 6
    assert sorted(unit.name.startswith("Chi bộ") for unit in winners) == [False] * 5 + [True]
    people = PrizeAward.objects.filter(prize_rule__contest__slug=SLUG, prize_rule__subject="person")
    assert {award.entrant.unit.path.count("Đảng bộ") for award in people if award.entrant and award.entrant.unit} <= {
        0,
        1,
    }
    assert len({award.entrant_id for award in people}) == people.count(), "one prize for one person"


def test_the_bundle_of_the_quiz_verifies_without_the_database(demo_url: str, tmp_path: Path) -> None:
    bundle = tmp_path / "s0.zip"
    langsen("contests", "bundle", SLUG, "--out", str(bundle), url=demo_url)
    assert "equal (89131 attempts" in langsen(
        "contests", "verify", str(bundle), url="postgresql://nobody@127.0.0.1:1/none"
    )


def test_a_second_loading_changes_neither_store() -> None:
    before = (Contest.objects.count(), Entrant.objects.count(), Attempt.objects.count(), _figures())
    result = load_demo(lambda _words: None)
    assert not result.loaded
    assert (Contest.objects.count(), Entrant.objects.count(), Attempt.objects.count(), _figures()) == before


def test_muong_sen_has_a_quiz_under_way_and_a_code_to_sit_it() -> None:
    contest = Contest.objects.get(slug=OPEN_SLUG)
    assert contest.stage() == Stage.OPEN
    assert contest.rounds.filter(opens_at__gt=timezone.now()).exists()
    stages = {one.stage() for one in Contest.objects.filter(organiser_code="MSE")}
    assert {Stage.OPEN, Stage.JUDGING, Stage.DRAFT} <= stages
    typed = entrant_code_file().read_text(encoding="utf-8").split()[0]
    assert entrant_by_code(contest, typed) is not None
    assert _figures("MSE", Period(date(2020, 1, 1), date(2099, 12, 31)))["contests.contests"] == 2
