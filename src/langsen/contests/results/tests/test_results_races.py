"""Two at the same moment: the guard holds, and beside it a twin without the guard shows that the test would see it."""

from typing import Any

import pytest
from django.db import IntegrityError

from langsen.contests.contests.enums import ContestStatus
from langsen.contests.contests.models import Contest, PrizeRule
from langsen.contests.results.enums import PrizeStatus
from langsen.contests.results.models import PrizeAward, Publication, ResultBundle
from langsen.contests.results.services import closing, prizes, publishing
from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.errors import Conflict
from tests.racing import at_once, meet_after, without_locks
from tests.results_world import a_held_contest

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "contests"])


@pytest.mark.parametrize("guarded", [True, False])
def test_two_workers_close_a_round_once(monkeypatch: pytest.MonkeyPatch, guarded: bool) -> None:
    contest = a_held_contest(people=4, rounds=1)
    of = contest.rounds.get()
    meet_after(monkeypatch, closing, "truth_of", guarded=guarded)
    if not guarded:
        without_locks(monkeypatch)

    found = at_once(lambda: closing.close_round(of), lambda: closing.close_round(contest.rounds.get()))

    done = [one for one in found if one is True]
    assert len(done) == (1 if guarded else 2), found
    assert contest.rounds.get().closed_at is not None


def two_prizes_for_one(contest: Contest) -> tuple[PrizeAward, PrizeAward]:
    entrant = contest.entrants.order_by("number").first()
    rule = PrizeRule.objects.get(contest=contest, subject="person", scope="round", rank="first")
    first, second = (
        PrizeAward.objects.create(prize_rule=rule, round=of, place=1, entrant=entrant, grounds="thử")
        for of in contest.rounds.all()
    )
    return first, second


@pytest.mark.parametrize("guarded", [True, False])
def test_two_jurors_cannot_give_one_person_more_than_the_cap(monkeypatch: pytest.MonkeyPatch, guarded: bool) -> None:
    contest = a_held_contest(people=4)
    first, second = two_prizes_for_one(contest)
    juror = system_user()
    meet_after(monkeypatch, prizes, "_refuse_above_cap", guarded=guarded)
    if not guarded:
        without_locks(monkeypatch)

    found = at_once(lambda: prizes.decide_prize(first, by=juror), lambda: prizes.decide_prize(second, by=juror))

    decided = PrizeAward.objects.filter(status=PrizeStatus.DECIDED).count()
    assert decided == (1 if guarded else 2), found
    assert not guarded or any(isinstance(one, Conflict) for one in found)


def ready_to_publish(tmp_path: Any, settings: Any) -> Contest:
    settings.FILES_DIR = tmp_path
    contest = a_held_contest(people=6, status=ContestStatus.JUDGING)
    closing.close_due_rounds()
    PrizeRule.objects.filter(contest=contest).delete()
    return contest


@pytest.mark.parametrize("guarded", [True, False])
def test_of_two_organisers_one_has_it_published(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any, settings: Any, guarded: bool
) -> None:
    contest, by = ready_to_publish(tmp_path, settings), system_user()
    meet_after(monkeypatch, publishing, "_refuse_unready", guarded=guarded)
    if not guarded:
        without_locks(monkeypatch)

    found = at_once(*[lambda: publishing.ask_to_publish(Contest.objects.get(pk=contest.pk), by=by)] * 2)

    assert Publication.objects.count() == 1, found
    # Without the lock both pass the check; only the constraint is left, and the second organiser meets a bare error.
    assert sum(isinstance(one, Conflict if guarded else IntegrityError) for one in found) == 1, found


@pytest.mark.parametrize("guarded", [True, False])
def test_of_two_workers_one_publishes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any, settings: Any, guarded: bool
) -> None:
    asked = publishing.ask_to_publish(ready_to_publish(tmp_path, settings), by=system_user())
    at_work: list[Contest] = []
    monkeypatch.setattr(publishing, "refresh_summaries", lambda contest, at: at_work.append(contest))
    meet_after(monkeypatch, publishing, "_refuse_unready", guarded=guarded)
    if not guarded:
        without_locks(monkeypatch)

    found = at_once(*[lambda: publishing.publish(Publication.objects.get(pk=asked.pk))] * 2)

    assert len(at_work) == (1 if guarded else 2), found
    if guarded:
        assert sum(isinstance(one, ResultBundle) for one in found) == 1, found
        assert [one for one in found if not isinstance(one, ResultBundle)] == [None]
        assert len(list((tmp_path / "contest_results").iterdir())) == 1
        assert Contest.objects.get().status == ContestStatus.PUBLISHED
