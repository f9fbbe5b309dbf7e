"""Two organisers at the same moment, with real connections."""

import pytest
from django.utils import timezone

from langsen.contests.contests.models import Contest, RuleChange
from langsen.contests.contests.services import organising
from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.errors import Conflict
from tests.contest_world import a_contest
from tests.racing import at_once, meet_after, without_locks

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True, databases=["default", "contests"])


def refusals(results: list[object]) -> list[type]:
    return [type(result) for result in results if isinstance(result, Exception)]


def changes() -> list[object]:
    contest, by = a_contest(), system_user()
    seen = contest.changed_at
    return at_once(
        *(
            lambda words=words: organising.change_rules(contest, {"contact": words}, seen=seen, reason="góp ý", by=by)
            for words in ("Ban A", "Ban B")
        )
    )


def test_of_two_changes_made_on_the_same_page_one_is_told() -> None:
    assert refusals(changes()) == [Conflict]
    assert RuleChange.objects.count() == 1


def test_without_the_comparison_both_go_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(organising, "check_unchanged", lambda seen, now: None)
    assert refusals(changes()) == []


def unguarded(obj: Contest, to: str, **changes: object) -> None:
    Contest.objects.filter(pk=obj.pk).update(status=to, **changes)


@pytest.mark.parametrize("guarded", [True, False])
def test_of_two_announcements_one_is_told(monkeypatch: pytest.MonkeyPatch, guarded: bool) -> None:
    monkeypatch.setattr(organising, "missing_in", lambda contest, at: [])
    monkeypatch.setattr(organising.hooks, "announcing", lambda contest, by: None)
    meet_after(monkeypatch, organising, "missing_in", guarded=guarded)
    if not guarded:
        without_locks(monkeypatch)
        monkeypatch.setattr(organising, "transition", unguarded)
    contest, by = a_contest(status="draft", frozen_at=None), system_user()
    results = at_once(*[lambda: organising.announce_contest(contest, by=by)] * 2)
    assert refusals(results) == ([Conflict] if guarded else []), results
    assert Contest.objects.get(pk=contest.pk).frozen_at <= timezone.now()  # type: ignore[operator]
