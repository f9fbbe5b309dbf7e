"""Somebody signs up at the moment their name is put on the list: one flag, whoever is first, and nobody waits on."""

import contextlib

import pytest
from django.utils import timezone

from langsen.contests.contests.models import Contest, EntrantFlag
from langsen.contests.contests.services import barring, signing_up
from langsen.contests.contests.services.signing_up import SignUpFacts
from langsen.foundation.accounts.services import system_user
from tests.contest_world import a_contest, a_round
from tests.racing import at_once, meet_after, without_locks

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True, databases=["default", "contests"])
NAME = "Lò Văn Soạn"


def both_at_once() -> tuple[list[object], Contest]:
    contest, by, at = a_contest(asks={}), system_user(), timezone.now()
    a_round(contest)
    results = at_once(
        lambda: barring.bar_people(contest, [(NAME, "")], reason="ra đề", by=by),
        lambda: signing_up.sign_up(contest, SignUpFacts(NAME, agrees=True), at=at),
    )
    return [one for one in results if isinstance(one, Exception)], contest


def test_whoever_is_first_there_is_one_flag(monkeypatch: pytest.MonkeyPatch) -> None:
    meet_after(monkeypatch, EntrantFlag.objects, "bulk_create", guarded=True)
    faults, contest = both_at_once()
    assert faults == []
    assert EntrantFlag.objects.filter(entrant__contest=contest).count() == 1


def test_without_turns_neither_sees_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (barring, signing_up):
        monkeypatch.setattr(module, "in_turn", lambda _contest: contextlib.nullcontext())
    without_locks(monkeypatch)
    meet_after(monkeypatch, EntrantFlag.objects, "bulk_create", guarded=False)
    faults, contest = both_at_once()
    assert faults == []
    assert EntrantFlag.objects.filter(entrant__contest=contest).count() == 0
