"""Use cases: closing, summaries, prizes, draws, regradings, publishing, appeals."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from langsen.contests.arena.models import Attempt, Standing
from langsen.contests.contests.enums import ContestStatus
from langsen.contests.contests.models import Contest, Entrant
from langsen.contests.quizzes.grading import correct_of
from langsen.contests.quizzes.queries import keys_of
from langsen.contests.results.engine.facts import NO_PREDICTION
from langsen.contests.results.engine.verify import verify
from langsen.contests.results.enums import PrizeStatus
from langsen.contests.results.models import Draw, PrizeAward, Regrading, ResultTotals, UnitResult
from langsen.contests.results.queries.proposals import proposal_for
from langsen.contests.results.queries.ranked import Ranking
from langsen.contests.results.rules import published_name
from langsen.contests.results.services import closing, draws, prizes, publishing
from langsen.contests.results.services.appeals import raise_appeal
from langsen.contests.results.services.bundling import write_bundle
from langsen.contests.results.services.regrading import NewKey, regrade, regrading_preview
from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.errors import BadInput, Conflict
from tests.contest_world import an_entrant
from tests.results_world import a_held_contest, publish_now, stand

pytestmark = pytest.mark.django_db(databases=["default", "contests"])


@pytest.fixture
def contest() -> Contest:
    made = a_held_contest()
    closing.close_due_rounds()
    return made


def test_closing_counts_the_truth_and_measures_every_prediction(contest: Contest) -> None:
    of = contest.rounds.get(number=1)

    assert of.closed_at is not None
    people = {one.entrant_id for one in Attempt.objects.filter(round=of) if one.correct == len(one.questions)}
    assert of.truth == len(people)
    for row in Standing.objects.filter(round=of):
        assert row.key2 == (NO_PREDICTION if row.prediction is None else abs(row.prediction - of.truth))
    assert closing.close_round(of) is False


def test_a_round_with_an_open_paper_or_before_its_time_is_not_closed() -> None:
    contest = a_held_contest(rounds=1)
    of = contest.rounds.get()
    with pytest.raises(Conflict):
        closing.close_round(of, at=of.closes_at + timedelta(minutes=5))
    attempt = Attempt.objects.filter(round=of).first()
    assert attempt is not None
    Attempt.objects.filter(round=of, id=attempt.id).update(submitted_at=None)

    assert closing.close_due_rounds() == 0
    Attempt.objects.filter(round=of, id=attempt.id).update(submitted_at=attempt.submitted_at)
    assert closing.close_due_rounds() == 1


def test_summaries_are_what_an_independent_count_gives(contest: Contest) -> None:
    total = ResultTotals.objects.get(contest=contest, round=None)
    attempts = list(Attempt.objects.filter(round__contest=contest))
    all_right = [one for one in attempts if one.correct == len(one.questions)]

    assert total.people == len({one.entrant_id for one in attempts})
    assert total.attempts == len(attempts)
    assert total.all_correct_people == len({one.entrant_id for one in all_right})
    assert total.all_correct_attempts == len(all_right)
    for rows in total.parts.values():
        assert sum(row[1] for row in rows) == total.people
    commune = UnitResult.objects.get(contest=contest, round=None, unit__head_count=41)
    assert commune.entrants == Entrant.objects.filter(unit__parent=commune.unit_id).count()


def test_whoever_is_not_eligible_is_counted_but_has_no_place(contest: Contest) -> None:
    of = contest.rounds.get(number=1)
    first, second = list(Ranking(contest, of).standings()[:2])
    Entrant.objects.filter(pk=first.entrant_id).update(status="barred")

    ranking = Ranking(contest, of)
    assert ranking.standings().first() == second
    assert ranking.place_of(ranking.keys_of(second)) == 1


def test_the_jury_decides_passes_over_and_pays_after_the_identity_is_checked(contest: Contest) -> None:
    by = system_user()
    prizes.propose_prizes(contest, by=by)
    best = PrizeAward.objects.get(prize_rule__rank="first", prize_rule__subject="person", round__number=1)
    with pytest.raises(BadInput):
        prizes.pass_over(best, reason=" ", by=by)
    prizes.pass_over(best, reason="Chưa đủ điều kiện", by=by)

    moved_up = PrizeAward.objects.get(
        prize_rule__rank="first", prize_rule__subject="person", round__number=1, status=PrizeStatus.PROPOSED
    )
    assert moved_up.entrant_id != best.entrant_id
    prizes.decide_prize(moved_up, by=by)
    with pytest.raises(BadInput):
        prizes.hand_over_prize(moved_up, by=by)
    Entrant.objects.filter(pk=moved_up.entrant_id).update(identity_checked_at=timezone.now())
    prizes.hand_over_prize(moved_up, by=by)
    with pytest.raises(Conflict):
        prizes.decide_prize(moved_up, by=by)


def tied_contest() -> Contest:
    made = a_held_contest(ranking=["score"], prediction="none", people=12, rounds=1)
    closing.close_due_rounds()
    return made


def test_a_draw_is_announced_before_its_numbers_and_held_once(tmp_path: Any) -> None:
    contest, by = tied_contest(), system_user()
    prizes.propose_prizes(contest, by=by)
    tie = proposal_for(contest).ties[0]
    with pytest.raises(BadInput):
        draws.announce_draw(contest, tie, [draws.Source("Xổ số", timezone.localdate())], by=by)
    tomorrow = timezone.localdate() + timedelta(days=1)
    draw = draws.announce_draw(contest, tie, [draws.Source("Xổ số kiến thiết, giải đặc biệt", tomorrow)], by=by)
    with pytest.raises(Conflict):
        draws.announce_draw(contest, tie, [draws.Source("Khác", tomorrow)], by=by)
    with pytest.raises(BadInput):
        draws.hold_draw(draw, [[123]], by=by)
    Draw.objects.update(sources=[{"name": "Xổ số", "day": timezone.localdate().isoformat()}])
    draws.hold_draw(Draw.objects.get(), [[61234]], by=by)

    with pytest.raises(Conflict):
        draws.hold_draw(Draw.objects.get(), [[99999]], by=by)
    assert Draw.objects.get().numbers == [[61234]]
    assert tie not in proposal_for(contest).ties
    write_bundle(contest, tmp_path / "x.zip")
    assert [str(one) for one in verify(tmp_path / "x.zip").findings.kept] == []


KEPT = ("counted", "correct", "duration_ms", "submitted_at", "all_correct", "first_all_correct_at", "key1")


@pytest.mark.parametrize("counting", ["best", "first", "last"])
@pytest.mark.parametrize("void", [False, True])
def test_regrading_leaves_what_grading_with_that_key_from_the_start_gives(
    counting: str, void: bool, tmp_path: Any
) -> None:
    contest = a_held_contest(counting=counting)
    closing.close_due_rounds()
    of, by = contest.rounds.get(number=1), system_user()
    prizes.propose_prizes(contest, by=by)
    new = NewKey(2, 8, void=void)
    preview = regrading_preview(of, new, by=by)
    assert keys_of(of)[2].mask == 2

    made = regrade(of, new, reason="Đáp án in nhầm", by=by)

    keys = keys_of(of)
    for attempt in Attempt.objects.filter(round=of):
        assert attempt.correct == correct_of(attempt.questions, attempt.answers, keys)
    kept = {row.entrant_id: row for row in Standing.objects.filter(round=of)}
    stand(of, {row.entrant_id: row.prediction for row in kept.values() if row.prediction is not None})
    for row in Standing.objects.filter(round=of):
        same = kept[row.entrant_id]
        for name in (
            "counted",
            "correct",
            "duration_ms",
            "submitted_at",
            "all_correct",
            "first_all_correct_at",
            "key1",
        ):
            assert getattr(same, name) == getattr(row, name), name
    Standing.objects.filter(round=of).delete()
    Standing.objects.bulk_create(kept.values())
    assert made.effect == [list(one) for one in preview.changes]
    write_bundle(contest, tmp_path / "x.zip")
    assert [str(one) for one in verify(tmp_path / "x.zip").findings.kept] == []


def test_regrading_refuses_the_key_in_force_no_reason_and_an_open_round(contest: Contest) -> None:
    of, by = contest.rounds.get(number=1), system_user()
    with pytest.raises(BadInput):
        regrade(of, NewKey(1, 1), reason="x", by=by)
    with pytest.raises(BadInput):
        regrade(of, NewKey(1, 2), reason=" ", by=by)
    with pytest.raises(BadInput):
        regrade(of, NewKey(77, 2), reason="x", by=by)
    with pytest.raises(BadInput):
        regrade(of, NewKey(1, 64), reason="x", by=by)
    type(of).objects.filter(pk=of.pk).update(closed_at=None)
    with pytest.raises(Conflict):
        regrade(of, NewKey(1, 2), reason="x", by=by)
    assert not Regrading.objects.exists()


def test_publishing_waits_for_prizes_and_a_regrading_goes_back_to_the_jury(
    contest: Contest, tmp_path: Any, settings: Any
) -> None:
    settings.FILES_DIR = tmp_path
    by = system_user()
    Contest.objects.filter(pk=contest.pk).update(status=ContestStatus.JUDGING)
    with pytest.raises(BadInput):
        publish_now(contest, by=by)
    prizes.propose_prizes(contest, by=by)
    with pytest.raises(BadInput):
        publish_now(contest, by=by)
    for award in PrizeAward.objects.filter(status=PrizeStatus.PROPOSED):
        prizes.decide_prize(award, by=by)
    made = publish_now(contest, by=by)
    with pytest.raises(Conflict):
        publish_now(contest, by=by)
    assert (made.made_by_name, PrizeAward.objects.filter(status="proposed").count()) == (by.audit_name, 0)

    verdict = verify(publishing.bundle_path(made))
    assert verdict.is_equal, verdict.findings.kept
    entrant = an_entrant(contest)
    raise_appeal(contest, entrant, "Đề nghị xem lại câu 3")
    with pytest.raises(BadInput):
        raise_appeal(contest, entrant, "")
    regrade(contest.rounds.get(number=1), NewKey(1, 2), reason="Đáp án in nhầm", by=by)
    assert Contest.objects.get().status == ContestStatus.JUDGING


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Lò Thị Mai", "Lò Thị M."), ("Páo", "P."), ("<script>alert(1)</script> Ánh", "<script>alert(1)</script> Á.")],
)
def test_names_are_published_in_part_unless_agreed(contest: Contest, name: str, shown: str) -> None:
    assert published_name(Entrant(full_name=name), contest) == shown
    assert published_name(Entrant(full_name=name, may_publish_name=True), contest) == name
